//! Imports: rows that come in by their `externalId`, are created or brought up to date, and can be sent again without
//! harm. A wrong row is reported and stops no other.

use crate::{
    Code, Error, Id, Problem, Result,
    artefact::{self, Artefact, ArtefactKind, ArtefactState},
    concept::Concept,
    cop::{self, Cop, CopStatus, Facilitation, FacilitationRole, Membership, MembershipRole, MembershipState, settle},
    ctx::Ctx,
    input, labels,
    person::{self, Person, PersonState},
    policy::{self, Permit},
    ports::{Event, Tx, Write},
    record,
    record::{AsJson, Cell, Field, Record},
    scope::{Scope, TenantScope},
    theme::{self, Theme},
    visibility::Audience,
};
use chrono::{DateTime, NaiveDate, Utc};
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
        match self.job.collection {
            ImportCollection::Themes => self.theme(tx, parse(text)?).await,
            ImportCollection::People => self.person(tx, parse(text)?).await,
            ImportCollection::Cops => self.cop(tx, parse(text)?).await,
            ImportCollection::Memberships => self.membership(tx, parse(text)?).await,
            ImportCollection::Artefacts => self.artefact(tx, parse(text)?).await,
        }
    }

    /// The row with this `externalId`, or a new one.
    async fn existing<R: Record>(&self, tx: &mut dyn Tx, external_id: &str) -> Result<(R, bool)> {
        Ok(match own(tx, self.scope, external_id).await? {
            Some(row) => (row, false),
            None => {
                let mut row: R = self.ctx.fresh(self.scope);
                if self.job.history {
                    row.mark_imported();
                }
                (row, true)
            }
        })
    }

    /// Writes a row if it is new or differs from what is there.
    async fn put<R: Record>(
        &self,
        tx: &mut dyn Tx,
        before: &R,
        mut row: R,
        fresh: bool,
        beside_differs: bool,
    ) -> Result<(RowOutcome, String)> {
        let id = crate::id::join(R::TABLE.prefix, row.base().id);
        if fresh {
            tx.insert(&self.permit, &row).await?;
            tx.emit(Event::of(&row, "created")).await?;
            return Ok((RowOutcome::Created, id));
        }
        if row.cells() == before.cells() && !beside_differs {
            return Ok((RowOutcome::Unchanged, id));
        }
        tx.update(&self.permit, &mut row, self.ctx).await?;
        tx.emit(Event::of(&row, "updated")).await?;
        Ok((RowOutcome::Updated, id))
    }

    async fn theme(&self, tx: &mut dyn Tx, row: ThemeRow) -> Result<(RowOutcome, String)> {
        let (before, fresh) = self.existing::<Theme>(tx, &row.external_id).await?;
        let concept_id = match &row.concept_external_id {
            Some(id) => Some(refer::<Concept>(tx, self.scope, "conceptExternalId", id).await?.id),
            None => None,
        };
        let cmd = theme::Create {
            external_id: Some(row.external_id),
            title: row.title,
            slug: row.slug.or_else(|| (!fresh).then(|| before.slug.clone())),
            summary: row.summary,
            description: row.description,
            concept_id,
            focus_area_ids: before.focus_area_ids.0.clone(),
        };
        let mut after = cmd.fill(tx, before.clone()).await?;
        if fresh {
            after.audience = crate::concept::default_audience(tx, self.scope).await?;
        }
        self.put(tx, &before, after, fresh, false).await
    }

    async fn person(&self, tx: &mut dyn Tx, row: PersonRow) -> Result<(RowOutcome, String)> {
        let (before, fresh) = self.existing::<Person>(tx, &row.external_id).await?;
        let cmd = person::Create {
            external_id: Some(row.external_id),
            display_name: row.display_name,
            email: row.email,
            portrait_url: row.portrait_url,
            job_title: row.job_title,
            expertise: row.expertise,
            language: row.language,
            discoverable: row.discoverable,
            external: row.external,
            affiliation: row.affiliation,
            tenant_role: before.tenant_role,
        };
        let after = cmd.fill(before.clone())?;
        self.put(tx, &before, after, fresh, false).await
    }

    async fn cop(&self, tx: &mut dyn Tx, row: CopRow) -> Result<(RowOutcome, String)> {
        self.only_history("status", row.status.is_some())?;
        let (before, fresh) = self.existing::<Cop>(tx, &row.external_id).await?;
        self.may_set("status", &before, fresh, row.status.is_some_and(|status| status != before.status))?;
        let over = matches!(before.status, CopStatus::Closed | CopStatus::Cancelled);
        if over && row.status.map_or(!self.job.history, |status| status != before.status) {
            return Err(Error::conflict(Code::NotEditable, "status", before.status.label()));
        }
        let concept_id = match &row.concept_external_id {
            Some(id) => Some(refer::<Concept>(tx, self.scope, "conceptExternalId", id).await?.id),
            None => before.concept_id,
        };
        let theme_id = match &row.theme_external_id {
            Some(id) => Some(refer::<Theme>(tx, self.scope, "themeExternalId", id).await?.id),
            None => None,
        };
        let facilitator = match &row.facilitator_external_id {
            Some(id) => Some(refer::<Person>(tx, self.scope, "facilitatorExternalId", id).await?),
            None => None,
        };
        // What a row leaves out of these stays as it is: they are settings, and no part of what it describes.
        let kept = |new: Option<Audience>, old| new.or((!fresh).then_some(old));
        let cmd = cop::Create {
            external_id: Some(row.external_id),
            title: row.title,
            slug: row.slug.or_else(|| (!fresh).then(|| before.slug.clone())),
            summary: row.summary,
            description: row.description,
            cover_url: row.cover_url,
            concept_id,
            theme_id,
            element_ids: before.element_ids.0.clone(),
            start_date: row.start_date,
            planned_end_date: row.planned_end_date,
            listing_audience: kept(row.listing_audience, before.listing_audience),
            content_ceiling: kept(row.content_ceiling, before.content_ceiling),
            predecessor_id: before.predecessor_id,
        };
        let mut after = cmd.fill(tx, before.clone()).await?;
        if before.status != CopStatus::Draft {
            if after.theme_id.is_none() && !self.job.history {
                return Err(Error::invalid(Code::Required, "themeExternalId", "It can be empty only in a draft."));
            }
            if after.concept_id != before.concept_id {
                return Err(Error::conflict(Code::NotEditable, "conceptExternalId", before.status.label()));
            }
        }
        if let Some(status) = row.status {
            after.status = status;
            if after.profile.0.is_none() && status >= CopStatus::Active && status != CopStatus::Cancelled {
                // From here on the CoP keeps the method that its concept has now.
                let concept = match after.concept_id {
                    Some(id) => tx.find(id).await?,
                    None => None,
                };
                after.profile = AsJson(Some(concept.map(|concept: Concept| concept.profile.0).unwrap_or_default()));
            }
            if after.activated_at.is_none() && status >= CopStatus::Active && status != CopStatus::Cancelled {
                after.activated_at = row.start_date.and_then(|date| date.and_hms_opt(0, 0, 0)).map(|at| at.and_utc());
            }
            if after.ended_at.is_none() && matches!(status, CopStatus::Closed | CopStatus::Cancelled) {
                after.ended_at = row.ended_at.or_else(|| Some(self.ctx.now()));
            }
        }
        let cop = after.clone();
        // The facilitation goes in after the CoP that it points at.
        let mut outcome = self.put(tx, &before, after, fresh, false).await?;
        if let Some(person) = facilitator
            && self.facilitated(tx, &cop, &person, row.start_date).await?
            && outcome.0 == RowOutcome::Unchanged
        {
            outcome.0 = RowOutcome::Updated;
        }
        Ok(outcome)
    }

    /// Makes the person the primary facilitator, if they are not yet. Says whether anything changed.
    async fn facilitated(&self, tx: &mut dyn Tx, cop: &Cop, person: &Person, start: Option<NaiveDate>) -> Result<bool> {
        let rows: Vec<Facilitation> =
            tx.list(&[("cop_id", cop.id.to_cell()), ("is_primary", Cell::Bool(true))]).await?;
        let current = rows.into_iter().find(|row| row.end_date.is_none());
        if current.as_ref().is_some_and(|row| row.person_id == person.id) {
            return Ok(false);
        }
        if cop.status != CopStatus::Draft
            && !self.job.history
            && !cop::facilitation::may_provide(tx, cop, person.tenant_id).await?
        {
            let detail = "their organisation does not provide the facilitator";
            return Err(Error::conflict(Code::NotEligible, "facilitatorExternalId", detail));
        }
        let today = self.ctx.today();
        if let Some(mut before) = current {
            before.end_date = Some(today);
            tx.update(&self.permit, &mut before, self.ctx).await?;
        }
        let mut row = Facilitation {
            cop_id: cop.id,
            person_id: person.id,
            person_tenant_id: person.tenant_id,
            role: FacilitationRole::Facilitator,
            is_primary: true,
            start_date: start.unwrap_or(today),
            ..self.ctx.fresh(self.scope)
        };
        row.imported = self.job.history;
        tx.insert(&self.permit, &row).await?;
        Ok(true)
    }

    async fn membership(&self, tx: &mut dyn Tx, row: MembershipRow) -> Result<(RowOutcome, String)> {
        self.only_history("state", row.state.is_some())?;
        let (before, fresh) = self.existing::<Membership>(tx, &row.external_id).await?;
        self.may_set("state", &before, fresh, row.state.is_some_and(|state| state != before.state))?;
        let cop: Cop = refer(tx, self.scope, "copExternalId", &row.cop_external_id).await?;
        let person: Person = refer(tx, self.scope, "personExternalId", &row.person_external_id).await?;
        if person.state != PersonState::Active {
            return Err(Error::conflict(Code::NotEligible, "personExternalId", person.state.label()));
        }
        if !fresh && (cop.id != before.cop_id || person.id != before.person_id) {
            let detail = "a membership stays that of one person in one CoP";
            return Err(Error::conflict(Code::NotEditable, "externalId", detail));
        }
        let early = matches!(before.state, MembershipState::Nominated | MembershipState::Applied);
        if !fresh && !self.job.history && !early && row.role != before.role {
            return Err(Error::conflict(Code::NotEditable, "role", before.state.label()));
        }
        if fresh && !self.job.history && !matches!(cop.status, CopStatus::Recruiting | CopStatus::Active) {
            return Err(Error::conflict(Code::CopNotOpen, "copExternalId", cop.status.label()));
        }
        let others: Vec<Membership> =
            tx.list(&[("cop_id", cop.id.to_cell()), ("person_id", person.id.to_cell())]).await?;
        if let Some(other) = others.iter().find(|other| other.id != before.id) {
            return Err(Error::conflict(Code::AlreadyExists, "personExternalId", other.id.to_string()));
        }
        let mut after = before.clone();
        after.external_id = Some(row.external_id);
        after.cop_id = cop.id;
        after.person_id = person.id;
        after.person_tenant_id = person.tenant_id;
        after.role = row.role;
        after.motivation = row.motivation;
        if let Some(state) = row.state {
            after.state = state;
            if !matches!(state, MembershipState::Nominated | MembershipState::Applied | MembershipState::Rejected) {
                // Who imports vouches for the person's own yes; where nobody wrote down when it was given, from now on.
                let given = after.person_accepted_at.or(row.since_at);
                after.person_accepted_at = given.or_else(|| Some(self.ctx.now()));
            }
        }
        self.put(tx, &before, after, fresh, false).await
    }

    async fn artefact(&self, tx: &mut dyn Tx, row: ArtefactRow) -> Result<(RowOutcome, String)> {
        self.only_history("state", row.state.is_some())?;
        self.only_history("publishedAt", row.published_at.is_some())?;
        let (before, fresh) = self.existing::<Artefact>(tx, &row.external_id).await?;
        self.may_set("state", &before, fresh, row.state.is_some_and(|state| state != before.state))?;
        if before.state == ArtefactState::Retired && !self.job.history {
            return Err(Error::conflict(Code::NotEditable, "externalId", before.state.label()));
        }
        let mut problems = vec![];
        let theme_id = match &row.theme_external_id {
            Some(id) => {
                collect(&mut problems, refer::<Theme>(tx, self.scope, "themeExternalId", id).await)?.map(|row| row.id)
            }
            None => None,
        };
        let cop_id = match &row.cop_external_id {
            Some(id) => {
                collect(&mut problems, refer::<Cop>(tx, self.scope, "copExternalId", id).await)?.map(|row| row.id)
            }
            None => None,
        };
        let mut authors: Vec<Id<Person>> = vec![];
        for id in &row.author_external_ids {
            let person = refer::<Person>(tx, self.scope, "authorExternalIds", id).await;
            authors.extend(collect(&mut problems, person)?.map(|person| person.id));
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let cmd = artefact::Create {
            external_id: Some(row.external_id),
            cop_id,
            theme_id,
            kind: row.kind,
            title: row.title,
            summary: row.summary,
            body: row.body,
            source_url: row.source_url,
            language: row.language,
            licence: row.licence,
            tags: row.tags,
            audience: row.audience,
            author_ids: authors,
            goal_ids: if fresh { vec![] } else { artefact::goals_of(tx, before.id).await? },
        };
        let authors_before = if fresh { vec![] } else { artefact::authors_of(tx, before.id).await? };
        let (mut after, beside) = cmd.fill(tx, self.scope, before.clone(), !self.job.history).await?;
        if let Some(state) = row.state {
            after.state = state;
            if state != ArtefactState::Draft {
                after.submitted_at = after.submitted_at.or(row.published_at).or_else(|| Some(self.ctx.now()));
            }
            if matches!(state, ArtefactState::Validated | ArtefactState::Retired) {
                after.validated_at = after.validated_at.or(row.published_at);
            }
        }
        if self.job.history {
            after.published_at = row.published_at;
        }
        let same_text = |a: &Artefact, b: &Artefact| a.says() == b.says();
        if !fresh && !before.is_draft() && !self.job.history && !same_text(&before, &after) {
            // New text is handed in again, as by any other way.
            after.state = ArtefactState::Submitted;
            after.validated_at = None;
        }
        let new_version = !after.is_draft() && (before.is_draft() || fresh || !same_text(&before, &after));
        if new_version && !fresh && before.submitted_at.is_some() {
            after.number += 1;
        }
        let beside_differs = beside.authors != authors_before;
        let version = new_version.then(|| artefact::snapshot(self.ctx, &after));
        let copy = after.clone();
        let outcome = self.put(tx, &before, after, fresh, beside_differs).await?;
        if outcome.0 != RowOutcome::Unchanged {
            beside.write(tx, &self.permit, &copy, fresh).await?;
            if let Some(version) = version {
                tx.insert(&self.permit, &version).await?;
            }
        }
        Ok(outcome)
    }

    /// History sets states of rows that came in as history. One that lives here goes through its own steps.
    fn may_set<R: Record>(&self, field: &'static str, before: &R, fresh: bool, changes: bool) -> Result<()> {
        if changes && !fresh && !before.is_imported() {
            return Err(Error::conflict(Code::NotEditable, field, "it was made here, not imported"));
        }
        Ok(())
    }

    fn only_history(&self, field: &'static str, given: bool) -> Result<()> {
        if given && !self.job.history {
            return Err(Error::invalid(Code::InvalidValue, field, "it is set only by an import with history=true"));
        }
        Ok(())
    }
}

