//! Approval, schedule and reschedule: which evidence each takes.

use crate::stub::*;
use snap_port::*;

fn approve_with(granted: ReleaseGranted) -> Result<PortRequest<ReleaseApproved>, Violation> {
    let submitted = submitted();
    let approval = approval(&submitted, granted);
    submitted
        .approved(approval)
        .map_err(|error| refused::<_, ReleaseApproved>(Err(error), &self::submitted()))
}

fn submitted() -> PortRequest<Submitted> {
    crate::stub::submitted()
}

#[test]
fn an_approval_that_fits_is_taken() {
    let approved = approve_with(granted(APPROVED)).unwrap();
    let approval = approved.approval();
    assert_eq!(approval.approver().as_deref(), Some("Lou at Aircall"));
    assert_eq!(*approval.basis(), Basis::Attested(support()));
    assert_eq!(approval.gaining_account(), &gaining());
}

#[test]
fn an_approval_of_another_request_order_or_carrier_is_refused() {
    for (index, stranger) in strangers().iter().enumerate() {
        let approval = approval(stranger, granted(APPROVED));
        let violation = refused(submitted().approved(approval), &submitted());
        assert!(is_stranger(index, &violation), "{violation:?}");
    }
}

#[test]
fn an_approval_towards_another_account_is_refused_and_shows_neither_account() {
    let elsewhere = ReleaseGranted {
        gaining_account: wrong(),
        ..granted(APPROVED)
    };
    let violation = approve_with(elsewhere).unwrap_err();
    let expected = Violation::OtherGainingAccount {
        found: "…0003".to_owned(),
        expected: "…0002".to_owned(),
    };
    assert_eq!(violation, expected);
}

#[test]
fn an_approval_must_cover_every_number() {
    let part = ReleaseGranted {
        numbers: numbers(&[1, 8]),
        ..granted(APPROVED)
    };
    let expected = Violation::NotCovered {
        what: "the release approval",
        numbers: vec![number(0), number(2)],
    };
    assert_eq!(approve_with(part).unwrap_err(), expected);
    let more = ReleaseGranted {
        numbers: numbers(&[8, 2, 1, 0]),
        ..granted(APPROVED)
    };
    assert!(approve_with(more).is_ok());
}

#[test]
fn an_approval_names_its_approver() {
    let submitted = submitted();
    let nameless = ReleaseGranted {
        approver: " ".to_owned(),
        ..granted(APPROVED)
    };
    let said = says(APPROVED, nameless);
    let taken = StubCarrier::new()
        .attest_release(&submitted, said, &clock(APPROVED))
        .is_ok_and(|approval| submitted.approved(approval).is_ok());
    assert!(!taken, "nobody approved it");
}

#[test]
fn an_approval_may_be_five_minutes_older_than_the_submission_and_no_more() {
    // Taken at 17:00:30.
    assert!(approve_with(granted("2026-11-02T16:55:30Z")).is_ok());
    let too_old = "2026-11-02T16:55:29Z";
    let expected = Violation::BeforeSubmission {
        at: at(too_old),
        submitted: at(TAKEN),
    };
    assert_eq!(approve_with(granted(too_old)).unwrap_err(), expected);
}

#[test]
fn an_implied_approval_may_be_older_than_the_submission() {
    let submitted = submitted();
    let early = "2026-11-01T00:00:00Z";
    let moved = [0, 1, 2].map(|index| ArrivalReport {
        at: Some(at(early)),
        ..arrival(index, gaining())
    });
    let look = look(&submitted, report(&submitted).arrived(moved), APPROVED);
    let implied = reached(look.release(&submitted));
    assert_eq!(implied.basis(), &Basis::Implied);
    assert_eq!(implied.occurred_at(), at(early));
    assert_eq!(
        submitted.approved(implied).unwrap().approval().approver(),
        &None
    );
}

fn schedule_with(schedule: Schedule) -> Result<PortRequest<Scheduled>, Violation> {
    let approved = approved();
    let confirmation = confirmation(&approved, CONFIRMED, schedule);
    approved
        .scheduled(confirmation)
        .map_err(|error| refused::<_, Scheduled>(Err(error), &self::approved()))
}

#[test]
fn a_slot_before_the_earliest_date_is_refused_whoever_set_it() {
    // A second before the day begins in New York, though it is that day in UTC.
    let early = slot("2026-12-01T04:59:59Z");
    for schedule in [
        Schedule::Agreed(early.clone()),
        Schedule::CarrierSet(early.clone()),
    ] {
        let expected = Violation::BeforeEarliest {
            begins: early.begins(),
            earliest: day("2026-12-01"),
        };
        assert_eq!(schedule_with(schedule).unwrap_err(), expected);
    }
}

