//! The pure rule of sight and its SQL twin agree on every combination, on both databases; on PostgreSQL the rows that
//! row-level security alone lets through are compared as well.

use crate::harness::{Surface, World, meta};
use evolva_domain::{
    artefact::{Artefact, ArtefactState},
    cop::{Charter, Cop, CopStatus, Participation, ParticipationState},
    ctx::Ctx,
    policy,
    visibility::{self, Audience, CopSight, Sight},
};
use serde_json::json;
use std::collections::BTreeSet;

struct Case {
    cop: Cop,
    charter: Charter,
    artefacts: Vec<Artefact>,
    participation: Option<ParticipationState>,
}

/// Every status, pair of audiences and participation, with artefacts of every audience, drafts and not.
async fn all_combinations(world: &World, ctx: &Ctx) -> Vec<Case> {
    let scope = &world.host.scope;
    let states: Vec<Option<ParticipationState>> =
        std::iter::once(None).chain(ParticipationState::ALL.iter().copied().map(Some)).collect();
    let mut cases = vec![];
    for status in CopStatus::ALL {
        let mut tx = ctx.store.begin(scope).await.unwrap();
        for listing in Audience::ALL {
            for ceiling in Audience::ALL {
                for participation in &states {
                    let row: Cop = ctx.fresh(scope);
                    let cop = Cop {
                        title: "x".into(),
                        slug: row.id.to_string().replace('_', "-"),
                        status: *status,
                        listing_audience: *listing,
                        content_ceiling: *ceiling,
                        ..row
                    };
                    let permit = policy::owner(scope, "test", &cop).unwrap();
                    tx.insert(&permit, &cop).await.unwrap();
                    let charter = Charter { cop_id: cop.id, number: 1, ..ctx.fresh(scope) };
                    tx.insert(&permit, &charter).await.unwrap();
                    if let Some(state) = participation {
                        let row = Participation {
                            cop_id: cop.id,
                            organisation_id: world.partner.id,
                            state: *state,
                            ..ctx.fresh(scope)
                        };
                        tx.insert(&permit, &row).await.unwrap();
                    }
                    let mut artefacts = vec![];
                    for audience in Audience::ALL {
                        for state in [ArtefactState::Draft, ArtefactState::Submitted] {
                            let row = Artefact {
                                cop_id: Some(cop.id),
                                cop_tenant_id: Some(cop.tenant_id),
                                title: "x".into(),
                                audience: *audience,
                                state,
                                ..ctx.fresh(scope)
                            };
                            tx.insert(&permit, &row).await.unwrap();
                            artefacts.push(row);
                        }
                    }
                    cases.push(Case { cop, charter, artefacts, participation: *participation });
                }
            }
        }
        tx.commit().await.unwrap();
    }
    cases
}

crate::both!(the_rule_and_its_sql_twin_agree_on_every_combination, |world| {
    let ctx = evolva_server::ctx(&world.running.db);
    let cases = all_combinations(&world, &ctx).await;
    assert_eq!(cases.len(), 6 * 5 * 5 * 7);
    let mut looked = 0;
    for (viewer, host, takes_part) in
        [(&world.host, true, false), (&world.partner, false, true), (&world.outsider, false, false)]
    {
        let mut tx = ctx.store.begin(&viewer.scope).await.unwrap();
        let cops: BTreeSet<_> = tx.list::<Cop>(&[]).await.unwrap().into_iter().map(|row| row.id).collect();
        let charters: BTreeSet<_> = tx.list::<Charter>(&[]).await.unwrap().into_iter().map(|row| row.id).collect();
        let artefacts: BTreeSet<_> = tx.list::<Artefact>(&[]).await.unwrap().into_iter().map(|row| row.id).collect();
        drop(tx);
        let mut seen = 0;
        for case in &cases {
            let sight = Sight { host, participation: case.participation.filter(|_| takes_part) };
            let cop = CopSight {
                status: case.cop.status,
                listing: case.cop.listing_audience,
                ceiling: case.cop.content_ceiling,
            };
            let what = format!("{sight:?} {cop:?}");
            assert_eq!(cops.contains(&case.cop.id), visibility::listing(sight, cop), "listing: {what}");
            assert_eq!(charters.contains(&case.charter.id), visibility::charter(sight, cop), "charter: {what}");
            for artefact in &case.artefacts {
                let rule = visibility::artefact(sight, host, artefact.is_draft(), cop, artefact.audience);
                assert_eq!(artefacts.contains(&artefact.id), rule, "{} {}: {what}", artefact.audience, artefact.state);
                seen += i32::from(rule);
                looked += 1;
            }
        }
        assert!(seen > 0, "each viewer sees something, or this shows nothing");
    }
    assert_eq!(looked, 3 * 1050 * 10);
});

