use chrono::TimeDelta;
use serde_json::{Value, json};
use snap_port::PhoneNumber;
use snap_port::testing::{FakeLeg, FakeOutcome, FakeRoute};

use super::{AS_GAINING, AS_LOSING, GAINING, LOSING, SERVICE, World, number, under};

fn outside() -> PhoneNumber {
    PhoneNumber::from_e164("+16505550199").unwrap()
}

async fn send(world: &World, from: PhoneNumber, to: PhoneNumber) -> String {
    let form = [
        ("To", to.as_str()),
        ("From", from.as_str()),
        ("Body", "Hello"),
    ];
    let got = world
        .post(AS_GAINING, &under(GAINING, "/Messages.json"), &form)
        .await;
    assert_eq!((got.status, &got.json()["status"]), (201, &json!("queued")));
    got.sid()
}

async fn shown(world: &World, sid: &str) -> Value {
    world
        .get(
            AS_GAINING,
            &under(GAINING, &format!("/Messages/{sid}.json")),
        )
        .await
        .json()
}

#[tokio::test]
async fn a_registered_number_sends_and_an_unregistered_one_is_blocked() {
    let world = World::new().await;
    world.fake.add_number(number(0), GAINING);
    let sid = send(&world, number(0), outside()).await;
    world.pass(1);
    assert_eq!(shown(&world, &sid).await["status"], "sent");
    world.pass(2);
    let blocked = shown(&world, &sid).await;
    assert_eq!(blocked["status"], "undelivered");
    assert_eq!(blocked["error_code"], 30034);
    let alerts = world.get(AS_GAINING, "/v1/Alerts").await.json();
    assert_eq!(alerts["alerts"][0]["resource_sid"], sid);
    assert_eq!(alerts["alerts"][0]["error_code"], "30034");

    world.fake.registered(number(0));
    let sid = send(&world, number(0), outside()).await;
    world.pass(3);
    let sent = shown(&world, &sid).await;
    assert_eq!(
        (&sent["status"], &sent["error_code"]),
        (&json!("delivered"), &Value::Null)
    );
    assert_eq!(sent["date_sent"], "Mon, 02 Nov 2026 15:00:04 +0000");

    // Toll-free numbers and other countries have rules of their own.
    let toll_free = PhoneNumber::from_e164("+18005550100").unwrap();
    world.fake.add_number(toll_free, GAINING);
    world.fake.add_number(number(2), GAINING);
    let abroad = PhoneNumber::from_e164("+493012345678").unwrap();
    for (from, to) in [(toll_free, outside()), (number(2), abroad)] {
        let sid = send(&world, from, to).await;
        world.pass(3);
        assert_eq!(shown(&world, &sid).await["status"], "delivered");
    }
}

#[tokio::test]
async fn a_message_to_a_number_of_this_world_arrives_there() {
    let world = World::new().await;
    world.fake.add_number(number(0), GAINING);
    world.fake.registered(number(0));
    world.fake.add_number(number(1), LOSING);
    send(&world, number(0), number(1)).await;
    world.pass(2);
    let path = under(LOSING, &format!("/Messages.json?To={}", "%2B14155550101"));
    assert_eq!(
        world.get(AS_LOSING, &path).await.json()["messages"],
        json!([])
    );
    world.pass(1);
    let there = world.get(AS_LOSING, &path).await.json();
    assert_eq!(there["messages"][0]["direction"], "inbound");
    assert_eq!(there["messages"][0]["status"], "received");
    assert_eq!(there["messages"][0]["body"], "Hello");

    world
        .fake
        .message_outcome(FakeLeg::To(number(1)), FakeOutcome::delivered().unheard());
    send(&world, number(0), number(1)).await;
    world
        .fake
        .message_outcome(FakeLeg::To(number(1)), FakeOutcome::undelivered(30003));
    send(&world, number(0), number(1)).await;
    world.pass(60);
    let still = world.get(AS_LOSING, &path).await.json();
    assert_eq!(still["messages"].as_array().unwrap().len(), 1);
    let sid = world
        .fake
        .text_from_outside(outside(), number(1), "Hi")
        .unwrap();
    assert!(
        world
            .fake
            .text_from_outside(outside(), outside(), "Hi")
            .is_none()
    );
    let path = under(LOSING, &format!("/Messages/{sid}.json"));
    assert_eq!(
        world.get(AS_LOSING, &path).await.json()["from"],
        outside().as_str()
    );
    assert_eq!(world.get(AS_GAINING, &path).await.code(), (401, 20003));
}

