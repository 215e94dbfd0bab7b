//! Every request that the published contract knows, made from its two documents: the OpenAPI document and GraphQL's own
//! introspection. A list, a filter, an operation or a field more is in it by itself.

use crate::{
    focus::{Focus, NOWHERE},
    harness::{World, camel},
};
use evolva_api::{contract, graphql::limits::LONG};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A request as it goes over the wire, to whichever server.
#[derive(Clone, Debug)]
pub struct Request {
    /// What it calls: `get /api/v1/cops`, `query cops`, `mutation copCreate`.
    pub calls: String,
    /// Which part of it is tried: a filter, an order, a field of the input.
    pub tries: String,
    pub method: reqwest::Method,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<Value>,
    /// Goes on to the last page.
    pub follow: bool,
}

/// A list with the prefix of its rows.
pub fn prefix_of(path: &str) -> Option<&'static str> {
    contract::lists().into_iter().find(|list| list.path == path).map(|list| list.prefix)
}

pub struct Contract {
    pub openapi: Value,
    types: BTreeMap<String, Value>,
}

/// What a type comes to without its wrappers, and whether it is a list.
pub fn bare(of: &Value) -> (&str, &str, bool) {
    let (mut of, mut many) = (of, false);
    while of["ofType"].is_object() {
        many |= of["kind"] == "LIST";
        of = &of["ofType"];
    }
    (of["kind"].as_str().unwrap(), of["name"].as_str().unwrap(), many)
}

const MOST: usize = 4_900;

/// Relations by their names, each with the type that it leads to.
type Related = Vec<(String, String)>;

impl Contract {
    pub async fn read(world: &World) -> Self {
        let of = "kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
        let query = format!(
            "{{ __schema {{ types {{ kind name interfaces {{ name }} enumValues {{ name }} inputFields {{ name type {{ {of} }} }} \
             fields {{ name args {{ name type {{ {of} }} }} type {{ {of} }} }} }} }} }}"
        );
        let schema = world.gql(Some(&world.host.token), &query, json!({})).await.json();
        let types = schema["data"]["__schema"]["types"].as_array().unwrap().iter();
        let types = types.map(|one| (one["name"].as_str().unwrap().to_owned(), one.clone())).collect();
        Self { openapi: serde_json::from_str(&contract::openapi()).unwrap(), types }
    }

    pub fn fields(&self, of: &str) -> &Vec<Value> {
        self.types[of]["fields"].as_array().unwrap()
    }

    fn is_node(&self, of: &str) -> bool {
        self.types[of]["interfaces"].as_array().is_some_and(|all| all.iter().any(|one| one["name"] == "Node"))
    }

    /// Every field of a type that takes no relation, and what that costs for each row.
    fn plain(&self, of: &str) -> (String, usize) {
        let (mut text, mut cost) = (String::new(), 0);
        for field in self.fields(of) {
            let name = field["name"].as_str().unwrap();
            let (kind, inner, _) = bare(&field["type"]);
            match kind {
                "OBJECT" if self.is_node(inner) || inner.ends_with("Connection") => {}
                "OBJECT" => {
                    let (fields, inside) = self.plain(inner);
                    text.push_str(&format!("{name} {{ {fields}}} "));
                    cost += inside + 1;
                }
                _ => {
                    text.push_str(&format!("{name} "));
                    cost += if LONG.contains(&name) { 10 } else { 0 };
                }
            }
        }
        (text, cost)
    }

    /// The relations of a type: to one row, and to many.
    fn relations(&self, of: &str) -> (Related, Related) {
        let (mut ones, mut manys) = (vec![], vec![]);
        for field in self.fields(of) {
            let name = field["name"].as_str().unwrap().to_owned();
            let (kind, inner, _) = bare(&field["type"]);
            if kind == "OBJECT" && self.is_node(inner) {
                ones.push((name, inner.to_owned()));
            } else if let Some(node) = inner.strip_suffix("Connection") {
                manys.push((name, node.to_owned()));
            }
        }
        (ones, manys)
    }

