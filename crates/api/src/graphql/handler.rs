//! GraphQL over HTTP (draft of the GraphQL Foundation): GET and POST, content negotiation, status codes.

use super::{limits, misfit};
use crate::{
    error::ApiError,
    http::{Api, call_of, problem, read_body, wants_graphql_response},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode, header},
    web,
};
use async_graphql::{
    Name, Request, Response, ServerError, Variables,
    parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet},
};
use evolva_domain::{Code, Problem, error::Language};
use std::{collections::HashMap, time::Duration};

/// An operation runs no longer than this.
const DEADLINE: Duration = Duration::from_secs(10);

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<serde_json::Value>,
    #[allow(dead_code)]
    extensions: Option<serde_json::Map<String, serde_json::Value>>,
}

/// What the client reads: the draft's own media type, or plain JSON with status 200 whatever happened.
#[derive(Clone, Copy, PartialEq)]
enum Media {
    Graphql,
    Json,
}

impl Media {
    fn name(self) -> &'static str {
        match self {
            Self::Graphql => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

pub async fn handle(request: HttpRequest, payload: web::Payload, api: web::Data<Api>) -> HttpResponse {
    if request.method() == Method::GET && accepts_html(&request) {
        return super::super::http::graphiql_page();
    }
    match answer(&request, payload, &api).await {
        Ok(response) => response,
        Err(error) => problem(&request, &error),
    }
}

fn accepts_html(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.split(',').any(|part| part.trim().starts_with("text/html"))
}

async fn answer(request: &HttpRequest, payload: web::Payload, api: &Api) -> Result<HttpResponse, ApiError> {
    // Who calls comes first: without a token nothing is read, not even the document.
    let call = call_of(request, api).await?;
    let media = match wants_graphql_response(request) {
        Some(true) => Media::Graphql,
        Some(false) => Media::Json,
        None => {
            let names = "application/graphql-response+json, application/json";
            return Err(ApiError::request(Code::NotAcceptable, names));
        }
    };
    let body =
        if request.method() == Method::GET { from_query(request)? } else { from_post(request, payload, api).await? };
    let language = call.language;
    let trace_id = call.trace_id.clone();
    let refuse = |error: ApiError| -> Result<HttpResponse, ApiError> {
        let error = error.graphql(language, &trace_id);
        let mut server = ServerError::new(error.message, None);
        server.extensions = error.extensions;
        Ok(render(media, StatusCode::BAD_REQUEST, Response::from_errors(vec![server])))
    };
    let Some(query) = body.query.filter(|query| !query.trim().is_empty()) else {
        return refuse(ApiError::request(Code::QueryMissing, ""));
    };
    if limits::count_tokens(&query) > limits::TOKENS {
        return refuse(ApiError::request(Code::TooManyTokens, limits::TOKENS.to_string()));
    }
    let document = match api.documents.parse(&query) {
        Ok(document) => document,
        Err(error) => return refuse(ApiError::request(Code::QueryParseFailed, error.to_string())),
    };
    let variables = match body.variables {
        None | Some(serde_json::Value::Null) => Variables::default(),
        Some(value @ serde_json::Value::Object(_)) => Variables::from_json(value),
        Some(_) => return refuse(ApiError::request(Code::VariablesInvalid, "'variables' must be an object")),
    };
    let operation = match limits::operation(&document, body.operation_name.as_deref()) {
        Ok(operation) => operation,
        Err(error) => return refuse(error),
    };
    if operation.ty == OperationType::Mutation && request.method() == Method::GET {
        return Err(ApiError::request(Code::MutationByGet, ""));
    }
    let operation_type = operation.ty;
    let mut keys = Keys::default();
    keys_of(&document, &operation.selection_set.node, &mut keys, 0);
    let cost = match limits::check(&document, operation, &variables) {
        Ok(cost) => cost,
        Err(error) => return refuse(error),
    };
    let price = async_graphql::value!({ "requested": cost, "limit": limits::COST });
    if request.query_string().split('&').any(|pair| pair == "explain=cost") {
        return Ok(render(media, StatusCode::OK, Response::new(async_graphql::Value::Null).extension("cost", price)));
    }
    let mut run = Request::new(query.clone()).variables(variables.clone()).data(call);
    run.set_parsed_query(document);
    if let Some(name) = body.operation_name.clone() {
        run = run.operation_name(name);
    }
    let response = match tokio::time::timeout(DEADLINE, api.schema.execute(run)).await {
        Ok(response) => response,
        Err(_) => return refuse(ApiError::request(Code::DeadlineExceeded, format!("{} s", DEADLINE.as_secs()))),
    };
    let mut response = in_order(with_codes(response), &keys).extension("cost", price);
    // A request that could not run at all has no data; one that ran has, even if it is null in places. An argument that
    // does not fit its type is found by the library only when it comes to its field; of a query nothing has happened by
    // then, so it is answered as what it is, a request that cannot run.
    let misfit = response.errors.iter().any(is_misfit);
    if misfit
        && let Ok(document) = api.documents.parse(&query)
        && let Ok(operation) = limits::operation(&document, body.operation_name.as_deref())
    {
        let schemas = || (api.schema.sdl(), api.openapi.to_vec());
        name_misfits(&mut response, language, |said| misfit::of(schemas, operation, &variables, said));
    }
    if misfit && operation_type == OperationType::Query {
        response.data = async_graphql::Value::Null;
        response.errors.retain(is_misfit);
        response.errors.iter_mut().for_each(|error| error.path.clear());
    }
    let ran = response.is_ok() || response.errors.iter().any(|error| !error.path.is_empty());
    Ok(render(media, if ran { StatusCode::OK } else { StatusCode::BAD_REQUEST }, response))
}

/// The names that fields have in the answer, in the order of the document, each with those below it. Only the fields of
/// the viewer read by themselves; those of other objects are there when their turn comes.
#[derive(Default)]
struct Keys(Vec<(Name, Keys)>);

impl Keys {
    fn place(&self, key: &str) -> usize {
        self.0.iter().position(|(known, _)| known == key).unwrap_or(usize::MAX)
    }

    fn sort(&self, fields: &mut async_graphql::indexmap::IndexMap<Name, async_graphql::Value>) {
        fields.sort_by(|a, _, b, _| self.place(a).cmp(&self.place(b)));
        for (key, below) in &self.0 {
            if let Some(async_graphql::Value::Object(fields)) = fields.get_mut(key)
                && !below.0.is_empty()
            {
                below.sort(fields);
            }
        }
    }
}

fn keys_of(document: &ExecutableDocument, set: &SelectionSet, keys: &mut Keys, depth: usize) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                let key = field.node.response_key().node.clone();
                let place = keys.place(&key);
                if place == usize::MAX {
                    keys.0.push((key, Keys::default()));
                }
                let place = place.min(keys.0.len() - 1);
                if field.node.name.node == "viewer" && depth < limits::DEPTH {
                    keys_of(document, &field.node.selection_set.node, &mut keys.0[place].1, depth + 1);
                }
            }
            Selection::InlineFragment(fragment) => {
                keys_of(document, &fragment.node.selection_set.node, keys, depth + 1);
            }
            Selection::FragmentSpread(spread) => {
                // One that contains itself was refused before anything ran.
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node)
                    && depth < limits::DEPTH
                {
                    keys_of(document, &fragment.node.selection_set.node, keys, depth + 1);
                }
            }
        }
    }
}

