//! One dispatch is submitted twice: two orders for the same numbers.

use snap_port::{CarrierClient, CarrierClientExt, Clock, Dispatch, PortRequest, Sealed};

async fn submit(
    carrier: &dyn CarrierClient,
    sealed: &PortRequest<Sealed>,
    once: Dispatch,
    clock: &dyn Clock,
) {
    let _first = carrier.submit_request(sealed, once, clock).await;
    let _second = carrier.submit_request(sealed, once, clock).await;
}

fn main() {}
