//! An approved request is ported without a time.

use snap_port::{PortCompletion, PortRequest, ReleaseApproved};

fn port(approved: PortRequest<ReleaseApproved>, completion: PortCompletion) {
    let ported = approved.ported(completion);
}

fn main() {}
