//! When an attempt may be sent again, and that it is never sent twice.

use crate::stub::*;
use chrono::TimeDelta;
use snap_port::*;

/// In doubt; the carrier was seen without it at each of `looks`.
fn absent_at(looks: &[&str]) -> PortRequest<Sealed> {
    let mut request = sent();
    for look in looks {
        let news = absent(&request, look);
        request.heard(news).unwrap();
    }
    request
}

/// The sample request on its second attempt, after the first was lost.
fn retried() -> PortRequest<Sealed> {
    let mut request = absent_at(&["2026-11-02T17:01:00Z", "2026-11-02T17:16:00Z"]);
    request.retry(at("2026-11-02T17:16:00Z")).unwrap();
    request
}

#[test]
fn the_carrier_must_be_seen_without_it_twice() {
    let mut once = absent_at(&["2026-11-02T17:01:00Z"]);
    assert_eq!(once.retry(at(SLOT)), Err(Violation::NotSettled));
    assert!(once == absent_at(&["2026-11-02T17:01:00Z"]));
    let mut same = absent_at(&["2026-11-02T17:01:00Z"; 3]);
    assert_eq!(same.retry(at(SLOT)), Err(Violation::NotSettled));
}

#[test]
fn the_looks_must_be_a_settle_time_apart() {
    let first = "2026-11-02T17:01:00Z";
    let mut early = absent_at(&[first, "2026-11-02T17:15:59Z"]);
    assert_eq!(early.retry(at(SLOT)), Err(Violation::NotSettled));
    let mut settled = absent_at(&[first, "2026-11-02T17:16:00Z"]);
    assert_eq!(Attempt::SETTLE, TimeDelta::minutes(15));
    assert_eq!(settled.retry(at(SLOT)), Ok(()));
}

fn keys<S: State>(request: &PortRequest<S>) -> Vec<AttemptKey> {
    let former = request.former_attempts();
    former.map(|attempt| attempt.key().clone()).collect()
}

#[test]
fn what_was_taken_after_all_is_not_looked_for_again() {
    let submitted = retried().submitted(receipt(&sent(), "T-late")).unwrap();
    assert_eq!(keys(&submitted), []);
    let read = PortRequest::<Submitted>::try_from(reload(&json(submitted)).unwrap());
    assert_eq!(keys(&read.unwrap()), []);
}

#[test]
fn the_last_try_may_have_landed_where_an_earlier_one_turned_up() {
    let second = send(retried());
    let own = second.attempt().key().clone();
    let submitted = second.submitted(receipt(&sent(), "T-late")).unwrap();
    assert_eq!(keys(&submitted), [own]);
}

#[test]
fn both_parts_look_for_what_the_whole_asked_for() {
    let submitted = send(retried()).submitted(receipt(&sent(), "T-late"));
    let permit = support().permit().unwrap();
    let split = submitted.unwrap();
    let split = split.split(id("r-1b"), numbers(&[2]), "later", permit, at(APPROVED));
    let (whole, part) = split.unwrap();
    assert_eq!((keys(&whole).len(), keys(&part).len()), (1, 1));
}

#[test]
fn a_look_by_a_clock_that_was_ahead_starts_the_time_anew() {
    let mut request = absent_at(&[
        "2027-11-02T17:01:00Z",
        "2026-11-02T17:01:00Z",
        "2026-11-02T17:15:59Z",
    ]);
    assert_eq!(request.retry(at(SLOT)), Err(Violation::NotSettled));
    let news = absent(&sent(), "2026-11-02T17:16:00Z");
    request.heard(news).unwrap();
    assert_eq!(request.retry(at(SLOT)), Ok(()));
}

#[test]
fn looks_in_between_do_not_start_the_time_anew() {
    let mut request = absent_at(&[
        "2026-11-02T17:01:00Z",
        "2026-11-02T17:08:00Z",
        "2026-11-02T17:16:00Z",
    ]);
    let seen = (at("2026-11-02T17:01:00Z"), at("2026-11-02T17:16:00Z"));
    assert_eq!(request.seen_absent(), Some(seen));
    assert_eq!(request.retry(at(SLOT)), Ok(()));
}

