//! The way back is opened before the numbers have moved.

use chrono::{DateTime, Utc};
use snap_port::{LosingPlatform, Permit, PortRequest, PortRequestId, Scheduled, act};

fn back(
    there: &mut PortRequest<Scheduled>,
    id: PortRequestId,
    ours: LosingPlatform,
    by: Permit<act::Start>,
    at: DateTime<Utc>,
) {
    let draft = there.reverse(id, ours, by, at);
}

fn main() {}
