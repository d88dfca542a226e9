//! The desk over stores and people that get in its way.

mod in_service;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};

use async_trait::async_trait;
use chrono::TimeDelta;
use snap_port::testing::{
    Fault, HookedStore, Op, SimCarrier, StoreCall, StoreHook, VirtualClock, sample,
};
use snap_port::{
    Advance, AnyPortRequest, Awaited, Capabilities, CarrierClient, CarrierId, CarrierName, Check,
    DeskError, English, Filed, Finding, GainingPlatform, InvalidFindings, Means, MemoryStore,
    NotFiled, Note, OrderRef, Party, PortDesk, PortRequestId, PortSlot, PortStore, RecordError,
    Schedule, Stage, Statement, Status, Step, StoreError, Trouble, Urgency, Violation, Write, act,
};

fn id(text: &str) -> PortRequestId {
    PortRequestId::parse(text).unwrap()
}

fn desk(store: Arc<dyn PortStore>, clock: &VirtualClock, carrier: &SimCarrier) -> PortDesk {
    PortDesk::new(store, Arc::new(clock.clone())).with_carrier(Arc::new(carrier.clone()))
}

async fn cleared(desk: &PortDesk, id: &PortRequestId, carrier: &SimCarrier) {
    let package = sample::package(&sample::numbers(3), sample::time());
    let admin = sample::admin();
    let start = desk.start(id.clone(), carrier.id(), admin.permit().unwrap());
    start.await.unwrap();
    let fill = desk.fill(id, |checklist| *checklist = (&package).into());
    fill.await.unwrap();
    let attempt = desk.seal(id, admin.permit().unwrap()).await.unwrap();
    let permit = sample::support().permit().unwrap();
    let review = desk.pass_review(&attempt, permit, package.numbers().clone());
    review.await.unwrap();
}

async fn submitted(desk: &PortDesk, id: &PortRequestId, carrier: &SimCarrier) {
    cleared(desk, id, carrier).await;
    assert_eq!(desk.advance(id).await.unwrap().to, Status::Submitted);
}

/// As far as an advance that finds the numbers moved.
async fn moved(desk: &PortDesk, clock: &VirtualClock, id: &PortRequestId, carrier: &SimCarrier) {
    submitted(desk, id, carrier).await;
    clock.advance(TimeDelta::hours(25));
    desk.advance(id).await.unwrap();
    let slot = sample::slot(&sample::earliest(sample::time()));
    let permit = sample::support().permit().unwrap();
    desk.ask_slot(id, slot, permit).await.unwrap();
    desk.advance(id).await.unwrap();
    clock.advance(TimeDelta::days(8));
}

async fn ported(desk: &PortDesk, clock: &VirtualClock, id: &PortRequestId, carrier: &SimCarrier) {
    moved(desk, clock, id, carrier).await;
    assert_eq!(desk.advance(id).await.unwrap().to, Status::Ported);
}

/// Somebody adds a comment just before each of the first writes of a ported request.
#[derive(Debug)]
struct Busy {
    behind: Arc<MemoryStore>,
    comments: AtomicUsize,
}

