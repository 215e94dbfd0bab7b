//! Every output. The doc comments are the client documentation of both surfaces.

use super::template;
pub use super::{
    contact::*,
    method::*,
    shapes::*,
    template::{ArtefactTemplate, LessonStep, MissingSection},
};
use crate::{
    model::{
        names::*,
        scalar::{E, Gid},
    },
    view,
};
use chrono::{DateTime, NaiveDate, Utc};
use evolva_domain::{
    access as acc, allowed, artefact as art, calendar as cal, concept as con, cop as c, file::upload as upl,
    import as imp, organisation as org, overview as over, person as per, project as prj, publication as publ,
    query::Tree, session as ses, theme as thm, token as tok,
};

pub(super) fn html(tree: &Tree, column: &str) -> Option<String> {
    let markdown: Option<String> = tree.get(column)?;
    markdown.as_deref().map(html_of)
}

/// Markdown as HTML that is safe to show.
pub(super) fn html_of(markdown: &str) -> String {
    // HTML within the Markdown is shown as the text it is: left open, its tags would be repeated in every paragraph
    // after them, and a small text could grow without bound.
    let events = pulldown_cmark::Parser::new(markdown).map(|event| match event {
        pulldown_cmark::Event::Html(text) | pulldown_cmark::Event::InlineHtml(text) => {
            pulldown_cmark::Event::Text(text)
        }
        event => event,
    });
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events);
    ammonia::clean(&html)
}

/// The address of a file's bytes.
fn content_url(tree: &Tree, prefix: &str, list: &str) -> Option<String> {
    let id = evolva_domain::id::join(prefix, tree.get("id")?);
    Some(format!("/api/v1/{list}/{id}/content"))
}

/// The ids of a text that joins them.
fn ids<K>(text: Option<String>) -> Vec<Gid<K>> {
    let text = text.unwrap_or_default();
    text.split(',').filter_map(|id| id.parse().ok()).map(|id| Gid(evolva_domain::Id::new(id))).collect()
}

view! {
    /// An organisation (*organisatie*): a tenant of the network. The directory is open to all of them.
    Organisation of org::Organisation, OrganisationsRead;
    columns {
        /// A short name for addresses.
        slug: String,
        /// Its name.
        name: String,
        /// What kind of organisation it is.
        kind: OrganisationKindLabel,
        /// Whether it takes part in the network now.
        state: OrganisationStateLabel,
        /// An address of its logo.
        logo_url: Option<String>,
        /// Whom to write to about privacy.
        privacy_contact: Option<String>,
    }
    private {
        /// What whoever uses the contact form agrees to, as Markdown; without it the form takes nothing in. For its own people.
        contact_consent_text: Option<String>,
        /// The version of that text. For its own people.
        contact_consent_version: Option<i64>,
        /// How many days the personal data of a contact request stays after it was closed. For its own people.
        contact_retention_days: Option<i64>,
    }
    derived {
        /// What you may do with it, and why not.
        access: Accesses = ["kind", "state"] |tree, viewer| access(acc::of_organisation(tree, viewer.scope)?, viewer),
    }
    one {}
    many {}
}

view! {
    /// A person, held by one organisation. Other organisations see those of its people who are discoverable, and those
    /// who are members or facilitators of CoPs that they host; a person sees those of the CoPs that they are in.
    Person of per::Person, PeopleRead;
    columns {
        /// The name to show.
        display_name: String,
        /// An address of a portrait.
        portrait_url: Option<String>,
        /// What the person does.
        job_title: Option<String>,
        /// What the person knows about.
        expertise: Vec<String>,
        /// The language that the person reads, such as `nl`.
        language: Option<String>,
        /// Whether other organisations may see the person as a candidate.
        discoverable: bool,
        /// An outsider: an expert or guest, held by the organisation that invited them.
        external: bool,
        /// Where an outsider comes from, in words.
        affiliation: Option<String>,
        /// Whether the person is still with the organisation.
        state: PersonStateLabel,
        /// The e-mail address: within the own organisation, and for who facilitates a CoP that the person said yes to.
        email: Option<String>,
        /// Until when the data of an outsider is kept; after that day it is removed, once no session expects them any more. For
        /// the own organisation.
        retain_until: Option<NaiveDate>,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = ["state", "external"] |tree, viewer| access(acc::of_person(tree, viewer.scope)?, viewer),
    }
    one {}
    many {}
}

view! {
    /// A concept of workplace learning, such as *werkplekleren 3.0*, with the method of its programme.
    Concept of con::Concept, ConceptsRead;
    columns {
        /// Its name.
        name: String,
        /// Its edition.
        edition: String,
        /// What it is, as Markdown.
        description: Option<String>,
        /// How far it may be seen.
        audience: AudienceLabel,
        /// What an organisation agrees to when it takes part in a CoP of this concept, as Markdown.
        agreement_text: Option<String>,
        /// The version of that text; give it when you accept or ask to take part.
        agreement_version: i64,
    }
    private {}
    derived {
        /// The method that CoPs of this concept follow.
        method_profile: MethodProfile = ["profile"] |tree, _| {
            tree.get::<evolva_domain::record::AsJson<con::MethodProfile>>("profile").map(|profile| profile.0.into())
        },
        /// Which sections artefacts of its CoPs and themes should have, at most one template for each kind.
        artefact_templates: Vec<ArtefactTemplate> = ["templates"] |tree, viewer| template::templates(tree, viewer.language),
        /// What you may do with it, and why not.
        access: Accesses = ["tenant_id"] |tree, viewer| access(acc::of_concept(tree, viewer.scope)?, viewer),
    }
    one {}
    many {
        /// The elements that make it complete.
        elements: ConceptElement by "position" false,
        /// The subjects from which themes are derived.
        focus_areas: FocusArea by "position" false,
    }
}

