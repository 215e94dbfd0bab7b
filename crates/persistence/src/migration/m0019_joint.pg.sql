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
