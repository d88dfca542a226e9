use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Zone;

/// A window in which the numbers are to move, with the zone people agreed it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawSlot")]
pub struct PortSlot {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    zone: Zone,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSlot {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    zone: Zone,
}

/// A window that ends before it begins.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a port slot must end at or after its begin ({from}), not at {until}")]
pub struct InvalidSlot {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl TryFrom<RawSlot> for PortSlot {
    type Error = InvalidSlot;
    fn try_from(raw: RawSlot) -> Result<Self, InvalidSlot> {
        Self::new(raw.from, raw.until, raw.zone)
    }
}

impl PortSlot {
    /// The window from `from` to `until`, both UTC, as agreed in `zone`.
    ///
    /// # Errors
    /// [`InvalidSlot`] if it ends before it begins.
    pub fn new(from: DateTime<Utc>, until: DateTime<Utc>, zone: Zone) -> Result<Self, InvalidSlot> {
        if until < from {
            return Err(InvalidSlot { from, until });
        }
        Ok(Self { from, until, zone })
    }

    /// The hour that begins at `from` (UTC), as agreed in `zone`.
    pub fn hour(from: DateTime<Utc>, zone: Zone) -> Self {
        let until = from.checked_add_signed(TimeDelta::hours(1)).unwrap_or(from);
        Self { from, until, zone }
    }

    /// The same window, as people of `zone` read it: a slot of staff's calendar, offered to a
    /// customer.
    #[must_use]
    pub fn in_zone(self, zone: Zone) -> Self {
        Self { zone, ..self }
    }

    /// When the window opens, UTC.
    pub fn begins(&self) -> DateTime<Utc> {
        self.from
    }

    /// When the window closes, UTC.
    pub fn ends(&self) -> DateTime<Utc> {
        self.until
    }

    /// The zone people agreed it in.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }
}

impl fmt::Display for PortSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.zone.show(self.from))
    }
}
