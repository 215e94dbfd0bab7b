//! The charter of a CoP (*Why, What, How*), its goals, and who agreed to it.

use super::{Cop, CopStatus, Participation, ParticipationState, acting, settle, transition};
use crate::{
    Code, Error, Id, Result,
    ctx::Ctx,
    input::{self, Check, Patch},
    labels,
    organisation::Organisation,
    policy::{self, Deed, Permit},
    ports::{Event, Tx, Write},
    record,
    record::Field,
    scope::{Scope, TenantScope},
};
use chrono::{DateTime, Utc};

labels! {
    /// Where a version of a charter is in its life.
    CharterState {
        /// Being written.
        Draft = "DRAFT" / "Concept",
        /// Laid before the participating organisations.
        Proposed = "PROPOSED" / "Voorgesteld",
        /// Agreed by every organisation that was in.
        Agreed = "AGREED" / "Overeengekomen",
        /// A later version was agreed.
        Superseded = "SUPERSEDED" / "Vervangen",
    }
}

labels! {
    /// How a goal came out.
    GoalAssessment {
        /// It was reached.
        Reached = "REACHED" / "Bereikt",
        /// It was reached in part.
        Partly = "PARTLY" / "Deels bereikt",
        /// It was not reached.
        NotReached = "NOT_REACHED" / "Niet bereikt",
        /// It was given up on the way.
        Dropped = "DROPPED" / "Losgelaten",
    }
}

/// No charter has more goals.
pub const MOST_GOALS: usize = 50;

pub const STEPS: &[(CharterState, CharterState)] = &[
    (CharterState::Draft, CharterState::Proposed),
    (CharterState::Proposed, CharterState::Draft),
    (CharterState::Proposed, CharterState::Agreed),
    (CharterState::Agreed, CharterState::Superseded),
];

record! {
    Charter("charter", "cha") {
        cop_id: Id<Cop>,
        number: i64,
        why: Option<String>,
        how: Option<String>,
        state: CharterState,
        proposed_at: Option<DateTime<Utc>>,
        agreed_at: Option<DateTime<Utc>>,
    }
}

record! {
    Goal("goal", "goa") {
        cop_id: Id<Cop>,
        charter_id: Id<Charter>,
        title: String,
        position: i64,
        assessment: Option<GoalAssessment>,
        assessment_note: Option<String>,
        waiver_reason: Option<String>,
    }
}

record! {
    CharterAgreement("charter_agreement", "cag") {
        cop_id: Id<Cop>,
        charter_id: Id<Charter>,
        organisation_id: Id<Organisation>,
    }
}

pub struct Draft {
    pub cop_id: Id<Cop>,
    pub why: Option<String>,
    pub how: Option<String>,
    pub goals: Option<Vec<String>>,
}

/// Starts the next version of a CoP's charter. What is not said is as in the version that is agreed.
pub async fn draft(ctx: &Ctx, scope: &TenantScope, cmd: Draft) -> Result<Charter> {
    scope.require(Scope::CopsWrite)?;
    let (mut tx, cop, permit) = acting::open(ctx, scope, cmd.cop_id, None, "write the charter", Deed::Charter).await?;
    open_cop(&mut *tx, cop.id).await?;
    let earlier: Vec<Charter> = tx.list(&[("cop_id", cop.id.to_cell())]).await?;
    if let Some(open) =
        earlier.iter().find(|charter| matches!(charter.state, CharterState::Draft | CharterState::Proposed))
    {
        return Err(Error::conflict(Code::AlreadyExists, "copId", open.state.label()));
    }
    let agreed = earlier.iter().find(|charter| charter.state == CharterState::Agreed);
    let goals = match (cmd.goals, agreed) {
        (None, Some(agreed)) => {
            let mut all: Vec<Goal> = tx.list(&[("charter_id", agreed.id.to_cell())]).await?;
            all.retain(|goal| goal.assessment != Some(GoalAssessment::Dropped));
            all.sort_by_key(|goal| (goal.position, goal.id));
            all.into_iter().map(|goal| goal.title).collect()
        }
        (said, _) => said.unwrap_or_default(),
    };
    let mut check = Check::default();
    let text = |check: &mut Check, field, said: Option<&str>, before: Option<&String>| match said {
        Some(said) => check.optional_text(field, Some(said), input::BODY),
        None => before.cloned(),
    };
    let charter = Charter {
        cop_id: cop.id,
        number: earlier.iter().map(|charter| charter.number).max().unwrap_or(0) + 1,
        why: text(&mut check, "why", cmd.why.as_deref(), agreed.and_then(|charter| charter.why.as_ref())),
        how: text(&mut check, "how", cmd.how.as_deref(), agreed.and_then(|charter| charter.how.as_ref())),
        ..ctx.fresh_for(cop.tenant_id)
    };
    let goals = checked_goals(&mut check, &goals);
    check.done()?;
    tx.insert(&permit, &charter).await?;
    insert_goals(&mut *tx, ctx, &permit, &charter, goals).await?;
    tx.emit(Event::of(&charter, "drafted")).await?;
    tx.commit().await?;
    Ok(charter)
}

