use std::fmt;

use serde::{Deserialize, Serialize};

/// The state's name as data.
///
/// Exhaustive on purpose: a new state must stop whoever shows or stores states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// [`Draft`](super::Draft).
    Draft,
    /// [`Sealed`](super::Sealed).
    Sealed,
    /// [`Submitted`](super::Submitted).
    Submitted,
    /// [`ReleaseApproved`](super::ReleaseApproved).
    ReleaseApproved,
    /// [`Scheduled`](super::Scheduled).
    Scheduled,
    /// [`Ported`](super::Ported).
    Ported,
    /// [`Verified`](super::Verified).
    Verified,
    /// [`Rejected`](super::Rejected).
    Rejected,
    /// [`Cancelled`](super::Cancelled).
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

impl Status {
    /// The state of that stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
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