#[test]
fn a_slot_at_the_very_beginning_of_the_earliest_date_is_taken() {
    for schedule in [
        Schedule::Agreed(slot(EARLIEST)),
        Schedule::CarrierSet(slot(EARLIEST)),
    ] {
        let scheduled = schedule_with(schedule.clone()).unwrap();
        assert_eq!(scheduled.schedule(), &schedule);
        assert_eq!(scheduled.schedule().begins(), at(EARLIEST));
    }
}

#[test]
fn a_cut_over_that_was_seen_is_never_too_early() {
    let early = Schedule::ObservedCutover(at("2026-11-06T00:00:00Z"));
    let scheduled = schedule_with(early.clone()).unwrap();
    assert_eq!(scheduled.schedule(), &early);
    assert_eq!(scheduled.schedule().slot(), None);
}

#[test]
fn a_schedule_of_another_request_order_or_carrier_is_refused() {
    for (index, stranger) in strangers().into_iter().enumerate() {
        let stranger = approve(stranger);
        let foreign = confirmation(&stranger, CONFIRMED, Schedule::Agreed(slot(SLOT)));
        let violation = refused(approved().scheduled(foreign), &approved());
        assert!(is_stranger(index, &violation), "{violation:?}");
    }
}

fn reschedule_with(
    confirmed: &str,
    schedule: Schedule,
) -> Result<PortRequest<Scheduled>, Violation> {
    let scheduled = scheduled();
    let confirmation = confirmation(&scheduled, confirmed, schedule);
    scheduled
        .rescheduled(confirmation)
        .map_err(|error| refused::<_, Scheduled>(Err(error), &self::scheduled()))
}

const LATER: &str = "2026-12-02T15:00:00Z";

#[test]
fn a_newer_time_replaces_the_old_one_which_is_kept() {
    let newer = "2026-11-20T12:00:01Z";
    let request = reschedule_with(newer, Schedule::CarrierSet(slot(LATER))).unwrap();
    assert_eq!(request.schedule(), &Schedule::CarrierSet(slot(LATER)));
    assert_eq!(
        request.former_confirmations(),
        [scheduled().confirmation().clone()]
    );

    let third = confirmation(&request, SLOT, Schedule::Agreed(slot(SLOT)));
    let second = request.confirmation().clone();
    let request = request.rescheduled(third).unwrap();
    let former = [scheduled().confirmation().clone(), second];
    assert_eq!(request.former_confirmations(), former);
    assert_eq!(complete(request).former_confirmations(), former);
}

#[test]
fn a_time_that_is_not_newer_is_refused() {
    let older = "2026-11-20T11:59:59Z";
    for (confirmed, time) in [(older, LATER), (older, SLOT), (CONFIRMED, SLOT)] {
        let expected = Violation::NotNewer {
            at: at(confirmed),
            current: at(CONFIRMED),
        };
        let schedule = Schedule::Agreed(slot(time));
        assert_eq!(reschedule_with(confirmed, schedule).unwrap_err(), expected);
    }
}

#[test]
fn another_time_confirmed_at_the_same_instant_replaces_the_first() {
    let other = Schedule::Agreed(slot(LATER));
    let request = reschedule_with(CONFIRMED, other.clone()).unwrap();
    assert_eq!(request.schedule(), &other);
}

#[test]
fn another_time_is_held_to_the_earliest_date_too() {
    let newer = "2026-11-21T12:00:00Z";
    for early in [
        Schedule::Agreed(slot("2026-12-01T04:59:59Z")),
        Schedule::CarrierSet(slot("2026-12-01T04:59:59Z")),
    ] {
        let violation = reschedule_with(newer, early).unwrap_err();
        assert!(matches!(violation, Violation::BeforeEarliest { .. }));
    }
    assert!(reschedule_with(newer, Schedule::Agreed(slot(EARLIEST))).is_ok());
    let seen = Schedule::ObservedCutover(at("2026-11-21T00:00:00Z"));
    assert!(reschedule_with(newer, seen).is_ok());
}

#[test]
fn another_time_of_another_request_order_or_carrier_is_refused() {
    for (index, stranger) in strangers().into_iter().enumerate() {
        let stranger = approve(stranger);
        let foreign = confirmation(&stranger, LATER, Schedule::Agreed(slot(LATER)));
        let violation = refused(scheduled().rescheduled(foreign), &scheduled());
        assert!(is_stranger(index, &violation), "{violation:?}");
    }
}

#[test]
fn an_attempts_refusal_is_none_of_its_order() {
    let attempts = not_taken(&sent());
    let expected = Violation::OtherOrder {
        expected: order("T-1"),
    };
    assert_eq!(
        refused(submitted().refused(attempts), &submitted()),
        expected
    );
}