/// Fields run at once, and the library answers with whichever is done first. The specification (section 7.2.2) asks for
/// the order of the document, and an answer must not tell how long each part took.
fn in_order(mut response: Response, keys: &Keys) -> Response {
    if let async_graphql::Value::Object(fields) = &mut response.data {
        keys.sort(fields);
    }
    response.errors.sort_by_key(|error| {
        let mut places = error.path.iter().map(|part| match part {
            async_graphql::PathSegment::Field(key) => Some(key),
            async_graphql::PathSegment::Index(_) => None,
        });
        let Some(root) = places.next().flatten() else { return (usize::MAX, usize::MAX) };
        let below = keys.0.iter().find(|(known, _)| known == root).map(|(_, below)| below);
        let second = places.next().flatten();
        (keys.place(root), below.zip(second).map_or(usize::MAX, |(below, key)| below.place(key)))
    });
    response
}

/// Whether the library found that an input does not fit its type. Errors of ours carry the request's id.
fn is_misfit(error: &ServerError) -> bool {
    error.extensions.as_ref().is_none_or(|extensions| extensions.get("traceId").is_none())
}

/// Says of which variables, and of which fields of them, the library's errors are: all that do not fit, with the first error
/// that tells of one.
fn name_misfits(response: &mut Response, language: Language, find: impl FnOnce(&str) -> Vec<Problem>) {
    let Some(error) = response.errors.iter_mut().find(|error| is_misfit(error)) else { return };
    let found = find(&error.message);
    let Some(first) = found.first() else { return };
    let extensions = error.extensions.get_or_insert_default();
    let path = |problem: &Problem| {
        async_graphql::Value::List(problem.field.iter().map(|part| part.to_string().into()).collect())
    };
    extensions.set("field", path(first));
    let problems = found.iter().map(|one| {
        let (code, message) = (one.code.label(), one.message(language));
        async_graphql::value!({ "code": code, "field": path(one), "message": message })
    });
    extensions.set("problems", async_graphql::Value::List(problems.collect()));
}

