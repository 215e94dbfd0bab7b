//! Who sees something and why, for the organisation that owns it: the one rule of sight, asked for everybody who has to do
//! with its CoP. The same before it is shared further.

use crate::{
    Code, Error, Id, Result,
    artefact::{self, Artefact, ArtefactState},
    cop::{Charter, Cop, Facilitation, Membership, MembershipState, Participation, ParticipationState},
    ctx::Ctx,
    id::Prefixed,
    labels,
    organisation::{Organisation, OrganisationState},
    person::{Person, PersonState},
    policy,
    ports::Tx,
    query::{Filter, Query},
    record::{Cell, Field, Record, Table},
    scope::{Scope, TenantScope},
    session::{
        ContributionState, ExpertContribution, Registration, RegistrationState, Session, SessionState, is_audience,
        joint,
    },
    visibility::{self, ArtefactSight, Audience, CopSight, PersonSight, SessionOf, SessionSight, Sight},
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

labels! {
    /// Why somebody sees something.
    SightReason {
        /// It is their organisation's own.
        Owner = "OWNER" / "Eigenaar",
        /// Their organisation hosts the CoP.
        Host = "HOST" / "Gastheer",
        /// Their organisation takes part.
        Partner = "PARTNER" / "Partnerorganisatie",
        /// Their organisation is invited or has asked to take part, and decides.
        Deciding = "DECIDING" / "Beslist nog",
        /// It was shared while their organisation took part.
        SharedBefore = "SHARED_BEFORE" / "Gedeeld toen de organisatie meedeed",
        /// They are members of the CoP, or guide it.
        Member = "MEMBER" / "Deelnemer of begeleider",
        /// They wrote it.
        Author = "AUTHOR" / "Auteur",
        /// They are from outside, and come to the session or were asked to.
        Invited = "INVITED" / "Uitgenodigd van buiten",
        /// It is for the whole network.
        Network = "NETWORK" / "Hele netwerk",
    }
}

/// People of one organisation who see it, or all of that organisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Seer {
    /// Which; none where that is not the asker's to know.
    pub organisation: Option<Id<Organisation>>,
    pub reason: SightReason,
    /// Whether the organisation as such sees it, and not only some of its people.
    pub whole: bool,
    /// How many of its people see it in person, where the organisation as such does not.
    pub people: usize,
    /// Whether they would see it with what is asked about, and do not see it now.
    pub gains: bool,
}

/// Who sees something.
#[derive(Debug, Clone)]
pub struct Explained {
    /// What counts: the narrowest of what was asked and the CoP's ceiling.
    pub audience: Audience,
    /// The CoP's content ceiling, for content of a CoP.
    pub ceiling: Option<Audience>,
    pub seers: Vec<Seer>,
    /// Whether every active organisation of the network sees it.
    pub network: bool,
    /// Whether every token that may read what is public sees it.
    pub public: bool,
}

/// So many people are looked up by one statement.
const AT_ONCE: usize = 500;

/// A CoP, and who hosts it.
pub(crate) type OfCop = Option<(Id<Cop>, Id<Organisation>)>;

/// What is asked about.
pub(crate) enum Subject {
    Listing,
    Charter(DateTime<Utc>),
    /// A session, and since when the CoP that is looked at joins it; none for the one that leads it.
    Session(SessionSight, Option<DateTime<Utc>>),
    Artefact {
        row: Box<Artefact>,
        authors: Vec<artefact::Author>,
    },
}

/// Somebody whose sight is asked for.
struct Somebody {
    organisation: Id<Organisation>,
    person: Option<Id<Person>>,
    sight: Sight,
}

