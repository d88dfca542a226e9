use std::fmt;
use std::iter::FusedIterator;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

use super::business::{HORIZON, clock};
use super::{BusinessCalendar, DayOff, EarliestPortDate, PortSlot, Zone};

impl BusinessCalendar {
    /// The slots of `length` that can be asked for at or after `from`: each begins on a full local
    /// hour and lies inside the business hours of one day, in the calendar's zone.
    ///
    /// An hour that the clocks skip is left out, one that they show twice is offered once, the
    /// first time. There is none if `length` is zero, negative or longer than the business hours.
    /// It ends with the calendar, or where a century goes by without a slot.
    pub fn slots(&self, from: DateTime<Utc>, length: TimeDelta) -> Slots<'_> {
        // Only a day on which the clocks go back has room for more, and nobody plans for that.
        let fits = TimeDelta::zero() < length && length <= self.closes() - self.opens();
        Slots {
            calendar: self,
            from,
            length,
            at: fits.then(|| (self.zone().date(from), 0)),
        }
    }

    /// Why `slot` may not be asked for, every reason at once; empty if it may.
    ///
    /// These bind only the slots *we* ask for: what a carrier sets itself, outside business hours
    /// or not, is recorded. Days and hours are held against this calendar's zone, not the slot's.
    pub fn objections(
        &self,
        slot: &PortSlot,
        earliest: &EarliestPortDate,
        now: DateTime<Utc>,
    ) -> Vec<SlotObjection> {
        let before_earliest = slot.begins() < earliest.begins();
        let past = slot.begins() <= now;
        let opening = self.opening_at(slot.begins());
        let in_hours = opening.is_some_and(|opening| slot.ends() <= opening.closes);
        if !before_earliest && !past && in_hours {
            return Vec::new();
        }

        let next = self.next_slot(slot, earliest, now);
        let mut objections = Vec::new();
        if before_earliest {
            objections.push(SlotObjection::BeforeEarliest {
                slot: slot.clone(),
                earliest: earliest.clone(),
                next: next.clone(),
            });
        }
        if past {
            objections.push(SlotObjection::Past {
                slot: slot.clone(),
                now,
                next: next.clone(),
            });
        }
        if in_hours {
            return objections;
        }
        let date = self.zone().date(slot.begins());
        let day_off = self.day_off(date).filter(|_| opening.is_none());
        objections.push(match day_off {
            Some(why) => SlotObjection::DayOff {
                slot: slot.clone(),
                date,
                zone: self.zone().clone(),
                why,
                next,
            },
            None => SlotObjection::OutsideHours {
                slot: slot.clone(),
                opens: self.opens(),
                closes: self.closes(),
                zone: self.zone().clone(),
                next,
            },
        });
        objections
    }

    /// The first slot as long as `slot` that may be asked for instead: not before it, nor before
    /// the earliest port date, and after `now`. It is in the slot's own zone.
    ///
    /// A slot without length is taken to want an hour. `None` if no business day has room.
    pub fn next_slot(
        &self,
        slot: &PortSlot,
        earliest: &EarliestPortDate,
        now: DateTime<Utc>,
    ) -> Option<PortSlot> {
        let from = slot.begins().max(earliest.begins()).max(now);
        let length = match slot.ends() - slot.begins() {
            length if length.is_zero() => TimeDelta::hours(1),
            length => length,
        };
        let mut slots = self.slots(from, length);
        let next = slots.find(|next| next.begins() > now)?;
        PortSlot::new(next.begins(), next.ends(), slot.zone().clone()).ok()
    }
}

/// The slots that can be asked for, in order: see [`BusinessCalendar::slots`].
#[derive(Clone, Debug)]
#[must_use = "iterators are lazy"]
pub struct Slots<'a> {
    calendar: &'a BusinessCalendar,
    from: DateTime<Utc>,
    length: TimeDelta,
    // The local hour to look at next; hour 24 is the next day's first.
    at: Option<(NaiveDate, u32)>,
}

