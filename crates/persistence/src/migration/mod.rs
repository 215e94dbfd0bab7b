//! Migrations: portable SQL that is never edited once landed, and PostgreSQL's walls, which are made anew from the
//! policies of `policy` each time `evolva migrate` runs.

use crate::{
    db::{self, Dialect, OpenError, Settings},
    policy, search,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager};

const CORE: &str = include_str!("m0001_core.sql");
const PARTIES: &str = include_str!("m0003_parties.sql");
const FUNCTIONS: &str = include_str!("m0002_walls.pg.sql");
const PERSONS: &str = include_str!("m0004_persons.sql");
const PERSON_FUNCTIONS: &str = include_str!("m0005_persons.pg.sql");
const PUBLICATIONS: &str = include_str!("m0006_publications.sql");
const PUBLICATION_FUNCTIONS: &str = include_str!("m0007_publications.pg.sql");
const HOST_FUNCTIONS: &str = include_str!("m0008_hosts.pg.sql");
const LISTS: &str = include_str!("m0009_lists.sql");
const EXPERTS: &str = include_str!("m0010_experts.sql");
const EXPERT_FUNCTIONS: &str = include_str!("m0011_experts.pg.sql");
const ATTENDANCE: &str = include_str!("m0012_attendance.sql");
const COMMENTS: &str = include_str!("m0014_comments.sql");
const EXCHANGES: &str = include_str!("m0015_exchanges.sql");
const CAPACITY: &str = include_str!("m0016_capacity.sql");
const GUIDES: &str = include_str!("m0017_guides.sql");
const JOINT: &str = include_str!("m0018_joint.sql");
const ORIGINS: &str = include_str!("m0020_origins.sql");
const REVIEW: &str = include_str!("m0021_review.sql");
const AGREEMENTS: &str = include_str!("m0064_agreements.sql");
const CONSENT: &str = include_str!("m0063_consent.sql");
const CHARTER_KEYS: &str = include_str!("m0071_charter_keys.sql");
const MORE_KEYS: &str = include_str!("m0072_more_keys.sql");
const SEARCH_KINDS: &str = include_str!("m0033_search_kinds.sql");
const JOINT_FUNCTIONS: &str = include_str!("m0019_joint.pg.sql");
const CALENDARS: &str = include_str!("m0050_calendars.sql");
const FILES: &str = include_str!("m0040_files.sql");
const CONTACT: &str = include_str!("m0060_contact.sql");
const TEMPLATES: &str = include_str!("m0061_templates.sql");
const LESSONS: &str = include_str!("m0062_lessons.sql");
const VERSIONS: &str = include_str!("m0041_versions.sql");
const KEYS: &str = include_str!("m0070_keys.sql");
const GUEST_FUNCTIONS: &str = include_str!("m0013_guests.pg.sql");
const SEARCH: &str = include_str!("m0030_search.sql");
const SEARCH_TERMS: &str = include_str!("m0031_search.pg.sql");
const RETENTION: &str = include_str!("m0065_retention.sql");
const SHOWN: &str = include_str!("m0023_shown.sql");
const CALLS: &str = include_str!("m0022_calls.pg.sql");
const MEMBERS_FIRST: &str = include_str!("m0073_hosts.pg.sql");
const SEARCH_WORDS: &str = include_str!("m0032_search.sqlite.sql");

const BASE: &str = "id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL, version bigint NOT NULL, created_at {at} NOT NULL, \
                    updated_at {at} NOT NULL, external_id text, imported boolean NOT NULL";

/// The functions that look past row-level security. Each answers about the named viewer alone, but for the last: it counts
/// for the operator.
pub const DEFINERS: &[&str] = &[
    "evolva_deciding_cops()",
    "evolva_partner_cops()",
    "evolva_facilitated_cops()",
    "evolva_member_cops()",
    "evolva_listed_cops()",
    "evolva_roster_cops()",
    "evolva_content_cops()",
    "evolva_written_artefacts()",
    "evolva_joined_sessions()",
    "evolva_joined_until(uuid)",
    "evolva_invited_sessions()",
    "evolva_hosts(uuid)",
    "evolva_search_artefact(text)",
    "evolva_search_publication(text)",
    "evolva_search_cop(text)",
    "evolva_search_session(text)",
    "evolva_search_theme(text)",
    "evolva_candidate_counts(uuid, uuid, uuid, text)",
    "evolva_network_counts(timestamp with time zone)",
];

