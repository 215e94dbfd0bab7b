//! What the viewer may do with a row, and why not: for every operation that changes it or starts something in it, from the
//! row as it was read with the facts of it. What depends on the rest of an operation's input, or on rows beside this one, is
//! found when it is called.

use crate::{
    Code, Id, Problem,
    allowed::{self, Step, only_open, owns},
    artefact::{AnchoringState, ArtefactState, CommentState, LessonState, lesson},
    cop::{CharterState, Cop, CopStatus, FacilitationRole, MembershipState, ParticipationState},
    exchange::{EXCHANGE_STEPS, ExchangeState},
    guide::GuideStepState,
    organisation::{Organisation, OrganisationKind, OrganisationState},
    person::{self, Person, PersonState},
    policy::Deed,
    project::FrontRunnerState,
    publication::PublicationState,
    query::Tree,
    record::Labelled,
    scope::TenantScope,
    session::{
        AGENDA_STEPS, AgendaItemState, Attendance, CONTRIBUTION_STEPS, ContributionState, REGISTRATION_STEPS,
        RegistrationState, SessionKind, SessionState, expert, registration::attendance_blocker,
    },
    token::TokenKind,
};
use chrono::{DateTime, Utc};

/// An operation, and what stands in its way.
#[derive(Debug, Clone)]
pub struct Access {
    /// Its name, as `cop_activate`.
    pub operation: &'static str,
    /// Empty if the viewer can do it now.
    pub blocked_by: Vec<Problem>,
}

type All = Option<Vec<Access>>;

mod contact;
mod files;
pub use contact::of_contact_request;
pub use files::{of_attachment, of_upload};

fn problem(code: Code, field: &'static str, detail: &str) -> Problem {
    let field = if field.is_empty() { vec![] } else { vec![field.into()] };
    Problem { code, field, detail: detail.to_owned() }
}

/// An operation for whom it is, with what else stands in its way.
fn deed(operation: &'static str, action: &str, may: bool, blocked_by: Vec<Problem>) -> Access {
    let blocked_by = if may { blocked_by } else { vec![problem(Code::Forbidden, "", action)] };
    Access { operation, blocked_by }
}

/// An operation that takes a step of the row's life cycle.
fn step<S: Labelled>(operation: &'static str, action: &str, steps: &[Step], to: S) -> Access {
    step_if(true, operation, action, steps, to)
}

/// The same, where two operations lead to one state and only one of them from here.
fn step_if<S: Labelled>(this: bool, operation: &'static str, action: &str, steps: &[Step], to: S) -> Access {
    // A step that is in no life cycle is nobody's.
    let found = steps.iter().find(|step| step.to == to.label());
    match found.and_then(|step| Some((step, step.verdict.as_ref()?))) {
        None => deed(operation, action, false, vec![]),
        Some((step, blocked_by)) if this && step.from_here => deed(operation, action, true, blocked_by.clone()),
        Some((step, _)) => deed(operation, action, true, vec![not_from_here(step.from, step.to)]),
    }
}

fn not_from_here(from: &str, to: &str) -> Problem {
    problem(Code::TransitionNotAllowed, "", &format!("{from} to {to}"))
}

fn unless(good: bool, code: Code, field: &'static str, detail: &str) -> Vec<Problem> {
    if good { vec![] } else { vec![problem(code, field, detail)] }
}

/// An admin of the row's owner, and no platform admin of the network operator.
fn owner(row: &Tree, scope: &TenantScope) -> Option<bool> {
    Some(owns(row, scope)? && scope.is_admin() && !scope.is_operator())
}

