//! What a tenant must not do, see or break, each beside the same thing done by who may.

use crate::harness::{Actor, Answer, Surface, World, meta};
use serde_json::{Value, json};

/// Does an operation over REST: the object's id, or the codes of what was wrong.
async fn does(world: &World, actor: &Actor, name: &str, input: Value) -> Result<String, Vec<String>> {
    let meta = meta(name);
    let answer = world.op(Surface::Rest, &meta, Some(&actor.token), &input).await;
    assert!(answer.status < 500, "{name}: {}", answer.text);
    world.outcome(Surface::Rest, &meta, &answer).map(|(id, _)| id)
}

/// An artefact of a kind that does not matter here, with this beside.
fn insight(mut with: Value) -> Value {
    with["kind"] = json!("INSIGHT");
    with
}

async fn done(world: &World, actor: &Actor, name: &str, input: Value) -> String {
    does(world, actor, name, input).await.unwrap_or_else(|codes| panic!("{name}: {codes:?}"))
}

async fn read(world: &World, actor: &Actor, path: &str) -> Value {
    let answer = world.get(&format!("/api/v1/{path}"), Some(&actor.token)).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.json()
}

async fn status(world: &World, actor: &Actor, path: &str) -> u16 {
    world.get(&format!("/api/v1/{path}"), Some(&actor.token)).await.status
}

async fn import(world: &World, query: &str, row: Value) -> Value {
    let url = format!("{}/api/v1/imports?{query}", world.base);
    let request = world.http.post(url).header("Content-Type", "application/x-ndjson").body(row.to_string());
    let answer: Answer = world.send(request, Some(&world.host.token)).await;
    assert_eq!(answer.status, 201, "{query}: {}", answer.text);
    let path = format!("imports/{}/results", answer.json()["id"].as_str().unwrap());
    let results = world.get(&format!("/api/v1/{path}"), Some(&world.host.token)).await;
    serde_json::from_str(results.text.lines().next().unwrap()).unwrap()
}

/// A CoP of the host with an open method, running, in which the partner takes part.
async fn running_cop(world: &World) -> String {
    let host = &world.host;
    let concept = done(world, host, "conceptCreate", json!({ "name": "Open", "profile": "OPEN" })).await;
    let theme = done(world, host, "themeCreate", json!({ "title": "Thema", "conceptId": concept })).await;
    let cop = json!({ "title": "Samen", "conceptId": concept, "themeId": theme, "startDate": "2026-01-01" });
    let cop = done(world, host, "copCreate", cop).await;
    let person = done(world, host, "personCreate", json!({ "displayName": "Begeleider" })).await;
    let primary = json!({ "copId": cop, "personId": person, "isPrimary": true });
    done(world, host, "facilitationAssign", primary).await;
    done(world, host, "copRecruit", json!({ "id": cop })).await;
    let invited = json!({ "copId": cop, "organisationId": world.partner.id });
    let participation = done(world, host, "participationInvite", invited).await;
    done(world, &world.partner, "participationAccept", json!({ "id": participation })).await;
    done(world, host, "copActivate", json!({ "id": cop })).await;
    cop
}

crate::both!(html_in_markdown_is_text_and_does_not_grow, |world| {
    let tags: String = (0..400).map(|n| format!("<b a{n}>")).collect();
    let body = format!("**vet** <script>x</script>\n\n<p>{tags}\n\n{}", "<p>a\n\n".repeat(400));
    let id = done(&world, &world.host, "artefactCreate", insight(json!({ "title": "x", "body": body }))).await;
    let html = read(&world, &world.host, &format!("artefacts/{id}")).await["bodyHtml"].as_str().unwrap().to_owned();
    assert!(html.contains("<strong>vet</strong>"), "Markdown is rendered");
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "and HTML is shown as text");
    assert!(html.len() < 10 * body.len(), "{} bytes of {}", html.len(), body.len());
});

crate::both!(what_was_shown_to_a_few_is_not_handed_on, |world| {
    let cop = running_cop(&world).await;
    let (partner, operator) = (&world.partner, &world.evolva);
    let cop = read(&world, partner, &format!("cops/{cop}")).await;
    let (theme, concept) = (cop["themeId"].as_str().unwrap(), cop["conceptId"].as_str().unwrap());
    assert_eq!(status(&world, partner, &format!("themes/{theme}")).await, 200, "a partner sees the CoP's theme");
    for own in [json!({ "title": "Eigen", "themeId": theme }), json!({ "title": "Eigen", "conceptId": concept })] {
        assert_eq!(does(&world, partner, "copCreate", own).await.unwrap_err(), ["NOT_YOURS"]);
    }
    let own = json!({ "title": "Eigen", "conceptId": concept });
    assert_eq!(does(&world, partner, "themeCreate", own).await.unwrap_err(), ["NOT_YOURS"]);
    // What the operator makes is the whole network's.
    let shared = done(&world, operator, "themeCreate", json!({ "title": "Gedeeld" })).await;
    done(&world, partner, "copCreate", json!({ "title": "Eigen", "themeId": shared })).await;
});

