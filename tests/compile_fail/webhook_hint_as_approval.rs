//! A webhook's hint is passed for the losing platform's approval.

use snap_port::twilio::webhook::Hint;
use snap_port::{PortRequest, Submitted};

fn approve(submitted: PortRequest<Submitted>, hint: Hint) {
    let approved = submitted.approved(hint);
}

fn main() {}
