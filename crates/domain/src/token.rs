//! Access tokens, as far as the domain goes: who may issue which, and what is kept of them. The signed text itself is
//! made by the API and shown once; it is never stored.

use crate::{
    Code, Error, Id, Result,
    ctx::Ctx,
    input::{self, Check},
    labels,
    organisation::{Organisation, OrganisationState},
    person::{Person, PersonState, TenantRole},
    policy, record,
    record::{AsJson, Field},
    scope::{Acting, Principal, Scope, Scopes, TenantScope},
};
use chrono::{DateTime, Duration, Utc};

labels! {
    /// Whose token it is.
    TokenKind {
        /// A tenant's: it acts for the organisation, within its scopes.
        Tenant = "TENANT" / "Organisatie",
        /// The network operator's platform admins': it manages organisations and reads no content.
        Operator = "OPERATOR" / "Platformbeheer",
        /// A person's: a portal acts for its logged-in person, with that person's own rights.
        Member = "MEMBER" / "Deelnemer",
        /// The platform's own work. No token is ever of this kind.
        System = "SYSTEM" / "Systeem",
    }
}

record! {
    Token("token", "tok") {
        name: String,
        kind: TokenKind,
        scopes: AsJson<Vec<Scope>>,
        owner_contact: Option<String>,
        expires_at: DateTime<Utc>,
        revoked_at: Option<DateTime<Utc>>,
        last_used_at: Option<DateTime<Utc>>,
        /// Whom a member token acts for.
        person_id: Option<Id<Person>>,
        /// The token that a member token was exchanged for; it does not outlive it.
        issued_by_id: Option<Id<Token>>,
    }
}

impl Token {
    pub fn scopes(&self) -> Scopes {
        self.scopes.0.iter().copied().collect()
    }
}

/// How long a token lives if nothing is said, and at most, in days.
pub const DEFAULT_DAYS: i64 = 90;
pub const LONGEST_DAYS: i64 = 365;
/// How long a member token lives at most, in minutes (RFC 8693 leaves it to the issuer; a portal asks again).
pub const LONGEST_MEMBER_MINUTES: i64 = 15;
/// How long a token stays good after it was rotated, in hours, at most.
pub const LONGEST_OVERLAP_HOURS: i64 = 24;

pub struct Issue {
    pub name: String,
    pub scopes: Vec<Scope>,
    pub owner_contact: Option<String>,
    pub days: Option<i64>,
    /// Another tenant: for the operator, who issues a tenant's first admin token.
    pub organisation_id: Option<Id<Organisation>>,
}

