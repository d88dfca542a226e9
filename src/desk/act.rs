//! What people do at the desk: each is one load, one transition or note, one save.

use chrono::{DateTime, Utc};

use super::{DeskError, Held, PortDesk};
use crate::calendar::PortSlot;
use crate::document::{Checklist, LosingPlatform};
use crate::id::{CarrierId, PortRequestId};
use crate::number::NumberList;
use crate::people::{Finding, Permit, act};
use crate::readiness::Readiness;
use crate::request::{AnyPortRequest as Any, Note, Override, PortRequest, State, Waiver};
use crate::store::StoreError;

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

    /// Fills in a draft's checklist, and gives back what `fill` gives: the form's own errors, say.
    /// What was filled in until then is stored all the same.
    ///
    /// # Errors
    /// If the request is no draft, or as [`get`](Self::get).
    pub async fn fill<T: Send>(
        &self,
        id: &PortRequestId,
        fill: impl FnOnce(&mut Checklist) -> T + Send,
    ) -> Result<T, DeskError> {
        let Held {
            request,
            mut revision,
        } = self.load(id).await?;
        let Any::Draft(mut draft) = request else {
            return Err(wrong(&request, "a draft"));
        };
        let filled = fill(draft.checklist_mut());
        self.save(&draft.into(), &mut revision).await?;
        Ok(filled)
    }

    /// Everything that stands in the way of a draft or of a request under review, or may.
    ///
    /// # Errors
    /// If the request is neither, or as [`get`](Self::get).
    pub async fn readiness(&self, id: &PortRequestId) -> Result<Readiness, DeskError> {
        let now = self.clock.now();
        match self.get(id).await? {
            Any::Draft(draft) => Ok(Readiness::of_draft(&draft, &self.policy, now)),
            Any::Sealed(sealed) => Ok(Readiness::of_sealed(&sealed, &self.policy, now)),
            other => Err(wrong(&other, "a draft or a sealed request")),
        }
    }

    /// Records that a rule of the policy does not bind this draft or sealed request.
    ///
    /// # Errors
    /// If the request is neither, or value or reason is blank.
    pub async fn override_rule(
        &self,
        id: &PortRequestId,
        what: Override,
        permit: Permit<act::Override>,
    ) -> Result<(), DeskError> {
        self.change(id, |request, now| match request {
            Any::Draft(mut r) => {
                r.override_rule(what, permit, now)?;
                Ok(r.into())
            }
            Any::Sealed(mut r) => {
                r.override_rule(what, permit, now)?;
                Ok(r.into())
            }
            other => Err(wrong(&other, "a draft or a sealed request")),
        })
        .await
    }

    /// Seals a complete draft: the customer's click on Submit.
    ///
    /// # Errors
    /// [`DeskError::NotReady`] names everything that stands in the way: missing parts, hard rules,
    /// and rules of the policy that bind and were not overridden.
    pub async fn seal(
        &self,
        id: &PortRequestId,
        permit: Permit<act::Seal>,
    ) -> Result<(), DeskError> {
        self.change(id, |request, now| match request {
            Any::Draft(draft) => {
                let readiness = Readiness::of_draft(&draft, &self.policy, now);
                match draft.checklist().complete() {
                    Ok(package) if readiness.is_ready() => {
                        Ok(draft.seal(&package, permit, now)?.into())
                    }
                    _ => Err(DeskError::NotReady(Box::new(readiness))),
                }
            }
            other => Err(wrong(&other, "a draft")),
        })
        .await
    }

    /// Passes the review of a sealed request; `letter_lists` are the numbers read in the letter.
    ///
    /// # Errors
    /// If the request is not under review, the letter leaves numbers out, or a rule of the policy
    /// binds and was not overridden ([`DeskError::NotReady`]).
    pub async fn pass_review(
        &self,
        id: &PortRequestId,
        permit: Permit<act::Review>,
        letter_lists: NumberList,
    ) -> Result<(), DeskError> {
        self.change(id, |request, now| match request {
            Any::Sealed(mut sealed) => {
                let readiness = Readiness::of_sealed(&sealed, &self.policy, now);
                if !readiness.is_ready() {
                    return Err(DeskError::NotReady(Box::new(readiness)));
                }
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

    /// Opens the way back as a draft called `back`, with the roles swapped; `gaining` is the
    /// platform the numbers moved to. Both records are stored in one commit.
    ///
    /// # Errors
    /// If the numbers have not moved, or a request called `back` exists.
    pub async fn reverse(
        &self,
        id: &PortRequestId,
        back: PortRequestId,
        gaining: LosingPlatform,
        permit: Permit<act::Start>,
    ) -> Result<(), DeskError> {
        let now = self.clock.now();
        let Held { request, revision } = self.load(id).await?;
        let (there, back): (Any, Any) = match request {
            Any::Ported(mut r) => {
                let back = r.reverse(back, gaining, permit, now)?;
                (r.into(), back.into())
            }
            Any::Verified(mut r) => {
                let back = r.reverse(back, gaining, permit, now)?;
                (r.into(), back.into())
            }
            other => return Err(wrong(&other, "a request whose numbers have moved")),
        };
        let writes = [
            self.write(&there, Some(revision))?,
            self.write(&back, None)?,
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
    /// If the request is cancelled, the note is of a document or ticket and the request a draft, or
    /// a superseding ticket is of another platform.
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
                Any::Draft(r) => noted!(r, now),
                Any::Sealed(r) => noted!(r, now),
                Any::Submitted(r) => noted!(r, now),
                Any::ReleaseApproved(r) => noted!(r, now),
                Any::Scheduled(r) => noted!(r, now),
                Any::Ported(r) => noted!(r, now),
                Any::Verified(r) => noted!(r, now),
                Any::Rejected(r) => noted!(r, now),
                other @ Any::Cancelled(_) => {
                    return Err(wrong(&other, "a request that was not cancelled"));
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
