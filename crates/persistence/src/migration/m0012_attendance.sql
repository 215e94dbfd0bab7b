-- What is on a session's agenda, who comes, who waits for a seat, whom they bring along, and who was there.

ALTER TABLE session ADD COLUMN capacity bigint;
ALTER TABLE session ADD COLUMN guests_allowed boolean NOT NULL DEFAULT false;
ALTER TABLE session ADD COLUMN registered_count bigint NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN waiting_count bigint NOT NULL DEFAULT 0;
CREATE TABLE agenda_item (
  {base}, session_id {uuid} NOT NULL, cop_id {uuid}, position bigint NOT NULL, title text NOT NULL, notes text,
  convenor_id {uuid}, convenor_tenant_id {uuid}, minutes bigint, state text NOT NULL,
  UNIQUE (tenant_id, id), FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id),
  FOREIGN KEY (tenant_id, cop_id) REFERENCES cop (tenant_id, id),
  FOREIGN KEY (convenor_tenant_id, convenor_id) REFERENCES person (tenant_id, id));
CREATE INDEX agenda_item_session ON agenda_item (session_id, position, id);
CREATE INDEX agenda_item_list ON agenda_item (tenant_id, created_at, id);
CREATE TABLE registration (
  {base}, session_id {uuid} NOT NULL, cop_id {uuid}, person_id {uuid} NOT NULL, person_tenant_id {uuid} NOT NULL,
  brought_by_id {uuid}, brought_by_tenant_id {uuid}, state text NOT NULL, attendance text,
  UNIQUE (tenant_id, id), FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id),
  FOREIGN KEY (tenant_id, cop_id) REFERENCES cop (tenant_id, id),
  FOREIGN KEY (person_tenant_id, person_id) REFERENCES person (tenant_id, id),
  FOREIGN KEY (brought_by_tenant_id, brought_by_id) REFERENCES person (tenant_id, id));
CREATE UNIQUE INDEX registration_open ON registration (session_id, person_id) WHERE state <> 'CANCELLED';
CREATE INDEX registration_session ON registration (session_id, created_at, id);
CREATE INDEX registration_side ON registration (person_tenant_id, created_at, id);
CREATE INDEX registration_list ON registration (tenant_id, created_at, id);
CREATE INDEX registration_guest ON registration (person_id) WHERE brought_by_id IS NOT NULL;
