//! A transition's result is thrown away, and the request with it.

#![deny(unused_must_use)]

use snap_port::{PortRequest, ReleaseApproval, Submitted};

fn approve(submitted: PortRequest<Submitted>, approval: ReleaseApproval) {
    submitted.approved(approval);
}

fn main() {}
