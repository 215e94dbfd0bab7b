-- Series of sessions, and feeds of sessions for calendar programs.

CREATE TABLE session_series (
  {base}, cop_id {uuid} NOT NULL, title text NOT NULL, rule text NOT NULL, start_date date NOT NULL,
  start_time text NOT NULL, end_time text NOT NULL, time_zone text NOT NULL, except_dates {json} NOT NULL,
  UNIQUE (tenant_id, id), FOREIGN KEY (tenant_id, cop_id) REFERENCES cop (tenant_id, id));
CREATE INDEX session_series_cop ON session_series (cop_id);
CREATE INDEX session_series_list ON session_series (tenant_id, created_at, id);
-- A column that is added points at an id alone: SQLite adds no key of two columns to a table.
ALTER TABLE session ADD COLUMN series_id {uuid} REFERENCES session_series (id);
CREATE INDEX session_series_sessions ON session (series_id, starts_at, id) WHERE series_id IS NOT NULL;
CREATE TABLE calendar_feed (
  {base}, name text NOT NULL, person_id {uuid}, cop_id {uuid}, cop_tenant_id {uuid}, expires_at {at} NOT NULL,
  revoked_at {at}, secret_hash text NOT NULL,
  UNIQUE (tenant_id, id), FOREIGN KEY (tenant_id) REFERENCES organisation (id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
  FOREIGN KEY (cop_tenant_id, cop_id) REFERENCES cop (tenant_id, id));
CREATE INDEX calendar_feed_list ON calendar_feed (tenant_id, created_at, id);
