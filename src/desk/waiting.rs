//! Whose move it is.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::calendar::PortSlot;
use crate::carrier::{Capabilities, Step};
use crate::people::Party;
use crate::request::{
    AnyPortRequest as Any, AttemptPhase, Check, CheckState, Fact, HasOrder, Hold, InFlight,
    NumberTable, PortRequest, Ported, Schedule, Sealed,
};

/// What a request waits for, on which party, since when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// Whose move it is.
    pub on: Party,
    /// For what.
    pub what: Awaited,
    /// Since when, UTC, by our clock.
    pub since: DateTime<Utc>,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.on, self.what)
    }
}

/// What is awaited.
///
/// Exhaustive on purpose: whoever shows a work list must put each into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// The customer fills in the draft and hands it in.
    Package,
    /// Staff review the sealed request.
    Review,
    /// Staff send a request back that the customer no longer wants.
    SendBack,
    /// The reviewed request is submitted at the next turn.
    Submission,
    /// Staff file the transfer request by hand.
    Filing,
    /// The carrier is asked whether it has the submission.
    Outcome,
    /// Staff find out whether the carrier has the submission.
    OutcomeByHand,
    /// The hold ends; its reason says how.
    Hold(Hold),
    /// The carrier ends the order, as was asked.
    Cancellation,
    /// The losing platform approves the transfer.
    Release,
    /// Customer and staff agree a slot.
    Slot,
    /// The carrier confirms the slot that was asked for.
    SlotConfirmation,
    /// Staff answer the slot that the carrier offers instead.
    CounterOffer(PortSlot),
    /// Staff stop a port that the carrier set before the earliest port date.
    EarlySlot(PortSlot),
    /// The carrier moves the numbers at the time agreed.
    Cutover(Schedule),
    /// Numbers that have not moved with the others: wait, or split them off.
    MissingNumbers(usize),
    /// Staff move numbers home that landed in another account.
    WrongAccount(usize),
    /// Staff assign and configure the numbers.
    Assignment(usize),
    /// The registry registers the numbers.
    Registration(usize),
    /// Staff make the open checks pass, tests and the reading of alerts: this many are open.
    Tests(usize),
    /// Staff resolve or explain alerts.
    Alerts(usize),
    /// Staff confirm to the customer that the port is complete.
    SignOff,
    /// The customer mends what was refused and hands it in again; the remedy says what.
    Amendment(&'static str),
}

impl fmt::Display for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = |n: &usize| {
            if *n == 1 {
                "1 number".to_owned()
            } else {
                format!("{n} numbers")
            }
        };
        match self {
            Self::Package => f.write_str("complete the form and hand it in"),
            Self::Review => f.write_str("review the request"),
            Self::SendBack => f.write_str("send the request back; the customer cancelled it"),
            Self::Submission => f.write_str("take the submission"),
            Self::Filing => f.write_str("file the transfer request and state its ticket"),
            Self::Outcome => f.write_str("say whether the submission arrived"),
            Self::OutcomeByHand => f.write_str("find out whether the submission arrived"),
            Self::Hold(hold) => {
                write!(f, "end the hold: {} (\"{}\")", hold.reason(), hold.detail())
            }
            Self::Cancellation => f.write_str("cancel the order"),
            Self::Release => f.write_str("approve the transfer"),
            Self::Slot => f.write_str("agree a date and time with the customer"),
            Self::SlotConfirmation => f.write_str("confirm the slot"),
            Self::CounterOffer(slot) => write!(f, "answer the offer of {slot}"),
            Self::EarlySlot(slot) => {
                write!(
                    f,
                    "URGENT: stop the slot {slot}, before the earliest port date"
                )
            }
            Self::Cutover(schedule) => write!(f, "move the numbers, {schedule}"),
            Self::MissingNumbers(n) => {
                write!(f, "{} not moved: chase them, or split them off", numbers(n))
            }
            Self::WrongAccount(n) => write!(f, "move {} home from another account", numbers(n)),
            Self::Assignment(n) => write!(f, "assign {}", numbers(n)),
            Self::Registration(n) => write!(f, "register {}", numbers(n)),
            Self::Tests(n) => write!(f, "make {n} open checks pass, or waive them"),
            Self::Alerts(n) => write!(f, "resolve or explain the alerts of {}", numbers(n)),
            Self::SignOff => f.write_str("confirm the port to the customer"),
            Self::Amendment(remedy) => f.write_str(remedy),
        }
    }
}

/// Whose move a request is, for what, since when; `None` once it has ended. A pure function of the
/// request.
///
/// `can` is what the carrier's integration does itself: what it does not, staff do.
pub fn waiting(request: &Any, can: &Capabilities) -> Option<Waiting> {
    let (on, what, since) = match request {
        Any::Draft(draft) => (Party::Customer, Awaited::Package, draft.since()),
        Any::Sealed(sealed) => submission(sealed),
        Any::Submitted(r) => in_flight(r, can)
            .unwrap_or_else(|| (Party::LosingPlatform, Awaited::Release, r.since())),
        Any::ReleaseApproved(r) => in_flight(r, can).unwrap_or_else(|| slot(r, can)),
        Any::Scheduled(r) => in_flight(r, can).unwrap_or_else(|| {
            let cutover = Awaited::Cutover(r.schedule().clone());
            (Party::Carrier, cutover, r.since())
        }),
        Any::Ported(r) => in_service(r),
        Any::Rejected(r) => {
            let remedy = r.refusal().refusal().remedy();
            (remedy.party, Awaited::Amendment(remedy.action), r.since())
        }
        Any::Verified(_) | Any::Cancelled(_) => return None,
    };
    Some(Waiting { on, what, since })
}

