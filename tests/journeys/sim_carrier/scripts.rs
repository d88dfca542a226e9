//! What a carrier and a losing platform do of their own accord.

use chrono::TimeDelta;
use snap_port::testing::{Cutover, ReleasePlan, SchedulePlan, Script, sample};
use snap_port::{
    CarrierClientExt, CarrierErrorKind, Fact, Hold, NumberList, Progress, Reason, Refusal,
    Schedule, Status, Submission, Violation,
};

use super::{Stage, id, may, pending, reached};

fn refusal() -> Refusal {
    Refusal::new(Reason::WrongLosingAccount, "no such account here")
}

#[tokio::test]
async fn a_submission_may_be_refused_and_the_amended_one_taken() {
    let stage = Stage::new(Script::default());
    stage.sim.script_next(Script::default().refuse(refusal()));
    let mut request = stage.cleared(2);
    let Submission::Refused(notice) = stage.submit(&mut request).await else {
        panic!("taken");
    };
    assert_eq!(notice.refusal(), &refusal());
    let rejected = request.refused(notice).unwrap();
    assert_eq!(stage.sim.orders(), 0);

    let draft = rejected.amend(may(&sample::admin()), stage.now());
    let package = sample::package(&sample::numbers(2), stage.now());
    let sealed = draft.seal(&package, may(&sample::admin()), stage.now());
    let mut request = sealed.unwrap();
    let review = request.review(may(&sample::support()), stage.now());
    request
        .pass_review(review.pass(sample::numbers(2)))
        .unwrap();
    let taken = stage.submit(&mut request).await;
    assert!(matches!(taken, Submission::Accepted(_)));
    assert_eq!(stage.sim.submissions_of(&id("r-1")), 1);
}

#[tokio::test]
async fn a_script_of_its_own_goes_before_the_next_one() {
    let stage = Stage::new(Script::default());
    stage.sim.script_for(id("r-1"), Script::default().silence());
    stage.sim.script_next(Script::default().refuse(refusal()));
    let silent = stage.submitted(1).await;
    stage.clock.advance(TimeDelta::days(365));
    let look = stage.sim.check_release(&silent, &stage.clock).await;
    assert!(pending(&look.unwrap()), "the losing platform is silent");
    let numbers = sample::numbers_from(5, 1);
    let mut other = sample::cleared(id("r-2"), sample::carrier(), numbers, stage.now());
    let refused = stage.submit(&mut other).await;
    assert!(matches!(refused, Submission::Refused(_)));
}

#[tokio::test]
async fn the_release_may_be_refused() {
    let after = TimeDelta::hours(5);
    let plan = ReleasePlan::Refused {
        after,
        refusal: refusal(),
    };
    let stage = Stage::new(Script::default().release(plan));
    let request = stage.submitted(2).await;
    stage.clock.advance(TimeDelta::hours(6));
    let Progress::Refused(notice) = stage.look(&request).await.release(&request).unwrap() else {
        panic!("not refused");
    };
    assert_eq!(notice.occurred_at(), sample::time() + after);
    assert_eq!(request.refused(notice).unwrap().status(), Status::Rejected);
}

#[tokio::test]
async fn a_slot_may_be_refused_and_then_no_number_moves() {
    let plan = SchedulePlan::Refused(refusal());
    let script = Script::default().schedule(plan);
    let stage = Stage::new(script.cutover(Cutover::AfterSubmission(TimeDelta::days(3))));
    let mut request = stage.approved(2).await;
    let slot = sample::slot(request.package().earliest());
    let look = stage.ask(&mut request, slot).await;
    assert!(matches!(look.schedule(&request), Ok(Progress::Refused(_))));
    stage.clock.advance(TimeDelta::days(9));
    assert!(stage.look(&request).await.report().arrivals.is_empty());
}

