//! Artefacts, their files, what is said about them, and where they are embedded in practice.

use super::ids;
use crate::{model::names::*, ops};
use chrono::NaiveDate;
use evolva_domain::{artefact as art, file::upload as upl};

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
        /// The session that it comes from: one of its CoP, if it has one.
        session_id: Option<SessionId>,
        /// The elements of the concept that it is about. Without them it counts for those of its CoP.
        #[serde(default)] #[graphql(default)] element_ids: Vec<ConceptElementId>,
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
        /// The goals of its CoP that it serves, of a charter that was agreed.
        #[serde(default)] #[graphql(default)] goal_ids: Vec<GoalId>,
    }
    -> ArtefactCreatePayload { artefact: Artefact of art::Artefact }
    |call, input| art::create(&call.ctx, &call.scope, art::Create {
        external_id: input.external_id, cop_id: input.cop_id.map(|id| id.0), theme_id: input.theme_id.map(|id| id.0),
        session_id: input.session_id.map(|id| id.0), element_ids: ids(input.element_ids), kind: input.kind.0, title: input.title,
        summary: input.summary, body: input.body, source_url: input.source_url, language: input.language,
        licence: input.licence, tags: input.tags, audience: input.audience.map(|one| one.0), author_ids: ids(input.author_ids), goal_ids: ids(input.goal_ids),
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
        /// The session that it comes from.
        #[serde(default)] session_id: ChangeSessionId,
        /// The elements of the concept that it is about.
        element_ids: Option<Vec<ConceptElementId>>,
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
        /// The goals of its CoP that it serves, of a charter that was agreed.
        goal_ids: Option<Vec<GoalId>>,
    }
    -> ArtefactUpdatePayload { artefact: Artefact of art::Artefact }
    |call, input| art::update(&call.ctx, &call.scope, art::Update {
        id: input.id.0, version: input.version, theme_id: input.theme_id.map(|id| id.0),
        session_id: input.session_id.map(|id| id.0), element_ids: input.element_ids.map(ids), kind: input.kind.map(|one| one.0),
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

    /// Sends an artefact back to its authors, with what is asked of them: the artefact's `reviewComment`, until it is handed in
    /// again. For those who facilitate or coordinate its CoP.
    ArtefactSendBack artefact_send_back "sendBackArtefact" POST "/artefacts/{id}/send-back" ["artefacts:validate"]
    ArtefactSendBackInput {
        /// The artefact.
        id: ArtefactId,
        /// What is to be changed, and why; up to 2000 characters.
        comment: Option<String>,
    }
    -> ArtefactSendBackPayload { artefact: Artefact of art::Artefact }
    |call, input| art::send_back(&call.ctx, &call.scope, input.id.0, input.comment).await;

    /// Takes a validated artefact out of recommendation.
    ArtefactRetire artefact_retire "retireArtefact" POST "/artefacts/{id}/retire" ["artefacts:write"]
    ArtefactRetireInput {
        /// The artefact.
        id: ArtefactId,
    }
    -> ArtefactRetirePayload { artefact: Artefact of art::Artefact }
    |call, input| art::retire(&call.ctx, &call.scope, input.id.0).await;

    /// Takes a lesson learned a step further: `IDENTIFIED`, then `ACTIONED` with what was done about it, then `LEARNED` with what
    /// has changed by it. For its authors and its organisation's admins, also when the CoP is over.
    ArtefactLessonAdvance artefact_lesson_advance "advanceLesson" POST "/artefacts/{id}/advance-lesson" ["artefacts:write"]
    ArtefactLessonAdvanceInput {
        /// The lesson.
        id: ArtefactId,
        /// How far it comes: the step after the one that it is at.
        to: LessonStateLabel,
        /// What lies beneath it, what was done about it, or what has changed by it; the last two steps ask for it.
        note: Option<String>,
    }
    -> ArtefactLessonAdvancePayload { artefact: Artefact of art::Artefact }
    |call, input| art::lesson::advance(&call.ctx, &call.scope, art::lesson::Advance {
        id: input.id.0, to: input.to.0, note: input.note,
    }).await;

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

    /// Changes where an artefact is embedded, who sees to it, and when to look at it again. After a review, say its next day.
    /// For the organisation's admin, and for its members of the artefact's CoP.
    AnchoringUpdate anchoring_update "updateAnchoring" PATCH "/anchorings/{id}" ["artefacts:write"]
    AnchoringUpdateInput {
        /// The anchoring.
        id: AnchoringId,
        /// The version that you read.
        version: Option<i64>,
        /// Where in the organisation's practice.
        place: Option<String>,
        /// Who sees to it: a person of the own organisation.
        #[serde(default)] owner_person_id: ChangePersonId,
        /// When to look at it again: of what is anchored, today or later.
        #[serde(default)] review_date: ChangeDate,
    }
    -> AnchoringUpdatePayload { anchoring: Anchoring of art::Anchoring }
    |call, input| art::update_anchoring(&call.ctx, &call.scope, art::UpdateAnchoring {
        id: input.id.0, version: input.version, place: input.place,
        owner_person_id: input.owner_person_id.map(|id| id.0), review_date: input.review_date.into(),
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

    /// Says something about an artefact, or answers another comment on it. For who may write in its CoP; of an artefact of
    /// no CoP, for its organisation.
    CommentPost comment_post "postComment" POST "/comments" ["artefacts:write"]
    CommentPostInput {
        /// The artefact.
        artefact_id: ArtefactId,
        /// The comment that it answers.
        parent_id: Option<CommentId>,
        /// The text, as Markdown.
        body: String,
    }
    -> CommentPostPayload { comment: Comment of art::Comment }
    |call, input| art::comment::post(&call.ctx, &call.scope, art::comment::Post {
        artefact_id: input.artefact_id.0, parent_id: input.parent_id.map(|id| id.0), body: input.body,
    }).await;

    /// Says a comment otherwise. For its author, and for the admin of their organisation.
    CommentEdit comment_edit "editComment" PATCH "/comments/{id}" ["artefacts:write"]
    CommentEditInput {
        /// The comment.
        id: CommentId,
        /// The version that you read.
        version: Option<i64>,
        /// The text, as Markdown.
        body: String,
    }
    -> CommentEditPayload { comment: Comment of art::Comment }
    |call, input| art::comment::edit(&call.ctx, &call.scope, art::comment::Edit {
        id: input.id.0, version: input.version, body: input.body,
    }).await;

    /// Takes a comment back: that there was one stays, for what hangs below it.
    CommentRemove comment_remove "removeComment" POST "/comments/{id}/remove" ["artefacts:write"]
    CommentRemoveInput {
        /// The comment.
        id: CommentId,
    }
    -> CommentRemovePayload { comment: Comment of art::Comment }
    |call, input| art::comment::remove(&call.ctx, &call.scope, input.id.0).await;

    /// Announces a file that is to be attached to an artefact. Its bytes go to `contentUrl`.
    UploadCreate upload_create "createUpload" POST "/uploads" ["artefacts:write"]
    UploadCreateInput {
        /// The name of the file, without a folder.
        file_name: String,
        /// How many bytes it has, at most 1073741824 (1 GiB).
        size: i64,
        /// What you call it, such as application/pdf. What it is shown as, its bytes say.
        media_type: Option<String>,
        /// Its SHA-256 in hexadecimal; what arrives and is another file is refused.
        sha256: Option<String>,
    }
    -> UploadCreatePayload { upload: Upload of upl::Upload }
    |call, input| upl::create(&call.ctx, &call.scope, upl::Create {
        file_name: input.file_name, size: input.size, media_type: input.media_type, sha256: input.sha256,
    }).await;

    /// Takes a part of an upload that was sent straight to the store of files, to the address that `uploadPart` gave.
    UploadTakePart upload_take_part "takeUploadPart" POST "/uploads/{id}/take-part" ["artefacts:write"]
    UploadTakePartInput {
        /// The upload.
        id: UploadId,
    }
    -> UploadTakePartPayload { upload: Upload of upl::Upload }
    |call, input| upl::take_part(&call.ctx, &call.scope, input.id.0).await;

    /// Attaches an uploaded file to an artefact, for who may change its text. After the artefact was handed in, this makes a
    /// new version, as a change of its text does.
    AttachmentAdd attachment_add "addAttachment" POST "/attachments" ["artefacts:write"]
    AttachmentAddInput {
        /// The artefact.
        artefact_id: ArtefactId,
        /// The upload, which is complete.
        upload_id: UploadId,
        /// What it is called.
        title: Option<String>,
        /// What it is, as Markdown.
        description: Option<String>,
    }
    -> AttachmentAddPayload { attachment: Attachment of art::Attachment }
    |call, input| art::attachment::add(&call.ctx, &call.scope, art::attachment::Add {
        artefact_id: input.artefact_id.0, upload_id: input.upload_id.0, title: input.title, description: input.description,
    }).await;

    /// Takes a file out of an artefact, for who may change its text. After the artefact was handed in, this makes a new
    /// version, and the versions before it keep the file; what no version ever had is deleted.
    AttachmentRemove attachment_remove "removeAttachment" POST "/attachments/{id}/remove" ["artefacts:write"]
    AttachmentRemoveInput {
        /// The attachment.
        id: AttachmentId,
    }
    -> AttachmentRemovePayload { attachment: Attachment of art::Attachment }
    |call, input| art::attachment::remove(&call.ctx, &call.scope, input.id.0).await;
}
