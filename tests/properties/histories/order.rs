//! Turns of a request with an order at the carrier, before its numbers have moved.

use super::*;

impl World {
    /// A look at an order that the carrier reports as `report`.
    fn look<S: HasOrder>(&self, request: &PortRequest<S>, report: OrderReport) -> Look {
        let carrier = Says::reporting(report);
        now_or_never(carrier.look(request, &self.clock())).unwrap()
    }

    fn arrived(&mut self, numbers: &NumberList, account: &AccountId) -> Vec<ArrivalReport> {
        let at = self.now - TimeDelta::minutes(1);
        let report = |number: &PhoneNumber| ArrivalReport {
            number: *number,
            account: account.clone(),
            at: self.dice.chance(70).then_some(at),
        };
        numbers.iter().map(report).collect()
    }

    /// An hour not before the earliest port date and not past.
    fn slot<S: HasPackage>(&mut self, request: &PortRequest<S>) -> PortSlot {
        let earliest = request.package().earliest();
        let hours = 1 + i64::try_from(self.dice.below(60)).unwrap();
        let begins = earliest.begins().max(self.now) + TimeDelta::hours(hours);
        PortSlot::hour(begins, earliest.zone().clone())
    }

    fn early_slot<S: HasPackage>(&mut self, request: &PortRequest<S>) -> PortSlot {
        let earliest = request.package().earliest();
        PortSlot::hour(
            earliest.begins() - TimeDelta::seconds(1),
            earliest.zone().clone(),
        )
    }

    pub(super) fn submitted(&mut self, r: PortRequest<Submitted>) -> After {
        if self.dice.chance(45) {
            return self.in_flight(r);
        }
        let mut numbers = r.numbers().clone();
        if self.dice.chance(15) {
            numbers = self.dice.some_of(&numbers);
        }
        let granted = ReleaseGranted {
            at: self.now,
            approver: "Lou at the losing platform".to_owned(),
            losing_ticket: self.dice.chance(50).then(|| "L-1".to_owned()),
            gaining_account: r.package().destination().account().clone(),
            numbers: numbers.clone(),
        };
        let report = OrderReport::new(r.order().clone());
        let progress = match self.dice.below(3) {
            0 => {
                let said = self.says(granted);
                let approval = Says::silent().attest_release(&r, said, &self.clock());
                Progress::Reached(approval.unwrap())
            }
            1 => self.look(&r, report.approved(granted)).release(&r).unwrap(),
            _ => {
                let gaining = granted.gaining_account.clone();
                let moved = self.arrived(&numbers, &gaining);
                self.look(&r, report.arrived(moved)).release(&r).unwrap()
            }
        };
        let next = match progress {
            Progress::Reached(approval) => or_back(r.approved(approval)),
            _ => r.into(),
        };
        (next, None)
    }

    pub(super) fn approved(&mut self, mut r: PortRequest<ReleaseApproved>) -> After {
        if self.dice.chance(45) {
            return self.in_flight(r);
        }
        let slot = self.slot(&r);
        let report = OrderReport::new(r.order().clone());
        let stands = SlotReport {
            slot: slot.clone(),
            confirmed_at: self.now,
            set_by_carrier: self.dice.chance(50),
        };
        let progress = match self.dice.below(5) {
            0 => {
                let _ = r.ask_slot(slot, self.anyone(), self.now);
                return (r.into(), None);
            }
            1 => {
                let early = self.early_slot(&r);
                let schedule = self.dice.pick(&[
                    Schedule::Agreed(slot),
                    Schedule::ObservedCutover(self.now),
                    Schedule::CarrierSet(early),
                ]);
                let said = self.says(schedule);
                let attested = Says::silent().attest_schedule(&r, said, &self.clock());
                Progress::Reached(attested.unwrap())
            }
            2 => {
                let some = self.dice.some_of(r.numbers());
                let gaining = r.package().destination().account().clone();
                let moved = self.arrived(&some, &gaining);
                self.look(&r, report.arrived(moved)).schedule(&r).unwrap()
            }
            _ => self
                .look(&r, report.scheduled(stands))
                .schedule(&r)
                .unwrap(),
        };
        let next = match progress {
            Progress::Reached(confirmed) => or_back(r.scheduled(confirmed)),
            _ => r.into(),
        };
        (next, None)
    }

