//! The demo's guides: ten steps for the whole network, and short ones of each organisation.

use super::Actor;
use evolva_domain::{Error, Id, cop as c, ctx::Ctx, guide as gui, scope::TenantScope};

const SOURCE: &str = "Eigen tekst. Om verder te lezen: 'Tien stappen voor een succesvolle community of practice', van José \
                      Andringa en Lidwien Reyn (RVO, CC BY 3.0 NL).";

/// In our own words: a title in Dutch and English, and what to do, in Dutch and English.
const TEN_STEPS: [[&str; 4]; 10] = [
    [
        "Kies één vraag",
        "Choose one question",
        "Zoek de vraag die iedereen op het werk tegenkomt en niemand alleen oplost.",
        "Find the question that everybody meets at work and nobody solves alone.",
    ],
    [
        "Zeg waarom",
        "Say why",
        "Schrijf in een paar zinnen op waarom deze vraag nu telt, en voor wie.",
        "Write down in a few sentences why this question matters now, and to whom.",
    ],
    [
        "Zoek een begeleider",
        "Find a facilitator",
        "Vraag iemand die ruimte geeft, doorvraagt en het ritme bewaakt.",
        "Ask somebody who gives room, asks on and keeps the rhythm.",
    ],
    [
        "Nodig verschillende mensen uit",
        "Invite different people",
        "Breng mensen bijeen die het al doen, op verschillende plekken en met een eigen kijk.",
        "Bring people together who do it already, in different places and with views of their own.",
    ],
    [
        "Maak afspraken",
        "Agree on the conditions",
        "Spreek met elke organisatie af wat nodig is: tijd, veiligheid, privacy, middelen.",
        "Agree with each organisation on what is needed: time, safety, privacy, means.",
    ],
    [
        "Stel doelen voor een jaar",
        "Set goals for a year",
        "Bepaal wat er over een jaar staat, zo dat je het kunt zien.",
        "Decide what will be there in a year, so that it can be seen.",
    ],
    [
        "Kom vaak bijeen",
        "Meet often",
        "Plan een vast ritme, met elke keer iets uit de eigen praktijk op tafel.",
        "Plan a steady rhythm, each time with something from one's own practice on the table.",
    ],
    [
        "Haal anderen erbij",
        "Bring others in",
        "Versnel een paar keer met experts van buiten, in een hackathon of open space.",
        "Speed up a few times with experts from outside, in a hackathon or open space.",
    ],
    [
        "Leg vast wat werkt",
        "Write down what works",
        "Maak van ervaringen handvatten, en borg ze in het werk van elke organisatie.",
        "Turn experiences into aids, and anchor them in the work of each organisation.",
    ],
    [
        "Deel en sluit af",
        "Share and close",
        "Laat zien wat het opleverde in een clinic of op een netwerkbijeenkomst, en sluit samen af.",
        "Show what came of it in a clinic or at a network meeting, and close together.",
    ],
];

/// The network's guide and those of each organisation; the steps of the network's.
pub(super) async fn guides(ctx: &Ctx, actors: &[Actor]) -> Result<Vec<gui::GuideStep>, Error> {
    let cmd = gui::Create {
        external_id: Some("tien-stappen".into()),
        title_nl: "Tien stappen voor een succesvolle CoP".into(),
        title_en: Some("Ten steps for a successful CoP".into()),
        summary_nl: Some("Van de eerste vraag tot het delen van wat het opleverde.".into()),
        summary_en: Some("From the first question to sharing what came of it.".into()),
        source: Some(SOURCE.into()),
        licence: Some("CC-BY-4.0".into()),
        ..Default::default()
    };
    let guide = gui::create(ctx, &actors[0].scope, cmd).await?;
    let mut steps = vec![];
    for [title_nl, title_en, body_nl, body_en] in TEN_STEPS {
        steps.push(step(ctx, &actors[0].scope, guide.id, [title_nl, body_nl], Some([title_en, body_en])).await?);
    }
    for actor in actors {
        for number in 1..=3 {
            let title_nl = format!("Ons draaiboek {number}");
            let own = gui::create(ctx, &actor.scope, gui::Create { title_nl, ..Default::default() }).await?;
            let text = ["Plan de eerste bijeenkomst", "Prik een datum en regel een ruimte."];
            step(ctx, &actor.scope, own.id, text, None).await?;
        }
    }
    Ok(steps)
}

async fn step(
    ctx: &Ctx,
    scope: &TenantScope,
    guide_id: Id<gui::Guide>,
    [title_nl, body_nl]: [&str; 2],
    english: Option<[&str; 2]>,
) -> Result<gui::GuideStep, Error> {
    let cmd = gui::AddStep {
        guide_id,
        title_nl: title_nl.into(),
        title_en: english.map(|[title, _]| title.into()),
        body_nl: Some(body_nl.into()),
        body_en: english.map(|[_, body]| body.into()),
    };
    gui::add_step(ctx, scope, cmd).await
}

/// How far a CoP is: further the longer it has been going.
pub(super) async fn progress(
    ctx: &Ctx,
    host: &TenantScope,
    cop: Id<c::Cop>,
    stage: c::CopStatus,
    steps: &[gui::GuideStep],
) -> Result<(), Error> {
    let done = match stage {
        c::CopStatus::Recruiting => 3,
        c::CopStatus::Active => 6,
        c::CopStatus::Harvesting => 8,
        c::CopStatus::Closed => steps.len(),
        _ => 0,
    };
    // One at work knows what comes after.
    let known = if stage == c::CopStatus::Active { done + 2 } else { done + 1 };
    for (place, step) in steps.iter().take(known).enumerate() {
        let (state, evidence) = match place {
            2 if stage == c::CopStatus::Harvesting => {
                (gui::ProgressState::Skipped, Some("De begeleider was er al, van de vorige CoP."))
            }
            _ if place < done => (gui::ProgressState::Done, Some("Besproken en vastgelegd in het verslag.")),
            _ if place == done => (gui::ProgressState::Doing, None),
            _ => (gui::ProgressState::Todo, None),
        };
        let evidence = evidence.map(str::to_owned);
        let cmd = gui::Progress { cop_id: cop, step_id: step.id, state, evidence, ..Default::default() };
        gui::record_progress(ctx, host, cmd).await?;
    }
    Ok(())
}
