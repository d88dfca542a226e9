//! Review, dispatch, and what may become of an attempt before there is a receipt.

use crate::stub::*;
use AttemptPhase::{Cleared, HandedOver, InDoubt, NeedsPerson, Sent, UnderReview};
use snap_port::*;

const PHASES: [AttemptPhase; 6] = [UnderReview, Cleared, Sent, HandedOver, InDoubt, NeedsPerson];

#[track_caller]
fn wrong_phase(violation: &Violation, expected: AttemptPhase) {
    let found = matches!(violation, Violation::WrongPhase { phase, .. } if *phase == expected);
    assert!(found, "{violation:?} instead of a wrong phase, {expected}");
}

fn not_taken_by_carrier() -> AttemptNews {
    let error = StubCarrier::error(CarrierErrorKind::RateLimited);
    news_in(submission(&StubCarrier::submitting(Err(error)), cleared()))
}

fn not_taken_by_person() -> AttemptNews {
    let said = says(TAKEN, NotFiled("never sent".to_owned()));
    StubCarrier::new()
        .attest_not_filed(&sent(), said, &clock(TAKEN))
        .unwrap()
}

/// News of every kind of the sample attempt, and where it leads from each of [`PHASES`].
fn all_news() -> [(AttemptNews, [Option<AttemptPhase>; 6]); 6] {
    let handed = StubCarrier::submitting(Ok(SubmitReport::HandedOver {
        how: "desk".to_owned(),
    }));
    let lost = StubCarrier::error(CarrierErrorKind::Timeout);
    let why = "no lookup".to_owned();
    [
        (news_in(submission(&handed, cleared())), {
            let to = Some(HandedOver);
            [None, None, to, None, to, to]
        }),
        (not_taken_by_carrier(), {
            [None, None, Some(Cleared), None, None, None]
        }),
        (not_taken_by_person(), {
            let to = Some(Cleared);
            [None, None, to, to, to, to]
        }),
        (
            news_in(submission(&StubCarrier::submitting(Err(lost)), cleared())),
            [
                None,
                None,
                Some(InDoubt),
                None,
                Some(InDoubt),
                Some(InDoubt),
            ],
        ),
        (absent(&sent(), TAKEN), {
            let to = Some(InDoubt);
            [None, None, to, None, to, to]
        }),
        (unclear(&sent(), FindReport::CannotTell { why }, TAKEN), {
            let to = Some(NeedsPerson);
            [None, None, to, None, to, to]
        }),
    ]
}

#[test]
fn news_leads_to_its_phase_or_is_refused() {
    for (news, leads) in all_news() {
        for (phase, expected) in PHASES.into_iter().zip(leads) {
            let mut request = in_phase(phase);
            let heard = request.heard(news.clone());
            match expected {
                Some(to) => {
                    assert_eq!(heard, Ok(()), "{:?} while {phase}", news.what());
                    assert_eq!(request.phase(), to, "{:?} while {phase}", news.what());
                }
                None => {
                    wrong_phase(&heard.unwrap_err(), phase);
                    assert!(
                        request == in_phase(phase),
                        "refused news changed the request"
                    );
                }
            }
        }
    }
}

#[test]
fn a_review_is_of_one_attempt() {
    let review = sealed().review(support().permit().unwrap(), at(REVIEWED));
    let mut second = seal(send_back(sealed()));
    let other = Violation::OtherAttempt { current: 2 };
    assert_eq!(
        second.pass_review(review.clone().pass(all())),
        Err(other.clone())
    );
    assert_eq!(second.phase(), UnderReview);
    let twin = seal(send_back(sealed()));
    let back = second.sent_back(review.send_back(findings()).unwrap());
    assert_eq!(refused(back, &twin), other);
}

#[test]
fn a_review_of_another_request_is_no_review() {
    let other = seal(draft_as("r-2", "stub"));
    let review = other.review(support().permit().unwrap(), at(REVIEWED));
    let mut request = sealed();
    let expected = Violation::OtherAttempt { current: 1 };
    assert_eq!(request.pass_review(review.pass(all())), Err(expected));
}

