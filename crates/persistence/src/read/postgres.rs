//! Pinned connections that many requests share, a few for each thread, so that no answer wakes another thread. A whole
//! answer is one pipelined batch: begin, name the viewer, every statement, commit. Only complete batches enter a lane, so
//! that no other request's viewer can be named in between.

use super::{Answers, DEADLINE, ReadError, plan::Plan, tls};
use crate::{
    cells::{ForPostgres, from_postgres},
    db::{OpenError, Settings},
    sql::Viewer,
};
use evolva_domain::Fault;
use futures_util::{
    FutureExt,
    future::{BoxFuture, join_all},
};
use std::{
    cell::RefCell,
    collections::HashMap,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
};
use tokio_postgres::{Client, Config, Row, Statement, types::ToSql};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How many texts a connection keeps prepared.
const PREPARED: usize = 250;

struct Lane {
    client: Client,
    /// Held while a batch is put into the connection's queue, never across a wait.
    entry: Mutex<()>,
    prepared: tokio::sync::RwLock<HashMap<String, Statement>>,
    begin: Statement,
    name: Statement,
    commit: Statement,
}

pub struct Postgres {
    config: Config,
    tls: MakeRustlsConnect,
    /// Tells the lanes of this database from those of another in the same process.
    id: usize,
    /// How many lanes a thread has.
    lanes: usize,
}

type Slot = Arc<tokio::sync::RwLock<Option<Arc<Lane>>>>;

static NEXT_ID: AtomicUsize = AtomicUsize::new(0);
thread_local! {
    /// The lanes of this thread, by the database, with a count of what they were asked.
    static LANES: RefCell<HashMap<usize, (usize, Vec<Slot>)>> = RefCell::default();
}

impl Postgres {
    pub async fn open(settings: &Settings) -> Result<Self, OpenError> {
        let unreachable = |error: tokio_postgres::Error| OpenError::Unreachable(error.to_string());
        let (mut config, tls) = tls::of_url(&settings.url)?;
        // Every text is a walk over keys and indexes, whatever its arguments: planned once, and not again for each.
        let options = "-c jit=off -c plan_cache_mode=force_generic_plan";
        config.options(format!("-c statement_timeout={} {options}", DEADLINE.as_millis()));
        config.application_name("evolva-reader");
        let lanes = settings.readers.div_ceil(settings.threads.max(1)).max(1) as usize;
        let postgres = Self { config, tls, id: NEXT_ID.fetch_add(1, Ordering::Relaxed), lanes };
        // Whether it can be reached is found out now, not by the first request.
        postgres.lane().await.map_err(unreachable)?;
        Ok(postgres)
    }

    /// Lets this thread's lanes go.
    pub fn close(&self) {
        LANES.with_borrow_mut(|all| all.remove(&self.id));
    }

    /// The next of this thread's slots.
    fn slot(&self) -> Slot {
        LANES.with_borrow_mut(|all| {
            let fresh = || (0, (0..self.lanes).map(|_| Slot::default()).collect());
            let (asked, slots) = all.entry(self.id).or_insert_with(fresh);
            *asked = asked.wrapping_add(1);
            slots[*asked % slots.len()].clone()
        })
    }

    async fn lane(&self) -> Result<Arc<Lane>, tokio_postgres::Error> {
        let slot = self.slot();
        if let Some(lane) = slot.read().await.as_ref().filter(|lane| !lane.client.is_closed()) {
            return Ok(lane.clone());
        }
        let mut slot = slot.write().await;
        if let Some(lane) = slot.as_ref().filter(|lane| !lane.client.is_closed()) {
            return Ok(lane.clone());
        }
        let (client, connection) = self.config.connect(self.tls.clone()).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(%error, "a reader's connection ended");
            }
        });
        let lane = Lane {
            begin: client.prepare("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
            name: client
                .prepare("SELECT set_config('app.tenant', $1, true), set_config('app.person', $2, true)")
                .await?,
            commit: client.prepare("COMMIT").await?,
            client,
            entry: Mutex::default(),
            prepared: Default::default(),
        };
        let lane = Arc::new(lane);
        *slot = Some(lane.clone());
        Ok(lane)
    }

    pub async fn run(&self, viewer: Viewer, plan: &Plan<'_>) -> Result<Answers, ReadError> {
        let failed = |error: tokio_postgres::Error| match error.code() {
            Some(&tokio_postgres::error::SqlState::QUERY_CANCELED) => ReadError::Deadline,
            _ => ReadError::Fault(Fault::from("reading", error)),
        };
        let lane = self.lane().await.map_err(failed)?;
        let mut statements = Vec::with_capacity(plan.statements.len());
        for statement in &plan.statements {
            statements.push(lane.prepare(&statement.sql.text).await.map_err(failed)?);
        }
        let (tenant, person) = (viewer.tenant.to_string(), viewer.person_text());
        let args: Vec<Vec<ForPostgres<'_>>> =
            plan.statements.iter().map(|statement| statement.sql.args.iter().map(ForPostgres).collect()).collect();
        let args: Vec<Vec<&(dyn ToSql + Sync)>> =
            args.iter().map(|args| args.iter().map(|arg| arg as &(dyn ToSql + Sync)).collect()).collect();
        let named: [&(dyn ToSql + Sync); 2] = [&tenant, &person];
        type Answer<'a> = BoxFuture<'a, Result<Vec<Row>, tokio_postgres::Error>>;
        let mut batch: Vec<Answer<'_>> =
            vec![lane.client.query(&lane.begin, &[]).boxed(), lane.client.query(&lane.name, &named).boxed()];
        for (statement, args) in statements.iter().zip(&args) {
            batch.push(lane.client.query(statement, args).boxed());
        }
        batch.push(lane.client.query(&lane.commit, &[]).boxed());
        let mut whole = Box::pin(join_all(batch));
        let first = std::future::poll_fn(|task| {
            // The first poll of each puts its request into the queue: all of them, or none of ours is between others'.
            let _entry = lane.entry.lock().unwrap_or_else(PoisonError::into_inner);
            Poll::Ready(Pin::new(&mut whole).poll(task))
        });
        let answers = match first.await {
            Poll::Ready(answers) => answers,
            Poll::Pending => whole.await,
        };
        let mut answers = answers.into_iter().skip(2);
        plan.statements
            .iter()
            .map(|statement| {
                let rows = answers.next().unwrap_or_else(|| Ok(vec![])).map_err(failed)?;
                let row = |row: Row| {
                    let cells = statement.types.iter().enumerate();
                    cells.map(|(place, of)| from_postgres(&row, place, *of)).collect::<Result<Vec<_>, Fault>>()
                };
                rows.into_iter().map(row).collect::<Result<_, _>>().map_err(ReadError::Fault)
            })
            .collect()
    }
}

impl Lane {
    async fn prepare(&self, text: &str) -> Result<Statement, tokio_postgres::Error> {
        if let Some(statement) = self.prepared.read().await.get(text) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(text).await?;
        let mut prepared = self.prepared.write().await;
        if prepared.len() >= PREPARED {
            prepared.clear();
        }
        prepared.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }
}
