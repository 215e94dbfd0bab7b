//! Everything that a closing or funder's report of a CoP needs (*eindverslag*), in one answer: what the viewer sees of it.

use super::figures::{self, Attended, Dashboard, first, many, one, related, require_all, rows, select};
use crate::{
    Error, Id, Result,
    artefact::{Anchoring, AnchoringState, Artefact, ArtefactKind, ArtefactState},
    concept::{Concept, ConceptElement},
    cop::{
        Charter, CharterState, Cop, Facilitation, FacilitationRole, Goal, GoalAssessment, Membership, MembershipState,
        Participation, ParticipationState,
    },
    ctx::Ctx,
    exchange::{Exchange, ExchangeState},
    organisation::Organisation,
    person::Person,
    project::FrontRunnerProject,
    publication::{Publication, PublicationState},
    query::{Filter, Page, Query, Rows, Tree},
    record::{AsJson, Cell, Field, Record},
    scope::{Scope, TenantScope},
    session::{ContributionState, ExpertContribution, Perspective, Session, SessionState, Showing},
    theme::Theme,
    visibility::Audience,
};
use chrono::{DateTime, NaiveDate, Utc};

/// A report of a CoP.
#[derive(Debug, Clone)]
pub struct Report {
    pub figures: Dashboard,
    pub made_date: NaiveDate,
    pub summary: Option<String>,
    pub ended_at: Option<DateTime<Utc>>,
    pub host: Option<String>,
    pub theme: Option<(String, Option<String>)>,
    pub concept: Option<(String, String)>,
    pub elements: Vec<(String, String)>,
    pub facilitator: Option<String>,
    pub guides: Vec<Guides>,
    pub predecessor: Option<String>,
    /// Titles of the CoPs that go on with it.
    pub successors: Vec<String>,
    pub organisations: Vec<TakesPart>,
    pub members: Vec<MembersOf>,
    pub charter: Option<InForce>,
    pub sessions: Vec<Told>,
    pub artefacts: Vec<Brought>,
    pub anchorings: Vec<Anchored>,
    pub showings: Vec<Shown>,
    pub exchanges: Vec<Passed>,
    /// The lists that have more rows than are here.
    pub truncated: Vec<&'static str>,
}

#[derive(Debug, Clone)]
pub struct TakesPart {
    pub organisation: Id<Organisation>,
    pub name: String,
    pub state: ParticipationState,
}

/// Who facilitates or coordinates, or did.
#[derive(Debug, Clone)]
pub struct Guides {
    pub role: FacilitationRole,
    pub name: Option<String>,
    pub organisation: Option<String>,
    pub start_date: NaiveDate,
    pub end_date: Option<NaiveDate>,
}

/// How many people of an organisation are members, or were until it ended.
#[derive(Debug, Clone)]
pub struct MembersOf {
    pub organisation: Id<Organisation>,
    pub name: String,
    pub count: i64,
}

#[derive(Debug, Clone)]
pub struct InForce {
    pub number: i64,
    pub agreed_at: Option<DateTime<Utc>>,
    pub why: Option<String>,
    pub how: Option<String>,
    pub goals: Vec<GoalOf>,
}

#[derive(Debug, Clone)]
pub struct GoalOf {
    pub id: Id<Goal>,
    pub title: String,
    pub assessment: Option<GoalAssessment>,
    pub note: Option<String>,
    pub waiver: Option<String>,
    /// Titles of the artefacts that show it.
    pub shown_by: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Told {
    pub came: Attended,
    pub state: SessionState,
    pub ends_at: DateTime<Utc>,
    pub time_zone: String,
    pub place: Option<String>,
    pub planned: Option<String>,
    pub happened: Option<String>,
    pub why: Option<String>,
    pub learned: Option<String>,
    pub experts: Vec<Expert>,
}

/// The day on which something happened, to those who read the report.
pub fn day_in_the_netherlands(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&chrono_tz::Europe::Amsterdam).date_naive()
}

impl Told {
    /// The day on which it started where it was.
    pub fn day(&self) -> NaiveDate {
        let zone: chrono_tz::Tz = self.time_zone.parse().unwrap_or(chrono_tz::UTC);
        self.came.starts_at.with_timezone(&zone).date_naive()
    }
}

