//! Looks at a live database whether its walls stand. It reads catalogues and, as the serving role without a named viewer,
//! asks every table for a row.

use crate::{
    db::{self, Dialect, OpenError, Settings},
    migration::{self, DEFINERS, FUNCTION_TEXTS, POLICY_PRINT, SYSTEM, WITHOUT_TENANT, tables},
    policy,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, QueryResult, Statement};

/// What was looked at, and whether it is as it should be.
#[derive(Debug, Clone)]
pub struct Finding {
    pub good: bool,
    pub what: String,
}

fn finding(good: bool, what: impl Into<String>) -> Finding {
    Finding { good, what: what.into() }
}

/// One finding of a list that should be empty.
fn none(faults: &[String], good: &str, bad: &str) -> Finding {
    if faults.is_empty() { finding(true, good) } else { finding(false, format!("{bad}: {}", faults.join(", "))) }
}

/// Everything that can be looked at with the serving role's address.
pub async fn examine(settings: &Settings) -> Result<Vec<Finding>, OpenError> {
    let connection = db::connect(&settings.url, 1, None).await?;
    let mut found = vec![match migration::check(&connection).await {
        Ok(()) => finding(true, "the schema is this program's"),
        Err(error) => finding(false, error.to_string()),
    }];
    let unreadable = |error: DbErr| OpenError::Unreachable(error.to_string());
    match db::dialect(&settings.url)? {
        Dialect::Sqlite => found.extend(sqlite(&connection).await.map_err(unreadable)?),
        Dialect::Postgres => found.extend(postgres(&connection).await.map_err(unreadable)?),
    }
    connection.close().await.map_err(unreadable)?;
    Ok(found)
}

async fn rows(connection: &DatabaseConnection, text: &str) -> Result<Vec<QueryResult>, DbErr> {
    connection.query_all_raw(Statement::from_string(connection.get_database_backend(), text)).await
}

async fn texts(connection: &DatabaseConnection, text: &str) -> Result<Vec<String>, DbErr> {
    rows(connection, text).await?.iter().map(|row| row.try_get_by_index(0)).collect()
}

async fn sqlite(connection: &DatabaseConnection) -> Result<Vec<Finding>, DbErr> {
    let broken = texts(connection, "PRAGMA quick_check").await?;
    let references = rows(connection, "PRAGMA foreign_key_check").await?.len();
    let mode = texts(connection, "PRAGMA journal_mode").await?;
    Ok(vec![
        finding(broken == ["ok"], format!("the file's own check says: {}", broken.join(", "))),
        finding(references == 0, format!("{references} rows refer to rows that are not there")),
        finding(mode == ["wal"], format!("the journal is {}", mode.join(", "))),
        finding(true, "SQLite has no row-level security: the predicate in every statement is the one wall"),
    ])
}

async fn postgres(connection: &DatabaseConnection) -> Result<Vec<Finding>, DbErr> {
    let mut found = vec![];
    let role = rows(
        connection,
        "SELECT rolname::text, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user",
    )
    .await?;
    let Some(role) = role.first() else { return Ok(vec![finding(false, "the serving role is not in the catalogue")]) };
    let name: String = role.try_get_by_index(0)?;
    let flag = |place| role.try_get_by_index::<bool>(place);
    found.push(finding(!flag(1)?, format!("the serving role '{name}' is {}a superuser", not(!flag(1)?))));
    found.push(finding(!flag(2)?, format!("it may {}bypass row-level security", not(!flag(2)?))));
    found.push(finding(!flag(3)?, format!("it may {}make roles", not(!flag(3)?))));
    let owned = texts(
        connection,
        "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' \
         AND pg_has_role(current_user, c.relowner, 'MEMBER') ORDER BY 1",
    )
    .await?;
    found.push(none(&owned, "it owns no table, and may not act as an owner", "it owns or may act as the owner of"));
    // Whoever is in a role may become it, also where that is not done by itself.
    let roles = texts(
        connection,
        "SELECT rolname::text FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND rolname <> current_user \
         AND pg_has_role(current_user, oid, 'MEMBER') ORDER BY 1",
    )
    .await?;
    found.push(none(&roles, "it may become no role that is held by no wall", "it may become"));
    // Those of extensions are looked at by who installs these.
    let views = texts(
        connection,
        "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind IN ('v','m','f','p') \
         AND c.relnamespace::regnamespace::text NOT IN ('pg_catalog','information_schema') \
         AND has_table_privilege(current_user, c.oid, 'SELECT') \
         AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false) AND NOT EXISTS (SELECT 1 FROM pg_depend d \
         WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') ORDER BY 1",
    )
    .await?;
    found.push(none(&views, "it reads no views, which show what their owner sees", "it reads what its owner sees by"));
    found.extend(walls(connection).await?);
    found.extend(rights(connection).await?);
    found.extend(functions(connection).await?);
    found.push(nothing_without_a_viewer(connection).await?);
    Ok(found)
}

