//! An order as the simulated carrier holds it. Where it stands is computed from its script and
//! from what was asked of it, for any time, so that an older answer is as easy as a new one.

mod asked;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::after;
use super::chance::roll;
use super::script::{Cutover, Intake, ReleasePlan, SchedulePlan, Script};
use crate::calendar::{EarliestPortDate, PortSlot};
use crate::carrier::{
    AlertReport, ArrivalReport, Capabilities, OrderReport, ReleaseGranted, SlotReport, Step,
    TransferOrder,
};
use crate::id::{AccountId, AttemptKey, OrderRef};
use crate::number::{NumberList, PhoneNumber};
use crate::request::Refusal;

type Time = DateTime<Utc>;

/// A slot that stands from `known` on, until a later one for the same numbers does.
#[derive(Clone, Debug)]
struct Booking {
    numbers: NumberList,
    slot: PortSlot,
    known: Time,
    by_carrier: bool,
}

impl Booking {
    fn report(self) -> SlotReport {
        SlotReport {
            slot: self.slot,
            confirmed_at: self.known,
            set_by_carrier: self.by_carrier,
        }
    }
}

#[derive(Debug)]
pub(super) struct Order {
    pub(super) reference: OrderRef,
    pub(super) key: AttemptKey,
    pub(super) taken: Time,
    pub(super) numbers: NumberList,
    pub(super) script: Script,
    gaining: AccountId,
    earliest: EarliestPortDate,
    seed: u64,
    booked: Vec<Booking>,
    offers: Vec<(Time, PortSlot)>,
    slot_refused: Option<(Refusal, Time)>,
    cancelled: BTreeMap<PhoneNumber, Time>,
    moved_home: BTreeMap<PhoneNumber, Time>,
    /// Parts of the order that asked for something of their own.
    parts: Vec<NumberList>,
    /// The last answer, to be given again.
    pub(super) answered: Option<OrderReport>,
}

impl Order {
    pub(super) fn new(
        reference: OrderRef,
        of: &TransferOrder,
        script: Script,
        taken: Time,
        seed: u64,
    ) -> Self {
        Self {
            reference,
            key: of.key().clone(),
            taken,
            numbers: of.numbers().clone(),
            script,
            gaining: of.package().destination().account().clone(),
            earliest: of.package().earliest().clone(),
            seed,
            booked: Vec::new(),
            offers: Vec::new(),
            slot_refused: None,
            cancelled: BTreeMap::new(),
            moved_home: BTreeMap::new(),
            parts: Vec::new(),
            answered: None,
        }
    }

    /// What the carrier reports at `now`, as far as its API does.
    pub(super) fn report(&self, now: Time, can: &Capabilities) -> OrderReport {
        let mut report = OrderReport::new(self.reference.clone());
        if can.by_api(Step::Release) {
            report.hold = self.hold(now);
            report.approval = self.approval(now);
            report.refusal = self.refusal().filter(|(_, at)| *at <= now);
            let words = self.script.words.as_ref();
            report.unrecognised = words
                .filter(|(from, _)| after(self.taken, *from) <= now)
                .map(|(_, words)| words.clone());
        }
        if can.by_api(Step::Schedule) {
            let whole =
                |b: &Booking| self.parts.is_empty() || b.numbers.contains_all(&self.numbers);
            let bookings = self.bookings().into_iter();
            let last = bookings.rev().find(|b| b.known <= now && whole(b));
            let offer = self.offers.iter().rfind(|(at, _)| *at <= now);
            report.counter_offer = offer
                .filter(|(at, _)| last.as_ref().is_none_or(|b| b.known < *at))
                .map(|(_, slot)| slot.clone());
            report.slot = last.map(Booking::report);
        }
        if can.by_api(Step::Arrival) {
            report.arrivals = self
                .numbers
                .iter()
                .enumerate()
                .filter_map(|(index, number)| {
                    let (at, account) = self.place(index, *number, now)?;
                    Some(ArrivalReport {
                        number: *number,
                        account,
                        at: Some(at),
                    })
                })
                .collect();
        }
        if can.by_api(Step::Cancel) {
            report.cancelled = self.cancelled_by(now);
        }
        for numbers in &self.parts {
            let part = self.part(numbers, report.clone(), now, can);
            report = report.with_part(numbers.clone(), part);
        }
        report
    }

