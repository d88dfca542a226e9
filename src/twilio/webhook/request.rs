//! What came in, as the server got it.

use std::fmt;

/// A header that may be there once.
#[derive(Clone, Copy)]
pub(super) enum Header<'r> {
    Absent,
    Once(&'r [u8]),
    Repeated,
}

impl<'r> Header<'r> {
    fn add(&mut self, value: &'r [u8]) {
        *self = match self {
            Self::Absent => Self::Once(value),
            Self::Once(_) | Self::Repeated => Self::Repeated,
        };
    }
}

/// A request that says it is Twilio's: method, URL, headers, bytes. No web framework is asked for.
///
/// `Debug` shows neither URL nor body: there are people's numbers and words in them.
///
/// ```
/// # use snap_port::twilio::webhook::WebhookRequest;
/// let request = WebhookRequest::new("POST", "https://port.example/twilio/events", b"CallSid=CA1")
///     .header("content-type", b"application/x-www-form-urlencoded")
///     .header("x-twilio-signature", b"RSOYDt4T1cUTdK1PDd93/VVr8B8=");
/// # let _ = request;
/// ```
#[derive(Clone, Copy)]
#[must_use]
pub struct WebhookRequest<'r> {
    pub(super) method: &'r str,
    pub(super) url: &'r str,
    pub(super) body: &'r [u8],
    pub(super) signature: Header<'r>,
    pub(super) content_type: Header<'r>,
    pub(super) idempotency_token: Header<'r>,
}

impl<'r> WebhookRequest<'r> {
    /// A request without headers so far.
    ///
    /// `url` is the whole address as Twilio called it, scheme and host with it and the query still
    /// percent-encoded. Behind a proxy that is the public address, not the one the server sees:
    /// put the configured public address before the path and query of the request line, and trust
    /// no forwarding header for it. `body` is the raw bytes, before any decoding.
    pub fn new(method: &'r str, url: &'r str, body: &'r [u8]) -> Self {
        Self {
            method,
            url,
            body,
            signature: Header::Absent,
            content_type: Header::Absent,
            idempotency_token: Header::Absent,
        }
    }

    /// Adds a header. Only `X-Twilio-Signature`, `Content-Type` and `I-Twilio-Idempotency-Token`
    /// are kept, in any case; any other is passed over.
    pub fn header(mut self, name: &str, value: &'r [u8]) -> Self {
        let known = [
            ("x-twilio-signature", &mut self.signature),
            ("content-type", &mut self.content_type),
            ("i-twilio-idempotency-token", &mut self.idempotency_token),
        ];
        for (known, header) in known {
            if name.eq_ignore_ascii_case(known) {
                header.add(value);
            }
        }
        self
    }

    /// Adds every header, as [`header`](Self::header) does.
    pub fn headers<'n>(self, headers: impl IntoIterator<Item = (&'n str, &'r [u8])>) -> Self {
        headers
            .into_iter()
            .fold(self, |request, (name, value)| request.header(name, value))
    }

    /// Is the body said to be a form? Parameters such as `charset` may follow.
    pub(super) fn says_form(&self) -> bool {
        let Header::Once(value) = self.content_type else {
            return false;
        };
        let kind = value.split(|byte| *byte == b';').next().unwrap_or_default();
        kind.trim_ascii()
            .eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
    }
}

impl fmt::Debug for WebhookRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookRequest")
            .field("method", &self.method)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
