//! Outputs of the contact form. The doc comments are the client documentation of both surfaces.

use super::{names::*, scalar::Gid, shapes::*, views::*};
use crate::view;
use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use evolva_domain::{access as acc, allowed, contact as ctc, organisation::Organisation as Row};
use serde::Serialize;
use utoipa::ToSchema;

view! {
    /// What somebody from outside asked by the contact form of a portal (*contactformulier*). The platform keeps the question
    /// and the answer; whoever answers sends the e-mail. Personal data is removed after the organisation's retention time: the
    /// row stays, with its state, and `erasedAt` says when. Admins see all of their organisation's; others those that are
    /// assigned to them.
    ContactRequest of ctc::ContactRequest, ContactRead;
    columns {
        /// The name of who asks; empty once it was removed.
        name: Option<String>,
        /// Where to answer; empty once it was removed.
        email: Option<String>,
        /// What they ask; empty once it was removed.
        message: Option<String>,
        /// The theme that it is about.
        theme_id: Option<ThemeId>,
        /// The CoP that it is about.
        cop_id: Option<CopId>,
        /// Which version of the organisation's consent text they agreed to.
        consent_version: i64,
        /// That text, as it was then; empty for those of before it was kept.
        consent_text: Option<String>,
        /// Where it is in its life.
        state: ContactRequestStateLabel,
        /// Whether the form's trap caught it, so that it came in as spam.
        caught: bool,
        /// Who is to answer it.
        assignee_id: Option<PersonId>,
        /// When that was said.
        assigned_at: Option<DateTime<Utc>>,
        /// What was answered; empty once it was removed.
        answer: Option<String>,
        /// Who answered; empty if it was the organisation's own token.
        answered_by_id: Option<PersonId>,
        /// When it was answered.
        answered_at: Option<DateTime<Utc>>,
        /// When it was closed, or found to be spam.
        ended_at: Option<DateTime<Utc>>,
        /// When its personal data was removed.
        erased_at: Option<DateTime<Utc>>,
    }
    private {}
    derived {
        /// The steps of its life that you may take from here, with what each still waits for.
        allowed_transitions: Steps = ["state", "assignee_id", "erased_at"] |tree, viewer| steps(allowed::of_contact_request(tree, viewer.scope)?, viewer),
        /// What you may do with it, and why not.
        access: Accesses = ["state", "assignee_id", "erased_at"] |tree, viewer| access(acc::of_contact_request(tree, viewer.scope)?, viewer),
    }
    one {
        /// The theme that it is about.
        theme: Theme,
        /// The CoP that it is about.
        cop: Cop,
        /// Who is to answer it.
        assignee: Person,
    }
    many {}
}

view! {
    /// What the sender of a contact request gets: that it came in, and nothing of what becomes of it.
    ContactReceipt of ctc::ContactRequest, ContactSubmit;
    columns {}
    private {}
    derived {}
    one {}
    many {}
}

/// What a portal shows at its contact form.
#[derive(Debug, Clone, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContactForm {
    /// The organisation that is asked.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// Whom to write to about privacy.
    pub privacy_contact: Option<String>,
    /// Whether requests are taken in: there is a text to agree to.
    pub is_open: bool,
    /// What whoever uses the form agrees to, as Markdown.
    pub consent_text: Option<String>,
    /// The same, rendered and sanitised.
    pub consent_text_html: Option<String>,
    /// The version of that text; give it with the request.
    pub consent_version: i64,
    /// How many days personal data stays after a request was closed.
    pub retention_days: i64,
    /// After how many days it goes in any case.
    pub longest_days: i64,
}

impl From<Row> for ContactForm {
    fn from(row: Row) -> Self {
        Self {
            organisation_id: Gid(row.id),
            organisation_name: row.name,
            privacy_contact: row.privacy_contact,
            is_open: row.contact_consent_text.is_some(),
            consent_text_html: row.contact_consent_text.as_deref().map(html_of),
            consent_text: row.contact_consent_text,
            consent_version: row.contact_consent_version,
            retention_days: row.contact_retention_days,
            longest_days: ctc::LONGEST_DAYS,
        }
    }
}
