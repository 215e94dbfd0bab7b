//! Which organisations take part in a CoP: a handshake in which the other side accepts.

use super::{Charter, CharterState, Cop, Facts, Standing, acting, charter, facilitation, settle, transition};
use crate::{
    Code, Error, Id, Result,
    concept::Concept,
    ctx::Ctx,
    input::{self, Check},
    labels,
    organisation::{Organisation, OrganisationState},
    policy::{self, Deed},
    ports::{Event, Tx},
    record,
    record::{AsJson, Field},
    scope::{Scope, TenantScope},
    visibility::Audience,
};
use chrono::{DateTime, Utc};

labels! {
    /// Where the handshake between a CoP's host and an organisation is.
    ParticipationState {
        /// The host has asked the organisation.
        Invited = "INVITED" / "Uitgenodigd",
        /// The organisation has asked the host.
        Requested = "REQUESTED" / "Aangevraagd",
        /// The organisation takes part.
        Accepted = "ACCEPTED" / "Geaccepteerd",
        /// The organisation no longer takes part.
        Ended = "ENDED" / "Beëindigd",
        /// The asked side said no.
        Declined = "DECLINED" / "Afgeslagen",
        /// The asking side took it back.
        Withdrawn = "WITHDRAWN" / "Teruggetrokken",
    }
}

use ParticipationState::{Accepted, Declined, Ended, Invited, Requested, Withdrawn};

pub const STEPS: &[(ParticipationState, ParticipationState)] = &[
    (Invited, Accepted),
    (Requested, Accepted),
    (Accepted, Ended),
    (Invited, Declined),
    (Requested, Declined),
    (Invited, Withdrawn),
    (Requested, Withdrawn),
];

record! {
    Participation("participation", "ptn") {
        cop_id: Id<Cop>,
        organisation_id: Id<Organisation>,
        state: ParticipationState,
        message: Option<String>,
        preconditions_met: AsJson<Vec<String>>,
        /// Which version of the concept's agreement text the organisation agreed to.
        agreement_version: Option<i64>,
        decided_at: Option<DateTime<Utc>>,
        /// When it ended, or ended last.
        ended_at: Option<DateTime<Utc>>,
        /// Until when the CoP shared its content with the organisation: what was shown by then stays in its sight.
        shared_until: Option<DateTime<Utc>>,
    }
}

pub struct Ask {
    pub cop_id: Id<Cop>,
    /// The organisation that is invited; for a request it is the own one.
    pub organisation_id: Id<Organisation>,
    pub message: Option<String>,
    pub preconditions_met: Vec<String>,
    /// The version of the agreement text that the organisation agrees to.
    pub agreement_version: Option<i64>,
}

/// Invites an organisation to take part. For the host.
pub async fn invite(ctx: &Ctx, scope: &TenantScope, cmd: Ask) -> Result<Participation> {
    scope.require(Scope::CopsWrite)?;
    let (mut tx, cop, permit) = acting::open(ctx, scope, cmd.cop_id, None, "invite an organisation", Deed::Run).await?;
    let organisation = tx.refer("organisationId", cmd.organisation_id).await?;
    let active = organisation.state == OrganisationState::Active && organisation.id != cop.tenant_id;
    if !active {
        return Err(Error::invalid(Code::InvalidValue, "organisationId", "an active organisation other than the host"));
    }
    ask(tx, ctx, &permit, cop, Ask { preconditions_met: vec![], agreement_version: None, ..cmd }, Invited).await
}

