-- One more of m0005's kind, asked for single rows: whether somebody is in a CoP that the viewer's organisation hosts. As a
-- list, these would be all members of all of its CoPs.

CREATE FUNCTION evolva_hosts(uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
  SET search_path = public, pg_temp AS
  $$ BEGIN RETURN EXISTS (SELECT 1 FROM membership m WHERE m.person_id = $1 AND m.tenant_id = evolva_tenant()
       AND m.state NOT IN ('REJECTED','WITHDRAWN','REMOVED'))
     OR EXISTS (SELECT 1 FROM facilitation f WHERE f.person_id = $1 AND f.tenant_id = evolva_tenant()
       AND f.end_date IS NULL); END $$;
