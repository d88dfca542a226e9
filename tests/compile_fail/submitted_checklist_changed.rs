//! The checklist of a submitted request is edited.

use snap_port::{PortRequest, ReleaseTicket, Submitted};

fn change(mut submitted: PortRequest<Submitted>, ticket: ReleaseTicket) {
    submitted.checklist_mut().set_ticket(ticket);
}

fn main() {}