pub fn of_organisation(row: &Tree, scope: &TenantScope) -> All {
    let (kind, state): (OrganisationKind, OrganisationState) = (row.get("kind")?, row.get("state")?);
    let operates = scope.is_operator() && kind != OrganisationKind::NetworkOperator;
    let from = |from: OrganisationState, to: OrganisationState| {
        if state == from { vec![] } else { vec![not_from_here(state.label(), to.label())] }
    };
    use OrganisationState::{Active, Suspended};
    Some(vec![
        deed("organisation_update", "change an organisation", owner(row, scope)?, vec![]),
        deed("organisation_suspend", "suspended", operates, from(Active, Suspended)),
        deed("organisation_reactivate", "reactivated", operates, from(Suspended, Active)),
    ])
}

pub fn of_person(row: &Tree, scope: &TenantScope) -> All {
    let own = owner(row, scope)?;
    let state: PersonState = row.get("state")?;
    let active = state == PersonState::Active;
    let leaves = if active { vec![] } else { vec![not_from_here(state.label(), PersonState::Left.label())] };
    let erased = person::ways_to_be_erased(row.get("external")?).iter().any(|(from, _)| *from == state);
    let erases = if erased { vec![] } else { vec![not_from_here(state.label(), PersonState::Erased.label())] };
    let acts = unless(active, Code::NotEligible, "personId", "not an active person of the organisation");
    let kept = unless(state != PersonState::Erased, Code::NotEditable, "", "its personal data was removed");
    Some(vec![
        deed("person_update", "change a person", own, kept),
        deed("person_leave", "let a person leave", own, leaves),
        deed("person_erase", "erase a person", own, erases),
        deed("member_token_issue", "act for a person", own, acts),
    ])
}

pub fn of_concept(row: &Tree, scope: &TenantScope) -> All {
    let own = owner(row, scope)?;
    Some(vec![
        deed("concept_update", "change a concept", own, vec![]),
        deed("concept_set_template", "set a template", own, vec![]),
        deed("concept_set_profile", "set a method", own, vec![]),
        deed("concept_element_add", "add an element", own, vec![]),
        deed("focus_area_add", "add a focus area", own, vec![]),
    ])
}

pub fn of_element(row: &Tree, scope: &TenantScope) -> All {
    Some(vec![deed("concept_element_update", "change an element", owner(row, scope)?, vec![])])
}

pub fn of_focus_area(row: &Tree, scope: &TenantScope) -> All {
    Some(vec![deed("focus_area_update", "change a focus area", owner(row, scope)?, vec![])])
}

pub fn of_theme(row: &Tree, scope: &TenantScope) -> All {
    Some(vec![deed("theme_update", "change a theme", owner(row, scope)?, vec![])])
}

pub fn of_project(row: &Tree, scope: &TenantScope) -> All {
    let own = owner(row, scope)?;
    Some(vec![
        deed("front_runner_project_update", "change a project", own, vec![]),
        deed("front_runner_add", "add a front-runner", own, vec![]),
        deed("exchange_record", "record an exchange", own || row.get("fact_runs")?, vec![]),
    ])
}

pub fn of_front_runner(row: &Tree, scope: &TenantScope) -> All {
    let state: FrontRunnerState = row.get("state")?;
    let left = FrontRunnerState::Left;
    let blocked = if state == left { vec![not_from_here(state.label(), left.label())] } else { vec![] };
    Some(vec![deed("front_runner_end", "end a front-runner", owner(row, scope)?, blocked)])
}

pub fn of_exchange(row: &Tree, scope: &TenantScope) -> All {
    let state: ExchangeState = row.get("state")?;
    let receiver: Id<Organisation> = row.get("receiver_tenant_id")?;
    let receives = scope.is_admin() && !scope.is_operator() && receiver == scope.tenant();
    let (gives, receives) = (owner(row, scope)? || row.get("fact_gives")?, receives || row.get("fact_receives")?);
    let to = |to: ExchangeState| {
        if EXCHANGE_STEPS.contains(&(state, to)) { vec![] } else { vec![not_from_here(state.label(), to.label())] }
    };
    let hosts = row.get::<Option<Id<Organisation>>>("cop_tenant_id")? == Some(scope.tenant());
    let withdraws = gives || (hosts && scope.is_admin() && !scope.is_operator());
    let (withdrawn, acknowledged) = (ExchangeState::Withdrawn, ExchangeState::Acknowledged);
    let there = unless(state != withdrawn, Code::NotEditable, "", state.label());
    Some(vec![
        deed("exchange_update", "change an exchange", gives, there),
        deed("exchange_acknowledge", "acknowledge an exchange", receives, to(acknowledged)),
        deed("exchange_withdraw", "withdraw an exchange", withdraws, to(withdrawn)),
    ])
}

