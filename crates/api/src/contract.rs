//! The published contract, made from the declarations without state or database: the GraphQL schema, the OpenAPI
//! document, the table of error codes, and the list of operations that the tests go by.

mod texts;

use crate::{
    ask::{Ask, AskMeta, VisitAsk},
    error::{FieldError, ProblemDetails},
    graphql,
    list::{self, KeyedOp, ListOp, VisitList},
    model::{
        overview,
        search::{SearchFacet, SearchHit, SearchSuggestion},
        view::{View, camel},
        view_as::ViewAs,
        views,
    },
    op::{ItemResult, Op, OpMeta, Visit},
    ops,
};
use evolva_domain::{Code, error::Language, scope::Scope};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// The version of the API, on every answer.
pub const VERSION: &str = "1.0.0";

/// The GraphQL schema in the schema definition language.
pub fn sdl() -> String {
    graphql::schema()
        .sdl_with_options(async_graphql::SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items())
}

/// A root read or list, for the tables and tests.
#[derive(Debug, Clone, Copy)]
pub struct ListMeta {
    /// The GraphQL fields: of the list, and of one by its id.
    pub names: (&'static str, &'static str),
    pub path: &'static str,
    pub scope: Scope,
    pub prefix: &'static str,
}

/// A read by the owner's own key.
#[derive(Debug, Clone)]
pub struct KeyedMeta {
    /// The GraphQL field.
    pub name: &'static str,
    pub path: String,
    pub scope: Scope,
}

#[derive(Default)]
struct Collect {
    ops: Vec<OpMeta>,
    lists: Vec<ListMeta>,
    keyed: Vec<KeyedMeta>,
    asks: Vec<AskMeta>,
}
impl VisitAsk for Collect {
    fn ask<A: Ask>(&mut self) {
        self.asks.push(A::META);
    }
}
impl Visit for Collect {
    fn op<O: Op>(&mut self) {
        self.ops.push(O::META);
    }
}
impl VisitList for Collect {
    fn list<L: ListOp>(&mut self) {
        self.lists.push(ListMeta {
            names: L::NAMES,
            path: L::PATH,
            scope: L::View::READ,
            prefix: L::View::TABLE.prefix,
        });
    }
    fn keyed<K: KeyedOp>(&mut self) {
        let list = <K::List as ListOp>::PATH;
        self.keyed.push(KeyedMeta { name: K::NAME, path: key_path_of(list), scope: <K::List as ListOp>::View::READ });
    }
}

/// Every operation that changes something.
pub fn operations() -> Vec<OpMeta> {
    let mut all = Collect::default();
    ops::each(&mut all);
    all.ops
}

/// Every list, with its single read.
pub fn lists() -> Vec<ListMeta> {
    let mut all = Collect::default();
    list::each(&mut all);
    all.lists
}

/// Every read that is neither a list nor one row.
pub fn asks() -> Vec<AskMeta> {
    let mut all = Collect::default();
    overview::each(&mut all);
    all.asks
}

/// Every read by the owner's own key.
pub fn keyed() -> Vec<KeyedMeta> {
    let mut all = Collect::default();
    list::each(&mut all);
    all.keyed
}

/// Where one of a list is found by its owner's own key.
pub fn key_path_of(list: &str) -> String {
    format!("{list}/by-external-id/{{externalId}}")
}

/// Whether an operation makes something whose address is not known before.
pub fn makes(meta: &OpMeta) -> bool {
    meta.method == "POST" && !meta.path.contains('{')
}

/// What of an operation's input REST does not take from the body: the part of the address first.
pub fn named_outside(meta: &OpMeta) -> &'static [&'static str] {
    match (meta.method, meta.path.contains('{')) {
        ("PUT", _) => &["externalId", "version", "mustExist"],
        (_, true) => &["id", "version"],
        (_, false) => &[],
    }
}

