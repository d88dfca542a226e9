//! Files that are opened: again, after a crash, while others hold them, and those that are not ours.

use std::fs;
use std::path::Path;
use std::sync::Barrier;
use std::thread;

use rusqlite::Connection;
use snap_port::testing::conformance::block_on;
use snap_port::testing::sample;
use snap_port::{
    ClaimAsk, ObserverId, PortStore, Position, SqliteStore, StoreError, StoredRequest, WorkerId,
};

use super::super::folder::Folder;
use super::{draft, has, id, impatient, put};

fn next_to(path: &Path, end: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn pragma(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

fn ask(limit: usize) -> ClaimAsk {
    ClaimAsk {
        worker: WorkerId::parse("w").unwrap(),
        carriers: vec![sample::carrier()],
        now: sample::time(),
        until: sample::time() + chrono::TimeDelta::minutes(5),
        horizon: sample::time() + chrono::TimeDelta::days(1),
        limit,
    }
}

#[test]
fn everything_is_there_when_a_store_is_opened_again() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let observer = ObserverId::parse("o").unwrap();
    let store = SqliteStore::open(&path).unwrap();
    let (requests, events, lease) = block_on(async {
        put(&store, "a").await.unwrap();
        put(&store, "b").await.unwrap();
        let lease = store.claim(&ask(1)).await.unwrap().remove(0).lease;
        let events = store.events(Position::START, 9).await.unwrap();
        let moved = store.move_cursor(&observer, Position::START, events[0].position);
        assert!(moved.await.unwrap());
        let requests: Vec<StoredRequest> = both(&store).await;
        (requests, events, lease)
    });
    let clone = store.clone();
    drop(store);
    assert!(block_on(has(&clone, "a")), "clones share it");
    drop(clone);
    assert!(!next_to(&path, "-wal").exists(), "the file is closed");

    let store = SqliteStore::open(&path).unwrap();
    block_on(async {
        assert_eq!(both(&store).await, requests);
        assert_eq!(store.events(Position::START, 9).await.unwrap(), events);
        let cursor = store.cursor(&observer).await.unwrap();
        assert_eq!(cursor, events[0].position);
        // `a` is still held.
        let claimed = store.claim(&ask(9)).await.unwrap();
        assert_eq!(claimed.len(), 1);
        assert_eq!(claimed[0].lease.request, id("b"));
        let held = store.renew(std::slice::from_ref(&lease), sample::time());
        assert_eq!(held.await.unwrap().len(), 1);
    });
}

async fn both(store: &SqliteStore) -> Vec<StoredRequest> {
    let mut requests = Vec::new();
    for name in ["a", "b"] {
        requests.push(store.get(&id(name)).await.unwrap().unwrap());
    }
    requests
}

#[test]
fn what_was_committed_survives_a_crash() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open(&path).unwrap();
    for count in 1..=5 {
        block_on(put(&store, &format!("r{count}"))).unwrap();
        // What the disk holds at this moment, as a process that dies now leaves it.
        let copy = folder.file(&format!("copy-{count}.db"));
        fs::copy(&path, &copy).unwrap();
        fs::copy(next_to(&path, "-wal"), next_to(&copy, "-wal")).unwrap();
        let copy = SqliteStore::open(copy).unwrap();
        block_on(async {
            for earlier in 1..=count {
                assert!(has(&copy, &format!("r{earlier}")).await);
            }
            let events = copy.events(Position::START, 99).await.unwrap();
            assert_eq!(events.len(), count);
        });
    }
}

