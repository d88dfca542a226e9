//! A check of one's own, which the table does not know.

use snap_port::{Check, check};

enum LooksFine {}

impl check::Checked for LooksFine {
    const CHECK: Check = Check::SmsIn;
}

fn main() {}
