//! A cancellation is asked for after the numbers moved.

use chrono::{DateTime, Utc};
use snap_port::{Permit, PortRequest, Ported, act};

fn cancel(mut ported: PortRequest<Ported>, by: Permit<act::Cancel>, at: DateTime<Utc>) {
    ported.request_cancel("changed our mind", by, at);
}

fn main() {}
