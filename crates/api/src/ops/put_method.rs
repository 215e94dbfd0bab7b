//! What the method has beside CoPs and artefacts, by `externalId`, one at a time: as a line of an import takes it.

use super::put::expected;
use crate::{model::names::*, ops};
use chrono::{DateTime, NaiveDate, Utc};
use evolva_domain::{artefact as art, cop, exchange as exc, guide as gui, project as prj, session as ses, upsert};

ops! { MethodPutMutations;
    /// Brings the front-runner project with this `externalId` up to date, or describes it. What is left out is emptied, but for
    /// how far it may be seen, which stays; its element stays too. For the organisation's own token: no person puts.
    FrontRunnerProjectPut front_runner_project_put "putFrontRunnerProject" PUT "/front-runner-projects/by-external-id/{externalId}" ["projects:write"]
    FrontRunnerProjectPutInput {
        /// Your own key for the project.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// Its title.
        title: String,
        /// The element that it masters, by its id: it is mostly the network operator's. It stays.
        element_id: ConceptElementId,
        /// What it is special in.
        speciality: Option<String>,
        /// What others can learn from it.
        #[serde(default)] #[graphql(default)] strengths: Vec<String>,
        /// How far it may be seen: ORGANISATION or NETWORK; ORGANISATION for a new one.
        audience: Option<AudienceLabel>,
    }
    -> FrontRunnerProjectPutPayload { front_runner_project: FrontRunnerProject of prj::FrontRunnerProject }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_front_runner_project(&call.ctx, &call.scope, expected, upsert::FrontRunnerProjectRow {
            external_id: input.external_id, title: input.title, element_id: input.element_id.0, speciality: input.speciality,
            strengths: input.strengths, audience: input.audience.map(|one| one.0),
        }).await
    };

    /// Finds the front-runner with this `externalId`, or adds one of the own people to an own project. It stays one person in one
    /// project. For the organisation's own token: no person puts.
    FrontRunnerPut front_runner_put "putFrontRunner" PUT "/front-runners/by-external-id/{externalId}" ["projects:write"]
    FrontRunnerPutInput {
        /// Your own key for the front-runner.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The project, by your key for it.
        project_external_id: String,
        /// The person, by your key for them.
        person_external_id: String,
    }
    -> FrontRunnerPutPayload { front_runner: FrontRunner of prj::FrontRunner }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_front_runner(&call.ctx, &call.scope, expected, upsert::FrontRunnerRow {
            external_id: input.external_id, project_external_id: input.project_external_id,
            person_external_id: input.person_external_id, state: None,
        }).await
    };

    /// Brings the exchange with this `externalId` up to date, or records it. It stays what passed between two projects; its date
    /// and note can change until it is withdrawn. For the organisation's own token: no person puts.
    ExchangePut exchange_put "putExchange" PUT "/exchanges/by-external-id/{externalId}" ["projects:write"]
    ExchangePutInput {
        /// Your own key for the exchange.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// Your project, whose strength it is, by your key for it.
        giving_project_external_id: String,
        /// The project that it was passed to, if it is your own: by your key for it. This or `receivingProjectId`.
        receiving_project_external_id: Option<String>,
        /// The same if it is another organisation's that you may see: by its id.
        receiving_project_id: Option<FrontRunnerProjectId>,
        /// The strength: one of the giving project's `strengths`.
        strength: String,
        /// The own CoP in which it happened, if in one, by your key for it.
        cop_external_id: Option<String>,
        /// The own session at which it happened, if at one, by your key for it.
        session_external_id: Option<String>,
        /// When it happened; not in the future.
        exchanged_date: NaiveDate,
        /// A note, up to 2,000 characters.
        note: Option<String>,
    }
    -> ExchangePutPayload { exchange: Exchange of exc::Exchange }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_exchange(&call.ctx, &call.scope, expected, upsert::ExchangeRow {
            external_id: input.external_id, giving_project_external_id: input.giving_project_external_id,
            receiving_project_external_id: input.receiving_project_external_id,
            receiving_project_id: input.receiving_project_id.map(|id| id.0), strength: input.strength,
            cop_external_id: input.cop_external_id, session_external_id: input.session_external_id,
            exchanged_date: input.exchanged_date, note: input.note, state: None, learned: None, acknowledged_at: None,
        }).await
    };

    /// Brings the guide with this `externalId` up to date, or makes it. What is left out is emptied; its steps stay. For the
    /// organisation's own token: no person puts.
    GuidePut guide_put "putGuide" PUT "/guides/by-external-id/{externalId}" ["guides:write"]
    GuidePutInput {
        /// Your own key for the guide.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// Its title in Dutch.
        title_nl: String,
        /// Its title in English.
        title_en: Option<String>,
        /// What it is for, in Dutch.
        summary_nl: Option<String>,
        /// What it is for, in English.
        summary_en: Option<String>,
        /// What it is made after, or what to read beside it, in words.
        source: Option<String>,
        /// An address of that.
        source_url: Option<String>,
        /// The licence of the guide's text.
        licence: Option<String>,
    }
    -> GuidePutPayload { guide: Guide of gui::Guide }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_guide(&call.ctx, &call.scope, expected, upsert::GuideRow {
            external_id: input.external_id, title_nl: input.title_nl, title_en: input.title_en, summary_nl: input.summary_nl,
            summary_en: input.summary_en, source: input.source, source_url: input.source_url, licence: input.licence,
        }).await
    };

    /// Brings the step with this `externalId` up to date, or adds it to an own guide, at its end if it has no place. What is left
    /// out is emptied, but for its place, which stays, as its guide does. For the organisation's own token: no person puts.
    GuideStepPut guide_step_put "putGuideStep" PUT "/guide-steps/by-external-id/{externalId}" ["guides:write"]
    GuideStepPutInput {
        /// Your own key for the step.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The guide, by your key for it.
        guide_external_id: String,
        /// Its title in Dutch.
        title_nl: String,
        /// Its title in English.
        title_en: Option<String>,
        /// What to do, in Dutch, as Markdown.
        body_nl: Option<String>,
        /// What to do, in English, as Markdown.
        body_en: Option<String>,
        /// Its place in the guide, 1 to 10,000.
        position: Option<i64>,
    }
    -> GuideStepPutPayload { guide_step: GuideStep of gui::GuideStep }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_guide_step(&call.ctx, &call.scope, expected, upsert::GuideStepRow {
            external_id: input.external_id, guide_external_id: input.guide_external_id, title_nl: input.title_nl,
            title_en: input.title_en, body_nl: input.body_nl, body_en: input.body_en, position: input.position, state: None,
        }).await
    };

    /// Brings the progress with this `externalId` up to date, or records how far an own CoP is with a step. It stays that of one
    /// CoP and one step. For the organisation's own token: no person puts.
    StepProgressPut step_progress_put "putStepProgress" PUT "/step-progress/by-external-id/{externalId}" ["cops:write"]
    StepProgressPutInput {
        /// Your own key for the progress.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The CoP, by your key for it.
        cop_external_id: String,
        /// The step, if it is of your own guide: by your key for it. This or `stepId`.
        step_external_id: Option<String>,
        /// The same if it is of a guide that the network sees: by its id.
        step_id: Option<GuideStepId>,
        /// How far it is.
        state: ProgressStateLabel,
        /// By what that shows, in words.
        evidence: Option<String>,
        /// An address of that.
        evidence_url: Option<String>,
    }
    -> StepProgressPutPayload { step_progress: StepProgress of gui::StepProgress }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_step_progress(&call.ctx, &call.scope, expected, upsert::StepProgressRow {
            external_id: input.external_id, cop_external_id: input.cop_external_id, step_external_id: input.step_external_id,
            step_id: input.step_id.map(|id| id.0), state: input.state.0, evidence: input.evidence,
            evidence_url: input.evidence_url, done_at: None,
        }).await
    };

    /// Brings the session with this `externalId` up to date, or plans it as a draft. What is left out is emptied, but for its CoP,
    /// time zone, report and recording, which stay. Its plan can change until it is held, its report once it has one. For the
    /// organisation's own token: no person puts.
    SessionPut session_put "putSession" PUT "/sessions/by-external-id/{externalId}" ["sessions:write"]
    SessionPutInput {
        /// Your own key for the session.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The own CoP, by your key for it; may be left out for a clinic or network meeting. A session stays that of its CoP.
        cop_external_id: Option<String>,
        /// What kind it is. It stays.
        kind: SessionKindLabel,
        /// Its title.
        title: String,
        /// When it starts.
        starts_at: DateTime<Utc>,
        /// When it ends.
        ends_at: DateTime<Utc>,
        /// The IANA time zone in which it takes place; Europe/Amsterdam for a new one.
        time_zone: Option<String>,
        /// Where it takes place.
        place: Option<String>,
        /// An address at which one can join.
        link: Option<String>,
        /// How many seats there are, 1 to 10,000; any number if left out.
        capacity: Option<i64>,
        /// Whether those who come may bring guests along (*introducés*).
        #[serde(default)] #[graphql(default)] guests_allowed: bool,
        /// How far it is shown: `PARTNERS`, or `NETWORK` for a clinic or network meeting. Left out, it stays.
        audience: Option<AudienceLabel>,
        /// Where its recording is, once it was held: an https address.
        recording_url: Option<String>,
        /// The report's first question: what was planned, as Markdown.
        planned: Option<String>,
        /// The second: what happened.
        happened: Option<String>,
        /// The third: why it went as it did.
        why: Option<String>,
        /// The fourth: what we learn from it.
        learned: Option<String>,
    }
    -> SessionPutPayload { session: Session of ses::Session }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_session(&call.ctx, &call.scope, expected, upsert::SessionRow {
            external_id: input.external_id, cop_external_id: input.cop_external_id, kind: input.kind.0, title: input.title,
            starts_at: input.starts_at, ends_at: input.ends_at, time_zone: input.time_zone, place: input.place,
            link: input.link, capacity: input.capacity, guests_allowed: input.guests_allowed,
            audience: input.audience.map(|one| one.0), recording_url: input.recording_url, planned: input.planned, happened: input.happened, why: input.why,
            learned: input.learned, state: None, reason: None,
        }).await
    };

    /// Brings the agenda item with this `externalId` up to date, or puts it on the agenda of an own session that was not held, at
    /// its end if it has no place. What is left out is emptied, but for its place; who convenes it stays. For the organisation's
    /// own token: no person puts.
    AgendaItemPut agenda_item_put "putAgendaItem" PUT "/agenda-items/by-external-id/{externalId}" ["sessions:write"]
    AgendaItemPutInput {
        /// Your own key for the agenda item.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The session, by your key for it.
        session_external_id: String,
        /// Its title.
        title: String,
        /// Notes, as Markdown.
        notes: Option<String>,
        /// Who convenes it or speaks, if it is one of your own people: by your key for them. This or `convenorId`, or neither.
        convenor_external_id: Option<String>,
        /// The same if it is another organisation's whom you may see: by their id.
        convenor_id: Option<PersonId>,
        /// How long it takes, 1 to 1440 minutes.
        minutes: Option<i64>,
        /// Its place on the agenda, 1 to 10,000.
        position: Option<i64>,
    }
    -> AgendaItemPutPayload { agenda_item: AgendaItem of ses::AgendaItem }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_agenda_item(&call.ctx, &call.scope, expected, upsert::AgendaItemRow {
            external_id: input.external_id, session_external_id: input.session_external_id, title: input.title,
            notes: input.notes, convenor_external_id: input.convenor_external_id,
            convenor_id: input.convenor_id.map(|id| id.0), minutes: input.minutes, position: input.position, state: None,
        }).await
    };

    /// Brings the contribution with this `externalId` up to date, or invites the expert to an own session that was not held. It
    /// stays what one expert brings to one session; what they speak of can change. For the organisation's own token: no person
    /// puts.
    ExpertContributionPut expert_contribution_put "putExpertContribution" PUT "/expert-contributions/by-external-id/{externalId}" ["sessions:write"]
    ExpertContributionPutInput {
        /// Your own key for the contribution.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The session, by your key for it.
        session_external_id: String,
        /// The expert, if your organisation holds them: by your key for them. This or `personId`.
        person_external_id: Option<String>,
        /// The same if it is another organisation's who may be found: by their id.
        person_id: Option<PersonId>,
        /// From which side they look at it.
        perspective: PerspectiveLabel,
        /// What they speak of.
        subject: Option<String>,
    }
    -> ExpertContributionPutPayload { expert_contribution: ExpertContribution of ses::ExpertContribution }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_expert_contribution(&call.ctx, &call.scope, expected, upsert::ExpertContributionRow {
            external_id: input.external_id, session_external_id: input.session_external_id,
            person_external_id: input.person_external_id, person_id: input.person_id.map(|id| id.0),
            perspective: input.perspective.0, subject: input.subject, state: None,
        }).await
    };

    /// Finds the registration with this `externalId`, or registers somebody for an own session that is scheduled; where no seat is
    /// left, they wait for one. It stays that of one person for one session. For the organisation's own token: no person puts.
    RegistrationPut registration_put "putRegistration" PUT "/registrations/by-external-id/{externalId}" ["sessions:write"]
    RegistrationPutInput {
        /// Your own key for the registration.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The session, by your key for it.
        session_external_id: String,
        /// Who comes, if it is one of your own people: by your key for them. This or `personId`.
        person_external_id: Option<String>,
        /// The same if it is another organisation's whom you may see: by their id.
        person_id: Option<PersonId>,
        /// Who brings them along, if they are a guest (*introducé*), by your key for them. This or `broughtById`, or neither.
        brought_by_external_id: Option<String>,
        /// The same if it is another organisation's: by their id.
        brought_by_id: Option<PersonId>,
    }
    -> RegistrationPutPayload { registration: Registration of ses::Registration }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_registration(&call.ctx, &call.scope, expected, upsert::RegistrationRow {
            external_id: input.external_id, session_external_id: input.session_external_id,
            person_external_id: input.person_external_id, person_id: input.person_id.map(|id| id.0),
            brought_by_external_id: input.brought_by_external_id, brought_by_id: input.brought_by_id.map(|id| id.0),
            state: None, attendance: None,
        }).await
    };

    /// Brings the anchoring with this `externalId` up to date, or plans it. What is left out is emptied; it stays that of its
    /// artefact. For the organisation's own token: no person puts.
    AnchoringPut anchoring_put "putAnchoring" PUT "/anchorings/by-external-id/{externalId}" ["artefacts:write"]
    AnchoringPutInput {
        /// Your own key for the anchoring.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The artefact, if it is your own: by your key for it. This or `artefactId`.
        artefact_external_id: Option<String>,
        /// The same if it is another organisation's that you may see: by its id.
        artefact_id: Option<ArtefactId>,
        /// Where in the organisation's practice.
        place: String,
        /// Who sees to it: a person of the own organisation, by your key for them.
        owner_person_external_id: Option<String>,
        /// When to look at it again.
        review_date: Option<NaiveDate>,
    }
    -> AnchoringPutPayload { anchoring: Anchoring of art::Anchoring }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_anchoring(&call.ctx, &call.scope, expected, upsert::AnchoringRow {
            external_id: input.external_id, artefact_external_id: input.artefact_external_id,
            artefact_id: input.artefact_id.map(|id| id.0), place: input.place,
            owner_person_external_id: input.owner_person_external_id, review_date: input.review_date, state: None,
        }).await
    };

    /// Brings the charter with this `externalId` up to date, or drafts it for an own CoP; what was proposed is no longer put. What
    /// is left out is emptied. For the organisation's own token: no person puts.
    CharterPut charter_put "putCharter" PUT "/charters/by-external-id/{externalId}" ["cops:write"]
    CharterPutInput {
        /// Your own key for the charter.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The CoP, by your key for it. It stays.
        cop_external_id: String,
        /// The theme and why to explore it, as Markdown.
        why: Option<String>,
        /// The approach, as Markdown.
        how: Option<String>,
    }
    -> CharterPutPayload { charter: Charter of cop::Charter }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_charter(&call.ctx, &call.scope, expected, upsert::CharterRow {
            external_id: input.external_id, cop_external_id: input.cop_external_id, why: input.why, how: input.how,
            number: None, state: None, agreed_at: None,
        }).await
    };

    /// Rewords the goal with this `externalId`, or adds it to a charter that is a draft. For the organisation's own token: no
    /// person puts.
    GoalPut goal_put "putGoal" PUT "/goals/by-external-id/{externalId}" ["cops:write"]
    GoalPutInput {
        /// Your own key for the goal.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The charter, by your key for it. It stays.
        charter_external_id: String,
        /// What to have reached.
        title: String,
        /// The place of a new one among the goals, 1 to 50; behind the others if left out. One that is there is moved with
        /// `goalUpdate`.
        position: Option<i64>,
    }
    -> GoalPutPayload { goal: Goal of cop::Goal }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_goal(&call.ctx, &call.scope, expected, upsert::GoalRow {
            external_id: input.external_id, charter_external_id: input.charter_external_id, title: input.title,
            position: input.position, assessment: None, note: None, waiver_reason: None,
        }).await
    };

    /// Finds the showing with this `externalId`, or says that an artefact was shown at an own clinic or network meeting that took
    /// place. For the organisation's own token: no person puts.
    ShowingPut showing_put "putShowing" PUT "/showings/by-external-id/{externalId}" ["sessions:write"]
    ShowingPutInput {
        /// Your own key for the showing.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The session, by your key for it. It stays.
        session_external_id: String,
        /// The artefact, if it is your own: by your key for it. This or `artefactId`. It stays.
        artefact_external_id: Option<String>,
        /// The same if it is another organisation's that you may see: by its id.
        artefact_id: Option<ArtefactId>,
        /// Which version of it was shown, by its `number`; of a new showing the current one if nothing is said.
        number: Option<i64>,
    }
    -> ShowingPutPayload { showing: Showing of ses::Showing }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_showing(&call.ctx, &call.scope, expected, upsert::ShowingRow {
            external_id: input.external_id, session_external_id: input.session_external_id,
            artefact_external_id: input.artefact_external_id, artefact_id: input.artefact_id.map(|id| id.0),
            number: input.number,
        }).await
    };

    /// Says otherwise what stands under this `externalId`, or says it about an artefact in the organisation's name. For the
    /// organisation's own token: no person puts.
    CommentPut comment_put "putComment" PUT "/comments/by-external-id/{externalId}" ["artefacts:write"]
    CommentPutInput {
        /// Your own key for the comment.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The artefact, if it is your own: by your key for it. This or `artefactId`.
        artefact_external_id: Option<String>,
        /// The same if it is another organisation's that you may see: by its id.
        artefact_id: Option<ArtefactId>,
        /// What it answers, if it answers a comment of your own: by your key for it. This or `parentId`, or neither.
        parent_external_id: Option<String>,
        /// The same if it is another organisation's comment: by its id.
        parent_id: Option<CommentId>,
        /// What is said, as Markdown.
        body: String,
    }
    -> CommentPutPayload { comment: Comment of art::Comment }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_comment(&call.ctx, &call.scope, expected, upsert::CommentRow {
            external_id: input.external_id, artefact_external_id: input.artefact_external_id,
            artefact_id: input.artefact_id.map(|id| id.0), parent_external_id: input.parent_external_id,
            parent_id: input.parent_id.map(|id| id.0), body: input.body, author_external_id: None, posted_at: None,
        }).await
    };
}
