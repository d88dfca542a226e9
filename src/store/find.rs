use chrono::{DateTime, Utc};

use super::{RequestRow, Revision, StoredTrouble};
use crate::id::{CarrierId, OrderRef, PortRequestId, WorkerId};
use crate::number::PhoneNumber;
use crate::people::Party;
use crate::request::Status;

/// Which requests to find.
///
/// Exhaustive on purpose: a store must answer each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Find {
    /// Every one.
    All,
    /// Those in a state.
    Status(Status),
    /// Those that wait, on anybody.
    Waiting,
    /// Those that wait on a party.
    WaitingOn(Party),
    /// Those with an order of a carrier; several, once an order was split.
    Order(CarrierId, OrderRef),
    /// Those that list a number, ended ones and drafts too.
    Number(PhoneNumber),
    /// Those that something stands in the way of, beside what their histories say.
    Troubled,
}

/// A page of what is found, by request name in the order of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Only names after this one; `None` for the first page.
    pub after: Option<PortRequestId>,
    /// At most so many; 0 finds nothing.
    pub limit: usize,
}

impl Page {
    /// The first page.
    pub fn first(limit: usize) -> Self {
        Self { after: None, limit }
    }

    /// The page after the one that ended in `last`.
    pub fn after(last: PortRequestId, limit: usize) -> Self {
        Self {
            after: Some(last),
            limit,
        }
    }
}

/// A request that was found, without its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its row.
    pub row: RequestRow,
    /// Which version of it this is.
    pub revision: Revision,
    /// What stands in its way.
    pub trouble: Option<StoredTrouble>,
    /// Who works at it, until when (UTC); perhaps not any more.
    pub leased: Option<(WorkerId, DateTime<Utc>)>,
}
