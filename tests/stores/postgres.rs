//! What PostgreSQL adds to the rules of every store: several machines, a network in between, a
//! server with a will of its own.

#[path = "postgres/cuts.rs"]
mod cuts;
#[path = "postgres/meddling.rs"]
mod meddling;
#[path = "postgres/migrating.rs"]
mod migrating;
#[path = "postgres/proxy.rs"]
mod proxy;
#[path = "postgres/sharing.rs"]
mod sharing;
#[path = "postgres/tls.rs"]
mod tls;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use snap_port::testing::conformance::InTurns;
use snap_port::testing::sample;
use snap_port::{
    CarrierId, ClaimAsk, PhoneNumber, PortRequestId, PostgresSetup, PostgresStore, RequestRow,
    Revision, Status, StoreError, Write,
};

use crate::postgres_server::{self, Database};

snap_port::store_conformance!(
    promises,
    || async {
        let server = postgres_server::shared().expect("the test is skipped otherwise");
        let database = server.schema().await;
        (store(&database).await, database)
    },
    on: |test| if postgres_server::shared().is_some() {
        tokio::runtime::Runtime::new().unwrap().block_on(test)
    }
);

// Each with connections of its own, as two machines have.
snap_port::store_conformance!(
    handles,
    || async {
        let server = postgres_server::shared().expect("the test is skipped otherwise");
        let database = server.schema().await;
        let stores = InTurns::new(store(&database).await, store(&database).await);
        (stores, database)
    },
    on: |test| if postgres_server::shared().is_some() {
        tokio::runtime::Runtime::new().unwrap().block_on(test)
    }
);

/// A store that waits long enough for a machine that does much besides.
async fn store(database: &Database) -> PostgresStore {
    let setup = PostgresSetup::parse(database.url()).expect("an address");
    let setup = setup.with_patience(Duration::from_secs(60));
    PostgresStore::connect_with(&setup, snap_port::store::postgres::NoTls)
        .await
        .expect("a new database")
}

/// A store that waits for nothing long.
async fn hasty(url: &str) -> PostgresStore {
    let setup = PostgresSetup::parse(url).expect("an address");
    let setup = setup.with_patience(Duration::from_millis(300));
    PostgresStore::connect_with(&setup, snap_port::store::postgres::NoTls)
        .await
        .expect("a database")
}

fn id(name: &str) -> PortRequestId {
    PortRequestId::parse(name).expect("a name")
}

fn number(last: usize) -> PhoneNumber {
    PhoneNumber::from_e164(&format!("+1415555{last:04}")).expect("a number")
}

fn carrier() -> CarrierId {
    sample::carrier()
}

fn minutes(minutes: i64) -> DateTime<Utc> {
    sample::time() + TimeDelta::minutes(minutes)
}

fn row(name: &str, numbers: &[usize]) -> RequestRow {
    RequestRow {
        id: id(name),
        carrier: carrier(),
        status: Status::Submitted,
        order: None,
        numbers: numbers.iter().map(|last| number(*last)).collect(),
        holds_numbers: true,
        waiting_on: None,
        waiting_since: None,
        due: Some(minutes(0)),
        draft: None,
    }
}

fn first(row: RequestRow) -> Write {
    Write {
        row,
        expected: None,
        known: 0,
        events: vec![b"first".to_vec()],
    }
}

/// The write after `revision`, which holds one entry for each write so far.
fn next(row: RequestRow, revision: u64) -> Write {
    Write {
        row,
        expected: Some(Revision::from_number(revision)),
        known: usize::try_from(revision).expect("a small one"),
        events: vec![b"next".to_vec()],
    }
}

fn ask(worker: &str, limit: usize) -> ClaimAsk {
    ClaimAsk {
        worker: worker.parse().expect("a name"),
        carriers: vec![carrier()],
        now: minutes(1),
        until: minutes(10),
        horizon: minutes(10_000),
        limit,
    }
}

#[track_caller]
fn is_busy<T: std::fmt::Debug>(result: Result<T, StoreError>) {
    assert!(matches!(result, Err(StoreError::Busy(_))), "{result:?}");
}
