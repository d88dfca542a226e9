//! Campaigns are cleared for a port that was not verified.

use snap_port::{PortRequest, Ported};

fn launch(ported: &PortRequest<Ported>) {
    let cleared = ported.cleared_for_campaigns();
}

fn main() {}
