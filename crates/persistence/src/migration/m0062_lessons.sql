-- How far a lesson learned is, and what was noted at each step.

ALTER TABLE artefact ADD COLUMN lesson_state text;
UPDATE artefact SET lesson_state = 'OBSERVED' WHERE kind = 'LESSON_LEARNED';

CREATE TABLE lesson_step (
  {base}, artefact_id {uuid} NOT NULL, cop_id {uuid}, cop_tenant_id {uuid}, state text NOT NULL, note text, person_id {uuid},
  UNIQUE (tenant_id, id), FOREIGN KEY (tenant_id, artefact_id) REFERENCES artefact (tenant_id, id),
  FOREIGN KEY (cop_tenant_id, cop_id) REFERENCES cop (tenant_id, id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id));
CREATE INDEX lesson_step_artefact ON lesson_step (artefact_id, created_at, id);
CREATE INDEX lesson_step_list ON lesson_step (tenant_id, created_at, id);
CREATE INDEX lesson_step_cop ON lesson_step (cop_id);
