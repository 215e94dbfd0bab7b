//! The contact form: a portal's token takes requests in and learns nothing, the organisation's people answer them, and what
//! is personal goes in time.

use crate::{
    harness::{Actor, Answer, Surface, World, meta, scope_of},
    members::{done, get, person, refused, status},
};
use chrono::{DateTime, Duration, Utc};
use evolva_domain::{
    Error, contact,
    ctx::{Clock, Ctx},
    scope::{Scope, Scopes},
    token,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc};

/// A clock that is ahead.
struct Ahead(Duration);
impl Clock for Ahead {
    fn now(&self) -> DateTime<Utc> {
        chrono::SubsecRound::trunc_subsecs(Utc::now(), 3) + self.0
    }
}

fn in_days(ctx: &Ctx, days: i64) -> Ctx {
    Ctx { clock: Arc::new(Ahead(Duration::days(days))), ..ctx.clone() }
}

/// The token of a portal's form, which can do nothing else.
async fn portal(world: &World, actor: &Actor) -> String {
    let input = json!({ "name": "Formulier", "scopes": ["contact:submit"] });
    let answer = world.op(Surface::Rest, &meta("tokenIssue"), Some(&actor.token), &input).await;
    answer.json()["accessToken"].as_str().unwrap().to_owned()
}

/// Sets the text of an organisation's form.
async fn open(world: &World, actor: &Actor, text: &str) {
    let path = format!("organisations/{}", actor.id);
    let version = get(world, &actor.token, &path).await.json()["version"].clone();
    let input = json!({ "id": actor.id, "version": version, "contactConsentText": text });
    done(world, &actor.token, "organisationUpdate", input).await;
}

async fn submit(world: &World, token: &str, input: &Value) -> Answer {
    world.op(Surface::Rest, &meta("contactRequestSubmit"), Some(token), input).await
}

fn asked(consent: i64) -> Value {
    json!({ "name": "Ilse Geheim", "email": "ilse.geheim@example.org", "message": "Een geheime vraag", "consentVersion": consent })
}

