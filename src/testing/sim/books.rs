//! What tests ask a simulated carrier, and what people do there by hand.

use super::world::reference;
use super::{Op, SimCarrier};
use crate::calendar::PortSlot;
use crate::carrier::SubmitReport;
use crate::id::{AccountId, AttemptKey, OrderRef, PortRequestId};
use crate::number::{NumberList, PhoneNumber};

impl SimCarrier {
    /// How often `op` was called, calls that failed or were dropped included.
    pub fn calls(&self, op: Op) -> usize {
        self.lock().faults.calls(op)
    }

    /// How many orders there are, dead ones included.
    pub fn orders(&self) -> usize {
        self.lock().orders.len()
    }

    /// How many orders came of submissions of `request`: more than one in a row of refusals and
    /// amendments is in order, more than one of the same attempt is a number ported twice.
    pub fn submissions_of(&self, request: &PortRequestId) -> usize {
        self.orders_of(request).len()
    }

    /// The orders that came of submissions of `request`, oldest first. A request split off later
    /// has none of its own.
    pub fn orders_of(&self, request: &PortRequestId) -> Vec<OrderRef> {
        let world = self.lock();
        let of = world.orders.iter().filter(|o| o.key.request() == request);
        of.map(|order| order.reference.clone()).collect()
    }

    /// The carrier account a number is in now; `None` if the carrier never heard of it.
    pub fn owner_of(&self, number: PhoneNumber) -> Option<AccountId> {
        let (now, world) = (self.clock.now(), self.lock());
        match world.moved(number, now) {
            Some(order) => order.whereabouts(number, now).map(|(_, account)| account),
            None => world.owners.get(&number).cloned(),
        }
    }

    /// Moves a number that landed in a wrong account into the gaining one; `false` if it is not in
    /// a wrong one.
    #[allow(clippy::must_use_candidate, reason = "moving the number is the point")]
    pub fn move_within_owner(&self, number: PhoneNumber) -> bool {
        let (now, mut world) = (self.clock.now(), self.lock());
        let mut orders = world.orders.iter_mut();
        orders.any(|order| order.bring_home(number, now))
    }

    /// A person files what was handed over. `None` if no such attempt was handed over, if it was
    /// filed already, or if its script refuses it.
    #[allow(clippy::must_use_candidate, reason = "filing is the point")]
    pub fn file_by_hand(&self, attempt: &AttemptKey) -> Option<OrderRef> {
        let (now, mut world) = (self.clock.now(), self.lock());
        let order = world.handed_over.remove(attempt)?;
        match world.take(&order, now) {
            SubmitReport::Taken { order, .. } => Some(order),
            SubmitReport::HandedOver { .. } | SubmitReport::Refused(_) => None,
        }
    }

    /// A person agrees a slot for `numbers` with the carrier; `false` if there is no such order.
    #[allow(clippy::must_use_candidate, reason = "agreeing is the point")]
    pub fn agree_by_hand(&self, order: &OrderRef, numbers: &NumberList, slot: PortSlot) -> bool {
        let (now, mut world) = (self.clock.now(), self.lock());
        let order = world.order(order);
        order
            .map(|order| order.book(numbers.clone(), slot, now))
            .is_ok()
    }

    /// A person has `numbers` cancelled at the carrier; those that moved stay where they are.
    /// `false` if there is no such order.
    #[allow(clippy::must_use_candidate, reason = "cancelling is the point")]
    pub fn cancel_by_hand(&self, order: &OrderRef, numbers: &NumberList) -> bool {
        let (now, mut world) = (self.clock.now(), self.lock());
        let order = world.order(order);
        order.map(|order| order.cancel(numbers, now)).is_ok()
    }

    /// An order that does not exist, for asking about.
    pub fn no_order() -> OrderRef {
        reference(0)
    }
}
