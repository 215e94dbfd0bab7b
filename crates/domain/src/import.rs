//! Imports: rows that come in by their `externalId`, are created or brought up to date, and can be sent again without
//! harm. A wrong row is reported and stops no other.

use crate::{
    Code, Error, Problem, Result,
    cop::{Cop, settle},
    ctx::Ctx,
    input, labels,
    policy::{self, Permit},
    ports::{Tx, Write},
    read, record,
    record::{Cell, Field},
    scope::{Scope, TenantScope},
    upsert::Upsert,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, de::DeserializeOwned};
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
        /// Front-runner projects of the own organisation.
        FrontRunnerProjects = "FRONT_RUNNER_PROJECTS" / "Koploperprojecten",
        /// The people in them.
        FrontRunners = "FRONT_RUNNERS" / "Koplopers",
        /// Guides of the own organisation.
        Guides = "GUIDES" / "Handreikingen",
        /// Their steps.
        GuideSteps = "GUIDE_STEPS" / "Stappen van handreikingen",
        /// How far those CoPs are with the steps of guides.
        StepProgress = "STEP_PROGRESS" / "Voortgang van stappen",
        /// Sessions of those CoPs, and own clinics and network meetings.
        Sessions = "SESSIONS" / "Bijeenkomsten",
        /// Series of regular sessions of those CoPs.
        SessionSeries = "SESSION_SERIES" / "Bijeenkomstenreeksen",
        /// Which of those CoPs join which of those sessions.
        SessionCops = "SESSION_COPS" / "Gezamenlijke bijeenkomsten",
        /// What is on the agenda of those sessions.
        AgendaItems = "AGENDA_ITEMS" / "Agendapunten",
        /// Their experts from outside.
        ExpertContributions = "EXPERT_CONTRIBUTIONS" / "Bijdragen van experts",
        /// Who comes to them, and who was there.
        Registrations = "REGISTRATIONS" / "Aanmeldingen",
        /// Strengths that own projects passed to others.
        Exchanges = "EXCHANGES" / "Uitwisselingen",
        /// Where artefacts are embedded in the own organisation's practice.
        Anchorings = "ANCHORINGS" / "Borgingen",
        /// Charters of those CoPs.
        Charters = "CHARTERS" / "Charters",
        /// Goals of those charters.
        Goals = "GOALS" / "Doelen",
        /// Artefacts that were shown at own clinics and network meetings.
        Showings = "SHOWINGS" / "Vertoningen",
        /// Files of own artefacts, of what was uploaded.
        Attachments = "ATTACHMENTS" / "Bijlagen",
        /// What the own organisation said about artefacts.
        Comments = "COMMENTS" / "Reacties",
    }
}

