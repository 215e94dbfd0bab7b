//! What can be asked of many rows at once.

use super::{
    contact::ContactForm,
    dashboard::{CopDashboard, CopDashboards, GuideOverview, NetworkOverview},
    names::*,
    report::CopReport,
    scalar::Gid,
};
use crate::asks;
use async_graphql::SimpleObject;
use evolva_domain::{
    contact as ctc, overview as over,
    overview::{candidates as can, figures as fig, guide as gui, network as net, report as rep},
};
use serde::Serialize;
use utoipa::ToSchema;

/// How far a concept is complete (*vervolledigd*), as far as you see its projects, CoPs and anchorings.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConceptCoverage {
    /// Whether each element has a front-runner project, a CoP and an anchored artefact.
    pub is_complete: bool,
    /// Its elements, in their order.
    pub elements: Vec<ElementCoverage>,
}

/// How far an element is worked out.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ElementCoverage {
    /// The element.
    pub element_id: ConceptElementId,
    /// Its short name within the concept.
    pub code: String,
    /// Its title.
    pub title: String,
    /// How many front-runner projects master it.
    pub project_count: i64,
    /// How many CoPs work it out or did so; those that were cancelled do not count.
    pub cop_count: i64,
    /// How many anchorings hold of artefacts that name it, or that name no element and are of these CoPs.
    pub anchored_count: i64,
    /// Whether none of the three is missing.
    pub is_covered: bool,
}

/// How many candidates a CoP has: active front-runners of its host and of the organisations that take part, who are not put
/// forward yet and were not in it, as far as you see that; none for a CoP that is over. Each person counts once in each figure, whatever the number of their projects. People of other organisations
/// count whether or not they may be found by name, in the projects that you see; `frontRunners` with `candidateForCopId` lists
/// those that you see by name.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CandidateCounts {
    /// All of them.
    pub candidate_count: i64,
    /// Of these, those that you see by name.
    pub named_count: i64,
    /// By organisation, those with most first; without those that have none.
    pub organisations: Vec<CandidatesOfOrganisation>,
    /// By the element that their projects master, as far as you see these.
    pub elements: Vec<CandidatesOfElement>,
    /// By the strengths of their projects.
    pub strengths: Vec<CandidatesOfStrength>,
}

/// How many candidates an organisation has.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CandidatesOfOrganisation {
    /// Whose people they are.
    pub organisation_id: OrganisationId,
    /// How many.
    pub candidate_count: i64,
    /// Of these, those that you see by name.
    pub named_count: i64,
}

/// How many candidates work in projects that master an element.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CandidatesOfElement {
    /// The element.
    pub element_id: ConceptElementId,
    /// How many.
    pub candidate_count: i64,
    /// Of these, those that you see by name.
    pub named_count: i64,
}

/// How many candidates work in projects with a strength.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CandidatesOfStrength {
    /// The strength.
    pub strength: String,
    /// How many.
    pub candidate_count: i64,
    /// Of these, those that you see by name.
    pub named_count: i64,
}

/// Who learned from whom.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeMap {
    /// Pairs of organisations, each once.
    pub pairs: Vec<ExchangePair>,
}

/// How often one organisation passed a strength to another.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangePair {
    /// Who gave.
    pub giving_organisation_id: OrganisationId,
    /// Who received.
    pub receiving_organisation_id: OrganisationId,
    /// How often.
    pub exchange_count: i64,
    /// Of these, how often the receiving side said what it learned.
    pub acknowledged_count: i64,
    /// Which strengths, each once; what was learned by each stands in `exchanges`.
    pub strengths: Vec<String>,
}

/// Who anchored whose practice.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnchoringMap {
    /// Pairs of organisations, each once.
    pub pairs: Vec<AnchoringPair>,
}

/// How far one organisation embedded artefacts of another, or its own, in its practice.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnchoringPair {
    /// Whose artefacts.
    pub artefact_organisation_id: OrganisationId,
    /// Who embeds them.
    pub anchoring_organisation_id: OrganisationId,
    /// How many are to be embedded.
    pub planned_count: i64,
    /// How many are.
    pub anchored_count: i64,
    /// How many were given up.
    pub lapsed_count: i64,
    /// Of those that are, how many are to be looked at again by now.
    pub due_for_review_count: i64,
}

