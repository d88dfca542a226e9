//! The earliest port date is replaced through the frozen date.

use snap_port::{EarliestPortDate, PortRequest, Submitted};

fn change(submitted: &mut PortRequest<Submitted>, earliest: EarliestPortDate) {
    if let Some(frozen) = submitted.frozen_date() {
        *frozen = earliest;
    }
}

fn main() {}
