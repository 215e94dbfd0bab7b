//! Series of regular sessions (*bijeenkomstenreeks*): planned at once by a rule, and called off or moved from a day on. What
//! a series plans are ordinary sessions; each goes its own way after that.

use super::{
    ContributionState, Plan, STEPS, Session, SessionKind, SessionState, expert,
    recurrence::{self, Asked, Occurrence, Times},
    registration,
};
use crate::{
    Code, Error, Id, Result,
    cop::{Cop, acting, transition},
    ctx::Ctx,
    input::{self, Check, Patch},
    policy::{Deed, Permit},
    ports::{Event, Tx},
    record,
    record::{AsJson, Field},
    scope::{Scope, TenantScope},
};
use chrono::{DateTime, Duration, Months, NaiveDate, Utc};

record! {
    SessionSeries("session_series", "ser") {
        cop_id: Id<Cop>,
        title: String,
        rule: String,
        start_date: NaiveDate,
        start_time: String,
        end_time: String,
        time_zone: String,
        except_dates: AsJson<Vec<NaiveDate>>,
    }
}

#[derive(Default, Clone)]
pub struct PlanSeries {
    pub cop_id: Id<Cop>,
    pub title: String,
    pub times: Asked,
    pub place: Option<String>,
    pub link: Option<String>,
    pub capacity: Option<i64>,
    pub guests_allowed: bool,
}

impl PlanSeries {
    /// Checks everything that does not depend on its CoP, and writes it into `row`; `check` has the faults.
    pub(crate) fn check(&self, check: &mut Check, row: SessionSeries) -> Option<(SessionSeries, Times)> {
        let times = self.times.check(check);
        // What all sessions have in common is checked by one of them, on any day.
        let any = DateTime::<Utc>::UNIX_EPOCH;
        let any = Occurrence { date: any.date_naive(), starts_at: any, ends_at: any + Duration::hours(1) };
        let common = self.session(any, "UTC").check(check, Session::default());
        let times = times?;
        let row = SessionSeries {
            cop_id: self.cop_id,
            title: common.title,
            rule: times.rule.clone(),
            start_date: times.start_date,
            start_time: self.times.start_time.clone(),
            end_time: self.times.end_time.clone(),
            time_zone: times.zone.name().to_owned(),
            except_dates: AsJson(times.except_dates.clone()),
            ..row
        };
        Some((row, times))
    }

    /// Plans the sessions of a series, as drafts.
    pub(crate) async fn sessions(
        &self,
        tx: &mut dyn Tx,
        ctx: &Ctx,
        permit: &Permit,
        series: &SessionSeries,
        all: Vec<Occurrence>,
    ) -> Result<()> {
        for one in all {
            let row = Session { series_id: Some(series.id), ..ctx.fresh_for(series.tenant_id) };
            let row = self.session(one, &series.time_zone).fill(row)?;
            tx.insert(permit, &row).await?;
            tx.emit(Event::of(&row, "created")).await?;
        }
        Ok(())
    }

    /// The plan of one of its sessions.
    fn session(&self, at: Occurrence, time_zone: &str) -> Plan {
        Plan {
            external_id: None,
            cop_id: Some(self.cop_id),
            kind: SessionKind::Regular,
            title: self.title.clone(),
            starts_at: at.starts_at,
            ends_at: at.ends_at,
            time_zone: Some(time_zone.to_owned()),
            place: self.place.clone(),
            link: self.link.clone(),
            capacity: self.capacity,
            guests_allowed: self.guests_allowed,
            audience: None,
        }
    }
}

/// The sessions within the CoP's period; where that has no end, within so many months of their first day.
pub(crate) fn within(cop: Option<&Cop>, times: &Times) -> Result<Vec<Occurrence>> {
    let mut check = Check::default();
    let first = cop.and_then(|cop| cop.start_date);
    let months = Months::new(recurrence::LONGEST_MONTHS);
    // The first day was checked to be of a year that no month more leads out of.
    let longest = times.start_date.checked_add_months(months).unwrap_or(times.start_date);
    let last = cop.and_then(|cop| cop.planned_end_date).unwrap_or(longest);
    let all = times.occurrences(&mut check, first, last);
    for one in &all {
        check.at("rule", Some(one.ends_at));
    }
    check.done()?;
    Ok(all)
}

