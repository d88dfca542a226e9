//! What keeps a package from being sealed, and when the earliest port date is frozen.

use crate::stub::*;
use snap_port::*;

fn seal_at(
    draft: PortRequest<Draft>,
    package: &SubmissionPackage,
    when: &str,
) -> Result<PortRequest<Sealed>, TransitionError<Draft>> {
    draft.seal(package, admin().permit().unwrap(), at(when))
}

/// The blockers at `when`, which are also the ones a refused seal names.
#[track_caller]
fn blockers(draft: PortRequest<Draft>, package: &SubmissionPackage, when: &str) -> Vec<Blocker> {
    let found = draft.blockers(package, at(when));
    match seal_at(draft, package, when) {
        Ok(_) => assert_eq!(found, []),
        Err(error) => assert_eq!(*error.violation(), Violation::NotReady(found.clone())),
    }
    found
}

fn amend(rejected: PortRequest<Rejected>) -> PortRequest<Draft> {
    rejected.amend(support().permit().unwrap(), at(APPROVED))
}

/// Refused with an order behind it, and amended: its date is frozen at 1 December.
fn frozen() -> PortRequest<Draft> {
    amend(rejected())
}

#[test]
fn a_package_without_fault_is_sealed() {
    assert_eq!(blockers(draft(), &package(), SEALED), []);
}

#[test]
fn the_letter_must_cover_every_number() {
    let package = package_with(|list| {
        list.set_loa(letter("2026-11-02", &numbers(&[1, 7])));
    });
    let uncovered = vec![number(0), number(2)];
    let expected = Blocker::LetterDoesNotCover { numbers: uncovered };
    assert_eq!(blockers(draft(), &package, SEALED), [expected]);
}

#[test]
fn a_letter_may_cover_more_than_is_asked() {
    let package = package_with(|list| {
        list.set_loa(letter("2026-11-02", &numbers(&[9, 2, 1, 0])));
    });
    assert_eq!(blockers(draft(), &package, SEALED), []);
}

#[test]
fn the_letter_may_not_be_dated_after_the_sealing_anywhere_on_earth() {
    let package = package_with(|list| {
        list.set_loa(letter("2026-11-03", &all()));
    });
    // The day begins first at UTC+14.
    let expected = Blocker::LetterFromFuture {
        signed_on: "2026-11-03".parse().unwrap(),
    };
    assert_eq!(
        blockers(draft(), &package, "2026-11-02T09:59:59Z"),
        [expected]
    );
    assert_eq!(blockers(draft(), &package, "2026-11-02T10:00:00Z"), []);
}

#[test]
fn the_ticket_must_be_of_the_losing_platform() {
    let package = package_with(|list| {
        list.set_ticket(ticket(LosingPlatform::JustCall, "98765"));
    });
    let expected = Blocker::TicketOfOtherPlatform {
        ticket: LosingPlatform::JustCall,
        losing: LosingPlatform::Aircall,
    };
    assert_eq!(blockers(draft(), &package, SEALED), [expected]);
}

#[test]
fn the_losing_account_may_not_be_the_destination() {
    let package = package_with(|list| {
        list.set_losing(LosingAccount::new(LosingPlatform::Aircall, gaining()));
    });
    assert_eq!(blockers(draft(), &package, SEALED), [Blocker::SameAccount]);
}

#[test]
fn nor_may_the_losing_platforms_account_at_the_carrier() {
    let package = package_with(|list| {
        let losing = LosingAccount::new(LosingPlatform::Aircall, account("acme-4711"));
        list.set_losing(losing.with_carrier_account(gaining()));
    });
    assert_eq!(blockers(draft(), &package, SEALED), [Blocker::SameAccount]);
}

#[test]
fn a_first_attempts_date_may_not_be_past() {
    // 1 December is over in New York at 05:00 UTC of the second.
    let last = "2026-12-02T04:59:59Z";
    assert_eq!(blockers(draft(), &package(), last), []);
    let expected = Blocker::EarliestDatePast {
        earliest: day("2026-12-01"),
    };
    assert_eq!(
        blockers(draft(), &package(), "2026-12-02T05:00:00Z"),
        [expected]
    );
}

fn all_wrong() -> SubmissionPackage {
    package_with(|list| {
        list.set_loa(letter("2027-01-01", &numbers(&[0])))
            .set_losing(LosingAccount::new(LosingPlatform::Aircall, gaining()))
            .set_ticket(ticket(LosingPlatform::HighLevel, "1"))
            .set_earliest(day("2026-11-01"));
    })
}

#[test]
fn every_blocker_is_named_at_once() {
    let found = blockers(draft(), &all_wrong(), SEALED);
    assert!(
        matches!(
            &found[..],
            [
                Blocker::LetterDoesNotCover { .. },
                Blocker::LetterFromFuture { .. },
                Blocker::TicketOfOtherPlatform { .. },
                Blocker::SameAccount,
                Blocker::EarliestDatePast { .. },
            ]
        ),
        "{found:?}"
    );
    let found = blockers(frozen(), &all_wrong(), SEALED);
    assert_eq!(found.len(), 5);
    assert!(matches!(found[4], Blocker::EarliestDateFrozen { .. }));
}

