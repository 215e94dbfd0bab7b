//! Both surfaces over the domain's use cases: GraphQL and REST, with the tokens, limits and errors that they share.
//!
//! Rules live in the domain and data in persistence; nothing here knows a table.

// The root of the mutations is merged of many groups, each one level deeper than the one before.
#![recursion_limit = "256"]

mod ask;
pub mod auth;
pub mod calendar;
pub mod contract;
pub mod error;
pub mod explain;
mod figures;
pub mod graphql;
mod http;
mod list;
mod markdown;
mod model;
mod op;
mod ops;
mod report;
mod rest;

pub use http::{Api, Limits, configure, metrics_recorder, serve_metrics};
pub use op::OpMeta;
