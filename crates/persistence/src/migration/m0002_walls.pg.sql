-- The second wall, on PostgreSQL only: forced row-level security. The owner role migrates and sees all; every other
-- role sees a row only as the tenant that its transaction has named. These policies say again, in the database, what
-- persistence/src/visible.rs says in every statement; a test proves that the two agree.

CREATE FUNCTION evolva_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT nullif(current_setting('app.tenant', true), '')::uuid $$;
CREATE FUNCTION evolva_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT coalesce(current_setting('app.system', true), '') = 'on' $$;
