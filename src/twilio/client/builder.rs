use std::fmt;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use super::TwilioClient;
use super::base::BaseUrls;
use super::credential::CredentialSource;
use super::error::TwilioError;
use super::transport::Transport;
use crate::clock::{SystemTimer, Timer};

const RATE: NonZeroU32 = NonZeroU32::new(25).unwrap();
const CONCURRENCY: NonZeroUsize = NonZeroUsize::new(16).unwrap();

/// How a [`TwilioClient`] is to call. Everything has a default.
///
/// Calls go through the proxy that the environment names (`HTTPS_PROXY`), but for plain http, which
/// stays on this machine. Redirects are not followed, cookies not kept.
#[must_use]
pub struct TwilioClientBuilder {
    pub(super) credentials: Arc<dyn CredentialSource>,
    pub(super) base_urls: BaseUrls,
    pub(super) timeout: Duration,
    pub(super) rate: NonZeroU32,
    pub(super) concurrency: NonZeroUsize,
    pub(super) retries: u32,
    pub(super) timer: Arc<dyn Timer>,
    pub(super) seed: Option<u64>,
}

impl TwilioClientBuilder {
    pub(super) fn new(credentials: Arc<dyn CredentialSource>) -> Self {
        Self {
            credentials,
            base_urls: BaseUrls::default(),
            timeout: Duration::from_secs(30),
            rate: RATE,
            concurrency: CONCURRENCY,
            retries: 3,
            timer: Arc::new(SystemTimer::default()),
            seed: None,
        }
    }

    /// Where Twilio's products are.
    pub fn base_urls(mut self, urls: BaseUrls) -> Self {
        self.base_urls = urls;
        self
    }

    /// How long one try may take, answer included. By default 30 seconds, as Twilio's own clients
    /// wait.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How many tries may begin in a second, all accounts together. By default 25.
    pub fn rate(mut self, per_second: NonZeroU32) -> Self {
        self.rate = per_second;
        self
    }

    /// How many tries may be under way at once. By default 16.
    pub fn concurrency(mut self, at_once: NonZeroUsize) -> Self {
        self.concurrency = at_once;
        self
    }

    /// How often a call is tried again: any call that Twilio did not process (status 429), and a
    /// reading call that got no answer or a failure. By default 3 times.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// What waits between tries and for the rate. By default tokio's timer. Timeouts of connections
    /// are tokio's in any case.
    ///
    /// In a test: the one `VirtualClock` that the `FakeTwilio`, the carrier
    /// ([`clock`](crate::twilio::TwilioCarrierBuilder::clock),
    /// [`timer`](crate::twilio::TwilioCarrierBuilder::timer)) and the [`PortDesk`](crate::PortDesk)
    /// have, too; otherwise waits are really waited for.
    pub fn timer(mut self, timer: impl Timer + 'static) -> Self {
        self.timer = Arc::new(timer);
        self
    }

    /// Fixes the jitter of waits, for tests. By default it is random.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The client. Nothing is called yet.
    ///
    /// # Errors
    /// [`TwilioError`] if encrypted connections cannot be set up on this machine.
    pub fn build(self) -> Result<TwilioClient, TwilioError> {
        Ok(TwilioClient(Arc::new(Transport::new(self)?)))
    }
}

impl fmt::Debug for TwilioClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwilioClientBuilder")
            .field("base_urls", &self.base_urls)
            .field("timeout", &self.timeout)
            .field("rate", &self.rate)
            .field("concurrency", &self.concurrency)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}
