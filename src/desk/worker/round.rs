use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::{self, StreamExt as _};
use tracing::Instrument as _;

use super::Worker;
use super::outcome::Outcome;
use super::shift::Shift;
use crate::carrier::{CarrierClientExt as _, CarrierError, Look, OrderQuery};
use crate::desk::advance::Ask;
use crate::desk::cadence::FURTHEST;
use crate::desk::{Advance, DeskError, Held, PortDesk, Trouble, held};
use crate::id::{CarrierId, OrderRef};
use crate::request::AnyPortRequest as Any;
use crate::store::{ClaimAsk, Claimed, Revision, StoreError};

/// How long one look may test numbers: the others of its round must not wait for hours.
const TESTING: TimeDelta = TimeDelta::minutes(1);

/// What a round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Round {
    /// How many requests were due and claimed.
    pub claimed: usize,
    /// How many of them were looked at.
    pub looked: usize,
    /// How many of those are in another state now.
    pub moved: usize,
    /// How many met trouble.
    pub troubled: usize,
    /// How many could not be looked at: the record cannot be read, the store failed, somebody wrote
    /// meanwhile. They count as troubled too.
    pub failed: usize,
    /// How many were taken over by another worker meanwhile, looked at or not.
    pub lost: usize,
}

/// A request that was claimed, as the store gave it.
struct Loaded {
    claimed: Claimed,
    /// Which it is in, if it could be read.
    revision: Option<Revision>,
    held: Result<Held, DeskError>,
}

/// What was asked for many requests at once.
#[derive(Default)]
struct Seen {
    looks: BTreeMap<(CarrierId, OrderRef), Look>,
    failed: BTreeMap<CarrierId, CarrierError>,
}

impl PortDesk {
    /// Claims what is due, looks at it, and gives it back with when to look next.
    ///
    /// What carriers show of orders on their way is asked for all of them at once. A carrier that
    /// fails for everybody is left alone for a while, longer each time.
    ///
    /// It is safe to drop: claims that were not given back end by themselves.
    ///
    /// # Errors
    /// [`StoreError`] if nothing could be claimed, or a claim not be given back; what was claimed
    /// beside that was worked at.
    pub async fn round(&self, worker: &Worker) -> Result<Round, StoreError> {
        self.round_in(worker, &Shift::default()).await
    }

    pub(super) async fn round_in(
        &self,
        worker: &Worker,
        shift: &Shift,
    ) -> Result<Round, StoreError> {
        let now = self.clock.now();
        let claimed = self.store.claim(&self.claim_ask(worker, now)).await?;
        shift.take(&claimed);
        let mut round = Round {
            claimed: claimed.len(),
            ..Round::default()
        };
        let mut failed = None;
        let loaded: Vec<_> = stream::iter(claimed)
            .map(|claimed| self.load_one(claimed))
            .buffer_unordered(worker.at_once)
            .collect()
            .await;
        let seen = self.see(worker, &loaded).await;
        let mut looks = stream::iter(loaded)
            .map(|loaded| self.look_at_one(worker, shift, &seen, loaded))
            .buffer_unordered(worker.at_once);
        while let Some((claimed, outcome)) = looks.next().await {
            count(&mut round, &outcome);
            if let Outcome::Looked(looked) = &outcome {
                let (advance, held) = &**looked;
                let late = now.signed_duration_since(claimed.due);
                for probe in &worker.probes {
                    probe.looked(held.request.carrier(), advance, late);
                }
            }
            match self.return_claim(shift, &claimed, &outcome).await {
                Ok(true) => {}
                Ok(false) => round.lost += 1,
                Err(error) => failed = Some(error),
            }
        }
        let took = self.clock.now().signed_duration_since(now);
        for probe in &worker.probes {
            probe.round(&round, took);
        }
        failed.map_or(Ok(round), Err)
    }