view! {
    /// An element (*element*) of a concept; a front-runner project masters one.
    ConceptElement of con::ConceptElement, ConceptsRead;
    columns {
        /// The concept that it is part of.
        concept_id: ConceptId,
        /// Its short name within the concept.
        code: String,
        /// Its title.
        title: String,
        /// Its place in the concept, from 1.
        position: i64,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = [] |tree, viewer| access(acc::of_element(tree, viewer.scope)?, viewer),
    }
    one {}
    many {}
}

view! {
    /// A subject from which themes are derived.
    FocusArea of con::FocusArea, ConceptsRead;
    columns {
        /// The concept that it belongs to.
        concept_id: ConceptId,
        /// Its title.
        title: String,
        /// Its place in the concept, from 1.
        position: i64,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = [] |tree, viewer| access(acc::of_focus_area(tree, viewer.scope)?, viewer),
    }
    one {}
    many {}
}

view! {
    /// A theme (*thema*) that CoPs work out. It links school learning with personal development at work.
    Theme of thm::Theme, ThemesRead;
    columns {
        /// Its title.
        title: String,
        /// A short name for addresses.
        slug: String,
        /// In a few sentences.
        summary: Option<String>,
        /// In full, as Markdown.
        description: Option<String>,
        /// The concept that it belongs to.
        concept_id: Option<ConceptId>,
        /// The focus areas that it is derived from.
        focus_area_ids: Vec<FocusAreaId>,
        /// How far it may be seen.
        audience: AudienceLabel,
    }
    private {}
    derived {
        /// The description, rendered and sanitised.
        description_html: String = ["description"] |tree, _| html(tree, "description"),
        /// What you may do with it, and why not.
        access: Accesses = ["tenant_id"] |tree, viewer| access(acc::of_theme(tree, viewer.scope)?, viewer),
    }
    one {
        /// The concept that it belongs to.
        concept: Concept,
    }
    many {
        /// The CoPs that work it out and that you may see, latest start first.
        cops: Cop by "start_date" true,
    }
}

view! {
    /// A front-runner project (*koploperproject*): an organisation's project that masters one element.
    FrontRunnerProject of prj::FrontRunnerProject, ProjectsRead;
    columns {
        /// Its title.
        title: String,
        /// The element that it masters.
        element_id: Option<ConceptElementId>,
        /// What it is special in (*specialiteit*).
        speciality: Option<String>,
        /// What others can learn from it (*sterke punten*).
        strengths: Vec<String>,
        /// How far it may be seen: `ORGANISATION` or `NETWORK`.
        audience: AudienceLabel,
        /// How many front-runners work in it now. By name you see your own, and of a project that the network sees those who
        /// are discoverable.
        front_runner_count: i64,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = ["tenant_id", "fact_runs"] |tree, viewer| access(acc::of_project(tree, viewer.scope)?, viewer),
    }
    one {
        /// The element that it masters.
        element: ConceptElement,
    }
    many {
        /// Its front-runners that you may see by name.
        front_runners: FrontRunner by "created_at" false,
    }
}

view! {
    /// A front-runner (*koploper*): a person in a front-runner project.
    FrontRunner of prj::FrontRunner, ProjectsRead;
    columns {
        /// The project.
        project_id: FrontRunnerProjectId,
        /// The person.
        person_id: PersonId,
        /// Whether they work in the project now.
        state: FrontRunnerStateLabel,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = ["state"] |tree, viewer| access(acc::of_front_runner(tree, viewer.scope)?, viewer),
    }
    one {
        /// The project.
        project: FrontRunnerProject,
        /// The person.
        person: Person,
    }
    many {}
}

