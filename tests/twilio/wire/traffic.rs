//! Calls, messages and alerts: what each call sends and reads.

use chrono::TimeDelta;
use snap_port::CarrierErrorKind;
use snap_port::testing::{FakeAlert, FakeOutcome, FakeRoute, sample};
use snap_port::twilio::{
    CallStatus, CallbackUrl, MessageStatus, NewCall, NewMessage, TrafficFilter, TwilioCode,
};

use super::calls::{form, last};
use super::world::{World, phone};

#[tokio::test]
async fn a_call_is_placed_and_followed() {
    let world = World::new().await;
    let (client, sub) = (&world.client, &world.sub);
    let busy = phone("+14155550177");
    world.fake.call_outcome(busy, FakeOutcome::busy());
    let new = NewCall::new(world.number, busy, "<Response><Pause/></Response>")
        .status_callback(CallbackUrl::parse("http://127.0.0.1:9/calls").unwrap());
    let placed = client.place_call(sub, &new).await.unwrap();
    assert_eq!((placed.from, placed.to), (Some(world.number), Some(busy)));
    assert!(!placed.status.is_final(), "{placed:?}");
    assert!(form(&last(&world)).contains(&("Twiml", "<Response><Pause/></Response>")));
    world.clock.advance(TimeDelta::minutes(5));
    let ended = client.call(sub, &placed.sid).await.unwrap();
    assert!(ended.status == CallStatus::Busy && ended.status.is_final());

    let to_it = TrafficFilter::new().to(world.number);
    let incoming = client.calls(sub, &to_it).await.unwrap();
    assert_eq!(incoming.len(), 1);
    assert_eq!(incoming[0].sid, world.call);
    let since = sample::time() + TimeDelta::minutes(1);
    let later = client
        .calls(sub, &TrafficFilter::new().since(since))
        .await
        .unwrap();
    assert!(later.is_empty(), "Twilio filters by day only: {later:?}");

    for twiml in [String::new(), "x".repeat(4001)] {
        let asked = world.fake.asked(FakeRoute::PlaceCall);
        let new = NewCall::new(world.number, busy, twiml);
        let error = client.place_call(sub, &new).await.unwrap_err();
        assert_eq!(error.kind(), CarrierErrorKind::InvalidRequest);
        assert_eq!(world.fake.asked(FakeRoute::PlaceCall), asked);
    }
}

#[tokio::test]
async fn a_message_is_sent_and_followed() {
    let world = World::new().await;
    let (client, sub) = (&world.client, &world.sub);
    let phone = phone("+14155550177");
    let outcome = FakeOutcome::undelivered(30034);
    world.fake.message_outcome(phone, outcome);
    let new = NewMessage::new(world.number, phone, "Are you there? é");
    let sent = client.send_message(sub, &new).await.unwrap();
    assert!(!sent.status.is_final(), "{sent:?}");
    world.clock.advance(TimeDelta::hours(1));
    let ended = client.message(sub, &sent.sid).await.unwrap();
    assert_eq!(ended.status, MessageStatus::Undelivered);
    assert_eq!(ended.error_code, Some(TwilioCode::UnregisteredNumber));
    assert_eq!(ended.body, "Are you there? é");
    assert_eq!(ended.direction.as_deref(), Some("outbound-api"));

    let to_it = TrafficFilter::new().to(world.number);
    let incoming = client.messages(sub, &to_it).await.unwrap();
    assert_eq!(incoming.len(), 1);
    assert_eq!(
        (&incoming[0].sid, &*incoming[0].body),
        (&world.message, "hello")
    );
    let since = sample::time() + TimeDelta::hours(1);
    let later = client
        .messages(sub, &TrafficFilter::new().since(since))
        .await
        .unwrap();
    assert!(later.is_empty(), "Twilio filters by day only: {later:?}");

    for body in [String::new(), "é".repeat(1601)] {
        let asked = world.fake.asked(FakeRoute::SendMessage);
        let new = NewMessage::new(world.number, phone, body);
        let error = client.send_message(sub, &new).await.unwrap_err();
        assert_eq!(error.kind(), CarrierErrorKind::InvalidRequest);
        assert_eq!(world.fake.asked(FakeRoute::SendMessage), asked);
    }
    let longest = NewMessage::new(world.number, phone, "é".repeat(1600));
    assert!(client.send_message(sub, &longest).await.is_ok());
}

#[tokio::test]
async fn alerts_are_read_for_a_time() {
    let world = World::new().await;
    let now = sample::time();
    let alert = |code, at| {
        FakeAlert::new(code, "No answer")
            .resource(world.call.as_str())
            .at(at)
    };
    let sub = world.sub.as_str();
    world
        .fake
        .add_alert(sub, alert(11200, now - TimeDelta::hours(2)));
    let sid = world
        .fake
        .add_alert(sub, alert(30034, now - TimeDelta::minutes(5)));
    world
        .fake
        .add_alert(sub, alert(11205, now + TimeDelta::minutes(5)));
    let since = now - TimeDelta::hours(1);
    let alerts = world.client.alerts(&world.sub, since, now).await.unwrap();
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert_eq!(alerts[0].sid, sid);
    assert_eq!(alerts[0].error_code, Some(TwilioCode::UnregisteredNumber));
    assert_eq!(alerts[0].resource_sid.as_deref(), Some(world.call.as_str()));
    assert_eq!(alerts[0].log_level.as_deref(), Some("error"));
    assert_eq!(alerts[0].at, now - TimeDelta::minutes(5));
}
