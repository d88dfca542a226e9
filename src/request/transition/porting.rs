//! From submitted to verified.

use std::collections::BTreeSet;

use crate::calendar::EarliestPortDate;
use crate::number::PhoneNumber;
use crate::request::PortRequest;
use crate::request::error::{SKEW, TransitionError, Violation};
use crate::request::event::Event;
use crate::request::evidence::{Basis, PortCompletion, ReleaseApproval, ScheduleConfirmation};
use crate::request::state::{Ported, ReleaseApproved, Scheduled, Submitted, Verified};
use crate::request::verification::VerificationReport;

impl PortRequest<Submitted> {
    /// The losing platform approved the transfer.
    ///
    /// # Errors
    /// If the approval names another request or order, is towards another account, leaves numbers
    /// out, or is older than the submission (unless it is implied by numbers that moved).
    pub fn approved(
        self,
        approval: ReleaseApproval,
    ) -> Result<PortRequest<ReleaseApproved>, TransitionError<Submitted>> {
        let checked = self.approvable(&approval);
        let event = Event::Approved(approval.fact.clone());
        self.advance(checked, event, |submitted| ReleaseApproved {
            submitted: Box::new(submitted),
            approval,
        })
    }

    fn approvable(&self, approval: &ReleaseApproval) -> Result<(), Violation> {
        self.about_order(approval.request(), &approval.fact.source)?;
        let gaining = self.package().destination().account();
        if approval.gaining_account() != gaining {
            return Err(Violation::OtherGainingAccount {
                found: approval.gaining_account().masked(),
                expected: gaining.masked(),
            });
        }
        let named = approval.approver().as_deref().map(str::trim);
        if *approval.basis() != Basis::Implied && named.is_none_or(str::is_empty) {
            return Err(Violation::Blank("the approver of a release"));
        }
        let (at, submitted) = (approval.occurred_at(), self.receipt().occurred_at());
        let before = submitted.signed_duration_since(at);
        if *approval.basis() != Basis::Implied && before > SKEW {
            return Err(Violation::BeforeSubmission { at, submitted });
        }
        self.covers(
            "the release approval",
            self.numbers().missing_from(approval.numbers()),
        )
    }
}

fn not_before(
    confirmation: &ScheduleConfirmation,
    earliest: &EarliestPortDate,
) -> Result<(), Violation> {
    match confirmation.schedule().slot() {
        Some(slot) if slot.begins() < earliest.begins() => Err(Violation::BeforeEarliest {
            begins: slot.begins(),
            earliest: earliest.clone(),
        }),
        _ => Ok(()),
    }
}

impl PortRequest<ReleaseApproved> {
    /// The port has a time.
    ///
    /// # Errors
    /// If the confirmation names another request or order, or agrees to a slot before the earliest
    /// port date. A cut-over that was observed is never refused.
    pub fn scheduled(
        self,
        confirmation: ScheduleConfirmation,
    ) -> Result<PortRequest<Scheduled>, TransitionError<ReleaseApproved>> {
        let checked = self
            .about_order(confirmation.request(), &confirmation.fact.source)
            .and_then(|()| not_before(&confirmation, self.package().earliest()));
        let event = Event::Scheduled(confirmation.fact.clone());
        self.advance(checked, event, |approved| Scheduled {
            approved: Box::new(approved),
            confirmation,
            former: Vec::new(),
        })
    }
}

impl PortRequest<Scheduled> {
    /// Another time; the old one is kept.
    ///
    /// # Errors
    /// As [`scheduled`](PortRequest::scheduled), and if the confirmation is not newer than the
    /// current one.
    pub fn rescheduled(
        self,
        confirmation: ScheduleConfirmation,
    ) -> Result<Self, TransitionError<Scheduled>> {
        let (at, current) = (
            confirmation.occurred_at(),
            self.confirmation().occurred_at(),
        );
        let checked = self
            .about_order(confirmation.request(), &confirmation.fact.source)
            .and_then(|()| not_before(&confirmation, self.package().earliest()))
            .and_then(|()| {
                let same = confirmation.schedule() == self.confirmation().schedule();
                if at > current || (at == current && !same) {
                    Ok(())
                } else {
                    Err(Violation::NotNewer { at, current })
                }
            });
        let event = Event::Rescheduled(confirmation.fact.clone());
        self.advance(checked, event, |mut scheduled| {
            let old = std::mem::replace(&mut scheduled.confirmation, confirmation);
            scheduled.former.push(old);
            scheduled
        })
    }

    /// Every number is in the gaining account. Early or late is on record, never refused.
    ///
    /// # Errors
    /// If the completion names another request or order, or leaves a number out.
    pub fn ported(
        self,
        completion: PortCompletion,
    ) -> Result<PortRequest<Ported>, TransitionError<Scheduled>> {
        let arrived: BTreeSet<PhoneNumber> = completion
            .arrivals()
            .iter()
            .map(|arrival| arrival.number)
            .collect();
        let missing: Vec<PhoneNumber> = self
            .numbers()
            .iter()
            .copied()
            .filter(|number| !arrived.contains(number))
            .collect();
        let checked = self
            .about_order(completion.request(), &completion.fact.source)
            .and_then(|()| self.covers("the completion", missing));
        let event = Event::Ported(completion.fact.clone());
        self.advance(checked, event, |scheduled| Ported {
            scheduled: Box::new(scheduled),
            completion,
        })
    }
}

impl PortRequest<Ported> {
    /// Every number works and somebody signed it off.
    ///
    /// # Errors
    /// If the report is about another request, or a check is open again since it was written.
    pub fn verified(
        self,
        report: VerificationReport,
    ) -> Result<PortRequest<Verified>, TransitionError<Ported>> {
        let checked = self
            .same_request(report.request())
            .and_then(|()| self.table().complete().map_err(Violation::from));
        let event = Event::Verified(report.fact.clone());
        self.advance(checked, event, |ported| Verified {
            ported: Box::new(ported),
            report,
        })
    }
}
