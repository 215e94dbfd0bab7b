//! Who facilitates or coordinates a CoP, provided by an organisation, for a period.

use super::{Cop, CopStatus, Facts, Standing, acting, membership::organisation_is_in};
use crate::{
    Code, Error, Id, Result,
    concept::FacilitatorFrom,
    ctx::Ctx,
    input::Check,
    labels,
    organisation::{Organisation, OrganisationKind},
    person::{Person, PersonState},
    policy::{Deed, Permit},
    ports::{Event, Tx},
    record,
    record::{Cell, Field},
    scope::{Scope, TenantScope},
};
use chrono::NaiveDate;

labels! {
    /// What a facilitation is.
    FacilitationRole {
        /// Guides the sessions and the people.
        Facilitator = "FACILITATOR" / "Facilitator",
        /// Sees to everything around it.
        Coordinator = "COORDINATOR" / "Coördinator",
    }
}

record! {
    Facilitation("facilitation", "fac") {
        cop_id: Id<Cop>,
        person_id: Id<Person>,
        person_tenant_id: Id<Organisation>,
        role: FacilitationRole,
        is_primary: bool,
        start_date: NaiveDate,
        end_date: Option<NaiveDate>,
    }
}

pub struct Assign {
    pub cop_id: Id<Cop>,
    pub person_id: Id<Person>,
    pub role: FacilitationRole,
    pub is_primary: bool,
    pub start_date: Option<NaiveDate>,
}

/// Assigns a facilitator or coordinator. A new primary facilitator follows up the one before.
pub async fn assign(ctx: &Ctx, scope: &TenantScope, cmd: Assign) -> Result<Facilitation> {
    scope.require(Scope::CopsWrite)?;
    if scope.person().is_some() {
        // Whoever assigns somebody must see them, also where the host's eyes look later.
        let mut own = ctx.store.begin(scope).await?;
        own.get(cmd.cop_id).await?;
        own.refer("personId", cmd.person_id).await?;
    }
    let (mut tx, cop, permit) =
        acting::open(ctx, scope, cmd.cop_id, None, "assign a facilitator", Deed::Appoint).await?;
    if cop.status.is_over() {
        return Err(Error::conflict(Code::CopNotOpen, "copId", cop.status.label()));
    }
    if cmd.is_primary && cmd.role != FacilitationRole::Facilitator {
        return Err(Error::invalid(Code::InvalidValue, "isPrimary", "only a FACILITATOR is primary"));
    }
    let person = tx.refer("personId", cmd.person_id).await?;
    let mut check = Check::default();
    check.date("startDate", cmd.start_date);
    check.done()?;
    let row = put_in_place(&mut *tx, ctx, &permit, &cop, &person, (cmd.role, cmd.is_primary, cmd.start_date)).await?;
    tx.commit().await?;
    Ok(row)
}

/// Gives a person a part in guiding a CoP from a day on, and ends what it takes the place of.
pub(crate) async fn put_in_place(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    permit: &Permit,
    cop: &Cop,
    person: &Person,
    (role, is_primary, start): (FacilitationRole, bool, Option<NaiveDate>),
) -> Result<Facilitation> {
    if person.state != PersonState::Active || person.external {
        return Err(Error::conflict(Code::NotEligible, "personId", "not an active person of an organisation"));
    }
    // The step out of the draft asked who provides the primary facilitator; from there on each one who follows is asked.
    if is_primary && cop.status != CopStatus::Draft && !may_provide(tx, cop, person.tenant_id).await? {
        return Err(Error::conflict(
            Code::NotEligible,
            "personId",
            "their organisation does not provide the facilitator",
        ));
    }
    let start = start.unwrap_or_else(|| ctx.today());
    if start > ctx.today() {
        return Err(Error::invalid(Code::OutOfRange, "startDate", "not in the future"));
    }
    // People are provided by an organisation that has to do with the CoP.
    let operator = tx.get(person.tenant_id).await?.kind == OrganisationKind::NetworkOperator;
    if !operator && organisation_is_in(tx, cop, person.tenant_id).await.is_err() {
        return Err(Error::conflict(Code::NotEligible, "personId", "their organisation does not take part"));
    }
    let current: Vec<Facilitation> = tx.list(&[("cop_id", cop.id.to_cell())]).await?;
    for mut before in current.into_iter().filter(|row| row.end_date.is_none()) {
        if before.person_id == person.id && before.role == role && before.is_primary == is_primary {
            return Err(Error::conflict(Code::AlreadyExists, "personId", before.id.to_string()));
        }
        // A primary facilitator is followed up by another; they do not step down and leave the CoP without one.
        if before.is_primary && !is_primary && before.person_id == person.id && before.role == role {
            return Err(Error::conflict(Code::InUse, "isPrimary", "assign another primary facilitator first"));
        }
        if before.is_primary && is_primary && start < before.start_date {
            let detail = format!("not before {}, when the one before started", before.start_date);
            return Err(Error::invalid(Code::OutOfRange, "startDate", detail));
        }
        // Exactly one primary facilitator at a time, and nobody in one role twice.
        if (before.is_primary && is_primary) || (before.person_id == person.id && before.role == role) {
            before.end_date = Some(start);
            tx.update(permit, &mut before, ctx).await?;
            tx.emit(Event::of(&before, "ended")).await?;
        }
    }
    let row = Facilitation {
        cop_id: cop.id,
        person_id: person.id,
        person_tenant_id: person.tenant_id,
        role,
        is_primary,
        start_date: start,
        ..ctx.fresh_for(cop.tenant_id)
    };
    tx.insert(permit, &row).await?;
    tx.emit(Event::of(&row, "created")).await?;
    Ok(row)
}