#[test]
fn what_was_not_committed_whole_is_not_there_after_a_crash() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open(&path).unwrap();
    block_on(put(&store, "a")).unwrap();
    let before = fs::read(next_to(&path, "-wal")).unwrap().len();
    block_on(store.commit(&[draft("b"), draft("c")])).unwrap();
    let log = fs::read(next_to(&path, "-wal")).unwrap();
    // A crash in the middle of writing the log.
    for kept in [
        before,
        before + 1,
        usize::midpoint(before, log.len()),
        log.len() - 1,
    ] {
        let copy = folder.file(&format!("copy-{kept}.db"));
        fs::copy(&path, &copy).unwrap();
        fs::write(next_to(&copy, "-wal"), &log[..kept]).unwrap();
        let copy = SqliteStore::open(copy).unwrap();
        block_on(async {
            let there = [
                has(&copy, "a").await,
                has(&copy, "b").await,
                has(&copy, "c").await,
            ];
            assert_eq!(there, [true, false, false], "{kept} of {} bytes", log.len());
            copy.commit(&[draft("b"), draft("c")]).await.unwrap();
        });
    }
}

#[test]
fn a_newer_store_is_refused_and_not_touched() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    block_on(put(&SqliteStore::open(&path).unwrap(), "a")).unwrap();
    pragma(&path, "PRAGMA user_version = 2");
    let before = fs::read(&path).unwrap();
    let refused = SqliteStore::open(&path).unwrap_err();
    assert!(
        matches!(refused, StoreError::Newer { found: 2, known: 1 }),
        "{refused}"
    );
    assert!(refused.to_string().contains("update the crate"));
    assert!(!refused.is_retryable());
    assert!(fs::read(&path).unwrap() == before);
}

#[test]
fn a_store_that_becomes_newer_while_it_is_open_is_refused_too() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open(&path).unwrap();
    block_on(put(&store, "a")).unwrap();
    pragma(&path, "PRAGMA user_version = 7");
    let refused = block_on(put(&store, "b")).unwrap_err();
    assert!(
        matches!(refused, StoreError::Newer { found: 7, known: 1 }),
        "{refused}"
    );
    let refused = block_on(store.get(&id("a"))).unwrap_err();
    assert!(
        matches!(refused, StoreError::Newer { found: 7, known: 1 }),
        "{refused}"
    );
    pragma(&path, "PRAGMA user_version = 1");
    block_on(async {
        assert!(!has(&store, "b").await);
        put(&store, "b").await.unwrap();
    });
}

#[test]
fn another_programs_database_is_refused_and_not_touched() {
    let folder = Folder::new();
    for (name, sql) in [
        ("marked", "PRAGMA application_id = 0x0f055112"),
        ("tables", "CREATE TABLE requests (id TEXT)"),
        ("version", "PRAGMA user_version = 1"),
        ("ours-of-none", "PRAGMA application_id = 0x536e6150"),
        (
            "negative",
            "PRAGMA application_id = 0x536e6150; PRAGMA user_version = -1",
        ),
    ] {
        let path = folder.file(name);
        pragma(&path, sql);
        let before = fs::read(&path).unwrap();
        let refused = SqliteStore::open(&path).unwrap_err();
        assert!(
            matches!(refused, StoreError::Foreign(_)),
            "{name}: {refused}"
        );
        assert!(refused.to_string().contains("give it one of its own"));
        assert!(fs::read(&path).unwrap() == before, "{name}");
        assert!(!next_to(&path, "-wal").exists(), "{name}");
    }
}

#[test]
fn a_file_that_is_no_database_is_refused_and_not_touched() {
    let folder = Folder::new();
    let path = folder.file("letter.pdf");
    let letter = sample::letter().repeat(20);
    fs::write(&path, &letter).unwrap();
    let refused = SqliteStore::open(&path).unwrap_err();
    assert!(matches!(refused, StoreError::Corrupt(_)), "{refused}");
    assert!(fs::read(&path).unwrap() == letter);
}

