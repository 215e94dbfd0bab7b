//! Personal data goes when its time is over: of people from outside by itself, of who has left when an admin says so.

use crate::{
    harness::World,
    members::{circle, done, get, person, refused},
};
use chrono::{Duration, Utc};
use serde_json::{Value, json};

crate::both!(who_is_from_outside_is_kept_until_a_day_and_erased_after_it, |world| {
    let circle = circle(&world).await;
    let (host, partner) = (&world.host.token, &world.partner.token);
    let day = |days: i64| (Utc::now().date_naive() + Duration::days(days)).to_string();
    let outside = |name: &str| {
        json!({ "displayName": name, "external": true, "email": "jansen@example.org", "affiliation": "Bureau Jansen",
            "jobTitle": "Adviseur", "expertise": ["feedback"], "language": "nl", "discoverable": true })
    };
    let read = async |token: &str, id: &str| get(&world, token, &format!("people/{id}")).await.json();
    let expert = done(&world, host, "personCreate", outside("Jansen")).await;
    assert_eq!(read(host, &expert).await["retainUntil"], day(365));
    let seen = read(partner, &expert).await;
    assert_eq!((&seen["displayName"], &seen["retainUntil"]), (&json!("Jansen"), &Value::Null));
    for (until, code) in [(day(-1), "OUT_OF_RANGE"), (day(5 * 366), "OUT_OF_RANGE")] {
        let mut wrong = outside("Jansen");
        wrong["retainUntil"] = json!(until);
        assert_eq!(refused(&world, host, "personCreate", wrong).await, code, "{until}");
        let wrong = json!({ "id": expert, "version": read(host, &expert).await["version"], "retainUntil": until });
        assert_eq!(refused(&world, host, "personUpdate", wrong).await, code, "{until}");
    }
    let own = json!({ "displayName": "Eigen", "retainUntil": day(30) });
    assert_eq!(refused(&world, host, "personCreate", own).await, "INVALID_VALUE");
    let until = json!({ "id": expert, "version": read(host, &expert).await["version"], "retainUntil": day(30) });
    done(&world, host, "personUpdate", until).await;
    let other = json!({ "id": expert, "version": read(host, &expert).await["version"], "jobTitle": "Docent" });
    done(&world, host, "personUpdate", other).await;
    assert_eq!(read(host, &expert).await["retainUntil"], day(30), "what is not said stays");

    // Whom a session to come expects is not erased, by nobody.
    let session = json!({ "copId": circle.cop, "kind": "HACKATHON", "title": "Hackathon", "startsAt": "2199-01-01T13:00:00Z",
        "endsAt": "2199-01-01T16:00:00Z" });
    let session = done(&world, host, "sessionPlan", session).await;
    let invite = |person: &str| json!({ "sessionId": session, "personId": person, "perspective": "DIDACTIC" });
    let contribution = done(&world, host, "expertContributionInvite", invite(&expert)).await;
    assert_eq!(refused(&world, host, "personErase", json!({ "id": expert })).await, "IN_USE");
    let awaited = done(&world, host, "personCreate", outside("De Vries")).await;
    done(&world, host, "expertContributionInvite", invite(&awaited)).await;
    done(&world, host, "expertContributionWithdraw", json!({ "id": contribution })).await;
    let later = done(&world, host, "personCreate", outside("Bakker")).await;
    let long_ago = if world.database_url.starts_with("sqlite") { "'2020-01-01'" } else { "DATE '2020-01-01'" };
    for id in [&expert, &awaited] {
        let id = world.literal(id);
        assert_eq!(world.sql(&format!("UPDATE person SET retain_until = {long_ago} WHERE id = {id}")).await, 1);
    }
    let operator = world.running.db.operator().await.unwrap();
    let ctx = evolva_server::ctx(&world.running.db);
    assert_eq!(evolva_domain::person::sweep(&ctx, operator).await.unwrap(), 1);
    assert_eq!(evolva_domain::person::sweep(&ctx, operator).await.unwrap(), 0);
    let gone = read(host, &expert).await;
    let nothing = json!({ "displayName": "—", "email": null, "affiliation": null, "jobTitle": null, "expertise": [],
        "language": null, "portraitUrl": null, "discoverable": false, "external": true, "state": "ERASED" });
    for (field, value) in nothing.as_object().unwrap() {
        assert_eq!(&gone[field], value, "{field} of {gone}");
    }
    for id in [&awaited, &later] {
        assert_eq!(read(host, id).await["state"], "ACTIVE", "one is awaited, of the other the time is not over");
    }
    // Whom another organisation expects is kept as well, also by one that sees nothing of that.
    let outsider = &world.outsider.token;
    let theirs = done(&world, outsider, "personCreate", outside("Smit")).await;
    let quiet = json!({ "title": "Besloten", "conceptId": read_cop(&world, host, &circle.cop).await["conceptId"] });
    let quiet = done(&world, host, "copCreate", quiet).await;
    let session = json!({ "copId": quiet, "kind": "HACKATHON", "title": "Dicht", "startsAt": "2199-01-01T13:00:00Z",
        "endsAt": "2199-01-01T16:00:00Z" });
    let session = done(&world, host, "sessionPlan", session).await;
    let invite = json!({ "sessionId": session, "personId": theirs, "perspective": "DIDACTIC" });
    let invited = done(&world, host, "expertContributionInvite", invite).await;
    assert_eq!(get(&world, outsider, &format!("sessions/{session}")).await.status, 404);
    assert_eq!(refused(&world, outsider, "personErase", json!({ "id": theirs })).await, "IN_USE");
    done(&world, host, "expertContributionWithdraw", json!({ "id": invited })).await;
    done(&world, outsider, "personErase", json!({ "id": theirs })).await;
    // What they took part in stays, and nobody is made of them again.
    let kept = get(&world, host, &format!("expert-contributions/{contribution}")).await.json();
    assert_eq!((&kept["personId"], &kept["state"]), (&json!(expert), &json!("WITHDRAWN")));
    assert_eq!(refused(&world, host, "personErase", json!({ "id": expert })).await, "TRANSITION_NOT_ALLOWED");
    let again = json!({ "id": expert, "version": gone["version"], "displayName": "Jansen" });
    assert_eq!(refused(&world, host, "personUpdate", again).await, "NOT_EDITABLE");
});

