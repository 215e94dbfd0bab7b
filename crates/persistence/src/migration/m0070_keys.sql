-- What comes in by its owner's key is there once. And where a session's recording is.

ALTER TABLE session ADD COLUMN recording_url text;
CREATE UNIQUE INDEX front_runner_key ON front_runner (tenant_id, external_id);
CREATE UNIQUE INDEX guide_step_key ON guide_step (tenant_id, external_id);
CREATE UNIQUE INDEX step_progress_key ON step_progress (tenant_id, external_id);
CREATE UNIQUE INDEX agenda_item_key ON agenda_item (tenant_id, external_id);
CREATE UNIQUE INDEX expert_contribution_key ON expert_contribution (tenant_id, external_id);
CREATE UNIQUE INDEX registration_key ON registration (tenant_id, external_id);
CREATE UNIQUE INDEX exchange_key ON exchange (tenant_id, external_id);
CREATE UNIQUE INDEX anchoring_key ON anchoring (tenant_id, external_id);
CREATE UNIQUE INDEX comment_key ON comment (tenant_id, external_id);
