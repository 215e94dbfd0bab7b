//! Artefacts: what a community brings forth, and where it is embedded in practice.

use crate::{
    Code, Error, Id, Problem, Result,
    cop::{Cop, CopStatus, Facilitation, Goal, acting, membership::organisation_is_in, transition},
    ctx::Ctx,
    input::{self, Check, Patch},
    labels,
    organisation::Organisation,
    person::{Person, PersonState},
    policy::{self, Deed, Permit},
    ports::{Event, Tx, Write},
    publication::{self, Asked},
    record,
    record::{AsJson, Cell, Field, Record},
    scope::{Scope, TenantScope},
    theme::Theme,
    visibility::Audience,
};
use chrono::{DateTime, NaiveDate, Utc};

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
    }
}

labels! {
    /// Whether a result is embedded in an organisation's practice.
    AnchoringState {
        /// It is to be.
        Planned = "PLANNED" / "Gepland",
        /// It is.
        Anchored = "ANCHORED" / "Geborgd",
        /// It was given up, or its review date passed.
        Lapsed = "LAPSED" / "Vervallen",
    }
}

pub const ANCHORING_STEPS: &[(AnchoringState, AnchoringState)] = &[
    (AnchoringState::Planned, AnchoringState::Anchored),
    (AnchoringState::Anchored, AnchoringState::Lapsed),
    (AnchoringState::Lapsed, AnchoringState::Anchored),
];

record! {
    Anchoring("anchoring", "anc") {
        artefact_id: Id<Artefact>,
        artefact_tenant_id: Id<Organisation>,
        cop_id: Option<Id<Cop>>,
        cop_tenant_id: Option<Id<Organisation>>,
        place: String,
        owner_person_id: Option<Id<Person>>,
        state: AnchoringState,
        review_date: Option<NaiveDate>,
    }
}

#[derive(Default, Clone)]
pub struct Create {
    pub external_id: Option<String>,
    pub cop_id: Option<Id<Cop>>,
    pub theme_id: Option<Id<Theme>>,
    pub kind: ArtefactKind,
    pub title: String,
    pub summary: Option<String>,
    pub body: Option<String>,
    pub source_url: Option<String>,
    pub language: Option<String>,
    pub licence: Option<String>,
    pub tags: Vec<String>,
    pub audience: Option<Audience>,
    pub author_ids: Vec<Id<Person>>,
    pub goal_ids: Vec<Id<Goal>>,
}

/// The organisation of a person who becomes an author: of the artefact's own, or of one that takes part in its CoP.
async fn author(tx: &mut dyn Tx, row: &Artefact, id: Id<Person>) -> Result<Id<Organisation>> {
    let person = tx.refer("authorIds", id).await?;
    let of_the_cop = match row.cop_id {
        Some(cop) if person.tenant_id != row.tenant_id => {
            let cop = tx.refer("copId", cop).await?;
            takes_part(tx, &cop, person.tenant_id).await?
        }
        _ => person.tenant_id == row.tenant_id,
    };
    if of_the_cop && person.state == PersonState::Active {
        Ok(person.tenant_id)
    } else {
        let who = "people of the own organisation, and of those that take part in the CoP";
        Err(Error::invalid(Code::InvalidValue, "authorIds", who))
    }
}

