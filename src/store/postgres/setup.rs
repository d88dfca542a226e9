//! Where the server is, and how long it is waited for.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts,
};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Config, Socket};

use super::error::Said;
use crate::store::StoreError;

/// A text that says no place of a PostgreSQL server. The text is not repeated: it may hold a
/// password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no address of a PostgreSQL server; write postgres://user:password@host:port/database, \
     with %XX for each character of the password that is no letter or digit, and of options of TLS \
     none but sslmode disable, prefer or require"
)]
pub struct InvalidPostgresUrl;

/// Where the server is, and how long it is waited for.
///
/// ```
/// use std::time::Duration;
/// use snap_port::PostgresSetup;
///
/// let setup = PostgresSetup::parse("postgres://desk:secret@127.0.0.1/ports")?
///     .with_connections(8)
///     .with_patience(Duration::from_secs(2));
/// assert!(!format!("{setup:?}").contains("secret"));
/// # Ok::<_, snap_port::InvalidPostgresUrl>(())
/// ```
#[derive(Clone)]
pub struct PostgresSetup {
    config: Config,
    connections: usize,
    patience: Duration,
}

impl PostgresSetup {
    /// Reads an address: `postgres://user:password@host:port/database?sslmode=require`, or libpq's
    /// `host=... user=...`.
    ///
    /// # Errors
    /// [`InvalidPostgresUrl`] if it is none.
    pub fn parse(url: &str) -> Result<Self, InvalidPostgresUrl> {
        let mut config: Config = url.parse().map_err(|_| InvalidPostgresUrl)?;
        let hosts = config.get_hosts();
        if hosts.is_empty() && config.get_hostaddrs().is_empty() || !hosts.iter().all(is_name) {
            return Err(InvalidPostgresUrl);
        }
        if config.get_application_name().is_none() {
            // Whoever looks for the holder of a lock sees it.
            config.application_name("snap-port");
        }
        Ok(Self {
            config,
            connections: 16,
            patience: Duration::from_secs(5),
        })
    }

    /// With at most so many connections, and at least one; 16 otherwise.
    #[must_use]
    pub fn with_connections(mut self, connections: usize) -> Self {
        self.connections = connections.max(1);
        self
    }

    /// With a lock waited for so long, at least a millisecond; 5 seconds otherwise. A statement, a
    /// transaction that stands still and a new connection get four times as long, an answer six.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience.clamp(Duration::from_millis(1), Duration::from_secs(3600));
        self
    }

    /// How long an answer is waited for, whatever the server does.
    pub(super) fn answer(&self) -> Duration {
        self.patience * 6
    }

    /// Whether nothing leaves this machine.
    fn is_local(&self) -> bool {
        let addresses = self.config.get_hostaddrs();
        if !addresses.is_empty() {
            return addresses.iter().all(IpAddr::is_loopback);
        }
        self.config.get_hosts().iter().all(|host| match host {
            Host::Tcp(name) => {
                name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
            }
            #[cfg(unix)]
            Host::Unix(_) => true,
        })
    }

    /// Whether a server must offer TLS: to another machine, unless the address says
    /// `sslmode=disable`. To take what is offered, as `prefer` says, would leave that to whoever
    /// sits in between.
    pub(super) fn needs_tls(&self) -> bool {
        match self.config.get_ssl_mode() {
            SslMode::Disable => false,
            SslMode::Prefer => !self.is_local(),
            _ => true,
        }
    }

    /// What each session is told first.
    fn session(&self) -> String {
        let patience = self.patience.as_millis();
        let long = patience * 4;
        format!(
            "SET lock_timeout = {patience}; SET statement_timeout = {long}; \
             SET idle_in_transaction_session_timeout = {long}; \
             SET default_transaction_isolation = 'read committed'; \
             SELECT set_config('synchronous_commit', 'on', false) \
             WHERE current_setting('synchronous_commit') = 'off'"
        )
    }

    /// How a connection is made.
    fn way(&self) -> Config {
        let mut config = self.config.clone();
        if self.needs_tls() {
            config.ssl_mode(SslMode::Require);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(self.patience * 4);
        }
        config
    }

    pub(super) fn pool<T>(&self, tls: T) -> Result<Pool, StoreError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + Sync,
        T::TlsConnect: Send + Sync,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let long = self.patience * 4;
        let session = self.session();
        let told = Hook::async_fn(move |client: &mut deadpool_postgres::ClientWrapper, _| {
            let session = session.clone();
            Box::pin(async move {
                let told = client.batch_execute(&session).await;
                told.map_err(HookError::Backend)
            })
        });
        // Each connection is tried before it is used: one that died meanwhile is replaced, where a
        // write on it would end in doubt. The try also waits for what a dropped call left under way.
        let recycling_method = RecyclingMethod::Verified;
        let manager = Manager::from_config(self.way(), tls, ManagerConfig { recycling_method });
        Pool::builder(manager)
            .max_size(self.connections)
            .timeouts(Timeouts {
                wait: Some(long),
                create: Some(long),
                recycle: Some(long),
            })
            .runtime(Runtime::Tokio1)
            .post_create(told)
            .build()
            .map_err(|error| StoreError::Unreachable(Said::new(error.to_string())))
    }
}

