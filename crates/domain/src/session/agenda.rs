//! What is on a session's agenda. In an open space it is raised on the day, by whoever convenes it.

use super::{Session, SessionKind, SessionState, expert, joint};
use crate::{
    Code, Error, Id, Result,
    cop::{Cop, acting, transition},
    ctx::Ctx,
    input::{self, Check, Patch},
    labels,
    organisation::Organisation,
    person::Person,
    policy::{self, Deed, Permit},
    ports::Tx,
    record,
    record::Field,
    scope::{Scope, TenantScope},
};

labels! {
    /// Where an agenda item is in its life.
    AgendaItemState {
        /// Put forward by a member.
        Proposed = "PROPOSED" / "Voorgesteld",
        /// On the agenda.
        Planned = "PLANNED" / "Op de agenda",
        /// Taken off it.
        Dropped = "DROPPED" / "Vervallen",
    }
}

use AgendaItemState::{Dropped, Planned, Proposed};

pub const AGENDA_STEPS: &[(AgendaItemState, AgendaItemState)] =
    &[(Proposed, Planned), (Proposed, Dropped), (Planned, Dropped)];

record! {
    AgendaItem("agenda_item", "agd") {
        session_id: Id<Session>,
        cop_id: Option<Id<Cop>>,
        position: i64,
        title: String,
        notes: Option<String>,
        convenor_id: Option<Id<Person>>,
        convenor_tenant_id: Option<Id<Organisation>>,
        minutes: Option<i64>,
        state: AgendaItemState,
    }
}

/// Longest that one item takes, in minutes: a day.
const LONGEST: i64 = 1_440;

#[derive(Default)]
pub struct Raise {
    pub session_id: Id<Session>,
    pub title: String,
    pub notes: Option<String>,
    pub convenor_id: Option<Id<Person>>,
    pub minutes: Option<i64>,
}

fn minutes(check: &mut Check, minutes: Option<i64>) -> Option<i64> {
    check.that(minutes.is_none_or(|one| (1..=LONGEST).contains(&one)), Code::OutOfRange, "minutes", "1 to 1440");
    minutes
}

/// What an agenda item says.
pub(crate) struct Said {
    pub title: String,
    pub notes: Option<String>,
    pub minutes: Option<i64>,
}

impl Said {
    /// Checks and normalises; `row` is what it is written into.
    pub(crate) fn fill(self, row: AgendaItem) -> Result<AgendaItem> {
        let mut check = Check::default();
        let row = AgendaItem {
            title: check.text("title", &self.title, input::TITLE),
            notes: check.optional_text("notes", self.notes.as_deref(), input::BODY),
            minutes: minutes(&mut check, self.minutes),
            ..row
        };
        check.done()?;
        Ok(row)
    }
}

/// The place behind the last item of a session's agenda.
pub(crate) async fn next_position(tx: &mut dyn Tx, session: Id<Session>) -> Result<i64> {
    let there: Vec<AgendaItem> = tx.list(&[("session_id", session.to_cell())]).await?;
    Ok(there.iter().map(|row| row.position).max().unwrap_or(0) + 1)
}

/// Puts something on a session's agenda. Who plans the session puts it there; a member of one of its CoPs, and an expert or
/// guest of the session, proposes it, and in an open space raises it themselves. They convene what they put forward.
pub async fn raise(ctx: &Ctx, scope: &TenantScope, cmd: Raise) -> Result<AgendaItem> {
    scope.require(Scope::SessionsWrite)?;
    let action = "put something on the agenda";
    let said = Said { title: cmd.title, notes: cmd.notes, minutes: cmd.minutes }.fill(AgendaItem::default())?;
    let convenor = {
        let mut tx = ctx.store.look(scope).await?;
        tx.refer("sessionId", cmd.session_id).await?;
        match cmd.convenor_id.or(scope.person()) {
            Some(person) => Some(tx.refer("convenorId", person).await?),
            None => None,
        }
    };
    // Each unit of work ends before the next begins: SQLite has one writer.
    let (session, permit) = match acting::open(ctx, scope, cmd.session_id, None, action, Deed::TakePart).await {
        Ok((_, session, permit)) => (session, permit),
        // Experts and guests see the sessions that they are invited to, and so take part in what they see.
        Err(Error::Forbidden(_)) if scope.is_outsider() => {
            let session = ctx.store.look(scope).await?.get(cmd.session_id).await?;
            let permit = policy::in_person(scope, action, &session, &scope.person().into_iter().collect::<Vec<_>>())?;
            (session, permit)
        }
        Err(Error::Forbidden(_)) => joint::taking_part(ctx, scope, cmd.session_id, action).await?,
        Err(other) => return Err(other),
    };
    let plans = scope.person().is_none() || may_plan(ctx, scope, &session).await?;
    let own = convenor.as_ref().is_none_or(|convenor| Some(convenor.id) == scope.person());
    if !plans && !own {
        return Err(Error::invalid(Code::NotYours, "convenorId", "only who plans the session names somebody else"));
    }
    let mut tx = ctx.store.begin(&scope.for_owner(session.tenant_id)).await?;
    let session = tx.get(session.id).await?;
    if !expert::is_open(session.state) {
        return Err(Error::conflict(Code::NotEditable, "sessionId", session.state.label()));
    }
    let row = AgendaItem {
        session_id: session.id,
        cop_id: session.cop_id,
        position: next_position(&mut *tx, session.id).await?,
        title: said.title,
        notes: said.notes,
        convenor_id: convenor.as_ref().map(|convenor| convenor.id),
        convenor_tenant_id: convenor.as_ref().map(|convenor| convenor.tenant_id),
        minutes: said.minutes,
        state: if plans || session.kind == SessionKind::OpenSpace { Planned } else { Proposed },
        ..ctx.fresh_for(session.tenant_id)
    };
    tx.create(&permit, &row).await?;
    Ok(row)
}