/// Who sees a CoP (that it is there), a charter, a session or an artefact; with `audience`, who would if it were listed or
/// published to that. For the admin of the organisation that owns it.
pub async fn visibility(ctx: &Ctx, scope: &TenantScope, id: &str, audience: Option<Audience>) -> Result<Explained> {
    let mut tx = ctx.store.look(scope).await?;
    let (cop, subject) = subject(&mut *tx, scope, id).await?;
    let nameable = nameable(&mut *tx, scope, cop).await?;
    // Who no longer sees the CoP is told nothing of it.
    let seen = match cop {
        Some((cop, _)) => tx.find(cop).await?.is_some(),
        None => true,
    };
    drop(tx);
    if let (false, Subject::Artefact { row, .. }) = (seen, &subject) {
        let whole = !is_draft(&subject, audience);
        let own = Some(scope.tenant());
        let own = Seer { organisation: own, reason: SightReason::Owner, whole, people: 0, gains: false };
        let audience = audience.unwrap_or(row.audience);
        return Ok(Explained { audience, ceiling: None, seers: vec![own], network: false, public: false });
    }
    let cop = match cop {
        Some((cop, host)) => ctx.store.look(&TenantScope::system(host)).await?.find(cop).await?,
        None => None,
    };
    match (&subject, audience) {
        (Subject::Charter(_), Some(_)) => {
            let detail = "charters go as far as the CoP's content ceiling";
            return Err(Error::invalid(Code::InvalidValue, "audience", detail));
        }
        (Subject::Session(..), Some(audience)) if !is_audience(audience) => {
            return Err(Error::invalid(Code::InvalidValue, "audience", "PARTNERS or NETWORK"));
        }
        _ => {}
    }
    let everybody = match &cop {
        Some(cop) => everybody(ctx, cop, &subject).await?,
        None => vec![],
    };
    let mut all = explained(scope, cop.as_ref(), &subject, audience, &everybody, &nameable);
    if let Subject::Session(sight, _) = subject {
        // What is for the network is told above.
        joined(ctx, scope, id, SessionSight { audience: Audience::Partners, ..sight }, &mut all).await?;
        invited(ctx, scope, id, &mut all).await?;
    }
    Ok(all)
}

/// Adds who sees a session by a CoP that joins it.
async fn joined(ctx: &Ctx, scope: &TenantScope, id: &str, sight: SessionSight, all: &mut Explained) -> Result<()> {
    let Some((_, session)) = crate::id::split(id) else { return Ok(()) };
    let mut tx = ctx.store.look(scope).await?;
    let mut joins = vec![];
    for join in joint::others(&mut *tx, Id::new(session)).await? {
        // Who no longer sees the CoP is told nothing of it.
        if tx.find(join.cop_id).await?.is_some() {
            let nameable = nameable(&mut *tx, scope, Some((join.cop_id, join.cop_tenant_id))).await?;
            joins.push((join, nameable));
        }
    }
    drop(tx);
    for (join, nameable) in joins {
        let cop = ctx.store.look(&TenantScope::system(join.cop_tenant_id)).await?.find(join.cop_id).await?;
        let Some(cop) = cop else { continue };
        let subject = Subject::Session(sight, Some(join.created_at));
        let everybody = everybody(ctx, &cop, &subject).await?;
        let more = explained(scope, Some(&cop), &subject, None, &everybody, &nameable);
        for seer in more.seers {
            let known =
                |known: &Seer| known.whole && known.organisation.is_some() && known.organisation == seer.organisation;
            if !all.seers.iter().any(known) {
                all.seers.push(seer);
            }
        }
    }
    Ok(())
}

/// Adds who sees a session because they are from outside and come to it. Whose the session is knows who comes.
async fn invited(ctx: &Ctx, scope: &TenantScope, id: &str, all: &mut Explained) -> Result<()> {
    let Some((_, session)) = crate::id::split(id) else { return Ok(()) };
    let of_session = [("session_id", session.to_cell())];
    let mut tx = ctx.store.look(scope).await?;
    let registrations: Vec<Registration> = tx.list(&of_session).await?;
    let contributions: Vec<ExpertContribution> = tx.list(&of_session).await?;
    drop(tx);
    let come = registrations.iter().filter(|row| row.state != RegistrationState::Cancelled);
    let look = contributions.iter().filter(|row| row.state != ContributionState::Withdrawn);
    let come = come.map(|row| (row.person_tenant_id, row.person_id));
    let mut held_by: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (organisation, person) in come.chain(look.map(|row| (row.person_tenant_id, row.person_id))) {
        held_by.entry(organisation).or_default().insert(person);
    }
    for (organisation, people) in held_by {
        let people: Vec<_> = people.iter().map(Field::to_cell).collect();
        let mut outsiders: i64 = 0;
        for people in people.chunks(AT_ONCE) {
            let active = Filter::Is("state", PersonState::Active.to_cell());
            let filters = vec![Filter::In("id", people.to_vec()), Filter::Is("external", Cell::Bool(true)), active];
            let count = Query::counts(Person::TABLE, &[], filters);
            let read = ctx.store.read(&TenantScope::system(organisation), &[count]).await?;
            let row = read.first().and_then(|branch| branch.rows.first());
            outsiders += row.and_then(|row| row.get::<i64>("fact_rows")).unwrap_or(0);
        }
        if outsiders > 0 {
            all.seers.push(Seer {
                organisation: Some(organisation),
                reason: SightReason::Invited,
                whole: false,
                people: outsiders as usize,
                gains: false,
            });
        }
    }
    Ok(())
}

