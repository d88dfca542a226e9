use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::record::{Record, RecordError};
use super::state::{
    Cancelled, Draft, Ported, Rejected, ReleaseApproved, Scheduled, Sealed, Submitted, Verified,
};
use super::{Entry, Hold, PortRequest};
use crate::id::{CarrierId, OrderRef, PortRequestId};
use crate::number::NumberList;

use chrono::{DateTime, Utc};

/// The state's name as data.
///
/// Exhaustive on purpose: a new state must stop whoever shows or stores states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// [`Draft`].
    Draft,
    /// [`Sealed`].
    Sealed,
    /// [`Submitted`].
    Submitted,
    /// [`ReleaseApproved`].
    ReleaseApproved,
    /// [`Scheduled`].
    Scheduled,
    /// [`Ported`].
    Ported,
    /// [`Verified`].
    Verified,
    /// [`Rejected`].
    Rejected,
    /// [`Cancelled`].
    Cancelled,
}

impl Status {
    /// All of them, in the order of a smooth port.
    pub const ALL: [Self; 9] = [
        Self::Draft,
        Self::Sealed,
        Self::Submitted,
        Self::ReleaseApproved,
        Self::Scheduled,
        Self::Ported,
        Self::Verified,
        Self::Rejected,
        Self::Cancelled,
    ];

    /// Whether nothing can follow.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Verified | Self::Cancelled)
    }

    /// The name as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sealed => "sealed",
            Self::Submitted => "submitted",
            Self::ReleaseApproved => "release_approved",
            Self::Scheduled => "scheduled",
            Self::Ported => "ported",
            Self::Verified => "verified",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ReleaseApproved => "release approved",
            other => other.name(),
        })
    }
}

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

    /// The record as JSON, for a store.
    ///
    /// # Errors
    /// [`RecordError`] if it cannot be written, which no request is known to cause.
    pub fn to_json(&self) -> Result<Vec<u8>, RecordError> {
        Record::of(self).to_json()
    }

    /// Reads a record that [`to_json`](Self::to_json) wrote, in this or an earlier version.
    ///
    /// # Errors
    /// [`RecordError`] says which entry of the history is wrong, and quotes no document, signer or account.
    pub fn from_json(bytes: &[u8]) -> Result<Self, RecordError> {
        Record::from_json(bytes)?.replay()
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

impl Serialize for AnyPortRequest {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Record::of(self).serialize(to)
    }
}

/// Self-describing formats only (JSON and its like): entries are upgraded before they are read.
impl<'de> Deserialize<'de> for AnyPortRequest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Record::deserialize(from)?
            .replay()
            .map_err(serde::de::Error::custom)
    }
}