fn checked_goals(check: &mut Check, goals: &[String]) -> Vec<String> {
    if !check.at_most("goals", goals.len(), MOST_GOALS) {
        return vec![];
    }
    goals.iter().map(|goal| check.text("goals", goal, input::SUMMARY)).collect()
}

async fn insert_goals(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    permit: &Permit,
    charter: &Charter,
    goals: Vec<String>,
) -> Result<()> {
    for (place, title) in goals.into_iter().enumerate() {
        let goal = Goal {
            cop_id: charter.cop_id,
            charter_id: charter.id,
            title,
            position: place as i64 + 1,
            ..ctx.fresh_for(charter.tenant_id)
        };
        tx.insert(permit, &goal).await?;
    }
    Ok(())
}

async fn open_cop(tx: &mut dyn Tx, id: Id<Cop>) -> Result<Cop> {
    let cop = tx.get(id).await?;
    if cop.status.is_over() {
        return Err(Error::conflict(Code::CopNotOpen, "", cop.status.label()));
    }
    Ok(cop)
}

#[derive(Default)]
pub struct Update {
    pub id: Id<Charter>,
    pub version: Option<i64>,
    pub why: Patch<String>,
    pub how: Patch<String>,
}

/// Changes a charter that is a draft.
pub async fn update(ctx: &Ctx, scope: &TenantScope, cmd: Update) -> Result<Charter> {
    scope.require(Scope::CopsWrite)?;
    let (mut tx, mut charter, permit) =
        acting::open(ctx, scope, cmd.id, cmd.version, "write the charter", Deed::Charter).await?;
    only_draft(&charter)?;
    open_cop(&mut *tx, charter.cop_id).await?;
    let mut check = Check::default();
    if let Some(why) = cmd.why.change() {
        charter.why = check.optional_text("why", why.as_deref(), input::BODY);
    }
    if let Some(how) = cmd.how.change() {
        charter.how = check.optional_text("how", how.as_deref(), input::BODY);
    }
    check.done()?;
    tx.save(&permit, &mut charter, ctx, "updated").await?;
    Ok(charter)
}

fn only_draft(charter: &Charter) -> Result<()> {
    if charter.state == CharterState::Draft {
        Ok(())
    } else {
        Err(Error::conflict(Code::NotEditable, "", charter.state.label()))
    }
}

pub struct AddGoal {
    pub charter_id: Id<Charter>,
    pub title: String,
}