#[derive(Debug, Clone)]
pub struct Expert {
    pub perspective: Perspective,
    pub subject: Option<String>,
    pub name: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Brought {
    pub id: Id<Artefact>,
    pub kind: ArtefactKind,
    pub state: ArtefactState,
    pub title: String,
    pub summary: Option<String>,
    pub licence: Option<String>,
    pub organisation: Option<String>,
    /// To whom it is published, as far as the viewer sees that.
    pub published_to: Vec<Audience>,
    goals: Vec<Id<Goal>>,
}

#[derive(Debug, Clone)]
pub struct Anchored {
    pub organisation: Option<String>,
    pub artefact: Option<String>,
    pub place: String,
    pub state: AnchoringState,
    pub review_date: Option<NaiveDate>,
}

#[derive(Debug, Clone)]
pub struct Shown {
    pub artefact: Option<String>,
    pub session: Option<(String, DateTime<Utc>)>,
}

#[derive(Debug, Clone)]
pub struct Passed {
    pub date: NaiveDate,
    pub strength: String,
    pub learned: Option<String>,
    pub giver: Option<String>,
    pub receiver: Option<String>,
}

const SCOPES: &[Scope] =
    &[Scope::ThemesRead, Scope::ConceptsRead, Scope::ProjectsRead, Scope::OrganisationsRead, Scope::PeopleRead];

/// How many rows of each list a report has at most.
pub const MOST_SESSIONS: u32 = 200;
pub const MOST: u32 = 500;
/// Members are counted by organisation, up to this many.
const MOST_MEMBERS: u32 = 5_000;
/// And of what hangs on a row; no charter has more goals.
const MOST_BELOW: u32 = 50;

/// Everything that a report of a CoP needs, as far as the viewer sees it.
pub async fn report(ctx: &Ctx, scope: &TenantScope, id: Id<Cop>) -> Result<Report> {
    require_all(scope, SCOPES)?;
    let figures = figures::dashboard(ctx, scope, id).await?;
    let of_cop =
        |more: Vec<Filter>| -> Vec<Filter> { [Filter::Is("cop_id", id.to_cell())].into_iter().chain(more).collect() };
    let queries = [
        of_the_cop(id),
        organisations(of_cop),
        sessions(vec![Filter::Named("of_cop", id.to_cell())]),
        artefacts(of_cop),
        anchorings(of_cop(vec![])),
        showings(of_cop(vec![])),
        exchanges(of_cop),
        guides(of_cop(vec![])),
        members(of_cop),
        successors(id),
    ];
    let [cop, organisations, sessions, artefacts, anchorings, showings, exchanges, guides, members, successors] =
        super::read(ctx, scope, queries).await?;
    let cop = cop.rows.into_iter().next().ok_or(Error::NotFound)?;
    let mut truncated = vec![];
    let mut kept = |name: &'static str, mut rows: Vec<Tree>, most: u32| {
        if rows.len() > most as usize {
            truncated.push(name);
            rows.truncate(most as usize);
        }
        rows
    };
    let organisations = kept("organisations", organisations.rows, MOST);
    let sessions = kept("sessions", sessions.rows, MOST_SESSIONS);
    let artefacts = kept("artefacts", artefacts.rows, MOST);
    let anchorings = kept("anchorings", anchorings.rows, MOST);
    let showings = kept("showings", showings.rows, MOST);
    let exchanges = kept("exchanges", exchanges.rows, MOST);
    let guides = kept("guides", guides.rows, MOST);
    let members = kept("members", members.rows, MOST_MEMBERS);
    let successors = kept("successors", successors.rows, MOST);
    if sessions.iter().any(|row| has_more(row, "experts")) {
        truncated.push("experts");
    }
    let artefacts: Vec<_> = artefacts.iter().filter_map(brought).collect();
    let text = |of: Option<&Tree>, column: &str| of.and_then(|row| row.get::<String>(column));
    let theme = related(&cop, "theme");
    let concept = related(&cop, "concept");
    Ok(Report {
        made_date: day_in_the_netherlands(ctx.now()),
        summary: cop.get("summary").flatten(),
        ended_at: cop.get("ended_at").flatten(),
        host: text(related(&cop, "host"), "name"),
        theme: text(theme, "title").map(|title| (title, text(theme, "summary"))),
        concept: text(concept, "name").zip(text(concept, "edition")),
        elements: elements(ctx, scope, &cop).await?,
        facilitator: text(related(&cop, "facilitator"), "display_name"),
        guides: guides.iter().filter_map(guide).collect(),
        predecessor: text(related(&cop, "predecessor"), "title"),
        successors: successors.iter().filter_map(|row| row.get("title")).collect(),
        organisations: organisations.iter().filter_map(takes_part).collect(),
        members: counted(&members),
        charter: in_force(&cop, &artefacts),
        sessions: sessions.iter().filter_map(told).collect(),
        anchorings: anchorings.iter().filter_map(anchored).collect(),
        showings: showings.iter().map(shown).collect(),
        exchanges: exchanges.iter().filter_map(passed).collect(),
        artefacts,
        figures,
        truncated,
    })
}