fn not(is_not: bool) -> &'static str {
    if is_not { "not " } else { "" }
}

/// Forced row-level security on each table, with the policies that are expected and no other.
async fn walls(connection: &DatabaseConnection) -> Result<Vec<Finding>, DbErr> {
    let open = texts(
        connection,
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' \
         AND relname <> 'seaql_migrations' AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY 1",
    )
    .await?;
    let there = texts(
        connection,
        "SELECT tablename || '.' || policyname FROM pg_policies WHERE schemaname = 'public' AND permissive = 'PERMISSIVE'",
    )
    .await?;
    let mut expected = vec![];
    for table in tables() {
        let names: &[&str] = match (WITHOUT_TENANT.contains(&table), SYSTEM.contains(&table)) {
            (true, _) => &["owner", "system"],
            (false, true) => &["owner", "reads", "inserts", "updates", "deletes", "system"],
            (false, false) => &["owner", "reads", "inserts", "updates", "deletes"],
        };
        expected.extend(names.iter().map(|name| format!("{table}.{name}")));
    }
    let missing: Vec<_> = expected.iter().filter(|one| !there.contains(one)).cloned().collect();
    let strange: Vec<_> = there.iter().filter(|one| !expected.contains(one)).cloned().collect();
    let altered = texts(
        connection,
        &format!(
            "SELECT p.polrelid::regclass || '.' || p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid \
             WHERE c.relnamespace = 'public'::regnamespace \
             AND {POLICY_PRINT} IS DISTINCT FROM obj_description(p.oid, 'pg_policy') ORDER BY 1"
        ),
    )
    .await?;
    let same = Statement::from_sql_and_values(
        connection.get_database_backend(),
        "SELECT obj_description('evolva_tenant()'::regprocedure, 'pg_proc') IS NOT DISTINCT FROM md5($1)",
        [migration::policies().into()],
    );
    let same = connection.query_one_raw(same).await?.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false);
    // Whoever may use the owner's policy sees everything.
    let by_role = texts(
        connection,
        "SELECT tablename::text FROM pg_policies WHERE schemaname = 'public' AND policyname = 'owner' \
         AND (current_user = ANY (roles) OR 'public' = ANY (roles)) ORDER BY 1",
    )
    .await?;
    Ok(vec![
        none(&open, "row-level security is forced on every table", "row-level security is not forced on"),
        none(&missing, &format!("{} policies are there", expected.len()), "policies are missing; run 'evolva migrate'"),
        none(&strange, "there are no other policies", "policies that are not ours"),
        none(&altered, "each says what 'evolva migrate' made it say", "policies were altered; run 'evolva migrate'"),
        finding(
            same,
            if same { "they are this program's" } else { "they are another program's; run 'evolva migrate'" },
        ),
        none(&by_role, "the owner's policy is the owner's alone", "the serving role has the owner's policy on"),
    ])
}

