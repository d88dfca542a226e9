use serde_json::{Value, json};

use crate::testing::fake_twilio::wire::answer::Refused;
use crate::testing::fake_twilio::wire::params::{Params, invalid, is_sid, is_url};

/// What a setting's value must look like. Empty text unsets it, whatever its form.
#[derive(Clone, Copy, Debug)]
enum Form {
    Text(usize),
    Url,
    Method,
    Sid(&'static str),
    OneOf(&'static [&'static str]),
    Bool,
}

/// A parameter of a number, and the field it is shown in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) parameter: &'static str,
    pub(crate) field: &'static str,
    form: Form,
    unset: Unset,
}

/// How it is shown while nothing is set.
#[derive(Clone, Copy, Debug)]
enum Unset {
    Null,
    Text(&'static str),
}

const EMPTY: Unset = Unset::Text("");

const fn setting(
    parameter: &'static str,
    field: &'static str,
    form: Form,
    unset: Unset,
) -> Setting {
    Setting {
        parameter,
        field,
        form,
        unset,
    }
}

pub(crate) const SETTINGS: [Setting; 22] = [
    setting("FriendlyName", "friendly_name", Form::Text(64), Unset::Null),
    setting("VoiceUrl", "voice_url", Form::Url, Unset::Null),
    setting(
        "VoiceMethod",
        "voice_method",
        Form::Method,
        Unset::Text("POST"),
    ),
    setting(
        "VoiceFallbackUrl",
        "voice_fallback_url",
        Form::Url,
        Unset::Null,
    ),
    setting(
        "VoiceFallbackMethod",
        "voice_fallback_method",
        Form::Method,
        Unset::Text("POST"),
    ),
    setting(
        "VoiceApplicationSid",
        "voice_application_sid",
        Form::Sid("AP"),
        EMPTY,
    ),
    setting(
        "VoiceCallerIdLookup",
        "voice_caller_id_lookup",
        Form::Bool,
        Unset::Null,
    ),
    setting(
        "VoiceReceiveMode",
        "voice_receive_mode",
        Form::OneOf(&["voice", "fax"]),
        Unset::Text("voice"),
    ),
    setting("SmsUrl", "sms_url", Form::Url, EMPTY),
    setting("SmsMethod", "sms_method", Form::Method, Unset::Text("POST")),
    setting("SmsFallbackUrl", "sms_fallback_url", Form::Url, EMPTY),
    setting(
        "SmsFallbackMethod",
        "sms_fallback_method",
        Form::Method,
        Unset::Text("POST"),
    ),
    setting(
        "SmsApplicationSid",
        "sms_application_sid",
        Form::Sid("AP"),
        EMPTY,
    ),
    setting("StatusCallback", "status_callback", Form::Url, EMPTY),
    setting(
        "StatusCallbackMethod",
        "status_callback_method",
        Form::Method,
        Unset::Text("POST"),
    ),
    setting("TrunkSid", "trunk_sid", Form::Sid("TK"), Unset::Null),
    setting(
        "EmergencyStatus",
        "emergency_status",
        Form::OneOf(&["Active", "Inactive"]),
        Unset::Text("Inactive"),
    ),
    setting(
        "EmergencyAddressSid",
        "emergency_address_sid",
        Form::Sid("AD"),
        Unset::Null,
    ),
    setting("IdentitySid", "identity_sid", Form::Sid("RI"), Unset::Null),
    setting("AddressSid", "address_sid", Form::Sid("AD"), Unset::Null),
    setting("BundleSid", "bundle_sid", Form::Sid("BU"), Unset::Null),
    setting(
        "ApiVersion",
        "api_version",
        Form::OneOf(&["2010-04-01"]),
        Unset::Text("2010-04-01"),
    ),
];

impl Setting {
    /// Refuses a value it cannot have.
    pub(crate) fn check(&self, form: &Params) -> Result<(), Refused> {
        let Some(value) = form.get(self.parameter).filter(|value| !value.is_empty()) else {
            return Ok(());
        };
        let right = match self.form {
            Form::Text(most) => value.chars().count() <= most,
            Form::Url => is_url(value),
            Form::Method => matches!(value, "GET" | "POST"),
            Form::Sid(kind) => is_sid(value, kind),
            Form::OneOf(values) => values.contains(&value),
            Form::Bool => matches!(value, "true" | "false"),
        };
        right.then_some(()).ok_or_else(|| match self.form {
            Form::Url => Refused::code(21402),
            Form::Method => Refused::code(21403),
            _ => invalid(self.parameter),
        })
    }

    pub(crate) fn shown(&self, value: Option<&str>) -> Value {
        match (
            value.filter(|value| !value.is_empty()),
            self.form,
            self.unset,
        ) {
            (Some(value), Form::Bool, _) => json!(value == "true"),
            (None, Form::Bool, _) => json!(false),
            (Some(value), ..) => json!(value),
            (None, _, Unset::Text(text)) => json!(text),
            (None, _, Unset::Null) => Value::Null,
        }
    }
}

/// Refuses a URL to fall back on where there is none to fall back from, not even among what is
/// `set`.
pub(crate) fn check_fallbacks<'a>(
    form: &'a Params,
    set: impl Fn(&str) -> Option<&'a str>,
) -> Result<(), Refused> {
    let filled = |name: &str| form.get(name).is_some_and(|value| !value.is_empty());
    for (fallback, first, code) in [
        ("VoiceFallbackUrl", "VoiceUrl", 21405),
        ("SmsFallbackUrl", "SmsUrl", 21406),
    ] {
        let first_url = form.get(first).or_else(|| set(first));
        if filled(fallback) && first_url.is_none_or(str::is_empty) {
            return Err(Refused::code(code));
        }
    }
    Ok(())
}
