//! The figures of CoPs, for both surfaces.

use super::{
    names::*,
    scalar::{E, Gid},
    shapes::{AllowedTransition, blocker},
};
use crate::figures;
use async_graphql::{ComplexObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use evolva_domain::{
    artefact as art, cop as c,
    error::Language,
    guide as gui,
    overview::{figures as fig, guide as over, network as net},
    session as ses,
};
use serde::Serialize;
use utoipa::ToSchema;

/// How a CoP goes. It is made of what you see of the CoP and of nothing else, so its host, a member and a participating
/// organisation read different figures; `sight` says which you are. A figure of which you would see only a part of what it
/// is made of, and that is told whole to others, is empty.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct CopDashboard {
    /// The CoP.
    pub cop_id: CopId,
    /// Its title.
    pub title: String,
    /// Where it is in its life.
    pub status: CopStatusLabel,
    /// The organisation that hosts it.
    pub host_id: OrganisationId,
    /// What you are to it, and so what its figures are made of for you.
    pub sight: CopSightLabel,
    /// When it starts.
    pub start_date: Option<NaiveDate>,
    /// When it is to end.
    pub planned_end_date: Option<NaiveDate>,
    /// How many days are left until then, below zero once it has passed; empty without a planned end, and once it is over.
    pub days_left: Option<i64>,
    /// Whether its planned end has passed and it is not over.
    pub is_overdue: bool,
    /// How many active members it has; for everybody who sees that the CoP is there.
    pub member_count: i64,
    /// Memberships by their state: every state for its host and who guides it; `SELECTED`, `ACTIVE` and `COMPLETED` for its
    /// members; empty for others, who see only their own people.
    pub members: Option<Vec<MembershipStateCount>>,
    /// Its sessions, for all to whom its content is shown; empty where `sight` is `LISTING`.
    pub sessions: Option<SessionFigures>,
    /// The goals of its charter in force, for all to whom its content is shown; empty where `sight` is `LISTING`.
    pub goals: Option<GoalFigures>,
    /// Artefacts of it that are shown to you, by kind and state. What others still write, and what they keep to their
    /// organisation or to members, is in nobody else's figures.
    pub artefacts: Vec<ArtefactCount>,
    /// Anchorings of its artefacts that are shown to you: all for its host, who guides it and its members; for others
    /// those by their organisation and of its artefacts.
    pub anchorings: AnchoringFigures,
    /// How far it is with the guides that it follows, of those that you see; empty where `sight` is `LISTING`.
    pub guides: Option<Vec<GuideProgress>>,
    /// The steps of its life that you may take from here, with what each still waits for.
    pub next_steps: Vec<AllowedTransition>,
    /// What the figures that you have point at.
    pub health: Vec<HealthFinding>,
}

#[ComplexObject]
impl CopDashboard {
    /// The figures as CSV (RFC 4180): a row with the names of the columns, and one of figures.
    async fn csv(&self) -> String {
        figures::csv(std::slice::from_ref(self))
    }
}

/// How the CoPs of your organisation go.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct CopDashboards {
    /// Those of this page, latest made first.
    #[serde(rename = "items")]
    pub nodes: Vec<CopDashboard>,
    /// Where it goes on.
    pub page_info: CopDashboardsPage,
}

#[ComplexObject]
impl CopDashboards {
    /// The figures of this page as CSV (RFC 4180): a row with the names of the columns, and one for each CoP.
    async fn csv(&self) -> String {
        figures::csv(&self.nodes)
    }
}

/// Where a list of dashboards goes on.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CopDashboardsPage {
    /// Give it as `after` to go on.
    pub end_cursor: Option<CopId>,
    /// Whether there is another page.
    pub has_next_page: bool,
}

/// How many memberships are in a state.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
pub struct MembershipStateCount {
    /// The state.
    pub state: MembershipStateLabel,
    /// How many.
    pub count: i64,
}

