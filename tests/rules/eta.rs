//! When a port is expected, overdue, chased and an alarm: the policy's times.

use chrono::{DateTime, TimeDelta, Utc};
use snap_port::{BusinessCalendar, NoHolidays, PortSlot, RoutePolicy, Timing, Zone};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn policy() -> RoutePolicy {
    RoutePolicy::default()
}

fn slot(begins: &str) -> PortSlot {
    PortSlot::hour(at(begins), Zone::parse("America/New_York").unwrap())
}

#[test]
fn the_defaults_are_the_process() {
    let timing = Timing::default();
    // "typically takes 24-48 business hours after your provider approves the release"
    assert_eq!(timing.usual_days, [1, 2]);
    assert_eq!(timing.overdue_after, 3);
    // "can take up to 10 days"
    assert_eq!(timing.onboarding_days, 10);
    assert_eq!(timing.chase_after, [2, 4]);
    assert_eq!(timing.alarm_after, 7);
    assert_eq!(policy().timing(), &timing);
    assert_eq!(policy().calendar().zone().name(), "America/New_York");
}

#[test]
fn numbers_are_expected_one_to_two_business_days_after_the_approval() {
    // Tuesday, 10:00 in New York.
    let eta = policy().eta(at("2026-11-17T15:00:00Z"), None);
    assert_eq!(eta.from, at("2026-11-18T15:00:00Z"));
    assert_eq!(eta.until, at("2026-11-19T15:00:00Z"));
    assert_eq!(eta.overdue, at("2026-11-20T15:00:00Z"));
}

#[test]
fn weekends_holidays_and_clock_changes_are_passed_over() {
    // Wednesday before Thanksgiving.
    let eta = policy().eta(at("2026-11-25T15:00:00Z"), None);
    assert_eq!(eta.from, at("2026-11-27T15:00:00Z"));
    assert_eq!(eta.until, at("2026-11-30T15:00:00Z"));
    assert_eq!(eta.overdue, at("2026-12-01T15:00:00Z"));
    // Friday before the clocks go back: ten o'clock stays ten o'clock.
    let eta = policy().eta(at("2026-10-30T14:00:00Z"), None);
    assert_eq!(eta.from, at("2026-11-02T15:00:00Z"));
    // Without holidays Thanksgiving counts.
    let zone = Zone::parse("America/New_York").unwrap();
    let calendar = BusinessCalendar::new(zone).with_holidays(NoHolidays);
    let eta = RoutePolicy::new(calendar).eta(at("2026-11-25T15:00:00Z"), None);
    assert_eq!(eta.from, at("2026-11-26T15:00:00Z"));
}

#[test]
fn a_later_agreed_slot_wins_and_an_earlier_one_does_not() {
    let approved = at("2026-11-17T15:00:00Z");
    let later = slot("2026-12-01T15:00:00Z");
    let eta = policy().eta(approved, Some(&later));
    assert_eq!((eta.from, eta.until), (later.begins(), later.ends()));
    assert_eq!(eta.overdue, at("2026-12-04T16:00:00Z"));
    let sooner = slot("2026-11-18T15:00:00Z");
    assert_eq!(
        policy().eta(approved, Some(&sooner)),
        policy().eta(approved, None)
    );
}

#[test]
fn reminders_count_business_days_and_the_alarm_calendar_days() {
    // Thursday.
    let since = at("2026-11-12T15:00:00Z");
    let [first, second] = policy().chase_at(since);
    assert_eq!(first, at("2026-11-16T15:00:00Z"));
    assert_eq!(second, at("2026-11-18T15:00:00Z"));
    assert_eq!(policy().alarm_at(since), since + TimeDelta::days(7));
    assert_eq!(policy().texting_by(since), since + TimeDelta::days(10));
}

#[test]
fn other_times_are_taken() {
    let mut timing = Timing::default();
    timing.usual_days = [2, 5];
    timing.overdue_after = 6;
    timing.onboarding_days = 1;
    timing.alarm_after = 3;
    timing.chase_after = [1, 1];
    let policy = policy().with_timing(timing);
    let approved = at("2026-11-16T15:00:00Z");
    let eta = policy.eta(approved, None);
    assert_eq!(eta.from, at("2026-11-18T15:00:00Z"));
    assert_eq!(eta.until, at("2026-11-23T15:00:00Z"));
    assert_eq!(eta.overdue, at("2026-11-24T15:00:00Z"));
    assert_eq!(policy.alarm_at(approved), approved + TimeDelta::days(3));
    assert_eq!(policy.texting_by(approved), approved + TimeDelta::days(1));
    assert_eq!(policy.chase_at(approved), [at("2026-11-17T15:00:00Z"); 2]);
}

#[test]
fn the_ends_of_the_calendar_do_not_panic() {
    for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        let _ = policy().eta(at, None);
        let _ = (
            policy().chase_at(at),
            policy().alarm_at(at),
            policy().texting_by(at),
        );
    }
}
