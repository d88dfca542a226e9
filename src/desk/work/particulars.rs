//! What a work item says beside the next action: alarms, numbers astray, words of others.

use crate::id::AccountId;
use crate::number::PhoneNumber;
use crate::request::{AnyPortRequest as Any, AttemptFact, Entry, Event, Fact};

/// What is wrong with numbers on their way, as long as nobody said that it is over. What was said
/// of another order says nothing of this one.
pub(super) fn alarm(request: &Any) -> Option<String> {
    if !matches!(
        request,
        Any::Submitted(_) | Any::ReleaseApproved(_) | Any::Scheduled(_)
    ) {
        return None;
    }
    let timeline = request.timeline();
    let entries = timeline.iter().rev();
    let this_order = entries.take_while(|entry| entry.kind() != "sealed");
    let mut facts = this_order.filter_map(Entry::fact);
    let last = facts.find(|fact| matches!(fact, Fact::Alarm(_) | Fact::AlarmOver))?;
    match last {
        Fact::Alarm(words) => Some(words.clone()),
        _ => None,
    }
}

/// The numbers that were last seen in a wrong account, and which.
pub(super) fn astray(request: &Any) -> Vec<(PhoneNumber, AccountId)> {
    let Some(table) = request.table() else {
        return Vec::new();
    };
    let rows = table.rows().iter();
    rows.filter_map(|row| Some((row.number(), row.elsewhere()?.clone())))
        .collect()
}

/// The words of others that staff need: those of a refusal or hold, where the submission lies, or
/// why it was not taken.
pub(super) fn said(request: &Any) -> Option<&str> {
    match request {
        Any::Rejected(refused) => Some(refused.refusal().refusal().raw()),
        Any::Sealed(sealed) => {
            let last = sealed.log().iter().rev().find(|event| {
                matches!(
                    event,
                    Event::AttemptHeard(_) | Event::Dispatched { .. } | Event::Sealed { .. }
                )
            })?;
            match last {
                Event::AttemptHeard(heard) => match &heard.what {
                    AttemptFact::HandedOver(words)
                    | AttemptFact::NotTaken(words)
                    | AttemptFact::InDoubt(words)
                    | AttemptFact::CannotTell(words) => Some(words),
                    AttemptFact::Absent => None,
                },
                _ => None,
            }
        }
        other => other.hold().map(|(hold, _)| hold.detail()),
    }
}
