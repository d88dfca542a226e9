//! Submitting once, and finding out what became of it.

use chrono::TimeDelta;

use super::CarrierClient;
use super::ask::{AttemptQuery, TransferOrder};
use super::capability::Step;
use super::error::CarrierError;
use super::ext::{Resolution, Submission};
use super::mint::{found, invalid, news, not_taken, receipt, same_carrier};
use super::report::{FindReport, SubmitReport};
use crate::clock::Clock;
use crate::request::{
    Attempt, AttemptFact, AttemptPhase, Basis, Dispatch, PortRequest, Sealed, State,
    SubmissionReceipt,
};

/// A process that slept between storing its intent and the call must not call any more: others may
/// have looked meanwhile, and taken the attempt for lost.
const LATEST: TimeDelta = TimeDelta::minutes(5);

pub(super) async fn submit<C: CarrierClient + ?Sized>(
    carrier: &C,
    request: &PortRequest<Sealed>,
    once: Dispatch,
    clock: &dyn Clock,
) -> Result<Submission, CarrierError> {
    same_carrier(carrier, request)?;
    // Once there is doubt, an old right to send would send a second time.
    let spent = request.phase() != AttemptPhase::Sent;
    let order = TransferOrder::of(request)
        .filter(|order| order.key() == once.attempt() && !spent)
        .ok_or_else(|| {
            let why = "the right to submit is spent or of another attempt; nothing was sent";
            invalid(carrier, why)
        })?;
    if clock.now().signed_duration_since(request.phase_since()) > LATEST {
        let why = "the intent to submit is minutes old, so the attempt may count as lost by now; \
                   nothing was sent, look for it";
        return Err(invalid(carrier, why));
    }
    let answer = carrier.submit(&order).await;
    let now = clock.now();
    let told = |what| news(request, what, Basis::Reported, now, now);
    Ok(match answer {
        Ok(SubmitReport::Taken { order, at }) => {
            Submission::Accepted(receipt(request, order, Basis::Reported, at, now))
        }
        Ok(SubmitReport::HandedOver { how }) => {
            Submission::HandedOver(told(AttemptFact::HandedOver(how)))
        }
        Ok(SubmitReport::Refused(refusal)) => {
            Submission::Refused(not_taken(request, refusal, Basis::Reported, now, now))
        }
        Err(error) if error.outcome_unknown() => {
            Submission::InDoubt(told(AttemptFact::InDoubt(error.to_string())), error)
        }
        Err(error) => Submission::NotTaken(told(AttemptFact::NotTaken(error.to_string())), error),
    })
}

pub(super) async fn resolve<C: CarrierClient + ?Sized>(
    carrier: &C,
    request: &PortRequest<Sealed>,
    clock: &dyn Clock,
) -> Result<Resolution, CarrierError> {
    same_carrier(carrier, request)?;
    for former in request.former_attempts() {
        if let Some(receipt) = look_for(carrier, request, former, clock).await? {
            return Ok(Resolution::Found(receipt));
        }
    }
    let own = AttemptQuery::of(request.attempt());
    let answer = carrier.find(&own).await?;
    let now = clock.now();
    let unclear = |what| Resolution::Unclear(news(request, what, Basis::Reported, now, now));
    Ok(match answer {
        FindReport::Found { order, at } => {
            Resolution::Found(receipt(request, order, Basis::Reported, at, now))
        }
        // What people file shows nowhere until they have.
        FindReport::Absent if !carrier.capabilities().by_api(Step::Submit) => {
            let why = "people file it; ask them whether they have";
            unclear(AttemptFact::CannotTell(why.to_owned()))
        }
        FindReport::Absent => unclear(AttemptFact::Absent),
        FindReport::CannotTell { why } => unclear(AttemptFact::CannotTell(why)),
    })
}

pub(super) async fn look_for_former<C: CarrierClient + ?Sized, S: State>(
    carrier: &C,
    request: &PortRequest<S>,
    clock: &dyn Clock,
) -> Result<Vec<SubmissionReceipt>, CarrierError> {
    same_carrier(carrier, request)?;
    let mut receipts = Vec::new();
    for former in request.former_attempts() {
        receipts.extend(look_for(carrier, request, former, clock).await?);
    }
    Ok(receipts)
}

/// The order of a try that was given up, unless the request knows it: of such it says nothing new.
async fn look_for<C: CarrierClient + ?Sized, S: State>(
    carrier: &C,
    request: &PortRequest<S>,
    former: &Attempt,
    clock: &dyn Clock,
) -> Result<Option<SubmissionReceipt>, CarrierError> {
    match carrier.find(&AttemptQuery::of(former)).await {
        Ok(FindReport::Found { order, at }) if !request.knows(&order) => {
            let basis = Basis::Reported;
            Ok(Some(found(request, former.key(), order, basis, at, clock)))
        }
        Ok(_) => Ok(None),
        // Such a try may have named an account that is closed by now; it must not stop the others.
        Err(error) if !error.is_of_the_carrier() => {
            tracing::warn!(attempt = %former.key(), %error, "a former try cannot be looked for");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