/// Asks the host to let the own organisation take part.
pub async fn request(ctx: &Ctx, scope: &TenantScope, cmd: Ask) -> Result<Participation> {
    scope.require(Scope::CopsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let cop = tx.get(cmd.cop_id).await?;
    if cop.tenant_id == scope.tenant() {
        return Err(Error::conflict(Code::AlreadyExists, "copId", "the host takes part by itself"));
    }
    let permit = policy::any_of(scope, "ask to take part", &cop, &[scope.tenant()])?;
    let (met, agreement_version) = conditions(&mut *tx, &cop, &cmd.preconditions_met, cmd.agreement_version).await?;
    let cmd = Ask { organisation_id: scope.tenant(), preconditions_met: met, agreement_version, ..cmd };
    ask(tx, ctx, &permit, cop, cmd, Requested).await
}

async fn ask(
    mut tx: Box<dyn Tx>,
    ctx: &Ctx,
    permit: &policy::Permit,
    cop: Cop,
    cmd: Ask,
    state: ParticipationState,
) -> Result<Participation> {
    if cop.status.is_over() {
        return Err(Error::conflict(Code::CopNotOpen, "copId", cop.status.label()));
    }
    let mut check = Check::default();
    let message = check.optional_text("message", cmd.message.as_deref(), input::REASON);
    check.done()?;
    let there = [("cop_id", cop.id.to_cell()), ("organisation_id", cmd.organisation_id.to_cell())];
    let verb = if state == Invited { "invited" } else { "requested" };
    if let Some(mut row) = tx.first::<Participation>(&there).await? {
        if matches!(row.state, Invited | Requested | Accepted) {
            return Err(Error::conflict(Code::AlreadyExists, "organisationId", format!("{} is {}", row.id, row.state)));
        }
        row = Participation {
            state,
            message,
            preconditions_met: AsJson(cmd.preconditions_met),
            agreement_version: cmd.agreement_version,
            // When it ended before stays: what was shared until then stays shared.
            decided_at: None,
            ..row
        };
        tx.save(permit, &mut row, ctx, verb).await?;
        return Ok(row);
    }
    let row = Participation {
        cop_id: cop.id,
        organisation_id: cmd.organisation_id,
        state,
        message,
        preconditions_met: AsJson(cmd.preconditions_met),
        agreement_version: cmd.agreement_version,
        ..ctx.fresh_for(cop.tenant_id)
    };
    tx.insert(permit, &row).await?;
    tx.emit(Event::of(&row, verb)).await?;
    tx.commit().await?;
    Ok(row)
}

/// What of the method's preconditions is confirmed, and the version of the agreement; refuses if one of them is not. What
/// the method does not ask is not kept.
async fn conditions(
    tx: &mut dyn Tx,
    cop: &Cop,
    met: &[String],
    agreement: Option<i64>,
) -> Result<(Vec<String>, Option<i64>)> {
    let mut check = Check::default();
    check.at_most("preconditionsMet", met.len(), 50);
    check.done()?;
    let facts = Facts::of(tx, cop).await?;
    let asked = Standing::from(cop).method(&facts).preconditions.into_iter().map(|asked| asked.code);
    let (met, unmet): (Vec<_>, Vec<_>) = asked.partition(|code| met.contains(code));
    let concept = match cop.concept_id {
        Some(id) => tx.find(id).await?,
        None => None,
    };
    let text = concept.filter(|concept: &Concept| concept.agreement_text.is_some());
    let asked = text.map(|concept| concept.agreement_version);
    let problems = missing(&unmet, asked.filter(|asked| agreement != Some(*asked)));
    if problems.is_empty() { Ok((met, asked)) } else { Err(Error::Conflict(problems)) }
}

/// What an acceptance still lacks: preconditions that are not confirmed, the version of a text that is not agreed to.
pub(crate) fn missing(unmet: &[String], agreement: Option<i64>) -> Vec<crate::Problem> {
    let mut check = Check::default();
    check.that(unmet.is_empty(), Code::PreconditionsNotMet, "preconditionsMet", &unmet.join(", "));
    let version = agreement.map(|version| version.to_string()).unwrap_or_default();
    check.that(agreement.is_none(), Code::AgreementNotGiven, "agreementVersion", &version);
    check.problems()
}

pub struct Accept {
    pub id: Id<Participation>,
    pub preconditions_met: Vec<String>,
    pub agreement_version: Option<i64>,
}

/// Accepts: the organisation an invitation, with the preconditions it meets; the host a request. With it the
/// organisation agrees to the charter as it stands.
pub async fn accept(ctx: &Ctx, scope: &TenantScope, cmd: Accept) -> Result<Participation> {
    scope.require(Scope::CopsWrite)?;
    let side = |row: &Participation| vec![deciding_side(row)];
    let action = "accept for the other side";
    let (mut tx, mut row, permit) = acting::open_for(ctx, scope, cmd.id, None, action, Deed::Run, side).await?;
    transition(row.state, Accepted, STEPS)?;
    let cop = tx.get(row.cop_id).await?;
    if cop.status.is_over() {
        return Err(Error::conflict(Code::CopNotOpen, "", cop.status.label()));
    }
    if row.state == Invited {
        let (met, agreement) = conditions(&mut *tx, &cop, &cmd.preconditions_met, cmd.agreement_version).await?;
        row.preconditions_met = AsJson(met);
        row.agreement_version = agreement;
    }
    row.state = Accepted;
    row.decided_at = Some(ctx.now());
    tx.update(&permit, &mut row, ctx).await?;
    // One that comes later agrees by accepting its participation.
    let charters: Vec<Charter> =
        tx.list(&[("cop_id", cop.id.to_cell()), ("state", CharterState::Agreed.to_cell())]).await?;
    if let Some(charter) = charters.first() {
        charter::record_agreement(&mut *tx, ctx, &permit, charter, row.organisation_id).await?;
    }
    tx.emit(Event::of(&row, "accepted")).await?;
    tx.commit().await?;
    Ok(row)
}

/// Says no to an invitation or a request.
pub async fn decline(ctx: &Ctx, scope: &TenantScope, id: Id<Participation>) -> Result<Participation> {
    let sides = |row: &Participation| vec![deciding_side(row)];
    step(ctx, scope, id, Declined, "decline for the other side", "declined", sides).await
}

/// Takes an invitation or a request back.
pub async fn withdraw(ctx: &Ctx, scope: &TenantScope, id: Id<Participation>) -> Result<Participation> {
    let sides = |row: &Participation| vec![if row.state == Requested { row.organisation_id } else { row.tenant_id }];
    step(ctx, scope, id, Withdrawn, "take back what the other side asked", "withdrawn", sides).await
}

/// Ends a participation; either side may.
pub async fn end(ctx: &Ctx, scope: &TenantScope, id: Id<Participation>) -> Result<Participation> {
    let sides = |row: &Participation| vec![row.tenant_id, row.organisation_id];
    step(ctx, scope, id, Ended, "end a participation", "ended", sides).await
}

async fn step(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Participation>,
    to: ParticipationState,
    action: &'static str,
    verb: &str,
    sides: impl Fn(&Participation) -> Vec<Id<Organisation>>,
) -> Result<Participation> {
    scope.require(Scope::CopsWrite)?;
    let (mut tx, mut row, permit) = acting::open_for(ctx, scope, id, None, action, Deed::Run, sides).await?;
    transition(row.state, to, STEPS)?;
    if to == Ended {
        facilitation::end_of_organisation(&mut *tx, ctx, &permit, row.cop_id, row.organisation_id).await?;
    }
    let cop = tx.find(row.cop_id).await?;
    row.state = to;
    let now = Some(ctx.now());
    if to == Ended {
        let shares = |cop: Cop| cop.listing_audience.min(cop.content_ceiling) >= Audience::Partners;
        if cop.is_some_and(shares) {
            row.shared_until = now;
        }
        row.ended_at = now
    } else {
        row.decided_at = now
    }
    tx.save(&permit, &mut row, ctx, verb).await?;
    if to == Ended {
        // Those who have not agreed yet may have been waited for.
        settle::soon(ctx, row.tenant_id, row.cop_id).await;
    }
    Ok(row)
}

/// The side whose answer is waited for.
fn deciding_side(row: &Participation) -> Id<Organisation> {
    if row.state == Requested { row.tenant_id } else { row.organisation_id }
}
