//! Series of sessions.

use crate::{model::names::*, ops};
use chrono::NaiveDate;
use evolva_domain::session::{self as ses, recurrence, series};

ops! { SeriesMutations;
    /// Plans regular sessions of a CoP by a recurrence rule (RFC 5545, section 3.3.10), as drafts: all of them, or none. At
    /// most 60, within the CoP's period, or within 18 months where that has no end.
    ///
    /// 10:00 stays 10:00 when clocks change. A time that a clock shows twice is the first one; one that it does not show is
    /// reckoned as if it had not yet been set forward (section 3.3.5). Each session lasts as long as the others.
    SessionSeriesPlan session_series_plan "planSessionSeries" POST "/session-series" ["sessions:write"]
    SessionSeriesPlanInput {
        /// The CoP.
        cop_id: CopId,
        /// The title of its sessions.
        title: String,
        /// The rule, such as `FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=10`: FREQ (DAILY to YEARLY), INTERVAL, COUNT or UNTIL,
        /// BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, WKST.
        rule: String,
        /// The first day on which a session may be; it counts only if the rule names it.
        start_date: NaiveDate,
        /// When each starts, on the clock of the time zone: `10:00`.
        start_time: String,
        /// When each ends, on the same day.
        end_time: String,
        /// The IANA time zone in which it takes place; Europe/Amsterdam if left out.
        time_zone: Option<String>,
        /// Days on which there is none though the rule names them, at most 400.
        #[serde(default)] #[graphql(default)] except_dates: Vec<NaiveDate>,
        /// Where it takes place.
        place: Option<String>,
        /// An address at which one can join.
        link: Option<String>,
        /// How many seats there are, 1 to 10,000; any number if left out.
        capacity: Option<i64>,
        /// Whether those who come may bring guests along (*introducés*).
        #[serde(default)] #[graphql(default)] guests_allowed: bool,
    }
    -> SessionSeriesPlanPayload { session_series: SessionSeries of ses::SessionSeries }
    |call, input| series::plan(&call.ctx, &call.scope, series::PlanSeries {
        cop_id: input.cop_id.0, title: input.title, place: input.place, link: input.link, capacity: input.capacity,
        guests_allowed: input.guests_allowed,
        times: recurrence::Asked {
            rule: input.rule, start_date: input.start_date, start_time: input.start_time, end_time: input.end_time,
            time_zone: input.time_zone, except_dates: input.except_dates,
        },
    }).await;

    /// Calls off what is left of a series from a day on: drafts and scheduled sessions. What was held stays.
    SessionSeriesCancel session_series_cancel "cancelSessionSeries" POST "/session-series/{id}/cancel" ["sessions:write"]
    SessionSeriesCancelInput {
        /// The series.
        id: SessionSeriesId,
        /// The first day, in the series' time zone; today if left out.
        from: Option<NaiveDate>,
        /// Why.
        reason: Option<String>,
    }
    -> SessionSeriesCancelPayload { session_series: SessionSeries of ses::SessionSeries }
    |call, input| series::cancel(&call.ctx, &call.scope, series::Cancel {
        id: input.id.0, from: input.from, reason: input.reason,
    }).await;

    /// Moves what is left of a series from a day on: to another time of day, by some days, or to another place. What is left
    /// out stays as each session has it.
    SessionSeriesMove session_series_move "moveSessionSeries" POST "/session-series/{id}/move" ["sessions:write"]
    SessionSeriesMoveInput {
        /// The series.
        id: SessionSeriesId,
        /// The first day, in the series' time zone; today if left out.
        from: Option<NaiveDate>,
        /// When each starts; given with `endTime`.
        start_time: Option<String>,
        /// When each ends; given with `startTime`.
        end_time: Option<String>,
        /// By how many days, -60 to 60.
        days: Option<i64>,
        /// Where they take place.
        #[serde(default)] place: ChangeText,
        /// An address at which one can join.
        #[serde(default)] link: ChangeText,
    }
    -> SessionSeriesMovePayload { session_series: SessionSeries of ses::SessionSeries }
    |call, input| series::move_rest(&call.ctx, &call.scope, series::Move {
        id: input.id.0, from: input.from, start_time: input.start_time, end_time: input.end_time, days: input.days,
        place: input.place.into(), link: input.link.into(),
    }).await;
}
