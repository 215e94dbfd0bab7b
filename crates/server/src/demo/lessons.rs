//! What each organisation of the demo writes for itself: a lesson, once round its loop, and an insight that is still a
//! draft.

use super::Actor;
use evolva_domain::{
    Error,
    artefact::{self as art, LessonState, lesson},
    ctx::Ctx,
    theme::Theme,
    visibility::Audience,
};

const BODY: &str = "## Aanleiding\n\nDe intervisie viel drie keer uit.\n\n## Wat er gebeurde\n\nIedereen wilde komen, en niemand had tijd.\n\n\
                    ## Hoe dat kwam\n\nHet uur stond in geen rooster.\n\n## De les\n\nWat in het rooster staat, gaat door.\n";

const STEPS: [(LessonState, &str); 3] = [
    (LessonState::Identified, "Het uur stond in geen rooster."),
    (LessonState::Actioned, "De teamleider heeft het voor drie maanden ingeroosterd."),
    (LessonState::Learned, "Het uur staat nu vast in het jaarrooster."),
];

pub(super) async fn lessons(ctx: &Ctx, actors: &[Actor], themes: &[Theme]) -> Result<(), Error> {
    for (place, actor) in actors.iter().enumerate() {
        let cmd = art::Create {
            theme_id: Some(themes[place % themes.len()].id),
            kind: art::ArtefactKind::LessonLearned,
            title: "Wat in het rooster staat, gaat door".into(),
            body: Some(BODY.into()),
            language: Some("nl".into()),
            audience: Some(Audience::Organisation),
            author_ids: vec![actor.people[2].id],
            ..Default::default()
        };
        let made = art::create(ctx, &actor.scope, cmd).await?;
        art::submit(ctx, &actor.scope, made.id).await?;
        for (to, note) in STEPS {
            let cmd = lesson::Advance { id: made.id, to, note: Some(note.into()) };
            lesson::advance(ctx, &actor.scope, cmd).await?;
        }
        let cmd = art::Create {
            kind: art::ArtefactKind::Insight,
            title: "Waarom de dinsdag werkt".into(),
            body: Some("Op maandag is er te veel, op vrijdag te weinig. Nog aanvullen met de cijfers.".into()),
            language: Some("nl".into()),
            audience: Some(Audience::Organisation),
            author_ids: vec![actor.people[2].id],
            ..Default::default()
        };
        art::create(ctx, &actor.scope, cmd).await?;
    }
    Ok(())
}
