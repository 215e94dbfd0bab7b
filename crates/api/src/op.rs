//! An operation that changes something, declared once: its input, its use case, and what both surfaces call it.
//!
//! [`ops!`] makes of each declaration a GraphQL mutation with its payload, a REST route with its part of the OpenAPI
//! document, a row of the scope table and a row of the isolation tests. None of them can be forgotten.

use crate::{
    auth::Authority,
    calendar::Secrets,
    error::ApiError,
    graphql::cursor::Cursors,
    model::{
        shapes::{self, Blocker},
        view::{self, View, Viewer},
    },
};
use async_graphql::{Context, InputType, SimpleObject};
use evolva_domain::{
    Code, Done, Error, Item, Result,
    ctx::Ctx,
    error::Language,
    query::{Query, Rows, Select, Tree},
    record::Record,
    scope::{Scope, TenantScope},
};
use std::sync::Arc;

/// One request, whichever surface it came in by.
#[derive(Clone)]
pub struct Call {
    pub ctx: Ctx,
    pub scope: TenantScope,
    pub language: Language,
    pub trace_id: String,
    pub cursors: Arc<Cursors>,
    pub authority: Arc<Authority>,
    /// What was made in this request and is shown in its answer alone.
    pub secrets: Arc<Secrets>,
}

impl Call {
    pub fn viewer(&self) -> Viewer<'_> {
        let now = self.ctx.now();
        Viewer { scope: &self.scope, language: self.language, now, cursors: &self.cursors, as_other: false }
    }

    /// Reads rows by their ids, as far as they may be seen.
    pub async fn by_ids(&self, select: Select, ids: Vec<uuid::Uuid>) -> Result<Vec<Tree>> {
        let query = Query { select, rows: Rows::Ids(ids) };
        let branches = self.ctx.store.read(&self.scope, std::slice::from_ref(&query)).await?;
        Ok(branches.into_iter().next().map(|branch| branch.rows).unwrap_or_default())
    }

    /// Shows a row that was just written: from the row itself where it has all that is asked, else by reading it.
    pub async fn show<V: View, R: Record>(&self, row: &R, select: Select) -> Result<V, ApiError> {
        let known = |name: &&str| R::TABLE.column(name).is_some() && !self.ctx.store.may_hide(R::TABLE.name, name);
        // Only the owner's own token is shown the row as it was written; others see of it what they would read.
        let own = row.base().tenant == self.scope.home() && self.scope.person().is_none();
        if own && select.ones.is_empty() && select.manys.is_empty() && select.columns.iter().all(known) {
            let names: Vec<_> = R::TABLE.columns.iter().map(|column| column.name).collect();
            let tree = Tree { names: names.into(), cells: row.cells(), ..Tree::default() };
            return Ok(V::of(tree, &self.viewer()));
        }
        let rows = self.by_ids(select, vec![row.base().id]).await?;
        // What was written may lie outside what the writer sees: an invitation that was declined, say.
        rows.into_iter().next().map(|tree| V::of(tree, &self.viewer())).ok_or(ApiError::Domain(Error::NotFound))
    }
}

/// Something about the input that its sender can mend.
#[derive(Debug, Clone, SimpleObject)]
pub struct UserError {
    /// A code of the error table.
    pub code: String,
    /// The path to the field in `input`; empty if no single field is at fault.
    pub field: Vec<String>,
    /// What is wrong and what to do, in the language of `Accept-Language` (nl, en).
    pub message: String,
}

/// What is known of an operation beside its types.
#[derive(Debug, Clone, Copy)]
pub struct OpMeta {
    /// The GraphQL field.
    pub name: &'static str,
    /// The REST operation.
    pub operation_id: &'static str,
    pub method: &'static str,
    /// Below `/api/v1`.
    pub path: &'static str,
    pub scope: Scope,
    pub doc: &'static str,
}

