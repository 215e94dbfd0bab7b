//! What waits for somebody: of everything that they can do next, and nothing that they cannot.

use crate::{
    access::checked,
    harness::{Actor, Surface, World, meta},
};
use serde_json::{Value, json};

async fn done(world: &World, token: &str, name: &str, input: Value) -> String {
    let meta = meta(name);
    let answer = checked(world, Surface::Rest, &meta, token, &input).await;
    let outcome = world.outcome(Surface::Rest, &meta, &answer);
    outcome.unwrap_or_else(|codes| panic!("{name}: {codes:?} {}", answer.text)).0
}

async fn person(world: &World, actor: &Actor, name: &str, admin: bool) -> (String, String) {
    let mut input = json!({ "displayName": name });
    if admin {
        input["tenantRole"] = json!("ADMIN");
    }
    let id = done(world, &actor.token, "personCreate", input).await;
    let issue = meta("memberTokenIssue");
    let answer = world.op(Surface::Rest, &issue, Some(&actor.token), &json!({ "personId": id })).await.json();
    (id, answer["accessToken"].as_str().unwrap().to_owned())
}

/// The steps that wait, the same over both surfaces.
async fn waiting(world: &World, token: &str) -> Vec<Value> {
    let query =
        "{ viewer { waitingForMe { mutation operationId to blockedBy { code message } subjectId title copId } } }";
    let by_graph = world.gql(Some(token), query, json!({})).await.json()["data"]["viewer"]["waitingForMe"].clone();
    let mut by_rest = world.get("/api/v1/viewer/waiting-for-me", Some(token)).await.json()["items"].clone();
    for one in by_rest.as_array_mut().unwrap() {
        // The two surfaces write the zone of a time in two ways.
        assert!(one.as_object_mut().unwrap().remove("sinceAt").unwrap().is_string());
    }
    assert_eq!(by_graph, by_rest);
    for step in by_rest.as_array().unwrap().iter().filter(|step| !step["to"].is_null()) {
        let object =
            world.get(&format!("/api/v1/nodes/{}", step["subjectId"].as_str().unwrap()), Some(token)).await.json();
        let steps =
            if step["mutation"] == "artefactLessonAdvance" { "lessonTransitions" } else { "allowedTransitions" };
        // What has no steps of its own says in `access` what may be done with it.
        let may = match object[steps].as_array() {
            Some(steps) => steps.iter().any(|one| one["to"] == step["to"]),
            None => object["access"].as_array().unwrap().iter().any(|one| {
                one["mutation"] == step["mutation"] && one["allowed"] == true && one["blockedBy"] == json!([])
            }),
        };
        assert!(may, "{step} waits and is not allowed: {object}");
    }
    by_rest.as_array().unwrap().clone()
}

/// Where an object may go from here, as it is shown to who asks.
async fn allowed(world: &World, token: &str, id: &str) -> Vec<String> {
    let object = world.get(&format!("/api/v1/nodes/{id}"), Some(token)).await.json();
    let steps = object["allowedTransitions"].as_array().unwrap_or_else(|| panic!("{object}")).iter();
    steps.map(|step| step["to"].as_str().unwrap().to_owned()).collect()
}

async fn mutations(world: &World, token: &str) -> Vec<String> {
    let mut all: Vec<_> =
        waiting(world, token).await.iter().map(|one| one["mutation"].as_str().unwrap().to_owned()).collect();
    all.sort_unstable();
    all
}

/// A day so many days from today.
fn day(days: i64) -> String {
    (chrono::Utc::now() + chrono::Duration::days(days)).date_naive().to_string()
}

