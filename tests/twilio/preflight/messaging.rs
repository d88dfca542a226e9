//! Whether the numbers will text.

use snap_port::NumberList;
use snap_port::testing::{FakeAccount, sample};
use snap_port::twilio::{
    AccountSid, CampaignStatus, Credentials, NumberSetup, NumberSid, PreflightAsk, PreflightIssue,
    ServiceSid, SmsRoute, VoiceRoute,
};

use super::{GAINING, LOSING, SERVICE, World, blockers, id, service, warnings};

#[tokio::test]
async fn campaigns_that_are_not_approved_warn() {
    for (word, status) in [
        ("PENDING", CampaignStatus::Pending),
        ("IN_PROGRESS", CampaignStatus::InProgress),
        ("FAILED", CampaignStatus::Failed),
        ("PAUSED", CampaignStatus::Other("PAUSED".to_owned())),
    ] {
        let world = World::ready(1).await;
        world.fake.set_campaign(SERVICE, word);
        let preflight = world.preflight().await;
        let issue = PreflightIssue::CampaignNotApproved(status);
        assert_eq!(warnings(&preflight), [&issue]);
        assert!(preflight.is_ready(), "the numbers move all the same");
        assert!(issue.meaning().contains("30034"));
    }
    // A Canadian number needs one for its texts to the United States.
    let canadian = NumberList::parse("+14165550123", None).unwrap();
    for numbers in [sample::numbers(1), canadian] {
        let account = FakeAccount::new(GAINING).token("gaining");
        let world = World::gaining(numbers, account).await;
        assert_eq!(
            warnings(&world.preflight().await),
            [&PreflightIssue::NoCampaign]
        );
    }
}

#[tokio::test]
async fn a_service_needs_room_for_every_number() {
    let world = World::ready(3).await;
    world.fake.fill_service(SERVICE, 397);
    assert_eq!(world.preflight().await.warnings().count(), 0);
    world.fake.fill_service(SERVICE, 1);
    let preflight = world.preflight().await;
    let issue = PreflightIssue::PoolTooSmall {
        holds: 398,
        limit: 400,
        joining: 3,
    };
    assert_eq!(warnings(&preflight), [&issue]);
}

#[tokio::test]
async fn a_sole_proprietors_campaign_holds_one_number() {
    for (count, holds, fits) in [(1, 0, true), (2, 0, false), (1, 1, false)] {
        let account = FakeAccount::new(GAINING).token("gaining");
        let world = World::gaining(sample::numbers(count), account).await;
        // One that failed before it says nothing.
        for (status, use_case) in [("FAILED", "MARKETING"), ("VERIFIED", "SOLE_PROPRIETOR")] {
            assert!(world.fake.add_campaign(SERVICE, status, use_case));
        }
        world.fake.fill_service(SERVICE, holds);
        let preflight = world.preflight().await;
        let issue = PreflightIssue::SoleProprietor {
            holds,
            joining: count,
        };
        let expected = if fits { vec![] } else { vec![&issue] };
        assert_eq!(warnings(&preflight), expected, "{count} to {holds}");
    }
    let world = World::ready(1).await;
    assert!(!world.fake.add_campaign("MG1", "VERIFIED", "MARKETING"));
}

#[tokio::test]
async fn a_service_must_exist_in_the_gaining_account() {
    let world = World::ready(1).await;
    let ask = PreflightAsk::new(world.numbers.clone(), id(GAINING)).with_losing(id(LOSING));
    let other = "MG000000000000000000000000000000ff";
    let preflight = world
        .asking(&ask.clone().with_messaging(service(other)))
        .await;
    assert_eq!(blockers(&preflight), [&PreflightIssue::NoSuchService]);
    let preflight = world.asking(&ask.with_messaging(service("the pool"))).await;
    assert_eq!(blockers(&preflight), [&PreflightIssue::NotASid]);
}

#[tokio::test]
async fn texts_that_go_to_a_service_need_one() {
    let world = World::ready(1).await;
    let with = |sms| {
        let gaining = AccountSid::parse(GAINING).unwrap();
        let voice = VoiceRoute::url("https://ours.example/voice").unwrap();
        let token = Credentials::auth_token(gaining, "gaining");
        world
            .builder(token)
            .setup(NumberSetup::new(voice, sms))
            .build()
    };
    let none = PreflightAsk::new(world.numbers.clone(), id(GAINING)).with_losing(id(LOSING));
    let by_service = with(SmsRoute::MessagingService);
    let preflight = by_service.preflight(&none).await;
    assert_eq!(blockers(&preflight), [&PreflightIssue::NoServiceNamed]);
    let said = preflight.findings()[0].to_string();
    assert!(said.contains("name the messaging service"), "{said}");
    assert!(by_service.preflight(&world.ask()).await.is_ready());
    let by_url = with(SmsRoute::url("https://ours.example/sms").unwrap());
    assert!(by_url.preflight(&none).await.is_ready());
}

#[tokio::test]
async fn a_number_that_is_in_the_service_needs_no_more_room() {
    let world = World::ready(1).await;
    world.fake.fill_service(SERVICE, 399);
    let there = world.fake.add_number(world.number(0), GAINING);
    let client = world.carrier("gaining").client().clone();
    let gaining = AccountSid::parse(GAINING).unwrap();
    let pool = ServiceSid::parse(SERVICE).unwrap();
    let there = NumberSid::parse(&there).unwrap();
    client
        .add_to_service(&gaining, &pool, &there)
        .await
        .unwrap();
    let preflight = world.preflight().await;
    assert_eq!(warnings(&preflight), [] as [&PreflightIssue; 0]);
}
