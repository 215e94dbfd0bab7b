//! The published schemas are those that the code makes, and the two surfaces have the same operations.

use crate::harness::{World, camel};
use evolva_api::contract;
use serde_json::Value;
use std::collections::BTreeSet;

pub fn published(name: &str) -> String {
    let path = format!("{}/../api-schema/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_published_schemas_are_not_stale() {
    for (name, made) in
        [("schema.graphql", contract::sdl()), ("openapi.json", contract::openapi()), ("codes.md", contract::codes())]
    {
        assert!(published(name) == made, "api-schema/{name} is stale: run 'cargo xtask api-schema'");
    }
}

#[actix_web::test]
async fn every_root_and_mutation_has_its_rest_operation_and_the_reverse() {
    let world = World::new(evolva_persistence::Dialect::Sqlite).await;
    let openapi: Value = serde_json::from_str(&contract::openapi()).unwrap();
    let mut rest = BTreeSet::new();
    let mut rest_only = BTreeSet::new();
    for (path, item) in openapi["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            match operation["x-graphql-field"].as_str() {
                Some(field) => {
                    assert!(rest.insert(camel(field)), "{field} stands twice");
                }
                None => {
                    rest_only.insert(format!("{method} {path}"));
                }
            }
        }
    }
    let query = "{ __schema { queryType { fields { name } } mutationType { fields { name } } } }";
    let schema = world.gql(Some(&world.host.token), query, serde_json::json!({})).await.json();
    let fields = |root: &str| schema["data"]["__schema"][root]["fields"].as_array().unwrap().clone();
    let graphql: BTreeSet<_> = fields("queryType")
        .into_iter()
        .chain(fields("mutationType"))
        .map(|field| field["name"].as_str().unwrap().to_owned())
        .collect();
    // What is a field below a root stands there with a dot.
    let (below, rest): (BTreeSet<_>, BTreeSet<_>) = rest.into_iter().partition(|field| field.contains('.'));
    assert_eq!(rest, graphql);
    let fields = ["viewer.waitingForMe", "copReport.markdown", "copDashboard.csv", "copDashboards.csv"];
    assert_eq!(below, fields.into_iter().map(str::to_owned).collect());
    // Streams of rows and the bytes of files are REST's alone (api.md); the list of these may only shrink. GraphQL shows the
    // addresses of the bytes as `contentUrl`.
    let allowed = [
        "get /api/v1/imports/{id}/results",
        "post /api/v1/imports",
        "put /api/v1/uploads/{id}/content",
        "get /api/v1/attachments/{id}/content",
    ];
    assert_eq!(rest_only, allowed.into_iter().map(str::to_owned).collect());
    world.end().await;
}

