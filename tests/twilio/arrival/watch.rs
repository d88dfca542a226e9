//! The watch over numbers that have not arrived.

use chrono::TimeDelta;
use snap_port::CarrierClient;
use snap_port::testing::{FakeFault, FakeRoute};
use snap_port::twilio::{Credentials, StaticCredentials, Watched};

use super::{GAINING, OWNER, WRONG, World, arrived, sid, words};

#[tokio::test]
async fn each_missing_number_is_asked_about_once_a_day() {
    let world = World::with(3).await;
    let carrier = world.carrier();
    world.moves(2, GAINING);
    for hour in 0..24 {
        let report = carrier.status(&world.query()).await.unwrap();
        assert_eq!(words(&report), "", "{hour}");
        world.ages(TimeDelta::hours(1));
    }
    assert_eq!(
        world.asked(FakeRoute::Portability),
        2,
        "what arrived is not asked about"
    );
    carrier.status(&world.query()).await.unwrap();
    assert_eq!(world.asked(FakeRoute::Portability), 4);
    for request in world.fake.requests() {
        if request.path.contains("Portability") {
            let target = ("TargetAccountSid".to_owned(), GAINING.to_owned());
            assert!(request.query.contains(&target), "{:?}", request.query);
        }
    }
}

#[tokio::test]
async fn a_clock_set_back_makes_no_answer_last_longer() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    carrier.status(&world.query()).await.unwrap();
    world.fake.portability_says(world.number(0), 22133);
    world.ages(TimeDelta::days(-30));
    let report = carrier.status(&world.query()).await.unwrap();
    assert!(words(&report).contains("22133"));
}

#[tokio::test]
async fn any_change_is_an_alarm_until_it_is_over() {
    let world = World::with(4).await;
    let carrier = world.carrier();
    assert_eq!(words(&carrier.status(&world.query()).await.unwrap()), "");
    world.fake.portability_says(world.number(0), 22133);
    world.fake.portability_says(world.number(1), 22137);
    world.fake.portability_says(world.number(2), 22133);
    world.ages(TimeDelta::days(1));
    let report = carrier.status(&world.query()).await.unwrap();
    let first = words(&report).to_owned();
    for expected in [
        "22133",
        "22137",
        world.number(0).as_str(),
        world.number(1).as_str(),
    ] {
        assert!(first.contains(expected), "{first}");
    }
    assert!(!first.contains(world.number(3).as_str()), "{first}");
    // Meanwhile it is repeated, in the same words, from memory.
    world.ages(TimeDelta::hours(1));
    let asked = world.asked(FakeRoute::Portability);
    assert_eq!(words(&carrier.status(&world.query()).await.unwrap()), first);
    assert_eq!(world.asked(FakeRoute::Portability), asked);
    for index in 0..3 {
        world.fake.portability_says(world.number(index), 22132);
    }
    world.ages(TimeDelta::days(1));
    assert_eq!(words(&carrier.status(&world.query()).await.unwrap()), "");
}

#[tokio::test]
async fn a_number_that_left_twilio_is_an_alarm() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.fake.off_twilio(world.number(0));
    let report = carrier.status(&world.query()).await.unwrap();
    let said = words(&report);
    for part in [
        world.number(0).as_str(),
        "deleted or released",
        "Released Numbers within 10 days",
        "not to release it again",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert!(!said.contains("port-in"), "{said}");
}

#[tokio::test]
async fn many_changes_are_named_in_bounded_words() {
    let world = World::with(150).await;
    let carrier = world.carrier();
    for (i, number) in world.numbers.iter().enumerate() {
        world
            .fake
            .portability_says(*number, 23_000 + u32::try_from(i).unwrap() / 2);
    }
    let report = carrier.status(&world.query()).await.unwrap();
    let said = words(&report);
    assert!(said.contains("23000") && said.contains("more"), "{said}");
    assert!(said.len() < 4_000, "{}", said.len());
}

#[tokio::test]
async fn on_its_way_is_no_alarm_and_is_asked_about_again_soon() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.fake.portability_says(world.number(0), 22131);
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!((arrived(&report), words(&report)), (vec![], ""));
    assert_eq!(
        carrier.watch().told(world.number(0), &sid(GAINING)),
        Watched::OnItsWay
    );
    world.fake.portability_says(world.number(0), 22133);
    world.ages(TimeDelta::minutes(15));
    let report = carrier.status(&world.query()).await.unwrap();
    assert!(words(&report).contains("22133"));
}

#[tokio::test]
async fn passing_failures_of_the_watch_fail_nothing_and_alarm_nobody() {
    for fault in [
        FakeFault::ErrorBefore(500),
        FakeFault::ErrorBefore(503),
        FakeFault::TooMany { retry_after: None },
        FakeFault::CutBefore,
        FakeFault::Malformed,
        FakeFault::Html,
    ] {
        let world = World::with(2).await;
        let carrier = world.carrier();
        world.moves(1, GAINING);
        let shown = format!("{fault:?}");
        world.fake.fault_always(FakeRoute::Portability, fault);
        let report = carrier.status(&world.query()).await.unwrap();
        assert_eq!(arrived(&report), [(world.number(1), GAINING)], "{shown}");
        assert_eq!(words(&report), "", "{shown}");
    }
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.fake.portability_says(world.number(0), 22135);
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!(words(&report), "");
    // What fails for a day is watched by nobody, and that is said.
    world.ages(TimeDelta::hours(25));
    let report = carrier.status(&world.query()).await.unwrap();
    assert!(words(&report).contains("not watched"), "{}", words(&report));
}

