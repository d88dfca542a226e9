//! What is asked of an order from outside.

use chrono::TimeDelta;

use super::{Booking, Order, Time, shifted};
use crate::calendar::PortSlot;
use crate::number::{NumberList, PhoneNumber};
use crate::testing::sim::after;
use crate::testing::sim::script::SchedulePlan;

impl Order {
    /// Takes a slot that is asked for at `now`, as the script has it.
    pub(in crate::testing::sim) fn ask(
        &mut self,
        numbers: &NumberList,
        slot: &PortSlot,
        now: Time,
    ) {
        self.part_asks(numbers);
        // Who asks again before an answer gave up the earlier wish.
        self.booked.retain(|b| b.known <= now);
        let wait = match &self.script.schedule {
            SchedulePlan::Agreed => TimeDelta::zero(),
            SchedulePlan::AgreedAfter(wait) => *wait,
            SchedulePlan::CounterOffered(by) => {
                if !self.offers.iter().any(|(_, offer)| offer == slot) {
                    self.offers.push((now, shifted(slot, *by)));
                    return;
                }
                TimeDelta::zero()
            }
            SchedulePlan::Refused(refusal) => {
                self.slot_refused = Some((refusal.clone(), now));
                return;
            }
            SchedulePlan::SetByCarrier { .. } => return,
        };
        self.book(numbers.clone(), slot.clone(), after(now, wait));
    }

    fn part_asks(&mut self, numbers: &NumberList) {
        let part = numbers.len() < self.numbers.len();
        if part && !self.parts.contains(numbers) {
            self.parts.push(numbers.clone());
        }
    }

    /// Agrees a slot that counts from `known` on.
    pub(in crate::testing::sim) fn book(
        &mut self,
        numbers: NumberList,
        slot: PortSlot,
        known: Time,
    ) {
        self.booked.push(Booking {
            numbers,
            slot,
            known,
            by_carrier: false,
        });
    }

    /// Cancels numbers with effect from `at`; an earlier cancellation stands.
    pub(in crate::testing::sim) fn cancel(&mut self, numbers: &NumberList, at: Time) {
        self.part_asks(numbers);
        for number in numbers.iter().filter(|n| self.numbers.contains(n)) {
            self.cancelled.entry(*number).or_insert(at);
        }
    }

    /// When the last of `numbers` was or will be cancelled, if all of them are.
    pub(in crate::testing::sim) fn cancellation_of(&self, numbers: &NumberList) -> Option<Time> {
        let all: Option<Vec<Time>> = numbers.iter().map(|n| self.cancellation(*n)).collect();
        all?.into_iter().max()
    }

    /// Brings a number home from a wrong account; `false` if it is not in one.
    pub(in crate::testing::sim) fn bring_home(&mut self, number: PhoneNumber, now: Time) -> bool {
        let away = self
            .whereabouts(number, now)
            .is_some_and(|(_, account)| account != self.gaining);
        if away {
            self.moved_home.insert(number, now);
        }
        away
    }
}
