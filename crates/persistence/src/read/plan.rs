//! Turns queries into statements: one for each root and each list in the selection, whatever the number of rows. A
//! relation to one row is a join in the statement of its parent.

use crate::{
    db::Dialect,
    sql::{Sql, Viewer},
    tenant_tx::computed,
    visible::{self, SESSIONS_OF_COPS},
};
use evolva_domain::{
    Fault,
    query::{Filter, Many, Page, PageShape, Query, Rows, Select, Sort},
    record::{Cell, CellType, Column, Table},
};
use std::collections::BTreeSet;

/// A statement with what its columns mean.
pub struct Statement {
    pub sql: Sql,
    pub types: Vec<CellType>,
    pub kind: Kind,
}

pub enum Kind {
    /// Rows of the list at this place of the plan.
    Rows(usize),
    /// Their number, by parent.
    Total(usize),
}

/// One list of the plan: a root, or a relation to many.
pub struct List<'q> {
    pub select: &'q Select,
    /// The list that it hangs in, and by which key.
    pub parent: Option<(usize, &'q str)>,
    pub sort: Option<Sort>,
}

/// How the parents of a list are found again: as a query for their ids.
#[derive(Clone)]
enum Parents<'q> {
    Root(&'q Query),
    One { of: Box<Parents<'q>>, table: &'static Table, relation: &'static str, child: &'static Table },
    Many { of: Box<Parents<'q>>, table: &'static Table, many: &'q Many },
}

pub struct Plan<'q> {
    pub lists: Vec<List<'q>>,
    /// The pages of the roots.
    pub roots: Vec<Option<PageShape>>,
    pub statements: Vec<Statement>,
    dialect: Dialect,
    viewer: Viewer,
}

impl<'q> Plan<'q> {
    /// Without a query: for statements that are written elsewhere.
    pub fn bare(dialect: Dialect, viewer: Viewer) -> Self {
        Plan { lists: vec![], roots: vec![], statements: vec![], dialect, viewer }
    }

    pub fn of(dialect: Dialect, viewer: Viewer, queries: &'q [Query]) -> Result<Self, Fault> {
        let mut plan = Plan::bare(dialect, viewer);
        // The roots come first, so that the answer of query n is list n.
        for query in queries {
            let page = if let Rows::Page(page) = &query.rows { Some(page) } else { None };
            plan.roots.push(page.map(PageShape::from));
            plan.lists.push(List { select: &query.select, parent: None, sort: page.map(|page| page.sort) });
        }
        for (place, query) in queries.iter().enumerate() {
            plan.root(place, query)?;
            plan.children(place, &query.select, Parents::Root(query))?;
        }
        Ok(plan)
    }

    fn sql(&self) -> Sql {
        Sql::new(self.dialect, self.viewer)
    }

    fn root(&mut self, place: usize, query: &Query) -> Result<(), Fault> {
        let table = query.select.table;
        if let Rows::Page(page) = &query.rows
            && page.total
        {
            let mut sql = self.sql().counting();
            sql.push(&format!("SELECT count(*) FROM {} t WHERE ", table.name));
            sql.visible(table.name, "t");
            filters(&mut sql, table, &page.filters, "t")?;
            sql.keep_arguments();
            self.statements.push(Statement { sql, types: vec![CellType::Int], kind: Kind::Total(place) });
        }
        if matches!(&query.rows, Rows::Page(page) if !page.rows) {
            return Ok(());
        }
        let mut sql = if matches!(query.rows, Rows::Counts(..)) { self.sql().counting() } else { self.sql() };
        let mut types = vec![];
        sql.push("SELECT ");
        self.columns(&mut sql, &mut types, &query.select, "t", self.lists[place].sort)?;
        sql.push(&format!(" FROM {} t", table.name));
        joins(&mut sql, &query.select, "t")?;
        sql.push(" WHERE ").visible(table.name, "t");
        restrict(&mut sql, &query.rows, table, "t", query.select.columns.len())?;
        sql.keep_arguments();
        self.statements.push(Statement { sql, types, kind: Kind::Rows(place) });
        Ok(())
    }

