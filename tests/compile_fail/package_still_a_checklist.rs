//! A checklist, which may lack parts, sealed as if it were a package.

use chrono::{DateTime, Utc};
use snap_port::{Checklist, Draft, Permit, PortRequest, act};

fn seal(
    draft: PortRequest<Draft>,
    checklist: &Checklist,
    admin: Permit<act::Seal>,
    at: DateTime<Utc>,
) {
    let sealed = draft.seal(checklist, admin, at);
}

fn main() {}
