//! Communities of practice: the entity, its life cycle, and what each step waits for.

pub(crate) mod acting;
pub mod charter;
pub mod facilitation;
pub mod membership;
pub mod participation;
pub mod settle;
mod steps;

use crate::{
    Code, Error, Id, Problem, Result,
    concept::{Concept, ConceptElement, FacilitatorFrom, MethodProfile},
    ctx::Ctx,
    input::{self, Check, Patch},
    labels,
    organisation::Organisation,
    policy::{self, Deed},
    ports::Tx,
    query::Tree,
    record,
    record::{AsJson, Cell, Field},
    scope::{Scope, TenantScope},
    theme::Theme,
    visibility::Audience,
};
use chrono::{DateTime, Months, NaiveDate, Utc};

pub use charter::{Charter, CharterAgreement, CharterState, Goal, GoalAssessment, MOST_GOALS};
pub use facilitation::{Facilitation, FacilitationRole};
pub use membership::{Membership, MembershipRole, MembershipState};
pub use participation::{Participation, ParticipationState};
pub use steps::{activate, cancel, close, harvest, recruit, resume};

labels! {
    /// Where a CoP is in its life.
    CopStatus {
        /// Being prepared by its host.
        Draft = "DRAFT" / "Concept",
        /// Looking for members.
        Recruiting = "RECRUITING" / "Werving",
        /// At work.
        Active = "ACTIVE" / "Actief",
        /// Bringing in, anchoring and sharing its results.
        Harvesting = "HARVESTING" / "Oogst",
        /// Done. A successor may go on; this one never reopens.
        Closed = "CLOSED" / "Afgesloten",
        /// Ended before it was done.
        Cancelled = "CANCELLED" / "Geannuleerd",
    }
}

impl CopStatus {
    /// Whether nothing is worked on in it any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled)
    }
}

record! {
    Cop("cop", "cop") {
        title: String,
        slug: String,
        summary: Option<String>,
        description: Option<String>,
        cover_url: Option<String>,
        concept_id: Option<Id<Concept>>,
        theme_id: Option<Id<Theme>>,
        element_ids: AsJson<Vec<Id<ConceptElement>>>,
        start_date: Option<NaiveDate>,
        planned_end_date: Option<NaiveDate>,
        status: CopStatus,
        status_reason: Option<String>,
        listing_audience: Audience,
        content_ceiling: Audience,
        predecessor_id: Option<Id<Cop>>,
        /// The method that it was activated with.
        profile: AsJson<Option<MethodProfile>>,
        /// Kept, not counted: persons with an `ACTIVE` membership.
        member_count: i64,
        /// How many members there is room for; any number where nothing is said.
        capacity: Option<i64>,
        activated_at: Option<DateTime<Utc>>,
        ended_at: Option<DateTime<Utc>>,
    }
}

/// A step that a life cycle allows, and what it still waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct AllowedTransition {
    pub to: &'static str,
    pub blocked_by: Vec<Problem>,
}

/// The states that follow each other; what is not listed is refused.
pub(crate) fn transition<S: Copy + PartialEq + std::fmt::Display>(from: S, to: S, allowed: &[(S, S)]) -> Result<()> {
    if allowed.contains(&(from, to)) {
        Ok(())
    } else {
        Err(Error::conflict(Code::TransitionNotAllowed, "", format!("{from} to {to}")))
    }
}

/// What the blockers are computed from. Each is a fact of other rows, read by its name.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub charter_why: bool,
    pub facilitator_tenant: Option<Id<Organisation>>,
    pub facilitator_is_operator: bool,
    pub facilitator_takes_part: bool,
    pub charter_agreed: bool,
    pub goals: i64,
    pub goals_unassessed: i64,
    pub goals_unanchored: i64,
    pub organisations: i64,
    pub sessions_planned: i64,
    pub intensive_held: i64,
    pub shown: i64,
    pub concept_profile: AsJson<Option<MethodProfile>>,
}