    fn children(&mut self, list: usize, select: &'q Select, parents: Parents<'q>) -> Result<(), Fault> {
        for many in &select.manys {
            let place = self.lists.len();
            self.lists.push(List { select: &many.select, parent: Some((list, &many.key)), sort: Some(many.page.sort) });
            self.many(place, select.table, many, &parents)?;
            let of = Box::new(parents.clone());
            self.children(place, &many.select, Parents::Many { of, table: select.table, many })?;
        }
        for one in &select.ones {
            let of = Box::new(parents.clone());
            let (table, child) = (select.table, one.select.table);
            self.children(list, &one.select, Parents::One { of, table, relation: one.relation, child })?;
        }
        Ok(())
    }

    fn many(&mut self, place: usize, parent: &'static Table, many: &Many, parents: &Parents<'_>) -> Result<(), Fault> {
        let table = many.select.table;
        if many.page.total {
            let mut sql = self.sql().counting();
            sql.push("SELECT p.id, count(*) FROM (");
            ids(&mut sql, parents)?;
            sql.push(&format!(
                ") p JOIN {} t ON {} WHERE ",
                table.name,
                many_on(&sql, parent.name, many.relation, "p", "t")
            ));
            sql.visible(table.name, "t");
            filters(&mut sql, table, &many.page.filters, "t")?;
            sql.push(" GROUP BY p.id");
            sql.keep_arguments();
            let types = vec![CellType::Uuid, CellType::Int];
            self.statements.push(Statement { sql, types, kind: Kind::Total(place) });
        }
        if !many.page.rows {
            return Ok(());
        }
        let mut sql = self.sql();
        let mut types = vec![CellType::Uuid];
        sql.push("SELECT p.id, ");
        self.columns(&mut sql, &mut types, &many.select, "t", Some(many.page.sort))?;
        sql.push(" FROM (");
        ids(&mut sql, parents)?;
        sql.push(") p ");
        many_join(&mut sql, parent, many)?;
        joins(&mut sql, &many.select, "t")?;
        let order = order(&many.page, "t");
        sql.push(" ORDER BY p.id, ").push(&order);
        sql.keep_arguments();
        self.statements.push(Statement { sql, types, kind: Kind::Rows(place) });
        Ok(())
    }

    /// The columns of a selection and of the single rows joined to it, then the sort column for the cursor.
    fn columns(
        &self,
        sql: &mut Sql,
        types: &mut Vec<CellType>,
        select: &Select,
        alias: &str,
        sort: Option<Sort>,
    ) -> Result<(), Fault> {
        for (place, name) in select.columns.iter().enumerate() {
            if place > 0 {
                sql.push(", ");
            }
            match select.table.column(name) {
                Some(Column { name, of }) => {
                    match visible::refers_to(select.table.name, name) {
                        Some(table) => {
                            sql.push(&format!(
                                "CASE WHEN EXISTS (SELECT 1 FROM {table} re WHERE re.id = {alias}.{name} AND "
                            ));
                            sql.visible(table, "re").push(&format!(") THEN {alias}.{name} END"));
                        }
                        None => match visible::between(select.table.name, name, sql.place()) {
                            Some(condition) => {
                                sql.push("CASE WHEN ").predicate(&condition, alias);
                                sql.push(&format!(" THEN {alias}.{name} END"));
                            }
                            None => {
                                sql.push(&format!("{alias}.{name}"));
                            }
                        },
                    }
                    types.push(of);
                }
                None => {
                    let (template, of) = visible::computed(select.table.name, name, sql.place())
                        .ok_or_else(|| Fault::new(format!("{} has no column {name}", select.table.name)))?;
                    sql.push(&computed(self.dialect, &template, alias));
                    types.push(of);
                }
            }
        }
        for (place, one) in select.ones.iter().enumerate() {
            sql.push(", ");
            self.columns(sql, types, &one.select, &format!("{alias}_{place}"), None)?;
        }
        if let Some(sort) = sort {
            let of = select.table.column(sort.column).map(|column| column.of);
            types.push(of.ok_or_else(|| Fault::new(format!("{} cannot be sorted", select.table.name)))?);
            sql.push(&format!(", {alias}.{}", sort.column));
        }
        Ok(())
    }
}

