//! A sealed request is sent without a review.

use chrono::{DateTime, Utc};
use snap_port::{PortRequest, Sealed};

fn dispatch(sealed: &mut PortRequest<Sealed>, at: DateTime<Utc>) {
    let once = sealed.dispatch(at);
}

fn main() {}
