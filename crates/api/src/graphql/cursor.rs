//! Cursors: where a page ended, sealed so that nobody can make one up.

use crate::error::ApiError;
use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use evolva_domain::{
    Code, Error,
    query::{Place, Sort},
    record::{Cell, CellType, Field, Table},
};

/// Bytes of the seal that a cursor carries.
const SEAL: usize = 12;

pub struct Cursors(hmac::Key);

impl Cursors {
    pub fn new(secret: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// Seals a place of one list in one order; it opens in no other.
    pub fn seal(&self, place: &Place, table: &Table, sort: Sort) -> String {
        let value = match &place.value {
            Cell::Null => serde_json::Value::Null,
            Cell::Bool(value) => (*value).into(),
            Cell::Int(value) => (*value).into(),
            Cell::Text(value) => value.clone().into(),
            Cell::At(value) => value.to_rfc3339().into(),
            Cell::Date(value) => value.to_string().into(),
            Cell::Uuid(value) => value.to_string().into(),
            Cell::Json(value) => value.clone(),
        };
        self.seal_text(&serde_json::json!([place.id, value]).to_string(), &list_of(table, sort))
    }

    /// Seals a text within what it is of; it opens nowhere else.
    pub fn seal_text(&self, body: &str, of: &str) -> String {
        let mut sealed = self.sign(body.as_bytes(), of).as_ref()[..SEAL].to_vec();
        sealed.extend(body.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(sealed)
    }

    fn sign(&self, body: &[u8], of: &str) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(of.as_bytes());
        context.update(body);
        context.sign()
    }

    pub fn open_text(&self, cursor: &str, of: &str) -> Option<String> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (seal, body) = sealed.split_at_checked(SEAL)?;
        let right = self.sign(body, of);
        aws_lc_rs::constant_time::verify_slices_are_equal(seal, &right.as_ref()[..SEAL]).ok()?;
        String::from_utf8(body.to_vec()).ok()
    }

    pub fn open(&self, cursor: &str, table: &Table, sort: Sort, field: &'static str) -> Result<Place, ApiError> {
        self.try_open(cursor, table, sort).ok_or_else(|| Error::invalid(Code::InvalidCursor, field, "").into())
    }

    fn try_open(&self, cursor: &str, table: &Table, sort: Sort) -> Option<Place> {
        let body = self.open_text(cursor, &list_of(table, sort))?;
        let (id, value): (uuid::Uuid, serde_json::Value) = serde_json::from_str(&body).ok()?;
        let text = || value.as_str().map(str::to_owned);
        let value = match (table.column(sort.column)?.of, &value) {
            (_, serde_json::Value::Null) => Cell::Null,
            (CellType::Bool, value) => Cell::Bool(value.as_bool()?),
            (CellType::Int, value) => Cell::Int(value.as_i64()?),
            (CellType::Text, _) => text()?.to_cell(),
            (CellType::At, _) => Cell::At(text()?.parse().ok()?),
            (CellType::Date, _) => Cell::Date(text()?.parse().ok()?),
            (CellType::Uuid, _) => Cell::Uuid(text()?.parse().ok()?),
            (CellType::Json, _) => return None,
        };
        Some(Place { value, id })
    }
}

/// Which list, in which order.
fn list_of(table: &Table, sort: Sort) -> String {
    format!("{} {} {} ", table.name, sort.column, sort.descending)
}
