//! Lost answers, wrong words, late orders: one order per request, or somebody is told.

mod held;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};

use async_trait::async_trait;
use chrono::TimeDelta;
use snap_port::testing::{
    Fault, HookedStore, Lookup, Op, SimCarrier, StoreCall, StoreHook, VirtualClock, sample,
};
use snap_port::{
    Advance, Awaited, Capabilities, CarrierClient, CarrierClientExt, CarrierErrorKind, Clock,
    DeskError, Find, Finding, Means, MemoryStore, NotFiled, NumberList, Page, PortDesk,
    PortRequestId, PortStore, Reason, Refusal, Statement, Status, StoreError, Trouble, Urgency,
    Worker, WorkerId,
};

struct Place {
    clock: VirtualClock,
    carrier: SimCarrier,
    desk: PortDesk,
}

impl Place {
    /// A carrier whose orders can be looked up so many minutes after they were taken.
    fn seen_after(minutes: i64) -> Self {
        let clock = VirtualClock::at(sample::time());
        let either = Capabilities::all(Means::ApiOrHuman);
        let carrier = SimCarrier::new(clock.clone(), 7)
            .with_capabilities(either)
            .with_lookup(Lookup::SeesAfter(TimeDelta::minutes(minutes)));
        let desk = desk(Arc::new(MemoryStore::new()), &clock, &carrier);
        Self {
            clock,
            carrier,
            desk,
        }
    }

    async fn cleared(&self, id: &PortRequestId, numbers: &NumberList) {
        cleared(&self.desk, id, numbers, &self.carrier, &self.clock).await;
    }

    fn pass(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
    }

    async fn advance(&self, id: &PortRequestId) -> Status {
        self.desk.advance(id).await.unwrap().to
    }

    async fn strays(&self, id: &PortRequestId) -> usize {
        self.desk.get(id).await.unwrap().stray_orders().len()
    }

    async fn say<T>(&self, id: &PortRequestId, what: T)
    where
        Statement<snap_port::Attested>: From<Statement<T>>,
        T: Send,
    {
        let permit = sample::support().permit().unwrap();
        let said = Statement::new(permit, self.clock.now(), what);
        self.desk.attest(id, said).await.unwrap();
    }

    async fn not_filed(&self, id: &PortRequestId) {
        let why = "none in the list".to_owned();
        self.say(id, NotFiled(why)).await;
    }

    async fn refused_and_amended(&self, id: &PortRequestId) {
        self.say(id, Refusal::new(Reason::Paperwork, "no such account"))
            .await;
        let permit = sample::admin().permit().unwrap();
        self.desk.amend(id, permit).await.unwrap();
        reseal(&self.desk, id).await;
    }

    async fn sent_back(&self, id: &PortRequestId) {
        let attempt = self.desk.attempt(id).await.unwrap();
        let permit = sample::support().permit().unwrap();
        let finding = Finding {
            field: "letter".to_owned(),
            reason: "it is not signed".to_owned(),
            remedy: "sign it".to_owned(),
        };
        let back = self.desk.send_back(&attempt, permit, vec![finding]);
        back.await.unwrap();
    }

    /// Handed in, not wanted, sent back, ended.
    async fn ended(&self, id: &PortRequestId) {
        let cancel = || {
            let permit = sample::admin().permit().unwrap();
            self.desk.cancel(id, "we stay", permit)
        };
        cancel().await.unwrap();
        self.sent_back(id).await;
        cancel().await.unwrap();
    }

    /// The first try lands, its answer is lost, it is given up, and turns up.
    async fn turned_up(&self, id: &PortRequestId) {
        self.cleared(id, &sample::numbers(3)).await;
        self.carrier.fault_next(Op::Submit, Fault::LostAfter);
        self.advance(id).await;
        self.advance(id).await;
        self.pass(16);
        self.carrier.fault_next(Op::Submit, Fault::Unreachable);
        self.advance(id).await;
        self.pass(20);
        assert_eq!(self.advance(id).await, Status::Submitted);
    }
}

