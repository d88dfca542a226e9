use chrono::{DateTime, TimeDelta, Utc};

use super::answer::Refused;
use super::params::Params;
use crate::testing::clock::after;

/// What `Name`, `Name<` and `Name>` leave: a day, until a moment, from a moment.
#[derive(Debug)]
pub(crate) struct Span {
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

impl Span {
    pub(crate) fn asked(query: &Params, [on, until, from]: [&str; 3]) -> Result<Self, Refused> {
        let day = query.instant(on)?.map(|(at, _)| at);
        let (from, until) = (query.instant(from)?, query.instant(until)?);
        let end_of_day = |at| after(at, TimeDelta::days(1));
        Ok(Self {
            from: day.or(from.map(|(at, _)| at)),
            until: day.map(end_of_day).or(until.map(
                |(at, whole)| {
                    if whole { end_of_day(at) } else { at }
                },
            )),
        })
    }

    pub(crate) fn holds(&self, at: Option<DateTime<Utc>>) -> bool {
        let Some(at) = at else {
            return self.from.is_none() && self.until.is_none();
        };
        self.from.is_none_or(|from| at >= from) && self.until.is_none_or(|until| at <= until)
    }
}