fn names(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

crate::both!(a_form_takes_in_and_learns_nothing, |world| {
    let host = world.host.token.as_str();
    let portal = portal(&world, &world.host).await;
    let form = get(&world, &portal, "contact-form").await.json();
    assert_eq!(
        (&form["isOpen"], &form["consentVersion"], &form["retentionDays"]),
        (&json!(false), &json!(0), &json!(180))
    );
    let closed = submit(&world, &portal, &asked(0)).await;
    assert_eq!((closed.status, &closed.json()["code"]), (409, &json!("CONSENT_NOT_GIVEN")));
    open(&world, &world.host, "Wij bewaren uw **vraag**.").await;
    let form = get(&world, &portal, "contact-form").await.json();
    assert_eq!((&form["isOpen"], &form["consentVersion"]), (&json!(true), &json!(1)));
    assert_eq!(form["consentTextHtml"], "<p>Wij bewaren uw <strong>vraag</strong>.</p>\n");
    let query = "{ contactForm { consentText consentVersion isOpen } }";
    let by_graph = world.gql(Some(&portal), query, json!({})).await.json();
    assert_eq!(by_graph["data"]["contactForm"]["consentText"], "Wij bewaren uw **vraag**.");
    // The text is the organisation's own: others see of it nothing in the directory.
    let path = format!("organisations/{}", world.host.id);
    let (own, other) = (get(&world, host, &path).await.json(), get(&world, &world.partner.token, &path).await.json());
    assert_eq!((&own["contactConsentVersion"], &other["contactConsentVersion"]), (&json!(1), &Value::Null));
    assert_eq!(other["contactConsentText"], Value::Null);

    // All that is wrong at once, before anything else.
    let wrong = json!({ "name": " ", "email": "niemand", "message": "", "consentVersion": 7 });
    let wrong = submit(&world, &portal, &wrong).await;
    let pointers: Vec<_> =
        wrong.json()["errors"].as_array().unwrap().iter().map(|one| one["pointer"].clone()).collect();
    assert_eq!((wrong.status, pointers), (400, vec![json!("/email"), json!("/name"), json!("/message")]));
    let early = submit(&world, &portal, &asked(7)).await;
    assert_eq!((early.status, &early.json()["errors"][0]["pointer"]), (409, &json!("/consentVersion")));

    let taken = submit(&world, &portal, &asked(1)).await;
    assert_eq!(taken.status, 201, "{}", taken.text);
    let receipt = taken.json();
    let mut trapped = asked(1);
    trapped["website"] = json!("https://example.org");
    let trapped = submit(&world, &portal, &trapped).await;
    // Whoever walks into the trap is answered as everybody else.
    assert_eq!((trapped.status, names(&trapped.json())), (201, names(&receipt)));
    assert_eq!(names(&receipt), BTreeSet::from(["id", "ownerId", "version", "createdAt", "updatedAt", "imported"]));
    let state = async |receipt: &Value| {
        let row = get(&world, host, &format!("contact-requests/{}", receipt["id"].as_str().unwrap())).await.json();
        (row["state"].as_str().unwrap().to_owned(), row["caught"] == true)
    };
    assert_eq!(state(&receipt).await, ("NEW".to_owned(), false));
    // What they agreed to stays with it, whatever the text says later.
    open(&world, &world.host, "Een andere tekst.").await;
    let kept = get(&world, host, &format!("contact-requests/{}", receipt["id"].as_str().unwrap())).await.json();
    let agreed = (&kept["consentVersion"], &kept["consentText"]);
    assert_eq!(agreed, (&json!(1), &json!("Wij bewaren uw **vraag**.")));
    let asked = |_: i64| asked(2);
    assert_eq!(state(&trapped.json()).await, ("SPAM".to_owned(), true));
    let id = receipt["id"].as_str().unwrap();
    for path in [format!("contact-requests/{id}"), "contact-requests".to_owned(), format!("nodes/{id}")] {
        assert_eq!(status(&world, &portal, &path).await, 403, "{path}");
        assert_eq!(status(&world, host, &path).await, 200, "{path}");
    }
    let mutation = "mutation($input: ContactRequestSubmitInput!) { contactRequestSubmit(input: $input) { \
                    contactReceipt { id createdAt } userErrors { code } } }";
    let by_graph = world.gql(Some(&portal), mutation, json!({ "input": asked(1) })).await.json();
    assert!(by_graph["data"]["contactRequestSubmit"]["contactReceipt"]["id"].is_string(), "{by_graph}");

    // What the organisation does not see is not there for its form either.
    let theme = async |actor: &Actor| done(&world, &actor.token, "themeCreate", json!({ "title": "Thema" })).await;
    let cop = async |actor: &Actor| done(&world, &actor.token, "copCreate", json!({ "title": "Kring" })).await;
    for (field, hidden, own, absent) in [
        ("themeId", theme(&world.partner).await, theme(&world.host).await, "thm_01h455vb4pex5vsknk084sn02q"),
        ("copId", cop(&world.partner).await, cop(&world.host).await, "cop_01h455vb4pex5vsknk084sn02q"),
    ] {
        let about = async |id: &str| {
            let mut input = asked(1);
            input[field] = json!(id);
            submit(&world, &portal, &input).await
        };
        let (hidden, absent) = (about(&hidden).await, about(absent).await);
        assert_eq!((hidden.status, &hidden.json()["code"]), (400, &json!("UNKNOWN_REFERENCE")));
        assert_eq!(hidden.json()["errors"], absent.json()["errors"]);
        let taken = about(&own).await;
        assert_eq!(taken.status, 201, "{}", taken.text);
        let found = get(&world, host, &format!("contact-requests?{field}={own}")).await.json();
        assert_eq!(found["items"][0]["id"], taken.json()["id"]);
    }
    // A person's token never holds the scope of the form.
    let (_, member) = person(&world, &world.host, "Collega").await;
    let scopes = get(&world, &member, "viewer").await.json()["scopes"].clone();
    let has = |scope: &str| scopes.as_array().unwrap().contains(&json!(scope));
    assert_eq!((has("contact:submit"), has("contact:read"), has("contact:write")), (false, true, true));
    assert_eq!(refused(&world, &member, "contactRequestSubmit", asked(1)).await, "INSUFFICIENT_SCOPE");
});

crate::both!(a_request_is_assigned_answered_and_closed, |world| {
    let host = world.host.token.as_str();
    open(&world, &world.host, "Tekst").await;
    let id = done(&world, host, "contactRequestSubmit", asked(1)).await;
    let path = format!("contact-requests/{id}");
    let (assignee, own) = person(&world, &world.host, "Wie antwoordt").await;
    let (colleague_id, colleague) = person(&world, &world.host, "Kantoorgenoot").await;
    let admin = json!({ "displayName": "Beheerder", "tenantRole": "ADMIN" });
    let admin = done(&world, host, "personCreate", admin).await;
    let admin = world.op(Surface::Rest, &meta("memberTokenIssue"), Some(host), &json!({ "personId": admin })).await;
    let admin = admin.json()["accessToken"].as_str().unwrap().to_owned();
    let other = world.partner.token.as_str();
    let sees = async || {
        let mut all = vec![];
        for token in [host, &admin, &own, &colleague, other] {
            let by_id = status(&world, token, &path).await;
            let list = get(&world, token, "contact-requests").await.json();
            let listed = list["items"].as_array().unwrap().iter().any(|one| one["id"] == json!(id));
            assert_eq!(by_id == 200, listed);
            all.push(by_id);
        }
        all
    };
    let steps = async |token: &str| {
        let row = get(&world, token, &path).await.json();
        row["allowedTransitions"].as_array().unwrap().iter().map(|one| one["to"].clone()).collect::<Vec<_>>()
    };
    let waits = async |token: &str| {
        let all = get(&world, token, "viewer/waiting-for-me").await.json();
        all["items"].as_array().unwrap().iter().map(|one| one["mutation"].clone()).collect::<Vec<_>>()
    };
    let (does, with) = (json!({ "id": id }), |name: &str, value: &str| json!({ "id": id, name: value }));
    assert_eq!(sees().await, [200, 200, 404, 404, 404]);
    assert_eq!(steps(host).await, ["ASSIGNED", "SPAM"]);
    assert_eq!(
        (waits(host).await, waits(&admin).await),
        (vec![json!("contactRequestAssign")], vec![json!("contactRequestAssign")])
    );
    assert_eq!(waits(&own).await, Vec::<Value>::new());

    // Shortcuts.
    for (name, input) in [("contactRequestAnswer", with("answer", "Ja")), ("contactRequestClose", does.clone())] {
        assert_eq!(refused(&world, host, name, input.clone()).await, "TRANSITION_NOT_ALLOWED", "{name}");
        assert_eq!(refused(&world, &own, name, input.clone()).await, "NOT_FOUND", "{name}");
        assert_eq!(refused(&world, other, name, input).await, "NOT_FOUND", "{name}");
    }
    // To a person of the own organisation, who is there.
    let found = json!({ "displayName": "Vindbaar", "discoverable": true });
    let found = done(&world, other, "personCreate", found).await;
    let left = done(&world, host, "personCreate", json!({ "displayName": "Weg" })).await;
    done(&world, host, "personLeave", json!({ "id": left })).await;
    for (who, code) in [
        (found.as_str(), "NOT_YOURS"),
        (&left, "INVALID_VALUE"),
        ("per_01h455vb4pex5vsknk084sn02q", "UNKNOWN_REFERENCE"),
    ] {
        assert_eq!(refused(&world, host, "contactRequestAssign", with("assigneeId", who)).await, code);
    }
    done(&world, &admin, "contactRequestAssign", with("assigneeId", &colleague_id)).await;
    assert_eq!(sees().await, [200, 200, 404, 200, 404]);
    done(&world, host, "contactRequestAssign", with("assigneeId", &assignee)).await;
    assert_eq!(sees().await, [200, 200, 200, 404, 404]);
    assert_eq!(refused(&world, host, "contactRequestMarkSpam", does.clone()).await, "TRANSITION_NOT_ALLOWED");
    assert_eq!((steps(host).await, steps(&own).await), (vec![json!("ANSWERED")], vec![json!("ANSWERED")]));
    assert_eq!((waits(host).await, waits(&own).await), (vec![], vec![json!("contactRequestAnswer")]));
    let filter = format!("contact-requests?state=ASSIGNED&assigneeId={assignee}");
    assert_eq!(get(&world, host, &filter).await.json()["items"][0]["id"], json!(id));
    let query = "query($id: ID!) { contactRequest(id: $id) { assignee { displayName } email allowedTransitions { to blockedBy { code } } } }";
    let seen = world.gql(Some(&own), query, json!({ "id": id })).await.json()["data"]["contactRequest"].clone();
    assert_eq!(seen["assignee"]["displayName"], "Wie antwoordt");
    assert_eq!(seen["allowedTransitions"], json!([{ "to": "ANSWERED", "blockedBy": [] }]));

    // Who is to answer does that, and no more.
    assert_eq!(refused(&world, &own, "contactRequestAssign", with("assigneeId", &colleague_id)).await, "FORBIDDEN");
    assert_eq!(refused(&world, &own, "contactRequestErase", does.clone()).await, "FORBIDDEN");
    assert_eq!(refused(&world, &colleague, "contactRequestAnswer", with("answer", "Ja")).await, "NOT_FOUND");
    assert_eq!(refused(&world, &own, "contactRequestAnswer", with("answer", " ")).await, "REQUIRED");
    assert_eq!(refused(&world, &own, "contactRequestClose", does.clone()).await, "TRANSITION_NOT_ALLOWED");
    done(&world, &own, "contactRequestAnswer", with("answer", "Ja, graag")).await;
    let row = get(&world, host, &path).await.json();
    assert_eq!(
        (&row["answer"], &row["answeredById"], &row["state"]),
        (&json!("Ja, graag"), &json!(assignee), &json!("ANSWERED"))
    );
    assert_eq!(waits(&own).await, ["contactRequestClose"]);
    done(&world, &own, "contactRequestClose", does.clone()).await;
    assert_eq!(steps(host).await, Vec::<Value>::new());
    assert_eq!(waits(&own).await, Vec::<Value>::new());

    // What was erased is not answered any more.
    let second = done(&world, host, "contactRequestSubmit", asked(1)).await;
    let (second_path, erase) = (format!("contact-requests/{second}"), json!({ "id": second }));
    done(&world, host, "contactRequestAssign", json!({ "id": second, "assigneeId": assignee })).await;
    done(&world, &admin, "contactRequestErase", erase.clone()).await;
    let row = get(&world, host, &second_path).await.json();
    for name in ["name", "email", "message", "answer"] {
        assert_eq!(row[name], Value::Null, "{name}");
    }
    assert!(row["erasedAt"].is_string() && row["state"] == "ASSIGNED" && row["assigneeId"] == json!(assignee));
    let answers = &row["allowedTransitions"][0];
    assert_eq!((&answers["to"], &answers["blockedBy"][0]["code"]), (&json!("ANSWERED"), &json!("NOT_EDITABLE")));
    let late = json!({ "id": second, "answer": "Te laat" });
    assert_eq!(refused(&world, &own, "contactRequestAnswer", late).await, "NOT_EDITABLE");
    assert_eq!(refused(&world, host, "contactRequestErase", erase).await, "NOT_EDITABLE");
    assert_eq!(waits(&own).await, Vec::<Value>::new());
    // With their e-mail address nobody stands in any log.
    for (table, column) in [("outbox", "data"), ("outbox", "kind"), ("audit", "action")] {
        let text = format!("UPDATE {table} SET {column} = {column} WHERE lower(CAST({column} AS text)) LIKE ");
        assert_eq!(world.sql(&format!("{text}'%geheim%'")).await, 0, "{table}.{column}");
        assert!(world.sql(&format!("{text}'%e%'")).await > 0, "{table}.{column}");
    }
    assert!(world.sql("UPDATE audit SET at = at WHERE action = 'erase a contact request'").await == 1);
});

crate::both!(an_hour_takes_in_so_many_and_no_more, |world| {
    for actor in [&world.host, &world.partner] {
        open(&world, actor, "Tekst").await;
    }
    let ctx = evolva_server::ctx(&world.running.db);
    let form: Scopes = [Scope::ContactSubmit].into_iter().collect();
    let flooded = token::bootstrap_tenant(&ctx, world.host.id, "flooded", form, 1).await.unwrap();
    let scope = scope_of(&flooded);
    let ask = || contact::Submit {
        name: "Ilse".into(),
        email: "ilse@example.org".into(),
        message: "Vraag".into(),
        theme_id: None,
        cop_id: None,
        consent_version: 1,
        website: Some("vol".into()),
    };
    for number in 0..contact::HOURLY_OF_TOKEN {
        contact::submit(&ctx, &scope, ask()).await.unwrap_or_else(|error| panic!("{number}: {error:?}"));
    }
    let refused = contact::submit(&ctx, &scope, ask()).await;
    assert!(matches!(refused, Err(Error::Limited { seconds: 3500..=3601 })), "{refused:?}");
    // Another form of the same organisation goes on, until there is no more room for any.
    let portal = portal(&world, &world.host).await;
    for _ in contact::HOURLY_OF_TOKEN..contact::HOURLY - 1 {
        contact::submit(&ctx, &world.host.scope, ask()).await.unwrap();
    }
    assert_eq!(submit(&world, &portal, &asked(1)).await.status, 201);
    let full = submit(&world, &portal, &asked(1)).await;
    assert_eq!((full.status, &full.json()["code"]), (429, &json!("RATE_LIMITED")), "{}", full.text);
    let seconds: i64 = full.header("retry-after").parse().unwrap();
    assert!((3000..=3601).contains(&seconds), "{seconds}");
    let mut trapped = asked(1);
    trapped["website"] = json!("vol");
    assert_eq!(submit(&world, &portal, &trapped).await.status, 429, "the trap tells nothing here either");
    let mutation =
        "mutation($input: ContactRequestSubmitInput!) { contactRequestSubmit(input: $input) { userErrors { code } } }";
    let by_graph = world.gql(Some(&portal), mutation, json!({ "input": asked(1) })).await.json();
    let extensions = &by_graph["errors"][0]["extensions"];
    assert_eq!(extensions["code"], "RATE_LIMITED", "{by_graph}");
    assert!(extensions["retryAfter"].as_i64().is_some_and(|seconds| seconds > 0));
    // What another organisation takes in is its own.
    done(&world, &world.partner.token, "contactRequestSubmit", asked(1)).await;
    let later = Ctx { clock: Arc::new(Ahead(Duration::minutes(61))), ..ctx.clone() };
    contact::submit(&later, &scope, ask()).await.unwrap();
});

crate::both!(what_is_personal_goes_in_time, |world| {
    for actor in [&world.host, &world.partner] {
        open(&world, actor, "Tekst").await;
    }
    let (host, partner) = (world.host.token.clone(), world.partner.token.clone());
    // The partner keeps it for a year.
    let path = format!("organisations/{}", world.partner.id);
    let version = get(&world, &partner, &path).await.json()["version"].clone();
    let longer = |days: i64| json!({ "id": world.partner.id, "version": version, "contactRetentionDays": days });
    assert_eq!(refused(&world, &partner, "organisationUpdate", longer(366)).await, "OUT_OF_RANGE");
    assert_eq!(refused(&world, &partner, "organisationUpdate", longer(6)).await, "OUT_OF_RANGE");
    done(&world, &partner, "organisationUpdate", longer(365)).await;
    let mut rows = vec![];
    for actor in [&world.host, &world.partner] {
        let token = actor.token.as_str();
        let (assignee, _) = person(&world, actor, "Wie antwoordt").await;
        let ask = async || done(&world, token, "contactRequestSubmit", asked(1)).await;
        let (open, closed, spam) = (ask().await, ask().await, ask().await);
        done(&world, token, "contactRequestAssign", json!({ "id": closed, "assigneeId": assignee })).await;
        done(&world, token, "contactRequestAnswer", json!({ "id": closed, "answer": "Ja" })).await;
        done(&world, token, "contactRequestClose", json!({ "id": closed })).await;
        done(&world, token, "contactRequestMarkSpam", json!({ "id": spam })).await;
        rows.push((token.to_owned(), [open, closed, spam]));
    }
    let ctx = evolva_server::ctx(&world.running.db);
    let operator = world.running.db.operator().await.unwrap();
    let erased = async |world: &World| {
        let mut all = vec![];
        for (token, ids) in &rows {
            for id in ids {
                let row = get(world, token, &format!("contact-requests/{id}")).await.json();
                assert_eq!(row["erasedAt"].is_string(), row["email"].is_null());
                all.push(row["erasedAt"].is_string());
            }
        }
        all
    };
    let no = false;
    for (days, count, expected) in [
        (179, 0, [no, no, no, no, no, no]),
        (181, 2, [no, true, true, no, no, no]),
        (366, 2, [no, true, true, no, true, true]),
        (729, 0, [no, true, true, no, true, true]),
        (731, 2, [true; 6]),
        (731, 0, [true; 6]),
    ] {
        assert_eq!(contact::sweep(&in_days(&ctx, days), operator).await.unwrap(), count, "after {days} days");
        assert_eq!(erased(&world).await, expected, "after {days} days");
    }
    let closed = get(&world, &host, &format!("contact-requests/{}", rows[0].1[1])).await.json();
    assert_eq!((&closed["state"], &closed["answer"]), (&json!("CLOSED"), &Value::Null));
    assert_eq!(world.sql("UPDATE audit SET at = at WHERE action = 'erase a contact request'").await, 6);

    // The server does so by itself.
    let old = done(&world, &host, "contactRequestSubmit", asked(1)).await;
    done(&world, &host, "contactRequestMarkSpam", json!({ "id": old })).await;
    let long_ago = if world.database_url.starts_with("sqlite") { "'2020-01-01T00:00:00.000Z'" } else { "'2020-01-01'" };
    let id = world.literal(&old);
    assert_eq!(world.sql(&format!("UPDATE contact_request SET ended_at = {long_ago} WHERE id = {id}")).await, 1);
    world = world.copies(1).await.remove(0);
    let mut gone = false;
    for _ in 0..100 {
        let row = get(&world, &host, &format!("contact-requests/{old}")).await.json();
        gone = row["erasedAt"].is_string() && row["email"].is_null();
        if gone {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(gone, "the server removed nothing");
});
