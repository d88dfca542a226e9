//! Looking requests up, and over all of them.

use super::{CustomerUpdate, DeskError, PortDesk, WorkItem, work_list};
use crate::id::PortRequestId;
use crate::people::Party;
use crate::request::{AcceptedEvent, RecordError};
use crate::store::{Find, Found, Page, StoreError};

/// How many requests are read at once where all are gone through.
const AT_ONCE: usize = 200;

/// What staff are to do, over all requests.
#[derive(Debug)]
#[non_exhaustive]
pub struct WorkList {
    /// What is to be done, most consequential first.
    pub items: Vec<WorkItem>,
    /// Requests whose records cannot be read: nothing happens to them until that is mended.
    pub unreadable: Vec<(PortRequestId, RecordError)>,
}

/// What customers are told of a page of requests.
#[derive(Debug)]
#[non_exhaustive]
pub struct CustomerUpdates {
    /// One for each request, in the order of their names.
    pub updates: Vec<CustomerUpdate>,
    /// Requests whose records cannot be read.
    pub unreadable: Vec<(PortRequestId, RecordError)>,
    /// Where to go on; `None` on the last page.
    pub next: Option<Page>,
}

impl PortDesk {
    /// Finds requests, a page at a time, without their histories.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn find(&self, find: &Find, page: &Page) -> Result<Vec<Found>, DeskError> {
        Ok(self.store.find(find, page).await?)
    }

    /// Takes a hint that there is news of what `about` finds: a worker looks at it at once. A hint
    /// is never evidence. Gives how many requests are looked at.
    ///
    /// For a webhook: let the carrier hear it if it remembers such words, then give
    /// [`Find::Number`] for each number it names, and mark it as handled only after that. The hint
    /// reaches workers of other processes; what a carrier has heard does not.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn hint(&self, about: &Find) -> Result<usize, DeskError> {
        let now = self.clock.now();
        let mut woken = 0;
        let mut page = Page::first(AT_ONCE);
        loop {
            let found = self.store.find(about, &page).await?;
            let ids: Vec<PortRequestId> = found
                .iter()
                .filter(|found| found.row.due.is_some())
                .map(|found| found.row.id.clone())
                .collect();
            if !ids.is_empty() {
                woken += self.store.wake(&ids, now).await?;
            }
            match next(&found, &page) {
                Some(next) => page = next,
                None => return Ok(woken),
            }
        }
    }

    /// What staff are to do about every request that waits, or about those that wait on `party`,
    /// most consequential first. It reads each of them.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn work_list(&self, party: Option<Party>) -> Result<WorkList, DeskError> {
        let find = party.map_or(Find::Waiting, Find::WaitingOn);
        let (mut items, mut unreadable) = (Vec::new(), Vec::new());
        let mut page = Page::first(AT_ONCE);
        loop {
            let found = self.store.find(&find, &page).await?;
            for one in &found {
                let item = self.work_item(&one.row.id).await;
                items.extend(readable(item, &one.row.id, &mut unreadable)?.flatten());
            }
            match next(&found, &page) {
                Some(next) => page = next,
                None => break,
            }
        }
        Ok(WorkList {
            items: work_list(items),
            unreadable,
        })
    }

    /// What customers are told of the requests that `find` finds, a page at a time: an overview for
    /// customer success, or the mails of a morning. It reads each of them.
    ///
    /// To tell each customer as it happens, call [`customer_update`](Self::customer_update) from a
    /// [`PortObserver`](super::PortObserver), and send what differs from what was sent last.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn customer_updates(
        &self,
        find: &Find,
        page: &Page,
    ) -> Result<CustomerUpdates, DeskError> {
        let found = self.store.find(find, page).await?;
        let (mut updates, mut unreadable) = (Vec::new(), Vec::new());
        for one in &found {
            let update = self.customer_update(&one.row.id).await;
            updates.extend(readable(update, &one.row.id, &mut unreadable)?);
        }
        Ok(CustomerUpdates {
            updates,
            unreadable,
            next: next(&found, page),
        })
    }

    /// A part of a request's history: at most `limit` entries from the `from`th on, counted from 0,
    /// oldest first.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`], or [`DeskError::Record`] if an entry cannot
    /// be read.
    pub async fn timeline(
        &self,
        id: &PortRequestId,
        from: usize,
        limit: usize,
    ) -> Result<Vec<AcceptedEvent>, DeskError> {
        let entries = self.store.history(id, from, limit).await?;
        if entries.is_empty() && self.store.get(id).await?.is_none() {
            return Err(DeskError::NotFound(id.clone()));
        }
        let read = |(place, bytes): (usize, Vec<u8>)| {
            AcceptedEvent::read(id.clone(), place, &bytes).map_err(|source| DeskError::Record {
                id: id.clone(),
                source,
            })
        };
        (from..).zip(entries).map(read).collect()
    }
}

/// The page after this one, if there may be one.
fn next(found: &[Found], page: &Page) -> Option<Page> {
    let last = found.last().filter(|_| found.len() == page.limit)?;
    Some(Page::after(last.row.id.clone(), page.limit))
}

/// What was read; `None` if it is gone, or is noted as unreadable: one bad record hides no other.
fn readable<T>(
    read: Result<T, DeskError>,
    id: &PortRequestId,
    unreadable: &mut Vec<(PortRequestId, RecordError)>,
) -> Result<Option<T>, DeskError> {
    match read {
        Ok(read) => return Ok(Some(read)),
        Err(DeskError::Record { id, source }) => unreadable.push((id, source)),
        Err(DeskError::Store(StoreError::Corrupt(why))) => {
            unreadable.push((id.clone(), RecordError::Shape(why)));
        }
        Err(DeskError::NotFound(_)) => {}
        Err(error) => return Err(error),
    }
    Ok(None)
}
