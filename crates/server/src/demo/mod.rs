//! A believable programme to try things on: Evolva and three partner organisations, the four themes, CoPs in every
//! state. Everything is made by the use cases that the API calls, so the demo cannot hold what the rules refuse.

mod contact;
mod guides;
mod lessons;
mod method;
mod templates;

use crate::{StartError, ctx};
use chrono::{Duration, Months, NaiveDate};
use evolva_api::auth::Authority;
use evolva_domain::{
    Error, Id, artefact as art, calendar as cal, concept as con, cop as c,
    ctx::Ctx,
    file::upload as upl,
    import as imp,
    input::Patch,
    organisation::{self as org, Organisation},
    person as per, project as prj,
    scope::{Scope, TenantScope},
    session as ses, theme as thm,
    token::{self, Token},
    visibility::Audience,
};
use evolva_persistence::Db;
use serde_json::json;

/// One organisation of the demo, with what its actors need.
struct Actor {
    id: Id<Organisation>,
    slug: &'static str,
    scope: TenantScope,
    token: String,
    people: Vec<per::Person>,
    projects: Vec<prj::FrontRunnerProject>,
}

const ORGANISATIONS: [(&str, &str, org::OrganisationKind); 3] = [
    ("roc-de-waal", "ROC De Waal", org::OrganisationKind::Education),
    ("zorggroep-linde", "Zorggroep Linde", org::OrganisationKind::Care),
    ("gemeente-stroomdal", "Gemeente Stroomdal", org::OrganisationKind::Government),
];
const PORTAL: &str = "Demo portal";
const FOCUS_AREAS: [&str; 4] = [
    "Verbindend leiderschap",
    "De skills van de deelnemers",
    "De begeleidende rol van de leer-/ontwikkelcoach",
    "Het leer- en ontwikkelklimaat op de werkplek",
];
const ELEMENTS: [(&str, &str); 4] = [
    ("LEIDERSCHAP", "Leidinggevenden verbinden leren en werken"),
    ("SKILLS", "Skills in beeld"),
    ("COACH", "De coach op de werkvloer"),
    ("KLIMAAT", "Ruimte om te leren"),
];
const NAMES: [&str; 6] =
    ["Sanne de Wit", "Youssef El Amrani", "Marijke Postma", "Tom Verhoeven", "Fatma Yıldız", "Daan Kuipers"];

fn failed(error: Error) -> StartError {
    let words: Vec<_> =
        error.problems().iter().map(|problem| problem.message(evolva_domain::error::Language::En)).collect();
    StartError::Other(format!("the demo could not be made: {error}: {}", words.join(" ")))
}

