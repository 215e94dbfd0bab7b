//! Imports and puts of what is found again by its key and stays as it is: series of sessions, CoPs that join one, and files.
//! And what an import says of rows that it refuses.

use crate::{
    attachments,
    harness::World,
    import::{counts, import, results},
    import_method::{referred_to, with},
    members::{done, get},
};
use serde_json::{Value, json};

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