async fn read_cop(world: &World, token: &str, id: &str) -> Value {
    get(world, token, &format!("cops/{id}")).await.json()
}

crate::both!(who_has_left_is_erased_when_an_admin_says_so, |world| {
    let circle = circle(&world).await;
    let (host, partner) = (&world.host.token, &world.partner.token);
    let (member, token) = &circle.member;
    let artefact =
        json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Inzicht", "body": "x", "audience": "PARTNERS" });
    let artefact = done(&world, token, "artefactCreate", artefact).await;
    done(&world, token, "artefactSubmit", json!({ "id": artefact })).await;
    // Who wrote it is told to those who see them.
    let authors =
        async |token: &str| get(&world, token, &format!("artefacts/{artefact}")).await.json()["authorIds"].clone();
    assert_eq!((authors(&circle.guide).await, authors(partner).await), (json!([member]), json!([member])));
    let key = json!({ "externalId": "sap-1", "displayName": "Met sleutel" });
    let key = done(&world, partner, "personCreate", key).await;
    let nominate = json!({ "copId": circle.cop, "personId": key });
    let nominated = done(&world, partner, "membershipNominate", nominate).await;
    let session = json!({ "copId": circle.cop, "kind": "REGULAR", "title": "Later", "startsAt": "2199-01-01T13:00:00Z",
        "endsAt": "2199-01-01T16:00:00Z" });
    let session = done(&world, host, "sessionPlan", session).await;
    done(&world, host, "sessionSchedule", json!({ "id": session })).await;
    let comes = json!({ "sessionId": session, "personId": circle.guide_id });
    let registered = done(&world, &circle.guide, "registrationCreate", comes).await;
    let erase = |id: &str| json!({ "id": id });
    assert_eq!(refused(&world, host, "personErase", erase(member)).await, "FORBIDDEN", "another organisation's");
    for id in [member, &key] {
        assert_eq!(
            refused(&world, partner, "personErase", erase(id)).await,
            "TRANSITION_NOT_ALLOWED",
            "they work here"
        );
        done(&world, partner, "personLeave", json!({ "id": id })).await;
    }
    assert_eq!(refused(&world, host, "personErase", erase(member)).await, "NOT_FOUND", "in none of its CoPs any more");
    assert_eq!(refused(&world, &circle.colleague.1, "personErase", erase(member)).await, "FORBIDDEN", "no admin");
    assert_eq!(refused(&world, &world.outsider.token, "personErase", erase(member)).await, "NOT_FOUND");
    for id in [member, &key] {
        done(&world, partner, "personErase", erase(id)).await;
    }
    let shown = (authors(&circle.guide).await, authors(partner).await);
    assert_eq!(shown, (json!([]), json!([member])), "to who guides them no more, they are nobody");
    assert_eq!(get(&world, partner, &format!("memberships/{nominated}")).await.json()["state"], "WITHDRAWN");
    // Whom a session still expects is not erased, of one's own people neither.
    let other =
        json!({ "copId": circle.cop, "personId": person(&world, &world.host, "Opvolger").await.0, "isPrimary": true });
    done(&world, host, "facilitationAssign", other).await;
    done(&world, host, "personLeave", json!({ "id": circle.guide_id })).await;
    assert_eq!(refused(&world, host, "personErase", erase(&circle.guide_id)).await, "IN_USE");
    done(&world, host, "registrationCancel", json!({ "id": registered })).await;
    done(&world, host, "personErase", erase(&circle.guide_id)).await;
    let gone = get(&world, partner, &format!("people/{key}")).await.json();
    assert_eq!(
        (&gone["displayName"], &gone["externalId"], &gone["state"]),
        (&json!("—"), &Value::Null, &json!("ERASED"))
    );
    assert_eq!(get(&world, partner, "people/by-external-id/sap-1").await.status, 404);
    // What they wrote stays, nameless.
    let query = "query($id: ID!) { artefact(id: $id) { title authors { nodes { displayName state } } } }";
    let seen = world.gql(Some(partner), query, json!({ "id": artefact })).await.json();
    let authors = json!({ "nodes": [{ "displayName": "—", "state": "ERASED" }] });
    assert_eq!(seen["data"]["artefact"], json!({ "title": "Inzicht", "authors": authors }), "{seen}");
    assert_eq!(world.sql("UPDATE audit SET at = at WHERE action = 'erase a person'").await, 3);
    let tokens = get(&world, partner, &format!("tokens?personId={member}")).await.json();
    let named: Vec<_> = tokens["items"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert!(!named.is_empty() && named.iter().all(|name| **name == json!("—")), "{tokens}");
});
