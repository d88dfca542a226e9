//! What operators see of workers: figures. Log lines are in `tests/worker_lines.rs`.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use snap_port::MetricsProbe;
use snap_port::testing::{Fault, Op};

use super::*;

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(future)
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
    assert_eq!(figures.of("snap_port_claims_total outcome=failed"), 0);
    assert_eq!(figures.of("snap_port_claims_lost_total"), 0);
    assert_eq!(figures.of("snap_port_troubled_total"), 2);
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
