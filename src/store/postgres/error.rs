//! What failed, and whether anything can have been written.

use std::error::Error as _;
use std::fmt;
use std::io;
use std::time::Duration;

use deadpool_postgres::{PoolError, TimeoutType};
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, Severity, SqlState};

use crate::store::StoreError;

/// What PostgreSQL or the way to it said, without the values that it quotes: a detail such as
/// "failing row contains" would repeat what the customer handed in.
#[derive(Debug)]
pub(super) struct Said(String);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Said {}

impl Said {
    pub(super) fn new(text: impl Into<String>) -> Box<Self> {
        Box::new(Self(text.into()))
    }

    fn of(error: &Error) -> Box<Self> {
        if let Some(db) = error.as_db_error() {
            return Self::new(format!("{} (SQLSTATE {})", db.message(), db.code().code()));
        }
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            text = format!("{text}: {error}");
            source = error.source();
        }
        Self::new(text)
    }
}

/// The server's word that it has undone the statement and the transaction around it.
fn undone(error: &Error) -> Option<&DbError> {
    error
        .as_db_error()
        .filter(|db| db.parsed_severity() == Some(Severity::Error))
}

/// Whether the same transaction may go through if it is begun again: it met another one, and
/// nothing of it is left.
pub(super) fn met_another(error: &Error) -> bool {
    undone(error).is_some_and(|db| {
        [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
        ]
        .contains(db.code())
    })
}

/// The connection is gone, or was never there.
fn is_cut(error: &Error) -> bool {
    let fatal = error
        .as_db_error()
        .is_some_and(|db| db.parsed_severity() != Some(Severity::Error));
    let io = error
        .source()
        .and_then(|source| source.downcast_ref::<io::Error>())
        // What cannot be put into a message never leaves.
        .is_some_and(|error| error.kind() != io::ErrorKind::InvalidInput);
    fatal || io || error.is_closed()
}

/// A failure that has left nothing behind: nothing was asked that lasts without a COMMIT.
pub(super) fn before(error: Error) -> StoreError {
    let said = Said::of(&error);
    match error.code() {
        Some(&SqlState::DISK_FULL) => StoreError::Full(said),
        Some(
            &SqlState::LOCK_NOT_AVAILABLE
            | &SqlState::QUERY_CANCELED
            | &SqlState::T_R_SERIALIZATION_FAILURE
            | &SqlState::T_R_DEADLOCK_DETECTED,
        ) => StoreError::Busy(said),
        // A standby, after a failover: the one to write to is elsewhere.
        Some(&SqlState::READ_ONLY_SQL_TRANSACTION) => StoreError::Unreachable(said),
        Some(code) if code.code().starts_with("53") => StoreError::Unreachable(said),
        _ if is_cut(&error) => StoreError::Unreachable(said),
        _ => StoreError::Backend(said),
    }
}

/// A failure of what lasts by itself, a COMMIT or a statement outside of a transaction: if the
/// answer is lost, the work may be done.
pub(super) fn during(error: Error) -> StoreError {
    if undone(&error).is_some() {
        before(error)
    } else {
        StoreError::Backend(Said::of(&error))
    }
}

/// Nothing was answered in time, and nothing can have been written.
pub(super) fn late_before(after: Duration) -> StoreError {
    StoreError::Unreachable(late(after))
}

/// Nothing was answered in time to what lasts by itself.
pub(super) fn late_during(after: Duration) -> StoreError {
    StoreError::Backend(late(after))
}

fn late(after: Duration) -> Box<Said> {
    Said::new(format!("PostgreSQL has not answered for {after:?}"))
}

/// No connection could be had.
pub(super) fn unconnected(error: PoolError) -> StoreError {
    match error {
        PoolError::Backend(error)
        | PoolError::PostCreateHook(deadpool_postgres::HookError::Backend(error)) => {
            match before(error) {
                // Whatever it is, nothing was asked yet.
                StoreError::Backend(said) => StoreError::Unreachable(said),
                other => other,
            }
        }
        PoolError::Timeout(TimeoutType::Wait) => StoreError::Busy(Said::new(
            "every connection to PostgreSQL is in use; allow more of them",
        )),
        other => StoreError::Unreachable(Said::new(other.to_string().trim_end())),
    }
}
