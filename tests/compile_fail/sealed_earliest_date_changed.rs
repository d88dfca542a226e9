//! The earliest port date of a sealed request is replaced.

use snap_port::{EarliestPortDate, PortRequest, Sealed};

fn change(sealed: &mut PortRequest<Sealed>, earliest: EarliestPortDate) {
    *sealed.package().earliest() = earliest;
}

fn main() {}
