//! What the promises are tried on.

use std::fmt::Debug;

use chrono::{DateTime, TimeDelta, Utc};

use super::super::{SimCarrier, VirtualClock, sample};
use crate::carrier::{CarrierClientExt, Submission};
use crate::id::{CarrierId, ObserverId, OrderRef, PortRequestId, WorkerId};
use crate::number::{NumberList, PhoneNumber};
use crate::request::{PortRequest, Status, Submitted};
use crate::store::{
    ClaimAsk, Claimed, Find, Found, GiveBack, Lease, Page, PlacedEvent, PortStore, Position,
    RequestRow, Revision, StoreError, StoredRequest, StoredTrouble, TroubleKind, Write,
};

pub(super) fn id(name: &str) -> PortRequestId {
    PortRequestId::parse(name).expect("a plain name")
}

pub(super) fn carrier(name: &str) -> CarrierId {
    CarrierId::parse(name).expect("a plain name")
}

pub(super) fn worker(name: &str) -> WorkerId {
    WorkerId::parse(name).expect("a plain name")
}

pub(super) fn observer(name: &str) -> ObserverId {
    ObserverId::parse(name).expect("a plain name")
}

pub(super) fn order(text: &str) -> OrderRef {
    OrderRef::parse(text).expect("an order reference")
}

/// So many minutes after the sample time, UTC.
pub(super) fn at(minutes: i64) -> DateTime<Utc> {
    sample::time() + TimeDelta::minutes(minutes)
}

pub(super) fn numbers(indexes: impl IntoIterator<Item = usize>) -> Vec<PhoneNumber> {
    indexes.into_iter().map(sample::number).collect()
}

/// A draft with nothing in it that nobody looks at.
pub(super) fn row(name: &str) -> RequestRow {
    RequestRow {
        id: id(name),
        carrier: sample::carrier(),
        status: Status::Draft,
        order: None,
        numbers: Vec::new(),
        holds_numbers: false,
        waiting_on: None,
        waiting_since: None,
        due: None,
        draft: None,
    }
}

pub(super) fn due(name: &str, minutes: i64) -> RequestRow {
    RequestRow {
        due: Some(at(minutes)),
        ..row(name)
    }
}

pub(super) fn holding(name: &str, indexes: impl IntoIterator<Item = usize>) -> RequestRow {
    RequestRow {
        status: Status::Sealed,
        numbers: numbers(indexes),
        holds_numbers: true,
        ..row(name)
    }
}

/// The entry at a place of a request's history: no two are alike.
pub(super) fn entry(name: &str, place: usize) -> Vec<u8> {
    format!("{name}/{place}").into_bytes()
}

/// The first write of a request, with one entry.
pub(super) fn first(row: RequestRow) -> Write {
    let events = vec![entry(row.id.as_str(), 0)];
    Write {
        row,
        expected: None,
        known: 0,
        events,
    }
}

pub(super) async fn put(store: &dyn PortStore, rows: impl IntoIterator<Item = RequestRow>) {
    for row in rows {
        let revisions = store.commit(&[first(row)]).await;
        assert_eq!(revisions.expect("a first write"), [Revision::FIRST]);
    }
}

pub(super) async fn get(store: &dyn PortStore, name: &str) -> StoredRequest {
    let stored = store.get(&id(name)).await.expect("a read");
    stored.unwrap_or_else(|| panic!("{name} is not there"))
}

/// A write of what the store holds under that name, changed, with one more entry.
pub(super) async fn changed(
    store: &dyn PortStore,
    name: &str,
    change: impl FnOnce(&mut RequestRow),
) -> Write {
    let stored = get(store, name).await;
    let known = stored.events.len();
    let mut row = stored.row;
    change(&mut row);
    Write {
        row,
        expected: Some(stored.revision),
        known,
        events: vec![entry(name, known)],
    }
}

/// Writes it, too: the revision this made.
pub(super) async fn change(
    store: &dyn PortStore,
    name: &str,
    change: impl FnOnce(&mut RequestRow),
) -> Revision {
    let write = changed(store, name, change).await;
    store.commit(&[write]).await.expect("a write")[0]
}

pub(super) async fn due_of(store: &dyn PortStore, name: &str) -> Option<DateTime<Utc>> {
    get(store, name).await.row.due
}

pub(super) async fn find(store: &dyn PortStore, find: &Find) -> Vec<Found> {
    store
        .find(find, &Page::first(1_000))
        .await
        .expect("a search")
}

pub(super) async fn found(store: &dyn PortStore, name: &str) -> Found {
    let found = find(store, &Find::All).await;
    let found = found.into_iter().find(|found| found.row.id == id(name));
    found.unwrap_or_else(|| panic!("{name} is not there"))
}

