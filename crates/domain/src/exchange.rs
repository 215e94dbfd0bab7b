//! A strength that one front-runner project passes to another (*onderlinge uitwisseling*), in a session or outside one. It
//! belongs to the giving organisation; the receiving one says in its own words what it learned.

use crate::{
    Code, Error, Id, Result,
    cop::{Cop, membership::organisation_is_in, transition},
    ctx::Ctx,
    input::{self, Check, Patch},
    labels,
    organisation::Organisation,
    policy::{self, Permit},
    ports::Tx,
    project::{FrontRunner, FrontRunnerProject, FrontRunnerState},
    record,
    record::Field,
    scope::{Scope, TenantScope},
    session::{Session, joint},
};
use chrono::{DateTime, NaiveDate, Utc};

labels! {
    /// Where an exchange is in its life.
    ExchangeState {
        /// The giving side wrote it down.
        Recorded = "RECORDED" / "Vastgelegd",
        /// The receiving side said what it learned.
        Acknowledged = "ACKNOWLEDGED" / "Bevestigd",
        /// The giving side took it back.
        Withdrawn = "WITHDRAWN" / "Teruggetrokken",
    }
}

use ExchangeState::{Acknowledged, Recorded, Withdrawn};

pub const EXCHANGE_STEPS: &[(ExchangeState, ExchangeState)] =
    &[(Recorded, Acknowledged), (Recorded, Withdrawn), (Acknowledged, Withdrawn)];

record! {
    Exchange("exchange", "exc") {
        giving_project_id: Id<FrontRunnerProject>,
        receiving_project_id: Id<FrontRunnerProject>,
        receiver_tenant_id: Id<Organisation>,
        cop_id: Option<Id<Cop>>,
        cop_tenant_id: Option<Id<Organisation>>,
        session_id: Option<Id<Session>>,
        strength: String,
        note: Option<String>,
        exchanged_date: NaiveDate,
        state: ExchangeState,
        learned: Option<String>,
        acknowledged_at: Option<DateTime<Utc>>,
    }
}

/// Leave for an organisation's admin, and for the front-runners of its project.
async fn for_project(
    tx: &mut dyn Tx,
    scope: &TenantScope,
    action: &'static str,
    row: &Exchange,
    side: Id<Organisation>,
    project: Id<FrontRunnerProject>,
) -> Result<Permit> {
    let refused = match policy::any_of(scope, action, row, &[side]) {
        Ok(permit) => return Ok(permit),
        Err(refused) => refused,
    };
    let Some(person) = scope.person() else { return Err(refused) };
    let runs = [
        ("project_id", project.to_cell()),
        ("person_id", person.to_cell()),
        ("state", FrontRunnerState::Active.to_cell()),
    ];
    match tx.first::<FrontRunner>(&runs).await? {
        Some(_) => policy::in_person(scope, action, row, &[person]),
        None => Err(refused),
    }
}

pub struct Record {
    pub giving_project_id: Id<FrontRunnerProject>,
    pub receiving_project_id: Id<FrontRunnerProject>,
    pub strength: String,
    pub cop_id: Option<Id<Cop>>,
    pub session_id: Option<Id<Session>>,
    pub exchanged_date: NaiveDate,
    pub note: Option<String>,
}

fn happened(check: &mut Check, date: NaiveDate, ctx: &Ctx) {
    check.date("exchangedDate", Some(date));
    check.that(date <= ctx.today(), Code::OutOfRange, "exchangedDate", "not in the future");
}

/// What an exchange refers to, as it was found.
pub(crate) struct Between {
    pub giving: FrontRunnerProject,
    pub receiving: FrontRunnerProject,
    pub cop: Option<Cop>,
    pub session: Option<Session>,
    /// The CoPs of the session, as far as the caller sees them.
    pub of_session: Vec<Id<Cop>>,
}

impl Record {
    /// Checks and normalises; `row` is what it is written into.
    pub(crate) fn fill(self, ctx: &Ctx, scope: &TenantScope, between: &Between, row: Exchange) -> Result<Exchange> {
        let Between { giving, receiving, cop, session, of_session } = between;
        let mut check = Check::default();
        check.that(giving.tenant_id == scope.tenant(), Code::NotYours, "givingProjectId", "front runner project");
        check.that(giving.id != receiving.id, Code::InvalidValue, "receivingProjectId", "another project");
        let strength = check.text("strength", &self.strength, input::TITLE);
        let known = giving.strengths.0.iter().find(|one| one.to_lowercase() == strength.to_lowercase()).cloned();
        check.that(
            strength.is_empty() || known.is_some(),
            Code::InvalidValue,
            "strength",
            "a strength of the giving project",
        );
        let there = of_session.is_empty() || self.cop_id.is_none_or(|cop| of_session.contains(&cop));
        check.that(there, Code::InvalidValue, "sessionId", "a session of this CoP");
        happened(&mut check, self.exchanged_date, ctx);
        let note = check.optional_text("note", self.note.as_deref(), input::REASON);
        check.done()?;
        Ok(Exchange {
            giving_project_id: giving.id,
            receiving_project_id: receiving.id,
            receiver_tenant_id: receiving.tenant_id,
            cop_id: cop.as_ref().map(|cop| cop.id),
            cop_tenant_id: cop.as_ref().map(|cop| cop.tenant_id).or(session.as_ref().map(|session| session.tenant_id)),
            session_id: session.as_ref().map(|session| session.id),
            strength: known.unwrap_or(strength),
            note,
            exchanged_date: self.exchanged_date,
            ..row
        })
    }
}