impl ImportCollection {
    /// The scope that writes such rows one by one, which an import of them needs too.
    pub fn scope(self) -> Scope {
        match self {
            Self::Themes => Scope::ThemesWrite,
            Self::People => Scope::PeopleWrite,
            Self::Cops | Self::StepProgress | Self::Charters | Self::Goals => Scope::CopsWrite,
            Self::Memberships => Scope::MembershipsWrite,
            Self::Sessions
            | Self::SessionSeries
            | Self::SessionCops
            | Self::AgendaItems
            | Self::ExpertContributions
            | Self::Registrations
            | Self::Showings => Scope::SessionsWrite,
            Self::Guides | Self::GuideSteps => Scope::GuidesWrite,
            Self::FrontRunnerProjects | Self::FrontRunners | Self::Exchanges => Scope::ProjectsWrite,
            Self::Artefacts | Self::Anchorings | Self::Attachments | Self::Comments => Scope::ArtefactsWrite,
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
    /// The row's key, as it is kept, and that of the row which it answers or follows up.
    fn keys(&self) -> (Option<String>, Option<String>) {
        let key = self.text.as_ref().ok().and_then(|text| serde_json::from_str::<Key>(text).ok());
        let normal = |id: Option<String>| id.map(|id| input::normal(&id));
        key.map_or((None, None), |key| {
            (normal(key.external_id), normal(key.parent_external_id.or(key.predecessor_external_id)))
        })
    }
}

/// The lines of a batch with their keys, in the order in which they are taken: what is answered or followed up first, else
/// by their keys, so that of imports that meet none waits for another that waits for it.
fn in_order(lines: &[Line]) -> Vec<(Option<String>, &Line)> {
    let keys: Vec<_> = lines.iter().map(Line::keys).collect();
    let parents: HashMap<_, _> =
        keys.iter().filter_map(|(key, parent)| Some((key.clone()?, parent.clone()?))).collect();
    let depth = |key: &Option<String>| {
        let above = std::iter::successors(key.as_ref(), |key| parents.get(*key));
        // Rows that answer each other in a ring are refused, in whatever order.
        above.take(lines.len() + 1).count()
    };
    let mut all: Vec<_> = keys.iter().zip(lines).map(|((key, _), line)| (depth(key), key.clone(), line)).collect();
    all.sort_by(|(a, key_a, _), (b, key_b, _)| (a, key_a).cmp(&(b, key_b)));
    all.into_iter().map(|(_, key, line)| (key, line)).collect()
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
        for (external_id, line) in in_order(lines) {
            results.push(match &line.text {
                Ok(text) => self.row(&mut *tx, line, external_id, text).await?,
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
        for result in &mut results {
            if self.job.dry_run && result.outcome == RowOutcome::Created {
                // Nothing has this id: a later run makes another one.
                result.id = None;
            }
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

    async fn row(
        &mut self,
        tx: &mut dyn Tx,
        line: &Line,
        external_id: Option<String>,
        text: &str,
    ) -> Result<RowResult> {
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
                Ok(row) if row.get("externalId").is_some_and(|id| !id.is_null() && !id.is_string()) => {
                    Err(Error::invalid(Code::InvalidValue, "externalId", "a text"))
                }
                Ok(row) if row.get("externalId").and_then(|id| id.as_str()).is_some_and(|id| !id.is_empty()) => {
                    Err(Error::invalid(Code::RowUnreadable, "", "a field stands there twice"))
                }
                Ok(_) => Err(Error::invalid(Code::Required, "externalId", "It is the key of the row.")),
                Err(error) => Err(unreadable(&error)),
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
            ImportCollection::FrontRunnerProjects => upsert.front_runner_project(tx, parse(text)?).await,
            ImportCollection::FrontRunners => upsert.front_runner(tx, parse(text)?).await,
            ImportCollection::Guides => upsert.guide(tx, parse(text)?).await,
            ImportCollection::GuideSteps => upsert.guide_step(tx, parse(text)?).await,
            ImportCollection::StepProgress => upsert.step_progress(tx, parse(text)?).await,
            ImportCollection::Sessions => upsert.session(tx, parse(text)?).await,
            ImportCollection::SessionSeries => upsert.session_series(tx, parse(text)?).await,
            ImportCollection::SessionCops => upsert.session_cop(tx, parse(text)?).await,
            ImportCollection::AgendaItems => upsert.agenda_item(tx, parse(text)?).await,
            ImportCollection::ExpertContributions => upsert.expert_contribution(tx, parse(text)?).await,
            ImportCollection::Registrations => upsert.registration(tx, parse(text)?).await,
            ImportCollection::Exchanges => upsert.exchange(tx, parse(text)?).await,
            ImportCollection::Anchorings => upsert.anchoring(tx, parse(text)?).await,
            ImportCollection::Charters => upsert.charter(tx, parse(text)?).await,
            ImportCollection::Goals => upsert.goal(tx, parse(text)?).await,
            ImportCollection::Showings => upsert.showing(tx, parse(text)?).await,
            ImportCollection::Attachments => upsert.attachment(tx, parse(text)?).await,
            ImportCollection::Comments => upsert.comment(tx, parse(text)?).await,
        }
    }
}

/// A piece of the input for a report: no database keeps U+0000, and nobody reads more than this.
fn shown(text: &str) -> String {
    text.chars().take(input::EXTERNAL_ID * 2).map(|c| if c == '\0' { '\u{fffd}' } else { c }).collect()
}

/// A row that is no JSON: what is wrong, and where in the row.
fn unreadable(error: &serde_json::Error) -> Error {
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or_default();
    Error::invalid(Code::RowUnreadable, "", format!("{what}, column {}", error.column()))
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    if let Ok(row) = serde_json::from_str(text) {
        return Ok(row);
    }
    let value = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
    Err(match read::<T>(&value) {
        // The parser of the whole takes the last of them.
        Ok(_) => Error::invalid(Code::RowUnreadable, "", "a field stands there twice"),
        Err(problems) if problems.iter().any(|one| one.field.is_empty()) => {
            Error::invalid(Code::RowUnreadable, "", "an object")
        }
        Err(problems) => Error::Invalid(problems),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Key {
    external_id: Option<String>,
    parent_external_id: Option<String>,
    predecessor_external_id: Option<String>,
}
