//! Where a request stands, folded into a stage.

use chrono::TimeDelta;

use super::super::waiting::{Awaited, Waiting};
use super::super::work::{DeskView, Pace, eta, moved, trouble};
use super::stage::{NotMoved, NumberApart, ReadyNumbers, Stage, WhyNot};
use crate::calendar::{EarliestPortDate, PortSlot};
use crate::document::{PackagePart, ReleaseTicket};
use crate::people::Party;
use crate::readiness::{Bearing, Cause, Readiness};
use crate::request::{
    AnyPortRequest as Any, AttemptPhase, CarryoverItem, Check, CheckState, Draft, Entry, Event,
    Fact, HasArrived, InFlight, Note, NumberTable, PortRequest, Ported, ReleaseApproved, Scheduled,
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
            Stage::Refused {
                reason: refusal.reason(),
                party: refusal.remedy().party,
                arrived: arrived(&r.table()),
            }
        }
        Any::Cancelled(_) => Stage::Cancelled {
            arrived: request.table().as_ref().map_or(0, arrived),
        },
    }
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
            refused: false,
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
    cancelling: Option<Stage>,
    ended: bool,
}

impl<'a> Flight<'a> {
    fn of<S: InFlight>(request: &'a PortRequest<S>) -> Self {
        let (mut refused, mut ended) = (false, false);
        for entry in request.timeline() {
            match (entry.kind(), entry.fact()) {
                // What was said of another order says nothing of this one.
                ("sealed", _) => (refused, ended) = (false, false),
                (_, Some(Fact::CancelRefused(_))) => refused = true,
                (_, Some(Fact::EndedAfterMove(_))) => ended = true,
                _ => {}
            }
        }
        let filed = true;
        Self {
            table: request.table(),
            earliest: request.package().earliest(),
            ticket: request.release_ticket(),
            cancelling: request
                .cancel_requested()
                .map(|_| Stage::Cancelling { filed, refused }),
            ended,
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
        Awaited::WrongAccount(_) | Awaited::MissingNumbers(_) => Some(Stage::Moving {
            arrived: arrived(&flight.table),
            of: flight.table.rows().len(),
            not_moved: not_moved(&flight, request),
            overdue: eta(request, view.policy).is_some_and(|eta| eta.overdue <= view.now),
        }),
        // Who no longer wants the port is not asked to end a hold.
        _ if flight.cancelling.is_some() => flight.cancelling,
        Awaited::Hold(hold) => Some(Stage::OnHold {
            reason: hold.reason(),
            party: hold.party(),
            ticket: flight.ticket.clone(),
        }),
        _ => None,
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
    let first = calendar.slots(from, TimeDelta::hours(1)).next();
    Stage::ChooseTime {
        earliest: earliest.clone(),
        first,
    }
}

fn scheduled(request: &PortRequest<Scheduled>, any: &Any, view: &DeskView<'_>) -> Stage {
    let table = request.table();
    if request.schedule().begins() <= view.now {
        return Stage::Moving {
            arrived: arrived(&table),
            of: table.rows().len(),
            not_moved: not_moved(&Flight::of(request), any),
            overdue: eta(any, view.policy).is_some_and(|eta| eta.overdue <= view.now),
        };
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
    let texting_by = (!texting.is_complete()).then(|| view.policy.texting_by(moved(any)));
    Stage::Moved {
        voice: ready(&table, &VOICE),
        texting,
        texting_by,
        texting_late: texting_by.is_some_and(|by| by <= view.now),
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
    let mut untested: Vec<_> = waived.iter().map(|(number, _)| *number).collect();
    untested.sort();
    untested.dedup();
    Stage::Done {
        cleared: gaps.is_none(),
        open: CarryoverItem::ALL.into_iter().filter_map(least).collect(),
        untested: untested.len(),
        apart: apart(request),
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
