//! The figures of CoPs (*dashboard*): how each goes, made of what the viewer sees of it and of nothing else.
//!
//! What a figure is made of may be shown to somebody in part: registrations are between a host and each person's
//! organisation, and so are memberships. Then the figure is not there: a part never looks like the whole. What belongs to each
//! organisation (artefacts, anchorings) is counted as far as it is shown, and [`CopSight`] says to whom how far that is.

use super::health::{self, Finding};
use crate::{
    Error, Id, Result, allowed,
    artefact::{Anchoring, AnchoringState, Artefact, ArtefactKind, ArtefactState},
    cop::{
        AllowedTransition, Charter, CharterState, Cop, CopStatus, Facts, Goal, GoalAssessment, Membership,
        MembershipState, Standing,
    },
    ctx::Ctx,
    guide::{Guide, GuideStep, GuideStepState, ProgressState, StepProgress},
    labels,
    organisation::Organisation,
    query::{Filter, Many, One, Page, Place, Query, Rows, Select, Sort, Tree},
    record::{Cell, Field, Record, Table},
    scope::{Scope, TenantScope},
    session::{Attendance, Registration, RegistrationState, Session, SessionCop, SessionKind, SessionState},
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;
use uuid::Uuid;

labels! {
    /// What you are to a CoP, as far as it decides what its figures are made of.
    CopSight {
        /// Its host, or one of the host's people: you see every session, registration and membership; of artefacts and anchorings what is shown to you.
        Host = "HOST" / "Gastheer",
        /// You facilitate or coordinate it: you see the same, and what was handed in.
        Guide = "GUIDE" / "Begeleiding",
        /// You are a member: you see every session, who comes and who is in; not who was put forward and not chosen.
        Member = "MEMBER" / "Deelnemer",
        /// Your organisation takes part: you see every session and goal; of people, registrations and anchorings your own.
        Partner = "PARTNER" / "Deelnemende organisatie",
        /// You see that it is there, and single things of it that were shared with you.
        Listing = "LISTING" / "Alleen de vermelding",
    }
}

labels! {
    /// How an organisation is in CoPs.
    CopInvolvement {
        /// It hosts them.
        Host = "HOST" / "Als gastheer",
        /// It takes part in them.
        Participant = "PARTICIPANT" / "Als deelnemer",
    }
}

/// How many of the latest sessions that were held stand in the trend.
pub const TREND: u32 = 12;
/// No charter has more goals. Of a CoP that follows more guides than ten long ones, the steps that were spoken of first count.
const MOST_GOALS: u32 = 50;
const MOST_PROGRESS: u32 = 1_000;

/// How a CoP goes.
#[derive(Debug, Clone)]
pub struct Dashboard {
    pub cop: Id<Cop>,
    pub title: String,
    pub status: CopStatus,
    pub host: Id<Organisation>,
    pub sight: CopSight,
    pub start_date: Option<NaiveDate>,
    pub planned_end_date: Option<NaiveDate>,
    /// Until the planned end; below zero once that has passed. Empty without a planned end, and once the CoP is over.
    pub days_left: Option<i64>,
    pub is_overdue: bool,
    /// Persons with an active membership, as the listing has it.
    pub member_count: i64,
    pub members: Option<Vec<(MembershipState, i64)>>,
    pub sessions: Option<Sessions>,
    pub goals: Option<Goals>,
    pub artefacts: Vec<(ArtefactKind, ArtefactState, i64)>,
    pub anchorings: Anchorings,
    pub guides: Option<Vec<GuideProgress>>,
    pub next_steps: Vec<AllowedTransition>,
    pub health: Vec<Finding>,
    /// When the work started.
    pub activated_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone)]
pub struct Sessions {
    pub counts: Vec<(SessionKind, SessionState, i64)>,
    pub held: i64,
    pub intensive_held: i64,
    /// How many the CoP's method asks for.
    pub intensive_asked: i64,
    pub days_since_last: Option<i64>,
    pub next: Option<DateTime<Utc>>,
    pub days_until_next: Option<i64>,
    /// The latest that were held, in the order of time.
    pub trend: Vec<Attended>,
}

/// Who came to a session.
#[derive(Debug, Clone)]
pub struct Attended {
    pub session: Id<Session>,
    pub title: String,
    pub kind: SessionKind,
    pub starts_at: DateTime<Utc>,
    pub registered: i64,
    /// Who was there and who was not; empty where it was not recorded, or where not every registration is shown.
    pub came: Option<(i64, i64)>,
}

