//! Publications: one version of an artefact for an audience beyond the members of its CoP. Every organisation that
//! contributed approves it, and any of them may withdraw it.

use crate::{
    Code, Error, Id, Result,
    artefact::{self, Artefact, ArtefactState},
    cop::{Cop, acting},
    ctx::Ctx,
    id::Prefixed,
    input::{self, Check},
    labels,
    organisation::Organisation,
    policy::{self, Deed, Permit},
    ports::{Event, Tx},
    record,
    record::Field,
    scope::{Scope, TenantScope},
    visibility::Audience,
};
use chrono::{DateTime, Utc};

labels! {
    /// Where a publication is in its life.
    PublicationState {
        /// The organisations that contributed have not all said yes.
        Requested = "REQUESTED" / "Aangevraagd",
        /// All of them have; it can be published.
        Approved = "APPROVED" / "Goedgekeurd",
        /// It is shown to its audience.
        Published = "PUBLISHED" / "Gepubliceerd",
        /// It is no longer shown. The publication itself stays, as a tombstone.
        Withdrawn = "WITHDRAWN" / "Teruggetrokken",
        /// One of them has said no.
        Rejected = "REJECTED" / "Afgewezen",
    }
}

use PublicationState::{Approved, Published, Rejected, Requested, Withdrawn};

pub const STEPS: &[(PublicationState, PublicationState)] = &[
    (Requested, Approved),
    (Approved, Published),
    (Published, Withdrawn),
    (Requested, Rejected),
    // What was not published yet can be taken back as well.
    (Requested, Withdrawn),
    (Approved, Withdrawn),
];

labels! {
    /// What a contributing organisation has said of a publication.
    ApprovalState {
        /// Nothing yet.
        Awaited = "AWAITED" / "Gevraagd",
        /// Yes.
        Given = "GIVEN" / "Gegeven",
        /// No.
        Refused = "REFUSED" / "Geweigerd",
        /// Yes first, and no longer.
        Revoked = "REVOKED" / "Ingetrokken",
    }
}

record! {
    Publication("publication", "pub") {
        artefact_id: Id<Artefact>,
        /// The number of the version.
        number: i64,
        audience: Audience,
        state: PublicationState,
        cop_id: Option<Id<Cop>>,
        cop_tenant_id: Option<Id<Organisation>>,
        published_at: Option<DateTime<Utc>>,
        withdrawn_at: Option<DateTime<Utc>>,
        withdrawn_by_id: Option<Id<Organisation>>,
    }
}

record! {
    PublicationApproval("publication_approval", "pap") {
        publication_id: Id<Publication>,
        organisation_id: Id<Organisation>,
        state: ApprovalState,
        message: Option<String>,
        reason: Option<String>,
        decided_at: Option<DateTime<Utc>>,
    }
}

/// An event that the contributing organisations hear of as well.
fn event(row: &Publication, verb: &str, parties: &[Id<Organisation>]) -> Event {
    let mut event = Event::of(row, verb);
    event.parties.extend(parties.iter().map(|party| party.uuid()));
    event
}

async fn of_artefact(tx: &mut dyn Tx, id: Id<Artefact>) -> Result<Vec<Publication>> {
    tx.list(&[("artefact_id", id.to_cell())]).await
}

async fn approvals(tx: &mut dyn Tx, id: Id<Publication>) -> Result<Vec<PublicationApproval>> {
    tx.list(&[("publication_id", id.to_cell())]).await
}

/// Whether the caller can publish by themselves: the admin of the one organisation that contributed.
fn alone(scope: &TenantScope, contributors: &[Id<Organisation>]) -> bool {
    scope.is_admin() && scope.holds(Scope::ArtefactsPublish) && contributors == [scope.tenant()]
}

/// How far the artefact's version is published now; the members of its CoP see it in any case.
fn published_to(all: &[Publication], number: i64) -> Audience {
    let current = all.iter().filter(|one| one.state == Published && one.number == number);
    current.map(|one| one.audience).max().unwrap_or(Audience::Members)
}

