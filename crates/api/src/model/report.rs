//! A report of a CoP, for both surfaces.

use super::{
    dashboard::{CopDashboard, SessionAttendance},
    names::*,
    scalar::{E, Gid},
};
use crate::{op::Call, report};
use async_graphql::{ComplexObject, Context, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use evolva_domain::{error::Language, overview::report as over};
use serde::Serialize;
use utoipa::ToSchema;

/// Everything that a closing or funder's report of a CoP needs (*eindverslag*), as far as you see it: nothing that is not
/// shown to you elsewhere stands in it, and names of people only where you see them.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct CopReport {
    /// The day on which it was made.
    pub made_date: NaiveDate,
    /// The figures, and what they point at.
    pub figures: CopDashboard,
    /// The CoP in a few sentences.
    pub summary: Option<String>,
    /// When it was closed or cancelled.
    pub ended_at: Option<DateTime<Utc>>,
    /// The name of its host.
    pub host_name: Option<String>,
    /// Its theme.
    pub theme_title: Option<String>,
    /// What the theme is about.
    pub theme_summary: Option<String>,
    /// The concept that it belongs to.
    pub concept_name: Option<String>,
    /// Which edition of it.
    pub concept_edition: Option<String>,
    /// The elements of the concept that it completes.
    pub elements: Vec<ReportElement>,
    /// Who facilitates it, where you see that.
    pub facilitator_name: Option<String>,
    /// Who facilitates or coordinates it, or did, of what is shown to you.
    pub guides: Vec<ReportGuide>,
    /// The title of the CoP that it goes on with, where you see that.
    pub predecessor_title: Option<String>,
    /// The titles of CoPs that go on with it, of those that you see.
    pub successor_titles: Vec<String>,
    /// Organisations that take part or did so, beside the host: all for the host and members, the own one for a participant.
    pub organisations: Vec<ReportOrganisation>,
    /// How many of each organisation are members, or completed it: all for the host, members and who guides; the own one's
    /// for a participant.
    pub members: Vec<ReportMembers>,
    /// The charter in force; empty if there is none that you may see.
    pub charter: Option<ReportCharter>,
    /// Its sessions in the order of time.
    pub sessions: Vec<ReportSession>,
    /// What it brought forth and handed in, of what is shown to you.
    pub artefacts: Vec<ReportArtefact>,
    /// Where its results are embedded, of what is shown to you.
    pub anchorings: Vec<ReportAnchoring>,
    /// Its artefacts that were shown at clinics and network meetings, of what is shown to you.
    pub showings: Vec<ReportShowing>,
    /// Strengths that were passed on in it, of what is shown to you.
    pub exchanges: Vec<ReportExchange>,
    /// The names of the lists that have more rows than stand here: of sessions the first 200, of a session's experts the first
    /// 50, of others the first 500; members are counted up to 5,000.
    pub truncated: Vec<String>,
    #[graphql(skip)]
    #[serde(skip)]
    #[schema(ignore)]
    made_of: over::Report,
}

#[ComplexObject]
impl CopReport {
    /// The report as Markdown (CommonMark with tables), in the language of `Accept-Language` (nl, en). What people wrote is
    /// as they wrote it.
    async fn markdown(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(self.written(ctx.data::<Call>()?.language))
    }
}

impl CopReport {
    pub fn written(&self, language: Language) -> String {
        report::markdown(&self.made_of, language)
    }
}

/// An element that a CoP completes.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
pub struct ReportElement {
    /// Its short name.
    pub code: String,
    /// Its title.
    pub title: String,
}

/// An organisation that takes part in a CoP.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportOrganisation {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Whether it still takes part.
    pub state: ParticipationStateLabel,
}

/// Somebody who facilitates or coordinates a CoP, or did.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportGuide {
    /// As what.
    pub role: FacilitationRoleLabel,
    /// Who, where you see that.
    pub name: Option<String>,
    /// The organisation that provides them.
    pub organisation_name: Option<String>,
    /// Since when.
    pub start_date: NaiveDate,
    /// Until when, if it ended.
    pub end_date: Option<NaiveDate>,
}

