//! Who works at what is due.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::super::sample;
use super::run::turn;
use super::stage::{
    ask, at, back, carrier, change, claim, claim_at, claim_one, due, expect_lost, found, get, id,
    outbox, put, row, trouble, worker,
};
use crate::request::Status;
use crate::store::{
    ClaimAsk, GiveBack, Lease, PortStore, Position, RequestRow, Revision, TroubleKind,
};

/// What is due is claimed, those due first first, then by name in the order of bytes; what is due
/// later, or never, is not.
pub async fn what_is_due_is_claimed_in_its_order(store: &dyn PortStore) {
    let rows = [
        ("b", 5),
        ("z", 3),
        ("B", 5),
        ("a", 5),
        ("-", 9),
        ("later", 10),
    ];
    put(store, rows.map(|(name, minutes)| due(name, minutes))).await;
    put(store, [row("never")]).await;
    assert_eq!(claim_at(store, 2).await, [""; 0]);
    assert_eq!(claim_at(store, 9).await, ["z", "B", "a", "b", "-"]);
    assert_eq!(claim_at(store, 10).await, ["later"]);
}

/// No more are claimed than asked for, and those first that were due first.
pub async fn no_more_is_claimed_than_asked_for(store: &dyn PortStore) {
    put(store, (0..5).map(|i| due(&format!("r{i}"), -i))).await;
    for (limit, expected) in [
        (0, vec![]),
        (2, vec!["r4", "r3"]),
        (1, vec!["r2"]),
        (usize::MAX, vec!["r1", "r0"]),
    ] {
        let claimed = claim(
            store,
            &ClaimAsk {
                limit,
                ..ask("w", 0)
            },
        )
        .await;
        let names: Vec<_> = claimed.iter().map(|c| c.lease.request.as_str()).collect();
        assert_eq!(names, expected);
    }
}

/// Only requests of the carriers that were asked for are claimed, each once, in one order.
pub async fn only_the_carriers_asked_for_are_claimed(store: &dyn PortStore) {
    let of = |name: &str, by: &str, minutes: i64| RequestRow {
        carrier: carrier(by),
        ..due(name, minutes)
    };
    put(
        store,
        [
            of("a", "one", 3),
            of("b", "two", 2),
            of("c", "one", 1),
            of("d", "One", 0),
        ],
    )
    .await;
    let carriers = |names: &[&str]| ClaimAsk {
        carriers: names.iter().map(|name| carrier(name)).collect(),
        ..ask("w", 5)
    };
    assert_eq!(claim(store, &carriers(&[])).await, []);
    assert_eq!(claim(store, &carriers(&["three"])).await, []);
    let claimed = claim(store, &carriers(&["two", "one", "two"])).await;
    let names: Vec<_> = claimed.iter().map(|c| c.lease.request.as_str()).collect();
    assert_eq!(names, ["c", "b", "a"]);
}

/// A claim says since when the request is due and what stood in its way.
pub async fn a_claim_says_what_is_known(store: &dyn PortStore) {
    put(store, [due("a", -3)]).await;
    let claimed = claim(store, &ask("w", 0)).await.remove(0);
    assert_eq!((claimed.due, claimed.trouble), (at(-3), None));
    let met = trouble(TroubleKind::Stuck, "no answer");
    let give = GiveBack {
        trouble: Some(met.clone()),
        ..back(Some(2), Revision::FIRST)
    };
    store
        .give_back(&claimed.lease, &give)
        .await
        .expect("a claim");
    let claimed = claim(store, &ask("w", 5)).await.remove(0);
    assert_eq!((claimed.due, claimed.trouble), (at(2), Some(met)));
}

/// What one is given no other is, while both ask at the same time; nothing that is due is left.
pub async fn no_two_claims_overlap(store: &dyn PortStore) {
    put(store, (0..60).map(|i| due(&format!("r{i}"), -i))).await;
    for round in 0..3 {
        let workers = (0..8).map(|i| async move {
            let ask = ClaimAsk {
                limit: 3,
                ..ask(&format!("w{i}"), 10 * round)
            };
            let mut leases = Vec::new();
            loop {
                turn().await;
                let claimed = claim(store, &ask).await;
                if claimed.is_empty() {
                    return (ask.worker, leases);
                }
                leases.extend(claimed.into_iter().map(|claimed| claimed.lease));
            }
        });
        let mut given = BTreeMap::new();
        for (worker, leases) in join_all(workers).await {
            for lease in leases {
                let token = (lease.token, worker.clone());
                let twice = given.insert(lease.request.clone(), token);
                assert_eq!(twice, None, "{} was claimed twice", lease.request);
            }
        }
        // Where others look just then, one may find less than there is.
        for claimed in claim(store, &ask("last", 10 * round)).await {
            let token = (claimed.lease.token, worker("last"));
            let twice = given.insert(claimed.lease.request, token);
            assert_eq!(twice, None);
        }
        assert_eq!(given.len(), 60);
        for (request, (_, worker)) in given {
            let until = at(10 * round + 10);
            assert_eq!(
                found(store, request.as_str()).await.leased,
                Some((worker, until))
            );
        }
    }
}

