//! Guides (*handreikingen*): ordered steps that a CoP can follow, as data, and how far a CoP is with them.

use crate::{
    Code, Error, Id, Result,
    concept::default_audience,
    cop::{Cop, acting, transition},
    ctx::Ctx,
    input::{self, Check, Patch},
    labels,
    policy::{self, Deed, Permit},
    ports::{Shared, Tx},
    record,
    record::Field,
    scope::{Scope, TenantScope},
    visibility::Audience,
};
use chrono::{DateTime, Utc};

labels! {
    /// Whether a step is part of its guide.
    GuideStepState {
        /// It is.
        Current = "CURRENT" / "Geldend",
        /// It was taken out; what CoPs did with it stays.
        Dropped = "DROPPED" / "Vervallen",
    }
}

labels! {
    /// How far a CoP is with a step of a guide.
    ProgressState {
        /// Not begun.
        Todo = "TODO" / "Te doen",
        /// Begun.
        Doing = "DOING" / "Bezig",
        /// Done.
        Done = "DONE" / "Gedaan",
        /// Left out on purpose.
        Skipped = "SKIPPED" / "Overgeslagen",
    }
}

record! {
    Guide("guide", "gui") {
        title_nl: String,
        title_en: Option<String>,
        summary_nl: Option<String>,
        summary_en: Option<String>,
        source: Option<String>,
        source_url: Option<String>,
        licence: Option<String>,
        audience: Audience,
    }
}

impl Shared for Guide {
    fn audience(&self) -> Audience {
        self.audience
    }
}

record! {
    GuideStep("guide_step", "gst") {
        guide_id: Id<Guide>,
        position: i64,
        title_nl: String,
        title_en: Option<String>,
        body_nl: Option<String>,
        body_en: Option<String>,
        state: GuideStepState,
    }
}

record! {
    StepProgress("step_progress", "spr") {
        cop_id: Id<Cop>,
        guide_id: Id<Guide>,
        step_id: Id<GuideStep>,
        state: ProgressState,
        evidence: Option<String>,
        evidence_url: Option<String>,
        done_at: Option<DateTime<Utc>>,
    }
}

/// No guide has more steps than this.
const MOST_STEPS: usize = 100;

#[derive(Default)]
pub struct Create {
    pub external_id: Option<String>,
    pub title_nl: String,
    pub title_en: Option<String>,
    pub summary_nl: Option<String>,
    pub summary_en: Option<String>,
    pub source: Option<String>,
    pub source_url: Option<String>,
    pub licence: Option<String>,
}

impl Create {
    /// Checks and normalises; `row` is what it is written into.
    pub(crate) fn fill(self, row: Guide) -> Result<Guide> {
        let mut check = Check::default();
        let row = Guide {
            external_id: check.external_id(self.external_id.as_deref()),
            title_nl: check.text("titleNl", &self.title_nl, input::TITLE),
            title_en: check.optional_text("titleEn", self.title_en.as_deref(), input::TITLE),
            summary_nl: check.optional_text("summaryNl", self.summary_nl.as_deref(), input::SUMMARY),
            summary_en: check.optional_text("summaryEn", self.summary_en.as_deref(), input::SUMMARY),
            source: check.optional_text("source", self.source.as_deref(), input::SUMMARY),
            source_url: check.url("sourceUrl", self.source_url.as_deref()),
            licence: check.optional_text("licence", self.licence.as_deref(), input::TITLE),
            ..row
        };
        check.done()?;
        Ok(row)
    }
}

