//! What waits for the viewer: the steps forward that they can take now, of all that they may write. Derived from the same
//! life cycles and blockers that the steps themselves obey.

use crate::{
    Error, Id, Problem, Result, allowed,
    artefact::{self, Anchoring, AnchoringState, Artefact, ArtefactState, LessonState},
    contact::{ContactRequest, ContactRequestState},
    cop::{
        self, Charter, CharterState, Cop, CopStatus, Facilitation, FacilitationRole, Facts, Goal, Membership,
        MembershipRole, MembershipState, Participation, ParticipationState, Standing,
    },
    ctx::Ctx,
    exchange::{Exchange, ExchangeState},
    policy::{Deed, Part},
    publication::{Publication, PublicationState},
    query::{Filter, One, Page, Place, Query, Rows, Select, Sort, Tree},
    record::{Cell, Field, Record, Table},
    scope::{Scope, TenantScope},
    session::{self, AgendaItem, AgendaItemState, Session, SessionState},
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// A step that somebody waits for.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The operation that takes it, by its name in the API.
    pub action: &'static str,
    /// The state that it leads to; none for a yes or an agreement.
    pub to: Option<&'static str>,
    /// What it still asks for, that can be given with the step itself: a reason, or preconditions that are met.
    pub blocked_by: Vec<Problem>,
    pub table: &'static Table,
    pub subject: Uuid,
    /// What it is about: the subject's own title, else that of its CoP.
    pub title: Option<String>,
    pub cop: Option<Id<Cop>>,
    pub since: DateTime<Utc>,
}

/// How many steps are shown, and looked at of each kind.
pub const MOST: usize = 100;

/// How often a hundred rows of a kind are looked at.
const ROUNDS: usize = 10;

/// A step of a row: the operation, the state that it leads to, and what it still asks for.
type Step = (&'static str, Option<&'static str>, Vec<Problem>);
type Judge<'a> = Box<dyn Fn(&Tree, CopStatus) -> Option<Step> + Send + Sync + 'a>;

struct Asks<'a> {
    scope: &'a TenantScope,
    now: DateTime<Utc>,
    all: Vec<(Query, Judge<'a>)>,
}

