//! What people do at the desk, by what the simulated carrier's books say.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::scripts::Plan;
use super::*;
use snap_port::testing::{Intake, Lookup, SimCarrier, VirtualClock};

/// Polls a future to its end; nothing here waits for anything but its next poll.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            return value;
        }
    }
}

/// A simulated carrier, a store, and people who act over a desk.
pub(crate) struct Office {
    pub(crate) plan: Plan,
    pub(crate) clock: VirtualClock,
    pub(crate) carrier: SimCarrier,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) dice: Dice,
    pub(crate) ids: Vec<PortRequestId>,
    /// From then on they cancel what has not moved.
    pub(crate) patient_until: DateTime<Utc>,
}

/// One order as the carrier has it, whoever would tell.
pub(crate) struct Books(OrderReport);

impl Books {
    /// What they say of these numbers of the order.
    pub(crate) fn of(&self, numbers: &NumberList) -> &OrderReport {
        let mut parts = self.0.parts.iter();
        let part = parts.find(|(of, _)| of.contains_all(numbers));
        part.map_or(&self.0, |(_, report)| report)
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.0.refusal.is_some() || self.0.cancelled.is_some()
    }
}

impl Office {
    pub(crate) fn new(plan: &Plan) -> Self {
        let clock = VirtualClock::at(sample::time());
        let carrier = SimCarrier::new(clock.clone(), plan.seed)
            .with_script(plan.script.clone())
            .with_capabilities(plan.capabilities)
            .with_lookup(plan.lookup);
        carrier.fault_at_random(plan.percent, plan.faults.clone());
        Self {
            dice: Dice(plan.seed),
            patient_until: clock.now() + TimeDelta::days(30),
            plan: plan.clone(),
            clock,
            carrier,
            store: Arc::new(MemoryStore::new()),
            ids: Vec::new(),
        }
    }

    /// A desk over the store, as a process that just started has it.
    pub(crate) fn desk(&self) -> PortDesk {
        PortDesk::new(self.store.clone(), Arc::new(self.clock.clone()))
            .with_carrier(Arc::new(self.carrier.clone()))
    }

    pub(crate) fn open(&mut self, desk: &PortDesk, name: &str) {
        let id = PortRequestId::parse(name).unwrap();
        run(desk.start(id.clone(), self.carrier.id(), permit(sample::admin()))).unwrap();
        self.ids.push(id);
    }

    /// Calls the carrier as if it did everything by API and nothing went wrong.
    fn by_hand<T>(&self, call: impl Fn(&SimCarrier) -> T) -> T {
        self.carrier.fault_at_random(0, []);
        let all = self.carrier.clone();
        let all = all.with_capabilities(Capabilities::all(Means::Api));
        let answer = call(&all);
        let _ = all.with_capabilities(self.plan.capabilities);
        answer
    }

    fn faults_again(&self) {
        let faults = self.plan.faults.clone();
        self.carrier.fault_at_random(self.plan.percent, faults);
    }

    /// The order of an attempt, if there is one.
    fn look_up(&self, key: &AttemptKey) -> FindReport {
        let found = self.by_hand(|carrier| {
            carrier.set_lookup(Lookup::SeesAfter(TimeDelta::zero()));
            // The simulated carrier keeps keys; it needs no numbers.
            let query =
                AttemptQuery::new(key.clone(), sample::numbers(1), sample::gaining_account());
            let found = run(carrier.find(&query)).unwrap();
            carrier.set_lookup(self.plan.lookup);
            found
        });
        self.faults_again();
        found
    }

    pub(crate) fn books(&self, order: &OrderRef) -> Books {
        let query = OrderQuery::new(order.clone(), sample::numbers(1), sample::gaining_account());
        let report = self.by_hand(|carrier| run(carrier.status(&query)).unwrap());
        // So that a repeated answer does not tell what the API does not.
        run(self.carrier.status(&query)).unwrap();
        self.faults_again();
        Books(report)
    }

    /// From now on everything works.
    pub(crate) fn calm(&mut self) {
        self.plan.percent = 0;
        self.faults_again();
    }

