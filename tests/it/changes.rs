//! Every operation of the published contract as somebody tries it who may not: each id and key in its input names what
//! they do not see, beside what is their own.

use crate::{
    focus::{Focus, NOWHERE, absent},
    harness::camel,
    requests::{Contract, Request, argument, bare, get, prefix_of, query},
};
use evolva_api::{OpMeta, contract};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

impl Contract {
    /// Every operation over both surfaces, once for each id in its input that names what differs, and once without
    /// anything. `own` has for each kind an id that the caller may use, and for its list a key. Nothing of it succeeds
    /// for who does not see the difference. For who does it may: there only what was added is named, so that the world
    /// without it stays as it is.
    pub fn changes(&self, focus: &Focus, own: &BTreeMap<String, String>, only_added: bool) -> Vec<Request> {
        let mut all = vec![];
        for meta in contract::operations() {
            if !only_added {
                let empty = [("id".to_owned(), json!(absent("xxx")))];
                let empty = empty.into_iter().filter(|_| meta.path.contains("{id}"));
                self.push_change(&mut all, &meta, "nothing", empty.collect());
            }
            for (name, prefix, many) in self.ids_of(&meta) {
                for id in focus.ids(&prefix) {
                    if only_added && !focus.is_added(&id) {
                        continue;
                    }
                    let mut input = self.sample(&meta, own);
                    if meta.path.contains("{externalId}") {
                        // What is put is new; what an id names is not named by a key too.
                        input.remove(&key_beside(&name));
                        input.extend([("externalId".to_owned(), json!("nieuw")), ("version".to_owned(), json!(0))]);
                    }
                    input.insert(name.clone(), if many { json!([id]) } else { json!(id) });
                    self.push_change(&mut all, &meta, &name, input);
                    // What was only changed is the second for each field, and one surface is enough for it.
                    if focus.is_added(&focus.ids(&prefix)[0]) && !focus.is_added(&id) {
                        all.pop();
                    }
                }
            }
            self.by_keys(&mut all, &meta, focus, own, only_added);
        }
        all
    }

    /// What names objects by their owners' keys: put over where it is another's, and named from an own object.
    fn by_keys(
        &self,
        all: &mut Vec<Request>,
        meta: &OpMeta,
        focus: &Focus,
        own: &BTreeMap<String, String>,
        only_added: bool,
    ) {
        if !meta.path.contains("{externalId}") {
            return;
        }
        for key in focus.texts(&contract::list_path_of(meta.path), "externalId", only_added) {
            let mut input = self.sample(meta, own);
            input.extend([("externalId".to_owned(), json!(key)), ("mustExist".to_owned(), json!(true))]);
            self.push_change(all, meta, "externalId", input);
        }
        for name in self.input_schema(meta)["properties"].as_object().unwrap().keys() {
            let Some((list, many)) = keys_of(name) else { continue };
            for key in focus.texts(list, "externalId", only_added) {
                let mut input = self.sample(meta, own);
                input.extend([("externalId".to_owned(), json!("nieuw")), ("version".to_owned(), json!(0))]);
                input.remove(&format!("{}Id", name.split("ExternalId").next().unwrap()));
                input.insert(name.clone(), if many { json!([key]) } else { json!(key) });
                self.push_change(all, meta, name, input);
            }
        }
    }

    /// Everything that can be made with a key or short name of one's own choice, and a dry run of each import.
    pub fn creations(&self, key: &str, own: &BTreeMap<String, String>) -> Vec<Request> {
        let mut all = vec![];
        for meta in contract::operations() {
            let fields = self.input_schema(&meta)["properties"].as_object().unwrap();
            let named: Vec<_> =
                ["externalId", "slug", "code"].into_iter().filter(|name| fields.contains_key(*name)).collect();
            let by_key = meta.path.contains("{externalId}");
            if (named.is_empty() || !contract::makes(&meta)) && !by_key {
                continue;
            }
            let mut input = self.sample(&meta, own);
            input.extend(named.into_iter().map(|name| (name.to_owned(), json!(key))));
            // Who has no CoP makes a clinic.
            if contract::list_path_of(meta.path) == "/sessions" {
                input.insert("kind".into(), json!("CLINIC"));
            }
            if let Some(cop) = own.get("cop").filter(|_| fields.contains_key("copId")) {
                input.insert("copId".into(), json!(cop));
            }
            if let Some(session) = own.get("/sessions").filter(|_| meta.path.starts_with("/showings/")) {
                // Of the sessions of one's own, the one that took place.
                let held = session.strip_suffix("-s").map(|key| format!("{key}-voorbij"));
                input.insert("sessionExternalId".into(), json!(held));
            }
            if by_key {
                input.extend([("externalId".to_owned(), json!(key)), ("version".to_owned(), json!(0))]);
                let list = contract::list_path_of(meta.path);
                let collection = list.trim_start_matches('/').to_uppercase().replace('-', "_");
                let mut row = input.clone();
                row.remove("version");
                row.remove("slug");
                let path = format!("/api/v1/imports?collection={collection}&dryRun=true");
                let headers = vec![("Content-Type", "application/x-ndjson".to_owned())];
                let request = get("post /api/v1/imports", "dryRun", path);
                all.push(Request { method: reqwest::Method::POST, headers, body: Some(row.into()), ..request });
            }
            self.push_change(&mut all, &meta, "key", input);
            // One surface is enough here: the second would find the first one's.
            let by_rest = all.pop().unwrap();
            all.pop();
            all.push(by_rest);
        }
        all
    }

