//! What happened, told to the customer.

use chrono::{DateTime, Utc};

use super::{English, Phrases, begin, carrier, count, old};
use crate::desk::update::{CustomerUpdate, ReadyNumbers, Stage, WhyNot};
use crate::people::Party;
use crate::request::Schedule;

/// The customer's numbers, such as `your 3 numbers`.
fn yours(update: &CustomerUpdate) -> String {
    match update.numbers {
        0 => "your numbers".to_owned(),
        1 => "your number".to_owned(),
        n => format!("your {n} numbers"),
    }
}

pub(super) fn time(update: &CustomerUpdate, at: DateTime<Utc>) -> String {
    English.time(at, &update.zone)
}

pub(super) fn subject(update: &CustomerUpdate) -> String {
    let names = update.names();
    let (old, carrier) = (old(names), carrier(names));
    let said = match &update.stage {
        Stage::Draft { .. } => "please complete the form".to_owned(),
        Stage::PleaseFix { .. } => "please fix what we found".to_owned(),
        Stage::Received { .. } => "we have your request".to_owned(),
        Stage::BeingFiled => "checked, and being filed".to_owned(),
        Stage::Filed { .. } => format!("filed with {carrier}"),
        Stage::WaitingForProvider { .. } => format!("waiting for {old}"),
        Stage::OnHold { party, .. } => match party {
            Party::Customer => "on hold, and we need you".to_owned(),
            _ => "on hold".to_owned(),
        },
        Stage::ChooseTime { .. } => "approved, please choose a time".to_owned(),
        Stage::TimeAsked { .. } => "your time is asked for".to_owned(),
        Stage::TimeOffered { .. } => "another time is offered".to_owned(),
        Stage::TooEarly { .. } => "a time that is too early".to_owned(),
        Stage::Scheduled { schedule, .. } => {
            format!("scheduled for {}", time(update, schedule.begins()))
        }
        Stage::Moving { overdue: true, .. } => "the move is late".to_owned(),
        Stage::Moving { arrived, of, .. } => format!("{arrived} of {} moved", count(*of, "number")),
        Stage::Moved { .. } => "your numbers have moved".to_owned(),
        Stage::Done { .. } => "done".to_owned(),
        Stage::Refused { .. } => "refused, and what to do".to_owned(),
        Stage::Cancelling { .. } => "being cancelled".to_owned(),
        Stage::Cancelled { .. } => "cancelled".to_owned(),
    };
    format!("Number transfer {}: {said}", update.request)
}

