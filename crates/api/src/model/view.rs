//! Outputs. A view is one type for both surfaces: flat fields that are columns, and for GraphQL the relations beside.
//! It says which columns a selection needs, so that nothing else is read.

use crate::{error::ApiError, graphql::connection::Connection, model::scalar::FromCell};
use async_graphql::{OutputType, SelectionField};
use evolva_domain::{
    error::Language,
    query::{Many, One, Page, Select, Tree},
    record::{Cell, Table},
    scope::{Scope, TenantScope},
};

/// What a view's values depend on besides its row: who looks, when, and in which language.
pub struct Viewer<'a> {
    pub scope: &'a TenantScope,
    pub language: Language,
    pub now: chrono::DateTime<chrono::Utc>,
    pub cursors: &'a crate::graphql::cursor::Cursors,
    /// Shown as somebody of another organisation sees it, whatever the asker owns.
    pub as_other: bool,
}

impl Viewer<'_> {
    pub fn owns(&self, tree: &Tree) -> bool {
        !self.as_other
            && tree.names.iter().position(|name| *name == "tenant_id").and_then(|place| tree.cells.get(place))
                == Some(&Cell::Uuid(self.scope.tenant().uuid()))
    }
}

pub trait View: OutputType + serde::Serialize + utoipa::ToSchema + Sized + Send + Sync + 'static {
    const TABLE: &'static Table;
    /// The scope that reading it needs.
    const READ: Scope;
    /// Names of the columns that stand in every REST answer.
    const COLUMNS: &'static [&'static str];
    /// Names of the columns that its derived fields need, which only single reads show in REST.
    const DERIVED: &'static [&'static str];
    /// Adds what one field of a selection needs.
    fn add(select: &mut Select, field: SelectionField<'_>, viewer: &Viewer<'_>) -> Result<(), ApiError>;
    fn of(tree: Tree, viewer: &Viewer<'_>) -> Self;
}

/// What a selection asks of a view, or the scope that is missing for it.
pub fn selected<'a, V: View>(
    field: SelectionField<'a>,
    viewer: &Viewer<'_>,
    into: Option<Select>,
) -> Result<Select, ApiError> {
    viewer.scope.require(V::READ)?;
    let mut select = into.unwrap_or_else(|| base(V::TABLE));
    for child in field.selection_set() {
        V::add(&mut select, child, viewer)?;
    }
    Ok(select)
}

/// Every row is read with its id and its owner.
pub fn base(table: &'static Table) -> Select {
    let mut select = Select::new(table);
    select.column("tenant_id");
    select
}

/// Everything that REST shows of a view.
pub fn whole<V: View>(viewer: &Viewer<'_>, single: bool) -> Result<Select, ApiError> {
    viewer.scope.require(V::READ)?;
    let mut select = base(V::TABLE);
    for column in V::COLUMNS.iter().chain(if single { V::DERIVED } else { &[] }) {
        select.column(column);
    }
    Ok(select)
}

/// `startDate` for `start_date`, without making a new text.
pub fn same_name(camel: &str, snake: &str) -> bool {
    let mut snake = snake.bytes();
    for letter in camel.bytes() {
        let next = match snake.next() {
            Some(b'_') => snake.next().map(|b| b.to_ascii_uppercase()),
            next => next,
        };
        if next != Some(letter) {
            return false;
        }
    }
    snake.next().is_none()
}

pub fn camel(snake: &str) -> String {
    let mut out = String::with_capacity(snake.len());
    let mut upper = false;
    for c in snake.chars() {
        match c {
            '_' => upper = true,
            c if upper => {
                out.push(c.to_ascii_uppercase());
                upper = false;
            }
            c => out.push(c),
        }
    }
    out
}

/// Adds a relation to one row; asked twice, the selections are joined.
pub fn add_one<V: View>(
    select: &mut Select,
    relation: &'static str,
    field: SelectionField<'_>,
    viewer: &Viewer<'_>,
) -> Result<(), ApiError> {
    let before = select.ones.iter().position(|one| one.relation == relation).map(|place| select.ones.remove(place));
    let inner = selected::<V>(field, viewer, before.map(|one| one.select))?;
    select.ones.push(One { relation, select: inner });
    Ok(())
}

