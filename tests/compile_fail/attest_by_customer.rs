//! The customer's admin attests what the losing platform said.

use chrono::{DateTime, Utc};
use snap_port::{Permit, ReleaseGranted, Statement, act};

fn attest(admin: Permit<act::Seal>, at: DateTime<Utc>, granted: ReleaseGranted) {
    let said = Statement::new(admin, at, granted);
}

fn main() {}
