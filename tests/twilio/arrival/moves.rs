//! Moves between our own accounts.

use std::time::Duration;

use snap_port::testing::{FakeAccount, FakeFault, FakeRoute};
use snap_port::twilio::{
    BaseUrls, Credentials, MoveOutcome, MoveReport, TwilioCarrier, TwilioClient, TwilioCode,
};
use snap_port::{AddressId, CarrierClient, CarrierErrorKind, Clock, Region, Regulatory};

use super::{GAINING, LOSING, OWNER, WRONG, World, arrived, platform, sid};

const OTHER: &str = "AC0000000000000000000000000000000f";

/// Nothing goes wrong.
const SLOW: FakeFault = FakeFault::Slow(Duration::ZERO);

fn outcomes(report: &MoveReport) -> Vec<&MoveOutcome> {
    report.rows().iter().map(|row| &row.outcome).collect()
}

#[tokio::test]
async fn numbers_astray_are_moved_home_and_moving_again_is_harmless() {
    let world = World::with(3).await;
    let carrier = world.carrier();
    world.moves(0, WRONG);
    world.moves(1, GAINING);
    world.moves(2, WRONG);
    let before = carrier.status(&world.query()).await.unwrap();
    assert_eq!(arrived(&before)[0], (world.number(0), WRONG));
    let report = carrier
        .move_within_owner(&world.numbers, &sid(GAINING))
        .await
        .unwrap();
    assert_eq!(
        outcomes(&report),
        [
            &MoveOutcome::Moved,
            &MoveOutcome::AlreadyThere,
            &MoveOutcome::Moved
        ]
    );
    assert!(report.is_done());
    assert_eq!(world.fake.effects(FakeRoute::UpdateNumber), 2);
    // The very next look sees it: the listing from before the move is not used any more.
    let after = carrier.status(&world.query()).await.unwrap();
    assert_eq!(arrived(&after).len(), 3);
    assert!(
        arrived(&after)
            .iter()
            .all(|(_, account)| *account == GAINING)
    );
    let again = carrier
        .move_within_owner(&world.numbers, &sid(GAINING))
        .await
        .unwrap();
    assert!(again.is_done());
    assert_eq!(world.asked(FakeRoute::UpdateNumber), 2);
}

#[tokio::test]
async fn a_move_that_is_half_done_says_which_numbers_are_left() {
    let world = World::with(4).await;
    let carrier = world.carrier();
    for index in [0, 1, 3] {
        world.moves(index, WRONG);
    }
    world.fake.portability_says(world.number(3), 22130);
    world.fake.transfer_says(world.number(1), 21631);
    let report = carrier
        .move_within_owner(&world.numbers, &sid(GAINING))
        .await
        .unwrap();
    assert!(!report.is_done());
    let [first, refused, stranger, last] = &outcomes(&report)[..] else {
        panic!("{report}");
    };
    let found_by_looking = (*first, *last);
    assert_eq!(
        found_by_looking,
        (&MoveOutcome::Moved, &MoveOutcome::Moved),
        "{report}"
    );
    let MoveOutcome::Failed { code, why } = refused else {
        panic!("{report}");
    };
    assert_eq!(*code, Some(TwilioCode::OtherAddressRequired));
    assert!(why.contains("name it in the move"), "{why}");
    assert!(matches!(stranger, MoveOutcome::NotOurs(_)), "{report}");
    assert_eq!(report.left().count(), 2);
    assert_eq!(
        world.fake.owner_of(world.number(2)).as_deref(),
        Some(LOSING)
    );
    for row in report.rows() {
        assert!(report.to_string().contains(row.number.as_str()));
    }
    assert!(!report.to_string().ends_with('\n'));
    assert_eq!(report.to_string().lines().count(), report.rows().len());
    assert!(!report.to_string().contains(GAINING) && !report.to_string().contains(WRONG));
    // With what it asks for, the rest moves.
    let address = AddressId::parse("AD00000000000000000000000000000001").unwrap();
    let held = [Regulatory::address(Region::US, address)];
    let to = sid(GAINING);
    let again = carrier
        .move_within_owner_with(&world.numbers, &to, &held)
        .await
        .unwrap();
    assert_eq!(
        again.left().map(|row| row.number).collect::<Vec<_>>(),
        [world.number(2)]
    );
}