#[test]
fn there_must_be_a_doubt_to_settle() {
    for phase in [
        AttemptPhase::UnderReview,
        AttemptPhase::Cleared,
        AttemptPhase::Sent,
        AttemptPhase::HandedOver,
        AttemptPhase::NeedsPerson,
    ] {
        let mut request = in_phase(phase);
        let refused = request.retry(at(SLOT)).unwrap_err();
        assert!(
            matches!(refused, Violation::WrongPhase { phase: found, .. } if found == phase),
            "{refused:?}"
        );
    }
}

#[test]
fn a_retry_is_another_attempt_under_another_key() {
    let request = retried();
    assert_eq!(request.attempts(), 2);
    assert_eq!(request.attempt().key().to_string(), "r-1#2");
    assert_eq!(request.package(), &package());
    assert_eq!(request.seen_absent(), None);
}

#[test]
fn the_review_stands_after_a_retry() {
    let request = retried();
    assert_eq!(request.phase(), AttemptPhase::Cleared);
    assert_eq!(request.passed_review().unwrap().by(), &support());
    let carrier = StubCarrier::new();
    let (sent, once) = dispatch(request);
    let taken = wait(carrier.submit_request(&sent, once, &clock(TAKEN))).unwrap();
    assert!(matches!(taken, Submission::Accepted(_)));
    assert_eq!(
        *carrier.sent.lock().unwrap(),
        [sent.attempt().key().clone()]
    );
}

#[test]
fn a_retried_attempt_may_be_sent_back_instead() {
    assert_eq!(send_back(retried()).status(), Status::Draft);
}

#[test]
fn the_old_attempts_news_and_refusal_are_none_of_the_new_one() {
    let (old, twin) = (sent(), send(retried()));
    let expected = Violation::OtherAttempt { current: 2 };
    let again = send(retried());
    assert_eq!(refused(again.refused(not_taken(&old)), &twin), expected);
    let mut again = send(retried());
    assert_eq!(again.heard(absent(&old, TAKEN)), Err(expected));
    assert!(again == twin);
}

#[test]
fn an_order_that_turns_up_under_an_old_attempt_is_the_requests() {
    let former = [sent().attempt().key().clone()];
    for again in [retried(), send(retried())] {
        assert_eq!(keys(&again), former);
        let submitted = again.submitted(receipt(&sent(), "T-late")).unwrap();
        assert_eq!(submitted.order(), &order("T-late"));
        assert_eq!(submitted.receipt().attempt(), Some(1));
        let read = reload(&json(submitted)).unwrap();
        assert_eq!(read.status(), Status::Submitted);
    }
}

#[test]
fn an_order_under_an_old_attempt_of_another_request_or_carrier_is_refused() {
    let other = send(pass(seal(draft_as("r-2", "stub"))));
    let result = retried().submitted(receipt(&other, "T-late"));
    let expected = Violation::OtherRequest { found: id("r-2") };
    assert_eq!(refused(result, &retried()), expected);
    let other = send(pass(seal(draft_as("r-1", "other"))));
    let result = retried().submitted(receipt(&other, "T-late"));
    let violation = refused(result, &retried());
    assert!(is_stranger(2, &violation), "{violation:?}");
}

#[test]
fn an_attempt_that_was_never_sent_turns_up_under_no_order() {
    let resealed = || pass(seal(send_back(cleared())));
    assert_eq!(keys(&resealed()), []);
    let result = resealed().submitted(receipt(&sent(), "T-late"));
    let expected = Violation::OtherAttempt { current: 2 };
    assert_eq!(refused(result, &resealed()), expected);
}

