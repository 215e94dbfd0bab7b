//! Imports: rows that come in by their `externalId`, are created or brought up to date, and can be sent again without
//! harm. A wrong row is reported and stops no other.

use crate::{
    Code, Error, Problem, Result,
    cop::{Cop, settle},
    ctx::Ctx,
    input, labels,
    policy::{self, Permit},
    ports::{Tx, Write},
    record,
    record::{Cell, Field},
    scope::{Scope, TenantScope},
    upsert::Upsert,
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::HashMap;

labels! {
    /// What an import's rows are.
    ImportCollection {
        /// Themes.
        Themes = "THEMES" / "Thema's",
        /// People of the own organisation.
        People = "PEOPLE" / "Personen",
        /// CoPs that the own organisation hosts.
        Cops = "COPS" / "CoP's",
        /// Memberships of the own people in those CoPs.
        Memberships = "MEMBERSHIPS" / "Lidmaatschappen",
        /// Artefacts of the own organisation.
        Artefacts = "ARTEFACTS" / "Artefacten",
    }
}

impl ImportCollection {
    /// The scope that writes such rows one by one, which an import of them needs too.
    pub fn scope(self) -> Scope {
        match self {
            Self::Themes => Scope::ThemesWrite,
            Self::People => Scope::PeopleWrite,
            Self::Cops => Scope::CopsWrite,
            Self::Memberships => Scope::MembershipsWrite,
            Self::Artefacts => Scope::ArtefactsWrite,
        }
    }
}

labels! {
    /// How an import is doing.
    ImportState {
        /// Rows are coming in.
        Running = "RUNNING" / "Bezig",
        /// Every row was looked at.
        Completed = "COMPLETED" / "Voltooid",
        /// It broke off. What it had committed stays; send the file again.
        Failed = "FAILED" / "Mislukt",
    }
}

labels! {
    /// What became of a row.
    RowOutcome {
        /// There was none with this `externalId`.
        Created = "CREATED" / "Aangemaakt",
        /// It was brought up to date.
        Updated = "UPDATED" / "Gewijzigd",
        /// It was already as the row says.
        Unchanged = "UNCHANGED" / "Ongewijzigd",
        /// It was refused; its errors say why.
        Failed = "FAILED" / "Mislukt",
    }
}

record! {
    ImportJob("import_job", "imp") {
        collection: ImportCollection,
        state: ImportState,
        dry_run: bool,
        history: bool,
        rows_read: i64,
        created: i64,
        updated: i64,
        unchanged: i64,
        failed: i64,
        finished_at: Option<DateTime<Utc>>,
    }
}

/// What became of one row.
#[derive(Debug, Clone)]
pub struct RowResult {
    pub line: i64,
    pub external_id: Option<String>,
    pub outcome: RowOutcome,
    pub id: Option<String>,
    pub problems: Vec<Problem>,
}

pub struct Start {
    pub collection: ImportCollection,
    pub dry_run: bool,
    pub history: bool,
}

/// A line of the file, or why it cannot be read at all.
pub struct Line {
    pub number: i64,
    pub text: Result<String, Problem>,
}

impl Line {
    /// The row's key, as it is kept.
    fn external_id(&self) -> Option<String> {
        let key: Key = serde_json::from_str(self.text.as_ref().ok()?).ok()?;
        key.external_id.map(|id| input::normal(&id))
    }
}

/// How many rows are committed together.
pub const BATCH: usize = 100;

/// An import that is running: feed it batches of lines, then finish it.
pub struct Running<'a> {
    ctx: &'a Ctx,
    scope: &'a TenantScope,
    pub job: ImportJob,
    permit: Permit,
    seen: HashMap<String, i64>,
}

/// Opens an import job.
pub async fn start<'a>(ctx: &'a Ctx, scope: &'a TenantScope, cmd: Start) -> Result<Running<'a>> {
    scope.require(Scope::ImportsWrite)?;
    scope.require(cmd.collection.scope())?;
    if cmd.history {
        scope.require(Scope::ImportsHistory)?;
    }
    let job = ImportJob { collection: cmd.collection, dry_run: cmd.dry_run, history: cmd.history, ..ctx.fresh(scope) };
    let permit = policy::owner(scope, "import", &job)?;
    let mut tx = ctx.store.begin(scope).await?;
    // One that a lost connection or server left behind has not moved for a while.
    for mut stale in tx.list::<ImportJob>(&[("state", ImportState::Running.to_cell())]).await? {
        if ctx.now() - stale.updated_at > chrono::Duration::minutes(2) {
            stale.state = ImportState::Failed;
            tx.update(&permit, &mut stale, ctx).await?;
        }
    }
    tx.create(&permit, &job).await?;
    Ok(Running { ctx, scope, job, permit, seen: HashMap::new() })
}

