//! People, each held by one organisation.

use crate::{
    Code, Error, Id, Result,
    cop::{Cop, Membership, MembershipState, facilitation, settle},
    ctx::Ctx,
    input::{self, Check, Patch},
    labels,
    organisation::Organisation,
    policy::{self, Permit},
    ports::{Event, Tx},
    project,
    query::{Filter, Query},
    record,
    record::{AsJson, Field, Record},
    scope::{Scope, TenantScope},
    session::{ContributionState, ExpertContribution, Registration, RegistrationState, Session, SessionState},
    token::Token,
};
use chrono::{Duration, Months, NaiveDate};

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
        /// Until when the data of somebody from outside is kept.
        retain_until: Option<NaiveDate>,
    }
}

/// How many days the data of somebody from outside is kept, if nothing is said.
pub const RETENTION_DAYS: i64 = 365;
/// The longest that can be said.
const LONGEST_MONTHS: u32 = 60;
/// What stands for a name that was removed.
pub const NAMELESS: &str = "—";
/// How many people the sweep looks at in one go.
const AT_ONCE: u32 = 1_000;

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
    pub retain_until: Option<NaiveDate>,
}

impl Create {
    /// Checks and normalises; `row` is what it is written into.
    pub fn fill(self, row: Person, today: NaiveDate) -> Result<Person> {
        if row.state == PersonState::Erased {
            return Err(Error::conflict(Code::NotEditable, "", "its personal data was removed"));
        }
        let mut check = Check::default();
        let said = self.retain_until.filter(|_| self.retain_until != row.retain_until);
        check.that(self.external || said.is_none(), Code::InvalidValue, "retainUntil", "only of somebody from outside");
        let latest = today + Months::new(LONGEST_MONTHS);
        let fits = said.is_none_or(|until| (today..=latest).contains(&until));
        check.that(fits, Code::OutOfRange, "retainUntil", "from today to five years from now");
        let usual = || self.external.then(|| today + Duration::days(RETENTION_DAYS));
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
            retain_until: said.or(row.retain_until).or_else(usual),
            ..row
        };
        check.done()?;
        Ok(row)
    }
}

/// Adds a person to the own organisation.
pub async fn create(ctx: &Ctx, scope: &TenantScope, cmd: Create) -> Result<Person> {
    scope.require(Scope::PeopleWrite)?;
    let row = cmd.fill(ctx.fresh(scope), ctx.today())?;
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
    pub retain_until: Option<NaiveDate>,
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
        retain_until: cmd.retain_until.or(row.retain_until),
    };
    cmd.email.apply(&mut all.email);
    cmd.portrait_url.apply(&mut all.portrait_url);
    cmd.job_title.apply(&mut all.job_title);
    cmd.language.apply(&mut all.language);
    cmd.affiliation.apply(&mut all.affiliation);
    let mut row = all.fill(row, ctx.today())?;
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
    let touched = conclude(&mut *tx, ctx, &permit, row.id).await?;
    tx.commit().await?;
    for (host, cop) in touched {
        settle::soon(ctx, host, cop).await;
    }
    Ok(row)
}

/// Ends what a person does. Answers of the CoPs that it may have to be settled for.
async fn conclude(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    permit: &Permit,
    person: Id<Person>,
) -> Result<Vec<(Id<Organisation>, Id<Cop>)>> {
    facilitation::end_of_person(tx, ctx, permit, person).await?;
    project::end_of_person(tx, ctx, permit, person).await?;
    let mut touched = vec![];
    for mut membership in tx.list::<Membership>(&[("person_id", person.to_cell())]).await? {
        use MembershipState::{Active, Applied, Nominated, Selected};
        if matches!(membership.state, Nominated | Applied | Selected | Active) {
            membership.state = MembershipState::Withdrawn;
            membership.ended_at = Some(ctx.now());
            tx.update(permit, &mut membership, ctx).await?;
            tx.emit(Event::of(&membership, "withdrawn")).await?;
            touched.push((membership.tenant_id, membership.cop_id));
        }
    }
    Ok(touched)
}

/// The ways to [`PersonState::Erased`].
pub fn ways_to_be_erased(external: bool) -> &'static [(PersonState, PersonState)] {
    use PersonState::{Active, Erased, Left};
    if external { &[(Active, Erased), (Left, Erased)] } else { &[(Left, Erased)] }
}