#[tokio::test]
async fn a_move_whose_answer_was_lost_is_settled_by_reading() {
    for (fault, moved) in [
        (FakeFault::ErrorAfter(500), true),
        (FakeFault::CutAfter, true),
        (FakeFault::Malformed, true),
        (FakeFault::HangAfter, true),
        (FakeFault::ErrorBefore(500), false),
        (FakeFault::CutBefore, false),
        (FakeFault::Html, false),
        (FakeFault::Hang, false),
    ] {
        let shown = format!("{fault:?}");
        let world = World::with(2).await;
        world.moves(0, WRONG);
        world.moves(1, WRONG);
        world.fake.fault_always(FakeRoute::UpdateNumber, fault);
        // It would be tried again as often as anything else.
        let carrier = hasty(&world, 3);
        let report = carrier
            .move_within_owner(&world.numbers, &sid(GAINING))
            .await
            .unwrap();
        assert_eq!(
            world.asked(FakeRoute::UpdateNumber),
            2,
            "{shown}: moved blindly again"
        );
        for outcome in outcomes(&report) {
            if moved {
                assert_eq!(outcome, &MoveOutcome::Moved, "{shown}");
            } else {
                let still =
                    matches!(outcome, MoveOutcome::Failed { why, .. } if why.contains("still"));
                assert!(still, "{shown}: {outcome}");
            }
        }
    }
}

#[tokio::test]
async fn a_move_that_was_not_processed_is_no_riddle() {
    let world = World::with(2).await;
    world.moves(0, WRONG);
    world.moves(1, WRONG);
    let fault = FakeFault::TooMany { retry_after: None };
    world.fake.fault_always(FakeRoute::UpdateNumber, fault);
    let to = sid(GAINING);
    let report = hasty(&world, 0)
        .move_within_owner(&world.numbers, &to)
        .await;
    let report = report.unwrap();
    for outcome in outcomes(&report) {
        let MoveOutcome::Failed { code, .. } = outcome else {
            panic!("{outcome}");
        };
        assert_eq!(*code, Some(TwilioCode::TooManyRequests));
    }
    assert_eq!(world.asked(FakeRoute::UpdateNumber), 2);
    world.fake.clear_faults();
    for _ in 0..3 {
        world.fake.fault(FakeRoute::UpdateNumber, fault);
    }
    let report = hasty(&world, 3)
        .move_within_owner(&world.numbers, &to)
        .await;
    assert!(report.unwrap().is_done());
    assert_eq!(world.fake.effects(FakeRoute::UpdateNumber), 2);
}

/// A carrier that waits for no answer long, and tries again so often.
fn hasty(world: &World, retries: u32) -> TwilioCarrier {
    let client = TwilioClient::builder(World::credentials())
        .base_urls(BaseUrls::all(&world.fake.url()).unwrap())
        .timeout(Duration::from_millis(300))
        .retries(retries)
        .timer(world.clock.clone())
        .build()
        .unwrap();
    TwilioCarrier::builder(client, platform())
        .clock(world.clock.clone())
        .timer(world.clock.clone())
        .owner(sid(OWNER))
        .build()
}

#[tokio::test]
async fn a_move_that_nothing_shows_is_unclear() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.moves(0, WRONG);
    // The listing, the look at the wrong account; from then on nothing can be read.
    let query = world.query();
    carrier.status(&query).await.unwrap();
    world
        .fake
        .fault(FakeRoute::UpdateNumber, FakeFault::CutAfter);
    for fault in [None, None, Some(503), Some(503), Some(503)] {
        world.fake.fault(
            FakeRoute::Numbers,
            fault.map_or(SLOW, FakeFault::ErrorBefore),
        );
    }
    let report = carrier
        .move_within_owner(&world.numbers, &sid(GAINING))
        .await
        .unwrap();
    assert!(
        matches!(report.rows()[0].outcome, MoveOutcome::Unclear(_)),
        "{report}"
    );
    world.fake.clear_faults();
    let again = carrier
        .move_within_owner(&world.numbers, &sid(GAINING))
        .await
        .unwrap();
    assert_eq!(outcomes(&again), [&MoveOutcome::AlreadyThere]);
}

/// Somebody else moved it at the same moment: Twilio knows no such number where it was.
#[tokio::test]
async fn a_move_of_what_is_gone_is_settled_by_reading() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.moves(0, WRONG);
    let gone = FakeFault::Refuse(404, 20404);
    world.fake.fault(FakeRoute::UpdateNumber, gone);
    let to = sid(GAINING);
    let report = carrier.move_within_owner(&world.numbers, &to).await;
    let report = report.unwrap();
    let [MoveOutcome::Failed { why, .. }] = outcomes(&report)[..] else {
        panic!("{report}");
    };
    assert!(why.contains("it still is where it was"), "{why}");
}

#[tokio::test]
async fn a_refused_move_keeps_twilios_code_and_says_what_to_do() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.moves(0, WRONG);
    let report = carrier
        .move_within_owner(&world.numbers, &sid(LOSING))
        .await;
    // Without credentials for the target nothing is tried at all.
    assert!(report.is_err());
    assert_eq!(world.asked(FakeRoute::UpdateNumber), 0);
    let credentials =
        World::credentials().with(sid(LOSING), Credentials::auth_token(sid(LOSING), "losing"));
    let carrier = world.builder_with(credentials).build();
    let report = carrier
        .move_within_owner(&world.numbers, &sid(LOSING))
        .await
        .unwrap();
    let MoveOutcome::Failed { code, why } = &report.rows()[0].outcome else {
        panic!("{report}");
    };
    assert_eq!(*code, Some(TwilioCode::TargetAccountNotRelated), "{why}");
    assert!(why.contains("transfer request"), "{why}");
}

