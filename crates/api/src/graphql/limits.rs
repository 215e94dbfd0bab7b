//! What a document may ask for at most. Checked on the parsed document before anything runs, each limit with its own
//! error code.

use crate::{contract, error::ApiError, model::view::camel};
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Value, Variables};
use async_graphql_value::Value as InputValue;
use evolva_domain::Code;
use std::{collections::HashMap, sync::LazyLock};

/// The reads that are neither a list nor one row; each looks at many.
static ASKED: LazyLock<Vec<String>> = LazyLock::new(|| contract::asks().iter().map(|ask| camel(ask.name)).collect());

pub const DEPTH: usize = 15;
pub const COST: usize = 5_000;
pub const ALIASES: usize = 30;
pub const TOKENS: usize = 2_000;
/// Fields whose text may be long.
pub const LONG: &[&str] = &[
    "body",
    "bodyNl",
    "bodyEn",
    "bodyHtml",
    "description",
    "descriptionHtml",
    "why",
    "whyHtml",
    "how",
    "howHtml",
    "planned",
    "plannedHtml",
    "happened",
    "happenedHtml",
    "learned",
    "learnedHtml",
    "notes",
    "notesHtml",
    "fragments",
    "markdown",
    "csv",
];
/// What a root costs that looks through more than it shows, beside that.
const LOOKS_THROUGH: &[(&str, usize)] = &[("search", 50), ("searchSuggest", 50)];

/// Counts lexical tokens (GraphQL specification, section 2.1.6) without building anything of them.
pub fn count_tokens(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut count) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => at += 1,
            b'#' => {
                while at < bytes.len() && !matches!(bytes[at], b'\n' | b'\r') {
                    at += 1;
                }
            }
            b'"' => {
                count += 1;
                let block = bytes[at..].starts_with(b"\"\"\"");
                let end: &[u8] = if block { b"\"\"\"" } else { b"\"" };
                at += end.len();
                while at < bytes.len() && !bytes[at..].starts_with(end) {
                    // In a block string a backslash means something only before the three quotes that would end it.
                    at += match (block, bytes[at]) {
                        (true, b'\\') if bytes[at + 1..].starts_with(end) => 4,
                        (false, b'\\') => 2,
                        _ => 1,
                    };
                }
                at += end.len();
            }
            byte if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' => {
                count += 1;
                at += 1;
                while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || matches!(bytes[at], b'_' | b'.')) {
                    at += 1;
                }
            }
            _ => {
                count += 1;
                at += 1;
            }
        }
    }
    count
}

/// The operation that a request names, or the only one there is.
pub fn operation<'d>(
    document: &'d ExecutableDocument,
    name: Option<&str>,
) -> Result<&'d OperationDefinition, ApiError> {
    let missing = |detail: &str| ApiError::request(Code::OperationNotFound, detail);
    match (&document.operations, name) {
        (DocumentOperations::Single(one), None) => Ok(&one.node),
        (DocumentOperations::Single(_), Some(_)) => Err(missing("the only one has no name")),
        (DocumentOperations::Multiple(all), Some(name)) => {
            all.get(name).map(|one| &one.node).ok_or_else(|| missing("there is none of this name"))
        }
        (DocumentOperations::Multiple(all), None) => match all.values().next() {
            Some(one) if all.len() == 1 => Ok(&one.node),
            _ => Err(missing("there are several, and operationName is not given")),
        },
    }
}

struct Walk<'d> {
    fragments: &'d HashMap<Name, Positioned<FragmentDefinition>>,
    variables: &'d Variables,
    /// What the operation takes for a variable that is not given.
    defaults: HashMap<&'d str, u64>,
    /// Fields looked at, so that fragments within fragments cannot make this endless or exponential.
    looked: usize,
}

