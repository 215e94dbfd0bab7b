//! The pure rule of sight and its SQL twin agree on every combination, on both databases, for organisations and for
//! persons; on PostgreSQL the rows that row-level security alone lets through are compared as well.

use crate::harness::{Surface, World, meta};
use chrono::{DateTime, Utc};
use evolva_domain::{
    Id,
    artefact::{Artefact, ArtefactState, ArtefactVersion, Attachment, Comment, LessonStep},
    calendar::CalendarFeed,
    concept::{Concept, ConceptElement},
    contact::ContactRequest,
    cop::{
        Charter, Cop, CopStatus, Facilitation, FacilitationRole, Membership, MembershipRole, MembershipState,
        Participation, ParticipationState,
    },
    ctx::Ctx,
    exchange::Exchange,
    guide::{Guide, GuideStep, StepProgress},
    person::{Person, TenantRole},
    policy::{self, Permit},
    ports::{Tx, Write},
    project::FrontRunnerProject,
    publication::{Publication, PublicationApproval, PublicationState},
    record::{Cell, Field, Record},
    scope::{Acting, Principal, Scope, TenantScope},
    session::{
        AgendaItem, ContributionState, ExpertContribution, Registration, RegistrationState, Session, SessionCop,
        SessionKind, SessionSeries, SessionState,
    },
    token::TokenKind,
    visibility::{
        self, ArtefactSight, Audience, CopSight, PersonSight, PublicationSight, SessionOf, SessionSight, Sight,
    },
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The people whose sight is compared, one for each part that one can have in a CoP.
#[derive(Clone, Copy)]
pub struct Look {
    pub tenant: usize,
    pub person: Option<(Id<Person>, PersonSight)>,
}

pub struct Case {
    pub cop: Cop,
    participation: Option<Took>,
    /// People who have no part in this one, whatever they are in the others.
    absent: BTreeSet<Id<Person>>,
}

/// A participation, and until when content was shared with an organisation that has left.
pub type Took = (ParticipationState, Option<DateTime<Utc>>);

/// The day on which an organisation left: one of two, for somebody may have left several CoPs.
fn left_at(round: usize) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::Duration::days([20_000, 20_010][round % 2])
}

/// How far a session is shown, and whether it is a draft: each with each.
fn openness(place: usize) -> (Audience, SessionState) {
    let audience = [Audience::Partners, Audience::Network][place % 2];
    (audience, [SessionState::Scheduled, SessionState::Draft][place / 2 % 2])
}

/// A moment around it.
fn moment(round: usize, place: usize) -> DateTime<Utc> {
    left_at(round) + chrono::Duration::seconds([-1, 1, 0][place % 3])
}

/// Every participation that there can be: also one that came back, or is asked to.
pub fn participations() -> Vec<Option<Took>> {
    use ParticipationState::{Accepted, Ended, Invited};
    let once = ParticipationState::ALL.iter().map(|state| (*state, (*state == Ended).then(|| left_at(0))));
    let again = [(Invited, Some(left_at(0))), (Accepted, Some(left_at(0)))];
    std::iter::once(None).chain(once.chain(again).map(Some)).collect()
}

fn acting(scope: &TenantScope, person: Id<Person>) -> TenantScope {
    let principal = scope.principal();
    Principal {
        token: principal.token,
        kind: TokenKind::Member,
        tenant: principal.tenant,
        person: Some(Acting { id: person, admin: false, outsider: false }),
        scopes: principal.scopes,
    }
    .enter()
}

/// The tenant of who looks as the public does: none of them.
const PUBLIC: usize = 3;

/// A token of the organisation that reads only what is public.
fn reads_as_public(scope: &TenantScope) -> TenantScope {
    let scopes = std::iter::once(Scope::PublicRead).collect();
    Principal { kind: TokenKind::Tenant, person: None, scopes, ..scope.principal().clone() }.enter()
}

/// Writes a row as its owner.
async fn put<R: Record>(tx: &mut dyn Tx, permit: &Permit, row: R) -> R {
    tx.insert(permit, &row).await.unwrap();
    row
}

/// What there is to see: host, partner and outsider, each with a person for each membership, one who facilitates, and
/// one who has nothing to do with anything.
pub struct Stage<'w> {
    pub tenants: [&'w TenantScope; 3],
    pub looks: Vec<Look>,
    /// Artefacts with what the rule has to know of them.
    artefacts: Vec<Piece>,
    pub sessions: Vec<Session>,
    /// A meeting of the partner in each case, which the CoP joins, with something on its agenda.
    /// Sessions of the outsider that CoPs join, with what hangs on them.
    meetings: Vec<(Session, SessionCop, AgendaItem, ExpertContribution)>,
    series: Vec<SessionSeries>,
    feeds: Vec<CalendarFeed>,
    /// What was asked by contact forms: one for nobody yet, and one for each person.
    requests: Vec<ContactRequest>,
    /// The person of each organisation who administers it.
    admins: BTreeSet<Id<Person>>,
    charters: Vec<Charter>,
    memberships: Vec<Membership>,
    agenda: Vec<AgendaItem>,
    contributions: Vec<ExpertContribution>,
    registrations: Vec<Registration>,
    comments: Vec<(Comment, usize)>,
    /// Steps of lessons, each with its artefact.
    steps: Vec<(LessonStep, usize)>,
    /// A project of each organisation, and what they learned from each other.
    projects: Vec<Id<FrontRunnerProject>>,
    exchanges: Vec<Exchange>,
    /// A step of a guide, and how far each CoP is with it.
    step: GuideStep,
    progress: Vec<StepProgress>,
    attachments: Vec<(Attachment, usize)>,
    /// People of the partner who are in one CoP only.
    lone: BTreeSet<Id<Person>>,
    pub cases: Vec<Case>,
}

/// An artefact with what the rule has to know of it.
struct Piece {
    row: Artefact,
    owner: usize,
    authors: BTreeSet<Id<Person>>,
    /// The publication of one of its versions, and whose approval that needs.
    publication: Option<(Publication, Option<usize>)>,
    versions: Vec<ArtefactVersion>,
}

