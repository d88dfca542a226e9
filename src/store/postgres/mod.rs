//! Requests in PostgreSQL, shared by as many machines as there are (feature `postgres`).
//!
//! - **Tables** are named `snap_port_...` and stand where the `search_path` of the connection puts
//!   them: give the role its own, or the address an `options=-csearch_path%3Dports`. They are made
//!   and changed by [`PostgresStore::connect`], by one store at a time; a store that finds them
//!   ready needs no right to make any.
//! - **Sharing** is by the server's locks alone: claims skip what others hold, commits wait for one
//!   another in one order, and what met another is begun again.
//! - **Turns** are taken by commits from when they add entries until they are flushed, so that the
//!   outbox has one order: what is to be written of many requests goes faster in one commit.
//! - **Waiting** ends: a peer that hangs with locks in its hands loses them, a server that does not
//!   answer is given up; see [`PostgresSetup::with_patience`].
//! - **Durable** means flushed: `synchronous_commit = off` is switched on. Whether a standby has it
//!   too is the server's to say.
//! - **Times** are kept to the microsecond.
//!
//! A pooler in between must give each connection a session of its own.

mod claim;
mod commit;
mod error;
mod read;
mod row;
mod schema;
mod setup;

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use deadpool_postgres::{Client, Pool};
use tokio::time::error::Elapsed;
use tokio::time::timeout;

pub use setup::{InvalidPostgresUrl, PostgresSetup};
pub use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
pub use tokio_postgres::{NoTls, Socket};

use self::commit::Stop;
use self::error::{Said, late_before, late_during, unconnected};
use super::{
    ClaimAsk, Claimed, Find, Found, GiveBack, Lease, Page, PlacedEvent, PortStore, Position,
    Revision, StoreError, StoredRequest, Write,
};
use crate::id::{ObserverId, PortRequestId};

/// Requests in PostgreSQL 12 or newer (tried with 15), shared by as many machines as there are. See
/// the [module](self).
///
/// ```no_run
/// # async fn example() -> Result<(), snap_port::StoreError> {
/// use snap_port::PostgresStore;
/// let store = PostgresStore::connect("postgres://desk@localhost/ports").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresStore {
    pool: Pool,
    answer: Duration,
}

impl PostgresStore {
    /// Connects to a server on this machine, by its socket or loopback, and brings the tables up to
    /// date. To another machine it goes only where the address says `sslmode=disable`.
    ///
    /// # Errors
    /// [`StoreError::Newer`] if a newer version of this crate has written the tables;
    /// [`StoreError::Unreachable`] if the address is wrong, the server does not answer, wants
    /// another password or needs TLS: at the start, do not try for ever.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let setup = PostgresSetup::parse(url).map_err(|bad| StoreError::Unreachable(bad.into()))?;
        if setup.needs_tls() {
            return Err(StoreError::Unreachable(Said::new(
                "this address needs TLS: use PostgresStore::connect_with and a TLS connector, or \
                 say sslmode=disable where the way to the server is safe",
            )));
        }
        Self::connect_with(&setup, NoTls).await
    }

    /// Connects with TLS by a connector of your choice, or [`NoTls`], and brings the tables up to
    /// date. To another machine TLS is required, unless the address says `sslmode=disable`.
    ///
    /// Connectors for tokio-postgres 0.7 are in the crates `tokio-postgres-rustls` and
    /// `postgres-native-tls`; whether a certificate is checked is the connector's. An address has
    /// `sslmode` `disable`, `prefer` or `require`: leave `verify-full` and `sslrootcert` out.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub async fn connect_with<T>(setup: &PostgresSetup, tls: T) -> Result<Self, StoreError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + Sync,
        T::TlsConnect: Send + Sync,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let store = Self {
            pool: setup.pool(tls)?,
            answer: setup.answer(),
        };
        let mut client = store.client().await?;
        let migrated = timeout(schema::LONGEST, schema::migrate(&mut client)).await;
        settle(client, migrated, || late_during(schema::LONGEST))?;
        Ok(store)
    }

    async fn client(&self) -> Result<Client, StoreError> {
        self.pool.get().await.map_err(unconnected)
    }
}

/// What came of a call; a connection that has not answered in time is given up.
fn settle<T>(
    client: Client,
    asked: Result<Result<T, StoreError>, Elapsed>,
    late: impl FnOnce() -> StoreError,
) -> Result<T, StoreError> {
    asked.unwrap_or_else(|_| {
        drop(Client::take(client));
        Err(late())
    })
}

impl fmt::Debug for PostgresStore {
    /// How many connections there are; never where to, as whom.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("connections", &self.pool.status().size)
            .finish_non_exhaustive()
    }
}

/// Asks on a connection of the pool: what only reads, or what lasts by itself.
macro_rules! ask {
    ($store:expr, reads $module:ident :: $call:ident ($($value:expr),*)) => {
        ask!($store, $module, $call, late_before, $($value),*)
    };
    ($store:expr, writes $module:ident :: $call:ident ($($value:expr),*)) => {
        ask!($store, $module, $call, late_during, $($value),*)
    };
    ($store:expr, $module:ident, $call:ident, $late:ident, $($value:expr),*) => {{
        let client = $store.client().await?;
        let asked = timeout($store.answer, $module::$call(&client, $($value),*)).await;
        settle(client, asked, || $late($store.answer))
    }};
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl PortStore for PostgresStore {
    async fn get(&self, id: &PortRequestId) -> Result<Option<StoredRequest>, StoreError> {
        ask!(self, reads read::get(id))
    }

    async fn commit(&self, writes: &[Write]) -> Result<Vec<Revision>, StoreError> {
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        let mut tries = commit::TRIES;
        loop {
            tries -= 1;
            match commit::attempt(self.client().await?, writes, self.answer).await {
                Err(Stop::Met(_)) if tries > 0 => {}
                Ok(revisions) => return Ok(revisions),
                Err(Stop::Met(error) | Stop::Failed(error)) => return Err(error),
            }
        }
    }

    async fn find(&self, find: &Find, page: &Page) -> Result<Vec<Found>, StoreError> {
        ask!(self, reads read::find(find, page))
    }

    async fn history(
        &self,
        id: &PortRequestId,
        from: usize,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        ask!(self, reads read::history(id, from, limit))
    }

    async fn claim(&self, ask: &ClaimAsk) -> Result<Vec<Claimed>, StoreError> {
        ask!(self, writes claim::claim(ask))
    }

    async fn renew(
        &self,
        leases: &[Lease],
        until: DateTime<Utc>,
    ) -> Result<Vec<Lease>, StoreError> {
        ask!(self, writes claim::renew(leases, until))
    }

    async fn give_back(&self, lease: &Lease, back: &GiveBack) -> Result<(), StoreError> {
        ask!(self, writes claim::give_back(lease, back))
    }

    async fn wake(&self, ids: &[PortRequestId], at: DateTime<Utc>) -> Result<usize, StoreError> {
        ask!(self, writes claim::wake(ids, at))
    }

    async fn events(&self, after: Position, limit: usize) -> Result<Vec<PlacedEvent>, StoreError> {
        ask!(self, reads read::events(after, limit))
    }

    async fn cursor(&self, observer: &ObserverId) -> Result<Position, StoreError> {
        ask!(self, reads read::cursor(observer))
    }

    async fn move_cursor(
        &self,
        observer: &ObserverId,
        from: Position,
        to: Position,
    ) -> Result<bool, StoreError> {
        ask!(self, writes claim::move_cursor(observer, from, to))
    }
}
