use chrono::TimeDelta;
use serde_json::{Value, json};
use snap_port::PhoneNumber;
use snap_port::testing::{FakeAlert, FakeLeg, FakeOutcome, FakeRoute};

use super::{AS_GAINING, AS_LOSING, GAINING, LOSING, World, number, under};

const TWIML: (&str, &str) = ("Twiml", "<Response><Hangup/></Response>");

fn outside() -> PhoneNumber {
    PhoneNumber::from_e164("+16505550199").unwrap()
}

async fn call(world: &World, to: PhoneNumber) -> String {
    let form =
        [("To", to.as_str()), ("From", number(0).as_str()), TWIML].map(|(k, v)| (k, v.to_owned()));
    let form = form.each_ref().map(|(k, v)| (*k, v.as_str()));
    let got = world
        .post(AS_GAINING, &under(GAINING, "/Calls.json"), &form)
        .await;
    assert_eq!((got.status, &got.json()["status"]), (201, &json!("queued")));
    got.sid()
}

async fn shown(world: &World, sid: &str) -> Value {
    world
        .get(AS_GAINING, &under(GAINING, &format!("/Calls/{sid}.json")))
        .await
        .json()
}

#[tokio::test]
async fn a_call_goes_its_way_with_the_clock() {
    let world = World::new().await;
    world.fake.add_number(number(0), GAINING);
    let sid = call(&world, outside()).await;
    for (seconds, status) in [
        (0, "queued"),
        (1, "ringing"),
        (3, "in-progress"),
        (5, "completed"),
    ] {
        world.pass(seconds);
        assert_eq!(shown(&world, &sid).await["status"], status);
    }
    let over = shown(&world, &sid).await;
    assert_eq!(over["direction"], "outbound-api");
    assert_eq!(over["duration"], "8");
    assert_eq!(over["end_time"], "Mon, 02 Nov 2026 15:00:09 +0000");
    world.pass(100);
    assert_eq!(shown(&world, &sid).await, over);
}