/// What can be done at an address, for `Allow`.
pub fn methods_of(full_path: &str) -> String {
    let path = full_path.trim_start_matches("/api/v1");
    let mut methods: Vec<&str> = operations().iter().filter(|op| op.path == path).map(|op| op.method).collect();
    let is_read = lists().iter().any(|list| list.path == path || format!("{}/{{id}}", list.path) == path)
        || keyed().iter().any(|one| one.path == path)
        || asks().iter().any(|ask| ask.path == path)
        || texts::TEXTS.iter().any(|(known, _)| *known == path);
    if is_read
        || [
            "/viewer",
            "/viewer/waiting-for-me",
            "/visibility/{id}",
            "/view-as/{id}",
            "/session-series/preview",
            "/enum-labels",
            "/search",
            "/search/suggestions",
            "/nodes",
            "/nodes/{id}",
            "/imports/{id}/results",
            "/attachments/{id}/content",
            "/artefacts/{id}/metadata",
            "/uploads/{id}/part",
        ]
        .contains(&path)
    {
        methods.insert(0, "GET");
    }
    if path == "/imports" {
        methods.push("POST");
    }
    if path == "/uploads/{id}/content" {
        methods.push("PUT");
    }
    methods.join(", ")
}

/// The list that a new object is found in: `/participations/invite` makes one of `/participations`.
pub fn list_path_of(path: &str) -> String {
    let first = path.split('/').nth(1).unwrap_or_default();
    format!("/{first}")
}

struct Document {
    paths: Map<String, Value>,
    schemas: Map<String, Value>,
}

impl Document {
    fn schema<T: ToSchema>(&mut self) -> Value {
        let mut all = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut all);
        for (name, schema) in all {
            if !self.schemas.contains_key(&name) {
                let value = serde_json::to_value(schema).unwrap_or_default();
                self.schemas.insert(name, value);
            }
        }
        json!({ "$ref": format!("#/components/schemas/{}", T::name()) })
    }

    /// What an address takes, made from the fields of a type.
    fn parameters<T: ToSchema>(&mut self, in_path: impl Fn(&str) -> bool) -> Vec<Value> {
        let schema = serde_json::to_value(T::schema()).unwrap_or_default();
        let mut needed = vec![];
        T::schemas(&mut needed);
        for (name, schema) in needed {
            self.schemas.entry(name).or_insert_with(|| serde_json::to_value(schema).unwrap_or_default());
        }
        let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        let one = |(name, schema): (String, Value)| {
            // What may be left out is declared as nullable; a query key is there or not, and never null.
            let given = schema.get("oneOf").and_then(|all| all.get(0)).unwrap_or(&schema);
            let text = given.get("description").and_then(Value::as_str).unwrap_or("Which rows.");
            parameter(&name, if in_path(&name) { "path" } else { "query" }, text, given.clone())
        };
        properties.into_iter().map(one).collect()
    }

    fn add(&mut self, path: &str, method: &str, operation: Value) {
        let item = self.paths.entry(format!("/api/v1{path}")).or_insert_with(|| json!({}));
        if let Value::Object(item) = item {
            item.insert(method.to_lowercase(), operation);
        }
    }
}

/// The failures that an operation can answer with, all as problem details.
/// What an operation does in one sentence; the rest is its description.
fn first_sentence(doc: &str) -> String {
    let text = doc.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split_once(". ").map(|(first, _)| format!("{first}.")).unwrap_or(text)
}

fn failures(codes: &[(&str, &str)]) -> Map<String, Value> {
    let one = |(status, text): &(&str, &str)| {
        let body = json!({
            "description": text,
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/ProblemDetails" } } },
            "headers": { "API-Version": { "$ref": "#/components/headers/ApiVersion" } },
        });
        ((*status).to_owned(), body)
    };
    codes.iter().map(one).collect()
}

const READ: &[(&str, &str)] =
    &[("400", "The request is not right."), ("401", "No or bad token."), ("403", "The token lacks the scope.")];

fn success(status: &str, text: &str, media: &str, schema: Value) -> (String, Value) {
    let body = json!({
        "description": text,
        "headers": {
            "API-Version": { "$ref": "#/components/headers/ApiVersion" },
            "ETag": { "$ref": "#/components/headers/ETag" },
        },
        "content": { media: { "schema": schema } },
    });
    (status.to_owned(), body)
}

/// The scope that a read needs, or that of who reads only what is public.
fn security(scope: Scope) -> Value {
    let one = |scope: Scope| json!({ "bearer": [scope.label()] });
    match Scope::OF_THE_PUBLIC.contains(&scope) {
        true => json!([one(scope), one(Scope::PublicRead)]),
        false => json!([one(scope)]),
    }
}

