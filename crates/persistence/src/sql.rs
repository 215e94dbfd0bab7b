//! A statement under construction: its text, and its arguments by number. The tenant is always the first.

use crate::db::Dialect;
use evolva_domain::record::Cell;
use std::fmt::Write;

#[derive(Debug, Clone)]
pub struct Sql {
    pub dialect: Dialect,
    pub text: String,
    pub args: Vec<Cell>,
}

impl Sql {
    pub fn new(dialect: Dialect, tenant: uuid::Uuid) -> Self {
        Self { dialect, text: String::with_capacity(512), args: vec![Cell::Uuid(tenant)] }
    }

    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value, by its number in the dialect's way.
    pub fn bind(&mut self, cell: Cell) -> &mut Self {
        self.args.push(cell);
        let number = self.args.len();
        // Writing to a String cannot fail.
        let _ = match self.dialect {
            Dialect::Postgres => write!(self.text, "${number}"),
            Dialect::Sqlite => write!(self.text, "?{number}"),
        };
        self
    }

    /// Adds a predicate of `visible`, with its alias and the tenant filled in.
    pub fn predicate(&mut self, template: &str, alias: &str) -> &mut Self {
        let me = me(self.dialect);
        self.text.push_str(&template.replace("{t}", alias).replace("{me}", me));
        self
    }
}

/// The tenant's placeholder.
pub fn me(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "$1",
        Dialect::Sqlite => "?1",
    }
}
