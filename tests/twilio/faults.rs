//! Every fault at every call.

use std::time::Duration;

use snap_port::CarrierErrorKind as Kind;
use snap_port::testing::{FakeFault, FakeRoute};
use snap_port::twilio::{NumberMove, TwilioClient, TwilioCode, TwilioError};
use snap_port::{CarrierId, Timer};

use crate::wire::world::World;

/// Tries of a call that is tried again as often as may be.
const ALL_TRIES: usize = 4;

/// Routes that change something.
const WRITES: [FakeRoute; 5] = [
    FakeRoute::UpdateNumber,
    FakeRoute::JoinService,
    FakeRoute::LeaveService,
    FakeRoute::PlaceCall,
    FakeRoute::SendMessage,
];

fn writes(route: FakeRoute) -> bool {
    WRITES.contains(&route)
}

/// The world, with the number where the route needs it.
async fn world(route: FakeRoute) -> World {
    let world = World::new().await;
    if matches!(route, FakeRoute::ServiceNumber | FakeRoute::LeaveService) {
        world
            .call_on(&world.client, FakeRoute::JoinService)
            .await
            .unwrap();
    }
    world
}

/// What a failure was like.
#[derive(Debug, PartialEq)]
struct Failure {
    kind: Kind,
    code: Option<TwilioCode>,
    unknown: bool,
    asked: usize,
    effects: usize,
}

async fn fails_with(client: &TwilioClient, world: &World, route: FakeRoute) -> Failure {
    failed(world, route, world.call_on(client, route)).await
}

async fn failed(
    world: &World,
    route: FakeRoute,
    call: impl Future<Output = Result<String, TwilioError>>,
) -> Failure {
    let (asked, effects) = (world.fake.asked(route), world.fake.effects(route));
    let error = call.await.expect_err(&format!("{route}"));
    let failure = Failure {
        kind: error.kind(),
        code: error.code(),
        unknown: error.outcome_unknown(),
        asked: world.fake.asked(route) - asked,
        effects: world.fake.effects(route) - effects,
    };
    let retryable = matches!(
        failure.kind,
        Kind::RateLimited | Kind::Unavailable | Kind::Timeout | Kind::Unreachable
    );
    assert_eq!(error.is_retryable(), retryable, "{route}: {error:?}");
    let carried = error.into_carrier(CarrierId::parse("twilio").unwrap());
    assert_eq!(carried.kind(), failure.kind, "{route}");
    assert_eq!(carried.outcome_unknown(), failure.unknown, "{route}");
    assert_eq!(carried.is_retryable(), retryable, "{route}");
    assert!(std::error::Error::source(&carried).is_some(), "{route}");
    failure
}

/// At each route, a fault that lasts.
async fn lasting(fault: FakeFault, expected: impl Fn(FakeRoute) -> Failure) {
    for route in FakeRoute::ALL {
        let world = world(route).await;
        world.fake.fault_always(route, fault);
        let failure = fails_with(&world.client, &world, route).await;
        assert_eq!(failure, expected(route), "{fault:?} at {route}");
    }
}

/// At each route, a fault that strikes once: what reads gets over it.
async fn passing(fault: FakeFault) {
    for route in FakeRoute::ALL.into_iter().filter(|route| !writes(*route)) {
        let world = world(route).await;
        let asked = world.fake.asked(route);
        world.fake.fault(route, fault);
        let answer = world.call_on(&world.client, route).await;
        assert!(answer.is_ok(), "{fault:?} at {route}: {answer:?}");
        assert_eq!(world.fake.asked(route) - asked, 2, "{fault:?} at {route}");
    }
}

/// No answer that counts: what reads is asked again, what writes is not, and its outcome is open.
fn no_answer(route: FakeRoute, kind: Kind, code: Option<TwilioCode>, took_effect: bool) -> Failure {
    let writes = writes(route);
    Failure {
        kind,
        code,
        unknown: writes,
        asked: if writes { 1 } else { ALL_TRIES },
        effects: usize::from(writes && took_effect),
    }
}

