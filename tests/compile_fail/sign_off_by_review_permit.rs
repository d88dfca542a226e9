//! A permit to review signs a verification off.

use chrono::{DateTime, Utc};
use snap_port::{Permit, PortRequest, Ported, act};

fn sign_off(ported: &PortRequest<Ported>, reviewer: Permit<act::Review>, at: DateTime<Utc>) {
    let report = ported.verification(reviewer, at);
}

fn main() {}
