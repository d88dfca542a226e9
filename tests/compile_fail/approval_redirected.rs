//! An approval is made to speak of another request.

use snap_port::{PortRequestId, ReleaseApproval};

fn redirect(mut approval: ReleaseApproval, other: PortRequestId) -> ReleaseApproval {
    approval.request = other;
    approval
}

fn main() {}