impl Attended {
    /// The registrations that say who came, to be counted with each session.
    pub(super) fn counted(select: &mut Select) {
        use RegistrationState::{Registered, Waiting};
        for column in ["title", "kind", "starts_at", "registered_count", "waiting_count"] {
            select.column(column);
        }
        for (key, filter) in [
            ("registered", Filter::Is("state", Registered.to_cell())),
            ("waiting", Filter::Is("state", Waiting.to_cell())),
            ("attended", Filter::Is("attendance", Attendance::Attended.to_cell())),
            ("absent", Filter::Is("attendance", Attendance::Absent.to_cell())),
        ] {
            let page = Page { total: true, rows: false, ..first(vec![filter], "id", false, 1) };
            select.manys.push(many(key, "registrations", Select::new(Registration::TABLE), page));
        }
    }

    /// Who came is told where each registration that holds is shown: as many as the session says there are.
    pub(super) fn of(row: &Tree) -> Option<Self> {
        let counted = |key: &str| {
            let many = row.manys.iter().find(|(_, known, _)| known == key)?;
            i64::try_from(many.2.total?).ok()
        };
        let registered: i64 = row.get("registered_count")?;
        let shown = counted("registered")? == registered && counted("waiting")? == row.get::<i64>("waiting_count")?;
        let (attended, absent) = (counted("attended")?, counted("absent")?);
        Some(Self {
            session: row.get("id")?,
            title: row.get("title")?,
            kind: row.get("kind")?,
            starts_at: row.get("starts_at")?,
            registered,
            came: (shown && attended + absent > 0).then_some((attended, absent)),
        })
    }

    /// Of a hundred who were registered, or of whom it was recorded if these are more, how many were there.
    pub fn percent(&self) -> Option<i64> {
        let (attended, absent) = self.came?;
        Some(attended * 100 / self.registered.max(attended + absent).max(1))
    }
}

/// The goals of the charter in force.
#[derive(Debug, Clone, Default)]
pub struct Goals {
    pub total: i64,
    pub unassessed: i64,
    pub assessed: Vec<(GoalAssessment, i64)>,
    pub waived: i64,
}

#[derive(Debug, Clone, Default)]
pub struct Anchorings {
    pub counts: Vec<(AnchoringState, i64)>,
    /// Of those that hold, how many should have been looked at again before today.
    pub overdue: i64,
}

/// How far a CoP is with a guide that it follows.
#[derive(Debug, Clone)]
pub struct GuideProgress {
    pub guide: Id<Guide>,
    pub title_nl: String,
    pub title_en: Option<String>,
    pub steps: i64,
    pub counts: Vec<(ProgressState, i64)>,
}

/// Which CoPs of the organisation.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub status: Option<CopStatus>,
    pub involvement: Option<CopInvolvement>,
    /// How many, 1 to 100; 20 if nothing is said.
    pub first: Option<i64>,
    /// Go on after this one.
    pub after: Option<Id<Cop>>,
}

pub(super) fn require_all(scope: &TenantScope, scopes: &[Scope]) -> Result<()> {
    scopes.iter().try_for_each(|one| scope.require(*one))
}

const SCOPES: &[Scope] =
    &[Scope::CopsRead, Scope::SessionsRead, Scope::MembershipsRead, Scope::ArtefactsRead, Scope::GuidesRead];

/// How a CoP goes, as far as the viewer sees it.
pub async fn dashboard(ctx: &Ctx, scope: &TenantScope, id: Id<Cop>) -> Result<Dashboard> {
    require_all(scope, SCOPES)?;
    let all = figures(ctx, scope, Rows::Ids(vec![id.uuid()])).await?;
    all.into_iter().next().ok_or(Error::NotFound)
}

/// How the CoPs go that the organisation hosts or takes part in, latest made first, and whether there are more.
pub async fn dashboards(ctx: &Ctx, scope: &TenantScope, asked: Asked) -> Result<(Vec<Dashboard>, bool)> {
    require_all(scope, SCOPES)?;
    let most = asked.first.unwrap_or(20);
    let most = u32::try_from(most).ok().filter(|most| (1..=100).contains(most));
    let most = most.ok_or_else(|| Error::invalid(crate::Code::OutOfRange, "first", "1 to 100"))?;
    let own = scope.tenant().to_cell();
    let mut filters = vec![match asked.involvement {
        Some(CopInvolvement::Host) => Filter::Is("tenant_id", own),
        Some(CopInvolvement::Participant) => Filter::Named("takes_part", own),
        None => Filter::Named("hosts_or_takes_part", own),
    }];
    filters.extend(asked.status.map(|status| Filter::Is("status", status.to_cell())));
    let after = asked.after.map(|id| Place { value: id.to_cell(), id: id.uuid() });
    let page = Page { after, ..first(filters, "id", true, most) };
    let mut all = figures(ctx, scope, Rows::Page(page)).await?;
    let more = all.len() > most as usize;
    all.truncate(most as usize);
    Ok((all, more))
}

