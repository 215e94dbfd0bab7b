//! Contact requests (*contactformulier*): what somebody from outside asks an organisation by the form of its portal, who
//! takes it up, and what was answered. The platform keeps the answer; it sends no e-mail itself.
//!
//! Name, address, message and answer are personal data. They stand in the row alone, in no event, audit row or log, and are
//! removed from it after the organisation's retention time ([`sweep`]), or at once ([`erase`]).

use crate::{
    Code, Error, Id, Problem, Result,
    cop::{Cop, transition},
    ctx::Ctx,
    input::{self, Check},
    labels,
    organisation::Organisation,
    person::{Person, PersonState},
    policy,
    query::{Filter, Page, Query, Rows, Select, Sort},
    record,
    record::{Cell, Field, Record},
    scope::{Scope, TenantScope},
    theme::Theme,
    token::Token,
};
use chrono::{DateTime, Duration, Utc};

labels! {
    /// Where a contact request is in its life.
    ContactRequestState {
        /// It came in.
        New = "NEW" / "Nieuw",
        /// Somebody is to answer it.
        Assigned = "ASSIGNED" / "Toegewezen",
        /// It was answered.
        Answered = "ANSWERED" / "Beantwoord",
        /// It is done.
        Closed = "CLOSED" / "Afgesloten",
        /// It is no question at all.
        Spam = "SPAM" / "Ongewenst",
    }
}
use ContactRequestState::{Answered, Assigned, Closed, New, Spam};

pub const STEPS: &[(ContactRequestState, ContactRequestState)] =
    &[(New, Assigned), (Assigned, Answered), (Answered, Closed), (New, Spam)];

/// How many characters a message and an answer have at most.
const LENGTH: usize = 4_000;
/// How many requests an organisation takes in within an hour.
pub const HOURLY: u64 = 120;
/// How many of them by one token: a form that is flooded leaves room for the others.
pub const HOURLY_OF_TOKEN: u64 = 60;
/// How many days personal data stays after a request was closed, unless the organisation says otherwise.
pub const RETENTION_DAYS: i64 = 180;
/// How short and how long that may be.
pub const RETENTION_BOUNDS: std::ops::RangeInclusive<i64> = 7..=365;
/// How many days after it came in personal data goes, whatever became of the request.
pub const LONGEST_DAYS: i64 = 730;
/// How many rows the sweep looks at in one go.
const AT_ONCE: u32 = 100;

record! {
    ContactRequest("contact_request", "ctr") {
        name: Option<String>,
        email: Option<String>,
        message: Option<String>,
        theme_id: Option<Id<Theme>>,
        cop_id: Option<Id<Cop>>,
        cop_tenant_id: Option<Id<Organisation>>,
        /// Which version of the organisation's consent text they were shown and agreed to.
        consent_version: i64,
        /// That text, as it was then.
        consent_text: Option<String>,
        state: ContactRequestState,
        /// Whether the form's trap caught it: a field that people do not see was filled in.
        caught: bool,
        /// By which token it came in.
        token_id: Id<Token>,
        assignee_id: Option<Id<Person>>,
        assigned_at: Option<DateTime<Utc>>,
        answer: Option<String>,
        answered_by_id: Option<Id<Person>>,
        answered_at: Option<DateTime<Utc>>,
        /// When it was closed, or found to be spam.
        ended_at: Option<DateTime<Utc>>,
        erased_at: Option<DateTime<Utc>>,
    }
}

impl ContactRequest {
    /// Removes what is personal; that there was a request, about what and what became of it, stays.
    fn forget(&mut self, now: DateTime<Utc>) {
        (self.name, self.email, self.message, self.answer) = (None, None, None, None);
        self.erased_at = Some(now);
    }
}

/// The organisation as its own form shows it: what the token of the form may know.
pub async fn form(ctx: &Ctx, scope: &TenantScope) -> Result<Organisation> {
    scope.require(Scope::ContactSubmit)?;
    let scope = scope.at_home();
    ctx.store.look(&scope).await?.get(scope.tenant()).await
}

pub struct Submit {
    pub name: String,
    pub email: String,
    pub message: String,
    pub theme_id: Option<Id<Theme>>,
    pub cop_id: Option<Id<Cop>>,
    pub consent_version: i64,
    /// The trap: people leave it empty, because they do not see it.
    pub website: Option<String>,
}