/// Takes a step that waits, with what it asks for.
async fn take(world: &World, token: &str, step: &Value) {
    let mut input = json!({ "id": step["subjectId"] });
    if step["blockedBy"][0]["code"] == "PRECONDITIONS_NOT_MET" {
        input["preconditionsMet"] = json!(["SAFE_CLIMATE", "TIME", "PRIVACY", "ICT"]);
    } else if step["blockedBy"] != json!([]) && step["mutation"] != "artefactLessonAdvance" {
        input["reason"] = json!("Zo ging het");
    }
    match step["mutation"].as_str().unwrap() {
        "sessionReport" => input["happened"] = json!("Het ging goed"),
        "goalAssess" => input["assessment"] = json!("REACHED"),
        "exchangeAcknowledge" => input["learned"] = json!("Dat het kan"),
        "artefactLessonAdvance" => {
            input["to"] = step["to"].clone();
            input["note"] = json!("Zo is het gegaan");
        }
        _ => {}
    }
    done(world, token, step["mutation"].as_str().unwrap(), input).await;
}

crate::both!(what_waits_can_be_done_until_nothing_waits, |world| {
    let (host, partner) = (&world.host.token, &world.partner.token);
    assert!(waiting(&world, host).await.is_empty());
    let concept = done(&world, &world.evolva.token, "conceptCreate", json!({ "name": "Programma" })).await;
    let theme = done(&world, &world.evolva.token, "themeCreate", json!({ "title": "Thema" })).await;
    let cop = json!({ "title": "Kring", "conceptId": concept, "themeId": theme, "startDate": day(-300), "plannedEndDate": day(60) });
    let cop = done(&world, host, "copCreate", cop).await;
    let element = json!({ "conceptId": concept, "code": "E", "title": "E" });
    let element = done(&world, &world.evolva.token, "conceptElementAdd", element).await;
    let (guide_id, guide) = person(&world, &world.evolva, "Gids", false).await;
    done(&world, &world.evolva.token, "personUpdate", json!({ "id": guide_id, "version": 1, "discoverable": true }))
        .await;
    let (lead_id, lead) = person(&world, &world.host, "Kartrekker", false).await;
    let (member_id, member) = person(&world, &world.partner, "Deelnemer", false).await;
    let (_, admin) = person(&world, &world.partner, "Beheerder", true).await;
    let (_, colleague) = person(&world, &world.partner, "Kantoorgenoot", false).await;
    for (actor, id) in [(&world.host, &lead_id), (&world.partner, &member_id)] {
        let project = json!({ "title": "Koploper", "elementId": element });
        let project = done(&world, &actor.token, "frontRunnerProjectCreate", project).await;
        done(&world, &actor.token, "frontRunnerAdd", json!({ "projectId": project, "personId": id })).await;
    }
    let charter = json!({ "copId": cop, "why": "Omdat", "goals": ["Een doel"] });
    let charter = done(&world, host, "charterDraft", charter).await;
    assert_eq!(mutations(&world, host).await, ["charterPropose"], "the CoP still lacks a facilitator");
    done(&world, host, "facilitationAssign", json!({ "copId": cop, "personId": guide_id, "isPrimary": true })).await;
    assert_eq!(mutations(&world, host).await, ["charterPropose", "copRecruit"]);
    // Her part begins when the CoP recruits; the charter is hers from the start.
    assert_eq!(mutations(&world, &guide).await, ["charterPropose"]);
    take(
        &world,
        host,
        &waiting(&world, host).await.iter().find(|one| one["mutation"] == "copRecruit").unwrap().clone(),
    )
    .await;
    done(&world, host, "participationInvite", json!({ "copId": cop, "organisationId": world.partner.id })).await;
    done(&world, host, "membershipNominate", json!({ "copId": cop, "personId": lead_id, "role": "LEAD" })).await;
    for (token, waits) in [
        (partner, vec!["participationAccept"]),
        (&admin, vec!["participationAccept"]),
        (&colleague, vec![]),
        (&member, vec![]),
        (&lead, vec!["membershipAccept"]),
        (&guide, vec!["charterPropose"]),
        (&world.outsider.token, vec![]),
    ] {
        assert_eq!(mutations(&world, token).await, waits);
    }
    let accept = waiting(&world, &admin).await.remove(0);
    assert_eq!((&accept["to"], &accept["title"], &accept["copId"]), (&json!("ACCEPTED"), &json!("Kring"), &json!(cop)));
    assert_eq!(accept["operationId"], "acceptParticipation");
    take(&world, &admin, &accept).await;
    done(&world, &member, "membershipApply", json!({ "copId": cop, "personId": member_id })).await;
    let session = json!({ "copId": cop, "kind": "HACKATHON", "title": "Hack", "startsAt": "2026-02-01T13:00:00Z", "endsAt": "2026-02-01T16:00:00Z" });
    done(&world, host, "sessionPlan", session.clone()).await;
    let mut later = session;
    (later["startsAt"], later["endsAt"]) = (json!("2199-01-01T13:00:00Z"), json!("2199-01-01T16:00:00Z"));
    done(&world, host, "sessionPlan", later).await;
    let draft = json!({ "copId": cop, "kind": "INSIGHT", "title": "Les", "body": "x" });
    // From here on everybody takes every step that waits for them, and each of them succeeds.
    let mut taken = vec![];
    let mut drafted = false;
    for _ in 0..40 {
        let mut any = false;
        for token in [&lead, &member, &admin, &guide, host, partner, &world.evolva.token] {
            for step in waiting(&world, token).await {
                // Another step may have come in between, that was seen by both of them.
                if !waiting(&world, token).await.contains(&step) {
                    continue;
                }
                take(&world, token, &step).await;
                taken.push(step["mutation"].as_str().unwrap().to_owned());
                any = true;
            }
        }
        if !drafted && taken.iter().filter(|one| *one == "membershipActivate").count() == 2 {
            drafted = true;
            done(&world, &member, "artefactCreate", draft.clone()).await;
            // A member's part: she sees it, and a colleague who is none does not.
            assert_eq!(mutations(&world, &member).await, ["artefactSubmit"]);
            assert!(mutations(&world, &colleague).await.is_empty());
            any = true;
        }
        if !any {
            break;
        }
    }
    taken.sort_unstable();
    taken.dedup();
    let steps = [
        "artefactSubmit",
        "artefactValidate",
        "charterAgree",
        "charterPropose",
        "copActivate",
        "membershipAccept",
        "membershipActivate",
        "membershipSelect",
        "sessionHold",
        "sessionReport",
        "sessionSchedule",
    ];
    assert_eq!(taken, steps);
    assert_eq!(world.get(&format!("/api/v1/charters/{charter}"), Some(host)).await.json()["state"], "AGREED");
    // The harvest waits for the goals, and then for what was anchored.
    let version = world.get(&format!("/api/v1/cops/{cop}"), Some(host)).await.json()["version"].clone();
    done(&world, host, "copUpdate", json!({ "id": cop, "version": version, "plannedEndDate": day(20) })).await;
    assert_eq!(mutations(&world, host).await, ["goalAssess"]);
    assert_eq!(mutations(&world, &lead).await, ["goalAssess"]);
    assert!(mutations(&world, &member).await.is_empty() && mutations(&world, partner).await.is_empty());
    let goal = waiting(&world, &guide).await.remove(0);
    assert_eq!(
        (&goal["mutation"], &goal["to"], &goal["title"]),
        (&json!("goalAssess"), &json!(null), &json!("Een doel"))
    );
    take(&world, &guide, &goal).await;
    let harvest = waiting(&world, &guide).await.remove(0);
    assert_eq!(harvest["blockedBy"][0]["code"], "TOO_FEW_INTENSIVE_SESSIONS", "a reason stands in for them");
    take(&world, &guide, &harvest).await;
    let artefact = world.get("/api/v1/artefacts", Some(&member)).await.json()["items"][0]["id"].clone();
    let plan = json!({ "artefactId": artefact, "place": "Rooster", "reviewDate": "2026-12-31" });
    done(&world, &member, "anchoringPlan", plan).await;
    assert_eq!(mutations(&world, &member).await, ["anchoringAnchor"]);
    assert_eq!(mutations(&world, partner).await, ["anchoringAnchor"]);
    assert!(mutations(&world, &colleague).await.is_empty() && mutations(&world, host).await.is_empty());
    // Many rows that wait for nothing do not hide one that does.
    let rows: String = (0..130).map(|n| format!("{{\"externalId\":\"{n}\",\"title\":\"Leeg\"}}\n")).collect();
    let import = world.http.post(format!("{}/api/v1/imports?collection=ARTEFACTS", world.base));
    let import = import.header("Content-Type", "application/x-ndjson").body(rows);
    assert_eq!(world.send(import, Some(&world.outsider.token)).await.json()["created"], 130);
    assert!(mutations(&world, &world.outsider.token).await.is_empty());
    let ready = json!({ "kind": "INSIGHT", "title": "Klaar", "body": "x" });
    done(&world, &world.outsider.token, "artefactCreate", ready).await;
    assert_eq!(mutations(&world, &world.outsider.token).await, ["artefactSubmit"]);
    // What a token may not do at all does not wait for it.
    let narrow = json!({ "name": "narrow", "scopes": ["cops:read", "artefacts:read"] });
    let issue = meta("tokenIssue");
    let narrow = world.op(Surface::Rest, &issue, Some(partner), &narrow).await.json()["accessToken"].clone();
    assert!(waiting(&world, narrow.as_str().unwrap()).await.is_empty());
    assert_eq!(world.get("/api/v1/viewer/waiting-for-me", None).await.status, 401);
    // Who has left the CoP has no part in it any more.
    let participation =
        world.get(&format!("/api/v1/participations?organisationId={}", world.partner.id), Some(host)).await;
    let participation = participation.json()["items"][0]["id"].clone();
    assert_eq!(allowed(&world, host, participation.as_str().unwrap()).await, ["ENDED"]);
    assert_eq!(allowed(&world, &admin, participation.as_str().unwrap()).await, ["ENDED"]);
    assert!(allowed(&world, &member, participation.as_str().unwrap()).await.is_empty());
    // Each sees the steps of their own part.
    for (token, steps) in [(host, vec!["CLOSED", "ACTIVE", "CANCELLED"]), (&lead, vec![]), (&member, vec![])] {
        assert_eq!(allowed(&world, token, &cop).await, steps);
    }
    assert_eq!(allowed(&world, &guide, &cop).await, ["CLOSED", "ACTIVE", "CANCELLED"]);
    let regular = world.get(&format!("/api/v1/sessions?copId={cop}&state=SCHEDULED"), Some(host)).await.json();
    let regular = regular["items"][0]["id"].as_str().unwrap().to_owned();
    for (token, steps) in [(&guide, vec!["HELD", "CANCELLED"]), (&lead, vec!["CANCELLED"]), (&member, vec![])] {
        assert_eq!(allowed(&world, token, &regular).await, steps);
    }
    let artefact = artefact.as_str().unwrap();
    for (token, steps) in [(&member, vec!["RETIRED"]), (partner, vec!["RETIRED"]), (&guide, vec![]), (&lead, vec![])] {
        let draft = allowed(&world, token, artefact).await;
        assert_eq!(draft, steps);
    }
    done(&world, host, "participationEnd", json!({ "id": participation })).await;
    assert!(mutations(&world, &member).await.is_empty());
    assert_eq!(mutations(&world, partner).await, ["anchoringAnchor"], "its own rows stay its own");
});