impl<'w> Stage<'w> {
    /// `step` takes every pair of audiences, or every so many of them.
    pub async fn set(world: &'w World, ctx: &Ctx, statuses: &[CopStatus], step: usize) -> Self {
        let tenants = [&world.host.scope, &world.partner.scope, &world.outsider.scope];
        let (mut looks, mut feeds) = (vec![], vec![]);
        let (mut requests, mut admins) = (vec![], BTreeSet::new());
        for (tenant, scope) in tenants.iter().enumerate() {
            looks.push(Look { tenant, person: None });
            let mut tx = ctx.store.begin(scope).await.unwrap();
            let memberships = MembershipState::ALL.iter().copied().map(Some).chain([None]);
            for membership in memberships {
                for facilitates in [false, true] {
                    if facilitates && membership.is_some() {
                        continue;
                    }
                    let row = Person { display_name: "x".into(), ..ctx.fresh(scope) };
                    let permit = policy::owner(scope, "test", &row).unwrap();
                    let row = put(&mut *tx, &permit, row).await;
                    looks.push(Look { tenant, person: Some((row.id, PersonSight { membership, facilitates })) });
                }
            }
            let row = Person { display_name: "x".into(), tenant_role: TenantRole::Admin, ..ctx.fresh(scope) };
            let permit = policy::owner(scope, "test", &row).unwrap();
            let row = put(&mut *tx, &permit, row).await;
            admins.insert(row.id);
            looks.push(Look { tenant, person: Some((row.id, PersonSight::default())) });
            // A feed of each of them, and one of the organisation itself.
            for look in looks.iter().filter(|look| look.tenant == tenant) {
                let person_id = look.person.map(|(person, _)| person);
                let row = CalendarFeed { name: "x".into(), person_id, ..ctx.fresh(scope) };
                let permit = policy::owner(scope, "test", &row).unwrap();
                feeds.push(put(&mut *tx, &permit, row).await);
                let row = ContactRequest { assignee_id: person_id, ..ctx.fresh(scope) };
                requests.push(put(&mut *tx, &permit, row).await);
            }
            tx.commit().await.unwrap();
        }
        looks.push(Look { tenant: PUBLIC, person: None });
        let mut stage = Self {
            tenants,
            looks,
            artefacts: vec![],
            sessions: vec![],
            meetings: vec![],
            series: vec![],
            feeds,
            requests,
            admins,
            charters: vec![],
            memberships: vec![],
            agenda: vec![],
            contributions: vec![],
            registrations: vec![],
            comments: vec![],
            steps: vec![],
            projects: vec![],
            exchanges: vec![],
            step: GuideStep::default(),
            progress: vec![],
            attachments: vec![],
            lone: BTreeSet::new(),
            cases: vec![],
        };
        stage.projects(ctx).await;
        let participations = participations();
        for status in statuses {
            let pairs = Audience::ALL.iter().flat_map(|a| Audience::ALL.iter().map(move |b| (*a, *b)));
            for (listing, ceiling) in pairs.step_by(step) {
                stage.scene(ctx, (*status, listing, ceiling), &participations).await;
            }
        }
        stage
    }

    async fn projects(&mut self, ctx: &Ctx) {
        let host = self.tenants[0];
        let mut tx = ctx.store.begin(host).await.unwrap();
        let concept = Concept { name: "x".into(), ..ctx.fresh(host) };
        let permit = policy::owner(host, "test", &concept).unwrap();
        let concept_id = put(&mut *tx, &permit, concept).await.id;
        let element = ConceptElement { concept_id, title: "x".into(), ..ctx.fresh(host) };
        let element_id = put(&mut *tx, &permit, element).await.id;
        let guide_id = put(&mut *tx, &permit, Guide { title_nl: "x".into(), ..ctx.fresh(host) }).await.id;
        let step = GuideStep { guide_id, title_nl: "x".into(), ..ctx.fresh(host) };
        self.step = put(&mut *tx, &permit, step).await;
        tx.commit().await.unwrap();
        for scope in self.tenants {
            let mut tx = ctx.store.begin(scope).await.unwrap();
            let row = FrontRunnerProject { title: "x".into(), element_id, ..ctx.fresh(scope) };
            let permit = policy::owner(scope, "test", &row).unwrap();
            self.projects.push(put(&mut *tx, &permit, row).await.id);
            tx.commit().await.unwrap();
        }
    }

