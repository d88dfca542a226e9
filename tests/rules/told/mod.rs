//! Snapshots of what people read, and a catalogue that is not English.

pub(crate) mod scenes;

use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use snap_port::desk::{
    CustomerUpdate, English, NotMoved, NumberApart, PartyNames, Phrases, Urgency, WorkItem,
};
use snap_port::{
    CarryoverItem, CarryoverState, Concern, Finding, PackagePart, Party, Reason, Zone,
};

/// Holds `text` against the snapshot called `name`.
#[track_caller]
pub(crate) fn is_told(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/rules/told/{name}.txt"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = kept.lines().zip(text.lines()).position(|(a, b)| a != b);
    let line = differs.unwrap_or(kept.lines().count().min(text.lines().count()));
    let context = |text: &str| {
        let lines = text.lines().skip(line.saturating_sub(3)).take(8);
        lines.collect::<Vec<_>>().join("\n")
    };
    assert!(
        kept == text,
        "{name}.txt differs from line {}; kept:\n{}\n\nnow:\n{}\n\nIf that is meant, set UPDATE_SNAPSHOTS=1.",
        line + 1,
        context(&kept),
        context(text)
    );
}

/// English in letters that no English text has: whatever the library adds of its own shows.
#[derive(Debug)]
pub(crate) struct Foreign;

fn foreign(text: &str) -> String {
    let wide = |c: char| match c {
        'a'..='z' | 'A'..='Z' => char::from_u32(u32::from(c) + 0xFEE0).unwrap(),
        c => c,
    };
    text.chars().map(wide).collect()
}

impl Phrases for Foreign {
    fn trouble(&self, item: &WorkItem) -> Option<String> {
        English.trouble(item).as_deref().map(foreign)
    }
    fn time(&self, at: DateTime<Utc>, zone: &Zone) -> String {
        foreign(&English.time(at, zone))
    }
    fn day(&self, date: NaiveDate) -> String {
        foreign(&English.day(date))
    }
    fn more(&self, count: usize) -> String {
        foreign(&English.more(count))
    }
    fn subject(&self, update: &CustomerUpdate) -> String {
        foreign(&English.subject(update))
    }
    fn happened(&self, update: &CustomerUpdate) -> String {
        foreign(&English.happened(update))
    }
    fn next(&self, update: &CustomerUpdate) -> String {
        foreign(&English.next(update))
    }
    fn turn(&self, update: &CustomerUpdate) -> Option<String> {
        English.turn(update).as_deref().map(foreign)
    }
    fn still_works(&self, update: &CustomerUpdate) -> String {
        foreign(&English.still_works(update))
    }
    fn part(&self, part: PackagePart, names: PartyNames<'_>) -> String {
        foreign(&English.part(part, names))
    }
    fn ticket_awaited(&self, names: PartyNames<'_>) -> String {
        foreign(&English.ticket_awaited(names))
    }
    fn concern(&self, concern: &Concern) -> String {
        foreign(&English.concern(concern))
    }
    fn finding(&self, finding: &Finding) -> String {
        foreign(&English.finding(finding))
    }
    fn reason(&self, reason: Reason, names: PartyNames<'_>) -> String {
        foreign(&English.reason(reason, names))
    }
    fn remedy(&self, reason: Reason, party: Party, names: PartyNames<'_>) -> String {
        foreign(&English.remedy(reason, party, names))
    }
    fn not_moved(&self, number: &NotMoved, names: PartyNames<'_>) -> String {
        foreign(&English.not_moved(number, names))
    }
    fn apart(&self, number: &NumberApart) -> String {
        foreign(&English.apart(number))
    }
    fn carryover(&self, item: CarryoverItem, state: CarryoverState) -> String {
        foreign(&English.carryover(item, state))
    }
    fn party(&self, party: Party, names: PartyNames<'_>) -> String {
        foreign(&English.party(party, names))
    }
    fn urgency(&self, urgency: Urgency) -> String {
        foreign(&English.urgency(urgency))
    }
    fn headline(&self, item: &WorkItem) -> String {
        foreign(&English.headline(item))
    }
    fn next_action(&self, item: &WorkItem) -> String {
        foreign(&English.next_action(item))
    }
    fn transfer(&self, item: &WorkItem) -> String {
        foreign(&English.transfer(item))
    }
    fn waits(&self, item: &WorkItem) -> String {
        foreign(&English.waits(item))
    }
    fn due(&self, item: &WorkItem) -> Option<String> {
        English.due(item).as_deref().map(foreign)
    }
    fn if_missed(&self, item: &WorkItem) -> String {
        foreign(&English.if_missed(item))
    }
    fn tickets(&self, item: &WorkItem) -> Option<String> {
        English.tickets(item).as_deref().map(foreign)
    }
    fn reminders(&self, item: &WorkItem) -> Option<String> {
        English.reminders(item).as_deref().map(foreign)
    }
    fn particulars(&self, item: &WorkItem) -> Option<String> {
        English.particulars(item).as_deref().map(foreign)
    }
    fn claim(&self, item: &WorkItem) -> Option<String> {
        English.claim(item).as_deref().map(foreign)
    }
}
