//! Series of sessions, and calendar feeds: what a calendar program is answered at a feed's address, read by a parser of others.

use crate::{
    harness::{Answer, Surface, World, meta},
    members::{self, circle, done, get, refused, status},
};
use calcard::{
    Entry, Parser,
    icalendar::{ICalendarComponent, ICalendarComponentType, ICalendarProperty},
};
use serde_json::{Value, json};

/// Makes a feed: its id, and its path below whatever address the server has.
pub async fn feed(world: &World, token: &str, input: Value) -> (String, String) {
    let answer = world.op(Surface::Rest, &meta("calendarFeedCreate"), Some(token), &input).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let row = answer.json();
    let url = row["url"].as_str().unwrap();
    (row["id"].as_str().unwrap().to_owned(), url[url.find("/calendar/").unwrap()..].to_owned())
}

pub async fn subscribed(world: &World, path: &str) -> Answer {
    world.get(path, None).await
}

/// The events of a feed, as the parser of another project reads them. It skips what it cannot read, so everything that was
/// written must be there.
fn events(text: &str) -> Vec<ICalendarComponent> {
    for line in text.split("\r\n") {
        assert!(line.len() <= 76 && !line.contains(['\r', '\n']), "{line:?}");
    }
    let mut parser = Parser::new(text);
    let Entry::ICalendar(calendar) = parser.entry() else { panic!("no calendar: {text}") };
    assert!(matches!(parser.entry(), Entry::Eof), "{text}");
    let written = text.replace("\r\n ", "").lines().count();
    let read: usize = calendar.components.iter().map(|component| component.entries.len() + 2).sum();
    assert_eq!(read, written, "{text}");
    let (all, rest): (Vec<_>, Vec<_>) = calendar
        .components
        .into_iter()
        .partition(|component| component.component_type == ICalendarComponentType::VEvent);
    assert_eq!(rest.len(), 1, "the calendar itself, and nothing but events in it");
    assert!(rest[0].has_property(&ICalendarProperty::Prodid) && rest[0].has_property(&ICalendarProperty::Version));
    all
}

fn said(event: &ICalendarComponent, property: ICalendarProperty) -> Option<String> {
    let value = event.property(&property)?.values.first()?.clone();
    if let Some(number) = value.as_integer() {
        return Some(number.to_string());
    }
    if let Some(time) = value.as_partial_date_time() {
        assert_eq!((time.tz_hour, time.tz_minute), (Some(0), Some(0)), "in UTC");
        return Some(time.to_timestamp()?.to_string());
    }
    value.into_text().map(|text| text.into_owned())
}

async fn titles(world: &World, path: &str) -> Vec<String> {
    let answer = subscribed(world, path).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let mut all: Vec<_> =
        events(&answer.text).iter().map(|event| said(event, ICalendarProperty::Summary).unwrap()).collect();
    all.sort();
    all
}

async fn sessions_of(world: &World, token: &str, series: &str) -> Vec<Value> {
    let rows = get(world, token, &format!("sessions?seriesId={series}&sort=startsAt&first=100")).await.json();
    rows["items"].as_array().unwrap().clone()
}

fn series(cop: &str, rule: &str) -> Value {
    json!({ "copId": cop, "title": "Intervisie", "rule": rule, "startDate": "2036-10-15", "startTime": "10:00",
        "endTime": "12:00", "place": "Arnhem", "capacity": 8 })
}

