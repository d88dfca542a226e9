//! A slot is asked for before the losing platform approved.

use chrono::{DateTime, Utc};
use snap_port::{Permit, PortRequest, PortSlot, Submitted, act};

fn ask(
    mut submitted: PortRequest<Submitted>,
    slot: PortSlot,
    by: Permit<act::Schedule>,
    at: DateTime<Utc>,
) {
    let asked = submitted.ask_slot(slot, by, at);
}

fn main() {}
