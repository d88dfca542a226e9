//! A refused request is sent again without a new draft.

use chrono::{DateTime, Utc};
use snap_port::{Cleared, PortRequest, Rejected};

fn dispatch(mut rejected: PortRequest<Rejected>, cleared: Cleared, at: DateTime<Utc>) {
    let once = rejected.dispatch(cleared, at);
}

fn main() {}
