//! One clearance is dispatched twice.

use chrono::{DateTime, Utc};
use snap_port::{Cleared, PortRequest, Sealed};

fn dispatch(sealed: &mut PortRequest<Sealed>, cleared: Cleared, at: DateTime<Utc>) {
    let _once = sealed.dispatch(cleared, at);
    let _twice = sealed.dispatch(cleared, at);
}

fn main() {}