#[test]
fn a_damaged_file_is_told_as_such() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open(&path).unwrap();
    block_on(async {
        for index in 0..50 {
            put(&store, &format!("r{index}")).await.unwrap();
        }
    });
    drop(store);
    // All but the first page, which says whose file it is.
    let mut bytes = fs::read(&path).unwrap();
    bytes[4_096..].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    // Where the damage is met first is SQLite's affair.
    let told = match SqliteStore::open(&path) {
        Ok(store) => block_on(store.get(&id("r1"))).unwrap_err(),
        Err(refused) => refused,
    };
    assert!(matches!(told, StoreError::Corrupt(_)), "{told}");
    assert!(
        told.to_string().contains("restore it from a backup"),
        "{told}"
    );
}

#[test]
fn a_place_that_is_none_cannot_be_reached() {
    let folder = Folder::new();
    for path in [
        folder.file("no/such/folder.db"),
        folder.file("."),
        "".into(),
    ] {
        let refused = SqliteStore::open(&path).unwrap_err();
        assert!(
            matches!(refused, StoreError::Unreachable(_)),
            "{path:?}: {refused}"
        );
    }
}

#[test]
fn several_may_open_a_new_file_at_the_same_time() {
    for _ in 0..10 {
        let folder = Folder::new();
        let path = folder.file("ports.db");
        let start = Barrier::new(4);
        thread::scope(|scope| {
            for index in 0..4 {
                let (path, start) = (&path, &start);
                scope.spawn(move || {
                    start.wait();
                    let store = SqliteStore::open(path).unwrap();
                    block_on(put(&store, &format!("r{index}"))).unwrap();
                });
            }
        });
        let store = SqliteStore::open(&path).unwrap();
        let events = block_on(store.events(Position::START, 9)).unwrap();
        assert_eq!(events.len(), 4);
    }
}

#[test]
fn two_stores_of_one_file_see_each_others_writes() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let (one, other) = (
        SqliteStore::open(&path).unwrap(),
        SqliteStore::open(&path).unwrap(),
    );
    block_on(async {
        put(&one, "a").await.unwrap();
        assert!(has(&other, "a").await);
        let refused = put(&other, "a").await.unwrap_err();
        assert!(matches!(refused, StoreError::Conflict { .. }), "{refused}");
        put(&other, "b").await.unwrap();
        assert_eq!(one.claim(&ask(1)).await.unwrap().len(), 1);
        assert_eq!(
            other.claim(&ask(9)).await.unwrap()[0].lease.request,
            id("b")
        );
    });
}

#[test]
fn a_store_that_another_process_locks_is_busy_until_it_lets_go() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open_with(&path, &impatient()).unwrap();
    block_on(put(&store, "a")).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = block_on(put(&store, "b")).unwrap_err();
    assert!(matches!(refused, StoreError::Busy(_)), "{refused}");
    assert!(refused.is_retryable() && !refused.outcome_unknown());
    assert!(block_on(has(&store, "a")), "reading goes on");
    assert!(!block_on(has(&store, "b")));
    other.execute_batch("ROLLBACK").unwrap();
    block_on(put(&store, "b")).unwrap();
}

#[test]
fn a_store_waits_for_a_lock_as_long_as_it_is_told_to() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut waiting = Box::pin(put(&store, "a"));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(waiting.as_mut().poll(&mut context).is_pending());
    other.execute_batch("ROLLBACK").unwrap();
    block_on(waiting).unwrap();
}

#[test]
fn a_store_cannot_be_opened_while_another_has_it_to_itself() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    drop(SqliteStore::open(&path).unwrap());
    let other = Connection::open(&path).unwrap();
    let exclusive = "PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE";
    other.execute_batch(exclusive).unwrap();
    let refused = SqliteStore::open_with(&path, &impatient()).unwrap_err();
    assert!(matches!(refused, StoreError::Busy(_)), "{refused}");
    drop(other);
    SqliteStore::open_with(&path, &impatient()).unwrap();
}

#[test]
fn a_store_shows_where_it_is_and_nothing_else() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(format!("{store:?}"), format!("SqliteStore({path:?})"));
}