#[test]
fn the_old_attempts_dispatch_is_refused_after_a_retry() {
    let (_, old) = dispatch(cleared());
    let again = send(retried());
    let carrier = StubCarrier::new();
    let error = wait(carrier.submit_request(&again, old, &clock(TAKEN))).unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::InvalidRequest);
    assert!(carrier.sent.lock().unwrap().is_empty());
}

#[test]
fn looks_at_the_old_attempt_do_not_settle_the_new_one() {
    let mut again = send(retried());
    let news = absent(&again, "2026-11-02T18:00:00Z");
    again.heard(news).unwrap();
    assert_eq!(again.retry(at(SLOT)), Err(Violation::NotSettled));
}

fn not_filed(request: &mut PortRequest<Sealed>) {
    let said = says(TAKEN, NotFiled("never sent".to_owned()));
    let news = StubCarrier::new()
        .attest_not_filed(request, said, &clock(TAKEN))
        .unwrap();
    request.heard(news).unwrap();
}

#[test]
fn what_was_surely_not_taken_may_be_sent_again() {
    let mut request = sent();
    not_filed(&mut request);
    assert_eq!(request.phase(), AttemptPhase::Cleared);
    assert_eq!(request.passed_review().unwrap().by(), &support());
    assert!(matches!(
        submission(&StubCarrier::new(), request),
        Submission::Accepted(_)
    ));
}

#[test]
fn a_person_can_be_wrong_about_what_was_not_filed() {
    let mut request = sent();
    not_filed(&mut request);
    assert_eq!(request.attempt().key().to_string(), "r-1#2");
    assert_eq!(keys(&request), [sent().attempt().key().clone()]);
    let submitted = request.submitted(receipt(&sent(), "T-late")).unwrap();
    assert_eq!(submitted.order(), &order("T-late"));
}

#[test]
fn a_right_to_submit_ends_when_the_attempt_is_declared_not_taken() {
    let (mut request, unused) = dispatch(cleared());
    not_filed(&mut request);
    let (request, once) = dispatch(request);
    let carrier = StubCarrier::new();
    let first = wait(carrier.submit_request(&request, once, &clock(TAKEN)));
    assert!(first.is_ok());
    let second = wait(carrier.submit_request(&request, unused, &clock(TAKEN)));
    assert!(second.is_err(), "submitted twice: {:?}", carrier.sent);
    assert_eq!(carrier.sent.lock().unwrap().len(), 1);
}

#[test]
fn a_right_to_submit_ends_when_the_attempt_is_in_doubt() {
    let (mut request, unused) = dispatch(cleared());
    let news = absent(&request, TAKEN);
    request.heard(news).unwrap();
    let carrier = StubCarrier::new();
    let late = wait(carrier.submit_request(&request, unused, &clock(TAKEN)));
    assert!(late.is_err(), "submitted while in doubt");
    assert!(carrier.sent.lock().unwrap().is_empty());
}

#[test]
fn not_taken_answers_one_dispatch_and_no_later_one() {
    let error = StubCarrier::error(CarrierErrorKind::RateLimited);
    let news = news_in(submission(&StubCarrier::submitting(Err(error)), cleared()));
    let mut request = sent();
    request.heard(news.clone()).unwrap();
    let mut again = send(request);
    assert!(
        again.heard(news).is_err(),
        "the answer to the first call cleared the second for a third"
    );
}

#[test]
fn a_look_before_the_last_dispatch_does_not_count_as_absence() {
    let mut request = sent();
    let old = absent(&request, TAKEN);
    not_filed(&mut request);
    let proof = request.cleared().unwrap();
    let _once = request.dispatch(proof, at("2026-11-02T18:00:00Z")).unwrap();
    // Sent again a minute before the second look: nothing has settled.
    let _ = request.heard(old);
    let news = absent(&request, "2026-11-02T18:01:00Z");
    request.heard(news).unwrap();
    assert_eq!(
        request.retry(at("2026-11-02T18:01:00Z")),
        Err(Violation::NotSettled)
    );
}
