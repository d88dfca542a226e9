//! What was heard of registrations: the last word on each number, by the words' own times.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::number::PhoneNumber;
use crate::request::{Registration, SKEW};
use crate::twilio::sid::{AccountSid, ServiceSid};
use crate::twilio::webhook::{RegistrationHint, RegistrationState};

/// Words remembered at the most; the oldest goes first.
const MOST: usize = 10_000;

/// So long good news is taken: an event is delivered within hours. One that is older is delivered
/// again, and what followed it may have been forgotten in a restart; a delivered text tells as well.
const STALE: TimeDelta = TimeDelta::days(1);

/// What a word says. Ordered: of two at one time the later in this order counts, so that the order
/// of their arrival does not. What begins comes before what came of it, and bad news last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Word {
    Pending,
    Registered,
    Failed(String),
    Leaving,
    Left,
}

impl Word {
    fn of(state: &RegistrationState) -> Option<Self> {
        Some(match state {
            RegistrationState::Pending => Self::Pending,
            RegistrationState::Successful => Self::Registered,
            RegistrationState::Failed(why) => Self::Failed(match why {
                Some(why) => format!("the registration failed: {why}"),
                None => "the registration failed, and no reason is given".to_owned(),
            }),
            RegistrationState::DeregistrationPending => Self::Leaving,
            RegistrationState::Deregistered => Self::Left,
            // Whether the number is still as registered as before, nobody says: what was known
            // stands until a text tells.
            RegistrationState::DeregistrationFailed(_) | RegistrationState::Other(_) => {
                return None;
            }
        })
    }

    pub(super) fn registration(self) -> Registration {
        match self {
            Self::Pending | Self::Leaving => Registration::Pending,
            Self::Registered => Registration::Registered,
            Self::Failed(why) => Registration::Failed(why),
            Self::Left => Registration::Failed(
                "the number was taken out of its campaign, and its texts are blocked; take it out \
                 of the messaging service and put it in again"
                    .to_owned(),
            ),
        }
    }
}

/// Of whom: parts an event leaves out may be anybody's.
type Key = (PhoneNumber, Option<AccountSid>, Option<ServiceSid>);

/// Registration events, in memory: what a restart forgets, a delivered text tells again.
#[derive(Debug, Default)]
pub(super) struct Heard(Mutex<BTreeMap<Key, (DateTime<Utc>, Word)>>);

impl Heard {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, (DateTime<Utc>, Word)>> {
        // Each word is put in whole: a panic elsewhere cannot have left half of one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of an event. One without a number or a time of its own cannot be placed, one from
    /// the future would outlast all that follow, and good news must be [fresh](STALE).
    pub(super) fn take(&self, event: &RegistrationHint, now: DateTime<Utc>) {
        let (Some(number), Some(at)) = (event.number, event.at) else {
            return;
        };
        let Some(word) = Word::of(&event.state) else {
            return;
        };
        let age = now.signed_duration_since(at);
        if age < -SKEW || (word == Word::Registered && age > STALE) {
            return;
        }
        let key = (number, event.account.clone(), event.service.clone());
        let said = (at, word);
        let mut all = self.lock();
        match all.get_mut(&key) {
            Some(known) => *known = said.max(known.clone()),
            None => {
                if all.len() >= MOST {
                    let oldest = all.iter().min_by_key(|(_, (at, _))| *at);
                    if let Some(key) = oldest.map(|(key, _)| key.clone()) {
                        all.remove(&key);
                    }
                }
                all.insert(key, said);
            }
        }
    }

