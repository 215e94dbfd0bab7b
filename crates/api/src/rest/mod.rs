//! The REST surface: one generic handler for every operation, every list and every single read.

pub mod content;
mod import;
pub mod search;
mod texts;

use crate::{
    ask::{Ask, VisitAsk},
    contract,
    error::ApiError,
    graphql::connection::PageInfo,
    http::{Api, call_of, problem, read_body},
    list::{self, KeyedOp, ListOp, Node, VisitList},
    model::{
        names::{AudienceLabel, CopId},
        overview,
        view::{self, View},
        view_as::ViewAs,
        views::{PlannedTime, Visibility, WaitingStep},
        words,
    },
    op::{self, Call, ItemResult, Op, Visit},
    ops,
};
use actix_web::{
    HttpRequest, HttpResponse, Route, guard,
    http::{StatusCode, header},
    web,
};
use evolva_domain::{Code, Done, Error, Problem, record::Labelled, session::recurrence};
use serde_json::{Map, Value};
use std::time::Duration;

/// A change runs no longer than this; one that takes longer is rolled back.
const DEADLINE: Duration = Duration::from_secs(10);

pub fn configure(config: &mut web::ServiceConfig) {
    struct Routes(Vec<(String, Route)>);
    impl Visit for Routes {
        fn op<O: Op>(&mut self) {
            let route = match O::META.method {
                "PATCH" => web::patch(),
                "PUT" => web::put(),
                _ => web::post(),
            };
            self.0.push((full_path(O::META.path), route.to(change::<O>)));
        }
    }
    impl VisitList for Routes {
        fn list<L: ListOp>(&mut self) {
            self.0.push((full_path(L::PATH), reading().to(page::<L>)));
            self.0.push((full_path(&format!("{}/{{id}}", L::PATH)), reading().to(one::<L::View>)));
        }
        fn keyed<K: KeyedOp>(&mut self) {
            let path = contract::key_path_of(<K::List as ListOp>::PATH);
            self.0.push((full_path(&path), reading().to(one_by_key::<<K::List as ListOp>::View>)));
        }
    }
    impl VisitAsk for Routes {
        fn ask<A: Ask>(&mut self) {
            self.0.push((full_path(A::META.path), reading().to(asked::<A>)));
        }
    }
    let mut routes = Routes(vec![
        (full_path("/viewer"), reading().to(viewer)),
        (full_path("/viewer/waiting-for-me"), reading().to(waiting_for_me)),
        (full_path("/visibility/{id}"), reading().to(visibility)),
        (full_path("/view-as/{id}"), reading().to(view_as)),
        (full_path("/session-series/preview"), reading().to(preview_series)),
        (full_path("/enum-labels"), reading().to(enum_labels)),
        (full_path("/search"), reading().to(search::search)),
        (full_path("/search/suggestions"), reading().to(search::suggestions)),
        (full_path("/nodes"), reading().to(nodes)),
        (full_path("/nodes/{id}"), reading().to(node)),
        (full_path("/uploads/{id}/content"), web::put().to(content::take)),
        (full_path("/uploads/{id}/part"), reading().to(content::upload_part)),
        (full_path("/attachments/{id}/content"), reading().to(content::give)),
        (full_path("/artefacts/{id}/metadata"), reading().to(content::metadata)),
        (full_path("/cops/{id}/report.md"), reading().to(texts::report)),
        (full_path("/cops/{id}/figures.csv"), reading().to(texts::figures_of_one)),
        (full_path("/cop-figures.csv"), reading().to(texts::figures_of_many)),
        (full_path("/imports"), web::post().to(import::take)),
        (full_path("/imports/{id}/results"), reading().to(import::results)),
    ]);
    ops::each(&mut routes);
    overview::each(&mut routes);
    list::each(&mut routes);
    // One resource an address, with what it does not do answered as such. Fixed parts go before placeholders.
    let mut by_path: std::collections::BTreeMap<String, Vec<Route>> = Default::default();
    for (path, route) in routes.0 {
        by_path.entry(path).or_default().push(route);
    }
    let mut all: Vec<_> = by_path.into_iter().collect();
    all.sort_by_key(|(path, _)| path.contains('{'));
    for (path, routes) in all {
        let mut resource = web::resource(path.as_str());
        for route in routes {
            resource = resource.route(route);
        }
        let methods = contract::methods_of(&path);
        config.service(resource.default_service(web::to(move |request: HttpRequest| {
            let methods = methods.clone();
            async move {
                let mut response = problem(&request, &ApiError::request(Code::MethodNotAllowed, methods.as_str()));
                if let Ok(value) = header::HeaderValue::from_str(&methods) {
                    response.headers_mut().insert(header::ALLOW, value);
                }
                response
            }
        })));
    }
}