    pub(crate) fn get(&self, desk: &PortDesk, id: &PortRequestId) -> Any {
        run(desk.get(id)).unwrap()
    }

    /// Only a person is asked for this step.
    fn human(&self, step: Step) -> bool {
        let can = &self.plan.capabilities;
        can.by_people(step) && !can.by_api(step)
    }

    fn attest<T>(&self, desk: &PortDesk, id: &PortRequestId, what: T)
    where
        Statement<Attested>: From<Statement<T>>,
    {
        self.attest_of(desk, id, self.clock.now(), what);
    }

    fn attest_of<T>(&self, desk: &PortDesk, id: &PortRequestId, at: DateTime<Utc>, what: T)
    where
        Statement<Attested>: From<Statement<T>>,
    {
        let said = Statement::new(permit(sample::support()), at, what);
        done(run(desk.attest(id, Statement::<Attested>::from(said))));
    }

    /// One turn of the people who look after a request.
    pub(crate) fn act(&mut self, desk: &PortDesk, id: &PortRequestId) {
        match self.get(desk, id) {
            Any::Draft(r) => self.customer(desk, &r),
            Any::Sealed(r) => self.file(desk, &r),
            Any::Submitted(r) => self.follow(desk, &r),
            Any::ReleaseApproved(r) => self.follow(desk, &r),
            Any::Scheduled(r) => self.follow(desk, &r),
            Any::Ported(r) => self.serve(desk, &r),
            Any::Rejected(r) => {
                if r.attempts() < 3 && self.clock.now() < self.patient_until {
                    done(run(desk.amend(id, permit(sample::admin()))));
                } else {
                    done(run(desk.cancel(id, "enough", permit(sample::admin()))));
                }
            }
            Any::Verified(_) | Any::Cancelled(_) => {}
        }
    }

    fn customer(&mut self, desk: &PortDesk, r: &PortRequest<Draft>) {
        if r.attempts() > 3 || self.clock.now() > self.patient_until {
            done(run(desk.cancel(r.id(), "enough", permit(sample::admin()))));
        } else if r.checklist().complete().is_ok() {
            done(run(desk.seal(r.id(), permit(sample::admin()))).map(drop));
        } else {
            let package = sample::package(&numbers_of(r.id()), self.clock.now());
            let form = Checklist::from(&package);
            done(run(desk.fill(r.id(), |checklist| *checklist = form)));
        }
    }

    fn file(&mut self, desk: &PortDesk, r: &PortRequest<Sealed>) {
        let (id, key) = (r.id(), r.attempt().key());
        match r.phase() {
            AttemptPhase::UnderReview | AttemptPhase::Cleared if r.cancel_requested().is_some() => {
                done(run(desk.send_back(
                    key,
                    permit(sample::support()),
                    Vec::new(),
                )));
            }
            AttemptPhase::UnderReview => {
                let numbers = r.numbers().clone();
                let review = permit(sample::support());
                done(if self.dice.chance(90) {
                    run(desk.pass_review(key, review, numbers))
                } else {
                    let finding = Finding {
                        field: "letter".to_owned(),
                        reason: "it is not signed".to_owned(),
                        remedy: "sign it".to_owned(),
                    };
                    run(desk.send_back(key, review, vec![finding]))
                });
            }
            AttemptPhase::HandedOver | AttemptPhase::NeedsPerson => {
                let filed = self.carrier.file_by_hand(key);
                if filed.is_some() && self.dice.chance(30) {
                    return; // and states it another time
                }
                if let FindReport::Found { order, at } = self.look_up(key) {
                    self.attest_of(desk, id, at, Filed(order));
                } else if let (Intake::Refused(refusal), true) =
                    (self.plan.script.intake.clone(), self.human(Step::Submit))
                {
                    self.attest(desk, id, refusal);
                } else {
                    self.attest(desk, id, NotFiled("it is not in the books".to_owned()));
                }
            }
            AttemptPhase::Cleared | AttemptPhase::Sent | AttemptPhase::InDoubt => {}
        }
    }