/// Adds a relation to many rows, under the name that the asker gives it.
pub fn add_many<V: View>(
    select: &mut Select,
    relation: &'static str,
    sort: (&'static str, bool),
    field: SelectionField<'_>,
    viewer: &Viewer<'_>,
) -> Result<(), ApiError> {
    let key = field.alias().unwrap_or_else(|| field.name()).to_owned();
    let before = select.manys.iter().position(|many| many.key == key).map(|place| select.manys.remove(place));
    let sort = evolva_domain::query::Sort { column: sort.0, descending: sort.1 };
    let (before, page) = match before {
        Some(many) => (Some(many.select), Some(many.page)),
        None => (None, None),
    };
    let (inner, page) = connection_select::<V>(field, sort, vec![], before, page, viewer)?;
    select.manys.push(Many { key, relation, select: inner, page });
    Ok(())
}

/// What is asked of a connection: of its rows, and which page.
pub fn connection_select<V: View>(
    field: SelectionField<'_>,
    sort: evolva_domain::query::Sort,
    filters: Vec<evolva_domain::query::Filter>,
    before: Option<Select>,
    page: Option<Page>,
    viewer: &Viewer<'_>,
) -> Result<(Select, Page), ApiError> {
    viewer.scope.require(V::READ)?;
    let mut select = before.unwrap_or_else(|| base(V::TABLE));
    let mut page = match page {
        Some(page) => page,
        None => crate::graphql::connection::page_of(&field, V::TABLE, sort, filters, viewer)?,
    };
    for child in field.selection_set() {
        match child.name() {
            "nodes" => {
                page.rows = true;
                select = selected::<V>(child, viewer, Some(select))?;
            }
            "edges" => {
                page.rows = true;
                for edge in child.selection_set() {
                    if edge.name() == "node" {
                        select = selected::<V>(edge, viewer, Some(select))?;
                    }
                }
            }
            "pageInfo" => page.rows = true,
            "totalCount" => page.total = true,
            _ => {}
        }
    }
    Ok((select, page))
}

/// Takes the related row out of a tree.
pub fn take_one<V: View>(tree: &mut Tree, relation: &str, viewer: &Viewer<'_>) -> Option<Box<V>> {
    let place = tree.ones.iter().position(|(name, _)| *name == relation)?;
    let (_, child) = tree.ones.swap_remove(place);
    Some(Box::new(V::of(*child?, viewer)))
}

/// Takes every list of a relation out of a tree, by the names that the asker gave them.
pub fn take_many<V: View>(tree: &mut Tree, relation: &str, viewer: &Viewer<'_>) -> Vec<(String, Connection<V>)> {
    let (mine, rest) = std::mem::take(&mut tree.manys).into_iter().partition(|(name, ..)| *name == relation);
    tree.manys = rest;
    let mine: Vec<(&str, String, evolva_domain::query::Branch)> = mine;
    mine.into_iter().map(|(_, key, branch)| (key, Connection::of(branch, viewer))).collect()
}

/// A field that only the own organisation sees.
pub fn private<T: FromCell + Default>(own: bool, cell: Cell) -> T {
    if own { T::from_cell(cell) } else { T::default() }
}

/// Declares a view: its columns, its relations to one row and to many, and fields that are derived from columns.
#[macro_export]
macro_rules! view {
    (
        $(#[doc = $doc:literal])*
        $name:ident of $record:ty, $read:ident;
        columns { $($(#[$cmeta:meta])* $column:ident : $ctype:ty),* $(,)? }
        private { $($(#[$pmeta:meta])* $private:ident : $ptype:ty),* $(,)? }
        derived { $($(#[$dmeta:meta])* $derived:ident : $dtype:ty = [$($need:literal),*] $derive:expr),* $(,)? }
        one { $($(#[$ometa:meta])* $one:ident : $otype:ident),* $(,)? }
        many { $($(#[$mmeta:meta])* $many:ident : $mtype:ident by $sort:literal $descending:literal),* $(,)? }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, async_graphql::SimpleObject, serde::Serialize, utoipa::ToSchema)]
        #[graphql(complex)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// The typed id.
            #[schema(value_type = String)]
            pub id: async_graphql::ID,
            /// The organisation that owns it.
            pub owner_id: $crate::model::names::OrganisationId,
            /// Grows with each change; give it back with an update.
            pub version: i64,
            /// When it was made here.
            pub created_at: chrono::DateTime<chrono::Utc>,
            /// When it was changed last.
            pub updated_at: chrono::DateTime<chrono::Utc>,
            /// The owner's own key for it, shown to the owner only.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub external_id: Option<String>,
            /// Whether it came in as history, without its life cycle being replayed.
            pub imported: bool,
            $($(#[$cmeta])* pub $column: $ctype,)*
            $($(#[$pmeta])* pub $private: $ptype,)*
            $($(#[$dmeta])* #[serde(skip_serializing_if = "Option::is_none")] pub $derived: Option<$dtype>,)*
            $(#[graphql(skip)] #[serde(skip)] #[schema(ignore)] $one: Option<Box<$otype>>,)*
            $(#[graphql(skip)] #[serde(skip)] #[schema(ignore)]
              $many: Vec<(String, $crate::graphql::connection::Connection<$mtype>)>,)*
        }

        #[async_graphql::ComplexObject]
        impl $name {
            /// Who may not see it gets no answer at all, so what is here may be read.
            #[graphql(skip)]
            pub fn prefix() -> &'static str {
                <$record as evolva_domain::id::Prefixed>::PREFIX
            }
            $($(#[$ometa])*
            async fn $one(&self) -> Option<&$otype> {
                self.$one.as_deref()
            })*
            $($(#[$mmeta])*
            async fn $many(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "How many from the start, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
                #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
                #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
                #[graphql(desc = "Stop before this cursor.")] before: Option<String>,
            ) -> Option<&$crate::graphql::connection::Connection<$mtype>> {
                // The arguments were taken up when the root was read, with everything else that was asked.
                let _ = (first, after, last, before);
                let key = ctx.item.node.response_key().node.as_str();
                self.$many.iter().find(|(known, _)| known == key).map(|(_, list)| list)
            })*
        }

        impl $crate::model::view::View for $name {
            const TABLE: &'static evolva_domain::record::Table =
                <$record as evolva_domain::record::Record>::TABLE;
            const READ: evolva_domain::scope::Scope = evolva_domain::scope::Scope::$read;
            const COLUMNS: &'static [&'static str] = &[
                "version", "created_at", "updated_at", "external_id", "imported",
                $(stringify!($column),)* $(stringify!($private),)*
            ];
            const DERIVED: &'static [&'static str] = &[$($($need,)*)*];

            #[allow(unused_variables, unused_imports)]
            fn add(
                select: &mut evolva_domain::query::Select,
                field: async_graphql::SelectionField<'_>,
                viewer: &$crate::model::view::Viewer<'_>,
            ) -> Result<(), $crate::error::ApiError> {
                use $crate::model::view::{add_many, add_one, same_name};
                let name = field.name();
                for column in Self::COLUMNS {
                    if same_name(name, column) {
                        select.column(column);
                        return Ok(());
                    }
                }
                $(if same_name(name, stringify!($derived)) {
                    $(select.column($need);)*
                    return Ok(());
                })*
                $(if same_name(name, stringify!($one)) {
                    return add_one::<$otype>(select, stringify!($one), field, viewer);
                })*
                $(if same_name(name, stringify!($many)) {
                    return add_many::<$mtype>(select, stringify!($many), ($sort, $descending), field, viewer);
                })*
                Ok(())
            }

            #[allow(unused_variables, unused_mut, unused_imports)]
            fn of(mut tree: evolva_domain::query::Tree, viewer: &$crate::model::view::Viewer<'_>) -> Self {
                use $crate::model::{scalar::FromCell, view::{private, take_many, take_one}};
                let own = viewer.owns(&tree);
                $(let $derived: Option<$dtype> = {
                    let asked = [$($need),*].iter().all(|need| tree.names.contains(need));
                    let derive: fn(&evolva_domain::query::Tree, &$crate::model::view::Viewer<'_>) -> Option<$dtype> = $derive;
                    if asked { derive(&tree, viewer) } else { None }
                };)*
                let id = evolva_domain::record::Field::from_cell(tree.take("id")).unwrap_or_default();
                Self {
                    id: evolva_domain::id::join(Self::prefix(), id).into(),
                    owner_id: FromCell::from_cell(tree.take("tenant_id")),
                    version: FromCell::from_cell(tree.take("version")),
                    created_at: FromCell::from_cell(tree.take("created_at")),
                    updated_at: FromCell::from_cell(tree.take("updated_at")),
                    external_id: private(own, tree.take("external_id")),
                    imported: FromCell::from_cell(tree.take("imported")),
                    $($column: FromCell::from_cell(tree.take(stringify!($column))),)*
                    $($private: private(own, tree.take(stringify!($private))),)*
                    $($derived,)*
                    $($one: take_one(&mut tree, stringify!($one), viewer),)*
                    $($many: take_many(&mut tree, stringify!($many), viewer),)*
                }
            }
        }
    };
}