/// The sessions of a CoP.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionFigures {
    /// By kind and state.
    pub counts: Vec<SessionCount>,
    /// How many were held.
    pub held_count: i64,
    /// Of these, how many were hackathons or open spaces.
    pub intensive_held_count: i64,
    /// How many hackathons and open spaces its method asks for.
    pub intensive_asked_count: i64,
    /// How many days ago the last one that was held started.
    pub days_since_last: Option<i64>,
    /// When the next one that is scheduled starts.
    pub next_starts_at: Option<DateTime<Utc>>,
    /// In how many days.
    pub days_until_next: Option<i64>,
    /// Who came to the last 12 that were held, in the order of time.
    pub attendance: Vec<SessionAttendance>,
}

/// How many sessions there are of a kind and in a state.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
pub struct SessionCount {
    /// The kind.
    pub kind: SessionKindLabel,
    /// The state.
    pub state: SessionStateLabel,
    /// How many.
    pub count: i64,
}

/// Who came to a session. Registrations are between its host and each person's organisation, and for members: who was there
/// is told where you see each registration that holds, and else it is empty.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionAttendance {
    /// The session.
    pub session_id: SessionId,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: SessionKindLabel,
    /// When it started.
    pub starts_at: DateTime<Utc>,
    /// How many had a seat; for all to whom the session is shown.
    pub registered_count: i64,
    /// How many were there; empty also where nobody recorded it.
    pub attended_count: Option<i64>,
    /// How many were not there; empty also where nobody recorded it.
    pub absent_count: Option<i64>,
    /// How many percent of those with a seat were there; of those of whom it was recorded, if these are more.
    pub attended_percent: Option<i64>,
}

/// The goals of a charter in force.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GoalFigures {
    /// How many there are; none without a charter in force.
    pub total_count: i64,
    /// How many are not assessed yet.
    pub unassessed_count: i64,
    /// How many need no anchored artefact.
    pub waived_count: i64,
    /// The others by their assessment.
    pub assessed: Vec<GoalAssessmentCount>,
}

/// How many goals were assessed so.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
pub struct GoalAssessmentCount {
    /// The assessment.
    pub assessment: GoalAssessmentLabel,
    /// How many.
    pub count: i64,
}

/// How many artefacts there are of a kind and in a state.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
pub struct ArtefactCount {
    /// The kind.
    pub kind: ArtefactKindLabel,
    /// The state.
    pub state: ArtefactStateLabel,
    /// How many.
    pub count: i64,
}

/// How far artefacts of a CoP are embedded in the practice of organisations.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnchoringFigures {
    /// By state.
    pub counts: Vec<AnchoringStateCount>,
    /// Of those that hold, how many have a review date that has passed.
    pub overdue_count: i64,
}

/// How many anchorings are in a state.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
pub struct AnchoringStateCount {
    /// The state.
    pub state: AnchoringStateLabel,
    /// How many.
    pub count: i64,
}

/// How far a CoP is with a guide.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuideProgress {
    /// The guide.
    pub guide_id: GuideId,
    /// Its title in Dutch.
    pub title_nl: String,
    /// Its title in English.
    pub title_en: Option<String>,
    /// How many steps it has.
    pub step_count: i64,
    /// Steps by what was said of them; of the others nothing was said yet.
    pub counts: Vec<ProgressStateCount>,
}

/// How often a step was said to be so far.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
pub struct ProgressStateCount {
    /// How far.
    pub state: ProgressStateLabel,
    /// How often.
    pub count: i64,
}

/// Something that a CoP's figures point at.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
pub struct HealthFinding {
    /// What it is; each says from when on it is found.
    pub code: HealthCodeLabel,
    /// In words, in the language of `Accept-Language` (nl, en).
    pub message: String,
    /// The number that it is about: days, percent, or how many.
    pub value: i64,
    /// The number that it is held against.
    pub threshold: i64,
}

