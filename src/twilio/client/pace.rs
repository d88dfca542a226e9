//! How fast and how many at once.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::clock::Timer;

/// The rate's clock, on the client's timer.
#[derive(Clone, Debug)]
struct Elapsed(Arc<dyn Timer>);

impl Clock for Elapsed {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Lets tries through at a rate, so many at once.
#[derive(Debug)]
pub(super) struct Pace {
    rate: RateLimiter<NotKeyed, InMemoryState, Elapsed, NoOpMiddleware<Duration>>,
    under_way: Semaphore,
    timer: Arc<dyn Timer>,
}

impl Pace {
    pub(super) fn new(rate: NonZeroU32, at_once: NonZeroUsize, timer: Arc<dyn Timer>) -> Self {
        Self {
            rate: RateLimiter::direct_with_clock(
                Quota::per_second(rate),
                Elapsed(Arc::clone(&timer)),
            ),
            under_way: Semaphore::new(at_once.get().min(Semaphore::MAX_PERMITS)),
            timer,
        }
    }

    /// Waits for a turn. The turn ends when the permit is dropped.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed; a failure would only mean that nothing is capped.
        let permit = self.under_way.acquire().await.ok();
        while let Err(early) = self.rate.check() {
            let wait = early.wait_time_from(self.timer.elapsed());
            // Rounded up: a timer of coarser grain must not wake up early for ever.
            self.timer.sleep(wait.max(Duration::from_millis(1))).await;
        }
        permit
    }
}
