//! Test calls.

use std::time::Duration;

use chrono::TimeDelta;
use snap_port::testing::{FakeFault, FakeLeg, FakeOutcome, FakeRoute};
use snap_port::{CarrierClient, Clock, NumberTask, Outcome, Test, Timer};

use super::{LAB, OURS, Place, lab, ported, task};
use snap_port::{AccountId, CarrierErrorKind};

async fn run(place: &Place, test: Test) -> Outcome {
    place.carrier.test(&task(), test).await.unwrap()
}

fn why(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Failed(why) => why,
        other => panic!("it did not fail: {other:?}"),
    }
}

fn unknown(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Unknown(why) => why,
        other => panic!("it is known: {other:?}"),
    }
}

#[tokio::test]
async fn a_call_out_goes_from_the_number_to_the_test_line() {
    let place = Place::new().await;
    assert_eq!(run(&place, Test::VoiceOut).await, Outcome::Passed);
    let requests = place.twilio.requests();
    let call = requests
        .iter()
        .find(|request| request.method == "POST")
        .unwrap();
    let held = |name: &str| {
        call.form
            .iter()
            .find(|(key, _)| key == name)
            .unwrap()
            .1
            .clone()
    };
    assert_eq!(
        (held("From"), held("To")),
        (ported().to_string(), lab().to_string())
    );
    assert!(held("Twiml").contains("<Say>") && held("Twiml").contains("<Hangup/>"));
    assert_eq!(call.account.as_deref(), Some(OURS));
}

#[tokio::test]
async fn a_call_out_that_is_not_taken_has_failed() {
    for (outcome, word) in [
        (FakeOutcome::busy(), "busy"),
        (FakeOutcome::no_answer(), "without an answer"),
        (FakeOutcome::failed(13224), "could not be put through"),
        (FakeOutcome::ends("canceled"), "canceled"),
    ] {
        let place = Place::new().await;
        place
            .twilio
            .call_outcome(FakeLeg::From(ported()), outcome.clone());
        let out = run(&place, Test::VoiceOut).await;
        assert!(why(&out).contains(word), "{out:?}");
        place.twilio.call_outcome(FakeLeg::To(ported()), outcome);
        let back = run(&place, Test::VoiceIn).await;
        assert!(why(&back).contains(word), "{back:?}");
    }
}

#[tokio::test]
async fn a_call_without_an_end_in_a_minute_has_not_passed() {
    for outcome in [
        FakeOutcome::never_ends(),
        FakeOutcome::completed().after(TimeDelta::hours(1)),
    ] {
        for test in [Test::VoiceOut, Test::VoiceIn] {
            let place = Place::new().await;
            place.twilio.call_outcome(ported(), outcome.clone());
            let before = place.clock.elapsed();
            let out = run(&place, test).await;
            assert!(why(&out).contains("no end after 60 seconds"), "{out:?}");
            let waited = place.clock.elapsed() - before;
            assert!(waited >= Duration::from_secs(58) && waited < Duration::from_secs(70));
            assert_eq!(place.twilio.asked(FakeRoute::PlaceCall), 1);
            assert!(place.twilio.asked(FakeRoute::Call) <= 31);
            // The same words every time: the record grows only with news.
            assert_eq!(run(&place, test).await, out);
        }
    }
}

#[tokio::test]
async fn a_call_whose_placing_is_unknown_is_not_placed_again() {
    for test in [Test::VoiceOut, Test::VoiceIn] {
        for fault in [
            FakeFault::CutAfter,
            FakeFault::CutBefore,
            FakeFault::ErrorAfter(500),
        ] {
            let place = Place::new().await;
            place.twilio.fault(FakeRoute::PlaceCall, fault);
            let error = place.carrier.test(&task(), test).await.unwrap_err();
            assert!(error.outcome_unknown(), "{fault:?}: {error}");
            assert_eq!(place.twilio.asked(FakeRoute::PlaceCall), 1, "{fault:?}");
        }
    }
}

