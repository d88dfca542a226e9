//! The beginning and the end of a transaction.

use std::sync::Arc;

use rusqlite::Connection;

use super::failure::{told, told_by_commit};
use super::schema;
use crate::store::StoreError;

/// Why nothing could be begun, or committed; told to all whom it concerns.
#[derive(Clone, Debug)]
pub(super) enum Refusal {
    /// The file has a newer schema by now.
    Newer { found: u32, known: u32 },
    /// SQLite could not begin.
    NotBegun(Arc<rusqlite::Error>),
    /// SQLite could not commit.
    NotCommitted(Arc<rusqlite::Error>),
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Newer { found, known } => Self::Newer { found, known },
            Refusal::NotBegun(error) => told(&error),
            Refusal::NotCommitted(error) => told_by_commit(&error),
        }
    }
}

impl Refusal {
    /// Whether it is sure that nothing was written.
    pub(super) fn is_known(&self) -> bool {
        !StoreError::from(self.clone()).outcome_unknown()
    }
}

/// Runs a statement that gives nothing.
pub(super) fn run(conn: &Connection, sql: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(sql)?.execute([]).map(drop)
}

/// Begins a transaction by `sql`.
pub(super) fn begin(conn: &Connection, sql: &str) -> Result<(), Refusal> {
    let begun = || {
        if !conn.is_autocommit() {
            // One was left open by an undoing that failed.
            run(conn, "ROLLBACK")?;
        }
        run(conn, sql)?;
        schema::newer(conn)
    };
    match begun() {
        Ok(None) => Ok(()),
        Ok(Some((found, known))) => {
            undo(conn);
            Err(Refusal::Newer { found, known })
        }
        Err(error) => {
            undo(conn);
            Err(Refusal::NotBegun(Arc::new(error)))
        }
    }
}

/// Commits, or undoes everything.
pub(super) fn commit(conn: &Connection) -> Result<(), Refusal> {
    run(conn, "COMMIT").map_err(|error| {
        undo(conn);
        Refusal::NotCommitted(Arc::new(error))
    })
}

/// Undoes what is not committed, if there is anything left to undo.
pub(super) fn undo(conn: &Connection) {
    if !conn.is_autocommit() {
        // If this fails, the next beginning tries again, and says so.
        let _ = run(conn, "ROLLBACK");
    }
}