    /// CoPs of one status and pair of audiences, one for each participation of the partner.
    pub async fn scene(
        &mut self,
        ctx: &Ctx,
        (status, listing, ceiling): (CopStatus, Audience, Audience),
        participations: &[Option<Took>],
    ) {
        let [host, partner, _] = self.tenants;
        // People who are in one CoP only: a member, an expert of one organisation or the other, and a guest.
        let mut lone = vec![];
        for scope in self.tenants {
            let mut tx = ctx.store.begin(scope).await.unwrap();
            let mut people = vec![];
            for _ in 0..2 * participations.len() {
                let row = Person { display_name: "x".into(), ..ctx.fresh(scope) };
                let permit = policy::owner(scope, "test", &row).unwrap();
                people.push(put(&mut *tx, &permit, row).await.id);
            }
            tx.commit().await.unwrap();
            lone.push(people);
        }
        let mut tx = ctx.store.begin(host).await.unwrap();
        let first = self.cases.len();
        for participation in participations {
            let row: Cop = ctx.fresh(host);
            let slug = row.id.to_string().replace('_', "-");
            let cop =
                Cop { title: "x".into(), slug, status, listing_audience: listing, content_ceiling: ceiling, ..row };
            let permit = policy::owner(host, "test", &cop).unwrap();
            let cop = put(&mut *tx, &permit, cop).await;
            // A participation of each kind meets each moment.
            let round = self.cases.len() / participations.len();
            let place = self.cases.len() + round;
            let participation = participation.map(|(state, left)| (state, left.map(|_| left_at(round / 3))));
            let moment = |place| moment(round / 3, place);
            let charter = Charter { cop_id: cop.id, number: 1, updated_at: moment(place), ..ctx.fresh(host) };
            self.charters.push(put(&mut *tx, &permit, charter).await);
            let updated_at = moment(place + 1);
            let (audience, state) = openness(place);
            let kind = SessionKind::Clinic;
            let session = Session {
                cop_id: Some(cop.id),
                kind,
                title: "x".into(),
                audience,
                state,
                updated_at,
                ..ctx.fresh(host)
            };
            let session = put(&mut *tx, &permit, session).await;
            let row = SessionSeries { cop_id: cop.id, title: "x".into(), updated_at, ..ctx.fresh(host) };
            self.series.push(put(&mut *tx, &permit, row).await);
            let nth = self.cases.len() - first;
            let (session_id, cop_id, updated_at) = (session.id, session.cop_id, moment(place + 2));
            self.sessions.push(session);
            let (guide_id, step_id) = (self.step.guide_id, self.step.id);
            let row = StepProgress { cop_id: cop.id, guide_id, step_id, updated_at, ..ctx.fresh(host) };
            self.progress.push(put(&mut *tx, &permit, row).await);
            let row = AgendaItem { session_id, cop_id, title: "x".into(), updated_at, ..ctx.fresh(host) };
            self.agenda.push(put(&mut *tx, &permit, row).await);
            let side = 1 + round % 2;
            let (person_id, person_tenant_id) = (lone[side][participations.len() + nth], self.tenants[side].tenant());
            let state =
                [ContributionState::Invited, ContributionState::Contributed, ContributionState::Withdrawn][place % 3];
            let row = ExpertContribution {
                session_id,
                cop_id,
                person_id,
                person_tenant_id,
                state,
                updated_at: moment(place / 2),
                ..ctx.fresh(host)
            };
            self.contributions.push(put(&mut *tx, &permit, row).await);
            let comes = |person_id, of: &TenantScope, brought_by_id, state| Registration {
                session_id,
                cop_id,
                person_id,
                person_tenant_id: of.tenant(),
                brought_by_id,
                brought_by_tenant_id: Some(host.tenant()).filter(|_| brought_by_id.is_some()),
                state,
                ..ctx.fresh(host)
            };
            use RegistrationState::{Cancelled, Registered, Waiting};
            let [one, other] = [[Registered, Cancelled], [Waiting, Registered], [Cancelled, Waiting]][place % 3];
            let row = comes(lone[1][nth], partner, None, one);
            self.registrations.push(put(&mut *tx, &permit, row).await);
            let row = comes(lone[2][nth], self.tenants[2], Some(lone[0][participations.len() + nth]), other);
            self.registrations.push(put(&mut *tx, &permit, row).await);
            if side == 1 {
                // Who was registered and is neither member, expert nor guest becomes known to nobody by that.
                let row = comes(lone[2][participations.len() + nth], self.tenants[2], None, one);
                self.registrations.push(put(&mut *tx, &permit, row).await);
            }
            if let Some((state, shared_until)) = participation {
                let organisation_id = self.tenants[1].tenant();
                let row = Participation { cop_id: cop.id, organisation_id, state, shared_until, ..ctx.fresh(host) };
                put(&mut *tx, &permit, row).await;
            }
            let person_id = lone[1][nth];
            let state =
                [MembershipState::Active, MembershipState::Nominated][self.cases.len() / participations.len() % 2];
            let (person_tenant_id, role) = (partner.tenant(), MembershipRole::Member);
            let row = Membership { cop_id: cop.id, person_id, person_tenant_id, role, state, ..ctx.fresh(host) };
            self.memberships.push(put(&mut *tx, &permit, row).await);
            self.lone.insert(person_id);
            let mut absent = BTreeSet::new();
            for (nth, look) in self.looks.iter().enumerate() {
                let Some((person_id, sight)) = look.person else { continue };
                if (self.cases.len() + nth).is_multiple_of(4) {
                    absent.insert(person_id);
                    continue;
                }
                let person_tenant_id = self.tenants[look.tenant].tenant();
                if let Some(state) = sight.membership {
                    let role = MembershipRole::Member;
                    let row =
                        Membership { cop_id: cop.id, person_id, person_tenant_id, role, state, ..ctx.fresh(host) };
                    self.memberships.push(put(&mut *tx, &permit, row).await);
                }
                if sight.facilitates {
                    let role = FacilitationRole::Coordinator;
                    let row = Facilitation { cop_id: cop.id, person_id, person_tenant_id, role, ..ctx.fresh(host) };
                    put(&mut *tx, &permit, row).await;
                }
            }
            self.cases.push(Case { cop, participation, absent });
        }
        tx.commit().await.unwrap();
        self.meetings(ctx, first, participations.len()).await;
        // Artefacts of the host and of the partner, some written by one of their people.
        let of_before = self.artefacts.len();
        for owner in [0, 1] {
            let scope = self.tenants[owner];
            let mut tx = ctx.store.begin(scope).await.unwrap();
            for case in first..self.cases.len() {
                let cop = self.cases[case].cop.clone();
                let person =
                    |tenant| self.looks.iter().filter(|look| look.tenant == tenant).find_map(|look| look.person);
                // Each participation meets each moment, as above.
                let round = case / participations.len();
                let shift = case + round;
                let moment = |place| moment(round / 3, place);
                for (place, audience) in Audience::ALL.iter().enumerate() {
                    for state in [ArtefactState::Draft, ArtefactState::Submitted, ArtefactState::Validated] {
                        let row = Artefact {
                            cop_id: Some(cop.id),
                            cop_tenant_id: Some(cop.tenant_id),
                            title: "x".into(),
                            audience: *audience,
                            state,
                            number: 2,
                            // Some drafts were sent back: their next version is the third.
                            submitted_at: (case % 2 == 0).then(DateTime::default),
                            updated_at: moment(shift + place + 2),
                            ..ctx.fresh(scope)
                        };
                        let permit = policy::owner(scope, "test", &row).unwrap();
                        let row = put(&mut *tx, &permit, row).await;
                        let mut authors = BTreeSet::new();
                        // One of their own people wrote it, or one of the other organisation.
                        let by = match place {
                            0 | 2 => Some(owner),
                            1 => Some(1 - owner),
                            _ => None,
                        };
                        if let Some((tenant, (person, _))) = by.and_then(|by| Some((by, person(by)?))) {
                            authors.insert(person);
                            let of = self.tenants[tenant].tenant();
                            let (row, person) = ([row.tenant_id.to_cell(), row.id.to_cell()], person.to_cell());
                            let cells = row.into_iter().chain([person, of.to_cell(), Cell::Int(0)]).collect();
                            let columns = &["tenant_id", "artefact_id", "person_id", "person_tenant_id", "position"];
                            let write = Write::Append { table: "artefact_contributor", columns, rows: vec![cells] };
                            tx.write(&permit, write).await.unwrap();
                        }
                        let piece = Piece { row, owner, authors, publication: None, versions: vec![] };
                        self.artefacts
                            .push(published(&mut *tx, ctx, &permit, self.tenants, moment(shift + place), piece).await);
                    }
                }
            }
            tx.commit().await.unwrap();
        }
        // What each organisation passed on to another in some of them.
        for (giver, scope) in self.tenants.into_iter().enumerate() {
            let mut tx = ctx.store.begin(scope).await.unwrap();
            for case in (first..self.cases.len()).filter(|case| (case + case / participations.len()) % 3 != giver) {
                let receiver = (giver + 1 + case % 2) % 3;
                let row = Exchange {
                    giving_project_id: self.projects[giver],
                    receiving_project_id: self.projects[receiver],
                    receiver_tenant_id: self.tenants[receiver].tenant(),
                    cop_id: Some(self.cases[case].cop.id),
                    cop_tenant_id: Some(self.cases[case].cop.tenant_id),
                    strength: "x".into(),
                    ..ctx.fresh(scope)
                };
                let permit = policy::owner(scope, "test", &row).unwrap();
                self.exchanges.push(put(&mut *tx, &permit, row).await);
            }
            tx.commit().await.unwrap();
        }
        // Files of some of them: of the one version, of the other, of both, of the next, and of none.
        const SPANS: [(i64, Option<i64>); 6] =
            [(1, Some(2)), (2, None), (1, None), (3, None), (2, Some(3)), (3, Some(3))];
        for owner in [0, 1] {
            let scope = self.tenants[owner];
            let mut tx = ctx.store.begin(scope).await.unwrap();
            for place in (of_before..self.artefacts.len()).filter(|place| self.artefacts[*place].owner == owner) {
                // Each meets each audience and state.
                if place % 7 > 2 {
                    continue;
                }
                let (since_number, until_number) = SPANS[(place / 7) % SPANS.len()];
                let row = Attachment {
                    artefact_id: self.artefacts[place].row.id,
                    file_id: ctx.ids.fresh(),
                    since_number,
                    until_number,
                    ..ctx.fresh(scope)
                };
                let permit = policy::owner(scope, "test", &row).unwrap();
                self.attachments.push((put(&mut *tx, &permit, row).await, place));
            }
            tx.commit().await.unwrap();
        }
        // A step of each organisation's own.
        for owner in [0, 1] {
            let scope = self.tenants[owner];
            let mut tx = ctx.store.begin(scope).await.unwrap();
            for place in (of_before..self.artefacts.len()).filter(|place| self.artefacts[*place].owner == owner) {
                let of = &self.artefacts[place].row;
                let (cop_id, cop_tenant_id) = (of.cop_id, of.cop_tenant_id);
                let row = LessonStep { artefact_id: of.id, cop_id, cop_tenant_id, ..ctx.fresh(scope) };
                let permit = policy::owner(scope, "test", &row).unwrap();
                self.steps.push((put(&mut *tx, &permit, row).await, place));
            }
            tx.commit().await.unwrap();
        }
        // Something said by each organisation about some of them.
        for (writer, scope) in self.tenants.into_iter().enumerate() {
            let mut tx = ctx.store.begin(scope).await.unwrap();
            for place in (of_before..self.artefacts.len()).filter(|place| place % 7 == writer) {
                let of = &self.artefacts[place].row;
                let (artefact_id, artefact_tenant_id) = (of.id, of.tenant_id);
                let (cop_id, cop_tenant_id) = (of.cop_id, of.cop_tenant_id);
                let row = Comment { artefact_id, artefact_tenant_id, cop_id, cop_tenant_id, ..ctx.fresh(scope) };
                let permit = policy::owner(scope, "test", &row).unwrap();
                self.comments.push((put(&mut *tx, &permit, row).await, place));
            }
            tx.commit().await.unwrap();
        }
    }

