//! Templates of artefacts, what of them an artefact lacks, and the loop of a lesson.

use super::{names::*, scalar::E, views::*};
use crate::view;
use async_graphql::{InputObject, SimpleObject};
use evolva_domain::{
    artefact::{self as art, ArtefactKind, Section, Template, template},
    error::Language,
    query::Tree,
    record::AsJson,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which sections an artefact of a kind should have (*sjabloon*). What is missing is a warning.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArtefactTemplate {
    /// Of which artefacts.
    pub kind: ArtefactKindLabel,
    /// Its title in Dutch.
    pub title_nl: String,
    /// Its title in English.
    pub title_en: Option<String>,
    /// Its title in the language of `Accept-Language`, as far as it has one.
    pub title: String,
    /// Its sections, in their order.
    pub sections: Vec<TemplateSection>,
    /// Markdown for an editor to start with: the headings in that language, with room beneath them.
    pub skeleton: String,
}

/// A section that an artefact should have.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TemplateSection {
    /// Its own key within the template.
    pub key: String,
    /// Its heading in Dutch.
    pub heading_nl: String,
    /// Its heading in English.
    pub heading_en: Option<String>,
    /// Its heading in the language of `Accept-Language`, as far as it has one.
    pub heading: String,
    /// What belongs in it, in Dutch.
    pub hint_nl: Option<String>,
    /// What belongs in it, in English.
    pub hint_en: Option<String>,
    /// What belongs in it, in the language of `Accept-Language`, as far as that is said.
    pub hint: Option<String>,
}

/// A section that an artefact should have and has not: no heading of that name, or nothing beneath it.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MissingSection {
    /// Its key within the template.
    pub key: String,
    /// Its heading, in the language of `Accept-Language`.
    pub heading: String,
}

view! {
    /// A step of a lesson learned (*geleerde les*), and what was noted with it. For who reads the artefact in its CoP, for its
    /// authors and its organisation; a publication shows none.
    LessonStep of art::LessonStep, ArtefactsRead;
    columns {
        /// The lesson.
        artefact_id: ArtefactId,
        /// Its CoP, if it is of one.
        cop_id: Option<CopId>,
        /// How far the lesson came by it.
        state: LessonStateLabel,
        /// What lies beneath it, what was done about it, what has changed by it.
        note: Option<String>,
        /// Who said so; none where the organisation's own token did.
        person_id: Option<PersonId>,
    }
    private {}
    derived {}
    one {
        /// The lesson.
        artefact: Artefact,
        /// Who said so.
        person: Person,
    }
    many {}
}

/// A section of a template, as it is set.
#[derive(Debug, Clone, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateSectionInput {
    /// Its own key within the template, such as `CONTEXT`.
    pub key: String,
    /// Its heading in Dutch.
    pub heading_nl: String,
    /// Its heading in English.
    pub heading_en: Option<String>,
    /// What belongs in it, in Dutch.
    pub hint_nl: Option<String>,
    /// What belongs in it, in English.
    pub hint_en: Option<String>,
}

impl From<TemplateSectionInput> for Section {
    fn from(one: TemplateSectionInput) -> Self {
        Self {
            key: one.key,
            heading_nl: one.heading_nl,
            heading_en: one.heading_en,
            hint_nl: one.hint_nl,
            hint_en: one.hint_en,
        }
    }
}

fn section(one: Section, language: Language) -> TemplateSection {
    TemplateSection {
        heading: one.heading(language).to_owned(),
        hint: one.hint(language).map(str::to_owned),
        key: one.key,
        heading_nl: one.heading_nl,
        heading_en: one.heading_en,
        hint_nl: one.hint_nl,
        hint_en: one.hint_en,
    }
}

/// The templates of a concept.
pub(super) fn templates(tree: &Tree, language: Language) -> Option<Vec<ArtefactTemplate>> {
    let all: AsJson<Vec<Template>> = tree.get("templates")?;
    let one = |one: Template| ArtefactTemplate {
        kind: E(one.kind),
        title: one.title(language).to_owned(),
        skeleton: one.skeleton(language),
        title_nl: one.title_nl,
        title_en: one.title_en,
        sections: one.sections.into_iter().map(|one| section(one, language)).collect(),
    };
    Some(all.0.into_iter().map(one).collect())
}

/// What an artefact lacks of its template; nothing where there is none that the viewer sees.
pub(super) fn missing(tree: &Tree, language: Language) -> Option<Vec<MissingSection>> {
    let all: Option<AsJson<Vec<Template>>> = tree.get("fact_templates")?;
    let all = all.map(|all| all.0).unwrap_or_default();
    let (kind, body): (ArtefactKind, Option<String>) = (tree.get("kind")?, tree.get("body")?);
    let elsewhere = tree.get::<Option<String>>("source_url")?.is_some();
    let one = |one: &Section| MissingSection { key: one.key.clone(), heading: one.heading(language).to_owned() };
    Some(template::missing(&all, kind, body.as_deref(), elsewhere).into_iter().map(one).collect())
}
