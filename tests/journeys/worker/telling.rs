//! What operators see of workers: log lines and figures.

use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use snap_port::MetricsProbe;
use snap_port::testing::{Fault, Op};
use tracing_subscriber::fmt::MakeWriter;

use super::*;

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(future)
}

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

#[test]
fn a_line_says_which_request_in_which_state_and_no_secret() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(lines.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        run(async {
            let place = Place::new();
            let id = place.submitted(0).await;
            place.pass(TimeDelta::hours(25));
            place.carrier.fault_next(Op::Statuses, Fault::Unreachable);
            place.round().await;
            place.pass(TimeDelta::hours(1));
            place.round().await;
            assert_eq!(place.status(&id).await, Status::ReleaseApproved);
        });
    });
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

/// What was counted, by name and labels.
#[derive(Debug, Default)]
struct Figures(Mutex<BTreeMap<String, Arc<Figure>>>);

#[derive(Debug, Default)]
struct Figure(AtomicU64);

impl CounterFn for Figure {
    fn increment(&self, by: u64) {
        self.0.fetch_add(by, Ordering::Relaxed);
    }
    fn absolute(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }
}

impl HistogramFn for Figure {
    fn record(&self, _: f64) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Figures {
    fn figure(&self, key: &Key) -> Arc<Figure> {
        let labels = key
            .labels()
            .map(|label| format!(" {}={}", label.key(), label.value()));
        let name = format!("{}{}", key.name(), labels.collect::<String>());
        self.0.lock().unwrap().entry(name).or_default().clone()
    }

    fn of(&self, name: &str) -> u64 {
        let figures = self.0.lock().unwrap();
        let figure = figures.get(name);
        figure
            .unwrap_or_else(|| panic!("no {name} in {figures:?}"))
            .0
            .load(Ordering::Relaxed)
    }
}

impl Recorder for Figures {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.figure(key))
    }
    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }
    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.figure(key))
    }
}

#[test]
fn what_workers_do_is_counted() {
    let figures = Figures::default();
    metrics::with_local_recorder(&figures, || {
        run(async {
            let mut place = Place::new();
            place.worker = worker("one").with_probe(Arc::new(MetricsProbe));
            place.submitted(0).await;
            place.submitted(1).await;
            place.pass(TimeDelta::hours(25));
            place.carrier.fault_next(Op::Statuses, Fault::Unreachable);
            place.round().await;
        });
    });
    assert_eq!(figures.of("snap_port_rounds_total"), 3);
    assert_eq!(figures.of("snap_port_claims_total outcome=looked"), 4);
    assert_eq!(figures.of("snap_port_claims_total outcome=put_down"), 0);
    assert_eq!(
        figures.of("snap_port_moves_total carrier=sim from=sealed to=submitted"),
        2
    );
    assert_eq!(
        figures.of("snap_port_troubles_total carrier=sim kind=carrier"),
        2
    );
    assert_eq!(figures.of("snap_port_round_seconds"), 3);
    assert_eq!(figures.of("snap_port_late_seconds carrier=sim"), 4);
}
