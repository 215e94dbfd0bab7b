//! What any client meets: statuses, media types, conditional requests, limits, problem documents.

use crate::harness::{Surface, World, meta};
use evolva_api::contract;
use serde_json::{Value, json};

async fn person(world: &World) -> Value {
    let input = json!({ "displayName": "Jan" });
    world.op(Surface::Rest, &meta("personCreate"), Some(&world.host.token), &input).await.json()
}

crate::both!(every_read_needs_a_token_and_its_scope, |world| {
    let token = world.host.token.clone();
    for list in contract::lists() {
        let path = format!("/api/v1{}", list.path);
        assert_eq!(world.get(&path, None).await.status, 401, "{path}");
        assert_eq!(world.get(&path, Some(&world.host.weak)).await.status, 403, "{path}");
        let allowed = world.get(&path, Some(&token)).await;
        assert_eq!(allowed.status, 200, "{path}: {}", allowed.text);
        let plural = crate::harness::camel(list.names.0);
        let query = format!("{{ {plural} {{ totalCount nodes {{ id }} pageInfo {{ endCursor }} }} }}");
        assert_eq!(world.gql(None, &query, json!({})).await.status, 401, "{plural}");
        let without = world.gql(Some(&world.host.weak), &query, json!({})).await.json();
        assert_eq!(without["errors"][0]["extensions"]["code"], "INSUFFICIENT_SCOPE", "{plural}");
        let allowed = world.gql(Some(&token), &query, json!({})).await.json();
        assert!(allowed["errors"].is_null() && allowed["data"][&plural]["totalCount"].is_u64(), "{allowed}");
        let absent = format!("{path}/{}_01h455vb4pex5vsknk084sn02q", list.prefix);
        assert_eq!(world.get(&absent, Some(&token)).await.json()["code"], "NOT_FOUND", "{absent}");
        let other = format!("{path}/xyz_01h455vb4pex5vsknk084sn02q");
        let other = world.get(&other, Some(&token)).await;
        assert_eq!((other.status, other.json()["code"].as_str()), (400, Some("INVALID_ID")), "{path}");
    }
    assert_eq!(world.get("/api/v1/viewer", Some(&token)).await.json()["kind"], "TENANT");
});

crate::both!(what_is_anothers_answers_as_what_is_not_there, |world| {
    let mine = person(&world).await;
    let path = format!("/api/v1/people/{}", mine["id"].as_str().unwrap());
    assert_eq!(world.get(&path, Some(&world.host.token)).await.status, 200);
    let absent = world.get("/api/v1/people/per_01h455vb4pex5vsknk084sn02q", Some(&world.outsider.token)).await;
    let others = world.get(&path, Some(&world.outsider.token)).await;
    assert_eq!(
        (others.status, &others.json()["code"], &others.json()["detail"]),
        (404, &absent.json()["code"], &absent.json()["detail"])
    );
    let query = "query($id: ID!) { node(id: $id) { id } person(id: $id) { id } people { totalCount nodes { id } } }";
    let seen = world.gql(Some(&world.host.token), query, json!({ "id": mine["id"] })).await.json();
    assert_eq!((&seen["data"]["node"]["id"], &seen["data"]["people"]["totalCount"]), (&mine["id"], &json!(1)));
    let unseen = world.gql(Some(&world.outsider.token), query, json!({ "id": mine["id"] })).await.json();
    assert_eq!(unseen["data"], json!({ "node": null, "person": null, "people": { "totalCount": 0, "nodes": [] } }));
});

crate::both!(an_external_id_of_another_tenant_tells_nothing, |world| {
    let theme = json!({ "title": "Thema", "externalId": "key-1" });
    // The operator's organisation shares its themes with the network.
    let made = world.op(Surface::Rest, &meta("themeCreate"), Some(&world.evolva.token), &theme).await.json();
    let path = "/api/v1/themes?externalId=key-1";
    assert_eq!(world.get(path, Some(&world.evolva.token)).await.json()["items"][0]["id"], made["id"]);
    let visible = world.get("/api/v1/themes", Some(&world.host.token)).await.json();
    assert_eq!(visible["items"][0]["id"], made["id"], "the theme itself is the network's");
    assert!(visible["items"][0]["externalId"].is_null());
    assert_eq!(world.get(path, Some(&world.host.token)).await.json()["items"], json!([]));
    let same = world.op(Surface::Rest, &meta("themeCreate"), Some(&world.host.token), &theme).await;
    assert_eq!(same.status, 201, "a key is taken only within its own tenant");
    let again = world.op(Surface::Rest, &meta("themeCreate"), Some(&world.host.token), &theme).await;
    assert_eq!((again.status, again.json()["errors"][0]["pointer"].as_str()), (409, Some("/externalId")));
});

