//! Dates and times as people mean them: in an IANA zone, on business days.
//!
//! An instant is UTC; a date, a time of day or an opening hour is local to the zone of the thing
//! that holds it. Who closes when is injected as [`Holidays`].

mod business;
mod earliest;
mod holidays;
mod slot;
mod slots;
mod zone;

pub use business::{BusinessCalendar, DayOff, InvalidHours};
pub use earliest::{EarliestPortDate, InvalidDay};
pub use holidays::{Holidays, ListedHolidays, NoHolidays, UsFederalHolidays};
pub use slot::{InvalidSlot, PortSlot};
pub use slots::{SlotObjection, Slots};
pub use zone::{UnknownZone, Zone};
