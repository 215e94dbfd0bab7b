//! Every operation that changes something, by aggregate. Both surfaces, the scope table and the isolation tests are
//! made from these declarations.

use crate::{
    model::{names::*, scalar::Gid},
    ops,
};
use chrono::{DateTime, NaiveDate, Utc};
use evolva_domain::{
    Id, artefact as art, concept as con, cop as c, organisation as org, person as per, project as prj,
    publication as publ, session as ses, theme as thm, token as tok,
};

fn ids<K>(gids: Vec<Gid<K>>) -> Vec<Id<K>> {
    gids.into_iter().map(|gid| gid.0).collect()
}

ops! { OrganisationMutations;
    /// Admits an organisation to the network. For the operator.
    OrganisationCreate organisation_create "createOrganisation" POST "/organisations" ["organisations:manage"]
    OrganisationCreateInput {
        /// Its name.
        name: String,
        /// A short name for addresses; made from the name if left out.
        slug: Option<String>,
        /// What kind of organisation it is.
        kind: OrganisationKindLabel,
        /// An address of its logo.
        logo_url: Option<String>,
        /// Whom to write to about privacy.
        privacy_contact: Option<String>,
    }
    -> OrganisationCreatePayload { organisation: Organisation of org::Organisation }
    |call, input| org::create(&call.ctx, &call.scope, org::Create {
        name: input.name, slug: input.slug, kind: input.kind.0, logo_url: input.logo_url, privacy_contact: input.privacy_contact,
    }).await;

    /// Changes the own organisation's settings.
    OrganisationUpdate organisation_update "updateOrganisation" PATCH "/organisations/{id}" ["organisations:write"]
    OrganisationUpdateInput {
        /// The organisation.
        id: OrganisationId,
        /// The version that you read.
        version: Option<i64>,
        /// Its name.
        name: Option<String>,
        /// What kind of organisation it is.
        kind: Option<OrganisationKindLabel>,
        /// An address of its logo.
        #[serde(default)] logo_url: ChangeText,
        /// Whom to write to about privacy.
        #[serde(default)] privacy_contact: ChangeText,
    }
    -> OrganisationUpdatePayload { organisation: Organisation of org::Organisation }
    |call, input| org::update(&call.ctx, &call.scope, org::Update {
        id: input.id.0, version: input.version, name: input.name, kind: input.kind.map(|kind| kind.0),
        logo_url: input.logo_url.into(), privacy_contact: input.privacy_contact.into(),
    }).await;

    /// Refuses an organisation's tokens until it is reactivated. For the operator.
    OrganisationSuspend organisation_suspend "suspendOrganisation" POST "/organisations/{id}/suspend" ["organisations:manage"]
    OrganisationSuspendInput {
        /// The organisation.
        id: OrganisationId,
    }
    -> OrganisationSuspendPayload { organisation: Organisation of org::Organisation }
    |call, input| {
        let row = org::suspend(&call.ctx, &call.scope, input.id.0).await?;
        call.authority.forget_tenant(row.id);
        Ok(row)
    };

    /// Lets a suspended organisation back in. For the operator.
    OrganisationReactivate organisation_reactivate "reactivateOrganisation" POST "/organisations/{id}/reactivate" ["organisations:manage"]
    OrganisationReactivateInput {
        /// The organisation.
        id: OrganisationId,
    }
    -> OrganisationReactivatePayload { organisation: Organisation of org::Organisation }
    |call, input| org::reactivate(&call.ctx, &call.scope, input.id.0).await;
}

