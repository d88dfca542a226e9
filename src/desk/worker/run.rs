use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, FutureExt as _, join, join_all, select};

use super::Worker;
use super::shift::Shift;
use crate::clock::{Timer, yield_now};
use crate::desk::PortDesk;
use crate::desk::observer::PortObserver;

/// The longest a worker waits for a store or an observer that fails.
const LONGEST: Duration = Duration::from_secs(60);

impl PortDesk {
    /// Looks at what is due, round after round, and tells the worker's observers what has happened,
    /// until `shutdown` is ready. Then it finishes the requests it is at, or gives their claims
    /// back; an observer that is being told is let go at once, and told again.
    ///
    /// Where neither feature `twilio` nor `postgres` is on there is no
    /// [`SystemTimer`](crate::SystemTimer): implement [`Timer`], ten lines over an executor's sleep.
    ///
    /// It does not end by itself: a store that fails is asked again, later each time, and what
    /// fails is [traced](tracing) and told to the worker's [probes](super::DeskProbe). Dropped, it
    /// loses nothing; its claims end by themselves. A panic of a carrier or an observer ends it: start
    /// it again, as after a crash.
    pub async fn run(
        &self,
        worker: &Worker,
        timer: &dyn Timer,
        shutdown: impl Future<Output = ()> + Send,
    ) {
        let shutdown = shutdown.shared();
        let told = worker.observers.iter().map(|observer| {
            let shutdown = shutdown.clone();
            self.keep_telling(worker, &**observer, timer, shutdown)
        });
        join(
            self.keep_looking(worker, timer, shutdown.clone()),
            join_all(told),
        )
        .await;
    }

    async fn keep_looking(
        &self,
        worker: &Worker,
        timer: &dyn Timer,
        shutdown: impl Future<Output = ()> + Send,
    ) {
        let mut shutdown = pin!(shutdown);
        let mut failures = 0;
        loop {
            let shift = Shift::default();
            let round = {
                let work = pin!(self.round_in(worker, &shift));
                let signs = pin!(self.give_signs_of_life(worker, timer, &shift));
                match select(shutdown.as_mut(), select(work, signs)).await {
                    Either::Right((Either::Left((round, _)), _)) => Some(round),
                    Either::Right((Either::Right((never, _)), _)) => match never {},
                    Either::Left(((), work)) => {
                        shift.end();
                        select(work, timer.sleep(worker.grace)).await;
                        None
                    }
                }
            };
            let Some(round) = round else {
                self.put_down(&shift).await;
                return;
            };
            let wait = match round {
                Ok(round) => {
                    failures = 0;
                    // A full batch: there is more.
                    if round.claimed == worker.batch {
                        Duration::ZERO
                    } else {
                        worker.idle
                    }
                }
                Err(error) => {
                    failures += 1;
                    for probe in &worker.probes {
                        probe.store_failed(failures);
                    }
                    let wait = put_off(worker.idle, failures);
                    tracing::error!(%error, ?wait, "the store failed");
                    wait
                }
            };
            if let Either::Left(_) = select(shutdown.as_mut(), timer.sleep(wait)).await {
                return;
            }
            yield_now().await;
        }
    }

    /// Makes claims last while the work does.
    async fn give_signs_of_life(
        &self,
        worker: &Worker,
        timer: &dyn Timer,
        shift: &Shift,
    ) -> Infallible {
        let pause = (worker.lease / 3).to_std().unwrap_or(LONGEST);
        loop {
            timer.sleep(pause).await;
            yield_now().await;
            let leases = shift.leases();
            if leases.is_empty() {
                continue;
            }
            let until = self.clock.now().checked_add_signed(worker.lease);
            let Some(until) = until else { continue };
            match self.store.renew(&leases, until).await {
                Ok(held) if held.len() == leases.len() => {}
                Ok(held) => {
                    let lost = leases.len() - held.len();
                    tracing::warn!(lost, "claims were taken over by another worker");
                }
                Err(error) => tracing::warn!(%error, "claims could not be renewed"),
            }
        }
    }

    async fn keep_telling(
        &self,
        worker: &Worker,
        observer: &dyn PortObserver,
        timer: &dyn Timer,
        shutdown: impl Future<Output = ()> + Send,
    ) {
        let mut shutdown = pin!(shutdown);
        let mut failures = 0;
        loop {
            let told = match select(shutdown.as_mut(), pin!(self.tell(observer))).await {
                Either::Right((told, _)) => told,
                // What it was not told is told again.
                Either::Left(_) => return,
            };
            let wait = match told {
                Ok(told) => {
                    failures = 0;
                    for probe in worker.probes.iter().filter(|_| told > 0) {
                        probe.told(&observer.id(), told);
                    }
                    worker.idle
                }
                Err(error) => {
                    failures += 1;
                    for probe in &worker.probes {
                        probe.not_told(&observer.id(), failures);
                    }
                    let wait = put_off(worker.idle, failures);
                    tracing::error!(observer = %observer.id(), %error, ?wait, "not told");
                    wait
                }
            };
            if let Either::Left(_) = select(shutdown.as_mut(), timer.sleep(wait)).await {
                return;
            }
            yield_now().await;
        }
    }
}

/// Twice as long after each failure, up to a minute.
fn put_off(first: Duration, failures: u32) -> Duration {
    let doubled = 1_u32 << failures.saturating_sub(1).min(10);
    first.saturating_mul(doubled).min(LONGEST.max(first))
}
