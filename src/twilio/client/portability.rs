//! Whether a number could be ported in, which tells where it is.

use serde_json::{Map, Value};

use super::TwilioClient;
use super::answer::{Answer, refused};
use super::base::Product;
use super::error::TwilioError;
use super::lenient::{code_in, kept};
use super::request::{Operation, Request};
use crate::number::PhoneNumber;
use crate::twilio::AccountSid;

/// Twilio's answer to whether a number could be ported into an account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Portability {
    /// The number asked about.
    pub number: PhoneNumber,
    /// Where it is, and so what can be done.
    pub verdict: PortabilityVerdict,
    /// The account it is in, told only of accounts the credentials reach.
    pub in_account: Option<AccountSid>,
    /// Twilio's words for the reason.
    pub words: Option<String>,
    /// Whether an ordinary port-in would need a PIN and an account number.
    pub pin_required: Option<bool>,
    /// Twilio's word for the kind of number: `LOCAL`, `MOBILE`, `TOLL-FREE`, `UNKNOWN`.
    pub number_kind: Option<String>,
    /// ISO country code.
    pub country: Option<String>,
}

/// Where a number is, by what Twilio answers to whether it could be ported in.
///
/// A number on Twilio is not portable by Twilio's port-in API, so the refusals are the interesting
/// answers, and [`OnTwilioOtherOwner`](Self::OnTwilioOtherOwner) is the one a snap port needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PortabilityVerdict {
    /// 22132: on Twilio, in an account of another owner.
    OnTwilioOtherOwner,
    /// 22136: in another account of the same owner, or on its way there.
    OurOtherAccount,
    /// 22131: in the target account, or on its way there.
    InTarget,
    /// Portable, and nothing said against it: not on Twilio.
    NotOnTwilio,
    /// 22137: a port of it is under way with one of the owner's accounts.
    PortUnderWay,
    /// 22133: can move, but not by API.
    ManualOnly,
    /// 22130: country, rate center or carrier not supported.
    Unsupported,
    /// 22102: no such number.
    InvalidNumber,
    /// 22171: Twilio misses fields.
    MissingFields,
    /// 22135: Twilio failed to tell.
    TryAgain,
    /// 20003: the credentials do not reach the target account.
    NoAccess,
    /// Another reason, with its code if there is one.
    Other(Option<u32>),
}

impl PortabilityVerdict {
    fn of_code(code: u32) -> Self {
        match code {
            22132 => Self::OnTwilioOtherOwner,
            22136 => Self::OurOtherAccount,
            22131 => Self::InTarget,
            22137 => Self::PortUnderWay,
            22133 => Self::ManualOnly,
            22130 => Self::Unsupported,
            22102 => Self::InvalidNumber,
            22171 => Self::MissingFields,
            22135 => Self::TryAgain,
            20003 => Self::NoAccess,
            other => Self::Other(Some(other)),
        }
    }

    /// The reason's name, for answers that carry no code.
    fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "ALREADY_IN_TWILIO_DIFFERENT_OWNER" => Self::OnTwilioOtherOwner,
            "ALREADY_IN_ONE_OF_YOUR_TWILIO_ACCOUNTS" => Self::OurOtherAccount,
            "ALREADY_IN_THE_TARGET_ACCOUNT" => Self::InTarget,
            "MANUAL_PORTING_AVAILABLE" => Self::ManualOnly,
            "UNSUPPORTED" => Self::Unsupported,
            "INVALID_PHONE_NUMBER" => Self::InvalidNumber,
            "MISSING_REQUIRED_FIELDS" => Self::MissingFields,
            "ERROR_INTERNAL_SERVER_ERROR" => Self::TryAgain,
            "UNAUTHORIZED" => Self::NoAccess,
            _ => return None,
        })
    }

    /// Twilio's code for it.
    #[must_use]
    pub fn code(self) -> Option<u32> {
        Some(match self {
            Self::OnTwilioOtherOwner => 22132,
            Self::OurOtherAccount => 22136,
            Self::InTarget => 22131,
            Self::NotOnTwilio => return None,
            Self::PortUnderWay => 22137,
            Self::ManualOnly => 22133,
            Self::Unsupported => 22130,
            Self::InvalidNumber => 22102,
            Self::MissingFields => 22171,
            Self::TryAgain => 22135,
            Self::NoAccess => 20003,
            Self::Other(code) => return code,
        })
    }

    /// What it means, in a sentence without a full stop.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::OnTwilioOtherOwner => "on Twilio, in an account of another owner",
            Self::OurOtherAccount => "on Twilio, in another account of yours",
            Self::InTarget => "in the target account already, or on its way there",
            Self::NotOnTwilio => "not on Twilio",
            Self::PortUnderWay => "a port of it is under way with one of your accounts",
            Self::ManualOnly => "Twilio moves it by hand only",
            Self::Unsupported => "Twilio does not support its country, area or carrier",
            Self::InvalidNumber => "no valid number",
            Self::MissingFields => "Twilio needs more to tell",
            Self::TryAgain => "Twilio failed to tell",
            Self::NoAccess => "the credentials do not reach the target account",
            Self::Other(_) => "not portable, for a reason not known here",
        }
    }

    /// What to do next, in a sentence without a full stop.
    #[must_use]
    pub fn next_step(self) -> &'static str {
        match self {
            Self::OnTwilioOtherOwner => "file a snap port: both owners ask Twilio for the transfer",
            Self::OurOtherAccount => "move it by API with the parent account's credentials",
            Self::InTarget => "look for it in the target account; there is nothing to port",
            Self::NotOnTwilio => "this is no snap port; ask for an ordinary port-in",
            Self::PortUnderWay => "wait for that port or cancel it",
            Self::ManualOnly => "ask Twilio support where the number is and how it can move",
            Self::Unsupported => "ask Twilio support; leave the number out until they answer",
            Self::InvalidNumber => "check the number with the customer",
            Self::MissingFields => "ask Twilio support what is missing",
            Self::TryAgain => "check again later",
            Self::NoAccess => "use credentials of the target account or its parent",
            Self::Other(_) => "look up Twilio's code, or ask Twilio support",
        }
    }

    /// Whether a snap port is the way to move it.
    #[must_use]
    pub fn is_snap_port(self) -> bool {
        self == Self::OnTwilioOtherOwner
    }
}

