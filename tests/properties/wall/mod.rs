//! A wall clock, read every minute: the slow, obvious reference of the business calendar.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta};
use chrono::{TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use proptest::prelude::*;
use snap_port::calendar::*;

/// Zones, each with days on or near which its clocks did something.
pub(crate) const CHANGES: [(&str, &[&str]); 23] = [
    ("America/New_York", &["2026-03-08", "2026-11-01"]),
    ("America/Los_Angeles", &["2027-03-14", "2027-11-07"]),
    // Midnight is skipped, or an hour before it comes twice.
    ("America/Sao_Paulo", &["2017-10-15", "2018-02-18"]),
    ("America/Havana", &["2026-03-08", "2026-11-01"]),
    ("Africa/Cairo", &["2026-04-24", "2026-10-30"]),
    ("Asia/Amman", &["2021-03-26", "2021-10-29"]),
    ("Asia/Gaza", &["2019-03-29", "2020-10-24"]),
    // One minute past midnight.
    ("America/St_Johns", &["2006-04-02", "2006-10-29"]),
    // Half an hour, in the south; two hours; half-hour and quarter-hour offsets.
    ("Australia/Lord_Howe", &["2026-04-05", "2026-10-04"]),
    ("Antarctica/Troll", &["2026-03-29", "2026-10-25"]),
    ("Australia/Sydney", &["2026-04-05", "2026-10-04"]),
    ("Asia/Kolkata", &["2026-01-26"]),
    ("Asia/Kathmandu", &["1986-01-01"]),
    ("Pacific/Chatham", &["2026-04-05", "2026-09-27"]),
    // Three hours back, from a Friday into its Thursday, and forth.
    ("Antarctica/Casey", &["2010-03-05", "2011-10-28"]),
    // Once only: half an hour, on a working day; by 30 minutes before midnight.
    ("America/Caracas", &["2007-12-09", "2016-05-01"]),
    ("Asia/Pyongyang", &["2015-08-15", "2018-05-04"]),
    ("Europe/Istanbul", &["2014-03-31", "2015-11-08"]),
    ("Africa/Casablanca", &["2026-02-15", "2026-03-22"]),
    // A day that never was, on a Friday, a Saturday and a Sunday; one that came twice.
    ("Pacific/Apia", &["2011-12-30"]),
    ("Pacific/Kwajalein", &["1993-08-21", "1969-09-30"]),
    ("Pacific/Kiritimati", &["1994-12-31"]),
    ("Etc/UTC", &["2026-06-30"]),
];

pub(crate) fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

/// A minute of a wall clock.
pub(crate) struct Minute {
    pub(crate) at: DateTime<Utc>,
    pub(crate) local: NaiveDateTime,
    /// The latest time the clock has shown so far.
    pub(crate) shown: NaiveDateTime,
    pub(crate) open: bool,
}

/// Four weeks of a wall clock, the opening hours, and what they make of one another.
pub(crate) struct Wall {
    pub(crate) minutes: Vec<Minute>,
    opens: NaiveTime,
    closes: NaiveTime,
    pub(crate) off: BTreeSet<NaiveDate>,
}

#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) zone: Zone,
    tz: Tz,
    /// Midnight UTC of the day it is about.
    pub(crate) middle: DateTime<Utc>,
    opens: NaiveTime,
    closes: NaiveTime,
    holidays: BTreeSet<NaiveDate>,
}

impl World {
    pub(crate) fn calendar(&self) -> BusinessCalendar {
        let holidays = self.holidays.iter().map(|date| (*date, "holiday"));
        BusinessCalendar::new(self.zone.clone())
            .with_hours(self.opens, self.closes)
            .unwrap()
            .with_holidays(holidays.collect::<ListedHolidays>())
    }

    pub(crate) fn wall(&self) -> Wall {
        let start = self.middle - TimeDelta::days(5);
        let mut shown = NaiveDateTime::MIN;
        let mut off = self.holidays.clone();
        let minutes = (0..28 * 24 * 60).map(|n| {
            let at = start + minutes(n);
            let local = at.with_timezone(&self.tz).naive_local();
            shown = shown.max(local);
            let (date, time) = (shown.date(), shown.time());
            if let Weekday::Sat | Weekday::Sun = date.weekday() {
                off.insert(date);
            }
            let open = !off.contains(&date) && self.opens <= time && time < self.closes;
            #[rustfmt::skip]
            let minute = Minute { at, local, shown, open };
            minute
        });
        Wall {
            minutes: minutes.collect(),
            opens: self.opens,
            closes: self.closes,
            off,
        }
    }
}

impl Wall {
    pub(crate) fn index(&self, at: DateTime<Utc>) -> usize {
        usize::try_from((at - self.minutes[0].at).num_minutes()).unwrap()
    }