impl<'a> Asks<'a> {
    /// Asks for rows, if the token reads and writes their kind.
    fn ask<R: Record>(
        &mut self,
        scopes: (Scope, Scope),
        columns: &[&'static str],
        filters: Vec<Filter>,
        judge: impl Fn(&Tree, CopStatus) -> Option<Step> + Send + Sync + 'a,
    ) {
        let nothing = filters.iter().any(|filter| matches!(filter, Filter::In(_, cells) if cells.is_empty()));
        if !nothing && self.scope.holds(scopes.0) && self.scope.holds(scopes.1) {
            self.all.push((rows::<R>(columns, filters), Box::new(judge)));
        }
    }
}

/// The rows of a kind, oldest first, each with its CoP as far as it may be seen.
fn rows<R: Record>(columns: &[&'static str], filters: Vec<Filter>) -> Query {
    let mut select = Select::new(R::TABLE);
    for column in ["tenant_id", "updated_at"].iter().chain(columns) {
        select.column(column);
    }
    if R::TABLE.column("cop_id").is_some() {
        select.column("cop_id");
        let mut cop = Select::new(Cop::TABLE);
        cop.column("title");
        cop.column("status");
        select.ones.push(One { relation: "cop", select: cop });
    }
    let sort = Sort { column: "id", descending: false };
    let page = Page {
        filters,
        sort,
        limit: MOST as u32,
        after: None,
        before: None,
        backwards: false,
        total: false,
        rows: true,
    };
    Query { select, rows: Rows::Page(page) }
}

fn is<T: Field>(column: &'static str, value: T) -> Filter {
    Filter::Is(column, value.to_cell())
}

fn among(column: &'static str, ids: &[Uuid]) -> Filter {
    Filter::In(column, ids.iter().map(Field::to_cell).collect())
}

fn within<T: Field>(column: &'static str, values: &[T]) -> Filter {
    Filter::In(column, values.iter().map(Field::to_cell).collect())
}

fn of_cop(states: &[CopStatus]) -> Filter {
    Filter::OfCop(states.iter().map(Field::to_cell).collect())
}

/// Of a CoP that is seen and not over.
fn of_open() -> Filter {
    of_cop(&[CopStatus::Draft, CopStatus::Recruiting, CopStatus::Active, CopStatus::Harvesting])
}

fn cop_of(tree: &Tree) -> Option<&Tree> {
    tree.ones.iter().find(|(relation, _)| *relation == "cop")?.1.as_deref()
}

/// Goes on after the last of a full page; says whether there is a next one.
fn turn(query: &mut Query, found: &[Tree]) -> bool {
    let (Rows::Page(page), Some(last), true) = (&mut query.rows, found.last(), found.len() > MOST) else {
        return false;
    };
    page.after = last.get("id").map(|id: Uuid| Place { value: Cell::Uuid(id), id });
    true
}

async fn all_rows(ctx: &Ctx, scope: &TenantScope, mut query: Query) -> Result<Vec<Tree>> {
    let mut all = vec![];
    for _ in 0..ROUNDS {
        let branches = ctx.store.read(scope, std::slice::from_ref(&query)).await?;
        let found = branches.into_iter().next().unwrap_or_default().rows;
        let more = turn(&mut query, &found);
        all.extend(found);
        if !more {
            break;
        }
    }
    Ok(all)
}

/// What the acting person is in each CoP, with its state; and the CoPs for which the organisation provides a guide.
async fn parts(ctx: &Ctx, scope: &TenantScope) -> Result<(BTreeMap<Uuid, (Part, CopStatus)>, Vec<Uuid>)> {
    let mut parts: BTreeMap<Uuid, (Part, CopStatus)> = BTreeMap::new();
    let mine = |column| match scope.person() {
        Some(person) => is("person_id", person),
        None => is(column, scope.tenant()),
    };
    let guides = rows::<Facilitation>(&["role"], vec![mine("person_tenant_id"), Filter::Is("end_date", Cell::Null)]);
    // A membership counts while its organisation is in.
    let is_in = Filter::Named("organisation_is_in", scope.tenant().to_cell());
    let members = vec![mine("person_tenant_id"), is("state", MembershipState::Active), is_in];
    let guides = all_rows(ctx, scope, guides).await?;
    let provided = guides.iter().filter_map(|row| row.get("cop_id")).collect();
    let at = |row: &Tree| -> Option<(Uuid, CopStatus)> { Some((row.get("cop_id")?, cop_of(row)?.get("status")?)) };
    if scope.person().is_none() {
        return Ok((parts, provided));
    }
    for row in &guides {
        let Some((cop, status)) = at(row) else { continue };
        let part = &mut parts.entry(cop).or_insert((Part::default(), status)).0;
        match row.get("role") {
            Some(FacilitationRole::Coordinator) => part.coordinator = true,
            _ => part.facilitator = true,
        }
    }
    for row in &all_rows(ctx, scope, rows::<Membership>(&["role"], members)).await? {
        let Some((cop, status)) = at(row) else { continue };
        let part = &mut parts.entry(cop).or_insert((Part::default(), status)).0;
        part.member = true;
        part.lead |= row.get("role") == Some(MembershipRole::Lead);
    }
    Ok((parts, provided))
}

/// The steps forward that the viewer can take now, longest waiting first; at most [`MOST`].
pub async fn for_viewer(ctx: &Ctx, scope: &TenantScope) -> Result<Vec<Waiting>> {
    if scope.is_operator() {
        return Ok(vec![]);
    }
    let (parts, provided) = parts(ctx, scope).await?;
    let mut asks = Asks { scope, now: ctx.now(), all: vec![] };
    let by = |deed: Deed| -> Vec<Uuid> {
        let may = |(cop, (part, status)): (&Uuid, &(Part, CopStatus))| part.allows(deed, *status).then_some(*cop);
        parts.iter().filter_map(may).collect()
    };
    // Whose rows they may step on: their organisation's as its admin, and those of CoPs in which their part allows it.
    let reach = |deed: Deed, column: &'static str| -> Vec<Filter> {
        let own = scope.is_admin().then(|| is("tenant_id", scope.tenant()));
        own.into_iter().chain([among(column, &by(deed))]).collect()
    };
    participations(&mut asks, &reach);
    memberships(&mut asks, &reach);
    charters(&mut asks, &reach);
    goals(&mut asks, &reach, ctx);
    cops(&mut asks, &reach);
    sessions(&mut asks, &reach);
    agenda(&mut asks, &reach);
    exchanges(&mut asks);
    let reviewed = if scope.person().is_some() { by(Deed::Review) } else { provided };
    let member_of: Vec<_> = parts.iter().filter(|(_, (part, _))| part.member).map(|(cop, _)| *cop).collect();
    artefacts(&mut asks, &reviewed);
    publications(&mut asks, &reach);
    anchorings(&mut asks, &member_of, ctx);
    contact_requests(&mut asks);

    let mut all = vec![];
    let mut seen = HashSet::new();
    for round in 0..ROUNDS {
        let queries: Vec<_> = asks.all.iter().map(|(query, _)| query.clone()).collect();
        if queries.is_empty() {
            break;
        }
        let branches = ctx.store.read(scope, &queries).await?;
        let mut rest = vec![];
        for ((mut query, judge), branch) in std::mem::take(&mut asks.all).into_iter().zip(branches) {
            let found = branch.rows.iter().filter_map(|row| waiting(query.select.table, row, &judge));
            all.extend(found.filter(|one| seen.insert((one.action, one.subject))));
            // Among many rows that wait for nothing there may be more that do.
            if turn(&mut query, &branch.rows) {
                rest.push((query, judge));
            }
        }
        asks.all = if round + 1 < ROUNDS { rest } else { vec![] };
    }
    all.sort_by_key(|one| (one.since, one.subject));
    let (mut open, mut checked) = (vec![], 0);
    let mut writes_in: BTreeMap<Id<Cop>, bool> = BTreeMap::new();
    for one in all {
        checked += 1;
        if open.len() == MOST || checked > 5 * MOST {
            break;
        }
        // Whether somebody writes in a CoP is the same for all that they wrote there.
        let known = one.cop.filter(|_| one.action == "artefact_submit").and_then(|cop| writes_in.get(&cop).copied());
        let can = match known {
            Some(can) => can,
            None => can_be_taken(ctx, scope, &one).await?,
        };
        if let (Some(cop), "artefact_submit") = (one.cop, one.action) {
            writes_in.insert(cop, can);
        }
        if can {
            open.push(one);
        }
    }
    Ok(open)
}

/// What the step itself asks beside its life cycle, for those that ask for more.
async fn can_be_taken(ctx: &Ctx, scope: &TenantScope, one: &Waiting) -> Result<bool> {
    let asked = match one.action {
        "membership_accept" => {
            let mut tx = ctx.store.begin(scope).await?;
            let row = tx.get(Id::new(one.subject)).await?;
            cop::membership::may_accept(&mut *tx, &row).await.map(drop)
        }
        "artefact_submit" if one.cop.is_some() => {
            let mut tx = ctx.store.begin(scope).await?;
            artefact::may_write_in(&mut *tx, scope, one.cop).await
        }
        _ => Ok(()),
    };
    match asked {
        Ok(()) => Ok(true),
        Err(error @ (Error::Fault(_) | Error::Busy)) => Err(error),
        Err(_) => Ok(false),
    }
}

fn waiting(table: &'static Table, row: &Tree, judge: &Judge<'_>) -> Option<Waiting> {
    let cop = cop_of(row);
    // What is of no CoP, and of one that is no longer seen, goes by its own state.
    let status = cop.and_then(|cop| cop.get("status")).or_else(|| row.get("status")).unwrap_or(CopStatus::Active);
    let (action, to, blocked_by) = judge(row, status)?;
    let own = ["title", "place", "strength"].into_iter().find_map(|name| row.get(name));
    let title = own.or_else(|| cop?.get("title"));
    // A CoP that is not seen is not named either.
    let cop: Option<Uuid> =
        if table.name == Cop::TABLE.name { row.get("id") } else { cop.and_then(|cop| cop.get("id")) };
    let cop = cop.map(Id::new);
    Some(Waiting { action, to, blocked_by, table, subject: row.get("id")?, title, cop, since: row.get("updated_at")? })
}

type Reach<'r> = dyn Fn(Deed, &'static str) -> Vec<Filter> + 'r;

