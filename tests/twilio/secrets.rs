//! Tokens, keys and accounts reach no Debug, error or log.

mod carrier;

use std::error::Error;
use std::sync::{Mutex, Once};
use std::time::Duration;

use base64::Engine as _;
use snap_port::CarrierId;
use snap_port::testing::{FakeFault, FakeRoute, VirtualClock, sample};
use snap_port::twilio::{
    BaseUrls, CallbackMethod, CallbackUrl, Credentials, NumberUpdate, StaticCredentials,
    TwilioClient, TwilioError,
};

use crate::wire::scripted::{Scripted, reply};
use crate::wire::world::{KEY_SECRET, PARENT_TOKEN, SUB_TOKEN, World, account, credentials, key};

/// In URLs that others wrote.
const URL_SECRET: &str = "canary4url4secret0123456789abcde";

/// Everything that may be shown nowhere.
fn canaries() -> Vec<String> {
    let mut canaries: Vec<String> = [
        PARENT_TOKEN,
        SUB_TOKEN,
        KEY_SECRET,
        "stranger-token",
        URL_SECRET,
    ]
    .map(str::to_owned)
    .into();
    canaries.extend((1..=4).map(|last| account(last).as_str().to_owned()));
    canaries.push(key().as_str().to_owned());
    canaries.extend([
        encoded(account(1).as_str(), PARENT_TOKEN),
        encoded(account(2).as_str(), SUB_TOKEN),
        encoded(key().as_str(), KEY_SECRET),
    ]);
    canaries
}

fn encoded(user: &str, secret: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(format!("{user}:{secret}"))
}

fn clean(shown: &str) {
    for canary in canaries() {
        assert!(!shown.contains(&canary), "{canary} in: {shown}");
    }
}

/// Everything an error can be made to show: itself, as the carrier's, and all their causes.
fn all_of(error: TwilioError) -> String {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let carried = error.into_carrier(CarrierId::parse("twilio").unwrap());
    shown.push_str(&format!("{carried} {carried:?}"));
    let mut cause = carried.source();
    while let Some(error) = cause {
        shown.push_str(&format!("{error} {error:?}"));
        cause = error.source();
    }
    shown
}

fn key_credentials() -> StaticCredentials {
    StaticCredentials::new().with(account(2), Credentials::api_key(key(), KEY_SECRET))
}

#[test]
fn the_canaries_sing() {
    for canary in canaries() {
        assert!(std::panic::catch_unwind(|| clean(&format!("<{canary}>"))).is_err());
    }
}

#[test]
fn credentials_do_not_show_themselves() {
    clean(&format!("{:?} {:#?}", credentials(), key_credentials()));
    let builder = TwilioClient::builder(credentials());
    clean(&format!("{builder:?}"));
    let local = BaseUrls::all("http://127.0.0.1:1").unwrap();
    clean(&format!("{:?}", builder.base_urls(local).build().unwrap()));
}

#[tokio::test]
async fn no_answer_shows_a_secret() {
    for route in FakeRoute::ALL {
        let world = World::new().await;
        let shown = world.call_on(&world.client, route).await;
        clean(&format!("{route}: {shown:?}"));
    }
}

#[tokio::test]
async fn a_password_in_a_numbers_url_is_not_shown() {
    let world = World::new().await;
    let url = format!("https://user:{KEY_SECRET}@example.com/v?key={PARENT_TOKEN}");
    let url = CallbackUrl::parse(&url).unwrap();
    let update = NumberUpdate::new()
        .voice_url(url.clone(), CallbackMethod::Post)
        .sms_url(url.clone(), CallbackMethod::Post)
        .status_callback(url, CallbackMethod::Post);
    clean(&format!("{update:?}"));
    let number = world
        .client
        .update_number(&world.sub, &world.sid, &update)
        .await
        .unwrap();
    assert!(number.voice_url.as_deref().unwrap().contains(KEY_SECRET));
    clean(&format!("{number:?}"));
}

#[tokio::test]
async fn no_failure_shows_a_secret() {
    for fault in [
        FakeFault::TooMany { retry_after: None },
        FakeFault::ErrorBefore(500),
        FakeFault::Refuse(401, 20003),
        FakeFault::Problem(400, 20001),
        FakeFault::CutBefore,
        FakeFault::CutAfter,
        FakeFault::Malformed,
        FakeFault::Html,
    ] {
        for route in FakeRoute::ALL {
            let world = World::new().await;
            world.fake.fault_always(route, fault);
            if let Err(error) = world.call_on(&world.client, route).await {
                clean(&all_of(error));
            }
        }
    }
}