    fn follow<S: InFlight>(&mut self, desk: &PortDesk, r: &PortRequest<S>) {
        let (id, numbers) = (r.id(), r.numbers());
        let books = self.books(r.order());
        let books = books.of(numbers);
        let mine = |arrival: &&ArrivalReport| numbers.contains(&arrival.number);
        let here: Vec<_> = books.arrivals.iter().filter(mine).cloned().collect();
        for arrival in &here {
            if arrival.account != sample::gaining_account() && self.dice.chance(50) {
                self.carrier.move_within_owner(arrival.number);
            }
            let table = r.table();
            let row = table.row(arrival.number).unwrap();
            let known = row.arrived().is_some() || row.elsewhere() == Some(&arrival.account);
            if self.human(Step::Arrival) && !known {
                let (number, account) = (arrival.number, arrival.account.clone());
                self.attest(desk, id, Fact::Arrived { number, account });
            }
        }
        let missing: Vec<_> = numbers
            .iter()
            .filter(|n| !here.iter().any(|a| a.number == **n))
            .copied()
            .collect();
        let late = self.clock.now() > self.patient_until;
        if late && !here.is_empty() && !missing.is_empty() {
            return self.split(desk, r, missing);
        }
        if let Some((refusal, _)) = books.refusal.clone().filter(|_| here.is_empty()) {
            if self.human(Step::Release) {
                self.attest(desk, id, refusal);
            }
            return;
        }
        if late && here.is_empty() {
            if r.cancel_requested().is_none() {
                done(run(desk.cancel(id, "too slow", permit(sample::support()))));
            }
            if self.human(Step::Cancel) {
                self.carrier.cancel_by_hand(r.order(), numbers);
                self.attest(desk, id, OrderCancelled);
            }
            return;
        }
        match r.status() {
            Status::Submitted => {
                let Some(approval) = books.approval.clone() else {
                    return;
                };
                let uncovered = numbers.missing_from(&approval.numbers);
                if uncovered.is_empty() || uncovered.len() == numbers.len() {
                    if self.human(Step::Release) {
                        self.attest(desk, id, approval);
                    }
                } else if self.dice.chance(20) {
                    self.split(desk, r, uncovered);
                }
            }
            _ => self.agree(desk, r, books),
        }
    }

    /// Agrees a slot, if none stands or, sometimes, another one.
    fn agree<S: InFlight>(&mut self, desk: &PortDesk, r: &PortRequest<S>, books: &OrderReport) {
        let id = r.id();
        let earliest = r.package().earliest();
        let hours = i64::try_from(1 + self.dice.below(50)).unwrap();
        let begins = earliest.begins().max(self.clock.now()) + TimeDelta::hours(hours);
        let slot = PortSlot::hour(begins, sample::zone());
        let scheduled = r.status() == Status::Scheduled;
        let again = self.dice.chance(5);
        if self.human(Step::Schedule) {
            match &books.slot {
                Some(stands) if !scheduled => {
                    let slot = stands.slot.clone();
                    self.attest(desk, id, Schedule::CarrierSet(slot));
                }
                None => {
                    self.carrier
                        .agree_by_hand(r.order(), r.numbers(), slot.clone());
                    self.attest(desk, id, Schedule::Agreed(slot));
                }
                Some(_) => {}
            }
            return;
        }
        let waits = run(desk.waiting(id)).unwrap().map(|waiting| waiting.what);
        let wanted = match waits {
            Some(Awaited::CounterOffer(offer)) => Some(offer),
            Some(Awaited::Slot) => Some(slot),
            _ => again.then_some(slot),
        };
        if let Some(slot) = wanted {
            done(run(desk.ask_slot(id, slot, permit(sample::support()))));
        }
    }

    fn split<S: InFlight>(&mut self, desk: &PortDesk, r: &PortRequest<S>, part: Vec<PhoneNumber>) {
        let child = PortRequestId::parse(&format!("{}.{}", r.id(), self.ids.len())).unwrap();
        let part = NumberList::new(part).unwrap();
        let by = permit(sample::support());
        if run(desk.split(r.id(), child.clone(), part, "apart", by)).is_ok() {
            self.ids.push(child);
        }
    }