/// How many people of an organisation are members of a CoP.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportMembers {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// How many are active members, or completed it.
    pub member_count: i64,
}

/// The charter of a CoP: the *Why, What, How*.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportCharter {
    /// Which version it is.
    pub number: i64,
    /// When it was agreed.
    pub agreed_at: Option<DateTime<Utc>>,
    /// The theme and why to explore it, as Markdown.
    pub why: Option<String>,
    /// What to have reached.
    pub goals: Vec<ReportGoal>,
    /// The approach, as Markdown.
    pub how: Option<String>,
}

/// A goal, with what became of it.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportGoal {
    /// The goal.
    pub goal_id: GoalId,
    /// What to have reached.
    pub title: String,
    /// How far it was reached; empty if that was not said yet.
    pub assessment: Option<GoalAssessmentLabel>,
    /// By what that shows.
    pub note: Option<String>,
    /// Why it needs no anchored artefact, if it does not.
    pub waiver_reason: Option<String>,
    /// Titles of the artefacts that show it; for its host, and of your own artefacts.
    pub shown_by: Vec<String>,
}

/// A session, with its report.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportSession {
    /// Which session, and who came.
    pub attendance: SessionAttendance,
    /// Its state.
    pub state: SessionStateLabel,
    /// When it ended.
    pub ends_at: DateTime<Utc>,
    /// The IANA time zone of its place.
    pub time_zone: String,
    /// Where it was.
    pub place: Option<String>,
    /// What was planned, as Markdown.
    pub planned: Option<String>,
    /// What happened, as Markdown.
    pub happened: Option<String>,
    /// Why that happened, as Markdown.
    pub why: Option<String>,
    /// What we learn from it, as Markdown.
    pub learned: Option<String>,
    /// Experts from outside who were asked to it.
    pub experts: Vec<ReportExpert>,
}

/// An expert from outside at a session.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
pub struct ReportExpert {
    /// From which side they look.
    pub perspective: PerspectiveLabel,
    /// What they speak of.
    pub subject: Option<String>,
    /// Who, where you see that.
    pub name: Option<String>,
}

/// An artefact that a CoP brought forth.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportArtefact {
    /// The artefact.
    pub artefact_id: ArtefactId,
    /// Its kind.
    pub kind: ArtefactKindLabel,
    /// Its state.
    pub state: ArtefactStateLabel,
    /// Its title.
    pub title: String,
    /// In a few sentences.
    pub summary: Option<String>,
    /// Under which licence it may be used.
    pub licence: Option<String>,
    /// The organisation that owns it.
    pub organisation_name: Option<String>,
    /// To which audiences a version of it is published.
    pub published_to: Vec<AudienceLabel>,
}

/// Where a result is embedded.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportAnchoring {
    /// The organisation in whose practice it is.
    pub organisation_name: Option<String>,
    /// The artefact, where you see it.
    pub artefact_title: Option<String>,
    /// Where in its practice.
    pub place: String,
    /// Whether it is.
    pub state: AnchoringStateLabel,
    /// When it is to be looked at again.
    pub review_date: Option<NaiveDate>,
}

/// Where an artefact was shown.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportShowing {
    /// The artefact, where you see it.
    pub artefact_title: Option<String>,
    /// The clinic or network meeting, where you see it.
    pub session_title: Option<String>,
    /// When that started.
    pub starts_at: Option<DateTime<Utc>>,
}

/// A strength that one project passed to another.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportExchange {
    /// When.
    pub exchanged_date: NaiveDate,
    /// Which strength.
    pub strength: String,
    /// What the receiving side says it learned.
    pub learned: Option<String>,
    /// Who gave it: the organisation, and the project where you see that.
    pub giver: Option<String>,
    /// Who received it.
    pub receiver: Option<String>,
}

