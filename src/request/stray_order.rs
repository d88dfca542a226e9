//! Orders that the carrier took beside the request's own.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::PortRequest;
use super::error::Violation;
use super::event::Event;
use super::evidence::{About, AttemptFact, SubmissionReceipt};
use super::state::State;
use crate::id::OrderRef;
use crate::number::{PhoneNumber, is_blank};
use crate::people::{Permit, act};

/// An order that the carrier took of this request, and that is not the request's: its answer came
/// when the request had gone on without it, or it turned up where another was taken. It may move the
/// numbers, so until somebody has had it cancelled and said so nothing of the request is submitted,
/// and no other request may move them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StrayOrder {
    /// The carrier's ticket or order.
    pub order: OrderRef,
    /// Since when it is known, UTC, by our clock.
    pub since: DateTime<Utc>,
    /// The numbers it may move: those it was asked for, without those that were split off since.
    pub numbers: BTreeSet<PhoneNumber>,
}

impl<S: State> PortRequest<S> {
    /// Puts on record that the carrier took an order which the request does not have.
    ///
    /// # Errors
    /// If the receipt is about another request or carrier, or an attempt that was never sent, or the
    /// order is known.
    pub fn strayed(&mut self, receipt: SubmissionReceipt) -> Result<(), Violation> {
        self.same_request(receipt.request())?;
        self.same_carrier(&receipt.fact.source)?;
        let sent = |number| self.was_dispatched(number);
        if !receipt.attempt().is_some_and(sent) {
            return Err(Violation::OtherAttempt {
                current: self.attempts(),
            });
        }
        if self.knows(receipt.order()) {
            return Err(Violation::KnownOrder {
                order: receipt.order().clone(),
            });
        }
        self.heard_of(receipt.attempt());
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

    /// Whether the order is or was the request's, or is or was a stray one.
    pub(crate) fn knows(&self, order: &OrderRef) -> bool {
        let of = |event: &Event| match event {
            Event::Submitted(known) | Event::StrayOrder(known) => known.order == *order,
            _ => false,
        };
        self.log().iter().any(of)
    }

    /// Whether the carrier may have been called for the attempt.
    fn was_dispatched(&self, number: u32) -> bool {
        let mut current = 0;
        self.log().iter().any(|event| {
            if is_renumbering(event) || matches!(event, Event::Sealed { .. }) {
                current += 1;
            }
            matches!(event, Event::Dispatched { .. }) && current == number
        })
    }

    /// The stray orders that are open, oldest first.
    pub fn stray_orders(&self) -> Vec<StrayOrder> {
        let mut open: Vec<StrayOrder> = Vec::new();
        // Most requests never have one, and this is asked at every step.
        let balance = self.log().iter().map(|event| match event {
            Event::StrayOrder(_) => 1,
            Event::StraySettled { .. } => -1,
            _ => 0,
        });
        if balance.sum::<i64>() <= 0 {
            return open;
        }
        let mut asked: Vec<BTreeSet<PhoneNumber>> = Vec::new();
        for event in self.log() {
            match event {
                Event::Sealed { package, .. } => {
                    asked.push(package.numbers().iter().copied().collect());
                }
                _ if is_renumbering(event) => asked.extend(asked.last().cloned()),
                Event::StrayOrder(receipt) => {
                    let About::Attempt(number) = receipt.source.about else {
                        continue;
                    };
                    let at = (number as usize).checked_sub(1);
                    open.push(StrayOrder {
                        order: receipt.order.clone(),
                        since: receipt.source.recorded_at,
                        numbers: at.and_then(|at| asked.get(at)).cloned().unwrap_or_default(),
                    });
                }
                Event::StraySettled { order, .. } => open.retain(|stray| stray.order != *order),
                // It is the request's own after all.
                Event::Submitted(receipt) => open.retain(|stray| stray.order != receipt.order),
                // It may move the numbers of both parts, so each keeps it for its own.
                Event::SplitOff { numbers, .. } => {
                    let stays = |number: &PhoneNumber| !numbers.contains(number);
                    each(&mut asked, &mut open).for_each(|asked| asked.retain(stays));
                }
                Event::SplitFrom { numbers, .. } => {
                    let comes = |number: &PhoneNumber| numbers.contains(number);
                    each(&mut asked, &mut open).for_each(|asked| asked.retain(comes));
                }
                _ => {}
            }
        }
        open
    }
}

/// Whether the same package got another number with it.
fn is_renumbering(event: &Event) -> bool {
    match event {
        Event::Retried { .. } => true,
        Event::AttemptHeard(heard) => matches!(heard.what, AttemptFact::NotTaken(_)),
        _ => false,
    }
}

fn each<'a>(
    asked: &'a mut [BTreeSet<PhoneNumber>],
    open: &'a mut [StrayOrder],
) -> impl Iterator<Item = &'a mut BTreeSet<PhoneNumber>> {
    let open = open.iter_mut().map(|stray| &mut stray.numbers);
    asked.iter_mut().chain(open)
}
