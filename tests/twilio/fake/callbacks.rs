use serde_json::Value;
use snap_port::testing::{FakeFault, FakeRoute};

use super::receiver::{Callback, Receiver};
use super::{AS_GAINING, AS_OWNER, GAINING, SERVICE, SIBLING, World, number, under};

async fn call(world: &World, callback: &str, events: &[&str]) -> String {
    let from = String::from(number(0));
    let mut form = vec![
        ("To", "+16505550199"),
        ("From", from.as_str()),
        ("Twiml", "<Response/>"),
    ];
    form.push(("StatusCallback", callback));
    form.extend(events.iter().map(|event| ("StatusCallbackEvent", *event)));
    let got = world
        .post(AS_GAINING, &under(GAINING, "/Calls.json"), &form)
        .await;
    assert_eq!(got.status, 201);
    got.sid()
}

fn statuses(heard: &[Callback]) -> Vec<String> {
    heard
        .iter()
        .map(|callback| callback.field("CallStatus"))
        .collect()
}

const ALL: [&str; 4] = ["initiated", "ringing", "answered", "completed"];

#[tokio::test]
async fn a_calls_progress_is_told_in_signed_forms() {
    let (world, receiver) = (World::new().await, Receiver::new().await);
    world.fake.add_number(number(0), GAINING);
    let url = receiver.url("/calls?x=1&y=a%20b");
    let sid = call(&world, &url, &ALL).await;
    world.fake.catch_up().await;
    assert_eq!(statuses(&receiver.heard()), ["initiated"]);
    world.pass(60);
    world.fake.catch_up().await;
    let heard = receiver.heard();
    assert_eq!(statuses(&heard), ["ringing", "in-progress", "completed"]);
    for callback in &heard {
        assert_eq!(callback.method, "POST");
        assert_eq!(callback.field("CallSid"), sid);
        assert!(receiver.is_signed(callback, AS_GAINING.1));
        assert!(!receiver.is_signed(callback, AS_OWNER.1));
    }
    let sent = world.fake.callbacks();
    assert_eq!(sent.len(), 4);
    assert!(
        sent.iter()
            .all(|callback| callback.status == Some(204) && callback.url == url)
    );

    // Without a choice of events there is one, at the end.
    call(&world, &url, &[]).await;
    world.pass(60);
    world.fake.catch_up().await;
    assert_eq!(statuses(&receiver.heard()), ["completed"]);
}

#[tokio::test]
async fn callbacks_go_out_on_requests_too() {
    let (world, receiver) = (World::new().await, Receiver::new().await);
    world.fake.add_number(number(0), GAINING);
    call(&world, &receiver.url("/"), &[]).await;
    world.pass(60);
    assert!(receiver.heard().is_empty());
    world.get(AS_GAINING, "/v1/Alerts").await;
    // It waits for those that are under way.
    world.fake.catch_up().await;
    assert_eq!(receiver.heard().len(), 1);
}

#[tokio::test]
async fn a_callback_by_get_has_all_in_its_url() {
    let (world, receiver) = (World::new().await, Receiver::new().await);
    world.fake.add_number(number(0), GAINING);
    let from = String::from(number(0));
    let url = receiver.url("/calls?x=1");
    let form = [
        ("To", "+16505550199"),
        ("From", from.as_str()),
        ("Twiml", "<Response/>"),
        ("StatusCallback", url.as_str()),
        ("StatusCallbackMethod", "GET"),
    ];
    world
        .post(AS_GAINING, &under(GAINING, "/Calls.json"), &form)
        .await;
    world.pass(60);
    world.fake.catch_up().await;
    let heard = receiver.heard();
    assert_eq!(heard[0].method, "GET");
    assert!(heard[0].uri.starts_with("/calls?x=1&AccountSid="));
    assert!(heard[0].uri.contains("CallStatus=completed"));
    assert!(receiver.is_signed(&heard[0], AS_GAINING.1));
}

#[tokio::test]
async fn a_messages_progress_is_told_with_its_error() {
    let (world, receiver) = (World::new().await, Receiver::new().await);
    world.fake.add_number(number(0), GAINING);
    let (from, url) = (String::from(number(0)), receiver.url("/texts"));
    let form = [
        ("To", "+16505550199"),
        ("From", from.as_str()),
        ("Body", "Hello"),
        ("StatusCallback", url.as_str()),
    ];
    world
        .post(AS_GAINING, &under(GAINING, "/Messages.json"), &form)
        .await;
    world.pass(60);
    world.fake.catch_up().await;
    let heard = receiver.heard();
    let told: Vec<_> = heard
        .iter()
        .map(|c| (c.field("MessageStatus"), c.field("ErrorCode")))
        .collect();
    let expected = [("sent", ""), ("undelivered", "30034")];
    assert_eq!(
        told,
        expected.map(|(status, code)| (status.to_owned(), code.to_owned()))
    );
    assert!(
        heard
            .iter()
            .all(|callback| receiver.is_signed(callback, AS_GAINING.1))
    );
}

fn events(heard: &[Callback]) -> Vec<String> {
    let kinds = heard.iter().map(|callback| {
        let events: Value = serde_json::from_slice(&callback.body).unwrap();
        let kind = events[0]["type"].as_str().unwrap().to_owned();
        kind.rsplit("number-").next().unwrap().to_owned()
    });
    kinds.collect()
}

