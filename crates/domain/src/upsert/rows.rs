//! The rows of each collection, as a line of an import or a put says them.

use crate::{
    Id,
    artefact::{AnchoringState, Artefact, ArtefactKind, ArtefactState, Comment, LessonState},
    concept::{Concept, ConceptElement, FocusArea},
    cop::{CharterState, Cop, CopStatus, Goal, GoalAssessment, MembershipRole, MembershipState},
    exchange::ExchangeState,
    file::upload::Upload,
    guide::{GuideStep, GuideStepState, ProgressState},
    person::Person,
    project::{FrontRunnerProject, FrontRunnerState},
    session::{
        AgendaItemState, Attendance, ContributionState, Perspective, RegistrationState, Session, SessionKind,
        SessionState,
    },
    theme::Theme,
    visibility::Audience,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

/// One line of an import of themes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ThemeRow {
    pub external_id: String,
    pub title: String,
    pub slug: Option<String>,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub concept_external_id: Option<String>,
    pub concept_id: Option<Id<Concept>>,
    pub focus_area_ids: Option<Vec<Id<FocusArea>>>,
}

/// One line of an import of people.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonRow {
    pub external_id: String,
    pub display_name: String,
    pub email: Option<String>,
    pub portrait_url: Option<String>,
    pub job_title: Option<String>,
    #[serde(default)]
    pub expertise: Vec<String>,
    pub language: Option<String>,
    #[serde(default)]
    pub discoverable: bool,
    #[serde(default)]
    pub external: bool,
    pub affiliation: Option<String>,
    pub retain_until: Option<NaiveDate>,
}

/// One line of an import of CoPs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CopRow {
    pub external_id: String,
    pub title: String,
    pub slug: Option<String>,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub cover_url: Option<String>,
    pub concept_external_id: Option<String>,
    pub concept_id: Option<Id<Concept>>,
    pub theme_external_id: Option<String>,
    pub theme_id: Option<Id<Theme>>,
    pub element_ids: Option<Vec<Id<ConceptElement>>>,
    pub facilitator_external_id: Option<String>,
    pub facilitator_id: Option<Id<Person>>,
    pub predecessor_external_id: Option<String>,
    pub capacity: Option<i64>,
    pub start_date: Option<NaiveDate>,
    pub planned_end_date: Option<NaiveDate>,
    pub listing_audience: Option<Audience>,
    pub content_ceiling: Option<Audience>,
    pub status: Option<CopStatus>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// One line of an import of memberships.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MembershipRow {
    pub external_id: String,
    pub cop_external_id: String,
    pub person_external_id: String,
    #[serde(default)]
    pub role: MembershipRole,
    pub motivation: Option<String>,
    pub state: Option<MembershipState>,
    pub since_at: Option<DateTime<Utc>>,
}

/// One line of an import of artefacts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArtefactRow {
    pub external_id: String,
    #[serde(default)]
    pub kind: ArtefactKind,
    pub title: String,
    pub summary: Option<String>,
    pub body: Option<String>,
    pub source_url: Option<String>,
    pub language: Option<String>,
    pub licence: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    pub audience: Option<Audience>,
    pub theme_external_id: Option<String>,
    pub theme_id: Option<Id<Theme>>,
    pub cop_external_id: Option<String>,
    pub cop_id: Option<Id<Cop>>,
    pub session_external_id: Option<String>,
    pub session_id: Option<Id<Session>>,
    pub element_ids: Option<Vec<Id<ConceptElement>>>,
    pub goal_external_ids: Option<Vec<String>>,
    pub goal_ids: Option<Vec<Id<Goal>>>,
    #[serde(default)]
    pub author_external_ids: Vec<String>,
    pub state: Option<ArtefactState>,
    pub lesson_state: Option<LessonState>,
    pub published_at: Option<DateTime<Utc>>,
}

/// One line of an import of front-runner projects.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FrontRunnerProjectRow {
    pub external_id: String,
    pub title: String,
    pub element_id: Id<ConceptElement>,
    pub speciality: Option<String>,
    #[serde(default)]
    pub strengths: Vec<String>,
    pub audience: Option<Audience>,
}

/// One line of an import of front-runners.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FrontRunnerRow {
    pub external_id: String,
    pub project_external_id: String,
    pub person_external_id: String,
    pub state: Option<FrontRunnerState>,
}

/// One line of an import of exchanges.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExchangeRow {
    pub external_id: String,
    pub giving_project_external_id: String,
    pub receiving_project_external_id: Option<String>,
    pub receiving_project_id: Option<Id<FrontRunnerProject>>,
    pub strength: String,
    pub cop_external_id: Option<String>,
    pub session_external_id: Option<String>,
    pub exchanged_date: NaiveDate,
    pub note: Option<String>,
    pub state: Option<ExchangeState>,
    pub learned: Option<String>,
    pub acknowledged_at: Option<DateTime<Utc>>,
}

/// One line of an import of guides.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuideRow {
    pub external_id: String,
    pub title_nl: String,
    pub title_en: Option<String>,
    pub summary_nl: Option<String>,
    pub summary_en: Option<String>,
    pub source: Option<String>,
    pub source_url: Option<String>,
    pub licence: Option<String>,
}

