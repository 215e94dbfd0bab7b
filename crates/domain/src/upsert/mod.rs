//! Rows by their `externalId`: created, or brought up to date. Imports take many of them, a put takes one.

mod charter;
mod method;
mod project;
mod rows;
mod said;
mod series;
mod session;

use crate::{
    Code, Error, Id, Problem, Result,
    artefact::{self, Anchoring, Artefact, ArtefactState, Attachment, Comment},
    concept::Concept,
    cop::{self, Charter, Cop, CopStatus, Facilitation, FacilitationRole, Goal, Membership},
    ctx::Ctx,
    exchange::Exchange,
    guide::{Guide, GuideStep, StepProgress},
    import::RowOutcome,
    input,
    person::{self, Person},
    policy::{self, Permit},
    ports::{Event, Tx},
    project::{FrontRunner, FrontRunnerProject},
    publication::{self, Asked},
    record::{AsJson, Cell, Field, Record},
    scope::{Scope, TenantScope},
    session::{AgendaItem, ExpertContribution, Registration, Session, SessionCop, SessionSeries, Showing},
    theme::{self, Theme},
    visibility::Audience,
};
use chrono::NaiveDate;
use uuid::Uuid;

pub use rows::*;

/// Takes rows of the own organisation in.
pub struct Upsert<'a> {
    pub ctx: &'a Ctx,
    pub scope: &'a TenantScope,
    pub permit: &'a Permit,
    /// Whether states and dates are set as given.
    pub history: bool,
    /// The one row that is put: the id that a new one gets, and the version that was found, 0 for none.
    pub put: Option<(Uuid, i64)>,
}

/// What a put expects to find under its key.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expected {
    /// The version that the caller read; 0 if there must be no such row yet; whatever is there if left out.
    pub version: Option<i64>,
    /// Whether a row must be there already.
    pub must_exist: bool,
}

impl Expected {
    /// The row under the key, if it is as expected.
    async fn find<R: Record>(self, tx: &mut dyn Tx, scope: &TenantScope, external_id: &str) -> Result<Option<R>> {
        let row: Option<R> = own(tx, scope, external_id).await?;
        match (&row, self.version) {
            (None, Some(1..)) => Err(Error::conflict(Code::NotThere, "externalId", "")),
            (None, _) if self.must_exist => Err(Error::conflict(Code::NotThere, "externalId", "")),
            (Some(_), Some(0)) => Err(Error::conflict(Code::AlreadyThere, "externalId", "")),
            (Some(row), Some(version)) if version != row.base().version => {
                Err(Error::Stale { current: row.base().version })
            }
            _ => Ok(row),
        }
    }
}

