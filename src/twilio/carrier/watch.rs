//! Once a day until a number has arrived: is it still where the port expects it?

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::desk::is_same;
use super::named::Named;
use super::side_by_side::side_by_side;
use super::{AccountSid, TwilioClient, TwilioError};
use crate::carrier::CarrierErrorKind;
use crate::clock::Clock;
use crate::number::PhoneNumber;
use crate::twilio::client::{Portability, PortabilityVerdict};

/// What the last answer about a number says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Watched {
    /// Not asked yet, or never answered.
    NotKnown,
    /// On Twilio with another owner (22132): as expected until it moves.
    Expected,
    /// In the target account or on its way there (22131), though not yet in its inventory.
    OnItsWay,
    /// In another account of the target's owner (22136): it moves home by API. Which account, if
    /// Twilio says.
    Elsewhere(Option<AccountSid>),
    /// Anything else: an alarm.
    Changed(PortabilityVerdict),
    /// The question itself is refused, in these words: nobody watches this number.
    Unreadable(String),
}

/// Asks Twilio once in a while whether numbers on their way are still in another owner's account,
/// and remembers the answers. What it remembers may be lost: then it only asks again.
#[derive(Debug)]
pub struct PortabilityWatch {
    client: TwilioClient,
    clock: Arc<dyn Clock>,
    every: TimeDelta,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    answers: HashMap<(PhoneNumber, AccountSid), Answer>,
    tidied: DateTime<Utc>,
}

#[derive(Clone, Debug)]
struct Answer {
    says: Watched,
    asked: DateTime<Utc>,
    again_in: TimeDelta,
    /// Since when Twilio has failed to answer.
    failing: Option<DateTime<Utc>>,
}

impl Answer {
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        let age = now.signed_duration_since(self.asked);
        // A clock that was set back makes no answer last longer.
        age < TimeDelta::zero() || age >= self.again_in
    }
}

/// How many numbers one look asks about at most; the others' turn is at the next.
const AT_MOST: usize = 200;

/// How many questions are under way at once.
const AT_ONCE: usize = 16;

/// How soon a number is asked about again that is on its way, or whose answer failed.
const SOON: TimeDelta = TimeDelta::minutes(15);

/// How many kinds of trouble an alarm names.
const KINDS: usize = 8;

/// A number in a transfer was on Twilio. That it is not any more has one cause and one remedy, and
/// the remedy has a term.
const GONE: &str = "no longer on Twilio: it was deleted or released; the losing account can take it \
                    back from Released Numbers within 10 days: ask the losing platform to do so now, \
                    and not to release it again";

impl PortabilityWatch {
    /// A watch that asks about each number at most once per `every`.
    pub fn new(client: TwilioClient, clock: Arc<dyn Clock>, every: TimeDelta) -> Self {
        Self {
            client,
            clock,
            every,
            seen: Mutex::default(),
        }
    }

    /// Asks about those of `numbers` whose turn it is, each with the account it is to move to.
    ///
    /// At most 200 are asked about in one go, those first that have waited longest. A failure that may pass ends it, and what is left is
    /// asked the next time; refused credentials hold for every number of that account. Each answer
    /// is kept as it comes, so a dropped call loses only the rest.
    pub async fn ask(&self, numbers: &[(PhoneNumber, AccountSid)]) {
        let due = self.due(numbers);
        let enough = &AtomicBool::new(false);
        let refused = &Mutex::new(HashMap::new());
        side_by_side(due, AT_ONCE, |(number, target)| async move {
            // What the lock guards is whole at every moment.
            let refused = || refused.lock().unwrap_or_else(PoisonError::into_inner);
            let known = refused().get(&target).cloned();
            if let Some(why) = known {
                self.keep(number, target, Said::Refused(why));
                return;
            }
            if enough.load(Ordering::Relaxed) {
                return;
            }
            let said = match self.client.portability(number, &target).await {
                Ok(answer) => read(answer, &target),
                Err(error) if is_transient(&error) => {
                    enough.store(true, Ordering::Relaxed);
                    Said::Nothing(why(&error))
                }
                Err(error) => {
                    let why = why(&error);
                    if error.kind() == CarrierErrorKind::Unauthorized {
                        refused().insert(target.clone(), why.clone());
                    }
                    Said::Refused(why)
                }
            };
            self.keep(number, target, said);
        })
        .await;
    }

