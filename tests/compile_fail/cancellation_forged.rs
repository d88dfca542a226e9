//! A cancellation made up.

use snap_port::{CancellationReceipt, PortRequestId};

fn forge(request: PortRequestId, text: &str) -> CancellationReceipt {
    CancellationReceipt {
        request,
        fact: serde_json::from_str(text).unwrap(),
    }
}

fn main() {}
