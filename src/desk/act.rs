//! What people do at the desk: each is one load, one transition or note, one save.

use std::sync::Arc;

use super::{DeskError, Held, PortDesk};
use crate::calendar::PortSlot;
use crate::carrier::{Attested, CarrierClient, CarrierClientExt, Statement};
use crate::document::Checklist;
use crate::id::{CarrierId, PortRequestId};
use crate::number::NumberList;
use crate::people::{Finding, Permit, act};
use crate::request::{
    AnyPortRequest as Any, Fact, InFlight, Note, PortRequest, Schedule, State, TransitionError,
    Violation, Waiver,
};
use crate::store::{Revision, StoreError};

use chrono::{DateTime, Utc};

impl PortDesk {
    /// Starts a request and stores it.
    ///
    /// # Errors
    /// If a request of that name exists, or the store fails.
    pub async fn start(
        &self,
        id: PortRequestId,
        carrier: CarrierId,
        permit: Permit<act::Start>,
    ) -> Result<(), DeskError> {
        let draft = PortRequest::start(id.clone(), carrier, permit, self.clock.now());
        match self.insert(&draft.into()).await {
            Err(DeskError::Store(StoreError::Conflict { .. })) => Err(DeskError::Exists(id)),
            other => other,
        }
    }

    /// Fills in a draft's checklist.
    ///
    /// # Errors
    /// If the request is no draft, or as [`get`](Self::get).
    pub async fn fill(
        &self,
        id: &PortRequestId,
        fill: impl FnOnce(&mut Checklist) + Send,
    ) -> Result<(), DeskError> {
        self.change(id, |request, _| match request {
            Any::Draft(mut draft) => {
                fill(draft.checklist_mut());
                Ok(draft.into())
            }
            other => Err(wrong(&other, "a draft")),
        })
        .await
    }

    /// Seals a complete draft: the customer's click on Submit.
    ///
    /// # Errors
    /// [`DeskError::Missing`] names every part that is missing, [`DeskError::Violation`] every
    /// blocker.
    pub async fn seal(
        &self,
        id: &PortRequestId,
        permit: Permit<act::Seal>,
    ) -> Result<(), DeskError> {
        self.change(id, |request, now| match request {
            Any::Draft(draft) => {
                let package = draft.checklist().complete()?;
                Ok(draft.seal(&package, permit, now)?.into())
            }
            other => Err(wrong(&other, "a draft")),
        })
        .await
    }

    /// Passes the review of a sealed request; `letter_lists` are the numbers read in the letter.
    ///
    /// # Errors
    /// If the request is not under review, or the letter leaves numbers out.
    pub async fn pass_review(
        &self,
        id: &PortRequestId,
        permit: Permit<act::Review>,
        letter_lists: NumberList,
    ) -> Result<(), DeskError> {
        self.change(id, |request, now| match request {
            Any::Sealed(mut sealed) => {
                let review = sealed.review(permit, now).pass(letter_lists);
                sealed.pass_review(review)?;
                Ok(sealed.into())
            }
            other => Err(wrong(&other, "a sealed request")),
        })
        .await
    }

    /// Sends a sealed request back to the customer.
    ///
    /// # Errors
    /// If the request is not sealed, or the carrier may have it already.
    pub async fn send_back(
        &self,
        id: &PortRequestId,
        permit: Permit<act::Review>,
        findings: Vec<Finding>,
    ) -> Result<(), DeskError> {
        self.change(id, |request, now| match request {
            Any::Sealed(sealed) => {
                let review = sealed.review(permit, now).send_back(findings);
                Ok(sealed.sent_back(review)?.into())
            }
            other => Err(wrong(&other, "a sealed request")),
        })
        .await
    }

    /// Takes what a person attests, where the carrier's step is human.
    ///
    /// # Errors
    /// If the statement does not fit the state or is from the future, the carrier does not take a
    /// person's word for that step, or a rule of the port forbids it. A slot the carrier set before
    /// the earliest port date is refused too, and goes on record as an urgent matter: attest
    /// [`Fact::SlotWithdrawn`] or a later slot once it is stopped.
    pub async fn attest(
        &self,
        id: &PortRequestId,
        said: impl Into<Statement<Attested>> + Send,
    ) -> Result<(), DeskError> {
        let Held {
            request,
            mut revision,
        } = self.load(id).await?;
        let carrier = self.carrier(request.carrier())?;
        let clock = &*self.clock;
        let said: Statement<Attested> = said.into();
        let what = said.what().clone();
        let next: Any = match (request, what) {
            (Any::Sealed(r), Attested::Filed(what)) => {
                let receipt = carrier.attest_filed(&r, said.with(|_| what), clock)?;
                r.submitted(receipt)?.into()
            }
            (Any::Sealed(mut r), Attested::NotFiled(what)) => {
                let news = carrier.attest_not_filed(&r, said.with(|_| what), clock)?;
                r.heard(news)?;
                r.into()
            }
            (Any::Sealed(r), Attested::Refused(what)) => {
                let notice = carrier.attest_not_taken(&r, said.with(|_| what), clock)?;
                r.refused(notice)?.into()
            }
            (Any::Submitted(r), Attested::Released(what)) => {
                let approval = carrier.attest_release(&r, said.with(|_| what), clock)?;
                r.approved(approval)?.into()
            }
            (Any::ReleaseApproved(r), Attested::Scheduled(what)) => {
                let confirmed = carrier.attest_schedule(&r, said.clone().with(|_| what), clock)?;
                match r.scheduled(confirmed) {
                    Ok(next) => next.into(),
                    Err(error) => return self.too_early(error, carrier, said, revision).await,
                }
            }
            (Any::Scheduled(r), Attested::Scheduled(what)) => {
                let confirmed = carrier.attest_schedule(&r, said.clone().with(|_| what), clock)?;
                match r.rescheduled(confirmed) {
                    Ok(next) => next.into(),
                    Err(error) => return self.too_early(error, carrier, said, revision).await,
                }
            }
            (request, what) => {
                let said = said.with(|_| what);
                self.attest_ending_or_fact(carrier, request, said)?
            }
        };
        self.save(&next, &mut revision).await
    }

