//! What must be true of a store, Twilio's books and what people were told, whenever a desk died.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use snap_port::Status;

use super::desk::VOICE_URL;
use super::store::{Event, Kept};
use super::twilio::Ticket;

/// A port that the desk has acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Acknowledged {
    pub(crate) id: String,
    /// The request whose attempts filed its ticket.
    pub(crate) filed_as: String,
    /// How long a history.
    pub(crate) entries: usize,
}

/// A line of the desk's observer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) position: u64,
    pub(crate) request: String,
    pub(crate) kind: String,
}

/// What is wrong, a line each.
pub(crate) type Wrongs = Vec<String>;

/// What has to hold whenever a desk has died: `tickets` and `registered` are of after its death.
pub(crate) fn at_any_time(
    acknowledged: &[Acknowledged],
    kept: &[Kept],
    tickets: &[Ticket],
    registered: &BTreeSet<String>,
) -> Wrongs {
    let mut wrongs = Vec::new();
    lost(acknowledged, kept, &mut wrongs);
    asked_twice(tickets, &mut wrongs);
    asked_without_intent(kept, tickets, &mut wrongs);
    for one in kept {
        ahead_of_evidence(one, acknowledged, tickets, registered, &mut wrongs);
    }
    wrongs
}

/// Nothing that was acknowledged is lost, nor any step of it.
fn lost(acknowledged: &[Acknowledged], kept: &[Kept], wrongs: &mut Wrongs) {
    for one in acknowledged {
        let entries = kept.iter().find(|kept| kept.id == one.id);
        let entries = entries.map_or(0, |kept| kept.entries.len());
        if entries < one.entries {
            let (id, told) = (&one.id, one.entries);
            wrongs.push(format!("{id}: {told} entries acknowledged, {entries} kept"));
        }
    }
}

/// No transfer was asked twice: neither under one key nor under two of a request.
fn asked_twice(tickets: &[Ticket], wrongs: &mut Wrongs) {
    let mut asked: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for ticket in tickets {
        asked.entry(ticket.request()).or_default().push(&ticket.key);
    }
    for (request, keys) in asked.iter().filter(|(_, keys)| keys.len() > 1) {
        wrongs.push(format!("{request}: asked twice, as {}", keys.join(", ")));
    }
}

/// The intent to ask was kept before Twilio was asked.
fn asked_without_intent(kept: &[Kept], tickets: &[Ticket], wrongs: &mut Wrongs) {
    for ticket in tickets {
        let asker = kept.iter().find(|kept| kept.id == ticket.request());
        let is_known = asker.is_some_and(|asker| {
            asker.sent.contains(&ticket.key) || asker.order.as_ref() == Some(&ticket.id)
        });
        if !is_known {
            let Ticket { id, key, .. } = ticket;
            wrongs.push(format!(
                "{key}: ticket {id} was filed, of which nothing is kept"
            ));
        }
    }
}

/// No state is ahead of what Twilio shows.
fn ahead_of_evidence(
    kept: &Kept,
    acknowledged: &[Acknowledged],
    tickets: &[Ticket],
    registered: &BTreeSet<String>,
    wrongs: &mut Wrongs,
) {
    let mut wrong = |why: &str| wrongs.push(format!("{} is {}: {why}", kept.id, kept.status));
    for number in kept.registered.iter().filter(|n| !registered.contains(*n)) {
        wrong(&format!("nobody said that {number} is registered"));
    }
    let Some(order) = &kept.order else {
        let needs_none = matches!(
            kept.status,
            Status::Draft | Status::Sealed | Status::Cancelled
        );
        if !needs_none {
            wrong("it has no ticket");
        }
        return;
    };
    let Some(ticket) = tickets.iter().find(|ticket| ticket.id == *order) else {
        return wrong("its ticket was never filed");
    };
    let ours = acknowledged.iter().find(|one| one.id == kept.id);
    // The answer to a split may have been lost: its part is known by the whole's name.
    let filed_as = ours.map_or_else(|| whole(&kept.id), |one| &one.filed_as);
    if ticket.request() != filed_as {
        wrong(&format!("its ticket is of {}", ticket.key));
    }
    let listed = kept.numbers.iter().all(|n| ticket.numbers.contains(n));
    if !listed {
        wrong("its ticket does not list its numbers");
    }
    let moved = kept
        .numbers
        .iter()
        .filter(|n| ticket.moved.contains(n))
        .count();
    match kept.status {
        Status::ReleaseApproved | Status::Scheduled if !ticket.is_approved() && moved == 0 => {
            wrong(&format!("its ticket is {}", ticket.status));
        }
        Status::Ported | Status::Verified if moved < kept.numbers.len() => {
            wrong(&format!("{moved} of its numbers have moved"));
        }
        Status::Cancelled if moved > 0 => wrong("its numbers have moved"),
        _ => {}
    }
}

