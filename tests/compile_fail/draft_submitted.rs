//! A draft is submitted to the carrier.

use snap_port::{CarrierClient, CarrierClientExt, Clock, Dispatch, Draft, PortRequest};

async fn submit(
    carrier: &dyn CarrierClient,
    draft: &PortRequest<Draft>,
    once: Dispatch,
    clock: &dyn Clock,
) {
    let submission = carrier.submit_request(draft, once, clock).await;
}

fn main() {}
