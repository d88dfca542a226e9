//! A receipt made up.

use snap_port::{PortRequestId, SubmissionReceipt};

fn forge(request: PortRequestId, text: &str) -> SubmissionReceipt {
    SubmissionReceipt {
        request,
        fact: serde_json::from_str(text).unwrap(),
    }
}

fn main() {}
