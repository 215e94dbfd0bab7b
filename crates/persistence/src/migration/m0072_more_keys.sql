-- Series, joins and files have keys of their owners, too.
CREATE UNIQUE INDEX session_series_external ON session_series (tenant_id, external_id);
CREATE UNIQUE INDEX session_join_external ON session_join (tenant_id, external_id);
CREATE UNIQUE INDEX attachment_external ON attachment (tenant_id, external_id);