/// One line of an import of the steps of guides.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuideStepRow {
    pub external_id: String,
    pub guide_external_id: String,
    pub title_nl: String,
    pub title_en: Option<String>,
    pub body_nl: Option<String>,
    pub body_en: Option<String>,
    pub position: Option<i64>,
    pub state: Option<GuideStepState>,
}

/// One line of an import of how far CoPs are with the steps of guides.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StepProgressRow {
    pub external_id: String,
    pub cop_external_id: String,
    pub step_external_id: Option<String>,
    pub step_id: Option<Id<GuideStep>>,
    #[serde(default)]
    pub state: ProgressState,
    pub evidence: Option<String>,
    pub evidence_url: Option<String>,
    pub done_at: Option<DateTime<Utc>>,
}

/// One line of an import of sessions.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionRow {
    pub external_id: String,
    pub cop_external_id: Option<String>,
    pub series_external_id: Option<String>,
    #[serde(default)]
    pub kind: SessionKind,
    pub title: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub time_zone: Option<String>,
    pub place: Option<String>,
    pub link: Option<String>,
    pub capacity: Option<i64>,
    #[serde(default)]
    pub guests_allowed: bool,
    pub audience: Option<Audience>,
    pub recording_url: Option<String>,
    pub planned: Option<String>,
    pub happened: Option<String>,
    pub why: Option<String>,
    pub learned: Option<String>,
    pub state: Option<SessionState>,
    pub reason: Option<String>,
}

/// One line of an import of series of sessions.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionSeriesRow {
    pub external_id: String,
    pub cop_external_id: String,
    pub title: String,
    pub rule: String,
    pub start_date: NaiveDate,
    pub start_time: String,
    pub end_time: String,
    pub time_zone: Option<String>,
    #[serde(default)]
    pub except_dates: Vec<NaiveDate>,
    pub place: Option<String>,
    pub link: Option<String>,
    pub capacity: Option<i64>,
    #[serde(default)]
    pub guests_allowed: bool,
}

/// One line of an import of CoPs that join sessions.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionCopRow {
    pub external_id: String,
    pub session_external_id: String,
    pub cop_external_id: String,
}

/// One line of an import of agenda items.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgendaItemRow {
    pub external_id: String,
    pub session_external_id: String,
    pub title: String,
    pub notes: Option<String>,
    pub convenor_external_id: Option<String>,
    pub convenor_id: Option<Id<Person>>,
    pub minutes: Option<i64>,
    pub position: Option<i64>,
    pub state: Option<AgendaItemState>,
}

/// One line of an import of expert contributions.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExpertContributionRow {
    pub external_id: String,
    pub session_external_id: String,
    pub person_external_id: Option<String>,
    pub person_id: Option<Id<Person>>,
    pub perspective: Perspective,
    pub subject: Option<String>,
    pub state: Option<ContributionState>,
}

/// One line of an import of registrations.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegistrationRow {
    pub external_id: String,
    pub session_external_id: String,
    pub person_external_id: Option<String>,
    pub person_id: Option<Id<Person>>,
    pub brought_by_external_id: Option<String>,
    pub brought_by_id: Option<Id<Person>>,
    pub state: Option<RegistrationState>,
    pub attendance: Option<Attendance>,
}

/// One line of an import of anchorings.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnchoringRow {
    pub external_id: String,
    pub artefact_external_id: Option<String>,
    pub artefact_id: Option<Id<Artefact>>,
    pub place: String,
    pub owner_person_external_id: Option<String>,
    pub review_date: Option<NaiveDate>,
    pub state: Option<AnchoringState>,
}

/// One line of an import of attachments.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttachmentRow {
    pub external_id: String,
    pub artefact_external_id: String,
    pub upload_id: Id<Upload>,
    pub title: Option<String>,
    pub description: Option<String>,
}

/// One line of an import of charters.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CharterRow {
    pub external_id: String,
    pub cop_external_id: String,
    pub number: Option<i64>,
    pub why: Option<String>,
    pub how: Option<String>,
    pub state: Option<CharterState>,
    pub agreed_at: Option<DateTime<Utc>>,
}

/// One line of an import of goals.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoalRow {
    pub external_id: String,
    pub charter_external_id: String,
    pub title: String,
    pub position: Option<i64>,
    pub assessment: Option<GoalAssessment>,
    pub note: Option<String>,
    pub waiver_reason: Option<String>,
}

/// One line of an import of showings.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShowingRow {
    pub external_id: String,
    pub session_external_id: String,
    pub artefact_external_id: Option<String>,
    pub artefact_id: Option<Id<Artefact>>,
    pub number: Option<i64>,
}

/// One line of an import of comments.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommentRow {
    pub external_id: String,
    pub artefact_external_id: Option<String>,
    pub artefact_id: Option<Id<Artefact>>,
    pub parent_external_id: Option<String>,
    pub parent_id: Option<Id<Comment>>,
    pub body: String,
    pub author_external_id: Option<String>,
    pub posted_at: Option<DateTime<Utc>>,
}
