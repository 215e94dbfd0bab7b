//! Calendar feeds (*agenda-abonnementen*): an address with a secret of its own, at which a calendar program finds the
//! sessions that its maker may see now. What it answers is made by the API; who stands behind it is asked here.

use crate::{
    Code, Error, Id, Result,
    cop::Cop,
    ctx::Ctx,
    input::{self, Check},
    organisation::{Organisation, OrganisationState},
    person::{Person, PersonState},
    policy,
    query::{Filter, One, Page, Query, Rows, Select, Sort, Tree},
    record,
    record::{Cell, Record, Table},
    scope::{Acting, Principal, Scope, Scopes, TenantScope},
    session::{Session, SessionState},
    token::{LONGEST_DAYS, TokenKind},
};
use chrono::{DateTime, Duration, Utc};

record! {
    CalendarFeed("calendar_feed", "cal") {
        name: String,
        /// Whose eyes it sees with; the organisation's own where there is none.
        person_id: Option<Id<Person>>,
        /// Of which CoP it shows sessions; of all that the person has to do with where there is none.
        cop_id: Option<Id<Cop>>,
        cop_tenant_id: Option<Id<Organisation>>,
        expires_at: DateTime<Utc>,
        revoked_at: Option<DateTime<Utc>>,
        /// The secret itself is in the address and nowhere else.
        secret_hash: String,
    }
}

pub struct Create {
    pub name: String,
    pub cop_id: Option<Id<Cop>>,
    pub person_id: Option<Id<Person>>,
    pub days: Option<i64>,
    pub secret_hash: String,
}

