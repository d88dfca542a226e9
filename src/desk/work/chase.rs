use chrono::{DateTime, Utc};

use super::super::waiting::Waiting;
use crate::people::{Actor, Party, Role};
use crate::readiness::RoutePolicy;
use crate::request::{AnyPortRequest as Any, Note};

/// How often whoever is awaited was reminded, and when they are to be again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Chase {
    /// The reminders since it waits.
    pub count: usize,
    /// When the last one was noted, UTC.
    pub last: Option<DateTime<Utc>>,
    /// When the next one is due, UTC; `None` where nobody is reminded any more.
    pub next: Option<DateTime<Utc>>,
    /// From when on the silence is an alarm, UTC; `None` where it never is.
    pub alarm: Option<DateTime<Utc>>,
}

/// How long a party is reminded.
#[derive(Clone, Copy)]
pub(super) enum Pursuit {
    /// As often as the policy names dates, then no more: a form that nobody fills in.
    Twice,
    /// Again and again; days of silence are an alarm.
    UntilAlarm,
    /// From this time on.
    From(DateTime<Utc>),
}

impl Chase {
    /// The reminders of what is awaited since `since`.
    pub(super) fn of(
        request: &Any,
        waiting: &Waiting,
        since: DateTime<Utc>,
        pursuit: Pursuit,
        policy: &RoutePolicy,
    ) -> Self {
        let timeline = request.timeline();
        let reminders = timeline.iter().filter(|entry| {
            let after = entry.recorded_at() > since;
            after
                && matches!(entry.note(), Some(Note::Chased(whom)) if same_side(*whom, waiting.on))
        });
        let (count, last) = reminders.fold((0, None), |(count, _), entry| {
            (count + 1, Some(entry.recorded_at()))
        });
        let [first, second] = policy.timing().chase_after;
        // Reminded on the same day for ever is worse than a policy with two equal dates.
        let pause = second.saturating_sub(first).max(1);
        let next = match (last, pursuit) {
            (Some(_), Pursuit::Twice) if count >= 2 => None,
            (Some(last), _) => Some(policy.calendar().add_days(last, pause)),
            (None, Pursuit::From(at)) => Some(at),
            (None, Pursuit::Twice | Pursuit::UntilAlarm) => Some(policy.chase_at(since)[0]),
        };
        let alarm = matches!(pursuit, Pursuit::UntilAlarm).then(|| policy.alarm_at(since));
        Self {
            count,
            last,
            next,
            alarm,
        }
    }

    /// When somebody must act next: remind, or take alarm.
    pub(super) fn due(&self) -> Option<DateTime<Utc>> {
        match (self.next, self.alarm) {
            (Some(next), Some(alarm)) if !self.reminded_since(alarm) => Some(next.min(alarm)),
            (next, _) => next,
        }
    }

    /// Whether somebody is to be reminded at `now`.
    pub(super) fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.next.is_some_and(|next| next <= now)
    }

    /// Whether the silence is an alarm at `now`. A reminder after the alarm was raised quiets it
    /// until the next one is due: staff have just dealt with it.
    pub(super) fn alarms(&self, now: DateTime<Utc>) -> bool {
        self.alarm
            .is_some_and(|alarm| alarm <= now && (!self.reminded_since(alarm) || self.is_due(now)))
    }

    fn reminded_since(&self, at: DateTime<Utc>) -> bool {
        self.last.is_some_and(|last| last >= at)
    }
}

/// Whether reminding one counts as reminding the other. Only the customer has a say with the
/// platform, so one of the two is reminded for the other.
fn same_side(one: Party, other: Party) -> bool {
    let losing_side = |party| matches!(party, Party::Customer | Party::LosingPlatform);
    one == other || losing_side(one) && losing_side(other)
}

/// Who works on a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// Who.
    pub by: Actor,
    /// Since when, UTC.
    pub at: DateTime<Utc>,
}

impl Claim {
    /// The last claim by staff since the state was entered, unless it was given up.
    pub(in crate::desk) fn of(request: &Any) -> Option<Self> {
        let timeline = request.timeline();
        timeline.iter().fold(None, |claim, entry| {
            // A part that was split off is another piece of work.
            if entry.enters().is_some() || entry.kind() == "split_from" {
                return None;
            }
            let staff = entry.by().filter(|by| match by.role() {
                Role::Support | Role::CustomerSuccess => true,
                Role::Admin | Role::BillingAdmin => false,
            });
            match (entry.note(), staff) {
                (Some(Note::Claimed), Some(by)) => Some(Self {
                    by: by.clone(),
                    at: entry.recorded_at(),
                }),
                (Some(Note::Unclaimed), Some(_)) => None,
                _ => claim,
            }
        })
    }
}
