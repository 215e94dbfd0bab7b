//! Reads as a portal sends them: whole pages in one query, keyset pages, a number of statements that the shape fixes.

use crate::harness::{Surface, World, meta, statements};
use serde_json::{Value, json};

const PAGE: &str = "query($id: ID!) { cop(id: $id) {
    title theme { title } host { name } facilitator { displayName } charter { why goals { nodes { title } } }
    memberships(first: 10) { totalCount nodes { role person { displayName } personTenant { name } } }
    artefacts(first: 10) { nodes { title authors(first: 3) { nodes { displayName } } } } } }";

async fn make(world: &World, name: &str, input: Value) -> Value {
    let answer = world.op(Surface::Rest, &meta(name), Some(&world.host.token), &input).await;
    assert!(answer.status < 300, "{name}: {}", answer.text);
    answer.json()
}

async fn cop_with(world: &World, title: &str, artefacts: usize) -> String {
    let concept = make(world, "conceptCreate", json!({ "name": title, "profile": "OPEN" })).await;
    let theme = make(world, "themeCreate", json!({ "title": title })).await;
    let author = make(world, "personCreate", json!({ "displayName": format!("Auteur {title}") })).await;
    let cop =
        make(world, "copCreate", json!({ "title": title, "conceptId": concept["id"], "themeId": theme["id"] })).await;
    let facilitator = json!({ "copId": cop["id"], "personId": author["id"], "isPrimary": true });
    make(world, "facilitationAssign", facilitator).await;
    make(world, "charterDraft", json!({ "copId": cop["id"], "why": "Omdat", "goals": ["Een", "Twee"] })).await;
    make(world, "copRecruit", json!({ "id": cop["id"] })).await;
    make(world, "membershipApply", json!({ "copId": cop["id"], "personId": author["id"], "role": "LEAD" })).await;
    for number in 0..artefacts {
        let input = json!({ "copId": cop["id"], "kind": "INSIGHT", "title": format!("{title} {number}"), "authorIds": [author["id"]], "tags": ["Rood"] });
        make(world, "artefactCreate", input).await;
    }
    cop["id"].as_str().unwrap().to_owned()
}

crate::both!(the_cop_page_in_one_query_and_a_fixed_number_of_statements, |world| {
    let small = cop_with(&world, "Klein", 1).await;
    let large = cop_with(&world, "Groot", 12).await;
    let token = Some(world.host.token.as_str());
    let mut counts = vec![];
    for id in [&small, &large] {
        let (count, page) = statements(async || world.gql(token, PAGE, json!({ "id": id })).await.json()).await;
        counts.push(count);
        let cop = &page["data"]["cop"];
        assert_eq!(cop["theme"]["title"], cop["title"], "{page}");
        assert_eq!(cop["charter"]["goals"]["nodes"][1]["title"], "Twee");
        assert_eq!(cop["memberships"]["totalCount"], 1);
        assert_eq!(cop["memberships"]["nodes"][0]["personTenant"]["name"], "host");
        let author = &cop["artefacts"]["nodes"][0]["authors"]["nodes"][0]["displayName"];
        assert_eq!(author, &cop["facilitator"]["displayName"]);
    }
    let newest = world.gql(token, PAGE, json!({ "id": large })).await.json();
    let titles = newest["data"]["cop"]["artefacts"]["nodes"].as_array().unwrap();
    assert_eq!((titles.len(), titles[0]["title"].as_str()), (10, Some("Groot 11")), "the ten latest, latest first");
    // One for the CoP with what hangs singly on it, and one for each list in the query: goals, memberships, their
    // number, artefacts, authors.
    assert_eq!(counts, [6, 6]);
    let list =
        "{ cops(first: 20) { nodes { title theme { title } memberCount artefacts(first: 3) { nodes { title } } } } }";
    let (count, all) = statements(async || world.gql(token, list, json!({})).await.json()).await;
    assert_eq!(count, 2, "of two CoPs as of twenty");
    assert_eq!(all["data"]["cops"]["nodes"].as_array().unwrap().len(), 2);
    assert_eq!(
        all["data"]["cops"]["nodes"][1]["artefacts"]["nodes"].as_array().unwrap().len(),
        3.min(all["data"]["cops"]["nodes"][1]["artefacts"]["nodes"].as_array().unwrap().len())
    );
});