/// The first so many rows in an order.
pub(super) fn first(filters: Vec<Filter>, column: &'static str, descending: bool, limit: u32) -> Page {
    let sort = Sort { column, descending };
    Page { filters, sort, limit, after: None, before: None, backwards: false, total: false, rows: true }
}

pub(super) fn many(key: &str, relation: &'static str, select: Select, page: Page) -> Many {
    Many { key: key.to_owned(), relation, select, page }
}

pub(super) fn select(table: &'static Table, columns: &[&'static str]) -> Select {
    let mut select = Select::new(table);
    columns.iter().for_each(|column| select.column(column));
    select
}

pub(super) fn one(relation: &'static str, table: &'static Table, columns: &[&'static str]) -> One {
    One { relation, select: select(table, columns) }
}

/// The rows of a list below a row, without the one more by which a reader knows that there are others.
pub(super) fn rows<'r>(row: &'r Tree, key: &str, most: u32) -> &'r [Tree] {
    let rows = row.manys.iter().find(|(_, known, _)| known == key).map(|(_, _, branch)| branch.rows.as_slice());
    let rows = rows.unwrap_or_default();
    &rows[..rows.len().min(most as usize)]
}

pub(super) fn related<'r>(row: &'r Tree, relation: &str) -> Option<&'r Tree> {
    row.ones.iter().find(|(known, _)| *known == relation)?.1.as_deref()
}

/// A CoP with its charter's goals, the latest sessions with who came, the next one, and its steps of guides.
fn wanted(now: DateTime<Utc>) -> Select {
    let mut cop = select(Cop::TABLE, &["title", "tenant_id", "status", "start_date", "planned_end_date", "theme_id"]);
    for column in ["profile", "member_count", "activated_at", "fact_part", "fact_sight"] {
        cop.column(column);
    }
    Facts::NAMES.iter().for_each(|fact| cop.column(fact));
    let mut charter = one("charter", Charter::TABLE, &["state"]);
    let goals = select(Goal::TABLE, &["assessment", "waiver_reason"]);
    charter.select.manys.push(many("goals", "goals", goals, first(vec![], "id", false, MOST_GOALS)));
    cop.ones.push(charter);
    let mut held = Select::new(Session::TABLE);
    Attended::counted(&mut held);
    let was_held = [SessionState::Held, SessionState::Reported].map(|state| state.to_cell()).to_vec();
    let latest = first(vec![Filter::In("state", was_held)], "starts_at", true, TREND);
    cop.manys.push(many("held", "sessions", held, latest));
    let planned =
        vec![Filter::Is("state", SessionState::Scheduled.to_cell()), Filter::Named("starts_from", now.to_cell())];
    let next = select(Session::TABLE, &["starts_at"]);
    cop.manys.push(many("next", "sessions", next, first(planned, "starts_at", false, 1)));
    let mut progress = select(StepProgress::TABLE, &["state"]);
    progress.ones.push(one("step", GuideStep::TABLE, &["state"]));
    progress.ones.push(one("guide", Guide::TABLE, &["title_nl", "title_en"]));
    cop.manys.push(many("progress", "step_progress", progress, first(vec![], "id", false, MOST_PROGRESS)));
    cop
}

/// What is counted of all the CoPs at once, by the CoP.
struct Counted {
    sessions: Vec<Tree>,
    members: Vec<Tree>,
    artefacts: Vec<Tree>,
    anchorings: Vec<Tree>,
    overdue: Vec<Tree>,
    /// How many steps each guide has.
    steps: BTreeMap<Uuid, i64>,
}

/// By what sessions are counted, and how many there are.
const SESSION_COUNTS: [&str; 4] = ["cop_id", "kind", "state", "fact_rows"];

/// How many rows stand behind a row of counts.
pub(super) fn count(row: &Tree) -> i64 {
    row.get("fact_rows").unwrap_or(0)
}

