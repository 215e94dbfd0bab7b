-- What is said about an artefact, in threads. A comment is its author's organisation's.

CREATE TABLE comment (
  {base}, artefact_id {uuid} NOT NULL, artefact_tenant_id {uuid} NOT NULL, cop_id {uuid}, cop_tenant_id {uuid},
  parent_id {uuid}, parent_tenant_id {uuid}, author_id {uuid}, body text, state text NOT NULL, edited_at {at},
  UNIQUE (tenant_id, id), FOREIGN KEY (artefact_tenant_id, artefact_id) REFERENCES artefact (tenant_id, id),
  FOREIGN KEY (cop_tenant_id, cop_id) REFERENCES cop (tenant_id, id),
  FOREIGN KEY (parent_tenant_id, parent_id) REFERENCES comment (tenant_id, id),
  FOREIGN KEY (tenant_id, author_id) REFERENCES person (tenant_id, id));
CREATE INDEX comment_artefact ON comment (artefact_id, created_at, id);
CREATE INDEX comment_list ON comment (tenant_id, created_at, id);
CREATE INDEX comment_cop ON comment (cop_id);