#[tokio::test]
async fn a_look_that_fails_is_made_again_and_no_call_is_placed_for_it() {
    for test in [Test::VoiceOut, Test::VoiceIn] {
        let place = Place::new().await;
        for _ in 0..6 {
            place
                .twilio
                .fault(FakeRoute::Call, FakeFault::ErrorBefore(503));
        }
        assert_eq!(run(&place, test).await, Outcome::Passed);
        assert_eq!(place.twilio.asked(FakeRoute::PlaceCall), 1);

        place
            .twilio
            .fault_always(FakeRoute::Call, FakeFault::ErrorBefore(503));
        let out = run(&place, test).await;
        assert!(unknown(&out).contains("20503"), "{out:?}");
        assert_eq!(place.twilio.asked(FakeRoute::PlaceCall), 2);
    }
}

/// A call was placed: an error would have it placed again.
#[tokio::test]
async fn a_look_that_is_refused_leaves_the_outcome_unknown() {
    for (test, route) in [
        (Test::VoiceOut, FakeRoute::Call),
        (Test::VoiceIn, FakeRoute::Call),
        (Test::VoiceIn, FakeRoute::Calls),
    ] {
        let place = Place::new().await;
        let fault = FakeFault::ErrorBefore(401);
        if route == FakeRoute::Calls {
            // The first listing is made before the call.
            place.twilio.fault(route, FakeFault::Slow(Duration::ZERO));
        }
        place.twilio.fault(route, fault);
        let out = run(&place, test).await;
        assert!(unknown(&out).contains("cannot be read"), "{out:?}");
        assert_eq!(place.twilio.asked(FakeRoute::PlaceCall), 1);
        assert_eq!(
            place.twilio.asked(FakeRoute::Calls) > 1,
            route == FakeRoute::Calls
        );
    }
    // Before the call, nothing is lost by an error.
    let place = Place::new().await;
    place
        .twilio
        .fault_always(FakeRoute::Calls, FakeFault::ErrorBefore(503));
    let error = place
        .carrier
        .test(&task(), Test::VoiceIn)
        .await
        .unwrap_err();
    assert!(!error.outcome_unknown());
    assert_eq!(place.twilio.asked(FakeRoute::PlaceCall), 0);
}

#[tokio::test]
async fn a_call_in_comes_from_the_test_line_with_its_own_credentials() {
    let place = Place::new().await;
    assert_eq!(run(&place, Test::VoiceIn).await, Outcome::Passed);
    let requests = place.twilio.requests();
    let call = requests
        .iter()
        .find(|request| request.method == "POST")
        .unwrap();
    assert_eq!(call.account.as_deref(), Some(LAB));
    assert!(call.form.contains(&("To".to_owned(), ported().to_string())));
}

#[tokio::test]
async fn a_call_in_that_is_answered_elsewhere_has_not_passed() {
    let place = Place::new().await;
    // One that came in for an earlier test does not count for this one.
    assert_eq!(run(&place, Test::VoiceIn).await, Outcome::Passed);
    let elsewhere = FakeOutcome::completed().unheard();
    place.twilio.call_outcome(FakeLeg::To(ported()), elsewhere);
    let back = run(&place, Test::VoiceIn).await;
    assert!(why(&back).contains("still routed elsewhere"), "{back:?}");
}

#[tokio::test]
async fn the_calling_leg_is_not_the_one_that_came_in() {
    // Line and number in one account: its list shows both ends of the call.
    let place = Place::new().await;
    let ours = AccountId::parse(LAB).unwrap();
    place.twilio.add_number(ported(), LAB);
    let task = NumberTask::new(ported(), ours, None);
    let elsewhere = FakeOutcome::completed().unheard();
    place.twilio.call_outcome(FakeLeg::To(ported()), elsewhere);
    let back = place.carrier.test(&task, Test::VoiceIn).await.unwrap();
    assert!(why(&back).contains("still routed elsewhere"), "{back:?}");
}

#[tokio::test]
async fn a_number_does_not_test_itself() {
    let place = Place::new().await;
    let itself = NumberTask::new(lab(), AccountId::parse(LAB).unwrap(), None);
    let before = (place.twilio.requests().len(), place.clock.now());
    for test in Test::ALL {
        let error = place.carrier.test(&itself, test).await.unwrap_err();
        assert_eq!(error.kind(), CarrierErrorKind::InvalidRequest);
    }
    assert_eq!((place.twilio.requests().len(), place.clock.now()), before);
}