pub(crate) fn parameter(name: &str, place: &str, text: &str, schema: Value) -> Value {
    json!({ "name": name, "in": place, "required": place == "path", "description": text, "schema": schema })
}

impl Visit for Document {
    fn op<O: Op>(&mut self) {
        let meta = O::META;
        let mut view = self.schema::<O::View>();
        if let Some(secret) = O::SECRET {
            let text = "Shown this once: the text of a token, the address of a feed.";
            let secret = json!({ camel(secret): { "type": "string", "description": text } });
            view = json!({ "allOf": [view, { "type": "object", "properties": secret }] });
        }
        let input_name = <O::Input as ToSchema>::name().into_owned();
        let input = self.schema::<O::Input>();
        let outside = named_outside(&meta);
        let mut parameters = vec![];
        if !outside.is_empty() {
            let text = if outside[0] == "id" { "The typed id." } else { "Your own key for it, percent-encoded." };
            parameters.push(parameter(outside[0], "path", text, json!({ "type": "string" })));
            // The id stands in the address and the version in If-Match, so the body has neither.
            if let Some(Value::Object(schema)) = self.schemas.get_mut(&input_name) {
                for name in outside {
                    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
                        properties.remove(*name);
                    }
                    if let Some(Value::Array(required)) = schema.get_mut("required") {
                        required.retain(|one| one != *name);
                    }
                }
                if schema.get("required").is_some_and(|required| required == &json!([])) {
                    schema.remove("required");
                }
            }
        }
        let mut codes = READ.to_vec();
        codes.extend([
            ("404", "Not found, or not yours to see."),
            ("409", "Its state, or another row, stands in the way."),
        ]);
        if meta.scope == Scope::ContactSubmit {
            codes.push(("429", "Too many at once; Retry-After says in how many seconds to try again."));
        }
        if meta.method == "PATCH" {
            parameters.push(json!({
                "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string" },
                "description": "The ETag that you read last.",
            }));
            codes.extend([("412", "It was changed in the meantime."), ("428", "If-Match is missing.")]);
        }
        if meta.method == "PUT" {
            for (name, text) in [
                (
                    "If-Match",
                    "The ETag that you read last, or * for whatever is there; needed unless If-None-Match is given.",
                ),
                ("If-None-Match", "Only *: there must be none yet, and it is made."),
            ] {
                parameters.push(parameter(name, "header", text, json!({ "type": "string" })));
            }
            codes.extend([
                ("412", "It was changed in the meantime, or is not there, or is there already."),
                ("428", "If-Match and If-None-Match are both missing."),
            ]);
        }
        let view = if O::RESULTS {
            let item = self.schema::<ItemResult>();
            let results = json!({ "type": "array", "items": item, "description": "What became of each that was named, in the same order." });
            json!({ "allOf": [view, { "type": "object", "required": ["results"], "properties": { "results": results } }] })
        } else {
            view
        };
        let mut responses = failures(&codes);
        let created = makes(&meta);
        if created || meta.method == "PUT" {
            responses.extend([success("201", "It was made.", "application/json", view.clone())]);
        }
        if !created {
            responses.extend([success("200", "It was done.", "application/json", view)]);
        }
        let media = if meta.method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
        let operation = json!({
            "operationId": meta.operation_id, "tags": [list_path_of(meta.path).trim_start_matches('/')],
            "summary": first_sentence(meta.doc),
            "description": meta.doc.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n"),
            "security": [{ "bearer": [meta.scope.label()] }], "parameters": parameters, "responses": responses,
            "requestBody": { "required": created || meta.method == "PUT", "content": { media: { "schema": input } } },
            "x-graphql-field": camel(meta.name),
        });
        self.add(meta.path, meta.method, operation);
    }
}