view! {
    /// A community of practice (*community of practice*): people of several organisations who work one theme out
    /// together in about a year. Its owner is its host.
    Cop of c::Cop, CopsRead;
    columns {
        /// Its title.
        title: String,
        /// A short name for addresses, unique within its host.
        slug: String,
        /// In a few sentences.
        summary: Option<String>,
        /// In full, as Markdown.
        description: Option<String>,
        /// An address of a picture.
        cover_url: Option<String>,
        /// The concept that it belongs to.
        concept_id: Option<ConceptId>,
        /// The theme that it works out.
        theme_id: Option<ThemeId>,
        /// The elements that it completes.
        element_ids: Vec<ConceptElementId>,
        /// When it starts.
        start_date: Option<NaiveDate>,
        /// When it is to end.
        planned_end_date: Option<NaiveDate>,
        /// Where it is in its life.
        status: CopStatusLabel,
        /// Who sees that it is there: title, theme, host, dates and counts.
        listing_audience: AudienceLabel,
        /// The widest audience that its content can have.
        content_ceiling: AudienceLabel,
        /// The closed CoP that it goes on from.
        predecessor_id: Option<CopId>,
        /// How many active members it has.
        member_count: i64,
        /// How many members there is room for, sponsors aside; any number where nothing is said.
        capacity: Option<i64>,
        /// When it became active.
        activated_at: Option<DateTime<Utc>>,
        /// When it was closed or cancelled.
        ended_at: Option<DateTime<Utc>>,
    }
    private {
        /// Why it was cancelled, resumed or harvested early. For its host.
        status_reason: Option<String>,
    }
    derived {
        /// The description, rendered and sanitised.
        description_html: String = ["description"] |tree, _| html(tree, "description"),
        /// The method that it follows.
        method_profile: MethodProfile = ["profile", "fact_concept_profile"] |tree, _| {
            let kept: evolva_domain::record::AsJson<Option<con::MethodProfile>> = tree.get("profile")?;
            let of_concept: Option<evolva_domain::record::AsJson<con::MethodProfile>> = tree.get("fact_concept_profile")?;
            Some(con::MethodProfile::in_force(kept.0, of_concept.map(|profile| profile.0)).into())
        },
        /// A warning: the period is outside the method's usual bounds.
        period_is_unusual: bool = ["start_date", "planned_end_date", "profile", "fact_concept_profile"] |tree, _| {
            let kept: evolva_domain::record::AsJson<Option<con::MethodProfile>> = tree.get("profile")?;
            let of_concept: Option<evolva_domain::record::AsJson<con::MethodProfile>> = tree.get("fact_concept_profile")?;
            let method = con::MethodProfile::in_force(kept.0, of_concept.map(|profile| profile.0));
            let (start, end) = (tree.get::<Option<NaiveDate>>("start_date")?, tree.get::<Option<NaiveDate>>("planned_end_date")?);
            Some(start.zip(end).is_some_and(|(start, end)| c::period_is_unusual(start, end, &method)))
        },
        /// The steps of its life that you may take from here, with what each still waits for.
        allowed_transitions: Steps = ["status", "theme_id", "start_date", "planned_end_date", "profile", "fact_part",
            "fact_charter_why", "fact_facilitator_tenant", "fact_facilitator_is_operator", "fact_facilitator_takes_part",
            "fact_charter_agreed", "fact_goals", "fact_goals_unassessed", "fact_goals_unanchored", "fact_organisations",
            "fact_sessions_planned", "fact_intensive_held", "fact_shown", "fact_concept_profile"] |tree, viewer| steps(allowed::of_cop(tree, viewer.scope)?, viewer),
        /// What you may do with it, and why not.
        access: Accesses = ["status", "theme_id", "start_date", "planned_end_date", "profile", "fact_part",
            "fact_charter_why", "fact_facilitator_tenant", "fact_facilitator_is_operator", "fact_facilitator_takes_part",
            "fact_charter_agreed", "fact_goals", "fact_goals_unassessed", "fact_goals_unanchored", "fact_organisations",
            "fact_sessions_planned", "fact_intensive_held", "fact_shown", "fact_concept_profile", "fact_participation", "fact_charter_open"] |tree, viewer| access(acc::of_cop(tree, viewer.scope)?, viewer),
    }
    one {
        /// The theme that it works out.
        theme: Theme,
        /// The concept that it belongs to.
        concept: Concept,
        /// The organisation that hosts it.
        host: Organisation,
        /// The primary facilitator, for the host, the facilitator's organisation and members.
        facilitator: Person,
        /// The agreed charter, or the one that is being worked on.
        charter: Charter,
        /// The closed CoP that it goes on from.
        predecessor: Cop,
    }
    many {
        /// How far it is with the steps of guides.
        step_progress: StepProgress by "created_at" false,
        /// Memberships: all of them for the host, of its own people for a participant, the roster for members.
        memberships: Membership by "created_at" false,
        /// Which organisations take part: all for the host and for members, its own for a participant.
        participations: Participation by "created_at" false,
        /// Who facilitates and coordinates, for the host, for who provides them and for members.
        facilitations: Facilitation by "start_date" false,
        /// Versions of its charter.
        charters: Charter by "number" true,
        /// Its sessions in the order of time, those included that it joins.
        sessions: Session by "starts_at" false,
        /// What it brought forth, latest first.
        artefacts: Artefact by "created_at" true,
    }
}

view! {
    /// A version of a CoP's charter: the *Why, What, How*.
    Charter of c::Charter, CopsRead;
    columns {
        /// The CoP.
        cop_id: CopId,
        /// The number of the version, from 1.
        number: i64,
        /// The theme and why to explore it, as Markdown.
        why: Option<String>,
        /// The approach, as Markdown.
        how: Option<String>,
        /// Where the version is in its life.
        state: CharterStateLabel,
        /// When it was laid before the participating organisations.
        proposed_at: Option<DateTime<Utc>>,
        /// When the last of them agreed.
        agreed_at: Option<DateTime<Utc>>,
    }
    private {}
    derived {
        /// Why, rendered and sanitised.
        why_html: String = ["why"] |tree, _| html(tree, "why"),
        /// How, rendered and sanitised.
        how_html: String = ["how"] |tree, _| html(tree, "how"),
        /// The steps of its life that you may take from here, with what each still waits for.
        allowed_transitions: Steps = ["state", "why", "fact_goals", "fact_cop_status", "fact_part"] |tree, viewer| steps(allowed::of_charter(tree, viewer.scope)?, viewer),
        /// What you may do with it, and why not.
        access: Accesses = ["state", "why", "fact_goals", "fact_cop_status", "fact_part", "fact_participation"] |tree, viewer| access(acc::of_charter(tree, viewer.scope)?, viewer),
    }
    one {
        /// The CoP.
        cop: Cop,
    }
    many {
        /// What is to be reached (*What*).
        goals: Goal by "position" false,
        /// Which organisations have agreed to it.
        agreements: CharterAgreement by "created_at" false,
    }
}

view! {
    /// A goal of a charter: something to have reached in a year.
    Goal of c::Goal, CopsRead;
    columns {
        /// The CoP.
        cop_id: CopId,
        /// The version of the charter.
        charter_id: CharterId,
        /// What is to be reached.
        title: String,
        /// Its place in the charter, from 1.
        position: i64,
        /// How it came out.
        assessment: Option<GoalAssessmentLabel>,
        /// What there is to say about that.
        assessment_note: Option<String>,
        /// Why it needs no anchored artefact.
        waiver_reason: Option<String>,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = ["fact_part", "fact_cop_status", "fact_charter_state"] |tree, viewer| access(acc::of_goal(tree, viewer.scope)?, viewer),
    }
    one {}
    many {
        /// The artefacts that serve it, as far as you see them.
        artefacts: Artefact by "created_at" false,
    }
}

view! {
    /// An organisation's agreement to a version of a charter.
    CharterAgreement of c::CharterAgreement, CopsRead;
    columns {
        /// The CoP.
        cop_id: CopId,
        /// The version of the charter.
        charter_id: CharterId,
        /// The organisation that agreed.
        organisation_id: OrganisationId,
    }
    private {}
    derived {}
    one {
        /// The organisation that agreed.
        organisation: Organisation,
    }
    many {}
}

