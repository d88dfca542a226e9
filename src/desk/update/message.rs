use std::fmt;

use super::super::phrases::Phrases;
use super::CustomerUpdate;
use super::stage::{NotMoved, Stage};
use crate::document::PackagePart;

/// An update in words, ready to send.
///
/// Shown, it is the subject, an empty line and the body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// One line.
    pub subject: String,
    /// Plain text, a paragraph or an item of a list each; items begin with `- `.
    pub body: Vec<String>,
}

/// As many of a list are named one by one.
const NAMED: usize = 20;

impl Message {
    pub(super) fn of(update: &CustomerUpdate, phrases: &dyn Phrases) -> Self {
        let mut body = vec![phrases.happened(update)];
        body.extend(facts(update, phrases));
        body.push(phrases.next(update));
        body.extend(tasks(update, phrases));
        body.extend(phrases.turn(update));
        body.push(phrases.still_works(update));
        Self {
            subject: phrases.subject(update),
            body,
        }
    }
}

/// What belongs to what happened.
fn facts(update: &CustomerUpdate, phrases: &dyn Phrases) -> Vec<String> {
    let names = update.names();
    match &update.stage {
        Stage::OnHold { reason, party, .. } | Stage::Refused { reason, party, .. } => vec![
            phrases.reason(*reason, names),
            phrases.remedy(*reason, *party, names),
        ],
        Stage::Moving {
            arrived, not_moved, ..
        } => {
            // Before the first has come there is nothing to tell of each.
            let told = |one: &&NotMoved| *arrived > 0 || one.why.is_news();
            let told: Vec<_> = not_moved.iter().filter(told).collect();
            listed(&told, phrases, |one| phrases.not_moved(one, names))
        }
        Stage::Moved { apart, .. } | Stage::Done { apart, .. } => {
            listed(apart, phrases, |one| phrases.apart(one))
        }
        _ => Vec::new(),
    }
}

/// What belongs to what is next.
fn tasks(update: &CustomerUpdate, phrases: &dyn Phrases) -> Vec<String> {
    let names = update.names();
    match &update.stage {
        Stage::Draft {
            missing,
            concerns,
            asked,
            ..
        } => {
            let said = |part: &PackagePart| match part {
                PackagePart::Ticket if *asked => phrases.ticket_awaited(names),
                part => phrases.part(*part, names),
            };
            let mut lines = listed(missing, phrases, said);
            lines.extend(listed(concerns, phrases, |one| phrases.concern(one)));
            lines
        }
        Stage::PleaseFix { findings } => listed(findings, phrases, |one| phrases.finding(one)),
        Stage::Done { open, .. } => listed(open, phrases, |(item, state)| {
            phrases.carryover(*item, *state)
        }),
        _ => Vec::new(),
    }
}

fn listed<T>(items: &[T], phrases: &dyn Phrases, say: impl Fn(&T) -> String) -> Vec<String> {
    let mut lines: Vec<String> = items
        .iter()
        .take(NAMED)
        .map(|item| format!("- {}", say(item)))
        .collect();
    if items.len() > NAMED {
        lines.push(format!("- {}", phrases.more(items.len() - NAMED)));
    }
    lines
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.subject)?;
        for line in &self.body {
            write!(f, "\n{line}")?;
        }
        Ok(())
    }
}