/// What a write of an artefact asks of its publications.
pub(crate) struct Asked {
    /// To whom, if the caller said so. If not, a new version is asked to go as far as the one before it.
    pub audience: Option<Audience>,
    /// How far the artefact went before the write.
    pub before: Audience,
    /// Who contributed, the owner first.
    pub contributors: Vec<Id<Organisation>>,
    /// When it was published elsewhere, for history that comes in.
    pub at: Option<DateTime<Utc>>,
    /// Whether what was once refused or withdrawn may be asked for again.
    pub again: bool,
}

/// Writes what a write of an artefact means for its publications. Where the one organisation that contributed asks for an
/// audience, it is published; else it is requested, and the row keeps what its version has. To be called before the row
/// itself is written.
pub(crate) async fn follow(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    scope: &TenantScope,
    permit: &Permit,
    row: &mut Artefact,
    asked: Asked,
) -> Result<Option<Pending>> {
    if row.is_draft() {
        return Ok(None);
    }
    let before = of_artefact(tx, row.id).await?;
    let reach =
        |one: &&Publication| one.number == row.number - 1 && matches!(one.state, Requested | Approved | Published);
    let last = before.iter().filter(reach).max_by_key(|one| one.audience);
    let fresh = before.iter().all(|one| one.number != row.number);
    let inherited = last.filter(|_| fresh && asked.audience.is_none());
    let target = asked.audience.unwrap_or(row.audience).max(inherited.map(|one| one.audience).unwrap_or_default());
    close_open(tx, ctx, permit, row.id, |one| one.number < row.number).await?;
    let now = published_to(&before, row.number);
    // What is not published goes no further than it did, and than the members.
    row.audience = if now > Audience::Members { now } else { asked.before.min(Audience::Members) };
    if target <= Audience::Members {
        row.audience = if now > Audience::Members { now } else { target };
        return Ok(None);
    }
    if target <= now {
        return Ok(None);
    }
    // What was only asked for so far is not published by an edit.
    let approved = inherited.is_none_or(|one| one.state == Published);
    let alone = approved && alone(scope, &asked.contributors);
    if alone {
        row.audience = target;
    } else {
        let same = |one: &&Publication| one.number == row.number && one.audience == target;
        let open = |one: &Publication| matches!(one.state, Requested | Approved);
        if before.iter().filter(same).any(|one| !asked.again || open(one)) {
            return Ok(None);
        }
    }
    let publication = Publication {
        artefact_id: row.id,
        number: row.number,
        audience: target,
        state: if alone { Published } else { Requested },
        cop_id: row.cop_id,
        cop_tenant_id: row.cop_tenant_id,
        published_at: alone.then(|| asked.at.unwrap_or_else(|| ctx.now())),
        ..ctx.fresh_for(row.tenant_id)
    };
    Ok(Some(Pending { publication, contributors: asked.contributors, message: None }))
}

/// Takes back requests that nobody waits for any more.
pub(crate) async fn close_open(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    permit: &Permit,
    artefact: Id<Artefact>,
    which: impl Fn(&Publication) -> bool,
) -> Result<()> {
    for mut one in of_artefact(tx, artefact).await? {
        if matches!(one.state, Requested | Approved) && which(&one) {
            let parties: Vec<_> = approvals(tx, one.id).await?.iter().map(|one| one.organisation_id).collect();
            one.state = Withdrawn;
            one.withdrawn_at = Some(ctx.now());
            tx.update(permit, &mut one, ctx).await?;
            tx.emit(event(&one, "superseded", &parties)).await?;
        }
    }
    Ok(())
}

/// A publication that is written once its artefact and version are.
pub(crate) struct Pending {
    publication: Publication,
    contributors: Vec<Id<Organisation>>,
    message: Option<String>,
}