macro_rules! puts {
    ($($(#[doc = $doc:literal])* $put:ident $action:literal $method:ident $record:ty, $row:ty, $scope:ident;)+) => {$(
        $(#[doc = $doc])*
        pub async fn $put(ctx: &Ctx, scope: &TenantScope, expected: Expected, row: $row) -> Result<$record> {
            scope.require(Scope::$scope)?;
            if scope.person().is_some() {
                // As imports are: a person would not see every row that holds a key of their organisation.
                return Err(Error::forbidden(Code::Forbidden, $action));
            }
            let mut check = input::Check::default();
            let external_id = check.external_id(Some(&row.external_id));
            check.that(external_id.is_some(), Code::Required, "externalId", "It is the key of the row.");
            check.done()?;
            let mut tx = ctx.store.begin(scope).await?;
            let found = expected.find::<$record>(&mut *tx, scope, &row.external_id).await?;
            let version = found.as_ref().map_or(0, |row| row.base().version);
            let about = found.unwrap_or_else(|| ctx.fresh(scope));
            let permit = policy::owner(scope, $action, &about)?;
            let upsert = Upsert { ctx, scope, permit: &permit, history: false, put: Some((about.base().id, version)) };
            upsert.$method(&mut *tx, row).await?;
            let row = tx.get(about.id).await?;
            tx.commit().await?;
            Ok(row)
        }
    )+};
}
puts! {
    /// Brings the theme with this `externalId` up to date, or makes it.
    put_theme "put a theme" theme Theme, ThemeRow, ThemesWrite;
    /// Brings the person with this `externalId` up to date, or adds them.
    put_person "put a person" person Person, PersonRow, PeopleWrite;
    /// Brings the CoP with this `externalId` up to date, or prepares it.
    put_cop "put a CoP" cop Cop, CopRow, CopsWrite;
    /// Brings the membership with this `externalId` up to date, or nominates the person.
    put_membership "put a membership" membership Membership, MembershipRow, MembershipsWrite;
    /// Brings the artefact with this `externalId` up to date, or starts it.
    put_artefact "put an artefact" artefact Artefact, ArtefactRow, ArtefactsWrite;
    /// Brings the front-runner project with this `externalId` up to date, or describes it.
    put_front_runner_project "put a project" front_runner_project FrontRunnerProject, FrontRunnerProjectRow, ProjectsWrite;
    /// Brings the front-runner with this `externalId` up to date, or adds them.
    put_front_runner "put a front-runner" front_runner FrontRunner, FrontRunnerRow, ProjectsWrite;
    /// Brings the exchange with this `externalId` up to date, or records it.
    put_exchange "put an exchange" exchange Exchange, ExchangeRow, ProjectsWrite;
    /// Brings the guide with this `externalId` up to date, or makes it.
    put_guide "put a guide" guide Guide, GuideRow, GuidesWrite;
    /// Brings the step with this `externalId` up to date, or adds it to its guide.
    put_guide_step "put a step" guide_step GuideStep, GuideStepRow, GuidesWrite;
    /// Brings the progress with this `externalId` up to date, or records it.
    put_step_progress "put a progress" step_progress StepProgress, StepProgressRow, CopsWrite;
    /// Brings the session with this `externalId` up to date, or plans it.
    put_session "put a session" session Session, SessionRow, SessionsWrite;
    /// Finds the series with this `externalId`, or plans it with its sessions.
    put_session_series "put a series" session_series SessionSeries, SessionSeriesRow, SessionsWrite;
    /// Finds the join with this `externalId`, or lets the CoP join the session.
    put_session_cop "let a CoP join a session" session_cop SessionCop, SessionCopRow, SessionsWrite;
    /// Brings the agenda item with this `externalId` up to date, or puts it on the agenda.
    put_agenda_item "put an agenda item" agenda_item AgendaItem, AgendaItemRow, SessionsWrite;
    /// Brings the contribution with this `externalId` up to date, or invites the expert.
    put_expert_contribution "put a contribution" expert_contribution ExpertContribution, ExpertContributionRow, SessionsWrite;
    /// Finds the registration with this `externalId`, or registers the person.
    put_registration "put a registration" registration Registration, RegistrationRow, SessionsWrite;
    /// Brings the anchoring with this `externalId` up to date, or plans it.
    put_anchoring "put an anchoring" anchoring Anchoring, AnchoringRow, ArtefactsWrite;
    /// Brings the charter with this `externalId` up to date, or drafts it.
    put_charter "put a charter" charter Charter, CharterRow, CopsWrite;
    /// Brings the goal with this `externalId` up to date, or adds it to its charter.
    put_goal "put a goal" goal Goal, GoalRow, CopsWrite;
    /// Finds the showing with this `externalId`, or says that the artefact was shown.
    put_showing "put a showing" showing Showing, ShowingRow, SessionsWrite;
    /// Finds the attachment with this `externalId`, or attaches the file.
    put_attachment "attach a file" attachment Attachment, AttachmentRow, ArtefactsWrite;
    /// Brings the comment with this `externalId` up to date, or posts it.
    put_comment "put a comment" comment Comment, CommentRow, ArtefactsWrite;
}

impl Upsert<'_> {
    /// The row with this `externalId`, or a new one.
    async fn existing<R: Record>(&self, tx: &mut dyn Tx, external_id: &str) -> Result<(R, bool)> {
        let found: Option<R> = own(tx, self.scope, external_id).await?;
        let current = found.as_ref().map_or(0, |row| row.base().version);
        if self.put.is_some_and(|(_, version)| version != current) {
            // Another change came in since it was looked at.
            return Err(if current == 0 { Error::Busy } else { Error::Stale { current } });
        }
        Ok(match found {
            Some(row) => (row, false),
            None => {
                let mut row: R = self.ctx.fresh(self.scope);
                if let Some((id, _)) = self.put {
                    row.stamp(id, self.scope.tenant(), self.ctx.now());
                }
                if self.history {
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
            tx.insert(self.permit, &row).await?;
            tx.emit(Event::of(&row, "created")).await?;
            return Ok((RowOutcome::Created, id));
        }
        if row.cells() == before.cells() && !beside_differs {
            return Ok((RowOutcome::Unchanged, id));
        }
        tx.update(self.permit, &mut row, self.ctx).await?;
        tx.emit(Event::of(&row, "updated")).await?;
        Ok((RowOutcome::Updated, id))
    }

    pub async fn theme(&self, tx: &mut dyn Tx, row: ThemeRow) -> Result<(RowOutcome, String)> {
        let (before, fresh) = self.existing::<Theme>(tx, &row.external_id).await?;
        let by_key = ("conceptExternalId", row.concept_external_id.as_ref());
        let concept = named::<Concept>(tx, self.scope, by_key, ("conceptId", row.concept_id)).await?;
        let concept_id = concept.map(|concept| concept.id);
        let cmd = theme::Create {
            external_id: Some(row.external_id),
            title: row.title,
            slug: row.slug.or_else(|| (!fresh).then(|| before.slug.clone())),
            summary: row.summary,
            description: row.description,
            concept_id,
            focus_area_ids: row.focus_area_ids.unwrap_or_else(|| before.focus_area_ids.0.clone()),
        };
        let mut after = cmd.fill(tx, before.clone()).await?;
        if fresh {
            after.audience = crate::concept::default_audience(tx, self.scope).await?;
        }
        self.put(tx, &before, after, fresh, false).await
    }

    pub async fn person(&self, tx: &mut dyn Tx, row: PersonRow) -> Result<(RowOutcome, String)> {
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
            retain_until: row.retain_until,
        };
        if !fresh && cmd.external != before.external {
            return Err(Error::conflict(
                Code::NotEditable,
                "external",
                "somebody stays an outsider, or of the organisation",
            ));
        }
        let after = cmd.fill(before.clone(), self.ctx.today())?;
        self.put(tx, &before, after, fresh, false).await
    }

    pub async fn cop(&self, tx: &mut dyn Tx, row: CopRow) -> Result<(RowOutcome, String)> {
        self.only_history("status", row.status.is_some())?;
        let (before, fresh) = self.existing::<Cop>(tx, &row.external_id).await?;
        self.may_set("status", &before, fresh, row.status.is_some_and(|status| status != before.status))?;
        let over = before.status.is_over();
        if over && row.status.map_or(!self.history, |status| status != before.status) {
            return Err(Error::conflict(Code::NotEditable, "status", before.status.label()));
        }
        // What is left out stays as it is.
        let mut faults = vec![];
        let by_key = ("conceptExternalId", row.concept_external_id.as_ref());
        let concept = named::<Concept>(tx, self.scope, by_key, ("conceptId", row.concept_id)).await;
        let concept_id = collect(&mut faults, concept)?.flatten().map(|concept| concept.id).or(before.concept_id);
        let by_key = ("themeExternalId", row.theme_external_id.as_ref());
        let theme = named::<Theme>(tx, self.scope, by_key, ("themeId", row.theme_id)).await;
        let theme_id = collect(&mut faults, theme)?.flatten().map(|theme| theme.id).or(before.theme_id);
        let by_key = ("facilitatorExternalId", row.facilitator_external_id.as_ref());
        let facilitator = named::<Person>(tx, self.scope, by_key, ("facilitatorId", row.facilitator_id)).await;
        let facilitator = collect(&mut faults, facilitator)?.flatten();
        let predecessor = row.predecessor_external_id.as_ref();
        let predecessor = refer_maybe::<Cop>(tx, self.scope, "predecessorExternalId", predecessor).await;
        let predecessor = collect(&mut faults, predecessor)?.flatten().map(|cop| cop.id);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
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
            element_ids: row.element_ids.unwrap_or_else(|| before.element_ids.0.clone()),
            start_date: row.start_date,
            planned_end_date: row.planned_end_date,
            listing_audience: kept(row.listing_audience, before.listing_audience),
            content_ceiling: kept(row.content_ceiling, before.content_ceiling),
            predecessor_id: predecessor.or(before.predecessor_id),
            capacity: row.capacity.or(before.capacity),
        };
        if !self.history {
            cmd.keeps_what_its_state_needs(&before, "themeExternalId")?;
        }
        let filled = cmd.fill(tx, before.clone()).await;
        let mut after = filled.map_err(|error| error.of_field("predecessorId", "predecessorExternalId"))?;
        if before.status != CopStatus::Draft && after.concept_id != before.concept_id {
            return Err(Error::conflict(Code::NotEditable, "conceptExternalId", before.status.label()));
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
            if after.ended_at.is_none() && status.is_over() {
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
        if !self.history || person.tenant_id != self.scope.tenant() {
            // It takes over now, or from the start of a CoP that had none.
            let start = start.filter(|date| current.is_none() && *date <= self.ctx.today());
            let part = (FacilitationRole::Facilitator, true, start);
            let placed = cop::facilitation::put_in_place(tx, self.ctx, self.permit, cop, person, part).await;
            let own = person.tenant_id == self.scope.tenant();
            let field = if own { "facilitatorExternalId" } else { "facilitatorId" };
            return placed.map(|_| true).map_err(|error| error.of_field("personId", field));
        }
        let today = self.ctx.today();
        if let Some(mut before) = current {
            before.end_date = Some(today);
            tx.update(self.permit, &mut before, self.ctx).await?;
            tx.emit(Event::of(&before, "ended")).await?;
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
        row.imported = true;
        tx.insert(self.permit, &row).await?;
        tx.emit(Event::of(&row, "created")).await?;
        Ok(true)
    }

    pub async fn artefact(&self, tx: &mut dyn Tx, row: ArtefactRow) -> Result<(RowOutcome, String)> {
        self.only_history("state", row.state.is_some())?;
        self.only_history("lessonState", row.lesson_state.is_some())?;
        self.only_history("publishedAt", row.published_at.is_some())?;
        let (before, fresh) = self.existing::<Artefact>(tx, &row.external_id).await?;
        let moves = row.lesson_state.is_some_and(|state| Some(state) != before.lesson_state);
        self.may_set("lessonState", &before, fresh, moves)?;
        self.may_set("state", &before, fresh, row.state.is_some_and(|state| state != before.state))?;
        if before.state == ArtefactState::Retired && !self.history {
            return Err(Error::conflict(Code::NotEditable, "externalId", before.state.label()));
        }
        let mut problems = vec![];
        if row.lesson_state.is_some() && row.kind != artefact::ArtefactKind::LessonLearned {
            problems.push(Problem::new(Code::InvalidValue, "lessonState", "only a lesson learned has one"));
        }
        // What is left out stays as it is.
        let by_key = ("themeExternalId", row.theme_external_id.as_ref());
        let theme = named::<Theme>(tx, self.scope, by_key, ("themeId", row.theme_id)).await;
        let theme_id = collect(&mut problems, theme)?.flatten().map(|theme| theme.id).or(before.theme_id);
        let by_key = ("copExternalId", row.cop_external_id.as_ref());
        let cop = named::<Cop>(tx, self.scope, by_key, ("copId", row.cop_id)).await;
        let cop_id = collect(&mut problems, cop)?.flatten().map(|cop| cop.id).or(before.cop_id);
        let by_key = ("sessionExternalId", row.session_external_id.as_ref());
        let session = named::<Session>(tx, self.scope, by_key, ("sessionId", row.session_id)).await;
        let session_id = collect(&mut problems, session)?.flatten().map(|session| session.id).or(before.session_id);
        if !before.is_draft() && !fresh && !self.history && cop_id != before.cop_id {
            // Those who reviewed it there have not seen it for another.
            let field = if row.cop_id.is_some() { "copId" } else { "copExternalId" };
            return Err(Error::conflict(Code::NotEditable, field, before.state.label()));
        }
        let mut authors: Vec<Id<Person>> = vec![];
        for id in &row.author_external_ids {
            let person = refer::<Person>(tx, self.scope, "authorExternalIds", id).await;
            authors.extend(collect(&mut problems, person)?.map(|person| person.id));
        }
        let by_goal_keys = row.goal_external_ids.is_some();
        let mut goals = row.goal_ids;
        for key in row.goal_external_ids.iter().flatten() {
            let goal = collect(&mut problems, refer::<Goal>(tx, self.scope, "goalExternalIds", key).await)?;
            goals.get_or_insert_default().extend(goal.map(|goal| goal.id));
        }
        if by_goal_keys {
            goals.get_or_insert_default();
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let said = row.audience;
        let goals_before = if fresh { vec![] } else { artefact::goals_of(tx, before.id).await? };
        let by_key = row.session_external_id.is_some();
        let cmd = artefact::Create {
            external_id: Some(row.external_id),
            cop_id,
            theme_id,
            session_id,
            element_ids: row.element_ids.unwrap_or_else(|| before.element_ids.0.clone()),
            kind: row.kind,
            title: row.title,
            summary: row.summary,
            body: row.body,
            source_url: row.source_url,
            language: row.language,
            licence: row.licence,
            tags: row.tags,
            audience: said.or((!fresh).then_some(before.audience)),
            author_ids: authors,
            goal_ids: goals.unwrap_or_else(|| goals_before.clone()),
        };
        let authors_before = if fresh { vec![] } else { artefact::written_by(tx, before.id).await? };
        let filled = cmd.fill(tx, self.scope, before.clone(), &authors_before, !self.history).await;
        let in_field = |error: Error| if by_key { error.of_field("sessionId", "sessionExternalId") } else { error };
        let (mut after, beside) = filled.map_err(in_field)?;
        let elsewhere = after.cop_tenant_id.is_some_and(|host| host != self.scope.tenant());
        // Once it is there, its own steps take it further: a file that is sent again undoes no review.
        if let Some(state) = row.state.filter(|_| fresh || !elsewhere || after.cop_id != before.cop_id) {
            after.state = state;
            if state != ArtefactState::Draft {
                after.review_comment = None;
                after.submitted_at = after.submitted_at.or(row.published_at).or_else(|| Some(self.ctx.now()));
            }
            if matches!(state, ArtefactState::Validated | ArtefactState::Retired) {
                after.validated_at = after.validated_at.or(row.published_at);
            }
        }
        if self.history {
            after.published_at = row.published_at;
            after.lesson_state = row.lesson_state.or(after.lesson_state);
        }
        let anew = fresh || (after.state, after.cop_id) != (before.state, before.cop_id);
        if elsewhere && anew && matches!(after.state, ArtefactState::Validated | ArtefactState::Retired) {
            let detail = "what is good in another organisation's CoP, its facilitators say";
            return Err(Error::invalid(Code::NotYours, "state", detail));
        }
        let rewritten = beside.authors != authors_before;
        let same_text = |a: &Artefact, b: &Artefact| a.says() == b.says() && !rewritten;
        if !fresh && !before.is_draft() && (!self.history || elsewhere) && !same_text(&before, &after) {
            // New text is handed in again, as by any other way.
            after.state = ArtefactState::Submitted;
            after.validated_at = None;
            artefact::has_content(&after)?;
        }
        let new_version = !after.is_draft() && (before.is_draft() || fresh || !same_text(&before, &after));
        if new_version && !fresh && before.submitted_at.is_some() {
            after.number += 1;
        }
        let version = new_version.then(|| {
            let imported = self.history && after.imported;
            artefact::ArtefactVersion { imported, ..artefact::snapshot(self.ctx, &after) }
        });
        if !fresh && said.is_some() {
            publication::narrow(tx, self.ctx, self.scope, self.permit, &after).await?;
        }
        let asked = Asked {
            audience: said.or((fresh || after.number == before.number).then_some(after.audience)),
            before: if fresh { after.audience } else { before.audience },
            contributors: beside.organisations(&after),
            // Only what comes in as history was published before it was here.
            at: after.published_at.filter(|_| self.history && fresh),
            again: false,
        };
        let pending = publication::follow(tx, self.ctx, self.scope, self.permit, &mut after, asked).await?;
        let beside_differs = rewritten || beside.goals != goals_before || pending.is_some();
        if elsewhere && (fresh || beside_differs || after.cells() != before.cells()) {
            // Who takes no part writes nothing there, nor what is said to be of the past.
            artefact::may_write_in(tx, self.scope, after.cop_id).await?;
        }
        let copy = after.clone();
        let outcome = self.put(tx, &before, after, fresh, beside_differs).await?;
        if outcome.0 != RowOutcome::Unchanged {
            beside.write(tx, self.permit, &copy, fresh).await?;
            if let Some(version) = version {
                tx.insert(self.permit, &version).await?;
            }
            if let Some(pending) = pending {
                pending.write(tx, self.ctx, self.scope, self.permit).await?;
            }
        }
        Ok(outcome)
    }

    /// The key as it is kept.
    fn key(&self, external_id: &str) -> Result<Option<String>> {
        let mut check = input::Check::default();
        let key = check.external_id(Some(external_id));
        check.done()?;
        Ok(key)
    }

    /// History sets states of rows that came in as history. One that lives here goes through its own steps.
    fn may_set<R: Record>(&self, field: &'static str, before: &R, fresh: bool, changes: bool) -> Result<()> {
        if changes && !fresh && !before.is_imported() {
            return Err(Error::conflict(Code::NotEditable, field, "it was made here, not imported"));
        }
        Ok(())
    }

    fn only_history(&self, field: &'static str, given: bool) -> Result<()> {
        if given && !self.history {
            return Err(Error::invalid(Code::InvalidValue, field, "it is set only by an import with history=true"));
        }
        Ok(())
    }
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
        let what = format!("{} with the externalId '{external_id}'", R::TABLE.name.replace('_', " "));
        Error::invalid(Code::UnknownReference, field, what)
    })
}

/// The same where it may be left out.
async fn refer_maybe<R: Record>(
    tx: &mut dyn Tx,
    scope: &TenantScope,
    field: &'static str,
    external_id: Option<&String>,
) -> Result<Option<R>> {
    match external_id {
        Some(id) => refer(tx, scope, field, id).await.map(Some),
        None => Ok(None),
    }
}

/// A row that is named in one of two ways: an own one by its key, one of another organisation by its id, as far as it may
/// be seen.
async fn named<R: Record>(
    tx: &mut dyn Tx,
    scope: &TenantScope,
    (by_key, key): (&'static str, Option<&String>),
    (by_id, id): (&'static str, Option<Id<R>>),
) -> Result<Option<R>> {
    match (key, id) {
        (Some(_), Some(_)) => Err(Error::invalid(Code::InvalidValue, by_id, format!("this or {by_key}, not both"))),
        (Some(key), None) => refer(tx, scope, by_key, key).await.map(Some),
        (None, Some(id)) => tx.refer(by_id, id).await.map(Some),
        (None, None) => Ok(None),
    }
}

/// The same for what must be named.
async fn must_name<R: Record>(
    tx: &mut dyn Tx,
    scope: &TenantScope,
    key: (&'static str, Option<&String>),
    id: (&'static str, Option<Id<R>>),
) -> Result<R> {
    let (by_key, by_id) = (key.0, id.0);
    let missing = || Error::invalid(Code::Required, by_key, format!("This or {by_id}."));
    named(tx, scope, key, id).await?.ok_or_else(missing)
}

/// What meets another change of a row beside the one that is named is done again.
fn again<T>(done: Result<T>) -> Result<T> {
    match done {
        Err(Error::Stale { .. }) => Err(Error::Busy),
        other => other,
    }
}

/// Refuses what would make of a row another one.
fn stays(holds: bool, field: &'static str, detail: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::conflict(Code::NotEditable, field, detail)) }
}

/// The same for each of several fields, all that differ at once.
fn all_stay<const N: usize>(fields: [(&'static str, bool); N], detail: &str) -> Result<()> {
    let problem = |(field, _)| Problem::new(Code::NotEditable, field, detail);
    let differ: Vec<_> = fields.into_iter().filter(|(_, same)| !same).map(problem).collect();
    if differ.is_empty() { Ok(()) } else { Err(Error::Conflict(differ)) }
}

/// Refuses a second row of what there can be one of.
fn only_one<R: Record>(there: Option<R>, than: Uuid, field: &'static str) -> Result<()> {
    match there.map(|row| row.base().id).filter(|id| *id != than) {
        Some(other) => Err(Error::conflict(Code::AlreadyExists, field, crate::id::join(R::TABLE.prefix, other))),
        None => Ok(()),
    }
}
