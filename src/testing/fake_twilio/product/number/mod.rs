//! Numbers in the inventories of accounts.

mod setting;
mod transfer;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::number::{NumberKind, PhoneNumber};
use crate::testing::fake_twilio::product::registration::Registration;
use crate::testing::fake_twilio::wire::answer::{Answer, Refused};
use crate::testing::fake_twilio::wire::door::Ask;
use crate::testing::fake_twilio::wire::page::{PAGING, Page};
use crate::testing::fake_twilio::wire::params::{e164, rfc2822};
use crate::testing::fake_twilio::world::World;
use setting::{SETTINGS, check_fallbacks};

/// A number that is in an account.
#[derive(Clone, Debug)]
pub(crate) struct Number {
    pub(crate) sid: String,
    pub(crate) number: PhoneNumber,
    pub(crate) account: String,
    pub(crate) hosted: bool,
    pub(crate) registration: Registration,
    /// Whether it can send and receive texts.
    pub(crate) texts: bool,
    created: DateTime<Utc>,
    updated: DateTime<Utc>,
    /// What was set, by parameter name.
    settings: BTreeMap<&'static str, String>,
}

impl Number {
    pub(crate) fn setting(&self, name: &str) -> Option<&str> {
        let value = self.settings.get(name)?;
        (!value.is_empty()).then_some(value)
    }

    /// Whether texts from it need a registration: a local number of North America.
    pub(crate) fn is_10dlc(&self) -> bool {
        self.number.as_str().starts_with("+1") && self.number.kind() != NumberKind::TollFree
    }

    fn shows(&self) -> Value {
        let uri = format!(
            "/2010-04-01/Accounts/{}/IncomingPhoneNumbers/{}.json",
            self.account, self.sid
        );
        let kind = match self.number.kind() {
            NumberKind::TollFree => "toll-free",
            NumberKind::Mobile => "mobile",
            _ => "local",
        };
        let mut shown = json!({
            "account_sid": self.account,
            "address_requirements": "none",
            "api_version": "2010-04-01",
            "beta": false,
            "capabilities": {
                "fax": false, "mms": self.texts, "sms": self.texts, "voice": true,
            },
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.updated),
            "emergency_address_status": "unregistered",
            "friendly_name": self.number.as_str(),
            "origin": if self.hosted { "hosted" } else { "twilio" },
            "phone_number": self.number.as_str(),
            "sid": self.sid,
            "status": "in-use",
            "type": kind,
            "uri": uri,
        });
        for setting in SETTINGS {
            let value = self.settings.get(setting.parameter);
            if value.is_some() || setting.parameter != "FriendlyName" {
                shown[setting.field] = setting.shown(value.map(String::as_str));
            }
        }
        shown
    }
}

impl World {
    /// Puts `number` into `account`, out of any it was in, with nothing set.
    pub(crate) fn place_number(&mut self, number: PhoneNumber, account: &str) -> String {
        self.know_account(account);
        let old = self.remove_number(number);
        let sid = match old {
            Some(old) if self.rules.keep_sids => old.sid,
            _ => self.mint("PN"),
        };
        let placed = Number {
            sid: sid.clone(),
            number,
            account: account.to_owned(),
            hosted: false,
            registration: Registration::None,
            texts: true,
            created: self.now,
            updated: self.now,
            settings: BTreeMap::new(),
        };
        self.numbers.insert(sid.clone(), placed);
        self.sids.insert(number, sid.clone());
        sid
    }

    /// Takes `number` out of its account, its service and its registration.
    pub(crate) fn remove_number(&mut self, number: PhoneNumber) -> Option<Number> {
        let sid = self.sids.remove(&number)?;
        self.deregister(&sid);
        for service in self.services.values_mut() {
            service.leave(&sid);
        }
        self.numbers.remove(&sid)
    }

    /// A number that there can be, or the refusal with `code`: one that is known here, or that its
    /// country's numbering plan has room for.
    pub(crate) fn possible(&self, text: &str, code: u32) -> Result<PhoneNumber, Refused> {
        let number = e164(text, code)?;
        let known = self.sids.contains_key(&number) || self.rules.portability.contains_key(&number);
        (known || PhoneNumber::parse(text, None) == Ok(number))
            .then_some(number)
            .ok_or_else(|| Refused::code(code))
    }