fn participations<'a>(asks: &mut Asks<'a>, reach: &Reach<'_>) {
    use ParticipationState::{Accepted, Invited, Requested};
    let scopes = (Scope::CopsRead, Scope::CopsWrite);
    let facts = &["fact_cop_profile", "fact_concept_profile", "fact_agreement_version"];
    if asks.scope.is_admin() {
        let invited = vec![is("organisation_id", asks.scope.tenant()), is("state", Invited), of_open()];
        asks.ask::<Participation>(scopes, facts, invited, |row, _| {
            let blocked = allowed::asked_of_participants(row)?;
            Some(("participation_accept", Some(Accepted.label()), blocked))
        });
    }
    for whose in reach(Deed::Run, "cop_id") {
        asks.ask::<Participation>(scopes, &[], vec![whose, is("state", Requested), of_open()], |_, _| {
            Some(("participation_accept", Some(Accepted.label()), vec![]))
        });
    }
}

fn memberships<'a>(asks: &mut Asks<'a>, reach: &Reach<'_>) {
    use MembershipState::{Active, Applied, Completed, Nominated, Selected};
    let scopes = (Scope::MembershipsRead, Scope::MembershipsWrite);
    let whose = match asks.scope.person() {
        Some(person) => is("person_id", person),
        None => is("person_tenant_id", asks.scope.tenant()),
    };
    let unasked = vec![whose, within("state", &[Nominated, Applied]), Filter::Is("person_accepted_at", Cell::Null)];
    let unasked = unasked.into_iter().chain([of_open()]).collect();
    let facts = &["role", "fact_cop_profile", "fact_concept_profile", "fact_front_runner"];
    asks.ask::<Membership>(scopes, facts, unasked, |row, _| {
        Some(("membership_accept", None, allowed::not_eligible(row)?))
    });
    let working = [CopStatus::Recruiting, CopStatus::Active, CopStatus::Harvesting];
    for whose in reach(Deed::Members, "cop_id") {
        // Members work on until the CoP is done.
        for (from, cop, action, to) in [
            (&[Nominated, Applied][..], &working[..], "membership_select", Selected),
            (&[Selected], &working[1..], "membership_activate", Active),
            (&[Active], &[CopStatus::Closed], "membership_complete", Completed),
        ] {
            let mut filters = vec![whose.clone(), within("state", from), of_cop(cop)];
            if to == Selected {
                filters.push(Filter::Named("accepted_by", asks.now.to_cell()));
            }
            asks.ask::<Membership>(scopes, &["state", "person_accepted_at"], filters, move |row, cop| {
                let (state, person_accepted_at) = (row.get("state")?, row.get("person_accepted_at")?);
                let row = Membership { state, person_accepted_at, ..Default::default() };
                cop::membership::blockers(&row, cop, to, false).is_empty().then_some((action, Some(to.label()), vec![]))
            });
        }
    }
}

