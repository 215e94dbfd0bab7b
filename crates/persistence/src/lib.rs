//! Keeps the domain's entities in SQLite or PostgreSQL: migrations, the tenant transaction, the hot reads.
//!
//! Nothing here knows a role or a surface. What an entity looks like comes from its [`evolva_domain::record::Table`];
//! who may see a row stands in `visible`, once, for both databases and for row-level security.

mod candidates;
mod cells;
mod db;
pub mod doctor;
mod files;
pub mod keys;
mod migration;
mod network;
mod policy;
mod rare;
mod read;
mod search;
mod sequencer;
mod sql;
mod tenant_tx;
pub mod visible;

pub use db::{Db, Dialect, OpenError, Settings};
pub use files::{Files, FilesError};
pub use migration::migrate;
pub use read::statements_run;
pub use sequencer::{Numbered, number_outbox};
