//! Calls that nobody waits for any more. Each is tried once more after it was dropped, which comes
//! after it if it is still under way.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use super::run::turn;
use super::stage::{
    ask, back, claim, claim_at, due, due_of, entry, expect_conflict, expect_lost, first, found,
    get, holding, observer, outbox, put,
};
use crate::store::{PortStore, Position, Revision};

/// After how many polls a call is dropped.
const POLLS: [usize; 8] = [1, 2, 3, 4, 6, 9, 20, 100];

async fn dropped(call: impl Future, polls: usize) {
    let mut call = pin!(call);
    for _ in 0..polls {
        let poll = poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_ready()));
        if poll.await {
            return;
        }
        turn().await;
    }
}

/// A commit that is dropped is written whole or not at all, and once.
pub async fn what_is_dropped_is_written_whole_or_not_at_all(store: &dyn PortStore) {
    for (round, polls) in POLLS.into_iter().enumerate() {
        let (a, b) = (format!("a{round}"), format!("b{round}"));
        let writes = [
            first(holding(&a, [2 * round])),
            first(holding(&b, [2 * round + 1])),
        ];
        dropped(store.commit(&writes), polls).await;
        match store.commit(&writes).await {
            Ok(_) => {}
            written => expect_conflict(written, &a),
        }
        for name in [&a, &b] {
            let stored = get(store, name).await;
            assert_eq!(stored.revision, Revision::FIRST, "{name}");
            assert_eq!(stored.events, [entry(name, 0)], "{name}");
        }
    }
    let told = outbox(store, Position::START).await;
    let told: Vec<_> = told.into_iter().map(|event| event.bytes).collect();
    let rounds = 0..POLLS.len();
    let written: Vec<_> = rounds
        .flat_map(|round| ["a", "b"].map(|name| entry(&format!("{name}{round}"), 0)))
        .collect();
    assert_eq!(told, written, "each is told once");
}

/// What a claim that is dropped has taken is free again when its lease ends, and a give-back that is
/// dropped has given back or not.
pub async fn what_is_dropped_holds_no_request_for_ever(store: &dyn PortStore) {
    for (round, polls) in (0..).zip(POLLS) {
        let (name, now) = (format!("r{round}"), 100 * round);
        put(store, [due(&name, now)]).await;
        dropped(store.claim(&ask("dropped", now)), polls).await;
        let mut claimed = Vec::new();
        // While the first is under way, what it is at may be left out.
        for _ in 0..10_000 {
            claimed = claim(store, &ask("w", now + 10)).await;
            if !claimed.is_empty() {
                break;
            }
            turn().await;
        }
        let [claimed] = &claimed[..] else {
            panic!("{name} alone is due: {claimed:?}");
        };
        assert_eq!(claimed.lease.request.as_str(), name);
        assert_eq!(claim_at(store, now + 10).await, [""; 0], "it is held");
        let never = back(None, Revision::FIRST);
        dropped(store.give_back(&claimed.lease, &never), polls).await;
        match store.give_back(&claimed.lease, &never).await {
            Ok(()) => {}
            given => expect_lost(given, &name),
        }
        assert_eq!(found(store, &name).await.leased, None);
        assert_eq!(due_of(store, &name).await, None);
    }
}

/// A move of a cursor that is dropped has moved it or not.
pub async fn what_is_dropped_moves_a_cursor_once(store: &dyn PortStore) {
    let observer = observer("one");
    for (from, polls) in (0..).zip(POLLS) {
        let [from, to] = [from, from + 1].map(Position::from_number);
        dropped(store.move_cursor(&observer, from, to), polls).await;
        // Whichever of the two did it.
        store
            .move_cursor(&observer, from, to)
            .await
            .expect("a write");
        assert_eq!(store.cursor(&observer).await.expect("a read"), to);
    }
}