/// Writes down that a strength of an own project was passed to another project. For the giving organisation's admin and the
/// project's front-runners.
pub async fn record_exchange(ctx: &Ctx, scope: &TenantScope, cmd: Record) -> Result<Exchange> {
    scope.require(Scope::ProjectsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let giving = tx.refer("givingProjectId", cmd.giving_project_id).await?;
    let receiving = tx.refer("receivingProjectId", cmd.receiving_project_id).await?;
    let cop = match cmd.cop_id {
        Some(id) => Some(tx.refer("copId", id).await?),
        None => None,
    };
    let session = match cmd.session_id {
        Some(id) => Some(tx.refer("sessionId", id).await?),
        None => None,
    };
    let mut between = Between { giving, receiving, cop, session, of_session: vec![] };
    between.find_cops(&mut *tx).await?;
    let row = cmd.fill(ctx, scope, &between, ctx.fresh(scope))?;
    if let Some(cop) = &between.cop {
        // What is said in a CoP is read by its members: only who is in says it.
        if organisation_is_in(&mut *tx, cop, scope.tenant()).await.is_err() {
            return Err(Error::conflict(Code::NotEligible, "copId", "your organisation does not take part"));
        }
        if cop.status.is_over() {
            return Err(Error::conflict(Code::CopNotOpen, "copId", cop.status.label()));
        }
    }
    let action = "record an exchange";
    let permit = for_project(&mut *tx, scope, action, &row, row.tenant_id, between.giving.id).await?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

impl Between {
    /// What happened at a session of a CoP happened in that CoP, also where only the session is named.
    pub(crate) async fn find_cops(&mut self, tx: &mut dyn Tx) -> Result<()> {
        let Some(session) = &self.session else { return Ok(()) };
        for id in joint::cops_of(tx, session).await? {
            if let Some(cop) = tx.find(id).await? {
                self.of_session.push(id);
                if session.cop_id == Some(id) && self.cop.is_none() {
                    self.cop = Some(cop);
                }
            }
        }
        Ok(())
    }
}

#[derive(Default)]
pub struct Update {
    pub id: Id<Exchange>,
    pub version: Option<i64>,
    pub note: Patch<String>,
    pub exchanged_date: Option<NaiveDate>,
}

/// Mends what the giving side wrote.
pub async fn update(ctx: &Ctx, scope: &TenantScope, cmd: Update) -> Result<Exchange> {
    scope.require(Scope::ProjectsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get_at(cmd.id, cmd.version).await?;
    let action = "change an exchange";
    let permit = for_project(&mut *tx, scope, action, &row, row.tenant_id, row.giving_project_id).await?;
    let mut check = Check::default();
    if let Some(note) = cmd.note.change() {
        row.note = check.optional_text("note", note.as_deref(), input::REASON);
    }
    if let Some(date) = cmd.exchanged_date {
        happened(&mut check, date, ctx);
        row.exchanged_date = date;
    }
    check.done()?;
    if row.state == Withdrawn {
        return Err(Error::conflict(Code::NotEditable, "", row.state.label()));
    }
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

/// Says what was learned. For the receiving organisation's admin and the receiving project's front-runners.
pub async fn acknowledge(ctx: &Ctx, scope: &TenantScope, id: Id<Exchange>, learned: String) -> Result<Exchange> {
    scope.require(Scope::ProjectsWrite)?;
    let mut check = Check::default();
    let learned = check.text("learned", &learned, input::REASON);
    check.done()?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let action = "acknowledge an exchange";
    let permit = for_project(&mut *tx, scope, action, &row, row.receiver_tenant_id, row.receiving_project_id).await?;
    transition(row.state, Acknowledged, EXCHANGE_STEPS)?;
    row.state = Acknowledged;
    row.learned = Some(learned);
    row.acknowledged_at = Some(ctx.now());
    tx.save(&permit, &mut row, ctx, "acknowledged").await?;
    Ok(row)
}

/// Takes it back. For the giving side, and for the host of the CoP in which it stands.
pub async fn withdraw(ctx: &Ctx, scope: &TenantScope, id: Id<Exchange>) -> Result<Exchange> {
    scope.require(Scope::ProjectsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let action = "withdraw an exchange";
    let permit = match row.cop_tenant_id.map(|host| policy::any_of(scope, action, &row, &[host])) {
        Some(Ok(permit)) => permit,
        _ => for_project(&mut *tx, scope, action, &row, row.tenant_id, row.giving_project_id).await?,
    };
    transition(row.state, Withdrawn, EXCHANGE_STEPS)?;
    row.state = Withdrawn;
    tx.save(&permit, &mut row, ctx, "withdrawn").await?;
    Ok(row)
}