/// Tables whose rows belong to no tenant.
pub const WITHOUT_TENANT: &[&str] = &["lease", "signing_key"];
/// Tables that the platform's own work (sequencer, operator) reaches across tenants.
pub const SYSTEM: &[&str] = &["organisation", "outbox", "event_log"];

struct Portable {
    name: &'static str,
    text: &'static str,
    /// The one database that it is for, if it is not for both.
    only: Option<Dialect>,
}

impl MigrationName for Portable {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Portable {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let postgres = connection.get_database_backend() == sea_orm::DbBackend::Postgres;
        if self.only.is_some_and(|only| (only == Dialect::Postgres) != postgres) {
            return Ok(());
        }
        let (uuid, at, json) = if postgres { ("uuid", "timestamptz", "jsonb") } else { ("blob", "text", "text") };
        // SQLite's table of words finds a document by a number that no copy of the file changes.
        let document =
            if postgres { "id uuid PRIMARY KEY" } else { "place integer PRIMARY KEY, id blob NOT NULL UNIQUE" };
        let text = self.text.replace("{base}", BASE).replace("{document}", document);
        let text = text.replace("{uuid}", uuid).replace("{at}", at).replace("{json}", json);
        connection.execute_unprepared(&text).await.map(drop)
    }
}

struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let portable = PORTABLE.iter().map(|(name, text)| Portable { name, text, only: None });
        let functions = [
            ("m0002_walls", FUNCTIONS),
            ("m0005_persons", PERSON_FUNCTIONS),
            ("m0007_publications", PUBLICATION_FUNCTIONS),
            ("m0008_hosts", HOST_FUNCTIONS),
            ("m0011_experts", EXPERT_FUNCTIONS),
            ("m0013_guests", GUEST_FUNCTIONS),
            ("m0019_joint", JOINT_FUNCTIONS),
            ("m0031_search", SEARCH_TERMS),
            ("m0022_calls", CALLS),
            ("m0073_hosts", MEMBERS_FIRST),
        ];
        let functions = functions.map(|(name, text)| Portable { name, text, only: Some(Dialect::Postgres) });
        let words = Portable { name: "m0032_search", text: SEARCH_WORDS, only: Some(Dialect::Sqlite) };
        let mut all: Vec<_> = portable.chain(functions).chain([words]).collect();
        all.sort_by_key(|migration| migration.name);
        all.into_iter().map(|migration| Box::new(migration) as Box<dyn MigrationTrait>).collect()
    }
}

/// Brings a database to this program's schema, as the owner role on PostgreSQL, and gives the serving role its rights.
pub async fn migrate(settings: &Settings) -> Result<(), OpenError> {
    let url = settings.owner_url.as_deref().unwrap_or(&settings.url);
    let role = serving_role(&settings.url);
    if db::dialect(url)? == Dialect::Postgres && (serving_role(url) == role || role.is_empty()) {
        return Err(OpenError::OneRole);
    }
    let connection = db::connect(url, 1, None).await?;
    let failed = |error: DbErr| OpenError::Migration(error.to_string());
    refuse_newer(&connection).await?;
    Migrator::up(&connection, None).await.map_err(failed)?;
    if db::dialect(url)? == Dialect::Postgres {
        connection.execute_unprepared(&walls(&role)).await.map_err(failed)?;
    }
    found_operator(&connection).await.map_err(failed)?;
    search::fill(&connection).await.map_err(failed)?;
    connection.close().await.map_err(failed)
}

/// The network operator exists from the start; its name can be changed like any other's.
async fn found_operator(connection: &DatabaseConnection) -> Result<(), DbErr> {
    let backend = connection.get_database_backend();
    let there = "SELECT count(*) FROM organisation WHERE kind = 'NETWORK_OPERATOR'";
    let row = connection.query_one_raw(sea_orm::Statement::from_string(backend, there)).await?;
    if row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?.unwrap_or(0) > 0 {
        return Ok(());
    }
    let id = uuid::Uuid::now_v7();
    let now = chrono::SubsecRound::trunc_subsecs(chrono::Utc::now(), 3);
    let (id, now): (sea_orm::Value, sea_orm::Value) = (id.into(), now.into());
    let values = [id.clone(), id, now.clone(), now];
    let places = if backend == sea_orm::DbBackend::Postgres { "$1, $2, 1, $3, $4" } else { "?1, ?2, 1, ?3, ?4" };
    let text = format!(
        "INSERT INTO organisation (id, tenant_id, version, created_at, updated_at, imported, slug, name, kind, state) \
         VALUES ({places}, false, 'evolva', 'Evolva', 'NETWORK_OPERATOR', 'ACTIVE')"
    );
    connection.execute_raw(sea_orm::Statement::from_sql_and_values(backend, text, values)).await.map(drop)
}

