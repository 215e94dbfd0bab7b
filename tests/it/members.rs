//! Persons: a member token sees by its memberships and facilitations and does what its person's part allows, each beside
//! the same request by who may not.

use crate::{
    access::checked,
    harness::{Actor, Answer, Surface, World, meta},
};
use serde_json::{Value, json};

pub async fn op(world: &World, token: &str, name: &str, input: Value) -> Result<String, Vec<String>> {
    let meta = meta(name);
    let answer = checked(world, Surface::Rest, &meta, token, &input).await;
    assert!(answer.status < 500, "{name}: {}", answer.text);
    world.outcome(Surface::Rest, &meta, &answer).map(|(id, _)| id)
}

pub async fn done(world: &World, token: &str, name: &str, input: Value) -> String {
    op(world, token, name, input).await.unwrap_or_else(|codes| panic!("{name}: {codes:?}"))
}

pub async fn refused(world: &World, token: &str, name: &str, input: Value) -> String {
    op(world, token, name, input).await.expect_err(name).remove(0)
}

pub async fn get(world: &World, token: &str, path: &str) -> Answer {
    world.get(&format!("/api/v1/{path}"), Some(token)).await
}

pub async fn status(world: &World, token: &str, path: &str) -> u16 {
    get(world, token, path).await.status
}

pub async fn person(world: &World, actor: &Actor, name: &str) -> (String, String) {
    let id = done(world, &actor.token, "personCreate", json!({ "displayName": name })).await;
    let token = member_token(world, actor, json!({ "personId": id })).await.json();
    (id, token["accessToken"].as_str().unwrap().to_owned())
}

async fn member_token(world: &World, actor: &Actor, input: Value) -> Answer {
    world.op(Surface::Rest, &meta("memberTokenIssue"), Some(&actor.token), &input).await
}

/// A running CoP of the host with an open method, in which the partner takes part: its id, and tokens of the facilitator,
/// a member of the host, a member of the partner and a colleague of the last who is none.
pub struct Circle {
    pub cop: String,
    pub participation: String,
    pub guide: String,
    pub guide_id: String,
    pub host_member: String,
    pub member: (String, String),
    pub membership: String,
    pub colleague: (String, String),
}

pub async fn circle(world: &World) -> Circle {
    let (host, partner) = (&world.host.token, &world.partner.token);
    let concept = done(world, host, "conceptCreate", json!({ "name": "Open", "profile": "OPEN" })).await;
    let theme = done(world, host, "themeCreate", json!({ "title": "Thema", "conceptId": concept })).await;
    let cop = json!({ "title": "De kring", "conceptId": concept, "themeId": theme, "startDate": "2026-01-01" });
    let cop = done(world, host, "copCreate", cop).await;
    let (guide_id, guide) = person(world, &world.host, "Begeleider").await;
    let primary = json!({ "copId": cop, "personId": guide_id, "isPrimary": true });
    done(world, host, "facilitationAssign", primary).await;
    done(world, host, "copRecruit", json!({ "id": cop })).await;
    let invited = json!({ "copId": cop, "organisationId": world.partner.id });
    let participation = done(world, host, "participationInvite", invited).await;
    done(world, partner, "participationAccept", json!({ "id": participation })).await;
    done(world, host, "copActivate", json!({ "id": cop })).await;
    let (host_member_id, host_member) = person(world, &world.host, "Collega").await;
    let member = person(world, &world.partner, "Deelnemer").await;
    let colleague = person(world, &world.partner, "Kantoorgenoot").await;
    // Applying is the person's own, and nobody else's.
    let apply = json!({ "copId": cop, "personId": member.0 });
    assert_eq!(refused(world, &colleague.1, "membershipApply", apply.clone()).await, "FORBIDDEN");
    let membership = done(world, &member.1, "membershipApply", apply).await;
    let apply = json!({ "copId": cop, "personId": host_member_id });
    let other = done(world, &host_member, "membershipApply", apply).await;
    // Selecting is the facilitator's, and not a member's.
    for id in [&membership, &other] {
        assert_eq!(refused(world, &host_member, "membershipSelect", json!({ "id": id })).await, "FORBIDDEN");
        done(world, &guide, "membershipSelect", json!({ "id": id })).await;
        done(world, &guide, "membershipActivate", json!({ "id": id })).await;
    }
    Circle { cop, participation, guide, guide_id, host_member, member, membership, colleague }
}

