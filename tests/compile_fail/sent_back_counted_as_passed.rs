//! A review that sent the request back counts as passed.

use snap_port::{PortRequest, Sealed, SentBack};

fn pass(sealed: &mut PortRequest<Sealed>, review: SentBack) {
    let passed = sealed.pass_review(review);
}

fn main() {}