/// Plans regular sessions by a rule, as drafts: all of them, or none. For who plans sessions of the CoP.
pub async fn plan(ctx: &Ctx, scope: &TenantScope, cmd: PlanSeries) -> Result<SessionSeries> {
    scope.require(Scope::SessionsWrite)?;
    let mut check = Check::default();
    let planned = cmd.check(&mut check, ctx.fresh(scope));
    check.done()?;
    let Some((series, times)) = planned else { return Err(Error::invalid(Code::InvalidValue, "rule", "")) };
    ctx.store.look(scope).await?.refer("copId", cmd.cop_id).await?;
    let (mut tx, cop, permit) = acting::open(ctx, scope, cmd.cop_id, None, "plan a session", Deed::Plan).await?;
    let all = within(Some(&cop), &times)?;
    if cop.status.is_over() {
        return Err(Error::conflict(Code::CopNotOpen, "copId", cop.status.label()));
    }
    let series = SessionSeries { tenant_id: cop.tenant_id, ..series };
    tx.insert(&permit, &series).await?;
    tx.emit(Event::of(&series, "created")).await?;
    cmd.sessions(&mut *tx, ctx, &permit, &series, all).await?;
    tx.commit().await?;
    Ok(series)
}

/// When the sessions of a series would be, without planning it; with a CoP also whether that is within its period.
pub async fn preview(ctx: &Ctx, scope: &TenantScope, asked: Asked, cop: Option<Id<Cop>>) -> Result<Vec<Occurrence>> {
    scope.require(Scope::SessionsRead)?;
    let mut check = Check::default();
    let times = asked.check(&mut check);
    check.done()?;
    let Some(times) = times else { return Err(Error::invalid(Code::InvalidValue, "rule", "")) };
    let cop = match cop {
        Some(id) => Some(ctx.store.look(scope).await?.refer("copId", id).await?),
        None => None,
    };
    within(cop.as_ref(), &times)
}

/// Opens a series for a change of what is left of it from a day on: what was neither held nor called off. Today is the
/// first such day if none is said.
async fn rest(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<SessionSeries>,
    from: Option<NaiveDate>,
    action: &'static str,
) -> Result<(Box<dyn Tx>, SessionSeries, Permit, Vec<Session>)> {
    let (mut tx, series, permit) = acting::open(ctx, scope, id, None, action, Deed::Plan).await?;
    let zone = series.time_zone.parse().unwrap_or(chrono_tz::Tz::UTC);
    let from = from.unwrap_or_else(|| ctx.now().with_timezone(&zone).date_naive());
    let mut rows: Vec<Session> = tx.list(&[("series_id", series.id.to_cell())]).await?;
    rows.retain(|row| {
        matches!(row.state, SessionState::Draft | SessionState::Scheduled)
            && row.starts_at.with_timezone(&zone).date_naive() >= from
    });
    if rows.is_empty() {
        return Err(Error::invalid(Code::OutOfRange, "from", "no session of it is left from then on"));
    }
    Ok((tx, series, permit, rows))
}

#[derive(Default)]
pub struct Cancel {
    pub id: Id<SessionSeries>,
    pub from: Option<NaiveDate>,
    pub reason: Option<String>,
}

