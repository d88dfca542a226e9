//! What fails, and what comes of it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use snap_port::testing::{Fault, HookedStore, Op, StoreCall, StoreHook};
use snap_port::{Cadence, Find, Page, StoreError, TroubleKind, Urgency};

use super::*;

#[tokio::test]
async fn a_carrier_that_fails_for_all_is_left_alone_longer_each_time() {
    let mut place = Place::new().silent();
    let mut cadence = Cadence::default();
    cadence.often = TimeDelta::seconds(1);
    place.desk = place.desk.with_cadence(cadence);
    let id = place.submitted(0).await;
    let mut waits = Vec::new();
    for times in 1..=4 {
        place.pass(place.wait(&id).await);
        place.carrier.fault_next(Op::Statuses, Fault::Unreachable);
        let round = place.round().await;
        assert_eq!((round.looked, round.troubled), (1, 1));
        let trouble = place.trouble(&id).await.unwrap();
        assert_eq!((trouble.kind, trouble.times), (TroubleKind::Stuck, times));
        waits.push(place.wait(&id).await.num_minutes());
    }
    assert_eq!(waits, [1, 2, 4, 8]);
    place.pass(TimeDelta::minutes(8));
    place.round().await;
    assert_eq!(place.trouble(&id).await, None, "it is over");
    place.pass(place.wait(&id).await);
    place.carrier.fault_next(Op::Statuses, Fault::Unreachable);
    place.round().await;
    assert_eq!(
        place.trouble(&id).await.unwrap().times,
        1,
        "and begins anew"
    );
}

#[tokio::test]
async fn others_of_a_carrier_that_fails_are_not_tried() {
    let place = Place::new().silent();
    place.submitted(0).await;
    place.pass(TimeDelta::minutes(10));
    place.carrier.fault_next(Op::Statuses, Fault::Unreachable);
    let new = place.cleared(1).await;
    let round = place.round().await;
    assert_eq!((round.claimed, round.looked), (2, 1));
    assert_eq!(place.status(&new).await, Status::Sealed);
    assert_eq!(place.carrier.calls(Op::Submit), 1);
    assert_eq!(
        place.round().await.claimed,
        0,
        "not before a minute has passed"
    );
    place.pass(TimeDelta::minutes(1));
    place.round().await;
    assert_eq!(place.status(&new).await, Status::Submitted);
}

#[tokio::test]
async fn a_carriers_wish_to_be_left_alone_is_heeded() {
    let place = Place::new().silent();
    let id = place.submitted(0).await;
    place.pass(TimeDelta::minutes(10));
    let wish = Duration::from_secs(3 * 3600);
    place
        .carrier
        .fault_next(Op::Statuses, Fault::RateLimited(wish));
    place.round().await;
    assert_eq!(place.wait(&id).await, TimeDelta::hours(3));
    let new = place.cleared(1).await;
    place.pass(TimeDelta::hours(3) - TimeDelta::seconds(1));
    assert_eq!(place.round().await.claimed, 0);
    place.pass(TimeDelta::seconds(1));
    place.round().await;
    assert_eq!(place.status(&new).await, Status::Submitted);
}

#[tokio::test]
async fn an_order_the_carrier_does_not_know_is_drift_on_the_work_list() {
    let mut place = Place::new().silent();
    let id = place.submitted(0).await;
    place.pass(TimeDelta::minutes(10));
    let forgetful = SimCarrier::new(place.clock.clone(), 9);
    place.desk = PortDesk::new(place.store.clone(), Arc::new(place.clock.clone()))
        .with_carrier(Arc::new(forgetful));
    place.round().await;
    let trouble = place.trouble(&id).await.unwrap();
    assert_eq!((trouble.kind, trouble.times), (TroubleKind::Drift, 1));
    assert_eq!(trouble.since, place.clock.now());
    let list = place.desk.work_list(None).await.unwrap();
    let item = &list.items[0];
    assert_eq!((item.urgency, &item.request), (Urgency::Alarm, &id));
    let text = item.text(&snap_port::English);
    assert!(text.contains("what is shown is not what we hold"), "{text}");
    assert!(text.contains("1 look"), "{text}");
}

