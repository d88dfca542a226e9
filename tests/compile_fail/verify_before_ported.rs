//! A scheduled request is verified before its numbers arrived.

use snap_port::{PortRequest, Scheduled, VerificationReport};

fn verify(scheduled: PortRequest<Scheduled>, report: VerificationReport) {
    let verified = scheduled.verified(report);
}

fn main() {}
