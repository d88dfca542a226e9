//! A refusal made up.

use snap_port::{PortRequestId, RefusalNotice};

fn forge(request: PortRequestId, text: &str) -> RefusalNotice {
    RefusalNotice {
        request,
        fact: serde_json::from_str(text).unwrap(),
    }
}

fn main() {}
