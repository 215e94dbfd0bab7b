//! CoPs and their life, charters with goals, participations, facilitations.

use super::ids;
use crate::{model::names::*, ops};
use chrono::NaiveDate;
use evolva_domain::cop as c;

ops! { CopMutations;
    /// Prepares a CoP; its host is the own organisation.
    CopCreate cop_create "createCop" POST "/cops" ["cops:write"]
    CopCreateInput {
        /// Your own key for the CoP.
        external_id: Option<String>,
        /// Its title.
        title: String,
        /// A short name for addresses; made from the title if left out.
        slug: Option<String>,
        /// In a few sentences.
        summary: Option<String>,
        /// In full, as Markdown.
        description: Option<String>,
        /// An address of a picture.
        cover_url: Option<String>,
        /// The concept whose method it follows; Evolva's method if left out.
        concept_id: Option<ConceptId>,
        /// The theme that it works out.
        theme_id: Option<ThemeId>,
        /// The elements that it completes.
        #[serde(default)] #[graphql(default)] element_ids: Vec<ConceptElementId>,
        /// When it starts.
        start_date: Option<NaiveDate>,
        /// When it is to end.
        planned_end_date: Option<NaiveDate>,
        /// Who sees that it is there; PARTNERS if left out.
        listing_audience: Option<AudienceLabel>,
        /// The widest audience that its content can have; PARTNERS if left out.
        content_ceiling: Option<AudienceLabel>,
        /// The closed CoP that it goes on from.
        predecessor_id: Option<CopId>,
        /// How many members there is room for, 1 to 10,000, sponsors aside; any number if left out.
        capacity: Option<i64>,
    }
    -> CopCreatePayload { cop: Cop of c::Cop }
    |call, input| c::create(&call.ctx, &call.scope, c::Create {
        external_id: input.external_id, title: input.title, slug: input.slug, summary: input.summary,
        description: input.description, cover_url: input.cover_url, concept_id: input.concept_id.map(|id| id.0),
        theme_id: input.theme_id.map(|id| id.0), element_ids: ids(input.element_ids), start_date: input.start_date,
        planned_end_date: input.planned_end_date, listing_audience: input.listing_audience.map(|one| one.0),
        content_ceiling: input.content_ceiling.map(|one| one.0), predecessor_id: input.predecessor_id.map(|id| id.0),
        capacity: input.capacity,
    }).await;

    /// Changes a CoP's settings. For its host.
    CopUpdate cop_update "updateCop" PATCH "/cops/{id}" ["cops:write"]
    CopUpdateInput {
        /// The CoP.
        id: CopId,
        /// The version that you read.
        version: Option<i64>,
        /// Its title.
        title: Option<String>,
        /// In a few sentences.
        #[serde(default)] summary: ChangeText,
        /// In full, as Markdown.
        #[serde(default)] description: ChangeText,
        /// An address of a picture.
        #[serde(default)] cover_url: ChangeText,
        /// The theme that it works out.
        #[serde(default)] theme_id: ChangeThemeId,
        /// The concept whose method it follows; of a draft.
        #[serde(default)] concept_id: ChangeConceptId,
        /// The elements that it completes.
        element_ids: Option<Vec<ConceptElementId>>,
        /// When it starts.
        #[serde(default)] start_date: ChangeDate,
        /// When it is to end.
        #[serde(default)] planned_end_date: ChangeDate,
        /// Who sees that it is there.
        listing_audience: Option<AudienceLabel>,
        /// The widest audience that its content can have.
        content_ceiling: Option<AudienceLabel>,
        /// How many members there is room for, 1 to 10,000, sponsors aside. Who was selected stays.
        #[serde(default)] capacity: ChangeCount,
    }
    -> CopUpdatePayload { cop: Cop of c::Cop }
    |call, input| c::update(&call.ctx, &call.scope, c::Update {
        id: input.id.0, version: input.version, title: input.title, summary: input.summary.into(),
        description: input.description.into(), cover_url: input.cover_url.into(),
        theme_id: input.theme_id.map(|id| id.0), concept_id: input.concept_id.map(|id| id.0), element_ids: input.element_ids.map(ids),
        start_date: input.start_date.into(), planned_end_date: input.planned_end_date.into(),
        listing_audience: input.listing_audience.map(|one| one.0), content_ceiling: input.content_ceiling.map(|one| one.0),
        capacity: input.capacity.into(),
    }).await;

    /// Opens a CoP for members (*werving*). For its host.
    CopRecruit cop_recruit "recruitCop" POST "/cops/{id}/recruit" ["cops:write"]
    CopRecruitInput {
        /// The CoP.
        id: CopId,
    }
    -> CopRecruitPayload { cop: Cop of c::Cop }
    |call, input| c::recruit(&call.ctx, &call.scope, input.id.0).await;

    /// Starts the work of a CoP. It keeps the method that its concept has now. For its host.
    CopActivate cop_activate "activateCop" POST "/cops/{id}/activate" ["cops:write"]
    CopActivateInput {
        /// The CoP.
        id: CopId,
    }
    -> CopActivatePayload { cop: Cop of c::Cop }
    |call, input| c::activate(&call.ctx, &call.scope, input.id.0).await;

    /// Starts bringing in the results of a CoP. For its host.
    CopHarvest cop_harvest "harvestCop" POST "/cops/{id}/harvest" ["cops:write"]
    CopHarvestInput {
        /// The CoP.
        id: CopId,
        /// Stands in for intensive sessions that were not held.
        reason: Option<String>,
    }
    -> CopHarvestPayload { cop: Cop of c::Cop }
    |call, input| c::harvest(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Goes back to work from harvesting, for a reason. For the CoP's host.
    CopResume cop_resume "resumeCop" POST "/cops/{id}/resume" ["cops:write"]
    CopResumeInput {
        /// The CoP.
        id: CopId,
        /// Why; required.
        reason: Option<String>,
    }
    -> CopResumePayload { cop: Cop of c::Cop }
    |call, input| c::resume(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Ends a CoP that has reached what it could. It never reopens; a successor may go on. What it still planned is called off,
    /// but for sessions that a CoP joins which is not over. For its host.
    CopClose cop_close "closeCop" POST "/cops/{id}/close" ["cops:write"]
    CopCloseInput {
        /// The CoP.
        id: CopId,
    }
    -> CopClosePayload { cop: Cop of c::Cop }
    |call, input| c::close(&call.ctx, &call.scope, input.id.0).await;

    /// Ends a CoP before it is done, for a reason, which is for its host. What it still planned is called off, but for sessions
    /// that a CoP joins which is not over. For its host.
    CopCancel cop_cancel "cancelCop" POST "/cops/{id}/cancel" ["cops:write"]
    CopCancelInput {
        /// The CoP.
        id: CopId,
        /// Why; required.
        reason: Option<String>,
    }
    -> CopCancelPayload { cop: Cop of c::Cop }
    |call, input| c::cancel(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Starts the next version of a CoP's charter. What is not given is taken over from the version that is agreed, if there is
    /// one, but for goals that were dropped; an empty text or list takes over nothing. Goals are new ones, which nothing serves
    /// yet and of which none is waived. For its host.
    CharterDraft charter_draft "draftCharter" POST "/charters" ["cops:write"]
    CharterDraftInput {
        /// The CoP.
        cop_id: CopId,
        /// The theme and why to explore it, as Markdown.
        why: Option<String>,
        /// The approach, as Markdown.
        how: Option<String>,
        /// What is to be reached, a goal each.
        goals: Option<Vec<String>>,
    }
    -> CharterDraftPayload { charter: Charter of c::Charter }
    |call, input| c::charter::draft(&call.ctx, &call.scope, c::charter::Draft {
        cop_id: input.cop_id.0, why: input.why, how: input.how, goals: input.goals,
    }).await;

    /// Changes a charter that is a draft.
    CharterUpdate charter_update "updateCharter" PATCH "/charters/{id}" ["cops:write"]
    CharterUpdateInput {
        /// The charter.
        id: CharterId,
        /// The version that you read.
        version: Option<i64>,
        /// The theme and why to explore it, as Markdown.
        #[serde(default)] why: ChangeText,
        /// The approach, as Markdown.
        #[serde(default)] how: ChangeText,
    }
    -> CharterUpdatePayload { charter: Charter of c::Charter }
    |call, input| c::charter::update(&call.ctx, &call.scope, c::charter::Update {
        id: input.id.0, version: input.version, why: input.why.into(), how: input.how.into(),
    }).await;

    /// Lays a charter before the participating organisations. The host agrees by proposing.
    CharterPropose charter_propose "proposeCharter" POST "/charters/{id}/propose" ["cops:write"]
    CharterProposeInput {
        /// The charter.
        id: CharterId,
    }
    -> CharterProposePayload { charter: Charter of c::Charter }
    |call, input| c::charter::propose(&call.ctx, &call.scope, input.id.0).await;

    /// Takes a proposed charter back, to work on it. For the host.
    CharterWithdraw charter_withdraw "withdrawCharter" POST "/charters/{id}/withdraw" ["cops:write"]
    CharterWithdrawInput {
        /// The charter.
        id: CharterId,
    }
    -> CharterWithdrawPayload { charter: Charter of c::Charter }
    |call, input| c::charter::withdraw(&call.ctx, &call.scope, input.id.0).await;

    /// Agrees to a proposed charter for the own organisation; it is agreed once every organisation that is in has.
    CharterAgree charter_agree "agreeCharter" POST "/charters/{id}/agree" ["cops:write"]
    CharterAgreeInput {
        /// The charter.
        id: CharterId,
    }
    -> CharterAgreePayload { charter: Charter of c::Charter }
    |call, input| c::charter::agree(&call.ctx, &call.scope, input.id.0).await;

    /// Adds a goal (*What*) to a charter that is a draft.
    GoalAdd goal_add "addGoal" POST "/goals" ["cops:write"]
    GoalAddInput {
        /// The charter.
        charter_id: CharterId,
        /// What is to be reached.
        title: String,
    }
    -> GoalAddPayload { goal: Goal of c::Goal }
    |call, input| c::charter::add_goal(&call.ctx, &call.scope, c::charter::AddGoal {
        charter_id: input.charter_id.0, title: input.title,
    }).await;

    /// Rewords a goal of a charter that is a draft, or moves it to another place among its goals.
    GoalUpdate goal_update "updateGoal" PATCH "/goals/{id}" ["cops:write"]
    GoalUpdateInput {
        /// The goal.
        id: GoalId,
        /// The version that you read.
        version: Option<i64>,
        /// What is to be reached.
        title: Option<String>,
        /// Its place, from 1; the others make room.
        position: Option<i64>,
    }
    -> GoalUpdatePayload { goal: Goal of c::Goal }
    |call, input| c::charter::update_goal(&call.ctx, &call.scope, c::charter::UpdateGoal {
        id: input.id.0, version: input.version, title: input.title, position: input.position,
    }).await;

    /// Takes a goal out of a charter that is a draft; the others close the gap.
    GoalRemove goal_remove "removeGoal" POST "/goals/{id}/remove" ["cops:write"]
    GoalRemoveInput {
        /// The goal.
        id: GoalId,
    }
    -> GoalRemovePayload { charter: Charter of c::Charter }
    |call, input| c::charter::remove_goal(&call.ctx, &call.scope, input.id.0).await;

    /// Says how a goal of the agreed charter came out. For the host.
    GoalAssess goal_assess "assessGoal" POST "/goals/{id}/assess" ["cops:write"]
    GoalAssessInput {
        /// The goal.
        id: GoalId,
        /// How it came out.
        assessment: GoalAssessmentLabel,
        /// What there is to say about that.
        note: Option<String>,
    }
    -> GoalAssessPayload { goal: Goal of c::Goal }
    |call, input| c::charter::assess_goal(&call.ctx, &call.scope, c::charter::AssessGoal {
        id: input.id.0, assessment: input.assessment.0, note: input.note,
    }).await;

    /// Exempts a goal from being anchored, for a reason. For the host.
    GoalWaive goal_waive "waiveGoal" POST "/goals/{id}/waive" ["cops:write"]
    GoalWaiveInput {
        /// The goal.
        id: GoalId,
        /// Why it needs no anchored artefact.
        reason: String,
    }
    -> GoalWaivePayload { goal: Goal of c::Goal }
    |call, input| c::charter::waive_goal(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Invites an organisation to take part in a CoP. For the host.
    ParticipationInvite participation_invite "inviteParticipation" POST "/participations/invite" ["cops:write"]
    ParticipationInviteInput {
        /// The CoP.
        cop_id: CopId,
        /// The organisation.
        organisation_id: OrganisationId,
        /// What you want to say to it.
        message: Option<String>,
    }
    -> ParticipationInvitePayload { participation: Participation of c::Participation }
    |call, input| c::participation::invite(&call.ctx, &call.scope, c::participation::Ask {
        cop_id: input.cop_id.0, organisation_id: input.organisation_id.0, message: input.message, preconditions_met: vec![], agreement_version: None,
    }).await;

    /// Asks a CoP's host to let the own organisation take part.
    ParticipationRequest participation_request "requestParticipation" POST "/participations/request" ["cops:write"]
    ParticipationRequestInput {
        /// The CoP.
        cop_id: CopId,
        /// What you want to say to the host.
        message: Option<String>,
        /// The codes of the preconditions of the CoP's method that you confirm; all are asked.
        #[serde(default)] #[graphql(default)] preconditions_met: Vec<String>,
        /// The version of the concept's agreement text that the organisation agrees to, where there is such a text.
        agreement_version: Option<i64>,
    }
    -> ParticipationRequestPayload { participation: Participation of c::Participation }
    |call, input| c::participation::request(&call.ctx, &call.scope, c::participation::Ask {
        cop_id: input.cop_id.0, organisation_id: call.scope.tenant(), message: input.message,
        preconditions_met: input.preconditions_met, agreement_version: input.agreement_version,
    }).await;

    /// Accepts an invitation, or as the host a request. With it the organisation agrees to the charter as it stands.
    ParticipationAccept participation_accept "acceptParticipation" POST "/participations/{id}/accept" ["cops:write"]
    ParticipationAcceptInput {
        /// The participation.
        id: ParticipationId,
        /// For an invited organisation: the codes of the preconditions that it confirms; all are asked.
        #[serde(default)] #[graphql(default)] preconditions_met: Vec<String>,
        /// The version of the concept's agreement text that the organisation agrees to, where there is such a text.
        agreement_version: Option<i64>,
    }
    -> ParticipationAcceptPayload { participation: Participation of c::Participation }
    |call, input| c::participation::accept(&call.ctx, &call.scope, c::participation::Accept {
        id: input.id.0, preconditions_met: input.preconditions_met, agreement_version: input.agreement_version,
    }).await;

    /// Says no to an invitation or a request.
    ParticipationDecline participation_decline "declineParticipation" POST "/participations/{id}/decline" ["cops:write"]
    ParticipationDeclineInput {
        /// The participation.
        id: ParticipationId,
    }
    -> ParticipationDeclinePayload { participation: Participation of c::Participation }
    |call, input| c::participation::decline(&call.ctx, &call.scope, input.id.0).await;

    /// Takes an invitation or a request back.
    ParticipationWithdraw participation_withdraw "withdrawParticipation" POST "/participations/{id}/withdraw" ["cops:write"]
    ParticipationWithdrawInput {
        /// The participation.
        id: ParticipationId,
    }
    -> ParticipationWithdrawPayload { participation: Participation of c::Participation }
    |call, input| c::participation::withdraw(&call.ctx, &call.scope, input.id.0).await;

    /// Ends a participation; either side may.
    ParticipationEnd participation_end "endParticipation" POST "/participations/{id}/end" ["cops:write"]
    ParticipationEndInput {
        /// The participation.
        id: ParticipationId,
    }
    -> ParticipationEndPayload { participation: Participation of c::Participation }
    |call, input| c::participation::end(&call.ctx, &call.scope, input.id.0).await;

    /// Assigns a facilitator or coordinator to a CoP. A new primary facilitator follows up the one before. For the host.
    FacilitationAssign facilitation_assign "assignFacilitation" POST "/facilitations" ["cops:write"]
    FacilitationAssignInput {
        /// The CoP.
        cop_id: CopId,
        /// The person: of the own organisation, or discoverable.
        person_id: PersonId,
        /// What they do; FACILITATOR if left out.
        role: Option<FacilitationRoleLabel>,
        /// Whether they are the one primary facilitator.
        #[serde(default)] #[graphql(default)] is_primary: bool,
        /// From when; today if left out.
        start_date: Option<NaiveDate>,
    }
    -> FacilitationAssignPayload { facilitation: Facilitation of c::Facilitation }
    |call, input| c::facilitation::assign(&call.ctx, &call.scope, c::facilitation::Assign {
        cop_id: input.cop_id.0, person_id: input.person_id.0, role: input.role.map(|role| role.0).unwrap_or_default(),
        is_primary: input.is_primary, start_date: input.start_date,
    }).await;

    /// Ends a facilitation today. For the host.
    FacilitationEnd facilitation_end "endFacilitation" POST "/facilitations/{id}/end" ["cops:write"]
    FacilitationEndInput {
        /// The facilitation.
        id: FacilitationId,
    }
    -> FacilitationEndPayload { facilitation: Facilitation of c::Facilitation }
    |call, input| c::facilitation::end(&call.ctx, &call.scope, input.id.0).await;
}