/// Joins single rows. PostgreSQL does it laterally, each by its key: a predicate with alternatives would else lead it to
/// go through the whole table once, which is right for many rows and never for a page.
fn joins(sql: &mut Sql, select: &Select, alias: &str) -> Result<(), Fault> {
    for (place, one) in select.ones.iter().enumerate() {
        let (child, table) = (format!("{alias}_{place}"), one.select.table.name);
        match sql.dialect {
            Dialect::Postgres => {
                let on = one_on(sql, select.table.name, one.relation, alias, "c");
                sql.push(&format!(" LEFT JOIN LATERAL (SELECT c.* FROM {table} c WHERE {on} AND "));
                sql.visible(table, "c").push(&format!(" LIMIT 1) {child} ON true"));
            }
            Dialect::Sqlite => {
                let on = one_on(sql, select.table.name, one.relation, alias, &child);
                sql.push(&format!(" LEFT JOIN {table} {child} ON {on} AND "));
                sql.visible(table, &child);
            }
        }
        joins(sql, &one.select, &child)?;
    }
    Ok(())
}

/// How a single related row is found. Mostly a column of the same name holds its id.
fn one_on(sql: &Sql, table: &str, relation: &str, parent: &str, child: &str) -> String {
    match (table, relation) {
        ("cop", "host") => format!("{child}.id = {parent}.tenant_id"),
        ("cop", "facilitator") => format!(
            "{child}.id = (SELECT f.person_id FROM facilitation f WHERE f.cop_id = {parent}.id AND f.is_primary \
             AND f.end_date IS NULL AND {} LIMIT 1)",
            sql.seen("facilitation", "f")
        ),
        ("cop", "charter") => format!(
            "{child}.id = (SELECT ch.id FROM charter ch WHERE ch.cop_id = {parent}.id \
             ORDER BY CASE ch.state WHEN 'AGREED' THEN 0 ELSE 1 END, ch.number DESC LIMIT 1)"
        ),
        ("publication", "published_version") | ("showing", "shown_version") => {
            format!("{child}.artefact_id = {parent}.artefact_id AND {child}.number = {parent}.number")
        }
        _ => format!("{child}.id = {parent}.{relation}_id"),
    }
}

/// How the rows of a list are found, by no more of their parent than its id. Mostly they hold the id of the row that they
/// hang on.
fn many_on(sql: &Sql, table: &str, relation: &str, parent: &str, child: &str) -> String {
    let served = || sql.seen("artefact_goal", "ag");
    match (table, relation) {
        ("cop", "sessions") => {
            format!("{child}.id IN (SELECT u.id FROM ({SESSIONS_OF_COPS}) u WHERE u.cop_id = {parent}.id)")
        }
        ("session", "session_cops") => format!("{child}.session_id = {parent}.id AND {child}.removed_at IS NULL"),
        ("session_series", "sessions") => format!("{child}.series_id = {parent}.id"),
        ("artefact", "authors") => {
            format!(
                "{child}.id IN (SELECT aa.person_id FROM artefact_contributor aa WHERE aa.artefact_id = {parent}.id)"
            )
        }
        ("artefact", "goals") => format!(
            "{child}.id IN (SELECT ag.goal_id FROM artefact_goal ag WHERE ag.artefact_id = {parent}.id AND {})",
            served()
        ),
        ("goal", "artefacts") => format!(
            "{child}.id IN (SELECT ag.artefact_id FROM artefact_goal ag WHERE ag.goal_id = {parent}.id AND {})",
            served()
        ),
        // The files of what is written now, and of one version.
        ("artefact", "attachments") => format!(
            "{child}.artefact_id = {parent}.id AND EXISTS (SELECT 1 FROM artefact af WHERE af.id = {parent}.id AND {})",
            visible::has_file(child, &visible::written_number("af"))
        ),
        ("artefact_version", "attachments") => format!(
            "EXISTS (SELECT 1 FROM artefact_version af WHERE af.id = {parent}.id AND af.artefact_id = {child}.artefact_id \
             AND {})",
            visible::has_file(child, "af.number")
        ),
        _ => format!("{child}.{table}_id = {parent}.id"),
    }
}