fn id(text: &str) -> PortRequestId {
    PortRequestId::parse(text).unwrap()
}

fn desk(store: Arc<dyn PortStore>, clock: &VirtualClock, carrier: &SimCarrier) -> PortDesk {
    PortDesk::new(store, Arc::new(clock.clone())).with_carrier(Arc::new(carrier.clone()))
}

async fn cleared(
    desk: &PortDesk,
    id: &PortRequestId,
    numbers: &NumberList,
    carrier: &SimCarrier,
    clock: &VirtualClock,
) {
    let package = sample::package(numbers, clock.now());
    let permit = sample::admin().permit().unwrap();
    desk.start(id.clone(), carrier.id(), permit).await.unwrap();
    let fill = desk.fill(id, |form| *form = (&package).into());
    fill.await.unwrap();
    reseal(desk, id).await;
}

async fn reseal(desk: &PortDesk, id: &PortRequestId) {
    let permit = sample::admin().permit().unwrap();
    let attempt = desk.seal(id, permit).await.unwrap();
    let letter = desk.get(id).await.unwrap().numbers().unwrap().clone();
    let permit = sample::support().permit().unwrap();
    desk.pass_review(&attempt, permit, letter).await.unwrap();
}

#[tokio::test]
async fn an_order_that_turned_up_and_was_refused_does_not_block_the_next_package() {
    let (place, id) = (Place::seen_after(30), id("dead"));
    place.turned_up(&id).await;
    place.refused_and_amended(&id).await;
    place.pass(24 * 60);
    assert_eq!(place.advance(&id).await, Status::Submitted);
    assert_eq!(place.carrier.submissions_of(&id), 2);
    assert_eq!(place.strays(&id).await, 0);
}

#[tokio::test]
async fn a_part_is_not_blocked_by_the_order_of_the_whole() {
    let (place, whole, part) = (Place::seen_after(30), id("whole"), id("part"));
    place.turned_up(&whole).await;
    let one = NumberList::one(sample::number(2));
    let permit = sample::support().permit().unwrap();
    let split = place
        .desk
        .split(&whole, part.clone(), one, "another owner", permit);
    split.await.unwrap();
    place.refused_and_amended(&part).await;
    place.pass(24 * 60);
    assert_eq!(place.advance(&part).await, Status::Submitted);
}

/// Support is wrong, and both tries land; the orders show only later.
async fn two_orders(place: &Place, id: &PortRequestId) {
    place.cleared(id, &sample::numbers(3)).await;
    place.carrier.fault_next(Op::Submit, Fault::LostAfter);
    place.advance(id).await;
    place.not_filed(id).await;
    place.pass(1);
    place.carrier.fault_next(Op::Submit, Fault::LostAfter);
    place.advance(id).await;
    assert_eq!(place.carrier.orders_of(id).len(), 2);
}

#[tokio::test]
async fn the_second_of_two_orders_is_found_and_told() {
    // The one that shows at once, and the one that shows after the first was taken.
    for minutes in [11, 5] {
        let (place, id) = (Place::seen_after(5), id("two"));
        two_orders(&place, &id).await;
        place.pass(minutes - 1);
        assert_eq!(place.advance(&id).await, Status::Submitted);
        place.pass(10);
        place.advance(&id).await;
        let held = place.desk.get(&id).await.unwrap();
        let orders = place.carrier.orders_of(&id);
        assert_eq!(held.order(), Some(&orders[0]));
        assert_eq!(held.stray_orders()[0].order, orders[1]);
        let item = place.desk.work_item(&id).await.unwrap().unwrap();
        assert_eq!(item.urgency, Urgency::Emergency);
        assert_eq!(item.waiting.what, Awaited::StrayOrder(orders[1].clone()));
    }
}

/// A call that has come to an order, whose answer has not come yet.
fn under_way<'a>(
    place: &'a Place,
    id: &'a PortRequestId,
) -> Pin<Box<dyn Future<Output = Result<Advance, DeskError>> + 'a>> {
    let mut call = Box::pin(place.desk.advance(id));
    let mut context = Context::from_waker(Waker::noop());
    while place.carrier.submissions_of(id) == 0 {
        assert!(call.as_mut().poll(&mut context).is_pending());
    }
    call
}

