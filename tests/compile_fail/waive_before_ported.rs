//! A check is waived before the numbers arrived.

use chrono::{DateTime, Utc};
use snap_port::{Permit, PortRequest, Scheduled, Waiver, act};

fn waive(
    mut scheduled: PortRequest<Scheduled>,
    waiver: Waiver,
    by: Permit<act::Waive>,
    at: DateTime<Utc>,
) {
    let waived = scheduled.waive(waiver, by, at);
}

fn main() {}
