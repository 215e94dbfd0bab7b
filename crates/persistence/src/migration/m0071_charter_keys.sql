-- Charters, goals and showings have keys of their owners, too.
CREATE UNIQUE INDEX charter_external ON charter (tenant_id, external_id);
CREATE UNIQUE INDEX goal_external ON goal (tenant_id, external_id);
CREATE UNIQUE INDEX showing_external ON showing (tenant_id, external_id);
