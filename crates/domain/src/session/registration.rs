//! Who comes to a session, who waits for a seat, whom they bring along (*introducés*), and who was there.

use super::{ContributionState, ExpertContribution, Session, SessionState, expert::may_be_shown, joint};
use crate::{
    Code, Error, Id, Problem, Result,
    cop::{Cop, Facilitation, Membership, MembershipState, acting, membership::takes_part, transition},
    ctx::Ctx,
    input::Check,
    labels,
    organisation::Organisation,
    person::{Person, PersonState},
    policy::{self, Deed, Permit},
    ports::{Event, Tx},
    record,
    record::Field,
    scope::{Scope, TenantScope},
    visibility::Audience,
};

labels! {
    /// Whether somebody has a seat.
    RegistrationState {
        /// Has a seat.
        Registered = "REGISTERED" / "Aangemeld",
        /// Waits until a seat is free, in the order of registration.
        Waiting = "WAITING" / "Wachtlijst",
        /// Does not come.
        Cancelled = "CANCELLED" / "Afgemeld",
    }
}

labels! {
    /// Whether somebody was there.
    Attendance {
        /// Was there.
        Attended = "ATTENDED" / "Aanwezig",
        /// Was not there.
        Absent = "ABSENT" / "Afwezig",
    }
}

use RegistrationState::{Cancelled, Registered, Waiting};

pub const REGISTRATION_STEPS: &[(RegistrationState, RegistrationState)] =
    &[(Waiting, Registered), (Registered, Cancelled), (Waiting, Cancelled)];

record! {
    Registration("registration", "reg") {
        session_id: Id<Session>,
        cop_id: Option<Id<Cop>>,
        person_id: Id<Person>,
        person_tenant_id: Id<Organisation>,
        brought_by_id: Option<Id<Person>>,
        brought_by_tenant_id: Option<Id<Organisation>>,
        state: RegistrationState,
        attendance: Option<Attendance>,
    }
}

#[derive(Default)]
pub struct Register {
    pub session_id: Id<Session>,
    pub person_id: Id<Person>,
    pub brought_by_id: Option<Id<Person>>,
}

/// Registers somebody for a session. For the person, their organisation, who brings them, and who plans the session. In a
/// session of a CoP these are its members, its facilitators, the session's experts, and the guests that one of them brings
/// along; guests from other organisations, by who sees who comes. Where no seat is left, they wait for one.
pub async fn register(ctx: &Ctx, scope: &TenantScope, cmd: Register) -> Result<Registration> {
    scope.require(Scope::SessionsWrite)?;
    let action = "register somebody of another organisation";
    let (session, person, host) = {
        let mut tx = ctx.store.begin(scope).await?;
        let session: Session = tx.refer("sessionId", cmd.session_id).await?;
        let person = tx.refer("personId", cmd.person_id).await?;
        let host = match cmd.brought_by_id {
            Some(host) => Some(tx.refer("broughtById", host).await?),
            None => None,
        };
        (session, person, host)
    };
    // Nobody brings somebody along in the name of people that are not theirs to speak for.
    let speaks = |for_whom: &Person| {
        scope.person() == Some(for_whom.id) || (scope.is_admin() && for_whom.tenant_id == scope.tenant())
    };
    let in_person: Vec<_> = std::iter::once(person.id).chain(cmd.brought_by_id).collect();
    let side = policy::any_of(scope, action, &session, &[person.tenant_id])
        .or_else(|_| policy::in_person(scope, action, &session, &in_person));
    let (permit, plans) = match side {
        Ok(permit) if host.as_ref().is_none_or(speaks) => (permit, false),
        _ => (acting::open(ctx, scope, session.id, None, action, Deed::Plan).await?.2, true),
    };
    if person.state != PersonState::Active {
        return Err(Error::conflict(Code::NotEligible, "personId", person.state.label()));
    }
    // Who is brought along becomes known to those who are there.
    if host.is_some() && !may_be_shown(scope, &person) {
        return Err(Error::invalid(Code::NotYours, "personId", "an outsider of yours, or one who may be found"));
    }
    // Whether somebody else comes already would be told by trying to bring them.
    if host.is_some() && person.tenant_id != scope.tenant() && !plans && !sees_who_comes(ctx, scope, &session).await? {
        return Err(Error::invalid(Code::NotYours, "personId", "of your organisation, unless you see who comes"));
    }
    let comes = host.as_ref().unwrap_or(&person);
    let by_itself = comes.id;
    // Who is in the CoPs that join is known of the own people; of others, as far as the caller may read it.
    let eyes = (comes.tenant_id != scope.tenant()).then_some(scope);
    let by_another = joint::is_in_one_that_joins(ctx, eyes, &session, by_itself).await?;
    let mut tx = ctx.store.begin(&scope.for_owner(session.tenant_id)).await?;
    let mut session = tx.get(session.id).await?;
    if session.state != SessionState::Scheduled {
        return Err(Error::conflict(Code::NotEditable, "sessionId", session.state.label()));
    }
    not_over(&mut *tx, &session, "sessionId").await?;
    if host.is_some() && !session.guests_allowed {
        return Err(Error::conflict(Code::NotEligible, "broughtById", "the session is for no guests"));
    }
    let field = if host.is_some() { "broughtById" } else { "personId" };
    comes_by_itself(&mut *tx, &session, by_itself, field, false, by_another).await?;
    let all: Vec<Registration> = tx.list(&[("session_id", session.id.to_cell())]).await?;
    if let Some(row) = all.iter().find(|row| row.person_id == person.id && row.state != Cancelled) {
        return Err(Error::conflict(Code::AlreadyExists, "personId", format!("{} is {}", row.id, row.state)));
    }
    let row = Registration {
        session_id: session.id,
        cop_id: session.cop_id,
        person_id: person.id,
        person_tenant_id: person.tenant_id,
        brought_by_id: host.as_ref().map(|host| host.id),
        brought_by_tenant_id: host.as_ref().map(|host| host.tenant_id),
        state: if is_full(&session, &all) { Waiting } else { Registered },
        ..ctx.fresh_for(session.tenant_id)
    };
    tx.insert(&permit, &row).await?;
    tx.emit(Event::of(&row, if row.state == Waiting { "waiting" } else { "registered" })).await?;
    // The session is saved with its counts: of two who take the last seat at once, one is done again.
    fill_seats(&mut *tx, ctx, &permit, &mut session).await?;
    tx.save(&permit, &mut session, ctx, "seats-changed").await?;
    Ok(row)
}

