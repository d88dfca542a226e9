//! A draft is reviewed before the customer sealed it.

use chrono::{DateTime, Utc};
use snap_port::{Draft, Permit, PortRequest, act};

fn review(draft: PortRequest<Draft>, support: Permit<act::Review>, at: DateTime<Utc>) {
    let review = draft.review(support, at);
}

fn main() {}
