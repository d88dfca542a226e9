//! Completion, verification, refusal and cancellation: which evidence each takes, and which wins.

use crate::stub::*;
use snap_port::*;

#[test]
fn a_completion_of_every_number_is_taken() {
    let ported = ported();
    let arrived: Vec<_> = ported
        .completion()
        .arrivals()
        .iter()
        .map(|arrival| (arrival.number, arrival.at))
        .collect();
    assert_eq!(arrived, [0, 1, 2].map(|index| (number(index), at(MOVED))));
    assert_eq!(ported.completion().basis(), &Basis::Observed);
}

/// The sample request without its last number, which went to `r-1b`.
fn without_the_last() -> PortRequest<Scheduled> {
    split_off(scheduled()).0
}

fn split_off<S: Splits + Clone>(request: PortRequest<S>) -> (PortRequest<S>, PortRequest<S>) {
    let permit = support().permit().unwrap();
    request
        .split(id("r-1b"), numbers(&[2]), "missing", permit, at(MOVED))
        .unwrap()
}

#[test]
fn a_completion_must_account_for_every_number() {
    let part = without_the_last();
    let two = [0, 1].map(|index| arrival(index, gaining()));
    let look = look(&part, report(&part).arrived(two), MOVED);
    let completion = reached(look.completion(&part));
    let expected = Violation::NotCovered {
        what: "the completion",
        numbers: vec![number(2)],
    };
    let result = scheduled().ported(completion.clone());
    assert_eq!(refused(result, &scheduled()), expected);
    assert!(part.ported(completion).is_ok());
}

#[test]
fn a_completion_of_another_request_order_or_carrier_is_refused() {
    for (index, stranger) in strangers().into_iter().enumerate() {
        let foreign = completion(&schedule(approve(stranger)));
        let violation = refused(scheduled().ported(foreign), &scheduled());
        assert!(is_stranger(index, &violation), "{violation:?}");
    }
}

#[test]
fn early_and_late_completions_are_recorded() {
    for moved in ["2026-11-06T00:00:00Z", "2027-06-01T00:00:00Z"] {
        let scheduled = scheduled();
        let arrivals = [0, 1, 2].map(|index| ArrivalReport {
            at: Some(at(moved)),
            ..arrival(index, gaining())
        });
        let look = look(&scheduled, report(&scheduled).arrived(arrivals), moved);
        let completion = reached(look.completion(&scheduled));
        assert!(scheduled.ported(completion).is_ok(), "{moved}");
    }
}

fn sign_off(ported: &PortRequest<Ported>) -> Result<VerificationReport, Gaps> {
    ported.verification(success().permit().unwrap(), at(SIGNED))
}

#[test]
fn a_port_is_verified_when_every_check_of_every_number_holds() {
    let verified = verified();
    assert_eq!(verified.report().signed_off_by(), &success());
    assert_eq!(verified.report().signed_off_at(), at(SIGNED));
}

#[test]
fn no_single_check_may_be_missing() {
    for missing in Check::ALL {
        for skipped in &all() {
            let mut ported = ported();
            for number in &all() {
                let facts = proofs_of(*number);
                let checks = [
                    Check::Assigned,
                    Check::Registered,
                    Check::VoiceOut,
                    Check::VoiceIn,
                    Check::SmsOut,
                    Check::SmsIn,
                ];
                for (fact, check) in facts.into_iter().zip(checks) {
                    if check != missing || number != skipped {
                        observe(&mut ported, fact);
                    }
                }
            }
            if missing != Check::Alerts {
                observe(&mut ported, Fact::AlertsRead);
            }
            let gaps = sign_off(&ported).unwrap_err();
            assert!(gaps.gaps().iter().all(|gap| gap.check == missing));
            assert!(gaps.gaps().iter().any(|gap| gap.number == *skipped));
        }
    }
}

#[test]
fn every_gap_is_named_at_once() {
    let gaps = sign_off(&ported()).unwrap_err();
    assert_eq!(gaps.gaps().len(), all().len() * Check::ALL.len());
}

#[test]
fn a_report_is_worth_nothing_after_a_test_failed() {
    let failed = || {
        let mut ported = proven();
        let report = sign_off(&ported).unwrap();
        let fails = Outcome::Failed("no audio".to_owned());
        observe(&mut ported, tested(number(1), Test::VoiceIn, fails));
        (ported, report)
    };
    let (ported, report) = failed();
    let violation = refused(ported.verified(report), &failed().0);
    let Violation::Unproven(gaps) = violation else {
        panic!("{violation:?}");
    };
    let [gap] = gaps.gaps() else {
        panic!("{gaps:?}");
    };
    assert_eq!((gap.number, gap.check), (number(1), Check::VoiceIn));
}

#[test]
fn a_report_of_another_request_is_refused() {
    let (kept, gone) = split_off(proven());
    let report = sign_off(&gone).unwrap();
    let violation = refused(kept.verified(report), &split_off(proven()).0);
    assert_eq!(violation, Violation::OtherRequest { found: id("r-1b") });
}

