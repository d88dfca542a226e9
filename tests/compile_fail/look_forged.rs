//! A look at the carrier made up, to turn one's own report into evidence.

use chrono::{DateTime, Utc};
use snap_port::{CarrierId, Look, OrderReport};

fn forge(carrier: CarrierId, report: OrderReport, seen_at: DateTime<Utc>) -> Look {
    Look {
        carrier,
        report,
        seen_at,
    }
}

fn main() {}
