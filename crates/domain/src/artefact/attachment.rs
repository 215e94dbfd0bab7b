//! Files of an artefact. They belong to its versions as its text does: who is shown a version is shown the files of that
//! version, and no other.

use super::{
    Artefact, ArtefactState, ArtefactVersion, by_authors, contributors, has_content, may_write_in, snapshot, written_by,
};
use crate::{
    Code, Error, Id, Result,
    cop::Participation,
    ctx::Ctx,
    file::{
        PER_ARTEFACT, Part, Reading, places,
        sweep::delete,
        upload::{self, Upload, UploadState},
    },
    input::{self, Check},
    policy::{self, Permit},
    ports::{Event, Tx, Write},
    publication::{self, Asked, Pending, Publication},
    record,
    record::{AsJson, Field, Record},
    scope::{Scope, TenantScope},
};
use std::ops::Range;
use uuid::Uuid;

record! {
    /// It is never changed but for its end, which is for its organisation alone: who is shown an earlier version does not
    /// notice that a later one is without it.
    Attachment("attachment", "att") {
        artefact_id: Id<Artefact>,
        file_name: String,
        title: Option<String>,
        description: Option<String>,
        content_type: String,
        size: i64,
        sha256: String,
        /// The first version that has it.
        since_number: i64,
        /// The first version that no longer has it.
        until_number: Option<i64>,
        file_id: Uuid,
        parts: AsJson<Vec<Part>>,
    }
}

impl Attachment {
    /// Whether a version of its artefact has it.
    pub fn is_of(&self, number: i64) -> bool {
        self.since_number <= number && self.until_number.is_none_or(|until| number < until)
    }

    /// These bytes of it.
    pub fn read(&self, bytes: Range<u64>) -> Reading {
        Reading::of(self.tenant_id, self.file_id, &self.parts.0, bytes)
    }
}

impl Artefact {
    /// The number of the version that is written at now: of what was sent back, the next one.
    pub fn written_number(&self) -> i64 {
        if self.is_draft() && self.submitted_at.is_some() { self.number + 1 } else { self.number }
    }
}

async fn of_artefact(tx: &mut dyn Tx, id: Id<Artefact>) -> Result<Vec<Attachment>> {
    tx.list(&[("artefact_id", id.to_cell())]).await
}

/// The files of one version, as far as they are seen.
pub async fn of_version(tx: &mut dyn Tx, version: &ArtefactVersion) -> Result<Vec<Attachment>> {
    let all = of_artefact(tx, version.artefact_id).await?;
    Ok(all.into_iter().filter(|one| one.is_of(version.number)).collect())
}

/// Leave to change the files of an artefact, for whoever may change its text.
async fn may_change(tx: &mut dyn Tx, scope: &TenantScope, action: &'static str, row: &Artefact) -> Result<Permit> {
    let authors: Vec<_> = written_by(tx, row.id).await?.into_iter().map(|(person, _)| person).collect();
    let permit = by_authors(scope, action, row, &authors)?;
    if row.state == ArtefactState::Retired {
        return Err(Error::conflict(Code::NotEditable, "", row.state.label()));
    }
    may_write_in(tx, scope, row.cop_id).await?;
    if let Some(cop) = row.cop_id {
        let cop = tx.get(cop).await?;
        if cop.status.is_over() {
            return Err(Error::conflict(Code::CopNotOpen, "", cop.status.label()));
        }
    }
    Ok(permit)
}

/// Makes the next version of what was handed in. Answers what it asks to be published to, to be written after the row.
async fn next_version(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    scope: &TenantScope,
    permit: &Permit,
    row: &mut Artefact,
) -> Result<Option<Pending>> {
    if row.is_draft() {
        return Ok(None);
    }
    let before = row.audience;
    row.number += 1;
    row.state = ArtefactState::Submitted;
    row.validated_at = None;
    has_content(row)?;
    tx.insert(permit, &snapshot(ctx, row)).await?;
    let contributors = contributors(tx, row).await?;
    let asked = Asked { audience: None, before, contributors, at: None, again: false };
    publication::follow(tx, ctx, scope, permit, row, asked).await
}

/// Writes the artefact with what its next version asks for.
async fn write(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    scope: &TenantScope,
    permit: &Permit,
    row: &mut Artefact,
    pending: Option<Pending>,
) -> Result<()> {
    tx.update(permit, row, ctx).await?;
    if let Some(pending) = pending {
        pending.write(tx, ctx, scope, permit).await?;
    }
    tx.emit(Event::of(row, "updated")).await.map_err(Into::into)
}

pub struct Add {
    pub artefact_id: Id<Artefact>,
    pub upload_id: Id<Upload>,
    pub title: Option<String>,
    pub description: Option<String>,
}