/// Makes a guide. The network operator's is the whole network's, any other one's its organisation's.
pub async fn create(ctx: &Ctx, scope: &TenantScope, cmd: Create) -> Result<Guide> {
    scope.require(Scope::GuidesWrite)?;
    let row = cmd.fill(ctx.fresh(scope))?;
    let mut tx = ctx.store.begin(scope).await?;
    tx.free_external_id(&row).await?;
    let row = Guide { audience: default_audience(&mut *tx, scope).await?, ..row };
    let permit = policy::owner(scope, "make a guide", &row)?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

#[derive(Default)]
pub struct Update {
    pub id: Id<Guide>,
    pub version: Option<i64>,
    pub title_nl: Option<String>,
    pub title_en: Patch<String>,
    pub summary_nl: Patch<String>,
    pub summary_en: Patch<String>,
    pub source: Patch<String>,
    pub source_url: Patch<String>,
    pub licence: Patch<String>,
}

/// Changes a guide of the own organisation.
pub async fn update(ctx: &Ctx, scope: &TenantScope, cmd: Update) -> Result<Guide> {
    scope.require(Scope::GuidesWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get_at(cmd.id, cmd.version).await?;
    let permit = policy::owner(scope, "change a guide", &row)?;
    let mut check = Check::default();
    if let Some(title) = cmd.title_nl {
        row.title_nl = check.text("titleNl", &title, input::TITLE);
    }
    if let Some(title) = cmd.title_en.change() {
        row.title_en = check.optional_text("titleEn", title.as_deref(), input::TITLE);
    }
    if let Some(summary) = cmd.summary_nl.change() {
        row.summary_nl = check.optional_text("summaryNl", summary.as_deref(), input::SUMMARY);
    }
    if let Some(summary) = cmd.summary_en.change() {
        row.summary_en = check.optional_text("summaryEn", summary.as_deref(), input::SUMMARY);
    }
    if let Some(source) = cmd.source.change() {
        row.source = check.optional_text("source", source.as_deref(), input::SUMMARY);
    }
    if let Some(url) = cmd.source_url.change() {
        row.source_url = check.url("sourceUrl", url.as_deref());
    }
    if let Some(licence) = cmd.licence.change() {
        row.licence = check.optional_text("licence", licence.as_deref(), input::TITLE);
    }
    check.done()?;
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

#[derive(Default)]
pub struct AddStep {
    pub guide_id: Id<Guide>,
    pub title_nl: String,
    pub title_en: Option<String>,
    pub body_nl: Option<String>,
    pub body_en: Option<String>,
}

impl AddStep {
    /// Checks and normalises; `row` is what it is written into.
    pub(crate) fn fill(self, row: GuideStep) -> Result<GuideStep> {
        let mut check = Check::default();
        let row = GuideStep {
            guide_id: self.guide_id,
            title_nl: check.text("titleNl", &self.title_nl, input::TITLE),
            title_en: check.optional_text("titleEn", self.title_en.as_deref(), input::TITLE),
            body_nl: check.optional_text("bodyNl", self.body_nl.as_deref(), input::BODY),
            body_en: check.optional_text("bodyEn", self.body_en.as_deref(), input::BODY),
            ..row
        };
        check.done()?;
        Ok(row)
    }
}

/// The place behind a guide's last step, if there is room for one more.
pub(crate) async fn next_position(tx: &mut dyn Tx, guide: Id<Guide>, field: &'static str) -> Result<i64> {
    let there: Vec<GuideStep> = tx.list(&[("guide_id", guide.to_cell())]).await?;
    if there.len() >= MOST_STEPS {
        return Err(Error::invalid(Code::TooMany, field, MOST_STEPS.to_string()));
    }
    Ok(there.iter().map(|row| row.position).max().unwrap_or(0) + 1)
}

/// Adds a step at the end of a guide of the own organisation.
pub async fn add_step(ctx: &Ctx, scope: &TenantScope, cmd: AddStep) -> Result<GuideStep> {
    scope.require(Scope::GuidesWrite)?;
    let guide = cmd.guide_id;
    let row = cmd.fill(ctx.fresh(scope))?;
    let mut tx = ctx.store.begin(scope).await?;
    let guide = tx.refer("guideId", guide).await?;
    let permit = policy::owner(scope, "add a step", &guide)?;
    let row = GuideStep { position: next_position(&mut *tx, guide.id, "guideId").await?, ..row };
    tx.create(&permit, &row).await?;
    Ok(row)
}

#[derive(Default)]
pub struct UpdateStep {
    pub id: Id<GuideStep>,
    pub version: Option<i64>,
    pub title_nl: Option<String>,
    pub title_en: Patch<String>,
    pub body_nl: Patch<String>,
    pub body_en: Patch<String>,
    pub position: Option<i64>,
}

/// Changes a step of a guide of the own organisation.
pub async fn update_step(ctx: &Ctx, scope: &TenantScope, cmd: UpdateStep) -> Result<GuideStep> {
    scope.require(Scope::GuidesWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get_at(cmd.id, cmd.version).await?;
    let permit = policy::owner(scope, "change a step", &row)?;
    let mut check = Check::default();
    if let Some(title) = cmd.title_nl {
        row.title_nl = check.text("titleNl", &title, input::TITLE);
    }
    if let Some(title) = cmd.title_en.change() {
        row.title_en = check.optional_text("titleEn", title.as_deref(), input::TITLE);
    }
    if let Some(body) = cmd.body_nl.change() {
        row.body_nl = check.optional_text("bodyNl", body.as_deref(), input::BODY);
    }
    if let Some(body) = cmd.body_en.change() {
        row.body_en = check.optional_text("bodyEn", body.as_deref(), input::BODY);
    }
    if let Some(position) = cmd.position {
        check.that((1..=10_000).contains(&position), Code::OutOfRange, "position", "1 to 10000");
        row.position = position;
    }
    check.done()?;
    if cmd.position.is_some() {
        make_way(&mut *tx, ctx, &permit, &row).await?;
    }
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

/// Moves the steps of a guide that stand where one comes to stand, and behind it, on by one.
pub(crate) async fn make_way(tx: &mut dyn Tx, ctx: &Ctx, permit: &Permit, comes: &GuideStep) -> Result<()> {
    let mut others: Vec<GuideStep> = tx.list(&[("guide_id", comes.guide_id.to_cell())]).await?;
    others.retain(|one| one.id != comes.id && one.position >= comes.position);
    if others.iter().any(|one| one.position == comes.position) {
        for mut one in others {
            one.position += 1;
            tx.update(permit, &mut one, ctx).await?;
        }
    }
    Ok(())
}

/// Takes a step out of a guide; what CoPs did with it stays.
pub async fn drop_step(ctx: &Ctx, scope: &TenantScope, id: Id<GuideStep>) -> Result<GuideStep> {
    scope.require(Scope::GuidesWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let permit = policy::owner(scope, "change a step", &row)?;
    transition(row.state, GuideStepState::Dropped, &[(GuideStepState::Current, GuideStepState::Dropped)])?;
    row.state = GuideStepState::Dropped;
    tx.save(&permit, &mut row, ctx, "dropped").await?;
    Ok(row)
}

#[derive(Default)]
pub struct Progress {
    pub cop_id: Id<Cop>,
    pub step_id: Id<GuideStep>,
    pub state: ProgressState,
    pub evidence: Option<String>,
    pub evidence_url: Option<String>,
}

/// Says how far a CoP is with a step, and by what that shows; said again, it replaces what was said before. For who plans
/// the CoP's sessions.
pub async fn record_progress(ctx: &Ctx, scope: &TenantScope, cmd: Progress) -> Result<StepProgress> {
    scope.require(Scope::CopsWrite)?;
    let mut check = Check::default();
    let evidence = check.optional_text("evidence", cmd.evidence.as_deref(), input::REASON);
    let evidence_url = check.url("evidenceUrl", cmd.evidence_url.as_deref());
    check.done()?;
    {
        // What is named must be seen by whoever names it, also where the host's eyes look later.
        let mut own = ctx.store.begin(scope).await?;
        own.refer("copId", cmd.cop_id).await?;
        own.refer("stepId", cmd.step_id).await?;
    }
    let action = "say how far a CoP is";
    let (mut tx, cop, permit) = acting::open(ctx, scope, cmd.cop_id, None, action, Deed::Plan).await?;
    let step = tx.refer("stepId", cmd.step_id).await?;
    tx.refer_to_build_on("stepId", step.guide_id, cop.tenant_id).await?;
    if cop.status.is_over() {
        return Err(Error::conflict(Code::CopNotOpen, "copId", cop.status.label()));
    }
    let done_at = (cmd.state == ProgressState::Done).then(|| ctx.now());
    let there = [("cop_id", cop.id.to_cell()), ("step_id", step.id.to_cell())];
    if let Some(mut row) = tx.first::<StepProgress>(&there).await? {
        row.done_at = done_at.map(|now| row.done_at.unwrap_or(now));
        (row.state, row.evidence, row.evidence_url) = (cmd.state, evidence, evidence_url);
        tx.save(&permit, &mut row, ctx, "recorded").await?;
        return Ok(row);
    }
    if step.state == GuideStepState::Dropped {
        return Err(Error::invalid(Code::InvalidValue, "stepId", "a step that is part of its guide"));
    }
    let row = StepProgress {
        cop_id: cop.id,
        guide_id: step.guide_id,
        step_id: step.id,
        state: cmd.state,
        evidence,
        evidence_url,
        done_at,
        ..ctx.fresh_for(cop.tenant_id)
    };
    tx.create(&permit, &row).await?;
    Ok(row)
}
