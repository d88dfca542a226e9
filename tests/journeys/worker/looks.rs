//! When is looked, and how many calls that takes.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use snap_port::testing::Op;
use snap_port::{
    AlertQuery, AlertReport, AttemptQuery, Cadence, CancelAsk, CancelReport, Capabilities,
    CarrierError, CarrierId, FindReport, NumberTask, OrderQuery, OrderReport, Outcome, PortSlot,
    Registration, SlotAsk, SubmitReport, Test, TransferOrder,
};

use super::*;

#[tokio::test]
async fn what_is_due_is_taken_as_far_as_evidence_allows() {
    let place = Place::new();
    let id = place.cleared(0).await;
    let round = place.round().await;
    assert_eq!((round.claimed, round.looked, round.moved), (1, 1, 1));
    assert_eq!(place.status(&id).await, Status::Submitted);
    assert_eq!(place.round().await.claimed, 0, "it is due later");
    place.pass(TimeDelta::hours(25));
    assert_eq!(place.round().await.moved, 1);
    assert_eq!(place.status(&id).await, Status::ReleaseApproved);
}

#[tokio::test]
async fn what_is_peoples_alone_or_over_is_never_due() {
    let place = Place::new();
    let draft = id("draft");
    let admin = sample::admin();
    let permit = admin.permit().unwrap();
    let start = place.desk.start(draft.clone(), place.carrier.id(), permit);
    start.await.unwrap();
    assert_eq!(place.due(&draft).await, None);
    let package = sample::package(&sample::numbers(2), sample::time());
    let fill = place.desk.fill(&draft, |form| *form = (&package).into());
    fill.await.unwrap();
    let permit = admin.permit().unwrap();
    place.desk.seal(&draft, permit).await.unwrap();
    assert_eq!(place.due(&draft).await, None, "it is under review");
    let id = place.submitted(1).await;
    let permit = sample::support().permit().unwrap();
    place.desk.cancel(&id, "no longer", permit).await.unwrap();
    place.round().await;
    assert_eq!(place.status(&id).await, Status::Cancelled);
    assert_eq!(place.due(&id).await, None);
}

#[tokio::test]
async fn looks_become_rarer_the_longer_nothing_happens() {
    let place = Place::new().silent();
    let id = place.submitted(0).await;
    assert_eq!(place.wait(&id).await, TimeDelta::minutes(10));
    let mut looks = 0;
    let begin = place.clock.now();
    while place.clock.now() < begin + TimeDelta::days(10) {
        let wait = place.wait(&id).await;
        let quiet = place.clock.now() - begin;
        assert!(
            wait >= TimeDelta::minutes(10) && wait <= TimeDelta::days(1),
            "{wait}"
        );
        assert!(
            wait <= TimeDelta::minutes(10).max(quiet / 4),
            "{wait} after {quiet}"
        );
        place.pass(wait);
        assert_eq!(place.round().await.looked, 1);
        looks += 1;
    }
    assert!((20..=35).contains(&looks), "{looks} looks in ten days");
    assert_eq!(place.wait(&id).await, TimeDelta::days(1), "and then daily");
}

#[tokio::test]
async fn around_the_slot_is_looked_often() {
    let place = Place::new();
    let id = place.submitted(0).await;
    place.pass(TimeDelta::hours(25));
    place.round().await;
    let slot: PortSlot = sample::slot(&sample::earliest(sample::time()));
    let permit = sample::support().permit().unwrap();
    place
        .desk
        .ask_slot(&id, slot.clone(), permit)
        .await
        .unwrap();
    place.round().await;
    assert_eq!(place.status(&id).await, Status::Scheduled);
    let cadence = Cadence::default();
    let often = slot.begins() - cadence.before_slot;
    while place.clock.now() < often {
        let due = place.due(&id).await.unwrap();
        assert!(due <= often, "it is looked at when the slot is near");
        place.pass(due - place.clock.now());
        place.round().await;
    }
    assert_eq!(place.clock.now(), often);
    assert_eq!(place.wait(&id).await, cadence.often);
}

