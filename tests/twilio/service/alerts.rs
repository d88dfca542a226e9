//! The error log, as far as it is about our numbers.

use chrono::{DateTime, TimeDelta, Utc};
use snap_port::testing::{FakeAlert, FakeFault, FakeLeg, FakeOutcome, FakeRoute};
use snap_port::twilio::NewMessage;
use snap_port::{
    AccountId, AlertQuery, AlertReport, CarrierClient, CarrierError, Clock, NumberList,
    PhoneNumber, Test,
};

use super::{LAB, OURS, Place, account, lab, number, ported, task};

fn query(since: DateTime<Utc>) -> AlertQuery {
    let numbers = NumberList::new([ported(), number("+14155550001")]).unwrap();
    AlertQuery::new(AccountId::parse(OURS).unwrap(), numbers, since)
}

async fn try_read(place: &Place) -> Result<Vec<AlertReport>, CarrierError> {
    let since = place.clock.now() - TimeDelta::days(7);
    place.carrier.alerts(&query(since)).await
}

async fn read(place: &Place) -> Vec<AlertReport> {
    try_read(place).await.unwrap()
}

#[tokio::test]
async fn an_alert_is_matched_by_the_number_call_or_text_it_is_about() {
    let place = Place::new().await;
    let about = |text: &str, sid: &str| FakeAlert::new(11200, text).resource(sid);
    let by_number = about("Msg=Bad+URL", place.sid().as_str());
    let by_number = place.twilio.add_alert(OURS, by_number);
    let call = place.twilio.call_from_outside(lab(), ported()).unwrap();
    let by_call = place
        .twilio
        .add_alert(OURS, about("httpResponse=502", &call));
    let text = place
        .twilio
        .text_from_outside(lab(), ported(), "hi")
        .unwrap();
    let by_text = place
        .twilio
        .add_alert(OURS, about("HTTP retrieval failure", &text));
    let named = FakeAlert::new(30034, "Message from unregistered number %2B14155552671&x=1");
    let by_name = place.twilio.add_alert(OURS, named);
    // A test text that was blocked leaves an alert, which says nothing the test does not.
    place
        .twilio
        .message_outcome(FakeLeg::From(ported()), FakeOutcome::undelivered(30034));
    place.carrier.test(&task(), Test::SmsOut).await.unwrap();

    let reports = read(&place).await;
    assert!(
        reports.iter().all(|report| report.number == ported()),
        "{reports:?}"
    );
    for id in [by_number, by_call, by_text, by_name] {
        assert!(reports.iter().any(|report| report.id == id), "{reports:?}");
    }
    assert_eq!(reports.len(), 4, "{reports:?}");
    let texts: Vec<&str> = reports.iter().map(|report| report.text.as_str()).collect();
    assert!(texts.contains(&"11200: Bad URL"), "{texts:?}");
    assert!(texts.contains(&"11200: httpResponse 502"), "{texts:?}");
    assert!(
        texts.contains(&"11200: HTTP retrieval failure"),
        "{texts:?}"
    );
    assert!(
        texts
            .iter()
            .filter(|text| text.starts_with("30034: "))
            .count()
            == 1,
        "{texts:?}"
    );
    assert_eq!(read(&place).await, reports, "the same every time");
}

#[tokio::test]
async fn what_an_alerts_urls_hold_reaches_no_report() {
    let place = Place::new().await;
    for text in [
        "Msg=Attempt+to+retrieve+https%3A%2F%2Fme%3Acanary%40h.example%2Fv%3Ftoken%3Dcanary&httpResponse=502",
        "HTTP failure at https://me:canary@h.example/?k=canary",
        "httpResponse=502&url=https%253A%252F%252Fh%252F%253Fkey%253Dcanary",
    ] {
        let alert = FakeAlert::new(11200, text).resource(place.sid().as_str());
        place.twilio.add_alert(OURS, alert);
    }
    let reports = read(&place).await;
    assert_eq!(reports.len(), 3);
    let shown = format!("{reports:?}");
    assert!(!shown.contains("canary"), "{shown}");
}

