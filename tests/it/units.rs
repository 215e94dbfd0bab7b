//! A unit of work: what it writes is there whole or not at all, with who did it, and what the database refuses is said in
//! the domain's words.

use crate::{
    harness::{Surface, World, meta},
    members::{done, get},
};
use evolva_domain::{
    Code, Error, Id,
    artefact::{Artefact, Comment},
    ctx::Ctx,
    person::Person,
    policy::{self, Permit},
    ports::{Event, Tx},
    scope::TenantScope,
};
use serde_json::json;

fn named(ctx: &Ctx, scope: &TenantScope, name: &str) -> (Person, Permit) {
    let row = Person { display_name: name.into(), ..ctx.fresh(scope) };
    let permit = policy::owner(scope, "add a person", &row).unwrap();
    (row, permit)
}

async fn add(tx: &mut dyn Tx, ctx: &Ctx, scope: &TenantScope, name: &str) -> Id<Person> {
    let (row, permit) = named(ctx, scope, name);
    tx.insert(&permit, &row).await.unwrap();
    tx.emit(Event::of(&row, "created")).await.unwrap();
    row.id
}

crate::both!(what_is_rolled_back_to_a_mark_leaves_neither_row_nor_log, |world| {
    let (ctx, scope) = (evolva_server::ctx(&world.running.db), &world.host.scope);
    let mut tx = ctx.store.begin(scope).await.unwrap();
    let first = add(&mut *tx, &ctx, scope, "Blijft").await;
    tx.mark().await.unwrap();
    let second = add(&mut *tx, &ctx, scope, "Verdwijnt").await;
    tx.roll_back().await.unwrap();
    tx.mark().await.unwrap();
    let third = add(&mut *tx, &ctx, scope, "Blijft ook").await;
    tx.keep().await.unwrap();
    tx.commit().await.unwrap();
    for (id, there) in [(first, true), (second, false), (third, true)] {
        let path = format!("people/{id}");
        assert_eq!(get(&world, &world.host.token, &path).await.status == 200, there, "{id}");
        for (table, column) in [("audit", "subject"), ("outbox", "subject")] {
            let text = format!("UPDATE {table} SET {column} = {column} WHERE {column} = '{id}'");
            assert_eq!(world.sql(&text).await, u64::from(there), "{table} of {id}");
        }
    }
    // Dropped, it was never there.
    let mut tx = ctx.store.begin(scope).await.unwrap();
    let fourth = add(&mut *tx, &ctx, scope, "Nooit").await;
    drop(tx);
    assert_eq!(get(&world, &world.host.token, &format!("people/{fourth}")).await.status, 404);
});

crate::both!(what_no_use_case_tells_of_is_told, |world| {
    let (ctx, scope) = (evolva_server::ctx(&world.running.db), &world.host.scope);
    let mut tx = ctx.store.begin(scope).await.unwrap();
    let told = add(&mut *tx, &ctx, scope, "Verteld").await;
    let (mut silent, permit) = named(&ctx, scope, "Verzwegen");
    tx.insert(&permit, &silent).await.unwrap();
    tx.mark().await.unwrap();
    let (undone, permit_of_undone) = named(&ctx, scope, "Ongedaan");
    tx.insert(&permit_of_undone, &undone).await.unwrap();
    tx.roll_back().await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = ctx.store.begin(scope).await.unwrap();
    tx.update(&permit, &mut silent, &ctx).await.unwrap();
    tx.commit().await.unwrap();
    for (kind, id, count) in
        [("created", told, 1), ("created", silent.id, 1), ("updated", silent.id, 1), ("created", undone.id, 0)]
    {
        let of_it = format!("kind = 'nl.evolva.person.{kind}.v1' AND subject = '{id}'");
        assert_eq!(world.sql(&format!("UPDATE outbox SET kind = kind WHERE {of_it}")).await, count, "{of_it}");
    }
});

crate::both!(what_only_looks_writes_nothing_and_waits_for_nobody, |world| {
    let (ctx, scope) = (evolva_server::ctx(&world.running.db), &world.host.scope);
    let (row, permit) = named(&ctx, scope, "Iemand");
    let mut writes = ctx.store.begin(scope).await.unwrap();
    writes.insert(&permit, &row).await.unwrap();
    // Beside who writes and is not done yet, others look, and see what was there before.
    let mut looks = ctx.store.look(scope).await.unwrap();
    assert!(looks.find(row.id).await.unwrap().is_none());
    drop(looks);
    writes.commit().await.unwrap();
    let mut looks = ctx.store.look(scope).await.unwrap();
    assert!(looks.find(row.id).await.unwrap().is_some());
    let (other, permit) = named(&ctx, scope, "Niemand");
    assert!(looks.insert(&permit, &other).await.is_err());
    drop(looks);
    assert_eq!(get(&world, &world.host.token, &format!("people/{}", other.id)).await.status, 404);
});

