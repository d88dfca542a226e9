//! What a number is set to once it is in the gaining account.

use reqwest::Url;

use crate::number::PhoneNumber;
use crate::twilio::client::CallbackUrl;

/// How arrived numbers are configured: who answers calls, who takes texts.
///
/// ```
/// # use snap_port::twilio::{NumberSetup, SmsRoute, VoiceRoute};
/// let setup = NumberSetup::new(
///     VoiceRoute::url("https://example.com/voice")?,
///     SmsRoute::MessagingService,
/// )
/// .named("Acme {number}")?;
/// # Ok::<(), snap_port::twilio::InvalidSetup>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberSetup {
    voice: VoiceRoute,
    sms: SmsRoute,
    status_callback: Option<WebhookUrl>,
    name: Option<Box<str>>,
}

/// Who answers calls to a number.
///
/// Twilio asks the trunk first, then the application, then the URL; what would override the choice
/// made here is taken off the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VoiceRoute {
    /// TwiML from this URL, asked by POST.
    Url(WebhookUrl),
    /// A TwiML application.
    Application(ApplicationSid),
    /// An elastic SIP trunk.
    Trunk(TrunkSid),
}

/// Who takes texts to a number. Twilio asks the application before the URL; one that would override
/// the choice made here is taken off the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SmsRoute {
    /// This URL, asked by POST.
    Url(WebhookUrl),
    /// A TwiML application.
    Application(ApplicationSid),
    /// The messaging service the number joins; the number's own settings stay as they are. Choose
    /// [`Url`](Self::Url) instead where the service defers to the number's webhook. Where a
    /// destination names no service, calls are configured and texts are not; the preflight counts
    /// that as a blocker.
    MessagingService,
}

/// A URL of ours that Twilio calls: `https` (or `http` to this machine), ASCII, without a name and
/// password. `Debug` does not show its query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookUrl(CallbackUrl);

/// A TwiML application, `AP...`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationSid(Box<str>);

/// An elastic SIP trunk, `TK...`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrunkSid(Box<str>);

/// A setting no number can be given. What was given is not shown: URLs may hold secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {why}")]
pub struct InvalidSetup {
    what: &'static str,
    why: &'static str,
}

impl InvalidSetup {
    const fn url(why: &'static str) -> Self {
        let what = "not a URL Twilio may call";
        Self { what, why }
    }

    const fn name(why: &'static str) -> Self {
        let what = "not a name for numbers";
        Self { what, why }
    }
}

impl WebhookUrl {
    /// Checks `text` and takes it as a URL.
    ///
    /// # Errors
    /// [`InvalidSetup`] says which rule it breaks.
    pub fn parse(text: &str) -> Result<Self, InvalidSetup> {
        // The parser would mend these in silence, and Twilio be given what was not mended.
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            let why = "it holds a blank, a control character or a letter that is not ASCII; \
                       percent-encode it";
            return Err(InvalidSetup::url(why));
        }
        let url = Url::parse(text).map_err(|_| {
            InvalidSetup::url("it is no absolute URL, as https://example.com/voice")
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            let why = "it holds a name or password, which Twilio's console and logs would show; \
                       check the signature of its requests instead";
            return Err(InvalidSetup::url(why));
        }
        let host = url.host_str().unwrap_or_default();
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(host) => {}
            "http" => {
                let why = "it is http, and calls and texts would cross the net in the clear; use \
                           https";
                return Err(InvalidSetup::url(why));
            }
            _ => return Err(InvalidSetup::url("use https")),
        }
        let callable = CallbackUrl::parse(text);
        callable
            .map(Self)
            .map_err(|_| InvalidSetup::url("Twilio calls no host with _ in its name"))
    }

    /// The URL as Twilio is given it.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(super) fn callback(&self) -> &CallbackUrl {
        &self.0
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn sid(text: &str, prefix: &str) -> Option<Box<str>> {
    let digits = text.strip_prefix(prefix)?;
    (digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit())).then(|| text.into())
}

impl ApplicationSid {
    /// Checks `text` and takes it as a SID.
    ///
    /// # Errors
    /// [`InvalidSetup`] if it is not `AP` and 32 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, InvalidSetup> {
        sid(text, "AP").map(Self).ok_or(InvalidSetup {
            what: "not an application SID",
            why: "AP and 32 hexadecimal digits are expected",
        })
    }

    /// The SID as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TrunkSid {
    /// Checks `text` and takes it as a SID.
    ///
    /// # Errors
    /// [`InvalidSetup`] if it is not `TK` and 32 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, InvalidSetup> {
        sid(text, "TK").map(Self).ok_or(InvalidSetup {
            what: "not a trunk SID",
            why: "TK and 32 hexadecimal digits are expected",
        })
    }

    /// The SID as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl VoiceRoute {
    /// Calls are answered by TwiML from this URL.
    ///
    /// # Errors
    /// As [`WebhookUrl::parse`].
    pub fn url(text: &str) -> Result<Self, InvalidSetup> {
        WebhookUrl::parse(text).map(Self::Url)
    }

    /// Calls are answered by this application, `AP...`.
    ///
    /// # Errors
    /// As [`ApplicationSid::parse`].
    pub fn application(text: &str) -> Result<Self, InvalidSetup> {
        ApplicationSid::parse(text).map(Self::Application)
    }

    /// Calls go to this trunk, `TK...`.
    ///
    /// # Errors
    /// As [`TrunkSid::parse`].
    pub fn trunk(text: &str) -> Result<Self, InvalidSetup> {
        TrunkSid::parse(text).map(Self::Trunk)
    }
}

