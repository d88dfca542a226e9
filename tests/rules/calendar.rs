//! Business days, hours and slots: each rule by an example.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use snap_port::calendar::*;

fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

fn new_york() -> BusinessCalendar {
    BusinessCalendar::new(zone("America/New_York"))
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn hours(n: i64) -> TimeDelta {
    TimeDelta::hours(n)
}

/// What people in the calendar's zone read.
fn shown(calendar: &BusinessCalendar, at: DateTime<Utc>) -> String {
    calendar.zone().show(at)
}

/// Nobody ever works.
#[derive(Debug)]
struct Strike;

impl Holidays for Strike {
    fn holiday(&self, _: NaiveDate) -> Option<Cow<'_, str>> {
        Some("strike".into())
    }
}

#[test]
fn it_is_open_from_opening_until_closing() {
    let calendar = new_york();
    for (text, open) in [
        ("2026-11-24T07:59:59-05:00", false),
        ("2026-11-24T08:00:00-05:00", true),
        ("2026-11-24T16:59:59-05:00", true),
        ("2026-11-24T17:00:00-05:00", false),
        // Thanksgiving, Saturday.
        ("2026-11-26T10:00:00-05:00", false),
        ("2026-11-28T10:00:00-05:00", false),
    ] {
        assert_eq!(calendar.is_open(at(text)), open, "{text}");
        assert_eq!(calendar.next_open(at(text)) == at(text), open, "{text}");
    }
    let next = calendar.next_open(at("2026-11-25T17:00:00-05:00"));
    assert_eq!(shown(&calendar, next), "Fri 27 Nov 2026 08:00 EST");
}

#[test]
fn hours_that_do_not_open_before_they_close_are_refused() {
    let refused = new_york().with_hours(time("17:00:00"), time("08:00:00"));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "business hours open before they close on the same day, but these open at 17:00 and close \
         at 08:00; give a closing time after the opening time"
    );
    let nine = time("09:00:00");
    assert!(new_york().with_hours(nine, nine).is_err());
}

#[test]
fn a_business_day_ends_at_the_same_local_time() {
    let calendar = new_york();
    let due = |from, days| shown(&calendar, calendar.add_days(at(from), days));
    // Over Thanksgiving and a weekend; over the night in which the clocks go back.
    let wednesday = "2026-11-25T15:30:00-05:00";
    assert_eq!(due(wednesday, 1), "Fri 27 Nov 2026 15:30 EST");
    assert_eq!(due(wednesday, 2), "Mon 30 Nov 2026 15:30 EST");
    let friday = "2026-10-30T15:30:00-04:00";
    assert_eq!(due(friday, 1), "Mon 2 Nov 2026 15:30 EST");
    // Counting begins when it next opens.
    let saturday = "2026-11-28T20:00:00-05:00";
    assert_eq!(due(saturday, 0), "Mon 30 Nov 2026 08:00 EST");
    assert_eq!(due(saturday, 1), "Tue 1 Dec 2026 08:00 EST");
}

#[test]
fn whole_business_days_are_counted() {
    let calendar = new_york();
    let between = |from, to| calendar.days_between(at(from), at(to));
    let wednesday = "2026-11-25T15:30:00-05:00";
    assert_eq!(between(wednesday, "2026-11-27T15:29:59-05:00"), 0);
    assert_eq!(between(wednesday, "2026-11-27T15:30:00-05:00"), 1);
    assert_eq!(between(wednesday, "2026-11-30T15:29:59-05:00"), 1);
    assert_eq!(between(wednesday, "2026-11-30T15:30:00-05:00"), 2);
    assert_eq!(between(wednesday, "2026-11-20T15:30:00-05:00"), 0);
}

#[test]
fn business_hours_are_those_that_pass_while_it_is_open() {
    let calendar = new_york();
    let due = |from, n| shown(&calendar, calendar.add_hours(at(from), hours(n)));
    let wednesday = "2026-11-25T15:00:00-05:00";
    assert_eq!(due(wednesday, 2), "Wed 25 Nov 2026 17:00 EST");
    assert_eq!(due(wednesday, 3), "Fri 27 Nov 2026 09:00 EST");
    assert_eq!(due(wednesday, 0), "Wed 25 Nov 2026 15:00 EST");
    assert_eq!(due(wednesday, -5), "Wed 25 Nov 2026 15:00 EST");
}

