//! The machine's part of the desk: looking at what is due, round after round.

mod carriers;
mod outcome;
mod round;
mod run;
mod shift;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

pub use round::Round;

use self::carriers::{Carriers, Unfinished};
use super::observer::PortObserver;
use super::probe::DeskProbe;
use crate::id::WorkerId;

/// One of the processes that work at the requests of a store: how much it takes on at once, for how
/// long, and whom it tells.
///
/// Give each process its own name; it is only shown to people. Workers share what is due by the
/// store's claims alone. What a worker knows of carriers that fail, it keeps to itself.
pub struct Worker {
    id: WorkerId,
    batch: usize,
    at_once: usize,
    lease: TimeDelta,
    idle: Duration,
    grace: Duration,
    carriers: Carriers,
    unfinished: Unfinished,
    observers: Vec<Arc<dyn PortObserver>>,
    probes: Vec<Arc<dyn DeskProbe>>,
}

impl Worker {
    /// A worker that claims 100 requests a round, works at 8 of them at once, holds a claim for 5
    /// minutes beyond its last sign of life, waits 5 seconds where nothing is due, and takes at
    /// most 30 seconds to finish when it is told to stop.
    pub fn new(id: WorkerId) -> Self {
        Self {
            id,
            batch: 100,
            at_once: 8,
            lease: TimeDelta::minutes(5),
            idle: Duration::from_secs(5),
            grace: Duration::from_secs(30),
            carriers: Carriers::default(),
            unfinished: Unfinished::default(),
            observers: Vec::new(),
            probes: Vec::new(),
        }
    }

    /// The same worker claiming at most so many requests a round; at least one.
    #[must_use]
    pub fn with_batch(mut self, requests: usize) -> Self {
        self.batch = requests.max(1);
        self
    }

    /// The same worker working at so many requests at once; at least one.
    #[must_use]
    pub fn with_at_once(mut self, requests: usize) -> Self {
        self.at_once = requests.max(1);
        self
    }

    /// The same worker holding its claims for so long, from a second to a day: how long the requests of
    /// a worker that died are left alone. [`run`](super::PortDesk::run) makes claims last longer
    /// while the work does; [`round`](super::PortDesk::round) alone does not.
    #[must_use]
    pub fn with_lease(mut self, lease: TimeDelta) -> Self {
        self.lease = lease.clamp(TimeDelta::seconds(1), TimeDelta::days(1));
        self
    }

    /// The same worker waiting for so long where nothing is due, at least a millisecond.
    #[must_use]
    pub fn with_idle(mut self, idle: Duration) -> Self {
        self.idle = idle.max(Duration::from_millis(1));
        self
    }

    /// The same worker taking at most so long to finish what it is at when it is told to stop.
    /// After that it lets go: nothing is lost, but a test of a number may be made again.
    #[must_use]
    pub fn with_grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// The same worker telling one more observer what has happened.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn PortObserver>) -> Self {
        self.observers.push(observer);
        self
    }

    /// The same worker measured by one more probe.
    #[must_use]
    pub fn with_probe(mut self, probe: Arc<dyn DeskProbe>) -> Self {
        self.probes.push(probe);
        self
    }

    /// Its name.
    pub fn id(&self) -> &WorkerId {
        &self.id
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("id", &self.id)
            .field("batch", &self.batch)
            .field("at_once", &self.at_once)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}
