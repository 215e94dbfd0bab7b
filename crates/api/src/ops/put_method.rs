//! What the method has beside CoPs and artefacts, by `externalId`, one at a time: as a line of an import takes it.

use super::put::expected;
use crate::{model::names::*, ops};
use chrono::NaiveDate;
use evolva_domain::{artefact as art, cop, exchange as exc, guide as gui, project as prj, upsert};

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

    /// Finds the attachment with this `externalId`, or attaches an uploaded file to an own artefact; after that was handed in, a new
    /// one makes a new version of it. A file is not changed, but removed with `attachmentRemove`. For the organisation's own token: no
    /// person puts.
    AttachmentPut attachment_put "putAttachment" PUT "/attachments/by-external-id/{externalId}" ["artefacts:write"]
    AttachmentPutInput {
        /// Your own key for the attachment.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The artefact, by your key for it.
        artefact_external_id: String,
        /// What was uploaded: all of its bytes are there. Of an attachment that is there, the one that it was made of.
        upload_id: UploadId,
        /// What it is called.
        title: Option<String>,
        /// What it is, as Markdown.
        description: Option<String>,
    }
    -> AttachmentPutPayload { attachment: Attachment of art::Attachment }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_attachment(&call.ctx, &call.scope, expected, upsert::AttachmentRow {
            external_id: input.external_id, artefact_external_id: input.artefact_external_id, upload_id: input.upload_id.0,
            title: input.title, description: input.description,
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