async fn actor(ctx: &Ctx, authority: &Authority, row: (Id<Organisation>, &'static str)) -> Result<Actor, StartError> {
    let scopes = Scope::of_tenants().collect();
    let token = token::bootstrap_tenant(ctx, row.0, PORTAL, scopes, 365).await.map_err(failed)?;
    let scope = scope_of(&token);
    Ok(Actor { id: row.0, slug: row.1, token: authority.sign(&token).await?, scope, people: vec![], projects: vec![] })
}

fn scope_of(token: &Token) -> TenantScope {
    evolva_domain::scope::Principal {
        token: token.id,
        kind: token.kind,
        tenant: token.tenant_id,
        person: None,
        scopes: token.scopes(),
    }
    .enter()
}

/// Makes the programme, unless it is there already, and writes `demo.json` with its tokens. Answers the file's content.
pub async fn load(
    db: &Db,
    authority: &Authority,
    data_dir: &str,
    base_url: &str,
) -> Result<serde_json::Value, StartError> {
    // PostgreSQL needs no folder, its tokens do. Found out before anything is made.
    std::fs::create_dir_all(data_dir)
        .map_err(|error| StartError::Other(format!("cannot make EVOLVA_DATA_DIR '{data_dir}': {error}")))?;
    let path = std::path::Path::new(data_dir).join("demo.json");
    if let Ok(text) = std::fs::read_to_string(&path)
        && let Ok(mut demo) = serde_json::from_str::<serde_json::Value>(&text)
        && db.organisation_by_slug(ORGANISATIONS[0].0).await?.is_some()
    {
        demo["baseUrl"] = json!(base_url);
        let ctx = ctx(db);
        for tenant in demo["tenants"].as_array_mut().into_iter().flatten() {
            if let Some(id) = tenant["id"].as_str().and_then(|id| id.parse().ok()) {
                tenant["members"] = members(&ctx, authority, id).await?;
            }
        }
        write(&path, &demo)?;
        return Ok(demo);
    }
    let ctx = ctx(db);
    let evolva = db.operator().await?;
    let operator = token::bootstrap_operator(&ctx, evolva, "Demo operator", 365).await.map_err(failed)?;
    let operator_scope = scope_of(&operator);
    let mut actors = vec![actor(&ctx, authority, (evolva, "evolva")).await?];
    for (slug, name, kind) in ORGANISATIONS {
        let cmd = org::Create {
            slug: Some(slug.into()),
            name: name.into(),
            kind,
            logo_url: None,
            privacy_contact: Some(format!("privacy@{slug}.example")),
        };
        let id = match db.organisation_by_slug(slug).await? {
            Some(id) => id,
            None => org::create(&ctx, &operator_scope, cmd).await.map_err(failed)?.id,
        };
        actors.push(actor(&ctx, authority, (id, slug)).await?);
    }
    programme(&ctx, &mut actors).await.map_err(failed)?;
    let mut tenants = vec![];
    for actor in &actors {
        let members = members(&ctx, authority, actor.id).await?;
        tenants.push(json!({ "slug": actor.slug, "id": actor.id, "token": actor.token, "members": members }));
    }
    let demo = json!({ "baseUrl": base_url, "operatorToken": authority.sign(&operator).await?, "tenants": tenants });
    write(&path, &demo)?;
    Ok(demo)
}

/// Tokens that act for the first few people of an organisation. They live for fifteen minutes from each start.
async fn members(ctx: &Ctx, authority: &Authority, id: Id<Organisation>) -> Result<serde_json::Value, StartError> {
    let portals = token::list_at_machine(ctx, id).await.map_err(failed)?;
    let Some(portal) = portals.into_iter().find(|token| token.name == PORTAL) else { return Ok(json!([])) };
    let scope = scope_of(&portal);
    let people: Vec<per::Person> = {
        let mut tx = ctx.store.begin(&scope).await?;
        tx.list(&[("tenant_id", evolva_domain::record::Cell::Uuid(id.uuid()))]).await.map_err(failed)?
    };
    let mut members = vec![];
    for person in people.iter().filter(|person| person.state == per::PersonState::Active && !person.external).take(6) {
        let cmd = token::IssueMember { person_id: person.id, scopes: vec![], minutes: None };
        let row = token::issue_member(ctx, &scope, cmd).await.map_err(failed)?;
        let token = authority.sign(&row).await?;
        members.push(json!({ "personId": person.id, "displayName": person.display_name, "token": token }));
    }
    Ok(json!(members))
}

/// Tokens are secrets: the file is for its owner only.
fn write(path: &std::path::Path, demo: &serde_json::Value) -> Result<(), StartError> {
    let unwritable = |error: std::io::Error| StartError::Other(format!("cannot write '{}': {error}", path.display()));
    std::fs::write(path, format!("{demo:#}\n")).map_err(unwritable)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(unwritable)?;
    }
    Ok(())
}

/// What an organisation of the demo agrees to when it takes part.
const AGREEMENT: &str = "Wie meedoet, deelt wat werkt met de andere deelnemers. Wat iemand inbrengt, blijft van de eigen organisatie; verder \
                         delen gebeurt alleen met goedkeuring van iedereen die eraan meeschreef.";

