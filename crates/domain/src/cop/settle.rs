//! What a change means for rows of another organisation: done right after the commit, by the system, in the scope of
//! the organisation that owns them. Everything here may run any number of times.

use super::{
    Charter, CharterAgreement, CharterState, Cop, Membership, MembershipState, Participation, ParticipationState,
    membership::{all_of, takes_part},
};
use crate::{
    Error, Fault, Id, Result,
    ctx::Ctx,
    id::Prefixed,
    organisation::Organisation,
    policy,
    ports::Event,
    record::Field,
    scope::TenantScope,
    session::{self, Registration, RegistrationState, Session, SessionState, joint, registration},
    visibility::Audience,
};

/// Brings everything up to date that hangs on a CoP's rows of several organisations. The change that asks for it is
/// committed, so its request does not fail with this: what is left undone here, the system does from the outbox.
pub async fn soon(ctx: &Ctx, host: Id<Organisation>, cop: Id<Cop>) {
    // An error is met again, and reported, by the run from the outbox.
    let _ = now(ctx, host, cop).await;
}

/// The same, until it is done.
pub async fn now(ctx: &Ctx, host: Id<Organisation>, cop: Id<Cop>) -> Result<()> {
    for _ in 0..10 {
        let done = match charter(ctx, host, cop).await {
            Ok(()) => member_count(ctx, host, cop).await,
            failed => failed,
        };
        let done = match done {
            Ok(()) => seats(ctx, host, cop).await,
            failed => failed,
        };
        let done = match done {
            Ok(()) => ended(ctx, host, cop).await,
            failed => failed,
        };
        match done {
            // Somebody else changed the row in between: look again.
            Err(Error::Stale { .. } | Error::Busy) => continue,
            other => return other,
        }
    }
    Err(Fault::new("a CoP changes all the time and could not be settled").into())
}

/// The CoP that a change of this row may have to be settled for, if it is a row of that kind.
pub async fn cop_of(ctx: &Ctx, host: uuid::Uuid, subject: &str) -> Result<Option<Id<Cop>>> {
    let Some((prefix, id)) = crate::id::split(subject) else { return Ok(None) };
    // Most changes are of other rows, and nothing is looked up for them.
    let kinds = [Cop::PREFIX, Membership::PREFIX, Participation::PREFIX, Charter::PREFIX, CharterAgreement::PREFIX];
    if !kinds.contains(&prefix) {
        return Ok(None);
    }
    let mut tx = ctx.store.look(&TenantScope::system(Id::new(host))).await?;
    Ok(match prefix {
        // Of the others, whatever they change is settled by itself.
        Cop::PREFIX => tx.find::<Cop>(Id::new(id)).await?.filter(|row| row.status.is_over()).map(|row| row.id),
        Membership::PREFIX => tx.find::<Membership>(Id::new(id)).await?.map(|row| row.cop_id),
        Participation::PREFIX => tx.find::<Participation>(Id::new(id)).await?.map(|row| row.cop_id),
        Charter::PREFIX => tx.find::<Charter>(Id::new(id)).await?.map(|row| row.cop_id),
        CharterAgreement::PREFIX => tx.find::<CharterAgreement>(Id::new(id)).await?.map(|row| row.cop_id),
        _ => None,
    })
}

/// Makes a proposed charter the agreed one once every organisation that is in has agreed to it.
async fn charter(ctx: &Ctx, host: Id<Organisation>, cop: Id<Cop>) -> Result<()> {
    let scope = TenantScope::system(host);
    let mut tx = ctx.store.begin(&scope).await?;
    let charters: Vec<Charter> = tx.list(&[("cop_id", cop.to_cell())]).await?;
    let Some(mut proposed) = charters.iter().find(|charter| charter.state == CharterState::Proposed).cloned() else {
        return Ok(());
    };
    let agreements: Vec<CharterAgreement> = tx.list(&[("charter_id", proposed.id.to_cell())]).await?;
    let accepted: Vec<Participation> =
        tx.list(&[("cop_id", cop.to_cell()), ("state", ParticipationState::Accepted.to_cell())]).await?;
    let agreed = |organisation| {
        agreements.iter().any(|row| {
            row.organisation_id == organisation
                && proposed.proposed_at.is_none_or(|proposed| row.updated_at >= proposed)
        })
    };
    if !agreed(host) || !accepted.iter().all(|row| agreed(row.organisation_id)) {
        return Ok(());
    }
    let permit = policy::owner(&scope, "conclude the charter", &proposed)?;
    for mut earlier in charters.into_iter().filter(|charter| charter.state == CharterState::Agreed) {
        earlier.state = CharterState::Superseded;
        tx.update(&permit, &mut earlier, ctx).await?;
        tx.emit(Event::of(&earlier, "superseded")).await?;
    }
    proposed.state = CharterState::Agreed;
    proposed.agreed_at = Some(ctx.now());
    tx.save(&permit, &mut proposed, ctx, "agreed").await
}

