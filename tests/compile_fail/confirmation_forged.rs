//! A schedule confirmation made up.

use snap_port::{PortRequestId, ScheduleConfirmation};

fn forge(request: PortRequestId, text: &str) -> ScheduleConfirmation {
    ScheduleConfirmation {
        request,
        fact: serde_json::from_str(text).unwrap(),
    }
}

fn main() {}