    /// Meetings of the partner, of no CoP, each joined by one of the host's: now, or until it ended that.
    async fn meetings(&mut self, ctx: &Ctx, first: usize, participations: usize) {
        let third = self.tenants[2];
        let mut tx = ctx.store.begin(third).await.unwrap();
        let permit = policy::owner(third, "test", &Person { ..ctx.fresh(third) }).unwrap();
        let expert = put(&mut *tx, &permit, Person { display_name: "x".into(), ..ctx.fresh(third) }).await;
        for case in first..self.cases.len() {
            let cop = self.cases[case].cop.clone();
            let round = case / participations;
            let at = |place| moment(round / 3, case + round + place);
            let (audience, state) = openness(case / 2 + round);
            let row = Session { title: "x".into(), audience, state, updated_at: at(0), ..ctx.fresh(third) };
            let permit = policy::owner(third, "test", &row).unwrap();
            let session = put(&mut *tx, &permit, row).await;
            let join = SessionCop {
                session_id: session.id,
                cop_id: cop.id,
                cop_tenant_id: cop.tenant_id,
                removed_at: (case % 5 == 4).then(|| at(0)),
                created_at: at(1 + case % 2),
                ..ctx.fresh(third)
            };
            let join = put(&mut *tx, &permit, join).await;
            let item = AgendaItem { session_id: session.id, title: "x".into(), updated_at: at(2), ..ctx.fresh(third) };
            let item = put(&mut *tx, &permit, item).await;
            let brought = ExpertContribution {
                session_id: session.id,
                person_id: expert.id,
                person_tenant_id: third.tenant(),
                updated_at: at(1),
                ..ctx.fresh(third)
            };
            let brought = put(&mut *tx, &permit, brought).await;
            self.meetings.push((session, join, item, brought));
        }
        tx.commit().await.unwrap();
    }

    pub fn scope(&self, look: &Look) -> TenantScope {
        let Some(scope) = self.tenants.get(look.tenant) else { return reads_as_public(self.tenants[0]) };
        let scope = *scope;
        look.person.map_or_else(|| scope.clone(), |(person, _)| acting(scope, person))
    }

    fn sight(&self, look: &Look, case: &Case) -> Sight {
        let participation = case.participation.filter(|_| look.tenant == 1);
        Sight {
            host: look.tenant == 0,
            participation: participation.map(|(state, _)| state),
            left_at: participation.and_then(|(_, left_at)| left_at),
            public: look.tenant == PUBLIC,
            person: look.person.map(
                |(person, sight)| {
                    if case.absent.contains(&person) { PersonSight::default() } else { sight }
                },
            ),
        }
    }
}

