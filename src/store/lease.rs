use chrono::{DateTime, Utc};

use super::Revision;
use crate::id::{CarrierId, PortRequestId, WorkerId};

/// What a worker claims: requests that are due, for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimAsk {
    /// Who claims.
    pub worker: WorkerId,
    /// Only requests of these carriers.
    pub carriers: Vec<CarrierId>,
    /// Now, UTC: what is due by then is claimed, and leases that end by then count no more.
    pub now: DateTime<Utc>,
    /// When the lease ends, UTC.
    pub until: DateTime<Utc>,
    /// A due time or the end of a lease beyond this, UTC, was set by a clock that was ahead: such a
    /// request is due, such a lease counts no more.
    pub horizon: DateTime<Utc>,
    /// At most so many.
    pub limit: usize,
}

impl ClaimAsk {
    /// Whether a request that is `due` then (UTC) is due for this.
    pub fn is_due(&self, due: DateTime<Utc>) -> bool {
        due <= self.now || due > self.horizon
    }

    /// Whether a lease until then (UTC) still counts for this.
    pub fn is_held(&self, until: DateTime<Utc>) -> bool {
        self.now < until && until <= self.horizon
    }
}

/// A claim on a request. Each claim of a request has a higher token than the one before, so a
/// worker that was given up cannot disturb its successor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The request.
    pub request: PortRequestId,
    /// Which claim of it this is.
    pub token: u64,
}

/// A request as it is claimed.
///
/// Exhaustive on purpose: a store builds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The claim.
    pub lease: Lease,
    /// When it was due, UTC.
    pub due: DateTime<Utc>,
    /// What stood in its way at the last look; none that [cannot be read](StoredTrouble).
    pub trouble: Option<StoredTrouble>,
}

/// What a worker leaves when it gives a claim back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GiveBack {
    /// When to look next, UTC; never, if nothing can come of a look.
    pub due: Option<DateTime<Utc>>,
    /// The revision the worker knew last. If another was written since, its due time stands where
    /// that is earlier, or never. `None` if the worker could not read which one there is: then
    /// [`due`](Self::due) stands over any, or what cannot be read would never be put off.
    ///
    /// The time the request was woken for meanwhile stands where that is earlier, unless the request
    /// is never due.
    pub seen: Option<Revision>,
    /// What stood in the way; `None` clears it.
    pub trouble: Option<StoredTrouble>,
}

impl GiveBack {
    /// When a request is looked at next after this, UTC, by the rule of [`seen`](Self::seen): the
    /// store has it due then (UTC) in that revision, and it was woken for then (UTC) since it was
    /// last claimed.
    pub fn next_due(
        &self,
        due: Option<DateTime<Utc>>,
        revision: Revision,
        woken: Option<DateTime<Utc>>,
    ) -> Option<DateTime<Utc>> {
        let due = if self.seen.is_none_or(|seen| seen == revision) {
            self.due
        } else {
            // The writer knew better than the worker whether anything is due.
            due.map(|due| self.due.map_or(due, |worker| worker.min(due)))
        };
        due.map(|due| woken.map_or(due, |woken| woken.min(due)))
    }
}

/// What stands in a request's way that its history does not say.
///
/// It is only what a worker left behind. Where a store holds some that this version cannot read, such
/// as a kind that a newer one knows, it is shown as none, and the request is claimed, read and found
/// (as [troubled](crate::Find::Troubled), too) all the same; the next look leaves its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTrouble {
    /// What kind it is.
    pub kind: TroubleKind,
    /// In words.
    pub text: String,
    /// Since when, UTC.
    pub since: DateTime<Utc>,
    /// How many looks in a row have met trouble.
    pub times: u32,
}

/// Kinds of trouble.
///
/// Exhaustive on purpose: a store writes each down, and whoever shows them must know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TroubleKind {
    /// The carrier fails, or cannot be asked.
    Stuck,
    /// What the carrier shows is not what we hold.
    Drift,
    /// The record cannot be read.
    Unreadable,
}

impl TroubleKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Stuck, Self::Drift, Self::Unreadable];

    /// The name as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stuck => "stuck",
            Self::Drift => "drift",
            Self::Unreadable => "unreadable",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