ops! { PersonMutations;
    /// Adds a person to the own organisation.
    PersonCreate person_create "createPerson" POST "/people" ["people:write"]
    PersonCreateInput {
        /// Your own key for the person.
        external_id: Option<String>,
        /// The name to show.
        display_name: String,
        /// The e-mail address, shown within the own organisation only.
        email: Option<String>,
        /// An address of a portrait.
        portrait_url: Option<String>,
        /// What the person does.
        job_title: Option<String>,
        /// What the person knows about.
        #[serde(default)] #[graphql(default)] expertise: Vec<String>,
        /// The language that the person reads, such as `nl`.
        language: Option<String>,
        /// Whether other organisations may see the person as a candidate.
        #[serde(default)] #[graphql(default)] discoverable: bool,
        /// An outsider: an expert or guest.
        #[serde(default)] #[graphql(default)] external: bool,
        /// Where an outsider comes from, in words.
        affiliation: Option<String>,
        /// What the person may do in the organisation's administration.
        tenant_role: Option<TenantRoleLabel>,
    }
    -> PersonCreatePayload { person: Person of per::Person }
    |call, input| per::create(&call.ctx, &call.scope, per::Create {
        external_id: input.external_id, display_name: input.display_name, email: input.email,
        portrait_url: input.portrait_url, job_title: input.job_title, expertise: input.expertise,
        language: input.language, discoverable: input.discoverable, external: input.external,
        affiliation: input.affiliation, tenant_role: input.tenant_role.map(|role| role.0).unwrap_or_default(),
    }).await;

    /// Changes a person of the own organisation.
    PersonUpdate person_update "updatePerson" PATCH "/people/{id}" ["people:write"]
    PersonUpdateInput {
        /// The person.
        id: PersonId,
        /// The version that you read.
        version: Option<i64>,
        /// The name to show.
        display_name: Option<String>,
        /// The e-mail address.
        #[serde(default)] email: ChangeText,
        /// An address of a portrait.
        #[serde(default)] portrait_url: ChangeText,
        /// What the person does.
        #[serde(default)] job_title: ChangeText,
        /// What the person knows about.
        expertise: Option<Vec<String>>,
        /// The language that the person reads, such as `nl`.
        #[serde(default)] language: ChangeText,
        /// Whether other organisations may see the person as a candidate.
        discoverable: Option<bool>,
        /// Where an outsider comes from, in words.
        #[serde(default)] affiliation: ChangeText,
        /// What the person may do in the organisation's administration.
        tenant_role: Option<TenantRoleLabel>,
    }
    -> PersonUpdatePayload { person: Person of per::Person }
    |call, input| {
        let row = per::update(&call.ctx, &call.scope, per::Update {
        id: input.id.0, version: input.version, display_name: input.display_name, email: input.email.into(),
        portrait_url: input.portrait_url.into(), job_title: input.job_title.into(), expertise: input.expertise,
        language: input.language.into(), discoverable: input.discoverable, affiliation: input.affiliation.into(),
        tenant_role: input.tenant_role.map(|role| role.0),
    }).await?;
        call.authority.forget_person(row.id);
        Ok(row)
    };

    /// Records that a person has left the organisation.
    PersonLeave person_leave "leavePerson" POST "/people/{id}/leave" ["people:write"]
    PersonLeaveInput {
        /// The person.
        id: PersonId,
    }
    -> PersonLeavePayload { person: Person of per::Person }
    |call, input| {
        let row = per::leave(&call.ctx, &call.scope, input.id.0).await?;
        call.authority.forget_person(row.id);
        Ok(row)
    };
}