fn whole(id: &str) -> &str {
    id.strip_suffix("-part").unwrap_or(id)
}

/// What has to hold when every port has come to its end, beside what holds at any time. `gained`
/// are the numbers in the gaining account, each with who answers its calls.
pub(crate) fn at_the_end(
    kept: &[Kept],
    tickets: &[Ticket],
    gained: &BTreeMap<String, String>,
) -> Wrongs {
    let mut wrongs = Vec::new();
    for one in kept {
        if !matches!(one.status, Status::Verified | Status::Cancelled) {
            wrongs.push(format!("{} is still {}", one.id, one.status));
        }
        if one.status != Status::Verified {
            continue;
        }
        for number in &one.numbers {
            match gained.get(number) {
                None => wrongs.push(format!("{}: {number} is not ours", one.id)),
                Some(url) if url == VOICE_URL => {}
                Some(url) => wrongs.push(format!("{}: {url:?} answers {number}", one.id)),
            }
        }
    }
    for ticket in tickets {
        let holds = |kept: &&Kept| kept.order.as_ref() == Some(&ticket.id);
        if !kept.iter().any(|kept| holds(&kept)) {
            wrongs.push(format!("{}: ticket {} is nobody's", ticket.key, ticket.id));
        }
    }
    wrongs
}

/// Everything that is kept was told, as it is kept, and for the first time in its order.
pub(crate) fn outbox(kept: &[Kept], events: &[Event], lives: &[Vec<Told>]) -> Wrongs {
    let mut wrongs = Vec::new();
    let mut placed: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for event in events {
        placed.entry(&event.request).or_default().push(event.entry);
    }
    for one in kept {
        let places = placed.remove(&*one.id).unwrap_or_default();
        if !places.iter().copied().eq(0..one.entries.len()) {
            let (id, entries) = (&one.id, one.entries.len());
            wrongs.push(format!("{id}: {entries} entries, in the outbox {places:?}"));
        }
    }
    let kinds: BTreeMap<u64, (&str, &str)> = events
        .iter()
        .filter_map(|event| {
            let kept = kept.iter().find(|kept| kept.id == event.request)?;
            let kind = kept.entries.get(event.entry)?;
            Some((event.position, (&*event.request, *kind)))
        })
        .collect();
    for told in lives.iter().flatten() {
        if kinds.get(&told.position) != Some(&(&*told.request, &*told.kind)) {
            wrongs.push(format!("told what is not kept: {told:?}"));
        }
    }
    for life in lives {
        let mut known = BTreeSet::new();
        for told in life {
            // Where two desks tell, one goes back to where the other has come; nobody skips.
            let is_last = known.last().is_none_or(|last| *last < told.position);
            if known.insert(told.position) && !is_last {
                wrongs.push(format!("told after what came later: {told:?}"));
            }
        }
    }
    let told: BTreeSet<u64> = lives.iter().flatten().map(|told| told.position).collect();
    for event in events
        .iter()
        .filter(|event| !told.contains(&event.position))
    {
        wrongs.push(format!("never told: {event:?}"));
    }
    wrongs
}