/// Makes a feed. A person makes it for themselves; the organisation's token for one of its people, or of a CoP as the
/// organisation sees it.
pub async fn create(ctx: &Ctx, scope: &TenantScope, cmd: Create) -> Result<CalendarFeed> {
    scope.require(Scope::CalendarsManage)?;
    // Nobody hands on what they may not read.
    scope.require(Scope::SessionsRead)?;
    if scope.person().is_none() && cmd.person_id.is_some() {
        // It shows what that person sees, so it is acting for them.
        scope.require(Scope::MembersAct)?;
    }
    let action = "make a calendar feed";
    let mut check = Check::default();
    let name = check.text("name", &cmd.name, input::TITLE);
    let days = cmd.days.unwrap_or(LONGEST_DAYS);
    check.that((1..=LONGEST_DAYS).contains(&days), Code::OutOfRange, "days", "1 to 365");
    let whose = scope.person().or(cmd.person_id);
    check.that(whose.is_some() || cmd.cop_id.is_some(), Code::Required, "copId", "a CoP, a person, or both");
    check.done()?;
    let mut tx = ctx.store.begin(scope).await?;
    let person = match cmd.person_id.or(scope.person()) {
        Some(id) => Some(tx.refer("personId", id).await?),
        None => None,
    };
    let cop = match cmd.cop_id {
        Some(id) => Some(tx.refer("copId", id).await?),
        None => None,
    };
    if let Some(person) = &person {
        let own = person.tenant_id == scope.tenant() && scope.person().is_none_or(|me| me == person.id);
        if !own {
            let who = if scope.person().is_some() { "yourself" } else { "a person of the own organisation" };
            return Err(Error::invalid(Code::InvalidValue, "personId", who));
        }
        if !may_have_one(person) {
            return Err(Error::conflict(Code::NotEligible, "personId", "not an active person of the organisation"));
        }
    }
    let row = CalendarFeed {
        name,
        person_id: person.as_ref().map(|person| person.id),
        cop_id: cop.as_ref().map(|cop| cop.id),
        cop_tenant_id: cop.as_ref().map(|cop| cop.tenant_id),
        expires_at: ctx.now() + Duration::days(days.clamp(1, LONGEST_DAYS)),
        secret_hash: cmd.secret_hash,
        ..ctx.fresh(scope)
    };
    let permit = own(scope, action, &row)?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

/// Leave for whose feed it is, and for their organisation.
fn own(scope: &TenantScope, action: &'static str, row: &CalendarFeed) -> Result<policy::Permit> {
    let person: Vec<_> = row.person_id.into_iter().collect();
    policy::in_person(scope, action, row, &person).or_else(|_| policy::owner(scope, action, row))
}

fn may_have_one(person: &Person) -> bool {
    person.state == PersonState::Active && !person.external
}

/// Makes a feed's address useless from the next request on.
pub async fn revoke(ctx: &Ctx, scope: &TenantScope, id: Id<CalendarFeed>) -> Result<CalendarFeed> {
    scope.require(Scope::CalendarsManage)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let permit = own(scope, "revoke a calendar feed", &row)?;
    if row.revoked_at.is_none() {
        row.revoked_at = Some(ctx.now());
        tx.save(&permit, &mut row, ctx, "revoked").await?;
    }
    Ok(row)
}

/// A feed that is good now, and the scope that it sees by.
pub struct Standing {
    pub scope: TenantScope,
    pub feed: CalendarFeed,
}

/// What a feed stands for now; `None` if it is not, or no longer, good: its secret is another one, it was revoked or has
/// expired, its person or organisation is no longer active.
pub async fn standing(
    ctx: &Ctx,
    tenant: Id<Organisation>,
    id: Id<CalendarFeed>,
    secret_hash: &str,
) -> Result<Option<Standing>> {
    let person = One { relation: "person", select: whole(Person::TABLE) };
    let mut feed = Select { ones: vec![person], ..whole(CalendarFeed::TABLE) };
    feed.column("fact_cop_id");
    let queries = [
        Query { select: feed, rows: Rows::Ids(vec![id.uuid()]) },
        Query { select: whole(Organisation::TABLE), rows: Rows::Ids(vec![tenant.uuid()]) },
    ];
    let system = TenantScope::system(tenant);
    let mut found = ctx.store.read(&system, &queries).await?.into_iter().map(|branch| branch.rows.into_iter().next());
    let (Some(Some(mut feed)), Some(Some(organisation))) = (found.next(), found.next()) else { return Ok(None) };
    let person = feed.ones.pop().and_then(|(_, person)| person);
    // The CoP may be seen by the person and not by the organisation, which is who reads here.
    let cop_id: Option<Id<Cop>> = feed.get("fact_cop_id").flatten();
    let (Some(feed), Some(organisation)) = (row::<CalendarFeed>(feed), row::<Organisation>(organisation)) else {
        return Ok(None);
    };
    let feed = CalendarFeed { cop_id, ..feed };
    let good = feed.secret_hash == secret_hash && feed.revoked_at.is_none() && feed.expires_at > ctx.now();
    if !good || feed.tenant_id != tenant || organisation.state != OrganisationState::Active {
        return Ok(None);
    }
    let (kind, person) = match feed.person_id {
        Some(id) => {
            let person = person.and_then(|person| row::<Person>(*person));
            let Some(person) = person.filter(|person| person.id == id && may_have_one(person)) else { return Ok(None) };
            (TokenKind::Member, Some(Acting { id: person.id, admin: false, outsider: false }))
        }
        None => (TokenKind::Tenant, None),
    };
    let scopes: Scopes = [Scope::SessionsRead].into_iter().collect();
    // No token: a feed only reads.
    let scope = Principal { token: Id::default(), kind, tenant, person, scopes }.enter();
    Ok(Some(Standing { scope, feed }))
}

fn whole(table: &'static Table) -> Select {
    Select { columns: table.columns.iter().map(|column| column.name).collect(), ..Select::new(table) }
}

fn row<R: Record>(tree: Tree) -> Option<R> {
    R::from_cells(tree.cells)
}

/// For how long before now a feed has sessions, and how many at most: the latest.
const PAST: Duration = Duration::days(365);
const MOST: u32 = 1_000;
/// How long one that was called off is shown as such, so that calendars take it out.
const CANCELLED: Duration = Duration::days(60);

/// A session as a feed shows it.
pub struct Entry {
    pub session: Session,
    /// The title of its CoP, where that may be seen.
    pub cop: Option<String>,
}

impl Standing {
    /// The sessions that the feed shows now, the latest first.
    pub async fn entries(&self, ctx: &Ctx) -> Result<Vec<Entry>> {
        let now = ctx.now();
        let mut cop = Select::new(Cop::TABLE);
        cop.column("title");
        let select = Select { ones: vec![One { relation: "cop", select: cop }], ..whole(Session::TABLE) };
        let mut filters = vec![Filter::Named("starts_from", Cell::At(now - PAST))];
        // Who has left the CoP keeps what was shared by then.
        filters.extend(self.feed.cop_id.map(|cop| Filter::Named("of_known_cop", Cell::Uuid(cop.uuid()))));
        if let (None, Some(person)) = (self.feed.cop_id, self.feed.person_id) {
            filters.push(Filter::Named("concerns", Cell::Uuid(person.uuid())));
        }
        let sort = Sort { column: "starts_at", descending: true };
        let page =
            Page { filters, sort, limit: MOST, after: None, before: None, backwards: false, total: false, rows: true };
        let query = Query { select, rows: Rows::Page(page) };
        let found = ctx.store.read(&self.scope, std::slice::from_ref(&query)).await?;
        let rows = found.into_iter().flat_map(|branch| branch.rows).take(MOST as usize);
        let entry = |mut tree: Tree| {
            let cop = tree.ones.pop().and_then(|(_, cop)| cop).and_then(|cop| cop.get("title"));
            Some(Entry { session: row(tree)?, cop })
        };
        let shown = |entry: &Entry| {
            entry.session.state != SessionState::Cancelled || entry.session.updated_at > now - CANCELLED
        };
        Ok(rows.filter_map(entry).filter(shown).collect())
    }
}
