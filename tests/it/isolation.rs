//! After a CoP's whole year there are rows of every kind. An organisation that takes no part asks for each of them, by
//! every address and every filter that takes an id: the answer is that for an id that no row has. Generated from the
//! lists and the published document, so a list or a filter more is in it by itself.

use crate::{
    harness::{Answer, Surface, World, camel},
    members, year,
};
use evolva_api::contract;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Kinds of which an organisation sees rows of others by design: the directory of the network, and what the operator
/// shares with all of it.
const SHARED: &[&str] = &["organisations", "concepts", "conceptElements", "focusAreas", "themes"];

fn absent(prefix: &str) -> String {
    format!("{prefix}_01h455vb4pex5vsknk084sn02q")
}

/// What an answer says, without the request's own id and address.
fn said(answer: &Answer) -> (u16, Value) {
    let mut body: Value = serde_json::from_str(&answer.text).unwrap_or(Value::Null);
    if let Some(body) = body.as_object_mut() {
        body.remove("traceId");
        body.remove("instance");
    }
    (answer.status, body)
}

/// The ids that an actor sees, by the GraphQL name of their list.
pub async fn ids(world: &World, token: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for list in contract::lists() {
        let mut seen = BTreeSet::new();
        let mut next = Some(format!("/api/v1{}?first=100", list.path));
        while let Some(path) = next {
            let answer = world.get(&path, Some(token)).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            let page = answer.json();
            let items = page["items"].as_array().unwrap().iter();
            seen.extend(items.map(|one| one["id"].as_str().unwrap().to_owned()));
            next = answer.header("link").split(['<', '>']).nth(1).map(str::to_owned);
        }
        all.insert(camel(list.names.0), seen);
    }
    all
}

/// The filters that take an id, by the address of their list: their name and the prefix of the id.
fn id_filters() -> Vec<(String, String, String)> {
    let document: Value = serde_json::from_str(&contract::openapi()).unwrap();
    let mut found = vec![];
    for list in contract::lists() {
        let path = format!("/api/v1{}", list.path);
        for parameter in document["paths"][&path]["get"]["parameters"].as_array().unwrap() {
            let reference = parameter["schema"]["$ref"].as_str().unwrap_or_default();
            if let Some(prefix) = reference.rsplit('/').next().and_then(|name| name.strip_suffix("Id")) {
                found.push((path.clone(), parameter["name"].as_str().unwrap().to_owned(), prefix.to_owned()));
            }
        }
    }
    found
}

