//! Who may do what to what they can see. A use case asks here for a [`Permit`], and nothing is written without one.
//!
//! Where a token has no acting person, it acts for its tenant with `ADMIN` rights over what that tenant owns. A person
//! has those rights as their organisation's admin; else they may what their part in the CoP allows ([`Part`]).

use crate::{
    Code, Error, Id, cop::CopStatus, organisation::Organisation, person::Person, record::Record, scope::TenantScope,
};

/// Leave to write, for one action. The audit row is made from it.
#[derive(Debug, Clone)]
pub struct Permit {
    action: &'static str,
    on: Option<(&'static str, uuid::Uuid)>,
}

impl Permit {
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// The kind of row and the id that the action is about.
    pub fn on(&self) -> Option<(&'static str, uuid::Uuid)> {
        self.on
    }
}

/// Leave for the tenant that owns the row.
pub fn owner<R: Record>(scope: &TenantScope, action: &'static str, row: &R) -> Result<Permit, Error> {
    any_of(scope, action, row, &[row.base().tenant])
}

/// Leave for either side of a two-party row, or for one side of it only.
pub fn any_of<R: Record>(
    scope: &TenantScope,
    action: &'static str,
    row: &R,
    sides: &[Id<Organisation>],
) -> Result<Permit, Error> {
    if sides.contains(&scope.tenant()) && !scope.is_operator() && !scope.is_public() && scope.is_admin() {
        Ok(Permit { action, on: Some((R::TABLE.prefix, row.base().id)) })
    } else {
        Err(Error::forbidden(Code::Forbidden, action))
    }
}

/// Leave for the network operator's platform admins, who manage organisations and first tokens.
pub fn operator<R: Record>(scope: &TenantScope, action: &'static str, row: &R) -> Result<Permit, Error> {
    if scope.is_operator() {
        Ok(Permit { action, on: Some((R::TABLE.prefix, row.base().id)) })
    } else {
        Err(Error::forbidden(Code::Forbidden, action))
    }
}

/// What there is to do in a CoP: the rows of the design's table "Who may do what".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Settings, the life cycle, invitations of organisations.
    Run,
    /// Say who facilitates and coordinates: nobody gives themselves another part.
    Appoint,
    /// Select and reject members, end a membership.
    Members,
    /// Write and propose the charter, assess its goals.
    Charter,
    /// Plan a session, report on it.
    Plan,
    /// Put something on a session's agenda.
    TakePart,
    /// Record that a session was held and what was shown there.
    Hold,
    /// Find an artefact good, or send it back.
    Review,
    /// Ask that an artefact be published to a wider audience.
    Publish,
}

/// What a person is in a CoP now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    pub facilitator: bool,
    pub coordinator: bool,
    pub lead: bool,
    pub member: bool,
}

impl Part {
    /// Whether this part alone allows it. The host's admins need none.
    pub fn allows(self, deed: Deed, cop: CopStatus) -> bool {
        let guides = self.facilitator || self.coordinator;
        match deed {
            Deed::Run => {
                let at_work = matches!(cop, CopStatus::Recruiting | CopStatus::Active | CopStatus::Harvesting);
                self.coordinator || (self.facilitator && at_work)
            }
            Deed::Appoint => self.coordinator,
            Deed::Members | Deed::Hold | Deed::Review => guides,
            Deed::Charter | Deed::Plan | Deed::Publish => guides || self.lead,
            Deed::TakePart => guides || self.lead || self.member,
        }
    }
}

/// Leave by the part that the acting person has in the row's CoP.
pub fn by_part<R: Record>(
    part: Part,
    deed: Deed,
    cop: CopStatus,
    action: &'static str,
    row: &R,
) -> Result<Permit, Error> {
    if part.allows(deed, cop) {
        Ok(Permit { action, on: Some((R::TABLE.prefix, row.base().id)) })
    } else {
        Err(Error::forbidden(Code::Forbidden, action))
    }
}

/// Leave for what is the person's own: their yes, their application, what they wrote.
pub fn in_person<R: Record>(
    scope: &TenantScope,
    action: &'static str,
    row: &R,
    persons: &[Id<Person>],
) -> Result<Permit, Error> {
    match scope.person() {
        Some(person) if persons.contains(&person) => Ok(Permit { action, on: Some((R::TABLE.prefix, row.base().id)) }),
        _ => Err(Error::forbidden(Code::Forbidden, action)),
    }
}

