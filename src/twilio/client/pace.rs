//! How fast and how many at once.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};

use crate::clock::{Timer, yield_now};

/// The rate counts nanoseconds in 64 bits, that is 584 years, and adds to them. Here its clock
/// stops, whatever the timer says: 500 years.
const LONGEST: Duration = Duration::from_secs(500 * 365 * 24 * 60 * 60);
/// A timer of coarser grain must not wake up early for ever.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);
/// A rate of at least one a second never asks for more.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// One is enough if the timer keeps time. If not, the rate is a courtesy, and no reason to hang.
const WAITS: usize = 10;

/// The rate's clock: how long ago the client was made, by its timer.
#[derive(Clone, Debug)]
struct Elapsed {
    timer: Arc<dyn Timer>,
    began: Duration,
}

impl Clock for Elapsed {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.timer.elapsed().saturating_sub(self.began).min(LONGEST)
    }
}

/// Lets tries through at a rate, so many at once.
#[derive(Debug)]
pub(super) struct Pace {
    rate: RateLimiter<NotKeyed, InMemoryState, Elapsed, NoOpMiddleware<Duration>>,
    clock: Elapsed,
    /// Whose turn is next; the others wait for it to come, and none of them is overtaken.
    line: Mutex<()>,
    under_way: Semaphore,
}

impl Pace {
    pub(super) fn new(rate: NonZeroU32, at_once: NonZeroUsize, timer: Arc<dyn Timer>) -> Self {
        let began = timer.elapsed();
        let clock = Elapsed { timer, began };
        Self {
            rate: RateLimiter::direct_with_clock(Quota::per_second(rate), clock.clone()),
            clock,
            line: Mutex::new(()),
            under_way: Semaphore::new(at_once.get().min(Semaphore::MAX_PERMITS)),
        }
    }

    /// Waits for a turn. The turn ends when the permit is dropped.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed; a failure would only mean that nothing is capped.
        let permit = self.under_way.acquire().await.ok();
        let _first = self.line.lock().await;
        for _ in 0..WAITS {
            let Err(early) = self.rate.check() else {
                break;
            };
            let wait = early.wait_time_from(self.clock.now());
            let wait = wait.clamp(SHORTEST_WAIT, LONGEST_WAIT);
            self.clock.timer.sleep(wait).await;
            yield_now().await;
        }
        permit
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::Mutex;
    use std::task::{Context, Waker};

    use async_trait::async_trait;

    use super::*;

    fn pace(rate: u32, timer: impl Timer + 'static) -> Pace {
        let rate = NonZeroU32::new(rate).unwrap();
        Pace::new(rate, NonZeroUsize::new(100).unwrap(), Arc::new(timer))
    }

    /// A timer that never moves.
    #[derive(Debug)]
    struct Stuck;

    #[async_trait]
    impl Timer for Stuck {
        fn elapsed(&self) -> Duration {
            Duration::ZERO
        }
        async fn sleep(&self, _: Duration) {}
    }

    #[test]
    fn a_timer_that_stands_still_holds_nobody_up() {
        let pace = pace(1, Stuck);
        let mut context = Context::from_waker(Waker::noop());
        for nth in 0..5 {
            let mut turn = pin!(pace.turn());
            let polls = (1..1000).find(|_| turn.as_mut().poll(&mut context).is_ready());
            let polls = polls.expect("the turn comes though no time passes");
            assert_eq!(polls > 1, nth > 0, "others run while it waits: {polls}");
        }
    }

    /// A timer that is set at will; whoever sleeps on it has slept.
    #[derive(Clone, Debug, Default)]
    struct Jumping(Arc<Mutex<(Duration, Duration)>>);

    impl Jumping {
        fn to(&self, elapsed: Duration) {
            self.0.lock().unwrap().0 = elapsed;
        }

        fn longest_sleep(&self) -> Duration {
            self.0.lock().unwrap().1
        }
    }

    #[async_trait]
    impl Timer for Jumping {
        fn elapsed(&self) -> Duration {
            self.0.lock().unwrap().0
        }
        async fn sleep(&self, wait: Duration) {
            let mut state = self.0.lock().unwrap();
            *state = (state.0.saturating_add(wait), state.1.max(wait));
        }
    }

    #[tokio::test]
    async fn a_timer_that_jumps_breaks_nothing() {
        let nanos = Duration::from_nanos(u64::MAX);
        let ends = [
            Duration::ZERO,
            LONGEST,
            nanos - Duration::from_nanos(1),
            nanos,
            nanos + Duration::from_secs(1),
            Duration::MAX,
        ];
        for began in ends {
            let timer = Jumping::default();
            timer.to(began);
            let pace = pace(1, timer.clone());
            for end in ends.into_iter().chain(ends.into_iter().rev()) {
                timer.to(end);
                for _ in 0..3 {
                    assert!(pace.turn().await.is_some());
                }
            }
            assert!(timer.longest_sleep() <= LONGEST_WAIT);
        }
    }

    #[tokio::test]
    async fn a_timer_that_started_long_ago_keeps_the_rate() {
        let timer = Jumping::default();
        timer.to(LONGEST * 2);
        let pace = pace(10, timer.clone());
        for _ in 0..35 {
            pace.turn().await;
        }
        let took = timer.elapsed() - LONGEST * 2;
        assert!(took >= Duration::from_millis(2400), "{took:?}");
        assert!(took <= Duration::from_millis(2700), "{took:?}");
    }

    /// A timer that is moved from outside, and wakes who has slept enough.
    #[derive(Clone, Debug, Default)]
    struct Moved(Arc<Mutex<Duration>>);

    #[async_trait]
    impl Timer for Moved {
        fn elapsed(&self) -> Duration {
            *self.0.lock().unwrap()
        }
        async fn sleep(&self, wait: Duration) {
            let end = self.elapsed() + wait;
            while self.elapsed() < end {
                tokio::task::yield_now().await;
            }
        }
    }

    #[tokio::test]
    async fn many_who_wait_keep_to_the_rate() {
        let timer = Moved::default();
        let pace = Arc::new(pace(10, timer.clone()));
        let through = Arc::new(Mutex::new(0_u32));
        for _ in 0..60 {
            let (pace, through) = (Arc::clone(&pace), Arc::clone(&through));
            tokio::spawn(async move {
                pace.turn().await;
                *through.lock().unwrap() += 1;
            });
        }
        for hundredths in 0..600 {
            for _ in 0..5 {
                tokio::task::yield_now().await;
            }
            let (through, most) = (*through.lock().unwrap(), 10 + hundredths / 10);
            assert!(through <= most, "{through} after {hundredths} hundredths");
            *timer.0.lock().unwrap() += Duration::from_millis(10);
        }
        assert_eq!(*through.lock().unwrap(), 60);
    }
}
