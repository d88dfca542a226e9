//! The work list.

use chrono::{DateTime, Utc};

use super::{English, Phrases, carrier, count};
use crate::desk::waiting::Awaited;
use crate::desk::work::WorkItem;
use crate::request::Reason;
use crate::store::TroubleKind;

fn time(item: &WorkItem, at: DateTime<Utc>) -> String {
    English.time(at, &item.zone)
}

pub(super) fn headline(item: &WorkItem) -> String {
    format!(
        "[{}] {}: {}",
        English.urgency(item.urgency),
        item.request,
        next_action(item)
    )
}

pub(super) fn next_action(item: &WorkItem) -> String {
    let carrier = carrier(item.names());
    let numbers = |n: &usize| count(*n, "number");
    match &item.waiting.what {
        Awaited::StrayOrder(order) => format!(
            "have {carrier} cancel its order {order}, which is not this request's, and say so"
        ),
        Awaited::Package => "complete the form and hand it in".to_owned(),
        Awaited::Review => "review the request: pass it, or send it back".to_owned(),
        Awaited::SendBack => "send the request back: the customer cancelled it".to_owned(),
        Awaited::Submission => {
            "submit the reviewed request (the desk does, at its next turn)".to_owned()
        }
        Awaited::Filing => format!("file the transfer with {carrier}, and state its ticket"),
        Awaited::NotFiling => "do not file it: the customer cancelled it; state that it was not \
                               filed, then send it back"
            .to_owned(),
        Awaited::Outcome => {
            format!(
                "find out whether {carrier} has the submission (the desk does); do not send it again"
            )
        }
        Awaited::OutcomeByHand => {
            format!("find out by hand whether {carrier} has the submission; do not send it again")
        }
        Awaited::Hold(hold) => trouble(item, "end the hold", hold.reason()),
        Awaited::Cancellation => "cancel the order".to_owned(),
        Awaited::Release => "approve the transfer".to_owned(),
        Awaited::Slot => "agree a date and time with the customer".to_owned(),
        Awaited::SlotConfirmation => "confirm the time that was asked for".to_owned(),
        Awaited::CounterOffer(slot) => {
            format!("answer the offer of {}", time(item, slot.begins()))
        }
        Awaited::EarlySlot(slot) => format!(
            "stop the move at {}: it is before the earliest port date",
            time(item, slot.begins())
        ),
        Awaited::Cutover(schedule) => {
            format!("move the numbers, {}", time(item, schedule.begins()))
        }
        Awaited::MissingNumbers(n) => {
            format!(
                "move what is missing ({}), or have it split off",
                numbers(n)
            )
        }
        Awaited::WrongAccount(n) => {
            format!("move {} home that landed in another account", numbers(n))
        }
        Awaited::Completion => "state when the numbers moved, and what else is not on record yet: \
                                all have arrived"
            .to_owned(),
        Awaited::ArrivedAfterEnd(n) => format!(
            "agree with the customer what becomes of {}: seen on our side after the request ended",
            numbers(n)
        ),
        Awaited::Failures(n) => format!(
            "mend {}: a registration was refused or a test failed",
            numbers(n)
        ),
        Awaited::Assignment(n) => format!("assign and configure {}", numbers(n)),
        Awaited::Registration(n) => format!("register {} for texting", numbers(n)),
        Awaited::Tests(n) => format!(
            "test calls and texts both ways and read the error log: {} open",
            count(*n, "check")
        ),
        Awaited::Alerts(n) => format!("resolve or explain the alerts of {}", numbers(n)),
        Awaited::SignOff => "confirm to the customer that the port is complete".to_owned(),
        Awaited::Amendment(_) => match item.reason {
            Some(reason) => trouble(item, "mend what was refused, and hand it in again", reason),
            None => "mend what was refused, and hand it in again".to_owned(),
        },
    }
}

/// What to do about a hold or a refusal, with the words that came.
fn trouble(item: &WorkItem, what: &str, reason: Reason) -> String {
    let said = match &item.said {
        Some(said) if !said.trim().is_empty() => format!(" (\"{said}\")"),
        _ => String::new(),
    };
    format!("{what}: {reason}{said}; {}", reason.remedy().action)
}

pub(super) fn transfer(item: &WorkItem) -> String {
    let who = item
        .customer
        .as_ref()
        .map_or("the customer", |who| who.name());
    let numbers = match &item.numbers {
        Some(numbers) => count(numbers.len(), "number"),
        None => "no numbers yet".to_owned(),
    };
    let from = match &item.losing {
        Some(losing) => format!("{} ({})", losing.platform(), losing.account().masked()),
        None => "?".to_owned(),
    };
    let to = match &item.gaining {
        Some(account) => account.masked(),
        None => "?".to_owned(),
    };
    format!("{who}: {numbers}, {from} to {to}")
}

pub(super) fn waits(item: &WorkItem) -> String {
    format!(
        "waits on {} since {} ({})",
        English.party(item.waiting.on, item.names()),
        time(item, item.since),
        count(item.age as usize, "business day")
    )
}

