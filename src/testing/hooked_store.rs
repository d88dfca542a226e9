//! A store in which a test stands before and after every call.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::id::{ObserverId, PortRequestId};
use crate::store::{
    ClaimAsk, Claimed, Find, Found, GiveBack, Lease, Page, PlacedEvent, PortStore, Position,
    Revision, StoreError, StoredRequest, Write,
};

/// A call of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreCall<'a> {
    /// [`PortStore::get`].
    Get(&'a PortRequestId),
    /// [`PortStore::commit`].
    Commit(&'a [Write]),
    /// [`PortStore::find`].
    Find(&'a Find),
    /// [`PortStore::history`].
    History(&'a PortRequestId),
    /// [`PortStore::claim`].
    Claim(&'a ClaimAsk),
    /// [`PortStore::renew`].
    Renew(&'a [Lease]),
    /// [`PortStore::give_back`].
    GiveBack(&'a Lease),
    /// [`PortStore::wake`].
    Wake(&'a [PortRequestId]),
    /// [`PortStore::events`].
    Events(Position),
    /// [`PortStore::cursor`].
    Cursor(&'a ObserverId),
    /// [`PortStore::move_cursor`].
    MoveCursor(&'a ObserverId),
}

impl StoreCall<'_> {
    /// The method's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get(_) => "get",
            Self::Commit(_) => "commit",
            Self::Find(_) => "find",
            Self::History(_) => "history",
            Self::Claim(_) => "claim",
            Self::Renew(_) => "renew",
            Self::GiveBack(_) => "give_back",
            Self::Wake(_) => "wake",
            Self::Events(_) => "events",
            Self::Cursor(_) => "cursor",
            Self::MoveCursor(_) => "move_cursor",
        }
    }

    /// Whether it writes.
    pub fn writes(self) -> bool {
        match self {
            Self::Commit(_)
            | Self::Claim(_)
            | Self::Renew(_)
            | Self::GiveBack(_)
            | Self::Wake(_)
            | Self::MoveCursor(_) => true,
            Self::Get(_) | Self::Find(_) | Self::History(_) | Self::Events(_) | Self::Cursor(_) => {
                false
            }
        }
    }
}

/// Stands before and after every call of a store: counts, writes something of its own, fails, or
/// never returns (`std::future::pending().await`), as a process that died there does not.
#[async_trait]
pub trait StoreHook: fmt::Debug + Send + Sync {
    /// The call is about to be made; an error is returned instead.
    ///
    /// # Errors
    /// Whatever the test wants the store to fail with. Nothing was written.
    async fn before(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
        let _ = call;
        Ok(())
    }

    /// The call has succeeded; an error is returned instead.
    ///
    /// # Errors
    /// Whatever the test wants the store to fail with, although the call took effect.
    async fn after(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
        let _ = call;
        Ok(())
    }
}

#[async_trait]
impl<H: StoreHook + ?Sized> StoreHook for std::sync::Arc<H> {
    async fn before(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
        (**self).before(call).await
    }
    async fn after(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
        (**self).after(call).await
    }
}

/// A store with a [`StoreHook`].
#[derive(Clone, Debug)]
pub struct HookedStore<S, H> {
    store: S,
    hook: H,
}

impl<S: PortStore, H: StoreHook> HookedStore<S, H> {
    /// `store`, with `hook` before and after every call.
    pub fn new(store: S, hook: H) -> Self {
        Self { store, hook }
    }

    /// The store behind.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The hook.
    pub fn hook(&self) -> &H {
        &self.hook
    }
}

macro_rules! hooked {
    ($self:ident, $call:expr, $inner:expr) => {{
        let call = $call;
        $self.hook.before(call).await?;
        let done = $inner.await?;
        $self.hook.after(call).await?;
        Ok(done)
    }};
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl<S: PortStore, H: StoreHook> PortStore for HookedStore<S, H> {
    async fn get(&self, id: &PortRequestId) -> Result<Option<StoredRequest>, StoreError> {
        hooked!(self, StoreCall::Get(id), self.store.get(id))
    }
    async fn commit(&self, writes: &[Write]) -> Result<Vec<Revision>, StoreError> {
        hooked!(self, StoreCall::Commit(writes), self.store.commit(writes))
    }
    async fn find(&self, find: &Find, page: &Page) -> Result<Vec<Found>, StoreError> {
        hooked!(self, StoreCall::Find(find), self.store.find(find, page))
    }
    async fn history(
        &self,
        id: &PortRequestId,
        from: usize,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        hooked!(
            self,
            StoreCall::History(id),
            self.store.history(id, from, limit)
        )
    }
    async fn claim(&self, ask: &ClaimAsk) -> Result<Vec<Claimed>, StoreError> {
        hooked!(self, StoreCall::Claim(ask), self.store.claim(ask))
    }
    async fn renew(
        &self,
        leases: &[Lease],
        until: DateTime<Utc>,
    ) -> Result<Vec<Lease>, StoreError> {
        hooked!(
            self,
            StoreCall::Renew(leases),
            self.store.renew(leases, until)
        )
    }
    async fn give_back(&self, lease: &Lease, back: &GiveBack) -> Result<(), StoreError> {
        hooked!(
            self,
            StoreCall::GiveBack(lease),
            self.store.give_back(lease, back)
        )
    }
    async fn wake(&self, ids: &[PortRequestId], at: DateTime<Utc>) -> Result<usize, StoreError> {
        hooked!(self, StoreCall::Wake(ids), self.store.wake(ids, at))
    }
    async fn events(&self, after: Position, limit: usize) -> Result<Vec<PlacedEvent>, StoreError> {
        hooked!(
            self,
            StoreCall::Events(after),
            self.store.events(after, limit)
        )
    }
    async fn cursor(&self, observer: &ObserverId) -> Result<Position, StoreError> {
        hooked!(
            self,
            StoreCall::Cursor(observer),
            self.store.cursor(observer)
        )
    }
    async fn move_cursor(
        &self,
        observer: &ObserverId,
        from: Position,
        to: Position,
    ) -> Result<bool, StoreError> {
        hooked!(
            self,
            StoreCall::MoveCursor(observer),
            self.store.move_cursor(observer, from, to)
        )
    }
}
