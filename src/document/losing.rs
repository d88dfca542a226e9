use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{DocumentError, text};
use crate::id::AccountId;

/// The platform the numbers leave. Shown and stored as its name.
///
/// Exhaustive on purpose: a platform not named here is `Other`, so no port ever waits for a new
/// variant, and a variant that is added one day must be given its own words wherever platforms
/// have them. `Other` comes from parsing only, so that a platform named here never hides in it.
///
/// ```
/// # use snap_port::LosingPlatform;
/// assert_eq!("justcall".parse(), Ok(LosingPlatform::JustCall));
/// let other: LosingPlatform = "Dialer Nine".parse()?;
/// assert_eq!(other.to_string(), "Dialer Nine");
/// assert_eq!(other, "dialer nine".parse()?);
/// # Ok::<(), snap_port::DocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum LosingPlatform {
    /// Aircall.
    Aircall,
    /// JustCall.
    JustCall,
    /// HighLevel.
    HighLevel,
    /// Any other.
    Other(PlatformName),
}

impl fmt::Display for LosingPlatform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aircall => "Aircall",
            Self::JustCall => "JustCall",
            Self::HighLevel => "HighLevel",
            Self::Other(name) => name.as_str(),
        })
    }
}

impl FromStr for LosingPlatform {
    type Err = DocumentError;

    /// Knows the named platforms in any case; takes any other name of 1 to 100 characters.
    fn from_str(name: &str) -> Result<Self, DocumentError> {
        let name = text::trimmed("losing platform's name", 100, name)?;
        Ok([Self::Aircall, Self::JustCall, Self::HighLevel]
            .into_iter()
            .find(|known| known.to_string().eq_ignore_ascii_case(&name))
            .unwrap_or(Self::Other(PlatformName(name))))
    }
}

impl TryFrom<String> for LosingPlatform {
    type Error = DocumentError;
    fn try_from(name: String) -> Result<Self, DocumentError> {
        name.parse()
    }
}

impl From<LosingPlatform> for String {
    fn from(platform: LosingPlatform) -> Self {
        platform.to_string()
    }
}

/// The name of a platform this crate has no name for. Two names are equal whatever their ASCII
/// case.
#[derive(Clone)]
pub struct PlatformName(Box<str>);

impl PlatformName {
    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for PlatformName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for PlatformName {}

impl Hash for PlatformName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_ascii_lowercase().hash(state);
    }
}

impl fmt::Display for PlatformName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PlatformName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PlatformName({})", self.0)
    }
}

/// The account the numbers leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LosingAccount {
    platform: LosingPlatform,
    account: AccountId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    carrier_account: Option<AccountId>,
}

impl LosingAccount {
    /// The customer's `account` with `platform`.
    pub fn new(platform: LosingPlatform, account: AccountId) -> Self {
        Self {
            platform,
            account,
            carrier_account: None,
        }
    }

    /// With the platform's own account at the carrier, such as its Twilio account SID.
    #[must_use]
    pub fn with_carrier_account(mut self, account: AccountId) -> Self {
        self.carrier_account = Some(account);
        self
    }

    /// The platform.
    pub fn platform(&self) -> &LosingPlatform {
        &self.platform
    }

    /// The customer's account with the platform.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The platform's own account at the carrier, if known.
    pub fn carrier_account(&self) -> Option<&AccountId> {
        self.carrier_account.as_ref()
    }
}

/// The ticket ID or confirmation number the losing platform issued when it was asked to release
/// the numbers, before submission. Not the carrier's ticket, which is an
/// [`OrderRef`](crate::OrderRef).
///
/// Shown as is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawTicket")]
pub struct ReleaseTicket {
    platform: LosingPlatform,
    id: Box<str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTicket {
    platform: LosingPlatform,
    id: String,
}

impl TryFrom<RawTicket> for ReleaseTicket {
    type Error = DocumentError;
    fn try_from(raw: RawTicket) -> Result<Self, DocumentError> {
        Self::new(raw.platform, &raw.id)
    }
}

impl ReleaseTicket {
    /// The ticket `platform` calls `id`: 1 to 200 characters; blanks around it are taken off.
    ///
    /// # Errors
    /// [`DocumentError`] if the ID is blank, too long, or holds a control character.
    pub fn new(platform: LosingPlatform, id: &str) -> Result<Self, DocumentError> {
        Ok(Self {
            platform,
            id: text::trimmed("release ticket ID", 200, id)?,
        })
    }

    /// Who issued it.
    pub fn platform(&self) -> &LosingPlatform {
        &self.platform
    }

    /// The ID as the platform gave it.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for ReleaseTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_named_platform_never_hides_in_other() {
        for (text, platform) in [
            (" AIRCALL ", LosingPlatform::Aircall),
            ("JustCall", LosingPlatform::JustCall),
            ("highlevel", LosingPlatform::HighLevel),
        ] {
            assert_eq!(text.parse(), Ok(platform.clone()));
            let stored = json!(platform.to_string());
            assert_eq!(serde_json::to_value(&platform).unwrap(), stored);
            assert_eq!(serde_json::from_value(stored).ok(), Some(platform));
        }
    }

    #[test]
    fn another_platform_is_the_same_in_any_case() {
        let name = |text: &str| text.parse::<LosingPlatform>().unwrap();
        assert_eq!(name("Dialer Nine"), name("DIALER nine"));
        assert_ne!(name("Dialer Nine"), name("Dialer Ten"));
        let read: LosingPlatform = serde_json::from_str("\"Dialer Nine\"").unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), "\"Dialer Nine\"");
        assert!("".parse::<LosingPlatform>().is_err());
        assert!(serde_json::from_str::<LosingPlatform>("\"a\\nb\"").is_err());
        assert!("x".repeat(101).parse::<LosingPlatform>().is_err());
    }

    #[test]
    fn an_account_keeps_its_stored_shape_and_its_secret() {
        let account = |text| AccountId::parse(text).unwrap();
        let plain = LosingAccount::new(LosingPlatform::Aircall, account("customer-4711"));
        let stored = json!({"platform": "Aircall", "account": "customer-4711"});
        assert_eq!(serde_json::to_value(&plain).unwrap(), stored);
        let full = plain.clone().with_carrier_account(account("AC00000001"));
        let json = serde_json::to_string(&full).unwrap();
        assert_eq!(serde_json::from_str::<LosingAccount>(&json).unwrap(), full);
        assert_ne!(plain, full);
        let debug = format!("{full:?}");
        assert!(!debug.contains("customer-4711") && !debug.contains("AC00000001"));
    }

    #[test]
    fn a_ticket_has_an_id() {
        let ticket = ReleaseTicket::new(LosingPlatform::JustCall, " #99-A\n").unwrap();
        assert_eq!(ticket.to_string(), "#99-A");
        let stored = json!({"platform": "JustCall", "id": "#99-A"});
        assert_eq!(serde_json::to_value(&ticket).unwrap(), stored);
        assert_eq!(serde_json::from_value(stored).ok(), Some(ticket));
        for id in [" ", "9\n9", &"9".repeat(201)] {
            assert!(ReleaseTicket::new(LosingPlatform::JustCall, id).is_err());
        }
        let blank = json!({"platform": "JustCall", "id": ""});
        assert!(serde_json::from_value::<ReleaseTicket>(blank).is_err());
    }
}
