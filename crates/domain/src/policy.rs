//! Who may do what to what they can see. A use case asks here for a [`Permit`], and nothing is written without one.
//!
//! Where a token has no acting person, it acts for its tenant with `ADMIN` rights over what that tenant owns; the
//! columns of the table in the design that need a person (coordinator, lead, member) come with member tokens.

use crate::{Code, Error, Id, organisation::Organisation, record::Record, scope::TenantScope};

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
    if sides.contains(&scope.tenant()) && !scope.is_operator() {
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
