//! How numbers move: early, late, some of them, elsewhere, or not at all.

use chrono::TimeDelta;
use snap_port::testing::{CancelPlan, Cutover, Script, sample};
use snap_port::{
    Basis, Cancellation, CarrierClientExt, Fact, NumberList, OrderQuery, Progress, Schedule, Status,
};

use super::{Stage, id, may, pending, reached};

#[tokio::test]
async fn numbers_that_move_while_submitted_imply_what_was_not_seen() {
    let script = Script::default().silence();
    let stage = Stage::new(script.cutover(Cutover::AfterSubmission(TimeDelta::hours(6))));
    let mut request = stage.submitted(2).await;
    stage.clock.advance(TimeDelta::hours(7));
    let look = stage.look(&request).await;
    for news in look.news(&request).unwrap() {
        request.observe(news).unwrap();
    }
    let approval = reached(look.release(&request).unwrap());
    assert_eq!(approval.basis(), &Basis::Implied);
    let request = request.approved(approval).unwrap();
    let confirmation = reached(look.schedule(&request).unwrap());
    assert_eq!(confirmation.basis(), &Basis::Observed);
    let request = request.scheduled(confirmation).unwrap();
    assert!(matches!(request.schedule(), Schedule::ObservedCutover(_)));
    assert!(request.schedule().begins() < request.package().earliest().begins());
    let completion = reached(look.completion(&request).unwrap());
    assert_eq!(request.ported(completion).unwrap().numbers().len(), 2);
}

#[tokio::test]
async fn numbers_move_before_or_after_the_slot() {
    for hours in [-3, 5] {
        let shift = TimeDelta::hours(hours);
        let stage = Stage::new(Script::default().cutover(Cutover::AtSlot(shift)));
        let request = stage.scheduled(1).await;
        let due = request.schedule().begins() + shift;
        stage.clock.set(due);
        assert!(pending(
            &stage.look(&request).await.completion(&request).unwrap()
        ));
        stage.clock.advance(TimeDelta::minutes(12));
        let done = reached(stage.look(&request).await.completion(&request).unwrap());
        assert!(done.occurred_at() > due);
        assert!(request.ported(done).is_ok());
    }
    let stage = Stage::new(Script::default().cutover(Cutover::Never));
    let request = stage.scheduled(1).await;
    stage.clock.advance(TimeDelta::days(99));
    assert!(stage.look(&request).await.report().arrivals.is_empty());
}

#[tokio::test]
async fn numbers_in_a_wrong_account_do_not_count_until_they_are_brought_home() {
    let script = Script::default().detour(1, sample::wrong_account(), None);
    let stage = Stage::new(script);
    let mut request = stage.scheduled(2).await;
    stage.pass(&request);
    let look = stage.look(&request).await;
    assert!(pending(&look.completion(&request).unwrap()));
    for news in look.news(&request).unwrap() {
        request.observe(news).unwrap();
    }
    let lost = request.numbers().first();
    let row = request.table().row(lost).cloned().unwrap();
    assert_eq!(row.elsewhere(), Some(&sample::wrong_account()));
    assert_eq!(stage.sim.owner_of(lost), Some(sample::wrong_account()));

    stage.clock.advance(TimeDelta::days(1));
    assert!(stage.sim.move_within_owner(lost));
    assert!(!stage.sim.move_within_owner(lost), "it is home");
    let done = reached(stage.look(&request).await.completion(&request).unwrap());
    assert_eq!(done.occurred_at(), stage.now());
    assert!(request.ported(done).is_ok());
}

#[tokio::test]
async fn numbers_may_come_home_by_themselves() {
    let wait = Some(TimeDelta::hours(4));
    let stage = Stage::new(Script::default().detour(2, sample::wrong_account(), wait));
    let request = stage.scheduled(2).await;
    stage.pass(&request);
    assert!(pending(
        &stage.look(&request).await.completion(&request).unwrap()
    ));
    stage.clock.advance(TimeDelta::hours(4));
    let done = stage.look(&request).await.completion(&request).unwrap();
    assert!(request.ported(reached(done)).is_ok());
}

