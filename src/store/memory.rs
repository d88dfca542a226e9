use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    ClaimAsk, Claimed, Find, Found, GiveBack, Lease, Page, PlacedEvent, PortStore, Position,
    RequestRow, Revision, StoreError, StoredRequest, Write,
};
use crate::id::{ObserverId, PortRequestId, WorkerId};
use crate::number::PhoneNumber;

/// A store in memory, for tests and examples. It keeps bytes, as a database would, so reading a
/// request replays its history. It looks through all it has for what is due.
#[derive(Debug, Default)]
pub struct MemoryStore {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    requests: BTreeMap<PortRequestId, Held>,
    holders: BTreeMap<PhoneNumber, PortRequestId>,
    /// Every entry in the order it was taken; the first is at position 1.
    taken: Vec<(PortRequestId, usize)>,
    cursors: BTreeMap<ObserverId, Position>,
}

#[derive(Debug)]
struct Held {
    stored: StoredRequest,
    token: u64,
    lease: Option<(WorkerId, DateTime<Utc>)>,
    woken: Option<DateTime<Utc>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Every method checks before it writes, so a panic elsewhere leaves what is kept whole.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The earlier of both, where there are two.
fn earlier(one: Option<DateTime<Utc>>, other: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    one.into_iter().chain(other).min()
}

impl Held {
    fn found(&self) -> Found {
        Found {
            row: self.stored.row.clone(),
            revision: self.stored.revision,
            trouble: self.stored.trouble.clone(),
            leased: self.lease.clone(),
        }
    }
}

impl Kept {
    fn check(&self, writes: &[Write]) -> Result<(), StoreError> {
        for (i, write) in writes.iter().enumerate() {
            let id = &write.row.id;
            let held = self.requests.get(id);
            let twice = writes[..i].iter().any(|before| before.row.id == *id);
            let known = held.map_or(0, |held| held.stored.events.len());
            if held.map(|held| held.stored.revision) != write.expected
                || known != write.known
                || twice
            {
                return Err(StoreError::Conflict { id: id.clone() });
            }
        }
        let mut claimed = BTreeMap::new();
        for write in writes.iter().filter(|write| write.row.holds_numbers) {
            for number in &write.row.numbers {
                let rewritten = |by: &&PortRequestId| !writes.iter().any(|w| w.row.id == **by);
                let by = self.holders.get(number).filter(rewritten);
                let by = by.or_else(|| claimed.get(number).copied());
                if let Some(by) = by.filter(|by| **by != write.row.id) {
                    return Err(StoreError::NumberTaken {
                        number: *number,
                        by: by.clone(),
                    });
                }
                claimed.insert(*number, &write.row.id);
            }
        }
        Ok(())
    }

    fn put(&mut self, write: &Write) -> Revision {
        let (id, revision) = (&write.row.id, write.makes());
        let entries = write.known..write.known + write.events.len();
        self.taken.extend(entries.map(|entry| (id.clone(), entry)));
        self.holders.retain(|_, by| by != id);
        if write.row.holds_numbers {
            let held = write.row.numbers.iter().map(|number| (*number, id.clone()));
            self.holders.extend(held);
        }
        let held = self.requests.entry(id.clone()).or_insert_with(|| Held {
            stored: StoredRequest {
                row: write.row.clone(),
                revision,
                trouble: None,
                events: Vec::new(),
            },
            token: 0,
            lease: None,
            woken: None,
        });
        held.stored.row = write.row.clone();
        let due = &mut held.stored.row.due;
        *due = due.and_then(|due| earlier(Some(due), held.woken));
        held.stored.revision = revision;
        held.stored.events.extend_from_slice(&write.events);
        revision
    }

    fn leased(&mut self, lease: &Lease) -> Option<&mut Held> {
        let held = self.requests.get_mut(&lease.request)?;
        (held.lease.is_some() && held.token == lease.token).then_some(held)
    }
}

fn is_meant(find: &Find, row: &RequestRow, held: &Held) -> bool {
    match find {
        Find::All => true,
        Find::Status(status) => row.status == *status,
        Find::Waiting => row.waiting_on.is_some(),
        Find::WaitingOn(party) => row.waiting_on == Some(*party),
        Find::Order(carrier, order) => row.carrier == *carrier && row.order.as_ref() == Some(order),
        Find::Number(number) => row.numbers.contains(number),
        Find::Troubled => held.stored.trouble.is_some(),
    }
}

#[async_trait]
impl PortStore for MemoryStore {
    async fn get(&self, id: &PortRequestId) -> Result<Option<StoredRequest>, StoreError> {
        Ok(self.lock().requests.get(id).map(|held| held.stored.clone()))
    }

