//! What others do to our tables by hand, and what the server refuses.

use chrono::{DateTime, Utc};
use snap_port::{
    Find, GiveBack, Page, PortStore, Position, Revision, StoreError, StoredTrouble, TroubleKind,
};

use super::sharing::until_somebody_waits;
use super::{ask, first, id, minutes, next, row, store};
use crate::postgres_server;

#[tokio::test]
async fn nobody_changes_entries_by_hand() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let store = store(&database).await;
    store.commit(&[first(row("a", &[1]))]).await.expect("free");
    let client = database.client().await;
    for by_hand in [
        "UPDATE snap_port_events SET bytes = 'x'",
        "DELETE FROM snap_port_events",
        "TRUNCATE snap_port_events",
        "DELETE FROM snap_port_requests",
        "TRUNCATE snap_port_requests CASCADE",
    ] {
        let refused = client.batch_execute(by_hand).await;
        let refused = refused.expect_err(by_hand);
        let class = refused.code().expect("the server's word").code();
        assert!(class.starts_with("23"), "{by_hand}: {refused:?}");
    }
    let read = store.get(&id("a")).await.expect("a store").expect("there");
    assert_eq!(read.events, [b"first".to_vec()]);
}

#[tokio::test]
async fn a_value_that_is_none_of_ours_is_told_by_its_place_alone() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let store = store(&database).await;
    store.commit(&[first(row("a", &[1]))]).await.expect("free");
    let client = database.client().await;
    for (column, by_hand) in [
        ("status", "status = 'secret'"),
        ("carrier", "carrier = 'sec ret'"),
        ("numbers", "numbers = '{secret}'"),
        ("waiting_on", "waiting_on = 'secret'"),
        ("order_ref", "order_ref = ' secret'"),
        ("due", "due = 'infinity'"),
        ("the number of entries", "entries = 7"),
    ] {
        let change = format!("BEGIN; UPDATE snap_port_requests SET {by_hand}; COMMIT");
        client.batch_execute(&change).await.expect("it is allowed");
        let error = store.get(&id("a")).await.expect_err(by_hand);
        let StoreError::Corrupt(place) = &error else {
            panic!("{by_hand}: {error:?}");
        };
        assert_eq!(*place, format!("{column} of request a"));
        let restore = "UPDATE snap_port_requests SET status = 'submitted', carrier = 'sim', \
                       numbers = '{+14155550001}', waiting_on = NULL, order_ref = NULL, \
                       due = NULL, entries = 1";
        client.batch_execute(restore).await.expect("it is allowed");
    }
    assert!(store.get(&id("a")).await.expect("restored").is_some());
}

#[tokio::test]
async fn trouble_that_cannot_be_read_hides_nothing() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let store = store(&database).await;
    let writes = [first(row("a", &[1])), first(row("b", &[2]))];
    store.commit(&writes).await.expect("free");
    let client = database.client().await;
    for (round, by_hand) in [
        "trouble_kind = 'woe'",
        "trouble_text = '\\xff'",
        "trouble_since = 'infinity'",
        "trouble_times = -1",
    ]
    .into_iter()
    .enumerate()
    {
        let change = format!(
            "BEGIN; UPDATE snap_port_requests SET trouble_kind = 'drift', trouble_text = '', \
             trouble_since = now(), trouble_times = 1, worker = NULL, leased_until = NULL \
             WHERE id = 'a'; UPDATE snap_port_requests SET {by_hand} WHERE id = 'a'; COMMIT"
        );
        client.batch_execute(&change).await.expect("it is allowed");
        let read = store.get(&id("a")).await.expect(by_hand).expect("there");
        assert_eq!(read.trouble, None, "{by_hand}");
        let found = store.find(&Find::Troubled, &Page::first(9)).await;
        let found = found.expect(by_hand);
        assert_eq!((found.len(), &found[0].trouble), (1, &None), "{by_hand}");
        let claimed = store.claim(&ask("w", 9)).await.expect(by_hand);
        let names: Vec<_> = claimed
            .iter()
            .map(|claimed| claimed.lease.request.as_str())
            .collect();
        assert_eq!(names, if round == 0 { &["a", "b"][..] } else { &["a"] });
        assert_eq!(claimed[0].trouble, None, "{by_hand}");
    }
}

#[tokio::test]
async fn what_the_server_quotes_of_a_row_is_not_repeated() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let store = store(&database).await;
    let client = database.client().await;
    let picky = "ALTER TABLE snap_port_requests ADD CONSTRAINT picky CHECK (draft IS NULL)";
    client.batch_execute(picky).await.expect("we may");
    let mut draft = row("a", &[1]);
    draft.order = Some("hunter2".parse().expect("a name"));
    draft.draft = Some(b"{}".to_vec());
    let error = store.commit(&[first(draft)]).await;
    let told = format!("{:?}", error.expect_err("it is refused"));
    assert!(told.contains("picky") && told.contains("23514"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}

/// Makes the server refuse entries with `code` while `condition` holds.
fn refuse(code: &str, condition: &str) -> String {
    format!(
        "CREATE SEQUENCE refusals;
         CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF {condition} THEN RAISE EXCEPTION 'as asked' USING ERRCODE = '{code}'; END IF;
             RETURN NULL;
         END $$;
         CREATE TRIGGER refuse AFTER INSERT ON snap_port_events
             FOR EACH STATEMENT EXECUTE FUNCTION refuse()"
    )
}

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_is_written() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let store = store(&database).await;
    let client = database.client().await;
    let full = refuse("53100", "true");
    client.batch_execute(&full).await.expect("we may");
    let error = store.commit(&[first(row("a", &[1]))]).await;
    let error = error.expect_err("it is full");
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    assert!(error.is_retryable() && !error.outcome_unknown());
    assert_eq!(store.get(&id("a")).await.expect("a store"), None);
    let freed = "DROP TRIGGER refuse ON snap_port_events";
    client.batch_execute(freed).await.expect("we may");
    store.commit(&[first(row("a", &[1]))]).await.expect("room");
}