/// The user name in the serving URL.
fn serving_role(url: &str) -> String {
    let rest = url.split("://").nth(1).unwrap_or_default();
    let user = rest.split('@').next().filter(|_| rest.contains('@')).unwrap_or_default();
    user.split(':').next().unwrap_or_default().to_owned()
}

/// The portable migrations, in order. The walls are made around the tables of all of them.
const PORTABLE: &[(&str, &str)] = &[
    ("m0001_core", CORE),
    ("m0003_parties", PARTIES),
    ("m0004_persons", PERSONS),
    ("m0006_publications", PUBLICATIONS),
    ("m0009_lists", LISTS),
    ("m0010_experts", EXPERTS),
    ("m0012_attendance", ATTENDANCE),
    ("m0014_comments", COMMENTS),
    ("m0015_exchanges", EXCHANGES),
    ("m0016_capacity", CAPACITY),
    ("m0017_guides", GUIDES),
    ("m0018_joint", JOINT),
    ("m0030_search", SEARCH),
    ("m0050_calendars", CALENDARS),
    ("m0040_files", FILES),
    ("m0041_versions", VERSIONS),
    ("m0070_keys", KEYS),
    ("m0020_origins", ORIGINS),
    ("m0021_review", REVIEW),
    ("m0060_contact", CONTACT),
    ("m0061_templates", TEMPLATES),
    ("m0062_lessons", LESSONS),
    ("m0033_search_kinds", SEARCH_KINDS),
    ("m0071_charter_keys", CHARTER_KEYS),
    ("m0063_consent", CONSENT),
    ("m0064_agreements", AGREEMENTS),
    ("m0023_shown", SHOWN),
    ("m0065_retention", RETENTION),
    ("m0072_more_keys", MORE_KEYS),
];

/// What a policy says, as the catalogue writes it. `migrate` leaves it with each policy, so that the doctor sees where one
/// was altered since.
pub const POLICY_PRINT: &str = "md5(concat_ws('; ', p.polcmd, p.polroles::regrole[], pg_get_expr(p.polqual, p.polrelid), \
                                pg_get_expr(p.polwithcheck, p.polrelid)))";

pub fn tables() -> impl Iterator<Item = &'static str> {
    let lines = || PORTABLE.iter().flat_map(|(_, text)| text.lines());
    let gone: Vec<_> = lines().filter_map(|line| line.strip_prefix("DROP TABLE ")?.strip_suffix(';')).collect();
    let made = lines().filter_map(|line| line.strip_prefix("CREATE TABLE ")?.split_whitespace().next());
    made.filter(move |table| !gone.contains(table))
}

