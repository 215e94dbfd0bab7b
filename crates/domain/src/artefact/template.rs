//! Templates of artefacts (*sjablonen*): which sections a best practice, a lesson learned and so on should have. They are data
//! of a concept. What is missing is a warning and stands in the way of nothing.

use super::ArtefactKind;
use crate::error::Language;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The sections that an artefact of a kind should have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    pub kind: ArtefactKind,
    pub title_nl: String,
    pub title_en: Option<String>,
    pub sections: Vec<Section>,
}

/// A section, by its heading in either language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    /// Unique within the template.
    pub key: String,
    pub heading_nl: String,
    pub heading_en: Option<String>,
    pub hint_nl: Option<String>,
    pub hint_en: Option<String>,
}

fn in_language<'a>(language: Language, dutch: Option<&'a str>, english: Option<&'a str>) -> Option<&'a str> {
    if language == Language::En { english.or(dutch) } else { dutch }
}

impl Template {
    pub fn title(&self, language: Language) -> &str {
        in_language(language, Some(&self.title_nl), self.title_en.as_deref()).unwrap_or_default()
    }

    /// Markdown to start writing with: the headings, with room beneath them.
    pub fn skeleton(&self, language: Language) -> String {
        let headings: Vec<_> = self.sections.iter().map(|one| format!("## {}\n", one.heading(language))).collect();
        headings.join("\n")
    }

    /// The sections that a text has not, or has nothing beneath.
    pub fn missing(&self, body: &str) -> Vec<&Section> {
        let there = written(body);
        self.sections.iter().filter(|section| !section.names().any(|name| there.contains(&name))).collect()
    }
}

impl Section {
    pub fn heading(&self, language: Language) -> &str {
        in_language(language, Some(&self.heading_nl), self.heading_en.as_deref()).unwrap_or_default()
    }

    pub fn hint(&self, language: Language) -> Option<&str> {
        in_language(language, self.hint_nl.as_deref(), self.hint_en.as_deref())
    }

    /// Its headings as they are compared.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        [Some(&self.heading_nl), self.heading_en.as_ref()].into_iter().flatten().map(|heading| name(heading))
    }
}

/// The sections that an artefact should have and has not. One that is elsewhere as a whole is not looked into.
pub fn missing<'a>(
    templates: &'a [Template],
    kind: ArtefactKind,
    body: Option<&str>,
    elsewhere: bool,
) -> Vec<&'a Section> {
    let template = templates.iter().find(|one| one.kind == kind);
    match (template, body) {
        (None, _) => vec![],
        (Some(_), None) if elsewhere => vec![],
        (Some(template), body) => template.missing(body.unwrap_or_default()),
    }
}

/// Upper and lower case, spaces and a colon at the end make no difference.
fn name(heading: &str) -> String {
    let words: Vec<_> = heading.split_whitespace().collect();
    crate::input::normal(words.join(" ").trim_end_matches(':')).to_lowercase()
}

/// The headings of a text that have something beneath them, in themselves or in what is below them.
fn written(body: &str) -> BTreeSet<String> {
    let mut there = BTreeSet::new();
    // The headings that what comes now stands beneath, outermost first.
    let mut open: Vec<(HeadingLevel, String)> = vec![];
    let mut heading: Option<(HeadingLevel, String)> = None;
    for event in Parser::new(body) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => heading = Some((level, String::new())),
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, text)) = heading.take() {
                    open.retain(|(above, _)| *above < level);
                    open.push((level, name(&text)));
                }
            }
            Event::Text(text) | Event::Code(text) => match &mut heading {
                Some((_, heading)) => heading.push_str(&text),
                None if text.trim().is_empty() => {}
                None => there.extend(open.drain(..).map(|(_, name)| name)),
            },
            Event::SoftBreak | Event::HardBreak => {
                if let Some((_, heading)) = &mut heading {
                    heading.push(' ');
                }
            }
            Event::Start(Tag::Image { .. }) if heading.is_none() => {
                there.extend(open.drain(..).map(|(_, name)| name));
            }
            _ => {}
        }
    }
    there
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template() -> Template {
        let section = |key: &str, nl: &str, en: Option<&str>| Section {
            key: key.into(),
            heading_nl: nl.into(),
            heading_en: en.map(Into::into),
            hint_nl: Some("Waarom?".into()),
            ..Section::default()
        };
        Template {
            kind: ArtefactKind::Insight,
            title_nl: "Inzicht".into(),
            title_en: Some("Insight".into()),
            sections: vec![
                section("context", "Aanleiding", Some("Context")),
                section("insight", "Wat we nu zien", Some("What we see")),
                section("use", "Gebruik", None),
            ],
        }
    }

    fn keys(body: &str) -> Vec<String> {
        template().missing(body).into_iter().map(|one| one.key.clone()).collect()
    }

    #[test]
    fn a_section_is_a_heading_with_something_beneath() {
        for (body, missing) in [
            ("", vec!["context", "insight", "use"]),
            ("Aanleiding\n\nWat we nu zien\n\nGebruik", vec!["context", "insight", "use"]),
            ("# Aanleiding\n\nEr was iets.", vec!["insight", "use"]),
            ("## CONTEXT:\n\nThere was.\n\n## wat  we *nu* zien\n\nDit.", vec!["use"]),
            ("## Aanleiding\n\n## Wat we nu zien\n\nDit.\n\nGebruik\n---\n- zo", vec!["context"]),
            ("## Aanleiding\n\n### Eerst\n\nDit.\n\n### Gebruik\n\n## Wat we nu zien\n\n![](a.png)", vec!["use"]),
            ("## Aanleiding\n\n<!-- hier -->\n\n## Gebruik\n\n`code`", vec!["context", "insight"]),
            ("```\n## Aanleiding\n\nTekst\n```", vec!["context", "insight", "use"]),
        ] {
            assert_eq!(keys(body), missing, "{body}");
        }
    }

    #[test]
    fn an_editor_starts_with_the_headings_which_are_no_text_yet() {
        let template = template();
        let dutch = template.skeleton(Language::Nl);
        assert_eq!(dutch, "## Aanleiding\n\n## Wat we nu zien\n\n## Gebruik\n");
        assert_eq!(template.skeleton(Language::En), "## Context\n\n## What we see\n\n## Gebruik\n");
        assert_eq!(template.missing(&dutch).len(), 3);
        assert_eq!((template.title(Language::Nl), template.title(Language::En)), ("Inzicht", "Insight"));
        assert_eq!(
            (template.sections[0].hint(Language::Nl), template.sections[0].hint(Language::En)),
            (Some("Waarom?"), Some("Waarom?"))
        );
    }

    #[test]
    fn what_is_elsewhere_is_not_looked_into() {
        let all = [template()];
        let count = |kind, body, elsewhere| missing(&all, kind, body, elsewhere).len();
        assert_eq!(count(ArtefactKind::Insight, None, true), 0);
        assert_eq!(count(ArtefactKind::Insight, None, false), 3);
        assert_eq!(count(ArtefactKind::Insight, Some("Tekst"), true), 3);
        assert_eq!(count(ArtefactKind::Outcome, None, false), 0);
    }
}
