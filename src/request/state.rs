//! The states. Each holds the one before it, so a state is its own proof of how it was reached.

use std::sync::Arc;

use super::attempt::{Attempt, AttemptPhase};
use super::evidence::{
    CancellationReceipt, PortCompletion, RefusalNotice, ReleaseApproval, ScheduleConfirmation,
    SubmissionReceipt,
};
use super::verification::VerificationReport;
use crate::document::Checklist;
use crate::id::{AttemptKey, OrderRef};
use crate::number::NumberList;
use crate::people::ReviewPass;

use chrono::{DateTime, Utc};

use super::status::Status;

pub(crate) mod sealed {
    #[diagnostic::on_unimplemented(
        message = "the states of a port are closed: `{Self}` cannot be one",
        note = "the states are Draft, Sealed, Submitted, ReleaseApproved, Scheduled, Ported, Verified, Rejected and Cancelled"
    )]
    #[allow(unnameable_types, reason = "sealed: not to be named outside")]
    pub trait Sealed {}
}

/// A stage of a port. Sealed: the set of stages is closed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a porting state",
    note = "the states are Draft, Sealed, Submitted, ReleaseApproved, Scheduled, Ported, Verified, Rejected and Cancelled"
)]
pub trait State: sealed::Sealed + Send + Sync + 'static {
    /// The state's name as data.
    const STATUS: Status;
}

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $ty:ty),* $(,)? })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name { $(pub(crate) $field: $ty),* }
        impl sealed::Sealed for $name {}
        impl State for $name {
            const STATUS: Status = Status::$name;
        }
    )* };
}

states! {
    /// Being filled in by the customer.
    Draft { checklist: Box<Checklist> }
    /// Frozen: under review, or being submitted. See [`AttemptPhase`].
    Sealed {
        attempt: Arc<Attempt>,
        former: Vec<AttemptKey>,
        numbers: NumberList,
        review: Option<Arc<ReviewPass>>,
        phase: AttemptPhase,
        since: DateTime<Utc>,
        absent: Option<(DateTime<Utc>, DateTime<Utc>)>,
    }
    /// With the carrier: an order exists.
    Submitted { sealed: Box<Sealed>, receipt: SubmissionReceipt }
    /// The losing platform approved the transfer.
    ReleaseApproved { submitted: Box<Submitted>, approval: ReleaseApproval }
    /// A time is agreed, set by the carrier, or was seen to have come.
    Scheduled {
        approved: Box<ReleaseApproved>,
        confirmation: ScheduleConfirmation,
        former: Vec<ScheduleConfirmation>,
    }
    /// Every number is in the gaining account.
    Ported { scheduled: Box<Scheduled>, completion: PortCompletion }
    /// Every number was tested and the port confirmed.
    Verified { ported: Box<Ported>, report: VerificationReport }
    /// Refused; [`amend`](super::PortRequest::amend) opens a new draft with the history kept.
    Rejected { was: BeforeRefusal, refusal: RefusalNotice }
    /// Ended without a port.
    Cancelled { was: BeforeCancellation, receipt: Option<CancellationReceipt> }
}

/// What a refusal ended.
#[allow(
    unnameable_types,
    reason = "part of a state, which shows it through accessors only"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BeforeRefusal {
    Sealed(Box<Sealed>),
    Submitted(Box<Submitted>),
    ReleaseApproved(Box<ReleaseApproved>),
    Scheduled(Box<Scheduled>),
}

/// What a cancellation ended.
#[allow(
    unnameable_types,
    reason = "part of a state, which shows it through accessors only"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BeforeCancellation {
    Draft,
    Submitted(Box<Submitted>),
    ReleaseApproved(Box<ReleaseApproved>),
    Scheduled(Box<Scheduled>),
    Rejected(Box<Rejected>),
}

/// States that carry a sealed package: every state but [`Draft`] and [`Cancelled`].
#[diagnostic::on_unimplemented(
    message = "a `{Self}` request has no sealed package",
    note = "the package exists from `Sealed` on; a draft has a checklist"
)]
pub trait HasPackage: State {
    #[doc(hidden)]
    fn sealed(&self) -> &Sealed;
    #[doc(hidden)]
    fn sealed_mut(&mut self) -> &mut Sealed;
}

/// States in which the carrier has an order: from [`Submitted`] to [`Verified`].
#[diagnostic::on_unimplemented(
    message = "a `{Self}` request has no order at the carrier",
    note = "submit it first: an order exists from `Submitted` on"
)]
pub trait HasOrder: HasPackage + Observable {
    #[doc(hidden)]
    fn submitted(&self) -> &Submitted;
}

/// States with a schedule: from [`Scheduled`] on.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` request has no schedule",
    note = "a schedule exists from `Scheduled` on"
)]
pub trait HasSchedule: HasOrder {
    #[doc(hidden)]
    fn scheduled(&self) -> &Scheduled;
}

/// States whose numbers are all in the gaining account: [`Ported`] and [`Verified`].
#[diagnostic::on_unimplemented(
    message = "the numbers of a `{Self}` request have not all arrived",
    note = "arrivals are complete from `Ported` on"
)]
pub trait HasArrived: HasSchedule {
    #[doc(hidden)]
    fn ported(&self) -> &Ported;
}

/// States in which an order can still be cancelled or refused: [`Submitted`],
/// [`ReleaseApproved`] and [`Scheduled`].
#[diagnostic::on_unimplemented(
    message = "a `{Self}` request cannot be cancelled at the carrier",
    note = "before `Submitted` nothing is there to cancel; from `Ported` on the numbers have moved"
)]
pub trait InFlight: HasOrder {
    #[doc(hidden)]
    fn refused(self) -> BeforeRefusal;
    #[doc(hidden)]
    fn cancelled(self) -> BeforeCancellation;
}

