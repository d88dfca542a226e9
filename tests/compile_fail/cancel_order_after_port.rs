//! The carrier is asked to cancel after the numbers moved.

use snap_port::{CarrierClient, CarrierClientExt, Clock, PortRequest, Ported};

async fn cancel(carrier: &dyn CarrierClient, ported: &PortRequest<Ported>, clock: &dyn Clock) {
    let cancellation = carrier.cancel_order(ported, clock).await;
}

fn main() {}
