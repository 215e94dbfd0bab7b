//! Who sees what: the one rule. Persistence states it a second time as SQL, and a generated test proves that the two
//! agree on every combination.

use crate::{
    artefact::ArtefactState,
    cop::{CopStatus, MembershipState, ParticipationState},
    labels,
    publication::PublicationState,
    session::SessionState,
};
use chrono::{DateTime, Utc};

labels! {
    /// How far something may be seen, from narrow to wide; each includes all before it.
    Audience {
        /// The organisation that owns it; a draft is its authors'.
        Organisation = "ORGANISATION" / "Eigen organisatie",
        /// Persons with an active or completed membership whose organisation is still in, and who facilitates.
        Members = "MEMBERS" / "Deelnemers",
        /// The host, and the organisations that take part now.
        Partners = "PARTNERS" / "Partnerorganisaties",
        /// Every active organisation of the network.
        Network = "NETWORK" / "Netwerk",
        /// Everybody whose token may read what is public.
        Public = "PUBLIC" / "Openbaar",
    }
}

/// What the rule has to know about a viewer and a CoP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sight {
    /// The viewer's tenant hosts the CoP.
    pub host: bool,
    /// The viewer's tenant's participation, if there is one.
    pub participation: Option<ParticipationState>,
    /// Until when content was shared with it, if that participation has ended.
    pub left_at: Option<DateTime<Utc>>,
    /// The acting person, if the token is a member's. A token without one never counts as a member.
    pub person: Option<PersonSight>,
    /// The viewer is nobody's: its token reads only what is public.
    pub public: bool,
}

/// What the rule has to know about an acting person and a CoP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PersonSight {
    /// Their membership, if there is one.
    pub membership: Option<MembershipState>,
    /// Whether they facilitate or coordinate now.
    pub facilitates: bool,
}

/// What the rule has to know about the CoP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopSight {
    pub status: CopStatus,
    pub listing: Audience,
    pub ceiling: Audience,
}

/// What the rule has to know about an artefact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArtefactSight {
    /// The viewer's tenant owns it.
    pub owner: bool,
    /// The acting person is one of its authors.
    pub author: bool,
    pub state: ArtefactState,
    pub audience: Audience,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
}

/// What the rule has to know about a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicationSight {
    /// The viewer's tenant owns the artefact.
    pub owner: bool,
    /// The viewer's tenant contributed, and is asked for its approval.
    pub asked: bool,
    pub state: PublicationState,
    pub audience: Audience,
    pub published_at: Option<DateTime<Utc>>,
}

impl Sight {
    fn partner(self) -> bool {
        self.host || self.participation == Some(ParticipationState::Accepted)
    }

    /// One that is deciding, or on whom is being decided.
    fn deciding(self) -> bool {
        matches!(self.participation, Some(ParticipationState::Invited | ParticipationState::Requested))
    }

    fn facilitates(self) -> bool {
        self.person.is_some_and(|person| person.facilitates)
    }

    /// A person with an `ACTIVE` or `COMPLETED` membership whose organisation is still in, or who facilitates or
    /// coordinates.
    fn member(self) -> bool {
        let membership = self.person.and_then(|person| person.membership);
        let took_part = matches!(membership, Some(MembershipState::Active | MembershipState::Completed));
        (took_part && self.partner()) || self.facilitates()
    }

    /// Whether something was shared with partners while this viewer's tenant was one: what has been shown since that day
    /// without a change stays.
    fn kept(self, at: Option<DateTime<Utc>>) -> bool {
        !self.partner() && at.zip(self.left_at).is_some_and(|(at, left)| at <= left)
    }