#[tokio::test]
async fn a_lost_answer_is_looked_for_soon() {
    let place = Place::new();
    place
        .carrier
        .fault_next(Op::Submit, snap_port::testing::Fault::LostAfter);
    let id = place.cleared(0).await;
    let round = place.round().await;
    assert_eq!(round.troubled, 1);
    assert_eq!(place.status(&id).await, Status::Sealed);
    let wait = place.wait(&id).await;
    assert_eq!(wait, TimeDelta::minutes(1));
    place.pass(wait);
    place.round().await;
    assert_eq!(place.status(&id).await, Status::Submitted);
    assert_eq!(place.carrier.orders_of(&id).len(), 1);
}

/// A carrier that answers for all orders at once, and counts.
#[derive(Debug)]
struct Paged {
    behind: SimCarrier,
    at_once: AtomicUsize,
    asked: Mutex<Vec<usize>>,
}

#[async_trait]
impl CarrierClient for Paged {
    fn id(&self) -> CarrierId {
        self.behind.id()
    }
    fn capabilities(&self) -> Capabilities {
        self.behind.capabilities()
    }
    async fn submit(&self, order: &TransferOrder) -> Result<SubmitReport, CarrierError> {
        self.behind.submit(order).await
    }
    async fn status(&self, query: &OrderQuery) -> Result<OrderReport, CarrierError> {
        self.asked.lock().unwrap().push(1);
        self.behind.status(query).await
    }
    async fn statuses(&self, queries: &[OrderQuery]) -> Result<Vec<OrderReport>, CarrierError> {
        self.at_once.fetch_add(1, Ordering::Relaxed);
        let mut reports = Vec::new();
        for query in queries {
            reports.push(self.behind.status(query).await?);
        }
        Ok(reports)
    }
    async fn find(&self, query: &AttemptQuery) -> Result<FindReport, CarrierError> {
        self.behind.find(query).await
    }
    async fn request_slot(&self, ask: &SlotAsk) -> Result<OrderReport, CarrierError> {
        self.behind.request_slot(ask).await
    }
    async fn cancel(&self, ask: &CancelAsk) -> Result<CancelReport, CarrierError> {
        self.behind.cancel(ask).await
    }
    async fn assign(&self, task: &NumberTask) -> Result<(), CarrierError> {
        self.behind.assign(task).await
    }
    async fn registration(&self, task: &NumberTask) -> Result<Registration, CarrierError> {
        self.behind.registration(task).await
    }
    async fn test(&self, task: &NumberTask, test: Test) -> Result<Outcome, CarrierError> {
        self.behind.test(task, test).await
    }
    async fn alerts(&self, query: &AlertQuery) -> Result<Vec<AlertReport>, CarrierError> {
        self.behind.alerts(query).await
    }
}

#[tokio::test]
async fn one_call_serves_all_orders_on_their_way() {
    let mut place = Place::new();
    let paged = Arc::new(Paged {
        behind: place.carrier.clone(),
        at_once: AtomicUsize::new(0),
        asked: Mutex::default(),
    });
    place.desk = PortDesk::new(place.store.clone(), Arc::new(place.clock.clone()))
        .with_carrier(paged.clone());
    for index in 0..30 {
        place.cleared(index).await;
    }
    assert_eq!(place.round().await.moved, 30);
    paged.asked.lock().unwrap().clear();
    place.pass(TimeDelta::hours(25));
    let round = place.round().await;
    assert_eq!((round.looked, round.moved), (30, 30));
    assert_eq!(paged.at_once.load(Ordering::Relaxed), 1);
    assert_eq!(
        paged.asked.lock().unwrap().len(),
        0,
        "none is asked for again"
    );
}

#[tokio::test]
async fn parts_of_a_split_order_are_looked_at_one_by_one() {
    let place = Place::new();
    let parent = place.submitted(0).await;
    let part = sample::numbers_from(0, 1);
    let permit = sample::support().permit().unwrap();
    let split = place
        .desk
        .split(&parent, id("part"), part, "one is late", permit);
    split.await.unwrap();
    place.pass(TimeDelta::hours(25));
    let round = place.round().await;
    assert_eq!((round.looked, round.moved), (2, 2));
    assert_eq!(place.status(&parent).await, Status::ReleaseApproved);
    assert_eq!(place.status(&id("part")).await, Status::ReleaseApproved);
}
