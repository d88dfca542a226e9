use chrono::{DateTime, Utc};

use super::lenient;
use super::page::PAGE_SIZE;
use crate::number::PhoneNumber;

/// Which calls or messages to list. By default all.
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

    /// Whether what was at `at` is meant, to the second; what has no time may be.
    pub(super) fn takes(&self, at: Option<DateTime<Utc>>) -> bool {
        lenient::not_before(at, self.since)
    }
}
