//! The way to the server breaks, the server goes.

use snap_port::store::postgres::NoTls;
use snap_port::{PortStore, PostgresSetup, PostgresStore, Revision, StoreError};

use super::proxy::{Next, Proxy};
use super::{ask, first, hasty, id, next, row, store};
use crate::postgres_server;

#[tokio::test]
async fn an_answer_that_is_lost_leaves_the_outcome_open_and_the_write_there() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let proxy = Proxy::to(database.url()).await;
    let store = PostgresStore::connect(proxy.url()).await.expect("a way");
    store.commit(&[first(row("a", &[1]))]).await.expect("free");

    proxy.next_commit(Next::LosesItsAnswer);
    let cut = store.commit(&[next(row("a", &[1]), 1)]).await;
    let error = cut.expect_err("nothing came back");
    assert!(error.outcome_unknown(), "{error:?}");

    let read = store.get(&id("a")).await.expect("a new connection");
    let read = read.expect("it was written before");
    assert_eq!(read.revision, Revision::from_number(2));
    assert_eq!(read.events, [b"first".to_vec(), b"next".to_vec()]);
}

#[tokio::test]
async fn a_commit_that_never_arrives_has_written_nothing_though_nobody_can_tell() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let proxy = Proxy::to(database.url()).await;
    let store = PostgresStore::connect(proxy.url()).await.expect("a way");
    store.commit(&[first(row("a", &[1]))]).await.expect("free");

    proxy.next_commit(Next::IsLost);
    let cut = store.commit(&[next(row("a", &[1]), 1)]).await;
    let error = cut.expect_err("nothing came back");
    assert!(error.outcome_unknown(), "{error:?}");

    let read = store.get(&id("a")).await.expect("a new connection");
    let read = read.expect("it was written before");
    assert_eq!(read.revision, Revision::FIRST);
    store
        .commit(&[next(row("a", &[1]), 1)])
        .await
        .expect("again");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let proxy = Proxy::to(database.url()).await;
    let store = hasty(proxy.url()).await;
    store.commit(&[first(row("a", &[1]))]).await.expect("free");

    proxy.next_commit(Next::IsSwallowed);
    let error = store.commit(&[next(row("a", &[1]), 1)]).await;
    let error = error.expect_err("nothing came back");
    assert!(error.outcome_unknown(), "{error:?}");
    // The connection that hangs is not used again, and what it had locked is free.
    let again = store.commit(&[next(row("a", &[1]), 1)]).await;
    again.expect("the server has ended what was given up");
}

#[tokio::test]
async fn a_store_finds_its_server_again() {
    let Some(server) = postgres_server::own() else {
        return;
    };
    let database = server.database().await;
    let store = store(&database).await;
    store.commit(&[first(row("a", &[1]))]).await.expect("free");

    server.stop();
    let error = store.get(&id("a")).await.expect_err("nobody is there");
    assert!(matches!(error, StoreError::Unreachable(_)), "{error:?}");
    let error = store.commit(&[next(row("a", &[1]), 1)]).await;
    let error = error.expect_err("nobody is there");
    assert!(matches!(error, StoreError::Unreachable(_)), "{error:?}");
    let error = PostgresStore::connect(database.url()).await;
    let error = error.expect_err("nobody is there");
    assert!(matches!(error, StoreError::Unreachable(_)), "{error:?}");

    server.start_again();
    let read = store.get(&id("a")).await.expect("it is back");
    assert_eq!(read.map(|read| read.revision), Some(Revision::FIRST));
    store
        .commit(&[next(row("a", &[1]), 1)])
        .await
        .expect("back");
    server.stop();
    server.start_again();
    assert_eq!(store.claim(&ask("w", 9)).await.expect("back").len(), 1);
}

#[tokio::test]
async fn no_password_is_in_what_a_store_says() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let proxy = Proxy::to(database.url()).await;
    // What is said last counts.
    let known = format!("{} password=hunter2", proxy.url());
    let elsewhere = format!("{known} dbname=not_there");
    let error = PostgresStore::connect(&elsewhere).await;
    let error = error.expect_err("there is no such database");
    assert!(matches!(error, StoreError::Unreachable(_)), "{error:?}");
    let told = format!("{error} {error:?} {:?}", std::error::Error::source(&error));
    assert!(!told.contains("hunter2"), "{told}");

    let error = PostgresStore::connect("postgres://u:hunter2@db.example/d").await;
    let told = format!("{:?}", error.expect_err("it is on another machine"));
    assert!(told.contains("TLS") && !told.contains("hunter2"), "{told}");
    let setup = PostgresSetup::parse(&known).expect("an address");
    if let Ok(store) = PostgresStore::connect_with(&setup, NoTls).await {
        assert!(!format!("{store:?}").contains("hunter2"));
    }
}
