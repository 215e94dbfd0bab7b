//! People, each held by one organisation.

use crate::{
    Id, Result,
    cop::{Membership, MembershipState, facilitation, settle},
    ctx::Ctx,
    input::{self, Check, Patch},
    labels, policy,
    ports::Event,
    project, record,
    record::{AsJson, Field},
    scope::{Scope, TenantScope},
};

labels! {
    /// What a person may do in their own organisation's administration.
    TenantRole {
        /// Nothing special.
        None = "NONE" / "Geen",
        /// Manages tokens, people and settings.
        Admin = "ADMIN" / "Beheerder",
    }
}

labels! {
    /// Whether the person is still with the organisation.
    PersonState {
        /// With the organisation.
        Active = "ACTIVE" / "Actief",
        /// Has left the organisation.
        Left = "LEFT" / "Vertrokken",
        /// Their personal data was removed.
        Erased = "ERASED" / "Gewist",
    }
}

record! {
    Person("person", "per") {
        display_name: String,
        email: Option<String>,
        portrait_url: Option<String>,
        job_title: Option<String>,
        expertise: AsJson<Vec<String>>,
        language: Option<String>,
        discoverable: bool,
        external: bool,
        affiliation: Option<String>,
        tenant_role: TenantRole,
        state: PersonState,
    }
}

#[derive(Default, Clone)]
pub struct Create {
    pub external_id: Option<String>,
    pub display_name: String,
    pub email: Option<String>,
    pub portrait_url: Option<String>,
    pub job_title: Option<String>,
    pub expertise: Vec<String>,
    pub language: Option<String>,
    pub discoverable: bool,
    pub external: bool,
    pub affiliation: Option<String>,
    pub tenant_role: TenantRole,
}

impl Create {
    /// Checks and normalises; `row` is what it is written into.
    pub fn fill(self, row: Person) -> Result<Person> {
        let mut check = Check::default();
        let row = Person {
            external_id: check.external_id(self.external_id.as_deref()),
            display_name: check.text("displayName", &self.display_name, input::TITLE),
            email: check.email("email", self.email.as_deref()),
            portrait_url: check.url("portraitUrl", self.portrait_url.as_deref()),
            job_title: check.optional_text("jobTitle", self.job_title.as_deref(), input::TITLE),
            expertise: AsJson(check.tags("expertise", &self.expertise)),
            language: check.language("language", self.language.as_deref()),
            discoverable: self.discoverable,
            external: self.external,
            affiliation: check.optional_text("affiliation", self.affiliation.as_deref(), input::TITLE),
            tenant_role: self.tenant_role,
            ..row
        };
        check.done()?;
        Ok(row)
    }
}

/// Adds a person to the own organisation.
pub async fn create(ctx: &Ctx, scope: &TenantScope, cmd: Create) -> Result<Person> {
    scope.require(Scope::PeopleWrite)?;
    let row = cmd.fill(ctx.fresh(scope))?;
    let mut tx = ctx.store.begin(scope).await?;
    tx.free_external_id(&row).await?;
    let permit = policy::owner(scope, "add a person", &row)?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

#[derive(Default)]
pub struct Update {
    pub id: Id<Person>,
    pub version: Option<i64>,
    pub display_name: Option<String>,
    pub email: Patch<String>,
    pub portrait_url: Patch<String>,
    pub job_title: Patch<String>,
    pub expertise: Option<Vec<String>>,
    pub language: Patch<String>,
    pub discoverable: Option<bool>,
    pub affiliation: Patch<String>,
    pub tenant_role: Option<TenantRole>,
}

/// Changes a person of the own organisation.
pub async fn update(ctx: &Ctx, scope: &TenantScope, cmd: Update) -> Result<Person> {
    scope.require(Scope::PeopleWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let row = tx.get_at(cmd.id, cmd.version).await?;
    let permit = policy::owner(scope, "change a person", &row)?;
    let mut all = Create {
        external_id: row.external_id.clone(),
        display_name: cmd.display_name.unwrap_or_else(|| row.display_name.clone()),
        email: row.email.clone(),
        portrait_url: row.portrait_url.clone(),
        job_title: row.job_title.clone(),
        expertise: cmd.expertise.unwrap_or_else(|| row.expertise.0.clone()),
        language: row.language.clone(),
        discoverable: cmd.discoverable.unwrap_or(row.discoverable),
        external: row.external,
        affiliation: row.affiliation.clone(),
        tenant_role: cmd.tenant_role.unwrap_or(row.tenant_role),
    };
    cmd.email.apply(&mut all.email);
    cmd.portrait_url.apply(&mut all.portrait_url);
    cmd.job_title.apply(&mut all.job_title);
    cmd.language.apply(&mut all.language);
    cmd.affiliation.apply(&mut all.affiliation);
    let mut row = all.fill(row)?;
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

/// Records that a person has left the organisation: they keep what they wrote, and their memberships are withdrawn. The
/// primary facilitator of a running CoP is followed up first.
pub async fn leave(ctx: &Ctx, scope: &TenantScope, id: Id<Person>) -> Result<Person> {
    scope.require(Scope::PeopleWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let permit = policy::owner(scope, "let a person leave", &row)?;
    crate::cop::transition(row.state, PersonState::Left, &[(PersonState::Active, PersonState::Left)])?;
    row.state = PersonState::Left;
    tx.update(&permit, &mut row, ctx).await?;
    tx.emit(Event::of(&row, "left")).await?;
    facilitation::end_of_person(&mut *tx, ctx, &permit, row.id).await?;
    project::end_of_person(&mut *tx, ctx, &permit, row.id).await?;
    let mut touched = vec![];
    for mut membership in tx.list::<Membership>(&[("person_id", row.id.to_cell())]).await? {
        if matches!(membership.state, MembershipState::Selected | MembershipState::Active) {
            membership.state = MembershipState::Withdrawn;
            membership.ended_at = Some(ctx.now());
            tx.update(&permit, &mut membership, ctx).await?;
            tx.emit(Event::of(&membership, "withdrawn")).await?;
            touched.push((membership.tenant_id, membership.cop_id));
        }
    }
    tx.commit().await?;
    for (host, cop) in touched {
        settle::soon(ctx, host, cop).await;
    }
    Ok(row)
}