async fn programme(ctx: &Ctx, actors: &mut [Actor]) -> Result<(), Error> {
    let concept = con::create(
        ctx,
        &actors[0].scope,
        con::Create {
            external_id: Some("werkplekleren-3.0".into()),
            name: "Werkplekleren 3.0".into(),
            edition: Some("3.0".into()),
            description: Some("Leren op school en ontwikkelen op het werk, verbonden.".into()),
            profile: con::ProfilePreset::Werkplekleren3,
            agreement_text: Some(AGREEMENT.into()),
        },
    )
    .await?;
    templates::templates(ctx, &actors[0], concept.id).await?;
    let mut elements = vec![];
    for (code, title) in ELEMENTS {
        let cmd = con::AddElement { concept_id: concept.id, code: code.into(), title: title.into() };
        elements.push(con::add_element(ctx, &actors[0].scope, cmd).await?);
    }
    let mut themes = vec![];
    for title in FOCUS_AREAS {
        let cmd = con::AddFocusArea { concept_id: concept.id, title: title.into() };
        let area = con::add_focus_area(ctx, &actors[0].scope, cmd).await?;
        themes.push(
            thm::create(
                ctx,
                &actors[0].scope,
                thm::Create {
                    title: title.into(),
                    summary: Some(format!("Hoe {} het leren op de werkplek sterker maakt.", title.to_lowercase())),
                    concept_id: Some(concept.id),
                    focus_area_ids: vec![area.id],
                    ..Default::default()
                },
            )
            .await?,
        );
    }
    for (place, actor) in actors.iter_mut().enumerate() {
        people(ctx, actor, place, &elements).await?;
        own_programme(ctx, actor).await?;
    }
    method::exchanges(ctx, actors).await?;
    contact::requests(ctx, actors, &themes).await?;
    lessons::lessons(ctx, actors, &themes).await?;
    let steps = guides::guides(ctx, actors).await?;
    let facilitator = actors[0].people[0].id;
    let stages = [
        c::CopStatus::Draft,
        c::CopStatus::Recruiting,
        c::CopStatus::Active,
        c::CopStatus::Harvesting,
        c::CopStatus::Closed,
        c::CopStatus::Cancelled,
    ];
    for host in 0..actors.len() {
        let partner = if host + 1 == actors.len() { 1 } else { host + 1 };
        for (place, stage) in stages.into_iter().enumerate() {
            let theme = &themes[(host + place) % themes.len()];
            // The last element is worked out by nobody yet.
            let element = elements[place % (elements.len() - 1)].id;
            let play = Play {
                ctx,
                host: &actors[host],
                partner: &actors[partner],
                evolva: &actors[0],
                facilitator,
                element,
                steps: &steps,
            };
            play.until(stage, &concept, theme).await?;
        }
    }
    Ok(())
}

async fn people(ctx: &Ctx, actor: &mut Actor, place: usize, elements: &[con::ConceptElement]) -> Result<(), Error> {
    for (number, name) in NAMES.iter().cycle().skip(place).take(4).enumerate() {
        actor.people.push(
            per::create(
                ctx,
                &actor.scope,
                per::Create {
                    external_id: Some(format!("{}-{number}", actor.slug)),
                    display_name: (*name).into(),
                    email: Some(format!(
                        "{}@{}.example",
                        name.split(' ').next().unwrap_or("iemand").to_lowercase(),
                        actor.slug
                    )),
                    job_title: Some(["Facilitator", "Werkbegeleider", "Teamleider", "Docent"][number].into()),
                    expertise: vec!["werkplekleren".into()],
                    language: Some("nl".into()),
                    // Those who can be asked for other organisations' CoPs.
                    discoverable: number == 0,
                    ..Default::default()
                },
            )
            .await?,
        );
    }
    for (number, element) in elements.iter().take(3).enumerate() {
        let project = prj::create(
            ctx,
            &actor.scope,
            prj::Create {
                external_id: None,
                title: format!("Koploper: {}", element.title.to_lowercase()),
                element_id: element.id,
                speciality: Some("Leren tijdens het werk, met de coach dichtbij".into()),
                strengths: vec!["korte lijnen".into(), "vaste leermomenten".into()],
                audience: Audience::Network,
            },
        )
        .await?;
        let cmd = prj::AddFrontRunner { project_id: project.id, person_id: actor.people[number + 1].id };
        prj::add_front_runner(ctx, &actor.scope, cmd).await?;
        actor.projects.push(project);
    }
    Ok(())
}

/// What an organisation has of its own, beside the network's programme.
async fn own_programme(ctx: &Ctx, actor: &Actor) -> Result<(), Error> {
    for number in 1..=3 {
        let concept = con::create(
            ctx,
            &actor.scope,
            con::Create {
                external_id: Some(format!("eigen-{number}")),
                name: format!("Eigen leerlijn {number}"),
                edition: None,
                description: None,
                profile: con::ProfilePreset::Open,
                agreement_text: None,
            },
        )
        .await?;
        let title = format!("Eigen thema {number}");
        con::add_element(
            ctx,
            &actor.scope,
            con::AddElement { concept_id: concept.id, code: "A".into(), title: title.clone() },
        )
        .await?;
        con::add_focus_area(ctx, &actor.scope, con::AddFocusArea { concept_id: concept.id, title: title.clone() })
            .await?;
        let cmd = thm::Create { title, concept_id: Some(concept.id), ..Default::default() };
        thm::create(ctx, &actor.scope, cmd).await?;
        token::issue(
            ctx,
            &actor.scope,
            token::Issue {
                name: format!("Integration {number}"),
                scopes: vec![Scope::CopsRead],
                owner_contact: Some(format!("beheer@{}.example", actor.slug)),
                days: None,
                organisation_id: None,
            },
        )
        .await?;
        let start = imp::Start { collection: imp::ImportCollection::People, dry_run: true, history: false };
        let mut import = imp::start(ctx, &actor.scope, start).await?;
        let text = Ok(json!({ "externalId": "x", "displayName": "Iemand" }).to_string());
        import.batch(&[evolva_domain::import::Line { number: 1, text }]).await?;
        import.finish(imp::ImportState::Completed).await?;
    }
    Ok(())
}

