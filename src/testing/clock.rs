use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::{Clock, Timer};

/// A clock that stands still until it is moved. Clones share one time, UTC.
///
/// ```
/// # use chrono::TimeDelta;
/// # use snap_port::{Clock, testing::VirtualClock};
/// let clock = VirtualClock::at("2026-11-02T15:00:00Z".parse()?);
/// let seen_by_a_carrier = clock.clone();
/// clock.advance(TimeDelta::hours(1));
/// assert_eq!(seen_by_a_carrier.now().to_rfc3339(), "2026-11-02T16:00:00+00:00");
/// # Ok::<_, chrono::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct VirtualClock(Arc<Mutex<DateTime<Utc>>>);

impl VirtualClock {
    /// A clock that stands at `now`, UTC.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Moves it by `by` and gives the new time, UTC; at the end of the calendar it stops.
    #[allow(clippy::must_use_candidate, reason = "moving the clock is the point")]
    pub fn advance(&self, by: TimeDelta) -> DateTime<Utc> {
        let mut now = self.lock();
        *now = after(*now, by);
        *now
    }

    /// Sets it to `now`, UTC; back too, as clocks that are corrected do.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.lock() = now;
    }

    fn lock(&self) -> MutexGuard<'_, DateTime<Utc>> {
        // A time is whole at every moment: a panic elsewhere cannot have left half of one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.lock()
    }
}

/// Who sleeps on it moves it, and has slept.
#[async_trait]
impl Timer for VirtualClock {
    fn elapsed(&self) -> Duration {
        let since = self.now().signed_duration_since(DateTime::UNIX_EPOCH);
        since.to_std().unwrap_or_default()
    }

    async fn sleep(&self, duration: Duration) {
        self.advance(TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX));
    }
}

/// `at` moved by `by`, held at the ends of the calendar.
pub(super) fn after(at: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    at.checked_add_signed(by)
        .unwrap_or(if by < TimeDelta::zero() {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_one_time_which_only_moves_when_told() {
        let start: DateTime<Utc> = "2026-11-02T15:00:00Z".parse().unwrap();
        let clock = VirtualClock::at(start);
        let other = clock.clone();
        assert_eq!(other.now(), start);
        assert_eq!(
            clock.advance(TimeDelta::minutes(5)),
            start + TimeDelta::minutes(5)
        );
        assert_eq!(other.now(), start + TimeDelta::minutes(5));
        other.set(start - TimeDelta::days(1));
        assert_eq!(clock.now(), start - TimeDelta::days(1));
    }

    #[test]
    fn who_sleeps_on_it_has_slept() {
        let clock = VirtualClock::at("2026-11-02T15:00:00Z".parse().unwrap());
        let before = clock.elapsed();
        let sleeper: Arc<dyn Timer> = Arc::new(clock.clone());
        let mut sleep = sleeper.sleep(Duration::from_secs(90));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(sleep.as_mut().poll(&mut context).is_ready());
        assert_eq!(clock.elapsed() - before, Duration::from_secs(90));
    }

    #[test]
    fn the_calendar_has_ends() {
        let clock = VirtualClock::at(DateTime::<Utc>::MAX_UTC);
        assert_eq!(clock.advance(TimeDelta::days(1)), DateTime::<Utc>::MAX_UTC);
        clock.set(DateTime::<Utc>::MIN_UTC);
        assert_eq!(clock.advance(-TimeDelta::days(1)), DateTime::<Utc>::MIN_UTC);
    }
}