impl CopDashboard {
    pub fn of(one: fig::Dashboard, language: Language) -> Self {
        let step = |step: c::AllowedTransition| AllowedTransition {
            to: step.to.to_owned(),
            blocked_by: step.blocked_by.into_iter().map(|problem| blocker(problem, language)).collect(),
        };
        let members = |(state, count)| MembershipStateCount { state: E(state), count };
        let artefacts = |(kind, state, count): (art::ArtefactKind, art::ArtefactState, i64)| ArtefactCount {
            kind: E(kind),
            state: E(state),
            count,
        };
        let finding = |one: evolva_domain::overview::health::Finding| HealthFinding {
            code: E(one.code),
            message: one.message(language),
            value: one.value,
            threshold: one.threshold,
        };
        let anchorings = |(state, count)| AnchoringStateCount { state: E(state), count };
        Self {
            cop_id: Gid(one.cop),
            title: one.title,
            status: E(one.status),
            host_id: Gid(one.host),
            sight: E(one.sight),
            start_date: one.start_date,
            planned_end_date: one.planned_end_date,
            days_left: one.days_left,
            is_overdue: one.is_overdue,
            member_count: one.member_count,
            members: one.members.map(|all| all.into_iter().map(members).collect()),
            sessions: one.sessions.map(Into::into),
            goals: one.goals.map(Into::into),
            artefacts: one.artefacts.into_iter().map(artefacts).collect(),
            anchorings: AnchoringFigures {
                counts: one.anchorings.counts.into_iter().map(anchorings).collect(),
                overdue_count: one.anchorings.overdue,
            },
            guides: one.guides.map(|all| all.into_iter().map(Into::into).collect()),
            next_steps: one.next_steps.into_iter().map(step).collect(),
            health: one.health.into_iter().map(finding).collect(),
        }
    }
}

impl CopDashboards {
    pub fn of((all, has_next_page): (Vec<fig::Dashboard>, bool), language: Language) -> Self {
        let end_cursor = all.last().map(|one| Gid(one.cop));
        let nodes = all.into_iter().map(|one| CopDashboard::of(one, language)).collect();
        Self { nodes, page_info: CopDashboardsPage { end_cursor, has_next_page } }
    }
}

impl From<fig::Sessions> for SessionFigures {
    fn from(all: fig::Sessions) -> Self {
        let count = |(kind, state, count): (ses::SessionKind, ses::SessionState, i64)| SessionCount {
            kind: E(kind),
            state: E(state),
            count,
        };
        Self {
            counts: all.counts.into_iter().map(count).collect(),
            held_count: all.held,
            intensive_held_count: all.intensive_held,
            intensive_asked_count: all.intensive_asked,
            days_since_last: all.days_since_last,
            next_starts_at: all.next,
            days_until_next: all.days_until_next,
            attendance: all.trend.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<fig::Attended> for SessionAttendance {
    fn from(one: fig::Attended) -> Self {
        Self {
            attended_percent: one.percent(),
            session_id: Gid(one.session),
            title: one.title,
            kind: E(one.kind),
            starts_at: one.starts_at,
            registered_count: one.registered,
            attended_count: one.came.map(|(attended, _)| attended),
            absent_count: one.came.map(|(_, absent)| absent),
        }
    }
}

impl From<fig::Goals> for GoalFigures {
    fn from(all: fig::Goals) -> Self {
        let one = |(assessment, count)| GoalAssessmentCount { assessment: E(assessment), count };
        Self {
            total_count: all.total,
            unassessed_count: all.unassessed,
            waived_count: all.waived,
            assessed: all.assessed.into_iter().map(one).collect(),
        }
    }
}

fn progress(counts: Vec<(gui::ProgressState, i64)>) -> Vec<ProgressStateCount> {
    counts.into_iter().map(|(state, count)| ProgressStateCount { state: E(state), count }).collect()
}

impl From<fig::GuideProgress> for GuideProgress {
    fn from(one: fig::GuideProgress) -> Self {
        Self {
            guide_id: Gid(one.guide),
            title_nl: one.title_nl,
            title_en: one.title_en,
            step_count: one.steps,
            counts: progress(one.counts),
        }
    }
}

/// How far the CoPs that you see are with a guide.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuideOverview {
    /// The guide.
    pub guide_id: GuideId,
    /// Its steps, in their order.
    pub steps: Vec<GuideStepOverview>,
    /// The CoPs that follow it: those in which something was said of a step.
    pub cops: Vec<GuideCopOverview>,
}

/// How far CoPs are with a step of a guide.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuideStepOverview {
    /// The step.
    pub step_id: GuideStepId,
    /// Its title in Dutch.
    pub title_nl: String,
    /// Its title in English.
    pub title_en: Option<String>,
    /// How many CoPs said so of it.
    pub counts: Vec<ProgressStateCount>,
}

/// How far a CoP is with a guide.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuideCopOverview {
    /// The CoP.
    pub cop_id: CopId,
    /// Its title.
    pub title: String,
    /// Where it is in its life.
    pub status: CopStatusLabel,
    /// Of how many steps it said so.
    pub counts: Vec<ProgressStateCount>,
}

