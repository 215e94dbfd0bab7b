//! The only owner of a transaction and of lookups by id. Each is bound to one tenant when it begins; every lookup
//! carries the predicate of `visible`, and on PostgreSQL the transaction names its tenant to row-level security.

use crate::{
    cells,
    db::{Db, Dialect},
    search,
    sql::{Sql, Viewer},
    visible,
};
use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use evolva_domain::{
    Code, Error, Fault, Id,
    overview::candidates::{Asked, Count, Counted},
    policy::Permit,
    ports::{Event, Tx, Write},
    record::{Cell, CellType, Field, Table},
    scope::TenantScope,
    search::document::{self, Change},
    token::{Token, TokenKind},
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, RuntimeErr, SqlErr, Statement, TransactionTrait,
    Value,
};
use std::time::Instant;
use uuid::Uuid;

pub struct TenantTx {
    tx: DatabaseTransaction,
    dialect: Dialect,
    scope: TenantScope,
    audited: Vec<(&'static str, Option<String>)>,
    events: Vec<Event>,
    /// Every row that was written, as it is told where no use case tells of it.
    written: Vec<Event>,
    /// How many entries of the three there were at the mark.
    marked: [usize; 3],
}

/// Of these, what changes between the beginning and the end is no event: their use cases tell of the end.
const QUIET: &[&str] = &["upload", "import_job"];

pub async fn begin(db: &Db, scope: &TenantScope) -> Result<Box<dyn Tx>, Fault> {
    let options = sea_orm::TransactionOptions {
        // SQLite takes its one write lock at the start: a later upgrade of a read lock could not wait for it.
        sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    open(db, &db.write, options, scope).await
}

/// One that only reads.
pub async fn look(db: &Db, scope: &TenantScope) -> Result<Box<dyn Tx>, Fault> {
    let options = match db.dialect {
        // The connections themselves refuse to write.
        Dialect::Sqlite => Default::default(),
        Dialect::Postgres => {
            // Of one moment: what was granted is looked up once for all of it.
            sea_orm::TransactionOptions {
                access_mode: Some(sea_orm::AccessMode::ReadOnly),
                isolation_level: Some(sea_orm::IsolationLevel::RepeatableRead),
                ..Default::default()
            }
        }
    };
    open(db, &db.look, options, scope).await
}

async fn open(
    db: &Db,
    connections: &DatabaseConnection,
    options: sea_orm::TransactionOptions,
    scope: &TenantScope,
) -> Result<Box<dyn Tx>, Fault> {
    let tx = connections.begin_with_options(options).await.map_err(|error| Fault::from("beginning", error))?;
    let tx = TenantTx {
        tx,
        dialect: db.dialect,
        scope: scope.clone(),
        audited: vec![],
        events: vec![],
        written: vec![],
        marked: [0; 3],
    };
    if db.dialect == Dialect::Postgres {
        let system = if matches!(scope.principal().kind, TokenKind::System | TokenKind::Operator) { "on" } else { "" };
        let text = "SELECT set_config('app.tenant', $1, true), set_config('app.system', $2, true), \
                    set_config('app.person', $3, true)";
        let viewer = Viewer::of(scope);
        let values = [viewer.tenant.to_string().into(), system.into(), viewer.person_text().into()];
        tx.run(Statement::from_sql_and_values(tx.tx.get_database_backend(), text, values), "naming the tenant").await?;
    }
    Ok(Box::new(tx))
}

impl TenantTx {
    async fn run(&self, statement: Statement, what: &'static str) -> Result<u64, Fault> {
        self.try_run(statement).await.map_err(|error| Fault::from(what, error))
    }

    async fn try_run(&self, statement: Statement) -> Result<u64, DbErr> {
        let start = Instant::now();
        let done = self.tx.execute_raw(statement).await?;
        metrics::histogram!("evolva_statement_seconds", "kind" => "write").record(start.elapsed());
        Ok(done.rows_affected())
    }

    async fn plainly(&self, text: &str) -> Result<(), Fault> {
        self.tx.execute_unprepared(text).await.map(drop).map_err(|error| Fault::from("marking a place", error))
    }

    fn sql(&self) -> Sql {
        Sql::new(self.dialect, Viewer::of(&self.scope))
    }

    fn statement(&self, sql: Sql, types: &[CellType]) -> Statement {
        let lead = sql.lead();
        let values: Vec<Value> = sql
            .args
            .into_iter()
            .enumerate()
            // The viewer comes first; the others have the types of their columns where these are known.
            .map(|(place, cell)| {
                cells::to_value(cell, place.checked_sub(lead).and_then(|place| types.get(place)).copied())
            })
            .collect();
        Statement::from_sql_and_values(self.tx.get_database_backend(), sql.text, values)
    }

    /// Writes rows into a table, without the tenant among the arguments.
    async fn insert(
        &self,
        table: &str,
        columns: &[&str],
        types: &[CellType],
        rows: Vec<Vec<Cell>>,
    ) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut sql = self.sql();
        sql.args.clear();
        sql.push("INSERT INTO ").push(table).push(" (").push(&columns.join(", ")).push(") VALUES ");
        for (place, row) in rows.into_iter().enumerate() {
            sql.push(if place == 0 { "(" } else { ", (" });
            for (column, cell) in row.into_iter().enumerate() {
                if column > 0 {
                    sql.push(", ");
                }
                sql.bind(cell);
            }
            sql.push(")");
        }
        cells::fit(&sql.args)?;
        let values: Vec<Value> = sql
            .args
            .into_iter()
            .enumerate()
            .map(|(place, cell)| cells::to_value(cell, types.get(place % columns.len()).copied()))
            .collect();
        let statement = Statement::from_sql_and_values(self.tx.get_database_backend(), sql.text, values);
        self.try_run(statement).await.map(drop).map_err(broken_rule)
    }

    async fn flush_logs(&mut self) -> Result<(), Error> {
        let now = Utc::now().trunc_subsecs(3);
        let principal = self.scope.principal();
        let tenant = self.scope.tenant().to_cell();
        let audit = std::mem::take(&mut self.audited).into_iter().map(|(action, subject)| {
            vec![
                Cell::Uuid(Uuid::now_v7()),
                tenant.clone(),
                Cell::At(now),
                Cell::Text(action.to_owned()),
                subject.to_cell(),
                principal.token.to_cell(),
                principal.kind.to_cell(),
                principal.tenant.to_cell(),
                principal.person.map(|acting| acting.id).to_cell(),
            ]
        });
        let audit = audit.collect();
        let columns =
            ["id", "tenant_id", "at", "action", "subject", "token_id", "token_kind", "token_tenant_id", "person_id"];
        let types = [
            CellType::Uuid,
            CellType::Uuid,
            CellType::At,
            CellType::Text,
            CellType::Text,
            CellType::Uuid,
            CellType::Text,
            CellType::Uuid,
            CellType::Uuid,
        ];
        self.insert("audit", &columns, &types, audit).await?;
        for written in std::mem::take(&mut self.written) {
            if self.events.iter().all(|event| event.subject != written.subject) {
                self.events.push(written);
            }
        }
        let events = std::mem::take(&mut self.events).into_iter().map(|event| {
            vec![
                Cell::Uuid(Uuid::now_v7()),
                tenant.clone(),
                Cell::At(now),
                Cell::Text(event.kind),
                Cell::Text(evolva_domain::id::join(event.table.prefix, event.subject)),
                Cell::Json(event.data),
                Cell::Json(event.parties.into_iter().map(|party| party.to_string()).collect::<Vec<_>>().into()),
                Cell::Bool(false),
            ]
        });
        let events = events.collect();
        self.insert("outbox", &["id", "tenant_id", "at", "kind", "subject", "data", "parties", "numbered"], &[], events)
            .await
    }
}

/// A constraint that two requests at once ran into, or a reference that is gone. The database's words stay here.
fn broken_rule(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::conflict(Code::JustMade, "", ""),
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Error::NotFound,
        _ => broken("writing", error),
    }
}

