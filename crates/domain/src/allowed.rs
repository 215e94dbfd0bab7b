//! Which steps of a life cycle the viewer may take from here, with what each still waits for, from a row that was read
//! with the facts of it. What a use case refuses to the viewer does not stand here, and the reverse.

use crate::{
    Id,
    artefact::{ANCHORING_STEPS, AnchoringState, ArtefactState, STEPS as ARTEFACT_STEPS},
    cop::{
        AllowedTransition, CharterState, CopStatus, Membership, MembershipState, ParticipationState, Standing,
        charter::{self, STEPS as CHARTER_STEPS},
        membership::{self, STEPS as MEMBERSHIP_STEPS},
        participation::STEPS as PARTICIPATION_STEPS,
    },
    organisation::Organisation,
    person::Person,
    policy::{Deed, Part},
    publication::{PublicationState, STEPS as PUBLICATION_STEPS},
    query::Tree,
    record::Labelled,
    scope::TenantScope,
    session::{self, STEPS as SESSION_STEPS, SessionState},
};
use chrono::{DateTime, Utc};

type Steps = Option<Vec<AllowedTransition>>;

/// What the acting person is in the row's CoP, as `fact_part` says it: a letter for each part.
fn part(row: &Tree) -> Option<Part> {
    let letters: String = row.get("fact_part")?;
    let has = |letter| letters.contains(letter);
    Some(Part { facilitator: has('F'), coordinator: has('C'), lead: has('L'), member: has('M') })
}

fn owns(row: &Tree, scope: &TenantScope) -> Option<bool> {
    Some(row.get::<Id<Organisation>>("tenant_id")? == scope.tenant())
}

/// Whether the viewer may do it: as an admin of the row's owner, or by their part.
fn may(row: &Tree, scope: &TenantScope, deed: Deed, cop: CopStatus) -> Option<bool> {
    Some((owns(row, scope)? && scope.is_admin()) || part(row)?.allows(deed, cop))
}

fn from<S: Copy + PartialEq + Labelled>(
    state: S,
    known: &[(S, S)],
    step: impl Fn(S) -> Option<Vec<crate::Problem>>,
) -> Vec<AllowedTransition> {
    let known = known.iter().filter(|(from, _)| *from == state);
    known.filter_map(|(_, to)| Some(AllowedTransition { to: to.label(), blocked_by: step(*to)? })).collect()
}

fn when(may: bool) -> Option<Vec<crate::Problem>> {
    may.then(Vec::new)
}

pub fn of_cop(row: &Tree, scope: &TenantScope) -> Steps {
    let (standing, facts) = Standing::of_row(row)?;
    let may = may(row, scope, Deed::Run, standing.status)?;
    Some(if may { standing.allowed_transitions(&facts) } else { vec![] })
}

/// A charter is agreed by the organisations, and superseded by the next.
pub fn of_charter(row: &Tree, scope: &TenantScope) -> Steps {
    let may = may(row, scope, Deed::Charter, CopStatus::Active)?;
    let (why, goals) = (row.get::<Option<String>>("why")?.is_some(), row.get::<i64>("fact_goals")?);
    Some(from(row.get("state")?, CHARTER_STEPS, |to| match to {
        CharterState::Proposed => may.then(|| charter::blockers(why, goals)),
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
    Some(from(state, PARTICIPATION_STEPS, |to| match to {
        Ended => when(host || side),
        Withdrawn => when(asking),
        Accepted | Declined => when(deciding),
        _ => None,
    }))
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
    let (kind, starts_at) = (row.get("kind")?, row.get("starts_at")?);
    let plans = may(row, scope, Deed::Plan, CopStatus::Active)?;
    let holds = may(row, scope, Deed::Hold, CopStatus::Active)?;
    Some(from(row.get("state")?, SESSION_STEPS, |to| {
        let may = if to == SessionState::Held { holds } else { plans };
        may.then(|| session::blockers(kind, starts_at, to, now, false))
    }))
}

/// Writing is the authors' and their organisation's; reviewing is for those who guide the CoP.
pub fn of_artefact(row: &Tree, scope: &TenantScope) -> Steps {
    use ArtefactState::{Draft, Retired, Submitted, Validated};
    let letters: String = row.get("fact_part")?;
    let own = owns(row, scope)?;
    let writes = own && (scope.is_admin() || letters.contains('A'));
    let of_no_cop = row.get::<Option<uuid::Uuid>>("cop_id")?.is_none();
    let reviews = if of_no_cop { own && scope.is_admin() } else { letters.contains('R') };
    Some(from(row.get("state")?, ARTEFACT_STEPS, |to| match to {
        Submitted | Retired => when(writes),
        Validated | Draft => when(reviews),
    }))
}

/// Approving, rejecting and withdrawing are for the organisations that contributed; publishing for who may ask for it.
pub fn of_publication(row: &Tree, scope: &TenantScope) -> Steps {
    use PublicationState::{Approved, Published, Rejected, Withdrawn};
    let letters: String = row.get("fact_part")?;
    let publishes = may(row, scope, Deed::Publish, CopStatus::Active)? || letters.contains('A');
    let (asked, awaited) = (scope.is_admin() && letters.contains('G'), scope.is_admin() && letters.contains('P'));
    Some(from(row.get("state")?, PUBLICATION_STEPS, |to| match to {
        Approved | Rejected => when(awaited),
        Withdrawn => when(asked),
        Published => when(publishes),
        _ => None,
    }))
}

pub fn of_anchoring(row: &Tree, scope: &TenantScope) -> Steps {
    let may = owns(row, scope)? && (scope.is_admin() || part(row)?.member);
    Some(from::<AnchoringState>(row.get("state")?, ANCHORING_STEPS, |_| when(may)))
}
