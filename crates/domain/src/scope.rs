//! Who calls, and the tenant that a call is bound to. Nothing touches data without a [`TenantScope`], and one is made
//! only by entering a tenant with a [`Principal`].

use crate::{
    Code, Error, Id, labels,
    organisation::Organisation,
    person::Person,
    token::{Token, TokenKind},
};

labels! {
    /// What a client may do at all. Each operation names the ones it needs.
    Scope {
        OrganisationsRead = "organisations:read",
        OrganisationsWrite = "organisations:write",
        OrganisationsManage = "organisations:manage",
        PeopleRead = "people:read",
        PeopleWrite = "people:write",
        ConceptsRead = "concepts:read",
        ConceptsWrite = "concepts:write",
        ThemesRead = "themes:read",
        ThemesWrite = "themes:write",
        ProjectsRead = "projects:read",
        ProjectsWrite = "projects:write",
        GuidesRead = "guides:read",
        GuidesWrite = "guides:write",
        CopsRead = "cops:read",
        CopsWrite = "cops:write",
        MembershipsRead = "memberships:read",
        MembershipsWrite = "memberships:write",
        SessionsRead = "sessions:read",
        SessionsWrite = "sessions:write",
        CalendarsManage = "calendars:manage",
        ArtefactsRead = "artefacts:read",
        ArtefactsWrite = "artefacts:write",
        ArtefactsValidate = "artefacts:validate",
        ArtefactsPublish = "artefacts:publish",
        ImportsRead = "imports:read",
        ImportsWrite = "imports:write",
        ImportsHistory = "imports:history",
        TokensManage = "tokens:manage",
        MembersAct = "members:act",
        PublicRead = "public:read",
        ContactSubmit = "contact:submit",
        ContactRead = "contact:read",
        ContactWrite = "contact:write",
    }
}

impl Scope {
    /// What an operator token holds: no scope that reads or writes content.
    pub const OPERATOR: &'static [Self] = &[Self::OrganisationsRead, Self::OrganisationsManage, Self::TokensManage];
    /// What the operator may put into a tenant's first admin token.
    pub const FIRST_ADMIN: &'static [Self] =
        &[Self::OrganisationsRead, Self::OrganisationsWrite, Self::PeopleRead, Self::PeopleWrite, Self::TokensManage];

    /// What the token of an acting person can never hold: these are the organisation's own.
    pub const NEVER_OF_PERSONS: &'static [Self] = &[
        Self::OrganisationsManage,
        Self::OrganisationsWrite,
        Self::TokensManage,
        Self::MembersAct,
        Self::ImportsRead,
        Self::ImportsWrite,
        Self::ImportsHistory,
        Self::ContactSubmit,
    ];

    /// The scope of this label; a declaration that names none does not compile.
    pub const fn named(label: &str) -> Self {
        let mut place = 0;
        while place < Self::ALL.len() {
            if same(Self::ALL[place].label().as_bytes(), label.as_bytes()) {
                return Self::ALL[place];
            }
            place += 1;
        }
        panic!("there is no such scope")
    }

    /// What the token of somebody from outside can hold: it shows the sessions that they are invited to, and no more.
    pub const OF_OUTSIDERS: &'static [Self] =
        &[Self::OrganisationsRead, Self::PeopleRead, Self::SessionsRead, Self::SessionsWrite];

    /// What `public:read` opens, of what is public.
    pub const OF_THE_PUBLIC: &'static [Self] =
        &[Self::OrganisationsRead, Self::ConceptsRead, Self::ThemesRead, Self::CopsRead, Self::ArtefactsRead];

    /// Every scope that a token of a tenant can hold.
    pub fn of_tenants() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|scope| *scope != Self::OrganisationsManage)
    }
}

/// Texts cannot be compared with `==` while compiling.
const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut place = 0;
    while place < a.len() && place < b.len() && a[place] == b[place] {
        place += 1;
    }
    place == a.len() && place == b.len()
}

/// A set of scopes, small enough to be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u64);

impl Scopes {
    pub fn contains(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u64) != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |scope| self.contains(*scope))
    }

    pub fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | 1 << scope as u64))
    }
}

/// Who calls: the verified holder of a token.
#[derive(Debug, Clone)]
pub struct Principal {
    pub token: Id<Token>,
    pub kind: TokenKind,
    pub tenant: Id<Organisation>,
    /// The person who acts, where the token is a member's.
    pub person: Option<Acting>,
    pub scopes: Scopes,
}

/// The person whom a member token acts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acting {
    pub id: Id<Person>,
    /// Whether they administer their organisation.
    pub admin: bool,
    /// Whether they are from outside (an expert, a guest), and so see only the sessions that they are invited to.
    pub outsider: bool,
}

