//! The hot reads: what portals send all day. `plan` writes the statements, one thin executor per database runs them in
//! one snapshot, and `assemble` makes the rows into trees.

mod plan;
mod postgres;
mod search;
mod sqlite;
mod tls;

use crate::{
    db::{Dialect, OpenError, Settings},
    sql::Viewer,
};
use evolva_domain::{
    Code, Error, Fault, Problem,
    query::{Branch, Place, Query, Select, Sort, Tree},
    record::Cell,
    scope::TenantScope,
};
use plan::{Kind, Plan};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use uuid::Uuid;

/// Nothing is read for longer than this.
pub const DEADLINE: Duration = Duration::from_secs(10);

static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// How many statements the hot reads of this process have run, for tests that count them.
pub fn statements_run() -> u64 {
    STATEMENTS.load(Ordering::Relaxed)
}

/// The rows of each statement, in order.
type Answers = Vec<Vec<Vec<Cell>>>;

/// Why a read did not answer.
pub enum ReadError {
    Deadline,
    Fault(Fault),
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Deadline => {
                Error::Conflict(vec![Problem::new(Code::DeadlineExceeded, "", format!("{} s", DEADLINE.as_secs()))])
            }
            ReadError::Fault(fault) => fault.into(),
        }
    }
}

pub enum Reader {
    Sqlite(sqlite::Sqlite),
    Postgres(Box<postgres::Postgres>),
}

impl Reader {
    pub async fn open(settings: &Settings, dialect: Dialect) -> Result<Self, OpenError> {
        Ok(match dialect {
            Dialect::Sqlite => Self::Sqlite(sqlite::Sqlite::open(settings)?),
            Dialect::Postgres => Self::Postgres(Box::new(postgres::Postgres::open(settings).await?)),
        })
    }

    pub fn close(&self) {
        match self {
            Self::Sqlite(sqlite) => sqlite.close(),
            Self::Postgres(postgres) => postgres.close(),
        }
    }

    pub async fn read(&self, scope: &TenantScope, queries: &[Query]) -> Result<Vec<Branch>, Error> {
        let dialect = if matches!(self, Self::Sqlite(_)) { Dialect::Sqlite } else { Dialect::Postgres };
        let viewer = Viewer::of(scope);
        let plan = Plan::of(dialect, viewer, queries)?;
        let answers = self.run(viewer, &plan).await?;
        Ok(assemble(&plan, answers, queries.len()))
    }

    async fn run(&self, viewer: Viewer, plan: &Plan<'_>) -> Result<Answers, Error> {
        for statement in &plan.statements {
            crate::cells::fit(&statement.sql.args)?;
        }
        STATEMENTS.fetch_add(plan.statements.len() as u64, Ordering::Relaxed);
        let start = Instant::now();
        let answers = match self {
            Self::Sqlite(sqlite) => sqlite.run(plan).await?,
            Self::Postgres(postgres) => postgres.run(viewer, plan).await?,
        };
        metrics::histogram!("evolva_statement_seconds", "kind" => "read").record(start.elapsed());
        Ok(answers)
    }
}

/// Makes rows into trees, the innermost lists first, so that each finds its children ready.
fn assemble(plan: &Plan<'_>, answers: Answers, roots: usize) -> Vec<Branch> {
    let mut rows: HashMap<usize, Vec<Vec<Cell>>> = HashMap::new();
    let mut totals: HashMap<usize, HashMap<Uuid, u64>> = HashMap::new();
    for (statement, answer) in plan.statements.iter().zip(answers) {
        match statement.kind {
            Kind::Rows(list) => {
                rows.insert(list, answer);
            }
            Kind::Total(list) => {
                let of = |mut row: Vec<Cell>| match (row.pop(), row.pop()) {
                    (Some(Cell::Int(count)), Some(Cell::Uuid(parent))) => (parent, count as u64),
                    (Some(Cell::Int(count)), _) => (Uuid::nil(), count as u64),
                    _ => (Uuid::nil(), 0),
                };
                totals.insert(list, answer.into_iter().map(of).collect());
            }
        }
    }
    let mut done: HashMap<usize, HashMap<Uuid, Vec<Tree>>> = HashMap::new();
    for (place, list) in plan.lists.iter().enumerate().rev() {
        let children: Vec<_> = (place + 1..plan.lists.len())
            .filter_map(|child| {
                let (parent, key) = plan.lists[child].parent?;
                (parent == place).then_some((child, key))
            })
            .collect();
        let mut names = HashMap::new();
        let mut grouped: HashMap<Uuid, Vec<Tree>> = HashMap::new();
        for row in rows.remove(&place).unwrap_or_default() {
            let mut cells = row.into_iter();
            let parent = match list.parent {
                Some(_) => match cells.next() {
                    Some(Cell::Uuid(id)) => id,
                    _ => continue,
                },
                None => Uuid::nil(),
            };
            let mut tree = one_tree(list.select, &mut cells, &mut names);
            attach(&mut tree, list.select, &children, &done, &totals);
            if let (Some(Sort { .. }), Some(Cell::Uuid(id))) = (list.sort, tree.cells.first().cloned()) {
                tree.place = cells.next().map(|value| Place { value, id });
            }
            grouped.entry(parent).or_default().push(tree);
        }
        done.insert(place, grouped);
    }
    (0..roots)
        .map(|place| {
            let rows = done.get_mut(&place).and_then(|grouped| grouped.remove(&Uuid::nil())).unwrap_or_default();
            let total = totals.get(&place).map(|totals| totals.get(&Uuid::nil()).copied().unwrap_or(0));
            Branch { rows, total, page: plan.roots[place] }
        })
        .collect()
}

type Names = HashMap<*const Select, Arc<[&'static str]>>;

fn one_tree(select: &Select, cells: &mut std::vec::IntoIter<Cell>, names: &mut Names) -> Tree {
    let known = names.entry(std::ptr::from_ref(select)).or_insert_with(|| select.columns.as_slice().into()).clone();
    let mut tree = Tree { cells: cells.by_ref().take(known.len()).collect(), names: known, ..Tree::default() };
    for one in &select.ones {
        let child = one_tree(&one.select, cells, names);
        // A row that was not found has no id.
        let there = child.cells.first().is_some_and(|id| *id != Cell::Null);
        tree.ones.push((one.relation, there.then(|| Box::new(child))));
    }
    tree
}

/// Hangs the lists of a row, and of the single rows joined to it, into its tree.
fn attach(
    tree: &mut Tree,
    select: &Select,
    children: &[(usize, &str)],
    done: &HashMap<usize, HashMap<Uuid, Vec<Tree>>>,
    totals: &HashMap<usize, HashMap<Uuid, u64>>,
) {
    let Some(Cell::Uuid(id)) = tree.cells.first().cloned() else { return };
    for many in &select.manys {
        let Some((list, _)) = children.iter().find(|(_, key)| *key == many.key) else { continue };
        let rows = done.get(list).and_then(|grouped| grouped.get(&id)).cloned().unwrap_or_default();
        let total = totals.get(list).map(|totals| totals.get(&id).copied().unwrap_or(0));
        tree.manys.push((many.relation, many.key.clone(), Branch { rows, total, page: Some((&many.page).into()) }));
    }
    for (one, (_, child)) in select.ones.iter().zip(&mut tree.ones) {
        if let Some(child) = child {
            attach(child, &one.select, children, done, totals);
        }
    }
}
