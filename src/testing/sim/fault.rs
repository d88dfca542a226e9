use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::Duration;

use chrono::TimeDelta;

use super::chance::roll;
use crate::carrier::{CarrierError, CarrierErrorKind};
use crate::id::CarrierId;

/// A call to a carrier: the methods of [`CarrierClient`](crate::CarrierClient), named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Op {
    /// [`submit`](crate::CarrierClient::submit).
    Submit,
    /// [`status`](crate::CarrierClient::status).
    Status,
    /// [`statuses`](crate::CarrierClient::statuses): one call, however many orders.
    Statuses,
    /// [`find`](crate::CarrierClient::find).
    Find,
    /// [`request_slot`](crate::CarrierClient::request_slot).
    RequestSlot,
    /// [`cancel`](crate::CarrierClient::cancel).
    Cancel,
    /// [`assign`](crate::CarrierClient::assign).
    Assign,
    /// [`join_messaging`](crate::CarrierClient::join_messaging).
    JoinMessaging,
    /// [`registration`](crate::CarrierClient::registration).
    Registration,
    /// [`test`](crate::CarrierClient::test).
    Test,
    /// [`alerts`](crate::CarrierClient::alerts).
    Alerts,
}

impl Op {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Submit,
        Self::Status,
        Self::Statuses,
        Self::Find,
        Self::RequestSlot,
        Self::Cancel,
        Self::Assign,
        Self::JoinMessaging,
        Self::Registration,
        Self::Test,
        Self::Alerts,
    ];
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Submit => "submit",
            Self::Status => "status",
            Self::Statuses => "statuses",
            Self::Find => "find",
            Self::RequestSlot => "request_slot",
            Self::Cancel => "cancel",
            Self::Assign => "assign",
            Self::JoinMessaging => "join_messaging",
            Self::Registration => "registration",
            Self::Test => "test",
            Self::Alerts => "alerts",
        })
    }
}

/// What goes wrong with one call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A timeout; the call never took effect.
    LostBefore,
    /// A timeout; the call took effect.
    LostAfter,
    /// The carrier could not be reached.
    Unreachable,
    /// The carrier failed on its side; the call did not take effect, but it does not say so.
    Unavailable,
    /// The carrier asks to come back after this long; the call did not take effect.
    RateLimited(Duration),
    /// The credentials are refused; the call did not take effect.
    Unauthorized,
    /// A status is answered as it was answered last, whatever happened since; with many orders,
    /// every report comes twice. Without meaning for other calls, which then succeed.
    Duplicate,
    /// A status or lookup is answered as of this long ago. Without meaning for other calls, which
    /// then succeed.
    Stale(TimeDelta),
    /// A report comes about another order. Without meaning for calls that answer no report of an
    /// order, which then succeed.
    WrongOrder,
}

impl Fault {
    /// The error of a fault that strikes before the call takes effect.
    pub(super) fn before(&self, carrier: &CarrierId, op: Op) -> Option<CarrierError> {
        use CarrierErrorKind as Kind;
        let (kind, wait) = match self {
            Self::LostBefore => (Kind::Timeout, None),
            Self::Unreachable => (Kind::Unreachable, None),
            Self::Unavailable => (Kind::Unavailable, None),
            Self::RateLimited(wait) => (Kind::RateLimited, Some(*wait)),
            Self::Unauthorized => (Kind::Unauthorized, None),
            Self::LostAfter | Self::Duplicate | Self::Stale(_) | Self::WrongOrder => return None,
        };
        let error = CarrierError::new(carrier.clone(), kind, format!("simulated, in {op}"));
        Some(match wait {
            Some(wait) => error.with_retry_after(wait),
            None => error,
        })
    }

    /// The error of a fault that strikes after the call took effect.
    pub(super) fn after(&self, carrier: &CarrierId, op: Op) -> Option<CarrierError> {
        (*self == Self::LostAfter).then(|| {
            let detail = format!("simulated, in {op}");
            CarrierError::new(carrier.clone(), CarrierErrorKind::Timeout, detail)
        })
    }
}

/// Which faults are to come, and how often each call was made.
#[derive(Debug, Default)]
pub(super) struct Faults {
    queued: BTreeMap<Op, VecDeque<Fault>>,
    percent: u8,
    among: Vec<Fault>,
    calls: BTreeMap<Op, usize>,
}

impl Faults {
    pub(super) fn queue(&mut self, op: Op, fault: Fault) {
        self.queued.entry(op).or_default().push_back(fault);
    }

    pub(super) fn at_random(&mut self, percent: u8, among: Vec<Fault>) {
        (self.percent, self.among) = (percent, among);
    }

    pub(super) fn calls(&self, op: Op) -> usize {
        self.calls.get(&op).copied().unwrap_or_default()
    }

    pub(super) fn all_calls(&self) -> usize {
        self.calls.values().sum()
    }

    /// Counts a call of `op` and says what goes wrong with it.
    pub(super) fn called(&mut self, seed: u64, op: Op) -> Option<Fault> {
        let count = self.calls.entry(op).or_default();
        *count += 1;
        let keys = [op as u64, *count as u64];
        if let Some(fault) = self.queued.get_mut(&op).and_then(VecDeque::pop_front) {
            return Some(fault);
        }
        let dice = roll(seed, &keys);
        let which = usize::try_from(dice >> 32).unwrap_or_default();
        (dice % 100 < u64::from(self.percent))
            .then(|| self.among.get(which % self.among.len().max(1)).cloned())
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queued_faults_come_first_and_in_turn_each_to_its_call() {
        let mut faults = Faults::default();
        faults.queue(Op::Submit, Fault::LostBefore);
        faults.queue(Op::Submit, Fault::LostAfter);
        assert_eq!(faults.called(7, Op::Find), None);
        assert_eq!(faults.called(7, Op::Submit), Some(Fault::LostBefore));
        assert_eq!(faults.called(7, Op::Submit), Some(Fault::LostAfter));
        assert_eq!(faults.called(7, Op::Submit), None);
        assert_eq!((faults.calls(Op::Submit), faults.all_calls()), (3, 4));
    }

    #[test]
    fn random_faults_come_as_often_as_asked_and_repeat_with_the_seed() {
        let run = |seed, percent| {
            let mut faults = Faults::default();
            faults.at_random(percent, vec![Fault::Unreachable, Fault::LostAfter]);
            (0..1_000)
                .map(|_| faults.called(seed, Op::Status))
                .collect::<Vec<_>>()
        };
        assert_eq!(run(7, 30), run(7, 30));
        assert_ne!(run(7, 30), run(8, 30));
        let count = |percent, fault: &Fault| {
            let run = run(7, percent);
            run.iter()
                .filter(|found| found.as_ref() == Some(fault))
                .count()
        };
        assert!((100..200).contains(&count(30, &Fault::Unreachable)));
        assert!((100..200).contains(&count(30, &Fault::LostAfter)));
        assert_eq!(count(0, &Fault::LostAfter), 0);
        assert_eq!(
            count(100, &Fault::LostAfter) + count(100, &Fault::Unreachable),
            1_000
        );
        let mut none = Faults::default();
        none.at_random(100, Vec::new());
        assert_eq!(none.called(7, Op::Status), None);
    }
}
