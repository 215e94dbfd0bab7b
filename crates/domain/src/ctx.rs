//! What a use case is given besides its scope and its command: the store, the files, the time and new ids.

use crate::{
    Id,
    ports::{Files, Store},
    record::Record,
    scope::TenantScope,
};
use chrono::{DateTime, NaiveDate, Utc};
use std::sync::Arc;
use uuid::Uuid;

/// The time, passed in so that every test is repeatable. Whole milliseconds.
pub trait Clock: Send + Sync {
    fn now(&self) -> DateTime<Utc>;
}

/// New ids, passed in so that every test is repeatable.
pub trait Ids: Send + Sync {
    /// A UUIDv7 (RFC 9562), so that ids sort by the time they were made.
    fn fresh(&self) -> Uuid;
}

#[derive(Clone)]
pub struct Ctx {
    pub store: Arc<dyn Store>,
    pub files: Arc<dyn Files>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

impl Ctx {
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }

    pub fn id<K>(&self) -> Id<K> {
        Id::new(self.ids.fresh())
    }

    /// A new row that the scope's tenant owns; use it as the rest of a struct expression.
    pub fn fresh<R: Record>(&self, scope: &TenantScope) -> R {
        self.fresh_for(scope.tenant())
    }

    /// A new row that another tenant owns: the other side of a two-party row.
    pub fn fresh_for<R: Record>(&self, owner: Id<crate::organisation::Organisation>) -> R {
        let mut row = R::default();
        row.stamp(self.ids.fresh(), owner, self.now());
        row
    }
}
