//! Where "now" comes from, and who waits.
//!
//! Transitions read no clock; whatever needs the time takes a [`Clock`], and whatever must wait
//! takes a [`Timer`], so a test decides what time it is and never sleeps.

#[cfg(any(feature = "postgres", feature = "twilio"))]
mod system;

use std::fmt::Debug;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
#[cfg(any(feature = "postgres", feature = "twilio"))]
pub use system::SystemTimer;

/// A source of the current time.
pub trait Clock: Debug + Send + Sync {
    /// The current instant, UTC.
    fn now(&self) -> DateTime<Utc>;
}

impl<T: Clock + ?Sized> Clock for Arc<T> {
    fn now(&self) -> DateTime<Utc> {
        (**self).now()
    }
}

/// The machine's clock; the one place in this crate that reads it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// What waits. Times are measured from a moment of its own and never go back.
///
/// Implement it with the `async-trait` crate, over the sleep of your executor:
///
/// ```
/// # use std::time::Duration;
/// # mod executor { pub async fn sleep(_: std::time::Duration) {} }
/// #[derive(Debug)]
/// struct MyTimer(std::time::Instant);
///
/// #[async_trait::async_trait]
/// impl snap_port::Timer for MyTimer {
///     fn elapsed(&self) -> Duration {
///         self.0.elapsed()
///     }
///     async fn sleep(&self, duration: Duration) {
///         executor::sleep(duration).await;
///     }
/// }
/// ```
#[async_trait]
pub trait Timer: Debug + Send + Sync {
    /// How long ago that moment is.
    fn elapsed(&self) -> Duration;

    /// Waits this long; dropped, it stops waiting.
    async fn sleep(&self, duration: Duration);
}

#[async_trait]
impl<T: Timer + ?Sized> Timer for Arc<T> {
    fn elapsed(&self) -> Duration {
        (**self).elapsed()
    }
    async fn sleep(&self, duration: Duration) {
        (**self).sleep(duration).await;
    }
}

/// Lets others run, whom a loop over a timer that returns at once would shut out.
pub(crate) async fn yield_now() {
    let mut let_run = false;
    poll_fn(|context| {
        if std::mem::replace(&mut let_run, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
