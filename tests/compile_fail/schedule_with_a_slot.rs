//! A slot that nobody confirmed is no schedule.

use snap_port::{PortRequest, PortSlot, ReleaseApproved};

fn schedule(approved: PortRequest<ReleaseApproved>, slot: PortSlot) {
    let scheduled = approved.scheduled(slot);
}

fn main() {}
