//! Outputs that are no rows: what may be done and why not, who sees something, what a method asks.

use crate::model::{names::*, scalar::E};
use crate::{error::ApiError, op::Call};
use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use evolva_domain::{concept as con, session::recurrence, session::series};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something that stands in the way of a step.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
pub struct Blocker {
    /// A code of the error table.
    pub code: String,
    /// What is still missing, in the language of `Accept-Language` (nl, en).
    pub message: String,
}

/// A step that the life cycle allows from here.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AllowedTransition {
    /// The state that it leads to.
    pub to: String,
    /// What it still waits for; empty if nothing does.
    pub blocked_by: Vec<Blocker>,
}

/// When a session of a series would be.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlannedTime {
    /// The day, in the series' time zone.
    pub date: NaiveDate,
    /// When it would start.
    pub starts_at: DateTime<Utc>,
    /// When it would end.
    pub ends_at: DateTime<Utc>,
}

impl PlannedTime {
    pub async fn all(call: &Call, asked: recurrence::Asked, cop: Option<CopId>) -> Result<Vec<Self>, ApiError> {
        let all = series::preview(&call.ctx, &call.scope, asked, cop.map(|cop| cop.0)).await?;
        let one = |one: recurrence::Occurrence| Self { date: one.date, starts_at: one.starts_at, ends_at: one.ends_at };
        Ok(all.into_iter().map(one).collect())
    }
}

/// Who sees something that is yours, and why.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Visibility {
    /// What counts: the narrowest of what was asked and the CoP's content ceiling.
    pub audience: AudienceLabel,
    /// The CoP's content ceiling, for content of a CoP.
    pub content_ceiling: Option<AudienceLabel>,
    /// Whether every active organisation of the network sees it.
    pub network: bool,
    /// Whether every token that may read what is public sees it.
    pub public: bool,
    /// Organisations and people that see it, beside the network as a whole.
    pub seers: Vec<Seer>,
}

/// An organisation that sees something, or some of its people.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Seer {
    /// Which organisation; empty where that is not yours to know.
    pub organisation_id: Option<OrganisationId>,
    /// Why.
    pub reason: SightReasonLabel,
    /// Whether the organisation as such sees it: its tokens and all of its people. If not, only some of its people do; of a
    /// draft, its authors.
    pub whole_organisation: bool,
    /// How many of its people see it in person, where the organisation as such does not.
    pub people_count: i64,
    /// Whether they do not see it now, and would with the audience that you asked about.
    pub gains: bool,
}

impl From<evolva_domain::explain::Explained> for Visibility {
    fn from(all: evolva_domain::explain::Explained) -> Self {
        let seer = |one: evolva_domain::explain::Seer| Seer {
            organisation_id: one.organisation.map(super::scalar::Gid),
            reason: E(one.reason),
            whole_organisation: one.whole,
            people_count: one.people as i64,
            gains: one.gains,
        };
        Self {
            audience: E(all.audience),
            content_ceiling: all.ceiling.map(E),
            network: all.network,
            public: all.public,
            seers: all.seers.into_iter().map(seer).collect(),
        }
    }
}

/// A step forward that waits for you: you can take it now.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WaitingStep {
    /// The mutation that takes it, such as `membershipAccept`.
    pub mutation: String,
    /// The REST operation that takes it, such as `acceptMembership`.
    pub operation_id: String,
    /// The state that it leads to; empty for a person's yes and for an agreement.
    pub to: Option<String>,
    /// What the step itself must bring along: a reason where the method asks for one, the preconditions that are met. Empty
    /// if it asks for nothing.
    pub blocked_by: Vec<Blocker>,
    /// The id of what it is a step of.
    #[schema(value_type = String)]
    pub subject_id: async_graphql::ID,
    /// What it is about: the subject's own title, else that of its CoP.
    pub title: Option<String>,
    /// The CoP, if it is of one.
    pub cop_id: Option<CopId>,
    /// When the subject was changed last.
    pub since_at: DateTime<Utc>,
}

impl WaitingStep {
    /// The steps that wait for who asks, longest waiting first.
    pub async fn all(call: &crate::op::Call) -> Result<Vec<Self>, crate::error::ApiError> {
        let waiting = evolva_domain::waiting::for_viewer(&call.ctx, &call.scope).await?;
        let one = |one: evolva_domain::waiting::Waiting| {
            let meta = operation(one.action)?;
            Some(Self {
                mutation: super::view::camel(meta.name),
                operation_id: meta.operation_id.to_owned(),
                to: one.to.map(str::to_owned),
                blocked_by: one.blocked_by.into_iter().map(|problem| blocker(problem, call.language)).collect(),
                subject_id: evolva_domain::id::join(one.table.prefix, one.subject).into(),
                title: one.title,
                cop_id: one.cop.map(super::scalar::Gid),
                since_at: one.since,
            })
        };
        Ok(waiting.into_iter().filter_map(one).collect())
    }
}

pub fn blocker(problem: evolva_domain::Problem, language: evolva_domain::error::Language) -> Blocker {
    Blocker { code: problem.code.label().to_owned(), message: problem.message(language) }
}

/// Something that a method asks of an organisation that takes part (*randvoorwaarde*).
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
pub struct Precondition {
    /// Names it when an organisation confirms it.
    pub code: String,
    /// What is asked.
    pub title: String,
}

