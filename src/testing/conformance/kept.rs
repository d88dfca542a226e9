//! What is kept is kept as it is, however odd.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::sample;
use super::stage::{
    ask, at, back, carrier, change, claim, claim_one, due, due_of, entry, find, first, found, get,
    holding, id, names, order, put, row, trouble,
};
use crate::people::Party;
use crate::request::Status;
use crate::store::{Find, GiveBack, PortStore, RequestRow, Revision, TroubleKind, Write};

/// Names that differ in case only, or are as long as names may be, are names of their own.
pub async fn names_are_kept_as_they_are(store: &dyn PortStore) {
    let long = ["x".repeat(128), "X".repeat(128), "x".repeat(127)];
    let odd = [
        "a", "A", "-", "...", ".a", "_", "0", "00", "a.b-c_d", "NULL", "null", "0x1", "1e3",
    ];
    let all = odd.into_iter().chain(long.iter().map(String::as_str));
    let rows: Vec<_> = all
        .map(|name| RequestRow {
            carrier: carrier(name),
            ..row(name)
        })
        .collect();
    put(store, rows.clone()).await;
    for row in rows {
        let name = row.id.as_str();
        let stored = get(store, name).await;
        assert_eq!(
            (stored.row.id.as_str(), stored.row.carrier.as_str()),
            (name, name)
        );
        assert_eq!(stored.events, [entry(name, 0)]);
    }
}

/// Orders are any text: they are kept as they are, and are found by their very characters.
pub async fn orders_are_kept_as_they_are(store: &dyn PortStore) {
    let long = "\u{1f4de}".repeat(128);
    let orders = [
        "T 1",
        "t 1",
        "T  1",
        "\u{c9}tat n\u{b0} 7",
        "E\u{301}tat n\u{b0} 7",
        "\u{e9}tat n\u{b0} 7",
        "\u{130}stanbul / stra\u{df}e",
        "\u{5d0}\u{202e}1",
        "it's \"so\"; DROP TABLE requests; --",
        "100%_\\x41",
        "null",
        &long,
    ];
    for (index, text) in orders.into_iter().enumerate() {
        let row = RequestRow {
            order: Some(order(text)),
            ..row(&format!("r{index}"))
        };
        put(store, [row]).await;
    }
    for (index, text) in orders.into_iter().enumerate() {
        let name = format!("r{index}");
        assert_eq!(get(store, &name).await.row.order, Some(order(text)));
        let meant = Find::Order(sample::carrier(), order(text));
        assert_eq!(names(&find(store, &meant).await), [name.as_str()], "{text}");
    }
}

/// Entries and forms are bytes: a store neither reads nor tidies them, and they may be large.
pub async fn entries_and_forms_are_kept_byte_for_byte(store: &dyn PortStore) {
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    let large: Vec<u8> = (0..1_048_576_u32).map(|i| (i * 7 % 251) as u8).collect();
    let entries = vec![
        b"{ \"b\": 1, \"a\" :1.0, \"a\":1e400 }\r\n".to_vec(),
        Vec::new(),
        every_byte.clone(),
        vec![0; 3],
        "\u{feff}{\"\u{1f4de}\":\"\\u0000\"}".into(),
        large.clone(),
    ];
    for (name, form) in [("a", every_byte), ("b", large), ("c", Vec::new())] {
        let write = Write {
            row: RequestRow {
                draft: Some(form.clone()),
                ..row(name)
            },
            events: entries.clone(),
            ..first(row(name))
        };
        store.commit(&[write]).await.expect("a first write");
        let stored = get(store, name).await;
        assert!(stored.row.draft == Some(form), "the form of {name}");
        assert!(stored.events == entries, "the entries of {name}");
        let history = store.history(&id(name), 0, 9).await.expect("a read");
        assert!(history == entries, "the history of {name}");
    }
}

/// A thousand numbers are kept, in their order.
pub async fn a_thousand_numbers_are_kept_in_their_order(store: &dyn PortStore) {
    let order = (0..1_000).map(|i| i * 7_919 % 1_000);
    let many = holding("a", order);
    put(store, [many.clone()]).await;
    assert_eq!(get(store, "a").await.row, many);
    assert_eq!(found(store, "a").await.row, many);
    change(store, "a", |row| row.numbers.reverse()).await;
    let mut numbers = many.numbers;
    numbers.reverse();
    assert_eq!(get(store, "a").await.row.numbers, numbers);
    for index in [0, 499, 999] {
        let meant = Find::Number(sample::number(index));
        assert_eq!(names(&find(store, &meant).await), ["a"]);
    }
}