impl Facts {
    pub const NAMES: &'static [&'static str] = &[
        "fact_charter_why",
        "fact_facilitator_tenant",
        "fact_facilitator_is_operator",
        "fact_facilitator_takes_part",
        "fact_charter_agreed",
        "fact_goals",
        "fact_goals_unassessed",
        "fact_goals_unanchored",
        "fact_organisations",
        "fact_sessions_planned",
        "fact_intensive_held",
        "fact_shown",
        "fact_concept_profile",
    ];

    pub fn from_cells(cells: Vec<Cell>) -> Option<Self> {
        let mut cells = cells.into_iter();
        Some(Self {
            charter_why: Field::from_cell(cells.next()?)?,
            facilitator_tenant: Field::from_cell(cells.next()?)?,
            facilitator_is_operator: Option::<bool>::from_cell(cells.next()?)?.unwrap_or(false),
            facilitator_takes_part: Option::<bool>::from_cell(cells.next()?)?.unwrap_or(false),
            charter_agreed: Field::from_cell(cells.next()?)?,
            goals: Field::from_cell(cells.next()?)?,
            goals_unassessed: Field::from_cell(cells.next()?)?,
            goals_unanchored: Field::from_cell(cells.next()?)?,
            organisations: Field::from_cell(cells.next()?)?,
            sessions_planned: Field::from_cell(cells.next()?)?,
            intensive_held: Field::from_cell(cells.next()?)?,
            shown: Field::from_cell(cells.next()?)?,
            concept_profile: AsJson(Option::<AsJson<MethodProfile>>::from_cell(cells.next()?)?.map(|json| json.0)),
        })
    }

    pub(crate) async fn of(tx: &mut dyn Tx, cop: &Cop) -> Result<Self> {
        let cells = tx.facts(<Cop as record::Record>::TABLE, cop.id.uuid(), Self::NAMES).await?;
        let cells = cells.ok_or(Error::NotFound)?;
        Self::from_cells(cells).ok_or_else(|| crate::Fault::new("unreadable facts of a CoP").into())
    }
}

/// What the life cycle's rules have to know of the CoP itself, so that a read can fill it without the whole row.
#[derive(Debug, Clone)]
pub struct Standing {
    pub status: CopStatus,
    pub tenant: Id<Organisation>,
    pub has_theme: bool,
    pub has_period: bool,
    /// The profile that the CoP keeps, once it was activated.
    pub profile: Option<MethodProfile>,
}

impl From<&Cop> for Standing {
    fn from(cop: &Cop) -> Self {
        Self {
            status: cop.status,
            tenant: cop.tenant_id,
            has_theme: cop.theme_id.is_some(),
            has_period: cop.start_date.is_some() && cop.planned_end_date.is_some(),
            profile: cop.profile.0.clone(),
        }
    }
}

impl Standing {
    /// From a row that was read with the facts of its life cycle.
    pub fn of_row(row: &Tree) -> Option<(Self, Facts)> {
        let fact = |name: &&str| Some(row.cells.get(row.names.iter().position(|known| known == name)?)?.clone());
        let facts = Facts::from_cells(Facts::NAMES.iter().map(fact).collect::<Option<Vec<_>>>()?)?;
        let there = |name| row.get::<Option<NaiveDate>>(name).map(|date| date.is_some());
        let standing = Self {
            status: row.get("status")?,
            tenant: row.get("tenant_id")?,
            has_theme: row.get::<Option<Id<Theme>>>("theme_id")?.is_some(),
            has_period: there("start_date")? && there("planned_end_date")?,
            profile: row.get::<AsJson<Option<MethodProfile>>>("profile")?.0,
        };
        Some((standing, facts))
    }

    /// The method in force: the kept one, else the concept's, else Evolva's.
    pub fn method(&self, facts: &Facts) -> MethodProfile {
        MethodProfile::in_force(self.profile.clone(), facts.concept_profile.0.clone())
    }

