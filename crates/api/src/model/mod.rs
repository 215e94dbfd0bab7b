//! The types that both surfaces share: outputs (`views`), values (`scalar`), and how a selection becomes a read (`view`),
//! and the words for enumerations (`words`).

pub mod contact;
pub mod dashboard;
pub mod method;
pub mod names;
pub mod overview;
pub mod report;
pub mod scalar;
pub mod search;
pub mod shapes;
pub mod template;
pub mod view;
pub mod view_as;
pub mod views;
pub mod words;
