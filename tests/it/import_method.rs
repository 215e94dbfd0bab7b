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
pub async fn referred_to(world: &World) -> String {
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

pub fn with(row: &Value, more: &Value) -> Value {
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
