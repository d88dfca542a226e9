//! The easy road: [`PortDesk`] keeps requests in a store and takes them as far as evidence allows.
//!
//! Every step is save, call, advance, save. The intent to submit is stored before the carrier is
//! called, so a crash or a dropped future leaves a request that says where it stands.
//!
//! | who | calls |
//! |---|---|
//! | the customer's admin | [`start`](PortDesk::start), [`fill`](PortDesk::fill), [`readiness`](PortDesk::readiness), [`seal`](PortDesk::seal), [`amend`](PortDesk::amend), [`cancel`](PortDesk::cancel) |
//! | staff | [`pass_review`](PortDesk::pass_review), [`send_back`](PortDesk::send_back), [`attest`](PortDesk::attest), [`ask_slot`](PortDesk::ask_slot), [`split`](PortDesk::split), [`waive`](PortDesk::waive), [`claim`](PortDesk::claim), [`settle_stray`](PortDesk::settle_stray), [`sign_off`](PortDesk::sign_off), [`reverse`](PortDesk::reverse) |
//! | who looks | [`work_list`](PortDesk::work_list), [`work_item`](PortDesk::work_item), [`customer_update`](PortDesk::customer_update), [`customer_updates`](PortDesk::customer_updates), [`timeline`](PortDesk::timeline), [`find`](PortDesk::find) |
//! | a process | [`run`](PortDesk::run) with a [`Worker`], [`hint`](PortDesk::hint) where a webhook comes in |

mod act;
mod advance;
mod attest;
mod cadence;
mod in_flight;
mod in_service;
mod intake;
mod lookup;
#[cfg(feature = "metrics")]
mod metrics;
mod observer;
mod phrases;
mod probe;
mod submit;
mod tell;
mod update;
mod waiting;
mod work;
mod worker;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use advance::{Advance, Trouble};
pub use cadence::Cadence;
pub use lookup::{CustomerUpdates, WorkList};
#[cfg(feature = "metrics")]
#[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
pub use metrics::MetricsProbe;
pub use observer::{ObserverError, PortObserver, TellError, Told};
pub use phrases::{English, PartyNames, Phrases};
pub use probe::DeskProbe;
pub use update::{
    CustomerUpdate, Message, NotMoved, NumberApart, ReadyNumbers, Stage, WhyNot, customer_update,
};
pub use waiting::{Awaited, Waiting, waiting};
pub use work::{Chase, Claim, DeskView, Due, PasteReady, Urgency, WorkItem, work_item, work_list};
pub use worker::{Round, Worker};

use crate::calendar::SlotObjection;
use crate::carrier::{Capabilities, CarrierClient, CarrierError};
use crate::clock::Clock;
use crate::document::{CarrierName, GainingPlatform};
use crate::id::{CarrierId, PortRequestId};
use crate::people::Actor;
use crate::readiness::{Readiness, RoutePolicy};
use crate::request::{
    AnyPortRequest, Gaps, RecordError, State, Status, TransitionError, Violation,
};
use crate::store::{
    PortStore, RequestRow, Revision, StoreError, StoredRequest, StoredTrouble, Write,
};

/// Requests in a store, over carriers chosen by [`CarrierId`].
///
/// A request is addressed by its name; the desk loads, changes and stores it. Several desks may share
/// a store, and people act while workers look; a worker's claim keeps other workers away, not people.
/// The slower of two writers of a request is told so by [`StoreError::Conflict`]: nothing was written,
/// and a step of a person is shown anew and repeated, while [`advance`](Self::advance) is simply
/// called again. A carrier's answer is written again, over what others wrote.
///
/// Machines that share a store keep their clocks within five minutes of each other, as NTP does: two
/// looks [fifteen minutes apart](crate::Attempt::SETTLE) decide that a submission never arrived.
///
/// ```
/// # use std::sync::Arc;
/// # use snap_port::{Actor, CarrierId, MemoryStore, PortDesk, PortRequest, PortRequestId, Role, SystemClock, Status, act};
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let desk = PortDesk::new(Arc::new(MemoryStore::new()), Arc::new(SystemClock));
/// let ann = Actor::new("Ann", Role::Admin)?;
/// let id = PortRequestId::parse("acme-1")?;
/// desk.start(id.clone(), CarrierId::parse("twilio")?, ann.permit()?).await?;
/// assert_eq!(desk.get(&id).await?.status(), Status::Draft);
/// # Ok(()) }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(f()).unwrap();
/// ```
#[derive(Clone)]
pub struct PortDesk {
    carriers: BTreeMap<CarrierId, Arc<dyn CarrierClient>>,
    store: Arc<dyn PortStore>,
    clock: Arc<dyn Clock>,
    policy: RoutePolicy,
    cadence: Cadence,
    gaining: Option<GainingPlatform>,
    carrier_names: BTreeMap<CarrierId, CarrierName>,
}

