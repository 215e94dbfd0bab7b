//! When the sessions of a series are: a recurrence rule (RFC 5545, section 3.3.10) over days, at one time of day in one
//! time zone. Pure reckoning; who plans a series is asked in `series`.

use crate::{Code, input::Check};
use chrono::{DateTime, Datelike, Days, MappedLocalTime, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use rrule::{RRule, Unvalidated};

/// The most sessions that a series has.
pub const MOST: usize = 60;
/// The most days that are left out.
const MOST_LEFT_OUT: usize = 400;
/// How long a series goes on, in months, where its CoP sets no end.
pub const LONGEST_MONTHS: u32 = 18;
/// Characters of a rule.
const RULE: usize = 200;

/// When a series is, as it is asked for.
#[derive(Default, Clone)]
pub struct Asked {
    /// The rule, with or without `RRULE:` before it.
    pub rule: String,
    /// The first day on which a session may be. It counts only if the rule names it.
    pub start_date: NaiveDate,
    /// From when to when on each day, as `10:00`.
    pub start_time: String,
    pub end_time: String,
    pub time_zone: Option<String>,
    /// Days that the rule names and on which there is none: holidays, say.
    pub except_dates: Vec<NaiveDate>,
}

/// When one session of a series is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    pub date: NaiveDate,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

/// A series that can be reckoned.
#[derive(Debug, Clone)]
pub struct Times {
    pub rule: String,
    pub start_date: NaiveDate,
    pub start_time: NaiveTime,
    pub end_time: NaiveTime,
    pub zone: Tz,
    pub except_dates: Vec<NaiveDate>,
    parsed: RRule<Unvalidated>,
    end: End,
}

/// How a rule comes to an end: after so many days, or by the last moment that it allows, in each of the forms that occur.
#[derive(Debug, Clone, Copy)]
enum End {
    Count(usize),
    Day(NaiveDate),
    Local(NaiveDateTime),
    Moment(DateTime<Utc>),
}

impl Asked {
    /// Checks everything that does not depend on a CoP; `check` has the faults.
    pub fn check(&self, check: &mut Check) -> Option<Times> {
        let zone = time_zone(check, self.time_zone.as_deref());
        check.date("startDate", Some(self.start_date));
        let start_time = time_of_day(check, "startTime", &self.start_time);
        let end_time = time_of_day(check, "endTime", &self.end_time);
        if let (Some(start), Some(end)) = (start_time, end_time) {
            check.that(end > start, Code::OutOfRange, "endTime", "after startTime");
        }
        check.at_most("exceptDates", self.except_dates.len(), MOST_LEFT_OUT);
        let rule = check.text("rule", &self.rule, RULE);
        let rule = rule.strip_prefix("RRULE:").unwrap_or(&rule).to_ascii_uppercase();
        let fits = !rule.is_empty() && rule.chars().count() <= RULE;
        let read = if fits { read_rule(check, &rule) } else { None };
        let (parsed, end) = read?;
        let mut except_dates = self.except_dates.clone();
        except_dates.sort_unstable();
        except_dates.dedup();
        Some(Times {
            rule,
            start_date: self.start_date,
            start_time: start_time?,
            end_time: end_time?,
            zone: zone?,
            except_dates,
            parsed,
            end,
        })
    }
}

/// A time of day, to the minute.
pub fn time_of_day(check: &mut Check, field: &'static str, text: &str) -> Option<NaiveTime> {
    // `10:5` and `+1:05` would be read, too.
    let time = NaiveTime::parse_from_str(text, "%H:%M").ok();
    let time = time.filter(|time| time.format("%H:%M").to_string() == text);
    check.that(time.is_some(), Code::InvalidValue, field, "a time of day such as 10:00");
    time
}

/// An IANA time zone; that of the Netherlands where nothing is said.
pub fn time_zone(check: &mut Check, name: Option<&str>) -> Option<Tz> {
    let zone = name.unwrap_or("Europe/Amsterdam").parse::<Tz>().ok();
    check.that(zone.is_some(), Code::InvalidValue, "timeZone", "an IANA time zone such as Europe/Amsterdam");
    zone
}

const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

fn numbers(value: &str, most: i32, negative: bool) -> bool {
    value.split(',').all(|one| {
        let number = one.parse::<i32>().ok().filter(|number| number.to_string() == one.trim_start_matches('+'));
        number.is_some_and(|number| number != 0 && number.abs() <= most && (negative || number > 0))
    })
}

/// `MO`, and in a month or year also `1MO`, `-1FR`: its first Monday, its last Friday.
fn weekdays(value: &str, nth: bool) -> bool {
    value.split(',').all(|one| {
        let day = DAYS.iter().find_map(|day| one.strip_suffix(day));
        day.is_some_and(|number| number.is_empty() || (nth && numbers(number, 5, true)))
    })
}

/// Reads a rule. Its parts are looked at one by one, because the library takes many for good that are none, and some that
/// are good would make a session every second.
fn read_rule(check: &mut Check, rule: &str) -> Option<(RRule<Unvalidated>, End)> {
    let mut bad = |detail: &str| {
        check.problem(Code::InvalidValue, "rule", detail);
        None
    };
    let mut parts: Vec<(&str, &str)> = vec![];
    for part in rule.split(';') {
        match part.split_once('=') {
            Some((name, value)) if parts.iter().all(|(known, _)| *known != name) => parts.push((name, value)),
            _ => return bad("a recurrence rule such as FREQ=WEEKLY;COUNT=10"),
        }
    }
    let value = |name: &str| parts.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let freq = value("FREQ").unwrap_or_default();
    if !["DAILY", "WEEKLY", "MONTHLY", "YEARLY"].contains(&freq) {
        return bad("FREQ is DAILY, WEEKLY, MONTHLY or YEARLY");
    }
    let nth = matches!(freq, "MONTHLY" | "YEARLY");
    for (name, value) in &parts {
        let good = match *name {
            "FREQ" | "UNTIL" => true,
            "INTERVAL" => numbers(value, 366, false) && !value.contains(','),
            "COUNT" => value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty() && !value.starts_with('0'),
            "BYDAY" => weekdays(value, nth),
            "BYMONTHDAY" => freq != "WEEKLY" && numbers(value, 31, true),
            "BYMONTH" => numbers(value, 12, false),
            "BYSETPOS" => numbers(value, 366, true) && parts.iter().any(|(other, _)| by_day(other)),
            "WKST" => DAYS.contains(value),
            _ => return bad("FREQ, INTERVAL, COUNT or UNTIL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, WKST"),
        };
        if !good {
            return bad(name_of(name));
        }
    }
    let end = match (value("COUNT"), value("UNTIL")) {
        // What is too long for a number is too many, too.
        (Some(count), None) => Some(End::Count(count.parse().unwrap_or(usize::MAX))),
        (None, Some(text)) => until(text),
        _ => return bad("either COUNT or UNTIL, so that it comes to an end"),
    };
    let Some(end) = end else { return bad(name_of("UNTIL")) };
    if matches!(end, End::Count(count) if count > MOST + MOST_LEFT_OUT) {
        check.problem(Code::TooMany, "rule", MOST.to_string());
        return None;
    }
    let counted: Vec<_> =
        parts.iter().filter(|(name, _)| *name != "UNTIL").map(|(name, value)| format!("{name}={value}")).collect();
    match counted.join(";").parse::<RRule<Unvalidated>>() {
        Ok(parsed) => Some((parsed, end)),
        Err(_) => bad("a recurrence rule such as FREQ=WEEKLY;COUNT=10"),
    }
}

fn by_day(part: &str) -> bool {
    matches!(part, "BYDAY" | "BYMONTHDAY" | "BYMONTH")
}

/// The words for a part whose value is not right.
fn name_of(part: &str) -> &'static str {
    match part {
        "INTERVAL" => "INTERVAL is 1 to 366",
        "COUNT" => "COUNT is a number from 1",
        "BYDAY" => "BYDAY is MO to SU, with a number from -5 to 5 only in a month or year",
        "BYMONTHDAY" => "BYMONTHDAY is 1 to 31 or -31 to -1, and not of a week",
        "BYMONTH" => "BYMONTH is 1 to 12",
        "BYSETPOS" => "BYSETPOS is 1 to 366 or -366 to -1, beside BYDAY, BYMONTHDAY or BYMONTH",
        "WKST" => "WKST is MO to SU",
        _ => "UNTIL is a day such as 20270630, or a moment such as 20270630T100000Z",
    }
}

