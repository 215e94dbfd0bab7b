//! How a row of one's own looks to somebody else, for the admin of the organisation that owns it. It is read with the
//! other's eyes, by the very statements that they would be answered with, and tells of that row alone.

use crate::{
    Code, Error, Id, Result,
    concept::Concept,
    cop::{Cop, Facilitation, Membership, MembershipState},
    ctx::Ctx,
    explain,
    id::Prefixed,
    organisation::{Organisation, OrganisationState},
    person::{Person, PersonState},
    ports::Tx,
    query::{Query, Rows, Select, Tree},
    record::{Cell, Field, Record},
    scope::TenantScope,
    session::{ContributionState, ExpertContribution, Registration, RegistrationState, Session, SessionSeries, joint},
    theme::Theme,
    visibility::Audience,
};
use uuid::Uuid;

/// With whose eyes.
#[derive(Debug, Clone, Copy)]
pub enum Whom {
    /// An organisation's, as its own token looks.
    Organisation(Id<Organisation>),
    /// A person's, as their member token looks.
    Person(Id<Person>),
    /// Those of a token that reads what is public and nothing else.
    Public,
}

impl Whom {
    /// Exactly one of them is asked about.
    pub fn of(organisation: Option<Id<Organisation>>, person: Option<Id<Person>>, public: bool) -> Result<Self> {
        match (organisation, person, public) {
            (Some(organisation), None, false) => Ok(Self::Organisation(organisation)),
            (None, Some(person), false) => Ok(Self::Person(person)),
            (None, None, true) => Ok(Self::Public),
            _ => Err(Error::invalid(
                Code::Required,
                "organisationId",
                "exactly one of organisationId, personId and public",
            )),
        }
    }
}

/// A row as somebody sees it.
#[derive(Debug)]
pub struct Seen {
    /// What they see of it; none if they do not see it.
    pub row: Option<Tree>,
    /// Whether they are of the organisation that owns it.
    pub own: bool,
}

/// Reads a CoP, a charter, a session or an artefact of the own organisation as somebody else sees it.
pub async fn view_as(ctx: &Ctx, scope: &TenantScope, id: &str, whom: Whom, select: Select) -> Result<Seen> {
    let mut tx = ctx.store.look(scope).await?;
    let (cop, _) = explain::subject(&mut *tx, scope, id).await?;
    let of_own_cop = cop.is_none_or(|(_, host)| host == scope.tenant());
    let refused = |field, detail| Error::invalid(Code::InvalidValue, field, detail);
    let (mut acts, mut outsider) = (true, false);
    let (tenant, person) = match whom {
        Whom::Organisation(id) => {
            tx.refer("organisationId", id).await?;
            // Who takes part in another's CoP is told to those who are to know, and to nobody by asking for each.
            if !of_own_cop && !explain::nameable(&mut *tx, scope, cop).await?.contains(&id) {
                return Err(refused("organisationId", "an organisation that you know to have to do with the CoP"));
            }
            (id, None)
        }
        Whom::Person(id) => {
            let person = tx.refer("personId", id).await?;
            if !of_own_cop && person.tenant_id != scope.tenant() {
                return Err(refused("personId", "a person of the own organisation, unless you host the CoP"));
            }
            acts = person.state == PersonState::Active;
            outsider = person.external;
            (person.tenant_id, Some(id))
        }
        Whom::Public => (Id::default(), None),
    };
    if tenant != scope.tenant() && !matches!(whom, Whom::Public) && joined_by_others(&mut *tx, scope, id).await? {
        // Who takes part in the CoP of another host that joins is that host's to tell: only what `visibility` says is shown.
        let known = match person {
            Some(person) => sees_by_own(&mut *tx, cop, id, person, outsider).await?,
            None => false,
        };
        drop(tx);
        let told = explain::visibility(ctx, scope, id, None).await?;
        let named = |seer: &explain::Seer| seer.whole && seer.organisation == Some(tenant);
        if !known && !told.network && !told.seers.iter().any(named) {
            let field = if person.is_some() { "personId" } else { "organisationId" };
            return Err(refused(field, "of a session that another host's CoP joins, who is named by its visibility"));
        }
        tx = ctx.store.look(scope).await?;
    }
    acts &= match whom {
        Whom::Public => {
            drop(tx);
            let public = explain::visibility(ctx, scope, id, None).await?.public;
            tx = ctx.store.look(scope).await?;
            public
        }
        _ => tx.get(tenant).await?.state == OrganisationState::Active,
    };
    let own = tenant == scope.tenant();
    // The id was taken apart before; it is that of a row.
    let id = crate::id::split(id).map(|(_, id)| id).unwrap_or_default();
    let theirs = if acts { read(ctx, &scope.eyes_of(tenant, person, outsider), &select, id).await? } else { None };
    let mine = read(ctx, scope, &select, id).await?;
    let row = match (theirs, mine) {
        (Some(theirs), Some(mine)) => Some(only_of_this_row(&mut *tx, scope, theirs, &mine).await?),
        (theirs, _) => theirs,
    };
    Ok(Seen { row, own })
}