    /// The last word on a number in this account, and in this service if one is named.
    pub(super) fn last(
        &self,
        number: PhoneNumber,
        account: &AccountSid,
        service: Option<&ServiceSid>,
    ) -> Option<(DateTime<Utc>, Word)> {
        let all = self.lock();
        let from = (number, None, None);
        let of_number = all.range(from..).take_while(|(key, _)| key.0 == number);
        let ours = of_number.filter(|((_, of, into), _)| {
            of.as_ref().is_none_or(|of| of == account)
                && into
                    .as_ref()
                    .is_none_or(|into| service.is_none_or(|service| into == service))
        });
        ours.map(|(_, said)| said.clone()).max()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::twilio::webhook::Fields;

    fn start() -> DateTime<Utc> {
        "2026-11-02T15:00:00Z".parse().unwrap()
    }

    fn number(last: usize) -> PhoneNumber {
        PhoneNumber::from_e164(&format!("+1415555{last:04}")).unwrap()
    }

    fn account(nth: u32) -> AccountSid {
        AccountSid::parse(&format!("AC{nth:032x}")).unwrap()
    }

    fn service(nth: u32) -> ServiceSid {
        ServiceSid::parse(&format!("MG{nth:032x}")).unwrap()
    }

    fn event(minute: i64, state: RegistrationState) -> RegistrationHint {
        RegistrationHint {
            number: Some(number(1)),
            number_sid: None,
            account: Some(account(1)),
            service: Some(service(1)),
            campaign: None,
            state,
            external_status: None,
            at: Some(start() + TimeDelta::minutes(minute)),
            event_id: None,
            fields: Fields::default(),
        }
    }

    fn heard(events: &[RegistrationHint]) -> Option<Registration> {
        let heard = Heard::default();
        let late = start() + TimeDelta::hours(1);
        events.iter().for_each(|event| heard.take(event, late));
        let last = heard.last(number(1), &account(1), Some(&service(1)));
        last.map(|(_, word)| word.registration())
    }

    #[test]
    fn the_latest_word_counts_in_whatever_order_it_comes() {
        use RegistrationState::{Deregistered, DeregistrationPending, Failed, Pending, Successful};
        let failed = |why: &str| Failed(Some(why.to_owned()));
        for (states, last) in [
            (vec![(0, Pending), (5, Successful)], "Registered"),
            // Within one second, what came of it is later than its beginning.
            (vec![(0, Pending), (0, Successful)], "Registered"),
            (vec![(0, Pending), (5, failed("30897"))], "30897"),
            (vec![(0, failed("30897")), (5, Successful)], "Registered"),
            (vec![(0, Successful), (5, DeregistrationPending)], "Pending"),
            (
                vec![
                    (0, Successful),
                    (5, DeregistrationPending),
                    (9, Deregistered),
                ],
                "taken out",
            ),
            (vec![(0, Deregistered), (5, Pending)], "Pending"),
            (
                vec![
                    (0, Successful),
                    (5, RegistrationState::DeregistrationFailed(None)),
                ],
                "Registered",
            ),
            (
                vec![(0, Successful), (5, RegistrationState::Other("x".into()))],
                "Registered",
            ),
            (vec![(0, Failed(None))], "no reason"),
        ] {
            let mut events: Vec<_> = states.into_iter().map(|(at, s)| event(at, s)).collect();
            let forth = heard(&events);
            let said = match &forth {
                Some(Registration::Failed(why)) => why.clone(),
                other => format!("{other:?}"),
            };
            assert!(said.contains(last), "{said}, not {last}");
            events.reverse();
            assert_eq!(heard(&events), forth, "reordered");
            let twice = [&events[..], &events[..]].concat();
            assert_eq!(heard(&twice), forth, "duplicated");
        }
    }

    #[test]
    fn a_word_on_another_is_not_taken() {
        let news = || event(0, RegistrationState::Successful);
        let mut of_another = news();
        of_another.number = Some(number(2));
        assert_eq!(heard(&[of_another]), None);
        let mut elsewhere = news();
        elsewhere.account = Some(account(2));
        assert_eq!(heard(&[elsewhere.clone()]), None);
        let mut in_another = news();
        in_another.service = Some(service(2));
        assert_eq!(heard(&[in_another]), None);
        // The older version of the event names no service.
        elsewhere.account = None;
        elsewhere.service = None;
        assert_eq!(heard(&[elsewhere]), Some(Registration::Registered));
        // A word of its old service does not hide one of its new.
        let mut left = event(9, RegistrationState::Deregistered);
        left.service = Some(service(2));
        assert_eq!(heard(&[news(), left]), Some(Registration::Registered));
    }

    #[test]
    fn what_cannot_be_placed_in_time_is_not_taken() {
        let mut timeless = event(0, RegistrationState::Successful);
        timeless.at = None;
        let mut nameless = event(0, RegistrationState::Successful);
        nameless.number = None;
        assert_eq!(heard(&[timeless, nameless]), None);
        let ahead = event(31 * 24 * 60, RegistrationState::Successful);
        assert_eq!(heard(&[ahead]), None);
    }

    #[test]
    fn good_news_that_is_delivered_again_days_later_is_no_news() {
        let old = -24 * 60;
        let news = event(old + 61, RegistrationState::Successful);
        assert_eq!(heard(&[news]), Some(Registration::Registered));
        let news = event(old + 59, RegistrationState::Successful);
        assert_eq!(heard(&[news]), None);
        // Bad news keeps.
        let news = event(old - 60, RegistrationState::Deregistered);
        assert!(matches!(heard(&[news]), Some(Registration::Failed(_))));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let heard = Heard::default();
        let late = start() + TimeDelta::days(30);
        for nth in 0..MOST {
            let mut news = event(nth.try_into().unwrap(), RegistrationState::Pending);
            news.number = Some(number(nth));
            heard.take(&news, late);
        }
        let mut one_more = event(60, RegistrationState::Pending);
        one_more.number = Some(PhoneNumber::from_e164("+14165550123").unwrap());
        heard.take(&one_more, late);
        assert_eq!(heard.lock().len(), MOST);
        let known = |number| heard.last(number, &account(1), None).is_some();
        assert!(known(one_more.number.unwrap()));
        assert!(!known(number(0)) && known(number(1)));
    }
}
