//! Evidence: what a carrier reported, a person attested, or the carrier's inventory showed.
//!
//! Evidence has no public constructor and cannot be deserialised. Only
//! [`CarrierClientExt`](crate::CarrierClientExt) mints it (and replay, from a consistent record),
//! so application code can pass it on but not make it up:
//!
//! ```compile_fail,E0451
//! # use snap_port::{PortRequestId, ReleaseApproval};
//! # fn forge(request: PortRequestId) -> ReleaseApproval {
//! ReleaseApproval { request, fact: unreachable!() }
//! # }
//! ```
//!
//! Each piece names the request and the order (or attempt) it is about, says its [`Basis`], when
//! the thing occurred (their clock) and when it was recorded (ours).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::fact::Fact;
use super::refusal::Refusal;
use crate::calendar::PortSlot;
use crate::id::{AccountId, CarrierId, OrderRef, PortRequestId};
use crate::number::{NumberList, PhoneNumber};
use crate::people::Actor;

/// On what a piece of evidence rests.
///
/// Exhaustive on purpose: whoever shows evidence must say what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Basis {
    /// The carrier's API said so.
    Reported,
    /// A named person said so.
    Attested(Actor),
    /// Seen in the carrier's inventory: the number is in that account.
    Observed,
    /// Follows from something observed: a number that has moved was released.
    Implied,
}

impl std::fmt::Display for Basis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Reported => f.write_str("reported"),
            Self::Attested(by) => write!(f, "attested by {by}"),
            Self::Observed => f.write_str("observed"),
            Self::Implied => f.write_str("implied"),
        }
    }
}

/// What evidence is about, within one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum About {
    Attempt(u32),
    Order(OrderRef),
}

/// Where evidence comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub(crate) carrier: CarrierId,
    pub(crate) about: About,
    pub(crate) basis: Basis,
    pub(crate) occurred_at: DateTime<Utc>,
    pub(crate) recorded_at: DateTime<Utc>,
}

macro_rules! evidence {
    ($($(#[$doc:meta])* $name:ident($data:ident) {
        $($(#[$field_doc:meta])* $field:ident: $ty:ty),* $(,)?
    })*) => { $(
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $data {
            pub(crate) source: Source,
            $(pub(crate) $field: $ty),*
        }

        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[must_use = "evidence advances a request only where it is passed"]
        pub struct $name {
            pub(crate) request: PortRequestId,
            pub(crate) fact: Arc<$data>,
        }

        impl $name {
            /// The request it is about.
            pub fn request(&self) -> &PortRequestId {
                &self.request
            }
            /// The carrier it comes from.
            pub fn carrier(&self) -> &CarrierId {
                &self.fact.source.carrier
            }
            /// On what it rests.
            pub fn basis(&self) -> &Basis {
                &self.fact.source.basis
            }
            /// When it occurred, UTC, by the clock of whoever said so.
            pub fn occurred_at(&self) -> DateTime<Utc> {
                self.fact.source.occurred_at
            }
            /// When it was recorded, UTC, by our clock.
            pub fn recorded_at(&self) -> DateTime<Utc> {
                self.fact.source.recorded_at
            }
            $($(#[$field_doc])*
            pub fn $field(&self) -> &$ty {
                &self.fact.$field
            })*
        }
    )* };
}

evidence! {
    /// The carrier took the submission: an order exists.
    SubmissionReceipt(Receipt) {
        /// The carrier's ticket or order.
        order: OrderRef,
    }

    /// The losing platform approved the transfer towards the gaining account.
    ///
    /// A platform's e-mail alone is none: the approval names the approver, the gaining account and
    /// the numbers it covers.
    ReleaseApproval(Approved) {
        /// Who approved, at the losing platform; `None` where the approval is implied.
        approver: Option<String>,
        /// The losing side's ticket with the carrier, where one is known.
        losing_ticket: Option<String>,
        /// The account the numbers may move to.
        gaining_account: AccountId,
        /// The numbers it covers.
        numbers: NumberList,
    }

    /// The port has a time.
    ScheduleConfirmation(Confirmed) {
        /// Which time, and how it came about.
        schedule: Schedule,
    }

    /// Every number is in the gaining account.
    PortCompletion(Completed) {
        /// The numbers, each with when it was seen there (UTC).
        arrivals: Vec<Arrival>,
    }

    /// The carrier refused; the order, if there was one, is dead.
    RefusalNotice(Refused) {
        /// Why, and what to do.
        refusal: Refusal,
    }

    /// The carrier cancelled the order for these numbers.
    CancellationReceipt(CancelledOrder) {
        /// The numbers that will not move.
        numbers: NumberList,
    }

    /// Something that is no transition: a hold, an arrival, a test, an alert.
    Observation(Observed) {
        /// What it says.
        what: Fact,
    }

    /// What became of a submission that has no answer yet.
    AttemptNews(AttemptHeard) {
        /// What it says.
        what: AttemptFact,
    }
}

/// A port time, and how it came about.
///
/// Exhaustive on purpose: each kind is held to different rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Schedule {
    /// Customer, staff and carrier agreed it. Never before the earliest port date.
    Agreed(PortSlot),
    /// The carrier set it. Never before the earliest port date.
    CarrierSet(PortSlot),
    /// The numbers were seen to move at this time (UTC). Recorded even if it was too early.
    ObservedCutover(DateTime<Utc>),
}

impl Schedule {
    /// When the port begins or began, UTC.
    pub fn begins(&self) -> DateTime<Utc> {
        match self {
            Self::Agreed(slot) | Self::CarrierSet(slot) => slot.begins(),
            Self::ObservedCutover(at) => *at,
        }
    }

    /// The slot, unless the time was only observed.
    pub fn slot(&self) -> Option<&PortSlot> {
        match self {
            Self::Agreed(slot) | Self::CarrierSet(slot) => Some(slot),
            Self::ObservedCutover(_) => None,
        }
    }
}

impl std::fmt::Display for Schedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Agreed(slot) => write!(f, "{slot}, agreed"),
            Self::CarrierSet(slot) => write!(f, "{slot}, set by the carrier"),
            Self::ObservedCutover(at) => {
                write!(f, "cut-over seen at {}", at.format("%Y-%m-%d %H:%M UTC"))
            }
        }
    }
}

/// One number in the gaining account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrival {
    /// The number.
    pub number: PhoneNumber,
    /// When it arrived or was first seen there, UTC.
    pub at: DateTime<Utc>,
}

/// What became of a submission that has no receipt yet.
///
/// Exhaustive on purpose: each leads the attempt to another phase.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AttemptFact {
    /// It is with people who file it by hand; a statement will say when it is filed.
    HandedOver(String),
    /// The carrier surely has nothing of it: it may be sent again.
    NotTaken(String),
    /// The answer was lost: the carrier may have it.
    InDoubt(String),
    /// The carrier was asked and shows nothing of it.
    Absent,
    /// The carrier cannot say whether it has it; a person must look.
    CannotTell(String),
}

impl SubmissionReceipt {
    /// The attempt that was taken, by number.
    pub fn attempt(&self) -> Option<u32> {
        match self.fact.source.about {
            About::Attempt(number) => Some(number),
            About::Order(_) => None,
        }
    }
}