pub fn of_guide(row: &Tree, scope: &TenantScope) -> All {
    let own = owner(row, scope)?;
    Some(vec![deed("guide_update", "change a guide", own, vec![]), deed("guide_step_add", "add a step", own, vec![])])
}

pub fn of_guide_step(row: &Tree, scope: &TenantScope) -> All {
    let own = owner(row, scope)?;
    let (state, dropped): (GuideStepState, _) = (row.get("state")?, GuideStepState::Dropped);
    let drop = if state == dropped { vec![not_from_here(state.label(), dropped.label())] } else { vec![] };
    Some(vec![
        deed("guide_step_update", "change a step", own, vec![]),
        deed("guide_step_drop", "change a step", own, drop),
    ])
}

pub fn of_cop(row: &Tree, scope: &TenantScope) -> All {
    let steps = allowed::of_cop(row, scope)?;
    let status: CopStatus = row.get("status")?;
    let may = |deed| allowed::may(row, scope, deed, status);
    let (hosts, admin) = (owns(row, scope)?, scope.is_admin() && !scope.is_operator());
    let participation: Option<ParticipationState> = row.get("fact_participation")?;
    let takes_part = hosts || participation == Some(ParticipationState::Accepted);
    let part = allowed::part(row)?;
    let open = || only_open(Some(status), vec![]);
    let recruits =
        unless(matches!(status, CopStatus::Recruiting | CopStatus::Active), Code::CopNotOpen, "copId", status.label());
    let with_part = || {
        let not_in = "their organisation does not take part";
        let mut all = recruits.clone();
        all.extend(unless(takes_part, Code::NotEligible, "personId", not_in));
        all
    };
    let mut drafts = open();
    drafts.extend(unless(!row.get::<bool>("fact_charter_open")?, Code::AlreadyExists, "copId", "DRAFT, PROPOSED"));
    let mut asks = open();
    if hosts {
        asks.push(problem(Code::AlreadyExists, "copId", "the host takes part by itself"));
    }
    use ParticipationState::{Accepted, Invited, Requested};
    if let Some(state) = participation.filter(|state| matches!(state, Invited | Requested | Accepted)) {
        asks.push(problem(Code::AlreadyExists, "organisationId", state.label()));
    }
    // Two operations lead to ACTIVE: one from recruiting, one back from harvesting.
    let harvesting = status == CopStatus::Harvesting;
    let runs = may(Deed::Run)?;
    let works = part.facilitator || part.coordinator || (takes_part && (admin || part.member));
    Some(vec![
        deed("cop_update", "change a CoP", runs, unless(!status.is_over(), Code::NotEditable, "", status.label())),
        step("cop_recruit", "recruiting", &steps, CopStatus::Recruiting),
        step_if(!harvesting, "cop_activate", "activated", &steps, CopStatus::Active),
        step("cop_harvest", "harvesting", &steps, CopStatus::Harvesting),
        step_if(harvesting, "cop_resume", "resumed", &steps, CopStatus::Active),
        step("cop_close", "closed", &steps, CopStatus::Closed),
        step("cop_cancel", "cancelled", &steps, CopStatus::Cancelled),
        deed("charter_draft", "write the charter", may(Deed::Charter)?, drafts),
        deed("participation_invite", "invite an organisation", runs, open()),
        deed("participation_request", "ask to take part", admin, asks),
        deed("facilitation_assign", "assign a facilitator", may(Deed::Appoint)?, open()),
        deed(
            "membership_nominate",
            "nominate somebody of another organisation",
            admin || may(Deed::Members)?,
            if may(Deed::Members)? { recruits.clone() } else { with_part() },
        ),
        deed("membership_apply", "apply for somebody else", admin || scope.person().is_some(), with_part()),
        deed("cop_select_members", "select members", may(Deed::Members)?, vec![]),
        deed("cop_reject_members", "reject members", may(Deed::Members)?, vec![]),
        deed("session_plan", "plan a session", may(Deed::Plan)?, open()),
        deed("step_progress_record", "say how far a CoP is", may(Deed::Plan)?, open()),
        deed("session_series_plan", "plan a session", may(Deed::Plan)?, open()),
        deed("artefact_create", "write in a CoP that you do not take part in", works, open()),
    ])
}