#[actix_web::test]
async fn every_enumeration_has_its_words_in_both_languages() {
    let world = World::new(evolva_persistence::Dialect::Sqlite).await;
    let token = Some(world.host.token.as_str());
    let query = "{ __schema { types { kind name } } }";
    let schema = world.gql(token, query, serde_json::json!({})).await.json();
    let types = schema["data"]["__schema"]["types"].as_array().unwrap();
    let enumerations: BTreeSet<_> = types
        .iter()
        .filter(|one| one["kind"] == "ENUM")
        .map(|one| one["name"].as_str().unwrap())
        .filter(|name| !name.ends_with("Order") && !name.starts_with("__"))
        .collect();
    let url = format!("{}/api/v1/enum-labels", world.base);
    let dutch = world.send(world.http.get(&url).header("Accept-Language", "nl"), token).await.json();
    let named: BTreeSet<_> =
        dutch["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    // What becomes of an imported row stands in no GraphQL answer.
    assert_eq!(named, enumerations.into_iter().chain(["RowOutcome"]).collect());
    let query = "{ enumLabels(name: \"CopStatus\") { name values { value label } } }";
    let english = world.gql(token, query, serde_json::json!({})).await.json();
    let words = serde_json::json!({ "value": "RECRUITING", "label": "Recruiting" });
    assert_eq!(english["data"]["enumLabels"][0]["values"][1], words);
    let one = world.send(world.http.get(format!("{url}?name=CopStatus")).header("Accept-Language", "nl"), token).await;
    assert_eq!(one.json()["items"][0]["values"][1]["label"], "Werving");
    assert_eq!(world.send(world.http.get(format!("{url}?nom=CopStatus")), token).await.status, 400);
    assert_eq!(world.send(world.http.get(&url), None).await.status, 401);
    world.end().await;
}

#[actix_web::test]
async fn every_operation_and_list_names_its_scope_in_the_graphql_schema() {
    let world = World::new(evolva_persistence::Dialect::Sqlite).await;
    let query =
        "{ __schema { queryType { fields { name description } } mutationType { fields { name description } } } }";
    let schema = world.gql(Some(&world.host.token), query, serde_json::json!({})).await.json();
    let text_of = |root: &str, name: &str| {
        let fields = schema["data"]["__schema"][root]["fields"].as_array().unwrap();
        let field = fields.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no field {name}"));
        field["description"].as_str().unwrap_or_default().to_owned()
    };
    for op in contract::operations() {
        let text = text_of("mutationType", &camel(op.name));
        assert!(text.ends_with(&format!("Needs the scope:\n{}", op.scope.label())), "{}: {text}", op.name);
    }
    for list in contract::lists() {
        for name in [list.names.0, list.names.1] {
            let text = text_of("queryType", &camel(name));
            assert!(text.ends_with(&format!("Needs the scope:\n{}", list.scope.label())), "{name}: {text}");
        }
    }
    for ask in contract::asks() {
        let text = text_of("queryType", &camel(ask.name));
        assert!(text.ends_with(&format!("Needs the scope:\n{}", ask.scope.label())), "{}: {text}", ask.name);
    }
    for one in contract::keyed() {
        let text = text_of("queryType", &camel(one.name));
        assert!(text.ends_with(&format!("Needs the scope:\n{}", one.scope.label())), "{}: {text}", one.name);
    }
    world.end().await;
}

#[test]
fn every_operation_names_its_scope_in_the_openapi_document() {
    let openapi: Value = serde_json::from_str(&contract::openapi()).unwrap();
    assert_eq!(openapi["openapi"], "3.1.0");
    for op in contract::operations() {
        let operation = &openapi["paths"][format!("/api/v1{}", op.path)][op.method.to_lowercase()];
        assert_eq!(operation["security"][0]["bearer"][0], op.scope.label(), "{}", op.name);
    }
}

/// The table of the method names types and fields that are there, and leaves out no mutation of the method's own.
#[actix_web::test]
async fn the_table_of_the_method_names_what_is_in_the_schema() {
    let world = World::new(evolva_persistence::Dialect::Sqlite).await;
    let query = "{ __schema { types { name } queryType { fields { name } } mutationType { fields { name } } } }";
    let schema = world.gql(Some(&world.host.token), query, serde_json::json!({})).await.json();
    let names = |of: &Value| -> BTreeSet<String> {
        of.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let schema = &schema["data"]["__schema"];
    let (types, reads, changes) =
        (names(&schema["types"]), names(&schema["queryType"]["fields"]), names(&schema["mutationType"]["fields"]));
    let path = format!("{}/../docs/method.md", env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(path).unwrap();
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert!(rows.len() > 15, "{} rows", rows.len());
    let mut named = BTreeSet::new();
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").collect();
        assert_eq!(cells.len(), 4, "{row}");
        for (cell, known) in cells[1..].iter().zip([&types, &reads, &changes]) {
            let ticked: Vec<_> = cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            assert!(!ticked.is_empty(), "{row}");
            let unknown: Vec<_> = ticked.iter().filter(|name| !known.contains(*name)).collect();
            assert!(unknown.is_empty(), "{unknown:?} in: {row}");
            named.extend(ticked);
        }
    }
    // Organisations and their people are no part of the method; the list of these may only shrink.
    let beside = |name: &&String| name.starts_with("organisation") || name.starts_with("person");
    let also = ["membershipPut", "uploadTakePart"];
    let left: Vec<_> = changes.iter().filter(|name| !beside(name) && !also.contains(&name.as_str())).collect();
    let left: Vec<_> = left.into_iter().filter(|name| !named.contains(*name)).collect();
    assert!(left.is_empty(), "these stand in no row: {left:?}");
    world.end().await;
}