    /// Whether an audience reaches this viewer.
    fn within(self, owner: bool, audience: Audience) -> bool {
        owner
            || (audience >= Audience::Members && self.member())
            || (audience >= Audience::Partners && self.partner())
            // Whoever holds a token of a tenant is of an active one: the others' tokens are refused.
            || audience >= if self.public { Audience::Public } else { Audience::Network }
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
pub fn charter(sight: Sight, cop: CopSight, changed_at: DateTime<Utc>) -> bool {
    shared(sight, cop, changed_at) || sight.deciding()
}

/// What the host shares with those who are in, and with those who were, as it was when they left.
pub fn shared(sight: Sight, cop: CopSight, changed_at: DateTime<Utc>) -> bool {
    content(sight, cop, Audience::Partners) || sight.kept(Some(changed_at))
}

/// What the rule has to know about a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionSight {
    /// The viewer's tenant owns it.
    pub owner: bool,
    /// The viewer is nobody's: its token reads only what is public, which no session is.
    pub public: bool,
    pub state: SessionState,
    pub audience: Audience,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
}

/// One of the CoPs of a session, with what the viewer is to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionOf {
    pub sight: Sight,
    pub cop: CopSight,
    /// Since when it joins the session; none for the CoP that leads it.
    pub joined_at: Option<DateTime<Utc>>,
}

/// A session: for those with whom one of its CoPs shares it, and, once it is no draft, for the network if it is for that
/// and the CoP that leads it, if one does, is as open.
pub fn session(session: SessionSight, cops: &[SessionOf]) -> bool {
    of_session(session, cops, session.changed_at)
}

/// What hangs on a session and was changed at this moment: what the leading CoP shares is shared by itself, and kept by
/// who left; the rest is seen with the session, by who left a CoP that joins as it was then.
pub fn of_session(session: SessionSight, cops: &[SessionOf], changed_at: DateTime<Utc>) -> bool {
    let by_cop = |of: &SessionOf| {
        let changed_at = of.joined_at.map_or(changed_at, |joined| joined.max(session.changed_at).max(changed_at));
        shared(of.sight, of.cop, changed_at)
    };
    // The CoP that leads has to let the network in.
    let lets = |of: &SessionOf| of.joined_at.is_some() || content(of.sight, of.cop, Audience::Network);
    let open = session.audience == Audience::Network && session.state != SessionState::Draft && !session.public;
    session.owner || cops.iter().any(by_cop) || (open && cops.iter().all(lets))
}

/// That a CoP joins a session, to others than the two sides: with the session, for those who see the CoP, or did when it
/// joined.
pub fn joining(sight: Sight, cop: CopSight, joined_at: DateTime<Utc>) -> bool {
    listing(sight, cop) || sight.kept(Some(joined_at))
}

/// Who is in it, by name: content for its members.
pub fn roster(sight: Sight, cop: CopSight) -> bool {
    content(sight, cop, Audience::Members)
}

/// Sessions and everything else that the host owns. Content of a CoP that is not listed for the viewer would give the
/// CoP away, so it is not shown either.
pub fn content(sight: Sight, cop: CopSight, asked: Audience) -> bool {
    listing(sight, cop) && sight.within(sight.host, reach(cop.status, asked.min(cop.ceiling)))
}

/// An artefact of a CoP. Of its owner's people only its authors see a draft; the owner's own token, which no person
/// acts by, sees all. Others see it by the narrowest of what was asked and the CoP's ceiling, once it is no draft; who
/// facilitates sees it as soon as it was handed in, for that is to whom it was handed in; an author of another
/// organisation sees it while that organisation is in. Who has left sees what was theirs to see as long as nothing of it
/// changes; after that, the versions that were published to them.
pub fn artefact(sight: Sight, artefact: ArtefactSight, cop: CopSight) -> bool {
    let draft = artefact.state == ArtefactState::Draft;
    if artefact.owner && (!draft || artefact.author || sight.person.is_none()) {
        return true;
    }
    if !artefact.owner && artefact.author && sight.partner() {
        return true;
    }
    let handed_in = artefact.state == ArtefactState::Submitted && sight.facilitates();
    let reached = sight.within(false, reach(cop.status, artefact.audience.min(cop.ceiling)));
    let kept = artefact.audience >= Audience::Partners && sight.kept(Some(artefact.changed_at));
    !draft && ((listing(sight, cop) && (handed_in || reached)) || kept)
}

/// A publication of an artefact of a CoP: for its owner, for those whose approval it needs, and once it is published for
/// its audience; one that was withdrawn stays as a tombstone.
pub fn publication(sight: Sight, publication: PublicationSight, cop: CopSight) -> bool {
    let audience = reach(cop.status, publication.audience.min(cop.ceiling));
    let reached = listing(sight, cop) && sight.within(false, audience);
    publication.owner
        || publication.asked
        || (publication.published_at.is_some() && (reached || sight.kept(publication.published_at)))
}

