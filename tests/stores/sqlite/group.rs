//! Group commit: many writes, one transaction.

use std::fs;
use std::path::Path;
use std::task::{Context, Waker};

use rusqlite::Connection;
use snap_port::testing::conformance::block_on;
use snap_port::{PortStore, SqliteStore, StoreError};

use super::super::folder::Folder;
use super::{draft, has, impatient, put};

/// How many transactions the write-ahead log holds: each ends in a frame that says how large the
/// database is after it, and each of those was synced.
fn transactions(path: &Path) -> usize {
    let log = fs::read(path.with_extension("db-wal")).unwrap();
    let word = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let page = word(8) as usize;
    let frames = (32..log.len()).step_by(24 + page);
    // A frame of an earlier round of the log has another salt.
    let current = frames.filter(|frame| log[frame + 8..frame + 16] == log[16..24]);
    current.filter(|frame| word(frame + 4) != 0).count()
}

#[test]
fn what_waits_together_is_one_transaction() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open(&path).unwrap();
    block_on(put(&store, "before")).unwrap();
    let before = transactions(&path);

    // While another holds the lock, a hundred come.
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let names: Vec<_> = (0..100).map(|index| format!("r{index}")).collect();
    let mut waiting: Vec<_> = names
        .iter()
        .map(|name| Box::pin(put(&store, name)))
        .collect();
    let mut context = Context::from_waker(Waker::noop());
    for put in &mut waiting {
        assert!(put.as_mut().poll(&mut context).is_pending());
    }
    other.execute_batch("ROLLBACK").unwrap();
    for put in waiting {
        block_on(put).unwrap();
    }
    assert_eq!(transactions(&path), before + 1);

    // One after the other, each is its own.
    for index in 0..5 {
        block_on(put(&store, &format!("alone-{index}"))).unwrap();
    }
    assert_eq!(transactions(&path), before + 6);
}

#[test]
fn one_that_conflicts_leaves_the_others() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open(&path).unwrap();
    block_on(put(&store, "taken")).unwrap();
    let before = transactions(&path);
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Each of two that want the same name, and each that writes one that is new and one that is not.
    let names = ["a", "b", "a", "c", "taken", "d"];
    let writes = names.map(|name| vec![draft(&format!("beside-{name}")), draft(name)]);
    let writes = [
        &writes[..2],
        &[vec![draft("a"), draft("lost")]],
        &writes[3..],
    ]
    .concat();
    let mut waiting: Vec<_> = writes.iter().map(|writes| store.commit(writes)).collect();
    let mut context = Context::from_waker(Waker::noop());
    for commit in &mut waiting {
        assert!(commit.as_mut().poll(&mut context).is_pending());
    }
    other.execute_batch("ROLLBACK").unwrap();
    let results: Vec<_> = waiting.into_iter().map(block_on).collect();
    assert_eq!(transactions(&path), before + 1);
    let refused: Vec<_> = results.iter().map(Result::is_err).collect();
    assert_eq!(refused, [false, false, true, false, true, false]);
    for (result, name) in [(&results[2], "a"), (&results[4], "taken")] {
        assert!(
            matches!(result, Err(StoreError::Conflict { id }) if id.as_str() == name),
            "{result:?}"
        );
    }
    block_on(async {
        for name in [
            "a", "b", "c", "d", "beside-a", "beside-b", "beside-c", "beside-d",
        ] {
            assert!(has(&store, name).await, "{name}");
        }
        for name in ["lost", "beside-taken"] {
            assert!(!has(&store, name).await, "{name}");
        }
    });
}

#[test]
fn all_that_wait_for_a_lock_are_told_that_it_was_not_given() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open_with(&path, &impatient()).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let names: Vec<_> = (0..20).map(|index| format!("r{index}")).collect();
    let waiting = futures_util::future::join_all(names.iter().map(|name| put(&store, name)));
    for result in block_on(waiting) {
        assert!(matches!(result, Err(StoreError::Busy(_))), "{result:?}");
    }
    other.execute_batch("ROLLBACK").unwrap();
    block_on(async {
        for name in &names {
            assert!(!has(&store, name).await);
        }
        put(&store, "r0").await.unwrap();
    });
}

#[test]
fn who_does_not_wait_any_more_is_not_written_for() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut context = Context::from_waker(Waker::noop());
    let (mut kept, mut dropped) = (Box::pin(put(&store, "a")), Box::pin(put(&store, "b")));
    assert!(kept.as_mut().poll(&mut context).is_pending());
    assert!(dropped.as_mut().poll(&mut context).is_pending());
    drop(dropped);
    other.execute_batch("ROLLBACK").unwrap();
    block_on(kept).unwrap();
    assert!(!block_on(has(&store, "b")));
}
