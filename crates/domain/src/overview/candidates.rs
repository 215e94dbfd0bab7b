//! How many candidates a CoP has.

use crate::{
    Error, Id, Result,
    concept::ConceptElement,
    cop::Cop,
    ctx::Ctx,
    organisation::Organisation,
    query::{Query, Rows, Select},
    record::Record,
    scope::{Scope, TenantScope},
};
use uuid::Uuid;

/// Of which candidates: all of a CoP, or fewer.
#[derive(Debug, Clone)]
pub struct Asked {
    pub cop: Id<Cop>,
    pub organisation: Option<Id<Organisation>>,
    pub element: Option<Id<ConceptElement>>,
    /// As it stands in `strengths`.
    pub strength: Option<String>,
}

/// How many there are of one kind, as they are kept.
#[derive(Debug, Clone)]
pub struct Counted {
    pub what: String,
    pub id: Option<Uuid>,
    pub strength: Option<String>,
    pub count: Count,
}

/// How many people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub candidates: i64,
    /// Of these, those whom the viewer sees by name.
    pub named: i64,
}

#[derive(Debug, Clone, Default)]
pub struct CandidateCounts {
    pub all: Count,
    pub organisations: Vec<(Id<Organisation>, Count)>,
    pub elements: Vec<(Id<ConceptElement>, Count)>,
    /// Those that most have first.
    pub strengths: Vec<(String, Count)>,
}

/// How many active front-runners of the organisations in a CoP could be put forward for it, by organisation, element and
/// strength. People of other organisations who may not be found by name are counted too; they are in no list.
pub async fn candidate_counts(ctx: &Ctx, scope: &TenantScope, asked: Asked) -> Result<CandidateCounts> {
    scope.require(Scope::ProjectsRead)?;
    scope.require(Scope::CopsRead)?;
    let cop = Query { select: Select::new(Cop::TABLE), rows: Rows::Ids(vec![asked.cop.uuid()]) };
    let [cop] = super::read(ctx, scope, [cop]).await?;
    if cop.rows.is_empty() {
        return Err(Error::NotFound);
    }
    let mut counts = CandidateCounts::default();
    for Counted { what, id, strength, count } in ctx.store.look(scope).await?.candidates(&asked).await? {
        match (what.as_str(), id, strength) {
            ("ALL", ..) => counts.all = count,
            ("ORGANISATION", Some(id), _) => counts.organisations.push((Id::new(id), count)),
            ("ELEMENT", Some(id), _) => counts.elements.push((Id::new(id), count)),
            ("STRENGTH", _, Some(strength)) => counts.strengths.push((strength, count)),
            _ => {}
        }
    }
    counts.organisations.sort_by_key(|(id, count)| (-count.candidates, *id));
    counts.elements.sort_by_key(|(id, count)| (-count.candidates, *id));
    counts.strengths.sort_by(|(one, a), (other, b)| b.candidates.cmp(&a.candidates).then_with(|| one.cmp(other)));
    Ok(counts)
}