/// Whether the CoP's method takes its primary facilitator from this organisation.
pub(crate) async fn may_provide(tx: &mut dyn Tx, cop: &Cop, tenant: Id<Organisation>) -> Result<bool> {
    let facts = Facts::of(tx, cop).await?;
    Ok(match Standing::from(cop).method(&facts).facilitator_from {
        FacilitatorFrom::NetworkOperator => tx.get(tenant).await?.kind == OrganisationKind::NetworkOperator,
        FacilitatorFrom::Host => tenant == cop.tenant_id,
        FacilitatorFrom::AnyParticipant => organisation_is_in(tx, cop, tenant).await.is_ok(),
    })
}

/// Ends a facilitation today, for the host or for who provides the person. The primary one of a running CoP is followed
/// up by assigning another instead.
pub async fn end(ctx: &Ctx, scope: &TenantScope, id: Id<Facilitation>) -> Result<Facilitation> {
    scope.require(Scope::CopsWrite)?;
    let sides = |row: &Facilitation| vec![row.tenant_id, row.person_tenant_id];
    let (mut tx, mut row, permit) =
        acting::open_for(ctx, scope, id, None, "end a facilitation", Deed::Appoint, sides).await?;
    if row.end_date.is_some() {
        return Err(Error::conflict(Code::TransitionNotAllowed, "", "it has ended already"));
    }
    let cop = tx.get(row.cop_id).await?;
    let running = matches!(cop.status, CopStatus::Recruiting | CopStatus::Active | CopStatus::Harvesting);
    if row.is_primary && running {
        return Err(Error::conflict(Code::InUse, "", "assign another primary facilitator, who follows this one up"));
    }
    row.end_date = Some(ctx.today());
    tx.save(&permit, &mut row, ctx, "ended").await?;
    Ok(row)
}

/// Ends what an organisation's people do for a CoP when it takes no part any more. The network operator provides people
/// without taking part, so its people stay.
pub(crate) async fn end_of_organisation(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    permit: &Permit,
    cop: Id<Cop>,
    organisation: Id<Organisation>,
) -> Result<()> {
    if tx.get(organisation).await?.kind == OrganisationKind::NetworkOperator {
        return Ok(());
    }
    let theirs = [("cop_id", cop.to_cell()), ("person_tenant_id", organisation.to_cell())];
    end_all(tx, ctx, permit, &theirs).await
}

/// Ends what a person does for CoPs when they leave.
pub(crate) async fn end_of_person(tx: &mut dyn Tx, ctx: &Ctx, permit: &Permit, person: Id<Person>) -> Result<()> {
    end_all(tx, ctx, permit, &[("person_id", person.to_cell())]).await
}

async fn end_all(tx: &mut dyn Tx, ctx: &Ctx, permit: &Permit, which: &[(&'static str, Cell)]) -> Result<()> {
    let open: Vec<Facilitation> = tx.list(which).await?;
    for mut row in open.into_iter().filter(|row| row.end_date.is_none()) {
        let cop = tx.find(row.cop_id).await?;
        let running =
            |cop: &Cop| matches!(cop.status, CopStatus::Recruiting | CopStatus::Active | CopStatus::Harvesting);
        if row.is_primary && cop.as_ref().is_some_and(running) {
            return Err(Error::conflict(Code::InUse, "", "assign another primary facilitator first"));
        }
        row.end_date = Some(ctx.today());
        tx.update(permit, &mut row, ctx).await?;
        tx.emit(Event::of(&row, "ended")).await?;
    }
    Ok(())
}
