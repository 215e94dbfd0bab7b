//! Concepts with their elements and subjects, themes, front-runner projects and front-runners.

use super::ids;
use crate::{
    model::{names::*, shapes::PreconditionInput, template::TemplateSectionInput},
    ops,
};
use evolva_domain::{concept as con, project as prj, theme as thm};

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

    /// Says which sections artefacts of a kind should have; said again, it replaces what was said before, and without sections
    /// nothing is asked any more. What an artefact lacks is in its `missingSections`.
    ConceptSetTemplate concept_set_template "setConceptTemplate" POST "/concepts/{id}/template" ["concepts:write"]
    ConceptSetTemplateInput {
        /// The concept.
        id: ConceptId,
        /// Of which artefacts.
        kind: ArtefactKindLabel,
        /// The template's title in Dutch.
        title_nl: String,
        /// Its title in English.
        title_en: Option<String>,
        /// Its sections in their order, at most 20, each with a key and headings of its own.
        sections: Option<Vec<TemplateSectionInput>>,
    }
    -> ConceptSetTemplatePayload { concept: Concept of con::Concept }
    |call, input| con::set_template(&call.ctx, &call.scope, con::SetTemplate {
        id: input.id.0, kind: input.kind.0, title_nl: input.title_nl, title_en: input.title_en,
        sections: input.sections.unwrap_or_default().into_iter().map(Into::into).collect(),
    }).await;

    /// Sets the method that the CoPs of a concept follow: all of it, so that what is left out is not asked. A CoP that is
    /// already active keeps the method that it was activated with. Ready-made ones are set by `conceptUpdate(profile)`.
    ConceptSetProfile concept_set_profile "setConceptProfile" POST "/concepts/{id}/profile" ["concepts:write"]
    ConceptSetProfileInput {
        /// The concept.
        id: ConceptId,
        /// Who may be a member.
        members_from: MembersFromLabel,
        /// Who provides the primary facilitator.
        facilitator_from: FacilitatorFromLabel,
        /// How many organisations a CoP needs to become active, its host included, 1 to 100; 1 if left out.
        minimum_organisations: Option<i64>,
        /// How many sessions must be planned by then, 0 to 100; none if left out.
        minimum_planned_sessions: Option<i64>,
        /// How many hackathons and open spaces must be held before the harvest, 0 to 100; none if left out.
        minimum_intensive_sessions: Option<i64>,
        /// Whether an agreed charter with goals is required; not if left out.
        charter_required: Option<bool>,
        /// Whether each goal needs an anchored artefact or a waiver; not if left out.
        anchoring_required: Option<bool>,
        /// Whether something must have been shown at a clinic or network meeting; not if left out.
        sharing_required: Option<bool>,
        /// What is asked of an organisation that takes part, at most 20, each with a code of its own.
        preconditions: Option<Vec<PreconditionInput>>,
        /// The shortest usual period in months, 1 to 120, together with `usualMonthsTo`; a CoP outside of it is warned of.
        usual_months_from: Option<u32>,
        /// The longest usual period in months.
        usual_months_to: Option<u32>,
        /// The longest period in months, 1 to 120; without it a CoP may be open-ended.
        longest_months: Option<u32>,
    }
    -> ConceptSetProfilePayload { concept: Concept of con::Concept }
    |call, input| con::set_profile(&call.ctx, &call.scope, con::SetProfile {
        id: input.id.0,
        profile: con::MethodProfile {
            members_from: input.members_from.0,
            facilitator_from: input.facilitator_from.0,
            minimum_organisations: input.minimum_organisations.unwrap_or(1),
            minimum_planned_sessions: input.minimum_planned_sessions.unwrap_or_default(),
            minimum_intensive_sessions: input.minimum_intensive_sessions.unwrap_or_default(),
            charter_required: input.charter_required.unwrap_or_default(),
            anchoring_required: input.anchoring_required.unwrap_or_default(),
            sharing_required: input.sharing_required.unwrap_or_default(),
            preconditions: input.preconditions.unwrap_or_default().into_iter().map(Into::into).collect(),
            // One without the other is no period; a bound of nought is refused by name.
            usual_months: match (input.usual_months_from, input.usual_months_to) {
                (None, None) => None,
                (from, to) => Some((from.unwrap_or_default(), to.unwrap_or_default())),
            },
            longest_months: input.longest_months,
        },
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

    /// Changes an element of a concept: its code, title or place. Projects, CoPs and artefacts go on naming it.
    ConceptElementUpdate concept_element_update "updateConceptElement" PATCH "/concept-elements/{id}" ["concepts:write"]
    ConceptElementUpdateInput {
        /// The element.
        id: ConceptElementId,
        /// The version that you read.
        version: Option<i64>,
        /// Its short name, unique within the concept.
        code: Option<String>,
        /// Its title.
        title: Option<String>,
        /// Its place in the concept, 1 to 10000, that no other has.
        position: Option<i64>,
    }
    -> ConceptElementUpdatePayload { concept_element: ConceptElement of con::ConceptElement }
    |call, input| con::update_element(&call.ctx, &call.scope, con::UpdateElement {
        id: input.id.0, version: input.version, code: input.code, title: input.title, position: input.position,
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

    /// Changes a subject from which themes are derived: its title or place.
    FocusAreaUpdate focus_area_update "updateFocusArea" PATCH "/focus-areas/{id}" ["concepts:write"]
    FocusAreaUpdateInput {
        /// The focus area.
        id: FocusAreaId,
        /// The version that you read.
        version: Option<i64>,
        /// Its title.
        title: Option<String>,
        /// Its place in the concept, 1 to 10000, that no other has.
        position: Option<i64>,
    }
    -> FocusAreaUpdatePayload { focus_area: FocusArea of con::FocusArea }
    |call, input| con::update_focus_area(&call.ctx, &call.scope, con::UpdateFocusArea {
        id: input.id.0, version: input.version, title: input.title, position: input.position,
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
        /// How far it may be seen: ORGANISATION, or NETWORK, so that others find it as a candidate for CoPs and for what can
        /// be learned from it; ORGANISATION if left out.
        audience: Option<AudienceLabel>,
    }
    -> FrontRunnerProjectCreatePayload { front_runner_project: FrontRunnerProject of prj::FrontRunnerProject }
    |call, input| prj::create(&call.ctx, &call.scope, prj::Create {
        external_id: input.external_id, title: input.title, element_id: input.element_id.0,
        speciality: input.speciality, strengths: input.strengths,
        audience: input.audience.map_or_else(Default::default, |one| one.0),
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
        /// How far it may be seen: ORGANISATION or NETWORK.
        audience: Option<AudienceLabel>,
    }
    -> FrontRunnerProjectUpdatePayload { front_runner_project: FrontRunnerProject of prj::FrontRunnerProject }
    |call, input| prj::update(&call.ctx, &call.scope, prj::Update {
        id: input.id.0, version: input.version, title: input.title, speciality: input.speciality.into(),
        strengths: input.strengths, audience: input.audience.map(|one| one.0),
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