crate::both!(a_foreign_id_answers_as_one_that_no_row_has, |world| {
    year::play(&world, Surface::Rest).await;
    let import = world.http.post(format!("{}/api/v1/imports?collection=THEMES", world.base));
    let import =
        import.header("Content-Type", "application/x-ndjson").body("{\"externalId\":\"a\",\"title\":\"Thema\"}");
    assert_eq!(world.send(import, Some(&world.host.token)).await.status, 201);
    let own_cop = members::done(&world, &world.outsider.token, "copCreate", json!({ "title": "Eigen" })).await;
    let mut owned = ids(&world, &world.host.token).await;
    for (list, more) in ids(&world, &world.partner.token).await {
        owned.entry(list).or_default().extend(more);
    }
    let outsiders = ids(&world, &world.outsider.token).await;
    let mut asked = 0;
    for list in contract::lists() {
        let name = camel(list.names.0);
        assert!(!owned[&name].is_empty(), "the year made nothing of {name}, so nothing is shown here");
        let foreign: Vec<_> = owned[&name].difference(&outsiders[&name]).collect();
        if SHARED.contains(&name.as_str()) {
            continue;
        }
        for id in owned[&name].intersection(&outsiders[&name]) {
            let row = world.get(&format!("/api/v1{}/{id}", list.path), Some(&world.outsider.token)).await.json();
            let shown = row["discoverable"] == true || row["audience"] == "NETWORK";
            assert!(shown, "{name}: the outsider sees others' rows: {row}");
        }
        let none = absent(list.prefix);
        let path = |id: &str| format!("/api/v1{}/{id}", list.path);
        let token = Some(world.outsider.token.as_str());
        let query = format!(
            "query($id: ID!, $ids: [ID!]!) {{ {}(id: $id) {{ id }} node(id: $id) {{ id }} nodes(ids: $ids) {{ id }} }}",
            camel(list.names.1)
        );
        let nothing = said(&world.get(&path(&none), token).await);
        let nothing_by_graph = world.gql(token, &query, json!({ "id": none, "ids": [none] })).await.text;
        for id in foreign {
            assert_eq!(said(&world.get(&path(id), token).await), nothing, "{id}");
            assert_eq!(said(&world.get(&format!("/api/v1/nodes/{id}"), token).await), nothing, "{id}");
            let by_graph = world.gql(token, &query, json!({ "id": id, "ids": [id] })).await.text;
            assert_eq!(by_graph, nothing_by_graph, "{id}");
            let owner = [&world.host, &world.partner].map(|actor| actor.token.as_str());
            let mut seen = false;
            for owner in owner {
                seen |= world.get(&path(id), Some(owner)).await.status == 200;
            }
            assert!(seen, "{id} is there for who may see it");
            asked += 1;
        }
    }
    let every_id: BTreeSet<_> = owned.values().flatten().collect();
    for (path, filter, prefix) in id_filters() {
        let token = Some(world.outsider.token.as_str());
        let with = |id: &str| format!("{path}?{filter}={id}");
        let nothing = said(&world.get(&with(&absent(&prefix)), token).await);
        assert_eq!(nothing.0, 200, "{path} {filter}");
        let all: Vec<_> = every_id.iter().filter(|id| id.starts_with(&format!("{prefix}_"))).collect();
        assert!(!all.is_empty(), "{filter} of {path}: no id of this kind");
        let seen: BTreeSet<_> = outsiders.values().flatten().collect();
        for id in all.into_iter().filter(|id| !seen.contains(**id)) {
            assert_eq!(said(&world.get(&with(id), token).await), nothing, "{}", with(id));
            asked += 1;
        }
    }
    for ask in contract::asks() {
        let document: Value = serde_json::from_str(&contract::openapi()).unwrap();
        let operation = &document["paths"][format!("/api/v1{}", ask.path)]["get"];
        let shared = ids(&world, &world.outsider.token).await;
        for parameter in operation["parameters"].as_array().unwrap() {
            let reference = parameter["schema"]["$ref"].as_str().unwrap_or_default();
            let Some(prefix) = reference.rsplit('/').next().and_then(|name| name.strip_suffix("Id")) else { continue };
            // The directory of organisations is everybody's.
            if prefix == "org" {
                continue;
            }
            let name = parameter["name"].as_str().unwrap();
            // What it is asked of beside is the asker's own.
            let with = |id: &str, own: &str| match parameter["in"].as_str() {
                Some("path") => format!("/api/v1{}", ask.path.replace("{id}", id)),
                _ => format!("/api/v1{}?{name}={id}", ask.path.replace("{id}", own)),
            };
            let token = Some(world.outsider.token.as_str());
            let nothing = said(&world.get(&with(&absent(prefix), &own_cop), token).await);
            assert_eq!(nothing.0 == 200, parameter["in"] == "query", "{} with {name}", ask.path);
            let seen: BTreeSet<_> = shared.values().flatten().collect();
            let foreign = every_id.iter().filter(|id| id.starts_with(&format!("{prefix}_")) && !seen.contains(**id));
            let foreign: Vec<_> = foreign.collect();
            assert!(!foreign.is_empty(), "{name} of {}: no id of this kind", ask.path);
            for id in foreign {
                assert_eq!(said(&world.get(&with(id, &own_cop), token).await), nothing, "{}", with(id, ""));
                let owner = [&world.host, &world.partner].map(|actor| actor.token.as_str());
                let mut seen = false;
                let cop = owned["cops"].first().map_or("", String::as_str);
                for owner in owner {
                    seen |= world.get(&with(id, cop), Some(owner)).await.status == 200;
                }
                assert!(seen, "{} is answered to who may see it", with(id, ""));
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "{asked} foreign ids were asked for");
});
