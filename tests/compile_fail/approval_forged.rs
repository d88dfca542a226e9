//! A release approval made up.

use snap_port::{PortRequestId, ReleaseApproval};

fn forge(request: PortRequestId, text: &str) -> ReleaseApproval {
    ReleaseApproval {
        request,
        fact: serde_json::from_str(text).unwrap(),
    }
}

fn main() {}