#[tokio::test]
async fn one_look_asks_about_200_numbers_and_the_next_about_the_rest() {
    let world = World::with(250).await;
    let carrier = world.carrier();
    for asked in [200, 250, 250] {
        carrier.status(&world.query()).await.unwrap();
        assert_eq!(world.asked(FakeRoute::Portability), asked);
    }
}

#[tokio::test]
async fn a_watch_that_fails_is_not_asked_about_every_number() {
    let world = World::with(100).await;
    let carrier = world.carrier();
    world
        .fake
        .fault_always(FakeRoute::Portability, FakeFault::ErrorBefore(503));
    carrier.status(&world.query()).await.unwrap();
    assert!(world.asked(FakeRoute::Portability) <= 16);
}

#[tokio::test]
async fn a_known_alarm_outlives_a_passing_failure() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.fake.portability_says(world.number(0), 22133);
    let first = carrier.status(&world.query()).await.unwrap();
    world.fake.portability_says(world.number(0), 22135);
    world.ages(TimeDelta::days(1));
    assert_eq!(carrier.status(&world.query()).await.unwrap(), first);
}

#[tokio::test]
async fn refused_credentials_of_the_watch_are_visible_and_asked_once() {
    let world = World::with(30).await;
    // The parent's token reads the inventory, but not the subaccount's numbers product.
    let credentials = StaticCredentials::new().with_parent(sid(OWNER), "owner");
    let carrier = world.builder_with(credentials).build();
    world
        .fake
        .fault_always(FakeRoute::Portability, FakeFault::ErrorBefore(401));
    world.moves(0, GAINING);
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!(arrived(&report), [(world.number(0), GAINING)]);
    assert!(words(&report).contains("not watched"), "{}", words(&report));
    assert!(!words(&report).contains(GAINING));
    assert!(world.asked(FakeRoute::Portability) < 29);
    // Twilio's own words may differ every time, and the same trouble would be news again.
    let own = words(&report);
    assert!(own.contains("it refused the credentials (20003)"), "{own}");
    assert!(
        !own.contains("GET") && !own.contains("Authenticat"),
        "{own}"
    );
    // It holds for every number, so the words stay the same.
    let asked = world.asked(FakeRoute::Portability);
    let again = carrier.status(&world.query()).await.unwrap();
    assert_eq!(words(&again), words(&report));
    assert_eq!(world.asked(FakeRoute::Portability), asked);
}

#[tokio::test]
async fn what_was_said_of_a_number_is_forgotten_once_it_is_there() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.moves(0, WRONG);
    carrier.status(&world.query()).await.unwrap();
    world.moves(0, GAINING);
    world.ages(TimeDelta::minutes(1));
    carrier.status(&world.query()).await.unwrap();
    let told = carrier.watch().told(world.number(0), &sid(GAINING));
    assert_eq!(told, Watched::NotKnown);
}

#[tokio::test]
async fn a_number_in_an_unnamed_account_of_ours_is_an_alarm() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.fake.off_twilio(world.number(0));
    world.fake.portability_says(world.number(0), 22136);
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!(arrived(&report), vec![]);
    assert!(words(&report).contains("22136"), "{}", words(&report));
}

#[tokio::test]
async fn another_account_that_is_the_target_is_the_target() {
    let world = World::with(1).await;
    let carrier = world.builder().fresh_for(TimeDelta::days(9)).build();
    carrier.status(&world.query()).await.unwrap();
    world.moves(0, GAINING);
    world.fake.portability_says(world.number(0), 22136);
    world.ages(TimeDelta::days(1));
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!((arrived(&report), words(&report)), (vec![], ""));
}

#[tokio::test]
async fn refused_credentials_of_one_account_leave_the_others_watched() {
    let world = World::with(60).await;
    let credentials = StaticCredentials::new()
        .with(
            sid(GAINING),
            Credentials::auth_token(sid(GAINING), "gaining"),
        )
        .with(sid(WRONG), Credentials::auth_token(sid(WRONG), "not this"));
    let carrier = world.builder_with(credentials).build();
    let refused = world.numbers.iter().take(40).map(|n| (*n, sid(WRONG)));
    let others = world.numbers.iter().skip(40).map(|n| (*n, sid(GAINING)));
    let all: Vec<_> = refused.chain(others).collect();
    carrier.watch().ask(&all).await;
    for (number, target) in &all[..40] {
        let told = carrier.watch().told(*number, target);
        assert!(matches!(told, Watched::Unreadable(_)), "{told:?}");
    }
    for (number, target) in &all[40..] {
        assert_eq!(carrier.watch().told(*number, target), Watched::Expected);
    }
    assert!(world.asked(FakeRoute::Portability) <= 16 + 20);
}
