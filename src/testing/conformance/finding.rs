//! Looking requests up.

use super::super::sample;
use super::stage::{
    ask, at, back, carrier, change, claim, claim_one, due, find, found, get, holding, id, names,
    numbers, order, put, row, trouble, worker,
};
use crate::people::Party;
use crate::request::Status;
use crate::store::{Find, GiveBack, Page, PortStore, RequestRow, Revision, TroubleKind};

/// Requests are found by state.
pub async fn requests_are_found_by_state(store: &dyn PortStore) {
    for (index, status) in Status::ALL.into_iter().enumerate() {
        for twin in ["a", "b"] {
            let name = format!("{twin}{index}");
            put(
                store,
                [RequestRow {
                    status,
                    ..row(&name)
                }],
            )
            .await;
        }
    }
    change(store, "b0", |row| row.status = Status::Sealed).await;
    for (status, expected) in [
        (Status::Draft, vec!["a0"]),
        (Status::Sealed, vec!["a1", "b0", "b1"]),
        (Status::Cancelled, vec!["a8", "b8"]),
    ] {
        assert_eq!(names(&find(store, &Find::Status(status)).await), expected);
    }
    assert_eq!(find(store, &Find::All).await.len(), 18);
}

/// Requests are found by whose move it is, and those that wait on anybody.
pub async fn requests_are_found_by_whose_move_it_is(store: &dyn PortStore) {
    let waiting = |name: &str, party: Option<Party>| RequestRow {
        waiting_on: party,
        waiting_since: party.map(|_| at(0)),
        ..row(name)
    };
    for (index, party) in Party::ALL.into_iter().enumerate() {
        let name = format!("r{index}");
        put(store, [waiting(&name, Some(party))]).await;
        assert_eq!(
            names(&find(store, &Find::WaitingOn(party)).await),
            [name.as_str()]
        );
    }
    put(
        store,
        [waiting("a", None), waiting("z", Some(Party::Staff))],
    )
    .await;
    let all = find(store, &Find::Waiting).await;
    assert_eq!(names(&all), ["r0", "r1", "r2", "r3", "r4", "z"]);
    let staff = find(store, &Find::WaitingOn(Party::Staff)).await;
    assert_eq!(names(&staff), ["r3", "z"]);
    change(store, "z", |row| {
        (row.waiting_on, row.waiting_since) = (None, None)
    })
    .await;
    assert_eq!(find(store, &Find::Waiting).await.len(), 5);
}

/// Requests are found by a carrier's order: all parts of one that was split, none of another
/// carrier's order of the same name.
pub async fn requests_are_found_by_order(store: &dyn PortStore) {
    let with = |name: &str, by: &str, text: Option<&str>| RequestRow {
        carrier: carrier(by),
        order: text.map(order),
        ..row(name)
    };
    put(
        store,
        [
            with("whole", "one", Some("T-1")),
            with("part", "one", Some("T-1")),
            with("other", "two", Some("T-1")),
            with("next", "one", Some("T-2")),
            with("none", "one", None),
        ],
    )
    .await;
    let by = |by: &str, text: &str| Find::Order(carrier(by), order(text));
    assert_eq!(
        names(&find(store, &by("one", "T-1")).await),
        ["part", "whole"]
    );
    assert_eq!(names(&find(store, &by("two", "T-1")).await), ["other"]);
    assert_eq!(names(&find(store, &by("two", "T-2")).await), [""; 0]);
    change(store, "next", |row| row.order = Some(order("T-1"))).await;
    assert_eq!(find(store, &by("one", "T-1")).await.len(), 3);
}

/// Requests are found by a number they list, drafts and those that have ended too.
pub async fn requests_are_found_by_number(store: &dyn PortStore) {
    let ended = RequestRow {
        status: Status::Cancelled,
        holds_numbers: false,
        ..holding("ended", 0..2)
    };
    let draft = RequestRow {
        numbers: numbers([1, 0]),
        ..row("draft")
    };
    put(store, [ended, draft, holding("live", [2, 1]), row("none")]).await;
    let by = |index: usize| Find::Number(sample::number(index));
    assert_eq!(names(&find(store, &by(0)).await), ["draft", "ended"]);
    assert_eq!(
        names(&find(store, &by(1)).await),
        ["draft", "ended", "live"]
    );
    assert_eq!(names(&find(store, &by(3)).await), [""; 0]);
    change(store, "draft", |row| row.numbers = numbers([3])).await;
    assert_eq!(names(&find(store, &by(0)).await), ["ended"]);
    assert_eq!(names(&find(store, &by(3)).await), ["draft"]);
}

