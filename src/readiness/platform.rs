mod known;

use std::fmt;
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use crate::document::LosingPlatform;

/// What is known of asking a losing platform to approve a transfer: where, who, what to say, what
/// to keep as it is, how long it takes, what it costs.
///
/// Plain data for people to read. Each [`PlatformFact`] says where it was read and when, because
/// platforms change their ways: look at the source before relying on an old one. What is not known
/// is left out, not guessed.
///
/// ```
/// # use snap_port::{LosingPlatform, PlatformGuide};
/// let guide = PlatformGuide::of(&LosingPlatform::Aircall);
/// println!("{} ({})", guide.ask_at(), guide.ask_at().source());
/// assert!(guide.fees().is_some() && guide.usual_time().is_none());
/// ```
#[derive(Debug)]
pub struct PlatformGuide {
    ask_at: PlatformFact,
    who_may_ask: PlatformFact,
    say: &'static [PlatformFact],
    keep: &'static [PlatformFact],
    usual_time: Option<UsualTime>,
    fees: Option<PlatformFact>,
    in_its_words: Option<&'static str>,
}

/// One thing known of a platform, where it was read, and when. Shown as its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformFact {
    text: &'static str,
    source: Source,
}

/// How long a platform usually takes, once it has everything it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsualTime {
    business_days: RangeInclusive<u32>,
    fact: PlatformFact,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Source {
    name: &'static str,
    platforms_own: bool,
    read_on: NaiveDate,
}

impl Source {
    const fn own(name: &'static str, read_on: NaiveDate) -> Self {
        let platforms_own = true;
        Self {
            name,
            platforms_own,
            read_on,
        }
    }

    const fn elsewhere(name: &'static str, read_on: NaiveDate) -> Self {
        let platforms_own = false;
        Self {
            name,
            platforms_own,
            read_on,
        }
    }
}

impl PlatformFact {
    const fn new(text: &'static str, source: Source) -> Self {
        Self { text, source }
    }

    /// The fact, as one or two sentences for people.
    pub fn text(&self) -> &'static str {
        self.text
    }

    /// Where it was read: who published it, under which title or number, and the address.
    pub fn source(&self) -> &'static str {
        self.source.name
    }

    /// Whether the platform itself publishes it. Otherwise it is what holds for platforms in
    /// general, by others' word or by this crate's advice; the source says which.
    pub fn is_platforms_own(&self) -> bool {
        self.source.platforms_own
    }

    /// The date it was read.
    pub fn as_of(&self) -> NaiveDate {
        self.source.read_on
    }
}

impl fmt::Display for PlatformFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl UsualTime {
    /// The usual least and most, in business days from the complete request.
    pub fn business_days(&self) -> RangeInclusive<u32> {
        self.business_days.clone()
    }

    /// What was read, and where.
    pub fn fact(&self) -> &PlatformFact {
        &self.fact
    }
}

impl PlatformGuide {
    /// The guide to `platform`. A platform this crate does not know gets the general form.
    pub fn of(platform: &LosingPlatform) -> &'static Self {
        match platform {
            LosingPlatform::Aircall => &known::AIRCALL,
            LosingPlatform::JustCall => &known::JUSTCALL,
            LosingPlatform::HighLevel => &known::HIGHLEVEL,
            LosingPlatform::Other(_) => &known::GENERAL,
        }
    }

    /// Where to ask. "Request number release - ask them to release your numbers back to Twilio" is
    /// done here, in words that cannot be mistaken: see
    /// [`ReleaseRequest`](super::ReleaseRequest).
    pub fn ask_at(&self) -> &PlatformFact {
        &self.ask_at
    }

    /// Who should ask.
    pub fn who_may_ask(&self) -> &PlatformFact {
        &self.who_may_ask
    }

    /// What the request must say and have with it.
    pub fn say(&self) -> &'static [PlatformFact] {
        self.say
    }

    /// What must stay as it is until the numbers have arrived and work.
    pub fn keep(&self) -> &'static [PlatformFact] {
        self.keep
    }

    /// How long the platform usually takes; `None` where it is not known.
    pub fn usual_time(&self) -> Option<&UsualTime> {
        self.usual_time.as_ref()
    }

    /// What the platform charges; `None` where it is not known. "There is no fee for porting
    /// numbers unless specified by your current provider or the losing carrier."
    pub fn fees(&self) -> Option<&PlatformFact> {
        self.fees.as_ref()
    }

    /// Every fact of the guide, in the order above.
    pub fn facts(&self) -> impl Iterator<Item = &PlatformFact> {
        [&self.ask_at, &self.who_may_ask]
            .into_iter()
            .chain(self.say)
            .chain(self.keep)
            .chain(self.usual_time.as_ref().map(UsualTime::fact))
            .chain(&self.fees)
    }

    /// A sentence of the request that speaks of the transfer as the platform's own pages do.
    pub(super) fn in_its_words(&self) -> Option<&'static str> {
        self.in_its_words
    }
}