impl Running<'_> {
    /// Takes numbered lines of the file and commits what is right of them, with their results and the job's progress.
    /// Where another change came in between, the batch is done again.
    pub async fn batch(&mut self, lines: &[Line]) -> Result<()> {
        let before = (self.job.clone(), self.seen.clone());
        for _ in 0..5 {
            match self.try_batch(lines).await {
                Err(Error::Busy | Error::Stale { .. }) => (self.job, self.seen) = before.clone(),
                done => return done,
            }
        }
        Err(Error::Busy)
    }

    async fn try_batch(&mut self, lines: &[Line]) -> Result<()> {
        let mut tx = self.ctx.store.begin(self.scope).await?;
        let mut results = Vec::with_capacity(lines.len());
        // Imports that meet take their keys in one order, so that none waits for another that waits for it.
        let mut in_order: Vec<_> = lines.iter().map(|line| (line.external_id(), line)).collect();
        in_order.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (_, line) in in_order {
            results.push(match &line.text {
                Ok(text) => self.row(&mut *tx, line, text).await?,
                Err(problem) => RowResult {
                    line: line.number,
                    external_id: None,
                    outcome: RowOutcome::Failed,
                    id: None,
                    problems: vec![problem.clone()],
                },
            });
        }
        results.sort_by_key(|result| result.line);
        if self.job.dry_run {
            drop(tx);
            tx = self.ctx.store.begin(self.scope).await?;
        }
        for result in &results {
            let count = match result.outcome {
                RowOutcome::Created => &mut self.job.created,
                RowOutcome::Updated => &mut self.job.updated,
                RowOutcome::Unchanged => &mut self.job.unchanged,
                RowOutcome::Failed => &mut self.job.failed,
            };
            *count += 1;
        }
        self.job.rows_read += results.len() as i64;
        tx.update(&self.permit, &mut self.job, self.ctx).await?;
        tx.write(&self.permit, self.result_rows(&results)).await?;
        tx.commit().await
    }

    fn result_rows(&self, results: &[RowResult]) -> Write {
        let rows = results.iter().map(|result| {
            let problems: Vec<_> = result
                .problems
                .iter()
                .map(|problem| {
                    serde_json::json!({
                        "code": problem.code.label(), "field": problem.field, "detail": shown(&problem.detail),
                    })
                })
                .collect();
            vec![
                self.job.tenant_id.to_cell(),
                self.job.id.to_cell(),
                Cell::Int(result.line),
                result.external_id.as_deref().map(shown).to_cell(),
                result.outcome.to_cell(),
                result.id.to_cell(),
                Cell::Json(problems.into()),
            ]
        });
        Write::Append {
            table: "import_result",
            columns: &["tenant_id", "job_id", "line", "external_id", "outcome", "row_id", "problems"],
            rows: rows.collect(),
        }
    }

    /// Ends the job. What later rows mean for kept counts is brought up to date here.
    pub async fn finish(mut self, state: ImportState) -> Result<ImportJob> {
        if self.job.collection == ImportCollection::Memberships && !self.job.dry_run {
            let cops: Vec<Cop> =
                self.ctx.store.begin(self.scope).await?.list(&[("tenant_id", self.scope.tenant().to_cell())]).await?;
            for cop in cops {
                settle::soon(self.ctx, cop.tenant_id, cop.id).await;
            }
        }
        self.job.state = state;
        self.job.finished_at = Some(self.ctx.now());
        let tx = self.ctx.store.begin(self.scope).await?;
        tx.save(&self.permit, &mut self.job, self.ctx, "finished").await?;
        Ok(self.job)
    }

    async fn row(&mut self, tx: &mut dyn Tx, line: &Line, text: &str) -> Result<RowResult> {
        let external_id = line.external_id();
        let line = line.number;
        tx.mark().await?;
        let answer = match &external_id {
            Some(id) if !id.is_empty() => match self.seen.get(id) {
                Some(first) => Err(Error::conflict(Code::DuplicateInFile, "externalId", first.to_string())),
                None => {
                    self.seen.insert(id.clone(), line);
                    self.upsert(tx, text).await
                }
            },
            _ => match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text) {
                Ok(_) => Err(Error::invalid(Code::Required, "externalId", "It is the key of the row.")),
                Err(error) => Err(Error::invalid(Code::RowUnreadable, "", error.to_string())),
            },
        };
        let (outcome, id, problems) = match answer {
            Ok((outcome, id)) => {
                tx.keep().await?;
                (outcome, Some(id), vec![])
            }
            Err(error @ (Error::Fault(_) | Error::Busy)) => return Err(error),
            // Another import made the row since we looked: looked again, it is there.
            Err(Error::Conflict(problems)) if problems.iter().any(|one| one.code == Code::JustMade) => {
                return Err(Error::Busy);
            }
            Err(error) => {
                // Nothing of a refused row stays.
                tx.roll_back().await?;
                (RowOutcome::Failed, None, error.problems())
            }
        };
        Ok(RowResult { line, external_id, outcome, id, problems })
    }

    async fn upsert(&self, tx: &mut dyn Tx, text: &str) -> Result<(RowOutcome, String)> {
        let upsert =
            Upsert { ctx: self.ctx, scope: self.scope, permit: &self.permit, history: self.job.history, put: None };
        match self.job.collection {
            ImportCollection::Themes => upsert.theme(tx, parse(text)?).await,
            ImportCollection::People => upsert.person(tx, parse(text)?).await,
            ImportCollection::Cops => upsert.cop(tx, parse(text)?).await,
            ImportCollection::Memberships => upsert.membership(tx, parse(text)?).await,
            ImportCollection::Artefacts => upsert.artefact(tx, parse(text)?).await,
        }
    }
}

/// A piece of the input for a report: no database keeps U+0000, and nobody reads more than this.
fn shown(text: &str) -> String {
    text.chars().take(input::EXTERNAL_ID * 2).map(|c| if c == '\0' { '\u{fffd}' } else { c }).collect()
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::invalid(Code::RowUnreadable, "", error.to_string()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Key {
    external_id: Option<String>,
}
