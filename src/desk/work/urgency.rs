use chrono::{DateTime, TimeDelta, Utc};

use super::super::waiting::{Awaited, Waiting};
use super::pace::Pace;
use crate::people::Party;
use crate::request::{AnyPortRequest as Any, Reason};
use crate::store::{StoredTrouble, TroubleKind};

/// How bad it is to leave a work item alone, worst first: the order of the work list.
///
/// Exhaustive on purpose: whoever shows a work list must decide how each is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// What cannot be undone, or cuts the customer off, is near: a time before the earliest port
    /// date, a number deleted from the losing account, numbers in a wrong account, a second order,
    /// whatever the carrier's integration is alarmed about.
    Emergency,
    /// It should have been done.
    Overdue,
    /// Whoever is awaited has been silent for days; the carrier will close its ticket. Or what the
    /// carrier shows is not what we hold, or nothing has come of looking for a day.
    Alarm,
    /// Whoever is awaited is to be reminded.
    ChaseDue,
    /// Staff can act, and are in time.
    Now,
    /// Others are to act, and are in time.
    Waiting,
}

impl Urgency {
    /// All of them, worst first.
    pub const ALL: [Self; 6] = [
        Self::Emergency,
        Self::Overdue,
        Self::Alarm,
        Self::ChaseDue,
        Self::Now,
        Self::Waiting,
    ];

    pub(super) fn of_trouble(trouble: &StoredTrouble, now: DateTime<Utc>) -> Self {
        let lasts = now.signed_duration_since(trouble.since);
        match trouble.kind {
            TroubleKind::Drift | TroubleKind::Unreadable => Self::Alarm,
            TroubleKind::Stuck if lasts >= TimeDelta::days(1) => Self::Alarm,
            TroubleKind::Stuck => Self::Now,
        }
    }

    pub(super) fn of(request: &Any, waiting: &Waiting, pace: &Pace, now: DateTime<Utc>) -> Self {
        let chase = pace.chase.as_ref();
        if irreparable(request, &waiting.what) {
            Self::Emergency
        } else if pace.overdue.is_some_and(|from| from <= now) {
            Self::Overdue
        } else if chase.is_some_and(|chase| chase.alarms(now)) {
            Self::Alarm
        } else if chase.is_some_and(|chase| chase.is_due(now)) {
            Self::ChaseDue
        } else if waiting.on == Party::Staff {
            Self::Now
        } else {
            Self::Waiting
        }
    }
}

fn irreparable(request: &Any, what: &Awaited) -> bool {
    match what {
        Awaited::EarlySlot(_) | Awaited::WrongAccount(_) | Awaited::StrayOrder(_) => true,
        Awaited::Hold(_) | Awaited::Amendment(_) => trouble(request) == Some(Reason::NumberDeleted),
        Awaited::Package
        | Awaited::Review
        | Awaited::SendBack
        | Awaited::Submission
        | Awaited::Filing
        | Awaited::NotFiling
        | Awaited::Outcome
        | Awaited::OutcomeByHand
        | Awaited::Cancellation
        | Awaited::Release
        | Awaited::Slot
        | Awaited::SlotConfirmation
        | Awaited::CounterOffer(_)
        | Awaited::Cutover(_)
        | Awaited::MissingNumbers(_)
        | Awaited::Completion
        | Awaited::ArrivedAfterEnd(_)
        | Awaited::Assignment(_)
        | Awaited::Failures(_)
        | Awaited::Registration(_)
        | Awaited::Tests(_)
        | Awaited::Alerts(_)
        | Awaited::SignOff => false,
    }
}

/// Why the request is on hold, or was refused.
pub(in crate::desk) fn trouble(request: &Any) -> Option<Reason> {
    match request {
        Any::Rejected(refused) => Some(refused.refusal().refusal().reason()),
        other => other.hold().map(|(hold, _)| hold.reason()),
    }
}