#[tokio::test]
async fn a_hold_comes_and_goes_and_the_release_waits_for_it() {
    let hold = Hold::new(Reason::FeeDemanded, "$50 per number");
    let (from, until) = (TimeDelta::hours(2), TimeDelta::hours(72));
    let stage = Stage::new(Script::default().hold(hold.clone(), from, Some(until)));
    let mut request = stage.submitted(1).await;
    stage.clock.advance(TimeDelta::hours(30));
    let look = stage.look(&request).await;
    assert!(pending(&look.release(&request).unwrap()));
    for news in look.news(&request).unwrap() {
        request.observe(news).unwrap();
    }
    assert_eq!(request.hold().unwrap().0, &hold);

    stage.clock.advance(TimeDelta::hours(42));
    let look = stage.look(&request).await;
    for news in look.news(&request).unwrap() {
        request.observe(news).unwrap();
    }
    assert_eq!(request.hold(), None);
    let approval = reached(look.release(&request).unwrap());
    assert_eq!(approval.occurred_at(), sample::time() + until);
}

#[tokio::test]
async fn words_nobody_knows_are_kept() {
    let stage = Stage::new(Script::default().words(TimeDelta::hours(1), "IN_LIMBO"));
    let request = stage.submitted(1).await;
    assert_eq!(stage.look(&request).await.report().unrecognised, None);
    stage.clock.advance(TimeDelta::hours(1));
    let news = stage.look(&request).await.news(&request).unwrap();
    assert_eq!(news[0].what(), &Fact::Unrecognised("IN_LIMBO".to_owned()));
}

#[tokio::test]
async fn a_release_of_some_numbers_lets_those_go_on_alone() {
    let plan = ReleasePlan::Partly {
        after: TimeDelta::hours(24),
        first: 2,
        rest: Some(TimeDelta::hours(100)),
    };
    let stage = Stage::new(Script::default().release(plan));
    let request = stage.submitted(3).await;
    stage.clock.advance(TimeDelta::hours(24));
    let approval = reached(stage.look(&request).await.release(&request).unwrap());
    let error = request.approved(approval).unwrap_err();
    let (request, violation) = error.into_parts();
    let last = request.numbers().as_slice()[2];
    assert!(
        matches!(&violation, Violation::NotCovered { numbers, .. } if *numbers == [last]),
        "{violation}"
    );
    let by = may(&sample::support());
    let (first, rest) = request
        .split(
            id("r-1b"),
            NumberList::one(last),
            "not released",
            by,
            stage.now(),
        )
        .unwrap();
    let approval = reached(stage.look(&first).await.release(&first).unwrap());
    assert!(first.approved(approval).is_ok());

    stage.clock.set(sample::time() + TimeDelta::hours(100));
    let approval = reached(stage.look(&rest).await.release(&rest).unwrap());
    assert!(rest.approved(approval).is_ok());
}

#[tokio::test]
async fn a_counter_offer_counts_once_it_is_asked_for() {
    let later = TimeDelta::days(1);
    let stage = Stage::new(Script::default().schedule(SchedulePlan::CounterOffered(later)));
    let mut request = stage.approved(2).await;
    let wish = sample::slot(request.package().earliest());
    let look = stage.ask(&mut request, wish.clone()).await;
    assert!(pending(&look.schedule(&request).unwrap()));
    let news = look.news(&request).unwrap();
    let Fact::CounterOffered(offer) = news[0].what().clone() else {
        panic!("no offer: {news:?}");
    };
    assert_eq!(offer.begins(), wish.begins() + later);
    request.observe(news[0].clone()).unwrap();

    stage.clock.advance(TimeDelta::minutes(10));
    let look = stage.ask(&mut request, offer.clone()).await;
    assert_eq!(look.report().counter_offer, None);
    let confirmation = reached(look.schedule(&request).unwrap());
    assert_eq!(confirmation.schedule(), &Schedule::Agreed(offer));
    assert!(request.scheduled(confirmation).is_ok());
}