impl SmsRoute {
    /// Texts are posted to this URL.
    ///
    /// # Errors
    /// As [`WebhookUrl::parse`].
    pub fn url(text: &str) -> Result<Self, InvalidSetup> {
        WebhookUrl::parse(text).map(Self::Url)
    }

    /// Texts are taken by this application, `AP...`.
    ///
    /// # Errors
    /// As [`ApplicationSid::parse`].
    pub fn application(text: &str) -> Result<Self, InvalidSetup> {
        ApplicationSid::parse(text).map(Self::Application)
    }
}

impl NumberSetup {
    /// The longest name Twilio keeps, in characters.
    pub const NAME: usize = 64;

    /// Calls go to `voice`, texts to `sms`; the rest stays as it is.
    pub fn new(voice: VoiceRoute, sms: SmsRoute) -> Self {
        Self {
            voice,
            sms,
            status_callback: None,
            name: None,
        }
    }

    /// Twilio posts the end of each call to the number here.
    #[must_use]
    pub fn status_callback(mut self, url: WebhookUrl) -> Self {
        self.status_callback = Some(url);
        self
    }

    /// Numbers are named so in Twilio's console; `{number}` becomes the number, E.164.
    ///
    /// # Errors
    /// [`InvalidSetup`] if a name would be blank, longer than [`NAME`](Self::NAME) or hold a
    /// control character, or if a bracket encloses something other than `number`.
    pub fn named(mut self, template: &str) -> Result<Self, InvalidSetup> {
        if template.trim() != template || template.is_empty() {
            return Err(InvalidSetup::name(
                "it is empty, or a blank stands at an end",
            ));
        }
        if template.chars().any(char::is_control) {
            return Err(InvalidSetup::name("it holds a control character"));
        }
        if template.replace("{number}", "").contains(['{', '}']) {
            return Err(InvalidSetup::name("the one placeholder is {number}"));
        }
        // The longest E.164 number: a + and 15 digits.
        let longest = template.replace("{number}", "+000000000000000");
        if longest.chars().count() > Self::NAME {
            return Err(InvalidSetup::name("it would be longer than 64 characters"));
        }
        self.name = Some(template.into());
        Ok(self)
    }

    /// Who answers calls.
    pub fn voice(&self) -> &VoiceRoute {
        &self.voice
    }

    /// Who takes texts.
    pub fn sms(&self) -> &SmsRoute {
        &self.sms
    }

    /// Where the end of each call is posted to.
    pub fn callback(&self) -> Option<&WebhookUrl> {
        self.status_callback.as_ref()
    }

    /// The name of `number`, if numbers are named.
    pub fn name_of(&self, number: PhoneNumber) -> Option<String> {
        let name = self.name.as_ref()?;
        Some(name.replace("{number}", number.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_https_or_to_this_machine() {
        for text in [
            "https://example.com/voice?a=1&b=%20#rc=2",
            "https://example.com:8443/",
            "http://127.0.0.1:4010/voice",
            "http://localhost/voice",
            "http://[::1]:80/voice",
        ] {
            assert_eq!(WebhookUrl::parse(text).unwrap().as_str(), text);
        }
        for (text, why) in [
            ("http://example.com/voice", "use https"),
            ("http://127.0.0.1.example.com/", "use https"),
            ("http://localhost.example.com/", "use https"),
            ("ftp://example.com/", "use https"),
            ("file:///etc/voice", "use https"),
            ("javascript:alert(1)", "use https"),
            ("example.com/voice", "absolute"),
            ("/voice", "absolute"),
            ("", "absolute"),
            ("https://", "absolute"),
            (" https://example.com/", "percent-encode"),
            ("https://example.com/\nvoice", "percent-encode"),
            ("https://example.com/ä", "percent-encode"),
            ("https://me:canary@example.com/", "signature"),
            ("https://canary@example.com/", "signature"),
            ("https://my_host.example.com/", "_"),
        ] {
            let error = WebhookUrl::parse(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
            assert!(!error.contains("canary"), "{error}");
        }
    }

    #[test]
    fn a_sid_is_of_its_kind() {
        let (ap, tk) = (format!("AP{:032x}", 7), format!("TK{:032x}", 7));
        assert!(VoiceRoute::application(&ap).is_ok() && SmsRoute::application(&ap).is_ok());
        assert!(VoiceRoute::trunk(&tk).is_ok() && VoiceRoute::trunk(&ap).is_err());
        assert!(VoiceRoute::application(&tk).is_err() && SmsRoute::application("AP1").is_err());
    }

    #[test]
    fn a_name_fits_every_number() {
        let setup = NumberSetup::new(
            VoiceRoute::url("https://example.com/v").unwrap(),
            SmsRoute::MessagingService,
        );
        let number = PhoneNumber::from_e164("+14155552671").unwrap();
        assert_eq!(setup.name_of(number), None);
        let named = setup.clone().named("Acme {number}").unwrap();
        assert_eq!(named.name_of(number).unwrap(), "Acme +14155552671");
        let just = format!("{}{{number}}", "x".repeat(48));
        assert!(setup.clone().named(&just).is_ok());
        for wrong in [
            "".to_owned(),
            " Acme".to_owned(),
            "Acme\u{7}".to_owned(),
            "Acme {phone}".to_owned(),
            "Acme {number".to_owned(),
            format!("{}{{number}}", "x".repeat(49)),
        ] {
            assert!(setup.clone().named(&wrong).is_err(), "{wrong}");
        }
    }
}
