//! A request that was not refused is amended.

use chrono::{DateTime, Utc};
use snap_port::{Permit, PortRequest, Submitted, act};

fn amend(submitted: PortRequest<Submitted>, by: Permit<act::Amend>, at: DateTime<Utc>) {
    let draft = PortRequest::amend(submitted, by, at);
}

fn main() {}
