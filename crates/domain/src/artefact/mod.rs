//! Artefacts: what a community brings forth, and where it is embedded in practice.

mod anchoring;
pub mod attachment;
pub mod comment;
mod content;
pub mod lesson;
pub mod metadata;
pub mod template;

use crate::{
    Code, Error, Id, Result,
    concept::ConceptElement,
    cop::{Cop, Facilitation, Goal, acting, membership::organisation_is_in, transition},
    ctx::Ctx,
    input::{self, Check, Patch},
    labels,
    organisation::Organisation,
    person::Person,
    policy::{self, Deed, Permit},
    ports::{Event, Tx},
    publication::{self, Asked},
    record,
    record::{AsJson, Cell, Field, Record},
    scope::{Scope, TenantScope},
    session::Session,
    theme::Theme,
    visibility::Audience,
};
use chrono::{DateTime, Utc};

pub(crate) use anchoring::review_has_passed;
pub use anchoring::{
    ANCHORING_STEPS, Anchoring, AnchoringState, PlanAnchoring, UpdateAnchoring, anchor, lapse, plan_anchoring,
    update_anchoring,
};
pub use attachment::Attachment;
pub use comment::{COMMENT_STEPS, Comment, CommentState};
pub use content::{Author, Beside, Create};
pub use lesson::{LESSON_STEPS, LessonState, LessonStep};
pub use template::{Section, Template};

labels! {
    /// What an artefact is.
    ArtefactKind {
        /// A best practice.
        BestPractice = "BEST_PRACTICE" / "Best practice",
        /// A lesson learned.
        LessonLearned = "LESSON_LEARNED" / "Geleerde les",
        /// An experience (*ervaring*).
        Experience = "EXPERIENCE" / "Ervaring",
        /// An insight (*inzicht*).
        Insight = "INSIGHT" / "Inzicht",
        /// An outcome (*uitkomst*).
        Outcome = "OUTCOME" / "Uitkomst",
        /// A practical aid (*praktisch handvat*).
        PracticalAid = "PRACTICAL_AID" / "Praktisch handvat",
    }
}

labels! {
    /// Where the current version of an artefact is in its life.
    ArtefactState {
        /// Being written: only its authors see it, and their organisation's own token.
        Draft = "DRAFT" / "Concept",
        /// Handed in, to those who facilitate the CoP.
        Submitted = "SUBMITTED" / "Ingediend",
        /// Found good.
        Validated = "VALIDATED" / "Gevalideerd",
        /// No longer recommended.
        Retired = "RETIRED" / "Ingetrokken",
    }
}

pub const STEPS: &[(ArtefactState, ArtefactState)] = &[
    (ArtefactState::Draft, ArtefactState::Submitted),
    (ArtefactState::Submitted, ArtefactState::Draft),
    (ArtefactState::Submitted, ArtefactState::Validated),
    (ArtefactState::Validated, ArtefactState::Retired),
];

record! {
    Artefact("artefact", "art") {
        cop_id: Option<Id<Cop>>,
        cop_tenant_id: Option<Id<Organisation>>,
        theme_id: Option<Id<Theme>>,
        /// The session that it came from.
        session_id: Option<Id<Session>>,
        /// The elements of the concept that it is about.
        element_ids: AsJson<Vec<Id<ConceptElement>>>,
        kind: ArtefactKind,
        title: String,
        summary: Option<String>,
        body: Option<String>,
        source_url: Option<String>,
        language: Option<String>,
        licence: Option<String>,
        tags: AsJson<Vec<String>>,
        state: ArtefactState,
        audience: Audience,
        /// The number of the current version, from 1.
        number: i64,
        submitted_at: Option<DateTime<Utc>>,
        validated_at: Option<DateTime<Utc>>,
        published_at: Option<DateTime<Utc>>,
        /// How far a lesson learned is; no other kind has it. It is not part of what a version says.
        lesson_state: Option<LessonState>,
        /// What was asked when it was sent back, until it is handed in again.
        review_comment: Option<String>,
    }
}

