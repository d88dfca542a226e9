//! A store in an SQLite file, for one machine.

mod claims;
mod failure;
mod group;
mod numbers;
mod read;
mod schema;
mod session;
#[cfg(test)]
mod tests;
mod threads;
mod value;
mod write;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use self::threads::Crew;
use super::{
    ClaimAsk, Claimed, Find, Found, GiveBack, Lease, Page, PlacedEvent, PortStore, Position,
    Revision, StoreError, StoredRequest, Write,
};
use crate::id::{ObserverId, PortRequestId};

/// Connections that read beside the one that writes.
const READERS: usize = 2;

/// How an SQLite file is used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SqliteSettings {
    /// How long to wait for another process that writes before giving up with
    /// [`StoreError::Busy`]: 5 seconds.
    pub busy_timeout: Duration,
}

impl Default for SqliteSettings {
    fn default() -> Self {
        Self {
            busy_timeout: Duration::from_secs(5),
        }
    }
}

/// A store in an SQLite file: for as many tasks as you like in one process, and for a few processes
/// of one machine. Clones share it.
///
/// Every write is on the disk when it returns (write-ahead log, `synchronous=FULL`). What many ask
/// for at the same time is written and synced together, so the more there is to do, the less each
/// write costs; a write that is refused stops no other.
///
/// It runs on threads of its own and needs no executor. When the last clone is dropped, that waits
/// until what was asked for is done and the file is closed.
///
/// The file holds what customers handed in: protect it as such, with the two that SQLite keeps
/// beside it (`-wal`, `-shm`). While it is open, it is not whole without them: back it up with
/// SQLite's own means, such as `VACUUM INTO`. It must be on a local disk.
///
/// ```
/// use snap_port::{PortRequestId, PortStore, SqliteStore};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("snap-port-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("ports.db");
/// let store = SqliteStore::open(path)?;
/// # snap_port::testing::conformance::block_on(async {
/// assert_eq!(store.get(&PortRequestId::parse("acme-1").unwrap()).await.unwrap(), None);
/// # });
/// # drop(store);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SqliteStore {
    inner: Arc<Inner>,
}

/// The readers end first, so that the writer closes the file and empties the log into it.
struct Inner {
    path: PathBuf,
    readers: Crew,
    writer: Crew,
}

impl SqliteStore {
    /// Opens the file at `path`, makes it if there is none, and brings it to this version's schema.
    ///
    /// This blocks while it does so. A file of SQLite's own kind of name (`:memory:`, `file:...`)
    /// is a file of that name.
    ///
    /// # Errors
    /// [`StoreError::Newer`] if a newer version has written it and [`StoreError::Foreign`] if
    /// another program has; neither is touched. [`StoreError::Corrupt`] if it is no database,
    /// [`StoreError::Busy`], [`StoreError::Full`] or [`StoreError::Unreachable`] as they say.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_with(path, &SqliteSettings::default())
    }

    /// As [`open`](Self::open), with other settings.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(
        path: impl AsRef<Path>,
        settings: &SqliteSettings,
    ) -> Result<Self, StoreError> {
        let path = std::path::absolute(path.as_ref());
        let path = path.map_err(|error| StoreError::Unreachable(error.into()))?;
        let writer = schema::writer(&path, settings.busy_timeout)?;
        let readers = (0..READERS).map(|_| schema::reader(&path, settings.busy_timeout));
        let readers = readers.collect::<Result<_, _>>()?;
        let inner = Inner {
            path,
            readers: Crew::readers(readers)?,
            writer: Crew::writer(writer)?,
        };
        let inner = Arc::new(inner);
        Ok(Self { inner })
    }
}

impl fmt::Debug for SqliteStore {
    /// The file's path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SqliteStore")
            .field(&self.inner.path)
            .finish()
    }
}

#[async_trait]
impl PortStore for SqliteStore {
    async fn get(&self, id: &PortRequestId) -> Result<Option<StoredRequest>, StoreError> {
        let id = id.clone();
        let readers = &self.inner.readers;
        readers.done(move |conn| read::get(conn, &id)).await
    }

    async fn commit(&self, writes: &[Write]) -> Result<Vec<Revision>, StoreError> {
        let writes = writes.to_vec();
        let writer = &self.inner.writer;
        writer.done(move |conn| write::commit(conn, &writes)).await
    }

    async fn find(&self, find: &Find, page: &Page) -> Result<Vec<Found>, StoreError> {
        let (find, page) = (find.clone(), page.clone());
        let readers = &self.inner.readers;
        readers
            .done(move |conn| read::find(conn, &find, &page))
            .await
    }

    async fn history(
        &self,
        id: &PortRequestId,
        from: usize,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let id = id.clone();
        let readers = &self.inner.readers;
        readers
            .done(move |conn| read::history(conn, &id, from, limit))
            .await
    }

    async fn claim(&self, ask: &ClaimAsk) -> Result<Vec<Claimed>, StoreError> {
        let ask = ask.clone();
        let writer = &self.inner.writer;
        writer.done(move |conn| claims::claim(conn, &ask)).await
    }

    async fn renew(
        &self,
        leases: &[Lease],
        until: DateTime<Utc>,
    ) -> Result<Vec<Lease>, StoreError> {
        let leases = leases.to_vec();
        let writer = &self.inner.writer;
        writer
            .done(move |conn| claims::renew(conn, &leases, until))
            .await
    }

    async fn give_back(&self, lease: &Lease, back: &GiveBack) -> Result<(), StoreError> {
        let (lease, back) = (lease.clone(), back.clone());
        let writer = &self.inner.writer;
        writer
            .done(move |conn| claims::give_back(conn, &lease, &back))
            .await
    }

    async fn wake(&self, ids: &[PortRequestId], at: DateTime<Utc>) -> Result<usize, StoreError> {
        let ids = ids.to_vec();
        let writer = &self.inner.writer;
        writer.done(move |conn| claims::wake(conn, &ids, at)).await
    }

    async fn events(&self, after: Position, limit: usize) -> Result<Vec<PlacedEvent>, StoreError> {
        let readers = &self.inner.readers;
        readers
            .done(move |conn| read::events(conn, after, limit))
            .await
    }

    async fn cursor(&self, observer: &ObserverId) -> Result<Position, StoreError> {
        let observer = observer.clone();
        let readers = &self.inner.readers;
        readers
            .done(move |conn| read::cursor(conn, &observer))
            .await
    }

    async fn move_cursor(
        &self,
        observer: &ObserverId,
        from: Position,
        to: Position,
    ) -> Result<bool, StoreError> {
        let observer = observer.clone();
        let writer = &self.inner.writer;
        writer
            .done(move |conn| read::move_cursor(conn, &observer, from, to))
            .await
    }
}
