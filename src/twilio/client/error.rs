use std::fmt;
use std::time::Duration;

use super::code::TwilioCode;
use super::request::Operation;
use crate::carrier::{CarrierError, CarrierErrorKind};
use crate::id::CarrierId;

type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// A call to Twilio failed. Opaque: ask [`kind`](Self::kind), [`code`](Self::code) and
/// [`outcome_unknown`](Self::outcome_unknown).
///
/// It shows neither credentials nor bodies; in Twilio's own words whole account and key SIDs are
/// masked.
pub struct TwilioError(Box<Inner>);

struct Inner {
    operation: Option<Operation>,
    kind: CarrierErrorKind,
    code: Option<TwilioCode>,
    status: Option<u16>,
    words: String,
    no_effect: bool,
    absent: bool,
    retry_after: Option<Duration>,
    source: Option<BoxError>,
}

impl TwilioError {
    /// A failure of which nothing is known but its kind. `words` must be masked.
    pub(super) fn new(
        operation: Operation,
        kind: CarrierErrorKind,
        words: impl Into<String>,
    ) -> Self {
        Self(Box::new(Inner {
            operation: Some(operation),
            kind,
            code: None,
            status: None,
            words: words.into(),
            no_effect: operation.reads(),
            absent: false,
            retry_after: None,
            source: None,
        }))
    }

    /// Refused by this crate: nothing was sent.
    pub(super) fn unsent(operation: Operation, words: impl Into<String>) -> Self {
        let kind = CarrierErrorKind::InvalidRequest;
        Self::new(operation, kind, words).without_effect()
    }

    /// The client could not be set up.
    pub(super) fn setup(source: impl Into<BoxError>) -> Self {
        Self(Box::new(Inner {
            operation: None,
            kind: CarrierErrorKind::InvalidRequest,
            code: None,
            status: None,
            words: "cannot set up encrypted connections; check the system's certificates".into(),
            no_effect: true,
            absent: false,
            retry_after: None,
            source: Some(source.into()),
        }))
    }

    pub(super) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(super) fn with_code(mut self, code: Option<TwilioCode>) -> Self {
        self.0.code = code;
        self
    }

    pub(super) fn with_retry_after(mut self, after: Option<Duration>) -> Self {
        self.0.retry_after = after;
        self
    }

    pub(super) fn with_absence(mut self, absent: bool) -> Self {
        self.0.absent = absent;
        self
    }

    pub(super) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(super) fn without_effect(mut self) -> Self {
        self.0.no_effect = true;
        self
    }

    /// Why, in terms every carrier shares.
    pub fn kind(&self) -> CarrierErrorKind {
        self.0.kind
    }

    /// Twilio's own code, if it named one.
    pub fn code(&self) -> Option<TwilioCode> {
        self.0.code
    }

    /// The HTTP status, if there was an answer.
    pub fn http_status(&self) -> Option<u16> {
        self.0.status
    }

    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        use CarrierErrorKind::{RateLimited, Timeout, Unavailable, Unreachable};
        matches!(
            self.0.kind,
            RateLimited | Timeout | Unavailable | Unreachable
        )
    }

    /// Whether the call may have changed something although it failed. Look before calling again.
    pub fn outcome_unknown(&self) -> bool {
        use CarrierErrorKind::{Protocol, Timeout, Unavailable};
        !self.0.no_effect && matches!(self.0.kind, Unavailable | Timeout | Protocol)
    }

    /// Twilio's wish for when to come back.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether Twilio itself said that there is no such resource; a gateway's 404 says nothing.
    pub(super) fn is_absent(&self) -> bool {
        self.0.absent
    }

    /// The same failure in the carrier's terms, with this error as its source.
    pub fn into_carrier(self, carrier: CarrierId) -> CarrierError {
        let mut detail = self
            .0
            .operation
            .map_or_else(|| "setting up".to_owned(), |op| op.to_string());
        if let Some(code) = self.0.code {
            detail.push_str(&format!(", Twilio error {code}"));
        } else if let Some(status) = self.0.status {
            detail.push_str(&format!(", HTTP status {status}"));
        }
        let mut error = CarrierError::new(carrier, self.0.kind, detail);
        if self.0.no_effect {
            error = error.without_effect();
        }
        if let Some(after) = self.0.retry_after {
            error = error.with_retry_after(after);
        }
        error.with_source(self)
    }
}

impl fmt::Display for TwilioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        match inner.operation {
            Some(operation) => write!(f, "{operation}: ")?,
            None => f.write_str("setting up: ")?,
        }
        match (inner.code, inner.status) {
            (Some(code), _) => write!(f, "{code} ")?,
            (None, Some(status)) => write!(f, "HTTP {status} ")?,
            (None, None) => {}
        }
        f.write_str(&inner.words)?;
        if let Some(todo) = inner.code.and_then(TwilioCode::what_to_do) {
            write!(f, ": {todo}")?;
        }
        if self.outcome_unknown() {
            f.write_str("; it may have taken effect")?;
        }
        Ok(())
    }
}

impl fmt::Debug for TwilioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwilioError")
            .field("operation", &self.0.operation.map(|op| op.to_string()))
            .field("kind", &self.0.kind)
            .field("code", &self.0.code)
            .field("status", &self.0.status)
            .field("words", &self.0.words)
            .field("outcome_unknown", &self.outcome_unknown())
            .field("retry_after", &self.0.retry_after)
            .field("source", &self.0.source)
            .finish()
    }
}

impl std::error::Error for TwilioError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
