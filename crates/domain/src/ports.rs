//! What the domain asks of the outside. Object-safe, and few: an entity more needs no port more.

use crate::{
    Error, Fault, Id,
    error::Code,
    policy::Permit,
    query::{Branch, Query},
    record::{Cell, Column, Record, Table},
    scope::TenantScope,
    search::{Found, Search},
    visibility::Audience,
};
use async_trait::async_trait;
use uuid::Uuid;

/// The data of all tenants, reached only through a scope.
#[async_trait]
pub trait Store: Send + Sync {
    /// Opens a unit of work for one tenant. Dropping it rolls back.
    async fn begin(&self, scope: &TenantScope) -> Result<Box<dyn Tx>, Fault>;

    /// Opens one that only reads: nothing can be written in it, and on SQLite it waits for no writer.
    async fn look(&self, scope: &TenantScope) -> Result<Box<dyn Tx>, Fault>;

    /// Answers queries of one moment in as few statements as their shape allows.
    async fn read(&self, scope: &TenantScope, queries: &[Query]) -> Result<Vec<Branch>, Error>;

    /// Finds what the caller sees and whose document has every word.
    async fn search(&self, scope: &TenantScope, search: &Search) -> Result<Found, Error>;

    /// Whether a column of a table may be hidden from who sees the row: what it refers to, or who reads it, decides.
    fn may_hide(&self, table: &str, column: &str) -> bool;
}

/// Where the bytes of files are kept. A part is written whole or not at all, and never changes.
#[async_trait]
pub trait Files: Send + Sync {
    /// Writes a part. When this returns, it is there to stay, also after a power cut where the store can promise that.
    async fn put(&self, place: Place, bytes: Vec<u8>) -> Result<(), Fault>;

    /// Reads these bytes of a part.
    async fn get(&self, place: Place, bytes: std::ops::Range<u64>) -> Result<Vec<u8>, Fault>;

    /// Removes parts. One that is not there is no failure.
    async fn delete(&self, places: &[Place]) -> Result<(), Fault>;

    /// An address where whoever has it can PUT a part, for so long; none where the store has no such addresses. How much they
    /// put there is looked at when it is taken.
    async fn address(&self, place: Place, valid: std::time::Duration) -> Result<Option<String>, Fault>;

    /// How long a part is; none where there is none.
    async fn length(&self, place: Place) -> Result<Option<u64>, Fault>;

    /// Writes the bytes of a part at another place.
    async fn copy(&self, from: Place, to: Place) -> Result<(), Fault>;

    /// Parts of an organisation that were written before then.
    async fn older(
        &self,
        tenant: Id<crate::organisation::Organisation>,
        before: chrono::DateTime<chrono::Utc>,
    ) -> Result<Vec<Place>, Fault>;
}

/// Where a part of a file is: all of it ids, nothing of it a name that somebody gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub tenant: Id<crate::organisation::Organisation>,
    pub file: Uuid,
    pub part: Uuid,
}

/// A row that says itself how far it may be seen.
pub trait Shared {
    fn audience(&self) -> Audience;
}

/// One change of the database.
#[derive(Debug, Clone)]
pub enum Write {
    Insert {
        table: &'static Table,
        cells: Vec<Cell>,
    },
    /// Replaces the row `id`, if its version is still `version`.
    Update {
        table: &'static Table,
        id: Uuid,
        version: i64,
        cells: Vec<Cell>,
    },
    /// Rows of a log-like side table.
    Append {
        table: &'static str,
        columns: &'static [&'static str],
        rows: Vec<Vec<Cell>>,
    },
    /// Rows of a side table (tags, contributors): deletes those whose `column` is `key`, then inserts.
    Replace {
        table: &'static str,
        column: &'static str,
        key: Uuid,
        columns: &'static [&'static str],
        rows: Vec<Vec<Cell>>,
    },
}