crate::both!(a_series_is_planned_whole_or_not_at_all, |world| {
    let circle = circle(&world).await;
    let guide = circle.guide.as_str();
    let plan = |rule: &str| series(&circle.cop, rule);
    // In person by who plans sessions there, and by nobody else; outsiders do not learn that the CoP is there.
    assert_eq!(refused(&world, &circle.member.1, "sessionSeriesPlan", plan("FREQ=WEEKLY;COUNT=4")).await, "FORBIDDEN");
    let foreign = refused(&world, &world.outsider.token, "sessionSeriesPlan", plan("FREQ=WEEKLY;COUNT=4")).await;
    assert_eq!(foreign, "UNKNOWN_REFERENCE");
    let mut wrong = plan("FREQ=WEEKLY");
    wrong["title"] = json!(" ");
    wrong["capacity"] = json!(0);
    wrong["endTime"] = json!("noon");
    let answer = world.op(Surface::Rest, &meta("sessionSeriesPlan"), Some(guide), &wrong).await;
    let faults: Vec<_> = answer.json()["errors"].as_array().unwrap().iter().map(|one| one["pointer"].clone()).collect();
    assert_eq!(
        (answer.status, faults),
        (400, vec![json!("/endTime"), json!("/rule"), json!("/title"), json!("/capacity")])
    );
    for (rule, code) in [
        ("FREQ=SECONDLY;COUNT=9", "INVALID_VALUE"),
        ("FREQ=DAILY;COUNT=61", "TOO_MANY"),
        ("FREQ=MONTHLY;COUNT=30", "OUT_OF_RANGE"),
    ] {
        assert_eq!(refused(&world, guide, "sessionSeriesPlan", plan(rule)).await, code, "{rule}");
    }
    let none = get(&world, guide, &format!("sessions?copId={}", circle.cop)).await.json();
    assert_eq!(none["items"], json!([]), "nothing half-done");
    let made = done(&world, guide, "sessionSeriesPlan", plan("FREQ=WEEKLY;COUNT=4")).await;
    let rows = sessions_of(&world, &circle.member.1, &made).await;
    // Clocks in Amsterdam are set back on the last Sunday of October.
    let starts: Vec<_> = rows.iter().map(|row| row["startsAt"].as_str().unwrap()).collect();
    assert_eq!(
        starts,
        ["2036-10-15T08:00:00Z", "2036-10-22T08:00:00Z", "2036-10-29T09:00:00Z", "2036-11-05T09:00:00Z"]
    );
    assert!(rows.iter().all(|row| row["kind"] == "REGULAR" && row["state"] == "DRAFT" && row["capacity"] == 8));
    // The preview says the same over both surfaces, and with a CoP also that it is outside of its period.
    let query = "query($cop: ID!) { sessionSeriesPreview(rule: \"FREQ=WEEKLY;COUNT=4\", startDate: \"2036-10-15\", \
                 startTime: \"10:00\", endTime: \"12:00\", copId: $cop) { startsAt date } }";
    let by_graph = world.gql(Some(guide), query, json!({ "cop": circle.cop })).await.json();
    let path =
        "session-series/preview?rule=FREQ%3DWEEKLY%3BCOUNT%3D4&startDate=2036-10-15&startTime=10:00&endTime=12:00";
    let by_rest = get(&world, guide, path).await.json();
    for (place, start) in starts.iter().enumerate() {
        let by_graph = by_graph["data"]["sessionSeriesPreview"][place]["startsAt"].as_str().unwrap();
        assert_eq!(by_graph.replace("+00:00", "Z"), *start);
        assert_eq!(by_rest["items"][place]["startsAt"], *start);
    }
    let early = path.replace("2036-10-15", "2025-01-01") + &format!("&copId={}", circle.cop);
    let answer = get(&world, guide, &early).await;
    assert_eq!((answer.status, answer.json()["errors"][0]["pointer"].as_str()), (400, Some("/startDate")));
    assert_eq!(status(&world, guide, &path.replace("WEEKLY", "MINUTELY")).await, 400);
    assert_eq!(status(&world, &world.outsider.token, path).await, 200, "it is reckoned and tells of nobody");
    assert_eq!(status(&world, &world.outsider.token, &format!("{path}&copId={}", circle.cop)).await, 400);
});

