//! Test texts.

use chrono::TimeDelta;
use snap_port::testing::{FakeFault, FakeLeg, FakeOutcome, FakeRequest, FakeRoute};
use snap_port::{AccountId, CarrierClient, NumberTask, Outcome, Test};

use super::{LAB, OURS, POOL, Place, lab, number, ported, task, task_in};

async fn run(place: &Place, test: Test) -> Outcome {
    place.carrier.test(&task(), test).await.unwrap()
}

fn why(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Failed(why) => why,
        other => panic!("it did not fail: {other:?}"),
    }
}

fn sent(place: &Place) -> Vec<FakeRequest> {
    let mut requests = place.twilio.requests();
    requests.retain(|request| request.route == Some(FakeRoute::SendMessage));
    requests
}

fn held(request: &FakeRequest, name: &str) -> Option<String> {
    let mut form = request.form.iter();
    form.find(|(key, _)| key == name)
        .map(|(_, value)| value.clone())
}

#[tokio::test]
async fn a_text_out_goes_from_the_number_itself() {
    let place = Place::new().await;
    place.twilio.registered(ported());
    // A pool with other numbers: the service would choose any of them.
    place.twilio.fill_service(POOL, 3);
    place.carrier.join_messaging(&task_in(POOL)).await.unwrap();
    let out = place.carrier.test(&task_in(POOL), Test::SmsOut).await;
    assert_eq!(out.unwrap(), Outcome::Passed);
    let text = &sent(&place)[0];
    assert_eq!(held(text, "From"), Some(ported().to_string()));
    assert_eq!(held(text, "To"), Some(lab().to_string()));
    assert_eq!(held(text, "MessagingServiceSid"), None);
    assert_eq!(text.account.as_deref(), Some(OURS));
}

#[tokio::test]
async fn no_two_test_texts_read_alike() {
    let place = Place::new().await;
    place.twilio.message_outcome(
        ported(),
        FakeOutcome::undelivered(30008).after(TimeDelta::zero()),
    );
    for _ in 0..2 {
        for test in [Test::SmsOut, Test::SmsIn] {
            run(&place, test).await;
        }
    }
    // At one time, too.
    let (one, other) = (task(), task());
    let (carrier, test) = (&place.carrier, Test::SmsOut);
    let both = tokio::join!(carrier.test(&one, test), carrier.test(&other, test));
    both.0.and(both.1).unwrap();
    let mut bodies: Vec<_> = sent(&place).iter().map(|text| held(text, "Body")).collect();
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), 6);
}

#[tokio::test]
async fn a_text_from_a_number_not_registered_yet_says_wait_and_test_again() {
    let place = Place::new().await;
    let out = run(&place, Test::SmsOut).await;
    for part in ["30034", "not registered", "wait and test again", "10 days"] {
        assert!(why(&out).contains(part), "{out:?}");
    }
    assert_eq!(
        run(&place, Test::SmsOut).await,
        out,
        "the same words every time"
    );
}

#[tokio::test]
async fn a_text_that_is_not_delivered_has_failed_with_the_code() {
    for (outcome, word) in [
        (FakeOutcome::undelivered(30007), "undelivered: 30007"),
        (FakeOutcome::failed(21610), "failed: 21610"),
        (FakeOutcome::undelivered(39999), "undelivered: 39999"),
        (FakeOutcome::ends("canceled"), "does not say why"),
    ] {
        let place = Place::new().await;
        place
            .twilio
            .message_outcome(FakeLeg::From(ported()), outcome);
        let out = run(&place, Test::SmsOut).await;
        assert!(why(&out).contains(word), "{out:?}");
    }
}

#[tokio::test]
async fn sent_is_not_delivered() {
    let place = Place::new().await;
    place
        .twilio
        .message_outcome(ported(), FakeOutcome::never_ends());
    let out = run(&place, Test::SmsOut).await;
    assert!(
        why(&out).contains("no delivery receipt after 60 seconds"),
        "{out:?}"
    );
    assert_eq!(place.twilio.asked(FakeRoute::SendMessage), 1);
    assert!(place.twilio.asked(FakeRoute::Message) <= 31);
}

