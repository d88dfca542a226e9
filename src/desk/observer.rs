//! Telling others what has happened, after it is durable, at least once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Debug;

use async_trait::async_trait;

use super::PortDesk;
use crate::id::{ObserverId, PortRequestId};
use crate::request::{AcceptedEvent, RecordError};
use crate::store::{Position, StoreError};

/// How many events an observer is told at once, at most.
const AT_ONCE: usize = 100;

/// One that is told what happens to requests: sends e-mails, feeds a data warehouse, wakes a page.
///
/// Every accepted entry of every request's history is told, after it is durable, in the order the
/// store took it, at least once: an observer that fails, or a process that dies, is told again from
/// where it was. So an observer either does no harm when told twice, or keeps what it has seen by
/// [`position`](Told::position). The history that a request has from the one it was split off is
/// told as its own too, [marked](Told::inherited). Implement it with the `async-trait` crate.
#[async_trait]
pub trait PortObserver: Debug + Send + Sync {
    /// Its name; the store keeps how far each has come. A new name is told everything from the
    /// start: one that is to begin now takes, and leaves, what was
    /// [recorded](crate::Entry::recorded_at) before.
    fn id(&self) -> ObserverId;

    /// Takes what has happened, oldest first. Returning `Ok` says it need not be told again.
    ///
    /// The future is dropped when the worker is told to stop, and the same is told again later: be
    /// safe to drop at any await.
    ///
    /// # Errors
    /// Anything: it is told the same again later, in other portions perhaps.
    async fn told(&self, events: &[Told]) -> Result<(), ObserverError>;
}

/// Why an observer could not take what it was told. Its words may be logged: no secrets.
pub type ObserverError = Box<dyn std::error::Error + Send + Sync>;

/// Something that has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Told {
    /// Where it stands among all that has happened; it only grows.
    pub position: Position,
    /// What happened, to which request.
    pub event: AcceptedEvent,
    /// Whether it happened to the request that this one was split off, before the split, and was
    /// told of that one already: who sends mails leaves it out.
    pub inherited: bool,
}

/// An observer could not be told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TellError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An entry cannot be read; what comes after it is not told before it can.
    #[error("the entry at position {position} cannot be told")]
    Unreadable {
        /// Where it stands.
        position: Position,
        /// Why.
        #[source]
        source: RecordError,
    },
    /// The observer failed.
    #[error("observer {observer} did not take what it was told; it is told again")]
    Observer {
        /// Which.
        observer: ObserverId,
        /// Why.
        #[source]
        source: ObserverError,
    },
}

impl PortDesk {
    /// Tells an observer everything it was not told yet; gives how much that was.
    ///
    /// Several desks may tell the same observer: one may then be told twice.
    ///
    /// # Errors
    /// [`TellError`]; what the observer has taken before that it is not told again.
    pub async fn tell(&self, observer: &dyn PortObserver) -> Result<usize, TellError> {
        let id = observer.id();
        let mut count = 0;
        let mut own = BTreeMap::new();
        let mut last: Option<PortRequestId> = None;
        loop {
            let from = self.store.cursor(&id).await?;
            let placed = self.store.events(from, AT_ONCE).await?;
            let Some(to) = placed.last().map(|event| event.position) else {
                return Ok(count);
            };
            let ends = placed.last().map(|event| event.request.clone());
            let mut told = Vec::with_capacity(placed.len());
            // It must not grow; only the last request goes on from batch to batch.
            own.retain(|request, _| last.as_ref() == Some(request));
            let mut unreadable = None;
            for event in placed {
                let position = event.position;
                match AcceptedEvent::read(event.request, event.entry, &event.bytes) {
                    Ok(event) => {
                        let own = match own.entry(event.request().clone()) {
                            Entry::Occupied(known) => *known.get(),
                            Entry::Vacant(new) => *new.insert(self.own_from(&event).await?),
                        };
                        told.push(Told {
                            position,
                            inherited: event.place() < own,
                            event,
                        });
                    }
                    Err(source) => {
                        unreadable = Some(TellError::Unreadable { position, source });
                        break;
                    }
                }
            }
            if let Some(last) = told.last() {
                let to = if unreadable.is_some() {
                    last.position
                } else {
                    to
                };
                let taken = observer.told(&told).await;
                taken.map_err(|source| TellError::Observer {
                    observer: id.clone(),
                    source,
                })?;
                // If another desk moved it meanwhile, it may have been told twice.
                self.store.move_cursor(&id, from, to).await?;
                count += told.len();
            }
            if let Some(error) = unreadable {
                return Err(error);
            }
            last = ends;
        }
    }

    /// From which place on a request's history is its own; 0 unless it was split off.
    async fn own_from(&self, event: &AcceptedEvent) -> Result<usize, StoreError> {
        let id = event.request();
        let read =
            |(place, bytes): (usize, Vec<u8>)| AcceptedEvent::read(id.clone(), place, &bytes);
        if event.place() == 0 && !event.opens_another() {
            return Ok(0);
        }
        let mut from = 0;
        let mut limit = 1;
        loop {
            let entries = self.store.history(id, from, limit).await?;
            let more = entries.len() == limit;
            for entry in (from..).zip(entries).map(read) {
                // What cannot be read is told of when its turn comes.
                let Ok(entry) = entry else { return Ok(0) };
                if entry.place() == 0 && !entry.opens_another() {
                    return Ok(0);
                }
                if entry.splits_off() {
                    return Ok(entry.place());
                }
                from += 1;
            }
            if !more {
                return Ok(0);
            }
            limit = AT_ONCE;
        }
    }
}