/// Adds versions and a publication to what was handed in: of the current version or of the one before it, shown, taken
/// back, or waiting for another organisation.
async fn published(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    permit: &Permit,
    tenants: [&TenantScope; 3],
    at: DateTime<Utc>,
    mut piece: Piece,
) -> Piece {
    use PublicationState::{Published, Requested, Withdrawn};
    let row = &piece.row;
    if row.is_draft() {
        return piece;
    }
    for number in [1, 2] {
        let version =
            ArtefactVersion { artefact_id: row.id, number, title: "x".into(), ..ctx.fresh_for(row.tenant_id) };
        piece.versions.push(put(tx, permit, version).await);
    }
    let submitted = row.state == ArtefactState::Submitted;
    let (number, audience, state) = match row.audience {
        Audience::Organisation => (2, Audience::Partners, Requested),
        Audience::Members if submitted => (1, Audience::Partners, Published),
        Audience::Members => (1, Audience::Network, Withdrawn),
        wide if submitted => (1, wide, Published),
        wide => (2, wide, Published),
    };
    let publication = Publication {
        artefact_id: row.id,
        number,
        audience,
        state,
        cop_id: row.cop_id,
        cop_tenant_id: row.cop_tenant_id,
        published_at: (state != Requested).then_some(at),
        ..ctx.fresh_for(row.tenant_id)
    };
    let publication = put(tx, permit, publication).await;
    let asked = (state == Requested).then_some(1 - piece.owner);
    if let Some(asked) = asked {
        let organisation_id = tenants[asked].tenant();
        let row =
            PublicationApproval { publication_id: publication.id, organisation_id, ..ctx.fresh_for(row.tenant_id) };
        put(tx, permit, row).await;
    }
    piece.publication = Some((publication, asked));
    piece
}

async fn seen<R: Record>(tx: &mut dyn Tx) -> BTreeSet<uuid::Uuid> {
    tx.list::<R>(&[]).await.unwrap().iter().map(|row| row.base().id).collect()
}