/// Refuses who wants to come to a session whose CoPs are all over. Which that is, and how it ended, is not told: the caller
/// may see the session by another CoP.
pub(crate) async fn not_over(tx: &mut dyn Tx, session: &Session, field: &'static str) -> Result<()> {
    let over = joint::all_over(tx, session).await?;
    if over { Err(Error::conflict(Code::CopNotOpen, field, "it is over")) } else { Ok(()) }
}

pub(crate) fn is_full(session: &Session, all: &[Registration]) -> bool {
    let taken = all.iter().filter(|row| row.state == Registered).count() as i64;
    session.capacity.is_some_and(|capacity| taken >= capacity)
}

/// Whether the caller is shown the names of those who come: an admin of the session's organisation, and who is in the CoP
/// that leads it.
async fn sees_who_comes(ctx: &Ctx, scope: &TenantScope, session: &Session) -> Result<bool> {
    if session.tenant_id == scope.tenant() && scope.is_admin() {
        return Ok(true);
    }
    let mut tx = ctx.store.look(scope).await?;
    let Some(leads) = session.cop_id else { return Ok(false) };
    let Some(cop) = tx.find(leads).await?.filter(|cop| cop.content_ceiling > Audience::Organisation) else {
        return Ok(false);
    };
    Ok(acting::part_of(&mut *tx, scope, &cop).await?.allows(Deed::TakePart, cop.status))
}

/// Whether somebody takes part in a CoP or guides it; `then` asks of history, when they may have been in who are not now.
pub(crate) async fn is_in(tx: &mut dyn Tx, cop: Id<Cop>, person: Id<Person>, then: bool) -> Result<bool> {
    let was_in = |row: &Membership| {
        use MembershipState::{Removed, Withdrawn};
        takes_part(row) || (then && matches!(row.state, Withdrawn | Removed))
    };
    let theirs = [("cop_id", cop.to_cell()), ("person_id", person.to_cell())];
    Ok(tx.list::<Membership>(&theirs).await?.iter().any(was_in)
        || tx.list::<Facilitation>(&theirs).await?.iter().any(|row| then || row.end_date.is_none()))
}

