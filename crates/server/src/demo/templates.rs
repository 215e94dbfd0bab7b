//! What artefacts of the demo's programme should have.

use super::Actor;
use evolva_domain::{
    Error, Id,
    artefact::{ArtefactKind, Section},
    concept as con,
    ctx::Ctx,
};

/// A section: its key, its headings in Dutch and English, and what belongs in it.
type Row = (&'static str, &'static str, &'static str, &'static str);

const CONTEXT: Row = ("CONTEXT", "Aanleiding", "Context", "Waar en wanneer was dit, en wie waren erbij?");
const USE: Row = ("USE", "Zo pas je het toe", "How to use it", "Wat kan iemand anders er morgen mee doen?");

const TEMPLATES: [(ArtefactKind, &str, &str, &[Row]); 6] = [
    (
        ArtefactKind::BestPractice,
        "Best practice",
        "Best practice",
        &[
            CONTEXT,
            ("APPROACH", "Aanpak", "Approach", "Wat doen jullie, stap voor stap?"),
            ("RESULT", "Wat het oplevert", "What it brings", "Waaraan zie je dat het werkt?"),
            ("CONDITIONS", "Wat ervoor nodig is", "What it takes", "Tijd, mensen, ruimte, afspraken."),
            USE,
        ],
    ),
    (
        ArtefactKind::LessonLearned,
        "Geleerde les",
        "Lesson learned",
        &[
            CONTEXT,
            ("HAPPENED", "Wat er gebeurde", "What happened", "Wat was de bedoeling, en hoe ging het?"),
            ("CAUSE", "Hoe dat kwam", "Why it happened", "Wat lag eronder?"),
            ("LESSON", "De les", "The lesson", "Wat doen we voortaan anders?"),
        ],
    ),
    (
        ArtefactKind::Experience,
        "Ervaring",
        "Experience",
        &[
            CONTEXT,
            ("STORY", "Het verhaal", "The story", "Vertel het zoals je het meemaakte."),
            ("MEANING", "Wat het betekende", "What it meant", "Wat deed het met jou of met anderen?"),
        ],
    ),
    (
        ArtefactKind::Insight,
        "Inzicht",
        "Insight",
        &[
            CONTEXT,
            ("INSIGHT", "Wat we nu zien", "What we see now", "Het inzicht in een paar zinnen."),
            ("GROUNDS", "Waarop dat rust", "What it rests on", "Gesprekken, cijfers, waarnemingen."),
        ],
    ),
    (
        ArtefactKind::Outcome,
        "Uitkomst",
        "Outcome",
        &[
            ("GOAL", "Het doel", "The goal", "Wat wilden we bereiken?"),
            ("OUTCOME", "De uitkomst", "The outcome", "Wat is er nu, en voor wie?"),
            ("NEXT", "Hoe het verder gaat", "What comes next", "Wie houdt het vast?"),
        ],
    ),
    (
        ArtefactKind::PracticalAid,
        "Praktisch handvat",
        "Practical aid",
        &[
            ("FOR", "Voor wie en wanneer", "For whom and when", "In welke situatie pak je dit erbij?"),
            USE,
            ("EXAMPLE", "Een voorbeeld", "An example", "Zo zag het er een keer uit."),
        ],
    ),
];

/// The programme's templates, one for each kind.
pub(super) async fn templates(ctx: &Ctx, evolva: &Actor, concept: Id<con::Concept>) -> Result<(), Error> {
    for (kind, title_nl, title_en, rows) in TEMPLATES {
        let section = |(key, nl, en, hint): &Row| Section {
            key: (*key).into(),
            heading_nl: (*nl).into(),
            heading_en: Some((*en).into()),
            hint_nl: Some((*hint).into()),
            hint_en: None,
        };
        let cmd = con::SetTemplate {
            id: concept,
            kind,
            title_nl: title_nl.into(),
            title_en: Some(title_en.into()),
            sections: rows.iter().map(section).collect(),
        };
        con::set_template(ctx, &evolva.scope, cmd).await?;
    }
    Ok(())
}
