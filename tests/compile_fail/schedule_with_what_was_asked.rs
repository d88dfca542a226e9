//! A slot that was asked for is not confirmed.

use snap_port::{PortRequest, ReleaseApproved, SlotRequest};

fn schedule(approved: PortRequest<ReleaseApproved>, asked: SlotRequest) {
    let scheduled = approved.scheduled(asked);
}

fn main() {}
