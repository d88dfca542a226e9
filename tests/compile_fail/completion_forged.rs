//! A completion made up.

use snap_port::{PortCompletion, PortRequestId};

fn forge(request: PortRequestId, text: &str) -> PortCompletion {
    PortCompletion {
        request,
        fact: serde_json::from_str(text).unwrap(),
    }
}

fn main() {}
