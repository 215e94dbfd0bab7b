//! Imports and puts of what the method has beside CoPs, people and artefacts: each collection by its owner's own keys.

use crate::{
    attachments,
    harness::{Actor, Surface, World, meta},
    import::{counts, import, import_as, results},
    members::{circle, done, get, refused},
};
use evolva_api::contract;
use serde_json::{Value, json};

/// An object of each of these kinds under a key of its own, for an organisation that has made what they refer to.
pub async fn furnish(world: &World, actor: &Actor, key: &str) {
    let does = async |name: &str, mut input: Value| {
        input["version"] = json!(0);
        done(world, &actor.token, name, input).await
    };
    let named = |what: &str| format!("{what} {key}");
    // The latest of each kind with a key is what others try to refer to.
    let (person, session, artefact) = (format!("{key}-p"), format!("{key}-s"), format!("{key}-a"));
    does("personPut", json!({ "externalId": person, "displayName": named("Spreker") })).await;
    // One that took place, at which something was shown.
    let gone = json!({ "externalId": format!("{key}-voorbij"), "kind": "CLINIC", "title": named("Oude clinic"),
        "startsAt": "2026-02-01T13:00:00Z", "endsAt": "2026-02-01T15:00:00Z" });
    let gone = does("sessionPut", gone).await;
    done(world, &actor.token, "sessionSchedule", json!({ "id": gone })).await;
    done(world, &actor.token, "sessionHold", json!({ "id": gone })).await;
    let old =
        json!({ "externalId": format!("{key}-b"), "kind": "INSIGHT", "title": named("Oude les"), "body": "Tekst" });
    let old = does("artefactPut", old).await;
    done(world, &actor.token, "artefactSubmit", json!({ "id": old })).await;
    let shown = json!({ "externalId": key, "sessionExternalId": format!("{key}-voorbij"),
        "artefactExternalId": format!("{key}-b") });
    does("showingPut", shown).await;
    let clinic = json!({ "externalId": session, "kind": "CLINIC", "title": named("Volle clinic"), "guestsAllowed": true,
        "startsAt": "2199-02-01T13:00:00Z", "endsAt": "2199-02-01T15:00:00Z" });
    let clinic = does("sessionPut", clinic).await;
    let item = json!({ "externalId": key, "sessionExternalId": session, "title": named("Punt"), "convenorExternalId": person });
    does("agendaItemPut", item).await;
    let expert = json!({ "externalId": key, "sessionExternalId": session, "personExternalId": person,
        "perspective": "ORGANISATIONAL", "subject": named("Leren") });
    does("expertContributionPut", expert).await;
    done(world, &actor.token, "sessionSchedule", json!({ "id": clinic })).await;
    let comes = json!({ "externalId": key, "sessionExternalId": session, "personExternalId": person });
    does("registrationPut", comes).await;
    let lesson = json!({ "externalId": artefact, "kind": "INSIGHT", "title": named("Les"), "body": "Tekst" });
    let lesson = does("artefactPut", lesson).await;
    done(world, &actor.token, "artefactSubmit", json!({ "id": lesson })).await;
    let anchored = json!({ "externalId": key, "artefactExternalId": artefact, "place": named("Rooster"), "ownerPersonExternalId": person });
    does("anchoringPut", anchored).await;
    let comment = json!({ "externalId": key, "artefactExternalId": artefact, "body": named("Mooi") });
    does("commentPut", comment).await;
}

/// What the rows of the table below refer to.
async fn referred_to(world: &World) -> String {
    let host = &world.host.token;
    let concept = json!({ "externalId": "methode", "name": "Eigen methode", "profile": "OPEN" });
    let concept = done(world, host, "conceptCreate", concept).await;
    let element = json!({ "conceptId": concept, "code": "E1", "title": "Element" });
    let element = done(world, host, "conceptElementAdd", element).await;
    let themes = [json!({ "externalId": "thema", "title": "Thema", "conceptExternalId": "methode" })];
    let people = ["lid", "gids", "spreker"].map(|key| json!({ "externalId": key, "displayName": key }));
    let cops = [
        json!({ "externalId": "kring", "title": "Kring", "conceptExternalId": "methode", "status": "ACTIVE",
        "themeExternalId": "thema", "startDate": "2024-01-01", "facilitatorExternalId": "gids" }),
        json!({ "externalId": "buren", "title": "Buren", "conceptExternalId": "methode", "status": "ACTIVE",
        "themeExternalId": "thema", "startDate": "2024-01-01", "facilitatorExternalId": "gids" }),
    ];
    let member = json!({ "externalId": "lid", "copExternalId": "kring", "personExternalId": "lid", "state": "ACTIVE" });
    let artefact = json!({ "externalId": "les", "kind": "LESSON_LEARNED", "title": "Les", "body": "Tekst",
        "copExternalId": "kring", "state": "VALIDATED", "audience": "PARTNERS" });
    for (collection, rows) in [
        ("THEMES", &themes[..]),
        ("PEOPLE", &people),
        ("COPS", &cops),
        ("MEMBERSHIPS", &[member]),
        ("ARTEFACTS", &[artefact]),
    ] {
        let job = import(world, &format!("collection={collection}&history=true"), rows).await.json();
        assert_eq!(job["failed"], 0, "{collection}: {job}");
    }
    element
}