    /// What differs for a part of the order that asked for something of its own.
    fn part(
        &self,
        numbers: &NumberList,
        mut whole: OrderReport,
        now: Time,
        can: &Capabilities,
    ) -> OrderReport {
        whole.parts.clear();
        if can.by_api(Step::Schedule) {
            let bookings = self.bookings().into_iter();
            let mut own = bookings.filter(|b| b.known <= now && b.numbers.contains_all(numbers));
            whole.slot = own.next_back().map(Booking::report);
        }
        if can.by_api(Step::Cancel) {
            whole.cancelled = self.cancellation_of(numbers).filter(|at| *at <= now);
        }
        whole
    }

    /// Since when a number is in which account of the gaining side; `None` before it moved.
    pub(super) fn whereabouts(&self, number: PhoneNumber, now: Time) -> Option<(Time, AccountId)> {
        let index = self.numbers.iter().position(|n| *n == number)?;
        self.place(index, number, now)
    }

    fn place(&self, index: usize, number: PhoneNumber, now: Time) -> Option<(Time, AccountId)> {
        let landings = self.landings(index, number);
        landings.into_iter().rfind(|(at, _)| *at <= now)
    }

    /// When a number came to the gaining account itself.
    fn home_since(&self, number: PhoneNumber, now: Time) -> Option<Time> {
        let (at, account) = self.whereabouts(number, now)?;
        (account == self.gaining).then_some(at)
    }

    pub(super) fn gaining(&self) -> &AccountId {
        &self.gaining
    }

    fn hold(&self, now: Time) -> Option<crate::request::Hold> {
        let holds = self.script.holds.iter();
        let mut open = holds.filter(|plan| {
            after(self.taken, plan.from) <= now
                && plan
                    .until
                    .is_none_or(|until| now < after(self.taken, until))
        });
        open.next_back().map(|plan| plan.hold.clone())
    }

    /// What of the release is approved at `now`.
    fn approval(&self, now: Time) -> Option<ReleaseGranted> {
        let (mut at, mut numbers) = (self.released()?, self.numbers.clone());
        if let ReleasePlan::Partly {
            after: from,
            first,
            rest,
        } = &self.script.release
        {
            let rest = rest.map(|rest| after(self.taken, rest));
            match rest.filter(|rest| *rest <= now) {
                Some(rest) => at = at.max(rest),
                None => {
                    at = self.due(*from)?;
                    // At least one number is taken, and none twice.
                    numbers = NumberList::new(numbers.iter().copied().take((*first).max(1)))
                        .unwrap_or(numbers);
                }
            }
        }
        (at <= now).then(|| ReleaseGranted {
            at,
            approver: "Lou Losing".to_owned(),
            losing_ticket: Some(format!("LOSING-{}", self.reference)),
            gaining_account: self.gaining.clone(),
            numbers,
        })
    }

    /// When the losing platform approves, for some numbers at least.
    pub(super) fn released(&self) -> Option<Time> {
        let at = match &self.script.release {
            ReleasePlan::After(wait) | ReleasePlan::Partly { after: wait, .. } => {
                self.due(*wait)?
            }
            ReleasePlan::Refused { .. } | ReleasePlan::Silent => return None,
        };
        let alive = self
            .numbers
            .iter()
            .any(|n| self.dies(*n).is_none_or(|dead| at < dead));
        alive.then_some(at)
    }

    /// When what is due `wait` after the order was taken happens, holds included.
    fn due(&self, wait: TimeDelta) -> Option<Time> {
        self.script.held_until(self.taken, after(self.taken, wait))
    }

    pub(super) fn refusal(&self) -> Option<(Refusal, Time)> {
        match &self.script.release {
            ReleasePlan::Refused { after, refusal } => Some((refusal.clone(), self.due(*after)?)),
            _ => self.slot_refused.clone(),
        }
    }

    /// From when on a number that has not moved never will.
    fn dies(&self, number: PhoneNumber) -> Option<Time> {
        let refused = self.refusal().map(|(_, at)| at);
        refused.into_iter().chain(self.cancellation(number)).min()
    }

    fn unasked(&self) -> Option<Time> {
        Some(after(self.taken, self.script.cancels_unasked?))
    }

    /// When the last number that will not move any more was cancelled, if nothing is still to move.
    fn cancelled_by(&self, now: Time) -> Option<Time> {
        let numbers = self.numbers.iter().enumerate();
        let unmoved = numbers.filter(|(i, n)| self.place(*i, **n, now).is_none());
        let times: Option<Vec<Time>> = unmoved
            .map(|(_, n)| self.cancellation(*n).filter(|at| *at <= now))
            .collect();
        times?.into_iter().max()
    }

    fn cancellation(&self, number: PhoneNumber) -> Option<Time> {
        let asked = self.cancelled.get(&number).copied();
        asked.into_iter().chain(self.unasked()).min()
    }

