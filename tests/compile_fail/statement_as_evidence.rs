//! What a person states is evidence only once it was minted.

use snap_port::{PortRequest, ReleaseGranted, Statement, Submitted};

fn approve(submitted: PortRequest<Submitted>, said: Statement<ReleaseGranted>) {
    let approved = submitted.approved(said);
}

fn main() {}