view! {
    /// An organisation's part in a CoP: a handshake between its host and the organisation.
    Participation of c::Participation, CopsRead;
    columns {
        /// The CoP.
        cop_id: CopId,
        /// The organisation.
        organisation_id: OrganisationId,
        /// Where the handshake is.
        state: ParticipationStateLabel,
        /// What the asking side wrote.
        message: Option<String>,
        /// The codes of the preconditions that the organisation confirmed.
        preconditions_met: Vec<String>,
        /// The version of the concept's agreement text that the organisation agreed to.
        agreement_version: Option<i64>,
        /// When it was accepted, declined or taken back.
        decided_at: Option<DateTime<Utc>>,
        /// When it ended.
        ended_at: Option<DateTime<Utc>>,
    }
    private {}
    derived {
        /// The steps from here that you may take, for the side that you act for.
        allowed_transitions: Steps = ["state", "organisation_id", "fact_cop_status", "fact_part",
            "fact_cop_profile", "fact_concept_profile", "fact_agreement_version"] |tree, viewer| steps(allowed::of_participation(tree, viewer.scope)?, viewer),
        /// What you may do with it, and why not.
        access: Accesses = ["state", "organisation_id", "fact_cop_status", "fact_part", "fact_cop_profile", "fact_concept_profile", "fact_agreement_version"] |tree, viewer| access(acc::of_participation(tree, viewer.scope)?, viewer),
    }
    one {
        /// The CoP.
        cop: Cop,
        /// The organisation.
        organisation: Organisation,
    }
    many {}
}

view! {
    /// Who facilitates or coordinates a CoP, provided by an organisation, for a period.
    Facilitation of c::Facilitation, MembershipsRead;
    columns {
        /// The CoP.
        cop_id: CopId,
        /// The person.
        person_id: PersonId,
        /// The organisation that provides them.
        person_tenant_id: OrganisationId,
        /// What they do.
        role: FacilitationRoleLabel,
        /// Whether they are the one primary facilitator.
        is_primary: bool,
        /// From when.
        start_date: NaiveDate,
        /// Until when; empty while it lasts.
        end_date: Option<NaiveDate>,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = ["person_tenant_id", "is_primary", "role", "end_date", "fact_cop_status", "fact_part"] |tree, viewer| access(acc::of_facilitation(tree, viewer.scope)?, viewer),
    }
    one {
        /// The CoP.
        cop: Cop,
        /// The person.
        person: Person,
    }
    many {}
}

view! {
    /// A person's membership of a CoP (*deelname*).
    Membership of c::Membership, MembershipsRead;
    columns {
        /// The CoP.
        cop_id: CopId,
        /// The person.
        person_id: PersonId,
        /// The person's organisation.
        person_tenant_id: OrganisationId,
        /// The front-runner project that they come from; left out if you may not see it.
        project_id: Option<FrontRunnerProjectId>,
        /// What they do in the CoP.
        role: MembershipRoleLabel,
        /// Where the membership is in its life.
        state: MembershipStateLabel,
        /// Why they want to take part.
        motivation: Option<String>,
        /// When the person said yes.
        person_accepted_at: Option<DateTime<Utc>>,
        /// When they were selected.
        selected_at: Option<DateTime<Utc>>,
        /// When it ended.
        ended_at: Option<DateTime<Utc>>,
        /// Why it ended, or why they were not chosen.
        reason: Option<String>,
    }
    private {}
    derived {
        /// The steps of its life that you may take from here, with what each still waits for.
        allowed_transitions: Steps = ["state", "person_id", "person_tenant_id", "person_accepted_at", "fact_cop_status",
            "fact_part"] |tree, viewer| steps(allowed::of_membership(tree, viewer.scope)?, viewer),
        /// What you may do with it, and why not.
        access: Accesses = ["state", "role", "person_id", "person_tenant_id", "person_accepted_at", "fact_cop_status", "fact_part",
            "fact_cop_profile", "fact_concept_profile", "fact_front_runner"] |tree, viewer| access(acc::of_membership(tree, viewer.scope)?, viewer),
    }
    one {
        /// The CoP.
        cop: Cop,
        /// The person.
        person: Person,
        /// The person's organisation.
        person_tenant: Organisation,
    }
    many {}
}

