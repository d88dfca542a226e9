//! A review that has not passed clears nothing.

use chrono::{DateTime, Utc};
use snap_port::{PortRequest, Review, Sealed};

fn dispatch(sealed: &mut PortRequest<Sealed>, review: Review, at: DateTime<Utc>) {
    let once = sealed.dispatch(review, at);
}

fn main() {}
