//! Puts the data set into each database by its fastest way, past every rule: PostgreSQL's COPY as the superuser of a
//! throw-away server, and plain inserts into SQLite's file.

use crate::{Failed, data::Sink};
use evolva_domain::record::Cell;
use futures_util::SinkExt;
use std::fmt::Write;

pub struct Sqlite(pub rusqlite::Connection);

impl Sink for Sqlite {
    async fn rows(&mut self, table: &str, columns: &[&str], rows: Vec<Vec<Cell>>) -> Result<(), Failed> {
        let places: Vec<_> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
        let text = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "));
        let tx = self.0.transaction()?;
        {
            let mut insert = tx.prepare(&text)?;
            for row in rows {
                for (place, cell) in row.into_iter().enumerate() {
                    use rusqlite::types::Value;
                    let value = match cell {
                        Cell::Null => Value::Null,
                        Cell::Bool(value) => Value::Integer(value.into()),
                        Cell::Int(value) => Value::Integer(value),
                        Cell::Text(value) => Value::Text(value),
                        Cell::Uuid(value) => Value::Blob(value.as_bytes().to_vec()),
                        Cell::At(value) => Value::Text(value.to_rfc3339()),
                        Cell::Date(value) => Value::Text(value.to_string()),
                        Cell::Json(value) => Value::Text(value.to_string()),
                    };
                    insert.raw_bind_parameter(place + 1, value)?;
                }
                insert.raw_execute()?;
            }
        }
        Ok(tx.commit()?)
    }
}

pub struct Postgres(pub tokio_postgres::Client);

impl Sink for Postgres {
    async fn rows(&mut self, table: &str, columns: &[&str], rows: Vec<Vec<Cell>>) -> Result<(), Failed> {
        let mut text = String::new();
        for row in rows {
            for (place, cell) in row.into_iter().enumerate() {
                if place > 0 {
                    text.push('\t');
                }
                match cell {
                    Cell::Null => text.push_str("\\N"),
                    Cell::Bool(value) => write!(text, "{value}")?,
                    Cell::Int(value) => write!(text, "{value}")?,
                    Cell::Text(value) => text.push_str(&value.replace('\\', "\\\\").replace('\n', "\\n")),
                    Cell::Uuid(value) => write!(text, "{value}")?,
                    Cell::At(value) => text.push_str(&value.to_rfc3339()),
                    Cell::Date(value) => write!(text, "{value}")?,
                    Cell::Json(value) => text.push_str(&value.to_string().replace('\\', "\\\\")),
                }
            }
            text.push('\n');
        }
        let copy = format!("COPY {table} ({}) FROM STDIN", columns.join(", "));
        let sink = self.0.copy_in::<_, hyper::body::Bytes>(&copy).await?;
        let mut sink = std::pin::pin!(sink);
        sink.send(text.into()).await?;
        sink.finish().await?;
        Ok(())
    }
}
