//! Every transition that builds another state. Pure and synchronous.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::attempt::{Attempt, AttemptPhase};
use super::error::{Blocker, SKEW, TransitionError, Violation};
use super::event::Event;
use super::evidence::{
    About, Basis, CancellationReceipt, PortCompletion, RefusalNotice, ReleaseApproval,
    ScheduleConfirmation, Source, SubmissionReceipt,
};
use super::state::{
    BeforeCancellation, BeforeRefusal, Cancelled, Draft, HasOrder, HasPackage, InFlight, Ported,
    Rejected, ReleaseApproved, Scheduled, Sealed, State, Submitted, Verified,
};
use super::verification::VerificationReport;
use super::{Common, PortRequest};
use crate::calendar::EarliestPortDate;
use crate::document::{Checklist, SubmissionPackage};
use crate::id::{AttemptKey, CarrierId, PortRequestId};
use crate::number::PhoneNumber;
use crate::people::{Actor, Permit, SentBack, act};

impl<S: State> PortRequest<S> {
    fn advance<N: State>(
        mut self,
        checked: Result<(), Violation>,
        event: Event,
        next: impl FnOnce(S) -> N,
    ) -> Result<PortRequest<N>, TransitionError<S>> {
        if let Err(violation) = checked {
            return Err(TransitionError::new(self, violation));
        }
        self.record(event);
        Ok(PortRequest {
            common: self.common,
            state: next(self.state),
        })
    }

    pub(super) fn same_request(&self, found: &PortRequestId) -> Result<(), Violation> {
        if *found == self.common.id {
            Ok(())
        } else {
            Err(Violation::OtherRequest {
                found: found.clone(),
            })
        }
    }

    pub(super) fn same_carrier(&self, source: &Source) -> Result<(), Violation> {
        if let Basis::Attested(by) = &source.basis {
            by.may::<act::Attest>()?;
        }
        if source.carrier == self.common.carrier {
            Ok(())
        } else {
            Err(Violation::OtherCarrier {
                found: source.carrier.clone(),
                expected: self.common.carrier.clone(),
            })
        }
    }
}

impl<S: HasPackage> PortRequest<S> {
    /// Evidence about the current attempt of this request, from its carrier.
    pub(super) fn about_attempt(
        &self,
        request: &PortRequestId,
        source: &Source,
    ) -> Result<(), Violation> {
        self.same_request(request)?;
        self.same_carrier(source)?;
        let current = self.attempt().key().number();
        if source.about == About::Attempt(current) {
            Ok(())
        } else {
            Err(Violation::OtherAttempt { current })
        }
    }
}

impl<S: HasOrder> PortRequest<S> {
    fn about_order(&self, request: &PortRequestId, source: &Source) -> Result<(), Violation> {
        self.same_request(request)?;
        self.same_carrier(source)?;
        if matches!(&source.about, About::Order(order) if order == self.order()) {
            Ok(())
        } else {
            Err(Violation::OtherOrder {
                expected: self.order().clone(),
            })
        }
    }

    fn none_moved(&self) -> Result<(), Violation> {
        let table = self.table();
        let numbers: Vec<PhoneNumber> = table
            .rows()
            .iter()
            .filter(|row| row.arrived().is_some())
            .map(super::NumberRow::number)
            .collect();
        if numbers.is_empty() {
            Ok(())
        } else {
            Err(Violation::AlreadyMoved { numbers })
        }
    }

    fn covers(&self, what: &'static str, missing: Vec<PhoneNumber>) -> Result<(), Violation> {
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Violation::NotCovered {
                what,
                numbers: missing,
            })
        }
    }
}

