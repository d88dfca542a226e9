//! Commits of the SQLite store, one by one and a hundred at a time, against plain `rusqlite` with
//! the same settings and a transaction per row; and what a claim costs by what is stored.
//!
//! `cargo bench --bench stores`. Compare medians within one run: they are the disk's.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use divan::Bencher;
use divan::counter::ItemsCount;
use futures_util::future::join_all;
use rusqlite::Connection;
use snap_port::testing::conformance::block_on;
use snap_port::testing::sample;
use snap_port::{
    ClaimAsk, PortRequestId, PortStore, RequestRow, SqliteStore, Status, WorkerId, Write,
};

/// Commits in a round.
const COMMITS: usize = 100;
/// Requests that are due, however many are stored.
const DUE: usize = 100;
/// An entry, in bytes.
const ENTRY: usize = 2_048;

fn main() {
    divan::main();
}

/// A folder for one bench, removed when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("bench-{}-{name}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("ports.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The first write of a request with one entry, due then (UTC).
fn write(name: &str, due: Option<DateTime<Utc>>) -> Write {
    Write {
        row: RequestRow {
            id: PortRequestId::parse(name).expect("a plain name"),
            carrier: sample::carrier(),
            status: Status::Submitted,
            order: None,
            numbers: Vec::new(),
            holds_numbers: false,
            waiting_on: None,
            waiting_since: None,
            due,
            draft: None,
        },
        expected: None,
        known: 0,
        events: vec![vec![b'x'; ENTRY]],
    }
}

/// Requests that nobody has written yet.
fn fresh() -> Vec<Write> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let first = NEXT.fetch_add(COMMITS, Ordering::Relaxed);
    let names = (first..first + COMMITS).map(|index| format!("r{index}"));
    names.map(|name| write(&name, None)).collect()
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn commits_one_by_one(bencher: Bencher<'_, '_>) {
    let folder = Folder::new("one-by-one");
    let store = SqliteStore::open(folder.file()).expect("a store");
    let bencher = bencher.counter(ItemsCount::new(COMMITS)).with_inputs(fresh);
    bencher.bench_refs(|writes| {
        block_on(async {
            for write in writes {
                let write = std::slice::from_ref(write);
                store.commit(write).await.expect("a first write");
            }
        });
    });
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn commits_a_hundred_at_a_time(bencher: Bencher<'_, '_>) {
    let folder = Folder::new("together");
    let store = SqliteStore::open(folder.file()).expect("a store");
    let bencher = bencher.counter(ItemsCount::new(COMMITS)).with_inputs(fresh);
    bencher.bench_refs(|writes| {
        let commits = writes
            .iter()
            .map(|write| store.commit(std::slice::from_ref(write)));
        for result in block_on(join_all(commits)) {
            result.expect("a first write");
        }
    });
}

/// The least one can do: one table with an index on its name, one row in one transaction.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn plain_rusqlite_one_by_one(bencher: Bencher<'_, '_>) {
    let folder = Folder::new("plain");
    let conn = Connection::open(folder.file()).expect("a database");
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE requests (id TEXT PRIMARY KEY, entry BLOB) STRICT;",
    )
    .expect("a table");
    let bencher = bencher.counter(ItemsCount::new(COMMITS)).with_inputs(fresh);
    bencher.bench_local_refs(|writes| {
        for write in writes {
            let mut insert = conn
                .prepare_cached("INSERT INTO requests VALUES (?1, ?2)")
                .expect("a statement");
            let row = (write.row.id.as_str(), &write.events[0]);
            insert.execute(row).expect("a row");
        }
    });
}

/// The price must not grow with what is stored.
#[divan::bench(args = [1_000, 100_000], sample_count = 50, sample_size = 1)]
fn claim_of_a_hundred(bencher: Bencher<'_, '_>, stored: usize) {
    let folder = Folder::new(&format!("claim-{stored}"));
    let store = SqliteStore::open(folder.file()).expect("a store");
    let now = sample::time();
    let writes: Vec<_> = (0..stored)
        .map(|index| {
            let due = match index {
                index if index < DUE => Some(now),
                // Half of the others are due some day, half never.
                index if index % 2 == 0 => Some(now + TimeDelta::days(1)),
                _ => None,
            };
            let mut write = write(&format!("r{index}"), due);
            write.events[0].truncate(64);
            write
        })
        .collect();
    for writes in writes.chunks(1_000) {
        block_on(store.commit(writes)).expect("first writes");
    }
    let ask = ClaimAsk {
        worker: WorkerId::parse("w").expect("a plain name"),
        carriers: vec![sample::carrier()],
        now,
        // It ends at once, so that the next round is given the same.
        until: now,
        horizon: now + TimeDelta::days(7),
        limit: DUE,
    };
    bencher.counter(ItemsCount::new(DUE)).bench_local(|| {
        let claimed = block_on(store.claim(&ask)).expect("a claim");
        assert_eq!(claimed.len(), DUE);
    });
}