/// Requests are found by the trouble they are in, of any kind, until it is cleared.
pub async fn requests_are_found_by_trouble(store: &dyn PortStore) {
    for (minute, kind) in (0..).zip(TroubleKind::ALL) {
        put(
            store,
            [
                due(kind.name(), minute),
                row(&format!("no-{}", kind.name())),
            ],
        )
        .await;
        let lease = claim_one(store, "w", minute).await;
        let back = GiveBack {
            trouble: Some(trouble(kind, "as it is")),
            ..back(Some(60), Revision::FIRST)
        };
        store.give_back(&lease, &back).await.expect("a claim");
    }
    let troubled = find(store, &Find::Troubled).await;
    assert_eq!(names(&troubled), ["drift", "stuck", "unreadable"]);
    for claimed in claim(store, &ask("w", 60)).await {
        let back = back(None, Revision::FIRST);
        store
            .give_back(&claimed.lease, &back)
            .await
            .expect("a claim");
    }
    assert_eq!(find(store, &Find::Troubled).await, []);
}

/// What is found comes by name in the order of its bytes, whatever it is found by.
pub async fn what_is_found_comes_in_the_byte_order_of_names(store: &dyn PortStore) {
    let sorted = [
        "-b", ".a", "0", "10", "9", "A", "AA", "A_", "Z", "_", "a", "a-", "aB", "ab",
    ];
    let waiting = |name: &&str| RequestRow {
        waiting_on: Some(Party::Staff),
        waiting_since: Some(at(0)),
        order: Some(order("T-1")),
        numbers: numbers([0]),
        due: Some(at(0)),
        ..row(name)
    };
    put(store, sorted.iter().rev().map(waiting)).await;
    for claimed in claim(store, &ask("w", 0)).await {
        let back = GiveBack {
            trouble: Some(trouble(TroubleKind::Drift, "")),
            ..back(None, Revision::FIRST)
        };
        store
            .give_back(&claimed.lease, &back)
            .await
            .expect("a claim");
    }
    for meant in [
        Find::All,
        Find::Status(Status::Draft),
        Find::Waiting,
        Find::WaitingOn(Party::Staff),
        Find::Order(sample::carrier(), order("T-1")),
        Find::Number(sample::number(0)),
        Find::Troubled,
    ] {
        assert_eq!(names(&find(store, &meant).await), sorted, "{meant:?}");
        // Page by page; a page may begin after a name that is not there.
        let mut page = Page::first(4);
        let mut paged = Vec::new();
        loop {
            let part = store.find(&meant, &page).await.expect("a search");
            assert!(part.len() <= 4);
            let Some(last) = part.last() else { break };
            page = Page::after(last.row.id.clone(), 4);
            paged.extend(names(&part).into_iter().map(str::to_owned));
        }
        assert_eq!(paged, sorted, "{meant:?}");
        let page = Page::after(id("B"), 2);
        let part = store.find(&meant, &page).await.expect("a search");
        assert_eq!(names(&part), ["Z", "_"], "{meant:?}");
        let none = store.find(&meant, &Page::first(0)).await.expect("a search");
        assert_eq!(none, [], "{meant:?}");
        let all = store.find(&meant, &Page::first(usize::MAX)).await;
        assert_eq!(all.expect("a search").len(), sorted.len());
    }
}

/// What is found shows its row, revision, trouble and lease; a lease shows after it has ended, until
/// it is given back.
pub async fn what_is_found_shows_all_but_the_history(store: &dyn PortStore) {
    let full = RequestRow {
        order: Some(order("T-1")),
        waiting_on: Some(Party::Registry),
        waiting_since: Some(at(-9)),
        due: Some(at(0)),
        draft: Some(b"{}".to_vec()),
        ..holding("a", 0..3)
    };
    put(store, [full.clone()]).await;
    change(store, "a", |_| ()).await;
    let revision = get(store, "a").await.revision;
    let seen = found(store, "a").await;
    assert_eq!((seen.row, seen.revision), (full, revision));
    assert_eq!((seen.trouble, seen.leased), (None, None));

    let lease = claim_one(store, "w-1", 0).await;
    assert_eq!(
        found(store, "a").await.leased,
        Some((worker("w-1"), at(10)))
    );
    claim_one(store, "w-2", 10).await;
    assert_eq!(
        found(store, "a").await.leased,
        Some((worker("w-2"), at(20)))
    );
    assert!(
        store
            .give_back(&lease, &back(None, revision))
            .await
            .is_err()
    );
    assert_eq!(
        found(store, "a").await.leased,
        Some((worker("w-2"), at(20)))
    );
    let lease = claim_one(store, "w-3", 20).await;
    store
        .give_back(&lease, &back(None, revision))
        .await
        .expect("a claim");
    assert_eq!(found(store, "a").await.leased, None);
}
