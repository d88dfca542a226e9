use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::document::SubmissionPackage;
use crate::id::{AttemptKey, CarrierId};
use crate::people::Actor;

/// One sealed try to submit: the frozen package, who sealed it and when.
///
/// Its [`key`](Self::key) keeps a submission single: it is stored before the carrier is called,
/// and the carrier is asked for it when an answer is lost.
#[derive(Clone, PartialEq, Eq)]
pub struct Attempt {
    pub(crate) key: AttemptKey,
    pub(crate) carrier: CarrierId,
    pub(crate) package: Arc<SubmissionPackage>,
    pub(crate) by: Actor,
    pub(crate) at: DateTime<Utc>,
}

impl Attempt {
    /// 15 minutes: how far apart two looks must be before "the carrier shows nothing" counts as "the
    /// carrier has nothing", because a submission that is still on its way has landed by then. So a
    /// crash before the call delays the next try by so long.
    pub const SETTLE: TimeDelta = TimeDelta::minutes(15);

    /// Request and number of the try: the correlation key.
    pub fn key(&self) -> &AttemptKey {
        &self.key
    }

    /// The carrier it goes to.
    pub fn carrier(&self) -> &CarrierId {
        &self.carrier
    }

    /// What was sealed.
    pub fn package(&self) -> &SubmissionPackage {
        &self.package
    }

    /// Who sealed it.
    pub fn sealed_by(&self) -> &Actor {
        &self.by
    }

    /// When it was sealed, UTC.
    pub fn sealed_at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("key", &self.key)
            .field("carrier", &self.carrier)
            .finish_non_exhaustive()
    }
}

/// How far a sealed attempt has come.
///
/// Exhaustive on purpose: each phase has another next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttemptPhase {
    /// Staff have not passed it yet.
    UnderReview,
    /// Reviewed; it may be sent.
    Cleared,
    /// The intent to send is on record, the answer is not: after a restart, find out.
    Sent,
    /// With people who file it by hand.
    HandedOver,
    /// The answer was lost: find out, never send again.
    InDoubt,
    /// The carrier cannot say; a person must look.
    NeedsPerson,
}

impl AttemptPhase {
    /// Whether the carrier may have the order: then nothing may be sent and nothing sent back.
    pub fn may_be_with_carrier(self) -> bool {
        match self {
            Self::UnderReview | Self::Cleared => false,
            Self::Sent | Self::HandedOver | Self::InDoubt | Self::NeedsPerson => true,
        }
    }
}

impl fmt::Display for AttemptPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnderReview => "under review",
            Self::Cleared => "cleared for submission",
            Self::Sent => "sent, answer not recorded",
            Self::HandedOver => "handed over to be filed",
            Self::InDoubt => "in doubt",
            Self::NeedsPerson => "in doubt, for a person to resolve",
        })
    }
}

/// The right to call the carrier's submit once.
///
/// [`PortRequest::dispatch`](crate::PortRequest::dispatch) gives it after recording the intent;
/// [`submit_request`](crate::CarrierClientExt::submit_request) consumes it. It is neither `Clone`
/// nor stored: after a restart or a dropped call there is none, and the only way on is to ask the
/// carrier what it has.
///
/// ```compile_fail,E0382
/// # use snap_port::{CarrierClient, CarrierClientExt, Clock, Dispatch, PortRequest, Sealed};
/// # async fn f(carrier: &dyn CarrierClient, request: &PortRequest<Sealed>, once: Dispatch,
/// #     clock: &dyn Clock) {
/// let first = carrier.submit_request(request, once, clock).await;
/// let again = carrier.submit_request(request, once, clock).await;
/// # }
/// ```
#[derive(Debug)]
#[must_use = "the intent to submit is on record; submit, or resolve the doubt"]
pub struct Dispatch {
    pub(crate) attempt: AttemptKey,
}

impl Dispatch {
    /// The attempt that may be submitted.
    pub fn attempt(&self) -> &AttemptKey {
        &self.attempt
    }
}
