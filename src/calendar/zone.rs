use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};
use serde::{Deserialize, Serialize};

/// An IANA time zone, such as `America/New_York`.
///
/// Clock changes are known until the end of 2099; from 2100 on a zone keeps to standard time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Box<str>", into = "Box<str>")]
pub struct Zone {
    name: Box<str>,
    // None only for a name read back from a record that this build's zone table does not know:
    // a record must stay readable, and what it decides is stored as instants beside the zone.
    tz: Option<Tz>,
}

/// No such zone in the IANA database of this build.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an IANA time zone; use a name such as \"America/New_York\"")]
pub struct UnknownZone(String);

impl Zone {
    /// The zone called `name`.
    ///
    /// # Errors
    /// [`UnknownZone`] if the IANA database of this build has none of that name.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        match name.parse::<Tz>() {
            Ok(tz) => Ok(Self {
                name: name.into(),
                tz: Some(tz),
            }),
            Err(_) => Err(UnknownZone(name.chars().take(64).collect())),
        }
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `at` as the zone's people read it, such as `Tue 24 Nov 2026 10:00 EST`.
    pub fn show(&self, at: DateTime<Utc>) -> String {
        const FORMAT: &str = "%a %-d %b %Y %H:%M %Z";
        match self.tz {
            Some(tz) => at.with_timezone(&tz).format(FORMAT).to_string(),
            None => at.format(FORMAT).to_string(),
        }
    }

    /// The instant of a local date and time. A time that a clock change skips is taken as the
    /// first that exists after it; one that occurs twice, as the first.
    pub fn at(&self, local: NaiveDateTime) -> DateTime<Utc> {
        let Some(tz) = self.tz else {
            return local.and_utc();
        };
        match tz.from_local_datetime(&local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.with_timezone(&Utc),
            LocalResult::None => {
                // All the times of a gap pass in the one instant at which it begins.
                let gap = GapInfo::new(&local, &tz).and_then(|gap| gap.begin);
                let at = gap.and_then(|(begins, offset)| begins.checked_sub_offset(offset.fix()));
                at.unwrap_or(local).and_utc()
            }
        }
    }

    /// The local date and time at an instant.
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let utc = at.naive_utc();
        let offset = self.tz.map(|tz| tz.offset_from_utc_datetime(&utc).fix());
        // At the very ends of the calendar an offset can lead out of it; the UTC time stands then.
        let local = offset.and_then(|offset| utc.checked_add_offset(offset));
        local.unwrap_or(utc)
    }

    /// The local date at an instant.
    pub fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date()
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;
    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        Self::parse(name)
    }
}

impl From<Box<str>> for Zone {
    fn from(name: Box<str>) -> Self {
        let tz = name.parse().ok();
        Self { name, tz }
    }
}

impl From<Zone> for Box<str> {
    fn from(zone: Zone) -> Self {
        zone.name
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_times_become_instants_across_clock_changes() {
        let zone = Zone::parse("America/New_York").unwrap();
        let at = |text: &str| zone.at(text.parse().unwrap()).to_rfc3339();
        assert_eq!(at("2026-07-01T09:00:00"), "2026-07-01T13:00:00+00:00");
        // 02:30 does not exist on 8 March 2026; 03:00 EDT is the first that does.
        assert_eq!(at("2026-03-08T02:30:00"), "2026-03-08T07:00:00+00:00");
        assert_eq!(at("2026-03-08T02:10:00"), "2026-03-08T07:00:00+00:00");
        // 01:30 occurs twice on 1 November 2026: the first.
        assert_eq!(at("2026-11-01T01:30:00"), "2026-11-01T05:30:00+00:00");
    }

    #[test]
    fn a_day_that_was_skipped_passes_in_one_instant() {
        // Samoa went from 29 to 31 December 2011.
        let zone = Zone::parse("Pacific/Apia").unwrap();
        let noon = zone.at("2011-12-30T12:00:00".parse().unwrap());
        assert_eq!(noon, zone.at("2011-12-31T00:00:00".parse().unwrap()));
        assert_eq!(zone.local(noon).to_string(), "2011-12-31 00:00:00");
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_panic() {
        for name in [
            "Pacific/Kiritimati",
            "Pacific/Pago_Pago",
            "America/New_York",
        ] {
            let zone = Zone::parse(name).unwrap();
            for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
                let _ = (zone.show(at), zone.date(at), zone.at(at.naive_utc()));
            }
            for date in [NaiveDate::MIN, NaiveDate::MAX] {
                let day = crate::calendar::EarliestPortDate::new(date, zone.clone());
                let _ = (day.to_string(), day.is_past(DateTime::<Utc>::MAX_UTC));
            }
        }
    }

    #[test]
    fn an_unknown_zone_is_refused_but_stays_readable() {
        assert!(Zone::parse("Mars/Olympus").is_err());
        let read: Zone = serde_json::from_str("\"Mars/Olympus\"").unwrap();
        assert_eq!(read.name(), "Mars/Olympus");
        assert_eq!(serde_json::to_string(&read).unwrap(), "\"Mars/Olympus\"");
    }
}
