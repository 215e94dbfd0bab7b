//! Imports over the public API, on real data where it is there.

use crate::harness::{Answer, World};
use serde_json::{Value, json};
use std::process::Command;

pub async fn import(world: &World, query: &str, rows: &[Value]) -> Answer {
    import_as(world, &world.host.token, query, rows).await
}

pub async fn import_as(world: &World, token: &str, query: &str, rows: &[Value]) -> Answer {
    let body: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let url = format!("{}/api/v1/imports?{query}", world.base);
    let request = world.http.post(url).header("Content-Type", "application/x-ndjson").body(body);
    world.send(request, Some(token)).await
}

pub fn counts(job: &Value) -> [i64; 5] {
    ["rowsRead", "created", "updated", "unchanged", "failed"].map(|name| job[name].as_i64().unwrap())
}

crate::both!(rows_are_created_brought_up_to_date_or_reported, |world| {
    let rows = [
        json!({ "externalId": "a", "displayName": "Anna" }),
        json!({ "externalId": "b", "displayName": "" , "email": "x"}),
        json!({ "externalId": "a", "displayName": "Nog een Anna" }),
        json!({ "displayName": "Zonder sleutel" }),
        json!({ "externalId": "c", "displayName": "Cor", "nope": 1 }),
        json!("geen object"),
        json!({ "externalId": "d", "displayName": "Dirk" }),
    ];
    let dry = import(&world, "collection=PEOPLE&dryRun=true", &rows).await;
    assert_eq!((dry.status, counts(&dry.json())), (201, [7, 2, 0, 0, 5]), "{}", dry.text);
    let none = world.get("/api/v1/people", Some(&world.host.token)).await.json();
    assert_eq!(none["items"], json!([]), "a dry run writes nothing");
    let job = import(&world, "collection=PEOPLE", &rows).await.json();
    assert_eq!((counts(&job), job["state"].as_str()), ([7, 2, 0, 0, 5], Some("COMPLETED")));
    let results =
        world.get(&format!("/api/v1/imports/{}/results", job["id"].as_str().unwrap()), Some(&world.host.token)).await;
    let results: Vec<Value> = results.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let codes: Vec<_> = results
        .iter()
        .map(|row| (row["line"].as_i64().unwrap(), row["errors"][0]["code"].as_str().unwrap_or("-")))
        .collect();
    assert_eq!(
        codes,
        [
            (1, "-"),
            (2, "REQUIRED"),
            (3, "DUPLICATE_IN_FILE"),
            (4, "REQUIRED"),
            (5, "INVALID_VALUE"),
            (6, "ROW_UNREADABLE"),
            (7, "-")
        ]
    );
    assert_eq!(results[1]["errors"].as_array().unwrap().len(), 2, "all faults of a row at once");
    let again = import(&world, "collection=PEOPLE", &rows).await.json();
    assert_eq!(counts(&again), [7, 0, 0, 2, 5]);
    let changed = import(&world, "collection=PEOPLE", &[json!({ "externalId": "a", "displayName": "Anna de Vries" })])
        .await
        .json();
    assert_eq!(counts(&changed), [1, 0, 1, 0, 0]);
    let foreign = world
        .get(&format!("/api/v1/imports/{}/results", job["id"].as_str().unwrap()), Some(&world.outsider.token))
        .await;
    assert_eq!(foreign.status, 404);
});

crate::both!(states_and_dates_come_only_as_history, |world| {
    let row = [json!({ "externalId": "x", "title": "Oud", "status": "ACTIVE", "startDate": "2014-01-01" })];
    let refused = import(&world, "collection=COPS", &row).await.json();
    assert_eq!(counts(&refused), [1, 0, 0, 0, 1]);
    let job = import(&world, "collection=COPS&history=true", &row).await.json();
    assert_eq!(counts(&job), [1, 1, 0, 0, 0]);
    let cop = world.get("/api/v1/cops?externalId=x", Some(&world.host.token)).await.json()["items"][0].clone();
    assert_eq!((cop["status"].as_str(), &cop["imported"]), (Some("ACTIVE"), &json!(true)));
    let bad = import(&world, "collection=NOPE", &[]).await;
    assert_eq!((bad.status, bad.json()["errors"][0]["pointer"].as_str()), (400, Some("/collection")));
});

