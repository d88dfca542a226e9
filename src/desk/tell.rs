//! What the desk tells people of a request.

use super::{CustomerUpdate, DeskError, DeskView, PortDesk, WorkItem, customer_update, work_item};
use crate::document::{CarrierName, GainingPlatform};
use crate::id::{CarrierId, PortRequestId};
use crate::request::AnyPortRequest;

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
        let request = self.get(id).await?;
        Ok(self.viewed(&request, |view| work_item(&request, &view)))
    }

    /// What the customer is told of a request.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn customer_update(&self, id: &PortRequestId) -> Result<CustomerUpdate, DeskError> {
        let request = self.get(id).await?;
        Ok(self.viewed(&request, |view| customer_update(&request, &view)))
    }

    fn viewed<T>(&self, request: &AnyPortRequest, tell: impl FnOnce(DeskView<'_>) -> T) -> T {
        let can = self.capabilities(request);
        let view = DeskView::new(&can, &self.policy, self.clock.now());
        tell(
            match (&self.gaining, self.carrier_names.get(request.carrier())) {
                (Some(gaining), Some(carrier)) => view.with_sender(gaining, carrier),
                _ => view,
            },
        )
    }
}
