//! What people attest at the desk, where a carrier's step is human.

use std::sync::Arc;

use super::act::wrong;
use super::{DeskError, Held, PortDesk, Version};
use crate::carrier::{Attested, CarrierClient, CarrierClientExt, Statement};
use crate::id::PortRequestId;
use crate::request::{
    AnyPortRequest as Any, Fact, InFlight, PortRequest, Schedule, TransitionError, Violation,
};

impl PortDesk {
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
            mut version,
            ..
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
                    Err(error) => return self.too_early(error, carrier, said, version).await,
                }
            }
            (Any::Scheduled(r), Attested::Scheduled(what)) => {
                let confirmed = carrier.attest_schedule(&r, said.clone().with(|_| what), clock)?;
                match r.rescheduled(confirmed) {
                    Ok(next) => next.into(),
                    Err(error) => return self.too_early(error, carrier, said, version).await,
                }
            }
            (request, what) => {
                let said = said.with(|_| what);
                self.attest_ending_or_fact(carrier, request, said)?
            }
        };
        self.save(&next, &mut version).await
    }

    /// A slot the carrier set before the earliest port date is refused, and put on record: somebody
    /// must stop it.
    async fn too_early<S: InFlight>(
        &self,
        refused: TransitionError<S>,
        carrier: &Arc<dyn CarrierClient>,
        said: Statement<Attested>,
        mut version: Version,
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
            self.save(&request.into(), &mut version).await?;
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
}
