//! A slot to ask the carrier for that was not agreed with the customer.

use snap_port::{PortRequestId, PortSlot, SlotRequest};

fn forge(request: PortRequestId, slot: PortSlot) -> SlotRequest {
    SlotRequest { request, slot }
}

fn main() {}
