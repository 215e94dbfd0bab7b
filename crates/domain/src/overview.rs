//! What can be said of many rows at once: how far a concept is complete, who learned from whom, who anchored whose practice.
//! It counts what the viewer sees, and nothing else.

pub mod candidates;
pub mod figures;
pub mod guide;
pub mod health;
pub mod network;
pub mod report;

use crate::{
    Code, Error, Id, Result,
    artefact::{Anchoring, AnchoringState},
    concept::{Concept, ConceptElement},
    cop::{Cop, CopStatus},
    ctx::Ctx,
    exchange::{Exchange, ExchangeState},
    organisation::Organisation,
    project::FrontRunnerProject,
    query::{Branch, Filter, Query, Rows, Select},
    record::{AsJson, Field, Record},
    scope::{Scope, TenantScope},
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// No concept has more elements than this that are looked at, and no viewer sees more CoPs of one.
const MOST: u32 = 5_000;

/// How far an element of a concept is worked out.
#[derive(Debug, Clone)]
pub struct ElementCoverage {
    pub element: Id<ConceptElement>,
    pub code: String,
    pub title: String,
    pub projects: i64,
    pub cops: i64,
    /// Anchorings that hold, of artefacts that name it, or that name no element and are of its CoPs.
    pub anchored: i64,
}

impl ElementCoverage {
    pub fn is_covered(&self) -> bool {
        self.projects > 0 && self.cops > 0 && self.anchored > 0
    }
}

async fn read<const N: usize>(ctx: &Ctx, scope: &TenantScope, queries: [Query; N]) -> Result<[Branch; N]> {
    let mut all = ctx.store.read(scope, &queries).await?.into_iter();
    Ok(std::array::from_fn(|_| all.next().unwrap_or_default()))
}

/// Which elements of a concept have no front-runner project, no CoP and no artefact that is anchored (*vervolledigd*).
pub async fn concept_coverage(ctx: &Ctx, scope: &TenantScope, id: Id<Concept>) -> Result<Vec<ElementCoverage>> {
    scope.require(Scope::ConceptsRead)?;
    scope.require(Scope::ProjectsRead)?;
    scope.require(Scope::CopsRead)?;
    scope.require(Scope::ArtefactsRead)?;
    let of_concept = || vec![Filter::Is("concept_id", id.to_cell())];
    let anchored = vec![Filter::Is("state", AnchoringState::Anchored.to_cell())];
    let concept = Query { select: Select::new(Concept::TABLE), rows: Rows::Ids(vec![id.uuid()]) };
    let [concept, elements, projects, cops, anchorings] = read(
        ctx,
        scope,
        [
            concept,
            Query::of(ConceptElement::TABLE, &["code", "title", "position"], of_concept(), MOST),
            Query::counts(FrontRunnerProject::TABLE, &["element_id"], vec![]),
            Query::of(Cop::TABLE, &["element_ids", "status"], of_concept(), MOST),
            Query::counts(Anchoring::TABLE, &["cop_id", "fact_cop_status", "fact_element_ids"], anchored),
        ],
    )
    .await?;
    if concept.rows.is_empty() {
        return Err(Error::NotFound);
    }
    if elements.rows.len().max(cops.rows.len()) > MOST as usize {
        return Err(Error::invalid(Code::TooMany, "id", MOST.to_string()));
    }
    let counted = |branch: &Branch, by: &str| -> BTreeMap<uuid::Uuid, i64> {
        branch.rows.iter().filter_map(|row| Some((row.get::<uuid::Uuid>(by)?, row.get("fact_rows")?))).collect()
    };
    let projects = counted(&projects, "element_id");
    // Of artefacts that name elements, for each of these; of others, for those of their CoP.
    let (mut of_elements, mut of_cops) = (BTreeMap::<_, i64>::new(), BTreeMap::<_, i64>::new());
    for row in &anchorings.rows {
        if row.get::<CopStatus>("fact_cop_status") == Some(CopStatus::Cancelled) {
            continue;
        }
        let named: Option<AsJson<Vec<Id<ConceptElement>>>> = row.get("fact_element_ids");
        let named = named.map(|all| all.0).unwrap_or_default();
        let count: i64 = row.get("fact_rows").unwrap_or(0);
        if let (true, Some(cop)) = (named.is_empty(), row.get::<uuid::Uuid>("cop_id")) {
            *of_cops.entry(cop).or_default() += count;
        }
        for element in named {
            *of_elements.entry(element).or_default() += count;
        }
    }
    let mut all: Vec<(i64, ElementCoverage)> = vec![];
    for row in &elements.rows {
        let read = || -> Option<_> {
            let id: Id<ConceptElement> = row.get("id")?;
            Some((row.get("position")?, id, row.get("code")?, row.get("title")?))
        };
        let Some((position, element, code, title)) = read() else { continue };
        let projects = projects.get(&element.uuid()).copied().unwrap_or(0);
        let anchored = of_elements.get(&element).copied().unwrap_or(0);
        all.push((position, ElementCoverage { element, code, title, projects, cops: 0, anchored }));
    }
    let places: BTreeMap<_, _> = all.iter().enumerate().map(|(place, (_, one))| (one.element, place)).collect();
    for cop in &cops.rows {
        let completes: Option<AsJson<Vec<Id<ConceptElement>>>> = cop.get("element_ids");
        if cop.get::<CopStatus>("status") == Some(CopStatus::Cancelled) {
            continue;
        }
        let anchored = cop.get::<uuid::Uuid>("id").and_then(|id| of_cops.get(&id)).copied().unwrap_or(0);
        for element in completes.map(|all| all.0).unwrap_or_default() {
            if let Some(place) = places.get(&element) {
                all[*place].1.cops += 1;
                all[*place].1.anchored += anchored;
            }
        }
    }
    all.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.element.cmp(&b.element)));
    Ok(all.into_iter().map(|(_, one)| one).collect())
}