/// One CoP, played by the method as far as a stage.
struct Play<'a> {
    ctx: &'a Ctx,
    host: &'a Actor,
    partner: &'a Actor,
    evolva: &'a Actor,
    facilitator: Id<per::Person>,
    element: Id<con::ConceptElement>,
    /// The steps of the network's guide.
    steps: &'a [evolva_domain::guide::GuideStep],
}

impl Play<'_> {
    async fn until(&self, stage: c::CopStatus, concept: &con::Concept, theme: &thm::Theme) -> Result<(), Error> {
        let (ctx, host) = (self.ctx, &self.host.scope);
        let start = ctx.today() - Duration::days(300);
        let audience = if stage >= c::CopStatus::Active { Audience::Network } else { Audience::Partners };
        let cop = c::create(
            ctx,
            host,
            c::Create {
                title: format!("{} ({})", theme.title, stage.label().to_lowercase()),
                slug: Some(format!("{}-{}", theme.slug, stage.label().to_lowercase())),
                summary: Some("Een jaar samen uitwerken wat op één plek al lukt.".into()),
                description: Some("## Wat we doen\n\nElke maand een bijeenkomst, en twee keer een *hackathon*.".into()),
                concept_id: Some(concept.id),
                theme_id: Some(theme.id),
                element_ids: vec![self.element],
                start_date: Some(start),
                planned_end_date: start.checked_add_months(Months::new(12)),
                listing_audience: Some(audience),
                content_ceiling: Some(audience),
                ..Default::default()
            },
        )
        .await?;
        let charter = c::charter::draft(
            ctx,
            host,
            c::charter::Draft {
                cop_id: cop.id,
                why: Some(format!("{} bepaalt of leren op de werkplek lukt.", theme.title)),
                how: Some("Maandelijks bijeen, leren van elkaars sterke punten.".into()),
                goals: vec!["Een werkwijze die drie teams gebruiken".into(), "Een handreiking voor coaches".into()],
            },
        )
        .await?;
        c::facilitation::assign(
            ctx,
            host,
            c::facilitation::Assign {
                cop_id: cop.id,
                person_id: self.facilitator,
                role: c::FacilitationRole::Facilitator,
                is_primary: true,
                start_date: Some(start),
            },
        )
        .await?;
        self.invite(cop.id).await?;
        if stage == c::CopStatus::Draft {
            return Ok(());
        }
        c::recruit(ctx, host, cop.id).await?;
        self.members(cop.id).await?;
        guides::progress(ctx, host, cop.id, stage, self.steps).await?;
        if stage == c::CopStatus::Recruiting {
            return Ok(());
        }
        if stage == c::CopStatus::Cancelled {
            c::cancel(ctx, host, cop.id, Some("Te weinig tijd bij de deelnemers".into())).await?;
            return Ok(());
        }
        self.work(cop.id, charter.id, start).await?;
        if stage == c::CopStatus::Active {
            return Ok(());
        }
        self.harvest(cop.id, charter.id, stage).await
    }

    async fn invite(&self, cop: Id<c::Cop>) -> Result<(), Error> {
        let mut invited = vec![self.partner];
        if self.evolva.id != self.host.id && self.evolva.id != self.partner.id {
            invited.push(self.evolva);
        }
        for other in invited {
            let ask = c::participation::Ask {
                cop_id: cop,
                organisation_id: other.id,
                message: Some("Doen jullie mee?".into()),
                preconditions_met: vec![],
                agreement_version: None,
            };
            let asked = c::participation::invite(self.ctx, &self.host.scope, ask).await?;
            let preconditions_met =
                con::MethodProfile::default().preconditions.into_iter().map(|one| one.code).collect();
            let accept = c::participation::Accept { id: asked.id, preconditions_met, agreement_version: Some(1) };
            c::participation::accept(self.ctx, &other.scope, accept).await?;
        }
        Ok(())
    }

    async fn members(&self, cop: Id<c::Cop>) -> Result<(), Error> {
        for actor in [self.host, self.partner] {
            for person in &actor.people[1..3] {
                let propose = c::membership::Propose {
                    cop_id: cop,
                    person_id: person.id,
                    role: c::MembershipRole::Member,
                    motivation: Some("Ik wil leren van andere werkplekken.".into()),
                };
                let applied = c::membership::apply(self.ctx, &actor.scope, propose).await?;
                c::membership::select(self.ctx, &self.host.scope, applied.id).await?;
            }
        }
        Ok(())
    }

    /// A series of the last weeks, of which the next two sessions are sure, and a feed of it all.
    async fn series(&self, cop: Id<c::Cop>) -> Result<(), Error> {
        let (ctx, host) = (self.ctx, &self.host.scope);
        let times = ses::recurrence::Asked {
            rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=4".into(),
            start_date: ctx.today() + Duration::days(7),
            start_time: "14:00".into(),
            end_time: "16:00".into(),
            ..Default::default()
        };
        let plan = ses::series::PlanSeries {
            cop_id: cop,
            title: "Intervisie".into(),
            times,
            place: Some("Arnhem".into()),
            ..Default::default()
        };
        let series = ses::series::plan(ctx, host, plan).await?;
        let mut tx = ctx.store.begin(host).await?;
        let mut sessions: Vec<ses::Session> =
            tx.list(&[("series_id", evolva_domain::record::Cell::Uuid(series.id.uuid()))]).await?;
        drop(tx);
        sessions.sort_by_key(|session| session.starts_at);
        for session in &sessions[..2] {
            ses::schedule(ctx, host, session.id).await?;
        }
        // Nobody knows its address: the demo's users make their own.
        let (_, secret_hash) = evolva_api::calendar::fresh()?;
        let feed = cal::Create {
            name: "Agenda van de CoP".into(),
            cop_id: Some(cop),
            person_id: None,
            days: None,
            secret_hash,
        };
        cal::create(ctx, host, feed).await?;
        Ok(())
    }

    async fn work(&self, cop: Id<c::Cop>, charter: Id<c::Charter>, start: NaiveDate) -> Result<(), Error> {
        let (ctx, host) = (self.ctx, &self.host.scope);
        c::charter::propose(ctx, host, charter).await?;
        c::charter::agree(ctx, &self.partner.scope, charter).await?;
        if self.evolva.id != self.host.id && self.evolva.id != self.partner.id {
            c::charter::agree(ctx, &self.evolva.scope, charter).await?;
        }
        let kinds = [ses::SessionKind::Regular, ses::SessionKind::Hackathon, ses::SessionKind::OpenSpace];
        let mut planned = vec![];
        for (number, kind) in kinds.into_iter().enumerate() {
            let starts_at =
                (start + Duration::days(30 * (number as i64 + 1))).and_time(chrono::NaiveTime::MIN).and_utc()
                    + Duration::hours(13);
            let session = ses::plan(
                ctx,
                host,
                ses::Plan {
                    cop_id: Some(cop),
                    kind,
                    title: ["Kennismaken", "Hackathon: van idee naar werkwijze", "Open space"][number].into(),
                    starts_at,
                    ends_at: starts_at + Duration::hours(3),
                    place: Some("Arnhem".into()),
                    capacity: Some(12),
                    guests_allowed: true,
                    ..Default::default()
                },
            )
            .await?;
            planned.push(ses::schedule(ctx, host, session.id).await?);
        }
        c::activate(ctx, host, cop).await?;
        self.series(cop).await?;
        self.experts(&planned[1..]).await?;
        for session in planned {
            self.attend(&session).await?;
            // For the hackathon one of the experts could not come.
            let reason =
                (session.kind == ses::SessionKind::Hackathon).then(|| "De organisatiekundige was ziek".to_owned());
            ses::hold(ctx, host, session.id, reason).await?;
            let mut tx = ctx.store.begin(host).await?;
            let came: Vec<ses::Registration> =
                tx.list(&[("session_id", evolva_domain::record::Cell::Uuid(session.id.uuid()))]).await?;
            drop(tx);
            let ids = |absent: bool| {
                let those = came.iter().enumerate().filter(move |(place, _)| (*place == 1) == absent);
                those.map(|(_, row)| row.id).collect()
            };
            let attendance =
                ses::registration::RecordAttendance { id: session.id, attended: ids(false), absent: ids(true) };
            ses::registration::record_attendance(ctx, host, attendance).await?;
            let report = ses::Report {
                id: session.id,
                planned: Patch::Set("Twee werkwijzen uitproberen in drie teams.".into()),
                happened: Patch::Set("Eén werkwijze is uitgeprobeerd, in twee teams.".into()),
                why: Patch::Set("Het derde team had die week geen rooster.".into()),
                learned: Patch::Set("Spreek het rooster af **voordat** je begint.".into()),
                ..Default::default()
            };
            ses::report(ctx, host, report).await?;
        }
        let mut tx = ctx.store.begin(host).await?;
        let selected: Vec<c::Membership> =
            tx.list(&[("cop_id", evolva_domain::record::Cell::Uuid(cop.uuid()))]).await?;
        drop(tx);
        for membership in selected {
            c::membership::activate(ctx, host, membership.id).await?;
        }
        Ok(())
    }

    /// An agenda, and who comes: the members, and a guest whom one of them brings along.
    async fn attend(&self, session: &ses::Session) -> Result<(), Error> {
        let host = &self.host.scope;
        for (title, minutes) in [("Welkom en terugblik", 20), ("Aan het werk", 120)] {
            let item = ses::agenda::Raise {
                session_id: session.id,
                title: title.into(),
                minutes: Some(minutes),
                ..Default::default()
            };
            ses::agenda::raise(self.ctx, host, item).await?;
        }
        let comes =
            |person_id, brought_by_id| ses::registration::Register { session_id: session.id, person_id, brought_by_id };
        for actor in [self.host, self.partner] {
            for person in &actor.people[1..3] {
                ses::registration::register(self.ctx, &actor.scope, comes(person.id, None)).await?;
            }
        }
        let guest = per::Create {
            display_name: "Karin Postma".into(),
            external: true,
            affiliation: Some("Leerbedrijf in de regio".into()),
            ..Default::default()
        };
        let guest = per::create(self.ctx, &self.partner.scope, guest).await?;
        let brought = comes(guest.id, Some(self.partner.people[1].id));
        ses::registration::register(self.ctx, &self.partner.scope, brought).await?;
        Ok(())
    }

    /// Experts from outside, held by the host, who look at the intensive sessions.
    async fn experts(&self, sessions: &[ses::Session]) -> Result<(), Error> {
        use ses::Perspective::{ChangeManagement, Didactic, Organisational};
        let experts = [
            ("Prof. Tineke Smit", "Lectoraat Leren op de werkplek", Didactic, "Leren in het werk zelf"),
            ("Joost Kramer", "Bureau Verander", ChangeManagement, "Hoe een werkwijze blijft"),
            ("Mieke de Wit", "Organisatieadvies De Wit", Organisational, "Tijd en ruimte in het rooster"),
        ];
        for (name, affiliation, perspective, subject) in experts {
            let person = per::Create {
                display_name: name.into(),
                external: true,
                affiliation: Some(affiliation.into()),
                ..Default::default()
            };
            let person = per::create(self.ctx, &self.host.scope, person).await?;
            let all = sessions
                .iter()
                .filter(|session| session.kind == ses::SessionKind::OpenSpace || perspective != Organisational);
            for session in all {
                let invite = ses::expert::Invite {
                    session_id: session.id,
                    person_id: person.id,
                    perspective,
                    subject: Some(subject.into()),
                };
                ses::expert::invite(self.ctx, &self.host.scope, invite).await?;
            }
        }
        Ok(())
    }

    /// A file of an artefact, brought in as a portal does it.
    async fn attach(&self, artefact: &art::Artefact, number: usize) -> Result<(), Error> {
        let (ctx, scope) = (self.ctx, &self.partner.scope);
        let (file_name, media_type, text) = [
            ("weekrooster.csv", "text/csv", "dag;van;tot;wat\ndinsdag;09:00;09:30;vast leermoment\n"),
            ("handreiking.md", "text/markdown", "# Handreiking\n\nVraag eerst, geef dan pas raad.\n"),
            ("begin-klein.txt", "text/plain", "Eén team, één werkwijze, zes weken.\n"),
        ][number];
        let announced = upl::Create {
            file_name: file_name.into(),
            size: text.len() as i64,
            media_type: Some(media_type.into()),
            sha256: None,
        };
        let upload = upl::create(ctx, scope, announced).await?;
        let mut receiving = upl::receive(ctx, scope, upload.id, None).await?;
        receiving.feed(text.as_bytes()).await?;
        receiving.finish().await?;
        let cmd = art::attachment::Add {
            artefact_id: artefact.id,
            upload_id: upload.id,
            title: Some(artefact.title.clone()),
            description: None,
        };
        art::attachment::add(ctx, scope, cmd).await?;
        Ok(())
    }

    async fn harvest(&self, cop: Id<c::Cop>, charter: Id<c::Charter>, stage: c::CopStatus) -> Result<(), Error> {
        let (ctx, host) = (self.ctx, &self.host.scope);
        let mut tx = ctx.store.begin(host).await?;
        let goals: Vec<c::Goal> = tx.list(&[("charter_id", evolva_domain::record::Cell::Uuid(charter.uuid()))]).await?;
        drop(tx);
        let kinds =
            [art::ArtefactKind::BestPractice, art::ArtefactKind::PracticalAid, art::ArtefactKind::LessonLearned];
        let mut artefacts = vec![];
        for (number, kind) in kinds.into_iter().enumerate() {
            let made = art::create(
                ctx,
                &self.partner.scope,
                art::Create {
                    cop_id: Some(cop),
                    kind,
                    title: ["Vast leermoment op dinsdag", "Handreiking voor de coach", "Begin klein"][number].into(),
                    body: Some("Wat we deden, wat het opleverde en wat je nodig hebt.".into()),
                    language: Some("nl".into()),
                    licence: Some("CC-BY-4.0".into()),
                    tags: vec!["werkplekleren".into(), "coach".into()],
                    audience: Some(Audience::Network),
                    author_ids: vec![self.partner.people[1].id],
                    goal_ids: goals.iter().map(|goal| goal.id).collect(),
                    ..Default::default()
                },
            )
            .await?;
            self.attach(&made, number).await?;
            art::submit(ctx, &self.partner.scope, made.id).await?;
            if number < 2 {
                art::validate(ctx, &self.evolva.scope, made.id).await?;
            }
            artefacts.push(made);
        }
        for goal in &goals {
            let cmd = c::charter::AssessGoal { id: goal.id, assessment: c::GoalAssessment::Reached, note: None };
            c::charter::assess_goal(ctx, host, cmd).await?;
        }
        c::harvest(ctx, host, cop, None).await?;
        if stage == c::CopStatus::Harvesting {
            return Ok(());
        }
        for actor in [self.host, self.partner] {
            let anchoring = art::plan_anchoring(
                ctx,
                &actor.scope,
                art::PlanAnchoring {
                    artefact_id: artefacts[0].id,
                    place: "Het weekrooster van drie teams".into(),
                    owner_person_id: Some(actor.people[2].id),
                    review_date: ctx.today().checked_add_months(Months::new(6)),
                },
            )
            .await?;
            art::anchor(ctx, &actor.scope, anchoring.id).await?;
        }
        let mut tx = ctx.store.begin(host).await?;
        let series: Vec<ses::SessionSeries> =
            tx.list(&[("cop_id", evolva_domain::record::Cell::Uuid(cop.uuid()))]).await?;
        drop(tx);
        for series in series {
            let cancel = ses::series::Cancel { id: series.id, from: None, reason: Some("De CoP rondt af".into()) };
            ses::series::cancel(ctx, host, cancel).await?;
        }
        let starts_at = ctx.now() - Duration::days(7);
        let clinic = ses::plan(
            ctx,
            host,
            ses::Plan {
                cop_id: Some(cop),
                kind: ses::SessionKind::Clinic,
                title: "Clinic: wat werkt".into(),
                starts_at,
                ends_at: starts_at + Duration::hours(2),
                ..Default::default()
            },
        )
        .await?;
        ses::schedule(ctx, host, clinic.id).await?;
        ses::hold(ctx, host, clinic.id, None).await?;
        for artefact in &artefacts {
            ses::show(ctx, host, clinic.id, artefact.id).await?;
        }
        c::close(ctx, host, cop).await?;
        Ok(())
    }
}
