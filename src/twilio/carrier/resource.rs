//! Whom the calls and texts of the error log are about, looked up once each.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::TwilioCarrier;
use crate::carrier::CarrierError;
use crate::number::PhoneNumber;
use crate::twilio::client::{TwilioCode, TwilioError};
use crate::twilio::sid::{AccountSid, CallSid, MessageSid, NumberSid};

/// What is not there so long after its alert will not appear any more.
const SETTLED: TimeDelta = TimeDelta::hours(1);

/// What is not there, and may appear, is not looked for again so soon.
const AGAIN: TimeDelta = TimeDelta::minutes(10);

/// An alert older than this is not shown any more, so neither is its resource needed.
const KEPT: TimeDelta = TimeDelta::days(31);

/// Resources remembered at the most.
const MOST: usize = 100_000;

/// The numbers of calls, texts and number SIDs seen in the error log. Neither end of a call ever
/// changes, so what was looked up stays true; it is dropped when its alert is too old to be shown.
#[derive(Debug, Default)]
pub(super) struct Resources(Mutex<BTreeMap<(AccountSid, Box<str>), Known>>);

#[derive(Debug)]
struct Known {
    alert: DateTime<Utc>,
    parties: Parties,
    /// When it was looked for in vain, if it may appear yet.
    missed: Option<DateTime<Utc>>,
}

/// Who called or texted, and whom; a number by itself comes first. None of a resource of another
/// kind, or of another account.
pub(super) type Parties = [Option<PhoneNumber>; 2];

impl Resources {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<(AccountSid, Box<str>), Known>> {
        // Each entry is put in whole: a panic elsewhere cannot have left half of one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of it, unless it is to be looked for again.
    fn get(&self, account: &AccountSid, resource: &str, now: DateTime<Utc>) -> Option<Parties> {
        let key = (account.clone(), resource.into());
        let all = self.lock();
        let known = all.get(&key)?;
        let missed = known.missed.map(|missed| now.signed_duration_since(missed));
        // A clock that was set back keeps nothing waiting.
        let holds = |age| (TimeDelta::zero()..AGAIN).contains(&age);
        missed.is_none_or(holds).then_some(known.parties)
    }

    fn put(&self, account: &AccountSid, resource: &str, known: Known, now: DateTime<Utc>) {
        let mut all = self.lock();
        if all.len() >= MOST {
            all.retain(|_, known| now.signed_duration_since(known.alert) < KEPT);
        }
        if all.len() >= MOST {
            // Should one month hold more, the older half is looked up again when asked for.
            let mut ages: Vec<_> = all.values().map(|known| known.alert).collect();
            let (_, middle, _) = ages.select_nth_unstable(MOST / 2);
            let middle = *middle;
            all.retain(|_, known| known.alert > middle);
        }
        all.insert((account.clone(), resource.into()), known);
    }
}

enum Resource {
    Number(NumberSid),
    Call(CallSid),
    Text(MessageSid),
}

impl Resource {
    fn parse(sid: &str) -> Option<Self> {
        let number = || NumberSid::parse(sid).map(Self::Number);
        let call = || CallSid::parse(sid).map(Self::Call);
        let text = || MessageSid::parse(sid).map(Self::Text);
        number().or_else(|_| call()).or_else(|_| text()).ok()
    }
}

impl TwilioCarrier {
    /// The numbers a resource of the error log is about; none if it is of another kind or not of
    /// this account. `None` if it is not known and no look-up is left.
    pub(super) async fn parties(
        &self,
        account: &AccountSid,
        sid: &str,
        alert: DateTime<Utc>,
        left: &mut u32,
    ) -> Result<Option<Parties>, CarrierError> {
        let Some(resource) = Resource::parse(sid) else {
            return Ok(Some([None; 2]));
        };
        let now = self.clock.now();
        if let Some(parties) = self.resources.get(account, sid, now) {
            return Ok(Some(parties));
        }
        let Some(fewer) = left.checked_sub(1) else {
            return Ok(None);
        };
        *left = fewer;
        let mut missed = None;
        let parties = match self.look_at(account, &resource).await {
            Ok(parties) => parties,
            Err(error) if is_absent(&error) => {
                // The log may run ahead of the call it is about.
                missed = (now.signed_duration_since(alert) < SETTLED).then_some(now);
                [None; 2]
            }
            Err(error) => return Err(self.failed(error)),
        };
        let known = Known {
            alert,
            parties,
            missed,
        };
        self.resources.put(account, sid, known, now);
        Ok(Some(parties))
    }

    async fn look_at(
        &self,
        account: &AccountSid,
        resource: &Resource,
    ) -> Result<Parties, TwilioError> {
        Ok(match resource {
            Resource::Number(sid) => [self.client.number(account, sid).await?.number, None],
            Resource::Call(sid) => {
                let call = self.client.call(account, sid).await?;
                [call.from, call.to]
            }
            Resource::Text(sid) => {
                let text = self.client.message(account, sid).await?;
                [text.from, text.to]
            }
        })
    }
}

/// Twilio itself says so; a gateway's 404 says nothing.
fn is_absent(error: &TwilioError) -> bool {
    error.code() == Some(TwilioCode::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded() {
        let resources = Resources::default();
        let account = AccountSid::parse(&format!("AC{:032x}", 1)).unwrap();
        let start: DateTime<Utc> = "2026-11-02T15:00:00Z".parse().unwrap();
        let put = |nth: usize, alert| {
            let known = Known {
                alert,
                parties: [None; 2],
                missed: None,
            };
            resources.put(&account, &nth.to_string(), known, alert);
        };
        for nth in 0..=MOST {
            put(nth, start + TimeDelta::seconds(nth.try_into().unwrap()));
        }
        assert!(resources.lock().len() <= MOST);
        assert!(resources.get(&account, &MOST.to_string(), start).is_some());
        assert!(resources.get(&account, "0", start).is_none());
        let later = start + TimeDelta::days(60);
        for nth in 0..=MOST {
            put(MOST + 1 + nth, later);
        }
        assert!(resources.get(&account, &MOST.to_string(), start).is_none());
        assert!(resources.lock().len() <= MOST);
    }
}
