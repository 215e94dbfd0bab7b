//! The one integration test binary: the real server, real HTTP, SQLite and PostgreSQL.

mod access;
mod attachments;
mod breaking;
mod browser;
mod bucket;
mod calendars;
mod changes;
mod comments;
mod contract;
mod focus;
mod harness;
mod http;
mod import;
mod isolation;
mod joint;
mod keys;
mod members;
#[cfg(feature = "mutants")]
mod mutants;
mod program;
mod programme;
mod publications;
mod reads;
mod requests;
mod scenes;
mod search;
mod sessions;
mod tokens;
mod units;
mod visibility;
mod waiting;
mod walls;
mod worlds;
mod year;
