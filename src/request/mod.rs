//! The request: states, transitions, evidence, and the record they leave.
//!
//! - Transitions consume the request and evidence; a refused one hands the request back in a
//!   [`TransitionError`]. They read no clock and do no I/O.
//! - Notes and observations borrow the request and change no state.
//! - Everything is appended to one history, the record. Reading a record replays it through the
//!   same transitions; only [`AnyPortRequest`] can be deserialised.

mod any;
mod attempt;
mod blocker;
mod carryover;
mod debug;
mod error;
mod event;
pub(crate) mod evidence;
mod fact;
mod graph;
mod note;
mod noting;
mod record;
mod refusal;
mod replay;
mod reverse;
mod rule;
mod split;
pub(crate) mod state;
mod status;
mod stray_order;
mod submission;
mod table;
mod timeline;
mod transition;
mod verification;

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use any::AnyPortRequest;
pub use attempt::{Attempt, AttemptPhase, Dispatch};
pub use blocker::Blocker;
pub(crate) use blocker::{HandedIn, blockers};
pub use carryover::{
    CampaignGaps, Carryover, CarryoverItem, CarryoverRow, CarryoverState, ClearedForCampaigns,
    OpenItem,
};
pub(crate) use debug::{Words, said};
pub(crate) use error::SKEW;
pub use error::{TransitionError, Violation};
pub use evidence::{
    Arrival, AttemptFact, AttemptNews, Basis, CancellationReceipt, Observation, PortCompletion,
    RefusalNotice, ReleaseApproval, Schedule, ScheduleConfirmation, SubmissionReceipt,
};
pub use fact::{Check, Fact, Outcome, Registration, Test};
pub use graph::{Edge, edges, state_graph};
pub use note::Note;
pub use noting::{SlotRequest, Waiver};
pub use record::{RecordError, SCHEMA};
pub use refusal::{Deadline, Hold, Reason, Refusal, Remedy};
pub use rule::{Overridden, Override, Rule};
pub use state::{
    Cancelled, Draft, HasArrived, HasOrder, HasPackage, HasSchedule, InFlight, Observable, Ported,
    Rejected, ReleaseApproved, Scheduled, Sealed, Splits, State, Submitted, Verified,
};
pub use status::Status;
pub use stray_order::StrayOrder;
pub use submission::Cleared;
pub use table::{CheckState, Gap, Gaps, NumberRow, NumberTable};
pub use timeline::{AcceptedEvent, Entry};
pub use verification::{Proofs, ProofsBuilder, Proven, VerificationReport, check};

use crate::calendar::EarliestPortDate;
use crate::document::{Checklist, DocumentFile, ReleaseTicket, SubmissionPackage};
use crate::id::{CarrierId, OrderRef, PortRequestId};
use crate::number::NumberList;
pub(crate) use event::Event;

/// A request to move numbers, in state `S`.
///
/// It is not `Clone`: a request has one live handle. What it rests on, evidence, is `Clone`: a fact
/// may be repeated. A field or store that holds requests of any state holds [`AnyPortRequest`].
///
/// Discarding one as a statement is a warning; `drop(request)` and `let _ = request` are legal, and
/// lose nothing that is stored.
#[must_use = "a port request does nothing until it is advanced or stored"]
#[derive(PartialEq, Eq)]
pub struct PortRequest<S: State> {
    common: Box<Common>,
    state: S,
}

/// What every state carries.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Common {
    id: PortRequestId,
    carrier: CarrierId,
    frozen: Option<EarliestPortDate>,
    attempts: u32,
    /// Attempts that were given up as surely not with the carrier, of whose orders nothing was heard
    /// since.
    given_up: Vec<Arc<Attempt>>,
    log: Vec<Event>,
}

impl<S: State> PortRequest<S> {
    /// The request's name, stable for life.
    pub fn id(&self) -> &PortRequestId {
        &self.common.id
    }

    /// The carrier under both platforms.
    pub fn carrier(&self) -> &CarrierId {
        &self.common.carrier
    }

    /// The state's name as data.
    pub fn status(&self) -> Status {
        S::STATUS
    }

