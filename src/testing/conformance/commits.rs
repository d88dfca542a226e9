//! Reading, writing, revisions, histories.

use futures_util::future::{join, join_all};

use super::super::sample;
use super::run::turn;
use super::stage::{
    at, carrier, change, changed, entry, everything, expect_conflict, first, get, holding, id,
    numbers, order, put, row, submitted,
};
use crate::number::NumberList;
use crate::people::Party;
use crate::request::{AnyPortRequest, Status};
use crate::store::{PortStore, RequestRow, Revision, Write};

/// A request is read back as it was written, row and history, and can be replayed.
pub async fn what_is_written_is_read_back(store: &dyn PortStore) {
    let draft = sample::draft(id("draft"), sample::carrier(), sample::time());
    let sealed = sample::cleared(
        id("sealed"),
        sample::carrier(),
        sample::numbers(3),
        sample::time(),
    );
    for request in [AnyPortRequest::from(draft), sealed.into()] {
        let waiting = Some((Party::Staff, sample::time()));
        let row = RequestRow::of(&request, waiting, Some(sample::time())).expect("a row");
        let write = Write::first(row.clone(), &request).expect("a write");
        let revisions = store.commit(std::slice::from_ref(&write)).await;
        assert_eq!(revisions.expect("a first write"), [Revision::FIRST]);
        let stored = store.get(request.id()).await.expect("a read");
        let stored = stored.expect("it is there");
        assert_eq!(stored.row, row);
        assert_eq!(stored.revision, Revision::FIRST);
        assert_eq!(stored.events, write.events);
        assert_eq!(stored.read().expect("a record"), request);
    }
}

/// A request that was never written is not there, and has no history.
pub async fn what_was_never_written_is_not_there(store: &dyn PortStore) {
    put(store, [row("a")]).await;
    for name in ["b", "A", "a-", "-"] {
        assert_eq!(store.get(&id(name)).await.expect("a read"), None);
        let history = store.history(&id(name), 0, 9).await.expect("a read");
        assert!(history.is_empty());
    }
}

/// Every write makes the next revision; a commit gives those it made in the order of its writes.
pub async fn every_write_makes_the_next_revision(store: &dyn PortStore) {
    put(store, [row("a"), row("b")]).await;
    change(store, "b", |_| ()).await;
    let writes = [
        changed(store, "b", |_| ()).await,
        first(row("c")),
        changed(store, "a", |_| ()).await,
    ];
    let made = store.commit(&writes).await.expect("a write");
    assert_eq!(
        made.iter().map(|r| r.number()).collect::<Vec<_>>(),
        [3, 1, 2]
    );
    for (write, revision) in writes.iter().zip(made) {
        assert_eq!(write.makes(), revision);
        assert_eq!(get(store, write.row.id.as_str()).await.revision, revision);
    }
}

/// A write replaces the row whole and adds its entries to the history, which only grows; it may
/// add none.
pub async fn a_row_is_replaced_and_a_history_grows(store: &dyn PortStore) {
    let full = RequestRow {
        status: Status::Scheduled,
        order: Some(order("T-1")),
        numbers: numbers(0..3),
        holds_numbers: true,
        waiting_on: Some(Party::Carrier),
        waiting_since: Some(at(-5)),
        due: Some(at(5)),
        draft: Some(b"{}".to_vec()),
        carrier: carrier("other"),
        ..row("a")
    };
    let mut rows = vec![full.clone(), row("a"), full];
    let mut history = vec![entry("a", 0)];
    store
        .commit(&[first(rows.remove(0))])
        .await
        .expect("a first write");
    for (revision, (row, entries)) in (1..).zip(rows.into_iter().zip([0, 2])) {
        let events: Vec<_> = (0..entries)
            .map(|i| entry("a", history.len() + i))
            .collect();
        let write = Write {
            row: row.clone(),
            expected: Some(Revision::from_number(revision)),
            known: history.len(),
            events: events.clone(),
        };
        store.commit(&[write]).await.expect("a write");
        history.extend(events);
        let stored = get(store, "a").await;
        assert_eq!((stored.row, stored.events), (row, history.clone()));
    }
}

