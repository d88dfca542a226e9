//! What workers do with what is due, and what they leave.

mod claims;
mod crashes;
mod failures;
mod fairness;
mod hints;
mod looks;
mod observers;
mod running;
mod telling;
mod unreadable;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use snap_port::testing::{Script, SimCarrier, VirtualClock, sample};
use snap_port::{
    CarrierClient, Clock, Find, Found, MemoryStore, Note, NumberList, Page, PortDesk,
    PortRequestId, PortStore, Round, Status, StoredTrouble, Worker, WorkerId,
};

fn id(text: &str) -> PortRequestId {
    PortRequestId::parse(text).unwrap()
}

fn worker(name: &str) -> Worker {
    Worker::new(WorkerId::parse(name).unwrap())
}

/// A store, a carrier, a desk over both, and a worker.
struct Place {
    clock: VirtualClock,
    carrier: SimCarrier,
    store: Arc<MemoryStore>,
    desk: PortDesk,
    worker: Worker,
}

impl Place {
    fn new() -> Self {
        Self::over(Arc::new(MemoryStore::new()), |store| store)
    }

    /// The desk sees the store through `seen`.
    fn over<S: PortStore + 'static>(
        store: Arc<MemoryStore>,
        seen: impl FnOnce(Arc<MemoryStore>) -> S,
    ) -> Self {
        let clock = VirtualClock::at(sample::time());
        let carrier = SimCarrier::new(clock.clone(), 7);
        let desk = PortDesk::new(Arc::new(seen(store.clone())), Arc::new(clock.clone()))
            .with_carrier(Arc::new(carrier.clone()));
        Self {
            clock,
            carrier,
            store,
            desk,
            worker: worker("one"),
        }
    }

    /// A reviewed request of two numbers, which a worker submits.
    async fn cleared(&self, index: usize) -> PortRequestId {
        let id = id(&format!("r{index:03}"));
        let now = self.clock.now();
        let package = sample::package(&sample::numbers_from(index * 2, 2), now);
        let admin = sample::admin();
        let start = self
            .desk
            .start(id.clone(), self.carrier.id(), admin.permit().unwrap());
        start.await.unwrap();
        let fill = self.desk.fill(&id, |form| *form = (&package).into());
        fill.await.unwrap();
        let attempt = self.desk.seal(&id, admin.permit().unwrap()).await.unwrap();
        let permit = sample::support().permit().unwrap();
        let review = self
            .desk
            .pass_review(&attempt, permit, package.numbers().clone());
        review.await.unwrap();
        id
    }

    async fn submitted(&self, index: usize) -> PortRequestId {
        let id = self.cleared(index).await;
        self.round().await;
        assert_eq!(self.status(&id).await, Status::Submitted);
        id
    }

    async fn round(&self) -> Round {
        self.desk.round(&self.worker).await.unwrap()
    }

    async fn status(&self, id: &PortRequestId) -> Status {
        self.desk.get(id).await.unwrap().status()
    }

    async fn found(&self, id: &PortRequestId) -> Found {
        let found = self
            .store
            .find(&Find::All, &Page::first(1_000))
            .await
            .unwrap();
        let mut found = found.into_iter();
        found.find(|found| found.row.id == *id).unwrap()
    }

    async fn due(&self, id: &PortRequestId) -> Option<DateTime<Utc>> {
        self.found(id).await.row.due
    }

    /// How long until the next look.
    async fn wait(&self, id: &PortRequestId) -> TimeDelta {
        self.due(id).await.unwrap() - self.clock.now()
    }

    async fn trouble(&self, id: &PortRequestId) -> Option<StoredTrouble> {
        self.found(id).await.trouble
    }

    fn pass(&self, time: TimeDelta) {
        self.clock.advance(time);
    }

    fn silent(self) -> Self {
        self.carrier.script_next(Script::default().silence());
        self
    }
}
