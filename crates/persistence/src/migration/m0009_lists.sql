-- Lists at the root go over what several organisations share, in its order.
CREATE INDEX artefact_created ON artefact (created_at, id);
CREATE INDEX artefact_updated ON artefact (updated_at, id);
CREATE INDEX session_starts ON session (starts_at, id);
