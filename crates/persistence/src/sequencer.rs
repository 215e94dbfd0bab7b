//! Numbers the outbox after the commit, on the one node that holds the lease, so that each tenant has a log without
//! gaps. A counter inside each change's own transaction would make all of a tenant's writers wait for each other.

use crate::db::{Db, Dialect};
use chrono::{SubsecRound, Utc};
use evolva_domain::Fault;
use sea_orm::{ConnectionTrait, DbErr, Statement, TransactionTrait, Value};
use uuid::Uuid;

/// How long a lease lasts, in seconds.
const LEASE: i64 = 15;
/// How many rows are numbered in one transaction.
const BATCH: i64 = 500;

/// What was numbered: what happened, and to which row of which tenant.
#[derive(Debug, Clone)]
pub struct Numbered {
    pub kind: String,
    pub subject: String,
    /// The row's owner first.
    pub parties: Vec<Uuid>,
}

/// Numbers what is waiting in the log of each tenant that it concerns, if this node (`me`) has or gets the lease.
pub async fn number_outbox(db: &Db, me: Uuid) -> Result<Vec<Numbered>, Fault> {
    run(db, me).await.map_err(|error| Fault::from("numbering the outbox", error))
}

async fn run(db: &Db, me: Uuid) -> Result<Vec<Numbered>, DbErr> {
    let backend = db.write.get_database_backend();
    let statement = |text: &str, values: Vec<Value>| {
        // SQLite numbers its placeholders with another sign.
        let text = if db.dialect == Dialect::Sqlite { text.replace('$', "?") } else { text.to_owned() };
        Statement::from_sql_and_values(backend, text, values)
    };
    if db.dialect == Dialect::Sqlite {
        // A look without a write lock: mostly there is nothing to do.
        let waiting =
            db.write.query_one_raw(statement("SELECT 1 FROM outbox WHERE numbered = false LIMIT 1", vec![])).await?;
        if waiting.is_none() {
            return Ok(vec![]);
        }
    }
    let tx = db.write.begin().await?;
    if db.dialect == Dialect::Postgres {
        tx.execute_raw(statement("SELECT set_config('app.system', 'on', true)", vec![])).await?;
    }
    let now = Utc::now().trunc_subsecs(3);
    let until = now + chrono::Duration::seconds(LEASE);
    let lease = statement(
        "INSERT INTO lease (name, holder, until) VALUES ('sequencer', $1, $2) ON CONFLICT (name) DO UPDATE \
         SET holder = excluded.holder, until = excluded.until WHERE lease.holder = excluded.holder OR lease.until < $3",
        vec![me.into(), until.into(), now.into()],
    );
    if tx.execute_raw(lease).await?.rows_affected() == 0 {
        return Ok(vec![]);
    }
    let open = statement(
        "SELECT id, tenant_id, kind, subject, parties FROM outbox WHERE numbered = false ORDER BY id LIMIT $1",
        vec![BATCH.into()],
    );
    let rows = tx.query_all_raw(open).await?;
    let mut numbered = vec![];
    for row in &rows {
        let (id, actor): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let parties: serde_json::Value = row.try_get_by_index(4)?;
        let parties = parties.as_array().into_iter().flatten();
        let parties: Vec<Uuid> = parties.filter_map(|party| party.as_str()?.parse().ok()).collect();
        let mut logs = parties.clone();
        logs.push(actor);
        logs.sort_unstable();
        logs.dedup();
        for tenant in logs {
            let number = statement(
                "INSERT INTO event_log (tenant_id, number, outbox_id) SELECT $1, coalesce(max(number), 0) + 1, $2 \
                 FROM event_log WHERE tenant_id = $1",
                vec![tenant.into(), id.into()],
            );
            tx.execute_raw(number).await?;
        }
        numbered.push(Numbered { kind: row.try_get_by_index(2)?, subject: row.try_get_by_index(3)?, parties });
        tx.execute_raw(statement("UPDATE outbox SET numbered = true WHERE id = $1", vec![id.into()])).await?;
    }
    tx.commit().await?;
    Ok(numbered)
}
