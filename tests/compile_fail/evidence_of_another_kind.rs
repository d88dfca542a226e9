//! A receipt approves nothing.

use snap_port::{PortRequest, SubmissionReceipt, Submitted};

fn approve(submitted: PortRequest<Submitted>, receipt: SubmissionReceipt) {
    let approved = submitted.approved(receipt);
}

fn main() {}
