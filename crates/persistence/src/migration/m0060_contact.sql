-- Contact requests, and what an organisation's contact form says. Personal data goes after a while; the row stays.

ALTER TABLE organisation ADD COLUMN contact_consent_text text;
ALTER TABLE organisation ADD COLUMN contact_consent_version bigint NOT NULL DEFAULT 0;
ALTER TABLE organisation ADD COLUMN contact_retention_days bigint NOT NULL DEFAULT 180;

CREATE TABLE contact_request (
  {base}, name text, email text, message text, theme_id {uuid}, cop_id {uuid}, cop_tenant_id {uuid},
  consent_version bigint NOT NULL, state text NOT NULL, caught boolean NOT NULL, token_id {uuid} NOT NULL,
  assignee_id {uuid}, assigned_at {at}, answer text, answered_by_id {uuid}, answered_at {at}, ended_at {at}, erased_at {at},
  UNIQUE (tenant_id, id), FOREIGN KEY (tenant_id) REFERENCES organisation (id),
  FOREIGN KEY (theme_id) REFERENCES theme (id), FOREIGN KEY (cop_tenant_id, cop_id) REFERENCES cop (tenant_id, id),
  FOREIGN KEY (tenant_id, assignee_id) REFERENCES person (tenant_id, id),
  FOREIGN KEY (tenant_id, answered_by_id) REFERENCES person (tenant_id, id));
CREATE INDEX contact_request_list ON contact_request (tenant_id, created_at, id);
CREATE INDEX contact_request_assignee ON contact_request (assignee_id, state);
