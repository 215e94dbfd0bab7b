//! Mutations of the walls: each comparison, alternative and state in what keeps rows apart is changed, one at a time, in
//! the live database, and the rows that are then shown must differ for somebody. What is changed and shows nothing is listed
//! with the reason.

use crate::{
    harness::World,
    visibility::{Stage, participations},
};
use evolva_domain::{
    artefact::{Artefact, ArtefactState, ArtefactVersion},
    cop::{CopStatus, Facilitation, Membership, MembershipState, Participation, ParticipationState},
    ctx::Ctx,
    person::{Person, PersonState},
    policy,
    ports::Tx,
    publication::{Publication, PublicationApproval, PublicationState},
    scope::TenantScope,
    session::{ContributionState, ExpertContribution, Registration, RegistrationState},
    visibility::Audience,
};
use evolva_persistence::visible::{self, For};
use std::collections::BTreeSet;
use tokio_postgres::Client;

/// What is compared.
const TABLES: &[&str] = &[
    "cop",
    "charter",
    "session",
    "session_join",
    "session_series",
    "calendar_feed",
    "contact_request",
    "lesson_step",
    "artefact",
    "membership",
    "publication",
    "artefact_version",
    "comment",
    "attachment",
    "participation",
    "facilitation",
    "agenda_item",
    "expert_contribution",
    "registration",
    "exchange",
    "step_progress",
    "person",
    "concept",
    "concept_element",
    "focus_area",
    "theme",
    "goal",
    "charter_agreement",
    "publication_approval",
    "artefact_tag",
    "artefact_contributor",
    "artefact_goal",
    "anchoring",
    "showing",
];

/// Rows of these have no id of their own.
const WITHOUT_ID: &[&str] = &["artefact_tag", "artefact_contributor", "artefact_goal"];

/// What the comparing test has nothing of, made of what it has: of each CoP a concept and a theme with its id, of its host
/// or of somebody else, and what hangs on its charter and artefacts, of each organisation in turn.
const BESIDE: &str = "
CREATE TEMP TABLE turn AS SELECT array_agg(id ORDER BY slug) AS all_of FROM organisation WHERE kind <> 'NETWORK_OPERATOR';
CREATE TEMP TABLE of_cop AS SELECT c.id, c.created_at, CASE WHEN n % 4 = 0 THEN all_of[1 + n % 3] ELSE c.tenant_id END AS tenant_id,
  CASE WHEN n % 5 = 0 THEN 'NETWORK' ELSE 'ORGANISATION' END AS audience
  FROM (SELECT *, (row_number() OVER (ORDER BY id))::int AS n FROM cop) c CROSS JOIN turn;
INSERT INTO concept (id, tenant_id, version, created_at, updated_at, imported, name, edition, profile, audience)
  SELECT id, tenant_id, 1, created_at, created_at, false, 'x', '1', '{}', audience FROM of_cop;
INSERT INTO concept_element (id, tenant_id, version, created_at, updated_at, imported, concept_id, code, title, position)
  SELECT gen_random_uuid(), tenant_id, 1, created_at, created_at, false, id, 'x', 'x', 1 FROM of_cop;
INSERT INTO focus_area (id, tenant_id, version, created_at, updated_at, imported, concept_id, title, position)
  SELECT gen_random_uuid(), tenant_id, 1, created_at, created_at, false, id, 'x', 1 FROM of_cop;
INSERT INTO theme (id, tenant_id, version, created_at, updated_at, imported, title, slug, focus_area_ids, audience)
  SELECT id, tenant_id, 1, created_at, created_at, false, 'x', id::text, '[]', audience FROM of_cop;
UPDATE cop SET concept_id = id, theme_id = id;
INSERT INTO goal (id, tenant_id, version, created_at, updated_at, imported, cop_id, charter_id, title, position)
  SELECT gen_random_uuid(), tenant_id, 1, created_at, updated_at, false, cop_id, id, 'x', 1 FROM charter;
INSERT INTO charter_agreement (id, tenant_id, version, created_at, updated_at, imported, cop_id, charter_id, organisation_id)
  SELECT gen_random_uuid(), tenant_id, 1, created_at, updated_at, false, cop_id, id, one
  FROM charter CROSS JOIN turn CROSS JOIN unnest(all_of) AS one;