pub trait Op: Send + Sync + 'static {
    const META: OpMeta;
    type Input: InputType + serde::de::DeserializeOwned + utoipa::ToSchema + Clone + Send;
    /// The fields of the input, with the names of their types as they are declared.
    const FIELDS: &'static [(&'static str, &'static str)];
    type View: View;
    type Row: Record;
    /// Whether the caller has named the version that they read.
    fn names_version(input: &Self::Input) -> bool;
    /// Whether it does many things at once, and says what became of each.
    const RESULTS: bool;
    fn run(call: &Call, input: Self::Input) -> impl Future<Output = Result<Done<Self::Row>>> + Send;
    /// What is shown only once beside the row is called: `access_token`.
    const SECRET: Option<&'static str> = None;
    /// What is shown only once, beside the row: a token's text, a feed's address.
    fn secret(_: &Call, _: &Self::Row) -> impl Future<Output = Result<Option<String>, ApiError>> + Send {
        async { Ok(None) }
    }
}

/// How often a change is tried again that another one came between.
const TRIES: u32 = 12;

/// Runs the use case. Where another change came in between and the caller named no version, it is done again.
pub async fn run<O: Op>(call: &Call, input: O::Input) -> Result<Done<O::Row>> {
    let mut tried = 0;
    loop {
        let done = O::run(call, input.clone()).await;
        tried += 1;
        let again = match &done {
            Err(Error::Busy) => true,
            // Looked at again, it is there, and the use case says so in its own words.
            Err(Error::Conflict(problems)) => problems.iter().any(|one| one.code == Code::JustMade),
            // Who names the version that they read wants to know; who names none does not care in which order.
            Err(Error::Stale { .. }) => !O::names_version(&input),
            _ => false,
        };
        if !again || tried >= TRIES {
            return done;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10 << tried.min(4))).await;
    }
}

/// What a mutation's payload is made of.
pub struct Shown<V> {
    pub view: Option<V>,
    pub secret: Option<String>,
    pub results: Vec<ItemResult>,
    pub user_errors: Vec<UserError>,
}

/// What became of one of many that were named.
#[derive(Debug, Clone, SimpleObject, serde::Serialize, utoipa::ToSchema)]
pub struct ItemResult {
    /// Its typed id.
    #[schema(value_type = String)]
    pub id: async_graphql::ID,
    /// Whether it was done.
    pub done: bool,
    /// Why it was not; empty if it was.
    pub errors: Vec<Blocker>,
}

impl ItemResult {
    pub fn of(item: Item, language: Language) -> Self {
        let errors: Vec<_> = item.problems.into_iter().map(|one| shapes::blocker(one, language)).collect();
        Self { id: item.id.into(), done: errors.is_empty(), errors }
    }
}

/// What a mutation's resolver does, whichever it is: runs the use case and shows what was asked of the row.
pub async fn mutate<O: Op>(
    ctx: &Context<'_>,
    input: O::Input,
    field: &'static str,
) -> async_graphql::Result<Shown<O::View>> {
    let call = ctx.data::<Call>()?;
    let failed = |error: ApiError| error.graphql(call.language, &call.trace_id);
    call.scope.require(O::META.scope).map_err(|error| failed(error.into()))?;
    // What is asked of the row is read from the selection first: a wrong page argument must not be found after the
    // change was made.
    let mut select = None;
    for child in ctx.field().selection_set().filter(|child| view::same_name(child.name(), field)) {
        select = Some(view::selected::<O::View>(child, &call.viewer(), select).map_err(failed)?);
    }
    match run::<O>(call, input).await {
        Ok(Done { row, items }) => {
            let secret = O::secret(call, &row).await.map_err(failed)?;
            let view = match select {
                Some(select) => match call.show::<O::View, _>(&row, select).await {
                    Ok(view) => Some(view),
                    Err(ApiError::Domain(Error::NotFound)) => None,
                    Err(error) => return Err(failed(error)),
                },
                None => None,
            };
            let results = items.into_iter().map(|item| ItemResult::of(item, call.language)).collect();
            Ok(Shown { view, secret, results, user_errors: vec![] })
        }
        Err(error) => {
            let error = ApiError::from(error);
            if !error.is_for_user() {
                return Err(failed(error));
            }
            let one = |problem: evolva_domain::Problem| UserError {
                code: problem.code.label().to_owned(),
                field: problem.field.iter().map(|part| part.to_string()).collect(),
                message: problem.message(call.language),
            };
            let user_errors = error.problems().into_iter().map(one).collect();
            Ok(Shown { view: None, secret: None, results: vec![], user_errors })
        }
    }
}

