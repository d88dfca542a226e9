//! Several stores over one database share the work by its locks alone.

use std::collections::BTreeSet;

use snap_port::{Find, Lease, Page, PortStore, Revision, StoreError};

use super::{ask, first, hasty, id, is_busy, minutes, next, number, row, store};
use crate::postgres_server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_stores_that_claim_at_once_never_overlap() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let writer = store(&database).await;
    let names: Vec<_> = (0..300).map(|place| format!("r{place:03}")).collect();
    let writes: Vec<_> = names.iter().map(|name| first(row(name, &[]))).collect();
    writer.commit(&writes).await.expect("free");
    let mut workers = Vec::new();
    for worker in 0..8 {
        let store = store(&database).await;
        workers.push(tokio::spawn(async move {
            let mut mine = Vec::new();
            for _ in 0..40 {
                let claimed = store.claim(&ask(&format!("w{worker}"), 7)).await;
                mine.extend(claimed.expect("due").into_iter().map(|claim| claim.lease));
            }
            mine
        }));
    }
    let mut all: Vec<Lease> = Vec::new();
    for worker in workers {
        all.extend(worker.await.expect("no panic"));
    }
    assert!(all.iter().all(|lease| lease.token == 1));
    let different: BTreeSet<_> = all.iter().map(|lease| lease.request.clone()).collect();
    assert_eq!((all.len(), different.len()), (300, 300));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_over_the_same_numbers_end_in_one_of_three_ways() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let writer = store(&database).await;
    let all: Vec<_> = (0..6)
        .map(|place| first(row(&format!("r{place}"), &[place])))
        .collect();
    writer.commit(&all).await.expect("free");
    let mut writers = Vec::new();
    for me in 0..8_usize {
        let store = store(&database).await;
        writers.push(tokio::spawn(async move {
            let mut done = 0;
            for round in 0..25_usize {
                let (one, other) = ((me + round) % 6, (me * 5 + round * 3 + 1) % 6);
                let mut writes = Vec::new();
                for (place, takes) in [(one, other), (other, one)] {
                    let name = format!("r{place}");
                    let read = store.get(&id(&name)).await.expect("no failure");
                    let revision = read.expect("there").revision.number();
                    writes.push(next(row(&name, &[takes, 10 + takes]), revision));
                }
                // Some write both requests, in either order; some write one, or a new one.
                match (me + round) % 4 {
                    0 => writes.truncate(1),
                    1 => writes.reverse(),
                    2 => writes[1] = first(row(&format!("n{me}-{round}"), &[other, 20 + one])),
                    _ => {}
                }
                match store.commit(&writes).await {
                    Ok(_) => done += 1,
                    Err(StoreError::Conflict { .. } | StoreError::NumberTaken { .. }) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
            done
        }));
    }
    let mut done = 0;
    for writer in writers {
        done += writer.await.expect("no panic");
    }
    assert!(done > 0);
    // Locks are taken in one order, so nobody had to be ended for another.
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    let deadlocks = database.client().await.query_one(deadlocks, &[]).await;
    assert_eq!(deadlocks.expect("a view").get::<_, i64>(0), 0);
    let found = writer.find(&Find::All, &Page::first(500)).await;
    let mut held = BTreeSet::new();
    for found in found.expect("a store") {
        let read = writer.get(&found.row.id).await.expect("a store");
        let read = read.expect("there");
        assert_eq!(read.revision.number(), read.events.len() as u64);
        for number in read.row.numbers {
            assert!(held.insert(number), "{number} is held twice");
        }
    }
}

#[tokio::test]
async fn who_wants_a_number_that_another_is_just_taking_waits_for_how_that_ends() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    for (ends, taken) in [("COMMIT", true), ("ROLLBACK", false)] {
        let database = server.database().await;
        let store = store(&database).await;
        let writes = [first(row("a", &[1])), first(row("b", &[2]))];
        store.commit(&writes).await.expect("free");
        let client = database.client().await;
        let other = "BEGIN; INSERT INTO snap_port_numbers (number, request, held) \
                     VALUES ('+14155550003', 'b', true)";
        client.batch_execute(other).await.expect("it may");
        let ours = tokio::spawn({
            let store = store.clone();
            async move { store.commit(&[next(row("a", &[1, 3]), 1)]).await }
        });
        until_somebody_waits(&database.client().await, || ours.is_finished()).await;
        client.batch_execute(ends).await.expect("it may");
        let ours = ours.await.expect("no panic");
        let Err(StoreError::NumberTaken { number: which, by }) = ours else {
            assert!(!taken);
            assert_eq!(ours.expect("it is free"), [Revision::from_number(2)]);
            continue;
        };
        assert_eq!((taken, which, by), (true, number(3), id("b")));
    }
}

/// Until a session waits for a lock; fails once it has `missed` that.
pub(super) async fn until_somebody_waits(
    client: &tokio_postgres::Client,
    missed: impl Fn() -> bool,
) {
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
                 AND datname = current_database()";
    for _ in 0..100_000 {
        let waits = client.query_one(waits, &[]).await.expect("a view");
        if waits.get::<_, i64>(0) > 0 {
            return;
        }
        assert!(!missed(), "it did not wait");
    }
    panic!("it does not get there");
}