ops! { ProgrammeMutations;
    /// Describes a concept and the method of its programme.
    ConceptCreate concept_create "createConcept" POST "/concepts" ["concepts:write"]
    ConceptCreateInput {
        /// Your own key for the concept.
        external_id: Option<String>,
        /// Its name.
        name: String,
        /// Its edition; `1` if left out.
        edition: Option<String>,
        /// What it is, as Markdown.
        description: Option<String>,
        /// The method that its CoPs follow; Evolva's if left out.
        profile: Option<ProfilePresetLabel>,
        /// What an organisation agrees to when it takes part in a CoP of this concept, as Markdown.
        agreement_text: Option<String>,
    }
    -> ConceptCreatePayload { concept: Concept of con::Concept }
    |call, input| con::create(&call.ctx, &call.scope, con::Create {
        external_id: input.external_id, name: input.name, edition: input.edition, description: input.description,
        profile: input.profile.map(|profile| profile.0).unwrap_or_default(), agreement_text: input.agreement_text,
    }).await;

    /// Changes a concept. A CoP that is already active keeps the method that it was activated with.
    ConceptUpdate concept_update "updateConcept" PATCH "/concepts/{id}" ["concepts:write"]
    ConceptUpdateInput {
        /// The concept.
        id: ConceptId,
        /// The version that you read.
        version: Option<i64>,
        /// Its name.
        name: Option<String>,
        /// Its edition.
        edition: Option<String>,
        /// What it is, as Markdown.
        #[serde(default)] description: ChangeText,
        /// The method that its CoPs follow.
        profile: Option<ProfilePresetLabel>,
        /// What an organisation agrees to when it takes part; another text is another version of it.
        #[serde(default)] agreement_text: ChangeText,
    }
    -> ConceptUpdatePayload { concept: Concept of con::Concept }
    |call, input| con::update(&call.ctx, &call.scope, con::Update {
        id: input.id.0, version: input.version, name: input.name, edition: input.edition,
        description: input.description.into(), profile: input.profile.map(|profile| profile.0),
        agreement_text: input.agreement_text.into(),
    }).await;

    /// Adds an element to a concept.
    ConceptElementAdd concept_element_add "addConceptElement" POST "/concept-elements" ["concepts:write"]
    ConceptElementAddInput {
        /// The concept.
        concept_id: ConceptId,
        /// Its short name, unique within the concept.
        code: String,
        /// Its title.
        title: String,
    }
    -> ConceptElementAddPayload { concept_element: ConceptElement of con::ConceptElement }
    |call, input| con::add_element(&call.ctx, &call.scope, con::AddElement {
        concept_id: input.concept_id.0, code: input.code, title: input.title,
    }).await;

    /// Adds a subject from which themes are derived.
    FocusAreaAdd focus_area_add "addFocusArea" POST "/focus-areas" ["concepts:write"]
    FocusAreaAddInput {
        /// The concept.
        concept_id: ConceptId,
        /// Its title.
        title: String,
    }
    -> FocusAreaAddPayload { focus_area: FocusArea of con::FocusArea }
    |call, input| con::add_focus_area(&call.ctx, &call.scope, con::AddFocusArea {
        concept_id: input.concept_id.0, title: input.title,
    }).await;

    /// Describes a theme.
    ThemeCreate theme_create "createTheme" POST "/themes" ["themes:write"]
    ThemeCreateInput {
        /// Your own key for the theme.
        external_id: Option<String>,
        /// Its title.
        title: String,
        /// A short name for addresses; made from the title if left out.
        slug: Option<String>,
        /// In a few sentences.
        summary: Option<String>,
        /// In full, as Markdown.
        description: Option<String>,
        /// The concept that it belongs to.
        concept_id: Option<ConceptId>,
        /// The focus areas that it is derived from.
        #[serde(default)] #[graphql(default)] focus_area_ids: Vec<FocusAreaId>,
    }
    -> ThemeCreatePayload { theme: Theme of thm::Theme }
    |call, input| thm::create(&call.ctx, &call.scope, thm::Create {
        external_id: input.external_id, title: input.title, slug: input.slug, summary: input.summary,
        description: input.description, concept_id: input.concept_id.map(|id| id.0),
        focus_area_ids: ids(input.focus_area_ids),
    }).await;

    /// Changes a theme.
    ThemeUpdate theme_update "updateTheme" PATCH "/themes/{id}" ["themes:write"]
    ThemeUpdateInput {
        /// The theme.
        id: ThemeId,
        /// The version that you read.
        version: Option<i64>,
        /// Its title.
        title: Option<String>,
        /// In a few sentences.
        #[serde(default)] summary: ChangeText,
        /// In full, as Markdown.
        #[serde(default)] description: ChangeText,
        /// The focus areas that it is derived from.
        focus_area_ids: Option<Vec<FocusAreaId>>,
    }
    -> ThemeUpdatePayload { theme: Theme of thm::Theme }
    |call, input| thm::update(&call.ctx, &call.scope, thm::Update {
        id: input.id.0, version: input.version, title: input.title, summary: input.summary.into(),
        description: input.description.into(), focus_area_ids: input.focus_area_ids.map(ids),
    }).await;

    /// Describes a front-runner project of the own organisation.
    FrontRunnerProjectCreate front_runner_project_create "createFrontRunnerProject" POST "/front-runner-projects" ["projects:write"]
    FrontRunnerProjectCreateInput {
        /// Your own key for the project.
        external_id: Option<String>,
        /// Its title.
        title: String,
        /// The element that it masters.
        element_id: ConceptElementId,
        /// What it is special in.
        speciality: Option<String>,
        /// What others can learn from it.
        #[serde(default)] #[graphql(default)] strengths: Vec<String>,
    }
    -> FrontRunnerProjectCreatePayload { front_runner_project: FrontRunnerProject of prj::FrontRunnerProject }
    |call, input| prj::create(&call.ctx, &call.scope, prj::Create {
        external_id: input.external_id, title: input.title, element_id: input.element_id.0,
        speciality: input.speciality, strengths: input.strengths,
    }).await;

    /// Changes a front-runner project of the own organisation.
    FrontRunnerProjectUpdate front_runner_project_update "updateFrontRunnerProject" PATCH "/front-runner-projects/{id}" ["projects:write"]
    FrontRunnerProjectUpdateInput {
        /// The project.
        id: FrontRunnerProjectId,
        /// The version that you read.
        version: Option<i64>,
        /// Its title.
        title: Option<String>,
        /// What it is special in.
        #[serde(default)] speciality: ChangeText,
        /// What others can learn from it.
        strengths: Option<Vec<String>>,
    }
    -> FrontRunnerProjectUpdatePayload { front_runner_project: FrontRunnerProject of prj::FrontRunnerProject }
    |call, input| prj::update(&call.ctx, &call.scope, prj::Update {
        id: input.id.0, version: input.version, title: input.title, speciality: input.speciality.into(),
        strengths: input.strengths,
    }).await;

    /// Adds a person of the own organisation to a project's front-runners.
    FrontRunnerAdd front_runner_add "addFrontRunner" POST "/front-runners" ["projects:write"]
    FrontRunnerAddInput {
        /// The project.
        project_id: FrontRunnerProjectId,
        /// The person.
        person_id: PersonId,
    }
    -> FrontRunnerAddPayload { front_runner: FrontRunner of prj::FrontRunner }
    |call, input| prj::add_front_runner(&call.ctx, &call.scope, prj::AddFrontRunner {
        project_id: input.project_id.0, person_id: input.person_id.0,
    }).await;

    /// Records that a person no longer works in the project.
    FrontRunnerEnd front_runner_end "endFrontRunner" POST "/front-runners/{id}/end" ["projects:write"]
    FrontRunnerEndInput {
        /// The front-runner.
        id: FrontRunnerId,
    }
    -> FrontRunnerEndPayload { front_runner: FrontRunner of prj::FrontRunner }
    |call, input| prj::end_front_runner(&call.ctx, &call.scope, input.id.0).await;
}

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
    }
    -> CopCreatePayload { cop: Cop of c::Cop }
    |call, input| c::create(&call.ctx, &call.scope, c::Create {
        external_id: input.external_id, title: input.title, slug: input.slug, summary: input.summary,
        description: input.description, cover_url: input.cover_url, concept_id: input.concept_id.map(|id| id.0),
        theme_id: input.theme_id.map(|id| id.0), element_ids: ids(input.element_ids), start_date: input.start_date,
        planned_end_date: input.planned_end_date, listing_audience: input.listing_audience.map(|one| one.0),
        content_ceiling: input.content_ceiling.map(|one| one.0), predecessor_id: input.predecessor_id.map(|id| id.0),
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
    }
    -> CopUpdatePayload { cop: Cop of c::Cop }
    |call, input| c::update(&call.ctx, &call.scope, c::Update {
        id: input.id.0, version: input.version, title: input.title, summary: input.summary.into(),
        description: input.description.into(), cover_url: input.cover_url.into(),
        theme_id: input.theme_id.map(|id| id.0), element_ids: input.element_ids.map(ids),
        start_date: input.start_date.into(), planned_end_date: input.planned_end_date.into(),
        listing_audience: input.listing_audience.map(|one| one.0), content_ceiling: input.content_ceiling.map(|one| one.0),
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

    /// Ends a CoP that has reached what it could. It never reopens; a successor may go on. For its host.
    CopClose cop_close "closeCop" POST "/cops/{id}/close" ["cops:write"]
    CopCloseInput {
        /// The CoP.
        id: CopId,
    }
    -> CopClosePayload { cop: Cop of c::Cop }
    |call, input| c::close(&call.ctx, &call.scope, input.id.0).await;

    /// Ends a CoP before it is done, for a reason. For its host.
    CopCancel cop_cancel "cancelCop" POST "/cops/{id}/cancel" ["cops:write"]
    CopCancelInput {
        /// The CoP.
        id: CopId,
        /// Why; required.
        reason: Option<String>,
    }
    -> CopCancelPayload { cop: Cop of c::Cop }
    |call, input| c::cancel(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Starts the next version of a CoP's charter. For its host.
    CharterDraft charter_draft "draftCharter" POST "/charters" ["cops:write"]
    CharterDraftInput {
        /// The CoP.
        cop_id: CopId,
        /// The theme and why to explore it, as Markdown.
        why: Option<String>,
        /// The approach, as Markdown.
        how: Option<String>,
        /// What is to be reached, a goal each.
        #[serde(default)] #[graphql(default)] goals: Vec<String>,
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

ops! { MembershipMutations;
    /// Puts a person forward as a member. For the host, and for a participating organisation its own people.
    MembershipNominate membership_nominate "nominateMembership" POST "/memberships/nominate" ["memberships:write"]
    MembershipNominateInput {
        /// The CoP.
        cop_id: CopId,
        /// The person.
        person_id: PersonId,
        /// What they are to do; MEMBER if left out.
        role: Option<MembershipRoleLabel>,
        /// Why they want to take part.
        motivation: Option<String>,
    }
    -> MembershipNominatePayload { membership: Membership of c::Membership }
    |call, input| c::membership::nominate(&call.ctx, &call.scope, c::membership::Propose {
        cop_id: input.cop_id.0, person_id: input.person_id.0, role: input.role.map(|role| role.0).unwrap_or_default(),
        motivation: input.motivation,
    }).await;

    /// Comes forward as a member, for a person of the own organisation. Applying is the person's own yes.
    MembershipApply membership_apply "applyMembership" POST "/memberships/apply" ["memberships:write"]
    MembershipApplyInput {
        /// The CoP.
        cop_id: CopId,
        /// The person.
        person_id: PersonId,
        /// What they want to do; MEMBER if left out.
        role: Option<MembershipRoleLabel>,
        /// Why they want to take part.
        motivation: Option<String>,
    }
    -> MembershipApplyPayload { membership: Membership of c::Membership }
    |call, input| c::membership::apply(&call.ctx, &call.scope, c::membership::Propose {
        cop_id: input.cop_id.0, person_id: input.person_id.0, role: input.role.map(|role| role.0).unwrap_or_default(),
        motivation: input.motivation,
    }).await;

    /// Passes on the person's own yes. For the person's organisation.
    MembershipAccept membership_accept "acceptMembership" POST "/memberships/{id}/accept" ["memberships:write"]
    MembershipAcceptInput {
        /// The membership.
        id: MembershipId,
    }
    -> MembershipAcceptPayload { membership: Membership of c::Membership }
    |call, input| c::membership::accept(&call.ctx, &call.scope, input.id.0).await;

    /// Chooses somebody who has said yes. For the host.
    MembershipSelect membership_select "selectMembership" POST "/memberships/{id}/select" ["memberships:write"]
    MembershipSelectInput {
        /// The membership.
        id: MembershipId,
    }
    -> MembershipSelectPayload { membership: Membership of c::Membership }
    |call, input| c::membership::select(&call.ctx, &call.scope, input.id.0).await;

    /// Does not choose somebody. For the host.
    MembershipReject membership_reject "rejectMembership" POST "/memberships/{id}/reject" ["memberships:write"]
    MembershipRejectInput {
        /// The membership.
        id: MembershipId,
        /// Why.
        reason: Option<String>,
    }
    -> MembershipRejectPayload { membership: Membership of c::Membership }
    |call, input| c::membership::reject(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Lets somebody who was selected take part. For the host.
    MembershipActivate membership_activate "activateMembership" POST "/memberships/{id}/activate" ["memberships:write"]
    MembershipActivateInput {
        /// The membership.
        id: MembershipId,
    }
    -> MembershipActivatePayload { membership: Membership of c::Membership }
    |call, input| c::membership::activate(&call.ctx, &call.scope, input.id.0).await;

    /// Ends a membership that lasted until the end. For the host.
    MembershipComplete membership_complete "completeMembership" POST "/memberships/{id}/complete" ["memberships:write"]
    MembershipCompleteInput {
        /// The membership.
        id: MembershipId,
    }
    -> MembershipCompletePayload { membership: Membership of c::Membership }
    |call, input| c::membership::complete(&call.ctx, &call.scope, input.id.0).await;

    /// Takes somebody back out. For the person's organisation.
    MembershipWithdraw membership_withdraw "withdrawMembership" POST "/memberships/{id}/withdraw" ["memberships:write"]
    MembershipWithdrawInput {
        /// The membership.
        id: MembershipId,
        /// Why.
        reason: Option<String>,
    }
    -> MembershipWithdrawPayload { membership: Membership of c::Membership }
    |call, input| c::membership::withdraw(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Sends somebody away, for a reason. For the host.
    MembershipRemove membership_remove "removeMembership" POST "/memberships/{id}/remove" ["memberships:write"]
    MembershipRemoveInput {
        /// The membership.
        id: MembershipId,
        /// Why; required.
        reason: Option<String>,
    }
    -> MembershipRemovePayload { membership: Membership of c::Membership }
    |call, input| c::membership::remove(&call.ctx, &call.scope, input.id.0, input.reason).await;
}

ops! { SessionMutations;
    /// Plans a session, as a draft. For the host of its CoP.
    SessionPlan session_plan "planSession" POST "/sessions" ["sessions:write"]
    SessionPlanInput {
        /// Your own key for the session.
        external_id: Option<String>,
        /// The CoP; may be left out for a clinic or network meeting.
        cop_id: Option<CopId>,
        /// What kind it is.
        kind: SessionKindLabel,
        /// Its title.
        title: String,
        /// When it starts.
        starts_at: DateTime<Utc>,
        /// When it ends.
        ends_at: DateTime<Utc>,
        /// The IANA time zone in which it takes place; Europe/Amsterdam if left out.
        time_zone: Option<String>,
        /// Where it takes place.
        place: Option<String>,
        /// An address at which one can join.
        link: Option<String>,
    }
    -> SessionPlanPayload { session: Session of ses::Session }
    |call, input| ses::plan(&call.ctx, &call.scope, ses::Plan {
        external_id: input.external_id, cop_id: input.cop_id.map(|id| id.0), kind: input.kind.0, title: input.title,
        starts_at: input.starts_at, ends_at: input.ends_at, time_zone: input.time_zone, place: input.place, link: input.link,
    }).await;

    /// Changes a session that has not been held.
    SessionUpdate session_update "updateSession" PATCH "/sessions/{id}" ["sessions:write"]
    SessionUpdateInput {
        /// The session.
        id: SessionId,
        /// The version that you read.
        version: Option<i64>,
        /// Its title.
        title: Option<String>,
        /// When it starts.
        starts_at: Option<DateTime<Utc>>,
        /// When it ends.
        ends_at: Option<DateTime<Utc>>,
        /// The IANA time zone in which it takes place.
        time_zone: Option<String>,
        /// Where it takes place.
        #[serde(default)] place: ChangeText,
        /// An address at which one can join.
        #[serde(default)] link: ChangeText,
    }
    -> SessionUpdatePayload { session: Session of ses::Session }
    |call, input| ses::update(&call.ctx, &call.scope, ses::Update {
        id: input.id.0, version: input.version, title: input.title, starts_at: input.starts_at, ends_at: input.ends_at,
        time_zone: input.time_zone, place: input.place.into(), link: input.link.into(),
    }).await;

    /// Sets the time of a session for good.
    SessionSchedule session_schedule "scheduleSession" POST "/sessions/{id}/schedule" ["sessions:write"]
    SessionScheduleInput {
        /// The session.
        id: SessionId,
    }
    -> SessionSchedulePayload { session: Session of ses::Session }
    |call, input| ses::schedule(&call.ctx, &call.scope, input.id.0).await;

    /// Records that a session took place. An intensive one needs experts of all three perspectives, or a reason.
    SessionHold session_hold "holdSession" POST "/sessions/{id}/hold" ["sessions:write"]
    SessionHoldInput {
        /// The session.
        id: SessionId,
        /// Why a perspective was missing.
        reason: Option<String>,
    }
    -> SessionHoldPayload { session: Session of ses::Session }
    |call, input| ses::hold(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Records that a session's report is in.
    SessionReport session_report "reportSession" POST "/sessions/{id}/report" ["sessions:write"]
    SessionReportInput {
        /// The session.
        id: SessionId,
    }
    -> SessionReportPayload { session: Session of ses::Session }
    |call, input| ses::report(&call.ctx, &call.scope, input.id.0).await;

    /// Calls a session off.
    SessionCancel session_cancel "cancelSession" POST "/sessions/{id}/cancel" ["sessions:write"]
    SessionCancelInput {
        /// The session.
        id: SessionId,
        /// Why.
        reason: Option<String>,
    }
    -> SessionCancelPayload { session: Session of ses::Session }
    |call, input| ses::cancel(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Records that an artefact was shown at a clinic or network meeting that took place (*delen*).
    SessionShowArtefact session_show_artefact "showArtefactAtSession" POST "/showings" ["sessions:write"]
    SessionShowArtefactInput {
        /// The session.
        session_id: SessionId,
        /// The artefact.
        artefact_id: ArtefactId,
    }
    -> SessionShowArtefactPayload { showing: Showing of ses::Showing }
    |call, input| ses::show(&call.ctx, &call.scope, input.session_id.0, input.artefact_id.0).await;
}

ops! { ArtefactMutations;
    /// Starts an artefact, as a draft of the own organisation.
    ArtefactCreate artefact_create "createArtefact" POST "/artefacts" ["artefacts:write"]
    ArtefactCreateInput {
        /// Your own key for the artefact.
        external_id: Option<String>,
        /// The CoP that it comes from.
        cop_id: Option<CopId>,
        /// The theme that it is about.
        theme_id: Option<ThemeId>,
        /// What it is.
        kind: ArtefactKindLabel,
        /// Its title.
        title: String,
        /// In a few sentences.
        summary: Option<String>,
        /// The text, as Markdown.
        body: Option<String>,
        /// Where the piece is, if elsewhere.
        source_url: Option<String>,
        /// Its language, such as `nl`.
        language: Option<String>,
        /// Its licence: an SPDX or Creative Commons id.
        licence: Option<String>,
        /// Words to find it by.
        #[serde(default)] #[graphql(default)] tags: Vec<String>,
        /// Who it is for once it is handed in; MEMBERS if left out. What goes beyond the members is asked of each
        /// organisation that contributed.
        audience: Option<AudienceLabel>,
        /// Who wrote it: people of the own organisation, and of those that take part in the CoP. Who is of another
        /// organisation stays an author.
        #[serde(default)] #[graphql(default)] author_ids: Vec<PersonId>,
        /// The goals of its CoP that it serves.
        #[serde(default)] #[graphql(default)] goal_ids: Vec<GoalId>,
    }
    -> ArtefactCreatePayload { artefact: Artefact of art::Artefact }
    |call, input| art::create(&call.ctx, &call.scope, art::Create {
        external_id: input.external_id, cop_id: input.cop_id.map(|id| id.0), theme_id: input.theme_id.map(|id| id.0),
        kind: input.kind.0, title: input.title, summary: input.summary, body: input.body, source_url: input.source_url,
        language: input.language, licence: input.licence, tags: input.tags, audience: input.audience.map(|one| one.0),
        author_ids: ids(input.author_ids), goal_ids: ids(input.goal_ids),
    }).await;

    /// Changes an artefact. After it was handed in, an edit of its text makes a new version, which is handed in again.
    ArtefactUpdate artefact_update "updateArtefact" PATCH "/artefacts/{id}" ["artefacts:write"]
    ArtefactUpdateInput {
        /// The artefact.
        id: ArtefactId,
        /// The version that you read.
        version: Option<i64>,
        /// The theme that it is about.
        #[serde(default)] theme_id: ChangeThemeId,
        /// What it is.
        kind: Option<ArtefactKindLabel>,
        /// Its title.
        title: Option<String>,
        /// In a few sentences.
        #[serde(default)] summary: ChangeText,
        /// The text, as Markdown.
        #[serde(default)] body: ChangeText,
        /// Where the piece is, if elsewhere.
        #[serde(default)] source_url: ChangeText,
        /// Its language, such as `nl`.
        #[serde(default)] language: ChangeText,
        /// Its licence: an SPDX or Creative Commons id.
        #[serde(default)] licence: ChangeText,
        /// Words to find it by.
        tags: Option<Vec<String>>,
        /// Who it is for.
        audience: Option<AudienceLabel>,
        /// Who wrote it.
        author_ids: Option<Vec<PersonId>>,
        /// The goals of its CoP that it serves.
        goal_ids: Option<Vec<GoalId>>,
    }
    -> ArtefactUpdatePayload { artefact: Artefact of art::Artefact }
    |call, input| art::update(&call.ctx, &call.scope, art::Update {
        id: input.id.0, version: input.version, theme_id: input.theme_id.map(|id| id.0), kind: input.kind.map(|one| one.0),
        title: input.title, summary: input.summary.into(), body: input.body.into(), source_url: input.source_url.into(),
        language: input.language.into(), licence: input.licence.into(), tags: input.tags,
        audience: input.audience.map(|one| one.0), author_ids: input.author_ids.map(ids), goal_ids: input.goal_ids.map(ids),
    }).await;

    /// Hands a draft in. What it says now becomes an immutable version.
    ArtefactSubmit artefact_submit "submitArtefact" POST "/artefacts/{id}/submit" ["artefacts:write"]
    ArtefactSubmitInput {
        /// The artefact.
        id: ArtefactId,
    }
    -> ArtefactSubmitPayload { artefact: Artefact of art::Artefact }
    |call, input| art::submit(&call.ctx, &call.scope, input.id.0).await;

    /// Finds an artefact good. For those who facilitate or coordinate its CoP.
    ArtefactValidate artefact_validate "validateArtefact" POST "/artefacts/{id}/validate" ["artefacts:validate"]
    ArtefactValidateInput {
        /// The artefact.
        id: ArtefactId,
    }
    -> ArtefactValidatePayload { artefact: Artefact of art::Artefact }
    |call, input| art::validate(&call.ctx, &call.scope, input.id.0).await;

    /// Sends an artefact back to its authors. For those who facilitate or coordinate its CoP.
    ArtefactSendBack artefact_send_back "sendBackArtefact" POST "/artefacts/{id}/send-back" ["artefacts:validate"]
    ArtefactSendBackInput {
        /// The artefact.
        id: ArtefactId,
    }
    -> ArtefactSendBackPayload { artefact: Artefact of art::Artefact }
    |call, input| art::send_back(&call.ctx, &call.scope, input.id.0).await;

    /// Takes a validated artefact out of recommendation.
    ArtefactRetire artefact_retire "retireArtefact" POST "/artefacts/{id}/retire" ["artefacts:write"]
    ArtefactRetireInput {
        /// The artefact.
        id: ArtefactId,
    }
    -> ArtefactRetirePayload { artefact: Artefact of art::Artefact }
    |call, input| art::retire(&call.ctx, &call.scope, input.id.0).await;

    /// Asks that the current version of an artefact be published to a wider audience. Each organisation that contributed
    /// approves it; where that is yours alone, and you are its admin, it is published at once.
    PublicationRequest publication_request "requestPublication" POST "/publications" ["artefacts:publish"]
    PublicationRequestInput {
        /// The artefact.
        artefact_id: ArtefactId,
        /// To whom: PARTNERS, NETWORK or PUBLIC, within the CoP's content ceiling.
        audience: AudienceLabel,
        /// What those who are asked should know.
        message: Option<String>,
    }
    -> PublicationRequestPayload { publication: Publication of publ::Publication }
    |call, input| publ::request(&call.ctx, &call.scope, publ::Request {
        artefact_id: input.artefact_id.0, audience: input.audience.0, message: input.message,
    }).await;

    /// Says yes to a publication for the own organisation. Once every organisation that contributed has, it is approved;
    /// where the last of them owns the artefact, it is published with that.
    PublicationApprove publication_approve "approvePublication" POST "/publications/{id}/approve" ["artefacts:publish"]
    PublicationApproveInput {
        /// The publication.
        id: PublicationId,
    }
    -> PublicationApprovePayload { publication: Publication of publ::Publication }
    |call, input| publ::approve(&call.ctx, &call.scope, input.id.0).await;

    /// Says no to a publication for the own organisation.
    PublicationReject publication_reject "rejectPublication" POST "/publications/{id}/reject" ["artefacts:publish"]
    PublicationRejectInput {
        /// The publication.
        id: PublicationId,
        /// Why, for the organisation that owns the artefact.
        reason: Option<String>,
    }
    -> PublicationRejectPayload { publication: Publication of publ::Publication }
    |call, input| publ::reject(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Shows an approved version to its audience.
    PublicationPublish publication_publish "publishPublication" POST "/publications/{id}/publish" ["artefacts:publish"]
    PublicationPublishInput {
        /// The publication.
        id: PublicationId,
    }
    -> PublicationPublishPayload { publication: Publication of publ::Publication }
    |call, input| publ::publish(&call.ctx, &call.scope, input.id.0).await;

    /// Takes a publication back. Any organisation that contributed may, at any time. The publication stays as a tombstone
    /// for those who saw it; what it showed does not.
    PublicationWithdraw publication_withdraw "withdrawPublication" POST "/publications/{id}/withdraw" ["artefacts:publish"]
    PublicationWithdrawInput {
        /// The publication.
        id: PublicationId,
        /// Why, for the organisation that owns the artefact.
        reason: Option<String>,
    }
    -> PublicationWithdrawPayload { publication: Publication of publ::Publication }
    |call, input| publ::withdraw(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Plans to embed an artefact in the own organisation's practice (*borgen*).
    AnchoringPlan anchoring_plan "planAnchoring" POST "/anchorings" ["artefacts:write"]
    AnchoringPlanInput {
        /// The artefact.
        artefact_id: ArtefactId,
        /// Where in the organisation's practice.
        place: String,
        /// Who sees to it: a person of the own organisation.
        owner_person_id: Option<PersonId>,
        /// When to look at it again.
        review_date: Option<NaiveDate>,
    }
    -> AnchoringPlanPayload { anchoring: Anchoring of art::Anchoring }
    |call, input| art::plan_anchoring(&call.ctx, &call.scope, art::PlanAnchoring {
        artefact_id: input.artefact_id.0, place: input.place, owner_person_id: input.owner_person_id.map(|id| id.0),
        review_date: input.review_date,
    }).await;

    /// Records that the artefact is embedded in practice; also again, after it had lapsed.
    AnchoringAnchor anchoring_anchor "anchorAnchoring" POST "/anchorings/{id}/anchor" ["artefacts:write"]
    AnchoringAnchorInput {
        /// The anchoring.
        id: AnchoringId,
    }
    -> AnchoringAnchorPayload { anchoring: Anchoring of art::Anchoring }
    |call, input| art::anchor(&call.ctx, &call.scope, input.id.0).await;

    /// Records that the anchoring was given up or is out of date.
    AnchoringLapse anchoring_lapse "lapseAnchoring" POST "/anchorings/{id}/lapse" ["artefacts:write"]
    AnchoringLapseInput {
        /// The anchoring.
        id: AnchoringId,
    }
    -> AnchoringLapsePayload { anchoring: Anchoring of art::Anchoring }
    |call, input| art::lapse(&call.ctx, &call.scope, input.id.0).await;
}

async fn sign(call: &crate::op::Call, token: &tok::Token) -> Result<String, crate::error::ApiError> {
    call.authority.sign(token).await.map_err(Into::into)
}

ops! { TokenMutations;
    /// Issues an access token of the own organisation. Its text is in the answer, this once.
    TokenIssue token_issue "issueToken" POST "/tokens" ["tokens:manage"]
    TokenIssueInput {
        /// Its name, to tell it from others.
        name: String,
        /// What it may do at all.
        scopes: Vec<ScopeLabel>,
        /// An e-mail address of whoever sees to it.
        owner_contact: Option<String>,
        /// How many days it is good, 1 to 365; 90 if left out.
        days: Option<i64>,
        /// For the operator: the tenant whose first admin token this is.
        organisation_id: Option<OrganisationId>,
    }
    -> TokenIssuePayload { token: Token of tok::Token, secret access_token sign }
    |call, input| tok::issue(&call.ctx, &call.scope, tok::Issue {
        name: input.name, scopes: input.scopes.into_iter().map(|scope| scope.0).collect(),
        owner_contact: input.owner_contact, days: input.days, organisation_id: input.organisation_id.map(|id| id.0),
    }).await;

    /// Issues a token that acts for a person of the own organisation, for a portal in which that person has logged in: the
    /// person's own rights, within what your token holds. Its text is in the answer, this once; when it ends, ask for
    /// another. It ends with your token.
    MemberTokenIssue member_token_issue "issueMemberToken" POST "/tokens/member" ["members:act"]
    MemberTokenIssueInput {
        /// The person.
        person_id: PersonId,
        /// What it may do at all; everything that your token holds and a person can, if left out.
        #[serde(default)] #[graphql(default)] scopes: Vec<ScopeLabel>,
        /// How many minutes it is good, 1 to 15; 15 if left out.
        minutes: Option<i64>,
    }
    -> MemberTokenIssuePayload { token: Token of tok::Token, secret access_token sign }
    |call, input| tok::issue_member(&call.ctx, &call.scope, tok::IssueMember {
        person_id: input.person_id.0, scopes: input.scopes.into_iter().map(|scope| scope.0).collect(),
        minutes: input.minutes,
    }).await;

    /// Makes a token useless from the next request on, and with it the member tokens that were exchanged for it.
    TokenRevoke token_revoke "revokeToken" POST "/tokens/{id}/revoke" ["tokens:manage"]
    TokenRevokeInput {
        /// The token.
        id: TokenId,
    }
    -> TokenRevokePayload { token: Token of tok::Token }
    |call, input| {
        let row = tok::revoke(&call.ctx, &call.scope, input.id.0).await?;
        call.authority.forget(row.id);
        Ok(row)
    };

    /// Issues a token like an earlier one, which stays good for a few hours more. Its text is in the answer, this once.
    TokenRotate token_rotate "rotateToken" POST "/tokens/{id}/rotate" ["tokens:manage"]
    TokenRotateInput {
        /// The earlier token.
        id: TokenId,
        /// How many hours the earlier one stays good, 0 to 24; 1 if left out.
        overlap_hours: Option<i64>,
    }
    -> TokenRotatePayload { token: Token of tok::Token, secret access_token sign }
    |call, input| {
        let row = tok::rotate(&call.ctx, &call.scope, tok::Rotate { id: input.id.0, overlap_hours: input.overlap_hours }).await?;
        call.authority.forget(input.id.0);
        Ok(row)
    };
}

/// Every operation.
pub fn each(visit: &mut impl crate::op::Visit) {
    OrganisationMutations::each(visit);
    PersonMutations::each(visit);
    ProgrammeMutations::each(visit);
    CopMutations::each(visit);
    MembershipMutations::each(visit);
    SessionMutations::each(visit);
    ArtefactMutations::each(visit);
    TokenMutations::each(visit);
    crate::puts::PutMutations::each(visit);
}