record! {
    /// One version of an artefact, as it was handed in. It never changes.
    ArtefactVersion("artefact_version", "arv") {
        artefact_id: Id<Artefact>,
        number: i64,
        title: String,
        summary: Option<String>,
        body: Option<String>,
        source_url: Option<String>,
        language: Option<String>,
        licence: Option<String>,
        kind: Option<ArtefactKind>,
        tags: Option<AsJson<Vec<String>>>,
    }
}

/// Starts an artefact, as a draft of the own organisation.
pub async fn create(ctx: &Ctx, scope: &TenantScope, mut cmd: Create) -> Result<Artefact> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    // Who writes in person is an author.
    if let Some(person) = scope.person().filter(|person| !cmd.author_ids.contains(person)) {
        cmd.author_ids.insert(0, person);
    }
    let (row, beside) = cmd.fill(&mut *tx, scope, ctx.fresh(scope), &[], true).await?;
    tx.free_external_id(&row).await?;
    let authors: Vec<_> = beside.authors.iter().map(|(person, _)| *person).collect();
    let permit = by_authors(scope, "write an artefact", &row, &authors)?;
    tx.insert(&permit, &row).await?;
    beside.write(&mut *tx, &permit, &row, true).await?;
    tx.emit(Event::of(&row, "created")).await?;
    tx.commit().await?;
    Ok(row)
}

#[derive(Default)]
pub struct Update {
    pub id: Id<Artefact>,
    pub version: Option<i64>,
    pub theme_id: Patch<Id<Theme>>,
    pub session_id: Patch<Id<Session>>,
    pub element_ids: Option<Vec<Id<ConceptElement>>>,
    pub kind: Option<ArtefactKind>,
    pub title: Option<String>,
    pub summary: Patch<String>,
    pub body: Patch<String>,
    pub source_url: Patch<String>,
    pub language: Patch<String>,
    pub licence: Patch<String>,
    pub tags: Option<Vec<String>>,
    pub audience: Option<Audience>,
    pub author_ids: Option<Vec<Id<Person>>>,
    pub goal_ids: Option<Vec<Id<Goal>>>,
}

/// Changes an artefact. After it was handed in, an edit makes a new version, which is handed in again.
pub async fn update(ctx: &Ctx, scope: &TenantScope, cmd: Update) -> Result<Artefact> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let row = tx.get_at(cmd.id, cmd.version).await?;
    let written_by = written_by(&mut *tx, row.id).await?;
    let authors: Vec<_> = written_by.iter().map(|(person, _)| *person).collect();
    let permit = by_authors(scope, "change an artefact", &row, &authors)?;
    if cmd.only_narrows(&row) {
        return narrow(tx, ctx, scope, &permit, row, cmd.audience.unwrap_or_default()).await;
    }
    if row.state == ArtefactState::Retired {
        return Err(Error::conflict(Code::NotEditable, "", row.state.label()));
    }
    may_write_in(&mut *tx, scope, row.cop_id).await?;
    let before = row.clone();
    let asked = cmd.audience;
    let authors = cmd.author_ids.unwrap_or(authors);
    let goals = match cmd.goal_ids {
        Some(ids) => ids,
        None => goals_of(&mut *tx, row.id).await?,
    };
    let mut all = Create {
        external_id: row.external_id.clone(),
        cop_id: row.cop_id,
        theme_id: row.theme_id,
        session_id: row.session_id,
        element_ids: cmd.element_ids.unwrap_or_else(|| row.element_ids.0.clone()),
        kind: cmd.kind.unwrap_or(row.kind),
        title: cmd.title.unwrap_or_else(|| row.title.clone()),
        summary: row.summary.clone(),
        body: row.body.clone(),
        source_url: row.source_url.clone(),
        language: row.language.clone(),
        licence: row.licence.clone(),
        tags: cmd.tags.unwrap_or_else(|| row.tags.0.clone()),
        audience: Some(cmd.audience.unwrap_or(row.audience)),
        author_ids: authors,
        goal_ids: goals,
    };
    cmd.theme_id.apply(&mut all.theme_id);
    cmd.session_id.apply(&mut all.session_id);
    cmd.summary.apply(&mut all.summary);
    cmd.body.apply(&mut all.body);
    cmd.source_url.apply(&mut all.source_url);
    cmd.language.apply(&mut all.language);
    cmd.licence.apply(&mut all.licence);
    let (mut row, beside) = all.fill(&mut *tx, scope, row, &written_by, true).await?;
    let rewritten = beside.authors != written_by;
    if row.state != ArtefactState::Draft && (before.says() != row.says() || rewritten) {
        row.number += 1;
        row.state = ArtefactState::Submitted;
        row.validated_at = None;
        has_content(&row)?;
        tx.insert(&permit, &snapshot(ctx, &row)).await?;
    }
    if asked.is_some() {
        publication::narrow(&mut *tx, ctx, scope, &permit, &row).await?;
    }
    let asked = Asked {
        // What is left out stays; a draft keeps what it is to ask for.
        audience: asked.or((row.number == before.number).then_some(row.audience)),
        before: before.audience,
        contributors: beside.organisations(&row),
        at: None,
        again: asked.is_some(),
    };
    let pending = publication::follow(&mut *tx, ctx, scope, &permit, &mut row, asked).await?;
    tx.update(&permit, &mut row, ctx).await?;
    beside.write(&mut *tx, &permit, &row, false).await?;
    if let Some(pending) = pending {
        pending.write(&mut *tx, ctx, scope, &permit).await?;
    }
    tx.emit(Event::of(&row, "updated")).await?;
    tx.commit().await?;
    Ok(row)
}

