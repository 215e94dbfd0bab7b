//! Cells to and from what each driver has.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};
use evolva_domain::{
    Code, Error, Fault,
    record::{Cell, CellType},
};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

/// The text of a time in SQLite. As sqlx writes it, so that both ways to the file agree; it sorts as time does.
pub fn sqlite_time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// Refuses what no database of ours can keep: U+0000 in a text, and years of other than four digits. Use cases check
/// their fields by name; this holds for filters, keys and whatever else comes in.
pub fn fit(cells: &[Cell]) -> Result<(), Error> {
    fn has_nul(json: &serde_json::Value) -> bool {
        match json {
            serde_json::Value::String(text) => text.contains('\0'),
            serde_json::Value::Array(items) => items.iter().any(has_nul),
            serde_json::Value::Object(map) => map.iter().any(|(name, item)| name.contains('\0') || has_nul(item)),
            _ => false,
        }
    }
    for cell in cells {
        let year = match cell {
            Cell::At(at) => at.year(),
            Cell::Date(date) => date.year(),
            _ => 2000,
        };
        if !(1000..=9999).contains(&year) {
            return Err(Error::invalid(Code::OutOfRange, "", "years 1000 to 9999"));
        }
        let nul = match cell {
            Cell::Text(text) => text.contains('\0'),
            Cell::Json(json) => has_nul(json),
            _ => false,
        };
        if nul {
            return Err(Error::invalid(Code::InvalidValue, "", "control characters"));
        }
    }
    Ok(())
}

pub fn to_value(cell: Cell, of: Option<CellType>) -> Value {
    match cell {
        Cell::Null => match of {
            Some(CellType::Bool) => Value::Bool(None),
            Some(CellType::Int) => Value::BigInt(None),
            Some(CellType::Uuid) => Value::Uuid(None),
            Some(CellType::At) => Value::ChronoDateTimeUtc(None),
            Some(CellType::Date) => Value::ChronoDate(None),
            Some(CellType::Json) => Value::Json(None),
            Some(CellType::Text) | None => Value::String(None),
        },
        Cell::Bool(value) => value.into(),
        Cell::Int(value) => value.into(),
        Cell::Text(value) => value.into(),
        Cell::Uuid(value) => value.into(),
        Cell::At(value) => value.into(),
        Cell::Date(value) => value.into(),
        Cell::Json(value) => value.into(),
    }
}

pub fn from_row(row: &QueryResult, index: usize, of: CellType) -> Result<Cell, Fault> {
    fn get<T: sea_orm::TryGetable>(row: &QueryResult, index: usize, make: fn(T) -> Cell) -> Result<Cell, Fault> {
        let value: Option<T> =
            row.try_get_by_index(index).map_err(|error| Fault::from(format!("reading column {index}"), error))?;
        Ok(value.map_or(Cell::Null, make))
    }
    match of {
        CellType::Bool => get::<bool>(row, index, Cell::Bool),
        CellType::Int => get::<i64>(row, index, Cell::Int),
        CellType::Text => get::<String>(row, index, Cell::Text),
        CellType::Uuid => get::<Uuid>(row, index, Cell::Uuid),
        CellType::At => get::<DateTime<Utc>>(row, index, Cell::At),
        CellType::Date => get::<NaiveDate>(row, index, Cell::Date),
        CellType::Json => get::<serde_json::Value>(row, index, Cell::Json),
    }
}

pub fn from_rusqlite(row: &rusqlite::Row<'_>, index: usize, of: CellType) -> Result<Cell, Fault> {
    use rusqlite::types::ValueRef;
    let broken = || Fault::new(format!("column {index} is no {of:?}"));
    let value = row.get_ref(index).map_err(|error| Fault::from("reading a column", error))?;
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| broken());
    Ok(match (value, of) {
        (ValueRef::Null, _) => Cell::Null,
        (ValueRef::Integer(value), CellType::Bool) => Cell::Bool(value != 0),
        (ValueRef::Integer(value), CellType::Int) => Cell::Int(value),
        (ValueRef::Text(bytes), CellType::Text) => Cell::Text(text(bytes)?),
        (ValueRef::Blob(bytes), CellType::Uuid) => Cell::Uuid(Uuid::from_slice(bytes).map_err(|_| broken())?),
        (ValueRef::Text(bytes), CellType::At) => {
            let at = DateTime::parse_from_rfc3339(&text(bytes)?).map_err(|_| broken())?;
            Cell::At(at.with_timezone(&Utc))
        }
        (ValueRef::Text(bytes), CellType::Date) => Cell::Date(text(bytes)?.parse().map_err(|_| broken())?),
        (ValueRef::Text(bytes), CellType::Json) => {
            Cell::Json(serde_json::from_slice(bytes).map_err(|error| Fault::from("reading JSON", error))?)
        }
        _ => return Err(broken()),
    })
}

pub struct ForSqlite<'a>(pub &'a Cell);

impl rusqlite::ToSql for ForSqlite<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(match self.0 {
            Cell::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Cell::Bool(value) => (*value as i64).into(),
            Cell::Int(value) => (*value).into(),
            Cell::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            Cell::Uuid(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value.as_bytes())),
            Cell::At(value) => sqlite_time(*value).into(),
            Cell::Date(value) => value.to_string().into(),
            Cell::Json(value) => value.to_string().into(),
        })
    }
}

pub fn from_postgres(row: &tokio_postgres::Row, index: usize, of: CellType) -> Result<Cell, Fault> {
    fn get<'a, T: tokio_postgres::types::FromSql<'a>>(
        row: &'a tokio_postgres::Row,
        index: usize,
        make: fn(T) -> Cell,
    ) -> Result<Cell, Fault> {
        let value: Option<T> = row.try_get(index).map_err(|error| Fault::from("reading a column", error))?;
        Ok(value.map_or(Cell::Null, make))
    }
    match of {
        CellType::Bool => get::<bool>(row, index, Cell::Bool),
        CellType::Int => get::<i64>(row, index, Cell::Int),
        CellType::Text => get::<String>(row, index, Cell::Text),
        CellType::Uuid => get::<Uuid>(row, index, Cell::Uuid),
        CellType::At => get::<DateTime<Utc>>(row, index, Cell::At),
        CellType::Date => get::<NaiveDate>(row, index, Cell::Date),
        CellType::Json => get::<serde_json::Value>(row, index, Cell::Json),
    }
}

#[derive(Debug)]
pub struct ForPostgres<'a>(pub &'a Cell);

impl tokio_postgres::types::ToSql for ForPostgres<'_> {
    fn to_sql(
        &self,
        of: &tokio_postgres::types::Type,
        out: &mut bytes::BytesMut,
    ) -> Result<tokio_postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self.0 {
            Cell::Null => Ok(tokio_postgres::types::IsNull::Yes),
            Cell::Bool(value) => value.to_sql(of, out),
            Cell::Int(value) => value.to_sql(of, out),
            Cell::Text(value) => value.to_sql(of, out),
            Cell::Uuid(value) => value.to_sql(of, out),
            Cell::At(value) => value.to_sql(of, out),
            Cell::Date(value) => value.to_sql(of, out),
            Cell::Json(value) => value.to_sql(of, out),
        }
    }

    fn accepts(_: &tokio_postgres::types::Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}
