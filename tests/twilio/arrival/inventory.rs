//! Arrivals, number by number.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use chrono::TimeDelta;
use snap_port::testing::{FakeFault, FakeRoute};
use snap_port::twilio::{Credentials, StaticCredentials};
use snap_port::{CarrierClient, CarrierErrorKind, NumberList, OrderQuery, PhoneNumber};

use super::{GAINING, WRONG, World, arrived, query, sid, words};

#[tokio::test]
async fn fifty_orders_of_one_account_cost_one_listing() {
    let world = World::with(50).await;
    let carrier = world.carrier();
    for index in [0, 7, 49] {
        world.moves(index, GAINING);
    }
    let queries: Vec<OrderQuery> = world
        .numbers
        .iter()
        .enumerate()
        .map(|(i, number)| query(&format!("T-{i}"), NumberList::one(*number), GAINING))
        .collect();
    let reports = carrier.statuses(&queries).await.unwrap();
    assert_eq!(world.asked(FakeRoute::Numbers), 1);
    assert_eq!(reports.len(), 50);
    for (i, report) in reports.iter().enumerate() {
        assert_eq!(report.order.as_str(), format!("T-{i}"));
        let expected = match i {
            0 | 7 | 49 => vec![(world.number(i), GAINING)],
            _ => vec![],
        };
        assert_eq!(arrived(report), expected);
        assert_eq!(report.arrivals.iter().find_map(|arrival| arrival.at), None);
    }
}

#[tokio::test]
async fn numbers_arrive_one_by_one_and_early_ones_are_reported_too() {
    let world = World::with(3).await;
    let carrier = world.carrier();
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!((arrived(&report), words(&report)), (vec![], ""));
    world.moves(1, GAINING);
    world.ages(TimeDelta::minutes(1));
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!(arrived(&report), [(world.number(1), GAINING)]);
    world.moves(0, GAINING);
    world.moves(2, GAINING);
    world.ages(TimeDelta::minutes(1));
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!(arrived(&report).len(), 3);
    assert_eq!(
        (report.approval, report.slot, report.hold),
        (None, None, None)
    );
}

#[tokio::test]
async fn a_listing_hides_an_arrival_no_longer_than_the_window() {
    let world = World::with(1).await;
    let carrier = world.builder().fresh_for(TimeDelta::seconds(30)).build();
    let seen = async || arrived(&carrier.status(&world.query()).await.unwrap()).len();
    assert_eq!(seen().await, 0);
    world.moves(0, GAINING);
    world.ages(TimeDelta::milliseconds(29_999));
    assert_eq!((seen().await, world.asked(FakeRoute::Numbers)), (0, 1));
    world.ages(TimeDelta::milliseconds(1));
    assert_eq!((seen().await, world.asked(FakeRoute::Numbers)), (1, 2));
}

#[tokio::test]
async fn a_clock_set_back_makes_no_listing_young() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    carrier.status(&world.query()).await.unwrap();
    world.moves(0, GAINING);
    world.ages(TimeDelta::hours(-1));
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!(arrived(&report).len(), 1);
}

#[tokio::test]
async fn without_a_window_every_call_lists_anew_and_only_once() {
    let world = World::with(2).await;
    let carrier = world.builder().fresh_for(TimeDelta::zero()).build();
    let queries = [
        query("T-1", NumberList::one(world.number(0)), GAINING),
        query("T-2", NumberList::one(world.number(1)), GAINING),
    ];
    carrier.statuses(&queries).await.unwrap();
    carrier.statuses(&queries).await.unwrap();
    assert_eq!(world.asked(FakeRoute::Numbers), 2);
}

#[tokio::test]
async fn calls_at_the_same_time_share_one_listing() {
    let world = World::with(2).await;
    let carrier = world.carrier();
    let query = world.query();
    let (a, b) = tokio::join!(carrier.status(&query), carrier.status(&query));
    assert_eq!(a.unwrap(), b.unwrap());
    assert_eq!(world.asked(FakeRoute::Numbers), 1);
}

#[tokio::test]
async fn look_alikes_are_no_arrival() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    // Twilio's filter would take the number for a part of these.
    for look_alike in ["+141555501000", "+1415555010", "+24155550100"] {
        world
            .fake
            .add_number(PhoneNumber::from_e164(look_alike).unwrap(), GAINING);
    }
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!((arrived(&report), words(&report)), (vec![], ""));
}

#[tokio::test]
async fn a_dropped_or_failed_listing_leaves_nothing_behind() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.moves(0, GAINING);
    let query = world.query();
    {
        let mut dropped = pin!(carrier.status(&query));
        let mut context = Context::from_waker(Waker::noop());
        assert!(dropped.as_mut().poll(&mut context).is_pending());
    }
    world
        .fake
        .fault(FakeRoute::Numbers, FakeFault::ErrorBefore(503));
    let error = carrier.status(&query).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Unavailable);
    let report = carrier.status(&query).await.unwrap();
    assert_eq!(arrived(&report).len(), 1);
}