    pub(crate) fn number(&self, number: PhoneNumber) -> Option<&Number> {
        self.numbers.get(self.sids.get(&number)?)
    }

    pub(crate) fn account_of(&self, number: PhoneNumber) -> Option<&str> {
        self.number(number).map(|found| found.account.as_str())
    }

    pub(crate) fn list_numbers(&self, ask: &Ask) -> Result<Answer, Refused> {
        let own = ["Beta", "FriendlyName", "PhoneNumber", "Origin"];
        ask.query.only(&[&PAGING[..], &own].concat())?;
        self.reach(&ask.caller, ask.sid(0))?;
        let page = Page::asked(ask, self.rules.page_cap)?;
        ask.query.one_of("Beta", &["true", "false"])?;
        let origin = ask.query.one_of("Origin", &["twilio", "hosted"])?;
        let name = ask.query.get("FriendlyName");
        let pattern = ask.query.get("PhoneNumber");
        let found = self.numbers.values().filter(|number| {
            let text = number.number.as_str();
            number.account == ask.sid(0)
                && pattern.is_none_or(|pattern| matches(text, pattern))
                && origin.is_none_or(|origin| (origin == "hosted") == number.hosted)
                && name.is_none_or(|name| number.setting("FriendlyName").unwrap_or(text) == name)
        });
        let found = found.map(Number::shows).collect();
        Ok(page.classic("incoming_phone_numbers", found))
    }

    pub(crate) fn fetch_number(&self, ask: &Ask) -> Result<Answer, Refused> {
        ask.query.only(&[])?;
        Ok(Answer::shows(self.number_of(ask)?.shows()))
    }

    /// The number a path names, in the account it names.
    fn number_of(&self, ask: &Ask) -> Result<&Number, Refused> {
        self.reach(&ask.caller, ask.sid(0))?;
        let found = self.numbers.get(ask.sid(1));
        let found = found.filter(|number| number.account == ask.sid(0));
        found.ok_or_else(|| Refused::code(20404))
    }

    pub(crate) fn update_number(&mut self, ask: &Ask) -> Result<Answer, Refused> {
        let names: Vec<&str> = SETTINGS.iter().map(|setting| setting.parameter).collect();
        ask.form.only(&[&names[..], &["AccountSid"]].concat())?;
        let found = self.number_of(ask)?;
        let number = found.number;
        self.must_be_active(ask.sid(0))?;
        for setting in SETTINGS {
            setting.check(&ask.form)?;
        }
        let gaining = self.gaining_account(ask, number)?;
        // A move forgets what was set.
        check_fallbacks(&ask.form, |name| match gaining {
            None => found.setting(name),
            Some(_) => None,
        })?;
        if let Some(gaining) = gaining {
            self.place_number(number, &gaining);
        }
        let now = self.now;
        let sid = self.sids.get(&number).ok_or_else(|| Refused::code(20404))?;
        let found = self
            .numbers
            .get_mut(sid)
            .ok_or_else(|| Refused::code(20404))?;
        for setting in SETTINGS {
            if let Some(value) = ask.form.get(setting.parameter) {
                found.settings.insert(setting.parameter, value.to_owned());
            }
        }
        found.updated = now;
        Ok(Answer::did(200, found.shows()))
    }
}

/// Whether `pattern` occurs in `number`; `*` stands for any one character.
fn matches(number: &str, pattern: &str) -> bool {
    let (number, pattern) = (number.as_bytes(), pattern.as_bytes());
    pattern.is_empty()
        || number.windows(pattern.len()).any(|window| {
            let mut pairs = window.iter().zip(pattern);
            pairs.all(|(digit, expected)| *expected == b'*' || digit == expected)
        })
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_pattern_matches_anywhere_in_a_number() {
        for pattern in ["+14155550100", "555", "+1415555010*", "***", "", "0100"] {
            assert!(matches("+14155550100", pattern), "{pattern}");
        }
        for pattern in ["+141555501001", "556", " 14155550100", "0100*"] {
            assert!(!matches("+14155550100", pattern), "{pattern}");
        }
    }
}