/// Who comes without being brought along; `by_another` CoP that joins, or of the one that leads.
pub(crate) async fn comes_by_itself(
    tx: &mut dyn Tx,
    session: &Session,
    person: Id<Person>,
    field: &'static str,
    then: bool,
    by_another: bool,
) -> Result<()> {
    let cops = joint::cops_of(tx, session).await?;
    // To one of no CoP, or for the whole network, comes whoever sees it.
    if cops.is_empty() || session.audience == Audience::Network || by_another {
        return Ok(());
    }
    let at_it = [("session_id", session.id.to_cell()), ("person_id", person.to_cell())];
    let contributes = |row: &ExpertContribution| {
        use ContributionState::{Contributed, Invited};
        row.state == Invited || (then && row.state == Contributed)
    };
    if tx.list::<ExpertContribution>(&at_it).await?.iter().any(contributes) {
        return Ok(());
    }
    if let Some(leads) = session.cop_id
        && is_in(tx, leads, person, then).await?
    {
        return Ok(());
    }
    let detail = "neither member, facilitator nor expert; somebody brings guests along";
    Err(Error::conflict(Code::NotEligible, field, detail))
}

/// Whether somebody guides the CoP of a session, or is asked to it as an expert.
pub(crate) async fn guides_or_contributes(tx: &mut dyn Tx, session: &Session, person: Id<Person>) -> Result<bool> {
    let at_it = [("session_id", session.id.to_cell()), ("person_id", person.to_cell())];
    let contributions: Vec<ExpertContribution> = tx.list(&at_it).await?;
    let guided = [("cop_id", session.cop_id.to_cell()), ("person_id", person.to_cell())];
    Ok(contributions.iter().any(|row| row.state != ContributionState::Withdrawn)
        || tx.list::<Facilitation>(&guided).await?.iter().any(|row| row.end_date.is_none()))
}

/// Gives free seats to those who wait, in the order in which they came, and counts. The session is not saved here.
pub(crate) async fn fill_seats(tx: &mut dyn Tx, ctx: &Ctx, permit: &Permit, session: &mut Session) -> Result<()> {
    let mut all: Vec<Registration> = tx.list(&[("session_id", session.id.to_cell())]).await?;
    all.sort_by_key(|row| (row.created_at, row.id.uuid()));
    let mut taken = all.iter().filter(|row| row.state == Registered).count() as i64;
    let mut waiting = 0;
    for row in all.iter_mut().filter(|row| row.state == Waiting) {
        // Once it was held, nobody moves up any more.
        if !changes(session.state) || session.capacity.is_some_and(|capacity| taken >= capacity) {
            waiting += 1;
            continue;
        }
        row.state = Registered;
        tx.update(permit, row, ctx).await?;
        tx.emit(Event::of(row, "moved-up")).await?;
        taken += 1;
    }
    (session.registered_count, session.waiting_count) = (taken, waiting);
    Ok(())
}

/// Counts who has a seat and who waits, and moves nobody. The session is not saved here.
pub(crate) async fn count_seats(tx: &mut dyn Tx, session: &mut Session) -> Result<()> {
    let all: Vec<Registration> = tx.list(&[("session_id", session.id.to_cell())]).await?;
    let count = |state| all.iter().filter(|row| row.state == state).count() as i64;
    (session.registered_count, session.waiting_count) = (count(Registered), count(Waiting));
    Ok(())
}

/// Nobody comes to a session that was called off.
pub(crate) async fn call_off(tx: &mut dyn Tx, ctx: &Ctx, permit: &Permit, session: &mut Session) -> Result<()> {
    let all: Vec<Registration> = tx.list(&[("session_id", session.id.to_cell())]).await?;
    for mut row in all.into_iter().filter(|row| row.state != Cancelled) {
        row.state = Cancelled;
        tx.update(permit, &mut row, ctx).await?;
        tx.emit(Event::of(&row, "cancelled")).await?;
    }
    (session.registered_count, session.waiting_count) = (0, 0);
    Ok(())
}

/// Whether registrations still change: until the session was held or called off.
fn changes(state: SessionState) -> bool {
    matches!(state, SessionState::Draft | SessionState::Scheduled)
}

