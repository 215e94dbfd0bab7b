//! Readers of the WAL in the process, off the async threads: a statement costs no round trip here.

use super::{Answers, DEADLINE, ReadError, plan::Plan};
use crate::{
    cells::{ForSqlite, from_rusqlite},
    db::{OpenError, Settings, sqlite_path},
};
use evolva_domain::Fault;
use rusqlite::{Connection, OpenFlags};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

#[derive(Clone)]
pub struct Sqlite {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    slots: Arc<tokio::sync::Semaphore>,
}

impl Sqlite {
    pub fn open(settings: &Settings) -> Result<Self, OpenError> {
        let slots = Arc::new(tokio::sync::Semaphore::new(settings.readers.max(1) as usize));
        let sqlite = Self { path: sqlite_path(&settings.url), idle: Arc::default(), slots };
        let first = sqlite.connect().map_err(|error| OpenError::Unreachable(error.to_string()))?;
        sqlite.put_back(first);
        Ok(sqlite)
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(DEADLINE)?;
        connection.set_prepared_statement_cache_capacity(256);
        // Else a prepared statement is parsed and planned again whenever its arguments change (statistics of kind 4 are
        // compiled in). Every text here is a walk over keys and indexes, whatever its arguments.
        connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.pragma_update(None, "mmap_size", 268_435_456i64)?;
        Ok(connection)
    }

    fn put_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }

    pub fn close(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub async fn run(&self, plan: &Plan<'_>) -> Result<Answers, ReadError> {
        let permit = self.slots.clone().acquire_owned().await;
        let statements: Vec<_> =
            plan.statements.iter().map(|statement| (statement.sql.clone(), statement.types.clone())).collect();
        let this = self.clone();
        let work = move || {
            let _permit = permit;
            let idle = this.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = match idle {
                Some(connection) => connection,
                None => this.connect().map_err(|error| ReadError::Fault(Fault::from("opening a reader", error)))?,
            };
            let answer = run_all(&connection, &statements);
            this.put_back(connection);
            answer
        };
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or_else(|error| Err(ReadError::Fault(Fault::from("a reader stopped", error))))
    }
}

fn run_all(
    connection: &Connection,
    statements: &[(crate::sql::Sql, Vec<evolva_domain::record::CellType>)],
) -> Result<Answers, ReadError> {
    let end = Instant::now() + DEADLINE;
    let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::OperationInterrupted) => ReadError::Deadline,
        _ => ReadError::Fault(Fault::from("reading", error)),
    };
    connection.progress_handler(10_000, Some(move || Instant::now() > end)).map_err(failed)?;
    // One snapshot for the whole answer; it ends when the transaction is dropped.
    let snapshot = connection.unchecked_transaction().map_err(failed)?;
    let mut answers = Vec::with_capacity(statements.len());
    for (sql, types) in statements {
        let mut statement = snapshot.prepare_cached(&sql.text).map_err(failed)?;
        // A predicate that does not name the tenant leaves its argument without a place.
        let wanted = statement.parameter_count();
        for (place, cell) in sql.args.iter().take(wanted).enumerate() {
            statement.raw_bind_parameter(place + 1, ForSqlite(cell)).map_err(failed)?;
        }
        let mut rows = statement.raw_query();
        let mut answer = vec![];
        while let Some(row) = rows.next().map_err(failed)? {
            let cells = types.iter().enumerate().map(|(place, of)| from_rusqlite(row, place, *of));
            answer.push(cells.collect::<Result<Vec<_>, Fault>>().map_err(ReadError::Fault)?);
        }
        answers.push(answer);
    }
    Ok(answers)
}
