use std::fmt;
use std::iter;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc, Weekday};

use super::{Holidays, UsFederalHolidays, Zone};

/// Business days and hours in one zone: Monday to Friday; the holidays it is given are days off.
///
/// The definitions are borrowed from the FCC's porting intervals (47 CFR 52.35): business days are
/// Monday to Friday, the least business hours are 8 a.m. to 5 p.m. local time, and the provider's
/// own holidays are excluded. That rule governs ports between carriers. It does not bind a snap
/// port, whose numbers stay with theirs; but the people who do the work keep such hours.
///
/// A business day is open from the moment its clock first shows the opening time until it first
/// shows the closing time. Between them real time passes, so a day on which the clocks change while
/// it is open is shorter or longer, and a clock that is put back neither reopens what has closed
/// nor closes what has opened. A day the clocks skip is no business day.
///
/// No question is looked into further than a century (36 525 days) ahead: an answer that lies
/// beyond, as with holidays that never end, is [`NEVER`](Self::NEVER).
///
/// ```
/// use snap_port::calendar::{BusinessCalendar, Zone};
///
/// let calendar = BusinessCalendar::new(Zone::parse("America/New_York")?);
/// // The Wednesday before Thanksgiving, 16:00. Two business days on is Monday, 16:00.
/// let approved = "2026-11-25T21:00:00Z".parse()?;
/// let due = calendar.add_days(approved, 2);
/// assert_eq!(calendar.zone().show(due), "Mon 30 Nov 2026 16:00 EST");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct BusinessCalendar {
    zone: Zone,
    opens: NaiveTime,
    closes: NaiveTime,
    holidays: Arc<dyn Holidays>,
}

/// Opening hours that do not open before they close.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "business hours open before they close on the same day, but these open at {} and close at {}; \
     give a closing time after the opening time",
    clock(*opens),
    clock(*closes)
)]
pub struct InvalidHours {
    opens: NaiveTime,
    closes: NaiveTime,
}

/// Why a date is no business day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayOff {
    /// A Saturday or a Sunday.
    Weekend(Weekday),
    /// A holiday, with its name.
    Holiday(String),
}

impl fmt::Display for DayOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weekend(Weekday::Sun) => f.write_str("a Sunday"),
            Self::Weekend(_) => f.write_str("a Saturday"),
            Self::Holiday(name) => write!(f, "a holiday ({name})"),
        }
    }
}

/// One business day, from the instant it opens to the one it closes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening {
    date: NaiveDate,
    pub(super) opens: DateTime<Utc>,
    pub(super) closes: DateTime<Utc>,
}

/// How many days ahead an answer is looked for.
pub(super) const HORIZON: usize = 36_525;

// Evaluated by the compiler, so neither can fail.
const EIGHT: NaiveTime = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
const SEVENTEEN: NaiveTime = NaiveTime::from_hms_opt(17, 0, 0).unwrap();

impl BusinessCalendar {
    /// The answer where there is none within a century: the end of the calendar, which no clock
    /// reaches.
    pub const NEVER: DateTime<Utc> = DateTime::<Utc>::MAX_UTC;

    /// Monday to Friday from 8:00 to 17:00 in `zone`; US federal holidays are days off.
    ///
    /// A zone that was read back from a record and that this build does not know counts as UTC.
    pub fn new(zone: Zone) -> Self {
        Self {
            zone,
            opens: EIGHT,
            closes: SEVENTEEN,
            holidays: Arc::new(UsFederalHolidays),
        }
    }

    /// With other hours, local times. Closing is exclusive: at `closes` it is closed.
    ///
    /// # Errors
    /// [`InvalidHours`] unless it opens before it closes; hours cannot run past midnight.
    pub fn with_hours(self, opens: NaiveTime, closes: NaiveTime) -> Result<Self, InvalidHours> {
        if opens >= closes {
            return Err(InvalidHours { opens, closes });
        }
        Ok(Self {
            opens,
            closes,
            ..self
        })
    }

    /// With other holidays, in place of those it has.
    #[must_use]
    pub fn with_holidays(self, holidays: impl Holidays + 'static) -> Self {
        Self {
            holidays: Arc::new(holidays),
            ..self
        }
    }

    /// The zone its days and hours are in.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// When a business day opens, a local time.
    pub fn opens(&self) -> NaiveTime {
        self.opens
    }

    /// When a business day closes, a local time; by then it is closed.
    pub fn closes(&self) -> NaiveTime {
        self.closes
    }

