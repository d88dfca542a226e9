use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use super::Timer;

/// Waits on tokio's timer; it must be used inside a tokio runtime.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(docsrs, doc(cfg(any(feature = "postgres", feature = "twilio"))))]
pub struct SystemTimer(Instant);

impl Default for SystemTimer {
    fn default() -> Self {
        Self(Instant::now())
    }
}

#[async_trait]
impl Timer for SystemTimer {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that sleeps")]
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
