//! From submission to arrival: look, record what is new, take the next step.

use super::PortDesk;
use super::advance::{Trouble, Turn};
use crate::carrier::{
    Cancellation, CarrierClient, CarrierClientExt, CarrierError, Look, Progress, Step,
};
use crate::request::{
    AnyPortRequest as Any, Cancelled, Fact, InFlight, PortRequest, Rejected, ReleaseApproved,
    Scheduled, State, Submitted, TransitionError,
};

/// What a look comes to for one state.
enum Outcome<E> {
    Progress(Progress<E>),
    Failed(CarrierError),
}

impl PortDesk {
    pub(super) async fn await_release(
        &self,
        carrier: &dyn CarrierClient,
        mut request: PortRequest<Submitted>,
        look: Option<&Look>,
    ) -> Turn {
        let look = self.seen(carrier, &request, look).await;
        match heed(&mut request, look, Look::release) {
            Outcome::Failed(error) => self.failed_or_cancelling(carrier, request, error).await,
            Outcome::Progress(Progress::Reached(approval)) => {
                self.or_cancelling(carrier, request.approved(approval))
                    .await
            }
            Outcome::Progress(other) => self.ended_or_cancelling(carrier, request, other).await,
        }
    }

    pub(super) async fn await_schedule(
        &self,
        carrier: &dyn CarrierClient,
        mut request: PortRequest<ReleaseApproved>,
        look: Option<&Look>,
    ) -> Turn {
        let look = self.seen(carrier, &request, look).await;
        let mut outcome = heed(&mut request, look, Look::schedule);
        if matches!(outcome, Outcome::Progress(Progress::Pending))
            && let Some(look) = self.ask(carrier, &request).await
        {
            outcome = heed(&mut request, look, Look::schedule);
        }
        match outcome {
            Outcome::Failed(error) => self.failed_or_cancelling(carrier, request, error).await,
            Outcome::Progress(Progress::Reached(confirmation)) => {
                self.or_cancelling(carrier, request.scheduled(confirmation))
                    .await
            }
            Outcome::Progress(other) => self.ended_or_cancelling(carrier, request, other).await,
        }
    }

    pub(super) async fn await_arrival(
        &self,
        carrier: &dyn CarrierClient,
        mut request: PortRequest<Scheduled>,
        look: Option<&Look>,
    ) -> Turn {
        let look = self.seen(carrier, &request, look).await;
        let mut times = None;
        let outcome = heed(&mut request, look, |look, request| {
            times = Some(look.reschedule(request)?);
            look.completion(request)
        });
        let pending = matches!(outcome, Outcome::Progress(Progress::Pending));
        if pending
            && !matches!(times, Some(Progress::Reached(_)))
            && let Some(look) = self.ask(carrier, &request).await
            && let Outcome::Progress(progress) = heed(&mut request, look, Look::reschedule)
        {
            times = Some(progress);
        }
        match (outcome, times) {
            (Outcome::Failed(error), _) => self.failed_or_cancelling(carrier, request, error).await,
            (Outcome::Progress(Progress::Reached(completion)), _) => {
                Turn::of(request.ported(completion))
            }
            (Outcome::Progress(Progress::Pending), Some(Progress::Reached(newer))) => {
                self.or_cancelling(carrier, request.rescheduled(newer))
                    .await
            }
            (Outcome::Progress(other), _) => {
                self.ended_or_cancelling(carrier, request, other).await
            }
        }
    }

    /// What the carrier shows: what was asked for already, or what it says now.
    async fn seen<S: InFlight>(
        &self,
        carrier: &dyn CarrierClient,
        request: &PortRequest<S>,
        look: Option<&Look>,
    ) -> Result<Look, CarrierError> {
        match look {
            Some(look) => Ok(look.clone()),
            None => carrier.look(request, &*self.clock).await,
        }
    }

    /// Asks for the slot that was agreed, unless the request is scheduled for it, the carrier has
    /// answered with another one since, or asking is a person's task.
    async fn ask<S: InFlight>(
        &self,
        carrier: &dyn CarrierClient,
        request: &PortRequest<S>,
    ) -> Option<Result<Look, CarrierError>> {
        if !carrier.capabilities().by_api(Step::Schedule)
            || !request.slot_is_open()
            || request.cancel_requested().is_some()
        {
            return None;
        }
        let slot = request.slot_request()?;
        Some(carrier.ask_slot(request, &slot, &*self.clock).await)
    }