pub fn of_charter(row: &Tree, scope: &TenantScope) -> All {
    let steps = allowed::of_charter(row, scope)?;
    let state: CharterState = row.get("state")?;
    let may = allowed::may(row, scope, Deed::Charter, CopStatus::Active)?;
    let participation: Option<ParticipationState> = row.get("fact_participation")?;
    let takes_part = owns(row, scope)? || participation == Some(ParticipationState::Accepted);
    let cop = row.get("fact_cop_status")?;
    let draft = || only_open(cop, unless(state == CharterState::Draft, Code::NotEditable, "", state.label()));
    let agree = if state == CharterState::Proposed {
        only_open(cop, vec![])
    } else {
        vec![not_from_here(state.label(), CharterState::Agreed.label())]
    };
    Some(vec![
        deed("charter_update", "write the charter", may, draft()),
        step("charter_propose", "propose the charter", &steps, CharterState::Proposed),
        step("charter_withdraw", "take the proposal back", &steps, CharterState::Draft),
        deed("charter_agree", "agree to the charter", takes_part && scope.is_admin() && !scope.is_operator(), agree),
        deed("goal_add", "write the charter", may, draft()),
    ])
}

pub fn of_goal(row: &Tree, scope: &TenantScope) -> All {
    let may = allowed::may(row, scope, Deed::Charter, CopStatus::Active)?;
    let cop: Option<CopStatus> = row.get("fact_cop_status")?;
    let charter: CharterState = row.get("fact_charter_state")?;
    let draft = only_open(cop, unless(charter == CharterState::Draft, Code::NotEditable, "", charter.label()));
    let blocked = if charter != CharterState::Agreed {
        vec![problem(Code::CharterNotAgreed, "", "")]
    } else {
        match cop {
            Some(CopStatus::Active | CopStatus::Harvesting) => vec![],
            Some(cop) => vec![problem(Code::CopNotOpen, "", cop.label())],
            None => vec![problem(Code::NotFound, "", "")],
        }
    };
    Some(vec![
        deed("goal_update", "write the charter", may, draft.clone()),
        deed("goal_remove", "write the charter", may, draft),
        deed("goal_assess", "assess a goal", may, blocked.clone()),
        deed("goal_waive", "waive the anchoring of a goal", may, blocked),
    ])
}

pub fn of_participation(row: &Tree, scope: &TenantScope) -> All {
    let steps = allowed::of_participation(row, scope)?;
    Some(vec![
        step("participation_accept", "accept for the other side", &steps, ParticipationState::Accepted),
        step("participation_decline", "decline for the other side", &steps, ParticipationState::Declined),
        step("participation_withdraw", "take back what the other side asked", &steps, ParticipationState::Withdrawn),
        step("participation_end", "end a participation", &steps, ParticipationState::Ended),
    ])
}

