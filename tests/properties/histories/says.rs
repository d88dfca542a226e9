//! A carrier that gives the one answer it was made with.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snap_port::*;

/// A clock that stands still.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At(pub(crate) DateTime<Utc>);

impl Clock for At {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// The value of a future that never waits, as this carrier's never do.
pub(crate) fn now_or_never<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("this carrier never waits"),
    }
}

/// A carrier whose every step is done by API or by people.
#[derive(Debug)]
pub(crate) struct Says {
    pub(crate) submit: Result<SubmitReport, CarrierError>,
    pub(crate) find: FindReport,
    pub(crate) status: OrderReport,
    pub(crate) cancel: CancelReport,
    pub(crate) alerts: Vec<AlertReport>,
}

pub(crate) fn carrier_id() -> CarrierId {
    CarrierId::parse("says").unwrap()
}

pub(crate) fn failure(kind: CarrierErrorKind) -> CarrierError {
    CarrierError::new(carrier_id(), kind, "scripted")
}

impl Says {
    /// A carrier that reports `status` of an order, and nothing else.
    pub(crate) fn reporting(status: OrderReport) -> Self {
        Self {
            submit: Err(failure(CarrierErrorKind::Unauthorized)),
            find: FindReport::Absent,
            status,
            cancel: CancelReport::Pending,
            alerts: Vec::new(),
        }
    }

    /// A carrier that is not asked about an order.
    pub(crate) fn silent() -> Self {
        Self::reporting(OrderReport::new(OrderRef::parse("none").unwrap()))
    }
}

#[async_trait]
impl CarrierClient for Says {
    fn id(&self) -> CarrierId {
        carrier_id()
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities::all(Means::ApiOrHuman)
    }
    async fn submit(&self, _: &TransferOrder) -> Result<SubmitReport, CarrierError> {
        self.submit.clone()
    }
    async fn status(&self, _: &OrderQuery) -> Result<OrderReport, CarrierError> {
        Ok(self.status.clone())
    }
    async fn find(&self, _: &AttemptQuery) -> Result<FindReport, CarrierError> {
        Ok(self.find.clone())
    }
    async fn cancel(&self, _: &CancelAsk) -> Result<CancelReport, CarrierError> {
        Ok(self.cancel.clone())
    }
    async fn assign(&self, _: &NumberTask) -> Result<(), CarrierError> {
        Ok(())
    }
    async fn join_messaging(&self, _: &NumberTask) -> Result<(), CarrierError> {
        Ok(())
    }
    async fn registration(&self, _: &NumberTask) -> Result<Registration, CarrierError> {
        Ok(Registration::Registered)
    }
    async fn test(&self, _: &NumberTask, _: Test) -> Result<Outcome, CarrierError> {
        Ok(Outcome::Passed)
    }
    async fn alerts(&self, _: &AlertQuery) -> Result<Vec<AlertReport>, CarrierError> {
        Ok(self.alerts.clone())
    }
}
