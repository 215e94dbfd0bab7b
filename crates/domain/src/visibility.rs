//! Who sees what: the one rule. Persistence states it a second time as SQL, and a generated test proves that the two
//! agree on every combination.

use crate::{
    cop::{CopStatus, ParticipationState},
    labels,
};

labels! {
    /// How far something may be seen, from narrow to wide; each includes all before it.
    Audience {
        Organisation = "ORGANISATION" / "Eigen organisatie",
        Members = "MEMBERS" / "Deelnemers",
        Partners = "PARTNERS" / "Partnerorganisaties",
        Network = "NETWORK" / "Netwerk",
        Public = "PUBLIC" / "Openbaar",
    }
}

/// What the rule has to know about a viewer and a CoP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// The viewer's tenant hosts the CoP.
    pub host: bool,
    /// The viewer's tenant's participation, if there is one.
    pub participation: Option<ParticipationState>,
}

/// What the rule has to know about the CoP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopSight {
    pub status: CopStatus,
    pub listing: Audience,
    pub ceiling: Audience,
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
            // Whoever holds a token of a tenant is of an active one: the others' tokens are refused.
            || audience >= Audience::Network
    }
}

/// A CoP that is still a draft is shown to nobody beyond its partners, whatever was asked.
fn reach(status: CopStatus, audience: Audience) -> Audience {
    if status == CopStatus::Draft { audience.min(Audience::Partners) } else { audience }
}

/// Title, theme, host, dates and counts.
pub fn listing(sight: Sight, cop: CopSight) -> bool {
    sight.within(sight.host, reach(cop.status, cop.listing)) || sight.deciding()
}

/// Charter: content, which those who are deciding read too.
pub fn charter(sight: Sight, cop: CopSight) -> bool {
    content(sight, cop, Audience::Partners) || sight.deciding()
}

/// Sessions and everything else that the host owns. Content of a CoP that is not listed for the viewer would give the
/// CoP away, so it is not shown either.
pub fn content(sight: Sight, cop: CopSight, asked: Audience) -> bool {
    listing(sight, cop) && sight.within(sight.host, reach(cop.status, asked.min(cop.ceiling)))
}

/// An artefact of a CoP: its owner always; others by the narrowest of what was asked and the CoP's ceiling, once it is
/// no draft.
pub fn artefact(sight: Sight, owner: bool, draft: bool, cop: CopSight, asked: Audience) -> bool {
    owner || (!draft && listing(sight, cop) && sight.within(false, reach(cop.status, asked.min(cop.ceiling))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Sight = Sight { host: false, participation: None };
    const PARTNER: Sight = Sight { host: false, participation: Some(ParticipationState::Accepted) };
    const HOST: Sight = Sight { host: true, participation: None };

    fn cop(status: CopStatus, listing: Audience, ceiling: Audience) -> CopSight {
        CopSight { status, listing, ceiling }
    }

    #[test]
    fn each_audience_includes_all_before_it() {
        for (audience, host_sees, partner_sees, network_sees) in [
            (Audience::Organisation, true, false, false),
            (Audience::Members, true, false, false),
            (Audience::Partners, true, true, false),
            (Audience::Network, true, true, true),
            (Audience::Public, true, true, true),
        ] {
            let seen = |sight| listing(sight, cop(CopStatus::Active, audience, Audience::Public));
            assert_eq!(
                (seen(HOST), seen(PARTNER), seen(NOBODY)),
                (host_sees, partner_sees, network_sees),
                "{audience}"
            );
        }
    }

    #[test]
    fn one_that_is_deciding_reads_listing_and_charter_and_no_more() {
        let invited = Sight { participation: Some(ParticipationState::Invited), ..NOBODY };
        let narrow = cop(CopStatus::Draft, Audience::Organisation, Audience::Organisation);
        assert!(listing(invited, narrow) && charter(invited, narrow));
        let open = cop(CopStatus::Active, Audience::Partners, Audience::Partners);
        assert!(!content(invited, open, Audience::Partners));
        assert!(content(PARTNER, open, Audience::Partners));
        let ended = Sight { participation: Some(ParticipationState::Ended), ..NOBODY };
        assert!(!listing(ended, open));
        assert!(listing(ended, cop(CopStatus::Active, Audience::Network, Audience::Partners)));
    }

    #[test]
    fn a_draft_cop_does_not_reach_beyond_its_partners() {
        let public = |status| cop(status, Audience::Public, Audience::Public);
        assert!(!listing(NOBODY, public(CopStatus::Draft)));
        assert!(listing(NOBODY, public(CopStatus::Recruiting)));
    }

    #[test]
    fn a_draft_artefact_is_its_owners_and_the_ceiling_narrows() {
        let open = cop(CopStatus::Active, Audience::Partners, Audience::Partners);
        assert!(artefact(PARTNER, false, false, open, Audience::Partners));
        assert!(!artefact(PARTNER, false, true, open, Audience::Partners));
        assert!(!artefact(PARTNER, false, false, open, Audience::Members));
        let shut = CopSight { ceiling: Audience::Organisation, ..open };
        assert!(!artefact(PARTNER, false, false, shut, Audience::Public));
        assert!(artefact(NOBODY, true, true, shut, Audience::Organisation));
        let unlisted = cop(CopStatus::Active, Audience::Partners, Audience::Network);
        assert!(!artefact(NOBODY, false, false, unlisted, Audience::Network));
    }
}
