//! A draft is sent without having been sealed.

use chrono::{DateTime, Utc};
use snap_port::{Cleared, Draft, PortRequest};

fn dispatch(mut draft: PortRequest<Draft>, cleared: Cleared, at: DateTime<Utc>) {
    let once = draft.dispatch(cleared, at);
}

fn main() {}