impl VisitList for Document {
    fn list<L: ListOp>(&mut self) {
        let view = self.schema::<L::View>();
        let filters = self.parameters::<L::Filter>(|_| false);
        let sorts: Vec<_> = crate::rest::sort_keys::<L::Order>().map(|(key, _)| key).collect();
        let mut parameters = vec![
            parameter(
                "first",
                "query",
                "How many, 1 to 100; 20 if nothing is said.",
                json!({ "type": "integer", "minimum": 1, "maximum": 100 }),
            ),
            parameter("after", "query", "Go on after this cursor.", json!({ "type": "string" })),
            parameter(
                "sort",
                "query",
                "In which order; a minus sign turns it round.",
                json!({ "type": "string", "enum": sorts }),
            ),
        ];
        parameters.extend(filters);
        let page = json!({
            "type": "object", "required": ["items", "pageInfo"],
            "properties": { "items": { "type": "array", "items": view }, "pageInfo": { "$ref": "#/components/schemas/RestPageInfo" } },
        });
        let tag = L::PATH.trim_start_matches('/');
        let doc = L::DOC.trim().lines().map(str::trim).collect::<Vec<_>>().join(" ");
        let mut responses = failures(READ);
        responses.extend([success("200", "A page.", "application/json", page)]);
        responses.insert("304".into(), json!({ "description": "Not changed since the ETag in If-None-Match." }));
        self.add(
            L::PATH,
            "get",
            json!({
                "operationId": L::OPERATION_IDS.0, "tags": [tag], "summary": doc, "parameters": parameters,
                "security": security(L::View::READ), "responses": responses, "x-graphql-field": camel(L::NAMES.0),
            }),
        );
        let mut codes = READ.to_vec();
        codes.push(("404", "Not found, or not yours to see."));
        let mut responses = failures(&codes);
        responses.extend([success("200", "It.", "application/json", view)]);
        responses.insert("304".into(), json!({ "description": "Not changed since the ETag in If-None-Match." }));
        self.add(
            &format!("{}/{{id}}", L::PATH),
            "get",
            json!({
                "operationId": L::OPERATION_IDS.1, "tags": [tag], "summary": "One of them by its id.",
                "parameters": [parameter("id", "path", "The typed id.", json!({ "type": "string" }))],
                "security": security(L::View::READ), "responses": responses, "x-graphql-field": camel(L::NAMES.1),
            }),
        );
    }

    fn keyed<K: KeyedOp>(&mut self) {
        let view = self.schema::<<K::List as ListOp>::View>();
        let list = <K::List as ListOp>::PATH;
        let mut codes = READ.to_vec();
        codes.push(("404", "Not found, or not yours to see."));
        let mut responses = failures(&codes);
        responses.extend([success("200", "It.", "application/json", view)]);
        responses.insert("304".into(), json!({ "description": "Not changed since the ETag in If-None-Match." }));
        let key = parameter("externalId", "path", "Your own key for it, percent-encoded.", json!({ "type": "string" }));
        self.add(
            &key_path_of(list),
            "get",
            json!({
                "operationId": K::OPERATION_ID, "tags": [list.trim_start_matches('/')],
                "summary": "One of the own organisation's by your own key for it.", "parameters": [key],
                "security": [{ "bearer": [<K::List as ListOp>::View::READ.label()] }], "responses": responses,
                "x-graphql-field": camel(K::NAME),
            }),
        );
    }
}

impl VisitAsk for Document {
    fn ask<A: Ask>(&mut self) {
        let meta = A::META;
        let answer = self.schema::<A::Output>();
        let parameters = self.parameters::<A::Input>(|name| meta.path.contains(&format!("{{{name}}}")));
        let mut codes = READ.to_vec();
        codes.push(("404", "Not found, or not yours to see."));
        let mut responses = failures(&codes);
        responses.extend([success("200", "It.", "application/json", answer)]);
        responses.insert("304".into(), json!({ "description": "Not changed since the ETag in If-None-Match." }));
        let doc = meta.doc.trim().lines().map(str::trim).collect::<Vec<_>>().join(" ");
        self.add(meta.path, "get", json!({
            "operationId": meta.operation_id, "tags": [list_path_of(meta.path).trim_start_matches('/')], "summary": doc,
            "parameters": parameters, "security": [{ "bearer": [meta.scope.label()] }], "responses": responses,
            "x-graphql-field": camel(meta.name),
        }));
    }
}

