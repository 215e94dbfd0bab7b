-- Members first: most whom a host knows are members, and each table that is looked at costs a start of its own.

CREATE OR REPLACE FUNCTION evolva_hosts(uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
  SET search_path = public, pg_temp AS
  $$ BEGIN
       IF EXISTS (SELECT 1 FROM membership m WHERE m.person_id = $1 AND m.tenant_id = evolva_tenant()
         AND m.state NOT IN ('REJECTED','WITHDRAWN','REMOVED')) THEN RETURN true; END IF;
       RETURN EXISTS (SELECT 1 FROM facilitation f WHERE f.person_id = $1 AND f.tenant_id = evolva_tenant()
         AND f.end_date IS NULL)
       OR EXISTS (SELECT 1 FROM expert_contribution e WHERE e.person_id = $1 AND e.tenant_id = evolva_tenant()
         AND e.state <> 'WITHDRAWN')
       OR EXISTS (SELECT 1 FROM registration r WHERE r.person_id = $1 AND r.tenant_id = evolva_tenant()
         AND r.brought_by_id IS NOT NULL AND r.state <> 'CANCELLED'); END $$;