#[async_trait]
impl StoreHook for Busy {
    async fn before(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
        let StoreCall::Commit(writes) = call else {
            return Ok(());
        };
        let left = self.comments.load(Ordering::Relaxed);
        let held = self.behind.get(&writes[0].row.id).await?;
        if let Some(stored) = held
            && stored.row.status == Status::Ported
            && left > 0
        {
            self.comments.store(left - 1, Ordering::Relaxed);
            let AnyPortRequest::Ported(mut request) = stored.read().unwrap() else {
                unreachable!("its status says so");
            };
            let permit = sample::support().permit().unwrap();
            let note = Note::Comment("busy".to_owned());
            request.note(note, permit, sample::time()).unwrap();
            let (revision, known) = (stored.revision, stored.events.len());
            let write = Write::after(stored.row, &request.into(), revision, known).unwrap();
            self.behind.commit(&[write]).await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn what_was_done_in_service_survives_other_writers() {
    let clock = VirtualClock::at(sample::time());
    let carrier = SimCarrier::new(clock.clone(), 7);
    let behind = Arc::new(MemoryStore::new());
    let busy = Arc::new(Busy {
        behind: behind.clone(),
        comments: AtomicUsize::new(3),
    });
    let store = Arc::new(HookedStore::new(behind, busy.clone()));
    let (desk, id) = (desk(store, &clock, &carrier), id("busy-1"));
    ported(&desk, &clock, &id, &carrier).await;
    let table = desk.get(&id).await.unwrap().table().unwrap();
    assert!(
        table
            .rows()
            .iter()
            .all(|row| row.check(Check::VoiceIn).is_met())
    );
    let tests = carrier.calls(Op::Test);
    desk.advance(&id).await.unwrap();
    assert_eq!(carrier.calls(Op::Test), tests, "nothing is tested again");
    assert_eq!(busy.comments.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_row_of_another_request_is_not_taken_for_this_one() {
    let clock = VirtualClock::at(sample::time());
    let carrier = SimCarrier::new(clock.clone(), 7);
    let store = Arc::new(MemoryStore::new());
    let desk = desk(store.clone(), &clock, &carrier);
    submitted(&desk, &id("a"), &carrier).await;
    let mut stored = store.get(&id("a")).await.unwrap().unwrap();
    stored.row.id = id("b");
    stored.row.holds_numbers = false;
    let write = Write {
        row: stored.row,
        expected: None,
        known: 0,
        events: stored.events,
    };
    store.commit(&[write]).await.unwrap();
    let permit = sample::admin().permit().unwrap();
    let refused = desk.cancel(&id("b"), "changed our minds", permit).await;
    assert!(matches!(
        refused,
        Err(DeskError::Record {
            source: RecordError::Identity { .. },
            ..
        })
    ));
}

#[tokio::test]
async fn a_name_is_given_once() {
    let clock = VirtualClock::at(sample::time());
    let carrier = SimCarrier::new(clock.clone(), 7);
    let desk = desk(Arc::new(MemoryStore::new()), &clock, &carrier);
    submitted(&desk, &id("a"), &carrier).await;
    let permit = sample::admin().permit().unwrap();
    let again = desk.start(id("a"), carrier.id(), permit).await;
    assert!(matches!(again, Err(DeskError::Exists(_))));
}

#[tokio::test]
async fn an_early_slot_is_refused_and_on_record_only_if_the_carrier_set_it() {
    let clock = VirtualClock::at(sample::time());
    let people = Capabilities::all(Means::Api).with(Step::Schedule, Means::Human);
    let carrier = SimCarrier::new(clock.clone(), 7).with_capabilities(people);
    let (desk, id) = (
        desk(Arc::new(MemoryStore::new()), &clock, &carrier),
        id("early-1"),
    );
    submitted(&desk, &id, &carrier).await;
    clock.advance(TimeDelta::hours(25));
    assert_eq!(desk.advance(&id).await.unwrap().to, Status::ReleaseApproved);
    let early = PortSlot::hour(sample::time() + TimeDelta::days(2), sample::zone());
    let before = desk.get(&id).await.unwrap().history_len();
    for (schedule, entries) in [
        (Schedule::Agreed(early.clone()), 0),
        (Schedule::CarrierSet(early), 1),
    ] {
        let permit = sample::support().permit::<act::Attest>().unwrap();
        let at = sample::time() + TimeDelta::hours(25);
        let said = Statement::new(permit, at, schedule);
        let refused = desk.attest(&id, said).await;
        assert!(matches!(
            refused,
            Err(DeskError::Violation(Violation::BeforeEarliest { .. }))
        ));
        let after = desk.get(&id).await.unwrap().history_len();
        assert_eq!(after, before + entries);
    }
}

/// A call that has come to an order, whose answer has not come yet.
async fn under_way<'a>(
    desk: &'a PortDesk,
    id: &'a PortRequestId,
    carrier: &SimCarrier,
) -> Pin<Box<dyn Future<Output = Result<Advance, DeskError>> + 'a>> {
    cleared(desk, id, carrier).await;
    let mut call = Box::pin(desk.advance(id));
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..20 {
        if carrier.submissions_of(id) == 1 {
            break;
        }
        assert!(call.as_mut().poll(&mut context).is_pending());
    }
    call
}

#[tokio::test]
async fn an_order_taken_while_people_stated_another_is_told_until_it_is_settled() {
    let clock = VirtualClock::at(sample::time());
    let either = Capabilities::all(Means::ApiOrHuman);
    let carrier = SimCarrier::new(clock.clone(), 7).with_capabilities(either);
    let (desk, id) = (
        desk(Arc::new(MemoryStore::new()), &clock, &carrier),
        id("stray-1"),
    );
    let call = under_way(&desk, &id, &carrier).await;
    let permit = sample::support().permit().unwrap();
    let typo = Filed(OrderRef::parse("TYPO-7").unwrap());
    let said = Statement::new(permit, sample::time(), typo);
    desk.attest(&id, said).await.unwrap();
    let advance = call.await.unwrap();
    let Some(Trouble::StrayOrder(order)) = advance.trouble else {
        panic!("{advance:?}");
    };
    assert_eq!(order.as_str(), "SIM-0001");
    // It is no trouble of that one look: the next one knows nothing of it.
    clock.advance(TimeDelta::hours(1));
    let _ = desk.advance(&id).await.unwrap();
    let item = desk.work_item(&id).await.unwrap().unwrap();
    assert_eq!(item.urgency, Urgency::Emergency);
    assert_eq!(item.waiting.what, Awaited::StrayOrder(order.clone()));

    let settle = |how: &'static str| {
        let permit = sample::support().permit().unwrap();
        desk.settle_stray(&id, &order, how, permit)
    };
    assert!(matches!(
        settle(" ").await,
        Err(DeskError::Violation(Violation::Blank(_)))
    ));
    settle("cancelled, says their ticket").await.unwrap();
    let item = desk.work_item(&id).await.unwrap().unwrap();
    assert_ne!(item.urgency, Urgency::Emergency);
}

#[tokio::test]
async fn an_order_taken_while_the_request_was_sealed_anew_keeps_it_from_being_submitted() {
    let clock = VirtualClock::at(sample::time());
    let either = Capabilities::all(Means::ApiOrHuman);
    let carrier = SimCarrier::new(clock.clone(), 7).with_capabilities(either);
    let store = Arc::new(MemoryStore::new());
    let (desk, id) = (desk(store, &clock, &carrier), id("stray-2"));
    let call = under_way(&desk, &id, &carrier).await;
    // Support believes that nothing was sent, and sends the request back; the customer hands it in
    // again, and it passes its review.
    let support = sample::support();
    let denied = Statement::new(
        support.permit().unwrap(),
        sample::time(),
        NotFiled("stopped it".to_owned()),
    );
    desk.attest(&id, denied).await.unwrap();
    let attempt = desk.attempt(&id).await.unwrap();
    let finding = Finding {
        field: "letter".to_owned(),
        reason: "it is not signed".to_owned(),
        remedy: "sign it".to_owned(),
    };
    desk.send_back(&attempt, support.permit().unwrap(), vec![finding])
        .await
        .unwrap();
    let attempt = desk
        .seal(&id, sample::admin().permit().unwrap())
        .await
        .unwrap();
    let letter = desk.get(&id).await.unwrap().numbers().unwrap().clone();
    desk.pass_review(&attempt, support.permit().unwrap(), letter)
        .await
        .unwrap();

    let advance = call.await.unwrap();
    let Some(Trouble::StrayOrder(order)) = advance.trouble else {
        panic!("{advance:?}");
    };
    clock.advance(TimeDelta::days(1));
    let advance = desk.advance(&id).await.unwrap();
    assert_eq!(
        (advance.to, advance.trouble.is_none()),
        (Status::Sealed, true)
    );
    assert_eq!(
        advance.waiting.unwrap().what,
        Awaited::StrayOrder(order.clone())
    );
    assert_eq!(carrier.submissions_of(&id), 1);

    let permit = support.permit().unwrap();
    desk.settle_stray(&id, &order, "cancelled by telephone", permit)
        .await
        .unwrap();
    // The carrier finds it still; what was settled is not asked of again.
    let advance = desk.advance(&id).await.unwrap();
    assert_eq!(advance.to, Status::Submitted, "{advance:?}");
    assert_eq!(carrier.submissions_of(&id), 2);
}

#[tokio::test]
async fn the_way_back_is_stored_with_the_way_there_or_not_at_all() {
    let clock = VirtualClock::at(sample::time());
    let carrier = SimCarrier::new(clock.clone(), 7);
    let desk = desk(Arc::new(MemoryStore::new()), &clock, &carrier);
    let (there, back) = (id("there"), id("back"));
    let reverse = |name: &str| {
        let permit = sample::admin().permit().unwrap();
        let ours = "Aloware".parse().unwrap();
        let (desk, there, back) = (desk.clone(), there.clone(), id(name));
        async move { desk.reverse(&there, back, ours, permit).await }
    };
    submitted(&desk, &there, &carrier).await;
    let early = reverse("back").await;
    assert!(matches!(early, Err(DeskError::WrongState { .. })));

    clock.advance(TimeDelta::hours(30));
    desk.advance(&there).await.unwrap();
    let slot = sample::slot(&sample::earliest(sample::time()));
    let permit = sample::support().permit().unwrap();
    desk.ask_slot(&there, slot, permit).await.unwrap();
    desk.advance(&there).await.unwrap();
    clock.advance(TimeDelta::days(9));
    assert_eq!(desk.advance(&there).await.unwrap().to, Status::Ported);

    // A name that is taken: the record does not change.
    let permit = sample::admin().permit().unwrap();
    desk.start(id("taken"), carrier.id(), permit).await.unwrap();
    let entries = desk.get(&there).await.unwrap().history_len();
    let taken = reverse("taken").await;
    assert!(matches!(
        taken,
        Err(DeskError::Store(StoreError::Conflict { .. }))
    ));
    assert_eq!(desk.get(&there).await.unwrap().history_len(), entries);

    reverse("back").await.unwrap();
    let AnyPortRequest::Draft(draft) = desk.get(&back).await.unwrap() else {
        panic!("the way back is a draft");
    };
    assert_eq!(draft.reverses(), Some(&there));
    let again = reverse("again").await;
    assert!(matches!(
        again,
        Err(DeskError::Violation(Violation::AlreadyReversed(name))) if name == back
    ));
}

#[tokio::test]
async fn a_review_of_an_earlier_attempt_does_not_pass_the_next() {
    let clock = VirtualClock::at(sample::time());
    let carrier = SimCarrier::new(clock.clone(), 7);
    let desk = desk(Arc::new(MemoryStore::new()), &clock, &carrier);
    let name = id("r-1");
    let (admin, support) = (sample::admin(), sample::support());
    let package = sample::package(&sample::numbers(3), sample::time());
    desk.start(name.clone(), carrier.id(), admin.permit().unwrap())
        .await
        .unwrap();
    desk.fill(&name, |form| *form = (&package).into())
        .await
        .unwrap();
    let first = desk.seal(&name, admin.permit().unwrap()).await.unwrap();
    assert_eq!(desk.attempt(&name).await.unwrap(), first);
    let finding = Finding {
        field: "letter of authorization".to_owned(),
        reason: "the second page is missing".to_owned(),
        remedy: "upload both pages".to_owned(),
    };
    let back = |attempt, findings| desk.send_back(attempt, support.permit().unwrap(), findings);
    let untold = back(&first, Vec::new()).await;
    assert!(matches!(
        untold,
        Err(DeskError::Violation(Violation::Findings(
            InvalidFindings::Missing
        )))
    ));
    back(&first, vec![finding.clone()]).await.unwrap();
    let second = desk.seal(&name, admin.permit().unwrap()).await.unwrap();
    let numbers = package.numbers();
    let late = desk.pass_review(&first, support.permit().unwrap(), numbers.clone());
    assert!(matches!(
        late.await,
        Err(DeskError::Violation(Violation::OtherAttempt { current: 2 }))
    ));
    let late = back(&first, vec![finding]).await;
    assert!(matches!(
        late,
        Err(DeskError::Violation(Violation::OtherAttempt { current: 2 }))
    ));
    desk.pass_review(&second, support.permit().unwrap(), numbers.clone())
        .await
        .unwrap();
}

#[tokio::test]
async fn the_desk_tells_staff_and_the_customer_what_is_next() {
    let clock = VirtualClock::at(sample::time());
    let carrier = SimCarrier::new(clock.clone(), 7);
    let desk = desk(Arc::new(MemoryStore::new()), &clock, &carrier);
    let name = id("r-1");
    submitted(&desk, &name, &carrier).await;
    clock.advance(TimeDelta::days(3));
    let item = desk.work_item(&name).await.unwrap().unwrap();
    assert_eq!(item.waiting.on, Party::LosingPlatform);
    assert_eq!(item.urgency, Urgency::ChaseDue);
    // Nobody said in whose name it writes.
    assert!(item.paste_ready.is_none() && item.carrier_name.is_none());

    let ours = GainingPlatform::new("Aloware", "transfers@aloware.test").unwrap();
    let twilio = CarrierName::new("Twilio").unwrap();
    let sender = desk.clone().with_sender(ours, [(carrier.id(), twilio)]);
    let item = sender.work_item(&name).await.unwrap().unwrap();
    assert!(item.paste_ready.unwrap().body.contains("Aloware"));
    let update = sender.customer_update(&name).await.unwrap();
    assert!(matches!(update.stage, Stage::WaitingForProvider { .. }));
    assert!(update.message(&English).to_string().contains("Twilio"));
    // Another carrier's name is not this one's.
    let other = [(
        CarrierId::parse("other").unwrap(),
        CarrierName::new("Bandwidth").unwrap(),
    )];
    let ours = GainingPlatform::new("Aloware", "transfers@aloware.test").unwrap();
    let update = desk
        .with_sender(ours, other)
        .customer_update(&name)
        .await
        .unwrap();
    assert_eq!(update.carrier_name, None);
}

/// Credentials that are refused are refused the next minute too.
#[tokio::test]
async fn a_submission_that_is_not_taken_is_tried_again_after_longer_and_longer() {
    let clock = VirtualClock::at(sample::time());
    let carrier = SimCarrier::new(clock.clone(), 7);
    let (desk, id) = (
        desk(Arc::new(MemoryStore::new()), &clock, &carrier),
        id("futile-1"),
    );
    cleared(&desk, &id, &carrier).await;
    carrier.fault_at_random(100, [Fault::Unauthorized]);
    let history = async || desk.get(&id).await.unwrap().timeline().len();
    for _ in 0..50 {
        desk.advance(&id).await.unwrap();
    }
    assert_eq!(carrier.calls(Op::Submit), 1);
    let entries = history().await;
    let item = desk.work_item(&id).await.unwrap().unwrap();
    assert!(item.said.unwrap().contains("refused the credentials"));
    for (minutes, calls) in [(1, 2), (1, 2), (1, 3), (3, 3), (1, 4)] {
        clock.advance(TimeDelta::minutes(minutes));
        desk.advance(&id).await.unwrap();
        assert_eq!(carrier.calls(Op::Submit), calls, "after {minutes} more");
    }
    for _ in 0..48 {
        clock.advance(TimeDelta::hours(1));
        desk.advance(&id).await.unwrap();
    }
    assert!(carrier.calls(Op::Submit) > 40, "it does not give up");
    assert!(history().await < entries + 120);
    carrier.fault_at_random(0, []);
    clock.advance(TimeDelta::hours(1));
    assert_eq!(desk.advance(&id).await.unwrap().to, Status::Submitted);
}

#[tokio::test]
async fn two_people_do_not_claim_the_same() {
    let clock = VirtualClock::at(sample::time());
    let carrier = SimCarrier::new(clock.clone(), 7);
    let desk = desk(Arc::new(MemoryStore::new()), &clock, &carrier);
    let id = id("claimed");
    cleared(&desk, &id, &carrier).await;
    let (sam, cas) = (sample::support(), sample::customer_success());
    desk.claim(&id, sam.permit().unwrap()).await.unwrap();
    let entries = desk.get(&id).await.unwrap().history_len();
    desk.claim(&id, sam.permit().unwrap()).await.unwrap();
    assert_eq!(desk.get(&id).await.unwrap().history_len(), entries);
    let as_a_note = desk.note(&id, Note::Claimed, cas.permit().unwrap()).await;
    assert!(matches!(as_a_note, Err(DeskError::Claimed { .. })));
    let refused = desk.claim(&id, cas.permit().unwrap()).await.unwrap_err();
    assert!(
        matches!(&refused, DeskError::Claimed { by, .. } if *by == sam),
        "{refused}"
    );
    desk.unclaim(&id, sam.permit().unwrap()).await.unwrap();
    desk.claim(&id, cas.permit().unwrap()).await.unwrap();
}

#[tokio::test]
async fn a_number_is_moved_by_one_request_at_a_time() {
    let clock = VirtualClock::at(sample::time());
    let carrier = SimCarrier::new(clock.clone(), 7);
    let desk = desk(Arc::new(MemoryStore::new()), &clock, &carrier);
    cleared(&desk, &id("first"), &carrier).await;
    let admin = sample::admin();
    let second = id("second");
    let start = desk.start(second.clone(), carrier.id(), admin.permit().unwrap());
    start.await.unwrap();
    let package = sample::package(&sample::numbers_from(2, 2), sample::time());
    let fill = desk.fill(&second, |form| *form = (&package).into());
    fill.await.unwrap();
    let seal = async || desk.seal(&second, admin.permit().unwrap()).await;
    let refused = seal().await.unwrap_err();
    assert!(
        matches!(
            &refused,
            DeskError::Store(StoreError::NumberTaken { number, by })
                if *number == sample::number(2) && *by == id("first")
        ),
        "{refused}"
    );
    assert_eq!(desk.get(&second).await.unwrap().status(), Status::Draft);
    let permit = admin.permit().unwrap();
    desk.cancel(&id("first"), "twice", permit).await.unwrap();
    let attempt = desk.attempt(&id("first")).await.unwrap();
    let permit = sample::support().permit().unwrap();
    desk.send_back(&attempt, permit, Vec::new()).await.unwrap();
    seal().await.unwrap();
}
