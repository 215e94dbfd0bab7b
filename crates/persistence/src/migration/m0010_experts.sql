-- Who looks at a session from outside, and what came of it: the four questions of its report.

ALTER TABLE session ADD COLUMN planned text;
ALTER TABLE session ADD COLUMN happened text;
ALTER TABLE session ADD COLUMN why text;
ALTER TABLE session ADD COLUMN learned text;
CREATE TABLE expert_contribution (
  {base}, session_id {uuid} NOT NULL, cop_id {uuid}, person_id {uuid} NOT NULL, person_tenant_id {uuid} NOT NULL,
  perspective text NOT NULL, subject text, state text NOT NULL,
  UNIQUE (tenant_id, id), FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id),
  FOREIGN KEY (tenant_id, cop_id) REFERENCES cop (tenant_id, id),
  FOREIGN KEY (person_tenant_id, person_id) REFERENCES person (tenant_id, id));
CREATE UNIQUE INDEX expert_contribution_open ON expert_contribution (session_id, person_id, perspective)
  WHERE state <> 'WITHDRAWN';
CREATE INDEX expert_contribution_person ON expert_contribution (person_id);
CREATE INDEX expert_contribution_cop ON expert_contribution (cop_id);
CREATE INDEX expert_contribution_list ON expert_contribution (tenant_id, created_at, id);