/// GET, and HEAD, which is the same without a body (RFC 9110, section 9.3.2).
pub fn reading() -> Route {
    Route::new().guard(guard::Any(guard::Get()).or(guard::Head()))
}

fn full_path(path: &str) -> String {
    format!("/api/v1{path}")
}

fn answered(request: &HttpRequest, result: Result<HttpResponse, ApiError>) -> HttpResponse {
    result.unwrap_or_else(|error| problem(request, &error))
}

/// An object with its version as `ETag`, or `304` where the client has it.
fn with_etag<T: serde::Serialize>(
    request: &HttpRequest,
    status: StatusCode,
    body: &T,
    version: Option<i64>,
) -> Result<HttpResponse, ApiError> {
    let bytes = serde_json::to_vec(body).map_err(|error| evolva_domain::Fault::from("writing an answer", error))?;
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes);
    let hex: String = hash.as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    // The version is what If-Match takes; the hash covers what changes with other rows, with the language and with the
    // time: allowed transitions above all.
    let etag = match version {
        Some(version) => format!("\"v{version}-{hex}\""),
        None => format!("\"{hex}\""),
    };
    if status == StatusCode::OK && is_known(request, &etag) && request.method() == actix_web::http::Method::GET {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    Ok(HttpResponse::build(status).insert_header((header::ETAG, etag)).content_type("application/json").body(bytes))
}

/// Whether the client has what this `ETag` is of (RFC 9110, section 13.1.2).
pub fn is_known(request: &HttpRequest, etag: &str) -> bool {
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    known.split(',').any(|one| one.trim().trim_start_matches("W/") == etag || one.trim() == "*")
}

/// A token's text and the like stand beside the object's own fields.
fn version_of(value: &Value) -> Option<i64> {
    value.get("version").and_then(Value::as_i64)
}

async fn change<O: Op>(request: HttpRequest, payload: web::Payload, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        call.scope.require(O::META.scope)?;
        let body = take_object(&request, payload, &api, O::META.method == "PATCH").await?;
        let input = input_of::<O>(&request, body)?;
        let deadline = || Error::conflict(Code::DeadlineExceeded, "", format!("{} s", DEADLINE.as_secs()));
        let Done { row, items } =
            tokio::time::timeout(DEADLINE, op::run::<O>(&call, input)).await.map_err(|_| deadline())??;
        let secret = O::secret(&call, &row).await?;
        let select = view::whole::<O::View>(&call.viewer(), true);
        let shown = match select {
            Ok(select) => call.show::<O::View, _>(&row, select).await,
            Err(error) => Err(error),
        };
        let mut value = match shown {
            Ok(view) => {
                serde_json::to_value(view).map_err(|error| evolva_domain::Fault::from("writing an answer", error))?
            }
            // It was done, but the caller may not read it: a token that only writes, or a row that is no longer theirs.
            Err(ApiError::Domain(Error::NotFound | Error::Forbidden(_))) => {
                use evolva_domain::record::Record;
                serde_json::json!({ "id": evolva_domain::id::join(O::Row::TABLE.prefix, row.base().id), "version": row.base().version })
            }
            Err(error) => return Err(error),
        };
        if let (true, Value::Object(object)) = (O::RESULTS, &mut value) {
            let results: Vec<_> = items.into_iter().map(|item| ItemResult::of(item, call.language)).collect();
            object.insert("results".to_owned(), serde_json::json!(results));
        }
        if let (Some(secret), Some(name), Value::Object(object)) = (secret, O::SECRET, &mut value) {
            object.insert(view::camel(name), secret.into());
        }
        let fresh = request.headers().contains_key(header::IF_NONE_MATCH);
        let created = if O::META.method == "PUT" { fresh } else { contract::makes(&O::META) };
        let status = if created { StatusCode::CREATED } else { StatusCode::OK };
        let mut response = with_etag(&request, status, &value, version_of(&value))?;
        if created && let Some(id) = value.get("id").and_then(Value::as_str) {
            let list = contract::list_path_of(O::META.path);
            if let Ok(location) = header::HeaderValue::from_str(&format!("{}/{id}", full_path(&list))) {
                response.headers_mut().insert(header::LOCATION, location);
            }
        }
        Ok(response)
    };
    let result = run.await;
    answered(&request, result)
}

