//! A draft is split.

use chrono::{DateTime, Utc};
use snap_port::{Draft, NumberList, Permit, PortRequest, PortRequestId, act};

fn split(
    draft: PortRequest<Draft>,
    child: PortRequestId,
    part: NumberList,
    by: Permit<act::Split>,
    at: DateTime<Utc>,
) {
    let parts = draft.split(child, part, "two stores", by, at);
}

fn main() {}
