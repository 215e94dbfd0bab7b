//! What the figures of a CoP point at: findings with their numbers, by fixed thresholds. A figure that the viewer does not
//! have gives no finding.

use super::figures::{Attended, Dashboard, Sessions};
use crate::{cop::CopStatus, error::Language, labels};
use chrono::{DateTime, Utc};

labels! {
    /// Something that a CoP's figures point at.
    HealthCode {
        /// The CoP is at work, and its last session is 60 days ago or more; without any, the day that it became active.
        NoRecentSession = "NO_RECENT_SESSION" / "Lang geen bijeenkomst",
        /// The CoP is at work, and no session is scheduled.
        NoNextSession = "NO_NEXT_SESSION" / "Geen volgende bijeenkomst",
        /// Of the last three sessions whose attendance you see, 15 percent points fewer of the registered came than of the
        /// three before.
        AttendanceFalling = "ATTENDANCE_FALLING" / "Opkomst daalt",
        /// Of those registered for the last three sessions whose attendance you see, less than half came.
        AttendanceLow = "ATTENDANCE_LOW" / "Lage opkomst",
        /// The planned end is 30 days away or less, or has passed, and goals are not assessed yet.
        GoalsUnassessedNearEnd = "GOALS_UNASSESSED_NEAR_END" / "Doelen nog niet beoordeeld",
        /// The planned end is 60 days away or less, or has passed, and fewer hackathons and open spaces were held than the
        /// method asks for.
        IntensiveSessionsMissing = "INTENSIVE_SESSIONS_MISSING" / "Te weinig intensieve bijeenkomsten",
        /// Anchorings that you see whose review date has passed.
        ReviewsOverdue = "REVIEWS_OVERDUE" / "Herzieningen te laat",
        /// The planned end has passed, and the CoP is not closed.
        PeriodOver = "PERIOD_OVER" / "Periode voorbij",
    }
}

/// Days without a session.
const QUIET_DAYS: i64 = 60;
/// Percent points.
const FALL: i64 = 15;
const LOW_PERCENT: i64 = 50;
const GOALS_DAYS: i64 = 30;
const INTENSIVE_DAYS: i64 = 60;
/// How many sessions are taken together.
const TOGETHER: usize = 3;

/// A finding, with the number that it is about and the one that it is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    pub code: HealthCode,
    pub value: i64,
    pub threshold: i64,
}

impl Finding {
    pub fn message(&self, language: Language) -> String {
        let (value, threshold) = (self.value, self.threshold);
        let (en, nl) = match self.code {
            HealthCode::NoRecentSession => (
                format!("No session was held for {value} days."),
                format!("Er is {value} dagen geen bijeenkomst gehouden."),
            ),
            HealthCode::NoNextSession => {
                ("No session is scheduled.".to_owned(), "Er is geen bijeenkomst gepland.".to_owned())
            }
            HealthCode::AttendanceFalling => (
                format!("Attendance of the last three sessions fell from {threshold} to {value} percent."),
                format!("De opkomst bij de laatste drie bijeenkomsten daalde van {threshold} naar {value} procent."),
            ),
            HealthCode::AttendanceLow => (
                format!("Of those registered for the last three sessions {value} percent came."),
                format!("Van wie zich aanmeldde voor de laatste drie bijeenkomsten kwam {value} procent."),
            ),
            HealthCode::GoalsUnassessedNearEnd => (
                format!("The end is near, and goals are not assessed yet: {value}."),
                format!("Het einde nadert en er zijn nog niet beoordeelde doelen: {value}."),
            ),
            HealthCode::IntensiveSessionsMissing => (
                format!("The end is near, and of {threshold} hackathons or open spaces {value} were held."),
                format!("Het einde nadert en van {threshold} hackathons of open spaces zijn er {value} gehouden."),
            ),
            HealthCode::ReviewsOverdue => (
                format!("Anchorings whose review date has passed: {value}."),
                format!("Borgingen waarvan de herzieningsdatum voorbij is: {value}."),
            ),
            HealthCode::PeriodOver => (
                format!("The planned end passed {value} days ago."),
                format!("De beoogde einddatum is {value} dagen voorbij."),
            ),
        };
        if language == Language::Nl { nl } else { en }
    }
}

pub(super) fn findings(of: &Dashboard, now: DateTime<Utc>) -> Vec<Finding> {
    let mut found = vec![];
    let mut note = |holds: bool, code, value, threshold| {
        if holds {
            found.push(Finding { code, value, threshold });
        }
    };
    let works = matches!(of.status, CopStatus::Active | CopStatus::Harvesting);
    let near = |days: i64| works && of.days_left.is_some_and(|left| left <= days);
    if let Some(sessions) = of.sessions.as_ref().filter(|_| of.status == CopStatus::Active) {
        let since_start = of.activated_at.map(|at| (now - at).num_days());
        let quiet = sessions.days_since_last.or(since_start).unwrap_or(0);
        note(quiet >= QUIET_DAYS, HealthCode::NoRecentSession, quiet, QUIET_DAYS);
        note(sessions.next.is_none(), HealthCode::NoNextSession, 0, 1);
        let (latest, before) = attendance(sessions);
        if let (Some(latest), Some(before)) = (latest, before) {
            note(before - latest >= FALL, HealthCode::AttendanceFalling, latest, before);
        }
        if let Some(latest) = latest {
            note(latest < LOW_PERCENT, HealthCode::AttendanceLow, latest, LOW_PERCENT);
        }
    }
    if let Some(goals) = &of.goals {
        let late = near(GOALS_DAYS) && goals.unassessed > 0;
        note(late, HealthCode::GoalsUnassessedNearEnd, goals.unassessed, 0);
    }
    if let Some(sessions) = &of.sessions {
        let (held, asked) = (sessions.intensive_held, sessions.intensive_asked);
        let missing = of.status == CopStatus::Active && near(INTENSIVE_DAYS) && held < asked;
        note(missing, HealthCode::IntensiveSessionsMissing, held, asked);
    }
    note(of.anchorings.overdue > 0, HealthCode::ReviewsOverdue, of.anchorings.overdue, 0);
    let days = of.days_left.unwrap_or(0);
    note(of.is_overdue, HealthCode::PeriodOver, -days, 0);
    found
}

/// How many of a hundred came: to the last three sessions of which it is known, and to the three before.
fn attendance(sessions: &Sessions) -> (Option<i64>, Option<i64>) {
    let known: Vec<_> = sessions.trend.iter().rev().filter_map(Attended::percent).collect();
    let mean = |all: &[i64]| (all.len() == TOGETHER).then(|| all.iter().sum::<i64>() / TOGETHER as i64);
    let mut threes = known.chunks(TOGETHER);
    (threes.next().and_then(mean), threes.next().and_then(mean))
}
