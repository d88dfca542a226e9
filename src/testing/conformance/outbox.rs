//! Every entry in the order it was taken, and how far each observer has come.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::{join, join_all};

use super::run::turn;
use super::stage::{
    change, changed, entry, everything, expect_conflict, first, get, id, observer, outbox, put, row,
};
use crate::id::ObserverId;
use crate::store::{PortStore, Position, Write};

/// Every entry is in the outbox once, with its request, its place in the history and its bytes, in
/// the order it was taken.
pub async fn every_entry_is_told_once_in_its_order(store: &dyn PortStore) {
    assert_eq!(outbox(store, Position::START).await, []);
    put(store, [row("b"), row("a")]).await;
    change(store, "b", |_| ()).await;
    let two = Write {
        events: vec![entry("d", 0), entry("d", 1)],
        ..first(row("d"))
    };
    store
        .commit(&[two, first(row("c"))])
        .await
        .expect("first writes");
    change(store, "a", |_| ()).await;
    let told = outbox(store, Position::START).await;
    let told: Vec<_> = told
        .iter()
        .map(|event| (event.request.as_str(), event.entry, event.bytes.clone()))
        .collect();
    let order = [
        ("b", 0),
        ("a", 0),
        ("b", 1),
        ("d", 0),
        ("d", 1),
        ("c", 0),
        ("a", 1),
    ];
    let expected = order.map(|(name, place)| (name, place, entry(name, place)));
    assert_eq!(told, expected);
}

/// The outbox is read in parts; positions grow, and reading goes on after the last.
pub async fn the_outbox_is_read_in_parts(store: &dyn PortStore) {
    put(store, (0..7).map(|i| row(&format!("r{i}")))).await;
    let all = outbox(store, Position::START).await;
    assert!(all[0].position > Position::START);
    assert!(all.is_sorted_by(|one, next| one.position < next.position));
    for (index, event) in all.iter().enumerate() {
        let rest = store.events(event.position, 3).await.expect("a read");
        assert_eq!(rest, all[index + 1..all.len().min(index + 4)]);
    }
    let none = store.events(Position::START, 0).await.expect("a read");
    assert_eq!(none, []);
    let whole = store
        .events(Position::START, usize::MAX)
        .await
        .expect("a read");
    assert_eq!(whole, all);
    let last = Position::from_number(u64::MAX);
    assert_eq!(store.events(last, 9).await.expect("a read"), []);
}

/// A commit that is refused tells nothing, and one that adds no entry neither.
pub async fn what_was_not_written_is_not_told(store: &dyn PortStore) {
    put(store, [row("a")]).await;
    let before = everything(store).await;
    let refused = [first(row("b")), first(row("a"))];
    expect_conflict(store.commit(&refused).await, "a");
    assert_eq!(everything(store).await, before);
    let silent = Write {
        events: Vec::new(),
        ..first(row("c"))
    };
    store.commit(&[silent]).await.expect("a first write");
    assert_eq!(outbox(store, Position::START).await, before.2);
    put(store, [row("d")]).await;
    assert_eq!(outbox(store, before.2[0].position).await.len(), 1);
}

/// One who reads on from where it was, while several write, is told every entry exactly once, and
/// those of a request in the order of its history.
pub async fn a_reader_misses_nothing_while_others_write(store: &dyn PortStore) {
    const WRITERS: usize = 8;
    const COMMITS: usize = 20;
    let names: Vec<_> = (0..WRITERS).map(|i| format!("r{i}")).collect();
    put(store, names.iter().map(|name| row(name))).await;
    put(store, [row("shared")]).await;
    let writing = AtomicUsize::new(WRITERS);
    let writers = join_all(names.iter().enumerate().map(|(i, name)| {
        let writing = &writing;
        async move {
            for commit in 0..COMMITS {
                turn().await;
                if commit % 4 == i % 4 {
                    crowd(store, name).await;
                } else {
                    change(store, name, |_| ()).await;
                }
            }
            writing.fetch_sub(1, Ordering::Relaxed);
        }
    }));
    let reader = async {
        let (mut told, mut after) = (Vec::new(), Position::START);
        loop {
            // Asked before the read: what is written by then is in it.
            let done = writing.load(Ordering::Relaxed) == 0;
            let part = store.events(after, 7).await.expect("a read");
            for event in &part {
                assert!(event.position > after, "{event:?} after {after}");
                after = event.position;
            }
            let read = part.len();
            told.extend(part);
            if done && read == 0 {
                return told;
            }
            turn().await;
        }
    };
    let (_, told) = join(writers, reader).await;
    let mut histories: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for event in told {
        let history = histories.entry(event.request.into()).or_default();
        assert_eq!(
            event.entry,
            history.len(),
            "in the order of its history, none twice"
        );
        history.push(event.bytes);
    }
    assert_eq!(histories.len(), WRITERS + 1);
    for (name, history) in histories {
        assert!(get(store, &name).await.events == history, "all of {name}");
    }
    assert_eq!(
        get(store, "shared").await.events.len(),
        1 + WRITERS * COMMITS / 4
    );
}

/// Writes one entry of `name` and one of a request that others write too, in one commit, however
/// often that conflicts.
async fn crowd(store: &dyn PortStore, name: &str) {
    for _ in 0..10_000 {
        let own = changed(store, name, |_| ()).await;
        let shared = changed(store, "shared", |_| ()).await;
        match store.commit(&[own, shared]).await {
            Ok(_) => return,
            lost => expect_conflict(lost, "shared"),
        }
        turn().await;
    }
    panic!("{name} is never written");
}

/// An observer is at the start until it is moved, and is moved only from where it is; others stay
/// where they are.
pub async fn a_cursor_is_moved_from_where_it_is(store: &dyn PortStore) {
    let (one, other) = (observer("one"), observer("One"));
    let at = Position::from_number;
    let cursor = async |observer: &ObserverId| store.cursor(observer).await.expect("a read");
    let to = async |observer: &ObserverId, from, to| {
        let moved = store.move_cursor(observer, at(from), at(to)).await;
        moved.expect("a write")
    };
    assert_eq!(cursor(&one).await, Position::START);
    assert!(!to(&one, 3, 7).await, "it is not at 3");
    assert_eq!(cursor(&one).await, Position::START);
    assert!(to(&one, 0, 7).await);
    assert!(!to(&one, 0, 9).await, "it is not at the start any more");
    assert_eq!(cursor(&one).await, at(7));
    assert!(to(&one, 7, 7).await, "it stays");
    assert!(to(&one, 7, 5).await, "back, to be told again");
    assert_eq!(cursor(&one).await, at(5));
    assert_eq!(cursor(&other).await, Position::START);
    assert!(to(&other, 0, 1).await);
    assert_eq!((cursor(&one).await, cursor(&other).await), (at(5), at(1)));
}

/// Of several that move one observer on at the same time one does.
pub async fn of_concurrent_moves_of_a_cursor_one_goes_through(store: &dyn PortStore) {
    let observer = observer("one");
    let observer = &observer;
    for round in 0..5 {
        let from = store.cursor(observer).await.expect("a read");
        let moves = (0..8).map(|i| async move {
            turn().await;
            let to = Position::from_number(100 * round + i + 1);
            let moved = store.move_cursor(observer, from, to).await;
            moved.expect("a write").then_some(to)
        });
        let moved: Vec<_> = join_all(moves).await.into_iter().flatten().collect();
        let cursor = store.cursor(observer).await.expect("a read");
        assert_eq!(moved, [cursor], "one moved it");
    }
    // Nothing else of it is kept.
    assert_eq!(store.get(&id("one")).await.expect("a read"), None);
}
