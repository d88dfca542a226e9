//! Where requests are kept between steps, and how several workers share them.
//!
//! | part | what it is |
//! |---|---|
//! | [`PortStore`] | implemented per database: requests, claims, the outbox |
//! | [`RequestRow`], [`StoredRequest`], [`Write`] | a request as a store keeps it: a few columns to search by, and its history, entry by entry |
//! | [`ClaimAsk`], [`Claimed`], [`Lease`], [`GiveBack`] | how workers share what is due |
//! | [`Find`], [`Page`], [`Found`] | looking requests up |
//! | [`PlacedEvent`], [`Position`] | every entry in the order it was taken |
//!
//! A store never looks into the bytes it keeps, so anyone can write one; [`MemoryStore`] is the
//! smallest, and `store_conformance!` (feature `testing`) holds any of them to the rules of
//! [`PortStore`]. `SqliteStore` (feature `sqlite`) keeps them in a file, for one machine.

mod error;
mod find;
mod lease;
mod memory;
mod outbox;
#[cfg(feature = "postgres")]
#[cfg_attr(docsrs, doc(cfg(feature = "postgres")))]
pub mod postgres;
mod row;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

pub use error::{BackendError, StoreError};
pub use find::{Find, Found, Page};
pub use lease::{ClaimAsk, Claimed, GiveBack, Lease, StoredTrouble, TroubleKind};
pub use memory::MemoryStore;
pub use outbox::{PlacedEvent, Position};
pub use row::{RequestRow, Revision, StoredRequest, Write};
#[cfg(feature = "sqlite")]
#[cfg_attr(docsrs, doc(cfg(feature = "sqlite")))]
pub use sqlite::{SqliteSettings, SqliteStore};

use crate::id::{ObserverId, PortRequestId};

/// Keeps requests.
///
/// What a store promises, beside what each method says:
///
/// - **Durable**: what a method has returned is still there after a crash.
/// - **All or nothing**: a method that fails has written nothing, unless the error
///   [says so](StoreError::outcome_unknown). A future that is dropped may have written.
/// - **Append-only**: an entry of a history is never changed nor removed.
///
/// Beside rows, revisions and entries it keeps per request the trouble, the lease (who, until), the
/// last token, which is never reset, and the earliest time it was woken for since it was last
/// claimed; a cursor per observer; and one order over all entries. Implement it with the
/// `async-trait` crate.
///
/// Times are given to it: a store reads no clock. It keeps them to the microsecond, or finer.
#[async_trait]
pub trait PortStore: Debug + Send + Sync {
    /// Reads a request with its history, all of one revision.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    async fn get(&self, id: &PortRequestId) -> Result<Option<StoredRequest>, StoreError>;

    /// Writes all of `writes` or none (a split writes two), each only if the store still holds the
    /// expected revision and just the known entries; gives the new revisions, in order.
    ///
    /// A write is not held to any claim: what a carrier has answered comes once and must be kept,
    /// whoever works at the request by then. The revision keeps writers apart.
    ///
    /// A due time is taken as it is, unless the request was [woken](Self::wake) since it was last
    /// claimed: then the earlier of both stands. A write that is never due ends the waking too.
    /// Nothing written clears what stands in the way.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] names the first request that was changed meanwhile, or that is
    /// written twice in one commit. [`StoreError::NumberTaken`] names the first number that another
    /// request holds, by what the store would hold after the whole commit; of two writes of one
    /// commit that hold a number, the earlier has it.
    async fn commit(&self, writes: &[Write]) -> Result<Vec<Revision>, StoreError>;

    /// Finds requests, a page at a time.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    async fn find(&self, find: &Find, page: &Page) -> Result<Vec<Found>, StoreError>;

    /// Reads a part of a request's history: at most `limit` entries from the `from`th on, counted
    /// from 0. Nothing for a request that is not there.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    async fn history(
        &self,
        id: &PortRequestId,
        from: usize,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError>;

    /// Claims requests that are due and nobody holds, those due first (and then by name) first.
    ///
    /// No two claims overlap, whoever makes them: what one is given, no other is until it is given
    /// back or the lease ends. Requests of a commit that is under way may be left out.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    async fn claim(&self, ask: &ClaimAsk) -> Result<Vec<Claimed>, StoreError>;

    /// Makes claims last until then, UTC; gives those that are still held, in the order asked.
    ///
    /// A lease that has ended but that nobody took over is still held.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    async fn renew(&self, leases: &[Lease], until: DateTime<Utc>)
    -> Result<Vec<Lease>, StoreError>;

    /// Gives a claim back, with when to look next and what stands in the way.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] if the claim is held no more; the request is left as it is.
    async fn give_back(&self, lease: &Lease, back: &GiveBack) -> Result<(), StoreError>;

    /// Brings the next look at requests forward to `at`, UTC, where one is due later; also for
    /// those that are claimed just now, whose next look is then after they are given back.
    ///
    /// Those that are never due, or not there, are left alone. Gives how many were not.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    async fn wake(&self, ids: &[PortRequestId], at: DateTime<Utc>) -> Result<usize, StoreError>;

    /// Reads entries of all requests in the order they were taken, at most `limit` after a
    /// position. None appears before one that was shown already, so none is missed.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    async fn events(&self, after: Position, limit: usize) -> Result<Vec<PlacedEvent>, StoreError>;

    /// How far an observer has come; [`Position::START`] for one that is not known.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    async fn cursor(&self, observer: &ObserverId) -> Result<Position, StoreError>;

    /// Moves an observer on, if it is still at `from`; says whether it was.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    async fn move_cursor(
        &self,
        observer: &ObserverId,
        from: Position,
        to: Position,
    ) -> Result<bool, StoreError>;
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl<T: PortStore + ?Sized> PortStore for Arc<T> {
    async fn get(&self, id: &PortRequestId) -> Result<Option<StoredRequest>, StoreError> {
        (**self).get(id).await
    }
    async fn commit(&self, writes: &[Write]) -> Result<Vec<Revision>, StoreError> {
        (**self).commit(writes).await
    }
    async fn find(&self, find: &Find, page: &Page) -> Result<Vec<Found>, StoreError> {
        (**self).find(find, page).await
    }
    async fn history(
        &self,
        id: &PortRequestId,
        from: usize,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        (**self).history(id, from, limit).await
    }
    async fn claim(&self, ask: &ClaimAsk) -> Result<Vec<Claimed>, StoreError> {
        (**self).claim(ask).await
    }
    async fn renew(
        &self,
        leases: &[Lease],
        until: DateTime<Utc>,
    ) -> Result<Vec<Lease>, StoreError> {
        (**self).renew(leases, until).await
    }
    async fn give_back(&self, lease: &Lease, back: &GiveBack) -> Result<(), StoreError> {
        (**self).give_back(lease, back).await
    }
    async fn wake(&self, ids: &[PortRequestId], at: DateTime<Utc>) -> Result<usize, StoreError> {
        (**self).wake(ids, at).await
    }
    async fn events(&self, after: Position, limit: usize) -> Result<Vec<PlacedEvent>, StoreError> {
        (**self).events(after, limit).await
    }
    async fn cursor(&self, observer: &ObserverId) -> Result<Position, StoreError> {
        (**self).cursor(observer).await
    }
    async fn move_cursor(
        &self,
        observer: &ObserverId,
        from: Position,
        to: Position,
    ) -> Result<bool, StoreError> {
        (**self).move_cursor(observer, from, to).await
    }
}
