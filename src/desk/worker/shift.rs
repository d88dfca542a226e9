use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::id::PortRequestId;
use crate::store::{Claimed, Lease};

/// What a worker has in hand, and whether it may begin anything new.
#[derive(Debug, Default)]
pub(super) struct Shift {
    over: AtomicBool,
    in_hand: Mutex<BTreeMap<PortRequestId, Claimed>>,
}

impl Shift {
    pub(super) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    pub(super) fn take(&self, claimed: &[Claimed]) {
        let of = |one: &Claimed| (one.lease.request.clone(), one.clone());
        self.lock().extend(claimed.iter().map(of));
    }

    pub(super) fn leave(&self, request: &PortRequestId) {
        self.lock().remove(request);
    }

    pub(super) fn in_hand(&self) -> Vec<Claimed> {
        self.lock().values().cloned().collect()
    }

    pub(super) fn leases(&self) -> Vec<Lease> {
        let in_hand = self.lock();
        in_hand.values().map(|one| one.lease.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<PortRequestId, Claimed>> {
        // The map is whole at every moment: a panic elsewhere cannot have left half of it.
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