/// Calls off what is left of a series from a day on. What was held stays.
pub async fn cancel(ctx: &Ctx, scope: &TenantScope, cmd: Cancel) -> Result<SessionSeries> {
    scope.require(Scope::SessionsWrite)?;
    let mut check = Check::default();
    let reason = check.optional_text("reason", cmd.reason.as_deref(), input::REASON);
    check.date("from", cmd.from);
    check.done()?;
    let (mut tx, mut series, permit, rows) = rest(ctx, scope, cmd.id, cmd.from, "call off a series").await?;
    for mut row in rows {
        call_off(&mut *tx, ctx, &permit, &mut row, reason.clone()).await?;
        tx.update(&permit, &mut row, ctx).await?;
        tx.emit(Event::of(&row, "cancelled")).await?;
    }
    tx.save(&permit, &mut series, ctx, "cancelled").await?;
    Ok(series)
}

/// What being called off means for a session, with those who would come and its experts. It is not saved here.
pub(super) async fn call_off(
    tx: &mut dyn Tx,
    ctx: &Ctx,
    permit: &Permit,
    row: &mut Session,
    reason: Option<String>,
) -> Result<()> {
    transition(row.state, SessionState::Cancelled, STEPS)?;
    row.state = SessionState::Cancelled;
    if reason.is_some() {
        row.reason = reason;
    }
    expert::conclude(tx, ctx, permit, row, ContributionState::Withdrawn).await?;
    registration::call_off(tx, ctx, permit, row).await
}

#[derive(Default)]
pub struct Move {
    pub id: Id<SessionSeries>,
    pub from: Option<NaiveDate>,
    pub start_time: Option<String>,
    pub end_time: Option<String>,
    /// By how many days.
    pub days: Option<i64>,
    pub place: Patch<String>,
    pub link: Patch<String>,
}

/// The farthest that a series is moved, in days.
const FARTHEST: i64 = 60;

/// Moves what is left of a series from a day on: to another time of day, by some days, or to another place. What is not said
/// stays as each session has it.
pub async fn move_rest(ctx: &Ctx, scope: &TenantScope, cmd: Move) -> Result<SessionSeries> {
    scope.require(Scope::SessionsWrite)?;
    let mut check = Check::default();
    check.date("from", cmd.from);
    let mut time =
        |field, text: Option<&String>| text.and_then(|text| recurrence::time_of_day(&mut check, field, text));
    let (start, end) = (time("startTime", cmd.start_time.as_ref()), time("endTime", cmd.end_time.as_ref()));
    let both = cmd.start_time.is_some() == cmd.end_time.is_some();
    check.that(both, Code::Required, if cmd.end_time.is_some() { "startTime" } else { "endTime" }, "");
    check.that(start.zip(end).is_none_or(|(start, end)| end > start), Code::OutOfRange, "endTime", "after startTime");
    let days = cmd.days.unwrap_or_default();
    check.that((-FARTHEST..=FARTHEST).contains(&days), Code::OutOfRange, "days", "-60 to 60");
    let place = cmd.place.change().map(|text| check.optional_text("place", text.as_deref(), input::TITLE));
    let link = cmd.link.change().map(|text| check.url("link", text.as_deref()));
    check.done()?;
    let (mut tx, mut series, permit, rows) = rest(ctx, scope, cmd.id, cmd.from, "change a series").await?;
    for mut row in rows {
        let zone = row.time_zone.parse().unwrap_or(chrono_tz::Tz::UTC);
        let local = row.starts_at.with_timezone(&zone).naive_local();
        let length = start.zip(end).map_or(row.ends_at - row.starts_at, |(start, end)| end - start);
        let moved = (local.date() + Duration::days(days)).and_time(start.unwrap_or(local.time()));
        row.starts_at = recurrence::instant(zone, moved);
        row.ends_at = row.starts_at + length;
        if let Some(place) = &place {
            row.place.clone_from(place);
        }
        if let Some(link) = &link {
            row.link.clone_from(link);
        }
        let mut check = Check::default();
        check.at("days", Some(row.starts_at));
        check.done()?;
        tx.update(&permit, &mut row, ctx).await?;
        tx.emit(Event::of(&row, "updated")).await?;
    }
    tx.save(&permit, &mut series, ctx, "moved").await?;
    Ok(series)
}
