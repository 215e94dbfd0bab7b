//! Calendar feeds.

use crate::{calendar, model::names::*, ops};
use evolva_domain::{Fault, calendar as cal};

async fn address(call: &crate::op::Call, feed: &cal::CalendarFeed) -> Result<String, crate::error::ApiError> {
    let secret = call.secrets.take(feed.id.uuid()).ok_or_else(|| Fault::new("a feed was made without a secret"))?;
    Ok(calendar::address(&call.authority.issuer, feed, &secret))
}

ops! { CalendarMutations;
    /// Makes a calendar feed (*agenda-abonnement*) for a calendar program to subscribe to. Its address is in the answer, this
    /// once; whoever has it reads the feed, without a token. It shows what its maker, or the person it is for, may see at the time, and ends when it is
    /// revoked or expires, when the person leaves, or when the organisation is suspended.
    ///
    /// A member token makes it for its person. Your organisation's token makes it for one of its people, or of a CoP as the
    /// organisation sees it. Needs `sessions:read` as well.
    CalendarFeedCreate calendar_feed_create "createCalendarFeed" POST "/calendar-feeds" ["calendars:manage"]
    CalendarFeedCreateInput {
        /// Its name, which calendar programs show.
        name: String,
        /// The CoP whose sessions it shows; for a person may be left out: then all of the CoPs that they are in or guide, and
        /// those that they are registered for.
        cop_id: Option<CopId>,
        /// The person for whom it is; with a member token always its own.
        person_id: Option<PersonId>,
        /// How many days it is good, 1 to 365; 365 if left out.
        days: Option<i64>,
    }
    -> CalendarFeedCreatePayload { calendar_feed: CalendarFeed of cal::CalendarFeed, secret url address }
    |call, input| {
        let (secret, secret_hash) = calendar::fresh()?;
        let row = cal::create(&call.ctx, &call.scope, cal::Create {
            name: input.name, cop_id: input.cop_id.map(|id| id.0), person_id: input.person_id.map(|id| id.0),
            days: input.days, secret_hash,
        }).await?;
        call.secrets.keep(row.id.uuid(), secret);
        Ok(row)
    };

    /// Makes a calendar feed's address useless from the next request on.
    CalendarFeedRevoke calendar_feed_revoke "revokeCalendarFeed" POST "/calendar-feeds/{id}/revoke" ["calendars:manage"]
    CalendarFeedRevokeInput {
        /// The feed.
        id: CalendarFeedId,
    }
    -> CalendarFeedRevokePayload { calendar_feed: CalendarFeed of cal::CalendarFeed }
    |call, input| cal::revoke(&call.ctx, &call.scope, input.id.0).await;
}