pub(super) fn happened(update: &CustomerUpdate) -> String {
    let names = update.names();
    let (old, carrier, yours) = (old(names), carrier(names), yours(update));
    // On the way back the numbers leave us.
    let to_us = if update.way_back { "" } else { " to us" };
    let said = match &update.stage {
        Stage::Draft { reopened: true, .. } => {
            "your request is open again for changes, and not handed in.".to_owned()
        }
        Stage::Draft { .. } => {
            format!(
                "your request to move {yours} from {old}{to_us} is open, and not handed in yet."
            )
        }
        Stage::PleaseFix { .. } => {
            "we checked your request and found something to fix; it is not filed yet.".to_owned()
        }
        Stage::Received { again: true } => {
            format!("we have your corrected request to move {yours} from {old}{to_us}.")
        }
        Stage::Received { .. } => {
            format!("we have your request to move {yours} from {old}{to_us}.")
        }
        Stage::BeingFiled => "we checked your request, and everything is in order.".to_owned(),
        Stage::Filed {
            resumed: true,
            order,
            ..
        } => format!(
            "what stood in the way is settled, and the transfer of {yours} goes on (ticket {order} \
             of {carrier})."
        ),
        Stage::Filed { order, .. } => format!(
            "we filed the transfer of {yours} from {old}{to_us} with {carrier}; the ticket is \
             {order}."
        ),
        Stage::WaitingForProvider {
            order,
            business_days,
            reminders,
            ..
        } => {
            let days = count(*business_days as usize, "business day");
            let reminded = match reminders {
                0 => String::new(),
                1 => " It was reminded once.".to_owned(),
                2 => " It was reminded twice.".to_owned(),
                n => format!(" It was reminded {n} times."),
            };
            format!(
                "{old} has not approved the transfer of {yours} yet; we have waited {days} \
                 (ticket {order} of {carrier}).{reminded}"
            )
        }
        Stage::OnHold { .. } => format!(
            "the transfer of {yours} is on hold. Nothing is lost: it goes on when this is settled."
        ),
        Stage::ChooseTime { .. } => format!("{old} approved the transfer of {yours}."),
        Stage::TimeAsked { slot } => format!(
            "we asked {carrier} for the time agreed with you: {}.",
            time(update, slot.begins())
        ),
        Stage::TimeOffered { slot } => {
            format!(
                "{carrier} offers another time: {}.",
                time(update, slot.begins())
            )
        }
        Stage::TooEarly { slot, earliest } => format!(
            "{carrier} set a time for the move, {}, that is before the earliest date you gave us, \
             {}.",
            time(update, slot.begins()),
            English.day(earliest.date())
        ),
        Stage::Scheduled {
            schedule,
            instead_of,
            asked,
        } => {
            let mut said = match schedule {
                Schedule::CarrierSet(_) => format!("{carrier} set the time of the move of {yours}"),
                Schedule::Agreed(_) | Schedule::ObservedCutover(_) => {
                    format!("the move of {yours} has a time")
                }
            };
            said.push_str(&format!(": {}.", time(update, schedule.begins())));
            if let Some(former) = instead_of {
                let former = time(update, former.begins());
                said.push_str(&format!(" The time before, {former}, no longer counts."));
            }
            if let Some(asked) = asked {
                let asked = time(update, asked.begins());
                said.push_str(&format!(
                    " We asked for {asked} instead; until {carrier} confirms that, the time above \
                     stands."
                ));
            }
            said
        }
        Stage::Moving {
            arrived: 0,
            not_moved,
            overdue: false,
            ..
        } if not_moved.iter().all(|number| number.why == WhyNot::NotYet) => {
            format!("the time of the move has come; {yours} will arrive one by one.")
        }
        Stage::Moving { arrived, of, .. } => {
            let have = if *arrived == 1 { "has" } else { "have" };
            format!("{arrived} of {} {have} arrived.", count(*of, "number"))
        }
        Stage::Moved {
            voice,
            texting,
            texting_by,
            texting_late,
            unregistered,
            ..
        } => {
            let have = if update.numbers == 1 { "has" } else { "have" };
            let mut said = format!("{yours} {have} moved.");
            said.push_str(&tested("Calls are", *voice, "."));
            let rest = match texting_by {
                Some(_) if *texting_late => "; the rest takes longer than expected.".to_owned(),
                Some(by) => format!(
                    "; the rest is expected by {} at the latest.",
                    time(update, *by)
                ),
                None => ".".to_owned(),
            };
            let rest = match unregistered {
                0 => rest,
                n => format!(
                    "; the campaign registry refused {}, and we see to it.",
                    count(*n, "number")
                ),
            };
            said.push_str(&tested("Texting is", *texting, &rest));
            said
        }
        Stage::Done { .. } => format!("the transfer of {yours} from {old}{to_us} is complete."),
        Stage::Refused {
            arrived: 0,
            elsewhere: 0,
            ..
        } => {
            format!("the transfer of {yours} was refused. Nothing has moved.")
        }
        Stage::Refused {
            arrived, elsewhere, ..
        } => format!(
            "the transfer of {yours} was refused, but {}.",
            astray(*arrived, *elsewhere)
        ),
        Stage::Cancelling { .. } => {
            format!("the transfer of {yours} is being cancelled, as asked.")
        }
        Stage::Cancelled {
            arrived: 0,
            elsewhere: 0,
        } => {
            format!("the transfer of {yours} is cancelled.")
        }
        Stage::Cancelled { arrived, elsewhere } => format!(
            "the transfer of {yours} is cancelled, but {}.",
            astray(*arrived, *elsewhere)
        ),
    };
    let refused = match update.cancel_refused {
        true => {
            format!(
                " It was to be cancelled, but {carrier} does not cancel it any more: it goes on."
            )
        }
        false => String::new(),
    };
    begin(&said) + &refused
}

/// What moved although the transfer has ended.
fn astray(arrived: usize, elsewhere: usize) -> String {
    let here = format!("{} arrived all the same", count(arrived, "number"));
    let there = format!("{} went to a wrong account", count(elsewhere, "number"));
    match (arrived, elsewhere) {
        (_, 0) => here,
        (0, _) => there,
        _ => format!("{here}, and {there}"),
    }
}

/// Nothing is said of what no number is meant to do.
fn tested(what: &str, ready: ReadyNumbers, rest: &str) -> String {
    match ready.of {
        0 => String::new(),
        of => format!(
            " {what} ready on {} of {}{rest}",
            ready.ready,
            count(of, "number")
        ),
    }
}