impl Iterator for Slots<'_> {
    type Item = PortSlot;

    fn next(&mut self) -> Option<PortSlot> {
        let (mut date, mut hour) = self.at.take()?;
        for _ in 0..HORIZON {
            if let Some((slot, next)) = self.on(date, hour) {
                self.at = Some((date, next));
                return Some(slot);
            }
            date = date.succ_opt()?;
            hour = 0;
        }
        None
    }
}

impl FusedIterator for Slots<'_> {}

impl Slots<'_> {
    /// The first slot on `date` from `hour` on, and the hour after its begin.
    fn on(&self, date: NaiveDate, hour: u32) -> Option<(PortSlot, u32)> {
        let opening = self.calendar.opening(date)?;
        let zone = self.calendar.zone();
        for hour in hour.max(self.calendar.opens().hour())..24 {
            let local = date.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?);
            let begins = zone.at(local);
            let ends = begins.checked_add_signed(self.length)?;
            if ends > opening.closes {
                return None;
            }
            let skipped = zone.local(begins) != local;
            if !skipped && begins >= opening.opens.max(self.from) {
                let slot = PortSlot::new(begins, ends, zone.clone()).ok()?;
                return Some((slot, hour + 1));
            }
        }
        None
    }
}

/// Why a slot may not be asked for. Its `Display` says so in the slot's own zone, and which slot
/// could be had instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SlotObjection {
    /// It begins before the earliest port date: the customer has not authorised it.
    #[error(
        "the slot {slot} is before the earliest port date, {earliest}, which begins {}; {}",
        .slot.zone().show(.earliest.begins()),
        Instead(.next)
    )]
    BeforeEarliest {
        /// The slot.
        slot: PortSlot,
        /// The earliest port date.
        earliest: EarliestPortDate,
        /// The next slot that can be had.
        next: Option<PortSlot>,
    },
    /// It has begun: a slot that begins now comes too late.
    #[error("the slot {slot} is past: it is {}; {}", .slot.zone().show(*.now), Instead(.next))]
    Past {
        /// The slot.
        slot: PortSlot,
        /// The time it was held against, UTC.
        now: DateTime<Utc>,
        /// The next slot that can be had.
        next: Option<PortSlot>,
    },
    /// It begins on a day off.
    #[error(
        "the slot {slot} is on {date} in {zone}, {why}, and no business day; {}",
        Instead(.next)
    )]
    DayOff {
        /// The slot.
        slot: PortSlot,
        /// The day off, a date in `zone`.
        date: NaiveDate,
        /// The calendar's zone.
        zone: Zone,
        /// Why it is off.
        why: DayOff,
        /// The next slot that can be had.
        next: Option<PortSlot>,
    },
    /// It is not wholly inside the business hours of one day.
    #[error(
        "the slot {slot} until {} is not within the business hours of one day, {} to {} in {zone}; \
         {}",
        .slot.zone().show(.slot.ends()),
        clock(*.opens),
        clock(*.closes),
        Instead(.next)
    )]
    OutsideHours {
        /// The slot.
        slot: PortSlot,
        /// When a business day opens, a time in `zone`.
        opens: NaiveTime,
        /// When a business day closes, a time in `zone`.
        closes: NaiveTime,
        /// The calendar's zone.
        zone: Zone,
        /// The next slot that can be had.
        next: Option<PortSlot>,
    },
}

impl SlotObjection {
    /// The next slot that can be had: see [`BusinessCalendar::next_slot`].
    pub fn next_slot(&self) -> Option<&PortSlot> {
        match self {
            Self::BeforeEarliest { next, .. }
            | Self::Past { next, .. }
            | Self::DayOff { next, .. }
            | Self::OutsideHours { next, .. } => next.as_ref(),
        }
    }
}

struct Instead<'a>(&'a Option<PortSlot>);

impl fmt::Display for Instead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(next) => write!(f, "the next that can be had is {next}"),
            None => f.write_str(
                "no business day has room for one this long: ask for a shorter one, or look at the \
                 holidays",
            ),
        }
    }
}
