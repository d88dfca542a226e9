//! What a carrier integration reports: plain data, and no evidence.

use chrono::{DateTime, Utc};

use crate::calendar::PortSlot;
use crate::id::{AccountId, OrderRef};
use crate::number::{NumberList, PhoneNumber};
use crate::request::{Hold, PortRequest, Refusal, SKEW, Submitted};

/// The answer to a submission.
#[derive(Clone, PartialEq, Eq)]
pub enum SubmitReport {
    /// Taken: an order exists.
    Taken {
        /// The carrier's ticket or order.
        order: OrderRef,
        /// When it was taken, UTC, by the carrier's clock.
        at: DateTime<Utc>,
    },
    /// With people who file it by hand; a statement will give the order.
    HandedOver {
        /// Where it lies, such as "transfer desk".
        how: String,
    },
    /// Refused.
    Refused(Refusal),
}

/// The answer to "do you have this attempt?".
#[derive(Clone, PartialEq, Eq)]
pub enum FindReport {
    /// Yes.
    Found {
        /// The carrier's ticket or order.
        order: OrderRef,
        /// When it was taken, UTC, by the carrier's clock.
        at: DateTime<Utc>,
    },
    /// No sign of it.
    Absent,
    /// This carrier cannot tell; a person must look.
    CannotTell {
        /// Why not.
        why: String,
    },
}

/// Everything a carrier knows of an order, as of now. Report what is known, not what is new: the
/// crate compares it with the request.
///
/// ```
/// # use snap_port::{Hold, OrderReport, OrderRef, Reason};
/// let order = OrderRef::parse("T-17")?;
/// let report = OrderReport::new(order).on_hold(Hold::new(Reason::FeeDemanded, "$50 transfer fee"));
/// # Ok::<(), snap_port::InvalidId>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderReport {
    /// The order it is about.
    pub order: OrderRef,
    /// The hold it is in.
    pub hold: Option<Hold>,
    /// The losing platform's approval.
    pub approval: Option<ReleaseGranted>,
    /// The slot it is scheduled for.
    pub slot: Option<SlotReport>,
    /// The slot the carrier offers instead of the one asked for.
    pub counter_offer: Option<PortSlot>,
    /// Where its numbers are, as far as they have moved.
    pub arrivals: Vec<ArrivalReport>,
    /// The refusal, and when (UTC).
    pub refusal: Option<(Refusal, DateTime<Utc>)>,
    /// When it was cancelled, UTC.
    pub cancelled: Option<DateTime<Utc>>,
    /// A status this integration does not know, in the carrier's words.
    pub unrecognised: Option<String>,
    /// What is wrong with numbers on their way, and what to do, for as long as it is: somebody must
    /// look at once. Say the same trouble in the same words.
    pub alarm: Option<String>,
    /// Parts of the order that stand differently, as after a [`split`](PortRequest::split): each
    /// is reported as if it were an order of its own.
    pub parts: Vec<(NumberList, OrderReport)>,
}

impl OrderReport {
    /// An order of which nothing is known but that it exists.
    pub fn new(order: OrderRef) -> Self {
        Self {
            order,
            hold: None,
            approval: None,
            slot: None,
            counter_offer: None,
            arrivals: Vec::new(),
            refusal: None,
            cancelled: None,
            unrecognised: None,
            alarm: None,
            parts: Vec::new(),
        }
    }

    /// These numbers of the order stand differently; `report` says how.
    #[must_use]
    pub fn with_part(mut self, numbers: NumberList, report: Self) -> Self {
        self.parts.push((numbers, report));
        self
    }

    /// What is reported of these numbers: the part that holds them all, or else the whole.
    pub(super) fn of_part(&self, numbers: &NumberList) -> &Self {
        let part = self.parts.iter().find(|(of, _)| of.contains_all(numbers));
        part.map_or(self, |(_, report)| report)
    }

    /// How the order ended, if it did, in words.
    pub(super) fn ended(&self) -> Option<String> {
        match (&self.refusal, self.cancelled) {
            (Some((refusal, _)), _) => Some(refusal.to_string()),
            (None, Some(_)) => Some("cancelled".to_owned()),
            (None, None) => None,
        }
    }