    async fn commit(&self, writes: &[Write]) -> Result<Vec<Revision>, StoreError> {
        let mut kept = self.lock();
        kept.check(writes)?;
        Ok(writes.iter().map(|write| kept.put(write)).collect())
    }

    async fn find(&self, find: &Find, page: &Page) -> Result<Vec<Found>, StoreError> {
        let from = page
            .after
            .as_ref()
            .map_or(Bound::Unbounded, Bound::Excluded);
        Ok(self
            .lock()
            .requests
            .range((from, Bound::Unbounded))
            .filter(|(_, held)| is_meant(find, &held.stored.row, held))
            .take(page.limit)
            .map(|(_, held)| held.found())
            .collect())
    }

    async fn history(
        &self,
        id: &PortRequestId,
        from: usize,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let kept = self.lock();
        let events = kept.requests.get(id).map(|held| &held.stored.events);
        let events = events.into_iter().flatten().skip(from).take(limit);
        Ok(events.cloned().collect())
    }

    async fn claim(&self, ask: &ClaimAsk) -> Result<Vec<Claimed>, StoreError> {
        let mut kept = self.lock();
        let mut due: Vec<_> = kept
            .requests
            .iter_mut()
            .filter(|(_, held)| ask.carriers.contains(&held.stored.row.carrier))
            .filter(|(_, held)| !matches!(held.lease, Some((_, until)) if ask.is_held(until)))
            .filter_map(|(id, held)| Some((held.stored.row.due?, id, held)))
            .filter(|(due, ..)| ask.is_due(*due))
            .collect();
        due.sort_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1)));
        let claimed = due.into_iter().take(ask.limit).map(|(due, id, held)| {
            held.token += 1;
            held.lease = Some((ask.worker.clone(), ask.until));
            held.woken = None;
            let lease = Lease {
                request: id.clone(),
                token: held.token,
            };
            Claimed {
                lease,
                due,
                trouble: held.stored.trouble.clone(),
            }
        });
        Ok(claimed.collect())
    }

    async fn renew(
        &self,
        leases: &[Lease],
        until: DateTime<Utc>,
    ) -> Result<Vec<Lease>, StoreError> {
        let mut kept = self.lock();
        let mut held = Vec::new();
        for lease in leases {
            if let Some((_, end)) = kept.leased(lease).and_then(|held| held.lease.as_mut()) {
                *end = until;
                held.push(lease.clone());
            }
        }
        Ok(held)
    }

    async fn give_back(&self, lease: &Lease, back: &GiveBack) -> Result<(), StoreError> {
        let mut kept = self.lock();
        let Some(held) = kept.leased(lease) else {
            let id = lease.request.clone();
            return Err(StoreError::LeaseLost { id });
        };
        held.lease = None;
        held.stored.trouble = back.trouble.clone();
        let (revision, woken) = (held.stored.revision, held.woken);
        let due = &mut held.stored.row.due;
        *due = back.next_due(*due, revision, woken);
        Ok(())
    }

    async fn wake(&self, ids: &[PortRequestId], at: DateTime<Utc>) -> Result<usize, StoreError> {
        let mut kept = self.lock();
        let mut woken = 0;
        for id in ids {
            let Some(held) = kept.requests.get_mut(id) else {
                continue;
            };
            let Some(due) = &mut held.stored.row.due else {
                continue;
            };
            *due = at.min(*due);
            held.woken = earlier(Some(at), held.woken);
            woken += 1;
        }
        Ok(woken)
    }

    async fn events(&self, after: Position, limit: usize) -> Result<Vec<PlacedEvent>, StoreError> {
        let kept = self.lock();
        let from = usize::try_from(after.number()).unwrap_or(usize::MAX);
        let taken = kept.taken.iter().zip(1..).skip(from).take(limit);
        Ok(taken
            .filter_map(|((id, entry), position)| {
                let bytes = kept.requests.get(id)?.stored.events.get(*entry)?;
                Some(PlacedEvent {
                    position: Position::from_number(position),
                    request: id.clone(),
                    entry: *entry,
                    bytes: bytes.clone(),
                })
            })
            .collect())
    }

    async fn cursor(&self, observer: &ObserverId) -> Result<Position, StoreError> {
        let cursor = self.lock().cursors.get(observer).copied();
        Ok(cursor.unwrap_or(Position::START))
    }

    async fn move_cursor(
        &self,
        observer: &ObserverId,
        from: Position,
        to: Position,
    ) -> Result<bool, StoreError> {
        let mut kept = self.lock();
        let cursor = kept.cursors.entry(observer.clone());
        let cursor = cursor.or_insert(Position::START);
        let there = *cursor == from;
        if there {
            *cursor = to;
        }
        Ok(there)
    }
}
