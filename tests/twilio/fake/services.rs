use serde_json::{Value, json};
use snap_port::testing::FakeRoute;

use super::{AS_GAINING, GAINING, LOSING, OTHER_SERVICE, SERVICE, SIBLING, World, number};

fn pool(service: &str) -> String {
    format!("/v1/Services/{service}/PhoneNumbers")
}

async fn join(world: &World, service: &str, sid: &str) -> super::Got {
    world
        .post(AS_GAINING, &pool(service), &[("PhoneNumberSid", sid)])
        .await
}

#[tokio::test]
async fn joining_has_every_answer_twilio_has() {
    let world = World::new().await;
    let sid = world.fake.add_number(number(0), GAINING);
    let joined = join(&world, SERVICE, &sid).await;
    assert_eq!((joined.status, joined.sid()), (201, sid.clone()));
    assert_eq!(joined.json()["service_sid"], SERVICE);
    assert_eq!(joined.json()["date_created"], "2026-11-02T15:00:00Z");
    assert_eq!(join(&world, SERVICE, &sid).await.code(), (409, 21710));
    world.fake.rejoining_is_ok(true);
    assert_eq!(join(&world, SERVICE, &sid).await.status, 200);
    assert_eq!(join(&world, OTHER_SERVICE, &sid).await.code(), (409, 21712));
    assert_eq!(join(&world, SERVICE, "PN1").await.code(), (400, 21421));
    let missing = world.post(AS_GAINING, &pool(SERVICE), &[]).await;
    assert_eq!(missing.code(), (400, 20001));
    for account in [LOSING, SIBLING] {
        let foreign = world.fake.add_number(number(1), account);
        assert_eq!(join(&world, SERVICE, &foreign).await.code(), (404, 20404));
    }
    let voice_only = world.fake.add_number(number(2), GAINING);
    world.fake.without_texts(number(2));
    assert_eq!(
        join(&world, SERVICE, &voice_only).await.code(),
        (400, 21715)
    );
    assert_eq!(world.fake.effects(FakeRoute::JoinService), 1);

    world.fake.fill_service(SERVICE, 399);
    let one_more = world.fake.add_number(number(3), GAINING);
    assert_eq!(join(&world, SERVICE, &one_more).await.code(), (400, 21714));
    world.fake.service_limit(401);
    assert_eq!(join(&world, SERVICE, &one_more).await.status, 201);
}

#[tokio::test]
async fn a_pool_is_listed_looked_into_and_left() {
    let world = World::new().await;
    world.fake.fill_service(SERVICE, 5);
    let mut next = Some(format!("{}?PageSize=2", pool(SERVICE)));
    let mut seen: Vec<Value> = Vec::new();
    while let Some(path) = next {
        let page = world.get(AS_GAINING, &path).await.json();
        assert_eq!(page["meta"]["key"], "phone_numbers");
        seen.extend(page["phone_numbers"].as_array().unwrap().clone());
        let url = page["meta"]["next_page_url"].as_str();
        next = url.map(|url| url.strip_prefix(&world.fake.url()).unwrap().to_owned());
    }
    assert_eq!(seen.len(), 5);
    let sid = seen[0]["sid"].as_str().unwrap();
    let member = format!("{}/{sid}", pool(SERVICE));
    assert_eq!(world.get(AS_GAINING, &member).await.json(), seen[0]);
    assert_eq!(world.delete(AS_GAINING, &member).await.status, 204);
    assert_eq!(world.delete(AS_GAINING, &member).await.code(), (404, 20404));
    assert_eq!(world.get(AS_GAINING, &member).await.code(), (404, 20404));
    assert_eq!(world.fake.effects(FakeRoute::LeaveService), 1);
}

#[tokio::test]
async fn a_number_registers_in_a_service_whose_campaign_is_approved() {
    let world = World::new().await;
    let campaigns = format!("/v1/Services/{SERVICE}/Compliance/Usa2p");
    let none = world.get(AS_GAINING, &campaigns).await.json();
    assert_eq!(none["compliance"], json!([]));
    world.fake.set_campaign(SERVICE, "IN_PROGRESS");
    let sid = world.fake.add_number(number(0), GAINING);
    let toll_free = snap_port::PhoneNumber::from_e164("+18005550100").unwrap();
    let toll_free_sid = world.fake.add_number(toll_free, GAINING);
    for sid in [&sid, &toll_free_sid] {
        assert_eq!(join(&world, SERVICE, sid).await.status, 201);
    }
    world.pass(100 * 24 * 3600);
    assert!(!world.fake.is_registered(number(0)));

    world.fake.set_campaign(SERVICE, "VERIFIED");
    let verified = world.get(AS_GAINING, &campaigns).await.json();
    assert_eq!(verified["compliance"][0]["campaign_status"], "VERIFIED");
    world.pass(3599);
    assert!(!world.fake.is_registered(number(0)));
    world.pass(1);
    assert!(world.fake.is_registered(number(0)));
    assert!(!world.fake.is_registered(toll_free));
    world
        .delete(AS_GAINING, &format!("{}/{sid}", pool(SERVICE)))
        .await;
    assert!(!world.fake.is_registered(number(0)));

    // Who leaves while it is pending has to wait the whole time again.
    join(&world, SERVICE, &sid).await;
    world.pass(1800);
    world
        .delete(AS_GAINING, &format!("{}/{sid}", pool(SERVICE)))
        .await;
    join(&world, SERVICE, &sid).await;
    world.pass(1800);
    assert!(!world.fake.is_registered(number(0)));
    world.pass(1800);
    assert!(world.fake.is_registered(number(0)));
}

#[tokio::test]
async fn a_registration_takes_as_long_as_told_or_fails() {
    let world = World::new().await;
    world.fake.set_campaign(SERVICE, "VERIFIED");
    world.fake.register_after(chrono::TimeDelta::days(2));
    world
        .fake
        .register_number_after(number(1), chrono::TimeDelta::zero());
    world.fake.fail_registration(number(2), "no such carrier");
    for index in 0..3 {
        let sid = world.fake.add_number(number(index), GAINING);
        assert_eq!(join(&world, SERVICE, &sid).await.status, 201);
    }
    let registered = |index| world.fake.is_registered(number(index));
    assert_eq!([0, 1, 2].map(registered), [false, true, false]);
    world.pass(2 * 24 * 3600);
    assert_eq!([0, 1, 2].map(registered), [true, true, false]);
    world.fake.set_campaign(SERVICE, "FAILED");
    let campaigns = format!("/v1/Services/{SERVICE}/Compliance/Usa2p");
    let failed = world.get(AS_GAINING, &campaigns).await.json();
    assert_eq!(failed["compliance"][0]["errors"][0]["error_code"], 30896);
}
