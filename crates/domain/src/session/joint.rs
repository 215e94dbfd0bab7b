//! Sessions of several CoPs (*gezamenlijke bijeenkomsten*): one leads, or none where it is a clinic or network meeting of its
//! own, and others join. Who joins shows the session to its own people, as its own sessions.

use super::{ContributionState, ExpertContribution, Session, SessionState, expert::is_member};
use crate::{
    Code, Error, Id, Result,
    cop::{Cop, acting},
    ctx::Ctx,
    organisation::Organisation,
    policy::Deed,
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
        let mut tx = ctx.store.begin(scope).await?;
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
    if session.state == SessionState::Cancelled {
        return Err(Error::conflict(Code::NotEditable, "sessionId", session.state.label()));
    }
    if cop.status.is_over() {
        return Err(Error::conflict(Code::CopNotOpen, "copId", cop.status.label()));
    }
    no_member_is_expert(ctx, &session, &cop).await?;
    let mut tx = ctx.store.begin(&scope.for_owner(session.tenant_id)).await?;
    let session = tx.get(session.id).await?;
    let there = others(&mut *tx, session.id).await?;
    if session.cop_id == Some(cop.id) || there.iter().any(|row| row.cop_id == cop.id) {
        return Err(Error::conflict(Code::AlreadyExists, "copId", cop.id.to_string()));
    }
    if there.len() >= MOST {
        return Err(Error::invalid(Code::TooMany, "copId", MOST.to_string()));
    }
    // What the leading CoP keeps among its members or at home is not shown to another's partners.
    if let Some(leads) = session.cop_id
        && tx.get(leads).await?.content_ceiling < Audience::Partners
    {
        return Err(Error::conflict(Code::CeilingTooNarrow, "sessionId", Audience::Partners.label()));
    }
    let row = SessionCop {
        session_id: session.id,
        cop_id: cop.id,
        cop_tenant_id: cop.tenant_id,
        ..ctx.fresh_for(session.tenant_id)
    };
    tx.create(&permit, &row).await?;
    Ok(row)
}

/// An expert looks at it from outside, also at a session that their CoP joins.
async fn no_member_is_expert(ctx: &Ctx, session: &Session, cop: &Cop) -> Result<()> {
    let of_session = [("session_id", session.id.to_cell())];
    let mut tx = ctx.store.begin(&TenantScope::system(session.tenant_id)).await?;
    let experts: Vec<ExpertContribution> = tx.list(&of_session).await?;
    drop(tx);
    let mut tx = ctx.store.begin(&TenantScope::system(cop.tenant_id)).await?;
    for expert in experts.iter().filter(|row| row.state != ContributionState::Withdrawn) {
        if is_member(&mut *tx, cop.id, expert.person_id).await? {
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
                let mut tx = ctx.store.begin(scope).await?;
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
    Ok(row)
}

/// The CoPs that join a session, beside the one that leads it.
pub(crate) async fn others(tx: &mut dyn Tx, session: Id<Session>) -> Result<Vec<SessionCop>> {
    let all: Vec<SessionCop> = tx.list(&[("session_id", session.to_cell())]).await?;
    Ok(all.into_iter().filter(|row| row.removed_at.is_none()).collect())
}

/// All CoPs of a session.
pub(crate) async fn cops_of(tx: &mut dyn Tx, session: &Session) -> Result<Vec<Id<Cop>>> {
    let joins = others(tx, session.id).await?;
    Ok(session.cop_id.into_iter().chain(joins.into_iter().map(|row| row.cop_id)).collect())
}
