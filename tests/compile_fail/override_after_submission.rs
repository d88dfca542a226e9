//! A rule about what was handed in is overridden when it is with the carrier already.

use chrono::{DateTime, Utc};
use snap_port::{Override, Permit, PortRequest, Submitted, act};

fn lift(
    sent: &mut PortRequest<Submitted>,
    what: Override,
    by: Permit<act::Override>,
    at: DateTime<Utc>,
) {
    sent.override_rule(what, by, at);
}

fn main() {}
