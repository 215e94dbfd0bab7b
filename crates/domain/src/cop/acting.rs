//! Opens a row of a CoP for a change by whoever may make it: the admin of a side, or a person by their part in the CoP.
//! Nobody writes another tenant's rows in their own scope: a facilitator of another organisation writes in the host's,
//! and the audit row says who did it.

use super::{
    Charter, Cop, Facilitation, FacilitationRole, Goal, Membership, MembershipRole, MembershipState, Participation,
    membership::organisation_is_in,
};
use crate::{
    Id, Result,
    ctx::Ctx,
    organisation::Organisation,
    policy::{self, Deed, Part, Permit},
    ports::Tx,
    record::{Field, Record},
    scope::TenantScope,
    session::{AgendaItem, ExpertContribution, Registration, Session, SessionCop, SessionSeries},
};

/// A row that belongs to a CoP, or is one.
pub(crate) trait OfCop: Record {
    fn cop(&self) -> Option<Id<Cop>>;
}

impl OfCop for Cop {
    fn cop(&self) -> Option<Id<Cop>> {
        Some(self.id)
    }
}
macro_rules! of_cop {
    ($($row:ty),* ; $($maybe:ty),*) => {
        $(impl OfCop for $row {
            fn cop(&self) -> Option<Id<Cop>> {
                Some(self.cop_id)
            }
        })*
        $(impl OfCop for $maybe {
            fn cop(&self) -> Option<Id<Cop>> {
                self.cop_id
            }
        })*
    };
}
of_cop!(Charter, Goal, Participation, Membership, Facilitation, SessionSeries, SessionCop; Session, ExpertContribution, AgendaItem, Registration);

/// What the acting person is in a CoP now; nothing where nobody in person acts.
pub(crate) async fn part_of(tx: &mut dyn Tx, scope: &TenantScope, cop: &Cop) -> Result<Part> {
    let mut part = Part::default();
    let Some(person) = scope.person() else { return Ok(part) };
    let mine = [("cop_id", cop.id.to_cell()), ("person_id", person.to_cell())];
    for row in tx.list::<Facilitation>(&mine).await?.iter().filter(|row| row.end_date.is_none()) {
        match row.role {
            FacilitationRole::Facilitator => part.facilitator = true,
            FacilitationRole::Coordinator => part.coordinator = true,
        }
    }
    let active = |row: &&Membership| row.state == MembershipState::Active;
    if let Some(row) = tx.list::<Membership>(&mine).await?.iter().find(active)
        && organisation_is_in(tx, cop, scope.tenant()).await.is_ok()
    {
        part.member = true;
        part.lead = row.role == MembershipRole::Lead;
    }
    Ok(part)
}

/// Opens a row for its owner, or for who may by their part in its CoP.
pub(crate) async fn open<R: OfCop>(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<R>,
    version: Option<i64>,
    action: &'static str,
    deed: Deed,
) -> Result<(Box<dyn Tx>, R, Permit)> {
    open_for(ctx, scope, id, version, action, deed, |row| vec![row.base().tenant]).await
}

/// The same for a row of two parties: these sides, and for the host who may by their part.
pub(crate) async fn open_for<R: OfCop>(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<R>,
    version: Option<i64>,
    action: &'static str,
    deed: Deed,
    sides: impl Fn(&R) -> Vec<Id<Organisation>>,
) -> Result<(Box<dyn Tx>, R, Permit)> {
    let mut tx = ctx.store.begin(scope).await?;
    let row: R = tx.get_at(id, version).await?;
    let sides = sides(&row);
    let refused = match policy::any_of(scope, action, &row, &sides) {
        Ok(permit) => return Ok((tx, row, permit)),
        Err(refused) => refused,
    };
    let host = row.base().tenant;
    let (Some(cop), true) = (row.cop(), sides.contains(&host) && scope.person().is_some()) else {
        return Err(refused);
    };
    let Some(cop) = tx.find(cop).await? else { return Err(refused) };
    let part = part_of(&mut *tx, scope, &cop).await?;
    let permit = policy::by_part(part, deed, cop.status, action, &row)?;
    if host == scope.tenant() {
        return Ok((tx, row, permit));
    }
    drop(tx);
    let mut tx = ctx.store.begin(&scope.for_owner(host)).await?;
    let row = tx.get_at(id, Some(row.base().version)).await?;
    Ok((tx, row, permit))
}