fn charters<'a>(asks: &mut Asks<'a>, reach: &Reach<'_>) {
    let scopes = (Scope::CopsRead, Scope::CopsWrite);
    for whose in reach(Deed::Charter, "cop_id") {
        let filters = vec![whose, is("state", CharterState::Draft), of_open()];
        asks.ask::<Charter>(scopes, &["why", "fact_goals"], filters, |row, _| {
            let why = row.get::<Option<String>>("why")?.is_some();
            let ready = cop::charter::blockers(why, row.get("fact_goals")?).is_empty();
            ready.then_some(("charter_propose", Some(CharterState::Proposed.label()), vec![]))
        });
    }
    if asks.scope.is_admin() {
        let filters = vec![
            is("state", CharterState::Proposed),
            Filter::Named("awaits_agreement_of", asks.scope.tenant().to_cell()),
            of_open(),
        ];
        asks.ask::<Charter>(scopes, &[], filters, |_, _| Some(("charter_agree", None, vec![])));
    }
}

/// How many days before its planned end a CoP is asked what it reached.
const ASSESSED_FROM: i64 = 30;

/// Goals are assessed at the end: when it is near, and in the harvest.
fn goals<'a>(asks: &mut Asks<'a>, reach: &Reach<'_>, ctx: &Ctx) {
    let near = ctx.today() + chrono::Duration::days(ASSESSED_FROM);
    for whose in reach(Deed::Charter, "cop_id") {
        let at_work = of_cop(&[CopStatus::Active, CopStatus::Harvesting]);
        let ends = Filter::Named("to_assess_by", near.to_cell());
        let filters = vec![whose, Filter::Is("assessment", Cell::Null), at_work, ends];
        let scopes = (Scope::CopsRead, Scope::CopsWrite);
        asks.ask::<Goal>(scopes, &["title"], filters, |_, _| Some(("goal_assess", None, vec![])));
    }
}

