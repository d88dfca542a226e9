//! Where a request stands, folded into a stage.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::super::waiting::{Awaited, Waiting, ended_after_move, open_cancel};
use super::super::work::{DeskView, Pace, Strays, eta, moved, trouble};
use super::stage::{NotMoved, NumberApart, ReadyNumbers, Stage, WhyNot};
use crate::calendar::{EarliestPortDate, PortSlot};
use crate::document::{PackagePart, ReleaseTicket};
use crate::people::Party;
use crate::readiness::{Bearing, Cause, Readiness};
use crate::request::{
    AnyPortRequest as Any, AttemptPhase, CarryoverItem, Check, CheckState, Draft, Entry, Event,
    HasArrived, InFlight, Note, NumberTable, PortRequest, Ported, ReleaseApproved, Scheduled,
    Sealed, Submitted, Verified,
};

/// The checks that make a number one to telephone with, and one to text with.
const VOICE: [Check; 2] = [Check::VoiceOut, Check::VoiceIn];
const TEXTING: [Check; 3] = [Check::SmsOut, Check::SmsIn, Check::Registered];

pub(super) fn stage(request: &Any, view: &DeskView<'_>, next: Option<(&Waiting, &Pace)>) -> Stage {
    let flying = |what| next.and_then(|(waiting, _)| in_flight(what, request, waiting, view));
    match request {
        Any::Draft(r) => draft(r, view),
        Any::Sealed(r) => sealed(r),
        Any::Submitted(r) => flying(Flight::of(r)).unwrap_or_else(|| filed(r, view, next)),
        Any::ReleaseApproved(r) => flying(Flight::of(r)).unwrap_or_else(|| timeless(r, view, next)),
        Any::Scheduled(r) => flying(Flight::of(r)).unwrap_or_else(|| scheduled(r, request, view)),
        Any::Ported(r) => ported(r, request, view),
        Any::Verified(r) => verified(r),
        Any::Rejected(r) => {
            let refusal = r.refusal().refusal();
            let (arrived, elsewhere) = strays(request);
            Stage::Refused {
                reason: refusal.reason(),
                party: refusal.remedy().party,
                arrived,
                elsewhere,
            }
        }
        Any::Cancelled(_) => {
            let (arrived, elsewhere) = strays(request);
            Stage::Cancelled { arrived, elsewhere }
        }
    }
}

/// How many numbers of a request that has ended arrived, and how many are in a wrong account.
fn strays(request: &Any) -> (usize, usize) {
    Strays::of(request).map_or((0, 0), |strays| (strays.arrived, strays.elsewhere))
}

/// Whether the carrier refused the last wish to cancel the order on its way.
pub(super) fn cancel_refused(request: &Any) -> bool {
    let open = match request {
        Any::Submitted(r) => open_cancel(r),
        Any::ReleaseApproved(r) => open_cancel(r),
        Any::Scheduled(r) => open_cancel(r),
        _ => return false,
    };
    open.is_none() && request.cancel_requested().is_some()
}

fn draft(request: &PortRequest<Draft>, view: &DeskView<'_>) -> Stage {
    let findings = request.findings();
    if !findings.is_empty() {
        return Stage::PleaseFix {
            findings: findings.to_vec(),
        };
    }
    let form = request.checklist();
    let missing = PackagePart::ALL.into_iter().filter(|part| !form.has(*part));
    let readiness = Readiness::of_draft(request, view.policy, view.now);
    let theirs = readiness.due_from(Party::Customer);
    let asked = |entry: Entry<'_>| entry.note() == Some(&Note::ReleaseRequested);
    Stage::Draft {
        missing: missing.collect(),
        concerns: theirs
            .filter(|concern| *concern.cause() != Cause::Missing)
            .filter(|concern| !matches!(concern.bearing(), Bearing::Overridden { .. }))
            .cloned()
            .collect(),
        asked: request.timeline().any(asked),
        reopened: request.attempts() > 0,
    }
}

