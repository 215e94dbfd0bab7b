//! A believable programme to try things on: Evolva and three partner organisations, the four themes, CoPs in every
//! state. Everything is made by the use cases that the API calls, so the demo cannot hold what the rules refuse.

mod contact;
mod guides;
mod harvest;
mod lessons;
mod method;
mod network;
mod own;
mod play;
mod templates;
mod work;

use crate::{StartError, ctx};
use evolva_api::auth::Authority;
use evolva_domain::{
    Error, Id, concept as con, cop as c,
    ctx::Ctx,
    organisation::{self as org, Organisation},
    person as per, project as prj,
    scope::{Acting, Principal, Scope, TenantScope},
    theme as thm,
    token::{self, Token, TokenKind},
};
use evolva_persistence::Db;
use play::Play;
use serde_json::json;

/// One organisation of the demo, with what its actors need.
struct Actor {
    id: Id<Organisation>,
    slug: &'static str,
    scope: TenantScope,
    token: String,
    people: Vec<per::Person>,
    outsiders: Vec<per::Person>,
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
    let token = authority.sign(&token).await?;
    Ok(Actor { id: row.0, slug: row.1, token, scope, people: vec![], outsiders: vec![], projects: vec![] })
}

fn scope_of(token: &Token) -> TenantScope {
    let (tenant, scopes) = (token.tenant_id, token.scopes());
    Principal { token: token.id, kind: token.kind, tenant, person: None, scopes }.enter()
}

/// A portal of the organisation that acts for one of its people.
fn in_person(actor: &Actor, person: &per::Person) -> TenantScope {
    let admin = person.tenant_role == per::TenantRole::Admin;
    let acting = Acting { id: person.id, admin, outsider: person.external };
    Principal { kind: TokenKind::Member, person: Some(acting), ..actor.scope.principal().clone() }.enter()
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
        own::people(ctx, actor, place, &elements).await?;
        own::programme(ctx, actor).await?;
    }
    method::exchanges(ctx, actors).await?;
    contact::requests(ctx, actors, &themes).await?;
    lessons::lessons(ctx, actors, &themes).await?;
    let steps = guides::guides(ctx, actors).await?;
    let stages = [
        c::CopStatus::Draft,
        c::CopStatus::Recruiting,
        c::CopStatus::Active,
        c::CopStatus::Harvesting,
        c::CopStatus::Closed,
        c::CopStatus::Cancelled,
    ];
    let (mut active, mut harvesting, mut outcomes) = (vec![], vec![], vec![]);
    for host in 0..actors.len() {
        let partner = if host + 1 == actors.len() { 1 } else { host + 1 };
        let Some(other) = (1..actors.len()).find(|one| ![host, partner].contains(one)) else { continue };
        for (place, stage) in stages.into_iter().enumerate() {
            let theme = &themes[(host + place) % themes.len()];
            let play = Play {
                ctx,
                host: &actors[host],
                partner: &actors[partner],
                other: &actors[other],
                evolva: &actors[0],
                // The last element is worked out by nobody yet.
                element: elements[place % (elements.len() - 1)].id,
                steps: &steps,
                stage,
            };
            let (cop, artefacts) = play.run(&concept, theme).await?;
            match stage {
                c::CopStatus::Active => active.push(cop),
                c::CopStatus::Harvesting => {
                    harvesting.push(cop);
                    outcomes.extend(artefacts.first().map(|artefact| artefact.id));
                }
                _ => {}
            }
        }
    }
    network::meetings(ctx, actors, &harvesting, &active, &outcomes).await
}
