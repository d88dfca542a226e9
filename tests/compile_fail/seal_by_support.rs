//! Support seals the package in the customer's name.

use chrono::{DateTime, Utc};
use snap_port::{Draft, Permit, PortRequest, SubmissionPackage, act};

fn seal(
    draft: PortRequest<Draft>,
    package: &SubmissionPackage,
    support: Permit<act::Review>,
    at: DateTime<Utc>,
) {
    let sealed = draft.seal(package, support, at);
}

fn main() {}