    /// A slot the carrier set before the earliest port date is refused, and put on record: somebody
    /// must stop it.
    async fn too_early<S: InFlight>(
        &self,
        refused: TransitionError<S>,
        carrier: &Arc<dyn CarrierClient>,
        said: Statement<Attested>,
        mut revision: Revision,
    ) -> Result<(), DeskError>
    where
        Any: From<PortRequest<S>>,
    {
        let (mut request, violation) = refused.into_parts();
        // Only a time the carrier set needs stopping; one that was agreed is a slip of the pen.
        let slot = match said.what() {
            Attested::Scheduled(Schedule::CarrierSet(slot)) => Some(slot.clone()),
            _ => None,
        };
        if let (Violation::BeforeEarliest { .. }, Some(slot)) = (&violation, slot) {
            let fact = said.with(|_| Fact::SlotTooEarly(slot));
            request.observe(carrier.attest_fact(&request, fact, &*self.clock)?)?;
            self.save(&request.into(), &mut revision).await?;
        }
        Err(violation.into())
    }

    fn attest_ending_or_fact(
        &self,
        carrier: &Arc<dyn CarrierClient>,
        request: Any,
        said: Statement<Attested>,
    ) -> Result<Any, DeskError> {
        let clock = &*self.clock;
        macro_rules! in_flight {
            ($r:ident, $what:ident) => {
                match $what {
                    Attested::Refused(what) => {
                        let notice = carrier.attest_refusal(&$r, said.with(|_| what), clock)?;
                        $r.refused(notice)?.into()
                    }
                    Attested::Cancelled(what) => {
                        let receipt = carrier.attest_cancelled(&$r, said.with(|_| what), clock)?;
                        $r.cancelled(receipt)?.into()
                    }
                    Attested::Seen(what) => observed!($r, what),
                    _ => return Err(wrong(&$r.into(), "a state that this statement fits")),
                }
            };
        }
        macro_rules! observed {
            ($r:ident, $what:ident) => {{
                let mut request = $r;
                let seen = carrier.attest_fact(&request, said.with(|_| $what), clock)?;
                request.observe(seen)?;
                request.into()
            }};
        }
        let what = said.what().clone();
        Ok(match (request, what) {
            (Any::Submitted(r), what) => in_flight!(r, what),
            (Any::ReleaseApproved(r), what) => in_flight!(r, what),
            (Any::Scheduled(r), what) => in_flight!(r, what),
            (Any::Ported(r), Attested::Seen(what)) => observed!(r, what),
            (Any::Verified(r), Attested::Seen(what)) => observed!(r, what),
            (Any::Rejected(r), Attested::Seen(what)) => observed!(r, what),
            (Any::Cancelled(r), Attested::Seen(what)) => observed!(r, what),
            (other, _) => return Err(wrong(&other, "a state that this statement fits")),
        })
    }

    /// Records a slot that was agreed with the customer; [`advance`](Self::advance) asks the
    /// carrier for it.
    ///
    /// # Errors
    /// If the release is not approved or the numbers have moved, or the slot is before the earliest
    /// port date or past.
    pub async fn ask_slot(
        &self,
        id: &PortRequestId,
        slot: PortSlot,
        permit: Permit<act::Schedule>,
    ) -> Result<(), DeskError> {
        self.change(id, |request, now| {
            Ok(match request {
                Any::ReleaseApproved(mut r) => {
                    let _ask = r.ask_slot(slot, permit, now)?;
                    r.into()
                }
                Any::Scheduled(mut r) => {
                    let _ask = r.ask_slot(slot, permit, now)?;
                    r.into()
                }
                other => return Err(wrong(&other, "an approved or scheduled request")),
            })
        })
        .await
    }

