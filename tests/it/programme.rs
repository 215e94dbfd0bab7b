//! What can be said of a programme at once: how far its concept is complete, who could take part, and who learned from whom.

use crate::{
    harness::{Actor, Surface, World, meta},
    members::{self, done, get, refused},
};
use serde_json::{Value, json};

async fn coverage(world: &World, token: &str, concept: &str) -> Value {
    let by_rest = get(world, token, &format!("concepts/{concept}/coverage")).await.json();
    let query = "query($id: ID!) { conceptCoverage(id: $id) { isComplete elements { elementId code title projectCount \
                 copCount anchoredCount isCovered } } }";
    let by_graph = world.gql(Some(token), query, json!({ "id": concept })).await.json();
    assert_eq!(by_graph["data"]["conceptCoverage"], by_rest, "{by_graph}");
    by_rest
}

fn counts(coverage: &Value) -> Vec<[i64; 3]> {
    let one = |one: &Value| ["projectCount", "copCount", "anchoredCount"].map(|name| one[name].as_i64().unwrap());
    coverage["elements"].as_array().unwrap().iter().map(one).collect()
}

crate::both!(a_concept_is_complete_when_each_element_is_mastered_worked_out_and_anchored, |world| {
    let (host, partner) = (&world.host, &world.partner);
    let concept = done(&world, &host.token, "conceptCreate", json!({ "name": "Klein", "profile": "OPEN" })).await;
    let mut elements = vec![];
    for code in ["A", "B"] {
        let element = json!({ "conceptId": concept, "code": code, "title": format!("Element {code}") });
        elements.push(done(&world, &host.token, "conceptElementAdd", element).await);
    }
    assert_eq!(counts(&coverage(&world, &host.token, &concept).await), [[0, 0, 0], [0, 0, 0]]);
    let project = json!({ "title": "Koploper", "elementId": elements[0] });
    done(&world, &host.token, "frontRunnerProjectCreate", project).await;
    let theme = json!({ "title": "Vraagstuk", "conceptId": concept });
    let theme = done(&world, &host.token, "themeCreate", theme).await;
    let cop = json!({ "title": "Kring", "conceptId": concept, "themeId": theme, "elementIds": [elements[0]] });
    let cop = done(&world, &host.token, "copCreate", cop).await;
    let cancelled = json!({ "title": "Niet", "conceptId": concept, "elementIds": [elements[1]] });
    let cancelled = done(&world, &host.token, "copCreate", cancelled).await;
    done(&world, &host.token, "copCancel", json!({ "id": cancelled, "reason": "Proef" })).await;
    let artefact = json!({ "copId": cop, "kind": "BEST_PRACTICE", "title": "Werkwijze", "body": "Tekst" });
    let artefact = done(&world, &host.token, "artefactCreate", artefact).await;
    done(&world, &host.token, "artefactSubmit", json!({ "id": artefact })).await;
    let anchoring = json!({ "artefactId": artefact, "place": "Rooster", "reviewDate": "2199-01-01" });
    let anchoring = done(&world, &host.token, "anchoringPlan", anchoring).await;
    assert_eq!(counts(&coverage(&world, &host.token, &concept).await), [[1, 1, 0], [0, 0, 0]]);
    done(&world, &host.token, "anchoringAnchor", json!({ "id": anchoring })).await;
    let seen = coverage(&world, &host.token, &concept).await;
    assert_eq!(counts(&seen), [[1, 1, 1], [0, 0, 0]], "a CoP that was cancelled does not count");
    assert_eq!((&seen["isComplete"], &seen["elements"][0]["isCovered"]), (&json!(false), &json!(true)));
    // What names elements counts for these, whatever its CoP works out.
    let named =
        json!({ "copId": cop, "kind": "INSIGHT", "title": "Ook over B", "body": "x", "elementIds": [elements[1]] });
    let named = done(&world, &host.token, "artefactCreate", named).await;
    done(&world, &host.token, "artefactSubmit", json!({ "id": named })).await;
    let plan = json!({ "artefactId": named, "place": "Rooster", "reviewDate": "2199-01-01" });
    let of_named = done(&world, &host.token, "anchoringPlan", plan).await;
    done(&world, &host.token, "anchoringAnchor", json!({ "id": of_named })).await;
    assert_eq!(counts(&coverage(&world, &host.token, &concept).await), [[1, 1, 1], [0, 0, 1]]);
    done(&world, &host.token, "anchoringLapse", json!({ "id": of_named })).await;
    // Of a CoP that was cancelled nothing counts, whatever its artefacts name.
    let stopped = json!({ "title": "Gestopt", "conceptId": concept, "elementIds": [elements[1]] });
    let stopped = done(&world, &host.token, "copCreate", stopped).await;
    let late = json!({ "copId": stopped, "kind": "INSIGHT", "title": "B", "body": "x", "elementIds": [elements[1]] });
    let late = done(&world, &host.token, "artefactCreate", late).await;
    done(&world, &host.token, "artefactSubmit", json!({ "id": late })).await;
    let plan = json!({ "artefactId": late, "place": "Rooster", "reviewDate": "2199-01-01" });
    let of_late = done(&world, &host.token, "anchoringPlan", plan).await;
    done(&world, &host.token, "anchoringAnchor", json!({ "id": of_late })).await;
    assert_eq!(counts(&coverage(&world, &host.token, &concept).await), [[1, 1, 1], [0, 1, 1]]);
    done(&world, &host.token, "copCancel", json!({ "id": stopped, "reason": "Proef" })).await;
    assert_eq!(counts(&coverage(&world, &host.token, &concept).await), [[1, 1, 1], [0, 0, 0]]);
    // The concept is its owner's alone: others are answered as for one that is not there.
    let none = "con_01h455vb4pex5vsknk084sn02q";
    let other = get(&world, &partner.token, &format!("concepts/{concept}/coverage")).await;
    assert_eq!(
        (other.status, get(&world, &partner.token, &format!("concepts/{none}/coverage")).await.status),
        (404, 404)
    );
    assert_eq!(get(&world, &host.weak, &format!("concepts/{concept}/coverage")).await.status, 403);
    // Who anchored whose practice.
    let map = get(&world, &host.token, &format!("anchoring-map?copId={cop}")).await.json();
    assert_eq!(map["pairs"][0]["anchoredCount"], 1, "{map}");
    assert_eq!(map["pairs"][0]["dueForReviewCount"], 0);
    let id = world.literal(&anchoring);
    world.sql(&format!("UPDATE anchoring SET review_date = '2026-01-01' WHERE id = {id}")).await;
    let map = get(&world, &host.token, "anchoring-map").await.json();
    assert_eq!(map["pairs"][0]["dueForReviewCount"], 1, "{map}");
    let due = get(&world, &host.token, "anchorings?dueBy=2026-01-01").await.json();
    assert_eq!((&due["items"][0]["id"], &due["items"][0]["dueForReview"]), (&json!(anchoring), &json!(true)));
    let due = get(&world, &host.token, "anchorings?dueBy=2025-12-31").await.json();
    assert_eq!(due["items"], json!([]));
    // A review waits; who has looked at it says when it is looked at next, and then nothing waits any more.
    let waits = async || {
        let all = get(&world, &host.token, "viewer/waiting-for-me").await.json();
        all["items"].as_array().unwrap().iter().any(|one| one["mutation"] == "anchoringUpdate")
    };
    assert!(waits().await);
    let version = get(&world, &host.token, &format!("anchorings/{anchoring}")).await.json()["version"].clone();
    let reviewed = json!({ "id": anchoring, "version": version, "place": "Weekrooster", "reviewDate": "2199-06-01" });
    done(&world, &host.token, "anchoringUpdate", reviewed).await;
    assert!(!waits().await);
    let seen = get(&world, &host.token, &format!("anchorings/{anchoring}")).await.json();
    assert_eq!(
        (&seen["place"], &seen["state"], &seen["dueForReview"]),
        (&json!("Weekrooster"), &json!("ANCHORED"), &json!(false))
    );
});

