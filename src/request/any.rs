use super::state::{
    Cancelled, Draft, Ported, Rejected, ReleaseApproved, Scheduled, Sealed, Submitted, Verified,
};
use super::status::Status;
use super::{Entry, Hold, NumberTable, PortRequest, StrayOrder, SubmissionReceipt, Violation};
use crate::id::{CarrierId, OrderRef, PortRequestId};
use crate::number::NumberList;
use crate::people::{Permit, act};

use chrono::{DateTime, Utc};

/// A request in whichever state: what a field or a store holds, and the only form that can be
/// deserialised.
///
/// Reading one replays its history through the same transitions live code uses, so a record that
/// no legal history could have left is refused. A typed state cannot be read on its own:
///
/// ```compile_fail,E0277
/// # use snap_port::{PortRequest, Verified};
/// let forged: PortRequest<Verified> = serde_json::from_str("{}").unwrap();
/// ```
///
/// Exhaustive on purpose: a request in an unknown state cannot be resumed, so a new state must stop
/// the caller at compile time.
#[must_use = "a port request does nothing until it is advanced or stored"]
#[derive(Debug, PartialEq, Eq)]
pub enum AnyPortRequest {
    /// Being filled in.
    Draft(PortRequest<Draft>),
    /// Frozen: under review or being submitted.
    Sealed(PortRequest<Sealed>),
    /// With the carrier.
    Submitted(PortRequest<Submitted>),
    /// Approved by the losing platform.
    ReleaseApproved(PortRequest<ReleaseApproved>),
    /// With a time.
    Scheduled(PortRequest<Scheduled>),
    /// In the gaining account.
    Ported(PortRequest<Ported>),
    /// Tested and confirmed.
    Verified(PortRequest<Verified>),
    /// Refused.
    Rejected(PortRequest<Rejected>),
    /// Ended without a port.
    Cancelled(PortRequest<Cancelled>),
}

macro_rules! each {
    ($self:expr, $request:ident => $body:expr) => {
        match $self {
            AnyPortRequest::Draft($request) => $body,
            AnyPortRequest::Sealed($request) => $body,
            AnyPortRequest::Submitted($request) => $body,
            AnyPortRequest::ReleaseApproved($request) => $body,
            AnyPortRequest::Scheduled($request) => $body,
            AnyPortRequest::Ported($request) => $body,
            AnyPortRequest::Verified($request) => $body,
            AnyPortRequest::Rejected($request) => $body,
            AnyPortRequest::Cancelled($request) => $body,
        }
    };
}

impl AnyPortRequest {
    /// The request's name.
    pub fn id(&self) -> &PortRequestId {
        each!(self, request => request.id())
    }

    /// The carrier under both platforms.
    pub fn carrier(&self) -> &CarrierId {
        each!(self, request => request.carrier())
    }

    /// The state's name as data.
    pub fn status(&self) -> Status {
        each!(self, request => request.status())
    }

    /// When the state was entered, UTC, by our clock.
    pub fn since(&self) -> DateTime<Utc> {
        each!(self, request => request.since())
    }

    /// The hold the port is in, and since when it is known (UTC, our clock).
    pub fn hold(&self) -> Option<(&Hold, DateTime<Utc>)> {
        each!(self, request => request.hold())
    }

