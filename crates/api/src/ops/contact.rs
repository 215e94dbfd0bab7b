//! The contact form, and what becomes of what is asked by it.

use crate::{model::names::*, ops};
use evolva_domain::contact as ctc;

ops! { ContactMutations;
    /// Takes in what somebody asks by a portal's contact form. For the portal's own token, which needs no more than this scope and
    /// learns no more than a receipt; a person's token cannot hold it.
    ///
    /// The form has a field `website` that people do not see. What comes in with it filled is kept as spam and answered as
    /// any other. An organisation takes in at most 120 an hour, and at most 60 of them by one token: `RATE_LIMITED` says when
    /// to try again.
    ContactRequestSubmit contact_request_submit "submitContactRequest" POST "/contact-requests" ["contact:submit"]
    ContactRequestSubmitInput {
        /// The name of who asks.
        name: String,
        /// Where to answer.
        email: String,
        /// What they ask, at most 4,000 characters.
        message: String,
        /// The theme that it is about: one that your organisation sees.
        theme_id: Option<ThemeId>,
        /// The CoP that it is about: one that your organisation sees.
        cop_id: Option<CopId>,
        /// The version of the consent text that they were shown and agreed to; see `contactForm`.
        consent_version: i64,
        /// A trap: hide this field from people, so that it stays empty.
        website: Option<String>,
    }
    -> ContactRequestSubmitPayload { contact_receipt: ContactReceipt of ctc::ContactRequest }
    |call, input| ctc::submit(&call.ctx, &call.scope, ctc::Submit {
        name: input.name, email: input.email, message: input.message, theme_id: input.theme_id.map(|id| id.0),
        cop_id: input.cop_id.map(|id| id.0), consent_version: input.consent_version, website: input.website,
    }).await;

    /// Says who is to answer a contact request; said again before it is answered, it is somebody else. For the organisation's
    /// admins.
    ContactRequestAssign contact_request_assign "assignContactRequest" POST "/contact-requests/{id}/assign" ["contact:write"]
    ContactRequestAssignInput {
        /// The contact request.
        id: ContactRequestId,
        /// An active person of the own organisation.
        assignee_id: PersonId,
    }
    -> ContactRequestAssignPayload { contact_request: ContactRequest of ctc::ContactRequest }
    |call, input| ctc::assign(&call.ctx, &call.scope, input.id.0, input.assignee_id.0).await;

    /// Keeps what was answered, by whom and when. The platform sends no e-mail: whoever answers does. For who it is assigned to,
    /// and the organisation's admins.
    ContactRequestAnswer contact_request_answer "answerContactRequest" POST "/contact-requests/{id}/answer" ["contact:write"]
    ContactRequestAnswerInput {
        /// The contact request.
        id: ContactRequestId,
        /// The text of the answer, at most 4,000 characters.
        answer: String,
    }
    -> ContactRequestAnswerPayload { contact_request: ContactRequest of ctc::ContactRequest }
    |call, input| ctc::answer(&call.ctx, &call.scope, input.id.0, input.answer).await;

    /// Closes a contact request that was answered. For who it is assigned to, and the organisation's admins.
    ContactRequestClose contact_request_close "closeContactRequest" POST "/contact-requests/{id}/close" ["contact:write"]
    ContactRequestCloseInput {
        /// The contact request.
        id: ContactRequestId,
    }
    -> ContactRequestClosePayload { contact_request: ContactRequest of ctc::ContactRequest }
    |call, input| ctc::close(&call.ctx, &call.scope, input.id.0).await;

    /// Says of a new contact request that it is no question at all. For the organisation's admins.
    ContactRequestMarkSpam contact_request_mark_spam "markContactRequestAsSpam" POST "/contact-requests/{id}/mark-spam" ["contact:write"]
    ContactRequestMarkSpamInput {
        /// The contact request.
        id: ContactRequestId,
    }
    -> ContactRequestMarkSpamPayload { contact_request: ContactRequest of ctc::ContactRequest }
    |call, input| ctc::mark_as_spam(&call.ctx, &call.scope, input.id.0).await;

    /// Removes the personal data of a contact request at once: name, address, message and answer. For the organisation's
    /// admins.
    ContactRequestErase contact_request_erase "eraseContactRequest" POST "/contact-requests/{id}/erase" ["contact:write"]
    ContactRequestEraseInput {
        /// The contact request.
        id: ContactRequestId,
    }
    -> ContactRequestErasePayload { contact_request: ContactRequest of ctc::ContactRequest }
    |call, input| ctc::erase(&call.ctx, &call.scope, input.id.0).await;
}
