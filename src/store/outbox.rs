use std::fmt;

use crate::id::PortRequestId;

/// A place in the order in which a store took entries, over all requests. Places only grow, by any
/// step; an entry that is shown never gets an earlier one beside it later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(u64);

impl Position {
    /// Before everything.
    pub const START: Self = Self(0);

    /// The place with this number, as a store wrote it down.
    pub fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// Its number, to be written down.
    pub fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An entry of a history, with its place among those of all requests.
///
/// Exhaustive on purpose: a store builds it.
#[derive(Clone, PartialEq, Eq)]
pub struct PlacedEvent {
    /// Its place.
    pub position: Position,
    /// Whose history it is of.
    pub request: PortRequestId,
    /// Its place in that history, from 0.
    pub entry: usize,
    /// The entry as it was written. It may hold what the customer handed in: protect it as such.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for PlacedEvent {
    /// Where it is; never what it says.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlacedEvent")
            .field("position", &self.position)
            .field("request", &self.request)
            .field("entry", &self.entry)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}