impl Update {
    /// Whether all that is asked is that fewer should see it.
    fn only_narrows(&self, row: &Artefact) -> bool {
        let texts = [&self.summary, &self.body, &self.source_url, &self.language, &self.licence];
        self.audience.is_some_and(|audience| audience <= row.audience)
            && self.theme_id == Patch::Keep
            && self.session_id == Patch::Keep
            && self.element_ids.is_none()
            && self.kind.is_none()
            && self.title.is_none()
            && texts.into_iter().all(|text| *text == Patch::Keep)
            && self.tags.is_none()
            && self.author_ids.is_none()
            && self.goal_ids.is_none()
    }
}

/// Shows an artefact to fewer. Its owner may do so at any time, whatever became of the CoP or of its part in it.
async fn narrow(
    mut tx: Box<dyn Tx>,
    ctx: &Ctx,
    scope: &TenantScope,
    permit: &Permit,
    mut row: Artefact,
    audience: Audience,
) -> Result<Artefact> {
    row.audience = audience;
    publication::narrow(&mut *tx, ctx, scope, permit, &row).await?;
    tx.save(permit, &mut row, ctx, "narrowed").await?;
    Ok(row)
}

/// Refuses to work on in a CoP that the organisation, or the acting person, does not take part in, or no longer.
pub(crate) async fn may_write_in(tx: &mut dyn Tx, scope: &TenantScope, cop: Option<Id<Cop>>) -> Result<()> {
    let Some(id) = cop else { return Ok(()) };
    let left = || Error::forbidden(Code::Forbidden, "write in a CoP that you do not take part in");
    let cop = tx.find(id).await?.ok_or_else(left)?;
    let part = acting::part_of(tx, scope, &cop).await?;
    if part.facilitator || part.coordinator {
        return Ok(());
    }
    organisation_is_in(tx, &cop, scope.tenant()).await.map_err(|error| match error {
        Error::Conflict(_) => left(),
        other => other,
    })?;
    if scope.is_admin() || part.member { Ok(()) } else { Err(left()) }
}

/// Leave for the admin of the organisation that owns it, and for each of its authors in that organisation.
fn by_authors<R: Record>(
    scope: &TenantScope,
    action: &'static str,
    row: &R,
    authors: &[Id<Person>],
) -> Result<policy::Permit> {
    policy::owner(scope, action, row).or_else(|refused| {
        if row.base().tenant == scope.tenant() { policy::in_person(scope, action, row, authors) } else { Err(refused) }
    })
}