/// The body as an object; none is an empty one, for steps that need nothing said.
async fn take_object(
    request: &HttpRequest,
    payload: web::Payload,
    api: &Api,
    merge_patch: bool,
) -> Result<Map<String, Value>, ApiError> {
    let empty = request.headers().get(header::CONTENT_LENGTH).is_none_or(|length| length == "0")
        && !request.headers().contains_key(header::TRANSFER_ENCODING);
    if empty {
        return Ok(Map::new());
    }
    let types: &[&str] =
        if merge_patch { &["application/merge-patch+json", "application/json"] } else { &["application/json"] };
    let bytes = read_body(request, payload, api.limits.body, types).await?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(ApiError::request(Code::MalformedBody, "it must be a JSON object")),
        Err(error) => Err(ApiError::request(Code::MalformedBody, error.to_string())),
    }
}

/// The input of an operation: the body, with the id of the address and the version of `If-Match`.
fn input_of<O: Op>(request: &HttpRequest, mut body: Map<String, Value>) -> Result<O::Input, ApiError> {
    let outside = contract::named_outside(&O::META);
    let mut problems: Vec<Problem> = vec![];
    if !outside.is_empty() {
        for name in outside {
            if body.remove(*name).is_some() {
                problems.push(Problem {
                    code: Code::InvalidValue,
                    field: vec![(*name).into()],
                    detail: "it stands in the address or in If-Match".into(),
                });
            }
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems).into());
        }
        body.insert(outside[0].to_owned(), named(request, outside[0])?.into());
    }
    if O::META.method == "PATCH" {
        // A merge patch empties a field with null; what can be empty is declared as a change.
        let filled =
            |name: &str| O::FIELDS.iter().any(|(field, of)| view::same_name(name, field) && !of.starts_with("Change"));
        let emptied = body.iter().filter(|(name, value)| value.is_null() && filled(name));
        let problems: Vec<_> = emptied
            .map(|(name, _)| Problem { code: Code::Required, field: vec![name.clone().into()], detail: String::new() })
            .collect();
        if !problems.is_empty() {
            return Err(Error::Invalid(problems).into());
        }
        body.insert("version".to_owned(), if_match(request, "to PATCH it.")?.into());
    }
    if O::META.method == "PUT" {
        // Who wants none to be there yet says so by `If-None-Match: *` (RFC 9110, section 13.1.2).
        let none = request.headers().get(header::IF_NONE_MATCH);
        let version = match none {
            Some(value) if value.as_bytes() == b"*" && !request.headers().contains_key(header::IF_MATCH) => Some(0),
            Some(_) => {
                return Err(ApiError::request(Code::InvalidValue, "If-None-Match: *, and no If-Match beside it"));
            }
            None => if_match(request, "to put over it, or If-None-Match: * to make it.")?,
        };
        body.insert("version".to_owned(), version.into());
        body.insert("mustExist".to_owned(), none.is_none().into());
    }
    parse(Value::Object(body))
}

fn parse<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, ApiError> {
    evolva_domain::read(&value).map_err(|problems| Error::Invalid(problems).into())
}

