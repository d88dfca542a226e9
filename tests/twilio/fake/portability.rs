use serde_json::{Value, json};
use snap_port::testing::{FakePortability, FakeRoute};

use super::{AS_GAINING, AS_LOSING, AS_OWNER, GAINING, LOSING, SIBLING, World, number};

fn path(number: &str, target: &str) -> String {
    let number = number.replace('+', "%2B");
    format!("/v1/Porting/Portability/PhoneNumber/{number}?TargetAccountSid={target}")
}

#[tokio::test]
async fn a_number_is_seen_from_the_target_account() {
    let world = World::new().await;
    world.fake.add_number(number(0), LOSING);
    let path = path(number(0).as_str(), GAINING);
    let stranger = world.get(AS_GAINING, &path).await;
    assert_eq!(stranger.status, 400);
    assert_eq!(stranger.json()["not_portable_reason_code"], 22132);
    assert_eq!(
        stranger.json()["not_portable_reason"],
        "ALREADY_IN_TWILIO_DIFFERENT_OWNER"
    );
    assert_eq!(stranger.json()["account_sid"], Value::Null);
    assert_eq!(stranger.json()["portable"], false);
    assert_eq!(stranger.json()["country"], "US");

    world.fake.add_number(number(0), SIBLING);
    let ours = world.get(AS_GAINING, &path).await.json();
    assert_eq!(ours["not_portable_reason_code"], 22136);
    assert_eq!(ours["account_sid"], SIBLING);

    world.fake.add_number(number(0), GAINING);
    let there = world.get(AS_OWNER, &path).await.json();
    assert_eq!(there["not_portable_reason_code"], 22131);
    assert_eq!(there["account_sid"], GAINING);

    world.fake.off_twilio(number(0));
    let elsewhere = world.get(AS_GAINING, &path).await;
    assert_eq!(elsewhere.status, 200);
    assert_eq!(elsewhere.json()["portable"], true);
    assert_eq!(elsewhere.json()["not_portable_reason_code"], Value::Null);
}

#[tokio::test]
async fn it_says_no_in_every_shape_that_was_seen() {
    let world = World::new().await;
    world.fake.add_number(number(0), LOSING);
    let path = path(number(0).as_str(), GAINING);
    world.fake.portability_style(FakePortability::Ok);
    let got = world.get(AS_GAINING, &path).await;
    assert_eq!((got.status, &got.json()["portable"]), (200, &json!(false)));
    world.fake.portability_style(FakePortability::Contradicting);
    let got = world.get(AS_GAINING, &path).await;
    assert_eq!((got.status, &got.json()["portable"]), (200, &json!(true)));
    assert_eq!(got.json()["not_portable_reason_code"], 22132);
    world.fake.portability_style(FakePortability::Classic);
    assert_eq!(world.get(AS_GAINING, &path).await.code(), (400, 22132));

    world.fake.portability_style(FakePortability::BadRequest);
    world.fake.portability_says(number(0), 22133);
    let told = world.get(AS_GAINING, &path).await.json();
    assert_eq!(told["not_portable_reason"], "MANUAL_PORTING_AVAILABLE");
    world.fake.portability_tells_the_truth(number(0));
    let truth = world.get(AS_GAINING, &path).await.json();
    assert_eq!(truth["not_portable_reason_code"], 22132);
}

#[tokio::test]
async fn it_needs_a_number_and_a_target_that_is_the_callers() {
    let world = World::new().await;
    for target in [LOSING, "AC1", "AC000000000000000000000000000000ff"] {
        let got = world
            .get(AS_GAINING, &path(number(0).as_str(), target))
            .await;
        assert_eq!(got.code(), (401, 20003), "{target}");
    }
    let own = format!("/v1/Porting/Portability/PhoneNumber/{}", number(0));
    assert_eq!(world.get(AS_LOSING, &own).await.status, 200);
    let unknown = world.get(AS_LOSING, &format!("{own}?Target=x")).await;
    assert_eq!(unknown.code(), (400, 20001));
    let no_number = world.get(AS_GAINING, &path("4155550100", GAINING)).await;
    assert_eq!(no_number.status, 400);
    assert_eq!(no_number.json()["not_portable_reason_code"], 22102);
    assert_eq!(world.fake.asked(FakeRoute::Portability), 6);
}

#[tokio::test]
async fn eligibility_tells_what_is_on_twilio() {
    let world = World::new().await;
    world.fake.add_number(number(0), LOSING);
    let ask = async |who, body: Value| {
        let request = world.request("POST", who, "/v1/HostedNumber/Eligibility");
        let request = request
            .header("content-type", "application/json")
            .body(body.to_string());
        world.send(request).await.unwrap()
    };
    let number_of = |index| json!({ "phone_numbers": [number(index).as_str()] });
    let there = ask(AS_GAINING, number_of(0)).await.json();
    assert_eq!(
        there["results"][0]["eligibility_sub_status"],
        "ALREADY_IN_TWILIO"
    );
    assert_eq!(there["results"][0]["inventory_account_sid"], Value::Null);
    let owned = ask(AS_LOSING, number_of(0)).await.json();
    assert_eq!(owned["results"][0]["inventory_account_sid"], LOSING);
    let elsewhere = ask(AS_GAINING, number_of(1)).await.json();
    assert_eq!(elsewhere["results"][0]["eligibility_status"], "ELIGIBLE");
    let format = ask(AS_GAINING, json!({ "phone_numbers": ["415"] }))
        .await
        .json();
    assert_eq!(
        format["results"][0]["eligibility_sub_status"],
        "NUMBER_FORMAT_INELIGIBLE"
    );
    for wrong in [
        json!({}),
        json!({ "phone_numbers": [] }),
        json!([]),
        json!({"phone_numbers": [1]}),
    ] {
        assert_eq!(ask(AS_GAINING, wrong).await.code(), (400, 20001));
    }
}
