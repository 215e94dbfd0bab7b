//! Guides with their steps, and how far CoPs are with them.

use super::{GuideRow, GuideStepRow, StepProgressRow, Upsert, collect, must_name, only_one, refer, stays};
use crate::{
    Code, Error, Result,
    concept::default_audience,
    cop::Cop,
    guide::{self, Guide, GuideStep, GuideStepState, ProgressState, StepProgress},
    import::RowOutcome,
    input::{self, Check},
    ports::Tx,
    record::{Field, Record},
};

impl Upsert<'_> {
    pub async fn guide(&self, tx: &mut dyn Tx, row: GuideRow) -> Result<(RowOutcome, String)> {
        let (before, fresh) = self.existing::<Guide>(tx, &row.external_id).await?;
        let cmd = guide::Create {
            external_id: Some(row.external_id),
            title_nl: row.title_nl,
            title_en: row.title_en,
            summary_nl: row.summary_nl,
            summary_en: row.summary_en,
            source: row.source,
            source_url: row.source_url,
            licence: row.licence,
        };
        let mut after = cmd.fill(before.clone())?;
        if fresh {
            after.audience = default_audience(tx, self.scope).await?;
        }
        self.put(tx, &before, after, fresh, false).await
    }

    pub async fn guide_step(&self, tx: &mut dyn Tx, row: GuideStepRow) -> Result<(RowOutcome, String)> {
        self.only_history("state", row.state.is_some())?;
        let (before, fresh) = self.existing::<GuideStep>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let guide = refer::<Guide>(tx, self.scope, "guideExternalId", &row.guide_external_id).await;
        let guide = collect(&mut faults, guide)?;
        let cmd = guide::AddStep {
            guide_id: guide.as_ref().map(|guide| guide.id).unwrap_or_default(),
            title_nl: row.title_nl,
            title_en: row.title_en,
            body_nl: row.body_nl,
            body_en: row.body_en,
        };
        let after = collect(&mut faults, cmd.fill(before.clone()))?;
        let key = collect(&mut faults, self.key(&row.external_id))?;
        let mut check = Check::default();
        let place = row.position.is_none_or(|position| (1..=10_000).contains(&position));
        check.that(place, Code::OutOfRange, "position", "1 to 10000");
        faults.extend(check.problems());
        let (Some(guide), Some(mut after), Some(key), true) = (guide, after, key, faults.is_empty()) else {
            return Err(Error::Invalid(faults));
        };
        after.external_id = key;
        after.state = row.state.unwrap_or(before.state);
        self.may_set("state", &before, fresh, after.state != before.state)?;
        stays(fresh || guide.id == before.guide_id, "guideExternalId", "a step stays in its guide")?;
        if fresh {
            after.position = guide::next_position(tx, guide.id, "guideExternalId").await?;
        }
        after.position = row.position.unwrap_or(after.position);
        if fresh || after.position != before.position {
            guide::make_way(tx, self.ctx, self.permit, &after).await?;
        }
        self.put(tx, &before, after, fresh, false).await
    }

    pub async fn step_progress(&self, tx: &mut dyn Tx, row: StepProgressRow) -> Result<(RowOutcome, String)> {
        self.only_history("doneAt", row.done_at.is_some())?;
        let (before, fresh) = self.existing::<StepProgress>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let cop = collect(&mut faults, refer::<Cop>(tx, self.scope, "copExternalId", &row.cop_external_id).await)?;
        let (by_key, by_id) = (("stepExternalId", row.step_external_id.as_ref()), ("stepId", row.step_id));
        let step = collect(&mut faults, must_name::<GuideStep>(tx, self.scope, by_key, by_id).await)?;
        if let Some(step) = &step {
            let guide = tx.refer_to_build_on("stepId", step.guide_id, self.scope.tenant()).await;
            collect(&mut faults, guide)?;
        }
        let key = collect(&mut faults, self.key(&row.external_id))?;
        let mut check = Check::default();
        let evidence = check.optional_text("evidence", row.evidence.as_deref(), input::REASON);
        let evidence_url = check.url("evidenceUrl", row.evidence_url.as_deref());
        check.at("doneAt", row.done_at);
        let done = row.state == ProgressState::Done;
        check.that(done || row.done_at.is_none(), Code::InvalidValue, "doneAt", "only for what is DONE");
        check.that(row.done_at.is_none_or(|at| at <= self.ctx.now()), Code::OutOfRange, "doneAt", "not in the future");
        faults.extend(check.problems());
        let (Some(cop), Some(step), Some(key), true) = (cop, step, key, faults.is_empty()) else {
            return Err(Error::Invalid(faults));
        };
        let same = (cop.id, step.id) == (before.cop_id, before.step_id);
        stays(fresh || same, "externalId", "it stays that of one CoP and one step")?;
        let there = [("cop_id", cop.id.to_cell()), ("step_id", step.id.to_cell())];
        only_one(tx.first::<StepProgress>(&there).await?, before.id.uuid(), "stepExternalId")?;
        let known = row.done_at.or(before.done_at);
        let after = StepProgress {
            external_id: key,
            cop_id: cop.id,
            guide_id: step.guide_id,
            step_id: step.id,
            state: row.state,
            evidence,
            evidence_url,
            done_at: done.then(|| known.unwrap_or_else(|| self.ctx.now())),
            ..before.clone()
        };
        let changes = fresh || after.cells() != before.cells();
        if changes && !self.history && cop.status.is_over() {
            return Err(Error::conflict(Code::CopNotOpen, "copExternalId", cop.status.label()));
        }
        if fresh && step.state == GuideStepState::Dropped && !self.history {
            let detail = "a step that is part of its guide";
            return Err(Error::invalid(Code::InvalidValue, "stepExternalId", detail));
        }
        self.put(tx, &before, after, fresh, false).await
    }
}
