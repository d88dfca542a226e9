//! A submitted request has no schedule.

use snap_port::{PortRequest, Schedule, Submitted};

fn schedule(submitted: &PortRequest<Submitted>) -> &Schedule {
    submitted.schedule()
}

fn main() {}
