//! Claims made longer, and given back.

use super::stage::{
    ask, at, back, change, claim, claim_at, claim_one, due, due_of, everything, expect_lost, found,
    get, id, put, renew, renewed, row, trouble, worker,
};
use crate::store::{ClaimAsk, GiveBack, Lease, PortStore, Revision, TroubleKind};

/// A claim is made to last longer, or less long.
pub async fn a_claim_is_renewed(store: &dyn PortStore) {
    put(store, [due("a", 0), due("b", 0)]).await;
    let claimed = claim(store, &ask("w", 0)).await;
    let leases: Vec<_> = claimed.into_iter().map(|claimed| claimed.lease).collect();
    assert!(renewed(store, &leases[0], 30).await);
    assert_eq!(found(store, "a").await.leased, Some((worker("w"), at(30))));
    assert_eq!(claim_at(store, 29).await, ["b"], "only the other one ended");
    assert!(renewed(store, &leases[0], 5).await);
    assert_eq!(claim_at(store, 5).await, ["a"]);
    assert_eq!(renew(store, &[], 5).await, []);
}

/// A lease that has ended but that nobody took over is still held: it can be renewed and given back,
/// also after others have looked for what is due.
pub async fn a_lease_that_nobody_took_over_is_still_held(store: &dyn PortStore) {
    put(store, [due("a", 0)]).await;
    let lease = claim_one(store, "w", 0).await;
    let look = async |now: i64| {
        let nothing = ClaimAsk {
            limit: 0,
            ..ask("other", now)
        };
        assert_eq!(claim(store, &nothing).await, []);
    };
    look(20).await;
    assert!(renewed(store, &lease, 30).await);
    assert_eq!(claim_at(store, 29).await, [""; 0]);
    look(40).await;
    let back = back(Some(90), Revision::FIRST);
    store.give_back(&lease, &back).await.expect("still held");
    assert_eq!(due_of(store, "a").await, Some(at(90)));
}

/// What is held no more is not renewed; those that are come in the order asked.
pub async fn what_is_held_no_more_is_not_renewed(store: &dyn PortStore) {
    put(store, ["a", "b", "c", "d"].map(|name| due(name, 0))).await;
    let claimed = claim(store, &ask("w", 0)).await;
    let leases: Vec<_> = claimed.into_iter().map(|claimed| claimed.lease).collect();
    let never = back(None, Revision::FIRST);
    store.give_back(&leases[1], &never).await.expect("a claim");
    let wrong = Lease {
        token: leases[2].token + 1,
        ..leases[2].clone()
    };
    let old = Lease {
        token: leases[2].token.wrapping_sub(1),
        ..leases[2].clone()
    };
    let absent = Lease {
        request: id("nobody"),
        token: leases[0].token,
    };
    let asked = [
        leases[3].clone(),
        wrong,
        leases[0].clone(),
        old,
        leases[1].clone(),
        absent,
    ];
    let held = renew(store, &asked, 30).await;
    assert_eq!(held, [leases[3].clone(), leases[0].clone()]);
    // The one of whom a wrong token was shown ended as before, and so it is taken over.
    assert_eq!(claim_at(store, 10).await, ["c"]);
    assert!(!renewed(store, &leases[2], 40).await);
}

/// A request that is given back is due when the worker says, or never.
pub async fn what_is_given_back_is_due_when_the_worker_says(store: &dyn PortStore) {
    put(store, [due("a", 0), due("b", 0)]).await;
    let claimed = claim(store, &ask("w", 0)).await;
    // Later than it was due, so the worker's word counts, not the earlier time.
    for (claimed, next) in claimed.iter().zip([Some(5), None]) {
        let back = back(next, Revision::FIRST);
        store
            .give_back(&claimed.lease, &back)
            .await
            .expect("a claim");
    }
    assert_eq!(due_of(store, "a").await, Some(at(5)));
    assert_eq!(due_of(store, "b").await, None);
    assert_eq!(claim_at(store, 4).await, [""; 0]);
    assert_eq!(claim_at(store, 5).await, ["a"], "nobody holds it");
}

/// A claim is given back once, and only by whoever holds it; otherwise the request is left as it is.
pub async fn a_claim_is_given_back_once(store: &dyn PortStore) {
    put(store, [due("a", 0), row("b")]).await;
    let lease = claim_one(store, "w", 0).await;
    let met = GiveBack {
        trouble: Some(trouble(TroubleKind::Drift, "as it is")),
        ..back(Some(0), Revision::FIRST)
    };
    store.give_back(&lease, &met).await.expect("a claim");
    let before = everything(store).await;
    let again = back(Some(9), Revision::FIRST);
    expect_lost(store.give_back(&lease, &again).await, "a");
    assert_eq!(everything(store).await, before);

    let second = claim_one(store, "w", 0).await;
    let before = everything(store).await;
    for token in [lease.token, second.token + 1, u64::MAX] {
        let wrong = Lease {
            token,
            ..second.clone()
        };
        expect_lost(store.give_back(&wrong, &again).await, "a");
    }
    for (name, token) in [("b", 0), ("b", 1), ("nobody", second.token)] {
        let request = id(name);
        let wrong = Lease { request, token };
        expect_lost(store.give_back(&wrong, &again).await, name);
    }
    assert_eq!(everything(store).await, before);
    store
        .give_back(&second, &again)
        .await
        .expect("the one that holds it");
}

