//! Search, the same for both surfaces: what is asked, what was found, where, and by what it can be told apart.

use super::{
    names::*,
    view::{self, View, Viewer},
    views,
};
use crate::{
    error::ApiError,
    graphql::connection::{DEFAULT_PAGE, Edge, LARGEST_PAGE, PageInfo},
    model::scalar::E,
    op::Call,
};
use async_graphql::{Object, SelectionField, SimpleObject};
use evolva_domain::{
    Code, Error,
    artefact::{ArtefactKind, ArtefactVersion},
    query::{One, Query, Rows, Select, Tree},
    record::{AsJson, Cell, Labelled, Record},
    scope::Scope,
    search::{
        self, Ask, Facet, Hit, Only, Place, SearchKind,
        highlight::fragments,
        words::{Spoken, Word},
    },
};
use std::collections::HashMap;
use uuid::Uuid;

/// Which of what is found: every condition given must hold.
#[derive(Debug, Clone, Default, async_graphql::InputObject, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SearchFilter {
    /// Of these kinds, each with the scope that reads it; all that your token may read if none is named.
    pub kinds: Option<Vec<SearchKindLabel>>,
    /// About this theme: artefacts, CoPs and the theme itself.
    pub theme_id: Option<ThemeId>,
    /// Of this organisation.
    pub organisation_id: Option<OrganisationId>,
    /// With this tag: artefacts.
    pub tag: Option<String>,
    /// In this language, such as `nl`: artefacts.
    pub language: Option<String>,
    /// Of this year: in which an artefact was published elsewhere, handed in or begun, a CoP starts, a session takes place,
    /// or a theme was made.
    pub year: Option<i32>,
    /// Artefacts of these kinds.
    pub artefact_kinds: Option<Vec<ArtefactKindLabel>>,
}

/// What is found: an object as it is read anywhere else.
#[derive(Debug, Clone, async_graphql::Union, serde::Serialize, utoipa::ToSchema)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant)] // A page has at most a hundred.
pub enum SearchObject {
    Artefact(views::Artefact),
    Publication(views::Publication),
    Cop(views::Cop),
    Session(views::Session),
    Theme(views::Theme),
}

/// Where in a text the words stand.
#[derive(Debug, Clone, SimpleObject, serde::Serialize, utoipa::ToSchema)]
pub struct SearchHighlight {
    /// The field of the object; of a publication, that of the version that was published.
    pub field: String,
    /// Up to three pieces of it as HTML that is safe to show: what was found stands in `<mark>`, the rest is text.
    pub fragments: Vec<String>,
}

/// Something that was found.
#[derive(Debug, Clone, SimpleObject, serde::Serialize, utoipa::ToSchema)]
pub struct SearchHit {
    /// What it is.
    pub kind: SearchKindLabel,
    /// What it is called, as you are shown it.
    pub title: String,
    /// How well it fits: each word counts by where it stands. It depends on the object and on the query alone.
    pub score: i64,
    /// It. An artefact of which you are shown only what was published before is its publication. Empty where nothing is asked
    /// of its type.
    #[schema(value_type = SearchObject)]
    pub object: Option<SearchObject>,
    /// Where the words stand, in the text that you are shown.
    pub highlights: Vec<SearchHighlight>,
}

/// One value, and how much of what is found has it.
#[derive(Debug, Clone, SimpleObject, serde::Serialize, utoipa::ToSchema)]
pub struct SearchFacetValue {
    /// As the filter takes it.
    pub value: String,
    /// What people call it, as far as your token reads that.
    pub label: Option<String>,
    /// How many.
    pub count: i64,
}

/// By what can be told apart what is found, under the very filter that was given.
#[derive(Debug, Clone, SimpleObject, serde::Serialize, utoipa::ToSchema)]
pub struct SearchFacet {
    /// By what.
    pub name: SearchFacetNameLabel,
    /// Its values, the most frequent first, at most 20.
    pub values: Vec<SearchFacetValue>,
}

/// Something that what is being typed may be about.
#[derive(Debug, Clone, SimpleObject, serde::Serialize, utoipa::ToSchema)]
pub struct SearchSuggestion {
    /// What it is.
    pub kind: SearchKindLabel,
    /// Its typed id, as `node` takes it.
    #[schema(value_type = String)]
    pub id: async_graphql::ID,
    /// What it is called.
    pub title: String,
    /// The same as HTML that is safe to show, with what was typed in `<mark>`.
    pub html: String,
}

