//! Figures of CoPs as CSV (RFC 4180): a row for each, under names that stay.

use crate::model::dashboard::CopDashboard;
use evolva_domain::{
    artefact::{AnchoringState, ArtefactState},
    cop::{GoalAssessment, MembershipState},
};
use std::fmt::Display;

/// A text that somebody wrote. What a spreadsheet would take for a formula gets an apostrophe before it.
fn written(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

/// A figure, or nothing where it is not there.
fn shown(figure: Option<impl Display>) -> String {
    figure.map(|figure| figure.to_string()).unwrap_or_default()
}

/// `membersActive` for `ACTIVE`.
fn named(what: &str, label: &str) -> String {
    let mut name = what.to_owned();
    for part in label.split('_') {
        let (first, rest) = part.split_at(part.len().min(1));
        name.push_str(first);
        name.push_str(&rest.to_lowercase());
    }
    name
}

/// The figures of CoPs, one a row, after a row with the names of the columns.
pub fn csv(all: &[CopDashboard]) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(vec![]);
    let names: Vec<String> = columns(None).into_iter().map(|(name, _)| name).collect();
    let rows = all.iter().map(|one| columns(Some(one)).into_iter().map(|(_, cell)| cell).collect());
    for row in std::iter::once(names).chain(rows) {
        // Writing to memory cannot fail, and each row has the columns of the first.
        let _ = writer.write_record(row);
    }
    // What was written are texts.
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

type Columns = Vec<(String, String)>;

/// The columns with their names; without a CoP, the names alone.
fn columns(of: Option<&CopDashboard>) -> Columns {
    let mut all: Columns = vec![];
    let mut add = |name: &str, cell: String| all.push((name.to_owned(), cell));
    add("copId", shown(of.map(|one| one.cop_id.0)));
    add("title", of.map(|one| written(&one.title)).unwrap_or_default());
    add("status", shown(of.map(|one| one.status.0)));
    add("hostId", shown(of.map(|one| one.host_id.0)));
    add("sight", shown(of.map(|one| one.sight.0)));
    add("startDate", shown(of.and_then(|one| one.start_date)));
    add("plannedEndDate", shown(of.and_then(|one| one.planned_end_date)));
    add("daysLeft", shown(of.and_then(|one| one.days_left)));
    add("isOverdue", shown(of.map(|one| one.is_overdue)));
    add("memberCount", shown(of.map(|one| one.member_count)));
    let members = of.and_then(|one| one.members.as_ref());
    for state in MembershipState::ALL {
        let count = members.and_then(|all| all.iter().find(|one| one.state.0 == *state)).map(|one| one.count);
        add(&named("members", state.label()), shown(count));
    }
    let sessions = of.and_then(|one| one.sessions.as_ref());
    add("sessionsHeld", shown(sessions.map(|all| all.held_count)));
    add("intensiveSessionsHeld", shown(sessions.map(|all| all.intensive_held_count)));
    add("intensiveSessionsAsked", shown(sessions.map(|all| all.intensive_asked_count)));
    add("daysSinceLastSession", shown(sessions.and_then(|all| all.days_since_last)));
    add("daysUntilNextSession", shown(sessions.and_then(|all| all.days_until_next)));
    let last = sessions.and_then(|all| all.attendance.iter().rev().find(|one| one.attended_count.is_some()));
    add("lastAttendedCount", shown(last.and_then(|one| one.attended_count)));
    add("lastAttendedPercent", shown(last.and_then(|one| one.attended_percent)));
    let goals = of.and_then(|one| one.goals.as_ref());
    add("goals", shown(goals.map(|all| all.total_count)));
    add("goalsUnassessed", shown(goals.map(|all| all.unassessed_count)));
    add("goalsWaived", shown(goals.map(|all| all.waived_count)));
    for assessment in GoalAssessment::ALL {
        let count = goals.and_then(|all| all.assessed.iter().find(|one| one.assessment.0 == *assessment));
        add(&named("goals", assessment.label()), shown(count.map(|one| one.count)));
    }
    for state in ArtefactState::ALL {
        let of_state = |one: &CopDashboard| {
            one.artefacts.iter().filter(|one| one.state.0 == *state).map(|one| one.count).sum::<i64>()
        };
        add(&named("artefacts", state.label()), shown(of.map(of_state)));
    }
    for state in AnchoringState::ALL {
        let of_state = |one: &CopDashboard| {
            one.anchorings.counts.iter().find(|one| one.state.0 == *state).map_or(0, |one| one.count)
        };
        add(&named("anchorings", state.label()), shown(of.map(of_state)));
    }
    add("reviewsOverdue", shown(of.map(|one| one.anchorings.overdue_count)));
    let codes = |one: &CopDashboard| one.health.iter().map(|one| one.code.0.label()).collect::<Vec<_>>().join(" ");
    add("health", of.map(codes).unwrap_or_default());
    all
}
