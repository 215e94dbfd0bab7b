//! What of a row is looked through: its document. One row has one, written in the transaction of the row.
//!
//! Nothing stands in a document that is not shown to whoever sees its row, and no name of a person does.

use super::words::{Spoken, take_terms};
use crate::{
    artefact::{Artefact, ArtefactKind, ArtefactVersion},
    cop::Cop,
    publication::{Publication, PublicationState},
    record::{Cell, Record, Table},
    session::Session,
    theme::Theme,
};
use chrono::{DateTime, Datelike, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Grows when documents are made otherwise than before; those of an earlier one are made anew by `evolva migrate`.
pub const ANALYSIS: i64 = 2;

/// The tables whose rows have documents. A publication's is that of the version that was published.
pub const TABLES: &[&Table] = &[Artefact::TABLE, Publication::TABLE, Cop::TABLE, Session::TABLE, Theme::TABLE];

/// Stands in the documents of an organisation's artefacts.
pub fn owned_by(tenant: Uuid) -> String {
    format!("·t{}", tenant.simple())
}

/// Stands in the documents of a table, but in those of artefacts, which are most.
pub fn of_table(table: &str) -> Option<String> {
    (table != Artefact::TABLE.name).then(|| format!("·k{table}"))
}

#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The row.
    pub table: &'static str,
    pub id: Uuid,
    pub tenant: Uuid,
    pub row_version: i64,
    /// When it is of: what is newer comes first among equals.
    pub at: DateTime<Utc>,
    pub theme: Option<Uuid>,
    /// Which kind of artefact it is, or was when it was published.
    pub artefact_kind: Option<ArtefactKind>,
    pub language: Option<String>,
    pub tags: Vec<String>,
    /// The terms of its title, and those of its summary and tags, each with a space on both sides.
    pub title: String,
    pub summary: String,
    /// All of its terms.
    pub terms: BTreeSet<String>,
}

impl Document {
    pub fn year(&self) -> i64 {
        self.at.year().into()
    }
}

/// What a written row means for its document.
pub enum Change {
    /// It has none.
    Nothing,
    Put(Box<Document>),
    /// It has none any more.
    Drop(Uuid),
    /// It is that of the version that it names.
    OfVersion(Box<Publication>),
}

/// What a document is made of.
struct Texts<'t> {
    title: &'t str,
    summary: Vec<&'t str>,
    body: Vec<&'t str>,
    spoken: Spoken,
}

fn spaced(terms: &BTreeSet<String>) -> String {
    let mut out = String::from(" ");
    for term in terms {
        out.push_str(term);
        out.push(' ');
    }
    out
}

fn document<R: Record>(row: &R, at: DateTime<Utc>, texts: Texts<'_>) -> Document {
    let of = |all: &[&str]| {
        let mut terms = BTreeSet::new();
        for text in all {
            take_terms(text, texts.spoken, &mut terms);
        }
        terms
    };
    let (title, summary) = (of(&[texts.title]), of(&texts.summary));
    let mut terms: BTreeSet<_> = title.union(&summary).cloned().collect();
    for text in texts.body {
        take_terms(text, texts.spoken, &mut terms);
    }
    terms.extend(of_table(R::TABLE.name));
    let base = row.base();
    Document {
        table: R::TABLE.name,
        id: base.id,
        tenant: base.tenant.uuid(),
        row_version: base.version,
        at,
        theme: None,
        artefact_kind: None,
        language: None,
        tags: vec![],
        title: spaced(&title),
        summary: spaced(&summary),
        terms,
    }
}

fn texts<'t>(all: &[&'t Option<String>]) -> Vec<&'t str> {
    all.iter().filter_map(|text| text.as_deref()).collect()
}