    /// When the clock first shows `local`, or a later time.
    pub(crate) fn when(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        let minute = self.minutes.iter().find(|minute| minute.shown >= local);
        minute.map(|minute| minute.at)
    }

    pub(crate) fn next_open(&self, at: DateTime<Utc>) -> Option<&Minute> {
        self.minutes[self.index(at)..].iter().find(|m| m.open)
    }

    pub(crate) fn add_days(&self, at: DateTime<Utc>, days: u32) -> Option<DateTime<Utc>> {
        let start = self.next_open(at)?;
        let mut last = start.shown.date();
        let time = start.local.max(last.and_time(self.opens)).time();
        for _ in 0..days {
            let later = |minute: &&Minute| minute.open && minute.shown.date() > last;
            last = self.minutes.iter().find(later)?.shown.date();
        }
        match days {
            0 => Some(start.at),
            _ => self.when(last.and_time(time)),
        }
    }

    pub(crate) fn add_minutes(&self, at: DateTime<Utc>, mut count: i64) -> Option<DateTime<Utc>> {
        for minute in &self.minutes[self.index(self.next_open(at)?.at)..] {
            if count == 0 {
                return Some(minute.at);
            }
            count -= i64::from(minute.open);
        }
        None
    }

    pub(crate) fn days_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> u32 {
        let reached = |days: &u32| self.add_days(from, *days).is_some_and(|at| at <= to);
        (1..).take_while(reached).last().unwrap_or(0)
    }

    /// Whether it is open from `begins` until `ends`, on one day.
    pub(crate) fn is_open(&self, begins: DateTime<Utc>, ends: DateTime<Utc>) -> bool {
        let (first, end) = (self.index(begins), self.index(ends));
        let date = self.minutes[first].shown.date();
        let mut minutes = self.minutes[first..end.max(first + 1)].iter();
        minutes.all(|minute| minute.open && minute.shown.date() == date)
    }

    /// The begins of the slots that end before the wall does.
    pub(crate) fn slots(&self, from: DateTime<Utc>, length: TimeDelta) -> Vec<DateTime<Utc>> {
        let mut seen = HashSet::new();
        let mut slots = Vec::new();
        if length > self.closes - self.opens {
            return slots;
        }
        for minute in &self.minutes[..self.minutes.len() - length.num_minutes() as usize] {
            let (at, new) = (minute.at, seen.insert(minute.local));
            let full = minute.local.minute() == 0;
            if new && full && at >= from && self.is_open(at, at + length) {
                slots.push(at);
            }
        }
        slots
    }
}

prop_compose! {
    pub(crate) fn worlds()(
        case in prop::sample::select(&CHANGES[..]),
        change in any::<prop::sample::Index>(),
        elsewhere in prop::option::weighted(0.3, 1973..2040),
        shift in -3..=3_i64,
        hours in prop_oneof![
            Just((8 * 60, 17 * 60)),
            Just((0, 24 * 60 - 1)),
            // At night, when clocks are changed; at any time.
            (0..180_u32, 1..300_u32).prop_map(|(opens, length)| (opens, opens + length)),
            (0..1439_u32, 1..1440_u32).prop_map(|(opens, n)| (opens, (opens + n).min(1439))),
        ],
        holidays in prop::collection::vec(-6..14_i64, 0..5),
    ) -> World {
        let (name, changes) = case;
        let mut day: NaiveDate = changes[change.index(changes.len())].parse().unwrap();
        if let Some(year) = elsewhere {
            day = NaiveDate::from_yo_opt(year, day.ordinal().min(365)).unwrap();
        }
        let time = |minute: u32| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
        World {
            zone: Zone::parse(name).unwrap(),
            tz: name.parse().unwrap(),
            middle: (day + TimeDelta::days(shift)).and_time(NaiveTime::MIN).and_utc(),
            opens: time(hours.0),
            closes: time(hours.1),
            holidays: holidays.into_iter().map(|n| day + TimeDelta::days(n)).collect(),
        }
    }
}

/// The days are in the list for a reason, which a new zone table could take away.
#[test]
fn the_clocks_did_change_on_those_days() {
    for (name, days) in CHANGES {
        let tz: Tz = name.parse().unwrap();
        let changes = days.iter().filter(|day| {
            let noon = |day: NaiveDate| day.and_hms_opt(12, 0, 0).unwrap();
            let day: NaiveDate = day.parse().unwrap();
            let offset = |day| tz.offset_from_utc_datetime(&noon(day)).fix();
            offset(day - Days::new(2)) != offset(day + Days::new(2))
        });
        let expected = match name {
            "Asia/Kolkata" | "Etc/UTC" => 0,
            _ => days.len(),
        };
        assert_eq!(changes.count(), expected, "{name}");
    }
}
