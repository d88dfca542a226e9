//! A world to begin with, from a JSON file.

mod world;

use std::fmt;

use chrono::TimeDelta;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use snap_port::PhoneNumber;
use snap_port::testing::FakeLeg;
use snap_port::twilio::{AccountSid, ApiKeySid, ServiceSid};

/// Everything a scenario can say. What it does not know it refuses.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    accounts: Vec<Account>,
    #[serde(default)]
    numbers: Vec<Number>,
    #[serde(default)]
    services: Vec<Service>,
    #[serde(default)]
    outcomes: Vec<Outcome>,
    /// What support does with every ticket.
    #[serde(default)]
    support: Option<Support>,
    /// Tickets that are filed at the start.
    #[serde(default)]
    tickets: Vec<Ticket>,
    /// How long registrations take.
    #[serde(default)]
    registration_takes: Option<Span>,
    /// Where registration events go.
    #[serde(default)]
    status_callback: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    sid: String,
    /// Without one it is a stranger's.
    token: Option<String>,
    parent: Option<String>,
    #[serde(default)]
    trial: bool,
    status: Option<Status>,
    friendly_name: Option<String>,
    #[serde(default)]
    keys: Vec<Key>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Active,
    Suspended,
    Closed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    sid: String,
    secret: String,
    #[serde(default)]
    main: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    number: E164,
    account: String,
    #[serde(default)]
    hosted: bool,
    #[serde(default)]
    registered: bool,
    registers_after: Option<Span>,
    registration_fails: Option<String>,
    /// What portability says of it, whatever is so.
    portability: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    sid: String,
    account: String,
    campaign: Option<String>,
    /// Made-up numbers that are in it at first.
    #[serde(default)]
    filled: usize,
}

/// `{"of": "call", "to": "+1...", "ends": "busy"}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outcome {
    of: Kind,
    to: Option<E164>,
    from: Option<E164>,
    /// A status; without one it never ends.
    ends: Option<String>,
    /// The error code it ends with; without a status, what the request itself is refused with.
    code: Option<u32>,
    after: Option<Span>,
    #[serde(default)]
    unheard: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Call,
    Message,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Support {
    holds: Option<String>,
    refuses: Option<String>,
    #[serde(default)]
    silent: bool,
    answers_after: Option<Span>,
    moves_after: Option<Span>,
    #[serde(default)]
    moves_early: bool,
    moves_some: Option<FirstSome>,
    moves_into: Option<String>,
    moves_some_into: Option<SomeInto>,
    #[serde(default)]
    deletes: Vec<E164>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstSome {
    count: usize,
    rest_after: Span,
}

/// The first of a ticket's numbers, and the account they go astray to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SomeInto {
    count: usize,
    account: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ticket {
    subject: String,
    losing: String,
    gaining: String,
    numbers: Vec<E164>,
    #[serde(default)]
    body: String,
}

impl Support {
    fn astray(&self) -> Option<&String> {
        self.moves_some_into.as_ref().map(|some| &some.account)
    }
}

/// A number in E.164 form.
#[derive(Clone, Copy)]
struct E164(PhoneNumber);

impl<'de> Deserialize<'de> for E164 {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        PhoneNumber::from_e164(&text)
            .map(Self)
            .map_err(D::Error::custom)
    }
}

/// A length of time such as `90s`.
#[derive(Clone, Copy)]
struct Span(TimeDelta);

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        duration(&text).map(Self).map_err(D::Error::custom)
    }
}

/// Reads `500ms`, `90s`, `10m`, `24h`, `9d`.
pub(crate) fn duration(text: &str) -> Result<TimeDelta, String> {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (count, unit) = text.split_at(digits);
    let span = count.parse().ok().and_then(|count: i64| match unit {
        "ms" => TimeDelta::try_milliseconds(count),
        "s" => TimeDelta::try_seconds(count),
        "m" => TimeDelta::try_minutes(count),
        "h" => TimeDelta::try_hours(count),
        "d" => TimeDelta::try_days(count),
        _ => None,
    });
    span.ok_or_else(|| format!("{text:?} is no length of time; write 500ms, 90s, 10m, 24h or 9d"))
}

impl Scenario {
    /// Reads it and checks every SID.
    pub(crate) fn read(json: &str) -> Result<Self, String> {
        let scenario: Self = serde_json::from_str(json).map_err(|why| why.to_string())?;
        scenario.check()?;
        Ok(scenario)
    }

    fn check(&self) -> Result<(), String> {
        for account in &self.accounts {
            checked(&account.sid, AccountSid::parse(&account.sid))?;
            for sid in account.parent.iter() {
                self.known(sid)?;
            }
            for key in &account.keys {
                checked(&key.sid, ApiKeySid::parse(&key.sid))?;
            }
        }
        for service in &self.services {
            checked(&service.sid, ServiceSid::parse(&service.sid))?;
        }
        let accounts = self.numbers.iter().map(|number| &number.account);
        let accounts = accounts.chain(self.services.iter().map(|service| &service.account));
        let tickets = self
            .tickets
            .iter()
            .flat_map(|ticket| [&ticket.losing, &ticket.gaining]);
        let into = self
            .support
            .iter()
            .flat_map(|support| [support.moves_into.as_ref(), support.astray()])
            .flatten();
        accounts
            .chain(tickets)
            .chain(into)
            .try_for_each(|sid| self.known(sid))?;
        self.outcomes
            .iter()
            .try_for_each(|outcome| outcome.leg().map(drop))
    }

    fn known(&self, sid: &str) -> Result<(), String> {
        let known = self.accounts.iter().any(|account| account.sid == sid);
        known
            .then_some(())
            .ok_or_else(|| format!("{sid:?} is not among the accounts"))
    }

    /// An account with a token, the last of them, to try things with.
    pub(crate) fn somebody(&self) -> Option<(&str, &str)> {
        let with_token = |account: &'_ Account| account.token.is_some();
        let account = self
            .accounts
            .iter()
            .rev()
            .find(|account| with_token(account))?;
        Some((&account.sid, account.token.as_deref()?))
    }
}

fn checked<T, E: fmt::Display>(text: &str, parsed: Result<T, E>) -> Result<(), String> {
    parsed.map(drop).map_err(|why| format!("{text:?} is {why}"))
}

impl Outcome {
    fn leg(&self) -> Result<FakeLeg, String> {
        match (self.to, self.from) {
            (Some(E164(to)), None) => Ok(FakeLeg::To(to)),
            (None, Some(E164(from))) => Ok(FakeLeg::From(from)),
            _ => Err("an outcome needs either a \"to\" or a \"from\"".to_owned()),
        }
    }
}
