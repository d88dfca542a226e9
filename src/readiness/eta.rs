use chrono::{DateTime, TimeDelta, Utc};

use super::RoutePolicy;
use crate::calendar::PortSlot;

/// When the numbers are expected to have moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Eta {
    /// The earliest they are expected, UTC.
    pub from: DateTime<Utc>,
    /// When they are usually there, UTC.
    pub until: DateTime<Utc>,
    /// From when on the move is overdue, UTC.
    pub overdue: DateTime<Utc>,
}

impl RoutePolicy {
    /// When numbers whose transfer was approved at `approved` (UTC) are expected: one to two
    /// business days on, or in an agreed slot if that is later ("The Snap Port process typically
    /// takes 24-48 business hours to complete after the losing carrier approves the release").
    /// Overdue from the third business day after whichever counts.
    pub fn eta(&self, approved: DateTime<Utc>, slot: Option<&PortSlot>) -> Eta {
        let calendar = self.calendar();
        let [soonest, usual] = self.timing().usual_days;
        let (from, until) = (
            calendar.add_days(approved, soonest),
            calendar.add_days(approved, usual),
        );
        let overdue_after = self.timing().overdue_after;
        match slot {
            Some(slot) if slot.ends() > until => Eta {
                from: slot.begins(),
                until: slot.ends(),
                overdue: calendar.add_days(slot.ends(), overdue_after),
            },
            _ => Eta {
                from,
                until,
                overdue: calendar.add_days(approved, overdue_after),
            },
        }
    }

    /// When texting is expected at the latest, for numbers that moved at `moved` (UTC): the last
    /// moment of the onboarding ("can take up to 10 days", calendar days).
    pub fn texting_by(&self, moved: DateTime<Utc>) -> DateTime<Utc> {
        let days = TimeDelta::days(i64::from(self.timing().onboarding_days));
        moved
            .checked_add_signed(days)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// When whoever is awaited since `since` (UTC) is to be reminded: first, and again.
    pub fn chase_at(&self, since: DateTime<Utc>) -> [DateTime<Utc>; 2] {
        self.timing()
            .chase_after
            .map(|days| self.calendar().add_days(since, days))
    }

    /// From when on silence since `since` (UTC) is an alarm.
    pub fn alarm_at(&self, since: DateTime<Utc>) -> DateTime<Utc> {
        let days = TimeDelta::days(i64::from(self.timing().alarm_after));
        since
            .checked_add_signed(days)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}