#[test]
fn a_refused_seal_says_every_blocker_and_what_to_do() {
    let error = seal_at(draft(), &all_wrong(), SEALED).unwrap_err();
    assert_eq!(error.to_string(), "request r-1 stays draft");
    assert_eq!(error.status(), Status::Draft);
    let why = std::error::Error::source(&error).unwrap().to_string();
    for words in [
        "does not cover +14155552671",
        "correct the date",
        "Aircall",
        "one account",
    ] {
        assert!(why.contains(words), "{words:?} in {why:?}");
    }
}

#[test]
fn a_refused_seal_hands_the_draft_back_unchanged() {
    let refused = refused(seal_at(draft(), &all_wrong(), SEALED), &draft());
    assert!(matches!(refused, Violation::NotReady(_)));
    let back = seal_at(draft(), &all_wrong(), SEALED)
        .unwrap_err()
        .into_request();
    assert_eq!(back.checklist(), &Checklist::from(&package()));
    assert_eq!((back.attempts(), back.history_len()), (0, 1));
    assert!(seal_at(back, &package(), SEALED).is_ok());
}

#[test]
fn what_is_sealed_is_the_package_given_not_the_checklist() {
    let altered = package_with(|list| {
        list.set_earliest(day("2026-12-08"));
    });
    let sealed = seal_at(draft(), &altered, SEALED).unwrap();
    assert_eq!(sealed.package(), &altered);
    assert_eq!(sealed.attempt().sealed_by(), &admin());
    assert_eq!(sealed.attempt().sealed_at(), at(SEALED));
}

#[test]
fn attempts_are_numbered_from_one_and_sent_back_ones_count() {
    let first = sealed();
    assert_eq!(first.attempt().key().to_string(), "r-1#1");
    let second = seal(send_back(first));
    assert_eq!(second.attempt().key().to_string(), "r-1#2");
    assert_eq!(second.attempts(), 2);
}

#[test]
fn the_date_is_frozen_by_the_first_receipt() {
    assert_eq!(draft().frozen_date(), None);
    assert_eq!(sent().frozen_date(), None);
    let frozen = Some(day("2026-12-01"));
    assert_eq!(submitted().frozen_date(), frozen.as_ref());
    assert_eq!(rejected().frozen_date(), frozen.as_ref());
}

#[test]
fn a_frozen_date_outlives_the_amendment() {
    assert_eq!(frozen().frozen_date(), Some(&day("2026-12-01")));
    let again = seal(frozen());
    assert_eq!(again.frozen_date(), Some(&day("2026-12-01")));
}

#[test]
fn another_date_than_the_frozen_one_is_refused() {
    for other in ["2026-11-30", "2026-12-02"] {
        let package = package_with(|list| {
            list.set_earliest(day(other));
        });
        let expected = Blocker::EarliestDateFrozen {
            frozen: day("2026-12-01"),
            found: day(other),
        };
        assert_eq!(blockers(frozen(), &package, APPROVED), [expected]);
    }
}

#[test]
fn the_same_day_in_another_zone_is_another_date() {
    let there = Zone::parse("America/Los_Angeles").unwrap();
    let package = package_with(|list| {
        list.set_earliest(EarliestPortDate::new("2026-12-01".parse().unwrap(), there));
    });
    let found = blockers(frozen(), &package, APPROVED);
    assert!(matches!(&found[..], [Blocker::EarliestDateFrozen { .. }]));
}

#[test]
fn the_frozen_date_is_accepted_even_when_it_has_passed() {
    assert_eq!(blockers(frozen(), &package(), "2027-03-01T12:00:00Z"), []);
}

#[test]
fn a_refusal_before_any_receipt_freezes_nothing() {
    let amended = amend(rejected_unfiled());
    assert_eq!(amended.frozen_date(), None);
    let package = package_with(|list| {
        list.set_earliest(day("2026-12-24"));
    });
    assert_eq!(blockers(amended, &package, APPROVED), []);
}

#[test]
fn nor_does_it_excuse_a_date_that_has_passed() {
    let expected = Blocker::EarliestDatePast {
        earliest: day("2026-12-01"),
    };
    let amended = amend(rejected_unfiled());
    assert_eq!(
        blockers(amended, &package(), "2027-03-01T12:00:00Z"),
        [expected]
    );
}

#[test]
fn an_amended_draft_holds_what_was_sealed() {
    assert_eq!(frozen().checklist(), &Checklist::from(&package()));
    assert_eq!(
        send_back(sealed()).checklist(),
        &Checklist::from(&package())
    );
}
