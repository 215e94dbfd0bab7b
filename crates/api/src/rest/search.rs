//! Search over REST: what is asked stands in the address. How that is documented stands here, beside how it is read.

use super::{answered, link_next, no_more, parse, query_of, with_etag};
use crate::{
    contract::parameter,
    error::ApiError,
    http::{Api, call_of},
    model::{
        names::SearchKindLabel,
        search::{self, SearchFilter, Wanted},
    },
};
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use evolva_domain::{Code, Error};
use serde_json::{Map, Value, json};

fn text(query: &mut Map<String, Value>, name: &str) -> Option<String> {
    query.remove(name).and_then(|value| value.as_str().map(str::to_owned))
}

fn number(query: &mut Map<String, Value>, name: &'static str, range: &str) -> Result<Option<i64>, Error> {
    let given = text(query, name);
    given.map(|text| text.parse().map_err(|_| Error::invalid(Code::OutOfRange, name, range))).transpose()
}

fn switch(query: &mut Map<String, Value>, name: &'static str) -> Result<bool, Error> {
    match query.remove(name) {
        None => Ok(false),
        Some(Value::Bool(given)) => Ok(given),
        Some(_) => Err(Error::invalid(Code::InvalidValue, name, "true or false")),
    }
}

/// Several values stand in one key, with commas.
fn split(text: String) -> Value {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().into()
}

pub async fn search(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        let mut query = query_of(&request)?;
        let words = text(&mut query, "query").unwrap_or_default();
        let first = number(&mut query, "first", "1 to 100")?;
        let after = text(&mut query, "after");
        let wanted = Wanted {
            rows: true,
            highlights: true,
            facets: switch(&mut query, "facets")?,
            total: switch(&mut query, "totalCount")?,
            ..Wanted::default()
        };
        let (total, facets) = (wanted.total, wanted.facets);
        let kinds = text(&mut query, "kinds").map(|kinds| parse(split(kinds)).map_err(of("kinds"))).transpose()?;
        let of_artefacts = text(&mut query, "artefactKinds").map(|kinds| parse(split(kinds)));
        let artefact_kinds = of_artefacts.transpose().map_err(of("artefactKinds"))?;
        if let Some(year) = number(&mut query, "year", "1000 to 9999")? {
            query.insert("year".to_owned(), year.into());
        }
        let filter = SearchFilter { kinds, artefact_kinds, ..parse(Value::Object(query))? };
        let page = search::run(&call, words, filter, first, after.as_deref(), wanted).await?;
        let mut body = json!({
            "items": page.edges.iter().map(|edge| &edge.node).collect::<Vec<_>>(),
            "pageInfo": { "endCursor": page.page_info.end_cursor, "hasNextPage": page.page_info.has_next_page },
        });
        if total {
            body["totalCount"] = json!(page.total);
        }
        if facets {
            body["facets"] = json!(page.facets);
        }
        let mut response = with_etag(&request, StatusCode::OK, &body, None)?;
        link_next(&request, &mut response, &page.page_info);
        Ok(response)
    };
    let result = run.await;
    answered(&request, result)
}

pub async fn suggestions(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        let mut query = query_of(&request)?;
        let prefix = text(&mut query, "prefix").unwrap_or_default();
        let first = number(&mut query, "first", "1 to 20")?;
        let kinds = text(&mut query, "kinds").map(split).unwrap_or_else(|| json!([]));
        no_more(&query)?;
        let kinds = parse::<Vec<SearchKindLabel>>(kinds).map_err(of("kinds"))?;
        let items = search::suggest(&call, prefix, kinds, first).await?;
        with_etag(&request, StatusCode::OK, &json!({ "items": items }), None)
    };
    let result = run.await;
    answered(&request, result)
}

fn required(mut parameter: Value) -> Value {
    parameter["required"] = json!(true);
    parameter
}

fn of_type(name: &str, of: &str, text: &str) -> Value {
    parameter(name, "query", text, json!({ "type": of }))
}

fn of_schema(name: &str, of: &str, text: &str) -> Value {
    parameter(name, "query", text, json!({ "$ref": format!("#/components/schemas/{of}") }))
}

fn first(most: u32, text: &str) -> Value {
    parameter("first", "query", text, json!({ "type": "integer", "minimum": 1, "maximum": most }))
}

fn several(name: &str, of: &str, text: &str) -> Value {
    let of = json!({ "type": "array", "items": { "$ref": format!("#/components/schemas/{of}") } });
    let mut several = parameter(name, "query", text, of);
    several["explode"] = json!(false);
    several
}

fn kinds() -> Value {
    let text = "Of these kinds, with commas, each with the scope that reads it; all that your token may read if none is named.";
    several("kinds", "SearchKind", text)
}

/// What a search takes, for the document.
pub fn parameters() -> Value {
    json!([
        required(of_type(
            "query",
            "string",
            "The words, 1 to 12 of them and at most 400 characters. Nothing in it is syntax."
        )),
        kinds(),
        of_schema("themeId", "thmId", "About this theme: artefacts, CoPs and the theme itself."),
        of_schema("organisationId", "orgId", "Of this organisation."),
        of_type("tag", "string", "With this tag: artefacts."),
        of_type("language", "string", "In this language, such as nl: artefacts."),
        several("artefactKinds", "ArtefactKind", "Artefacts of these kinds, with commas."),
        parameter("year", "query", "Of this year.", json!({ "type": "integer", "minimum": 1000, "maximum": 9999 })),
        first(100, "How many; 20 if nothing is said."),
        of_type("after", "string", "Go on after this cursor."),
        parameter(
            "totalCount",
            "query",
            "Whether to count all that is found.",
            json!({ "type": "boolean", "default": false })
        ),
        parameter(
            "facets",
            "query",
            "Whether to count by what it can be told apart.",
            json!({ "type": "boolean", "default": false })
        ),
    ])
}

/// The same for suggestions.
pub fn parameters_of_suggestions() -> Value {
    let prefix = "What was typed so far; the last word is taken as the beginning of one.";
    json!([required(of_type("prefix", "string", prefix)), kinds(), first(20, "How many; 10 if nothing is said.")])
}

/// A fault of one of them is a fault of the key that they stand in.
fn of(key: &'static str) -> impl Fn(ApiError) -> ApiError {
    move |error| {
        let ApiError::Domain(Error::Invalid(problems)) = error else { return error };
        let problems = problems.into_iter().map(|mut problem| {
            problem.field = vec![key.into()];
            problem
        });
        Error::Invalid(problems.collect()).into()
    }
}
