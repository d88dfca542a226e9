//! Human legs: what the API does not do, people do at the carrier and attest here.

use chrono::TimeDelta;
use snap_port::testing::{Lookup, Script, SimCarrier, VirtualClock, sample};
use snap_port::{
    AttemptPhase, Basis, Capabilities, CarrierClientExt, CarrierErrorKind, Filed, Means, NotFiled,
    OrderCancelled, Reason, Refusal, ReleaseGranted, Resolution, Schedule, Statement, Status, Step,
    Submission,
};

use super::{Stage, may, pending, reached};

/// Like a transfer ticket: people file, approve, agree and cancel; the inventory shows arrivals.
fn ticket_stage() -> Stage {
    let clock = VirtualClock::at(sample::time());
    let capabilities = Capabilities::all(Means::Api)
        .with(Step::Submit, Means::Human)
        .with(Step::Release, Means::Human)
        .with(Step::Schedule, Means::Human)
        .with(Step::Cancel, Means::Human);
    let sim = SimCarrier::new(clock.clone(), 7).with_capabilities(capabilities);
    Stage { clock, sim }
}

fn says<T>(stage: &Stage, what: T) -> Statement<T> {
    Statement::new(may(&sample::support()), stage.now(), what)
}

#[tokio::test]
async fn people_file_approve_and_agree_and_the_inventory_shows_the_rest() {
    let stage = ticket_stage();
    let mut request = stage.cleared(2);
    let Submission::HandedOver(news) = stage.submit(&mut request).await else {
        panic!("not handed over");
    };
    request.heard(news).unwrap();
    assert_eq!(request.phase(), AttemptPhase::HandedOver);
    assert_eq!(stage.sim.orders(), 0);

    let key = request.attempt().key().clone();
    let order = stage.sim.file_by_hand(&key).unwrap();
    assert_eq!(stage.sim.file_by_hand(&key), None, "filed once");
    let said = says(&stage, Filed(order.clone()));
    let receipt = stage.sim.attest_filed(&request, said, &stage.clock);
    let receipt = receipt.unwrap();
    assert_eq!(receipt.basis(), &Basis::Attested(sample::support()));
    let request = request.submitted(receipt).unwrap();

    // The platform approves, but no API says so.
    stage.clock.advance(TimeDelta::hours(30));
    assert!(pending(
        &stage.look(&request).await.release(&request).unwrap()
    ));
    let granted = ReleaseGranted {
        at: stage.now(),
        approver: "Lou".to_owned(),
        losing_ticket: None,
        gaining_account: sample::gaining_account(),
        numbers: request.numbers().clone(),
    };
    let approval = stage
        .sim
        .attest_release(&request, says(&stage, granted), &stage.clock);
    let request = request.approved(approval.unwrap()).unwrap();

    let slot = sample::slot(request.package().earliest());
    assert!(
        stage
            .sim
            .agree_by_hand(&order, request.numbers(), slot.clone())
    );
    assert!(pending(
        &stage.look(&request).await.schedule(&request).unwrap()
    ));
    let said = says(&stage, Schedule::Agreed(slot));
    let confirmation = stage.sim.attest_schedule(&request, said, &stage.clock);
    let request = request.scheduled(confirmation.unwrap()).unwrap();

    stage.pass(&request);
    let done = reached(stage.look(&request).await.completion(&request).unwrap());
    assert_eq!(done.basis(), &Basis::Observed);
    assert_eq!(request.ported(done).unwrap().status(), Status::Ported);
}

