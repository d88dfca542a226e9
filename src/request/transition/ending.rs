//! Refused, cancelled, amended, withdrawn.

use chrono::{DateTime, Utc};

use crate::document::Checklist;
use crate::people::{Actor, Permit, act};
use crate::request::PortRequest;
use crate::request::error::TransitionError;
use crate::request::event::Event;
use crate::request::evidence::{CancellationReceipt, RefusalNotice};
use crate::request::state::{BeforeCancellation, Cancelled, Draft, InFlight, Rejected, State};

impl<S: InFlight> PortRequest<S> {
    /// The carrier or the losing platform refused; the order is dead.
    ///
    /// # Errors
    /// If the notice names another request or order, or numbers have moved already.
    pub fn refused(
        self,
        notice: RefusalNotice,
    ) -> Result<PortRequest<Rejected>, TransitionError<S>> {
        let checked = self
            .about_order(notice.request(), &notice.fact.source)
            .and_then(|()| self.none_moved());
        let event = Event::Rejected(notice.fact.clone());
        self.advance(checked, event, |state| Rejected {
            was: state.refused(),
            refusal: notice,
        })
    }
}

// The bound stands on the method, so that the compiler says what it means when it does not hold.
impl<S: State> PortRequest<S> {
    /// The carrier cancelled the order. A completion wins: numbers that moved have moved.
    ///
    /// # Errors
    /// If the receipt names another request or order, leaves numbers out, or numbers have moved.
    pub fn cancelled(
        self,
        receipt: CancellationReceipt,
    ) -> Result<PortRequest<Cancelled>, TransitionError<S>>
    where
        S: InFlight,
    {
        let checked = self
            .about_order(receipt.request(), &receipt.fact.source)
            .and_then(|()| {
                self.covers(
                    "the cancellation",
                    self.numbers().missing_from(receipt.numbers()),
                )
            })
            .and_then(|()| self.none_moved());
        let event = Event::Cancelled(receipt.fact.clone());
        self.advance(checked, event, |state| Cancelled {
            was: state.cancelled(),
            receipt: Some(receipt),
        })
    }
}

impl PortRequest<Rejected> {
    /// Opens a new draft with the history kept, filled from what was sealed. If an order existed,
    /// the earliest port date stays frozen.
    pub fn amend(self, permit: Permit<act::Amend>, at: DateTime<Utc>) -> PortRequest<Draft> {
        let mut checklist = self.handed_in();
        checklist.set_numbers(self.numbers().clone());
        let by: Actor = permit.into_actor();
        self.reopen(checklist, Event::Amended { by, at })
    }

    /// Gives the refused request up; nothing of its own is with the carrier.
    pub fn withdrawn(
        self,
        permit: Permit<act::Cancel>,
        reason: impl Into<String>,
        at: DateTime<Utc>,
    ) -> PortRequest<Cancelled> {
        self.withdraw(permit, reason.into(), at, |rejected| {
            BeforeCancellation::Rejected(Box::new(rejected))
        })
    }
}

impl PortRequest<Draft> {
    /// Gives the draft up, at `at` (UTC); nothing of its own is with a carrier.
    pub fn withdrawn(
        self,
        permit: Permit<act::Cancel>,
        reason: impl Into<String>,
        at: DateTime<Utc>,
    ) -> PortRequest<Cancelled> {
        self.withdraw(permit, reason.into(), at, |_| BeforeCancellation::Draft)
    }
}

impl<S: State> PortRequest<S> {
    pub(super) fn withdraw(
        mut self,
        permit: Permit<act::Cancel>,
        reason: String,
        at: DateTime<Utc>,
        was: impl FnOnce(S) -> BeforeCancellation,
    ) -> PortRequest<Cancelled> {
        self.record(Event::Withdrawn {
            reason,
            by: permit.into_actor(),
            at,
        });
        PortRequest {
            common: self.common,
            state: Cancelled {
                was: was(self.state),
                receipt: None,
            },
        }
    }

    pub(super) fn reopen(mut self, checklist: Checklist, event: Event) -> PortRequest<Draft> {
        self.record(event);
        PortRequest {
            common: self.common,
            state: Draft {
                checklist: Box::new(checklist),
            },
        }
    }
}
