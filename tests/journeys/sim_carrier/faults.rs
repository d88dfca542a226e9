//! What goes wrong between us and the carrier.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use chrono::TimeDelta;
use snap_port::testing::{Fault, Lookup, Op, Script, SimCarrier, VirtualClock, sample};
use snap_port::{
    Attempt, AttemptPhase, AttemptQuery, CarrierClient, CarrierClientExt, CarrierErrorKind,
    OrderQuery, PortRequest, Resolution, Sealed, Submission, SubmissionReceipt, Violation,
};

use super::{Stage, id, pending};

async fn look_for(stage: &Stage, request: &mut PortRequest<Sealed>) -> Option<SubmissionReceipt> {
    match stage.sim.resolve(request, &stage.clock).await.unwrap() {
        Resolution::Found(receipt) => Some(receipt),
        Resolution::Unclear(news) => {
            request.heard(news).unwrap();
            None
        }
    }
}

async fn in_doubt(stage: &Stage, fault: Fault) -> PortRequest<Sealed> {
    stage.sim.fault_next(Op::Submit, fault);
    let mut request = stage.cleared(2);
    let Submission::InDoubt(news, error) = stage.submit(&mut request).await else {
        panic!("the answer came");
    };
    assert_eq!(error.kind(), CarrierErrorKind::Timeout);
    request.heard(news).unwrap();
    request
}

#[tokio::test]
async fn an_answer_lost_after_the_effect_is_found_and_nothing_is_sent_twice() {
    let stage = Stage::new(Script::default());
    let mut request = in_doubt(&stage, Fault::LostAfter).await;
    assert_eq!(
        (request.phase(), stage.sim.orders()),
        (AttemptPhase::InDoubt, 1)
    );
    assert!(request.cleared().is_none());
    let taken = stage.now();
    stage.clock.advance(TimeDelta::minutes(5));
    let receipt = look_for(&stage, &mut request).await.unwrap();
    assert_eq!(receipt.occurred_at(), taken);
    let request = request.submitted(receipt).unwrap();
    assert_eq!(stage.sim.orders_of(request.id()), [request.order().clone()]);
    assert_eq!(stage.sim.calls(Op::Submit), 1);
}

#[tokio::test]
async fn an_answer_lost_before_the_effect_is_sent_again_once_that_is_sure() {
    let stage = Stage::new(Script::default());
    let mut request = in_doubt(&stage, Fault::LostBefore).await;
    assert_eq!(stage.sim.orders(), 0);
    assert!(look_for(&stage, &mut request).await.is_none());
    assert_eq!(request.retry(stage.now()), Err(Violation::NotSettled));
    stage.clock.advance(Attempt::SETTLE);
    assert!(look_for(&stage, &mut request).await.is_none());
    request.retry(stage.now()).unwrap();
    let Submission::Accepted(receipt) = stage.submit(&mut request).await else {
        panic!("not taken");
    };
    assert_eq!(receipt.attempt(), Some(2));
    assert_eq!(stage.sim.submissions_of(&id("r-1")), 1);
    assert_eq!(stage.sim.calls(Op::Submit), 2);
}

#[tokio::test]
async fn an_order_that_shows_late_is_found_in_time() {
    let stage = Stage::new(Script::default());
    stage
        .sim
        .set_lookup(Lookup::SeesAfter(TimeDelta::minutes(10)));
    let mut request = in_doubt(&stage, Fault::LostAfter).await;
    assert!(look_for(&stage, &mut request).await.is_none());
    stage.clock.advance(Attempt::SETTLE);
    let receipt = look_for(&stage, &mut request).await.unwrap();
    assert!(request.submitted(receipt).is_ok());
    assert_eq!(stage.sim.orders(), 1);
}

#[tokio::test]
async fn a_carrier_that_cannot_tell_leaves_it_to_a_person() {
    let stage = Stage::new(Script::default());
    stage.sim.set_lookup(Lookup::CannotTell);
    let mut request = in_doubt(&stage, Fault::LostAfter).await;
    assert!(look_for(&stage, &mut request).await.is_none());
    assert_eq!(request.phase(), AttemptPhase::NeedsPerson);
}

#[tokio::test]
async fn a_stale_lookup_does_not_see_the_order_yet() {
    let stage = Stage::new(Script::default());
    let mut request = in_doubt(&stage, Fault::LostAfter).await;
    stage.clock.advance(TimeDelta::minutes(5));
    let stale = Fault::Stale(TimeDelta::minutes(6));
    stage.sim.fault_next(Op::Find, stale);
    assert!(look_for(&stage, &mut request).await.is_none());
    assert!(look_for(&stage, &mut request).await.is_some());
}

