//! Reads, as data: what is asked for, so that persistence can answer it in as few statements as its shape allows and
//! read only the columns that were asked.

use crate::record::{Cell, Field, Table};
use uuid::Uuid;

/// One root of a read: which rows, and what of them.
#[derive(Debug, Clone)]
pub struct Query {
    pub select: Select,
    pub rows: Rows,
}

/// Which rows of a table.
#[derive(Debug, Clone)]
pub enum Rows {
    Ids(Vec<Uuid>),
    Page(Page),
    /// How many rows there are for each combination of the selected columns; the last one, `fact_rows`, is their number.
    Counts(Vec<Filter>),
}

impl Query {
    /// How many rows of a table somebody sees, by the values of these columns.
    pub fn counts(table: &'static Table, by: &[&'static str], filters: Vec<Filter>) -> Self {
        let columns = by.iter().copied().chain(["fact_rows"]).collect();
        Self { select: Select { columns, ..Select::new(table) }, rows: Rows::Counts(filters) }
    }

    /// Rows that somebody sees, oldest first, without a cursor.
    pub fn of(table: &'static Table, columns: &[&'static str], filters: Vec<Filter>, limit: u32) -> Self {
        let mut select = Select::new(table);
        columns.iter().for_each(|column| select.column(column));
        let sort = Sort { column: "id", descending: false };
        let page = Page { filters, sort, limit, after: None, before: None, backwards: false, total: false, rows: true };
        Self { select, rows: Rows::Page(page) }
    }
}

/// What is wanted of each row.
#[derive(Debug, Clone)]
pub struct Select {
    pub table: &'static Table,
    /// Names of columns or of computed values; a [`Tree`] holds them in this order.
    pub columns: Vec<&'static str>,
    pub ones: Vec<One>,
    pub manys: Vec<Many>,
}

impl Select {
    pub fn new(table: &'static Table) -> Self {
        Self { table, columns: vec!["id"], ones: vec![], manys: vec![] }
    }

    pub fn column(&mut self, name: &'static str) {
        if !self.columns.contains(&name) {
            self.columns.push(name);
        }
    }
}

/// The row that a column names, or that a relation picks (a CoP's primary facilitator).
#[derive(Debug, Clone)]
pub struct One {
    /// Names the relation among its siblings.
    pub relation: &'static str,
    pub select: Select,
}

/// Rows that point at this one, a page of them.
#[derive(Debug, Clone)]
pub struct Many {
    /// What the asker calls it, so that one relation can be asked twice with other arguments.
    pub key: String,
    pub relation: &'static str,
    pub select: Select,
    pub page: Page,
}

/// A page of a list: filters, an order, and a place to go on from.
#[derive(Debug, Clone)]
pub struct Page {
    pub filters: Vec<Filter>,
    pub sort: Sort,
    /// How many rows at most, from 1; a reader asks for one more to know whether there is another page.
    pub limit: u32,
    pub after: Option<Place>,
    pub before: Option<Place>,
    /// From the end: `last` in place of `first`.
    pub backwards: bool,
    /// Whether the number of all rows is wanted too.
    pub total: bool,
    /// Whether the rows themselves are wanted.
    pub rows: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    Is(&'static str, Cell),
    In(&'static str, Vec<Cell>),
    /// Changed since, inclusive.
    Since(Cell),
    /// Of a CoP that is seen and in one of these states.
    OfCop(Vec<Cell>),
    /// A named condition on other rows, with its value: a tag, a participating organisation.
    Named(&'static str, Cell),
}

/// The order of a list: a column, then the id so that it is total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    pub column: &'static str,
    pub descending: bool,
}

/// A place in an ordered list: the value of the sort column and the id of the row there.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub value: Cell,
    pub id: Uuid,
}

/// One row of an answer, with what hangs on it.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    pub names: std::sync::Arc<[&'static str]>,
    pub cells: Vec<Cell>,
    pub ones: Vec<(&'static str, Option<Box<Tree>>)>,
    /// Lists, by their relation and what the asker calls them.
    pub manys: Vec<(&'static str, String, Branch)>,
    /// Where the row stands in its list, for the cursor.
    pub place: Option<Place>,
}

/// The rows of one relation or root list.
#[derive(Debug, Clone, Default)]
pub struct Branch {
    pub rows: Vec<Tree>,
    pub total: Option<u64>,
    /// The page that these rows are, if they are a list's.
    pub page: Option<PageShape>,
}

/// What of a page tells whether there is more.
#[derive(Debug, Clone, Copy)]
pub struct PageShape {
    pub limit: u32,
    pub backwards: bool,
    pub after: bool,
    pub before: bool,
    pub sort: Sort,
}

impl From<&Page> for PageShape {
    fn from(page: &Page) -> Self {
        let (after, before) = (page.after.is_some(), page.before.is_some());
        Self { limit: page.limit, backwards: page.backwards, after, before, sort: page.sort }
    }
}

impl Tree {
    /// A value by its name; `None` if it was not asked for, or is not of the type.
    pub fn get<T: Field>(&self, name: &str) -> Option<T> {
        T::from_cell(self.cells.get(self.names.iter().position(|known| *known == name)?)?.clone())
    }

    /// Takes a value out; a name that was not asked for is `Null`.
    pub fn take(&mut self, name: &str) -> Cell {
        match self.names.iter().position(|known| *known == name) {
            Some(place) => std::mem::replace(&mut self.cells[place], Cell::Null),
            None => Cell::Null,
        }
    }
}