crate::both!(lists_in_inputs_are_measured_first, |world| {
    let cop = running_cop(&world).await;
    let host = &world.host;
    let many: Vec<_> = (0..20_000).map(|n| format!("t{n}")).collect();
    for (name, input) in [
        ("artefactCreate", insight(json!({ "title": "x", "tags": many }))),
        ("personCreate", json!({ "displayName": "x", "expertise": many })),
        ("charterDraft", json!({ "copId": cop, "goals": vec![""; 20_000] })),
    ] {
        assert_eq!(does(&world, host, name, input).await.unwrap_err(), ["TOO_MANY"], "{name}");
    }
    done(&world, host, "artefactCreate", insight(json!({ "title": "x", "tags": many[..50] }))).await;
    done(&world, host, "charterDraft", json!({ "copId": cop, "goals": ["Een doel"] })).await;
    // Only what the method asks is kept of what a participant confirms.
    let version = read(&world, host, &format!("cops/{cop}")).await["version"].clone();
    done(&world, host, "copUpdate", json!({ "id": cop, "version": version, "listingAudience": "NETWORK" })).await;
    let request = json!({ "copId": cop, "preconditionsMet": ["x".repeat(100_000)] });
    let request = done(&world, &world.outsider, "participationRequest", request).await;
    let kept = read(&world, host, &format!("participations/{request}")).await;
    assert_eq!(kept["preconditionsMet"], json!([]));
});

crate::both!(an_import_goes_through_the_same_rules, |world| {
    let host = &world.host;
    let row = |body: &str| json!({ "externalId": "a", "title": "Les", "body": body, "audience": "PARTNERS" });
    let made = import(&world, "collection=ARTEFACTS", row("een")).await;
    let id = made["id"].as_str().unwrap().to_owned();
    done(&world, host, "artefactSubmit", json!({ "id": id })).await;
    done(&world, host, "artefactValidate", json!({ "id": id })).await;
    assert_eq!(import(&world, "collection=ARTEFACTS", row("twee")).await["outcome"], "UPDATED");
    let now = read(&world, host, &format!("artefacts/{id}")).await;
    assert_eq!((&now["state"], &now["validatedAt"], &now["number"]), (&json!("SUBMITTED"), &json!(null), &json!(2)));
    let set =
        json!({ "externalId": "a", "title": "Les", "body": "twee", "audience": "PARTNERS", "state": "VALIDATED" });
    let refused = import(&world, "collection=ARTEFACTS&history=true", set).await;
    assert_eq!(refused["errors"][0]["code"], "NOT_EDITABLE", "history is set of what came in as history: {refused}");
    done(&world, host, "artefactValidate", json!({ "id": id })).await;
    done(&world, host, "artefactRetire", json!({ "id": id })).await;
    let refused = import(&world, "collection=ARTEFACTS", row("drie")).await;
    assert_eq!(refused["errors"][0]["code"], "NOT_EDITABLE");
    assert_eq!(read(&world, host, &format!("artefacts/{id}")).await["body"], "twee");

    for (key, name) in [("p1", "Een"), ("p2", "Twee")] {
        import(&world, "collection=PEOPLE", json!({ "externalId": key, "displayName": name })).await;
    }
    let cop = |status: &str| json!({ "externalId": "c", "title": "Oud", "status": status, "startDate": "2020-01-01" });
    import(&world, "collection=COPS&history=true", cop("ACTIVE")).await;
    let member = |person: &str| json!({ "externalId": "m", "copExternalId": "c", "personExternalId": person });
    assert_eq!(import(&world, "collection=MEMBERSHIPS", member("p1")).await["outcome"], "CREATED");
    let refused = import(&world, "collection=MEMBERSHIPS", member("p2")).await;
    assert_eq!(refused["errors"][0]["code"], "NOT_EDITABLE", "a membership does not pass to another person");
    assert_eq!(import(&world, "collection=COPS&history=true", cop("CLOSED")).await["outcome"], "UPDATED");
    let refused = import(&world, "collection=COPS&history=true", cop("ACTIVE")).await;
    assert_eq!(refused["errors"][0]["code"], "NOT_EDITABLE", "a closed CoP never reopens");
});

crate::both!(nothing_of_a_refused_row_stays, |world| {
    let host = &world.host;
    // The second row's key is the first's, written in another normal form.
    let rows = "{\"externalId\":\"Caf\u{e9}\",\"displayName\":\"Een\"}\n{\"externalId\":\"Cafe\u{301}\",\"displayName\":\"Twee\"}\n\
                {\"externalId\":\"a\\u0000b\",\"displayName\":\"Nul\"}\n{\"externalId\":\"z\",\"displayName\":\"Drie\"}";
    let url = format!("{}/api/v1/imports?collection=PEOPLE", world.base);
    let request = world.http.post(url).header("Content-Type", "application/x-ndjson").body(rows);
    let job = world.send(request, Some(&host.token)).await.json();
    assert_eq!((&job["created"], &job["failed"], &job["state"]), (&json!(2), &json!(2), &json!("COMPLETED")));
    let people = read(&world, host, "people?first=100").await;
    let names: Vec<_> = people["items"].as_array().unwrap().iter().map(|one| one["displayName"].clone()).collect();
    assert_eq!(names, ["Drie", "Een"]);
});