#[tokio::test]
async fn a_call_that_surely_did_not_land_may_be_made_again() {
    for (fault, kind) in [
        (Fault::Unreachable, CarrierErrorKind::Unreachable),
        (
            Fault::RateLimited(Duration::from_secs(30)),
            CarrierErrorKind::RateLimited,
        ),
        (Fault::Unauthorized, CarrierErrorKind::Unauthorized),
    ] {
        let stage = Stage::new(Script::default());
        stage.sim.fault_next(Op::Submit, fault);
        let mut request = stage.cleared(1);
        let Submission::NotTaken(news, error) = stage.submit(&mut request).await else {
            panic!("{kind:?}");
        };
        assert_eq!(error.kind(), kind);
        let wait = (kind == CarrierErrorKind::RateLimited).then_some(Duration::from_secs(30));
        assert_eq!(error.retry_after(), wait);
        request.heard(news).unwrap();
        let again = stage.submit(&mut request).await;
        assert!(matches!(again, Submission::Accepted(_)));
        assert_eq!(stage.sim.orders(), 1);
    }
}

#[tokio::test]
async fn a_failure_that_leaves_it_open_is_a_doubt() {
    let stage = Stage::new(Script::default());
    stage.sim.fault_next(Op::Submit, Fault::Unavailable);
    let mut request = stage.cleared(1);
    let answer = stage.submit(&mut request).await;
    assert!(matches!(answer, Submission::InDoubt(..)));
    assert_eq!(stage.sim.orders(), 0);
}

#[tokio::test]
async fn a_repeated_answer_brings_nothing_new() {
    let stage = Stage::new(Script::default());
    let request = stage.submitted(1).await;
    let first = stage.look(&request).await.report().clone();
    stage.clock.advance(TimeDelta::hours(24));
    stage.sim.fault_next(Op::Status, Fault::Duplicate);
    assert_eq!(stage.look(&request).await.report(), &first);
    assert_ne!(stage.look(&request).await.report(), &first);

    let known = OrderQuery::of(&request).unwrap();
    let unknown = OrderQuery::new(
        SimCarrier::no_order(),
        known.numbers.clone(),
        known.account.clone(),
    );
    let orders = [known, unknown];
    stage.sim.fault_next(Op::Statuses, Fault::Duplicate);
    let looks = stage.sim.look_at(&orders, &stage.clock).await.unwrap();
    assert_eq!(
        looks.len(),
        2,
        "the known order twice, the unknown not at all"
    );
    assert_eq!(looks[0], looks[1]);
    assert_eq!(
        (stage.sim.calls(Op::Statuses), stage.sim.calls(Op::Status)),
        (1, 3)
    );
}

#[tokio::test]
async fn an_answer_out_of_order_takes_nothing_back() {
    let stage = Stage::new(Script::default());
    let mut request = stage.scheduled(2).await;
    stage.pass(&request);
    for news in stage.look(&request).await.news(&request).unwrap() {
        request.observe(news).unwrap();
    }
    stage
        .sim
        .fault_next(Op::Status, Fault::Stale(TimeDelta::days(2)));
    let stale = stage.look(&request).await;
    assert!(stale.report().arrivals.is_empty());
    assert!(stale.news(&request).unwrap().is_empty());
    assert!(
        !pending(&stale.completion(&request).unwrap()),
        "seen is seen"
    );
    stage
        .sim
        .fault_next(Op::Status, Fault::Stale(TimeDelta::days(9_999)));
    let oldest = stage.look(&request).await;
    assert_eq!(oldest.report().approval, None);
}

#[tokio::test]
async fn a_report_about_another_order_is_refused() {
    let stage = Stage::new(Script::default());
    let request = stage.submitted(1).await;
    stage.sim.fault_next(Op::Status, Fault::WrongOrder);
    let error = stage.sim.look(&request, &stage.clock).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Protocol);
    stage.sim.fault_next(Op::Statuses, Fault::WrongOrder);
    let orders = [OrderQuery::of(&request).unwrap()];
    let looks = stage.sim.look_at(&orders, &stage.clock).await.unwrap();
    assert_eq!(looks, []);
    let [known] = &orders;
    let unknown = OrderQuery::new(
        SimCarrier::no_order(),
        known.numbers.clone(),
        known.account.clone(),
    );
    let error = stage.sim.status(&unknown).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::NotFound);
}