/// Joins the page of a list to its parent. PostgreSQL does it laterally; SQLite by the rows that a correlated
/// sub-select picks, which is the same walk over the index.
fn many_join(sql: &mut Sql, parent: &Table, many: &Many) -> Result<(), Fault> {
    let table = many.select.table;
    let on = many_on(sql, parent.name, many.relation, "p", "c");
    let postgres = sql.dialect == Dialect::Postgres;
    if postgres {
        sql.push("JOIN LATERAL (SELECT c.* ");
    } else {
        sql.push(&format!("CROSS JOIN {} t ON t.rowid IN (SELECT c.rowid ", table.name));
    }
    sql.push(&format!("FROM {} c WHERE {on} AND ", table.name)).visible(table.name, "c");
    filters(sql, table, &many.page.filters, "c")?;
    place(sql, &many.page, "c");
    let order = order(&many.page, "c");
    sql.push(&format!(" ORDER BY {order} LIMIT {})", many.page.limit + 1));
    if postgres {
        sql.push(" t ON true");
    }
    Ok(())
}

/// The ids of the rows that a list hangs on, each once.
fn ids(sql: &mut Sql, parents: &Parents<'_>) -> Result<(), Fault> {
    match parents {
        // These are looked at by the statement of the root, and what hangs on one that is not seen finds no row to hang on.
        Parents::Root(Query { rows: Rows::Ids(ids), .. }) => {
            let ids: BTreeSet<_> = ids.iter().collect();
            let (start, of) = match sql.dialect {
                Dialect::Postgres => ("SELECT v.id FROM (VALUES ", "::uuid)"),
                Dialect::Sqlite => ("SELECT v.column1 AS id FROM (VALUES ", ")"),
            };
            sql.push(start);
            for (place, id) in ids.into_iter().enumerate() {
                sql.push(if place > 0 { ", (" } else { "(" }).bind(Cell::Uuid(*id)).push(of);
            }
            sql.push(if sql.dialect == Dialect::Postgres { ") v (id)" } else { ") v" });
        }
        Parents::Root(query) => {
            let table = query.select.table;
            sql.push(&format!("SELECT t.id FROM {} t WHERE ", table.name));
            sql.visible(table.name, "t");
            restrict(sql, &query.rows, table, "t", 1)?;
        }
        Parents::One { of, table, relation, child } => {
            sql.push("SELECT DISTINCT c.id FROM (");
            ids(sql, of)?;
            let on = one_on(sql, table.name, relation, "p", "c");
            sql.push(&format!(") pi JOIN {} p ON p.id = pi.id JOIN {} c ON {on} AND ", table.name, child.name));
            sql.visible(child.name, "c");
        }
        Parents::Many { of, table, many } => {
            sql.push("SELECT DISTINCT t.id FROM (");
            ids(sql, of)?;
            sql.push(") p ");
            many_join(sql, table, many)?;
        }
    }
    Ok(())
}

/// Which rows of a root: these ids, or this page.
fn restrict(sql: &mut Sql, rows: &Rows, table: &Table, alias: &str, columns: usize) -> Result<(), Fault> {
    match rows {
        Rows::Ids(ids) => {
            sql.push(&format!(" AND {alias}.id "));
            among(sql, ids.iter().map(|id| Cell::Uuid(*id)));
        }
        Rows::Page(page) => {
            filters(sql, table, &page.filters, alias)?;
            place(sql, page, alias);
            let order = order(page, alias);
            // One more than asked for tells whether there is another page.
            sql.push(&format!(" ORDER BY {order} LIMIT {}", page.limit + 1));
        }
        Rows::Counts(all) => {
            filters(sql, table, all, alias)?;
            // All columns but the count, which stands last.
            let by: Vec<_> = (1..columns).map(|place| place.to_string()).collect();
            if !by.is_empty() {
                sql.push(" GROUP BY ").push(&by.join(", "));
            }
        }
    }
    Ok(())
}

