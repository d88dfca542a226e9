//! A verification made up.

use snap_port::{PortRequestId, VerificationReport};

fn forge(request: PortRequestId, text: &str) -> VerificationReport {
    VerificationReport {
        request,
        fact: serde_json::from_str(text).unwrap(),
    }
}

fn main() {}