    fn claim_ask(&self, worker: &Worker, now: DateTime<Utc>) -> ClaimAsk {
        let carriers = self.carriers.keys();
        let after = |span| now.checked_add_signed(span).unwrap_or(now);
        ClaimAsk {
            worker: worker.id.clone(),
            carriers: carriers
                .filter(|carrier| worker.carriers.left_alone(carrier, now).is_none())
                .cloned()
                .collect(),
            now,
            until: after(worker.lease),
            horizon: after(FURTHEST + TimeDelta::days(1)),
            limit: worker.batch,
        }
    }

    async fn load_one(&self, claimed: Claimed) -> Loaded {
        let id = &claimed.lease.request;
        let (revision, held) = match self.fetch(id).await {
            Ok(stored) => (Some(stored.revision), held(id, stored)),
            Err(error) => (None, Err(error)),
        };
        Loaded {
            claimed,
            revision,
            held,
        }
    }

    /// Asks each carrier at once for all orders on their way.
    async fn see(&self, worker: &Worker, loaded: &[Loaded]) -> Seen {
        let mut queries: BTreeMap<CarrierId, BTreeMap<OrderRef, Vec<OrderQuery>>> = BTreeMap::new();
        let held = loaded.iter().filter_map(|one| one.held.as_ref().ok());
        for (carrier, query) in held.filter_map(|held| query(&held.request)) {
            let orders = queries.entry(carrier).or_default();
            orders.entry(query.order.clone()).or_default().push(query);
        }
        let mut seen = Seen::default();
        for (id, orders) in queries {
            let Ok(carrier) = self.carrier(&id) else {
                continue;
            };
            // Parts of a split order are looked at one by one: a report says of which order it is,
            // not of which part.
            let queries: Vec<OrderQuery> = orders
                .into_values()
                .filter_map(|mut of_order| of_order.pop().filter(|_| of_order.is_empty()))
                .collect();
            if queries.is_empty() {
                continue;
            }
            match carrier.look_at(&queries, &*self.clock).await {
                Ok(looks) => {
                    worker.carriers.answered(&id);
                    let told: BTreeSet<_> = looks.iter().map(|look| &look.report().order).collect();
                    // Two reports of one order: neither can be trusted to be of the part asked for.
                    let once = told.len() == looks.len();
                    let looks = looks.into_iter().filter(|_| once);
                    let of = |look: Look| ((id.clone(), look.report().order.clone()), look);
                    seen.looks.extend(looks.map(of));
                }
                // One order that cannot be read must not stop the others: each is looked at by itself.
                Err(error) if !error.is_of_the_carrier() => {
                    tracing::warn!(carrier = %id, orders = queries.len(), %error, "not seen at once");
                }
                Err(error) => {
                    tracing::warn!(carrier = %id, orders = queries.len(), %error, "carrier failed");
                    worker
                        .carriers
                        .failed(&error, self.clock.now(), &self.cadence);
                    seen.failed.insert(id, error);
                }
            }
        }
        seen
    }