#[test]
fn the_reviewed_letter_must_list_every_number() {
    let mut request = sealed();
    let review = request.review(support().permit().unwrap(), at(REVIEWED));
    let short = review.clone().pass(numbers(&[1, 5]));
    let missing = vec![number(0), number(2)];
    let expected = Violation::LetterMisses { numbers: missing };
    assert_eq!(request.pass_review(short), Err(expected));
    assert!(request == sealed());
    assert_eq!(
        request.pass_review(review.pass(numbers(&[5, 2, 1, 0]))),
        Ok(())
    );
    assert_eq!(request.passed_review().unwrap().by(), &support());
}

#[test]
fn an_attempt_is_reviewed_once() {
    for phase in PHASES.into_iter().filter(|phase| *phase != UnderReview) {
        let mut request = in_phase(phase);
        let again = request.review(support().permit().unwrap(), at(REVIEWED));
        wrong_phase(&request.pass_review(again.pass(all())).unwrap_err(), phase);
    }
}

#[test]
fn only_a_cleared_attempt_may_be_sent() {
    for phase in PHASES {
        let request = in_phase(phase);
        assert_eq!(request.cleared().is_some(), phase == Cleared, "{phase}");
    }
}

#[test]
fn one_clearance_sends_once() {
    let mut request = cleared();
    let (first, second) = (request.cleared().unwrap(), request.cleared().unwrap());
    assert!(request.dispatch(first, at(SENT)).is_ok());
    wrong_phase(&request.dispatch(second, at(SENT)).unwrap_err(), Sent);
}

#[test]
fn a_clearance_is_of_one_attempt() {
    let strange = pass(seal(draft_as("r-2", "stub"))).cleared().unwrap();
    let mut request = cleared();
    let refused = request.dispatch(strange, at(SENT)).unwrap_err();
    assert_eq!(refused, Violation::OtherAttempt { current: 1 });
    assert_eq!(request.phase(), Cleared);
}

#[test]
fn a_receipt_counts_only_for_what_was_sent() {
    for phase in PHASES {
        let request = in_phase(phase);
        let submitted = request.submitted(receipt(&sent(), "T-1"));
        if phase.may_be_with_carrier() {
            assert_eq!(submitted.unwrap().order(), &order("T-1"));
        } else {
            wrong_phase(&refused(submitted, &in_phase(phase)), phase);
        }
    }
}

#[test]
fn only_what_was_sent_can_be_refused() {
    for phase in PHASES {
        let request = in_phase(phase);
        let rejected = request.refused(not_taken(&sent()));
        if phase.may_be_with_carrier() {
            assert_eq!(rejected.unwrap().order(), None);
        } else {
            wrong_phase(&refused(rejected, &in_phase(phase)), phase);
        }
    }
}

/// Twins of the sent sample request: of another name, another attempt, another carrier; and what
/// their evidence meets.
fn strange_attempts() -> Vec<(PortRequest<Sealed>, Violation)> {
    let other = |carrier: &str| CarrierId::parse(carrier).unwrap();
    vec![
        (
            send(pass(seal(draft_as("r-2", "stub")))),
            Violation::OtherRequest { found: id("r-2") },
        ),
        (
            send(pass(seal(send_back(sealed())))),
            Violation::OtherAttempt { current: 1 },
        ),
        (
            send(pass(seal(draft_as("r-1", "other")))),
            Violation::OtherCarrier {
                found: other("other"),
                expected: other("stub"),
            },
        ),
    ]
}

#[test]
fn evidence_of_another_request_attempt_or_carrier_is_refused() {
    for (strange, expected) in strange_attempts() {
        let submitted = sent().submitted(receipt(&strange, "T-1"));
        assert_eq!(refused(submitted, &sent()), expected);
        let rejected = sent().refused(not_taken(&strange));
        assert_eq!(refused(rejected, &sent()), expected);
        let mut request = sent();
        assert_eq!(request.heard(absent(&strange, TAKEN)), Err(expected));
        assert!(request == sent());
    }
}

#[test]
fn a_refusal_of_an_order_is_none_of_an_attempt() {
    let rejected = sent().refused(notice(&submitted()));
    let expected = Violation::OtherAttempt { current: 1 };
    assert_eq!(refused(rejected, &sent()), expected);
}

#[test]
fn what_the_carrier_may_have_is_not_sent_back() {
    for phase in PHASES {
        let request = in_phase(phase);
        let review = request.review(support().permit().unwrap(), at(TAKEN));
        let back = request.sent_back(review.send_back(findings()).unwrap());
        if phase.may_be_with_carrier() {
            wrong_phase(&refused(back, &in_phase(phase)), phase);
        } else {
            assert_eq!(back.unwrap().findings(), findings());
        }
    }
}

