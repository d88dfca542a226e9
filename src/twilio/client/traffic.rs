use chrono::{DateTime, Utc};

use super::lenient;
use super::page::PAGE_SIZE;
use crate::number::PhoneNumber;

/// Which calls or messages to list. By default all. What Twilio lists besides is left out.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[must_use]
#[non_exhaustive]
pub struct TrafficFilter {
    /// Only those from this number.
    pub from: Option<PhoneNumber>,
    /// Only those to this number.
    pub to: Option<PhoneNumber>,
    /// Only those since then, UTC. Twilio filters by day, the client to the second.
    pub since: Option<DateTime<Utc>>,
}

impl TrafficFilter {
    /// All of them.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only those from this number.
    pub fn from(mut self, number: PhoneNumber) -> Self {
        self.from = Some(number);
        self
    }

    /// Only those to this number.
    pub fn to(mut self, number: PhoneNumber) -> Self {
        self.to = Some(number);
        self
    }

    /// Only those since then, UTC.
    pub fn since(mut self, since: DateTime<Utc>) -> Self {
        self.since = Some(since);
        self
    }

    /// The day it begins with.
    pub(super) fn day(&self) -> Option<String> {
        self.since.map(|since| since.format("%Y-%m-%d").to_string())
    }

    /// The query; `since` is the parameter Twilio reads the first day from.
    pub(super) fn pairs<'a>(
        &'a self,
        since: &'static str,
        day: Option<&'a str>,
    ) -> Vec<(&'static str, &'a str)> {
        let mut pairs = vec![PAGE_SIZE];
        pairs.extend(self.from.as_ref().map(|from| ("From", from.as_str())));
        pairs.extend(self.to.as_ref().map(|to| ("To", to.as_str())));
        pairs.extend(day.map(|day| (since, day)));
        pairs
    }

    /// Whether what went from `from` to `to` at `at` is meant: an end that is named must be that very
    /// number, the time counts to the second, and what has no time may be meant.
    pub(super) fn takes(
        &self,
        from: Option<PhoneNumber>,
        to: Option<PhoneNumber>,
        at: Option<DateTime<Utc>>,
    ) -> bool {
        let is = |end, named: Option<PhoneNumber>| named.is_none() || end == named;
        is(from, self.from) && is(to, self.to) && lenient::not_before(at, self.since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_is_taken() {
        let [a, b] = ["+14155550100", "+14155550199"].map(|text| text.parse().ok());
        let at = |second: u32| format!("2026-11-24T17:44:{second:02}Z").parse().ok();
        let all = TrafficFilter::new();
        assert!(all.takes(None, None, None) && all.takes(a, b, at(1)));
        let mut filter = TrafficFilter::new();
        (filter.from, filter.to, filter.since) = (a, b, at(5));
        for (from, to, time, taken) in [
            (a, b, at(5), true),
            (a, b, None, true),
            (a, b, at(4), false),
            (b, b, at(5), false),
            (None, b, at(5), false),
            (a, a, at(5), false),
            (a, None, at(5), false),
        ] {
            assert_eq!(
                filter.takes(from, to, time),
                taken,
                "{from:?} {to:?} {time:?}"
            );
        }
    }
}
