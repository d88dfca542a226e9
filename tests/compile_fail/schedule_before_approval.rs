//! A submitted request is scheduled before the losing platform approved.

use snap_port::{PortRequest, ScheduleConfirmation, Submitted};

fn schedule(submitted: PortRequest<Submitted>, confirmation: ScheduleConfirmation) {
    let scheduled = submitted.scheduled(confirmation);
}

fn main() {}