/// Each error has a code, also those that the library makes while it validates.
fn with_codes(mut response: Response) -> Response {
    for error in &mut response.errors {
        let extensions = error.extensions.get_or_insert_default();
        if extensions.get("code").is_none() {
            let of_input = error.message.contains("Failed to parse") || error.message.contains("Variable \"");
            let code = if of_input || !error.path.is_empty() { Code::VariablesInvalid } else { Code::QueryInvalid };
            extensions.set("code", code.label());
        }
    }
    response
}

fn render(media: Media, status: StatusCode, response: Response) -> HttpResponse {
    let status = if media == Media::Json { StatusCode::OK } else { status };
    let mut builder = HttpResponse::build(status);
    builder.insert_header((header::CONTENT_TYPE, media.name()));
    match serde_json::to_vec(&Rendered { response: &response, without_data: status == StatusCode::BAD_REQUEST }) {
        Ok(body) => builder.body(body),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// A request that could not run has no `data` at all (specification, section 7.1).
struct Rendered<'r> {
    response: &'r Response,
    without_data: bool,
}

impl serde::Serialize for Rendered<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let failed = !self.response.errors.is_empty() && self.response.errors.iter().all(|error| error.path.is_empty());
        if !self.without_data && !failed {
            return self.response.serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("errors", &self.response.errors)?;
        map.serialize_entry("extensions", &self.response.extensions)?;
        map.end()
    }
}

fn from_query(request: &HttpRequest) -> Result<Body, ApiError> {
    let query: HashMap<String, String> = web::Query::from_query(request.query_string())
        .map(web::Query::into_inner)
        .map_err(|error| ApiError::request(Code::MalformedBody, error.to_string()))?;
    let json = |name: &str| {
        query
            .get(name)
            .map(|text| serde_json::from_str(text))
            .transpose()
            .map_err(|error| ApiError::request(Code::MalformedBody, format!("'{name}': {error}")))
    };
    let (query_text, operation_name) = (query.get("query").cloned(), query.get("operationName").cloned());
    Ok(Body { query: query_text, operation_name, variables: json("variables")?, extensions: None })
}

async fn from_post(request: &HttpRequest, payload: web::Payload, api: &Api) -> Result<Body, ApiError> {
    let bytes = read_body(request, payload, api.limits.body, &["application/json"]).await?;
    let malformed = |error: serde_json::Error| ApiError::request(Code::MalformedBody, error.to_string());
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(malformed)?;
    if value.is_array() {
        return Err(ApiError::request(Code::BatchNotSupported, ""));
    }
    serde_json::from_value(value).map_err(malformed)
}
