//! A read that is neither a list nor a single row, declared once: what is asked, and what both surfaces call it.
//!
//! [`asks!`] makes of each declaration a GraphQL field, a REST route with its part of the OpenAPI document, and a row of the
//! tests' tables.

use crate::{error::ApiError, op::Call};
use async_graphql::{Context, OutputType};
use evolva_domain::scope::Scope;

/// What is known of such a read beside its types.
#[derive(Debug, Clone, Copy)]
pub struct AskMeta {
    /// The GraphQL field.
    pub name: &'static str,
    /// The REST operation.
    pub operation_id: &'static str,
    /// Below `/api/v1`.
    pub path: &'static str,
    pub scope: Scope,
    pub doc: &'static str,
    /// What may be asked, with the names of its types as they are declared.
    pub fields: &'static [(&'static str, &'static str)],
}

pub trait Ask: Send + Sync + 'static {
    const META: AskMeta;
    type Input: serde::de::DeserializeOwned + utoipa::ToSchema + Send;
    type Output: OutputType + serde::Serialize + utoipa::ToSchema;
    fn run(call: &Call, input: Self::Input) -> impl Future<Output = evolva_domain::Result<Self::Output>> + Send;
}

pub trait VisitAsk {
    fn ask<A: Ask>(&mut self);
}

/// Answers over GraphQL: nothing where there is nothing that may be seen.
pub async fn answer<A: Ask>(ctx: &Context<'_>, input: A::Input) -> async_graphql::Result<Option<A::Output>> {
    let call = ctx.data::<Call>()?;
    let failed = |error: evolva_domain::Error| ApiError::from(error).graphql(call.language, &call.trace_id);
    call.scope.require_itself(A::META.scope).map_err(failed)?;
    match A::run(call, input).await {
        Ok(output) => Ok(Some(output)),
        Err(evolva_domain::Error::NotFound) => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

/// Declares such reads.
#[macro_export]
macro_rules! asks {
    ($(
        $(#[doc = $doc:literal])*
        $ask:ident $name:ident $operation_id:literal $path:literal [$scope:literal]
        $input:ident { $($desc:literal $field:ident : $ftype:ty),* $(,)? }
        -> $output:ident
        |$call:ident, $in:ident| $run:expr;
    )+) => {
        $(
            #[derive(serde::Deserialize, utoipa::ToSchema)]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
            pub struct $input { $(#[doc = $desc] pub $field: $ftype),* }

            pub struct $ask;
            impl $crate::ask::Ask for $ask {
                const META: $crate::ask::AskMeta = $crate::ask::AskMeta {
                    name: stringify!($name),
                    operation_id: $operation_id,
                    path: $path,
                    scope: evolva_domain::scope::Scope::named($scope),
                    doc: concat!($($doc, "\n"),*),
                    fields: &[$((stringify!($field), stringify!($ftype))),*],
                };
                type Input = $input;
                type Output = $output;
                async fn run($call: &$crate::op::Call, $in: $input) -> evolva_domain::Result<$output> {
                    $run
                }
            }
        )+

        #[derive(Default)]
        pub struct Asks;

        #[async_graphql::Object]
        impl Asks {
            $(
                $(#[doc = $doc])*
                #[doc = ""]
                #[doc = "Needs the scope:"]
                #[doc = $scope]
                async fn $name(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    $(#[graphql(desc = $desc)] $field: $ftype),*
                ) -> async_graphql::Result<Option<$output>> {
                    $crate::ask::answer::<$ask>(ctx, $input { $($field),* }).await
                }
            )+
        }

        /// Gives each to what is made of them.
        pub fn each(visit: &mut impl $crate::ask::VisitAsk) {
            $(visit.ask::<$ask>();)+
        }
    };
}
