//! The statements of a search: what is found, how many, and by what it can be told apart, of one moment.
//!
//! What comes first is said by the document that was found and by nothing else: where the words stand in it, its date,
//! its id.

use super::{
    Reader,
    plan::{Kind, Plan, Statement},
};
use crate::{
    db::Dialect,
    search::{COLUMNS, seen, terms_of},
    sql::{Sql, Viewer, fill},
};
use evolva_domain::{
    Error, Fault,
    record::{Cell, CellType, Field},
    scope::TenantScope,
    search::{Count, FACET_VALUES, Facet, Found, Hit, Only, Place, Search, SearchKind, words::Word},
};
use uuid::Uuid;

/// What a word counts where it stands in the title, or in the summary and tags: whole, and as the beginning of one.
const IN_TITLE: (u8, u8) = (16, 12);
const IN_SUMMARY: (u8, u8) = (6, 4);
/// And anywhere else.
const ELSEWHERE: u8 = 1;

/// All documents that have every word and whose rows are seen, as `f`, with what is asked of them beside.
fn found(sql: &mut Sql, search: &Search) {
    sql.push("(");
    for (place, table) in search.tables.iter().enumerate() {
        let kind = SearchKind::of(table.name).map(SearchKind::label).unwrap_or_default();
        let terms = Cell::Text(terms_of(sql.dialect, table.name, search));
        sql.push(if place == 0 { "" } else { " UNION ALL " });
        sql.push(&format!("SELECT '{kind}' AS kind, '{}' AS source, ", table.name));
        match sql.dialect {
            Dialect::Postgres => {
                sql.push(&format!("d.* FROM public.evolva_search_{}(", table.name)).bind(terms).push(") d");
            }
            Dialect::Sqlite => {
                let columns: Vec<_> = COLUMNS.iter().map(|column| format!("d.{column}")).collect();
                sql.push(&columns.join(", "));
                // The words are looked up first, whatever the statistics say.
                sql.push(&format!(
                    " FROM search_words CROSS JOIN search_document d ON d.place = search_words.rowid \
                     CROSS JOIN {} t ON t.id = d.id WHERE search_words MATCH ",
                    table.name
                ));
                sql.bind(terms).push(" AND ");
                let seen = seen(table.name, sql.place());
                sql.push(&fill(Dialect::Sqlite, &seen, "t"));
            }
        }
    }
    sql.push(") f WHERE 1 = 1");
    only(sql, &search.only);
}

/// The tags of a document, as rows with a `value`.
fn tags(dialect: Dialect, alias: &str) -> String {
    match dialect {
        Dialect::Postgres => format!("jsonb_array_elements_text({alias}.tags) AS g(value)"),
        Dialect::Sqlite => format!("json_each({alias}.tags) g"),
    }
}

fn only(sql: &mut Sql, only: &Only) {
    if let Some(theme) = only.theme {
        sql.push(" AND f.theme_id = ").bind(theme.to_cell());
        // One that is not seen is not what anything is about.
        sql.push(" AND EXISTS (SELECT 1 FROM theme re WHERE re.id = f.theme_id AND ").visible("theme", "re").push(")");
    }
    if let Some(organisation) = only.organisation {
        sql.push(" AND f.tenant_id = ").bind(organisation.to_cell());
    }
    if let Some(tag) = &only.tag {
        let tags = tags(sql.dialect, "f");
        sql.push(&format!(" AND EXISTS (SELECT 1 FROM {tags} WHERE g.value = ")).bind(tag.to_cell()).push(")");
    }
    if let Some(language) = &only.language {
        sql.push(" AND f.language = ").bind(language.to_cell());
    }
    if let Some(year) = only.year {
        sql.push(" AND f.year = ").bind(year.to_cell());
    }
    for (place, kind) in only.artefact_kinds.iter().enumerate() {
        sql.push(if place == 0 { " AND (f.artefact_kind = " } else { " OR f.artefact_kind = " }).bind(kind.to_cell());
    }
    sql.push(if only.artefact_kinds.is_empty() { "" } else { ")" });
}