/// A page of what was found, what fits best first; of what fits alike, the newest.
#[derive(Debug)]
pub struct SearchConnection {
    pub edges: Vec<Edge<SearchHit>>,
    pub page_info: PageInfo,
    pub total: Option<u64>,
    pub facets: Vec<SearchFacet>,
}

/// A page of what was found, what fits best first; of what fits alike, the newest.
#[Object]
impl SearchConnection {
    /// What was found, with its places.
    async fn edges(&self) -> &[Edge<SearchHit>] {
        &self.edges
    }

    /// What was found.
    async fn nodes(&self) -> Vec<&SearchHit> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where this page stands.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// How much is found that you may see; counted only when it is asked for.
    async fn total_count(&self) -> u64 {
        self.total.unwrap_or(0)
    }

    /// By what it can be told apart; counted only when it is asked for.
    async fn facets(&self) -> &[SearchFacet] {
        &self.facets
    }
}

/// What is asked of a search, beside the words.
#[derive(Default)]
pub struct Wanted<'a> {
    pub rows: bool,
    pub total: bool,
    pub facets: bool,
    pub highlights: bool,
    /// What of the objects; nothing where REST shows them whole.
    pub objects: Option<Vec<SelectionField<'a>>>,
}

impl<'a> Wanted<'a> {
    pub fn of(field: SelectionField<'a>) -> Self {
        let mut wanted = Self { objects: Some(vec![]), ..Self::default() };
        for child in field.selection_set() {
            match child.name() {
                "nodes" => wanted.hit(child),
                "edges" => {
                    wanted.rows = true;
                    child.selection_set().filter(|edge| edge.name() == "node").for_each(|edge| wanted.hit(edge));
                }
                "pageInfo" => wanted.rows = true,
                "totalCount" => wanted.total = true,
                "facets" => wanted.facets = true,
                _ => {}
            }
        }
        wanted
    }

    fn hit(&mut self, field: SelectionField<'a>) {
        self.rows = true;
        for child in field.selection_set() {
            match child.name() {
                "highlights" => self.highlights = true,
                "object" => self.objects.get_or_insert_default().push(child),
                _ => {}
            }
        }
    }

    /// What is read of a table's rows, `texts` among it.
    fn of_table(&self, table: &str, texts: &[&'static str], viewer: &Viewer<'_>) -> Result<Select, ApiError> {
        match table {
            "artefact" => self.select::<views::Artefact>(texts, viewer),
            "publication" => self.select::<views::Publication>(texts, viewer),
            "cop" => self.select::<views::Cop>(texts, viewer),
            "session" => self.select::<views::Session>(texts, viewer),
            _ => self.select::<views::Theme>(texts, viewer),
        }
    }

    fn select<V: View>(&self, texts: &[&'static str], viewer: &Viewer<'_>) -> Result<Select, ApiError> {
        let mut select = match &self.objects {
            None => view::whole::<V>(viewer, false)?,
            Some(fields) => {
                let mut select = None;
                for field in fields {
                    select = Some(view::selected::<V>(*field, viewer, select)?);
                }
                select.unwrap_or_else(|| view::base(V::TABLE))
            }
        };
        // The title is always shown; the others are looked through.
        let shown = if self.highlights { texts } else { &texts[..1] };
        if V::TABLE.name == "publication" {
            let place = select.ones.iter().position(|one| one.relation == VERSION);
            let mut version = match place {
                Some(place) => select.ones.swap_remove(place).select,
                None => view::base(ArtefactVersion::TABLE),
            };
            shown.iter().for_each(|column| version.column(column));
            select.ones.push(One { relation: VERSION, select: version });
        } else {
            shown.iter().for_each(|column| select.column(column));
        }
        Ok(select)
    }
}

/// The relation of a publication to what was published.
const VERSION: &str = "published_version";

/// The columns that are looked through, the title first, and what says in which language they are.
fn texts_of(table: &str) -> &'static [&'static str] {
    match table {
        "artefact" => &["title", "summary", "tags", "body", "language"],
        "publication" => &["title", "summary", "body", "language"],
        "session" => &["title", "place", "planned", "happened", "why", "learned"],
        _ => &["title", "summary", "description"],
    }
}

fn highlights(tree: &Tree, texts: &[&'static str], words: &[Word]) -> Vec<SearchHighlight> {
    let language: Option<String> = tree.get::<Option<String>>("language").flatten();
    let spoken = Spoken::of(language.as_deref());
    let of = |column: &&'static str| {
        let text = match *column {
            "language" => return None,
            "tags" => tree.get::<AsJson<Vec<String>>>("tags")?.0.join(", "),
            column => tree.get::<Option<String>>(column)??,
        };
        let fragments = fragments(&text, words, spoken);
        (!fragments.is_empty()).then(|| SearchHighlight { field: view::camel(column), fragments })
    };
    texts.iter().filter_map(of).collect()
}

/// What was read of the hits, by their ids.
async fn read(
    call: &Call,
    hits: &[Hit],
    wanted: &Wanted<'_>,
    texts: fn(&str) -> &'static [&'static str],
) -> Result<HashMap<Uuid, Tree>, ApiError> {
    let mut queries: Vec<Query> = vec![];
    for table in search::document::TABLES {
        let ids: Vec<_> = hits.iter().filter(|hit| hit.table == table.name).map(|hit| hit.place.id).collect();
        if !ids.is_empty() {
            let select = wanted.of_table(table.name, texts(table.name), &call.viewer())?;
            queries.push(Query { select, rows: Rows::Ids(ids) });
        }
    }
    if queries.is_empty() {
        return Ok(HashMap::new());
    }
    let branches = call.ctx.store.read(&call.scope, &queries).await?;
    let id = |tree: Tree| match tree.cells.first() {
        Some(Cell::Uuid(id)) => Some((*id, tree)),
        _ => None,
    };
    Ok(branches.into_iter().flat_map(|branch| branch.rows).filter_map(id).collect())
}