#[tokio::test]
async fn a_number_in_a_wrong_account_of_ours_is_reported_there() {
    let world = World::with(2).await;
    let carrier = world.carrier();
    world.moves(0, WRONG);
    world.moves(1, GAINING);
    let report = carrier.status(&world.query()).await.unwrap();
    let expected = [(world.number(0), WRONG), (world.number(1), GAINING)];
    assert_eq!(arrived(&report), expected);
    assert_eq!(words(&report), "", "the arrival says it");
}

#[tokio::test]
async fn an_account_that_cannot_be_read_hides_no_other() {
    let world = World::with(2).await;
    let credentials = StaticCredentials::new()
        .with(
            sid(GAINING),
            Credentials::auth_token(sid(GAINING), "gaining"),
        )
        .with(sid(WRONG), Credentials::auth_token(sid(WRONG), "not this"));
    let carrier = world.builder_with(credentials).build();
    world.moves(0, GAINING);
    let queries = [
        query("T-1", NumberList::one(world.number(0)), GAINING),
        query("T-2", NumberList::one(world.number(1)), WRONG),
        query("T-3", NumberList::one(world.number(1)), "not a SID"),
    ];
    let reports = carrier.statuses(&queries).await.unwrap();
    assert_eq!(arrived(&reports[0]), [(world.number(0), GAINING)]);
    assert!(
        words(&reports[1]).contains("nobody sees"),
        "{:?}",
        reports[1]
    );
    assert!(
        words(&reports[2]).contains("account SID"),
        "{:?}",
        reports[2]
    );
    assert!(!words(&reports[1]).contains(WRONG));
    let error = carrier.status(&queries[1]).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Unauthorized);
    let error = carrier.status(&queries[2]).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::InvalidRequest);
    assert!(carrier.statuses(&queries[1..2]).await.is_err());
    assert_eq!(carrier.statuses(&[]).await.unwrap(), []);
}

#[tokio::test]
async fn a_failure_that_passes_hides_none_that_stays() {
    let world = World::with(2).await;
    let carrier = world.carrier();
    let fault = FakeFault::ErrorBefore(503);
    world.fake.fault_always(FakeRoute::Numbers, fault);
    let queries = [
        query("T-1", NumberList::one(world.number(0)), GAINING),
        query("T-2", NumberList::one(world.number(1)), "not a SID"),
        query("T-3", NumberList::one(world.number(1)), WRONG),
    ];
    let reports = carrier.statuses(&queries).await.unwrap();
    let orders: Vec<_> = reports.iter().map(|report| report.order.as_str()).collect();
    assert_eq!(orders, ["T-2"]);
    assert!(words(&reports[0]).contains("account SID"), "{reports:?}");
    // Where everything may pass, all of it is to be asked again.
    let passing = [queries[0].clone(), queries[2].clone()];
    let error = carrier.statuses(&passing).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Unavailable);
}

#[tokio::test]
async fn the_parts_of_a_split_order_make_one_report() {
    let world = World::with(3).await;
    let carrier = world.carrier();
    world.moves(0, GAINING);
    world.fake.portability_says(world.number(2), 22133);
    let part = |index| query("T-1", NumberList::one(world.number(index)), GAINING);
    let queries = [part(0), part(2), part(0)];
    let reports = carrier.statuses(&queries).await.unwrap();
    let [report] = &reports[..] else {
        panic!("one order, one report: {reports:?}");
    };
    assert_eq!((words(report), report.parts.len()), ("", 2));
    let (arrived_part, missing_part) = (&report.parts[0], &report.parts[1]);
    assert_eq!(arrived(&arrived_part.1), [(world.number(0), GAINING)]);
    assert_eq!(words(&arrived_part.1), "");
    assert!(words(&missing_part.1).contains("22133"));
}

#[tokio::test]
async fn a_request_finds_its_own_part_though_a_larger_one_holds_it() {
    let world = World::with(2).await;
    let carrier = world.carrier();
    world.fake.portability_says(world.number(1), 22133);
    let whole = world.query();
    let part = query("T-1", NumberList::one(world.number(0)), GAINING);
    let reports = carrier.statuses(&[whole, part]).await.unwrap();
    let (numbers, report) = &reports[0].parts[0];
    assert_eq!((numbers.len(), words(report)), (1, ""));
    assert!(words(&reports[0].parts[1].1).contains("22133"));
}

#[tokio::test]
async fn an_account_that_fails_for_a_moment_is_left_out() {
    let world = World::with(2).await;
    let carrier = world.builder().fresh_for(TimeDelta::minutes(5)).build();
    world.moves(0, GAINING);
    let queries = [
        query("T-1", NumberList::one(world.number(0)), GAINING),
        query("T-2", NumberList::one(world.number(1)), WRONG),
    ];
    carrier.status(&queries[0]).await.unwrap();
    world
        .fake
        .fault(FakeRoute::Numbers, FakeFault::ErrorBefore(503));
    let reports = carrier.statuses(&queries).await.unwrap();
    assert_eq!(reports.len(), 1, "{reports:?}");
    assert_eq!(arrived(&reports[0]), [(world.number(0), GAINING)]);
    assert_eq!(carrier.statuses(&queries).await.unwrap().len(), 2);
}
