//! Organisations: the tenants.

use crate::{
    Code, Error, Id, Result, contact,
    ctx::Ctx,
    input::{self, Check, Patch},
    labels, policy, record,
    record::Field,
    scope::{Scope, TenantScope},
};

labels! {
    /// What kind of organisation it is.
    OrganisationKind {
        /// A school, college or university.
        Education = "EDUCATION" / "Onderwijs",
        /// Health and social care.
        Care = "CARE" / "Zorg",
        /// A company.
        Business = "BUSINESS" / "Bedrijfsleven",
        /// A public body.
        Government = "GOVERNMENT" / "Overheid",
        /// None of these.
        Other = "OTHER" / "Anders",
        /// The organisation that runs the network. There is exactly one.
        NetworkOperator = "NETWORK_OPERATOR" / "Netwerkorganisatie",
    }
}

labels! {
    /// Whether an organisation takes part in the network now.
    OrganisationState {
        /// It takes part.
        Active = "ACTIVE" / "Actief",
        /// Its tokens are refused until it is reactivated.
        Suspended = "SUSPENDED" / "Opgeschort",
        /// It has left for good.
        Closed = "CLOSED" / "Gesloten",
    }
}

record! {
    Organisation("organisation", "org") {
        slug: String,
        name: String,
        kind: OrganisationKind,
        state: OrganisationState,
        logo_url: Option<String>,
        privacy_contact: Option<String>,
        /// What whoever uses the contact form agrees to; without it there is no form.
        contact_consent_text: Option<String>,
        /// Grows with each change of that text, from 1.
        contact_consent_version: i64,
        /// How many days the personal data of a contact request stays after it was closed.
        contact_retention_days: i64,
    }
}

impl Organisation {
    /// Sets the text of the contact form; another text is another version.
    fn ask_consent_to(&mut self, text: Option<String>) {
        if self.contact_consent_text != text {
            self.contact_consent_text = text;
            self.contact_consent_version += 1;
        }
    }
}

pub struct Create {
    pub slug: Option<String>,
    pub name: String,
    pub kind: OrganisationKind,
    pub logo_url: Option<String>,
    pub privacy_contact: Option<String>,
}

/// Admits an organisation to the network. For the operator.
pub async fn create(ctx: &Ctx, scope: &TenantScope, cmd: Create) -> Result<Organisation> {
    scope.require(Scope::OrganisationsManage)?;
    let mut check = Check::default();
    let name = check.text("name", &cmd.name, input::TITLE);
    let slug = check.slug("slug", &cmd.slug.unwrap_or_else(|| input::slug_from(&name)));
    let kind_fits = cmd.kind != OrganisationKind::NetworkOperator;
    check.that(kind_fits, Code::InvalidValue, "kind", "there is exactly one NETWORK_OPERATOR");
    let logo_url = check.url("logoUrl", cmd.logo_url.as_deref());
    let privacy_contact = check.email("privacyContact", cmd.privacy_contact.as_deref());
    check.done()?;
    let mut row: Organisation = ctx.fresh(scope);
    row.tenant_id = row.id;
    let contact_retention_days = contact::RETENTION_DAYS;
    let row = Organisation { slug, name, kind: cmd.kind, logo_url, privacy_contact, contact_retention_days, ..row };
    let mut tx = ctx.store.begin(scope).await?;
    if tx.first::<Organisation>(&[("slug", row.slug.to_cell())]).await?.is_some() {
        return Err(Error::conflict(Code::AlreadyExists, "slug", row.slug));
    }
    let permit = policy::operator(scope, "create an organisation", &row)?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

#[derive(Default)]
pub struct Update {
    pub id: Id<Organisation>,
    pub version: Option<i64>,
    pub name: Option<String>,
    pub kind: Option<OrganisationKind>,
    pub logo_url: Patch<String>,
    pub privacy_contact: Patch<String>,
    pub contact_consent_text: Patch<String>,
    pub contact_retention_days: Option<i64>,
}

/// Changes an organisation's own settings.
pub async fn update(ctx: &Ctx, scope: &TenantScope, cmd: Update) -> Result<Organisation> {
    scope.require(Scope::OrganisationsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get_at(cmd.id, cmd.version).await?;
    let permit = policy::owner(scope, "change an organisation", &row)?;
    let mut check = Check::default();
    if let Some(name) = cmd.name {
        row.name = check.text("name", &name, input::TITLE);
    }
    if let Some(kind) = cmd.kind {
        let operator = OrganisationKind::NetworkOperator;
        let fits = (kind == operator) == (row.kind == operator);
        check.that(fits, Code::InvalidValue, "kind", "NETWORK_OPERATOR is given to one organisation for good");
        row.kind = kind;
    }
    if let Some(url) = cmd.logo_url.change() {
        row.logo_url = check.url("logoUrl", url.as_deref());
    }
    if let Some(contact) = cmd.privacy_contact.change() {
        row.privacy_contact = check.email("privacyContact", contact.as_deref());
    }
    if let Some(text) = cmd.contact_consent_text.change() {
        row.ask_consent_to(check.optional_text("contactConsentText", text.as_deref(), input::BODY));
    }
    if let Some(days) = cmd.contact_retention_days {
        let fits = contact::RETENTION_BOUNDS.contains(&days);
        check.that(fits, Code::OutOfRange, "contactRetentionDays", "7 to 365");
        row.contact_retention_days = days;
    }
    check.done()?;
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

/// Refuses the organisation's tokens until it is reactivated. For the operator.
pub async fn suspend(ctx: &Ctx, scope: &TenantScope, id: Id<Organisation>) -> Result<Organisation> {
    change_state(ctx, scope, id, OrganisationState::Active, OrganisationState::Suspended, "suspended").await
}

/// Lets a suspended organisation back in. For the operator.
pub async fn reactivate(ctx: &Ctx, scope: &TenantScope, id: Id<Organisation>) -> Result<Organisation> {
    change_state(ctx, scope, id, OrganisationState::Suspended, OrganisationState::Active, "reactivated").await
}

async fn change_state(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Organisation>,
    from: OrganisationState,
    to: OrganisationState,
    verb: &'static str,
) -> Result<Organisation> {
    scope.require(Scope::OrganisationsManage)?;
    // The act is in that tenant's own audit log, so it is done inside that tenant.
    let inside = scope.principal().enter_as_operator(id)?;
    let mut tx = ctx.store.begin(&inside).await?;
    let mut row = tx.get(id).await?;
    let permit = policy::operator(&inside, verb, &row)?;
    if row.kind == OrganisationKind::NetworkOperator {
        return Err(Error::forbidden(Code::Forbidden, "the network operator is always active"));
    }
    if row.state != from {
        return Err(Error::conflict(Code::TransitionNotAllowed, "", format!("{} to {to}", row.state)));
    }
    row.state = to;
    tx.save(&permit, &mut row, ctx, verb).await?;
    Ok(row)
}
