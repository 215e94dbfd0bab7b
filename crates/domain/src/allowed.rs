//! Which steps of a life cycle the viewer may take, with what each still waits for, from a row that was read with the
//! facts of it. What a use case refuses to the viewer is refused here, and the reverse.

use crate::{
    Code, Id, Problem,
    artefact::{
        self, ANCHORING_STEPS, AnchoringState, ArtefactState, LESSON_STEPS, LessonState, STEPS as ARTEFACT_STEPS,
        lesson,
    },
    concept::{MembersFrom, MethodProfile},
    contact::{self, ContactRequestState, STEPS as CONTACT_STEPS},
    cop::{
        AllowedTransition, CharterState, Cop, CopStatus, Membership, MembershipRole, MembershipState,
        ParticipationState, STEPS as COP_STEPS, Standing,
        charter::{self, STEPS as CHARTER_STEPS},
        membership::{self, STEPS as MEMBERSHIP_STEPS},
        participation::{self, STEPS as PARTICIPATION_STEPS},
    },
    organisation::Organisation,
    person::Person,
    policy::{Deed, Part},
    publication::{PublicationState, STEPS as PUBLICATION_STEPS},
    query::Tree,
    record::{AsJson, Labelled},
    scope::TenantScope,
    session::{self, STEPS as SESSION_STEPS, SessionState},
};
use chrono::{DateTime, Utc};

/// A step of a life cycle, as it looks to the viewer.
pub struct Step {
    pub from: &'static str,
    pub to: &'static str,
    /// Whether the life cycle leads there from here.
    pub from_here: bool,
    /// What it still waits for; none if it is not the viewer's to take.
    pub verdict: Option<Vec<Problem>>,
}

pub type Steps = Option<Vec<Step>>;

/// The steps that the viewer may take from here.
pub fn from_here(steps: Vec<Step>) -> Vec<AllowedTransition> {
    let allowed = |step: Step| Some(AllowedTransition { to: step.to, blocked_by: step.verdict? });
    steps.into_iter().filter(|step| step.from_here).filter_map(allowed).collect()
}

/// What the acting person is in the row's CoP, as `fact_part` says it: a letter for each part.
pub(crate) fn part(row: &Tree) -> Option<Part> {
    Some(part_of(&row.get::<String>("fact_part")?))
}

fn part_of(letters: &str) -> Part {
    let has = |letter| letters.contains(letter);
    Part { facilitator: has('F'), coordinator: has('C'), lead: has('L'), member: has('M') }
}

pub(crate) fn owns(row: &Tree, scope: &TenantScope) -> Option<bool> {
    Some(row.get::<Id<Organisation>>("tenant_id")? == scope.tenant())
}

/// Whether the viewer may do it: as an admin of the row's owner, or by their part.
pub(crate) fn may(row: &Tree, scope: &TenantScope, deed: Deed, cop: CopStatus) -> Option<bool> {
    Some((owns(row, scope)? && scope.is_admin()) || part(row)?.allows(deed, cop))
}

/// Every step of a life cycle, each once.
fn from<S: Copy + PartialEq + Labelled>(
    state: S,
    known: &[(S, S)],
    step: impl Fn(S) -> Option<Vec<Problem>>,
) -> Vec<Step> {
    let mut all: Vec<Step> = vec![];
    // Those that lead on from here come first, in their order.
    let here = known.iter().filter(|(from, _)| *from == state);
    for (_, to) in here.chain(known) {
        if all.iter().all(|step| step.to != to.label()) {
            let from_here = known.contains(&(state, *to));
            all.push(Step { from: state.label(), to: to.label(), from_here, verdict: step(*to) });
        }
    }
    all
}

/// What stands in the way of everybody once the CoP is over, or out of sight.
pub(crate) fn only_open(cop: Option<CopStatus>, mut blockers: Vec<Problem>) -> Vec<Problem> {
    match cop {
        Some(cop) if !cop.is_over() => {}
        Some(cop) => blockers.push(Problem { code: Code::CopNotOpen, field: vec![], detail: cop.label().to_owned() }),
        None => blockers.push(Problem { code: Code::NotFound, field: vec![], detail: String::new() }),
    }
    blockers
}

fn when(may: bool) -> Option<Vec<Problem>> {
    may.then(Vec::new)
}

pub fn of_cop(row: &Tree, scope: &TenantScope) -> Steps {
    let (standing, facts) = Standing::of_row(row)?;
    let may = may(row, scope, Deed::Run, standing.status)?;
    Some(from(standing.status, COP_STEPS, |to| may.then(|| standing.blockers(to, &facts, false))))
}

/// A charter is agreed by the organisations, and superseded by the next.
pub fn of_charter(row: &Tree, scope: &TenantScope) -> Steps {
    let may = may(row, scope, Deed::Charter, CopStatus::Active)?;
    let (why, goals) = (row.get::<Option<String>>("why")?.is_some(), row.get::<i64>("fact_goals")?);
    let cop = row.get("fact_cop_status")?;
    Some(from(row.get("state")?, CHARTER_STEPS, |to| match to {
        CharterState::Proposed => may.then(|| only_open(cop, charter::blockers(why, goals))),
        to => when(may && to == CharterState::Draft),
    }))
}