crate::both!(the_rest_of_a_series_is_moved_and_called_off, |world| {
    let circle = circle(&world).await;
    let guide = circle.guide.as_str();
    // Of four days two are over.
    let now = chrono::Utc::now().date_naive();
    let mut input = series(&circle.cop, "FREQ=DAILY;INTERVAL=7;COUNT=4");
    input["startDate"] = json!(now - chrono::Duration::days(10));
    let made = done(&world, guide, "sessionSeriesPlan", input).await;
    let of = |rows: &[Value], place: usize| rows[place]["id"].as_str().unwrap().to_owned();
    let rows = sessions_of(&world, guide, &made).await;
    for place in [0, 1, 2] {
        done(&world, guide, "sessionSchedule", json!({ "id": of(&rows, place) })).await;
    }
    done(&world, guide, "sessionHold", json!({ "id": of(&rows, 0) })).await;
    let comes = json!({ "sessionId": of(&rows, 2), "personId": circle.member.0 });
    let comes = done(&world, &circle.member.1, "registrationCreate", comes).await;
    let moved = json!({ "id": made, "startTime": "19:30", "endTime": "21:00", "days": 1, "place": "Nijmegen" });
    assert_eq!(refused(&world, &circle.member.1, "sessionSeriesMove", moved.clone()).await, "FORBIDDEN");
    assert_eq!(refused(&world, &world.outsider.token, "sessionSeriesMove", moved.clone()).await, "NOT_FOUND");
    let half = json!({ "id": made, "startTime": "19:30" });
    assert_eq!(refused(&world, guide, "sessionSeriesMove", half).await, "REQUIRED");
    done(&world, guide, "sessionSeriesMove", moved).await;
    let after = sessions_of(&world, guide, &made).await;
    let places: Vec<_> = after.iter().map(|row| row["place"].as_str().unwrap()).collect();
    assert_eq!(places, ["Arnhem", "Arnhem", "Nijmegen", "Nijmegen"], "what is over stays");
    let length = |row: &Value| {
        let at = |name: &str| row[name].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        (at("endsAt") - at("startsAt")).num_minutes()
    };
    assert_eq!(after.iter().map(length).collect::<Vec<_>>(), [120, 120, 90, 90]);
    // Each goes its own way as well.
    let version = after[3]["version"].clone();
    done(&world, guide, "sessionUpdate", json!({ "id": of(&after, 3), "version": version, "title": "Afsluiting" }))
        .await;
    let cancel = json!({ "id": made, "from": now - chrono::Duration::days(30), "reason": "De groep stopt" });
    assert_eq!(refused(&world, &circle.member.1, "sessionSeriesCancel", cancel.clone()).await, "FORBIDDEN");
    done(&world, guide, "sessionSeriesCancel", cancel.clone()).await;
    let states: Vec<_> =
        sessions_of(&world, guide, &made).await.iter().map(|row| row["state"].as_str().unwrap().to_owned()).collect();
    assert_eq!(states, ["HELD", "CANCELLED", "CANCELLED", "CANCELLED"]);
    let comes = get(&world, guide, &format!("registrations/{comes}")).await.json();
    assert_eq!(comes["state"], "CANCELLED", "nobody comes to what is called off");
    assert_eq!(refused(&world, guide, "sessionSeriesCancel", cancel).await, "OUT_OF_RANGE");
    assert_eq!(status(&world, &world.partner.token, &format!("session-series/{made}")).await, 200);
    assert_eq!(status(&world, &world.outsider.token, &format!("session-series/{made}")).await, 404);
});