/// States that [`split`](super::PortRequest::split): from [`Submitted`] to [`Ported`].
#[diagnostic::on_unimplemented(
    message = "a `{Self}` request cannot be split",
    note = "a draft's numbers are edited; a request splits from `Submitted` to `Ported`"
)]
pub trait Splits: HasOrder + Clone {}

/// States in which there may be an order to look at, even after the port has ended.
#[diagnostic::on_unimplemented(
    message = "nothing of a `{Self}` request can be observed at the carrier",
    note = "an order exists from `Submitted` on"
)]
pub trait Observable: State {
    #[doc(hidden)]
    fn known_order(&self) -> Option<&OrderRef>;
    #[doc(hidden)]
    fn known_sealed(&self) -> Option<&Sealed>;
}

macro_rules! observable {
    ($($name:ident),*) => { $(
        impl Observable for $name {
            fn known_order(&self) -> Option<&OrderRef> {
                Some(self.submitted().receipt.order())
            }
            fn known_sealed(&self) -> Option<&Sealed> {
                Some(self.sealed())
            }
        }
    )* };
}
observable!(Submitted, ReleaseApproved, Scheduled, Ported, Verified);

impl Observable for Rejected {
    fn known_order(&self) -> Option<&OrderRef> {
        Some(self.was.submitted()?.receipt.order())
    }
    fn known_sealed(&self) -> Option<&Sealed> {
        Some(self.sealed())
    }
}

impl Observable for Cancelled {
    fn known_order(&self) -> Option<&OrderRef> {
        Some(self.was.submitted()?.receipt.order())
    }
    fn known_sealed(&self) -> Option<&Sealed> {
        self.was.sealed()
    }
}

macro_rules! reaches {
    ($trait:ident, $get:ident -> $out:ident: $($name:ident => |$s:ident| $e:expr;)*) => { $(
        impl $trait for $name {
            fn $get(&self) -> &$out {
                let $s = self;
                $e
            }
        }
    )* };
}

macro_rules! packages {
    ($($name:ident => $($field:ident).*;)*) => { $(
        impl HasPackage for $name {
            fn sealed(&self) -> &Sealed {
                self.$($field).*.sealed()
            }
            fn sealed_mut(&mut self) -> &mut Sealed {
                self.$($field).*.sealed_mut()
            }
        }
    )* };
}

impl HasPackage for Sealed {
    fn sealed(&self) -> &Sealed {
        self
    }
    fn sealed_mut(&mut self) -> &mut Sealed {
        self
    }
}

packages! {
    Submitted => sealed;
    ReleaseApproved => submitted;
    Scheduled => approved;
    Ported => scheduled;
    Verified => ported;
    Rejected => was;
}

impl BeforeRefusal {
    pub(crate) fn sealed(&self) -> &Sealed {
        match self {
            Self::Sealed(s) => s.sealed(),
            Self::Submitted(s) => s.sealed(),
            Self::ReleaseApproved(s) => s.sealed(),
            Self::Scheduled(s) => s.sealed(),
        }
    }
    fn sealed_mut(&mut self) -> &mut Sealed {
        match self {
            Self::Sealed(s) => s.sealed_mut(),
            Self::Submitted(s) => s.sealed_mut(),
            Self::ReleaseApproved(s) => s.sealed_mut(),
            Self::Scheduled(s) => s.sealed_mut(),
        }
    }
    pub(crate) fn submitted(&self) -> Option<&Submitted> {
        match self {
            Self::Sealed(_) => None,
            Self::Submitted(s) => Some(s.submitted()),
            Self::ReleaseApproved(s) => Some(s.submitted()),
            Self::Scheduled(s) => Some(s.submitted()),
        }
    }
}

impl BeforeCancellation {
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Draft => None,
            Self::Submitted(s) => Some(s.sealed()),
            Self::ReleaseApproved(s) => Some(s.sealed()),
            Self::Scheduled(s) => Some(s.sealed()),
            Self::Rejected(s) => Some(s.sealed()),
        }
    }
    pub(crate) fn submitted(&self) -> Option<&Submitted> {
        match self {
            Self::Draft => None,
            Self::Submitted(s) => Some(s.submitted()),
            Self::ReleaseApproved(s) => Some(s.submitted()),
            Self::Scheduled(s) => Some(s.submitted()),
            Self::Rejected(s) => s.was.submitted(),
        }
    }
}

reaches!(HasOrder, submitted -> Submitted:
    Submitted => |s| s;
    ReleaseApproved => |s| &s.submitted;
    Scheduled => |s| &s.approved.submitted;
    Ported => |s| s.scheduled.submitted();
    Verified => |s| s.ported.submitted();
);
reaches!(HasSchedule, scheduled -> Scheduled:
    Scheduled => |s| s;
    Ported => |s| &s.scheduled;
    Verified => |s| &s.ported.scheduled;
);
reaches!(HasArrived, ported -> Ported:
    Ported => |s| s;
    Verified => |s| &s.ported;
);

macro_rules! in_flight {
    ($($name:ident),*) => { $(
        impl InFlight for $name {
            fn refused(self) -> BeforeRefusal {
                BeforeRefusal::$name(Box::new(self))
            }
            fn cancelled(self) -> BeforeCancellation {
                BeforeCancellation::$name(Box::new(self))
            }
        }
        impl Splits for $name {}
    )* };
}
in_flight!(Submitted, ReleaseApproved, Scheduled);
impl Splits for Ported {}
