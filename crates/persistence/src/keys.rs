//! The keys that sign tokens, shared by all nodes.

use crate::db::{Db, Dialect};
use chrono::{DateTime, Utc};
use evolva_domain::Fault;
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};

/// A signing key as it is kept. It is published as soon as it is there, and signs from `signs_from` on.
#[derive(Clone)]
pub struct KeyRow {
    pub kid: String,
    pub private_pem: String,
    pub created_at: DateTime<Utc>,
    pub signs_from: DateTime<Utc>,
    /// When nothing that it signed can still be good.
    pub retires_at: Option<DateTime<Utc>>,
}

impl Db {
    /// All keys that are not retired, newest first.
    pub async fn keys(&self) -> Result<Vec<KeyRow>, Fault> {
        let text =
            "SELECT kid, private_pem, created_at, signs_from, retires_at FROM signing_key ORDER BY created_at DESC";
        let rows = self.write.query_all_raw(Statement::from_string(self.write.get_database_backend(), text)).await;
        let read = || -> Result<Vec<KeyRow>, DbErr> {
            rows?
                .iter()
                .map(|row| {
                    Ok(KeyRow {
                        kid: row.try_get_by_index(0)?,
                        private_pem: row.try_get_by_index(1)?,
                        created_at: row.try_get_by_index(2)?,
                        signs_from: row.try_get_by_index(3)?,
                        retires_at: row.try_get_by_index(4)?,
                    })
                })
                .collect()
        };
        read().map_err(|error| Fault::from("reading the signing keys", error))
    }

    /// Adds a key; the ones before it retire at `retire`.
    pub async fn add_key(&self, key: KeyRow, retire: DateTime<Utc>) -> Result<(), Fault> {
        let run = |text: &str, values: Vec<Value>| {
            let text = if self.dialect == Dialect::Sqlite { text.replace('$', "?") } else { text.to_owned() };
            self.write.execute_raw(Statement::from_sql_and_values(self.write.get_database_backend(), text, values))
        };
        let failed = |error| Fault::from("adding a signing key", error);
        run("UPDATE signing_key SET retires_at = $1 WHERE retires_at IS NULL", vec![retire.into()])
            .await
            .map_err(failed)?;
        let values = vec![
            key.kid.into(),
            key.private_pem.into(),
            key.created_at.into(),
            key.signs_from.into(),
            key.retires_at.into(),
        ];
        run("INSERT INTO signing_key (kid, private_pem, created_at, signs_from, retires_at) VALUES ($1, $2, $3, $4, $5)", values)
            .await
            .map_err(failed)?;
        Ok(())
    }
}