/// Whether it is a session that is seen by CoPs of other hosts, too.
async fn joined_by_others(tx: &mut dyn Tx, scope: &TenantScope, id: &str) -> Result<bool> {
    match crate::id::split(id) {
        Some((Session::PREFIX, id)) => {
            let joins = joint::others(tx, Id::new(id)).await?;
            Ok(joins.iter().any(|join| join.cop_tenant_id != scope.tenant()))
        }
        _ => Ok(false),
    }
}

/// Whether somebody sees a session by the CoP that leads it, in person, or because they are asked to it from outside.
async fn sees_by_own(
    tx: &mut dyn Tx,
    cop: explain::OfCop,
    session: &str,
    person: Id<Person>,
    outsider: bool,
) -> Result<bool> {
    let theirs = ("person_id", person.to_cell());
    if outsider {
        let session = crate::id::split(session).map(|(_, id)| id).unwrap_or_default();
        let at_it = [("session_id", session.to_cell()), theirs];
        let comes: Vec<Registration> = tx.list(&at_it).await?;
        let contributes: Vec<ExpertContribution> = tx.list(&at_it).await?;
        return Ok(comes.iter().any(|row| row.state != RegistrationState::Cancelled)
            || contributes.iter().any(|row| row.state != ContributionState::Withdrawn));
    }
    let Some((cop, _)) = cop else { return Ok(false) };
    let shares = tx.find(cop).await?.is_some_and(|cop: Cop| cop.content_ceiling != Audience::Organisation);
    let in_it = [("cop_id", cop.to_cell()), theirs];
    let is_in = |row: &Membership| matches!(row.state, MembershipState::Active | MembershipState::Completed);
    Ok(shares
        && (tx.list::<Membership>(&in_it).await?.iter().any(is_in)
            || tx.list::<Facilitation>(&in_it).await?.iter().any(|row| row.end_date.is_none())))
}

async fn read(ctx: &Ctx, scope: &TenantScope, select: &Select, id: Uuid) -> Result<Option<Tree>> {
    let query = Query { select: select.clone(), rows: Rows::Ids(vec![id]) };
    let branches = ctx.store.read(scope, std::slice::from_ref(&query)).await?;
    Ok(branches.into_iter().next().and_then(|branch| branch.rows.into_iter().next()))
}

/// Whether they see what the row refers to is told where that is the asker's own too. What belongs to others is between
/// those and them, so there the asker is shown what they see themselves, and nothing where they see nothing.
async fn only_of_this_row(tx: &mut dyn Tx, scope: &TenantScope, mut theirs: Tree, mine: &Tree) -> Result<Tree> {
    for place in 0..theirs.names.len() {
        let own = match (theirs.names[place], &mine.cells[place]) {
            ("theme_id", Cell::Uuid(id)) => owned::<Theme>(tx, scope, *id).await?,
            ("concept_id", Cell::Uuid(id)) => owned::<Concept>(tx, scope, *id).await?,
            ("cop_id" | "predecessor_id", Cell::Uuid(id)) => owned::<Cop>(tx, scope, *id).await?,
            ("session_id", Cell::Uuid(id)) => owned::<Session>(tx, scope, *id).await?,
            ("series_id", Cell::Uuid(id)) => owned::<SessionSeries>(tx, scope, *id).await?,
            ("theme_id" | "concept_id" | "cop_id" | "predecessor_id" | "session_id" | "series_id", _) => false,
            _ => true,
        };
        if !own {
            theirs.cells[place] = mine.cells[place].clone();
        }
    }
    Ok(theirs)
}

async fn owned<R: Record>(tx: &mut dyn Tx, scope: &TenantScope, id: Uuid) -> Result<bool> {
    Ok(tx.find(Id::<R>::new(id)).await?.is_some_and(|row| row.base().tenant == scope.tenant()))
}
