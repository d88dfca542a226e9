use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Utc};

use super::StoredTrouble;
use crate::id::{CarrierId, OrderRef, PortRequestId};
use crate::number::PhoneNumber;
use crate::people::Party;
use crate::request::{AnyPortRequest, RecordError, Status};

/// A version of a stored request. Every write makes the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(u64);

impl Revision {
    /// The revision of a request's first write.
    pub const FIRST: Self = Self(1);

    /// The revision with this number, as a store wrote it down.
    pub fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// Its number, to be written down.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The revision after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// One request as a store keeps it, without its history: columns to search by, and a draft's form.
///
/// Exhaustive on purpose: a store builds it from its own columns, so a new column must stop it at
/// compile time.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestRow {
    /// The request.
    pub id: PortRequestId,
    /// Its carrier.
    pub carrier: CarrierId,
    /// Its state.
    pub status: Status,
    /// The carrier's order, if there is one.
    pub order: Option<OrderRef>,
    /// Its numbers, as far as they are known, and those of its [stray
    /// orders](crate::AnyPortRequest::stray_orders): these alone, where it holds none of its own.
    pub numbers: Vec<PhoneNumber>,
    /// Whether the numbers are spoken for: no other request may hold one of them at the same time.
    /// From the seal until the request ends, is refused or sent back, or its way back is opened, and
    /// as long as an order is astray.
    pub holds_numbers: bool,
    /// Whose move it is; nobody's once it has ended and nothing is astray.
    pub waiting_on: Option<Party>,
    /// Since when it waits, UTC.
    pub waiting_since: Option<DateTime<Utc>>,
    /// When a worker looks at it next, UTC; never, if nothing can come of a look.
    pub due: Option<DateTime<Utc>>,
    /// The form of a draft as JSON, the one part that is rewritten; nothing else has one. It holds
    /// what the customer handed in: protect it as such.
    pub draft: Option<Vec<u8>>,
}

impl RequestRow {
    /// The row of a request whose move is `waiting` (a party, and since when, UTC) and which a
    /// worker looks at next when it is `due` (UTC).
    ///
    /// # Errors
    /// [`RecordError`] if the form cannot be written.
    pub fn of(
        request: &AnyPortRequest,
        waiting: Option<(Party, DateTime<Utc>)>,
        due: Option<DateTime<Utc>>,
    ) -> Result<Self, RecordError> {
        let (own, holds) = (request.numbers(), request.holds_numbers());
        let is_own = |number: &PhoneNumber| own.is_some_and(|own| own.contains(number));
        let strays = request.stray_orders();
        let astray = strays.iter().flat_map(|stray| &stray.numbers);
        let astray: BTreeSet<PhoneNumber> = astray.copied().collect();
        let mut numbers: Vec<PhoneNumber> = Vec::new();
        // What a request only names, a draft's form for one, must not be held beside a stray order's.
        if holds || astray.is_empty() {
            numbers.extend(own.into_iter().flatten());
            numbers.extend(astray.iter().filter(|number| !is_own(number)));
        } else {
            numbers.extend(&astray);
        }
        Ok(Self {
            id: request.id().clone(),
            carrier: request.carrier().clone(),
            status: request.status(),
            order: request.order().cloned(),
            numbers,
            holds_numbers: holds || !astray.is_empty(),
            waiting_on: waiting.map(|(party, _)| party),
            waiting_since: waiting.map(|(_, since)| since),
            due,
            draft: request.draft_json()?,
        })
    }
}

impl fmt::Debug for RequestRow {
    /// The columns; never the form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestRow")
            .field("id", &self.id)
            .field("carrier", &self.carrier)
            .field("status", &self.status)
            .field("order", &self.order)
            .field("numbers", &self.numbers.len())
            .field("holds_numbers", &self.holds_numbers)
            .field("waiting_on", &self.waiting_on)
            .field("due", &self.due)
            .finish_non_exhaustive()
    }
}

/// A request with its whole history, as a store gives it back.
///
/// Exhaustive on purpose, as [`RequestRow`] is.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredRequest {
    /// Its row.
    pub row: RequestRow,
    /// Which version of the request this is.
    pub revision: Revision,
    /// What stands in its way that its history does not say.
    pub trouble: Option<StoredTrouble>,
    /// Its history, oldest first, each entry as it was written.
    pub events: Vec<Vec<u8>>,
}

impl StoredRequest {
    /// The request, replayed from its history.
    ///
    /// # Errors
    /// [`RecordError`] if the history could not have come of legal steps, or ends in another state
    /// or is of another request than the row says.
    pub fn read(&self) -> Result<AnyPortRequest, RecordError> {
        let row = &self.row;
        AnyPortRequest::from_entries(&row.id, row.status, row.draft.as_deref(), &self.events)
    }
}

impl fmt::Debug for StoredRequest {
    /// The row, and how long the history is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredRequest")
            .field("row", &self.row)
            .field("revision", &self.revision)
            .field("trouble", &self.trouble)
            .field("events", &self.events.len())
            .finish()
    }
}

/// One write of a commit: the row as it is to be, and what happened since.
///
/// Exhaustive on purpose, as [`RequestRow`] is.
#[derive(Clone, PartialEq, Eq)]
pub struct Write {
    /// The row to write.
    pub row: RequestRow,
    /// The revision it replaces; `None` for a request the store must not have yet.
    pub expected: Option<Revision>,
    /// How many entries of the history the store has already.
    pub known: usize,
    /// The entries after those, to be appended.
    pub events: Vec<Vec<u8>>,
}

impl Write {
    /// The write of a new request, its whole history in it.
    ///
    /// # Errors
    /// [`RecordError`] if it cannot be written.
    pub fn first(row: RequestRow, request: &AnyPortRequest) -> Result<Self, RecordError> {
        Ok(Self {
            row,
            expected: None,
            known: 0,
            events: request.entries_json(0)?,
        })
    }

    /// The write of a request that the store holds in revision `expected` with `known` entries.
    ///
    /// # Errors
    /// As [`first`](Self::first).
    pub fn after(
        row: RequestRow,
        request: &AnyPortRequest,
        expected: Revision,
        known: usize,
    ) -> Result<Self, RecordError> {
        Ok(Self {
            row,
            expected: Some(expected),
            known,
            events: request.entries_json(known)?,
        })
    }

    /// The revision that this write makes.
    pub fn makes(&self) -> Revision {
        self.expected.map_or(Revision::FIRST, Revision::next)
    }
}

impl fmt::Debug for Write {
    /// The row, and how many entries are new.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Write")
            .field("row", &self.row)
            .field("expected", &self.expected)
            .field("known", &self.known)
            .field("events", &self.events.len())
            .finish()
    }
}
