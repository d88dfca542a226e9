//! Whose move it is.

use std::fmt;

use chrono::{DateTime, Utc};

use super::work::Strays;
use crate::calendar::PortSlot;
use crate::carrier::{Capabilities, Step};
use crate::id::OrderRef;
use crate::people::Party;
use crate::request::{
    AnyPortRequest as Any, AttemptPhase, Check, CheckState, Fact, HasOrder, Hold, InFlight,
    NumberRow, NumberTable, Outcome, PortRequest, Ported, Registration, Schedule, Sealed, Status,
    Verified,
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
/// Exhaustive on purpose: whoever shows a work list must put each into words. `Debug` keeps the
/// words of a hold to itself.
#[derive(Clone, PartialEq, Eq)]
pub enum Awaited {
    /// Staff have an order cancelled that the carrier took beside the request's own, and say so.
    StrayOrder(OrderRef),
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
    /// Staff do not file what the customer no longer wants, and state that it was not filed.
    NotFiling,
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
    /// All numbers have arrived; what else the move needs on record is stated.
    Completion,
    /// Staff move numbers home that landed in another account.
    WrongAccount(usize),
    /// Staff agree with the customer where numbers belong that arrived after the request had ended.
    ArrivedAfterEnd(usize),
    /// Staff assign and configure the numbers.
    Assignment(usize),
    /// Staff mend numbers whose registration was refused or whose test failed.
    Failures(usize),
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
            Self::StrayOrder(order) => write!(
                f,
                "URGENT: have order {order} cancelled, which is not the request's, and say so"
            ),
            Self::Package => f.write_str("complete the form and hand it in"),
            Self::Review => f.write_str("review the request"),
            Self::SendBack => f.write_str("send the request back; the customer cancelled it"),
            Self::Submission => f.write_str("take the submission"),
            Self::Filing => f.write_str("file the transfer request and state its ticket"),
            Self::NotFiling => {
                f.write_str("do not file it; state that it was not filed, then send it back")
            }
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
            Self::Completion => f.write_str("state the move of the numbers; all have arrived"),
            Self::ArrivedAfterEnd(n) => write!(
                f,
                "agree what becomes of {} that arrived after the end",
                numbers(n)
            ),
            Self::Failures(n) => write!(f, "mend what failed on {}", numbers(n)),
            Self::Assignment(n) => write!(f, "assign {}", numbers(n)),
            Self::Registration(n) => write!(f, "register {}", numbers(n)),
            Self::Tests(n) => write!(f, "make {n} open checks pass, or waive them"),
            Self::Alerts(n) => write!(f, "resolve or explain the alerts of {}", numbers(n)),
            Self::SignOff => f.write_str("confirm the port to the customer"),
            Self::Amendment(remedy) => f.write_str(remedy),
        }
    }
}

impl fmt::Debug for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Its words may name another customer.
            Self::Hold(hold) => f
                .debug_struct("Hold")
                .field("reason", &hold.reason())
                .field("party", &hold.party())
                .finish_non_exhaustive(),
            other => write!(f, "Awaited({other})"),
        }
    }
}

/// Whose move a request is, for what, since when; `None` once it has ended, no number and no order is
/// astray and nothing has come undone.
/// A pure function of the request.
///
/// `can` is what the carrier's integration does itself: what it does not, staff do.
pub fn waiting(request: &Any, can: &Capabilities) -> Option<Waiting> {
    let own = of_its_own(request, can);
    // A slot has a time; a second order has none that is known.
    if let Some(Awaited::EarlySlot(_)) = own.as_ref().map(|own| &own.what) {
        return own;
    }
    let stray = request.stray_orders().into_iter().next();
    let stray = stray.map(|stray| Waiting {
        on: Party::Staff,
        what: Awaited::StrayOrder(stray.order),
        since: stray.since,
    });
    stray.or(own)
}

