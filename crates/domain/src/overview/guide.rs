//! How far CoPs are with the steps of a guide.

use super::figures::{first, one, related, select};
use crate::{
    Code, Error, Id, Result,
    cop::{Cop, CopStatus},
    ctx::Ctx,
    guide::{Guide, GuideStep, GuideStepState, ProgressState, StepProgress},
    query::{Filter, Query, Rows, Select, Tree},
    record::{Field, Record},
    scope::{Scope, TenantScope},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// No guide has more steps than this, and no viewer sees more of what was said of one.
const MOST_STEPS: u32 = 100;
const MOST: u32 = 5_000;

/// How often each was said.
pub type Counts = Vec<(ProgressState, i64)>;

#[derive(Debug, Clone)]
pub struct OfStep {
    pub step: Id<GuideStep>,
    pub title_nl: String,
    pub title_en: Option<String>,
    pub counts: Counts,
}

#[derive(Debug, Clone)]
pub struct OfCop {
    pub cop: Id<Cop>,
    pub title: String,
    pub status: CopStatus,
    pub counts: Counts,
}

#[derive(Debug, Clone)]
pub struct GuideOverview {
    pub guide: Id<Guide>,
    pub steps: Vec<OfStep>,
    pub cops: Vec<OfCop>,
}

fn none_yet() -> Counts {
    ProgressState::ALL.iter().map(|state| (*state, 0)).collect()
}

fn add(counts: &mut Counts, state: ProgressState) {
    counts.iter_mut().filter(|(known, _)| *known == state).for_each(|(_, count)| *count += 1);
}

/// How far the CoPs that the viewer sees are with a guide: by its steps, in their order, and by the CoPs that follow it.
pub async fn guide_overview(ctx: &Ctx, scope: &TenantScope, id: Id<Guide>) -> Result<GuideOverview> {
    scope.require(Scope::GuidesRead)?;
    scope.require(Scope::CopsRead)?;
    let of_guide = |more: Vec<Filter>| [Filter::Is("guide_id", id.to_cell())].into_iter().chain(more).collect();
    let current = of_guide(vec![Filter::Is("state", GuideStepState::Current.to_cell())]);
    let steps = select(GuideStep::TABLE, &["title_nl", "title_en", "position"]);
    let steps = Query { select: steps, rows: Rows::Page(first(current, "position", false, MOST_STEPS)) };
    let mut said = select(StepProgress::TABLE, &["step_id", "state"]);
    said.ones.push(one("cop", Cop::TABLE, &["title", "status"]));
    let said = Query { select: said, rows: Rows::Page(first(of_guide(vec![]), "id", false, MOST)) };
    let guide = Query { select: Select::new(Guide::TABLE), rows: Rows::Ids(vec![id.uuid()]) };
    let [guide, steps, said] = super::read(ctx, scope, [guide, steps, said]).await?;
    if guide.rows.is_empty() {
        return Err(Error::NotFound);
    }
    if said.rows.len() > MOST as usize {
        return Err(Error::invalid(Code::TooMany, "id", MOST.to_string()));
    }
    let step = |row: &Tree| {
        let (title_nl, title_en) = (row.get("title_nl")?, row.get("title_en").flatten());
        Some(OfStep { step: row.get("id")?, title_nl, title_en, counts: none_yet() })
    };
    let mut steps: Vec<_> = steps.rows.iter().filter_map(step).collect();
    let mut cops: BTreeMap<Uuid, OfCop> = BTreeMap::new();
    for row in &said.rows {
        // What was said of a step that was taken out, or in a CoP that is no longer seen, is not counted.
        let (Some(cop), Some(state)) = (related(row, "cop"), row.get::<ProgressState>("state")) else { continue };
        let said_of = row.get::<Option<Id<GuideStep>>>("step_id").flatten();
        let Some(step) = steps.iter_mut().find(|one| Some(one.step) == said_of) else { continue };
        let (Some(id), Some(title), Some(status)) = (cop.get::<Uuid>("id"), cop.get("title"), cop.get("status")) else {
            continue;
        };
        add(&mut step.counts, state);
        let of_cop = cops.entry(id).or_insert_with(|| OfCop { cop: Id::new(id), title, status, counts: none_yet() });
        add(&mut of_cop.counts, state);
    }
    Ok(GuideOverview { guide: id, steps, cops: cops.into_values().collect() })
}
