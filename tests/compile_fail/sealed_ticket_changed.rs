//! The release ticket of a sealed request is replaced; a note supersedes it.

use snap_port::{PortRequest, ReleaseTicket, Sealed};

fn change(sealed: &mut PortRequest<Sealed>, ticket: ReleaseTicket) {
    *sealed.release_ticket() = ticket;
}

fn main() {}