crate::both!(a_feed_shows_what_its_maker_may_see_now, |world| {
    let circle = circle(&world).await;
    let guide = circle.guide.as_str();
    let odd = "Leren; samen, \"nu\" \\ n\r\nATTENDEE:mailto:x@example.org — één heel lange titel 日本語 voor wie het aangaat, die wordt gevouwen";
    let session = json!({ "copId": circle.cop, "kind": "REGULAR", "title": odd, "startsAt": "2036-10-29T09:00:00Z",
        "endsAt": "2036-10-29T11:00:00Z", "place": "Zaal 1, Arnhem", "link": "https://meet.example.org/a;b,c?d=e" });
    let session = done(&world, guide, "sessionPlan", session).await;
    // A person's own, by their portal; what they are in and guide.
    let (_, own) = feed(&world, &circle.member.1, json!({ "name": "Mijn agenda, privé; \n zo" })).await;
    let answer = subscribed(&world, &own).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/calendar; charset=utf-8"));
    assert!(answer.header("cache-control").contains("private"), "{:?}", answer.headers);
    let event = &events(&answer.text)[0];
    let of = |property| said(event, property);
    assert_eq!(of(ICalendarProperty::Summary).unwrap(), odd.replace("\r\n", "\n"));
    assert_eq!(of(ICalendarProperty::Location).unwrap(), "Zaal 1, Arnhem");
    assert_eq!(of(ICalendarProperty::Url).unwrap(), "https://meet.example.org/a;b,c?d=e");
    assert_eq!(of(ICalendarProperty::Description).unwrap(), "De kring");
    assert_eq!(of(ICalendarProperty::Uid).unwrap(), format!("{session}@evolva"));
    assert_eq!(of(ICalendarProperty::Sequence).unwrap(), "0");
    let moment = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp().to_string();
    assert_eq!(of(ICalendarProperty::Dtstart).unwrap(), moment("2036-10-29T09:00:00Z"));
    assert_eq!(of(ICalendarProperty::Dtend).unwrap(), moment("2036-10-29T11:00:00Z"));
    assert!(of(ICalendarProperty::Dtstamp).is_some() && of(ICalendarProperty::LastModified).is_some());
    assert!(!event.has_property(&ICalendarProperty::Attendee), "a text is no property");
    assert!(answer.text.contains("\r\nSTATUS:TENTATIVE\r\n"), "{}", answer.text);
    // Who has it already is told so, until it changes.
    let etag = answer.header("etag").to_owned();
    let again = world.http.get(format!("{}{own}", world.base)).header("If-None-Match", &etag);
    assert_eq!(world.send(again, None).await.status, 304);
    done(&world, guide, "sessionSchedule", json!({ "id": session })).await;
    done(&world, &circle.member.1, "registrationCreate", json!({ "sessionId": session, "personId": circle.member.0 }))
        .await;
    let again = world.http.get(format!("{}{own}", world.base)).header("If-None-Match", &etag);
    let answer = world.send(again, None).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text.contains("\r\nSTATUS:CONFIRMED\r\n"));
    assert_ne!(said(&events(&answer.text)[0], ICalendarProperty::Sequence).unwrap(), "0");
    for person in ["Deelnemer", "Begeleider", "@partner", "per_"] {
        assert!(!answer.text.contains(person), "{person}: {}", answer.text);
    }
    // One that is called off stays as such, so that calendars take it out; later it is gone.
    done(&world, guide, "sessionCancel", json!({ "id": session, "reason": "Storm" })).await;
    assert!(subscribed(&world, &own).await.text.contains("\r\nSTATUS:CANCELLED\r\n"));
    let long_ago = match world.database_url.starts_with("sqlite://") {
        true => "'2020-01-01 00:00:00+00:00'",
        false => "'2020-01-01T00:00:00Z'",
    };
    let id = world.literal(&session);
    world.sql(&format!("UPDATE session SET updated_at = {long_ago} WHERE id = {id}")).await;
    assert_eq!(titles(&world, &own).await, Vec::<String>::new());
});

