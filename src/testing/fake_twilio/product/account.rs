use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::number::PhoneNumber;
use crate::testing::fake_twilio::shown::masked;
use crate::testing::fake_twilio::wire::answer::{Answer, Refused};
use crate::testing::fake_twilio::wire::door::Ask;
use crate::testing::fake_twilio::wire::page::{PAGING, Page};
use crate::testing::fake_twilio::wire::params::rfc2822;
use crate::testing::fake_twilio::world::World;

/// An account at a [`FakeTwilio`](crate::testing::fake_twilio::FakeTwilio): active, full, and without credentials unless
/// told otherwise.
///
/// ```
/// # use snap_port::testing::FakeAccount;
/// let parent = FakeAccount::new("AC00000000000000000000000000000001").token("parent-token");
/// let customer = FakeAccount::new("AC00000000000000000000000000000002")
///     .token("customer-token")
///     .parent("AC00000000000000000000000000000001")
///     .key("SK00000000000000000000000000000001", "secret");
/// ```
#[derive(Clone)]
pub struct FakeAccount {
    sid: String,
    token: Option<String>,
    parent: Option<String>,
    trial: bool,
    status: String,
    keys: Vec<Key>,
    friendly_name: String,
}

#[derive(Clone)]
struct Key {
    sid: String,
    secret: String,
    main: bool,
}

impl FakeAccount {
    /// An account. `sid` is `AC` and 32 hexadecimal digits; no request can name any other.
    pub fn new(sid: impl Into<String>) -> Self {
        let sid = sid.into();
        Self {
            friendly_name: format!("Account {}", sid.get(30..).unwrap_or_default()),
            sid,
            token: None,
            parent: None,
            trial: false,
            status: "active".to_owned(),
            keys: Vec::new(),
        }
    }

    /// Its primary auth token, which signs its callbacks too.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The account it is a subaccount of.
    #[must_use]
    pub fn parent(mut self, sid: impl Into<String>) -> Self {
        self.parent = Some(sid.into());
        self
    }

    /// A trial account. It cannot receive numbers, and calls and texts its own numbers only.
    #[must_use]
    pub fn trial(mut self) -> Self {
        self.trial = true;
        self
    }

    /// Its status: `active`, `suspended` or `closed`.
    ///
    /// A suspended account may still look, and so may its subaccounts; a closed one may do nothing
    /// with credentials of its own.
    #[must_use]
    pub fn status(mut self, status: impl Into<String>) -> Self {
        self.status = status.into();
        self
    }

    /// A standard API key, which reaches everything but the account itself.
    #[must_use]
    pub fn key(self, sid: impl Into<String>, secret: impl Into<String>) -> Self {
        self.with_key(sid.into(), secret.into(), false)
    }

    /// A main API key, which reaches the account itself too.
    #[must_use]
    pub fn main_key(self, sid: impl Into<String>, secret: impl Into<String>) -> Self {
        self.with_key(sid.into(), secret.into(), true)
    }

    /// Its name.
    #[must_use]
    pub fn friendly_name(mut self, name: impl Into<String>) -> Self {
        self.friendly_name = name.into();
        self
    }

    fn with_key(mut self, sid: String, secret: String, main: bool) -> Self {
        self.keys.push(Key { sid, secret, main });
        self
    }

    pub(crate) fn sid(&self) -> &str {
        &self.sid
    }

    pub(crate) fn signing_token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    pub(crate) fn is_active(&self) -> bool {
        self.status == "active"
    }

    pub(crate) fn is_trial(&self) -> bool {
        self.trial
    }

    pub(crate) fn set_status(&mut self, status: &str) {
        status.clone_into(&mut self.status);
    }

    fn is_closed(&self) -> bool {
        self.status == "closed"
    }

    fn shows(&self, opened: DateTime<Utc>) -> Value {
        let uri = format!("/2010-04-01/Accounts/{}", self.sid);
        json!({
            "auth_token": self.token,
            "date_created": rfc2822(opened),
            "date_updated": rfc2822(opened),
            "friendly_name": self.friendly_name,
            "owner_account_sid": self.parent.as_ref().unwrap_or(&self.sid),
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {
                "calls": format!("{uri}/Calls.json"),
                "incoming_phone_numbers": format!("{uri}/IncomingPhoneNumbers.json"),
                "messages": format!("{uri}/Messages.json"),
            },
            "type": if self.trial { "Trial" } else { "Full" },
            "uri": format!("{uri}.json"),
        })
    }
}

/// Without tokens and secrets; of SIDs the last four characters.
impl fmt::Debug for FakeAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeAccount")
            .field("sid", &masked(&self.sid))
            .field("parent", &self.parent.as_deref().map(masked))
            .field("trial", &self.trial)
            .field("status", &self.status)
            .field("keys", &self.keys.len())
            .finish_non_exhaustive()
    }
}