/// A call that comes to an order when its request has ended.
async fn ended_with_a_stray(place: &Place, id: &PortRequestId) {
    place.cleared(id, &sample::numbers(3)).await;
    let call = under_way(place, id);
    place.not_filed(id).await;
    place.ended(id).await;
    assert_eq!(call.await.unwrap().to, Status::Cancelled);
    assert_eq!(place.strays(id).await, 1);
}

#[tokio::test]
async fn a_clock_that_was_ahead_leaves_nothing_in_doubt() {
    let (place, id) = (Place::seen_after(0), id("ahead"));
    place.cleared(&id, &sample::numbers(3)).await;
    place.carrier.fault_next(Op::Submit, Fault::LostBefore);
    place.advance(&id).await;
    let right = place.clock.now();
    place.clock.advance(TimeDelta::days(365));
    place.advance(&id).await;
    place.clock.set(right);
    place.pass(1);
    assert_eq!(place.advance(&id).await, Status::Sealed);
    place.pass(16);
    assert_eq!(place.advance(&id).await, Status::Submitted);
    assert_eq!(place.carrier.orders_of(&id).len(), 1);
}

/// Fails the write of the carrier's answer as many times as it says.
#[derive(Debug)]
struct Fails(AtomicUsize, fn() -> StoreError);

#[async_trait]
impl StoreHook for Fails {
    async fn before(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
        let StoreCall::Commit(writes) = call else {
            return Ok(());
        };
        let submitted = writes[0].row.status == Status::Submitted;
        let left = self.0.load(Ordering::Relaxed);
        if submitted && left > 0 {
            self.0.store(left - 1, Ordering::Relaxed);
            return Err((self.1)());
        }
        Ok(())
    }
}

#[tokio::test]
async fn an_answer_is_kept_although_the_store_fails_at_first() {
    for fails in [
        (|| StoreError::Busy("a backup runs".into())) as fn() -> StoreError,
        || StoreError::Full("no space left".into()),
        || StoreError::Unreachable("connection refused".into()),
        || StoreError::Backend("connection reset".into()),
    ] {
        let place = Place::seen_after(0);
        place.carrier.set_lookup(Lookup::CannotTell);
        let (store, id) = (Arc::new(MemoryStore::new()), id("busy"));
        let hooked = HookedStore::new(store, Fails(AtomicUsize::new(3), fails));
        let desk = desk(Arc::new(hooked), &place.clock, &place.carrier);
        let numbers = sample::numbers(3);
        cleared(&desk, &id, &numbers, &place.carrier, &place.clock).await;
        assert_eq!(desk.advance(&id).await.unwrap().to, Status::Submitted);
    }
}

#[tokio::test]
async fn a_wish_to_cancel_does_not_wait_for_a_status_that_cannot_be_read() {
    let (place, id) = (Place::seen_after(0), id("unwanted"));
    place.cleared(&id, &sample::numbers(3)).await;
    place.advance(&id).await;
    let permit = sample::admin().permit().unwrap();
    place.desk.cancel(&id, "we stay", permit).await.unwrap();
    place.carrier.fault_next(Op::Status, Fault::WrongOrder);
    let advance = place.desk.advance(&id).await.unwrap();
    assert_eq!(place.carrier.calls(Op::Cancel), 1, "{advance:?}");
    // A carrier that cannot be reached is not asked twice.
    let (place, id) = (Place::seen_after(0), id.clone());
    place.cleared(&id, &sample::numbers(3)).await;
    place.advance(&id).await;
    let permit = sample::admin().permit().unwrap();
    place.desk.cancel(&id, "we stay", permit).await.unwrap();
    place.carrier.fault_next(Op::Status, Fault::Unreachable);
    let advance = place.desk.advance(&id).await.unwrap();
    assert!(advance.trouble.is_some());
    assert_eq!(place.carrier.calls(Op::Cancel), 0);
}