/// The OpenAPI 3.1 document.
pub fn openapi() -> String {
    let mut document = Document { paths: Map::new(), schemas: Map::new() };
    document.schema::<ProblemDetails>();
    document.schema::<FieldError>();
    document.schemas.insert(
        "RestPageInfo".into(),
        json!({
            "type": "object", "required": ["hasNextPage"],
            "properties": {
                "endCursor": { "type": ["string", "null"], "description": "Give it as 'after' to go on." },
                "hasNextPage": { "type": "boolean", "description": "Whether there is another page." },
            },
        }),
    );
    ops::each(&mut document);
    list::each(&mut document);
    overview::each(&mut document);
    by_hand(&mut document);
    files(&mut document);
    texts::add(&mut document);
    let scopes: Map<String, Value> = crate::auth::all_scopes().map(|scope| (scope.to_owned(), json!(""))).collect();
    let value = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Evolva CoP platform",
            "version": VERSION,
            "description": "Communities of practice on workplace learning. Every answer has the header API-Version; every failure is a problem document (RFC 9457). Scopes of a token are named at each operation.",
            "license": { "name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT" },
        },
        "servers": [{ "url": "/" }],
        "paths": document.paths,
        "components": {
            "schemas": document.schemas,
            "headers": {
                "ApiVersion": { "description": "The version of the API.", "schema": { "type": "string" } },
                "ETag": { "description": "Give it back in If-Match or If-None-Match.", "schema": { "type": "string" } },
            },
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "at+jwt", "x-scopes": scopes } },
        },
    });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

/// The few operations that no declaration makes.
fn by_hand(document: &mut Document) {
    let object = || json!({ "type": "object" });
    let items = |of: Value| json!({ "type": "object", "required": ["items"], "properties": { "items": { "type": "array", "items": of } } });
    let waiting = items(document.schema::<views::WaitingStep>());
    let visibility = document.schema::<views::Visibility>();
    let view_as = document.schema::<ViewAs>();
    let planned = items(document.schema::<views::PlannedTime>());
    let (found, suggested) = (search_page(document), items(document.schema::<SearchSuggestion>()));
    let mut simple = |path: &str,
                      method: &str,
                      id: &str,
                      graphql: Option<&str>,
                      text: &str,
                      parameters: Value,
                      scope: &[&str],
                      answer: Value| {
        let mut codes = READ.to_vec();
        codes.push(("404", "Not found, or not yours to see."));
        let mut responses = failures(&codes);
        responses.extend([success(if method == "post" { "201" } else { "200" }, text, "application/json", answer)]);
        let mut operation = json!({
            "operationId": id, "summary": text, "parameters": parameters, "responses": responses,
            "security": [{ "bearer": scope }], "tags": [path.split('/').nth(1).unwrap_or_default()],
        });
        if let Some(field) = graphql {
            operation["x-graphql-field"] = json!(camel(field));
        }
        if method == "post" {
            operation["requestBody"] = json!({
                "required": true,
                "content": { "application/x-ndjson": { "schema": { "type": "string", "description": "A JSON object a line, each with its externalId." } } },
            });
        }
        document.add(path, method, operation);
    };
    let id = parameter("id", "path", "The typed id.", json!({ "type": "string" }));
    simple("/viewer", "get", "getViewer", Some("viewer"), "Who you are and what you may do.", json!([]), &[], object());
    simple(
        "/viewer/waiting-for-me",
        "get",
        "getWaitingForMe",
        Some("viewer.waiting_for_me"),
        "The steps forward that you can take now, longest waiting first, at most 100.",
        json!([]),
        &[],
        waiting,
    );
    let audiences: Vec<_> = evolva_domain::visibility::Audience::ALL.iter().map(|one| one.label()).collect();
    let audience = parameter(
        "audience",
        "query",
        "Ask about this audience, before it is shared with it.",
        json!({ "type": "string", "enum": audiences }),
    );
    simple(
        "/visibility/{id}",
        "get",
        "getVisibility",
        Some("visibility"),
        "Who sees a CoP (that it is there), a charter, a session or an artefact of yours, and why. For the admin of the organisation that owns it.",
        json!([id, audience]),
        &[],
        visibility,
    );
    let text = |name: &str, text: &str| parameter(name, "query", text, json!({ "type": "string" }));
    simple(
        "/view-as/{id}",
        "get",
        "viewAs",
        Some("view_as"),
        "How a CoP, a charter, a session or an artefact of yours looks to somebody else; name exactly one. For the admin of the organisation that owns it.",
        json!([
            id,
            text("organisationId", "As this organisation's own token sees it."),
            text("personId", "As this person's member token sees it."),
            parameter(
                "public",
                "query",
                "As a token sees it that reads only what is public.",
                json!({ "type": "boolean", "default": false })
            ),
        ]),
        &[],
        view_as,
    );
    let needed = |mut parameter: Value| {
        parameter["required"] = json!(true);
        parameter
    };
    let day = json!({ "type": "string", "format": "date" });
    simple(
        "/session-series/preview",
        "get",
        "previewSessionSeries",
        Some("session_series_preview"),
        "When the sessions of a series would be, without planning it; with a CoP also whether that is within its period.",
        json!([
            needed(text("rule", "A recurrence rule (RFC 5545, section 3.3.10), such as FREQ=WEEKLY;COUNT=10.")),
            needed(parameter("startDate", "query", "The first day on which a session may be.", day)),
            needed(text("startTime", "When each starts, such as 10:00.")),
            needed(text("endTime", "When each ends.")),
            text("timeZone", "The IANA time zone; Europe/Amsterdam if left out."),
            text("exceptDates", "Days that are left out, at most 400, with commas."),
            text("copId", "The CoP within whose period they are to be."),
        ]),
        &["sessions:read"],
        planned,
    );
    simple("/nodes/{id}", "get", "getNode", Some("node"), "Anything by its typed id.", json!([id]), &[], object());
    let name = parameter("name", "query", "Of this enumeration only, such as CopStatus.", json!({ "type": "string" }));
    simple(
        "/enum-labels",
        "get",
        "listEnumLabels",
        Some("enum_labels"),
        "What people call the values of enumerations, in the language of Accept-Language (nl, en).",
        json!([name]),
        &[],
        object(),
    );
    simple(
        "/search",
        "get",
        "search",
        Some("search"),
        "Searches what you see of artefacts, CoPs, sessions and themes: what has every word, in Dutch or English in any form, the last one also as the beginning of a word. What fits best comes first, then what is newest. Each kind needs its scope.",
        crate::rest::search::parameters(),
        &[],
        found,
    );
    simple(
        "/search/suggestions",
        "get",
        "suggestSearch",
        Some("search_suggest"),
        "What somebody who is still typing may be looking for, by its title.",
        crate::rest::search::parameters_of_suggestions(),
        &[],
        suggested,
    );
    let ids = parameter("ids", "query", "At most 100 typed ids, with commas.", json!({ "type": "string" }));
    simple("/nodes", "get", "getNodes", Some("nodes"), "Many things by their typed ids.", json!([ids]), &[], object());
    let flag = |name: &str, text: &str| parameter(name, "query", text, json!({ "type": "boolean", "default": false }));
    let collections: Vec<_> = evolva_domain::import::ImportCollection::ALL.iter().map(|one| one.label()).collect();
    let mut collection =
        parameter("collection", "query", "What the rows are.", json!({ "type": "string", "enum": collections }));
    collection["required"] = json!(true);
    let parameters = json!([
        collection,
        flag("dryRun", "Only say what would be done."),
        flag("history", "Set states and dates as given; needs imports:history."),
    ]);
    simple(
        "/imports",
        "post",
        "createImport",
        None,
        "Takes rows in, by their externalId.",
        parameters,
        &["imports:write"],
        object(),
    );
    simple(
        "/imports/{id}/results",
        "get",
        "getImportResults",
        None,
        "What became of each row, as NDJSON.",
        json!([id]),
        &["imports:read"],
        object(),
    );
}