crate::both!(what_was_agreed_to_is_agreed_no_more_when_it_is_taken_back, |world| {
    let circle = members::circle(&world).await;
    let (host, partner) = (&world.host.token, &world.partner.token);
    let charter = json!({ "copId": circle.cop, "why": "Omdat", "how": "Zo", "goals": ["Een doel"] });
    let charter = done(&world, host, "charterDraft", charter).await;
    let agreed = async |token: &str| {
        let rest = get(&world, token, &format!("charter-agreements?charterId={charter}")).await.json();
        let query = "query($id: ID!) { charter(id: $id) { agreements { nodes { id organisationId } } } }";
        let graph = world.gql(Some(token), query, json!({ "id": charter })).await.json();
        let nodes = graph["data"]["charter"]["agreements"]["nodes"].as_array().unwrap_or_else(|| panic!("{graph}"));
        let whose = |all: &[Value]| -> Vec<Value> { all.iter().map(|one| one["organisationId"].clone()).collect() };
        let rest = whose(rest["items"].as_array().unwrap());
        assert_eq!(whose(nodes), rest);
        rest
    };
    done(&world, host, "charterPropose", json!({ "id": charter })).await;
    assert_eq!(agreed(host).await, [json!(world.host.id)]);
    // Of an organisation that takes part, its own.
    assert!(agreed(partner).await.is_empty());
    done(&world, host, "charterWithdraw", json!({ "id": charter })).await;
    assert!(agreed(host).await.is_empty(), "the next proposal is another text");
    done(&world, host, "charterPropose", json!({ "id": charter })).await;
    done(&world, partner, "charterAgree", json!({ "id": charter })).await;
    assert_eq!(agreed(host).await.len(), 2);
    assert_eq!(agreed(partner).await, [json!(world.partner.id)]);
    assert_eq!(get(&world, host, &format!("charters/{charter}")).await.json()["state"], "AGREED");
    // What an artefact serves, and what its versions said, is read over REST as well.
    let goal = get(&world, host, &format!("goals?charterId={charter}")).await.json()["items"][0]["id"].clone();
    let artefact = json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Eerste", "body": "x", "goalIds": [goal] });
    let artefact = done(&world, partner, "artefactCreate", artefact).await;
    done(&world, partner, "artefactSubmit", json!({ "id": artefact })).await;
    done(&world, partner, "publicationRequest", json!({ "artefactId": artefact, "audience": "PARTNERS" })).await;
    let free = json!({ "kind": "INSIGHT", "title": "Vrij", "licence": "Mijn eigen licentie" });
    assert_eq!(refused(&world, partner, "artefactCreate", free.clone()).await, "INVALID_VALUE");
    for licence in ["CC-BY-SA-4.0", "EUPL-1.2", "https://creativecommons.org/licenses/by/4.0/"] {
        let mut free = free.clone();
        free["licence"] = json!(licence);
        done(&world, partner, "artefactCreate", free).await;
    }
    let read = get(&world, host, &format!("artefacts/{artefact}")).await.json();
    assert_eq!((&read["goalIds"], &read["title"]), (&json!([goal]), &json!("Eerste")));
    let versions = async |token: &str| {
        let all = get(&world, token, &format!("artefact-versions?artefactId={artefact}")).await.json();
        all["items"].as_array().unwrap().iter().map(|one| one["title"].clone()).collect::<Vec<_>>()
    };
    // Who sees the artefact and not the charter is not told by it which goals there are.
    let version = get(&world, host, &format!("cops/{}", circle.cop)).await.json()["version"].clone();
    let wide =
        json!({ "id": circle.cop, "version": version, "listingAudience": "NETWORK", "contentCeiling": "NETWORK" });
    done(&world, host, "copUpdate", wide).await;
    let shown = json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Netwerk", "body": "x", "goalIds": [goal] });
    let shown = done(&world, partner, "artefactCreate", shown).await;
    done(&world, partner, "artefactSubmit", json!({ "id": shown })).await;
    done(&world, partner, "publicationRequest", json!({ "artefactId": shown, "audience": "NETWORK" })).await;
    for (token, ids) in [(host, json!([goal])), (&world.outsider.token, json!([]))] {
        let read = get(&world, token, &format!("artefacts/{shown}")).await;
        assert_eq!((read.status, &read.json()["goalIds"]), (200, &ids));
    }
    assert_eq!((versions(host).await, versions(&world.outsider.token).await), (vec![json!("Eerste")], vec![]));
});

crate::both!(steps_of_a_guide_make_way, |world| {
    let host = &world.host.token;
    let guide = done(&world, host, "guideCreate", json!({ "titleNl": "Draaiboek" })).await;
    for title in ["een", "twee", "drie"] {
        done(&world, host, "guideStepAdd", json!({ "guideId": guide, "titleNl": title })).await;
    }
    let steps = async || {
        let all = get(&world, host, &format!("guide-steps?guideId={guide}")).await.json();
        all["items"].as_array().unwrap().clone()
    };
    let third = steps().await[2].clone();
    let moved = json!({ "id": third["id"], "version": third["version"], "position": 1 });
    done(&world, host, "guideStepUpdate", moved).await;
    let order: Vec<_> =
        steps().await.iter().map(|one| (one["titleNl"].clone(), one["position"].as_i64().unwrap())).collect();
    assert_eq!(order, [(json!("drie"), 1), (json!("een"), 2), (json!("twee"), 3)]);
});

