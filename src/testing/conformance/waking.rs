//! Looks brought forward.

use super::stage::{
    at, back, change, claim_at, claim_one, due, due_of, everything, get, id, put, renewed, row,
};
use crate::store::{PortStore, Revision};

/// Waking brings the next look forward, never back, and counts who has one.
pub async fn waking_brings_the_next_look_forward(store: &dyn PortStore) {
    put(store, [due("late", 60), due("soon", 3), due("asleep", 60)]).await;
    let woken = store.wake(&[id("late"), id("soon")], at(5)).await;
    assert_eq!(woken.expect("two"), 2);
    for (name, expected) in [("late", 5), ("soon", 3), ("asleep", 60)] {
        assert_eq!(due_of(store, name).await, Some(at(expected)), "{name}");
    }
    assert_eq!(claim_at(store, 5).await, ["soon", "late"]);
}

/// Those that are never due, or not there, are left alone and not counted.
pub async fn what_is_never_due_is_not_woken(store: &dyn PortStore) {
    put(store, [row("never"), due("a", 60)]).await;
    let before = everything(store).await;
    let none = store.wake(&[id("never"), id("nobody")], at(0)).await;
    assert_eq!(none.expect("none"), 0);
    assert_eq!(store.wake(&[], at(0)).await.expect("none"), 0);
    assert_eq!(everything(store).await, before);
    let one = store
        .wake(&[id("never"), id("a"), id("nobody")], at(0))
        .await;
    assert_eq!(one.expect("one"), 1);
    // It was left alone, so it is as due later as it is written to be.
    change(store, "never", |row| row.due = Some(at(30))).await;
    assert_eq!(due_of(store, "never").await, Some(at(30)));
}

/// A request that is woken while it is claimed stays with its worker; it is due when it was woken
/// for once it is given back, unless it is never due.
pub async fn what_is_woken_while_claimed_is_due_once_given_back(store: &dyn PortStore) {
    put(store, [due("held", 0)]).await;
    let lease = claim_one(store, "w", 0).await;
    assert_eq!(store.wake(&[id("held")], at(7)).await.expect("one"), 1);
    assert_eq!(claim_at(store, 9).await, [""; 0], "its worker holds it");
    assert!(renewed(store, &lease, 20).await);
    let never = back(None, Revision::FIRST);
    store.give_back(&lease, &never).await.expect("a claim");
    for (name, worker, expected) in [
        ("later", Some(60), Some(7)),
        ("sooner", Some(6), Some(6)),
        ("never", None, None),
    ] {
        put(store, [due(name, 0)]).await;
        let lease = claim_one(store, "w", 0).await;
        store.wake(&[id(name)], at(7)).await.expect("one");
        let back = back(worker, Revision::FIRST);
        store.give_back(&lease, &back).await.expect("a claim");
        assert_eq!(due_of(store, name).await, expected.map(at), "{name}");
    }
    assert_eq!(claim_at(store, 7).await, ["sooner", "later"]);
}

/// What another wrote and what it was woken for both hold: the earliest stands.
pub async fn the_earliest_of_worker_writer_and_waking_stands(store: &dyn PortStore) {
    for (name, worker, writer, waking, expected) in [
        ("worker", Some(5), Some(6), 7, Some(5)),
        ("writer", Some(6), Some(5), 7, Some(5)),
        ("waking", Some(6), Some(7), 5, Some(5)),
        ("never", Some(6), None, 5, None),
    ] {
        put(store, [due(name, 0)]).await;
        let lease = claim_one(store, "w", 0).await;
        store.wake(&[id(name)], at(waking)).await.expect("one");
        change(store, name, |row| row.due = writer.map(at)).await;
        let back = back(worker, Revision::FIRST);
        store.give_back(&lease, &back).await.expect("a claim");
        assert_eq!(due_of(store, name).await, expected.map(at), "{name}");
    }
}

/// A write does not undo a waking: until the request is claimed, the earlier of both stands. A write
/// that makes it never due does.
pub async fn a_write_does_not_undo_a_waking(store: &dyn PortStore) {
    put(store, [due("a", 60)]).await;
    store.wake(&[id("a")], at(5)).await.expect("one");
    change(store, "a", |row| row.due = Some(at(90))).await;
    assert_eq!(due_of(store, "a").await, Some(at(5)));
    change(store, "a", |row| row.due = Some(at(3))).await;
    assert_eq!(due_of(store, "a").await, Some(at(3)));
    change(store, "a", |row| row.due = None).await;
    assert_eq!(due_of(store, "a").await, None);
    assert_eq!(get(store, "a").await.revision, Revision::from_number(4));
}

/// A claim answers the waking: what is written after it is taken as it is.
pub async fn a_claim_answers_a_waking(store: &dyn PortStore) {
    put(store, [due("a", 60), due("b", 60)]).await;
    store.wake(&[id("a"), id("b")], at(5)).await.expect("two");
    assert_eq!(claim_at(store, 5).await, ["a", "b"]);
    change(store, "a", |row| row.due = Some(at(90))).await;
    assert_eq!(due_of(store, "a").await, Some(at(90)));
    let lease = claim_one(store, "w", 15).await;
    assert_eq!(lease.request, id("b"));
    let later = back(Some(90), Revision::FIRST);
    store.give_back(&lease, &later).await.expect("a claim");
    assert_eq!(due_of(store, "b").await, Some(at(90)));
}

/// Of several wakings the earliest stands.
pub async fn the_earliest_of_several_wakings_stands(store: &dyn PortStore) {
    put(store, [due("a", 0)]).await;
    let lease = claim_one(store, "w", 0).await;
    for minutes in [9, 5, 7] {
        store.wake(&[id("a")], at(minutes)).await.expect("one");
    }
    let later = back(Some(60), Revision::FIRST);
    store.give_back(&lease, &later).await.expect("a claim");
    assert_eq!(due_of(store, "a").await, Some(at(5)));
}
