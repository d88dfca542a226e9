//! Orders that the carrier took beside the request's own.

use chrono::{DateTime, Utc};

use super::PortRequest;
use super::error::Violation;
use super::event::Event;
use super::evidence::SubmissionReceipt;
use super::state::State;
use crate::id::OrderRef;
use crate::number::is_blank;
use crate::people::{Permit, act};

/// An order that the carrier took of this request, and that is not the request's: its answer came
/// when the request had gone on without it. It may move the numbers, so until somebody has had it
/// cancelled and said so nothing is submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StrayOrder {
    /// The carrier's ticket or order.
    pub order: OrderRef,
    /// Since when it is known, UTC, by our clock.
    pub since: DateTime<Utc>,
}

impl<S: State> PortRequest<S> {
    /// Puts on record that the carrier took an order which the request does not have.
    ///
    /// # Errors
    /// If the receipt is about another request or carrier, or an attempt that was never made, or the
    /// order is known.
    pub fn strayed(&mut self, receipt: SubmissionReceipt) -> Result<(), Violation> {
        self.same_request(receipt.request())?;
        self.same_carrier(&receipt.fact.source)?;
        let sent = 1..=self.attempts();
        if !receipt
            .attempt()
            .is_some_and(|number| sent.contains(&number))
        {
            return Err(Violation::OtherAttempt {
                current: self.attempts(),
            });
        }
        let order = receipt.order();
        let known = |event: &Event| match event {
            Event::Submitted(known) | Event::StrayOrder(known) => known.order == *order,
            _ => false,
        };
        if self.log().iter().any(known) {
            return Err(Violation::KnownOrder {
                order: order.clone(),
            });
        }
        self.record(Event::StrayOrder(receipt.fact));
        Ok(())
    }

    /// Records what became of a stray order and how that is known, at `at` (UTC): that the carrier
    /// has cancelled it, say.
    ///
    /// # Errors
    /// If no stray order of that name is open, or `how` is blank.
    pub fn settle_stray(
        &mut self,
        order: &OrderRef,
        how: impl Into<String>,
        permit: Permit<act::Attest>,
        at: DateTime<Utc>,
    ) -> Result<(), Violation> {
        let how = how.into();
        if is_blank(&how) {
            return Err(Violation::Blank("what became of a stray order"));
        }
        if !self.stray_orders().iter().any(|open| open.order == *order) {
            return Err(Violation::NotStray {
                order: order.clone(),
            });
        }
        self.record(Event::StraySettled {
            order: order.clone(),
            how,
            by: permit.into_actor(),
            at,
        });
        Ok(())
    }

    /// Whether somebody has said what became of the stray order.
    pub(crate) fn has_settled(&self, stray: &OrderRef) -> bool {
        let is =
            |event: &Event| matches!(event, Event::StraySettled { order, .. } if order == stray);
        self.log().iter().any(is)
    }

    /// The stray orders that are open, oldest first.
    pub fn stray_orders(&self) -> Vec<StrayOrder> {
        let mut open: Vec<StrayOrder> = Vec::new();
        for event in self.log() {
            match event {
                Event::StrayOrder(receipt) => open.push(StrayOrder {
                    order: receipt.order.clone(),
                    since: receipt.source.recorded_at,
                }),
                Event::StraySettled { order, .. } => open.retain(|stray| stray.order != *order),
                // It is the request's own after all.
                Event::Submitted(receipt) => open.retain(|stray| stray.order != receipt.order),
                // They stay with the request they were taken for.
                Event::SplitFrom { .. } => open.clear(),
                _ => {}
            }
        }
        open
    }
}
