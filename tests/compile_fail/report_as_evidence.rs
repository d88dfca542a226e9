//! What a carrier reports is evidence only once it was minted.

use snap_port::{PortRequest, ReleaseGranted, Submitted};

fn approve(submitted: PortRequest<Submitted>, granted: ReleaseGranted) {
    let approved = submitted.approved(granted);
}

fn main() {}
