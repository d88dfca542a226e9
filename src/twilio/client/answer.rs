//! What Twilio answered: a body to read, or a refusal in one of its shapes.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::code::TwilioCode;
use super::credential::Credentials;
use super::error::TwilioError;
use super::lenient;
use super::mask::masked;
use super::request::Operation;
use crate::carrier::CarrierErrorKind;

/// How many of the single faults of an RFC 9457 body are shown.
const FAULTS: usize = 3;

/// An answer with a status that its call takes.
pub(super) struct Answer {
    pub(super) operation: Operation,
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// What it was asked with, to be taken out of whatever Twilio echoes.
    pub(super) credentials: Credentials,
}

impl Answer {
    /// The body, read as `T`.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, TwilioError> {
        serde_json::from_slice(&self.body).map_err(|error| self.nonsense(&error))
    }

    /// A part of the body, read as `T`.
    pub(super) fn part<T: DeserializeOwned>(&self, part: Value) -> Result<T, TwilioError> {
        serde_json::from_value(part).map_err(|error| self.nonsense(&error))
    }

    /// Twilio's words, fit to be shown.
    pub(super) fn masked(&self, words: &str) -> String {
        masked_of(&self.credentials, words)
    }

    /// An error if the answer says that its `what` is `told`, where `asked` was asked about. An
    /// answer about another thing tells nothing of this one.
    pub(super) fn is_of(
        &self,
        what: &str,
        told: Option<&str>,
        asked: &str,
    ) -> Result<(), TwilioError> {
        let Some(other) = told.filter(|told| !lenient::same(Some(told), asked)) else {
            return Ok(());
        };
        let words = format!(
            "the answer is of {what} {}, and {asked} was asked about; look at what stands between \
             here and Twilio",
            lenient::kept(other)
        );
        Err(self.protocol(self.masked(&words)))
    }

    pub(super) fn protocol(&self, words: impl Into<String>) -> TwilioError {
        TwilioError::new(self.operation, CarrierErrorKind::Protocol, words).with_status(self.status)
    }

    fn nonsense(&self, error: &serde_json::Error) -> TwilioError {
        let said = error.to_string();
        // Other messages quote the body.
        let words = if said.starts_with("missing field") {
            said.split(" at line").next().unwrap_or_default().to_owned()
        } else if error.is_data() {
            "a field is not what Twilio documents".to_owned()
        } else {
            format!(
                "not JSON at line {} column {}",
                error.line(),
                error.column()
            )
        };
        self.protocol(format!("the answer cannot be read: {words}"))
    }
}

/// What an answer with any other status means.
pub(super) fn refused(answer: &Answer, retry_after: Option<Duration>) -> TwilioError {
    let said = serde_json::from_slice(&answer.body)
        .ok()
        .and_then(|body| Said::read(&body));
    let code = said.as_ref().and_then(|said| said.code);
    let words = match &said {
        Some(said) if !said.words.is_empty() => answer.masked(&said.words),
        Some(_) => "gives no reason".to_owned(),
        None if (300..400).contains(&answer.status) => {
            "is a redirect, and those are not followed; check the base URL".to_owned()
        }
        None => "is not Twilio's usual answer; something in between may have given it".to_owned(),
    };
    let absent =
        answer.status == 404 && said.is_some() && matches!(code, None | Some(TwilioCode::NotFound));
    TwilioError::new(answer.operation, kind(answer.status, code), words)
        .with_status(answer.status)
        .with_code(code)
        .with_retry_after(retry_after)
        .with_absence(absent)
}

fn kind(status: u16, code: Option<TwilioCode>) -> CarrierErrorKind {
    use CarrierErrorKind as Kind;
    match (status, code) {
        (429, _) | (400.., Some(TwilioCode::TooManyRequests)) => Kind::RateLimited,
        (401 | 403, Some(TwilioCode::TrialUnsupported)) => Kind::Unsupported,
        (401 | 403, _) => Kind::Unauthorized,
        (500.., _) => Kind::Unavailable,
        (
            400..,
            Some(
                TwilioCode::AuthenticationFailed
                | TwilioCode::Forbidden
                | TwilioCode::TestCredentials,
            ),
        ) => Kind::Unauthorized,
        (400.., Some(TwilioCode::TrialUnsupported)) => Kind::Unsupported,
        (404 | 410, _) | (400.., Some(TwilioCode::NotFound)) => Kind::NotFound,
        (408, _) => Kind::Timeout,
        (400.., _) => Kind::InvalidRequest,
        _ => Kind::Protocol,
    }
}

/// A refusal in Twilio's classic shape (`code`, `message`, `more_info`, `status`) or in that of
/// RFC 9457 (`type`, `title`, `status`, `code`, `detail`, `errors`).
pub(super) struct Said {
    pub(super) code: Option<TwilioCode>,
    pub(super) words: String,
}

impl Said {
    pub(super) fn read(body: &Value) -> Option<Self> {
        let body = body.as_object()?;
        let text = |name| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let faults = body
            .get("errors")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|fault| fault.get("detail").and_then(Value::as_str))
            .take(FAULTS);
        let words: Vec<&str> = ["message", "title", "detail"]
            .into_iter()
            .map(text)
            .chain(faults)
            .filter(|words| !words.is_empty())
            .collect();
        Some(Self {
            code: body
                .get("code")
                .and_then(lenient::code_in)
                .map(TwilioCode::from_number),
            words: words.join("; "),
        })
    }
}