crate::both!(pages_meet_each_row_once_in_both_directions, |world| {
    for number in 0..7 {
        let date = if number < 4 { json!(format!("2026-01-0{}", number / 2 + 1)) } else { Value::Null };
        make(&world, "copCreate", json!({ "title": format!("CoP {number}"), "startDate": date })).await;
    }
    let token = Some(world.host.token.as_str());
    for order in ["START_DATE", "START_DATE_DESC", "TITLE", "TITLE_DESC", "UPDATED_AT"] {
        let query = format!(
            "query($first: Int, $after: String, $last: Int, $before: String) {{ cops(orderBy: {order}, first: $first, \
             after: $after, last: $last, before: $before) {{ nodes {{ title }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        );
        let titles = |page: &Value| {
            page["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["title"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let whole = world.gql(token, &query, json!({})).await.json()["data"]["cops"].clone();
        let mut forwards = vec![];
        let mut after = Value::Null;
        loop {
            let page =
                world.gql(token, &query, json!({ "first": 3, "after": after })).await.json()["data"]["cops"].clone();
            forwards.extend(titles(&page));
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(forwards, titles(&whole), "{order}");
        let mut backwards: Vec<String> = vec![];
        let mut before = Value::Null;
        loop {
            let page =
                world.gql(token, &query, json!({ "last": 3, "before": before })).await.json()["data"]["cops"].clone();
            backwards.splice(0..0, titles(&page));
            if page["pageInfo"]["hasPreviousPage"] == false {
                break;
            }
            before = page["pageInfo"]["startCursor"].clone();
        }
        assert_eq!(backwards, titles(&whole), "{order} from the end");
    }
    let rest = world.get("/api/v1/cops?first=5&sort=-title", token).await;
    let link = rest.header("link").split(['<', '>']).nth(1).unwrap().to_owned();
    let next = world.get(&link, token).await.json();
    assert_eq!((next["items"].as_array().unwrap().len(), &next["pageInfo"]["hasNextPage"]), (2, &json!(false)));
    let cursor = rest.json()["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    let forged = format!("{}AAAA", &cursor[..cursor.len() - 4]);
    let refused = world.get(&format!("/api/v1/cops?after={forged}"), token).await;
    assert_eq!(refused.json()["code"], "INVALID_CURSOR");
});

crate::both!(lists_by_theme_status_tag_and_organisation, |world| {
    let cop = cop_with(&world, "Gefilterd", 2).await;
    let token = Some(world.host.token.as_str());
    let theme = world.get(&format!("/api/v1/cops/{cop}"), token).await.json()["themeId"].as_str().unwrap().to_owned();
    let host = world.host.id.to_string();
    for (path, expected) in [
        (format!("cops?themeId={theme}"), 1),
        ("cops?themeId=thm_01h455vb4pex5vsknk084sn02q".into(), 0),
        ("cops?status=RECRUITING".into(), 1),
        ("cops?status=DRAFT".into(), 0),
        (format!("cops?hostId={host}"), 1),
        (format!("cops?hostId={}", world.partner.id), 0),
        (format!("artefacts?copId={cop}&tag=rood"), 2),
        ("artefacts?tag=blauw".into(), 0),
        ("artefacts?updatedSince=2999-01-01T00:00:00Z".into(), 0),
        ("artefacts?updatedSince=2000-01-01T00:00:00Z".into(), 2),
    ] {
        let items = world.get(&format!("/api/v1/{path}"), token).await.json()["items"].as_array().map(Vec::len);
        assert_eq!(items, Some(expected), "{path}");
    }
});

crate::both!(nodes_of_one_kind_are_one_statement_and_keep_their_order, |world| {
    let mut ids = vec![];
    for title in ["a", "b", "c"] {
        ids.push(make(&world, "themeCreate", json!({ "title": title })).await["id"].as_str().unwrap().to_owned());
    }
    let person = make(&world, "personCreate", json!({ "displayName": "Jan" })).await["id"].as_str().unwrap().to_owned();
    let absent = "thm_01h455vb4pex5vsknk084sn02q";
    let asked = [&ids[2], &person, absent, &ids[0], &ids[2]];
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Theme { title } ... on Person { displayName } } }";
    let token = Some(world.host.token.as_str());
    let (count, answer) = statements(async || world.gql(token, query, json!({ "ids": asked })).await.json()).await;
    assert_eq!(count, 2, "one for themes, one for people");
    let titles: Vec<_> = answer["data"]["nodes"].as_array().unwrap().iter().map(|one| one["title"].as_str()).collect();
    assert_eq!(titles, [Some("c"), None, None, Some("a"), Some("c")], "{answer}");
    assert_eq!(answer["data"]["nodes"][1]["displayName"], "Jan");
    assert!(answer["data"]["nodes"][2].is_null());
    let rest = world.get(&format!("/api/v1/nodes?ids={}", asked.join(",")), token).await.json();
    assert_eq!((&rest["items"][1]["displayName"], &rest["items"][2]), (&json!("Jan"), &json!(null)));
});
