//! A carrier mints its own evidence.

use async_trait::async_trait;
use snap_port::{
    CarrierClient, CarrierClientExt, CarrierError, CarrierId, OrderQuery, OrderReport, SubmitReport,
    TransferOrder,
};

#[derive(Debug)]
struct Rogue;

#[async_trait]
impl CarrierClient for Rogue {
    fn id(&self) -> CarrierId {
        unreachable!()
    }
    async fn submit(&self, _: &TransferOrder) -> Result<SubmitReport, CarrierError> {
        unreachable!()
    }
    async fn status(&self, _: &OrderQuery) -> Result<OrderReport, CarrierError> {
        unreachable!()
    }
}

impl CarrierClientExt for Rogue {}

fn main() {}