/// Whether an organisation is in: as its host, or by a participation, as far as that is seen.
async fn takes_part(tx: &mut dyn Tx, cop: &Cop, organisation: Id<Organisation>) -> Result<bool> {
    match organisation_is_in(tx, cop, organisation).await {
        Ok(()) => Ok(true),
        Err(Error::Conflict(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// The rows beside an artefact that a write replaces.
pub struct Beside {
    pub authors: Vec<Author>,
    pub goals: Vec<Id<Goal>>,
}

/// Who wrote, and the organisation that contributes with them.
pub type Author = (Id<Person>, Id<Organisation>);

impl Create {
    /// Checks the input against what the tenant may see, and fills a row with it. `open` asks that the CoP is open for
    /// work; history that comes in later does not.
    pub async fn fill(
        self,
        tx: &mut dyn Tx,
        scope: &TenantScope,
        row: Artefact,
        written_by: &[Author],
        open: bool,
    ) -> Result<(Artefact, Beside)> {
        let mut check = Check::default();
        let row = Artefact {
            external_id: check.external_id(self.external_id.as_deref()),
            cop_id: self.cop_id,
            theme_id: self.theme_id,
            kind: self.kind,
            title: check.text("title", &self.title, input::TITLE),
            summary: check.optional_text("summary", self.summary.as_deref(), input::SUMMARY),
            body: check.optional_text("body", self.body.as_deref(), input::BODY),
            source_url: check.url("sourceUrl", self.source_url.as_deref()),
            language: check.language("language", self.language.as_deref()),
            licence: check.optional_text("licence", self.licence.as_deref(), 100),
            tags: AsJson(check.tags("tags", &self.tags)),
            audience: self.audience.unwrap_or(Audience::Members),
            number: row.number.max(1),
            ..row
        };
        check.at_most("authorIds", self.author_ids.len(), 50);
        check.at_most("goalIds", self.goal_ids.len(), 50);
        check.done()?;
        let row = Artefact { cop_tenant_id: self.check_cop(tx, scope, open).await?, ..row };
        if let Some(theme) = row.theme_id {
            tx.refer("themeId", theme).await?;
        }
        let mut authors: Vec<Author> = vec![];
        for id in self.author_ids {
            if authors.iter().any(|(known, _)| *known == id) {
                continue;
            }
            let known = written_by.iter().find(|(known, _)| *known == id);
            authors.push(match known {
                Some(known) => *known,
                None => (id, author(tx, &row, id).await?),
            });
        }
        // What somebody of another organisation contributed stays theirs, and its approval theirs to give.
        for other in written_by.iter().filter(|(_, organisation)| *organisation != row.tenant_id) {
            if !authors.contains(other) {
                authors.push(*other);
            }
        }
        for goal in &self.goal_ids {
            let goal = tx.refer("goalIds", *goal).await?;
            if Some(goal.cop_id) != row.cop_id {
                return Err(Error::invalid(Code::InvalidValue, "goalIds", "goals of the same CoP"));
            }
        }
        Ok((row, Beside { authors, goals: self.goal_ids }))
    }

    async fn check_cop(&self, tx: &mut dyn Tx, scope: &TenantScope, open: bool) -> Result<Option<Id<Organisation>>> {
        let Some(id) = self.cop_id else { return Ok(None) };
        let cop = tx.refer("copId", id).await?;
        if open && matches!(cop.status, CopStatus::Closed | CopStatus::Cancelled) {
            return Err(Error::conflict(Code::CopNotOpen, "copId", cop.status.label()));
        }
        if open {
            may_write_in(tx, scope, Some(id)).await?;
        }
        Ok(Some(cop.tenant_id))
    }
}

impl Beside {
    /// Which organisations contributed, the owner first.
    pub fn organisations(&self, row: &Artefact) -> Vec<Id<Organisation>> {
        organisations(row, self.authors.iter().map(|(_, organisation)| *organisation))
    }

    /// Writes tags, authors and goals of an artefact.
    pub async fn write(self, tx: &mut dyn Tx, permit: &Permit, row: &Artefact, fresh: bool) -> Result<()> {
        let (tenant, id) = (row.tenant_id.to_cell(), row.id.to_cell());
        let tags = row.tags.0.iter().map(|tag| vec![tenant.clone(), id.clone(), tag.to_cell()]).collect();
        let authors = self.authors.iter().enumerate();
        let authors = authors.map(|(place, (person, organisation))| {
            vec![tenant.clone(), id.clone(), person.to_cell(), organisation.to_cell(), Cell::Int(place as i64)]
        });
        let goals =
            self.goals.iter().map(|goal| vec![tenant.clone(), id.clone(), goal.to_cell(), row.cop_tenant_id.to_cell()]);
        let replace =
            |table, columns, rows| Write::Replace { table, column: "artefact_id", key: row.id.uuid(), columns, rows };
        let writes = [
            replace("artefact_tag", &["tenant_id", "artefact_id", "tag"], tags),
            replace(
                "artefact_contributor",
                &["tenant_id", "artefact_id", "person_id", "person_tenant_id", "position"],
                authors.collect(),
            ),
            replace("artefact_goal", &["tenant_id", "artefact_id", "goal_id", "cop_tenant_id"], goals.collect()),
        ];
        for write in writes {
            let empty = matches!(&write, Write::Replace { rows, .. } if rows.is_empty());
            if !(fresh && empty) {
                tx.write(permit, write).await?;
            }
        }
        Ok(())
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

/// Leave for the admin of the organisation that owns it, and for each of its authors.
fn by_authors(
    scope: &TenantScope,
    action: &'static str,
    row: &Artefact,
    authors: &[Id<Person>],
) -> Result<policy::Permit> {
    policy::owner(scope, action, row).or_else(|refused| {
        if row.tenant_id == scope.tenant() { policy::in_person(scope, action, row, authors) } else { Err(refused) }
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
        if matches!(cop.status, CopStatus::Closed | CopStatus::Cancelled) {
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
    review(ctx, scope, id, ArtefactState::Validated, "validated").await
}

/// Sends an artefact back to its authors. For those who facilitate or coordinate its CoP.
pub async fn send_back(ctx: &Ctx, scope: &TenantScope, id: Id<Artefact>) -> Result<Artefact> {
    review(ctx, scope, id, ArtefactState::Draft, "sent-back").await
}

async fn review(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Artefact>,
    to: ArtefactState,
    verb: &'static str,
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

pub struct PlanAnchoring {
    pub artefact_id: Id<Artefact>,
    pub place: String,
    pub owner_person_id: Option<Id<Person>>,
    pub review_date: Option<NaiveDate>,
}

/// Plans to embed an artefact in the own organisation's practice (*borgen*).
pub async fn plan_anchoring(ctx: &Ctx, scope: &TenantScope, cmd: PlanAnchoring) -> Result<Anchoring> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let artefact = tx.refer("artefactId", cmd.artefact_id).await?;
    let mut check = Check::default();
    check.that(!artefact.is_draft(), Code::InvalidValue, "artefactId", "one that was handed in");
    let row = Anchoring {
        artefact_id: artefact.id,
        artefact_tenant_id: artefact.tenant_id,
        cop_id: artefact.cop_id,
        cop_tenant_id: artefact.cop_tenant_id,
        place: check.text("place", &cmd.place, input::SUMMARY),
        owner_person_id: cmd.owner_person_id,
        review_date: cmd.review_date,
        ..ctx.fresh(scope)
    };
    check.date("reviewDate", row.review_date);
    check.done()?;
    if let Some(owner) = row.owner_person_id {
        let owner = tx.refer("ownerPersonId", owner).await?;
        if owner.tenant_id != scope.tenant() {
            return Err(Error::invalid(Code::InvalidValue, "ownerPersonId", "a person of the own organisation"));
        }
    }
    let permit = for_anchoring(&mut *tx, scope, "anchor an artefact", &row).await?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

/// Records that the artefact is embedded in practice; also again, after it had lapsed.
pub async fn anchor(ctx: &Ctx, scope: &TenantScope, id: Id<Anchoring>) -> Result<Anchoring> {
    anchoring_step(ctx, scope, id, AnchoringState::Anchored, "anchored").await
}

/// Records that the anchoring was given up or is out of date.
pub async fn lapse(ctx: &Ctx, scope: &TenantScope, id: Id<Anchoring>) -> Result<Anchoring> {
    anchoring_step(ctx, scope, id, AnchoringState::Lapsed, "lapsed").await
}

/// Leave for the organisation's admin, and for those of its people who are members of the artefact's CoP.
async fn for_anchoring(tx: &mut dyn Tx, scope: &TenantScope, action: &'static str, row: &Anchoring) -> Result<Permit> {
    let refused = match policy::owner(scope, action, row) {
        Ok(permit) => return Ok(permit),
        Err(refused) => refused,
    };
    let (Some(cop), Some(person)) = (row.cop_id, scope.person()) else { return Err(refused) };
    let Some(cop) = tx.find(cop).await? else { return Err(refused) };
    if row.tenant_id == scope.tenant() && acting::part_of(tx, scope, &cop).await?.member {
        policy::in_person(scope, action, row, &[person])
    } else {
        Err(refused)
    }
}

/// What is anchored is to be looked at again by a day to come.
pub(crate) fn review_has_passed() -> Problem {
    Problem { code: Code::OutOfRange, field: vec!["reviewDate".into()], detail: "its review date has passed".into() }
}

async fn anchoring_step(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Anchoring>,
    to: AnchoringState,
    verb: &'static str,
) -> Result<Anchoring> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let permit = for_anchoring(&mut *tx, scope, verb, &row).await?;
    transition(row.state, to, ANCHORING_STEPS)?;
    if to == AnchoringState::Anchored && row.review_date.is_some_and(|date| date < ctx.today()) {
        return Err(Error::Conflict(vec![review_has_passed()]));
    }
    row.state = to;
    tx.save(&permit, &mut row, ctx, verb).await?;
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
