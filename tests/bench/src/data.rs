//! The data set that everything is measured on: the same for both databases, made anew from one seed.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use evolva_domain::{
    Id,
    artefact::{Artefact, ArtefactKind, ArtefactState, Comment},
    cop::{
        Cop, CopStatus, Facilitation, FacilitationRole, Membership, MembershipState, Participation, ParticipationState,
    },
    organisation::Organisation,
    person::Person,
    record::{AsJson, Cell, Field, Record},
    session::{Session, SessionKind, SessionState},
    theme::Theme,
    visibility::Audience,
};
use uuid::Uuid;

/// Where rows go.
pub trait Sink {
    async fn rows(&mut self, table: &str, columns: &[&str], rows: Vec<Vec<Cell>>) -> Result<(), crate::Failed>;
}

/// How many of each there are.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub tenants: usize,
    pub people: usize,
    pub themes: usize,
    pub cops: usize,
    pub members_per_cop: usize,
    pub sessions_per_cop: usize,
    pub artefacts_per_cop: usize,
}

impl Size {
    /// The whole data set, or a part of it.
    pub fn scaled(scale: f64) -> Self {
        let part = |whole: usize| ((whole as f64 * scale) as usize).max(40);
        Self {
            tenants: 20,
            people: part(10_000),
            themes: 40,
            cops: part(2_000),
            members_per_cop: 30,
            sessions_per_cop: 10,
            artefacts_per_cop: 100,
        }
    }
}

/// Each by another of its CoP's sides.
const COMMENTS_PER_ARTEFACT: usize = 2;

/// What requests choose from.
pub struct Known {
    pub tenants: Vec<Id<Organisation>>,
    /// CoPs with the place of their host among the tenants.
    pub cops: Vec<(Id<Cop>, usize)>,
}

const WORDS: &[&str] = &[
    "werkplek",
    "leren",
    "praktijk",
    "begeleider",
    "student",
    "team",
    "opdracht",
    "reflectie",
    "vraag",
    "antwoord",
    "samen",
    "onderzoek",
    "voorbeeld",
    "ervaring",
    "les",
    "organisatie",
    "kennis",
    "delen",
    "groei",
    "stage",
];

/// How many words there are; the later ones are rarer.
const VOCABULARY: f64 = 5_000.0;

/// A word by how frequent it is, the most frequent first.
pub fn word(rank: usize) -> String {
    let word = WORDS[rank % WORDS.len()];
    if rank < WORDS.len() { word.to_owned() } else { format!("{word}{}", rank / WORDS.len()) }
}

struct Maker {
    rng: fastrand::Rng,
    now: DateTime<Utc>,
    millis: u64,
}

impl Maker {
    /// Ids that grow with time, as those of real rows do.
    fn id(&mut self) -> Uuid {
        self.millis += 1;
        let mut noise = [0; 10];
        self.rng.fill(&mut noise);
        uuid::Builder::from_unix_timestamp_millis(self.millis, &noise).into_uuid()
    }

    fn words(&mut self, count: usize) -> String {
        let words: Vec<_> = (0..count).map(|_| word((self.rng.f64().powi(3) * VOCABULARY) as usize)).collect();
        words.join(" ")
    }

    fn row<R: Record>(&mut self, tenant: Id<Organisation>, fill: impl FnOnce(&mut Self, &mut R)) -> R {
        let mut row = R::default();
        let at = self.now - Duration::minutes(self.rng.i64(0..1_000_000));
        let id = self.id();
        row.stamp(id, tenant, at);
        fill(self, &mut row);
        row
    }
}

async fn put<R: Record>(sink: &mut impl Sink, rows: &[R]) -> Result<(), crate::Failed> {
    let columns: Vec<_> = R::TABLE.columns.iter().map(|column| column.name).collect();
    sink.rows(R::TABLE.name, &columns, rows.iter().map(Record::cells).collect()).await
}