impl From<Vec<over::ElementCoverage>> for ConceptCoverage {
    fn from(all: Vec<over::ElementCoverage>) -> Self {
        let one = |one: over::ElementCoverage| ElementCoverage {
            is_covered: one.is_covered(),
            element_id: Gid(one.element),
            code: one.code,
            title: one.title,
            project_count: one.projects,
            cop_count: one.cops,
            anchored_count: one.anchored,
        };
        let is_complete = !all.is_empty() && all.iter().all(over::ElementCoverage::is_covered);
        Self { is_complete, elements: all.into_iter().map(one).collect() }
    }
}

impl From<can::CandidateCounts> for CandidateCounts {
    fn from(counts: can::CandidateCounts) -> Self {
        let numbers = |count: can::Count| (count.candidates, count.named);
        let organisation = |(id, count)| {
            let (candidate_count, named_count) = numbers(count);
            CandidatesOfOrganisation { organisation_id: Gid(id), candidate_count, named_count }
        };
        let element = |(id, count)| {
            let (candidate_count, named_count) = numbers(count);
            CandidatesOfElement { element_id: Gid(id), candidate_count, named_count }
        };
        let strength = |(strength, count)| {
            let (candidate_count, named_count) = numbers(count);
            CandidatesOfStrength { strength, candidate_count, named_count }
        };
        let (candidate_count, named_count) = numbers(counts.all);
        Self {
            candidate_count,
            named_count,
            organisations: counts.organisations.into_iter().map(organisation).collect(),
            elements: counts.elements.into_iter().map(element).collect(),
            strengths: counts.strengths.into_iter().map(strength).collect(),
        }
    }
}

impl From<Vec<over::Learned>> for ExchangeMap {
    fn from(all: Vec<over::Learned>) -> Self {
        let one = |one: over::Learned| ExchangePair {
            giving_organisation_id: Gid(one.giver),
            receiving_organisation_id: Gid(one.receiver),
            exchange_count: one.exchanges,
            acknowledged_count: one.acknowledged,
            strengths: one.strengths,
        };
        Self { pairs: all.into_iter().map(one).collect() }
    }
}

impl From<Vec<over::Anchored>> for AnchoringMap {
    fn from(all: Vec<over::Anchored>) -> Self {
        let one = |one: over::Anchored| AnchoringPair {
            artefact_organisation_id: Gid(one.of),
            anchoring_organisation_id: Gid(one.by),
            planned_count: one.planned,
            anchored_count: one.anchored,
            lapsed_count: one.lapsed,
            due_for_review_count: one.due_for_review,
        };
        Self { pairs: all.into_iter().map(one).collect() }
    }
}

