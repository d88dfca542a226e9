use std::future::Future;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use snap_port::*;

use super::*;

/// A clock that stands still.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At(pub(crate) DateTime<Utc>);

impl Clock for At {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// The value of a future that never waits, as the stub's never do.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the stub never waits"),
    }
}

/// A carrier that gives the answers it was told to give, and remembers what it was sent.
#[derive(Debug)]
pub(crate) struct StubCarrier {
    pub(crate) id: CarrierId,
    pub(crate) capabilities: Capabilities,
    pub(crate) submit: Result<SubmitReport, CarrierError>,
    pub(crate) find: Result<FindReport, CarrierError>,
    pub(crate) status: Result<OrderReport, CarrierError>,
    pub(crate) cancel: Result<CancelReport, CarrierError>,
    pub(crate) registration: Registration,
    pub(crate) outcome: Outcome,
    pub(crate) alerts: Vec<AlertReport>,
    pub(crate) sent: Mutex<Vec<AttemptKey>>,
    /// The orders it was sent, as `Debug` shows them.
    pub(crate) shown: Mutex<Vec<String>>,
    pub(crate) asked: Mutex<Vec<SlotAsk>>,
    pub(crate) cancels: Mutex<Vec<CancelAsk>>,
}

impl StubCarrier {
    /// The carrier called `id`, whose every step is done by API or by people, and which takes what
    /// it is sent as order `T-1`.
    pub(crate) fn named(id: &str) -> Self {
        let taken = SubmitReport::Taken {
            order: order("T-1"),
            at: at(TAKEN),
        };
        Self {
            id: CarrierId::parse(id).unwrap(),
            capabilities: Capabilities::all(Means::ApiOrHuman),
            submit: Ok(taken),
            find: Ok(FindReport::Absent),
            status: Ok(OrderReport::new(order("T-1"))),
            cancel: Ok(CancelReport::Pending),
            registration: Registration::Registered,
            outcome: Outcome::Passed,
            alerts: Vec::new(),
            sent: Mutex::default(),
            shown: Mutex::default(),
            asked: Mutex::default(),
            cancels: Mutex::default(),
        }
    }

    /// The carrier of the sample requests.
    pub(crate) fn new() -> Self {
        Self::named("stub")
    }

    pub(crate) fn with(means: Means) -> Self {
        Self {
            capabilities: Capabilities::all(means),
            ..Self::new()
        }
    }

    pub(crate) fn submitting(submit: Result<SubmitReport, CarrierError>) -> Self {
        Self {
            submit,
            ..Self::new()
        }
    }

    pub(crate) fn finding(find: FindReport) -> Self {
        Self {
            find: Ok(find),
            ..Self::new()
        }
    }

    pub(crate) fn reporting(report: OrderReport) -> Self {
        Self {
            status: Ok(report),
            ..Self::new()
        }
    }

    pub(crate) fn error(kind: CarrierErrorKind) -> CarrierError {
        CarrierError::new(Self::new().id, kind, "scripted")
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl CarrierClient for StubCarrier {
    fn id(&self) -> CarrierId {
        self.id.clone()
    }
    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }
    async fn submit(&self, order: &TransferOrder) -> Result<SubmitReport, CarrierError> {
        self.sent.lock().unwrap().push(order.key().clone());
        self.shown.lock().unwrap().push(format!("{order:?}"));
        self.submit.clone()
    }
    async fn status(&self, _: &OrderQuery) -> Result<OrderReport, CarrierError> {
        self.status.clone()
    }
    async fn statuses(&self, _: &[OrderQuery]) -> Result<Vec<OrderReport>, CarrierError> {
        Ok(vec![self.status.clone()?])
    }
    async fn find(&self, _: &AttemptQuery) -> Result<FindReport, CarrierError> {
        self.find.clone()
    }
    async fn request_slot(&self, ask: &SlotAsk) -> Result<OrderReport, CarrierError> {
        self.asked.lock().unwrap().push(ask.clone());
        self.status.clone()
    }
    async fn cancel(&self, ask: &CancelAsk) -> Result<CancelReport, CarrierError> {
        self.cancels.lock().unwrap().push(ask.clone());
        self.cancel.clone()
    }
    async fn assign(&self, _: &NumberTask) -> Result<(), CarrierError> {
        Ok(())
    }
    async fn join_messaging(&self, _: &NumberTask) -> Result<(), CarrierError> {
        Ok(())
    }
    async fn registration(&self, _: &NumberTask) -> Result<Registration, CarrierError> {
        Ok(self.registration.clone())
    }
    async fn test(&self, _: &NumberTask, _: Test) -> Result<Outcome, CarrierError> {
        Ok(self.outcome.clone())
    }
    async fn alerts(&self, _: &AlertQuery) -> Result<Vec<AlertReport>, CarrierError> {
        Ok(self.alerts.clone())
    }
}