INSERT INTO artefact_tag (tenant_id, artefact_id, tag) SELECT tenant_id, id, 'x' FROM artefact;
INSERT INTO person (id, tenant_id, version, created_at, updated_at, imported, display_name, expertise, discoverable, external,
  tenant_role, state) SELECT id, id, 1, now(), now(), false, 'x', '[]', false, false, 'NONE', 'ACTIVE' FROM organisation;
INSERT INTO artefact_contributor (tenant_id, artefact_id, person_id, person_tenant_id, position)
  SELECT tenant_id, id, tenant_id, tenant_id, 9 FROM artefact;
INSERT INTO artefact_goal (tenant_id, artefact_id, goal_id, cop_tenant_id)
  SELECT a.tenant_id, a.id, g.id, g.tenant_id FROM artefact a JOIN goal g ON g.cop_id = a.cop_id;
INSERT INTO anchoring (id, tenant_id, version, created_at, updated_at, imported, artefact_id, artefact_tenant_id, cop_id,
  cop_tenant_id, place, state) SELECT gen_random_uuid(), all_of[1 + n % 3], 1, created_at, updated_at, false, id, tenant_id, cop_id,
  cop_tenant_id, 'x', 'PLANNED' FROM (SELECT *, (row_number() OVER (ORDER BY id))::int AS n FROM artefact) a CROSS JOIN turn;
INSERT INTO showing (id, tenant_id, version, created_at, updated_at, imported, session_id, artefact_id, artefact_tenant_id,
  cop_id, cop_tenant_id) SELECT gen_random_uuid(), s.tenant_id, 1, a.created_at, a.updated_at, false, s.id, a.id, a.tenant_id,
  a.cop_id, a.cop_tenant_id FROM artefact a JOIN LATERAL (SELECT * FROM session s
  ORDER BY (s.tenant_id = a.cop_tenant_id) = (ascii(right(a.id::text, 1)) % 2 = 0) DESC, s.id LIMIT 1) s ON true;
";

/// What can be said the other way round.
const SWAPS: &[(&str, &str)] = &[
    (" OR ", " AND "),
    (" AND ", " OR "),
    (" = ANY ", " <> ALL "),
    (" <> ALL ", " = ANY "),
    (" = ", " <> "),
    (" <> ", " = "),
    (" IS NOT NULL", " IS NULL"),
    (" IS NULL", " IS NOT NULL"),
    (" >= ", " < "),
    (" NOT IN (", " IN ("),
    (" IN (", " NOT IN ("),
    ("EXISTS (", "NOT EXISTS ("),
];

/// How many letters before and after a change name it.
const AROUND: usize = 45;

/// Mutations that change nothing that can be seen, or nothing on this stage, and why.
const EQUIVALENT: &[(&str, &str, &str)] = &[
    (
        "predicate charter Person",
        "'ence <> 'ORGANISATION' OR vn.tenant_id",
        "the host's own charters are shown before that",
    ),
    (
        "predicate charter Person",
        "'INVITED','REQUESTED'))))))",
        "whoever is asked to agree is shown the charter before that",
    ),
    ("predicate goal Person", "'ence <> 'ORGANISATION' OR vn.tenant_id", "the host's own goals are shown before that"),
    (
        "predicate goal Person",
        "'INVITED','REQUESTED'))))))",
        "whoever is asked to agree is shown the charter's goals before that",
    ),
    (
        "predicate attachment Tenant",
        "vv.number + 1",
        "nothing here was sent back with a file: attachments::what_was_sent_back_gets_its_files_in_the_next_version",
    ),
    (
        "predicate attachment Tenant",
        "vv.submitted_at IS NOT NULL",
        "nothing here was sent back with a file: attachments::what_was_sent_back_gets_its_files_in_the_next_version",
    ),
    ("predicate attachment Tenant", "'REQUESTED','APPROVED'", "no publication here that was approved has a file"),
    ("predicate attachment Person", "'REQUESTED','APPROVED'", "no publication here that was approved has a file"),
    (
        "predicate exchange Person",
        "'INVITED','REQUESTED'",
        "no exchange here is in a CoP whose member's organisation is asked again",
    ),
    ("policy session", "(evolva_person() IS NOT NULL) AND (id = ANY", "to nobody in person no session is granted so"),
    (
        "policy agenda_item",
        "(evolva_person() IS NOT NULL) AND (session_id = ANY",
        "to nobody in person no session is granted so",
    ),
    ("policy agenda_item", "(ps.state <> 'DRAFT'", "the session is asked for first, and its own policy says the same"),
    (
        "policy session_join",
        "' AND ' to ' OR ' in 'eft_cops",
        "it spares calls of evolva_left_at, which says none for the others",
    ),
    (
        "function evolva_joined_until",
        "session s ON s.id = j.session_id",
        "it is asked only for sessions of evolva_joined_sessions, which asks the same of the session",
    ),
    (
        "function evolva_joined_until",
        "'ACCEPTED'",
        "it is asked only for sessions of evolva_joined_sessions, which asks the same of who takes part",
    ),
    (
        "function evolva_left_at",
        "'ACCEPTED'",
        "it is asked only for CoPs of evolva_left_cops, which leaves out those that the organisation is back in",
    ),
    (
        "function evolva_left_cops",
        "' AND ' to ' OR '",
        "it spares calls of evolva_left_at, which says none for the others",
    ),
    ("function evolva_left_cops", "'ACCEPTED'", "it spares calls of evolva_left_at, which says none for the others"),
    (
        "function evolva_granted",
        "transaction_read_only",
        "what is set for a transaction ends with it, and each look is one: walls::definer_functions_tell_only_of_the_named_viewer",
    ),
];

