//! A store as another crate would write it: ours in memory, behind a front that can be told to have
//! a flaw.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use snap_port::{
    ClaimAsk, Claimed, Find, Found, GiveBack, Lease, MemoryStore, ObserverId, Page, PlacedEvent,
    PortRequestId, PortStore, Position, Revision, StoreError, StoredRequest, Write,
};
use tokio::sync::Mutex;
use tokio::task::yield_now;

snap_port::store_conformance!(promises, || async { Front::new(None) });

/// What is wrong with a store.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Flaw {
    /// Each write of a commit is a commit.
    WritesOneByOne,
    /// The last write of a commit comes first.
    WritesBackwards,
    /// The last writer wins.
    IgnoresRevisions,
    /// Histories are overwritten by length only.
    IgnoresKnownEntries,
    /// Numbers are nobody's.
    HoldsNoNumbers,
    /// Times are kept to the millisecond.
    CoarseTimes,
    /// Entries are text.
    LossyEntries,
    /// Names are sorted as people do.
    SortsByLetters,
    /// A page holds all there is.
    EndlessPages,
    /// What is due first comes last.
    ClaimsBackwards,
    /// Any carrier's requests are claimed.
    ClaimsForAnyone,
    /// As many as are due.
    ClaimsWithoutLimit,
    /// Any time is believed.
    NoHorizon,
    /// A claim that is asked for is as good as one that is held.
    BelievesTokens,
    /// A worker's word overrules a writer's.
    IgnoresWriters,
    /// Once in trouble, always in trouble.
    KeepsTrouble,
    /// Woken requests are counted whether they are due or not.
    CountsAllWoken,
    /// One who reads on skips an entry.
    SkipsEntries,
    /// One who reads on is told an entry again.
    RepeatsEntries,
    /// Observers are moved from wherever they are.
    MovesAnyCursor,
    /// It reads, and then writes, in an order that each handle keeps by itself.
    OrdersWithinAHandle,
}

#[derive(Debug)]
pub(crate) struct Front {
    store: Arc<MemoryStore>,
    flaw: Option<Flaw>,
    order: Mutex<()>,
}

impl Front {
    pub(crate) fn new(flaw: Option<Flaw>) -> Self {
        Self {
            store: Arc::new(MemoryStore::new()),
            flaw,
            order: Mutex::default(),
        }
    }

    /// Another handle on the same data.
    pub(crate) fn second(&self) -> Self {
        Self {
            store: Arc::clone(&self.store),
            flaw: self.flaw,
            order: Mutex::default(),
        }
    }

    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    fn coarse(&self, time: DateTime<Utc>) -> DateTime<Utc> {
        let micros = i64::from(time.timestamp_subsec_micros() % 1_000);
        match self.flaw {
            Some(Flaw::CoarseTimes) => time - TimeDelta::microseconds(micros),
            _ => time,
        }
    }

    async fn stored(&self, id: &PortRequestId) -> Result<(Option<Revision>, usize), StoreError> {
        Ok(match self.store.get(id).await? {
            Some(stored) => (Some(stored.revision), stored.events.len()),
            None => (None, 0),
        })
    }

    /// What another wrote between the reads and the writes is overwritten.
    async fn read_then_write(&self, writes: &[Write]) -> Result<Vec<Revision>, StoreError> {
        let _order = self.order.lock().await;
        for write in writes {
            if self.stored(&write.row.id).await? != (write.expected, write.known) {
                let id = write.row.id.clone();
                return Err(StoreError::Conflict { id });
            }
        }
        let mut revisions = Vec::new();
        for write in writes {
            yield_now().await;
            let (expected, known) = self.stored(&write.row.id).await?;
            let write = Write {
                expected,
                known,
                ..write.clone()
            };
            revisions.extend(self.store.commit(&[write]).await?);
        }
        Ok(revisions)
    }

    /// What another claimed between the read and the write is claimed again.
    async fn read_then_claim(&self, ask: &ClaimAsk) -> Result<Vec<Claimed>, StoreError> {
        let _order = self.order.lock().await;
        let all = self
            .store
            .find(&Find::All, &Page::first(usize::MAX))
            .await?;
        let mut free: Vec<_> = all
            .into_iter()
            .filter(|found| ask.carriers.contains(&found.row.carrier))
            .filter(|found| !matches!(found.leased, Some((_, until)) if ask.is_held(until)))
            .filter_map(|found| Some((found.row.due?, found.row.id, found.trouble)))
            .filter(|(due, ..)| ask.is_due(*due))
            .collect();
        free.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        free.truncate(ask.limit);
        yield_now().await;
        let taken = self.store.claim(ask).await?;
        let token = |id: &PortRequestId| {
            let taken = taken.iter().find(|taken| taken.lease.request == *id);
            taken.map_or(0, |taken| taken.lease.token)
        };
        let claimed = free.into_iter().map(|(due, request, trouble)| Claimed {
            lease: Lease {
                token: token(&request),
                request,
            },
            due,
            trouble,
        });
        Ok(claimed.collect())
    }

