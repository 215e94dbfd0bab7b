//! Organisations: admitted by the operator, changed by themselves.

use crate::{model::names::*, ops};
use evolva_domain::organisation as org;

ops! { OrganisationMutations;
    /// Admits an organisation to the network. For the operator.
    OrganisationCreate organisation_create "createOrganisation" POST "/organisations" ["organisations:manage"]
    OrganisationCreateInput {
        /// Its name.
        name: String,
        /// A short name for addresses; made from the name if left out.
        slug: Option<String>,
        /// What kind of organisation it is.
        kind: OrganisationKindLabel,
        /// An address of its logo.
        logo_url: Option<String>,
        /// Whom to write to about privacy.
        privacy_contact: Option<String>,
    }
    -> OrganisationCreatePayload { organisation: Organisation of org::Organisation }
    |call, input| org::create(&call.ctx, &call.scope, org::Create {
        name: input.name, slug: input.slug, kind: input.kind.0, logo_url: input.logo_url, privacy_contact: input.privacy_contact,
    }).await;

    /// Changes the own organisation's settings.
    OrganisationUpdate organisation_update "updateOrganisation" PATCH "/organisations/{id}" ["organisations:write"]
    OrganisationUpdateInput {
        /// The organisation.
        id: OrganisationId,
        /// The version that you read.
        version: Option<i64>,
        /// Its name.
        name: Option<String>,
        /// What kind of organisation it is.
        kind: Option<OrganisationKindLabel>,
        /// An address of its logo.
        #[serde(default)] logo_url: ChangeText,
        /// Whom to write to about privacy.
        #[serde(default)] privacy_contact: ChangeText,
        /// What whoever uses the contact form agrees to, as Markdown; another text is another version. Without it the form takes
        /// nothing in.
        #[serde(default)] contact_consent_text: ChangeText,
        /// How many days the personal data of a contact request stays after it was closed, 7 to 365; 180 if nothing was said.
        contact_retention_days: Option<i64>,
    }
    -> OrganisationUpdatePayload { organisation: Organisation of org::Organisation }
    |call, input| org::update(&call.ctx, &call.scope, org::Update {
        id: input.id.0, version: input.version, name: input.name, kind: input.kind.map(|kind| kind.0),
        logo_url: input.logo_url.into(), privacy_contact: input.privacy_contact.into(),
        contact_consent_text: input.contact_consent_text.into(), contact_retention_days: input.contact_retention_days,
    }).await;

    /// Refuses an organisation's tokens until it is reactivated. For the operator.
    OrganisationSuspend organisation_suspend "suspendOrganisation" POST "/organisations/{id}/suspend" ["organisations:manage"]
    OrganisationSuspendInput {
        /// The organisation.
        id: OrganisationId,
    }
    -> OrganisationSuspendPayload { organisation: Organisation of org::Organisation }
    |call, input| {
        let row = org::suspend(&call.ctx, &call.scope, input.id.0).await?;
        call.authority.forget_tenant(row.id);
        Ok(row)
    };

    /// Lets a suspended organisation back in. For the operator.
    OrganisationReactivate organisation_reactivate "reactivateOrganisation" POST "/organisations/{id}/reactivate" ["organisations:manage"]
    OrganisationReactivateInput {
        /// The organisation.
        id: OrganisationId,
    }
    -> OrganisationReactivatePayload { organisation: Organisation of org::Organisation }
    |call, input| org::reactivate(&call.ctx, &call.scope, input.id.0).await;
}