impl Pending {
    pub(crate) async fn write(self, tx: &mut dyn Tx, ctx: &Ctx, scope: &TenantScope, permit: &Permit) -> Result<()> {
        tx.insert(permit, &self.publication).await?;
        for organisation_id in &self.contributors {
            // Who asks as its admin has said yes for their organisation by asking.
            let given = *organisation_id == scope.principal().tenant
                && scope.is_admin()
                && scope.holds(Scope::ArtefactsPublish);
            let row = PublicationApproval {
                publication_id: self.publication.id,
                organisation_id: *organisation_id,
                state: if given { ApprovalState::Given } else { ApprovalState::Awaited },
                message: self.message.clone(),
                decided_at: given.then(|| ctx.now()),
                ..ctx.fresh_for(self.publication.tenant_id)
            };
            tx.insert(permit, &row).await?;
        }
        let verb = if self.publication.state == Published { "published" } else { "requested" };
        tx.emit(event(&self.publication, verb, &self.contributors)).await.map_err(Into::into)
    }
}

/// Takes back what reaches further than an audience; what is left is published to that audience since the same day.
pub(crate) async fn narrow(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    scope: &TenantScope,
    permit: &Permit,
    row: &Artefact,
) -> Result<()> {
    let all = of_artefact(tx, row.id).await?;
    let (mut since, mut left) = (None, false);
    for mut one in all {
        if one.audience <= row.audience {
            left |= one.state == Published && one.number == row.number;
            continue;
        }
        if !matches!(one.state, Published | Requested | Approved) {
            continue;
        }
        if one.number == row.number {
            since = since.max(one.published_at);
        }
        let parties: Vec<_> = approvals(tx, one.id).await?.iter().map(|one| one.organisation_id).collect();
        one.state = Withdrawn;
        one.withdrawn_at = Some(ctx.now());
        one.withdrawn_by_id = Some(scope.tenant());
        tx.update(permit, &mut one, ctx).await?;
        tx.emit(event(&one, "withdrawn", &parties)).await?;
    }
    if row.audience > Audience::Members && !left && since.is_some() {
        let publication = Publication {
            artefact_id: row.id,
            number: row.number,
            audience: row.audience,
            state: Published,
            cop_id: row.cop_id,
            cop_tenant_id: row.cop_tenant_id,
            published_at: since,
            ..ctx.fresh_for(row.tenant_id)
        };
        let contributors = artefact::contributors(tx, row).await?;
        // They had said yes to more.
        tx.insert(permit, &publication).await?;
        for organisation_id in &contributors {
            let row = PublicationApproval {
                publication_id: publication.id,
                organisation_id: *organisation_id,
                state: ApprovalState::Given,
                decided_at: since,
                ..ctx.fresh_for(row.tenant_id)
            };
            tx.insert(permit, &row).await?;
        }
        tx.emit(event(&publication, "published", &contributors)).await?;
    }
    Ok(())
}

pub struct Request {
    pub artefact_id: Id<Artefact>,
    pub audience: Audience,
    pub message: Option<String>,
}

/// Asks that the current version of an artefact be published to a wider audience. For its authors and their
/// organisation's admin, and for those who guide or lead its CoP.
pub async fn request(ctx: &Ctx, scope: &TenantScope, cmd: Request) -> Result<Publication> {
    scope.require(Scope::ArtefactsPublish)?;
    let mut tx = ctx.store.begin(scope).await?;
    let row = tx.refer("artefactId", cmd.artefact_id).await?;
    let permit = for_artefact(&mut *tx, scope, "publish an artefact", &row).await?;
    let mut check = Check::default();
    let message = check.optional_text("message", cmd.message.as_deref(), input::REASON);
    check.that(cmd.audience > Audience::Members, Code::InvalidValue, "audience", "PARTNERS, NETWORK or PUBLIC");
    let handed_in = matches!(row.state, ArtefactState::Submitted | ArtefactState::Validated);
    check.that(handed_in, Code::InvalidValue, "artefactId", "one that was handed in");
    check.done()?;
    if let Some(cop) = row.cop_id {
        let cop = tx.find(cop).await?.ok_or_else(|| Error::forbidden(Code::Forbidden, "publish an artefact"))?;
        if cmd.audience > cop.content_ceiling {
            let detail = format!("at most {}, the CoP's content ceiling", cop.content_ceiling);
            return Err(Error::invalid(Code::InvalidValue, "audience", detail));
        }
    }
    let version = row.version;
    drop(tx);
    // The row is its owner's, so the owner's scope writes it; the audit row there says who did it.
    let owner = if row.tenant_id == scope.tenant() { scope.clone() } else { scope.for_owner(row.tenant_id) };
    let mut tx = ctx.store.begin(&owner).await?;
    let mut row = tx.get_at(cmd.artefact_id, Some(version)).await?;
    let asked = Asked {
        audience: Some(cmd.audience),
        before: row.audience,
        contributors: artefact::contributors(&mut *tx, &row).await?,
        at: None,
        again: true,
    };
    let Some(mut one) = follow(&mut *tx, ctx, scope, &permit, &mut row, asked).await? else {
        return Err(Error::conflict(Code::AlreadyExists, "audience", cmd.audience.label()));
    };
    one.message = message;
    let publication = one.publication.clone();
    if publication.state == Published {
        tx.update(&permit, &mut row, ctx).await?;
        tx.emit(Event::of(&row, "widened")).await?;
    }
    one.write(&mut *tx, ctx, scope, &permit).await?;
    tx.commit().await?;
    Ok(publication)
}