/// Who must answer what is asked of the carrier: the carrier, or the staff who telephone it.
fn asked(can: &Capabilities, step: Step) -> Party {
    if can.by_api(step) {
        Party::Carrier
    } else {
        Party::Staff
    }
}

type Move = (Party, Awaited, DateTime<Utc>);

fn submission(sealed: &PortRequest<Sealed>) -> Move {
    let (on, what) = match sealed.phase() {
        AttemptPhase::UnderReview | AttemptPhase::Cleared
            if sealed.cancel_requested().is_some() =>
        {
            (Party::Staff, Awaited::SendBack)
        }
        AttemptPhase::UnderReview => (Party::Staff, Awaited::Review),
        AttemptPhase::Cleared => (Party::Carrier, Awaited::Submission),
        AttemptPhase::HandedOver => (Party::Staff, Awaited::Filing),
        AttemptPhase::Sent | AttemptPhase::InDoubt => (Party::Carrier, Awaited::Outcome),
        AttemptPhase::NeedsPerson => (Party::Staff, Awaited::OutcomeByHand),
    };
    (on, what, sealed.phase_since())
}

/// What any order on its way can wait for, most urgent first.
fn in_flight<S: InFlight>(request: &PortRequest<S>, can: &Capabilities) -> Option<Move> {
    if let Some((slot, since)) = early_slot(request) {
        return Some((Party::Staff, Awaited::EarlySlot(slot), since));
    }
    let table = request.table();
    let astray = count(&table, |row| row.elsewhere().is_some());
    if astray > 0 {
        let since = last(request, |fact| matches!(fact, Fact::Arrived { .. }));
        return Some((Party::Staff, Awaited::WrongAccount(astray), since));
    }
    let arrived = count(&table, |row| row.arrived().is_some());
    if arrived > 0 {
        let since = last(request, |fact| matches!(fact, Fact::Arrived { .. }));
        let missing = table.rows().len() - arrived;
        let ended = request
            .timeline()
            .any(|entry| matches!(entry.fact(), Some(Fact::EndedAfterMove(_))));
        let on = if ended { Party::Staff } else { Party::Carrier };
        return Some((on, Awaited::MissingNumbers(missing), since));
    }
    if let Some((hold, since)) = request.hold() {
        return Some((hold.party(), Awaited::Hold(hold.clone()), since));
    }
    let since = request.cancel_requested()?;
    Some((asked(can, Step::Cancel), Awaited::Cancellation, since))
}

fn slot<S: InFlight>(request: &PortRequest<S>, can: &Capabilities) -> Move {
    let mut at = (Party::Staff, Awaited::Slot, request.since());
    for entry in request.timeline() {
        match (entry.kind(), entry.fact()) {
            ("slot_asked", _) => {
                at = (
                    asked(can, Step::Schedule),
                    Awaited::SlotConfirmation,
                    entry.recorded_at(),
                );
            }
            (_, Some(Fact::CounterOffered(slot))) => {
                at = (
                    Party::Staff,
                    Awaited::CounterOffer(slot.clone()),
                    entry.recorded_at(),
                );
            }
            ("sealed", _) => at = (Party::Staff, Awaited::Slot, request.since()),
            _ => {}
        }
    }
    at
}

/// A slot before the earliest port date that the carrier still shows.
fn early_slot<S: InFlight>(request: &PortRequest<S>) -> Option<(PortSlot, DateTime<Utc>)> {
    request
        .timeline()
        .fold(None, |early, entry| match (entry.kind(), entry.fact()) {
            (_, Some(Fact::SlotTooEarly(slot))) => Some((slot.clone(), entry.recorded_at())),
            (_, Some(Fact::SlotWithdrawn)) | ("scheduled" | "rescheduled" | "sealed", _) => None,
            _ => early,
        })
}

fn in_service(request: &PortRequest<Ported>) -> Move {
    let table = request.table();
    let open = |check: Check| count(&table, |row| !row.check(check).is_met());
    let alerts = count(&table, |row| {
        matches!(row.check(Check::Alerts), CheckState::Failed(_))
    });
    let tests =
        open(Check::VoiceOut) + open(Check::VoiceIn) + open(Check::SmsOut) + open(Check::SmsIn);
    let since = request
        .timeline()
        .last()
        .map_or(request.since(), |entry| entry.recorded_at());
    let entered = request.since();
    if alerts > 0 {
        (Party::Staff, Awaited::Alerts(alerts), since)
    } else if open(Check::Assigned) > 0 {
        (
            Party::Staff,
            Awaited::Assignment(open(Check::Assigned)),
            entered,
        )
    } else if open(Check::Registered) > 0 {
        let what = Awaited::Registration(open(Check::Registered));
        (Party::Registry, what, entered)
    } else if tests + open(Check::Alerts) > 0 {
        let what = Awaited::Tests(tests + open(Check::Alerts));
        (Party::Staff, what, entered)
    } else {
        (Party::Staff, Awaited::SignOff, since)
    }
}

fn count(table: &NumberTable, is: impl Fn(&crate::request::NumberRow) -> bool) -> usize {
    table.rows().iter().filter(|row| is(row)).count()
}

/// When a fact like this was last recorded.
fn last<S: HasOrder>(request: &PortRequest<S>, is: impl Fn(&Fact) -> bool) -> DateTime<Utc> {
    request
        .timeline()
        .filter(|entry| entry.fact().is_some_and(&is))
        .last()
        .map_or(request.since(), |entry| entry.recorded_at())
}
