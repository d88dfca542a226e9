//! Days off: the federal holidays as published and as the law has it, and those injected.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};
use snap_port::calendar::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn new_york() -> BusinessCalendar {
    BusinessCalendar::new(Zone::parse("America/New_York").unwrap())
}

/// The working days that are off, by the holiday lists that the Office of Personnel Management
/// publishes for the years 2021 to 2030.
const PUBLISHED: &str = "
    2021-01-01 2021-01-18 2021-02-15 2021-05-31 2021-06-18 2021-07-05 2021-09-06 2021-10-11
    2021-11-11 2021-11-25 2021-12-24 2021-12-31
    2022-01-17 2022-02-21 2022-05-30 2022-06-20 2022-07-04 2022-09-05 2022-10-10 2022-11-11
    2022-11-24 2022-12-26
    2023-01-02 2023-01-16 2023-02-20 2023-05-29 2023-06-19 2023-07-04 2023-09-04 2023-10-09
    2023-11-10 2023-11-23 2023-12-25
    2024-01-01 2024-01-15 2024-02-19 2024-05-27 2024-06-19 2024-07-04 2024-09-02 2024-10-14
    2024-11-11 2024-11-28 2024-12-25
    2025-01-01 2025-01-20 2025-02-17 2025-05-26 2025-06-19 2025-07-04 2025-09-01 2025-10-13
    2025-11-11 2025-11-27 2025-12-25
    2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12
    2026-11-11 2026-11-26 2026-12-25
    2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-10-11
    2027-11-11 2027-11-25 2027-12-24 2027-12-31
    2028-01-17 2028-02-21 2028-05-29 2028-06-19 2028-07-04 2028-09-04 2028-10-09 2028-11-10
    2028-11-23 2028-12-25
    2029-01-01 2029-01-15 2029-02-19 2029-05-28 2029-06-19 2029-07-04 2029-09-03 2029-10-08
    2029-11-12 2029-11-22 2029-12-25
    2030-01-01 2030-01-21 2030-02-18 2030-05-27 2030-06-19 2030-07-04 2030-09-02 2030-10-14
    2030-11-11 2030-11-28 2030-12-25";

fn is_weekend(date: &NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

#[test]
fn federal_holidays_are_those_published() {
    let published: Vec<NaiveDate> = PUBLISHED.split_whitespace().map(date).collect();
    let years = date("2021-01-01").iter_days();
    let computed = years
        .take_while(|date| date.year() <= 2030)
        .filter(|date| !is_weekend(date) && UsFederalHolidays.holiday(*date).is_some());
    assert_eq!(computed.collect::<Vec<_>>(), published);
}

#[test]
fn a_federal_holiday_has_its_name() {
    let name = |day| UsFederalHolidays.holiday(date(day)).map(Cow::into_owned);
    for (day, expected) in [
        ("2026-01-01", "New Year's Day"),
        ("2026-01-19", "Birthday of Martin Luther King, Jr."),
        ("2026-02-16", "Washington's Birthday"),
        ("2026-05-25", "Memorial Day"),
        ("2026-06-19", "Juneteenth National Independence Day"),
        ("2026-07-03", "Independence Day (observed)"),
        ("2026-07-04", "Independence Day"),
        ("2026-09-07", "Labor Day"),
        ("2026-10-12", "Columbus Day"),
        ("2026-11-11", "Veterans Day"),
        ("2026-11-26", "Thanksgiving Day"),
        ("2026-12-25", "Christmas Day"),
        ("2027-12-31", "New Year's Day (observed)"),
        ("2023-01-02", "New Year's Day (observed)"),
    ] {
        assert_eq!(name(day).as_deref(), Some(expected), "{day}");
    }
}

#[test]
fn a_federal_holiday_begins_with_its_law() {
    let off = |day| UsFederalHolidays.holiday(date(day)).is_some();
    assert!(!off("1985-01-21") && off("1986-01-20"));
    assert!(!off("2020-06-19") && off("2021-06-19"));
    // Veterans Day was a Monday in October for seven years.
    assert!(off("1970-11-11") && !off("1970-10-26"));
    assert!(!off("1971-11-11") && off("1971-10-25"));
    assert!(!off("1977-11-11") && off("1977-10-24"));
    assert!(off("1978-11-10") && off("1978-11-11") && !off("1978-10-23"));
    // Inauguration Day is a holiday in and around Washington only.
    assert!(!off("2021-01-20"));
    for day in [NaiveDate::MIN, NaiveDate::MAX] {
        let _ = UsFederalHolidays.holiday(day);
    }
}

#[test]
fn holidays_are_injected() {
    let eve = date("2026-12-24");
    let ours: ListedHolidays = [(eve, "company holiday")].into_iter().collect();
    let calendar = new_york();
    assert_eq!(calendar.day_off(eve), None);
    let both = calendar.with_holidays((UsFederalHolidays, ours.clone()));
    let off = |calendar: &BusinessCalendar, day| calendar.day_off(date(day));
    let holiday = |name: &str| Some(DayOff::Holiday(name.to_owned()));
    assert_eq!(off(&both, "2026-12-24"), holiday("company holiday"));
    assert_eq!(off(&both, "2026-12-25"), holiday("Christmas Day"));
    let ours = new_york().with_holidays(Arc::new(ours));
    assert_eq!(off(&ours, "2026-12-24"), holiday("company holiday"));
    assert_eq!(off(&ours, "2026-12-25"), None);
    let none = new_york().with_holidays(NoHolidays);
    assert_eq!(off(&none, "2026-12-25"), None);
    let saturday = off(&none, "2026-12-26").unwrap();
    assert_eq!(saturday, DayOff::Weekend(Weekday::Sat));
    assert_eq!(saturday.to_string(), "a Saturday");
    assert_eq!(off(&none, "2026-12-27").unwrap().to_string(), "a Sunday");
}