pub fn of_participation(row: &Tree, scope: &TenantScope) -> Steps {
    use ParticipationState::{Accepted, Declined, Ended, Requested, Withdrawn};
    let state: ParticipationState = row.get("state")?;
    let cop: Option<CopStatus> = row.get("fact_cop_status")?;
    let host = may(row, scope, Deed::Run, cop.unwrap_or(CopStatus::Closed))?;
    let side = row.get::<Id<Organisation>>("organisation_id")? == scope.tenant() && scope.is_admin();
    let (asking, deciding) = if state == Requested { (side, host) } else { (host, side) };
    let missing = if state == Requested { vec![] } else { asked_of_participants(row)? };
    Some(from(state, PARTICIPATION_STEPS, |to| match to {
        Ended => when(host || side),
        Withdrawn => when(asking),
        Accepted => deciding.then(|| only_open(cop, missing.clone())),
        Declined => when(deciding),
        _ => None,
    }))
}

/// The method in force in the CoP that a row hangs on.
fn method_of(row: &Tree) -> Option<MethodProfile> {
    let kept: Option<AsJson<Option<MethodProfile>>> = row.get("fact_cop_profile")?;
    let of_concept: Option<AsJson<MethodProfile>> = row.get("fact_concept_profile")?;
    Some(MethodProfile::in_force(kept.and_then(|kept| kept.0), of_concept.map(|profile| profile.0)))
}

/// What keeps somebody from saying yes to a membership: most are to be front-runners.
pub(crate) fn not_eligible(row: &Tree) -> Option<Vec<Problem>> {
    let asked = method_of(row)?.members_from == MembersFrom::FrontRunners
        && row.get::<MembershipRole>("role")? != MembershipRole::Sponsor;
    let eligible = !asked || row.get("fact_front_runner")?;
    let problem = || Problem::new(Code::NotEligible, "personId", "not an active front-runner");
    Some(if eligible { vec![] } else { vec![problem()] })
}

/// What an organisation that accepts has to bring along: preconditions to confirm, a text to agree to.
pub(crate) fn asked_of_participants(row: &Tree) -> Option<Vec<Problem>> {
    let method = method_of(row)?;
    let codes: Vec<_> = method.preconditions.into_iter().map(|one| one.code).collect();
    Some(participation::missing(&codes, row.get("fact_agreement_version")?))
}

pub fn of_membership(row: &Tree, scope: &TenantScope) -> Steps {
    // Who no longer sees the CoP can still take its people back.
    let cop: Option<CopStatus> = row.get("fact_cop_status")?;
    let cop = cop.unwrap_or(CopStatus::Closed);
    let chooses = may(row, scope, Deed::Members, cop)?;
    let own = row.get::<Id<Organisation>>("person_tenant_id")? == scope.tenant() && scope.is_admin();
    let own = own || scope.person() == Some(row.get::<Id<Person>>("person_id")?);
    let membership = Membership {
        state: row.get("state")?,
        person_accepted_at: row.get("person_accepted_at")?,
        ..Membership::default()
    };
    Some(from(membership.state, MEMBERSHIP_STEPS, |to| {
        let may = if to == MembershipState::Withdrawn { own } else { chooses };
        may.then(|| membership::blockers(&membership, cop, to, false))
    }))
}

pub fn of_session(row: &Tree, scope: &TenantScope, now: DateTime<Utc>) -> Steps {
    let missing = session::missing_perspectives(row.get("kind")?, &row.get::<String>("fact_perspectives")?);
    let starts_at: DateTime<Utc> = row.get("starts_at")?;
    let plans = may(row, scope, Deed::Plan, CopStatus::Active)?;
    let holds = may(row, scope, Deed::Hold, CopStatus::Active)?;
    let cop = cop_status(row)?;
    let joined: bool = row.get("fact_joined_open")?;
    let ended: Option<DateTime<Utc>> = row.get("fact_cop_ended_at")?;
    Some(from(row.get("state")?, SESSION_STEPS, |to| {
        let may = if to == SessionState::Held { holds } else { plans };
        let blockers = || session::blockers(&missing, starts_at, to, now, false);
        let began = to == SessionState::Held && ended.is_some_and(|ended| starts_at <= ended);
        may.then(|| match to {
            SessionState::Scheduled | SessionState::Held if !joined && !began => only_open(cop, blockers()),
            _ => blockers(),
        })
    }))
}

/// What the viewer may do with an artefact.
pub(crate) struct OfArtefact {
    /// They are an admin of its organisation, or one of its authors of that organisation.
    pub writes: bool,
    pub reviews: bool,
    /// It is of no CoP, or of one in which they may work.
    pub works_there: bool,
    pub publishes: bool,
}

pub(crate) fn part_in_artefact(row: &Tree, scope: &TenantScope) -> Option<OfArtefact> {
    part_by(row, scope, row.get("cop_id")?)
}