crate::both!(conditional_requests, |world| {
    let made = person(&world).await;
    let url = format!("{}/api/v1/people/{}", world.base, made["id"].as_str().unwrap());
    let token = Some(world.host.token.as_str());
    let read = world.send(world.http.get(&url), token).await;
    assert!(read.header("etag").starts_with("\"v1-"), "{}", read.header("etag"));
    assert_eq!(read.header("api-version"), contract::VERSION);
    let unchanged = world.send(world.http.get(&url).header("If-None-Match", read.header("etag")), token).await;
    assert_eq!((unchanged.status, unchanged.text.as_str()), (304, ""));
    let body = json!({ "jobTitle": "Docent" });
    assert_eq!(world.send(world.http.patch(&url).json(&body), token).await.status, 428);
    let patch = |tag: &str| world.http.patch(&url).header("If-Match", tag.to_owned()).json(&body);
    assert_eq!(world.send(patch("\"v7\""), token).await.status, 412);
    let done = world.send(patch(read.header("etag")), token).await;
    assert_eq!(
        (done.status, done.json()["version"].as_i64(), done.json()["jobTitle"].as_str()),
        (200, Some(2), Some("Docent"))
    );
    assert_eq!(world.send(patch(read.header("etag")), token).await.status, 412, "it has another version now");
    let emptied = world.http.patch(&url).header("If-Match", done.header("etag")).json(&json!({ "jobTitle": null }));
    assert_eq!(world.send(emptied, token).await.json()["jobTitle"], Value::Null);
    let head = world.send(world.http.head(&url), token).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    let list = world.send(world.http.get(format!("{}/api/v1/people", world.base)), token).await;
    let same = world.http.get(format!("{}/api/v1/people", world.base)).header("If-None-Match", list.header("etag"));
    assert_eq!(world.send(same, token).await.status, 304);
});

