//! What the organisations that contributed say of a publication, and what follows from it.

use super::{
    ApprovalState, Publication, PublicationApproval,
    PublicationState::{Approved, Published, Rejected, Requested, Withdrawn},
    STEPS, approvals, event, fit, publish,
};
use crate::{
    Code, Error, Id, Result,
    ctx::Ctx,
    id::Prefixed,
    input::{self, Check},
    organisation::Organisation,
    policy,
    ports::Event,
    record::Field,
    scope::{Scope, TenantScope},
};

/// Says yes for the own organisation. Once all have, it is approved; where the last of them owns the artefact, it is
/// published with that.
pub async fn approve(ctx: &Ctx, scope: &TenantScope, id: Id<Publication>) -> Result<Publication> {
    say(ctx, scope, id, ApprovalState::Given, None, "approve a publication").await
}

/// Says no for the own organisation.
pub async fn reject(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Publication>,
    reason: Option<String>,
) -> Result<Publication> {
    say(ctx, scope, id, ApprovalState::Refused, reason, "reject a publication").await
}

/// Takes a publication back. Any organisation that contributed may, at any time; a tombstone stays.
pub async fn withdraw(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Publication>,
    reason: Option<String>,
) -> Result<Publication> {
    say(ctx, scope, id, ApprovalState::Revoked, reason, "withdraw a publication").await
}

async fn say(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Publication>,
    what: ApprovalState,
    reason: Option<String>,
    action: &'static str,
) -> Result<Publication> {
    scope.require(Scope::ArtefactsPublish)?;
    let mut check = Check::default();
    let reason = check.optional_text("reason", reason.as_deref(), input::REASON);
    check.done()?;
    let mut tx = ctx.store.begin(scope).await?;
    let publication = tx.get(id).await?;
    let mine = [("publication_id", id.to_cell()), ("organisation_id", scope.tenant().to_cell())];
    let refused = || Error::forbidden(Code::Forbidden, action);
    let mut mine: PublicationApproval = tx.first(&mine).await?.ok_or_else(refused)?;
    let permit = policy::any_of(scope, action, &mine, &[mine.organisation_id])?;
    let to = match what {
        ApprovalState::Given => Approved,
        ApprovalState::Refused => Rejected,
        _ => Withdrawn,
    };
    crate::cop::transition(publication.state, to, STEPS)?;
    if what != ApprovalState::Revoked && mine.state != ApprovalState::Awaited {
        return Err(Error::conflict(Code::TransitionNotAllowed, "", format!("{} to {what}", mine.state)));
    }
    mine.state = what;
    mine.reason = reason;
    mine.decided_at = Some(ctx.now());
    tx.update(&permit, &mut mine, ctx).await?;
    let mut told = Event::of(&mine, "decided");
    told.parties.push(publication.tenant_id.uuid());
    tx.emit(told).await?;
    tx.commit().await?;
    soon(ctx, publication.tenant_id, id).await;
    let mut tx = ctx.store.begin(scope).await?;
    let publication = tx.get(id).await?;
    if publication.state == Approved && publication.tenant_id == scope.tenant() {
        drop(tx);
        return publish(ctx, scope, id).await;
    }
    Ok(publication)
}

/// Draws the consequence of what the contributing organisations have said, in the scope of the artefact's owner. What is
/// left undone here, the system does from the outbox.
pub async fn soon(ctx: &Ctx, owner: Id<Organisation>, id: Id<Publication>) {
    // An error is met again, and reported, by the run from the outbox.
    let _ = now(ctx, owner, id).await;
}

/// The same, until it is done.
pub async fn now(ctx: &Ctx, owner: Id<Organisation>, id: Id<Publication>) -> Result<()> {
    for _ in 0..10 {
        match conclude(ctx, owner, id).await {
            // Somebody else changed the row in between: look again.
            Err(Error::Stale { .. } | Error::Busy) => continue,
            other => return other,
        }
    }
    Err(crate::Fault::new("a publication changes all the time and could not be settled").into())
}

async fn conclude(ctx: &Ctx, owner: Id<Organisation>, id: Id<Publication>) -> Result<()> {
    let scope = TenantScope::system(owner);
    let mut tx = ctx.store.begin(&scope).await?;
    let Some(mut row) = tx.find(id).await? else { return Ok(()) };
    let said = approvals(&mut *tx, id).await?;
    let by = |state| said.iter().find(|one| one.state == state).map(|one| one.organisation_id);
    let all_given = said.iter().all(|one| one.state == ApprovalState::Given);
    let open = matches!(row.state, Requested | Approved | Published);
    let (to, verb) = match (by(ApprovalState::Revoked), by(ApprovalState::Refused)) {
        (Some(organisation), _) if open => {
            row.withdrawn_at = Some(ctx.now());
            row.withdrawn_by_id = Some(organisation);
            (Withdrawn, "withdrawn")
        }
        (None, Some(_)) if row.state == Requested => (Rejected, "rejected"),
        (None, None) if row.state == Requested && all_given => (Approved, "approved"),
        _ => return Ok(()),
    };
    row.state = to;
    let permit = policy::owner(&scope, "conclude a publication", &row)?;
    tx.update(&permit, &mut row, ctx).await?;
    let parties: Vec<_> = said.iter().map(|one| one.organisation_id).collect();
    tx.emit(event(&row, verb, &parties)).await?;
    if to == Withdrawn {
        fit(&mut *tx, ctx, &permit, &row).await?;
    }
    tx.commit().await
}

/// The publication that a change of this row may have to be concluded for, if it is a row of that kind.
pub async fn of_subject(ctx: &Ctx, owner: uuid::Uuid, subject: &str) -> Result<Option<Id<Publication>>> {
    match crate::id::split(subject) {
        Some((PublicationApproval::PREFIX, id)) => {
            let mut tx = ctx.store.begin(&TenantScope::system(Id::new(owner))).await?;
            Ok(tx.find::<PublicationApproval>(Id::new(id)).await?.map(|row| row.publication_id))
        }
        _ => Ok(None),
    }
}
