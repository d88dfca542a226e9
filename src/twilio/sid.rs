//! Twilio's names of things: two letters and 32 hexadecimal digits.

use std::fmt;
use std::str::FromStr;

use crate::id::{AccountId, MessagingService};

/// A text that is no SID of the kind it was taken for. The text itself is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not {what}: {prefix} and 32 hexadecimal digits are expected")]
pub struct InvalidSid {
    what: &'static str,
    prefix: &'static str,
}

fn is_sid(text: &str, prefixes: &[&str]) -> bool {
    text.len() == 34
        && prefixes.iter().any(|prefix| text.starts_with(prefix))
        && text.bytes().skip(2).all(|b| b.is_ascii_hexdigit())
}

macro_rules! sids {
    ($($(#[$doc:meta])* $name:ident = $what:literal, $shown:literal, [$($prefix:literal),+];)*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Checks `text` and takes it as a SID.
            ///
            /// # Errors
            /// [`InvalidSid`] if it is not one of this kind.
            pub fn parse(text: &str) -> Result<Self, InvalidSid> {
                if is_sid(text, &[$($prefix),+]) {
                    Ok(Self(text.into()))
                } else {
                    Err(InvalidSid { what: $what, prefix: $shown })
                }
            }

            /// The SID as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidSid;
            fn from_str(text: &str) -> Result<Self, InvalidSid> {
                Self::parse(text)
            }
        }
    )* };
}

sids! {
    /// An account or subaccount, `AC...`. `Debug` shows its last four characters.
    AccountSid = "an account SID", "AC", ["AC"];
    /// An API key, `SK...`. `Debug` shows its last four characters.
    ApiKeySid = "an API key SID", "SK", ["SK"];
    /// A number in an account's inventory, `PN...`. It may change when the number changes accounts.
    NumberSid = "a number SID", "PN", ["PN"];
    /// A messaging service, `MG...`.
    ServiceSid = "a messaging service SID", "MG", ["MG"];
    /// A call, `CA...`.
    CallSid = "a call SID", "CA", ["CA"];
    /// A message, `SM...` or `MM...`.
    MessageSid = "a message SID", "SM or MM", ["SM", "MM"];
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
shown!(NumberSid, ServiceSid, CallSid, MessageSid);

macro_rules! masked {
    ($($name:ident),*) => { $(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                // 34 ASCII characters, by `parse`.
                write!(f, concat!(stringify!($name), "(…{})"), &self.0[30..])
            }
        }
    )* };
}
masked!(AccountSid, ApiKeySid);

impl TryFrom<&AccountId> for AccountSid {
    type Error = InvalidSid;
    fn try_from(account: &AccountId) -> Result<Self, InvalidSid> {
        Self::parse(account.as_str())
    }
}

impl From<&AccountSid> for AccountId {
    fn from(sid: &AccountSid) -> Self {
        Self::of_sid(sid.as_str())
    }
}

impl From<AccountSid> for AccountId {
    fn from(sid: AccountSid) -> Self {
        Self::from(&sid)
    }
}

impl From<&ServiceSid> for MessagingService {
    fn from(sid: &ServiceSid) -> Self {
        Self::of_sid(sid.as_str())
    }
}

impl From<ServiceSid> for MessagingService {
    fn from(sid: ServiceSid) -> Self {
        Self::from(&sid)
    }
}

impl TryFrom<&MessagingService> for ServiceSid {
    type Error = InvalidSid;
    fn try_from(service: &MessagingService) -> Result<Self, InvalidSid> {
        Self::parse(service.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "0123456789abcdefABCDEF0123456789";

    #[test]
    fn a_sid_is_two_letters_and_32_hexadecimal_digits() {
        assert!(AccountSid::parse(&format!("AC{HEX}")).is_ok());
        for text in [
            String::new(),
            format!("ac{HEX}"),
            format!("PN{HEX}"),
            format!("AC{HEX}0"),
            format!("AC{}", &HEX[1..]),
            format!("AC{}g", &HEX[1..]),
            format!("AC{}é", &HEX[2..]),
        ] {
            let error = AccountSid::parse(&text).unwrap_err().to_string();
            assert!(text.is_empty() || !error.contains(&text), "{error}");
        }
        assert!(MessageSid::parse(&format!("MM{HEX}")).is_ok());
        assert!(MessageSid::parse(&format!("SM{HEX}")).is_ok());
    }

    #[test]
    fn an_account_or_key_is_never_shown_whole() {
        let account = AccountSid::parse(&format!("AC{HEX}")).unwrap();
        assert_eq!(format!("{account:?}"), "AccountSid(…6789)");
        let key = ApiKeySid::parse(&format!("SK{HEX}")).unwrap();
        assert_eq!(format!("{key:?}"), "ApiKeySid(…6789)");
    }

    #[test]
    fn an_account_keeps_its_name_on_the_way_through() {
        let sid = AccountSid::parse(&format!("AC{HEX}")).unwrap();
        assert_eq!(AccountId::from(sid.clone()), AccountId::from(&sid));
        assert_eq!(AccountSid::try_from(&AccountId::from(&sid)), Ok(sid));
    }

    #[test]
    fn a_service_keeps_its_name_on_the_way_through() {
        let sid = ServiceSid::parse(&format!("MG{HEX}")).unwrap();
        let name = MessagingService::from(&sid);
        assert_eq!(MessagingService::parse(sid.as_str()).as_ref(), Ok(&name));
        assert_eq!(MessagingService::from(sid.clone()), name);
        assert_eq!(ServiceSid::try_from(&name), Ok(sid));
    }
}