fn sealed(request: &PortRequest<Sealed>) -> Stage {
    if request.cancel_requested().is_some() {
        return Stage::Cancelling {
            filed: request.phase().may_be_with_carrier(),
        };
    }
    match request.phase() {
        AttemptPhase::UnderReview => Stage::Received {
            again: request
                .timeline()
                .any(|entry| matches!(entry.kind(), "sent_back" | "amended")),
        },
        // That an answer was lost is ours to mend.
        AttemptPhase::Cleared
        | AttemptPhase::Sent
        | AttemptPhase::HandedOver
        | AttemptPhase::InDoubt
        | AttemptPhase::NeedsPerson => Stage::BeingFiled,
    }
}

/// What every order on its way has.
struct Flight<'a> {
    table: NumberTable,
    earliest: &'a EarliestPortDate,
    ticket: &'a ReleaseTicket,
    cancelling: bool,
    ended: bool,
}

impl<'a> Flight<'a> {
    fn of<S: InFlight>(request: &'a PortRequest<S>) -> Self {
        Self {
            table: request.table(),
            earliest: request.package().earliest(),
            ticket: request.release_ticket(),
            cancelling: open_cancel(request).is_some(),
            ended: ended_after_move(request),
        }
    }
}

fn in_flight(
    flight: Flight<'_>,
    request: &Any,
    waiting: &Waiting,
    view: &DeskView<'_>,
) -> Option<Stage> {
    match &waiting.what {
        Awaited::EarlySlot(slot) => Some(Stage::TooEarly {
            slot: slot.clone(),
            earliest: flight.earliest.clone(),
        }),
        Awaited::WrongAccount(_) | Awaited::MissingNumbers(_) | Awaited::Completion => {
            Some(moving(&flight, request, view))
        }
        _ if flight.cancelling => Some(Stage::Cancelling { filed: true }),
        Awaited::Hold(hold) => Some(Stage::OnHold {
            reason: hold.reason(),
            party: hold.party(),
            ticket: flight.ticket.clone(),
        }),
        _ => None,
    }
}

fn moving(flight: &Flight<'_>, request: &Any, view: &DeskView<'_>) -> Stage {
    let not_moved = not_moved(flight, request);
    let late = eta(request, view.policy).is_some_and(|eta| eta.overdue <= view.now);
    Stage::Moving {
        arrived: arrived(&flight.table),
        of: flight.table.rows().len(),
        overdue: late && !not_moved.is_empty(),
        not_moved,
    }
}

fn not_moved(flight: &Flight<'_>, request: &Any) -> Vec<NotMoved> {
    let why = match trouble(request) {
        _ if flight.ended => WhyNot::Ended,
        Some(reason) => WhyNot::Held(reason),
        None => WhyNot::NotYet,
    };
    let missing = flight
        .table
        .rows()
        .iter()
        .filter(|row| row.arrived().is_none());
    missing
        .map(|row| NotMoved {
            number: row.number(),
            why: match row.elsewhere() {
                Some(_) => WhyNot::Misplaced,
                None => why,
            },
        })
        .collect()
}

fn filed(
    request: &PortRequest<Submitted>,
    view: &DeskView<'_>,
    next: Option<(&Waiting, &Pace)>,
) -> Stage {
    let (order, ticket) = (request.order().clone(), request.release_ticket().clone());
    let since = next.map_or(request.since(), |(_, pace)| pace.since);
    let reminders = next
        .and_then(|(_, pace)| pace.chase)
        .map_or(0, |chase| chase.count);
    if reminders == 0 && view.now < view.policy.chase_at(since)[0] {
        return Stage::Filed {
            resumed: since > request.since(),
            order,
            ticket,
        };
    }
    Stage::WaitingForProvider {
        order,
        ticket,
        business_days: view.policy.calendar().days_between(since, view.now),
        reminders,
    }
}

fn timeless(
    request: &PortRequest<ReleaseApproved>,
    view: &DeskView<'_>,
    next: Option<(&Waiting, &Pace)>,
) -> Stage {
    match next.map(|(waiting, _)| &waiting.what) {
        Some(Awaited::CounterOffer(slot)) => {
            return Stage::TimeOffered { slot: slot.clone() };
        }
        Some(Awaited::SlotConfirmation) => {
            if let Some(asked) = request.slot_request() {
                let slot = asked.slot().clone();
                return Stage::TimeAsked { slot };
            }
        }
        _ => {}
    }
    let earliest = request.package().earliest();
    let calendar = view.policy.calendar();
    let soonest = view.policy.eta(request.approval().occurred_at(), None).from;
    let from = soonest.max(earliest.begins()).max(view.now);
    let mut slots = calendar.slots(from, TimeDelta::hours(1));
    let first = slots.find(|slot| slot.begins() > view.now);
    Stage::ChooseTime {
        earliest: earliest.clone(),
        first,
    }
}

