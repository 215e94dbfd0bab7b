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
        let to = step["to"].as_str().unwrap();
        let steps = allowed(world, token, step["subjectId"].as_str().unwrap()).await;
        assert!(steps.contains(&to.to_owned()), "{step} waits and is not allowed: {steps:?}");
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

/// Takes a step that waits, with what it asks for.
async fn take(world: &World, token: &str, step: &Value) {
    let mut input = json!({ "id": step["subjectId"] });
    if step["blockedBy"][0]["code"] == "PRECONDITIONS_NOT_MET" {
        input["preconditionsMet"] = json!(["SAFE_CLIMATE", "TIME", "PRIVACY", "ICT"]);
    } else if step["blockedBy"] != json!([]) {
        input["reason"] = json!("Zo ging het");
    }
    if step["mutation"] == "sessionReport" {
        input["happened"] = json!("Het ging goed");
    }
    done(world, token, step["mutation"].as_str().unwrap(), input).await;
}

crate::both!(what_waits_can_be_done_until_nothing_waits, |world| {
    let (host, partner) = (&world.host.token, &world.partner.token);
    assert!(waiting(&world, host).await.is_empty());
    let concept = done(&world, &world.evolva.token, "conceptCreate", json!({ "name": "Programma" })).await;
    let theme = done(&world, &world.evolva.token, "themeCreate", json!({ "title": "Thema" })).await;
    let cop = json!({ "title": "Kring", "conceptId": concept, "themeId": theme, "startDate": "2026-01-01", "plannedEndDate": "2026-12-01" });
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
    let goal = world.get("/api/v1/goals", Some(host)).await.json()["items"][0]["id"].clone();
    done(&world, &guide, "goalAssess", json!({ "id": goal, "assessment": "REACHED" })).await;
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
