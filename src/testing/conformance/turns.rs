//! Several handles on one store.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::id::{ObserverId, PortRequestId};
use crate::store::{
    ClaimAsk, Claimed, Find, Found, GiveBack, Lease, Page, PlacedEvent, PortStore, Position,
    Revision, StoreError, StoredRequest, Write,
};

/// Two handles on the same data, as two processes have: each call goes to the one that the call
/// before did not go to.
///
/// A store that keeps order by a lock in its own memory keeps every promise by one handle, and
/// breaks those about what happens at the same time by two.
#[derive(Debug)]
pub struct InTurns<A, B> {
    one: A,
    other: B,
    calls: AtomicUsize,
}

impl<A: PortStore, B: PortStore> InTurns<A, B> {
    /// Two handles that share nothing but what is stored.
    pub fn new(one: A, other: B) -> Self {
        Self {
            one,
            other,
            calls: AtomicUsize::new(0),
        }
    }

    fn next(&self) -> &dyn PortStore {
        match self.calls.fetch_add(1, Ordering::Relaxed) % 2 {
            0 => &self.one,
            _ => &self.other,
        }
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl<A: PortStore, B: PortStore> PortStore for InTurns<A, B> {
    async fn get(&self, id: &PortRequestId) -> Result<Option<StoredRequest>, StoreError> {
        self.next().get(id).await
    }
    async fn commit(&self, writes: &[Write]) -> Result<Vec<Revision>, StoreError> {
        self.next().commit(writes).await
    }
    async fn find(&self, find: &Find, page: &Page) -> Result<Vec<Found>, StoreError> {
        self.next().find(find, page).await
    }
    async fn history(
        &self,
        id: &PortRequestId,
        from: usize,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        self.next().history(id, from, limit).await
    }
    async fn claim(&self, ask: &ClaimAsk) -> Result<Vec<Claimed>, StoreError> {
        self.next().claim(ask).await
    }
    async fn renew(
        &self,
        leases: &[Lease],
        until: DateTime<Utc>,
    ) -> Result<Vec<Lease>, StoreError> {
        self.next().renew(leases, until).await
    }
    async fn give_back(&self, lease: &Lease, back: &GiveBack) -> Result<(), StoreError> {
        self.next().give_back(lease, back).await
    }
    async fn wake(&self, ids: &[PortRequestId], at: DateTime<Utc>) -> Result<usize, StoreError> {
        self.next().wake(ids, at).await
    }
    async fn events(&self, after: Position, limit: usize) -> Result<Vec<PlacedEvent>, StoreError> {
        self.next().events(after, limit).await
    }
    async fn cursor(&self, observer: &ObserverId) -> Result<Position, StoreError> {
        self.next().cursor(observer).await
    }
    async fn move_cursor(
        &self,
        observer: &ObserverId,
        from: Position,
        to: Position,
    ) -> Result<bool, StoreError> {
        self.next().move_cursor(observer, from, to).await
    }
}