pub fn of_facilitation(row: &Tree, scope: &TenantScope) -> All {
    let provides = row.get::<Id<Organisation>>("person_tenant_id")? == scope.tenant() && scope.is_admin();
    let may = provides || allowed::may(row, scope, Deed::Appoint, CopStatus::Active)?;
    let cop: Option<CopStatus> = row.get("fact_cop_status")?;
    let running = matches!(cop, Some(CopStatus::Recruiting | CopStatus::Active | CopStatus::Harvesting));
    let primary =
        row.get::<bool>("is_primary")? && row.get::<FacilitationRole>("role")? == FacilitationRole::Facilitator;
    let blocked = if row.get::<Option<chrono::NaiveDate>>("end_date")?.is_some() {
        vec![problem(Code::TransitionNotAllowed, "", "it has ended already")]
    } else {
        let next = "assign another primary facilitator, who follows this one up";
        unless(!(primary && running), Code::InUse, "", next)
    };
    Some(vec![deed("facilitation_end", "end a facilitation", may && cop.is_some(), blocked)])
}

pub fn of_membership(row: &Tree, scope: &TenantScope) -> All {
    use MembershipState::{Active, Applied, Completed, Nominated, Rejected, Removed, Selected, Withdrawn};
    let steps = allowed::of_membership(row, scope)?;
    let own = match scope.person() {
        Some(person) => person == row.get::<Id<Person>>("person_id")?,
        None => row.get::<Id<Organisation>>("person_tenant_id")? == scope.tenant() && scope.is_admin(),
    };
    let state: MembershipState = row.get("state")?;
    let waits =
        matches!(state, Nominated | Applied) && row.get::<Option<DateTime<Utc>>>("person_accepted_at")?.is_none();
    let yes = if waits {
        only_open(row.get("fact_cop_status")?, allowed::not_eligible(row)?)
    } else {
        vec![problem(Code::TransitionNotAllowed, "", &format!("a yes when it is {state}"))]
    };
    Some(vec![
        deed("membership_accept", "say yes for somebody else", own, yes),
        step("membership_select", "selected", &steps, Selected),
        step("membership_reject", "rejected", &steps, Rejected),
        step("membership_activate", "activated", &steps, Active),
        step("membership_complete", "completed", &steps, Completed),
        step("membership_withdraw", "withdrawn", &steps, Withdrawn),
        step("membership_remove", "removed", &steps, Removed),
    ])
}

pub fn of_session(row: &Tree, scope: &TenantScope, now: DateTime<Utc>) -> All {
    use SessionState::{Cancelled, Held, Reported, Scheduled};
    let steps = allowed::of_session(row, scope, now)?;
    let (kind, state): (SessionKind, SessionState) = (row.get("kind")?, row.get("state")?);
    let plans = allowed::may(row, scope, Deed::Plan, CopStatus::Active)?;
    let holds = allowed::may(row, scope, Deed::Hold, CopStatus::Active)?;
    // Of one that was held, the recording.
    let editable = unless(state != Cancelled, Code::NotEditable, "", state.label());
    let mut registers = unless(state == Scheduled, Code::NotEditable, "sessionId", state.label());
    let over = row.get::<Option<CopStatus>>("fact_cop_status")?.is_some_and(CopStatus::is_over);
    if over && !row.get::<bool>("fact_joined_open")? && state == Scheduled {
        registers.push(problem(Code::CopNotOpen, "sessionId", "it is over"));
    }
    let shows = if kind.is_for_sharing() {
        unless(matches!(state, Held | Reported), Code::NotStarted, "sessionId", "")
    } else {
        vec![problem(Code::InvalidValue, "sessionId", "a CLINIC or NETWORK_MEETING")]
    };
    Some(vec![
        deed("session_update", "change a session", plans, editable),
        step("session_schedule", "scheduled", &steps, Scheduled),
        step("session_hold", "held", &steps, Held),
        step("session_report", "reported", &steps, Reported),
        deed(
            "session_report_update",
            "change a report",
            plans,
            unless(state == Reported, Code::NotEditable, "", state.label()),
        ),
        step("session_cancel", "cancelled", &steps, Cancelled),
        deed("session_show_artefact", "show an artefact", holds, shows),
        deed(
            "session_cop_add",
            "let a CoP join a session",
            holds,
            unless(state != Cancelled, Code::NotEditable, "sessionId", state.label()),
        ),
        deed(
            "expert_contribution_invite",
            "invite an expert",
            plans,
            unless(expert::is_open(state), Code::NotEditable, "sessionId", state.label()),
        ),
        deed(
            "agenda_item_raise",
            "put something on the agenda",
            allowed::may(row, scope, Deed::TakePart, CopStatus::Active)?
                || scope.is_outsider()
                || row.get("fact_joins")?,
            unless(expert::is_open(state), Code::NotEditable, "sessionId", state.label()),
        ),
        deed(
            "registration_create",
            "register somebody of another organisation",
            (scope.is_admin() && !scope.is_operator()) || scope.person().is_some(),
            registers,
        ),
        deed(
            "session_record_attendance",
            "record who was there",
            holds,
            attendance_blocker(state, row.get("starts_at")?, now).into_iter().collect(),
        ),
    ])
}