crate::both!(a_concepts_method_and_parts_are_its_owners_to_change, |world| {
    let (host, partner, evolva) = (&world.host.token, &world.partner.token, &world.evolva.token);
    let concept = done(&world, host, "conceptCreate", json!({ "name": "Eigen" })).await;
    let method = json!({ "id": concept, "membersFrom": "ANYONE", "facilitatorFrom": "HOST", "minimumOrganisations": 3,
        "minimumPlannedSessions": 2, "preconditions": [{ "code": " TIJD ", "title": "Tijd om te leren" }],
        "usualMonthsFrom": 3, "usualMonthsTo": 6, "longestMonths": 9 });
    done(&world, host, "conceptSetProfile", method.clone()).await;
    let path = format!("concepts/{concept}");
    let set = get(&world, host, &path).await.json()["methodProfile"].clone();
    let said = json!({ "membersFrom": "ANYONE", "facilitatorFrom": "HOST", "minimumOrganisations": 3,
        "minimumPlannedSessions": 2, "minimumIntensiveSessions": 0, "charterRequired": false,
        "anchoringRequired": false, "sharingRequired": false,
        "preconditions": [{ "code": "TIJD", "title": "Tijd om te leren" }], "usualMonthsFrom": 3, "usualMonthsTo": 6,
        "longestMonths": 9 });
    assert_eq!(set, said);
    // It is what its CoPs go by.
    let (guide, _) = members::person(&world, &world.host, "Gids").await;
    let theme = done(&world, host, "themeCreate", json!({ "title": "Vraagstuk", "conceptId": concept })).await;
    let long =
        json!({ "title": "Lang", "conceptId": concept, "startDate": "2026-01-01", "plannedEndDate": "2026-10-02" });
    assert_eq!(refused(&world, host, "copCreate", long).await, "PERIOD_TOO_LONG");
    let cop = json!({ "title": "Kring", "conceptId": concept, "themeId": theme, "startDate": "2026-01-01",
        "plannedEndDate": "2026-10-01" });
    let cop = done(&world, host, "copCreate", cop).await;
    done(&world, host, "facilitationAssign", json!({ "copId": cop, "personId": guide, "isPrimary": true })).await;
    done(&world, host, "copRecruit", json!({ "id": cop })).await;
    let activate = json!({ "id": cop });
    let answer = world.op(Surface::Rest, &meta("copActivate"), Some(host), &activate).await.json();
    let codes: Vec<_> = answer["errors"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["TOO_FEW_ORGANISATIONS", "TOO_FEW_SESSIONS"], "{answer}");
    let easier = json!({ "id": concept, "membersFrom": "ANYONE", "facilitatorFrom": "HOST" });
    done(&world, host, "conceptSetProfile", easier).await;
    done(&world, host, "copActivate", activate).await;
    done(&world, host, "conceptSetProfile", method.clone()).await;
    let kept = get(&world, host, &format!("cops/{cop}")).await.json()["methodProfile"]["minimumOrganisations"].clone();
    assert_eq!(kept, 1, "an active CoP keeps the method that it was activated with");
    // What is wrong is said at once, by name.
    let wrong = json!({ "id": concept, "membersFrom": "ANYONE", "facilitatorFrom": "HOST", "minimumOrganisations": 0,
        "minimumPlannedSessions": 101, "minimumIntensiveSessions": -1, "usualMonthsFrom": 6, "longestMonths": 0,
        "preconditions": [{ "code": "A", "title": "x" }, { "code": "A", "title": "" }] });
    let answer = world.op(Surface::Rest, &meta("conceptSetProfile"), Some(host), &wrong).await.json();
    let fields: Vec<_> =
        answer["errors"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect();
    let all = [
        "/minimumOrganisations",
        "/minimumPlannedSessions",
        "/minimumIntensiveSessions",
        "/preconditions/title",
        "/preconditions/code",
        "/usualMonthsFrom",
        "/longestMonths",
    ];
    assert_eq!(fields, all, "{answer}");
    assert_eq!(get(&world, host, &path).await.json()["methodProfile"], said);
    // Elements and focus areas are renamed and moved.
    let mut elements = vec![];
    for code in ["A", "B"] {
        let element = json!({ "conceptId": concept, "code": code, "title": format!("Element {code}") });
        elements.push(done(&world, host, "conceptElementAdd", element).await);
    }
    let change = json!({ "id": elements[0], "version": 1, "code": "C", "title": "Coach", "position": 9 });
    done(&world, host, "conceptElementUpdate", change.clone()).await;
    let seen = get(&world, host, &format!("concept-elements/{}", elements[0])).await.json();
    assert_eq!((&seen["code"], &seen["title"], &seen["position"]), (&json!("C"), &json!("Coach"), &json!(9)));
    assert_eq!(refused(&world, host, "conceptElementUpdate", change).await, "STALE_VERSION");
    let taken = json!({ "id": elements[0], "version": 2, "code": "B" });
    assert_eq!(refused(&world, host, "conceptElementUpdate", taken).await, "ALREADY_EXISTS");
    let taken = json!({ "id": elements[0], "version": 2, "position": 2 });
    assert_eq!(refused(&world, host, "conceptElementUpdate", taken).await, "ALREADY_EXISTS");
    let behind = json!({ "conceptId": concept, "code": "D", "title": "Achteraan" });
    let behind = done(&world, host, "conceptElementAdd", behind).await;
    assert_eq!(get(&world, host, &format!("concept-elements/{behind}")).await.json()["position"], 10);
    let area = done(&world, host, "focusAreaAdd", json!({ "conceptId": concept, "title": "Klimat" })).await;
    let change = json!({ "id": area, "version": 1, "title": "Klimaat", "position": 0 });
    assert_eq!(refused(&world, host, "focusAreaUpdate", change).await, "OUT_OF_RANGE");
    done(&world, host, "focusAreaUpdate", json!({ "id": area, "version": 1, "title": "Klimaat", "position": 2 })).await;
    let seen = get(&world, host, &format!("focus-areas/{area}")).await.json();
    assert_eq!((&seen["title"], &seen["position"]), (&json!("Klimaat"), &json!(2)));
    let next = done(&world, host, "focusAreaAdd", json!({ "conceptId": concept, "title": "Coach" })).await;
    assert_eq!(get(&world, host, &format!("focus-areas/{next}")).await.json()["position"], 3);
    let taken = json!({ "id": next, "version": 1, "position": 2 });
    assert_eq!(refused(&world, host, "focusAreaUpdate", taken).await, "ALREADY_EXISTS");
    // Nobody else's: what others may see is forbidden to them, and what they may not is not there.
    let shared = done(&world, evolva, "conceptCreate", json!({ "name": "Van het netwerk" })).await;
    let element = json!({ "conceptId": shared, "code": "A", "title": "A" });
    let element = done(&world, evolva, "conceptElementAdd", element).await;
    let area = done(&world, evolva, "focusAreaAdd", json!({ "conceptId": shared, "title": "A" })).await;
    let own = [concept, elements[0].clone(), area.clone()];
    for (token, ids, code) in
        [(host, [&shared, &element, &area], "FORBIDDEN"), (partner, [&own[0], &own[1], &area], "NOT_FOUND")]
    {
        let mut method = method.clone();
        method["id"] = json!(ids[0]);
        assert_eq!(refused(&world, token, "conceptSetProfile", method).await, code);
        let change = json!({ "id": ids[1], "version": 1, "title": "x" });
        assert_eq!(refused(&world, token, "conceptElementUpdate", change).await, code);
    }
    let change = json!({ "id": area, "version": 1, "title": "Anders" });
    assert_eq!(refused(&world, host, "focusAreaUpdate", change.clone()).await, "FORBIDDEN");
    done(&world, evolva, "focusAreaUpdate", change).await;
});

/// A project with a front-runner who is found, one who is not, and one who left.
async fn project(world: &World, token: &str, element: &str, audience: &str) -> (String, [String; 2]) {
    let input = json!({ "title": "Koploper", "elementId": element, "strengths": ["Durf"], "audience": audience });
    let project = done(world, token, "frontRunnerProjectCreate", input).await;
    let mut people = vec![];
    for (name, discoverable) in [("Vindbaar", true), ("Onvindbaar", false), ("Vertrokken", true)] {
        let person = json!({ "displayName": name, "discoverable": discoverable });
        let person = done(world, token, "personCreate", person).await;
        let runner = json!({ "projectId": project, "personId": person });
        let runner = done(world, token, "frontRunnerAdd", runner).await;
        people.push((person, runner));
    }
    done(world, token, "personLeave", json!({ "id": people[2].0 })).await;
    (project, [people[0].1.clone(), people[1].1.clone()])
}

/// The counts of candidates over both surfaces.
async fn counts_of(world: &World, token: &str, cop: &str, query: &str) -> Value {
    let by_rest = get(world, token, &format!("cops/{cop}/candidate-counts?{query}")).await;
    assert_eq!(by_rest.status, 200, "{}", by_rest.text);
    let by_rest = by_rest.json();
    let mut input = json!({ "id": cop });
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        input[name] = json!(value);
    }
    let query = "query($id: ID!, $organisationId: ID, $elementId: ID, $strength: String) { candidateCounts(id: $id, \
                 organisationId: $organisationId, elementId: $elementId, strength: $strength) { candidateCount namedCount \
                 organisations { organisationId candidateCount namedCount } elements { elementId candidateCount namedCount } \
                 strengths { strength candidateCount namedCount } } }";
    let by_graph = world.gql(Some(token), query, input).await.json();
    assert_eq!(by_graph["data"]["candidateCounts"], by_rest, "{by_graph}");
    by_rest
}

