//! Documents that were parsed before. Portals send the same few again and again, and parsing is a good part of what a small
//! query costs.

use async_graphql::parser::{self, types::ExecutableDocument};
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

/// How many documents are kept, and how long one of them may be in bytes.
const KEPT: usize = 1_000;
const LONGEST: usize = 16 * 1024;

/// The parsed documents, by their text.
#[derive(Default)]
pub struct Documents(RwLock<HashMap<String, ExecutableDocument>>);

impl Documents {
    /// The parsed document, from before if it is known.
    pub fn parse(&self, text: &str) -> parser::Result<ExecutableDocument> {
        if let Some(document) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return Ok(document.clone());
        }
        let document = parser::parse_query(text)?;
        if text.len() <= LONGEST {
            let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if kept.len() >= KEPT {
                kept.clear();
            }
            kept.insert(text.to_owned(), document.clone());
        }
        Ok(document)
    }
}
