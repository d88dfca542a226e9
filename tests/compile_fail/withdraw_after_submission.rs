//! A submitted request is withdrawn on our side only: the carrier would port it all the same.

use chrono::{DateTime, Utc};
use snap_port::{Permit, PortRequest, Submitted, act};

fn withdraw(submitted: PortRequest<Submitted>, by: Permit<act::Cancel>, at: DateTime<Utc>) {
    let cancelled = submitted.withdrawn(by, "changed our mind", at);
}

fn main() {}