crate::both!(a_running_cop_keeps_its_primary_facilitator, |world| {
    let cop = running_cop(&world).await;
    let host = &world.host;
    let facilitations = read(&world, host, &format!("facilitations?copId={cop}")).await;
    let primary = facilitations["items"][0]["personId"].clone();
    let demoted = json!({ "copId": cop, "personId": primary, "isPrimary": false });
    assert_eq!(does(&world, host, "facilitationAssign", demoted).await.unwrap_err(), ["IN_USE"]);
    let foreign =
        done(&world, &world.partner, "personCreate", json!({ "displayName": "Ander", "discoverable": true })).await;
    let foreign = json!({ "copId": cop, "personId": foreign, "isPrimary": true });
    assert_eq!(does(&world, host, "facilitationAssign", foreign).await.unwrap_err(), ["NOT_ELIGIBLE"]);
    let next = done(&world, host, "personCreate", json!({ "displayName": "Opvolger" })).await;
    done(&world, host, "facilitationAssign", json!({ "copId": cop, "personId": next, "isPrimary": true })).await;
    let query = "query($id: ID!) { cop(id: $id) { facilitator { displayName } } }";
    let shown = world.gql(Some(&host.token), query, json!({ "id": cop })).await.json();
    assert_eq!(shown["data"]["cop"]["facilitator"]["displayName"], "Opvolger");
});

crate::both!(who_leaves_keeps_its_people_and_its_content, |world| {
    let cop = running_cop(&world).await;
    let (host, partner) = (&world.host, &world.partner);
    let person = done(&world, partner, "personCreate", json!({ "displayName": "Deelnemer" })).await;
    let membership = done(&world, partner, "membershipApply", json!({ "copId": cop, "personId": person })).await;
    done(&world, host, "membershipSelect", json!({ "id": membership })).await;
    let artefact = insight(json!({ "copId": cop, "title": "Les", "body": "x", "audience": "PARTNERS" }));
    let artefact = done(&world, partner, "artefactCreate", artefact).await;
    done(&world, partner, "artefactSubmit", json!({ "id": artefact })).await;
    let draft = insight(json!({ "copId": cop, "title": "Ontwerp", "body": "x", "audience": "PARTNERS" }));
    let draft = done(&world, partner, "artefactCreate", draft).await;
    assert_eq!(status(&world, host, &format!("artefacts/{artefact}")).await, 200);
    let participation = read(&world, partner, &format!("participations?copId={cop}")).await["items"][0]["id"].clone();
    done(&world, partner, "participationEnd", json!({ "id": participation })).await;
    assert_eq!(status(&world, partner, &format!("cops/{cop}")).await, 404);

    assert_eq!(does(&world, partner, "artefactSubmit", json!({ "id": draft })).await.unwrap_err(), ["FORBIDDEN"]);
    let version = read(&world, partner, &format!("artefacts/{artefact}")).await["version"].clone();
    let wider = json!({ "id": artefact, "version": version, "audience": "NETWORK" });
    assert_eq!(does(&world, partner, "artefactUpdate", wider).await.unwrap_err(), ["FORBIDDEN"]);
    let narrower = json!({ "id": artefact, "version": version, "audience": "ORGANISATION" });
    done(&world, partner, "artefactUpdate", narrower).await;
    assert_eq!(status(&world, host, &format!("artefacts/{artefact}")).await, 404, "it is withdrawn");
    done(&world, partner, "membershipWithdraw", json!({ "id": membership })).await;
    assert_eq!(read(&world, host, &format!("memberships/{membership}")).await["state"], "WITHDRAWN");
});

crate::both!(a_cancelled_draft_does_not_come_out, |world| {
    let host = &world.host;
    let create = |slug: &str| json!({ "title": "x", "slug": slug, "listingAudience": "NETWORK" });
    let cop = done(&world, host, "copCreate", create("stil")).await;
    done(&world, host, "copCancel", json!({ "id": cop, "reason": "Ruzie met X" })).await;
    assert_eq!(status(&world, &world.outsider, &format!("cops/{cop}")).await, 404);
    assert_eq!(read(&world, host, &format!("cops/{cop}")).await["statusReason"], "Ruzie met X");
    // One that the network saw stays in sight, without the reason.
    let cop = running_cop(&world).await;
    let version = read(&world, host, &format!("cops/{cop}")).await["version"].clone();
    done(&world, host, "copUpdate", json!({ "id": cop, "version": version, "listingAudience": "NETWORK" })).await;
    done(&world, host, "copCancel", json!({ "id": cop, "reason": "Ruzie met X" })).await;
    let shown = read(&world, &world.outsider, &format!("cops/{cop}")).await;
    assert_eq!((&shown["status"], &shown["statusReason"]), (&json!("CANCELLED"), &json!(null)));
});