impl From<over::GuideOverview> for GuideOverview {
    fn from(all: over::GuideOverview) -> Self {
        let step = |one: over::OfStep| GuideStepOverview {
            step_id: Gid(one.step),
            title_nl: one.title_nl,
            title_en: one.title_en,
            counts: progress(one.counts),
        };
        let cop = |one: over::OfCop| GuideCopOverview {
            cop_id: Gid(one.cop),
            title: one.title,
            status: E(one.status),
            counts: progress(one.counts),
        };
        Self {
            guide_id: Gid(all.guide),
            steps: all.steps.into_iter().map(step).collect(),
            cops: all.cops.into_iter().map(cop).collect(),
        }
    }
}

/// How much there is in the network: counts, and nothing of what is counted.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkOverview {
    /// Of all organisations together.
    pub all: NetworkCounts,
    /// Of each organisation, by name; at most 1,000.
    pub organisations: Vec<OrganisationCounts>,
    /// Whether there are more organisations than these.
    pub is_truncated: bool,
}

/// How much there is of an organisation.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationCounts {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Whether it takes part in the network.
    pub state: OrganisationStateLabel,
    /// What there is of it.
    pub counts: NetworkCounts,
}

/// Counts of an organisation, or of all.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkCounts {
    /// CoPs that it hosts, by status.
    pub cops: Vec<CopStatusCount>,
    /// CoPs of others that are not over and in which it takes part.
    pub participation_count: i64,
    /// Its people who are active members of a CoP, each once.
    pub active_member_count: i64,
    /// Sessions that it held in the last 90 days.
    pub sessions_held_count: i64,
    /// Its artefacts that are validated.
    pub validated_artefact_count: i64,
    /// What it embedded in its practice.
    pub anchored_count: i64,
}

/// How many CoPs have a status.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
pub struct CopStatusCount {
    /// The status.
    pub status: CopStatusLabel,
    /// How many.
    pub count: i64,
}

impl From<net::Counts> for NetworkCounts {
    fn from(all: net::Counts) -> Self {
        let of = |status: &c::CopStatus| CopStatusCount {
            status: E(*status),
            count: all.cops.get(status).copied().unwrap_or(0),
        };
        Self {
            cops: c::CopStatus::ALL.iter().map(of).collect(),
            participation_count: all.participations,
            active_member_count: all.members,
            sessions_held_count: all.sessions,
            validated_artefact_count: all.artefacts,
            anchored_count: all.anchored,
        }
    }
}

impl From<net::NetworkOverview> for NetworkOverview {
    fn from(all: net::NetworkOverview) -> Self {
        let one = |one: net::OfOrganisation| OrganisationCounts {
            organisation_id: Gid(one.organisation),
            name: one.name,
            state: E(one.state),
            counts: one.counts.into(),
        };
        Self {
            all: all.all.into(),
            organisations: all.organisations.into_iter().map(one).collect(),
            is_truncated: all.truncated,
        }
    }
}