/// The bytes of files, which REST alone carries, and what is published of an artefact for other catalogues.
fn files(document: &mut Document) {
    let upload = document.schema::<views::Upload>();
    let id = || parameter("id", "path", "The typed id.", json!({ "type": "string" }));
    let header = |name: &str, text: &str| parameter(name, "header", text, json!({ "type": "string" }));
    let bytes = || json!({ "*/*": { "schema": { "type": "string", "format": "binary" } } });
    let of = |tag: &str, id: &str, scope: Scope, text: &str, parameters: Value, responses: Map<String, Value>| {
        json!({
            "operationId": id, "summary": text, "parameters": parameters, "responses": responses,
            "security": security(scope), "tags": [tag],
        })
    };
    let not_found = ("404", "Not found, or not yours to see.");

    let mut codes = READ.to_vec();
    codes.extend([
        not_found,
        ("409", "These are not the bytes that come next (UPLOAD_OFFSET says which do), it is another file than was announced, or it is no longer open."),
        ("413", "There are more bytes than Content-Range says."),
        ("503", "Too many files are coming in at once."),
    ]);
    let mut responses = failures(&codes);
    responses.extend([success("200", "The upload as it is now.", "application/json", upload)]);
    let text = "Takes the bytes of an upload in: all of them, or with Content-Range those that come next. Where a connection broke, `received` of the upload says with which byte to go on.";
    let parameters = json!([id(), header("Content-Range", "Which of the bytes these are: bytes 0-99/200.")]);
    let mut operation = of("uploads", "putUploadContent", Scope::ArtefactsWrite, text, parameters, responses);
    operation["requestBody"] = json!({ "required": true, "content": bytes() });
    document.add("/uploads/{id}/content", "put", operation);

    let part = document.schema::<views::UploadPart>();
    let mut codes = READ.to_vec();
    codes.extend([not_found, ("409", "It is complete, or over.")]);
    let mut responses = failures(&codes);
    responses.extend([success("200", "The part.", "application/json", part)]);
    responses.insert("304".into(), json!({ "description": "Not changed since the ETag in If-None-Match." }));
    let text = "The next part of an upload of yours, and where it can be sent straight to the store of files, if that has such addresses.";
    let mut operation = of("uploads", "getUploadPart", Scope::ArtefactsWrite, text, json!([id()]), responses);
    operation["x-graphql-field"] = json!("uploadPart");
    document.add("/uploads/{id}/part", "get", operation);

    let mut codes = READ.to_vec();
    codes.extend([not_found, ("416", "It has no such bytes.")]);
    let mut responses = failures(&codes);
    for (status, text) in [("200", "All of it, always as an attachment."), ("206", "The bytes that were asked for.")] {
        let mut body = success(status, text, "*/*", json!({})).1;
        body["content"] = bytes();
        responses.insert(status.to_owned(), body);
    }
    responses.insert("304".into(), json!({ "description": "Not changed since the ETag in If-None-Match." }));
    let parameters = json!([
        id(),
        header("Range", "One range of bytes: bytes=0-99."),
        header("If-Range", "The ETag of what you have of it; if it is another file by now, all of it is sent."),
    ]);
    let text = "The bytes of an attachment, for who is shown a version that has it.";
    let operation = of("attachments", "getAttachmentContent", Scope::ArtefactsRead, text, parameters, responses);
    document.add("/attachments/{id}/content", "get", operation);

    let mut codes = READ.to_vec();
    codes.push(not_found);
    let mut responses = failures(&codes);
    responses.extend([success("200", "The document.", "application/ld+json", json!({ "type": "object" }))]);
    responses.insert("304".into(), json!({ "description": "Not changed since the ETag in If-None-Match." }));
    let text = "The latest published version of an artefact that you are shown, as schema.org's LearningResource in JSON-LD with the fields of the profile AMB (https://w3id.org/kim/amb/).";
    let mut operation = of("artefacts", "getArtefactMetadata", Scope::ArtefactsRead, text, json!([id()]), responses);
    operation["x-graphql-field"] = json!("artefactMetadata");
    document.add("/artefacts/{id}/metadata", "get", operation);
}