/// Who a request comes from.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) account: String,
    /// With the account's own token, not a key.
    pub(crate) by_token: bool,
    /// With a key that does not reach accounts.
    standard_key: bool,
}

impl World {
    /// Who sends this `Authorization` header.
    pub(crate) fn caller(&self, header: Option<&str>) -> Result<Caller, Refused> {
        let (user, password) = header.and_then(basic).ok_or_else(|| Refused::code(20003))?;
        let (account, key) = self.find_credentials(&user, &password)?;
        if account.is_closed() {
            return Err(Refused::code(20003));
        }
        Ok(Caller {
            account: account.sid.clone(),
            by_token: key.is_none(),
            standard_key: key.is_some_and(|key| !key.main),
        })
    }

    fn find_credentials(
        &self,
        user: &str,
        password: &str,
    ) -> Result<(&FakeAccount, Option<&Key>), Refused> {
        if let Some(account) = self.accounts.get(user) {
            let right = account.token.as_deref() == Some(password);
            return right
                .then_some((account, None))
                .ok_or_else(|| Refused::code(20003));
        }
        let keys = self
            .accounts
            .values()
            .flat_map(|a| a.keys.iter().map(move |key| (a, key)));
        let mut matching = keys.filter(|(_, key)| key.sid == user && key.secret == password);
        let (account, key) = matching.next().ok_or_else(|| Refused::code(20003))?;
        Ok((account, Some(key)))
    }

    /// Whether `caller` reaches what `account` has under the 2010-04-01 API.
    pub(crate) fn reaches(&self, caller: &Caller, account: &str) -> bool {
        caller.account == account
            || caller.by_token && self.parent_of(account) == Some(caller.account.as_str())
    }

    /// The same, refused with 20003.
    pub(crate) fn reach(&self, caller: &Caller, account: &str) -> Result<(), Refused> {
        let reached = self.accounts.contains_key(account) && self.reaches(caller, account);
        reached.then_some(()).ok_or_else(|| Refused::code(20003))
    }

    /// Refuses accounts that may only look: those that are not active, or whose parent is not.
    pub(crate) fn must_be_active(&self, account: &str) -> Result<(), Refused> {
        let own = self.accounts.get(account);
        let parent = self.accounts.get(self.owner_of_account(account));
        let active =
            own.is_some_and(FakeAccount::is_active) && parent.is_none_or(FakeAccount::is_active);
        active.then_some(()).ok_or_else(|| Refused::code(20005))
    }

    /// Refuses with `code` what a trial account sends to anybody but its own family: it would have
    /// to be a number that was verified, and here none is.
    pub(crate) fn may_reach(
        &self,
        account: &str,
        to: PhoneNumber,
        code: u32,
    ) -> Result<(), Refused> {
        let trial = self
            .accounts
            .get(account)
            .is_some_and(FakeAccount::is_trial);
        let own = self.account_of(to);
        let own = own.is_some_and(|owner| self.related(owner, account));
        (own || !trial)
            .then_some(())
            .ok_or_else(|| Refused::code(code))
    }

    pub(crate) fn parent_of(&self, account: &str) -> Option<&str> {
        self.accounts.get(account)?.parent.as_deref()
    }

    /// The account at the top of the family of `account`.
    pub(crate) fn owner_of_account<'a>(&'a self, account: &'a str) -> &'a str {
        self.parent_of(account).unwrap_or(account)
    }

    pub(crate) fn related(&self, one: &str, other: &str) -> bool {
        self.owner_of_account(one) == self.owner_of_account(other)
    }

    pub(crate) fn fetch_account(&self, ask: &Ask) -> Result<Answer, Refused> {
        ask.query.only(&[])?;
        if ask.caller.standard_key {
            return Err(Refused::code(20003));
        }
        let reached = self.reaches(&ask.caller, ask.sid(0));
        let account = self.accounts.get(ask.sid(0)).filter(|_| reached);
        let account = account.ok_or_else(|| Refused::code(20404))?;
        Ok(Answer::shows(account.shows(self.opened)))
    }

    pub(crate) fn list_accounts(&self, ask: &Ask) -> Result<Answer, Refused> {
        ask.query
            .only(&[&PAGING[..], &["FriendlyName", "Status"]].concat())?;
        if ask.caller.standard_key {
            return Err(Refused::code(20003));
        }
        let page = Page::asked(ask, self.rules.page_cap)?;
        let statuses = ["active", "suspended", "closed"];
        let status = ask.query.one_of("Status", &statuses)?;
        let name = ask.query.get("FriendlyName");
        let accounts = self.accounts.values().filter(|account| {
            self.reaches(&ask.caller, &account.sid)
                && status.is_none_or(|status| account.status == status)
                && name.is_none_or(|name| account.friendly_name == name)
        });
        let accounts = accounts.map(|account| account.shows(self.opened)).collect();
        Ok(page.classic("accounts", accounts))
    }
}

fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = BASE64_STANDARD.decode(encoded.trim()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}
