use super::callback::{CallbackMethod, CallbackUrl};

/// The longest friendly name Twilio takes, in characters.
const FRIENDLY_NAME: usize = 64;

/// How a number is to be configured. What is not set stays as it is.
///
/// ```
/// use snap_port::twilio::{CallbackMethod, CallbackUrl, NumberUpdate};
/// let update = NumberUpdate::new()
///     .friendly_name("Front desk")
///     .voice_url(CallbackUrl::parse("https://example.com/voice")?, CallbackMethod::Post)
///     .sms_url(CallbackUrl::parse("https://example.com/sms")?, CallbackMethod::Post);
/// # Ok::<_, snap_port::twilio::InvalidCallbackUrl>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[must_use]
pub struct NumberUpdate {
    friendly_name: Option<String>,
    voice_url: Option<(CallbackUrl, CallbackMethod)>,
    sms_url: Option<(CallbackUrl, CallbackMethod)>,
    status_callback: Option<(CallbackUrl, CallbackMethod)>,
    voice_application: Option<String>,
    sms_application: Option<String>,
    trunk: Option<String>,
}

impl NumberUpdate {
    /// Changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the number is called: 1 to 64 characters.
    pub fn friendly_name(mut self, name: impl Into<String>) -> Self {
        self.friendly_name = Some(name.into());
        self
    }

    /// What Twilio calls for incoming calls. An application or trunk overrides it.
    pub fn voice_url(mut self, url: CallbackUrl, method: CallbackMethod) -> Self {
        self.voice_url = Some((url, method));
        self
    }

    /// What Twilio calls for incoming messages. An application overrides it, and so may the
    /// number's messaging service.
    pub fn sms_url(mut self, url: CallbackUrl, method: CallbackMethod) -> Self {
        self.sms_url = Some((url, method));
        self
    }

    /// What Twilio calls when a call ends.
    pub fn status_callback(mut self, url: CallbackUrl, method: CallbackMethod) -> Self {
        self.status_callback = Some((url, method));
        self
    }

    /// The application (`AP...`) that takes incoming calls; an empty text takes it off, so that
    /// the URL counts again.
    pub fn voice_application_sid(mut self, sid: impl Into<String>) -> Self {
        self.voice_application = Some(sid.into());
        self
    }

    /// The application (`AP...`) that takes incoming messages; an empty text takes it off.
    pub fn sms_application_sid(mut self, sid: impl Into<String>) -> Self {
        self.sms_application = Some(sid.into());
        self
    }

    /// The trunk (`TK...`) that takes incoming calls; an empty text takes it off.
    pub fn trunk_sid(mut self, sid: impl Into<String>) -> Self {
        self.trunk = Some(sid.into());
        self
    }

    /// Whether it would change nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is sent, or which rule it breaks.
    pub(super) fn pairs(&self) -> Result<Vec<(&str, &str)>, &'static str> {
        let mut pairs = Vec::new();
        if let Some(name) = &self.friendly_name {
            if name.is_empty() || name.chars().count() > FRIENDLY_NAME {
                return Err("a friendly name has 1 to 64 characters; nothing was sent");
            }
            pairs.push(("FriendlyName", name.as_str()));
        }
        let urls = [
            ("VoiceUrl", "VoiceMethod", &self.voice_url),
            ("SmsUrl", "SmsMethod", &self.sms_url),
            (
                "StatusCallback",
                "StatusCallbackMethod",
                &self.status_callback,
            ),
        ];
        for (url_name, method_name, set) in urls {
            if let Some((url, method)) = set {
                pairs.push((url_name, url.as_str()));
                pairs.push((method_name, method.word()));
            }
        }
        let sids = [
            ("VoiceApplicationSid", "AP", &self.voice_application),
            ("SmsApplicationSid", "AP", &self.sms_application),
            ("TrunkSid", "TK", &self.trunk),
        ];
        for (name, prefix, set) in sids {
            if let Some(sid) = set {
                if !sid.is_empty() && !is_sid(sid, prefix) {
                    return Err(
                        "an application is AP, a trunk TK, and 32 hexadecimal digits; \
                                nothing was sent",
                    );
                }
                pairs.push((name, sid.as_str()));
            }
        }
        if pairs.is_empty() {
            return Err("the update changes nothing; nothing was sent");
        }
        Ok(pairs)
    }
}

fn is_sid(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|hex| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_set_is_sent() {
        let url = CallbackUrl::parse("https://example.com/voice").unwrap();
        let update = NumberUpdate::new()
            .friendly_name("Front desk")
            .voice_url(url, CallbackMethod::Get)
            .trunk_sid("");
        assert_eq!(
            update.pairs().unwrap(),
            [
                ("FriendlyName", "Front desk"),
                ("VoiceUrl", "https://example.com/voice"),
                ("VoiceMethod", "GET"),
                ("TrunkSid", ""),
            ]
        );
    }

    #[test]
    fn what_twilio_would_refuse_is_not_sent() {
        for update in [
            NumberUpdate::new(),
            NumberUpdate::new().friendly_name(""),
            NumberUpdate::new().friendly_name("é".repeat(65)),
            NumberUpdate::new().voice_application_sid("AP1"),
            NumberUpdate::new().sms_application_sid(format!("TK{}", "0".repeat(32))),
            NumberUpdate::new().trunk_sid(format!("AP{}", "0".repeat(32))),
        ] {
            assert!(update.pairs().is_err(), "{update:?}");
        }
        let longest = NumberUpdate::new().friendly_name("é".repeat(64));
        assert!(longest.pairs().is_ok());
    }
}