async fn counted(ctx: &Ctx, scope: &TenantScope, cops: &[Tree]) -> Result<Counted> {
    let ids: Vec<_> = cops.iter().filter_map(|cop| cop.get::<Uuid>("id")).map(Cell::Uuid).collect();
    let of = |mut more: Vec<Filter>| {
        more.push(Filter::In("cop_id", ids.clone()));
        more
    };
    let late = vec![
        Filter::Is("state", AnchoringState::Anchored.to_cell()),
        Filter::Named("review_before", ctx.today().to_cell()),
    ];
    let current = vec![Filter::Is("state", GuideStepState::Current.to_cell())];
    let queries = [
        Query::counts(Session::TABLE, &SESSION_COUNTS[..3], of(vec![])),
        Query::counts(Membership::TABLE, &["cop_id", "state"], of(vec![])),
        Query::counts(Artefact::TABLE, &["cop_id", "kind", "state"], of(vec![])),
        Query::counts(Anchoring::TABLE, &["cop_id", "state"], of(vec![])),
        Query::counts(Anchoring::TABLE, &["cop_id"], of(late)),
        Query::counts(GuideStep::TABLE, &["guide_id"], current),
        // Those of others that it joins.
        Query::counts(
            SessionCop::TABLE,
            &["cop_id", "fact_session_kind", "fact_session_state"],
            of(vec![Filter::Is("removed_at", Cell::Null)]),
        ),
    ];
    let [sessions, members, artefacts, anchorings, overdue, steps, joined] = super::read(ctx, scope, queries).await?;
    let names: std::sync::Arc<[&'static str]> = SESSION_COUNTS.into();
    let joined = joined.rows.into_iter().map(|row| Tree { names: names.clone(), ..row });
    // One that is out of sight has neither kind nor state.
    let joined = joined.filter(|row| row.get::<SessionKind>("kind").is_some());
    let steps = steps.rows.iter().filter_map(|row| Some((row.get("guide_id")?, count(row)))).collect();
    Ok(Counted {
        sessions: sessions.rows.into_iter().chain(joined).collect(),
        members: members.rows,
        artefacts: artefacts.rows,
        anchorings: anchorings.rows,
        overdue: overdue.rows,
        steps,
    })
}

/// The figures of CoPs, in two reads, however many there are.
async fn figures(ctx: &Ctx, scope: &TenantScope, of: Rows) -> Result<Vec<Dashboard>> {
    let now = ctx.now();
    let [cops] = super::read(ctx, scope, [Query { select: wanted(now), rows: of }]).await?;
    if cops.rows.is_empty() {
        return Ok(vec![]);
    }
    let counted = counted(ctx, scope, &cops.rows).await?;
    let unreadable = || crate::Fault::new("unreadable figures of a CoP").into();
    let one = |row: &Tree| one_dashboard(row, &counted, scope, now).ok_or_else(unreadable);
    cops.rows.iter().map(one).collect()
}

fn one_dashboard(row: &Tree, counted: &Counted, scope: &TenantScope, now: DateTime<Utc>) -> Option<Dashboard> {
    let id: Uuid = row.get("id")?;
    let (standing, facts) = Standing::of_row(row)?;
    let (status, sight) = (standing.status, row.get::<CopSight>("fact_sight")?);
    let planned_end_date: Option<NaiveDate> = row.get("planned_end_date")?;
    let days_left = planned_end_date.filter(|_| !status.is_over()).map(|end| (end - now.date_naive()).num_days());
    let of_it = |rows: &[Tree]| -> Vec<Tree> {
        rows.iter().filter(|row| row.get::<Uuid>("cop_id") == Some(id)).cloned().collect()
    };
    let sees_content = sight != CopSight::Listing;
    let asked = standing.method(&facts).minimum_intensive_sessions;
    let mut dashboard = Dashboard {
        cop: Id::new(id),
        title: row.get("title")?,
        status,
        host: standing.tenant,
        sight,
        start_date: row.get("start_date")?,
        planned_end_date,
        days_left,
        is_overdue: days_left.is_some_and(|days| days < 0),
        member_count: row.get("member_count")?,
        members: members(sight, &of_it(&counted.members)),
        sessions: sees_content.then(|| sessions(row, &of_it(&counted.sessions), asked, now)),
        goals: sees_content.then(|| goals(row)),
        artefacts: pairs(&of_it(&counted.artefacts)),
        anchorings: Anchorings {
            counts: by_state(&of_it(&counted.anchorings)),
            overdue: of_it(&counted.overdue).iter().map(count).sum(),
        },
        guides: sees_content.then(|| guides(row, &counted.steps)),
        next_steps: allowed::of_cop(row, scope).map(allowed::from_here).unwrap_or_default(),
        health: vec![],
        activated_at: row.get("activated_at")?,
    };
    dashboard.health = health::findings(&dashboard, now);
    Some(dashboard)
}

fn by_state<S: Field>(rows: &[Tree]) -> Vec<(S, i64)> {
    rows.iter().filter_map(|row| Some((row.get("state")?, count(row)))).collect()
}

/// By kind and state, in the order of both.
fn pairs<K: Field + Ord, S: Field + Ord>(rows: &[Tree]) -> Vec<(K, S, i64)> {
    let mut all: BTreeMap<(K, S), i64> = BTreeMap::new();
    for row in rows {
        if let (Some(kind), Some(state)) = (row.get("kind"), row.get("state")) {
            *all.entry((kind, state)).or_default() += count(row);
        }
    }
    all.into_iter().map(|((kind, state), count)| (kind, state, count)).collect()
}

/// Memberships by their state, for those to whom all of that state are shown: the host and who guides the CoP; members, but
/// for those who were put forward and did not come in.
fn members(sight: CopSight, rows: &[Tree]) -> Option<Vec<(MembershipState, i64)>> {
    use MembershipState::{Active, Completed, Selected};
    let shown = |state: MembershipState| match sight {
        CopSight::Host | CopSight::Guide => true,
        CopSight::Member => matches!(state, Selected | Active | Completed),
        CopSight::Partner | CopSight::Listing => false,
    };
    if matches!(sight, CopSight::Partner | CopSight::Listing) {
        return None;
    }
    let counts = by_state::<MembershipState>(rows);
    let of = |state: MembershipState| counts.iter().find(|(known, _)| *known == state).map_or(0, |(_, count)| *count);
    let states = MembershipState::ALL.iter().filter(|state| shown(**state));
    Some(states.map(|state| (*state, of(*state))).collect())
}

fn sessions(row: &Tree, counts: &[Tree], intensive_asked: i64, now: DateTime<Utc>) -> Sessions {
    let counts = pairs::<SessionKind, SessionState>(counts);
    let was_held = |state: SessionState| matches!(state, SessionState::Held | SessionState::Reported);
    let held = |intensive: bool| {
        let all = counts.iter().filter(|(kind, state, _)| was_held(*state) && (!intensive || kind.is_intensive()));
        all.map(|(.., count)| count).sum()
    };
    let (held, intensive_held) = (held(false), held(true));
    let mut trend: Vec<_> = rows(row, "held", TREND).iter().filter_map(Attended::of).collect();
    trend.reverse();
    let next: Option<DateTime<Utc>> = rows(row, "next", 1).first().and_then(|next| next.get("starts_at"));
    Sessions {
        held,
        intensive_held,
        intensive_asked,
        days_since_last: trend.last().map(|last| (now - last.starts_at).num_days()),
        next,
        days_until_next: next.map(|next| (next - now).num_days()),
        counts,
        trend,
    }
}

fn goals(row: &Tree) -> Goals {
    let charter = related(row, "charter").filter(|one| one.get("state") == Some(CharterState::Agreed));
    let mut goals = Goals::default();
    let mut assessed: BTreeMap<GoalAssessment, i64> = GoalAssessment::ALL.iter().map(|one| (*one, 0)).collect();
    for goal in charter.map(|charter| rows(charter, "goals", MOST_GOALS)).unwrap_or_default() {
        goals.total += 1;
        match goal.get::<Option<GoalAssessment>>("assessment").flatten() {
            Some(one) => *assessed.entry(one).or_default() += 1,
            None => goals.unassessed += 1,
        }
        goals.waived += i64::from(goal.get::<Option<String>>("waiver_reason").flatten().is_some());
    }
    goals.assessed = assessed.into_iter().collect();
    goals
}

/// The guides whose steps were spoken of; steps that were taken out of them do not count.
fn guides(row: &Tree, steps: &BTreeMap<Uuid, i64>) -> Vec<GuideProgress> {
    let mut all: BTreeMap<Uuid, GuideProgress> = BTreeMap::new();
    for progress in rows(row, "progress", MOST_PROGRESS) {
        let (Some(step), Some(guide)) = (related(progress, "step"), related(progress, "guide")) else { continue };
        if step.get("state") != Some(GuideStepState::Current) {
            continue;
        }
        let (Some(id), Some(title_nl)) = (guide.get::<Uuid>("id"), guide.get("title_nl")) else { continue };
        let one = all.entry(id).or_insert_with(|| GuideProgress {
            guide: Id::new(id),
            title_nl,
            title_en: guide.get("title_en").flatten(),
            steps: steps.get(&id).copied().unwrap_or(0),
            counts: ProgressState::ALL.iter().map(|state| (*state, 0)).collect(),
        });
        let state = progress.get::<ProgressState>("state");
        one.counts.iter_mut().filter(|(known, _)| Some(*known) == state).for_each(|(_, count)| *count += 1);
    }
    all.into_values().collect()
}