/// Attaches an uploaded file to an artefact. After that was handed in, it makes a new version, as a change of its text does.
pub async fn add(ctx: &Ctx, scope: &TenantScope, cmd: Add) -> Result<Attachment> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut check = Check::default();
    let title = check.optional_text("title", cmd.title.as_deref(), input::TITLE);
    let description = check.optional_text("description", cmd.description.as_deref(), input::SUMMARY);
    check.done()?;
    let mut tx = ctx.store.begin(scope).await?;
    let artefact = tx.refer("artefactId", cmd.artefact_id).await?;
    let upload = tx.refer("uploadId", cmd.upload_id).await?;
    let row = Attachment { title, description, ..ctx.fresh_for(artefact.tenant_id) };
    let row = attach(&mut *tx, ctx, scope, row, artefact, upload, false).await?;
    tx.commit().await?;
    Ok(row)
}

/// Takes what was uploaded over as a file of an artefact. After that was handed in, it makes a new version, but where it
/// tells what a version had that is of the past.
pub(crate) async fn attach(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    scope: &TenantScope,
    row: Attachment,
    mut artefact: Artefact,
    mut upload: Upload,
    past: bool,
) -> Result<Attachment> {
    let action = "attach a file";
    let permit =
        if past { policy::owner(scope, action, &artefact)? } else { may_change(tx, scope, action, &artefact).await? };
    upload::to_attach(ctx, "uploadId", &upload)?;
    let number = artefact.written_number();
    let there = of_artefact(tx, artefact.id).await?;
    if there.iter().filter(|one| one.is_of(number)).count() >= PER_ARTEFACT {
        return Err(Error::invalid(Code::TooMany, "artefactId", PER_ARTEFACT.to_string()));
    }
    let pending = if past { None } else { next_version(tx, ctx, scope, &permit, &mut artefact).await? };
    let (file_id, parts) = upload::file_of(&upload);
    let row = Attachment {
        artefact_id: artefact.id,
        file_name: upload.file_name.clone(),
        content_type: upload.content_type.clone().unwrap_or_else(|| crate::file::UNKNOWN.to_owned()),
        size: upload.size,
        sha256: upload.sha256.clone().unwrap_or_default(),
        since_number: artefact.written_number(),
        file_id,
        parts,
        imported: past,
        ..row
    };
    tx.insert(&permit, &row).await?;
    upload.state = UploadState::Attached;
    tx.update(&permit, &mut upload, ctx).await?;
    write(tx, ctx, scope, &permit, &mut artefact, pending).await?;
    tx.emit(Event::of(&row, "added")).await?;
    Ok(row)
}

/// Whether what an artefact says now came in as history and is nobody else's concern: it was published to nobody, and no other
/// organisation has to do with its CoP. In somebody else's name nothing comes in.
pub(crate) async fn is_of_the_past(tx: &mut dyn Tx, scope: &TenantScope, artefact: &Artefact) -> Result<bool> {
    let version = [("artefact_id", artefact.id.to_cell()), ("number", artefact.number.to_cell())];
    let came_in = tx.first::<ArtefactVersion>(&version).await?.is_some_and(|version| version.imported);
    if !came_in || tx.first::<Publication>(&version).await?.is_some() {
        return Ok(false);
    }
    let Some(cop) = artefact.cop_id else { return Ok(true) };
    let of_own_host = artefact.cop_tenant_id == Some(scope.tenant());
    Ok(of_own_host && tx.first::<Participation>(&[("cop_id", cop.to_cell())]).await?.is_none())
}

/// Takes a file out of an artefact. After that was handed in, it makes a new version; earlier versions keep it. What no
/// version ever had is deleted.
pub async fn remove(ctx: &Ctx, scope: &TenantScope, id: Id<Attachment>) -> Result<Attachment> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let refused = || Error::forbidden(Code::Forbidden, "remove a file");
    let mut artefact = tx.find(row.artefact_id).await?.ok_or_else(refused)?;
    let permit = may_change(&mut *tx, scope, "remove a file", &artefact).await?;
    if !row.is_of(artefact.written_number()) {
        return Err(Error::conflict(Code::NotEditable, "", "it was removed before"));
    }
    let pending = next_version(&mut *tx, ctx, scope, &permit, &mut artefact).await?;
    let number = artefact.written_number();
    let unseen = row.since_number == number;
    if unseen {
        delete(&mut *tx, &permit, &row).await?;
    } else {
        row.until_number = Some(number);
        // Neither its version nor its time moves: who is shown an earlier version of the artefact sees the same as before.
        let (version, cells) = (row.version, row.cells());
        tx.write(&permit, Write::Update { table: Attachment::TABLE, id: row.id.uuid(), version, cells }).await?;
    }
    write(&mut *tx, ctx, scope, &permit, &mut artefact, pending).await?;
    tx.emit(Event::of(&row, "removed")).await?;
    tx.commit().await?;
    if unseen {
        // No row names them any more. What cannot be deleted here, the sweep finds.
        let _ = ctx.files.delete(&places(row.tenant_id, row.file_id, &row.parts.0)).await;
    }
    Ok(row)
}

/// The row of a file that is to be downloaded.
pub async fn content(ctx: &Ctx, scope: &TenantScope, id: Id<Attachment>) -> Result<Attachment> {
    scope.require(Scope::ArtefactsRead)?;
    ctx.store.look(scope).await?.get(id).await
}
