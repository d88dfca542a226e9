use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::id::CarrierId;

type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// A call to a carrier failed. Opaque: ask [`kind`](Self::kind), [`is_retryable`](Self::is_retryable)
/// and [`outcome_unknown`](Self::outcome_unknown).
///
/// Put no credentials, account numbers or documents into `detail` or the source: errors are logged.
#[derive(Clone)]
pub struct CarrierError(Box<Inner>);

#[derive(Clone)]
struct Inner {
    carrier: CarrierId,
    kind: CarrierErrorKind,
    detail: String,
    no_effect: bool,
    retry_after: Option<Duration>,
    // Shared, so that an answer can be recorded more than once.
    source: Option<Arc<BoxError>>,
}

/// Why a call failed, in terms every carrier shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CarrierErrorKind {
    /// The carrier could not be reached; the call never got there.
    Unreachable,
    /// The carrier answered that it failed; the call may have taken effect.
    Unavailable,
    /// No answer in time; the call may have taken effect.
    Timeout,
    /// Too many calls; this one was not processed.
    RateLimited,
    /// The credentials were refused.
    Unauthorized,
    /// There is no such order or number.
    NotFound,
    /// The carrier found the call itself wrong, or this crate did before making it.
    InvalidRequest,
    /// The carrier does not do that, or a person does it.
    Unsupported,
    /// The answer makes no sense; the call may have taken effect.
    Protocol,
}

impl fmt::Display for CarrierErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "could not be reached",
            Self::Unavailable => "failed on its side",
            Self::Timeout => "did not answer in time",
            Self::RateLimited => "asks to slow down",
            Self::Unauthorized => "refused the credentials",
            Self::NotFound => "knows no such thing",
            Self::InvalidRequest => "cannot take the call as it is",
            Self::Unsupported => "does not do that",
            Self::Protocol => "answered something that makes no sense",
        })
    }
}

impl CarrierError {
    /// A failure of `kind` at `carrier`.
    pub fn new(carrier: CarrierId, kind: CarrierErrorKind, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            carrier,
            kind,
            detail: detail.into(),
            no_effect: false,
            retry_after: None,
            source: None,
        }))
    }

    /// Attaches the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(Arc::new(source.into()));
        self
    }

    /// Attaches the carrier's wish for when to come back.
    #[must_use]
    pub fn with_retry_after(mut self, after: Duration) -> Self {
        self.0.retry_after = Some(after);
        self
    }

    /// States that the call surely had no effect, where the kind alone leaves it open.
    #[must_use]
    pub fn without_effect(mut self) -> Self {
        self.0.no_effect = true;
        self
    }

    /// The carrier.
    pub fn carrier(&self) -> &CarrierId {
        &self.0.carrier
    }

    /// Why.
    pub fn kind(&self) -> CarrierErrorKind {
        self.0.kind
    }

    /// What in particular.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// Whether the same call may succeed later. A submission whose
    /// [`outcome is unknown`](Self::outcome_unknown) is not repeated all the same.
    pub fn is_retryable(&self) -> bool {
        use CarrierErrorKind::{RateLimited, Timeout, Unavailable, Unreachable};
        matches!(
            self.0.kind,
            Unreachable | Unavailable | Timeout | RateLimited
        )
    }

    /// Whether the call may have taken effect although it failed.
    pub fn outcome_unknown(&self) -> bool {
        use CarrierErrorKind::{Protocol, Timeout, Unavailable};
        !self.0.no_effect && matches!(self.0.kind, Unavailable | Timeout | Protocol)
    }

    /// Whether it tells of every call to the carrier, not of this one alone.
    pub(crate) fn is_of_the_carrier(&self) -> bool {
        use CarrierErrorKind::{RateLimited, Timeout, Unauthorized, Unavailable, Unreachable};
        matches!(
            self.0.kind,
            Unreachable | Unavailable | Timeout | RateLimited | Unauthorized
        )
    }

    /// The carrier's wish for when to come back.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }
}

impl fmt::Debug for CarrierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CarrierError")
            .field("carrier", &self.0.carrier)
            .field("kind", &self.0.kind)
            .field("detail", &self.0.detail)
            .field("outcome_unknown", &self.outcome_unknown())
            .field("source", &self.0.source)
            .finish()
    }
}

impl fmt::Display for CarrierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "carrier {} {}: {}",
            self.0.carrier, self.0.kind, self.0.detail
        )
    }
}

impl std::error::Error for CarrierError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| &**source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_unknown_only_where_the_call_may_have_landed() {
        let unknown =
            |kind| CarrierError::new(CarrierId::parse("c").unwrap(), kind, "x").outcome_unknown();
        for kind in [
            CarrierErrorKind::Unavailable,
            CarrierErrorKind::Timeout,
            CarrierErrorKind::Protocol,
        ] {
            assert!(unknown(kind), "{kind:?}");
        }
        for kind in [
            CarrierErrorKind::Unreachable,
            CarrierErrorKind::RateLimited,
            CarrierErrorKind::Unauthorized,
            CarrierErrorKind::NotFound,
            CarrierErrorKind::InvalidRequest,
            CarrierErrorKind::Unsupported,
        ] {
            assert!(!unknown(kind), "{kind:?}");
        }
        let sure = CarrierError::new(
            CarrierId::parse("c").unwrap(),
            CarrierErrorKind::Unavailable,
            "x",
        )
        .without_effect();
        assert!(!sure.outcome_unknown() && sure.is_retryable());
    }
}