crate::both!(an_artefact_says_where_it_came_from_and_what_it_serves, |world| {
    let circle = members::circle(&world).await;
    let (host, partner, member) = (&world.host.token, &world.partner.token, &circle.member.1);
    let concept = done(&world, host, "conceptCreate", json!({ "name": "Klein", "profile": "OPEN" })).await;
    let element = json!({ "conceptId": concept, "code": "A", "title": "Element A" });
    let element = done(&world, host, "conceptElementAdd", element).await;
    let charter = json!({ "copId": circle.cop, "why": "Omdat", "goals": ["Een", "Twee"] });
    let charter = done(&world, host, "charterDraft", charter).await;
    let goals = get(&world, host, &format!("goals?charterId={charter}")).await.json()["items"].clone();
    let early = json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Te vroeg", "goalIds": [goals[0]["id"]] });
    assert_eq!(refused(&world, host, "artefactCreate", early).await, "INVALID_VALUE");
    done(&world, host, "charterPropose", json!({ "id": charter })).await;
    done(&world, partner, "charterAgree", json!({ "id": charter })).await;
    let plan = |cop: Value| {
        json!({ "copId": cop, "kind": "REGULAR", "title": "Bijeenkomst", "startsAt": "2199-01-05T09:00:00Z",
                "endsAt": "2199-01-05T12:00:00Z", "timeZone": "Europe/Amsterdam" })
    };
    let session = done(&world, host, "sessionPlan", plan(json!(circle.cop))).await;
    let other = done(&world, host, "copCreate", json!({ "title": "Andere kring" })).await;
    let elsewhere = done(&world, host, "sessionPlan", plan(json!(other))).await;
    let mut write = json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Wat we zagen", "body": "x",
        "audience": "PARTNERS", "sessionId": session, "elementIds": [element, element], "goalIds": [goals[0]["id"]] });
    let artefact = done(&world, host, "artefactCreate", write.clone()).await;
    done(&world, host, "artefactSubmit", json!({ "id": artefact })).await;
    let seen = get(&world, host, &format!("artefacts/{artefact}")).await.json();
    assert_eq!((&seen["sessionId"], &seen["elementIds"]), (&json!(session), &json!([element])), "{seen}");
    // A session of another CoP is none of its own, and one that is not seen is none at all.
    write["sessionId"] = json!(elsewhere);
    assert_eq!(refused(&world, host, "artefactCreate", write.clone()).await, "INVALID_VALUE");
    write["elementIds"] = json!([]);
    write["goalIds"] = json!([]);
    assert_eq!(refused(&world, member, "artefactCreate", write.clone()).await, "UNKNOWN_REFERENCE");
    write["sessionId"] = json!(session);
    let of_member = done(&world, member, "artefactCreate", write.clone()).await;
    write["elementIds"] = json!([element]);
    assert_eq!(refused(&world, member, "artefactCreate", write).await, "UNKNOWN_REFERENCE", "the host's own concept");

    let found = async |token: &str, query: &str| {
        let page = get(&world, token, &format!("artefacts?{query}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let page = page.json();
        page["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>()
    };
    let goal = goals[0]["id"].as_str().unwrap();
    for query in [format!("sessionId={session}"), format!("elementId={element}"), format!("goalId={goal}")] {
        assert!(found(host, &query).await.contains(&json!(artefact)), "{query}");
    }
    assert_eq!(found(host, &format!("goalId={}", goals[1]["id"].as_str().unwrap())).await, Vec::<Value>::new());
    assert_eq!(found(host, &format!("sessionId={elsewhere}")).await, Vec::<Value>::new());
    assert_eq!(
        found(partner, &format!("elementId={element}")).await,
        Vec::<Value>::new(),
        "they do not see the element"
    );
    assert_eq!(found(partner, &format!("goalId={goal}")).await, [json!(artefact)]);
    assert_eq!(found(&world.outsider.token, &format!("goalId={goal}")).await, Vec::<Value>::new());
    let query = "query($id: ID!) { artefact(id: $id) { session { title } goals { nodes { title \
                 artefacts { nodes { id } } } } } }";
    let whole = world.gql(Some(host), query, json!({ "id": artefact })).await.json();
    let of_goal = json!({ "nodes": [{ "title": "Een", "artefacts": { "nodes": [{ "id": artefact }] } }] });
    let expected = json!({ "session": { "title": "Bijeenkomst" }, "goals": of_goal });
    assert_eq!(whole["data"]["artefact"], expected, "{whole}");
    let theirs = world.gql(Some(partner), query, json!({ "id": artefact })).await.json();
    assert_eq!(theirs["data"]["artefact"], expected, "{theirs}");
    let query = "query($id: ID!) { session(id: $id) { artefacts { totalCount nodes { title } } } }";
    let came = async |token: &str| {
        let answer = world.gql(Some(token), query, json!({ "id": session })).await.json();
        answer["data"]["session"]["artefacts"]["totalCount"].clone()
    };
    assert_eq!((came(host).await, came(member).await), (json!(1), json!(2)), "a draft is its authors'");
    // Whoever sees the goal and not what serves it sees the goal alone.
    let hidden = json!({ "id": artefact, "version": seen["version"], "audience": "ORGANISATION" });
    done(&world, host, "artefactUpdate", hidden).await;
    let query = "query($id: ID!) { goal(id: $id) { title artefacts { totalCount } } }";
    for (token, count) in [(host, 1), (partner, 0)] {
        let shown = world.gql(Some(token), query, json!({ "id": goal })).await.json();
        assert_eq!(shown["data"]["goal"], json!({ "title": "Een", "artefacts": { "totalCount": count } }), "{shown}");
    }
    assert_eq!(found(partner, &format!("goalId={goal}")).await, Vec::<Value>::new());
    let seen = get(&world, host, &format!("artefacts/{artefact}")).await.json();
    // What it came from is changed and taken away without a new version of its text.
    let change = json!({ "id": artefact, "version": seen["version"], "sessionId": null, "elementIds": [] });
    done(&world, host, "artefactUpdate", change).await;
    let changed = get(&world, host, &format!("artefacts/{artefact}")).await.json();
    assert_eq!((&changed["sessionId"], &changed["elementIds"]), (&Value::Null, &json!([])));
    assert_eq!((&changed["number"], &changed["state"]), (&seen["number"], &seen["state"]));
    let of_member = get(&world, member, &format!("artefacts/{of_member}")).await.json();
    assert_eq!(of_member["sessionId"], json!(session));
    // Whether others see a session of the host's is between those and the host.
    let free = json!({ "kind": "INSIGHT", "title": "Vrij", "body": "x", "audience": "NETWORK", "sessionId": session });
    let free = done(&world, partner, "artefactCreate", free).await;
    done(&world, partner, "artefactSubmit", json!({ "id": free })).await;
    assert_eq!(get(&world, &world.outsider.token, &format!("artefacts/{free}")).await.json()["sessionId"], Value::Null);
    for organisation in [&world.host, &world.outsider] {
        let told = get(&world, partner, &format!("view-as/{free}?organisationId={}", organisation.id)).await.json();
        assert_eq!((&told["sees"], &told["object"]["sessionId"]), (&json!(true), &json!(session)), "{told}");
    }
    // CoPs are found by the element that they complete, too.
    let completes = json!({ "title": "Voor A", "conceptId": concept, "elementIds": [element] });
    let completes = done(&world, host, "copCreate", completes).await;
    let cops = get(&world, host, &format!("cops?elementId={element}")).await.json();
    assert_eq!((&cops["items"][0]["id"], cops["items"].as_array().unwrap().len()), (&json!(completes), 1));
});

crate::both!(candidates_are_named_where_they_may_be_found_and_counted_elsewhere, |world| {
    let circle = members::circle(&world).await;
    let (host, partner, outsider) = (&world.host, &world.partner, &world.outsider);
    let concept = done(&world, &world.evolva.token, "conceptCreate", json!({ "name": "Netwerk" })).await;
    let element = json!({ "conceptId": concept, "code": "A", "title": "A" });
    let element = done(&world, &world.evolva.token, "conceptElementAdd", element).await;
    let (own, [own_found, own_hidden]) = project(&world, &host.token, &element, "ORGANISATION").await;
    let (shown, [found, hidden]) = project(&world, &partner.token, &element, "NETWORK").await;
    let (quiet, [quiet_found, _]) = project(&world, &partner.token, &element, "ORGANISATION").await;
    let (elsewhere, [not_in, _]) = project(&world, &outsider.token, &element, "NETWORK").await;
    let runners = async |query: &str| {
        let page = get(&world, &host.token, &format!("front-runners?first=100&{query}")).await.json();
        let items = page["items"].as_array().unwrap().clone();
        items.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let candidates = runners(&format!("candidateForCopId={}", circle.cop)).await;
    for (id, is) in [(&own_found, true), (&own_hidden, true), (&found, true), (&hidden, false), (&quiet_found, false)] {
        assert_eq!(candidates.contains(id), is, "{id}");
    }
    assert!(!candidates.contains(&not_in), "of an organisation that takes no part");
    assert!(runners("strength=durf").await.contains(&not_in), "who is found elsewhere can be asked for");
    let named =
        format!("candidateForCopId={}&organisationId={}&elementId={element}&strength=Durf", circle.cop, partner.id);
    assert_eq!(runners(&named).await, std::slice::from_ref(&found));
    assert_eq!(runners(&format!("{named}x")).await, [""; 0]);
    // How many there are is said of a project that the network sees; who left does not count.
    let row = get(&world, &host.token, &format!("front-runner-projects/{shown}")).await.json();
    assert_eq!(row["frontRunnerCount"], 2);
    assert_eq!(get(&world, &host.token, &format!("front-runner-projects/{own}")).await.json()["frontRunnerCount"], 2);
    let shown_to = async |id: &str| get(&world, &host.token, &format!("front-runner-projects/{id}")).await.status;
    assert_eq!((shown_to(&quiet).await, shown_to(&elsewhere).await), (404, 200));
    // Nobody counts twice who works in two projects.
    let second = json!({ "title": "Nog een", "elementId": element, "strengths": ["Durf", "Rust"] });
    let second = done(&world, &host.token, "frontRunnerProjectCreate", second).await;
    let person = get(&world, &host.token, &format!("front-runners/{own_found}")).await.json()["personId"].clone();
    done(&world, &host.token, "frontRunnerAdd", json!({ "projectId": second, "personId": person })).await;
    let numbers = |one: &Value| [&one["candidateCount"], &one["namedCount"]].map(|count| count.as_i64().unwrap());
    let by = |all: &Value, name: &str, id: &str| -> Vec<(String, [i64; 2])> {
        let all = all[name].as_array().unwrap().iter();
        all.map(|one| (one[id].as_str().unwrap().to_owned(), numbers(one))).collect()
    };
    let counts = async |token: &str, query: &str| counts_of(&world, token, &circle.cop, query).await;
    let all = counts(&host.token, "").await;
    assert_eq!(numbers(&all), [4, 3], "{all}");
    let mut organisations = vec![(host.id.to_string(), [2, 2]), (partner.id.to_string(), [2, 1])];
    organisations.sort();
    assert_eq!(by(&all, "organisations", "organisationId"), organisations);
    assert_eq!(by(&all, "elements", "elementId"), [(element.clone(), [4, 3])]);
    assert_eq!(by(&all, "strengths", "strength"), [("durf".to_owned(), [4, 3]), ("rust".to_owned(), [1, 1])]);
    let theirs = format!("organisationId={}&elementId={element}&strength=Durf", partner.id);
    assert_eq!(numbers(&counts(&host.token, &theirs).await), [2, 1]);
    let empty = counts(&host.token, &format!("{theirs}x")).await;
    assert_eq!((numbers(&empty), empty["organisations"].as_array().unwrap().len()), ([0, 0], 0));
    assert_eq!(numbers(&counts(&host.token, "strength=rust").await), [1, 1]);
    assert_eq!(numbers(&counts(&host.token, "strength=").await), [0, 0], "none has a strength without a name");
    assert_eq!(numbers(&counts(&partner.token, "").await), [4, 4], "the host shows its projects to nobody");
    let path = format!("cops/{}/candidate-counts", circle.cop);
    assert_eq!(get(&world, &outsider.token, &path).await.status, 404);
    assert_eq!(get(&world, &host.weak, &path).await.status, 403);
    // An element that one does not see is none.
    let private = done(&world, &partner.token, "conceptCreate", json!({ "name": "Eigen", "profile": "OPEN" })).await;
    let private = json!({ "conceptId": private, "code": "P", "title": "P" });
    let private = done(&world, &partner.token, "conceptElementAdd", private).await;
    let of_private = json!({ "title": "Besloten", "elementId": private, "audience": "NETWORK" });
    let of_private = done(&world, &partner.token, "frontRunnerProjectCreate", of_private).await;
    let somebody = done(&world, &partner.token, "personCreate", json!({ "displayName": "Iemand" })).await;
    let somebody = json!({ "projectId": of_private, "personId": somebody });
    let somebody = done(&world, &partner.token, "frontRunnerAdd", somebody).await;
    let of_element = format!("elementId={private}");
    assert_eq!(numbers(&counts(&partner.token, &of_element).await), [1, 1]);
    assert_eq!(numbers(&counts(&host.token, &of_element).await), [0, 0]);
    let all = counts(&host.token, "").await;
    assert_eq!((numbers(&all), by(&all, "elements", "elementId").len()), ([5, 3], 1), "{all}");
    // Who was put forward is a candidate no more, whether they may be found or not.
    let person = get(&world, &host.token, &format!("front-runners/{found}")).await.json()["personId"].clone();
    let nominate = json!({ "copId": circle.cop, "personId": person });
    done(&world, &host.token, "membershipNominate", nominate).await;
    assert!(!runners(&format!("candidateForCopId={}", circle.cop)).await.contains(&found));
    assert_eq!(numbers(&counts(&host.token, "").await), [4, 2]);
    for id in [&hidden, &somebody] {
        let person = get(&world, &partner.token, &format!("front-runners/{id}")).await.json()["personId"].clone();
        let nominate = json!({ "copId": circle.cop, "personId": person });
        done(&world, &partner.token, "membershipNominate", nominate).await;
    }
    let all = counts(&host.token, "").await;
    assert_eq!(by(&all, "organisations", "organisationId"), [(host.id.to_string(), [2, 2])]);
    let over = done(&world, &host.token, "copCreate", json!({ "title": "Voorbij" })).await;
    let of_over = async || {
        let listed = runners(&format!("candidateForCopId={over}")).await.len();
        (numbers(&counts_of(&world, &host.token, &over, "").await), listed)
    };
    assert_eq!(of_over().await, ([2, 2], 3), "a row for each project");
    done(&world, &host.token, "copCancel", json!({ "id": over, "reason": "Proef" })).await;
    assert_eq!(of_over().await, ([0, 0], 0));
    // A project is narrowed again, and its people with it.
    let version = row["version"].clone();
    let narrow = json!({ "id": shown, "version": version, "audience": "ORGANISATION" });
    assert_eq!(refused(&world, &host.token, "frontRunnerProjectUpdate", narrow.clone()).await, "FORBIDDEN");
    let wrong = json!({ "id": shown, "version": version, "audience": "PUBLIC" });
    assert_eq!(refused(&world, &partner.token, "frontRunnerProjectUpdate", wrong).await, "INVALID_VALUE");
    done(&world, &partner.token, "frontRunnerProjectUpdate", narrow).await;
    assert_eq!(get(&world, &host.token, &format!("front-runners/{found}")).await.status, 404);
});

crate::both!(front_runners_say_what_their_project_gave_and_learned, |world| {
    let circle = members::circle(&world).await;
    let (host, partner) = (&world.host, &world.partner);
    let concept = done(&world, &world.evolva.token, "conceptCreate", json!({ "name": "Netwerk" })).await;
    let element = json!({ "conceptId": concept, "code": "A", "title": "A" });
    let element = done(&world, &world.evolva.token, "conceptElementAdd", element).await;
    let mut sides = vec![];
    for actor in [host, partner] {
        let input = json!({ "title": "Koploper", "elementId": element, "strengths": ["Durf"], "audience": "NETWORK" });
        let project = done(&world, &actor.token, "frontRunnerProjectCreate", input).await;
        let (person, token) = members::person(&world, actor, "Koploper").await;
        done(&world, &actor.token, "frontRunnerAdd", json!({ "projectId": project, "personId": person })).await;
        sides.push((project, token));
    }
    let record = json!({ "givingProjectId": sides[0].0, "receivingProjectId": sides[1].0, "strength": "durf",
        "exchangedDate": "2026-02-01" });
    // Somebody else of the giving organisation does not speak for the project, nor does the other side.
    assert_eq!(refused(&world, &circle.host_member, "exchangeRecord", record.clone()).await, "FORBIDDEN");
    assert_eq!(refused(&world, &sides[1].1, "exchangeRecord", record.clone()).await, "NOT_YOURS");
    let exchange = done(&world, &sides[0].1, "exchangeRecord", record).await;
    let learned = json!({ "id": exchange, "learned": "Gewoon beginnen" });
    assert_eq!(refused(&world, &sides[0].1, "exchangeAcknowledge", learned.clone()).await, "FORBIDDEN");
    let operation = meta("exchangeAcknowledge");
    let by_outsider = world.op(Surface::Rest, &operation, Some(&world.outsider.token), &learned).await;
    assert_eq!(by_outsider.status, 404);
    done(&world, &sides[1].1, "exchangeAcknowledge", learned).await;
    let row = get(&world, &host.token, &format!("exchanges/{exchange}")).await.json();
    assert_eq!((&row["state"], &row["learned"]), (&json!("ACKNOWLEDGED"), &json!("Gewoon beginnen")));
    // Of a CoP, its members see who learned from whom; others outside do not.
    let in_cop = json!({ "givingProjectId": sides[0].0, "receivingProjectId": sides[0].0, "copId": circle.cop,
        "strength": "durf", "exchangedDate": "2026-02-01" });
    assert_eq!(refused(&world, &host.token, "exchangeRecord", in_cop.clone()).await, "INVALID_VALUE");
    let mut in_cop = in_cop;
    in_cop["receivingProjectId"] = json!(sides[1].0);
    let within = done(&world, &host.token, "exchangeRecord", in_cop).await;
    let path = format!("exchanges/{within}");
    assert_eq!(get(&world, &circle.host_member, &path).await.status, 200);
    assert_eq!(get(&world, &world.outsider.token, &path).await.status, 404);
    // Nobody from outside says anything in it, however visible it and its projects are.
    let version = get(&world, &host.token, &format!("cops/{}", circle.cop)).await.json()["version"].clone();
    let wide = json!({ "id": circle.cop, "version": version, "listingAudience": "NETWORK" });
    done(&world, &host.token, "copUpdate", wide).await;
    let own = json!({ "title": "Van buiten", "elementId": element, "strengths": ["Durf"] });
    let own = done(&world, &world.outsider.token, "frontRunnerProjectCreate", own).await;
    let from_outside = json!({ "givingProjectId": own, "receivingProjectId": sides[1].0, "copId": circle.cop,
        "strength": "durf", "exchangedDate": "2026-02-01", "note": "Reclame" });
    let refusal = refused(&world, &world.outsider.token, "exchangeRecord", from_outside.clone()).await;
    assert_eq!(refusal, "NOT_ELIGIBLE");
    let mut elsewhere = from_outside;
    elsewhere.as_object_mut().unwrap().remove("copId");
    done(&world, &world.outsider.token, "exchangeRecord", elsewhere).await;
    // The host takes out of its CoP what does not belong there; the receiving side hears of all of it.
    let said = json!({ "givingProjectId": sides[1].0, "receivingProjectId": sides[0].0, "copId": circle.cop,
        "strength": "durf", "exchangedDate": "2026-02-01" });
    let said = done(&world, &partner.token, "exchangeRecord", said).await;
    assert_eq!(refused(&world, &circle.host_member, "exchangeWithdraw", json!({ "id": said })).await, "FORBIDDEN");
    done(&world, &host.token, "exchangeWithdraw", json!({ "id": said })).await;
    let mut logs = vec![];
    for _ in 0..100 {
        logs = world.logs("nl.evolva.exchange.withdrawn.v1").await;
        if logs.len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(logs.len(), 2, "{logs:?}");
    let query = format!("{{ exchange(id: {within:?}) {{ givingProject {{ title }} cop {{ id }} }} }}");
    let by_graph = world.gql(Some(&partner.token), &query, json!({})).await.json();
    assert_eq!(by_graph["data"]["exchange"]["givingProject"]["title"], "Koploper", "{by_graph}");
});

crate::both!(many_are_chosen_at_once_each_on_its_own_until_the_cop_is_full, |world| {
    let circle = members::circle(&world).await;
    let host = &world.host;
    let path = format!("cops/{}", circle.cop);
    let before = get(&world, &host.token, &path).await.json();
    let room = |seats: i64, version: &Value| json!({ "id": circle.cop, "version": version, "capacity": seats });
    assert_eq!(refused(&world, &host.token, "copUpdate", room(0, &before["version"])).await, "OUT_OF_RANGE");
    let seated = get(&world, &host.token, &format!("memberships?copId={}&state=ACTIVE", circle.cop)).await.json();
    let seated = seated["items"].as_array().unwrap().len() as i64;
    done(&world, &host.token, "copUpdate", room(seated + 2, &before["version"])).await;
    let mut applied = vec![];
    for place in 0..4 {
        let (person, own) = members::person(&world, host, &format!("Kandidaat {place}")).await;
        let apply = json!({ "copId": circle.cop, "personId": person });
        applied.push(done(&world, &own, "membershipApply", apply).await);
    }
    let (_, own) = members::person(&world, host, "Nog zonder ja").await;
    let silent = get(&world, &own, "viewer").await.json()["personId"].clone();
    let nominate = json!({ "copId": circle.cop, "personId": silent });
    let silent = done(&world, &host.token, "membershipNominate", nominate).await;
    let none = "mem_01h455vb4pex5vsknk084sn02q";
    let named = json!({ "membershipIds": [silent, none, applied[0], applied[1], applied[2]] });
    let url = format!("{}/api/v1/cops/{}/select-members", world.base, circle.cop);
    let select = async |token: &str, named: &Value| world.send(world.http.post(&url).json(named), Some(token)).await;
    assert_eq!(select(&circle.host_member, &named).await.status, 403);
    assert_eq!(select(&world.outsider.token, &named).await.status, 404);
    let twice = json!({ "membershipIds": [applied[0], applied[0]] });
    assert_eq!(select(&circle.guide, &twice).await.status, 400);
    assert_eq!(select(&circle.guide, &json!({ "membershipIds": [] })).await.status, 400);
    // Who facilitates the CoP chooses.
    let answer = select(&circle.guide, &named).await.json();
    let said = |one: &Value| (one["id"].clone(), one["done"].clone(), one["errors"][0]["code"].clone());
    let said: Vec<_> = answer["results"].as_array().unwrap().iter().map(said).collect();
    let refused_for = |id: &str, code: &str| (json!(id), json!(false), json!(code));
    let chosen = |id: &str| (json!(id), json!(true), Value::Null);
    assert_eq!(
        said,
        [
            refused_for(&silent, "PERSON_YES_MISSING"),
            refused_for(none, "NOT_FOUND"),
            chosen(&applied[0]),
            chosen(&applied[1]),
            refused_for(&applied[2], "COP_FULL"),
        ],
        "{answer}"
    );
    // A sponsor takes no seat; one that is given back is free again.
    let select_one = |id: &str| json!({ "id": id });
    assert_eq!(refused(&world, &host.token, "membershipSelect", select_one(&applied[2])).await, "COP_FULL");
    done(&world, &host.token, "membershipRemove", json!({ "id": applied[0], "reason": "Vergissing" })).await;
    let mutation = "mutation($input: CopSelectMembersInput!) { copSelectMembers(input: $input) { cop { id } results { id done errors { code } } userErrors { code } } }";
    let input = json!({ "input": { "id": circle.cop, "membershipIds": [applied[2], applied[3]] } });
    let answer = world.gql(Some(&host.token), mutation, input).await.json();
    let results = &answer["data"]["copSelectMembers"]["results"];
    assert_eq!((&results[0]["done"], &results[1]["errors"][0]["code"]), (&json!(true), &json!("COP_FULL")), "{answer}");
    let reject = json!({ "id": circle.cop, "membershipIds": [applied[3], silent], "reason": "De kring is vol" });
    done(&world, &host.token, "copRejectMembers", reject).await;
    let row = get(&world, &host.token, &format!("memberships/{}", applied[3])).await.json();
    assert_eq!((&row["state"], &row["reason"]), (&json!("REJECTED"), &json!("De kring is vol")));
});

crate::both!(of_many_at_once_one_gets_the_last_seat, |world| {
    let circle = members::circle(&world).await;
    let host = &world.host;
    let before = get(&world, &host.token, &format!("cops/{}", circle.cop)).await.json();
    let seated = get(&world, &host.token, &format!("memberships?copId={}&state=ACTIVE", circle.cop)).await.json();
    let seats = seated["items"].as_array().unwrap().len() + 1;
    let room = json!({ "id": circle.cop, "version": before["version"], "capacity": seats });
    done(&world, &host.token, "copUpdate", room).await;
    let session = json!({ "copId": circle.cop, "kind": "REGULAR", "title": "Eén stoel", "capacity": 1,
        "startsAt": "2199-01-01T13:00:00Z", "endsAt": "2199-01-01T16:00:00Z" });
    let session = done(&world, &host.token, "sessionPlan", session).await;
    done(&world, &host.token, "sessionSchedule", json!({ "id": session })).await;
    let (mut applied, mut people) = (vec![], vec![]);
    for place in 0..6 {
        let (person, own) = members::person(&world, host, &format!("Kandidaat {place}")).await;
        let apply = json!({ "copId": circle.cop, "personId": person });
        applied.push(done(&world, &own, "membershipApply", apply).await);
        people.push(person);
    }
    let select = async |id: &String| members::op(&world, &host.token, "membershipSelect", json!({ "id": id })).await;
    let chosen = futures_util::future::join_all(applied.iter().map(select)).await;
    let full = |one: &Result<String, Vec<String>>| one.as_ref().is_err_and(|codes| codes[0] == "COP_FULL");
    assert_eq!(chosen.iter().filter(|one| one.is_ok()).count(), 1, "{chosen:?}");
    assert_eq!(chosen.iter().filter(|one| full(one)).count(), 5, "{chosen:?}");
    // Whoever is in the CoP may come; of those, one gets the seat and the others wait for it.
    let expand = json!({ "id": circle.cop, "capacity": 100,
        "version": get(&world, &host.token, &format!("cops/{}", circle.cop)).await.json()["version"] });
    done(&world, &host.token, "copUpdate", expand).await;
    for (id, done_before) in applied.iter().zip(&chosen) {
        if done_before.is_err() {
            done(&world, &host.token, "membershipSelect", json!({ "id": id })).await;
        }
    }
    let comes = async |person: &String| {
        let input = json!({ "sessionId": session, "personId": person });
        members::op(&world, &host.token, "registrationCreate", input).await
    };
    let came = futures_util::future::join_all(people.iter().map(comes)).await;
    assert!(came.iter().all(Result::is_ok), "{came:?}");
    let counts = get(&world, &host.token, &format!("sessions/{session}")).await.json();
    assert_eq!((&counts["registeredCount"], &counts["waitingCount"]), (&json!(1), &json!(5)), "{counts}");
});

crate::both!(what_one_learned_who_takes_no_part_is_between_the_two_sides, |world| {
    let circle = members::circle(&world).await;
    let (host, partner, outsider) = (&world.host, &world.partner, &world.outsider);
    let concept = done(&world, &world.evolva.token, "conceptCreate", json!({ "name": "Netwerk" })).await;
    let element = json!({ "conceptId": concept, "code": "A", "title": "A" });
    let element = done(&world, &world.evolva.token, "conceptElementAdd", element).await;
    let mut projects = vec![];
    for actor in [host, partner, outsider] {
        projects.push(project(&world, &actor.token, &element, "NETWORK").await.0);
    }
    let passes = async |to: usize, receiver: &Actor| {
        let record = json!({ "givingProjectId": projects[1], "receivingProjectId": projects[to], "strength": "Durf",
            "exchangedDate": "2026-02-01", "copId": circle.cop });
        let exchange = done(&world, &partner.token, "exchangeRecord", record).await;
        let learned = json!({ "id": exchange, "learned": "Klein beginnen" });
        done(&world, &receiver.token, "exchangeAcknowledge", learned).await;
        exchange
    };
    let (to_outside, to_host) = (passes(2, outsider).await, passes(0, host).await);
    let learned = async |token: &str, id: &str| {
        let answer = get(&world, token, &format!("exchanges/{id}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["learned"].clone()
    };
    let words = json!("Klein beginnen");
    for token in [&partner.token, &outsider.token] {
        assert_eq!(learned(token, &to_outside).await, words);
    }
    for token in [&host.token, &circle.host_member] {
        assert_eq!(learned(token, &to_outside).await, Value::Null);
        assert_eq!(learned(token, &to_host).await, words);
    }
    // In the CoP's report, and over GraphQL, it is the same.
    let query = "query($id: ID!) { exchange(id: $id) { state learned } }";
    let shown = world.gql(Some(&circle.host_member), query, json!({ "id": to_outside })).await.json();
    assert_eq!(shown["data"]["exchange"], json!({ "state": "ACKNOWLEDGED", "learned": null }), "{shown}");
});
