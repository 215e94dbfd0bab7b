-- One version of an artefact for an audience, and who of those who contributed has approved it. Authors may be of several
-- organisations. What a participant agreed to.

CREATE TABLE publication (
  {base}, artefact_id {uuid} NOT NULL, number bigint NOT NULL, audience text NOT NULL, state text NOT NULL,
  cop_id {uuid}, cop_tenant_id {uuid}, published_at {at}, withdrawn_at {at}, withdrawn_by_id {uuid},
  UNIQUE (tenant_id, id), FOREIGN KEY (tenant_id, artefact_id) REFERENCES artefact (tenant_id, id));
CREATE INDEX publication_artefact ON publication (artefact_id, number);
CREATE INDEX publication_list ON publication (tenant_id, created_at, id);
CREATE INDEX publication_cop ON publication (cop_id, published_at);
CREATE TABLE publication_approval (
  {base}, publication_id {uuid} NOT NULL, organisation_id {uuid} NOT NULL, state text NOT NULL, message text, reason text,
  decided_at {at}, UNIQUE (publication_id, organisation_id),
  FOREIGN KEY (tenant_id, publication_id) REFERENCES publication (tenant_id, id),
  FOREIGN KEY (organisation_id) REFERENCES organisation (id));
CREATE INDEX publication_approval_side ON publication_approval (organisation_id, publication_id);

CREATE TABLE artefact_contributor (
  tenant_id {uuid} NOT NULL, artefact_id {uuid} NOT NULL, person_id {uuid} NOT NULL, person_tenant_id {uuid} NOT NULL,
  position bigint NOT NULL, PRIMARY KEY (artefact_id, person_id),
  FOREIGN KEY (tenant_id, artefact_id) REFERENCES artefact (tenant_id, id),
  FOREIGN KEY (person_tenant_id, person_id) REFERENCES person (tenant_id, id));
CREATE INDEX artefact_contributor_person ON artefact_contributor (person_id);
INSERT INTO artefact_contributor (tenant_id, artefact_id, person_id, person_tenant_id, position)
  SELECT tenant_id, artefact_id, person_id, tenant_id, position FROM artefact_author;
DROP TABLE artefact_author;

-- The text that organisations agree to when they take part in a CoP of this concept; its version grows with each change.
ALTER TABLE concept ADD COLUMN agreement_text text;
ALTER TABLE concept ADD COLUMN agreement_version bigint NOT NULL DEFAULT 0;
ALTER TABLE participation ADD COLUMN agreement_version bigint;
-- Until when content was shared with an organisation that has left.
ALTER TABLE participation ADD COLUMN shared_until {at};