fn cops<'a>(asks: &mut Asks<'a>, reach: &Reach<'_>) {
    use CopStatus::{Active, Closed, Draft, Harvesting, Recruiting};
    let columns: Vec<_> = ["title", "status", "theme_id", "start_date", "planned_end_date", "profile"]
        .into_iter()
        .chain(Facts::NAMES.iter().copied())
        .collect();
    for whose in reach(Deed::Run, "id") {
        let filters = vec![whose, within("status", &[Draft, Recruiting, Active, Harvesting])];
        asks.ask::<Cop>((Scope::CopsRead, Scope::CopsWrite), &columns, filters, |row, status| {
            let (action, to) = match status {
                Draft => ("cop_recruit", Recruiting),
                Recruiting => ("cop_activate", Active),
                Active => ("cop_harvest", Harvesting),
                Harvesting => ("cop_close", Closed),
                _ => return None,
            };
            let (standing, facts) = Standing::of_row(row)?;
            standing
                .blockers(to, &facts, true)
                .is_empty()
                .then(|| (action, Some(to.label()), standing.blockers(to, &facts, false)))
        });
    }
}

fn sessions<'a>(asks: &mut Asks<'a>, reach: &Reach<'_>) {
    use SessionState::{Draft, Held, Reported, Scheduled};
    let (scopes, now) = ((Scope::SessionsRead, Scope::SessionsWrite), asks.now);
    // A clinic or network meeting may be of no CoP.
    let open = || [of_open(), Filter::Is("cop_id", Cell::Null)];
    for whose in reach(Deed::Plan, "cop_id") {
        for of in open() {
            asks.ask::<Session>(scopes, &["title"], vec![whose.clone(), is("state", Draft), of], |_, _| {
                Some(("session_schedule", Some(Scheduled.label()), vec![]))
            });
        }
        asks.ask::<Session>(scopes, &["title"], vec![whose, is("state", Held)], |_, _| {
            Some(("session_report", Some(Reported.label()), vec![]))
        });
    }
    for whose in reach(Deed::Hold, "cop_id") {
        for of in open() {
            let begun = Filter::Named("starts_by", now.to_cell());
            let filters = vec![whose.clone(), is("state", Scheduled), begun, of];
            let columns = &["title", "kind", "starts_at", "fact_perspectives"];
            asks.ask::<Session>(scopes, columns, filters, move |row, _| {
                let there: String = row.get("fact_perspectives")?;
                let missing = session::missing_perspectives(row.get("kind")?, &there);
                let blocked = session::blockers(&missing, row.get("starts_at")?, Held, now, false);
                Some(("session_hold", Some(Held.label()), blocked))
            });
        }
    }
}

/// What members put forward for a session that is still to come.
fn agenda<'a>(asks: &mut Asks<'a>, reach: &Reach<'_>) {
    let scopes = (Scope::SessionsRead, Scope::SessionsWrite);
    for whose in reach(Deed::Plan, "cop_id") {
        let to_come = Filter::Named("in_session_to_come", Cell::Bool(true));
        let filters = vec![whose, is("state", AgendaItemState::Proposed), to_come];
        asks.ask::<AgendaItem>(scopes, &["title"], filters, |_, _| {
            Some(("agenda_item_accept", Some(AgendaItemState::Planned.label()), vec![]))
        });
    }
}

/// What was passed on waits for the receiving side to say what it learned.
fn exchanges(asks: &mut Asks<'_>) {
    let scopes = (Scope::ProjectsRead, Scope::ProjectsWrite);
    let received = vec![is("receiver_tenant_id", asks.scope.tenant()), is("state", ExchangeState::Recorded)];
    let admin = asks.scope.is_admin();
    asks.ask::<Exchange>(scopes, &["strength", "fact_receives"], received, move |row, _| {
        let receives = admin || row.get("fact_receives")?;
        receives.then_some(("exchange_acknowledge", Some(ExchangeState::Acknowledged.label()), vec![]))
    });
}