    /// Every slot that stands or will, in the order in which they come to stand.
    fn bookings(&self) -> Vec<Booking> {
        let mut bookings = self.booked.clone();
        bookings.extend(self.carrier_set());
        bookings.sort_by_key(|b| b.known);
        if let (Some(shift), Some(first)) = (self.script.reschedule, bookings.first().cloned()) {
            bookings.push(Booking {
                slot: shifted(&first.slot, shift.by),
                known: after(first.known, shift.after),
                by_carrier: true,
                numbers: first.numbers,
            });
            bookings.sort_by_key(|b| b.known);
        }
        bookings
    }

    fn carrier_set(&self) -> Option<Booking> {
        let SchedulePlan::SetByCarrier {
            after: wait,
            lead,
            keeps_earliest,
        } = &self.script.schedule
        else {
            return None;
        };
        let due = after(self.released()?, *wait);
        let known = self.script.held_until(self.taken, due)?;
        let mut begins = after(known, *lead);
        if *keeps_earliest {
            begins = begins.max(self.earliest.begins());
        }
        Some(Booking {
            numbers: self.numbers.clone(),
            slot: PortSlot::hour(begins, self.earliest.zone().clone()),
            known,
            by_carrier: true,
        })
    }

    /// Where a number lands and when, oldest first; empty if it never moves.
    fn landings(&self, index: usize, number: PhoneNumber) -> Vec<(Time, AccountId)> {
        let Some(at) = self.moves(index, number) else {
            return Vec::new();
        };
        match &self.script.detour {
            Some(detour) if index < detour.first => {
                let alone = detour.home_after.map(|wait| after(at, wait));
                let moved = self.moved_home.get(&number).copied();
                let home = alone.into_iter().chain(moved).min();
                let home = home.map(|home| (home.max(at), self.gaining.clone()));
                [(at, detour.account.clone())]
                    .into_iter()
                    .chain(home)
                    .collect()
            }
            _ => vec![(at, self.gaining.clone())],
        }
    }

    /// When a number leaves the losing side.
    fn moves(&self, index: usize, number: PhoneNumber) -> Option<Time> {
        let minutes = roll(self.seed, &[index as u64]) % 12 + 1;
        let spread = TimeDelta::minutes(i64::try_from(minutes).unwrap_or(1));
        let mut at = match self.script.cutover {
            Cutover::Never => None,
            Cutover::AfterSubmission(wait) => Some(after(after(self.taken, wait), spread)),
            Cutover::AtSlot(shift) => self.slot_time(number, after_both(shift, spread)),
        }?;
        if let Some(partial) = &self.script.partial
            && index >= partial.first
        {
            at = after(at, partial.rest_after?);
        }
        let alive = self.dies(number).is_none_or(|dead| at < dead);
        (alive || self.script.moves_anyway).then_some(at)
    }

    /// When a number moves `late` after the slot that stands then.
    fn slot_time(&self, number: PhoneNumber, late: TimeDelta) -> Option<Time> {
        let mut slots = self.bookings();
        slots.retain(|b| b.numbers.contains(&number));
        slots.iter().enumerate().find_map(|(i, booking)| {
            let due = after(booking.slot.begins(), late).max(booking.known);
            let due = self.script.held_until(self.taken, due)?;
            let superseded = slots.get(i + 1).is_some_and(|next| next.known <= due);
            (!superseded).then_some(due)
        })
    }

    /// What the error log shows at `now`.
    pub(super) fn alerts(&self, now: Time) -> Vec<AlertReport> {
        let plans = self.script.alerts.iter().enumerate();
        plans
            .filter_map(|(i, plan)| {
                let number = *self.numbers.as_slice().get(plan.index)?;
                let at = after(self.home_since(number, now)?, plan.after);
                (at <= now).then(|| AlertReport {
                    id: format!("ALERT-{}-{}", self.reference, i + 1),
                    number,
                    at,
                    text: plan.text.clone(),
                })
            })
            .collect()
    }

    /// The refusal of a submission, if the script refuses it.
    pub(super) fn refused_at_intake(script: &Script) -> Option<Refusal> {
        match &script.intake {
            Intake::Taken => None,
            Intake::Refused(refusal) => Some(refusal.clone()),
        }
    }
}

fn after_both(a: TimeDelta, b: TimeDelta) -> TimeDelta {
    a.checked_add(&b).unwrap_or(a)
}

fn shifted(slot: &PortSlot, by: TimeDelta) -> PortSlot {
    let (begins, ends) = (after(slot.begins(), by), after(slot.ends(), by));
    PortSlot::new(begins, ends, slot.zone().clone()).unwrap_or_else(|_| slot.clone())
}
