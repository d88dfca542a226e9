//! A ported request is cancelled: the numbers have moved.

use snap_port::{CancellationReceipt, PortRequest, Ported};

fn cancel(ported: PortRequest<Ported>, receipt: CancellationReceipt) {
    let cancelled = ported.cancelled(receipt);
}

fn main() {}
