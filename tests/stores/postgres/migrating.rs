//! Tables are made, found, and left alone.

use snap_port::{PortStore, PostgresStore, StoreError};

use super::{ask, first, id, next, row, store};
use crate::postgres_server::{self, with_option};

#[tokio::test]
async fn a_schema_a_version_ahead_is_left_untouched() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let old = store(&database).await;
    old.commit(&[first(row("a", &[1]))]).await.expect("free");
    let client = database.client().await;
    client
        .batch_execute("UPDATE snap_port_schema SET version = version + 1")
        .await
        .expect("our own table");

    let newer = |error: &StoreError| matches!(error, StoreError::Newer { found: 2, known: 1 });
    let error = PostgresStore::connect(database.url()).await;
    let error = error.expect_err("it is newer");
    assert!(newer(&error), "{error:?}");
    // One that was there before writes no more, and takes nothing on.
    let error = old.commit(&[next(row("a", &[1]), 1)]).await;
    let error = error.expect_err("it is newer");
    assert!(newer(&error), "{error:?}");
    let error = old.commit(&[first(row("b", &[2]))]).await;
    assert!(newer(&error.expect_err("it is newer")));
    let error = old.claim(&ask("w", 9)).await.expect_err("it is newer");
    assert!(newer(&error), "{error:?}");

    let kept = "SELECT count(*), max(revision), max(token) FROM snap_port_requests";
    let kept = client.query_one(kept, &[]).await.expect("our own table");
    let kept: (i64, i64, i64) = (kept.get(0), kept.get(1), kept.get(2));
    assert_eq!(kept, (1, 1, 0));
}

#[tokio::test]
async fn two_stores_that_migrate_at_once_make_one_set_of_tables() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let connect = || {
        tokio::spawn({
            let url = database.url().to_owned();
            async move { PostgresStore::connect(&url).await }
        })
    };
    let stores: Vec<_> = (0..6).map(|_| connect()).collect();
    for (place, store) in stores.into_iter().enumerate() {
        let store = store.await.expect("no panic").expect("its tables");
        let name = format!("r{place}");
        let written = store.commit(&[first(row(&name, &[place]))]).await;
        written.expect("free");
    }
    let client = database.client().await;
    let rows = client
        .query("SELECT version FROM snap_port_schema", &[])
        .await;
    assert_eq!(rows.expect("our own table").len(), 1);
}

#[tokio::test]
async fn the_search_path_says_where_the_tables_are() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let client = database.client().await;
    let make = "CREATE SCHEMA one; CREATE SCHEMA two";
    client.batch_execute(make).await.expect("our own database");
    let url = |schema: &str| with_option(database.url(), &format!("-csearch_path%3D{schema}"));
    let one = PostgresStore::connect(&url("one")).await.expect("a schema");
    let two = PostgresStore::connect(&url("two")).await.expect("a schema");
    one.commit(&[first(row("a", &[1]))]).await.expect("free");
    two.commit(&[first(row("a", &[1]))])
        .await
        .expect("free there too");
    one.commit(&[next(row("a", &[1]), 1)]).await.expect("apart");
    let read = two.get(&id("a")).await.expect("a schema").expect("there");
    assert_eq!(read.events.len(), 1);
    let tables = "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename LIKE 'snap_port_%'";
    let tables = client.query(tables, &[]).await.expect("a catalogue");
    let mut tables: Vec<String> = tables.iter().map(|row| row.get(0)).collect();
    tables.sort();
    assert_eq!(tables, ["one", "two"]);
}

#[tokio::test]
async fn who_finds_the_tables_ready_needs_no_right_to_make_any() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    store(&database).await;
    let client = database.client().await;
    let role = format!("desk_{}", std::process::id());
    let make = format!(
        "CREATE ROLE {role}; REVOKE CREATE ON SCHEMA public FROM public; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}; \
         GRANT {role} TO current_user"
    );
    client.batch_execute(&make).await.expect("we may");
    let url = with_option(database.url(), &format!("-crole%3D{role}"));
    let desk = PostgresStore::connect(&url).await.expect("tables");
    desk.commit(&[first(row("a", &[1]))]).await.expect("free");
    assert_eq!(desk.claim(&ask("w", 9)).await.expect("due").len(), 1);
    let drop = format!("DROP OWNED BY {role}; DROP ROLE {role}");
    client.batch_execute(&drop).await.expect("we may");
}
