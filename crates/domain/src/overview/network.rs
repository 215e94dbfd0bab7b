//! The network as its operator sees it: how much there is, by organisation, and nothing of what it is.

use super::figures::{first, select};
use crate::{
    Id, Result,
    cop::CopStatus,
    ctx::Ctx,
    error::{Code, Error},
    organisation::{Organisation, OrganisationState},
    query::{Query, Rows},
    record::Record,
    scope::{Scope, TenantScope},
};
use chrono::Duration;
use std::collections::BTreeMap;
use uuid::Uuid;

/// In how many days sessions were held that are counted.
pub const DAYS: i64 = 90;
/// How many organisations are listed.
pub const MOST: u32 = 1_000;

/// What there is of an organisation, or of all of them.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// CoPs that it hosts.
    pub cops: BTreeMap<CopStatus, i64>,
    /// CoPs of others that are not over and in which it takes part.
    pub participations: i64,
    /// Its people with an active membership somewhere.
    pub members: i64,
    /// Sessions that it held in the last [`DAYS`].
    pub sessions: i64,
    /// Its artefacts that are validated.
    pub artefacts: i64,
    /// What it embedded in its practice.
    pub anchored: i64,
}

impl Counts {
    fn add(&mut self, what: &str, count: i64) {
        match what.split_once(' ') {
            Some(("COPS", status)) => {
                if let Some(status) = CopStatus::from_label(status) {
                    *self.cops.entry(status).or_default() += count;
                }
            }
            _ => match what {
                "PARTICIPATIONS" => self.participations += count,
                "MEMBERS" => self.members += count,
                "SESSIONS" => self.sessions += count,
                "ARTEFACTS" => self.artefacts += count,
                "ANCHORED" => self.anchored += count,
                _ => {}
            },
        }
    }
}

#[derive(Debug, Clone)]
pub struct OfOrganisation {
    pub organisation: Id<Organisation>,
    pub name: String,
    pub state: OrganisationState,
    pub counts: Counts,
}

#[derive(Debug, Clone)]
pub struct NetworkOverview {
    pub all: Counts,
    pub organisations: Vec<OfOrganisation>,
    /// Whether there are more organisations than are listed.
    pub truncated: bool,
}

/// How much there is in the network, by organisation. For the operator, who reads no content: counts only.
pub async fn network_overview(ctx: &Ctx, scope: &TenantScope) -> Result<NetworkOverview> {
    scope.require(Scope::OrganisationsManage)?;
    if !scope.is_operator() {
        return Err(Error::forbidden(Code::Forbidden, "see counts of the network"));
    }
    let listed = select(Organisation::TABLE, &["name", "state"]);
    let listed = Query { select: listed, rows: Rows::Page(first(vec![], "name", false, MOST)) };
    let [listed] = super::read(ctx, scope, [listed]).await?;
    let counted = ctx.store.look(scope).await?.network(ctx.now() - Duration::days(DAYS)).await?;
    let mut all = Counts::default();
    let mut by: BTreeMap<Uuid, Counts> = BTreeMap::new();
    for (organisation, what, count) in counted {
        all.add(&what, count);
        by.entry(organisation).or_default().add(&what, count);
    }
    let truncated = listed.rows.len() > MOST as usize;
    let one = |row: &crate::query::Tree| {
        let id: Uuid = row.get("id")?;
        let counts = by.remove(&id).unwrap_or_default();
        Some(OfOrganisation { organisation: Id::new(id), name: row.get("name")?, state: row.get("state")?, counts })
    };
    let organisations = listed.rows.iter().take(MOST as usize).filter_map(one).collect();
    Ok(NetworkOverview { all, organisations, truncated })
}