    /// Why `date`, a local date, is no business day; `None` if it is one.
    pub fn day_off(&self, date: NaiveDate) -> Option<DayOff> {
        match date.weekday() {
            weekend @ (Weekday::Sat | Weekday::Sun) => Some(DayOff::Weekend(weekend)),
            _ => {
                let name = self.holidays.holiday(date)?;
                Some(DayOff::Holiday(name.into_owned()))
            }
        }
    }

    /// Whether it is open at `at`.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.opening_at(at).is_some()
    }

    /// When it is next open: `at` itself if it is open then.
    pub fn next_open(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let next = self.openings(at).next();
        next.map_or(Self::NEVER, |opening| opening.opens.max(at))
    }

    /// `days` business days after [`next_open(at)`](Self::next_open), at the same local time.
    ///
    /// A local time that the clocks skip on that day is taken as [`Zone::at`] takes it.
    pub fn add_days(&self, at: DateTime<Utc>, days: u32) -> DateTime<Utc> {
        let mut openings = self.openings(at);
        let Some(first) = openings.next() else {
            return Self::NEVER;
        };
        let (start, time) = self.start(&first, at);
        let Some(more) = days.checked_sub(1) else {
            return start;
        };
        let more = usize::try_from(more).unwrap_or(usize::MAX);
        let last = openings.nth(more);
        last.map_or(Self::NEVER, |opening| {
            self.zone.at(opening.date.and_time(time))
        })
    }

    /// The first instant by which it has been open for `hours` since
    /// [`next_open(at)`](Self::next_open), which may be the one it closes at.
    ///
    /// Counted is real time while it is open, nine hours on most days unless
    /// [`with_hours`](Self::with_hours) says otherwise; zero hours and fewer are none. The "24-48
    /// business hours" of the snap port process are no such hours but one to two business days, for
    /// which there is [`add_days`](Self::add_days).
    pub fn add_hours(&self, at: DateTime<Utc>, hours: TimeDelta) -> DateTime<Utc> {
        let mut left = hours.max(TimeDelta::zero());
        for opening in self.openings(at) {
            let start = opening.opens.max(at);
            let length = opening.closes - start;
            if left <= length {
                return start + left;
            }
            left -= length;
        }
        Self::NEVER
    }

    /// The whole business days from `from` to `to`: the most with which
    /// [`add_days(from, days)`](Self::add_days) is no later than `to`; 0 if `to` is before `from`.
    ///
    /// What is further from `from` than a century is not counted.
    pub fn days_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> u32 {
        let mut openings = self.openings(from);
        let Some(first) = openings.next() else {
            return 0;
        };
        let (_, time) = self.start(&first, from);
        let passed = |opening: &Opening| self.zone.at(opening.date.and_time(time)) <= to;
        let days = openings.take_while(passed).count();
        u32::try_from(days).unwrap_or(u32::MAX)
    }

    /// Where counting begins, and at which local time.
    fn start(&self, first: &Opening, at: DateTime<Utc>) -> (DateTime<Utc>, NaiveTime) {
        let start = first.opens.max(at);
        let local = self.zone.local(start);
        // A clock put back while it is open may show a time before the opening.
        let local = local.max(first.date.and_time(self.opens));
        (start, local.time())
    }

    /// The hours of `date`; `None` on a day off, or if the clocks skip them.
    pub(super) fn opening(&self, date: NaiveDate) -> Option<Opening> {
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        if weekend || self.holidays.holiday(date).is_some() {
            return None;
        }
        let opens = self.zone.at(date.and_time(self.opens));
        let closes = self.zone.at(date.and_time(self.closes));
        (opens < closes).then_some(Opening {
            date,
            opens,
            closes,
        })
    }

    /// The business day that is open at `at`.
    pub(super) fn opening_at(&self, at: DateTime<Utc>) -> Option<Opening> {
        let date = self.zone.date(at);
        // A clock put back across midnight shows the day before while the new one has begun.
        [Some(date), date.succ_opt()]
            .into_iter()
            .flatten()
            .filter_map(|date| self.opening(date))
            .find(|opening| opening.opens <= at && at < opening.closes)
    }

    /// The business days that close after `at`, in order.
    fn openings(&self, at: DateTime<Utc>) -> impl Iterator<Item = Opening> {
        let days = iter::successors(Some(self.zone.date(at)), NaiveDate::succ_opt);
        days.take(HORIZON)
            .filter_map(|date| self.opening(date))
            .skip_while(move |opening| opening.closes <= at)
    }
}

/// A time of day as people write it.
pub(super) fn clock(time: NaiveTime) -> impl fmt::Display {
    let whole_minutes = time.second() == 0 && time.nanosecond() == 0;
    time.format(if whole_minutes {
        "%H:%M"
    } else {
        "%H:%M:%S%.f"
    })
}
