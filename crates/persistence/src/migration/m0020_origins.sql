-- Where an artefact came from and what it is about, beside its CoP and its theme.
ALTER TABLE artefact ADD COLUMN session_id {uuid} REFERENCES session (id);
ALTER TABLE artefact ADD COLUMN element_ids {json} NOT NULL DEFAULT '[]';
CREATE INDEX artefact_session ON artefact (session_id);
