//! Sessions of several CoPs (*gezamenlijke bijeenkomsten*): one leads, or none where it is a clinic or network meeting of its
//! own, and others join. Who joins shows the session to its own people, as its own sessions.

use super::{ContributionState, ExpertContribution, Session, SessionState, expert::is_member, registration::is_in};
use crate::{
    Code, Error, Id, Result,
    cop::{Cop, acting},
    ctx::Ctx,
    organisation::Organisation,
    person::Person,
    policy::{self, Deed, Permit},
    ports::Tx,
    record,
    record::Field,
    scope::{Scope, TenantScope},
    visibility::Audience,
};
use chrono::{DateTime, Utc};

record! {
    SessionCop("session_join", "sco") {
        session_id: Id<Session>,
        cop_id: Id<Cop>,
        cop_tenant_id: Id<Organisation>,
        removed_at: Option<DateTime<Utc>>,
    }
}

/// The most CoPs that join a session beside the one that leads it.
const MOST: usize = 50;

/// Lets a CoP join a session of another one, or of none. For whom both are theirs to decide on: the host, and who guides it.
pub async fn add(ctx: &Ctx, scope: &TenantScope, session: Id<Session>, cop: Id<Cop>) -> Result<SessionCop> {
    scope.require(Scope::SessionsWrite)?;
    let cop = {
        let mut tx = ctx.store.look(scope).await?;
        tx.refer("sessionId", session).await?;
        tx.refer("copId", cop).await?
    };
    let action = "let a CoP join a session";
    // Each unit of work ends before the next begins: SQLite has one writer.
    let (session, permit) = {
        let (_, session, permit) = acting::open(ctx, scope, session, None, action, Deed::Hold).await?;
        (session, permit)
    };
    match acting::open(ctx, scope, cop.id, None, action, Deed::Hold).await.map(drop) {
        Err(Error::Forbidden(_)) => {
            return Err(Error::invalid(
                Code::NotYours,
                "copId",
                "a CoP that your organisation hosts, or that you guide",
            ));
        }
        other => other?,
    }
    not_called_off(&session)?;
    still_open(&cop)?;
    let experts = experts_of(&mut *ctx.store.look(&TenantScope::system(session.tenant_id)).await?, &session).await?;
    no_member_among(&mut *ctx.store.look(&TenantScope::system(cop.tenant_id)).await?, &cop, &experts).await?;
    let mut tx = ctx.store.begin(&scope.for_owner(session.tenant_id)).await?;
    let session = tx.get(session.id).await?;
    not_called_off(&session)?;
    may_join(&mut *tx, &session, &cop).await?;
    let row = SessionCop {
        session_id: session.id,
        cop_id: cop.id,
        cop_tenant_id: cop.tenant_id,
        ..ctx.fresh_for(session.tenant_id)
    };
    tx.create(&permit, &row).await?;
    Ok(row)
}

/// Whether there is room for one more CoP at a session, and what the leading one keeps to itself stays so.
pub(crate) async fn may_join(tx: &mut dyn Tx, session: &Session, cop: &Cop) -> Result<()> {
    let there = others(tx, session.id).await?;
    let joined = there.iter().find(|row| row.cop_id == cop.id).map(|row| row.id.to_string());
    if let Some(there) = joined.or_else(|| (session.cop_id == Some(cop.id)).then(|| cop.id.to_string())) {
        return Err(Error::conflict(Code::AlreadyExists, "copId", there));
    }
    if there.len() >= MOST {
        return Err(Error::invalid(Code::TooMany, "copId", MOST.to_string()));
    }
    // What the leading CoP keeps among its members or at home is not shown to another's partners.
    if let Some(leads) = session.cop_id
        && let leads = tx.get(leads).await?
        && leads.content_ceiling.min(leads.listing_audience) < Audience::Partners
    {
        return Err(Error::conflict(Code::CeilingTooNarrow, "sessionId", Audience::Partners.label()));
    }
    Ok(())
}

pub(crate) fn still_open(cop: &Cop) -> Result<()> {
    if cop.status.is_over() { Err(Error::conflict(Code::CopNotOpen, "copId", cop.status.label())) } else { Ok(()) }
}

pub(crate) fn not_called_off(session: &Session) -> Result<()> {
    match session.state {
        SessionState::Cancelled => Err(Error::conflict(Code::NotEditable, "sessionId", session.state.label())),
        _ => Ok(()),
    }
}

/// Who looks at a session from outside.
pub(crate) async fn experts_of(tx: &mut dyn Tx, session: &Session) -> Result<Vec<Id<Person>>> {
    let all: Vec<ExpertContribution> = tx.list(&[("session_id", session.id.to_cell())]).await?;
    let open = all.into_iter().filter(|row| row.state != ContributionState::Withdrawn);
    Ok(open.map(|row| row.person_id).collect())
}

