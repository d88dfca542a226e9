//! What goes back over the wire: Twilio's answers and refusals.

use serde_json::{Value, json};

/// What a request is answered with.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Body,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Whether the world changed.
    pub(crate) effect: bool,
}

/// The body of an [`Answer`].
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Empty,
    Json(Value),
    Text(&'static str, String),
}

impl Answer {
    /// 200, and nothing changed.
    pub(crate) fn shows(body: Value) -> Self {
        Self::new(200, Body::Json(body), false)
    }

    /// Something changed.
    pub(crate) fn did(status: u16, body: Value) -> Self {
        Self::new(status, Body::Json(body), true)
    }

    /// Something is gone.
    pub(crate) fn gone() -> Self {
        Self::new(204, Body::Empty, true)
    }

    /// Another status with a body, and nothing changed.
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self::new(status, Body::Json(body), false)
    }

    pub(crate) fn text(status: u16, kind: &'static str, text: String) -> Self {
        Self::new(status, Body::Text(kind, text), false)
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    fn new(status: u16, body: Body, effect: bool) -> Self {
        let headers = Vec::new();
        Self {
            status,
            body,
            headers,
            effect,
        }
    }

    /// The body as it goes out.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match &self.body {
            Body::Empty => Vec::new(),
            Body::Json(value) => value.to_string().into_bytes(),
            Body::Text(_, text) => text.clone().into_bytes(),
        }
    }
}

/// A refusal in Twilio's words.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    status: u16,
    code: Option<u32>,
    message: String,
}

impl Refused {
    /// Twilio's code with its usual status and words.
    pub(crate) fn code(code: u32) -> Self {
        let (status, message) = usual(code);
        Self::with(status, Some(code), message)
    }

    /// The code with words of its own.
    pub(crate) fn says(code: u32, message: impl Into<String>) -> Self {
        Self::with(usual(code).0, Some(code), message)
    }

    pub(crate) fn with(status: u16, code: Option<u32>, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            status,
            code,
            message,
        }
    }

    /// The same with another HTTP status.
    pub(crate) fn at(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The classic body: `code`, `message`, `more_info`, `status`.
    pub(crate) fn answer(&self) -> Answer {
        let info = self
            .code
            .map(|code| format!("https://www.twilio.com/docs/errors/{code}"));
        let answer = Answer::json(
            self.status,
            json!({
                "code": self.code,
                "message": self.message,
                "more_info": info,
                "status": self.status,
            }),
        );
        if self.status == 401 {
            let realm = "Basic realm=\"Twilio API\"".to_owned();
            return answer.with_header("www-authenticate", realm);
        }
        answer
    }

    /// The body of RFC 9457, as newer services send it.
    pub(crate) fn problem(&self) -> Answer {
        let code = self.code.unwrap_or_default();
        let mut answer = Answer::json(
            self.status,
            json!({
                "type": format!("https://www.twilio.com/docs/errors/{code}"),
                "title": self.message,
                "status": self.status,
                "code": code,
                "detail": self.message,
            }),
        );
        let kind = "application/problem+json".to_owned();
        answer.headers.push(("content-type", kind));
        answer
    }
}

/// The status and words that usually come with a code. Where Twilio publishes no status, 400.
fn usual(code: u32) -> (u16, &'static str) {
    match code {
        10002 => (
            400,
            "Trial accounts do not support the feature you tried to use",
        ),
        20001 => (400, "Unknown or invalid parameter"),
        20003 => (401, "Authenticate"),
        20004 => (405, "Method not allowed"),
        20005 => (403, "Account not active"),
        20007 => (400, "Page size too large"),
        20403 => (403, "Forbidden"),
        20404 => (404, "The requested resource was not found"),
        20429 => (429, "Too Many Requests"),
        20500 => (500, "Internal Server Error"),
        20503 => (503, "Service Unavailable"),
        21201 => (400, "No 'To' number is specified"),
        21205 => (400, "Url parameter is required"),
        21206 => (400, "Invalid SendDigits"),
        21208 => (400, "Invalid Timeout"),
        21209 => (400, "Invalid Method"),
        21210 => (400, "'From' phone number not verified"),
        21211 => (400, "Invalid 'To' Phone Number"),
        21212 => (400, "Invalid 'From' Number"),
        21213 => (400, "'From' phone number is required"),
        21218 => (400, "Invalid ApplicationSid"),
        21219 => (400, "'To' phone number not verified"),
        21402 => (400, "Invalid Url"),
        21403 => (400, "Invalid Method"),
        21405 => (400, "Cannot set VoiceFallbackUrl without setting Url"),
        21406 => (400, "Cannot set SmsFallbackUrl without setting SmsUrl"),
        21421 => (400, "PhoneNumber Sid is invalid"),
        21470 => (400, "Invalid AccountSid"),
        21471 => (400, "Account does not exist"),
        21472 => (400, "Account is not active"),
        21473 => (400, "AccountSid is not related to the originating owner"),
        21474 => (400, "The API user must be the parent account"),
        21481 => (400, "Invalid PageToken"),
        21602 => (400, "Message body is required"),
        21603 => (400, "A 'From' phone number is required"),
        21604 => (400, "A 'To' phone number is required"),
        21606 => (
            400,
            "The 'From' phone number is not a valid, message-capable number of yours",
        ),
        21608 => (
            400,
            "The 'to' phone number provided is not yet verified for this account.",
        ),
        21609 => (400, "Invalid 'StatusCallback' URL"),
        21613 => (400, "PhoneNumber requires an Address"),
        21615 => (400, "PhoneNumber requires a local Address"),
        21617 => (
            400,
            "The concatenated message body exceeds the 1600 character limit",
        ),
        21619 => (400, "A Message Body, Media URL or Content SID is required"),
        21620 => (400, "Invalid media URL(s)"),
        21623 => (400, "Number of media files exceeds allowed limit"),
        21624 => (400, "Invalid validity period value"),
        21626 => (400, "Invalid 'StatusCallbackEvent'"),
        21631 => (400, "PhoneNumber requires a foreign Address"),
        21649 => (400, "Bundle required"),
        21650 => (400, "Identity required"),
        21651 => (400, "Identity document required"),
        21703 => (
            400,
            "The Messaging Service does not contain any phone numbers",
        ),
        21710 => (409, "Phone Number is already in the Messaging Service"),
        21712 => (
            409,
            "Phone Number is associated with another Messaging Service",
        ),
        21714 => (
            400,
            "The Messaging Service has no room for another Phone Number",
        ),
        22102 => (400, "Invalid phone number"),
        22121 => (400, "The hosted number is not in use"),
        22402 => (400, "Operation not permitted in this Region"),
        403 => (403, "Forbidden"),
        404 => (404, "Not found"),
        _ => (400, "The request was refused"),
    }
}

/// The code that usually comes with an HTTP status.
pub(crate) fn code_of(status: u16) -> Option<u32> {
    match status {
        401 => Some(20003),
        403 => Some(20403),
        404 => Some(20404),
        429 => Some(20429),
        500 => Some(20500),
        503 => Some(20503),
        _ => None,
    }
}

/// A refusal by HTTP status alone.
pub(crate) fn by_status(status: u16) -> Refused {
    match code_of(status) {
        Some(code) => Refused::with(status, Some(code), usual(code).1),
        None => Refused::with(status, None, "The request failed"),
    }
}