pub fn of_session_cop(row: &Tree, scope: &TenantScope) -> All {
    let removed: Option<DateTime<Utc>> = row.get("removed_at")?;
    let joins = row.get::<Id<Organisation>>("cop_tenant_id")? == scope.tenant();
    let sides = owner(row, scope)? || (joins && scope.is_admin() && !scope.is_operator());
    let decides = sides || allowed::may(row, scope, Deed::Hold, CopStatus::Active)?;
    let there = unless(removed.is_none(), Code::NotEditable, "", "the CoP does not join it any more");
    Some(vec![deed("session_cop_remove", "end that a CoP joins a session", decides, there)])
}

/// Whether anything is left of it depends on from when on.
pub fn of_session_series(row: &Tree, scope: &TenantScope) -> All {
    let plans = allowed::may(row, scope, Deed::Plan, CopStatus::Active)?;
    Some(vec![
        deed("session_series_cancel", "call off a series", plans, vec![]),
        deed("session_series_move", "change a series", plans, vec![]),
    ])
}

/// What stands in the way of a row of a session once that was held. It may be out of sight.
fn unless_held(row: &Tree) -> Option<Vec<Problem>> {
    let session: Option<SessionState> = row.get("fact_session_state")?;
    let held = session.filter(|session| !expert::is_open(*session));
    Some(held.map(|session| problem(Code::NotEditable, "", session.label())).into_iter().collect())
}

pub fn of_agenda_item(row: &Tree, scope: &TenantScope) -> All {
    use AgendaItemState::{Dropped, Planned};
    let state: AgendaItemState = row.get("state")?;
    let plans = allowed::may(row, scope, Deed::Plan, CopStatus::Active)?;
    let convenes = scope.person().is_some() && row.get::<Option<Id<Person>>>("fact_convenor_id")? == scope.person();
    let to = |to: AgendaItemState| {
        if AGENDA_STEPS.contains(&(state, to)) {
            unless_held(row)
        } else {
            Some(vec![not_from_here(state.label(), to.label())])
        }
    };
    let there = unless(state != Dropped, Code::NotEditable, "", state.label());
    Some(vec![
        deed("agenda_item_update", "change the agenda", plans || convenes, there),
        deed("agenda_item_accept", "change the agenda", plans, to(Planned)?),
        deed("agenda_item_drop", "change the agenda", plans || convenes, to(Dropped)?),
    ])
}

