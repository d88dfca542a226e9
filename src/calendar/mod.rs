//! Dates and times as people mean them: in an IANA zone.

mod earliest;
mod slot;
mod zone;

pub use earliest::{EarliestPortDate, InvalidDay};
pub use slot::{InvalidSlot, PortSlot};
pub use zone::{UnknownZone, Zone};