pub(super) fn due(item: &WorkItem) -> Option<String> {
    let due = item.due?;
    let at = time(item, due.at);
    let days = count(due.business_days as usize, "business day");
    let moves = matches!(item.waiting.what, Awaited::Cutover(_));
    let reminder = !moves && item.chase.is_some_and(|chase| chase.next == Some(due.at));
    let what = if reminder { "to be reminded" } else { "due" };
    Some(match (due.past, due.business_days) {
        (true, 0) => format!("was {what} {at}"),
        (true, _) => format!("was {what} {at}, {days} ago"),
        (false, 0) => format!("{what} {at}"),
        (false, _) => format!("{what} {at}, in {days}"),
    })
}

pub(super) fn if_missed(item: &WorkItem) -> String {
    let carrier = carrier(item.names());
    let harm = item
        .deadline
        .map_or_else(String::new, |at| format!(" ({})", time(item, at)));
    let what = match &item.waiting.what {
        Awaited::StrayOrder(_) => {
            "the numbers may be moved twice, or moved although nobody wants it".to_owned()
        }
        Awaited::Package => "the numbers stay where they are".to_owned(),
        Awaited::NotFiling => "the numbers move although the customer does not want it".to_owned(),
        Awaited::Review => "the customer waits, and the earliest port date may pass".to_owned(),
        Awaited::SendBack => "the customer cannot end or change the request".to_owned(),
        Awaited::Submission | Awaited::Filing => {
            format!("nothing is with {carrier}, and an approval has nothing to belong to")
        }
        Awaited::Outcome | Awaited::OutcomeByHand => {
            "nobody knows whether there is an order, and the request stands still".to_owned()
        }
        Awaited::Hold(_) | Awaited::Amendment(_) => match item.reason {
            Some(Reason::NumberDeleted) => {
                format!("the number cannot be taken back any more{harm}")
            }
            Some(reason) if reason.remedy().deadline.is_some() => {
                format!("{carrier} closes its ticket for silence{harm}; a reply opens it again")
            }
            _ => "the request stands still".to_owned(),
        },
        Awaited::Cancellation => {
            "the numbers move although the customer does not want it".to_owned()
        }
        Awaited::Release => {
            format!("{carrier} closes its ticket for silence; a reply opens it again")
        }
        Awaited::Slot => "no time is agreed, and the numbers do not move".to_owned(),
        Awaited::SlotConfirmation => "the time agreed with the customer passes".to_owned(),
        Awaited::CounterOffer(_) => "the offer lapses".to_owned(),
        Awaited::EarlySlot(_) => {
            format!("the numbers move before the day the customer authorised{harm}")
        }
        Awaited::Cutover(_) => {
            format!("the numbers stay where they are; ask {carrier} on its ticket")
        }
        Awaited::MissingNumbers(_) => {
            "these numbers stay behind, and those that moved reach nobody until they are split off"
                .to_owned()
        }
        Awaited::Completion => "the numbers are here, and nobody puts them into service".to_owned(),
        Awaited::ArrivedAfterEnd(_) => "nobody puts these numbers into service".to_owned(),
        Awaited::WrongAccount(_) => "calls and texts to these numbers reach nobody".to_owned(),
        Awaited::Assignment(_) => "the numbers are here and reach nobody".to_owned(),
        Awaited::Failures(_) => "calls or texts of these numbers keep failing".to_owned(),
        Awaited::Registration(_) => "texts from these numbers are not delivered".to_owned(),
        Awaited::Tests(_) => "the customer finds what does not work".to_owned(),
        Awaited::Alerts(_) => "errors disrupt the customer's campaigns".to_owned(),
        Awaited::SignOff => "the customer keeps paying for the old account".to_owned(),
    };
    format!("if missed: {what}")
}

pub(super) fn tickets(item: &WorkItem) -> Option<String> {
    let names = item.names();
    let release = item.release_ticket.as_ref();
    let release = release.map(|ticket| format!("{} {ticket}", ticket.platform()));
    let order = item.order.as_ref();
    let order = order.map(|order| format!("{} {order}", carrier(names)));
    let tickets: Vec<String> = [release, order].into_iter().flatten().collect();
    (!tickets.is_empty()).then(|| format!("tickets: {}", tickets.join(", ")))
}

pub(super) fn reminders(item: &WorkItem) -> Option<String> {
    let chase = item.chase?;
    let so_far = match (chase.count, chase.last) {
        (1, Some(last)) => format!("reminded once, {}", time(item, last)),
        (n, Some(last)) => format!("reminded {n} times, last {}", time(item, last)),
        (_, None) => "not reminded yet".to_owned(),
    };
    let next = chase
        .next
        .map(|next| format!("; next {}", time(item, next)));
    let alarm = chase.alarm.map(|at| format!("; alarm {}", time(item, at)));
    Some([Some(so_far), next, alarm].into_iter().flatten().collect())
}

pub(super) fn met_trouble(item: &WorkItem) -> Option<String> {
    let trouble = item.trouble.as_ref()?;
    let what = match trouble.kind {
        TroubleKind::Stuck => "nothing comes of looking",
        TroubleKind::Drift => "what is shown is not what we hold",
        TroubleKind::Unreadable => "the record cannot be read",
    };
    let (since, looks) = (
        time(item, trouble.since),
        count(trouble.times as usize, "look"),
    );
    Some(format!("{what} since {since} ({looks}): {}", trouble.text))
}

pub(super) fn claim(item: &WorkItem) -> Option<String> {
    let claim = item.claimed_by.as_ref()?;
    let since = time(item, claim.at);
    Some(format!("{} works on it since {since}", claim.by.name()))
}