asks! {
    /// Which elements of a concept have no front-runner project, no CoP or no anchored artefact, as far as you see these; empty
    /// if there is no such concept that you may see. Needs the scopes `projects:read`, `cops:read` and `artefacts:read`, too.
    ConceptCoverageAsk concept_coverage "getConceptCoverage" "/concepts/{id}/coverage" ["concepts:read"]
    ConceptCoverageAsked { "The concept." id: ConceptId }
    -> ConceptCoverage
    |call, input| Ok(over::concept_coverage(&call.ctx, &call.scope, input.id.0).await?.into());

    /// How many candidates a CoP has (*kandidaten*), by organisation, element and strength; empty if there is no such CoP that
    /// you may see. Needs the scope `cops:read`, too.
    CandidateCountsAsk candidate_counts "getCandidateCounts" "/cops/{id}/candidate-counts" ["projects:read"]
    CandidateCountsAsked {
        "The CoP." id: CopId,
        "Of this organisation only." organisation_id: Option<OrganisationId>,
        "In projects that master this element only." element_id: Option<ConceptElementId>,
        "In projects with this strength only, as it stands in `strengths`; case does not matter." strength: Option<String>,
    }
    -> CandidateCounts
    |call, input| Ok(can::candidate_counts(&call.ctx, &call.scope, input.asked()).await?.into());

    /// Which organisation learned how often from which, of the exchanges that you may see.
    ExchangeMapAsk exchange_map "getExchangeMap" "/exchange-map" ["projects:read"]
    ExchangeMapAsked { "In this CoP only." cop_id: Option<CopId> }
    -> ExchangeMap
    |call, input| Ok(over::exchange_map(&call.ctx, &call.scope, input.cop_id.map(|id| id.0)).await?.into());

    /// Which organisation anchored whose artefacts, of the anchorings that you may see.
    AnchoringMapAsk anchoring_map "getAnchoringMap" "/anchoring-map" ["artefacts:read"]
    AnchoringMapAsked { "Of artefacts of this CoP only." cop_id: Option<CopId> }
    -> AnchoringMap
    |call, input| Ok(over::anchoring_map(&call.ctx, &call.scope, input.cop_id.map(|id| id.0)).await?.into());

    /// How a CoP goes (*dashboard*), of what you see of it; empty if there is no such CoP that you may see. Needs the scopes
    /// `sessions:read`, `memberships:read`, `artefacts:read` and `guides:read`, too.
    CopDashboardAsk cop_dashboard "getCopDashboard" "/cops/{id}/dashboard" ["cops:read"]
    CopDashboardAsked { "The CoP." id: CopId }
    -> CopDashboard
    |call, input| Ok(CopDashboard::of(fig::dashboard(&call.ctx, &call.scope, input.id.0).await?, call.language));

    /// How the CoPs go that your organisation hosts or takes part in, latest made first, of what you see of them. Needs the
    /// scopes `sessions:read`, `memberships:read`, `artefacts:read` and `guides:read`, too.
    CopDashboardsAsk cop_dashboards "listCopDashboards" "/cop-dashboards" ["cops:read"]
    CopDashboardsAsked {
        "Those in this state." status: Option<CopStatusLabel>,
        "Those that it hosts, or those of others in which it takes part." involvement: Option<CopInvolvementLabel>,
        "How many, 1 to 100; 20 if nothing is said." first: Option<i64>,
        "Go on after this CoP." after: Option<CopId>,
    }
    -> CopDashboards
    |call, input| Ok(CopDashboards::of(fig::dashboards(&call.ctx, &call.scope, input.asked()).await?, call.language));

    /// Everything that a closing or funder's report of a CoP needs (*eindverslag*), of what you see of it; empty if there is no
    /// such CoP that you may see. Needs the scopes `sessions:read`, `memberships:read`, `artefacts:read`, `guides:read`,
    /// `themes:read`, `concepts:read`, `projects:read`, `organisations:read` and `people:read`, too.
    CopReportAsk cop_report "getCopReport" "/cops/{id}/report" ["cops:read"]
    CopReportAsked { "The CoP." id: CopId }
    -> CopReport
    |call, input| Ok(CopReport::of(rep::report(&call.ctx, &call.scope, input.id.0).await?, call.language));

    /// How far CoPs that you see are with the steps of a guide; empty if there is no such guide that you may see. Needs the
    /// scope `cops:read`, too.
    GuideOverviewAsk guide_overview "getGuideOverview" "/guides/{id}/overview" ["guides:read"]
    GuideOverviewAsked { "The guide." id: GuideId }
    -> GuideOverview
    |call, input| Ok(gui::guide_overview(&call.ctx, &call.scope, input.id.0).await?.into());

    /// How much there is in the network, by organisation: counts, and nothing of what is counted. For the operator.
    NetworkOverviewAsk network_overview "getNetworkOverview" "/network-overview" ["organisations:manage"]
    NetworkOverviewAsked {}
    -> NetworkOverview
    |call, _input| Ok(net::network_overview(&call.ctx, &call.scope).await?.into());

    /// What your organisation's contact form shows: the text to agree to, its version, and how long personal data stays.
    ContactFormAsk contact_form "getContactForm" "/contact-form" ["contact:submit"]
    ContactFormAsked {}
    -> ContactForm
    |call, _input| Ok(ctc::form(&call.ctx, &call.scope).await?.into());
}

impl CandidateCountsAsked {
    fn asked(self) -> can::Asked {
        can::Asked {
            cop: self.id.0,
            organisation: self.organisation_id.map(|one| one.0),
            element: self.element_id.map(|one| one.0),
            strength: self.strength.map(|one| one.trim().to_lowercase()),
        }
    }
}

impl CopDashboardsAsked {
    pub fn asked(&self) -> fig::Asked {
        fig::Asked {
            status: self.status.map(|one| one.0),
            involvement: self.involvement.map(|one| one.0),
            first: self.first,
            after: self.after.map(|one| one.0),
        }
    }
}