/// Adds a goal (*What*) to a charter that is a draft.
pub async fn add_goal(ctx: &Ctx, scope: &TenantScope, cmd: AddGoal) -> Result<Goal> {
    scope.require(Scope::CopsWrite)?;
    let (mut tx, mut charter, permit) =
        acting::open(ctx, scope, cmd.charter_id, None, "write the charter", Deed::Charter).await?;
    only_draft(&charter)?;
    open_cop(&mut *tx, charter.cop_id).await?;
    let siblings: Vec<Goal> = tx.list(&[("charter_id", charter.id.to_cell())]).await?;
    let mut check = Check::default();
    check.that(siblings.len() < MOST_GOALS, Code::TooMany, "charterId", &MOST_GOALS.to_string());
    let goal = Goal {
        cop_id: charter.cop_id,
        charter_id: charter.id,
        title: check.text("title", &cmd.title, input::SUMMARY),
        position: siblings.iter().map(|one| one.position).max().unwrap_or(0) + 1,
        ..ctx.fresh_for(charter.tenant_id)
    };
    check.done()?;
    // Whoever proposes the charter meanwhile comes before or after the change of what it says.
    tx.update(&permit, &mut charter, ctx).await?;
    tx.create(&permit, &goal).await?;
    Ok(goal)
}

pub struct UpdateGoal {
    pub id: Id<Goal>,
    pub version: Option<i64>,
    pub title: Option<String>,
    pub position: Option<i64>,
}

/// Rewords a goal of a charter that is a draft, or moves it to another place among its goals.
pub async fn update_goal(ctx: &Ctx, scope: &TenantScope, cmd: UpdateGoal) -> Result<Goal> {
    let (mut tx, mut goal, mut charter, permit) = open_goal(ctx, scope, cmd.id, cmd.version).await?;
    let siblings = siblings(&mut *tx, &goal).await?;
    let mut check = Check::default();
    if let Some(title) = &cmd.title {
        goal.title = check.text("title", title, input::SUMMARY);
    }
    let last = siblings.len() as i64 + 1;
    let position = cmd.position.unwrap_or(goal.position);
    let fits = cmd.position.is_none_or(|position| (1..=last).contains(&position));
    check.that(fits, Code::OutOfRange, "position", &format!("1 to {last}"));
    check.done()?;
    // As when a goal is added.
    tx.update(&permit, &mut charter, ctx).await?;
    if position != goal.position {
        // Out of the way of the others, who have a place each.
        goal.position = siblings.iter().map(|one| one.position).fold(goal.position, i64::max) + 1;
        tx.update(&permit, &mut goal, ctx).await?;
        renumber(&mut *tx, ctx, &permit, siblings, Some(position)).await?;
        goal.position = position;
    }
    tx.update(&permit, &mut goal, ctx).await?;
    tx.emit(Event::of(&goal, "updated")).await?;
    tx.commit().await?;
    Ok(goal)
}

/// Takes a goal out of a charter that is a draft; the others close the gap. No artefact serves it yet: they serve what was
/// agreed.
pub async fn remove_goal(ctx: &Ctx, scope: &TenantScope, id: Id<Goal>) -> Result<Charter> {
    let (mut tx, goal, mut charter, permit) = open_goal(ctx, scope, id, None).await?;
    let siblings = siblings(&mut *tx, &goal).await?;
    let take_out = Write::Replace { table: "goal", column: "id", key: id.uuid(), columns: &["id"], rows: vec![] };
    tx.update(&permit, &mut charter, ctx).await?;
    tx.write(&permit, take_out).await?;
    renumber(&mut *tx, ctx, &permit, siblings, None).await?;
    tx.emit(Event::of(&goal, "removed")).await?;
    tx.commit().await?;
    Ok(charter)
}

async fn open_goal(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Goal>,
    version: Option<i64>,
) -> Result<(Box<dyn Tx>, Goal, Charter, Permit)> {
    scope.require(Scope::CopsWrite)?;
    let (mut tx, goal, permit) = acting::open(ctx, scope, id, version, "write the charter", Deed::Charter).await?;
    let charter = tx.get(goal.charter_id).await?;
    only_draft(&charter)?;
    open_cop(&mut *tx, charter.cop_id).await?;
    Ok((tx, goal, charter, permit))
}

/// The other goals of a charter, in their order.
async fn siblings(tx: &mut dyn Tx, goal: &Goal) -> Result<Vec<Goal>> {
    let mut all: Vec<Goal> = tx.list(&[("charter_id", goal.charter_id.to_cell())]).await?;
    all.retain(|one| one.id != goal.id);
    all.sort_by_key(|one| (one.position, one.id));
    Ok(all)
}

