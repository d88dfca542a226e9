//! What a work item says beside the next action.

use super::{carrier, count};
use crate::desk::waiting::Awaited;
use crate::desk::work::WorkItem;

/// How many numbers astray are named.
const NAMED: usize = 10;

pub(super) fn particulars(item: &WorkItem) -> Option<String> {
    let alarm = item.alarm.as_ref().map(|words| format!("alarm: {words}"));
    let lines: Vec<String> = [alarm, astray(item), said(item)]
        .into_iter()
        .flatten()
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn astray(item: &WorkItem) -> Option<String> {
    if item.astray.is_empty() {
        return None;
    }
    let named = item.astray.iter().take(NAMED);
    let named = named.map(|(number, account)| format!("{number} in {}", account.masked()));
    let mut named: Vec<String> = named.collect();
    if let Some(more) = item
        .astray
        .len()
        .checked_sub(NAMED)
        .filter(|more| *more > 0)
    {
        named.push(count(more, "number") + " more");
    }
    Some(format!(
        "astray: {}; where the account is one of ours, move them by API, else ask {} on its ticket",
        named.join(", "),
        carrier(item.names())
    ))
}

/// Words that no other line has: those of holds and refusals stand in the headline.
fn said(item: &WorkItem) -> Option<String> {
    let said = item.said.as_ref()?;
    match item.waiting.what {
        Awaited::Filing | Awaited::NotFiling => Some(format!("it lies with: {said}")),
        Awaited::Submission => Some(format!("the last try was not taken: {said}")),
        Awaited::Outcome | Awaited::OutcomeByHand => Some(format!("what is known: {said}")),
        _ => None,
    }
}
