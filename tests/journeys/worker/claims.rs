//! Who works at what, for how long.

use snap_port::{ClaimAsk, GiveBack, Revision, StoreError};

use super::*;

fn ask(place: &Place, name: &str, lease: TimeDelta) -> ClaimAsk {
    let now = place.clock.now();
    ClaimAsk {
        worker: WorkerId::parse(name).unwrap(),
        carriers: vec![place.carrier.id()],
        now,
        until: now + lease,
        horizon: now + TimeDelta::days(2),
        limit: 100,
    }
}

#[tokio::test]
async fn a_batch_is_no_larger_than_agreed() {
    let mut place = Place::new();
    for index in 0..5 {
        place.cleared(index).await;
    }
    place.worker = worker("one").with_batch(2);
    for claimed in [2, 2, 1, 0] {
        assert_eq!(place.round().await.claimed, claimed);
    }
}

#[tokio::test]
async fn what_a_dead_worker_claimed_is_taken_over_when_its_lease_ends() {
    let place = Place::new();
    let id = place.cleared(0).await;
    let lease = TimeDelta::minutes(5);
    let dead = place
        .store
        .claim(&ask(&place, "dead", lease))
        .await
        .unwrap();
    assert_eq!(dead.len(), 1);
    place.pass(lease - TimeDelta::seconds(1));
    assert_eq!(place.round().await.claimed, 0);
    place.pass(TimeDelta::seconds(1));
    assert_eq!(place.round().await.claimed, 1);
    assert_eq!(place.status(&id).await, Status::Submitted);
    let due = place.due(&id).await;
    let back = GiveBack {
        due: None,
        seen: Some(Revision::FIRST),
        trouble: None,
    };
    let late = place.store.give_back(&dead[0].lease, &back).await;
    assert!(matches!(late, Err(StoreError::LeaseLost { id: lost }) if lost == id));
    assert_eq!(place.due(&id).await, due, "its successor's word stands");
}

#[tokio::test]
async fn a_claim_that_was_taken_over_is_counted_and_left() {
    // The other worker takes over while this one waits for its store.
    #[derive(Debug)]
    struct Slow(Arc<MemoryStore>, VirtualClock);

    #[async_trait::async_trait]
    impl snap_port::testing::StoreHook for Slow {
        async fn after(&self, call: snap_port::testing::StoreCall<'_>) -> Result<(), StoreError> {
            let snap_port::testing::StoreCall::Claim(ask) = call else {
                return Ok(());
            };
            if ask.worker.as_str() == "one" {
                let now = self.1.advance(TimeDelta::hours(1));
                let taken = ClaimAsk {
                    worker: WorkerId::parse("two").unwrap(),
                    now,
                    until: now + TimeDelta::hours(1),
                    ..ask.clone()
                };
                self.0.claim(&taken).await?;
            }
            Ok(())
        }
    }
    let store = Arc::new(MemoryStore::new());
    let clock = VirtualClock::at(sample::time());
    let slow = Slow(store.clone(), clock.clone());
    let mut place = Place::over(store, |store| {
        snap_port::testing::HookedStore::new(store, slow)
    });
    place.desk = PortDesk::clone(&place.desk);
    place.clock.set(clock.now());
    let id = place.cleared(0).await;
    let round = place.round().await;
    assert_eq!((round.claimed, round.lost), (1, 1));
    let (holder, _) = place.found(&id).await.leased.unwrap();
    assert_eq!(holder.as_str(), "two");
    assert_eq!(place.carrier.orders_of(&id).len(), 1);
}

#[tokio::test]
async fn a_clock_that_was_ahead_holds_nothing_up() {
    let place = Place::new().silent();
    let id = place.submitted(0).await;
    let right = place.clock.now();
    place.clock.advance(TimeDelta::days(400));
    place.round().await;
    assert!(place.due(&id).await.unwrap() > right + TimeDelta::days(400));
    let ahead = place
        .store
        .claim(&ask(&place, "ahead", TimeDelta::minutes(5)))
        .await;
    assert!(ahead.unwrap().is_empty());
    place.pass(TimeDelta::days(2));
    let ahead = place
        .store
        .claim(&ask(&place, "ahead", TimeDelta::minutes(5)))
        .await;
    assert_eq!(
        ahead.unwrap().len(),
        1,
        "claimed by the clock that is ahead"
    );
    place.clock.set(right + TimeDelta::minutes(1));
    let round = place.round().await;
    assert_eq!((round.claimed, round.looked), (1, 1));
    let wait = place.wait(&id).await;
    assert!(wait <= TimeDelta::days(1), "{wait}");
}
