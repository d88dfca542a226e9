//! Where a number is, in every way Twilio is documented to say it.

use snap_port::testing::{FakeFault, FakePortability, FakeRoute};
use snap_port::twilio::{PortabilityVerdict, TwilioCode};
use snap_port::{CarrierErrorKind, PhoneNumber};

use super::world::{World, account, phone};

const STYLES: [FakePortability; 4] = [
    FakePortability::BadRequest,
    FakePortability::Ok,
    FakePortability::Contradicting,
    FakePortability::Classic,
];

async fn verdict(world: &World, number: PhoneNumber) -> PortabilityVerdict {
    let answer = world.client.portability(number, &world.sub).await;
    answer.unwrap().verdict
}

#[tokio::test]
async fn where_a_number_is_does_not_hang_on_how_twilio_says_it() {
    let world = World::new().await;
    let [theirs, ours, nowhere] = ["+14155550121", "+14155550122", "+14155550123"].map(phone);
    world.fake.add_number(theirs, world.stranger.as_str());
    world.fake.add_number(ours, world.other_sub.as_str());
    world.fake.off_twilio(nowhere);
    for style in STYLES {
        world.fake.portability_style(style);
        assert!(verdict(&world, theirs).await.is_snap_port(), "{style:?}");
        let said = verdict(&world, ours).await;
        assert_eq!(said, PortabilityVerdict::OurOtherAccount, "{style:?}");
        let said = verdict(&world, world.number).await;
        assert_eq!(said, PortabilityVerdict::InTarget, "{style:?}");
        let said = verdict(&world, nowhere).await;
        assert_eq!(said, PortabilityVerdict::NotOnTwilio, "{style:?}");
    }
}

#[tokio::test]
async fn every_documented_reason_is_told_apart() {
    let world = World::new().await;
    for style in STYLES {
        world.fake.portability_style(style);
        for (code, expected) in [
            (22130, PortabilityVerdict::Unsupported),
            (22133, PortabilityVerdict::ManualOnly),
            (22135, PortabilityVerdict::TryAgain),
            (22137, PortabilityVerdict::PortUnderWay),
            (22102, PortabilityVerdict::InvalidNumber),
            (22171, PortabilityVerdict::MissingFields),
            (20003, PortabilityVerdict::NoAccess),
            (22199, PortabilityVerdict::Other(Some(22199))),
        ] {
            world.fake.portability_says(world.number, code);
            let said = world
                .client
                .portability(world.number, &world.sub)
                .await
                .unwrap();
            assert_eq!(said.verdict, expected, "{style:?}");
            assert_eq!(said.verdict.code(), Some(code));
            assert!(said.words.is_some());
        }
    }
}

#[tokio::test]
async fn the_account_is_told_of_our_own_numbers_only() {
    let world = World::new().await;
    let theirs = phone("+14155550121");
    world.fake.add_number(theirs, world.stranger.as_str());
    let said = world.client.portability(theirs, &world.sub).await.unwrap();
    assert_eq!(said.in_account, None);
    let said = world
        .client
        .portability(world.number, &world.other_sub)
        .await
        .unwrap();
    assert_eq!(said.in_account, Some(world.sub.clone()));
    let request = world.fake.requests().pop().unwrap();
    assert!(request.path.ends_with("/PhoneNumber/%2B14155550100"));
    let target = (
        "TargetAccountSid".to_owned(),
        world.other_sub.as_str().to_owned(),
    );
    assert_eq!(request.query, [target]);
}

#[tokio::test]
async fn a_problem_in_the_new_shape_is_a_verdict_too() {
    let world = World::new().await;
    let problem = FakeFault::Problem(400, 22132);
    world.fake.fault(FakeRoute::Portability, problem);
    assert!(verdict(&world, world.number).await.is_snap_port());
}

#[tokio::test]
async fn no_access_is_an_error_and_no_verdict() {
    let world = World::new().await;
    let stranger = account(0xbeef);
    let error = world
        .client
        .portability(world.number, &stranger)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Unauthorized);
    assert_eq!(error.code(), Some(TwilioCode::AuthenticationFailed));
}

#[tokio::test]
async fn eligibility_is_a_second_opinion() {
    let world = World::new().await;
    let said = world
        .client
        .eligibility(&world.sub, world.number)
        .await
        .unwrap();
    assert!(said.is_on_twilio());
    assert_eq!(said.status.as_deref(), Some("INELIGIBLE"));
    assert_eq!(said.inventory_account, Some(world.sub.clone()));
    let nowhere = world
        .client
        .eligibility(&world.sub, phone("+14155550123"))
        .await
        .unwrap();
    assert!(!nowhere.is_on_twilio());
    assert_eq!(nowhere.status.as_deref(), Some("ELIGIBLE"));
}
