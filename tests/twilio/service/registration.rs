//! Where a number's registration stands.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use chrono::TimeDelta;
use serde_json::json;
use snap_port::testing::{FakeLeg, FakeOutcome, FakeRoute};
use snap_port::twilio::webhook::{Hint, SignatureKeys, Webhook, WebhookRequest};
use snap_port::twilio::{
    BaseUrls, Credentials, NewMessage, ServiceSid, StaticCredentials, TwilioCarrier, TwilioClient,
};
use snap_port::{
    AccountId, CarrierClient, GainingPlatform, NumberTask, Outcome, PhoneNumber, Registration, Test,
};

use super::{
    LAB, OTHER_POOL, OURS, POOL, Place, TOKEN, account, lab, number, ported, task, task_in,
};
use crate::wire::scripted::{Scripted, reply};

async fn state(place: &Place) -> Registration {
    place.carrier.registration(&task_in(POOL)).await.unwrap()
}

fn why(state: &Registration) -> &str {
    match state {
        Registration::Failed(why) => why,
        _ => panic!("{state:?}"),
    }
}

/// A place whose number is in a service with an approved campaign, and is not registered yet.
async fn joined() -> Place {
    let place = Place::new().await;
    place.twilio.register_after(TimeDelta::days(3));
    place.twilio.set_campaign(POOL, "VERIFIED");
    place.carrier.join_messaging(&task_in(POOL)).await.unwrap();
    place
}

/// What Twilio's events said so far, each with its signature checked.
async fn events(place: &Place) -> Vec<Hint> {
    place.twilio.catch_up().await;
    let webhook = Webhook::new(SignatureKeys::new(TOKEN).unwrap());
    let sent = place.twilio.callbacks();
    let hints = sent.iter().map(|sent| {
        let signature = sent.signature.as_deref().unwrap();
        let request = WebhookRequest::new("POST", &sent.url, sent.body.as_bytes())
            .header("Content-Type", b"application/json")
            .header("X-Twilio-Signature", signature.as_bytes());
        webhook.verify(&request).unwrap().hints().unwrap()
    });
    hints.flatten().collect()
}

/// Somewhere for events to go.
async fn sink(place: &Place) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    let app = Router::new().route("/events", post(|| async { StatusCode::NO_CONTENT }));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    place.twilio.status_callbacks_to(&url);
}

/// Sends a text and lets it come to its end.
async fn text(place: &Place, to: PhoneNumber) {
    let text = NewMessage::new(ported(), to, "hello");
    place
        .client
        .send_message(&account(OURS), &text)
        .await
        .unwrap();
    place.clock.advance(TimeDelta::seconds(10));
}

#[tokio::test]
async fn without_an_approved_campaign_no_number_is_registered() {
    let place = Place::new().await;
    place
        .twilio
        .message_outcome(ported(), FakeOutcome::delivered());
    place.carrier.join_messaging(&task_in(POOL)).await.unwrap();
    text(&place, lab()).await;
    assert!(why(&state(&place).await).contains("no A2P campaign"));
    for status in ["PENDING", "IN_PROGRESS", "SOMETHING_NEW"] {
        place.twilio.set_campaign(POOL, status);
        assert_eq!(state(&place).await, Registration::Pending, "{status}");
    }
    place.twilio.set_campaign(POOL, "FAILED");
    assert!(why(&state(&place).await).contains("campaign FAILED: "));
    place.twilio.set_campaign(POOL, "VERIFIED");
    assert_eq!(state(&place).await, Registration::Registered);
    // A number that has nothing to join cannot be registered, and that stops no other step.
    let loose = place.carrier.registration(&task()).await.unwrap();
    assert!(why(&loose).contains("no messaging service"));
}

#[tokio::test]
async fn an_approved_campaign_is_not_enough() {
    let place = Place::new().await;
    place.twilio.set_campaign(POOL, "VERIFIED");
    place
        .twilio
        .message_outcome(ported(), FakeOutcome::delivered());
    text(&place, lab()).await;
    assert_eq!(
        state(&place).await,
        Registration::Pending,
        "it is not in the service"
    );
    place.clock.advance(TimeDelta::minutes(5));
    place.carrier.join_messaging(&task_in(POOL)).await.unwrap();
    // What was delivered before it joined tells nothing of it now.
    assert_eq!(state(&place).await, Registration::Pending);
    text(&place, lab()).await;
    assert_eq!(state(&place).await, Registration::Registered);
}

