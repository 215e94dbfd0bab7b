//! The steps of a CoP's life, each a use case, for its host and for who runs it.

use super::{Cop, CopStatus, Facts, STEPS, Standing, acting, check_period, settle, transition};
use crate::{
    Error, Id, Result,
    ctx::Ctx,
    input::{self, Check},
    policy::Deed,
    record::AsJson,
    scope::{Scope, TenantScope},
    visibility::Audience,
};

/// Opens the CoP for members (*werving*).
pub async fn recruit(ctx: &Ctx, scope: &TenantScope, id: Id<Cop>) -> Result<Cop> {
    step(ctx, scope, id, None, CopStatus::Recruiting, "recruiting").await
}

/// Starts the work. The CoP keeps the method profile that its concept has now.
pub async fn activate(ctx: &Ctx, scope: &TenantScope, id: Id<Cop>) -> Result<Cop> {
    step(ctx, scope, id, None, CopStatus::Active, "activated").await
}

/// Starts bringing in the results. The reason stands in for intensive sessions that were not held.
pub async fn harvest(ctx: &Ctx, scope: &TenantScope, id: Id<Cop>, reason: Option<String>) -> Result<Cop> {
    step(ctx, scope, id, reason, CopStatus::Harvesting, "harvesting").await
}

/// Goes back to work from harvesting, for a reason.
pub async fn resume(ctx: &Ctx, scope: &TenantScope, id: Id<Cop>, reason: Option<String>) -> Result<Cop> {
    step(ctx, scope, id, reason, CopStatus::Active, "resumed").await
}

/// Ends a CoP that has reached what it could. What it still planned is called off.
pub async fn close(ctx: &Ctx, scope: &TenantScope, id: Id<Cop>) -> Result<Cop> {
    step(ctx, scope, id, None, CopStatus::Closed, "closed").await
}

/// Ends a CoP before it is done, for a reason. What it still planned is called off.
pub async fn cancel(ctx: &Ctx, scope: &TenantScope, id: Id<Cop>, reason: Option<String>) -> Result<Cop> {
    step(ctx, scope, id, reason, CopStatus::Cancelled, "cancelled").await
}

async fn step(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Cop>,
    reason: Option<String>,
    to: CopStatus,
    verb: &'static str,
) -> Result<Cop> {
    scope.require(Scope::CopsWrite)?;
    let mut check = Check::default();
    let reason = check.optional_text("reason", reason.as_deref(), input::REASON);
    check.done()?;
    let (mut tx, mut cop, permit) = acting::open(ctx, scope, id, None, verb, Deed::Run).await?;
    transition(cop.status, to, STEPS)?;
    // One state is reached by two steps: to go on from harvesting is not to activate.
    if to == CopStatus::Active && (verb == "resumed") != (cop.status == CopStatus::Harvesting) {
        transition(cop.status, to, &[])?;
    }
    let facts = Facts::of(&mut *tx, &cop).await?;
    let standing = Standing::from(&cop);
    let blockers = standing.blockers(to, &facts, reason.is_some());
    if !blockers.is_empty() {
        return Err(Error::Conflict(blockers));
    }
    match to {
        CopStatus::Active if cop.activated_at.is_none() => {
            let method = standing.method(&facts);
            let mut check = Check::default();
            check_period(&mut check, cop.start_date, cop.planned_end_date, &method);
            check.done()?;
            cop.profile = AsJson(Some(method));
            cop.activated_at = Some(ctx.now());
        }
        CopStatus::Closed | CopStatus::Cancelled => cop.ended_at = Some(ctx.now()),
        _ => {}
    }
    if to == CopStatus::Cancelled && cop.status == CopStatus::Draft {
        // What was not yet shown to the network does not come out by being given up.
        cop.listing_audience = cop.listing_audience.min(Audience::Partners);
        cop.content_ceiling = cop.content_ceiling.min(Audience::Partners);
    }
    cop.status = to;
    cop.status_reason = reason;
    tx.save(&permit, &mut cop, ctx, verb).await?;
    if to.is_over() {
        settle::soon(ctx, cop.tenant_id, cop.id).await;
    }
    Ok(cop)
}
