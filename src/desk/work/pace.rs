//! By when a move is expected, and from when on its absence matters.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::waiting::{Awaited, Waiting};
use super::chase::{Chase, Pursuit};
use super::urgency::trouble;
use crate::calendar::{BusinessCalendar, PortSlot};
use crate::people::Party;
use crate::readiness::{Eta, RoutePolicy};
use crate::request::{AnyPortRequest as Any, Entry, Fact, Reason, Registration};

/// The times that matter of what is awaited, all UTC.
#[derive(Clone, Copy)]
pub(in crate::desk) struct Pace {
    /// Since when it is awaited, pauses aside.
    pub(in crate::desk) since: DateTime<Utc>,
    /// When it should be done.
    pub(in crate::desk) due: Option<DateTime<Utc>>,
    /// From when on it is overdue.
    pub(in crate::desk) overdue: Option<DateTime<Utc>>,
    /// When harm is done.
    pub(in crate::desk) deadline: Option<DateTime<Utc>>,
    /// The reminders, where a party is reminded.
    pub(in crate::desk) chase: Option<Chase>,
}

impl Pace {
    pub(in crate::desk) fn of(request: &Any, waiting: &Waiting, policy: &RoutePolicy) -> Self {
        let since = since(request, waiting);
        let timing = policy.timing();
        let within = |days| policy.calendar().add_days(since, days);
        let plain = Self {
            since,
            due: None,
            overdue: None,
            deadline: None,
            chase: None,
        };
        let task = |due| Self {
            due: Some(due),
            overdue: Some(due),
            ..plain
        };
        let chased = |pursuit| Some(Chase::of(request, waiting, since, pursuit, policy));
        match &waiting.what {
            Awaited::Package => Self {
                chase: chased(Pursuit::Twice),
                ..plain
            },
            Awaited::Review | Awaited::SendBack | Awaited::NotFiling => {
                task(within(timing.review_days))
            }
            Awaited::Submission | Awaited::Filing | Awaited::Outcome | Awaited::OutcomeByHand => {
                task(within(timing.filing_days))
            }
            Awaited::Hold(_) => {
                let deadline = deadline(request);
                let due = deadline.unwrap_or_else(|| policy.alarm_at(since));
                if waiting.on == Party::Staff {
                    let due = due.min(within(timing.filing_days));
                    Self {
                        deadline,
                        ..task(due)
                    }
                } else {
                    Self {
                        due: Some(due),
                        overdue: deadline,
                        deadline,
                        chase: chased(Pursuit::UntilAlarm),
                        ..plain
                    }
                }
            }
            Awaited::Cancellation => task(within(timing.confirmation_days)),
            Awaited::SlotConfirmation => {
                let asked = asked(request).unwrap_or(BusinessCalendar::NEVER);
                task(within(timing.confirmation_days).min(asked.max(since)))
            }
            Awaited::Release => Self {
                chase: chased(Pursuit::UntilAlarm),
                ..plain
            },
            Awaited::Slot => task(within(timing.agreement_days)),
            Awaited::CounterOffer(offered) => {
                task(within(timing.agreement_days).min(offered.begins().max(since)))
            }
            Awaited::EarlySlot(slot) => Self {
                deadline: Some(slot.begins()),
                ..task(since)
            },
            Awaited::WrongAccount(_) | Awaited::StrayOrder(_) => task(since),
            Awaited::ArrivedAfterEnd(_) => task(within(timing.agreement_days)),
            Awaited::Completion => task(within(timing.confirmation_days)),
            Awaited::Cutover(schedule) => match eta(request, policy) {
                Some(eta) => {
                    // A slot that is earlier than the usual time is an agreement all the same.
                    let due = schedule.slot().map_or(eta.until, PortSlot::ends);
                    Self {
                        due: Some(due),
                        overdue: Some(eta.overdue),
                        chase: chased(Pursuit::From(due)),
                        ..plain
                    }
                }
                None => task(within(timing.overdue_after)),
            },
            Awaited::MissingNumbers(_) if waiting.on == Party::Staff => {
                task(within(timing.agreement_days))
            }
            Awaited::MissingNumbers(_) => task(
                eta(request, policy)
                    .map_or_else(|| within(timing.overdue_after), |eta| eta.overdue),
            ),
            Awaited::Assignment(_)
            | Awaited::Failures(_)
            | Awaited::Tests(_)
            | Awaited::Alerts(_)
            | Awaited::SignOff => task(within(timing.service_days)),
            Awaited::Registration(_) => task(policy.texting_by(moved(request))),
            Awaited::Amendment(_) => {
                let deadline = deadline(request);
                if waiting.on == Party::Staff {
                    Self {
                        deadline,
                        ..task(within(timing.review_days))
                    }
                } else {
                    Self {
                        due: deadline,
                        overdue: deadline,
                        deadline,
                        chase: chased(Pursuit::Twice),
                        ..plain
                    }
                }
            }
        }
    }

