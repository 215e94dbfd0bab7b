//! Removes what nothing refers to: uploads that were not attached in time, and what a crash left in the store. It runs at
//! the start and from time to time, on any number of servers.

use super::{
    places,
    upload::{Upload, UploadState},
};
use crate::{
    Error, Id, Result,
    artefact::Attachment,
    ctx::Ctx,
    organisation::Organisation,
    policy,
    ports::{Event, Place, Tx, Write},
    record::{Cell, Record},
    scope::TenantScope,
};
use chrono::Duration;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How old a part is before it is looked at: a request writes the row that names its part at once.
const MINUTES: i64 = 60;

/// What a run has removed.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub struct Swept {
    pub uploads: usize,
    pub parts: usize,
}

/// Removes uploads whose time is over, of all organisations; with `leftovers`, also parts that no row names.
pub async fn sweep(ctx: &Ctx, operator: Id<Organisation>, leftovers: bool) -> Result<Swept> {
    let all: Vec<Organisation> = ctx.store.look(&TenantScope::system(operator)).await?.list(&[]).await?;
    let mut swept = Swept::default();
    let mut failed = None;
    for organisation in all {
        let scope = TenantScope::system(organisation.id);
        let mut done = expired(ctx, &scope, &mut swept).await;
        if leftovers && done.is_ok() {
            done = unnamed(ctx, &scope, &mut swept).await;
        }
        // What goes wrong with one organisation's files does not hold up the others.
        failed = failed.or(done.err());
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(swept),
    }
}

/// Deletes a row of the scope's own.
pub(crate) async fn delete<R: Record>(tx: &mut dyn Tx, permit: &policy::Permit, row: &R) -> Result<()> {
    let (table, key) = (R::TABLE.name, row.base().id);
    tx.write(permit, Write::Replace { table, column: "id", key, columns: &[], rows: vec![] }).await
}

/// The row goes first, then the bytes: a row never names what is not there.
async fn expired(ctx: &Ctx, scope: &TenantScope, swept: &mut Swept) -> Result<()> {
    let all: Vec<Upload> = ctx.store.look(scope).await?.list(&[]).await?;
    for seen in all.into_iter().filter(|row| row.expires_at <= ctx.now()) {
        let mut tx = ctx.store.begin(scope).await?;
        let Some(mut row) = tx.find(seen.id).await? else { continue };
        let permit = policy::owner(scope, "sweep an upload", &row)?;
        // It moves to its next version first: where it is attached at this very moment, one of the two comes too late.
        match tx.update(&permit, &mut row, ctx).await {
            Err(Error::Stale { .. } | Error::Busy) => continue,
            other => other?,
        }
        delete(&mut *tx, &permit, &row).await?;
        tx.emit(Event::of(&row, "expired")).await?;
        match tx.commit().await {
            Err(Error::Busy) => continue,
            other => other?,
        }
        swept.uploads += 1;
        if row.state != UploadState::Attached {
            let places = places(row.tenant_id, row.id.uuid(), &row.parts.0);
            ctx.files.delete(&places).await?;
            swept.parts += places.len();
        }
    }
    Ok(())
}

async fn unnamed(ctx: &Ctx, scope: &TenantScope, swept: &mut Swept) -> Result<()> {
    let before = ctx.now() - Duration::minutes(MINUTES);
    let mut files: BTreeMap<Uuid, Vec<Place>> = BTreeMap::new();
    for place in ctx.files.older(scope.tenant(), before).await? {
        files.entry(place.file).or_default().push(place);
    }
    for (file, mut there) in files {
        let mut tx = ctx.store.look(scope).await?;
        let upload: Option<Upload> = tx.find(Id::new(file)).await?;
        let attached: Vec<Attachment> = tx.list(&[("file_id", Cell::Uuid(file))]).await?;
        drop(tx);
        let parts = upload.iter().map(|row| &row.parts).chain(attached.iter().map(|row| &row.parts));
        let named: BTreeSet<Uuid> = parts.flat_map(|parts| parts.0.iter().map(|part| part.0)).collect();
        there.retain(|place| !named.contains(&place.part));
        ctx.files.delete(&there).await?;
        swept.parts += there.len();
    }
    Ok(())
}