/// Where the texts of a row stand: in the row itself, or in the version that was published.
fn with_texts(tree: &Tree) -> Option<&Tree> {
    match tree.ones.iter().find(|(name, _)| *name == VERSION) {
        Some((_, version)) => version.as_deref(),
        None => Some(tree),
    }
}

fn shown(hit: &Hit, tree: Tree, words: &[Word], wanted: &Wanted<'_>, viewer: &Viewer<'_>) -> Option<SearchHit> {
    let texts = with_texts(&tree)?;
    let title: String = texts.get("title")?;
    let highlights = if wanted.highlights { highlights(texts, texts_of(hit.table), words) } else { vec![] };
    let object = match hit.table {
        "artefact" => SearchObject::Artefact(View::of(tree, viewer)),
        "publication" => SearchObject::Publication(View::of(tree, viewer)),
        "cop" => SearchObject::Cop(View::of(tree, viewer)),
        "session" => SearchObject::Session(View::of(tree, viewer)),
        _ => SearchObject::Theme(View::of(tree, viewer)),
    };
    Some(SearchHit {
        kind: E(SearchKind::of(hit.table)?),
        title,
        score: hit.place.score,
        object: Some(object),
        highlights,
    })
}

/// Everything that places a cursor: it opens for the same words and filter only.
fn place_of(query: &str, filter: &SearchFilter) -> String {
    format!("search {} ", serde_json::json!([query, filter]))
}

fn limit(first: Option<i64>, default: u32, most: u32) -> Result<u32, Error> {
    let first = first.map_or(Ok(default), |first| u32::try_from(first).map_err(drop));
    first
        .ok()
        .filter(|first| (1..=most).contains(first))
        .ok_or_else(|| Error::invalid(Code::OutOfRange, "first", format!("1 to {most}")))
}

/// Searches, and reads what is wanted of what was found.
pub async fn run(
    call: &Call,
    query: String,
    filter: SearchFilter,
    first: Option<i64>,
    after: Option<&str>,
    wanted: Wanted<'_>,
) -> Result<SearchConnection, ApiError> {
    let viewer = call.viewer();
    let limit = limit(first, DEFAULT_PAGE, LARGEST_PAGE)?;
    let of = place_of(&query, &filter);
    let opened = |cursor: &str| {
        let (score, at, id) = serde_json::from_str(&call.cursors.open_text(cursor, &of)?).ok()?;
        Some(Place { score, at, id })
    };
    let after = match after {
        Some(cursor) => {
            Some(opened(cursor).ok_or_else(|| ApiError::from(Error::invalid(Code::InvalidCursor, "after", "")))?)
        }
        None => None,
    };
    let ask = Ask {
        query,
        kinds: filter.kinds.iter().flatten().map(|kind| kind.0).collect(),
        only: Only {
            theme: filter.theme_id.map(|id| id.0),
            organisation: filter.organisation_id.map(|id| id.0),
            tag: filter.tag.clone(),
            language: filter.language.clone(),
            year: filter.year.map(i64::from),
            artefact_kinds: filter.artefact_kinds.iter().flatten().map(|kind| kind.0).collect(),
        },
        limit: wanted.rows.then_some(limit),
        after,
        total: wanted.total,
        facets: wanted.facets,
    };
    let (mut found, words) = search::find(&call.ctx, &call.scope, "query", ask).await?;
    let more = found.hits.len() > limit as usize;
    found.hits.truncate(limit as usize);
    let mut rows = read(call, &found.hits, &wanted, texts_of).await?;
    let edge = |hit: &Hit| {
        // What is no longer there, or no longer seen, was so a moment ago.
        let node = shown(hit, rows.remove(&hit.place.id)?, &words, &wanted, &viewer)?;
        let Place { score, at, id } = hit.place;
        Some(Edge { cursor: call.cursors.seal_text(&serde_json::json!([score, at, id]).to_string(), &of), node })
    };
    let edges: Vec<_> = found.hits.iter().filter_map(edge).collect();
    let page_info = PageInfo {
        has_next_page: more,
        has_previous_page: after.is_some(),
        start_cursor: edges.first().map(|edge| edge.cursor.clone()),
        end_cursor: edges.last().map(|edge| edge.cursor.clone()),
    };
    let facets = if wanted.facets { facets(found.counts, call) } else { vec![] };
    Ok(SearchConnection { edges, page_info, total: found.total, facets })
}

