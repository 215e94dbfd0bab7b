//! The index that is searched: a document for each row that has one, written in the row's transaction, and the functions
//! by which PostgreSQL looks through them.
//!
//! Both databases only find terms; which terms there are, and what comes first, is not theirs to say.

use crate::{
    cells,
    db::Dialect,
    policy::Helper,
    visible::{self, For},
};
use evolva_domain::{
    artefact::ArtefactVersion,
    publication::Publication,
    record::{Cell, Field, Record, Table},
    search::{
        Search,
        document::{self, ANALYSIS, Change, Document, TABLES, owned_by},
    },
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait, Value,
};
use uuid::Uuid;

/// Rows that one transaction makes documents of.
const BATCH: usize = 500;

/// What a search needs of a document.
pub const COLUMNS: &[&str] =
    &["id", "tenant_id", "theme_id", "language", "tags", "year", "at", "title", "summary", "artefact_kind"];

/// Which of a table's rows are found, beside being seen. What is published of an artefact is found by who does not see
/// the artefact itself, and only its latest version.
pub fn seen(table: &str, place: For) -> String {
    let of = |table: &str, alias: &str| visible::predicate(table, place).replace("{t}", alias);
    let row = of(table, "t");
    match table {
        "publication" => format!(
            "t.state = 'PUBLISHED' AND {row} AND NOT EXISTS (SELECT 1 FROM artefact sa WHERE sa.id = t.artefact_id AND {}) \
             AND NOT EXISTS (SELECT 1 FROM publication sp WHERE sp.artefact_id = t.artefact_id AND sp.state = 'PUBLISHED' \
             AND (sp.number > t.number OR (sp.number = t.number AND sp.id > t.id)) AND {})",
            of("artefact", "sa"),
            of("publication", "sp"),
        ),
        _ => row,
    }
}

/// The functions that look through the documents. PostgreSQL does not use an index of terms for who is held by row-level
/// security, so these run as the owner, and ask by the predicate of statements for the viewer that the transaction names.
pub fn functions() -> Vec<Helper> {
    let columns: Vec<_> = COLUMNS.iter().map(|column| format!("d.{column}")).collect();
    let function = |table: &&Table| {
        let name = table.name;
        let search = |place| {
            let seen = seen(name, place);
            let seen = seen.replace("{me}", "the_tenant").replace("{person}", "the_person");
            format!(
                // The terms are looked up first, and then each row by its key: whatever else costs more than that.
                "RETURN QUERY SELECT {} FROM public.search_document d CROSS JOIN LATERAL (SELECT 1 FROM public.{name} t \
                 WHERE t.id = d.id AND {seen} LIMIT 1) s WHERE d.terms @@ $1::tsquery",
                columns.join(", ")
            )
        };
        Helper {
            signature: format!("evolva_search_{name}(text)"),
            returns: "TABLE (id uuid, tenant_id uuid, theme_id uuid, language text, tags jsonb, year bigint, at bigint, \
                      title text, summary text, artefact_kind text)",
            body: format!(
                "#variable_conflict use_column\n\
                 DECLARE the_tenant uuid := public.evolva_tenant(); the_person uuid := public.evolva_person(); \
                 BEGIN IF the_tenant IS NULL THEN RETURN; ELSIF the_tenant = '{}' THEN {}; ELSIF the_person IS NULL THEN {}; \
                 ELSE {}; END IF; END",
                Uuid::nil(),
                search(For::Public),
                search(For::Tenant),
                search(For::Person)
            ),
            definer: true,
        }
    };
    TABLES.iter().map(function).collect()
}

