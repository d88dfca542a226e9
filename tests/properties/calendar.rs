//! The business calendar against a slow, obvious reference, and the laws it keeps without one.

use std::collections::BTreeSet;

use crate::wall::{CHANGES, minutes, worlds};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::TZ_VARIANTS;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use snap_port::calendar::*;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(5),
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    }
}

/// Minutes from a world's middle; past it is room for the answers.
fn offsets() -> impl Strategy<Value = TimeDelta> {
    (-36 * 60..5 * 24 * 60_i64).prop_map(minutes)
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn local_times_are_what_the_wall_clock_shows(
        world in worlds(),
        after in offsets(),
        of_day in 0..1440_i64,
    ) {
        let (wall, at) = (world.wall(), world.middle + after);
        let minute = &wall.minutes[wall.index(at)];
        prop_assert_eq!(world.zone.local(at), minute.local);
        let local = minute.local.date().and_time(NaiveTime::MIN) + minutes(of_day);
        prop_assert_eq!(Some(world.zone.at(local)), wall.when(local));
    }

    #[test]
    fn it_is_open_when_the_wall_says_so(world in worlds()) {
        let (wall, calendar) = (world.wall(), world.calendar());
        let from = wall.index(world.middle - TimeDelta::days(2));
        for minute in wall.minutes[from..].iter().step_by(7) {
            prop_assert_eq!(calendar.is_open(minute.at), minute.open, "at {}", minute.local);
        }
        for date in world.middle.date_naive().iter_days().take(14) {
            // A day the clock never showed is on no wall.
            let shown = wall.minutes.iter().any(|minute| minute.shown.date() == date);
            prop_assert!(!shown || calendar.day_off(date).is_some() == wall.off.contains(&date));
        }
    }

    #[test]
    fn days_and_hours_are_counted_as_on_the_wall(
        world in worlds(),
        after in offsets(),
        days in 0..7_u32,
        open in prop_oneof![Just(0), 0..60_i64, 0..4000_i64],
        until in -48..400_i64,
    ) {
        let (wall, calendar, at) = (world.wall(), world.calendar(), world.middle + after);
        let end = wall.minutes[wall.minutes.len() - 1].at;
        let same = |ours: DateTime<Utc>, reference: Option<DateTime<Utc>>| match reference {
            Some(reference) => ours == reference,
            None => ours > end,
        };
        let next = calendar.next_open(at);
        let reference = wall.next_open(at).map(|minute| minute.at);
        prop_assert!(same(next, reference), "{}, not {:?}", next, reference);
        let day = calendar.add_days(at, days);
        let reference = wall.add_days(at, days);
        prop_assert!(same(day, reference), "{}, not {:?}", day, reference);
        let hour = calendar.add_hours(at, minutes(open));
        let reference = wall.add_minutes(at, open);
        prop_assert!(same(hour, reference), "{}, not {:?}", hour, reference);
        for to in [at + TimeDelta::hours(until), day, day - minutes(1)] {
            let to = to.min(end);
            let reference = wall.days_between(at, to);
            prop_assert_eq!(calendar.days_between(at, to), reference, "until {}", to);
        }
    }

    #[test]
    fn slots_are_the_full_hours_on_the_wall(
        world in worlds(),
        after in offsets(),
        length in 1..300_i64,
    ) {
        let (wall, calendar, from) = (world.wall(), world.calendar(), world.middle + after);
        let slots = wall.slots(from, minutes(length));
        let ours = calendar.slots(from, minutes(length));
        let ours: Vec<_> = ours.take(slots.len()).collect();
        let begins: Vec<_> = ours.iter().map(PortSlot::begins).collect();
        prop_assert_eq!(begins, slots);
        for slot in ours {
            prop_assert_eq!(slot.ends() - slot.begins(), minutes(length));
            prop_assert_eq!(slot.zone(), &world.zone);
        }
    }

    #[test]
    fn objections_are_what_the_wall_has_against_a_slot(
        world in worlds(),
        after in offsets(),
        length in prop_oneof![Just(0), 1..120_i64, 0..3000_i64],
        earliest in -3..4_i64,
        now in prop_oneof![1 => Just(0), 4 => -4000..4000_i64],
        theirs in prop::sample::select(&CHANGES[..]),
    ) {
        let (wall, calendar, begins) = (world.wall(), world.calendar(), world.middle + after);
        let (ends, now) = (begins + minutes(length), begins + minutes(now));
        let theirs = Zone::parse(theirs.0).unwrap();
        let slot = PortSlot::new(begins, ends, theirs.clone()).unwrap();
        let earliest = (begins + TimeDelta::days(earliest)).date_naive();
        let earliest = EarliestPortDate::new(earliest, theirs);

        let (mut reasons, minute) = (Vec::new(), &wall.minutes[wall.index(begins)]);
        if begins < earliest.begins() {
            reasons.push("earliest");
        }
        if begins <= now {
            reasons.push("past");
        }
        if !minute.open && wall.off.contains(&minute.local.date()) {
            reasons.push("day off");
        } else if !wall.is_open(begins, ends) {
            reasons.push("hours");
        }
        let objections = calendar.objections(&slot, &earliest, now);
        let ours = objections.iter().map(|objection| match objection {
            SlotObjection::BeforeEarliest { .. } => "earliest",
            SlotObjection::Past { .. } => "past",
            SlotObjection::DayOff { .. } => "day off",
            SlotObjection::OutsideHours { .. } => "hours",
            other => panic!("a new one: {other}"),
        });
        prop_assert_eq!(ours.collect::<Vec<_>>(), reasons);

        let length = minutes(if length == 0 { 60 } else { length });
        let next = calendar.next_slot(&slot, &earliest, now);
        let from = begins.max(earliest.begins()).max(now);
        let slots = wall.slots(from, length);
        if let Some(reference) = slots.iter().find(|begins| **begins > now) {
            prop_assert_eq!(next.as_ref().map(PortSlot::begins), Some(*reference));
        }
        for objection in &objections {
            prop_assert_eq!(objection.next_slot(), next.as_ref());
        }
        if let Some(next) = next {
            prop_assert_eq!(next.zone(), slot.zone());
            prop_assert_eq!(calendar.objections(&next, &earliest, now), []);
        }
    }
}