#[tokio::test]
async fn a_call_to_a_number_of_this_world_rings_there() {
    let world = World::new().await;
    world.fake.add_number(number(0), GAINING);
    world.fake.add_number(number(1), LOSING);
    call(&world, number(1)).await;
    let calls = under(LOSING, "/Calls.json");
    assert_eq!(
        world.get(AS_LOSING, &calls).await.json()["calls"],
        json!([])
    );
    world.pass(1);
    let ringing = world.get(AS_LOSING, &calls).await.json();
    assert_eq!(ringing["calls"][0]["direction"], "inbound");
    assert_eq!(ringing["calls"][0]["status"], "ringing");
    world.pass(8);
    let over = world.get(AS_LOSING, &calls).await.json();
    assert_eq!(over["calls"][0]["status"], "completed");
    assert_eq!(over["calls"][0]["from"], number(0).as_str());

    world
        .fake
        .call_outcome(number(1), FakeOutcome::completed().unheard());
    call(&world, number(1)).await;
    world.pass(60);
    let still = world.get(AS_LOSING, &calls).await.json();
    assert_eq!(still["calls"].as_array().unwrap().len(), 1);
    assert!(world.fake.call_from_outside(outside(), number(1)).is_some());
    assert!(world.fake.call_from_outside(outside(), outside()).is_none());
    let more = world.get(AS_LOSING, &calls).await.json();
    assert_eq!(more["calls"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn calls_end_as_they_are_told() {
    let world = World::new().await;
    world.fake.add_number(number(0), GAINING);
    let soon = TimeDelta::milliseconds(500);
    for (outcome, seconds, status) in [
        (FakeOutcome::busy(), 3, "busy"),
        (FakeOutcome::no_answer(), 31, "no-answer"),
        (FakeOutcome::completed().after(soon), 1, "completed"),
        (FakeOutcome::never_ends(), 100_000, "ringing"),
        (FakeOutcome::ends("teleported"), 2, "teleported"),
        (FakeOutcome::failed(13225), 2, "failed"),
    ] {
        world.fake.call_outcome(FakeLeg::To(outside()), outcome);
        let sid = call(&world, outside()).await;
        world.pass(seconds);
        assert_eq!(shown(&world, &sid).await["status"], status);
    }
    // Only what failed is in the error log.
    let alerts = world.get(AS_GAINING, "/v1/Alerts").await.json();
    assert_eq!(alerts["alerts"].as_array().unwrap().len(), 1);
    assert_eq!(alerts["alerts"][0]["error_code"], "13225");
    assert!(
        alerts["alerts"][0]["resource_sid"]
            .as_str()
            .unwrap()
            .starts_with("CA")
    );
    world
        .fake
        .call_outcome(number(0), FakeOutcome::refused(21215));
    world
        .fake
        .call_outcome(FakeLeg::To(outside()), FakeOutcome::completed());
    call(&world, outside()).await;
    let other = PhoneNumber::from_e164("+16505550198").unwrap();
    let form = [("To", other.as_str()), ("From", number(0).as_str()), TWIML]
        .map(|(k, v)| (k, v.to_owned()));
    let form = form.each_ref().map(|(k, v)| (*k, v.as_str()));
    let refused = world
        .post(AS_GAINING, &under(GAINING, "/Calls.json"), &form)
        .await;
    assert_eq!(refused.code(), (400, 21215));
}

#[tokio::test]
async fn a_call_needs_both_ends_and_something_to_say() {
    let world = World::new().await;
    world.fake.add_number(number(0), GAINING);
    world.fake.add_number(number(1), LOSING);
    let (own, foreign) = (String::from(number(0)), String::from(number(1)));
    let (own, foreign, to) = (own.as_str(), foreign.as_str(), "+16505550199");
    for (form, code) in [
        (vec![("From", own), TWIML], 21201),
        (vec![("To", to), TWIML], 21213),
        (vec![("To", "650"), ("From", own), TWIML], 21211),
        (vec![("To", to), ("From", "415"), TWIML], 21212),
        (vec![("To", to), ("From", foreign), TWIML], 21210),
        (vec![("To", to), ("From", own)], 21205),
        (vec![("To", to), ("From", own), ("Url", "nothing")], 21205),
        (
            vec![("To", to), ("From", own), TWIML, ("Method", "PUT")],
            21209,
        ),
        (
            vec![("To", to), ("From", own), TWIML, ("Timeout", "601")],
            21208,
        ),
        (
            vec![("To", to), ("From", own), TWIML, ("StatusCallback", "x")],
            21609,
        ),
        (
            vec![
                ("To", to),
                ("From", own),
                TWIML,
                ("StatusCallbackEvent", "x"),
            ],
            21626,
        ),
    ] {
        let got = world
            .post(AS_GAINING, &under(GAINING, "/Calls.json"), &form)
            .await;
        assert_eq!(got.code(), (400, code), "{form:?}");
    }
    assert_eq!(world.fake.effects(FakeRoute::PlaceCall), 0);
}

#[tokio::test]
async fn calls_are_found_by_ends_status_and_time() {
    let world = World::new().await;
    world.fake.add_number(number(0), GAINING);
    let first = call(&world, outside()).await;
    world.pass(24 * 3600);
    let second = call(&world, number(5)).await;
    let sids = async |query: &str| {
        let path = under(GAINING, &format!("/Calls.json{query}"));
        let page = world.get(AS_GAINING, &path).await.json();
        let calls = page["calls"].as_array().unwrap().clone();
        calls
            .iter()
            .map(|call| call["sid"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(sids("").await, [second.as_str(), first.as_str()]);
    assert_eq!(sids("?To=%2B16505550199").await, [first.as_str()]);
    assert_eq!(sids("?Status=queued").await, [second.as_str()]);
    assert_eq!(
        sids("?StartTime%3E=2026-11-03T00:00:00Z").await,
        [second.as_str()]
    );
    assert_eq!(sids("?StartTime%3C=2026-11-02").await, [first.as_str()]);
    assert_eq!(sids("?StartTime=2026-11-02").await, [first.as_str()]);
    assert_eq!(sids("?EndTime%3E=2026-11-01").await, [first.as_str()]);
    let wrong = under(GAINING, "/Calls.json?StartTime=yesterday");
    assert_eq!(world.get(AS_GAINING, &wrong).await.code(), (400, 20001));
    let foreign = under(LOSING, &format!("/Calls/{first}.json"));
    assert_eq!(world.get(AS_LOSING, &foreign).await.code(), (404, 20404));
}

#[tokio::test]
async fn alerts_are_found_by_level_and_time_for_thirty_days() {
    let world = World::new().await;
    let now = snap_port::testing::sample::time();
    for (code, days, level) in [
        (1, 31, "error"),
        (2, 29, "error"),
        (3, 1, "warning"),
        (4, 0, "error"),
    ] {
        let alert = FakeAlert::new(code, "text")
            .log_level(level)
            .resource("PN1");
        world
            .fake
            .add_alert(GAINING, alert.at(now - TimeDelta::days(days)));
    }
    world
        .fake
        .add_alert(LOSING, FakeAlert::new(5, "of another account"));
    let codes = async |query: &str| {
        let page = world
            .get(AS_GAINING, &format!("/v1/Alerts{query}"))
            .await
            .json();
        let alerts = page["alerts"].as_array().unwrap().clone();
        let codes = alerts
            .iter()
            .map(|alert| alert["error_code"].as_str().unwrap().to_owned());
        codes.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(codes("").await, "4 3 2");
    assert_eq!(codes("?LogLevel=error").await, "4 2");
    assert_eq!(codes("?StartDate=2026-11-01T15:00:00Z").await, "4 3");
    assert_eq!(codes("?EndDate=2026-11-01").await, "3 2");
    assert_eq!(
        codes("?StartDate=2026-11-02&EndDate=2026-11-02T14:59:59Z").await,
        ""
    );
    let first = world.get(AS_GAINING, "/v1/Alerts?PageSize=1").await.json();
    assert_eq!(first["alerts"][0]["date_generated"], "2026-11-02T15:00:00Z");
    assert!(
        first["meta"]["next_page_url"]
            .as_str()
            .unwrap()
            .starts_with(&world.fake.url())
    );
    assert_eq!(
        world
            .get(AS_GAINING, "/v1/Alerts?LogLevel=all")
            .await
            .code(),
        (400, 20001)
    );
}