/// What a document counts: each word by the best place where it stands.
fn score(sql: &mut Sql, words: &[Word]) {
    sql.push("CAST(0");
    for word in words {
        sql.push(" + CASE");
        for (column, (whole, begins)) in [("title", IN_TITLE), ("summary", IN_SUMMARY)] {
            for (place, term) in word.terms.iter().enumerate() {
                sql.push(if place == 0 { " WHEN " } else { " OR " });
                sql.push(&format!("f.{column} LIKE ")).bind(Cell::Text(format!("% {term} %")));
            }
            sql.push(&format!(" THEN {whole}"));
            if let Some(prefix) = &word.prefix {
                sql.push(&format!(" WHEN f.{column} LIKE ")).bind(Cell::Text(format!("% {prefix}%")));
                sql.push(&format!(" THEN {begins}"));
            }
        }
        sql.push(&format!(" ELSE {ELSEWHERE} END"));
    }
    sql.push(" AS bigint)");
}

fn rows(sql: &mut Sql, search: &Search, limit: u32) -> Vec<CellType> {
    sql.push("SELECT h.source, h.score, h.at, h.id FROM (SELECT f.source, f.at, f.id, ");
    score(sql, &search.words);
    sql.push(" AS score FROM ");
    found(sql, search);
    sql.push(") h");
    if let Some(Place { score, at, id }) = search.after {
        sql.push(" WHERE (h.score < ").bind(Cell::Int(score)).push(" OR (h.score = ").bind(Cell::Int(score));
        sql.push(" AND (h.at < ").bind(Cell::Int(at)).push(" OR (h.at = ").bind(Cell::Int(at));
        sql.push(" AND h.id < ").bind(Cell::Uuid(id)).push("))))");
    }
    // One more than asked for tells whether there is another page.
    sql.push(&format!(" ORDER BY h.score DESC, h.at DESC, h.id DESC LIMIT {}", limit + 1));
    vec![CellType::Text, CellType::Int, CellType::Int, CellType::Uuid]
}

/// The values of every facet, each with how much of what is found has it.
fn facets(sql: &mut Sql, search: &Search) -> Vec<CellType> {
    let postgres = sql.dialect == Dialect::Postgres;
    sql.push("WITH h AS MATERIALIZED (SELECT f.kind, f.tenant_id, f.theme_id, f.language, f.tags, f.year, f.artefact_kind FROM ");
    found(sql, search);
    sql.push(")");
    for (place, facet) in Facet::ALL.iter().enumerate() {
        let id = |column: &str| if postgres { format!("{column}::text") } else { format!("lower(hex({column}))") };
        let year = if postgres { "h.year::text" } else { "CAST(h.year AS text)" };
        let (value, label, from, by) = match facet {
            Facet::Kind => ("h.kind".to_owned(), "NULL", "h".to_owned(), "h.kind"),
            Facet::Language => ("h.language".to_owned(), "NULL", "h".to_owned(), "h.language"),
            Facet::ArtefactKind => ("h.artefact_kind".to_owned(), "NULL", "h".to_owned(), "h.artefact_kind"),
            Facet::Year => (year.to_owned(), "NULL", "h".to_owned(), "h.year"),
            Facet::Tag => ("g.value".to_owned(), "NULL", format!("h CROSS JOIN {}", tags(sql.dialect, "h")), "g.value"),
            Facet::Organisation => (
                id("x.id"),
                "x.name",
                "(SELECT tenant_id AS of, count(*) AS n FROM h GROUP BY tenant_id) c JOIN organisation x ON x.id = c.of"
                    .to_owned(),
                "",
            ),
            Facet::Theme => (
                id("x.id"),
                "x.title",
                "(SELECT theme_id AS of, count(*) AS n FROM h GROUP BY theme_id) c JOIN theme x ON x.id = c.of".to_owned(),
                "",
            ),
        };
        let (count, label) = (if by.is_empty() { "c.n" } else { "count(*)" }, format!("CAST({label} AS text)"));
        sql.push(if place == 0 { " " } else { " UNION ALL " });
        sql.push(&format!(
            "SELECT * FROM (SELECT '{}' AS facet, {value} AS value, {label} AS label, {count} AS n FROM {from} WHERE ",
            facet.label()
        ));
        match facet {
            Facet::Theme => sql.visible("theme", "x"),
            Facet::Organisation => sql.visible("organisation", "x"),
            Facet::Language => sql.push("h.language IS NOT NULL"),
            Facet::ArtefactKind => sql.push("h.artefact_kind IS NOT NULL"),
            _ => sql.push("1 = 1"),
        };
        if !by.is_empty() {
            sql.push(&format!(" GROUP BY {by}"));
        }
        // By their bytes, which both databases order alike.
        let collation = if postgres { " COLLATE \"C\"" } else { "" };
        sql.push(&format!(" ORDER BY 4 DESC, {value}{collation} LIMIT {FACET_VALUES}) f{place}"));
    }
    vec![CellType::Text, CellType::Text, CellType::Text, CellType::Int]
}