/// Any instant chrono has, and most often one of this age.
fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    let (min, max) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let at = |seconds, nanos| DateTime::from_timestamp(seconds, nanos).unwrap();
    prop_oneof![
        6 => (-4_000_000_000..8_000_000_000_i64, 0..1_000_000_000_u32),
        1 => (min.timestamp()..max.timestamp(), 0..1_000_000_000_u32),
        1 => (min.timestamp()..min.timestamp() + 200_000, Just(0)),
        1 => (max.timestamp() - 200_000..max.timestamp(), Just(0)),
        1 => Just((max.timestamp(), 999_999_999)),
    ]
    .prop_map(move |(seconds, nanos)| at(seconds, nanos))
}

proptest! {
    #![proptest_config(config(256))]

    /// What needs no reference: any zone, any instant, holidays computed.
    #[test]
    fn counting_keeps_its_laws(
        tz in prop::sample::select(&TZ_VARIANTS[..]),
        at in instants(),
        days in prop_oneof![16 => 0..40_u32, 1 => any::<u32>()],
        more in 0..20_u32,
        hours in prop_oneof![16 => 0..400_000_i64, 1 => any::<i64>()],
        later in 1..1_000_000_i64,
    ) {
        let calendar = BusinessCalendar::new(Zone::parse(tz.name()).unwrap());
        let hours = TimeDelta::try_seconds(hours).unwrap_or(TimeDelta::MAX);
        let never = BusinessCalendar::NEVER;

        let open = calendar.next_open(at);
        prop_assert!(open >= at);
        prop_assert!(open == never || calendar.is_open(open));
        prop_assert_eq!(calendar.is_open(at), open == at && at != never);
        prop_assert_eq!(calendar.next_open(open), open);
        prop_assert_eq!(calendar.add_days(at, 0), open);
        prop_assert_eq!(calendar.add_days(open, days), calendar.add_days(at, days));

        let due = calendar.add_days(at, days);
        prop_assert!(due >= open);
        let sum = calendar.add_days(at, days.saturating_add(more));
        if sum < never {
            prop_assert_eq!(calendar.days_between(at, due), days);
            prop_assert_eq!(calendar.add_days(due, more), sum);
        }
        let spent = calendar.add_hours(at, hours);
        prop_assert!(spent >= open);
        prop_assert!(hours < TimeDelta::zero() || spent == never || spent - open >= hours);

        if let Some(later) = at.checked_add_signed(TimeDelta::seconds(later)) {
            // What lies a century ahead of the one may be out of sight of the other.
            prop_assert!(sum == never || calendar.add_days(later, days) >= due);
            prop_assert!(spent == never || calendar.add_hours(later, hours) >= spent);
        }
        let slots: Vec<_> = calendar.slots(at, TimeDelta::hours(1)).take(20).collect();
        for slot in &slots {
            prop_assert!(slot.begins() >= at && calendar.is_open(slot.begins()));
        }
        prop_assert!(slots.windows(2).all(|pair| pair[0].begins() < pair[1].begins()));
    }

    #[test]
    fn federal_holidays_are_those_one_counts_on_a_calendar(
        year in prop_oneof![1960..2110, -4000..9999],
    ) {
        let days = |year| {
            let days = NaiveDate::from_ymd_opt(year, 1, 1).unwrap().iter_days();
            days.take_while(move |date| date.year() == year)
        };
        let mut holidays = BTreeSet::new();
        for year in year - 1..=year + 1 {
            // The dates of a weekday in a month, counted off one by one.
            let dates = |month, weekday| -> Vec<NaiveDate> {
                let days = days(year).filter(|date| date.month() == month);
                days.filter(|date| date.weekday() == weekday).collect()
            };
            let mut fixed = vec![(1, 1), (7, 4), (12, 25)];
            let mut weekdays = vec![
                dates(2, Weekday::Mon)[2],
                *dates(5, Weekday::Mon).last().unwrap(),
                dates(9, Weekday::Mon)[0],
                dates(10, Weekday::Mon)[1],
                dates(11, Weekday::Thu)[3],
            ];
            if year >= 1986 {
                weekdays.push(dates(1, Weekday::Mon)[2]);
            }
            if year >= 2021 {
                fixed.push((6, 19));
            }
            if (1971..1978).contains(&year) {
                weekdays.push(dates(10, Weekday::Mon)[3]);
            } else {
                fixed.push((11, 11));
            }
            holidays.extend(weekdays);
            for (month, day) in fixed {
                let date = NaiveDate::from_ymd_opt(year, month, day).unwrap();
                holidays.insert(date);
                match date.weekday() {
                    Weekday::Sat => holidays.insert(date - Days::new(1)),
                    Weekday::Sun => holidays.insert(date + Days::new(1)),
                    _ => false,
                };
            }
        }
        for date in days(year) {
            let ours = UsFederalHolidays.holiday(date);
            prop_assert_eq!(ours.is_some(), holidays.contains(&date), "{}: {:?}", date, ours);
        }
    }
}
