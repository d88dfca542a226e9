//! A process that dies at any await, before or after any call of the store or the carrier: the
//! next one takes the port to its end, and the carrier was asked once.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use snap_port::testing::{HookedStore, Op, StoreCall, StoreHook};
use snap_port::{AnyPortRequest as Any, AttemptPhase, Refusal, StoreError};

use super::*;

/// A place to die.
async fn once_pending() {
    let mut first = true;
    poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::take(&mut first) {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
}

/// Every call of the store is a place to die, before and after it took effect.
#[derive(Debug)]
struct Yields;

#[async_trait]
impl StoreHook for Yields {
    async fn before(&self, _: StoreCall<'_>) -> Result<(), StoreError> {
        once_pending().await;
        Ok(())
    }
    async fn after(&self, _: StoreCall<'_>) -> Result<(), StoreError> {
        once_pending().await;
        Ok(())
    }
}

/// What becomes of the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Smooth,
    /// The customer calls it off once it is submitted.
    CalledOff,
    /// The carrier refuses the first attempt; the second is taken.
    Amended,
    /// One number goes on alone once it is submitted.
    Split,
}

/// What outlives a process.
struct Outside {
    clock: VirtualClock,
    carrier: SimCarrier,
    store: Arc<MemoryStore>,
    fate: Fate,
    id: PortRequestId,
}

impl Outside {
    fn new(fate: Fate) -> Self {
        let clock = VirtualClock::at(sample::time());
        let carrier = SimCarrier::new(clock.clone(), 7);
        if fate == Fate::Amended {
            let refusal = Refusal::new(snap_port::Reason::Paperwork, "no signature");
            carrier.script_next(Script::default().refuse(refusal));
        }
        Self {
            clock,
            carrier,
            store: Arc::new(MemoryStore::new()),
            fate,
            id: id("dies"),
        }
    }

    /// A process that takes everything from what is stored to the end.
    async fn process(&self) {
        let store = HookedStore::new(self.store.clone(), Yields);
        let desk = PortDesk::new(Arc::new(store), Arc::new(self.clock.clone()))
            .with_carrier(Arc::new(self.carrier.clone()));
        let worker = worker("process");
        for _ in 0..200 {
            let requests = self.requests().await;
            if requests.is_empty() {
                let permit = sample::admin().permit().unwrap();
                let start = desk.start(self.id.clone(), self.carrier.id(), permit);
                start.await.unwrap();
            }
            let mut ended = !requests.is_empty();
            for request in requests {
                ended &= request.status().is_final();
                self.act(&desk, request).await;
            }
            if ended {
                return;
            }
            self.clock.advance(TimeDelta::hours(26));
            for round in 0.. {
                if desk.round(&worker).await.unwrap().claimed == 0 {
                    break;
                }
                assert!(
                    round < 20,
                    "{:?}",
                    self.store.find(&Find::All, &Page::first(9)).await
                );
            }
        }
        panic!("it never ends");
    }

    async fn requests(&self) -> Vec<Any> {
        let found = self.store.find(&Find::All, &Page::first(10)).await.unwrap();
        let mut requests = Vec::new();
        for found in found {
            let stored = self.store.get(&found.row.id).await.unwrap();
            requests.push(stored.unwrap().read().unwrap());
        }
        requests
    }