/// Row-level security, forced on every table, and the rights of the serving role.
fn walls(role: &str) -> String {
    let mut text = String::new();
    for helper in policy::helpers() {
        let (signature, returns, body) = (helper.signature, helper.returns, &helper.body);
        let definer = if helper.definer { "SECURITY DEFINER SET search_path = public, pg_temp " } else { "" };
        // No policy calls what answers with rows, and its columns cannot be changed in place.
        if returns.starts_with("TABLE") {
            text.push_str(&format!("DROP FUNCTION IF EXISTS {signature};\n"));
        }
        text.push_str(&format!(
            "CREATE OR REPLACE FUNCTION {signature} RETURNS {returns} LANGUAGE plpgsql STABLE PARALLEL UNSAFE \
             {definer}AS $${body}$$;\n"
        ));
    }
    for table in tables() {
        text.push_str(&format!(
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n"
        ));
        for policy in ["owner", "reads", "inserts", "updates", "deletes", "system"] {
            text.push_str(&format!("DROP POLICY IF EXISTS {policy} ON {table};\n"));
        }
        text.push_str(&format!("CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true);\n"));
        let role = format!("\"{}\"", role.replace('"', "\"\""));
        if WITHOUT_TENANT.contains(&table) {
            text.push_str(&format!("CREATE POLICY system ON {table} TO {role} USING (true) WITH CHECK (true);\n"));
            continue;
        }
        let here = |template: String| template.replace("{t}", table);
        let (reads, writes) = (here(policy::reads(table)), here(policy::writes(table)));
        text.push_str(&format!(
            "CREATE POLICY reads ON {table} FOR SELECT TO {role} USING ({reads});\n\
             CREATE POLICY inserts ON {table} FOR INSERT TO {role} WITH CHECK ({writes});\n\
             CREATE POLICY updates ON {table} FOR UPDATE TO {role} USING ({writes}) WITH CHECK ({writes});\n\
             CREATE POLICY deletes ON {table} FOR DELETE TO {role} USING ({writes});\n"
        ));
        if SYSTEM.contains(&table) {
            text.push_str(&format!(
                "CREATE POLICY system ON {table} TO {role} USING (evolva_system()) WITH CHECK (evolva_system());\n"
            ));
        }
    }
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    text.push_str(&format!(
        "GRANT USAGE ON SCHEMA public TO {role};\n\
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};\n\
         REVOKE INSERT, UPDATE, DELETE ON seaql_migrations FROM {role};\n\
         REVOKE UPDATE, DELETE ON audit, artefact_version, event_log FROM {role};\n\
         REVOKE DELETE ON outbox FROM {role};\n\
         GRANT EXECUTE ON FUNCTION evolva_tenant(), evolva_system(), evolva_person() TO {role};\n"
    ));
    text.push_str(&format!(
        "DO $$ DECLARE one record; BEGIN FOR one IN SELECT p.polname, p.polrelid::regclass AS of, {POLICY_PRINT} AS print \
         FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = 'public'::regnamespace \
         LOOP EXECUTE format('COMMENT ON POLICY %I ON %s IS %L', one.polname, one.of, one.print); END LOOP; END $$;\n"
    ));
    // Which policies they are: those of another program are not this one's.
    text.push_str(&format!(
        "DO $walls$ BEGIN EXECUTE format('COMMENT ON FUNCTION evolva_tenant() IS %L', md5($text${}$text$)); END $walls$;\n",
        policies()
    ));
    for function in DEFINERS {
        text.push_str(&format!(
            "REVOKE ALL ON FUNCTION {function} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {function} TO {role};\n"
        ));
    }
    text
}

/// All that this program's policies say.
pub fn policies() -> String {
    tables().map(|table| format!("{table}: {} / {}\n", policy::reads(table), policy::writes(table))).collect()
}

/// The texts that make the functions of migrations.
pub const FUNCTION_TEXTS: &[&str] = &[
    FUNCTIONS,
    PERSON_FUNCTIONS,
    PUBLICATION_FUNCTIONS,
    HOST_FUNCTIONS,
    EXPERT_FUNCTIONS,
    GUEST_FUNCTIONS,
    JOINT_FUNCTIONS,
    MEMBERS_FIRST,
];

/// Names of the migrations that a database has run; none where it has no such table.
async fn applied(connection: &DatabaseConnection) -> Vec<String> {
    let statement =
        sea_orm::Statement::from_string(connection.get_database_backend(), "SELECT version FROM seaql_migrations");
    let rows = connection.query_all_raw(statement).await.unwrap_or_default();
    rows.iter().filter_map(|row| row.try_get_by_index(0).ok()).collect()
}

async fn refuse_newer(connection: &DatabaseConnection) -> Result<Vec<String>, OpenError> {
    let applied = applied(connection).await;
    let known: Vec<_> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    if applied.iter().any(|name| !known.contains(name)) { Err(OpenError::Newer) } else { Ok(applied) }
}

/// Refuses a database that this program's schema does not fit.
pub async fn check(connection: &DatabaseConnection) -> Result<(), OpenError> {
    let applied = refuse_newer(connection).await?;
    if applied.is_empty() {
        Err(OpenError::Empty)
    } else if applied.len() < Migrator::migrations().len() {
        Err(OpenError::Behind)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_its_wall() {
        let text = walls("evolva_app");
        assert!(tables().count() > 25);
        for table in tables() {
            assert!(text.contains(&format!("ALTER TABLE {table} FORCE ROW LEVEL SECURITY")), "{table}");
            let reads = text.contains(&format!("CREATE POLICY reads ON {table} FOR SELECT"));
            assert_eq!(reads, !WITHOUT_TENANT.contains(&table), "{table}");
        }
    }

    #[test]
    fn the_serving_role_is_read_from_its_url() {
        assert_eq!(serving_role("postgres://evolva_app:secret@localhost:5432/evolva"), "evolva_app");
        assert_eq!(serving_role("postgres://evolva_app@localhost/evolva"), "evolva_app");
        assert_eq!(serving_role("postgres://localhost/evolva"), "");
    }
}
