use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The days, besides Saturday and Sunday, on which nobody works.
///
/// Which holidays count is for the application to say: 47 CFR 52.35 excludes "the provider's
/// company-defined holidays", so there is no list that holds for everyone. Two calendars are
/// joined by a pair: `(UsFederalHolidays, ours)`.
pub trait Holidays: Debug + Send + Sync {
    /// The name of the holiday on `date`, a local date; `None` if it is none.
    fn holiday(&self, date: NaiveDate) -> Option<Cow<'_, str>>;
}

impl<T: Holidays + ?Sized> Holidays for Arc<T> {
    fn holiday(&self, date: NaiveDate) -> Option<Cow<'_, str>> {
        (**self).holiday(date)
    }
}

/// The holidays of both; the first gives the name where they agree on the day.
impl<A: Holidays, B: Holidays> Holidays for (A, B) {
    fn holiday(&self, date: NaiveDate) -> Option<Cow<'_, str>> {
        self.0.holiday(date).or_else(|| self.1.holiday(date))
    }
}

/// No holidays at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoHolidays;

impl Holidays for NoHolidays {
    fn holiday(&self, _: NaiveDate) -> Option<Cow<'_, str>> {
        None
    }
}

/// Holidays given by date, such as a company's own.
///
/// ```
/// use snap_port::calendar::{Holidays, ListedHolidays};
///
/// let eve = "2026-12-24".parse()?;
/// let ours = ListedHolidays::new().with(eve, "company holiday");
/// assert_eq!(ours.holiday(eve).as_deref(), Some("company holiday"));
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedHolidays(BTreeMap<NaiveDate, String>);

impl ListedHolidays {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// With `date`, a local date, off as well; a second name for a date replaces the first.
    #[must_use]
    pub fn with(mut self, date: NaiveDate, name: impl Into<String>) -> Self {
        self.0.insert(date, name.into());
        self
    }
}

impl<N: Into<String>> FromIterator<(NaiveDate, N)> for ListedHolidays {
    fn from_iter<I: IntoIterator<Item = (NaiveDate, N)>>(days: I) -> Self {
        let days = days.into_iter();
        Self(days.map(|(date, name)| (date, name.into())).collect())
    }
}

impl Holidays for ListedHolidays {
    fn holiday(&self, date: NaiveDate) -> Option<Cow<'_, str>> {
        self.0.get(&date).map(|name| name.as_str().into())
    }
}

/// The public holidays of the United States (5 U.S.C. 6103(a)), computed for any year.
///
/// One that falls on a Saturday is also observed on the Friday before (5 U.S.C. 6103(b)), one on a
/// Sunday also on the Monday after (Executive Order 11582): 1 January 2028, a Saturday, makes
/// 31 December 2027 a holiday. The day itself stays one as well.
///
/// Each year has the holidays of its law from 1971 on (Martin Luther King's birthday since 1986,
/// Juneteenth since 2021, Veterans Day in October from 1971 to 1977). Earlier years get the rules
/// of today, which is not how it was: Memorial Day, for one, was 30 May.
///
/// Not in it: Inauguration Day (offices in and around Washington, D.C. only), days given off by an
/// executive order for one year, and the holidays of the states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsFederalHolidays;

impl Holidays for UsFederalHolidays {
    fn holiday(&self, date: NaiveDate) -> Option<Cow<'_, str>> {
        if let Some(name) = federal(date) {
            return Some(name.into());
        }
        let instead_of = match date.weekday() {
            Weekday::Fri => date.succ_opt(),
            Weekday::Mon => date.pred_opt(),
            _ => None,
        };
        let name = instead_of.and_then(federal)?;
        Some(format!("{name} (observed)").into())
    }
}

struct Federal {
    name: &'static str,
    years: RangeInclusive<i32>,
    on: On,
}

enum On {
    /// Month and day.
    Date(u32, u32),
    /// The nth such weekday of the month.
    Nth(u32, Weekday, u32),
    /// The last such weekday of the month.
    Last(Weekday, u32),
}

const ALWAYS: RangeInclusive<i32> = i32::MIN..=i32::MAX;

const FEDERAL: [Federal; 13] = [
    Federal::new("New Year's Day", ALWAYS, On::Date(1, 1)),
    Federal::new(
        "Birthday of Martin Luther King, Jr.",
        1986..=i32::MAX,
        On::Nth(3, Weekday::Mon, 1),
    ),
    Federal::new("Washington's Birthday", ALWAYS, On::Nth(3, Weekday::Mon, 2)),
    Federal::new("Memorial Day", ALWAYS, On::Last(Weekday::Mon, 5)),
    Federal::new(
        "Juneteenth National Independence Day",
        2021..=i32::MAX,
        On::Date(6, 19),
    ),
    Federal::new("Independence Day", ALWAYS, On::Date(7, 4)),
    Federal::new("Labor Day", ALWAYS, On::Nth(1, Weekday::Mon, 9)),
    Federal::new("Columbus Day", ALWAYS, On::Nth(2, Weekday::Mon, 10)),
    Federal::new("Veterans Day", i32::MIN..=1970, On::Date(11, 11)),
    Federal::new("Veterans Day", 1971..=1977, On::Nth(4, Weekday::Mon, 10)),
    Federal::new("Veterans Day", 1978..=i32::MAX, On::Date(11, 11)),
    Federal::new("Thanksgiving Day", ALWAYS, On::Nth(4, Weekday::Thu, 11)),
    Federal::new("Christmas Day", ALWAYS, On::Date(12, 25)),
];

impl Federal {
    const fn new(name: &'static str, years: RangeInclusive<i32>, on: On) -> Self {
        Self { name, years, on }
    }

    fn is_on(&self, date: NaiveDate) -> bool {
        let in_month = |month, weekday| date.month() == month && date.weekday() == weekday;
        self.years.contains(&date.year())
            && match self.on {
                On::Date(month, day) => date.month() == month && date.day() == day,
                On::Nth(nth, weekday, month) => {
                    in_month(month, weekday) && date.day0() / 7 + 1 == nth
                }
                On::Last(weekday, month) => {
                    let week_on = date.checked_add_days(Days::new(7));
                    in_month(month, weekday) && week_on.is_none_or(|day| day.month() != month)
                }
            }
    }
}

/// The holiday whose own day, observed or not, is `date`.
fn federal(date: NaiveDate) -> Option<&'static str> {
    let holiday = FEDERAL.iter().find(|holiday| holiday.is_on(date))?;
    Some(holiday.name)
}
