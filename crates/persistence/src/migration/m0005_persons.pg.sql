-- Who acts in person, for row-level security, and what a viewer was granted: lists of CoPs, each looked up once a
-- statement. The definer functions look past row-level security, because a policy of participation that read
-- participation would never end; each tells about the viewer that the transaction has named, and about nobody else.

CREATE FUNCTION evolva_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT nullif(current_setting('app.person', true), '')::uuid $$;

-- The viewer's organisation was invited or has asked.
CREATE FUNCTION evolva_deciding_cops() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
  SET search_path = public, pg_temp AS
  $$ SELECT coalesce(array_agg(p.cop_id), '{}') FROM participation p
     WHERE p.organisation_id = evolva_tenant() AND p.state IN ('INVITED','REQUESTED') $$;

-- The viewer's organisation is in, and the CoP shares content with its partners.
CREATE FUNCTION evolva_partner_cops() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
  SET search_path = public, pg_temp AS
  $$ SELECT coalesce(array_agg(c.id), '{}') FROM participation p JOIN cop c ON c.id = p.cop_id
     WHERE p.organisation_id = evolva_tenant() AND p.state = 'ACCEPTED'
       AND c.content_ceiling IN ('PARTNERS','NETWORK','PUBLIC') AND c.listing_audience IN ('PARTNERS','NETWORK','PUBLIC') $$;

-- The acting person facilitates or coordinates it, and it is listed for them.
CREATE FUNCTION evolva_facilitated_cops() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
  SET search_path = public, pg_temp AS
  $$ SELECT coalesce(array_agg(DISTINCT c.id), '{}') FROM facilitation f JOIN cop c ON c.id = f.cop_id
     WHERE f.person_id = evolva_person() AND f.person_tenant_id = evolva_tenant() AND f.end_date IS NULL
       AND (c.listing_audience <> 'ORGANISATION' OR c.tenant_id = evolva_tenant() OR EXISTS (
         SELECT 1 FROM participation p WHERE p.organisation_id = evolva_tenant() AND p.cop_id = c.id
           AND p.state IN ('INVITED','REQUESTED'))) $$;

-- The acting person counts as a member: by facilitation, or by a membership whose organisation is still in.
CREATE FUNCTION evolva_member_cops() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
  SET search_path = public, pg_temp AS
  $$ SELECT coalesce(array_agg(DISTINCT m.cop_id), '{}') FROM (
       SELECT f.cop_id FROM facilitation f
       WHERE f.person_id = evolva_person() AND f.person_tenant_id = evolva_tenant() AND f.end_date IS NULL
       UNION ALL
       SELECT m.cop_id FROM membership m
       WHERE m.person_id = evolva_person() AND m.person_tenant_id = evolva_tenant() AND m.state IN ('ACTIVE','COMPLETED')
         AND (m.tenant_id = evolva_tenant() OR EXISTS (SELECT 1 FROM participation p
           WHERE p.organisation_id = evolva_tenant() AND p.cop_id = m.cop_id AND p.state = 'ACCEPTED'))) m $$;

-- The viewer may know that it is there, beside own ones and those of the whole network: by participation, or in person.
CREATE FUNCTION evolva_listed_cops() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
  SET search_path = public, pg_temp AS
  $$ SELECT coalesce(array_agg(l.id), '{}') FROM (
       SELECT c.id FROM participation p JOIN cop c ON c.id = p.cop_id
       WHERE p.organisation_id = evolva_tenant() AND (p.state IN ('INVITED','REQUESTED')
         OR (p.state = 'ACCEPTED' AND c.listing_audience IN ('PARTNERS','NETWORK','PUBLIC')))
       UNION ALL
       SELECT c.id FROM cop c WHERE evolva_person() IS NOT NULL
         AND c.id = ANY ((SELECT evolva_member_cops())::uuid[]) AND c.listing_audience <> 'ORGANISATION') l $$;

-- The acting person reads what is for members there.
CREATE FUNCTION evolva_roster_cops() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
  SET search_path = public, pg_temp AS
  $$ SELECT coalesce(array_agg(c.id), '{}') FROM cop c
     WHERE c.id = ANY ((SELECT evolva_member_cops())::uuid[]) AND c.content_ceiling <> 'ORGANISATION'
       AND (c.tenant_id = evolva_tenant() OR c.listing_audience <> 'ORGANISATION'
         OR c.id = ANY ((SELECT evolva_deciding_cops())::uuid[])) $$;

-- The viewer reads what the host shares with its partners there: as a partner, or in person as a member.
CREATE FUNCTION evolva_content_cops() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
  SET search_path = public, pg_temp AS
  $$ SELECT evolva_partner_cops() || CASE WHEN evolva_person() IS NULL THEN '{}' ELSE evolva_roster_cops() END $$;