/// Leave to publish an artefact: its organisation's admin, its authors there, and who guides or leads its CoP.
async fn for_artefact(tx: &mut dyn Tx, scope: &TenantScope, action: &'static str, row: &Artefact) -> Result<Permit> {
    if let Ok(permit) = policy::owner(scope, action, row) {
        return Ok(permit);
    }
    let authors = artefact::authors_of(tx, row.id).await?;
    let refused = match policy::in_person(scope, action, row, &authors) {
        Ok(permit) => return Ok(permit),
        Err(refused) => refused,
    };
    let (Some(cop), true) = (row.cop_id, scope.person().is_some()) else { return Err(refused) };
    let Some(cop) = tx.find(cop).await? else { return Err(refused) };
    let part = acting::part_of(tx, scope, &cop).await?;
    policy::by_part(part, Deed::Publish, cop.status, action, row)
}

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

/// Shows an approved version to its audience. For whoever may ask for it.
pub async fn publish(ctx: &Ctx, scope: &TenantScope, id: Id<Publication>) -> Result<Publication> {
    scope.require(Scope::ArtefactsPublish)?;
    let mut tx = ctx.store.begin(scope).await?;
    let row = tx.get(id).await?;
    let action = "publish an artefact";
    let artefact = tx.find(row.artefact_id).await?.ok_or_else(|| Error::forbidden(Code::Forbidden, action))?;
    let permit = for_artefact(&mut *tx, scope, action, &artefact).await?;
    crate::cop::transition(row.state, Published, STEPS)?;
    drop(tx);
    let owner = if row.tenant_id == scope.tenant() { scope.clone() } else { scope.for_owner(row.tenant_id) };
    let mut tx = ctx.store.begin(&owner).await?;
    let mut row = tx.get_at(id, Some(row.version)).await?;
    row.state = Published;
    row.published_at = Some(ctx.now());
    tx.update(&permit, &mut row, ctx).await?;
    let parties: Vec<_> = approvals(&mut *tx, id).await?.iter().map(|one| one.organisation_id).collect();
    tx.emit(event(&row, "published", &parties)).await?;
    fit(&mut *tx, ctx, &permit, &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// Gives the artefact the audience that its current version is published to.
async fn fit(tx: &mut dyn Tx, ctx: &Ctx, permit: &Permit, publication: &Publication) -> Result<()> {
    let mut artefact = tx.get(publication.artefact_id).await?;
    let all = of_artefact(tx, artefact.id).await?;
    let audience = published_to(&all, artefact.number);
    let unpublished = audience == Audience::Members && artefact.audience < audience;
    // What is taken back while it is a draft again is not asked for when that is handed in.
    let widens = artefact.is_draft() && audience > artefact.audience;
    if widens || artefact.audience == audience || unpublished {
        return Ok(());
    }
    let verb = if audience < artefact.audience { "narrowed" } else { "widened" };
    artefact.audience = audience;
    tx.update(permit, &mut artefact, ctx).await?;
    tx.emit(Event::of(&artefact, verb)).await?;
    Ok(())
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
