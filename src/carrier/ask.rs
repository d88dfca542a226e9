//! What a carrier integration is asked: plain data.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::calendar::PortSlot;
use crate::document::{DocumentFile, ReleaseTicket, SubmissionPackage};
use crate::id::{AccountId, AttemptKey, MessagingService, OrderRef};
use crate::number::{NumberList, PhoneNumber};
use crate::people::ReviewPass;
use crate::request::{Attempt, HasPackage, Observable, PortRequest, Sealed};

/// What a carrier is asked to do: move these numbers, as this package authorises.
#[derive(Clone)]
pub struct TransferOrder {
    attempt: Arc<Attempt>,
    numbers: NumberList,
    review: ReviewPass,
    ticket: ReleaseTicket,
    added: Vec<DocumentFile>,
    way_back: bool,
}

impl TransferOrder {
    /// The order of a request that passed its review; `None` before.
    pub fn of(request: &PortRequest<Sealed>) -> Option<Self> {
        Some(Self {
            attempt: Arc::new(request.attempt().clone()),
            numbers: request.numbers().clone(),
            review: request.passed_review()?.clone(),
            ticket: request.release_ticket().clone(),
            added: request.added_documents().cloned().collect(),
            way_back: request.reverses().is_some(),
        })
    }

    /// The correlation key. Put it where [`find`](crate::CarrierClient::find) can see it: a
    /// client reference, a ticket's subject.
    pub fn key(&self) -> &AttemptKey {
        self.attempt.key()
    }

    /// The numbers to move.
    pub fn numbers(&self) -> &NumberList {
        &self.numbers
    }

    /// Everything the customer handed in. Its ticket may be superseded: see
    /// [`release_ticket`](Self::release_ticket).
    pub fn package(&self) -> &SubmissionPackage {
        self.attempt.package()
    }

    /// The release ticket that counts: the package's, or the last that superseded it.
    pub fn release_ticket(&self) -> &ReleaseTicket {
        &self.ticket
    }

    /// Documents added since the package was sealed, newest first.
    pub fn added_documents(&self) -> &[DocumentFile] {
        &self.added
    }

    /// Whether it moves numbers back: then the gaining platform of before loses them. See
    /// [`reverse`](PortRequest::reverse).
    pub fn is_way_back(&self) -> bool {
        self.way_back
    }

    /// The review it passed.
    pub fn review(&self) -> &ReviewPass {
        &self.review
    }
}

impl fmt::Debug for TransferOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransferOrder")
            .field("key", self.key())
            .field("numbers", &self.numbers.len())
            .finish_non_exhaustive()
    }
}

/// An order to look at. A carrier that shows no orders still shows where numbers are, so the query
/// names them, and the account they are meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderQuery {
    /// The order.
    pub order: OrderRef,
    /// The numbers, which may be part of the order's after a split.
    pub numbers: NumberList,
    /// The gaining account.
    pub account: AccountId,
}

impl OrderQuery {
    /// `order`, of `numbers` that are to move to `account`.
    pub fn new(order: OrderRef, numbers: NumberList, account: AccountId) -> Self {
        Self {
            order,
            numbers,
            account,
        }
    }

    /// The request's order; `None` if it has none.
    pub fn of<S: Observable>(request: &PortRequest<S>) -> Option<Self> {
        let (account, numbers, _) = request.known_numbers()?;
        Some(Self {
            order: request.known_order()?.clone(),
            numbers: numbers.clone(),
            account: account.clone(),
        })
    }
}

/// An attempt to look for, with what may be seen of it where a carrier keeps no key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptQuery {
    /// The correlation key.
    pub key: AttemptKey,
    /// The numbers it asked for.
    pub numbers: NumberList,
    /// The gaining account.
    pub account: AccountId,
}

impl AttemptQuery {
    /// The attempt `key`, of `numbers` that were to move to `account`.
    pub fn new(key: AttemptKey, numbers: NumberList, account: AccountId) -> Self {
        Self {
            key,
            numbers,
            account,
        }
    }

    pub(super) fn of(attempt: &Attempt) -> Self {
        let package = attempt.package();
        Self {
            key: attempt.key().clone(),
            numbers: package.numbers().clone(),
            account: package.destination().account().clone(),
        }
    }
}

/// A slot asked of the carrier for an order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SlotAsk {
    /// The order.
    pub order: OrderRef,
    /// The numbers, which may be part of the order's after a split.
    pub numbers: NumberList,
    /// The slot.
    pub slot: PortSlot,
}

impl SlotAsk {
    /// `slot`, for these numbers of `order`.
    pub fn new(order: OrderRef, numbers: NumberList, slot: PortSlot) -> Self {
        Self {
            order,
            numbers,
            slot,
        }
    }
}

/// A cancellation asked of the carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CancelAsk {
    /// The order.
    pub order: OrderRef,
    /// The numbers, which may be part of the order's after a split: cancel no others.
    pub numbers: NumberList,
}

impl CancelAsk {
    /// These numbers of `order`.
    pub fn new(order: OrderRef, numbers: NumberList) -> Self {
        Self { order, numbers }
    }
}

/// A number in the gaining account, to be put into service or tested.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NumberTask {
    /// The number.
    pub number: PhoneNumber,
    /// The gaining account.
    pub account: AccountId,
    /// The messaging service it belongs in, if the customer has one.
    pub messaging: Option<MessagingService>,
}

impl NumberTask {
    /// `number`, in `account`.
    pub fn new(
        number: PhoneNumber,
        account: AccountId,
        messaging: Option<MessagingService>,
    ) -> Self {
        Self {
            number,
            account,
            messaging,
        }
    }
}

/// The error log to read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlertQuery {
    /// The gaining account.
    pub account: AccountId,
    /// The numbers of interest.
    pub numbers: NumberList,
    /// From when on, UTC.
    pub since: DateTime<Utc>,
}

impl AlertQuery {
    /// The alerts about `numbers` in `account` since a time (UTC).
    pub fn new(account: AccountId, numbers: NumberList, since: DateTime<Utc>) -> Self {
        Self {
            account,
            numbers,
            since,
        }
    }
}

pub(super) fn task<S: HasPackage>(request: &PortRequest<S>, number: PhoneNumber) -> NumberTask {
    let destination = request.package().destination();
    NumberTask {
        number,
        account: destination.account().clone(),
        messaging: destination.messaging_service().cloned(),
    }
}