    async fn ended_or_cancelling<S: InFlight, E>(
        &self,
        carrier: &dyn CarrierClient,
        request: PortRequest<S>,
        progress: Progress<E>,
    ) -> Turn
    where
        Any: From<PortRequest<S>>,
    {
        match progress {
            Progress::Refused(notice) => Turn::of::<S, Rejected>(request.refused(notice)),
            Progress::Cancelled(receipt) => Turn::of::<S, Cancelled>(request.cancelled(receipt)),
            Progress::Pending | Progress::Reached(_) => self.cancelling(carrier, request).await,
        }
    }

    /// The transition's outcome; where the evidence is refused, a wish to cancel must not wait for
    /// better.
    async fn or_cancelling<S: InFlight, N: State>(
        &self,
        carrier: &dyn CarrierClient,
        outcome: Result<PortRequest<N>, TransitionError<S>>,
    ) -> Turn
    where
        Any: From<PortRequest<S>> + From<PortRequest<N>>,
    {
        match outcome {
            Ok(next) => Turn::moved(next),
            Err(refused) => {
                let (request, violation) = refused.into_parts();
                let mut turn = self.cancelling(carrier, request).await;
                if !turn.again && turn.trouble.is_none() {
                    turn.trouble = Some(Trouble::Evidence(violation));
                }
                turn
            }
        }
    }

    /// Where the order cannot be seen, a wish to cancel must not wait until it can; unless the carrier
    /// can be asked nothing at all.
    async fn failed_or_cancelling<S: InFlight>(
        &self,
        carrier: &dyn CarrierClient,
        request: PortRequest<S>,
        error: CarrierError,
    ) -> Turn
    where
        Any: From<PortRequest<S>>,
    {
        if error.is_of_the_carrier() {
            return Turn::failed(request, error);
        }
        let mut turn = self.cancelling(carrier, request).await;
        if !turn.again {
            turn.trouble = turn.trouble.or(Some(Trouble::Carrier(error)));
        }
        turn
    }

    /// Passes a wish to cancel on to the carrier, until it has answered.
    async fn cancelling<S: InFlight>(
        &self,
        carrier: &dyn CarrierClient,
        mut request: PortRequest<S>,
    ) -> Turn
    where
        Any: From<PortRequest<S>>,
    {
        if !request.wants_cancelling() || !carrier.capabilities().by_api(Step::Cancel) {
            return Turn::rest(request);
        }
        match carrier.cancel_order(&request, &*self.clock).await {
            Ok(Cancellation::Done(receipt)) => Turn::of::<S, Cancelled>(request.cancelled(receipt)),
            Ok(Cancellation::Pending(seen) | Cancellation::Refused(seen)) => {
                match request.observe(seen) {
                    Ok(()) => Turn::rest(request),
                    Err(violation) => Turn::refused(request, violation),
                }
            }
            Err(error) => Turn::failed(request, error),
        }
    }
}

/// Records what a look says beside transitions, and asks it for the next one.
fn heed<S: InFlight, E>(
    request: &mut PortRequest<S>,
    look: Result<Look, CarrierError>,
    next: impl FnOnce(&Look, &PortRequest<S>) -> Result<Progress<E>, CarrierError>,
) -> Outcome<E> {
    let heeded = look.and_then(|look| {
        let progress = next(&look, request)?;
        for seen in look.news(request)? {
            // News of this very look names this request, order and carrier.
            let _ = request.observe(seen);
        }
        Ok(progress)
    });
    match heeded {
        Ok(progress) => Outcome::Progress(progress),
        Err(error) => Outcome::Failed(error),
    }
}

impl<S: InFlight> PortRequest<S> {
    /// Whether a cancellation is wanted and the carrier has not answered it yet.
    fn wants_cancelling(&self) -> bool {
        self.timeline()
            .fold(false, |wanted, entry| match entry.kind() {
                "sealed" => false,
                "cancel_requested" => true,
                _ => {
                    let answer = matches!(
                        entry.fact(),
                        Some(Fact::CancelRefused(_) | Fact::CancelUnderWay)
                    );
                    wanted && !answer
                }
            })
    }

    /// Whether the slot last asked for is still to be asked of the carrier.
    fn slot_is_open(&self) -> bool {
        self.timeline()
            .fold(false, |open, entry| match entry.kind() {
                "slot_asked" => true,
                "sealed" | "scheduled" | "rescheduled" => false,
                _ => open && !matches!(entry.fact(), Some(Fact::CounterOffered(_))),
            })
    }
}
