//! Submitting once, keeping the answer, and finding out what became of a try.

use chrono::{DateTime, TimeDelta, Utc};

use super::advance::{CONFLICTS, Trouble, Turn};
use super::{DeskError, PortDesk, Version};
use crate::carrier::{CarrierClient, CarrierClientExt, Resolution, Submission};
use crate::request::{
    AnyPortRequest as Any, Attempt, AttemptFact, AttemptPhase, Basis, Event, PortRequest, Sealed,
    State, SubmissionReceipt, Violation,
};
use crate::store::StoreError;

/// The longest a submission that was not taken waits for the next try.
const LONGEST: TimeDelta = TimeDelta::hours(1);

impl PortDesk {
    pub(super) async fn submit(
        &self,
        carrier: &dyn CarrierClient,
        mut sealed: PortRequest<Sealed>,
        version: &mut Version,
    ) -> Result<Turn, DeskError> {
        match sealed.phase() {
            AttemptPhase::UnderReview | AttemptPhase::HandedOver => return Ok(Turn::rest(sealed)),
            AttemptPhase::Sent | AttemptPhase::InDoubt | AttemptPhase::NeedsPerson => {
                return self.resolve(carrier, sealed).await;
            }
            AttemptPhase::Cleared => {}
        }
        let wanted = sealed.cancel_requested().is_none()
            && self.held_off(&sealed).is_none()
            && sealed.stray_orders().is_empty();
        let Some(cleared) = sealed.cleared().filter(|_| wanted) else {
            return Ok(Turn::rest(sealed));
        };
        if sealed.former_attempts().len() > 0 {
            // An earlier try may have turned up since it was given up.
            match carrier.resolve(&sealed, &*self.clock).await {
                Ok(Resolution::Found(receipt)) => return Ok(taken(sealed, &receipt)),
                Ok(Resolution::Unclear(_)) => {}
                Err(error) => return Ok(Turn::failed(sealed, error)),
            }
        }
        let once = sealed.dispatch(cleared, self.clock.now())?;
        let request = Any::from(sealed);
        self.save(&request, version).await?;
        let Any::Sealed(sealed) = request else {
            return Ok(Turn::rest(request));
        };
        let answer = carrier.submit_request(&sealed, once, &*self.clock).await;
        match answer {
            Ok(answer) => self.answered(sealed, &answer, version).await,
            Err(error) => Ok(Turn::failed(sealed, error)),
        }
    }

    /// Stores the carrier's answer, also over what another writer changed meanwhile: the answer
    /// comes once, so it must not be lost to a conflict.
    async fn answered(
        &self,
        sealed: PortRequest<Sealed>,
        answer: &Submission,
        version: &mut Version,
    ) -> Result<Turn, DeskError> {
        let id = sealed.id().clone();
        let mut turn = apply(sealed, answer);
        let mut failed = DeskError::from(StoreError::Conflict { id: id.clone() });
        for _ in 0..CONFLICTS {
            match self.save(&turn.request, version).await {
                Ok(()) => return Ok(turn),
                Err(DeskError::Store(error @ StoreError::Conflict { .. })) => failed = error.into(),
                // If it was written all the same, the request has moved on.
                Err(DeskError::Store(error)) if error.is_retryable() => failed = error.into(),
                Err(error) => {
                    failed = error;
                    break;
                }
            }
            let held = match self.load(&id).await {
                Ok(held) => held,
                Err(error) => {
                    failed = error;
                    continue;
                }
            };
            *version = held.version;
            turn = match held.request {
                Any::Sealed(sealed) => apply(sealed, answer),
                other => moved_on(other, answer),
            };
            if turn.request.history_len() == version.entries {
                return Ok(turn);
            }
        }
        let order = match answer {
            Submission::Accepted(receipt) => Some(receipt.order()),
            _ => None,
        };
        tracing::error!(request = %id, ?order, error = %failed, "an answer could not be kept");
        Err(failed)
    }

    /// Looks for orders of tries that were given up, beside the one the request has.
    pub(super) async fn find_strays<S: State>(
        &self,
        carrier: &dyn CarrierClient,
        request: &mut PortRequest<S>,
    ) -> Option<Trouble> {
        if request.former_attempts().len() == 0 {
            return None;
        }
        match carrier.look_for_former(request, &*self.clock).await {
            Ok(found) => {
                let mut trouble = None;
                for receipt in found {
                    let order = receipt.order().clone();
                    if request.strayed(receipt).is_ok() {
                        trouble = Some(Trouble::StrayOrder(order));
                    }
                }
                trouble
            }
            Err(error) => Some(Trouble::Carrier(error)),
        }
    }