    /// What the last answer about `number` says, which is to move to `target`.
    pub fn told(&self, number: PhoneNumber, target: &AccountSid) -> Watched {
        let seen = self.seen();
        let answer = seen.answers.get(&(number, target.clone()));
        answer.map_or(Watched::NotKnown, |answer| answer.says.clone())
    }

    /// What people must be told of `numbers` that are to move to `target`; `None` while all is as
    /// expected. The same trouble is said in the same words.
    pub fn alarm(&self, numbers: &[PhoneNumber], target: &AccountSid) -> Option<String> {
        let mut troubles: Vec<(String, Vec<PhoneNumber>)> = Vec::new();
        for number in numbers {
            let Some(trouble) = trouble(&self.told(*number, target)) else {
                continue;
            };
            match troubles.iter_mut().find(|(words, _)| *words == trouble) {
                Some((_, same)) => same.push(*number),
                None => troubles.push((trouble, vec![*number])),
            }
        }
        let (first, rest) = troubles.split_at(troubles.len().min(KINDS));
        let mut words = String::new();
        for (trouble, numbers) in first {
            let apart = if words.is_empty() { "" } else { " | " };
            // Writing to a String cannot fail.
            let _ = write!(words, "{apart}{}: {trouble}", Named(numbers));
        }
        let rest: usize = rest.iter().map(|(_, numbers)| numbers.len()).sum();
        if rest > 0 {
            let _ = write!(words, " | and other trouble with {rest} more");
        }
        (!words.is_empty()).then_some(words)
    }

    /// Forgets what was said of `number`, which was to move to `target`: it is there, or it was
    /// moved by hand.
    pub fn forget(&self, number: PhoneNumber, target: &AccountSid) {
        self.seen().answers.remove(&(number, target.clone()));
    }

    fn due(&self, numbers: &[(PhoneNumber, AccountSid)]) -> Vec<(PhoneNumber, AccountSid)> {
        let now = self.clock.now();
        let mut seen = self.seen();
        let since = now.signed_duration_since(seen.tidied);
        if since >= self.every || since < TimeDelta::zero() {
            seen.tidied = now;
            // Numbers nobody asks about any more have arrived, or their port has ended.
            let double = self.every.checked_mul(2).unwrap_or(TimeDelta::MAX);
            seen.answers
                .retain(|_, answer| now.signed_duration_since(answer.asked) < double);
        }
        let mut due: Vec<_> = numbers
            .iter()
            .map(|pair| (seen.answers.get(pair), pair))
            .filter(|(answer, _)| answer.is_none_or(|answer| answer.is_due(now)))
            .collect();
        // Otherwise numbers that are always due again soon would keep the turn from the rest.
        due.sort_by_key(|(answer, _)| answer.map(|answer| answer.asked));
        due.truncate(AT_MOST);
        due.into_iter().map(|(_, pair)| pair.clone()).collect()
    }

