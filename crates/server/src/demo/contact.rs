//! What was asked by the contact forms of the demo's organisations.

use super::Actor;
use evolva_domain::{Error, Id, contact as ctc, ctx::Ctx, input::Patch, organisation as org, theme::Theme};

/// What whoever uses a form agrees to.
const CONSENT: &str = "Wij gebruiken uw naam en e-mailadres alleen om uw vraag te beantwoorden. Een half jaar nadat die is afgehandeld, \
                       wissen wij uw gegevens, uw vraag en ons antwoord.";

/// Each organisation sets a text and has a request of each sort.
pub(super) async fn requests(ctx: &Ctx, actors: &[Actor], themes: &[Theme]) -> Result<(), Error> {
    for (place, actor) in actors.iter().enumerate() {
        let text = Patch::Set(CONSENT.to_owned());
        let cmd = org::Update { id: actor.id, contact_consent_text: text, ..Default::default() };
        org::update(ctx, &actor.scope, cmd).await?;
        let theme = themes[place % themes.len()].id;
        let colleague = actor.people[1].id;
        ask(ctx, actor, "Ilse van Dam", "Kunnen wij als nieuwe organisatie aansluiten?", None).await?;
        ask(ctx, actor, "Hakan Demir", "Waar kan ik meer lezen over dit thema?", Some(theme)).await?;
        let assigned = ask(ctx, actor, "Petra Groen", "Wanneer is de volgende clinic?", None).await?;
        ctc::assign(ctx, &actor.scope, assigned.id, colleague).await?;
        let answered = ask(ctx, actor, "Joost Mulder", "Mogen wij de werkwijze overnemen?", Some(theme)).await?;
        ctc::assign(ctx, &actor.scope, answered.id, colleague).await?;
        let text = "Graag zelfs. Noem daarbij de CoP, en laat ons weten hoe het gaat.".to_owned();
        ctc::answer(ctx, &actor.scope, answered.id, text).await?;
        ctc::close(ctx, &actor.scope, answered.id).await?;
        let waits = ask(ctx, actor, "Ruud Bakker", "Komt er een clinic bij ons in de buurt?", None).await?;
        ctc::assign(ctx, &actor.scope, waits.id, colleague).await?;
        let text = "Over drie weken, in Nijmegen. We houden een plek voor u vrij.".to_owned();
        ctc::answer(ctx, &actor.scope, waits.id, text).await?;
        let spam = ask(ctx, actor, "Beste Aanbieding", "Vandaag goedkoop adverteren!", None).await?;
        ctc::mark_as_spam(ctx, &actor.scope, spam.id).await?;
    }
    Ok(())
}

async fn ask(
    ctx: &Ctx,
    actor: &Actor,
    name: &str,
    message: &str,
    theme_id: Option<Id<Theme>>,
) -> Result<ctc::ContactRequest, Error> {
    let cmd = ctc::Submit {
        name: name.to_owned(),
        email: format!("{}@voorbeeld.example", name.split(' ').next().unwrap_or("iemand").to_lowercase()),
        message: message.to_owned(),
        theme_id,
        cop_id: None,
        consent_version: 1,
        website: None,
    };
    ctc::submit(ctx, &actor.scope, cmd).await
}