/// The same from a row that hangs on the artefact, and belongs to its organisation.
pub(crate) fn part_by(row: &Tree, scope: &TenantScope, cop: Option<Id<Cop>>) -> Option<OfArtefact> {
    let letters = row.get::<Option<String>>("fact_part")?.unwrap_or_default();
    let own = owns(row, scope)?;
    let writes = own && (scope.is_admin() || letters.contains('A'));
    let of_no_cop = cop.is_none();
    let reviews = if of_no_cop { own && scope.is_admin() } else { letters.contains('R') };
    let guides = scope.person().is_some() && letters.contains('R');
    let works_there = of_no_cop || guides || (letters.contains('I') && (scope.is_admin() || letters.contains('M')));
    let publishes = (own && scope.is_admin())
        || letters.contains('A')
        || part_of(&letters).allows(Deed::Publish, CopStatus::Active);
    // What is of a CoP that is out of sight is not published.
    let publishes = publishes && status_in(row, cop)?.is_some();
    Some(OfArtefact { writes, reviews, works_there, publishes })
}

/// The CoP of a row that may be of none, which is always open.
pub(crate) fn cop_status(row: &Tree) -> Option<Option<CopStatus>> {
    status_in(row, row.get("cop_id")?)
}

pub(crate) fn status_in(row: &Tree, cop: Option<Id<Cop>>) -> Option<Option<CopStatus>> {
    if cop.is_none() { Some(Some(CopStatus::Active)) } else { row.get("fact_cop_status") }
}

/// Writing is the authors' and their organisation's, while they take part; reviewing is for those who guide the CoP.
pub fn of_artefact(row: &Tree, scope: &TenantScope) -> Steps {
    use ArtefactState::{Draft, Retired, Submitted, Validated};
    let part = part_in_artefact(row, scope)?;
    let cop = cop_status(row)?;
    let content = row.get::<bool>("fact_has_content")?;
    let missing = Problem { code: Code::BodyMissing, field: vec!["body".into()], detail: String::new() };
    let missing = if content { vec![] } else { vec![missing] };
    Some(from(row.get("state")?, ARTEFACT_STEPS, |to| match to {
        Submitted => (part.writes && part.works_there).then(|| only_open(cop, missing.clone())),
        Retired => when(part.writes),
        Validated | Draft => when(part.reviews),
    }))
}

/// How a lesson goes on, for its authors and their organisation. What is no lesson goes nowhere.
pub fn of_lesson(row: &Tree, scope: &TenantScope) -> Steps {
    let part = part_in_artefact(row, scope)?;
    let Some(state) = row.get::<Option<LessonState>>("lesson_state")? else { return Some(vec![]) };
    let retired = row.get::<ArtefactState>("state")? == ArtefactState::Retired;
    Some(from(state, LESSON_STEPS, |to| (part.writes && !retired).then(|| lesson::blockers(to, false))))
}

/// Approving, rejecting and withdrawing are for the organisations that contributed; publishing for who may ask for it.
pub fn of_publication(row: &Tree, scope: &TenantScope) -> Steps {
    use PublicationState::{Approved, Published, Rejected, Withdrawn};
    let letters: String = row.get("fact_part")?;
    let publishes = may(row, scope, Deed::Publish, CopStatus::Active)? || letters.contains('A');
    // Who no longer sees the artefact does not publish it.
    let publishes = publishes && row.get("fact_artefact_seen")?;
    let (asked, awaited) = (scope.is_admin() && letters.contains('G'), scope.is_admin() && letters.contains('P'));
    Some(from(row.get("state")?, PUBLICATION_STEPS, |to| match to {
        Approved | Rejected => when(awaited),
        Withdrawn => when(asked),
        Published => when(publishes),
        _ => None,
    }))
}

pub fn of_anchoring(row: &Tree, scope: &TenantScope, now: DateTime<Utc>) -> Steps {
    let may = owns(row, scope)? && (scope.is_admin() || part(row)?.member);
    let review: Option<chrono::NaiveDate> = row.get("review_date")?;
    let past = review.filter(|date| *date < now.date_naive()).map(|_| artefact::review_has_passed());
    Some(from::<AnchoringState>(row.get("state")?, ANCHORING_STEPS, |to| {
        may.then(|| past.iter().filter(|_| to == AnchoringState::Anchored).cloned().collect())
    }))
}

/// Assigning and finding spam are for the organisation's admins; answering and closing for who it is assigned to, too.
pub fn of_contact_request(row: &Tree, scope: &TenantScope) -> Steps {
    use ContactRequestState::{Answered, Closed};
    let admin = owns(row, scope)? && scope.is_admin() && !scope.is_operator();
    let answers = scope.person().is_some() && row.get::<Option<Id<Person>>>("assignee_id")? == scope.person();
    let erased = row.get::<Option<DateTime<Utc>>>("erased_at")?.is_some();
    Some(from(row.get("state")?, CONTACT_STEPS, |to| {
        let may = admin || (answers && matches!(to, Answered | Closed));
        may.then(|| contact::blockers(erased, to))
    }))
}
