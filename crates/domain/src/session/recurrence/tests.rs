//! Rules by the examples of the specification, clocks that change, and rules that are none.

use super::*;
use crate::Error;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn asked(rule: &str, start: &str) -> Asked {
    Asked {
        rule: rule.into(),
        start_date: day(start),
        start_time: "10:00".into(),
        end_time: "12:00".into(),
        ..Asked::default()
    }
}

fn all(asked: &Asked) -> Result<Vec<Occurrence>, Vec<(Code, String)>> {
    let mut check = Check::default();
    let last = asked.start_date.checked_add_months(Months::new(LONGEST_MONTHS)).unwrap();
    let found = asked.check(&mut check).map(|times| times.occurrences(&mut check, None, last));
    match check.done() {
        Ok(()) => Ok(found.unwrap()),
        Err(Error::Invalid(problems)) => Err(problems.into_iter().map(|one| (one.code, one.field.concat())).collect()),
        Err(_) => unreachable!("a check finds faults of the input"),
    }
}

fn dates(asked: &Asked) -> Vec<String> {
    all(asked).unwrap().iter().map(|one| one.date.to_string()).collect()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn rules_of_the_specification_name_their_days() {
    let months = dates(&asked("FREQ=MONTHLY;BYDAY=1TU;COUNT=4", "2026-09-01"));
    assert_eq!(months, ["2026-09-01", "2026-10-06", "2026-11-03", "2026-12-01"]);
    let last_friday = dates(&asked("RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", "2026-09-01"));
    assert_eq!(last_friday, ["2026-09-25", "2026-10-30"]);
    // Every other week, with the week beginning on Sunday or on Monday (RFC 5545, section 3.3.10).
    let monday = dates(&asked("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05"));
    assert_eq!(monday, ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"]);
    let sunday = dates(&asked("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05"));
    assert_eq!(sunday, ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"]);
    let last_workday = dates(&asked("freq=monthly;bysetpos=-1;byday=mo,tu,we,th,fr;count=2", "2026-10-01"));
    assert_eq!(last_workday, ["2026-10-30", "2026-11-30"]);
    assert_eq!(dates(&asked("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2", "2026-10-01")), ["2026-10-31", "2026-12-31"]);
    assert_eq!(dates(&asked("FREQ=DAILY;COUNT=2", "2028-02-29")), ["2028-02-29", "2028-03-01"]);
    // A first day that the rule does not name does not count.
    assert_eq!(dates(&asked("FREQ=WEEKLY;BYDAY=TH;COUNT=1", "2026-09-01")), ["2026-09-03"]);
}

#[test]
fn days_are_left_out_and_do_not_make_room_for_others() {
    let mut weekly = asked("FREQ=WEEKLY;COUNT=4", "2026-12-15");
    weekly.except_dates = vec![day("2026-12-22"), day("2026-12-29"), day("2026-12-30")];
    assert_eq!(dates(&weekly), ["2026-12-15", "2027-01-05"]);
}

#[test]
fn until_is_a_day_a_moment_or_a_time_on_the_wall() {
    for (until, count) in [
        ("20260915", 3),
        ("20260914", 2),
        // 10:00 in Amsterdam is 08:00 in summer.
        ("20260915T080000Z", 3),
        ("20260915T075959Z", 2),
        ("20260915T100000", 3),
        ("20260915T095959", 2),
    ] {
        let found = dates(&asked(&format!("FREQ=WEEKLY;UNTIL={until}"), "2026-09-01"));
        assert_eq!(found.len(), count, "{until}");
    }
    let over = asked("FREQ=WEEKLY;UNTIL=20260801", "2026-09-01");
    assert_eq!(all(&over), Err(vec![(Code::InvalidValue, "rule".into())]));
}

#[test]
fn ten_o_clock_stays_ten_o_clock() {
    let mut weekly = asked("FREQ=WEEKLY;COUNT=2", "2026-10-20");
    let found = all(&weekly).unwrap();
    assert_eq!(
        found.iter().map(|one| one.starts_at).collect::<Vec<_>>(),
        [at("2026-10-20T08:00:00Z"), at("2026-10-27T09:00:00Z")]
    );
    weekly.time_zone = Some("America/New_York".into());
    weekly.start_date = day("2026-10-27");
    let found = all(&weekly).unwrap();
    assert_eq!((found[0].starts_at, found[1].starts_at), (at("2026-10-27T14:00:00Z"), at("2026-11-03T15:00:00Z")));
}

#[test]
fn a_time_that_is_not_there_or_there_twice_is_as_the_specification_has_it() {
    let night = |date: &str, zone: &str, start: &str, end: &str| {
        let (start_time, end_time) = (start.to_owned(), end.to_owned());
        let asked = Asked { start_time, end_time, time_zone: Some(zone.into()), ..asked("FREQ=DAILY;COUNT=1", date) };
        let found = all(&asked).unwrap()[0];
        (found.starts_at, found.ends_at)
    };
    // Clocks go from 02:00 to 03:00: 02:30 is what it would have been, which they then show as 03:30.
    let amsterdam = "Europe/Amsterdam";
    assert_eq!(
        night("2027-03-28", amsterdam, "02:30", "04:00"),
        (at("2027-03-28T01:30:00Z"), at("2027-03-28T03:00:00Z"))
    );
    // The specification's own example.
    assert_eq!(night("2007-03-11", "America/New_York", "02:30", "03:00").0, at("2007-03-11T07:30:00Z"));
    // Clocks go from 03:00 back to 02:00: the first 02:30, and as long as on any other day.
    assert_eq!(
        night("2026-10-25", amsterdam, "02:30", "03:30"),
        (at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z"))
    );
    // Clocks go half an hour forward, and once a whole day was left out.
    assert_eq!(night("2026-10-04", "Australia/Lord_Howe", "02:15", "03:00").0, at("2026-10-03T15:45:00Z"));
    assert_eq!(night("2011-12-30", "Pacific/Apia", "10:00", "11:00").0, at("2011-12-30T20:00:00Z"));
}

#[test]
fn whatever_is_wrong_names_its_field() {
    let fault = |asked: Asked| all(&asked).unwrap_err();
    let rule = |text: &str| fault(asked(text, "2026-09-01"));
    let invalid = vec![(Code::InvalidValue, "rule".to_owned())];
    for bad in [
        "WEEKLY",
        "FREQ=SECONDLY;COUNT=2",
        "FREQ=HOURLY;COUNT=2",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;COUNT=2;UNTIL=20260915",
        "FREQ=WEEKLY;COUNT=2;COUNT=3",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=-1",
        "FREQ=WEEKLY;COUNT=",
        "FREQ=WEEKLY;COUNT=2;INTERVAL=0",
        "FREQ=WEEKLY;COUNT=2;INTERVAL=1,2",
        "FREQ=WEEKLY;COUNT=2;BYDAY=2MO",
        "FREQ=MONTHLY;COUNT=2;BYDAY=0MO",
        "FREQ=MONTHLY;COUNT=2;BYDAY=ÉMO",
        "FREQ=MONTHLY;COUNT=2;BYDAY=99999999MO",
        "FREQ=WEEKLY;COUNT=2;BYMONTHDAY=1",
        "FREQ=MONTHLY;COUNT=2;BYMONTHDAY=32",
        "FREQ=MONTHLY;COUNT=2;BYMONTHDAY=1,,2",
        "FREQ=MONTHLY;COUNT=2;BYSETPOS=1",
        "FREQ=DAILY;COUNT=2;BYHOUR=1,2,3",
        "FREQ=DAILY;COUNT=2;BYSECOND=1",
        "FREQ=YEARLY;COUNT=2;BYWEEKNO=1",
        "FREQ=WEEKLY;COUNT=2;WKST=XX",
        "FREQ=WEEKLY;UNTIL=20261399",
        "FREQ=WEEKLY;UNTIL=tomorrow",
        "FREQ=WEEKLY;COUNT=2;X-OWN=1",
        "FREQ=WEEKLY;COUNT=2\nRDATE:20260901",
        "FREQ=WEEKLY;COUNT=2;",
    ] {
        assert_eq!(rule(bad), invalid, "{bad}");
    }
    let too_many = vec![(Code::TooMany, "rule".to_owned())];
    assert_eq!(rule("FREQ=DAILY;COUNT=61"), too_many);
    assert_eq!(rule("FREQ=DAILY;COUNT=4000000000"), too_many);
    assert_eq!(rule("FREQ=DAILY;COUNT=99999999999999999999999"), too_many);
    assert_eq!(rule("FREQ=DAILY;UNTIL=99991231"), too_many);
    assert_eq!(dates(&asked("FREQ=DAILY;COUNT=60", "2026-09-01")).len(), 60);
    assert_eq!(rule("FREQ=MONTHLY;COUNT=20"), vec![(Code::OutOfRange, "rule".to_owned())]);
    assert_eq!(rule("FREQ=YEARLY;INTERVAL=366;COUNT=3"), vec![(Code::OutOfRange, "rule".to_owned())]);
    let late = all(&asked("FREQ=YEARLY;INTERVAL=366;COUNT=3", "2199-09-01"));
    assert_eq!(late, Err(vec![(Code::OutOfRange, "rule".to_owned())]));
    assert_eq!(rule(&"FREQ=WEEKLY;COUNT=2;BYDAY=MO,".repeat(20)), vec![(Code::TooLong, "rule".to_owned())]);
    let clock = Asked { start_time: "25:00".into(), end_time: "9:00".into(), ..asked("x", "2026-09-01") };
    let fields: Vec<_> = fault(clock).into_iter().map(|(_, field)| field).collect();
    assert_eq!(fields, ["startTime", "endTime", "rule"]);
    let turned = Asked { end_time: "10:00".into(), ..asked("FREQ=WEEKLY;COUNT=2", "2026-09-01") };
    assert_eq!(fault(turned), vec![(Code::OutOfRange, "endTime".into())]);
    let nowhere = Asked { time_zone: Some("Mars/Olympus".into()), ..asked("FREQ=WEEKLY;COUNT=2", "2026-09-01") };
    assert_eq!(fault(nowhere), vec![(Code::InvalidValue, "timeZone".into())]);
}

/// None of these names a day, or only one in centuries: each is a few thousand months that are looked at.
#[test]
fn a_rule_that_never_comes_true_ends_soon() {
    for rule in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30,31;COUNT=2",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=2",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=31;COUNT=2",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=53;COUNT=2",
        "FREQ=YEARLY;BYDAY=MO;BYMONTHDAY=30;BYMONTH=2;BYSETPOS=-366;COUNT=60",
    ] {
        for start in ["1900-01-01", "2026-09-01", "2199-12-31"] {
            let start_of_all = std::time::Instant::now();
            assert_eq!(all(&asked(rule, start)), Err(vec![(Code::InvalidValue, "rule".into())]), "{rule}");
            assert!(start_of_all.elapsed() < std::time::Duration::from_secs(2), "{rule} from {start}");
        }
    }
}
