//! Front-runner projects and the people in them, from whom members of CoPs are chosen.

use crate::{
    Code, Error, Id, Result,
    concept::ConceptElement,
    cop::{Membership, MembershipState, transition},
    ctx::Ctx,
    input::{self, Check, Patch},
    labels,
    person::{Person, PersonState},
    policy::{self, Permit},
    ports::{Event, Shared, Tx},
    record,
    record::{AsJson, Field},
    scope::{Scope, TenantScope},
    visibility::Audience,
};

labels! {
    /// Whether somebody is a front-runner now.
    FrontRunnerState {
        /// Works in the project now.
        Active = "ACTIVE" / "Actief",
        /// No longer works in the project.
        Left = "LEFT" / "Vertrokken",
    }
}

record! {
    FrontRunnerProject("front_runner_project", "prj") {
        title: String,
        element_id: Id<ConceptElement>,
        speciality: Option<String>,
        strengths: AsJson<Vec<String>>,
        audience: Audience,
        front_runner_count: i64,
    }
}

impl Shared for FrontRunnerProject {
    fn audience(&self) -> Audience {
        self.audience
    }
}

record! {
    FrontRunner("front_runner", "frr") {
        project_id: Id<FrontRunnerProject>,
        person_id: Id<Person>,
        state: FrontRunnerState,
    }
}

pub struct Create {
    pub external_id: Option<String>,
    pub title: String,
    pub element_id: Id<ConceptElement>,
    pub speciality: Option<String>,
    pub strengths: Vec<String>,
    pub audience: Audience,
}

/// A project is shown to its own organisation, or to the whole network.
fn audience(check: &mut Check, audience: Audience) -> Audience {
    let known = matches!(audience, Audience::Organisation | Audience::Network);
    check.that(known, Code::InvalidValue, "audience", "ORGANISATION or NETWORK");
    audience
}

impl Create {
    /// Checks and normalises; `row` is what it is written into.
    pub(crate) fn fill(self, row: FrontRunnerProject) -> Result<FrontRunnerProject> {
        let mut check = Check::default();
        let row = FrontRunnerProject {
            external_id: check.external_id(self.external_id.as_deref()),
            title: check.text("title", &self.title, input::TITLE),
            element_id: self.element_id,
            speciality: check.optional_text("speciality", self.speciality.as_deref(), input::SUMMARY),
            strengths: AsJson(check.tags("strengths", &self.strengths)),
            audience: audience(&mut check, self.audience),
            ..row
        };
        check.done()?;
        Ok(row)
    }
}