/// What was written for good cannot be changed by the serving role.
async fn rights(connection: &DatabaseConnection) -> Result<Vec<Finding>, DbErr> {
    let kept = texts(
        connection,
        "SELECT t || ' ' || r FROM unnest(ARRAY['audit','artefact_version','event_log']) t, \
         unnest(ARRAY['UPDATE','DELETE']) r WHERE has_table_privilege(current_user, t, r)",
    )
    .await?;
    let schema = rows(connection, "SELECT has_schema_privilege(current_user, 'public', 'CREATE')").await?;
    let create = schema.first().map(|row| row.try_get_by_index::<bool>(0)).transpose()?.unwrap_or(true);
    Ok(vec![
        none(&kept, "audit, versions and logs cannot be changed or deleted", "what should be kept can be changed"),
        finding(!create, format!("it may {}make tables", not(!create))),
    ])
}

/// The functions that look past row-level security are ours, and are not everybody's.
async fn functions(connection: &DatabaseConnection) -> Result<Vec<Finding>, DbErr> {
    let definers = texts(
        connection,
        "SELECT proname || '(' || pg_get_function_identity_arguments(oid) || ')' FROM pg_proc \
         WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY 1",
    )
    .await?;
    let missing: Vec<_> =
        DEFINERS.iter().filter(|one| !definers.iter().any(|name| name == *one)).map(|one| (*one).to_owned()).collect();
    let strange: Vec<_> = definers.iter().filter(|name| !DEFINERS.contains(&name.as_str())).cloned().collect();
    let elsewhere = texts(
        connection,
        "SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef \
         AND proconfig IS DISTINCT FROM ARRAY['search_path=public, pg_temp'] ORDER BY 1",
    )
    .await?;
    let everybody = texts(
        connection,
        "SELECT p.proname::text FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a \
         WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND a.grantee = 0 ORDER BY 1",
    )
    .await?;
    let bodies = rows(
        connection,
        "SELECT proname || '(' || array_to_string(proargtypes::regtype[], ', ') || ')', prosrc, prosecdef FROM pg_proc \
         WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'evolva\\_%' ORDER BY 1",
    )
    .await?;
    let helpers = policy::helpers();
    let mut other = vec![];
    let mut there = vec![];
    for row in bodies {
        let (name, body): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let definer: bool = row.try_get_by_index(2)?;
        let helper = helpers.iter().find(|helper| helper.signature == name);
        let as_made = match helper {
            Some(helper) => definer == helper.definer && helper.body == body,
            None => as_migrated(&name) == Some(body.as_str()),
        };
        if !as_made {
            other.push(name.clone());
        }
        there.push(name);
    }
    other.extend(helpers.iter().map(|one| one.signature.to_owned()).filter(|name| !there.contains(name)));
    let helping = format!("{} functions that policies call say what they should", there.len());
    Ok(vec![
        none(&other, &helping, "functions that policies call were altered; run 'evolva migrate'"),
        none(&missing, &format!("{} definer functions are there", DEFINERS.len()), "definer functions are missing"),
        none(&strange, "there are no other definer functions", "definer functions that are not ours"),
        none(&elsewhere, "they look for tables nowhere else", "definer functions that may be shown other tables"),
        none(&everybody, "none of them is everybody's to run", "everybody may run"),
    ])
}

/// What the migrations made a function say last.
fn as_migrated(signature: &str) -> Option<&'static str> {
    let head = format!("FUNCTION {}(", signature.split('(').next().unwrap_or_default());
    FUNCTION_TEXTS.iter().rev().find_map(|text| text.rsplit_once(&head)?.1.split("$$").nth(1))
}

/// Without a named viewer there is nothing to see but the directory of organisations.
async fn nothing_without_a_viewer(connection: &DatabaseConnection) -> Result<Finding, DbErr> {
    let mut shown = vec![];
    for table in tables().filter(|table| !WITHOUT_TENANT.contains(table) && *table != "organisation") {
        if !rows(connection, &format!("SELECT 1 FROM {table} LIMIT 1")).await?.is_empty() {
            shown.push(table.to_owned());
        }
    }
    Ok(none(&shown, "without a named organisation no table shows a row", "rows are shown without a named organisation"))
}
