//! The customer overrides a rule of the gaining platform.

use chrono::{DateTime, Utc};
use snap_port::{Draft, Override, Permit, PortRequest, act};

fn lift(
    draft: &mut PortRequest<Draft>,
    what: Override,
    admin: Permit<act::Seal>,
    at: DateTime<Utc>,
) {
    draft.override_rule(what, admin, at);
}

fn main() {}
