//! When a worker looks at a request next.

use chrono::{DateTime, TimeDelta, Utc};

use super::PortDesk;
use crate::request::{AnyPortRequest as Any, AttemptPhase, PortRequest, Sealed};

/// How often a worker looks at a request when nothing hints at news.
///
/// Looks become rarer the longer nothing happens: the next one comes after a quarter of the time
/// that has passed since, but neither sooner nor later than these bounds say.
///
/// ```
/// # use snap_port::Cadence;
/// let mut cadence = Cadence::default();
/// cadence.often = chrono::TimeDelta::minutes(2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cadence {
    /// The shortest time between two looks at an order on its way: 10 minutes. Also the time
    /// between any two around the slot.
    pub often: TimeDelta,
    /// The longest time between two looks: a day.
    pub rarely: TimeDelta,
    /// How long before its slot an order is looked at often: an hour.
    pub before_slot: TimeDelta,
    /// How long after the slot began it is looked at often: a day. After that, numbers that have
    /// not moved are people's business.
    pub after_slot: TimeDelta,
    /// The time between two looks for a submission whose answer was lost: 5 minutes.
    pub lost_answer: TimeDelta,
    /// The shortest time between two looks at numbers that are being put into service: an hour.
    pub in_service: TimeDelta,
    /// How long a request is left alone after a look that failed: a minute, then two, four and so
    /// on, at most [`rarely`](Self::rarely).
    pub after_failure: TimeDelta,
}

/// Whatever a cadence or a carrier says, a request is looked at again within this time: a due time
/// beyond it can only be of a clock that was ahead.
pub(super) const FURTHEST: TimeDelta = TimeDelta::days(7);

/// `wait` after `now`, both UTC, but at most [`FURTHEST`].
pub(super) fn later(now: DateTime<Utc>, wait: TimeDelta) -> DateTime<Utc> {
    now.checked_add_signed(wait.min(FURTHEST)).unwrap_or(now)
}

impl Default for Cadence {
    fn default() -> Self {
        Self {
            often: TimeDelta::minutes(10),
            rarely: TimeDelta::days(1),
            before_slot: TimeDelta::hours(1),
            after_slot: TimeDelta::days(1),
            lost_answer: TimeDelta::minutes(5),
            in_service: TimeDelta::hours(1),
            after_failure: TimeDelta::minutes(1),
        }
    }
}

impl Cadence {
    /// How long to leave alone what has failed so many times in a row.
    pub(super) fn back_off(&self, times: u32) -> TimeDelta {
        let doubled = 1_i32 << times.saturating_sub(1).min(20);
        let wait = self.after_failure.checked_mul(doubled);
        wait.map_or(self.rarely, |wait| wait.min(self.rarely))
    }

    fn after_quiet(&self, quiet: TimeDelta, at_least: TimeDelta) -> TimeDelta {
        (quiet / 4).max(at_least).min(self.rarely.max(at_least))
    }
}

/// For so long a request that is not on its way is looked at for orders of tries that were given up.
const TURNS_UP: TimeDelta = TimeDelta::days(7);

/// Whether a worker can take the request further, now or later: it is neither people's alone nor
/// over.
pub(super) fn can_advance(request: &Any) -> bool {
    match request {
        Any::Verified(_) => false,
        // What was given up may turn up all the same.
        Any::Draft(_) | Any::Rejected(_) | Any::Cancelled(_) => request.has_former_attempts(),
        Any::Sealed(sealed) => match sealed.phase() {
            AttemptPhase::UnderReview | AttemptPhase::HandedOver => false,
            AttemptPhase::Cleared => {
                sealed.cancel_requested().is_none() && sealed.stray_orders().is_empty()
            }
            AttemptPhase::Sent | AttemptPhase::InDoubt | AttemptPhase::NeedsPerson => true,
        },
        Any::Submitted(_) | Any::ReleaseApproved(_) | Any::Scheduled(_) | Any::Ported(_) => true,
    }
}

impl PortDesk {
    /// When to look next at a request that was looked at just now (UTC); never, if nothing can come
    /// of a look.
    pub(super) fn next_look(&self, request: &Any) -> Option<DateTime<Utc>> {
        if !can_advance(request) {
            return None;
        }
        let (cadence, now) = (&self.cadence, self.clock.now());
        let last = request.timeline().last().map(|entry| entry.recorded_at());
        let quiet = last.map_or(TimeDelta::zero(), |last| now.signed_duration_since(last));
        let wait = match request {
            Any::Sealed(sealed) => return Some(self.next_try(sealed, now)),
            Any::Draft(_) | Any::Rejected(_) | Any::Cancelled(_) if quiet > TURNS_UP => {
                return None;
            }
            Any::Draft(_) | Any::Rejected(_) | Any::Cancelled(_) => {
                cadence.after_quiet(quiet, cadence.lost_answer)
            }
            Any::Ported(_) => cadence.after_quiet(quiet, cadence.in_service),
            Any::Scheduled(scheduled) => {
                let begins = scheduled.schedule().begins();
                let often = begins
                    .checked_sub_signed(cadence.before_slot)
                    .unwrap_or(begins);
                let quiet = cadence.after_quiet(quiet, cadence.often);
                if now < often {
                    quiet.min(often.signed_duration_since(now))
                } else if now.signed_duration_since(begins) < cadence.after_slot {
                    cadence.often
                } else {
                    quiet
                }
            }
            _ => cadence.after_quiet(quiet, cadence.often),
        };
        Some(later(now, wait))
    }

    fn next_try(&self, sealed: &PortRequest<Sealed>, now: DateTime<Utc>) -> DateTime<Utc> {
        match sealed.phase() {
            AttemptPhase::Sent | AttemptPhase::InDoubt => later(now, self.cadence.lost_answer),
            AttemptPhase::NeedsPerson => later(now, self.cadence.rarely),
            AttemptPhase::Cleared | AttemptPhase::UnderReview | AttemptPhase::HandedOver => {
                self.held_off(sealed).unwrap_or(now)
            }
        }
    }
}
