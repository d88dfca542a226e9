//! A request is copied: it would have two fates.

use snap_port::{PortRequest, Submitted};

fn copy(submitted: PortRequest<Submitted>) -> (PortRequest<Submitted>, PortRequest<Submitted>) {
    (submitted.clone(), submitted)
}

fn main() {}
