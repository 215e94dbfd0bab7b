//! Single objects by their owner's own key: read, made, put over, and never another organisation's.

use crate::harness::{Answer, Surface, World, camel, meta};
use evolva_api::contract;
use serde_json::{Value, json};

/// A put over REST with these headers beside the token.
async fn put(world: &World, token: &str, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
    let mut request = world.http.put(format!("{}/api/v1/{path}", world.base));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world.send(request.json(&body), Some(token)).await
}

async fn get(world: &World, token: &str, path: &str) -> Answer {
    world.get(&format!("/api/v1/{path}"), Some(token)).await
}

crate::both!(a_put_makes_or_replaces_by_its_preconditions, |world| {
    let host = world.host.token.as_str();
    let path = "themes/by-external-id/topic-1";
    let none = &[("If-None-Match", "*")];
    let first = put(&world, host, path, none, json!({ "title": "Coach", "summary": "Kort" })).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let id = first.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(first.header("location"), format!("/api/v1/themes/{id}"));
    let read = get(&world, host, path).await;
    assert_eq!((read.status, read.json()["externalId"].as_str()), (200, Some("topic-1")));
    let etag = read.header("etag").to_owned();
    // What is there already is not made again, and what is not there is not put over.
    assert_eq!(put(&world, host, path, none, json!({ "title": "x" })).await.status, 412);
    let absent = "themes/by-external-id/topic-2";
    assert_eq!(put(&world, host, absent, &[("If-Match", "*")], json!({ "title": "x" })).await.status, 412);
    assert_eq!(get(&world, host, absent).await.status, 404);
    let bare = put(&world, host, path, &[], json!({ "title": "x" })).await;
    assert_eq!(bare.status, 428);
    assert!(bare.json()["detail"].as_str().unwrap().contains("If-None-Match: *"), "{}", bare.text);
    let both = &[("If-None-Match", "*"), ("If-Match", "*")];
    assert_eq!(put(&world, host, path, both, json!({ "title": "x" })).await.status, 400);
    let second = put(&world, host, path, &[("If-Match", &etag)], json!({ "title": "De coach" })).await;
    assert_eq!(second.status, 200, "{}", second.text);
    let now = second.json();
    assert_eq!((now["id"].as_str(), now["version"].as_i64()), (Some(id.as_str()), Some(2)));
    assert_eq!(
        (now["title"].as_str(), &now["summary"]),
        (Some("De coach"), &Value::Null),
        "what is left out is emptied"
    );
    assert_eq!(put(&world, host, path, &[("If-Match", &etag)], json!({ "title": "x" })).await.status, 412, "stale");
    let again = put(&world, host, path, &[("If-Match", "*")], json!({ "title": "De coach" })).await;
    assert_eq!((again.status, again.json()["version"].as_i64()), (200, Some(2)), "nothing changed");
    // The key stands in the address alone.
    let twice = put(&world, host, path, &[("If-Match", "*")], json!({ "title": "x", "externalId": "other" })).await;
    assert_eq!((twice.status, twice.json()["errors"][0]["pointer"].as_str()), (400, Some("/externalId")));
    let wrong =
        put(&world, host, path, &[("If-Match", "*")], json!({ "title": "", "conceptExternalId": "nope" })).await;
    assert_eq!(wrong.status, 400, "{}", wrong.text);
    // A key may hold what an address may not.
    let odd = "themes/by-external-id/a%2Fb%20%25%2B%C3%A9";
    assert_eq!(put(&world, host, odd, none, json!({ "title": "Raar" })).await.json()["externalId"], "a/b %+\u{e9}");
    assert_eq!(get(&world, host, odd).await.json()["title"], "Raar");
    assert_eq!(get(&world, host, "themes?externalId=a%2Fb%20%25%2B%C3%A9").await.json()["items"][0]["title"], "Raar");
    for bad in ["themes/by-external-id/a%00b", "themes/by-external-id/%FF"] {
        assert_eq!(put(&world, host, bad, none, json!({ "title": "x" })).await.status, 400, "{bad}");
        assert_eq!(get(&world, host, bad).await.status, 400, "{bad}");
    }
    let delete = world.http.delete(format!("{}/api/v1/{path}", world.base));
    let delete = world.send(delete, Some(host)).await;
    assert_eq!((delete.status, delete.header("allow")), (405, "GET, PUT"));
});