#[tokio::test]
async fn without_an_owner_nothing_is_moved() {
    let world = World::with(1).await;
    world.moves(0, WRONG);
    let client = world.client(World::credentials());
    let carrier = TwilioCarrier::builder(client, platform())
        .clock(world.clock.clone())
        .build();
    let error = carrier
        .move_within_owner(&world.numbers, &sid(GAINING))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::InvalidRequest);
    assert_eq!(world.fake.requests().len(), 0);
}

#[tokio::test]
async fn a_number_on_its_way_is_not_looked_for_elsewhere() {
    // Portability knows of the move before the inventory does.
    let (world, ahead) = (World::with(1).await, World::with(1).await);
    ahead.moves(0, GAINING);
    let urls = BaseUrls::all(&world.fake.url()).unwrap();
    let urls = urls.with_numbers(&ahead.fake.url()).unwrap();
    let client = TwilioClient::builder(World::credentials())
        .base_urls(urls)
        .build()
        .unwrap();
    let carrier = TwilioCarrier::builder(client, platform())
        .owner(sid(OWNER))
        .build();
    let to = sid(GAINING);
    let report = carrier
        .move_within_owner(&world.numbers, &to)
        .await
        .unwrap();
    assert_eq!(outcomes(&report), [&MoveOutcome::OnItsWay]);
    assert!(!report.is_done());
    assert_eq!(world.asked(FakeRoute::Accounts), 0);
}

#[tokio::test]
async fn what_could_not_be_searched_may_hold_the_number() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    let to = sid(GAINING);
    let report = carrier
        .move_within_owner(&world.numbers, &to)
        .await
        .unwrap();
    let outcome = &report.rows()[0].outcome;
    assert!(matches!(outcome, MoveOutcome::NotOurs(_)), "{outcome}");
    assert_eq!(
        world.asked(FakeRoute::Accounts),
        0,
        "Twilio says whose it is"
    );
    world.fake.portability_says(world.number(0), 22130);
    world
        .fake
        .add_account(FakeAccount::new(OTHER).token("another").parent(OWNER));
    let report = carrier
        .move_within_owner(&world.numbers, &to)
        .await
        .unwrap();
    let outcome = &report.rows()[0].outcome;
    assert!(matches!(outcome, MoveOutcome::Failed { .. }), "{outcome}");
    // Each account that can be read was listed once; the target once more, by the first try.
    for account in [GAINING, WRONG, OWNER] {
        let listed = world.fake.requests().into_iter().filter(|request| {
            request.route == Some(FakeRoute::Numbers) && request.path.contains(account)
        });
        let once = if account == GAINING { 2 } else { 1 };
        assert_eq!(listed.count(), once, "{account}");
    }
    // A closed account holds nothing.
    world.fake.set_account_status(OTHER, "closed");
    let report = carrier
        .move_within_owner(&world.numbers, &to)
        .await
        .unwrap();
    let outcome = &report.rows()[0].outcome;
    assert!(matches!(outcome, MoveOutcome::NotOurs(_)), "{outcome}");
}

#[tokio::test]
async fn a_move_is_looked_at_again_while_the_target_does_not_show_it() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.moves(0, WRONG);
    // The listing, the look at the wrong account, and the first look at the target.
    for fault in [SLOW, SLOW, FakeFault::ErrorBefore(503)] {
        world.fake.fault(FakeRoute::Numbers, fault);
    }
    let before = world.clock.now();
    let report = carrier
        .move_within_owner(&world.numbers, &sid(GAINING))
        .await
        .unwrap();
    assert_eq!(outcomes(&report), [&MoveOutcome::Moved]);
    assert!(world.clock.now() > before, "it waits between two looks");
}

#[tokio::test]
async fn a_number_in_the_owners_own_account_is_moved_without_a_search() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.moves(0, OWNER);
    let to = sid(GAINING);
    let report = carrier
        .move_within_owner(&world.numbers, &to)
        .await
        .unwrap();
    assert_eq!(outcomes(&report), [&MoveOutcome::Moved]);
    assert_eq!(world.asked(FakeRoute::Accounts), 0);
}

#[tokio::test]
async fn a_number_that_arrives_meanwhile_is_not_moved() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.moves(0, WRONG);
    let late = FakeFault::Slow(Duration::from_millis(50));
    world.fake.fault(FakeRoute::Numbers, late);
    let to = sid(GAINING);
    let arrives = async {
        while world.asked(FakeRoute::Numbers) == 0 {
            tokio::task::yield_now().await;
        }
        world.moves(0, GAINING);
    };
    let (report, ()) = tokio::join!(carrier.move_within_owner(&world.numbers, &to), arrives);
    assert_eq!(outcomes(&report.unwrap()), [&MoveOutcome::AlreadyThere]);
    assert_eq!(world.asked(FakeRoute::UpdateNumber), 0);
}