/// Times are kept to the microsecond, those long past and far off too.
pub async fn times_are_kept_to_the_microsecond(store: &dyn PortStore) {
    let micro = TimeDelta::microseconds(1);
    let times = [
        at(0) + micro,
        at(0) - micro,
        at(0) + TimeDelta::microseconds(123_457),
        DateTime::UNIX_EPOCH - micro,
        "0001-01-01T00:00:00.000001Z".parse().expect("a time"),
        "9999-12-31T23:59:59.999999Z".parse().expect("a time"),
    ];
    for (index, time) in times.into_iter().enumerate() {
        let name = format!("r{index}");
        let row = RequestRow {
            waiting_on: Some(Party::Carrier),
            waiting_since: Some(time),
            due: Some(time),
            ..row(&name)
        };
        put(store, [row.clone()]).await;
        assert_eq!(get(store, &name).await.row, row);
        let mut ask = ask("w", 0);
        (ask.now, ask.until, ask.horizon) = (time - micro, time, DateTime::<Utc>::MAX_UTC);
        // One microsecond before it is due it is not.
        assert!(
            claim(store, &ask)
                .await
                .iter()
                .all(|claimed| claimed.lease.request != id(&name))
        );
        (ask.now, ask.until) = (time, time + micro);
        let claimed = claim(store, &ask).await;
        let claimed = claimed
            .iter()
            .find(|claimed| claimed.lease.request == id(&name));
        let claimed = claimed.expect("it is due to the microsecond");
        assert_eq!(claimed.due, time);
        let leased = found(store, &name).await.leased.expect("a lease");
        assert_eq!(leased.1, time + micro);
        let mut trouble = trouble(TroubleKind::Stuck, "no answer");
        trouble.since = time;
        let back = GiveBack {
            due: None,
            seen: Some(Revision::FIRST),
            trouble: Some(trouble.clone()),
        };
        store
            .give_back(&claimed.lease, &back)
            .await
            .expect("a claim");
        assert_eq!(found(store, &name).await.trouble, Some(trouble));
    }
}

/// Every state, party and kind of trouble is kept.
pub async fn every_state_party_and_trouble_is_kept(store: &dyn PortStore) {
    for status in Status::ALL {
        let row = RequestRow {
            status,
            ..row(status.name())
        };
        put(store, [row]).await;
        assert_eq!(get(store, status.name()).await.row.status, status);
    }
    for party in Party::ALL {
        let row = RequestRow {
            waiting_on: Some(party),
            waiting_since: Some(at(1)),
            ..row(&format!("on-{}", party.name()))
        };
        put(store, [row.clone()]).await;
        assert_eq!(get(store, row.id.as_str()).await.row, row);
    }
    let texts = ["", "it's \"so\"\r\n\tand \u{1f4de}", "a\u{0}b", " "];
    for kind in TroubleKind::ALL {
        for (index, text) in texts.into_iter().enumerate() {
            let name = format!("{}-{index}", kind.name());
            put(store, [due(&name, 0)]).await;
            let lease = claim_one(store, "w", 0).await;
            let trouble = trouble(kind, text);
            let back = GiveBack {
                trouble: Some(trouble.clone()),
                ..back(None, Revision::FIRST)
            };
            store.give_back(&lease, &back).await.expect("a claim");
            assert_eq!(found(store, &name).await.trouble, Some(trouble));
        }
    }
}

/// How often trouble was met is kept, however often.
pub async fn trouble_is_counted_as_far_as_numbers_go(store: &dyn PortStore) {
    put(store, [due("a", 0)]).await;
    let mut trouble = trouble(TroubleKind::Drift, "another order");
    trouble.times = u32::MAX;
    let lease = claim_one(store, "w", 0).await;
    let back = GiveBack {
        trouble: Some(trouble.clone()),
        ..back(Some(1), Revision::FIRST)
    };
    store.give_back(&lease, &back).await.expect("a claim");
    assert_eq!(found(store, "a").await.trouble, Some(trouble));
    assert_eq!(due_of(store, "a").await, Some(at(1)));
}