/// A write conflicts if the store holds another revision than it expects: an older or a newer one,
/// one where it expects none, none where it expects one.
pub async fn a_write_over_another_revision_conflicts(store: &dyn PortStore) {
    put(store, [row("a")]).await;
    change(store, "a", |_| ()).await;
    let right = changed(store, "a", |_| ()).await;
    let before = everything(store).await;
    for expected in [Some(0), Some(1), Some(3), Some(u64::MAX), None] {
        let expected = expected.map(Revision::from_number);
        let write = Write {
            expected,
            ..right.clone()
        };
        expect_conflict(store.commit(&[write]).await, "a");
    }
    expect_conflict(store.commit(&[first(row("a"))]).await, "a");
    let absent = Write {
        expected: Some(Revision::FIRST),
        ..first(row("b"))
    };
    expect_conflict(store.commit(&[absent]).await, "b");
    assert_eq!(everything(store).await, before, "nothing was written");
    store.commit(&[right]).await.expect("the right revision");
}

/// A write conflicts if the store holds more or fewer entries than it knows.
pub async fn a_write_over_another_history_conflicts(store: &dyn PortStore) {
    put(store, [row("a")]).await;
    change(store, "a", |_| ()).await;
    let right = changed(store, "a", |_| ()).await;
    let before = everything(store).await;
    for known in [0, 1, 3, usize::MAX] {
        let write = Write {
            known,
            ..right.clone()
        };
        expect_conflict(store.commit(&[write]).await, "a");
    }
    let later = Write {
        known: 1,
        ..first(row("b"))
    };
    expect_conflict(store.commit(&[later]).await, "b");
    assert_eq!(everything(store).await, before, "nothing was written");
    store.commit(&[right]).await.expect("the right history");
}

/// A commit that writes one request twice conflicts, even where the second write would fit onto the
/// first.
pub async fn a_request_written_twice_in_a_commit_conflicts(store: &dyn PortStore) {
    put(store, [row("a")]).await;
    let before = everything(store).await;
    let one = changed(store, "a", |_| ()).await;
    let onto = Write {
        expected: Some(one.makes()),
        known: 2,
        events: vec![entry("a", 2)],
        ..one.clone()
    };
    for second in [onto, one.clone()] {
        let twice = [one.clone(), first(row("b")), second];
        expect_conflict(store.commit(&twice).await, "a");
    }
    let new = first(row("b"));
    expect_conflict(store.commit(&[new.clone(), new]).await, "b");
    assert_eq!(everything(store).await, before, "nothing was written");
}

/// Of several writes either all are kept or none, whichever of them is refused.
pub async fn a_commit_is_kept_whole_or_not_at_all(store: &dyn PortStore) {
    put(store, [row("a"), row("b")]).await;
    let before = everything(store).await;
    let good = changed(store, "a", |row| {
        row.status = Status::Sealed;
        row.numbers = numbers(0..2);
        row.holds_numbers = true;
    });
    let (good, bad) = (good.await, first(row("b")));
    let new = first(row("c"));
    for place in 0..3 {
        let mut writes = vec![good.clone(), new.clone()];
        writes.insert(place, bad.clone());
        expect_conflict(store.commit(&writes).await, "b");
        assert_eq!(everything(store).await, before, "nothing was written");
    }
    // Nor are the numbers held.
    put(store, [holding("d", 0..2)]).await;
}

/// A conflict names the first request that was changed, in the order of the writes.
pub async fn a_conflict_names_the_first_request_that_changed(store: &dyn PortStore) {
    put(store, [row("a"), row("b"), row("c")]).await;
    let good = changed(store, "b", |_| ()).await;
    let writes = [good, first(row("c")), first(row("a"))];
    expect_conflict(store.commit(&writes).await, "c");
}

/// A commit of nothing is no mistake.
pub async fn a_commit_of_nothing_writes_nothing(store: &dyn PortStore) {
    put(store, [row("a")]).await;
    let before = everything(store).await;
    assert_eq!(store.commit(&[]).await.expect("nothing"), []);
    assert_eq!(everything(store).await, before);
}