fn among(sql: &mut Sql, cells: impl ExactSizeIterator<Item = Cell>) {
    sql.push("IN (");
    for (place, cell) in cells.enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).bind(cell);
    }
    sql.push(")");
}

fn filters(sql: &mut Sql, table: &Table, all: &[Filter], alias: &str) -> Result<(), Fault> {
    for filter in all {
        // What is asked for must be seen, or the rows that refer to it would tell that it is there.
        if let Filter::Is(column, cell) = filter
            && *cell != Cell::Null
            && let Some(target) = visible::refers_to(table.name, column)
        {
            sql.push(&format!(" AND EXISTS (SELECT 1 FROM {target} re WHERE re.id = {alias}.{column} AND "));
            sql.visible(target, "re").push(")");
        }
        let known = |name: &str| {
            table.column(name).map(drop).ok_or_else(|| Fault::new(format!("{} has no column {name}", table.name)))
        };
        match filter {
            Filter::Is(column, Cell::Null) => {
                known(column)?;
                sql.push(&format!(" AND {alias}.{column} IS NULL"));
            }
            Filter::Is(column, cell) => {
                known(column)?;
                sql.push(&format!(" AND {alias}.{column} = ")).bind(cell.clone());
            }
            Filter::In(column, cells) if cells.is_empty() => {
                known(column)?;
                sql.push(" AND 1 = 0");
            }
            Filter::In(column, cells) => {
                known(column)?;
                sql.push(&format!(" AND {alias}.{column} "));
                among(sql, cells.iter().cloned());
            }
            Filter::OfCop(states) => {
                sql.push(&format!(" AND EXISTS (SELECT 1 FROM cop fc WHERE fc.id = {alias}.cop_id AND "));
                sql.visible("cop", "fc").push(" AND fc.status ");
                among(sql, states.iter().cloned());
                sql.push(")");
            }
            Filter::Since(cell) => {
                sql.push(&format!(" AND {alias}.updated_at >= ")).bind(cell.clone());
            }
            // By an element that is seen, or the rows would tell that it is there. They keep the ids of theirs as text.
            Filter::Named("element", cell) => {
                let id = match cell {
                    Cell::Text(id) => evolva_domain::id::split(id).map(|(_, id)| id).unwrap_or_default(),
                    _ => return Err(Fault::new("an element is named by its id")),
                };
                sql.push(" AND EXISTS (SELECT 1 FROM concept_element fe WHERE fe.id = ").bind(Cell::Uuid(id));
                sql.push(" AND ").visible("concept_element", "fe");
                let each = each(sql.dialect, alias, "element_ids");
                sql.push(&format!(") AND EXISTS (SELECT 1 FROM {each} WHERE fs.value = ")).bind(cell.clone()).push(")");
            }
            Filter::Named(name, cell) => {
                let (before, after) = match *name {
                    "tag" => (
                        format!(
                            " AND EXISTS (SELECT 1 FROM artefact_tag ft WHERE ft.artefact_id = {alias}.id AND ft.tag = "
                        ),
                        ")",
                    ),
                    "strength" => {
                        let each = each(sql.dialect, alias, "strengths");
                        (format!(" AND EXISTS (SELECT 1 FROM {each} WHERE fs.value = "), ")")
                    }
                    "goal" => {
                        let seen = |table: &str, alias: &str| sql.seen(table, alias);
                        let (served, goal) = (seen("artefact_goal", "fg"), seen("goal", "gg"));
                        (
                            format!(
                                " AND EXISTS (SELECT 1 FROM artefact_goal fg JOIN goal gg ON gg.id = fg.goal_id \
                                 WHERE fg.artefact_id = {alias}.id AND {served} AND {goal} AND fg.goal_id = "
                            ),
                            ")",
                        )
                    }
                    // Active front-runners of organisations that are in, as far as one sees who is, and without a
                    // membership that one sees.
                    "candidate_for" => (candidate(sql, alias), ")"),
                    "masters" | "has_strength" => {
                        let strength = each(sql.dialect, "fj", "strengths");
                        let seen = |table: &str, alias: &str| sql.seen(table, alias);
                        let (seen, element) = (seen("front_runner_project", "fj"), seen("concept_element", "fe"));
                        let project = format!(
                            " AND EXISTS (SELECT 1 FROM front_runner_project fj WHERE fj.id = {alias}.project_id AND {seen}"
                        );
                        match *name {
                            "masters" => (
                                format!(
                                    "{project} AND EXISTS (SELECT 1 FROM concept_element fe WHERE fe.id = fj.element_id \
                                     AND {element}) AND fj.element_id = "
                                ),
                                ")",
                            ),
                            _ => (format!("{project} AND EXISTS (SELECT 1 FROM {strength} WHERE fs.value = "), "))"),
                        }
                    }
                    "due_by" => (format!(" AND {alias}.state = 'ANCHORED' AND {alias}.review_date <= "), ""),
                    // Somebody who may not be seen is not found by what they wrote either.
                    "author" => (
                        format!(
                            " AND EXISTS (SELECT 1 FROM artefact_contributor fa JOIN person fp ON fp.id = fa.person_id \
                             WHERE fa.artefact_id = {alias}.id AND {} AND fp.id = ",
                            sql.seen("person", "fp")
                        ),
                        ")",
                    ),
                    // A key is its owner's alone: asking for another tenant's must not tell that it is taken.
                    "external_id" => {
                        (crate::sql::fill(sql.dialect, " AND {t}.tenant_id = {me} AND {t}.external_id = ", alias), "")
                    }
                    "awaits_agreement_of" => (
                        crate::sql::fill(
                            sql.dialect,
                            " AND ({t}.tenant_id = {me} OR EXISTS (SELECT 1 FROM participation fp WHERE \
                             fp.organisation_id = {me} AND fp.cop_id = {t}.cop_id AND fp.state = 'ACCEPTED')) \
                             AND NOT EXISTS (SELECT 1 FROM charter_agreement fa WHERE fa.charter_id = {t}.id \
                             AND fa.updated_at >= {t}.proposed_at AND fa.organisation_id = ",
                            alias,
                        ),
                        ")",
                    ),
                    "written_by" => (
                        format!(
                            " AND EXISTS (SELECT 1 FROM artefact_contributor fw WHERE fw.artefact_id = {alias}.artefact_id \
                             AND fw.person_id = "
                        ),
                        ")",
                    ),
                    "awaits_approval_of" => (
                        format!(
                            " AND EXISTS (SELECT 1 FROM publication_approval fa WHERE fa.publication_id = {alias}.id \
                             AND fa.state = 'AWAITED' AND fa.organisation_id = "
                        ),
                        ")",
                    ),
                    "organisation_is_in" => (
                        crate::sql::fill(
                            sql.dialect,
                            " AND ({t}.tenant_id = {me} OR EXISTS (SELECT 1 FROM participation fp WHERE \
                             fp.cop_id = {t}.cop_id AND fp.state = 'ACCEPTED' AND fp.organisation_id = ",
                            alias,
                        ),
                        "))",
                    ),
                    "has_content" => {
                        (format!(" AND ({alias}.body IS NOT NULL OR {alias}.source_url IS NOT NULL) = "), "")
                    }
                    "in_session_to_come" => {
                        let seen = sql.seen("session", "fq");
                        (
                            format!(
                                " AND (EXISTS (SELECT 1 FROM session fq WHERE fq.id = {alias}.session_id \
                                 AND fq.state IN ('DRAFT','SCHEDULED') AND {seen})) = "
                            ),
                            "",
                        )
                    }
                    // Goals of what was agreed, in the harvest or where the CoP ends by then.
                    "to_assess_by" => {
                        let seen = |table: &str, alias: &str| sql.seen(table, alias);
                        (
                            format!(
                                " AND EXISTS (SELECT 1 FROM charter fh JOIN cop fc ON fc.id = fh.cop_id \
                                 WHERE fh.id = {alias}.charter_id AND fh.state = 'AGREED' AND {} AND {} \
                                 AND (fc.status = 'HARVESTING' OR fc.planned_end_date <= ",
                                seen("charter", "fh"),
                                seen("cop", "fc")
                            ),
                            "))",
                        )
                    }
                    "accepted_by" => (format!(" AND {alias}.person_accepted_at <= "), ""),
                    // What is asked for must be seen, or the sessions would tell that it is there.
                    "of_cop" => (
                        format!(
                            " AND {alias}.id IN (SELECT u.id FROM ({SESSIONS_OF_COPS}) u JOIN cop fc ON fc.id = u.cop_id \
                             AND {} WHERE u.cop_id = ",
                            sql.seen("cop", "fc")
                        ),
                        ")",
                    ),
                    // For who knew it when they asked. Which sessions it joins is told as long as they see it.
                    "of_known_cop" => (
                        format!(
                            " AND {alias}.id IN (SELECT u.id FROM (SELECT id, cop_id FROM session UNION ALL \
                             SELECT fj.session_id, fj.cop_id FROM session_join fj JOIN cop fc ON fc.id = fj.cop_id AND {} \
                             WHERE fj.removed_at IS NULL) u WHERE u.cop_id = ",
                            sql.seen("cop", "fc")
                        ),
                        ")",
                    ),
                    "starts_from" => (format!(" AND {alias}.starts_at >= "), ""),
                    "concerns" => (concerns(sql, alias), "))"),
                    "starts_by" => (format!(" AND {alias}.starts_at <= "), ""),
                    "review_before" => (format!(" AND {alias}.review_date < "), ""),
                    // The CoPs of an organisation: its own, and those in which it takes part.
                    "takes_part" | "hosts_or_takes_part" => {
                        let own = crate::sql::fill(sql.dialect, "{t}.tenant_id = {me} OR ", alias);
                        let own = if *name == "takes_part" { "" } else { own.as_str() };
                        (
                            format!(
                                " AND ({own}EXISTS (SELECT 1 FROM participation fp WHERE fp.cop_id = {alias}.id \
                                 AND fp.state = 'ACCEPTED' AND fp.organisation_id = "
                            ),
                            "))",
                        )
                    }
                    "received_since" => (format!(" AND {alias}.created_at > "), ""),
                    "received_by" => (format!(" AND {alias}.created_at <= "), ""),
                    "kept_before" => (format!(" AND {alias}.retain_until < "), ""),
                    "ended_by" => (format!(" AND {alias}.ended_at <= "), ""),
                    other => return Err(Fault::new(format!("there is no filter {other}"))),
                };
                sql.push(&before).bind(cell.clone()).push(after);
            }
        }
    }
    Ok(())
}