impl fmt::Debug for PortDesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PortDesk")
            .field("carriers", &self.carriers.keys().collect::<Vec<_>>())
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}

/// What the desk could not do. Nothing is lost: the store holds the request as it was, or as far as
/// it came.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// The store has no such request.
    #[error("there is no request {0}")]
    NotFound(PortRequestId),
    /// The store has a request of that name already.
    #[error("there is a request {0} already; choose another name")]
    Exists(PortRequestId),
    /// The step does not fit the state the request is in.
    #[error("request {id} is {status}; this needs {needs}")]
    WrongState {
        /// The request.
        id: PortRequestId,
        /// Its state.
        status: Status,
        /// What the step needs.
        needs: &'static str,
    },
    /// Somebody else works on what the request waits for.
    #[error("{by} works on request {id} since {at}; ask them first")]
    Claimed {
        /// The request.
        id: PortRequestId,
        /// Who.
        by: Actor,
        /// Since when, UTC.
        at: DateTime<Utc>,
    },
    /// No carrier of that name was given to the desk.
    #[error("the desk has no carrier {0}; add it with `with_carrier`")]
    NoCarrier(CarrierId),
    /// Something stands in the way of sealing the draft, or of passing its review.
    #[error("{}", .0)]
    NotReady(Box<Readiness>),
    /// The slot may not be asked for; every reason is named.
    #[error("the slot cannot be asked for: {}", reasons(.0))]
    Slot(Vec<SlotObjection>),
    /// A rule of the port.
    #[error(transparent)]
    Violation(#[from] Violation),
    /// Checks are not met.
    #[error(transparent)]
    Gaps(#[from] Gaps),
    /// The carrier failed, or does not take such a statement.
    #[error(transparent)]
    Carrier(#[from] CarrierError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stored record cannot be read.
    #[error("the stored record of request {id} cannot be read")]
    Record {
        /// The request.
        id: PortRequestId,
        /// Why.
        #[source]
        source: RecordError,
    },
}

fn reasons(objections: &[SlotObjection]) -> String {
    let reasons: Vec<String> = objections.iter().map(SlotObjection::to_string).collect();
    reasons.join("; ")
}

impl<S: State> From<TransitionError<S>> for DeskError {
    fn from(error: TransitionError<S>) -> Self {
        Self::Violation(error.into_parts().1)
    }
}

/// A request in hand, with what the store holds of it.
struct Held {
    request: AnyPortRequest,
    version: Version,
    trouble: Option<StoredTrouble>,
}

/// What the store holds of a request.
#[derive(Clone, Copy)]
struct Version {
    revision: Revision,
    /// How many entries of its history.
    entries: usize,
}

impl PortDesk {
    /// A desk over a store, with a clock; carriers are added.
    pub fn new(store: Arc<dyn PortStore>, clock: Arc<dyn Clock>) -> Self {
        Self {
            carriers: BTreeMap::new(),
            store,
            clock,
            policy: RoutePolicy::default(),
            cadence: Cadence::default(),
            gaining: None,
            carrier_names: BTreeMap::new(),
        }
    }

    /// The same desk under another policy than the default one.
    #[must_use]
    pub fn with_policy(mut self, policy: RoutePolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The policy requests are held to.
    pub fn policy(&self) -> &RoutePolicy {
        &self.policy
    }

    /// The same desk, looking at requests at other times than the default ones.
    #[must_use]
    pub fn with_cadence(mut self, cadence: Cadence) -> Self {
        self.cadence = cadence;
        self
    }

    /// The same desk with this carrier too; one of the same name is replaced.
    #[must_use]
    pub fn with_carrier(mut self, carrier: Arc<dyn CarrierClient>) -> Self {
        self.carriers.insert(carrier.id(), carrier);
        self
    }

    /// Reads a request.
    ///
    /// # Errors
    /// If there is none, the store fails, or the record cannot be read.
    pub async fn get(&self, id: &PortRequestId) -> Result<AnyPortRequest, DeskError> {
        Ok(self.load(id).await?.request)
    }

    /// Whose move a request is, for what, since when; `None` once it has ended and nothing is astray.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn waiting(&self, id: &PortRequestId) -> Result<Option<Waiting>, DeskError> {
        Ok(self.waits(&self.get(id).await?))
    }

    async fn load(&self, id: &PortRequestId) -> Result<Held, DeskError> {
        let stored = self.fetch(id).await?;
        self::held(id, stored)
    }

    async fn fetch(&self, id: &PortRequestId) -> Result<StoredRequest, DeskError> {
        let stored = self.store.get(id).await?;
        stored.ok_or_else(|| DeskError::NotFound(id.clone()))
    }

    async fn insert(&self, request: &AnyPortRequest) -> Result<(), DeskError> {
        let write = self.write(request, None)?;
        self.commit(vec![write], &[request]).await?;
        Ok(())
    }

    /// Commits a write of each request. What is known of stray orders is kept also where others hold
    /// numbers that those may move.
    async fn commit(
        &self,
        mut writes: Vec<Write>,
        requests: &[&AnyPortRequest],
    ) -> Result<Vec<Revision>, StoreError> {
        loop {
            let taken = match self.store.commit(&writes).await {
                Err(StoreError::NumberTaken { number, by }) => (number, by),
                other => return other,
            };
            let (number, by) = taken;
            let holds = |request: &AnyPortRequest| {
                let own = request.numbers().filter(|_| request.holds_numbers());
                own.is_some_and(|own| own.contains(&number))
            };
            let mut each = writes.iter_mut().zip(requests);
            let astray = each.find(|(write, request)| {
                write.row.holds_numbers && write.row.numbers.contains(&number) && !holds(request)
            });
            let Some((Write { row, .. }, _)) = astray else {
                return Err(StoreError::NumberTaken { number, by });
            };
            row.numbers.retain(|astray| *astray != number);
            row.holds_numbers = !row.numbers.is_empty();
        }
    }

    /// Stores the request as the successor of `version`, which becomes the new one.
    async fn save(&self, request: &AnyPortRequest, version: &mut Version) -> Result<(), DeskError> {
        let write = self.write(request, Some(*version))?;
        let next = write.makes();
        let written = self.commit(vec![write], &[request]).await?;
        // A store that answers nothing for a write it took still has made the next revision.
        *version = Version {
            revision: written.first().copied().unwrap_or(next),
            entries: request.history_len(),
        };
        Ok(())
    }

    fn carrier(&self, id: &CarrierId) -> Result<&Arc<dyn CarrierClient>, DeskError> {
        self.carriers
            .get(id)
            .ok_or_else(|| DeskError::NoCarrier(id.clone()))
    }

    /// Whose move a request is, by what its carrier does itself.
    fn waits(&self, request: &AnyPortRequest) -> Option<Waiting> {
        waiting(request, &self.capabilities(request))
    }

    /// What the request's carrier does itself; nothing, if the desk does not have it.
    fn capabilities(&self, request: &AnyPortRequest) -> Capabilities {
        let carrier = self.carriers.get(request.carrier());
        carrier.map_or_else(Capabilities::manual, |carrier| carrier.capabilities())
    }

    fn write(
        &self,
        request: &AnyPortRequest,
        expected: Option<Version>,
    ) -> Result<Write, DeskError> {
        let waits = self.waits(request);
        let waits = waits.map(|waiting| (waiting.on, waiting.since));
        // Whatever was written is worth a look; the worker that looks says when the next one is.
        let due = cadence::can_advance(request).then(|| self.clock.now());
        let write = RequestRow::of(request, waits, due).and_then(|row| match expected {
            None => Write::first(row, request),
            Some(version) => Write::after(row, request, version.revision, version.entries),
        });
        write.map_err(|source| DeskError::Record {
            id: request.id().clone(),
            source,
        })
    }
}

/// The stored request `id`, replayed.
fn held(id: &PortRequestId, stored: StoredRequest) -> Result<Held, DeskError> {
    let unreadable = |source| DeskError::Record {
        id: id.clone(),
        source,
    };
    if stored.row.id != *id {
        return Err(unreadable(RecordError::Identity {
            claimed: id.clone(),
            actual: stored.row.id,
        }));
    }
    let request = stored.read().map_err(unreadable)?;
    let version = Version {
        revision: stored.revision,
        entries: stored.events.len(),
    };
    Ok(Held {
        request,
        version,
        trouble: stored.trouble,
    })
}