#[tokio::test]
async fn calls_for_human_steps_are_refused_and_so_are_statements_for_api_steps() {
    let stage = ticket_stage();
    let api = Stage::new(Script::default());
    let mut approved = api.approved(1).await;
    let by = may(&sample::support());
    let slot = sample::slot(approved.package().earliest());
    let asked = approved.ask_slot(slot, by, api.now()).unwrap();
    let error = stage.sim.ask_slot(&approved, &asked, &stage.clock).await;
    assert_eq!(error.unwrap_err().kind(), CarrierErrorKind::Unsupported);
    let error = stage.sim.cancel_order(&approved, &stage.clock).await;
    assert_eq!(error.unwrap_err().kind(), CarrierErrorKind::Unsupported);
    let said = says(&api, OrderCancelled);
    let error = api.sim.attest_cancelled(&approved, said, &api.clock);
    assert_eq!(error.unwrap_err().kind(), CarrierErrorKind::Unsupported);
}

#[tokio::test]
async fn people_cancel_at_the_carrier_and_then_nothing_moves() {
    let stage = ticket_stage();
    let mut request = stage.cleared(1);
    let Submission::HandedOver(news) = stage.submit(&mut request).await else {
        panic!("not handed over");
    };
    request.heard(news).unwrap();
    let order = stage.sim.file_by_hand(request.attempt().key()).unwrap();
    let said = says(&stage, Filed(order.clone()));
    let receipt = stage
        .sim
        .attest_filed(&request, said, &stage.clock)
        .unwrap();
    let request = request.submitted(receipt).unwrap();
    let slot = sample::slot(request.package().earliest());
    assert!(stage.sim.agree_by_hand(&order, request.numbers(), slot));
    assert!(stage.sim.cancel_by_hand(&order, request.numbers()));
    stage.clock.advance(TimeDelta::days(30));
    assert!(stage.look(&request).await.report().arrivals.is_empty());
    let said = says(&stage, OrderCancelled);
    let receipt = stage.sim.attest_cancelled(&request, said, &stage.clock);
    assert!(request.cancelled(receipt.unwrap()).is_ok());
    assert!(
        !stage
            .sim
            .cancel_by_hand(&SimCarrier::no_order(), &sample::numbers(1))
    );
}

#[tokio::test]
async fn a_dropped_hand_over_is_for_a_person_to_clear_up() {
    let stage = ticket_stage();
    let mut request = stage.cleared(1);
    // The answer "handed over" is never recorded: a crash.
    let _ = stage.submit(&mut request).await;
    let Resolution::Unclear(news) = stage.sim.resolve(&request, &stage.clock).await.unwrap() else {
        panic!("found");
    };
    request.heard(news).unwrap();
    assert_eq!(request.phase(), AttemptPhase::NeedsPerson);
    let said = says(&stage, NotFiled("the desk has it, unfiled".to_owned()));
    let news = stage.sim.attest_not_filed(&request, said, &stage.clock);
    request.heard(news.unwrap()).unwrap();
    assert!(request.cleared().is_some());
}

#[tokio::test]
async fn what_people_filed_can_be_found() {
    let stage = ticket_stage();
    let mut request = stage.cleared(1);
    let _ = stage.submit(&mut request).await;
    stage.sim.file_by_hand(request.attempt().key()).unwrap();
    let found = stage.sim.resolve(&request, &stage.clock).await.unwrap();
    assert!(matches!(found, Resolution::Found(_)));
    stage.sim.set_lookup(Lookup::CannotTell);
    let unclear = stage.sim.resolve(&request, &stage.clock).await.unwrap();
    assert!(matches!(unclear, Resolution::Unclear(_)));
}

#[tokio::test]
async fn people_are_told_of_a_refusal() {
    let stage = ticket_stage();
    let refusal = Refusal::new(Reason::Paperwork, "the letter is illegible");
    stage
        .sim
        .script_next(Script::default().refuse(refusal.clone()));
    let mut request = stage.cleared(1);
    let _ = stage.submit(&mut request).await;
    assert_eq!(stage.sim.file_by_hand(request.attempt().key()), None);
    let said = says(&stage, refusal);
    let notice = stage.sim.attest_not_taken(&request, said, &stage.clock);
    assert_eq!(
        request.refused(notice.unwrap()).unwrap().status(),
        Status::Rejected
    );
}
