-- Files: staged uploads, and what of them is attached to artefacts. The bytes are elsewhere; a row names their parts.

CREATE TABLE upload (
  {base}, person_id {uuid}, file_name text NOT NULL, media_type text, size bigint NOT NULL, sha256 text, state text NOT NULL,
  received bigint NOT NULL, content_type text, expires_at {at} NOT NULL, parts {json} NOT NULL, hashing text,
  UNIQUE (tenant_id, id), FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id));
CREATE INDEX upload_list ON upload (tenant_id, created_at, id);
CREATE TABLE attachment (
  {base}, artefact_id {uuid} NOT NULL, file_name text NOT NULL, title text, description text, content_type text NOT NULL,
  size bigint NOT NULL, sha256 text NOT NULL, since_number bigint NOT NULL, until_number bigint, file_id {uuid} NOT NULL,
  parts {json} NOT NULL, UNIQUE (tenant_id, id), FOREIGN KEY (tenant_id, artefact_id) REFERENCES artefact (tenant_id, id));
CREATE UNIQUE INDEX attachment_file ON attachment (file_id);
CREATE INDEX attachment_artefact ON attachment (artefact_id, created_at, id);
CREATE INDEX attachment_list ON attachment (tenant_id, created_at, id);
