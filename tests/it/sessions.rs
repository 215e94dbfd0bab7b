//! Sessions: who raises what, who comes and waits, who brings whom along, and who knows of it.

use crate::{
    harness::{Surface, World, meta},
    members::{Circle, circle, done, get, person, refused, status},
};
use serde_json::{Value, json};

async fn scheduled(world: &World, circle: &Circle, kind: &str, more: Value) -> String {
    let mut plan = json!({ "copId": circle.cop, "kind": kind, "title": kind, "startsAt": "2199-01-01T13:00:00Z",
        "endsAt": "2199-01-01T16:00:00Z" });
    plan.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let session = done(world, &circle.guide, "sessionPlan", plan).await;
    done(world, &circle.guide, "sessionSchedule", json!({ "id": session })).await;
    session
}

async fn read(world: &World, token: &str, path: &str) -> Value {
    let answer = get(world, token, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.json()
}

crate::both!(an_open_space_is_filled_by_those_who_are_there, |world| {
    let circle = circle(&world).await;
    let (member_id, member) = (circle.member.0.as_str(), circle.member.1.as_str());
    let space = scheduled(&world, &circle, "OPEN_SPACE", json!({})).await;
    let regular = scheduled(&world, &circle, "REGULAR", json!({})).await;
    let raise = |session: &str| json!({ "sessionId": session, "title": "Mijn vraag", "minutes": 30 });
    // On the day it is on the agenda at once; for another session it is proposed.
    let raised = done(&world, member, "agendaItemRaise", raise(&space)).await;
    let proposed = done(&world, member, "agendaItemRaise", raise(&regular)).await;
    for (item, state) in [(&raised, "PLANNED"), (&proposed, "PROPOSED")] {
        let row = read(&world, &circle.host_member, &format!("agenda-items/{item}")).await;
        assert_eq!((&row["state"], &row["convenorId"]), (&json!(state), &json!(member_id)));
    }
    // For somebody else, only who plans the session.
    let mut for_other = raise(&space);
    for_other["convenorId"] = json!(circle.guide_id);
    assert_eq!(refused(&world, member, "agendaItemRaise", for_other.clone()).await, "NOT_YOURS");
    for_other["convenorId"] = json!(member_id);
    done(&world, &circle.guide, "agendaItemRaise", for_other).await;
    // A colleague is in no CoP; the outsider sees no session.
    assert_eq!(refused(&world, &circle.colleague.1, "agendaItemRaise", raise(&space)).await, "FORBIDDEN");
    assert_eq!(refused(&world, &world.outsider.token, "agendaItemRaise", raise(&space)).await, "UNKNOWN_REFERENCE");
    // Notes are the convenor's and the planner's, and of nobody else.
    let notes = json!({ "id": raised, "version": 1, "notes": "Wat we **leerden**" });
    assert_eq!(refused(&world, &circle.host_member, "agendaItemUpdate", notes.clone()).await, "FORBIDDEN");
    done(&world, member, "agendaItemUpdate", notes).await;
    let row = read(&world, &circle.guide, &format!("agenda-items/{raised}")).await;
    assert_eq!(row["notesHtml"], "<p>Wat we <strong>leerden</strong></p>\n");
    assert_eq!(refused(&world, member, "agendaItemAccept", json!({ "id": proposed })).await, "FORBIDDEN");
    done(&world, &circle.guide, "agendaItemAccept", json!({ "id": proposed })).await;
    done(&world, member, "agendaItemDrop", json!({ "id": raised })).await;
    // The partner's own token reads the session with its agenda, and of the convenor no more than of anybody.
    let query =
        "query($id: ID!) { session(id: $id) { agendaItems { nodes { title state convenor { displayName } } } } }";
    let seen = world.gql(Some(&circle.host_member), query, json!({ "id": space })).await.json();
    let items = seen["data"]["session"]["agendaItems"]["nodes"].as_array().unwrap().clone();
    let states: Vec<_> = items.iter().map(|item| item["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["DROPPED", "PLANNED"]);
    assert_eq!(items[0]["convenor"]["displayName"], "Deelnemer");
    assert_eq!(status(&world, &world.outsider.token, &format!("agenda-items/{proposed}")).await, 404);
});

crate::both!(who_waits_gets_the_seat_that_is_given_back, |world| {
    let circle = circle(&world).await;
    let (member_id, member) = (circle.member.0.as_str(), circle.member.1.as_str());
    let session = scheduled(&world, &circle, "REGULAR", json!({ "capacity": 1, "guestsAllowed": true })).await;
    let comes = |person: &str| json!({ "sessionId": session, "personId": person });
    let counts = async || {
        let row = read(&world, &world.partner.token, &format!("sessions/{session}")).await;
        (row["registeredCount"].as_i64().unwrap(), row["waitingCount"].as_i64().unwrap())
    };
    let state = async |id: &str| read(&world, &circle.guide, &format!("registrations/{id}")).await["state"].clone();
    // One registers oneself; for another, only their organisation and who plans the session.
    assert_eq!(refused(&world, &circle.host_member, "registrationCreate", comes(member_id)).await, "FORBIDDEN");
    let first = done(&world, member, "registrationCreate", comes(member_id)).await;
    let second = done(&world, &circle.guide, "registrationCreate", comes(&circle.guide_id)).await;
    assert_eq!((state(&first).await, state(&second).await), (json!("REGISTERED"), json!("WAITING")));
    assert_eq!(counts().await, (1, 1));
    // A colleague who is no member is brought along, or does not come.
    let colleague = circle.colleague.0.as_str();
    assert_eq!(refused(&world, &world.partner.token, "registrationCreate", comes(colleague)).await, "NOT_ELIGIBLE");
    let mut brought = comes(colleague);
    brought["broughtById"] = json!(member_id);
    // No outsider, and not to be found: that this becomes known is for the organisation's admin.
    assert_eq!(refused(&world, member, "registrationCreate", brought.clone()).await, "NOT_YOURS");
    // Nobody brings guests in the name of somebody of another organisation, nor learns by it who takes part.
    let mut forged = brought.clone();
    forged["broughtById"] = json!(circle.guide_id);
    let seen = json!({ "id": circle.guide_id, "version": 1, "discoverable": true });
    done(&world, &world.host.token, "personUpdate", seen).await;
    assert_eq!(refused(&world, &world.partner.token, "registrationCreate", forged).await, "FORBIDDEN");
    let third = done(&world, &world.partner.token, "registrationCreate", brought.clone()).await;
    assert_eq!(counts().await, (1, 2));
    // Members know who comes, a guest by name.
    let path = format!("registrations/{third}");
    let seen = read(&world, &circle.host_member, &path).await;
    assert_eq!((&seen["personId"], &seen["broughtById"]), (&json!(colleague), &json!(member_id)));
    assert_eq!(status(&world, &circle.host_member, &format!("people/{colleague}")).await, 200);
    assert_eq!(status(&world, &world.outsider.token, &path).await, 404);
    assert_eq!(refused(&world, &circle.host_member, "registrationCancel", json!({ "id": first })).await, "FORBIDDEN");
    done(&world, member, "registrationCancel", json!({ "id": first })).await;
    // Guests do not come without who brings them.
    assert_eq!((state(&second).await, state(&third).await), (json!("REGISTERED"), json!("CANCELLED")));
    assert_eq!(counts().await, (1, 0));
    // Whoever cancelled comes again, behind those who have a seat.
    let again = done(&world, member, "registrationCreate", comes(member_id)).await;
    let third = done(&world, &world.partner.token, "registrationCreate", brought.clone()).await;
    assert_eq!(counts().await, (1, 2));
    let version = read(&world, &circle.guide, &format!("sessions/{session}")).await["version"].clone();
    let more = json!({ "id": session, "version": version, "capacity": null });
    done(&world, &circle.guide, "sessionUpdate", more).await;
    assert_eq!((state(&third).await, state(&again).await), (json!("REGISTERED"), json!("REGISTERED")));
    assert_eq!(counts().await, (3, 0));
    // What was called off stays between the sides and who guides.
    let path = format!("registrations/{second}");
    assert_eq!(status(&world, member, &path).await, 200);
    done(&world, &circle.guide, "registrationCancel", json!({ "id": second })).await;
    assert_eq!((status(&world, member, &path).await, status(&world, &circle.guide, &path).await), (404, 200));
    // Guests go with the session's consent.
    let closed = scheduled(&world, &circle, "REGULAR", json!({})).await;
    brought["sessionId"] = json!(closed);
    assert_eq!(refused(&world, &world.partner.token, "registrationCreate", brought).await, "NOT_ELIGIBLE");
    // Nobody comes to what is called off.
    done(&world, &circle.guide, "sessionCancel", json!({ "id": session, "reason": "Storm" })).await;
    assert_eq!((state(&third).await, counts().await), (json!("CANCELLED"), (0, 0)));
});

crate::both!(the_last_seat_is_given_once, |world| {
    let circle = circle(&world).await;
    let session = scheduled(&world, &circle, "REGULAR", json!({ "capacity": 3, "guestsAllowed": true })).await;
    let mut guests = vec![];
    for number in 0..8 {
        guests.push(person(&world, &world.partner, &format!("Gast {number}")).await.0);
    }
    let register = meta("registrationCreate");
    let at_once = guests.iter().map(|guest| {
        let input = json!({ "sessionId": session, "personId": guest, "broughtById": circle.member.0 });
        let (world, register) = (&world, &register);
        async move { world.op(Surface::Rest, register, Some(&world.partner.token), &input).await }
    });
    let answers = futures_util::future::join_all(at_once).await;
    let mut made = 0;
    for answer in answers {
        assert!([201, 409, 412].contains(&answer.status), "{}", answer.text);
        made += usize::from(answer.status == 201);
    }
    let rows = read(&world, &circle.guide, &format!("registrations?sessionId={session}&first=100")).await;
    let states: Vec<_> = rows["items"].as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap()).collect();
    let seats = states.iter().filter(|state| **state == "REGISTERED").count();
    assert!(made >= 4, "{made} of 8 came through");
    assert_eq!((states.len(), seats), (made, 3), "{states:?}");
    let row = read(&world, &circle.guide, &format!("sessions/{session}")).await;
    assert_eq!((row["registeredCount"].as_i64(), row["waitingCount"].as_i64()), (Some(3), Some(made as i64 - 3)));
});

crate::both!(attendance_is_recorded_as_a_whole_or_not_at_all, |world| {
    let circle = circle(&world).await;
    let plan = json!({ "copId": circle.cop, "kind": "REGULAR", "title": "Nu", "startsAt": "2026-02-01T13:00:00Z",
        "endsAt": "2026-02-01T16:00:00Z" });
    let session = done(&world, &circle.guide, "sessionPlan", plan).await;
    done(&world, &circle.guide, "sessionSchedule", json!({ "id": session })).await;
    let comes = |person: &str| json!({ "sessionId": session, "personId": person });
    let one = done(&world, &circle.member.1, "registrationCreate", comes(&circle.member.0)).await;
    let other = done(&world, &circle.guide, "registrationCreate", comes(&circle.guide_id)).await;
    let nowhere = "reg_01h455vb4pex5vsknk084sn02q";
    let wrong = json!({ "id": session, "attended": [one, nowhere], "absent": [one, other] });
    let answer = world.op(Surface::Rest, &meta("sessionRecordAttendance"), Some(&circle.guide), &wrong).await.json();
    let faults: Vec<_> = answer["errors"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(faults, ["UNKNOWN_REFERENCE", "INVALID_VALUE"], "{answer}");
    let seen = async |id: &str| read(&world, &circle.guide, &format!("registrations/{id}")).await["attendance"].clone();
    assert_eq!((seen(&one).await, seen(&other).await), (Value::Null, Value::Null), "nothing half-done");
    let right = json!({ "id": session, "attended": [one], "absent": [other] });
    assert_eq!(refused(&world, &circle.member.1, "sessionRecordAttendance", right.clone()).await, "FORBIDDEN");
    done(&world, &circle.guide, "sessionRecordAttendance", right).await;
    assert_eq!((seen(&one).await, seen(&other).await), (json!("ATTENDED"), json!("ABSENT")));
});

crate::both!(an_expert_is_told_of_and_told_no_more, |world| {
    let circle = circle(&world).await;
    let outsider = &world.outsider.token;
    let expert = json!({ "displayName": "Expert", "external": true, "discoverable": true });
    let expert = done(&world, outsider, "personCreate", expert).await;
    let plan = json!({ "copId": circle.cop, "kind": "HACKATHON", "title": "Hack", "startsAt": "2026-02-01T13:00:00Z",
        "endsAt": "2026-02-01T16:00:00Z" });
    let session = done(&world, &circle.guide, "sessionPlan", plan.clone()).await;
    let invite =
        |session: &str, person: &str| json!({ "sessionId": session, "personId": person, "perspective": "DIDACTIC" });
    let colleague = circle.colleague.0.as_str();
    assert_eq!(
        refused(&world, &circle.member.1, "expertContributionInvite", invite(&session, &expert)).await,
        "FORBIDDEN"
    );
    let hidden = refused(&world, &circle.guide, "expertContributionInvite", invite(&session, colleague)).await;
    assert_eq!(hidden, "UNKNOWN_REFERENCE", "a colleague at another organisation, who may not be found");
    let made = done(&world, &circle.guide, "expertContributionInvite", invite(&session, &expert)).await;
    let path = format!("expert-contributions/{made}");
    // The expert's organisation knows what its expert does, and not of which session or CoP.
    let seen = read(&world, outsider, &path).await;
    assert_eq!((&seen["personId"], &seen["perspective"]), (&json!(expert), &json!("DIDACTIC")));
    assert_eq!((&seen["sessionId"], &seen["copId"]), (&Value::Null, &Value::Null));
    let asked = read(&world, outsider, &format!("expert-contributions?sessionId={session}")).await;
    assert_eq!(asked["items"], json!([]));
    let seen = read(&world, &circle.host_member, &path).await;
    assert_eq!((&seen["sessionId"], &seen["personId"]), (&json!(session), &json!(expert)));
    // An expert is no member of the CoP, whichever comes first.
    let nominate = json!({ "copId": circle.cop, "personId": circle.member.0 });
    assert_eq!(refused(&world, &world.host.token, "membershipNominate", nominate).await, "ALREADY_EXISTS");
    let own = json!({ "displayName": "Eigen expert" });
    let own = done(&world, &world.host.token, "personCreate", own).await;
    done(&world, &world.host.token, "expertContributionInvite", invite(&session, &own)).await;
    let nominate = json!({ "copId": circle.cop, "personId": own });
    assert_eq!(refused(&world, &world.host.token, "membershipNominate", nominate).await, "NOT_ELIGIBLE");
    // What was held is history; what is called off asks nobody any more.
    done(&world, &circle.guide, "sessionSchedule", json!({ "id": session })).await;
    done(&world, &circle.guide, "sessionHold", json!({ "id": session, "reason": "Twee waren ziek" })).await;
    assert_eq!(read(&world, outsider, &path).await["state"], "CONTRIBUTED");
    let withdraw = json!({ "id": made });
    assert_eq!(
        refused(&world, outsider, "expertContributionWithdraw", withdraw.clone()).await,
        "TRANSITION_NOT_ALLOWED"
    );
    assert_eq!(refused(&world, &circle.guide, "expertContributionWithdraw", withdraw).await, "TRANSITION_NOT_ALLOWED");
    let other = done(&world, &circle.guide, "sessionPlan", plan).await;
    let made = done(&world, &circle.guide, "expertContributionInvite", invite(&other, &expert)).await;
    done(&world, &circle.guide, "sessionCancel", json!({ "id": other })).await;
    assert_eq!(read(&world, outsider, &format!("expert-contributions/{made}")).await["state"], "WITHDRAWN");
});

crate::both!(who_has_left_learns_nothing_of_what_comes_later_to_a_session_that_they_keep, |world| {
    let circle = circle(&world).await;
    let session = scheduled(&world, &circle, "HACKATHON", json!({})).await;
    let expert = json!({ "displayName": "Expert", "external": true });
    let expert = done(&world, &world.host.token, "personCreate", expert).await;
    let invite = |side: &str| json!({ "sessionId": session, "personId": expert, "perspective": side });
    let before = done(&world, &world.host.token, "expertContributionInvite", invite("DIDACTIC")).await;
    done(&world, &world.partner.token, "participationEnd", json!({ "id": circle.participation })).await;
    let later = done(&world, &world.host.token, "expertContributionInvite", invite("ORGANISATIONAL")).await;
    let item = json!({ "sessionId": session, "title": "Later" });
    let item = done(&world, &world.host.token, "agendaItemRaise", item).await;
    let partner = &world.partner.token;
    let kept = read(&world, partner, &format!("sessions/{session}")).await;
    assert_eq!(kept["missingPerspectives"], json!(["CHANGE_MANAGEMENT", "ORGANISATIONAL"]));
    for (path, sees) in [
        (format!("expert-contributions/{before}"), 200),
        (format!("expert-contributions/{later}"), 404),
        (format!("agenda-items/{item}"), 404),
    ] {
        assert_eq!((status(&world, partner, &path).await, status(&world, &world.host.token, &path).await), (sees, 200));
    }
});

crate::both!(sessions_are_found_by_their_time_and_end_with_their_cop, |world| {
    let circle = circle(&world).await;
    let host = &world.host.token;
    let mut ids = vec![];
    for day in ["2199-01-01", "2199-02-01", "2199-03-01"] {
        let plan = json!({ "copId": circle.cop, "kind": "REGULAR", "title": day, "startsAt": format!("{day}T13:00:00Z"),
            "endsAt": format!("{day}T16:00:00Z") });
        ids.push(done(&world, host, "sessionPlan", plan).await);
    }
    let at = |day: &str| format!("{day}T13:00:00Z");
    for (query, filter, found) in [
        (format!("startsFrom={}", at("2199-02-01")), format!("startsFrom: {:?}", at("2199-02-01")), &ids[1..]),
        (format!("startsUntil={}", at("2199-02-01")), format!("startsUntil: {:?}", at("2199-02-01")), &ids[..2]),
        (
            "startsFrom=2199-01-15T00:00:00%2B01:00&startsUntil=2199-02-15T00:00:00Z".to_owned(),
            "startsFrom: \"2199-01-15T00:00:00+01:00\", startsUntil: \"2199-02-15T00:00:00Z\"".to_owned(),
            &ids[1..2],
        ),
    ] {
        let rest = read(&world, host, &format!("sessions?{query}")).await;
        let rest: Vec<_> = rest["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(rest, found, "{query}");
        let graph = format!("{{ sessions(filter: {{ {filter} }}) {{ nodes {{ id }} }} }}");
        let graph = world.gql(Some(host), &graph, json!({})).await.json();
        let graph = graph["data"]["sessions"]["nodes"].as_array().unwrap_or_else(|| panic!("{graph}"));
        assert_eq!(graph.iter().map(|one| one["id"].as_str().unwrap()).collect::<Vec<_>>(), found, "{filter}");
    }
    // One that has begun, one that another CoP joins, one that somebody comes to, and one that is a draft.
    let plan = json!({ "copId": circle.cop, "kind": "REGULAR", "title": "Begonnen", "startsAt": "2026-01-01T13:00:00Z",
        "endsAt": "2026-01-01T16:00:00Z" });
    let begun = done(&world, host, "sessionPlan", plan).await;
    for id in [&begun, &ids[0], &ids[1]] {
        done(&world, host, "sessionSchedule", json!({ "id": id })).await;
    }
    let other = done(&world, host, "copCreate", json!({ "title": "Andere kring" })).await;
    done(&world, host, "sessionCopAdd", json!({ "sessionId": ids[1], "copId": other })).await;
    let comes = |id: &str, person: &str| json!({ "sessionId": id, "personId": person });
    let registered = done(&world, &circle.member.1, "registrationCreate", comes(&ids[0], &circle.member.0)).await;
    done(&world, host, "copHarvest", json!({ "id": circle.cop })).await;
    // What is still planned when the CoP is over is called off, and nobody registers for what is left.
    done(&world, host, "copClose", json!({ "id": circle.cop })).await;
    for (id, state) in [(&begun, "SCHEDULED"), (&ids[0], "CANCELLED"), (&ids[1], "SCHEDULED"), (&ids[2], "CANCELLED")] {
        assert_eq!(read(&world, host, &format!("sessions/{id}")).await["state"], state, "{id}");
    }
    assert_eq!(read(&world, host, &format!("registrations/{registered}")).await["state"], "CANCELLED");
    // What had begun by then is still said to be held, and nothing that begins later.
    let id = world.literal(&circle.cop);
    let [early, now] = ["2020-01-01T00:00:00.000Z", "2026-06-01T00:00:00.000Z"];
    for (ended, blocked) in [(early, true), (now, false)] {
        assert_eq!(world.sql(&format!("UPDATE cop SET ended_at = '{ended}' WHERE id = {id}")).await, 1);
        let steps = read(&world, host, &format!("sessions/{begun}")).await["allowedTransitions"].clone();
        let held = steps.as_array().unwrap().iter().find(|step| step["to"] == "HELD").unwrap();
        assert_eq!(held["blockedBy"].as_array().unwrap().is_empty(), !blocked, "{steps}");
        if blocked {
            assert_eq!(refused(&world, host, "sessionHold", json!({ "id": begun })).await, "COP_NOT_OPEN");
        }
    }
    let late = comes(&begun, &circle.guide_id);
    assert_eq!(refused(&world, &circle.guide, "registrationCreate", late).await, "COP_NOT_OPEN");
    done(&world, host, "sessionHold", json!({ "id": begun })).await;
    // A meeting of no CoP is its organisation's, whatever CoPs join it.
    let open = json!({ "kind": "NETWORK_MEETING", "title": "Netwerkdag", "startsAt": "2199-05-01T13:00:00Z",
        "endsAt": "2199-05-01T16:00:00Z" });
    let open = done(&world, host, "sessionPlan", open).await;
    done(&world, host, "sessionSchedule", json!({ "id": open })).await;
    done(&world, host, "sessionCopAdd", json!({ "sessionId": open, "copId": other })).await;
    // By the other CoP one may still come, until that is over, too.
    let id = world.literal(&ids[1]);
    done(&world, host, "registrationCreate", comes(&ids[1], &circle.guide_id)).await;
    done(&world, host, "copCancel", json!({ "id": other, "reason": "Geen tijd" })).await;
    assert_eq!(read(&world, host, &format!("sessions/{}", ids[1])).await["state"], "CANCELLED");
    assert_eq!(read(&world, host, &format!("sessions/{open}")).await["state"], "SCHEDULED");
    assert_eq!(world.sql(&format!("UPDATE session SET title = title WHERE id = {id} AND reason IS NULL")).await, 1);
});

crate::both!(a_showing_says_which_version_was_shown, |world| {
    let circle = circle(&world).await;
    let (host, partner) = (&world.host.token, &world.partner.token);
    let plan = json!({ "copId": circle.cop, "kind": "CLINIC", "title": "Clinic", "startsAt": "2026-01-01T13:00:00Z",
        "endsAt": "2026-01-01T16:00:00Z" });
    let mut clinics = vec![];
    for _ in 0..3 {
        let clinic = done(&world, host, "sessionPlan", plan.clone()).await;
        done(&world, host, "sessionSchedule", json!({ "id": clinic })).await;
        done(&world, host, "sessionHold", json!({ "id": clinic })).await;
        clinics.push(clinic);
    }
    let artefact =
        json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Eerst", "body": "x", "audience": "PARTNERS" });
    let artefact = done(&world, partner, "artefactCreate", artefact).await;
    done(&world, partner, "artefactSubmit", json!({ "id": artefact })).await;
    let show = |clinic: &str, number: Option<i64>| {
        let mut input = json!({ "sessionId": clinic, "artefactId": artefact });
        if let Some(number) = number {
            input["number"] = json!(number);
        }
        input
    };
    let mut showings = vec![done(&world, host, "sessionShowArtefact", show(&clinics[0], None)).await];
    let version = read(&world, partner, &format!("artefacts/{artefact}")).await["version"].clone();
    let change = json!({ "id": artefact, "version": version, "title": "Later" });
    done(&world, partner, "artefactUpdate", change).await;
    assert_eq!(read(&world, host, &format!("artefacts/{artefact}")).await["number"], 2);
    for number in [0, 3] {
        let wrong = show(&clinics[1], Some(number));
        assert_eq!(refused(&world, host, "sessionShowArtefact", wrong).await, "OUT_OF_RANGE");
    }
    showings.push(done(&world, host, "sessionShowArtefact", show(&clinics[1], None)).await);
    showings.push(done(&world, host, "sessionShowArtefact", show(&clinics[2], Some(1))).await);
    let query = "query($id: ID!) { showing(id: $id) { number artefact { title } shownVersion { title } } }";
    // Each was published to the CoP's partners in its time.
    for token in [host, partner] {
        for (place, (number, title)) in [(1, "Eerst"), (2, "Later"), (1, "Eerst")].into_iter().enumerate() {
            let seen = world.gql(Some(token), query, json!({ "id": showings[place] })).await.json();
            let version = json!({ "title": title });
            let expected = json!({ "number": number, "artefact": { "title": "Later" }, "shownVersion": version });
            assert_eq!(seen["data"]["showing"], expected, "{place}: {seen}");
            let rest = read(&world, token, &format!("showings/{}", showings[place])).await;
            assert_eq!(rest["number"], number, "{rest}");
        }
    }
});