    /// What people do next, by what is stored.
    async fn act(&self, desk: &PortDesk, request: Any) {
        let admin = sample::admin();
        let support = sample::support();
        let id = request.id().clone();
        match request {
            Any::Draft(draft) if draft.checklist().complete().is_err() => {
                let package = sample::package(&sample::numbers(2), self.clock.now());
                desk.fill(&id, |form| *form = (&package).into())
                    .await
                    .unwrap();
            }
            Any::Draft(_) => {
                desk.seal(&id, admin.permit().unwrap()).await.unwrap();
            }
            Any::Sealed(r) if r.phase() == AttemptPhase::UnderReview => {
                let (attempt, numbers) = (r.attempt().key().clone(), r.numbers().clone());
                let review = desk.pass_review(&attempt, support.permit().unwrap(), numbers);
                review.await.unwrap();
            }
            // Whoever dies just after submitting finds it approved.
            ref r @ (Any::Submitted(_) | Any::ReleaseApproved(_) | Any::Scheduled(_))
                if self.fate == Fate::CalledOff && r.cancel_requested().is_none() =>
            {
                let permit = admin.permit().unwrap();
                desk.cancel(&id, "changed our minds", permit).await.unwrap();
            }
            ref r @ (Any::Submitted(_) | Any::ReleaseApproved(_) | Any::Scheduled(_))
                if self.fate == Fate::Split && r.numbers().is_some_and(|n| n.len() > 1) =>
            {
                let part = sample::numbers_from(0, 1);
                let permit = support.permit().unwrap();
                let child = super::id("part");
                desk.split(&id, child, part, "alone", permit).await.unwrap();
            }
            Any::ReleaseApproved(r) if r.slot_request().is_none() => {
                let earliest = r.package().earliest().begins();
                let begins = earliest.max(self.clock.now()) + TimeDelta::days(1);
                let slot = snap_port::PortSlot::hour(begins, sample::zone());
                let slot = self.in_hours(desk, slot);
                let permit = support.permit().unwrap();
                desk.ask_slot(&id, slot, permit).await.unwrap();
            }
            Any::Rejected(_) => {
                desk.amend(&id, admin.permit().unwrap()).await.unwrap();
            }
            Any::Ported(r) if r.table().complete().is_ok() => {
                let permit = sample::customer_success().permit().unwrap();
                desk.sign_off(&id, permit).await.unwrap();
            }
            _ => {}
        }
    }

    fn in_hours(&self, desk: &PortDesk, slot: snap_port::PortSlot) -> snap_port::PortSlot {
        let calendar = desk.policy().calendar();
        let mut slots = calendar.slots(slot.begins(), TimeDelta::hours(1));
        slots.next().expect("business hours come again")
    }

    /// The carrier's books agree with what is stored.
    async fn is_sound(&self, died_at: usize) {
        let what = format!("{:?}, died at {died_at}", self.fate);
        let orders = self.carrier.orders_of(&self.id);
        let expected = if self.fate == Fate::Amended { 2 } else { 1 };
        assert!(orders.len() <= expected, "{what}: {orders:?}");
        let asked = self.carrier.calls(Op::Submit);
        assert!(asked <= expected + 1, "{what}: asked {asked} times");
        for request in self.requests().await {
            let end = match self.fate {
                Fate::CalledOff => Status::Cancelled,
                Fate::Smooth | Fate::Amended | Fate::Split => Status::Verified,
            };
            assert_eq!(request.status(), end, "{what}: {}", request.id());
            let order = request.order().unwrap();
            assert_eq!(orders.last(), Some(order), "{what}");
        }
        let parts = if self.fate == Fate::Split { 2 } else { 1 };
        assert_eq!(self.requests().await.len(), parts, "{what}");
    }
}

/// Polls a future so often, then drops it; says whether it came to its end.
fn dies_after(polls: usize, future: impl Future<Output = ()>) -> bool {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    (0..polls).any(|_| matches!(future.as_mut().poll(&mut context), Poll::Ready(())))
}

async fn dies_everywhere(fate: Fate) -> usize {
    for polls in 1.. {
        let outside = Outside::new(fate);
        if polls % 20 == 1 {
            eprintln!("{fate:?} {polls}");
        }
        if dies_after(polls, outside.process()) {
            outside.is_sound(polls).await;
            return polls;
        }
        // Whoever comes next finds the claims of the dead.
        outside.clock.advance(TimeDelta::minutes(10));
        outside.process().await;
        outside.is_sound(polls).await;
    }
    unreachable!("a port has an end")
}

#[tokio::test]
async fn a_smooth_port_survives_dying_anywhere() {
    let places = dies_everywhere(Fate::Smooth).await;
    println!("{places} places to die");
    assert!(places > 100, "{places} places to die");
}

#[tokio::test]
async fn a_port_that_is_called_off_survives_dying_anywhere() {
    dies_everywhere(Fate::CalledOff).await;
}

#[tokio::test]
async fn a_port_that_is_amended_survives_dying_anywhere() {
    dies_everywhere(Fate::Amended).await;
}

#[tokio::test]
async fn a_port_that_is_split_survives_dying_anywhere() {
    dies_everywhere(Fate::Split).await;
}
