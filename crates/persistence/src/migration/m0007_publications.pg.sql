-- More of what a viewer was granted, beside m0005.

-- Artefacts of other organisations that the acting person is an author of, while their own organisation is in.
CREATE FUNCTION evolva_written_artefacts() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
  SET search_path = public, pg_temp AS
  $$ SELECT coalesce(array_agg(a.id), '{}') FROM artefact_contributor w JOIN artefact a ON a.id = w.artefact_id
     WHERE w.person_id = evolva_person() AND w.person_tenant_id = evolva_tenant()
       AND (a.cop_tenant_id = evolva_tenant() OR EXISTS (SELECT 1 FROM participation p
         WHERE p.organisation_id = evolva_tenant() AND p.cop_id = a.cop_id AND p.state = 'ACCEPTED')) $$;
