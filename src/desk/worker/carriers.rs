use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::carrier::{CarrierError, CarrierErrorKind};
use crate::desk::Cadence;
use crate::desk::cadence::later;
use crate::id::{CarrierId, PortRequestId};

/// Carriers that fail for everybody, and until when each is left alone.
#[derive(Debug, Default)]
pub(super) struct Carriers(Mutex<BTreeMap<CarrierId, Standstill>>);

#[derive(Clone, Copy, Debug)]
struct Standstill {
    times: u32,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Carriers {
    /// Until when (UTC) the carrier is left alone.
    pub(super) fn left_alone(
        &self,
        carrier: &CarrierId,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let Standstill { since, until, .. } = *self.lock().get(carrier)?;
        // One that begins later is of a clock that was ahead.
        (since <= now && now < until).then_some(until)
    }

    /// A call failed for one request. Where that tells nothing of others, they go on.
    pub(super) fn failed_once(&self, error: &CarrierError, now: DateTime<Utc>, cadence: &Cadence) {
        use CarrierErrorKind::{RateLimited, Unreachable};
        if matches!(error.kind(), RateLimited | Unreachable) {
            self.failed(error, now, cadence);
        }
    }

    /// A call for many requests failed.
    pub(super) fn failed(&self, error: &CarrierError, now: DateTime<Utc>, cadence: &Cadence) {
        let mut carriers = self.lock();
        let held = carriers.entry(error.carrier().clone());
        let standstill = held.or_insert(Standstill {
            times: 0,
            since: now,
            until: now,
        });
        if standstill.since <= now && now < standstill.until {
            // Others of the same round have met the same failure.
            return;
        }
        standstill.times = standstill.times.saturating_add(1);
        let wait = cadence.back_off(standstill.times).max(wished(error));
        standstill.since = now;
        standstill.until = later(now, wait);
    }

    pub(super) fn answered(&self, carrier: &CarrierId) {
        self.lock().remove(carrier);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<CarrierId, Standstill>> {
        // The map is whole at every moment: a panic elsewhere cannot have left half of it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Requests whose numbers are being tested, a part of them at each look.
#[derive(Debug, Default)]
pub(super) struct Unfinished(Mutex<BTreeSet<PortRequestId>>);

impl Unfinished {
    pub(super) fn contains(&self, request: &PortRequestId) -> bool {
        self.lock().contains(request)
    }

    /// The look at it has ended.
    pub(super) fn looked(&self, request: &PortRequestId, unfinished: bool) {
        match unfinished {
            true => self.lock().insert(request.clone()),
            false => self.lock().remove(request),
        };
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<PortRequestId>> {
        // As of the carriers.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long the carrier asked to be left alone.
pub(super) fn wished(error: &CarrierError) -> TimeDelta {
    let wish = error.retry_after().map(TimeDelta::from_std);
    wish.and_then(Result::ok).unwrap_or_default()
}
