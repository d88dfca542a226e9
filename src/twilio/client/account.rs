//! Accounts and subaccounts.

use std::fmt;

use serde::{Deserialize, Deserializer};

use super::TwilioClient;
use super::base::Product;
use super::error::TwilioError;
use super::lenient::{self, folded, kept};
use super::page::PAGE_SIZE;
use super::request::{Operation, Request};
use super::unknown::UnknownFields;
use crate::twilio::AccountSid;

/// An account or subaccount. Its auth token, which Twilio sends along, is not kept. `Debug` shows
/// the name as far as it may be shown.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// Its SID.
    pub sid: AccountSid,
    /// What its owner calls it.
    pub friendly_name: String,
    /// Whether it can be used.
    pub status: AccountStatus,
    /// Trial or full.
    pub kind: AccountKind,
    /// The parent, for a subaccount; a parent names itself.
    pub owner: Option<AccountSid>,
    /// Fields Twilio did not document when this was written.
    pub unknown: UnknownFields,
}

impl Account {
    /// The parent, if it is a subaccount.
    pub fn parent(&self) -> Option<&AccountSid> {
        self.owner.as_ref().filter(|owner| **owner != self.sid)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("sid", &self.sid)
            .field("friendly_name", &kept(&self.friendly_name))
            .field("status", &self.status)
            .field("kind", &self.kind)
            .field("owner", &self.owner)
            .field("unknown", &self.unknown)
            .finish()
    }
}

/// Whether an account can be used.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccountStatus {
    /// It can.
    Active,
    /// Not until it is reactivated.
    Suspended,
    /// Never again.
    Closed,
    /// A word not known here, as Twilio wrote it.
    Other(String),
}

impl AccountStatus {
    /// Reads Twilio's word for it, in any spelling. An unknown one is kept as it may be shown:
    /// at most 64 characters on one line, account and key SIDs masked.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        let word = kept(word);
        match folded(&word).as_str() {
            "active" => Self::Active,
            "suspended" => Self::Suspended,
            "closed" => Self::Closed,
            _ => Self::Other(word),
        }
    }

    /// Twilio's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
            Self::Other(word) => word,
        }
    }
}

impl fmt::Display for AccountStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Trial or full.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccountKind {
    /// A trial account; numbers cannot be transferred to it.
    Trial,
    /// An upgraded account.
    Full,
    /// A word not known here, as Twilio wrote it; empty if it wrote none.
    Other(String),
}

impl AccountKind {
    fn read(word: &str) -> Self {
        let word = kept(word);
        match folded(&word).as_str() {
            "trial" => Self::Trial,
            "full" => Self::Full,
            _ => Self::Other(word),
        }
    }
}

/// What Twilio documents besides, and nobody here needs.
const DOCUMENTED: [&str; 5] = [
    "auth_token",
    "date_created",
    "date_updated",
    "subresource_uris",
    "uri",
];

fn unknown<'de, D: Deserializer<'de>>(left: D) -> Result<UnknownFields, D::Error> {
    UnknownFields::read(left, &DOCUMENTED)
}

#[derive(Deserialize)]
struct Wire {
    #[serde(deserialize_with = "lenient::sid")]
    sid: AccountSid,
    #[serde(default, deserialize_with = "lenient::text")]
    friendly_name: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    status: Option<String>,
    #[serde(default, rename = "type", deserialize_with = "lenient::text")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "lenient::account")]
    owner_account_sid: Option<AccountSid>,
    #[serde(flatten, deserialize_with = "unknown")]
    unknown: UnknownFields,
}

impl From<Wire> for Account {
    fn from(wire: Wire) -> Self {
        Self {
            sid: wire.sid,
            friendly_name: wire.friendly_name.unwrap_or_default(),
            status: AccountStatus::from_word(&wire.status.unwrap_or_default()),
            kind: AccountKind::read(&wire.kind.unwrap_or_default()),
            owner: wire.owner_account_sid,
            unknown: wire.unknown,
        }
    }
}

impl TwilioClient {
    /// One account.
    ///
    /// Needs the auth token of the account or its parent: a standard API key is refused.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses, or answers with another account.
    pub async fn account(&self, account: &AccountSid) -> Result<Account, TwilioError> {
        let request = Request::new(
            Operation::get("Account"),
            account,
            Product::Api,
            format!(
                "/2010-04-01/Accounts/{account}.json",
                account = account.as_str()
            ),
        );
        let answer = self.0.send(&request).await?;
        let wire: Wire = answer.json()?;
        answer.is_of("account", Some(wire.sid.as_str()), account.as_str())?;
        Ok(wire.into())
    }

    /// The account and its subaccounts, as far as the credentials of `parent` reach.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses.
    pub async fn accounts(&self, parent: &AccountSid) -> Result<Vec<Account>, TwilioError> {
        let request = Request::new(
            Operation::get("Accounts"),
            parent,
            Product::Api,
            "/2010-04-01/Accounts.json".to_owned(),
        )
        .query(&[PAGE_SIZE]);
        let rows: Vec<Wire> = self.0.list(request, "accounts").await?;
        Ok(rows.into_iter().map(Account::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_account_is_read_with_what_it_says_and_without_its_token() {
        let sid = format!("AC{}", "1".repeat(32));
        let read = |body| Account::from(serde_json::from_value::<Wire>(body).unwrap());
        let account = read(json!({
            "sid": sid, "friendly_name": "Acme", "status": "Suspended", "type": "Trial",
            "owner_account_sid": format!("AC{}", "0".repeat(32)), "auth_token": "hunter2",
            "something_new": [1]
        }));
        assert_eq!(account.status, AccountStatus::Suspended);
        assert_eq!(account.kind, AccountKind::Trial);
        assert!(account.parent().is_some());
        assert!(!format!("{account:?}").contains("hunter2"));

        let scant = read(json!({"sid": sid, "status": "frozen", "owner_account_sid": sid}));
        assert_eq!(scant.status, AccountStatus::Other("frozen".into()));
        assert_eq!(scant.kind, AccountKind::Other(String::new()));
        assert_eq!(scant.parent(), None);
    }

    #[test]
    fn a_name_is_whatever_its_owner_likes_and_shown_as_may_be() {
        let sid = format!("AC{}", "1".repeat(32));
        let name = format!("\u{202E}{sid}\n{}", "x".repeat(1000));
        let wire = serde_json::from_value::<Wire>(json!({"sid": sid, "friendly_name": name}));
        let account = Account::from(wire.unwrap());
        assert_eq!(account.friendly_name, name);
        let shown = format!("{account:?}");
        assert!(!shown.contains(&sid) && shown.len() < 300, "{shown}");
        assert!(shown.contains("\"AC…1111 xxx"), "{shown}");
    }

    #[test]
    fn a_kind_is_read_in_any_spelling() {
        assert_eq!(AccountKind::read(" FULL\n"), AccountKind::Full);
        assert_eq!(AccountKind::read("\u{202E}trial"), AccountKind::Trial);
        let odd = AccountKind::read("half\0full");
        assert_eq!(odd, AccountKind::Other("half full".into()));
    }
}