    async fn look_at_one(
        &self,
        worker: &Worker,
        shift: &Shift,
        seen: &Seen,
        loaded: Loaded,
    ) -> (Claimed, Outcome) {
        let Loaded {
            claimed,
            revision,
            held,
        } = loaded;
        let held = match held {
            Ok(held) => held,
            Err(error) => {
                tracing::error!(request = %claimed.lease.request, %error, "not read");
                return (claimed, Outcome::Failed(error, revision));
            }
        };
        if shift.is_over() {
            return (claimed, Outcome::NotBegun);
        }
        let request = &held.request;
        let on_its_way = query(request).is_some();
        if let Some(error) = seen.failed.get(request.carrier()).filter(|_| on_its_way) {
            let advance = Advance {
                from: request.status(),
                to: request.status(),
                waiting: self.waits(request),
                trouble: Some(Trouble::Carrier(error.clone())),
                unfinished: false,
            };
            return (claimed, Outcome::Looked(Box::new((advance, held))));
        }
        let now = self.clock.now();
        if let Some(until) = worker.carriers.left_alone(request.carrier(), now) {
            return (claimed, Outcome::NotLooked(until));
        }
        let look = request
            .order()
            .map(|order| (request.carrier().clone(), order.clone()));
        let look = look.and_then(|key| seen.looks.get(&key));
        let span = tracing::info_span!(
            "look",
            request = %request.id(),
            carrier = %request.carrier(),
            state = request.status().name(),
        );
        let Held {
            request,
            mut version,
            trouble,
        } = held;
        let advanced = async {
            let ask = Ask {
                look,
                testing: Some(TESTING),
                goes_on: worker.unfinished.contains(&claimed.lease.request),
            };
            let advanced = self.advance_held(request, &mut version, ask).await;
            report(&advanced);
            advanced
        };
        let outcome = match advanced.instrument(span).await {
            Ok((advance, request)) => {
                worker.unfinished.looked(request.id(), advance.unfinished);
                let held = Held {
                    request,
                    version,
                    trouble,
                };
                match &advance.trouble {
                    Some(Trouble::Carrier(error)) => {
                        let now = self.clock.now();
                        worker.carriers.failed_once(error, now, &self.cadence);
                    }
                    _ => worker.carriers.answered(held.request.carrier()),
                }
                Outcome::Looked(Box::new((advance, held)))
            }
            Err(error) => Outcome::Failed(error, Some(version.revision)),
        };
        (claimed, outcome)
    }

    /// Gives a claim back; says whether it was still held.
    async fn return_claim(
        &self,
        shift: &Shift,
        claimed: &Claimed,
        outcome: &Outcome,
    ) -> Result<bool, StoreError> {
        let Some(back) = self.give_back(claimed, outcome) else {
            // The store fails; the claim ends by itself.
            shift.leave(&claimed.lease.request);
            return Ok(true);
        };
        let returned = self.store.give_back(&claimed.lease, &back).await;
        shift.leave(&claimed.lease.request);
        match returned {
            Ok(()) => Ok(true),
            Err(StoreError::LeaseLost { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Gives back what is in hand, as it was.
    pub(super) async fn put_down(&self, shift: &Shift) {
        for claimed in shift.in_hand() {
            // What cannot be given back ends by itself.
            let _ = self.return_claim(shift, &claimed, &Outcome::NotBegun).await;
        }
    }
}

/// The question what became of an order on its way.
fn query(request: &Any) -> Option<(CarrierId, OrderQuery)> {
    let query = match request {
        Any::Submitted(r) => OrderQuery::of(r),
        Any::ReleaseApproved(r) => OrderQuery::of(r),
        Any::Scheduled(r) => OrderQuery::of(r),
        Any::Draft(_)
        | Any::Sealed(_)
        | Any::Ported(_)
        | Any::Verified(_)
        | Any::Rejected(_)
        | Any::Cancelled(_) => None,
    };
    Some((request.carrier().clone(), query?))
}

fn count(round: &mut Round, outcome: &Outcome) {
    match outcome {
        Outcome::Looked(looked) => {
            let advance = &looked.0;
            round.looked += 1;
            round.moved += usize::from(advance.from != advance.to);
            round.troubled += usize::from(advance.trouble.is_some());
        }
        Outcome::Failed(..) => {
            round.failed += 1;
            round.troubled += 1;
        }
        Outcome::NotLooked(_) | Outcome::NotBegun => {}
    }
}

fn report(advanced: &Result<(Advance, Any), DeskError>) {
    match advanced {
        Ok((advance, _)) => {
            if let Some(trouble) = &advance.trouble {
                tracing::warn!(%trouble, "trouble");
            }
            if advance.from == advance.to {
                tracing::debug!("nothing new");
            } else {
                tracing::info!(to = advance.to.name(), "moved");
            }
        }
        // Somebody wrote meanwhile, and knows when to look next.
        Err(DeskError::Store(StoreError::Conflict { .. })) => tracing::debug!("changed meanwhile"),
        Err(error) => tracing::error!(%error, "failed"),
    }
}