/// Several that claim, look and give back at the same time never hold one request at once.
pub async fn claims_change_hands_one_by_one(store: &dyn PortStore) {
    put(store, (0..6).map(|i| due(&format!("r{i}"), 0))).await;
    let held = std::sync::Mutex::new(BTreeSet::new());
    // No promise depends on it, so that a panic in one test is not told as another.
    let lock = || {
        held.lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    };
    let workers = (0..6).map(|i| async move {
        let ask = ClaimAsk {
            limit: 2,
            ..ask(&format!("w{i}"), 0)
        };
        let mut leases = Vec::new();
        for _ in 0..12 {
            for claimed in claim(store, &ask).await {
                let lease = claimed.lease;
                assert!(
                    lock().insert(lease.request.clone()),
                    "{lease:?} is held twice"
                );
                turn().await;
                assert!(lock().remove(&lease.request));
                let again = back(Some(0), Revision::FIRST);
                store.give_back(&lease, &again).await.expect("a claim");
                leases.push(lease);
            }
            turn().await;
        }
        leases
    });
    let leases: Vec<Lease> = join_all(workers).await.into_iter().flatten().collect();
    assert!(!leases.is_empty(), "somebody is given something");
    let distinct: BTreeSet<_> = leases
        .iter()
        .map(|l| (l.request.clone(), l.token))
        .collect();
    assert_eq!(distinct.len(), leases.len(), "no token is given twice");
}

/// A claim ends when its lease does: from then on another may take the request over, with a higher
/// token, and the first is told that it is lost.
pub async fn a_lease_that_ended_is_taken_over(store: &dyn PortStore) {
    put(store, [due("a", 0)]).await;
    let first = claim_one(store, "w-1", 0).await;
    let micro = TimeDelta::microseconds(1);
    let just_before = ClaimAsk {
        now: at(10) - micro,
        ..ask("w-2", 10)
    };
    assert_eq!(claim(store, &just_before).await, []);
    let second = claim_one(store, "w-2", 10).await;
    assert!(second.token > first.token);
    let lost = store
        .give_back(&first, &back(Some(1), Revision::FIRST))
        .await;
    expect_lost(lost, "a");
    assert_eq!(
        claim_at(store, 19).await,
        [""; 0],
        "the second still holds it"
    );
    store
        .give_back(&second, &back(None, Revision::FIRST))
        .await
        .expect("a claim");
}

/// Each claim of a request has a higher token than the one before, whether that was given back or
/// ended; it changes neither revision, history nor outbox.
pub async fn each_claim_has_a_higher_token(store: &dyn PortStore) {
    put(store, [due("a", 0)]).await;
    let mut last = 0;
    for round in 0..6 {
        let lease = claim_one(store, "w", 20 * round).await;
        assert_eq!(lease.request, id("a"));
        assert!(lease.token > last, "{} after {last}", lease.token);
        last = lease.token;
        if round % 2 == 0 {
            let again = back(Some(0), Revision::FIRST);
            store.give_back(&lease, &again).await.expect("a claim");
        }
    }
    let stored = get(store, "a").await;
    assert_eq!((stored.revision, stored.events.len()), (Revision::FIRST, 1));
    assert_eq!(outbox(store, Position::START).await.len(), 1);
}

/// A due time beyond the horizon was set by a clock that was ahead: it is due now, after what was
/// due before. One at the horizon is not.
pub async fn what_is_due_beyond_the_horizon_is_due(store: &dyn PortStore) {
    let at_horizon = ask("w", 0).horizon;
    let beyond = at_horizon + TimeDelta::microseconds(1);
    for (name, due) in [("at", at_horizon), ("beyond", beyond), ("now", at(0))] {
        let due = Some(due);
        put(store, [RequestRow { due, ..row(name) }]).await;
    }
    assert_eq!(claim_at(store, 0).await, ["now", "beyond"]);
}

/// The end of a lease beyond the horizon counts no more; one at the horizon does.
pub async fn a_lease_beyond_the_horizon_counts_no_more(store: &dyn PortStore) {
    put(store, [due("a", 0)]).await;
    let horizon = ask("w", 0).horizon;
    for (until, free) in [
        (horizon, false),
        (horizon + TimeDelta::microseconds(1), true),
    ] {
        let far = ClaimAsk {
            until,
            now: at(0),
            // This clock was ahead, so that it takes over what the one before took.
            horizon: at(0),
            ..ask("ahead", 0)
        };
        assert_eq!(claim(store, &far).await.len(), 1);
        let claimed = claim(
            store,
            &ClaimAsk {
                limit: 1,
                ..ask("w", 0)
            },
        )
        .await;
        assert_eq!(!claimed.is_empty(), free, "until {until}");
    }
}

/// A write is not held to any claim and leaves it as it is: whoever holds it still does.
pub async fn a_write_leaves_a_claim_as_it_is(store: &dyn PortStore) {
    put(store, [due("a", 0)]).await;
    let lease = claim_one(store, "w", 0).await;
    let revision = change(store, "a", |row| row.status = Status::Sealed).await;
    assert_eq!(claim_at(store, 5).await, [""; 0], "it is still held");
    assert_eq!(found(store, "a").await.leased, Some((worker("w"), at(10))));
    store
        .give_back(&lease, &back(Some(1), revision))
        .await
        .expect("a claim");
    // Nor does a later claim keep a writer away.
    claim_one(store, "w", 5).await;
    change(store, "a", |row| row.due = Some(at(2))).await;
    assert_eq!(claim_at(store, 14).await, [""; 0], "it is held until 15");
    assert_eq!(claim_at(store, 15).await, ["a"]);
}

/// What a carrier's requests are claimed for is their row as it was written last.
pub async fn a_claim_goes_by_the_row_as_it_was_written_last(store: &dyn PortStore) {
    put(store, [due("a", 0), due("b", 0), row("c")]).await;
    change(store, "a", |row| row.carrier = carrier("other")).await;
    change(store, "b", |row| row.due = Some(at(7))).await;
    change(store, "c", |row| row.due = Some(at(-1))).await;
    assert_eq!(claim_at(store, 0).await, ["c"]);
    let other = ClaimAsk {
        carriers: vec![carrier("other"), sample::carrier()],
        ..ask("w", 7)
    };
    assert_eq!(claim(store, &other).await.len(), 2);
}