/// Gives goals their places in this order, from 1, but for the place that is kept free. Each moves into a place that is
/// free by then: the first first where they move up, the last first where they move down.
async fn renumber(tx: &mut dyn Tx, ctx: &Ctx, permit: &Permit, all: Vec<Goal>, free: Option<i64>) -> Result<()> {
    let places = (1..).filter(|place| Some(*place) != free);
    let (up, down): (Vec<_>, Vec<_>) = all
        .into_iter()
        .zip(places)
        .filter(|(goal, place)| goal.position != *place)
        .partition(|(goal, place)| *place < goal.position);
    for (mut goal, place) in up.into_iter().chain(down.into_iter().rev()) {
        goal.position = place;
        tx.update(permit, &mut goal, ctx).await?;
    }
    Ok(())
}

/// What a proposal still waits for.
pub(crate) fn blockers(why: bool, goals: i64) -> Vec<crate::Problem> {
    let mut check = Check::default();
    check.that(why, Code::CharterWhyMissing, "why", "");
    check.that(goals > 0, Code::GoalsMissing, "goals", "");
    check.problems()
}

/// Lays the charter before the participating organisations. A host's admin agrees for the host by proposing it.
pub async fn propose(ctx: &Ctx, scope: &TenantScope, id: Id<Charter>) -> Result<Charter> {
    scope.require(Scope::CopsWrite)?;
    let (mut tx, mut charter, permit) =
        acting::open(ctx, scope, id, None, "propose the charter", Deed::Charter).await?;
    transition(charter.state, CharterState::Proposed, STEPS)?;
    open_cop(&mut *tx, charter.cop_id).await?;
    let goals: Vec<Goal> = tx.list(&[("charter_id", charter.id.to_cell())]).await?;
    let blockers = blockers(charter.why.is_some(), goals.len() as i64);
    if !blockers.is_empty() {
        return Err(Error::Conflict(blockers));
    }
    charter.state = CharterState::Proposed;
    charter.proposed_at = Some(ctx.now());
    tx.update(&permit, &mut charter, ctx).await?;
    if policy::owner(scope, "agree to the charter", &charter).is_ok() {
        record_agreement(&mut *tx, ctx, &permit, &charter, scope.tenant()).await?;
    }
    tx.emit(Event::of(&charter, "proposed")).await?;
    tx.commit().await?;
    settle::soon(ctx, charter.tenant_id, charter.cop_id).await;
    ctx.store.begin(scope).await?.get(charter.id).await
}

/// Takes a proposal back, to work on it. The agreements given so far lapse with it.
pub async fn withdraw(ctx: &Ctx, scope: &TenantScope, id: Id<Charter>) -> Result<Charter> {
    scope.require(Scope::CopsWrite)?;
    let (mut tx, mut charter, permit) =
        acting::open(ctx, scope, id, None, "take the proposal back", Deed::Charter).await?;
    transition(charter.state, CharterState::Draft, STEPS)?;
    charter.state = CharterState::Draft;
    charter.proposed_at = None;
    // What was agreed to is proposed no more, and what is proposed next is another text.
    let agreements: Vec<CharterAgreement> = tx.list(&[("charter_id", charter.id.to_cell())]).await?;
    for agreement in &agreements {
        tx.emit(Event::of(agreement, "lapsed")).await?;
    }
    let (table, column, columns) = ("charter_agreement", "charter_id", &["id"]);
    tx.write(&permit, Write::Replace { table, column, key: charter.id.uuid(), columns, rows: vec![] }).await?;
    tx.save(&permit, &mut charter, ctx, "proposal-withdrawn").await?;
    Ok(charter)
}