    /// Selections of a type that together ask for all of it and what it is related to, each with its cost for a row.
    fn selections(&self, of: &str) -> Vec<(String, usize)> {
        let mut all = vec![self.plain(of)];
        let (ones, manys) = self.relations(of);
        for ones in ones.chunks(3) {
            let (mut text, mut cost) = ("id ".to_owned(), 0);
            for (name, inner) in ones {
                let (fields, inside) = self.plain(inner);
                text.push_str(&format!("{name} {{ {fields}}} "));
                cost += inside + 1;
            }
            all.push((text, cost));
        }
        for (name, inner) in manys {
            let (fields, cost) = self.plain(&inner);
            let text = format!("id {name}(first: 10) {{ totalCount edges {{ cursor node {{ {fields}}} }} }} ");
            all.push((text, (cost + 4) * 10));
        }
        all
    }

    fn enumeration(&self, name: &str) -> Vec<String> {
        let values = self.types[name]["enumValues"].as_array().unwrap().iter();
        values.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Everything that is read.
    pub fn reads(&self, focus: &Focus) -> Vec<Request> {
        let mut all = self.single_addresses(focus);
        for list in contract::lists() {
            self.pages(&mut all, list.path, focus);
            self.connections(&mut all, list.names.0, list.path, focus);
            self.objects(&mut all, list.names.1, list.prefix, focus);
        }
        let listed: BTreeSet<_> = contract::lists().iter().map(|list| list.prefix).collect();
        for id in self.every(focus).into_iter().filter(|id| !listed.contains(&id[..3])) {
            all.push(query("node", &id[..3], format!("{{ node(id: {id:?}) {{ id }} }}")));
        }
        for ids in self.every(focus).chunks(90) {
            all.push(query("nodes", "", format!("{{ nodes(ids: {ids:?}) {{ __typename id }} }}")));
        }
        // What it refuses before it starts a job; a job would be a row more.
        let import = "/api/v1/imports";
        for tries in ["?collection=NIETS&dryRun=true", "?collection=PEOPLE&niets=1", ""] {
            let headers = vec![("Content-Type", "application/x-ndjson".to_owned())];
            let request = get("post /api/v1/imports", "collection", format!("{import}{tries}"));
            all.push(Request { method: reqwest::Method::POST, headers, ..request });
        }
        // Bytes for an upload, which do not fit whatever its size is.
        for id in focus.ids("upl") {
            let headers = vec![("Content-Range", "bytes 0-1/1073741824".to_owned())];
            let request = get("put /api/v1/uploads/{id}/content", "", format!("/api/v1/uploads/{id}/content"));
            all.push(Request { method: reqwest::Method::PUT, headers, body: Some(json!({})), ..request });
        }
        let (viewer, _) = self.plain("Viewer");
        let people = ["organisation", "person"].map(|name| {
            let inner = if name == "person" { "Person" } else { "Organisation" };
            format!("{name} {{ {} }}", self.plain(inner).0)
        });
        all.push(query("viewer", "", format!("{{ viewer {{ {viewer} {} }} }}", people.join(" "))));
        let of = "rule: \"FREQ=WEEKLY;COUNT=2\", startDate: \"2199-01-01\", startTime: \"10:00\", endTime: \"12:00\"";
        let rest = "rule=FREQ%3DWEEKLY;COUNT%3D2&startDate=2199-01-01&startTime=10:00&endTime=12:00";
        for id in focus.ids("cop") {
            let text = format!("{{ sessionSeriesPreview({of}, copId: {id:?}) {{ date startsAt endsAt }} }}");
            all.push(query("sessionSeriesPreview", "copId", text));
            let path = format!("/api/v1/session-series/preview?{rest}&copId={id}");
            all.push(get("get /api/v1/session-series/preview", "copId", path));
        }
        all.push(query("enumLabels", "", "{ enumLabels { name values { value label } } }".to_owned()));
        all
    }

    fn every(&self, focus: &Focus) -> Vec<String> {
        let prefixes: BTreeSet<_> = focus.added.keys().chain(focus.changed.keys()).collect();
        prefixes.into_iter().flat_map(|prefix| focus.ids(prefix)).collect()
    }

    /// The addresses that are no list.
    fn single_addresses(&self, focus: &Focus) -> Vec<Request> {
        let mut all = vec![];
        let every = self.every(focus);
        for (path, item) in self.openapi["paths"].as_object().unwrap() {
            if item.get("get").is_none() {
                continue;
            }
            let calls = format!("get {path}");
            let short = path.trim_start_matches("/api/v1");
            if contract::asks().iter().any(|ask| ask.path == short) {
                self.asked(&mut all, path, focus);
                continue;
            }
            if let Some(list) = short.strip_suffix("/by-external-id/{externalId}") {
                for key in focus.texts(list, "externalId", false) {
                    all.push(get(&calls, "", path.replace("{externalId}", &key)));
                    let name = self.openapi["paths"][path]["get"]["x-graphql-field"].as_str().unwrap();
                    let text = format!("{{ {}(externalId: {key:?}) {{ id }} }}", camel(name));
                    all.push(query(&camel(name), "", text));
                }
            } else if short == "/nodes/{id}" {
                all.extend(every.iter().map(|id| get(&calls, &id[..3], path.replace("{id}", id))));
            } else if short == "/visibility/{id}" {
                for id in &every {
                    all.push(get(&calls, "", path.replace("{id}", id)));
                    all.push(get(&calls, "audience", format!("{}?audience=NETWORK", path.replace("{id}", id))));
                    let text = format!("{{ visibility(id: {id:?}) {{ {} }} }}", self.plain("Visibility").0);
                    all.push(query("visibility", "", text));
                }
            } else if short == "/view-as/{id}" {
                let (organisations, people) = (focus.ids("org"), focus.ids("per"));
                let shown = every.iter().filter(|id| ["cop", "cha", "ses", "art"].contains(&&id[..3]));
                for (place, id) in shown.enumerate() {
                    let of = path.replace("{id}", id);
                    all.push(get(&calls, "public", format!("{of}?public=true")));
                    for organisation in &organisations {
                        all.push(get(&calls, "organisationId", format!("{of}?organisationId={organisation}")));
                    }
                    let person = &people[place % people.len()];
                    all.push(get(&calls, "personId", format!("{of}?personId={person}")));
                    let text = format!("{{ viewAs(id: {id:?}, personId: {person:?}) {{ sees object }} }}");
                    all.push(query("viewAs", "", text));
                }
            } else if short == "/attachments/{id}/content" {
                for id in focus.ids("att") {
                    let all_of_it = get(&calls, "", path.replace("{id}", &id));
                    let tries = [("Range", "bytes=0-3"), ("Range", "bytes=99999999-"), ("If-None-Match", "*")];
                    let with = |(name, value): (&'static str, &str)| Request {
                        headers: vec![(name, value.to_owned())],
                        tries: format!("{name} {value}"),
                        ..all_of_it.clone()
                    };
                    all.extend(tries.map(with));
                    all.push(Request { method: reqwest::Method::HEAD, tries: "HEAD".into(), ..all_of_it.clone() });
                    all.push(all_of_it);
                }
            } else if short == "/uploads/{id}/part" {
                for id in focus.ids("upl") {
                    all.push(get(&calls, "", path.replace("{id}", &id)));
                    let fields = self.plain("UploadPart").0;
                    all.push(query("uploadPart", "", format!("{{ uploadPart(id: {id:?}) {{ {fields} }} }}")));
                }
            } else if short == "/artefacts/{id}/metadata" {
                for id in focus.ids("art").into_iter().chain(focus.published.clone()) {
                    all.push(get(&calls, "", path.replace("{id}", &id)));
                    let text = format!("{{ artefactMetadata(id: {id:?}) }}");
                    all.push(query("artefactMetadata", "", text));
                }
            } else if short.ends_with(".md") || short.ends_with(".csv") {
                let ids = if short.contains("{id}") { focus.ids("cop") } else { vec![String::new()] };
                all.extend(ids.iter().map(|id| get(&calls, "", path.replace("{id}", id))));
            } else if short == "/imports/{id}/results" {
                all.extend(focus.ids("imp").iter().map(|id| get(&calls, "", path.replace("{id}", id))));
            } else if let Some(list) = short.strip_suffix("/{id}") {
                let prefix = prefix_of(list).unwrap_or_else(|| panic!("{path}: an address of an unknown kind"));
                all.extend(focus.ids(prefix).iter().map(|id| get(&calls, "", path.replace("{id}", id))));
            } else if short == "/search" {
                self.searches(&mut all, focus);
            } else if short == "/search/suggestions" {
                for word in focus.words() {
                    let typed: String = word.chars().take(3).collect();
                    all.push(get(&calls, "prefix", format!("{path}?prefix={typed}&first=20")));
                    let text = format!("{{ searchSuggest(prefix: {typed:?}, first: 20) {{ kind id title html }} }}");
                    all.push(query("searchSuggest", "", text));
                }
                for kind in self.enumeration("SearchKind") {
                    all.push(get(&calls, "kinds", format!("{path}?prefix=in&kinds={kind}")));
                    all.push(get(&calls, "kinds", format!("{path}?prefix=th&kinds={kind}")));
                }
            } else if short == "/nodes" {
                all.extend(every.chunks(90).map(|ids| get(&calls, "", format!("{path}?ids={}", ids.join(",")))));
            } else if prefix_of(short).is_none() {
                // What cannot be asked without saying more is refused before it starts.
                let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
                let more = parameters.into_iter().any(|one| one["in"] == "query" && one["required"] == true);
                all.push(get(&calls, if more { "nothing" } else { "" }, path.clone()));
            }
        }
        all
    }

    /// A read that is neither a list nor one row: with each id in its address, and each key that it takes.
    fn asked(&self, all: &mut Vec<Request>, path: &str, focus: &Focus) {
        let operation = &self.openapi["paths"][path]["get"];
        let name = camel(operation["x-graphql-field"].as_str().unwrap());
        let field = self.fields("Query").iter().find(|field| field["name"] == *name).unwrap();
        let shown = self.plain(bare(&field["type"]).1).0;
        let calls = format!("get {path}");
        let of = |parameter: &Value| {
            let schema = &parameter["schema"];
            let reference = schema["$ref"].as_str().and_then(|text| text.rsplit('/').next());
            match reference {
                Some(reference) if reference.ends_with("Id") => focus.all_ids(reference.trim_end_matches("Id")),
                Some(reference) => {
                    let values = self.openapi["components"]["schemas"][reference]["enum"].as_array().unwrap();
                    values.iter().map(|one| one.as_str().unwrap().to_owned()).collect()
                }
                None => vec![NOWHERE.to_owned()],
            }
        };
        let parameters = operation["parameters"].as_array().unwrap();
        let (in_path, keys): (Vec<_>, Vec<_>) = parameters.iter().partition(|one| one["in"] == "path");
        let bases = in_path.first().map_or(vec![String::new()], |id| of(id));
        for id in &bases {
            let path = path.replace("{id}", id);
            let own = if id.is_empty() { vec![] } else { vec![format!("id: {id:?}")] };
            let mut ask = |key: &str, query: String, argument: Option<String>| {
                all.push(get(&calls, key, format!("{path}{query}")));
                let arguments: Vec<_> = own.iter().cloned().chain(argument).collect();
                let arguments =
                    if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
                all.push(self::query(&name, key, format!("{{ {name}{arguments} {{ {shown}}} }}")));
            };
            ask("", String::new(), None);
            for parameter in &keys {
                let key = parameter["name"].as_str().unwrap();
                let is_enum = parameter["schema"]["$ref"].as_str().is_some_and(|one| !one.ends_with("Id"));
                for value in of(parameter) {
                    let argument = if is_enum { format!("{key}: {value}") } else { format!("{key}: {value:?}") };
                    ask(key, format!("?{key}={value}"), Some(argument));
                }
            }
        }
    }

    /// Search by the words that rows have by which the worlds differ: all that is answered, and each way to narrow it.
    fn searches(&self, all: &mut Vec<Request>, focus: &Focus) {
        let path = "/api/v1/search";
        let calls = format!("get {path}");
        let parameters = self.openapi["paths"][path]["get"]["parameters"].as_array().unwrap();
        let objects: Vec<_> = ["Artefact", "Publication", "Cop", "Session", "Theme"]
            .iter()
            .map(|of| {
                format!("... on {of} {{ id {} }}", if *of == "Artefact" { "cop { title } theme { title }" } else { "" })
            })
            .collect();
        let counted = "totalCount facets { name values { value label count } }";
        for word in focus.words() {
            let paged = format!("{path}?query={word}&first=2&facets=true&totalCount=true");
            all.push(Request { follow: true, ..get(&calls, "query", paged) });
            let text = format!(
                "{{ search(query: {word:?}, first: 40) {{ {counted} pageInfo {{ hasNextPage endCursor }} nodes {{ kind title score \
                 highlights {{ field fragments }} object {{ __typename {} }} }} }} }}",
                objects.join(" ")
            );
            all.push(query("search", "query", text));
            for parameter in parameters {
                let name = parameter["name"].as_str().unwrap();
                let ask = |value: &str| get(&calls, name, format!("{path}?query={word}&{name}={value}&facets=true"));
                match name {
                    "query" | "facets" | "totalCount" => {}
                    "first" | "after" => all.push(ask("0")),
                    "kinds" => all.extend(self.enumeration("SearchKind").iter().map(|kind| ask(kind))),
                    "themeId" | "organisationId" => {
                        let reference = parameter["schema"]["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
                        let prefix = reference.trim_end_matches("Id");
                        all.extend(focus.filtered("/artefacts", name, prefix).iter().map(|id| ask(id)));
                    }
                    "artefactKinds" => all.extend(self.enumeration("ArtefactKind").iter().map(|kind| ask(kind))),
                    "tag" => all.extend(focus.texts("/artefacts", "tag", false).iter().map(|tag| ask(tag))),
                    "language" => all.push(ask("nl")),
                    "year" => all.extend(["2026", "2199"].map(ask)),
                    other => panic!("nobody knows how to search by {other}"),
                }
            }
            let filter = format!(
                "{{ search(query: {word:?}, filter: {{ kinds: [ARTEFACT], language: \"nl\" }}) {{ {counted} }} }}"
            );
            all.push(query("search", "filter", filter));
        }
    }

    fn pages(&self, all: &mut Vec<Request>, list: &str, focus: &Focus) {
        let path = format!("/api/v1{list}");
        let calls = format!("get {path}");
        all.push(Request { follow: true, ..get(&calls, "pages", format!("{path}?first=3")) });
        all.push(get(&calls, "first", format!("{path}?first=0")));
        all.push(get(&calls, "after", format!("{path}?after=bm9uZQ")));
        let field = contract::lists().into_iter().find(|one| one.path == list).unwrap().names.0;
        for parameter in self.openapi["paths"][&path]["get"]["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            let ask = |value: &str| get(&calls, name, format!("{path}?{name}={value}&first=100"));
            let schema = &parameter["schema"];
            let reference = schema["$ref"].as_str().and_then(|text| text.rsplit('/').next());
            match (name, reference) {
                ("first" | "after", _) => {}
                ("sort", _) => {
                    for key in schema["enum"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()) {
                        all.push(ask(key));
                        if let Some(cursor) = focus.cursors.get(&(camel(field), order_of(key))) {
                            all.push(get(&calls, "after", format!("{path}?sort={key}&after={cursor}&first=100")));
                        }
                    }
                }
                (_, Some(reference)) if reference.ends_with("Id") => {
                    all.extend(focus.filtered(list, name, reference.trim_end_matches("Id")).iter().map(|id| ask(id)));
                }
                (_, Some(reference)) => {
                    let values = self.openapi["components"]["schemas"][reference]["enum"].as_array().unwrap();
                    let one = values[0].as_str().unwrap().to_owned();
                    let values =
                        focus.texts(list, name, false).into_iter().filter(|text| *text != NOWHERE).chain([one]);
                    all.extend(values.collect::<BTreeSet<_>>().iter().map(|value| ask(value)));
                }
                ("updatedSince", _) => all.push(ask("2026-01-01T00:00:00Z")),
                _ if schema["format"] == "date-time" => all.push(ask("2190-01-01T00:00:00Z")),
                _ if schema["format"] == "date" => all.push(ask("2198-01-01")),
                _ if schema["type"].to_string().contains("boolean") => all.extend([ask("true"), ask("false")]),
                _ => all.extend(focus.texts(list, name, false).iter().map(|text| ask(text))),
            }
        }
    }

    /// A list over GraphQL: everything of its rows, then every order and filter under names of their own.
    fn connections(&self, all: &mut Vec<Request>, list: &str, path: &str, focus: &Focus) {
        let list = camel(list);
        let field = self.fields("Query").iter().find(|field| field["name"] == *list).unwrap();
        let node = bare(&field["type"]).1.strip_suffix("Connection").unwrap().to_owned();
        for (fields, cost) in self.selections(&node) {
            let first = (MOST / (cost + 6)).min(100);
            let text = format!(
                "{{ {list}(first: {first}) {{ totalCount pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} \
                 edges {{ cursor node {{ {fields}}} }} }} }}"
            );
            all.push(query(&list, "fields", text));
        }
        let mut asks = vec!["last: 3".to_owned(), "first: 1".to_owned()];
        for order in self.enumeration(bare(&argument(field, "orderBy")).1) {
            asks.push(format!("orderBy: {order}, first: 40"));
            if let Some(cursor) = focus.cursors.get(&(list.clone(), order.clone())) {
                asks.push(format!("orderBy: {order}, first: 40, after: {cursor:?}"));
                asks.push(format!("orderBy: {order}, last: 40, before: {cursor:?}"));
            }
        }
        let filter = bare(&argument(field, "filter")).1.to_owned();
        let parameters = self.openapi["paths"][format!("/api/v1{path}")]["get"]["parameters"].as_array().unwrap();
        for input in self.types[&filter]["inputFields"].as_array().unwrap() {
            let name = input["name"].as_str().unwrap();
            let (kind, of, _) = bare(&input["type"]);
            let values: Vec<String> = match (kind, of) {
                ("ENUM", of) => self.enumeration(of),
                (_, "Boolean") => vec!["true".into(), "false".into()],
                (_, "ID") => {
                    let parameter = parameters.iter().find(|one| one["name"] == name).unwrap();
                    let prefix = parameter["schema"]["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
                    let ids = focus.filtered(path, name, prefix.trim_end_matches("Id"));
                    ids.iter().map(|id| format!("{id:?}")).collect()
                }
                (_, "DateTime") => vec!["\"2026-01-01T00:00:00Z\"".into()],
                (_, "NaiveDate") => vec!["\"2198-01-01\"".into()],
                _ => focus.texts(path, name, false).iter().map(|text| format!("{text:?}")).collect(),
            };
            asks.extend(values.iter().map(|value| format!("filter: {{ {name}: {value} }}, first: 40")));
        }
        for asks in asks.chunks(25) {
            let mut text = String::from("{ ");
            for (place, ask) in asks.iter().enumerate() {
                text.push_str(&format!(
                    "a{place}: {list}({ask}) {{ totalCount pageInfo {{ hasNextPage hasPreviousPage endCursor }} nodes {{ id }} }} "
                ));
            }
            all.push(query(&list, "filter", text + "}"));
        }
    }

    /// Single objects over GraphQL, by the root of their kind and by `node` and `nodes`.
    fn objects(&self, all: &mut Vec<Request>, single: &str, prefix: &str, focus: &Focus) {
        let single = camel(single);
        let field = self.fields("Query").iter().find(|field| field["name"] == *single).unwrap();
        let node = bare(&field["type"]).1;
        let selections = self.selections(node);
        for id in focus.ids(prefix) {
            let mut text = String::from("{ ");
            for (place, (fields, _)) in selections.iter().enumerate() {
                text.push_str(&format!("a{place}: {single}(id: {id:?}) {{ {fields}}} "));
            }
            all.push(query(&single, "", text + "}"));
            let fields = &selections[0].0;
            let text = format!("{{ node(id: {id:?}) {{ ... on {node} {{ {fields}}} }} }}");
            all.push(query("node", &id[..3], text));
        }
    }

    /// All that can be called, by the names that requests have.
    pub fn all(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for (path, item) in self.openapi["paths"].as_object().unwrap() {
            all.extend(item.as_object().unwrap().keys().map(|method| format!("{method} {path}")));
        }
        for (root, calls) in [("Query", "query"), ("Mutation", "mutation")] {
            let fields = self.fields(root).iter().map(|field| field["name"].as_str().unwrap());
            all.extend(fields.map(|name| format!("{calls} {name}")));
        }
        all
    }
}

pub fn argument(field: &Value, name: &str) -> Value {
    field["args"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()["type"].clone()
}

/// `START_DATE_DESC` for `-startDate`.
pub fn order_of(sort: &str) -> String {
    let mut order = String::new();
    for letter in sort.trim_start_matches('-').chars() {
        if letter.is_uppercase() {
            order.push('_');
        }
        order.push(letter.to_ascii_uppercase());
    }
    if sort.starts_with('-') { order + "_DESC" } else { order }
}

pub fn get(calls: &str, tries: &str, path: String) -> Request {
    Request {
        calls: calls.to_owned(),
        tries: tries.to_owned(),
        method: reqwest::Method::GET,
        path,
        headers: vec![],
        body: None,
        follow: false,
    }
}

pub fn query(field: &str, tries: &str, text: String) -> Request {
    Request {
        calls: format!("query {field}"),
        tries: tries.to_owned(),
        method: reqwest::Method::POST,
        path: "/graphql".to_owned(),
        headers: vec![("Accept", "application/graphql-response+json".to_owned())],
        body: Some(json!({ "query": text })),
        follow: false,
    }
}

impl Request {
    pub fn named(self, calls: String) -> Self {
        Self { calls, ..self }
    }
}