fn masked_of(credentials: &Credentials, words: &str) -> String {
    let pair = format!("{}:{}", credentials.user(), credentials.secret());
    let encoded = STANDARD.encode(pair);
    masked(words, &[&encoded, credentials.secret()])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::twilio::AccountSid;

    fn answer(status: u16, body: &[u8]) -> Answer {
        let owner = AccountSid::parse(&format!("AC{}", "0".repeat(32))).unwrap();
        Answer {
            operation: Operation::post("IncomingPhoneNumbers"),
            status,
            body: body.to_vec(),
            credentials: Credentials::auth_token(owner, "the-token"),
        }
    }

    fn error(status: u16, body: &Value) -> TwilioError {
        refused(&answer(status, body.to_string().as_bytes()), None)
    }

    #[test]
    fn both_shapes_of_a_refusal_are_read() {
        let classic = error(
            400,
            &json!({"code": 21473, "message": "Not related", "more_info": "x", "status": 400}),
        );
        assert_eq!(classic.code(), Some(TwilioCode::TargetAccountNotRelated));
        assert_eq!(
            classic.to_string(),
            "POST IncomingPhoneNumbers: 21473 Not related: Twilio support moves numbers between \
             owners: file a transfer request"
        );
        let problem = error(
            409,
            &json!({"type": "about:blank", "title": "Conflict", "status": 409, "code": "21710",
                    "detail": "Already there", "errors": [{"detail": "a", "pointer": "/x"}]}),
        );
        assert_eq!(problem.code(), Some(TwilioCode::AlreadyInService));
        assert!(problem.to_string().contains("Conflict; Already there; a"));
    }

    #[test]
    fn a_refusal_without_code_or_sense_is_read_by_its_status() {
        let cases = [
            (400, CarrierErrorKind::InvalidRequest),
            (401, CarrierErrorKind::Unauthorized),
            (403, CarrierErrorKind::Unauthorized),
            (404, CarrierErrorKind::NotFound),
            (409, CarrierErrorKind::InvalidRequest),
            (429, CarrierErrorKind::RateLimited),
            (500, CarrierErrorKind::Unavailable),
            (503, CarrierErrorKind::Unavailable),
            (302, CarrierErrorKind::Protocol),
        ];
        for (status, kind) in cases {
            for body in [
                &b"<html>Bad</html>"[..],
                b"",
                b"{",
                b"null",
                b"[]",
                b"{\"code\":null}",
                b"\xff\xfe",
            ] {
                let error = refused(&answer(status, body), None);
                assert_eq!(error.kind(), kind, "{status}");
                assert_eq!((error.http_status(), error.code()), (Some(status), None));
                assert!(!error.to_string().contains("html"), "{error}");
            }
        }
    }

    #[test]
    fn a_code_says_more_than_its_status() {
        let kind = |status, code| error(status, &json!({ "code": code })).kind();
        assert_eq!(kind(400, 20003), CarrierErrorKind::Unauthorized);
        assert_eq!(kind(403, 20008), CarrierErrorKind::Unauthorized);
        assert_eq!(kind(400, 20404), CarrierErrorKind::NotFound);
        assert_eq!(kind(503, 20429), CarrierErrorKind::RateLimited);
        assert_eq!(kind(403, 10002), CarrierErrorKind::Unsupported);
        assert_eq!(kind(500, 20404), CarrierErrorKind::Unavailable);
    }

    #[test]
    fn only_twilio_can_say_that_something_is_absent() {
        assert!(error(404, &json!({"code": 20404})).is_absent());
        assert!(error(404, &json!({"message": "not found"})).is_absent());
        assert!(!error(404, &json!({"code": 20003})).is_absent());
        let gateway = refused(&answer(404, b"<html>no such site</html>"), None);
        assert!(!gateway.is_absent());
    }

    #[test]
    fn an_unreadable_answer_shows_nothing_of_itself() {
        #[derive(Debug, serde::Deserialize)]
        struct Wanted {
            #[allow(dead_code, reason = "read only")]
            sid: u8,
        }
        for (body, part) in [
            (&b"{\"sid\": \"hunter2\"}"[..], "not what Twilio documents"),
            (b"{}", "missing field `sid`"),
            (b"hunter2", "not JSON at line 1"),
        ] {
            let error = answer(201, body).json::<Wanted>().unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(shown.contains(part), "{shown}");
            assert!(!shown.contains("hunter2"), "{shown}");
            assert_eq!(error.kind(), CarrierErrorKind::Protocol);
            assert!(error.outcome_unknown());
        }
    }

    #[test]
    fn an_answer_of_another_thing_says_which() {
        let answer = answer(200, b"");
        let [asked, other] = ["b", "c"].map(|digit| format!("AC{}", digit.repeat(32)));
        let upper = format!("AC{}", "B".repeat(32));
        for told in [None, Some(asked.as_str()), Some(upper.as_str())] {
            assert!(answer.is_of("account", told, &asked).is_ok(), "{told:?}");
        }
        let error = answer.is_of("account", Some(&other), &asked).unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains("of account AC…cccc, and AC…bbbb was asked about"),
            "{said}"
        );
        assert_eq!(error.kind(), CarrierErrorKind::Protocol);
        for odd in ["", "the-token", &"x".repeat(9999)] {
            let error = answer.is_of("number", Some(odd), "PN1").unwrap_err();
            let said = error.to_string();
            assert!(
                said.contains("PN1") && !said.contains("the-token"),
                "{said}"
            );
        }
    }

    #[test]
    fn what_twilio_echoes_of_the_credentials_is_taken_out() {
        let pair = STANDARD.encode(format!("AC{}:the-token", "0".repeat(32)));
        let said = error(
            401,
            &json!({"code": 20003, "message": format!("Basic {pair} the-token")}),
        );
        assert!(
            said.to_string().contains("Basic [secret] [secret]"),
            "{said}"
        );
    }
}
