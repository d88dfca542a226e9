//! What one request meets keeps no other waiting for long.

use async_trait::async_trait;
use snap_port::testing::{Op, sample};
use snap_port::{
    AlertQuery, AlertReport, AttemptQuery, CancelAsk, CancelReport, Capabilities, CarrierError,
    CarrierErrorKind, CarrierId, FindReport, NumberTask, OrderQuery, OrderReport, Outcome,
    PhoneNumber, Registration, SlotAsk, SubmitReport, Test, TransferOrder,
};

use super::*;

/// A carrier that shows orders one by one, takes its time to test, and cannot show its first order.
#[derive(Debug)]
struct Odd {
    sim: SimCarrier,
    clock: VirtualClock,
    testing: TimeDelta,
    stained: bool,
    /// A number whose tests take as long and come to nothing.
    dead: Option<PhoneNumber>,
}

#[async_trait]
impl CarrierClient for Odd {
    fn id(&self) -> CarrierId {
        self.sim.id()
    }
    fn capabilities(&self) -> Capabilities {
        self.sim.capabilities()
    }
    async fn submit(&self, order: &TransferOrder) -> Result<SubmitReport, CarrierError> {
        self.sim.submit(order).await
    }
    async fn status(&self, query: &OrderQuery) -> Result<OrderReport, CarrierError> {
        if self.stained && query.order.as_str() == "SIM-0001" {
            let why = "a date in the year 20226";
            return Err(CarrierError::new(
                self.id(),
                CarrierErrorKind::Protocol,
                why,
            ));
        }
        self.sim.status(query).await
    }
    async fn find(&self, query: &AttemptQuery) -> Result<FindReport, CarrierError> {
        self.sim.find(query).await
    }
    async fn request_slot(&self, ask: &SlotAsk) -> Result<OrderReport, CarrierError> {
        self.sim.request_slot(ask).await
    }
    async fn cancel(&self, ask: &CancelAsk) -> Result<CancelReport, CarrierError> {
        self.sim.cancel(ask).await
    }
    async fn assign(&self, task: &NumberTask) -> Result<(), CarrierError> {
        self.sim.assign(task).await
    }
    async fn join_messaging(&self, task: &NumberTask) -> Result<(), CarrierError> {
        self.sim.join_messaging(task).await
    }
    async fn registration(&self, task: &NumberTask) -> Result<Registration, CarrierError> {
        self.sim.registration(task).await
    }
    async fn test(&self, task: &NumberTask, test: Test) -> Result<Outcome, CarrierError> {
        self.clock.advance(self.testing);
        if self.dead == Some(task.number) {
            let kind = CarrierErrorKind::Timeout;
            return Err(CarrierError::new(self.id(), kind, "no answer"));
        }
        self.sim.test(task, test).await
    }
    async fn alerts(&self, query: &AlertQuery) -> Result<Vec<AlertReport>, CarrierError> {
        self.sim.alerts(query).await
    }
}

impl Place {
    fn odd(self, testing: TimeDelta, stained: bool) -> Self {
        self.odder(testing, stained, None)
    }

    fn odder(mut self, testing: TimeDelta, stained: bool, dead: Option<PhoneNumber>) -> Self {
        let odd = Odd {
            sim: self.carrier.clone(),
            clock: self.clock.clone(),
            testing,
            stained,
            dead,
        };
        self.desk = PortDesk::new(self.store.clone(), Arc::new(self.clock.clone()))
            .with_carrier(Arc::new(odd));
        self
    }

    /// All its numbers have moved, and a worker has just seen so.
    async fn moved(&self, index: usize) -> PortRequestId {
        let id = self.submitted(index).await;
        self.pass(TimeDelta::hours(25));
        self.round().await;
        let slot = sample::slot(&sample::earliest(sample::time()));
        let permit = sample::support().permit().unwrap();
        self.desk.ask_slot(&id, slot, permit).await.unwrap();
        self.round().await;
        self.pass(TimeDelta::days(8));
        self.round().await;
        assert_eq!(self.status(&id).await, Status::Ported);
        id
    }
}

#[tokio::test]
async fn numbers_that_are_tested_for_hours_keep_no_other_request_waiting() {
    let place = Place::new().odd(TimeDelta::seconds(25), false);
    let big = place.moved(0).await;
    // No further test is begun after a minute, and what is left is done in the next round.
    assert_eq!(place.carrier.calls(Op::Test), 3);
    assert_eq!(place.wait(&big).await, TimeDelta::zero());
    let registrations = place.carrier.calls(Op::Registration);
    let new = place.cleared(1).await;
    place.round().await;
    assert_eq!(place.status(&new).await, Status::Submitted);
    assert_eq!(place.carrier.calls(Op::Test), 6);
    assert_eq!(place.carrier.calls(Op::Registration), registrations);
    place.round().await;
    assert_eq!(
        place.carrier.calls(Op::Test),
        8,
        "two numbers, four tests each"
    );
    assert!(place.wait(&big).await > TimeDelta::zero());
}

#[tokio::test]
async fn who_advances_by_hand_has_everything_tested() {
    let place = Place::new().odd(TimeDelta::seconds(25), false);
    let big = place.submitted(0).await;
    place.pass(TimeDelta::hours(25));
    place.round().await;
    let slot = sample::slot(&sample::earliest(sample::time()));
    let permit = sample::support().permit().unwrap();
    place.desk.ask_slot(&big, slot, permit).await.unwrap();
    place.round().await;
    place.pass(TimeDelta::days(8));
    place.desk.advance(&big).await.unwrap();
    assert_eq!(place.carrier.calls(Op::Test), 8);
}

#[tokio::test]
async fn one_order_that_cannot_be_shown_stops_no_other() {
    let place = Place::new().silent().odd(TimeDelta::zero(), true);
    let stained = place.submitted(0).await;
    let other = place.submitted(1).await;
    place.pass(TimeDelta::hours(25));
    let new = place.cleared(2).await;
    place.round().await;
    assert_eq!(place.status(&new).await, Status::Submitted);
    assert_eq!(place.status(&other).await, Status::ReleaseApproved);
    assert_eq!(place.trouble(&other).await, None);
    assert!(place.trouble(&stained).await.is_some());
    // Its back-off is its own, however often it fails.
    for _ in 0..5 {
        place.pass(place.wait(&stained).await);
        place.round().await;
    }
    let new = place.cleared(3).await;
    place.round().await;
    assert_eq!(place.status(&new).await, Status::Submitted);
}

#[tokio::test]
async fn a_number_whose_tests_come_to_nothing_keeps_the_others_from_none() {
    let dead = Some(sample::number(0));
    let place = Place::new().odder(TimeDelta::seconds(70), false, dead);
    let id = place.moved(0).await;
    // Only what was tested counts: one of the other number's tests was made.
    assert_eq!(place.carrier.calls(Op::Test), 1);
    for _ in 0..3 {
        place.pass(place.wait(&id).await);
        place.round().await;
    }
    assert_eq!(
        place.carrier.calls(Op::Test),
        4,
        "all of the other number's"
    );
}