#[tokio::test]
async fn a_lost_answer_of_a_later_call_leaves_its_effect() {
    let stage = Stage::new(Script::default());
    let request = stage.submitted(1).await;
    stage.sim.fault_next(Op::Cancel, Fault::LostAfter);
    let lost = stage.sim.cancel_order(&request, &stage.clock).await;
    assert_eq!(lost.unwrap_err().kind(), CarrierErrorKind::Timeout);
    assert_eq!(
        stage.look(&request).await.report().cancelled,
        Some(stage.now())
    );
}

/// Polls a future at most `polls` times, then drops it.
fn drop_after<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..polls {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
    }
    None
}

#[tokio::test]
async fn a_call_dropped_at_any_point_can_be_resolved() {
    for (polls, orders, answered) in [(0, 0, false), (1, 0, false), (2, 1, false), (3, 1, true)] {
        let stage = Stage::new(Script::default());
        let mut request = stage.cleared(1);
        let once = request.dispatch(request.cleared().unwrap(), stage.now());
        let sending = stage
            .sim
            .submit_request(&request, once.unwrap(), &stage.clock);
        let answer = drop_after(sending, polls);
        assert_eq!(answer.is_some(), answered, "{polls}");
        assert_eq!(stage.sim.orders(), orders, "{polls}");
        assert_eq!(stage.sim.calls(Op::Submit), usize::from(polls > 0));
        let found = look_for(&stage, &mut request).await;
        assert_eq!(found.is_some(), orders == 1, "{polls}");
    }
}

#[tokio::test]
async fn every_call_yields_before_and_after_its_effect() {
    let stage = Stage::new(Script::default());
    let request = stage.submitted(1).await;
    let (sim, order) = (&stage.sim, &OrderQuery::of(&request).unwrap());
    let orders = [order.clone()];
    let attempt = AttemptQuery::new(
        request.attempt().key().clone(),
        order.numbers.clone(),
        order.account.clone(),
    );
    for polls in 0..3 {
        assert!(drop_after(sim.status(order), polls).is_none());
        assert!(drop_after(sim.statuses(&orders), polls).is_none());
        assert!(drop_after(sim.find(&attempt), polls).is_none());
        assert!(drop_after(sim.cancel_order(&request, &stage.clock), polls).is_none());
    }
    assert!(drop_after(sim.status(order), 3).is_some());
}

#[tokio::test]
async fn random_faults_repeat_with_the_seed_and_no_attempt_is_ever_taken_twice() {
    let run = |seed: u64| async move {
        let clock = VirtualClock::at(sample::time());
        let sim = SimCarrier::new(clock.clone(), seed);
        sim.fault_at_random(
            60,
            [Fault::LostBefore, Fault::LostAfter, Fault::Unreachable],
        );
        let stage = Stage { clock, sim };
        let mut request = stage.cleared(1);
        let receipt = loop {
            stage.clock.advance(TimeDelta::minutes(16));
            if request.cleared().is_some() {
                match stage.submit(&mut request).await {
                    Submission::Accepted(receipt) => break receipt,
                    Submission::NotTaken(news, _) | Submission::InDoubt(news, _) => {
                        request.heard(news).unwrap();
                    }
                    other => panic!("{other:?}"),
                }
            } else if request.retry(stage.now()).is_err() {
                match stage.sim.resolve(&request, &stage.clock).await {
                    Ok(Resolution::Found(receipt)) => break receipt,
                    Ok(Resolution::Unclear(news)) => request.heard(news).unwrap(),
                    Err(error) => assert!(error.is_retryable()),
                }
            }
        };
        let request = request.submitted(receipt).unwrap();
        assert_eq!(stage.sim.submissions_of(request.id()), 1, "seed {seed}");
        (
            stage.now(),
            request.history_len(),
            stage.sim.calls(Op::Find),
        )
    };
    for seed in 0..50 {
        assert_eq!(run(seed).await, run(seed).await);
    }
}

#[tokio::test]
async fn clones_share_one_carrier_and_debug_shows_no_account() {
    let stage = Stage::new(Script::default());
    let clone = stage.sim.clone();
    let request = stage.submitted(1).await;
    assert_eq!(clone.orders(), 1);
    assert_eq!(
        format!("{clone:?}"),
        "SimCarrier { id: CarrierId(sim), orders: 1, calls: 1, .. }"
    );
    // An attempt sent twice is two orders: that is what the books are for.
    let order = sample::order(
        request.id().clone(),
        sample::carrier(),
        request.numbers().clone(),
        stage.now(),
    );
    assert!(clone.submit(&order).await.is_ok());
    assert_eq!(stage.sim.submissions_of(request.id()), 2);
}
