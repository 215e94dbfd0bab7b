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
    assert_eq!(rest, graphql);
    // Streams of rows are REST's alone (api.md); the list of these may only shrink.
    let allowed: BTreeSet<_> =
        ["get /api/v1/imports/{id}/results", "post /api/v1/imports"].into_iter().map(str::to_owned).collect();
    assert_eq!(rest_only, allowed);
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