view! {
    /// A session (*bijeenkomst*) of a CoP, or a clinic or network meeting.
    Session of ses::Session, SessionsRead;
    columns {
        /// The CoP that leads it; none for a clinic or network meeting of no CoP, or where you may not see that one.
        cop_id: Option<CopId>,
        /// What kind it is.
        kind: SessionKindLabel,
        /// Its title.
        title: String,
        /// When it starts.
        starts_at: DateTime<Utc>,
        /// When it ends.
        ends_at: DateTime<Utc>,
        /// The IANA time zone in which it takes place.
        time_zone: String,
        /// Where it takes place.
        place: Option<String>,
        /// An address at which one can join.
        link: Option<String>,
        /// Where it is in its life.
        state: SessionStateLabel,
        /// Why it was cancelled, or held without all perspectives.
        reason: Option<String>,
        /// The report's first question: what was planned, as Markdown.
        planned: Option<String>,
        /// The second: what happened.
        happened: Option<String>,
        /// The third: why it went as it did.
        why: Option<String>,
        /// The fourth: what we learn from it.
        learned: Option<String>,
        /// How many seats there are; none where it does not matter.
        capacity: Option<i64>,
        /// Whether those who come may bring guests along (*introducés*).
        guests_allowed: bool,
        /// How many have a seat.
        registered_count: i64,
        /// How many wait for one.
        waiting_count: i64,
        /// The series that it was planned with.
        series_id: Option<SessionSeriesId>,
        /// How far it is shown: `PARTNERS`, to the people of its CoPs; `NETWORK`, once it is no draft to every organisation
        /// of the network, as far as the ceiling of the CoP that leads it goes.
        audience: AudienceLabel,
        /// Where its recording is, if it was recorded.
        recording_url: Option<String>,
    }
    private {}
    derived {
        /// `planned` as HTML that is safe to show.
        planned_html: String = ["planned"] |tree, _| html(tree, "planned"),
        /// `happened` as HTML that is safe to show.
        happened_html: String = ["happened"] |tree, _| html(tree, "happened"),
        /// `why` as HTML that is safe to show.
        why_html: String = ["why"] |tree, _| html(tree, "why"),
        /// `learned` as HTML that is safe to show.
        learned_html: String = ["learned"] |tree, _| html(tree, "learned"),
        /// For which perspectives an intensive session still lacks an expert; one that is held without them has a reason.
        missing_perspectives: Vec<PerspectiveLabel> = ["kind", "fact_perspectives"] |tree, _| {
            let there: String = tree.get("fact_perspectives")?;
            Some(ses::missing_perspectives(tree.get("kind")?, &there).into_iter().map(E).collect())
        },
        /// The steps of its life that you may take from here, with what each still waits for.
        allowed_transitions: Steps = ["kind", "starts_at", "state", "cop_id", "fact_perspectives", "fact_cop_status", "fact_cop_ended_at", "fact_joined_open", "fact_part"] |tree, viewer| steps(allowed::of_session(tree, viewer.scope, viewer.now)?, viewer),
        /// What you may do with it, and why not.
        access: Accesses = ["kind", "starts_at", "state", "cop_id", "fact_perspectives", "fact_cop_status", "fact_cop_ended_at", "fact_joined_open", "fact_part", "fact_joins"] |tree, viewer| access(acc::of_session(tree, viewer.scope, viewer.now)?, viewer),
    }
    one {
        /// The CoP.
        cop: Cop,
        /// The series that it was planned with.
        series: SessionSeries,
    }
    many {
        /// The CoPs that join it, beside the one that leads it.
        session_cops: SessionCop by "created_at" false,
        /// What is on its agenda.
        agenda_items: AgendaItem by "position" false,
        /// Who comes, as far as you may see it.
        registrations: Registration by "created_at" false,
        /// Who looks at it from outside, and from which side.
        expert_contributions: ExpertContribution by "created_at" false,
        /// What was shown there.
        showings: Showing by "created_at" false,
        /// What came from it, as far as you see that.
        artefacts: Artefact by "created_at" false,
    }
}

view! {
    /// A series of regular sessions (*bijeenkomstenreeks*) as it was planned. Its sessions go their own way: each may be
    /// moved, held or called off by itself.
    SessionSeries of ses::SessionSeries, SessionsRead;
    columns {
        /// The CoP.
        cop_id: CopId,
        /// The title of its sessions.
        title: String,
        /// The rule by which it was planned (RFC 5545, section 3.3.10), such as `FREQ=WEEKLY;COUNT=10`.
        rule: String,
        /// The first day on which a session could be.
        start_date: NaiveDate,
        /// When each session was to start, in the time zone: `10:00`.
        start_time: String,
        /// When each session was to end.
        end_time: String,
        /// The IANA time zone in which it takes place.
        time_zone: String,
        /// Days that were left out.
        except_dates: Vec<NaiveDate>,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = ["fact_part"] |tree, viewer| access(acc::of_session_series(tree, viewer.scope)?, viewer),
    }
    one {
        /// The CoP.
        cop: Cop,
    }
    many {
        /// The sessions that were planned with it.
        sessions: Session by "starts_at" false,
    }
}

view! {
    /// Something on the agenda of a session. In an open space it is raised on the day, by whoever convenes it.
    AgendaItem of ses::AgendaItem, SessionsRead;
    columns {
        /// The session.
        session_id: SessionId,
        /// Its CoP, if it is of one.
        cop_id: Option<CopId>,
        /// Its place on the agenda; of two with the same, the older comes first.
        position: i64,
        /// Its title.
        title: String,
        /// Notes, as Markdown.
        notes: Option<String>,
        /// Who convenes it or speaks.
        convenor_id: Option<PersonId>,
        /// How long it takes.
        minutes: Option<i64>,
        /// Whether it is on the agenda.
        state: AgendaItemStateLabel,
    }
    private {}
    derived {
        /// `notes` as HTML that is safe to show.
        notes_html: String = ["notes"] |tree, _| html(tree, "notes"),
        /// What you may do with it, and why not.
        access: Accesses = ["state", "fact_convenor_id", "fact_session_state", "fact_part"] |tree, viewer| access(acc::of_agenda_item(tree, viewer.scope)?, viewer),
    }
    one {
        /// The session.
        session: Session,
        /// Who convenes it or speaks.
        convenor: Person,
    }
    many {}
}

view! {
    /// Somebody who comes to a session, or waits for a seat; a guest (*introducé*) with who brings them. Seen by the
    /// session's organisation, by that of the person, and by members of its CoP.
    Registration of ses::Registration, SessionsRead;
    columns {
        /// The session.
        session_id: Option<SessionId>,
        /// Its CoP, if it is of one.
        cop_id: Option<CopId>,
        /// Who comes.
        person_id: Option<PersonId>,
        /// The organisation that holds the person.
        person_tenant_id: OrganisationId,
        /// Who brings them along, if they are a guest.
        brought_by_id: Option<PersonId>,
        /// Whether they have a seat.
        state: RegistrationStateLabel,
        /// Whether they were there; none until that is recorded.
        attendance: Option<AttendanceLabel>,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = ["state", "attendance", "person_tenant_id", "fact_person_id", "fact_brought_by_id", "fact_session_state", "fact_part"] |tree, viewer| access(acc::of_registration(tree, viewer.scope)?, viewer),
    }
    one {
        /// The session.
        session: Session,
        /// Who comes.
        person: Person,
        /// The organisation that holds the person.
        person_tenant: Organisation,
        /// Who brings them along.
        brought_by: Person,
    }
    many {}
}