/// Where another wrote a revision the worker has not seen, that one's due time stands if it is
/// earlier; and if it is never, nothing makes it due.
pub async fn what_another_wrote_stands_where_it_is_earlier(store: &dyn PortStore) {
    for (name, written, worker, expected) in [
        ("earlier", Some(3), Some(5), Some(3)),
        ("later", Some(7), Some(5), Some(5)),
        ("never", None, Some(5), None),
        ("worker-never", Some(7), None, Some(7)),
        ("both-never", None, None, None),
    ] {
        put(store, [due(name, 0)]).await;
        let lease = claim_one(store, "w", 0).await;
        change(store, name, |row| row.due = written.map(at)).await;
        let back = back(worker, Revision::FIRST);
        store.give_back(&lease, &back).await.expect("a claim");
        assert_eq!(due_of(store, name).await, expected.map(at), "{name}");
    }
}

/// What the worker wrote itself, and so has seen, does not count as another's.
pub async fn what_the_worker_has_seen_does_not_bind_it(store: &dyn PortStore) {
    for (name, written, worker) in [
        ("later", Some(3), Some(5)),
        ("earlier", Some(7), Some(5)),
        ("from-never", None, Some(5)),
        ("to-never", Some(3), None),
    ] {
        put(store, [due(name, 0)]).await;
        let lease = claim_one(store, "w", 0).await;
        let seen = change(store, name, |row| row.due = written.map(at)).await;
        store
            .give_back(&lease, &back(worker, seen))
            .await
            .expect("a claim");
        assert_eq!(due_of(store, name).await, worker.map(at), "{name}");
    }
}

/// A worker that could not read which revision there is has its word over any; a waking stands all
/// the same.
pub async fn what_could_not_be_read_is_put_off(store: &dyn PortStore) {
    for (name, written, woken, worker, expected) in [
        ("as-it-was", None, None, Some(5), Some(5)),
        ("later", Some(7), None, Some(5), Some(5)),
        ("earlier", Some(3), None, Some(5), Some(5)),
        ("woken", None, Some(4), Some(5), Some(4)),
        ("woken-late", None, Some(6), Some(5), Some(5)),
        ("written-and-woken", Some(2), Some(4), Some(5), Some(4)),
        ("never", Some(7), Some(4), None, None),
    ] {
        put(store, [due(name, 0)]).await;
        let lease = claim_one(store, "w", 0).await;
        if let Some(woken) = woken {
            store.wake(&[id(name)], at(woken)).await.expect("one");
        }
        if let Some(written) = written {
            change(store, name, |row| row.due = Some(at(written))).await;
        }
        let unread = GiveBack {
            due: worker.map(at),
            seen: None,
            trouble: Some(trouble(TroubleKind::Unreadable, "a stain")),
        };
        store.give_back(&lease, &unread).await.expect("a claim");
        assert_eq!(due_of(store, name).await, expected.map(at), "{name}");
    }
}

/// Giving back sets what stands in the way, or clears it; nothing written does either, nor does
/// a claim or a renewal.
pub async fn trouble_is_set_and_cleared_by_giving_back(store: &dyn PortStore) {
    put(store, [due("a", 0)]).await;
    let met = trouble(TroubleKind::Stuck, "no answer");
    let other = trouble(TroubleKind::Drift, "another order");
    for trouble in [Some(met), Some(other), None] {
        let lease = claim_one(store, "w", 0).await;
        let revision = get(store, "a").await.revision;
        let back = GiveBack {
            trouble: trouble.clone(),
            ..back(Some(0), revision)
        };
        store.give_back(&lease, &back).await.expect("a claim");
        assert_eq!(found(store, "a").await.trouble, trouble);
        assert_eq!(get(store, "a").await.trouble, trouble);
        change(store, "a", |_| ()).await;
        assert_eq!(
            found(store, "a").await.trouble,
            trouble,
            "a write leaves it"
        );
        let claimed = claim(store, &ask("w", 0)).await.remove(0);
        assert_eq!(claimed.trouble, trouble, "a claim shows it");
        assert!(renewed(store, &claimed.lease, 0).await);
        assert_eq!(
            found(store, "a").await.trouble,
            trouble,
            "a renewal leaves it"
        );
    }
}

/// A worker that was taken over cannot renew its lease back, however late its successor's ends.
pub async fn a_lost_claim_stays_lost(store: &dyn PortStore) {
    put(store, [due("a", 0)]).await;
    let first = claim_one(store, "w-1", 0).await;
    let second = claim_one(store, "w-2", 10).await;
    let both = [first, second];
    assert_eq!(renew(store, &both, 70).await, both[1..]);
    let [first, second] = &both;
    store
        .give_back(second, &back(Some(0), Revision::FIRST))
        .await
        .expect("a claim");
    assert_eq!(renew(store, &both, 90).await, []);
    expect_lost(
        store.give_back(first, &back(None, Revision::FIRST)).await,
        "a",
    );
    assert_eq!(claim_at(store, 10).await, ["a"]);
}