/// A piece of the input for a report: no database keeps U+0000, and nobody reads more than this.
fn shown(text: &str) -> String {
    text.chars().take(input::EXTERNAL_ID * 2).map(|c| if c == '\0' { '\u{fffd}' } else { c }).collect()
}

/// Keeps what is the input's fault, so that one row shows all its faults at once.
fn collect<T>(problems: &mut Vec<Problem>, result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Invalid(found)) => {
            problems.extend(found);
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

async fn own<R: Record>(tx: &mut dyn Tx, scope: &TenantScope, external_id: &str) -> Result<Option<R>> {
    let external_id = input::normal(external_id);
    if external_id.chars().any(char::is_control) {
        return Ok(None);
    }
    tx.first(&[("tenant_id", scope.tenant().to_cell()), ("external_id", Cell::Text(external_id))]).await
}

async fn refer<R: Record>(tx: &mut dyn Tx, scope: &TenantScope, field: &'static str, external_id: &str) -> Result<R> {
    let found = own(tx, scope, external_id).await?;
    found.ok_or_else(|| {
        let what = format!("{} with the externalId '{external_id}'", R::TABLE.name);
        Error::invalid(Code::UnknownReference, field, what)
    })
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::invalid(Code::RowUnreadable, "", error.to_string()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Key {
    external_id: Option<String>,
}

/// One line of an import of themes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ThemeRow {
    external_id: String,
    title: String,
    slug: Option<String>,
    summary: Option<String>,
    description: Option<String>,
    concept_external_id: Option<String>,
}

/// One line of an import of people.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonRow {
    external_id: String,
    display_name: String,
    email: Option<String>,
    portrait_url: Option<String>,
    job_title: Option<String>,
    #[serde(default)]
    expertise: Vec<String>,
    language: Option<String>,
    #[serde(default)]
    discoverable: bool,
    #[serde(default)]
    external: bool,
    affiliation: Option<String>,
}

/// One line of an import of CoPs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CopRow {
    external_id: String,
    title: String,
    slug: Option<String>,
    summary: Option<String>,
    description: Option<String>,
    cover_url: Option<String>,
    concept_external_id: Option<String>,
    theme_external_id: Option<String>,
    facilitator_external_id: Option<String>,
    start_date: Option<NaiveDate>,
    planned_end_date: Option<NaiveDate>,
    listing_audience: Option<Audience>,
    content_ceiling: Option<Audience>,
    status: Option<CopStatus>,
    ended_at: Option<DateTime<Utc>>,
}

/// One line of an import of memberships.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MembershipRow {
    external_id: String,
    cop_external_id: String,
    person_external_id: String,
    #[serde(default)]
    role: MembershipRole,
    motivation: Option<String>,
    state: Option<MembershipState>,
    since_at: Option<DateTime<Utc>>,
}

/// One line of an import of artefacts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArtefactRow {
    external_id: String,
    #[serde(default)]
    kind: ArtefactKind,
    title: String,
    summary: Option<String>,
    body: Option<String>,
    source_url: Option<String>,
    language: Option<String>,
    licence: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    audience: Option<Audience>,
    theme_external_id: Option<String>,
    cop_external_id: Option<String>,
    #[serde(default)]
    author_external_ids: Vec<String>,
    state: Option<ArtefactState>,
    published_at: Option<DateTime<Utc>>,
}