/// What names an object in the address: its id, or its owner's own key, which comes last and is percent-encoded.
fn named(request: &HttpRequest, name: &str) -> Result<String, ApiError> {
    if name == "id" {
        return Ok(request.match_info().query(name).to_owned());
    }
    let raw = request.uri().path().rsplit('/').next().unwrap_or_default();
    let mut escapes = raw.split('%').skip(1);
    if escapes.any(|rest| rest.get(..2).is_none_or(|hex| !hex.bytes().all(|byte| byte.is_ascii_hexdigit()))) {
        return Err(Error::invalid(Code::InvalidValue, "externalId", "percent-encoded").into());
    }
    let key = percent_encoding::percent_decode_str(raw).decode_utf8();
    Ok(key.map_err(|_| Error::invalid(Code::InvalidValue, "externalId", "UTF-8"))?.into_owned())
}

/// The version that `If-Match` asks for (RFC 9110, section 13.1.1); none for `*`, which any version is.
fn if_match(request: &HttpRequest, otherwise: &'static str) -> Result<Option<i64>, ApiError> {
    let value = request.headers().get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    let value = value.ok_or_else(|| ApiError::request(Code::PreconditionRequired, otherwise))?.trim();
    if value == "*" {
        return Ok(None);
    }
    let mut tags = value.split(',').map(|tag| tag.trim().strip_prefix('"')?.strip_suffix('"'));
    if tags.clone().any(|tag| tag.is_none()) {
        return Err(ApiError::request(Code::InvalidValue, "If-Match: an ETag in its quotes, such as \"v1\""));
    }
    // No version is 0: a tag of another form is one that no version of ours has.
    Ok(Some(tags.find_map(|tag| tag?.strip_prefix('v')?.split('-').next()?.parse().ok()).unwrap_or(0)))
}

/// The query keys of an address; a key that stands twice or that is not known is an error.
fn query_of(request: &HttpRequest) -> Result<Map<String, Value>, ApiError> {
    let pairs: Vec<(String, String)> = web::Query::from_query(request.query_string())
        .map(web::Query::into_inner)
        .map_err(|error| ApiError::request(Code::UnknownParameter, error.to_string()))?;
    let mut map = Map::new();
    for (name, value) in pairs {
        // Filters are texts but for these switches.
        let value = match (name.as_str(), value.as_str()) {
            ("dryRun" | "history" | "discoverable" | "public" | "facets" | "totalCount", "true") => Value::Bool(true),
            ("dryRun" | "history" | "discoverable" | "public" | "facets" | "totalCount", "false") => Value::Bool(false),
            _ => Value::String(value),
        };
        if map.insert(name.clone(), value).is_some() {
            return Err(ApiError::request(Code::UnknownParameter, format!("'{name}' stands twice")));
        }
    }
    Ok(map)
}

/// Makes a number of a key that is one.
fn number(query: &mut Map<String, Value>, name: &'static str) -> Result<(), ApiError> {
    if let Some(Value::String(text)) = query.get(name) {
        let number: i64 = text.parse().map_err(|_| Error::invalid(Code::OutOfRange, name, "1 to 100"))?;
        query.insert(name.to_owned(), number.into());
    }
    Ok(())
}

fn no_parameters(request: &HttpRequest) -> Result<(), ApiError> {
    no_more(&query_of(request)?)
}

/// Refuses what is left of the query keys.
fn no_more(query: &Map<String, Value>) -> Result<(), ApiError> {
    match query.keys().next() {
        Some(other) => Err(ApiError::request(Code::UnknownParameter, format!("'{other}'"))),
        None => Ok(()),
    }
}

/// `startDate` or `-startDate`, one of the orders that the list has.
pub fn sort_keys<O: Labelled>() -> impl Iterator<Item = (String, O)> {
    O::ALL.iter().map(|order| {
        let sort = list::sort_of(*order);
        (format!("{}{}", if sort.descending { "-" } else { "" }, view::camel(sort.column)), *order)
    })
}