#[tokio::test]
async fn registrations_are_told_as_signed_arrays_of_events() {
    let (world, receiver) = (World::new().await, Receiver::new().await);
    world.fake.status_callbacks_to(&receiver.url("/events?k=v"));
    world.fake.set_campaign(SERVICE, "VERIFIED");
    world.fake.fail_registration(number(1), "no such carrier");
    let pool = format!("/v1/Services/{SERVICE}/PhoneNumbers");
    let mut sids = Vec::new();
    for index in 0..2 {
        let sid = world.fake.add_number(number(index), GAINING);
        world
            .post(AS_GAINING, &pool, &[("PhoneNumberSid", &sid)])
            .await;
        sids.push(sid);
    }
    world.pass(3600);
    world
        .delete(AS_GAINING, &format!("{pool}/{}", sids[0]))
        .await;
    world.fake.catch_up().await;
    let heard = receiver.heard();
    assert_eq!(
        events(&heard),
        [
            "registration.pending",
            "registration.pending",
            "registration.successful",
            "registration.failed",
            "deregistration.successful",
        ]
    );
    for callback in &heard {
        assert!(
            callback.uri.starts_with("/events?k=v&bodySHA256="),
            "{}",
            callback.uri
        );
        assert!(receiver.is_signed(callback, AS_GAINING.1));
    }
    let body: Value = serde_json::from_slice(&heard[3].body).unwrap();
    assert_eq!(body.as_array().unwrap().len(), 1);
    assert_eq!(body[0]["specversion"], "1.0");
    let data = &body[0]["data"];
    assert_eq!(data["phonenumber"], number(1).as_str());
    assert_eq!(data["phonenumbersid"], sids[1]);
    assert_eq!(data["accountsid"], GAINING);
    assert_eq!(data["messagingservicesid"], SERVICE);
    assert!(data["campaignsid"].as_str().unwrap().starts_with("CM"));
    assert_eq!(data["failurereason"], "no such carrier");
    assert_eq!(data["timestamp"], 1_793_635_200_000_i64);
}

#[tokio::test]
async fn callbacks_come_twice_or_in_the_wrong_order_if_told() {
    let (world, receiver) = (World::new().await, Receiver::new().await);
    world.fake.add_number(number(0), GAINING);
    world
        .fake
        .fault(FakeRoute::PlaceCall, FakeFault::DuplicateCallbacks);
    call(&world, &receiver.url("/"), &["completed"]).await;
    world.pass(60);
    world.fake.catch_up().await;
    let heard = receiver.heard();
    assert_eq!(statuses(&heard), ["completed", "completed"]);
    assert_eq!(heard[0].token, heard[1].token);

    world
        .fake
        .fault(FakeRoute::PlaceCall, FakeFault::ReorderCallbacks);
    call(&world, &receiver.url("/"), &ALL).await;
    world.pass(60);
    world.fake.catch_up().await;
    let heard = receiver.heard();
    assert_eq!(
        statuses(&heard),
        ["ringing", "initiated", "completed", "in-progress"]
    );

    world.fake.status_callbacks_to(&receiver.url("/"));
    world.fake.set_campaign(SERVICE, "VERIFIED");
    world
        .fake
        .fault(FakeRoute::JoinService, FakeFault::ReorderCallbacks);
    let sid = world.fake.sid_of(number(0)).unwrap();
    let pool = format!("/v1/Services/{SERVICE}/PhoneNumbers");
    assert_eq!(
        world
            .post(AS_GAINING, &pool, &[("PhoneNumberSid", &sid)])
            .await
            .status,
        201
    );
    world.pass(3600);
    world.fake.catch_up().await;
    let heard = receiver.heard();
    assert_eq!(
        events(&heard),
        ["registration.successful", "registration.pending"]
    );
}

#[tokio::test]
async fn nobody_outside_is_called_and_nobody_waits_for_the_dead() {
    let (world, receiver) = (World::new().await, Receiver::new().await);
    world.fake.add_number(number(0), GAINING);
    call(&world, "https://example.com/calls", &[]).await;
    call(&world, "http://127.0.0.1:1/nobody", &[]).await;
    call(&world, &receiver.url("/"), &[]).await;
    world.pass(60);
    world.fake.catch_up().await;
    assert_eq!(receiver.heard().len(), 1);
    let sent = world.fake.callbacks();
    let told: Vec<_> = sent
        .iter()
        .map(|c| (c.signature.is_some(), c.status))
        .collect();
    assert_eq!(told, [(false, None), (true, None), (true, Some(204))]);

    // Without a token there is nothing to sign with.
    world.fake.status_callbacks_to(&receiver.url("/"));
    world
        .fake
        .add_account(snap_port::testing::FakeAccount::new(SIBLING).parent(super::OWNER));
    world.fake.add_service(SIBLING, SERVICE);
    world.fake.set_campaign(SERVICE, "VERIFIED");
    world.fake.fill_service(SERVICE, 1);
    world.fake.catch_up().await;
    assert!(receiver.heard().is_empty());
}