/// Declares the operations of one aggregate.
#[macro_export]
macro_rules! ops {
    ($mutations:ident; $(
        $(#[doc = $doc:literal])*
        $op:ident $name:ident $operation_id:literal $method:ident $path:literal [$scope:literal]
        $input:ident { $($(#[$fmeta:meta])* $field:ident : $ftype:ty),* $(,)? }
        -> $payload:ident { $view_field:ident : $view:ident of $row:ty $(, secret $secret:ident $sign:expr)? $(, results $results:ident)? }
        |$call:ident, $in:ident| $run:expr;
    )+) => {
        $(
            $(#[doc = $doc])*
            #[derive(Debug, Clone, async_graphql::InputObject, serde::Deserialize, utoipa::ToSchema)]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
            pub struct $input { $($(#[$fmeta])* pub $field: $ftype),* }

            /// What became of it.
            #[derive(async_graphql::SimpleObject)]
            pub struct $payload {
                /// The object as it is now; empty if there are `userErrors`, or if it is no longer yours to see.
                pub $view_field: Option<$crate::model::views::$view>,
                $(/// Shown this once: the text of a token, the address of a feed.
                pub $secret: Option<String>,)?
                $(/// What became of each that was named, in the same order.
                pub $results: Vec<$crate::op::ItemResult>,)?
                /// What of the input has to be mended; empty if it was done.
                pub user_errors: Vec<$crate::op::UserError>,
            }

            pub struct $op;
            impl $crate::op::Op for $op {
                const META: $crate::op::OpMeta = $crate::op::OpMeta {
                    name: stringify!($name),
                    operation_id: $operation_id,
                    method: stringify!($method),
                    path: $path,
                    scope: evolva_domain::scope::Scope::named($scope),
                    doc: concat!($($doc, "\n"),*),
                };
                type Input = $input;
                const FIELDS: &'static [(&'static str, &'static str)] =
                    &[$((stringify!($field), stringify!($ftype))),*];
                type View = $crate::model::views::$view;
                type Row = $row;
                fn names_version(input: &$input) -> bool {
                    let fields: &[(&str, &dyn std::any::Any)] = &[$((stringify!($field), &input.$field)),*];
                    fields.iter().any(|(name, value)| {
                        *name == "version" && value.downcast_ref::<Option<i64>>().is_some_and(Option::is_some)
                    })
                }
                const RESULTS: bool = { let named: &[&str] = &[$(stringify!($results))?]; !named.is_empty() };
                async fn run(
                    $call: &$crate::op::Call,
                    $in: $input,
                ) -> evolva_domain::Result<evolva_domain::Done<$row>> {
                    $run.map(Into::into)
                }
                $(const SECRET: Option<&'static str> = Some(stringify!($secret));
                async fn secret(
                    call: &$crate::op::Call,
                    row: &$row,
                ) -> Result<Option<String>, $crate::error::ApiError> {
                    $sign(call, row).await.map(Some)
                })?
            }
        )+

        #[derive(Default)]
        pub struct $mutations;

        #[async_graphql::Object]
        impl $mutations {
            $(
                $(#[doc = $doc])*
                #[doc = ""]
                #[doc = "Needs the scope:"]
                #[doc = $scope]
                async fn $name(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    input: $input,
                ) -> async_graphql::Result<$payload> {
                    let shown = $crate::op::mutate::<$op>(ctx, input, stringify!($view_field)).await?;
                    Ok($payload {
                        $view_field: shown.view,
                        $($secret: shown.secret,)?
                        $($results: shown.results,)?
                        user_errors: shown.user_errors,
                    })
                }
            )+
        }

        impl $mutations {
            /// Gives each operation to what is made of them.
            pub fn each(visit: &mut impl $crate::op::Visit) {
                $(visit.op::<$op>();)+
            }
        }
    };
}

/// What is made of all operations: routes, documents, tables.
pub trait Visit {
    fn op<O: Op>(&mut self);
}
