//! A request is used in a state it has left.

use snap_port::{PortRequest, ReleaseApproval, Submitted};

fn approve(submitted: PortRequest<Submitted>, approval: ReleaseApproval) {
    let _approved = submitted.approved(approval);
    let _order = submitted.order();
}

fn main() {}