    pub(super) fn scheduled(&mut self, mut r: PortRequest<Scheduled>) -> After {
        if self.dice.chance(40) {
            return self.in_flight(r);
        }
        let slot = self.slot(&r);
        let report = OrderReport::new(r.order().clone());
        let next = match self.dice.below(6) {
            0 => {
                let _ = r.ask_slot(slot, self.anyone(), self.now);
                r.into()
            }
            1 => {
                let stands = SlotReport {
                    slot,
                    confirmed_at: self.now,
                    set_by_carrier: true,
                };
                let look = self.look(&r, report.scheduled(stands));
                match look.reschedule(&r).unwrap() {
                    Progress::Reached(newer) => or_back(r.rescheduled(newer)),
                    _ => r.into(),
                }
            }
            2 => {
                let said = self.says(Schedule::Agreed(slot));
                let newer = Says::silent().attest_schedule(&r, said, &self.clock());
                or_back(r.rescheduled(newer.unwrap()))
            }
            _ => {
                let gaining = r.package().destination().account().clone();
                let numbers = r.numbers().clone();
                let moved = self.arrived(&numbers, &gaining);
                match self.look(&r, report.arrived(moved)).completion(&r).unwrap() {
                    Progress::Reached(completion) => or_back(r.ported(completion)),
                    _ => r.into(),
                }
            }
        };
        (next, None)
    }

    /// What may come in every state in which the order lives.
    fn in_flight<S: InFlight + Splits + Clone>(&mut self, mut r: PortRequest<S>) -> After
    where
        Any: From<PortRequest<S>>,
    {
        let next = match self.dice.below(10) {
            0 => self.noted(r),
            1 => {
                r.request_cancel(self.words(), self.anyone(), self.now);
                r.into()
            }
            2 => self.over(r),
            3..=5 => return self.parted(r),
            6 => {
                let hold = Hold::new(Reason::FeeDemanded, self.words()).on(Party::Staff);
                let fact = self.dice.pick(&[Fact::Held(hold), Fact::Resumed]);
                self.observe(&mut r, fact);
                r.into()
            }
            7 => {
                let number = self.dice.pick(r.numbers().as_slice());
                let account = sample::wrong_account();
                self.observe(&mut r, Fact::Arrived { number, account });
                r.into()
            }
            _ => {
                let report = self.busy(&r);
                for seen in self.look(&r, report).news(&r).unwrap() {
                    r.observe(seen).unwrap();
                }
                r.into()
            }
        };
        (next, None)
    }

    /// A report full of things that are no transition.
    fn busy<S: HasOrder>(&mut self, r: &PortRequest<S>) -> OrderReport {
        let mut report = OrderReport::new(r.order().clone()).unrecognised("PENDING_LSA");
        if self.dice.chance(50) {
            report = report.on_hold(Hold::new(Reason::ApproverNotListed, self.words()));
        }
        if self.dice.chance(30) {
            report = report.alarmed(self.words());
        }
        if self.dice.chance(50) {
            report = report.counter_offered(self.slot(r));
        }
        if self.dice.chance(30) {
            report = report.scheduled(SlotReport {
                slot: self.early_slot(r),
                confirmed_at: self.now,
                set_by_carrier: true,
            });
        }
        if self.dice.chance(30) {
            let some = self.dice.some_of(r.numbers());
            let gaining = r.package().destination().account().clone();
            let account = self.dice.pick(&[gaining, sample::wrong_account()]);
            report = report.arrived(self.arrived(&some, &account));
        }
        report
    }

    /// The order ends, unless a number has moved.
    fn over<S: InFlight>(&mut self, mut r: PortRequest<S>) -> Any
    where
        Any: From<PortRequest<S>>,
    {
        let clock = self.clock();
        let silent = Says::silent();
        match self.dice.below(5) {
            0 => {
                let refusal = self.refusal();
                let said = self.says(refusal);
                let notice = silent.attest_refusal(&r, said, &clock).unwrap();
                or_back::<S, Rejected>(r.refused(notice))
            }
            1 => {
                let said = self.says(OrderCancelled);
                let receipt = silent.attest_cancelled(&r, said, &clock).unwrap();
                or_back::<S, Cancelled>(r.cancelled(receipt))
            }
            _ => {
                let cancel = self.dice.pick(&[
                    CancelReport::Done(self.now),
                    CancelReport::Pending,
                    CancelReport::Refused("too late".to_owned()),
                ]);
                let carrier = Says {
                    cancel,
                    ..Says::silent()
                };
                match now_or_never(carrier.cancel_order(&r, &clock)).unwrap() {
                    Cancellation::Done(receipt) => or_back::<S, Cancelled>(r.cancelled(receipt)),
                    Cancellation::Pending(_) => r.into(),
                    Cancellation::Refused(why) => {
                        r.observe(why).unwrap();
                        r.into()
                    }
                }
            }
        }
    }

    /// Splits off a random part; all of it, or a number of others, is refused.
    pub(crate) fn parted<S: Splits + Clone>(&mut self, r: PortRequest<S>) -> After
    where
        Any: From<PortRequest<S>>,
    {
        let part = match self.dice.below(12) {
            0 => sample::numbers_from(90, 1),
            1 => r.numbers().clone(),
            _ => self.dice.some_of(r.numbers()),
        };
        let child = self.next_child();
        match r.split(child, part, self.words(), self.anyone(), self.now) {
            Ok((parent, child)) => (parent.into(), Some(child.into())),
            Err(refused) => (refused.into_request().into(), None),
        }
    }
}
