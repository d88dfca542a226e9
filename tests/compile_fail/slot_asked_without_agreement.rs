//! The carrier is asked for a slot that the customer did not agree to.

use snap_port::{CarrierClient, CarrierClientExt, Clock, PortRequest, PortSlot, ReleaseApproved};

async fn ask(
    carrier: &dyn CarrierClient,
    approved: &PortRequest<ReleaseApproved>,
    slot: &PortSlot,
    clock: &dyn Clock,
) {
    let look = carrier.ask_slot(approved, slot, clock).await;
}

fn main() {}
