//! Experts from outside (*experts van buiten*), each with the perspective from which they look at a session.

use super::{Perspective, Session, SessionState, joint};
use crate::{
    Code, Error, Id, Result,
    cop::{Cop, Membership, acting, membership::takes_part, transition},
    ctx::Ctx,
    input::{self, Check, Patch},
    labels,
    organisation::Organisation,
    person::{Person, PersonState},
    policy::{self, Deed, Permit},
    ports::{Event, Tx},
    record,
    record::Field,
    scope::{Scope, TenantScope},
};

labels! {
    /// Whether an expert contributes to a session.
    ContributionState {
        /// Is to contribute.
        Invited = "INVITED" / "Gevraagd",
        /// Did, at the session.
        Contributed = "CONTRIBUTED" / "Bijgedragen",
        /// Does not come after all, or the session was called off.
        Withdrawn = "WITHDRAWN" / "Ingetrokken",
    }
}

record! {
    ExpertContribution("expert_contribution", "exp") {
        session_id: Id<Session>,
        cop_id: Option<Id<Cop>>,
        person_id: Id<Person>,
        person_tenant_id: Id<Organisation>,
        perspective: Perspective,
        subject: Option<String>,
        state: ContributionState,
    }
}

pub struct Invite {
    pub session_id: Id<Session>,
    pub person_id: Id<Person>,
    pub perspective: Perspective,
    pub subject: Option<String>,
}

/// Whether a session's experts can still change: once it was held they are part of what happened.
pub(crate) fn is_open(state: SessionState) -> bool {
    matches!(state, SessionState::Draft | SessionState::Scheduled)
}

/// Whether a person may become known by this to those who are there: outsiders, whom their organisation holds for it; who
/// may be found; and, by their organisation's admin, its own people.
pub(crate) fn may_be_shown(scope: &TenantScope, person: &Person) -> bool {
    let own = person.tenant_id == scope.tenant() && (person.external || scope.is_admin());
    own || person.discoverable || scope.person() == Some(person.id)
}

/// Whether a person takes part in a CoP, or did until its end. Who was only put forward, not everybody knows.
pub(crate) async fn is_member(tx: &mut dyn Tx, cop: Id<Cop>, person: Id<Person>) -> Result<bool> {
    let there = [("cop_id", cop.to_cell()), ("person_id", person.to_cell())];
    Ok(tx.list::<Membership>(&there).await?.iter().any(takes_part))
}

/// Invites an expert to a session. For whoever plans it. The expert is an outsider that the own organisation holds, one who
/// may be found, or, for its admin, an own person; never a member of the session's CoP.
pub async fn invite(ctx: &Ctx, scope: &TenantScope, cmd: Invite) -> Result<ExpertContribution> {
    scope.require(Scope::SessionsWrite)?;
    let mut check = Check::default();
    let subject = check.optional_text("subject", cmd.subject.as_deref(), input::SUMMARY);
    check.done()?;
    // Whoever invites them must know them; the session's organisation comes to know them by this.
    let (person, known_member) = {
        let mut tx = ctx.store.look(scope).await?;
        let session = tx.refer("sessionId", cmd.session_id).await?;
        let person = tx.refer("personId", cmd.person_id).await?;
        // Of a CoP that joins, as far as they may read who is in it: else their invitation would tell.
        let mut member = false;
        for join in joint::others(&mut *tx, session.id).await? {
            member |= is_member(&mut *tx, join.cop_id, person.id).await?;
        }
        (person, member)
    };
    let (mut tx, session, permit) =
        acting::open(ctx, scope, cmd.session_id, None, "invite an expert", Deed::Plan).await?;
    if !is_open(session.state) {
        return Err(Error::conflict(Code::NotEditable, "sessionId", session.state.label()));
    }
    if person.state != PersonState::Active {
        return Err(Error::conflict(Code::NotEligible, "personId", person.state.label()));
    }
    if !may_be_shown(scope, &person) {
        return Err(Error::invalid(Code::NotYours, "personId", "an outsider of yours, or one who may be found"));
    }
    let of_leading = match session.cop_id {
        Some(leads) => is_member(&mut *tx, leads, person.id).await?,
        None => false,
    };
    if known_member || of_leading {
        let detail = "a member of the CoP is no expert from outside";
        return Err(Error::conflict(Code::NotEligible, "personId", detail));
    }
    let there = [
        ("session_id", session.id.to_cell()),
        ("person_id", person.id.to_cell()),
        ("perspective", cmd.perspective.to_cell()),
        ("state", ContributionState::Invited.to_cell()),
    ];
    if let Some(row) = tx.first::<ExpertContribution>(&there).await? {
        return Err(Error::conflict(Code::AlreadyExists, "personId", row.id.to_string()));
    }
    let row = ExpertContribution {
        session_id: session.id,
        cop_id: session.cop_id,
        person_id: person.id,
        person_tenant_id: person.tenant_id,
        perspective: cmd.perspective,
        subject,
        ..ctx.fresh_for(session.tenant_id)
    };
    tx.create(&permit, &row).await?;
    Ok(row)
}