pub fn of_registration(row: &Tree, scope: &TenantScope) -> All {
    use RegistrationState::Cancelled;
    let state: RegistrationState = row.get("state")?;
    let side = row.get::<Id<Organisation>>("person_tenant_id")? == scope.tenant() && scope.is_admin();
    let is_me = |name| Some(scope.person().is_some() && row.get::<Option<Id<Person>>>(name)? == scope.person());
    let own = is_me("fact_person_id")? || is_me("fact_brought_by_id")?;
    let plans = allowed::may(row, scope, Deed::Plan, CopStatus::Active)?;
    let attendance: Option<Attendance> = row.get("attendance")?;
    let blocked = match attendance {
        _ if !REGISTRATION_STEPS.contains(&(state, Cancelled)) => vec![not_from_here(state.label(), Cancelled.label())],
        Some(attendance) => vec![problem(Code::NotEditable, "", attendance.label())],
        None => unless_held(row)?,
    };
    let action = "cancel the registration of somebody of another organisation";
    Some(vec![deed("registration_cancel", action, side || own || plans, blocked)])
}

pub fn of_contribution(row: &Tree, scope: &TenantScope) -> All {
    use ContributionState::Withdrawn;
    let state: ContributionState = row.get("state")?;
    let plans = allowed::may(row, scope, Deed::Plan, CopStatus::Active)?;
    let side = row.get::<Id<Organisation>>("person_tenant_id")? == scope.tenant() && scope.is_admin();
    let theirs = scope.person().is_some() && row.get::<Option<Id<Person>>>("fact_person_id")? == scope.person();
    let withdraws = if CONTRIBUTION_STEPS.contains(&(state, Withdrawn)) {
        vec![]
    } else {
        vec![not_from_here(state.label(), Withdrawn.label())]
    };
    Some(vec![
        deed(
            "expert_contribution_update",
            "change a contribution",
            plans || theirs,
            unless(state != Withdrawn, Code::NotEditable, "", state.label()),
        ),
        deed("expert_contribution_withdraw", "withdraw a contribution", plans || side || theirs, withdraws),
    ])
}

/// What stands in the way of who may change what an artefact says.
fn editable(state: ArtefactState, works_there: bool, cop: Option<CopStatus>) -> Vec<Problem> {
    match (works_there, state) {
        (_, ArtefactState::Retired) => vec![problem(Code::NotEditable, "", state.label())],
        (false, _) => vec![problem(Code::Forbidden, "", "write in a CoP that you do not take part in")],
        _ => only_open(cop, vec![]),
    }
}

/// What stands in the way of the next step of a lesson.
fn lesson_in_the_way(row: &Tree) -> Option<Vec<Problem>> {
    let state: ArtefactState = row.get("state")?;
    Some(match row.get::<Option<LessonState>>("lesson_state")? {
        None => vec![problem(Code::InvalidValue, "id", "a lesson learned")],
        Some(_) if state == ArtefactState::Retired => vec![problem(Code::NotEditable, "", state.label())],
        Some(lesson) => match lesson::next(lesson) {
            None => vec![not_from_here(lesson.label(), lesson.label())],
            Some(to) => lesson::blockers(to, false),
        },
    })
}

pub fn of_artefact(row: &Tree, scope: &TenantScope) -> All {
    use ArtefactState::{Draft, Retired, Submitted, Validated};
    let steps = allowed::of_artefact(row, scope)?;
    let part = allowed::part_in_artefact(row, scope)?;
    let state: ArtefactState = row.get("state")?;
    let editable = editable(state, part.works_there, allowed::cop_status(row)?);
    let handed_in = "one that was handed in";
    let in_it = scope.person().is_some() && row.get::<String>("fact_part")?.contains('M');
    let (of_no_cop, not_in) =
        (row.get::<Option<Id<Cop>>>("cop_id")?.is_none(), "write in a CoP that you do not take part in");
    let anchors = !scope.is_operator() && (scope.is_admin() || in_it);
    let anchored = unless(state != Draft, Code::InvalidValue, "artefactId", handed_in);
    let wider = unless(matches!(state, Submitted | Validated), Code::InvalidValue, "artefactId", handed_in);
    Some(vec![
        deed("artefact_lesson_advance", "take a lesson further", part.writes, lesson_in_the_way(row)?),
        deed("artefact_update", "change an artefact", part.writes, editable.clone()),
        deed("attachment_add", "attach a file", part.writes, editable),
        step("artefact_submit", "hand an artefact in", &steps, Submitted),
        step("artefact_validate", "validated", &steps, Validated),
        step("artefact_send_back", "sent-back", &steps, Draft),
        step("artefact_retire", "retire an artefact", &steps, Retired),
        deed("anchoring_plan", "anchor an artefact", anchors, anchored),
        deed("publication_request", "publish an artefact", part.publishes, wider),
        deed(
            "comment_post",
            if of_no_cop { "comment on what another organisation wrote by itself" } else { not_in },
            part.works_there && (!of_no_cop || owns(row, scope)?) && !scope.is_operator(),
            vec![],
        ),
    ])
}

