//! A clearance is copied, to be dispatched twice.

use snap_port::Cleared;

fn copy(cleared: Cleared) -> (Cleared, Cleared) {
    (cleared.clone(), cleared)
}

fn main() {}
