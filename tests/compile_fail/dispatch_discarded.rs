//! The intent to submit goes on record, and nothing is submitted.

#![deny(unused_must_use)]

use chrono::{DateTime, Utc};
use snap_port::{Cleared, PortRequest, Sealed, Violation};

fn dispatch(
    sealed: &mut PortRequest<Sealed>,
    cleared: Cleared,
    at: DateTime<Utc>,
) -> Result<(), Violation> {
    sealed.dispatch(cleared, at)?;
    Ok(())
}

fn main() {}