crate::both!(each_feed_sees_by_other_eyes, |world| {
    let circle = circle(&world).await;
    let guide = circle.guide.as_str();
    let plan = |kind: &str, title: &str| {
        json!({ "copId": circle.cop, "kind": kind, "title": title,
        "startsAt": "2036-01-01T10:00:00Z", "endsAt": "2036-01-01T11:00:00Z", "guestsAllowed": true })
    };
    let first = done(&world, guide, "sessionPlan", plan("REGULAR", "Eerste")).await;
    done(&world, guide, "sessionSchedule", json!({ "id": first })).await;
    // Another CoP of the host, in which the partner takes no part.
    let other = json!({ "title": "Anders", "startDate": "2026-01-01" });
    let other = done(&world, &world.host.token, "copCreate", other).await;
    let mut elsewhere = plan("REGULAR", "Geheim");
    elsewhere["copId"] = json!(other);
    done(&world, &world.host.token, "sessionPlan", elsewhere).await;
    let clinic = json!({ "kind": "CLINIC", "title": "Clinic", "startsAt": "2036-02-01T10:00:00Z",
        "endsAt": "2036-02-01T11:00:00Z" });
    let clinic = done(&world, &world.partner.token, "sessionPlan", clinic).await;
    let (member, partner) = (circle.member.1.as_str(), world.partner.token.as_str());
    let cop = |name: &str, cop: &str| json!({ "name": name, "copId": cop });
    let (_, by_member) = feed(&world, member, json!({ "name": "Lid" })).await;
    let (_, by_colleague) = feed(&world, &circle.colleague.1, json!({ "name": "Collega" })).await;
    let (_, by_guide) = feed(&world, guide, json!({ "name": "Gids" })).await;
    let (_, of_cop) = feed(&world, partner, cop("Kring", &circle.cop)).await;
    let (_, of_other) = feed(&world, &world.host.token, cop("Anders", &other)).await;
    let of_person = json!({ "name": "Voor een ander", "personId": circle.member.0 });
    let (_, for_member) = feed(&world, partner, of_person.clone()).await;
    assert_eq!(titles(&world, &by_member).await, ["Eerste"]);
    assert_eq!(titles(&world, &for_member).await, ["Eerste"], "the organisation made it for its person");
    assert_eq!(titles(&world, &by_guide).await, ["Eerste"], "the other CoP is not theirs");
    assert_eq!(titles(&world, &by_colleague).await, Vec::<String>::new(), "who is in no CoP, though they may see it");
    assert_eq!(titles(&world, &of_cop).await, ["Eerste"]);
    assert_eq!(titles(&world, &of_other).await, ["Geheim"]);
    // What one is registered for, also of no CoP and as a guest.
    done(&world, partner, "sessionSchedule", json!({ "id": clinic })).await;
    done(&world, partner, "registrationCreate", json!({ "sessionId": clinic, "personId": circle.colleague.0 })).await;
    let guest = json!({ "sessionId": first, "personId": circle.colleague.0, "broughtById": circle.member.0 });
    let guest = done(&world, partner, "registrationCreate", guest).await;
    assert_eq!(titles(&world, &by_colleague).await, ["Clinic", "Eerste"]);
    done(&world, partner, "registrationCancel", json!({ "id": guest })).await;
    assert_eq!(titles(&world, &by_colleague).await, ["Clinic"]);
    // Nobody makes one with somebody else's eyes, of what they do not see, or without leave to read.
    let whose = json!({ "name": "x", "personId": circle.guide_id });
    done(&world, member, "calendarFeedCreate", of_person.clone()).await;
    assert_eq!(refused(&world, &circle.colleague.1, "calendarFeedCreate", of_person).await, "INVALID_VALUE");
    assert_eq!(refused(&world, &world.outsider.token, "calendarFeedCreate", whose).await, "UNKNOWN_REFERENCE");
    let hidden = refused(&world, partner, "calendarFeedCreate", cop("x", &other)).await;
    assert_eq!(
        hidden,
        refused(&world, partner, "calendarFeedCreate", cop("x", "cop_01h455vb4pex5vsknk084sn02q")).await
    );
    let issue = json!({ "name": "Alleen agenda's", "scopes": ["calendars:manage"] });
    let narrow = world.op(Surface::Rest, &meta("tokenIssue"), Some(partner), &issue).await.json();
    let narrow = narrow["accessToken"].as_str().unwrap();
    assert_eq!(refused(&world, narrow, "calendarFeedCreate", cop("x", &circle.cop)).await, "INSUFFICIENT_SCOPE");
    // Who has left the CoP keeps what was shared by then, and gets nothing that comes later.
    done(&world, partner, "participationEnd", json!({ "id": circle.participation })).await;
    done(&world, guide, "sessionPlan", plan("REGULAR", "Tweede")).await;
    assert_eq!(titles(&world, &of_cop).await, ["Eerste"]);
    assert_eq!(titles(&world, &by_guide).await, ["Eerste", "Tweede"]);
});

