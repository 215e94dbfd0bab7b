//! Series of sessions, and CoPs that join one.

use super::{SessionCopRow, SessionSeriesRow, Upsert, all_stay, collect, own, refer, stays};
use crate::{
    Code, Error, Result,
    cop::Cop,
    import::RowOutcome,
    input::Check,
    ports::Tx,
    session::{
        Session, SessionCop, SessionSeries, joint,
        recurrence::Asked,
        series::{PlanSeries, within},
    },
};

impl Upsert<'_> {
    /// A series with the sessions that it plans, or, of the past, its rule alone: what was held comes in by itself.
    pub async fn session_series(&self, tx: &mut dyn Tx, row: SessionSeriesRow) -> Result<(RowOutcome, String)> {
        let (before, fresh) = self.existing::<SessionSeries>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let cop = refer::<Cop>(tx, self.scope, "copExternalId", &row.cop_external_id).await;
        let cop = collect(&mut faults, cop)?;
        let mut check = Check::default();
        let mut row = row;
        if self.history {
            for (field, given) in [
                ("place", row.place.take().is_some()),
                ("link", row.link.take().is_some()),
                ("capacity", row.capacity.take().is_some()),
                ("guestsAllowed", std::mem::take(&mut row.guests_allowed)),
            ] {
                check.that(!given, Code::InvalidValue, field, "of the past, each session says it");
            }
        }
        let key = check.external_id(Some(&row.external_id));
        let plan = PlanSeries {
            cop_id: cop.as_ref().map(|cop| cop.id).unwrap_or_default(),
            title: row.title,
            times: Asked {
                rule: row.rule,
                start_date: row.start_date,
                start_time: row.start_time,
                end_time: row.end_time,
                // Left out, it stays as it was.
                time_zone: row.time_zone.or_else(|| (!fresh).then(|| before.time_zone.clone())),
                except_dates: row.except_dates,
            },
            place: row.place,
            link: row.link,
            capacity: row.capacity,
            guests_allowed: row.guests_allowed,
        };
        let planned = plan.check(&mut check, before.clone());
        faults.extend(check.problems());
        let (Some(cop), Some((after, times)), true) = (cop, planned, faults.is_empty()) else {
            return Err(Error::Invalid(faults));
        };
        let after = SessionSeries { external_id: key, ..after };
        if !fresh {
            stays(after.cop_id == before.cop_id, "copExternalId", "a series stays that of its CoP")?;
            // What it planned goes its own way.
            let free = self.history && before.imported;
            let same = [
                ("title", after.title == before.title),
                ("rule", after.rule == before.rule),
                ("startDate", after.start_date == before.start_date),
                ("startTime", after.start_time == before.start_time),
                ("endTime", after.end_time == before.end_time),
                ("timeZone", after.time_zone == before.time_zone),
                ("exceptDates", after.except_dates.0 == before.except_dates.0),
            ];
            all_stay(same.map(|(field, same)| (field, free || same)), "what a series planned is moved or called off")?;
        }
        if !fresh || self.history {
            return self.put(tx, &before, after, fresh, false).await;
        }
        joint::still_open(&cop).map_err(|error| error.of_field("copId", "copExternalId"))?;
        let all = within(Some(&cop), &times)?;
        let series = after.clone();
        let outcome = self.put(tx, &before, after, fresh, false).await?;
        plan.sessions(tx, self.ctx, self.permit, &series, all).await?;
        Ok(outcome)
    }

    /// That an own CoP joins an own session.
    pub async fn session_cop(&self, tx: &mut dyn Tx, row: SessionCopRow) -> Result<(RowOutcome, String)> {
        let (before, fresh) = self.existing::<SessionCop>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let session = refer::<Session>(tx, self.scope, "sessionExternalId", &row.session_external_id).await;
        let session = collect(&mut faults, session)?;
        let cop = refer::<Cop>(tx, self.scope, "copExternalId", &row.cop_external_id).await;
        let cop = collect(&mut faults, cop)?;
        let key = collect(&mut faults, self.key(&row.external_id))?;
        let (Some(session), Some(cop), Some(key)) = (session, cop, key) else {
            return Err(Error::Invalid(faults));
        };
        if fresh {
            let may = self.may_join(tx, &session, &cop).await;
            if may.is_err() && own::<SessionCop>(tx, self.scope, &row.external_id).await?.is_some() {
                // It is this row that stands in the way: another change made it since we looked.
                return Err(Error::Busy);
            }
            may.map_err(|error| error.of_field("copId", "copExternalId").of_field("sessionId", "sessionExternalId"))?;
        } else {
            let same =
                [("sessionExternalId", before.session_id == session.id), ("copExternalId", before.cop_id == cop.id)];
            all_stay(same, "it stays that of one CoP at one session")?;
        }
        let after = SessionCop {
            external_id: key,
            session_id: session.id,
            cop_id: cop.id,
            cop_tenant_id: cop.tenant_id,
            ..before.clone()
        };
        self.put(tx, &before, after, fresh, false).await
    }

    async fn may_join(&self, tx: &mut dyn Tx, session: &Session, cop: &Cop) -> Result<()> {
        if !self.history || session.is_planned(self.ctx.now()) {
            joint::not_called_off(session)?;
            joint::still_open(cop)?;
        }
        let experts = joint::experts_of(tx, session).await?;
        joint::no_member_among(tx, cop, &experts).await?;
        joint::may_join(tx, session, cop).await
    }
}