pub(super) fn names(found: &[Found]) -> Vec<&str> {
    found.iter().map(|found| found.row.id.as_str()).collect()
}

/// All of the outbox after a position.
pub(super) async fn outbox(store: &dyn PortStore, after: Position) -> Vec<PlacedEvent> {
    store.events(after, 100_000).await.expect("a read")
}

/// All that can be seen of a store, to tell that nothing has changed.
pub(super) async fn everything(
    store: &dyn PortStore,
) -> (Vec<Found>, Vec<StoredRequest>, Vec<PlacedEvent>) {
    let all = find(store, &Find::All).await;
    let mut stored = Vec::new();
    for name in names(&all) {
        stored.push(get(store, name).await);
    }
    (all, stored, outbox(store, Position::START).await)
}

/// A claim of everything that is due at `now` minutes, for ten minutes, with a horizon of a day.
pub(super) fn ask(by: &str, now: i64) -> ClaimAsk {
    ClaimAsk {
        worker: worker(by),
        carriers: vec![sample::carrier()],
        now: at(now),
        until: at(now + 10),
        horizon: at(now) + TimeDelta::days(1),
        limit: 1_000,
    }
}

pub(super) async fn claim(store: &dyn PortStore, ask: &ClaimAsk) -> Vec<Claimed> {
    store.claim(ask).await.expect("a claim")
}

/// What is due at `now` minutes, claimed: the names, in the order they came.
pub(super) async fn claim_at(store: &dyn PortStore, now: i64) -> Vec<String> {
    let claimed = claim(store, &ask("w", now)).await;
    let names = claimed.into_iter().map(|claimed| claimed.lease.request);
    names.map(String::from).collect()
}

/// The lease of the one request that is due at `now` minutes.
pub(super) async fn claim_one(store: &dyn PortStore, by: &str, now: i64) -> Lease {
    let mut claimed = claim(store, &ask(by, now)).await;
    assert_eq!(claimed.len(), 1, "one is due: {claimed:?}");
    claimed.remove(0).lease
}

/// Makes claims last until so many minutes: those that are still held.
pub(super) async fn renew(store: &dyn PortStore, leases: &[Lease], until: i64) -> Vec<Lease> {
    let held = store.renew(leases, at(until)).await;
    held.expect("a renewal")
}

/// Whether a claim is still held; if so, it lasts until so many minutes.
pub(super) async fn renewed(store: &dyn PortStore, lease: &Lease, until: i64) -> bool {
    let lease = std::slice::from_ref(lease);
    renew(store, lease, until).await == lease
}

/// Given back by a worker that knows `seen`, to be looked at next at so many minutes.
pub(super) fn back(due: Option<i64>, seen: Revision) -> GiveBack {
    GiveBack {
        due: due.map(at),
        seen: Some(seen),
        trouble: None,
    }
}

pub(super) fn trouble(kind: TroubleKind, text: &str) -> StoredTrouble {
    StoredTrouble {
        kind,
        text: text.to_owned(),
        since: at(-7),
        times: 3,
    }
}

/// A request of ours that the simulated carrier took as an order.
pub(super) async fn submitted(name: &str, numbers: NumberList) -> PortRequest<Submitted> {
    let clock = VirtualClock::at(sample::time());
    let carrier = SimCarrier::new(clock.clone(), 7);
    let mut sealed = sample::cleared(id(name), sample::carrier(), numbers, sample::time());
    let cleared = sealed.cleared().expect("a reviewed attempt is cleared");
    let once = sealed.dispatch(cleared, sample::time());
    let once = once.expect("a cleared attempt may be sent");
    match carrier.submit_request(&sealed, once, &clock).await {
        Ok(Submission::Accepted(receipt)) => sealed.submitted(receipt).expect("its receipt"),
        other => panic!("without a script every submission is taken: {other:?}"),
    }
}

#[track_caller]
pub(super) fn expect_conflict<T: Debug>(result: Result<T, StoreError>, name: &str) {
    match result {
        Err(StoreError::Conflict { id: named }) => assert_eq!(named.as_str(), name),
        other => panic!("not a conflict on {name}: {other:?}"),
    }
}

#[track_caller]
pub(super) fn expect_taken<T: Debug>(result: Result<T, StoreError>, index: usize, holder: &str) {
    match result {
        Err(StoreError::NumberTaken { number, by }) => {
            assert_eq!((number, by.as_str()), (sample::number(index), holder));
        }
        other => panic!("not a number that {holder} holds: {other:?}"),
    }
}

#[track_caller]
pub(super) fn expect_lost<T: Debug>(result: Result<T, StoreError>, name: &str) {
    match result {
        Err(StoreError::LeaseLost { id: named }) => assert_eq!(named.as_str(), name),
        other => panic!("not a lost lease on {name}: {other:?}"),
    }
}