#[tokio::test]
async fn what_is_stuck_for_a_day_is_an_alarm() {
    let place = Place::new().silent();
    let id = place.submitted(0).await;
    let urgency = async || {
        let item = place.desk.work_item(&id).await.unwrap();
        item.unwrap().urgency
    };
    assert_eq!(urgency().await, Urgency::Waiting);
    place.pass(TimeDelta::minutes(10));
    place.carrier.fault_next(Op::Statuses, Fault::Unreachable);
    place.round().await;
    assert_eq!(urgency().await, Urgency::Now);
    place.pass(TimeDelta::days(1) - TimeDelta::seconds(1));
    assert_ne!(urgency().await, Urgency::Alarm);
    place.pass(TimeDelta::seconds(1));
    assert_eq!(urgency().await, Urgency::Alarm);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_shown_and_holds_no_other_up() {
    let place = Place::new();
    let (broken, sound) = (place.cleared(0).await, place.cleared(1).await);
    let stored = place.store.get(&broken).await.unwrap().unwrap();
    let write = snap_port::Write {
        row: stored.row,
        expected: Some(stored.revision),
        known: stored.events.len(),
        events: vec![b"{\"v\":9,\"entry\":{}}".to_vec()],
    };
    place.store.commit(&[write]).await.unwrap();
    let round = place.round().await;
    assert_eq!((round.claimed, round.looked, round.troubled), (2, 1, 1));
    assert_eq!(round.failed, 1);
    assert_eq!(place.status(&sound).await, Status::Submitted);
    let trouble = place.trouble(&broken).await.unwrap();
    assert_eq!(trouble.kind, TroubleKind::Unreadable);
    assert!(
        trouble.text.contains("update the crate"),
        "{}",
        trouble.text
    );
    assert_eq!(place.wait(&broken).await, Cadence::default().after_failure);
    let list = place.desk.work_list(None).await.unwrap();
    assert_eq!((list.items.len(), list.unreadable.len()), (1, 1));
    assert_eq!(list.unreadable[0].0, broken);
    let page = Page::first(2);
    let told = place
        .desk
        .customer_updates(&Find::All, &page)
        .await
        .unwrap();
    assert_eq!((told.updates.len(), told.unreadable.len()), (1, 1));
}

/// The answer to the first write after a submission is lost, before or after it takes effect.
#[derive(Debug)]
struct LosesAnswer {
    carrier: SimCarrier,
    took_effect: bool,
    left: std::sync::atomic::AtomicUsize,
}

impl LosesAnswer {
    fn fails(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
        use std::sync::atomic::Ordering;
        let submitted = self.carrier.calls(Op::Submit) > 0;
        if matches!(call, StoreCall::Commit(_))
            && submitted
            && self.left.load(Ordering::Relaxed) > 0
        {
            self.left.fetch_sub(1, Ordering::Relaxed);
            return Err(StoreError::Backend("the connection was cut".into()));
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl StoreHook for LosesAnswer {
    async fn before(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
        if self.took_effect {
            Ok(())
        } else {
            self.fails(call)
        }
    }
    async fn after(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
        if self.took_effect {
            self.fails(call)
        } else {
            Ok(())
        }
    }
}

#[tokio::test]
async fn a_carriers_answer_survives_a_store_that_does_not_say_whether_it_wrote() {
    for took_effect in [false, true] {
        let mut place = Place::new();
        let hook = LosesAnswer {
            carrier: place.carrier.clone(),
            took_effect,
            left: 3.into(),
        };
        let store = HookedStore::new(place.store.clone(), hook);
        place.desk = PortDesk::new(Arc::new(store), Arc::new(place.clock.clone()))
            .with_carrier(Arc::new(place.carrier.clone()));
        let id = place.cleared(0).await;
        place.round().await;
        assert_eq!(place.status(&id).await, Status::Submitted, "{took_effect}");
        assert_eq!(place.carrier.orders_of(&id).len(), 1);
        assert_eq!(place.trouble(&id).await, None);
    }
}

#[tokio::test]
async fn a_store_that_fails_is_told_and_loses_nothing() {
    #[derive(Debug)]
    struct Full;
    #[async_trait::async_trait]
    impl StoreHook for Full {
        async fn before(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
            match call {
                StoreCall::Commit(_) => Err(StoreError::Full("no space left".into())),
                _ => Ok(()),
            }
        }
    }
    let place = Place::new();
    let id = place.cleared(0).await;
    let full = PortDesk::new(
        Arc::new(HookedStore::new(place.store.clone(), Full)),
        Arc::new(place.clock.clone()),
    )
    .with_carrier(Arc::new(place.carrier.clone()));
    full.round(&worker("full")).await.unwrap();
    assert_eq!(
        place.carrier.calls(Op::Submit),
        0,
        "what is not stored is not sent"
    );
    let error = full.advance(&id).await.unwrap_err();
    assert!(error.to_string().contains("free some space"), "{error}");
    place.pass(TimeDelta::minutes(5));
    place.round().await;
    assert_eq!(place.status(&id).await, Status::Submitted);
}

#[tokio::test]
async fn what_fails_after_a_save_is_put_off_all_the_same() {
    #[derive(Debug, Default)]
    struct Second(AtomicUsize);
    #[async_trait::async_trait]
    impl StoreHook for Second {
        async fn before(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
            let commit = matches!(call, StoreCall::Commit(_));
            match commit && self.0.fetch_add(1, Ordering::Relaxed) == 1 {
                true => Err(StoreError::Corrupt("a stain".to_owned())),
                false => Ok(()),
            }
        }
    }
    let place = Place::new();
    let id = place.cleared(0).await;
    let store = HookedStore::new(place.store.clone(), Second::default());
    let stained = PortDesk::new(Arc::new(store), Arc::new(place.clock.clone()))
        .with_carrier(Arc::new(place.carrier.clone()));
    let round = stained.round(&worker("stained")).await.unwrap();
    assert_eq!((round.failed, place.carrier.calls(Op::Submit)), (1, 1));
    let trouble = place.trouble(&id).await.unwrap();
    assert_eq!(trouble.kind, TroubleKind::Unreadable);
    assert_eq!(place.wait(&id).await, TimeDelta::minutes(1));
}

#[tokio::test]
async fn a_wish_to_be_left_alone_for_a_month_is_no_reason_to_look_at_once() {
    let place = Place::new().silent();
    let id = place.submitted(0).await;
    place.pass(TimeDelta::minutes(10));
    let wish = Duration::from_secs(30 * 24 * 3600);
    place
        .carrier
        .fault_next(Op::Statuses, Fault::RateLimited(wish));
    place.round().await;
    assert_eq!(place.wait(&id).await, TimeDelta::days(7));
    assert_eq!(place.round().await.claimed, 0);
    let other = worker("two");
    assert_eq!(place.desk.round(&other).await.unwrap().claimed, 0);
}

#[tokio::test]
async fn a_carrier_is_not_left_alone_by_a_clock_that_was_ahead() {
    let place = Place::new().silent();
    place.submitted(0).await;
    let right = place.clock.now();
    place.pass(TimeDelta::days(400));
    place.carrier.fault_next(Op::Statuses, Fault::Unreachable);
    place.round().await;
    place.clock.set(right + TimeDelta::minutes(1));
    let new = place.cleared(1).await;
    place.round().await;
    assert_eq!(place.status(&new).await, Status::Submitted);
}

#[tokio::test]
async fn no_cadence_is_too_long_for_the_calendar() {
    let mut place = Place::new().silent();
    let mut cadence = Cadence::default();
    cadence.often = TimeDelta::MAX;
    cadence.rarely = TimeDelta::MAX;
    cadence.lost_answer = TimeDelta::MAX;
    cadence.in_service = TimeDelta::MAX;
    cadence.before_slot = TimeDelta::MAX;
    cadence.after_slot = TimeDelta::MAX;
    cadence.after_failure = TimeDelta::MAX;
    place.desk = place.desk.with_cadence(cadence);
    place.worker = worker("one").with_lease(TimeDelta::MAX);
    let id = place.submitted(0).await;
    assert_eq!(place.wait(&id).await, TimeDelta::days(7));
    place.pass(TimeDelta::days(7));
    assert_eq!(place.round().await.looked, 1);
    assert_eq!(place.round().await.claimed, 0);
}
