//! The customer's admin reviews what they sealed.

use chrono::{DateTime, Utc};
use snap_port::{Permit, PortRequest, Sealed, act};

fn review(sealed: &PortRequest<Sealed>, admin: Permit<act::Seal>, at: DateTime<Utc>) {
    let review = sealed.review(admin, at);
}

fn main() {}