/// Issues a token of a tenant.
pub async fn issue(ctx: &Ctx, scope: &TenantScope, cmd: Issue) -> Result<Token> {
    scope.require(Scope::TokensManage)?;
    let inside = match cmd.organisation_id {
        Some(id) if id != scope.tenant() => scope.principal().enter_as_operator(id)?,
        _ => scope.clone(),
    };
    let mut check = Check::default();
    let days = cmd.days.unwrap_or(DEFAULT_DAYS);
    check.that((1..=LONGEST_DAYS).contains(&days), Code::OutOfRange, "days", "1 to 365");
    check.that(!cmd.scopes.is_empty(), Code::Required, "scopes", "");
    let grantable: Scopes =
        if scope.is_operator() { Scope::FIRST_ADMIN.iter().copied().collect() } else { Scope::of_tenants().collect() };
    for wanted in cmd.scopes.iter().filter(|wanted| !grantable.contains(**wanted)) {
        check.problem(Code::InvalidValue, "scopes", format!("{wanted} is not yours to grant"));
    }
    let scopes: Scopes = cmd.scopes.into_iter().collect();
    let row = Token {
        name: check.text("name", &cmd.name, input::TITLE),
        kind: TokenKind::Tenant,
        scopes: AsJson(scopes.iter().collect()),
        owner_contact: check.email("ownerContact", cmd.owner_contact.as_deref()),
        expires_at: ctx.now() + Duration::days(days.clamp(1, LONGEST_DAYS)),
        ..ctx.fresh(&inside)
    };
    check.done()?;
    let mut tx = ctx.store.begin(&inside).await?;
    let organisation = tx.get(inside.tenant()).await?;
    if organisation.state != OrganisationState::Active {
        return Err(Error::conflict(Code::TransitionNotAllowed, "organisationId", organisation.state.label()));
    }
    // The operator opens a tenant's door once. From then on the tenant's own admins issue tokens; one who has lost
    // theirs gets another at the machine.
    if inside.is_operator() {
        let earlier: Vec<Token> = tx.list(&[("tenant_id", inside.tenant().to_cell())]).await?;
        if let Some(token) = earlier.first() {
            return Err(Error::conflict(Code::AlreadyExists, "organisationId", token.id.to_string()));
        }
        if !scopes.contains(Scope::TokensManage) {
            let detail = "an organisation's first token is its admin's: tokens:manage is missing";
            return Err(Error::invalid(Code::InvalidValue, "scopes", detail));
        }
    }
    let permit = manage(&inside, "issue a token", &row)?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

pub struct IssueMember {
    pub person_id: Id<Person>,
    /// Everything that the caller's token holds and a person can, if empty.
    pub scopes: Vec<Scope>,
    pub minutes: Option<i64>,
}

/// Issues a token that acts for a person of the own organisation: the person's own rights, within what the caller's
/// token holds. One for somebody from outside is bound to the sessions that they are invited to, as long as they are.
pub async fn issue_member(ctx: &Ctx, scope: &TenantScope, cmd: IssueMember) -> Result<Token> {
    scope.require(Scope::MembersAct)?;
    let minutes = cmd.minutes.unwrap_or(LONGEST_MEMBER_MINUTES);
    let mut check = Check::default();
    let range = (1..=LONGEST_MEMBER_MINUTES).contains(&minutes);
    check.that(range, Code::OutOfRange, "minutes", "1 to 15");
    let grantable: Scopes =
        scope.principal().scopes.iter().filter(|one| !Scope::NEVER_OF_PERSONS.contains(one)).collect();
    for wanted in cmd.scopes.iter().filter(|wanted| !grantable.contains(**wanted)) {
        check.problem(Code::InvalidValue, "scopes", format!("{wanted} is not yours to pass on"));
    }
    check.done()?;
    let asked = !cmd.scopes.is_empty();
    let mut scopes: Scopes = if asked { cmd.scopes.into_iter().collect() } else { grantable };
    let mut tx = ctx.store.begin(scope).await?;
    let person = tx.refer("personId", cmd.person_id).await?;
    if person.tenant_id != scope.tenant() {
        return Err(Error::invalid(Code::InvalidValue, "personId", "a person of the own organisation"));
    }
    if person.external {
        let beyond = |one: &Scope| !Scope::OF_OUTSIDERS.contains(one);
        if asked && scopes.iter().any(|one| beyond(&one)) {
            let detail = "somebody from outside holds organisations:read, people:read, sessions:read, sessions:write";
            return Err(Error::invalid(Code::InvalidValue, "scopes", detail));
        }
        scopes = scopes.iter().filter(|one| !beyond(one)).collect();
    }
    if person.state != PersonState::Active {
        return Err(Error::conflict(Code::NotEligible, "personId", "not an active person of the organisation"));
    }
    let row = Token {
        name: person.display_name.clone(),
        kind: TokenKind::Member,
        scopes: AsJson(scopes.iter().collect()),
        expires_at: ctx.now() + Duration::minutes(minutes),
        person_id: Some(person.id),
        issued_by_id: Some(scope.principal().token),
        ..ctx.fresh(scope)
    };
    let permit = policy::owner(scope, "act for a person", &row)?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

/// Leave for the tenant's own admin, and for the operator inside that tenant.
fn manage(inside: &TenantScope, action: &'static str, row: &Token) -> Result<policy::Permit> {
    if inside.is_operator() { policy::operator(inside, action, row) } else { policy::owner(inside, action, row) }
}

/// Makes the first operator token: at the machine itself, by whoever can reach its database.
pub async fn bootstrap_operator(ctx: &Ctx, operator: Id<Organisation>, name: &str, days: i64) -> Result<Token> {
    bootstrap(ctx, operator, TokenKind::Operator, name, Scope::OPERATOR.iter().copied().collect(), days).await
}

/// Makes a token of a tenant at the machine itself.
pub async fn bootstrap_tenant(
    ctx: &Ctx,
    tenant: Id<Organisation>,
    name: &str,
    scopes: Scopes,
    days: i64,
) -> Result<Token> {
    bootstrap(ctx, tenant, TokenKind::Tenant, name, scopes, days).await
}

async fn bootstrap(
    ctx: &Ctx,
    tenant: Id<Organisation>,
    kind: TokenKind,
    name: &str,
    scopes: Scopes,
    days: i64,
) -> Result<Token> {
    let scope = TenantScope::system(tenant);
    let mut check = Check::default();
    check.that((1..=LONGEST_DAYS).contains(&days), Code::OutOfRange, "days", "1 to 365");
    let row = Token {
        name: check.text("name", name, input::TITLE),
        kind,
        scopes: AsJson(scopes.iter().collect()),
        expires_at: ctx.now() + Duration::days(days.clamp(1, LONGEST_DAYS)),
        ..ctx.fresh(&scope)
    };
    check.done()?;
    let tx = ctx.store.begin(&scope).await?;
    let permit = policy::owner(&scope, "issue a token at the machine", &row)?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

/// Makes a token useless from the next request on.
pub async fn revoke(ctx: &Ctx, scope: &TenantScope, id: Id<Token>) -> Result<Token> {
    scope.require(Scope::TokensManage)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let permit = manage(scope, "revoke a token", &row)?;
    if (row.kind == TokenKind::Operator) != scope.is_operator() {
        return Err(Error::forbidden(Code::Forbidden, "revoke a token of another kind"));
    }
    if row.revoked_at.is_none() {
        row.revoked_at = Some(ctx.now());
        tx.save(&permit, &mut row, ctx, "revoked").await?;
    }
    Ok(row)
}

/// Revokes a token at the machine itself.
pub async fn revoke_at_machine(ctx: &Ctx, tenant: Id<Organisation>, id: Id<Token>) -> Result<Token> {
    let scope = TenantScope::system(tenant);
    let mut tx = ctx.store.begin(&scope).await?;
    let mut row = tx.get(id).await?;
    let permit = policy::owner(&scope, "revoke a token at the machine", &row)?;
    row.revoked_at.get_or_insert(ctx.now());
    tx.save(&permit, &mut row, ctx, "revoked").await?;
    Ok(row)
}

/// The tokens of a tenant, for the machine's own admin.
pub async fn list_at_machine(ctx: &Ctx, tenant: Id<Organisation>) -> Result<Vec<Token>> {
    ctx.store.look(&TenantScope::system(tenant)).await?.list(&[]).await
}

pub struct Rotate {
    pub id: Id<Token>,
    pub overlap_hours: Option<i64>,
}

/// Issues a token like an earlier one, which stays good for a few hours more.
pub async fn rotate(ctx: &Ctx, scope: &TenantScope, cmd: Rotate) -> Result<Token> {
    scope.require(Scope::TokensManage)?;
    let overlap = cmd.overlap_hours.unwrap_or(1);
    let mut check = Check::default();
    check.that((0..=LONGEST_OVERLAP_HOURS).contains(&overlap), Code::OutOfRange, "overlapHours", "0 to 24");
    check.done()?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut before = tx.get(cmd.id).await?;
    let permit = manage(scope, "rotate a token", &before)?;
    // A rotation hands out a token like the earlier one, so it must be one that the caller could have been given.
    if before.kind != scope.principal().kind {
        return Err(Error::forbidden(Code::Forbidden, "rotate a token of another kind"));
    }
    if before.revoked_at.is_some() || before.expires_at <= ctx.now() {
        return Err(Error::conflict(Code::TransitionNotAllowed, "", "it is no longer good"));
    }
    let life = (before.expires_at - before.created_at).min(Duration::days(LONGEST_DAYS));
    let row = Token {
        name: before.name.clone(),
        kind: before.kind,
        scopes: before.scopes.clone(),
        owner_contact: before.owner_contact.clone(),
        expires_at: ctx.now() + life,
        ..ctx.fresh(scope)
    };
    before.expires_at = before.expires_at.min(ctx.now() + Duration::hours(overlap));
    tx.update(&permit, &mut before, ctx).await?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

/// Who holds a verified token now; `None` if it is not, or no longer, good.
pub async fn standing(ctx: &Ctx, tenant: Id<Organisation>, id: Id<Token>) -> Result<Option<(Principal, Token)>> {
    let mut tx = ctx.store.look(&TenantScope::system(tenant)).await?;
    let good = |token: &Token| token.revoked_at.is_none() && token.expires_at > ctx.now();
    let Some(token) = tx.find(id).await?.filter(good) else { return Ok(None) };
    let organisation = tx.find(tenant).await?;
    if organisation.is_none_or(|row| row.state != OrganisationState::Active) || token.kind == TokenKind::System {
        return Ok(None);
    }
    let mut acting = None;
    if token.kind == TokenKind::Member {
        let (Some(person), Some(issued_by)) = (token.person_id, token.issued_by_id) else { return Ok(None) };
        let Some(person) = tx.find(person).await?.filter(|row| row.state == PersonState::Active) else {
            return Ok(None);
        };
        // What a token was exchanged for ends with it.
        if tx.find(issued_by).await?.filter(good).is_none() {
            return Ok(None);
        }
        acting = Some(Acting {
            id: person.id,
            admin: person.tenant_role == TenantRole::Admin && !person.external,
            outsider: person.external,
        });
    }
    let principal = Principal {
        token: token.id,
        kind: token.kind,
        tenant: token.tenant_id,
        person: acting,
        scopes: token.scopes(),
    };
    Ok(Some((principal, token)))
}

/// Notes that a token was used; not more often than its readers need.
pub async fn note_use(ctx: &Ctx, tenant: Id<Organisation>, id: Id<Token>) -> Result<()> {
    let mut tx = ctx.store.begin(&TenantScope::system(tenant)).await?;
    tx.touch_token(id, ctx.now()).await?;
    tx.commit().await
}
