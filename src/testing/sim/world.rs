//! The state behind a simulated carrier.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use super::Lookup;
use super::chance::roll;
use super::fault::Faults;
use super::order::Order;
use super::script::Script;
use super::service::Line;
use crate::carrier::{Capabilities, CarrierError, CarrierErrorKind, SubmitReport, TransferOrder};
use crate::id::{AccountId, AttemptKey, CarrierId, OrderRef, PortRequestId};
use crate::number::PhoneNumber;

/// Which script an order gets.
#[derive(Debug, Default)]
pub(super) struct Scripts {
    pub(super) own: BTreeMap<PortRequestId, Script>,
    pub(super) next: VecDeque<Script>,
    pub(super) default: Script,
}

impl Scripts {
    fn of(&mut self, request: &PortRequestId) -> Script {
        let own = self.own.get(request).cloned();
        own.or_else(|| self.next.pop_front())
            .unwrap_or_else(|| self.default.clone())
    }
}

#[derive(Debug)]
pub(super) struct World {
    pub(super) id: CarrierId,
    pub(super) capabilities: Capabilities,
    pub(super) seed: u64,
    pub(super) lookup: Lookup,
    pub(super) scripts: Scripts,
    pub(super) faults: Faults,
    pub(super) orders: Vec<Order>,
    /// Submissions that lie with people.
    pub(super) handed_over: BTreeMap<AttemptKey, TransferOrder>,
    /// The carrier accounts that numbers were in before they moved, as submissions name them.
    pub(super) owners: BTreeMap<PhoneNumber, AccountId>,
    pub(super) lines: BTreeMap<PhoneNumber, Line>,
}

impl World {
    pub(super) fn new(id: CarrierId, capabilities: Capabilities, seed: u64) -> Self {
        Self {
            id,
            capabilities,
            seed,
            lookup: Lookup::SeesAfter(TimeDelta::zero()),
            scripts: Scripts::default(),
            faults: Faults::default(),
            orders: Vec::new(),
            handed_over: BTreeMap::new(),
            owners: BTreeMap::new(),
            lines: BTreeMap::new(),
        }
    }

    pub(super) fn error(&self, kind: CarrierErrorKind, detail: &str) -> CarrierError {
        CarrierError::new(self.id.clone(), kind, detail)
    }

    /// Takes a submission or refuses it, as its script has it.
    pub(super) fn take(&mut self, of: &TransferOrder, now: DateTime<Utc>) -> SubmitReport {
        if let Some(owner) = of.package().losing().carrier_account() {
            for number in of.numbers().iter() {
                self.owners.entry(*number).or_insert_with(|| owner.clone());
            }
        }
        let script = self.scripts.of(of.key().request());
        if let Some(refusal) = Order::refused_at_intake(&script) {
            return SubmitReport::Refused(refusal);
        }
        let serial = self.orders.len() + 1;
        let order = reference(serial);
        let seed = roll(self.seed, &[serial as u64]);
        self.orders
            .push(Order::new(order.clone(), of, script, now, seed));
        SubmitReport::Taken { order, at: now }
    }

    pub(super) fn order(&mut self, order: &OrderRef) -> Result<&mut Order, CarrierError> {
        let found = self.orders.iter().position(|o| o.reference == *order);
        match found.and_then(|i| self.orders.get_mut(i)) {
            Some(order) => Ok(order),
            None => Err(CarrierError::new(
                self.id.clone(),
                CarrierErrorKind::NotFound,
                format!("there is no order {order}"),
            )),
        }
    }

    /// The last order that moved `number`.
    pub(super) fn moved(&self, number: PhoneNumber, now: DateTime<Utc>) -> Option<&Order> {
        let mut orders = self.orders.iter();
        orders.rfind(|order| order.whereabouts(number, now).is_some())
    }
}

/// The name of the order with this serial number, such as `SIM-0001`.
pub(super) fn reference(serial: usize) -> OrderRef {
    // Four ASCII letters and signs, then at most 20 digits.
    OrderRef::parse(&format!("SIM-{serial:04}")).expect("a plain reference")
}
