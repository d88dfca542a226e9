//! What the desk tells people of a request.

use super::{
    CustomerUpdate, DeskError, DeskView, Held, PortDesk, WorkItem, customer_update, work_item,
};
use crate::document::{CarrierName, GainingPlatform};
use crate::id::{CarrierId, PortRequestId};

impl PortDesk {
    /// The same desk, writing in the name of `gaining` and calling carriers by these names, such as
    /// `Twilio`. Without it no work item has a text to paste.
    #[must_use]
    pub fn with_sender(
        mut self,
        gaining: GainingPlatform,
        carriers: impl IntoIterator<Item = (CarrierId, CarrierName)>,
    ) -> Self {
        self.gaining = Some(gaining);
        self.carrier_names.extend(carriers);
        self
    }

    /// What staff are to do about a request; `None` if nothing is.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn work_item(&self, id: &PortRequestId) -> Result<Option<WorkItem>, DeskError> {
        let held = self.load(id).await?;
        Ok(self.viewed(&held, |view| work_item(&held.request, &view)))
    }

    /// What the customer is told of a request.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn customer_update(&self, id: &PortRequestId) -> Result<CustomerUpdate, DeskError> {
        let held = self.load(id).await?;
        Ok(self.viewed(&held, |view| customer_update(&held.request, &view)))
    }

    fn viewed<T>(&self, held: &Held, tell: impl FnOnce(DeskView<'_>) -> T) -> T {
        let request = &held.request;
        let can = self.capabilities(request);
        let view = DeskView::new(&can, &self.policy, self.clock.now());
        let view = match &held.trouble {
            Some(trouble) => view.with_trouble(trouble),
            None => view,
        };
        tell(
            match (&self.gaining, self.carrier_names.get(request.carrier())) {
                (Some(gaining), Some(carrier)) => view.with_sender(gaining, carrier),
                _ => view,
            },
        )
    }
}
