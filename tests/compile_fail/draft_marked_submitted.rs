//! A draft is marked as submitted.

use snap_port::{Draft, PortRequest, SubmissionReceipt};

fn mark(draft: PortRequest<Draft>, receipt: SubmissionReceipt) {
    let submitted = draft.submitted(receipt);
}

fn main() {}
