//! The store in an SQLite file.

mod by_hand;
mod full;
mod group;
mod opening;

use std::time::Duration;

use snap_port::testing::conformance::InTurns;
use snap_port::testing::sample;
use snap_port::{
    PortRequestId, PortStore, RequestRow, SqliteSettings, SqliteStore, Status, StoreError, Write,
};

use super::folder::Folder;

snap_port::store_conformance!(promises, || async {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("ports.db")).unwrap();
    (store, folder)
});

// On an executor with threads, its tasks in other threads than the store's.
snap_port::store_conformance!(
    executed,
    || async {
        let folder = Folder::new();
        let store = SqliteStore::open(folder.file("ports.db")).unwrap();
        (store, folder)
    },
    on: |test| tokio::runtime::Runtime::new().unwrap().block_on(test)
);

// Two that have the file open, as two processes do.
snap_port::store_conformance!(handles, || async {
    let folder = Folder::new();
    let open = || SqliteStore::open(folder.file("ports.db")).unwrap();
    (InTurns::new(open(), open()), folder)
});

fn id(name: &str) -> PortRequestId {
    PortRequestId::parse(name).unwrap()
}

/// The first write of a draft with one entry.
fn draft(name: &str) -> Write {
    Write {
        row: RequestRow {
            id: id(name),
            carrier: sample::carrier(),
            status: Status::Draft,
            order: None,
            numbers: Vec::new(),
            holds_numbers: false,
            waiting_on: None,
            waiting_since: None,
            due: Some(sample::time()),
            draft: None,
        },
        expected: None,
        known: 0,
        events: vec![name.as_bytes().to_vec()],
    }
}

async fn put(store: &SqliteStore, name: &str) -> Result<(), StoreError> {
    store.commit(&[draft(name)]).await.map(drop)
}

async fn has(store: &SqliteStore, name: &str) -> bool {
    store.get(&id(name)).await.unwrap().is_some()
}

/// Gives up on a lock at once.
fn impatient() -> SqliteSettings {
    let mut settings = SqliteSettings::default();
    settings.busy_timeout = Duration::ZERO;
    settings
}