fn of_the_cop(id: Id<Cop>) -> Query {
    let mut cop = select(Cop::TABLE, &["summary", "ended_at", "element_ids"]);
    cop.ones.push(one("host", Organisation::TABLE, &["name"]));
    cop.ones.push(one("theme", Theme::TABLE, &["title", "summary"]));
    cop.ones.push(one("concept", Concept::TABLE, &["name", "edition"]));
    cop.ones.push(one("facilitator", Person::TABLE, &["display_name"]));
    cop.ones.push(one("predecessor", Cop::TABLE, &["title"]));
    let mut charter = one("charter", Charter::TABLE, &["state", "number", "agreed_at", "why", "how"]);
    let goals = select(Goal::TABLE, &["title", "assessment", "assessment_note", "waiver_reason"]);
    charter.select.manys.push(many("goals", "goals", goals, first(vec![], "position", false, MOST_BELOW)));
    cop.ones.push(charter);
    Query { select: cop, rows: Rows::Ids(vec![id.uuid()]) }
}

fn page(select: crate::query::Select, page: Page) -> Query {
    Query { select, rows: Rows::Page(page) }
}

fn organisations(of_cop: impl Fn(Vec<Filter>) -> Vec<Filter>) -> Query {
    let mut rows = select(Participation::TABLE, &["state"]);
    rows.ones.push(one("organisation", Organisation::TABLE, &["name"]));
    let been = [ParticipationState::Accepted, ParticipationState::Ended].map(|state| state.to_cell()).to_vec();
    page(rows, first(of_cop(vec![Filter::In("state", been)]), "created_at", false, MOST))
}

fn guides(of_cop: Vec<Filter>) -> Query {
    let mut rows = select(Facilitation::TABLE, &["role", "start_date", "end_date"]);
    rows.ones.push(one("person", Person::TABLE, &["display_name"]));
    rows.ones.push(one("person_tenant", Organisation::TABLE, &["name"]));
    page(rows, first(of_cop, "id", false, MOST))
}

fn members(of_cop: impl Fn(Vec<Filter>) -> Vec<Filter>) -> Query {
    let mut rows = select(Membership::TABLE, &[]);
    rows.ones.push(one("person_tenant", Organisation::TABLE, &["name"]));
    let took_part = [MembershipState::Active, MembershipState::Completed].map(|state| state.to_cell()).to_vec();
    page(rows, first(of_cop(vec![Filter::In("state", took_part)]), "id", false, MOST_MEMBERS))
}

fn successors(id: Id<Cop>) -> Query {
    page(select(Cop::TABLE, &["title"]), first(vec![Filter::Is("predecessor_id", id.to_cell())], "id", false, MOST))
}

fn sessions(of_cop: Vec<Filter>) -> Query {
    let columns = ["state", "ends_at", "time_zone", "place", "planned", "happened", "why", "learned"];
    let mut rows = select(Session::TABLE, &columns);
    Attended::counted(&mut rows);
    let mut experts = select(ExpertContribution::TABLE, &["perspective", "subject"]);
    experts.ones.push(one("person", Person::TABLE, &["display_name"]));
    let come = [ContributionState::Invited, ContributionState::Contributed].map(|state| state.to_cell()).to_vec();
    let come = first(vec![Filter::In("state", come)], "id", false, MOST_BELOW);
    rows.manys.push(many("experts", "expert_contributions", experts, come));
    page(rows, first(of_cop, "starts_at", false, MOST_SESSIONS))
}

