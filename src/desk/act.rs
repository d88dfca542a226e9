//! What people do at the desk once a request is handed in: each is one load, one transition or
//! note, one save.

use chrono::{DateTime, Utc};

use super::{Claim, DeskError, Held, PortDesk, Version};
use crate::calendar::PortSlot;
use crate::document::LosingPlatform;
use crate::id::{OrderRef, PortRequestId};
use crate::number::NumberList;
use crate::people::{Permit, act};
use crate::request::{
    AnyPortRequest as Any, InFlight, Note, PortRequest, State, Violation, Waiver,
};

impl PortDesk {
    /// Records a slot that was agreed with the customer; [`advance`](Self::advance) asks the
    /// carrier for it.
    ///
    /// # Errors
    /// If the release is not approved or the numbers have moved; [`DeskError::Slot`] with every
    /// reason if the slot is before the earliest port date, past, or outside business hours where
    /// the policy binds them.
    pub async fn ask_slot(
        &self,
        id: &PortRequestId,
        slot: PortSlot,
        permit: Permit<act::Schedule>,
    ) -> Result<(), DeskError> {
        self.change(id, |request, now| {
            Ok(match request {
                Any::ReleaseApproved(mut r) => {
                    self.may_ask(&r, &slot, now)?;
                    let _ask = r.ask_slot(slot, permit, now)?;
                    r.into()
                }
                Any::Scheduled(mut r) => {
                    self.may_ask(&r, &slot, now)?;
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
                other => {
                    return Err(wrong(
                        &other,
                        "a request that has not ended and whose numbers have not moved",
                    ));
                }
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

    /// Moves `numbers` into a request of their own, `child`; both are stored in one commit. The
    /// child's history is this one's up to here, and observers are told it as
    /// [inherited](super::Told::inherited).
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
        let Held {
            request, version, ..
        } = self.load(id).await?;
        let (parent, child): (Any, Any) = match request {
            Any::Submitted(r) => both(r.split(child, numbers, reason, permit, now)?),
            Any::ReleaseApproved(r) => both(r.split(child, numbers, reason, permit, now)?),
            Any::Scheduled(r) => both(r.split(child, numbers, reason, permit, now)?),
            Any::Ported(r) => both(r.split(child, numbers, reason, permit, now)?),
            other => return Err(wrong(&other, "a request from submitted to ported")),
        };
        let writes = vec![
            self.write(&parent, Some(version))?,
            self.write(&child, None)?,
        ];
        self.commit(writes, &[&parent, &child]).await?;
        Ok(())
    }

    /// Opens the way back as a draft called `back`, with the roles swapped; `ours` is the
    /// platform the numbers moved to. Both records are stored in one commit.
    ///
    /// # Errors
    /// If the numbers have not moved, or a request called `back` exists.
    pub async fn reverse(
        &self,
        id: &PortRequestId,
        back: PortRequestId,
        ours: LosingPlatform,
        permit: Permit<act::Start>,
    ) -> Result<(), DeskError> {
        let now = self.clock.now();
        let Held {
            request, version, ..
        } = self.load(id).await?;
        let (there, back): (Any, Any) = match request {
            Any::Ported(mut r) => {
                let back = r.reverse(back, ours, permit, now)?;
                (r.into(), back.into())
            }
            Any::Verified(mut r) => {
                let back = r.reverse(back, ours, permit, now)?;
                (r.into(), back.into())
            }
            other => return Err(wrong(&other, "a request whose numbers have moved")),
        };
        let writes = vec![self.write(&there, Some(version))?, self.write(&back, None)?];
        self.commit(writes, &[&there, &back]).await?;
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

    /// Records what became of an order that the carrier took beside the request's own, and how that
    /// is known: that the carrier has cancelled it, say. Until then nothing else of this request is
    /// submitted. After a split each part knows it, and settles it for its own numbers.
    ///
    /// # Errors
    /// If no such order is open, or `how` is blank.
    pub async fn settle_stray(
        &self,
        id: &PortRequestId,
        order: &OrderRef,
        how: impl Into<String> + Send,
        permit: Permit<act::Attest>,
    ) -> Result<(), DeskError> {
        self.change(id, |mut request, now| {
            request.settle_stray(order, how, permit, now)?;
            Ok(request)
        })
        .await
    }

    /// Says that whoever holds the permit works on what the request waits for, so that nobody else
    /// files the same ticket. It counts until the next state, until a split for the part that is
    /// split off, or until [`unclaim`](Self::unclaim); said twice, it is noted once.
    ///
    /// # Errors
    /// [`DeskError::Claimed`] names whoever works on it already; else as [`note`](Self::note).
    pub async fn claim(
        &self,
        id: &PortRequestId,
        permit: Permit<act::Claim>,
    ) -> Result<(), DeskError> {
        let note = permit.actor().permit().map_err(Violation::from)?;
        self.note(id, Note::Claimed, note).await
    }

    /// Says that nobody works on it any more. Whoever of staff says so: that is how work is taken
    /// over from a colleague who fell ill.
    ///
    /// # Errors
    /// As [`note`](Self::note).
    pub async fn unclaim(
        &self,
        id: &PortRequestId,
        permit: Permit<act::Claim>,
    ) -> Result<(), DeskError> {
        let note = permit.actor().permit().map_err(Violation::from)?;
        self.note(id, Note::Unclaimed, note).await
    }

    /// Adds a note.
    ///
    /// # Errors
    /// If the request is cancelled, the note is of a document or ticket and the request a draft, a
    /// superseding ticket is of another platform, or a customer claims work;
    /// [`DeskError::Claimed`] if it claims what somebody else works on.
    pub async fn note(
        &self,
        id: &PortRequestId,
        note: Note,
        permit: Permit<act::Note>,
    ) -> Result<(), DeskError> {
        let Held {
            request, version, ..
        } = self.load(id).await?;
        if let (Note::Claimed, Some(Claim { by, at, .. })) = (&note, Claim::of(&request)) {
            if by == *permit.actor() {
                return Ok(());
            }
            let id = id.clone();
            return Err(DeskError::Claimed { id, by, at });
        }
        self.noted(request, version, note, permit).await
    }

    async fn noted(
        &self,
        request: Any,
        mut version: Version,
        note: Note,
        permit: Permit<act::Note>,
    ) -> Result<(), DeskError> {
        let now = self.clock.now();
        macro_rules! noted {
            ($r:ident) => {{
                let mut request = $r;
                request.note(note, permit, now)?;
                request.into()
            }};
        }
        let noted = match request {
            Any::Draft(r) => noted!(r),
            Any::Sealed(r) => noted!(r),
            Any::Submitted(r) => noted!(r),
            Any::ReleaseApproved(r) => noted!(r),
            Any::Scheduled(r) => noted!(r),
            Any::Ported(r) => noted!(r),
            Any::Verified(r) => noted!(r),
            Any::Rejected(r) => noted!(r),
            other @ Any::Cancelled(_) => {
                return Err(wrong(&other, "a request that was not cancelled"));
            }
        };
        self.save(&noted, &mut version).await
    }

    fn may_ask<S: InFlight>(
        &self,
        request: &PortRequest<S>,
        slot: &PortSlot,
        now: DateTime<Utc>,
    ) -> Result<(), DeskError> {
        match self.policy.slot_objections(request, slot, now) {
            none if none.is_empty() => Ok(()),
            objections => Err(DeskError::Slot(objections)),
        }
    }

    pub(super) async fn change(
        &self,
        id: &PortRequestId,
        change: impl FnOnce(Any, DateTime<Utc>) -> Result<Any, DeskError> + Send,
    ) -> Result<(), DeskError> {
        let Held {
            request,
            mut version,
            ..
        } = self.load(id).await?;
        let next = change(request, self.clock.now())?;
        self.save(&next, &mut version).await
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