/// Describes a project of the own organisation that masters one element of a concept.
pub async fn create(ctx: &Ctx, scope: &TenantScope, cmd: Create) -> Result<FrontRunnerProject> {
    scope.require(Scope::ProjectsWrite)?;
    let row = cmd.fill(ctx.fresh(scope))?;
    let mut tx = ctx.store.begin(scope).await?;
    tx.refer("elementId", row.element_id).await?;
    tx.free_external_id(&row).await?;
    let permit = policy::owner(scope, "describe a project", &row)?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

#[derive(Default)]
pub struct Update {
    pub id: Id<FrontRunnerProject>,
    pub version: Option<i64>,
    pub title: Option<String>,
    pub speciality: Patch<String>,
    pub strengths: Option<Vec<String>>,
    pub audience: Option<Audience>,
}

/// Changes a project of the own organisation.
pub async fn update(ctx: &Ctx, scope: &TenantScope, cmd: Update) -> Result<FrontRunnerProject> {
    scope.require(Scope::ProjectsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get_at(cmd.id, cmd.version).await?;
    let permit = policy::owner(scope, "change a project", &row)?;
    let mut check = Check::default();
    if let Some(title) = cmd.title {
        row.title = check.text("title", &title, input::TITLE);
    }
    if let Some(speciality) = cmd.speciality.change() {
        row.speciality = check.optional_text("speciality", speciality.as_deref(), input::SUMMARY);
    }
    if let Some(strengths) = cmd.strengths {
        row.strengths = AsJson(check.tags("strengths", &strengths));
    }
    if let Some(change) = cmd.audience {
        row.audience = audience(&mut check, change);
    }
    check.done()?;
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

pub struct AddFrontRunner {
    pub project_id: Id<FrontRunnerProject>,
    pub person_id: Id<Person>,
}

/// Adds a person of the own organisation to a project's front-runners.
pub async fn add_front_runner(ctx: &Ctx, scope: &TenantScope, cmd: AddFrontRunner) -> Result<FrontRunner> {
    scope.require(Scope::ProjectsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut project = tx.get(cmd.project_id).await?;
    let permit = policy::owner(scope, "add a front-runner", &project)?;
    let person = tx.refer("personId", cmd.person_id).await?;
    if person.tenant_id != scope.tenant() || person.state != PersonState::Active {
        return Err(Error::invalid(Code::InvalidValue, "personId", "an active person of the own organisation"));
    }
    let there = [("project_id", project.id.to_cell()), ("person_id", person.id.to_cell())];
    if let Some(mut row) = tx.first::<FrontRunner>(&there).await? {
        if row.state == FrontRunnerState::Active {
            return Err(Error::conflict(Code::AlreadyExists, "personId", row.id.to_string()));
        }
        row.state = FrontRunnerState::Active;
        count(&mut *tx, ctx, &permit, &mut project, 1).await?;
        tx.save(&permit, &mut row, ctx, "returned").await?;
        return Ok(row);
    }
    let row = FrontRunner { project_id: project.id, person_id: person.id, ..ctx.fresh(scope) };
    count(&mut *tx, ctx, &permit, &mut project, 1).await?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

/// Records that a person no longer works in the project.
pub async fn end_front_runner(ctx: &Ctx, scope: &TenantScope, id: Id<FrontRunner>) -> Result<FrontRunner> {
    scope.require(Scope::ProjectsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let permit = policy::owner(scope, "end a front-runner", &row)?;
    transition(row.state, FrontRunnerState::Left, &[(FrontRunnerState::Active, FrontRunnerState::Left)])?;
    may_end(&mut *tx, &row).await?;
    let mut project = tx.get(row.project_id).await?;
    count(&mut *tx, ctx, &permit, &mut project, -1).await?;
    row.state = FrontRunnerState::Left;
    tx.save(&permit, &mut row, ctx, "ended").await?;
    Ok(row)
}

/// Members are active front-runners: whoever is one through this project leaves the CoP first.
pub(crate) async fn may_end(tx: &mut dyn Tx, row: &FrontRunner) -> Result<()> {
    let through = [("person_id", row.person_id.to_cell()), ("project_id", row.project_id.to_cell())];
    let memberships: Vec<Membership> = tx.list(&through).await?;
    let open = |one: &&Membership| matches!(one.state, MembershipState::Selected | MembershipState::Active);
    match memberships.iter().find(open) {
        Some(open) => Err(Error::conflict(Code::InUse, "", format!("{} is {}", open.id, open.state))),
        None => Ok(()),
    }
}

/// Keeps the number of a project's active front-runners, which is for all who see the project.
pub(crate) async fn count(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    permit: &Permit,
    project: &mut FrontRunnerProject,
    by: i64,
) -> Result<()> {
    project.front_runner_count += by;
    tx.update(permit, project, ctx).await
}

/// Who leaves their organisation is a front-runner no longer.
pub(crate) async fn end_of_person(tx: &mut dyn Tx, ctx: &Ctx, permit: &Permit, person: Id<Person>) -> Result<()> {
    let runs = [("person_id", person.to_cell()), ("state", FrontRunnerState::Active.to_cell())];
    for mut row in tx.list::<FrontRunner>(&runs).await? {
        row.state = FrontRunnerState::Left;
        tx.update(permit, &mut row, ctx).await?;
        tx.emit(Event::of(&row, "ended")).await?;
        let mut project = tx.get(row.project_id).await?;
        count(tx, ctx, permit, &mut project, -1).await?;
    }
    Ok(())
}