    /// What a step still waits for. A reason that is not known yet is asked for.
    pub fn blockers(&self, to: CopStatus, facts: &Facts, reason: bool) -> Vec<Problem> {
        let method = self.method(facts);
        let mut check = Check::default();
        let blocker = |check: &mut Check, code, detail: String| check.problem(code, "", detail);
        match (self.status, to) {
            (CopStatus::Draft, CopStatus::Recruiting) => {
                check.that(self.has_theme, Code::ThemeMissing, "", "");
                check.that(!method.charter_required || facts.charter_why, Code::CharterWhyMissing, "", "");
                let provided = facts.facilitator_tenant.is_some_and(|tenant| match method.facilitator_from {
                    FacilitatorFrom::NetworkOperator => facts.facilitator_is_operator,
                    FacilitatorFrom::Host => tenant == self.tenant,
                    FacilitatorFrom::AnyParticipant => tenant == self.tenant || facts.facilitator_takes_part,
                });
                check.that(provided, Code::FacilitatorMissing, "", method.facilitator_from.label());
            }
            (CopStatus::Recruiting, CopStatus::Active) => {
                if method.charter_required {
                    check.that(facts.charter_agreed, Code::CharterNotAgreed, "", "");
                    check.that(facts.goals > 0, Code::GoalsMissing, "", "");
                }
                check.that(self.has_period || method.longest_months.is_none(), Code::PeriodMissing, "", "");
                if facts.organisations < method.minimum_organisations {
                    let detail = format!("{} of {}", facts.organisations, method.minimum_organisations);
                    blocker(&mut check, Code::TooFewOrganisations, detail);
                }
                if facts.sessions_planned < method.minimum_planned_sessions {
                    let detail = format!("{} of {}", facts.sessions_planned, method.minimum_planned_sessions);
                    blocker(&mut check, Code::TooFewSessions, detail);
                }
            }
            (CopStatus::Active, CopStatus::Harvesting) => {
                if facts.goals_unassessed > 0 {
                    blocker(&mut check, Code::GoalsNotAssessed, facts.goals_unassessed.to_string());
                }
                if facts.intensive_held < method.minimum_intensive_sessions && !reason {
                    let detail = format!("{} of {}", facts.intensive_held, method.minimum_intensive_sessions);
                    blocker(&mut check, Code::TooFewIntensiveSessions, detail);
                }
            }
            (CopStatus::Harvesting, CopStatus::Closed) => {
                // A charter that was agreed while harvesting brings goals of its own.
                if facts.goals_unassessed > 0 {
                    blocker(&mut check, Code::GoalsNotAssessed, facts.goals_unassessed.to_string());
                }
                if method.anchoring_required && facts.goals_unanchored > 0 {
                    blocker(&mut check, Code::GoalsNotAnchored, facts.goals_unanchored.to_string());
                }
                check.that(!method.sharing_required || facts.shown > 0, Code::NothingShared, "", "");
            }
            (_, CopStatus::Active | CopStatus::Cancelled) => check.that(reason, Code::ReasonMissing, "reason", ""),
            _ => check.problem(Code::TransitionNotAllowed, "", format!("{} to {to}", self.status)),
        }
        check.problems()
    }
}

/// The life cycle.
pub const STEPS: &[(CopStatus, CopStatus)] = &[
    (CopStatus::Draft, CopStatus::Recruiting),
    (CopStatus::Recruiting, CopStatus::Active),
    (CopStatus::Active, CopStatus::Harvesting),
    (CopStatus::Harvesting, CopStatus::Closed),
    (CopStatus::Harvesting, CopStatus::Active),
    (CopStatus::Draft, CopStatus::Cancelled),
    (CopStatus::Recruiting, CopStatus::Cancelled),
    (CopStatus::Active, CopStatus::Cancelled),
    (CopStatus::Harvesting, CopStatus::Cancelled),
];

/// Refuses a period that ends before it starts or is longer than the method allows.
pub(crate) fn check_period(
    check: &mut Check,
    start: Option<NaiveDate>,
    end: Option<NaiveDate>,
    method: &MethodProfile,
) {
    if let (Some(start), Some(end)) = (start, end) {
        check.that(end >= start, Code::OutOfRange, "plannedEndDate", "not before startDate");
        if let Some(longest) = method.longest_months
            && start.checked_add_months(Months::new(longest)).is_some_and(|limit| end > limit)
        {
            check.problem(Code::PeriodTooLong, "plannedEndDate", longest.to_string());
        }
    }
}

/// A warning for a period outside the method's usual bounds; it refuses nothing.
pub fn period_is_unusual(start: NaiveDate, end: NaiveDate, method: &MethodProfile) -> bool {
    method.usual_months.is_some_and(|(least, most)| {
        let at = |months| start.checked_add_months(Months::new(months));
        at(least).is_some_and(|least| end < least) || at(most).is_some_and(|most| end > most)
    })
}

/// No CoP has room for more.
const MOST_SEATS: i64 = 10_000;

