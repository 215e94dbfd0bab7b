-- One more of m0005's kind: the sessions that a CoP joins whose content the viewer reads, and those that were shared with
-- them before they left it.

CREATE FUNCTION evolva_joined_sessions() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
  SET search_path = public, pg_temp AS
  $$ SELECT coalesce(array_agg(j.session_id), '{}') FROM session_join j
     WHERE j.removed_at IS NULL AND (j.cop_tenant_id = evolva_tenant()
       OR j.cop_id = ANY ((SELECT evolva_content_cops())::uuid[])
       OR EXISTS (SELECT 1 FROM participation p JOIN session s ON s.id = j.session_id
         WHERE p.organisation_id = evolva_tenant() AND p.cop_id = j.cop_id AND p.state <> 'ACCEPTED'
           AND p.shared_until >= s.updated_at AND p.shared_until >= j.created_at)) $$;

-- Until when what hangs on such a session was shared with the viewer: for good, or until they left.
CREATE FUNCTION evolva_joined_until(uuid) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
  SET search_path = public, pg_temp AS
  $$ SELECT max(CASE WHEN j.cop_tenant_id = evolva_tenant() OR j.cop_id = ANY ((SELECT evolva_content_cops())::uuid[])
       THEN 'infinity' ELSE (SELECT max(p.shared_until) FROM participation p JOIN session s ON s.id = j.session_id
         WHERE p.organisation_id = evolva_tenant() AND p.cop_id = j.cop_id AND p.state <> 'ACCEPTED'
           AND p.shared_until >= s.updated_at AND p.shared_until >= j.created_at) END)
     FROM session_join j WHERE j.session_id = $1 AND j.removed_at IS NULL $$;

-- The sessions to which the acting person is invited from outside, as an expert or a guest.
CREATE FUNCTION evolva_invited_sessions() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
  SET search_path = public, pg_temp AS
  $$ SELECT coalesce(array_agg(i.session_id), '{}') FROM (
       SELECT session_id FROM registration WHERE person_id = evolva_person() AND person_tenant_id = evolva_tenant()
         AND state <> 'CANCELLED'
       UNION SELECT session_id FROM expert_contribution WHERE person_id = evolva_person()
         AND person_tenant_id = evolva_tenant() AND state <> 'WITHDRAWN') i
     WHERE EXISTS (SELECT 1 FROM person WHERE id = evolva_person() AND tenant_id = evolva_tenant() AND external) $$;