impl PortRequest<Draft> {
    /// Starts a request: "Click Start Port-in Request", by an admin or billing admin, at `at`
    /// (UTC).
    pub fn start(
        id: PortRequestId,
        carrier: CarrierId,
        permit: Permit<act::Start>,
        at: DateTime<Utc>,
    ) -> Self {
        let opened = Event::Opened {
            request: id.clone(),
            carrier: carrier.clone(),
            by: permit.into_actor(),
            at,
        };
        PortRequest {
            common: Box::new(Common {
                id,
                carrier,
                frozen: None,
                attempts: 0,
                log: vec![opened],
            }),
            state: Draft {
                checklist: Box::default(),
            },
        }
    }

    /// Seals the package: the customer's click on Submit, at `at` (UTC). From here on nothing in
    /// it changes.
    ///
    /// # Errors
    /// [`Violation::NotReady`] with every [`Blocker`] at once; the draft comes back.
    ///
    /// ```compile_fail,E0308
    /// # use snap_port::{act, Draft, Permit, PortRequest, SubmissionPackage};
    /// # fn f(draft: PortRequest<Draft>, package: SubmissionPackage, support: Permit<act::Review>,
    /// #      at: chrono::DateTime<chrono::Utc>) {
    /// let sealed = draft.seal(&package, support, at); // the customer's admins seal
    /// # }
    /// ```
    pub fn seal(
        self,
        package: &SubmissionPackage,
        permit: Permit<act::Seal>,
        at: DateTime<Utc>,
    ) -> Result<PortRequest<Sealed>, TransitionError<Draft>> {
        self.sealed(Arc::new(package.clone()), permit, at)
    }

    pub(super) fn sealed(
        mut self,
        package: Arc<SubmissionPackage>,
        permit: Permit<act::Seal>,
        at: DateTime<Utc>,
    ) -> Result<PortRequest<Sealed>, TransitionError<Draft>> {
        let blockers = self.blockers(&package, at);
        let checked = if blockers.is_empty() {
            Ok(())
        } else {
            Err(Violation::NotReady(blockers))
        };
        if checked.is_ok() {
            self.common.attempts = self.common.attempts.saturating_add(1);
        }
        let attempt = Arc::new(Attempt {
            key: AttemptKey::new(self.common.id.clone(), self.common.attempts),
            carrier: self.common.carrier.clone(),
            package: package.clone(),
            by: permit.actor().clone(),
            at,
        });
        let event = Event::Sealed {
            package,
            by: permit.into_actor(),
            at,
        };
        self.advance(checked, event, |_| Sealed {
            numbers: attempt.package().numbers().clone(),
            attempt,
            former: Vec::new(),
            review: None,
            phase: AttemptPhase::UnderReview,
            since: at,
            absent: None,
        })
    }

    /// Everything that keeps `package` from being sealed at `at` (UTC); empty if nothing does.
    pub fn blockers(&self, package: &SubmissionPackage, at: DateTime<Utc>) -> Vec<Blocker> {
        let mut found = Vec::new();
        let numbers = package.loa().uncovered(package.numbers());
        if !numbers.is_empty() {
            found.push(Blocker::LetterDoesNotCover { numbers });
        }
        let signed_on = package.loa().signed_on();
        // A date begins first at UTC+14; before that instant it is the future everywhere.
        let begins = signed_on.and_time(NaiveTime::MIN).and_utc();
        if begins.signed_duration_since(at) > TimeDelta::hours(14) {
            found.push(Blocker::LetterFromFuture { signed_on });
        }
        let (ticket, losing) = (package.ticket().platform(), package.losing().platform());
        if ticket != losing {
            found.push(Blocker::TicketOfOtherPlatform {
                ticket: ticket.clone(),
                losing: losing.clone(),
            });
        }
        let gaining = package.destination().account();
        if package.losing().account() == gaining
            || package.losing().carrier_account() == Some(gaining)
        {
            found.push(Blocker::SameAccount);
        }
        let earliest = package.earliest();
        match &self.common.frozen {
            Some(frozen) if frozen != earliest => found.push(Blocker::EarliestDateFrozen {
                frozen: frozen.clone(),
                found: earliest.clone(),
            }),
            Some(_) => {}
            None if earliest.is_past(at) => found.push(Blocker::EarliestDatePast {
                earliest: earliest.clone(),
            }),
            None => {}
        }
        found
    }