crate::both!(nobody_is_found_by_what_they_wrote_who_may_not_be_seen, |world| {
    let host = &world.host;
    let hidden = done(&world, host, "personCreate", json!({ "displayName": "Stil" })).await;
    let known = done(&world, host, "personCreate", json!({ "displayName": "Open", "discoverable": true })).await;
    for author in [&hidden, &known] {
        let artefact = insight(json!({ "title": "x", "body": "x", "audience": "NETWORK", "authorIds": [author] }));
        let artefact = done(&world, host, "artefactCreate", artefact).await;
        done(&world, host, "artefactSubmit", json!({ "id": artefact })).await;
    }
    let found = |answer: Value| answer["items"].as_array().unwrap().len();
    let by = |id: &str| format!("artefacts?authorId={id}");
    assert_eq!(found(read(&world, &world.outsider, &by(&hidden)).await), 0);
    assert_eq!(found(read(&world, &world.outsider, &by(&known)).await), 1);
    assert_eq!(found(read(&world, host, &by(&hidden)).await), 1);
});

crate::both!(what_no_database_can_keep_is_the_callers_fault, |world| {
    let cop = running_cop(&world).await;
    let host = &world.host;
    let plan = |at: &str| {
        let end = at.replace("T00", "T01");
        json!({ "copId": cop, "kind": "REGULAR", "title": "x", "startsAt": at, "endsAt": end })
    };
    let far = does(&world, host, "sessionPlan", plan("+12345-01-01T00:00:00Z")).await.unwrap_err();
    assert_eq!(far, ["OUT_OF_RANGE", "OUT_OF_RANGE"]);
    done(&world, host, "sessionPlan", plan("2026-01-01T00:00:00Z")).await;
    for path in [
        "cops?slug=a%00b",
        "cops?externalId=a%00b",
        "artefacts?tag=a%00b",
        "sessions?updatedSince=%2B99999-01-01T00:00:00Z",
    ] {
        assert_eq!(status(&world, host, path).await, 400, "{path}");
        let fine = path.replace("%00", "").replace("%2B99999", "2026");
        assert_eq!(status(&world, host, &fine).await, 200, "{fine}");
    }
});

