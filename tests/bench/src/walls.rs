//! What the walls cost on PostgreSQL: the reads of a CoP page and a CoP list through the product's reader (frame,
//! predicate, row-level security), against the same reads as one bare statement of the owner, in one process and without
//! HTTP. And which way row-level security alone goes over the artefacts, for tenants with few and with many grants.

use crate::{Bench, Failed, data::Known, limit};
use evolva_domain::{
    artefact::{Artefact, Comment},
    cop::{Cop, Membership, ParticipationState},
    ctx::Ctx,
    organisation::Organisation,
    person::Person,
    query::{Filter, Many, One, Page, Query, Rows, Select, Sort},
    record::{Field, Record, Table},
    scope::{Principal, Scope, TenantScope},
    session::Session,
    theme::Theme,
    token::TokenKind,
};
use futures_util::future::{try_join_all, try_join4};
use std::{
    fmt::Write,
    time::{Duration, Instant},
};
use tokio_postgres::{Client, NoTls, Statement};
use uuid::Uuid;

/// How many reads are under way at once.
const AT_ONCE: usize = 16;

fn select(table: &'static Table, columns: &[&'static str], ones: &[(&'static str, Select)]) -> Select {
    let mut select = Select::new(table);
    select.column("tenant_id");
    columns.iter().for_each(|column| select.column(column));
    select.ones = ones.iter().map(|(relation, select)| One { relation, select: select.clone() }).collect();
    select
}

fn page(column: &'static str, descending: bool, limit: u32, filters: Vec<Filter>) -> Page {
    let sort = Sort { column, descending };
    Page { filters, sort, limit, after: None, before: None, backwards: false, total: false, rows: true }
}

fn many(relation: &'static str, select: Select, page: Page) -> Many {
    Many { key: relation.to_owned(), relation, select, page }
}

/// Q2 and Q3, as the GraphQL surface asks for them.
fn queries(cop: Uuid, host: Uuid) -> [Query; 2] {
    let theme = || ("theme", select(Theme::TABLE, &["title"], &[]));
    let person = || select(Person::TABLE, &["display_name"], &[]);
    let list = select(Cop::TABLE, &["title", "start_date", "member_count"], &[theme()]);
    let of_host = vec![Filter::Is("tenant_id", host.to_cell())];
    let columns = ["title", "summary", "status", "start_date", "member_count"];
    let mut whole = select(Cop::TABLE, &columns, &[theme(), ("facilitator", person())]);
    let organisation = select(Organisation::TABLE, &["name"], &[]);
    let member = select(Membership::TABLE, &["role"], &[("person", person()), ("person_tenant", organisation)]);
    let comment = select(Comment::TABLE, &["body"], &[("author", person())]);
    let mut artefact = select(Artefact::TABLE, &["kind", "title", "created_at"], &[]);
    artefact.manys = vec![
        many("authors", person(), page("display_name", false, 3, vec![])),
        many("comments", comment, page("created_at", true, 3, vec![])),
    ];
    whole.manys = vec![
        many("memberships", member, page("created_at", false, 10, vec![])),
        many(
            "sessions",
            select(Session::TABLE, &["kind", "title", "starts_at"], &[]),
            page("starts_at", false, 5, vec![]),
        ),
        many("artefacts", artefact, page("created_at", true, 10, vec![])),
    ];
    [
        Query { select: list, rows: Rows::Page(page("start_date", false, 20, of_host)) },
        Query { select: whole, rows: Rows::Ids(vec![cop]) },
    ]
}

fn scope(tenant: evolva_domain::Id<Organisation>) -> TenantScope {
    let scopes = Scope::of_tenants().collect();
    Principal { token: Default::default(), kind: TokenKind::Tenant, tenant, person: None, scopes }.enter()
}

async fn client(url: &str) -> Result<Client, Failed> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Runs reads for a while, so many at once, and tells how many there were a second.
async fn rate<F>(seconds: f64, read: impl Fn(usize) -> F) -> Result<f64, Failed>
where
    F: Future<Output = Result<(), Failed>>,
{
    let (start, time) = (Instant::now(), Duration::from_secs_f64(seconds));
    let lanes = (0..AT_ONCE).map(|lane| {
        let read = &read;
        async move {
            let mut done = 0;
            while start.elapsed() < time {
                read(lane + done * AT_ONCE).await?;
                done += 1;
            }
            Ok::<_, Failed>(done)
        }
    });
    let done: usize = try_join_all(lanes).await?.into_iter().sum();
    Ok(done as f64 / start.elapsed().as_secs_f64())
}

/// What a read under row-level security is made of.
struct Framed {
    begin: Statement,
    name: Statement,
    reads: [Statement; 2],
    commit: Statement,
}

/// The table of what the walls cost, and the plans.
pub async fn report(bench: &Bench, rounds: usize, seconds: f64) -> Result<String, Failed> {
    let db = evolva_server::open(&bench.settings).await?;
    let ctx = evolva_server::ctx(&db);
    let known = &bench.known;
    let url = bench.settings.database_owner_url.as_deref().ok_or("PostgreSQL has an owner role")?;
    let owners = try_join_all((0..4).map(|_| client(url))).await?;
    let mut bare = vec![];
    for owner in &owners {
        let [_, list, whole] = limit::reads_postgres();
        bare.push([owner.prepare(&list).await?, owner.prepare(&whole).await?]);
    }
    // The same statements as the serving role, each in the frame of a read.
    let apps = try_join_all((0..4).map(|_| client(&bench.settings.database_url))).await?;
    let mut framed = vec![];
    for app in &apps {
        app.batch_execute("SET jit = off; SET plan_cache_mode = force_generic_plan").await?;
        let [_, list, whole] = limit::reads_postgres();
        framed.push(Framed {
            begin: app.prepare("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
            name: app.prepare("SELECT set_config('app.tenant', $1, true), set_config('app.person', '', true)").await?,
            reads: [app.prepare(&list).await?, app.prepare(&whole).await?],
            commit: app.prepare("COMMIT").await?,
        });
    }
    let mut text = String::from(
        "**What the walls cost.** Reads a second as one bare statement of the owner, as the same bare statement of the serving \
         role in the frame of a read (with row-level security, and nothing of the product), and through the product's reader \
         (frame, predicate and row-level security); in one process, without HTTP.\n\n\
         | | bare, 1/s | bare under row-level security, 1/s | bare : that | product, 1/s | bare : product | target |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for (which, name, target) in [(0, "Q2, the list", 1.7), (1, "Q3, the page", 1.3)] {
        let (mut product, mut plain, mut walled, mut ratio, mut floor) = (vec![], vec![], vec![], vec![], vec![]);
        for _ in 0..rounds {
            let by_owner = rate(seconds, |turn| {
                let (owner, statement) = (&owners[turn % 4], &bare[turn % 4][which]);
                let (cop, host) = pick(known, turn);
                let id = if which == 0 { host } else { cop };
                async move {
                    owner.query_one(statement, &[&id]).await?;
                    Ok(())
                }
            })
            .await?;
            let by_wall = rate(seconds, |turn| {
                let (app, framed) = (&apps[turn % 4], &framed[turn % 4]);
                let (cop, host) = pick(known, turn);
                let id = if which == 0 { host } else { cop };
                let host = host.to_string();
                async move {
                    // Put into the queue in one go, so that no other read stands between.
                    let (_, _, rows, _) = try_join4(
                        app.execute(&framed.begin, &[]),
                        app.execute(&framed.name, &[&host]),
                        app.query(&framed.reads[which], &[&id]),
                        app.execute(&framed.commit, &[]),
                    )
                    .await?;
                    if rows.is_empty() { Err("nothing was read".into()) } else { Ok(()) }
                }
            })
            .await?;
            let by_product = rate(seconds, |turn| {
                let (cop, host) = pick(known, turn);
                let ctx: Ctx = ctx.clone();
                async move {
                    let viewer = scope(evolva_domain::Id::new(host));
                    let query = queries(cop, host)[which].clone();
                    let rows = ctx.store.read(&viewer, &[query]).await.map_err(|error| format!("{error:?}"))?;
                    if rows.iter().all(|branch| branch.rows.is_empty()) {
                        Err("nothing was read".into())
                    } else {
                        Ok(())
                    }
                }
            })
            .await?;
            plain.push(by_owner);
            walled.push(by_wall);
            product.push(by_product);
            floor.push(by_owner / by_wall);
            ratio.push(by_owner / by_product);
        }
        let of = |values: &[f64]| crate::report::median(values).unwrap_or(0.0);
        // Writing to a String cannot fail.
        let rates = (of(&plain), of(&walled), of(&floor), of(&product), of(&ratio));
        let _ = writeln!(
            text,
            "| {name} | {:.0} | {:.0} | {:.1} | {:.0} | {:.1} | {target} |",
            rates.0, rates.1, rates.2, rates.3, rates.4
        );
    }
    db.close().await;
    text.push_str(&plans(bench, &owners[0]).await?);
    Ok(text)
}

fn pick(known: &Known, turn: usize) -> (Uuid, Uuid) {
    let (cop, host) = known.cops[turn.wrapping_mul(7919) % known.cops.len()];
    (limit::plain(cop), limit::plain(known.tenants[host]))
}

/// The plans of row-level security alone, as the serving role, without the predicate of the statements.
async fn plans(bench: &Bench, owner: &Client) -> Result<String, Failed> {
    let (cop, host) = pick(&bench.known, 1);
    let few = Uuid::now_v7();
    // A tenant that owns nothing and takes part in one CoP of another.
    let accepted = ParticipationState::Accepted.to_cell();
    let evolva_domain::record::Cell::Text(accepted) = accepted else { return Err("a state is a text".into()) };
    owner
        .execute(
            "INSERT INTO organisation (id, tenant_id, version, created_at, updated_at, imported, slug, name, kind, state) \
             VALUES ($1, $1, 1, now(), now(), false, 'few', 'Few', 'OTHER', 'ACTIVE')",
            &[&few],
        )
        .await?;
    owner
        .execute(
            "INSERT INTO participation (id, tenant_id, version, created_at, updated_at, imported, cop_id, organisation_id, \
             state, preconditions_met) VALUES ($1, $2, 1, now(), now(), false, $3, $4, $5, '[]')",
            &[&Uuid::now_v7(), &host, &cop, &few, &accepted],
        )
        .await?;
    let app = client(&bench.settings.database_url).await?;
    app.batch_execute("SET jit = off; SET plan_cache_mode = force_generic_plan").await?;
    let mut text = String::from(
        "\n**Plans.** Row-level security alone over the artefacts, as the serving role; *few* takes part in one CoP and owns \
         nothing, *many* hosts a hundred and takes part in some two hundred.\n",
    );
    for (name, tenant) in [("few", few), ("many", host)] {
        app.execute("SELECT set_config('app.tenant', $1, false)", &[&tenant.to_string()]).await?;
        let granted = app.query_one("SELECT cardinality(evolva_partner_cops())", &[]).await?.get::<_, i32>(0);
        let _ = writeln!(text, "\n*{name}*, {granted} CoPs granted:\n\n```");
        for (what, statement) in [
            (
                "own rows",
                "SELECT id FROM artefact WHERE tenant_id = evolva_tenant() ORDER BY created_at DESC, id DESC LIMIT 20",
            ),
            (
                "a CoP's rows",
                &*format!("SELECT id FROM artefact WHERE cop_id = '{cop}' ORDER BY created_at DESC, id DESC LIMIT 20"),
            ),
            ("all that is seen", "SELECT id FROM artefact ORDER BY created_at DESC, id DESC LIMIT 20"),
            ("all sessions that are seen", "SELECT count(*) FROM session"),
        ] {
            let explain = format!("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {statement}");
            let lines = app.query(&explain, &[]).await?;
            let _ = writeln!(text, "-- {what}");
            for line in lines.iter().map(|line| line.get::<_, String>(0)) {
                // Filters are the policies; what matters is how the rows are found, and how many were looked at.
                let told =
                    ["Scan", "Sort", "Limit", "Aggregate", "Index Cond", "Rows Removed", "Bitmap", "Execution Time"];
                if told.iter().any(|word| line.contains(word)) && !line.contains("never executed") {
                    let _ = writeln!(text, "{line}");
                }
            }
        }
        text.push_str("```\n");
    }
    Ok(text)
}
