//! A statement by somebody who was not asked for a permit.

use chrono::{DateTime, Utc};
use snap_port::{Actor, ReleaseGranted, Statement};

fn forge(by: Actor, occurred_at: DateTime<Utc>, what: ReleaseGranted) -> Statement<ReleaseGranted> {
    Statement {
        by,
        occurred_at,
        what,
    }
}

fn main() {}
