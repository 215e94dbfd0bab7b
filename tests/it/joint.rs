//! Sessions of several CoPs and of the network, and what somebody from outside sees of a session.

use crate::{
    access,
    harness::{Surface, World, meta},
    members::{circle, done, get, person, refused, status},
};
use evolva_domain::{Id, organisation::Organisation};
use serde_json::{Value, json};

const STARTS: &str = "2199-01-01T13:00:00Z";

fn plan(kind: &str, more: Value) -> Value {
    let mut plan = json!({ "kind": kind, "title": kind, "startsAt": STARTS, "endsAt": "2199-01-01T16:00:00Z" });
    plan.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    plan
}

async fn read(world: &World, token: &str, path: &str) -> Value {
    let answer = get(world, token, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.json()
}

/// One more CoP of the host, in which the outsider's organisation takes part.
async fn second(world: &World, title: &str) -> String {
    let host = &world.host.token;
    let concept = done(world, host, "conceptCreate", json!({ "name": title, "profile": "OPEN" })).await;
    let theme = done(world, host, "themeCreate", json!({ "title": title, "conceptId": concept })).await;
    let cop = json!({ "title": title, "conceptId": concept, "themeId": theme, "startDate": "2026-01-01" });
    let cop = done(world, host, "copCreate", cop).await;
    let (guide, _) = person(world, &world.host, "Begeleider").await;
    let primary = json!({ "copId": cop, "personId": guide, "isPrimary": true });
    done(world, host, "facilitationAssign", primary).await;
    done(world, host, "copRecruit", json!({ "id": cop })).await;
    let invited = json!({ "copId": cop, "organisationId": world.outsider.id });
    let participation = done(world, host, "participationInvite", invited).await;
    done(world, &world.outsider.token, "participationAccept", json!({ "id": participation })).await;
    cop
}

crate::both!(a_cop_that_joins_a_session_shows_it_to_its_people, |world| {
    let circle = circle(&world).await;
    let (host, outsider) = (&world.host.token, &world.outsider.token);
    let other = second(&world, "De andere kring").await;
    let session = done(&world, host, "sessionPlan", plan("REGULAR", json!({ "copId": circle.cop }))).await;
    let item = done(&world, host, "agendaItemRaise", json!({ "sessionId": session, "title": "Kennismaken" })).await;
    done(&world, host, "sessionSchedule", json!({ "id": session })).await;
    let path = format!("sessions/{session}");
    assert_eq!(status(&world, outsider, &path).await, 404);
    let (visitor, visiting) = person(&world, &world.outsider, "Bezoeker").await;
    let apply = done(&world, &visiting, "membershipApply", json!({ "copId": other, "personId": visitor })).await;
    done(&world, host, "membershipSelect", json!({ "id": apply })).await;
    done(&world, host, "copActivate", json!({ "id": other })).await;
    done(&world, host, "membershipActivate", json!({ "id": apply })).await;
    let comes = json!({ "sessionId": session, "personId": visitor });
    assert_eq!(refused(&world, &visiting, "registrationCreate", comes.clone()).await, "UNKNOWN_REFERENCE");

    let add = |cop: &str| json!({ "sessionId": session, "copId": cop });
    // Who decides on one of the two does not decide on both.
    assert_eq!(refused(&world, &circle.guide, "sessionCopAdd", add(&other)).await, "NOT_YOURS");
    assert_eq!(refused(&world, &circle.host_member, "sessionCopAdd", add(&circle.cop)).await, "FORBIDDEN");
    assert_eq!(refused(&world, host, "sessionCopAdd", add(&circle.cop)).await, "ALREADY_EXISTS");
    let joined = done(&world, host, "sessionCopAdd", add(&other)).await;
    assert_eq!(refused(&world, host, "sessionCopAdd", add(&other)).await, "ALREADY_EXISTS");

    // The other CoP's people see the session and its agenda, and of the CoP that leads it nothing.
    let seen = read(&world, outsider, &path).await;
    assert_eq!((&seen["copId"], &seen["title"]), (&Value::Null, &json!("REGULAR")));
    assert_eq!(read(&world, host, &path).await["copId"], json!(circle.cop), "the host sees which CoP leads it");
    assert_eq!(status(&world, outsider, &format!("cops/{}", circle.cop)).await, 404);
    assert_eq!(read(&world, outsider, &format!("agenda-items/{item}")).await["copId"], Value::Null);
    let of_other = read(&world, outsider, &format!("sessions?copId={other}")).await;
    assert_eq!(of_other["items"][0]["id"], json!(session));
    let query =
        "query($id: ID!) { cop(id: $id) { sessions { nodes { id sessionCops { nodes { copId cop { title } } } } } } }";
    let by_graph = world.gql(Some(outsider), query, json!({ "id": other })).await.json();
    let node = &by_graph["data"]["cop"]["sessions"]["nodes"][0];
    assert_eq!(node["id"], json!(session));
    assert_eq!(node["sessionCops"]["nodes"], json!([{ "copId": other, "cop": { "title": "De andere kring" } }]));
    // And they may come, and put something forward.
    done(&world, &visiting, "registrationCreate", comes).await;
    let raises = json!({ "sessionId": session, "title": "Van de andere kring" });
    let (colleague, raise) = (person(&world, &world.outsider, "Collega").await.1, meta("agendaItemRaise"));
    let answer = access::checked(&world, Surface::Rest, &raise, &colleague, &raises).await;
    assert_eq!(world.outcome(Surface::Rest, &raise, &answer).unwrap_err(), ["FORBIDDEN"], "no member of the CoP");
    let answer = access::checked(&world, Surface::Graphql, &raise, &visiting, &raises).await;
    let raised = world.outcome(Surface::Graphql, &raise, &answer).unwrap().0;
    let seen = read(&world, host, &format!("agenda-items/{raised}")).await;
    assert_eq!(
        (&seen["state"], &seen["convenorId"], &seen["copId"]),
        (&json!("PROPOSED"), &json!(visitor), &json!(circle.cop))
    );
    assert_eq!(read(&world, &visiting, &format!("agenda-items/{raised}")).await["copId"], Value::Null);
    let better = json!({ "id": raised, "version": seen["version"], "title": "Van beide kringen" });
    done(&world, &visiting, "agendaItemUpdate", better).await;
    assert_eq!(refused(&world, &visiting, "agendaItemAccept", json!({ "id": raised })).await, "FORBIDDEN");
    done(&world, host, "agendaItemAccept", json!({ "id": raised })).await;
    let explained = read(&world, host, &format!("visibility/{session}")).await;
    let seers: Vec<_> =
        explained["seers"].as_array().unwrap().iter().map(|one| one["organisationId"].clone()).collect();
    assert!(seers.contains(&json!(world.outsider.id)) && seers.contains(&json!(world.partner.id)), "{explained}");

    // Who is expert at it is no member of a CoP that joins it, nor the other way round.
    let invite = json!({ "sessionId": session, "personId": visitor, "perspective": "DIDACTIC" });
    let version = read(&world, &visiting, &format!("people/{visitor}")).await["version"].clone();
    let found = json!({ "id": visitor, "version": version, "discoverable": true });
    done(&world, outsider, "personUpdate", found).await;
    assert_eq!(refused(&world, host, "expertContributionInvite", invite.clone()).await, "NOT_ELIGIBLE");
    // Who plans the session and may not read who is in the CoP that joins it is not told so by trying.
    let (guide_id, guide) = person(&world, &world.evolva, "Begeleider van Evolva").await;
    let version = read(&world, &world.evolva.token, &format!("people/{guide_id}")).await["version"].clone();
    let found = json!({ "id": guide_id, "version": version, "discoverable": true });
    done(&world, &world.evolva.token, "personUpdate", found).await;
    let guides = json!({ "copId": circle.cop, "personId": guide_id });
    done(&world, host, "facilitationAssign", guides).await;
    let invited = done(&world, &guide, "expertContributionInvite", invite).await;
    done(&world, &guide, "expertContributionWithdraw", json!({ "id": invited })).await;
    let (second, seconds) = person(&world, &world.outsider, "Tweede bezoeker").await;
    let (nobody, _) = person(&world, &world.outsider, "In geen kring").await;
    for one in [&second, &nobody] {
        let version = read(&world, outsider, &format!("people/{one}")).await["version"].clone();
        let found = json!({ "id": one, "version": version, "discoverable": true });
        done(&world, outsider, "personUpdate", found).await;
    }
    let apply = done(&world, &seconds, "membershipApply", json!({ "copId": other, "personId": second })).await;
    done(&world, host, "membershipSelect", json!({ "id": apply })).await;
    for one in [&second, &nobody] {
        let comes = json!({ "sessionId": session, "personId": one });
        assert_eq!(refused(&world, &guide, "registrationCreate", comes).await, "NOT_ELIGIBLE");
    }
    done(&world, &seconds, "registrationCreate", json!({ "sessionId": session, "personId": second })).await;

    // It ends for both sides by either.
    assert_eq!(refused(&world, outsider, "sessionCopRemove", json!({ "id": joined })).await, "FORBIDDEN");
    done(&world, host, "sessionCopRemove", json!({ "id": joined })).await;
    assert_eq!(refused(&world, host, "sessionCopRemove", json!({ "id": joined })).await, "NOT_EDITABLE");
    assert_eq!(status(&world, outsider, &path).await, 404);
    assert_eq!(status(&world, host, &path).await, 200);
    assert_eq!(refused(&world, &visiting, "agendaItemRaise", raises).await, "UNKNOWN_REFERENCE");
    done(&world, host, "sessionCopAdd", add(&other)).await;
    assert_eq!(status(&world, outsider, &path).await, 200);
});

crate::both!(whose_the_session_is_does_not_learn_by_view_as_who_is_in_another_hosts_cop, |world| {
    let circle = circle(&world).await;
    let (host, outsider, evolva) = (&world.host.token, &world.outsider.token, &world.evolva.token);
    // A CoP of another host, with an organisation in it that has nothing to do with the one that leads the session.
    let concept = done(&world, outsider, "conceptCreate", json!({ "name": "Elders", "profile": "OPEN" })).await;
    let theme = done(&world, outsider, "themeCreate", json!({ "title": "Elders", "conceptId": concept })).await;
    let other = json!({ "title": "Elders", "conceptId": concept, "themeId": theme, "startDate": "2026-01-01" });
    let other = done(&world, outsider, "copCreate", other).await;
    let (own_guide, _) = person(&world, &world.outsider, "Begeleider elders").await;
    let primary = json!({ "copId": other, "personId": own_guide, "isPrimary": true });
    done(&world, outsider, "facilitationAssign", primary).await;
    done(&world, outsider, "copRecruit", json!({ "id": other })).await;
    let invited = json!({ "copId": other, "organisationId": world.evolva.id });
    let participation = done(&world, outsider, "participationInvite", invited).await;
    done(&world, evolva, "participationAccept", json!({ "id": participation })).await;
    let (guide_id, guide) = person(&world, &world.evolva, "Begeleider van beide").await;
    let version = read(&world, evolva, &format!("people/{guide_id}")).await["version"].clone();
    let found = json!({ "id": guide_id, "version": version, "discoverable": true });
    done(&world, evolva, "personUpdate", found).await;
    for (token, cop) in [(host, &circle.cop), (outsider, &other)] {
        done(&world, token, "facilitationAssign", json!({ "copId": cop, "personId": guide_id })).await;
    }
    let session = done(&world, host, "sessionPlan", plan("REGULAR", json!({ "copId": circle.cop }))).await;
    done(&world, host, "sessionSchedule", json!({ "id": session })).await;
    let view_as = async |whom: &str| {
        let answer = get(&world, host, &format!("view-as/{session}?{whom}")).await;
        match answer.status {
            200 => answer.json()["sees"].clone(),
            _ => answer.json()["errors"][0]["code"].clone(),
        }
    };
    let of = |organisation: &Id<Organisation>| format!("organisationId={organisation}");
    assert_eq!(view_as(&of(&world.evolva.id)).await, json!(false));
    assert_eq!(view_as(&of(&world.outsider.id)).await, json!(false));
    done(&world, &guide, "sessionCopAdd", json!({ "sessionId": session, "copId": other })).await;
    assert_eq!(status(&world, evolva, &format!("sessions/{session}")).await, 200);
    for organisation in [&world.evolva.id, &world.outsider.id] {
        assert_eq!(view_as(&of(organisation)).await, json!("INVALID_VALUE"));
    }
    let (seen, _) = person(&world, &world.evolva, "Vindbaar").await;
    let version = read(&world, evolva, &format!("people/{seen}")).await["version"].clone();
    let found = json!({ "id": seen, "version": version, "discoverable": true });
    done(&world, evolva, "personUpdate", found).await;
    assert_eq!(view_as(&format!("personId={seen}")).await, json!("INVALID_VALUE"));
    // Of the own CoP it is shown as before.
    assert_eq!(view_as(&of(&world.partner.id)).await, json!(true));
    assert_eq!(view_as(&format!("personId={}", circle.member.0)).await, json!(true));
    assert_eq!(view_as(&format!("personId={guide_id}")).await, json!(true), "who guides it");
    let told = read(&world, host, &format!("visibility/{session}")).await.to_string();
    assert!(told.contains(&world.partner.id.to_string()) && !told.contains(&world.outsider.id.to_string()), "{told}");
});

crate::both!(what_a_cop_keeps_among_its_members_is_joined_by_nobody, |world| {
    let circle = circle(&world).await;
    let host = &world.host.token;
    let other = second(&world, "De andere kring").await;
    let session = done(&world, host, "sessionPlan", plan("REGULAR", json!({ "copId": circle.cop }))).await;
    let add = json!({ "sessionId": session, "copId": other });
    let ceiling = async |to: &str| {
        let version = read(&world, host, &format!("cops/{}", circle.cop)).await["version"].clone();
        let change = json!({ "id": circle.cop, "version": version, "contentCeiling": to });
        done(&world, host, "copUpdate", change).await;
    };
    ceiling("MEMBERS").await;
    assert_eq!(refused(&world, host, "sessionCopAdd", add.clone()).await, "CEILING_TOO_NARROW");
    ceiling("PARTNERS").await;
    let listing = async |to: &str| {
        let version = read(&world, host, &format!("cops/{}", circle.cop)).await["version"].clone();
        let change = json!({ "id": circle.cop, "version": version, "listingAudience": to });
        done(&world, host, "copUpdate", change).await;
    };
    listing("MEMBERS").await;
    assert_eq!(refused(&world, host, "sessionCopAdd", add.clone()).await, "CEILING_TOO_NARROW");
    listing("PARTNERS").await;
    done(&world, host, "sessionCopAdd", add).await;
    done(&world, host, "sessionCancel", json!({ "id": session })).await;
    let third = second(&world, "De derde kring").await;
    let add = json!({ "sessionId": session, "copId": third });
    assert_eq!(refused(&world, host, "sessionCopAdd", add).await, "NOT_EDITABLE");
});

crate::both!(who_left_a_cop_that_joins_is_shown_nothing_that_came_later, |world| {
    let circle = circle(&world).await;
    let (host, outsider) = (&world.host.token, &world.outsider.token);
    let other = second(&world, "De andere kring").await;
    let session = done(&world, host, "sessionPlan", plan("REGULAR", json!({ "copId": circle.cop }))).await;
    done(&world, host, "sessionSchedule", json!({ "id": session })).await;
    done(&world, host, "sessionCopAdd", json!({ "sessionId": session, "copId": other })).await;
    let raise = async |title: &str| {
        done(&world, host, "agendaItemRaise", json!({ "sessionId": session, "title": title })).await;
    };
    let agenda = async |token: &str| {
        let all = read(&world, token, &format!("agenda-items?sessionId={session}")).await;
        let titles = all["items"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned());
        titles.collect::<Vec<_>>()
    };
    raise("Eerst").await;
    assert_eq!(agenda(outsider).await, ["Eerst"]);
    let participations = read(&world, outsider, &format!("participations?copId={other}")).await;
    done(&world, outsider, "participationEnd", json!({ "id": participations["items"][0]["id"] })).await;
    raise("Later").await;
    let outside = json!({ "displayName": "Expert", "external": true });
    let expert = done(&world, host, "personCreate", outside).await;
    let invite = json!({ "sessionId": session, "personId": expert, "perspective": "DIDACTIC" });
    done(&world, host, "expertContributionInvite", invite).await;
    assert_eq!(status(&world, outsider, &format!("sessions/{session}")).await, 200, "it is as it was when they left");
    assert_eq!(agenda(outsider).await, ["Eerst"]);
    assert_eq!(agenda(host).await, ["Eerst", "Later"]);
    let path = format!("expert-contributions?sessionId={session}");
    assert_eq!(read(&world, outsider, &path).await["items"], json!([]));
    assert_eq!(read(&world, host, &path).await["items"].as_array().unwrap().len(), 1);
});

crate::both!(nobody_finds_out_who_comes_by_bringing_them, |world| {
    circle(&world).await;
    let (host, partner) = (&world.host.token, &world.partner.token);
    let open = json!({ "audience": "NETWORK", "guestsAllowed": true });
    let meeting = done(&world, host, "sessionPlan", plan("NETWORK_MEETING", open)).await;
    done(&world, host, "sessionSchedule", json!({ "id": meeting })).await;
    let mut found = vec![];
    for name in ["Komt", "Komt niet"] {
        let one = json!({ "displayName": name, "discoverable": true });
        found.push(done(&world, partner, "personCreate", one).await);
    }
    done(&world, partner, "registrationCreate", json!({ "sessionId": meeting, "personId": found[0] })).await;
    let (visitor, visiting) = person(&world, &world.outsider, "Bezoeker").await;
    let brings = |person: &str, by: &str| json!({ "sessionId": meeting, "personId": person, "broughtById": by });
    for one in &found {
        assert_eq!(refused(&world, &visiting, "registrationCreate", brings(one, &visitor)).await, "NOT_YOURS");
    }
    let own = json!({ "displayName": "Introducé", "external": true });
    let own = done(&world, &world.outsider.token, "personCreate", own).await;
    done(&world, &visiting, "registrationCreate", brings(&own, &visitor)).await;
    // Whose session it is sees who comes, and is told so.
    let (colleague, _) = person(&world, &world.host, "Gastvrouw").await;
    assert_eq!(refused(&world, host, "registrationCreate", brings(&found[0], &colleague)).await, "ALREADY_EXISTS");
    done(&world, host, "registrationCreate", brings(&found[1], &colleague)).await;
});

crate::both!(the_answer_to_a_change_shows_no_more_than_a_read, |world| {
    circle(&world).await;
    let (host, partner) = (&world.host.token, &world.partner.token);
    let open = json!({ "audience": "NETWORK" });
    let meeting = done(&world, host, "sessionPlan", plan("NETWORK_MEETING", open)).await;
    done(&world, host, "sessionSchedule", json!({ "id": meeting })).await;
    let hidden = done(&world, partner, "personCreate", json!({ "displayName": "Niet te vinden" })).await;
    let comes = json!({ "sessionId": meeting, "personId": hidden });
    let comes = done(&world, partner, "registrationCreate", comes).await;
    let read = read(&world, host, &format!("registrations/{comes}")).await;
    assert_eq!(read["personId"], Value::Null, "whose the session is knows that somebody comes");
    let cancel = "mutation($id: ID!) { registrationCancel(input: { id: $id }) { registration { state personId } \
                  userErrors { code } } }";
    let answer = world.gql(Some(host), cancel, json!({ "id": comes })).await.json();
    let shown = &answer["data"]["registrationCancel"]["registration"];
    assert_eq!((&shown["state"], &shown["personId"]), (&json!("CANCELLED"), &Value::Null), "{answer}");
    // Their own organisation is answered with them.
    let again = json!({ "sessionId": meeting, "personId": hidden });
    let create = "mutation($input: RegistrationCreateInput!) { registrationCreate(input: $input) { \
                  registration { personId } userErrors { code } } }";
    let answer = world.gql(Some(partner), create, json!({ "input": again })).await.json();
    assert_eq!(answer["data"]["registrationCreate"]["registration"]["personId"], json!(hidden), "{answer}");
});

crate::both!(a_network_meeting_is_for_the_whole_network, |world| {
    let circle = circle(&world).await;
    let (host, outsider) = (&world.host.token, &world.outsider.token);
    let wide = |more: Value| {
        let mut plan = plan("NETWORK_MEETING", json!({ "audience": "NETWORK" }));
        plan.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        plan
    };
    let regular = plan("REGULAR", json!({ "copId": circle.cop, "audience": "NETWORK" }));
    assert_eq!(refused(&world, host, "sessionPlan", regular).await, "INVALID_VALUE");
    assert_eq!(refused(&world, host, "sessionPlan", wide(json!({ "audience": "MEMBERS" }))).await, "INVALID_VALUE");
    assert_eq!(
        refused(&world, &circle.member.1, "sessionPlan", wide(json!({ "copId": circle.cop }))).await,
        "FORBIDDEN"
    );

    // Of no CoP: for everybody, once it is no draft.
    let meeting = done(&world, host, "sessionPlan", wide(json!({}))).await;
    let path = format!("sessions/{meeting}");
    assert_eq!((status(&world, outsider, &path).await, status(&world, host, &path).await), (404, 200));
    done(&world, host, "agendaItemRaise", json!({ "sessionId": meeting, "title": "Welkom" })).await;
    done(&world, host, "sessionSchedule", json!({ "id": meeting })).await;
    assert_eq!(read(&world, outsider, &path).await["audience"], "NETWORK");
    let agenda = read(&world, outsider, &format!("agenda-items?sessionId={meeting}")).await;
    assert_eq!(agenda["items"][0]["title"], "Welkom");
    let found = read(&world, outsider, "sessions?audience=NETWORK").await;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let (visitor, visiting) = person(&world, &world.outsider, "Bezoeker").await;
    done(&world, &visiting, "registrationCreate", json!({ "sessionId": meeting, "personId": visitor })).await;
    let explained = read(&world, host, &format!("visibility/{meeting}")).await;
    assert_eq!((&explained["network"], &explained["audience"]), (&json!(true), &json!("NETWORK")));

    // Of a CoP: as far as that one goes.
    let clinic = wide(json!({ "copId": circle.cop, "kind": "CLINIC" }));
    let clinic = done(&world, &circle.guide, "sessionPlan", clinic).await;
    done(&world, host, "sessionSchedule", json!({ "id": clinic })).await;
    let path = format!("sessions/{clinic}");
    assert_eq!(status(&world, outsider, &path).await, 404);
    let version = read(&world, host, &format!("cops/{}", circle.cop)).await["version"].clone();
    let open =
        json!({ "id": circle.cop, "version": version, "listingAudience": "NETWORK", "contentCeiling": "NETWORK" });
    done(&world, host, "copUpdate", open).await;
    assert_eq!(read(&world, outsider, &path).await["copId"], json!(circle.cop));
    // What would be, if it were for partners only.
    let narrow = read(&world, host, &format!("visibility/{clinic}?audience=PARTNERS")).await;
    assert_eq!(narrow["network"], json!(false));
    let version = read(&world, host, &path).await["version"].clone();
    let narrow = json!({ "id": clinic, "version": version, "audience": "PARTNERS" });
    done(&world, host, "sessionUpdate", narrow).await;
    assert_eq!(status(&world, outsider, &path).await, 404);
});

crate::both!(somebody_from_outside_sees_the_sessions_they_are_invited_to, |world| {
    let circle = circle(&world).await;
    let host = &world.host.token;
    let expert = json!({ "displayName": "Deskundige", "external": true, "affiliation": "Hogeschool" });
    let expert = done(&world, host, "personCreate", expert).await;
    let guest = json!({ "displayName": "Introducé", "external": true });
    let guest = done(&world, host, "personCreate", guest).await;
    let token = async |input: Value| {
        let answer = world.op(Surface::Rest, &meta("memberTokenIssue"), Some(host), &input).await;
        assert!(answer.status < 300, "{}", answer.text);
        answer.json()
    };
    let wider = json!({ "personId": expert, "scopes": ["cops:read"] });
    assert_eq!(refused(&world, host, "memberTokenIssue", wider).await, "INVALID_VALUE");
    let issued = token(json!({ "personId": expert })).await;
    let scopes = json!(["organisations:read", "people:read", "sessions:read", "sessions:write"]);
    assert_eq!(issued["scopes"], scopes);
    let from_outside = issued["accessToken"].as_str().unwrap().to_owned();
    let brought = token(json!({ "personId": guest })).await["accessToken"].as_str().unwrap().to_owned();

    let space = plan("OPEN_SPACE", json!({ "copId": circle.cop, "guestsAllowed": true }));
    let space = done(&world, host, "sessionPlan", space).await;
    done(&world, host, "sessionSchedule", json!({ "id": space })).await;
    let closed = done(&world, host, "sessionPlan", plan("REGULAR", json!({ "copId": circle.cop }))).await;
    done(&world, host, "agendaItemRaise", json!({ "sessionId": closed, "title": "Intern" })).await;
    let agenda = done(&world, host, "agendaItemRaise", json!({ "sessionId": space, "title": "Opening" })).await;
    let path = format!("sessions/{space}");
    for token in [&from_outside, &brought] {
        assert_eq!(status(&world, token, &path).await, 404, "nobody has invited them yet");
    }
    let invite = json!({ "sessionId": space, "personId": expert, "perspective": "DIDACTIC" });
    let contribution = done(&world, host, "expertContributionInvite", invite).await;
    let (member_id, member) = (circle.member.0.as_str(), circle.member.1.as_str());
    done(&world, member, "registrationCreate", json!({ "sessionId": space, "personId": member_id })).await;
    let bring = json!({ "sessionId": space, "personId": guest, "broughtById": circle.guide_id });
    let registration = done(&world, &circle.guide, "registrationCreate", bring).await;

    // That session, what is on its agenda, and their own rows; of the CoP and its other sessions nothing.
    for token in [&from_outside, &brought] {
        assert_eq!(read(&world, token, &path).await["copId"], Value::Null);
        let items = async |path: &str| read(&world, token, path).await["items"].as_array().unwrap().len();
        assert_eq!(items("sessions").await, 1);
        assert_eq!(items("agenda-items").await, 1);
        assert_eq!(items("people").await, 1, "themselves");
        assert_eq!(items("registrations").await + items("expert-contributions").await, 1);
        assert_eq!(status(&world, token, &format!("sessions/{closed}")).await, 404);
        assert_eq!(get(&world, token, "cops").await.status, 403);
        assert_eq!(get(&world, token, "search?query=opening").await.status, 403);
        let query = "query($id: ID!) { session(id: $id) { title copId agendaItems { nodes { title } } } }";
        let seen = world.gql(Some(token), query, json!({ "id": space })).await.json();
        let expected =
            json!({ "title": "OPEN_SPACE", "copId": null, "agendaItems": { "nodes": [{ "title": "Opening" }] } });
        assert_eq!(seen["data"]["session"], expected, "{seen}");
    }
    assert_eq!(read(&world, host, "sessions").await["items"].as_array().unwrap().len(), 2);

    // Whose session it is can see that they see it, and what.
    let told = read(&world, host, &format!("visibility/{space}")).await;
    let from_outside_see = told["seers"].as_array().unwrap().iter().find(|one| one["reason"] == "INVITED").unwrap();
    assert_eq!(from_outside_see["organisationId"], json!(world.host.id));
    assert_eq!((&from_outside_see["peopleCount"], &from_outside_see["wholeOrganisation"]), (&json!(2), &json!(false)));
    let nobody = read(&world, host, &format!("visibility/{closed}")).await;
    assert!(nobody["seers"].as_array().unwrap().iter().all(|one| one["reason"] != "INVITED"), "{nobody}");
    for (id, sees) in [(&space, true), (&closed, false)] {
        let seen = read(&world, host, &format!("view-as/{id}?personId={expert}")).await;
        assert_eq!(seen["sees"], sees, "{seen}");
        assert!(seen["object"]["copId"].is_null(), "{seen}");
    }
    assert_eq!(read(&world, host, &format!("view-as/{}?personId={expert}", circle.cop)).await["sees"], false);

    // They raise what they convene, and say what they contribute; what is others' they leave alone.
    let raised = json!({ "sessionId": space, "title": "Wat ik zie" });
    let raised = done(&world, &from_outside, "agendaItemRaise", raised).await;
    assert_eq!(read(&world, host, &format!("agenda-items/{raised}")).await["convenorId"], json!(expert));
    let change = |item: &str| json!({ "id": item, "version": 1, "title": "Anders" });
    assert_eq!(refused(&world, &from_outside, "agendaItemUpdate", change(&agenda)).await, "FORBIDDEN");
    done(&world, &from_outside, "agendaItemUpdate", change(&raised)).await;
    let subject = json!({ "id": contribution, "version": 1, "subject": "Leren zichtbaar maken" });
    assert_eq!(refused(&world, &brought, "expertContributionUpdate", subject.clone()).await, "NOT_FOUND");
    done(&world, &from_outside, "expertContributionUpdate", subject).await;
    let rename = json!({ "id": space, "version": read(&world, host, &path).await["version"], "title": "Mijn" });
    assert_eq!(refused(&world, &from_outside, "sessionUpdate", rename).await, "FORBIDDEN");
    let waits = json!({ "id": registration });
    done(&world, &brought, "registrationCancel", waits).await;
    let counted = read(&world, host, &path).await;
    assert_eq!(counted["registeredCount"], 1, "who else comes is still counted");

    // With the invitation it ends.
    assert_eq!(status(&world, &brought, &path).await, 404);
    assert_eq!(status(&world, &from_outside, &path).await, 200);
    done(&world, &from_outside, "expertContributionWithdraw", json!({ "id": contribution })).await;
    assert_eq!(status(&world, &from_outside, &path).await, 404);
    assert_eq!(status(&world, host, &path).await, 200);
});

crate::both!(whose_organisation_has_no_part_in_the_cop_sees_the_session_all_the_same, |world| {
    let circle = circle(&world).await;
    let (host, evolva) = (&world.host.token, &world.evolva.token);
    let outside = json!({ "displayName": "Deskundige", "external": true, "discoverable": true });
    let expert = done(&world, evolva, "personCreate", outside).await;
    let issue = json!({ "personId": expert });
    let token = world.op(Surface::Rest, &meta("memberTokenIssue"), Some(evolva), &issue).await.json();
    let token = token["accessToken"].as_str().unwrap();
    let session = done(&world, host, "sessionPlan", plan("HACKATHON", json!({ "copId": circle.cop }))).await;
    let other = done(&world, host, "sessionPlan", plan("REGULAR", json!({ "copId": circle.cop }))).await;
    done(&world, host, "agendaItemRaise", json!({ "sessionId": session, "title": "Opening" })).await;
    let path = format!("sessions/{session}");
    assert_eq!((status(&world, token, &path).await, status(&world, evolva, &path).await), (404, 404));
    let invite = json!({ "sessionId": session, "personId": expert, "perspective": "DIDACTIC" });
    let invited = done(&world, &circle.guide, "expertContributionInvite", invite).await;
    assert_eq!((status(&world, token, &path).await, status(&world, evolva, &path).await), (200, 404));
    assert_eq!(status(&world, token, &format!("sessions/{other}")).await, 404);
    assert_eq!(read(&world, token, "agenda-items").await["items"][0]["title"], "Opening");
    done(&world, token, "agendaItemRaise", json!({ "sessionId": session, "title": "Wat ik zie" })).await;
    let invited_from = async || {
        let told = read(&world, host, &format!("visibility/{session}")).await;
        let seers = told["seers"].as_array().unwrap().clone();
        seers
            .into_iter()
            .filter(|one| one["reason"] == "INVITED")
            .map(|one| one["organisationId"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(invited_from().await, [json!(world.evolva.id)]);
    done(&world, evolva, "expertContributionWithdraw", json!({ "id": invited })).await;
    assert_eq!(status(&world, token, &path).await, 404);
    assert_eq!(invited_from().await, Vec::<Value>::new());
});
