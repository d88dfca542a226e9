//! Numbers are proven to work before they arrived.

use snap_port::{PortRequest, Scheduled, check};

fn prove(scheduled: PortRequest<Scheduled>) {
    let proof = scheduled.prove::<check::SmsIn>();
}

fn main() {}
