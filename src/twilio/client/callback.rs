use std::fmt;

use reqwest::Url;

use super::mask::{REASON, said};

/// A URL that Twilio is to call: absolute, `https` or `http`, ASCII, with a host Twilio takes (no
/// underscore). It is sent as it was given, for Twilio signs what it calls by the letter. `Debug`
/// shows neither user, password nor query.
#[derive(Clone, PartialEq, Eq)]
pub struct CallbackUrl(Box<str>);

/// A text that is no URL Twilio would call. The text itself is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a URL Twilio calls: an absolute https or http URL is expected, without _ in its host")]
pub struct InvalidCallbackUrl;

impl CallbackUrl {
    /// Checks `text` and takes it as a URL.
    ///
    /// # Errors
    /// [`InvalidCallbackUrl`] if Twilio would not call it.
    pub fn parse(text: &str) -> Result<Self, InvalidCallbackUrl> {
        let url = Url::parse(text).map_err(|_| InvalidCallbackUrl)?;
        let callable = text.bytes().all(|b| b.is_ascii_graphic())
            && matches!(url.scheme(), "https" | "http")
            && url.host_str().is_some_and(|host| !host.contains('_'));
        callable
            .then(|| Self(text.into()))
            .ok_or(InvalidCallbackUrl)
    }

    /// The URL as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `text` without what may be secret in a URL, and not too long; what is no URL is not shown at all.
pub(super) fn shown(text: &str) -> String {
    match Url::parse(text) {
        Ok(url) => {
            let (host, path) = (url.host_str().unwrap_or_default(), url.path());
            said(&format!("{}://{host}{path}", url.scheme()), REASON)
        }
        Err(_) => "…".to_owned(),
    }
}

impl fmt::Debug for CallbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallbackUrl({})", shown(&self.0))
    }
}

/// How Twilio calls a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum CallbackMethod {
    /// With a form in the body.
    #[default]
    Post,
    /// With everything in the query.
    Get,
}

impl CallbackMethod {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Get => "GET",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_twilio_can_call_is_a_callback_url() {
        for text in [
            "https://example.com",
            "https://example.com/voice",
            "http://127.0.0.1:9/sms?a=b",
        ] {
            assert_eq!(CallbackUrl::parse(text).unwrap().as_str(), text);
        }
        for text in [
            "",
            "/voice",
            "ftp://example.com/",
            "https://my_host.com/",
            "javascript:1",
            " https://example.com/",
            "https://example.com/a b",
            "https://example.com/\r\n",
            "https://example.com/é",
        ] {
            assert_eq!(CallbackUrl::parse(text), Err(InvalidCallbackUrl), "{text}");
        }
    }

    #[test]
    fn a_callback_url_shows_no_password() {
        let url = CallbackUrl::parse("https://user:pass@example.com/voice?key=secret").unwrap();
        assert_eq!(format!("{url:?}"), "CallbackUrl(https://example.com/voice)");
    }
}