impl CopReport {
    pub fn of(all: over::Report, language: Language) -> Self {
        let made_of = all.clone();
        let (theme_title, theme_summary) = all.theme.map_or((None, None), |(title, summary)| (Some(title), summary));
        let element = |(code, title)| ReportElement { code, title };
        let organisation = |one: over::TakesPart| ReportOrganisation {
            organisation_id: Gid(one.organisation),
            name: one.name,
            state: E(one.state),
        };
        Self {
            made_date: all.made_date,
            figures: CopDashboard::of(all.figures, language),
            summary: all.summary,
            ended_at: all.ended_at,
            host_name: all.host,
            theme_title,
            theme_summary,
            concept_name: all.concept.as_ref().map(|(name, _)| name.clone()),
            concept_edition: all.concept.map(|(_, edition)| edition),
            elements: all.elements.into_iter().map(element).collect(),
            facilitator_name: all.facilitator,
            guides: all.guides.into_iter().map(Into::into).collect(),
            predecessor_title: all.predecessor,
            successor_titles: all.successors,
            organisations: all.organisations.into_iter().map(organisation).collect(),
            members: all.members.into_iter().map(Into::into).collect(),
            charter: all.charter.map(Into::into),
            sessions: all.sessions.into_iter().map(Into::into).collect(),
            artefacts: all.artefacts.into_iter().map(Into::into).collect(),
            anchorings: all.anchorings.into_iter().map(Into::into).collect(),
            showings: all.showings.into_iter().map(Into::into).collect(),
            exchanges: all.exchanges.into_iter().map(Into::into).collect(),
            truncated: all.truncated.into_iter().map(str::to_owned).collect(),
            made_of,
        }
    }
}

impl From<over::Guides> for ReportGuide {
    fn from(one: over::Guides) -> Self {
        Self {
            role: E(one.role),
            name: one.name,
            organisation_name: one.organisation,
            start_date: one.start_date,
            end_date: one.end_date,
        }
    }
}

impl From<over::MembersOf> for ReportMembers {
    fn from(one: over::MembersOf) -> Self {
        let organisation_id = Gid(one.organisation);
        Self { organisation_id, organisation_name: one.name, member_count: one.count }
    }
}

impl From<over::InForce> for ReportCharter {
    fn from(one: over::InForce) -> Self {
        let goal = |one: over::GoalOf| ReportGoal {
            goal_id: Gid(one.id),
            title: one.title,
            assessment: one.assessment.map(E),
            note: one.note,
            waiver_reason: one.waiver,
            shown_by: one.shown_by,
        };
        let goals = one.goals.into_iter().map(goal).collect();
        Self { number: one.number, agreed_at: one.agreed_at, why: one.why, goals, how: one.how }
    }
}

impl From<over::Told> for ReportSession {
    fn from(one: over::Told) -> Self {
        let expert =
            |one: over::Expert| ReportExpert { perspective: E(one.perspective), subject: one.subject, name: one.name };
        Self {
            attendance: one.came.into(),
            state: E(one.state),
            ends_at: one.ends_at,
            time_zone: one.time_zone,
            place: one.place,
            planned: one.planned,
            happened: one.happened,
            why: one.why,
            learned: one.learned,
            experts: one.experts.into_iter().map(expert).collect(),
        }
    }
}

impl From<over::Brought> for ReportArtefact {
    fn from(one: over::Brought) -> Self {
        Self {
            artefact_id: Gid(one.id),
            kind: E(one.kind),
            state: E(one.state),
            title: one.title,
            summary: one.summary,
            licence: one.licence,
            organisation_name: one.organisation,
            published_to: one.published_to.into_iter().map(E).collect(),
        }
    }
}

impl From<over::Anchored> for ReportAnchoring {
    fn from(one: over::Anchored) -> Self {
        Self {
            organisation_name: one.organisation,
            artefact_title: one.artefact,
            place: one.place,
            state: E(one.state),
            review_date: one.review_date,
        }
    }
}

impl From<over::Shown> for ReportShowing {
    fn from(one: over::Shown) -> Self {
        let (session_title, starts_at) = one.session.unzip();
        Self { artefact_title: one.artefact, session_title, starts_at }
    }
}

impl From<over::Passed> for ReportExchange {
    fn from(one: over::Passed) -> Self {
        Self {
            exchanged_date: one.date,
            strength: one.strength,
            learned: one.learned,
            giver: one.giver,
            receiver: one.receiver,
        }
    }
}
