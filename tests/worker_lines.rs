//! What workers trace. Alone in its program: which lines are wanted is decided for the whole of it.

use std::io;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use snap_port::testing::{Fault, Op, SimCarrier, VirtualClock, sample};
use snap_port::{CarrierClient, MemoryStore, PortDesk, PortRequestId, Status, Worker, WorkerId};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Debug, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

async fn port() {
    let clock = VirtualClock::at(sample::time());
    let carrier = SimCarrier::new(clock.clone(), 7);
    let desk = PortDesk::new(Arc::new(MemoryStore::new()), Arc::new(clock.clone()))
        .with_carrier(Arc::new(carrier.clone()));
    let worker = Worker::new(WorkerId::parse("one").unwrap());
    let id = PortRequestId::parse("r000").unwrap();
    let admin = sample::admin();
    let package = sample::package(&sample::numbers(2), sample::time());
    let start = desk.start(id.clone(), carrier.id(), admin.permit().unwrap());
    start.await.unwrap();
    let fill = desk.fill(&id, |form| *form = (&package).into());
    fill.await.unwrap();
    let attempt = desk.seal(&id, admin.permit().unwrap()).await.unwrap();
    let permit = sample::support().permit().unwrap();
    let review = desk.pass_review(&attempt, permit, package.numbers().clone());
    review.await.unwrap();
    desk.round(&worker).await.unwrap();
    clock.advance(TimeDelta::hours(25));
    carrier.fault_next(Op::Statuses, Fault::Unreachable);
    desk.round(&worker).await.unwrap();
    clock.advance(TimeDelta::hours(1));
    desk.round(&worker).await.unwrap();
    assert_eq!(
        desk.get(&id).await.unwrap().status(),
        Status::ReleaseApproved
    );
}

#[test]
fn a_line_says_which_request_in_which_state_and_no_secret() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(LevelFilter::TRACE)
        .with_writer(lines.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(port());
    let said = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let line = |what: &[&str]| {
        let has = |line: &&str| what.iter().all(|word| line.contains(word));
        assert!(
            said.lines().any(|line| has(&line)),
            "no line with {what:?} in {said}"
        );
    };
    line(&[
        "INFO",
        "request=r000",
        "carrier=sim",
        "state=\"sealed\"",
        "moved",
        "to=\"submitted\"",
    ]);
    line(&["WARN", "carrier failed", "could not be reached"]);
    line(&["INFO", "state=\"submitted\"", "to=\"release_approved\""]);
    let package = sample::package(&sample::numbers(2), sample::time());
    for secret in [
        sample::losing_carrier_account().as_str(),
        sample::gaining_account().as_str(),
        package.loa().signer(),
    ] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
}