/// Both parts of a split are written in one commit, the numbers pass from the one to the other, and
/// both can be replayed.
pub async fn a_split_is_one_commit(store: &dyn PortStore) {
    let whole = submitted("whole", sample::numbers(3)).await;
    let whole = AnyPortRequest::from(whole);
    let row = |request: &AnyPortRequest| RequestRow::of(request, None, None).expect("a row");
    let write = Write::first(row(&whole), &whole).expect("a write");
    let revision = store.commit(&[write]).await.expect("a first write")[0];
    let known = whole.history_len();

    let AnyPortRequest::Submitted(request) = whole else {
        unreachable!("it was just made");
    };
    let part = NumberList::one(sample::number(1));
    let permit = sample::support().permit().expect("support may split");
    let (rest, part) = request
        .split(id("part"), part, "comes later", permit, sample::time())
        .expect("a proper part");
    let (rest, part) = (AnyPortRequest::from(rest), AnyPortRequest::from(part));
    // The part takes a number that the rest still holds until this commit.
    let writes = [
        Write::first(row(&part), &part).expect("a write"),
        Write::after(row(&rest), &rest, revision, known).expect("a write"),
    ];
    store.commit(&writes).await.expect("both at once");
    for request in [rest, part] {
        let stored = get(store, request.id().as_str()).await;
        assert_eq!(stored.row, row(&request));
        assert_eq!(stored.read().expect("a record"), request);
    }
}

/// Of several that write the same request at the same time one goes through, the others conflict.
pub async fn of_concurrent_writers_one_goes_through(store: &dyn PortStore) {
    put(store, [row("a")]).await;
    for round in 1..=5 {
        let write = changed(store, "a", |_| ()).await;
        let writers = (0..8).map(|writer| {
            let mut write = write.clone();
            write.events = vec![format!("writer {writer}").into_bytes()];
            async move {
                turn().await;
                (writer, store.commit(&[write]).await)
            }
        });
        let mut winners = Vec::new();
        for (writer, result) in join_all(writers).await {
            match result {
                Ok(_) => winners.push(writer),
                lost => expect_conflict(lost, "a"),
            }
        }
        let [winner] = winners[..] else {
            panic!("not one winner: {winners:?}");
        };
        let stored = get(store, "a").await;
        assert_eq!(stored.events.len(), round + 1);
        assert_eq!(
            stored.events[round],
            format!("writer {winner}").into_bytes()
        );
    }
}

/// A history is read in parts, from any entry on.
pub async fn a_history_is_read_in_parts(store: &dyn PortStore) {
    let entries: Vec<_> = (0..7).map(|place| entry("a", place)).collect();
    let write = Write {
        events: entries.clone(),
        ..first(row("a"))
    };
    store
        .commit(&[write, first(row("b"))])
        .await
        .expect("a first write");
    for (from, limit, expected) in [
        (0, 3, 0..3),
        (3, 3, 3..6),
        (6, 3, 6..7),
        (7, 3, 0..0),
        (2, 0, 0..0),
        (1, usize::MAX, 1..7),
        (usize::MAX, usize::MAX, 0..0),
    ] {
        let part = store.history(&id("a"), from, limit).await.expect("a read");
        assert_eq!(part, entries[expected], "{limit} from {from}");
    }
}

/// Row, revision and history are read of one revision, also while others write.
pub async fn a_request_is_read_whole_while_others_write(store: &dyn PortStore) {
    put(store, [holding("a", 0..1)]).await;
    let writer = async {
        for count in 2..=40 {
            change(store, "a", |row| row.numbers = numbers(0..count)).await;
            turn().await;
        }
    };
    let readers = join_all((0..4).map(|_| async {
        let mut seen = 0;
        while seen < 40 {
            let stored = get(store, "a").await;
            let revision = stored.revision.number();
            assert_eq!(stored.events.len() as u64, revision);
            assert_eq!(stored.row.numbers.len() as u64, revision);
            assert!(revision >= seen, "a revision does not go back");
            seen = revision;
            turn().await;
        }
    }));
    join(writer, readers).await;
}