#[tokio::test]
async fn the_numbers_that_do_not_move_are_split_off_and_cancelled_alone() {
    let stage = Stage::new(Script::default().partial(2, None));
    let request = stage.scheduled(3).await;
    stage.pass(&request);
    let look = stage.look(&request).await;
    assert!(pending(&look.completion(&request).unwrap()));
    let stuck = NumberList::new(request.numbers().iter().copied().skip(2)).unwrap();
    let by = may(&sample::support());
    let (moved, stuck) = request
        .split(id("r-1b"), stuck, "it did not move", by, stage.now())
        .unwrap();
    assert_eq!(moved.order(), stuck.order());

    let (one, other) = (&stage.look(&moved).await, &stage.look(&stuck).await);
    assert_eq!(one.report(), other.report(), "one order, one report");
    let completion = reached(one.completion(&moved).unwrap());
    let moved = moved.ported(completion).unwrap();
    assert_eq!(moved.numbers().len(), 2);

    let gone = stage.sim.cancel_order(&stuck, &stage.clock).await.unwrap();
    let Cancellation::Done(receipt) = gone else {
        panic!("not cancelled");
    };
    assert_eq!(receipt.numbers(), stuck.numbers());
    let report = stage.look(&stuck).await.report().clone();
    assert_eq!(
        (report.cancelled, report.arrivals.len()),
        (Some(stage.now()), 2)
    );
    assert!(stuck.cancelled(receipt).is_ok());
    assert_eq!(stage.sim.orders(), 1);
    assert_eq!(stage.sim.submissions_of(&id("r-1b")), 0);
}

#[tokio::test]
async fn the_rest_may_move_later() {
    let stage = Stage::new(Script::default().partial(1, Some(TimeDelta::days(2))));
    let request = stage.scheduled(3).await;
    stage.pass(&request);
    assert_eq!(stage.look(&request).await.report().arrivals.len(), 1);
    stage.clock.advance(TimeDelta::days(2));
    let done = stage.look(&request).await.completion(&request).unwrap();
    assert!(request.ported(reached(done)).is_ok());
}

#[tokio::test]
async fn a_cancellation_is_done_pending_or_refused() {
    let wait = TimeDelta::hours(2);
    let stage = Stage::new(Script::default().cancel(CancelPlan::DoneAfter(wait)));
    let mut request = stage.submitted(2).await;
    request.request_cancel("not needed", may(&sample::admin()), stage.now());
    let answer = stage
        .sim
        .cancel_order(&request, &stage.clock)
        .await
        .unwrap();
    assert!(matches!(answer, Cancellation::Pending(_)));
    assert!(pending(
        &stage.look(&request).await.release(&request).unwrap()
    ));
    stage.clock.advance(wait);
    let look = stage.look(&request).await;
    let Progress::Cancelled(receipt) = look.release(&request).unwrap() else {
        panic!("not cancelled");
    };
    let again = stage
        .sim
        .cancel_order(&request, &stage.clock)
        .await
        .unwrap();
    assert!(
        matches!(again, Cancellation::Done(_)),
        "asking again is safe"
    );
    assert_eq!(
        request.cancelled(receipt).unwrap().status(),
        Status::Cancelled
    );

    let plan = CancelPlan::Refused("too late".to_owned());
    let stage = Stage::new(Script::default().cancel(plan));
    let mut request = stage.submitted(2).await;
    let answer = stage
        .sim
        .cancel_order(&request, &stage.clock)
        .await
        .unwrap();
    let Cancellation::Refused(seen) = answer else {
        panic!("not refused");
    };
    assert_eq!(seen.what(), &Fact::CancelRefused("too late".to_owned()));
    assert!(request.observe(seen).is_ok());
}

#[tokio::test]
async fn what_has_moved_is_not_cancelled() {
    let stage = Stage::new(Script::default());
    let request = stage.scheduled(2).await;
    stage.pass(&request);
    let answer = stage
        .sim
        .cancel_order(&request, &stage.clock)
        .await
        .unwrap();
    assert!(matches!(answer, Cancellation::Refused(_)));
}

#[tokio::test]
async fn a_carrier_cancels_unasked() {
    let stage = Stage::new(Script::default().cancels_unasked(TimeDelta::days(2)));
    let request = stage.scheduled(2).await;
    stage.clock.set(sample::time() + TimeDelta::days(2));
    let look = stage.look(&request).await;
    let Progress::Cancelled(receipt) = look.completion(&request).unwrap() else {
        panic!("not cancelled");
    };
    stage.pass(&request);
    assert!(stage.look(&request).await.report().arrivals.is_empty());
    assert!(request.cancelled(receipt).is_ok());
}

#[tokio::test]
async fn numbers_may_move_although_the_order_was_cancelled() {
    let script = Script::default().cutover(Cutover::AfterSubmission(TimeDelta::days(3)));
    let stage = Stage::new(script.moves_anyway());
    let request = stage.submitted(1).await;
    let number = request.numbers().first();
    let answer = stage
        .sim
        .cancel_order(&request, &stage.clock)
        .await
        .unwrap();
    let Cancellation::Done(receipt) = answer else {
        panic!("not cancelled");
    };
    let query = OrderQuery::of(&request).unwrap();
    assert!(request.cancelled(receipt).is_ok());
    stage.clock.advance(TimeDelta::days(4));
    assert_eq!(stage.sim.owner_of(number), Some(sample::gaining_account()));
    let looks = stage.sim.look_at(&[query], &stage.clock).await.unwrap();
    assert_eq!(looks[0].report().arrivals.len(), 1);
}