crate::both!(over_graphql_a_put_is_made_or_replaced_by_its_version, |world| {
    let token = Some(world.host.token.as_str());
    let put = async |input: Value| {
        let query = "mutation($input: PersonPutInput!) { personPut(input: $input) { person { id version displayName } \
                     userErrors { code field } } }";
        world.gql(token, query, json!({ "input": input })).await.json()["data"]["personPut"].clone()
    };
    let refused = put(json!({ "externalId": "p", "displayName": "Anna", "mustExist": true })).await;
    assert_eq!(refused["userErrors"][0]["code"], "NOT_THERE");
    let made = put(json!({ "externalId": "p", "displayName": "Anna" })).await["person"].clone();
    assert_eq!(made["version"], 1);
    let refused = put(json!({ "externalId": "p", "displayName": "Anna", "version": 0 })).await;
    assert_eq!(refused["userErrors"][0], json!({ "code": "ALREADY_THERE", "field": ["externalId"] }));
    let wrong = put(json!({ "externalId": " ", "displayName": "Anna" })).await;
    assert_eq!(wrong["userErrors"][0], json!({ "code": "REQUIRED", "field": ["externalId"] }));
    let stale = put(json!({ "externalId": "p", "displayName": "Anna", "version": 7 })).await;
    assert_eq!(stale["userErrors"][0], json!({ "code": "STALE_VERSION", "field": ["version"] }));
    let put_over = put(json!({ "externalId": "p", "displayName": "Anna de Vries", "version": 1 })).await;
    assert_eq!(put_over["person"], json!({ "id": made["id"], "version": 2, "displayName": "Anna de Vries" }));
    let query = "query($key: String!) { personByExternalId(externalId: $key) { id } }";
    let read = async |key: &str| world.gql(token, query, json!({ "key": key })).await.json()["data"].clone();
    assert_eq!(read(" p ").await["personByExternalId"]["id"], made["id"], "keys are trimmed, as they are kept");
    assert_eq!(read("q").await["personByExternalId"], Value::Null);
});

crate::both!(a_key_is_its_owners_alone, |world| {
    let host = world.host.token.as_str();
    let person = json!({ "externalId": "k", "displayName": "Anna", "discoverable": true });
    let made = world.op(Surface::Rest, &meta("personCreate"), Some(host), &person).await.json();
    for one in contract::keyed() {
        let path = one.path.replace("{externalId}", "k");
        let query = format!("{{ {}(externalId: \"k\") {{ id }} }}", camel(one.name));
        assert_eq!(get(&world, &world.host.weak, &path[1..]).await.status, 403, "{path}");
        assert_eq!(world.get(&format!("/api/v1{path}"), None).await.status, 401, "{path}");
        assert_eq!(world.gql(None, &query, json!({})).await.status, 401);
        let weak = world.gql(Some(&world.host.weak), &query, json!({})).await.json();
        assert_eq!(weak["errors"][0]["extensions"]["code"], "INSUFFICIENT_SCOPE", "{query}");
    }
    // The partner sees Anna, who is discoverable; by the host's key it does not find her, and the key is free for it.
    let partner = world.partner.token.as_str();
    assert_eq!(get(&world, partner, &format!("people/{}", made["id"].as_str().unwrap())).await.status, 200);
    let path = "people/by-external-id/k";
    assert_eq!(get(&world, host, path).await.json()["id"], made["id"]);
    assert_eq!(get(&world, partner, path).await.status, 404);
    let query = "{ personByExternalId(externalId: \"k\") { id } }";
    let by_graph = world.gql(Some(partner), query, json!({})).await.json();
    assert_eq!(by_graph["data"]["personByExternalId"], Value::Null);
    let own = put(&world, partner, path, &[("If-None-Match", "*")], json!({ "displayName": "Bert" })).await;
    assert_eq!((own.status, own.json()["ownerId"].as_str()), (201, Some(world.partner.id.to_string().as_str())));
    assert_eq!(get(&world, host, path).await.json()["displayName"], "Anna");
    let without = put(&world, &world.host.weak, path, &[("If-Match", "*")], json!({ "displayName": "x" })).await;
    assert_eq!(without.status, 403);
});

crate::both!(puts_that_meet_lose_nothing, |world| {
    let host = world.host.token.as_str();
    let body = |title: usize| json!({ "title": format!("Thema {title}") });
    let (none, any) = ([("If-None-Match", "*")], [("If-Match", "*")]);
    for round in 0..5 {
        let path = format!("themes/by-external-id/k{round}");
        let made = futures_util::future::join_all((0..12).map(|n| put(&world, host, &path, &none, body(n)))).await;
        let mut answers: Vec<_> = made.iter().map(|answer| answer.status).collect();
        answers.sort_unstable();
        assert_eq!(answers, [&[201][..], &[412; 11]].concat(), "one made it, and the others hear that it is there");
        let over = futures_util::future::join_all((0..8).map(|n| put(&world, host, &path, &any, body(100 + n)))).await;
        assert!(
            over.iter().all(|answer| answer.status == 200),
            "{:?}",
            over.iter().map(|a| a.status).collect::<Vec<_>>()
        );
        // Of those who put over one version that they read, one does.
        let etag = get(&world, host, &path).await.header("etag").to_owned();
        let read = [("If-Match", etag.as_str())];
        let over = futures_util::future::join_all((0..8).map(|n| put(&world, host, &path, &read, body(200 + n)))).await;
        assert_eq!(over.iter().filter(|answer| answer.status == 200).count(), 1);
    }
});

