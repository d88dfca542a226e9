//! News of an attempt made up: leave to send again.

use snap_port::{AttemptNews, PortRequestId};

fn forge(request: PortRequestId, text: &str) -> AttemptNews {
    AttemptNews {
        request,
        fact: serde_json::from_str(text).unwrap(),
    }
}

fn main() {}