fn artefacts<'a>(asks: &mut Asks<'a>, reviewed: &[Uuid]) {
    use ArtefactState::{Draft, Submitted, Validated};
    let scopes = (Scope::ArtefactsRead, Scope::ArtefactsWrite);
    let whose = match asks.scope.person() {
        Some(person) => Filter::Named("author", person.to_cell()),
        None => is("tenant_id", asks.scope.tenant()),
    };
    let lesson = within("lesson_state", &[LessonState::Observed, LessonState::Identified, LessonState::Actioned]);
    for of in [of_open(), Filter::Is("cop_id", Cell::Null)] {
        let own = is("tenant_id", asks.scope.tenant());
        let content = Filter::Named("has_content", Cell::Bool(true));
        asks.ask::<Artefact>(scopes, &["title"], vec![own, whose.clone(), is("state", Draft), content, of], |_, _| {
            Some(("artefact_submit", Some(Submitted.label()), vec![]))
        });
    }
    // A lesson is learned step by step, also after its CoP.
    let scope = asks.scope;
    let facts = &["title", "state", "lesson_state", "fact_cop_status", "fact_part"];
    let found_good = vec![is("tenant_id", scope.tenant()), whose, is("state", Validated), lesson];
    asks.ask::<Artefact>(scopes, facts, found_good, move |row, _| {
        let step = allowed::from_here(allowed::of_lesson(row, scope)?).into_iter().next()?;
        Some(("artefact_lesson_advance", Some(step.to), step.blocked_by))
    });
    let scopes = (Scope::ArtefactsRead, Scope::ArtefactsValidate);
    let validate = |_: &Tree, _| Some(("artefact_validate", Some(Validated.label()), vec![]));
    asks.ask::<Artefact>(scopes, &["title"], vec![among("cop_id", reviewed), is("state", Submitted)], validate);
    if asks.scope.is_admin() {
        let own = is("tenant_id", asks.scope.tenant());
        let of_no_cop = vec![own, Filter::Is("cop_id", Cell::Null), is("state", Submitted)];
        asks.ask::<Artefact>(scopes, &["title"], of_no_cop, validate);
    }
}

fn publications<'a>(asks: &mut Asks<'a>, reach: &Reach<'_>) {
    use PublicationState::{Approved, Published, Requested};
    let scopes = (Scope::ArtefactsRead, Scope::ArtefactsPublish);
    if asks.scope.is_admin() {
        let awaited = Filter::Named("awaits_approval_of", asks.scope.tenant().to_cell());
        asks.ask::<Publication>(scopes, &[], vec![awaited, is("state", Requested)], |_, _| {
            Some(("publication_approve", Some(Approved.label()), vec![]))
        });
    }
    // Publishing is for those who may ask for it: the authors too.
    let written = asks.scope.person().map(|person| Filter::Named("written_by", person.to_cell()));
    for whose in reach(Deed::Publish, "cop_id").into_iter().chain(written) {
        asks.ask::<Publication>(scopes, &[], vec![whose, is("state", Approved)], |_, _| {
            Some(("publication_publish", Some(Published.label()), vec![]))
        });
    }
}

fn anchorings<'a>(asks: &mut Asks<'a>, member_of: &[Uuid], ctx: &Ctx) {
    use AnchoringState::{Anchored, Planned};
    let scopes = (Scope::ArtefactsRead, Scope::ArtefactsWrite);
    let own = is("tenant_id", asks.scope.tenant());
    let whose = if asks.scope.is_admin() { vec![own] } else { vec![own, among("cop_id", member_of)] };
    let today = ctx.today();
    let planned = whose.iter().cloned().chain([is("state", Planned)]).collect();
    asks.ask::<Anchoring>(scopes, &["place", "review_date"], planned, move |row, _| {
        let past = row.get::<Option<chrono::NaiveDate>>("review_date")?.is_some_and(|date| date < today);
        (!past).then_some(("anchoring_anchor", Some(Anchored.label()), vec![]))
    });
    let due = [is("state", Anchored), Filter::Named("review_before", today.to_cell())];
    // Who has looked at it says when it is looked at next, or lets it lapse.
    asks.ask::<Anchoring>(scopes, &["place"], whose.into_iter().chain(due).collect(), |_, _| {
        Some(("anchoring_update", None, vec![]))
    });
}

/// What came in waits for the admins, and then for who is to answer it.
fn contact_requests(asks: &mut Asks<'_>) {
    use ContactRequestState::{Answered, Assigned, Closed, New};
    let scopes = (Scope::ContactRead, Scope::ContactWrite);
    let there = |whose: Filter, state| vec![whose, is("state", state), Filter::Is("erased_at", Cell::Null)];
    if asks.scope.is_admin() {
        let own = is("tenant_id", asks.scope.tenant());
        asks.ask::<ContactRequest>(scopes, &[], there(own, New), |_, _| {
            Some(("contact_request_assign", Some(Assigned.label()), vec![]))
        });
    }
    if let Some(person) = asks.scope.person() {
        let mine = || is("assignee_id", person);
        asks.ask::<ContactRequest>(scopes, &[], there(mine(), Assigned), |_, _| {
            Some(("contact_request_answer", Some(Answered.label()), vec![]))
        });
        asks.ask::<ContactRequest>(scopes, &[], vec![mine(), is("state", Answered)], |_, _| {
            Some(("contact_request_close", Some(Closed.label()), vec![]))
        });
    }
}