#[test]
fn a_report_from_proofs_of_two_requests_is_no_report_of_either() {
    let (kept, gone) = split_off(proven());
    let mixed = || {
        VerificationReport::builder()
            .assigned(kept.prove().unwrap())
            .voice_out(kept.prove().unwrap())
            .voice_in(kept.prove().unwrap())
            .sms_out(kept.prove().unwrap())
            .sms_in(gone.prove().unwrap())
            .registered(kept.prove().unwrap())
            .alerts(kept.prove().unwrap())
            .signed_off(success().permit().unwrap())
            .at(at(SIGNED))
            .build()
    };
    assert_eq!(mixed().request(), gone.id());
    let report = mixed();
    let violation = refused(kept.verified(report), &split_off(proven()).0);
    assert!(matches!(violation, Violation::OtherRequest { .. }));
}

#[test]
fn a_proof_is_of_one_check() {
    let mut ported = ported();
    assert!(ported.prove::<check::Assigned>().is_err());
    for number in &all() {
        observe(&mut ported, Fact::Assigned { number: *number });
    }
    assert!(ported.prove::<check::Assigned>().is_ok());
    assert!(ported.prove::<check::SmsIn>().is_err());
}

fn refused_in<S: InFlight>(make: impl Fn() -> PortRequest<S>)
where
    PortRequest<S>: PartialEq,
{
    let request = make();
    let notice = notice(&request);
    let rejected = request.refused(notice.clone()).unwrap();
    assert_eq!(rejected.refusal(), &notice);
    assert_eq!(rejected.order(), Some(&order("T-1")));
    for (index, stranger) in strangers().iter().enumerate() {
        let violation = refused(make().refused(crate::stub::notice(stranger)), &make());
        assert!(is_stranger(index, &violation), "{violation:?}");
    }
    let moved = || {
        let mut request = make();
        observe(&mut request, arrived(1, gaining()));
        request
    };
    let expected = Violation::AlreadyMoved {
        numbers: vec![number(1)],
    };
    assert_eq!(refused(moved().refused(notice.clone()), &moved()), expected);
    let mut astray = make();
    observe(&mut astray, arrived(1, wrong()));
    assert!(astray.refused(notice).is_ok(), "it has not arrived");
}

fn arrived(index: usize, account: AccountId) -> Fact {
    Fact::Arrived {
        number: number(index),
        account,
    }
}

#[test]
fn an_order_may_be_refused_until_a_number_moved() {
    refused_in(submitted);
    refused_in(approved);
    refused_in(scheduled);
}

fn cancelled_in<S: InFlight + Splits + Clone>(make: impl Fn() -> PortRequest<S>)
where
    PortRequest<S>: PartialEq,
{
    let request = make();
    let receipt = cancellation(&request);
    let cancelled = request.cancelled(receipt.clone()).unwrap();
    assert_eq!(cancelled.cancellation(), Some(&receipt));
    assert_eq!(cancelled.numbers(), Some(&all()));
    assert_eq!(cancelled.order(), Some(&order("T-1")));
    for (index, stranger) in strangers().iter().enumerate() {
        let violation = refused(make().cancelled(cancellation(stranger)), &make());
        assert!(is_stranger(index, &violation), "{violation:?}");
    }
    let part = cancellation(&split_off(make()).0);
    let expected = Violation::NotCovered {
        what: "the cancellation",
        numbers: vec![number(2)],
    };
    assert_eq!(refused(make().cancelled(part), &make()), expected);
    let moved = || {
        let mut request = make();
        observe(&mut request, arrived(0, gaining()));
        request
    };
    let expected = Violation::AlreadyMoved {
        numbers: vec![number(0)],
    };
    assert_eq!(refused(moved().cancelled(receipt), &moved()), expected);
}

#[test]
fn an_order_may_be_cancelled_for_every_number_until_one_moved() {
    cancelled_in(submitted);
    cancelled_in(approved);
    cancelled_in(scheduled);
}

#[test]
fn a_wish_to_cancel_does_not_stop_a_completion() {
    let mut request = scheduled();
    request.request_cancel("changed our mind", admin().permit().unwrap(), at(CONFIRMED));
    assert_eq!(request.status(), Status::Scheduled);
    assert_eq!(complete(request).status(), Status::Ported);
}

#[test]
fn what_was_never_with_a_carrier_is_withdrawn_without_a_receipt() {
    let permit = || admin().permit().unwrap();
    let gone = draft().withdrawn(permit(), "no need", at(SEALED));
    assert_eq!((gone.numbers(), gone.order()), (None, None));
    assert_eq!(gone.cancellation(), None);
    let gone = rejected().withdrawn(permit(), "no need", at(CONFIRMED));
    assert_eq!(gone.numbers(), Some(&all()));
    assert_eq!(gone.order(), Some(&order("T-1")));
    assert_eq!(gone.cancellation(), None);
}

#[test]
fn nobody_without_the_permit_attests() {
    for actor in [admin(), Actor::new("Bill", Role::BillingAdmin).unwrap()] {
        assert!(actor.permit::<act::Attest>().is_err(), "{actor}");
        assert!(actor.permit::<act::SignOff>().is_err(), "{actor}");
    }
    for actor in [support(), success()] {
        assert!(actor.permit::<act::Attest>().is_ok(), "{actor}");
        assert!(actor.permit::<act::SignOff>().is_ok(), "{actor}");
    }
}