impl TwilioClient {
    /// Where a number is, by whether it could be ported into `target`.
    ///
    /// Twilio is documented to refuse with status 200 and with status 400, in the words of this
    /// call and in those of its errors; all are read alike. Where it says both "portable" and a
    /// reason why not, the reason holds.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked, or answers neither yes nor a reason, or about
    /// another number.
    pub async fn portability(
        &self,
        number: PhoneNumber,
        target: &AccountSid,
    ) -> Result<Portability, TwilioError> {
        let digits = number.as_str().trim_start_matches('+');
        let request = Request::new(
            Operation::get("Portability"),
            target,
            Product::Numbers,
            format!("/v1/Porting/Portability/PhoneNumber/%2B{digits}"),
        )
        .query(&[("TargetAccountSid", target.as_str())]);
        let takes = |status| status == 200 || status == 400;
        let answer = self.0.send_taking(&request, takes).await?;
        read(number, &answer)
    }
}

fn read(number: PhoneNumber, answer: &Answer) -> Result<Portability, TwilioError> {
    let body: Map<String, Value> = match answer.json() {
        Ok(body) => body,
        Err(_) if answer.status == 400 => return Err(refused(answer, None)),
        Err(error) => return Err(error),
    };
    let text = |name: &str| {
        body.get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    if let Some(told) = text("phone_number") {
        // The plus may be lost on the way, as where it means a blank.
        let digits = |text: &str| text.trim().trim_start_matches('+').to_owned();
        let asked = number.as_str();
        if digits(told) != digits(asked) {
            answer.is_of("number", Some(told), asked)?;
        }
    }
    let portable = match body.get("portable") {
        Some(Value::Bool(portable)) => Some(*portable),
        Some(Value::String(word)) if word.eq_ignore_ascii_case("true") => Some(true),
        Some(Value::String(word)) if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    };
    // Twilio writes the reason as `not_portable` here, as `not_portability` of a port-in's numbers.
    let reason = text("not_portable_reason").or_else(|| text("not_portability_reason"));
    let words = reason.or_else(|| text("message"));
    let code = [
        "not_portable_reason_code",
        "not_portability_reason_code",
        "code",
    ]
    .into_iter()
    .find_map(|name| body.get(name).and_then(code_in));
    let named = words.and_then(PortabilityVerdict::of_name);
    let verdict = match (code.map(PortabilityVerdict::of_code), named, portable) {
        (Some(verdict), ..) | (None, Some(verdict), _) => verdict,
        (None, None, Some(true)) if answer.status == 200 && reason.is_none() => {
            PortabilityVerdict::NotOnTwilio
        }
        (None, None, Some(_)) => PortabilityVerdict::Other(None),
        (None, None, None) if answer.status == 400 => PortabilityVerdict::Other(None),
        (None, None, None) => {
            return Err(answer.protocol("the answer says neither portable nor why not"));
        }
    };
    Ok(Portability {
        number,
        verdict,
        in_account: text("account_sid").and_then(|sid| AccountSid::parse(sid).ok()),
        words: words.map(|words| answer.masked(words)),
        pin_required: body
            .get("pin_and_account_number_required")
            .and_then(Value::as_bool),
        number_kind: text("number_type").map(kept),
        country: text("country").map(kept),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::carrier::CarrierErrorKind;
    use crate::twilio::Credentials;

    fn told(status: u16, body: &Value) -> Result<Portability, TwilioError> {
        let account = AccountSid::parse(&format!("AC{}", "0".repeat(32))).unwrap();
        let answer = Answer {
            operation: Operation::get("Portability"),
            status,
            body: body.to_string().into_bytes(),
            credentials: Credentials::auth_token(account, "token"),
        };
        read("+14155552344".parse().unwrap(), &answer)
    }

    fn verdict(status: u16, body: &Value) -> PortabilityVerdict {
        told(status, body).unwrap().verdict
    }

    const KNOWN: [PortabilityVerdict; 11] = [
        PortabilityVerdict::OnTwilioOtherOwner,
        PortabilityVerdict::OurOtherAccount,
        PortabilityVerdict::InTarget,
        PortabilityVerdict::PortUnderWay,
        PortabilityVerdict::ManualOnly,
        PortabilityVerdict::Unsupported,
        PortabilityVerdict::InvalidNumber,
        PortabilityVerdict::MissingFields,
        PortabilityVerdict::TryAgain,
        PortabilityVerdict::NoAccess,
        PortabilityVerdict::Other(Some(22999)),
    ];

    #[test]
    fn a_reason_is_the_same_in_every_shape_it_comes_in() {
        for known in KNOWN {
            let code = known.code().unwrap();
            for body in [
                json!({"portable": false, "not_portable_reason_code": code}),
                json!({"portable": false, "not_portable_reason_code": code.to_string()}),
                json!({"portable": "false", "not_portability_reason_code": code}),
                json!({"code": code, "message": "No", "status": 400}),
                // What a port-in's own example shows; `portable` alone is not to be believed.
                json!({"portable": true, "not_portable_reason_code": code}),
            ] {
                assert_eq!(verdict(200, &body), known, "{body}");
                assert_eq!(verdict(400, &body), known, "{body}");
            }
        }
    }

    #[test]
    fn a_reason_without_a_code_is_read_by_its_name() {
        let body = json!({"portable": true, "not_portable_reason":
            "ALREADY_IN_TWILIO_DIFFERENT_OWNER", "not_portable_reason_code": null});
        assert!(verdict(200, &body).is_snap_port());
        let unknown = json!({"portable": false, "not_portable_reason": "FULL_MOON"});
        let even_so = json!({"portable": true, "not_portable_reason": "FULL_MOON"});
        assert_eq!(verdict(200, &even_so), PortabilityVerdict::Other(None));
        let told = told(400, &unknown).unwrap();
        assert_eq!(told.verdict, PortabilityVerdict::Other(None));
        assert_eq!(told.words.as_deref(), Some("FULL_MOON"));
    }

    #[test]
    fn only_a_plain_yes_means_not_on_twilio() {
        let yes = json!({"portable": true, "not_portable_reason_code": null,
            "pin_and_account_number_required": true, "number_type": "MOBILE", "country": "US"});
        let portability = told(200, &yes).unwrap();
        assert_eq!(portability.verdict, PortabilityVerdict::NotOnTwilio);
        assert_eq!(portability.pin_required, Some(true));
        assert_eq!(portability.number_kind.as_deref(), Some("MOBILE"));
        assert_eq!(verdict(400, &yes), PortabilityVerdict::Other(None));
        assert!(told(200, &json!({})).is_err());
        let kind = |status| told(status, &json!([])).unwrap_err().kind();
        assert_eq!(kind(200), CarrierErrorKind::Protocol);
        assert_eq!(kind(400), CarrierErrorKind::InvalidRequest);
    }

    #[test]
    fn an_answer_about_another_number_is_none() {
        let about = |number: Value| json!({"phone_number": number, "portable": false, "not_portable_reason_code": 22132});
        for same in ["+14155552344", "14155552344", " 14155552344", ""] {
            assert!(verdict(200, &about(json!(same))).is_snap_port(), "{same}");
        }
        assert!(verdict(200, &about(Value::Null)).is_snap_port());
        for (status, other) in [(200, "+14155552345"), (400, "4155552344"), (200, "unknown")] {
            let error = told(status, &about(json!(other))).unwrap_err();
            assert_eq!(error.kind(), CarrierErrorKind::Protocol);
            assert!(error.to_string().contains(other), "{error}");
        }
    }

    #[test]
    fn every_verdict_says_what_it_means_and_what_is_next() {
        let mut said = std::collections::HashSet::new();
        for verdict in KNOWN.into_iter().chain([PortabilityVerdict::NotOnTwilio]) {
            assert!(said.insert(verdict.meaning()) && said.insert(verdict.next_step()));
            assert!(!verdict.meaning().ends_with('.') && !verdict.next_step().ends_with('.'));
            let snap = verdict == PortabilityVerdict::OnTwilioOtherOwner;
            assert_eq!(verdict.is_snap_port(), snap);
        }
    }
}