crate::both!(a_cursor_is_good_for_its_own_list_and_order, |world| {
    for title in ["a", "b", "c"] {
        done(&world, &world.host, "themeCreate", json!({ "title": title })).await;
    }
    let page = read(&world, &world.host, "themes?sort=title&first=1").await;
    let after = page["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    assert_eq!(status(&world, &world.host, &format!("themes?sort=title&after={after}")).await, 200);
    for path in ["sessions?sort=title", "themes?sort=-title", "cops?sort=title"] {
        let answer = world.get(&format!("/api/v1/{path}&after={after}"), Some(&world.host.token)).await;
        assert_eq!(answer.status, 400, "{path}: {}", answer.text);
    }
});

crate::both!(a_change_of_two_parties_is_in_both_logs, |world| {
    running_cop(&world).await;
    // The sequencer is a little behind the answers.
    let mut logs = vec![];
    for _ in 0..100 {
        logs = world.logs("nl.evolva.participation.accepted.v1").await;
        if logs.len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let mut expected = [world.host.id.uuid(), world.partner.id.uuid()];
    expected.sort_unstable();
    assert_eq!(logs, expected);
});

/// A role that owns the tables is not held by their policies, so nobody is served by it.
#[actix_web::test]
async fn the_owner_role_is_refused_for_serving() {
    let world = World::new(evolva_persistence::Dialect::Postgres).await;
    let settings = |url: String| evolva_persistence::Settings {
        url,
        owner_url: None,
        readers: 1,
        threads: 1,
        writers: 1,
        files: String::new(),
    };
    let owner = settings(world.database_url.replace("evolva_app", "evolva_owner"));
    let Err(error) = evolva_persistence::Db::open(&owner).await else { panic!("the owner role serves") };
    assert!(error.to_string().contains("owns the tables"), "{error}");
    evolva_persistence::Db::open(&settings(world.database_url.clone())).await.unwrap().close().await;
    world.end().await;
}

/// Readers and writers both take the words of the address.
#[actix_web::test]
async fn postgres_is_reached_over_tls() {
    let world = World::new(evolva_persistence::Dialect::Postgres).await;
    let root = std::env::var("TEST_POSTGRES_ROOT").expect("run the tests by 'cargo xtask test'");
    let settings = |query: String| evolva_persistence::Settings {
        url: format!("{}?sslmode=verify-full{query}", world.database_url),
        owner_url: None,
        readers: 1,
        threads: 1,
        writers: 1,
        files: String::new(),
    };
    let db = evolva_persistence::Db::open(&settings(format!("&sslrootcert={root}"))).await.unwrap();
    let ctx = evolva_server::ctx(&db);
    let query = evolva_domain::query::Query {
        select: evolva_domain::query::Select::new(
            <evolva_domain::organisation::Organisation as evolva_domain::record::Record>::TABLE,
        ),
        rows: evolva_domain::query::Rows::Ids(vec![world.host.id.uuid()]),
    };
    let rows = ctx.store.read(&world.host.scope, &[query]).await.unwrap();
    assert_eq!(rows[0].rows.len(), 1);
    db.close().await;
    // The certificate is not of an authority that is known everywhere.
    assert!(evolva_persistence::Db::open(&settings(String::new())).await.is_err());
    world.end().await;
}

async fn faults(url: &str) -> Vec<String> {
    let settings = evolva_persistence::Settings {
        url: url.into(),
        owner_url: None,
        readers: 1,
        threads: 1,
        writers: 1,
        files: String::new(),
    };
    let findings = evolva_persistence::doctor::examine(&settings).await.unwrap();
    assert!(findings.len() > 3);
    findings.into_iter().filter(|finding| !finding.good).map(|finding| finding.what).collect()
}

#[actix_web::test]
async fn the_doctor_finds_each_wall_that_was_pulled_down() {
    let world = World::new(evolva_persistence::Dialect::Postgres).await;
    // What is for the whole network is there, and is shown to nobody who is not named.
    let cop = running_cop(&world).await;
    let version = read(&world, &world.host, &format!("cops/{cop}")).await["version"].clone();
    let wide = json!({ "id": cop, "version": version, "listingAudience": "NETWORK", "contentCeiling": "NETWORK" });
    done(&world, &world.host, "copUpdate", wide).await;
    done(&world, &world.host, "personCreate", json!({ "displayName": "Vindbaar", "discoverable": true })).await;
    for of in [json!({}), json!({ "copId": cop })] {
        let mut write = json!({ "kind": "INSIGHT", "title": "Open", "body": "x", "audience": "NETWORK" });
        write.as_object_mut().unwrap().extend(of.as_object().unwrap().clone());
        let artefact = done(&world, &world.host, "artefactCreate", write).await;
        done(&world, &world.host, "artefactSubmit", json!({ "id": artefact })).await;
        assert_eq!(read(&world, &world.outsider, &format!("artefacts/{artefact}")).await["title"], "Open");
    }
    let none: Vec<String> = vec![];
    assert_eq!(faults(&world.database_url).await, none);
    let owner = world.database_url.replace("evolva_app", "evolva_owner");
    let (client, connection) = tokio_postgres::connect(&owner, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let definer =
        "CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM person'";
    let made = "SELECT obj_description('evolva_tenant()'::regprocedure, 'pg_proc')";
    let made: String = client.query_one(made, &[]).await.unwrap().get(0);
    let hosts = "SELECT pg_get_functiondef('evolva_hosts(uuid)'::regprocedure)";
    let hosts: String = client.query_one(hosts, &[]).await.unwrap().get(0);
    let open = hosts.replace("RETURN EXISTS", "RETURN true OR EXISTS");
    assert_ne!(open, hosts);
    let of = async |name: &str| -> String {
        let text = format!("SELECT pg_get_functiondef('{name}()'::regprocedure)");
        client.query_one(&text, &[]).await.unwrap().get(0)
    };
    let (deciding, content) = (of("evolva_deciding_cops").await, of("evolva_content_cops").await);
    let of_another = content.replace("evolva_content_cops", "evolva_deciding_cops");
    for (down, up, says) in [
        // What a migration said, but of another function.
        (&*of_another, &*deciding, "altered; run 'evolva migrate': evolva_deciding_cops()"),
        (
            "ALTER FUNCTION evolva_hosts(uuid) RESET search_path",
            "ALTER FUNCTION evolva_hosts(uuid) SET search_path = public, pg_temp",
            "may be shown other tables: evolva_hosts",
        ),
        (
            "CREATE VIEW everybody AS SELECT * FROM person; GRANT SELECT ON everybody TO evolva_app",
            "DROP VIEW everybody",
            "what its owner sees by: everybody",
        ),
        (&*open, &*hosts, "altered; run 'evolva migrate': evolva_hosts(uuid)"),
        (
            "ALTER TABLE person NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE person FORCE ROW LEVEL SECURITY",
            "not forced on: person",
        ),
        ("ALTER POLICY deletes ON cop RENAME TO other", "ALTER POLICY other ON cop RENAME TO deletes", "missing"),
        ("CREATE POLICY wide ON cop USING (true)", "DROP POLICY wide ON cop", "not ours: cop.wide"),
        (
            "ALTER POLICY owner ON cop TO evolva_app",
            "ALTER POLICY owner ON cop TO evolva_owner",
            "owner's policy on: cop",
        ),
        (
            "ALTER POLICY reads ON concept_element RENAME TO was; CREATE POLICY reads ON concept_element USING (true)",
            "DROP POLICY reads ON concept_element; ALTER POLICY was ON concept_element RENAME TO reads",
            "altered; run 'evolva migrate': concept_element.reads",
        ),
        (
            "ALTER FUNCTION evolva_asked(uuid) RENAME TO was; CREATE FUNCTION evolva_asked(uuid) \
             RETURNS boolean LANGUAGE sql AS 'SELECT true'",
            "DROP FUNCTION evolva_asked(uuid); ALTER FUNCTION was(uuid) RENAME TO evolva_asked",
            "altered; run 'evolva migrate': evolva_asked",
        ),
        (
            "COMMENT ON FUNCTION evolva_tenant() IS 'earlier ones'",
            &*format!("COMMENT ON FUNCTION evolva_tenant() IS '{made}'"),
            "another program's; run 'evolva migrate'",
        ),
        ("GRANT UPDATE ON audit TO evolva_app", "REVOKE UPDATE ON audit FROM evolva_app", "audit UPDATE"),
        (definer, "DROP FUNCTION peek()", "not ours: peek"),
        (
            "GRANT EXECUTE ON FUNCTION evolva_roster_cops() TO PUBLIC",
            "REVOKE EXECUTE ON FUNCTION evolva_roster_cops() FROM PUBLIC",
            "everybody may run: evolva_roster_cops",
        ),
    ] {
        client.batch_execute(down).await.unwrap();
        let found = faults(&world.database_url).await;
        assert!(found.iter().any(|fault| fault.contains(says)), "{down}: {found:?}");
        client.batch_execute(up).await.unwrap();
        assert_eq!(faults(&world.database_url).await, none, "{up}");
    }
    // Who is in a role without having its rights can still become it.
    let (root, connection) =
        tokio_postgres::connect(&world.database_url.replace("evolva_app", "postgres"), tokio_postgres::NoTls)
            .await
            .unwrap();
    tokio::spawn(connection);
    let role = format!("evolva_app_{}", uuid::Uuid::now_v7().simple());
    root.batch_execute(&format!(
        "CREATE ROLE {role} LOGIN NOINHERIT; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}; \
         GRANT evolva_owner, postgres TO {role}"
    ))
    .await
    .unwrap();
    let found = faults(&world.database_url.replace("evolva_app", &role)).await.join("; ");
    assert!(found.contains("it may become: postgres") && found.contains("may act as the owner of: "), "{found}");
    root.batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await.unwrap();
    // Rows are there, so a role that is held by no wall is shown some.
    let superuser = world.database_url.replace("evolva_app", "postgres");
    let found = faults(&superuser).await.join("; ");
    assert!(found.contains("is a superuser") && found.contains("rows are shown"), "{found}");
    world.end().await;
}

#[actix_web::test]
async fn the_doctor_says_what_sqlite_does_not_have() {
    let world = World::new(evolva_persistence::Dialect::Sqlite).await;
    assert!(faults(&world.database_url).await.is_empty());
    let settings = evolva_persistence::Settings {
        url: world.database_url.clone(),
        owner_url: None,
        readers: 1,
        threads: 1,
        writers: 1,
        files: String::new(),
    };
    let findings = evolva_persistence::doctor::examine(&settings).await.unwrap();
    assert!(findings.iter().any(|one| one.what.contains("no row-level security")));
    world.end().await;
}

/// Each definer function answers about the viewer that the transaction names, and about nobody else.
#[actix_web::test]
async fn definer_functions_tell_only_of_the_named_viewer() {
    let world = World::new(evolva_persistence::Dialect::Postgres).await;
    let cop = running_cop(&world).await;
    let cop = evolva_domain::id::split(&cop).unwrap().1;
    let facilitation = read(&world, &world.host, "facilitations").await["items"][0].clone();
    let guide = evolva_domain::id::split(facilitation["personId"].as_str().unwrap()).unwrap().1;
    let writer = json!({ "displayName": "Schrijver", "discoverable": true });
    let writer = done(&world, &world.host, "personCreate", writer).await;
    let invited = json!({ "copId": evolva_domain::id::join("cop", cop), "organisationId": world.evolva.id });
    done(&world, &world.host, "participationInvite", invited).await;
    let (client, connection) = tokio_postgres::connect(&world.database_url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    // A meeting of the host that the CoP joins.
    let meeting = json!({ "kind": "CLINIC", "title": "Samen", "startsAt": "2199-01-01T13:00:00Z",
        "endsAt": "2199-01-01T15:00:00Z" });
    let meeting = done(&world, &world.host, "sessionPlan", meeting).await;
    let join = json!({ "sessionId": meeting, "copId": evolva_domain::id::join("cop", cop) });
    done(&world, &world.host, "sessionCopAdd", join).await;
    let meeting = evolva_domain::id::split(&meeting).unwrap().1;
    let granted = async |function: &str, tenant: &str, person: &str| -> bool {
        let name = "SELECT set_config('app.tenant', $1, false), set_config('app.person', $2, false)";
        client.query(name, &[&tenant, &person]).await.unwrap();
        let row = client.query_one(&format!("SELECT {function}()"), &[]).await.unwrap();
        let cops: Vec<uuid::Uuid> = row.get(0);
        assert!(cops.iter().all(|one| *one == if function == "evolva_joined_sessions" { meeting } else { cop }));
        !cops.is_empty()
    };
    let [host, partner, evolva, outsider] =
        [&world.host, &world.partner, &world.evolva, &world.outsider].map(|actor| actor.id.uuid().to_string());
    let guide = guide.to_string();
    for (function, tenant, person, expected) in [
        ("evolva_deciding_cops", &evolva, "", true),
        ("evolva_deciding_cops", &partner, "", false),
        ("evolva_partner_cops", &partner, "", true),
        ("evolva_partner_cops", &outsider, "", false),
        ("evolva_listed_cops", &partner, "", true),
        ("evolva_listed_cops", &evolva, "", true),
        ("evolva_listed_cops", &outsider, "", false),
        ("evolva_facilitated_cops", &host, guide.as_str(), true),
        ("evolva_facilitated_cops", &host, "", false),
        ("evolva_member_cops", &host, guide.as_str(), true),
        ("evolva_member_cops", &partner, guide.as_str(), false),
        ("evolva_content_cops", &host, guide.as_str(), true),
        ("evolva_content_cops", &host, "", false),
        ("evolva_roster_cops", &host, guide.as_str(), true),
        ("evolva_roster_cops", &outsider, guide.as_str(), false),
        ("evolva_joined_sessions", &partner, "", true),
        ("evolva_joined_sessions", &evolva, "", false),
        ("evolva_joined_sessions", &outsider, "", false),
    ] {
        assert_eq!(granted(function, tenant, person).await, expected, "{function} as {tenant} {person:?}");
    }
    for (tenant, expected) in [(&partner, true), (&evolva, false), (&outsider, false)] {
        client
            .query("SELECT set_config('app.tenant', $1, false), set_config('app.person', '', false)", &[tenant])
            .await
            .unwrap();
        let row = client.query_one("SELECT evolva_joined_until($1) = 'infinity'", &[&meeting]).await.unwrap();
        assert_eq!(row.get::<_, Option<bool>>(0).unwrap_or_default(), expected, "what hangs on it to {tenant}");
    }
    let outside = json!({ "displayName": "Expert", "external": true });
    let expert = done(&world, &world.host, "personCreate", outside).await;
    let invite =
        json!({ "sessionId": evolva_domain::id::join("ses", meeting), "personId": expert, "perspective": "DIDACTIC" });
    done(&world, &world.host, "expertContributionInvite", invite).await;
    let expert = evolva_domain::id::split(&expert).unwrap().1.to_string();
    for (tenant, person, expected) in [
        (&host, expert.as_str(), true),
        (&host, guide.as_str(), false),
        (&host, "", false),
        (&outsider, expert.as_str(), false),
    ] {
        let name = "SELECT set_config('app.tenant', $1, false), set_config('app.person', $2, false)";
        client.query(name, &[tenant, &person]).await.unwrap();
        let row = client.query_one("SELECT evolva_invited_sessions()", &[]).await.unwrap();
        let sessions: Vec<uuid::Uuid> = row.get(0);
        assert_eq!(sessions, if expected { vec![meeting] } else { vec![] }, "{tenant} {person:?}");
    }
    // What is kept of it for a transaction that only reads is kept for who looked, and for nobody who is named after them.
    client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.unwrap();
    for (tenant, expected) in [(&partner, true), (&partner, true), (&outsider, false), (&partner, true)] {
        let name = "SELECT set_config('app.tenant', $1, true), set_config('app.person', '', true)";
        client.query(name, &[tenant]).await.unwrap();
        let row = client.query_one("SELECT evolva_granted('evolva_partner_cops')", &[]).await.unwrap();
        assert_eq!(!row.get::<_, Vec<uuid::Uuid>>(0).is_empty(), expected, "{tenant}");
        let kept = client.query_one("SELECT current_setting('app.granted_evolva_partner_cops')", &[]).await.unwrap();
        assert!(kept.get::<_, String>(0).starts_with(tenant.as_str()));
    }
    // One that writes may grant: there nothing is kept.
    client.batch_execute("COMMIT; BEGIN").await.unwrap();
    client
        .query("SELECT set_config('app.tenant', $1, true), set_config('app.person', '', true)", &[&partner])
        .await
        .unwrap();
    let row = client.query_one("SELECT evolva_granted('evolva_partner_cops')", &[]).await.unwrap();
    assert_eq!(row.get::<_, Vec<uuid::Uuid>>(0), [cop]);
    let kept = client.query_one("SELECT current_setting('app.granted_evolva_partner_cops', true)", &[]).await.unwrap();
    assert_eq!(kept.get::<_, Option<String>>(0).unwrap_or_default(), "");
    client.batch_execute("COMMIT").await.unwrap();
    // Who is in a CoP that it hosts, for its host alone.
    for (tenant, someone, expected) in [(&host, &guide, true), (&partner, &guide, false), (&host, &host, false)] {
        let name = "SELECT set_config('app.tenant', $1, false), set_config('app.person', '', false)";
        client.query(name, &[tenant]).await.unwrap();
        let row = client.query_one("SELECT evolva_hosts($1::text::uuid)", &[someone]).await.unwrap();
        assert_eq!(row.get::<_, bool>(0), expected, "{tenant} {someone}");
    }
    // Who wrote with others sees what they wrote, in person and while their organisation is in.
    let write =
        insight(json!({ "title": "Samen", "copId": evolva_domain::id::join("cop", cop), "authorIds": [writer] }));
    let artefact = done(&world, &world.partner, "artefactCreate", write).await;
    let artefact = evolva_domain::id::split(&artefact).unwrap().1;
    let writer = evolva_domain::id::split(&writer).unwrap().1.to_string();
    for (tenant, person, expected) in [
        (&host, writer.as_str(), true),
        (&host, "", false),
        (&partner, writer.as_str(), false),
        (&host, guide.as_str(), false),
    ] {
        let name = "SELECT set_config('app.tenant', $1, false), set_config('app.person', $2, false)";
        client.query(name, &[tenant, &person]).await.unwrap();
        let row = client.query_one("SELECT evolva_written_artefacts()", &[]).await.unwrap();
        let written: Vec<uuid::Uuid> = row.get(0);
        assert_eq!(written, if expected { vec![artefact] } else { vec![] }, "{tenant} {person:?}");
    }
    // What is found is what the named viewer sees; for nobody, nothing.
    let nobody = String::new();
    for (function, tenant, person, expected) in [
        ("artefact", &partner, "", true),
        ("artefact", &host, writer.as_str(), true),
        ("artefact", &host, "", false),
        ("artefact", &outsider, "", false),
        ("artefact", &nobody, "", false),
        ("cop", &host, "", true),
        ("cop", &partner, "", true),
        ("cop", &outsider, "", false),
        ("cop", &nobody, "", false),
        ("theme", &partner, "", true),
        ("theme", &outsider, "", false),
        ("session", &host, "", true),
        ("session", &partner, "", true),
        ("session", &outsider, "", false),
        ("publication", &outsider, "", false),
    ] {
        let name = "SELECT set_config('app.tenant', $1, false), set_config('app.person', $2, false)";
        client.query(name, &[tenant, &person]).await.unwrap();
        let query = format!("SELECT 1 FROM evolva_search_{function}($1)");
        let found = client.query(&query, &[&"'samen' | 'thema'"]).await.unwrap();
        assert_eq!(!found.is_empty(), expected, "{function} as {tenant} {person:?}");
    }
    // How much there is in the network, for the operator in its own organisation and for nobody else.
    let counted = async |tenant: &str, system: &str, person: &str| {
        let name = "SELECT set_config('app.tenant', $1, false), set_config('app.system', $2, false), \
                    set_config('app.person', $3, false)";
        client.query(name, &[&tenant, &system, &person]).await.unwrap();
        client.query("SELECT * FROM evolva_network_counts(now())", &[]).await.unwrap().len()
    };
    assert!(counted(&evolva, "on", "").await > 0);
    for (tenant, system, person) in
        [(&evolva, "", ""), (&evolva, "on", guide.as_str()), (&host, "on", ""), (&nobody, "on", ""), (&host, "", "")]
    {
        assert_eq!(counted(tenant, system, person).await, 0, "{tenant} {system} {person:?}");
    }
    client.query("SELECT set_config('app.system', '', false)", &[]).await.unwrap();
    // What the whole network sees is for each of its organisations, and not for nobody.
    done(&world, &world.evolva, "themeCreate", json!({ "title": "Regenboog" })).await;
    for (tenant, expected) in [(&outsider, true), (&nobody, false)] {
        let name = "SELECT set_config('app.tenant', $1, false), set_config('app.person', '', false)";
        client.query(name, &[tenant]).await.unwrap();
        let found = client.query("SELECT 1 FROM evolva_search_theme($1)", &[&"'regenb':*"]).await.unwrap();
        assert_eq!(!found.is_empty(), expected, "the network's theme as {tenant:?}");
    }
    // Candidates are counted for who sees the CoP, who is in it, and the project; by name for who sees them.
    let element = done(&world, &world.evolva, "conceptCreate", json!({ "name": "Netwerk" })).await;
    let element = json!({ "conceptId": element, "code": "A", "title": "A" });
    let element = done(&world, &world.evolva, "conceptElementAdd", element).await;
    let project = json!({ "title": "Koploper", "elementId": element, "strengths": ["Durf"], "audience": "NETWORK" });
    let project = done(&world, &world.partner, "frontRunnerProjectCreate", project).await;
    let hidden = done(&world, &world.partner, "personCreate", json!({ "displayName": "Onvindbaar" })).await;
    done(&world, &world.partner, "frontRunnerAdd", json!({ "projectId": project, "personId": hidden })).await;
    let public = uuid::Uuid::nil().to_string();
    for (tenant, person, expected) in [
        (&partner, "", Some(1)),
        (&host, "", Some(0)),
        (&host, guide.as_str(), Some(0)),
        (&evolva, "", None),
        (&outsider, "", None),
        (&public, "", None),
        (&nobody, "", None),
    ] {
        let name = "SELECT set_config('app.tenant', $1, false), set_config('app.person', $2, false)";
        client.query(name, &[tenant, &person]).await.unwrap();
        let query =
            "SELECT candidates, named FROM evolva_candidate_counts($1, NULL, NULL, NULL) WHERE what = 'ORGANISATION'";
        let rows = client.query(query, &[&cop]).await.unwrap();
        let found: Vec<(i64, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        assert_eq!(found, expected.map(|named| (1, named)).into_iter().collect::<Vec<_>>(), "{tenant} {person:?}");
    }
    world.end().await;
}