view! {
    /// An expert from outside at a session, with a didactic, change-management or organisational view (*didactische,
    /// veranderkundige, organisatiekundige blik*). Who sees the session sees it; who it is, only those who see the person.
    ExpertContribution of ses::ExpertContribution, SessionsRead;
    columns {
        /// The session.
        session_id: Option<SessionId>,
        /// Its CoP, if it is of one.
        cop_id: Option<CopId>,
        /// The expert.
        person_id: Option<PersonId>,
        /// The organisation that holds the expert.
        person_tenant_id: OrganisationId,
        /// From which side they look at it.
        perspective: PerspectiveLabel,
        /// What they speak of.
        subject: Option<String>,
        /// Whether they come.
        state: ContributionStateLabel,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = ["state", "person_tenant_id", "fact_person_id", "fact_part"] |tree, viewer| access(acc::of_contribution(tree, viewer.scope)?, viewer),
    }
    one {
        /// The session.
        session: Session,
        /// The expert.
        person: Person,
        /// The organisation that holds the expert.
        person_tenant: Organisation,
    }
    many {}
}

view! {
    /// An artefact that was shown at a clinic or network meeting (*delen*).
    Showing of ses::Showing, SessionsRead;
    columns {
        /// The session; left out if you may not see it.
        session_id: Option<SessionId>,
        /// The artefact.
        artefact_id: ArtefactId,
        /// The CoP that it came from.
        cop_id: Option<CopId>,
        /// Which version of it was shown, as in `number` of `ArtefactVersion`; left out of showings from before that was noted.
        number: Option<i64>,
    }
    private {}
    derived {}
    one {
        /// The session.
        session: Session,
        /// The artefact as it is now.
        artefact: Artefact,
        /// The version that was shown, if you may read it.
        shown_version: ArtefactVersion,
    }
    many {}
}

view! {
    /// Something that a community brought forth: a best practice, a lesson learned, an experience, an insight, an outcome
    /// or a practical aid (*praktisch handvat*).
    Artefact of art::Artefact, ArtefactsRead;
    columns {
        /// The CoP that it came from.
        cop_id: Option<CopId>,
        /// The theme that it is about.
        theme_id: Option<ThemeId>,
        /// The session that it came from, if you may see that.
        session_id: Option<SessionId>,
        /// The elements of the concept that it is about. Without them it counts for those of its CoP.
        element_ids: Vec<ConceptElementId>,
        /// What it is.
        kind: ArtefactKindLabel,
        /// Its title.
        title: String,
        /// In a few sentences.
        summary: Option<String>,
        /// The text, as Markdown; may be empty where `sourceUrl` names the piece.
        body: Option<String>,
        /// Where the piece is, if elsewhere.
        source_url: Option<String>,
        /// Its language, such as `nl`.
        language: Option<String>,
        /// Its licence: an SPDX or Creative Commons id.
        licence: Option<String>,
        /// Words to find it by, in lower case.
        tags: Vec<String>,
        /// Where its current version is in its life.
        state: ArtefactStateLabel,
        /// Who its current version is for; the CoP's content ceiling narrows it. In a draft, who it is to be for.
        audience: AudienceLabel,
        /// The number of the current version, from 1.
        number: i64,
        /// When it was handed in first.
        submitted_at: Option<DateTime<Utc>>,
        /// When the current version was validated.
        validated_at: Option<DateTime<Utc>>,
        /// When it was published elsewhere, if it came in as history.
        published_at: Option<DateTime<Utc>>,
        /// How far a lesson learned is; no other kind has it. It is of the lesson now, and not of its versions.
        lesson_state: Option<LessonStateLabel>,
        /// What was asked when it was sent back, until it is handed in again; for its authors and its organisation's token.
        review_comment: Option<String>,
    }
    private {}
    derived {
        /// The body, rendered and sanitised.
        body_html: String = ["body"] |tree, _| html(tree, "body"),
        /// Who wrote it, in their order, as far as you see them.
        author_ids: Vec<PersonId> = ["fact_shown_author_ids"] |tree, _| Some(ids(tree.get("fact_shown_author_ids")?)),
        /// The goals of its CoP that it serves, as far as you see them.
        goal_ids: Vec<GoalId> = ["fact_shown_goal_ids"] |tree, _| Some(ids(tree.get("fact_shown_goal_ids")?)),
        /// How a lesson goes on from here, for its authors: with what its next step asks for in the note.
        lesson_transitions: Steps = ["state", "lesson_state", "cop_id", "fact_cop_status", "fact_part"] |tree, viewer| steps(allowed::of_lesson(tree, viewer.scope)?, viewer),
        /// A warning: the sections that the template of its kind asks for and that the body has not, of the concept of its CoP,
        /// else of its theme, as far as you see that.
        missing_sections: Vec<MissingSection> = ["kind", "body", "source_url", "fact_templates"] |tree, viewer| template::missing(tree, viewer.language),
        /// The steps of its life that you may take from here: writing is its authors', reviewing its CoP's facilitators'.
        allowed_transitions: Steps = ["state", "cop_id", "fact_cop_status", "fact_has_content", "fact_part"] |tree, viewer| steps(allowed::of_artefact(tree, viewer.scope)?, viewer),
        /// What you may do with it, and why not. Of `artefactUpdate` it speaks of changing what it says; its owner can show
        /// it to fewer at any time.
        access: Accesses = ["state", "lesson_state", "cop_id", "fact_cop_status", "fact_has_content", "fact_part"] |tree, viewer| access(acc::of_artefact(tree, viewer.scope)?, viewer),
    }
    one {
        /// The CoP that it came from.
        cop: Cop,
        /// The theme that it is about.
        theme: Theme,
        /// The session that it came from.
        session: Session,
    }
    many {
        /// The goals of its CoP that it serves, as far as you see them.
        goals: Goal by "position" false,
        /// Who wrote it, as far as you may see them.
        authors: Person by "display_name" false,
        /// Its versions, as they were handed in.
        versions: ArtefactVersion by "number" true,
        /// To whom its versions were published, latest first.
        publications: Publication by "created_at" true,
        /// Where it is embedded in practice.
        anchorings: Anchoring by "created_at" false,
        /// What is said about it, as far as you may read it; `parentId` makes threads of it.
        comments: Comment by "created_at" false,
        /// Its files now; those of earlier versions are in `versions`.
        attachments: Attachment by "created_at" false,
        /// The steps of a lesson with what was noted, as far as you may read them.
        lesson_steps: LessonStep by "created_at" false,
    }
}

