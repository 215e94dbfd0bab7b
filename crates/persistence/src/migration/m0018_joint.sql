-- Sessions of several CoPs, and how far a session is shown.

ALTER TABLE session ADD COLUMN audience text NOT NULL DEFAULT 'PARTNERS';
CREATE INDEX session_network ON session (audience, starts_at, id) WHERE audience = 'NETWORK';
CREATE TABLE session_join (
  {base}, session_id {uuid} NOT NULL, cop_id {uuid} NOT NULL, cop_tenant_id {uuid} NOT NULL, removed_at {at},
  UNIQUE (tenant_id, id), FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id),
  FOREIGN KEY (cop_tenant_id, cop_id) REFERENCES cop (tenant_id, id));
CREATE UNIQUE INDEX session_join_open ON session_join (session_id, cop_id) WHERE removed_at IS NULL;
CREATE INDEX session_join_cop ON session_join (cop_id, session_id);
CREATE INDEX session_join_list ON session_join (tenant_id, created_at, id);
