//! A draft has no order at the carrier.

use snap_port::{Draft, OrderRef, PortRequest};

fn order(draft: &PortRequest<Draft>) -> &OrderRef {
    draft.order()
}

fn main() {}
