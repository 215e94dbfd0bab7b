//! The limit: a bare actix-web handler that passes on what one hand-tuned SQL statement gave. No tokens, no rules, no
//! limits; nothing that keeps data apart. What a server in front of this database can do at most.

use crate::Failed;
use actix_web::{App, HttpResponse, HttpServer, web};
use chrono::Utc;
use evolva_domain::Id;
use std::{
    cell::RefCell,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};
use uuid::Uuid;

/// What a request brings: an id for the reads, what is searched for, a CoP and texts for the write.
#[derive(serde::Deserialize)]
struct Ask {
    id: Uuid,
    #[serde(default)]
    tenant: Uuid,
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: String,
}

const PERSON_PG: &str = "json_build_object('id', p.id, 'displayName', p.display_name)";

/// The three reads on PostgreSQL, each one statement that gives the whole answer as text.
pub fn reads_postgres() -> [String; 3] {
    let facilitator = format!(
        "(SELECT {PERSON_PG} FROM facilitation f JOIN person p ON p.id = f.person_id WHERE f.cop_id = c.id \
         AND f.is_primary AND f.end_date IS NULL LIMIT 1)"
    );
    let theme = "json_build_object('id', t.id, 'title', t.title)";
    let q1 = format!(
        "SELECT json_build_object('id', c.id, 'title', c.title, 'summary', c.summary, 'status', c.status, 'startDate', \
         c.start_date, 'memberCount', c.member_count, 'theme', {theme}, 'facilitator', {facilitator})::text \
         FROM cop c LEFT JOIN theme t ON t.id = c.theme_id WHERE c.id = $1"
    );
    let q2 = format!(
        "SELECT json_agg(json_build_object('id', c.id, 'title', c.title, 'startDate', c.start_date, 'memberCount', \
         c.member_count, 'theme', {theme}))::text FROM (SELECT * FROM cop WHERE tenant_id = $1 \
         ORDER BY start_date, id LIMIT 20) c LEFT JOIN theme t ON t.id = c.theme_id"
    );
    let members = format!(
        "(SELECT json_agg(json_build_object('role', m.role, 'person', {PERSON_PG}, 'organisation', \
         json_build_object('id', o.id, 'name', o.name))) FROM (SELECT * FROM membership WHERE cop_id = c.id \
         ORDER BY created_at, id LIMIT 10) m JOIN person p ON p.id = m.person_id \
         JOIN organisation o ON o.id = m.person_tenant_id)"
    );
    let sessions = "(SELECT json_agg(json_build_object('id', s.id, 'kind', s.kind, 'title', s.title, 'startsAt', \
                    s.starts_at)) FROM (SELECT * FROM session WHERE cop_id = c.id ORDER BY starts_at, id LIMIT 5) s)";
    let artefacts = format!(
        "(SELECT json_agg(json_build_object('id', a.id, 'kind', a.kind, 'title', a.title, 'createdAt', a.created_at, \
         'authors', (SELECT json_agg({PERSON_PG}) FROM artefact_contributor aa JOIN person p ON p.id = aa.person_id \
         WHERE aa.artefact_id = a.id), 'comments', (SELECT json_agg(json_build_object('id', k.id, 'body', k.body, 'author', \
         {PERSON_PG})) FROM (SELECT * FROM comment WHERE artefact_id = a.id ORDER BY created_at DESC, id DESC LIMIT 3) k \
         JOIN person p ON p.id = k.author_id))) FROM (SELECT * FROM artefact WHERE cop_id = c.id \
         ORDER BY created_at DESC, id DESC LIMIT 10) a)"
    );
    let q3 = format!(
        "SELECT json_build_object('id', c.id, 'title', c.title, 'summary', c.summary, 'status', c.status, 'startDate', \
         c.start_date, 'memberCount', c.member_count, 'theme', {theme}, 'facilitator', {facilitator}, 'memberships', \
         {members}, 'sessions', {sessions}, 'artefacts', {artefacts})::text \
         FROM cop c LEFT JOIN theme t ON t.id = c.theme_id WHERE c.id = $1"
    );
    [q1, q2, q3]
}

