//! An override whose outcome nobody looks at is taken for one that was recorded.

#![deny(unused_must_use)]

use chrono::{DateTime, Utc};
use snap_port::{Draft, Override, Permit, PortRequest, act};

fn lift(
    draft: &mut PortRequest<Draft>,
    what: Override,
    by: Permit<act::Override>,
    at: DateTime<Utc>,
) {
    draft.override_rule(what, by, at);
}

fn main() {}