fn facets(counts: Vec<search::Count>, call: &Call) -> Vec<SearchFacet> {
    let value = |one: &search::Count| {
        let value = match (one.facet, &one.value) {
            (Facet::Theme, Cell::Uuid(id)) => evolva_domain::id::join(views::Theme::prefix(), *id),
            (_, Cell::Uuid(id)) => evolva_domain::id::join(views::Organisation::prefix(), *id),
            (_, Cell::Text(text)) => text.clone(),
            _ => return None,
        };
        let label = match one.facet {
            Facet::Kind => SearchKind::from_label(&value).map(|kind| kind.words(call.language)),
            Facet::ArtefactKind => ArtefactKind::from_label(&value).map(|kind| kind.words(call.language)),
            Facet::Theme if !call.scope.holds(Scope::ThemesRead) => None,
            Facet::Organisation if !call.scope.holds(Scope::OrganisationsRead) => None,
            _ => one.label.clone(),
        };
        Some(SearchFacetValue { value, label, count: i64::try_from(one.count).ok()? })
    };
    let facet = |name: &Facet| {
        let values = counts.iter().filter(|one| one.facet == *name).filter_map(value).collect();
        SearchFacet { name: E(*name), values }
    };
    Facet::ALL.iter().map(facet).collect()
}

/// How many suggestions there are, if nothing is said and at most.
const SUGGESTIONS: (u32, u32) = (10, 20);

/// What somebody who types may be looking for: what is found by it, by its title.
pub async fn suggest(
    call: &Call,
    prefix: String,
    kinds: Vec<SearchKindLabel>,
    first: Option<i64>,
) -> Result<Vec<SearchSuggestion>, ApiError> {
    let limit = limit(first, SUGGESTIONS.0, SUGGESTIONS.1)?;
    let kinds = kinds.into_iter().map(|kind| kind.0).collect();
    let ask = Ask { query: prefix, kinds, limit: Some(limit), ..Ask::default() };
    let (mut found, words) = search::find(&call.ctx, &call.scope, "prefix", ask).await?;
    found.hits.truncate(limit as usize);
    let wanted = Wanted { highlights: true, objects: Some(vec![]), ..Wanted::default() };
    let titles: fn(&str) -> &'static [&'static str] = |table| match texts_of(table).contains(&"language") {
        true => &["title", "language"],
        false => &["title"],
    };
    let mut rows = read(call, &found.hits, &wanted, titles).await?;
    let one = |hit: &Hit| {
        let tree = rows.remove(&hit.place.id)?;
        let texts = with_texts(&tree)?;
        let title: String = texts.get("title")?;
        let language: Option<String> = texts.get::<Option<String>>("language").flatten();
        let prefix = search::document::TABLES.iter().find(|table| table.name == hit.table)?.prefix;
        // What has the words elsewhere is found by searching.
        let spoken = Spoken::of(language.as_deref());
        let says =
            |word: &Word| search::highlight::whole(&title, std::slice::from_ref(word), spoken).contains("<mark>");
        if !words.iter().all(says) {
            return None;
        }
        Some(SearchSuggestion {
            kind: E(SearchKind::of(hit.table)?),
            id: evolva_domain::id::join(prefix, hit.place.id).into(),
            html: search::highlight::whole(&title, &words, spoken),
            title,
        })
    };
    Ok(found.hits.iter().filter_map(one).collect())
}