#[tokio::test]
async fn a_slot_may_be_agreed_later_and_the_last_wish_counts() {
    let wait = TimeDelta::hours(4);
    let stage = Stage::new(Script::default().schedule(SchedulePlan::AgreedAfter(wait)));
    let mut request = stage.approved(1).await;
    let first = sample::slot(request.package().earliest());
    let look = stage.ask(&mut request, first.clone()).await;
    assert!(pending(&look.schedule(&request).unwrap()));
    stage.clock.advance(TimeDelta::hours(1));
    let begins = first.begins() + TimeDelta::days(1);
    let second = snap_port::PortSlot::hour(begins, sample::zone());
    let look = stage.ask(&mut request, second.clone()).await;
    assert!(pending(&look.schedule(&request).unwrap()));
    stage.clock.advance(wait - TimeDelta::minutes(1));
    let look = stage.sim.check_schedule(&request, &stage.clock).await;
    assert!(pending(&look.unwrap()), "the first wish was given up");
    stage.clock.advance(TimeDelta::minutes(1));
    let look = stage.sim.check_schedule(&request, &stage.clock).await;
    let confirmation = reached(look.unwrap());
    assert_eq!(confirmation.schedule(), &Schedule::Agreed(second));
}

#[tokio::test]
async fn no_slot_is_agreed_before_the_release() {
    let stage = Stage::new(Script::default());
    let mut approved = stage.approved(1).await;
    let slot = sample::slot(approved.package().earliest());
    let by = may(&sample::support());
    let asked = approved.ask_slot(slot, by, stage.now()).unwrap();
    stage.clock.set(sample::time() + TimeDelta::hours(1));
    let refused = stage.sim.ask_slot(&approved, &asked, &stage.clock).await;
    assert_eq!(
        refused.unwrap_err().kind(),
        CarrierErrorKind::InvalidRequest
    );
}

#[tokio::test]
async fn a_carrier_sets_its_own_slot_and_may_break_the_earliest_date() {
    for keeps_earliest in [true, false] {
        let plan = SchedulePlan::SetByCarrier {
            after: TimeDelta::hours(2),
            lead: TimeDelta::hours(24),
            keeps_earliest,
        };
        let stage = Stage::new(Script::default().schedule(plan));
        let request = stage.approved(1).await;
        stage.clock.advance(TimeDelta::hours(2));
        let look = stage.sim.check_schedule(&request, &stage.clock).await;
        let confirmation = reached(look.unwrap());
        assert!(matches!(confirmation.schedule(), Schedule::CarrierSet(_)));
        match request.scheduled(confirmation) {
            Ok(request) => {
                assert!(keeps_earliest);
                stage.pass(&request);
                assert_eq!(stage.look(&request).await.report().arrivals.len(), 1);
            }
            Err(error) => {
                assert!(!keeps_earliest);
                assert!(matches!(
                    error.violation(),
                    Violation::BeforeEarliest { .. }
                ));
            }
        }
    }
}

#[tokio::test]
async fn a_carrier_moves_the_slot_and_the_numbers_follow() {
    let (after, by) = (TimeDelta::hours(3), TimeDelta::days(2));
    let stage = Stage::new(Script::default().reschedule(after, by));
    let request = stage.scheduled(2).await;
    let former = request.schedule().begins();
    assert!(pending(
        &stage.look(&request).await.reschedule(&request).unwrap()
    ));
    stage.clock.advance(after);
    let newer = reached(stage.look(&request).await.reschedule(&request).unwrap());
    let request = request.rescheduled(newer).unwrap();
    assert_eq!(request.schedule().begins(), former + by);
    assert!(matches!(request.schedule(), Schedule::CarrierSet(_)));
    assert_eq!(request.former_confirmations().len(), 1);
    assert!(pending(
        &stage.look(&request).await.reschedule(&request).unwrap()
    ));

    stage.clock.set(former + TimeDelta::hours(1));
    assert!(stage.look(&request).await.report().arrivals.is_empty());
    stage.pass(&request);
    let done = stage.look(&request).await.completion(&request);
    assert!(request.ported(reached(done.unwrap())).is_ok());
}

#[tokio::test]
async fn numbers_wait_for_a_hold_that_lasts_past_the_slot() {
    let hold = Hold::new(Reason::BalanceUnpaid, "one invoice is open");
    let (from, until) = (TimeDelta::days(2), TimeDelta::days(20));
    let stage = Stage::new(Script::default().hold(hold, from, Some(until)));
    let request = stage.scheduled(1).await;
    stage.pass(&request);
    assert!(stage.look(&request).await.report().arrivals.is_empty());
    stage.clock.set(sample::time() + until);
    assert_eq!(stage.look(&request).await.report().arrivals.len(), 1);
}
