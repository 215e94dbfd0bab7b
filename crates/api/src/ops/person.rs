//! People of the own organisation.

use crate::{model::names::*, ops};
use evolva_domain::person as per;

ops! { PersonMutations;
    /// Adds a person to the own organisation.
    PersonCreate person_create "createPerson" POST "/people" ["people:write"]
    PersonCreateInput {
        /// Your own key for the person.
        external_id: Option<String>,
        /// The name to show.
        display_name: String,
        /// The e-mail address: shown within the own organisation, and to who facilitates a CoP that the person said yes to.
        email: Option<String>,
        /// An address of a portrait.
        portrait_url: Option<String>,
        /// What the person does.
        job_title: Option<String>,
        /// What the person knows about.
        #[serde(default)] #[graphql(default)] expertise: Vec<String>,
        /// The language that the person reads, such as `nl`.
        language: Option<String>,
        /// Whether other organisations may see the person as a candidate.
        #[serde(default)] #[graphql(default)] discoverable: bool,
        /// An outsider: an expert or guest.
        #[serde(default)] #[graphql(default)] external: bool,
        /// Where an outsider comes from, in words.
        affiliation: Option<String>,
        /// Until when the data of an outsider is kept: from today to five years from now; a year if nothing is said.
        retain_until: Option<chrono::NaiveDate>,
        /// What the person may do in the organisation's administration.
        tenant_role: Option<TenantRoleLabel>,
    }
    -> PersonCreatePayload { person: Person of per::Person }
    |call, input| per::create(&call.ctx, &call.scope, per::Create {
        external_id: input.external_id, display_name: input.display_name, email: input.email,
        portrait_url: input.portrait_url, job_title: input.job_title, expertise: input.expertise,
        language: input.language, discoverable: input.discoverable, external: input.external,
        affiliation: input.affiliation, tenant_role: input.tenant_role.map(|role| role.0).unwrap_or_default(),
        retain_until: input.retain_until,
    }).await;

    /// Changes a person of the own organisation.
    PersonUpdate person_update "updatePerson" PATCH "/people/{id}" ["people:write"]
    PersonUpdateInput {
        /// The person.
        id: PersonId,
        /// The version that you read.
        version: Option<i64>,
        /// The name to show.
        display_name: Option<String>,
        /// The e-mail address.
        #[serde(default)] email: ChangeText,
        /// An address of a portrait.
        #[serde(default)] portrait_url: ChangeText,
        /// What the person does.
        #[serde(default)] job_title: ChangeText,
        /// What the person knows about.
        expertise: Option<Vec<String>>,
        /// The language that the person reads, such as `nl`.
        #[serde(default)] language: ChangeText,
        /// Whether other organisations may see the person as a candidate.
        discoverable: Option<bool>,
        /// Where an outsider comes from, in words.
        #[serde(default)] affiliation: ChangeText,
        /// Until when the data of an outsider is kept: from today to five years from now.
        retain_until: Option<chrono::NaiveDate>,
        /// What the person may do in the organisation's administration.
        tenant_role: Option<TenantRoleLabel>,
    }
    -> PersonUpdatePayload { person: Person of per::Person }
    |call, input| {
        let row = per::update(&call.ctx, &call.scope, per::Update {
        id: input.id.0, version: input.version, display_name: input.display_name, email: input.email.into(),
        portrait_url: input.portrait_url.into(), job_title: input.job_title.into(), expertise: input.expertise,
        language: input.language.into(), discoverable: input.discoverable, affiliation: input.affiliation.into(),
        tenant_role: input.tenant_role.map(|role| role.0), retain_until: input.retain_until,
    }).await?;
        call.authority.forget_person(row.id);
        Ok(row)
    };

    /// Records that a person has left the organisation.
    PersonLeave person_leave "leavePerson" POST "/people/{id}/leave" ["people:write"]
    PersonLeaveInput {
        /// The person.
        id: PersonId,
    }
    -> PersonLeavePayload { person: Person of per::Person }
    |call, input| {
        let row = per::leave(&call.ctx, &call.scope, input.id.0).await?;
        call.authority.forget_person(row.id);
        Ok(row)
    };

    /// Removes the personal data of somebody who has left the organisation, or of an outsider. Whom a session to come expects
    /// cannot be erased yet (`IN_USE`), which `access` does not foresee. What goes are name, e-mail address, portrait, work, expertise, language, affiliation and your key. What they wrote and took part in
    /// stays, nameless. It cannot be undone: whoever is put or imported under the old key is somebody new. Outsiders are erased after `retainUntil` by the platform itself.
    PersonErase person_erase "erasePerson" POST "/people/{id}/erase" ["people:write"]
    PersonEraseInput {
        /// The person.
        id: PersonId,
    }
    -> PersonErasePayload { person: Person of per::Person }
    |call, input| {
        let row = per::erase(&call.ctx, &call.scope, input.id.0).await?;
        call.authority.forget_person(row.id);
        Ok(row)
    };
}
