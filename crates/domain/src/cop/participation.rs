//! Which organisations take part in a CoP: a handshake in which the other side accepts.

use super::{
    Charter, CharterState, Cop, CopStatus, Facts, Standing, acting, charter, facilitation, settle, transition,
};
use crate::{
    Code, Error, Id, Result,
    ctx::Ctx,
    input::{self, Check},
    labels,
    organisation::{Organisation, OrganisationState},
    policy::{self, Deed},
    ports::{Event, Tx},
    record,
    record::{AsJson, Field},
    scope::{Scope, TenantScope},
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
        decided_at: Option<DateTime<Utc>>,
        ended_at: Option<DateTime<Utc>>,
    }
}

pub struct Ask {
    pub cop_id: Id<Cop>,
    /// The organisation that is invited; for a request it is the own one.
    pub organisation_id: Id<Organisation>,
    pub message: Option<String>,
    pub preconditions_met: Vec<String>,
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
    ask(tx, ctx, &permit, cop, Ask { preconditions_met: vec![], ..cmd }, Invited).await
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
    let preconditions_met = preconditions(&mut *tx, &cop, &cmd.preconditions_met).await?;
    ask(tx, ctx, &permit, cop, Ask { organisation_id: scope.tenant(), preconditions_met, ..cmd }, Requested).await
}

async fn ask(
    mut tx: Box<dyn Tx>,
    ctx: &Ctx,
    permit: &policy::Permit,
    cop: Cop,
    cmd: Ask,
    state: ParticipationState,
) -> Result<Participation> {
    if matches!(cop.status, CopStatus::Closed | CopStatus::Cancelled) {
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
            decided_at: None,
            ended_at: None,
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
        ..ctx.fresh_for(cop.tenant_id)
    };
    tx.insert(permit, &row).await?;
    tx.emit(Event::of(&row, verb)).await?;
    tx.commit().await?;
    Ok(row)
}

/// What of the method's preconditions is confirmed; refuses if one of them is not. What the method does not ask is not
/// kept.
async fn preconditions(tx: &mut dyn Tx, cop: &Cop, met: &[String]) -> Result<Vec<String>> {
    let mut check = Check::default();
    check.at_most("preconditionsMet", met.len(), 50);
    check.done()?;
    let facts = Facts::of(tx, cop).await?;
    let asked = Standing::from(cop).method(&facts).preconditions.into_iter().map(|asked| asked.code);
    let (met, unmet): (Vec<_>, Vec<_>) = asked.partition(|code| met.contains(code));
    if unmet.is_empty() {
        Ok(met)
    } else {
        Err(Error::conflict(Code::PreconditionsNotMet, "preconditionsMet", unmet.join(", ")))
    }
}

pub struct Accept {
    pub id: Id<Participation>,
    pub preconditions_met: Vec<String>,
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
    if matches!(cop.status, CopStatus::Closed | CopStatus::Cancelled) {
        return Err(Error::conflict(Code::CopNotOpen, "", cop.status.label()));
    }
    if row.state == Invited {
        row.preconditions_met = AsJson(preconditions(&mut *tx, &cop, &cmd.preconditions_met).await?);
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
    row.state = to;
    let now = Some(ctx.now());
    if to == Ended {
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