/// Brings the kept number of members up to date: those who are in, and those who were to the end.
async fn member_count(ctx: &Ctx, host: Id<Organisation>, cop: Id<Cop>) -> Result<()> {
    let scope = TenantScope::system(host);
    let mut tx = ctx.store.begin(&scope).await?;
    let Some(mut cop) = tx.find(cop).await? else { return Ok(()) };
    let (all, accepted) = all_of(&mut *tx, &cop).await?;
    let is_in = |row: &&Membership| match row.state {
        MembershipState::Active => accepted.contains(&row.person_tenant_id),
        state => state == MembershipState::Completed,
    };
    let count = all.iter().filter(is_in).count() as i64;
    if cop.member_count == count {
        return Ok(());
    }
    let permit = policy::owner(&scope, "count the members", &cop)?;
    cop.member_count = count;
    tx.save(&permit, &mut cop, ctx, "member-count-changed").await
}

/// What a CoP that is over still planned is called off.
async fn ended(ctx: &Ctx, host: Id<Organisation>, cop: Id<Cop>) -> Result<()> {
    let found = ctx.store.look(&TenantScope::system(host)).await?.find(cop).await?;
    match found.filter(|cop| cop.status.is_over()) {
        Some(cop) => session::end_with(ctx, &cop).await,
        None => Ok(()),
    }
}

/// Who is no longer in a CoP does not come to its sessions, unless they guide it or are an expert there. Who waits gets their
/// seats.
async fn seats(ctx: &Ctx, host: Id<Organisation>, cop: Id<Cop>) -> Result<()> {
    let scope = TenantScope::system(host);
    let mut tx = ctx.store.begin(&scope).await?;
    let Some(cop) = tx.find(cop).await? else { return Ok(()) };
    let (all, accepted) = all_of(&mut *tx, &cop).await?;
    let (stay, gone): (Vec<_>, Vec<_>) =
        all.iter().partition(|row| takes_part(row) && accepted.contains(&row.person_tenant_id));
    let gone: Vec<_> =
        gone.iter().map(|row| row.person_id).filter(|one| stay.iter().all(|row| row.person_id != *one)).collect();
    if gone.is_empty() {
        return Ok(());
    }
    let coming = [("cop_id", cop.id.to_cell()), ("state", SessionState::Scheduled.to_cell())];
    let sessions: Vec<Session> = tx.list(&coming).await?;
    let mut freed = false;
    for mut session in sessions.into_iter().filter(|row| row.starts_at > ctx.now()) {
        // To one of the network anybody comes, and to one that CoPs of others join, they may come by those.
        if session.audience == Audience::Network || !joint::others(&mut *tx, session.id).await?.is_empty() {
            continue;
        }
        let mut left = vec![];
        for row in tx.list::<Registration>(&[("session_id", session.id.to_cell())]).await? {
            let holds = matches!(row.state, RegistrationState::Registered | RegistrationState::Waiting);
            // Who was brought along comes with them.
            if holds
                && gone.contains(&row.brought_by_id.unwrap_or(row.person_id))
                && !registration::guides_or_contributes(&mut *tx, &session, row.person_id).await?
            {
                left.push(row);
            }
        }
        if left.is_empty() {
            continue;
        }
        let permit = policy::owner(&scope, "free the seats of who left", &session)?;
        for mut row in left {
            row.state = RegistrationState::Cancelled;
            tx.update(&permit, &mut row, ctx).await?;
            tx.emit(Event::of(&row, "cancelled")).await?;
        }
        registration::fill_seats(&mut *tx, ctx, &permit, &mut session).await?;
        tx.update(&permit, &mut session, ctx).await?;
        tx.emit(Event::of(&session, "seats-changed")).await?;
        freed = true;
    }
    if freed { tx.commit().await } else { Ok(()) }
}