/// What one organisation learned from another.
#[derive(Debug, Clone)]
pub struct Learned {
    pub giver: Id<Organisation>,
    pub receiver: Id<Organisation>,
    pub exchanges: i64,
    /// Of these, those of which the receiver said what it learned.
    pub acknowledged: i64,
    /// What was passed on, each once.
    pub strengths: Vec<String>,
}

/// Who learned how often from whom, in a CoP or in all that the viewer sees.
pub async fn exchange_map(ctx: &Ctx, scope: &TenantScope, cop: Option<Id<Cop>>) -> Result<Vec<Learned>> {
    scope.require(Scope::ProjectsRead)?;
    let standing = [ExchangeState::Recorded, ExchangeState::Acknowledged].map(|state| state.to_cell());
    let mut filters = vec![Filter::In("state", standing.to_vec())];
    filters.extend(cop.map(|cop| Filter::Is("cop_id", cop.to_cell())));
    let by = ["tenant_id", "receiver_tenant_id", "state", "strength"];
    let [branch] = read(ctx, scope, [Query::counts(Exchange::TABLE, &by, filters)]).await?;
    let mut all: BTreeMap<_, (i64, i64, BTreeSet<String>)> = BTreeMap::new();
    for row in &branch.rows {
        let pair = (row.get::<Id<Organisation>>("tenant_id"), row.get::<Id<Organisation>>("receiver_tenant_id"));
        let (Some(giver), Some(receiver)) = pair else { continue };
        let count: i64 = row.get("fact_rows").unwrap_or(0);
        let (exchanges, acknowledged, strengths) = all.entry((giver, receiver)).or_default();
        *exchanges += count;
        strengths.extend(row.get::<String>("strength"));
        if row.get::<ExchangeState>("state") == Some(ExchangeState::Acknowledged) {
            *acknowledged += count;
        }
    }
    let one = |((giver, receiver), (exchanges, acknowledged, strengths)): (_, (_, _, BTreeSet<_>))| Learned {
        giver,
        receiver,
        exchanges,
        acknowledged,
        strengths: strengths.into_iter().collect(),
    };
    Ok(all.into_iter().map(one).collect())
}

/// How far one organisation anchored the artefacts of another, or its own.
#[derive(Debug, Clone, Default)]
pub struct Anchored {
    pub of: Id<Organisation>,
    pub by: Id<Organisation>,
    pub planned: i64,
    pub anchored: i64,
    pub lapsed: i64,
    /// Of those that are anchored, how many are to be looked at again by now.
    pub due_for_review: i64,
}

/// Who anchored whose artefacts, of a CoP or of all that the viewer sees.
pub async fn anchoring_map(ctx: &Ctx, scope: &TenantScope, cop: Option<Id<Cop>>) -> Result<Vec<Anchored>> {
    scope.require(Scope::ArtefactsRead)?;
    let filters = || cop.map(|cop| Filter::Is("cop_id", cop.to_cell())).into_iter().collect::<Vec<_>>();
    let mut due = filters();
    due.push(Filter::Named("due_by", ctx.today().to_cell()));
    let (by, pair) = (["artefact_tenant_id", "tenant_id", "state"], ["artefact_tenant_id", "tenant_id"]);
    let queries = [Query::counts(Anchoring::TABLE, &by, filters()), Query::counts(Anchoring::TABLE, &pair, due)];
    let [counts, due] = read(ctx, scope, queries).await?;
    let mut all: BTreeMap<_, Anchored> = BTreeMap::new();
    for (row, is_due) in counts.rows.iter().map(|row| (row, false)).chain(due.rows.iter().map(|row| (row, true))) {
        let (Some(of), Some(by)) = (row.get("artefact_tenant_id"), row.get("tenant_id")) else { continue };
        let count: i64 = row.get("fact_rows").unwrap_or(0);
        let one = all.entry((of, by)).or_insert_with(|| Anchored { of, by, ..Anchored::default() });
        match row.get::<AnchoringState>("state") {
            _ if is_due => one.due_for_review += count,
            Some(AnchoringState::Planned) => one.planned += count,
            Some(AnchoringState::Anchored) => one.anchored += count,
            Some(AnchoringState::Lapsed) => one.lapsed += count,
            None => {}
        }
    }
    Ok(all.into_values().collect())
}

/// Whether an anchored artefact is to be looked at again by now.
pub fn is_due(state: AnchoringState, review: Option<NaiveDate>, today: NaiveDate) -> bool {
    state == AnchoringState::Anchored && review.is_some_and(|date| date <= today)
}