async fn page<L: ListOp>(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        call.scope.require(L::View::READ)?;
        let mut query = query_of(&request)?;
        let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
        let first = match text(query.remove("first")) {
            Some(first) => Some(first.parse().map_err(|_| Error::invalid(Code::OutOfRange, "first", "1 to 100"))?),
            None => None,
        };
        let after = text(query.remove("after"));
        let order =
            match text(query.remove("sort")) {
                Some(sort) => {
                    let found = sort_keys::<L::Order>().find(|(key, _)| *key == sort).map(|(_, order)| order);
                    let keys: Vec<_> = sort_keys::<L::Order>().map(|(key, _)| key).collect();
                    Some(found.ok_or_else(|| {
                        Error::invalid(Code::InvalidValue, "sort", format!("one of {}", keys.join(", ")))
                    })?)
                }
                None => None,
            };
        let filter = parse::<L::Filter>(Value::Object(query))?;
        let page = list::rest_page::<L>(&call, filter, None, order, first, after.as_deref()).await?;
        let body = serde_json::json!({
            "items": page.edges.iter().map(|edge| &edge.node).collect::<Vec<_>>(),
            "pageInfo": { "endCursor": page.page_info.end_cursor, "hasNextPage": page.page_info.has_next_page },
        });
        let mut response = with_etag(&request, StatusCode::OK, &body, None)?;
        link_next(&request, &mut response, &page.page_info);
        Ok(response)
    };
    let result = run.await;
    answered(&request, result)
}

/// Names the next page, if there is one.
fn link_next(request: &HttpRequest, response: &mut HttpResponse, page: &PageInfo) {
    if page.has_next_page
        && let Some(cursor) = &page.end_cursor
    {
        let kept = request.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
        let keys: Vec<_> = kept.map(str::to_owned).chain([format!("after={cursor}")]).collect();
        let link = format!("<{}?{}>; rel=\"next\"", request.path(), keys.join("&"));
        if let Ok(link) = header::HeaderValue::from_str(&link) {
            response.headers_mut().insert(header::LINK, link);
        }
    }
}

async fn one<V: View>(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        call.scope.require(V::READ)?;
        let text = request.match_info().query("id");
        let malformed = || {
            let expected = evolva_domain::id::MalformedId { expected: V::TABLE.prefix };
            Error::invalid(Code::InvalidId, "id", expected.to_string())
        };
        let (prefix, id) = evolva_domain::id::split(text).ok_or_else(malformed)?;
        if prefix != V::TABLE.prefix {
            return Err(malformed().into());
        }
        let view = list::single::<V>(&call, id).await?;
        let value =
            serde_json::to_value(view).map_err(|error| evolva_domain::Fault::from("writing an answer", error))?;
        with_etag(&request, StatusCode::OK, &value, version_of(&value))
    };
    let result = run.await;
    answered(&request, result)
}

async fn one_by_key<V: View>(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        no_parameters(&request)?;
        let select = view::whole::<V>(&call.viewer(), true)?;
        let view: Option<V> = list::by_key(&call, select, &named(&request, "externalId")?).await?;
        let view = view.ok_or(ApiError::Domain(Error::NotFound))?;
        let value =
            serde_json::to_value(view).map_err(|error| evolva_domain::Fault::from("writing an answer", error))?;
        with_etag(&request, StatusCode::OK, &value, version_of(&value))
    };
    let result = run.await;
    answered(&request, result)
}

async fn asked<A: Ask>(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        call.scope.require_itself(A::META.scope)?;
        let mut query = query_of(&request)?;
        if A::META.path.contains("{id}") {
            if query.contains_key("id") {
                return Err(ApiError::request(Code::UnknownParameter, "'id'"));
            }
            query.insert("id".to_owned(), Value::String(named(&request, "id")?));
        }
        number(&mut query, "first")?;
        let output = A::run(&call, parse(Value::Object(query))?).await?;
        with_etag(&request, StatusCode::OK, &output, None)
    };
    let result = run.await;
    answered(&request, result)
}