/// A unit of work: what it writes is there whole at its commit, or not at all.
#[async_trait]
pub trait Tx: Send {
    /// The rows of a table that the tenant may see and whose columns have these values, by id.
    async fn rows(&mut self, table: &'static Table, filter: &[(&'static str, Cell)]) -> Result<Vec<Vec<Cell>>, Error>;

    /// Values that are computed from other rows (the facts of a life cycle), under the same predicate.
    async fn facts(
        &mut self,
        table: &'static Table,
        id: Uuid,
        names: &[&'static str],
    ) -> Result<Option<Vec<Cell>>, Fault>;

    /// Writes with a permit; the audit row of the unit of work comes from it.
    async fn write(&mut self, permit: &Permit, write: Write) -> Result<(), Error>;

    /// Tells others what happened: one outbox row.
    async fn emit(&mut self, event: Event) -> Result<(), Fault>;

    /// Notes when a token was last used. Not a change of the token, so neither its version nor a log shows it.
    async fn touch_token(
        &mut self,
        id: Id<crate::token::Token>,
        at: chrono::DateTime<chrono::Utc>,
    ) -> Result<(), Fault>;

    /// The rows that say what became of each line of an import, in the order of the file.
    async fn list_results(&mut self, job: Uuid) -> Result<Vec<Vec<Cell>>, Fault>;

    /// How many candidates a CoP has, by organisation, element and strength.
    async fn candidates(
        &mut self,
        asked: &crate::overview::candidates::Asked,
    ) -> Result<Vec<crate::overview::candidates::Counted>, Fault>;

    /// How much there is of each organisation, by what is counted; of sessions, since then. For the operator: to anybody else
    /// there is nothing.
    async fn network(&mut self, since: chrono::DateTime<chrono::Utc>) -> Result<Vec<(Uuid, String, i64)>, Fault>;

    /// Marks the place to which [`Tx::roll_back`] goes back.
    async fn mark(&mut self) -> Result<(), Fault>;

    /// Undoes what was written since the mark, events and audit rows included.
    async fn roll_back(&mut self) -> Result<(), Fault>;

    /// Lets go of the mark: what was written since stays.
    async fn keep(&mut self) -> Result<(), Fault>;

    async fn commit(self: Box<Self>) -> Result<(), Error>;
}

/// What happened, for the logs of those who may see it.
#[derive(Debug, Clone)]
pub struct Event {
    /// Such as `nl.evolva.cop.activated.v1`.
    pub kind: String,
    pub table: &'static Table,
    pub subject: Uuid,
    pub data: serde_json::Value,
    /// Whose log it goes into, beside that of who did it: the row's owner, and the other side of a two-party row.
    pub parties: Vec<Uuid>,
}

impl Event {
    pub fn of<R: Record>(row: &R, verb: &str) -> Self {
        Self::of_cells(R::TABLE, &row.cells(), verb)
    }

    /// The same of a row as it is written: the columns that every row has come first, its id, tenant and version.
    pub fn of_cells(table: &'static Table, cells: &[Cell], verb: &str) -> Self {
        let others = ["tenant_id", "organisation_id", "person_tenant_id", "receiver_tenant_id"];
        let party = |(column, cell): (&Column, &Cell)| match cell {
            Cell::Uuid(id) if others.contains(&column.name) => Some(*id),
            _ => None,
        };
        let subject = match cells.first() {
            Some(Cell::Uuid(id)) => *id,
            _ => Uuid::nil(),
        };
        let version = match cells.get(2) {
            Some(Cell::Int(version)) => *version,
            _ => 0,
        };
        Self {
            parties: table.columns.iter().zip(cells).filter_map(party).collect(),
            // By its name in the API; in the database, an index was called so before.
            kind: match table.name {
                "session_join" => format!("nl.evolva.session-cop.{verb}.v1"),
                name => format!("nl.evolva.{}.{verb}.v1", name.replace('_', "-")),
            },
            table,
            subject,
            data: serde_json::json!({ "version": version }),
        }
    }
}

