//! Who takes part in a CoP.

use super::ids;
use crate::{model::names::*, ops};
use evolva_domain::cop as c;

ops! { MembershipMutations;
    /// Chooses many who said yes, each on its own, at most 100: `results` says what became of each. What stands in the way of
    /// one does not hold up the others.
    CopSelectMembers cop_select_members "selectCopMembers" POST "/cops/{id}/select-members" ["memberships:write"]
    CopSelectMembersInput {
        /// The CoP.
        id: CopId,
        /// Memberships of it.
        membership_ids: Vec<MembershipId>,
    }
    -> CopSelectMembersPayload { cop: Cop of c::Cop, results results }
    |call, input| c::membership::select_many(&call.ctx, &call.scope, c::membership::Choose {
        cop_id: input.id.0, membership_ids: ids(input.membership_ids), reason: None,
    }).await;

    /// Does not choose many, each on its own, at most 100: `results` says what became of each.
    CopRejectMembers cop_reject_members "rejectCopMembers" POST "/cops/{id}/reject-members" ["memberships:write"]
    CopRejectMembersInput {
        /// The CoP.
        id: CopId,
        /// Memberships of it.
        membership_ids: Vec<MembershipId>,
        /// Why, for all of them.
        reason: Option<String>,
    }
    -> CopRejectMembersPayload { cop: Cop of c::Cop, results results }
    |call, input| c::membership::reject_many(&call.ctx, &call.scope, c::membership::Choose {
        cop_id: input.id.0, membership_ids: ids(input.membership_ids), reason: input.reason,
    }).await;

    /// Puts a person forward as a member. For the host, and for a participating organisation its own people.
    MembershipNominate membership_nominate "nominateMembership" POST "/memberships/nominate" ["memberships:write"]
    MembershipNominateInput {
        /// The CoP.
        cop_id: CopId,
        /// The person.
        person_id: PersonId,
        /// What they are to do; MEMBER if left out.
        role: Option<MembershipRoleLabel>,
        /// Why they want to take part.
        motivation: Option<String>,
    }
    -> MembershipNominatePayload { membership: Membership of c::Membership }
    |call, input| c::membership::nominate(&call.ctx, &call.scope, c::membership::Propose {
        cop_id: input.cop_id.0, person_id: input.person_id.0, role: input.role.map(|role| role.0).unwrap_or_default(),
        motivation: input.motivation,
    }).await;

    /// Comes forward as a member: a person for themselves, or their organisation's own token for them. Applying is the person's
    /// own yes.
    MembershipApply membership_apply "applyMembership" POST "/memberships/apply" ["memberships:write"]
    MembershipApplyInput {
        /// The CoP.
        cop_id: CopId,
        /// The person.
        person_id: PersonId,
        /// What they want to do; MEMBER if left out.
        role: Option<MembershipRoleLabel>,
        /// Why they want to take part.
        motivation: Option<String>,
    }
    -> MembershipApplyPayload { membership: Membership of c::Membership }
    |call, input| c::membership::apply(&call.ctx, &call.scope, c::membership::Propose {
        cop_id: input.cop_id.0, person_id: input.person_id.0, role: input.role.map(|role| role.0).unwrap_or_default(),
        motivation: input.motivation,
    }).await;

    /// The person's own yes: said by themselves, or passed on by their organisation's own token. No admin says it for a
    /// colleague.
    MembershipAccept membership_accept "acceptMembership" POST "/memberships/{id}/accept" ["memberships:write"]
    MembershipAcceptInput {
        /// The membership.
        id: MembershipId,
    }
    -> MembershipAcceptPayload { membership: Membership of c::Membership }
    |call, input| c::membership::accept(&call.ctx, &call.scope, input.id.0).await;

    /// Chooses somebody who has said yes. For the host.
    MembershipSelect membership_select "selectMembership" POST "/memberships/{id}/select" ["memberships:write"]
    MembershipSelectInput {
        /// The membership.
        id: MembershipId,
    }
    -> MembershipSelectPayload { membership: Membership of c::Membership }
    |call, input| c::membership::select(&call.ctx, &call.scope, input.id.0).await;

    /// Does not choose somebody. For the host.
    MembershipReject membership_reject "rejectMembership" POST "/memberships/{id}/reject" ["memberships:write"]
    MembershipRejectInput {
        /// The membership.
        id: MembershipId,
        /// Why.
        reason: Option<String>,
    }
    -> MembershipRejectPayload { membership: Membership of c::Membership }
    |call, input| c::membership::reject(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Lets somebody who was selected take part. For the host.
    MembershipActivate membership_activate "activateMembership" POST "/memberships/{id}/activate" ["memberships:write"]
    MembershipActivateInput {
        /// The membership.
        id: MembershipId,
    }
    -> MembershipActivatePayload { membership: Membership of c::Membership }
    |call, input| c::membership::activate(&call.ctx, &call.scope, input.id.0).await;

    /// Ends a membership that lasted until the end. For the host.
    MembershipComplete membership_complete "completeMembership" POST "/memberships/{id}/complete" ["memberships:write"]
    MembershipCompleteInput {
        /// The membership.
        id: MembershipId,
    }
    -> MembershipCompletePayload { membership: Membership of c::Membership }
    |call, input| c::membership::complete(&call.ctx, &call.scope, input.id.0).await;

    /// Takes somebody back out. For the person's organisation.
    MembershipWithdraw membership_withdraw "withdrawMembership" POST "/memberships/{id}/withdraw" ["memberships:write"]
    MembershipWithdrawInput {
        /// The membership.
        id: MembershipId,
        /// Why.
        reason: Option<String>,
    }
    -> MembershipWithdrawPayload { membership: Membership of c::Membership }
    |call, input| c::membership::withdraw(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Sends somebody away, for a reason. For the host.
    MembershipRemove membership_remove "removeMembership" POST "/memberships/{id}/remove" ["memberships:write"]
    MembershipRemoveInput {
        /// The membership.
        id: MembershipId,
        /// Why; required.
        reason: Option<String>,
    }
    -> MembershipRemovePayload { membership: Membership of c::Membership }
    |call, input| c::membership::remove(&call.ctx, &call.scope, input.id.0, input.reason).await;
}
