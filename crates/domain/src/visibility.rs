//! Who sees what: the one rule. Persistence states it a second time as SQL, and a generated test proves that the two
//! agree on every combination.

use crate::{
    cop::{CopStatus, ParticipationState},
    labels,
};

labels! {
    /// How far something may be seen, from narrow to wide; each includes all before it.
    Audience {
        Organisation = "ORGANISATION",
        Members = "MEMBERS",
        Partners = "PARTNERS",
        Network = "NETWORK",
        Public = "PUBLIC",
    }
}

/// What the rule has to know about a viewer and a CoP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// The viewer's tenant hosts the CoP.
    pub host: bool,
    /// The viewer's tenant's participation, if there is one.
    pub participation: Option<ParticipationState>,
    /// The viewer's tenant is `ACTIVE`.
    pub active_tenant: bool,
    /// The token holds `public:read`.
    pub public_read: bool,
}

impl Sight {
    fn partner(self) -> bool {
        self.host || self.participation == Some(ParticipationState::Accepted)
    }

    /// One that is deciding, or on whom is being decided.
    fn deciding(self) -> bool {
        matches!(self.participation, Some(ParticipationState::Invited | ParticipationState::Requested))
    }

    /// Whether an audience reaches this viewer. `ORGANISATION` and `MEMBERS` are the owner's here: a token without an
    /// acting person never counts as a member.
    fn within(self, owner: bool, audience: Audience) -> bool {
        owner
            || (audience >= Audience::Partners && self.partner())
            || (audience >= Audience::Network && self.active_tenant)
            || (audience >= Audience::Public && self.public_read)
    }
}

/// A CoP that is still a draft is shown to nobody beyond its partners, whatever was asked.
fn reach(status: CopStatus, audience: Audience) -> Audience {
    if status == CopStatus::Draft { audience.min(Audience::Partners) } else { audience }
}

/// Title, theme, host, dates and counts.
pub fn listing(sight: Sight, status: CopStatus, listing: Audience) -> bool {
    sight.within(sight.host, reach(status, listing)) || sight.deciding()
}

/// Charter: content, which those who are deciding read too.
pub fn charter(sight: Sight, status: CopStatus, ceiling: Audience) -> bool {
    content(sight, status, Audience::Partners, ceiling) || sight.deciding()
}

/// Sessions and everything else that the host owns.
pub fn content(sight: Sight, status: CopStatus, asked: Audience, ceiling: Audience) -> bool {
    sight.within(sight.host, reach(status, asked.min(ceiling)))
}

/// An artefact: its owner always; others by the narrowest of what was asked and the CoP's ceiling, once it is no
/// draft.
pub fn artefact(sight: Sight, owner: bool, draft: bool, status: CopStatus, asked: Audience, ceiling: Audience) -> bool {
    owner || (!draft && sight.within(false, reach(status, asked.min(ceiling))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Sight = Sight { host: false, participation: None, active_tenant: true, public_read: false };

    #[test]
    fn each_audience_includes_all_before_it() {
        let partner = Sight { participation: Some(ParticipationState::Accepted), ..NOBODY };
        let host = Sight { host: true, ..NOBODY };
        for (audience, host_sees, partner_sees, network_sees) in [
            (Audience::Organisation, true, false, false),
            (Audience::Members, true, false, false),
            (Audience::Partners, true, true, false),
            (Audience::Network, true, true, true),
            (Audience::Public, true, true, true),
        ] {
            let seen = |sight| listing(sight, CopStatus::Active, audience);
            assert_eq!((seen(host), seen(partner), seen(NOBODY)), (host_sees, partner_sees, network_sees), "{audience}");
        }
    }

    #[test]
    fn one_that_is_deciding_reads_listing_and_charter_and_no_more() {
        let invited = Sight { participation: Some(ParticipationState::Invited), ..NOBODY };
        assert!(listing(invited, CopStatus::Draft, Audience::Organisation));
        assert!(charter(invited, CopStatus::Draft, Audience::Organisation));
        assert!(!content(invited, CopStatus::Active, Audience::Partners, Audience::Partners));
        let ended = Sight { participation: Some(ParticipationState::Ended), ..NOBODY };
        assert!(!listing(ended, CopStatus::Active, Audience::Partners));
        assert!(listing(ended, CopStatus::Active, Audience::Network));
    }

    #[test]
    fn a_draft_cop_does_not_reach_beyond_its_partners() {
        assert!(!listing(NOBODY, CopStatus::Draft, Audience::Public));
        assert!(listing(NOBODY, CopStatus::Recruiting, Audience::Public));
    }

    #[test]
    fn a_draft_artefact_is_its_owners_and_the_ceiling_narrows() {
        let partner = Sight { participation: Some(ParticipationState::Accepted), ..NOBODY };
        let seen = |draft, asked, ceiling| artefact(partner, false, draft, CopStatus::Active, asked, ceiling);
        assert!(seen(false, Audience::Partners, Audience::Partners));
        assert!(!seen(true, Audience::Partners, Audience::Partners));
        assert!(!seen(false, Audience::Members, Audience::Partners));
        assert!(!seen(false, Audience::Public, Audience::Organisation));
        assert!(artefact(NOBODY, true, true, CopStatus::Draft, Audience::Organisation, Audience::Organisation));
    }
}
