//! The peer: one enum, checked by hand, with the same data and the same rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use snap_port::testing::sample;
use snap_port::{
    Actor, Arrival, CarrierId, NumberList, OrderRef, PhoneNumber, PortRequestId, PortSlot, Role,
    SubmissionPackage, Test,
};

use super::Evidence;

/// Something seen of a number in service.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) request: PortRequestId,
    pub(crate) carrier: CarrierId,
    pub(crate) at: DateTime<Utc>,
    pub(crate) fact: Fact,
}

#[derive(Clone)]
pub(crate) enum Fact {
    Assigned(PhoneNumber),
    Joined(PhoneNumber),
    Registered(PhoneNumber, bool),
    Passed(PhoneNumber, Test),
    AlertsRead,
}

/// What is written down.
#[allow(
    dead_code,
    reason = "the peer keeps what it is given, as the crate does"
)]
pub(crate) enum Event {
    Opened(Actor, DateTime<Utc>),
    Sealed(Arc<SubmissionPackage>, Actor, DateTime<Utc>),
    Reviewed(NumberList, Actor, DateTime<Utc>),
    Dispatched(DateTime<Utc>),
    Submitted(OrderRef, DateTime<Utc>),
    Approved(String, NumberList, DateTime<Utc>),
    Scheduled(PortSlot, DateTime<Utc>),
    Ported(Vec<Arrival>, DateTime<Utc>),
    Seen(Seen),
    Verified(Actor, DateTime<Utc>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Draft,
    Sealed,
    Reviewed,
    Sent,
    Submitted,
    Approved,
    Scheduled,
    Ported,
    Verified,
}

pub(crate) struct Port {
    id: PortRequestId,
    carrier: CarrierId,
    state: State,
    package: Option<Arc<SubmissionPackage>>,
    order: Option<OrderRef>,
    taken: Option<DateTime<Utc>>,
    log: Vec<Event>,
}

type Checked = Result<(), &'static str>;

fn ensure(holds: bool, rule: &'static str) -> Checked {
    if holds { Ok(()) } else { Err(rule) }
}

impl Port {
    fn start(id: PortRequestId, carrier: CarrierId, by: Actor, at: DateTime<Utc>) -> Self {
        Self {
            id,
            carrier,
            state: State::Draft,
            package: None,
            order: None,
            taken: None,
            log: vec![Event::Opened(by, at)],
        }
    }

    fn package(&self) -> Result<&Arc<SubmissionPackage>, &'static str> {
        self.package.as_ref().ok_or("a package")
    }

    fn enter(&mut self, from: State, to: State, event: Event) -> Checked {
        ensure(self.state == from, "in the right state")?;
        self.state = to;
        self.log.push(event);
        Ok(())
    }

    fn seal(&mut self, package: &SubmissionPackage, by: Actor, at: DateTime<Utc>) -> Checked {
        ensure(
            matches!(by.role(), Role::Admin | Role::BillingAdmin),
            "an admin seals",
        )?;
        ensure(
            package.loa().uncovered(package.numbers()).is_empty(),
            "the letter covers",
        )?;
        ensure(
            package.ticket().platform() == package.losing().platform(),
            "one platform",
        )?;
        let gaining = package.destination().account();
        ensure(package.losing().account() != gaining, "two accounts")?;
        ensure(
            package.losing().carrier_account() != Some(gaining),
            "two accounts",
        )?;
        ensure(!package.earliest().is_past(at), "not past")?;
        let package = Arc::new(package.clone());
        self.package = Some(package.clone());
        self.enter(State::Draft, State::Sealed, Event::Sealed(package, by, at))
    }

    fn review(&mut self, listed: NumberList, by: Actor, at: DateTime<Utc>) -> Checked {
        ensure(by.role() == Role::Support, "support reviews")?;
        let missing = self.package()?.numbers().missing_from(&listed);
        ensure(missing.is_empty(), "the letter lists")?;
        self.enter(
            State::Sealed,
            State::Reviewed,
            Event::Reviewed(listed, by, at),
        )
    }

    fn about(&self, request: &PortRequestId, carrier: &CarrierId) -> Checked {
        ensure(self.id == *request, "this request")?;
        ensure(self.carrier == *carrier, "this carrier")
    }