#[tokio::test]
async fn the_last_text_tells() {
    let place = joined().await;
    text(&place, lab()).await;
    assert_eq!(state(&place).await, Registration::Pending, "30034");
    place.clock.advance(TimeDelta::days(4));
    assert_eq!(
        state(&place).await,
        Registration::Pending,
        "nobody tells yet"
    );
    let tested = place.carrier.test(&task_in(POOL), Test::SmsOut).await;
    assert_eq!(tested.unwrap(), Outcome::Passed);
    assert_eq!(state(&place).await, Registration::Registered);
    for code in [30034, 30035] {
        let blocked = FakeOutcome::undelivered(code);
        place
            .twilio
            .message_outcome(FakeLeg::From(ported()), blocked);
        text(&place, lab()).await;
        assert_eq!(state(&place).await, Registration::Pending, "{code}");
        place
            .twilio
            .message_outcome(FakeLeg::From(ported()), FakeOutcome::delivered());
        text(&place, lab()).await;
        assert_eq!(state(&place).await, Registration::Registered);
    }
    // A phone that was off says nothing of the registration.
    let off = FakeOutcome::undelivered(30003);
    place.twilio.message_outcome(FakeLeg::From(ported()), off);
    text(&place, lab()).await;
    assert_eq!(state(&place).await, Registration::Registered);
}

#[tokio::test]
async fn texts_are_read_no_further_back_than_to_the_one_that_tells() {
    let place = joined().await;
    place.clock.advance(TimeDelta::days(4));
    for _ in 0..5 {
        text(&place, lab()).await;
    }
    let off = FakeOutcome::undelivered(30003);
    place.twilio.message_outcome(FakeLeg::From(ported()), off);
    for _ in 0..3 {
        text(&place, lab()).await;
    }
    place.twilio.page_limit(2);
    let before = place.twilio.asked(FakeRoute::Messages);
    assert_eq!(state(&place).await, Registration::Registered);
    // Two that tell nothing, one that does beside one that does not; the other four are not read.
    assert_eq!(place.twilio.asked(FakeRoute::Messages) - before, 2);
}

#[tokio::test]
async fn neither_sent_nor_received_nor_abroad_is_proof() {
    let place = joined().await;
    place
        .twilio
        .message_outcome(FakeLeg::From(ported()), FakeOutcome::never_ends());
    text(&place, lab()).await;
    assert_eq!(state(&place).await, Registration::Pending, "sent only");
    place.twilio.text_from_outside(lab(), ported(), "hello");
    assert_eq!(state(&place).await, Registration::Pending, "received");
    place
        .twilio
        .message_outcome(FakeLeg::From(ported()), FakeOutcome::delivered());
    text(&place, number("+442071838750")).await;
    assert_eq!(
        state(&place).await,
        Registration::Pending,
        "10DLC is not asked for there"
    );
    text(&place, lab()).await;
    assert_eq!(state(&place).await, Registration::Registered);
}

#[tokio::test]
async fn what_needs_no_campaign_is_proven_by_a_delivered_text() {
    let place = Place::new().await;
    for (nth, text_to) in [
        ("+18445550123", lab()),
        ("+442071838750", number("+442071838751")),
    ] {
        let number = number(nth);
        place.twilio.add_number(number, OURS);
        let task = NumberTask::new(number, AccountId::parse(OURS).unwrap(), None);
        let state = || async { place.carrier.registration(&task).await.unwrap() };
        assert_eq!(state().await, Registration::Pending);
        let text = NewMessage::new(number, text_to, "hello");
        let (delivered, blocked) = (FakeOutcome::delivered(), FakeOutcome::undelivered(30032));
        for (outcome, expected) in [
            (blocked.clone(), Registration::Pending),
            (delivered.clone(), Registration::Registered),
            (blocked, Registration::Pending),
            (delivered, Registration::Registered),
        ] {
            place.twilio.message_outcome(FakeLeg::From(number), outcome);
            let sent = place.client.send_message(&account(OURS), &text).await;
            sent.unwrap();
            place.clock.advance(TimeDelta::seconds(10));
            assert_eq!(state().await, expected);
        }
    }
    assert_eq!(place.twilio.asked(FakeRoute::Campaigns), 0);
}

#[tokio::test]
async fn an_event_tells_without_a_text() {
    let place = Place::new().await;
    sink(&place).await;
    place.twilio.register_after(TimeDelta::days(3));
    place.twilio.set_campaign(POOL, "VERIFIED");
    place.carrier.join_messaging(&task_in(POOL)).await.unwrap();
    let pending = events(&place).await;
    assert!(!pending.is_empty());
    pending.iter().for_each(|hint| place.carrier.hear(hint));
    assert_eq!(state(&place).await, Registration::Pending);
    place.clock.advance(TimeDelta::days(4));
    let mut all = events(&place).await;
    // Late, twice and the wrong way round.
    all.reverse();
    all.iter()
        .chain(&all)
        .for_each(|hint| place.carrier.hear(hint));
    assert_eq!(state(&place).await, Registration::Registered);
    assert_eq!(place.twilio.asked(FakeRoute::SendMessage), 0);
    // A text that is blocked later outweighs it.
    place.clock.advance(TimeDelta::minutes(1));
    let blocked = FakeOutcome::undelivered(30034);
    place
        .twilio
        .message_outcome(FakeLeg::From(ported()), blocked);
    text(&place, lab()).await;
    assert_eq!(state(&place).await, Registration::Pending);
}

