//! What the desk does once numbers have arrived, and how often: tests cost money.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use chrono::TimeDelta;
use snap_port::testing::{Fault, Op, RegistrationPlan, Script, SimCarrier, VirtualClock, sample};
use snap_port::{
    Capabilities, Check, CheckState, Fact, Means, MemoryStore, NumberTable, Outcome, PortDesk,
    PortRequestId, Status, Step, Test, Trouble,
};

use super::{desk, id, moved, ported};

struct Place {
    clock: VirtualClock,
    carrier: SimCarrier,
    desk: PortDesk,
    id: PortRequestId,
}

impl Place {
    fn new(script: Script) -> Self {
        let clock = VirtualClock::at(sample::time());
        let carrier = SimCarrier::new(clock.clone(), 7).with_script(script);
        let desk = desk(Arc::new(MemoryStore::new()), &clock, &carrier);
        let id = id("served-1");
        Self {
            clock,
            carrier,
            desk,
            id,
        }
    }

    /// Three numbers that have just arrived: the desk has done for them once what it can.
    async fn ported(&self) {
        ported(&self.desk, &self.clock, &self.id, &self.carrier).await;
    }

    async fn advance(&self) -> Option<Trouble> {
        self.desk.advance(&self.id).await.unwrap().trouble
    }

    async fn table(&self) -> NumberTable {
        self.desk.get(&self.id).await.unwrap().table().unwrap()
    }

    /// How many numbers the check is met for.
    async fn met(&self, check: Check) -> usize {
        let table = self.table().await;
        let rows = table.rows().iter();
        rows.filter(|row| row.check(check).is_met()).count()
    }
}

#[tokio::test]
async fn a_call_that_failed_is_tried_again_an_hour_later() {
    let place = Place::new(Script::default().voice_failures(2));
    place.ported().await;
    let tests = || place.carrier.calls(Op::Test);
    let before = tests();
    assert_eq!(place.met(Check::VoiceOut).await, 0);
    for minutes in [0, 0, 59] {
        place.clock.advance(TimeDelta::minutes(minutes));
        place.advance().await;
        assert_eq!(tests(), before, "a call costs money");
    }
    place.clock.advance(TimeDelta::minutes(1));
    place.advance().await;
    assert_eq!(tests(), before + 6, "calls both ways, of 3 numbers");
    assert_eq!(place.met(Check::VoiceOut).await, 3);
}

#[tokio::test]
async fn a_number_that_was_registered_is_texted_soon() {
    let plan = RegistrationPlan::RegisteredAfter(TimeDelta::hours(2));
    let place = Place::new(Script::default().registration(plan));
    place.ported().await;
    let (tests, out) = (place.carrier.calls(Op::Test), Check::SmsOut);
    let state = place.table().await.rows()[0].check(out).clone();
    assert!(matches!(state, CheckState::Failed(_)), "{state:?}");
    place.clock.advance(TimeDelta::minutes(119));
    place.advance().await;
    assert_eq!(place.carrier.calls(Op::Test), tests, "it may not text yet");
    place.clock.advance(TimeDelta::minutes(1));
    place.advance().await;
    assert_eq!(place.met(out).await, 3);
}

/// A test that may have been made is on record, though the carrier did not answer: otherwise every
/// look would pay for it again.
#[tokio::test]
async fn a_test_without_an_answer_is_not_made_again_at_once() {
    for fault in [Fault::LostBefore, Fault::LostAfter, Fault::Unavailable] {
        let place = Place::new(Script::default());
        place.carrier.fault_next(Op::Test, fault.clone());
        place.ported().await;
        let timeline = place.desk.get(&place.id).await.unwrap();
        let unknown = timeline
            .timeline()
            .iter()
            .filter(|entry| {
                let outcome = match entry.fact() {
                    Some(Fact::Tested { outcome, .. }) => outcome,
                    _ => return false,
                };
                matches!(outcome, Outcome::Unknown(why) if why.contains("may have been made"))
            })
            .count();
        assert_eq!(unknown, 1, "{fault:?}");
        let first = sample::numbers(3).iter().next().copied().unwrap();
        let table = place.table().await;
        let state = table.row(first).unwrap().check(Test::VoiceOut.into());
        assert!(matches!(state, CheckState::Failed(_)), "{state:?}");
        assert_eq!(place.met(Check::VoiceOut).await, 2, "of the others");
        for _ in 0..3 {
            place.advance().await;
        }
        assert_eq!(place.met(Check::VoiceIn).await, 3, "its other tests go on");
        assert_eq!(place.met(Check::VoiceOut).await, 2, "{fault:?}");
        place.clock.advance(TimeDelta::hours(1));
        place.advance().await;
        assert_eq!(place.met(Check::VoiceOut).await, 3, "{fault:?}");
    }
}

#[tokio::test]
async fn trouble_with_one_number_keeps_no_other_waiting() {
    let place = Place::new(Script::default());
    place.carrier.fault_next(Op::Assign, Fault::Unavailable);
    place.carrier.fault_next(Op::Assign, Fault::Duplicate);
    place.carrier.fault_next(Op::Assign, Fault::LostBefore);
    place.ported().await;
    assert_eq!(place.carrier.calls(Op::Assign), 3, "each was tried");
    assert_eq!(place.met(Check::Assigned).await, 1);
    assert_eq!(place.met(Check::VoiceOut).await, 1);
    assert!(place.carrier.calls(Op::Alerts) > 0);
    assert!(place.advance().await.is_none());
    assert_eq!(place.met(Check::VoiceOut).await, 3);
}

