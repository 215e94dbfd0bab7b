//! What each organisation of the demo has of its own: its people, its front-runner projects, and a programme beside the
//! network's.

use super::{Actor, NAMES};
use evolva_domain::{
    Error, concept as con,
    ctx::Ctx,
    import::{self as imp, Line},
    person as per, project as prj,
    scope::Scope,
    theme as thm, token,
    visibility::Audience,
};
use serde_json::json;

/// Those from outside whom it holds: who comes along as a guest, then who looks at intensive sessions as an expert.
const OUTSIDERS: [(&str, &str); 4] = [
    ("Karin Postma", "Leerbedrijf in de regio"),
    ("Prof. Tineke Smit", "Lectoraat Leren op de werkplek"),
    ("Joost Kramer", "Bureau Verander"),
    ("Mieke de Wit", "Organisatieadvies De Wit"),
];

const CANDIDATES: [&str; 4] = ["Sanne Vos", "Tim de Graaf", "Aylin Demir", "Bram Hoekstra"];

/// Its people, each but the first in a front-runner project, and those whom it invites from outside.
pub(super) async fn people(
    ctx: &Ctx,
    actor: &mut Actor,
    place: usize,
    elements: &[con::ConceptElement],
) -> Result<(), Error> {
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
                    // Who guides the network's CoPs is also an admin of its operator.
                    tenant_role: if place == 0 && number == 0 { per::TenantRole::Admin } else { per::TenantRole::None },
                    ..Default::default()
                },
            )
            .await?,
        );
    }
    // Somebody who is in no CoP yet, and may be asked for one.
    let name = CANDIDATES[place % CANDIDATES.len()];
    let candidate = per::Create {
        external_id: Some(format!("{}-kandidaat", actor.slug)),
        display_name: name.into(),
        job_title: Some("Praktijkopleider".into()),
        discoverable: true,
        ..Default::default()
    };
    let candidate = per::create(ctx, &actor.scope, candidate).await?;
    for (name, affiliation) in OUTSIDERS {
        let person = per::Create {
            display_name: name.into(),
            external: true,
            affiliation: Some(affiliation.into()),
            ..Default::default()
        };
        actor.outsiders.push(per::create(ctx, &actor.scope, person).await?);
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
        if number == 0 {
            let cmd = prj::AddFrontRunner { project_id: project.id, person_id: candidate.id };
            prj::add_front_runner(ctx, &actor.scope, cmd).await?;
        }
        actor.projects.push(project);
    }
    Ok(())
}
/// What an organisation has of its own, beside the network's programme.
pub(super) async fn programme(ctx: &Ctx, actor: &Actor) -> Result<(), Error> {
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
        import.batch(&[Line { number: 1, text }]).await?;
        import.finish(imp::ImportState::Completed).await?;
    }
    Ok(())
}
