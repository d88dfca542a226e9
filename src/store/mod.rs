//! Where requests are kept between steps.
//!
//! A store keeps [`StoredRecord`]s: a few columns to search by, and opaque bytes. It never looks
//! into the bytes, so anyone can write one; [`MemoryStore`] is the smallest.

mod memory;

use std::fmt::{self, Debug};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

pub use memory::MemoryStore;

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

/// One request as a store keeps it: columns to search by, and the record's bytes.
///
/// Exhaustive on purpose: a store builds it from its own columns, so a new column must stop it at
/// compile time.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// The request.
    pub id: PortRequestId,
    /// Its carrier.
    pub carrier: CarrierId,
    /// Its state.
    pub status: Status,
    /// The carrier's order, if there is one.
    pub order: Option<OrderRef>,
    /// Its numbers, as far as they are known.
    pub numbers: Vec<PhoneNumber>,
    /// Whose move it is; nobody's once it has ended.
    pub waiting_on: Option<Party>,
    /// Since when it waits, UTC.
    pub waiting_since: Option<DateTime<Utc>>,
    /// The record, to be kept as it is. It holds what the customer handed in: protect it as such.
    pub bytes: Vec<u8>,
}

impl StoredRecord {
    /// The stored form of a request that waits on `waiting`, a party and since when (UTC).
    ///
    /// # Errors
    /// [`RecordError`] if the record cannot be written.
    pub fn of(
        request: &AnyPortRequest,
        waiting: Option<(Party, DateTime<Utc>)>,
    ) -> Result<Self, RecordError> {
        Ok(Self {
            id: request.id().clone(),
            carrier: request.carrier().clone(),
            status: request.status(),
            order: request.order().cloned(),
            numbers: request
                .numbers()
                .map(|numbers| numbers.iter().copied().collect())
                .unwrap_or_default(),
            waiting_on: waiting.map(|(party, _)| party),
            waiting_since: waiting.map(|(_, since)| since),
            bytes: request.to_json()?,
        })
    }

    /// The request, replayed from the bytes.
    ///
    /// # Errors
    /// [`RecordError`] if the record could not have come of a legal history.
    pub fn read(&self) -> Result<AnyPortRequest, RecordError> {
        AnyPortRequest::from_json(&self.bytes)
    }
}

impl fmt::Debug for StoredRecord {
    /// The columns; never the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredRecord")
            .field("id", &self.id)
            .field("carrier", &self.carrier)
            .field("status", &self.status)
            .field("order", &self.order)
            .field("numbers", &self.numbers.len())
            .field("waiting_on", &self.waiting_on)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// One write of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// What to write.
    pub record: StoredRecord,
    /// The revision it replaces; `None` for a request the store must not have yet.
    pub expected: Option<Revision>,
}

/// A store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else wrote first. Nothing was written.
    #[error("request {id} was changed by another writer; read it again and repeat the step")]
    Conflict {
        /// The request.
        id: PortRequestId,
    },
    /// The backend failed. Whether the write happened is not known: read again.
    #[error("the store's backend failed; read the request again before repeating the step")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Keeps requests.
#[async_trait]
pub trait PortStore: Debug + Send + Sync {
    /// Reads a request and its revision.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    async fn get(&self, id: &PortRequestId)
    -> Result<Option<(StoredRecord, Revision)>, StoreError>;

    /// Writes all of `writes` or none (a split writes two), each only if the store still holds the
    /// expected revision; gives the new revisions, in order.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] names the first request that was changed meanwhile, or that is
    /// written twice in one commit.
    async fn commit(&self, writes: &[Write]) -> Result<Vec<Revision>, StoreError>;
}