#[tokio::test]
async fn the_first_trouble_is_told() {
    let place = Place::new(Script::default());
    place.carrier.fault_next(Op::Alerts, Fault::Unauthorized);
    place.carrier.fault_next(Op::Assign, Fault::Unavailable);
    moved(&place.desk, &place.clock, &place.id, &place.carrier).await;
    let advance = place.desk.advance(&place.id).await.unwrap();
    assert_eq!(advance.to, Status::Ported);
    let trouble = advance.trouble.unwrap().to_string();
    assert!(trouble.contains("assign"), "{trouble}");
}

/// What fails for every number is not tried with every number.
#[tokio::test]
async fn an_outage_ends_the_look() {
    for (fault, tried) in [
        (Fault::Unauthorized, 1),
        (Fault::Unreachable, 1),
        (Fault::RateLimited(std::time::Duration::from_secs(9)), 1),
        (Fault::LostBefore, 3),
        (Fault::Unavailable, 3),
    ] {
        let place = Place::new(Script::default());
        for _ in 0..3 {
            place.carrier.fault_next(Op::Assign, fault.clone());
        }
        place.ported().await;
        assert_eq!(place.carrier.calls(Op::Assign), tried, "{fault:?}");
        assert_eq!(place.carrier.calls(Op::Test), 0, "{fault:?}");
        assert_eq!(place.carrier.calls(Op::Alerts), 0, "{fault:?}");
    }
}

/// Each of them is on record, and they are an outage all the same.
#[tokio::test]
async fn tests_without_an_answer_end_the_look_too() {
    let at_once = RegistrationPlan::RegisteredAfter(TimeDelta::zero());
    let script = Script::default().voice_failures(2);
    let place = Place::new(script.registration(at_once));
    place.ported().await;
    assert_eq!(
        place.met(Check::Registered).await,
        3,
        "nothing else is open"
    );
    place.clock.advance(TimeDelta::hours(1));
    let calls = |op| place.carrier.calls(op);
    let (tests, alerts) = (calls(Op::Test), calls(Op::Alerts));
    for _ in 0..9 {
        place.carrier.fault_next(Op::Test, Fault::LostBefore);
    }
    place.advance().await;
    assert_eq!(calls(Op::Test), tests + 3);
    assert_eq!(calls(Op::Alerts), alerts);
}

/// A carrier that tells of no registration: only another text does.
#[tokio::test]
async fn a_text_that_failed_is_tried_again_a_day_later() {
    let clock = VirtualClock::at(sample::time());
    let can = Capabilities::all(Means::Api).with(Step::Registration, Means::Human);
    let plan = RegistrationPlan::RegisteredAfter(TimeDelta::hours(60));
    let carrier = SimCarrier::new(clock.clone(), 7)
        .with_capabilities(can)
        .with_script(Script::default().registration(plan));
    let (desk, id) = (
        desk(Arc::new(MemoryStore::new()), &clock, &carrier),
        id("retest-1"),
    );
    ported(&desk, &clock, &id, &carrier).await;
    let tests = || carrier.calls(Op::Test);
    let history = async || desk.get(&id).await.unwrap().timeline().len();
    let (before, entries) = (tests(), history().await);
    clock.advance(TimeDelta::hours(23));
    desk.advance(&id).await.unwrap();
    assert_eq!(tests(), before, "a text costs money");
    clock.advance(TimeDelta::hours(1));
    desk.advance(&id).await.unwrap();
    assert_eq!(tests(), before + 6, "texts both ways, of 3 numbers");
    assert_eq!(
        history().await,
        entries + 6,
        "each is on record, though no outcome changed"
    );
    desk.advance(&id).await.unwrap();
    assert_eq!(tests(), before + 6, "not before another day has passed");
    clock.advance(TimeDelta::hours(48));
    desk.advance(&id).await.unwrap();
    let table = desk.get(&id).await.unwrap().table().unwrap();
    let sms = [Check::SmsOut, Check::SmsIn];
    let mut rows = table.rows().iter();
    assert!(rows.all(|row| sms.iter().all(|check| row.check(*check).is_met())));
}

/// Tests cost money: a dropped future loses the one that is under way, and no other.
#[tokio::test]
async fn what_was_tested_is_stored_as_it_comes() {
    let drop_after = |future: &mut Pin<Box<dyn Future<Output = ()> + '_>>, polls: usize| {
        let mut context = Context::from_waker(Waker::noop());
        (0..polls).any(|_| future.as_mut().poll(&mut context).is_ready())
    };
    let mut finished = false;
    for polls in 1..400 {
        let clock = VirtualClock::at(sample::time());
        let carrier = SimCarrier::new(clock.clone(), 7);
        let (desk, id) = (
            desk(Arc::new(MemoryStore::new()), &clock, &carrier),
            id("dropped-1"),
        );
        moved(&desk, &clock, &id, &carrier).await;
        {
            let mut advance: Pin<Box<dyn Future<Output = ()> + '_>> = Box::pin(async {
                desk.advance(&id).await.unwrap();
            });
            finished = drop_after(&mut advance, polls);
        }
        let timeline = desk.get(&id).await.unwrap();
        let tests = timeline.timeline();
        let tests = tests
            .iter()
            .filter(|entry| matches!(entry.fact(), Some(Fact::Tested { .. })))
            .count();
        let made = carrier.calls(Op::Test);
        assert!(tests + 1 >= made, "{tests} of {made} stored");
        if finished {
            assert_eq!(made, 12, "four tests of three numbers");
            break;
        }
    }
    assert!(finished);
}
