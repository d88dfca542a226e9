//! A verified request is split.

use chrono::{DateTime, Utc};
use snap_port::{NumberList, Permit, PortRequest, PortRequestId, Verified, act};

fn split(
    verified: PortRequest<Verified>,
    child: PortRequestId,
    part: NumberList,
    by: Permit<act::Split>,
    at: DateTime<Utc>,
) {
    let parts = verified.split(child, part, "two stores", by, at);
}

fn main() {}
