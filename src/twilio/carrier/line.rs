//! What tests share: how long they wait, how a text is known again, which line they may use.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{TestLine, TwilioCarrier};
use crate::carrier::{CarrierError, CarrierErrorKind, NumberTask};
use crate::clock::Timer;
use crate::request::Outcome;
use crate::twilio::client::TwilioError;

/// How long a test waits for its end, by the timer.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(2);

/// Looks at the most, should the timer stand still.
const LOOKS: u32 = 30;

/// Waiting for a test's end: bounded by time, and by the number of looks.
#[derive(Debug)]
pub(super) struct Wait<'a> {
    timer: &'a dyn Timer,
    began: Duration,
    looks: u32,
}

impl<'a> Wait<'a> {
    pub(super) fn on(timer: &'a dyn Timer) -> Self {
        Self {
            timer,
            began: timer.elapsed(),
            looks: 0,
        }
    }

    /// Waits for the next look; `false` when it is not worth waiting any more.
    pub(super) async fn again(&mut self) -> bool {
        let waited = self.timer.elapsed().saturating_sub(self.began);
        if self.looks >= LOOKS || waited >= PATIENCE {
            return false;
        }
        self.looks += 1;
        self.timer.sleep(PAUSE).await;
        true
    }
}

/// Tells one test text from another, without chance: the time, and a counter within the time.
#[derive(Debug, Default)]
pub(super) struct Marks(AtomicU64);

impl TwilioCarrier {
    /// The body of a test text, never used before.
    pub(super) fn body(&self, task: &NumberTask) -> String {
        let now = self.clock.now().format("%Y%m%dT%H%M%S%3f");
        let nth = self.marks.0.fetch_add(1, Ordering::Relaxed);
        format!("Line test {}, {now}-{nth}.", task.number)
    }

    /// A number cannot call itself.
    pub(super) fn apart(&self, task: &NumberTask, line: &TestLine) -> Result<(), CarrierError> {
        if task.number != line.number {
            return Ok(());
        }
        let detail = format!(
            "{} is the test line itself; nothing was sent; name another line",
            task.number
        );
        Err(self
            .error(CarrierErrorKind::InvalidRequest, detail)
            .without_effect())
    }
}

pub(super) fn failed(words: impl Into<String>) -> Outcome {
    Outcome::Failed(words.into())
}

/// The test was made, and Twilio does not say how it went.
pub(super) fn unread(what: &str, error: &TwilioError) -> Outcome {
    Outcome::Unknown(format!(
        "the {what} was made, but how it went cannot be read: {error}"
    ))
}

/// So long before `now`; of times no calendar has, an early one.
pub(super) fn before(now: DateTime<Utc>, back: TimeDelta) -> DateTime<Utc> {
    now.checked_sub_signed(back).unwrap_or(DateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;

    use super::*;

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

    #[tokio::test]
    async fn waiting_ends_though_time_does_not_pass() {
        let mut wait = Wait::on(&Stuck);
        let mut looks = 0;
        while wait.again().await {
            looks += 1;
        }
        assert_eq!(looks, LOOKS);
    }
}