    /// Does by hand what the carrier's API does not do, and states what is new.
    fn serve(&mut self, desk: &PortDesk, r: &PortRequest<Ported>) {
        let (id, clock, table) = (r.id(), &self.clock, r.table());
        let mut seen = Vec::new();
        for row in table.rows() {
            let number = row.number();
            let open = |check: Check| !row.check(check).is_met();
            let todo = |step: Step, check: Check| self.human(step) && open(check);
            let of = self.by_hand(|all| {
                let mut of = Vec::new();
                if todo(Step::Assign, Check::Assigned) {
                    of.extend(run(all.assign_number(r, number, clock)));
                }
                if self.human(Step::Messaging) && row.messaging().is_none() {
                    of.extend(run(all.add_to_messaging(r, number, clock)).unwrap());
                }
                if todo(Step::Registration, Check::Registered) {
                    of.extend(run(all.check_registration(r, number, clock)));
                }
                for test in Test::ALL {
                    let step = match test {
                        Test::VoiceIn | Test::VoiceOut => Step::VoiceTest,
                        Test::SmsIn | Test::SmsOut => Step::SmsTest,
                    };
                    if todo(step, test.into()) {
                        of.extend(run(all.test_number(r, number, test, clock)));
                    }
                }
                of
            });
            seen.extend(of);
        }
        let read = self.human(Step::Alerts) && table.complete().is_err();
        if read {
            seen.extend(self.by_hand(|all| run(all.read_alerts(r, clock)).unwrap()));
        }
        self.faults_again();
        let told: Vec<Fact> = r.timeline().filter_map(|e| e.fact().cloned()).collect();
        for fact in seen.iter().map(Observation::what) {
            if !told.contains(fact) || *fact == Fact::AlertsRead {
                self.attest(desk, id, fact.clone());
            }
        }
        for row in table.rows() {
            for (alert, _) in row.open_alerts() {
                let explained = Fact::AlertExplained {
                    id: alert.to_owned(),
                    explanation: "spoke to them".to_owned(),
                };
                self.attest(desk, id, explained);
            }
            if matches!(row.check(Check::Registered), CheckState::Failed(_)) {
                self.waive(desk, id, row.number());
            }
        }
        done(run(desk.sign_off(id, permit(sample::customer_success()))));
    }

    /// A number that the registry refused is for voice only.
    fn waive(&self, desk: &PortDesk, id: &PortRequestId, number: PhoneNumber) {
        for check in [Check::Registered, Check::SmsOut, Check::SmsIn] {
            let waiver = Waiver {
                number,
                check,
                reason: "voice only from now on".to_owned(),
                consent: "Ann, by e-mail".to_owned(),
            };
            done(run(desk.waive(
                id,
                waiver,
                permit(sample::customer_success()),
            )));
        }
    }
}

/// The numbers of a request called `r` and an index: no other has them.
fn numbers_of(id: &PortRequestId) -> NumberList {
    let index = id.as_str().trim_start_matches('r').parse().unwrap_or(0);
    sample::numbers_from(3 * index, 3)
}

/// The orders a request's history names, oldest first.
pub(crate) fn orders_on_record(request: &Any) -> Vec<OrderRef> {
    let record: serde_json::Value = serde_json::from_slice(&request.to_json().unwrap()).unwrap();
    let entries = record["history"].as_array().unwrap().iter();
    let orders = entries.filter(|stored| stored["entry"]["event"] == "submitted");
    orders
        .map(|stored| OrderRef::parse(stored["entry"]["order"].as_str().unwrap()).unwrap())
        .collect()
}

/// People are told no now and then; only the store and the records must never fail them.
fn done(outcome: Result<(), DeskError>) {
    if let Err(error @ (DeskError::Store(_) | DeskError::Record { .. } | DeskError::NotFound(_))) =
        outcome
    {
        panic!("{error:?}");
    }
}