#[test]
fn the_customer_learns_what_to_mend_or_has_asked_to_cancel() {
    let review = |request: &PortRequest<Sealed>| {
        let permit = support().permit().unwrap();
        request.review(permit, at(REVIEWED))
    };
    let wanted = sealed();
    let mut unwanted = sealed();
    unwanted.request_cancel("we stay", admin().permit().unwrap(), at(SEALED));
    let untold = review(&wanted).send_back(Vec::new());
    assert_eq!(untold, Err(InvalidFindings::Missing));
    let back = review(&unwanted).send_back(Vec::new()).unwrap();
    assert_eq!(unwanted.sent_back(back).unwrap().findings(), []);
    let [mut field, mut reason, mut remedy] = [0; 3].map(|_| findings().remove(0));
    field.field = String::new();
    reason.reason = " \n".to_owned();
    remedy.remedy = "\u{a0}\u{200b}".to_owned();
    for (bad, part) in [
        (field, "part at fault"),
        (reason, "reason"),
        (remedy, "remedy"),
    ] {
        let blank = review(&wanted).send_back([findings(), vec![bad]].concat());
        let finding = 2;
        assert_eq!(blank, Err(InvalidFindings::Blank { finding, part }));
    }
}

#[test]
fn a_sent_request_is_not_submitted_twice_over() {
    let (request, once) = dispatch(cleared());
    let carrier = StubCarrier::new();
    let taken = wait(carrier.submit_request(&request, once, &clock(TAKEN))).unwrap();
    let Submission::Accepted(receipt) = taken else {
        panic!("{taken:?}");
    };
    assert_eq!(receipt.attempt(), Some(1));
    assert_eq!(
        *carrier.sent.lock().unwrap(),
        [request.attempt().key().clone()]
    );
    let submitted = request.submitted(receipt).unwrap();
    assert_eq!(submitted.receipt().basis(), &Basis::Reported);
}

#[test]
fn nothing_is_sent_through_another_carrier_or_on_anothers_dispatch() {
    let carrier = StubCarrier::named("other");
    let (request, once) = dispatch(cleared());
    let error = wait(carrier.submit_request(&request, once, &clock(TAKEN))).unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::InvalidRequest);
    assert!(carrier.sent.lock().unwrap().is_empty());

    let carrier = StubCarrier::new();
    let (_, strange) = dispatch(pass(seal(draft_as("r-2", "stub"))));
    let error = wait(carrier.submit_request(&request, strange, &clock(TAKEN))).unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::InvalidRequest);
    assert!(carrier.sent.lock().unwrap().is_empty());
}

#[test]
fn an_answer_that_was_lost_leaves_the_attempt_in_doubt() {
    use CarrierErrorKind as Kind;
    let outcome = |error| submission(&StubCarrier::submitting(Err(error)), cleared());
    for kind in [Kind::Unavailable, Kind::Timeout, Kind::Protocol] {
        let error = StubCarrier::error(kind);
        assert!(matches!(outcome(error.clone()), Submission::InDoubt(..)));
        let sure = error.without_effect();
        assert!(matches!(outcome(sure), Submission::NotTaken(..)));
    }
    for kind in [
        Kind::Unreachable,
        Kind::RateLimited,
        Kind::Unauthorized,
        Kind::NotFound,
        Kind::InvalidRequest,
        Kind::Unsupported,
    ] {
        let found = outcome(StubCarrier::error(kind));
        assert!(matches!(found, Submission::NotTaken(..)), "{kind:?}");
    }
}

#[test]
fn an_attempt_that_is_found_is_submitted() {
    let found = FindReport::Found {
        order: order("T-9"),
        at: at(TAKEN),
    };
    let request = in_phase(InDoubt);
    let carrier = StubCarrier::finding(found);
    let Resolution::Found(receipt) = wait(carrier.resolve(&request, &clock(SLOT))).unwrap() else {
        panic!("it is there");
    };
    assert_eq!(receipt.occurred_at(), at(TAKEN));
    assert_eq!(request.submitted(receipt).unwrap().order(), &order("T-9"));
}