fn until(text: &str) -> Option<End> {
    if text.len() == 8 {
        return NaiveDate::parse_from_str(text, "%Y%m%d").ok().map(End::Day);
    }
    match text.strip_suffix('Z') {
        Some(utc) => NaiveDateTime::parse_from_str(utc, "%Y%m%dT%H%M%S").ok().map(|at| End::Moment(at.and_utc())),
        None => NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok().map(End::Local),
    }
}

/// The library looks for the next day until it finds one or comes to the year 10,000. The calendar repeats itself every 400
/// years, with its weekdays: reckoned in the last such stretch before that, a rule that names no day at all ends soon.
fn late(date: NaiveDate) -> i32 {
    400 * ((9_990 - date.year()) / 400)
}

fn shifted(date: NaiveDate, years: i32) -> Option<NaiveDate> {
    // A leap year has one 400 years later.
    date.with_year(date.year() + years)
}

impl Times {
    /// The sessions, at most [`MOST`], none later than `last`; `check` has the faults.
    pub fn occurrences(&self, check: &mut Check, first: Option<NaiveDate>, last: NaiveDate) -> Vec<Occurrence> {
        let period = || format!("{}/{last}", first.unwrap_or(self.start_date));
        if first.is_some_and(|first| self.start_date < first) || self.start_date > last {
            check.problem(Code::OutOfRange, "startDate", period());
            return vec![];
        }
        let Some(days) = self.days() else {
            check.problem(Code::InvalidValue, "rule", "a recurrence rule such as FREQ=WEEKLY;COUNT=10");
            return vec![];
        };
        let allowed = |one: &Occurrence| match self.end {
            End::Count(_) => true,
            End::Day(day) => one.date <= day,
            End::Local(at) => one.date.and_time(self.start_time) <= at,
            End::Moment(at) => one.starts_at <= at,
        };
        // A day that is not found is later than any that can be.
        let later = matches!(self.end, End::Count(count) if days.len() < count.min(self.enough()));
        let days = days.into_iter().filter(|day| !self.except_dates.contains(day));
        let all: Vec<_> = days.map(|day| self.on(day)).filter(allowed).collect();
        if all.len() > MOST {
            check.problem(Code::TooMany, "rule", MOST.to_string());
        } else if all.is_empty() {
            check.problem(Code::InvalidValue, "rule", "at least one day");
        } else if later || all.iter().any(|one| one.date > last) {
            check.problem(Code::OutOfRange, "rule", period());
        }
        all
    }