crate::both!(names_and_addresses_stay_where_they_belong, |world| {
    let token = |actor: &crate::harness::Actor| Some(actor.token.clone());
    let input = json!({ "displayName": "Vindbaar", "email": "v@host.example", "discoverable": true });
    let made = world.op(Surface::Rest, &meta("personCreate"), token(&world.host).as_deref(), &input).await.json();
    let path = format!("/api/v1/people/{}", made["id"].as_str().unwrap());
    let own = world.get(&path, token(&world.host).as_deref()).await.json();
    assert_eq!(own["email"], "v@host.example");
    let other = world.get(&path, token(&world.partner).as_deref()).await.json();
    assert_eq!((other["displayName"].as_str(), &other["email"]), (Some("Vindbaar"), &json!(null)));
    let hidden = json!({ "displayName": "Onvindbaar" });
    let hidden = world.op(Surface::Rest, &meta("personCreate"), token(&world.host).as_deref(), &hidden).await.json();
    let path = format!("/api/v1/people/{}", hidden["id"].as_str().unwrap());
    assert_eq!(world.get(&path, token(&world.host).as_deref()).await.status, 200);
    assert_eq!(world.get(&path, token(&world.partner).as_deref()).await.status, 404);
});

crate::both!(whoever_is_invited_sees_the_method_that_asks_something_of_them, |world| {
    let (host, partner) = (Some(world.host.token.as_str()), Some(world.partner.token.as_str()));
    let concept = json!({ "name": "Eigen", "profile": "OPEN" });
    let concept = world.op(Surface::Rest, &meta("conceptCreate"), host, &concept).await.json();
    let path = format!("/api/v1/concepts/{}", concept["id"].as_str().unwrap());
    assert_eq!(world.get(&path, partner).await.status, 404);
    let cop = json!({ "title": "Open", "conceptId": concept["id"] });
    let cop = world.op(Surface::Rest, &meta("copCreate"), host, &cop).await.json();
    let invite = json!({ "copId": cop["id"], "organisationId": world.partner.id });
    let invited = world.op(Surface::Rest, &meta("participationInvite"), host, &invite).await.json();
    assert_eq!(world.get(&path, partner).await.json()["methodProfile"]["preconditions"], json!([]));
    let accept = json!({ "id": invited["id"] });
    let accepted = world.op(Surface::Rest, &meta("participationAccept"), partner, &accept).await;
    assert_eq!((accepted.status, accepted.json()["state"].as_str()), (200, Some("ACCEPTED")), "{}", accepted.text);
    assert_eq!(world.get(&path, Some(&world.outsider.token)).await.status, 404);
});

#[actix_web::test]
async fn row_level_security_alone_hides_other_tenants() {
    let world = World::new(evolva_persistence::Dialect::Postgres).await;
    let input = json!({ "displayName": "Jan" });
    world.op(Surface::Rest, &meta("personCreate"), Some(&world.host.token), &input).await;
    let connect = async |url: &str| {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    };
    let client = connect(&world.database_url).await;
    let count = async |tenant: &str| -> i64 {
        client.batch_execute(&format!("SELECT set_config('app.tenant', '{tenant}', false)")).await.unwrap();
        client.query_one("SELECT count(*) FROM person", &[]).await.unwrap().get(0)
    };
    assert_eq!(count("").await, 0, "no tenant is named, so there is nothing");
    assert_eq!(count(&world.host.id.uuid().to_string()).await, 1, "the positive control, without our predicate");
    assert_eq!(count(&world.outsider.id.uuid().to_string()).await, 0);
    let stolen = client.execute("UPDATE person SET display_name = 'x'", &[]).await.unwrap();
    assert_eq!(stolen, 0, "nor can another tenant write it");
    let safe: bool = client
        .query_one("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user", &[])
        .await
        .unwrap()
        .get(0);
    assert!(!safe);
    let open = client
        .query_one(
            "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
             AND relname <> 'seaql_migrations' AND NOT (relrowsecurity AND relforcerowsecurity)",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(open.get::<_, i64>(0), 0, "every table has its wall");
    world.end().await;
}