#[tokio::test]
async fn too_many_is_tried_again_whatever_the_call_as_it_was_not_processed() {
    let fault = FakeFault::TooMany { retry_after: None };
    lasting(fault, |_| Failure {
        kind: Kind::RateLimited,
        code: Some(TwilioCode::TooManyRequests),
        unknown: false,
        asked: ALL_TRIES,
        effects: 0,
    })
    .await;
    for route in FakeRoute::ALL {
        let world = world(route).await;
        let (asked, before) = (world.fake.asked(route), world.clock.elapsed());
        for _ in 0..3 {
            let retry_after = Some(5);
            world.fake.fault(route, FakeFault::TooMany { retry_after });
        }
        let answer = world.call_on(&world.client, route).await;
        assert!(answer.is_ok(), "{route}: {answer:?}");
        assert_eq!(world.fake.asked(route) - asked, ALL_TRIES, "{route}");
        assert!(world.fake.effects(route) <= 1, "{route}");
        let waited = world.clock.elapsed() - before;
        assert!(waited >= Duration::from_secs(15), "{route}: {waited:?}");
    }
}

#[tokio::test]
async fn a_failure_at_twilio_leaves_a_write_in_doubt() {
    for (fault, took_effect) in [
        (FakeFault::ErrorBefore(500), false),
        (FakeFault::ErrorAfter(500), true),
        (FakeFault::ErrorBefore(503), false),
        (FakeFault::Html, false),
    ] {
        for route in FakeRoute::ALL {
            let world = world(route).await;
            world.fake.fault_always(route, fault);
            let failure = fails_with(&world.client, &world, route).await;
            let expected = no_answer(route, Kind::Unavailable, failure.code, took_effect);
            assert_eq!(failure, expected, "{fault:?} at {route}");
        }
    }
    passing(FakeFault::ErrorBefore(500)).await;
    passing(FakeFault::Html).await;
}

#[tokio::test]
async fn a_cut_connection_leaves_a_write_in_doubt() {
    for (fault, took_effect) in [(FakeFault::CutBefore, false), (FakeFault::CutAfter, true)] {
        lasting(fault, |route| {
            no_answer(route, Kind::Unavailable, None, took_effect)
        })
        .await;
    }
    passing(FakeFault::CutAfter).await;
}

#[tokio::test]
async fn silence_leaves_a_write_in_doubt() {
    let mut all = tokio::task::JoinSet::new();
    for (fault, took_effect) in [(FakeFault::Hang, false), (FakeFault::HangAfter, true)] {
        for route in FakeRoute::ALL {
            all.spawn(async move {
                let world = world(route).await;
                world.fake.fault_always(route, fault);
                let client = world
                    .builder()
                    // All at once, on a busy machine: each must at least get there.
                    .timeout(Duration::from_secs(1))
                    .retries(1)
                    .build()
                    .unwrap();
                let failure = fails_with(&client, &world, route).await;
                let mut expected = no_answer(route, Kind::Timeout, None, took_effect);
                expected.asked = expected.asked.min(2);
                assert_eq!(failure, expected, "{fault:?} at {route}");
            });
        }
    }
    for done in all.join_all().await {
        let () = done;
    }
}

#[tokio::test]
async fn half_an_answer_is_no_answer_and_is_not_asked_for_again() {
    for route in FakeRoute::ALL {
        let world = world(route).await;
        world.fake.fault_always(route, FakeFault::Malformed);
        // Their answers' status says it all.
        if matches!(route, FakeRoute::JoinService | FakeRoute::LeaveService) {
            let answer = world.call_on(&world.client, route).await;
            assert!(answer.is_ok(), "{route}: {answer:?}");
            continue;
        }
        let failure = fails_with(&world.client, &world, route).await;
        let writes = writes(route);
        // Portability's answer here is a refusal, and a refusal is one in any shape.
        let kind = match route {
            FakeRoute::Portability => Kind::InvalidRequest,
            _ => Kind::Protocol,
        };
        let expected = Failure {
            kind,
            code: None,
            unknown: writes,
            asked: 1,
            effects: usize::from(writes),
        };
        assert_eq!(failure, expected, "{route}");
    }
}

