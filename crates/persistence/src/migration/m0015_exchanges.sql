-- What front-runner projects learn from each other. A project may be shown to the whole network, with how many people work
-- in it; who they are is asked of each person.

ALTER TABLE front_runner_project ADD COLUMN audience text NOT NULL DEFAULT 'ORGANISATION';
ALTER TABLE front_runner_project ADD COLUMN front_runner_count bigint NOT NULL DEFAULT 0;
UPDATE front_runner_project SET front_runner_count = (SELECT count(*) FROM front_runner fr
  WHERE fr.project_id = front_runner_project.id AND fr.state = 'ACTIVE');
CREATE INDEX front_runner_project_shown ON front_runner_project (audience, element_id);

CREATE TABLE exchange (
  {base}, giving_project_id {uuid} NOT NULL, receiving_project_id {uuid} NOT NULL, receiver_tenant_id {uuid} NOT NULL,
  cop_id {uuid}, cop_tenant_id {uuid}, session_id {uuid}, strength text NOT NULL, note text, exchanged_date date NOT NULL,
  state text NOT NULL, learned text, acknowledged_at {at}, UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, giving_project_id) REFERENCES front_runner_project (tenant_id, id),
  FOREIGN KEY (receiver_tenant_id, receiving_project_id) REFERENCES front_runner_project (tenant_id, id),
  FOREIGN KEY (cop_tenant_id, cop_id) REFERENCES cop (tenant_id, id),
  FOREIGN KEY (cop_tenant_id, session_id) REFERENCES session (tenant_id, id));
CREATE INDEX exchange_list ON exchange (tenant_id, created_at, id);
CREATE INDEX exchange_receiver ON exchange (receiver_tenant_id, created_at, id);
CREATE INDEX exchange_cop ON exchange (cop_id, created_at, id);