    fn input_schema(&self, meta: &OpMeta) -> &Map<String, Value> {
        let path = &self.openapi["paths"][format!("/api/v1{}", meta.path)];
        let content = path[meta.method.to_lowercase()]["requestBody"]["content"].as_object().unwrap();
        let reference = content.values().next().unwrap()["schema"]["$ref"].as_str().unwrap();
        self.openapi["components"]["schemas"][reference.rsplit('/').next().unwrap()].as_object().unwrap()
    }

    /// The ids in an operation's input: name, prefix, and whether it takes many.
    pub fn ids_of(&self, meta: &OpMeta) -> Vec<(String, String, bool)> {
        let mut all = vec![];
        if meta.path.contains("{id}") {
            let prefix = prefix_of(&contract::list_path_of(meta.path)).unwrap();
            all.push(("id".to_owned(), prefix.to_owned(), false));
        }
        for (name, schema) in self.input_schema(meta)["properties"].as_object().into_iter().flatten() {
            let many = schema["items"]["$ref"].as_str();
            let one = schema["$ref"].as_str().or_else(|| schema["oneOf"][0]["$ref"].as_str());
            let Some(kind) = many.or(one).and_then(|text| text.rsplit('/').next()) else { continue };
            let prefix = match kind {
                "NullableId" => {
                    let named = |list: &contract::ListMeta| {
                        let single = camel(list.names.1) + "Id";
                        let (first, rest) = single.split_at(1);
                        single == *name || name.ends_with(&(first.to_uppercase() + rest))
                    };
                    contract::lists().iter().find(|list| named(list)).map(|list| list.prefix.to_owned())
                }
                kind if kind.len() == 5 => kind.strip_suffix("Id").map(str::to_owned),
                _ => None,
            };
            all.extend(prefix.map(|prefix| (name.clone(), prefix, many.is_some())));
        }
        all
    }

