use std::time::Duration;

use serde_json::Value;
use snap_port::testing::{FakeFault, FakeRoute};

use super::{AS_GAINING, GAINING, World, number, under};

/// A fake with one number, and the path that sets it.
async fn one_number() -> (World, String) {
    let world = World::new().await;
    let sid = world.fake.add_number(number(0), GAINING);
    (
        world,
        under(GAINING, &format!("/IncomingPhoneNumbers/{sid}.json")),
    )
}

const UPDATE: [(&str, &str); 1] = [("FriendlyName", "Front desk")];

#[tokio::test]
async fn an_error_says_nothing_of_its_effect() {
    let (world, path) = one_number().await;
    let fault = |fault| world.fake.fault(FakeRoute::UpdateNumber, fault);
    let effects = || world.fake.effects(FakeRoute::UpdateNumber);
    fault(FakeFault::TooMany {
        retry_after: Some(7),
    });
    let got = world.post(AS_GAINING, &path, &UPDATE).await;
    assert_eq!((got.code(), effects()), ((429, 20429), 0));
    assert_eq!(got.headers["retry-after"], "7");
    fault(FakeFault::TooMany { retry_after: None });
    let got = world.post(AS_GAINING, &path, &UPDATE).await;
    assert!(!got.headers.contains_key("retry-after"));
    fault(FakeFault::ErrorBefore(500));
    assert_eq!(
        (
            world.post(AS_GAINING, &path, &UPDATE).await.code(),
            effects()
        ),
        ((500, 20500), 0)
    );
    fault(FakeFault::Refuse(400, 21649));
    assert_eq!(
        (
            world.post(AS_GAINING, &path, &UPDATE).await.code(),
            effects()
        ),
        ((400, 21649), 0)
    );
    fault(FakeFault::Problem(400, 21649));
    let problem = world.post(AS_GAINING, &path, &UPDATE).await;
    assert_eq!(problem.headers["content-type"], "application/problem+json");
    assert_eq!(problem.json()["title"], "Bundle required");
    fault(FakeFault::Html);
    let page = world.post(AS_GAINING, &path, &UPDATE).await;
    assert_eq!((page.status, effects()), (502, 0));
    assert!(page.text.starts_with("<html>"));

    fault(FakeFault::ErrorAfter(503));
    assert_eq!(
        (
            world.post(AS_GAINING, &path, &UPDATE).await.code(),
            effects()
        ),
        ((503, 20503), 1)
    );
    fault(FakeFault::Malformed);
    let half = world.post(AS_GAINING, &path, &UPDATE).await;
    assert_eq!((half.status, effects()), (200, 2));
    assert!(serde_json::from_str::<Value>(&half.text).is_err());
    assert_eq!(world.post(AS_GAINING, &path, &UPDATE).await.status, 200);
    assert_eq!(world.fake.asked(FakeRoute::UpdateNumber), 9);
}

#[tokio::test]
async fn a_connection_is_cut_before_or_after_the_effect() {
    let (world, path) = one_number().await;
    for (fault, effects) in [(FakeFault::CutBefore, 0), (FakeFault::CutAfter, 1)] {
        world.fake.fault(FakeRoute::UpdateNumber, fault);
        let error = world
            .send(world.form(AS_GAINING, &path, &UPDATE))
            .await
            .unwrap_err();
        assert!(!error.is_connect() && !error.is_timeout(), "{error:?}");
        assert_eq!(world.fake.effects(FakeRoute::UpdateNumber), effects);
    }
    let statuses = world
        .fake
        .requests()
        .iter()
        .map(|r| r.status)
        .collect::<Vec<_>>();
    assert_eq!(statuses, [None, None]);
}

#[tokio::test]
async fn it_hangs_until_the_client_goes_away() {
    let (world, path) = one_number().await;
    for (fault, effects) in [(FakeFault::Hang, 0), (FakeFault::HangAfter, 1)] {
        world.fake.fault(FakeRoute::UpdateNumber, fault);
        let request = world.form(AS_GAINING, &path, &UPDATE);
        let request = request.timeout(Duration::from_millis(100));
        assert!(world.send(request).await.unwrap_err().is_timeout());
        assert_eq!(world.fake.effects(FakeRoute::UpdateNumber), effects);
    }
    // The next ones are answered as ever, and by and by the server notices who left.
    for _ in 0..1000 {
        assert_eq!(world.get(AS_GAINING, &path).await.status, 200);
        if world.fake.hanging() == 0 {
            return;
        }
    }
    panic!(
        "{} requests hang, but nobody waits for them",
        world.fake.hanging()
    );
}