    /// The earliest port date once it is frozen: from the first receipt on, for life.
    pub fn frozen_date(&self) -> Option<&EarliestPortDate> {
        self.common.frozen.as_ref()
    }

    /// How many attempts were sealed so far.
    pub fn attempts(&self) -> u32 {
        self.common.attempts
    }

    /// The history so far, oldest first.
    pub fn timeline(&self) -> impl Iterator<Item = Entry<'_>> {
        self.common.log.iter().map(Entry::new)
    }

    /// How many entries the history has. It only grows, so it tells one version of a request from
    /// another.
    pub fn history_len(&self) -> usize {
        self.common.log.len()
    }

    /// The hold the port is in, and since when it is known (UTC, our clock).
    pub fn hold(&self) -> Option<(&Hold, DateTime<Utc>)> {
        self.common.log.iter().rev().find_map(|event| match event {
            Event::Observed(seen) => match &seen.what {
                Fact::Held(hold) => Some(Some((hold, seen.source.recorded_at))),
                Fact::Resumed => Some(None),
                _ => None,
            },
            // A step forward, an end or a new attempt ends whatever paused the order before it.
            Event::Approved(_)
            | Event::Scheduled(_)
            | Event::Rejected(_)
            | Event::Cancelled(_)
            | Event::Withdrawn { .. }
            | Event::Ported(_)
            | Event::Sealed { .. } => Some(None),
            _ => None,
        })?
    }

    /// When a cancellation was asked for in this attempt (UTC, our clock).
    pub fn cancel_requested(&self) -> Option<DateTime<Utc>> {
        self.common
            .log
            .iter()
            .rev()
            .take_while(|event| !matches!(event, Event::Sealed { .. }))
            .find_map(|event| match event {
                Event::CancelRequested { at, .. } => Some(*at),
                _ => None,
            })
    }

    /// The reviewer's findings when the request was last sent back, unless it was sealed again.
    pub fn findings(&self) -> &[crate::people::Finding] {
        self.common
            .log
            .iter()
            .rev()
            .take_while(|event| !matches!(event, Event::Sealed { .. }))
            .find_map(|event| match event {
                Event::SentBack { findings, .. } => Some(findings.as_slice()),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// When the state was entered, UTC, by our clock.
    pub fn since(&self) -> DateTime<Utc> {
        self.common
            .log
            .iter()
            .rev()
            .find(|event| graph::enters(event.kind()).is_some())
            .map_or(DateTime::UNIX_EPOCH, Event::recorded_at)
    }

    /// Earlier tries that were given up as surely not with the carrier, and of which nothing was heard
    /// since, oldest first: of this package, and of packages that were sent back since. An order that
    /// turns up under one of this package counts; one of another package is a
    /// [stray one](StrayOrder).
    pub fn former_attempts(&self) -> impl ExactSizeIterator<Item = &Attempt> {
        self.common.given_up.iter().map(|attempt| &**attempt)
    }

    pub(crate) fn log(&self) -> &[Event] {
        &self.common.log
    }

    /// Something was heard of the order of that try.
    fn heard_of(&mut self, attempt: Option<u32>) {
        let unheard = |former: &Arc<Attempt>| Some(former.key().number()) != attempt;
        self.common.given_up.retain(unheard);
    }

    fn record(&mut self, event: Event) {
        self.common.log.push(event);
    }
}

impl PortRequest<Draft> {
    /// What the customer has handed in so far.
    pub fn checklist(&self) -> &Checklist {
        &self.state.checklist
    }

    /// The checklist, to fill in. It is the one part of a request that is not append-only.
    pub fn checklist_mut(&mut self) -> &mut Checklist {
        &mut self.state.checklist
    }
}

impl<S: HasPackage> PortRequest<S> {
    /// The numbers to move, in the customer's order; after a split, this part's.
    pub fn numbers(&self) -> &NumberList {
        &self.state.sealed().numbers
    }

    /// The current attempt.
    pub fn attempt(&self) -> &Attempt {
        &self.state.sealed().attempt
    }

    /// The sealed package. Its number list is the attempt's; after a split
    /// [`numbers`](Self::numbers) is shorter.
    pub fn package(&self) -> &SubmissionPackage {
        self.state.sealed().attempt.package()
    }

    /// The release ticket that counts: the sealed one, or the last that superseded it.
    pub fn release_ticket(&self) -> &ReleaseTicket {
        self.notes_since_seal()
            .find_map(|note| match note {
                Note::TicketSuperseded(ticket) => Some(ticket),
                _ => None,
            })
            .unwrap_or(self.package().ticket())
    }

    /// Documents added since sealing, newest first.
    pub fn added_documents(&self) -> impl Iterator<Item = &DocumentFile> {
        self.notes_since_seal().filter_map(|note| match note {
            Note::DocumentAdded(file) => Some(file),
            _ => None,
        })
    }

    fn notes_since_seal(&self) -> impl Iterator<Item = &Note> {
        self.common
            .log
            .iter()
            .rev()
            .take_while(|event| !matches!(event, Event::Sealed { .. }))
            .filter_map(|event| match event {
                Event::Noted { note, .. } => Some(note),
                _ => None,
            })
    }

    /// How far each number has come. Folded from the record at each call.
    pub fn table(&self) -> NumberTable {
        NumberTable::fold(
            self.numbers(),
            self.package().destination().account(),
            &self.common.log,
        )
    }
}

impl<S: HasOrder> PortRequest<S> {
    /// The carrier's ticket or order.
    ///
    /// ```compile_fail,E0599
    /// # use snap_port::{Draft, PortRequest};
    /// # fn f(draft: PortRequest<Draft>) {
    /// draft.order(); // a draft has none
    /// # }
    /// ```
    pub fn order(&self) -> &OrderRef {
        self.state.submitted().receipt.order()
    }

    /// The receipt that made the order.
    pub fn receipt(&self) -> &SubmissionReceipt {
        &self.state.submitted().receipt
    }
}

impl PortRequest<ReleaseApproved> {
    /// The losing platform's approval.
    pub fn approval(&self) -> &ReleaseApproval {
        &self.state.approval
    }
}

impl<S: HasSchedule> PortRequest<S> {
    /// The losing platform's approval.
    pub fn approval(&self) -> &ReleaseApproval {
        &self.state.scheduled().approved.approval
    }

    /// The time that counts.
    ///
    /// ```compile_fail,E0599
    /// # use snap_port::{PortRequest, Submitted};
    /// # fn f(submitted: PortRequest<Submitted>) {
    /// submitted.schedule(); // not approved yet, let alone scheduled
    /// # }
    /// ```
    pub fn schedule(&self) -> &Schedule {
        self.confirmation().schedule()
    }

    /// The confirmation of the time that counts.
    pub fn confirmation(&self) -> &ScheduleConfirmation {
        &self.state.scheduled().confirmation
    }

    /// Earlier confirmations that a newer one replaced, oldest first.
    pub fn former_confirmations(&self) -> &[ScheduleConfirmation] {
        &self.state.scheduled().former
    }
}

impl<S: HasArrived> PortRequest<S> {
    /// The proof that every number arrived.
    pub fn completion(&self) -> &PortCompletion {
        &self.state.ported().completion
    }
}

impl PortRequest<Verified> {
    /// The proof that every number works, and who signed it off.
    pub fn report(&self) -> &VerificationReport {
        &self.state.report
    }
}

impl PortRequest<Rejected> {
    /// Why it was refused, and what to do.
    pub fn refusal(&self) -> &RefusalNotice {
        &self.state.refusal
    }
}

impl PortRequest<Cancelled> {
    /// The carrier's receipt; `None` where nothing was with the carrier.
    pub fn cancellation(&self) -> Option<&CancellationReceipt> {
        self.state.receipt.as_ref()
    }

    /// The numbers that will not move; `None` for a draft that was never sealed.
    pub fn numbers(&self) -> Option<&NumberList> {
        self.state.was.sealed().map(|sealed| &sealed.numbers)
    }
}

impl<S: State> fmt::Debug for PortRequest<S> {
    /// Identity, state and length of the history; never the package.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PortRequest")
            .field("id", &self.common.id)
            .field("status", &S::STATUS)
            .field("carrier", &self.common.carrier)
            .field("history", &self.common.log.len())
            .finish_non_exhaustive()
    }
}
