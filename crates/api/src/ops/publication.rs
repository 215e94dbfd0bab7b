//! Publications: versions of artefacts for an audience.

use crate::{model::names::*, ops};
use evolva_domain::publication as publ;

ops! { PublicationMutations;
    /// Asks that the current version of an artefact be published to a wider audience. Each organisation that contributed
    /// approves it; where that is yours alone, and you are its admin, it is published at once.
    PublicationRequest publication_request "requestPublication" POST "/publications" ["artefacts:publish"]
    PublicationRequestInput {
        /// The artefact.
        artefact_id: ArtefactId,
        /// To whom: PARTNERS, NETWORK or PUBLIC, within the CoP's content ceiling.
        audience: AudienceLabel,
        /// What those who are asked should know.
        message: Option<String>,
    }
    -> PublicationRequestPayload { publication: Publication of publ::Publication }
    |call, input| publ::request(&call.ctx, &call.scope, publ::Request {
        artefact_id: input.artefact_id.0, audience: input.audience.0, message: input.message,
    }).await;

    /// Says yes to a publication for the own organisation. Once every organisation that contributed has, it is approved;
    /// where the last of them owns the artefact, it is published with that.
    PublicationApprove publication_approve "approvePublication" POST "/publications/{id}/approve" ["artefacts:publish"]
    PublicationApproveInput {
        /// The publication.
        id: PublicationId,
    }
    -> PublicationApprovePayload { publication: Publication of publ::Publication }
    |call, input| publ::approve(&call.ctx, &call.scope, input.id.0).await;

    /// Says no to a publication for the own organisation.
    PublicationReject publication_reject "rejectPublication" POST "/publications/{id}/reject" ["artefacts:publish"]
    PublicationRejectInput {
        /// The publication.
        id: PublicationId,
        /// Why, for the organisation that owns the artefact.
        reason: Option<String>,
    }
    -> PublicationRejectPayload { publication: Publication of publ::Publication }
    |call, input| publ::reject(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Shows an approved version to its audience.
    PublicationPublish publication_publish "publishPublication" POST "/publications/{id}/publish" ["artefacts:publish"]
    PublicationPublishInput {
        /// The publication.
        id: PublicationId,
    }
    -> PublicationPublishPayload { publication: Publication of publ::Publication }
    |call, input| publ::publish(&call.ctx, &call.scope, input.id.0).await;

    /// Takes a publication back. Any organisation that contributed may, at any time. The publication stays as a tombstone
    /// for those who saw it; what it showed does not.
    PublicationWithdraw publication_withdraw "withdrawPublication" POST "/publications/{id}/withdraw" ["artefacts:publish"]
    PublicationWithdrawInput {
        /// The publication.
        id: PublicationId,
        /// Why, for the organisation that owns the artefact.
        reason: Option<String>,
    }
    -> PublicationWithdrawPayload { publication: Publication of publ::Publication }
    |call, input| publ::withdraw(&call.ctx, &call.scope, input.id.0, input.reason).await;
}
