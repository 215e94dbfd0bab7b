//! Members of a CoP (*deelnemers*): nominated or applied, with the person's own yes, then selected.

use super::{Cop, CopStatus, Facts, Participation, ParticipationState, Standing, acting, settle, transition};
use crate::{
    Code, Done, Error, Id, Item, Result,
    concept::MembersFrom,
    ctx::Ctx,
    input::{self, Check},
    labels,
    organisation::Organisation,
    person::{Person, PersonState},
    policy::{self, Deed},
    ports::{Event, Tx},
    project::{FrontRunner, FrontRunnerProject, FrontRunnerState},
    record,
    record::Field,
    scope::{Scope, TenantScope},
    session::expert::is_expert_of,
};
use chrono::{DateTime, Utc};

labels! {
    /// What a member does in the CoP.
    MembershipRole {
        /// Takes part.
        Member = "MEMBER" / "Deelnemer",
        /// Pulls the work (*kartrekker*).
        Lead = "LEAD" / "Kartrekker",
        /// Backs the work in their organisation.
        Sponsor = "SPONSOR" / "Sponsor",
    }
}

labels! {
    /// Where a membership is in its life.
    MembershipState {
        /// Put forward by their organisation or the host.
        Nominated = "NOMINATED" / "Voorgedragen",
        /// Came forward.
        Applied = "APPLIED" / "Aangemeld",
        /// Chosen for the CoP.
        Selected = "SELECTED" / "Geselecteerd",
        /// Taking part.
        Active = "ACTIVE" / "Actief",
        /// Took part until the end.
        Completed = "COMPLETED" / "Afgerond",
        /// Was not chosen.
        Rejected = "REJECTED" / "Afgewezen",
        /// Left.
        Withdrawn = "WITHDRAWN" / "Teruggetrokken",
        /// Was sent away.
        Removed = "REMOVED" / "Verwijderd",
    }
}

use MembershipState::{Active, Applied, Completed, Nominated, Rejected, Removed, Selected, Withdrawn};

pub const STEPS: &[(MembershipState, MembershipState)] = &[
    (Nominated, Selected),
    (Applied, Selected),
    (Nominated, Rejected),
    (Applied, Rejected),
    (Nominated, Withdrawn),
    (Applied, Withdrawn),
    (Selected, Active),
    (Active, Completed),
    (Selected, Withdrawn),
    (Active, Withdrawn),
    (Selected, Removed),
    (Active, Removed),
];

record! {
    Membership("membership", "mem") {
        cop_id: Id<Cop>,
        person_id: Id<Person>,
        person_tenant_id: Id<Organisation>,
        project_id: Option<Id<FrontRunnerProject>>,
        role: MembershipRole,
        state: MembershipState,
        motivation: Option<String>,
        person_accepted_at: Option<DateTime<Utc>>,
        selected_at: Option<DateTime<Utc>>,
        ended_at: Option<DateTime<Utc>>,
        reason: Option<String>,
    }
}

pub struct Propose {
    pub cop_id: Id<Cop>,
    pub person_id: Id<Person>,
    pub role: MembershipRole,
    pub motivation: Option<String>,
}

/// Puts a person forward. For the host, and for a participating organisation its own people.
pub async fn nominate(ctx: &Ctx, scope: &TenantScope, cmd: Propose) -> Result<Membership> {
    scope.require(Scope::MembershipsWrite)?;
    let action = "nominate somebody of another organisation";
    let mut tx = ctx.store.begin(scope).await?;
    let cop = tx.get(cmd.cop_id).await?;
    let person = tx.refer("personId", cmd.person_id).await?;
    let permit = match policy::any_of(scope, action, &cop, &[cop.tenant_id, person.tenant_id]) {
        Ok(permit) => permit,
        Err(_) => {
            // Nobody holds one unit of work while they wait for another: SQLite has one writer, and pools are finite.
            drop(tx);
            let opened = acting::open(ctx, scope, cop.id, None, action, Deed::Members).await?;
            tx = opened.0;
            // From here on only what the host may see of the person counts.
            tx.refer("personId", person.id).await?;
            opened.2
        }
    };
    propose(tx, ctx, &permit, cop, person, cmd, Nominated).await
}

