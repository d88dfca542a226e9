//! A request put together in a chosen state.

use snap_port::{Draft, PortRequest, Verified};

fn forge(draft: PortRequest<Draft>, state: Verified) -> PortRequest<Verified> {
    PortRequest {
        common: draft.common,
        state,
    }
}

fn main() {}