/// Makes the data set. `progress` hears of each CoP that is done.
pub async fn make(
    size: Size,
    operator: Id<Organisation>,
    sink: &mut impl Sink,
    progress: impl Fn(),
) -> Result<Known, crate::Failed> {
    let now = Utc::now();
    let millis = (now - Duration::days(400)).timestamp_millis() as u64;
    let mut maker = Maker { rng: fastrand::Rng::with_seed(7), now, millis };
    let m = &mut maker;
    let mut organisations = vec![];
    for n in 0..size.tenants {
        let mut row: Organisation = m.row(operator, |_, row: &mut Organisation| {
            row.slug = format!("tenant-{n}");
            row.name = format!("Organisation {n}");
        });
        row.tenant_id = row.id;
        organisations.push(row);
    }
    put(sink, &organisations).await?;
    let tenants: Vec<_> = organisations.iter().map(|row| row.id).collect();
    let person = |m: &mut Maker, tenant, n: usize| {
        m.row(tenant, |_, row: &mut Person| {
            row.display_name = format!("Person {n}");
            row.discoverable = n.is_multiple_of(2);
        })
    };
    let people: Vec<Person> = (0..size.people).map(|n| person(m, tenants[n % size.tenants], n)).collect();
    put(sink, &people).await?;
    let facilitators: Vec<Person> = (0..40).map(|n| person(m, operator, n)).collect();
    put(sink, &facilitators).await?;
    let themes: Vec<Theme> = (0..size.themes)
        .map(|n| {
            m.row(operator, |m, row: &mut Theme| {
                row.title = m.words(3);
                row.slug = format!("theme-{n}");
                row.audience = Audience::Network;
            })
        })
        .collect();
    put(sink, &themes).await?;
    let by_tenant =
        |tenant: usize, n: usize| &people[(n * size.tenants + tenant) % (people.len() / size.tenants * size.tenants)];
    let mut known = Known { tenants: tenants.clone(), cops: vec![] };
    let mut done = 0;
    while done < size.cops {
        let until = (done + 100).min(size.cops);
        let mut cops = vec![];
        let (mut participations, mut facilitations, mut memberships) = (vec![], vec![], vec![]);
        let (mut sessions, mut artefacts, mut authors, mut comments) = (vec![], vec![], vec![], vec![]);
        for n in done..until {
            let host = n % size.tenants;
            let partners =
                [(host + 1 + m.rng.usize(..9)) % size.tenants, (host + 10 + m.rng.usize(..9)) % size.tenants];
            let wide = m.rng.usize(..10) < 6;
            let cop: Cop = m.row(tenants[host], |m, row: &mut Cop| {
                row.title = m.words(4);
                row.slug = format!("cop-{n}");
                row.summary = Some(m.words(20));
                row.theme_id = Some(themes[n % themes.len()].id);
                row.start_date = NaiveDate::from_ymd_opt(2026, 1, 1).map(|day| day + Duration::days(m.rng.i64(0..365)));
                row.planned_end_date = row.start_date.map(|day| day + Duration::days(365));
                row.status = CopStatus::Active;
                row.listing_audience = if wide { Audience::Network } else { Audience::Partners };
                row.content_ceiling = if m.rng.bool() { Audience::Network } else { Audience::Partners };
                row.member_count = size.members_per_cop as i64;
            });
            known.cops.push((cop.id, host));
            for partner in partners {
                participations.push(m.row(tenants[host], |_, row: &mut Participation| {
                    row.cop_id = cop.id;
                    row.organisation_id = tenants[partner];
                    row.state = ParticipationState::Accepted;
                }));
            }
            facilitations.push(m.row(tenants[host], |m, row: &mut Facilitation| {
                row.cop_id = cop.id;
                row.person_id = facilitators[m.rng.usize(..facilitators.len())].id;
                row.person_tenant_id = operator;
                row.role = FacilitationRole::Facilitator;
                row.is_primary = true;
                row.start_date = cop.start_date.unwrap_or_default();
            }));
            let first = m.rng.usize(..100_000);
            for k in 0..size.members_per_cop {
                let side = [host, partners[0], host, partners[1]][k % 4];
                memberships.push(m.row(tenants[host], |_, row: &mut Membership| {
                    row.cop_id = cop.id;
                    row.person_id = by_tenant(side, first + k).id;
                    row.person_tenant_id = tenants[side];
                    row.state = MembershipState::Active;
                }));
            }
            for k in 0..size.sessions_per_cop {
                sessions.push(m.row(tenants[host], |m, row: &mut Session| {
                    row.cop_id = Some(cop.id);
                    row.kind = SessionKind::ALL[k % SessionKind::ALL.len()];
                    row.title = m.words(4);
                    row.starts_at = m.now + Duration::days(k as i64 * 14 - 70);
                    row.ends_at = row.starts_at + Duration::hours(3);
                    row.time_zone = "Europe/Amsterdam".into();
                    row.state = SessionState::Scheduled;
                }));
            }
            for k in 0..size.artefacts_per_cop {
                let side = [host, host, partners[0], partners[1]][k % 4];
                let artefact: Artefact = m.row(tenants[side], |m, row: &mut Artefact| {
                    row.cop_id = Some(cop.id);
                    row.cop_tenant_id = Some(cop.tenant_id);
                    row.theme_id = cop.theme_id;
                    row.kind = ArtefactKind::ALL[k % ArtefactKind::ALL.len()];
                    row.title = m.words(5);
                    row.body = Some(m.words(75));
                    row.tags = AsJson(vec![]);
                    row.state = if k % 10 == 0 { ArtefactState::Draft } else { ArtefactState::Validated };
                    row.audience = if k % 5 == 0 { Audience::Network } else { Audience::Partners };
                    row.number = 1;
                });
                authors.push(vec![
                    artefact.tenant_id.to_cell(),
                    artefact.id.to_cell(),
                    by_tenant(side, first + k).id.to_cell(),
                    artefact.tenant_id.to_cell(),
                    Cell::Int(0),
                ]);
                for by in 0..COMMENTS_PER_ARTEFACT {
                    let side = [host, partners[0]][by % 2];
                    let author = by_tenant(side, first + k + by).id;
                    comments.push(m.row(tenants[side], |m, row: &mut Comment| {
                        row.artefact_id = artefact.id;
                        row.artefact_tenant_id = artefact.tenant_id;
                        row.cop_id = Some(cop.id);
                        row.cop_tenant_id = Some(cop.tenant_id);
                        row.author_id = Some(author);
                        row.body = Some(m.words(12));
                    }));
                }
                artefacts.push(artefact);
            }
            cops.push(cop);
            progress();
        }
        put(sink, &cops).await?;
        put(sink, &participations).await?;
        put(sink, &facilitations).await?;
        put(sink, &memberships).await?;
        put(sink, &sessions).await?;
        put(sink, &artefacts).await?;
        put(sink, &comments).await?;
        let columns = &["tenant_id", "artefact_id", "person_id", "person_tenant_id", "position"];
        sink.rows("artefact_contributor", columns, authors).await?;
        done = until;
    }
    Ok(known)
}