/// The texts of a JSON list, one a row.
fn each(dialect: Dialect, alias: &str, column: &str) -> String {
    match dialect {
        Dialect::Postgres => format!("jsonb_array_elements_text({alias}.{column}) AS fs (value)"),
        Dialect::Sqlite => format!("json_each({alias}.{column}) fs"),
    }
}

/// Active front-runners of a CoP's host and of those that take part, without those who were put forward: all of it as far
/// as the viewer sees it. The CoP's id follows.
fn candidate(sql: &Sql, alias: &str) -> String {
    let seen = |table: &str, alias: &str| sql.seen(table, alias);
    format!(
        " AND {alias}.state = 'ACTIVE' AND EXISTS (SELECT 1 FROM cop fc WHERE {} AND ({alias}.tenant_id = fc.tenant_id \
         OR EXISTS (SELECT 1 FROM participation fp WHERE fp.cop_id = fc.id AND fp.organisation_id = {alias}.tenant_id \
         AND fp.state = 'ACCEPTED' AND {})) AND NOT EXISTS (SELECT 1 FROM membership fm WHERE fm.cop_id = fc.id \
         AND fm.person_id = {alias}.person_id AND fm.state IN ('NOMINATED','APPLIED','SELECTED','ACTIVE','COMPLETED') AND {}) \
         AND fc.status NOT IN ('CLOSED','CANCELLED') AND fc.id = ",
        seen("cop", "fc"),
        seen("participation", "fp"),
        seen("membership", "fm"),
    )
}