/// A collection with a row of it, what changes of it later, what would be wrong with it, and what it could refer to that is
/// not there.
struct Collection {
    name: &'static str,
    rows: Vec<Value>,
    change: Value,
    wrong: (Value, &'static str, &'static str),
    unknown: (Value, &'static str),
}

async fn collections(world: &World, element: &str, absent: &str) -> Vec<Collection> {
    let upload = attachments::upload(world, &world.host.token, "verslag.pdf", &attachments::pdf("Verslag")).await;
    let held = json!({ "externalId": "gehouden", "copExternalId": "kring", "kind": "HACKATHON", "title": "Hackathon",
        "startsAt": "2024-03-01T09:00:00Z", "endsAt": "2024-03-01T15:00:00Z", "timeZone": "Europe/Amsterdam",
        "place": "Arnhem", "capacity": 12, "guestsAllowed": true, "state": "REPORTED", "planned": "Veel",
        "happened": "Meer", "why": "Omdat", "learned": "Korter", "recordingUrl": "https://video.example/1" });
    let of = |name, rows, change, wrong, unknown| Collection { name, rows, change, wrong, unknown };
    let nobody = json!("van-een-ander");
    vec![
        of(
            "FRONT_RUNNER_PROJECTS",
            vec![
                json!({ "externalId": "geeft", "title": "Geeft", "elementId": element, "strengths": ["Geduld"] }),
                json!({ "externalId": "neemt", "title": "Neemt", "elementId": element, "audience": "NETWORK" }),
            ],
            json!({ "speciality": "Rust" }),
            (json!({ "title": "" }), "/title", "REQUIRED"),
            (json!({ "elementId": absent }), "/elementId"),
        ),
        of(
            "FRONT_RUNNERS",
            vec![json!({ "externalId": "k", "projectExternalId": "geeft", "personExternalId": "lid" })],
            json!({ "state": "LEFT" }),
            (json!({ "state": "NIETS" }), "/state", "INVALID_VALUE"),
            (json!({ "personExternalId": nobody }), "/personExternalId"),
        ),
        of(
            "GUIDES",
            vec![json!({ "externalId": "k", "titleNl": "Draaiboek", "titleEn": "Guide", "licence": "CC-BY-4.0" })],
            json!({ "summaryNl": "Zo doen we het" }),
            (json!({ "sourceUrl": "nergens" }), "/sourceUrl", "INVALID_VALUE"),
            (json!({}), ""),
        ),
        of(
            "GUIDE_STEPS",
            vec![
                json!({ "externalId": "stap-1", "guideExternalId": "k", "titleNl": "Begin", "position": 1 }),
                json!({ "externalId": "stap-2", "guideExternalId": "k", "titleNl": "Vervolg" }),
            ],
            json!({ "bodyNl": "*Samen*", "position": 3 }),
            (json!({ "position": 0 }), "/position", "OUT_OF_RANGE"),
            (json!({ "guideExternalId": nobody }), "/guideExternalId"),
        ),
        of(
            "STEP_PROGRESS",
            vec![json!({ "externalId": "k", "copExternalId": "kring", "stepExternalId": "stap-1", "state": "DONE",
                "doneAt": "2024-02-01T12:00:00Z", "evidence": "Verslag" })],
            json!({ "evidenceUrl": "https://verslag.example" }),
            (json!({ "doneAt": "2199-01-01T00:00:00Z" }), "/doneAt", "OUT_OF_RANGE"),
            (json!({ "stepExternalId": nobody }), "/stepExternalId"),
        ),
        of(
            "SESSION_SERIES",
            vec![
                json!({ "externalId": "reeks", "copExternalId": "kring", "title": "Reeks", "rule": "FREQ=WEEKLY;COUNT=3",
                "startDate": "2024-04-01", "startTime": "10:00", "endTime": "12:00", "exceptDates": ["2024-04-08"] }),
            ],
            json!({ "title": "De reeks" }),
            (json!({ "startTime": "10" }), "/startTime", "INVALID_VALUE"),
            (json!({ "copExternalId": nobody }), "/copExternalId"),
        ),
        of(
            "SESSIONS",
            vec![
                held,
                json!({ "externalId": "wekelijks", "copExternalId": "kring", "seriesExternalId": "reeks", "kind": "REGULAR",
                    "title": "Reeks", "startsAt": "2024-04-01T08:00:00Z", "endsAt": "2024-04-01T10:00:00Z", "state": "HELD" }),
                json!({ "externalId": "straks", "copExternalId": "kring", "kind": "REGULAR", "title": "Straks", "capacity": 1,
                    "startsAt": "2199-03-01T09:00:00Z", "endsAt": "2199-03-01T15:00:00Z", "state": "SCHEDULED" }),
                json!({ "externalId": "clinic", "copExternalId": "kring", "kind": "CLINIC", "title": "Clinic",
                    "startsAt": "2024-05-01T09:00:00Z", "endsAt": "2024-05-01T15:00:00Z", "state": "HELD" }),
            ],
            json!({ "title": "De hackathon" }),
            (json!({ "recordingUrl": "http://video.example/1" }), "/recordingUrl", "INVALID_VALUE"),
            (json!({ "copExternalId": nobody }), "/copExternalId"),
        ),
        of(
            "CHARTERS",
            vec![
                json!({ "externalId": "eerst", "copExternalId": "kring", "why": "Omdat", "state": "SUPERSEDED",
                    "number": 1, "agreedAt": "2024-01-02T12:00:00Z" }),
                json!({ "externalId": "k", "copExternalId": "kring", "why": "Omdat", "how": "Zo", "state": "AGREED",
                    "agreedAt": "2024-01-10T12:00:00Z" }),
            ],
            json!({ "how": "Anders" }),
            (json!({ "agreedAt": "2199-01-01T00:00:00Z" }), "/agreedAt", "OUT_OF_RANGE"),
            (json!({ "copExternalId": nobody }), "/copExternalId"),
        ),
        of(
            "GOALS",
            vec![
                json!({ "externalId": "k", "charterExternalId": "k", "title": "Een werkwijze", "position": 1,
                    "assessment": "REACHED" }),
                json!({ "externalId": "ander", "charterExternalId": "k", "title": "Een handreiking", "position": 7,
                    "assessment": "DROPPED", "note": "Het bleek niet nodig", "waiverReason": "Losgelaten" }),
            ],
            json!({ "note": "Drie teams werken ermee" }),
            (json!({ "position": 51 }), "/position", "OUT_OF_RANGE"),
            (json!({ "charterExternalId": nobody }), "/charterExternalId"),
        ),
        of(
            "SESSION_COPS",
            vec![json!({ "externalId": "k", "sessionExternalId": "clinic", "copExternalId": "buren" })],
            json!({}),
            (json!({ "copExternalId": "kring" }), "/copExternalId", "ALREADY_EXISTS"),
            (json!({ "sessionExternalId": nobody }), "/sessionExternalId"),
        ),
        of(
            "AGENDA_ITEMS",
            vec![
                json!({ "externalId": "k", "sessionExternalId": "gehouden", "title": "Leren", "convenorExternalId": "spreker",
                "minutes": 30 }),
            ],
            json!({ "notes": "Het ging goed" }),
            (json!({ "minutes": 0 }), "/minutes", "OUT_OF_RANGE"),
            (json!({ "convenorExternalId": nobody }), "/convenorExternalId"),
        ),
        of(
            "EXPERT_CONTRIBUTIONS",
            vec![json!({ "externalId": "k", "sessionExternalId": "gehouden", "personExternalId": "spreker",
                "perspective": "DIDACTIC" })],
            json!({ "subject": "Leren" }),
            (json!({ "personExternalId": "lid" }), "/personExternalId", "NOT_ELIGIBLE"),
            (json!({ "personExternalId": nobody }), "/personExternalId"),
        ),
        of(
            "REGISTRATIONS",
            vec![json!({ "externalId": "k", "sessionExternalId": "gehouden", "personExternalId": "lid",
                "state": "REGISTERED" })],
            json!({ "attendance": "ATTENDED" }),
            (json!({ "sessionExternalId": "straks", "attendance": "ATTENDED" }), "/attendance", "NOT_STARTED"),
            (json!({ "broughtByExternalId": nobody }), "/broughtByExternalId"),
        ),
        of(
            "EXCHANGES",
            vec![json!({ "externalId": "k", "givingProjectExternalId": "geeft", "receivingProjectExternalId": "neemt",
                "strength": "geduld", "sessionExternalId": "gehouden", "exchangedDate": "2024-03-01",
                "state": "ACKNOWLEDGED", "learned": "Rustig aan", "acknowledgedAt": "2024-03-02T12:00:00Z" })],
            json!({ "note": "Bij de koffie" }),
            (json!({ "strength": "Haast" }), "/strength", "INVALID_VALUE"),
            (json!({ "copExternalId": nobody }), "/copExternalId"),
        ),
        of(
            "ARTEFACTS",
            vec![json!({ "externalId": "k", "kind": "LESSON_LEARNED", "title": "Begin klein", "body": "Eén team",
                "copExternalId": "kring", "sessionExternalId": "gehouden", "elementIds": [element], "goalExternalIds": ["k"], "state": "VALIDATED",
                "lessonState": "LEARNED", "authorExternalIds": ["lid"] })],
            json!({ "elementIds": [], "lessonState": "ACTIONED" }),
            (json!({ "kind": "INSIGHT" }), "/lessonState", "INVALID_VALUE"),
            (json!({ "elementIds": [absent] }), "/elementIds"),
        ),
        of(
            "ATTACHMENTS",
            vec![json!({ "externalId": "k", "artefactExternalId": "k", "uploadId": upload, "title": "Verslag" })],
            json!({}),
            (json!({ "title": "x".repeat(300) }), "/title", "TOO_LONG"),
            (json!({ "artefactExternalId": nobody }), "/artefactExternalId"),
        ),
        of(
            "SHOWINGS",
            vec![json!({ "externalId": "k", "sessionExternalId": "clinic", "artefactExternalId": "k" })],
            json!({}),
            (json!({ "sessionExternalId": "gehouden" }), "/sessionExternalId", "INVALID_VALUE"),
            (json!({ "artefactExternalId": nobody }), "/artefactExternalId"),
        ),
        of(
            "ANCHORINGS",
            vec![json!({ "externalId": "k", "artefactExternalId": "les", "place": "Rooster", "state": "ANCHORED",
                "ownerPersonExternalId": "lid" })],
            json!({ "reviewDate": "2030-01-01" }),
            (json!({ "place": " " }), "/place", "REQUIRED"),
            (json!({ "artefactExternalId": nobody }), "/artefactExternalId"),
        ),
        of(
            "COMMENTS",
            vec![
                json!({ "externalId": "k", "artefactExternalId": "les", "body": "Mooi", "authorExternalId": "lid",
                    "postedAt": "2024-03-03T12:00:00Z" }),
                json!({ "externalId": "antwoord", "artefactExternalId": "les", "parentExternalId": "k", "body": "Dank" }),
            ],
            json!({ "body": "Heel mooi" }),
            (json!({ "body": "" }), "/body", "REQUIRED"),
            (json!({ "parentExternalId": nobody }), "/parentExternalId"),
        ),
    ]
}

/// An element of the network operator's concept, which everybody sees.
async fn element_of_all(world: &World) -> String {
    let token = &world.evolva.token;
    let concept = done(world, token, "conceptCreate", json!({ "name": "Werkplekleren 3.0" })).await;
    let element = json!({ "conceptId": concept, "code": "A", "title": "Leiderschap" });
    done(world, token, "conceptElementAdd", element).await
}

fn with(row: &Value, more: &Value) -> Value {
    let mut row = row.clone();
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

crate::both!(every_collection_comes_in_again_and_says_what_is_wrong, |world| {
    let element = referred_to(&world).await;
    // The partner has these keys, and the host none of it.
    for name in ["personPut", "guidePut"] {
        let input = json!({ "externalId": "van-een-ander", "displayName": "Iemand", "titleNl": "Iets", "version": 0 });
        let field = if name == "personPut" { "titleNl" } else { "displayName" };
        let mut input = input;
        input.as_object_mut().unwrap().remove(field);
        done(&world, &world.partner.token, name, input).await;
    }
    let concept = json!({ "name": "Van een ander", "profile": "OPEN" });
    let concept = done(&world, &world.partner.token, "conceptCreate", concept).await;
    let foreign = json!({ "conceptId": concept, "code": "X", "title": "Van een ander" });
    let foreign = done(&world, &world.partner.token, "conceptElementAdd", foreign).await;
    let (host, mut seen) = (world.host.token.as_str(), vec![]);
    for Collection { name, rows, change, wrong, unknown } in collections(&world, &element, &foreign).await {
        let query = format!("collection={name}&history=true");
        let (bad, pointer, code) = wrong;
        let mut file = vec![with(&with(&rows[0], &json!({ "externalId": "fout" })), &bad)];
        file.extend(rows.iter().cloned());
        let mut refused = vec![(pointer, code)];
        if !unknown.1.is_empty() {
            file.push(with(&with(&rows[0], &json!({ "externalId": "vreemd" })), &unknown.0));
            refused.push((unknown.1, "UNKNOWN_REFERENCE"));
        }
        let (good, wrong) = (rows.len() as i64, refused.len() as i64);
        let dry = import(&world, &format!("{query}&dryRun=true"), &file).await.json();
        assert_eq!(dry["rowsRead"], good + wrong, "{name}: {dry}");
        let job = import(&world, &query, &file).await.json();
        let said = results(&world, &job).await;
        assert_eq!(counts(&job), [good + wrong, good, 0, 0, wrong], "{name}: {said:?}");
        let failed = said.iter().filter(|row| row["outcome"] == "FAILED");
        let failed: Vec<_> = failed
            .map(|row| {
                let error = &row["errors"][0];
                (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap())
            })
            .collect();
        assert_eq!(failed, refused, "{name}: {said:?}");
        let again = import(&world, &query, &file).await.json();
        let said = results(&world, &again).await;
        assert_eq!(counts(&again), [good + wrong, 0, 0, good, wrong], "{name}: {said:?}");
        let changed = import(&world, &query, &[with(&rows[0], &change)]).await.json();
        let said = results(&world, &changed).await;
        // Of a showing, a join and a file there is nothing to change.
        let changes = i64::from(change != json!({}));
        assert_eq!(counts(&changed), [1, 0, changes, 1 - changes, 0], "{name}: {said:?}");
        // It is read back by the same key, by its owner alone.
        let list = name.to_lowercase().replace('_', "-");
        let key = rows[0]["externalId"].as_str().unwrap();
        let path = format!("{list}/by-external-id/{key}");
        let row = get(&world, host, &path).await.json();
        assert_eq!((&row["externalId"], &row["imported"]), (&json!(key), &json!(true)), "{name}: {row}");
        for (field, value) in change.as_object().unwrap() {
            let field = if name == "GOALS" { "assessmentNote" } else { field };
            assert_eq!(row[field], *value, "{name}: {row}");
        }
        assert_eq!(get(&world, &world.partner.token, &path).await.status, 404, "{name}");
        seen.push(list);
    }
    // Each of the lists that have keys can be imported.
    let keyed: Vec<_> = contract::keyed().into_iter().map(|one| one.path).collect();
    for list in &seen {
        assert!(keyed.contains(&format!("/{list}/by-external-id/{{externalId}}")), "{list}");
    }
    assert_eq!(seen.len() + 4, keyed.len(), "{keyed:?}");
});

crate::both!(history_keeps_dates_and_counts_and_says_nothing_for_others, |world| {
    let element = referred_to(&world).await;
    let host = world.host.token.as_str();
    for one in collections(&world, &element, &element).await {
        let job = import(&world, &format!("collection={}&history=true", one.name), &one.rows).await.json();
        assert_eq!(job["failed"], 0, "{}: {:?}", one.name, results(&world, &job).await);
    }
    let of = async |path: &str| get(&world, host, path).await.json();
    let session = of("sessions/by-external-id/gehouden").await;
    assert_eq!(
        ["state", "learned", "recordingUrl", "registeredCount"].map(|field| session[field].clone()),
        [json!("REPORTED"), json!("Korter"), json!("https://video.example/1"), json!(1)]
    );
    // The report of what is past has all of it.
    let cop = of("cops/by-external-id/kring").await["id"].as_str().unwrap().to_owned();
    let report = of(&format!("cops/{cop}/report")).await;
    assert_eq!(
        (&report["charter"]["number"], &report["charter"]["agreedAt"]),
        (&json!(2), &json!("2024-01-10T12:00:00Z"))
    );
    let goals = report["charter"]["goals"].as_array().unwrap();
    assert_eq!(goals[0]["shownBy"], json!(["Begin klein"]), "{report}");
    let told = ["title", "assessment", "note", "waiverReason"].map(|field| goals[1][field].clone());
    let said = ["Een handreiking", "DROPPED", "Het bleek niet nodig", "Losgelaten"];
    assert_eq!(told, said.map(|text| json!(text)));
    assert_eq!(report["showings"][0]["artefactTitle"], "Begin klein");
    let comment = of("comments/by-external-id/k").await;
    assert_eq!(comment["createdAt"], "2024-03-03T12:00:00Z");
    assert_eq!(of("front-runner-projects/by-external-id/geeft").await["frontRunnerCount"], 1);
    assert_eq!(of("expert-contributions/by-external-id/k").await["state"], "CONTRIBUTED");
    // Two wait for a session with one seat, as the file says; nobody moves.
    let people = ["een", "twee"].map(|key| json!({ "externalId": key, "displayName": key }));
    import(&world, "collection=PEOPLE", &people).await;
    let wait = |key: &str, state: &str| json!({ "externalId": key, "sessionExternalId": "straks", "personExternalId": "lid", "state": state });
    let job = import(&world, "collection=REGISTRATIONS&history=true", &[wait("w", "WAITING")]).await.json();
    assert_eq!(counts(&job), [1, 1, 0, 0, 0], "{:?}", results(&world, &job).await);
    let again = import(&world, "collection=REGISTRATIONS&history=true", &[wait("w", "WAITING")]).await.json();
    assert_eq!(counts(&again), [1, 0, 0, 1, 0]);
    let waits = of("sessions/by-external-id/straks").await;
    assert_eq!((&waits["registeredCount"], &waits["waitingCount"]), (&json!(0), &json!(1)));
    for (collection, row, pointer, code) in [
        ("REGISTRATIONS", wait("v", "REGISTERED"), "/personExternalId", "ALREADY_EXISTS"),
        (
            "SESSIONS",
            json!({ "externalId": "morgen", "title": "Morgen", "kind": "CLINIC", "state": "HELD",
            "startsAt": "2199-03-01T09:00:00Z", "endsAt": "2199-03-01T15:00:00Z" }),
            "/startsAt",
            "NOT_STARTED",
        ),
        (
            "SESSIONS",
            json!({ "externalId": "leeg", "title": "Leeg", "kind": "CLINIC", "state": "REPORTED",
            "startsAt": "2024-03-01T09:00:00Z", "endsAt": "2024-03-01T15:00:00Z" }),
            "/happened",
            "REQUIRED",
        ),
        (
            "MEMBERSHIPS",
            json!({ "externalId": "s", "copExternalId": "kring", "personExternalId": "spreker",
            "state": "ACTIVE" }),
            "/personExternalId",
            "NOT_ELIGIBLE",
        ),
        (
            "REGISTRATIONS",
            json!({ "externalId": "g", "sessionExternalId": "gehouden", "personExternalId": "een" }),
            "/personExternalId",
            "NOT_ELIGIBLE",
        ),
        (
            "FRONT_RUNNERS",
            json!({ "externalId": "nog", "projectExternalId": "geeft", "personExternalId": "lid" }),
            "/personExternalId",
            "ALREADY_EXISTS",
        ),
        ("COMMENTS", json!({ "externalId": "z", "body": "Wat?" }), "/artefactExternalId", "REQUIRED"),
        (
            "CHARTERS",
            json!({ "externalId": "nog", "copExternalId": "kring", "state": "AGREED" }),
            "/state",
            "ALREADY_EXISTS",
        ),
        (
            "CHARTERS",
            json!({ "externalId": "nog", "copExternalId": "kring", "state": "PROPOSED" }),
            "/state",
            "INVALID_VALUE",
        ),
        (
            "CHARTERS",
            json!({ "externalId": "nog", "copExternalId": "kring", "state": "SUPERSEDED", "number": 2 }),
            "/number",
            "ALREADY_EXISTS",
        ),
        (
            "GOALS",
            json!({ "externalId": "nog", "charterExternalId": "k", "title": "Nog een", "position": 7 }),
            "/position",
            "ALREADY_EXISTS",
        ),
        (
            "SHOWINGS",
            json!({ "externalId": "nog", "sessionExternalId": "clinic", "artefactExternalId": "k" }),
            "/artefactExternalId",
            "ALREADY_EXISTS",
        ),
        (
            "SHOWINGS",
            json!({ "externalId": "k", "sessionExternalId": "clinic", "artefactExternalId": "k", "number": 99 }),
            "/number",
            "OUT_OF_RANGE",
        ),
    ] {
        let job = import(&world, &format!("collection={collection}&history=true"), std::slice::from_ref(&row)).await;
        let said = results(&world, &job.json()).await;
        let error = &said[0]["errors"][0];
        assert_eq!((error["pointer"].as_str(), error["code"].as_str()), (Some(pointer), Some(code)), "{row}: {said:?}");
    }
    // What was agreed by several, each of them says; and what lives here is agreed here.
    let live = json!({ "title": "Nu", "externalId": "nu", "conceptId": of(&format!("cops/{cop}")).await["conceptId"] });
    done(&world, host, "copCreate", live).await;
    let agreed = |cop: &str| json!({ "externalId": format!("c-{cop}"), "copExternalId": cop, "state": "AGREED" });
    let old = json!({ "externalId": "samen", "title": "Samen", "conceptExternalId": "methode", "status": "ACTIVE",
        "themeExternalId": "thema", "startDate": "2024-01-01", "facilitatorExternalId": "gids" });
    let job = import(&world, "collection=COPS&history=true", &[old]).await.json();
    assert_eq!(counts(&job), [1, 1, 0, 0, 0], "{:?}", results(&world, &job).await);
    let together = of("cops/by-external-id/samen").await["id"].clone();
    let asked = json!({ "copId": together, "organisationId": world.partner.id });
    let asked = done(&world, host, "participationInvite", asked).await;
    done(&world, &world.partner.token, "participationAccept", json!({ "id": asked })).await;
    for (cop, code) in [("nu", "NOT_EDITABLE"), ("samen", "NOT_YOURS")] {
        let job = import(&world, "collection=CHARTERS&history=true", &[agreed(cop)]).await.json();
        assert_eq!(results(&world, &job).await[0]["errors"][0]["code"], code, "{cop}");
        let draft = json!({ "externalId": format!("c-{cop}"), "copExternalId": cop, "why": "Omdat" });
        let job = import(&world, "collection=CHARTERS&history=true", &[draft]).await.json();
        assert_eq!(counts(&job), [1, 1, 0, 0, 0], "{cop}: {:?}", results(&world, &job).await);
        // Nor by the same file once more.
        let job = import(&world, "collection=CHARTERS&history=true", &[agreed(cop)]).await.json();
        assert_eq!(results(&world, &job).await[0]["errors"][0]["code"], code, "{cop}");
    }
    // What was put at a later place, others are added behind.
    let late =
        json!({ "externalId": "laat", "version": 0, "charterExternalId": "c-nu", "title": "Laat", "position": 7 });
    let late = done(&world, host, "goalPut", late).await;
    let charter = of("charters/by-external-id/c-nu").await["id"].clone();
    let next = done(&world, host, "goalAdd", json!({ "charterId": charter, "title": "Daarna" })).await;
    assert_eq!(of(&format!("goals/{next}")).await["position"], 8);
    let version = of(&format!("goals/{late}")).await["version"].clone();
    done(&world, host, "goalUpdate", json!({ "id": late, "version": version, "title": "Later" })).await;
    // What another organisation learned, it says itself; a wider project of it is named by its id.
    let theirs = json!({ "title": "Leert", "elementId": element_of_all(&world).await, "audience": "NETWORK" });
    let theirs = done(&world, &world.partner.token, "frontRunnerProjectCreate", theirs).await;
    let given = json!({ "externalId": "over", "givingProjectExternalId": "geeft", "receivingProjectId": theirs,
        "strength": "Geduld", "exchangedDate": "2024-03-01" });
    let said = with(&given, &json!({ "state": "ACKNOWLEDGED", "learned": "Veel" }));
    let job = import(&world, "collection=EXCHANGES&history=true", &[said]).await.json();
    assert_eq!(results(&world, &job).await[0]["errors"][0]["code"], "NOT_YOURS");
    let job = import(&world, "collection=EXCHANGES&history=true", &[given]).await.json();
    assert_eq!(counts(&job), [1, 1, 0, 0, 0], "{:?}", results(&world, &job).await);
});

crate::both!(without_history_the_rules_of_today_hold, |world| {
    let element = referred_to(&world).await;
    let host = world.host.token.as_str();
    for one in collections(&world, &element, &element).await {
        for field in [
            "state",
            "doneAt",
            "reason",
            "attendance",
            "learned",
            "acknowledgedAt",
            "authorExternalId",
            "postedAt",
            "agreedAt",
            "assessment",
        ] {
            let row = &one.rows[0];
            // How far a step is, is no life cycle; and what is learned from a session, no other side's word.
            let free = matches!((one.name, field), ("STEP_PROGRESS", "state") | ("SESSIONS", "learned"));
            if row[field].is_null() || free {
                continue;
            }
            let job = import(&world, &format!("collection={}", one.name), std::slice::from_ref(row)).await.json();
            let said = results(&world, &job).await;
            assert_eq!(said[0]["errors"][0]["code"], "INVALID_VALUE", "{}: {said:?}", one.name);
        }
    }
    let session = json!({ "externalId": "s", "version": 0, "copExternalId": "kring", "kind": "REGULAR", "title": "Samen",
        "startsAt": "2026-02-01T09:00:00Z", "endsAt": "2026-02-01T12:00:00Z", "capacity": 1 });
    let put = async |name: &str, input: &Value| {
        let answer = world.op(Surface::Rest, &meta(name), Some(host), input).await;
        world.outcome(Surface::Rest, &meta(name), &answer)
    };
    let (id, _) = put("sessionPut", &session).await.unwrap();
    let comes = json!({ "externalId": "r", "sessionExternalId": "s", "personExternalId": "lid", "version": 0 });
    assert_eq!(put("registrationPut", &comes).await.unwrap_err(), ["NOT_EDITABLE"], "a draft");
    done(&world, host, "sessionSchedule", json!({ "id": id })).await;
    put("registrationPut", &comes).await.unwrap();
    let guide = json!({ "externalId": "r2", "sessionExternalId": "s", "personExternalId": "gids", "version": 0 });
    put("registrationPut", &guide).await.unwrap();
    let state = get(&world, host, "registrations/by-external-id/r2").await.json()["state"].clone();
    assert_eq!(state, "WAITING", "there is one seat");
    let of = |more: Value| with(&with(&session, &json!({ "version": null })), &more);
    put("sessionPut", &of(json!({ "capacity": 2 }))).await.unwrap();
    let state = get(&world, host, "registrations/by-external-id/r2").await.json()["state"].clone();
    assert_eq!(state, "REGISTERED", "more seats go to those who wait");
    let wider = json!({ "capacity": 2, "recordingUrl": "https://video.example" });
    assert_eq!(put("sessionPut", &of(wider.clone())).await.unwrap_err(), ["NOT_STARTED"]);
    let expert = json!({ "externalId": "e", "sessionExternalId": "s", "personExternalId": "spreker",
        "perspective": "DIDACTIC", "version": 0 });
    put("expertContributionPut", &expert).await.unwrap();
    done(&world, host, "sessionHold", json!({ "id": id })).await;
    put("sessionPut", &of(wider)).await.unwrap();
    put("sessionPut", &of(json!({ "capacity": 2 }))).await.unwrap();
    let held = get(&world, host, "sessions/by-external-id/s").await.json();
    assert_eq!((&held["state"], &held["recordingUrl"]), (&json!("HELD"), &json!("https://video.example")));
    assert_eq!(put("sessionPut", &of(json!({ "capacity": 3 }))).await.unwrap_err(), ["NOT_EDITABLE"]);
    assert_eq!(put("sessionPut", &of(json!({ "capacity": 2, "happened": "x" }))).await.unwrap_err(), ["NOT_EDITABLE"]);
    let late = json!({ "externalId": "e2", "sessionExternalId": "s", "personExternalId": "gids",
        "perspective": "DIDACTIC", "version": 0 });
    assert_eq!(put("expertContributionPut", &late).await.unwrap_err(), ["NOT_EDITABLE"]);
    let late = json!({ "externalId": "a", "sessionExternalId": "s", "title": "Te laat", "version": 0 });
    assert_eq!(put("agendaItemPut", &late).await.unwrap_err(), ["NOT_EDITABLE"]);
});

crate::both!(no_import_takes_a_seat_that_a_cop_has_not, |world| {
    referred_to(&world).await;
    let host = world.host.token.as_str();
    let cop = get(&world, host, "cops/by-external-id/kring").await.json();
    let room = |cop: &Value, seats: i64| json!({ "id": cop["id"], "version": cop["version"], "capacity": seats });
    done(&world, host, "copUpdate", room(&cop, 2)).await;
    let people = ["een", "twee", "drie"].map(|key| json!({ "externalId": key, "displayName": key }));
    import(&world, "collection=PEOPLE", &people).await;
    let row = |key: &str, state: &str, role: &str| json!({ "externalId": key, "copExternalId": "kring", "personExternalId": key, "state": state, "role": role });
    let rows = [row("drie", "SELECTED", "SPONSOR"), row("een", "ACTIVE", "MEMBER"), row("twee", "SELECTED", "LEAD")];
    let query = "collection=MEMBERSHIPS&history=true";
    let job = import(&world, query, &rows).await.json();
    let said = results(&world, &job).await;
    assert_eq!((counts(&job), &said[2]["errors"][0]["code"]), ([3, 2, 0, 0, 1], &json!("COP_FULL")), "{said:?}");
    // Who backs the work takes no seat, and so none by another name.
    let job = import(&world, query, &[row("drie", "SELECTED", "MEMBER")]).await.json();
    assert_eq!(results(&world, &job).await[0]["errors"][0]["code"], "COP_FULL");
    let again = import(&world, query, &rows[..2]).await.json();
    assert_eq!(counts(&again), [2, 0, 0, 2, 0], "who sits, sits");
    let cop = get(&world, host, "cops/by-external-id/kring").await.json();
    done(&world, host, "copUpdate", room(&cop, 3)).await;
    let job = import(&world, query, &rows[2..]).await.json();
    assert_eq!(counts(&job), [1, 1, 0, 0, 0]);
    // The method of the programme takes front-runners alone.
    let element = element_of_all(&world).await;
    import(
        &world,
        "collection=COPS&history=true",
        &[json!({ "externalId": "streng", "title": "Streng", "status": "RECRUITING" })],
    )
    .await;
    let strict = with(&row("een", "SELECTED", "MEMBER"), &json!({ "externalId": "s", "copExternalId": "streng" }));
    let job = import(&world, query, std::slice::from_ref(&strict)).await.json();
    assert_eq!(results(&world, &job).await[0]["errors"][0]["code"], "NOT_ELIGIBLE");
    let project = json!({ "externalId": "p", "title": "Koploper", "elementId": element });
    let project = import(&world, "collection=FRONT_RUNNER_PROJECTS", &[project]).await.json();
    assert_eq!(counts(&project), [1, 1, 0, 0, 0]);
    let runs = json!({ "externalId": "f", "projectExternalId": "p", "personExternalId": "een" });
    import(&world, "collection=FRONT_RUNNERS", std::slice::from_ref(&runs)).await;
    let job = import(&world, query, &[strict]).await.json();
    assert_eq!(counts(&job), [1, 1, 0, 0, 0], "{:?}", results(&world, &job).await);
    let member = get(&world, host, "memberships/by-external-id/s").await.json();
    assert!(member["projectId"].is_string(), "{member}");
    let left = with(&runs, &json!({ "state": "LEFT" }));
    let job = import(&world, "collection=FRONT_RUNNERS&history=true", &[left]).await.json();
    assert_eq!(counts(&job), [1, 0, 0, 0, 1], "made here, not imported");
});

crate::both!(a_recording_is_said_once_it_was_held, |world| {
    let circle = circle(&world).await;
    let (host, guide) = (world.host.token.as_str(), circle.guide.as_str());
    let plan = json!({ "copId": circle.cop, "kind": "REGULAR", "title": "Samen", "startsAt": "2026-02-01T13:00:00Z",
        "endsAt": "2026-02-01T16:00:00Z" });
    let session = done(&world, guide, "sessionPlan", plan).await;
    let path = format!("sessions/{session}");
    let update = async |token: &str, more: Value| {
        let version = get(&world, host, &path).await.json()["version"].clone();
        let input = with(&json!({ "id": session, "version": version }), &more);
        let answer = world.op(Surface::Rest, &meta("sessionUpdate"), Some(token), &input).await;
        world.outcome(Surface::Rest, &meta("sessionUpdate"), &answer).map(|_| ())
    };
    let recording = json!({ "recordingUrl": "https://video.example/1" });
    assert_eq!(update(guide, recording.clone()).await.unwrap_err(), ["NOT_STARTED"]);
    done(&world, guide, "sessionSchedule", json!({ "id": session })).await;
    done(&world, guide, "sessionHold", json!({ "id": session })).await;
    for wrong in ["http://video.example/1", "javascript:alert(1)"] {
        let wrong = json!({ "recordingUrl": wrong });
        assert!(update(guide, wrong).await.unwrap_err().iter().all(|code| code == "INVALID_VALUE"));
    }
    assert_eq!(update(&circle.member.1, recording.clone()).await.unwrap_err(), ["FORBIDDEN"]);
    update(guide, recording).await.unwrap();
    assert_eq!(update(guide, json!({ "title": "Anders" })).await.unwrap_err(), ["NOT_EDITABLE"]);
    let both = json!({ "title": "Anders", "recordingUrl": null });
    assert_eq!(update(guide, both).await.unwrap_err(), ["NOT_EDITABLE"]);
    for token in [host, guide, &circle.member.1] {
        let query = "query($id: ID!) { session(id: $id) { recordingUrl } }";
        let seen = world.gql(Some(token), query, json!({ "id": session })).await.json();
        assert_eq!(seen["data"]["session"]["recordingUrl"], "https://video.example/1", "{seen}");
    }
    let report = json!({ "id": session, "happened": "Veel", "recordingUrl": "https://video.example/2" });
    done(&world, guide, "sessionReport", report).await;
    assert_eq!(get(&world, host, &path).await.json()["recordingUrl"], "https://video.example/2");
    let version = get(&world, host, &path).await.json()["version"].clone();
    let none = json!({ "id": session, "version": version, "recordingUrl": null });
    done(&world, guide, "sessionReportUpdate", none).await;
    assert_eq!(get(&world, host, &path).await.json()["recordingUrl"], Value::Null);
    let cancelled = json!({ "copId": circle.cop, "kind": "REGULAR", "title": "Niet", "startsAt": "2026-02-01T13:00:00Z",
        "endsAt": "2026-02-01T16:00:00Z" });
    let cancelled = done(&world, guide, "sessionPlan", cancelled).await;
    done(&world, guide, "sessionCancel", json!({ "id": cancelled })).await;
    let late = json!({ "id": cancelled, "version": 2, "recordingUrl": "https://video.example/1" });
    assert_eq!(refused(&world, guide, "sessionUpdate", late).await, "NOT_EDITABLE");
});

crate::both!(what_was_written_in_another_s_cop_comes_in_while_one_takes_part, |world| {
    let circle = circle(&world).await;
    let (host, partner) = (world.host.token.as_str(), world.partner.token.as_str());
    let charter = json!({ "copId": circle.cop, "why": "Omdat", "goals": ["Een", "Twee"] });
    let charter = done(&world, host, "charterDraft", charter).await;
    let goals = get(&world, host, &format!("goals?charterId={charter}")).await.json()["items"].clone();
    done(&world, host, "charterPropose", json!({ "id": charter })).await;
    done(&world, partner, "charterAgree", json!({ "id": charter })).await;
    let session = json!({ "copId": circle.cop, "kind": "REGULAR", "title": "Bijeenkomst", "timeZone": "Europe/Amsterdam",
        "startsAt": "2199-01-05T09:00:00Z", "endsAt": "2199-01-05T12:00:00Z" });
    let session = done(&world, host, "sessionPlan", session).await;
    let theme = get(&world, host, &format!("cops/{}", circle.cop)).await.json()["themeId"].clone();
    let both = json!([goals[1]["id"], goals[0]["id"], goals[1]["id"]]);
    let row = json!({ "externalId": "stuk", "kind": "INSIGHT", "title": "Ons stuk", "body": "x", "audience": "PARTNERS",
        "themeId": theme, "copId": circle.cop, "sessionId": session, "goalIds": both, "state": "SUBMITTED" });
    let comes = async |row: &Value| {
        let job = import_as(&world, partner, "collection=ARTEFACTS&history=true", std::slice::from_ref(row)).await;
        assert_eq!(job.status, 201, "{}", job.text);
        let job = job.json();
        let path = format!("imports/{}/results", job["id"].as_str().unwrap());
        let said: Value = serde_json::from_str(get(&world, partner, &path).await.text.trim()).unwrap();
        match said["outcome"].as_str().unwrap() {
            "FAILED" => format!("{} {}", said["errors"][0]["code"], said["errors"][0]["pointer"])
                .replace('"', "")
                .trim()
                .to_owned(),
            other => other.to_owned(),
        }
    };
    // Its facilitators say what is good there.
    for state in ["VALIDATED", "RETIRED"] {
        assert_eq!(comes(&with(&row, &json!({ "state": state }))).await, "NOT_YOURS /state");
    }
    for (field, id) in [("themeId", theme.as_str().unwrap()), ("copId", &circle.cop), ("sessionId", &session)] {
        // The same id of something that is not there.
        let absent = format!("{}_01h455vb4pex5vsknk084sn02q", id.split_once('_').unwrap().0);
        assert_eq!(comes(&with(&row, &json!({ (field): absent }))).await, format!("UNKNOWN_REFERENCE /{field}"));
        let twice = with(&row, &json!({ (field.replace("Id", "ExternalId")): "k" }));
        assert_eq!(comes(&twice).await, format!("INVALID_VALUE /{field}"));
    }
    let absent = with(&row, &json!({ "goalIds": ["goa_01h455vb4pex5vsknk084sn02q"] }));
    assert_eq!(comes(&absent).await, "UNKNOWN_REFERENCE /goalIds");
    assert_eq!(comes(&row).await, "CREATED");
    assert_eq!(comes(&row).await, "UNCHANGED");
    let seen = get(&world, partner, "artefacts/by-external-id/stuk").await.json();
    assert_eq!(
        ["copId", "sessionId", "themeId", "state"].map(|field| seen[field].clone()),
        [json!(circle.cop), json!(session), theme.clone(), json!("SUBMITTED")]
    );
    let id = seen["id"].as_str().unwrap();
    let serves = async |token: &str, goal: &Value| {
        let page = get(&world, token, &format!("artefacts?goalId={}", goal["id"].as_str().unwrap())).await.json();
        page["items"].as_array().unwrap().iter().any(|one| one["id"] == id)
    };
    for goal in goals.as_array().unwrap() {
        assert!(serves(host, goal).await && serves(partner, goal).await);
    }
    assert_eq!(comes(&with(&row, &json!({ "goalIds": [goals[0]["id"]] }))).await, "UPDATED");
    assert!(serves(host, &goals[0]).await && !serves(host, &goals[1]).await);
    // What its facilitators said of it stays said when the file is sent again, and new words are handed in again.
    let now = async || {
        let seen = get(&world, partner, "artefacts/by-external-id/stuk").await.json();
        (seen["state"].as_str().unwrap().to_owned(), seen["number"].clone(), seen["reviewComment"].clone())
    };
    let one_goal = with(&row, &json!({ "goalIds": [goals[0]["id"]] }));
    let back = json!({ "id": id, "comment": "Korter" });
    done(&world, &circle.guide, "artefactSendBack", back).await;
    assert_eq!(comes(&one_goal).await, "UNCHANGED");
    assert_eq!(now().await, ("DRAFT".to_owned(), json!(1), json!("Korter")));
    done(&world, partner, "artefactSubmit", json!({ "id": id })).await;
    done(&world, &circle.guide, "artefactValidate", json!({ "id": id })).await;
    assert_eq!(comes(&one_goal).await, "UNCHANGED");
    assert_eq!(now().await, ("VALIDATED".to_owned(), json!(2), Value::Null));
    assert_eq!(comes(&with(&one_goal, &json!({ "title": "Anders", "state": "SUBMITTED" }))).await, "UPDATED");
    assert_eq!(now().await, ("SUBMITTED".to_owned(), json!(3), Value::Null));
    assert_eq!(comes(&one_goal).await, "UPDATED");
    // Left out, all of it stays.
    let mut bare = row.clone();
    for field in ["themeId", "copId", "sessionId", "goalIds"] {
        bare.as_object_mut().unwrap().remove(field);
    }
    assert_eq!(comes(&bare).await, "UNCHANGED");
    assert!(serves(host, &goals[0]).await);
    // What was found good at home is not moved to where others say so.
    let at_home = with(&bare, &json!({ "externalId": "thuis", "state": "VALIDATED" }));
    assert_eq!(comes(&at_home).await, "CREATED");
    assert_eq!(comes(&with(&at_home, &json!({ "copId": circle.cop }))).await, "NOT_YOURS /state");
    // A put takes the same.
    let mut put = with(&row, &json!({ "externalId": "gezet", "version": 0 }));
    put.as_object_mut().unwrap().remove("state");
    let put = done(&world, partner, "artefactPut", put).await;
    assert_eq!(get(&world, partner, &format!("artefacts/{put}")).await.json()["sessionId"], json!(session));
    // Who takes no part does not see it, and who left writes there no more, nor the past.
    let outside =
        import_as(&world, &world.outsider.token, "collection=ARTEFACTS&history=true", std::slice::from_ref(&row));
    assert_eq!(outside.await.json()["failed"], 1);
    done(&world, partner, "participationEnd", json!({ "id": circle.participation })).await;
    let late = with(&bare, &json!({ "externalId": "laat", "copId": circle.cop }));
    assert_eq!(comes(&late).await, "UNKNOWN_REFERENCE /copId");
    assert_eq!(comes(&bare).await, "UNCHANGED", "a file can be sent again");
    assert_eq!(comes(&with(&bare, &json!({ "title": "Anders" }))).await, "FORBIDDEN");
});

crate::both!(a_file_that_is_sent_again_brings_nobody_back_and_asks_who_may_guide, |world| {
    let host = world.host.token.as_str();
    let comes = async |collection: &str, rows: &[Value]| {
        let job = import(&world, &format!("collection={collection}&history=true"), rows).await.json();
        let said = results(&world, &job).await;
        let one = |row: &Value| match row["outcome"].as_str().unwrap() {
            "FAILED" => format!("{} {}", row["errors"][0]["code"], row["errors"][0]["pointer"]).replace('"', ""),
            other => other.to_owned(),
        };
        said.iter().map(one).collect::<Vec<_>>()
    };
    let people: Vec<_> = ["p", "q", "r"].map(|key| json!({ "externalId": key, "displayName": key })).into();
    comes("PEOPLE", &people).await;
    let cop =
        |key: &str, more: Value| with(&json!({ "externalId": key, "title": key, "startDate": "2020-01-01" }), &more);
    // A CoP comes after the one that it follows up, whatever their keys.
    let later = cop("a", json!({ "status": "ACTIVE", "predecessorExternalId": "b", "capacity": 12 }));
    let earlier = cop("b", json!({ "status": "CLOSED", "endedAt": "2019-01-01T00:00:00Z" }));
    assert_eq!(comes("COPS", &[earlier.clone(), later.clone()]).await, ["CREATED", "CREATED"]);
    assert_eq!(comes("COPS", &[earlier, later.clone()]).await, ["UNCHANGED", "UNCHANGED"]);
    let seen = get(&world, host, "cops/by-external-id/a").await.json();
    let before = get(&world, host, "cops/by-external-id/b").await.json();
    assert_eq!((&seen["predecessorId"], &seen["capacity"]), (&before["id"], &json!(12)));
    let member = |key: &str, person: &str, state: &str| json!({ "externalId": key, "copExternalId": "a", "personExternalId": person, "role": "SPONSOR", "state": state });
    assert_eq!(comes("MEMBERSHIPS", &[member("m", "p", "ACTIVE")]).await, ["CREATED"]);
    for key in ["p", "q"] {
        let id = get(&world, host, &format!("people/by-external-id/{key}")).await.json()["id"].clone();
        done(&world, host, "personLeave", json!({ "id": id })).await;
    }
    assert_eq!(comes("MEMBERSHIPS", &[member("m", "p", "ACTIVE")]).await, ["UNCHANGED"]);
    let state = get(&world, host, "memberships/by-external-id/m").await.json()["state"].clone();
    assert_eq!(state, "WITHDRAWN");
    let rows = [member("n", "q", "ACTIVE"), member("o", "q", "COMPLETED"), member("s", "r", "ACTIVE")];
    assert_eq!(comes("MEMBERSHIPS", &rows).await, ["NOT_ELIGIBLE /personExternalId", "CREATED", "CREATED"]);
    // People of another organisation guide where that has to do with the CoP, or runs the network.
    let mut ids = vec![];
    for actor in [&world.outsider, &world.evolva] {
        let person = json!({ "displayName": "Begeleider", "discoverable": true });
        ids.push(done(&world, &actor.token, "personCreate", person).await);
    }
    let guided = |id: &str| with(&later, &json!({ "facilitatorId": id }));
    assert_eq!(comes("COPS", &[guided(&ids[0])]).await, ["NOT_ELIGIBLE /facilitatorId"]);
    assert_eq!(comes("COPS", &[guided(&ids[1])]).await, ["UPDATED"]);
    let by = get(&world, host, &format!("facilitations?copId={}", seen["id"].as_str().unwrap())).await.json();
    assert_eq!(by["items"][0]["personId"], json!(ids[1]));
});

/// What became of one row of a collection.
async fn outcome(world: &World, query: &str, row: &Value) -> String {
    let job = import(world, &format!("collection={query}"), std::slice::from_ref(row)).await.json();
    let said = results(world, &job).await.remove(0);
    match &said["errors"][0] {
        Value::Null => said["outcome"].as_str().unwrap().to_owned(),
        error => format!("{} {}", error["code"], error["pointer"]).replace('"', ""),
    }
}

crate::both!(series_and_joins_come_in_by_the_rules_that_plan_them, |world| {
    referred_to(&world).await;
    let host = world.host.token.as_str();
    let over = json!({ "externalId": "oud", "title": "Oud", "conceptExternalId": "methode", "status": "CLOSED",
        "themeExternalId": "thema", "startDate": "2023-01-01", "facilitatorExternalId": "gids" });
    let job = import(&world, "collection=COPS&history=true", &[over]).await.json();
    assert_eq!(counts(&job), [1, 1, 0, 0, 0], "{:?}", results(&world, &job).await);
    let outcome = async |query: &str, row: &Value| outcome(&world, query, row).await;
    // A series plans its sessions once.
    let series = json!({ "externalId": "reeks", "copExternalId": "kring", "title": "Reeks", "place": "Arnhem", "capacity": 8,
        "rule": "FREQ=WEEKLY;COUNT=3", "startDate": "2026-11-02", "startTime": "10:00", "endTime": "12:00" });
    let of_over = with(&series, &json!({ "externalId": "te-laat", "copExternalId": "oud" }));
    assert_eq!(outcome("SESSION_SERIES", &of_over).await, "COP_NOT_OPEN /copExternalId");
    for (outcome_is, row) in [
        ("CREATED", series.clone()),
        ("UNCHANGED", series.clone()),
        ("NOT_EDITABLE /startTime", with(&series, &json!({ "startTime": "09:00" }))),
        ("NOT_EDITABLE /copExternalId", with(&series, &json!({ "copExternalId": "buren" }))),
        ("OUT_OF_RANGE /startDate", with(&series, &json!({ "externalId": "vroeg", "startDate": "2023-06-05" }))),
        ("INVALID_VALUE /rule", with(&series, &json!({ "externalId": "leeg", "rule": "FREQ=YEARLY;UNTIL=20261101" }))),
    ] {
        assert_eq!(outcome("SESSION_SERIES", &row).await, outcome_is, "{row}");
    }
    let row = get(&world, host, "session-series/by-external-id/reeks").await.json();
    let planned = format!("sessions?seriesId={}&sort=startsAt", row["id"].as_str().unwrap());
    let planned = get(&world, host, &planned).await.json()["items"].clone();
    let planned = planned.as_array().unwrap();
    assert_eq!(
        planned.iter().map(|one| one["startsAt"].as_str().unwrap()).collect::<Vec<_>>(),
        ["2026-11-02T09:00:00Z", "2026-11-09T09:00:00Z", "2026-11-16T09:00:00Z"]
    );
    assert!(planned.iter().all(|one| one["place"] == "Arnhem" && one["capacity"] == 8 && one["state"] == "DRAFT"));
    // Of the past there is its rule; what was held comes in by itself.
    let past = with(&of_over, &json!({ "startDate": "2023-03-06", "place": null, "capacity": null }));
    let said = with(&past, &json!({ "capacity": 8 }));
    assert_eq!(outcome("SESSION_SERIES&history=true", &said).await, "INVALID_VALUE /capacity");
    assert_eq!(outcome("SESSION_SERIES&history=true", &past).await, "CREATED");
    let renamed = with(&past, &json!({ "title": "De reeks" }));
    assert_eq!(outcome("SESSION_SERIES", &renamed).await, "NOT_EDITABLE /title");
    assert_eq!(outcome("SESSION_SERIES&history=true", &renamed).await, "UPDATED");
    let made_here = with(&series, &json!({ "title": "Anders", "place": null, "capacity": null }));
    assert_eq!(outcome("SESSION_SERIES&history=true", &made_here).await, "NOT_EDITABLE /title");
    let session = json!({ "externalId": "s", "copExternalId": "oud", "kind": "REGULAR", "title": "Reeks", "state": "HELD",
        "seriesExternalId": "te-laat", "startsAt": "2023-03-06T09:00:00Z", "endsAt": "2023-03-06T11:00:00Z" });
    for (outcome_is, more) in [
        ("INVALID_VALUE /seriesExternalId", json!({ "kind": "HACKATHON" })),
        ("INVALID_VALUE /seriesExternalId", json!({ "seriesExternalId": "reeks" })),
        ("UNKNOWN_REFERENCE /seriesExternalId", json!({ "seriesExternalId": "nergens" })),
        ("CREATED", json!({})),
        ("UNCHANGED", json!({ "seriesExternalId": null })),
        ("NOT_EDITABLE /kind", json!({ "seriesExternalId": null, "kind": "CLINIC" })),
    ] {
        assert_eq!(outcome("SESSIONS&history=true", &with(&session, &more)).await, outcome_is, "{more}");
    }
    // Of a CoP that is over there are none to come.
    let to_come = json!({ "externalId": "ooit", "state": "SCHEDULED", "startsAt": "2199-03-06T09:00:00Z",
        "endsAt": "2199-03-06T11:00:00Z" });
    assert_eq!(outcome("SESSIONS&history=true", &with(&session, &to_come)).await, "COP_NOT_OPEN /copExternalId");
    let of_past = get(&world, host, "session-series/by-external-id/te-laat").await.json()["id"].clone();
    assert_eq!(get(&world, host, "sessions/by-external-id/s").await.json()["seriesId"], of_past);
    let another = with(&past, &json!({ "externalId": "nog-een" }));
    assert_eq!(outcome("SESSION_SERIES&history=true", &another).await, "CREATED");
    let moved = with(&session, &json!({ "seriesExternalId": "nog-een" }));
    assert_eq!(outcome("SESSIONS&history=true", &moved).await, "NOT_EDITABLE /seriesExternalId");

    // A CoP joins what is still to come; of the past it did.
    let clinic = |key: &str, state: &str| {
        json!({ "externalId": key, "kind": "CLINIC", "title": "Clinic", "copExternalId": "kring", "state": state,
            "startsAt": "2024-05-01T09:00:00Z", "endsAt": "2024-05-01T15:00:00Z" })
    };
    let soon = json!({ "startsAt": "2199-05-01T09:00:00Z", "endsAt": "2199-05-01T15:00:00Z" });
    let closed = json!({ "externalId": "dicht", "title": "Dicht", "conceptExternalId": "methode", "contentCeiling": "MEMBERS",
        "status": "ACTIVE", "themeExternalId": "thema", "startDate": "2024-01-01", "facilitatorExternalId": "gids" });
    assert_eq!(outcome("COPS&history=true", &closed).await, "CREATED");
    for row in [
        clinic("clinic", "HELD"),
        clinic("afgelast", "CANCELLED"),
        with(&clinic("straks", "SCHEDULED"), &soon),
        with(&clinic("besloten", "HELD"), &json!({ "copExternalId": "dicht" })),
    ] {
        assert_eq!(outcome("SESSIONS&history=true", &row).await, "CREATED");
    }
    let join = |key: &str, session: &str, cop: &str| json!({ "externalId": key, "sessionExternalId": session, "copExternalId": cop });
    for (query, row, outcome_is) in [
        ("SESSION_COPS", join("a", "clinic", "oud"), "COP_NOT_OPEN /copExternalId"),
        ("SESSION_COPS", join("a", "afgelast", "buren"), "NOT_EDITABLE /sessionExternalId"),
        ("SESSION_COPS", join("a", "clinic", "kring"), "ALREADY_EXISTS /copExternalId"),
        ("SESSION_COPS&history=true", join("a", "straks", "oud"), "COP_NOT_OPEN /copExternalId"),
        ("SESSION_COPS&history=true", join("a", "straks", "buren"), "CREATED"),
        ("SESSION_COPS", join("z", "besloten", "buren"), "CEILING_TOO_NARROW /sessionExternalId"),
        ("SESSION_COPS&history=true", join("z", "besloten", "buren"), "CEILING_TOO_NARROW /sessionExternalId"),
        ("SESSION_COPS&history=true", join("a1", "clinic", "oud"), "CREATED"),
        ("SESSION_COPS&history=true", join("b", "afgelast", "buren"), "CREATED"),
        ("SESSION_COPS", join("c", "clinic", "buren"), "CREATED"),
        ("SESSION_COPS", join("c", "clinic", "buren"), "UNCHANGED"),
        ("SESSION_COPS", join("d", "clinic", "buren"), "ALREADY_EXISTS /copExternalId"),
        ("SESSION_COPS", join("c", "afgelast", "buren"), "NOT_EDITABLE /sessionExternalId"),
    ] {
        assert_eq!(outcome(query, &row).await, outcome_is, "{query} {row}");
    }
    // Its members may come, and none of them is an expert from outside.
    let guest = |key: &str, cop: &str| json!({ "externalId": key, "copExternalId": cop, "personExternalId": "spreker", "state": "ACTIVE" });
    assert_eq!(outcome("MEMBERSHIPS&history=true", &guest("m", "buren")).await, "CREATED");
    let comes = json!({ "externalId": "r", "sessionExternalId": "clinic", "personExternalId": "spreker" });
    assert_eq!(outcome("REGISTRATIONS&history=true", &comes).await, "CREATED");
    assert_eq!(outcome("SESSIONS&history=true", &clinic("tweede", "HELD")).await, "CREATED");
    let expert = json!({ "externalId": "e", "sessionExternalId": "tweede", "personExternalId": "spreker", "perspective": "DIDACTIC" });
    assert_eq!(outcome("EXPERT_CONTRIBUTIONS&history=true", &expert).await, "CREATED");
    let joins = join("e", "tweede", "buren");
    assert_eq!(outcome("SESSION_COPS&history=true", &joins).await, "NOT_ELIGIBLE /copExternalId");
    assert_eq!(outcome("SESSION_COPS&history=true", &join("e", "tweede", "oud")).await, "CREATED");
    // What was ended is not brought back by the same file.
    let joined = get(&world, host, "session-cops/by-external-id/c").await.json();
    done(&world, host, "sessionCopRemove", json!({ "id": joined["id"] })).await;
    assert_eq!(outcome("SESSION_COPS", &join("c", "clinic", "buren")).await, "UNCHANGED");
    assert!(get(&world, host, "session-cops/by-external-id/c").await.json()["removedAt"].is_string());
    assert_eq!(outcome("SESSION_COPS", &join("c2", "clinic", "buren")).await, "CREATED");
});

crate::both!(files_come_in_once_and_to_the_version_that_had_them, |world| {
    referred_to(&world).await;
    let host = world.host.token.as_str();
    let outcome = async |query: &str, row: &Value| outcome(&world, query, row).await;
    let bytes = attachments::pdf("Verslag");
    let upload = async |token: &str| attachments::upload(&world, token, "verslag.pdf", &bytes).await;
    let row = |key: &str, upload: &str| json!({ "externalId": key, "artefactExternalId": "stuk", "uploadId": upload });
    let piece = json!({ "externalId": "stuk", "title": "Stuk", "kind": "INSIGHT", "body": "x", "state": "VALIDATED",
        "copExternalId": "kring" });
    assert_eq!(outcome("ARTEFACTS&history=true", &piece).await, "CREATED");
    let (theirs, first) = (upload(&world.partner.token).await, upload(host).await);
    let half = done(&world, host, "uploadCreate", json!({ "fileName": "half.pdf", "size": 10 })).await;
    let version = async || {
        let seen = get(&world, host, "artefacts/by-external-id/stuk").await.json();
        (seen["number"].as_i64().unwrap(), seen["state"].as_str().unwrap().to_owned())
    };
    assert_eq!(version().await, (1, "VALIDATED".to_owned()));
    for (key, upload, outcome_is) in [
        ("k", &theirs, "UNKNOWN_REFERENCE /uploadId"),
        ("k", &half, "UPLOAD_INCOMPLETE /uploadId"),
        ("k", &first, "CREATED"),
        ("k", &first, "UNCHANGED"),
        ("k2", &first, "IN_USE /uploadId"),
        ("k", &half, "NOT_EDITABLE /uploadId"),
    ] {
        assert_eq!(outcome("ATTACHMENTS&history=true", &row(key, upload)).await, outcome_is, "{key} {upload}");
    }
    // History says what the version had that came in; today a file makes the next one.
    assert_eq!(version().await, (1, "VALIDATED".to_owned()));
    let named = with(&row("k", &first), &json!({ "title": "Anders" }));
    assert_eq!(outcome("ATTACHMENTS&history=true", &named).await, "NOT_EDITABLE /title");
    let attached = get(&world, host, "attachments/by-external-id/k").await.json();
    let content = get(&world, host, &format!("attachments/{}/content", attached["id"].as_str().unwrap())).await;
    assert_eq!((content.status, content.text.as_bytes()), (200, &*bytes));
    assert_eq!(outcome("ATTACHMENTS", &row("k3", &upload(host).await)).await, "CREATED");
    assert_eq!(version().await, (2, "SUBMITTED".to_owned()));
    let late = row("k5", &upload(host).await);
    assert_eq!(outcome("ATTACHMENTS&history=true", &late).await, "NOT_EDITABLE /artefactExternalId");
    assert_eq!(outcome("ATTACHMENTS", &late).await, "CREATED");
    // It was made here, and so was its next version; what is not told of history is not marked so.
    let number = get(&world, host, "attachments/by-external-id/k5").await.json();
    assert_eq!((&number["sinceNumber"], &number["imported"]), (&json!(3), &json!(false)), "{number}");
    // What is published does not change, and neither does what was made here.
    let old = |key: &str, more: Value| {
        let row = json!({ "externalId": key, "title": key, "kind": "INSIGHT", "body": "x", "state": "VALIDATED" });
        with(&row, &more)
    };
    let own = json!({ "title": "Van hier", "kind": "INSIGHT", "body": "x", "externalId": "van-hier" });
    let own = done(&world, host, "artefactCreate", own).await;
    done(&world, host, "artefactSubmit", json!({ "id": own })).await;
    let file = async |key: &str, artefact: &str| {
        with(&row(key, &upload(host).await), &json!({ "artefactExternalId": artefact }))
    };
    let number = async |artefact: &str| {
        get(&world, host, &format!("artefacts/by-external-id/{artefact}")).await.json()["number"].clone()
    };
    for (artefact, more) in
        [("stil", json!({})), ("openbaar", json!({ "audience": "NETWORK" })), ("weg", json!({ "state": "RETIRED" }))]
    {
        assert_eq!(outcome("ARTEFACTS&history=true", &old(artefact, more)).await, "CREATED");
    }
    for (artefact, number_is) in [("stil", 1), ("openbaar", 2), ("van-hier", 2), ("weg", 1)] {
        let file = file(artefact, artefact).await;
        let said = outcome("ATTACHMENTS&history=true", &file).await;
        let past = if number_is == 1 { "CREATED" } else { "NOT_EDITABLE /artefactExternalId" };
        assert_eq!(said, past, "{artefact}");
        if number_is > 1 {
            assert_eq!(outcome("ATTACHMENTS", &file).await, "CREATED", "{artefact}");
        }
        assert_eq!(number(artefact).await, number_is, "{artefact}");
    }
    // Today nobody adds to what was retired.
    let late = file("later", "weg").await;
    assert_eq!(outcome("ATTACHMENTS", &late).await, "NOT_EDITABLE /artefactExternalId");
    // Where another organisation had a say, it has one again.
    let asked = json!({ "copId": get(&world, host, "cops/by-external-id/kring").await.json()["id"],
        "organisationId": world.partner.id });
    let lesson = old("kringles", json!({ "copExternalId": "kring" }));
    assert_eq!(outcome("ARTEFACTS&history=true", &lesson).await, "CREATED");
    assert_eq!(outcome("ATTACHMENTS&history=true", &file("k6", "kringles").await).await, "CREATED");
    assert_eq!(number("kringles").await, 1);
    done(&world, host, "participationInvite", asked).await;
    let later = file("k7", "kringles").await;
    assert_eq!(outcome("ATTACHMENTS&history=true", &later).await, "NOT_EDITABLE /artefactExternalId");
    assert_eq!(outcome("ATTACHMENTS", &later).await, "CREATED");
    assert_eq!(number("kringles").await, 2);
    let partner = world.partner.token.as_str();
    let concept = json!({ "name": "Open", "profile": "OPEN" });
    let concept = done(&world, partner, "conceptCreate", concept).await;
    let cop = json!({ "title": "Hun kring", "conceptId": concept });
    let cop = done(&world, partner, "copCreate", cop).await;
    let asked = json!({ "copId": cop, "organisationId": world.host.id });
    let asked = done(&world, partner, "participationInvite", asked).await;
    done(&world, host, "participationAccept", json!({ "id": asked })).await;
    let elsewhere = json!({ "externalId": "elders", "title": "Ons stuk", "kind": "INSIGHT", "body": "x", "copId": cop,
        "state": "SUBMITTED" });
    assert_eq!(outcome("ARTEFACTS&history=true", &elsewhere).await, "CREATED");
    let there = file("k4", "elders").await;
    assert_eq!(outcome("ATTACHMENTS&history=true", &there).await, "NOT_EDITABLE /artefactExternalId");
    assert_eq!(outcome("ATTACHMENTS", &there).await, "CREATED");
    assert_eq!(number("elders").await, 2);
});

crate::both!(puts_of_series_joins_and_files_that_meet_make_one_of_each, |world| {
    referred_to(&world).await;
    let host = world.host.token.as_str();
    let clinic = json!({ "externalId": "clinic", "version": 0, "kind": "CLINIC", "title": "Clinic",
        "startsAt": "2199-05-01T09:00:00Z", "endsAt": "2199-05-01T15:00:00Z" });
    done(&world, host, "sessionPut", clinic).await;
    let mut uploads = vec![];
    for _ in 0..12 {
        uploads.push(attachments::upload(&world, host, "verslag.pdf", &attachments::pdf("Verslag")).await);
    }
    let put = async |path: String, body: Value| {
        let request = world.http.put(format!("{}/api/v1/{path}", world.base)).header("If-None-Match", "*").json(&body);
        world.send(request, Some(host)).await.status
    };
    let series = json!({ "copExternalId": "kring", "title": "Reeks", "rule": "FREQ=WEEKLY;COUNT=2", "startDate": "2026-11-02",
        "startTime": "10:00", "endTime": "12:00" });
    let join = json!({ "sessionExternalId": "clinic", "copExternalId": "kring" });
    let file = |nth: usize| json!({ "artefactExternalId": "les", "uploadId": uploads[nth] });
    for (path, bodies) in [
        ("session-series", vec![series; 6]),
        ("session-cops", vec![join; 6]),
        ("attachments", (0..6).map(file).collect()),
    ] {
        let puts = bodies.into_iter().map(|body| put(format!("{path}/by-external-id/k"), body));
        let mut answers = futures_util::future::join_all(puts).await;
        answers.sort_unstable();
        assert_eq!(answers, [&[201][..], &[412; 5]].concat(), "{path}");
    }
    // Several files of one artefact do not get in each other's way.
    let puts = (6..12).map(|nth| put(format!("attachments/by-external-id/k{nth}"), file(nth)));
    assert_eq!(futures_util::future::join_all(puts).await, [201; 6]);
    let artefact = get(&world, host, "artefacts/by-external-id/les").await.json()["id"].clone();
    let all =
        get(&world, host, &format!("attachments?artefactId={}&first=100", artefact.as_str().unwrap())).await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 7, "{all}");
    let planned = get(&world, host, "sessions?kind=REGULAR&first=100").await.json();
    assert_eq!(planned["items"].as_array().unwrap().len(), 2, "{planned}");
});

crate::both!(what_cannot_be_read_of_a_row_is_told_with_its_place, |world| {
    let rows = [
        r#"{"externalId":"a","title":"Thema","a~/b":1,"focusAreaIds":["foc_x",7],"summary":null}"#,
        r#"{"externalId":"b","title":"Thema","title":"Thema"}"#,
        r#"{"externalId":"c","externalId":"c","title":"Thema"}"#,
        r#"{"externalId":"d","title":"Thema""#,
        r#"["externalId"]"#,
        r#"{"externalId":"e","title":null}"#,
        r#"{"externalId":"f","title":"Thema"}"#,
    ];
    let url = format!("{}/api/v1/imports?collection=THEMES&dryRun=true", world.base);
    let request = world.http.post(url).header("Content-Type", "application/x-ndjson").body(rows.join("\n"));
    let job = world.send(request, Some(&world.host.token)).await.json();
    let said = results(&world, &job).await;
    let told = said.iter().map(|row| {
        let errors = row["errors"].as_array().unwrap().iter();
        errors.map(|one| format!("{} {}", one["pointer"], one["code"]).replace('"', "")).collect::<Vec<_>>()
    });
    let told: Vec<_> = told.collect();
    assert_eq!(told[0], ["/a~0~1b INVALID_VALUE", "/focusAreaIds/0 INVALID_ID", "/focusAreaIds/1 INVALID_VALUE"]);
    for line in &told[1..5] {
        assert_eq!(line.len(), 1, "{line:?}");
        assert!(line[0].ends_with("ROW_UNREADABLE"), "{line:?}");
    }
    assert_eq!(told[5], ["/title REQUIRED"]);
    // What would be made has no id yet.
    assert_eq!((&said[6]["outcome"], &said[6]["id"]), (&json!("CREATED"), &Value::Null));
});

crate::both!(nothing_of_a_refused_row_stays, |world| {
    referred_to(&world).await;
    let host = world.host.token.as_str();
    let gone = get(&world, host, "people/by-external-id/spreker").await.json()["id"].clone();
    done(&world, host, "personLeave", json!({ "id": gone })).await;
    let made = async || world.texts("SELECT kind FROM outbox WHERE kind LIKE 'nl.evolva.cop.created.%'").await.len();
    let before = made().await;
    // The CoP goes in before who guides it is looked at.
    let cop = |guide: &str| json!({ "externalId": "half", "title": "Half", "facilitatorExternalId": guide });
    let next = json!({ "externalId": "heel", "title": "Heel" });
    let job = import(&world, "collection=COPS", &[cop("spreker"), next]).await.json();
    let said = results(&world, &job).await;
    assert_eq!(counts(&job), [2, 1, 0, 0, 1], "{said:?}");
    assert_eq!(said[0]["errors"][0]["code"], "NOT_ELIGIBLE", "{said:?}");
    let there = async |key: &str| get(&world, host, &format!("cops/by-external-id/{key}")).await.status;
    assert_eq!((there("half").await, there("heel").await, made().await), (404, 200, before + 1));
    assert_eq!(outcome(&world, "COPS", &cop("gids")).await, "CREATED");
    assert_eq!((there("half").await, made().await), (200, before + 2));
});