    async fn altered(&self, write: &Write) -> Result<Write, StoreError> {
        let mut write = write.clone();
        let (revision, known) = self.stored(&write.row.id).await?;
        match self.flaw {
            Some(Flaw::IgnoresRevisions) => write.expected = revision,
            Some(Flaw::IgnoresKnownEntries) => write.known = known,
            Some(Flaw::HoldsNoNumbers) => write.row.holds_numbers = false,
            Some(Flaw::LossyEntries) => {
                for entry in &mut write.events {
                    *entry = String::from_utf8_lossy(entry).into_owned().into_bytes();
                }
            }
            _ => {}
        }
        write.row.due = write.row.due.map(|due| self.coarse(due));
        write.row.waiting_since = write.row.waiting_since.map(|since| self.coarse(since));
        Ok(write)
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl PortStore for Front {
    async fn get(&self, id: &PortRequestId) -> Result<Option<StoredRequest>, StoreError> {
        self.store.get(id).await
    }

    async fn commit(&self, writes: &[Write]) -> Result<Vec<Revision>, StoreError> {
        if self.has(Flaw::OrdersWithinAHandle) {
            return self.read_then_write(writes).await;
        }
        let mut altered = Vec::new();
        for write in writes {
            altered.push(self.altered(write).await?);
        }
        if self.has(Flaw::WritesBackwards) {
            altered.reverse();
        }
        if !self.has(Flaw::WritesOneByOne) {
            return self.store.commit(&altered).await;
        }
        let mut revisions = Vec::new();
        for write in altered {
            revisions.extend(self.store.commit(&[write]).await?);
        }
        Ok(revisions)
    }

    async fn find(&self, find: &Find, page: &Page) -> Result<Vec<Found>, StoreError> {
        let mut page = page.clone();
        if self.has(Flaw::EndlessPages) {
            page.limit = usize::MAX;
        }
        let mut found = self.store.find(find, &page).await?;
        if self.has(Flaw::SortsByLetters) {
            found.sort_by_key(|found| found.row.id.as_str().to_lowercase());
        }
        Ok(found)
    }

    async fn history(
        &self,
        id: &PortRequestId,
        from: usize,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        self.store.history(id, from, limit).await
    }

    async fn claim(&self, ask: &ClaimAsk) -> Result<Vec<Claimed>, StoreError> {
        if self.has(Flaw::OrdersWithinAHandle) {
            return self.read_then_claim(ask).await;
        }
        let mut ask = ask.clone();
        match self.flaw {
            Some(Flaw::ClaimsWithoutLimit) => ask.limit = usize::MAX,
            Some(Flaw::NoHorizon) => ask.horizon = DateTime::<Utc>::MAX_UTC,
            Some(Flaw::ClaimsForAnyone) => {
                let all = self
                    .store
                    .find(&Find::All, &Page::first(usize::MAX))
                    .await?;
                ask.carriers = all.into_iter().map(|found| found.row.carrier).collect();
            }
            _ => {}
        }
        let mut claimed = self.store.claim(&ask).await?;
        if self.has(Flaw::ClaimsBackwards) {
            claimed.reverse();
        }
        Ok(claimed)
    }

    async fn renew(
        &self,
        leases: &[Lease],
        until: DateTime<Utc>,
    ) -> Result<Vec<Lease>, StoreError> {
        let held = self.store.renew(leases, until).await?;
        Ok(if self.has(Flaw::BelievesTokens) {
            leases.to_vec()
        } else {
            held
        })
    }

    async fn give_back(&self, lease: &Lease, back: &GiveBack) -> Result<(), StoreError> {
        // So that what a claim reads does not become free before it writes.
        let _order = match self.flaw {
            Some(Flaw::OrdersWithinAHandle) => Some(self.order.lock().await),
            _ => None,
        };
        let mut back = back.clone();
        let stored = self.store.get(&lease.request).await?;
        if let (Some(stored), true) = (stored, self.has(Flaw::IgnoresWriters)) {
            back.seen = Some(stored.revision);
        }
        if self.has(Flaw::KeepsTrouble) {
            let troubled = self
                .store
                .find(&Find::Troubled, &Page::first(usize::MAX))
                .await?;
            let before = troubled
                .into_iter()
                .find(|found| found.row.id == lease.request);
            back.trouble = back.trouble.or(before.and_then(|found| found.trouble));
        }
        self.store.give_back(lease, &back).await
    }

    async fn wake(&self, ids: &[PortRequestId], at: DateTime<Utc>) -> Result<usize, StoreError> {
        let woken = self.store.wake(ids, at).await?;
        Ok(if self.has(Flaw::CountsAllWoken) {
            ids.len()
        } else {
            woken
        })
    }

    async fn events(&self, after: Position, limit: usize) -> Result<Vec<PlacedEvent>, StoreError> {
        let on = after > Position::START;
        let after = match self.flaw {
            Some(Flaw::SkipsEntries) if on => {
                Position::from_number(after.number().saturating_add(1))
            }
            Some(Flaw::RepeatsEntries) if on => Position::from_number(after.number() - 1),
            _ => after,
        };
        self.store.events(after, limit).await
    }

    async fn cursor(&self, observer: &ObserverId) -> Result<Position, StoreError> {
        self.store.cursor(observer).await
    }

    async fn move_cursor(
        &self,
        observer: &ObserverId,
        from: Position,
        to: Position,
    ) -> Result<bool, StoreError> {
        let from = match self.flaw {
            Some(Flaw::MovesAnyCursor) => self.store.cursor(observer).await?,
            Some(Flaw::OrdersWithinAHandle) => {
                let _order = self.order.lock().await;
                if self.store.cursor(observer).await? != from {
                    return Ok(false);
                }
                yield_now().await;
                let there = self.store.cursor(observer).await?;
                return self.store.move_cursor(observer, there, to).await;
            }
            _ => from,
        };
        self.store.move_cursor(observer, from, to).await
    }
}
