//! Running until told to stop.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use snap_port::testing::{HookedStore, StoreCall, StoreHook};
use snap_port::{DeskProbe, ObserverId, StoreError, Timer};

use super::observers::Notebook;
use super::*;

/// A timer whose sleepers sleep until time is made to pass.
#[derive(Clone, Debug, Default)]
struct HandTurned(Arc<Mutex<Duration>>);

impl HandTurned {
    fn turn(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

#[async_trait]
impl Timer for HandTurned {
    fn elapsed(&self) -> Duration {
        *self.0.lock().unwrap()
    }
    async fn sleep(&self, duration: Duration) {
        let end = self.elapsed() + duration;
        poll_fn(|_| {
            if self.elapsed() < end {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        })
        .await;
    }
}

fn poll<F: Future>(future: Pin<&mut F>, times: usize) -> bool {
    let mut context = Context::from_waker(Waker::noop());
    let mut future = future;
    (0..times).any(|_| future.as_mut().poll(&mut context).is_ready())
}

async fn until(flag: &AtomicBool) {
    poll_fn(|_| {
        if flag.load(Ordering::Relaxed) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

#[tokio::test]
async fn it_looks_round_after_round_and_stops_when_told() {
    let place = Place::new();
    let notebook = Arc::new(Notebook::default());
    let (timer, stop) = (HandTurned::default(), AtomicBool::new(false));
    let worker = worker("runs").with_observer(notebook.clone());
    let id = place.cleared(0).await;
    let mut run = pin!(place.desk.run(&worker, &timer, until(&stop)));
    assert!(!poll(run.as_mut(), 50));
    assert_eq!(place.status(&id).await, Status::Submitted);
    place.pass(TimeDelta::hours(25));
    assert!(!poll(run.as_mut(), 50));
    assert_eq!(
        place.status(&id).await,
        Status::Submitted,
        "it waits between rounds"
    );
    timer.turn(Duration::from_secs(5));
    assert!(!poll(run.as_mut(), 50));
    assert_eq!(place.status(&id).await, Status::ReleaseApproved);
    timer.turn(Duration::from_secs(5));
    assert!(!poll(run.as_mut(), 50));
    assert_eq!(notebook.kinds(&id).last(), Some(&"approved"));
    stop.store(true, Ordering::Relaxed);
    assert!(poll(run.as_mut(), 50));
    assert_eq!(place.found(&id).await.leased, None);
}

/// A store whose commits take until they are let through.
#[derive(Debug, Default)]
struct Gate {
    shut: AtomicBool,
    waiting: AtomicUsize,
}

#[async_trait]
impl StoreHook for Gate {
    async fn before(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
        if matches!(call, StoreCall::Commit(_)) {
            self.waiting.fetch_add(1, Ordering::Relaxed);
            poll_fn(|context| {
                if self.shut.load(Ordering::Relaxed) {
                    context.waker().wake_by_ref();
                    Poll::Pending
                } else {
                    Poll::Ready(())
                }
            })
            .await;
        }
        Ok(())
    }
}

fn gated(place: &mut Place) -> Arc<Gate> {
    let gate = Arc::new(Gate::default());
    let store = HookedStore::new(place.store.clone(), gate.clone());
    place.desk = PortDesk::new(Arc::new(store), Arc::new(place.clock.clone()))
        .with_carrier(Arc::new(place.carrier.clone()));
    gate
}

#[tokio::test]
async fn told_to_stop_it_finishes_what_it_is_at_and_gives_the_rest_back() {
    let mut place = Place::new();
    let gate = gated(&mut place);
    let ids = [
        place.cleared(0).await,
        place.cleared(1).await,
        place.cleared(2).await,
    ];
    gate.shut.store(true, Ordering::Relaxed);
    let (timer, stop) = (HandTurned::default(), AtomicBool::new(false));
    let worker = worker("stops").with_at_once(1);
    let mut run = pin!(place.desk.run(&worker, &timer, until(&stop)));
    assert!(!poll(run.as_mut(), 50));
    assert_eq!(
        place.found(&ids[2]).await.leased.unwrap().0.as_str(),
        "stops"
    );
    stop.store(true, Ordering::Relaxed);
    assert!(!poll(run.as_mut(), 50), "it is in the middle of one");
    gate.shut.store(false, Ordering::Relaxed);
    assert!(poll(run.as_mut(), 50));
    let mut submitted = 0;
    for id in &ids {
        let found = place.found(id).await;
        assert_eq!(found.leased, None);
        submitted += usize::from(found.row.status == Status::Submitted);
    }
    assert_eq!(submitted, 1, "the others are left to others");
    assert_eq!(place.round().await.claimed, 2, "at once");
}

#[tokio::test]
async fn what_does_not_finish_in_time_is_let_go_and_lost_nothing() {
    let mut place = Place::new();
    let gate = gated(&mut place);
    let id = place.cleared(0).await;
    gate.shut.store(true, Ordering::Relaxed);
    let (timer, stop) = (HandTurned::default(), AtomicBool::new(false));
    let worker = worker("stops").with_grace(Duration::from_secs(30));
    let mut run = pin!(place.desk.run(&worker, &timer, until(&stop)));
    assert!(!poll(run.as_mut(), 50));
    stop.store(true, Ordering::Relaxed);
    timer.turn(Duration::from_secs(29));
    assert!(!poll(run.as_mut(), 50));
    timer.turn(Duration::from_secs(31));
    assert!(poll(run.as_mut(), 50));
    gate.shut.store(false, Ordering::Relaxed);
    assert_eq!(place.found(&id).await.leased, None);
    place.round().await;
    assert_eq!(place.status(&id).await, Status::Submitted);
    assert_eq!(place.carrier.orders_of(&id).len(), 1);
}

#[tokio::test]
async fn claims_last_while_the_work_does() {
    let mut place = Place::new();
    let gate = gated(&mut place);
    let id = place.cleared(0).await;
    gate.shut.store(true, Ordering::Relaxed);
    let (timer, stop) = (HandTurned::default(), AtomicBool::new(false));
    let worker = worker("slow").with_lease(TimeDelta::minutes(3));
    let mut run = pin!(place.desk.run(&worker, &timer, until(&stop)));
    assert!(!poll(run.as_mut(), 50));
    for _ in 0..5 {
        place.pass(TimeDelta::minutes(1));
        timer.turn(Duration::from_secs(61));
        assert!(!poll(run.as_mut(), 50));
        let (_, until) = place.found(&id).await.leased.unwrap();
        assert_eq!(until, place.clock.now() + TimeDelta::minutes(3));
    }
}

/// A store that cannot be reached for a while.
#[derive(Debug, Default)]
struct Away {
    away: AtomicBool,
    calls: AtomicUsize,
}

#[async_trait]
impl StoreHook for Away {
    async fn before(&self, _: StoreCall<'_>) -> Result<(), StoreError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        if self.away.load(Ordering::Relaxed) {
            return Err(StoreError::Unreachable("connection refused".into()));
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_store_that_cannot_be_reached_is_asked_again_later_each_time() {
    let mut place = Place::new();
    let id = place.cleared(0).await;
    let away = Arc::new(Away::default());
    let store = HookedStore::new(place.store.clone(), away.clone());
    place.desk = PortDesk::new(Arc::new(store), Arc::new(place.clock.clone()))
        .with_carrier(Arc::new(place.carrier.clone()));
    away.away.store(true, Ordering::Relaxed);
    let (timer, stop) = (HandTurned::default(), AtomicBool::new(false));
    let worker = worker("waits");
    let mut run = pin!(place.desk.run(&worker, &timer, until(&stop)));
    for seconds in [5, 10, 20, 40, 60, 60] {
        assert!(!poll(run.as_mut(), 50));
        let calls = away.calls.load(Ordering::Relaxed);
        timer.turn(Duration::from_secs(seconds) - Duration::from_millis(1));
        assert!(!poll(run.as_mut(), 50));
        assert_eq!(away.calls.load(Ordering::Relaxed), calls, "{seconds}");
        timer.turn(Duration::from_millis(1));
        assert!(!poll(run.as_mut(), 50));
        assert_eq!(away.calls.load(Ordering::Relaxed), calls + 1, "{seconds}");
    }
    away.away.store(false, Ordering::Relaxed);
    timer.turn(Duration::from_secs(60));
    assert!(!poll(run.as_mut(), 50));
    assert_eq!(place.status(&id).await, Status::Submitted);
}

#[derive(Debug, Default)]
struct Failures {
    store: AtomicUsize,
    telling: AtomicUsize,
}

impl DeskProbe for Failures {
    fn store_failed(&self, times: u32) {
        self.store.store(times as usize, Ordering::Relaxed);
    }
    fn not_told(&self, observer: &ObserverId, times: u32) {
        assert_eq!(observer.as_str(), "notebook");
        self.telling.store(times as usize, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn every_probe_learns_what_fails() {
    #[derive(Debug, Default)]
    struct Unclaimed(AtomicBool);
    #[async_trait]
    impl StoreHook for Unclaimed {
        async fn before(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
            match call {
                StoreCall::Claim(_) if self.0.load(Ordering::Relaxed) => {
                    Err(StoreError::Unreachable("connection refused".into()))
                }
                _ => Ok(()),
            }
        }
    }
    let away = Arc::new(Unclaimed::default());
    let hook = away.clone();
    let place = Place::over(Arc::new(MemoryStore::new()), |store| {
        HookedStore::new(store, hook)
    });
    let notebook = Arc::new(Notebook::default());
    notebook.refuses.store(2, Ordering::Relaxed);
    place.cleared(0).await;
    let (timer, stop) = (HandTurned::default(), AtomicBool::new(false));
    let probes = [Arc::new(Failures::default()), Arc::new(Failures::default())];
    let worker = worker("runs")
        .with_observer(notebook)
        .with_probe(probes[0].clone())
        .with_probe(probes[1].clone());
    away.0.store(true, Ordering::Relaxed);
    let mut run = pin!(place.desk.run(&worker, &timer, until(&stop)));
    for _ in 0..3 {
        assert!(!poll(run.as_mut(), 50));
        timer.turn(Duration::from_secs(120));
    }
    for probe in &probes {
        assert_eq!(probe.store.load(Ordering::Relaxed), 3);
        assert_eq!(probe.telling.load(Ordering::Relaxed), 2);
    }
}