/// What became of each line.
pub async fn results(world: &World, job: &Value) -> Vec<Value> {
    let path = format!("/api/v1/imports/{}/results", job["id"].as_str().unwrap_or_else(|| panic!("{job}")));
    let answer = world.get(&path, Some(&world.host.token)).await;
    answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What the script printed for the files as a whole. It is another program, so the server goes on meanwhile.
async fn run_script(world: &World, data: &str) -> Value {
    let script = format!("{}/import_digitalgov.py", env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new("python3");
    command.args([&script, "--url", &world.base, "--token", &world.host.token, "--data", data, "--json"]);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn totals(printed: &Value) -> [i64; 5] {
    ["sent", "created", "updated", "unchanged", "failed"].map(|name| printed["totals"][name].as_i64().unwrap())
}

crate::both!(a_real_programme_comes_in_and_a_second_run_changes_nothing, |world| {
    let data = format!("{}/../../shared/data/digitalgov", env!("CARGO_MANIFEST_DIR"));
    if !std::path::Path::new(&data).exists() {
        println!("skipped: the real data is not beside the project");
        return world;
    }
    let first = run_script(&world, &data).await;
    let second = run_script(&world, &data).await;
    for printed in [&first, &second] {
        let times: Vec<_> = printed["collections"].as_array().unwrap().iter().map(|one| &one["seconds"]).collect();
        println!("{} s: {times:?}", printed["totals"]["seconds"]);
        // Every event comes in or is said why not; each that came in is linked to one CoP, or is said why not.
        let events = &printed["events"];
        let of = |name: &str| events[name].as_i64().unwrap();
        let [rows, imported, one, several, none, refused] =
            ["rows", "imported", "linkedToOne", "linkedToSeveral", "linkedToNone", "refused"].map(of);
        assert_eq!([rows, imported, one, several, none, refused], [338, 337, 167, 10, 160, 1]);
        assert_eq!((imported + refused, one + several + none), (rows, imported));
        let reasons = json!({ "OUT_OF_RANGE": 1, "NO_HOST": 23, "NO_COMMUNITY": 137, "SEVERAL_COMMUNITIES": 10 });
        assert_eq!(events["reasons"], reasons);
        let listed = printed["unlinked"].as_array().unwrap();
        assert_eq!(listed.len() as i64, refused + several + none, "each with its line and its reason");
        assert!(listed.iter().all(|event| event["line"].is_i64() && !event["reason"].as_str().unwrap().is_empty()));
    }
    // Ten events name two communities each, whose CoPs join their sessions.
    assert_eq!(
        [&first["events"]["joined"], &second["events"]["joined"]],
        [&json!({ "now": 20, "before": 0 }), &json!({ "now": 0, "before": 20 }),]
    );
    // One event ends before it starts, so neither it nor its two speakers come in.
    assert_eq!(totals(&first), [4477, 4461, 0, 0, 16]);
    assert_eq!(totals(&second), [4477, 0, 0, 4461, 16]);
    let token = Some(world.host.token.as_str());
    let query = "{ cops { totalCount nodes { title theme { title } facilitator { displayName } } } people { totalCount } \
                 artefacts { totalCount nodes { theme { title } authors { nodes { displayName } } } } themes { totalCount } }";
    let seen = world.gql(token, query, json!({})).await.json();
    let count = |name: &str| seen["data"][name]["totalCount"].as_i64().unwrap();
    assert_eq!((count("cops"), count("people"), count("artefacts"), count("themes")), (40, 1043, 2298, 52), "{seen}");
    let slug = "us-web-design-system-september-monthly-call";
    let query = format!(
        "{{ regular: sessions(filter: {{ kind: REGULAR, state: HELD }}) {{ totalCount }} sessions {{ totalCount }} \
         agendaItems {{ totalCount }} sessionByExternalId(externalId: {slug:?}) {{ title startsAt timeZone recordingUrl imported \
         cop {{ externalId }} agendaItems {{ nodes {{ convenor {{ externalId }} }} }} }} }}"
    );
    let seen = world.gql(token, &query, json!({})).await.json();
    let count = |name: &str| seen["data"][name]["totalCount"].as_i64().unwrap();
    assert_eq!((count("sessions"), count("regular"), count("agendaItems")), (337, 167, 643), "{seen}");
    let one = &seen["data"]["sessionByExternalId"];
    let speakers = ["dan-williams", "jeremyzilar"].map(|key| json!({ "convenor": { "externalId": key } }));
    let expected = json!({ "title": "U.S. Web Design System: September Monthly Call", "startsAt": "2019-09-19T19:30:00+00:00",
        "timeZone": "America/New_York", "recordingUrl": "https://youtu.be/48tNlM9XQsM", "imported": true,
        "cop": { "externalId": "uswds" }, "agendaItems": { "nodes": speakers } });
    assert_eq!(*one, expected);
});
