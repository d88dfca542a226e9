//! A ported request is refused.

use snap_port::{PortRequest, Ported, RefusalNotice};

fn refuse(ported: PortRequest<Ported>, notice: RefusalNotice) {
    let rejected = ported.refused(notice);
}

fn main() {}