    fn run(&mut self, evidence: &Evidence, facts: &[Seen]) -> Checked {
        let (receipt, approval) = (&evidence.receipt, &evidence.approval);
        self.about(receipt.request(), receipt.carrier())?;
        self.order = Some(receipt.order().clone());
        self.taken = Some(receipt.occurred_at());
        let event = Event::Submitted(receipt.order().clone(), receipt.occurred_at());
        self.enter(State::Sent, State::Submitted, event)?;

        self.about(approval.request(), approval.carrier())?;
        let package = self.package()?.clone();
        ensure(
            approval.gaining_account() == package.destination().account(),
            "the account",
        )?;
        let soonest = self.taken.map(|taken| taken - TimeDelta::minutes(5));
        ensure(
            Some(approval.occurred_at()) >= soonest,
            "after the submission",
        )?;
        let missing = package.numbers().missing_from(approval.numbers());
        ensure(missing.is_empty(), "all numbers")?;
        let who = approval.approver().clone().unwrap_or_default();
        let event = Event::Approved(who, approval.numbers().clone(), approval.occurred_at());
        self.enter(State::Submitted, State::Approved, event)?;

        let confirmation = &evidence.confirmation;
        self.about(confirmation.request(), confirmation.carrier())?;
        let slot = confirmation.schedule().slot().ok_or("a slot")?;
        ensure(
            slot.begins() >= package.earliest().begins(),
            "not too early",
        )?;
        let event = Event::Scheduled(slot.clone(), confirmation.occurred_at());
        self.enter(State::Approved, State::Scheduled, event)?;

        let completion = &evidence.completion;
        self.about(completion.request(), completion.carrier())?;
        let arrived: std::collections::BTreeSet<PhoneNumber> = completion
            .arrivals()
            .iter()
            .map(|arrival| arrival.number)
            .collect();
        let all = package
            .numbers()
            .iter()
            .all(|number| arrived.contains(number));
        ensure(all, "every number")?;
        let event = Event::Ported(completion.arrivals().clone(), completion.occurred_at());
        self.enter(State::Scheduled, State::Ported, event)?;

        for seen in facts {
            self.about(&seen.request, &seen.carrier)?;
            self.log.push(Event::Seen(seen.clone()));
        }
        self.complete(evidence.report.signed_off_at())?;
        let event = Event::Verified(
            evidence.report.signed_off_by().clone(),
            evidence.report.signed_off_at(),
        );
        self.enter(State::Ported, State::Verified, event)
    }

    /// Every number assigned, registered and tested four ways, and the alerts read.
    fn complete(&self, signed: DateTime<Utc>) -> Checked {
        let mut met: BTreeMap<PhoneNumber, [bool; 6]> = BTreeMap::new();
        let (mut read, mut latest) = (false, None);
        for event in &self.log {
            let Event::Seen(seen) = event else { continue };
            latest = latest.max(Some(seen.at));
            match &seen.fact {
                Fact::Assigned(number) => met.entry(*number).or_default()[0] = true,
                Fact::Registered(number, is) => met.entry(*number).or_default()[1] = *is,
                Fact::Passed(number, test) => {
                    met.entry(*number).or_default()[2 + *test as usize] = true;
                }
                Fact::Joined(number) => {
                    met.entry(*number).or_default();
                }
                Fact::AlertsRead => read = true,
            }
        }
        let numbers = self.package()?.numbers();
        let all = numbers
            .iter()
            .all(|number| met.get(number).is_some_and(|row| row.iter().all(|is| *is)));
        ensure(latest <= Some(signed), "signed off last")?;
        ensure(all && read, "every check")
    }
}

/// The life through the plain enum.
pub(crate) fn live(evidence: &Evidence, facts: &[Seen]) -> Port {
    let at = sample::time();
    let mut port = Port::start(super::id(), sample::carrier(), sample::admin(), at);
    port.seal(&evidence.package, sample::admin(), at)
        .expect("sealed");
    let numbers = evidence.package.numbers().clone();
    port.review(numbers, sample::support(), at)
        .expect("reviewed");
    port.enter(State::Reviewed, State::Sent, Event::Dispatched(at))
        .expect("sent");
    port.run(evidence, facts).expect("verified");
    port
}
