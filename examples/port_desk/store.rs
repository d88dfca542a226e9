//! Where requests are kept: `memory:`, `sqlite:PATH` or `postgres://...`.

use std::error::Error;
use std::sync::Arc;

use snap_port::{MemoryStore, PortStore, PostgresStore, SqliteStore};

/// What the command line names.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Gone when the process ends.
    Memory,
    /// A file.
    Sqlite(String),
    /// A server; the URL may hold a password.
    Postgres(String),
}

impl Kind {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("memory", "")) => Ok(Self::Memory),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(path.to_owned())),
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
                Ok(Self::Postgres(text.to_owned()))
            }
            // What was given may hold a password.
            _ => {
                Err("--store must be memory:, sqlite:PATH or postgres://USER@HOST/NAME".to_owned())
            }
        }
    }

    /// Whether other processes see what it keeps.
    pub(crate) fn outlives_the_process(&self) -> bool {
        *self != Self::Memory
    }

    pub(crate) async fn open(&self) -> Result<Arc<dyn PortStore>, Box<dyn Error>> {
        match self {
            Self::Memory => Ok(Arc::new(MemoryStore::new())),
            Self::Sqlite(path) => Ok(Arc::new(SqliteStore::open(path)?)),
            Self::Postgres(url) => Ok(Arc::new(PostgresStore::connect(url).await?)),
        }
    }
}