crate::both!(agendas_exchanges_and_lessons_wait_for_whose_they_are, |world| {
    let circle = crate::members::circle(&world).await;
    let (host, partner, guide) = (&world.host.token, &world.partner.token, &circle.guide);
    let (member, colleague) = (&circle.member.1, &circle.colleague.1);
    let others = [&world.outsider.token, &world.evolva.token];
    // Its CoP could be harvested at any time.
    let waits = async |token: &str| {
        let all = waiting(&world, token).await;
        all.into_iter().filter(|one| one["mutation"] != "copHarvest").collect::<Vec<_>>()
    };
    let names = async |token: &str| {
        let all = waits(token).await;
        all.iter().map(|one| one["mutation"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let session = json!({ "copId": circle.cop, "kind": "REGULAR", "title": "Bijeenkomst",
        "startsAt": "2199-02-01T13:00:00Z", "endsAt": "2199-02-01T16:00:00Z" });
    let session = done(&world, guide, "sessionPlan", session).await;
    done(&world, guide, "sessionSchedule", json!({ "id": session })).await;
    assert!(names(guide).await.is_empty());
    done(&world, member, "agendaItemRaise", json!({ "sessionId": session, "title": "Rooster" })).await;
    for token in [guide, host] {
        assert_eq!(names(token).await, ["agendaItemAccept"]);
    }
    for token in [member, colleague, partner].into_iter().chain(others) {
        assert!(names(token).await.is_empty());
    }
    let step = waits(guide).await.remove(0);
    assert_eq!((&step["to"], &step["title"]), (&json!("PLANNED"), &json!("Rooster")));
    take(&world, guide, &step).await;
    assert!(names(guide).await.is_empty() && names(host).await.is_empty());

    // A strength that was passed on waits for who works in the project that received it, and for their organisation.
    let concept = done(&world, &world.evolva.token, "conceptCreate", json!({ "name": "Programma" })).await;
    let element = json!({ "conceptId": concept, "code": "E", "title": "E" });
    let element = done(&world, &world.evolva.token, "conceptElementAdd", element).await;
    let project =
        |title: &str| json!({ "title": title, "elementId": element, "strengths": ["durf"], "audience": "NETWORK" });
    let giving = done(&world, host, "frontRunnerProjectCreate", project("Gever")).await;
    let receiving = done(&world, partner, "frontRunnerProjectCreate", project("Ontvanger")).await;
    done(&world, partner, "frontRunnerAdd", json!({ "projectId": receiving, "personId": circle.member.0 })).await;
    let exchange = json!({ "givingProjectId": giving, "receivingProjectId": receiving, "strength": "durf",
        "copId": circle.cop, "exchangedDate": "2026-02-01" });
    done(&world, host, "exchangeRecord", exchange).await;
    for token in [partner, member] {
        assert_eq!(names(token).await, ["exchangeAcknowledge"]);
    }
    for token in [host, guide, colleague].into_iter().chain(others) {
        assert!(names(token).await.is_empty());
    }
    let step = waits(member).await.remove(0);
    assert_eq!(step["title"], "durf");
    take(&world, member, &step).await;
    assert!(names(partner).await.is_empty());

    // A lesson goes on, step by step, by its authors and its organisation.
    let lesson = json!({ "copId": circle.cop, "kind": "LESSON_LEARNED", "title": "Les", "body": "x" });
    let lesson = done(&world, member, "artefactCreate", lesson).await;
    done(&world, member, "artefactSubmit", json!({ "id": lesson })).await;
    done(&world, guide, "artefactValidate", json!({ "id": lesson })).await;
    for to in ["IDENTIFIED", "ACTIONED", "LEARNED"] {
        for token in [partner, member] {
            let step = waits(token).await.remove(0);
            assert_eq!((&step["mutation"], &step["to"]), (&json!("artefactLessonAdvance"), &json!(to)));
        }
        for token in [host, guide, colleague].into_iter().chain(others) {
            assert!(names(token).await.is_empty());
        }
        let step = waits(member).await.remove(0);
        take(&world, member, &step).await;
    }
    assert!(names(member).await.is_empty());
});
