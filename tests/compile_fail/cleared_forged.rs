//! A clearance made up.

use snap_port::{AttemptKey, Cleared};

fn forge(attempt: AttemptKey) -> Cleared {
    Cleared { attempt }
}

fn main() {}