/// What an id of the asker's own is about, with its CoP and that one's host: whose the row is knows them, also where they no
/// longer see the CoP.
pub(crate) async fn subject(tx: &mut dyn Tx, scope: &TenantScope, id: &str) -> Result<(OfCop, Subject)> {
    let kind = || Error::invalid(Code::InvalidId, "id", "the id of a CoP, charter, session or artefact");
    let (prefix, id) = crate::id::split(id).ok_or_else(kind)?;
    Ok(match prefix {
        Cop::PREFIX => {
            scope.require(Scope::CopsRead)?;
            let cop = owned(tx, scope, Id::<Cop>::new(id)).await?;
            (Some((cop.id, cop.tenant_id)), Subject::Listing)
        }
        Charter::PREFIX => {
            scope.require(Scope::CopsRead)?;
            let row = owned(tx, scope, Id::<Charter>::new(id)).await?;
            (Some((row.cop_id, row.tenant_id)), Subject::Charter(row.updated_at))
        }
        Session::PREFIX => {
            scope.require(Scope::SessionsRead)?;
            let row = owned(tx, scope, Id::<Session>::new(id)).await?;
            let sight = SessionSight {
                owner: true,
                public: false,
                state: row.state,
                audience: row.audience,
                changed_at: row.updated_at,
            };
            (row.cop_id.map(|cop| (cop, row.tenant_id)), Subject::Session(sight, None))
        }
        Artefact::PREFIX => {
            scope.require(Scope::ArtefactsRead)?;
            let row = owned(tx, scope, Id::<Artefact>::new(id)).await?;
            let authors = artefact::written_by(tx, row.id).await?;
            (row.cop_id.zip(row.cop_tenant_id), Subject::Artefact { row: Box::new(row), authors })
        }
        _ => return Err(kind()),
    })
}

async fn owned<R: Record>(tx: &mut dyn Tx, scope: &TenantScope, id: Id<R>) -> Result<R> {
    let row = tx.get(id).await?;
    policy::owner(scope, "see who sees it", &row)?;
    Ok(row)
}

/// The organisations that the asker may be told of.
pub(crate) async fn nameable(tx: &mut dyn Tx, scope: &TenantScope, cop: OfCop) -> Result<BTreeSet<Id<Organisation>>> {
    let mut known = BTreeSet::from([scope.tenant()]);
    let Some((cop, host)) = cop else { return Ok(known) };
    if tx.find(cop).await?.is_some() {
        known.insert(host);
    }
    let of_cop = [("cop_id", cop.to_cell())];
    known.extend(tx.list::<Participation>(&of_cop).await?.into_iter().map(|row| row.organisation_id));
    known.extend(tx.list::<Facilitation>(&of_cop).await?.into_iter().map(|row| row.person_tenant_id));
    Ok(known)
}

/// Every organisation and person that has to do with a CoP.
async fn everybody(ctx: &Ctx, cop: &Cop, subject: &Subject) -> Result<Vec<Somebody>> {
    let mut tx = ctx.store.look(&TenantScope::system(cop.tenant_id)).await?;
    let of_cop = [("cop_id", cop.id.to_cell())];
    let participations: Vec<Participation> = tx.list(&of_cop).await?;
    let mut organisations: BTreeMap<Id<Organisation>, Sight> =
        participations.into_iter().map(|row| (row.organisation_id, sight_of(&row))).collect();
    organisations.insert(cop.tenant_id, Sight { host: true, ..Sight::default() });
    let mut people: BTreeMap<(Id<Organisation>, Id<Person>), PersonSight> = BTreeMap::new();
    for row in tx.list::<Facilitation>(&of_cop).await?.iter().filter(|row| row.end_date.is_none()) {
        people.entry((row.person_tenant_id, row.person_id)).or_default().facilitates = true;
    }
    for row in tx.list::<Membership>(&of_cop).await? {
        let person = people.entry((row.person_tenant_id, row.person_id)).or_default();
        if !matches!(person.membership, Some(MembershipState::Active | MembershipState::Completed)) {
            person.membership = Some(row.state);
        }
    }
    if let Subject::Artefact { authors, .. } = subject {
        for (person, organisation) in authors {
            people.entry((*organisation, *person)).or_default();
        }
    }
    let mut all: Vec<_> = organisations
        .iter()
        .map(|(organisation, sight)| Somebody { organisation: *organisation, person: None, sight: *sight })
        .collect();
    all.extend(people.into_iter().map(|((organisation, person), as_person)| {
        let of = organisations.get(&organisation).copied().unwrap_or_default();
        Somebody { organisation, person: Some(person), sight: Sight { person: Some(as_person), ..of } }
    }));
    still_there(ctx, cop.tenant_id, all).await
}

