//! A draft has no order to look at.

use snap_port::{CarrierClient, CarrierClientExt, Clock, Draft, PortRequest};

async fn look(carrier: &dyn CarrierClient, draft: &PortRequest<Draft>, clock: &dyn Clock) {
    let look = carrier.look(draft, clock).await;
}

fn main() {}