/// Every text that differs in one condition, with what was changed. Conditions that stand in several places are made from
/// one, so they are changed in all of them: what is changed is named by the words around it. What stands in it word for word
/// from `elsewhere` is changed there.
fn mutants(text: &str, elsewhere: &[String]) -> Vec<(String, String)> {
    let ranges = elsewhere.iter().flat_map(|one| text.match_indices(one).map(|(at, one)| at..at + one.len()));
    let apart: Vec<_> = ranges.collect();
    let mut all: Vec<(String, String)> = vec![];
    let mut change = |place: usize, from: &str, to: &str| {
        if apart.iter().any(|range| range.contains(&place)) {
            return;
        }
        let (start, end) = (place.saturating_sub(AROUND), (place + from.len() + AROUND).min(text.len()));
        let around = &text[start..end];
        let mutated = format!("{}{to}{}", &text[start..place], &text[place + from.len()..end]);
        let what = format!("'{from}' to '{to}' in '{around}'");
        if all.iter().all(|(known, _)| *known != what) {
            all.push((what, text.replace(around, &mutated)));
        }
    };
    for (from, to) in SWAPS {
        for (place, _) in text.match_indices(from) {
            // One may stand within a longer one: 'IN (' within 'NOT IN (', ' = ' within ' = ANY '.
            let longer = SWAPS.iter().any(|(other, _)| {
                let within = other.find(from).filter(|_| other.len() > from.len());
                within.is_some_and(|within| place >= within && text[place - within..].starts_with(other))
            });
            if !longer {
                change(place, from, to);
            }
        }
    }
    // Each word that a column is compared with becomes one that no row has.
    let mut quoted = text.match_indices('\'').map(|(place, _)| place);
    while let (Some(open), Some(close)) = (quoted.next(), quoted.next()) {
        let word = &text[open..=close];
        if word.len() > 2 && word[1..word.len() - 1].chars().all(|letter| letter.is_ascii_uppercase()) {
            change(open, word, "'NONE'");
        }
    }
    all
}

type Rows = BTreeSet<uuid::Uuid>;

/// What a row is told from others by.
fn id(table: &str) -> &'static str {
    if WITHOUT_ID.contains(&table) { "md5(t::text)::uuid" } else { "t.id" }
}