/// Compares the rule with what the database shows, and counts what was compared and seen.
async fn compare(stage: &Stage<'_>, ctx: &Ctx) -> (usize, usize) {
    let (mut looked, mut seen_in_all) = (0, 0);
    let by_cop: BTreeMap<_, _> = stage.cases.iter().map(|case| (case.cop.id, case)).collect();
    let sight_of = |case: &Case| CopSight {
        status: case.cop.status,
        listing: case.cop.listing_audience,
        ceiling: case.cop.content_ceiling,
    };
    for look in &stage.looks {
        let mut tx = ctx.store.begin(&stage.scope(look)).await.unwrap();
        let cops = seen::<Cop>(&mut *tx).await;
        let charters = seen::<Charter>(&mut *tx).await;
        let sessions = seen::<Session>(&mut *tx).await;
        let joins = seen::<SessionCop>(&mut *tx).await;
        let series = seen::<SessionSeries>(&mut *tx).await;
        let feeds = seen::<CalendarFeed>(&mut *tx).await;
        let requests = seen::<ContactRequest>(&mut *tx).await;
        let artefacts = seen::<Artefact>(&mut *tx).await;
        let memberships = seen::<Membership>(&mut *tx).await;
        let people = seen::<Person>(&mut *tx).await;
        let publications = seen::<Publication>(&mut *tx).await;
        let versions = seen::<ArtefactVersion>(&mut *tx).await;
        let agenda = seen::<AgendaItem>(&mut *tx).await;
        let progress = seen::<StepProgress>(&mut *tx).await;
        let contributions = seen::<ExpertContribution>(&mut *tx).await;
        let registrations = seen::<Registration>(&mut *tx).await;
        let comments = seen::<Comment>(&mut *tx).await;
        let steps = seen::<LessonStep>(&mut *tx).await;
        let exchanges = seen::<Exchange>(&mut *tx).await;
        let attachments = seen::<Attachment>(&mut *tx).await;
        drop(tx);
        let mut check = |is: bool, rule: bool, what: &dyn Fn() -> String| {
            assert_eq!(is, rule, "{}", what());
            looked += 1;
            seen_in_all += usize::from(rule);
        };
        for (place, case) in stage.cases.iter().enumerate() {
            let (sight, cop) = (stage.sight(look, case), sight_of(case));
            let what = |kind: &'static str| move || format!("{kind}: {sight:?} {cop:?}");
            check(cops.contains(&case.cop.id.uuid()), visibility::listing(sight, cop), &what("listing"));
            let charter = charters.contains(&stage.charters[place].id.uuid());
            let changed_at = stage.charters[place].updated_at;
            check(charter, visibility::charter(sight, cop, changed_at), &what("charter"));
            let row = &stage.sessions[place];
            let session = session_sight(row, look, 0);
            let of = [SessionOf { sight, cop, joined_at: None }];
            check(sessions.contains(&row.id.uuid()), visibility::session(session, &of), &what("session"));
            let (row, join, item, brought) = &stage.meetings[place];
            let meeting = session_sight(row, look, 2);
            let joined = [SessionOf { sight, cop, joined_at: Some(join.created_at) }];
            let joined = if join.removed_at.is_some() { &[][..] } else { &joined };
            let rule = visibility::session(meeting, joined);
            check(sessions.contains(&row.id.uuid()), rule, &|| format!("{meeting:?} joined by {joined:?}"));
            let hangs = visibility::of_session(meeting, joined, item.updated_at);
            check(agenda.contains(&item.id.uuid()), hangs, &|| format!("agenda of {meeting:?} joined by {joined:?}"));
            let hangs = visibility::of_session(meeting, joined, brought.updated_at);
            let is = contributions.contains(&brought.id.uuid());
            check(is, hangs, &|| format!("contribution to {meeting:?} joined by {joined:?}"));
            let rule = [0, 2].contains(&look.tenant) || (rule && visibility::joining(sight, cop, join.created_at));
            check(joins.contains(&join.id.uuid()), rule, &|| format!("that {joined:?} joins {meeting:?}"));
            let row = &stage.series[place];
            let is = series.contains(&row.id.uuid());
            check(is, visibility::shared(sight, cop, row.updated_at), &what("series"));
            let row = &stage.agenda[place];
            let item = agenda.contains(&row.id.uuid());
            check(item, visibility::of_session(session, &of, row.updated_at), &what("agenda item"));
            let row = &stage.progress[place];
            let item = progress.contains(&row.id.uuid());
            check(item, visibility::shared(sight, cop, row.updated_at), &what("progress"));
            let row = &stage.contributions[place];
            let side = row.person_tenant_id == stage.scope(look).tenant();
            let rule = side || visibility::of_session(session, &of, row.updated_at);
            check(contributions.contains(&row.id.uuid()), rule, &what("contribution"));
            let known = row.state != ContributionState::Withdrawn && (sight.host || as_member(sight, cop));
            check(people.contains(&row.person_id.uuid()), side || known, &what("expert"));
        }
        for row in &stage.feeds {
            let mine = look.person.is_none_or(|(person, _)| row.person_id == Some(person));
            let rule = row.tenant_id == stage.scope(look).tenant() && mine;
            check(feeds.contains(&row.id.uuid()), rule, &|| {
                format!("feed of {:?} to {:?}", row.person_id, look.person)
            });
        }
        for row in &stage.requests {
            let answers =
                look.person.is_none_or(|(person, _)| row.assignee_id == Some(person) || stage.admins.contains(&person));
            let rule = row.tenant_id == stage.scope(look).tenant() && answers;
            check(requests.contains(&row.id.uuid()), rule, &|| {
                format!("contact request for {:?} to {:?}", row.assignee_id, look.person)
            });
        }
        for row in &stage.registrations {
            let case = by_cop[&row.cop_id.unwrap()];
            let (sight, cop) = (stage.sight(look, case), sight_of(case));
            let side = sight.host || row.person_tenant_id == stage.scope(look).tenant();
            let guides = sight.person.is_some_and(|person| person.facilitates);
            let comes = row.state != RegistrationState::Cancelled;
            let rule = side || (as_member(sight, cop) && (guides || comes));
            let what = || format!("registration {}: {sight:?} {cop:?}", row.state);
            check(registrations.contains(&row.id.uuid()), rule, &what);
            if row.brought_by_id.is_some() {
                let own = row.person_tenant_id == stage.scope(look).tenant();
                let rule = own || (comes && (sight.host || as_member(sight, cop)));
                check(people.contains(&row.person_id.uuid()), rule, &|| format!("guest, {}", what()));
            } else if !stage.lone.contains(&row.person_id) {
                let own = row.person_tenant_id == stage.scope(look).tenant();
                check(people.contains(&row.person_id.uuid()), own, &|| format!("no guest, {}", what()));
            }
        }
        for row in &stage.memberships {
            let case = by_cop[&row.cop_id];
            let (sight, cop) = (stage.sight(look, case), sight_of(case));
            let side = sight.host || row.person_tenant_id == stage.scope(look).tenant();
            let chosen =
                matches!(row.state, MembershipState::Selected | MembershipState::Active | MembershipState::Completed);
            let by_part = sight.person.is_some_and(|person| person.facilitates) || chosen;
            let rule = side || (as_member(sight, cop) && by_part);
            let is = memberships.contains(&row.id.uuid());
            check(is, rule, &|| format!("membership {}: {sight:?} {cop:?}", row.state));
            if stage.lone.contains(&row.person_id) {
                let is = people.contains(&row.person_id.uuid());
                check(is, rule, &|| format!("person by a membership {}: {sight:?} {cop:?}", row.state));
            }
        }
        for row in &stage.exchanges {
            let case = by_cop[&row.cop_id.unwrap()];
            let (sight, cop) = (stage.sight(look, case), sight_of(case));
            let me = stage.scope(look).tenant();
            let side = [row.tenant_id, row.receiver_tenant_id].contains(&me) || row.cop_tenant_id == Some(me);
            let rule = side || as_member(sight, cop);
            check(exchanges.contains(&row.id.uuid()), rule, &|| format!("exchange: {sight:?} {cop:?}"));
        }
        let said = stage.comments.iter().map(|(row, of)| ("comment", row.base(), row.cop_id, of));
        let noted = stage.steps.iter().map(|(row, of)| ("step", row.base(), row.cop_id, of));
        for (what, row, cop_id, of) in said.chain(noted) {
            let Piece { row: artefact, owner, authors, .. } = &stage.artefacts[*of];
            let case = by_cop[&cop_id.unwrap()];
            let (sight, cop) = (stage.sight(look, case), sight_of(case));
            let one = ArtefactSight {
                owner: look.tenant == *owner,
                author: look.person.is_some_and(|(person, _)| authors.contains(&person)),
                state: artefact.state,
                audience: artefact.audience,
                changed_at: artefact.updated_at,
            };
            // What one's organisation said is shown to its people; a step of a lesson goes with the lesson.
            let own = what == "comment" && row.tenant == stage.scope(look).tenant();
            // A draft is shown to nobody but its authors, so that this asks for them alone.
            let wrote =
                one.author && visibility::artefact(sight, ArtefactSight { state: ArtefactState::Draft, ..one }, cop);
            let handed_in =
                one.state == ArtefactState::Submitted && sight.person.is_some_and(|person| person.facilitates);
            let for_members = one.audience != Audience::Organisation && cop.ceiling != Audience::Organisation;
            let there = one.state != ArtefactState::Draft && (handed_in || for_members);
            let in_person = wrote || (there && is_member(sight) && visibility::listing(sight, cop));
            let rule = own || in_person || (one.owner && visibility::artefact(sight, one, cop));
            let is = if what == "comment" { comments.contains(&row.id) } else { steps.contains(&row.id) };
            check(is, rule, &|| format!("{what} of {one:?}: {sight:?} {cop:?}"));
        }
        for (row, of) in &stage.attachments {
            let Piece { row: artefact, owner, authors, publication, .. } = &stage.artefacts[*of];
            let case = by_cop[&artefact.cop_id.unwrap()];
            let (sight, cop) = (stage.sight(look, case), sight_of(case));
            let one = ArtefactSight {
                owner: look.tenant == *owner,
                author: look.person.is_some_and(|(person, _)| authors.contains(&person)),
                state: artefact.state,
                audience: artefact.audience,
                changed_at: artefact.updated_at,
            };
            let now = row.is_of(artefact.number) || row.is_of(artefact.written_number());
            let mut rule = visibility::artefact(sight, one, cop) && (one.owner || now);
            if let Some((published, asked)) = publication.as_ref().filter(|(published, _)| row.is_of(published.number))
            {
                let published = PublicationSight {
                    owner: one.owner,
                    asked: *asked == Some(look.tenant),
                    state: published.state,
                    audience: published.audience,
                    published_at: published.published_at,
                };
                rule |= visibility::published_version(sight, published, cop);
            }
            let what = || format!("file of {}..{:?} of {one:?}: {sight:?} {cop:?}", row.since_number, row.until_number);
            check(attachments.contains(&row.id.uuid()), rule, &what);
        }
        for Piece { row, owner, authors, publication, versions: of_it } in &stage.artefacts {
            let case = by_cop[&row.cop_id.unwrap()];
            let (sight, cop) = (stage.sight(look, case), sight_of(case));
            let artefact = ArtefactSight {
                owner: look.tenant == *owner,
                author: look.person.is_some_and(|(person, _)| authors.contains(&person)),
                state: row.state,
                audience: row.audience,
                changed_at: row.updated_at,
            };
            let is = artefacts.contains(&row.id.uuid());
            let rule = visibility::artefact(sight, artefact, cop);
            check(is, rule, &|| format!("{artefact:?}: {sight:?} {cop:?}"));
            let Some((one, asked)) = publication else { continue };
            let published = PublicationSight {
                owner: artefact.owner,
                asked: *asked == Some(look.tenant),
                state: one.state,
                audience: one.audience,
                published_at: one.published_at,
            };
            let what = || format!("{published:?} of {artefact:?}: {sight:?} {cop:?}");
            check(publications.contains(&one.id.uuid()), visibility::publication(sight, published, cop), &what);
            for version in of_it {
                let current = version.number == row.number || artefact.owner;
                let by_publication =
                    version.number == one.number && visibility::published_version(sight, published, cop);
                let rule = (rule && current) || by_publication;
                check(versions.contains(&version.id.uuid()), rule, &|| {
                    format!("version {}: {}", version.number, what())
                });
            }
        }
    }
    (looked, seen_in_all)
}