pub(crate) async fn authors_of(tx: &mut dyn Tx, id: Id<Artefact>) -> Result<Vec<Id<Person>>> {
    ids_fact(tx, id, "fact_author_ids").await
}

/// The same, each with the organisation that contributes with them.
pub(crate) async fn written_by(tx: &mut dyn Tx, id: Id<Artefact>) -> Result<Vec<Author>> {
    let organisations: Vec<_> = ids_fact(tx, id, "fact_author_tenant_ids").await?;
    Ok(authors_of(tx, id).await?.into_iter().zip(organisations).collect())
}

/// Which organisations contributed, the owner first.
pub(crate) async fn contributors(tx: &mut dyn Tx, row: &Artefact) -> Result<Vec<Id<Organisation>>> {
    let of_authors: Vec<_> = ids_fact(tx, row.id, "fact_author_tenant_ids").await?;
    Ok(organisations(row, of_authors.into_iter()))
}

fn organisations(row: &Artefact, of_authors: impl Iterator<Item = Id<Organisation>>) -> Vec<Id<Organisation>> {
    let mut all = vec![row.tenant_id];
    for one in of_authors {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

pub(crate) async fn goals_of(tx: &mut dyn Tx, id: Id<Artefact>) -> Result<Vec<Id<Goal>>> {
    ids_fact(tx, id, "fact_goal_ids").await
}

/// Ids of a side table, as the comma-separated text that both databases can make of them.
async fn ids_fact<K>(tx: &mut dyn Tx, id: Id<Artefact>, name: &'static str) -> Result<Vec<Id<K>>> {
    let cells = tx.facts(Artefact::TABLE, id.uuid(), &[name]).await?.unwrap_or_default();
    let Some(Cell::Text(text)) = cells.into_iter().next() else { return Ok(vec![]) };
    Ok(text.split(',').filter_map(|part| part.parse().ok()).map(Id::new).collect())
}

/// The immutable copy of what an artefact says now.
pub fn snapshot(ctx: &Ctx, row: &Artefact) -> ArtefactVersion {
    ArtefactVersion {
        artefact_id: row.id,
        number: row.number,
        title: row.title.clone(),
        summary: row.summary.clone(),
        body: row.body.clone(),
        source_url: row.source_url.clone(),
        language: row.language.clone(),
        licence: row.licence.clone(),
        kind: Some(row.kind),
        tags: Some(row.tags.clone()),
        ..ctx.fresh_for(row.tenant_id)
    }
}

pub(crate) fn has_content(row: &Artefact) -> Result<()> {
    if row.body.is_some() || row.source_url.is_some() {
        Ok(())
    } else {
        Err(Error::conflict(Code::BodyMissing, "body", ""))
    }
}

/// Hands a draft in. What it says now becomes an immutable version.
pub async fn submit(ctx: &Ctx, scope: &TenantScope, id: Id<Artefact>) -> Result<Artefact> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let authors = authors_of(&mut *tx, row.id).await?;
    let permit = by_authors(scope, "hand an artefact in", &row, &authors)?;
    transition(row.state, ArtefactState::Submitted, STEPS)?;
    may_write_in(&mut *tx, scope, row.cop_id).await?;
    if let Some(cop) = row.cop_id {
        let cop = tx.get(cop).await?;
        if cop.status.is_over() {
            return Err(Error::conflict(Code::CopNotOpen, "", cop.status.label()));
        }
    }
    has_content(&row)?;
    // The first draft is version 1; one that was sent back goes on as the next.
    if row.submitted_at.is_some() {
        row.number += 1;
    }
    row.state = ArtefactState::Submitted;
    row.submitted_at = Some(ctx.now());
    row.review_comment = None;
    tx.insert(&permit, &snapshot(ctx, &row)).await?;
    let asked = Asked {
        audience: (row.audience != Audience::Members).then_some(row.audience),
        before: row.audience,
        contributors: contributors(&mut *tx, &row).await?,
        at: None,
        again: true,
    };
    let pending = publication::follow(&mut *tx, ctx, scope, &permit, &mut row, asked).await?;
    tx.update(&permit, &mut row, ctx).await?;
    if let Some(pending) = pending {
        pending.write(&mut *tx, ctx, scope, &permit).await?;
    }
    tx.emit(Event::of(&row, "submitted")).await?;
    tx.commit().await?;
    Ok(row)
}

/// Finds an artefact good. For those who facilitate or coordinate its CoP.
pub async fn validate(ctx: &Ctx, scope: &TenantScope, id: Id<Artefact>) -> Result<Artefact> {
    review(ctx, scope, id, ArtefactState::Validated, "validated", None).await
}

/// Sends an artefact back to its authors, with what is asked of them. For those who facilitate or coordinate its CoP.
pub async fn send_back(ctx: &Ctx, scope: &TenantScope, id: Id<Artefact>, comment: Option<String>) -> Result<Artefact> {
    let mut check = Check::default();
    let comment = check.optional_text("comment", comment.as_deref(), input::REASON);
    check.done()?;
    review(ctx, scope, id, ArtefactState::Draft, "sent-back", comment).await
}

async fn review(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Artefact>,
    to: ArtefactState,
    verb: &'static str,
    comment: Option<String>,
) -> Result<Artefact> {
    scope.require(Scope::ArtefactsValidate)?;
    let mut tx = ctx.store.begin(scope).await?;
    let row = tx.get(id).await?;
    // An organisation reviews through the facilitators and coordinators that it provides; what is of no CoP, itself.
    let reviewer = match row.cop_id {
        None => row.tenant_id,
        Some(cop) => {
            let provided = [("cop_id", cop.to_cell()), ("person_tenant_id", scope.tenant().to_cell())];
            let facilitations: Vec<Facilitation> = tx.list(&provided).await?;
            let now = facilitations.iter().any(|row| row.end_date.is_none());
            if now { scope.tenant() } else { Id::default() }
        }
    };
    let permit = match row.cop_id {
        // In person it is for those who facilitate or coordinate, whoever is an admin at home.
        Some(cop) if scope.person().is_some() => {
            let cop = tx.find(cop).await?.ok_or_else(|| Error::forbidden(Code::Forbidden, verb))?;
            let part = acting::part_of(&mut *tx, scope, &cop).await?;
            policy::by_part(part, Deed::Review, cop.status, verb, &row)?
        }
        _ => policy::any_of(scope, verb, &row, &[reviewer])?,
    };
    transition(row.state, to, STEPS)?;
    drop(tx);
    // The row is its owner's, so the owner's scope writes it; the audit row there says who did it.
    let mut tx = ctx.store.begin(&scope.for_owner(row.tenant_id)).await?;
    let mut row = tx.get_at(id, Some(row.version)).await?;
    row.state = to;
    row.validated_at = (to == ArtefactState::Validated).then(|| ctx.now());
    row.review_comment = comment;
    if to == ArtefactState::Draft {
        publication::close_open(&mut *tx, ctx, &permit, row.id, |_| true).await?;
    }
    tx.save(&permit, &mut row, ctx, verb).await?;
    Ok(row)
}

/// Takes a validated artefact out of recommendation.
pub async fn retire(ctx: &Ctx, scope: &TenantScope, id: Id<Artefact>) -> Result<Artefact> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let authors = authors_of(&mut *tx, row.id).await?;
    let permit = by_authors(scope, "retire an artefact", &row, &authors)?;
    transition(row.state, ArtefactState::Retired, STEPS)?;
    row.state = ArtefactState::Retired;
    publication::close_open(&mut *tx, ctx, &permit, row.id, |_| true).await?;
    tx.save(&permit, &mut row, ctx, "retired").await?;
    Ok(row)
}

impl Artefact {
    /// All that it says: whoever changes any of it makes a new version. Whom it is for is not part of it.
    pub(crate) fn says(&self) -> impl PartialEq {
        (
            (self.kind, self.title.clone(), self.summary.clone(), self.body.clone(), self.source_url.clone()),
            (self.language.clone(), self.licence.clone(), self.tags.clone(), self.theme_id),
        )
    }

    pub fn is_draft(&self) -> bool {
        self.state == ArtefactState::Draft
    }
}