crate::both!(a_feed_is_its_makers_and_ends, |world| {
    let circle = circle(&world).await;
    let (member, partner) = (circle.member.1.as_str(), world.partner.token.as_str());
    let (own, address) = feed(&world, member, json!({ "name": "Mijn agenda" })).await;
    let path = format!("calendar-feeds/{own}");
    for (token, sees) in [(member, 200), (partner, 200), (&circle.colleague.1, 404), (&world.host.token, 404)] {
        assert_eq!(status(&world, token, &path).await, sees);
    }
    // The secret is nowhere but in the first answer.
    let secret = address.trim_start_matches("/calendar/").trim_end_matches(".ics");
    for list in [get(&world, member, "calendar-feeds").await, get(&world, member, &path).await] {
        assert!(list.status == 200 && list.text.contains("Mijn agenda") && !list.text.contains(&secret[60..]));
        assert!(!list.text.contains("secretHash"), "{}", list.text);
    }
    let query =
        "mutation($input: CalendarFeedCreateInput!) { calendarFeedCreate(input: $input) { url calendarFeed { id } } }";
    let by_graph = world.gql(Some(member), query, json!({ "input": { "name": "Tweede" } })).await.json();
    let by_graph = by_graph["data"]["calendarFeedCreate"]["url"].as_str().unwrap().to_owned();
    let by_graph = by_graph[by_graph.find("/calendar/").unwrap()..].to_owned();
    assert_eq!(subscribed(&world, &by_graph).await.status, 200);
    let gone = async |path: &str| {
        let answer = subscribed(&world, path).await;
        let mut body = answer.json();
        body.as_object_mut().unwrap().remove("traceId");
        (answer.status, body)
    };
    let (id, secret) = secret.split_at(43);
    let unknown = gone(&format!("/calendar/{}.ics", "A".repeat(86))).await;
    assert_eq!((unknown.0, unknown.1["code"].as_str()), (404, Some("NOT_FOUND")));
    let mut wrong = secret.to_owned();
    wrong.replace_range(5..6, if &wrong[5..6] == "x" { "y" } else { "x" });
    for bad in [
        format!("/calendar/{id}{wrong}.ics"),
        format!("/calendar/{id}{secret}"),
        format!("/calendar/{id}{secret}.ics.ics"),
        format!("/calendar/{id}.ics"),
        format!("/calendar/{secret}{id}.ics"),
        format!("/calendar/{id}{secret}x.ics"),
        "/calendar/.ics".to_owned(),
        "/calendar/a/b%00c%F0.ics".to_owned(),
    ] {
        assert_eq!(gone(&bad).await, unknown, "{bad}");
    }
    assert_eq!(subscribed(&world, &address).await.status, 200);
    // Revoked by its person, and by who looks after them; by nobody else.
    assert_eq!(refused(&world, &circle.colleague.1, "calendarFeedRevoke", json!({ "id": own })).await, "NOT_FOUND");
    done(&world, member, "calendarFeedRevoke", json!({ "id": own })).await;
    assert_eq!(gone(&address).await, unknown);
    let (id, address) = feed(&world, member, json!({ "name": "Derde" })).await;
    done(&world, partner, "calendarFeedRevoke", json!({ "id": id })).await;
    assert_eq!(gone(&address).await, unknown);
    // It ends with its time, with its person, and with its organisation.
    let (id, address) = feed(&world, partner, json!({ "name": "Kort", "copId": circle.cop, "days": 1 })).await;
    assert_eq!(subscribed(&world, &address).await.status, 200);
    let past = match world.database_url.starts_with("sqlite://") {
        true => "'2020-01-01 00:00:00+00:00'",
        false => "'2020-01-01T00:00:00Z'",
    };
    world.sql(&format!("UPDATE calendar_feed SET expires_at = {past} WHERE id = {}", world.literal(&id))).await;
    assert_eq!(gone(&address).await, unknown);
    let (_, address) = feed(&world, partner, json!({ "name": "Kring", "copId": circle.cop })).await;
    let suspend = json!({ "id": world.partner.id });
    assert_eq!(subscribed(&world, &by_graph).await.status, 200);
    done(&world, &world.operator, "organisationSuspend", suspend.clone()).await;
    assert_eq!((gone(&address).await, gone(&by_graph).await), (unknown.clone(), unknown.clone()));
    done(&world, &world.operator, "organisationReactivate", suspend).await;
    assert_eq!((subscribed(&world, &address).await.status, subscribed(&world, &by_graph).await.status), (200, 200));
    done(&world, partner, "personLeave", json!({ "id": circle.member.0 })).await;
    assert_eq!(gone(&by_graph).await, unknown);
    let outsider = json!({ "displayName": "Expert", "external": true });
    let outsider = done(&world, partner, "personCreate", outsider).await;
    let for_outsider = json!({ "name": "x", "personId": outsider });
    assert_eq!(refused(&world, partner, "calendarFeedCreate", for_outsider).await, "NOT_ELIGIBLE");
    let (_, admin) = members::person(&world, &world.partner, "Beheerder").await;
    assert_eq!(get(&world, &admin, "calendar-feeds").await.json()["items"], json!([]));
});
