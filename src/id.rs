//! Names of things: requests, carriers, workers, orders, accounts, attempts.
//!
//! Each is a checked string: 1 to 128 characters, no blanks at the ends, no control characters.
//! Requests and carriers are stricter (ASCII letters, digits, `-`, `_`, `.`), because they end up
//! in subjects, URLs and file names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that cannot name what it was meant to name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {what}: {why}")]
pub struct InvalidId {
    what: &'static str,
    why: &'static str,
}

fn check(what: &'static str, text: &str, strict: bool) -> Result<(), InvalidId> {
    let why = if text.is_empty() {
        "it is empty"
    } else if text.chars().count() > 128 {
        "it is longer than 128 characters"
    } else if text.trim() != text {
        "it begins or ends with a blank"
    } else if text.chars().any(char::is_control) {
        "it holds a control character"
    } else if strict && matches!(text, "." | "..") {
        "it stands for a folder in paths and addresses"
    } else if strict
        && !text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    {
        "use ASCII letters, digits, '-', '_' and '.' only"
    } else {
        return Ok(());
    };
    Err(InvalidId { what, why })
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $what:literal, $strict:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// Checks `text` and takes it as a name.
            ///
            /// # Errors
            /// [`InvalidId`] says which rule of this module the text breaks.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                check($what, text, $strict)?;
                Ok(Self(text.into()))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0.into()
            }
        }
    )* };
}

names! {
    /// The embedder's name for a port request: stable for life, and the stem of the correlation
    /// key that keeps a submission single.
    PortRequestId = "request id", true;
    /// A carrier integration, such as `twilio`; evidence names it.
    CarrierId = "carrier id", true;
    /// One of the processes that work at requests in a store, such as a host's name and a counter.
    WorkerId = "worker id", true;
    /// One of those who are told what happens to requests; the store keeps how far each has come.
    ObserverId = "observer id", true;
    /// The carrier's ticket or order. It exists from submission on; people see it as
    /// "Twilio ticket". Not the [`ReleaseTicket`](crate::ReleaseTicket), which the losing platform
    /// issues before.
    OrderRef = "order reference", false;
    /// An account at the carrier or at a platform, such as a Twilio account SID. `Debug` shows its
    /// last four characters at most.
    AccountId = "account id", false;
    /// A messaging service (sender pool) at the carrier, such as a Twilio `MG...` SID.
    MessagingService = "messaging service", false;
    /// A regulatory bundle at the carrier, such as a Twilio `BU...` SID.
    BundleId = "bundle id", false;
    /// An address at the carrier, such as a Twilio `AD...` SID.
    AddressId = "address id", false;
}

macro_rules! shown {
    ($($name:ident),*) => { $(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )* };
}
shown!(
    PortRequestId,
    CarrierId,
    WorkerId,
    ObserverId,
    OrderRef,
    MessagingService,
    BundleId,
    AddressId
);

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountId({})", self.masked())
    }
}

impl AccountId {
    /// A SID keeps every rule of this module.
    #[cfg(feature = "twilio")]
    pub(crate) fn of_sid(sid: &str) -> Self {
        Self(sid.into())
    }

    /// The account with all but its last four characters hidden (all of them, where it has fewer
    /// than eight): what logs and errors show.
    pub fn masked(&self) -> String {
        let chars: Vec<char> = self.0.chars().collect();
        // A short account would be shown whole by "the last four": hide it altogether.
        let shown = if chars.len() >= 8 { 4 } else { 0 };
        let tail: String = chars[chars.len() - shown..].iter().collect();
        format!("…{tail}")
    }
}

#[cfg(feature = "twilio")]
impl MessagingService {
    /// A SID keeps every rule of this module.
    pub(crate) fn of_sid(sid: &str) -> Self {
        Self(sid.into())
    }
}

/// One sealed try to submit a request: the request and the number of the try, from 1.
///
/// Shown as `request#number`, it is the correlation key: a carrier integration puts it where
/// [`find`](crate::CarrierClient::find) can see it again (a client reference, a ticket's subject).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttemptKey {
    request: PortRequestId,
    number: u32,
}

impl AttemptKey {
    pub(crate) fn new(request: PortRequestId, number: u32) -> Self {
        Self { request, number }
    }

    /// The request.
    pub fn request(&self) -> &PortRequestId {
        &self.request
    }

    /// Which try it is, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }
}

/// Reads what `Display` writes, `request#number`: a review page keeps the key of what the reviewer
/// has seen in its form.
impl FromStr for AttemptKey {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = |why| InvalidId {
            what: "attempt key",
            why,
        };
        let (request, number) = text
            .rsplit_once('#')
            .ok_or(invalid("is not of the form request#number"))?;
        let plain = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
        match number.parse() {
            Ok(number) if plain => Ok(Self::new(PortRequestId::parse(request)?, number)),
            _ => Err(invalid("does not end in a number from 1")),
        }
    }
}

impl fmt::Display for AttemptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.request, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_checked_and_says_what_is_wrong() {
        assert_eq!(PortRequestId::parse("acme-1").unwrap().as_str(), "acme-1");
        for (text, why) in [
            ("", "empty"),
            (" a", "blank"),
            ("a b", "ASCII"),
            ("a\u{7}", "control"),
            (&"x".repeat(129), "longer"),
            (".", "folder"),
            ("..", "folder"),
        ] {
            let error = PortRequestId::parse(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text:?}: {error}");
        }
        assert!(OrderRef::parse("Ticket 17 / 4").is_ok());
    }

    #[test]
    fn an_account_is_never_shown_whole() {
        let account = AccountId::parse("AC0123456789abcdef").unwrap();
        assert_eq!(format!("{account:?}"), "AccountId(…cdef)");
        assert_eq!(AccountId::parse("12345").unwrap().masked(), "…");
    }

    #[test]
    fn an_attempt_key_is_read_as_it_is_shown() {
        let key = AttemptKey::new(PortRequestId::parse("a.1-b").unwrap(), 12);
        assert_eq!(key.to_string().parse(), Ok(key));
        for text in [
            "a",
            "a#",
            "a#0",
            "a#01",
            "a#+1",
            "a#-1",
            "a#4294967296",
            "#1",
            "a b#1",
        ] {
            let read: Result<AttemptKey, _> = text.parse();
            assert!(read.is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_read_back_is_checked_too() {
        assert!(serde_json::from_str::<CarrierId>("\"two words\"").is_err());
    }
}