/// All that was handed in: what is still written is nobody's result yet.
fn artefacts(of_cop: impl Fn(Vec<Filter>) -> Vec<Filter>) -> Query {
    use ArtefactState::{Retired, Submitted, Validated};
    let columns = ["kind", "state", "title", "summary", "licence", "fact_shown_goal_ids"];
    let mut rows = select(Artefact::TABLE, &columns);
    rows.ones.push(one("tenant", Organisation::TABLE, &["name"]));
    let published = first(vec![Filter::Is("state", PublicationState::Published.to_cell())], "id", false, MOST_BELOW);
    rows.manys.push(many("published", "publications", select(Publication::TABLE, &["audience"]), published));
    let handed_in = [Submitted, Validated, Retired].map(|state| state.to_cell()).to_vec();
    page(rows, first(of_cop(vec![Filter::In("state", handed_in)]), "id", false, MOST))
}

fn anchorings(of_cop: Vec<Filter>) -> Query {
    let mut rows = select(Anchoring::TABLE, &["place", "state", "review_date"]);
    rows.ones.push(one("tenant", Organisation::TABLE, &["name"]));
    rows.ones.push(one("artefact", Artefact::TABLE, &["title"]));
    page(rows, first(of_cop, "id", false, MOST))
}

fn showings(of_cop: Vec<Filter>) -> Query {
    let mut rows = select(Showing::TABLE, &[]);
    rows.ones.push(one("artefact", Artefact::TABLE, &["title"]));
    rows.ones.push(one("session", Session::TABLE, &["title", "starts_at"]));
    page(rows, first(of_cop, "id", false, MOST))
}

fn exchanges(of_cop: impl Fn(Vec<Filter>) -> Vec<Filter>) -> Query {
    let mut rows = select(Exchange::TABLE, &["exchanged_date", "strength", "learned"]);
    rows.ones.push(one("tenant", Organisation::TABLE, &["name"]));
    rows.ones.push(one("receiver_tenant", Organisation::TABLE, &["name"]));
    rows.ones.push(one("giving_project", FrontRunnerProject::TABLE, &["title"]));
    rows.ones.push(one("receiving_project", FrontRunnerProject::TABLE, &["title"]));
    let stands = [ExchangeState::Recorded, ExchangeState::Acknowledged].map(|state| state.to_cell()).to_vec();
    page(rows, first(of_cop(vec![Filter::In("state", stands)]), "exchanged_date", false, MOST))
}

/// The elements that the CoP completes, in their order.
async fn elements(ctx: &Ctx, scope: &TenantScope, cop: &Tree) -> Result<Vec<(String, String)>> {
    let ids: Option<AsJson<Vec<Id<ConceptElement>>>> = cop.get("element_ids");
    let ids: Vec<Cell> = ids.map(|ids| ids.0.iter().map(Field::to_cell).collect()).unwrap_or_default();
    let elements = select(ConceptElement::TABLE, &["code", "title"]);
    let of = first(vec![Filter::In("id", ids)], "position", false, MOST);
    let [elements] = super::read(ctx, scope, [page(elements, of)]).await?;
    Ok(elements.rows.iter().filter_map(|row| Some((row.get("code")?, row.get("title")?))).collect())
}

/// Whether a list below a row has more rows than a report shows.
fn has_more(row: &Tree, key: &str) -> bool {
    row.manys.iter().any(|(_, known, branch)| known == key && branch.rows.len() > MOST_BELOW as usize)
}

fn name_of(row: &Tree, relation: &str, column: &str) -> Option<String> {
    related(row, relation)?.get(column)
}

fn takes_part(row: &Tree) -> Option<TakesPart> {
    let organisation = related(row, "organisation")?;
    Some(TakesPart { organisation: organisation.get("id")?, name: organisation.get("name")?, state: row.get("state")? })
}

fn guide(row: &Tree) -> Option<Guides> {
    Some(Guides {
        role: row.get("role")?,
        name: name_of(row, "person", "display_name"),
        organisation: name_of(row, "person_tenant", "name"),
        start_date: row.get("start_date")?,
        end_date: row.get("end_date")?,
    })
}

