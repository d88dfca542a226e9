//! A dispatch made up: a submission that is on no record.

use snap_port::{AttemptKey, Dispatch};

fn forge(attempt: AttemptKey) -> Dispatch {
    Dispatch { attempt }
}

fn main() {}
