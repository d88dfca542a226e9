//! What a store cannot read is put off, longer each time, and holds nothing else up.

use std::slice;

use snap_port::testing::{HookedStore, StoreCall, StoreHook};
use snap_port::{
    ClaimAsk, Claimed, GiveBack, Lease, ObserverId, PlacedEvent, Position, Revision, StoreError,
    StoredRequest, TroubleKind, Write,
};

use super::*;

/// Cannot read one request.
#[derive(Debug)]
struct Stained;

const STAINED: &str = "r000";

#[async_trait::async_trait]
impl StoreHook for Stained {
    async fn before(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
        match call {
            StoreCall::Get(id) if id.as_str() == STAINED => {
                Err(StoreError::Corrupt("status".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

fn over(place: &Place, store: impl PortStore + 'static) -> PortDesk {
    PortDesk::new(Arc::new(store), Arc::new(place.clock.clone()))
        .with_carrier(Arc::new(place.carrier.clone()))
}

#[tokio::test]
async fn a_row_that_cannot_be_read_starves_no_other() {
    let place = Place::new();
    let bad = place.cleared(0).await;
    place.pass(TimeDelta::seconds(1));
    let fine = place.cleared(1).await;
    assert!(place.due(&bad).await < place.due(&fine).await);
    let desk = over(&place, HookedStore::new(place.store.clone(), Stained));
    let worker = worker("stained").with_batch(1);
    for _ in 0..2 {
        desk.round(&worker).await.unwrap();
    }
    assert_eq!(place.status(&fine).await, Status::Submitted);
    assert_eq!(desk.round(&worker).await.unwrap().claimed, 0);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_put_off_longer_each_time() {
    let place = Place::new();
    let bad = place.cleared(0).await;
    let desk = over(&place, HookedStore::new(place.store.clone(), Stained));
    let mut waits = Vec::new();
    for times in 1..=4 {
        let round = desk.round(&worker("stained")).await.unwrap();
        assert_eq!((round.claimed, round.failed), (1, 1));
        let trouble = place.trouble(&bad).await.unwrap();
        assert_eq!(
            (trouble.kind, trouble.times),
            (TroubleKind::Unreadable, times)
        );
        waits.push(place.wait(&bad).await.num_minutes());
        place.pass(place.wait(&bad).await);
    }
    assert_eq!(waits, [1, 2, 4, 8]);
    // Somebody has mended it.
    place.round().await;
    assert_eq!(place.status(&bad).await, Status::Submitted);
    assert_eq!(place.trouble(&bad).await, None);
}

#[tokio::test]
async fn a_waking_counts_where_the_row_cannot_be_read() {
    /// Wakes what it is about to give back.
    #[derive(Debug)]
    struct Woken(Arc<MemoryStore>, VirtualClock);
    #[async_trait::async_trait]
    impl StoreHook for Woken {
        async fn before(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
            if let StoreCall::GiveBack(lease) = call {
                let soon = self.1.now() + TimeDelta::seconds(5);
                self.0.wake(slice::from_ref(&lease.request), soon).await?;
            }
            Stained.before(call).await
        }
    }
    let place = Place::new();
    let bad = place.cleared(0).await;
    let hook = Woken(place.store.clone(), place.clock.clone());
    let desk = over(&place, HookedStore::new(place.store.clone(), hook));
    place.pass(TimeDelta::seconds(1));
    desk.round(&worker("stained")).await.unwrap();
    assert_eq!(place.wait(&bad).await, TimeDelta::seconds(5));
}

/// Does not find what it has claimed, as one that reads from a copy that lags behind.
#[derive(Debug)]
struct Lagging(Arc<MemoryStore>);

#[async_trait::async_trait]
impl PortStore for Lagging {
    async fn get(&self, _: &PortRequestId) -> Result<Option<StoredRequest>, StoreError> {
        Ok(None)
    }
    async fn commit(&self, writes: &[Write]) -> Result<Vec<Revision>, StoreError> {
        self.0.commit(writes).await
    }
    async fn find(&self, find: &Find, page: &Page) -> Result<Vec<Found>, StoreError> {
        self.0.find(find, page).await
    }
    async fn history(
        &self,
        id: &PortRequestId,
        from: usize,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        self.0.history(id, from, limit).await
    }
    async fn claim(&self, ask: &ClaimAsk) -> Result<Vec<Claimed>, StoreError> {
        self.0.claim(ask).await
    }
    async fn renew(
        &self,
        leases: &[Lease],
        until: DateTime<Utc>,
    ) -> Result<Vec<Lease>, StoreError> {
        self.0.renew(leases, until).await
    }
    async fn give_back(&self, lease: &Lease, back: &GiveBack) -> Result<(), StoreError> {
        self.0.give_back(lease, back).await
    }
    async fn wake(&self, ids: &[PortRequestId], at: DateTime<Utc>) -> Result<usize, StoreError> {
        self.0.wake(ids, at).await
    }
    async fn events(&self, after: Position, limit: usize) -> Result<Vec<PlacedEvent>, StoreError> {
        self.0.events(after, limit).await
    }
    async fn cursor(&self, observer: &ObserverId) -> Result<Position, StoreError> {
        self.0.cursor(observer).await
    }
    async fn move_cursor(
        &self,
        observer: &ObserverId,
        from: Position,
        to: Position,
    ) -> Result<bool, StoreError> {
        self.0.move_cursor(observer, from, to).await
    }
}

#[tokio::test]
async fn what_is_claimed_and_not_found_is_put_off_and_not_given_up() {
    let place = Place::new();
    let id = place.cleared(0).await;
    let desk = over(&place, Lagging(place.store.clone()));
    let round = desk.round(&worker("lagging")).await.unwrap();
    assert_eq!((round.claimed, round.failed), (1, 1));
    assert_eq!(place.wait(&id).await, TimeDelta::minutes(1));
    place.pass(TimeDelta::minutes(1));
    place.round().await;
    assert_eq!(place.status(&id).await, Status::Submitted);
}