async fn client(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn rows(found: Result<Vec<tokio_postgres::Row>, tokio_postgres::Error>) -> Option<Rows> {
    Some(found.ok()?.iter().map(|row| row.get(0)).collect())
}

/// Who looks: a tenant, and a person or nobody.
type Eyes = (uuid::Uuid, Option<uuid::Uuid>);

/// What row-level security alone shows of a table; nothing where the statement cannot be run.
async fn by_wall(app: &Client, table: &str, (tenant, person): Eyes) -> Option<Rows> {
    let person = person.map(|person| person.to_string()).unwrap_or_default();
    let name = "SELECT set_config('app.tenant', $1, false), set_config('app.person', $2, false)";
    app.query(name, &[&tenant.to_string(), &person]).await.unwrap();
    rows(app.query(&format!("SELECT {} FROM {table} t", id(table)), &[]).await)
}

/// What a predicate alone shows of a table, to a role that no policy holds.
async fn by_predicate(owner: &Client, table: &str, predicate: &str, (tenant, person): Eyes) -> Option<Rows> {
    let text = predicate.replace("{t}", "t").replace("{me}", &format!("'{tenant}'::uuid"));
    let text = text.replace("{person}", &format!("'{}'::uuid", person.unwrap_or_default()));
    rows(owner.query(&format!("SELECT {} FROM {table} t WHERE {text}", id(table)), &[]).await)
}

#[derive(Default)]
struct Tally {
    tried: usize,
    killed: usize,
    broken: usize,
    survived: Vec<(String, String)>,
}

impl Tally {
    fn of(&mut self, place: &str, what: String, came: Came) {
        self.tried += 1;
        if self.tried.is_multiple_of(100) {
            println!("{} tried, now at {place}", self.tried);
        }
        match came {
            Came::Killed => self.killed += 1,
            Came::Broken => self.broken += 1,
            Came::Alive => {
                println!("survived: {place}: {what}");
                self.survived.push((place.to_owned(), what));
            }
        }
    }
}

enum Came {
    Killed,
    /// The database refuses to run it, or does not come to an end.
    Broken,
    Alive,
}

/// Everybody who looks, at a stage that is set.
async fn setting(world: &World) -> (Vec<Eyes>, Client, Client) {
    let ctx = evolva_server::ctx(&world.running.db);
    let mut stage = Stage::set(world, &ctx, &[CopStatus::Active], 8).await;
    // Each of the wide audiences beside each, listings for nobody else beside content for some, and the other way round.
    use Audience::{Members, Network, Organisation, Partners, Public};
    let wide = [Partners, Network, Public];
    let pairs = wide.iter().flat_map(|a| wide.iter().map(move |b| (*a, *b)));
    let narrow = [(Organisation, Members), (Organisation, Network), (Network, Organisation), (Partners, Organisation)];
    let drafts =
        [(Network, Network), (Public, Partners), (Partners, Public), (Organisation, Members), (Public, Public)];
    for (status, (listing, ceiling)) in pairs
        .chain(narrow)
        .map(|pair| (CopStatus::Active, pair))
        .chain(drafts.into_iter().map(|pair| (CopStatus::Draft, pair)))
    {
        stage.scene(&ctx, (status, listing, ceiling), &participations()).await;
    }
    let more = more(&stage, &ctx).await;
    let eyes = stage.looks.iter().map(|look| {
        let scope = stage.scope(look);
        (scope.tenant().uuid(), scope.person().map(|person| person.uuid()))
    });
    let eyes = eyes.chain(more);
    let owner = client(&world.database_url.replace("evolva_app", "evolva_owner")).await;
    let app = client(&world.database_url).await;
    owner.batch_execute(BESIDE).await.unwrap();
    owner.batch_execute("ANALYZE").await.unwrap();
    for client in [&owner, &app] {
        // One that does not come to an end is one that does not run.
        client.batch_execute("SET jit = off; SET statement_timeout = '20s'").await.unwrap();
    }
    (eyes.collect(), owner, app)
}

/// What the comparing test has nothing of: a third organisation beside host and partner, what is of no CoP, people who may
/// be found, people who are one thing here and another there, and publications in every state. Answers with more who look.
async fn more(stage: &Stage<'_>, ctx: &Ctx) -> Vec<Eyes> {
    let [host, partner, third] = stage.tenants;
    let mut tx = ctx.store.begin(partner).await.unwrap();
    // Members of some CoPs, who facilitate others; and who does only one of both, in some.
    let both: Person = named(&mut *tx, ctx, partner).await;
    let member: Person = named(&mut *tx, ctx, partner).await;
    let guide: Person = named(&mut *tx, ctx, partner).await;
    tx.commit().await.unwrap();
    let mut tx = ctx.store.begin(host).await.unwrap();
    for (place, case) in stage.cases.iter().enumerate() {
        let cop_id = case.cop.id;
        let permit = policy::owner(host, "test", &case.cop).unwrap();
        let round = place + place / participations().len();
        let state = [ParticipationState::Accepted, ParticipationState::Ended, ParticipationState::Declined][round % 3];
        let row = Participation { cop_id, organisation_id: third.tenant(), state, ..ctx.fresh(host) };
        tx.insert(&permit, &row).await.unwrap();
        let (person_tenant_id, state) = (partner.tenant(), MembershipState::Active);
        let (members, guides) =
            if round.is_multiple_of(2) { (vec![&both, &member], vec![&guide]) } else { (vec![], vec![&both]) };
        for person in members.iter().filter(|_| round.is_multiple_of(4) || place.is_multiple_of(5)) {
            let row = Membership { cop_id, person_id: person.id, person_tenant_id, state, ..ctx.fresh(host) };
            tx.insert(&permit, &row).await.unwrap();
        }
        for person in guides {
            let row = Facilitation { cop_id, person_id: person.id, person_tenant_id, ..ctx.fresh(host) };
            tx.insert(&permit, &row).await.unwrap();
        }
        // One who facilitates this CoP and no other, and experts and members of no other.
        let alone: Person = named(&mut *tx, ctx, host).await;
        let row = Facilitation { cop_id, person_id: alone.id, person_tenant_id: host.tenant(), ..ctx.fresh(host) };
        tx.insert(&permit, &row).await.unwrap();
        let expert: Person = named(&mut *tx, ctx, host).await;
        let session_id = stage.sessions[place].id;
        let (person_id, person_tenant_id) = (expert.id, host.tenant());
        let row =
            ExpertContribution { session_id, cop_id: Some(cop_id), person_id, person_tenant_id, ..ctx.fresh(host) };
        tx.insert(&permit, &row).await.unwrap();
        for state in [MembershipState::Active, MembershipState::Nominated] {
            let alone: Person = named(&mut *tx, ctx, host).await;
            let person_tenant_id = host.tenant();
            let row = Membership { cop_id, person_id: alone.id, person_tenant_id, state, ..ctx.fresh(host) };
            tx.insert(&permit, &row).await.unwrap();
        }
        // Versions for whoever was asked: the one before the current of what is for the own organisation.
        for (state, asked) in [
            (PublicationState::Published, partner),
            (PublicationState::Approved, partner),
            (PublicationState::Requested, third),
            (PublicationState::Withdrawn, partner),
        ] {
            let row = Artefact { cop_id: Some(cop_id), cop_tenant_id: Some(host.tenant()), ..of_host(ctx, host) };
            tx.insert(&permit, &row).await.unwrap();
            published(&mut *tx, ctx, host, &row, state, Audience::Organisation, Some(asked)).await;
        }
        let row = Artefact {
            cop_id: Some(cop_id),
            cop_tenant_id: Some(host.tenant()),
            state: ArtefactState::Draft,
            audience: Audience::Public,
            ..of_host(ctx, host)
        };
        tx.insert(&permit, &row).await.unwrap();
        let version = ArtefactVersion { artefact_id: row.id, number: 1, title: "x".into(), ..ctx.fresh(host) };
        tx.insert(&permit, &version).await.unwrap();
    }
    // Somebody from outside, and a colleague of theirs who comes to other sessions.
    let mut elsewhere = ctx.store.begin(third).await.unwrap();
    let outside = Person { display_name: "x".into(), external: true, ..ctx.fresh(third) };
    let permit = policy::owner(third, "test", &outside).unwrap();
    elsewhere.insert(&permit, &outside).await.unwrap();
    let colleague: Person = named(&mut *elsewhere, ctx, third).await;
    elsewhere.commit().await.unwrap();
    for (place, session) in stage.sessions.iter().enumerate() {
        let permit = policy::owner(host, "test", session).unwrap();
        let (session_id, cop_id, person_tenant_id) = (session.id, session.cop_id, third.tenant());
        let person_id = if place.is_multiple_of(2) { outside.id } else { colleague.id };
        if place.is_multiple_of(3) {
            let state = [ContributionState::Invited, ContributionState::Withdrawn][place / 6 % 2];
            let row = ExpertContribution { session_id, cop_id, person_id, person_tenant_id, state, ..ctx.fresh(host) };
            tx.insert(&permit, &row).await.unwrap();
        } else {
            let state = [RegistrationState::Registered, RegistrationState::Cancelled][place / 4 % 2];
            let row = Registration { session_id, cop_id, person_id, person_tenant_id, state, ..ctx.fresh(host) };
            tx.insert(&permit, &row).await.unwrap();
        }
    }
    for audience in Audience::ALL {
        let row = Artefact { audience: *audience, ..of_host(ctx, host) };
        let permit = policy::owner(host, "test", &row).unwrap();
        tx.insert(&permit, &row).await.unwrap();
        published(&mut *tx, ctx, host, &row, PublicationState::Published, *audience, None).await;
    }
    for state in [PersonState::Active, PersonState::Left] {
        for discoverable in [false, true] {
            let row = Person { display_name: "x".into(), state, discoverable, ..ctx.fresh(host) };
            let permit = policy::owner(host, "test", &row).unwrap();
            tx.insert(&permit, &row).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    let of_partner = [both, member, guide].map(|person| (partner.tenant().uuid(), Some(person.id.uuid())));
    let of_third = [outside, colleague].map(|person| (third.tenant().uuid(), Some(person.id.uuid())));
    of_partner.into_iter().chain(of_third).collect()
}

async fn named(tx: &mut dyn Tx, ctx: &Ctx, of: &TenantScope) -> Person {
    let row = Person { display_name: "x".into(), ..ctx.fresh(of) };
    tx.insert(&policy::owner(of, "test", &row).unwrap(), &row).await.unwrap();
    row
}

fn of_host(ctx: &Ctx, host: &TenantScope) -> Artefact {
    Artefact { title: "x".into(), state: ArtefactState::Validated, number: 1, ..ctx.fresh(host) }
}

/// A version of an artefact, and its publication.
async fn published(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    host: &TenantScope,
    of: &Artefact,
    state: PublicationState,
    audience: Audience,
    asked: Option<&TenantScope>,
) {
    let permit = policy::owner(host, "test", of).unwrap();
    let version = ArtefactVersion { artefact_id: of.id, number: 1, title: "x".into(), ..ctx.fresh(host) };
    tx.insert(&permit, &version).await.unwrap();
    let row = Publication {
        artefact_id: of.id,
        number: 1,
        audience,
        state,
        cop_id: of.cop_id,
        cop_tenant_id: of.cop_tenant_id,
        published_at: (state == PublicationState::Published).then(|| ctx.now()),
        ..ctx.fresh(host)
    };
    tx.insert(&permit, &row).await.unwrap();
    if let Some(asked) = asked {
        let (publication_id, organisation_id) = (row.id, asked.tenant());
        let row = PublicationApproval { publication_id, organisation_id, ..ctx.fresh(host) };
        tx.insert(&permit, &row).await.unwrap();
    }
}

impl Tally {
    fn end(self, at_least: usize) {
        println!("{} mutants: {} killed, {} that do not run", self.tried, self.killed, self.broken);
        assert!(self.killed > at_least, "{} killed", self.killed);
        let unknown: Vec<_> = self
            .survived
            .iter()
            .filter(|(place, what)| !EQUIVALENT.iter().any(|(known, part, _)| place == known && what.contains(part)))
            .collect();
        assert!(unknown.is_empty(), "these changes of the walls show nothing: {unknown:#?}");
    }
}

#[actix_web::test]
async fn each_change_of_the_predicate_shows() {
    let world = World::new(evolva_persistence::Dialect::Postgres).await;
    let (eyes, owner, _) = setting(&world).await;
    let mut tally = Tally::default();
    for table in TABLES {
        for place in [For::Tenant, For::Person, For::Public] {
            let of = |one: &&Eyes| match one {
                (_, Some(_)) => For::Person,
                (tenant, None) if tenant.is_nil() => For::Public,
                (_, None) => For::Tenant,
            };
            let mine: Vec<_> = eyes.iter().filter(|one| of(one) == place).collect();
            let predicate = visible::predicate(table, place);
            let mut shown = vec![];
            for one in &mine {
                shown.push(by_predicate(&owner, table, &predicate, **one).await.unwrap());
            }
            let mut order: Vec<_> = (0..mine.len()).collect();
            let others = TABLES.iter().filter(|other| *other != table);
            let elsewhere = others
                .flat_map(|other| {
                    ["vs", "vv", "vw", "jo"].map(|of| visible::predicate(other, place).replace("{t}", of))
                })
                .collect::<Vec<_>>();
            for (what, mutant) in mutants(&predicate, &elsewhere) {
                let mut came = Came::Alive;
                for turn in 0..order.len() {
                    let one = order[turn];
                    match by_predicate(&owner, table, &mutant, *mine[one]).await {
                        None => came = Came::Broken,
                        Some(now) if now != shown[one] => came = Came::Killed,
                        Some(_) => continue,
                    }
                    order[..=turn].rotate_right(1);
                    break;
                }
                tally.of(&format!("predicate {table} {place:?}"), what, came);
            }
        }
    }
    tally.end(1_000);
    world.end().await;
}

/// Whether a change that was made shows to somebody, in one table or in any.
async fn shows(app: &Client, looks: &mut [(&str, Eyes, Rows)], of: Option<&str>) -> Came {
    for turn in 0..looks.len() {
        let (table, one, shown) = &looks[turn];
        if of.is_some_and(|of| of != *table) {
            continue;
        }
        let came = match by_wall(app, table, *one).await {
            None => Came::Broken,
            Some(now) if now != *shown => Came::Killed,
            Some(_) => continue,
        };
        looks[..=turn].rotate_right(1);
        return came;
    }
    Came::Alive
}

/// The policies of row-level security, and the functions that they call.
#[actix_web::test]
async fn each_change_of_the_policies_shows() {
    let world = World::new(evolva_persistence::Dialect::Postgres).await;
    let (eyes, owner, app) = setting(&world).await;
    let mut tally = Tally::default();
    // Every look at every table. Which one found the change before is tried first.
    let looks = eyes.iter().flat_map(|one| TABLES.iter().map(move |table| (*table, *one)));
    let mut looks: Vec<(&str, Eyes, Rows)> = looks.map(|(table, one)| (table, one, Rows::new())).collect();
    for (table, one, shown) in &mut looks {
        *shown = by_wall(&app, table, *one).await.unwrap();
    }
    let policies = owner
        .query("SELECT tablename::text, qual FROM pg_policies WHERE policyname = 'reads' ORDER BY 1", &[])
        .await
        .unwrap();
    for row in policies {
        let (table, text): (String, String) = (row.get(0), row.get(1));
        if !TABLES.contains(&table.as_str()) {
            continue;
        }
        for (what, mutant) in mutants(&text, &[]) {
            let changed = owner.batch_execute(&format!("ALTER POLICY reads ON {table} USING ({mutant})")).await;
            let came = if changed.is_ok() { shows(&app, &mut looks, Some(&table)).await } else { Came::Broken };
            tally.of(&format!("policy {table}"), what, came);
        }
        owner.batch_execute(&format!("ALTER POLICY reads ON {table} USING ({text})")).await.unwrap();
    }
    let functions = owner
        .query(
            "SELECT proname::text, prosrc, pg_get_functiondef(oid) FROM pg_proc \
             WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'evolva\\_%' ORDER BY 1",
            &[],
        )
        .await
        .unwrap();
    for row in functions {
        let (name, body, whole): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        // What counts has a test of its own (walls::definer_functions_tell_only_of_the_named_viewer), and what predicates
        // call is changed in them, as is what search says of them. No policy calls that.
        let of_predicates = visible::functions().iter().any(|one| one.signature.starts_with(&format!("{name}(")));
        if of_predicates
            || name.starts_with("evolva_search_")
            || ["evolva_system", "evolva_network_counts", "evolva_candidate_counts"].contains(&name.as_str())
        {
            continue;
        }
        for (what, mutant) in mutants(&body, &[]) {
            let changed = owner.batch_execute(&whole.replace(&body, &mutant)).await;
            let came = if changed.is_ok() { shows(&app, &mut looks, None).await } else { Came::Broken };
            tally.of(&format!("function {name}"), what, came);
        }
        owner.batch_execute(&whole).await.unwrap();
    }
    tally.end(100);
    world.end().await;
}