/// Those of them who see anything: nobody does of an organisation that is not active, nor who has left theirs.
async fn still_there(ctx: &Ctx, host: Id<Organisation>, mut all: Vec<Somebody>) -> Result<Vec<Somebody>> {
    let organisations: BTreeSet<_> = all.iter().map(|one| one.organisation).collect();
    let organisations: Vec<_> = organisations.iter().map(Field::to_cell).collect();
    // The directory is everybody's.
    let active = active(ctx, host, Organisation::TABLE, OrganisationState::Active.to_cell(), &organisations).await?;
    all.retain(|one| active.contains(&one.organisation.uuid()));
    let mut people: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for one in &all {
        if let Some(person) = one.person {
            people.entry(one.organisation).or_default().insert(person);
        }
    }
    let mut there = BTreeSet::new();
    for (organisation, people) in people {
        let people: Vec<_> = people.iter().map(Field::to_cell).collect();
        there.extend(self::active(ctx, organisation, Person::TABLE, PersonState::Active.to_cell(), &people).await?);
    }
    all.retain(|one| one.person.is_none_or(|person| there.contains(&person.uuid())));
    Ok(all)
}

/// Which of these are in that state, as their organisation sees them.
async fn active(
    ctx: &Ctx,
    organisation: Id<Organisation>,
    table: &'static Table,
    state: Cell,
    ids: &[Cell],
) -> Result<BTreeSet<Uuid>> {
    let mut found = BTreeSet::new();
    for some in ids.chunks(AT_ONCE) {
        let filters = vec![Filter::In("id", some.to_vec()), Filter::Is("state", state.clone())];
        let query = Query::of(table, &["id"], filters, AT_ONCE as u32);
        let read = ctx.store.read(&TenantScope::system(organisation), &[query]).await?;
        found.extend(read.iter().flat_map(|branch| &branch.rows).filter_map(|row| row.get::<Uuid>("id")));
    }
    Ok(found)
}

fn sight_of(row: &Participation) -> Sight {
    Sight { participation: Some(row.state), left_at: row.shared_until, ..Sight::default() }
}

/// The rule, asked for one of them. Without an audience it is asked about the row as it is.
fn sees(
    subject: &Subject,
    cop: Option<&Cop>,
    audience: Option<Audience>,
    sight: Sight,
    organisation: Id<Organisation>,
    person: Option<Id<Person>>,
) -> bool {
    let as_it_is =
        cop.map(|cop| CopSight { status: cop.status, listing: cop.listing_audience, ceiling: cop.content_ceiling });
    match subject {
        Subject::Listing => as_it_is.is_some_and(|cop| {
            visibility::listing(sight, CopSight { listing: audience.unwrap_or(cop.listing), ..cop })
        }),
        Subject::Charter(changed) => {
            as_it_is.is_some_and(|cop| sight.host || visibility::charter(sight, cop, *changed))
        }
        Subject::Session(session, joined_at) => {
            // What is asked about before its time is set, is how it will be then.
            let state = if audience.is_some() { session.state.max(SessionState::Scheduled) } else { session.state };
            let asked = SessionSight {
                owner: sight.host && joined_at.is_none(),
                state,
                audience: audience.unwrap_or(session.audience),
                ..*session
            };
            let of: Vec<_> = as_it_is.map(|cop| SessionOf { sight, cop, joined_at: *joined_at }).into_iter().collect();
            visibility::session(asked, &of)
        }
        Subject::Artefact { row, authors } => {
            // What is asked about before it is handed in, is how it will be then.
            let state = if audience.is_some() { row.state.max(ArtefactState::Submitted) } else { row.state };
            let asked = ArtefactSight {
                owner: organisation == row.tenant_id,
                author: person.is_some_and(|person| authors.iter().any(|(author, _)| *author == person)),
                state,
                audience: audience.unwrap_or(row.audience),
                changed_at: row.updated_at,
            };
            match as_it_is {
                Some(cop) => visibility::artefact(sight, asked, cop),
                None => asked.owner || (state != ArtefactState::Draft && asked.audience >= Audience::Network),
            }
        }
    }
}

