//! The figures of CoPs, their reports, and what the operator is told: of what each sees, and of nothing else.

use crate::{
    harness::{Surface, World, meta, statements},
    members::{self, Circle, done, get},
};
use chrono::{Duration, Utc};
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::{Value, json};

fn ago(days: i64) -> String {
    (Utc::now() - Duration::days(days)).format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A session that was held so many days ago, with those of whom it was recorded whether they came.
async fn held(world: &World, circle: &Circle, kind: &str, days: i64, people: &[(&str, Option<bool>)]) -> String {
    let plan = json!({ "copId": circle.cop, "kind": kind, "title": format!("{kind} | {days}"), "startsAt": ago(days),
        "endsAt": ago(days - 1), "place": "Arnhem" });
    let session = done(world, &circle.guide, "sessionPlan", plan).await;
    done(world, &circle.guide, "sessionSchedule", json!({ "id": session })).await;
    let (mut attended, mut absent) = (vec![], vec![]);
    for (person, came) in people {
        let comes = json!({ "sessionId": session, "personId": person });
        let comes = done(world, &circle.guide, "registrationCreate", comes).await;
        match came {
            Some(true) => attended.push(comes),
            Some(false) => absent.push(comes),
            None => {}
        }
    }
    let hold = json!({ "id": session, "reason": "Zonder experts" });
    done(world, &circle.guide, "sessionHold", hold).await;
    if attended.len() + absent.len() > 0 {
        let came = json!({ "id": session, "attended": attended, "absent": absent });
        done(world, &circle.guide, "sessionRecordAttendance", came).await;
    }
    session
}

async fn me(world: &World, token: &str) -> String {
    get(world, token, "viewer").await.json()["personId"].as_str().unwrap().to_owned()
}

/// An agreed charter with two goals, of which the first was reached.
async fn agreed(world: &World, circle: &Circle) -> Vec<String> {
    let charter =
        json!({ "copId": circle.cop, "why": "# Kop\nOmdat `", "how": "Zo", "goals": ["Doel | een", "Doel twee"] });
    let charter = done(world, &world.host.token, "charterDraft", charter).await;
    done(world, &world.host.token, "charterPropose", json!({ "id": charter })).await;
    done(world, &world.partner.token, "charterAgree", json!({ "id": charter })).await;
    let goals = get(world, &world.host.token, &format!("goals?copId={}", circle.cop)).await.json();
    let mut goals: Vec<_> = goals["items"].as_array().unwrap().clone();
    goals.sort_by_key(|goal| goal["position"].as_i64());
    let ids: Vec<_> = goals.iter().map(|goal| goal["id"].as_str().unwrap().to_owned()).collect();
    let reached = json!({ "id": ids[0], "assessment": "REACHED", "note": "Gelukt" });
    done(world, &world.host.token, "goalAssess", reached).await;
    ids
}

async fn dashboard(world: &World, token: &str, cop: &str) -> Value {
    let answer = get(world, token, &format!("cops/{cop}/dashboard")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn codes(dashboard: &Value) -> Vec<&str> {
    dashboard["health"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

/// How many of a list have these values.
fn count(list: &Value, is: &[(&str, &str)]) -> i64 {
    let fits = |one: &&Value| is.iter().all(|(name, value)| one[*name] == *value);
    list.as_array().unwrap().iter().filter(fits).map(|one| one["count"].as_i64().unwrap()).sum()
}

crate::both!(each_reads_the_figures_of_what_they_see, |world| {
    let circle = members::circle(&world).await;
    let (host, partner, outsider) = (&world.host.token, &world.partner.token, &world.outsider.token);
    let (own, member) = (me(&world, &circle.host_member).await, circle.member.0.clone());
    agreed(&world, &circle).await;
    held(&world, &circle, "REGULAR", 90, &[(&own, Some(true)), (&member, Some(true))]).await;
    held(&world, &circle, "HACKATHON", 80, &[(&own, Some(false)), (&member, Some(true))]).await;
    let theirs = held(&world, &circle, "REGULAR", 70, &[(&member, Some(true))]).await;
    held(&world, &circle, "REGULAR", 65, &[(&own, None), (&member, None)]).await;
    // Somebody of Evolva coordinates.
    let coordinator = json!({ "displayName": "Coördinator", "discoverable": true });
    let coordinator = done(&world, &world.evolva.token, "personCreate", coordinator).await;
    let assign = json!({ "copId": circle.cop, "personId": coordinator, "role": "COORDINATOR" });
    done(&world, host, "facilitationAssign", assign).await;
    let (issue, input) = (meta("memberTokenIssue"), json!({ "personId": coordinator }));
    let issued = world.op(Surface::Rest, &issue, Some(&world.evolva.token), &input).await.json();
    let coordinates = issued["accessToken"].as_str().unwrap().to_owned();
    // Somebody who is nominated is known to those who choose.
    let (asked, _) = members::person(&world, &world.host, "Gevraagd").await;
    done(&world, host, "membershipNominate", json!({ "copId": circle.cop, "personId": asked })).await;
    // The partner shares one artefact with members and one with partners, and writes at a third.
    for (title, audience, handed_in) in
        [("Voor leden", "MEMBERS", true), ("Voor partners", "PARTNERS", true), ("Concept", "PARTNERS", false)]
    {
        let artefact =
            json!({ "copId": circle.cop, "kind": "INSIGHT", "title": title, "body": "x", "audience": audience });
        let artefact = done(&world, partner, "artefactCreate", artefact).await;
        if handed_in {
            done(&world, partner, "artefactSubmit", json!({ "id": artefact })).await;
            done(&world, &circle.guide, "artefactValidate", json!({ "id": artefact })).await;
            let plan = json!({ "artefactId": artefact, "place": "Rooster", "reviewDate": "2199-01-01" });
            let anchoring = done(&world, partner, "anchoringPlan", plan).await;
            done(&world, partner, "anchoringAnchor", json!({ "id": anchoring })).await;
            let late =
                format!("UPDATE anchoring SET review_date = '2026-01-01' WHERE id = {}", world.literal(&anchoring));
            world.sql(&late).await;
        }
    }
    let wide = json!({ "id": circle.cop, "version": get(&world, host, &format!("cops/{}", circle.cop)).await.json()["version"],
        "listingAudience": "NETWORK" });
    done(&world, host, "copUpdate", wide).await;

    // Who, what they are to it, and who came to the four sessions: nobody recorded it at the last.
    let (all, both) = (json!([100, 50, 100, null]), json!([null, null, 100, null]));
    for (who, token, sight, came, members, artefacts) in [
        ("the host", host, "HOST", &all, 8, 1),
        ("the facilitator, of the host", &circle.guide, "HOST", &all, 8, 2),
        ("the coordinator, of Evolva", &coordinates, "GUIDE", &all, 8, 2),
        ("a member of the partner", &circle.member.1, "MEMBER", &all, 3, 2),
        ("the partner", partner, "PARTNER", &both, 0, 3),
        ("a colleague who is no member", &circle.colleague.1, "PARTNER", &both, 0, 2),
    ] {
        let seen = dashboard(&world, token, &circle.cop).await;
        assert_eq!(seen["sight"], sight, "{who}");
        let sessions = &seen["sessions"];
        assert_eq!((&sessions["heldCount"], &sessions["intensiveHeldCount"]), (&json!(4), &json!(1)), "{who}");
        let trend = sessions["attendance"].as_array().unwrap();
        let percent: Vec<_> = trend.iter().map(|one| one["attendedPercent"].clone()).collect();
        assert_eq!(json!(percent), *came, "{who}: {sessions}");
        let registered: Vec<_> = trend.iter().map(|one| one["registeredCount"].clone()).collect();
        assert_eq!(json!(registered), json!([2, 2, 1, 2]), "{who}");
        assert_eq!(trend[2]["sessionId"], theirs);
        assert_eq!(sessions["daysSinceLast"], 65, "{who}");
        assert_eq!(seen["members"].as_array().map_or(0, Vec::len), members, "{who}: {}", seen["members"]);
        assert_eq!((&seen["memberCount"], &seen["goals"]["totalCount"]), (&json!(2), &json!(2)), "{who}");
        assert_eq!(
            (&seen["goals"]["unassessedCount"], count(&seen["goals"]["assessed"], &[("assessment", "REACHED")])),
            (&json!(1), 1)
        );
        assert_eq!(
            seen["artefacts"].as_array().unwrap().iter().map(|one| one["count"].as_i64().unwrap()).sum::<i64>(),
            artefacts,
            "{who}: {}",
            seen["artefacts"]
        );
        // What of its members' own is anchored, the host does not know.
        let overdue = if who == "the host" { 1 } else { 2 };
        assert_eq!(seen["anchorings"]["overdueCount"], overdue, "{who}: of the artefacts that they see");
        assert_eq!(codes(&seen), ["NO_RECENT_SESSION", "NO_NEXT_SESSION", "REVIEWS_OVERDUE"], "{who}");
    }
    let seen = dashboard(&world, host, &circle.cop).await;
    assert_eq!(count(&seen["members"], &[("state", "ACTIVE")]), 2);
    assert_eq!(count(&seen["members"], &[("state", "NOMINATED")]), 1);
    assert_eq!(count(&seen["sessions"]["counts"], &[("kind", "REGULAR"), ("state", "HELD")]), 3);
    assert_eq!(seen["nextSteps"][0]["to"], "HARVESTING");
    assert_eq!(seen["nextSteps"][0]["blockedBy"][0]["code"], "GOALS_NOT_ASSESSED");
    assert_eq!(dashboard(&world, partner, &circle.cop).await["nextSteps"], json!([]));
    // An organisation to which it is listed sees that it is there, and no figure that would look like none.
    let listed = dashboard(&world, outsider, &circle.cop).await;
    assert_eq!((&listed["sight"], &listed["memberCount"]), (&json!("LISTING"), &json!(2)));
    for hidden in ["sessions", "members", "goals", "guides"] {
        assert_eq!(listed[hidden], Value::Null, "{hidden}");
    }
    assert_eq!(
        (&listed["artefacts"], &listed["anchorings"]["counts"], codes(&listed).len()),
        (&json!([]), &json!([]), 0)
    );
    // The same over GraphQL, with findings in the language that was asked for.
    let query = "query($id: ID!) { copDashboard(id: $id) { sight sessions { heldCount attendance { attendedPercent } } \
                 health { code message value threshold } csv } }";
    let by_graph = world.gql(Some(host), query, json!({ "id": circle.cop })).await.json();
    let by_graph = &by_graph["data"]["copDashboard"];
    assert_eq!(by_graph["health"], seen["health"]);
    assert_eq!(by_graph["health"][0]["message"], "No session was held for 65 days.");
    let url = format!("{}/api/v1/cops/{}/dashboard", world.base, circle.cop);
    let dutch = world.send(world.http.get(url).header("Accept-Language", "nl"), Some(host)).await.json();
    assert_eq!(dutch["health"][0]["message"], "Er is 65 dagen geen bijeenkomst gehouden.");
    // What is planned is found no more.
    let plan =
        json!({ "copId": circle.cop, "kind": "REGULAR", "title": "Later", "startsAt": ago(-10), "endsAt": ago(-11) });
    let next = done(&world, &circle.guide, "sessionPlan", plan).await;
    assert!(codes(&dashboard(&world, host, &circle.cop).await).contains(&"NO_NEXT_SESSION"), "a draft is not planned");
    done(&world, &circle.guide, "sessionSchedule", json!({ "id": next })).await;
    let seen = dashboard(&world, partner, &circle.cop).await;
    assert_eq!(codes(&seen), ["NO_RECENT_SESSION", "REVIEWS_OVERDUE"]);
    assert_eq!(seen["sessions"]["daysUntilNext"], 9);
    // Towards the end, and after it.
    let ends = async |days: i64| {
        let version = get(&world, host, &format!("cops/{}", circle.cop)).await.json()["version"].clone();
        let end = (Utc::now() + Duration::days(days)).date_naive();
        done(&world, host, "copUpdate", json!({ "id": circle.cop, "version": version, "plannedEndDate": end })).await;
        dashboard(&world, host, &circle.cop).await
    };
    let seen = ends(20).await;
    assert!(codes(&seen).contains(&"GOALS_UNASSESSED_NEAR_END") && seen["isOverdue"] == false, "{seen}");
    let seen = ends(-3).await;
    assert!(codes(&seen).contains(&"PERIOD_OVER") && seen["isOverdue"] == true, "{seen}");
    assert_eq!(seen["daysLeft"], -3);
    assert_eq!(get(&world, &world.host.weak, &format!("cops/{}/dashboard", circle.cop)).await.status, 403);
});

crate::both!(attendance_that_falls_is_found, |world| {
    let circle = members::circle(&world).await;
    let (own, member) = (me(&world, &circle.host_member).await, circle.member.0.clone());
    for (days, came) in [(36, true), (35, true), (34, true), (23, false), (22, false), (21, false)] {
        held(&world, &circle, "REGULAR", days, &[(&own, Some(came)), (&member, Some(true))]).await;
    }
    let seen = dashboard(&world, &world.host.token, &circle.cop).await;
    let falling = seen["health"].as_array().unwrap().iter().find(|one| one["code"] == "ATTENDANCE_FALLING").unwrap();
    assert_eq!((&falling["value"], &falling["threshold"]), (&json!(50), &json!(100)));
    // Who does not see who came is not told that it falls.
    assert!(!codes(&dashboard(&world, &world.partner.token, &circle.cop).await).contains(&"ATTENDANCE_FALLING"));
});

crate::both!(the_cops_of_an_organisation_in_as_many_statements_as_one, |world| {
    let circle = members::circle(&world).await;
    held(&world, &circle, "REGULAR", 20, &[(&circle.member.0, Some(true))]).await;
    let (host, partner, outsider) = (&world.host.token, &world.partner.token, &world.outsider.token);
    let ids = async |token: &str, query: &str| {
        let page = get(&world, token, &format!("cop-dashboards?{query}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let page = page.json();
        let ids = page["items"].as_array().unwrap().iter().map(|one| one["copId"].as_str().unwrap().to_owned());
        (ids.collect::<Vec<_>>(), page["pageInfo"].clone())
    };
    let (one, (found, _)) = statements(async || ids(host, "").await).await;
    assert_eq!(found, [circle.cop.as_str()]);
    let mut drafts = vec![];
    for title in ["=1+1", "Tweede", "Derde"] {
        drafts.push(done(&world, host, "copCreate", json!({ "title": title })).await);
    }
    let (four, (found, _)) = statements(async || ids(host, "").await).await;
    assert_eq!(found, [drafts[2].as_str(), &drafts[1], &drafts[0], &circle.cop]);
    assert_eq!(four, one, "of four CoPs as of one");
    assert_eq!(ids(host, "status=ACTIVE").await.0, [circle.cop.as_str()]);
    assert_eq!(ids(host, "involvement=HOST&status=DRAFT").await.0.len(), 3);
    assert_eq!(ids(host, "involvement=PARTICIPANT").await.0.len(), 0);
    assert_eq!(ids(partner, "involvement=PARTICIPANT").await.0, [circle.cop.as_str()]);
    assert_eq!((ids(partner, "").await.0.len(), ids(partner, "involvement=HOST").await.0.len()), (1, 0));
    assert_eq!(ids(outsider, "").await.0.len(), 0);
    let (first, page) = ids(host, "first=3").await;
    assert_eq!((first.len(), &page["hasNextPage"]), (3, &json!(true)));
    let (rest, page) = ids(host, &format!("first=3&after={}", page["endCursor"].as_str().unwrap())).await;
    assert_eq!((rest, &page["hasNextPage"]), (vec![circle.cop.clone()], &json!(false)));
    for wrong in ["first=0", "first=101", "first=x", "status=NIETS", "niets=1"] {
        assert_eq!(get(&world, host, &format!("cop-dashboards?{wrong}")).await.status, 400, "{wrong}");
    }
    let query =
        "{ copDashboards(first: 2, involvement: HOST) { nodes { copId } pageInfo { endCursor hasNextPage } csv } }";
    let by_graph = world.gql(Some(host), query, json!({})).await.json();
    let by_graph = &by_graph["data"]["copDashboards"];
    assert_eq!(by_graph["nodes"].as_array().unwrap().len(), 2, "{by_graph}");

    // The same as rows, read by the library that reads CSV.
    let read = |text: &str| -> Vec<std::collections::HashMap<String, String>> {
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        reader.deserialize().map(|row| row.unwrap()).collect()
    };
    let answer = get(&world, host, "cop-figures.csv?first=3").await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert!(answer.text.starts_with("copId,title,status,hostId,sight,") && answer.text.contains("\r\n"));
    let rows = read(&answer.text);
    assert_eq!((rows.len(), rows[2]["title"].as_str()), (3, "'=1+1"), "no spreadsheet takes a title for a formula");
    let link = answer.header("link").split(['<', '>']).nth(1).unwrap().to_owned();
    let rest = read(&world.get(&link, Some(host)).await.text);
    assert_eq!((rest.len(), rest[0]["copId"].as_str()), (1, circle.cop.as_str()));
    let cells = ["sessionsHeld", "lastAttendedPercent", "membersActive", "daysLeft"].map(|name| rest[0][name].as_str());
    assert_eq!(cells, ["1", "100", "2", ""]);
    assert_eq!(read(by_graph["csv"].as_str().unwrap()).len(), 2);
    // What somebody is not shown is an empty cell, and not a nought.
    let answer = get(&world, partner, &format!("cops/{}/figures.csv", circle.cop)).await;
    let rows = read(&answer.text);
    assert_eq!((rows.len(), rows[0]["membersActive"].as_str(), rows[0]["sessionsHeld"].as_str()), (1, "", "1"));
    let etag = answer.header("etag").to_owned();
    let url = format!("{}/api/v1/cops/{}/figures.csv", world.base, circle.cop);
    let again = world.send(world.http.get(url).header("If-None-Match", etag), Some(partner)).await;
    assert_eq!(again.status, 304);
    for path in ["figures.csv", "report.md", "report", "dashboard"] {
        assert_eq!(get(&world, outsider, &format!("cops/{}/{path}", circle.cop)).await.status, 404, "{path}");
        assert_eq!(get(&world, &world.host.weak, &format!("cops/{}/{path}", circle.cop)).await.status, 403, "{path}");
    }
});

async fn markdown(world: &World, token: &str, cop: &str, language: &str) -> String {
    let url = format!("{}/api/v1/cops/{cop}/report.md", world.base);
    let answer = world.send(world.http.get(url).header("Accept-Language", language), Some(token)).await;
    assert_eq!((answer.status, answer.header("content-language")), (200, language), "{}", answer.text);
    assert_eq!(answer.header("content-type"), "text/markdown; charset=utf-8");
    answer.text
}

/// The headings of a document by their level, each with its text.
fn headings(text: &str) -> Vec<(u8, String)> {
    let mut all: Vec<(u8, String)> = vec![];
    let mut open = false;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                all.push((level as u8, String::new()));
                open = true;
            }
            Event::End(pulldown_cmark::TagEnd::Heading(_)) => open = false,
            Event::Text(text) | Event::Code(text) if open => all.last_mut().unwrap().1.push_str(&text),
            Event::Html(_) | Event::InlineHtml(_) => panic!("HTML in {text}"),
            _ => {}
        }
    }
    all
}

crate::both!(a_report_is_whole_and_nobodys_text_leaves_its_place, |world| {
    let circle = members::circle(&world).await;
    let (host, partner, outsider) = (&world.host.token, &world.partner.token, &world.outsider.token);
    let goals = agreed(&world, &circle).await;
    let own = me(&world, &circle.host_member).await;
    let hackathon =
        held(&world, &circle, "HACKATHON", 80, &[(&own, Some(true)), (&circle.member.0, Some(false))]).await;
    let clinic =
        json!({ "copId": circle.cop, "kind": "CLINIC", "title": "## Clinic", "startsAt": ago(10), "endsAt": ago(9) });
    let clinic = done(&world, &circle.guide, "sessionPlan", clinic).await;
    let expert = json!({ "displayName": "Expert <b>Eén</b>", "external": true });
    let expert = done(&world, host, "personCreate", expert).await;
    let expert = json!({ "sessionId": clinic, "personId": expert, "perspective": "DIDACTIC", "subject": "Leren" });
    done(&world, host, "expertContributionInvite", expert).await;
    done(&world, &circle.guide, "sessionSchedule", json!({ "id": clinic })).await;
    done(&world, &circle.guide, "sessionHold", json!({ "id": clinic })).await;
    let said = json!({ "id": hackathon, "planned": "Een *plan*", "happened": "# Veel\n\n```\nopen", "why": "Daarom",
        "learned": "Meer\n---\n<script>" });
    done(&world, host, "sessionReport", said).await;
    let artefact = json!({ "copId": circle.cop, "kind": "BEST_PRACTICE", "title": "Werkwijze | a\\|b\n# [x](y)", "body": "Tekst",
        "summary": "<!-- open", "licence": "CC-BY-4.0", "audience": "PARTNERS", "goalIds": [goals[0]] });
    let artefact = done(&world, partner, "artefactCreate", artefact).await;
    let draft =
        json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Nog niet af", "body": "x", "audience": "PARTNERS" });
    done(&world, partner, "artefactCreate", draft).await;
    done(&world, partner, "artefactSubmit", json!({ "id": artefact })).await;
    done(&world, &circle.guide, "artefactValidate", json!({ "id": artefact })).await;
    let plan = json!({ "artefactId": artefact, "place": "Het | rooster", "reviewDate": "2199-01-01" });
    done(&world, partner, "anchoringPlan", plan).await;
    done(&world, host, "sessionShowArtefact", json!({ "sessionId": clinic, "artefactId": artefact })).await;
    let wide = json!({ "id": circle.cop, "version": get(&world, host, &format!("cops/{}", circle.cop)).await.json()["version"],
        "title": "De kring\n# *Kop*", "listingAudience": "NETWORK" });
    done(&world, host, "copUpdate", wide).await;

    let report = get(&world, host, &format!("cops/{}/report", circle.cop)).await.json();
    assert_eq!(report["charter"]["goals"][0]["shownBy"][0], "Werkwijze | a\\|b\n# [x](y)", "{report}");
    assert_eq!(report["charter"]["goals"][0]["note"], "Gelukt");
    assert_eq!(report["sessions"][0]["learned"], "Meer\n---\n<script>");
    assert_eq!(report["sessions"][0]["attendance"]["attendedCount"], 1);
    assert_eq!(report["sessions"][1]["experts"][0]["name"], "Expert <b>Eén</b>");
    assert_eq!(report["artefacts"].as_array().unwrap().len(), 1, "what is still written is no result yet");
    assert_eq!(
        (&report["artefacts"][0]["licence"], &report["artefacts"][0]["organisationName"]),
        (&json!("CC-BY-4.0"), &json!("partner"))
    );
    assert_eq!(report["anchorings"][0]["place"], "Het | rooster");
    assert_eq!(
        (&report["showings"][0]["sessionTitle"], &report["organisations"][0]["name"]),
        (&json!("## Clinic"), &json!("partner"))
    );
    assert_eq!((&report["facilitatorName"], &report["truncated"]), (&json!("Begeleider"), &json!([])));
    let guide = &report["guides"][0];
    assert_eq!((&guide["role"], &guide["name"]), (&json!("FACILITATOR"), &json!("Begeleider")));
    assert_eq!((&guide["organisationName"], &guide["endDate"]), (&json!("host"), &Value::Null));
    let counts = |report: &Value| -> Vec<(String, i64)> {
        let of =
            |one: &Value| (one["organisationName"].as_str().unwrap().to_owned(), one["memberCount"].as_i64().unwrap());
        report["members"].as_array().unwrap().iter().map(of).collect()
    };
    let (of_host, of_partner) = (("host".to_owned(), 1), ("partner".to_owned(), 1));
    assert_eq!(counts(&report), [of_host, of_partner.clone()]);
    let text = markdown(&world, host, &circle.cop, "nl").await;
    let own: Vec<_> = headings(&text).into_iter().filter(|(level, _)| *level < 6).collect();
    let named: Vec<_> = own.iter().map(|(level, text)| (*level, text.as_str())).collect();
    assert_eq!(named[0], (1, "Verslag: De kring # *Kop*"), "{text}");
    let parts: Vec<_> = named.iter().filter(|(level, _)| *level == 2).map(|(_, text)| *text).collect();
    let all = [
        "Begeleiding",
        "Cijfers",
        "Charter",
        "Bijeenkomsten",
        "Resultaten",
        "Borging",
        "Getoond op clinics en netwerkbijeenkomsten",
    ];
    assert_eq!(parts, all, "{text}");
    assert!(named.contains(&(4, "Wat leren we ervan?")), "{named:?}");
    assert!(
        text.contains(
            "| Werkwijze &#124; a\\\\&#124;b \\# \\[x\\](y) | Gevalideerd | partner | &lt;\\!-- open | CC-BY-4.0 |"
        ),
        "{text}"
    );
    // Every row of a table has as many cells as its head.
    let mut head = 0;
    for line in text.lines() {
        let cells = if line.starts_with('|') { line.matches('|').count() } else { 0 };
        assert!(head == 0 || cells == 0 || cells == head, "{line}");
        head = cells;
    }
    let english = markdown(&world, host, &circle.cop, "en").await;
    assert_eq!(headings(&english)[2].1, "Figures");
    let query = "query($id: ID!) { copReport(id: $id) { markdown } }";
    let by_graph = world.gql(Some(host), query, json!({ "id": circle.cop })).await.json();
    assert_eq!(by_graph["data"]["copReport"]["markdown"], english);

    // Each reads what they see: the partner not who came, nor who the expert is; who reads the listing nothing of the content.
    let report = get(&world, partner, &format!("cops/{}/report", circle.cop)).await.json();
    assert_eq!(report["sessions"][0]["attendance"]["attendedCount"], Value::Null);
    assert_eq!((counts(&report), &report["guides"]), (vec![of_partner], &json!([])), "its own, and nobody's name");
    assert_eq!(report["sessions"][1]["experts"][0]["perspective"], "DIDACTIC");
    assert_eq!(report["sessions"][1]["experts"][0]["name"], Value::Null);
    let seen = markdown(&world, partner, &circle.cop, "nl").await;
    assert!(!seen.contains("Expert &lt;b") && text.contains("Expert &lt;b&gt;Eén&lt;/b&gt;"), "{seen}");
    let report = get(&world, outsider, &format!("cops/{}/report", circle.cop)).await.json();
    assert_eq!((&report["charter"], &report["sessions"], &report["artefacts"]), (&Value::Null, &json!([]), &json!([])));
    assert_eq!(
        (&report["hostName"], &report["organisations"], &report["facilitatorName"]),
        (&json!("host"), &json!([]), &Value::Null)
    );
});

crate::both!(a_guide_is_looked_at_over_all_cops_that_follow_it, |world| {
    let (host, partner) = (&world.host.token, &world.partner.token);
    let circle = members::circle(&world).await;
    let guide = done(&world, &world.evolva.token, "guideCreate", json!({ "titleNl": "Tien stappen" })).await;
    let mut steps = vec![];
    for title in ["Een", "Twee", "Drie"] {
        let step = json!({ "guideId": guide, "titleNl": title });
        steps.push(done(&world, &world.evolva.token, "guideStepAdd", step).await);
    }
    let other = done(&world, host, "copCreate", json!({ "title": "Nog een" })).await;
    for (cop, step, state) in
        [(&circle.cop, 0, "DONE"), (&circle.cop, 1, "DOING"), (&other, 0, "DONE"), (&other, 2, "SKIPPED")]
    {
        let said = json!({ "copId": cop, "stepId": steps[step], "state": state });
        done(&world, host, "stepProgressRecord", said).await;
    }
    done(&world, &world.evolva.token, "guideStepDrop", json!({ "id": steps[2] })).await;
    let seen = get(&world, host, &format!("guides/{guide}/overview")).await.json();
    let titles: Vec<_> = seen["steps"].as_array().unwrap().iter().map(|one| one["titleNl"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Een", "Twee"], "{seen}");
    assert_eq!(count(&seen["steps"][0]["counts"], &[("state", "DONE")]), 2);
    assert_eq!(count(&seen["steps"][1]["counts"], &[("state", "DOING")]), 1);
    assert_eq!(seen["cops"].as_array().unwrap().len(), 2);
    // The partner takes part in one of them; Evolva made the guide and sees neither.
    let seen = get(&world, partner, &format!("guides/{guide}/overview")).await.json();
    assert_eq!(
        (seen["cops"].as_array().unwrap().len(), count(&seen["steps"][0]["counts"], &[("state", "DONE")])),
        (1, 1)
    );
    let seen = get(&world, &world.evolva.token, &format!("guides/{guide}/overview")).await.json();
    assert_eq!((&seen["cops"], count(&seen["steps"][0]["counts"], &[("state", "DONE")])), (&json!([]), 0));
    let of_cop = dashboard(&world, partner, &circle.cop).await["guides"][0].clone();
    assert_eq!((&of_cop["stepCount"], count(&of_cop["counts"], &[("state", "DONE")])), (&json!(2), 1), "{of_cop}");
});

crate::both!(the_operator_is_told_how_much_there_is_and_nothing_else, |world| {
    let circle = members::circle(&world).await;
    held(&world, &circle, "REGULAR", 20, &[]).await;
    held(&world, &circle, "REGULAR", 100, &[]).await;
    done(&world, &world.outsider.token, "copCreate", json!({ "title": "Geheim plan" })).await;
    let answer = get(&world, &world.operator, "network-overview").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(!answer.text.contains("Geheim") && !answer.text.contains("cop_") && !answer.text.contains("De kring"));
    let seen = answer.json();
    let of = |name: &str| {
        let all = seen["organisations"].as_array().unwrap();
        all.iter().find(|one| one["name"] == name).unwrap()["counts"].clone()
    };
    let cops = |counts: &Value, status: &str| count(&counts["cops"], &[("status", status)]);
    let (host, partner, outsider) = (of("host"), of("partner"), of("outsider"));
    assert_eq!((cops(&host, "ACTIVE"), cops(&host, "DRAFT"), cops(&outsider, "DRAFT")), (1, 0, 1));
    assert_eq!(
        (&host["sessionsHeldCount"], &host["activeMemberCount"], &partner["activeMemberCount"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!((&partner["participationCount"], &host["participationCount"]), (&json!(1), &json!(0)));
    assert_eq!((cops(&seen["all"], "ACTIVE"), &seen["all"]["activeMemberCount"]), (1, &json!(2)));
    let query = "{ networkOverview { all { cops { status count } activeMemberCount } isTruncated } }";
    let by_graph = world.gql(Some(&world.operator), query, json!({})).await.json();
    assert_eq!(by_graph["data"]["networkOverview"]["all"]["cops"], seen["all"]["cops"]);
    // No organisation is told of the others, the operator's own not either.
    for (who, token) in [("the host", &world.host.token), ("the operator's organisation", &world.evolva.token)] {
        let answer = get(&world, token, "network-overview").await;
        assert_eq!((answer.status, answer.json()["code"].clone()), (403, json!("INSUFFICIENT_SCOPE")), "{who}");
    }
    // And the operator reads nothing of a CoP.
    for path in ["dashboard", "report", "report.md", "figures.csv"] {
        assert_eq!(get(&world, &world.operator, &format!("cops/{}/{path}", circle.cop)).await.status, 403, "{path}");
    }
    assert_eq!(get(&world, &world.operator, "cop-dashboards").await.status, 403);
});
