//! Every operation that changes something, by aggregate. Both surfaces, the scope table and the isolation tests are
//! made from these declarations.

mod artefact;
mod calendar;
mod contact;
mod cop;
mod exchange;
mod guide;
mod membership;
mod organisation;
mod person;
mod programme;
mod publication;
mod put;
mod put_method;
mod put_session;
mod series;
mod session;
mod token;

use crate::model::scalar::Gid;
use evolva_domain::Id;

pub use artefact::ArtefactMutations;
pub use calendar::CalendarMutations;
pub use contact::ContactMutations;
pub use cop::CopMutations;
pub use exchange::ExchangeMutations;
pub use guide::GuideMutations;
pub use membership::MembershipMutations;
pub use organisation::OrganisationMutations;
pub use person::PersonMutations;
pub use programme::ProgrammeMutations;
pub use publication::PublicationMutations;
pub use put::PutMutations;
pub use put_method::MethodPutMutations;
pub use put_session::SessionPutMutations;
pub use series::SeriesMutations;
pub use session::SessionMutations;
pub use token::TokenMutations;

fn ids<K>(gids: Vec<Gid<K>>) -> Vec<Id<K>> {
    gids.into_iter().map(|gid| gid.0).collect()
}

/// Every operation.
pub fn each(visit: &mut impl crate::op::Visit) {
    OrganisationMutations::each(visit);
    PersonMutations::each(visit);
    ProgrammeMutations::each(visit);
    CopMutations::each(visit);
    MembershipMutations::each(visit);
    ExchangeMutations::each(visit);
    GuideMutations::each(visit);
    SessionMutations::each(visit);
    SeriesMutations::each(visit);
    CalendarMutations::each(visit);
    ArtefactMutations::each(visit);
    TokenMutations::each(visit);
    PublicationMutations::each(visit);
    PutMutations::each(visit);
    MethodPutMutations::each(visit);
    SessionPutMutations::each(visit);
    ContactMutations::each(visit);
}