async fn viewer(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        let body = viewer_of(&call);
        with_etag(&request, StatusCode::OK, &body, None)
    };
    let result = run.await;
    answered(&request, result)
}

async fn waiting_for_me(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        no_parameters(&request)?;
        let items = WaitingStep::all(&call).await?;
        with_etag(&request, StatusCode::OK, &serde_json::json!({ "items": items }), None)
    };
    let result = run.await;
    answered(&request, result)
}

async fn visibility(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Asked {
            audience: Option<AudienceLabel>,
        }
        let asked = parse::<Asked>(Value::Object(query_of(&request)?))?.audience.map(|audience| audience.0);
        let id = request.match_info().query("id");
        let all = evolva_domain::explain::visibility(&call.ctx, &call.scope, id, asked).await?;
        with_etag(&request, StatusCode::OK, &Visibility::from(all), None)
    };
    let result = run.await;
    answered(&request, result)
}

fn parsed<K: evolva_domain::id::Prefixed>(id: &str) -> Result<evolva_domain::Id<K>, Error> {
    id.parse().map_err(|error: evolva_domain::id::MalformedId| Error::invalid(Code::InvalidId, "id", error.to_string()))
}

async fn view_as(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        let asked = parse(Value::Object(query_of(&request)?))?;
        let seen = ViewAs::of(&call, request.match_info().query("id"), asked).await?;
        with_etag(&request, StatusCode::OK, &seen, None)
    };
    let result = run.await;
    answered(&request, result)
}

async fn preview_series(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Asked {
            rule: String,
            start_date: chrono::NaiveDate,
            start_time: String,
            end_time: String,
            time_zone: Option<String>,
            #[serde(default)]
            except_dates: Vec<chrono::NaiveDate>,
            cop_id: Option<CopId>,
        }
        let mut query = query_of(&request)?;
        if let Some(Value::String(dates)) = query.get_mut("exceptDates") {
            let dates: Vec<_> = dates.split(',').filter(|date| !date.is_empty()).map(Value::from).collect();
            query.insert("exceptDates".to_owned(), dates.into());
        }
        let Asked { rule, start_date, start_time, end_time, time_zone, except_dates, cop_id } =
            parse(Value::Object(query))?;
        let asked = recurrence::Asked { rule, start_date, start_time, end_time, time_zone, except_dates };
        let items = PlannedTime::all(&call, asked, cop_id).await?;
        with_etag(&request, StatusCode::OK, &serde_json::json!({ "items": items }), None)
    };
    let result = run.await;
    answered(&request, result)
}

fn viewer_of(call: &Call) -> Value {
    let principal = call.scope.principal();
    serde_json::json!({
        "organisationId": principal.tenant, "personId": call.scope.person(), "tokenId": principal.token, "kind": principal.kind.label(),
        "scopes": principal.scopes.iter().map(|scope| scope.label()).collect::<Vec<_>>(),
    })
}

async fn enum_labels(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        let mut query = query_of(&request)?;
        let name = query.remove("name");
        no_more(&query)?;
        let items = words::enum_labels(name.as_ref().and_then(Value::as_str), call.language);
        with_etag(&request, StatusCode::OK, &serde_json::json!({ "items": items }), None)
    };
    let result = run.await;
    answered(&request, result)
}

async fn node(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        let node = Node::read_all(&call, &[request.match_info().query("id")], None).await?.pop().flatten();
        with_etag(&request, StatusCode::OK, &node.ok_or(ApiError::Domain(Error::NotFound))?, None)
    };
    let result = run.await;
    answered(&request, result)
}

async fn nodes(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        let query = query_of(&request)?;
        let ids = query.get("ids").and_then(Value::as_str).unwrap_or_default();
        let ids: Vec<_> = ids.split(',').filter(|id| !id.is_empty()).collect();
        let items = Node::read_all(&call, &ids, None).await?;
        with_etag(&request, StatusCode::OK, &serde_json::json!({ "items": items }), None)
    };
    let result = run.await;
    answered(&request, result)
}