/// What a document of a table must have, as the database is asked for it. Terms are letters, digits and a mark; each
/// stands in quotes nevertheless.
pub fn terms_of(dialect: Dialect, table: &str, search: &Search) -> String {
    let quote = |term: &str| match dialect {
        Dialect::Postgres => format!("'{term}'"),
        Dialect::Sqlite => format!("\"{term}\""),
    };
    let (or, and) = match dialect {
        Dialect::Postgres => (" | ", " & "),
        Dialect::Sqlite => (" OR ", " AND "),
    };
    let mut all: Vec<String> = search
        .words
        .iter()
        .map(|word| {
            let mut any: Vec<_> = word.terms.iter().map(|term| quote(term)).collect();
            any.extend(word.prefix.iter().map(|prefix| match dialect {
                Dialect::Postgres => format!("{}:*", quote(prefix)),
                Dialect::Sqlite => format!("{} *", quote(prefix)),
            }));
            format!("({})", any.join(or))
        })
        .collect();
    // The owner is asked of the index where that decides.
    let owner = search.only.organisation.filter(|_| table == "artefact");
    all.extend(owner.map(|owner| quote(&owned_by(owner.uuid()))));
    all.extend(document::of_table(table).iter().map(|term| quote(term)));
    all.join(and)
}

fn statement(backend: DbBackend, text: &str, values: Vec<Value>) -> Statement {
    let mut out = String::with_capacity(text.len());
    for (place, part) in text.split('?').enumerate() {
        if place > 0 {
            let sign = if backend == DbBackend::Postgres { '$' } else { '?' };
            out.push_str(&format!("{sign}{place}"));
        }
        out.push_str(part);
    }
    Statement::from_sql_and_values(backend, out, values)
}

fn value(cell: impl Field) -> Value {
    // An empty cell has the type of its column.
    fn of<F: Field>(cell: &F) -> Value {
        cells::to_value(cell.to_cell(), Some(F::TYPE))
    }
    of(&cell)
}

/// Writes the document of a row.
async fn put(connection: &impl ConnectionTrait, made: Document) -> Result<(), DbErr> {
    let backend = connection.get_database_backend();
    let postgres = backend == DbBackend::Postgres;
    let year = made.year();
    let terms: Vec<_> = made.terms.into_iter().collect();
    let mut values = vec![
        value(made.id),
        value(made.tenant),
        value(made.table.to_owned()),
        value(made.row_version),
        value(ANALYSIS),
        value(made.at.timestamp_millis()),
        value(year),
        value(made.theme),
        value(made.language),
        cells::to_value(Cell::Json(made.tags.into()), None),
        value(made.title),
        value(made.summary),
        value(made.artefact_kind),
    ];
    let (column, place, more) = if postgres {
        values.push(value(format!("'{}'", terms.join("' '"))));
        (", terms", ", ?::text::tsvector", ", terms = excluded.terms")
    } else {
        ("", "", "")
    };
    let text = format!(
        "INSERT INTO search_document (id, tenant_id, source, row_version, analysis, at, year, theme_id, language, tags, \
         title, summary, artefact_kind{column}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?{place}) ON CONFLICT (id) DO UPDATE SET \
         row_version = excluded.row_version, analysis = excluded.analysis, at = excluded.at, year = excluded.year, \
         theme_id = excluded.theme_id, language = excluded.language, tags = excluded.tags, title = excluded.title, \
         summary = excluded.summary, artefact_kind = excluded.artefact_kind{more}"
    );
    connection.execute_raw(statement(backend, &text, values)).await?;
    if !postgres {
        let text = "INSERT OR REPLACE INTO search_words (rowid, terms) \
                    SELECT place, ?2 FROM search_document WHERE id = ?1";
        let values = [value(made.id), value(terms.join(" "))];
        connection.execute_raw(Statement::from_sql_and_values(backend, text, values)).await?;
    }
    Ok(())
}

async fn drop_of(connection: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    let backend = connection.get_database_backend();
    if backend == DbBackend::Sqlite {
        let text = "DELETE FROM search_words WHERE rowid = (SELECT place FROM search_document WHERE id = ?)";
        connection.execute_raw(statement(backend, text, vec![value(id)])).await?;
    }
    connection.execute_raw(statement(backend, "DELETE FROM search_document WHERE id = ?", vec![value(id)])).await?;
    Ok(())
}