fn session_sight(row: &Session, look: &Look, owner: usize) -> SessionSight {
    let (owner, public) = (look.tenant == owner, look.tenant == PUBLIC);
    SessionSight { owner, public, state: row.state, audience: row.audience, changed_at: row.updated_at }
}

/// Whether somebody sees what is for members as one of them, of a CoP that is listed for them.
fn as_member(sight: Sight, cop: CopSight) -> bool {
    is_member(sight) && cop.ceiling != Audience::Organisation && visibility::listing(sight, cop)
}

/// The words of the design for who counts as a member, said once more.
fn is_member(sight: Sight) -> bool {
    sight.person.is_some_and(|person| {
        let partner = sight.host || sight.participation == Some(ParticipationState::Accepted);
        person.facilitates
            || (partner && matches!(person.membership, Some(MembershipState::Active | MembershipState::Completed)))
    })
}

#[actix_web::test]
async fn the_rule_and_its_sql_twin_agree_on_every_combination_sqlite() {
    let world = World::new(evolva_persistence::Dialect::Sqlite).await;
    let ctx = evolva_server::ctx(&world.running.db);
    let stage = Stage::set(&world, &ctx, CopStatus::ALL, 1).await;
    assert_eq!(stage.cases.len(), 6 * 5 * 5 * 9);
    let (looked, seen) = compare(&stage, &ctx).await;
    assert!(looked > 2_000_000 && seen > 200_000, "{looked} looked at, {seen} seen");
    world.end().await;
}