/// The search: what an organisation's artefacts have a term, those first that have it in their title, with their CoP.
/// `$1` is what is asked of the index, `$2` how the term stands in a title.
const SEARCH: &str = "SELECT json_agg(json_build_object('id', x.id, 'title', x.title, 'cop', json_build_object('id', \
                      x.cop_id, 'title', x.cop)))::text FROM (SELECT a.id, a.title, a.cop_id, c.title AS cop FROM ({found} \
                      ORDER BY (d.title LIKE $2) DESC, d.at DESC, d.id DESC LIMIT 20) d JOIN artefact a ON a.id = d.id \
                      LEFT JOIN cop c ON c.id = a.cop_id ORDER BY (d.title LIKE $2) DESC, d.at DESC, d.id DESC) x";
const FOUND_POSTGRES: &str = "SELECT d.id, d.title, d.at FROM search_document d WHERE d.terms @@ $1::text::tsquery";
const FOUND_SQLITE: &str = "SELECT d.id, d.title, d.at FROM search_words JOIN search_document d \
                            ON d.place = search_words.rowid WHERE search_words MATCH $1";

fn in_sqlite(text: &str) -> String {
    let text = text.replace("json_build_object(", "json_object(").replace("json_agg(", "json_group_array(");
    text.replace(")::text", ")").replace('$', "?")
}

/// The same for SQLite, whose ids are blobs.
fn reads_sqlite() -> [String; 3] {
    let in_order = |text: &str| {
        in_sqlite(text)
            .replace("'id', c.id", "'id', hex(c.id)")
            .replace("'id', p.id", "'id', hex(p.id)")
            .replace("'id', t.id", "'id', hex(t.id)")
            .replace("'id', s.id", "'id', hex(s.id)")
            .replace("'id', a.id", "'id', hex(a.id)")
            .replace("'id', k.id", "'id', hex(k.id)")
            .replace("'id', o.id", "'id', hex(o.id)")
    };
    reads_postgres().map(|text| in_order(&text))
}

const INSERT: &str = "INSERT INTO artefact (id, tenant_id, version, created_at, updated_at, imported, cop_id, \
                      cop_tenant_id, kind, title, body, tags, state, audience, number) VALUES \
                      ($1, $2, 1, $3, $3, false, $4, $2, 'LESSON_LEARNED', $5, $6, '[]', 'DRAFT', 'PARTNERS', 1)";

struct Postgres {
    lanes: Vec<Lane>,
    next: AtomicUsize,
}

struct Lane {
    client: tokio_postgres::Client,
    reads: Vec<tokio_postgres::Statement>,
    search: tokio_postgres::Statement,
    insert: tokio_postgres::Statement,
}

impl Postgres {
    async fn open(url: &str, lanes: usize) -> Result<Self, Failed> {
        let mut all = vec![];
        for _ in 0..lanes {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
            tokio::spawn(connection);
            let mut reads = vec![];
            for text in reads_postgres() {
                reads.push(client.prepare(&text).await?);
            }
            let search = client.prepare(&SEARCH.replace("{found}", FOUND_POSTGRES)).await?;
            let insert = client.prepare(INSERT).await?;
            all.push(Lane { client, reads, search, insert });
        }
        Ok(Self { lanes: all, next: AtomicUsize::new(0) })
    }

    fn lane(&self) -> &Lane {
        &self.lanes[self.next.fetch_add(1, Ordering::Relaxed) % self.lanes.len()]
    }

    async fn read(&self, which: usize, id: Uuid) -> Result<String, Failed> {
        let lane = self.lane();
        Ok(lane.client.query_one(&lane.reads[which], &[&id]).await?.try_get(0)?)
    }

    async fn search(&self, ask: Ask) -> Result<String, Failed> {
        let lane = self.lane();
        let row = lane.client.query_one(&lane.search, &[&ask.title, &ask.body]).await?;
        Ok(row.try_get::<_, Option<String>>(0)?.unwrap_or_else(|| "[]".to_owned()))
    }

    async fn write(&self, ask: Ask) -> Result<String, Failed> {
        let (lane, id) = (self.lane(), Uuid::now_v7());
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 6] =
            [&id, &ask.tenant, &Utc::now(), &ask.id, &ask.title, &ask.body];
        lane.client.execute(&lane.insert, &values).await?;
        Ok(format!("{{\"id\":\"{id}\"}}"))
    }
}

struct Sqlite {
    path: PathBuf,
    writer: Mutex<rusqlite::Connection>,
    reads: [String; 3],
    search: String,
    insert: String,
}