view! {
    /// Something that is said about an artefact (*reactie*), or an answer to another comment. For members of its CoP who
    /// see the artefact, for the artefact's authors and its organisation, and for that of who said it.
    Comment of art::Comment, ArtefactsRead;
    columns {
        /// The artefact.
        artefact_id: Option<ArtefactId>,
        /// Its CoP, if it is of one.
        cop_id: Option<CopId>,
        /// The comment that it answers.
        parent_id: Option<CommentId>,
        /// Who said it; none where an organisation did, by its own token.
        author_id: Option<PersonId>,
        /// The text, as Markdown; none where it was removed.
        body: Option<String>,
        /// Whether it is there to be read.
        state: CommentStateLabel,
        /// When it was last changed, if it was.
        edited_at: Option<DateTime<Utc>>,
    }
    private {}
    derived {
        /// `body` as HTML that is safe to show.
        body_html: String = ["body"] |tree, _| html(tree, "body"),
        /// What you may do with it, and why not.
        access: Accesses = ["state", "fact_author_id"] |tree, viewer| access(acc::of_comment(tree, viewer.scope)?, viewer),
    }
    one {
        /// The artefact.
        artefact: Artefact,
        /// Who said it.
        author: Person,
        /// The comment that it answers.
        parent: Comment,
    }
    many {}
}

view! {
    /// A file of an artefact (*bijlage*), for who is shown a version of the artefact that has it. It never changes: another
    /// file is another attachment.
    Attachment of art::Attachment, ArtefactsRead;
    columns {
        /// The artefact.
        artefact_id: ArtefactId,
        /// Its name.
        file_name: String,
        /// What it is called.
        title: Option<String>,
        /// What it is, as Markdown.
        description: Option<String>,
        /// Its type, by what is in it.
        content_type: String,
        /// How many bytes it has.
        size: i64,
        /// Its SHA-256, in hexadecimal.
        sha256: String,
    }
    private {
        /// The number of the first version that has it, for its organisation.
        since_number: Option<i64>,
        /// The number of the first version that no longer has it, for its organisation.
        until_number: Option<i64>,
    }
    derived {
        /// Where to download it (GET, with ranges), below the address of this API.
        content_url: String = ["id"] |tree, _| content_url(tree, "att", "attachments"),
        /// `description` as HTML that is safe to show.
        description_html: String = ["description"] |tree, _| html(tree, "description"),
        /// What you may do with it, and why not.
        access: Accesses = ["fact_part", "fact_artefact_state", "fact_artefact_cop_id", "fact_cop_status", "fact_current"] |tree, viewer| access(acc::of_attachment(tree, viewer.scope)?, viewer),
    }
    one {
        /// The artefact as it is now, if you may see that.
        artefact: Artefact,
    }
    many {}
}

view! {
    /// A file on its way in. The organisation's own token sees all of its uploads, and a person their own. What is not
    /// attached within 24 hours is removed.
    Upload of upl::Upload, ArtefactsWrite;
    columns {
        /// Who uploads; none where an organisation does, by its own token.
        person_id: Option<PersonId>,
        /// The name of the file.
        file_name: String,
        /// What its sender calls it.
        media_type: Option<String>,
        /// How many bytes it has.
        size: i64,
        /// Its SHA-256, in hexadecimal: as it was announced, and once it is complete as it is.
        sha256: Option<String>,
        /// How far it is.
        state: UploadStateLabel,
        /// How many bytes are there: go on with the byte of this number.
        received: i64,
        /// Its type, by what is in it, once something is there.
        content_type: Option<String>,
        /// When it is removed if it is not attached.
        expires_at: DateTime<Utc>,
    }
    private {}
    derived {
        /// Where its bytes go (PUT, with Content-Range where it is not all of them), below the address of this API.
        content_url: String = ["id"] |tree, _| content_url(tree, "upl", "uploads"),
        /// What you may do with it, and why not.
        access: Accesses = ["state", "person_id", "expires_at"] |tree, viewer| access(acc::of_upload(tree, viewer.scope, viewer.now)?, viewer),
    }
    one {
        /// Who uploads.
        person: Person,
    }
    many {}
}

view! {
    /// One version of an artefact, as it was handed in. It never changes.
    ArtefactVersion of art::ArtefactVersion, ArtefactsRead;
    columns {
        /// The artefact.
        artefact_id: ArtefactId,
        /// Its number, from 1.
        number: i64,
        /// The title then.
        title: String,
        /// The summary then.
        summary: Option<String>,
        /// The text then, as Markdown.
        body: Option<String>,
        /// The source then.
        source_url: Option<String>,
        /// The language then.
        language: Option<String>,
        /// The licence then.
        licence: Option<String>,
    }
    private {}
    derived {
        /// The body, rendered and sanitised.
        body_html: String = ["body"] |tree, _| html(tree, "body"),
    }
    one {}
    many {
        /// The files of this version.
        attachments: Attachment by "created_at" false,
    }
}