fn columns(table: &Table) -> String {
    let columns: Vec<_> = table.columns.iter().map(|column| format!("t.{}", column.name)).collect();
    columns.join(", ")
}

fn cells_of(table: &Table, row: &sea_orm::QueryResult) -> Result<Vec<Cell>, DbErr> {
    let cells = table.columns.iter().enumerate().map(|(place, column)| cells::from_row(row, place, column.of));
    cells.collect::<Result<_, _>>().map_err(|fault| DbErr::Type(fault.chain()))
}

/// The version that a publication is of.
async fn version_of(connection: &impl ConnectionTrait, row: &Publication) -> Result<Option<ArtefactVersion>, DbErr> {
    let table = ArtefactVersion::TABLE;
    let text = format!(
        "SELECT {} FROM artefact_version t WHERE t.artefact_id = ? AND t.number = ? AND t.tenant_id = ?",
        columns(table)
    );
    let values = vec![value(row.artefact_id), value(row.number), value(row.tenant_id)];
    let row = connection.query_one_raw(statement(connection.get_database_backend(), &text, values)).await?;
    row.map(|row| cells_of(table, &row)).transpose().map(|cells| cells.and_then(ArtefactVersion::from_cells))
}

/// Does what a written row means for its document.
pub async fn follow(connection: &impl ConnectionTrait, change: Change) -> Result<(), DbErr> {
    match change {
        Change::Nothing => Ok(()),
        Change::Put(made) => put(connection, *made).await,
        Change::Drop(id) => drop_of(connection, id).await,
        Change::OfVersion(row) => match version_of(connection, &row).await? {
            Some(version) => put(connection, document::of_version(&row, &version)).await,
            None => drop_of(connection, row.id.uuid()).await,
        },
    }
}

/// Makes the documents that are not there, or were made of an earlier version of their row or by an earlier analysis.
pub async fn fill(connection: &DatabaseConnection) -> Result<(), DbErr> {
    let backend = connection.get_database_backend();
    for table in TABLES {
        let published = if *table.name == *Publication::TABLE.name { "t.state = 'PUBLISHED' AND " } else { "" };
        let text = format!(
            "SELECT {} FROM {} t LEFT JOIN search_document d ON d.id = t.id WHERE {published}t.id > ? AND (d.id IS NULL \
             OR d.row_version <> t.version OR d.analysis <> ?) ORDER BY t.id LIMIT {BATCH}",
            columns(table),
            table.name
        );
        let mut last = Uuid::nil();
        loop {
            // SQLite takes its one write lock at the start: a later upgrade of a read lock could not wait for it.
            let options = TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..Default::default()
            };
            let tx = connection.begin_with_options(options).await?;
            let rows = tx.query_all_raw(statement(backend, &text, vec![value(last), value(ANALYSIS)])).await?;
            for row in &rows {
                let cells = cells_of(table, row)?;
                if let Some(Cell::Uuid(id)) = cells.first() {
                    last = *id;
                }
                follow(&tx, document::change(table, &cells)).await?;
            }
            tx.commit().await?;
            if rows.len() < BATCH {
                break;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use evolva_domain::search::words::query;

    #[test]
    fn a_query_is_asked_in_the_words_of_each_database() {
        let words = query("query", "Lessen lee").unwrap();
        let mut search = Search { words, ..Search::default() };
        let asked = terms_of;
        assert_eq!(
            asked(Dialect::Postgres, "cop", &search),
            "('·nles' | '·elessen') & ('·nlee' | '·elee' | 'lee':*) & '·kcop'"
        );
        let words = "(\"·nles\" OR \"·elessen\") AND (\"·nlee\" OR \"·elee\" OR \"lee\" *)";
        assert_eq!(asked(Dialect::Sqlite, "artefact", &search), words);
        search.only.organisation = Some(evolva_domain::Id::default());
        let owner = Uuid::nil().simple();
        assert_eq!(asked(Dialect::Sqlite, "artefact", &search), format!("{words} AND \"·t{owner}\""));
    }
}
