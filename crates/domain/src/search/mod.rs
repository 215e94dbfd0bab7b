//! Search: over what a viewer sees of artefacts, CoPs, sessions and themes. `words` says how text becomes terms,
//! `document` what of a row is looked through, `highlight` shows where it was found.
//!
//! What is found is ordered by where in it the words stand, then by its date, then by its id: by nothing that another
//! row could change.

pub mod document;
pub mod highlight;
pub mod words;

use crate::{
    Code, Error, Id, Result,
    artefact::{Artefact, ArtefactKind},
    cop::Cop,
    ctx::Ctx,
    input::Check,
    labels,
    organisation::Organisation,
    publication::Publication,
    record::{Cell, Record, Table},
    scope::{Scope, TenantScope},
    session::Session,
    theme::Theme,
};
use uuid::Uuid;
use words::Word;

labels! {
    /// What can be searched for.
    SearchKind {
        /// An artefact, or what is published of it.
        Artefact = "ARTEFACT" / "Opbrengst",
        /// A CoP.
        Cop = "COP" / "CoP",
        /// A session.
        Session = "SESSION" / "Bijeenkomst",
        /// A theme.
        Theme = "THEME" / "Thema",
    }
}

impl SearchKind {
    /// The scope that finding it needs.
    pub const fn scope(self) -> Scope {
        match self {
            Self::Artefact => Scope::ArtefactsRead,
            Self::Cop => Scope::CopsRead,
            Self::Session => Scope::SessionsRead,
            Self::Theme => Scope::ThemesRead,
        }
    }

    /// The tables that it is found in.
    pub fn tables(self) -> &'static [&'static Table] {
        match self {
            Self::Artefact => &[Artefact::TABLE, Publication::TABLE],
            Self::Cop => &[Cop::TABLE],
            Self::Session => &[Session::TABLE],
            Self::Theme => &[Theme::TABLE],
        }
    }

    /// What a row of a table is found as.
    pub fn of(table: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.tables().iter().any(|one| one.name == table))
    }
}

labels! {
    /// By what is found can be told apart.
    SearchFacetName {
        /// What it is.
        Kind = "KIND" / "Soort",
        /// The theme that it is about.
        Theme = "THEME" / "Thema",
        /// The organisation that it is of.
        Organisation = "ORGANISATION" / "Organisatie",
        /// A tag.
        Tag = "TAG" / "Trefwoord",
        /// Its language.
        Language = "LANGUAGE" / "Taal",
        /// The year that it is of.
        Year = "YEAR" / "Jaar",
        /// The kind of artefact that it is.
        ArtefactKind = "ARTEFACT_KIND" / "Soort opbrengst",
    }
}

pub use SearchFacetName as Facet;

/// How many values a facet has at most, those first that most of what is found has.
pub const FACET_VALUES: usize = 20;

/// Which of what is found: every condition given must hold.
#[derive(Debug, Clone, Default)]
pub struct Only {
    pub theme: Option<Id<Theme>>,
    pub organisation: Option<Id<Organisation>>,
    pub tag: Option<String>,
    pub language: Option<String>,
    pub year: Option<i64>,
    /// Artefacts of one of these kinds; of any, and what is no artefact, if none is named.
    pub artefact_kinds: Vec<ArtefactKind>,
}

/// Where something stands among what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub score: i64,
    /// Milliseconds since 1970.
    pub at: i64,
    pub id: Uuid,
}

/// What is looked for, and what is wanted of it.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    pub query: String,
    /// Of these kinds; all that the token may read if none is named.
    pub kinds: Vec<SearchKind>,
    pub only: Only,
    /// How many, from 1; none where no rows are wanted.
    pub limit: Option<u32>,
    pub after: Option<Place>,
    pub total: bool,
    pub facets: bool,
}

/// The same as persistence is asked.
#[derive(Debug, Clone, Default)]
pub struct Search {
    pub tables: Vec<&'static Table>,
    pub words: Vec<Word>,
    pub only: Only,
    pub limit: Option<u32>,
    pub after: Option<Place>,
    pub total: bool,
    pub facets: bool,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub table: &'static str,
    pub place: Place,
}

/// How much of what was found has a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    pub facet: Facet,
    pub value: Cell,
    /// What a theme or an organisation is called.
    pub label: Option<String>,
    pub count: u64,
}

#[derive(Debug, Clone, Default)]
pub struct Found {
    /// One more than the limit where there are more.
    pub hits: Vec<Hit>,
    pub total: Option<u64>,
    pub counts: Vec<Count>,
}

/// The kinds that are looked through: those that are named, each with its scope, or all that the token may read.
pub fn kinds(scope: &TenantScope, named: &[SearchKind]) -> Result<Vec<SearchKind>> {
    let all = SearchKind::ALL.iter().copied();
    let kinds: Vec<_> = if named.is_empty() {
        all.filter(|kind| scope.holds(kind.scope())).collect()
    } else {
        for kind in named {
            scope.require(kind.scope())?;
        }
        all.filter(|kind| named.contains(kind)).collect()
    };
    if kinds.is_empty() {
        let any: Vec<_> = SearchKind::ALL.iter().map(|kind| kind.scope().label()).collect();
        return Err(Error::forbidden(Code::InsufficientScope, any.join(" / ")));
    }
    Ok(kinds)
}

/// Searches what the caller sees. `field` is what the query is called where it came in.
pub async fn find(ctx: &Ctx, scope: &TenantScope, field: &'static str, ask: Ask) -> Result<(Found, Vec<Word>)> {
    if scope.is_outsider() {
        return Err(Error::forbidden(Code::Forbidden, "search"));
    }
    let kinds = kinds(scope, &ask.kinds)?;
    let mut check = Check::default();
    let words = words::query(field, &ask.query);
    if let Err(Error::Invalid(problems)) = &words {
        for problem in problems {
            check.problem(problem.code, field, problem.detail.clone());
        }
    }
    let only = Only {
        tag: check.optional_text("tag", ask.only.tag.as_deref(), 80).map(|tag| tag.to_lowercase()),
        language: check.language("language", ask.only.language.as_deref()),
        ..ask.only
    };
    check.that(only.year.is_none_or(|year| (1000..=9999).contains(&year)), Code::OutOfRange, "year", "1000 to 9999");
    check.done()?;
    let words = words?;
    let search = Search {
        tables: kinds.iter().flat_map(|kind| kind.tables()).copied().collect(),
        words: words.clone(),
        only,
        limit: ask.limit,
        after: ask.after,
        total: ask.total,
        facets: ask.facets,
    };
    Ok((ctx.store.search(scope, &search).await?, words))
}
