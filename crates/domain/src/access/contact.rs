//! What the viewer may do with contact requests.

use super::{All, deed, not_from_here, owner, step, unless};
use crate::{
    Code,
    allowed::of_contact_request as steps_of,
    contact::{self, ContactRequestState},
    query::Tree,
    scope::TenantScope,
};
use chrono::{DateTime, Utc};

pub fn of_contact_request(row: &Tree, scope: &TenantScope) -> All {
    use ContactRequestState::{Answered, Assigned, Closed, New, Spam};
    let steps = steps_of(row, scope)?;
    let admin = owner(row, scope)?;
    let state: ContactRequestState = row.get("state")?;
    let erased = row.get::<Option<DateTime<Utc>>>("erased_at")?.is_some();
    // What is assigned can be assigned to somebody else.
    let assigned = match state {
        New | Assigned => contact::blockers(erased, Assigned),
        _ => vec![not_from_here(state.label(), Assigned.label())],
    };
    Some(vec![
        deed("contact_request_assign", "assign a contact request", admin, assigned),
        step("contact_request_answer", "answer a contact request", &steps, Answered),
        step("contact_request_close", "close a contact request", &steps, Closed),
        step("contact_request_mark_spam", "mark a contact request as spam", &steps, Spam),
        deed(
            "contact_request_erase",
            "erase a contact request",
            admin,
            unless(!erased, Code::NotEditable, "", "its personal data was removed"),
        ),
    ])
}