#[tokio::test]
async fn a_registration_that_fails_says_why() {
    let place = Place::new().await;
    sink(&place).await;
    place.twilio.register_after(TimeDelta::days(3));
    place
        .twilio
        .fail_registration(ported(), "campaign suspended");
    place.twilio.set_campaign(POOL, "VERIFIED");
    place.carrier.join_messaging(&task_in(POOL)).await.unwrap();
    place.clock.advance(TimeDelta::days(4));
    events(&place)
        .await
        .iter()
        .for_each(|hint| place.carrier.hear(hint));
    assert!(why(&state(&place).await).contains("campaign suspended"));
}

#[tokio::test]
async fn a_number_that_left_and_came_back_begins_anew() {
    let place = Place::new().await;
    sink(&place).await;
    place.twilio.register_after(TimeDelta::minutes(1));
    place.twilio.set_campaign(POOL, "VERIFIED");
    place.carrier.join_messaging(&task_in(POOL)).await.unwrap();
    place.clock.advance(TimeDelta::days(1));
    place.twilio.catch_up().await;
    place.twilio.register_after(TimeDelta::days(3));
    let pool = ServiceSid::parse(POOL).unwrap();
    let (client, ours, sid) = (&place.client, account(OURS), place.sid());
    client
        .remove_from_service(&ours, &pool, &sid)
        .await
        .unwrap();
    place.clock.advance(TimeDelta::minutes(1));
    place.carrier.join_messaging(&task_in(POOL)).await.unwrap();
    // The good word is about the membership that has ended.
    let all = events(&place).await;
    assert!(all.len() >= 3, "{all:?}");
    let good = |hint: &&Hint| format!("{hint:?}").contains("Successful");
    all.iter()
        .filter(good)
        .for_each(|hint| place.carrier.hear(hint));
    assert_eq!(state(&place).await, Registration::Pending);
    place.twilio.add_service(OURS, OTHER_POOL);
    place.twilio.set_campaign(OTHER_POOL, "VERIFIED");
    let elsewhere = place.carrier.registration(&task_in(OTHER_POOL)).await;
    assert_eq!(
        elsewhere.unwrap(),
        Registration::Pending,
        "it is in another service"
    );
}

#[tokio::test]
async fn a_number_of_another_account_is_not_there() {
    let place = joined().await;
    place.twilio.add_number(ported(), LAB);
    let error = place
        .carrier
        .registration(&task_in(POOL))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("inventory"), "{error}");
}

/// Twilio's answers about the service, without saying since when the number is in it.
#[tokio::test]
async fn a_membership_without_a_beginning_proves_nothing() {
    let place = joined().await;
    place.twilio.registered(ported());
    text(&place, lab()).await;
    assert_eq!(state(&place).await, Registration::Registered);
    for (joined, expected) in [
        (json!("2026-11-02T14:00:00Z"), Registration::Registered),
        (json!(null), Registration::Pending),
        (json!("lately"), Registration::Pending),
    ] {
        let campaigns = json!({"compliance": [{"sid": "QE1", "campaign_status": "VERIFIED"}]});
        let member = json!({"sid": place.sid().as_str(), "phone_number": ported().as_str(),
            "date_created": joined});
        let replies = [campaigns, member].map(|body| reply(200, &[], &body.to_string()));
        let service = Scripted::start(replies).await;
        let urls = BaseUrls::all(&place.twilio.url()).unwrap();
        let urls = urls.with_messaging(&service.url).unwrap();
        let credentials = Credentials::auth_token(account(OURS), TOKEN);
        let client =
            TwilioClient::builder(StaticCredentials::new().with(account(OURS), credentials))
                .base_urls(urls)
                .build()
                .unwrap();
        let ours = GainingPlatform::new("Ours", "transfers@ours.example").unwrap();
        let carrier = TwilioCarrier::builder(client, ours)
            .clock(place.clock.clone())
            .timer(place.clock.clone())
            .build();
        let state = carrier.registration(&task_in(POOL)).await.unwrap();
        assert_eq!(state, expected, "{joined}");
    }
}
