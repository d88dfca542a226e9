//! A date somebody typed is no schedule.

use chrono::NaiveDate;
use snap_port::{PortRequest, ReleaseApproved};

fn schedule(approved: PortRequest<ReleaseApproved>, date: NaiveDate) {
    let scheduled = approved.scheduled(date);
}

fn main() {}
