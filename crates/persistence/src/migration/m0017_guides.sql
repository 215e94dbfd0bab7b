-- Guides with their steps, and how far CoPs are with them. A step is its guide's organisation's; progress is the host's.

CREATE TABLE guide (
  {base}, title_nl text NOT NULL, title_en text, summary_nl text, summary_en text, source text, source_url text,
  licence text, audience text NOT NULL, UNIQUE (tenant_id, id), UNIQUE (tenant_id, external_id));
CREATE INDEX guide_list ON guide (tenant_id, created_at, id);
CREATE TABLE guide_step (
  {base}, guide_id {uuid} NOT NULL, position bigint NOT NULL, title_nl text NOT NULL, title_en text, body_nl text,
  body_en text, state text NOT NULL, UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, guide_id) REFERENCES guide (tenant_id, id));
CREATE INDEX guide_step_guide ON guide_step (guide_id, position, id);
CREATE TABLE step_progress (
  {base}, cop_id {uuid} NOT NULL, guide_id {uuid} NOT NULL, step_id {uuid} NOT NULL, state text NOT NULL, evidence text,
  evidence_url text, done_at {at}, UNIQUE (cop_id, step_id),
  FOREIGN KEY (tenant_id, cop_id) REFERENCES cop (tenant_id, id),
  FOREIGN KEY (guide_id) REFERENCES guide (id), FOREIGN KEY (step_id) REFERENCES guide_step (id));
CREATE INDEX step_progress_list ON step_progress (tenant_id, created_at, id);
CREATE INDEX step_progress_guide ON step_progress (guide_id, cop_id);