pub struct UpdateContribution {
    pub id: Id<ExpertContribution>,
    pub version: Option<i64>,
    pub subject: Patch<String>,
}

/// Opens a contribution for these sides, for who plans the session, and for the expert.
async fn open(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<ExpertContribution>,
    version: Option<i64>,
    action: &'static str,
    sides: impl Fn(&ExpertContribution) -> Vec<Id<Organisation>>,
) -> Result<(Box<dyn Tx>, ExpertContribution, Permit)> {
    let refused = match acting::open_for(ctx, scope, id, version, action, Deed::Plan, sides).await {
        Err(refused @ Error::Forbidden(_)) => refused,
        other => return other,
    };
    let row: ExpertContribution = {
        let mut tx = ctx.store.begin(scope).await?;
        tx.get_at(id, version).await?
    };
    let permit = policy::in_person(scope, action, &row, &[row.person_id]).map_err(|_| refused)?;
    let mut tx = ctx.store.begin(&scope.for_owner(row.tenant_id)).await?;
    let row = tx.get_at(id, Some(row.version)).await?;
    Ok((tx, row, permit))
}

/// Says what an expert contributes. For whoever plans the session, and for the expert, also after it was held.
pub async fn update(ctx: &Ctx, scope: &TenantScope, cmd: UpdateContribution) -> Result<ExpertContribution> {
    scope.require(Scope::SessionsWrite)?;
    let action = "change a contribution";
    let (tx, mut row, permit) = open(ctx, scope, cmd.id, cmd.version, action, |row| vec![row.tenant_id]).await?;
    if row.state == ContributionState::Withdrawn {
        return Err(Error::conflict(Code::NotEditable, "", row.state.label()));
    }
    let mut check = Check::default();
    if let Some(subject) = cmd.subject.change() {
        row.subject = check.optional_text("subject", subject.as_deref(), input::SUMMARY);
    }
    check.done()?;
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

/// Records that an expert does not come after all, until the session was held: for whoever plans the
/// session, for the expert, and for the expert's organisation.
pub async fn withdraw(ctx: &Ctx, scope: &TenantScope, id: Id<ExpertContribution>) -> Result<ExpertContribution> {
    scope.require(Scope::SessionsWrite)?;
    let sides = |row: &ExpertContribution| vec![row.tenant_id, row.person_tenant_id];
    let (tx, mut row, permit) = open(ctx, scope, id, None, "withdraw a contribution", sides).await?;
    transition(row.state, ContributionState::Withdrawn, CONTRIBUTION_STEPS)?;
    row.state = ContributionState::Withdrawn;
    tx.save(&permit, &mut row, ctx, "withdrawn").await?;
    Ok(row)
}

pub const CONTRIBUTION_STEPS: &[(ContributionState, ContributionState)] = &[
    (ContributionState::Invited, ContributionState::Contributed),
    (ContributionState::Invited, ContributionState::Withdrawn),
];

/// What becomes of the contributions to a session that was held or called off.
pub(crate) async fn conclude(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    permit: &Permit,
    session: &Session,
    to: ContributionState,
) -> Result<()> {
    let open = [("session_id", session.id.to_cell()), ("state", ContributionState::Invited.to_cell())];
    for mut row in tx.list::<ExpertContribution>(&open).await? {
        row.state = to;
        tx.update(permit, &mut row, ctx).await?;
        tx.emit(Event::of(&row, if to == ContributionState::Withdrawn { "withdrawn" } else { "contributed" })).await?;
    }
    Ok(())
}

/// Whether somebody is to look at a CoP's own sessions from outside, or did. Of a session that it joins, its host may not know
/// who the experts are, so that is not asked.
pub(crate) async fn is_expert_of(tx: &mut dyn Tx, cop: Id<Cop>, person: Id<Person>) -> Result<bool> {
    let theirs = [("cop_id", cop.to_cell()), ("person_id", person.to_cell())];
    let all: Vec<ExpertContribution> = tx.list(&theirs).await?;
    Ok(all.iter().any(|row| row.state != ContributionState::Withdrawn))
}