impl dyn Tx + '_ {
    /// The rows of a kind that the tenant may see, by values of their columns.
    pub async fn list<R: Record>(&mut self, filter: &[(&'static str, Cell)]) -> Result<Vec<R>, Error> {
        let rows = self.rows(R::TABLE, filter).await?;
        rows.into_iter()
            .map(|cells| {
                R::from_cells(cells).ok_or_else(|| Fault::new(format!("unreadable row of {}", R::TABLE.name)).into())
            })
            .collect()
    }

    pub async fn first<R: Record>(&mut self, filter: &[(&'static str, Cell)]) -> Result<Option<R>, Error> {
        Ok(self.list(filter).await?.into_iter().next())
    }

    pub async fn find<R: Record>(&mut self, id: Id<R>) -> Result<Option<R>, Error> {
        self.first(&[("id", Cell::Uuid(id.uuid()))]).await
    }

    /// The row, or `NotFound`, which is also the answer for a row that may not be seen.
    pub async fn get<R: Record>(&mut self, id: Id<R>) -> Result<R, Error> {
        self.find(id).await?.ok_or(Error::NotFound)
    }

    /// The same at a version that the caller has read.
    pub async fn get_at<R: Record>(&mut self, id: Id<R>, version: Option<i64>) -> Result<R, Error> {
        let row = self.get(id).await?;
        let current = row.base().version;
        match version {
            Some(version) if version != current => Err(Error::Stale { current }),
            _ => Ok(row),
        }
    }

    /// A row that the input refers to: a wrong reference is the input's fault, and names its field.
    pub async fn refer<R: Record>(&mut self, field: &'static str, id: Id<R>) -> Result<R, Error> {
        self.find(id)
            .await?
            .ok_or_else(|| Error::invalid(Code::UnknownReference, field, R::TABLE.name.replace('_', " ")))
    }

    /// The same for what a row is built on and shows to whoever sees it: an own one, or one that the whole network sees.
    /// What another organisation shows to a few is not to be handed on.
    pub async fn refer_to_build_on<R: Record + Shared>(
        &mut self,
        field: &'static str,
        id: Id<R>,
        owner: Id<crate::organisation::Organisation>,
    ) -> Result<R, Error> {
        let row = self.refer(field, id).await?;
        if row.base().tenant == owner || row.audience() >= Audience::Network {
            Ok(row)
        } else {
            Err(Error::invalid(Code::NotYours, field, R::TABLE.name.replace('_', " ")))
        }
    }

    /// Refuses an `externalId` that the row's organisation has given to another row of the kind.
    pub async fn free_external_id<R: Record>(&mut self, row: &R) -> Result<(), Error> {
        let cells = row.cells();
        // The columns that every row has come first: id, tenant, version, two times, then the external id.
        let external_id = &cells[5];
        if *external_id == Cell::Null {
            return Ok(());
        }
        let there = [("tenant_id", cells[1].clone()), ("external_id", external_id.clone())];
        match self.first::<R>(&there).await? {
            Some(other) => {
                let id = crate::id::join(R::TABLE.prefix, other.base().id);
                Err(Error::conflict(Code::AlreadyExists, "externalId", id))
            }
            None => Ok(()),
        }
    }

    pub async fn insert<R: Record>(&mut self, permit: &Permit, row: &R) -> Result<(), Error> {
        self.write(permit, Write::Insert { table: R::TABLE, cells: row.cells() }).await
    }

    /// Writes the row's next version and tells that `verb` happened to it.
    pub async fn update<R: Record>(
        &mut self,
        permit: &Permit,
        row: &mut R,
        ctx: &crate::ctx::Ctx,
    ) -> Result<(), Error> {
        let base = row.base();
        row.touch(ctx.now());
        self.write(permit, Write::Update { table: R::TABLE, id: base.id, version: base.version, cells: row.cells() })
            .await
    }

    /// The whole of a new row: inserted, told, committed.
    pub async fn create<R: Record>(mut self: Box<Self>, permit: &Permit, row: &R) -> Result<(), Error> {
        self.insert(permit, row).await?;
        self.emit(Event::of(row, "created")).await?;
        self.commit().await
    }

    /// The whole of a changed row: updated, told, committed.
    pub async fn save<R: Record>(
        mut self: Box<Self>,
        permit: &Permit,
        row: &mut R,
        ctx: &crate::ctx::Ctx,
        verb: &str,
    ) -> Result<(), Error> {
        self.update(permit, row, ctx).await?;
        self.emit(Event::of(row, verb)).await?;
        self.commit().await
    }
}