#[derive(Default, Clone)]
pub struct Create {
    pub external_id: Option<String>,
    pub title: String,
    pub slug: Option<String>,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub cover_url: Option<String>,
    pub concept_id: Option<Id<Concept>>,
    pub theme_id: Option<Id<Theme>>,
    pub element_ids: Vec<Id<ConceptElement>>,
    pub start_date: Option<NaiveDate>,
    pub planned_end_date: Option<NaiveDate>,
    pub listing_audience: Option<Audience>,
    pub content_ceiling: Option<Audience>,
    pub predecessor_id: Option<Id<Cop>>,
    pub capacity: Option<i64>,
}

impl Create {
    /// Refuses to empty what the state of the CoP needs.
    pub(crate) fn keeps_what_its_state_needs(&self, row: &Cop, theme: &'static str) -> Result<()> {
        let mut check = Check::default();
        if row.status != CopStatus::Draft {
            check.that(self.theme_id.is_some(), Code::Required, theme, "It can be empty only in a draft.");
        }
        if row.profile.0.as_ref().is_some_and(|method| method.longest_months.is_some()) {
            let why = "An active CoP of this method has a period.";
            check.that(self.start_date.is_some(), Code::Required, "startDate", why);
            check.that(self.planned_end_date.is_some(), Code::Required, "plannedEndDate", why);
        }
        check.done()
    }

    pub async fn fill(self, tx: &mut dyn Tx, row: Cop) -> Result<Cop> {
        let mut check = Check::default();
        check.at_most("elementIds", self.element_ids.len(), 100);
        check.date("startDate", self.start_date);
        check.date("plannedEndDate", self.planned_end_date);
        let fits = self.capacity.is_none_or(|seats| (1..=MOST_SEATS).contains(&seats));
        check.that(fits, Code::OutOfRange, "capacity", "1 to 10000");
        let concept = self.refers_to(tx, &mut check, row.tenant_id).await?;
        let method = MethodProfile::in_force(row.profile.0.clone(), concept.map(|concept| concept.profile.0));
        let title = check.text("title", &self.title, input::TITLE);
        check_period(&mut check, self.start_date, self.planned_end_date, &method);
        let row = Cop {
            external_id: check.external_id(self.external_id.as_deref()),
            slug: match &self.slug {
                Some(slug) => check.slug("slug", slug),
                None => free_slug(tx, &row, &input::slug_from(&title)).await?,
            },
            title,
            summary: check.optional_text("summary", self.summary.as_deref(), input::SUMMARY),
            description: check.optional_text("description", self.description.as_deref(), input::BODY),
            cover_url: check.url("coverUrl", self.cover_url.as_deref()),
            concept_id: self.concept_id,
            theme_id: self.theme_id,
            element_ids: AsJson(self.element_ids),
            start_date: self.start_date,
            planned_end_date: self.planned_end_date,
            listing_audience: self.listing_audience.unwrap_or(Audience::Partners),
            content_ceiling: self.content_ceiling.unwrap_or(Audience::Partners),
            predecessor_id: self.predecessor_id,
            capacity: self.capacity,
            ..row
        };
        check.done()?;
        if has_slug(tx, &row, &row.slug).await? {
            return Err(Error::conflict(Code::AlreadyExists, "slug", row.slug));
        }
        Ok(row)
    }

    /// Looks up what it refers to; answers its concept.
    async fn refers_to(&self, tx: &mut dyn Tx, check: &mut Check, host: Id<Organisation>) -> Result<Option<Concept>> {
        let mut concept = None;
        if let Some(id) = self.concept_id {
            concept = check.found(tx.refer_to_build_on("conceptId", id, host).await)?;
        }
        if let Some(theme) = self.theme_id {
            check.found(tx.refer_to_build_on("themeId", theme, host).await)?;
        }
        for element in self.element_ids.iter().take(100) {
            if let Some(element) = check.found(tx.refer("elementIds", *element).await)? {
                check.found(tx.refer_to_build_on("elementIds", element.concept_id, host).await)?;
            }
        }
        if let Some(id) = self.predecessor_id
            && let Some(predecessor) = check.found(tx.refer("predecessorId", id).await)?
        {
            let follows = predecessor.status == CopStatus::Closed && predecessor.tenant_id == host;
            check.that(follows, Code::InvalidValue, "predecessorId", "a closed CoP of the same host");
        }
        Ok(concept)
    }
}

/// Whether another CoP of the host has this slug.
async fn has_slug(tx: &mut dyn Tx, row: &Cop, slug: &str) -> Result<bool> {
    let same = [("tenant_id", row.tenant_id.to_cell()), ("slug", Cell::Text(slug.to_owned()))];
    Ok(tx.first::<Cop>(&same).await?.is_some_and(|other| other.id != row.id))
}