    /// The history so far, oldest first.
    pub fn timeline(&self) -> Vec<Entry<'_>> {
        each!(self, request => request.timeline().collect())
    }

    /// How many entries the history has.
    pub fn history_len(&self) -> usize {
        each!(self, request => request.history_len())
    }

    /// The numbers: those sealed, or those the draft holds so far.
    pub fn numbers(&self) -> Option<&NumberList> {
        match self {
            Self::Draft(request) => request.checklist().numbers(),
            Self::Sealed(request) => Some(request.numbers()),
            Self::Submitted(request) => Some(request.numbers()),
            Self::ReleaseApproved(request) => Some(request.numbers()),
            Self::Scheduled(request) => Some(request.numbers()),
            Self::Ported(request) => Some(request.numbers()),
            Self::Verified(request) => Some(request.numbers()),
            Self::Rejected(request) => Some(request.numbers()),
            Self::Cancelled(request) => request.numbers(),
        }
    }

    /// Whether the numbers are spoken for, so that no other request may move them: from the seal
    /// until the request ends, is refused or sent back, or its way back is opened. Those of
    /// [stray orders](Self::stray_orders) are besides.
    pub fn holds_numbers(&self) -> bool {
        match self {
            Self::Sealed(_)
            | Self::Submitted(_)
            | Self::ReleaseApproved(_)
            | Self::Scheduled(_) => true,
            Self::Ported(request) => request.way_back().is_none(),
            Self::Draft(_) | Self::Verified(_) | Self::Rejected(_) | Self::Cancelled(_) => false,
        }
    }

    /// How far each number has come; `None` before the request was sealed.
    pub fn table(&self) -> Option<NumberTable> {
        Some(match self {
            Self::Draft(_) => return None,
            Self::Sealed(request) => request.table(),
            Self::Submitted(request) => request.table(),
            Self::ReleaseApproved(request) => request.table(),
            Self::Scheduled(request) => request.table(),
            Self::Ported(request) => request.table(),
            Self::Verified(request) => request.table(),
            Self::Rejected(request) => request.table(),
            Self::Cancelled(request) => request.known_numbers()?.2,
        })
    }

    /// The reviewer's findings when the request was last sent back, unless it was sealed again.
    pub fn findings(&self) -> &[crate::people::Finding] {
        each!(self, request => request.findings())
    }

    /// When a cancellation was asked for in this attempt (UTC, our clock).
    pub fn cancel_requested(&self) -> Option<DateTime<Utc>> {
        each!(self, request => request.cancel_requested())
    }

    /// The carrier's ticket or order, if there is or was one in this attempt.
    pub fn order(&self) -> Option<&OrderRef> {
        match self {
            Self::Draft(_) | Self::Sealed(_) => None,
            Self::Submitted(request) => Some(request.order()),
            Self::ReleaseApproved(request) => Some(request.order()),
            Self::Scheduled(request) => Some(request.order()),
            Self::Ported(request) => Some(request.order()),
            Self::Verified(request) => Some(request.order()),
            Self::Rejected(request) => request.order(),
            Self::Cancelled(request) => request.order(),
        }
    }

    /// The orders that the carrier took beside the request's own, and that are not settled.
    pub fn stray_orders(&self) -> Vec<StrayOrder> {
        each!(self, request => request.stray_orders())
    }

    /// Whether tries were given up of whose orders nothing was heard.
    pub(crate) fn has_former_attempts(&self) -> bool {
        each!(self, request => request.former_attempts().len() > 0)
    }

    /// Puts a stray order on record.
    ///
    /// # Errors
    /// As [`PortRequest::strayed`].
    pub fn strayed(&mut self, receipt: SubmissionReceipt) -> Result<(), Violation> {
        each!(self, request => request.strayed(receipt))
    }

    /// Records what became of a stray order, at `at` (UTC).
    ///
    /// # Errors
    /// As [`PortRequest::settle_stray`].
    pub fn settle_stray(
        &mut self,
        order: &OrderRef,
        how: impl Into<String>,
        permit: Permit<act::Attest>,
        at: DateTime<Utc>,
    ) -> Result<(), Violation> {
        each!(self, request => request.settle_stray(order, how, permit, at))
    }

    pub(super) fn log(&self) -> &[super::event::Event] {
        each!(self, request => request.log())
    }
}

macro_rules! dead_order {
    ($($state:ident),*) => { $(
        impl PortRequest<$state> {
            /// The carrier's ticket or order, if the attempt got as far as having one.
            pub fn order(&self) -> Option<&OrderRef> {
                self.known_order()
            }
        }
    )* };
}
dead_order!(Rejected, Cancelled);

macro_rules! conversions {
    ($($state:ident),*) => { $(
        impl From<PortRequest<$state>> for AnyPortRequest {
            fn from(request: PortRequest<$state>) -> Self {
                Self::$state(request)
            }
        }

        /// Gives the request back, as it is, if it is in another state.
        impl TryFrom<AnyPortRequest> for PortRequest<$state> {
            type Error = Box<AnyPortRequest>;
            fn try_from(any: AnyPortRequest) -> Result<Self, Box<AnyPortRequest>> {
                match any {
                    AnyPortRequest::$state(request) => Ok(request),
                    other => Err(Box::new(other)),
                }
            }
        }
    )* };
}
conversions!(
    Draft,
    Sealed,
    Submitted,
    ReleaseApproved,
    Scheduled,
    Ported,
    Verified,
    Rejected,
    Cancelled
);
