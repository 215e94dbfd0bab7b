//! What a use case gives back: the row that it changed, and, where it did many things at once, what became of each.

use crate::{Problem, record::Record};

#[derive(Debug)]
pub struct Done<R> {
    pub row: R,
    /// In the order in which they were named; empty where there was only the row.
    pub items: Vec<Item>,
}

/// What became of one of many.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its typed id.
    pub id: String,
    /// Empty if it was done.
    pub problems: Vec<Problem>,
}

impl<R: Record> From<R> for Done<R> {
    fn from(row: R) -> Self {
        Self { row, items: vec![] }
    }
}