#[tokio::test]
async fn what_slept_between_its_intent_and_the_call_does_not_call() {
    let (place, id) = (Place::seen_after(0), id("slept"));
    place.cleared(&id, &sample::numbers(3)).await;
    let snap_port::AnyPortRequest::Sealed(mut sealed) = place.desk.get(&id).await.unwrap() else {
        panic!("it is sealed");
    };
    let cleared = sealed.cleared().unwrap();
    let once = sealed.dispatch(cleared, place.clock.now()).unwrap();
    place.pass(6);
    let late = place.carrier.submit_request(&sealed, once, &place.clock);
    let refused = late.await.unwrap_err();
    assert_eq!(refused.kind(), CarrierErrorKind::InvalidRequest);
    assert_eq!(place.carrier.submissions_of(&id), 0);
}

/// Both tries land; the second order shows so many minutes after it was taken, by which time the
/// request has gone on.
#[tokio::test]
async fn an_order_that_shows_when_the_release_is_approved_is_found_too() {
    let (place, id) = (Place::seen_after(5), id("late"));
    two_orders(&place, &id).await;
    place.pass(4);
    // The first order shows and is taken; the second does not show for another minute.
    assert_eq!(place.advance(&id).await, Status::Submitted);
    assert_eq!(place.strays(&id).await, 0);
    place
        .carrier
        .set_lookup(Lookup::SeesAfter(TimeDelta::hours(48)));
    place.pass(26 * 60);
    assert_eq!(place.advance(&id).await, Status::ReleaseApproved);
    assert_eq!(place.strays(&id).await, 0);
    place.pass(26 * 60);
    let advance = place.desk.advance(&id).await.unwrap();
    assert!(
        matches!(advance.trouble, Some(Trouble::StrayOrder(_))),
        "{advance:?}"
    );
    assert_eq!(place.strays(&id).await, 1);
}

#[tokio::test]
async fn an_order_that_shows_when_the_request_is_over_is_found_too() {
    let (place, id) = (Place::seen_after(60), id("over"));
    place.cleared(&id, &sample::numbers(3)).await;
    place.carrier.fault_next(Op::Submit, Fault::LostAfter);
    place.advance(&id).await;
    place.not_filed(&id).await;
    place.ended(&id).await;
    // A worker looks, ever more rarely, and finds it.
    let worker = Worker::new(WorkerId::parse("w").unwrap());
    let mut rounds = 0;
    while place.strays(&id).await == 0 {
        place.pass(5);
        place.desk.round(&worker).await.unwrap();
        rounds += 1;
        assert!(rounds < 40, "it is never found");
    }
    let item = place.desk.work_item(&id).await.unwrap().unwrap();
    assert_eq!(
        (item.urgency, item.status),
        (Urgency::Emergency, Status::Cancelled)
    );
    assert_eq!(item.trouble, None, "it is on record");
    let order = place.carrier.orders_of(&id)[0].clone();
    let permit = sample::support().permit().unwrap();
    let settled = place.desk.settle_stray(&id, &order, "cancelled", permit);
    settled.await.unwrap();
    assert!(place.desk.work_item(&id).await.unwrap().is_none());
    place.pass(60 * 24);
    assert_eq!(place.desk.round(&worker).await.unwrap().claimed, 0);
}

#[tokio::test]
async fn a_request_that_is_over_is_not_looked_at_for_ever() {
    let (place, id) = (Place::seen_after(0), id("over"));
    place.cleared(&id, &sample::numbers(3)).await;
    place.carrier.fault_next(Op::Submit, Fault::LostBefore);
    place.advance(&id).await;
    place.not_filed(&id).await;
    place.sent_back(&id).await;
    let worker = Worker::new(WorkerId::parse("w").unwrap());
    let mut looks = 0;
    for _ in 0..10 * 24 {
        place.pass(60);
        looks += place.desk.round(&worker).await.unwrap().looked;
    }
    assert!((5..60).contains(&looks), "{looks}");
    assert_eq!(place.desk.round(&worker).await.unwrap().claimed, 0);
}
