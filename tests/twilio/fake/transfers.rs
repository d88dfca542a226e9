use super::{
    AS_GAINING, AS_LOSING, AS_OWNER, GAINING, LOSING, OWNER, SERVICE, SIBLING, World, number, under,
};
use snap_port::testing::FakeRoute;

async fn transfer(world: &World, who: (&str, &str), from: &str, to: &str) -> super::Got {
    let sid = world.fake.sid_of(number(0)).unwrap();
    let path = under(from, &format!("/IncomingPhoneNumbers/{sid}.json"));
    world.post(who, &path, &[("AccountSid", to)]).await
}

#[tokio::test]
async fn every_move_twilio_refuses_has_its_code() {
    let world = World::new().await;
    world.fake.add_number(number(0), GAINING);
    let nobody = "AC000000000000000000000000000000ff";
    for (who, to, code) in [
        (AS_OWNER, "AC1", 21470),
        (AS_OWNER, nobody, 21471),
        (AS_OWNER, LOSING, 21473),
        (AS_GAINING, LOSING, 21473),
        (AS_GAINING, SIBLING, 21474),
    ] {
        assert_eq!(transfer(&world, who, GAINING, to).await.code(), (400, code));
    }
    world.fake.set_account_status(SIBLING, "suspended");
    assert_eq!(
        transfer(&world, AS_OWNER, GAINING, SIBLING).await.code(),
        (400, 21472)
    );
    assert_eq!(
        transfer(&world, AS_OWNER, SIBLING, GAINING).await.code(),
        (404, 20404)
    );
    assert_eq!(
        transfer(&world, AS_LOSING, GAINING, LOSING).await.code(),
        (401, 20003)
    );
    assert_eq!(world.fake.owner_of(number(0)).as_deref(), Some(GAINING));
    assert_eq!(world.fake.effects(FakeRoute::UpdateNumber), 0);
    assert_eq!(world.fake.asked(FakeRoute::UpdateNumber), 8);
}

#[tokio::test]
async fn a_move_wipes_what_was_set_and_gives_a_new_sid() {
    let world = World::new().await;
    let old = world.fake.add_number(number(0), GAINING);
    let path = under(GAINING, &format!("/IncomingPhoneNumbers/{old}.json"));
    world
        .post(AS_GAINING, &path, &[("FriendlyName", "Front desk")])
        .await;
    world.fake.set_campaign(SERVICE, "VERIFIED");
    let pool = format!("/v1/Services/{SERVICE}/PhoneNumbers");
    world
        .post(AS_GAINING, &pool, &[("PhoneNumberSid", &old)])
        .await;
    world.pass(3600);
    assert!(world.fake.is_registered(number(0)));

    let moved = transfer(&world, AS_OWNER, GAINING, SIBLING).await;
    assert_eq!(moved.status, 200);
    assert_eq!(moved.json()["account_sid"], SIBLING);
    assert_eq!(moved.json()["friendly_name"], "+14155550100");
    assert_ne!(moved.sid(), old);
    assert!(!world.fake.is_registered(number(0)));
    assert_eq!(world.get(AS_GAINING, &path).await.code(), (404, 20404));
    assert_eq!(
        world.get(AS_GAINING, &format!("{pool}/{old}")).await.code(),
        (404, 20404)
    );

    world.fake.keep_number_sids(true);
    assert_eq!(
        transfer(&world, AS_OWNER, SIBLING, OWNER).await.sid(),
        moved.sid()
    );
}

#[tokio::test]
async fn what_a_country_asks_for_can_be_brought() {
    let world = World::new().await;
    let sid = world.fake.add_number(number(0), GAINING);
    let path = under(GAINING, &format!("/IncomingPhoneNumbers/{sid}.json"));
    for (code, name, kind) in [
        (21631, "AddressSid", "AD"),
        (21649, "BundleSid", "BU"),
        (21651, "IdentitySid", "RI"),
    ] {
        world.fake.transfer_says(number(0), code);
        let (there, back) = ((GAINING, SIBLING), (SIBLING, GAINING));
        let refused = transfer(&world, AS_OWNER, there.0, there.1).await;
        assert_eq!(refused.code(), (400, u64::from(code)));
        for (from, to) in [there, back] {
            let path = under(
                from,
                &format!(
                    "/IncomingPhoneNumbers/{}.json",
                    world.fake.sid_of(number(0)).unwrap()
                ),
            );
            let brought = format!("{kind}{:032}", 1);
            let form = [("AccountSid", to), (name, &brought)];
            assert_eq!(
                world.post(AS_OWNER, &path, &form).await.status,
                200,
                "{code}"
            );
        }
    }
    world.fake.transfer_says(number(0), 22402);
    assert_eq!(
        transfer(&world, AS_OWNER, GAINING, SIBLING).await.code(),
        (400, 22402)
    );
    assert_eq!(world.get(AS_GAINING, &path).await.code(), (404, 20404));
}
