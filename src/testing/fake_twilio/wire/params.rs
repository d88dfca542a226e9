//! Forms and query strings, read as strictly as Twilio publishes them.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::number::PhoneNumber;
use crate::testing::fake_twilio::wire::answer::Refused;

/// Two letters and 32 hexadecimal digits. Messages are `SM` or `MM`.
pub(crate) fn is_sid(text: &str, kind: &str) -> bool {
    let right_kind = text.starts_with(kind) || (kind == "SM" && text.starts_with("MM"));
    let digits = text.as_bytes().get(2..).unwrap_or_default();
    right_kind && digits.len() == 32 && digits.iter().all(u8::is_ascii_hexdigit)
}

/// Whether it is an absolute `http` or `https` URL.
pub(crate) fn is_url(text: &str) -> bool {
    reqwest::Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Names with their values, in order, repeats included.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(pub(crate) Vec<(String, String)>);

impl Params {
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(encoded);
        Self(
            pairs
                .map(|(k, v)| (k.into_owned(), v.into_owned()))
                .collect(),
        )
    }

    /// The first value of `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut named = self.0.iter().filter(|(key, _)| key == name);
        named.next().map(|(_, value)| value.as_str())
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Refuses names that are not among `known`. Twilio passes over them; a client's typo should
    /// not go by in silence here.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Refused> {
        let stranger = self
            .0
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()));
        stranger.map_or(Ok(()), |(name, _)| {
            let words = format!("Unknown parameter {name}; Twilio has: {}", known.join(", "));
            Err(Refused::says(20001, words))
        })
    }

    /// A SID of `kind` if there is one.
    pub(crate) fn sid(&self, name: &str, kind: &str) -> Result<Option<&str>, Refused> {
        match self.get(name) {
            Some(text) if !is_sid(text, kind) => Err(invalid(name)),
            found => Ok(found),
        }
    }

    /// One of `values` if there is one.
    pub(crate) fn one_of(&self, name: &str, values: &[&str]) -> Result<Option<&str>, Refused> {
        match self.get(name) {
            Some(text) if !values.contains(&text) => Err(invalid(name)),
            found => Ok(found),
        }
    }

    /// A whole number from `least` to `most` if there is one.
    pub(crate) fn integer(
        &self,
        name: &str,
        least: u64,
        most: u64,
    ) -> Result<Option<u64>, Refused> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        // `parse` would take a sign.
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let value = text.parse().ok().filter(|_| digits);
        let value = value.filter(|value| (least..=most).contains(value));
        value.map(Some).ok_or_else(|| invalid(name))
    }

    /// An instant: `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ssZ`. A date is its first moment.
    pub(crate) fn instant(&self, name: &str) -> Result<Option<(DateTime<Utc>, bool)>, Refused> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        let date = text.parse::<NaiveDate>();
        let date = date.map(|date| date.and_time(NaiveTime::MIN).and_utc());
        // What is read may be written otherwise, with an offset say.
        if let Ok(date) = date
            && date.format("%Y-%m-%d").to_string() == text
        {
            return Ok(Some((date, true)));
        }
        let time = text.parse::<DateTime<Utc>>().ok();
        let time = time.filter(|time| iso(*time) == text);
        time.map(|time| Some((time, false)))
            .ok_or_else(|| invalid(name))
    }
}

/// A parameter with a value it cannot have.
pub(crate) fn invalid(name: &str) -> Refused {
    Refused::says(20001, format!("Invalid parameter {name}"))
}

/// A number in E.164 form, or the refusal with `code`.
pub(crate) fn e164(text: &str, code: u32) -> Result<PhoneNumber, Refused> {
    PhoneNumber::from_e164(text).map_err(|_| Refused::code(code))
}

/// A time as the 2010-04-01 API writes it.
pub(crate) fn rfc2822(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// A time as every other API writes it.
pub(crate) fn iso(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