/// A sample on PostgreSQL, where the same rows go through row-level security as well.
#[actix_web::test]
async fn the_rule_and_its_sql_twin_agree_on_every_combination_postgres() {
    let world = World::new(evolva_persistence::Dialect::Postgres).await;
    let ctx = evolva_server::ctx(&world.running.db);
    let stage = Stage::set(&world, &ctx, &[CopStatus::Draft, CopStatus::Active], 8).await;
    // As in production, the planner knows how many rows there are.
    let owner = world.database_url.replace("evolva_app", "evolva_owner");
    let (client, connection) = tokio_postgres::connect(&owner, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("ANALYZE").await.unwrap();
    let (looked, seen) = compare(&stage, &ctx).await;
    assert!(looked > 100_000 && seen > 10_000, "{looked} looked at, {seen} seen");
    walls_alone(&world, &stage, &ctx).await;
    world.end().await;
}

/// What row-level security lets through by itself, without the predicate of the statements: the same rows. Only the
/// drafts of the own organisation are told apart by person in the first wall alone.
async fn walls_alone(world: &World, stage: &Stage<'_>, ctx: &Ctx) {
    let (client, connection) = tokio_postgres::connect(&world.database_url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let mut wider = 0;
    for look in &stage.looks {
        let scope = stage.scope(look);
        let person = scope.person().map(|person| person.uuid().to_string()).unwrap_or_default();
        let name = "SELECT set_config('app.tenant', $1, false), set_config('app.person', $2, false)";
        client.query(name, &[&scope.tenant().uuid().to_string(), &person]).await.unwrap();
        let mut tx = ctx.store.begin(&scope).await.unwrap();
        let first = [
            ("cop", seen::<Cop>(&mut *tx).await),
            ("charter", seen::<Charter>(&mut *tx).await),
            ("session", seen::<Session>(&mut *tx).await),
            ("session_join", seen::<SessionCop>(&mut *tx).await),
            ("session_series", seen::<SessionSeries>(&mut *tx).await),
            ("calendar_feed", seen::<CalendarFeed>(&mut *tx).await),
            ("contact_request", seen::<ContactRequest>(&mut *tx).await),
            ("artefact", seen::<Artefact>(&mut *tx).await),
            ("membership", seen::<Membership>(&mut *tx).await),
            ("publication", seen::<Publication>(&mut *tx).await),
            ("artefact_version", seen::<ArtefactVersion>(&mut *tx).await),
            ("participation", seen::<Participation>(&mut *tx).await),
            ("facilitation", seen::<Facilitation>(&mut *tx).await),
            ("person", seen::<Person>(&mut *tx).await),
            ("agenda_item", seen::<AgendaItem>(&mut *tx).await),
            ("step_progress", seen::<StepProgress>(&mut *tx).await),
            ("expert_contribution", seen::<ExpertContribution>(&mut *tx).await),
            ("registration", seen::<Registration>(&mut *tx).await),
            ("comment", seen::<Comment>(&mut *tx).await),
            ("lesson_step", seen::<LessonStep>(&mut *tx).await),
            ("exchange", seen::<Exchange>(&mut *tx).await),
            ("attachment", seen::<Attachment>(&mut *tx).await),
        ];
        drop(tx);
        for (table, by_both) in first {
            let rows = client.query(&format!("SELECT id FROM {table}"), &[]).await.unwrap();
            let by_wall: BTreeSet<uuid::Uuid> = rows.iter().map(|row| row.get(0)).collect();
            assert!(by_both.is_subset(&by_wall), "{table}: the walls hide from {person:?} what the rule shows");
            let more: BTreeSet<_> = by_wall.difference(&by_both).copied().collect();
            // Drafts of colleagues, their files, and what others said about them.
            let draft = |piece: &Piece| piece.owner == look.tenant && piece.row.state == ArtefactState::Draft;
            let known = match table {
                "artefact" => {
                    stage.artefacts.iter().filter(|piece| draft(piece) && more.contains(&piece.row.id.uuid())).count()
                }
                "comment" => {
                    let said = stage.comments.iter().filter(|(row, _)| more.contains(&row.id.uuid()));
                    said.filter(|(_, of)| draft(&stage.artefacts[*of])).count()
                }
                "lesson_step" => {
                    let noted = stage.steps.iter().filter(|(row, _)| more.contains(&row.id.uuid()));
                    noted.filter(|(_, of)| draft(&stage.artefacts[*of])).count()
                }
                "attachment" => {
                    let files = stage.attachments.iter().filter(|(row, _)| more.contains(&row.id.uuid()));
                    files.filter(|(_, of)| draft(&stage.artefacts[*of])).count()
                }
                _ => 0,
            };
            assert_eq!(more.len(), known, "{table}: the walls alone show too much to {:?} {person:?}", look.tenant);
            wider += known;
        }
    }
    assert!(wider > 0, "drafts of colleagues are the known difference");
}

crate::both!(names_and_addresses_stay_where_they_belong, |world| {
    let token = |actor: &crate::harness::Actor| Some(actor.token.clone());
    let input = json!({ "displayName": "Vindbaar", "email": "v@host.example", "discoverable": true });
    let made = world.op(Surface::Rest, &meta("personCreate"), token(&world.host).as_deref(), &input).await.json();
    let path = format!("/api/v1/people/{}", made["id"].as_str().unwrap());
    let own = world.get(&path, token(&world.host).as_deref()).await.json();
    assert_eq!(own["email"], "v@host.example");
    let other = world.get(&path, token(&world.partner).as_deref()).await.json();
    assert_eq!((other["displayName"].as_str(), &other["email"]), (Some("Vindbaar"), &json!(null)));
    let hidden = json!({ "displayName": "Onvindbaar" });
    let hidden = world.op(Surface::Rest, &meta("personCreate"), token(&world.host).as_deref(), &hidden).await.json();
    let path = format!("/api/v1/people/{}", hidden["id"].as_str().unwrap());
    assert_eq!(world.get(&path, token(&world.host).as_deref()).await.status, 200);
    assert_eq!(world.get(&path, token(&world.partner).as_deref()).await.status, 404);
});

crate::both!(whoever_is_invited_sees_the_method_that_asks_something_of_them, |world| {
    let (host, partner) = (Some(world.host.token.as_str()), Some(world.partner.token.as_str()));
    let concept = json!({ "name": "Eigen", "profile": "OPEN" });
    let concept = world.op(Surface::Rest, &meta("conceptCreate"), host, &concept).await.json();
    let path = format!("/api/v1/concepts/{}", concept["id"].as_str().unwrap());
    assert_eq!(world.get(&path, partner).await.status, 404);
    let cop = json!({ "title": "Open", "conceptId": concept["id"] });
    let cop = world.op(Surface::Rest, &meta("copCreate"), host, &cop).await.json();
    let invite = json!({ "copId": cop["id"], "organisationId": world.partner.id });
    let invited = world.op(Surface::Rest, &meta("participationInvite"), host, &invite).await.json();
    assert_eq!(world.get(&path, partner).await.json()["methodProfile"]["preconditions"], json!([]));
    let accept = json!({ "id": invited["id"] });
    let accepted = world.op(Surface::Rest, &meta("participationAccept"), partner, &accept).await;
    assert_eq!((accepted.status, accepted.json()["state"].as_str()), (200, Some("ACCEPTED")), "{}", accepted.text);
    assert_eq!(world.get(&path, Some(&world.outsider.token)).await.status, 404);
});

#[actix_web::test]
async fn row_level_security_alone_hides_other_tenants() {
    let world = World::new(evolva_persistence::Dialect::Postgres).await;
    let input = json!({ "displayName": "Jan" });
    world.op(Surface::Rest, &meta("personCreate"), Some(&world.host.token), &input).await;
    let connect = async |url: &str| {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    };
    let client = connect(&world.database_url).await;
    let count = async |tenant: &str| -> i64 {
        client.batch_execute(&format!("SELECT set_config('app.tenant', '{tenant}', false)")).await.unwrap();
        client.query_one("SELECT count(*) FROM person", &[]).await.unwrap().get(0)
    };
    assert_eq!(count("").await, 0, "no tenant is named, so there is nothing");
    assert_eq!(count(&world.host.id.uuid().to_string()).await, 1, "the positive control, without our predicate");
    assert_eq!(count(&world.outsider.id.uuid().to_string()).await, 0);
    let stolen = client.execute("UPDATE person SET display_name = 'x'", &[]).await.unwrap();
    assert_eq!(stolen, 0, "nor can another tenant write it");
    let safe: bool = client
        .query_one("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user", &[])
        .await
        .unwrap()
        .get(0);
    assert!(!safe);
    let open = client
        .query_one(
            "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
             AND relname <> 'seaql_migrations' AND NOT (relrowsecurity AND relforcerowsecurity)",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(open.get::<_, i64>(0), 0, "every table has its wall");
    world.end().await;
}
