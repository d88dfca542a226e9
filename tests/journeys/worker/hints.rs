//! Hints bring a look forward.

use snap_port::testing::{HookedStore, StoreCall, StoreHook};
use snap_port::{OrderRef, StoreError};

use super::*;

#[tokio::test]
async fn a_hint_brings_the_next_look_forward() {
    let place = Place::new().silent();
    let id = place.submitted(0).await;
    place.submitted(1).await;
    place.pass(TimeDelta::minutes(1));
    assert_eq!(place.round().await.claimed, 0);
    let order = place.desk.get(&id).await.unwrap().order().unwrap().clone();
    for about in [
        Find::Number(sample::number(0)),
        Find::Order(place.carrier.id(), order),
    ] {
        assert_eq!(place.desk.hint(&about).await.unwrap(), 1);
        assert_eq!(place.round().await.looked, 1);
        assert_eq!(place.round().await.claimed, 0);
    }
}

#[tokio::test]
async fn a_hint_of_nothing_or_of_what_is_over_wakes_nobody() {
    let place = Place::new();
    let id = place.submitted(0).await;
    let permit = sample::support().permit().unwrap();
    place.desk.cancel(&id, "no longer", permit).await.unwrap();
    place.round().await;
    let strange = OrderRef::parse("not ours").unwrap();
    for about in [
        Find::Number(sample::number(0)),
        Find::Number(sample::number(77)),
        Find::Order(place.carrier.id(), strange),
    ] {
        assert_eq!(place.desk.hint(&about).await.unwrap(), 0, "{about:?}");
    }
    assert_eq!(place.round().await.claimed, 0);
}

/// A hint comes while the request is being looked at.
#[derive(Debug)]
struct HintMeanwhile(Arc<MemoryStore>, VirtualClock);

#[async_trait::async_trait]
impl StoreHook for HintMeanwhile {
    async fn before(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
        if let StoreCall::GiveBack(lease) = call {
            let ids = [lease.request.clone()];
            self.0.wake(&ids, self.1.now()).await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_hint_in_the_middle_of_a_look_is_not_lost() {
    let mut place = Place::new().silent();
    let id = place.submitted(0).await;
    let hook = HintMeanwhile(place.store.clone(), place.clock.clone());
    let plain = std::mem::replace(
        &mut place.desk,
        PortDesk::new(
            Arc::new(HookedStore::new(place.store.clone(), hook)),
            Arc::new(place.clock.clone()),
        )
        .with_carrier(Arc::new(place.carrier.clone())),
    );
    place.pass(TimeDelta::minutes(10));
    place.round().await;
    assert_eq!(place.due(&id).await, Some(place.clock.now()));
    place.desk = plain;
    assert_eq!(place.round().await.looked, 1);
    assert_eq!(place.round().await.claimed, 0);
}

#[tokio::test]
async fn many_are_woken_page_by_page() {
    let place = Place::new().silent();
    let script = || Script::default().silence();
    for index in 0..450 {
        place
            .carrier
            .script_for(id(&format!("r{index:03}")), script());
        place.cleared(index).await;
    }
    while place.round().await.claimed > 0 {}
    assert_eq!(
        place
            .desk
            .hint(&Find::Status(Status::Submitted))
            .await
            .unwrap(),
        450
    );
    let list = place.desk.work_list(None).await.unwrap();
    assert_eq!(list.items.len(), 450);
}

#[tokio::test]
async fn customers_are_told_page_by_page() {
    let place = Place::new();
    for index in 0..5 {
        place.cleared(index).await;
    }
    let mut page = Some(Page::first(2));
    let mut told = Vec::new();
    while let Some(asked) = page {
        let updates = place.desk.customer_updates(&Find::All, &asked).await;
        let updates = updates.unwrap();
        assert!(updates.updates.len() <= 2 && updates.unreadable.is_empty());
        page = updates.next;
        told.extend(updates.updates.into_iter().map(|update| update.request));
    }
    let all: Vec<_> = (0..5).map(|index| id(&format!("r{index:03}"))).collect();
    assert_eq!(told, all);
    let (none, page) = (Find::Status(Status::Ported), Page::first(2));
    let told = place.desk.customer_updates(&none, &page).await.unwrap();
    assert!(told.updates.is_empty() && told.next.is_none());
}