/// What a database failed with: a deadlock or two changes that cannot both be (SQLSTATE 40P01, 40001), or a SQLite that
/// somebody else writes, may succeed when it is done again.
fn broken(what: &'static str, error: DbErr) -> Error {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = &error else {
        return Fault::from(what, error).into();
    };
    let code = cause.as_database_error().and_then(|cause| cause.code());
    match code.as_deref() {
        Some("40001" | "40P01" | "5" | "517") => Error::Busy,
        _ => Fault::from(what, error).into(),
    }
}

fn select(table: &Table, alias: &str) -> String {
    let columns: Vec<_> = table.columns.iter().map(|column| format!("{alias}.{}", column.name)).collect();
    columns.join(", ")
}

/// A computed value in the dialect's words.
pub fn computed(dialect: Dialect, template: &str, alias: &str) -> String {
    let mut text = crate::sql::fill(dialect, template, alias);
    if let Some(start) = text.find("{agg:")
        && let Some(length) = text[start..].find('}')
    {
        let (column, order) = text[start + 5..start + length].split_once(' ').unwrap_or_default();
        let joined = match dialect {
            Dialect::Postgres => format!("string_agg(x.{column}::text, ',' ORDER BY x.{order})"),
            Dialect::Sqlite => format!("group_concat(lower(hex(x.{column})), ',' ORDER BY x.{order})"),
        };
        text.replace_range(start..=start + length, &joined);
    }
    text
}

