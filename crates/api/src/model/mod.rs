//! The types that both surfaces share: outputs (`views`), values (`scalar`), and how a selection becomes a read (`view`).

pub mod names;
pub mod scalar;
pub mod view;
pub mod views;