/// As [`waiting`], stray orders aside: they are no affair of the customer's.
pub(super) fn of_its_own(request: &Any, can: &Capabilities) -> Option<Waiting> {
    let strays = match request {
        Any::Rejected(_) | Any::Cancelled(_) => Strays::of(request),
        _ => None,
    };
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
        Any::Rejected(_) | Any::Cancelled(_) if strays.is_some() => astray(strays?),
        Any::Rejected(r) => {
            let remedy = r.refusal().refusal().remedy();
            (remedy.party, Awaited::Amendment(remedy.action), r.since())
        }
        Any::Verified(r) => after_verification(r)?,
        Any::Cancelled(_) => return None,
    };
    Some(Waiting { on, what, since })
}

/// Numbers that moved although the request has ended: nobody else looks after them.
fn astray(strays: Strays) -> Move {
    let what = match strays.elsewhere {
        0 => Awaited::ArrivedAfterEnd(strays.arrived),
        n => Awaited::WrongAccount(n),
    };
    (Party::Staff, what, strays.since)
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
        AttemptPhase::HandedOver if sealed.cancel_requested().is_some() => {
            (Party::Staff, Awaited::NotFiling)
        }
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
        if missing == 0 {
            let lacking = match request.status() {
                Status::Submitted => Step::Release,
                Status::ReleaseApproved => Step::Schedule,
                _ => Step::Arrival,
            };
            return Some((asked(can, lacking), Awaited::Completion, since));
        }
        let on = match ended_after_move(request) {
            true => Party::Staff,
            false => Party::Carrier,
        };
        return Some((on, Awaited::MissingNumbers(missing), since));
    }
    // Who no longer wants the port need not end a hold first.
    if let Some(since) = open_cancel(request) {
        return Some((asked(can, Step::Cancel), Awaited::Cancellation, since));
    }
    let (hold, since) = request.hold()?;
    Some((hold.party(), Awaited::Hold(hold.clone()), since))
}

/// When a cancellation was last asked for that the carrier has not refused since.
pub(super) fn open_cancel<S: InFlight>(request: &PortRequest<S>) -> Option<DateTime<Utc>> {
    request
        .timeline()
        .fold(None, |open, entry| match (entry.kind(), entry.fact()) {
            ("cancel_requested", _) => Some(entry.recorded_at()),
            ("sealed", _) | (_, Some(Fact::CancelRefused(_))) => None,
            _ => open,
        })
}

/// Whether the carrier ended this order with numbers still missing.
pub(super) fn ended_after_move<S: InFlight>(request: &PortRequest<S>) -> bool {
    request
        .timeline()
        .fold(false, |ended, entry| match (entry.kind(), entry.fact()) {
            // What was said of another order says nothing of this one.
            ("sealed", _) => false,
            (_, Some(Fact::EndedAfterMove(_))) => true,
            _ => ended,
        })
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

/// What has come undone since the port was confirmed.
fn after_verification(request: &PortRequest<Verified>) -> Option<Move> {
    let table = request.table();
    let alerts = count(&table, |row| {
        matches!(row.check(Check::Alerts), CheckState::Failed(_))
    });
    let what = match (alerts, count(&table, failed)) {
        (0, 0) => return None,
        (0, failures) => Awaited::Failures(failures),
        (alerts, _) => Awaited::Alerts(alerts),
    };
    let since = last(request, |fact| fact.number().is_some());
    Some((Party::Staff, what, since))
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
    let failures = count(&table, failed);
    if alerts > 0 {
        (Party::Staff, Awaited::Alerts(alerts), since)
    } else if failures > 0 {
        let news = |fact: &Fact| {
            matches!(
                fact,
                Fact::Registration {
                    state: Registration::Failed(_),
                    ..
                } | Fact::Tested {
                    outcome: Outcome::Failed(_) | Outcome::Unknown(_),
                    ..
                }
            )
        };
        let since = last(request, news);
        (Party::Staff, Awaited::Failures(failures), since)
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

/// Whether something failed that waiting does not mend. Texts fail until the number is registered,
/// so their tests say nothing before.
fn failed(row: &NumberRow) -> bool {
    let failed = |check| matches!(row.check(check), CheckState::Failed(_));
    let registered = row.check(Check::Registered).is_met();
    failed(Check::Registered)
        || failed(Check::VoiceIn)
        || failed(Check::VoiceOut)
        || registered && (failed(Check::SmsIn) || failed(Check::SmsOut))
}

fn count(table: &NumberTable, is: impl Fn(&NumberRow) -> bool) -> usize {
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
