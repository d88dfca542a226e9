use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Zone;

/// The first day the customer authorises the numbers to move: a date in the customer's zone.
///
/// "This date cannot be changed once the request is submitted to your losing carrier. It
/// represents the soonest time your company is prepared to complete the transition."
///
/// The day's bounds are kept as instants, so that a later change to a zone's rules cannot alter
/// what was agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawDay")]
pub struct EarliestPortDate {
    date: NaiveDate,
    zone: Zone,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDay {
    date: NaiveDate,
    zone: Zone,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// A stored day whose bounds are not that day anywhere on Earth.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bounds stored with {date} are not that day in any zone")]
pub struct InvalidDay {
    date: NaiveDate,
}

impl TryFrom<RawDay> for EarliestPortDate {
    type Error = InvalidDay;

    /// Holds the bounds to the date without asking the zone table, which may have changed since.
    fn try_from(raw: RawDay) -> Result<Self, InvalidDay> {
        let offset = raw.from - raw.date.and_time(NaiveTime::MIN).and_utc();
        let length = raw.until - raw.from;
        if offset.abs() > TimeDelta::hours(26)
            || length < TimeDelta::zero()
            || length > TimeDelta::hours(50)
        {
            return Err(InvalidDay { date: raw.date });
        }
        Ok(Self {
            date: raw.date,
            zone: raw.zone,
            from: raw.from,
            until: raw.until,
        })
    }
}

impl EarliestPortDate {
    /// The day `date` in `zone`.
    pub fn new(date: NaiveDate, zone: Zone) -> Self {
        let start = |day: NaiveDate| zone.at(day.and_time(NaiveTime::MIN));
        let from = start(date);
        let until = date.succ_opt().map_or(from, start);
        Self {
            date,
            zone,
            from,
            until,
        }
    }

    /// The date, in [`zone`](Self::zone).
    pub fn date(&self) -> NaiveDate {
        self.date
    }

    /// The customer's zone.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// When the day begins, UTC. A port before this instant breaks the customer's authorisation.
    pub fn begins(&self) -> DateTime<Utc> {
        self.from
    }

    /// Whether the day is over at `at`.
    pub fn is_past(&self, at: DateTime<Utc>) -> bool {
        at >= self.until
    }
}

impl fmt::Display for EarliestPortDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.date, self.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_customers_day() {
        let zone = Zone::parse("America/Los_Angeles").unwrap();
        let day = EarliestPortDate::new("2026-12-01".parse().unwrap(), zone);
        assert_eq!(day.begins().to_rfc3339(), "2026-12-01T08:00:00+00:00");
        assert!(!day.is_past("2026-12-02T07:59:59Z".parse().unwrap()));
        assert!(day.is_past("2026-12-02T08:00:00Z".parse().unwrap()));
    }

    #[test]
    fn a_stored_day_must_be_that_day() {
        let day = EarliestPortDate::new(
            "2026-12-01".parse().unwrap(),
            Zone::parse("Pacific/Kiritimati").unwrap(),
        );
        let json = serde_json::to_string(&day).unwrap();
        assert_eq!(
            serde_json::from_str::<EarliestPortDate>(&json).unwrap(),
            day
        );
        let moved = json.replace("\"date\":\"2026-12-01\"", "\"date\":\"2026-12-05\"");
        assert!(serde_json::from_str::<EarliestPortDate>(&moved).is_err());
    }
}