impl Plan<'_> {
    /// The statements of a search, in the order in which they are answered.
    fn of_search(dialect: Dialect, viewer: Viewer, search: &Search) -> Self {
        let mut plan = Plan::bare(dialect, viewer);
        let mut add = |write: &dyn Fn(&mut Sql) -> Vec<CellType>| {
            let mut sql = Sql::new(dialect, viewer);
            let types = write(&mut sql);
            sql.keep_arguments();
            plan.statements.push(Statement { sql, types, kind: Kind::Rows(0) });
        };
        if let Some(limit) = search.limit {
            add(&|sql| rows(sql, search, limit));
        }
        if search.total {
            add(&|sql| {
                sql.push("SELECT count(*) FROM ");
                found(sql, search);
                vec![CellType::Int]
            });
        }
        if search.facets {
            add(&|sql| facets(sql, search));
        }
        plan
    }
}

fn hit(row: Vec<Cell>) -> Option<Hit> {
    let [Cell::Text(source), Cell::Int(score), Cell::Int(at), Cell::Uuid(id)] = <[Cell; 4]>::try_from(row).ok()? else {
        return None;
    };
    let table = evolva_domain::search::document::TABLES.iter().find(|table| table.name == source)?.name;
    Some(Hit { table, place: Place { score, at, id } })
}

fn count(row: Vec<Cell>) -> Option<Count> {
    let [Cell::Text(facet), Cell::Text(value), label, Cell::Int(count)] = <[Cell; 4]>::try_from(row).ok()? else {
        return None;
    };
    let facet = Facet::from_label(&facet)?;
    let value = match facet {
        Facet::Theme | Facet::Organisation => Cell::Uuid(Uuid::parse_str(&value).ok()?),
        _ => Cell::Text(value),
    };
    Some(Count { facet, value, label: Field::from_cell(label)?, count: u64::try_from(count).ok()? })
}

impl Reader {
    pub async fn search(&self, scope: &TenantScope, search: &Search) -> Result<Found, Error> {
        let dialect = if matches!(self, Self::Sqlite(_)) { Dialect::Sqlite } else { Dialect::Postgres };
        let viewer = Viewer::of(scope);
        let plan = Plan::of_search(dialect, viewer, search);
        let mut answers = self.run(viewer, &plan).await?.into_iter();
        let unreadable = || Fault::new("an unreadable row of a search");
        let mut found = Found::default();
        if search.limit.is_some() {
            let rows = answers.next().unwrap_or_default().into_iter();
            found.hits = rows.map(|row| hit(row).ok_or_else(unreadable)).collect::<Result<_, _>>()?;
        }
        if search.total {
            let total = answers.next().and_then(|rows| rows.into_iter().next()?.pop());
            found.total = match total {
                Some(Cell::Int(total)) => u64::try_from(total).ok(),
                _ => return Err(unreadable().into()),
            };
        }
        if search.facets {
            let rows = answers.next().unwrap_or_default().into_iter();
            found.counts = rows.map(|row| count(row).ok_or_else(unreadable)).collect::<Result<_, _>>()?;
            let key = |one: &Count| (one.facet, std::cmp::Reverse(one.count), format!("{:?}", one.value));
            found.counts.sort_by_key(key);
        }
        Ok(found)
    }
}