    /// Where the order's numbers are, by the whole and by its parts.
    pub(super) fn all_arrivals(&self) -> impl Iterator<Item = &ArrivalReport> {
        let parts = self.parts.iter().flat_map(|(_, part)| &part.arrivals);
        self.arrivals.iter().chain(parts)
    }

    /// It is on hold.
    #[must_use]
    pub fn on_hold(mut self, hold: Hold) -> Self {
        self.hold = Some(hold);
        self
    }

    /// The losing platform approved it.
    #[must_use]
    pub fn approved(mut self, approval: ReleaseGranted) -> Self {
        self.approval = Some(approval);
        self
    }

    /// It is scheduled.
    #[must_use]
    pub fn scheduled(mut self, slot: SlotReport) -> Self {
        self.slot = Some(slot);
        self
    }

    /// The carrier offers another slot.
    #[must_use]
    pub fn counter_offered(mut self, slot: PortSlot) -> Self {
        self.counter_offer = Some(slot);
        self
    }

    /// Numbers have moved.
    #[must_use]
    pub fn arrived(mut self, arrivals: impl IntoIterator<Item = ArrivalReport>) -> Self {
        self.arrivals.extend(arrivals);
        self
    }

    /// It was refused at `at` (UTC).
    #[must_use]
    pub fn refused(mut self, refusal: Refusal, at: DateTime<Utc>) -> Self {
        self.refusal = Some((refusal, at));
        self
    }

    /// It was cancelled at `at` (UTC).
    #[must_use]
    pub fn cancelled(mut self, at: DateTime<Utc>) -> Self {
        self.cancelled = Some(at);
        self
    }

    /// Something is wrong with numbers on their way; somebody must look at once.
    #[must_use]
    pub fn alarmed(mut self, words: impl Into<String>) -> Self {
        self.alarm = Some(words.into());
        self
    }

    /// The carrier uses words this integration does not know.
    #[must_use]
    pub fn unrecognised(mut self, words: impl Into<String>) -> Self {
        self.unrecognised = Some(words.into());
        self
    }
}

/// The losing platform's approval, as a carrier reports it or a person attests it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseGranted {
    /// When it was approved, UTC.
    pub at: DateTime<Utc>,
    /// Who approved, at the losing platform.
    pub approver: String,
    /// The losing side's ticket with the carrier.
    pub losing_ticket: Option<String>,
    /// The account the numbers may move to.
    pub gaining_account: AccountId,
    /// The numbers it covers.
    pub numbers: NumberList,
}

impl ReleaseGranted {
    /// Whether the transition would take it as this request's approval.
    pub(super) fn is_sound(&self, request: &PortRequest<Submitted>) -> bool {
        let before = request
            .receipt()
            .occurred_at()
            .signed_duration_since(self.at);
        self.gaining_account == *request.package().destination().account()
            && self.numbers.contains_all(request.numbers())
            && !self.approver.trim().is_empty()
            && before <= SKEW
    }
}

/// The slot of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotReport {
    /// The slot.
    pub slot: PortSlot,
    /// When it was confirmed, UTC. A later confirmation replaces an earlier one.
    pub confirmed_at: DateTime<Utc>,
    /// Whether the carrier set it itself, rather than agree to one that was asked for.
    pub set_by_carrier: bool,
}

/// Where a number is that has moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrivalReport {
    /// The number.
    pub number: PhoneNumber,
    /// The account it is in.
    pub account: AccountId,
    /// When it got there, UTC, if the carrier says; otherwise the time it is seen counts.
    pub at: Option<DateTime<Utc>>,
}

/// The answer to a cancellation.
#[derive(Clone, PartialEq, Eq)]
pub enum CancelReport {
    /// Done, at this time (UTC).
    Done(DateTime<Utc>),
    /// Under way; [`status`](crate::CarrierClient::status) will say.
    Pending,
    /// Not possible any more, in the carrier's words.
    Refused(String),
}

/// One alert of the error log.
#[derive(Clone, PartialEq, Eq)]
pub struct AlertReport {
    /// The carrier's id of it.
    pub id: String,
    /// The number it is about.
    pub number: PhoneNumber,
    /// When it was logged, UTC.
    pub at: DateTime<Utc>,
    /// The carrier's words.
    pub text: String,
}
