//! From draft to submitted, or back to the customer.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::document::SubmissionPackage;
use crate::id::{AttemptKey, CarrierId, PortRequestId};
use crate::people::{Permit, SentBack, act};
use crate::request::attempt::{Attempt, AttemptPhase};
use crate::request::blocker::{Blocker, blockers};
use crate::request::error::{TransitionError, Violation};
use crate::request::event::Event;
use crate::request::evidence::{RefusalNotice, SubmissionReceipt};
use crate::request::state::{BeforeRefusal, Draft, Rejected, Sealed, Submitted};
use crate::request::{Common, PortRequest};

impl PortRequest<Draft> {
    /// Starts a request: "Click Start Port-in Request", by an admin or billing admin, at `at`
    /// (UTC).
    pub fn start(
        id: PortRequestId,
        carrier: CarrierId,
        permit: Permit<act::Start>,
        at: DateTime<Utc>,
    ) -> Self {
        Self::opened(id, carrier, None, permit, at)
    }

    pub(in crate::request) fn opened(
        id: PortRequestId,
        carrier: CarrierId,
        reverses: Option<PortRequestId>,
        permit: Permit<act::Start>,
        at: DateTime<Utc>,
    ) -> Self {
        let opened = Event::Opened {
            request: id.clone(),
            carrier: carrier.clone(),
            reverses,
            by: permit.into_actor(),
            at,
        };
        PortRequest {
            common: Box::new(Common {
                id,
                carrier,
                frozen: None,
                attempts: 0,
                given_up: Vec::new(),
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

    pub(in crate::request) fn sealed(
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
        blockers(&package.into(), self.frozen_date(), Some(at))
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
                advice: "the desk looks whether the carrier has it; where that does not tell, state that it \
                         was filed or was not, before sending it back",
            })
        } else {
            Ok(())
        };
        if let Err(violation) = checked {
            return Err(TransitionError::new(self, violation));
        }
        let checklist = self.handed_in();
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
            let own = Arc::clone(&self.state.attempt);
            let late = receipt.attempt() != Some(own.key().number());
            // The last try may have landed as well.
            if late && self.state.phase.may_be_with_carrier() {
                self.common.given_up.push(own);
            }
            self.heard_of(receipt.attempt());
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