    /// The days that the rule names: so many that it shows whether they are too many.
    fn days(&self) -> Option<Vec<NaiveDate>> {
        let years = late(self.start_date);
        let utc = |date: NaiveDate| {
            shifted(date, years).map(|date| date.and_time(NaiveTime::MIN).and_utc().with_timezone(&rrule::Tz::UTC))
        };
        let end = match self.end {
            End::Count(_) => None,
            End::Day(day) => Some(day),
            End::Local(at) => Some(at.date()),
            // In no time zone is it more than a day later or earlier.
            End::Moment(at) => at.date_naive().checked_add_days(Days::new(1)),
        };
        // What goes on for longer than anybody plans is cut off where it shows.
        let horizon = self.start_date.checked_add_months(Months::new(12 * 9))?;
        let parsed = match end {
            Some(end) if end < self.start_date => return Some(vec![]),
            Some(end) => self.parsed.clone().until(utc(end.min(horizon))?),
            None => self.parsed.clone(),
        };
        let set = parsed.build(utc(self.start_date)?).ok()?;
        let enough = u16::try_from(self.enough()).unwrap_or(u16::MAX);
        Some(set.all(enough).dates.into_iter().filter_map(|at| shifted(at.date_naive(), -years)).collect())
    }

    /// How many days show whether they are too many.
    fn enough(&self) -> usize {
        MOST + self.except_dates.len() + 1
    }

    /// The session on a day. Each lasts as long as the others, also over a change of clocks (RFC 5545, section 3.8.5.3).
    pub fn on(&self, date: NaiveDate) -> Occurrence {
        let starts_at = instant(self.zone, date.and_time(self.start_time));
        Occurrence { date, starts_at, ends_at: starts_at + (self.end_time - self.start_time) }
    }
}

/// When a clock on the wall shows this (RFC 5545, section 3.3.5). What it shows twice, when clocks are set back, is the first
/// time; what it does not show, because clocks were set forward, is reckoned as if they had not yet been.
pub fn instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) => at.to_utc(),
        MappedLocalTime::Ambiguous(first, _) => first.to_utc(),
        MappedLocalTime::None => {
            // The longest that clocks were ever set forward is a day.
            let before = (1..=48).find_map(|hours| {
                let earlier = local.checked_sub_signed(chrono::Duration::hours(hours))?;
                let at = zone.from_local_datetime(&earlier).latest()?;
                Some(at.to_utc() + chrono::Duration::hours(hours))
            });
            before.unwrap_or_else(|| local.and_utc())
        }
    }
}

#[cfg(test)]
mod tests;