fn counted(members: &[Tree]) -> Vec<MembersOf> {
    let mut all: Vec<MembersOf> = vec![];
    for of in members.iter().filter_map(|row| related(row, "person_tenant")) {
        let (Some(organisation), Some(name)) = (of.get("id"), of.get("name")) else { continue };
        match all.iter_mut().find(|one| one.organisation == organisation) {
            Some(one) => one.count += 1,
            None => all.push(MembersOf { organisation, name, count: 1 }),
        }
    }
    all.sort_by(|one, other| (&one.name, one.organisation).cmp(&(&other.name, other.organisation)));
    all
}

fn in_force(cop: &Tree, artefacts: &[Brought]) -> Option<InForce> {
    let charter = related(cop, "charter").filter(|one| one.get("state") == Some(CharterState::Agreed))?;
    let goal = |row: &Tree| {
        let id = row.get("id")?;
        let shows = artefacts.iter().filter(|one| one.goals.contains(&id));
        Some(GoalOf {
            id,
            title: row.get("title")?,
            assessment: row.get("assessment")?,
            note: row.get("assessment_note")?,
            waiver: row.get("waiver_reason")?,
            shown_by: shows.map(|one| one.title.clone()).collect(),
        })
    };
    Some(InForce {
        number: charter.get("number")?,
        agreed_at: charter.get("agreed_at")?,
        why: charter.get("why")?,
        how: charter.get("how")?,
        goals: rows(charter, "goals", MOST_BELOW).iter().filter_map(goal).collect(),
    })
}

fn told(row: &Tree) -> Option<Told> {
    let expert = |row: &Tree| {
        let (perspective, subject) = (row.get("perspective")?, row.get("subject")?);
        Some(Expert { perspective, subject, name: name_of(row, "person", "display_name") })
    };
    Some(Told {
        came: Attended::of(row)?,
        state: row.get("state")?,
        ends_at: row.get("ends_at")?,
        time_zone: row.get("time_zone")?,
        place: row.get("place")?,
        planned: row.get("planned")?,
        happened: row.get("happened")?,
        why: row.get("why")?,
        learned: row.get("learned")?,
        experts: rows(row, "experts", MOST_BELOW).iter().filter_map(expert).collect(),
    })
}

fn brought(row: &Tree) -> Option<Brought> {
    let goals = row.get::<Option<String>>("fact_shown_goal_ids")?.unwrap_or_default();
    let mut published_to: Vec<Audience> =
        rows(row, "published", MOST_BELOW).iter().filter_map(|one| one.get("audience")).collect();
    published_to.sort_unstable();
    published_to.dedup();
    Some(Brought {
        id: row.get("id")?,
        kind: row.get("kind")?,
        state: row.get("state")?,
        title: row.get("title")?,
        summary: row.get("summary")?,
        licence: row.get("licence")?,
        organisation: name_of(row, "tenant", "name"),
        published_to,
        goals: goals.split(',').filter_map(|id| id.parse().ok()).map(Id::new).collect(),
    })
}

fn anchored(row: &Tree) -> Option<Anchored> {
    Some(Anchored {
        organisation: name_of(row, "tenant", "name"),
        artefact: name_of(row, "artefact", "title"),
        place: row.get("place")?,
        state: row.get("state")?,
        review_date: row.get("review_date")?,
    })
}

fn shown(row: &Tree) -> Shown {
    let session = related(row, "session");
    let session = session.and_then(|session| Some((session.get("title")?, session.get("starts_at")?)));
    Shown { artefact: name_of(row, "artefact", "title"), session }
}

fn passed(row: &Tree) -> Option<Passed> {
    let side = |organisation: &str, project: &str| {
        let (name, project) = (name_of(row, organisation, "name"), name_of(row, project, "title"));
        match (name, project) {
            (Some(name), Some(project)) => Some(format!("{name}: {project}")),
            (name, project) => name.or(project),
        }
    };
    Some(Passed {
        date: row.get("exchanged_date")?,
        strength: row.get("strength")?,
        learned: row.get("learned")?,
        giver: side("tenant", "giving_project"),
        receiver: side("receiver_tenant", "receiving_project"),
    })
}
