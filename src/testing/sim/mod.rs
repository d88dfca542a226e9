//! A carrier in memory.

mod books;
mod calls;
mod chance;
mod fault;
mod order;
mod script;
mod service;
mod world;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;

pub use fault::{Fault, Op};
pub use script::{
    AlertPlan, CancelPlan, Cutover, Detour, HoldPlan, Intake, Move, Partial, RegistrationPlan,
    ReleasePlan, SchedulePlan, Script,
};

use super::clock::after;
use super::sample;
use crate::carrier::{Capabilities, Means};
use crate::clock::Clock;
use crate::id::{CarrierId, PortRequestId};
use world::World;

/// What [`find`](crate::CarrierClient::find) can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lookup {
    /// Every order, this long after it was taken: zero by default.
    SeesAfter(TimeDelta),
    /// Nothing; it says that it cannot tell.
    CannotTell,
}

/// A carrier in memory that does every step by API, unless told otherwise.
///
/// What happens is decided by a [`Script`] per order, by the clock it is given, and by a seed: the
/// same calls at the same times always get the same answers. Clones share one state. It takes what
/// it is given: submitting an attempt twice makes two orders, which
/// [`submissions_of`](Self::submissions_of) shows.
///
/// Every call has a point where it yields before its effect and one after it. A future that is
/// dropped at the second leaves the effect, as a broken connection does.
///
/// Numbers that asked for a slot or a cancellation of their own, as after a split, are reported as a
/// part of the order.
///
/// It does not outlive its process: beside a store that does, a new one knows no order of before and
/// gives the same names again.
#[derive(Clone)]
pub struct SimCarrier {
    world: Arc<Mutex<World>>,
    clock: Arc<dyn Clock>,
}

impl SimCarrier {
    /// A carrier called `sim` whose times are those of `clock`.
    pub fn new(clock: impl Clock + 'static, seed: u64) -> Self {
        let world = World::new(sample::carrier(), Capabilities::all(Means::Api), seed);
        Self {
            world: Arc::new(Mutex::new(world)),
            clock: Arc::new(clock),
        }
    }

    /// The same under another name.
    #[must_use]
    pub fn with_id(self, id: CarrierId) -> Self {
        self.lock().id = id;
        self
    }

    /// The same with other capabilities. What people do by them is not reported by the calls:
    /// submissions are handed over, and [`file_by_hand`](Self::file_by_hand) and
    /// [`agree_by_hand`](Self::agree_by_hand) stand in for what people do at the carrier.
    #[must_use]
    pub fn with_capabilities(self, capabilities: Capabilities) -> Self {
        self.lock().capabilities = capabilities;
        self
    }

    /// The same with `script` for orders that have no script of their own.
    #[must_use]
    pub fn with_script(self, script: Script) -> Self {
        self.lock().scripts.default = script;
        self
    }

    /// The same with another [`Lookup`].
    #[must_use]
    pub fn with_lookup(self, lookup: Lookup) -> Self {
        self.set_lookup(lookup);
        self
    }

    /// Changes what [`find`](crate::CarrierClient::find) can see.
    pub fn set_lookup(&self, lookup: Lookup) {
        self.lock().lookup = lookup;
    }

    /// Gives the next submission without a script of its own this one; repeated, in turn. A
    /// submission that is refused has used its script up.
    pub fn script_next(&self, script: Script) {
        self.lock().scripts.next.push_back(script);
    }

    /// Gives every later submission of `request` this script.
    pub fn script_for(&self, request: PortRequestId, script: Script) {
        self.lock().scripts.own.insert(request, script);
    }

    /// The next call of `op` goes wrong so; repeated, in turn.
    pub fn fault_next(&self, op: Op, fault: Fault) {
        self.lock().faults.queue(op, fault);
    }

    /// From now on `percent` of all calls (0 to 100) go wrong, each with one of `among`, drawn
    /// anew. Faults queued by [`fault_next`](Self::fault_next) come first.
    pub fn fault_at_random(&self, percent: u8, among: impl IntoIterator<Item = Fault>) {
        let among = among.into_iter().collect();
        self.lock().faults.at_random(percent, among);
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        // Nothing in here panics between two changes that belong together.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SimCarrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let world = self.lock();
        f.debug_struct("SimCarrier")
            .field("id", &world.id)
            .field("orders", &world.orders.len())
            .field("calls", &world.faults.all_calls())
            .finish_non_exhaustive()
    }
}