/// A page of what was found.
fn search_page(document: &mut Document) -> Value {
    let hit = document.schema::<SearchHit>();
    let facet = document.schema::<SearchFacet>();
    json!({
        "type": "object", "required": ["items", "pageInfo"],
        "properties": {
            "items": { "type": "array", "items": hit }, "pageInfo": { "$ref": "#/components/schemas/RestPageInfo" },
            "totalCount": { "type": "integer", "description": "How much is found, if totalCount=true asks for it." },
            "facets": { "type": "array", "items": facet, "description": "If facets=true asks for them." },
        },
    })
}

/// The table of error codes, as Markdown.
pub fn codes() -> String {
    let mut text = String::from(
        "# Error codes\n\nThe same in REST (`code`, `errors[].code`) and GraphQL (`extensions.code`, `userErrors.code`).\n\
         `{}` stands for what differs from case to case. A step that waits for something, or a conflict, is `409` in REST.\n\n\
         | code | status | message | bericht |\n| --- | --- | --- | --- |\n",
    );
    for code in Code::ALL {
        let status = crate::error::status(code.class()).as_u16();
        let (en, nl) = (code.message(Language::En), code.message(Language::Nl));
        text.push_str(&format!("| `{code}` | {status} | {en} | {nl} |\n"));
    }
    text
}