#[async_trait]
impl Tx for TenantTx {
    async fn rows(&mut self, table: &'static Table, filter: &[(&'static str, Cell)]) -> Result<Vec<Vec<Cell>>, Error> {
        let mut sql = self.sql();
        sql.push(&format!("SELECT {} FROM {} t WHERE ", select(table, "t"), table.name));
        sql.visible(table.name, "t");
        for (column, value) in filter {
            if table.column(column).is_none() {
                return Err(Fault::new(format!("{} has no column {column}", table.name)).into());
            }
            sql.push(&format!(" AND t.{column} = ")).bind(value.clone());
        }
        sql.push(" ORDER BY t.id");
        sql.keep_arguments();
        cells::fit(&sql.args)?;
        let start = Instant::now();
        let statement = self.statement(sql, &[]);
        let rows = self.tx.query_all_raw(statement).await.map_err(|error| broken("looking rows up", error))?;
        metrics::histogram!("evolva_statement_seconds", "kind" => "look-up").record(start.elapsed());
        let cells = |row| {
            table.columns.iter().enumerate().map(|(place, column)| cells::from_row(&row, place, column.of)).collect()
        };
        Ok(rows.into_iter().map(cells).collect::<Result<_, Fault>>()?)
    }

    async fn facts(
        &mut self,
        table: &'static Table,
        id: Uuid,
        names: &[&'static str],
    ) -> Result<Option<Vec<Cell>>, Fault> {
        let mut sql = self.sql();
        let mut types = vec![];
        sql.push("SELECT ");
        for (place, name) in names.iter().enumerate() {
            let (template, of) = visible::computed(table.name, name, sql.place())
                .ok_or_else(|| Fault::new(format!("{} has no fact {name}", table.name)))?;
            types.push(of);
            sql.push(if place == 0 { "" } else { ", " }).push(&computed(self.dialect, &template, "t"));
        }
        sql.push(&format!(" FROM {} t WHERE t.id = ", table.name)).bind(Cell::Uuid(id)).push(" AND ");
        sql.visible(table.name, "t");
        sql.keep_arguments();
        let statement = self.statement(sql, &[]);
        let row = self.tx.query_one_raw(statement).await.map_err(|error| Fault::from("reading facts", error))?;
        let Some(row) = row else { return Ok(None) };
        let cells = types.into_iter().enumerate().map(|(place, of)| cells::from_row(&row, place, of));
        cells.collect::<Result<_, _>>().map(Some)
    }

    async fn write(&mut self, permit: &Permit, write: Write) -> Result<(), Error> {
        let entry = (permit.action(), permit.on().map(|(prefix, id)| evolva_domain::id::join(prefix, id)));
        if !self.audited.contains(&entry) {
            self.audited.push(entry);
        }
        // Every row is written here, so its document is, too.
        let document = match &write {
            Write::Insert { table, cells } | Write::Update { table, cells, .. } => document::change(table, cells),
            _ => Change::Nothing,
        };
        let written = match &write {
            Write::Insert { table, cells } => Some(Event::of_cells(table, cells, "created")),
            Write::Update { table, cells, .. } if !QUIET.contains(&table.name) => {
                Some(Event::of_cells(table, cells, "updated"))
            }
            _ => None,
        };
        match write {
            Write::Insert { table, cells } => {
                let columns: Vec<_> = table.columns.iter().map(|column| column.name).collect();
                let types: Vec<_> = table.columns.iter().map(|column| column.of).collect();
                self.insert(table.name, &columns, &types, vec![cells]).await
            }
            Write::Update { table, id, version, cells } => {
                let mut sql = self.sql();
                let mut types = vec![];
                sql.push("UPDATE ").push(table.name).push(" AS t SET ");
                // The id and the owner of a row never change.
                for (place, (column, cell)) in table.columns.iter().zip(cells).skip(2).enumerate() {
                    sql.push(if place == 0 { "" } else { ", " }).push(column.name).push(" = ").bind(cell);
                    types.push(column.of);
                }
                sql.push(" WHERE t.id = ").bind(Cell::Uuid(id)).push(" AND t.version = ").bind(Cell::Int(version));
                sql.push(" AND ").predicate(visible::writers(table.name), "t").keep_arguments();
                cells::fit(&sql.args)?;
                let statement = self.statement(sql, &types);
                match self.try_run(statement).await.map_err(broken_rule)? {
                    0 => Err(Error::Stale { current: version + 1 }),
                    _ => Ok(()),
                }
            }
            Write::Append { table, columns, rows } => self.insert(table, columns, &[], rows).await,
            Write::Replace { table, column, key, columns, rows } => {
                let mut sql = self.sql();
                sql.push(&format!("DELETE FROM {table} AS t WHERE t.{column} = ")).bind(Cell::Uuid(key)).push(" AND ");
                sql.predicate(visible::writers(table), "t").keep_arguments();
                let statement = self.statement(sql, &[]);
                self.try_run(statement).await.map_err(broken_rule)?;
                self.insert(table, columns, &[], rows).await
            }
        }?;
        self.written.extend(written);
        search::follow(&self.tx, document).await.map_err(broken_rule)
    }

    async fn emit(&mut self, event: Event) -> Result<(), Fault> {
        self.events.push(event);
        Ok(())
    }

    async fn touch_token(&mut self, id: Id<Token>, at: DateTime<Utc>) -> Result<(), Fault> {
        let mut sql = self.sql();
        sql.push("UPDATE token AS t SET last_used_at = ").bind(Cell::At(at)).push(" WHERE t.id = ").bind(id.to_cell());
        sql.push(" AND ").predicate(visible::writers("token"), "t").keep_arguments();
        let statement = self.statement(sql, &[]);
        self.run(statement, "noting a token's use").await.map(drop)
    }

    async fn list_results(&mut self, job: Uuid) -> Result<Vec<Vec<Cell>>, Fault> {
        let mut sql = self.sql();
        sql.push(
            "SELECT t.line, t.external_id, t.outcome, t.row_id, t.problems FROM import_result t WHERE t.job_id = ",
        );
        sql.bind(Cell::Uuid(job)).push(" AND ").visible("import_result", "t");
        sql.push(" ORDER BY t.line");
        sql.keep_arguments();
        let types = [CellType::Int, CellType::Text, CellType::Text, CellType::Text, CellType::Json];
        let statement = self.statement(sql, &[]);
        let rows = self.tx.query_all_raw(statement).await.map_err(|error| Fault::from("reading results", error))?;
        let cells = |row| types.iter().enumerate().map(|(place, of)| cells::from_row(&row, place, *of)).collect();
        rows.into_iter().map(cells).collect()
    }

    async fn candidates(&mut self, asked: &Asked) -> Result<Vec<Counted>, Fault> {
        let of_asked = [
            (Cell::Uuid(asked.cop.uuid()), CellType::Uuid),
            (asked.organisation.to_cell(), CellType::Uuid),
            (asked.element.to_cell(), CellType::Uuid),
            (asked.strength.to_cell(), CellType::Text),
        ];
        let mut sql = self.sql();
        // PostgreSQL's function knows the viewer by the transaction.
        let viewer = match self.dialect {
            Dialect::Postgres => {
                sql.push("SELECT * FROM public.evolva_candidate_counts($1, $2, $3, $4)");
                vec![]
            }
            Dialect::Sqlite => {
                let lead = sql.lead();
                let mut text = crate::candidates::counts(Dialect::Sqlite, sql.place());
                for (place, name) in ["{cop}", "{organisation}", "{element}", "{strength}"].iter().enumerate() {
                    text = text.replace(name, &format!("?{}", lead + place + 1));
                }
                sql.predicate(&text, "t");
                sql.args
            }
        };
        let viewer = viewer.into_iter().map(|cell| cells::to_value(cell, Some(CellType::Uuid)));
        let values = viewer.chain(of_asked.map(|(cell, of)| cells::to_value(cell, Some(of))));
        let statement = Statement::from_sql_and_values(self.tx.get_database_backend(), sql.text, values);
        let failed = |error| Fault::from("counting candidates", error);
        let rows = self.tx.query_all_raw(statement).await.map_err(failed)?;
        let row = |row: sea_orm::QueryResult| {
            let count = Count { candidates: row.try_get_by_index(3)?, named: row.try_get_by_index(4)? };
            Ok(Counted {
                what: row.try_get_by_index(0)?,
                id: row.try_get_by_index(1)?,
                strength: row.try_get_by_index(2)?,
                count,
            })
        };
        rows.into_iter().map(row).collect::<Result<_, DbErr>>().map_err(failed)
    }

    async fn network(&mut self, since: DateTime<Utc>) -> Result<Vec<(Uuid, String, i64)>, Fault> {
        if !self.scope.is_operator() {
            return Ok(vec![]);
        }
        let text = match self.dialect {
            Dialect::Postgres => "SELECT * FROM public.evolva_network_counts($1)".to_owned(),
            Dialect::Sqlite => crate::network::counts("?1"),
        };
        let since = cells::to_value(Cell::At(since), Some(CellType::At));
        let statement = Statement::from_sql_and_values(self.tx.get_database_backend(), text, [since]);
        let failed = |error| Fault::from("counting the network", error);
        let rows = self.tx.query_all_raw(statement).await.map_err(failed)?;
        let row = |row: sea_orm::QueryResult| {
            Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
        };
        rows.into_iter().map(row).collect::<Result<_, DbErr>>().map_err(failed)
    }

    async fn mark(&mut self) -> Result<(), Fault> {
        self.marked = [self.audited.len(), self.events.len(), self.written.len()];
        self.plainly("SAVEPOINT mark").await
    }

    async fn roll_back(&mut self) -> Result<(), Fault> {
        let [audited, events, written] = self.marked;
        self.audited.truncate(audited);
        self.events.truncate(events);
        self.written.truncate(written);
        self.plainly("ROLLBACK TO SAVEPOINT mark").await?;
        self.plainly("RELEASE SAVEPOINT mark").await
    }

    async fn keep(&mut self) -> Result<(), Fault> {
        self.plainly("RELEASE SAVEPOINT mark").await
    }

    async fn commit(mut self: Box<Self>) -> Result<(), Error> {
        self.flush_logs().await?;
        self.tx.commit().await.map_err(|error| broken("committing", error))
    }
}