#[tokio::test]
async fn a_refusal_is_final_in_both_of_its_shapes() {
    let refusals = [
        (401, 20003, Kind::Unauthorized),
        (403, 20403, Kind::Unauthorized),
        (403, 20008, Kind::Unauthorized),
        (403, 10002, Kind::Unsupported),
        (409, 21712, Kind::InvalidRequest),
        (404, 20404, Kind::NotFound),
        (422, 99999, Kind::InvalidRequest),
    ];
    for (status, code, kind) in refusals {
        for fault in [
            FakeFault::Refuse(status, code),
            FakeFault::Problem(status, code),
        ] {
            for route in FakeRoute::ALL {
                let world = world(route).await;
                world.fake.fault_always(route, fault);
                let absence = [FakeRoute::ServiceNumber, FakeRoute::LeaveService];
                if status == 404 && absence.contains(&route) {
                    assert!(world.call_on(&world.client, route).await.is_ok());
                    continue;
                }
                let failure = fails_with(&world.client, &world, route).await;
                let expected = Failure {
                    kind,
                    code: Some(TwilioCode::from_number(code)),
                    unknown: false,
                    asked: 1,
                    effects: 0,
                };
                assert_eq!(failure, expected, "{fault:?} at {route}");
            }
        }
    }
}

#[tokio::test]
async fn a_slow_answer_is_an_answer() {
    for route in FakeRoute::ALL {
        let world = world(route).await;
        let asked = world.fake.asked(route);
        let slow = FakeFault::Slow(Duration::from_millis(2));
        world.fake.fault_always(route, slow);
        let answer = world.call_on(&world.client, route).await;
        assert!(answer.is_ok(), "{route}: {answer:?}");
        assert_eq!(world.fake.asked(route) - asked, 1, "{route}");
    }
}

#[tokio::test]
async fn what_comes_back_doubled_or_swapped_changes_no_answer() {
    for fault in [FakeFault::DuplicateCallbacks, FakeFault::ReorderCallbacks] {
        for route in FakeRoute::ALL {
            let world = world(route).await;
            world.fake.fault_always(route, fault);
            let answer = world.call_on(&world.client, route).await;
            assert!(answer.is_ok(), "{fault:?} at {route}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn a_write_in_doubt_is_answered_by_looking() {
    let world = World::new().await;
    world
        .fake
        .fault(FakeRoute::JoinService, FakeFault::CutAfter);
    let joined = world.call_on(&world.client, FakeRoute::JoinService).await;
    assert!(joined.unwrap_err().outcome_unknown());
    let (sub, sid, service) = (&world.sub, &world.sid, &world.service);
    let there = world
        .client
        .service_number(sub, service, sid)
        .await
        .unwrap();
    assert_eq!(there.map(|member| member.sid), Some(sid.clone()));
}

/// The call is that of an update; what it does is another thing.
#[tokio::test]
async fn a_move_is_made_once_whatever_becomes_of_its_answer() {
    let mut faults = tokio::task::JoinSet::new();
    for (fault, kind, took_effect) in [
        (FakeFault::ErrorBefore(500), Kind::Unavailable, false),
        (FakeFault::ErrorAfter(500), Kind::Unavailable, true),
        (FakeFault::Html, Kind::Unavailable, false),
        (FakeFault::CutBefore, Kind::Unavailable, false),
        (FakeFault::CutAfter, Kind::Unavailable, true),
        (FakeFault::Hang, Kind::Timeout, false),
        (FakeFault::HangAfter, Kind::Timeout, true),
        (FakeFault::Malformed, Kind::Protocol, true),
    ] {
        faults.spawn(async move {
            let world = World::new().await;
            let route = FakeRoute::UpdateNumber;
            world.fake.fault_always(route, fault);
            let client = world.builder().timeout(Duration::from_millis(300));
            let client = client.build().unwrap();
            let failure = failed(&world, route, moved(&client, &world)).await;
            let code = failure.code;
            let expected = no_answer(route, kind, code, took_effect);
            assert_eq!(failure, expected, "{fault:?}");
            let there = if took_effect {
                &world.other_sub
            } else {
                &world.sub
            };
            let owner = world.fake.owner_of(world.number);
            assert_eq!(owner.as_deref(), Some(there.as_str()), "{fault:?}");
        });
    }
    for done in faults.join_all().await {
        let () = done;
    }
    // What was not processed is tried again.
    let world = World::new().await;
    let route = FakeRoute::UpdateNumber;
    let fault = FakeFault::TooMany { retry_after: None };
    world.fake.fault(route, fault);
    moved(&world.client, &world).await.unwrap();
    assert_eq!((world.fake.asked(route), world.fake.effects(route)), (2, 1));
}

async fn moved(client: &TwilioClient, world: &World) -> Result<String, TwilioError> {
    let (from, to) = (world.sub.clone(), world.other_sub.clone());
    let ask = NumberMove::new(world.parent.clone(), from, world.sid.clone(), to);
    let held = client.move_number(&ask).await?;
    Ok(format!("{held:?}"))
}
