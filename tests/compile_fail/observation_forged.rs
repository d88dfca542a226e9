//! An observation made up: a test that passed.

use snap_port::{Observation, PortRequestId};

fn forge(request: PortRequestId, text: &str) -> Observation {
    Observation {
        request,
        fact: serde_json::from_str(text).unwrap(),
    }
}

fn main() {}
