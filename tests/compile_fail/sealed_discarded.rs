//! A sealed request is thrown away where its error is not.

#![deny(unused_must_use)]

use chrono::{DateTime, Utc};
use snap_port::{Draft, Permit, PortRequest, SubmissionPackage, TransitionError, act};

fn seal(
    draft: PortRequest<Draft>,
    package: &SubmissionPackage,
    admin: Permit<act::Seal>,
    at: DateTime<Utc>,
) -> Result<(), TransitionError<Draft>> {
    draft.seal(package, admin, at)?;
    Ok(())
}

fn main() {}
