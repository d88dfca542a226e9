//! What somebody does to the file by hand.

use chrono::TimeDelta;
use rusqlite::Connection;
use snap_port::testing::conformance::block_on;
use snap_port::testing::sample;
use snap_port::{
    ClaimAsk, Find, Page, PortStore, Position, RequestRow, SqliteStore, StoreError, WorkerId, Write,
};

use super::super::folder::Folder;
use super::{draft, id, put};

fn sealed(name: &str) -> Write {
    let write = draft(name);
    let row = RequestRow {
        numbers: (0..3).map(sample::number).collect(),
        holds_numbers: true,
        ..write.row
    };
    Write { row, ..write }
}

#[test]
fn entries_cannot_be_changed_removed_or_replaced() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open(&path).unwrap();
    block_on(put(&store, "a")).unwrap();
    let before = block_on(store.events(Position::START, 9)).unwrap();
    let hand = Connection::open(&path).unwrap();
    for (sql, what) in [
        ("UPDATE events SET bytes = x'00'", "changed"),
        ("UPDATE OR REPLACE events SET entry = 1", "changed"),
        ("DELETE FROM events", "removed"),
        ("DELETE FROM events WHERE position = 1", "removed"),
        ("REPLACE INTO events VALUES (1, 'a', 7, x'00')", "replaced"),
        (
            "REPLACE INTO events (request, entry, bytes) VALUES ('a', 0, x'00')",
            "replaced",
        ),
        (
            "INSERT OR IGNORE INTO events VALUES (1, 'a', 7, x'00')",
            "replaced",
        ),
    ] {
        let refused = hand.execute_batch(sql).unwrap_err().to_string();
        assert!(
            refused.contains(&format!("never {what}")),
            "{sql}: {refused}"
        );
    }
    assert_eq!(block_on(store.events(Position::START, 9)).unwrap(), before);
}

#[test]
fn a_number_cannot_be_held_twice() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open(&path).unwrap();
    block_on(store.commit(&[sealed("a"), draft("b")])).unwrap();
    let hand = Connection::open(&path).unwrap();
    let sql = "INSERT INTO request_numbers SELECT 'b', place, number, held FROM request_numbers";
    let refused = hand.execute_batch(sql).unwrap_err().to_string();
    assert!(refused.contains("UNIQUE"), "{refused}");
}

#[test]
fn a_value_that_is_none_of_ours_is_told_with_its_column() {
    for (sql, column) in [
        ("UPDATE requests SET status = 'canary'", "status"),
        ("UPDATE requests SET waiting_on = 'canary'", "waiting_on"),
        (
            "UPDATE requests SET waiting_since = 9223372036854775807",
            "waiting_since",
        ),
        ("UPDATE requests SET carrier = 'a canary'", "carrier"),
        ("UPDATE requests SET order_ref = ' canary '", "order_ref"),
        ("UPDATE requests SET revision = -1", "revision"),
        ("UPDATE requests SET entries = 7", "entries"),
        (
            "UPDATE request_numbers SET number = '+1canary' WHERE place = 1",
            "number",
        ),
    ] {
        let folder = Folder::new();
        let path = folder.file("ports.db");
        let store = SqliteStore::open(&path).unwrap();
        block_on(store.commit(&[sealed("a")])).unwrap();
        let hand = Connection::open(&path).unwrap();
        hand.execute_batch(sql).unwrap();
        let told = block_on(store.get(&id("a"))).unwrap_err();
        let StoreError::Corrupt(what) = &told else {
            panic!("{sql}: {told}");
        };
        assert!(
            what.contains(&format!("in column {column}")),
            "{sql}: {told}"
        );
        // It may be what a customer handed in.
        for quoted in ["canary", "9223372036854775807"] {
            assert!(!told.to_string().contains(quoted), "{sql}: {told}");
        }
        assert!(!told.is_retryable());
        if column != "entries" {
            let all = block_on(store.find(&Find::All, &Page::first(9)));
            assert!(matches!(all, Err(StoreError::Corrupt(_))), "{sql}: {all:?}");
        }
    }
}

#[test]
fn a_column_of_another_type_is_told() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open(&path).unwrap();
    block_on(put(&store, "a")).unwrap();
    let hand = Connection::open(&path).unwrap();
    hand.execute_batch(
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')') WHERE name = 'requests';
         PRAGMA writable_schema = RESET;
         UPDATE requests SET status = CAST(x'63616e617279ff' AS TEXT), revision = 'canary';",
    )
    .unwrap();
    drop(store);
    let store = SqliteStore::open(&path).unwrap();
    for (column, mended) in [("status", "draft"), ("revision", "1")] {
        let told = block_on(store.get(&id("a"))).unwrap_err();
        let StoreError::Corrupt(what) = &told else {
            panic!("{told}");
        };
        assert!(what.contains(&format!("in column {column}")), "{told}");
        assert!(!what.contains("canary"), "{told}");
        let mend = format!("UPDATE requests SET {column} = ?1");
        hand.execute(&mend, [mended]).unwrap();
    }
}

#[test]
fn trouble_that_cannot_be_read_hides_nothing() {
    for (kind, since, times) in [
        ("woe", "0", "1"),
        ("drift", "9223372036854775807", "1"),
        ("drift", "0", "-1"),
        ("drift", "0", "4294967296"),
    ] {
        let folder = Folder::new();
        let path = folder.file("ports.db");
        let store = SqliteStore::open(&path).unwrap();
        block_on(store.commit(&[sealed("a"), draft("b")])).unwrap();
        let hand = Connection::open(&path).unwrap();
        let sql = "UPDATE requests SET trouble = ?1, trouble_text = 'of a newer version', \
                   trouble_since = CAST(?2 AS INTEGER), trouble_times = CAST(?3 AS INTEGER) \
                   WHERE id = 'a'";
        hand.execute(sql, [kind, since, times]).unwrap();
        let read = block_on(store.get(&id("a"))).unwrap().unwrap();
        assert_eq!(read.trouble, None);
        let found = block_on(store.find(&Find::Troubled, &Page::first(9))).unwrap();
        let names: Vec<_> = found.iter().map(|found| found.row.id.as_str()).collect();
        assert_eq!((names, &found[0].trouble), (vec!["a"], &None));
        let ask = ClaimAsk {
            worker: WorkerId::parse("w").unwrap(),
            carriers: vec![sample::carrier()],
            now: sample::time(),
            until: sample::time() + TimeDelta::minutes(5),
            horizon: sample::time() + TimeDelta::days(9),
            limit: 9,
        };
        let claimed = block_on(store.claim(&ask)).unwrap();
        assert_eq!(claimed.len(), 2, "{kind} since {since}, {times} times");
        assert_eq!(claimed[0].trouble, None);
    }
}

#[test]
fn a_table_that_is_gone_is_the_backends_failure() {
    let folder = Folder::new();
    let path = folder.file("ports.db");
    let store = SqliteStore::open(&path).unwrap();
    let hand = Connection::open(&path).unwrap();
    hand.execute_batch("DROP TABLE events").unwrap();
    let told = block_on(put(&store, "a")).unwrap_err();
    assert!(matches!(told, StoreError::Backend(_)), "{told}");
    let source = std::error::Error::source(&told).unwrap().to_string();
    assert!(source.contains("no such table: events"), "{source}");
}