/// The sessions that somebody has to do with: of the CoPs that they are in or guide, and those that they are registered for.
/// Nobody is registered any more for one that was called off.
fn concerns(sql: &Sql, alias: &str) -> String {
    let seen = sql.seen("cop", "fc");
    let template = format!(
        " AND ({{t}}.cop_id IN (SELECT fm.cop_id FROM membership fm WHERE fm.person_id = {{person}} \
         AND fm.person_tenant_id = {{me}} AND fm.state IN ('SELECTED','ACTIVE','COMPLETED')) \
         OR {{t}}.cop_id IN (SELECT ff.cop_id FROM facilitation ff WHERE ff.person_id = {{person}} \
         AND ff.person_tenant_id = {{me}} AND ff.end_date IS NULL) \
         OR EXISTS (SELECT 1 FROM session_join fj WHERE fj.session_id = {{t}}.id AND fj.removed_at IS NULL AND EXISTS \
         (SELECT 1 FROM cop fc WHERE fc.id = fj.cop_id AND {seen}) AND (EXISTS \
         (SELECT 1 FROM membership fm WHERE fm.cop_id = fj.cop_id AND fm.person_id = {{person}} \
         AND fm.person_tenant_id = {{me}} AND fm.state IN ('SELECTED','ACTIVE','COMPLETED')) OR EXISTS \
         (SELECT 1 FROM facilitation ff WHERE ff.cop_id = fj.cop_id AND ff.person_id = {{person}} \
         AND ff.person_tenant_id = {{me}} AND ff.end_date IS NULL))) \
         OR EXISTS (SELECT 1 FROM registration fr WHERE fr.session_id = {{t}}.id AND fr.person_tenant_id = {{me}} \
         AND (fr.state <> 'CANCELLED' OR {{t}}.state = 'CANCELLED') AND fr.person_id = "
    );
    crate::sql::fill(sql.dialect, &template, alias)
}