/// Comes forward, for a person of the own organisation. Applying is the person's own yes.
pub async fn apply(ctx: &Ctx, scope: &TenantScope, cmd: Propose) -> Result<Membership> {
    scope.require(Scope::MembershipsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let cop = tx.get(cmd.cop_id).await?;
    let person = tx.refer("personId", cmd.person_id).await?;
    let action = "apply for somebody else";
    let permit = policy::own_yes(scope, action, &cop, person.tenant_id, person.id)?;
    propose(tx, ctx, &permit, cop, person, cmd, Applied).await
}

async fn propose(
    mut tx: Box<dyn Tx>,
    ctx: &Ctx,
    permit: &policy::Permit,
    cop: Cop,
    person: Person,
    cmd: Propose,
    state: MembershipState,
) -> Result<Membership> {
    if !matches!(cop.status, CopStatus::Recruiting | CopStatus::Active) {
        return Err(Error::conflict(Code::CopNotOpen, "copId", cop.status.label()));
    }
    let mut check = Check::default();
    let motivation = check.optional_text("motivation", cmd.motivation.as_deref(), input::REASON);
    check.done()?;
    if person.state != PersonState::Active || person.external {
        return Err(Error::conflict(Code::NotEligible, "personId", "not an active person of an organisation"));
    }
    organisation_is_in(&mut *tx, &cop, person.tenant_id).await?;
    no_expert(&mut *tx, &cop, person.id).await?;
    let there = [("cop_id", cop.id.to_cell()), ("person_id", person.id.to_cell())];
    let before: Vec<Membership> = tx.list(&there).await?;
    if let Some(open) = before.iter().find(|row| matches!(row.state, Nominated | Applied | Selected | Active)) {
        return Err(Error::conflict(Code::AlreadyExists, "personId", format!("{} is {}", open.id, open.state)));
    }
    let mut row = Membership {
        cop_id: cop.id,
        person_id: person.id,
        person_tenant_id: person.tenant_id,
        role: cmd.role,
        state,
        motivation,
        ..ctx.fresh_for(cop.tenant_id)
    };
    if state == Applied {
        row.project_id = eligible(&mut *tx, &cop, &row).await?;
        row.person_accepted_at = Some(ctx.now());
    }
    tx.insert(permit, &row).await?;
    tx.emit(Event::of(&row, if state == Applied { "applied" } else { "nominated" })).await?;
    tx.commit().await?;
    Ok(row)
}

/// Members come from the host or from an organisation whose participation is accepted.
pub(crate) async fn organisation_is_in(tx: &mut dyn Tx, cop: &Cop, organisation: Id<Organisation>) -> Result<()> {
    let accepted = [
        ("cop_id", cop.id.to_cell()),
        ("organisation_id", organisation.to_cell()),
        ("state", ParticipationState::Accepted.to_cell()),
    ];
    if organisation == cop.tenant_id || tx.first::<Participation>(&accepted).await?.is_some() {
        Ok(())
    } else {
        Err(Error::conflict(Code::NotEligible, "personId", "their organisation does not take part"))
    }
}

/// Whether somebody is in. Who was only put forward, not everybody knows.
pub(crate) fn takes_part(row: &Membership) -> bool {
    use MembershipState::{Active, Completed, Selected};
    matches!(row.state, Selected | Active | Completed)
}

/// Who looks at a CoP from outside is no member of it.
async fn no_expert(tx: &mut dyn Tx, cop: &Cop, person: Id<Person>) -> Result<()> {
    if is_expert_of(tx, cop.id, person).await? {
        return Err(Error::conflict(Code::NotEligible, "personId", "an expert from outside is no member of the CoP"));
    }
    Ok(())
}

/// Whether the method lets this person in, and through which project. Asked in the scope of the person's organisation,
/// whose projects these are.
pub(crate) async fn eligible(tx: &mut dyn Tx, cop: &Cop, row: &Membership) -> Result<Option<Id<FrontRunnerProject>>> {
    let asked = only_front_runners(tx, cop).await?;
    fitting_project(tx, asked, row).await
}

/// Whether the CoP's method takes its members from the front-runners alone.
async fn only_front_runners(tx: &mut dyn Tx, cop: &Cop) -> Result<bool> {
    let facts = Facts::of(tx, cop).await?;
    Ok(Standing::from(cop).method(&facts).members_from == MembersFrom::FrontRunners)
}

async fn fitting_project(tx: &mut dyn Tx, asked: bool, row: &Membership) -> Result<Option<Id<FrontRunnerProject>>> {
    let runs = [("person_id", row.person_id.to_cell()), ("state", FrontRunnerState::Active.to_cell())];
    let project = tx.first::<FrontRunner>(&runs).await?.map(|runner| runner.project_id);
    if asked && project.is_none() && row.role != MembershipRole::Sponsor {
        return Err(Error::conflict(Code::NotEligible, "personId", "not an active front-runner"));
    }
    Ok(project)
}

/// The person's own yes, passed on by their organisation.
pub async fn accept(ctx: &Ctx, scope: &TenantScope, id: Id<Membership>) -> Result<Membership> {
    scope.require(Scope::MembershipsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let action = "say yes for somebody else";
    let permit = policy::own_yes(scope, action, &row, row.person_tenant_id, row.person_id)?;
    if !matches!(row.state, Nominated | Applied) || row.person_accepted_at.is_some() {
        return Err(Error::conflict(Code::TransitionNotAllowed, "", format!("a yes when it is {}", row.state)));
    }
    row.project_id = may_accept(&mut *tx, &row).await?;
    row.person_accepted_at = Some(ctx.now());
    tx.save(&permit, &mut row, ctx, "accepted").await?;
    Ok(row)
}

/// Whether a yes can be given now, and by which project.
pub(crate) async fn may_accept(tx: &mut dyn Tx, row: &Membership) -> Result<Option<Id<FrontRunnerProject>>> {
    let cop = tx.get(row.cop_id).await?;
    if cop.status.is_over() {
        return Err(Error::conflict(Code::CopNotOpen, "", cop.status.label()));
    }
    eligible(tx, &cop, row).await
}

/// Chooses somebody who has said yes. For the host.
pub async fn select(ctx: &Ctx, scope: &TenantScope, id: Id<Membership>) -> Result<Membership> {
    step(ctx, scope, id, Selected, None, "selected").await
}

/// Does not choose somebody. For the host.
pub async fn reject(ctx: &Ctx, scope: &TenantScope, id: Id<Membership>, reason: Option<String>) -> Result<Membership> {
    step(ctx, scope, id, Rejected, reason, "rejected").await
}

/// Lets somebody who was selected take part, in a CoP that is at work. For the host.
pub async fn activate(ctx: &Ctx, scope: &TenantScope, id: Id<Membership>) -> Result<Membership> {
    step(ctx, scope, id, Active, None, "activated").await
}

/// Ends a membership with the CoP's thanks. For the host.
pub async fn complete(ctx: &Ctx, scope: &TenantScope, id: Id<Membership>) -> Result<Membership> {
    step(ctx, scope, id, Completed, None, "completed").await
}

/// Takes somebody back out. For the person's organisation.
pub async fn withdraw(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Membership>,
    reason: Option<String>,
) -> Result<Membership> {
    step(ctx, scope, id, Withdrawn, reason, "withdrawn").await
}

/// Sends somebody away, for a reason. For the host.
pub async fn remove(ctx: &Ctx, scope: &TenantScope, id: Id<Membership>, reason: Option<String>) -> Result<Membership> {
    step(ctx, scope, id, Removed, reason, "removed").await
}

/// What a step still waits for.
pub fn blockers(row: &Membership, cop: CopStatus, to: MembershipState, reason: bool) -> Vec<crate::Problem> {
    let mut check = Check::default();
    match to {
        Selected => {
            check.that(row.person_accepted_at.is_some(), Code::PersonYesMissing, "", "");
            let open = matches!(cop, CopStatus::Recruiting | CopStatus::Active | CopStatus::Harvesting);
            check.that(open, Code::CopNotOpen, "", cop.label());
        }
        Active => {
            check.that(matches!(cop, CopStatus::Active | CopStatus::Harvesting), Code::CopNotOpen, "", cop.label())
        }
        Removed => check.that(reason, Code::ReasonMissing, "reason", ""),
        _ => {}
    }
    check.problems()
}

/// All memberships of a CoP, and the organisations that are in.
pub(crate) async fn all_of(tx: &mut dyn Tx, cop: &Cop) -> Result<(Vec<Membership>, Vec<Id<Organisation>>)> {
    let of_cop = ("cop_id", cop.id.to_cell());
    let accepted = ("state", ParticipationState::Accepted.to_cell());
    let accepted: Vec<Participation> = tx.list(&[of_cop.clone(), accepted]).await?;
    let organisations = accepted.into_iter().map(|row| row.organisation_id).chain([cop.tenant_id]).collect();
    Ok((tx.list(&[of_cop]).await?, organisations))
}

/// Takes one of the CoP's seats, if it has a limited number of them. Sponsors take none. The CoP moves to its next version, so
/// that two who choose at once cannot both take the last.
pub(crate) async fn take_seat(tx: &mut dyn Tx, ctx: &Ctx, permit: &policy::Permit, row: &Membership) -> Result<()> {
    let mut cop = tx.get(row.cop_id).await?;
    let Some(capacity) = cop.capacity.filter(|_| row.role != MembershipRole::Sponsor) else { return Ok(()) };
    let (all, organisations) = all_of(tx, &cop).await?;
    let sits = |one: &&Membership| {
        let is_in = matches!(one.state, Selected | Active) && organisations.contains(&one.person_tenant_id);
        is_in && one.role != MembershipRole::Sponsor
    };
    if all.iter().filter(sits).count() as i64 >= capacity {
        return Err(Error::conflict(Code::CopFull, "", capacity.to_string()));
    }
    tx.update(permit, &mut cop, ctx).await
}

/// Most that is chosen or not chosen at once.
const MOST_AT_ONCE: usize = 100;

#[derive(Default)]
pub struct Choose {
    pub cop_id: Id<Cop>,
    pub membership_ids: Vec<Id<Membership>>,
    pub reason: Option<String>,
}

/// Chooses many who said yes, each on its own: what stands in the way of one does not hold up the others.
pub async fn select_many(ctx: &Ctx, scope: &TenantScope, cmd: Choose) -> Result<Done<Cop>> {
    choose(ctx, scope, cmd, "select members", Selected).await
}

/// Does not choose many, each on its own.
pub async fn reject_many(ctx: &Ctx, scope: &TenantScope, cmd: Choose) -> Result<Done<Cop>> {
    choose(ctx, scope, cmd, "reject members", Rejected).await
}

async fn choose(
    ctx: &Ctx,
    scope: &TenantScope,
    cmd: Choose,
    action: &'static str,
    to: MembershipState,
) -> Result<Done<Cop>> {
    scope.require(Scope::MembershipsWrite)?;
    let mut check = Check::default();
    let all = &cmd.membership_ids;
    check.that(!all.is_empty(), Code::Required, "membershipIds", "");
    if check.at_most("membershipIds", all.len(), MOST_AT_ONCE) {
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        check.that(distinct.len() == all.len(), Code::InvalidValue, "membershipIds", "each membership once");
    }
    check.optional_text("reason", cmd.reason.as_deref(), input::REASON);
    check.done()?;
    drop(acting::open(ctx, scope, cmd.cop_id, None, action, Deed::Members).await?);
    let mut items = vec![];
    for id in cmd.membership_ids {
        let verb = if to == Selected { "selected" } else { "rejected" };
        // This unit of work ends before the step begins its own: SQLite has one writer.
        let there = ctx.store.begin(scope).await?.find(id).await?;
        let done = match there {
            Some(row) if row.cop_id != cmd.cop_id => {
                Err(Error::invalid(Code::InvalidValue, "membershipIds", "memberships of this CoP"))
            }
            Some(row) => step_again(ctx, scope, row.id, to, cmd.reason.clone(), verb).await,
            None => Err(Error::NotFound),
        };
        let problems = match done {
            Ok(_) => vec![],
            Err(Error::Fault(fault)) => return Err(fault.into()),
            Err(refused) => refused.problems(),
        };
        items.push(Item { id: id.to_string(), problems });
    }
    let row = ctx.store.begin(scope).await?.get(cmd.cop_id).await?;
    Ok(Done { row, items })
}

/// The same once more, a few times, where another change came in between.
async fn step_again(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Membership>,
    to: MembershipState,
    reason: Option<String>,
    verb: &'static str,
) -> Result<Membership> {
    for _ in 0..5 {
        match step(ctx, scope, id, to, reason.clone(), verb).await {
            Err(Error::Busy | Error::Stale { .. }) => {}
            other => return other,
        }
    }
    step(ctx, scope, id, to, reason, verb).await
}

async fn step(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Membership>,
    to: MembershipState,
    reason: Option<String>,
    verb: &'static str,
) -> Result<Membership> {
    scope.require(Scope::MembershipsWrite)?;
    let mut check = Check::default();
    let reason = check.optional_text("reason", reason.as_deref(), input::REASON);
    check.done()?;
    let (mut tx, mut row, permit) = if to == Withdrawn {
        let mut tx = ctx.store.begin(scope).await?;
        let row: Membership = tx.get(id).await?;
        let permit = policy::any_of(scope, verb, &row, &[row.person_tenant_id])
            .or_else(|_| policy::in_person(scope, verb, &row, &[row.person_id]))?;
        (tx, row, permit)
    } else {
        acting::open(ctx, scope, id, None, verb, Deed::Members).await?
    };
    transition(row.state, to, STEPS)?;
    // Who leaves, or is taken back by an organisation that has left, does not have to see the CoP any more.
    let cop = if matches!(to, Selected | Active) { Some(tx.get(row.cop_id).await?) } else { None };
    let blockers = blockers(&row, cop.as_ref().map_or(CopStatus::Closed, |cop| cop.status), to, reason.is_some());
    if !blockers.is_empty() {
        return Err(Error::Conflict(blockers));
    }
    if let Some(cop) = cop {
        organisation_is_in(&mut *tx, &cop, row.person_tenant_id).await?;
        no_expert(&mut *tx, &cop, row.person_id).await?;
        let person = tx.get(row.person_id).await?;
        if person.state != PersonState::Active {
            return Err(Error::conflict(Code::NotEligible, "", person.state.label()));
        }
        // Whether they are a front-runner still, only their organisation knows.
        let asked = only_front_runners(&mut *tx, &cop).await?;
        drop(tx);
        row.project_id = {
            let system = TenantScope::system(row.person_tenant_id);
            fitting_project(&mut *ctx.store.begin(&system).await?, asked, &row).await?
        };
        tx = ctx.store.begin(&scope.for_owner(row.tenant_id)).await?;
        if to == Selected {
            take_seat(&mut *tx, ctx, &permit, &row).await?;
        }
    }
    row.state = to;
    row.reason = reason;
    match to {
        Selected => row.selected_at = Some(ctx.now()),
        Active => {}
        _ => row.ended_at = Some(ctx.now()),
    }
    tx.save(&permit, &mut row, ctx, verb).await?;
    if matches!(to, Active | Completed | Withdrawn | Removed) {
        settle::soon(ctx, row.tenant_id, row.cop_id).await;
    }
    Ok(row)
}