#[tokio::test]
async fn a_text_whose_sending_is_unknown_is_not_sent_again() {
    for test in [Test::SmsOut, Test::SmsIn] {
        for fault in [
            FakeFault::CutAfter,
            FakeFault::CutBefore,
            FakeFault::Malformed,
        ] {
            let place = Place::new().await;
            place.twilio.fault(FakeRoute::SendMessage, fault);
            let error = place.carrier.test(&task(), test).await.unwrap_err();
            assert!(error.outcome_unknown(), "{fault:?}: {error}");
            assert_eq!(place.twilio.asked(FakeRoute::SendMessage), 1, "{fault:?}");
        }
    }
}

#[tokio::test]
async fn a_look_that_fails_is_made_again_and_no_text_is_sent_for_it() {
    for test in [Test::SmsOut, Test::SmsIn] {
        let place = Place::new().await;
        place.twilio.registered(ported());
        for route in [FakeRoute::Message, FakeRoute::Messages] {
            for _ in 0..6 {
                place.twilio.fault(route, FakeFault::ErrorBefore(503));
            }
        }
        assert_eq!(run(&place, test).await, Outcome::Passed);
        assert_eq!(place.twilio.asked(FakeRoute::SendMessage), 1);
    }
}

/// A text was sent: an error would have it sent again.
#[tokio::test]
async fn a_look_that_fails_for_good_leaves_the_outcome_unknown() {
    for (test, route) in [
        (Test::SmsOut, FakeRoute::Message),
        (Test::SmsIn, FakeRoute::Messages),
    ] {
        for status in [401, 503] {
            let place = Place::new().await;
            place.twilio.registered(ported());
            let fault = FakeFault::ErrorBefore(status);
            place.twilio.fault_always(route, fault);
            let out = run(&place, test).await;
            let said = matches!(&out, Outcome::Unknown(why) if why.contains("cannot be read"));
            assert!(said, "{test:?} {status}: {out:?}");
            assert_eq!(place.twilio.asked(FakeRoute::SendMessage), 1);
        }
    }
}

#[tokio::test]
async fn a_text_in_passes_when_that_very_text_comes_in() {
    let place = Place::new().await;
    // Another text of the same line is not this one.
    place.twilio.text_from_outside(lab(), ported(), "hello");
    place
        .twilio
        .message_outcome(FakeLeg::To(ported()), FakeOutcome::delivered().unheard());
    let back = run(&place, Test::SmsIn).await;
    for part in ["did not come in", "by hours or days: test again"] {
        assert!(why(&back).contains(part), "{back:?}");
    }
    place
        .twilio
        .message_outcome(FakeLeg::To(ported()), FakeOutcome::delivered());
    assert_eq!(run(&place, Test::SmsIn).await, Outcome::Passed);
    let texts = sent(&place);
    assert!(
        texts
            .iter()
            .all(|text| text.account.as_deref() == Some(LAB))
    );
    assert_eq!(held(&texts[0], "From"), Some(lab().to_string()));
}

#[tokio::test]
async fn a_text_of_the_test_line_that_stays_behind_says_nothing_of_the_number() {
    let place = Place::new().await;
    place
        .twilio
        .message_outcome(FakeLeg::From(lab()), FakeOutcome::undelivered(30034));
    let back = run(&place, Test::SmsIn).await;
    assert!(why(&back).contains("test line's own text"), "{back:?}");
    assert!(
        why(&back).contains("says nothing of the number"),
        "{back:?}"
    );
}

#[tokio::test]
async fn the_text_going_out_is_not_the_one_that_came_in() {
    let place = Place::new().await;
    place.twilio.add_number(ported(), LAB);
    place
        .twilio
        .message_outcome(FakeLeg::To(ported()), FakeOutcome::delivered().unheard());
    let in_one = NumberTask::new(ported(), AccountId::parse(LAB).unwrap(), None);
    let back = place.carrier.test(&in_one, Test::SmsIn).await.unwrap();
    assert!(why(&back).contains("did not come in"), "{back:?}");
}

#[tokio::test]
async fn a_number_of_another_account_cannot_send() {
    let place = Place::new().await;
    let stray = NumberTask::new(
        number("+14155550000"),
        AccountId::parse(OURS).unwrap(),
        None,
    );
    let error = place.carrier.test(&stray, Test::SmsOut).await.unwrap_err();
    assert!(!error.is_retryable() && !error.outcome_unknown(), "{error}");
}
