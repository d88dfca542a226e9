//! A sealed request is approved.

use snap_port::{PortRequest, ReleaseApproval, Sealed};

fn approve(sealed: PortRequest<Sealed>, approval: ReleaseApproval) {
    let approved = sealed.approved(approval);
}

fn main() {}