fn reason(subject: &Subject, one: &Somebody, owner: Id<Organisation>, network: bool) -> SightReason {
    let author = match (subject, one.person) {
        (Subject::Artefact { authors, .. }, Some(person)) => authors.iter().any(|(author, _)| *author == person),
        _ => false,
    };
    if one.organisation == owner && one.person.is_none() {
        SightReason::Owner
    } else if author {
        SightReason::Author
    } else if one.person.is_some() {
        SightReason::Member
    } else if one.sight.host {
        SightReason::Host
    } else {
        match one.sight.participation {
            Some(ParticipationState::Accepted) => SightReason::Partner,
            Some(ParticipationState::Invited | ParticipationState::Requested) => SightReason::Deciding,
            _ if network => SightReason::Network,
            _ => SightReason::SharedBefore,
        }
    }
}

fn is_draft(subject: &Subject, audience: Option<Audience>) -> bool {
    audience.is_none() && matches!(subject, Subject::Artefact { row, .. } if row.is_draft())
}

fn explained(
    scope: &TenantScope,
    cop: Option<&Cop>,
    subject: &Subject,
    audience: Option<Audience>,
    everybody: &[Somebody],
    nameable: &BTreeSet<Id<Organisation>>,
) -> Explained {
    let own = scope.tenant();
    let looks = |audience, sight, organisation, person| sees(subject, cop, audience, sight, organisation, person);
    // An organisation that has nothing to do with any of it stands for the whole network.
    let nobody = |audience| looks(audience, Sight::default(), Id::default(), None);
    let network = nobody(audience);
    let mut seers: Vec<Seer> = vec![];
    if !everybody.iter().any(|one| one.organisation == own && one.person.is_none()) {
        let owner = SightReason::Owner;
        seers.push(Seer {
            organisation: Some(own),
            reason: owner,
            whole: !is_draft(subject, audience),
            people: 0,
            gains: false,
        });
    }
    // Of a draft, the organisation's own token sees all, and of its people only the authors.
    let draft = is_draft(subject, audience);
    let mut whole = BTreeSet::new();
    for one in everybody {
        if !looks(audience, one.sight, one.organisation, one.person)
            || (one.person.is_some() && whole.contains(&one.organisation))
        {
            continue;
        }
        if one.person.is_none() && !(draft && one.organisation == own) {
            whole.insert(one.organisation);
        }
        let seer = Seer {
            organisation: nameable.contains(&one.organisation).then_some(one.organisation),
            reason: reason(subject, one, own, network),
            whole: whole.contains(&one.organisation),
            people: usize::from(one.person.is_some()),
            gains: !looks(None, one.sight, one.organisation, one.person),
        };
        // Who was asked, or has left, is between the host and them.
        let between = matches!(seer.reason, SightReason::Deciding | SightReason::SharedBefore | SightReason::Network);
        if seer.organisation.is_none() && between {
            continue;
        }
        let same = |known: &&mut Seer| {
            !known.whole
                && (known.organisation, known.reason, known.gains) == (seer.organisation, seer.reason, seer.gains)
        };
        match seers.iter_mut().find(same).filter(|_| !seer.whole) {
            Some(known) => known.people += 1,
            None => seers.push(seer),
        }
    }
    let content = !matches!(subject, Subject::Listing);
    let ceiling = cop.filter(|_| content).map(|cop| cop.content_ceiling);
    let asked = match subject {
        Subject::Listing => cop.map_or(Audience::Organisation, |cop| cop.listing_audience),
        Subject::Charter(_) => Audience::Partners,
        Subject::Session(session, _) => session.audience,
        Subject::Artefact { row, .. } => row.audience,
    };
    let effective = audience.unwrap_or(asked).min(ceiling.unwrap_or(Audience::Public));
    // Content is for whom its CoP is listed for.
    let listed = cop.is_none_or(|cop| !content || cop.listing_audience == Audience::Public);
    Explained {
        audience: effective,
        ceiling,
        seers,
        network,
        public: network && listed && effective == Audience::Public,
    }
}
