use chrono::{DateTime, Utc};

use crate::calendar::{EarliestPortDate, PortSlot};
use crate::document::{PackagePart, ReleaseTicket};
use crate::id::{OrderRef, PortRequestId};
use crate::number::PhoneNumber;
use crate::people::{Finding, Party};
use crate::readiness::Concern;
use crate::request::{CarryoverItem, CarryoverState, Reason, Schedule};

/// Where a port stands, as the customer is told.
///
/// It holds what a customer may know: never an account of the gaining platform, a member of its
/// staff, or the words of the carrier or the losing platform, in which another customer may be
/// named. A finding is written for the customer.
///
/// Exhaustive on purpose: a stage without words in every catalogue must not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The form is open.
    Draft {
        /// What is missing, in the order of the form.
        missing: Vec<PackagePart>,
        /// What the customer should mend of what is there, as [`Readiness`](crate::Readiness) has
        /// it.
        concerns: Vec<Concern>,
        /// Whether the losing platform was asked to approve the transfer, so that its ticket is
        /// awaited.
        asked: bool,
        /// Whether it was handed in before.
        reopened: bool,
    },
    /// The review found something to fix.
    PleaseFix {
        /// What.
        findings: Vec<Finding>,
    },
    /// Handed in; staff review it ("will review to ensure everything is correct").
    Received {
        /// Whether it was handed in before.
        again: bool,
    },
    /// Reviewed; it is being filed with the carrier ("submits a formal Snap Port request to Twilio").
    BeingFiled,
    /// Filed; the losing platform is to approve it ("Twilio reviews the information and coordinates
    /// with your current provider", whose "confirmation is required for the port to proceed").
    Filed {
        /// Whether a hold has ended since.
        resumed: bool,
        /// The carrier's ticket.
        order: OrderRef,
        /// The losing platform's ticket.
        ticket: ReleaseTicket,
    },
    /// The losing platform takes its time.
    WaitingForProvider {
        /// The carrier's ticket.
        order: OrderRef,
        /// The losing platform's ticket, to be quoted to it.
        ticket: ReleaseTicket,
        /// The whole business days it has been waited for.
        business_days: u32,
        /// How often the losing side was reminded.
        reminders: usize,
    },
    /// Something stands in the way; the order lives.
    OnHold {
        /// What.
        reason: Reason,
        /// Who must act.
        party: Party,
        /// The losing platform's ticket, to be quoted to it.
        ticket: ReleaseTicket,
    },
    /// Approved; a time is to be agreed ("After the release is approved, Aloware Support will contact
    /// you to confirm your preferred date and time for the port").
    ChooseTime {
        /// The first day the customer authorised.
        earliest: EarliestPortDate,
        /// The first hour that can be asked for.
        first: Option<PortSlot>,
    },
    /// The time agreed was asked for; the carrier has not confirmed it.
    TimeAsked {
        /// The time.
        slot: PortSlot,
    },
    /// The carrier offers another time.
    TimeOffered {
        /// The time.
        slot: PortSlot,
    },
    /// The carrier set a time before the earliest port date; staff stop it.
    TooEarly {
        /// The time.
        slot: PortSlot,
        /// The first day the customer authorised.
        earliest: EarliestPortDate,
    },
    /// The move has a time.
    Scheduled {
        /// The time, and how it came about.
        schedule: Schedule,
        /// The time it replaces.
        instead_of: Option<PortSlot>,
        /// Another time, asked for since; until the carrier confirms it, the schedule stands.
        asked: Option<PortSlot>,
    },
    /// Numbers move, or their time has come.
    Moving {
        /// How many have arrived.
        arrived: usize,
        /// Of how many.
        of: usize,
        /// The others, each with why.
        not_moved: Vec<NotMoved>,
        /// Whether they should all be there by now.
        overdue: bool,
    },
    /// All have arrived; they are put into service ("Once the numbers are assigned, voice and SMS
    /// functionality are tested"; registering them "can take up to 10 days").
    Moved {
        /// How many take and place calls, as tested.
        voice: ReadyNumbers,
        /// How many take and send texts, as tested, and are registered for it.
        texting: ReadyNumbers,
        /// When texting is expected at the latest, UTC; `None` once it is ready, and while a
        /// registration was refused.
        texting_by: Option<DateTime<Utc>>,
        /// Whether that is past.
        texting_late: bool,
        /// How many numbers the registry refused.
        unregistered: usize,
        /// Whether every check is met, and only the confirmation is missing.
        checked: bool,
        /// Numbers that go on as a request of their own.
        apart: Vec<NumberApart>,
    },
    /// Complete ("Your Customer Success Manager (CSM) will provide you with a final confirmation that
    /// the porting process is complete").
    Done {
        /// Whether campaigns may be launched.
        cleared: bool,
        /// What does not move with numbers and is still to be settled before campaigns.
        open: Vec<(CarryoverItem, CarryoverState)>,
        /// How many numbers a check of texting was waived for.
        untested: usize,
        /// How many numbers fail since: an alert is open, or a check fails that had passed.
        failing: usize,
        /// Numbers that go on as a request of their own.
        apart: Vec<NumberApart>,
        /// The request that moves the numbers back, if it was opened.
        back: Option<PortRequestId>,
    },
    /// Refused; the remedy says what to do.
    Refused {
        /// Why.
        reason: Reason,
        /// Who must act.
        party: Party,
        /// How many numbers arrived all the same.
        arrived: usize,
        /// How many numbers were last seen in a wrong account.
        elsewhere: usize,
    },
    /// A cancellation is asked for, and neither certain nor refused yet.
    Cancelling {
        /// Whether the carrier may have the order: then the numbers may still move.
        filed: bool,
    },
    /// Ended without a port.
    Cancelled {
        /// How many numbers arrived all the same.
        arrived: usize,
        /// How many numbers were last seen in a wrong account.
        elsewhere: usize,
    },
}

/// How many numbers are ready, of those that are meant to be: numbers a check was waived for are
/// not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadyNumbers {
    /// That many are.
    pub ready: usize,
    /// Of so many.
    pub of: usize,
}

impl ReadyNumbers {
    /// Whether none is missing.
    pub fn is_complete(self) -> bool {
        self.ready >= self.of
    }
}

/// A number that has not moved with the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotMoved {
    /// The number.
    pub number: PhoneNumber,
    /// Why not.
    pub why: WhyNot,
}

/// Why a number has not moved.
///
/// Exhaustive on purpose: each must have words in every catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhyNot {
    /// It has not been seen yet.
    NotYet,
    /// It came, but not to the right place; staff move it.
    Misplaced,
    /// The order is on hold for this reason.
    Held(Reason),
    /// The carrier ended the order without it.
    Ended,
}

impl WhyNot {
    /// Whether it says more than that the number is not there yet.
    pub(super) fn is_news(self) -> bool {
        self != Self::NotYet
    }
}

/// A number that goes on as a request of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NumberApart {
    /// The number.
    pub number: PhoneNumber,
    /// The request.
    pub request: PortRequestId,
}