#[test]
fn a_day_on_which_the_clocks_change_is_shorter_or_longer() {
    // Egypt changes its clocks between Thursday and Friday, at midnight.
    let early = |day: &str| {
        let calendar = BusinessCalendar::new(zone("Africa/Cairo"))
            .with_hours(time("00:00:00"), time("04:00:00"))
            .unwrap();
        let begins = calendar.next_open(at(day));
        let due = calendar.add_hours(begins, hours(4));
        (shown(&calendar, begins), shown(&calendar, due))
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let usual = pair("Fri 17 Apr 2026 00:00 EET", "Fri 17 Apr 2026 04:00 EET");
    assert_eq!(early("2026-04-16T12:00:00Z"), usual);
    let short = pair("Fri 24 Apr 2026 01:00 EEST", "Mon 27 Apr 2026 01:00 EEST");
    assert_eq!(early("2026-04-23T12:00:00Z"), short);

    // On 29 October 2026 the hour before midnight comes twice.
    let late = BusinessCalendar::new(zone("Africa/Cairo"))
        .with_hours(time("20:00:00"), time("23:30:00"))
        .unwrap();
    let thursday = at("2026-10-29T20:00:00+03:00");
    assert_eq!(
        late.add_hours(thursday, hours(3)),
        thursday + hours(3),
        "it closes when the clock first shows 23:30"
    );
    assert!(!late.is_open(at("2026-10-29T23:15:00+02:00")));
}

#[test]
fn a_clock_put_back_does_not_close_what_has_opened() {
    // In Amman, on Friday 29 October 2021, the hour after midnight came twice.
    let amman = BusinessCalendar::new(zone("Asia/Amman"))
        .with_hours(time("00:30:00"), time("04:00:00"))
        .unwrap();
    let again = at("2021-10-29T00:10:00+02:00");
    assert!(amman.is_open(again));
    // On Monday 00:10 comes once, and too early.
    let monday = amman.add_days(again, 1);
    assert_eq!(shown(&amman, monday), "Mon 1 Nov 2021 00:30 EET");

    // At Casey, on Friday 5 March 2010, two o'clock was Thursday 23:00 again.
    let casey = casey();
    let thursday = at("2010-03-04T23:30:00+08:00");
    assert!(casey.is_open(thursday));
    assert!(!casey.is_open(at("2010-03-04T23:30:00+11:00")));
    // It was open for nine hours, but for no slot longer than the six that are its hours.
    let friday = at("2010-03-05T00:00:00+11:00");
    assert_eq!(casey.add_hours(friday, hours(9)), friday + hours(9));
    assert_eq!(casey.slots(friday, hours(7)).next(), None);
    assert_eq!(
        casey.slots(friday, hours(6)).next().unwrap().begins(),
        friday
    );

    // The date was Thursday's, the hours were Friday's: that Thursday is off says nothing.
    let zone = casey.zone().clone();
    let off: ListedHolidays = [(date("2010-03-04"), "off")].into_iter().collect();
    let slot = PortSlot::new(thursday, thursday + hours(7), zone.clone()).unwrap();
    let earliest = EarliestPortDate::new(date("2010-03-01"), zone);
    let objections = casey
        .with_holidays(off)
        .objections(&slot, &earliest, friday);
    assert!(
        matches!(objections[..], [SlotObjection::OutsideHours { .. }]),
        "{objections:?}"
    );
}

/// Hours of a night in which the clock was put back by three.
fn casey() -> BusinessCalendar {
    BusinessCalendar::new(zone("Antarctica/Casey"))
        .with_hours(time("00:00:00"), time("06:00:00"))
        .unwrap()
}

#[test]
fn a_day_the_clocks_skip_is_no_business_day() {
    // Samoa had no Friday, 30 December 2011.
    let calendar = BusinessCalendar::new(zone("Pacific/Apia")).with_holidays(NoHolidays);
    let thursday = calendar.zone().at("2011-12-29T10:00:00".parse().unwrap());
    let due = calendar.add_days(thursday, 1);
    assert_eq!(shown(&calendar, due), "Mon 2 Jan 2012 10:00 +14");
}

#[test]
fn an_answer_that_is_not_in_sight_is_never() {
    let (now, never) = (at("2026-11-24T15:00:00Z"), BusinessCalendar::NEVER);
    let strike = new_york().with_holidays(Strike);
    assert_eq!(strike.next_open(now), never);
    assert_eq!(strike.add_days(now, 0), never);
    assert_eq!(strike.add_hours(now, hours(1)), never);
    assert_eq!(strike.days_between(now, never), 0);
    assert_eq!(strike.slots(now, hours(1)).next(), None);

    let calendar = new_york();
    assert_eq!(calendar.add_days(now, u32::MAX), never);
    assert_eq!(calendar.add_hours(now, TimeDelta::MAX), never);
    // 52 weeks have 260 working days, of which 11 are off: a century ahead is seen, no more.
    let century = calendar.days_between(now, never);
    assert!((24_800..25_100).contains(&century), "{century}");
    assert!(calendar.add_days(now, century) < never);
    assert_eq!(calendar.add_days(now, century + 1), never);
}

#[test]
fn the_ends_of_the_calendar_do_not_panic() {
    let (min, max) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let leap = DateTime::from_timestamp(1_483_228_799, 1_500_000_000).unwrap();
    let late = NaiveTime::from_num_seconds_from_midnight_opt(86_399, 1_999_999_999).unwrap();
    for name in ["Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        let usual = BusinessCalendar::new(zone(name));
        let round = usual.clone().with_hours(NaiveTime::MIN, late).unwrap();
        for calendar in [usual, round] {
            for at in [min, max, leap] {
                assert!(calendar.next_open(at) >= at);
                let _ = calendar.is_open(at);
                let _ = calendar.add_days(at, u32::MAX);
                let _ = calendar.days_between(at, max);
                let _ = calendar.days_between(at, min);
                let _ = calendar.slots(at, TimeDelta::MAX).next();
                let _ = calendar.slots(at, hours(1)).take(99).last();
                for span in [TimeDelta::MIN, TimeDelta::MAX, hours(1)] {
                    assert!(calendar.add_hours(at, span) >= at);
                }
                for day in [NaiveDate::MIN, NaiveDate::MAX] {
                    let earliest = EarliestPortDate::new(day, zone(name));
                    let slot = PortSlot::new(at, max, zone(name)).unwrap();
                    let objections = calendar.objections(&slot, &earliest, at);
                    let _ = objections.iter().map(ToString::to_string).count();
                }
            }
        }
    }
}

#[test]
fn slots_are_full_hours_within_a_business_day() {
    let calendar = new_york();
    let slots = |from, length| -> Vec<String> {
        let slots = calendar.slots(at(from), length).take(3);
        slots.map(|slot| slot.to_string()).collect()
    };
    let wednesday = "2026-11-25T14:30:00-05:00";
    assert_eq!(
        slots(wednesday, hours(1)),
        [
            "Wed 25 Nov 2026 15:00 EST",
            "Wed 25 Nov 2026 16:00 EST",
            "Fri 27 Nov 2026 08:00 EST"
        ]
    );
    assert_eq!(
        slots(wednesday, hours(9)),
        [
            "Fri 27 Nov 2026 08:00 EST",
            "Mon 30 Nov 2026 08:00 EST",
            "Tue 1 Dec 2026 08:00 EST"
        ]
    );
    for length in [TimeDelta::zero(), hours(-1), hours(10), TimeDelta::MAX] {
        assert_eq!(
            slots(wednesday, length),
            <[String; 0]>::default(),
            "{length}"
        );
    }
}

#[test]
fn a_skipped_hour_is_no_slot_and_a_repeated_one_is_one() {
    let calendar = BusinessCalendar::new(zone("Africa/Cairo"))
        .with_hours(NaiveTime::MIN, time("23:59:00"))
        .unwrap();
    let begins = |from| -> Vec<String> {
        let slots = calendar.slots(at(from), TimeDelta::minutes(30)).take(4);
        slots
            .map(|slot| slot.to_string()[..21].to_owned())
            .collect()
    };
    assert_eq!(
        begins("2026-04-23T22:30:00+02:00"),
        [
            "Thu 23 Apr 2026 23:00",
            "Fri 24 Apr 2026 01:00",
            "Fri 24 Apr 2026 02:00",
            "Fri 24 Apr 2026 03:00"
        ]
    );
    assert_eq!(
        begins("2026-10-29T22:00:00+03:00"),
        [
            "Thu 29 Oct 2026 22:00",
            "Thu 29 Oct 2026 23:00",
            "Fri 30 Oct 2026 00:00",
            "Fri 30 Oct 2026 01:00"
        ]
    );
}

/// What there is against a slot of the customer in Los Angeles, by a calendar of New York.
fn objections(begins: &str, length: TimeDelta) -> Vec<String> {
    let theirs = zone("America/Los_Angeles");
    let earliest = EarliestPortDate::new(date("2026-12-01"), theirs.clone());
    let slot = PortSlot::new(at(begins), at(begins) + length, theirs).unwrap();
    let now = at("2026-11-30T12:00:00-08:00");
    let objections = new_york().objections(&slot, &earliest, now);
    objections.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_against_a_slot_is_said_at_once() {
    let none: [String; 0] = [];
    assert_eq!(objections("2026-12-01T05:00:00-08:00", hours(1)), none);
    assert_eq!(objections("2026-12-01T13:00:00-08:00", hours(1)), none);
    assert_eq!(
        objections("2026-11-28T10:00:00-08:00", hours(1)),
        [
            "the slot Sat 28 Nov 2026 10:00 PST is before the earliest port date, 2026-12-01 \
             (America/Los_Angeles), which begins Tue 1 Dec 2026 00:00 PST; the next that can be \
             had is Tue 1 Dec 2026 05:00 PST",
            "the slot Sat 28 Nov 2026 10:00 PST is past: it is Mon 30 Nov 2026 12:00 PST; the \
             next that can be had is Tue 1 Dec 2026 05:00 PST",
            "the slot Sat 28 Nov 2026 10:00 PST is on 2026-11-28 in America/New_York, a Saturday, \
             and no business day; the next that can be had is Tue 1 Dec 2026 05:00 PST",
        ]
    );
    assert_eq!(
        objections("2026-12-25T10:00:00-08:00", hours(1)),
        [
            "the slot Fri 25 Dec 2026 10:00 PST is on 2026-12-25 in America/New_York, a holiday \
             (Christmas Day), and no business day; the next that can be had is Mon 28 Dec 2026 \
             05:00 PST"
        ]
    );
}

#[test]
fn a_slot_lies_within_the_hours_of_one_day() {
    let outside = |ends: &str, instead: &str| {
        format!(
            "the slot Tue 1 Dec 2026 13:30 PST until {ends} is not within the business hours of \
             one day, 08:00 to 17:00 in America/New_York; {instead}"
        )
    };
    let next = "the next that can be had is Wed 2 Dec 2026 05:00 PST";
    let begins = "2026-12-01T13:30:00-08:00";
    assert_eq!(
        objections(begins, hours(1)),
        [outside("Tue 1 Dec 2026 14:30 PST", next)]
    );
    // From one business day into the next, though it begins and ends in business hours.
    assert_eq!(
        objections(begins, hours(24)),
        [outside(
            "Wed 2 Dec 2026 13:30 PST",
            "no business day has room for one this long: ask for a shorter one, or look at the \
             holidays"
        )]
    );
    assert!(objections(begins, TimeDelta::zero()).is_empty());
}

#[test]
fn the_slot_to_have_instead_is_as_long_and_in_the_same_zone() {
    let theirs = zone("America/Los_Angeles");
    let earliest = EarliestPortDate::new(date("2026-12-01"), theirs.clone());
    let calendar = new_york();
    let next = |length: TimeDelta| {
        let begins = at("2026-12-01T12:00:00-08:00");
        let slot = PortSlot::new(begins, begins + length, theirs.clone()).unwrap();
        let next = calendar.next_slot(&slot, &earliest, at("2026-11-30T20:00:00Z"))?;
        assert_eq!(next.zone(), &theirs);
        Some((next.begins(), next.ends() - next.begins()))
    };
    let wednesday = at("2026-12-02T05:00:00-08:00");
    assert_eq!(next(hours(3)), Some((wednesday, hours(3))));
    let same_day = at("2026-12-01T12:00:00-08:00");
    assert_eq!(next(TimeDelta::zero()), Some((same_day, hours(1))));
    assert_eq!(next(hours(10)), None);
}

#[test]
fn a_slot_that_begins_now_is_past() {
    let zone = zone("America/New_York");
    let earliest = EarliestPortDate::new(date("2026-12-01"), zone.clone());
    let (calendar, begins) = (new_york(), at("2026-12-01T15:00:00Z"));
    let slot = PortSlot::hour(begins, zone);
    let against = |now| calendar.objections(&slot, &earliest, now);
    assert_eq!(against(begins - TimeDelta::nanoseconds(1)), []);
    let found = against(begins);
    assert!(
        matches!(found[..], [SlotObjection::Past { .. }]),
        "{found:?}"
    );
    let next = found[0].next_slot().unwrap();
    assert_eq!(next.begins(), begins + hours(1));
}
