//! Wires the domain, persistence and the API into a server. The binary `evolva` and the tests start it the same way.

pub mod demo;
pub mod settings;

use actix_web::{App, HttpServer, dev::ServerHandle, web};
use chrono::{DateTime, SubsecRound, Utc};
use evolva_api::{
    Api,
    auth::{Authority, KeySource, Keys, StoredKey, fresh_key, kid_of},
};
use evolva_domain::{
    Fault,
    ctx::{Clock, Ctx, Ids},
};
use evolva_persistence::{Db, Numbered, OpenError, keys::KeyRow, number_outbox};
use settings::Settings;
use std::{
    net::{SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// The real time, in whole milliseconds.
struct SystemClock;
impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }
}

struct RandomIds;
impl Ids for RandomIds {
    fn fresh(&self) -> uuid::Uuid {
        uuid::Uuid::now_v7()
    }
}

/// What a use case needs, over a real database.
pub fn ctx(db: &Db) -> Ctx {
    Ctx { store: Arc::new(db.clone()), files: db.files(), clock: Arc::new(SystemClock), ids: Arc::new(RandomIds) }
}

/// Why the server cannot start, each with what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Database(#[from] OpenError),
    #[error("{0}")]
    Settings(String),
    #[error("cannot listen on {addr}: {source}. Stop what uses it, or choose another with {setting}")]
    Listen { addr: String, setting: &'static str, source: std::io::Error },
    #[error("{}", .0.chain())]
    Fault(#[from] Fault),
    #[error("{0}")]
    Other(String),
}

/// Keys from the database, or the one that a setting names.
struct DbKeys {
    db: Db,
    given: Option<String>,
}

#[async_trait::async_trait]
impl KeySource for DbKeys {
    async fn keys(&self) -> Result<Vec<StoredKey>, Fault> {
        if let Some(private_pem) = &self.given {
            let key =
                StoredKey { private_pem: private_pem.clone(), signs_from: DateTime::UNIX_EPOCH, retires_at: None };
            return Ok(vec![key]);
        }
        let stored = |row: KeyRow| StoredKey {
            private_pem: row.private_pem,
            signs_from: row.signs_from,
            retires_at: row.retires_at,
        };
        Ok(self.db.keys().await?.into_iter().map(stored).collect())
    }
}

/// How long a new key is published before it signs, so that whoever keeps our key set has seen it.
const PUBLISHED_FIRST: chrono::Duration = chrono::Duration::minutes(10);

/// Makes the next signing key. The ones before it stay until what they signed can no longer be good.
pub async fn rotate_keys(db: &Db) -> Result<String, Fault> {
    let now = Utc::now().trunc_subsecs(3);
    let first = db.keys().await?.is_empty();
    let key = fresh_key()?;
    let signs_from = if first { now } else { now + PUBLISHED_FIRST };
    let row =
        KeyRow { kid: key.kid.clone(), private_pem: key.private_pem, created_at: now, signs_from, retires_at: None };
    let longest = chrono::Duration::days(evolva_domain::token::LONGEST_DAYS);
    db.add_key(row, signs_from + longest).await?;
    Ok(key.kid)
}

/// Who signs and verifies, over a real database.
pub async fn authority(db: &Db, settings: &Settings) -> Result<Authority, StartError> {
    let given = match &settings.signing_key_file {
        Some(path) => {
            let unreadable =
                |error| StartError::Settings(format!("cannot read EVOLVA_SIGNING_KEY_FILE '{path}': {error}"));
            let pem = std::fs::read_to_string(path).map_err(unreadable)?;
            kid_of(&pem)?;
            Some(pem)
        }
        None => {
            if db.keys().await?.is_empty() {
                rotate_keys(db).await?;
            }
            None
        }
    };
    Ok(Authority::new(settings.issuer.clone(), Keys::new(Arc::new(DbKeys { db: db.clone(), given }))))
}

/// What cursors are sealed with: a secret that the nodes of one deployment share, and that outlives rotations of the
/// signing keys because nothing but the first of them goes into it. Where a setting gives the signing key, the
/// database has none, and one is made for this alone.
async fn cursor_secret(db: &Db) -> Result<String, Fault> {
    if db.keys().await?.is_empty() {
        rotate_keys(db).await?;
    }
    let first = db.keys().await?.pop().ok_or_else(|| Fault::new("there is no key to seal cursors with"))?;
    Ok(format!("cursors: {}", first.private_pem))
}

/// Opens the database as the settings say.
pub async fn open(settings: &Settings) -> Result<Db, StartError> {
    Ok(Db::open(&settings.database()).await?)
}

/// A server that runs.
pub struct Running {
    pub addr: SocketAddr,
    pub ops_addr: Option<SocketAddr>,
    pub db: Db,
    handle: ServerHandle,
    ops_handle: Option<ServerHandle>,
    draining: Arc<AtomicBool>,
    /// What runs beside the servers until it is stopped.
    chores: [tokio::task::JoinHandle<()>; 2],
    servers: Vec<tokio::task::JoinHandle<std::io::Result<()>>>,
}

fn listen(addr: &str, setting: &'static str) -> Result<TcpListener, StartError> {
    TcpListener::bind(addr).map_err(|source| StartError::Listen { addr: addr.to_owned(), setting, source })
}

/// Starts the server; it is ready when this returns. `metrics` renders what the operations listener shows.
pub async fn start(
    settings: &Settings,
    metrics: Option<Arc<dyn Fn() -> String + Send + Sync>>,
) -> Result<Running, StartError> {
    // The ports first: nothing is opened or changed for a server that cannot listen.
    let listener = listen(&settings.addr, "EVOLVA_ADDR")?;
    let ops_listener = metrics.is_some().then(|| listen(&settings.ops_addr, "EVOLVA_OPS_ADDR")).transpose()?;
    let io = |error: std::io::Error| StartError::Other(error.to_string());
    let addr = listener.local_addr().map_err(io)?;
    let db = open(settings).await?;
    db.open_files()?;
    let authority = authority(&db, settings).await?;
    let draining = Arc::new(AtomicBool::new(false));
    let ready = {
        let (db, draining) = (db.clone(), draining.clone());
        Arc::new(move || -> futures_util::future::BoxFuture<'static, bool> {
            let (db, draining) = (db.clone(), draining.clone());
            Box::pin(async move { !draining.load(Ordering::Relaxed) && db.ready().await })
        })
    };
    let secret = cursor_secret(&db).await?;
    let api = web::Data::new(Api::new(ctx(&db), authority, secret.as_bytes(), settings.limits(), ready));
    let server = HttpServer::new(move || App::new().app_data(api.clone()).configure(evolva_api::configure))
        .workers(settings.workers)
        .client_request_timeout(Duration::from_secs(20))
        .client_disconnect_timeout(Duration::from_secs(5))
        .keep_alive(Duration::from_secs(30))
        .shutdown_timeout(10)
        .disable_signals()
        .listen(listener)
        .map_err(io)?
        .run();
    let handle = server.handle();
    let mut servers = vec![tokio::spawn(server)];
    let (mut ops_handle, mut ops_addr) = (None, None);
    if let (Some(listener), Some(render)) = (ops_listener, metrics) {
        ops_addr = Some(listener.local_addr().map_err(io)?);
        let ops = HttpServer::new(move || {
            let render = render.clone();
            App::new().configure(move |config| evolva_api::serve_metrics(config, render))
        })
        .workers(1)
        .disable_signals()
        .listen(listener)
        .map_err(io)?
        .run();
        ops_handle = Some(ops.handle());
        servers.push(tokio::spawn(ops));
    }
    let chores = [tokio::spawn(sequence(db.clone())), tokio::spawn(sweep(db.clone()))];
    Ok(Running { addr, ops_addr, db, handle, ops_handle, draining, chores, servers })
}