/// Leave to say what somebody says for themselves: for the person, and for their organisation's own token, which passes on
/// what its portal was told. No admin in person says it for a colleague.
pub fn own_yes<R: Record>(
    scope: &TenantScope,
    action: &'static str,
    row: &R,
    organisation: Id<Organisation>,
    person: Id<Person>,
) -> Result<Permit, Error> {
    match scope.person() {
        Some(_) => in_person(scope, action, row, &[person]),
        None => any_of(scope, action, row, &[organisation]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cop::Cop,
        scope::{Acting, Principal, Scopes},
        token::TokenKind,
    };

    #[test]
    fn the_table_of_who_may_do_what() {
        let (facilitator, coordinator) =
            (Part { facilitator: true, ..Part::default() }, Part { coordinator: true, ..Part::default() });
        let (lead, member) = (Part { lead: true, ..Part::default() }, Part { member: true, ..Part::default() });
        use CopStatus::{Active, Closed, Draft};
        use Deed::{Appoint, Charter, Hold, Members, Plan, Publish, Review, Run, TakePart};
        let may = |part: Part, cop| -> Vec<Deed> {
            [Run, Appoint, Members, Charter, Plan, TakePart, Hold, Review, Publish]
                .into_iter()
                .filter(|deed| part.allows(*deed, cop))
                .collect()
        };
        assert_eq!(may(coordinator, Draft), [Run, Appoint, Members, Charter, Plan, TakePart, Hold, Review, Publish]);
        assert_eq!(may(facilitator, Active), [Run, Members, Charter, Plan, TakePart, Hold, Review, Publish]);
        assert_eq!(may(facilitator, Draft), [Members, Charter, Plan, TakePart, Hold, Review, Publish]);
        assert_eq!(may(facilitator, Closed), [Members, Charter, Plan, TakePart, Hold, Review, Publish]);
        assert_eq!(may(lead, Active), [Charter, Plan, TakePart, Publish]);
        assert_eq!(may(member, Active), [TakePart]);
        assert_eq!(may(Part::default(), Active), []);
    }

    fn scope(kind: TokenKind, tenant: Id<Organisation>, person: Option<Acting>) -> TenantScope {
        Principal { token: id(9), kind, tenant, person, scopes: Scopes::default() }.enter()
    }

    fn id<R: Record>(number: u128) -> Id<R> {
        Id::new(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn leave_is_for_one_of_the_sides_and_their_admins() {
        let row = Cop { id: id(5), tenant_id: id(1), ..Cop::default() };
        let admin = |admin| Some(Acting { id: id(7), admin, outsider: false });
        for (kind, tenant, person, sides, expected) in [
            (TokenKind::Tenant, 1, None, &[1, 2][..], true),
            (TokenKind::Tenant, 2, None, &[1, 2], true),
            (TokenKind::Tenant, 3, None, &[1, 2], false),
            (TokenKind::Tenant, 1, None, &[], false),
            (TokenKind::Member, 1, admin(true), &[1], true),
            (TokenKind::Member, 1, admin(false), &[1], false),
            (TokenKind::Operator, 1, None, &[1], false),
        ] {
            let sides: Vec<_> = sides.iter().map(|side| id(*side)).collect();
            let leave = any_of(&scope(kind, id(tenant), person), "cop.update", &row, &sides);
            let leave = leave.ok().map(|permit| (permit.action(), permit.on()));
            let given = ("cop.update", Some(("cop", row.id.uuid())));
            assert_eq!(leave, expected.then_some(given), "{kind} of {tenant} {person:?} {sides:?}");
        }
        assert!(owner(&scope(TokenKind::Tenant, id(1), None), "cop.update", &row).is_ok());
        assert!(owner(&scope(TokenKind::Tenant, id(2), None), "cop.update", &row).is_err());
        assert!(operator(&scope(TokenKind::Operator, id(2), None), "organisation.update", &row).is_ok());
        assert!(operator(&scope(TokenKind::Tenant, id(1), None), "organisation.update", &row).is_err());
    }

    #[test]
    fn a_yes_is_the_persons_own_or_passed_on_by_their_organisation() {
        let row = Cop { id: id(5), tenant_id: id(1), ..Cop::default() };
        let acting = |person, admin| Some(Acting { id: id(person), admin, outsider: false });
        for (kind, tenant, person, expected) in [
            (TokenKind::Tenant, 1, None, true),
            (TokenKind::Tenant, 2, None, false),
            (TokenKind::Member, 1, acting(7, false), true),
            (TokenKind::Member, 1, acting(8, true), false),
            (TokenKind::Member, 2, acting(8, true), false),
        ] {
            let leave = own_yes(&scope(kind, id(tenant), person), "membership.accept", &row, id(1), id(7));
            assert_eq!(leave.is_ok(), expected, "{kind} of {tenant} {person:?}");
        }
    }

    #[test]
    fn what_is_a_persons_own_is_for_nobody_else() {
        let row = Cop { id: id(5), tenant_id: id(1), ..Cop::default() };
        let by = |person: Option<u128>| {
            let person = person.map(|person| Acting { id: id(person), admin: true, outsider: false });
            in_person(&scope(TokenKind::Member, id(1), person), "membership.accept", &row, &[id(7)]).is_ok()
        };
        assert_eq!((by(Some(7)), by(Some(8)), by(None)), (true, false, false));
        let part = |part| by_part(part, Deed::Plan, CopStatus::Active, "session.create", &row).is_ok();
        assert!(part(Part { lead: true, ..Part::default() }) && !part(Part { member: true, ..Part::default() }));
    }
}