#[tokio::test]
async fn a_worker_that_died_loses_its_claim_and_disturbs_nobody() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let (dead, alive) = (store(&database).await, store(&database).await);
    dead.commit(&[first(row("a", &[1]))]).await.expect("free");
    let lost = dead.claim(&ask("dead", 9)).await.expect("due").remove(0);
    assert!(
        alive
            .claim(&ask("alive", 9))
            .await
            .expect("held")
            .is_empty()
    );
    let mut later = ask("alive", 9);
    later.now = minutes(10);
    later.until = minutes(20);
    let taken = alive.claim(&later).await.expect("due").remove(0);
    assert!(taken.lease.token > lost.lease.token);
    let both = [lost.lease, taken.lease.clone()];
    let renewed = dead.renew(&both, minutes(30)).await.expect("a store");
    assert_eq!(renewed, [taken.lease]);
}

#[tokio::test]
async fn a_peer_that_hangs_with_locks_loses_them() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let store = hasty(database.url()).await;
    let writes = [first(row("a", &[1])), first(row("b", &[2]))];
    store.commit(&writes).await.expect("free");
    // What a store of ours says at the start of each session, and then nothing more.
    let hung = database.client().await;
    let hang = "SET idle_in_transaction_session_timeout = 1500; BEGIN; \
                SELECT 1 FROM snap_port_requests WHERE id = 'a' FOR UPDATE";
    hung.batch_execute(hang).await.expect("it may");
    // What it holds is passed over, waited for a while, and then free.
    let claimed = store.claim(&ask("w", 9)).await.expect("due");
    let names: Vec<_> = claimed
        .iter()
        .map(|claim| claim.lease.request.as_str())
        .collect();
    assert_eq!(names, ["b"]);
    is_busy(store.commit(&[next(row("a", &[1]), 1)]).await);
    is_busy(store.wake(&[id("a")], minutes(0)).await);
    for _ in 0..100 {
        match store.commit(&[next(row("a", &[1]), 1)]).await {
            Err(StoreError::Busy(_)) => {}
            other => {
                assert_eq!(other.expect("it is free"), [Revision::from_number(2)]);
                return;
            }
        }
    }
    panic!("the lock was never lost");
}

#[tokio::test]
async fn every_session_of_a_store_is_told_not_to_wait_for_ever() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let client = database.client().await;
    let lax = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', \
               current_database()); EXECUTE format('ALTER DATABASE %I SET \
               default_transaction_isolation = serializable', current_database()); END $$";
    client.batch_execute(lax).await.expect("our own database");
    let store = hasty(database.url()).await;
    // A trigger sees with the store's own eyes.
    let note = "CREATE TABLE noted (name text, value text);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO noted SELECT name, setting FROM pg_settings; RETURN NULL;
        END $$;
        CREATE TRIGGER note AFTER INSERT ON snap_port_events
            FOR EACH STATEMENT EXECUTE FUNCTION note()";
    client.batch_execute(note).await.expect("our own database");
    store.commit(&[first(row("a", &[1]))]).await.expect("free");
    for (name, expected) in [
        ("lock_timeout", "300"),
        ("statement_timeout", "1200"),
        ("idle_in_transaction_session_timeout", "1200"),
        ("synchronous_commit", "on"),
        ("transaction_isolation", "read committed"),
        ("application_name", "snap-port"),
    ] {
        let noted = "SELECT value FROM noted WHERE name = $1";
        let noted = client.query_one(noted, &[&name]).await.expect("noted");
        assert_eq!(noted.get::<_, String>(0), expected, "{name}");
    }
}

#[tokio::test]
async fn a_claim_looks_at_what_is_due_and_not_at_what_is_stored() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let writer = store(&database).await;
    for part in 0..10 {
        let names = (0..500).map(|place| format!("r{part}-{place:03}"));
        let writes: Vec<_> = names
            .enumerate()
            .map(|(place, name)| {
                let mut row = row(&name, &[]);
                row.due = Some(minutes(if place < 2 { 0 } else { 100 }));
                first(row)
            })
            .collect();
        writer.commit(&writes).await.expect("free");
    }
    let client = database.client().await;
    client.batch_execute("ANALYZE").await.expect("we may");
    drop(writer);
    let before = looked_at(&client).await;
    let claimer = store(&database).await;
    for round in 0..10 {
        // The first few of a session are planned for the values at hand, later ones for any.
        let claimed = claimer.claim(&ask("w", 2)).await.expect("due");
        assert_eq!(claimed.len(), 2, "{round}");
    }
    assert!(
        claimer
            .claim(&ask("w", 100))
            .await
            .expect("none")
            .is_empty()
    );
    drop(claimer);
    let looked = looked_at(&client).await - before;
    // Each of the 20 is looked at a few times, and again where it is stepped over.
    assert!(looked < 1000, "{looked} rows were looked at");
}

/// How many rows of requests the server has looked at, once all stores have hung up: sessions tell
/// when they end.
async fn looked_at(client: &tokio_postgres::Client) -> i64 {
    let others = "SELECT count(*) FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for _ in 0..100_000 {
        let others = client.query_one(others, &[]).await.expect("a view");
        if others.get::<_, i64>(0) == 0 {
            break;
        }
    }
    let looked = "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables \
                  WHERE relname = 'snap_port_requests'";
    let looked = client.query_one(looked, &[]).await;
    looked.expect("a view").get(0)
}
