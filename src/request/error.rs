use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use super::attempt::AttemptPhase;
use super::blocker::{Blocker, list};
use super::state::State;
use super::status::Status;
use super::table::Gaps;
use super::{Attempt, PortRequest};
use crate::calendar::EarliestPortDate;
use crate::document::{ListCode, LosingPlatform};
use crate::id::{CarrierId, OrderRef, PortRequestId};
use crate::number::PhoneNumber;
use crate::people::{InvalidFindings, NotPermitted};

/// A rule of the port that a transition would break.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// The evidence is about another request.
    #[error("the evidence is about request {found}; ask the carrier about this one")]
    OtherRequest {
        /// The request it names.
        found: PortRequestId,
    },
    /// The evidence comes from another carrier.
    #[error("the evidence is from carrier {found}, the request is with {expected}")]
    OtherCarrier {
        /// The carrier it names.
        found: CarrierId,
        /// The request's carrier.
        expected: CarrierId,
    },
    /// The evidence is about another order, or about an attempt where an order was meant.
    #[error("the evidence is not about order {expected}; ask the carrier about that order")]
    OtherOrder {
        /// The request's order.
        expected: OrderRef,
    },
    /// The evidence or review is about another attempt.
    #[error("this is not about attempt {current}, the current one; review or ask again")]
    OtherAttempt {
        /// The current attempt.
        current: u32,
    },
    /// The package cannot be sealed as it is; every blocker is named.
    #[error("the package cannot be sealed: {}", show(.0))]
    NotReady(Vec<Blocker>),
    /// The reviewer read fewer numbers in the letter than the request moves.
    #[error("the reviewed letter does not list {}; send the request back", list(.numbers))]
    LetterMisses {
        /// The numbers it does not list.
        numbers: Vec<PhoneNumber>,
    },
    /// The letter was not rendered by this crate, so it bears no code.
    #[error("the letter bears no list code; read its numbers and name them")]
    LetterHasNoCode,
    /// The code on the letter is of another list.
    // The right code is not told: it is to be read on the letter.
    #[error(
        "{found} is not the code of the package's letter; read it again, or send the request back for the right letter"
    )]
    OtherLetter {
        /// The code that was read.
        found: ListCode,
    },
    /// This cannot be done in the attempt's phase.
    #[error("the attempt is {phase}; {advice}")]
    WrongPhase {
        /// The phase.
        phase: AttemptPhase,
        /// What to do next.
        advice: &'static str,
    },
    /// The carrier has not been seen without the order twice, far enough apart.
    #[error(
        "the carrier must show nothing of the attempt twice, {} minutes apart, before it may be sent again; look again later",
        Attempt::SETTLE.num_minutes()
    )]
    NotSettled,
    /// The evidence is older than the submission it would follow.
    #[error(
        "the approval at {at} is before the submission at {submitted}; find the approval of this submission"
    )]
    BeforeSubmission {
        /// When it says it occurred.
        at: DateTime<Utc>,
        /// When the order was taken.
        submitted: DateTime<Utc>,
    },
    /// The approval is towards another account.
    #[error(
        "the approval is towards account {found}, the request moves to {expected}; have it approved again"
    )]
    OtherGainingAccount {
        /// The account it names, masked.
        found: String,
        /// The request's destination, masked.
        expected: String,
    },
    /// The evidence does not cover every number.
    #[error("{what} does not cover {}; wait for them, or split them off", list(.numbers))]
    NotCovered {
        /// Which evidence.
        what: &'static str,
        /// The numbers it leaves out.
        numbers: Vec<PhoneNumber>,
    },
    /// The slot begins before the earliest port date.
    #[error(
        "the slot at {begins} is before the earliest port date {earliest}; agree a later one with the carrier at once"
    )]
    BeforeEarliest {
        /// When the slot begins, UTC.
        begins: DateTime<Utc>,
        /// The date the customer authorised.
        earliest: EarliestPortDate,
    },
    /// The slot asked for has passed.
    #[error("the slot at {begins} is not after {now}; choose a later one")]
    SlotPast {
        /// When it begins, UTC.
        begins: DateTime<Utc>,
        /// When it was asked for, UTC.
        now: DateTime<Utc>,
    },
    /// The confirmation is not newer than the one the request has.
    #[error("the schedule confirmation of {at} is not newer than the one of {current}")]
    NotNewer {
        /// When it says it was confirmed.
        at: DateTime<Utc>,
        /// When the current one was.
        current: DateTime<Utc>,
    },
    /// A check of a number is not met.
    #[error(transparent)]
    Unproven(#[from] Gaps),
    /// Some numbers are in the gaining account already, so the order cannot count as cancelled.
    #[error("{} moved already; split them off first, or let the port complete", list(.numbers))]
    AlreadyMoved {
        /// The numbers that moved.
        numbers: Vec<PhoneNumber>,
    },
    /// The number is not in this request.
    #[error("{number} is not in this request")]
    NotInRequest {
        /// The number.
        number: PhoneNumber,
    },
    /// The ticket is of another platform than the numbers leave.
    #[error("the release ticket is of {found}, the numbers leave {expected}")]
    OtherPlatform {
        /// The ticket's platform.
        found: LosingPlatform,
        /// The losing platform.
        expected: LosingPlatform,
    },
    /// The split does not make two non-empty, disjoint parts with two names.
    #[error("cannot split: {0}")]
    BadSplit(&'static str),
    /// The order is the request's own, or on record as a stray one.
    #[error("order {order} is known to the request")]
    KnownOrder {
        /// The order.
        order: OrderRef,
    },
    /// There is no open stray order of that name.
    #[error("{order} is no stray order of this request that is open; its timeline names them")]
    NotStray {
        /// The order that was named.
        order: OrderRef,
    },
    /// The carrier took an order that the request does not have: another would be a second one.
    #[error(
        "the carrier also took order {order}; have it cancelled and say so before anything is submitted"
    )]
    StrayOpen {
        /// The stray order.
        order: OrderRef,
    },
    /// Nothing is with the carrier, so nothing can be observed there.
    #[error("the request has no order at the carrier; submit it first")]
    NoOrder,
    /// The role of whoever acted does not allow it.
    #[error(transparent)]
    NotPermitted(#[from] NotPermitted),
    /// A review sends the request back without saying what is to be mended.
    #[error(transparent)]
    Findings(#[from] InvalidFindings),
    /// The way back was given the name of the request it reverses.
    #[error("the way back needs a name of its own")]
    SameRequest,
    /// The way back was said to leave the platform it leads to.
    #[error("the numbers came from {0}; name the platform they moved to, which they leave now")]
    SamePlatform(LosingPlatform),
    /// The way back was opened already.
    #[error("the way back is open already, as request {0}; go on with that one")]
    AlreadyReversed(PortRequestId),
    /// A way back is noted of a request whose numbers have not moved, or by hand.
    #[error("a way back is opened by `reverse`, once the numbers have moved")]
    NotMoved,
    /// A draft's documents and ticket are changed in its checklist, not by notes.
    #[error("the request is a draft; put documents and tickets into its checklist")]
    StillDraft,
    /// A text that must say something is blank.
    #[error("{0} must not be blank")]
    Blank(&'static str),
}

fn show(blockers: &[Blocker]) -> String {
    let texts: Vec<String> = blockers.iter().map(Blocker::to_string).collect();
    texts.join("; ")
}

/// How far another party's clock may be from ours before an order of events is doubted.
pub(crate) const SKEW: TimeDelta = TimeDelta::minutes(5);

/// A refused transition. It hands the request back, unchanged, like `mpsc::SendError`.
pub struct TransitionError<S: State>(Box<Inner<S>>);

struct Inner<S: State> {
    request: PortRequest<S>,
    violation: Violation,
}

impl<S: State> TransitionError<S> {
    pub(super) fn new(request: PortRequest<S>, violation: Violation) -> Self {
        Self(Box::new(Inner { request, violation }))
    }

    /// The rule it would have broken.
    pub fn violation(&self) -> &Violation {
        &self.0.violation
    }

    /// The request as it was.
    pub fn request(&self) -> &PortRequest<S> {
        &self.0.request
    }

    /// Takes the request back.
    pub fn into_request(self) -> PortRequest<S> {
        self.0.request
    }

    /// Takes both.
    pub fn into_parts(self) -> (PortRequest<S>, Violation) {
        let inner = *self.0;
        (inner.request, inner.violation)
    }

    /// The state the request stays in.
    pub fn status(&self) -> Status {
        S::STATUS
    }
}

impl<S: State> fmt::Debug for TransitionError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransitionError")
            .field("request", self.0.request.id())
            .field("status", &S::STATUS)
            .field("violation", &self.0.violation)
            .finish_non_exhaustive()
    }
}

impl<S: State> fmt::Display for TransitionError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "request {} stays {}", self.0.request.id(), S::STATUS)
    }
}

impl<S: State> std::error::Error for TransitionError<S> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0.violation)
    }
}