    /// Ends a request: a draft or a refused one at once; one that is on its way when the carrier
    /// says so, until which it is a wish on record. A sealed one is not submitted any more: staff
    /// send it back, and the draft is ended.
    ///
    /// # Errors
    /// If the numbers have moved, or the request has ended.
    pub async fn cancel(
        &self,
        id: &PortRequestId,
        reason: impl Into<String> + Send,
        permit: Permit<act::Cancel>,
    ) -> Result<(), DeskError> {
        self.change(id, |request, now| {
            Ok(match request {
                Any::Draft(r) => r.withdrawn(permit, reason, now).into(),
                Any::Rejected(r) => r.withdrawn(permit, reason, now).into(),
                Any::Sealed(mut r) => {
                    r.request_cancel(reason, permit, now);
                    r.into()
                }
                Any::Submitted(mut r) => {
                    r.request_cancel(reason, permit, now);
                    r.into()
                }
                Any::ReleaseApproved(mut r) => {
                    r.request_cancel(reason, permit, now);
                    r.into()
                }
                Any::Scheduled(mut r) => {
                    r.request_cancel(reason, permit, now);
                    r.into()
                }
                other => return Err(wrong(&other, "a request whose numbers have not moved")),
            })
        })
        .await
    }

    /// Reopens a refused request as a draft, filled from what was sealed.
    ///
    /// # Errors
    /// If the request is not refused.
    pub async fn amend(
        &self,
        id: &PortRequestId,
        permit: Permit<act::Amend>,
    ) -> Result<(), DeskError> {
        self.change(id, |request, now| match request {
            Any::Rejected(r) => Ok(r.amend(permit, now).into()),
            other => Err(wrong(&other, "a refused request")),
        })
        .await
    }

    /// Moves `numbers` into a request of their own, `child`; both are stored in one commit.
    ///
    /// # Errors
    /// If the request is not between submission and verification, the numbers are not a proper
    /// part of its own, or a request called `child` exists.
    pub async fn split(
        &self,
        id: &PortRequestId,
        child: PortRequestId,
        numbers: NumberList,
        reason: impl Into<String> + Send,
        permit: Permit<act::Split>,
    ) -> Result<(), DeskError> {
        let now = self.clock.now();
        let Held { request, revision } = self.load(id).await?;
        let (parent, child): (Any, Any) = match request {
            Any::Submitted(r) => both(r.split(child, numbers, reason, permit, now)?),
            Any::ReleaseApproved(r) => both(r.split(child, numbers, reason, permit, now)?),
            Any::Scheduled(r) => both(r.split(child, numbers, reason, permit, now)?),
            Any::Ported(r) => both(r.split(child, numbers, reason, permit, now)?),
            other => return Err(wrong(&other, "a request from submitted to ported")),
        };
        let writes = [
            self.write(&parent, Some(revision))?,
            self.write(&child, None)?,
        ];
        self.store.commit(&writes).await?;
        Ok(())
    }

    /// Waives a check for a number, with the customer's consent.
    ///
    /// # Errors
    /// If the numbers have not arrived, or the number is not the request's.
    pub async fn waive(
        &self,
        id: &PortRequestId,
        waiver: Waiver,
        permit: Permit<act::Waive>,
    ) -> Result<(), DeskError> {
        self.change(id, |request, now| match request {
            Any::Ported(mut r) => {
                r.waive(waiver, permit, now)?;
                Ok(r.into())
            }
            other => Err(wrong(&other, "a ported request")),
        })
        .await
    }

    /// Adds a note.
    ///
    /// # Errors
    /// If the request is a draft or cancelled, or a superseding ticket is of another platform.
    pub async fn note(
        &self,
        id: &PortRequestId,
        note: Note,
        permit: Permit<act::Note>,
    ) -> Result<(), DeskError> {
        macro_rules! noted {
            ($r:ident, $now:ident) => {{
                let mut request = $r;
                request.note(note, permit, $now)?;
                request.into()
            }};
        }
        self.change(id, |request, now| {
            Ok(match request {
                Any::Sealed(r) => noted!(r, now),
                Any::Submitted(r) => noted!(r, now),
                Any::ReleaseApproved(r) => noted!(r, now),
                Any::Scheduled(r) => noted!(r, now),
                Any::Ported(r) => noted!(r, now),
                Any::Verified(r) => noted!(r, now),
                Any::Rejected(r) => noted!(r, now),
                other @ (Any::Draft(_) | Any::Cancelled(_)) => {
                    return Err(wrong(&other, "a request with a sealed package"));
                }
            })
        })
        .await
    }

    async fn change(
        &self,
        id: &PortRequestId,
        change: impl FnOnce(Any, DateTime<Utc>) -> Result<Any, DeskError> + Send,
    ) -> Result<(), DeskError> {
        let Held {
            request,
            mut revision,
        } = self.load(id).await?;
        let next = change(request, self.clock.now())?;
        self.save(&next, &mut revision).await
    }
}

fn both<S: State>((parent, child): (PortRequest<S>, PortRequest<S>)) -> (Any, Any)
where
    Any: From<PortRequest<S>>,
{
    (parent.into(), child.into())
}

pub(super) fn wrong(request: &Any, needs: &'static str) -> DeskError {
    DeskError::WrongState {
        id: request.id().clone(),
        status: request.status(),
        needs,
    }
}