/// Takes a request in. One that walks into the trap is kept as spam and answered as any other, so that its sender learns
/// nothing, and somebody whose browser filled the field in is not lost.
pub async fn submit(ctx: &Ctx, scope: &TenantScope, cmd: Submit) -> Result<ContactRequest> {
    scope.require(Scope::ContactSubmit)?;
    let (came, scope) = (scope, &scope.at_home());
    let mut check = Check::default();
    let email = check.email("email", Some(&cmd.email));
    check.that(email.is_some(), Code::Required, "email", "");
    let row = ContactRequest {
        name: Some(check.text("name", &cmd.name, input::TITLE)),
        email,
        message: Some(check.text("message", &cmd.message, LENGTH)),
        consent_version: cmd.consent_version,
        token_id: scope.principal().token,
        caught: cmd.website.is_some_and(|website| !website.trim().is_empty()),
        ..ctx.fresh(scope)
    };
    check.done()?;
    within_limits(ctx, scope).await?;
    // What it is about is looked up as the form's token sees it.
    let mut seen = ctx.store.look(came).await?;
    let theme = match cmd.theme_id {
        Some(id) => Some(seen.refer("themeId", id).await?),
        None => None,
    };
    let cop = match cmd.cop_id {
        Some(id) => Some(seen.refer("copId", id).await?),
        None => None,
    };
    drop(seen);
    let mut tx = ctx.store.begin(scope).await?;
    let own: Organisation = tx.get(scope.tenant()).await?;
    if own.contact_consent_text.is_none() {
        let detail = "the organisation has set no text yet";
        return Err(Error::conflict(Code::ConsentNotGiven, "consentVersion", detail));
    }
    if own.contact_consent_version != cmd.consent_version {
        let current = own.contact_consent_version.to_string();
        return Err(Error::conflict(Code::ConsentNotGiven, "consentVersion", current));
    }
    let row = ContactRequest {
        theme_id: theme.map(|theme| theme.id),
        cop_id: cop.as_ref().map(|cop| cop.id),
        cop_tenant_id: cop.map(|cop| cop.tenant_id),
        consent_text: own.contact_consent_text.clone(),
        state: if row.caught { Spam } else { New },
        ended_at: row.caught.then_some(row.created_at),
        ..row
    };
    let permit = policy::owner(scope, "take a contact request in", &row)?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

/// Refuses more than an hour has room for. Rows are counted, so it holds on all nodes together; where many come in at the
/// same moment, a few more may pass.
async fn within_limits(ctx: &Ctx, scope: &TenantScope) -> Result<()> {
    let since = ctx.now() - Duration::hours(1);
    let of_all =
        vec![Filter::Is("tenant_id", scope.tenant().to_cell()), Filter::Named("received_since", Cell::At(since))];
    let mut of_token = of_all.clone();
    of_token.push(Filter::Is("token_id", scope.principal().token.to_cell()));
    let queries = [of_all, of_token].map(|filters| rows(&["created_at"], filters, "created_at", 1));
    let branches = ctx.store.read(scope, &queries).await?;
    let mut seconds = 0;
    for (branch, most) in branches.iter().zip([HOURLY, HOURLY_OF_TOKEN]) {
        if branch.total.is_some_and(|count| count >= most) {
            let oldest: Option<DateTime<Utc>> = branch.rows.first().and_then(|row| row.get("created_at"));
            let left = oldest.map_or(0, |oldest| (oldest - since).num_seconds());
            seconds = seconds.max(left + 1);
        }
    }
    if seconds > 0 { Err(Error::Limited { seconds }) } else { Ok(()) }
}

/// So many rows in this order, and how many there are of them.
fn rows(columns: &[&'static str], filters: Vec<Filter>, order: &'static str, limit: u32) -> Query {
    let mut select = Select::new(ContactRequest::TABLE);
    for column in columns {
        select.column(column);
    }
    let sort = Sort { column: order, descending: false };
    let page = Page { filters, sort, limit, after: None, before: None, backwards: false, total: true, rows: true };
    Query { select, rows: Rows::Page(page) }
}

/// What stands in the way of a step: who is to be answered is not known any more.
pub(crate) fn blockers(erased: bool, to: ContactRequestState) -> Vec<Problem> {
    let in_the_way = erased && matches!(to, Assigned | Answered);
    let problem = Problem::new(Code::NotEditable, "", "its personal data was removed");
    if in_the_way { vec![problem] } else { vec![] }
}

fn take_step(row: &ContactRequest, to: ContactRequestState) -> Result<()> {
    transition(row.state, to, STEPS)?;
    let problems = blockers(row.erased_at.is_some(), to);
    if problems.is_empty() { Ok(()) } else { Err(Error::Conflict(problems)) }
}

/// Leave for the organisation's admins, and for who is to answer it.
fn own(scope: &TenantScope, action: &'static str, row: &ContactRequest) -> Result<policy::Permit> {
    let assignee: Vec<_> = row.assignee_id.into_iter().collect();
    policy::owner(scope, action, row).or_else(|_| policy::in_person(scope, action, row, &assignee))
}

/// Says who is to answer it; said again before it is answered, it is somebody else. For the organisation's admins.
pub async fn assign(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<ContactRequest>,
    assignee: Id<Person>,
) -> Result<ContactRequest> {
    scope.require(Scope::ContactWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let permit = policy::owner(scope, "assign a contact request", &row)?;
    let person = tx.refer("assigneeId", assignee).await?;
    if person.tenant_id != scope.tenant() {
        return Err(Error::invalid(Code::NotYours, "assigneeId", "person"));
    }
    if person.state != PersonState::Active || person.external {
        let detail = "an active person of the own organisation";
        return Err(Error::invalid(Code::InvalidValue, "assigneeId", detail));
    }
    if row.state != Assigned {
        transition(row.state, Assigned, STEPS)?;
    }
    let problems = blockers(row.erased_at.is_some(), Assigned);
    if !problems.is_empty() {
        return Err(Error::Conflict(problems));
    }
    row.state = Assigned;
    row.assignee_id = Some(person.id);
    row.assigned_at = Some(ctx.now());
    tx.save(&permit, &mut row, ctx, "assigned").await?;
    Ok(row)
}

/// Keeps what was answered, by whom and when. Whoever answers sends it. For who it is assigned to, and the organisation's
/// admins.
pub async fn answer(ctx: &Ctx, scope: &TenantScope, id: Id<ContactRequest>, answer: String) -> Result<ContactRequest> {
    scope.require(Scope::ContactWrite)?;
    let mut check = Check::default();
    let answer = check.text("answer", &answer, LENGTH);
    check.done()?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let permit = own(scope, "answer a contact request", &row)?;
    take_step(&row, Answered)?;
    row.state = Answered;
    row.answer = Some(answer);
    row.answered_by_id = scope.person();
    row.answered_at = Some(ctx.now());
    tx.save(&permit, &mut row, ctx, "answered").await?;
    Ok(row)
}

/// Closes what was answered. For who it is assigned to, and the organisation's admins.
pub async fn close(ctx: &Ctx, scope: &TenantScope, id: Id<ContactRequest>) -> Result<ContactRequest> {
    scope.require(Scope::ContactWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let permit = own(scope, "close a contact request", &row)?;
    take_step(&row, Closed)?;
    row.state = Closed;
    row.ended_at = Some(ctx.now());
    tx.save(&permit, &mut row, ctx, "closed").await?;
    Ok(row)
}

/// Says that it is no question at all. For the organisation's admins.
pub async fn mark_as_spam(ctx: &Ctx, scope: &TenantScope, id: Id<ContactRequest>) -> Result<ContactRequest> {
    scope.require(Scope::ContactWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let permit = policy::owner(scope, "mark a contact request as spam", &row)?;
    take_step(&row, Spam)?;
    row.state = Spam;
    row.ended_at = Some(ctx.now());
    tx.save(&permit, &mut row, ctx, "marked-as-spam").await?;
    Ok(row)
}

/// Removes the personal data of a request at once, in whatever state it is. For the organisation's admins.
pub async fn erase(ctx: &Ctx, scope: &TenantScope, id: Id<ContactRequest>) -> Result<ContactRequest> {
    scope.require(Scope::ContactWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let permit = policy::owner(scope, "erase a contact request", &row)?;
    if row.erased_at.is_some() {
        return Err(Error::conflict(Code::NotEditable, "", "its personal data was removed"));
    }
    row.forget(ctx.now());
    tx.save(&permit, &mut row, ctx, "erased").await?;
    Ok(row)
}

/// Removes personal data whose time is over, of all organisations: of what was closed or is spam after the organisation's
/// retention time, and of every request two years after it came in. Answers of how many.
pub async fn sweep(ctx: &Ctx, operator: Id<Organisation>) -> Result<usize> {
    let all: Vec<Organisation> = ctx.store.look(&TenantScope::system(operator)).await?.list(&[]).await?;
    let (mut erased, mut failed) = (0, None);
    for organisation in all {
        // What goes wrong with one organisation's requests does not hold up the others.
        match sweep_one(ctx, &organisation).await {
            Ok(count) => erased += count,
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(erased), Err)
}

async fn sweep_one(ctx: &Ctx, organisation: &Organisation) -> Result<usize> {
    let scope = TenantScope::system(organisation.id);
    let before = |days: i64| Cell::At(ctx.now() - Duration::days(days));
    let mut erased = 0;
    for over in [
        Filter::Named("ended_by", before(organisation.contact_retention_days)),
        Filter::Named("received_by", before(LONGEST_DAYS)),
    ] {
        loop {
            let own = Filter::Is("tenant_id", organisation.id.to_cell());
            let query = rows(&[], vec![own, Filter::Is("erased_at", Cell::Null), over.clone()], "id", AT_ONCE);
            let branches = ctx.store.read(&scope, std::slice::from_ref(&query)).await?;
            let found: Vec<Id<ContactRequest>> =
                branches.iter().flat_map(|branch| &branch.rows).filter_map(|row| row.get("id")).collect();
            let mut done = 0;
            for id in found {
                done += usize::from(erase_in_time(ctx, &scope, id).await?);
            }
            erased += done;
            // What another change came between is looked at in the next run.
            if done == 0 {
                break;
            }
        }
    }
    Ok(erased)
}

async fn erase_in_time(ctx: &Ctx, scope: &TenantScope, id: Id<ContactRequest>) -> Result<bool> {
    let mut tx = ctx.store.begin(scope).await?;
    let Some(mut row) = tx.find(id).await?.filter(|row| row.erased_at.is_none()) else { return Ok(false) };
    let permit = policy::owner(scope, "erase a contact request", &row)?;
    row.forget(ctx.now());
    match tx.save(&permit, &mut row, ctx, "erased").await {
        Ok(()) => Ok(true),
        Err(Error::Stale { .. } | Error::Busy) => Ok(false),
        Err(error) => Err(error),
    }
}