/// Whether the acting person plans this session, and does not only take part in it.
async fn may_plan(ctx: &Ctx, scope: &TenantScope, session: &Session) -> Result<bool> {
    match acting::open(ctx, scope, session.id, None, "plan a session", Deed::Plan).await {
        Ok(_) => Ok(true),
        Err(Error::Forbidden(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Opens an item for who plans the session, and for who convenes it.
async fn open(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<AgendaItem>,
    version: Option<i64>,
    action: &'static str,
) -> Result<(Box<dyn Tx>, AgendaItem, Permit)> {
    let refused = match acting::open(ctx, scope, id, version, action, Deed::Plan).await {
        Err(refused @ Error::Forbidden(_)) => refused,
        other => return other,
    };
    let row = ctx.store.look(scope).await?.get_at(id, version).await?;
    let convenor: Vec<_> = row.convenor_id.into_iter().collect();
    let permit = policy::in_person(scope, action, &row, &convenor).map_err(|_| refused)?;
    let mut tx = ctx.store.begin(&scope.for_owner(row.tenant_id)).await?;
    let row = tx.get_at(id, Some(row.version)).await?;
    Ok((tx, row, permit))
}

#[derive(Default)]
pub struct UpdateItem {
    pub id: Id<AgendaItem>,
    pub version: Option<i64>,
    pub title: Option<String>,
    pub notes: Patch<String>,
    pub minutes: Patch<i64>,
    pub position: Option<i64>,
}

/// Changes an agenda item, also its notes after the session. For who plans the session, and for who convenes it.
pub async fn update(ctx: &Ctx, scope: &TenantScope, cmd: UpdateItem) -> Result<AgendaItem> {
    scope.require(Scope::SessionsWrite)?;
    let (tx, mut row, permit) = open(ctx, scope, cmd.id, cmd.version, "change the agenda").await?;
    if row.state == Dropped {
        return Err(Error::conflict(Code::NotEditable, "", row.state.label()));
    }
    let mut check = Check::default();
    if let Some(title) = cmd.title {
        row.title = check.text("title", &title, input::TITLE);
    }
    if let Some(notes) = cmd.notes.change() {
        row.notes = check.optional_text("notes", notes.as_deref(), input::BODY);
    }
    if let Some(change) = cmd.minutes.change() {
        row.minutes = minutes(&mut check, change);
    }
    if let Some(position) = cmd.position {
        check.that((1..=10_000).contains(&position), Code::OutOfRange, "position", "1 to 10000");
        row.position = position;
    }
    check.done()?;
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

/// Puts on the agenda what a member proposed. For who plans the session.
pub async fn accept(ctx: &Ctx, scope: &TenantScope, id: Id<AgendaItem>) -> Result<AgendaItem> {
    scope.require(Scope::SessionsWrite)?;
    let (tx, row, permit) = acting::open(ctx, scope, id, None, "change the agenda", Deed::Plan).await?;
    step(ctx, tx, row, &permit, Planned, "accepted").await
}

/// Takes something off the agenda. For who plans the session, and for who convenes it.
pub async fn drop_item(ctx: &Ctx, scope: &TenantScope, id: Id<AgendaItem>) -> Result<AgendaItem> {
    scope.require(Scope::SessionsWrite)?;
    let (tx, row, permit) = open(ctx, scope, id, None, "change the agenda").await?;
    step(ctx, tx, row, &permit, Dropped, "dropped").await
}

async fn step(
    ctx: &Ctx,
    mut tx: Box<dyn Tx>,
    mut row: AgendaItem,
    permit: &Permit,
    to: AgendaItemState,
    verb: &'static str,
) -> Result<AgendaItem> {
    transition(row.state, to, AGENDA_STEPS)?;
    let session = tx.get(row.session_id).await?;
    if !matches!(session.state, SessionState::Draft | SessionState::Scheduled) {
        return Err(Error::conflict(Code::NotEditable, "", session.state.label()));
    }
    row.state = to;
    tx.save(permit, &mut row, ctx, verb).await?;
    Ok(row)
}