#[tokio::test]
async fn a_slow_answer_is_the_right_one() {
    let (world, path) = one_number().await;
    let slow = FakeFault::Slow(Duration::from_millis(30));
    world.fake.fault(FakeRoute::Number, slow);
    assert_eq!(world.get(AS_GAINING, &path).await.status, 200);
    world.fake.fault(FakeRoute::UpdateNumber, slow);
    let request = world
        .form(AS_GAINING, &path, &UPDATE)
        .timeout(Duration::from_millis(5));
    assert!(world.send(request).await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn faults_come_in_turn_and_then_always() {
    let (world, path) = one_number().await;
    world
        .fake
        .fault_always(FakeRoute::Number, FakeFault::ErrorBefore(503));
    world
        .fake
        .fault(FakeRoute::Number, FakeFault::ErrorBefore(500));
    world
        .fake
        .fault(FakeRoute::Number, FakeFault::ErrorBefore(404));
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(world.get(AS_GAINING, &path).await.status);
    }
    assert_eq!(seen, [500, 404, 503, 503]);
    // Another route is as it was.
    assert_eq!(world.post(AS_GAINING, &path, &UPDATE).await.status, 200);
    world.fake.clear_faults();
    assert_eq!(world.get(AS_GAINING, &path).await.status, 200);
}

#[tokio::test]
async fn every_route_takes_faults() {
    let world = World::new().await;
    let hex = "0".repeat(31);
    let account = |rest: &str| under(GAINING, rest);
    for (route, method, path) in [
        (FakeRoute::Account, "GET", account(".json")),
        (
            FakeRoute::Accounts,
            "GET",
            "/2010-04-01/Accounts.json".to_owned(),
        ),
        (
            FakeRoute::Portability,
            "GET",
            "/v1/Porting/Portability/PhoneNumber/+1".to_owned(),
        ),
        (
            FakeRoute::Eligibility,
            "POST",
            "/v1/HostedNumber/Eligibility".to_owned(),
        ),
        (
            FakeRoute::Numbers,
            "GET",
            account("/IncomingPhoneNumbers.json"),
        ),
        (
            FakeRoute::Number,
            "GET",
            account(&format!("/IncomingPhoneNumbers/PN{hex}1.json")),
        ),
        (
            FakeRoute::UpdateNumber,
            "POST",
            account(&format!("/IncomingPhoneNumbers/PN{hex}1.json")),
        ),
        (
            FakeRoute::ServiceNumbers,
            "GET",
            format!("/v1/Services/MG{hex}1/PhoneNumbers"),
        ),
        (
            FakeRoute::ServiceNumber,
            "GET",
            format!("/v1/Services/MG{hex}1/PhoneNumbers/PN{hex}1"),
        ),
        (
            FakeRoute::JoinService,
            "POST",
            format!("/v1/Services/MG{hex}1/PhoneNumbers"),
        ),
        (
            FakeRoute::LeaveService,
            "DELETE",
            format!("/v1/Services/MG{hex}1/PhoneNumbers/PN{hex}1"),
        ),
        (
            FakeRoute::Campaigns,
            "GET",
            format!("/v1/Services/MG{hex}1/Compliance/Usa2p"),
        ),
        (FakeRoute::PlaceCall, "POST", account("/Calls.json")),
        (
            FakeRoute::Call,
            "GET",
            account(&format!("/Calls/CA{hex}1.json")),
        ),
        (FakeRoute::Calls, "GET", account("/Calls.json")),
        (FakeRoute::SendMessage, "POST", account("/Messages.json")),
        (
            FakeRoute::Message,
            "GET",
            account(&format!("/Messages/SM{hex}1.json")),
        ),
        (FakeRoute::Messages, "GET", account("/Messages.json")),
        (FakeRoute::Alerts, "GET", "/v1/Alerts".to_owned()),
    ] {
        world.fake.fault(route, FakeFault::Refuse(418, 99_999));
        let got = world
            .send(world.request(method, AS_GAINING, &path))
            .await
            .unwrap();
        assert_eq!(got.code(), (418, 99_999), "{route}");
        assert_eq!(world.fake.asked(route), 1, "{route}");
    }
    assert_eq!(world.fake.requests().len(), FakeRoute::ALL.len());
}
