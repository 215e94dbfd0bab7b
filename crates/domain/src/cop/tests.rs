use super::*;
use crate::concept::{MethodProfile, ProfilePreset};

fn ready(status: CopStatus) -> (Standing, Facts) {
    let standing = Standing {
        status,
        tenant: Id::default(),
        has_theme: true,
        has_period: true,
        profile: Some(MethodProfile::default()),
    };
    let facts = Facts {
        charter_why: true,
        facilitator_tenant: Some(Id::default()),
        facilitator_is_operator: true,
        charter_agreed: true,
        goals: 2,
        organisations: 2,
        sessions_planned: 1,
        intensive_held: 2,
        shown: 1,
        ..Facts::default()
    };
    (standing, facts)
}

fn codes(standing: &Standing, facts: &Facts, to: CopStatus, reason: bool) -> Vec<Code> {
    standing.blockers(to, facts, reason).into_iter().map(|problem| problem.code).collect()
}

#[test]
fn every_blocker_of_the_method_blocks_its_own_step_and_only_it() {
    use CopStatus::*;
    type Spoil = fn(&mut Standing, &mut Facts);
    let cases: &[(CopStatus, CopStatus, Code, Spoil)] = &[
        (Draft, Recruiting, Code::ThemeMissing, |s, _| s.has_theme = false),
        (Draft, Recruiting, Code::CharterWhyMissing, |_, f| f.charter_why = false),
        (Draft, Recruiting, Code::FacilitatorMissing, |_, f| f.facilitator_is_operator = false),
        (Recruiting, Active, Code::CharterNotAgreed, |_, f| f.charter_agreed = false),
        (Recruiting, Active, Code::GoalsMissing, |_, f| f.goals = 0),
        (Recruiting, Active, Code::PeriodMissing, |s, _| s.has_period = false),
        (Recruiting, Active, Code::TooFewOrganisations, |_, f| f.organisations = 1),
        (Recruiting, Active, Code::TooFewSessions, |_, f| f.sessions_planned = 0),
        (Active, Harvesting, Code::GoalsNotAssessed, |_, f| f.goals_unassessed = 1),
        (Active, Harvesting, Code::TooFewIntensiveSessions, |_, f| f.intensive_held = 1),
        (Harvesting, Closed, Code::GoalsNotAnchored, |_, f| f.goals_unanchored = 1),
        (Harvesting, Closed, Code::NothingShared, |_, f| f.shown = 0),
    ];
    for (from, to, code, spoil) in cases {
        let (mut standing, mut facts) = ready(*from);
        assert_eq!(codes(&standing, &facts, *to, false), [], "{from} to {to} when nothing is missing");
        spoil(&mut standing, &mut facts);
        assert_eq!(codes(&standing, &facts, *to, false), [*code], "{from} to {to}");
    }
}

#[test]
fn a_reason_stands_in_where_the_method_says_so() {
    let (standing, mut facts) = ready(CopStatus::Active);
    facts.intensive_held = 0;
    assert_eq!(codes(&standing, &facts, CopStatus::Harvesting, true), []);
    for from in [CopStatus::Draft, CopStatus::Recruiting, CopStatus::Active, CopStatus::Harvesting] {
        let (standing, facts) = ready(from);
        assert_eq!(codes(&standing, &facts, CopStatus::Cancelled, false), [Code::ReasonMissing], "{from}");
        assert_eq!(codes(&standing, &facts, CopStatus::Cancelled, true), [], "{from}");
    }
    let (standing, facts) = ready(CopStatus::Harvesting);
    assert_eq!(codes(&standing, &facts, CopStatus::Active, false), [Code::ReasonMissing]);
}

#[test]
fn an_open_profile_asks_only_for_a_theme_and_the_hosts_facilitator() {
    let open = Some(MethodProfile::of(ProfilePreset::Open));
    let host = Some(Id::default());
    let facts = Facts { facilitator_tenant: host, organisations: 1, ..Facts::default() };
    for (from, to) in [
        (CopStatus::Draft, CopStatus::Recruiting),
        (CopStatus::Recruiting, CopStatus::Active),
        (CopStatus::Active, CopStatus::Harvesting),
        (CopStatus::Harvesting, CopStatus::Closed),
    ] {
        let (standing, _) = ready(from);
        let standing = Standing { has_period: false, profile: open.clone(), ..standing };
        assert_eq!(codes(&standing, &facts, to, false), [], "{from} to {to}");
    }
}

#[test]
fn only_listed_steps_are_allowed() {
    for from in CopStatus::ALL {
        for to in CopStatus::ALL {
            let allowed = transition(*from, *to, STEPS).is_ok();
            assert_eq!(allowed, STEPS.contains(&(*from, *to)), "{from} to {to}");
        }
    }
}

#[test]
fn the_period_is_bounded_by_the_method() {
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    let method = MethodProfile::default();
    let refused = |start, end| {
        let mut check = Check::default();
        check_period(&mut check, day(start), day(end), &method);
        check.done().is_err()
    };
    assert!(!refused("2026-01-01", "2027-07-01"));
    assert!(refused("2026-01-01", "2027-07-02"));
    assert!(refused("2026-01-02", "2026-01-01"));
    let unusual = |end: &str| period_is_unusual(day("2026-01-01").unwrap(), day(end).unwrap(), &method);
    assert!(unusual("2026-09-30") && !unusual("2026-10-01") && !unusual("2027-04-01") && unusual("2027-04-02"));
}