/// Whether it can name a host. What stands behind an `@` in a password that should have been `%40`
/// cannot, and must not be shown as one.
fn is_name(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte)),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

impl fmt::Debug for PostgresSetup {
    /// Where the server is; never who asks, with what password or options.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresSetup")
            .field("hosts", &self.config.get_hosts())
            .field("addresses", &self.config.get_hostaddrs())
            .field("ports", &self.config.get_ports())
            .field("connections", &self.connections)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs_tls(url: &str) -> bool {
        let setup = PostgresSetup::parse(url).unwrap();
        let needs = setup.needs_tls();
        assert_eq!(needs, setup.way().get_ssl_mode() == SslMode::Require);
        needs
    }

    #[test]
    fn only_what_stays_on_the_machine_or_is_asked_for_goes_without_tls() {
        for url in [
            "postgres://u@localhost/d",
            "postgres://u@127.0.0.1:1/d",
            "postgres://u@[::1]/d",
            "postgres://u@%2Fvar%2Frun%2Fpostgresql/d",
            "host=db.example hostaddr=127.0.0.1 user=u",
            "postgres://u@db.example/d?sslmode=disable",
        ] {
            assert!(!needs_tls(url), "{url}");
        }
        for url in [
            "postgres://u@db.example/d",
            "postgres://u@localhost,db.example/d",
            "postgres://u@192.168.0.1/d",
            "postgres://u@localhost.example/d",
            "host=localhost hostaddr=192.168.0.1 user=u",
            "postgres://u@localhost/d?sslmode=require",
        ] {
            assert!(needs_tls(url), "{url}");
        }
    }

    #[test]
    fn no_password_is_shown_of_an_address_good_or_bad() {
        let setup = PostgresSetup::parse("postgres://u:hunter2@localhost/d").unwrap();
        assert!(!format!("{setup:?}").contains("hunter2"));
        for url in [
            "postgres://u:p@hunter2@localhost/d",
            "postgres://u:p@localhost/d?hunter2=y",
            "postgres://u:hunter2@localhost:x/d",
            "postgres://u:hunter2@/d",
            "hunter2",
        ] {
            let error = PostgresSetup::parse(url).unwrap_err();
            assert!(!format!("{error:?} {error}").contains("hunter2"), "{url}");
        }
    }

    #[test]
    fn no_patience_is_so_short_that_it_means_for_ever() {
        let setup = PostgresSetup::parse("host=localhost").unwrap();
        let session = setup.with_patience(Duration::ZERO).session();
        assert!(session.starts_with("SET lock_timeout = 1;"), "{session}");
    }
}