/// What the changes mean for rows of other organisations. Mostly their own requests have done it already; this makes
/// up for those that ended in between.
async fn settle_all(ctx: &Ctx, numbered: Vec<Numbered>) {
    let mut done = std::collections::HashSet::new();
    for event in numbered {
        let Some(host) = event.parties.first().copied() else { continue };
        match evolva_domain::cop::settle::cop_of(ctx, host, &event.subject).await {
            Ok(Some(cop)) if done.insert(cop) => {
                if let Err(error) = evolva_domain::cop::settle::now(ctx, evolva_domain::Id::new(host), cop).await {
                    tracing::error!(?error, subject = event.subject, kind = event.kind, "a CoP could not be settled");
                }
            }
            Ok(_) => {}
            Err(error) => tracing::error!(?error, subject = event.subject, kind = event.kind, "nobody to settle for"),
        }
        let concluded = match evolva_domain::publication::of_subject(ctx, host, &event.subject).await {
            Ok(Some(id)) => evolva_domain::publication::now(ctx, evolva_domain::Id::new(host), id).await,
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = concluded {
            tracing::error!(?error, subject = event.subject, kind = event.kind, "a publication could not be concluded");
        }
    }
}

/// Numbers the outbox again and again, soon after there is something and seldom while there is nothing.
async fn sequence(db: Db) {
    let (me, ctx) = (uuid::Uuid::now_v7(), ctx(&db));
    loop {
        db.report_pool();
        let pause = match number_outbox(&db, me).await {
            Ok(numbered) if numbered.is_empty() => Duration::from_millis(250),
            Ok(numbered) => {
                settle_all(&ctx, numbered).await;
                Duration::from_millis(20)
            }
            Err(fault) => {
                tracing::warn!(error = fault.chain(), "the outbox could not be numbered; trying again");
                Duration::from_secs(2)
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// How often uploads that were not attached in time, and personal data whose time is over, are removed.
const SWEEP: Duration = Duration::from_secs(10 * 60);
/// Each so many times, and at the start, what no row names is looked for in the whole store.
const WHOLE: u32 = 36;

/// Removes files that nothing refers to, and personal data of contact requests and of people from outside whose time is
/// over, again and again.
async fn sweep(db: Db) {
    let ctx = ctx(&db);
    for round in (0..WHOLE).cycle() {
        let swept = match db.operator().await {
            Ok(operator) => evolva_domain::file::sweep::sweep(&ctx, operator, round == 0).await,
            Err(fault) => Err(fault.into()),
        };
        match swept {
            Ok(swept) if swept == Default::default() => {}
            Ok(swept) => tracing::info!(uploads = swept.uploads, parts = swept.parts, "swept files nobody attached"),
            Err(error) => tracing::warn!(?error, "files could not be swept; trying again later"),
        }
        let erased = match db.operator().await {
            Ok(operator) => evolva_domain::contact::sweep(&ctx, operator).await,
            Err(fault) => Err(fault.into()),
        };
        match erased {
            Ok(0) => {}
            Ok(requests) => tracing::info!(requests, "removed personal data of contact requests"),
            Err(error) => tracing::warn!(?error, "contact requests could not be swept; trying again later"),
        }
        let erased = match db.operator().await {
            Ok(operator) => evolva_domain::person::sweep(&ctx, operator).await,
            Err(fault) => Err(fault.into()),
        };
        match erased {
            Ok(0) => {}
            Ok(people) => tracing::info!(people, "removed personal data of people from outside"),
            Err(error) => tracing::warn!(?error, "people from outside could not be swept; trying again later"),
        }
        tokio::time::sleep(SWEEP).await;
    }
}

impl Running {
    /// Not ready any more; finishes what is in flight, then closes.
    pub async fn stop(self) {
        self.draining.store(true, Ordering::Relaxed);
        self.chores.iter().for_each(tokio::task::JoinHandle::abort);
        self.handle.stop(true).await;
        if let Some(ops) = self.ops_handle {
            ops.stop(false).await;
        }
        for server in self.servers {
            if let Ok(Err(error)) = server.await {
                tracing::warn!(%error, "a listener ended badly");
            }
        }
        self.db.close().await;
    }
}