#[tokio::test]
async fn a_blocked_test_text_raises_no_alert_and_any_other_text_does() {
    let place = Place::new().await;
    let customer = number("+12125550177");
    let text = |to: PhoneNumber| NewMessage::new(ported(), to, "hi");
    let (client, ours) = (&place.client, account(OURS));
    let tested = client.send_message(&ours, &text(lab())).await.unwrap().sid;
    let told = client.send_message(&ours, &text(customer)).await.unwrap();
    let heard = place
        .twilio
        .text_from_outside(lab(), ported(), "hi")
        .unwrap();
    let call = place.twilio.call_from_outside(lab(), ported()).unwrap();
    let named = "Message from unregistered number %2B14155552671&x=1";
    let raise = |code: u32, words: &str, resource: &str| {
        let alert = FakeAlert::new(code, words).resource(resource);
        place.twilio.add_alert(OURS, alert)
    };
    for code in [30032, 30034, 30035] {
        raise(code, "blocked", tested.as_str());
        raise(code, named, tested.as_str());
    }
    let mut expected = vec![
        raise(30007, "filtered", tested.as_str()),
        raise(30034, "blocked", told.sid.as_str()),
        raise(30034, named, told.sid.as_str()),
        raise(30034, "blocked", &heard),
        raise(30034, named, &call),
    ];
    let mut ids: Vec<String> = read(&place).await.into_iter().map(|one| one.id).collect();
    ids.sort();
    expected.sort();
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn what_is_not_ours_is_left_out() {
    let place = Place::new().await;
    let other = number("+14155559999");
    let sid = place.twilio.add_number(other, OURS);
    let call = place.twilio.call_from_outside(lab(), other).unwrap();
    let gone = format!("CA{:032}", 99);
    for resource in [sid, call, gone, format!("WK{:032}", 1)] {
        let alert = FakeAlert::new(11200, "failure").resource(resource);
        place.twilio.add_alert(OURS, alert);
    }
    place
        .twilio
        .add_alert(OURS, FakeAlert::new(11200, "about nothing"));
    place
        .twilio
        .add_alert(OURS, FakeAlert::new(30034, "From=%2B14155559999"));
    let of_another = FakeAlert::new(30034, "From=%2B14155552671");
    place.twilio.add_alert(LAB, of_another);
    assert_eq!(read(&place).await, []);
}

#[tokio::test]
async fn the_log_is_read_from_when_it_matters_and_no_further_than_it_goes() {
    let place = Place::new().await;
    let now = place.clock.now();
    for days in [40, 29, 10, 1] {
        let at = now - TimeDelta::days(days);
        let alert = FakeAlert::new(11200, format!("Msg={days}&From=%2B14155552671")).at(at);
        place.twilio.add_alert(OURS, alert);
    }
    let texts = |reports: Vec<AlertReport>| -> Vec<String> {
        reports.into_iter().map(|report| report.text).collect()
    };
    let since = |days| query(now - TimeDelta::days(days));
    let told = place.carrier.alerts(&since(5)).await.unwrap();
    assert_eq!(told[0].at, now - TimeDelta::days(1));
    assert_eq!(texts(told), ["11200: 1"]);
    let told = place.carrier.alerts(&since(365)).await.unwrap();
    assert_eq!(texts(told), ["11200: 1", "11200: 10", "11200: 29"]);
    let requests = place.twilio.requests();
    let start = &requests.last().unwrap().query;
    let oldest = (now - TimeDelta::days(30)).format("%Y-%m-%dT%H:%M:%SZ");
    assert!(
        start.contains(&("StartDate".to_owned(), oldest.to_string())),
        "{start:?}"
    );
    assert_eq!(place.carrier.alerts(&since(-5)).await.unwrap(), []);
    assert_eq!(place.twilio.asked(FakeRoute::Alerts), 2, "nothing to ask");
}

#[tokio::test]
async fn each_call_is_looked_up_once() {
    let place = Place::new().await;
    let call = place.twilio.call_from_outside(lab(), ported()).unwrap();
    let lost = format!("CA{:032}", 99);
    for sid in [&call, &call, &lost] {
        let alert = FakeAlert::new(11200, "failure").resource(sid.as_str());
        place.twilio.add_alert(OURS, alert);
    }
    place.clock.advance(TimeDelta::hours(2));
    assert_eq!(read(&place).await.len(), 2);
    assert_eq!(read(&place).await.len(), 2);
    assert_eq!(place.twilio.asked(FakeRoute::Call), 2);
}

#[tokio::test]
async fn the_log_may_run_ahead_of_the_call_it_is_about() {
    let place = Place::new().await;
    let call = place.twilio.call_from_outside(lab(), ported()).unwrap();
    let alert = FakeAlert::new(11200, "failure").resource(call);
    place.twilio.add_alert(OURS, alert);
    place
        .twilio
        .fault(FakeRoute::Call, FakeFault::Refuse(404, 20404));
    assert_eq!(read(&place).await, []);
    place.clock.advance(TimeDelta::minutes(10));
    assert_eq!(read(&place).await.len(), 1, "it is asked for again");
}

#[tokio::test]
async fn calls_that_are_not_there_yet_keep_no_others_waiting() {
    let place = Place::new().await;
    let raise = |sid: String| {
        let alert = FakeAlert::new(11200, "failure").resource(sid);
        place.twilio.add_alert(OURS, alert);
    };
    (1000..1130).for_each(|nth| raise(format!("CA{nth:032}")));
    raise(place.twilio.call_from_outside(lab(), ported()).unwrap());
    assert!(try_read(&place).await.is_err(), "100 look-ups are made");
    assert_eq!(read(&place).await.len(), 1);
    assert_eq!(place.twilio.asked(FakeRoute::Call), 131);
    place.clock.advance(TimeDelta::minutes(9));
    assert_eq!(read(&place).await.len(), 1);
    assert_eq!(place.twilio.asked(FakeRoute::Call), 131, "not so soon");
    place.clock.advance(TimeDelta::minutes(1));
    assert!(try_read(&place).await.is_err());
    assert_eq!(read(&place).await.len(), 1);
    assert_eq!(place.twilio.asked(FakeRoute::Call), 261);
}

#[tokio::test]
async fn what_could_not_be_looked_up_is_not_passed_over() {
    let place = Place::new().await;
    for _ in 0..230 {
        let call = place.twilio.call_from_outside(lab(), ported()).unwrap();
        let alert = FakeAlert::new(11200, "failure").resource(call);
        place.twilio.add_alert(OURS, alert);
    }
    for left in [130, 30] {
        let error = try_read(&place).await.unwrap_err();
        assert!(
            error.is_retryable() && error.retry_after().is_some(),
            "{error}"
        );
        assert!(
            error.to_string().contains(&format!("{left} alerts")),
            "{error}"
        );
    }
    assert_eq!(read(&place).await.len(), 230);
    assert_eq!(place.twilio.asked(FakeRoute::Call), 230);

    // Neither is a look-up that fails.
    let place = Place::new().await;
    let call = place.twilio.call_from_outside(lab(), ported()).unwrap();
    let alert = FakeAlert::new(11200, "failure").resource(call);
    place.twilio.add_alert(OURS, alert);
    place
        .twilio
        .fault_always(FakeRoute::Call, FakeFault::ErrorBefore(500));
    assert!(try_read(&place).await.is_err());
    place.twilio.clear_faults();
    assert_eq!(read(&place).await.len(), 1);
}
