//! Guides, and how far CoPs are with them.

use crate::{model::names::*, ops};
use evolva_domain::guide as gui;

ops! { GuideMutations;
    /// Makes a guide: steps that a CoP can follow. The network operator's is seen by the whole network, another's by its own
    /// organisation.
    GuideCreate guide_create "createGuide" POST "/guides" ["guides:write"]
    GuideCreateInput {
        /// Your own key for the guide.
        external_id: Option<String>,
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
    -> GuideCreatePayload { guide: Guide of gui::Guide }
    |call, input| gui::create(&call.ctx, &call.scope, gui::Create {
        external_id: input.external_id, title_nl: input.title_nl, title_en: input.title_en, summary_nl: input.summary_nl,
        summary_en: input.summary_en, source: input.source, source_url: input.source_url, licence: input.licence,
    }).await;

    /// Changes a guide of the own organisation.
    GuideUpdate guide_update "updateGuide" PATCH "/guides/{id}" ["guides:write"]
    GuideUpdateInput {
        /// The guide.
        id: GuideId,
        /// The version that you read.
        version: Option<i64>,
        /// Its title in Dutch.
        title_nl: Option<String>,
        /// Its title in English.
        #[serde(default)] title_en: ChangeText,
        /// What it is for, in Dutch.
        #[serde(default)] summary_nl: ChangeText,
        /// What it is for, in English.
        #[serde(default)] summary_en: ChangeText,
        /// What it is made after, in words.
        #[serde(default)] source: ChangeText,
        /// An address of that.
        #[serde(default)] source_url: ChangeText,
        /// The licence of the guide's text.
        #[serde(default)] licence: ChangeText,
    }
    -> GuideUpdatePayload { guide: Guide of gui::Guide }
    |call, input| gui::update(&call.ctx, &call.scope, gui::Update {
        id: input.id.0, version: input.version, title_nl: input.title_nl, title_en: input.title_en.into(),
        summary_nl: input.summary_nl.into(), summary_en: input.summary_en.into(), source: input.source.into(),
        source_url: input.source_url.into(), licence: input.licence.into(),
    }).await;

    /// Adds a step at the end of a guide of the own organisation; at most 100.
    GuideStepAdd guide_step_add "addGuideStep" POST "/guide-steps" ["guides:write"]
    GuideStepAddInput {
        /// The guide.
        guide_id: GuideId,
        /// Its title in Dutch.
        title_nl: String,
        /// Its title in English.
        title_en: Option<String>,
        /// What to do, in Dutch, as Markdown.
        body_nl: Option<String>,
        /// What to do, in English, as Markdown.
        body_en: Option<String>,
    }
    -> GuideStepAddPayload { guide_step: GuideStep of gui::GuideStep }
    |call, input| gui::add_step(&call.ctx, &call.scope, gui::AddStep {
        guide_id: input.guide_id.0, title_nl: input.title_nl, title_en: input.title_en, body_nl: input.body_nl,
        body_en: input.body_en,
    }).await;

    /// Changes a step of a guide of the own organisation.
    GuideStepUpdate guide_step_update "updateGuideStep" PATCH "/guide-steps/{id}" ["guides:write"]
    GuideStepUpdateInput {
        /// The step.
        id: GuideStepId,
        /// The version that you read.
        version: Option<i64>,
        /// Its title in Dutch.
        title_nl: Option<String>,
        /// Its title in English.
        #[serde(default)] title_en: ChangeText,
        /// What to do, in Dutch, as Markdown.
        #[serde(default)] body_nl: ChangeText,
        /// What to do, in English, as Markdown.
        #[serde(default)] body_en: ChangeText,
        /// Its place in the guide, 1 to 10,000.
        position: Option<i64>,
    }
    -> GuideStepUpdatePayload { guide_step: GuideStep of gui::GuideStep }
    |call, input| gui::update_step(&call.ctx, &call.scope, gui::UpdateStep {
        id: input.id.0, version: input.version, title_nl: input.title_nl, title_en: input.title_en.into(),
        body_nl: input.body_nl.into(), body_en: input.body_en.into(), position: input.position,
    }).await;

    /// Takes a step out of a guide of the own organisation; what CoPs did with it stays.
    GuideStepDrop guide_step_drop "dropGuideStep" POST "/guide-steps/{id}/drop" ["guides:write"]
    GuideStepDropInput {
        /// The step.
        id: GuideStepId,
    }
    -> GuideStepDropPayload { guide_step: GuideStep of gui::GuideStep }
    |call, input| gui::drop_step(&call.ctx, &call.scope, input.id.0).await;

    /// Says how far a CoP is with a step of a guide, and by what that shows; said again, it replaces what was said before. For
    /// who plans the CoP's sessions.
    StepProgressRecord step_progress_record "recordStepProgress" POST "/step-progress" ["cops:write"]
    StepProgressRecordInput {
        /// The CoP.
        cop_id: CopId,
        /// The step: of a guide of the CoP's host, or of one that the network sees.
        step_id: GuideStepId,
        /// How far it is.
        state: ProgressStateLabel,
        /// By what that shows, in words.
        evidence: Option<String>,
        /// An address of that.
        evidence_url: Option<String>,
    }
    -> StepProgressRecordPayload { step_progress: StepProgress of gui::StepProgress }
    |call, input| gui::record_progress(&call.ctx, &call.scope, gui::Progress {
        cop_id: input.cop_id.0, step_id: input.step_id.0, state: input.state.0, evidence: input.evidence,
        evidence_url: input.evidence_url,
    }).await;
}
