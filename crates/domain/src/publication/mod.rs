//! Publications: one version of an artefact for an audience beyond the members of its CoP. Every organisation that
//! contributed approves it, and any of them may withdraw it.

mod approval;

use crate::{
    Code, Error, Id, Result,
    artefact::{self, Artefact, ArtefactState},
    cop::{Cop, acting},
    ctx::Ctx,
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

pub use approval::{approve, now, of_subject, reject, withdraw};

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
    let published_at = alone.then(|| asked.at.unwrap_or_else(|| ctx.now()));
    let publication = publication(ctx, row, target, published_at);
    Ok(Some(Pending { publication, contributors: asked.contributors, message: None }))
}

/// A publication of an artefact's current version: published since then, or requested.
fn publication(ctx: &Ctx, row: &Artefact, audience: Audience, published_at: Option<DateTime<Utc>>) -> Publication {
    Publication {
        artefact_id: row.id,
        number: row.number,
        audience,
        state: if published_at.is_some() { Published } else { Requested },
        cop_id: row.cop_id,
        cop_tenant_id: row.cop_tenant_id,
        published_at,
        ..ctx.fresh_for(row.tenant_id)
    }
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
        // Who asks as its admin has said yes for their organisation by asking.
        let may = scope.is_admin() && scope.holds(Scope::ArtefactsPublish);
        let given = |one: Id<Organisation>| (may && one == scope.principal().tenant).then(|| ctx.now());
        insert(tx, ctx, permit, &self, given).await
    }
}

/// Writes a publication, with an approval of each organisation that contributed: given then, or awaited.
async fn insert(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    permit: &Permit,
    pending: &Pending,
    given: impl Fn(Id<Organisation>) -> Option<DateTime<Utc>>,
) -> Result<()> {
    let publication = &pending.publication;
    tx.insert(permit, publication).await?;
    for organisation_id in &pending.contributors {
        let decided_at = given(*organisation_id);
        let row = PublicationApproval {
            publication_id: publication.id,
            organisation_id: *organisation_id,
            state: if decided_at.is_some() { ApprovalState::Given } else { ApprovalState::Awaited },
            message: pending.message.clone(),
            decided_at,
            ..ctx.fresh_for(publication.tenant_id)
        };
        tx.insert(permit, &row).await?;
    }
    let verb = if publication.state == Published { "published" } else { "requested" };
    tx.emit(event(publication, verb, &pending.contributors)).await.map_err(Into::into)
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
        let contributors = artefact::contributors(tx, row).await?;
        let publication = publication(ctx, row, row.audience, since);
        // They had said yes to more.
        insert(tx, ctx, permit, &Pending { publication, contributors, message: None }, |_| since).await?;
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

/// Leave to publish an artefact: its organisation's admin, its authors, and who guides or leads its CoP.
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