fn of_artefact(row: &Artefact) -> Document {
    let at = row.published_at.or(row.submitted_at).unwrap_or(row.created_at);
    let spoken = Spoken::of(row.language.as_deref());
    let mut summary = texts(&[&row.summary]);
    summary.extend(row.tags.0.iter().map(String::as_str));
    let made = document(row, at, Texts { title: &row.title, summary, body: texts(&[&row.body]), spoken });
    let mut made = Document {
        theme: row.theme_id.map(|id| id.uuid()),
        artefact_kind: Some(row.kind),
        language: row.language.clone(),
        tags: row.tags.0.clone(),
        ..made
    };
    made.terms.insert(owned_by(made.tenant));
    made
}

/// The document of a publication: what was published, as far as its version says it.
pub fn of_version(row: &Publication, version: &ArtefactVersion) -> Document {
    let spoken = Spoken::of(version.language.as_deref());
    let (summary, body) = (texts(&[&version.summary]), texts(&[&version.body]));
    let at = row.published_at.unwrap_or(row.created_at);
    let made = document(row, at, Texts { title: &version.title, summary, body, spoken });
    Document { artefact_kind: version.kind, language: version.language.clone(), ..made }
}

fn of_cop(row: &Cop) -> Document {
    let at = row.start_date.and_then(|day| day.and_hms_opt(0, 0, 0)).map_or(row.created_at, |at| at.and_utc());
    let (summary, body) = (texts(&[&row.summary]), texts(&[&row.description]));
    let made = document(row, at, Texts { title: &row.title, summary, body, spoken: Spoken::Unknown });
    Document { theme: row.theme_id.map(|id| id.uuid()), ..made }
}

fn of_session(row: &Session) -> Document {
    let body = texts(&[&row.planned, &row.happened, &row.why, &row.learned]);
    let summary = texts(&[&row.place]);
    document(row, row.starts_at, Texts { title: &row.title, summary, body, spoken: Spoken::Unknown })
}

fn of_theme(row: &Theme) -> Document {
    let (summary, body) = (texts(&[&row.summary]), texts(&[&row.description]));
    let made = document(row, row.created_at, Texts { title: &row.title, summary, body, spoken: Spoken::Unknown });
    Document { theme: Some(row.id.uuid()), ..made }
}

/// What a row that was just written, or is found without a document, means for it.
pub fn change(table: &Table, cells: &[Cell]) -> Change {
    fn made<R: Record>(cells: &[Cell], of: fn(&R) -> Document) -> Change {
        R::from_cells(cells.to_vec()).map_or(Change::Nothing, |row| Change::Put(Box::new(of(&row))))
    }
    match table.name {
        "artefact" => made(cells, of_artefact),
        "cop" => made(cells, of_cop),
        "session" => made(cells, of_session),
        "theme" => made(cells, of_theme),
        "publication" => match Publication::from_cells(cells.to_vec()) {
            Some(row) if row.state == PublicationState::Published => Change::OfVersion(Box::new(row)),
            Some(row) => Change::Drop(row.id.uuid()),
            None => Change::Nothing,
        },
        _ => Change::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::AsJson;

    #[test]
    fn a_document_says_what_its_row_shows_and_of_whom_it_is() {
        let mut row = Artefact { title: "Lessen".into(), summary: Some("Kort".into()), ..Artefact::default() };
        row.body = Some("Over begeleiders".into());
        row.language = Some("nl".into());
        row.tags = AsJson(vec!["praktijk".into()]);
        let Change::Put(made) = change(Artefact::TABLE, &row.cells()) else { panic!("an artefact has a document") };
        assert_eq!(made.title, " lessen ·nles ");
        assert_eq!(made.summary, " kort praktijk ·nkort ·npraktijk ");
        assert!(made.terms.contains("·nbegeleider") && !made.terms.contains("·ebegeleid"));
        assert!(made.terms.contains(&owned_by(Uuid::nil())));
        let tombstone = Publication { state: PublicationState::Withdrawn, ..Publication::default() };
        assert!(matches!(change(Publication::TABLE, &tombstone.cells()), Change::Drop(_)));
    }
}
