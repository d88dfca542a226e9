//! `Debug` says what was said, not in which words: those of carriers, platforms and customers may
//! name people, accounts and other customers, and `Debug` goes to logs. `Display` repeats them, for
//! staff.

use std::fmt::{Debug, Formatter, Result};

use super::evidence::AttemptFact;
use super::fact::{Fact, Outcome, Registration};
use super::note::Note;
use super::refusal::{Hold, Refusal};
use super::table::CheckState;
use super::timeline::Entry;

/// Stands for words of others.
pub(crate) struct Words;

impl Debug for Words {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("…")
    }
}

/// A variant that holds words of others and nothing else.
pub(crate) fn said(f: &mut Formatter<'_>, variant: &str) -> Result {
    f.debug_tuple(variant).field(&Words).finish()
}

/// A variant that holds one thing.
fn one(f: &mut Formatter<'_>, variant: &str, held: &dyn Debug) -> Result {
    f.debug_tuple(variant).field(held).finish()
}

impl Debug for Refusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Refusal")
            .field("reason", &self.reason())
            .finish_non_exhaustive()
    }
}

impl Debug for Hold {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Hold")
            .field("reason", &self.reason())
            .field("party", &self.party())
            .finish_non_exhaustive()
    }
}

impl Debug for Fact {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Held(hold) => one(f, "Held", hold),
            Self::Resumed => f.write_str("Resumed"),
            Self::CounterOffered(slot) => one(f, "CounterOffered", slot),
            Self::SlotTooEarly(slot) => one(f, "SlotTooEarly", slot),
            Self::SlotWithdrawn => f.write_str("SlotWithdrawn"),
            Self::CancelUnderWay => f.write_str("CancelUnderWay"),
            Self::CancelRefused(_) => said(f, "CancelRefused"),
            Self::EndedAfterMove(_) => said(f, "EndedAfterMove"),
            Self::Arrived { number, account } => f
                .debug_struct("Arrived")
                .field("number", number)
                .field("account", account)
                .finish(),
            Self::Assigned { number } => {
                f.debug_struct("Assigned").field("number", number).finish()
            }
            Self::JoinedMessaging { number, service } => f
                .debug_struct("JoinedMessaging")
                .field("number", number)
                .field("service", service)
                .finish(),
            Self::Registration { number, state } => f
                .debug_struct("Registration")
                .field("number", number)
                .field("state", state)
                .finish(),
            Self::Tested {
                number,
                test,
                outcome,
            } => f
                .debug_struct("Tested")
                .field("number", number)
                .field("test", test)
                .field("outcome", outcome)
                .finish(),
            Self::Alert { number, id, .. } => f
                .debug_struct("Alert")
                .field("number", number)
                .field("id", id)
                .finish_non_exhaustive(),
            Self::AlertExplained { id, .. } => f
                .debug_struct("AlertExplained")
                .field("id", id)
                .finish_non_exhaustive(),
            Self::AlertsRead => f.write_str("AlertsRead"),
            Self::Unrecognised(_) => said(f, "Unrecognised"),
            Self::Alarm(_) => said(f, "Alarm"),
            Self::AlarmOver => f.write_str("AlarmOver"),
        }
    }
}

impl Debug for Registration {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Pending => f.write_str("Pending"),
            Self::Registered => f.write_str("Registered"),
            Self::Failed(_) => said(f, "Failed"),
        }
    }
}

impl Debug for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Passed => f.write_str("Passed"),
            Self::Failed(_) => said(f, "Failed"),
            Self::Unknown(_) => said(f, "Unknown"),
        }
    }
}

impl Debug for Note {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Comment(_) => said(f, "Comment"),
            Self::ReleaseRequested => f.write_str("ReleaseRequested"),
            Self::Chased(party) => one(f, "Chased", party),
            Self::DocumentAdded(file) => one(f, "DocumentAdded", file),
            Self::TicketSuperseded(ticket) => one(f, "TicketSuperseded", ticket),
            Self::Carryover {
                item,
                numbers,
                state,
            } => f
                .debug_struct("Carryover")
                .field("item", item)
                .field("numbers", numbers)
                .field("state", state)
                .finish(),
            Self::Claimed => f.write_str("Claimed"),
            Self::Unclaimed => f.write_str("Unclaimed"),
            Self::ReversedInto(request) => one(f, "ReversedInto", request),
        }
    }
}

impl Debug for CheckState {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Open => f.write_str("Open"),
            Self::Failed(_) => said(f, "Failed"),
            Self::Passed(at) => one(f, "Passed", at),
            Self::Waived(_) => said(f, "Waived"),
        }
    }
}

impl Debug for AttemptFact {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::HandedOver(_) => said(f, "HandedOver"),
            Self::NotTaken(_) => said(f, "NotTaken"),
            Self::InDoubt(_) => said(f, "InDoubt"),
            Self::Absent => f.write_str("Absent"),
            Self::CannotTell(_) => said(f, "CannotTell"),
        }
    }
}

impl Debug for Entry<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut entry = f.debug_struct("Entry");
        entry
            .field("kind", &self.kind())
            .field("recorded_at", &self.recorded_at())
            .field("by", &self.by());
        if let Some(fact) = self.fact() {
            entry.field("fact", fact);
        }
        if let Some(note) = self.note() {
            entry.field("note", note);
        }
        entry.finish_non_exhaustive()
    }
}
