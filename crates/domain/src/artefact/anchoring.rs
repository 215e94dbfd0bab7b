//! Where artefacts are embedded in an organisation's practice (*borgen*).

use super::Artefact;
use crate::{
    Code, Error, Id, Problem, Result,
    cop::{Cop, acting, transition},
    ctx::Ctx,
    input::{self, Check, Patch},
    labels,
    organisation::Organisation,
    person::Person,
    policy::{self, Permit},
    ports::Tx,
    record,
    scope::{Scope, TenantScope},
};
use chrono::NaiveDate;

labels! {
    /// Whether a result is embedded in an organisation's practice.
    AnchoringState {
        /// It is to be.
        Planned = "PLANNED" / "Gepland",
        /// It is.
        Anchored = "ANCHORED" / "Geborgd",
        /// It was given up, or its review date passed.
        Lapsed = "LAPSED" / "Vervallen",
    }
}

pub const ANCHORING_STEPS: &[(AnchoringState, AnchoringState)] = &[
    (AnchoringState::Planned, AnchoringState::Anchored),
    (AnchoringState::Anchored, AnchoringState::Lapsed),
    (AnchoringState::Lapsed, AnchoringState::Anchored),
];

record! {
    Anchoring("anchoring", "anc") {
        artefact_id: Id<Artefact>,
        artefact_tenant_id: Id<Organisation>,
        cop_id: Option<Id<Cop>>,
        cop_tenant_id: Option<Id<Organisation>>,
        place: String,
        owner_person_id: Option<Id<Person>>,
        state: AnchoringState,
        review_date: Option<NaiveDate>,
    }
}

pub struct PlanAnchoring {
    pub artefact_id: Id<Artefact>,
    pub place: String,
    pub owner_person_id: Option<Id<Person>>,
    pub review_date: Option<NaiveDate>,
}

impl PlanAnchoring {
    /// Checks and normalises what it says; `row` is what it is written into.
    pub(crate) fn check(self, row: Anchoring) -> Result<Anchoring> {
        let mut check = Check::default();
        let row = Anchoring {
            place: check.text("place", &self.place, input::SUMMARY),
            owner_person_id: self.owner_person_id,
            review_date: self.review_date,
            ..row
        };
        check.date("reviewDate", row.review_date);
        check.done()?;
        Ok(row)
    }
}

impl Anchoring {
    /// Makes it that of an artefact, which is one that was handed in when it becomes so.
    pub(crate) fn of(self, artefact: &Artefact) -> Result<Self> {
        if artefact.is_draft() && self.artefact_id != artefact.id {
            return Err(Error::invalid(Code::InvalidValue, "artefactId", "one that was handed in"));
        }
        Ok(Self {
            artefact_id: artefact.id,
            artefact_tenant_id: artefact.tenant_id,
            cop_id: artefact.cop_id,
            cop_tenant_id: artefact.cop_tenant_id,
            ..self
        })
    }
}

/// Plans to embed an artefact in the own organisation's practice (*borgen*).
pub async fn plan_anchoring(ctx: &Ctx, scope: &TenantScope, cmd: PlanAnchoring) -> Result<Anchoring> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let artefact = tx.refer("artefactId", cmd.artefact_id).await?;
    let row = cmd.check(ctx.fresh(scope))?.of(&artefact)?;
    its_owner(&mut *tx, scope, row.owner_person_id).await?;
    let permit = for_anchoring(&mut *tx, scope, "anchor an artefact", &row).await?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

/// Who sees to it is of the organisation that anchors.
async fn its_owner(tx: &mut dyn Tx, scope: &TenantScope, owner: Option<Id<Person>>) -> Result<()> {
    let Some(owner) = owner else { return Ok(()) };
    if tx.refer("ownerPersonId", owner).await?.tenant_id == scope.tenant() {
        Ok(())
    } else {
        Err(Error::invalid(Code::InvalidValue, "ownerPersonId", "a person of the own organisation"))
    }
}

pub struct UpdateAnchoring {
    pub id: Id<Anchoring>,
    pub version: Option<i64>,
    pub place: Option<String>,
    pub owner_person_id: Patch<Id<Person>>,
    pub review_date: Patch<NaiveDate>,
}

/// Changes where an artefact is embedded, who sees to it, and when it is looked at again: after a review, its next day.
pub async fn update_anchoring(ctx: &Ctx, scope: &TenantScope, cmd: UpdateAnchoring) -> Result<Anchoring> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get_at(cmd.id, cmd.version).await?;
    let permit = for_anchoring(&mut *tx, scope, "change an anchoring", &row).await?;
    let mut check = Check::default();
    if let Some(place) = cmd.place {
        row.place = check.text("place", &place, input::SUMMARY);
    }
    let reviewed = cmd.review_date.change();
    if let Some(date) = reviewed {
        row.review_date = date;
        check.date("reviewDate", date);
    }
    let named = cmd.owner_person_id.change();
    if let Some(owner) = named {
        row.owner_person_id = owner;
    }
    let past = reviewed.flatten().is_some_and(|date| date < ctx.today());
    check.that(!past || row.state != AnchoringState::Anchored, Code::OutOfRange, "reviewDate", "today or later");
    check.done()?;
    its_owner(&mut *tx, scope, named.flatten()).await?;
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

/// Records that the artefact is embedded in practice; also again, after it had lapsed.
pub async fn anchor(ctx: &Ctx, scope: &TenantScope, id: Id<Anchoring>) -> Result<Anchoring> {
    anchoring_step(ctx, scope, id, AnchoringState::Anchored, "anchored").await
}

/// Records that the anchoring was given up or is out of date.
pub async fn lapse(ctx: &Ctx, scope: &TenantScope, id: Id<Anchoring>) -> Result<Anchoring> {
    anchoring_step(ctx, scope, id, AnchoringState::Lapsed, "lapsed").await
}

/// Leave for the organisation's admin, and for those of its people who are members of the artefact's CoP.
async fn for_anchoring(tx: &mut dyn Tx, scope: &TenantScope, action: &'static str, row: &Anchoring) -> Result<Permit> {
    let refused = match policy::owner(scope, action, row) {
        Ok(permit) => return Ok(permit),
        Err(refused) => refused,
    };
    let (Some(cop), Some(person)) = (row.cop_id, scope.person()) else { return Err(refused) };
    let Some(cop) = tx.find(cop).await? else { return Err(refused) };
    if row.tenant_id == scope.tenant() && acting::part_of(tx, scope, &cop).await?.member {
        policy::in_person(scope, action, row, &[person])
    } else {
        Err(refused)
    }
}

/// What is anchored is to be looked at again by a day to come.
pub(crate) fn review_has_passed() -> Problem {
    Problem { code: Code::OutOfRange, field: vec!["reviewDate".into()], detail: "its review date has passed".into() }
}

async fn anchoring_step(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Anchoring>,
    to: AnchoringState,
    verb: &'static str,
) -> Result<Anchoring> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let permit = for_anchoring(&mut *tx, scope, verb, &row).await?;
    transition(row.state, to, ANCHORING_STEPS)?;
    if to == AnchoringState::Anchored && row.review_date.is_some_and(|date| date < ctx.today()) {
        return Err(Error::Conflict(vec![review_has_passed()]));
    }
    row.state = to;
    tx.save(&permit, &mut row, ctx, verb).await?;
    Ok(row)
}
