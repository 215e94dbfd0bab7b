//! Numbers the outbox after the commit, on the one node that holds the lease, so that each tenant has a log without
//! gaps. A counter inside each change's own transaction would make all of a tenant's writers wait for each other.

use crate::db::{Db, Dialect};
use chrono::{SubsecRound, Utc};
use evolva_domain::Fault;
use sea_orm::{ConnectionTrait, DbErr, Statement, TransactionTrait, Value};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// How long a lease lasts, in seconds.
const LEASE: i64 = 15;
/// How many rows are numbered in one transaction.
const BATCH: i64 = 500;

/// How many rows of a log are written in one statement.
const ROWS: usize = 300;

/// Placeholders after the first `after` ones.
fn places(after: usize, count: usize) -> String {
    (1..=count).map(|place| format!("${}", after + place)).collect::<Vec<_>>().join(", ")
}

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
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let (mut numbered, mut logged, mut ids) = (vec![], vec![], vec![]);
    for row in &rows {
        let (id, actor): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let parties: serde_json::Value = row.try_get_by_index(4)?;
        let parties = parties.as_array().into_iter().flatten();
        let parties: Vec<Uuid> = parties.filter_map(|party| party.as_str()?.parse().ok()).collect();
        let logs: BTreeSet<Uuid> = parties.iter().copied().chain([actor]).collect();
        logged.extend(logs.into_iter().map(|tenant| (tenant, id)));
        numbered.push(Numbered { kind: row.try_get_by_index(2)?, subject: row.try_get_by_index(3)?, parties });
        ids.push(id);
    }
    // A few statements for the whole batch, however many events it has.
    let tenants: BTreeSet<Uuid> = logged.iter().map(|(tenant, _)| *tenant).collect();
    let last = statement(
        &format!(
            "SELECT tenant_id, max(number) FROM event_log WHERE tenant_id IN ({}) GROUP BY tenant_id",
            places(0, tenants.len())
        ),
        tenants.iter().map(|tenant| (*tenant).into()).collect(),
    );
    let mut numbers = HashMap::new();
    for row in tx.query_all_raw(last).await? {
        numbers.insert(row.try_get_by_index::<Uuid>(0)?, row.try_get_by_index::<i64>(1)?);
    }
    for some in logged.chunks(ROWS) {
        let texts: Vec<_> = (0..some.len()).map(|row| format!("({})", places(row * 3, 3))).collect();
        let mut values: Vec<Value> = vec![];
        for (tenant, id) in some {
            let number = numbers.entry(*tenant).or_insert(0);
            *number += 1;
            values.extend([(*tenant).into(), (*number).into(), (*id).into()]);
        }
        let text = format!("INSERT INTO event_log (tenant_id, number, outbox_id) VALUES {}", texts.join(", "));
        tx.execute_raw(statement(&text, values)).await?;
    }
    let done = format!("UPDATE outbox SET numbered = true WHERE id IN ({})", places(0, ids.len()));
    tx.execute_raw(statement(&done, ids.into_iter().map(Value::from).collect())).await?;
    tx.commit().await?;
    Ok(numbered)
}
