-- Creates the two roles and the database. Run once, by a superuser, with both passwords in the environment:
--   EVOLVA_OWNER_PASSWORD=… EVOLVA_APP_PASSWORD=… psql -v ON_ERROR_STOP=1 -d postgres -f postgres-init.sql
-- (psql 15 or newer). The container of compose.yaml does so when its volume is empty.
\set ON_ERROR_STOP on
\getenv owner_password EVOLVA_OWNER_PASSWORD
\getenv app_password EVOLVA_APP_PASSWORD

-- Owns the database and migrates it; used by `evolva migrate` alone.
CREATE ROLE evolva_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
-- Serves. It owns nothing, so it can neither change a table nor pass row-level security by.
CREATE ROLE evolva_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT PASSWORD :'app_password';

CREATE DATABASE evolva OWNER evolva_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE evolva FROM PUBLIC;
GRANT CONNECT ON DATABASE evolva TO evolva_app;

\connect evolva
ALTER SCHEMA public OWNER TO evolva_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO evolva_app;
-- What a migration creates can be used by the serving role; a migration that wants less takes it away itself.
ALTER DEFAULT PRIVILEGES FOR ROLE evolva_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO evolva_app;
ALTER DEFAULT PRIVILEGES FOR ROLE evolva_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO evolva_app;
