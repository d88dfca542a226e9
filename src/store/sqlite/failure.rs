//! What SQLite says went wrong, as what a store says.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use rusqlite::{ErrorCode, ffi};

use crate::store::{BackendError, StoreError};

/// Why a piece of work came to nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// A rule of stores.
    Store(StoreError),
    /// SQLite, or a value it gave.
    Sql(rusqlite::Error),
}

pub(super) type Outcome<T> = Result<T, Failure>;

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => error,
            Failure::Sql(error) => told(&Arc::new(error)),
        }
    }
}

/// A value that is none of ours, in a column. It is never repeated: it may be what a customer handed
/// in.
pub(super) fn corrupt(column: &str, wrong: &'static str) -> Failure {
    Failure::Store(StoreError::Corrupt(format!("{wrong} in column {column}")))
}

/// What is wrong with a value that could not be read; nothing, if it is another error. What rusqlite
/// says of it may quote it.
pub(super) fn unreadable(error: &rusqlite::Error) -> Option<&'static str> {
    use rusqlite::Error as Sql;
    // Of another type, or beyond the type's range: written by hand.
    Some(match error {
        Sql::InvalidColumnType(..) => "a value of another type",
        Sql::IntegralValueOutOfRange(..) => "a number out of range",
        Sql::Utf8Error(..) => "text that is no UTF-8",
        Sql::FromSqlConversionFailure(..) => "a value that cannot be read",
        _ => return None,
    })
}

/// One error, told to each of those whose work it stopped.
#[derive(Debug)]
struct Shared(Arc<rusqlite::Error>);

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Shared {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// What an error means that came before anything was committed.
pub(super) fn told(error: &Arc<rusqlite::Error>) -> StoreError {
    use rusqlite::Error as Sql;
    let source = || BackendError::from(Shared(Arc::clone(error)));
    if let Some(wrong) = unreadable(error) {
        return StoreError::Corrupt(wrong.to_owned());
    }
    let code = match &**error {
        Sql::SqliteFailure(failure, _) => failure,
        _ => return StoreError::Backend(source()),
    };
    match code.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy(source()),
        ErrorCode::DiskFull => StoreError::Full(source()),
        // The index of the write-ahead log is a file too, and could not grow.
        ErrorCode::SystemIoFailure if code.extended_code == ffi::SQLITE_IOERR_SHMSIZE => {
            StoreError::Full(source())
        }
        ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied => {
            StoreError::Unreachable(source())
        }
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            StoreError::Corrupt(error.to_string())
        }
        _ => StoreError::Backend(source()),
    }
}

/// What an error of `COMMIT` means. Where there was no room or no lock, nothing is committed; of
/// everything else, such as a sync that failed, only a look can tell.
pub(super) fn told_by_commit(error: &Arc<rusqlite::Error>) -> StoreError {
    // The index of the log grows only after the log is written and synced.
    let late = error
        .sqlite_error()
        .is_some_and(|code| code.extended_code == ffi::SQLITE_IOERR_SHMSIZE);
    match told(error) {
        known @ (StoreError::Busy(_) | StoreError::Full(_)) if !late => known,
        _ => StoreError::Backend(BackendError::from(Shared(Arc::clone(error)))),
    }
}