    fn keep(&self, number: PhoneNumber, target: AccountSid, said: Said) {
        let asked = self.clock.now();
        let soon = SOON.min(self.every);
        let mut seen = self.seen();
        let known = seen.answers.entry((number, target)).or_insert(Answer {
            says: Watched::NotKnown,
            asked,
            again_in: soon,
            failing: None,
        });
        known.asked = asked;
        known.again_in = soon;
        match said {
            Said::Answer(says) => {
                if says != Watched::OnItsWay {
                    known.again_in = self.every;
                }
                known.says = says;
                known.failing = None;
            }
            Said::Refused(why) => known.says = Watched::Unreadable(why),
            // What was known stays known for a while; then nobody watches, and that is said.
            Said::Nothing(why) => {
                let since = *known.failing.get_or_insert(asked);
                if asked.signed_duration_since(since) >= self.every {
                    known.says = Watched::Unreadable(why);
                }
            }
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // Answers are whole at every moment: a panic elsewhere cannot have left half of one.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What came of asking.
enum Said {
    Answer(Watched),
    /// The question is refused, in these words.
    Refused(String),
    /// No answer this time; why.
    Nothing(String),
}

fn read(answer: Portability, target: &AccountSid) -> Said {
    let verdict = answer.verdict;
    Said::Answer(match (verdict, answer.in_account) {
        (PortabilityVerdict::TryAgain, _) => return Said::Nothing(verdict.meaning().to_owned()),
        (PortabilityVerdict::NoAccess, _) => {
            let (meaning, next) = (verdict.meaning(), verdict.next_step());
            return Said::Refused(format!("{meaning}; {next}"));
        }
        (PortabilityVerdict::OnTwilioOtherOwner, _) => Watched::Expected,
        (PortabilityVerdict::InTarget, _) => Watched::OnItsWay,
        // "Another account" that is the target is the target.
        (PortabilityVerdict::OurOtherAccount, Some(at)) if is_same(&at, target) => {
            Watched::OnItsWay
        }
        (PortabilityVerdict::OurOtherAccount, at) => Watched::Elsewhere(at),
        (verdict, _) => Watched::Changed(verdict),
    })
}

/// Whether asking again may do. What bears no code of Twilio's may come from something in between.
fn is_transient(error: &TwilioError) -> bool {
    let refused = error.code().is_some() || error.kind() == CarrierErrorKind::Unauthorized;
    error.is_retryable() || !refused
}

/// Why there was no answer. Twilio's own words are left out: they may differ from one answer to the
/// next, and the same trouble would be news every time.
fn why(error: &TwilioError) -> String {
    let kind = error.kind();
    match error.code() {
        Some(code) => match code.what_to_do() {
            Some(todo) => format!("it {kind} ({code}): {todo}"),
            None => format!("it {kind} ({code})"),
        },
        None => format!("it {kind}"),
    }
}

/// What is wrong, without the numbers.
fn trouble(watched: &Watched) -> Option<String> {
    match watched {
        Watched::NotKnown | Watched::Expected | Watched::OnItsWay => None,
        // It is reported as an arrival there.
        Watched::Elsewhere(Some(_)) => None,
        Watched::Elsewhere(None) => Some(said(PortabilityVerdict::OurOtherAccount)),
        Watched::Changed(PortabilityVerdict::NotOnTwilio) => Some(GONE.to_owned()),
        Watched::Changed(verdict) => Some(said(*verdict)),
        Watched::Unreadable(why) => Some(format!("not watched, Twilio does not say: {why}")),
    }
}

fn said(verdict: PortabilityVerdict) -> String {
    let (meaning, next) = (verdict.meaning(), verdict.next_step());
    match verdict.code() {
        Some(code) => format!("now {code}, {meaning}; {next}"),
        None => format!("now {meaning}; {next}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{VirtualClock, sample};
    use crate::twilio::client::{BaseUrls, StaticCredentials};

    fn watch(clock: &VirtualClock) -> PortabilityWatch {
        let client = TwilioClient::builder(StaticCredentials::new())
            .base_urls(BaseUrls::all("http://127.0.0.1:9").unwrap())
            .build()
            .unwrap();
        PortabilityWatch::new(client, Arc::new(clock.clone()), TimeDelta::days(1))
    }

    fn pairs(count: usize) -> Vec<(PhoneNumber, AccountSid)> {
        let target = AccountSid::try_from(&sample::gaining_account()).unwrap();
        let numbers = sample::numbers(count);
        numbers.iter().map(|one| (*one, target.clone())).collect()
    }

    #[test]
    fn who_has_waited_longest_is_asked_about_first() {
        let clock = VirtualClock::at(sample::time());
        let watch = watch(&clock);
        let numbers = pairs(AT_MOST + 2);
        for (number, target) in &numbers[..AT_MOST] {
            watch.keep(*number, target.clone(), Said::Nothing("x".to_owned()));
            clock.advance(TimeDelta::seconds(1));
        }
        clock.advance(SOON);
        let due = watch.due(&numbers);
        assert_eq!(due.len(), AT_MOST);
        assert_eq!(due[..2], numbers[AT_MOST..], "never asked");
        assert_eq!(due[2..], numbers[..AT_MOST - 2], "the oldest answers");
    }

    #[test]
    fn numbers_nobody_asks_about_any_more_are_forgotten() {
        let clock = VirtualClock::at(sample::time());
        let watch = watch(&clock);
        let numbers = pairs(3);
        assert_eq!(watch.due(&numbers).len(), 3);
        let keep = |(number, target): &(PhoneNumber, AccountSid)| {
            watch.keep(*number, target.clone(), Said::Answer(Watched::Expected));
        };
        keep(&numbers[0]);
        clock.advance(TimeDelta::days(1));
        keep(&numbers[1]);
        clock.advance(TimeDelta::days(1));
        watch.due(&[]);
        let left: Vec<_> = watch.seen().answers.keys().cloned().collect();
        assert_eq!(left, [numbers[1].clone()]);
    }
}