#[tokio::test]
async fn what_meets_another_is_begun_again_and_not_for_ever() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    for code in ["40001", "40P01"] {
        let database = server.database().await;
        let store = store(&database).await;
        let client = database.client().await;
        let thrice = refuse(code, "nextval('refusals') <= 3");
        client.batch_execute(&thrice).await.expect("we may");
        store
            .commit(&[first(row("a", &[1]))])
            .await
            .expect("the fourth");
        let read = store.get(&id("a")).await.expect("a store").expect("there");
        assert_eq!((read.revision, read.events.len()), (Revision::FIRST, 1));

        let reset = "SELECT setval('refusals', 1); CREATE OR REPLACE FUNCTION refuse() \
                     RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('refusals'); \
                     RAISE EXCEPTION 'as asked' USING ERRCODE = 'WHICH'; END $$";
        let reset = reset.replace("WHICH", code);
        client.batch_execute(&reset).await.expect("we may");
        super::is_busy(store.commit(&[first(row("b", &[2]))]).await);
        let tries = client
            .query_one("SELECT last_value FROM refusals", &[])
            .await;
        assert_eq!(tries.expect("a sequence").get::<_, i64>(0), 9);
    }
}

#[tokio::test]
async fn no_position_is_seen_before_an_earlier_one() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let store = store(&database).await;
    store.commit(&[first(row("a", &[1]))]).await.expect("free");
    // Somebody who adds an entry, and has not ended yet.
    let client = database.client().await;
    let slow = "BEGIN; UPDATE snap_port_requests SET entries = 2, revision = 2; \
                INSERT INTO snap_port_events (request, entry, bytes) VALUES ('a', 1, 'slow')";
    client.batch_execute(slow).await.expect("one at a time");
    let other = tokio::spawn({
        let store = store.clone();
        async move { store.commit(&[first(row("b", &[2]))]).await }
    });
    // The other one waits in line.
    until_somebody_waits(&database.client().await, || other.is_finished()).await;
    let seen = store.events(Position::START, 9).await.expect("a store");
    assert_eq!(seen.len(), 1);
    client.batch_execute("COMMIT").await.expect("it may");
    other.await.expect("no panic").expect("its turn");
    let seen = store.events(seen[0].position, 9).await.expect("a store");
    let names: Vec<_> = seen.iter().map(|event| event.request.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
}

#[tokio::test]
async fn trouble_may_hold_what_a_text_of_postgresql_cannot() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let store = store(&database).await;
    store.commit(&[first(row("a", &[1]))]).await.expect("free");
    let claimed = store.claim(&ask("w", 1)).await.expect("due");
    let trouble = StoredTrouble {
        kind: TroubleKind::Stuck,
        text: "\0 and \u{10ffff}".to_owned(),
        since: minutes(0),
        times: u32::MAX,
    };
    let back = GiveBack {
        due: None,
        seen: Some(Revision::FIRST),
        trouble: Some(trouble.clone()),
    };
    let given = store.give_back(&claimed[0].lease, &back).await;
    given.expect("it is held");
    let found = store.find(&Find::Troubled, &Page::first(9)).await;
    assert_eq!(found.expect("a store")[0].trouble, Some(trouble));
}

#[tokio::test]
async fn any_time_can_be_asked_with_and_kept_to_the_microsecond() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let store = store(&database).await;
    let mut early = row("a", &[1]);
    early.due = Some(DateTime::<Utc>::MIN_UTC);
    let mut fine = row("b", &[2]);
    let due: DateTime<Utc> = "2026-11-02T15:00:00.123456Z".parse().expect("a time");
    fine.due = Some(due);
    let mut late = row("c", &[3]);
    late.due = Some(DateTime::<Utc>::MAX_UTC);
    let writes = [first(early), first(fine), first(late)];
    store.commit(&writes).await.expect("free");
    let mut ask = ask("w", 9);
    ask.horizon = DateTime::<Utc>::MAX_UTC;
    ask.until = DateTime::<Utc>::MAX_UTC;
    let claimed = store.claim(&ask).await.expect("due");
    let names: Vec<_> = claimed
        .iter()
        .map(|claim| claim.lease.request.as_str())
        .collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(claimed[1].due, due);
    ask.now = DateTime::<Utc>::MIN_UTC;
    assert!(store.claim(&ask).await.expect("nothing").is_empty());
    let read = store.get(&id("c")).await.expect("a store").expect("there");
    store.commit(&[next(read.row, 1)]).await.expect("free");
}
