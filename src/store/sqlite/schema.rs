//! Opening a file: whose it is, and its tables.

use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::failure::{Failure, Outcome};
use crate::store::StoreError;

/// What brings a file from each schema to the next, the first from nothing.
pub(super) const MIGRATIONS: [&str; 1] = [include_str!("0001.sql")];

/// "SnaP": the mark in the header of our files.
const APPLICATION: i32 = 0x536E_6150;

/// A connection, to write with: to a file that is ours and has all our tables.
pub(super) fn writer(path: &Path, busy_timeout: Duration) -> Outcome<Connection> {
    let mut conn = connect(path, busy_timeout)?;
    migrate(&mut conn, &MIGRATIONS)?;
    // FULL: a commit is on the disk when it returns. On macOS only `fullfsync` reaches the disk.
    conn.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
         PRAGMA foreign_keys = ON;",
    )?;
    Ok(conn)
}

/// A connection to read with, beside a writer.
pub(super) fn reader(path: &Path, busy_timeout: Duration) -> Outcome<Connection> {
    let conn = connect(path, busy_timeout)?;
    conn.execute_batch("PRAGMA query_only = ON")?;
    Ok(conn)
}

fn connect(path: &Path, busy_timeout: Duration) -> Outcome<Connection> {
    // No URIs: a path is a path. No mutex: each connection stays on one thread.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    // SQLite counts milliseconds in 31 bits.
    let longest = Duration::from_millis(i32::MAX as u64);
    conn.busy_timeout(busy_timeout.min(longest))?;
    conn.set_prepared_statement_cache_capacity(64);
    conn.execute_batch("PRAGMA trusted_schema = OFF")?;
    Ok(conn)
}

/// The file's schema, if by now it is newer than this version's, and this version's: another process
/// may have changed it since it was opened.
pub(super) fn newer(conn: &Connection) -> rusqlite::Result<Option<(u32, u32)>> {
    let mut version = conn.prepare_cached("PRAGMA user_version")?;
    let (found, known) = (
        version.query_row([], |row| row.get(0))?,
        MIGRATIONS.len() as u32,
    );
    Ok((found > known).then_some((found, known)))
}

fn refuse_newer(found: u32, migrations: &[&str]) -> Outcome<()> {
    let known = migrations.len() as u32;
    if found > known {
        return Err(StoreError::Newer { found, known }.into());
    }
    Ok(())
}

/// The file's schema; 0 for an empty one. Within a transaction: another process may be making it.
fn schema_of(conn: &Connection) -> Outcome<u32> {
    let pragma = |name| conn.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    let tables = "SELECT count(*) FROM sqlite_schema";
    let tables: i64 = conn.query_row(tables, [], |row| row.get(0))?;
    match (application, u32::try_from(version)) {
        (APPLICATION, Ok(version)) if version > 0 => Ok(version),
        (0, Ok(0)) if tables == 0 => Ok(0),
        _ => {
            let said = format!(
                "the database has application_id {application:#010x}, version {version} and \
                 {tables} tables and indexes; ours have {APPLICATION:#010x}"
            );
            Err(StoreError::Foreign(said).into())
        }
    }
}

pub(super) fn migrate(conn: &mut Connection, migrations: &[&str]) -> Outcome<()> {
    // Looked at before anything is changed: what is not ours, or is newer, is not touched.
    let look = conn.transaction()?;
    let found = schema_of(&look)?;
    drop(look);
    refuse_newer(found, migrations)?;
    write_ahead(conn)?;
    if found as usize == migrations.len() {
        return Ok(());
    }
    let change = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done it meanwhile.
    let found = schema_of(&change)?;
    refuse_newer(found, migrations)?;
    for migration in migrations.iter().skip(found as usize) {
        change.execute_batch(migration)?;
    }
    change.pragma_update(None, "application_id", APPLICATION)?;
    change.pragma_update(None, "user_version", migrations.len() as i64)?;
    change.commit()?;
    Ok(())
}

/// SQLite refuses this at once where another connection is at it too: both hold what the other waits
/// for. So the waiting is done here, as long as it would be elsewhere.
#[expect(
    clippy::disallowed_methods,
    reason = "opening blocks anyway, as SQLite does where it waits itself"
)]
fn write_ahead(conn: &Connection) -> Outcome<()> {
    const PAUSE: Duration = Duration::from_millis(5);
    let patience = conn.pragma_query_value(None, "busy_timeout", |row| row.get::<_, u32>(0))?;
    let patience = Duration::from_millis(patience.into());
    conn.busy_timeout(Duration::ZERO)?;
    let mut left = patience;
    let mode: String = loop {
        match conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)) {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && !left.is_zero() =>
            {
                thread::sleep(left.min(PAUSE));
                left = left.saturating_sub(PAUSE);
            }
            came => break came?,
        }
    };
    conn.busy_timeout(patience)?;
    if mode == "wal" {
        return Ok(());
    }
    let said = format!("its journal is {mode:?}: the file's place allows no write-ahead log");
    Err(Failure::Store(StoreError::Unreachable(said.into())))
}