/// Gives a seat back, and those of the guests of who had it; who waits longest gets them. For the person, their
/// organisation, who brought them, and who plans the session.
pub async fn cancel(ctx: &Ctx, scope: &TenantScope, id: Id<Registration>) -> Result<Registration> {
    scope.require(Scope::SessionsWrite)?;
    let action = "cancel the registration of somebody of another organisation";
    let row: Registration = ctx.store.begin(scope).await?.get(id).await?;
    let in_person: Vec<_> = std::iter::once(row.person_id).chain(row.brought_by_id).collect();
    let permit = match policy::any_of(scope, action, &row, &[row.tenant_id, row.person_tenant_id])
        .or_else(|_| policy::in_person(scope, action, &row, &in_person))
    {
        Ok(permit) => permit,
        Err(_) => acting::open(ctx, scope, row.id, None, action, Deed::Plan).await?.2,
    };
    // Who no longer sees the session is not told by this what became of it.
    let seen: Option<Session> = ctx.store.begin(scope).await?.find(row.session_id).await?;
    if let Some(session) = seen.filter(|session| !changes(session.state)) {
        return Err(Error::conflict(Code::NotEditable, "", session.state.label()));
    }
    let mut tx = ctx.store.begin(&scope.for_owner(row.tenant_id)).await?;
    let mut row = tx.get(row.id).await?;
    transition(row.state, Cancelled, REGISTRATION_STEPS)?;
    if let Some(attendance) = row.attendance {
        return Err(Error::conflict(Code::NotEditable, "", attendance.label()));
    }
    let mut session = tx.get(row.session_id).await?;
    row.state = Cancelled;
    tx.update(&permit, &mut row, ctx).await?;
    tx.emit(Event::of(&row, "cancelled")).await?;
    // Guests do not come without who brings them.
    let brought = [("session_id", session.id.to_cell()), ("brought_by_id", row.person_id.to_cell())];
    let guests: Vec<Registration> = tx.list(&brought).await?;
    for mut guest in guests.into_iter().filter(|guest| guest.state != Cancelled && guest.attendance.is_none()) {
        guest.state = Cancelled;
        tx.update(&permit, &mut guest, ctx).await?;
        tx.emit(Event::of(&guest, "cancelled")).await?;
    }
    fill_seats(&mut *tx, ctx, &permit, &mut session).await?;
    tx.save(&permit, &mut session, ctx, "seats-changed").await?;
    Ok(row)
}

#[derive(Default)]
pub struct RecordAttendance {
    pub id: Id<Session>,
    pub attended: Vec<Id<Registration>>,
    pub absent: Vec<Id<Registration>>,
}

/// How many registrations are said to be there or not at once.
const MOST: usize = 500;

/// Records who was there and who was not, of those who were registered or waited for a seat. Not before the session's
/// start. For the host, and for who guides the CoP.
pub async fn record_attendance(ctx: &Ctx, scope: &TenantScope, cmd: RecordAttendance) -> Result<Session> {
    scope.require(Scope::SessionsWrite)?;
    let (mut tx, mut session, permit) =
        acting::open(ctx, scope, cmd.id, None, "record who was there", Deed::Hold).await?;
    let mut check = Check::default();
    check.that(cmd.attended.len() + cmd.absent.len() <= MOST, Code::TooMany, "attended", "500");
    let all: Vec<Registration> = tx.list(&[("session_id", session.id.to_cell())]).await?;
    let mut changed = vec![];
    for (field, ids, attendance) in
        [("attended", &cmd.attended, Attendance::Attended), ("absent", &cmd.absent, Attendance::Absent)]
    {
        for id in ids {
            let row = all.iter().find(|row| row.id == *id && row.state != Cancelled);
            if row.is_none() {
                match tx.find(*id).await? {
                    Some(_) => check.that(false, Code::InvalidValue, field, "registrations for this session that hold"),
                    None => check.that(false, Code::UnknownReference, field, "registration"),
                }
            }
            let twice = changed.iter().any(|row: &Registration| row.id == *id);
            check.that(!twice, Code::InvalidValue, field, "each registration once");
            changed.extend(row.map(|row| Registration { attendance: Some(attendance), ..row.clone() }));
        }
    }
    check.done()?;
    if let Some(problem) = attendance_blocker(session.state, session.starts_at, ctx.now()) {
        return Err(Error::Conflict(vec![problem]));
    }
    for row in &mut changed {
        tx.update(&permit, row, ctx).await?;
        tx.emit(Event::of(row, "attendance-recorded")).await?;
    }
    tx.save(&permit, &mut session, ctx, "attendance-recorded").await?;
    Ok(session)
}

/// What stands in the way of recording attendance now.
pub(crate) fn attendance_blocker(
    state: SessionState,
    starts_at: chrono::DateTime<chrono::Utc>,
    now: chrono::DateTime<chrono::Utc>,
) -> Option<Problem> {
    use SessionState::{Held, Reported, Scheduled};
    let problem = |code, detail: &str| Some(Problem { code, field: vec![], detail: detail.to_owned() });
    match state {
        Scheduled | Held | Reported if starts_at > now => problem(Code::NotStarted, ""),
        Scheduled | Held | Reported => None,
        other => problem(Code::NotEditable, other.label()),
    }
}
