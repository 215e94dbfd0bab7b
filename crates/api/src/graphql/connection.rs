//! Relay connections (<https://relay.dev/graphql/connections.htm>) over keyset pages.

use crate::{
    error::ApiError,
    model::view::{View, Viewer},
};
use async_graphql::{Object, OutputType, SelectionField, SimpleObject, TypeName, Value};
use evolva_domain::{
    Code, Error,
    query::{Branch, Filter, Page, Sort},
    record::Table,
};
use std::borrow::Cow;

/// Where a page stands in its list.
#[derive(Debug, Clone, SimpleObject, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// Whether there is another page after this one.
    pub has_next_page: bool,
    /// Whether there is another page before this one.
    pub has_previous_page: bool,
    /// The cursor of the first row.
    pub start_cursor: Option<String>,
    /// The cursor of the last row; give it as `after` to go on.
    pub end_cursor: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Edge<T> {
    pub cursor: String,
    pub node: T,
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

/// A row and its place in the list.
#[Object(name_type)]
impl<T: OutputType> Edge<T> {
    /// Where the row stands in the list.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The row.
    async fn node(&self) -> &T {
        &self.node
    }
}

#[derive(Debug, Clone)]
pub struct Connection<T> {
    pub edges: Vec<Edge<T>>,
    pub page_info: PageInfo,
    pub total: Option<u64>,
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

/// A page of a list.
#[Object(name_type)]
impl<T: OutputType> Connection<T> {
    /// The rows with their places.
    async fn edges(&self) -> &[Edge<T>] {
        &self.edges
    }

    /// The rows.
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where this page stands in the list.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// How many rows the whole list has that you may see; counted only when it is asked for.
    async fn total_count(&self) -> u64 {
        self.total.unwrap_or(0)
    }
}

/// How many rows a page has if nothing is said, and at most.
pub const DEFAULT_PAGE: u32 = 20;
pub const LARGEST_PAGE: u32 = 100;

/// The rows of an answer carry their page with them: one more row than was asked for says that there are more.
impl<T: View> Connection<T> {
    pub fn of(branch: Branch, viewer: &Viewer<'_>) -> Self {
        let Branch { rows, total, page } = branch;
        let mut rows = rows;
        let (limit, backwards, after, before) = page.map_or((usize::MAX, false, false, false), |page| {
            (page.limit as usize, page.backwards, page.after, page.before)
        });
        let seal = |place: &evolva_domain::query::Place| {
            page.map(|page| viewer.cursors.seal(place, T::TABLE, page.sort)).unwrap_or_default()
        };
        let more = rows.len() > limit;
        rows.truncate(limit);
        if backwards {
            rows.reverse();
        }
        let edges: Vec<_> = rows
            .into_iter()
            .map(|tree| Edge { cursor: tree.place.as_ref().map(seal).unwrap_or_default(), node: T::of(tree, viewer) })
            .collect();
        let page_info = PageInfo {
            has_next_page: if backwards { before } else { more },
            has_previous_page: if backwards { more } else { after },
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        };
        Self { edges, page_info, total }
    }
}

/// The page that a field's arguments ask for.
pub fn page_of(
    field: &SelectionField<'_>,
    table: &'static Table,
    sort: Sort,
    filters: Vec<Filter>,
    viewer: &Viewer<'_>,
) -> Result<Page, ApiError> {
    let arguments = field.arguments().map_err(ApiError::from)?;
    let number = |name: &str| {
        arguments.iter().find(|(known, _)| known == name).and_then(|(_, value)| match value {
            Value::Number(number) => number.as_i64(),
            _ => None,
        })
    };
    let text = |name: &str| {
        arguments.iter().find(|(known, _)| known == name).and_then(|(_, value)| match value {
            Value::String(text) => Some(text.as_str()),
            _ => None,
        })
    };
    page(table, sort, filters, number("first"), text("after"), number("last"), text("before"), viewer)
}

#[allow(clippy::too_many_arguments)]
pub fn page(
    table: &'static Table,
    sort: Sort,
    filters: Vec<Filter>,
    first: Option<i64>,
    after: Option<&str>,
    last: Option<i64>,
    before: Option<&str>,
    viewer: &Viewer<'_>,
) -> Result<Page, ApiError> {
    let in_range = |count: i64, field| match u32::try_from(count) {
        Ok(count @ 1..=LARGEST_PAGE) => Ok(count),
        _ => Err(Error::invalid(Code::OutOfRange, field, "1 to 100")),
    };
    let (limit, backwards) = match (first, last) {
        (Some(_), Some(_)) => {
            return Err(Error::invalid(Code::InvalidValue, "last", "give first or last, not both").into());
        }
        (Some(first), None) => (in_range(first, "first")?, false),
        (None, Some(last)) => (in_range(last, "last")?, true),
        (None, None) => (DEFAULT_PAGE, false),
    };
    let place =
        |cursor: Option<&str>, field| cursor.map(|cursor| viewer.cursors.open(cursor, table, sort, field)).transpose();
    let (after, before) = (place(after, "after")?, place(before, "before")?);
    Ok(Page { filters, sort, limit, after, before, backwards, total: false, rows: false })
}

/// What is asked of a connection at the root.
pub fn connection_of<V: View>(
    field: SelectionField<'_>,
    sort: Sort,
    filters: Vec<Filter>,
    viewer: &Viewer<'_>,
) -> Result<(evolva_domain::query::Select, Page), ApiError> {
    crate::model::view::connection_select::<V>(field, sort, filters, None, None, viewer)
}