thread_local! {
    static READER: RefCell<Option<rusqlite::Connection>> = const { RefCell::new(None) };
}

impl Sqlite {
    fn open(path: PathBuf) -> Result<Self, Failed> {
        let writer = rusqlite::Connection::open(&path)?;
        writer.busy_timeout(std::time::Duration::from_secs(10))?;
        writer.pragma_update(None, "synchronous", "FULL")?;
        let insert = INSERT.replace('$', "?");
        let search = in_sqlite(&SEARCH.replace("{found}", FOUND_SQLITE));
        let search = search.replace("'id', x.id", "'id', hex(x.id)").replace("'id', x.cop_id", "'id', hex(x.cop_id)");
        Ok(Self { path, writer: Mutex::new(writer), reads: reads_sqlite(), search, insert })
    }

    fn read(&self, which: usize, id: Uuid) -> Result<String, Failed> {
        self.query(&self.reads[which], [id.as_bytes().as_slice()])
    }

    fn query(&self, text: &str, values: impl rusqlite::Params) -> Result<String, Failed> {
        READER.with_borrow_mut(|reader| {
            let reader = match reader {
                Some(reader) => reader,
                None => {
                    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
                    let fresh = rusqlite::Connection::open_with_flags(&self.path, flags)?;
                    // As the product's readers: a prepared statement is not planned again for other arguments.
                    fresh.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
                    fresh.pragma_update(None, "mmap_size", 268_435_456i64)?;
                    reader.insert(fresh)
                }
            };
            let mut statement = reader.prepare_cached(text)?;
            Ok(statement.query_row(values, |row| row.get(0))?)
        })
    }

    fn write(&self, ask: Ask) -> Result<String, Failed> {
        let id = Uuid::now_v7();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut statement = writer.prepare_cached(&self.insert)?;
        let (tenant, cop) = (ask.tenant.as_bytes().as_slice(), ask.id.as_bytes().as_slice());
        let now = Utc::now().to_rfc3339();
        statement.execute(rusqlite::params![id.as_bytes().as_slice(), tenant, now, cop, ask.title, ask.body])?;
        Ok(format!("{{\"id\":\"{id}\"}}"))
    }
}

enum Database {
    Postgres(Postgres),
    Sqlite(Box<Sqlite>),
}

async fn answer(which: web::Path<String>, ask: web::Json<Ask>, database: web::Data<Database>) -> HttpResponse {
    let ask = ask.into_inner();
    let read = ["q1", "q2", "q3"].iter().position(|name| *name == which.as_str());
    let searches = which.as_str() == "q4";
    let answer = match (database.get_ref(), read) {
        (Database::Postgres(postgres), None) if searches => postgres.search(ask).await,
        (Database::Sqlite(sqlite), None) if searches => sqlite.query(&sqlite.search, [ask.title, ask.body]),
        (Database::Postgres(postgres), Some(read)) => postgres.read(read, ask.id).await,
        (Database::Postgres(postgres), None) => postgres.write(ask).await,
        (Database::Sqlite(sqlite), Some(read)) => sqlite.read(read, ask.id),
        (Database::Sqlite(sqlite), None) => sqlite.write(ask),
    };
    match answer {
        Ok(text) => HttpResponse::Ok().content_type("application/json").body(format!("{{\"data\":{text}}}")),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}

/// Serves until it is ended by who started it.
pub async fn serve(url: &str, addr: &str) -> Result<(), Failed> {
    let database = match url.strip_prefix("sqlite://") {
        Some(path) => Database::Sqlite(Box::new(Sqlite::open(path.into())?)),
        None => Database::Postgres(Postgres::open(url, 4).await?),
    };
    let database = web::Data::from(Arc::new(database));
    HttpServer::new(move || {
        let route = web::post().to(answer);
        App::new().app_data(database.clone()).route("/{which}", route)
    })
    .workers(2)
    .bind(addr)?
    .run()
    .await?;
    Ok(())
}

/// What one request of the limit says, for an id of the data set.
pub fn body(cop: Uuid, tenant: Uuid, title: &str, text: &str) -> String {
    serde_json::json!({ "id": cop, "tenant": tenant, "title": title, "body": text }).to_string()
}

/// The plain id in a typed one.
pub fn plain<K: evolva_domain::id::Prefixed>(id: Id<K>) -> Uuid {
    id.uuid()
}