crate::both!(an_address_is_for_colleagues_and_the_facilitator, |world| {
    let circle = circle(&world).await;
    let (host, partner) = (&world.host.token, &world.partner.token);
    let (member, path) = (&circle.member.0, format!("people/{}", circle.member.0));
    let version = get(&world, partner, &path).await.json()["version"].clone();
    let change = json!({ "id": member, "version": version, "email": "d@partner.example" });
    done(&world, partner, "personUpdate", change).await;
    // A coordinator guides the CoP too, and is not told.
    let (coordinator, coordinating) = person(&world, &world.host, "Coördinator").await;
    let assign = json!({ "copId": circle.cop, "personId": coordinator, "role": "COORDINATOR" });
    done(&world, host, "facilitationAssign", assign).await;
    let told = async |token: &str| {
        let answer = get(&world, token, &path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let query = "query($id: ID!) { person(id: $id) { displayName email } }";
        let by_graph = world.gql(Some(token), query, json!({ "id": member })).await.json();
        let email = answer.json()["email"].clone();
        assert_eq!(by_graph["data"]["person"], json!({ "displayName": "Deelnemer", "email": email }));
        email
    };
    let address = json!("d@partner.example");
    for (who, token, email) in [
        ("the facilitator", &circle.guide, &address),
        ("the own organisation", partner, &address),
        ("a colleague", &circle.colleague.1, &address),
        ("the host's own token", host, &Value::Null),
        ("a member of the host", &circle.host_member, &Value::Null),
        ("a coordinator", &coordinating, &Value::Null),
    ] {
        assert_eq!(told(token).await, *email, "{who}");
    }
    // With the facilitation it ends.
    let next = json!({ "copId": circle.cop, "personId": coordinator, "isPrimary": true });
    done(&world, host, "facilitationAssign", next).await;
    assert_eq!(told(&coordinating).await, address);
    assert_eq!(told(&circle.guide).await, Value::Null);
    // And with the part of the person's organisation.
    done(&world, partner, "participationEnd", json!({ "id": circle.participation })).await;
    assert_eq!(told(&coordinating).await, Value::Null);
});

crate::both!(members_see_what_is_for_members, |world| {
    let circle = circle(&world).await;
    let (host, partner) = (&world.host.token, &world.partner.token);
    let input =
        json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Voor ons", "body": "x", "audience": "MEMBERS" });
    let artefact = done(&world, host, "artefactCreate", input).await;
    done(&world, host, "artefactSubmit", json!({ "id": artefact })).await;
    done(&world, &circle.guide, "artefactValidate", json!({ "id": artefact })).await;
    let path = format!("artefacts/{artefact}");
    for (who, token, sees) in [
        ("the host's own token", host, 200),
        ("the facilitator", &circle.guide, 200),
        ("a member of the partner", &circle.member.1, 200),
        ("a colleague who is none", &circle.colleague.1, 404),
        ("the partner's own token, which no person acts by", partner, 404),
        ("an organisation that takes no part", &world.outsider.token, 404),
    ] {
        assert_eq!(status(&world, token, &path).await, sees, "{who}");
    }
    // The roster: names of members are for members.
    let names = async |token: &str| -> Vec<String> {
        let query = "query($id: ID!) { cop(id: $id) { facilitator { displayName } memberships { nodes { person { displayName } } } } }";
        let cop = world.gql(Some(token), query, json!({ "id": circle.cop })).await.json()["data"]["cop"].clone();
        let mut names: Vec<_> = cop["memberships"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["person"]["displayName"].clone())
            .collect();
        names.push(cop["facilitator"]["displayName"].clone());
        names.iter().map(|name| name.as_str().unwrap_or("-").to_owned()).collect()
    };
    assert_eq!(names(&circle.member.1).await, ["Deelnemer", "Collega", "Begeleider"]);
    assert_eq!(names(&circle.colleague.1).await, ["Deelnemer", "-"], "the own organisation's, as its token sees them");
    assert_eq!(names(partner).await, ["Deelnemer", "-"]);

    // Who ends its part takes its people out of the circle, and keeps what is its own.
    let own = json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Van ons", "body": "x" });
    let own = done(&world, &circle.member.1, "artefactCreate", own).await;
    done(&world, partner, "participationEnd", json!({ "id": circle.participation })).await;
    assert_eq!(status(&world, &circle.member.1, &path).await, 404);
    assert_eq!(status(&world, &circle.member.1, &format!("artefacts/{own}")).await, 200);
    assert_eq!(status(&world, &circle.host_member, &path).await, 200, "those who are still in see on");
});

crate::both!(a_draft_is_its_authors_until_it_is_handed_in, |world| {
    let circle = circle(&world).await;
    let input = json!({ "copId": circle.cop, "kind": "LESSON_LEARNED", "title": "Les", "body": "x", "audience": "ORGANISATION" });
    assert_eq!(refused(&world, &circle.colleague.1, "artefactCreate", input.clone()).await, "FORBIDDEN");
    let draft = done(&world, &circle.member.1, "artefactCreate", input).await;
    let path = format!("artefacts/{draft}");
    let seen = async || {
        let mut all = vec![];
        for token in [&circle.member.1, &circle.colleague.1, &world.partner.token, &circle.guide, &circle.host_member] {
            all.push(status(&world, token, &path).await);
        }
        all
    };
    assert_eq!(seen().await, [200, 404, 200, 404, 404], "author, colleague, own organisation, facilitator, member");
    assert_eq!(refused(&world, &circle.colleague.1, "artefactSubmit", json!({ "id": draft })).await, "NOT_FOUND");
    done(&world, &circle.member.1, "artefactSubmit", json!({ "id": draft })).await;
    assert_eq!(seen().await, [200, 200, 200, 200, 404], "handed in: to the facilitator, not to everybody");
    assert_eq!(refused(&world, &circle.member.1, "artefactValidate", json!({ "id": draft })).await, "FORBIDDEN");
    done(&world, &circle.guide, "artefactValidate", json!({ "id": draft })).await;
    assert_eq!(seen().await, [200, 200, 200, 404, 404], "it is the organisation's own again");
    let version = get(&world, &circle.member.1, &path).await.json()["version"].clone();
    let wider = json!({ "id": draft, "version": version, "audience": "MEMBERS" });
    assert_eq!(refused(&world, &circle.colleague.1, "artefactUpdate", wider.clone()).await, "FORBIDDEN");
    done(&world, &circle.member.1, "artefactUpdate", wider).await;
    assert_eq!(seen().await, [200, 200, 200, 200, 200]);
});

crate::both!(a_person_does_what_their_part_allows, |world| {
    let circle = circle(&world).await;
    let plan = json!({ "copId": circle.cop, "kind": "REGULAR", "title": "Bijeenkomst",
        "startsAt": "2026-02-01T13:00:00Z", "endsAt": "2026-02-01T15:00:00Z" });
    assert_eq!(refused(&world, &circle.member.1, "sessionPlan", plan.clone()).await, "FORBIDDEN");
    let session = done(&world, &circle.guide, "sessionPlan", plan).await;
    let owner = get(&world, &world.host.token, &format!("sessions/{session}")).await.json()["ownerId"].clone();
    assert_eq!(owner, json!(world.host.id), "what is planned in a CoP is its host's");
    let charter = json!({ "copId": circle.cop, "why": "Omdat", "goals": ["Een doel"] });
    assert_eq!(refused(&world, &circle.member.1, "charterDraft", charter.clone()).await, "FORBIDDEN");
    done(&world, &circle.guide, "charterDraft", charter).await;
    let version = get(&world, &circle.guide, &format!("cops/{}", circle.cop)).await.json()["version"].clone();
    let settings = json!({ "id": circle.cop, "version": version, "summary": "Nieuw" });
    assert_eq!(refused(&world, &circle.member.1, "copUpdate", settings.clone()).await, "FORBIDDEN");
    assert_eq!(refused(&world, &circle.colleague.1, "copUpdate", settings.clone()).await, "FORBIDDEN");
    done(&world, &circle.guide, "copUpdate", settings).await;
    let appoint = json!({ "copId": circle.cop, "personId": circle.guide_id, "role": "COORDINATOR" });
    assert_eq!(refused(&world, &circle.guide, "facilitationAssign", appoint.clone()).await, "FORBIDDEN");
    done(&world, &world.host.token, "facilitationAssign", appoint).await;
    // What is an organisation's own is its admins', whoever its people are elsewhere.
    let theme = json!({ "title": "Eigen thema" });
    assert_eq!(refused(&world, &circle.guide, "themeCreate", theme.clone()).await, "FORBIDDEN");
    let (admin, token) = person(&world, &world.host, "Beheerder").await;
    assert_eq!(refused(&world, &token, "themeCreate", theme.clone()).await, "FORBIDDEN");
    let version = get(&world, &world.host.token, &format!("people/{admin}")).await.json()["version"].clone();
    let promote = json!({ "id": admin, "version": version, "tenantRole": "ADMIN" });
    done(&world, &world.host.token, "personUpdate", promote).await;
    done(&world, &token, "themeCreate", theme).await;
    // Who guides puts somebody forward; a member does not, and is told so at once.
    let (candidate, _) = person(&world, &world.host, "Kandidaat").await;
    let nominate = json!({ "copId": circle.cop, "personId": candidate });
    let colleague = json!({ "copId": circle.cop, "personId": circle.guide_id });
    assert_eq!(refused(&world, &circle.member.1, "membershipNominate", colleague).await, "FORBIDDEN");
    done(&world, &circle.guide, "membershipNominate", nominate).await;
    // Leaving is the person's own.
    let leave = json!({ "id": circle.membership });
    assert_eq!(refused(&world, &circle.colleague.1, "membershipWithdraw", leave.clone()).await, "FORBIDDEN");
    done(&world, &circle.member.1, "membershipWithdraw", leave).await;
});

crate::both!(a_member_token_is_narrow_short_and_ends_with_what_it_came_from, |world| {
    let (host, code) = (&world.host, |answer: &Answer| answer.json()["errors"][0]["code"].clone());
    let (id, token) = person(&world, host, "Iemand").await;
    let viewer = get(&world, &token, "viewer").await.json();
    assert_eq!((&viewer["kind"], &viewer["personId"]), (&json!("MEMBER"), &json!(id)));
    let shown = world.gql(Some(&token), "{ viewer { person { displayName } } }", json!({})).await.json();
    assert_eq!(shown["data"]["viewer"]["person"]["displayName"], "Iemand");
    let scopes: Vec<_> = viewer["scopes"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert!(scopes.contains(&"cops:read") && !scopes.contains(&"tokens:manage") && !scopes.contains(&"members:act"));
    assert_eq!(status(&world, &token, "tokens").await, 403);
    for (bad, expected) in [
        (json!({ "personId": id, "minutes": 16 }), "OUT_OF_RANGE"),
        (json!({ "personId": id, "scopes": ["tokens:manage"] }), "INVALID_VALUE"),
        (json!({ "personId": "per_01h455vb4pex5vsknk084sn02q" }), "UNKNOWN_REFERENCE"),
    ] {
        let answer = member_token(&world, host, bad.clone()).await;
        assert_eq!(code(&answer), expected, "{bad}: {}", answer.text);
    }
    let others = member_token(&world, &world.partner, json!({ "personId": id })).await;
    assert_eq!(code(&others), "UNKNOWN_REFERENCE", "another organisation's person is not there");
    // A token passes on no more than it holds.
    let issue = json!({ "name": "portal", "scopes": ["cops:read", "people:read", "members:act"] });
    let portal = world.op(Surface::Rest, &meta("tokenIssue"), Some(&host.token), &issue).await.json();
    let portal_token = portal["accessToken"].as_str().unwrap();
    let ask = json!({ "personId": id, "minutes": 5 });
    let through = world.op(Surface::Rest, &meta("memberTokenIssue"), Some(portal_token), &ask).await;
    let through = through.json()["accessToken"].as_str().unwrap().to_owned();
    assert_eq!(status(&world, &through, "cops").await, 200);
    assert_eq!(status(&world, &through, "artefacts").await, 403);
    // It ends with the token that it was exchanged for, and with the person.
    done(&world, &host.token, "tokenRevoke", json!({ "id": portal["id"] })).await;
    assert_eq!(status(&world, &through, "cops").await, 401);
    assert_eq!(status(&world, &token, "cops").await, 200, "the one that came from another token goes on");
    done(&world, &host.token, "personLeave", json!({ "id": id })).await;
    assert_eq!(status(&world, &token, "cops").await, 401);
    let gone = member_token(&world, host, json!({ "personId": id })).await;
    assert_eq!(code(&gone), "NOT_ELIGIBLE");
});

crate::both!(who_guides_does_so_while_their_organisation_is_in, |world| {
    let circle = circle(&world).await;
    let (host, partner) = (&world.host.token, &world.partner.token);
    let (id, token) = person(&world, &world.partner, "Coördinator").await;
    let discoverable = get(&world, partner, &format!("people/{id}")).await.json()["version"].clone();
    let found = json!({ "id": id, "version": discoverable, "discoverable": true });
    done(&world, partner, "personUpdate", found).await;
    let appoint = json!({ "copId": circle.cop, "personId": id, "role": "COORDINATOR" });
    let facilitation = done(&world, host, "facilitationAssign", appoint).await;
    let version = async || get(&world, host, &format!("cops/{}", circle.cop)).await.json()["version"].clone();
    let settings = json!({ "id": circle.cop, "version": version().await, "summary": "Van de coördinator" });
    done(&world, &token, "copUpdate", settings).await;
    // A coordinator names only what they see themselves, whatever the host could name.
    let hidden = done(&world, host, "themeCreate", json!({ "title": "Nog geheim" })).await;
    let names = json!({ "id": circle.cop, "version": version().await, "themeId": hidden });
    assert_eq!(refused(&world, &token, "copUpdate", names.clone()).await, "UNKNOWN_REFERENCE");
    done(&world, &circle.guide, "copUpdate", names).await;
    let mut plan = json!({ "copId": circle.cop, "kind": "REGULAR", "title": "Bijeenkomst", "externalId": "s1",
        "startsAt": "2026-02-01T13:00:00Z", "endsAt": "2026-02-01T15:00:00Z" });
    assert_eq!(refused(&world, &token, "sessionPlan", plan.clone()).await, "INVALID_VALUE");
    done(&world, host, "sessionPlan", plan.clone()).await;
    plan["externalId"] = Value::Null;
    done(&world, &token, "sessionPlan", plan).await;
    let roster = format!("memberships?copId={}", circle.cop);
    let count = async |token: &str| get(&world, token, &roster).await.json()["items"].as_array().unwrap().len();
    assert_eq!(count(&token).await, 2);
    done(&world, partner, "participationEnd", json!({ "id": circle.participation })).await;
    assert_eq!(count(&token).await, 1, "its own organisation's member only");
    let settings = json!({ "id": circle.cop, "version": version().await, "summary": "Nog eens" });
    assert_eq!(refused(&world, &token, "copUpdate", settings).await, "NOT_FOUND");
    let ended = get(&world, host, &format!("facilitations/{facilitation}")).await.json();
    assert!(ended["endDate"].is_string());
});

crate::both!(reviewing_is_a_part_and_not_an_office, |world| {
    let circle = circle(&world).await;
    let input =
        json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Inzicht", "body": "Tekst", "audience": "PARTNERS" });
    let artefact = done(&world, &circle.member.1, "artefactCreate", input).await;
    let plan = json!({ "artefactId": artefact, "place": "Ergens" });
    assert_eq!(refused(&world, &circle.member.1, "anchoringPlan", plan.clone()).await, "INVALID_VALUE");
    done(&world, &circle.member.1, "artefactSubmit", json!({ "id": artefact })).await;
    // A member asks; their organisation's yes shows it to the partners.
    assert_eq!(status(&world, &world.evolva.token, &format!("artefacts/{artefact}")).await, 404);
    let asked = get(&world, &world.partner.token, &format!("publications?artefactId={artefact}")).await.json();
    assert_eq!(asked["items"][0]["state"], "REQUESTED");
    let asked = json!({ "id": asked["items"][0]["id"] });
    assert_eq!(refused(&world, &circle.member.1, "publicationApprove", asked.clone()).await, "FORBIDDEN");
    done(&world, &world.partner.token, "publicationApprove", asked).await;
    let (admin, token) = person(&world, &world.host, "Beheerder").await;
    let version = get(&world, &world.host.token, &format!("people/{admin}")).await.json()["version"].clone();
    let promote = json!({ "id": admin, "version": version, "tenantRole": "ADMIN" });
    done(&world, &world.host.token, "personUpdate", promote).await;
    assert_eq!(status(&world, &token, &format!("artefacts/{artefact}")).await, 200);
    assert_eq!(refused(&world, &token, "artefactValidate", json!({ "id": artefact })).await, "FORBIDDEN");
    // What is sent back is a draft again: the answer shows no more of it than may be read now.
    let meta_back = meta("artefactSendBack");
    let back =
        world.op(Surface::Rest, &meta_back, Some(&circle.guide), &json!({ "id": artefact, "comment": "Korter" })).await;
    assert_eq!((back.status, back.json().get("body")), (200, None), "{}", back.text);
    let asked = get(&world, &circle.member.1, &format!("artefacts/{artefact}")).await.json();
    assert_eq!(asked["reviewComment"], "Korter");
    done(&world, &circle.member.1, "artefactSubmit", json!({ "id": artefact })).await;
    let fine =
        world.op(Surface::Rest, &meta("artefactValidate"), Some(&circle.guide), &json!({ "id": artefact })).await;
    assert_eq!((fine.status, fine.json()["body"].as_str()), (200, Some("Tekst")));
    done(&world, &circle.member.1, "anchoringPlan", plan).await;
});

crate::both!(who_agreed_to_the_charter_is_for_the_two_sides_and_for_members, |world| {
    let circle = circle(&world).await;
    let (host, partner, outsider) = (&world.host.token, &world.partner.token, &world.outsider.token);
    let charter = json!({ "copId": circle.cop, "why": "Omdat", "goals": ["Een"] });
    let charter = done(&world, host, "charterDraft", charter).await;
    done(&world, host, "charterPropose", json!({ "id": charter })).await;
    done(&world, partner, "charterAgree", json!({ "id": charter })).await;
    let version = get(&world, host, &format!("cops/{}", circle.cop)).await.json()["version"].clone();
    let wide = json!({ "id": circle.cop, "version": version, "listingAudience": "NETWORK" });
    done(&world, host, "copUpdate", wide).await;
    // Who asks to take part reads the charter, to decide, and not who is in.
    done(&world, outsider, "participationRequest", json!({ "copId": circle.cop })).await;
    let query = "query($id: ID!) { charter(id: $id) { why agreements(first: 10) { totalCount nodes { organisation { name } } } } }";
    let mut counts = vec![];
    for token in [host, &circle.member.1, &circle.guide, partner, outsider] {
        let answer = world.gql(Some(token), query, json!({ "id": charter })).await.json();
        let shown = &answer["data"]["charter"];
        assert_eq!(shown["why"], "Omdat", "{answer}");
        let nodes = shown["agreements"]["nodes"].as_array().unwrap().len();
        assert_eq!(shown["agreements"]["totalCount"], json!(nodes), "{answer}");
        counts.push(nodes);
    }
    assert_eq!(counts, [2, 2, 2, 1, 0]);
});

crate::both!(who_left_counts_no_more_and_their_seat_is_for_who_waits, |world| {
    let circle = circle(&world).await;
    let (host, partner) = (&world.host.token, &world.partner.token);
    let all = get(&world, host, &format!("memberships?copId={}", circle.cop)).await.json();
    let own = all["items"].as_array().unwrap().iter().find(|one| one["personTenantId"] == json!(world.host.id));
    let own = own.unwrap()["personId"].clone();
    let mut seats = vec![];
    for audience in ["PARTNERS", "NETWORK"] {
        let plan = json!({ "copId": circle.cop, "kind": "NETWORK_MEETING", "title": audience, "capacity": 1,
            "startsAt": "2199-01-01T13:00:00Z", "endsAt": "2199-01-01T16:00:00Z", "audience": audience });
        let session = done(&world, host, "sessionPlan", plan).await;
        done(&world, host, "sessionSchedule", json!({ "id": session })).await;
        let theirs = json!({ "sessionId": session, "personId": circle.member.0 });
        let theirs = done(&world, &circle.member.1, "registrationCreate", theirs).await;
        let waits = json!({ "sessionId": session, "personId": own });
        let waits = done(&world, &circle.host_member, "registrationCreate", waits).await;
        seats.push([theirs, waits]);
    }
    let states = async |seat: &[String; 2]| {
        let mut states = vec![];
        for id in seat {
            states.push(get(&world, host, &format!("registrations/{id}")).await.json()["state"].clone());
        }
        states
    };
    let count = async || get(&world, host, &format!("cops/{}", circle.cop)).await.json()["memberCount"].clone();
    assert_eq!((count().await, states(&seats[0]).await), (json!(2), vec![json!("REGISTERED"), json!("WAITING")]));
    done(&world, partner, "participationEnd", json!({ "id": circle.participation })).await;
    assert_eq!(states(&seats[0]).await, ["CANCELLED", "REGISTERED"]);
    assert_eq!(states(&seats[1]).await, ["REGISTERED", "WAITING"], "to a meeting of the network anybody comes");
    assert_eq!(count().await, 1);
});

crate::both!(candidates_and_what_they_wrote_are_between_the_sides, |world| {
    let circle = circle(&world).await;
    let (candidate, own) = person(&world, &world.host, "Kandidaat").await;
    let apply = json!({ "copId": circle.cop, "personId": candidate, "motivation": "Omdat ik wil" });
    let membership = done(&world, &own, "membershipApply", apply).await;
    let path = format!("people/{candidate}");
    assert_eq!(status(&world, &circle.member.1, &path).await, 404, "not chosen, and not to be found");
    assert_eq!(status(&world, &circle.guide, &path).await, 200);
    done(&world, &circle.guide, "membershipSelect", json!({ "id": membership })).await;
    assert_eq!(status(&world, &circle.member.1, &path).await, 200, "chosen: by name for members");
    let shown =
        async |token: &str| get(&world, token, &format!("memberships/{membership}")).await.json()["motivation"].clone();
    assert_eq!(shown(&circle.member.1).await, Value::Null);
    assert_eq!(shown(&circle.guide).await, "Omdat ik wil");
    assert_eq!(shown(&own).await, "Omdat ik wil");
    // Members see who takes part, and not who was asked.
    let ask = json!({ "copId": circle.cop, "organisationId": world.outsider.id, "message": "Doen jullie mee?" });
    done(&world, &world.host.token, "participationInvite", ask).await;
    let list = format!("participations?copId={}", circle.cop);
    let count = async |token: &str| get(&world, token, &list).await.json()["items"].as_array().unwrap().len();
    assert_eq!((count(&circle.member.1).await, count(&circle.guide).await), (1, 2));
});

crate::both!(goals_of_a_draft_are_reworded_moved_and_taken_out, |world| {
    let circle = circle(&world).await;
    let (host, partner) = (&world.host.token, &world.partner.token);
    let draft = json!({ "copId": circle.cop, "why": "Omdat", "goals": ["Een", "Twee", "Drie"] });
    let charter = done(&world, host, "charterDraft", draft).await;
    let goals = async || {
        let page = get(&world, host, &format!("goals?charterId={charter}")).await.json();
        let mut all: Vec<_> = page["items"].as_array().unwrap().clone();
        all.sort_by_key(|goal| goal["position"].as_i64());
        let places: Vec<_> = all.iter().map(|goal| goal["position"].as_i64().unwrap()).collect();
        assert_eq!(places, (1..=all.len() as i64).collect::<Vec<_>>());
        all.into_iter().map(|goal| (goal["id"].as_str().unwrap().to_owned(), goal["title"].clone())).collect::<Vec<_>>()
    };
    let [one, two, three] = <[_; 3]>::try_from(goals().await).unwrap().map(|(id, _)| id);
    let last = json!({ "id": one, "version": 1, "title": "Eerst", "position": 3 });
    assert_eq!(refused(&world, partner, "goalUpdate", last.clone()).await, "FORBIDDEN");
    assert_eq!(refused(&world, &world.outsider.token, "goalUpdate", last.clone()).await, "NOT_FOUND");
    done(&world, host, "goalUpdate", last.clone()).await;
    assert_eq!(refused(&world, host, "goalUpdate", last).await, "STALE_VERSION");
    assert_eq!(goals().await.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), [&two, &three, &one]);
    let version = get(&world, host, &format!("goals/{three}")).await.json()["version"].clone();
    let beyond = json!({ "id": three, "version": version, "title": " ", "position": 4 });
    let meta = meta("goalUpdate");
    let faults = world.op(Surface::Rest, &meta, Some(host), &beyond).await.json();
    let codes: Vec<_> = faults["errors"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, ["REQUIRED", "OUT_OF_RANGE"], "{faults}");
    done(&world, host, "goalUpdate", json!({ "id": three, "version": version, "position": 1 })).await;
    let version = get(&world, host, &format!("goals/{two}")).await.json()["version"].clone();
    done(&world, &circle.guide, "goalUpdate", json!({ "id": two, "version": version, "title": "Tweede" })).await;
    let titles = goals().await.into_iter().map(|(_, title)| title).collect::<Vec<_>>();
    assert_eq!(titles, ["Drie", "Tweede", "Eerst"]);
    // Where one goes, the others close the gap.
    assert_eq!(refused(&world, partner, "goalRemove", json!({ "id": three })).await, "FORBIDDEN");
    let answer =
        world.op(Surface::Rest, &crate::harness::meta("goalRemove"), Some(host), &json!({ "id": three })).await;
    assert_eq!((answer.status, &answer.json()["id"]), (200, &json!(charter)), "{}", answer.text);
    assert_eq!(refused(&world, host, "goalRemove", json!({ "id": three })).await, "NOT_FOUND");
    done(&world, &circle.guide, "goalRemove", json!({ "id": two })).await;
    assert_eq!(goals().await, [(one.clone(), json!("Eerst"))]);
    // Once it is proposed it stands.
    done(&world, host, "charterPropose", json!({ "id": charter })).await;
    let version = get(&world, host, &format!("goals/{one}")).await.json()["version"].clone();
    let late = json!({ "id": one, "version": version, "title": "Toch anders" });
    assert_eq!(refused(&world, host, "goalUpdate", late).await, "NOT_EDITABLE");
    assert_eq!(refused(&world, host, "goalRemove", json!({ "id": one })).await, "NOT_EDITABLE");
});

crate::both!(an_agreed_charter_makes_way_for_the_next_one, |world| {
    let circle = circle(&world).await;
    let (host, partner) = (&world.host.token, &world.partner.token);
    let mut charters = vec![];
    for (number, goal) in [(1, "Een werkwijze"), (2, "Een betere werkwijze")] {
        let draft = json!({ "copId": circle.cop, "why": "Omdat", "how": "Samen", "goals": [goal] });
        let charter = done(&world, host, "charterDraft", draft.clone()).await;
        // One at a time is written at.
        assert_eq!(refused(&world, host, "charterDraft", draft).await, "ALREADY_EXISTS");
        done(&world, host, "charterPropose", json!({ "id": charter })).await;
        assert_eq!(refused(&world, &world.outsider.token, "charterAgree", json!({ "id": charter })).await, "NOT_FOUND");
        done(&world, partner, "charterAgree", json!({ "id": charter })).await;
        charters.push(charter);
        let query = "query($id: ID!) { cop(id: $id) { charter { number state goals { nodes { title } } } } }";
        let seen = world.gql(Some(partner), query, json!({ "id": circle.cop })).await.json();
        let expected = json!({ "number": number, "state": "AGREED", "goals": { "nodes": [{ "title": goal }] } });
        assert_eq!(seen["data"]["cop"]["charter"], expected, "{seen}");
    }
    let first = get(&world, partner, &format!("charters/{}", charters[0])).await.json();
    assert_eq!((&first["state"], &first["allowedTransitions"]), (&json!("SUPERSEDED"), &json!([])));
    assert_eq!(refused(&world, host, "charterWithdraw", json!({ "id": charters[0] })).await, "TRANSITION_NOT_ALLOWED");
    let goals = get(&world, host, &format!("cops/{}/dashboard", circle.cop)).await.json();
    assert_eq!(goals["goals"]["totalCount"], 1, "of the charter that is agreed: {goals}");
    // The next one starts from that, as far as nothing else is said.
    for (draft, how, goals) in [
        (json!({ "how": "Anders" }), "Anders", &["Een betere werkwijze"][..]),
        (json!({ "goals": ["Iets nieuws", "En nog iets"] }), "Anders", &["Iets nieuws", "En nog iets"]),
        (json!({}), "Anders", &["Iets nieuws", "En nog iets"]),
        (json!({ "goals": [] }), "Anders", &[]),
    ] {
        let mut draft = draft;
        draft["copId"] = json!(circle.cop);
        let charter = done(&world, host, "charterDraft", draft).await;
        let query = "query($id: ID!) { charter(id: $id) { why how goals { nodes { title } } } }";
        let seen = world.gql(Some(host), query, json!({ "id": charter })).await.json()["data"]["charter"].clone();
        assert_eq!((&seen["why"], &seen["how"]), (&json!("Omdat"), &json!(how)), "{seen}");
        let titles: Vec<_> = seen["goals"]["nodes"].as_array().unwrap().iter().map(|goal| &goal["title"]).collect();
        assert_eq!(titles, goals);
        if goals.is_empty() {
            assert_eq!(refused(&world, host, "charterPropose", json!({ "id": charter })).await, "GOALS_MISSING");
            continue;
        }
        done(&world, host, "charterPropose", json!({ "id": charter })).await;
        done(&world, partner, "charterAgree", json!({ "id": charter })).await;
    }
});