/// The thresholds of a programme's method.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MethodProfile {
    /// Who may be a member.
    pub members_from: MembersFromLabel,
    /// Who provides the primary facilitator.
    pub facilitator_from: FacilitatorFromLabel,
    /// How many organisations a CoP needs to become active, its host included.
    pub minimum_organisations: i64,
    /// How many sessions must be planned by then.
    pub minimum_planned_sessions: i64,
    /// How many hackathons and open spaces must be held before the harvest.
    pub minimum_intensive_sessions: i64,
    /// Whether an agreed charter with goals is required.
    pub charter_required: bool,
    /// Whether each goal needs an anchored artefact or a waiver.
    pub anchoring_required: bool,
    /// Whether something must have been shown at a clinic or network meeting.
    pub sharing_required: bool,
    /// What is asked of an organisation that takes part.
    pub preconditions: Vec<Precondition>,
    /// The shortest usual period in months; a CoP outside of it is warned of.
    pub usual_months_from: Option<u32>,
    /// The longest usual period in months.
    pub usual_months_to: Option<u32>,
    /// The longest period in months; without it a CoP may be open-ended.
    pub longest_months: Option<u32>,
}

impl From<con::MethodProfile> for MethodProfile {
    fn from(profile: con::MethodProfile) -> Self {
        let precondition = |one: con::Precondition| Precondition { code: one.code, title: one.title };
        Self {
            members_from: E(profile.members_from),
            facilitator_from: E(profile.facilitator_from),
            minimum_organisations: profile.minimum_organisations,
            minimum_planned_sessions: profile.minimum_planned_sessions,
            minimum_intensive_sessions: profile.minimum_intensive_sessions,
            charter_required: profile.charter_required,
            anchoring_required: profile.anchoring_required,
            sharing_required: profile.sharing_required,
            preconditions: profile.preconditions.into_iter().map(precondition).collect(),
            usual_months_from: profile.usual_months.map(|(from, _)| from),
            usual_months_to: profile.usual_months.map(|(_, to)| to),
            longest_months: profile.longest_months,
        }
    }
}

/// Something that is asked of an organisation that takes part, as it is set.
#[derive(Debug, Clone, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreconditionInput {
    /// Its own code within the method, such as `SAFE_CLIMATE`.
    pub code: String,
    /// What is asked.
    pub title: String,
}

impl From<PreconditionInput> for con::Precondition {
    fn from(one: PreconditionInput) -> Self {
        Self { code: one.code, title: one.title }
    }
}

/// What you may do with an object: an operation, and what stands in its way.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// The mutation, such as `copActivate`: one that changes the object, or starts something in it.
    pub mutation: String,
    /// The REST operation, such as `activateCop`.
    pub operation_id: String,
    /// Whether you can do it now, as far as the object itself tells. What depends on the rest of the input, such as whom you
    /// nominate, or on other objects, such as a membership that is still open, is found when you do it.
    pub allowed: bool,
    /// Why not: `INSUFFICIENT_SCOPE` if your token lacks the scope, `FORBIDDEN` if it is not yours to do, else what is still
    /// missing. A reason that can be given with the operation itself stands here too.
    pub blocked_by: Vec<Blocker>,
}

pub type Steps = Vec<AllowedTransition>;
pub type Accesses = Vec<Access>;

/// The steps that the viewer may take from here.
pub fn steps(steps: Vec<evolva_domain::allowed::Step>, viewer: &super::view::Viewer<'_>) -> Option<Steps> {
    let step = |step: evolva_domain::cop::AllowedTransition| AllowedTransition {
        to: step.to.to_owned(),
        blocked_by: step.blocked_by.into_iter().map(|problem| blocker(problem, viewer.language)).collect(),
    };
    Some(evolva_domain::allowed::from_here(steps).into_iter().map(step).collect())
}

/// What the viewer may do, their token's scopes included.
pub fn access(all: Vec<evolva_domain::access::Access>, viewer: &super::view::Viewer<'_>) -> Option<Accesses> {
    let one = |one: evolva_domain::access::Access| {
        let meta = operation(one.operation)?;
        let scope = viewer.scope.require(meta.scope).err().map(|error| error.problems()).unwrap_or_default();
        let problems = if scope.is_empty() { one.blocked_by } else { scope };
        Some(Access {
            mutation: super::view::camel(meta.name),
            operation_id: meta.operation_id.to_owned(),
            allowed: problems.is_empty(),
            blocked_by: problems.into_iter().map(|problem| blocker(problem, viewer.language)).collect(),
        })
    };
    Some(all.into_iter().filter_map(one).collect())
}

/// An operation by its name.
fn operation(name: &str) -> Option<&'static crate::op::OpMeta> {
    static ALL: std::sync::OnceLock<Vec<crate::op::OpMeta>> = std::sync::OnceLock::new();
    ALL.get_or_init(crate::contract::operations).iter().find(|op| op.name == name)
}

/// The next part of an upload, and where it can be sent straight to the store of files.
#[derive(Debug, Clone, async_graphql::SimpleObject, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadPart {
    /// Where to PUT it, without a token and with a body of exactly that length; empty where the store has no such addresses,
    /// and bytes go to the upload's `contentUrl`. Say `uploadTakePart` when it is there.
    pub url: Option<String>,
    /// Its first byte.
    pub first_byte: i64,
    /// How many bytes it has.
    pub size: i64,
    /// Until when the address is good.
    pub expires_at: chrono::DateTime<chrono::Utc>,
}

impl From<evolva_domain::file::upload::NextPart> for UploadPart {
    fn from(part: evolva_domain::file::upload::NextPart) -> Self {
        Self { url: part.url, first_byte: part.first, size: part.size, expires_at: part.expires_at }
    }
}