    /// Gives the draft up, at `at` (UTC); nothing is with a carrier.
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
    fn withdraw(
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

    fn reopen(mut self, checklist: Checklist, event: Event) -> PortRequest<Draft> {
        self.record(event);
        PortRequest {
            common: self.common,
            state: Draft {
                checklist: Box::new(checklist),
            },
        }
    }
}

impl PortRequest<Sealed> {
    /// Back to the customer with findings; the checklist is filled from what was sealed.
    ///
    /// # Errors
    /// If the review is of another attempt, or the carrier may have the order already.
    pub fn sent_back(
        self,
        review: SentBack,
    ) -> Result<PortRequest<Draft>, TransitionError<Sealed>> {
        let checked = if review.attempt() != self.attempt().key() {
            Err(Violation::OtherAttempt {
                current: self.attempt().key().number(),
            })
        } else if self.state.phase.may_be_with_carrier() {
            Err(Violation::WrongPhase {
                phase: self.state.phase,
                advice: "find out whether the carrier has it before sending it back",
            })
        } else {
            Ok(())
        };
        if let Err(violation) = checked {
            return Err(TransitionError::new(self, violation));
        }
        let checklist = Checklist::from(self.package());
        let event = Event::SentBack {
            attempt: review.attempt.number(),
            findings: review.findings,
            by: review.by,
            at: review.at,
        };
        Ok(self.reopen(checklist, event))
    }

    /// The carrier took it. The earliest port date is frozen from here on.
    ///
    /// A receipt for an earlier try, which was given up as surely absent and turned up after all,
    /// counts as well.
    ///
    /// # Errors
    /// If the receipt is about another request, attempt or carrier, or the attempt was never sent.
    pub fn submitted(
        mut self,
        receipt: SubmissionReceipt,
    ) -> Result<PortRequest<Submitted>, TransitionError<Sealed>> {
        let checked = match receipt.attempt() {
            // An earlier try that turned up after all: it was sent, whatever the present one is.
            Some(number) if self.state.former.iter().any(|key| key.number() == number) => self
                .same_request(receipt.request())
                .and_then(|()| self.same_carrier(&receipt.fact.source)),
            _ => self
                .about_attempt(receipt.request(), &receipt.fact.source)
                .and_then(|()| self.was_sent("have it reviewed and sent first")),
        };
        if checked.is_ok() {
            self.common.frozen = Some(self.package().earliest().clone());
        }
        let event = Event::Submitted(receipt.fact.clone());
        self.advance(checked, event, |sealed| Submitted {
            sealed: Box::new(sealed),
            receipt,
        })
    }

    fn was_sent(&self, advice: &'static str) -> Result<(), Violation> {
        let phase = self.state.phase;
        if phase.may_be_with_carrier() {
            Ok(())
        } else {
            Err(Violation::WrongPhase { phase, advice })
        }
    }

    /// The carrier refused the submission; no order came of it.
    ///
    /// # Errors
    /// If the notice is about another request, attempt or carrier, or the attempt was never sent.
    pub fn refused(
        self,
        notice: RefusalNotice,
    ) -> Result<PortRequest<Rejected>, TransitionError<Sealed>> {
        let checked = self
            .about_attempt(notice.request(), &notice.fact.source)
            .and_then(|()| self.was_sent("only what was sent can be refused"));
        let event = Event::Rejected(notice.fact.clone());
        self.advance(checked, event, |sealed| Rejected {
            was: BeforeRefusal::Sealed(Box::new(sealed)),
            refusal: notice,
        })
    }
}

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
        let mut checklist = Checklist::from(self.package());
        checklist.set_numbers(self.numbers().clone());
        let by: Actor = permit.into_actor();
        self.reopen(checklist, Event::Amended { by, at })
    }

    /// Gives the refused request up; nothing is with the carrier.
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