/// Goes on after, or stops before, a place in the list. Rows without a value come last, in either direction.
fn place(sql: &mut Sql, page: &Page, alias: &str) {
    for (mark, from_end) in [(&page.after, false), (&page.before, true)] {
        let Some(mark) = mark else { continue };
        let sign = if page.sort.descending == from_end { ">" } else { "<" };
        let column = format!("{alias}.{}", page.sort.column);
        sql.push(" AND (");
        if mark.value == Cell::Null {
            sql.push(&format!("({column} IS NULL AND {alias}.id {sign} ")).bind(Cell::Uuid(mark.id)).push(")");
            if from_end {
                sql.push(&format!(" OR {column} IS NOT NULL"));
            }
        } else {
            sql.push(&format!("{column} {sign} ")).bind(mark.value.clone());
            sql.push(&format!(" OR ({column} = ")).bind(mark.value.clone());
            sql.push(&format!(" AND {alias}.id {sign} ")).bind(Cell::Uuid(mark.id)).push(")");
            if !from_end {
                sql.push(&format!(" OR {column} IS NULL"));
            }
        }
        sql.push(")");
    }
}

/// The columns by which lists are ordered and that may be empty. Only for these the place of empty values is said: an
/// index in the plain order answers the others from either end.
const MAY_BE_EMPTY: &[&str] = &["start_date", "published_at"];

/// The order of a page: its column, then the id; rows without a value last.
fn order(page: &Page, alias: &str) -> String {
    let way = if page.sort.descending != page.backwards { "DESC" } else { "ASC" };
    let nulls = match (MAY_BE_EMPTY.contains(&page.sort.column), page.backwards) {
        (false, _) => "",
        (true, true) => " NULLS FIRST",
        (true, false) => " NULLS LAST",
    };
    format!("{alias}.{} {way}{nulls}, {alias}.id {way}", page.sort.column)
}