#[tokio::test]
async fn messages_end_as_they_are_told() {
    let world = World::new().await;
    world.fake.add_number(number(0), GAINING);
    for (outcome, seconds, status, code) in [
        (
            FakeOutcome::delivered().after(TimeDelta::hours(2)),
            7200,
            "delivered",
            Value::Null,
        ),
        (
            FakeOutcome::undelivered(30007),
            3,
            "undelivered",
            json!(30007),
        ),
        (FakeOutcome::failed(30008), 3, "failed", json!(30008)),
        (FakeOutcome::never_ends(), 1_000_000, "sent", Value::Null),
    ] {
        world.fake.message_outcome(number(0), outcome);
        let sid = send(&world, number(0), outside()).await;
        world.pass(seconds);
        let shown = shown(&world, &sid).await;
        assert_eq!(
            (&shown["status"], &shown["error_code"]),
            (&json!(status), &code)
        );
    }
    world
        .fake
        .message_outcome(number(0), FakeOutcome::refused(21610));
    let (to, from) = (String::from(outside()), String::from(number(0)));
    let form = [("To", to.as_str()), ("From", from.as_str()), ("Body", "x")];
    let refused = world
        .post(AS_GAINING, &under(GAINING, "/Messages.json"), &form)
        .await;
    assert_eq!(refused.code(), (400, 21610));
    assert_eq!(world.fake.effects(FakeRoute::SendMessage), 4);
}

#[tokio::test]
async fn a_message_needs_a_receiver_a_sender_and_a_text() {
    let world = World::new().await;
    world.fake.add_number(number(0), GAINING);
    world.fake.add_number(number(1), LOSING);
    let (own, foreign) = (String::from(number(0)), String::from(number(1)));
    let (own, foreign, to) = (own.as_str(), foreign.as_str(), "+16505550199");
    let long = "x".repeat(1601);
    let body = ("Body", "x");
    for (form, code) in [
        (vec![("From", own), body], (400, 21604)),
        (vec![("To", "650"), ("From", own), body], (400, 21211)),
        (vec![("To", to), body], (400, 21603)),
        (vec![("To", to), ("From", "415"), body], (400, 21212)),
        (vec![("To", to), ("From", foreign), body], (400, 21606)),
        (vec![("To", to), ("From", own)], (400, 21602)),
        (
            vec![("To", to), ("From", own), ("Body", &long)],
            (400, 21617),
        ),
        (
            vec![("To", to), ("MessagingServiceSid", "MG1"), body],
            (400, 20001),
        ),
        (
            vec![("To", to), ("MessagingServiceSid", SERVICE), body],
            (400, 21703),
        ),
        (
            vec![
                ("To", to),
                ("From", own),
                ("MessagingServiceSid", SERVICE),
                body,
            ],
            (400, 21606),
        ),
        (
            vec![("To", to), ("From", own), body, ("StatusCallback", "x")],
            (400, 21609),
        ),
    ] {
        let got = world
            .post(AS_GAINING, &under(GAINING, "/Messages.json"), &form)
            .await;
        assert_eq!(got.code(), code, "{form:?}");
    }
    world.fake.fill_service(SERVICE, 1);
    let form = [("To", to), ("MessagingServiceSid", SERVICE), body];
    let accepted = world
        .post(AS_GAINING, &under(GAINING, "/Messages.json"), &form)
        .await;
    assert_eq!(
        (accepted.status, &accepted.json()["status"]),
        (201, &json!("accepted"))
    );
    assert_eq!(accepted.json()["from"], "+19895550000");
    assert_eq!(world.fake.effects(FakeRoute::SendMessage), 1);
}

#[tokio::test]
async fn messages_are_found_by_ends_and_time() {
    let world = World::new().await;
    world.fake.add_number(number(0), GAINING);
    let first = send(&world, number(0), outside()).await;
    world.pass(24 * 3600);
    let second = send(&world, number(0), number(5)).await;
    let sids = async |query: &str| {
        let path = under(GAINING, &format!("/Messages.json{query}"));
        let page = world.get(AS_GAINING, &path).await.json();
        let found = page["messages"].as_array().unwrap().clone();
        found
            .iter()
            .map(|found| found["sid"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(sids("").await, [second.as_str(), first.as_str()]);
    assert_eq!(sids("?To=%2B16505550199").await, [first.as_str()]);
    assert_eq!(sids("?DateSent%3E=2026-11-03").await, [second.as_str()]);
    assert_eq!(sids("?DateSent=2026-11-02").await, [first.as_str()]);
}