/// The version that a publication is of, by that publication alone.
pub fn published_version(sight: Sight, one: PublicationSight, cop: CopSight) -> bool {
    use PublicationState::{Approved, Published, Requested};
    match one.state {
        Published => publication(sight, one, cop),
        Requested | Approved => one.asked,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Sight = Sight { host: false, participation: None, left_at: None, person: None, public: false };
    const ANYBODY: Sight = Sight { public: true, ..NOBODY };
    const PARTNER: Sight = Sight { participation: Some(ParticipationState::Accepted), ..NOBODY };
    const HOST: Sight = Sight { host: true, ..NOBODY };

    fn member(of: Sight, state: MembershipState) -> Sight {
        Sight { person: Some(PersonSight { membership: Some(state), facilitates: false }), ..of }
    }

    fn facilitator(of: Sight) -> Sight {
        Sight { person: Some(PersonSight { membership: None, facilitates: true }), ..of }
    }

    fn cop(status: CopStatus, listing: Audience, ceiling: Audience) -> CopSight {
        CopSight { status, listing, ceiling }
    }

    fn others(state: ArtefactState, audience: Audience) -> ArtefactSight {
        ArtefactSight { owner: false, author: false, state, audience, changed_at: at(0) }
    }

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::Duration::days(day)
    }

    #[test]
    fn who_has_left_keeps_what_was_shared_before_and_nothing_later() {
        let open = cop(CopStatus::Active, Audience::Partners, Audience::Partners);
        let left = Sight { participation: Some(ParticipationState::Ended), left_at: Some(at(10)), ..NOBODY };
        assert!(shared(left, open, at(10)) && charter(left, open, at(9)));
        assert!(!shared(left, open, at(11)) && !shared(NOBODY, open, at(9)));
        let partners = others(ArtefactState::Validated, Audience::Partners);
        let changed = |day| ArtefactSight { changed_at: at(day), ..partners };
        assert!(artefact(left, changed(10), open) && !artefact(left, changed(11), open));
        assert!(!artefact(left, ArtefactSight { audience: Audience::Members, ..changed(9) }, open));
        assert!(!listing(left, open) && !roster(member(left, MembershipState::Active), open));
        // What the host narrows later does not reach back.
        assert!(shared(left, CopSight { ceiling: Audience::Members, ..open }, at(9)));
        let back = Sight { participation: Some(ParticipationState::Accepted), ..left };
        assert!(shared(back, open, at(11)));
    }

    #[test]
    fn a_publication_is_for_who_is_asked_and_then_for_its_audience() {
        let open = cop(CopStatus::Active, Audience::Network, Audience::Network);
        let one = |state, asked, published_at| PublicationSight {
            owner: false,
            asked,
            state,
            audience: Audience::Partners,
            published_at,
        };
        let requested = one(PublicationState::Requested, false, None);
        assert!(!publication(PARTNER, requested, open));
        let asked = one(PublicationState::Requested, true, None);
        assert!(publication(NOBODY, asked, open) && published_version(NOBODY, asked, open));
        let published = one(PublicationState::Published, false, Some(at(1)));
        assert!(publication(PARTNER, published, open) && published_version(PARTNER, published, open));
        assert!(!publication(NOBODY, published, open));
        let withdrawn = one(PublicationState::Withdrawn, false, Some(at(1)));
        assert!(publication(PARTNER, withdrawn, open) && !published_version(PARTNER, withdrawn, open));
        let taken_back = one(PublicationState::Withdrawn, false, None);
        assert!(!publication(PARTNER, taken_back, open), "it never was published");
    }

    #[test]
    fn each_audience_includes_all_before_it() {
        let person = member(PARTNER, MembershipState::Active);
        for (audience, sees) in [
            (Audience::Organisation, [true, false, false, false, false]),
            (Audience::Members, [true, true, false, false, false]),
            (Audience::Partners, [true, true, true, false, false]),
            (Audience::Network, [true, true, true, true, false]),
            (Audience::Public, [true, true, true, true, true]),
        ] {
            let seen = |sight| listing(sight, cop(CopStatus::Active, audience, Audience::Public));
            assert_eq!([HOST, person, PARTNER, NOBODY, ANYBODY].map(seen), sees, "{audience}");
        }
    }

    #[test]
    fn members_are_those_who_take_part_and_whose_organisation_is_still_in() {
        let circle = cop(CopStatus::Active, Audience::Members, Audience::Members);
        let sees = |sight| roster(sight, circle);
        assert!(sees(member(PARTNER, MembershipState::Active)) && sees(member(PARTNER, MembershipState::Completed)));
        assert!(!sees(member(PARTNER, MembershipState::Selected)) && !sees(member(PARTNER, MembershipState::Removed)));
        let ended = Sight { participation: Some(ParticipationState::Ended), ..NOBODY };
        assert!(!sees(member(ended, MembershipState::Active)), "their organisation has left");
        assert!(sees(facilitator(NOBODY)), "whoever guides it comes from elsewhere");
        assert!(!sees(PARTNER), "a token without an acting person never counts as a member");
    }

    #[test]
    fn one_that_is_deciding_reads_listing_and_charter_and_no_more() {
        let invited = Sight { participation: Some(ParticipationState::Invited), ..NOBODY };
        let narrow = cop(CopStatus::Draft, Audience::Organisation, Audience::Organisation);
        assert!(listing(invited, narrow) && charter(invited, narrow, at(1)));
        let open = cop(CopStatus::Active, Audience::Partners, Audience::Partners);
        assert!(!content(invited, open, Audience::Partners));
        assert!(content(PARTNER, open, Audience::Partners) && charter(PARTNER, open, at(1)));
        assert!(!charter(NOBODY, open, at(1)));
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
    fn the_ceiling_narrows_an_artefact() {
        let open = cop(CopStatus::Active, Audience::Partners, Audience::Partners);
        let submitted = |audience| others(ArtefactState::Validated, audience);
        assert!(artefact(PARTNER, submitted(Audience::Partners), open));
        assert!(!artefact(PARTNER, others(ArtefactState::Draft, Audience::Partners), open));
        assert!(!artefact(PARTNER, submitted(Audience::Members), open));
        assert!(artefact(member(PARTNER, MembershipState::Active), submitted(Audience::Members), open));
        let shut = CopSight { ceiling: Audience::Organisation, ..open };
        assert!(!artefact(PARTNER, submitted(Audience::Public), shut));
        let unlisted = cop(CopStatus::Active, Audience::Partners, Audience::Network);
        assert!(!artefact(NOBODY, submitted(Audience::Network), unlisted));
    }

    #[test]
    fn a_draft_is_its_authors_and_what_was_handed_in_its_facilitators() {
        let open = cop(CopStatus::Active, Audience::Partners, Audience::Partners);
        let own = |author, state| ArtefactSight { author, ..others(state, Audience::Organisation) };
        let own = |author, state| ArtefactSight { owner: true, ..own(author, state) };
        let colleague = member(PARTNER, MembershipState::Active);
        assert!(artefact(PARTNER, own(false, ArtefactState::Draft), open), "the organisation's own token");
        assert!(artefact(colleague, own(true, ArtefactState::Draft), open));
        assert!(!artefact(colleague, own(false, ArtefactState::Draft), open));
        assert!(artefact(colleague, own(false, ArtefactState::Submitted), open));
        let with_others = ArtefactSight { author: true, ..others(ArtefactState::Draft, Audience::Organisation) };
        assert!(artefact(colleague, with_others, open), "an author of another organisation");
        assert!(!artefact(member(NOBODY, MembershipState::Active), with_others, open), "that is not in");
        let guide = facilitator(NOBODY);
        assert!(artefact(guide, others(ArtefactState::Submitted, Audience::Organisation), open));
        assert!(!artefact(guide, others(ArtefactState::Draft, Audience::Organisation), open));
        assert!(!artefact(guide, others(ArtefactState::Validated, Audience::Organisation), open));
        assert!(artefact(guide, others(ArtefactState::Validated, Audience::Members), open));
    }
}