    /// A good input, with the least in it: what is required, with the caller's own ids and keys.
    pub fn sample(&self, meta: &OpMeta, own: &BTreeMap<String, String>) -> Map<String, Value> {
        let mut input = Map::new();
        let ids = self.ids_of(meta);
        let id_of = |prefix: &str| own.get(prefix).cloned().unwrap_or_else(|| absent(prefix));
        if meta.path.contains("{id}") {
            input.insert("id".into(), json!(id_of(&ids[0].1)));
        }
        let schema = self.input_schema(meta);
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            let name = name.as_str().unwrap();
            let of = &schema["properties"][name];
            let values = |of: &Value| -> Option<Value> {
                let reference = of["$ref"].as_str()?.rsplit('/').next()?;
                self.openapi["components"]["schemas"][reference]["enum"].as_array().map(|all| all[0].clone())
            };
            let value = match ids.iter().find(|(id, ..)| id == name) {
                Some((_, prefix, false)) => json!(id_of(prefix)),
                Some((_, prefix, true)) => json!([id_of(prefix)]),
                None if keys_of(name).is_some() => {
                    let (list, many) = keys_of(name).unwrap();
                    let key = json!(own.get(list).map_or(NOWHERE, String::as_str));
                    if many { json!([key]) } else { key }
                }
                None if of["type"] == "array" => json!([values(&of["items"]).unwrap_or(json!("x"))]),
                None if of["format"] == "date" => json!("2026-02-01"),
                None if of["format"] == "date-time" && name.contains("end") => json!("2199-01-01T15:00:00Z"),
                None if of["format"] == "date-time" => json!("2199-01-01T13:00:00Z"),
                None if of["format"] == "date" => json!("2199-01-01"),
                None if name == "strength" => json!("durf"),
                None if name == "email" => json!("x@example.org"),
                None if name == "rule" => json!("FREQ=WEEKLY;COUNT=2"),
                None if name == "startTime" => json!("10:00"),
                None if name == "endTime" => json!("12:00"),
                None if of["type"] == "integer" => json!(1),
                None => values(of).unwrap_or(json!("x")),
            };
            input.insert(name.to_owned(), value);
        }
        // One of two ways to name the same.
        let fields = schema["properties"].as_object().unwrap();
        for (name, prefix, _) in ids.iter().filter(|(name, ..)| fields.contains_key(&key_beside(name))) {
            match keys_of(&key_beside(name)) {
                _ if LEFT_OUT.contains(&name.as_str()) => {}
                Some((list, _)) if name != "receivingProjectId" => {
                    input.insert(key_beside(name), json!(own.get(list).map_or(NOWHERE, String::as_str)));
                }
                _ => {
                    input.insert(name.clone(), json!(id_of(prefix)));
                }
            }
        }
        input
    }

    /// The same operation over both surfaces.
    fn push_change(&self, all: &mut Vec<Request>, meta: &OpMeta, tries: &str, input: Map<String, Value>) {
        let name = camel(meta.name);
        let field = self.fields("Mutation").iter().find(|field| field["name"] == *name).unwrap();
        let payload = bare(&field["type"]).1;
        let object =
            self.fields(payload).iter().find(|one| bare(&one["type"]).0 == "OBJECT" && one["name"] != "userErrors");
        let object = object.unwrap()["name"].as_str().unwrap();
        // What does many things at once says what became of each.
        let results = self.fields(payload).iter().any(|one| one["name"] == "results");
        let results = if results { "results { id done errors { code message } }" } else { "" };
        let of = argument(field, "input");
        let of = bare(&of).1;
        let text = format!(
            "mutation($input: {of}!) {{ {name}(input: $input) {{ {object} {{ id }} {results} userErrors {{ code field message }} }} }}"
        );
        let body = json!({ "query": text, "variables": { "input": input } });
        all.push(Request { body: Some(body), ..query("", tries, String::new()) }.named(format!("mutation {name}")));
        let mut body = input;
        let tried_as_new = body.get("version").is_some_and(|version| version == 0);
        let mut path = format!("/api/v1{}", meta.path);
        for outside in contract::named_outside(meta) {
            let value = body.remove(*outside);
            let part = value.as_ref().and_then(Value::as_str).unwrap_or("niets");
            path = path.replace(&format!("{{{outside}}}"), part);
        }
        let calls = format!("{} /api/v1{}", meta.method.to_lowercase(), meta.path);
        let precondition = if tried_as_new { "If-None-Match" } else { "If-Match" };
        let precondition = (meta.method != "POST").then(|| (precondition, "*".to_owned()));
        all.push(Request {
            calls,
            tries: tries.to_owned(),
            method: meta.method.parse().unwrap(),
            path,
            headers: precondition.into_iter().collect(),
            body: Some(Value::Object(body)),
            follow: false,
        });
    }
}

/// What can be named in either of two ways, and need not be.
const LEFT_OUT: &[&str] =
    &["convenorId", "broughtById", "parentId", "copId", "sessionId", "themeId", "conceptId", "facilitatorId"];

/// The field that names by its key what another field names by its id.
fn key_beside(id: &str) -> String {
    format!("{}ExternalId", id.strip_suffix("Id").unwrap_or(id))
}

/// Of which list a field takes keys, and whether it takes many.
fn keys_of(field: &str) -> Option<(&'static str, bool)> {
    let (what, rest) = field.split_once("ExternalId")?;
    let list = match what {
        "theme" => "/themes",
        "concept" => "/concepts",
        "cop" | "predecessor" => "/cops",
        "person" | "facilitator" | "author" | "ownerPerson" | "convenor" | "broughtBy" => "/people",
        "session" => "/sessions",
        "series" => "/session-series",
        "project" | "givingProject" | "receivingProject" => "/front-runner-projects",
        "guide" => "/guides",
        "step" => "/guide-steps",
        "artefact" => "/artefacts",
        "charter" => "/charters",
        "goal" => "/goals",
        "parent" => "/comments",
        _ => panic!("{field}: keys of what?"),
    };
    Some((list, rest == "s"))
}