#[cfg(test)]
mod tests {
    use super::known::{ADVICE, AIRCALL, CASE, GENERAL, HIGHLEVEL, JUSTCALL, NOV_23, NOV_24};
    use super::*;

    fn guides() -> [&'static PlatformGuide; 4] {
        [&AIRCALL, &JUSTCALL, &HIGHLEVEL, &GENERAL]
    }

    /// Words that could make somebody give the numbers up, whatever stands around them.
    fn dangerous(text: &str) -> Option<&'static str> {
        let text = text.to_lowercase();
        let words = [
            "releas",
            "delet",
            "remov",
            "port out",
            "port-out",
            "porting out",
        ];
        words.into_iter().find(|word| text.contains(word))
    }

    #[test]
    fn a_platform_gets_its_own_guide_and_any_other_the_general_form() {
        let of = |name: &str| PlatformGuide::of(&name.parse().unwrap());
        assert!(std::ptr::eq(of("aircall"), &AIRCALL));
        assert!(std::ptr::eq(of("JustCall"), &JUSTCALL));
        assert!(std::ptr::eq(of("HIGHLEVEL"), &HIGHLEVEL));
        assert!(std::ptr::eq(of("Dialer Nine"), &GENERAL));
    }

    #[test]
    fn every_fact_has_a_source_and_a_date() {
        let known = [NOV_23, NOV_24];
        for fact in guides().into_iter().flat_map(PlatformGuide::facts) {
            assert!(fact.text().ends_with('.'), "{fact}");
            assert!(known.contains(&fact.as_of()), "{fact}");
            let named = fact.source().contains("https://");
            assert!(named || [ADVICE, CASE].contains(&fact.source), "{fact}");
            assert!(named || !fact.is_platforms_own(), "{fact}");
            assert!(!fact.source().contains("  ") && !fact.text().contains("  "));
        }
    }

    #[test]
    fn every_guide_says_what_to_ask_and_what_to_keep() {
        for guide in guides() {
            let says = |word| guide.say().iter().any(|fact| fact.text().contains(word));
            assert!(says("number") && says("gaining") && says("listed on") && says("ticket ID"));
            assert!(
                guide
                    .keep()
                    .iter()
                    .any(|fact| fact.text().contains("very number"))
            );
            assert!(
                guide
                    .keep()
                    .iter()
                    .any(|fact| fact.text().contains("active"))
            );
            let one_by_one = 2 + guide.say().len() + guide.keep().len();
            let known =
                usize::from(guide.usual_time().is_some()) + usize::from(guide.fees().is_some());
            assert_eq!(guide.facts().count(), one_by_one + known);
        }
    }

    #[test]
    fn what_is_not_known_is_not_claimed() {
        assert!(GENERAL.facts().all(|fact| !fact.is_platforms_own()));
        let own = |guide: &'static PlatformGuide| guide.facts().filter(|f| f.is_platforms_own());
        assert_eq!(own(&JUSTCALL).count(), 1);
        assert!(own(&AIRCALL).all(|fact| fact.source().starts_with("Aircall")));
        assert!(own(&HIGHLEVEL).all(|fact| fact.source().starts_with("HighLevel")));
        let time = HIGHLEVEL.usual_time().unwrap();
        assert_eq!(time.business_days(), 1..=2);
        assert!(time.fact().text().contains("1 to 2 business days"));
        for guide in [&AIRCALL, &JUSTCALL, &GENERAL] {
            assert!(guide.usual_time().is_none());
        }
        assert!(JUSTCALL.fees().is_none() && HIGHLEVEL.fees().is_none());
    }

    #[test]
    fn no_guide_tells_anybody_to_give_the_numbers_up() {
        assert_eq!(dangerous("Never RELEASE a number"), Some("releas"));
        for guide in guides() {
            for fact in guide.facts() {
                assert_eq!(dangerous(fact.text()), None, "{fact}");
                assert_eq!(dangerous(fact.source()), None, "{fact}");
            }
            assert_eq!(guide.in_its_words().and_then(dangerous), None);
        }
    }
}