crate::both!(a_reference_that_is_gone_is_not_found, |world| {
    let (ctx, scope) = (evolva_server::ctx(&world.running.db), &world.host.scope);
    let artefact = Artefact { title: "x".into(), ..ctx.fresh(scope) };
    let comment = Comment { artefact_id: artefact.id, artefact_tenant_id: scope.tenant(), ..ctx.fresh(scope) };
    let permit = policy::owner(scope, "comment on an artefact", &comment).unwrap();
    let mut tx = ctx.store.begin(scope).await.unwrap();
    assert!(matches!(tx.insert(&permit, &comment).await, Err(Error::NotFound)));
    drop(tx);
    let mut tx = ctx.store.begin(scope).await.unwrap();
    tx.insert(&permit, &artefact).await.unwrap();
    tx.insert(&permit, &comment).await.unwrap();
    drop(tx);
});

crate::both!(a_version_that_is_not_there_any_more_is_stale, |world| {
    let (ctx, scope) = (evolva_server::ctx(&world.running.db), &world.host.scope);
    let (mut row, permit) = named(&ctx, scope, "Iemand");
    let mut tx = ctx.store.begin(scope).await.unwrap();
    tx.insert(&permit, &row).await.unwrap();
    let mut late = row.clone();
    tx.update(&permit, &mut row, &ctx).await.unwrap();
    let refused = tx.update(&permit, &mut late, &ctx).await;
    assert!(matches!(refused, Err(Error::Stale { current: 2 })), "{refused:?}");
    drop(tx);
});

crate::both!(when_a_token_was_used_last_is_kept, |world| {
    let issue = json!({ "name": "nieuw", "scopes": ["people:read"] });
    let meta = meta("tokenIssue");
    let issued = world.op(Surface::Rest, &meta, Some(&world.host.token), &issue).await.json();
    let path = format!("tokens/{}", issued["id"].as_str().unwrap());
    assert!(get(&world, &world.host.token, &path).await.json()["lastUsedAt"].is_null());
    assert_eq!(get(&world, issued["accessToken"].as_str().unwrap(), "people").await.status, 200);
    let mut used = false;
    for _ in 0..100 {
        used = !get(&world, &world.host.token, &path).await.json()["lastUsedAt"].is_null();
        if used {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(used, "it is noted within seconds");
});

/// Two that each wait for what the other holds: PostgreSQL ends one of them, and that one may try again.
#[actix_web::test]
async fn who_is_cut_off_in_a_deadlock_may_try_again() {
    let world = World::new(evolva_persistence::Dialect::Postgres).await;
    let (ctx, scope) = (evolva_server::ctx(&world.running.db), &world.host.scope);
    let mut rows = vec![];
    for name in ["Een", "Twee"] {
        let id = done(&world, &world.host.token, "personCreate", json!({ "displayName": name })).await;
        let id: Id<Person> = id.parse().unwrap();
        rows.push(ctx.store.begin(scope).await.unwrap().get(id).await.unwrap());
    }
    let permit = policy::owner(scope, "change a person", &rows[0]).unwrap();
    let (mut one, mut other) = (ctx.store.begin(scope).await.unwrap(), ctx.store.begin(scope).await.unwrap());
    let [mut a, mut b] = [rows[0].clone(), rows[1].clone()];
    one.update(&permit, &mut a, &ctx).await.unwrap();
    other.update(&permit, &mut b, &ctx).await.unwrap();
    let [mut a, mut b] = [rows[0].clone(), rows[1].clone()];
    let first = async {
        let done = one.update(&permit, &mut b, &ctx).await;
        drop(one);
        done
    };
    let second = async {
        let done = other.update(&permit, &mut a, &ctx).await;
        drop(other);
        done
    };
    let (first, second) = futures_util::join!(first, second);
    let busy = [&first, &second].into_iter().filter(|done| matches!(done, Err(Error::Busy))).count();
    assert_eq!(busy, 1, "{first:?} {second:?}");
    assert_eq!(Error::Busy.problems()[0].code, Code::Unavailable);
    world.end().await;
}
