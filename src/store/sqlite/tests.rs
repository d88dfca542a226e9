use std::fs;
use std::task::{Context, Waker};

use futures_util::future::join_all;
use rusqlite::{Connection, ffi};

use super::failure::{Failure, Outcome, told, told_by_commit};
use super::schema::{MIGRATIONS, migrate};
use super::*;

/// A folder for one store, removed when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("snap-port-sqlite-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("ports.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

type Work<T> = Box<dyn FnMut(&Connection) -> Outcome<T> + Send>;

/// What comes of pieces of work that wait for the writer together.
async fn grouped<T: Send + 'static>(
    store: &SqliteStore,
    work: Vec<Work<T>>,
) -> Vec<Result<T, StoreError>> {
    let other = Connection::open(&store.inner.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let done = |work| Box::pin(store.inner.writer.done(work));
    let mut waiting: Vec<_> = work.into_iter().map(done).collect();
    let mut context = Context::from_waker(Waker::noop());
    for work in &mut waiting {
        assert!(work.as_mut().poll(&mut context).is_pending());
    }
    other.execute_batch("ROLLBACK").unwrap();
    join_all(waiting).await
}

fn observe(conn: &Connection, name: &str, position: i64) -> Outcome<()> {
    let sql = "INSERT INTO observers (observer, position) VALUES (?1, ?2)";
    conn.execute(sql, (name, position))?;
    Ok(())
}

async fn observers(store: &SqliteStore) -> Vec<String> {
    let names = |conn: &Connection| {
        let mut select = conn.prepare("SELECT observer FROM observers ORDER BY observer")?;
        let names = select.query_map([], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    };
    store.inner.readers.done(names).await.unwrap()
}

#[tokio::test]
async fn what_a_failed_piece_of_work_has_written_is_undone_alone() {
    let folder = Folder::new("undone");
    let store = SqliteStore::open(folder.file()).unwrap();
    let fails = |conn: &Connection| {
        observe(conn, "lost", 1)?;
        // Not a refusal of ours, but a statement that fails half way.
        observe(conn, "a", 2)
    };
    let results = grouped(
        &store,
        vec![
            Box::new(|conn| observe(conn, "a", 1)),
            Box::new(fails),
            Box::new(|conn| observe(conn, "b", 1)),
        ],
    )
    .await;
    assert!(results[0].is_ok() && results[2].is_ok(), "{results:?}");
    assert!(
        matches!(results[1], Err(StoreError::Backend(_))),
        "{results:?}"
    );
    assert_eq!(observers(&store).await, ["a", "b"]);
}

#[tokio::test]
async fn what_undoes_the_whole_transaction_stops_no_other() {
    let folder = Folder::new("torn");
    let store = SqliteStore::open(folder.file()).unwrap();
    let tear = |conn: &Connection| {
        observe(conn, "lost", 1)?;
        // As SQLite does of itself when there is no room, for one.
        conn.execute_batch("ROLLBACK")?;
        let full = ffi::Error::new(ffi::SQLITE_FULL);
        Err::<(), _>(Failure::Sql(rusqlite::Error::SqliteFailure(full, None)))
    };
    let results = grouped(
        &store,
        vec![
            Box::new(|conn| observe(conn, "a", 1)),
            Box::new(tear),
            Box::new(|conn| observe(conn, "b", 1)),
        ],
    )
    .await;
    assert!(results[0].is_ok() && results[2].is_ok(), "{results:?}");
    assert!(
        matches!(results[1], Err(StoreError::Full(_))),
        "{results:?}"
    );
    assert_eq!(observers(&store).await, ["a", "b"]);
}

#[tokio::test]
async fn one_that_is_too_large_for_the_file_stops_no_other() {
    let folder = Folder::new("large");
    let store = SqliteStore::open(folder.file()).unwrap();
    let limit = |conn: &Connection| {
        let pages: i64 = conn.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        conn.query_row(
            &format!("PRAGMA max_page_count = {}", pages + 20),
            [],
            |_| Ok(()),
        )?;
        Ok(())
    };
    store.inner.writer.done(limit).await.unwrap();
    let large = |conn: &Connection| observe(conn, &"x".repeat(1_000_000), 1);
    let results = grouped(
        &store,
        vec![
            Box::new(|conn| observe(conn, "a", 1)),
            Box::new(large),
            Box::new(|conn| observe(conn, "b", 1)),
        ],
    )
    .await;
    assert!(results[0].is_ok() && results[2].is_ok(), "{results:?}");
    assert!(
        matches!(results[1], Err(StoreError::Full(_))),
        "{results:?}"
    );
    assert_eq!(observers(&store).await, ["a", "b"]);
}

/// A thread that is just ending may still take what it is handed.
fn has_ended(result: &Result<(), StoreError>) -> bool {
    matches!(
        result,
        Err(StoreError::Unreachable(_) | StoreError::Backend(_))
    )
}

#[tokio::test]
async fn a_panic_is_an_error_to_all_whom_it_concerns_and_nothing_is_written() {
    let folder = Folder::new("panic");
    let store = SqliteStore::open(folder.file()).unwrap();
    let results = grouped(
        &store,
        vec![
            Box::new(|conn| observe(conn, "a", 1)),
            Box::new(|_| panic!("as a test wants it")),
            Box::new(|conn| observe(conn, "b", 1)),
        ],
    )
    .await;
    for result in results {
        assert!(matches!(result, Err(StoreError::Backend(_))), "{result:?}");
    }
    let later = store.inner.writer.done(|conn| observe(conn, "c", 1)).await;
    assert!(has_ended(&later), "{later:?}");
    assert_eq!(observers(&store).await, [""; 0]);

    // Readers are two, and end one by one.
    for _ in 0..READERS {
        let lost = store
            .inner
            .readers
            .done::<()>(|_| panic!("as a test wants it"));
        assert!(matches!(lost.await, Err(StoreError::Backend(_))));
    }
    let later = store.inner.readers.done(|_| Ok(())).await;
    assert!(has_ended(&later), "{later:?}");

    drop(store);
    let store = SqliteStore::open(folder.file()).unwrap();
    store
        .inner
        .writer
        .done(|conn| observe(conn, "c", 1))
        .await
        .unwrap();
    assert_eq!(observers(&store).await, ["c"]);
}

#[tokio::test]
async fn readers_cannot_write() {
    let folder = Folder::new("readers");
    let store = SqliteStore::open(folder.file()).unwrap();
    let refused = store.inner.readers.done(|conn| observe(conn, "a", 1)).await;
    assert!(
        matches!(refused, Err(StoreError::Unreachable(_))),
        "{refused:?}"
    );
    assert_eq!(observers(&store).await, [""; 0]);
}

#[tokio::test]
async fn every_commit_is_synced() {
    let folder = Folder::new("synced");
    let store = SqliteStore::open(folder.file()).unwrap();
    let pragmas = |conn: &Connection| {
        let pragma = |name: &str| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let journal: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        Ok((
            journal,
            pragma("synchronous")?,
            pragma("fullfsync")?,
            pragma("foreign_keys")?,
        ))
    };
    let found = store.inner.writer.done(pragmas).await.unwrap();
    // 2 is FULL.
    assert_eq!(found, ("wal".to_owned(), 2, 1, 1));
}

#[test]
fn a_file_is_brought_from_schema_to_schema_or_left_as_it_is() {
    let folder = Folder::new("migrate");
    let mut conn = Connection::open(folder.file()).unwrap();
    let version = |conn: &Connection| -> i64 {
        conn.query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap()
    };
    migrate(&mut conn, &MIGRATIONS).unwrap();
    assert_eq!(version(&conn), 1);
    observe(&conn, "a", 7).unwrap();

    let good = "ALTER TABLE observers ADD COLUMN note TEXT";
    let bad = "CREATE TABLE half (done INTEGER); ALTER TABLE nothing ADD COLUMN note TEXT";
    assert!(migrate(&mut conn, &[MIGRATIONS[0], good, bad]).is_err());
    assert_eq!(version(&conn), 1, "all in one transaction");
    assert!(conn.prepare("SELECT note FROM observers").is_err());
    assert!(conn.prepare("SELECT done FROM half").is_err());

    migrate(&mut conn, &[MIGRATIONS[0], good]).unwrap();
    assert_eq!(version(&conn), 2);
    let kept = "SELECT position FROM observers WHERE note IS NULL";
    let kept: i64 = conn.query_row(kept, [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 7);
    let refused = migrate(&mut conn, &MIGRATIONS).unwrap_err();
    let newer = |failure| {
        matches!(
            failure,
            Failure::Store(StoreError::Newer { found: 2, known: 1 })
        )
    };
    assert!(newer(refused));
}

#[test]
fn what_sqlite_says_is_what_a_store_says() {
    let failed = |code| {
        let failure = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        Arc::new(failure)
    };
    let name = |error: StoreError| match error {
        StoreError::Busy(_) => "busy",
        StoreError::Full(_) => "full",
        StoreError::Unreachable(_) => "unreachable",
        StoreError::Corrupt(_) => "corrupt",
        StoreError::Backend(_) => "backend",
        other => panic!("{other}"),
    };
    for (code, before, by_commit) in [
        (ffi::SQLITE_BUSY, "busy", "busy"),
        (ffi::SQLITE_LOCKED, "busy", "busy"),
        (ffi::SQLITE_FULL, "full", "full"),
        (ffi::SQLITE_IOERR_SHMSIZE, "full", "backend"),
        (ffi::SQLITE_CANTOPEN, "unreachable", "backend"),
        (ffi::SQLITE_READONLY, "unreachable", "backend"),
        (ffi::SQLITE_PERM, "unreachable", "backend"),
        (ffi::SQLITE_CORRUPT, "corrupt", "backend"),
        (ffi::SQLITE_NOTADB, "corrupt", "backend"),
        (ffi::SQLITE_IOERR_FSYNC, "backend", "backend"),
        (ffi::SQLITE_IOERR_WRITE, "backend", "backend"),
        (ffi::SQLITE_NOMEM, "backend", "backend"),
        (ffi::SQLITE_CONSTRAINT, "backend", "backend"),
    ] {
        assert_eq!(name(told(&failed(code))), before, "{code}");
        assert_eq!(name(told_by_commit(&failed(code))), by_commit, "{code}");
    }
}

#[test]
fn no_error_repeats_a_value() {
    use rusqlite::types::Type;
    let canary = || Box::<dyn std::error::Error + Send + Sync>::from("4155550100");
    for error in [
        rusqlite::Error::FromSqlConversionFailure(0, Type::Text, canary()),
        rusqlite::Error::IntegralValueOutOfRange(0, 4_155_550_100),
    ] {
        assert!(error.to_string().contains("4155550100"), "{error}");
        let told = told(&Arc::new(error));
        assert!(matches!(told, StoreError::Corrupt(_)), "{told}");
        assert!(!format!("{told} {told:?}").contains("4155550100"), "{told}");
    }
}

#[test]
fn what_is_looked_for_is_found_without_looking_at_what_is_stored() {
    let folder = Folder::new("plans");
    let mut conn = Connection::open(folder.file()).unwrap();
    migrate(&mut conn, &MIGRATIONS).unwrap();
    let plan = |sql: &str| {
        let mut explain = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let nothing = vec![0_i64; explain.parameter_count()];
        let steps = explain.query_map(rusqlite::params_from_iter(nothing), |row| row.get(3));
        let steps: Vec<String> = steps.unwrap().collect::<Result<_, _>>().unwrap();
        steps.join("; ")
    };
    let number = crate::PhoneNumber::from_e164("+14155550100").unwrap();
    let (carrier, order) = ("sim".parse().unwrap(), "T-1".parse().unwrap());
    for (find, index) in [
        (Find::All, "sqlite_autoindex_requests_1"),
        (Find::Status(crate::Status::Draft), "requests_status"),
        (Find::Waiting, "requests_waiting"),
        (Find::WaitingOn(crate::Party::Staff), "requests_waiting_on"),
        (Find::Order(carrier, order), "requests_order"),
        (Find::Number(number), "request_numbers_number"),
        (Find::Troubled, "requests_trouble"),
    ] {
        let plan = plan(&read::search(read::condition(&find).0));
        assert!(
            plan.contains(&format!("INDEX {index} (")),
            "{find:?}: {plan}"
        );
        assert!(
            !plan.contains("SCAN") && !plan.contains("TEMP"),
            "{find:?}: {plan}"
        );
    }
    let plan = plan(claims::DUE);
    assert_eq!(
        plan,
        "SEARCH requests USING INDEX requests_due (carrier=? AND due>? AND due<?)"
    );
}
