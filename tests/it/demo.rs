//! The demo, as its user starts it: every organisation has something in each list, and the method is there from the first
//! nomination to what is to be looked at again.

use crate::{
    harness::settings_for,
    program::{Server, folder, free_port},
};
use evolva_api::contract;
use evolva_persistence::Dialect;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What rows of a list say, each somewhere in the demo.
const SAID: &[(&str, &str, &[&str])] = &[
    ("/cops", "status", &["DRAFT", "RECRUITING", "ACTIVE", "HARVESTING", "CLOSED", "CANCELLED"]),
    ("/charters", "state", &["DRAFT", "PROPOSED", "AGREED"]),
    ("/goals", "assessment", &["REACHED", "PARTLY", "NOT_REACHED"]),
    ("/participations", "state", &["INVITED", "REQUESTED", "ACCEPTED", "DECLINED"]),
    ("/memberships", "state", &["NOMINATED", "APPLIED", "SELECTED", "ACTIVE", "COMPLETED", "REJECTED", "WITHDRAWN"]),
    ("/memberships", "role", &["LEAD", "MEMBER"]),
    ("/sessions", "kind", &["REGULAR", "HACKATHON", "OPEN_SPACE", "CLINIC", "NETWORK_MEETING"]),
    ("/sessions", "state", &["DRAFT", "SCHEDULED", "HELD", "REPORTED", "CANCELLED"]),
    ("/cops", "listingAudience", &["PARTNERS", "NETWORK", "PUBLIC"]),
    ("/sessions", "audience", &["PARTNERS", "NETWORK"]),
    ("/agenda-items", "state", &["PROPOSED", "PLANNED"]),
    ("/registrations", "state", &["REGISTERED", "WAITING", "CANCELLED"]),
    ("/expert-contributions", "perspective", &["DIDACTIC", "CHANGE_MANAGEMENT", "ORGANISATIONAL"]),
    ("/artefacts", "kind", &["BEST_PRACTICE", "LESSON_LEARNED", "EXPERIENCE", "INSIGHT", "OUTCOME", "PRACTICAL_AID"]),
    ("/artefacts", "state", &["DRAFT", "SUBMITTED", "VALIDATED", "RETIRED"]),
    ("/lesson-steps", "state", &["IDENTIFIED", "ACTIONED", "LEARNED"]),
    ("/publications", "state", &["REQUESTED", "PUBLISHED", "WITHDRAWN"]),
    ("/publication-approvals", "state", &["AWAITED", "GIVEN", "REVOKED"]),
    ("/anchorings", "state", &["PLANNED", "ANCHORED", "LAPSED"]),
    ("/exchanges", "state", &["RECORDED", "ACKNOWLEDGED"]),
    ("/step-progress", "state", &["TODO", "DOING", "DONE", "SKIPPED"]),
    ("/contact-requests", "state", &["NEW", "ASSIGNED", "ANSWERED", "CLOSED", "SPAM"]),
];

/// What may be empty and is not everywhere.
const FILLED: &[(&str, &str)] = &[
    ("/cops", "predecessorId"),
    ("/cops", "capacity"),
    ("/goals", "waiverReason"),
    ("/sessions", "recordingUrl"),
    ("/registrations", "broughtById"),
    ("/exchanges", "copId"),
    ("/comments", "parentId"),
];

/// All rows of a list.
async fn all(http: &reqwest::Client, base: &str, list: &str, token: &str) -> Vec<Value> {
    let (mut rows, mut after) = (vec![], String::new());
    let separator = if list.contains('?') { '&' } else { '?' };
    loop {
        let request = http.get(format!("{base}/api/v1{list}{separator}first=100{after}")).bearer_auth(token);
        let page: Value = request.send().await.unwrap().json().await.unwrap();
        rows.extend(page["items"].as_array().unwrap_or_else(|| panic!("{list}: {page}")).iter().cloned());
        if page["pageInfo"]["hasNextPage"] != true {
            return rows;
        }
        after = format!("&after={}", page["pageInfo"]["endCursor"].as_str().unwrap());
    }
}