/// An expert looks at it from outside, also at a session that their CoP joins.
pub(crate) async fn no_member_among(tx: &mut dyn Tx, cop: &Cop, experts: &[Id<Person>]) -> Result<()> {
    for expert in experts {
        if is_member(tx, cop.id, *expert).await? {
            return Err(Error::conflict(Code::NotEligible, "copId", "a member of the CoP is no expert from outside"));
        }
    }
    Ok(())
}

/// Ends that a CoP joins a session. For both sides: who decides on the session, and who decides on the CoP.
pub async fn remove(ctx: &Ctx, scope: &TenantScope, id: Id<SessionCop>) -> Result<SessionCop> {
    scope.require(Scope::SessionsWrite)?;
    let action = "end that a CoP joins a session";
    let sides = |row: &SessionCop| vec![row.tenant_id, row.cop_tenant_id];
    let (tx, mut row, permit) = match acting::open_for(ctx, scope, id, None, action, Deed::Hold, sides).await {
        Err(refused @ Error::Forbidden(_)) => {
            let row: SessionCop = {
                let mut tx = ctx.store.look(scope).await?;
                tx.get(id).await?
            };
            let Ok((tx, _, permit)) = acting::open(ctx, scope, row.session_id, None, action, Deed::Hold).await else {
                return Err(refused);
            };
            (tx, row, permit)
        }
        other => other?,
    };
    if row.removed_at.is_some() {
        return Err(Error::conflict(Code::NotEditable, "", "the CoP does not join it any more"));
    }
    row.removed_at = Some(ctx.now());
    tx.save(&permit, &mut row, ctx, "removed").await?;
    // It may have been the last one that was at work. What fails here leaves a session that nobody comes to.
    let _ = super::end_if_over(ctx, row.tenant_id, row.session_id).await;
    Ok(row)
}

/// The CoPs that join a session, beside the one that leads it.
pub(crate) async fn others(tx: &mut dyn Tx, session: Id<Session>) -> Result<Vec<SessionCop>> {
    let all: Vec<SessionCop> = tx.list(&[("session_id", session.to_cell())]).await?;
    Ok(all.into_iter().filter(|row| row.removed_at.is_none()).collect())
}

/// Whether all CoPs of a session are over.
pub(crate) async fn all_over(tx: &mut dyn Tx, session: &Session) -> Result<bool> {
    let cops = cops_of(tx, session).await?;
    for cop in &cops {
        // One of another host is out of sight here, and may be at work.
        if tx.find(*cop).await?.is_none_or(|cop: Cop| !cop.status.is_over()) {
            return Ok(false);
        }
    }
    Ok(!cops.is_empty())
}

/// Leave for a session for who takes part in a CoP that joins it, in person.
pub(crate) async fn taking_part(
    ctx: &Ctx,
    scope: &TenantScope,
    session: Id<Session>,
    action: &'static str,
) -> Result<(Session, Permit)> {
    let mut tx = ctx.store.look(scope).await?;
    let session = tx.get(session).await?;
    for join in others(&mut *tx, session.id).await? {
        if let Some(cop) = tx.find(join.cop_id).await? {
            let part = acting::part_of(&mut *tx, scope, &cop).await?;
            if let Ok(permit) = policy::by_part(part, Deed::TakePart, cop.status, action, &session) {
                return Ok((session, permit));
            }
        }
    }
    Err(Error::forbidden(Code::Forbidden, action))
}

/// Whether somebody is in a CoP that joins a session: as far as these eyes see it, or as it is.
pub(crate) async fn is_in_one_that_joins(
    ctx: &Ctx,
    eyes: Option<&TenantScope>,
    session: &Session,
    person: Id<Person>,
) -> Result<bool> {
    let joins = {
        let mut tx = ctx.store.look(&TenantScope::system(session.tenant_id)).await?;
        others(&mut *tx, session.id).await?
    };
    for join in joins {
        let system = TenantScope::system(join.cop_tenant_id);
        let mut tx = ctx.store.look(eyes.unwrap_or(&system)).await?;
        if is_in(&mut *tx, join.cop_id, person, false).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// All CoPs of a session.
pub(crate) async fn cops_of(tx: &mut dyn Tx, session: &Session) -> Result<Vec<Id<Cop>>> {
    let joins = others(tx, session.id).await?;
    Ok(session.cop_id.into_iter().chain(joins.into_iter().map(|row| row.cop_id)).collect())
}
