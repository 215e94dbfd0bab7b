//! What a community of practice is: its entities, life cycles, rules of sight and use cases.
//!
//! Pure: no database, no HTTP, no environment, no system clock and no randomness. What the outside must supply is a
//! port (`ports`), and the only way to data leads through a [`scope::TenantScope`].

pub mod access;
pub mod allowed;
pub mod artefact;
pub mod calendar;
pub mod concept;
pub mod contact;
pub mod cop;
pub mod ctx;
pub mod done;
pub(crate) mod dutch;
pub mod error;
pub mod exchange;
pub mod explain;
pub mod file;
pub mod guide;
pub mod id;
pub mod import;
pub mod input;
mod misread;
pub mod organisation;
pub mod overview;
pub mod person;
pub mod policy;
pub mod ports;
pub mod project;
pub mod publication;
pub mod query;
pub mod record;
pub mod scope;
pub mod search;
pub mod session;
pub mod theme;
pub mod token;
pub mod upsert;
pub mod view_as;
pub mod visibility;
pub mod waiting;

pub use done::{Done, Item};
pub use error::{Code, Error, Fault, Problem, Result};
pub use id::Id;
pub use misread::read;