async fn runs_through_the_method(dialect: Dialect) {
    let folder = folder();
    let settings = settings_for(dialect, &folder).await;
    // From an empty folder: SQLite's file is made there, and PostgreSQL keeps nothing in it but the demo's tokens.
    let owner = settings.database_owner_url.map(|owner| ("EVOLVA_DATABASE_OWNER_URL", owner));
    let serving = owner.is_some().then_some(("EVOLVA_DATABASE_URL", settings.database_url));
    let more: Vec<_> = serving.into_iter().chain(owner).collect();
    let server = Server::start(&folder, free_port(), &["--demo"], &more).await;
    let demo = std::fs::read_to_string(folder.join("data/demo.json")).unwrap();
    let demo: Value = serde_json::from_str(&demo).unwrap();
    let tenants = demo["tenants"].as_array().unwrap();
    assert_eq!(tenants.len(), 4);
    let http = reqwest::Client::new();
    let (mut rows, mut few) = (BTreeMap::<&str, Vec<Value>>::new(), vec![]);
    for list in contract::lists() {
        for tenant in tenants {
            let seen = all(&http, &server.base, list.path, tenant["token"].as_str().unwrap()).await;
            if seen.len() < 3 {
                few.push(format!("{} sees {} of {}", tenant["slug"], seen.len(), list.path));
            }
            rows.entry(list.path).or_default().extend(seen);
        }
    }
    assert!(few.is_empty(), "{few:#?}");
    for (list, field, values) in SAID {
        let said: BTreeSet<_> = rows[list].iter().filter_map(|row| row[*field].as_str()).collect();
        let missing: Vec<_> = values.iter().filter(|value| !said.contains(*value)).collect();
        assert!(missing.is_empty(), "{list}: no {field} is {missing:?}");
    }
    for (list, field) in FILLED {
        assert!(rows[list].iter().any(|row| !row[*field].is_null()), "{list}: no {field}");
    }
    // In an open space they raise its agenda who came.
    let open = rows["/sessions"].iter().filter(|row| row["kind"] == "OPEN_SPACE");
    let open: BTreeSet<_> = open.filter_map(|row| row["id"].as_str()).collect();
    let raised = |row: &Value| {
        row["sessionId"].as_str().is_some_and(|session| open.contains(session)) && !row["convenorId"].is_null()
    };
    assert!(rows["/agenda-items"].iter().any(raised));
    // Somebody is to look at what was anchored again.
    let mut due = 0;
    for tenant in tenants {
        let list = format!("/anchorings?dueBy={}", chrono::Utc::now().date_naive());
        due += all(&http, &server.base, &list, tenant["token"].as_str().unwrap()).await.len();
    }
    assert!(due > 0);
    // Each CoP that recruits has somebody of another organisation who can be asked.
    let mut recruiting = 0;
    for tenant in tenants {
        let token = tenant["token"].as_str().unwrap();
        let own = format!("/cops?status=RECRUITING&hostId={}", tenant["id"].as_str().unwrap());
        for cop in all(&http, &server.base, &own, token).await {
            let list = format!("/front-runners?candidateForCopId={}", cop["id"].as_str().unwrap());
            let found = all(&http, &server.base, &list, token).await;
            assert!(found.iter().any(|one| one["ownerId"] != tenant["id"]), "{}", cop["title"]);
            recruiting += 1;
        }
    }
    assert!(recruiting >= 4, "{recruiting}");
    drop(server);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[actix_web::test]
async fn the_demo_runs_through_the_method_on_sqlite() {
    runs_through_the_method(Dialect::Sqlite).await;
}

#[actix_web::test]
async fn the_demo_runs_through_the_method_on_postgres() {
    runs_through_the_method(Dialect::Postgres).await;
}