    /// Whether somebody is to be reminded at `now`.
    pub(super) fn is_chased(&self, now: DateTime<Utc>) -> bool {
        self.chase
            .is_some_and(|chase| chase.is_due(now) || chase.alarms(now))
    }

    /// When it should be done, or somebody be reminded of it.
    pub(in crate::desk) fn due(&self) -> Option<DateTime<Utc>> {
        self.due
            .or_else(|| self.chase.as_ref().and_then(Chase::due))
    }
}

/// When the numbers of an approved request are expected.
pub(in crate::desk) fn eta(request: &Any, policy: &RoutePolicy) -> Option<Eta> {
    match request {
        Any::ReleaseApproved(r) => Some(policy.eta(r.approval().occurred_at(), None)),
        Any::Scheduled(r) => Some(policy.eta(r.approval().occurred_at(), r.schedule().slot())),
        _ => None,
    }
}

/// When the slot begins that the carrier is asked for.
fn asked(request: &Any) -> Option<DateTime<Utc>> {
    match request {
        Any::ReleaseApproved(r) => Some(r.slot_request()?.slot().begins()),
        _ => None,
    }
}

/// When the last number moved, UTC.
pub(in crate::desk) fn moved(request: &Any) -> DateTime<Utc> {
    let arrivals = match request {
        Any::Ported(r) => r.completion().arrivals().as_slice(),
        Any::Verified(r) => r.completion().arrivals().as_slice(),
        _ => &[],
    };
    let last = arrivals.iter().map(|arrival| arrival.at).max();
    last.unwrap_or_else(|| request.since())
}

/// When what stands in the way does its harm, if it is known to.
fn deadline(request: &Any) -> Option<DateTime<Utc>> {
    let reason = trouble(request)?;
    let deadline = reason.remedy().deadline?;
    known_since(request, reason)?.checked_add_signed(TimeDelta::days(deadline.days.into()))
}

/// Since when the trouble that stands in the way is known: other words for it, or a refusal after a
/// hold, are no new trouble.
fn known_since(request: &Any, reason: Reason) -> Option<DateTime<Utc>> {
    let mut first = None;
    for entry in request.timeline().iter().rev() {
        match (entry.reason(), entry.fact(), entry.kind()) {
            (Some(same), ..) if same == reason => first = Some(entry.recorded_at()),
            (Some(_), ..) | (_, Some(Fact::Resumed), _) => break,
            // A step forward or a new attempt ends whatever paused the order before it.
            (.., "sealed" | "approved" | "scheduled") => break,
            _ => {}
        }
    }
    first
}

/// Since when it could have been done: a pause does not count, nor does what had to come first.
fn since(request: &Any, waiting: &Waiting) -> DateTime<Utc> {
    let timeline = request.timeline();
    let last = |is: fn(&Entry<'_>) -> bool| {
        let entries = timeline.iter().filter(|entry| is(entry));
        entries.map(Entry::recorded_at).next_back()
    };
    match &waiting.what {
        Awaited::Release | Awaited::Slot | Awaited::SlotConfirmation | Awaited::Cutover(_) => {
            let resumed = last(|entry| matches!(entry.fact(), Some(Fact::Resumed)));
            resumed.map_or(waiting.since, |resumed| resumed.max(waiting.since))
        }
        Awaited::Tests(_) => {
            let ready = last(|entry| {
                matches!(
                    entry.fact(),
                    Some(
                        Fact::Assigned { .. }
                            | Fact::Registration {
                                state: Registration::Registered,
                                ..
                            }
                    )
                )
            });
            ready.map_or(waiting.since, |ready| ready.max(waiting.since))
        }
        // A claim or a comment does not postpone them.
        Awaited::Alerts(_) | Awaited::SignOff => {
            let news = last(|entry| entry.fact().is_some() || entry.kind() == "waived");
            news.map_or(waiting.since, |news| news.max(request.since()))
        }
        _ => waiting.since,
    }
}
