//! What people attest, where a carrier's step is human.

use chrono::{DateTime, Utc};

use super::capability::Step;
use super::report::ReleaseGranted;
use crate::id::OrderRef;
use crate::people::{Actor, Permit, act};
use crate::request::{Fact, Refusal, Schedule, Test};

/// What a permitted person attests: `what`, which occurred at a stated time.
///
/// It is no evidence yet. [`CarrierClientExt`](crate::CarrierClientExt) turns it into evidence if
/// the carrier's capabilities call the step human.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<T> {
    pub(super) by: Actor,
    pub(super) occurred_at: DateTime<Utc>,
    pub(super) what: T,
}

impl<T> Statement<T> {
    /// `what`, which occurred at `occurred_at` (UTC), attested by the permit's holder.
    pub fn new(permit: Permit<act::Attest>, occurred_at: DateTime<Utc>, what: T) -> Self {
        Self {
            by: permit.into_actor(),
            occurred_at,
            what,
        }
    }

    /// Who attests it.
    pub fn by(&self) -> &Actor {
        &self.by
    }

    /// When it occurred, UTC.
    pub fn occurred_at(&self) -> DateTime<Utc> {
        self.occurred_at
    }

    /// What is attested.
    pub fn what(&self) -> &T {
        &self.what
    }

    pub(crate) fn with<U>(self, what: impl FnOnce(T) -> U) -> Statement<U> {
        Statement {
            by: self.by,
            occurred_at: self.occurred_at,
            what: what(self.what),
        }
    }
}

/// The submission was filed: the carrier's ticket or order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed(pub OrderRef);

/// The submission was surely not filed, and why.
#[derive(Clone, PartialEq, Eq)]
pub struct NotFiled(pub String);

/// The carrier cancelled the order for all numbers of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderCancelled;

/// Anything a person can attest, for an application that takes statements of every kind from one
/// form.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attested {
    /// See [`Filed`].
    Filed(Filed),
    /// See [`NotFiled`].
    NotFiled(NotFiled),
    /// The losing platform approved.
    Released(ReleaseGranted),
    /// A slot is agreed or set.
    Scheduled(Schedule),
    /// The carrier or platform refused.
    Refused(Refusal),
    /// See [`OrderCancelled`].
    Cancelled(OrderCancelled),
    /// Anything that is no transition.
    Seen(Fact),
}

macro_rules! attested {
    ($($variant:ident($ty:ty)),*) => { $(
        impl From<Statement<$ty>> for Statement<Attested> {
            fn from(statement: Statement<$ty>) -> Self {
                statement.with(Attested::$variant)
            }
        }
    )* };
}
attested!(
    Filed(Filed),
    NotFiled(NotFiled),
    Released(ReleaseGranted),
    Scheduled(Schedule),
    Refused(Refusal),
    Cancelled(OrderCancelled),
    Seen(Fact)
);

/// The step that must be human for a person's word to count; `None` where it always does.
pub(super) fn step_of(fact: &Fact) -> Option<Step> {
    match fact {
        Fact::Held(_)
        | Fact::Resumed
        | Fact::AlertExplained { .. }
        | Fact::Unrecognised(_)
        | Fact::Alarm(_)
        | Fact::AlarmOver => None,
        Fact::CounterOffered(_) | Fact::SlotTooEarly(_) | Fact::SlotWithdrawn => {
            Some(Step::Schedule)
        }
        Fact::CancelRefused(_) | Fact::CancelUnderWay => Some(Step::Cancel),
        Fact::EndedAfterMove(_) => Some(Step::Release),
        Fact::Arrived { .. } => Some(Step::Arrival),
        Fact::Assigned { .. } => Some(Step::Assign),
        Fact::JoinedMessaging { .. } => Some(Step::Messaging),
        Fact::Registration { .. } => Some(Step::Registration),
        Fact::Tested { test, .. } => Some(match test {
            Test::VoiceOut | Test::VoiceIn => Step::VoiceTest,
            Test::SmsOut | Test::SmsIn => Step::SmsTest,
        }),
        Fact::Alert { .. } | Fact::AlertsRead => Some(Step::Alerts),
    }
}
