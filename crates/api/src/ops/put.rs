//! Objects by their `externalId`, one at a time: a put takes what a line of an import takes, so that a script can do
//! either.

use crate::{model::names::*, ops};
use chrono::NaiveDate;
use evolva_domain::{
    artefact as art, cop as c, person as per, theme as thm,
    upsert::{self, Expected},
};

pub(super) fn expected(version: Option<i64>, must_exist: bool) -> Expected {
    Expected { version, must_exist }
}

ops! { PutMutations;
    /// Brings the theme with this `externalId` up to date, or makes it. What is left out is emptied, but for its slug and
    /// its focus areas, which stay. For the organisation's own token: no person puts.
    ThemePut theme_put "putTheme" PUT "/themes/by-external-id/{externalId}" ["themes:write"]
    ThemePutInput {
        /// Your own key for the theme.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// Its title.
        title: String,
        /// A short name for addresses; a new theme's is made from the title if left out.
        slug: Option<String>,
        /// In a few sentences.
        summary: Option<String>,
        /// In full, as Markdown.
        description: Option<String>,
        /// The own concept that it belongs to, by your key for it.
        concept_external_id: Option<String>,
        /// The concept, by its id, where it is the network's.
        concept_id: Option<ConceptId>,
        /// The focus areas of the concept that it is in; left out, they stay.
        focus_area_ids: Option<Vec<FocusAreaId>>,
    }
    -> ThemePutPayload { theme: Theme of thm::Theme }
    |call, input| upsert::put_theme(&call.ctx, &call.scope, expected(input.version, input.must_exist), upsert::ThemeRow {
        external_id: input.external_id, title: input.title, slug: input.slug, summary: input.summary,
        description: input.description, concept_external_id: input.concept_external_id,
        concept_id: input.concept_id.map(|id| id.0), focus_area_ids: input.focus_area_ids.map(super::ids),
    }).await;

    /// Brings the person with this `externalId` up to date, or adds them to the own organisation. What is left out is
    /// emptied, but for their role in the organisation's administration, which stays. Who is an outsider stays one. For
    /// the organisation's own token: no person puts.
    PersonPut person_put "putPerson" PUT "/people/by-external-id/{externalId}" ["people:write"]
    PersonPutInput {
        /// Your own key for the person.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The name to show.
        display_name: String,
        /// The e-mail address: shown within the own organisation, and to who facilitates a CoP that the person said yes to.
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
        /// Until when the data of an outsider is kept: from today to five years from now; left out, it stays, or is a year.
        retain_until: Option<chrono::NaiveDate>,
    }
    -> PersonPutPayload { person: Person of per::Person }
    |call, input| {
        let row = upsert::put_person(&call.ctx, &call.scope, expected(input.version, input.must_exist), upsert::PersonRow {
            external_id: input.external_id, display_name: input.display_name, email: input.email,
            portrait_url: input.portrait_url, job_title: input.job_title, expertise: input.expertise,
            language: input.language, discoverable: input.discoverable, external: input.external,
            affiliation: input.affiliation, retain_until: input.retain_until,
        }).await?;
        call.authority.forget_person(row.id);
        Ok(row)
    };

    /// Brings the CoP with this `externalId` up to date, or prepares it; its host is the own organisation. What is left
    /// out is emptied, but for its slug, concept, theme, elements, facilitator and audiences, which stay. For the
    /// organisation's own token: no person puts.
    CopPut cop_put "putCop" PUT "/cops/by-external-id/{externalId}" ["cops:write"]
    CopPutInput {
        /// Your own key for the CoP.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// Its title.
        title: String,
        /// A short name for addresses; a new CoP's is made from the title if left out.
        slug: Option<String>,
        /// In a few sentences.
        summary: Option<String>,
        /// In full, as Markdown.
        description: Option<String>,
        /// An address of a picture.
        cover_url: Option<String>,
        /// The own concept whose method it follows, by your key for it; Evolva's method if a new CoP has none.
        concept_external_id: Option<String>,
        /// The concept, by its id, where it is the network's.
        concept_id: Option<ConceptId>,
        /// The own theme that it works out, by your key for it; left out, its theme stays.
        theme_external_id: Option<String>,
        /// The theme, by its id, where it is the network's.
        theme_id: Option<ThemeId>,
        /// The elements of the concept that it completes; left out, they stay.
        element_ids: Option<Vec<ConceptElementId>>,
        /// The own person who is to be its primary facilitator, by your key for them.
        facilitator_external_id: Option<String>,
        /// The facilitator, by their id, where they are another organisation's.
        facilitator_id: Option<PersonId>,
        /// The own CoP that it follows up, by your key for it; left out, that stays.
        predecessor_external_id: Option<String>,
        /// How many members there is room for; left out, that stays.
        capacity: Option<i64>,
        /// When it starts.
        start_date: Option<NaiveDate>,
        /// When it is to end.
        planned_end_date: Option<NaiveDate>,
        /// Who sees that it is there; PARTNERS for a new one.
        listing_audience: Option<AudienceLabel>,
        /// The widest audience that its content can have; PARTNERS for a new one.
        content_ceiling: Option<AudienceLabel>,
    }
    -> CopPutPayload { cop: Cop of c::Cop }
    |call, input| upsert::put_cop(&call.ctx, &call.scope, expected(input.version, input.must_exist), upsert::CopRow {
        external_id: input.external_id, title: input.title, slug: input.slug, summary: input.summary,
        description: input.description, cover_url: input.cover_url, concept_external_id: input.concept_external_id,
        concept_id: input.concept_id.map(|id| id.0), theme_external_id: input.theme_external_id,
        theme_id: input.theme_id.map(|id| id.0), element_ids: input.element_ids.map(super::ids),
        facilitator_external_id: input.facilitator_external_id, facilitator_id: input.facilitator_id.map(|id| id.0),
        predecessor_external_id: input.predecessor_external_id, capacity: input.capacity, start_date: input.start_date, planned_end_date: input.planned_end_date,
        listing_audience: input.listing_audience.map(|one| one.0),
        content_ceiling: input.content_ceiling.map(|one| one.0), status: None, ended_at: None,
    }).await;

    /// Brings the membership with this `externalId` up to date, or nominates one of the own people for a CoP that the own
    /// organisation hosts. It stays that of one person in one CoP, and can be changed until it is decided on. For the
    /// organisation's own token: no person puts.
    MembershipPut membership_put "putMembership" PUT "/memberships/by-external-id/{externalId}" ["memberships:write"]
    MembershipPutInput {
        /// Your own key for the membership.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The CoP, by your key for it.
        cop_external_id: String,
        /// The person, by your key for them.
        person_external_id: String,
        /// What they do in the CoP; MEMBER if left out.
        role: Option<MembershipRoleLabel>,
        /// Why they want to take part.
        motivation: Option<String>,
    }
    -> MembershipPutPayload { membership: Membership of c::Membership }
    |call, input| upsert::put_membership(&call.ctx, &call.scope, expected(input.version, input.must_exist), upsert::MembershipRow {
        external_id: input.external_id, cop_external_id: input.cop_external_id,
        person_external_id: input.person_external_id, role: input.role.map(|role| role.0).unwrap_or_default(),
        motivation: input.motivation, state: None, since_at: None,
    }).await;

    /// Brings the artefact with this `externalId` up to date, or starts it as a draft. What is left out is emptied, but for
    /// its CoP, theme and goals, which stay. After it was handed in, new text or other authors make a new version, which
    /// is handed in again. For the organisation's own token: no person puts.
    ArtefactPut artefact_put "putArtefact" PUT "/artefacts/by-external-id/{externalId}" ["artefacts:write"]
    ArtefactPutInput {
        /// Your own key for the artefact.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
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
        /// Who it is for once it is handed in; MEMBERS if left out, also where it was more.
        audience: Option<AudienceLabel>,
        /// The own theme that it is about, by your key for it.
        theme_external_id: Option<String>,
        /// The theme that it is about, by its id, where it is another organisation's.
        theme_id: Option<ThemeId>,
        /// The own CoP that it comes from, by your key for it; once it was handed in, it is no other.
        cop_external_id: Option<String>,
        /// The CoP that it comes from, by its id, where it is another organisation's in which yours takes part.
        cop_id: Option<CopId>,
        /// The own session that it comes from, by your key for it; left out, it stays.
        session_external_id: Option<String>,
        /// The session that it comes from, by its id, where it is another organisation's.
        session_id: Option<SessionId>,
        /// The elements of the concept that it is about; left out, they stay.
        element_ids: Option<Vec<ConceptElementId>>,
        /// The goals of its CoP that it serves, where it is an own CoP: by your keys for them. Left out with `goalIds`, they stay.
        goal_external_ids: Option<Vec<String>>,
        /// The goals of its CoP that it serves, by their ids.
        goal_ids: Option<Vec<GoalId>>,
        /// Who wrote it: people of the own organisation, by your keys for them.
        #[serde(default)] #[graphql(default)] author_external_ids: Vec<String>,
    }
    -> ArtefactPutPayload { artefact: Artefact of art::Artefact }
    |call, input| upsert::put_artefact(&call.ctx, &call.scope, expected(input.version, input.must_exist), upsert::ArtefactRow {
        external_id: input.external_id, kind: input.kind.0, title: input.title, summary: input.summary,
        body: input.body, source_url: input.source_url, language: input.language, licence: input.licence,
        tags: input.tags, audience: input.audience.map(|one| one.0), theme_external_id: input.theme_external_id,
        theme_id: input.theme_id.map(|id| id.0), cop_external_id: input.cop_external_id, cop_id: input.cop_id.map(|id| id.0),
        session_external_id: input.session_external_id, session_id: input.session_id.map(|id| id.0),
        element_ids: input.element_ids.map(super::ids), goal_external_ids: input.goal_external_ids, goal_ids: input.goal_ids.map(super::ids), author_external_ids: input.author_external_ids, state: None,
        lesson_state: None, published_at: None,
    }).await;
}
