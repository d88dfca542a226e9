//! The carrier is called without the intent to call it on record.

use snap_port::{CarrierClient, CarrierClientExt, Cleared, Clock, PortRequest, Sealed};

async fn submit(
    carrier: &dyn CarrierClient,
    sealed: &PortRequest<Sealed>,
    cleared: Cleared,
    clock: &dyn Clock,
) {
    let submission = carrier.submit_request(sealed, cleared, clock).await;
}

fn main() {}
