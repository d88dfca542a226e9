//! A carrier whose calls have points to halt at.

use std::sync::Arc;

use async_trait::async_trait;
use snap_port::{
    AlertQuery, AlertReport, AttemptQuery, CancelAsk, CancelReport, Capabilities, CarrierClient,
    CarrierError, CarrierId, FindReport, NumberTask, OrderQuery, OrderReport, Outcome,
    Registration, SlotAsk, SubmitReport, Test, TransferOrder,
};

use super::halt::Halts;

/// Passes every call on, between two points.
#[derive(Debug)]
pub(crate) struct Halting<C> {
    pub(crate) carrier: C,
    pub(crate) halts: Arc<Halts>,
}

macro_rules! between {
    ($self:ident, $name:literal, $call:expr) => {{
        $self.halts.reach($name, "before").await;
        let done = $call.await?;
        $self.halts.reach($name, "after").await;
        Ok(done)
    }};
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl<C: CarrierClient> CarrierClient for Halting<C> {
    fn id(&self) -> CarrierId {
        self.carrier.id()
    }
    fn capabilities(&self) -> Capabilities {
        self.carrier.capabilities()
    }
    async fn submit(&self, order: &TransferOrder) -> Result<SubmitReport, CarrierError> {
        between!(self, "submit", self.carrier.submit(order))
    }
    async fn status(&self, query: &OrderQuery) -> Result<OrderReport, CarrierError> {
        between!(self, "look", self.carrier.status(query))
    }
    async fn statuses(&self, queries: &[OrderQuery]) -> Result<Vec<OrderReport>, CarrierError> {
        between!(self, "look", self.carrier.statuses(queries))
    }
    async fn find(&self, query: &AttemptQuery) -> Result<FindReport, CarrierError> {
        between!(self, "find_order", self.carrier.find(query))
    }
    async fn request_slot(&self, ask: &SlotAsk) -> Result<OrderReport, CarrierError> {
        between!(self, "ask_slot", self.carrier.request_slot(ask))
    }
    async fn cancel(&self, ask: &CancelAsk) -> Result<CancelReport, CarrierError> {
        between!(self, "cancel", self.carrier.cancel(ask))
    }
    async fn assign(&self, task: &NumberTask) -> Result<(), CarrierError> {
        between!(self, "assign", self.carrier.assign(task))
    }
    async fn join_messaging(&self, task: &NumberTask) -> Result<(), CarrierError> {
        between!(self, "join", self.carrier.join_messaging(task))
    }
    async fn registration(&self, task: &NumberTask) -> Result<Registration, CarrierError> {
        between!(self, "registration", self.carrier.registration(task))
    }
    async fn test(&self, task: &NumberTask, test: Test) -> Result<Outcome, CarrierError> {
        between!(self, "test", self.carrier.test(task, test))
    }
    async fn alerts(&self, query: &AlertQuery) -> Result<Vec<AlertReport>, CarrierError> {
        between!(self, "alerts", self.carrier.alerts(query))
    }
}