    /// Until when (UTC) another call would be futile, because the carrier refused one so lately:
    /// after a minute it is called again, then after two, four, up to an hour.
    pub(super) fn held_off(&self, sealed: &PortRequest<Sealed>) -> Option<DateTime<Utc>> {
        let mut refused = (0_u32, None);
        for event in sealed.log() {
            match event {
                Event::Sealed { .. } => refused = (0, None),
                Event::AttemptHeard(heard) => match (&heard.what, &heard.source.basis) {
                    (AttemptFact::NotTaken(_), Basis::Reported) => {
                        refused = (refused.0 + 1, Some(heard.source.recorded_at));
                    }
                    _ => refused = (0, None),
                },
                _ => {}
            }
        }
        let (times, last) = (refused.0, refused.1?);
        let wait = TimeDelta::minutes(1_i64 << times.saturating_sub(1).min(6)).min(LONGEST);
        let passed = self.clock.now().signed_duration_since(last);
        // A clock that was set back holds nothing up.
        (TimeDelta::zero() <= passed && passed < wait).then(|| last + wait)
    }

    async fn resolve(
        &self,
        carrier: &dyn CarrierClient,
        mut sealed: PortRequest<Sealed>,
    ) -> Result<Turn, DeskError> {
        let news = match carrier.resolve(&sealed, &*self.clock).await {
            Ok(Resolution::Found(receipt)) => return Ok(taken(sealed, &receipt)),
            Ok(Resolution::Unclear(news)) => news,
            Err(error) => return Ok(Turn::failed(sealed, error)),
        };
        // What adds nothing is not recorded: the history must not grow with every look.
        let settled = match (news.what(), sealed.seen_absent()) {
            (AttemptFact::Absent, Some((first, last))) if last <= news.recorded_at() => {
                news.recorded_at() - first >= Attempt::SETTLE
            }
            (AttemptFact::Absent, _) => {
                sealed.heard(news)?;
                return Ok(Turn::rest(sealed));
            }
            _ => {
                if sealed.phase() != AttemptPhase::NeedsPerson {
                    sealed.heard(news)?;
                }
                return Ok(Turn::rest(sealed));
            }
        };
        if !settled {
            return Ok(Turn::rest(sealed));
        }
        sealed.heard(news)?;
        sealed.retry(self.clock.now())?;
        Ok(Turn::moved(sealed))
    }
}

/// The request went on without the answer: another desk found the order, or people decided.
fn moved_on(request: Any, answer: &Submission) -> Turn {
    match answer {
        Submission::Accepted(receipt) if request.order() != Some(receipt.order()) => {
            stray(request, receipt)
        }
        _ => Turn::moved(request),
    }
}

/// The carrier has an order of the request: its own, or one of a package that was sent back since.
fn taken(sealed: PortRequest<Sealed>, receipt: &SubmissionReceipt) -> Turn {
    match sealed.submitted(receipt.clone()) {
        Ok(submitted) => Turn::moved(submitted),
        Err(refused) => stray(refused.into_request().into(), receipt),
    }
}

/// Puts an order on record that the request cannot have.
fn stray(mut request: Any, receipt: &SubmissionReceipt) -> Turn {
    let order = receipt.order().clone();
    match request.strayed(receipt.clone()) {
        Ok(()) => Turn {
            request,
            again: false,
            trouble: Some(Trouble::StrayOrder(order)),
            unfinished: false,
        },
        // It came twice.
        Err(Violation::KnownOrder { .. }) => Turn::rest(request),
        Err(violation) => Turn::refused(request, violation),
    }
}

fn apply(mut sealed: PortRequest<Sealed>, answer: &Submission) -> Turn {
    // Where another desk has looked meanwhile, news of a lost or failed call may come too late to
    // matter; the record then says what that desk found.
    match answer {
        Submission::Accepted(receipt) => taken(sealed, receipt),
        Submission::Refused(notice) => Turn::of(sealed.refused(notice.clone())),
        Submission::HandedOver(_) if sealed.phase() == AttemptPhase::HandedOver => {
            Turn::rest(sealed)
        }
        Submission::HandedOver(news) => match sealed.heard(news.clone()) {
            Ok(()) => Turn::rest(sealed),
            Err(violation) => Turn::refused(sealed, violation),
        },
        Submission::NotTaken(news, error) | Submission::InDoubt(news, error) => {
            let _ = sealed.heard(news.clone());
            Turn::failed(sealed, error.clone())
        }
    }
}