crate::both!(a_put_keeps_the_rules, |world| {
    let host = world.host.token.as_str();
    let done = async |name: &str, input: Value| -> String {
        let meta = meta(name);
        let answer = world.op(Surface::Rest, &meta, Some(host), &input).await;
        let outcome = world.outcome(Surface::Rest, &meta, &answer);
        outcome.unwrap_or_else(|codes| panic!("{name}: {codes:?} {}", answer.text)).0
    };
    let code = async |path: &str, body: Value| {
        let answer = put(&world, host, path, &[("If-Match", "*")], body).await.json();
        answer["errors"][0]["code"].as_str().or(answer["code"].as_str()).unwrap_or("-").to_owned()
    };
    let none = &[("If-None-Match", "*")];
    let person = async |key: &str, external: bool| {
        let body = json!({ "displayName": key, "external": external });
        put(&world, host, &format!("people/by-external-id/{key}"), none, body).await.json()["id"].clone()
    };
    let concept = done("conceptCreate", json!({ "name": "Open", "profile": "OPEN" })).await;
    let theme = done("themeCreate", json!({ "title": "Thema", "conceptId": concept })).await;
    for key in ["een", "twee"] {
        let cop = json!({ "title": key, "externalId": key, "conceptId": concept, "themeId": theme });
        let cop = done("copCreate", cop).await;
        let guide = person(&format!("gids-{key}"), false).await;
        done("facilitationAssign", json!({ "copId": cop, "personId": guide, "isPrimary": true })).await;
        done("copRecruit", json!({ "id": cop })).await;
        done("copActivate", json!({ "id": cop })).await;
    }
    // What is left out of a CoP's references stays, so that one on a theme of the programme can be put.
    let kept = put(&world, host, "cops/by-external-id/een", &[("If-Match", "*")], json!({ "title": "Een" })).await;
    assert_eq!((kept.status, kept.json()["themeId"].as_str()), (200, Some(theme.as_str())), "{}", kept.text);
    let left = person("vertrokken", false).await;
    done("personLeave", json!({ "id": left })).await;
    person("gast", true).await;
    for key in ["vertrokken", "gast"] {
        let body = json!({ "title": "Een", "facilitatorExternalId": key });
        assert_eq!(code("cops/by-external-id/een", body).await, "NOT_ELIGIBLE", "{key}");
        let body = json!({ "copExternalId": "een", "personExternalId": key });
        let refused = put(&world, host, &format!("memberships/by-external-id/{key}"), none, body).await;
        assert_eq!(refused.json()["errors"][0]["code"], "NOT_ELIGIBLE", "{key}");
    }
    assert_eq!(code("people/by-external-id/gast", json!({ "displayName": "gast" })).await, "NOT_EDITABLE");
    let next = put(
        &world,
        host,
        "cops/by-external-id/een",
        &[("If-Match", "*")],
        json!({ "title": "Een", "facilitatorExternalId": "gids-twee" }),
    )
    .await;
    assert_eq!(next.status, 200, "{}", next.text);
    let body =
        |cop: &str, text: Value| json!({ "kind": "INSIGHT", "title": "Les", "body": text, "copExternalId": cop });
    let path = "artefacts/by-external-id/les";
    let id = put(&world, host, path, none, body("een", json!("x"))).await.json()["id"].clone();
    done("artefactSubmit", json!({ "id": id })).await;
    assert_eq!(code(path, body("twee", json!("x"))).await, "NOT_EDITABLE", "others reviewed it");
    assert_eq!(code(path, body("een", Value::Null)).await, "BODY_MISSING");
    let mut without = body("een", json!("y"));
    without.as_object_mut().unwrap().remove("copExternalId");
    let kept = put(&world, host, path, &[("If-Match", "*")], without).await.json();
    assert_eq!((kept["number"].as_i64(), kept["copId"].is_string()), (Some(2), true));
    // A person does not put, whoever they are at home; by key they read what they see.
    let admin = person("beheerder", false).await;
    done("personUpdate", json!({ "id": admin, "version": 1, "tenantRole": "ADMIN" })).await;
    let issued =
        world.op(Surface::Rest, &meta("memberTokenIssue"), Some(host), &json!({ "personId": admin })).await.json();
    let admin = issued["accessToken"].as_str().unwrap();
    assert_eq!(put(&world, admin, path, none, body("een", json!("x"))).await.status, 403);
    assert_eq!(get(&world, admin, path).await.status, 200);
    assert_eq!(get(&world, host, &format!("{path}?x=1")).await.status, 400);
    assert_eq!(get(&world, host, "themes/by-external-id/%zz").await.status, 400);
});