/// A slug for who named none: that of the title, with a number where the host has such a CoP already.
async fn free_slug(tx: &mut dyn Tx, row: &Cop, slug: &str) -> Result<String> {
    let mut free = slug.to_owned();
    for number in 2.. {
        if !has_slug(tx, row, &free).await? {
            break;
        }
        let base: String = slug.chars().take(70).collect();
        free = format!("{}-{number}", base.trim_end_matches('-'));
    }
    Ok(free)
}

/// Prepares a CoP; its host is the own organisation.
pub async fn create(ctx: &Ctx, scope: &TenantScope, cmd: Create) -> Result<Cop> {
    scope.require(Scope::CopsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let row = cmd.fill(&mut *tx, ctx.fresh(scope)).await?;
    tx.free_external_id(&row).await?;
    let permit = policy::owner(scope, "prepare a CoP", &row)?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

#[derive(Default)]
pub struct Update {
    pub id: Id<Cop>,
    pub version: Option<i64>,
    pub title: Option<String>,
    pub summary: Patch<String>,
    pub description: Patch<String>,
    pub cover_url: Patch<String>,
    pub concept_id: Patch<Id<Concept>>,
    pub theme_id: Patch<Id<Theme>>,
    pub element_ids: Option<Vec<Id<ConceptElement>>>,
    pub start_date: Patch<NaiveDate>,
    pub planned_end_date: Patch<NaiveDate>,
    pub listing_audience: Option<Audience>,
    pub content_ceiling: Option<Audience>,
    pub capacity: Patch<i64>,
}

/// Changes a CoP's settings. For the host, its coordinators, and at work its facilitators.
pub async fn update(ctx: &Ctx, scope: &TenantScope, cmd: Update) -> Result<Cop> {
    scope.require(Scope::CopsWrite)?;
    if scope.person().is_some() {
        // What is newly named must be seen by whoever names it, also where the host's eyes look later.
        let mut own = ctx.store.begin(scope).await?;
        own.get(cmd.id).await?;
        if let Patch::Set(concept) = cmd.concept_id {
            own.refer("conceptId", concept).await?;
        }
        if let Patch::Set(theme) = cmd.theme_id {
            own.refer("themeId", theme).await?;
        }
        for element in cmd.element_ids.iter().flatten() {
            own.refer("elementIds", *element).await?;
        }
    }
    let (mut tx, row, permit) = acting::open(ctx, scope, cmd.id, cmd.version, "change a CoP", Deed::Run).await?;
    if row.status.is_over() {
        return Err(Error::conflict(Code::NotEditable, "", row.status.label()));
    }
    let mut all = Create {
        external_id: row.external_id.clone(),
        title: cmd.title.unwrap_or_else(|| row.title.clone()),
        slug: Some(row.slug.clone()),
        summary: row.summary.clone(),
        description: row.description.clone(),
        cover_url: row.cover_url.clone(),
        concept_id: row.concept_id,
        theme_id: row.theme_id,
        element_ids: cmd.element_ids.unwrap_or_else(|| row.element_ids.0.clone()),
        start_date: row.start_date,
        planned_end_date: row.planned_end_date,
        listing_audience: Some(cmd.listing_audience.unwrap_or(row.listing_audience)),
        content_ceiling: Some(cmd.content_ceiling.unwrap_or(row.content_ceiling)),
        predecessor_id: row.predecessor_id,
        capacity: row.capacity,
    };
    cmd.summary.apply(&mut all.summary);
    cmd.description.apply(&mut all.description);
    cmd.cover_url.apply(&mut all.cover_url);
    cmd.concept_id.apply(&mut all.concept_id);
    // Its method is that of its concept, by which it was agreed to and recruits.
    if all.concept_id != row.concept_id && row.status != CopStatus::Draft {
        return Err(Error::conflict(Code::NotEditable, "conceptId", row.status.label()));
    }
    cmd.theme_id.apply(&mut all.theme_id);
    cmd.start_date.apply(&mut all.start_date);
    cmd.planned_end_date.apply(&mut all.planned_end_date);
    cmd.capacity.apply(&mut all.capacity);
    all.keeps_what_its_state_needs(&row, "themeId")?;
    let mut row = all.fill(&mut *tx, row).await?;
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

#[cfg(test)]
mod tests;