crate::both!(bad_input_names_every_fault_at_once, |world| {
    let token = Some(world.host.token.as_str());
    let post = |body: &str| {
        world
            .http
            .post(format!("{}/api/v1/people", world.base))
            .header("Content-Type", "application/json")
            .body(body.to_owned())
    };
    let answer =
        world.send(post(r#"{"displayName":" ","email":"x","language":"!","portraitUrl":"ftp://x"}"#), token).await;
    let body = answer.json();
    let pointers: Vec<_> =
        body["errors"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect();
    assert_eq!((answer.status, pointers), (400, vec!["/displayName", "/email", "/portraitUrl", "/language"]));
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("x-request-id"), body["traceId"].as_str().unwrap());
    for (bad, status) in [
        ("[]", 400),
        ("{", 400),
        ("null", 400),
        (r#"{"displayName":1}"#, 400),
        (r#"{"displayName":"x","nope":1}"#, 400),
    ] {
        assert_eq!(world.send(post(bad), token).await.status, status, "{bad}");
    }
    let other =
        world.http.post(format!("{}/api/v1/people", world.base)).header("Content-Type", "text/plain").body("{}");
    assert_eq!(world.send(other, token).await.status, 415);
    let large = format!(r#"{{"displayName":"{}"}}"#, "x".repeat(1024 * 1024));
    assert_eq!(world.send(post(&large), token).await.json()["code"], "BODY_TOO_LARGE");
    let unknown = world.get("/api/v1/people?nope=1", token).await;
    assert_eq!(unknown.status, 400, "{}", unknown.text);
    for query in ["first=0", "first=101", "first=x", "after=x", "sort=nope", "state=NOPE", "first=1&first=2"] {
        assert_eq!(world.get(&format!("/api/v1/people?{query}"), token).await.status, 400, "{query}");
    }
    let dutch = world.send(post(r#"{"displayName":""}"#).header("Accept-Language", "nl-NL, en;q=0.5"), token).await;
    assert!(dutch.json()["detail"].as_str().unwrap().starts_with("Dit is verplicht"));
    let method = world.send(world.http.delete(format!("{}/api/v1/people", world.base)), token).await;
    assert_eq!((method.status, method.header("allow")), (405, "GET, POST"));
    assert_eq!(world.get("/nowhere", None).await.json()["code"], "NOT_FOUND");
});

crate::both!(graphql_over_http, |world| {
    let token = Some(world.host.token.as_str());
    let url = format!("{}/graphql", world.base);
    let post = |accept: &str, body: Value| world.http.post(&url).header("Accept", accept.to_owned()).json(&body);
    let new = "application/graphql-response+json";
    let good = json!({ "query": "{ viewer { kind } }" });
    let answer = world.send(post(new, good.clone()), token).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/graphql-response+json; charset=utf-8")
    );
    assert_eq!(answer.json()["extensions"]["cost"], json!({ "requested": 1, "limit": 5000 }));
    assert!(
        world
            .send(post("application/json", good.clone()), token)
            .await
            .header("content-type")
            .starts_with("application/json")
    );
    assert_eq!(world.send(post("text/csv", good), token).await.status, 406);
    for (query, code) in [
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer", "GRAPHQL_PARSE_FAILED"),
        ("", "QUERY_MISSING"),
        ("query A { __typename } query B { __typename }", "OPERATION_NOT_FOUND"),
    ] {
        let answer = world.send(post(new, json!({ "query": query })), token).await;
        let body = answer.json();
        assert_eq!((answer.status, body["errors"][0]["extensions"]["code"].as_str()), (400, Some(code)), "{body}");
        assert!(body.get("data").is_none(), "{query}");
        let legacy = world.send(post("application/json", json!({ "query": query })), token).await;
        assert_eq!(legacy.status, 200, "{query} for a client that reads only JSON");
    }
    let named = json!({ "query": "query A { __typename } query B { viewer { kind } }", "operationName": "B" });
    assert_eq!(world.send(post(new, named), token).await.json()["data"]["viewer"]["kind"], "TENANT");
    let batch = world.send(post(new, json!([{ "query": "{ __typename }" }])), token).await;
    assert_eq!((batch.status, batch.json()["code"].as_str()), (400, Some("BATCH_NOT_SUPPORTED")));
    let get = world.http.get(&url).query(&[
        ("query", "query B($id: ID!) { node(id: $id) { id } }"),
        ("variables", &json!({ "id": world.host.id }).to_string()),
    ]);
    assert_eq!(world.send(get, token).await.json()["data"]["node"]["id"], json!(world.host.id));
    let mutation = world
        .http
        .get(&url)
        .query(&[("query", "mutation { personCreate(input: {displayName: \"x\"}) { userErrors { code } } }")]);
    assert_eq!(world.send(mutation, token).await.status, 405);
    let priced = world
        .http
        .post(format!("{url}?explain=cost"))
        .json(&json!({ "query": "{ cops(first: 100) { nodes { theme { id } } } }" }));
    let priced = world.send(priced, token).await.json();
    assert!(priced["extensions"]["cost"]["requested"].as_u64().unwrap() > 100 && priced["data"].is_null(), "{priced}");
    assert_eq!(world.send(world.http.put(&url), token).await.status, 405);
    let page = world.send(world.http.get(&url).header("Accept", "text/html"), None).await;
    assert!(page.status == 200 && page.text.contains("GraphiQL"), "the page itself is open");
    assert_eq!(world.gql(None, "{ __schema { types { name } } }", json!({})).await.status, 401);
});

crate::both!(limits_of_a_query, |world| {
    let token = Some(world.host.token.as_str());
    let code = |answer: crate::harness::Answer| {
        answer.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    };
    let deep = format!("{{ cops {{ nodes {} }} }}", "{ predecessor ".repeat(14) + "{ id }" + &" }".repeat(14));
    assert_eq!(code(world.gql(token, &deep, json!({})).await), "QUERY_TOO_DEEP");
    let wide: String = (0..31).map(|n| format!("a{n}: viewer {{ kind }} ")).collect();
    assert_eq!(code(world.gql(token, &format!("{{ {wide} }}"), json!({})).await), "TOO_MANY_ALIASES");
    let costly = "{ cops(first: 100) { nodes { memberships(first: 100) { nodes { id } } } } }";
    assert_eq!(code(world.gql(token, costly, json!({})).await), "QUERY_TOO_COSTLY");
    let long = format!("{{ viewer {{ {} }} }}", "kind ".repeat(2_000));
    assert_eq!(code(world.gql(token, &long, json!({})).await), "TOO_MANY_TOKENS");
    let introspection = "query { __schema { queryType { name } types { kind name fields { name args { name type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";
    assert_eq!(world.gql(token, introspection, json!({})).await.status, 200, "the usual introspection passes");
});

crate::both!(health_documents_and_pages, |world| {
    assert_eq!(world.get("/health/live", None).await.status, 200);
    assert_eq!(world.get("/health/ready", None).await.status, 200);
    let openapi = world.get("/api/v1/openapi.json", None).await;
    assert_eq!(
        (openapi.json()["openapi"].as_str(), openapi.header("access-control-allow-origin")),
        (Some("3.1.0"), "*")
    );
    let docs = world.get("/docs/", None).await;
    assert!(docs.status == 200 && docs.text.contains("swagger-ui"), "{}", docs.text);
});

crate::both!(an_answer_has_the_order_of_its_document, |world| {
    let query = "{ c: themes { totalCount } ...more a: cops { totalCount } b: viewer { kind } } \
                 fragment more on Query { d: people { totalCount } }";
    for _ in 0..10 {
        let answer = world.gql(Some(&world.host.token), query, json!({})).await.text;
        let places: Vec<_> = ["\"c\"", "\"d\"", "\"a\"", "\"b\""].map(|key| answer.find(key).unwrap()).into();
        assert!(places.is_sorted(), "{answer}");
    }
});

crate::both!(a_variable_that_does_not_fit_is_a_request_that_cannot_run, |world| {
    let theme = json!({ "title": "Thema" });
    let theme = world.op(Surface::Rest, &meta("themeCreate"), Some(&world.host.token), &theme).await.json();
    let query = "query($id: ID!) { theme(id: $id) { title } }";
    let token = Some(world.host.token.as_str());
    let fine = world.gql(token, query, json!({ "id": theme["id"] })).await;
    assert_eq!((fine.status, fine.json()["data"]["theme"]["title"].as_str()), (200, Some("Thema")));
    for variables in [json!({}), json!({ "id": 5 }), json!({ "id": "x" }), json!({ "id": null })] {
        let answer = world.gql(token, query, variables.clone()).await;
        let body = answer.json();
        assert_eq!((answer.status, body.get("data")), (400, None), "{variables}: {}", answer.text);
        let told = &body["errors"][0]["extensions"];
        assert!(told["code"].is_string());
        assert_eq!(told["field"], json!(["id"]), "{variables}: {}", answer.text);
    }
    // Every field that does not fit is named, with what it asks for, in the language that was asked for.
    let query = "mutation($input: CopCreateInput!) { copCreate(input: $input) { cop { id } userErrors { code } } }";
    let fine = world.gql(token, query, json!({ "input": { "title": "Kring", "themeId": theme["id"] } })).await.json();
    assert!(fine["data"]["copCreate"]["cop"]["id"].is_string(), "{fine}");
    let faulty = json!({ "input": { "themeId": "x", "elementIds": [theme["id"]], "startDate": "morgen",
        "capacity": "veel", "listingAudience": "IEDEREEN", "colour": "rood" } });
    let request = world.http.post(format!("{}/graphql", world.base)).header("Accept-Language", "nl");
    let request = request.json(&json!({ "query": query, "variables": faulty }));
    let answer = world.send(request, token).await.json();
    let problems = answer["errors"][0]["extensions"]["problems"].as_array().unwrap();
    let named: Vec<_> = problems
        .iter()
        .map(|one| {
            let path: Vec<_> = one["field"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
            (path.join("."), one["code"].as_str().unwrap())
        })
        .collect();
    for (field, code) in [
        ("input.title", "REQUIRED"),
        ("input.themeId", "INVALID_ID"),
        ("input.elementIds.0", "INVALID_ID"),
        ("input.startDate", "INVALID_VALUE"),
        ("input.capacity", "INVALID_VALUE"),
        ("input.listingAudience", "INVALID_VALUE"),
        ("input.colour", "INVALID_VALUE"),
    ] {
        assert!(named.contains(&(field.to_owned(), code)), "{field} is not in {named:?}");
    }
    assert_eq!(named.len(), 7, "{named:?}");
    let date = problems.iter().find(|one| one["field"][1] == "startDate").unwrap();
    assert_eq!(date["message"], "Niet geldig: een datum, zoals 2026-09-01");
    // An id of another kind is an id all the same, and fits elsewhere.
    let other = json!({ "input": { "title": "Kring", "themeId": theme["id"], "elementIds": [theme["id"]] } });
    let answer = world.gql(token, query, other).await.json();
    let told = &answer["errors"][0]["extensions"];
    assert_eq!(told["field"], json!(["input", "elementIds", "0"]), "{answer}");
    assert_eq!(told["problems"].as_array().unwrap().len(), 1, "{answer}");
    // Of very many it names the first.
    let many = json!({ "input": { "title": "Kring", "elementIds": vec![1; 100_000] } });
    let answer = world.gql(token, query, many).await;
    assert!(answer.text.len() < 20_000, "{}", answer.text.len());
    assert_eq!(answer.json()["errors"][0]["extensions"]["problems"].as_array().unwrap().len(), 50);
});

crate::both!(preconditions_are_read_as_the_standard_has_them, |world| {
    let made = person(&world).await;
    let url = format!("{}/api/v1/people/{}", world.base, made["id"].as_str().unwrap());
    let patch = |tag: &str, title: Value| {
        let request = world.http.patch(&url).header("If-Match", tag.to_owned());
        world.send(request.json(&json!({ "jobTitle": title })), Some(&world.host.token))
    };
    assert_eq!(patch("*", json!("Docent")).await.status, 200, "any version");
    assert_eq!(patch("\"x\", \"v2\"", json!("Coach")).await.status, 200, "one of several");
    let stale = patch("\"v2\"", json!("Nee")).await;
    assert_eq!(stale.status, 412);
    assert!(stale.json()["detail"].as_str().unwrap().contains("now 3"), "{}", stale.text);
    assert_eq!(patch("v3", json!("Nee")).await.status, 400, "an ETag stands in quotes");
    // Emptying what cannot be empty is refused; what can be is emptied.
    let null = world.http.patch(&url).header("If-Match", "\"v3\"").json(&json!({ "displayName": null }));
    let null = world.send(null, Some(&world.host.token)).await;
    assert_eq!((null.status, null.json()["errors"][0]["code"].as_str()), (400, Some("REQUIRED")));
    assert_eq!(patch("\"v3\"", Value::Null).await.json()["jobTitle"], Value::Null);
    for (path, allow) in
        [("/health/live", "GET, HEAD"), ("/api/v1/openapi.json", "GET, HEAD"), ("/graphql", "GET, POST")]
    {
        let answer = world.send(world.http.delete(format!("{}{path}", world.base)), None).await;
        assert_eq!((answer.status, answer.header("allow")), (405, allow), "{path}");
    }
    assert_eq!(world.send(world.http.head(format!("{}/health/live", world.base)), None).await.status, 200);
});

crate::both!(changes_that_meet_are_all_done, |world| {
    let concept = json!({ "name": "Open", "profile": "OPEN" });
    let (host, rest) = (&world.host.token, Surface::Rest);
    let concept = world.op(rest, &meta("conceptCreate"), Some(host), &concept).await.json();
    let rows: Vec<_> =
        (0..60).map(|n| format!("{{\"externalId\":\"p{n}\",\"displayName\":\"Persoon {n}\"}}")).collect();
    let mut backwards = rows.clone();
    backwards.reverse();
    let import = |rows: &[String]| {
        let request = world.http.post(format!("{}/api/v1/imports?collection=PEOPLE", world.base));
        world.send(request.header("Content-Type", "application/x-ndjson").body(rows.join("\n")), Some(host))
    };
    let answers =
        futures_util::future::join_all([import(&rows), import(&backwards), import(&rows), import(&backwards)]).await;
    for answer in answers {
        assert_eq!((answer.status, answer.json()["state"].as_str()), (201, Some("COMPLETED")), "{}", answer.text);
    }
    let people = world.get("/api/v1/people?first=100", Some(host)).await.json();
    assert_eq!(people["items"].as_array().unwrap().len(), 60, "each key once");
    let add = |n: usize| {
        let input = json!({ "conceptId": concept["id"], "title": format!("Gebied {n}") });
        let meta = meta("focusAreaAdd");
        let world = &world;
        async move { world.op(rest, &meta, Some(host), &input).await.status }
    };
    let done = futures_util::future::join_all((0..8).map(add)).await;
    assert_eq!(done, [201; 8]);
    let areas = world.get("/api/v1/focus-areas?first=100", Some(host)).await.json();
    let mut places: Vec<_> =
        areas["items"].as_array().unwrap().iter().map(|one| one["position"].as_i64().unwrap()).collect();
    places.sort_unstable();
    assert_eq!(places, (1..=8).collect::<Vec<_>>(), "each in a place of its own");
});
