//! Search: the same results in the same order on both databases, from what a viewer is shown and from nothing else.

use crate::{
    focus,
    harness::{Surface, World, meta},
    members::{circle, done, get, person, status},
    scenes,
};
use evolva_domain::search::words::{Spoken, compounds, query, tokens};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The titles that are found, in their order.
async fn titles(world: &World, token: &str, query: &str) -> Vec<String> {
    let url = reqwest::Url::parse_with_params("http://x/", [("query", query)]).unwrap();
    found(world, token, url.query().unwrap()).await
}

async fn found(world: &World, token: &str, query: &str) -> Vec<String> {
    let answer = get(world, token, &format!("search?{query}&first=100")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    let text = |one: &Value| one["title"].as_str().unwrap().to_owned();
    answer.json()["items"].as_array().unwrap().iter().map(text).collect()
}

/// A token of the host that holds these scopes only.
async fn narrower(world: &World, scopes: &[&str]) -> String {
    let input = json!({ "name": "zoeker", "scopes": scopes });
    let answer = world.op(Surface::Rest, &meta("tokenIssue"), Some(&world.host.token), &input).await;
    answer.json()["accessToken"].as_str().unwrap().to_owned()
}

/// A few things to be found, of the host alone.
async fn library(world: &World) -> String {
    let does = async |name: &str, input: Value| done(world, &world.host.token, name, input).await;
    let theme = json!({ "title": "Leren en begeleiden", "summary": "Over lessen" });
    let theme = does("themeCreate", theme).await;
    let write = |title: &str, language: Option<&str>, rest: Value| {
        let mut input = json!({ "kind": "INSIGHT", "title": title, "language": language });
        input.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        input
    };
    for input in [
        write(
            "Werkplekleren in de praktijk",
            Some("nl"),
            json!({
                "body": "Begeleiders leren van **lessen** uit de zorg.", "tags": ["zorg", "jonge mensen"], "themeId": theme
            }),
        ),
        write(
            "Lessen uit de zorg",
            Some("nl"),
            json!({ "summary": "Wat een begeleider ervan vindt", "tags": ["zorg"], "kind": "LESSON_LEARNED" }),
        ),
        write("Learning communities at work", Some("en"), json!({ "body": "Practices that run, and lessons." })),
        write("Het Café als leerplek", None, json!({ "body": "Een begeleider & <b>zijn</b> \"lessen\"" })),
        write("日本の職場学習", Some("ja"), json!({ "body": "職場" })),
    ] {
        does("artefactCreate", input).await;
    }
    does("copCreate", json!({ "title": "Kring werkplek-leren", "summary": "Zorg", "description": "Met begeleiders" }))
        .await;
    let clinic = json!({ "kind": "CLINIC", "title": "Clinic begeleiding", "place": "Arnhem",
        "startsAt": "2031-01-01T13:00:00Z", "endsAt": "2031-01-01T15:00:00Z" });
    does("sessionPlan", clinic).await;
    theme
}

const IN_PRACTICE: &str = "Werkplekleren in de praktijk";
const LESSONS: &str = "Lessen uit de zorg";
const COMMUNITIES: &str = "Learning communities at work";
const CAFE: &str = "Het Café als leerplek";
const CIRCLE: &str = "Kring werkplek-leren";
const CLINIC: &str = "Clinic begeleiding";
const THEME: &str = "Leren en begeleiden";

/// What is asked, and what is found, in this order.
const TABLE: &[(&str, &[&str])] = &[
    // Singular and plural, in a title before a summary before a body, then the newer first.
    ("les ", &[LESSONS, THEME, CAFE, IN_PRACTICE]),
    ("lessen", &[LESSONS, THEME, CAFE, IN_PRACTICE]),
    ("begeleider", &[CLINIC, LESSONS, CIRCLE, CAFE, IN_PRACTICE]),
    // Each word must be there; what says little need not.
    ("lessen zorg", &[LESSONS, IN_PRACTICE]),
    ("lessen uit de zorg", &[LESSONS, IN_PRACTICE]),
    ("zorg van lessen", &[LESSONS, IN_PRACTICE]),
    ("lessen zorg café", &[]),
    // English.
    ("community", &[COMMUNITIES]),
    ("practice running ", &[COMMUNITIES]),
    ("learn", &[COMMUNITIES]),
    // What is still being typed.
    ("werkpl", &[CIRCLE, IN_PRACTICE]),
    ("werkplekl", &[CIRCLE, IN_PRACTICE]),
    ("werkpl ", &[]),
    ("zorg begel", &[LESSONS, CIRCLE, IN_PRACTICE]),
    // A word of parts is found by them, and by itself.
    ("werkplekleren", &[CIRCLE, IN_PRACTICE]),
    ("werkplek-leren", &[CIRCLE]),
    // Neither accents, nor case, nor the way in which a letter is written.
    ("CAFE", &[CAFE]),
    ("cafe\u{301}", &[CAFE]),
    ("ＣＡＦÉ", &[CAFE]),
    ("日本", &["日本の職場学習"]),
    ("jonge mensen", &[IN_PRACTICE]),
    ("arnhem", &[CLINIC]),
    ("niets", &[]),
    // What would be syntax elsewhere is text.
    ("lessen & zorg | niets", &[]),
    ("\"lessen\" AND zorg", &[LESSONS, IN_PRACTICE]),
    ("lessen:* !zorg", &[LESSONS, IN_PRACTICE]),
    ("'lessen' -zorg", &[LESSONS, IN_PRACTICE]),
];

crate::both!(both_databases_find_the_same_in_the_same_order, |world| {
    library(&world).await;
    let token = &world.host.token;
    for (query, expected) in TABLE {
        assert_eq!(titles(&world, token, query).await, *expected, "{query:?}");
        let graph =
            "query($q: String!) { search(query: $q, first: 100) { totalCount nodes { title object { __typename } } } }";
        let answer = world.gql(Some(token), graph, json!({ "q": query })).await.json();
        let search = &answer["data"]["search"];
        let named: Vec<_> = search["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).iter().collect();
        assert_eq!(named.iter().map(|one| one["title"].as_str().unwrap()).collect::<Vec<_>>(), *expected, "{query:?}");
        assert_eq!(search["totalCount"], expected.len(), "{query:?}");
    }
    assert!(titles(&world, &world.outsider.token, "lessen").await.is_empty(), "others have none of it");
});

crate::both!(what_was_found_is_marked_in_text_that_is_no_html, |world| {
    library(&world).await;
    let graph = "{ search(query: \"lessen beg\") { nodes { title score highlights { field fragments } object { \
                 ... on Artefact { id bodyHtml theme { title } } ... on Theme { slug } } } } }";
    let answer = world.gql(Some(&world.host.token), graph, json!({})).await.json();
    let nodes = answer["data"]["search"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
    let of = |title: &str| nodes.iter().find(|one| one["title"] == title).unwrap();
    let marked =
        [("title", "<mark>Lessen</mark> uit de zorg"), ("summary", "Wat een <mark>begeleider</mark> ervan vindt")];
    let marked = marked.map(|(field, text)| json!({ "field": field, "fragments": [text] }));
    assert_eq!(of(LESSONS)["highlights"], json!(marked));
    let html = "Een <mark>begeleider</mark> &amp; &lt;b&gt;zijn&lt;/b&gt; &quot;<mark>lessen</mark>&quot;";
    assert_eq!(of(CAFE)["highlights"], json!([{ "field": "body", "fragments": [html] }]));
    assert_eq!(of(IN_PRACTICE)["object"]["theme"]["title"], THEME);
    assert_eq!(of(THEME)["object"]["slug"], "leren-en-begeleiden");
    assert!(of(LESSONS)["score"].as_i64() > of(CAFE)["score"].as_i64());
    // REST shows the same, with the whole object.
    let rest = get(&world, &world.host.token, "search?query=lessen%20beg").await.json();
    assert_eq!(rest["items"][0]["highlights"], nodes[0]["highlights"]);
    assert_eq!(rest["items"][0]["object"]["title"], nodes[0]["title"]);
});

crate::both!(what_is_found_is_told_apart_and_narrowed, |world| {
    let theme = library(&world).await;
    let token = &world.host.token;
    let answer = get(&world, token, "search?query=lessen&facets=true&totalCount=true").await.json();
    assert_eq!(answer["totalCount"], 4);
    let values = |name: &str| {
        let facet = answer["facets"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
        let pair = |one: &Value| (one["value"].as_str().unwrap().to_owned(), one["count"].as_i64().unwrap());
        facet["values"].as_array().unwrap().iter().map(pair).collect::<Vec<_>>()
    };
    let pairs =
        |all: &[(&str, i64)]| all.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect::<Vec<_>>();
    assert_eq!(values("KIND"), pairs(&[("ARTEFACT", 3), ("THEME", 1)]));
    assert_eq!(values("TAG"), pairs(&[("zorg", 2), ("jonge mensen", 1)]));
    assert_eq!(values("LANGUAGE"), pairs(&[("nl", 2)]));
    assert_eq!(values("THEME"), pairs(&[(&theme, 2)]));
    assert_eq!(values("ORGANISATION"), pairs(&[(&world.host.id.to_string(), 4)]));
    assert_eq!(values("YEAR").len(), 1);
    assert_eq!(values("ARTEFACT_KIND"), pairs(&[("INSIGHT", 2), ("LESSON_LEARNED", 1)]));
    assert_eq!(answer["facets"][6]["values"][1]["label"], "Lesson learned");
    assert_eq!(answer["facets"][1]["values"][0]["label"], THEME);
    let year = values("YEAR")[0].0.clone();
    for (filter, expected) in [
        ("kinds=THEME", vec![THEME]),
        ("kinds=ARTEFACT,THEME&tag=ZORG", vec![LESSONS, IN_PRACTICE]),
        ("tag=jonge%20mensen", vec![IN_PRACTICE]),
        ("language=nl", vec![LESSONS, IN_PRACTICE]),
        (&format!("themeId={theme}"), vec![THEME, IN_PRACTICE]),
        (&format!("organisationId={}", world.host.id), vec![LESSONS, THEME, CAFE, IN_PRACTICE]),
        (&format!("organisationId={}", world.partner.id), vec![]),
        (&format!("year={year}"), vec![LESSONS, THEME, CAFE, IN_PRACTICE]),
        ("year=2031", vec![]),
        ("artefactKinds=LESSON_LEARNED", vec![LESSONS]),
        ("artefactKinds=INSIGHT,LESSON_LEARNED&tag=zorg", vec![LESSONS, IN_PRACTICE]),
        ("artefactKinds=OUTCOME", vec![]),
    ] {
        assert_eq!(found(&world, token, &format!("query=lessen&{filter}")).await, expected, "{filter}");
    }
    assert_eq!(found(&world, token, "query=begeleiding&year=2031").await, [CLINIC]);
    let graph = "{ search(query: \"lessen\", filter: { artefactKinds: [LESSON_LEARNED] }) { nodes { title } } }";
    let graph = world.gql(Some(token), graph, json!({})).await.json();
    assert_eq!(graph["data"]["search"]["nodes"], json!([{ "title": LESSONS }]), "{graph}");
    // A theme of one's own is nobody else's to find things by.
    let other = get(&world, &world.outsider.token, &format!("search?query=lessen&themeId={theme}&facets=true")).await;
    assert!(other.json()["facets"].as_array().unwrap().iter().all(|one| one["values"] == json!([])));
});

crate::both!(pages_go_on_where_they_ended_and_cursors_are_of_one_search, |world| {
    library(&world).await;
    let token = &world.host.token;
    let all = titles(&world, token, "begeleider").await;
    let (mut walked, mut path) = (vec![], "search?query=begeleider&first=1".to_owned());
    let mut cursor = String::new();
    loop {
        let page = get(&world, token, &path).await;
        let body = page.json();
        walked.extend(body["items"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()));
        if body["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page.header("link"), "");
            break;
        }
        cursor = body["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        let link = page.header("link").to_owned();
        path = link.split(['<', '>']).nth(1).unwrap().trim_start_matches("/api/v1/").to_owned();
    }
    assert_eq!(walked, all);
    for other in ["query=begeleiders", "query=begeleider&kinds=ARTEFACT"] {
        let answer = get(&world, token, &format!("search?{other}&after={cursor}")).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["code"]), (400, &json!("INVALID_CURSOR")), "{other}");
    }
    let graph = "query($c: String) { search(query: \"begeleider\", first: 2, after: $c) { pageInfo { endCursor hasNextPage \
                 hasPreviousPage } edges { cursor node { title } } } }";
    let first = world.gql(Some(token), graph, json!({})).await.json()["data"]["search"].clone();
    let next = json!({ "c": first["edges"][1]["cursor"] });
    let second = world.gql(Some(token), graph, next).await.json()["data"]["search"].clone();
    assert_eq!(second["edges"][0]["node"]["title"], json!(all[2]));
    assert_eq!(
        (&first["pageInfo"]["hasNextPage"], &second["pageInfo"]["hasPreviousPage"]),
        (&json!(true), &json!(true))
    );
});

crate::both!(what_cannot_be_asked_names_its_field, |world| {
    library(&world).await;
    let token = &world.host.token;
    let long = "a".repeat(401);
    for (query, field, code) in [
        ("", "query", "REQUIRED"),
        ("query=", "query", "REQUIRED"),
        ("query=%25%25%25", "query", "REQUIRED"),
        (&format!("query={long}"), "query", "TOO_LONG"),
        (&format!("query={}", "ab+".repeat(13)), "query", "TOO_MANY"),
        ("query=x&first=0", "first", "OUT_OF_RANGE"),
        ("query=x&first=101", "first", "OUT_OF_RANGE"),
        ("query=x&first=veel", "first", "OUT_OF_RANGE"),
        ("query=x&after=eGVu", "after", "INVALID_CURSOR"),
        ("query=x&year=99", "year", "OUT_OF_RANGE"),
        ("query=x&year=nu", "year", "OUT_OF_RANGE"),
        ("query=x&language=!", "language", "INVALID_VALUE"),
        ("query=x&kinds=PERSON", "kinds", "INVALID_VALUE"),
        ("query=x&artefactKinds=COP", "artefactKinds", "INVALID_VALUE"),
        ("query=x&themeId=cop_01h455vb4pex5vsknk084sn02q", "themeId", "INVALID_ID"),
        ("query=x&facets=ja", "facets", "INVALID_VALUE"),
        ("query=x&nietbekend=1", "nietbekend", "INVALID_VALUE"),
    ] {
        let answer = get(&world, token, &format!("search?{query}")).await;
        let body = answer.json();
        assert_eq!((answer.status, &body["errors"][0]["code"]), (400, &json!(code)), "{query}: {body}");
        assert_eq!(body["errors"][0]["pointer"].as_str().unwrap().trim_matches('/'), field, "{query}: {body}");
    }
    for (query, field) in [("prefix=", "prefix"), ("prefix=x&first=21", "first"), ("prefix=x&kinds=X", "kinds")] {
        let answer = get(&world, token, &format!("search/suggestions?{query}")).await;
        assert_eq!(
            (answer.status, &answer.json()["errors"][0]["pointer"]),
            (400, &json!(format!("/{field}"))),
            "{query}"
        );
    }
    // Any bytes are words or are none: an answer, or a typed error.
    let mut rng = fastrand::Rng::with_seed(11);
    for round in 0..150 {
        let text: String = match round % 3 {
            0 => (0..rng.usize(1..40)).map(|_| rng.char(..)).collect(),
            1 => (0..rng.usize(1..20))
                .map(|_| *rng.choice(&['\'', '"', '*', ':', '&', '\\', 'a', '·', 'n', ' ', '(']).unwrap())
                .collect(),
            _ => (0..rng.usize(1..40)).map(|_| rng.char(' '..'~')).collect(),
        };
        let graph = "query($q: String!) { search(query: $q) { totalCount facets { name } nodes { title } } }";
        let answer = world.gql(Some(token), graph, json!({ "q": text })).await;
        let code = answer.json()["errors"][0]["extensions"]["code"].clone();
        assert!(
            answer.status < 500 && ["REQUIRED", "TOO_MANY"].map(Value::from).contains(&code) || code.is_null(),
            "{text:?}: {}",
            answer.text
        );
    }
    let bytes = get(&world, token, "search?query=%FF%C3(%00").await;
    assert!(bytes.status == 400 || bytes.status == 200, "{}", bytes.text);
});

crate::both!(each_kind_needs_its_scope, |world| {
    library(&world).await;
    let artefacts = narrower(&world, &["artefacts:read"]).await;
    let all = get(&world, &artefacts, "search?query=begeleider&facets=true&totalCount=true").await.json();
    assert_eq!((all["items"].as_array().unwrap().len(), &all["totalCount"]), (3, &json!(3)));
    assert_eq!(all["facets"][0]["values"], json!([{ "value": "ARTEFACT", "label": "Artefact", "count": 3 }]));
    // What a theme is called is said to who may read themes.
    assert_eq!(all["facets"][1]["values"][0]["label"], Value::Null);
    assert_eq!(status(&world, &artefacts, "search?query=begeleider&kinds=THEME").await, 403);
    assert_eq!(status(&world, &artefacts, "search/suggestions?prefix=beg&kinds=THEME").await, 403);
    let none = get(&world, &world.host.weak, "search?query=begeleider").await;
    assert_eq!((none.status, &none.json()["code"]), (403, &json!("INSUFFICIENT_SCOPE")));
    assert_eq!(status(&world, &world.operator, "search?query=begeleider").await, 403);
    assert_eq!(world.get("/api/v1/search?query=begeleider", None).await.status, 401);
    // What has a word in its text alone is found, and not suggested.
    assert_eq!(titles(&world, &artefacts, "begeleiders").await.len(), 3);
    let none = get(&world, &artefacts, "search/suggestions?prefix=begeleiders").await.json();
    assert_eq!(none["items"], json!([]), "{none}");
    let suggested = get(&world, &artefacts, "search/suggestions?prefix=Le").await.json();
    let titles: Vec<_> =
        suggested["items"].as_array().unwrap().iter().map(|one| one["html"].as_str().unwrap()).collect();
    assert_eq!(
        titles[..3],
        [
            "Het Café als <mark>leerplek</mark>",
            "<mark>Learning</mark> communities at work",
            "<mark>Lessen</mark> uit de zorg"
        ]
    );
    let id = suggested["items"][0]["id"].as_str().unwrap();
    assert_eq!(get(&world, &artefacts, &format!("artefacts/{id}")).await.json()["title"], CAFE);
});

crate::both!(the_index_follows_every_change_and_is_made_anew, |world| {
    let token = &world.host.token;
    let write = json!({ "externalId": "k", "kind": "INSIGHT", "title": "Eerste naam", "body": "x" });
    let id = done(&world, token, "artefactCreate", write).await;
    assert_eq!(titles(&world, token, "eerste").await, ["Eerste naam"]);
    done(
        &world,
        token,
        "artefactUpdate",
        json!({ "id": id, "version": 1, "title": "Tweede naam", "tags": ["anders"] }),
    )
    .await;
    assert_eq!(titles(&world, token, "eerste").await, Vec::<String>::new());
    assert_eq!(titles(&world, token, "tweede anders ").await, ["Tweede naam"]);
    let put = json!({ "externalId": "k", "version": 2, "kind": "INSIGHT", "title": "Derde naam", "body": "x" });
    done(&world, token, "artefactPut", put).await;
    assert_eq!(titles(&world, token, "naam").await, ["Derde naam"]);
    let row = json!({ "externalId": "k2", "kind": "INSIGHT", "title": "Ingelezen naam", "body": "x", "publishedAt": "2015-05-05T00:00:00Z", "state": "VALIDATED" });
    let import = world.http.post(format!("{}/api/v1/imports?collection=ARTEFACTS&history=true", world.base));
    let import = import.header("Content-Type", "application/x-ndjson").body(row.to_string());
    assert_eq!(world.send(import, Some(token)).await.status, 201);
    assert_eq!(titles(&world, token, "naam").await, ["Derde naam", "Ingelezen naam"]);
    assert_eq!(found(&world, token, "query=naam&year=2015").await, ["Ingelezen naam"]);
    // What is refused leaves the index as it was.
    let refused = json!({ "id": id, "version": 1, "title": "Vierde naam" });
    assert_eq!(crate::members::refused(&world, token, "artefactUpdate", refused).await, "STALE_VERSION");
    assert_eq!(titles(&world, token, "vierde").await, Vec::<String>::new());
    // Rows that came in past the program, or before there was an index, get their documents by the migration.
    if world.database_url.starts_with("sqlite://") {
        world.sql("DELETE FROM search_words").await;
    }
    assert!(world.sql("DELETE FROM search_document").await > 0);
    assert_eq!(titles(&world, token, "naam").await, Vec::<String>::new());
    let settings = |owner: Option<String>| evolva_persistence::Settings {
        url: world.database_url.clone(),
        files: String::new(),
        owner_url: owner,
        readers: 1,
        threads: 1,
        writers: 1,
    };
    let owner =
        world.database_url.starts_with("postgres").then(|| world.database_url.replace("evolva_app", "evolva_owner"));
    evolva_persistence::migrate(&settings(owner.clone())).await.unwrap();
    assert_eq!(titles(&world, token, "naam").await, ["Derde naam", "Ingelezen naam"]);
    let raw = world.literal(&id);
    world.sql(&format!("UPDATE artefact SET title = 'Vijfde naam', version = version + 1 WHERE id = {raw}")).await;
    evolva_persistence::migrate(&settings(owner)).await.unwrap();
    assert_eq!(titles(&world, token, "vijfde").await, ["Vijfde naam"]);
});

crate::both!(what_is_found_is_what_a_viewer_is_shown, |world| {
    let circle = circle(&world).await;
    let (host, partner, member) = (&world.host.token, &world.partner.token, &circle.member.1);
    let write = json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Appeltaart", "body": "kaneel", "audience": "PARTNERS" });
    let id = done(&world, member, "artefactCreate", write).await;
    let finds = async |token: &str, query: &str| titles(&world, token, query).await == ["Appeltaart"];
    // A draft is its authors'.
    let (colleague, guide) = (&circle.colleague.1, &circle.guide);
    for (token, sees) in [(member, true), (partner, true), (colleague, false), (guide, false), (host, false)] {
        assert_eq!(finds(token, "kaneel").await, sees);
    }
    done(&world, member, "artefactSubmit", json!({ "id": id })).await;
    for (token, sees) in [(member, true), (colleague, true), (guide, true), (host, false)] {
        assert_eq!(finds(token, "kaneel").await, sees);
    }
    let asked = get(&world, partner, "publications?state=REQUESTED").await.json()["items"][0]["id"].clone();
    done(&world, partner, "publicationApprove", json!({ "id": asked })).await;
    let outsider = &world.outsider.token;
    assert!(finds(host, "kaneel").await && !finds(outsider, "kaneel").await);
    // The next version waits: who is shown the one before it finds that, and nothing of the other.
    let version = get(&world, member, &format!("artefacts/{id}")).await.json()["version"].clone();
    let edit = json!({ "id": id, "version": version, "title": "Perentaart", "body": "gember", "tags": ["bakken"],
        "kind": "EXPERIENCE" });
    done(&world, member, "artefactUpdate", edit).await;
    assert_eq!(titles(&world, member, "taart").await, Vec::<String>::new());
    assert_eq!(titles(&world, member, "gember").await, ["Perentaart"]);
    assert_eq!(titles(&world, member, "kaneel").await, Vec::<String>::new(), "its members read the next one");
    for query in ["gember", "perentaart", "bakken", "appeltaart gember"] {
        assert_eq!(titles(&world, host, query).await, Vec::<String>::new(), "{query}");
    }
    // What it was published as, it is found as.
    let of_kind = async |token: &str, word: &str, kind: &str| {
        found(&world, token, &format!("query={word}&artefactKinds={kind}")).await
    };
    assert_eq!(of_kind(member, "gember", "EXPERIENCE").await, ["Perentaart"]);
    assert_eq!(of_kind(host, "kaneel", "INSIGHT").await, ["Appeltaart"]);
    assert_eq!(of_kind(host, "kaneel", "EXPERIENCE").await, Vec::<String>::new());
    let hit = get(&world, host, "search?query=kaneel&facets=true").await.json();
    assert_eq!(hit["facets"][6]["values"], json!([{ "value": "INSIGHT", "label": "Insight", "count": 1 }]));
    assert_eq!(hit["items"][0]["object"]["id"], asked);
    assert_eq!(hit["items"][0]["highlights"], json!([{ "field": "body", "fragments": ["<mark>kaneel</mark>"] }]));
    assert_eq!(hit["facets"][3]["values"], json!([]), "tags are of the version that is not shown");
    let graph = "{ search(query: \"kaneel\") { totalCount nodes { kind title object { __typename ... on Publication { publishedVersion { body } } } } } }";
    let graph = world.gql(Some(host), graph, json!({})).await.json()["data"]["search"].clone();
    let object = json!({ "__typename": "Publication", "publishedVersion": { "body": "kaneel" } });
    assert_eq!(graph["nodes"][0], json!({ "kind": "ARTEFACT", "title": "Appeltaart", "object": object }));
    // Once it may, they find it once.
    let asked = get(&world, partner, "publications?state=REQUESTED").await.json()["items"][0]["id"].clone();
    done(&world, partner, "publicationApprove", json!({ "id": asked })).await;
    assert_eq!(titles(&world, host, "taart").await.len() + titles(&world, host, "gember").await.len(), 1);
    assert!(!finds(host, "kaneel").await);
    // Taken back, the one before it is what they are shown.
    done(&world, partner, "publicationWithdraw", json!({ "id": asked })).await;
    assert!(finds(host, "kaneel").await && titles(&world, host, "gember").await.is_empty());
    // Narrowed, nothing of it is.
    let version = get(&world, partner, &format!("artefacts/{id}")).await.json()["version"].clone();
    done(&world, partner, "artefactUpdate", json!({ "id": id, "version": version, "audience": "ORGANISATION" })).await;
    assert!(titles(&world, host, "kaneel").await.is_empty() && titles(&world, host, "gember").await.is_empty());
    assert_eq!(titles(&world, partner, "gember").await, ["Perentaart"]);
});

crate::both!(a_cop_is_found_by_its_listing_and_its_people_by_nothing, |world| {
    let circle = circle(&world).await;
    let (host, partner, outsider) = (&world.host.token, &world.partner.token, &world.outsider.token);
    let version = get(&world, host, &format!("cops/{}", circle.cop)).await.json()["version"].clone();
    let change = json!({ "id": circle.cop, "version": version, "summary": "Appeltaart", "listingAudience": "NETWORK" });
    done(&world, host, "copUpdate", change).await;
    let charter = json!({ "copId": circle.cop, "why": "Kaneel", "goals": ["Gember"] });
    done(&world, host, "charterDraft", charter).await;
    let session = json!({ "copId": circle.cop, "kind": "REGULAR", "title": "Rozijnen", "startsAt": "2027-01-01T13:00:00Z", "endsAt": "2027-01-01T15:00:00Z" });
    done(&world, host, "sessionPlan", session).await;
    for token in [host, partner, outsider, &circle.member.1] {
        assert_eq!(titles(&world, token, "appeltaart").await, ["De kring"]);
        assert!(titles(&world, token, "kaneel").await.is_empty() && titles(&world, token, "gember").await.is_empty());
    }
    assert_eq!(titles(&world, partner, "rozijnen").await, ["Rozijnen"]);
    assert!(titles(&world, outsider, "rozijnen").await.is_empty());
    // The theme that its listing shows, and no name of a person.
    assert_eq!(titles(&world, outsider, "thema").await, ["Thema"]);
    person(&world, &world.host, "Eigennaam Achternaam").await;
    assert!(titles(&world, host, "eigennaam").await.is_empty() && titles(&world, host, "begeleider").await.is_empty());
    // Hidden from the network again, it is found by nobody of it.
    let version = get(&world, host, &format!("cops/{}", circle.cop)).await.json()["version"].clone();
    done(&world, host, "copUpdate", json!({ "id": circle.cop, "version": version, "listingAudience": "PARTNERS" }))
        .await;
    assert!(
        titles(&world, outsider, "appeltaart").await.is_empty() && titles(&world, outsider, "thema").await.is_empty()
    );
    assert_eq!(titles(&world, partner, "appeltaart").await, ["De kring"]);
});

/// The words of what a viewer's own lists show of a row, each with the language that it is in.
fn words_of(row: &Value) -> (Vec<String>, Spoken) {
    let texts = ["title", "summary", "body", "description", "place", "planned", "happened", "learned"];
    // A session's third question has the name of a charter's column, and is looked through as well.
    let texts = texts.iter().chain(&["why"]).filter_map(|name| row[*name].as_str());
    let tags = row["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let of = |text: &str| {
        let tokens = tokens(text);
        tokens.iter().chain(&compounds(text, &tokens)).map(|token| token.word.clone()).collect::<Vec<_>>()
    };
    (texts.chain(tags).flat_map(of).collect(), Spoken::of(row["language"].as_str()))
}

crate::both!(each_viewer_finds_by_each_word_what_their_lists_show, |world| {
    let base = scenes::base(&world).await;
    let circle = &base.circle;
    let actors = [&world.host, &world.partner, &world.outsider, &world.evolva].map(|actor| actor.token.as_str());
    let people = [&circle.guide, &circle.host_member, &circle.member.1, &circle.colleague.1].map(String::as_str);
    let (mut lists, mut words) = (vec![], BTreeSet::new());
    for token in actors.into_iter().chain(people) {
        let rows = focus::rows(&world, token).await;
        let looked_through = ["/artefacts", "/cops", "/sessions", "/themes"];
        let rows = rows.into_iter().filter(|((list, _), _)| looked_through.contains(&list.as_str()));
        let rows: BTreeMap<_, _> = rows.map(|((_, id), row)| (id, words_of(&row))).collect();
        words.extend(rows.values().flat_map(|(words, _)| words.iter().filter(|word| word.len() > 1)).cloned());
        lists.push((token, rows));
    }
    let mut found = 0;
    for word in &words {
        let asked = query("query", &format!("{word} ")).unwrap();
        for (token, rows) in &lists {
            let is = |(words, spoken): &(Vec<String>, Spoken)| words.iter().any(|word| asked[0].is(word, *spoken));
            let expected: BTreeSet<_> = rows.iter().filter(|(_, row)| is(row)).map(|(id, _)| id.clone()).collect();
            let answer = get(&world, token, &format!("search?query={word}%20&first=100&totalCount=true")).await.json();
            let ids =
                answer["items"].as_array().unwrap().iter().map(|one| one["object"]["id"].as_str().unwrap().to_owned());
            let ids: BTreeSet<_> = ids.collect();
            assert_eq!(answer["totalCount"], ids.len(), "{word}");
            let ids: BTreeSet<_> = ids.into_iter().filter(|id| !id.starts_with("pub_")).collect();
            assert_eq!(ids, expected, "{word}");
            found += ids.len();
        }
    }
    assert!(words.len() > 40 && found > 300, "{} words found {found}", words.len());
});
