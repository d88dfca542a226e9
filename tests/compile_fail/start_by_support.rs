//! Support starts a port in the customer's name.

use chrono::{DateTime, Utc};
use snap_port::{CarrierId, Permit, PortRequest, PortRequestId, act};

fn start(id: PortRequestId, carrier: CarrierId, support: Permit<act::Review>, at: DateTime<Utc>) {
    let draft = PortRequest::start(id, carrier, support, at);
}

fn main() {}