/// Agrees to a proposed charter for the own organisation. It is agreed once every organisation that is in has done so.
pub async fn agree(ctx: &Ctx, scope: &TenantScope, id: Id<Charter>) -> Result<Charter> {
    scope.require(Scope::CopsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let charter = tx.get(id).await?;
    let mine = [("cop_id", charter.cop_id.to_cell()), ("organisation_id", scope.tenant().to_cell())];
    let participation = tx.first::<Participation>(&mine).await?;
    let in_now = participation.is_some_and(|row| row.state == ParticipationState::Accepted);
    let sides: &[_] = if in_now { &[charter.tenant_id, scope.tenant()] } else { &[charter.tenant_id] };
    let permit = policy::any_of(scope, "agree to the charter", &charter, sides)?;
    if charter.state != CharterState::Proposed {
        transition(charter.state, CharterState::Agreed, &[])?;
    }
    open_cop(&mut *tx, charter.cop_id).await?;
    match record_agreement(&mut *tx, ctx, &permit, &charter, scope.tenant()).await {
        Ok(()) => tx.commit().await?,
        // The same agreement came in twice at once: it is given.
        Err(Error::Conflict(problems)) if problems.iter().all(|one| one.code == Code::JustMade) => drop(tx),
        Err(error) => return Err(error),
    }
    settle::soon(ctx, charter.tenant_id, charter.cop_id).await;
    ctx.store.begin(scope).await?.get(charter.id).await
}

/// Notes an organisation's agreement to this proposal; a second time changes nothing.
pub(super) async fn record_agreement(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    permit: &Permit,
    charter: &Charter,
    organisation: Id<Organisation>,
) -> Result<()> {
    let there = [("charter_id", charter.id.to_cell()), ("organisation_id", organisation.to_cell())];
    if let Some(mut row) = tx.first::<CharterAgreement>(&there).await? {
        // An agreement from before the last proposal is renewed.
        if charter.proposed_at.is_some_and(|proposed| row.updated_at < proposed) {
            tx.update(permit, &mut row, ctx).await?;
        }
        return Ok(());
    }
    let row = CharterAgreement {
        cop_id: charter.cop_id,
        charter_id: charter.id,
        organisation_id: organisation,
        ..ctx.fresh_for(charter.tenant_id)
    };
    tx.insert(permit, &row).await?;
    tx.emit(Event::of(&row, "given")).await?;
    Ok(())
}

pub struct AssessGoal {
    pub id: Id<Goal>,
    pub assessment: GoalAssessment,
    pub note: Option<String>,
}

/// Says how a goal of the agreed charter came out.
pub async fn assess_goal(ctx: &Ctx, scope: &TenantScope, cmd: AssessGoal) -> Result<Goal> {
    change_goal(ctx, scope, cmd.id, "assess a goal", "assessed", |goal, check| {
        goal.assessment = Some(cmd.assessment);
        goal.assessment_note = check.optional_text("note", cmd.note.as_deref(), input::REASON);
    })
    .await
}

/// Exempts a goal from being anchored, for a reason.
pub async fn waive_goal(ctx: &Ctx, scope: &TenantScope, id: Id<Goal>, reason: String) -> Result<Goal> {
    change_goal(ctx, scope, id, "waive the anchoring of a goal", "waived", |goal, check| {
        goal.waiver_reason = Some(check.text("reason", &reason, input::REASON));
    })
    .await
}

async fn change_goal(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Goal>,
    action: &'static str,
    verb: &str,
    change: impl FnOnce(&mut Goal, &mut Check),
) -> Result<Goal> {
    scope.require(Scope::CopsWrite)?;
    let (mut tx, mut goal, permit) = acting::open(ctx, scope, id, None, action, Deed::Charter).await?;
    let charter = tx.get(goal.charter_id).await?;
    let cop = tx.get(goal.cop_id).await?;
    if charter.state != CharterState::Agreed {
        return Err(Error::conflict(Code::CharterNotAgreed, "", ""));
    }
    if !matches!(cop.status, CopStatus::Active | CopStatus::Harvesting) {
        return Err(Error::conflict(Code::CopNotOpen, "", cop.status.label()));
    }
    let mut check = Check::default();
    change(&mut goal, &mut check);
    check.done()?;
    tx.save(&permit, &mut goal, ctx, verb).await?;
    Ok(goal)
}
