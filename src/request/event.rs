//! What is written down: transitions and notes, append-only.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::evidence::{
    Approved, AttemptHeard, CancelledOrder, Completed, Confirmed, Observed, Receipt, Refused,
};
use super::fact::Check;
use super::note::Note;
use super::rule::Override;
use super::verification::SignedOff;
use crate::calendar::PortSlot;
use crate::document::SubmissionPackage;
use crate::id::{CarrierId, OrderRef, PortRequestId};
use crate::number::{NumberList, PhoneNumber};
use crate::people::{Actor, Finding};

/// One entry of a request's history. A stored shape: changing it means a new version and an
/// upgrade in `record`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Event {
    Opened {
        request: PortRequestId,
        carrier: CarrierId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reverses: Option<PortRequestId>,
        by: Actor,
        at: DateTime<Utc>,
    },
    Sealed {
        package: Arc<SubmissionPackage>,
        by: Actor,
        at: DateTime<Utc>,
    },
    Reviewed {
        attempt: u32,
        letter_lists: NumberList,
        by: Actor,
        at: DateTime<Utc>,
    },
    SentBack {
        attempt: u32,
        findings: Vec<Finding>,
        by: Actor,
        at: DateTime<Utc>,
    },
    Dispatched {
        at: DateTime<Utc>,
    },
    AttemptHeard(Arc<AttemptHeard>),
    Retried {
        at: DateTime<Utc>,
    },
    Submitted(Arc<Receipt>),
    Approved(Arc<Approved>),
    SlotAsked {
        slot: PortSlot,
        by: Actor,
        at: DateTime<Utc>,
    },
    Scheduled(Arc<Confirmed>),
    Rescheduled(Arc<Confirmed>),
    Ported(Arc<Completed>),
    Verified(Arc<SignedOff>),
    Rejected(Arc<Refused>),
    Amended {
        by: Actor,
        at: DateTime<Utc>,
    },
    CancelRequested {
        reason: String,
        by: Actor,
        at: DateTime<Utc>,
    },
    Withdrawn {
        reason: String,
        by: Actor,
        at: DateTime<Utc>,
    },
    Cancelled(Arc<CancelledOrder>),
    SplitOff {
        child: PortRequestId,
        numbers: NumberList,
        reason: String,
        by: Actor,
        at: DateTime<Utc>,
    },
    SplitFrom {
        parent: PortRequestId,
        child: PortRequestId,
        numbers: NumberList,
        reason: String,
        by: Actor,
        at: DateTime<Utc>,
    },
    Observed(Arc<Observed>),
    Waived {
        number: PhoneNumber,
        check: Check,
        reason: String,
        consent: String,
        by: Actor,
        at: DateTime<Utc>,
    },
    Noted {
        note: Note,
        by: Actor,
        at: DateTime<Utc>,
    },
    Overridden {
        what: Override,
        by: Actor,
        at: DateTime<Utc>,
    },
    StrayOrder(Arc<Receipt>),
    StraySettled {
        order: OrderRef,
        how: String,
        by: Actor,
        at: DateTime<Utc>,
    },
}

impl Event {
    /// The name under which the event is stored.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Sealed { .. } => "sealed",
            Self::Reviewed { .. } => "reviewed",
            Self::SentBack { .. } => "sent_back",
            Self::Dispatched { .. } => "dispatched",
            Self::AttemptHeard(_) => "attempt_heard",
            Self::Retried { .. } => "retried",
            Self::Submitted(_) => "submitted",
            Self::Approved(_) => "approved",
            Self::SlotAsked { .. } => "slot_asked",
            Self::Scheduled(_) => "scheduled",
            Self::Rescheduled(_) => "rescheduled",
            Self::Ported(_) => "ported",
            Self::Verified(_) => "verified",
            Self::Rejected(_) => "rejected",
            Self::Amended { .. } => "amended",
            Self::CancelRequested { .. } => "cancel_requested",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Cancelled(_) => "cancelled",
            Self::SplitOff { .. } => "split_off",
            Self::SplitFrom { .. } => "split_from",
            Self::Observed(_) => "observed",
            Self::Waived { .. } => "waived",
            Self::Noted { .. } => "noted",
            Self::Overridden { .. } => "overridden",
            Self::StrayOrder(_) => "stray_order",
            Self::StraySettled { .. } => "stray_settled",
        }
    }

    /// When it was recorded, by our clock.
    pub(crate) fn recorded_at(&self) -> DateTime<Utc> {
        match self {
            Self::Opened { at, .. }
            | Self::Sealed { at, .. }
            | Self::Reviewed { at, .. }
            | Self::SentBack { at, .. }
            | Self::Dispatched { at }
            | Self::Retried { at }
            | Self::SlotAsked { at, .. }
            | Self::Amended { at, .. }
            | Self::CancelRequested { at, .. }
            | Self::Withdrawn { at, .. }
            | Self::SplitOff { at, .. }
            | Self::SplitFrom { at, .. }
            | Self::Waived { at, .. }
            | Self::Noted { at, .. }
            | Self::Overridden { at, .. }
            | Self::StraySettled { at, .. } => *at,
            Self::AttemptHeard(e) => e.source.recorded_at,
            Self::Submitted(e) | Self::StrayOrder(e) => e.source.recorded_at,
            Self::Approved(e) => e.source.recorded_at,
            Self::Scheduled(e) | Self::Rescheduled(e) => e.source.recorded_at,
            Self::Ported(e) => e.source.recorded_at,
            Self::Verified(e) => e.at,
            Self::Rejected(e) => e.source.recorded_at,
            Self::Cancelled(e) => e.source.recorded_at,
            Self::Observed(e) => e.source.recorded_at,
        }
    }
}
