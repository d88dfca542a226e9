//! The simulated carrier, through the public API alone: every script and every fault, and what the
//! crate makes of it.

mod faults;
mod moves;
mod people;
mod scripts;
mod service;

use chrono::{DateTime, TimeDelta, Utc};
use snap_port::testing::{Op, Script, SimCarrier, VirtualClock, sample};
use snap_port::{
    Actor, CarrierClientExt, Check, Clock, HasOrder, Look, Permit, PhoneNumber, PortRequest,
    PortRequestId, PortSlot, Ported, Progress, ReleaseApproved, Schedule, Scheduled, Sealed,
    Submission, Submitted, Test, act,
};

/// A carrier, its clock, and the steps of a port up to wherever a test begins.
struct Stage {
    clock: VirtualClock,
    sim: SimCarrier,
}

impl Stage {
    fn new(script: Script) -> Self {
        let clock = VirtualClock::at(sample::time());
        let sim = SimCarrier::new(clock.clone(), 7).with_script(script);
        Self { clock, sim }
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn cleared(&self, count: usize) -> PortRequest<Sealed> {
        let numbers = sample::numbers(count);
        sample::cleared(id("r-1"), sample::carrier(), numbers, self.now())
    }

    async fn submit(&self, request: &mut PortRequest<Sealed>) -> Submission {
        let once = request.dispatch(request.cleared().unwrap(), self.now());
        let sent = self.sim.submit_request(request, once.unwrap(), &self.clock);
        sent.await.unwrap()
    }

    async fn submitted(&self, count: usize) -> PortRequest<Submitted> {
        let mut request = self.cleared(count);
        match self.submit(&mut request).await {
            Submission::Accepted(receipt) => request.submitted(receipt).unwrap(),
            other => panic!("not taken: {other:?}"),
        }
    }

    async fn approved(&self, count: usize) -> PortRequest<ReleaseApproved> {
        let request = self.submitted(count).await;
        self.clock.advance(TimeDelta::hours(24));
        let look = self.sim.check_release(&request, &self.clock).await;
        request.approved(reached(look.unwrap())).unwrap()
    }

    async fn scheduled(&self, count: usize) -> PortRequest<Scheduled> {
        let mut request = self.approved(count).await;
        let slot = sample::slot(request.package().earliest());
        let look = self.ask(&mut request, slot).await;
        let confirmation = reached(look.schedule(&request).unwrap());
        request.scheduled(confirmation).unwrap()
    }

    async fn ask(&self, request: &mut PortRequest<ReleaseApproved>, slot: PortSlot) -> Look {
        let by = may(&sample::support());
        let slot = request.ask_slot(slot, by, self.now()).unwrap();
        self.sim
            .ask_slot(request, &slot, &self.clock)
            .await
            .unwrap()
    }

    /// An hour after the slot that stands: then every number has moved.
    fn pass(&self, request: &PortRequest<Scheduled>) {
        let begins = request.schedule().begins();
        self.clock.set(begins + TimeDelta::hours(1));
    }

    async fn ported(&self, count: usize) -> PortRequest<Ported> {
        let request = self.scheduled(count).await;
        self.pass(&request);
        let done = self.sim.check_ported(&request, &self.clock).await;
        request.ported(reached(done.unwrap())).unwrap()
    }

    async fn look<S: HasOrder>(&self, request: &PortRequest<S>) -> Look {
        self.sim.look(request, &self.clock).await.unwrap()
    }

    async fn assign(&self, request: &mut PortRequest<Ported>) {
        for number in request.numbers().clone().iter() {
            let assigned = self.sim.assign_number(request, *number, &self.clock);
            let assigned = assigned.await.unwrap();
            request.observe(assigned).unwrap();
            let joined = self.sim.add_to_messaging(request, *number, &self.clock);
            let joined = joined.await.unwrap();
            request.observe(joined.unwrap()).unwrap();
        }
    }

    async fn test(&self, request: &mut PortRequest<Ported>, number: PhoneNumber, test: Test) {
        let seen = self.sim.test_number(request, number, test, &self.clock);
        request.observe(seen.await.unwrap()).unwrap();
    }

    async fn check_all(&self, request: &mut PortRequest<Ported>) {
        for number in request.numbers().clone().iter() {
            let state = self.sim.check_registration(request, *number, &self.clock);
            let state = state.await.unwrap();
            request.observe(state).unwrap();
            for test in Test::ALL {
                self.test(request, *number, test).await;
            }
        }
        let alerts = self.sim.read_alerts(request, &self.clock).await.unwrap();
        for alert in alerts {
            request.observe(alert).unwrap();
        }
    }
}

fn id(text: &str) -> PortRequestId {
    text.parse().unwrap()
}

fn may<A: act::Act>(actor: &Actor) -> Permit<A> {
    actor.permit().unwrap()
}

fn reached<E: std::fmt::Debug>(progress: Progress<E>) -> E {
    match progress {
        Progress::Reached(evidence) => evidence,
        other => panic!("not reached: {other:?}"),
    }
}

fn pending<E: std::fmt::Debug>(progress: &Progress<E>) -> bool {
    matches!(progress, Progress::Pending)
}

#[tokio::test]
async fn a_smooth_port_goes_from_submission_to_verified() {
    let stage = Stage::new(Script::default());
    let request = stage.submitted(3).await;
    assert_eq!(request.order().as_str(), "SIM-0001");
    let first = request.numbers().first();
    assert_eq!(
        stage.sim.owner_of(first),
        Some(sample::losing_carrier_account())
    );

    // Nothing is released before its time.
    stage.clock.advance(TimeDelta::hours(23));
    let early = stage.sim.check_release(&request, &stage.clock).await;
    assert!(pending(&early.unwrap()));
    stage.clock.advance(TimeDelta::hours(1));
    let look = stage.look(&request).await;
    assert!(look.news(&request).unwrap().is_empty());
    let approval = reached(look.release(&request).unwrap());
    assert_eq!(
        approval.occurred_at(),
        sample::time() + TimeDelta::hours(24)
    );
    let mut approved = request.approved(approval).unwrap();
    let slot = sample::slot(approved.package().earliest());
    let look = stage.ask(&mut approved, slot.clone()).await;
    let confirmation = reached(look.schedule(&approved).unwrap());
    assert_eq!(confirmation.schedule(), &Schedule::Agreed(slot));
    let scheduled = approved.scheduled(confirmation).unwrap();

    stage.clock.set(scheduled.schedule().begins());
    let look = stage.look(&scheduled).await;
    assert!(pending(&look.completion(&scheduled).unwrap()));
    // The numbers come one by one, within minutes.
    let mut seen = Vec::new();
    for _ in 0..15 {
        stage.clock.advance(TimeDelta::minutes(1));
        seen.push(stage.look(&scheduled).await.report().arrivals.len());
    }
    assert!(seen.is_sorted() && seen.contains(&1) && seen.ends_with(&[3]));
    assert_eq!(stage.sim.owner_of(first), Some(sample::gaining_account()));

    let done = stage.sim.check_ported(&scheduled, &stage.clock).await;
    let mut ported = scheduled.ported(reached(done.unwrap())).unwrap();
    stage.assign(&mut ported).await;
    stage.check_all(&mut ported).await;
    let gaps = ported
        .verification(may(&sample::customer_success()), stage.now())
        .unwrap_err();
    assert!(
        gaps.gaps()
            .iter()
            .all(|gap| matches!(gap.check, Check::SmsOut | Check::SmsIn | Check::Registered)),
        "{gaps}"
    );

    stage.clock.advance(TimeDelta::days(3));
    stage.check_all(&mut ported).await;
    let by = may(&sample::customer_success());
    let report = ported.verification(by, stage.now()).unwrap();
    let verified = ported.verified(report).unwrap();
    assert_eq!(verified.numbers().len(), 3);
    assert_eq!(stage.sim.orders(), 1);
    assert_eq!(stage.sim.submissions_of(verified.id()), 1);
    assert_eq!(stage.sim.calls(Op::Submit), 1);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_port() {
    let run = |seed| async move {
        let clock = VirtualClock::at(sample::time());
        let sim = SimCarrier::new(clock.clone(), seed);
        let stage = Stage { clock, sim };
        let request = stage.ported(20).await;
        format!("{:?}", request.completion().arrivals())
    };
    assert_eq!(run(1).await, run(1).await);
    assert_ne!(run(1).await, run(2).await);
}
