use std::fmt::Debug;

use chrono::TimeDelta;

use super::{Advance, Round};
use crate::id::{CarrierId, ObserverId};

/// Measures what workers do. It is called in the middle of the work: count, and return.
///
/// Feature `metrics` brings one for the `metrics` facade.
pub trait DeskProbe: Debug + Send + Sync {
    /// A round is over; it took so long by the desk's clock.
    fn round(&self, round: &Round, took: TimeDelta) {
        let _ = (round, took);
    }

    /// A request of `carrier` was looked at, so long after it was due.
    fn looked(&self, carrier: &CarrierId, advance: &Advance, late: TimeDelta) {
        let _ = (carrier, advance, late);
    }

    /// The store failed a worker, so many times in a row.
    fn store_failed(&self, times: u32) {
        let _ = times;
    }

    /// An observer could not be told, so many times in a row: it failed, or the store did.
    fn not_told(&self, observer: &ObserverId, times: u32) {
        let _ = (observer, times);
    }

    /// An observer took so many events.
    fn told(&self, observer: &ObserverId, events: usize) {
        let _ = (observer, events);
    }
}
