//! Access tokens.

use crate::{model::names::*, ops};
use evolva_domain::token as tok;

async fn sign(call: &crate::op::Call, token: &tok::Token) -> Result<String, crate::error::ApiError> {
    call.authority.sign(token).await.map_err(Into::into)
}

ops! { TokenMutations;
    /// Issues an access token of the own organisation. Its text is in the answer, this once.
    TokenIssue token_issue "issueToken" POST "/tokens" ["tokens:manage"]
    TokenIssueInput {
        /// Its name, to tell it from others.
        name: String,
        /// What it may do at all.
        scopes: Vec<ScopeLabel>,
        /// An e-mail address of whoever sees to it.
        owner_contact: Option<String>,
        /// How many days it is good, 1 to 365; 90 if left out.
        days: Option<i64>,
        /// For the operator: the tenant whose first admin token this is.
        organisation_id: Option<OrganisationId>,
    }
    -> TokenIssuePayload { token: Token of tok::Token, secret access_token sign }
    |call, input| tok::issue(&call.ctx, &call.scope, tok::Issue {
        name: input.name, scopes: input.scopes.into_iter().map(|scope| scope.0).collect(),
        owner_contact: input.owner_contact, days: input.days, organisation_id: input.organisation_id.map(|id| id.0),
    }).await;

    /// Issues a token that acts for a person of the own organisation, for a portal in which that person has logged in: the
    /// person's own rights, within what your token holds. Its text is in the answer, this once; when it ends, ask for
    /// another. It ends with your token.
    MemberTokenIssue member_token_issue "issueMemberToken" POST "/tokens/member" ["members:act"]
    MemberTokenIssueInput {
        /// The person.
        person_id: PersonId,
        /// What it may do at all; everything that your token holds and a person can, if left out.
        #[serde(default)] #[graphql(default)] scopes: Vec<ScopeLabel>,
        /// How many minutes it is good, 1 to 15; 15 if left out.
        minutes: Option<i64>,
    }
    -> MemberTokenIssuePayload { token: Token of tok::Token, secret access_token sign }
    |call, input| tok::issue_member(&call.ctx, &call.scope, tok::IssueMember {
        person_id: input.person_id.0, scopes: input.scopes.into_iter().map(|scope| scope.0).collect(),
        minutes: input.minutes,
    }).await;

    /// Makes a token useless from the next request on, and with it the member tokens that were exchanged for it.
    TokenRevoke token_revoke "revokeToken" POST "/tokens/{id}/revoke" ["tokens:manage"]
    TokenRevokeInput {
        /// The token.
        id: TokenId,
    }
    -> TokenRevokePayload { token: Token of tok::Token }
    |call, input| {
        let row = tok::revoke(&call.ctx, &call.scope, input.id.0).await?;
        call.authority.forget(row.id);
        Ok(row)
    };

    /// Issues a token like an earlier one, which stays good for a few hours more. Its text is in the answer, this once.
    TokenRotate token_rotate "rotateToken" POST "/tokens/{id}/rotate" ["tokens:manage"]
    TokenRotateInput {
        /// The earlier token.
        id: TokenId,
        /// How many hours the earlier one stays good, 0 to 24; 1 if left out.
        overlap_hours: Option<i64>,
    }
    -> TokenRotatePayload { token: Token of tok::Token, secret access_token sign }
    |call, input| {
        let row = tok::rotate(&call.ctx, &call.scope, tok::Rotate { id: input.id.0, overlap_hours: input.overlap_hours }).await?;
        call.authority.forget(input.id.0);
        Ok(row)
    };
}