/// Refuses an operation that asks too much; answers what it costs.
pub fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<usize, ApiError> {
    let defaults = operation.variable_definitions.iter().filter_map(|definition| {
        let Some(Value::Number(number)) = definition.node.default_value.as_ref().map(|value| &value.node) else {
            return None;
        };
        Some((definition.node.name.node.as_str(), number.as_u64()?))
    });
    let mut walk = Walk { fragments: &document.fragments, variables, defaults: defaults.collect(), looked: 0 };
    let cost = walk.set(&operation.selection_set.node, 1, &mut vec![])?;
    if cost > COST {
        return Err(ApiError::request(Code::QueryTooCostly, format!("{cost} of {COST}")));
    }
    Ok(cost)
}

impl<'d> Walk<'d> {
    fn set(&mut self, set: &'d SelectionSet, depth: usize, open: &mut Vec<&'d str>) -> Result<usize, ApiError> {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        self.selections(set, depth, open, &mut seen)
    }

    fn selections(
        &mut self,
        set: &'d SelectionSet,
        depth: usize,
        open: &mut Vec<&'d str>,
        seen: &mut HashMap<&'d str, usize>,
    ) -> Result<usize, ApiError> {
        if depth > DEPTH {
            return Err(ApiError::request(Code::QueryTooDeep, DEPTH.to_string()));
        }
        let mut cost = 0usize;
        for selection in &set.items {
            self.looked += 1;
            if self.looked > 20_000 {
                return Err(ApiError::request(Code::QueryTooCostly, format!("more than {COST}")));
            }
            cost = cost.saturating_add(match &selection.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    let count = seen.entry(name).or_default();
                    *count += 1;
                    if *count > ALIASES {
                        return Err(ApiError::request(Code::TooManyAliases, ALIASES.to_string()));
                    }
                    let again = *count > 1;
                    self.field(&field.node, depth, open, again)?
                }
                Selection::InlineFragment(fragment) => {
                    self.selections(&fragment.node.selection_set.node, depth, open, seen)?
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    match self.fragments.get(name) {
                        // One that contains itself is refused by the validation that follows.
                        Some(fragment) if !open.contains(&name) => {
                            open.push(name);
                            let inner = self.selections(&fragment.node.selection_set.node, depth, open, seen);
                            open.pop();
                            inner?
                        }
                        _ => 0,
                    }
                }
            });
        }
        Ok(cost)
    }

    /// A scalar costs nothing, a long text ten, an object one, a page what it may bring times what each row costs. A
    /// scalar that is asked again under another name costs one, because the answer grows by it.
    fn field(
        &mut self,
        field: &'d Field,
        depth: usize,
        open: &mut Vec<&'d str>,
        again: bool,
    ) -> Result<usize, ApiError> {
        if field.selection_set.node.items.is_empty() {
            // It reads the version with its files and authors.
            if field.name.node == "artefactMetadata" {
                return Ok(50);
            }
            return Ok(if LONG.contains(&field.name.node.as_str()) { 10 } else { usize::from(again) });
        }
        // Looking at the schema costs no data.
        let introspection = field.name.node.starts_with("__");
        let inner = self.set(&field.selection_set.node, depth + 1, open)?;
        if introspection {
            return Ok(1);
        }
        let argument = |name: &str| field.get_argument(name).map(|value| &value.node);
        let is_page = field.selection_set.node.items.iter().any(|item| {
            matches!(&item.node, Selection::Field(child) if matches!(child.node.name.node.as_str(), "nodes" | "edges"))
                || !matches!(&item.node, Selection::Field(_))
        });
        let rows = match argument("first").or_else(|| argument("last")) {
            Some(value) => match value {
                InputValue::Number(number) => number.as_u64().unwrap_or(1),
                InputValue::Variable(name) => match self.variables.get(name) {
                    Some(Value::Number(number)) => number.as_u64().unwrap_or(1),
                    // Left out, the operation's own default counts; given as null, the page's.
                    Some(_) => 20,
                    None => self.defaults.get(name.as_str()).copied().unwrap_or(20),
                },
                _ => 20,
            },
            None if is_page && matches!(field.name.node.as_str(), "nodes" | "edges" | "object") => 1,
            None if is_page => 20,
            // It looks at up to so many rows.
            None if matches!(
                field.name.node.as_str(),
                "waitingForMe" | "visibility" | "viewAs" | "sessionSeriesPreview"
            ) =>
            {
                100
            }
            None if ASKED.iter().any(|ask| ask == field.name.node.as_str()) => 20,
            None if field.name.node == "searchSuggest" => 10,
            None => match argument("ids") {
                Some(InputValue::List(ids)) => ids.len() as u64,
                Some(_) => 100,
                None => 1,
            },
        };
        let rows = usize::try_from(rows).unwrap_or(usize::MAX).clamp(1, 1_000);
        let beside = LOOKS_THROUGH.iter().find(|(name, _)| depth == 1 && field.name.node == **name);
        let beside = beside.map_or(0, |(_, cost)| *cost);
        Ok(inner.saturating_add(1).saturating_mul(rows).saturating_add(beside).min(usize::MAX / 4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(query: &str) -> Result<usize, Code> {
        let document = async_graphql::parser::parse_query(query).map_err(|_| Code::QueryParseFailed)?;
        let operation = operation(&document, None).map_err(|error| error.code())?;
        check(&document, operation, &Variables::default()).map_err(|error| error.code())
    }

    #[test]
    fn tokens_are_counted_as_the_specification_has_them() {
        assert_eq!(count_tokens("{ a(b: \"x y\\\" z\", c: 1.5) }  # { } "), 11);
        assert_eq!(count_tokens(&"{a".repeat(10)), 20);
        assert_eq!(count_tokens("#\r{ a }"), 3);
        // A block string goes on over an escaped end of itself, and ends at three quotes after two backslashes.
        let (quotes, slash) = ("\"\"\"", "\\");
        assert_eq!(count_tokens(&format!("{quotes}{slash}{quotes} {{ a }} {quotes} b")), 2);
        assert_eq!(count_tokens(&format!("{quotes}x{slash}y{quotes} {{ a }}")), 4);
    }

    #[test]
    fn pages_multiply_and_scalars_are_free() {
        assert_eq!(cost("{ viewer { kind scopes } }"), Ok(1));
        assert_eq!(cost("{ viewer { waitingForMe { title blockedBy { code } } } }"), Ok(201));
        assert_eq!(cost("{ viewer { a: kind b: kind c: kind } }"), Ok(3));
        assert_eq!(cost("{ artefacts(first: 100) { nodes { body } } }"), Ok(1_200));
        assert_eq!(cost("{ search(query: \"x\", first: 10) { nodes { title } } }"), Ok(70));
        assert_eq!(cost("{ search(query: \"x\") { nodes { highlights { fragments } } } }"), Ok(310));
        let object = "{ search(query: \"x\", first: 1) { nodes { object { ... on Artefact { body cop { id } } } } } }";
        assert_eq!(cost(object), Ok(64));
        assert_eq!(cost("{ searchSuggest(prefix: \"x\") { title } }"), Ok(60));
        let bodies: String = (0..30).map(|i| format!("a{i}: body ")).collect();
        assert_eq!(cost(&format!("{{ artefacts(first: 100) {{ nodes {{ {bodies} }} }} }}")), Err(Code::QueryTooCostly));
        let by_default =
            "query($n: Int = 100) { cops(first: $n) { nodes { memberships(first: $n) { nodes { id } } } } }";
        assert_eq!(cost(by_default), Err(Code::QueryTooCostly));
        assert!(cost("{ cops(first: 20) { nodes { title theme { title } } } }").unwrap() < 100);
        assert_eq!(
            cost("{ cops(first: 100) { nodes { memberships(first: 100) { nodes { person { displayName } } } } } }"),
            Err(Code::QueryTooCostly)
        );
    }

    #[test]
    fn depth_and_aliases_are_bounded() {
        let deep = |n: usize| format!("{}a{}", "{ a ".repeat(n), " }".repeat(n));
        assert!(cost(&deep(14)).is_ok());
        assert_eq!(cost(&deep(16)), Err(Code::QueryTooDeep));
        let wide =
            |n: usize| format!("{{ {} }}", (0..n).map(|i| format!("a{i}: viewer {{ kind }} ")).collect::<String>());
        assert!(cost(&wide(30)).is_ok());
        assert_eq!(cost(&wide(31)), Err(Code::TooManyAliases));
    }
}