impl Principal {
    /// Enters the token's own tenant; with a token that reads only what is public, none.
    pub fn enter(&self) -> TenantScope {
        let tenant = if self.reads_as_public() { Id::default() } else { self.tenant };
        TenantScope { principal: self.clone(), tenant, permitted: false }
    }

    /// Whether it reads only what is public: nothing but a public form goes with that, so that a token looks with one pair
    /// of eyes.
    fn reads_as_public(&self) -> bool {
        let beside = |scope| matches!(scope, Scope::PublicRead | Scope::ContactSubmit);
        self.scopes.contains(Scope::PublicRead) && self.scopes.iter().all(beside)
    }

    /// Enters another tenant as the operator does: to manage its organisation and tokens, never its content.
    pub fn enter_as_operator(&self, tenant: Id<Organisation>) -> Result<TenantScope, Error> {
        if self.kind != TokenKind::Operator {
            return Err(Error::NotFound);
        }
        Ok(TenantScope { principal: self.clone(), tenant, permitted: false })
    }
}

/// A caller inside one tenant. It is the first argument of everything that touches data.
#[derive(Debug, Clone)]
pub struct TenantScope {
    principal: Principal,
    tenant: Id<Organisation>,
    /// Whether this is the owner's scope, entered after a permit was given.
    permitted: bool,
}

impl TenantScope {
    /// The platform itself, inside one tenant: for what a change of another tenant means for rows of this one.
    pub(crate) fn system(tenant: Id<Organisation>) -> Self {
        let principal = Principal {
            token: Id::default(),
            kind: TokenKind::System,
            tenant,
            person: None,
            scopes: Scopes::default(),
        };
        Self { principal, tenant, permitted: true }
    }

    /// The same caller in the scope of the organisation that owns a row, after a permit was given: nobody writes
    /// another tenant's rows in their own scope.
    pub(crate) fn for_owner(&self, tenant: Id<Organisation>) -> Self {
        Self { principal: self.principal.clone(), tenant, permitted: true }
    }

    /// The same caller in its token's own tenant, also where it reads only what is public: to hand in that tenant's form.
    pub(crate) fn at_home(&self) -> Self {
        let tenant = if self.is_public() { self.principal.tenant } else { self.tenant };
        Self { principal: self.principal.clone(), tenant, permitted: self.permitted }
    }

    /// Somebody else's eyes, to show the owner of a row how it looks to them. Reads only, of that row only.
    pub(crate) fn eyes_of(&self, tenant: Id<Organisation>, person: Option<Id<Person>>, outsider: bool) -> Self {
        let person = person.map(|id| Acting { id, admin: false, outsider });
        let principal = Principal { kind: TokenKind::System, tenant, person, ..self.principal.clone() };
        Self { principal, tenant, permitted: false }
    }

    /// The tenant whose sight this is; nobody's, the nil UUID, where only what is public is read.
    pub fn tenant(&self) -> Id<Organisation> {
        self.tenant
    }

    /// Whether only what is public is seen.
    pub fn is_public(&self) -> bool {
        self.tenant == Id::default()
    }

    /// The organisation that the caller changes things for.
    pub fn home(&self) -> Id<Organisation> {
        self.at_home().tenant
    }

    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The person by whose memberships and facilitations is seen, in their own tenant only.
    pub fn person(&self) -> Option<Id<Person>> {
        self.acting().map(|acting| acting.id)
    }

    /// An outsider sees little of what stands beside their own rows, which a change of these may depend on: what they were
    /// permitted is done as the owner would do it.
    fn acting(&self) -> Option<Acting> {
        let here = self.tenant == self.principal.tenant;
        self.principal.person.filter(|acting| here && !(acting.outsider && self.permitted))
    }

    /// Whether the acting person is from outside, and so sees only the sessions that they are invited to.
    pub fn is_outsider(&self) -> bool {
        self.acting().is_some_and(|acting| acting.outsider)
    }

    /// Whether the caller may do what the tenant's admin may: a token without an acting person, or an admin's.
    pub fn is_admin(&self) -> bool {
        self.principal.person.is_none_or(|acting| acting.admin)
    }

    pub fn is_operator(&self) -> bool {
        self.principal.kind == TokenKind::Operator
    }

    pub fn holds(&self, scope: Scope) -> bool {
        self.principal.scopes.contains(scope) || (self.is_public() && Scope::OF_THE_PUBLIC.contains(&scope))
    }

    pub fn require(&self, scope: Scope) -> Result<(), Error> {
        if self.holds(scope) { Ok(()) } else { Err(Error::forbidden(Code::InsufficientScope, scope.label())) }
    }

    /// The same for what is made of more than is public.
    pub fn require_itself(&self, scope: Scope) -> Result<(), Error> {
        let there = self.principal.scopes.contains(scope);
        if there { Ok(()) } else { Err(Error::forbidden(Code::InsufficientScope, scope.label())) }
    }
}
