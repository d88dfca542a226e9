//! A number is moved by one request at a time.

use futures_util::future::join_all;

use super::super::sample;
use super::run::turn;
use super::stage::{
    change, changed, everything, expect_taken, first, get, holding, numbers, put, row,
};
use crate::request::Status;
use crate::store::{PortStore, RequestRow, Write};

/// A number that one request holds, no other can hold. The error names the number and the holder,
/// and nothing is written.
pub async fn a_number_is_held_by_one_request_at_a_time(store: &dyn PortStore) {
    put(store, [holding("a", 0..3), row("b")]).await;
    let before = everything(store).await;
    let new = first(holding("c", [5, 2]));
    expect_taken(store.commit(&[new]).await, 2, "a");
    let old = changed(store, "b", |row| *row = holding("b", [2])).await;
    expect_taken(store.commit(&[old]).await, 2, "a");
    assert_eq!(everything(store).await, before, "nothing was written");
    // The number beside the one that is taken was not held on the way.
    put(store, [holding("d", [5])]).await;
}

/// Of several numbers that are taken, the first is named: by the order of the writes, then of their
/// numbers.
pub async fn the_first_number_that_is_taken_is_named(store: &dyn PortStore) {
    put(
        store,
        [holding("a", [7]), holding("b", [3]), holding("c", [5])],
    )
    .await;
    let writes = [
        first(holding("x", [9, 3, 7])),
        first(holding("y", [5])),
        first(row("z")),
    ];
    expect_taken(store.commit(&writes).await, 3, "b");
    let [x, y, z] = writes;
    expect_taken(store.commit(&[z, y, x]).await, 5, "c");
}

/// A request that holds no numbers lists those of another freely, and another may hold those it
/// lists.
pub async fn who_only_lists_numbers_holds_none(store: &dyn PortStore) {
    let draft = |name: &str| RequestRow {
        numbers: numbers(0..3),
        ..row(name)
    };
    put(
        store,
        [draft("a"), draft("b"), holding("c", 0..3), draft("d")],
    )
    .await;
    let seal = changed(store, "a", |row| row.holds_numbers = true).await;
    expect_taken(store.commit(&[seal]).await, 0, "c");
    change(store, "a", |row| row.draft = Some(b"{}".to_vec())).await;
}

/// A request that ends, or is sent back, frees its numbers.
pub async fn a_request_that_ends_frees_its_numbers(store: &dyn PortStore) {
    put(store, [holding("a", 0..3)]).await;
    change(store, "a", |row| {
        row.status = Status::Cancelled;
        row.holds_numbers = false;
    })
    .await;
    put(store, [holding("b", 1..4)]).await;
    // The one that ended still lists them, and cannot hold them again.
    assert_eq!(get(store, "a").await.row.numbers, numbers(0..3));
    let again = changed(store, "a", |row| row.holds_numbers = true).await;
    expect_taken(store.commit(&[again]).await, 1, "b");
}

/// A number that a request leaves out is free, and one it takes in is held.
pub async fn a_number_left_out_is_free(store: &dyn PortStore) {
    put(store, [holding("a", 0..3)]).await;
    change(store, "a", |row| row.numbers = numbers([2, 0, 3])).await;
    put(store, [holding("b", [1])]).await;
    for index in [0, 2, 3] {
        let taken = first(holding("c", [index]));
        expect_taken(store.commit(&[taken]).await, index, "a");
    }
}

/// A request keeps its numbers through a write that does not change them.
pub async fn a_request_keeps_its_numbers(store: &dyn PortStore) {
    put(store, [holding("a", 0..3)]).await;
    for status in [Status::Submitted, Status::Scheduled] {
        change(store, "a", |row| row.status = status).await;
        let taken = first(holding("b", [0]));
        expect_taken(store.commit(&[taken]).await, 0, "a");
    }
}

/// What counts is who would hold a number after the whole commit: numbers may pass from one request
/// to another within it, in any order of its writes, and back and forth.
pub async fn numbers_may_pass_between_requests_of_one_commit(store: &dyn PortStore) {
    put(store, [holding("a", 0..2), holding("b", 2..4)]).await;
    let swap = |left: Write, right: Write| {
        let (mut left, mut right) = (left, right);
        std::mem::swap(&mut left.row.numbers, &mut right.row.numbers);
        [left, right]
    };
    for _ in 0..2 {
        let (a, b) = (changed(store, "a", |_| ()), changed(store, "b", |_| ()));
        let writes = swap(a.await, b.await);
        store.commit(&writes).await.expect("they swap");
    }
    let end = changed(store, "a", |row| row.holds_numbers = false).await;
    let take = first(holding("c", 0..2));
    store.commit(&[take, end]).await.expect("a gives them to c");
    assert_eq!(get(store, "c").await.row.numbers, numbers(0..2));
    expect_taken(store.commit(&[first(holding("d", [3, 1]))]).await, 3, "b");
    expect_taken(store.commit(&[first(holding("d", [1]))]).await, 1, "c");
}

/// Two requests of one commit cannot hold the same number after it, new ones or not.
pub async fn two_requests_of_one_commit_cannot_hold_a_number(store: &dyn PortStore) {
    let writes = [first(holding("a", 0..2)), first(holding("b", [2, 1]))];
    expect_taken(store.commit(&writes).await, 1, "a");
    put(store, [holding("a", 0..2), holding("b", 2..4)]).await;
    let before = everything(store).await;
    let kept = changed(store, "a", |_| ()).await;
    let more = changed(store, "b", |row| row.numbers = numbers([3, 0])).await;
    expect_taken(store.commit(&[kept, more]).await, 0, "a");
    assert_eq!(everything(store).await, before, "nothing was written");
}

/// Of several requests that want one number at the same time one gets it, and the others are told
/// which.
pub async fn of_concurrent_requests_for_a_number_one_gets_it(store: &dyn PortStore) {
    for round in 0..5 {
        let names: Vec<_> = (0..8).map(|i| format!("r{round}-{i}")).collect();
        let results = join_all(names.iter().enumerate().map(|(i, name)| async move {
            turn().await;
            let others = [1_000 + i + 10 * round, round];
            store.commit(&[first(holding(name, others))]).await
        }))
        .await;
        let winner = results.iter().position(Result::is_ok).expect("one gets it");
        for (i, result) in results.into_iter().enumerate() {
            if i != winner {
                expect_taken(result, round, &names[winner]);
            }
        }
        assert_eq!(
            get(store, &names[winner]).await.row.numbers[1],
            sample::number(round)
        );
    }
}