view! {
    /// One version of an artefact for an audience beyond the members of its CoP (*publicatie*). Every organisation that
    /// contributed approves it. One that was withdrawn stays as a tombstone, without what it showed.
    Publication of publ::Publication, ArtefactsRead;
    columns {
        /// The artefact.
        artefact_id: ArtefactId,
        /// The number of the version.
        number: i64,
        /// To whom; the CoP's content ceiling narrows it.
        audience: AudienceLabel,
        /// Where it is in its life.
        state: PublicationStateLabel,
        /// The CoP that the artefact came from.
        cop_id: Option<CopId>,
        /// Since when it is shown.
        published_at: Option<DateTime<Utc>>,
        /// When it was withdrawn.
        withdrawn_at: Option<DateTime<Utc>>,
        /// Which organisation withdrew it.
        withdrawn_by_id: Option<OrganisationId>,
    }
    private {}
    derived {
        /// The steps of its life that you may take from here.
        allowed_transitions: Steps = ["state", "fact_part", "fact_artefact_seen"] |tree, viewer| {
            steps(allowed::of_publication(tree, viewer.scope)?, viewer)
        },
        /// What you may do with it, and why not.
        access: Accesses = ["state", "fact_part", "fact_artefact_seen"] |tree, viewer| access(acc::of_publication(tree, viewer.scope)?, viewer),
    }
    one {
        /// The version that it shows; empty once it is withdrawn.
        published_version: ArtefactVersion,
        /// The artefact as it is now, if you may see that.
        artefact: Artefact,
        /// The CoP that the artefact came from.
        cop: Cop,
    }
    many {
        /// What the organisations that contributed said: all of it for the artefact's owner, else your own's.
        approvals: PublicationApproval by "created_at" false,
    }
}

view! {
    /// What an organisation that contributed to an artefact says of its publication.
    PublicationApproval of publ::PublicationApproval, ArtefactsRead;
    columns {
        /// The publication.
        publication_id: PublicationId,
        /// The organisation that is asked.
        organisation_id: OrganisationId,
        /// What it said.
        state: ApprovalStateLabel,
        /// What those who asked wrote.
        message: Option<String>,
        /// Why it said no, or took its yes back.
        reason: Option<String>,
        /// When it said so.
        decided_at: Option<DateTime<Utc>>,
    }
    private {}
    derived {}
    one {
        /// The publication.
        publication: Publication,
        /// The organisation that is asked.
        organisation: Organisation,
    }
    many {}
}

view! {
    /// Where an artefact is embedded in an organisation's practice (*vastleggen, borgen*).
    Anchoring of art::Anchoring, ArtefactsRead;
    columns {
        /// The artefact.
        artefact_id: ArtefactId,
        /// Where in the organisation's practice.
        place: String,
        /// Who sees to it.
        owner_person_id: Option<PersonId>,
        /// Whether it is embedded now.
        state: AnchoringStateLabel,
        /// When to look at it again.
        review_date: Option<NaiveDate>,
    }
    private {}
    derived {
        /// Whether it is anchored, and to be looked at again by now.
        due_for_review: bool = ["state", "review_date"] |tree, viewer| Some(over::is_due(tree.get("state")?, tree.get("review_date")?, viewer.now.date_naive())),
        /// The steps from here that you may take.
        allowed_transitions: Steps = ["state", "review_date", "fact_part"] |tree, viewer| steps(allowed::of_anchoring(tree, viewer.scope, viewer.now)?, viewer),
        /// What you may do with it, and why not.
        access: Accesses = ["state", "review_date", "fact_part"] |tree, viewer| access(acc::of_anchoring(tree, viewer.scope, viewer.now)?, viewer),
    }
    one {
        /// The artefact.
        artefact: Artefact,
    }
    many {}
}

view! {
    /// An access token, as far as it is kept: its text is shown once, when it is issued.
    Token of tok::Token, TokensManage;
    columns {
        /// Its name.
        name: String,
        /// Whose token it is.
        kind: TokenKindLabel,
        /// What it may do at all.
        scopes: Vec<ScopeLabel>,
        /// Whom to write to about it.
        owner_contact: Option<String>,
        /// Until when it is good.
        expires_at: DateTime<Utc>,
        /// When it was revoked.
        revoked_at: Option<DateTime<Utc>>,
        /// When it was used last, to about a minute.
        last_used_at: Option<DateTime<Utc>>,
        /// Whom a member token acts for.
        person_id: Option<PersonId>,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = ["kind", "revoked_at", "expires_at"] |tree, viewer| access(acc::of_token(tree, viewer.scope, viewer.now)?, viewer),
    }
    one {}
    many {}
}

view! {
    /// A calendar feed (*agenda-abonnement*): an address of its own, at which a calendar program finds the sessions that its
    /// maker may see now, as iCalendar (RFC 5545). The address is shown once, when it is made.
    CalendarFeed of cal::CalendarFeed, CalendarsManage;
    columns {
        /// Its name, which calendar programs show.
        name: String,
        /// Whose eyes it sees with; those of the organisation where there is none.
        person_id: Option<PersonId>,
        /// The CoP whose sessions it shows; where there is none, all of the CoPs that the person is in or guides, and those
        /// that they are registered for.
        cop_id: Option<CopId>,
        /// Until when it is good.
        expires_at: DateTime<Utc>,
        /// When it was revoked.
        revoked_at: Option<DateTime<Utc>>,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = ["person_id"] |tree, viewer| access(acc::of_calendar_feed(tree, viewer.scope)?, viewer),
    }
    one {}
    many {}
}

view! {
    /// An import: a job that takes rows in.
    ImportJob of imp::ImportJob, ImportsRead;
    columns {
        /// What its rows are.
        collection: ImportCollectionLabel,
        /// How it is doing.
        state: ImportStateLabel,
        /// Whether it only says what it would do.
        dry_run: bool,
        /// Whether states and dates are set as given.
        history: bool,
        /// How many rows were looked at so far.
        rows_read: i64,
        /// How many were new.
        created: i64,
        /// How many were brought up to date.
        updated: i64,
        /// How many were already as the row says.
        unchanged: i64,
        /// How many were refused.
        failed: i64,
        /// When it ended.
        finished_at: Option<DateTime<Utc>>,
    }
    private {}
    derived {}
    one {}
    many {}
}