/// Removes the personal data of somebody who has left, or who is from outside, and whom no session to come expects: name,
/// e-mail address, portrait, work, expertise, language, affiliation and key. What they wrote and did stays, nameless.
pub async fn erase(ctx: &Ctx, scope: &TenantScope, id: Id<Person>) -> Result<Person> {
    scope.require(Scope::PeopleWrite)?;
    forget(ctx, scope, id).await
}

async fn forget(ctx: &Ctx, scope: &TenantScope, id: Id<Person>) -> Result<Person> {
    let expected = is_expected(ctx, scope, id).await?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let permit = policy::owner(scope, "erase a person", &row)?;
    crate::cop::transition(row.state, PersonState::Erased, ways_to_be_erased(row.external))?;
    if expected {
        return Err(Error::conflict(Code::InUse, "", "a session to come"));
    }
    let touched =
        if row.state == PersonState::Active { conclude(&mut *tx, ctx, &permit, row.id).await? } else { vec![] };
    row = Person {
        id: row.id,
        tenant_id: row.tenant_id,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        imported: row.imported,
        external: row.external,
        display_name: NAMELESS.to_owned(),
        state: PersonState::Erased,
        ..Person::default()
    };
    // A token that acts for somebody has their name.
    for mut token in tx.list::<Token>(&[("person_id", row.id.to_cell())]).await? {
        token.name = NAMELESS.to_owned();
        token.revoked_at.get_or_insert(ctx.now());
        tx.update(&permit, &mut token, ctx).await?;
        tx.emit(Event::of(&token, "revoked")).await?;
    }
    tx.save(&permit, &mut row, ctx, "erased").await?;
    for (host, cop) in touched {
        settle::soon(ctx, host, cop).await;
    }
    Ok(row)
}

/// Whether a session to come, or one that goes on, expects the person; of whichever organisation it is.
async fn is_expected(ctx: &Ctx, scope: &TenantScope, person: Id<Person>) -> Result<bool> {
    let mut sessions: Vec<(Id<Organisation>, Id<Session>)> = vec![];
    {
        let mut tx = ctx.store.look(scope).await?;
        let of_person = [("person_id", person.to_cell())];
        for row in tx.list::<Registration>(&of_person).await? {
            if matches!(row.state, RegistrationState::Registered | RegistrationState::Waiting) {
                sessions.push((row.tenant_id, row.session_id));
            }
        }
        for row in tx.list::<ExpertContribution>(&of_person).await? {
            if row.state != ContributionState::Withdrawn {
                sessions.push((row.tenant_id, row.session_id));
            }
        }
    }
    // What the person's organisation sees of a session is not asked here: it may see nothing of it.
    for (host, id) in sessions {
        let found = ctx.store.look(&TenantScope::system(host)).await?.find(id).await?;
        let planned = |row: &Session| matches!(row.state, SessionState::Draft | SessionState::Scheduled);
        if found.is_some_and(|row| planned(&row) && row.ends_at > ctx.now()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes the personal data of people from outside whose time is over, of all organisations; who is still expected at a
/// session, after that. Answers of how many.
pub async fn sweep(ctx: &Ctx, operator: Id<Organisation>) -> Result<usize> {
    let all: Vec<Organisation> = ctx.store.look(&TenantScope::system(operator)).await?.list(&[]).await?;
    let (mut erased, mut failed) = (0, None);
    for organisation in all {
        let scope = TenantScope::system(organisation.id);
        // What goes wrong with one organisation's people does not hold up the others.
        match overdue(ctx, &scope).await {
            Ok(people) => {
                for id in people {
                    match forget(ctx, &scope, id).await {
                        Ok(_) => erased += 1,
                        Err(Error::Conflict(_) | Error::Stale { .. } | Error::Busy) => {}
                        Err(error) => failed = failed.or(Some(error)),
                    }
                }
            }
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(erased), Err)
}

async fn overdue(ctx: &Ctx, scope: &TenantScope) -> Result<Vec<Id<Person>>> {
    let filters = vec![
        Filter::Is("tenant_id", scope.tenant().to_cell()),
        Filter::Is("external", true.to_cell()),
        Filter::In("state", vec![PersonState::Active.to_cell(), PersonState::Left.to_cell()]),
        Filter::Named("kept_before", ctx.today().to_cell()),
    ];
    let branches = ctx.store.read(scope, &[Query::of(Person::TABLE, &[], filters, AT_ONCE)]).await?;
    Ok(branches.iter().flat_map(|branch| &branch.rows).filter_map(|row| row.get("id")).collect())
}