#[tokio::test]
async fn silence_and_absence_show_no_secret() {
    let world = World::new().await;
    world.fake.fault_always(FakeRoute::Numbers, FakeFault::Hang);
    let hasty = world
        .builder()
        .timeout(Duration::from_millis(50))
        .retries(0);
    let hasty = hasty.build().unwrap();
    clean(&all_of(hasty.numbers(&world.sub).await.unwrap_err()));
    let nobody = hasty_to("http://127.0.0.1:1");
    clean(&all_of(nobody.numbers(&world.sub).await.unwrap_err()));
    let without = TwilioClient::builder(StaticCredentials::new())
        .base_urls(BaseUrls::all("http://127.0.0.1:1").unwrap())
        .build()
        .unwrap();
    clean(&all_of(without.numbers(&world.sub).await.unwrap_err()));
}

fn hasty_to(url: &str) -> TwilioClient {
    TwilioClient::builder(credentials())
        .base_urls(BaseUrls::all(url).unwrap())
        .timer(VirtualClock::at(sample::time()))
        .build()
        .unwrap()
}

/// Bodies in which a careless server gives back all it was told.
fn echoes() -> Vec<String> {
    let told = canaries().join(" ");
    let value = |body: serde_json::Value| body.to_string();
    vec![
        value(serde_json::json!({"code": 20003, "message": told, "more_info": told})),
        value(
            serde_json::json!({"type": told, "title": told, "status": 400, "code": 20001,
            "detail": told, "errors": [{"detail": told, "pointer": told}]}),
        ),
        value(serde_json::json!({"code": told, "message": [told]})),
        // Where a list, a number, a SID is expected.
        value(
            serde_json::json!({"sid": told, "account_sid": told, "incoming_phone_numbers": [told],
            "results": told, "calls": told}),
        ),
        value(serde_json::json!(told)),
        format!("<html>{told}</html>"),
        format!("{{\"sid\": \"{told}"),
        told,
    ]
}

#[tokio::test]
async fn what_a_server_echoes_is_not_shown() {
    let world = World::new().await;
    for (source, user, secret) in [
        (credentials(), account(2).as_str().to_owned(), SUB_TOKEN),
        (key_credentials(), key().as_str().to_owned(), KEY_SECRET),
    ] {
        // A server knows the secrets it was called with and no others, nor does the client.
        let unknown: Vec<String> = canaries()
            .into_iter()
            .filter(|canary| canary != secret && *canary != encoded(&user, secret))
            .filter(|canary| !canary.starts_with("AC") && !canary.starts_with("SK"))
            .collect();
        for status in [200, 302, 400, 401, 429, 500] {
            for echo in echoes() {
                let echo = unknown.iter().fold(echo, |echo, one| echo.replace(one, ""));
                let server = Scripted::start([reply(status, &[], &echo)]).await;
                let client = TwilioClient::builder(source.clone())
                    .base_urls(BaseUrls::all(&server.url).unwrap())
                    .timer(VirtualClock::at(sample::time()))
                    .retries(0)
                    .build()
                    .unwrap();
                for route in [
                    FakeRoute::Account,
                    FakeRoute::Portability,
                    FakeRoute::Numbers,
                    FakeRoute::Eligibility,
                    FakeRoute::UpdateNumber,
                    FakeRoute::ServiceNumber,
                ] {
                    match world.call_on(&client, route).await {
                        Ok(shown) => clean(&shown),
                        Err(error) => clean(&all_of(error)),
                    }
                }
            }
        }
    }
}

/// Keeps every line that anything in this process logs.
struct Lines(Mutex<Vec<String>>);

static LINES: Lines = Lines(Mutex::new(Vec::new()));

impl log::Log for Lines {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = format!("{} {}", record.target(), record.args());
        self.0.lock().unwrap().push(line);
    }

    fn flush(&self) {}
}

fn keep_log() {
    static KEPT: Once = Once::new();
    KEPT.call_once(|| {
        log::set_logger(&LINES).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
}

#[tokio::test]
async fn no_line_of_the_log_shows_a_secret() {
    keep_log();
    for route in FakeRoute::ALL {
        let world = World::new().await;
        let _ = world.call_on(&world.client, route).await;
        world.fake.fault(route, FakeFault::Refuse(401, 20003));
        let _ = world.call_on(&world.client, route).await;
    }
    let lines = LINES.0.lock().unwrap();
    assert!(!lines.is_empty(), "the HTTP client logs its connections");
    for line in lines.iter() {
        clean(line);
    }
}