fn scheduled(request: &PortRequest<Scheduled>, any: &Any, view: &DeskView<'_>) -> Stage {
    if request.schedule().begins() <= view.now {
        return moving(&Flight::of(request), any, view);
    }
    let former = request.former_confirmations().last();
    Stage::Scheduled {
        schedule: request.schedule().clone(),
        instead_of: former.and_then(|former| former.schedule().slot()).cloned(),
        asked: open_wish(request),
    }
}

/// Another time that was asked for since the one that stands was confirmed.
fn open_wish(request: &PortRequest<Scheduled>) -> Option<PortSlot> {
    let open = request
        .timeline()
        .fold(false, |open, entry| match entry.kind() {
            "slot_asked" => true,
            "sealed" | "scheduled" | "rescheduled" => false,
            _ => open,
        });
    let asked = request.slot_request().filter(|_| open)?;
    Some(asked.slot().clone())
}

fn ported(request: &PortRequest<Ported>, any: &Any, view: &DeskView<'_>) -> Stage {
    let table = request.table();
    let texting = ready(&table, &TEXTING);
    let rows = table.rows().iter();
    let refused = rows.filter(|row| matches!(row.check(Check::Registered), CheckState::Failed(_)));
    let unregistered = refused.count();
    let texting_by =
        (!texting.is_complete() && unregistered == 0).then(|| view.policy.texting_by(moved(any)));
    Stage::Moved {
        voice: ready(&table, &VOICE),
        texting,
        texting_by,
        texting_late: texting_by.is_some_and(|by| by <= view.now),
        unregistered,
        checked: table.complete().is_ok(),
        apart: apart(request),
    }
}

fn verified(request: &PortRequest<Verified>) -> Stage {
    let gaps = request.cleared_for_campaigns().err();
    let (open, waived) = gaps
        .as_ref()
        .map_or((&[][..], &[][..]), |gaps| (gaps.open(), gaps.waived()));
    // The least settled of a kind tells what is to be done next.
    let least = |item: CarryoverItem| {
        let states = open.iter().filter(|gap| gap.item == item);
        Some((item, states.map(|gap| gap.state).min()?))
    };
    let untested: BTreeSet<_> = waived.iter().map(|(number, _)| *number).collect();
    let table = request.table();
    let rows = table.rows().iter();
    let failing = rows.filter(|row| row.open_checks().next().is_some());
    Stage::Done {
        cleared: gaps.is_none(),
        open: CarryoverItem::ALL.into_iter().filter_map(least).collect(),
        untested: untested.len(),
        failing: failing.count(),
        apart: apart(request),
        back: request.way_back().cloned(),
    }
}

fn arrived(table: &NumberTable) -> usize {
    let rows = table.rows().iter();
    rows.filter(|row| row.arrived().is_some()).count()
}

fn ready(table: &NumberTable, checks: &[Check]) -> ReadyNumbers {
    let meant = table.rows().iter().filter(|row| {
        !checks
            .iter()
            .any(|check| matches!(row.check(*check), CheckState::Waived(_)))
    });
    meant.fold(ReadyNumbers { ready: 0, of: 0 }, |sum, row| {
        let ready = checks.iter().all(|check| row.check(*check).is_met());
        ReadyNumbers {
            ready: sum.ready + usize::from(ready),
            of: sum.of + 1,
        }
    })
}

/// The numbers that were split off, each with the request they went into.
fn apart<S: HasArrived>(request: &PortRequest<S>) -> Vec<NumberApart> {
    let mut apart = Vec::new();
    for event in request.log() {
        match event {
            Event::SplitOff { child, numbers, .. } => {
                apart.extend(numbers.iter().map(|number| NumberApart {
                    number: *number,
                    request: child.clone(),
                }));
            }
            // What came before belongs to the parent, this part included.
            Event::SplitFrom { .. } => apart.clear(),
            _ => {}
        }
    }
    apart
}
