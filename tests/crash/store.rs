//! The stores that desks die over, looked at past any desk.

use std::path::PathBuf;

use snap_port::{
    AnyPortRequest as Any, Check, CheckState, Find, Page, PortStore, Position, PostgresStore,
    SqliteStore, Status,
};

use super::guard::Guard;
use super::postgres_server::{Database, Server};

#[derive(Debug)]
pub(crate) enum Store {
    Sqlite(PathBuf),
    Postgres(Database),
}

/// A request as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) id: String,
    pub(crate) status: Status,
    pub(crate) order: Option<String>,
    pub(crate) numbers: Vec<String>,
    /// The keys under which the carrier may have it before it has an order, such as `port-1#1`.
    pub(crate) sent: Vec<String>,
    /// The kinds of its entries, oldest first.
    pub(crate) entries: Vec<&'static str>,
    pub(crate) registered: Vec<String>,
}

/// An entry of the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) position: u64,
    pub(crate) request: String,
    /// Its place in the request's history.
    pub(crate) entry: usize,
}

impl Store {
    pub(crate) fn sqlite(guard: &Guard) -> Self {
        Self::Sqlite(guard.file("ports.db"))
    }

    pub(crate) fn postgres(server: &Server) -> Self {
        Self::Postgres(runtime().block_on(server.database()))
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// As `port_desk --store` takes it.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres(database) => database.url().to_owned(),
        }
    }

    /// Opens the store and replays every record.
    pub(crate) fn requests(&self) -> Vec<Kept> {
        runtime().block_on(async {
            let store = self.open().await;
            let mut kept = Vec::new();
            let mut page = Page::first(500);
            loop {
                let found = store.find(&Find::All, &page).await;
                let found = found.expect("the store answers");
                for one in &found {
                    let stored = store.get(&one.row.id).await.expect("the store answers");
                    let stored = stored.expect("what was found is there");
                    let read = stored.read();
                    let request = read.unwrap_or_else(|why| panic!("{}: {why}", one.row.id));
                    kept.push(Kept::of(&request));
                }
                match found.last() {
                    Some(last) => page = Page::after(last.row.id.clone(), 500),
                    None => return kept,
                }
            }
        })
    }

    /// Everything that happened, in the order the store took it.
    pub(crate) fn events(&self) -> Vec<Event> {
        runtime().block_on(async {
            let store = self.open().await;
            let mut events = Vec::new();
            let mut after = Position::START;
            loop {
                let more = store.events(after, 500).await.expect("the store answers");
                let Some(last) = more.last() else {
                    return events;
                };
                after = last.position;
                events.extend(more.iter().map(|event| Event {
                    position: event.position.number(),
                    request: event.request.to_string(),
                    entry: event.entry,
                }));
            }
        })
    }

    async fn open(&self) -> Box<dyn PortStore> {
        match self {
            Self::Sqlite(path) => Box::new(SqliteStore::open(path).expect("it opens")),
            Self::Postgres(database) => {
                let store = PostgresStore::connect(database.url()).await;
                Box::new(store.expect("it opens"))
            }
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

impl Kept {
    fn of(request: &Any) -> Self {
        let numbers = request.numbers().into_iter().flat_map(|all| all.iter());
        let sent = match request {
            Any::Sealed(sealed) => {
                let current = sealed.attempt().key();
                let current = Some(current).filter(|_| sealed.phase().may_be_with_carrier());
                let former = sealed.former_attempts().map(snap_port::Attempt::key);
                let all = former.chain(current);
                all.map(ToString::to_string).collect()
            }
            _ => Vec::new(),
        };
        let table = request.table();
        let rows = table.iter().flat_map(|table| table.rows());
        let registered =
            rows.filter(|row| matches!(row.check(Check::Registered), CheckState::Passed(_)));
        Self {
            id: request.id().to_string(),
            status: request.status(),
            order: request.order().map(|order| order.as_str().to_owned()),
            numbers: numbers.map(|number| number.as_str().to_owned()).collect(),
            sent,
            entries: request
                .timeline()
                .iter()
                .map(|entry| entry.kind())
                .collect(),
            registered: registered
                .map(|row| row.number().as_str().to_owned())
                .collect(),
        }
    }
}