pub fn of_comment(row: &Tree, scope: &TenantScope) -> All {
    let state: CommentState = row.get("state")?;
    let author = scope.person().is_some() && row.get::<Option<Id<Person>>>("fact_author_id")? == scope.person();
    let own = owner(row, scope)? || author;
    let removed = CommentState::Removed;
    let there = unless(state != removed, Code::NotEditable, "", state.label());
    let step = if state == removed { vec![not_from_here(state.label(), removed.label())] } else { vec![] };
    Some(vec![
        deed("comment_edit", "change a comment", own, there),
        deed("comment_remove", "remove a comment", own, step),
    ])
}

pub fn of_publication(row: &Tree, scope: &TenantScope) -> All {
    use PublicationState::{Approved, Published, Rejected, Withdrawn};
    let steps = allowed::of_publication(row, scope)?;
    // Whose organisation was asked and has answered does not answer again.
    let letters: String = row.get("fact_part")?;
    let answered = scope.is_admin() && letters.contains('G') && !letters.contains('P');
    let state: PublicationState = row.get("state")?;
    let answer = |operation, action, to: PublicationState| {
        if answered {
            deed(operation, action, true, vec![not_from_here(state.label(), to.label())])
        } else {
            step(operation, action, &steps, to)
        }
    };
    Some(vec![
        answer("publication_approve", "approve a publication", Approved),
        answer("publication_reject", "reject a publication", Rejected),
        step("publication_publish", "publish an artefact", &steps, Published),
        step("publication_withdraw", "withdraw a publication", &steps, Withdrawn),
    ])
}

pub fn of_anchoring(row: &Tree, scope: &TenantScope, now: DateTime<Utc>) -> All {
    let steps = allowed::of_anchoring(row, scope, now)?;
    let may = owns(row, scope)? && (scope.is_admin() || allowed::part(row)?.member);
    Some(vec![
        deed("anchoring_update", "change an anchoring", may, vec![]),
        step("anchoring_anchor", "anchored", &steps, AnchoringState::Anchored),
        step("anchoring_lapse", "lapsed", &steps, AnchoringState::Lapsed),
    ])
}

pub fn of_calendar_feed(row: &Tree, scope: &TenantScope) -> All {
    let mine = scope.person().is_some() && row.get::<Option<Id<Person>>>("person_id")? == scope.person();
    let own = mine || owner(row, scope)?;
    Some(vec![deed("calendar_feed_revoke", "revoke a calendar feed", own, vec![])])
}

pub fn of_token(row: &Tree, scope: &TenantScope, now: DateTime<Utc>) -> All {
    let kind: TokenKind = row.get("kind")?;
    let manages = owns(row, scope)? && (scope.is_operator() || scope.is_admin());
    let revokes = manages && (kind == TokenKind::Operator) == scope.is_operator();
    let good =
        row.get::<Option<DateTime<Utc>>>("revoked_at")?.is_none() && row.get::<DateTime<Utc>>("expires_at")? > now;
    let spent = unless(good, Code::TransitionNotAllowed, "", "it is no longer good");
    Some(vec![
        deed("token_revoke", "revoke a token", revokes, vec![]),
        deed("token_rotate", "rotate a token", manages && kind == scope.principal().kind, spent),
    ])
}
