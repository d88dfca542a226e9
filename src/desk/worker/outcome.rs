//! What a look comes to: when to look next, and what stands in the way.

use chrono::{DateTime, TimeDelta, Utc};

use super::carriers::wished;
use crate::carrier::{CarrierError, CarrierErrorKind};
use crate::desk::cadence::later;
use crate::desk::{Advance, DeskError, Held, PortDesk, Trouble};
use crate::request::Status;
use crate::store::{Claimed, GiveBack, Revision, StoreError, StoredTrouble, TroubleKind};

/// Words from elsewhere are cut to so many characters.
const LONGEST: usize = 500;

/// How a look at one request went.
pub(super) enum Outcome {
    /// It was looked at.
    Looked(Box<(Advance, Held)>),
    /// It was not; the carrier is left alone until then (UTC).
    NotLooked(DateTime<Utc>),
    /// It failed; in this revision, if that could be read.
    Failed(DeskError, Option<Revision>),
    /// Nobody began.
    NotBegun,
}

impl PortDesk {
    /// What is left in the store after a look, where the store can be told.
    pub(super) fn give_back(&self, claimed: &Claimed, outcome: &Outcome) -> Option<GiveBack> {
        let now = self.clock.now();
        let before = claimed.trouble.as_ref();
        let as_it_was = |due, seen| GiveBack {
            due: Some(due),
            seen,
            trouble: claimed.trouble.clone(),
        };
        // No revision is that one, so what others wrote stands.
        let no_revision = Some(Revision::from_number(0));
        Some(match outcome {
            Outcome::NotBegun => as_it_was(claimed.due, no_revision),
            Outcome::NotLooked(until) => as_it_was(*until, no_revision),
            Outcome::Looked(looked) => {
                let (advance, held) = &**looked;
                // A stray order is on record, and its trouble is over when it is settled.
                let met = advance.trouble.as_ref();
                let trouble = met
                    .filter(|trouble| !matches!(trouble, Trouble::StrayOrder(_)))
                    .map(|trouble| again(kind(trouble), trouble.to_string(), before, now));
                let wish = advance
                    .trouble
                    .as_ref()
                    .map_or(TimeDelta::zero(), asked_to_wait);
                let next = self.next_look(&held.request);
                GiveBack {
                    due: match &trouble {
                        None if advance.unfinished => Some(now),
                        None => next,
                        Some(trouble) => next.map(|next| {
                            let again = self.try_again(trouble, wish);
                            // What is done in service costs money.
                            let in_service = advance.to == Status::Ported && !advance.unfinished;
                            if in_service { again.max(next) } else { again }
                        }),
                    },
                    seen: Some(held.version.revision),
                    trouble,
                }
            }
            Outcome::Failed(error, seen) => match error {
                // Whoever wrote first knows when to look next.
                DeskError::Store(StoreError::Conflict { .. } | StoreError::NumberTaken { .. }) => {
                    as_it_was(now, *seen)
                }
                DeskError::Store(store) if !matches!(store, StoreError::Corrupt(_)) => return None,
                error => {
                    let kind = match error {
                        // Of what was claimed there is a row, so it is there, and cannot be read.
                        DeskError::Record { .. } | DeskError::Store(_) | DeskError::NotFound(_) => {
                            TroubleKind::Unreadable
                        }
                        DeskError::NoCarrier(_) | DeskError::Carrier(_) => TroubleKind::Stuck,
                        _ => TroubleKind::Drift,
                    };
                    let trouble = again(kind, told(error), before, now);
                    GiveBack {
                        due: Some(self.try_again(&trouble, TimeDelta::zero())),
                        seen: *seen,
                        trouble: Some(trouble),
                    }
                }
            },
        })
    }

    /// When (UTC) to look again at what met trouble, unless the carrier wishes for a longer wait.
    fn try_again(&self, trouble: &StoredTrouble, wish: TimeDelta) -> DateTime<Utc> {
        let wait = self.cadence.back_off(trouble.times);
        later(self.clock.now(), wait.max(wish))
    }
}

/// The error and what it comes of, in words.
fn told(error: &DeskError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

fn again(
    kind: TroubleKind,
    text: String,
    before: Option<&StoredTrouble>,
    now: DateTime<Utc>,
) -> StoredTrouble {
    let (since, times) = match before.filter(|before| before.kind == kind) {
        Some(before) => (before.since, before.times.saturating_add(1)),
        None => (now, 1),
    };
    StoredTrouble {
        kind,
        text: text.chars().take(LONGEST).collect(),
        since,
        times,
    }
}

fn kind(trouble: &Trouble) -> TroubleKind {
    match trouble {
        Trouble::Carrier(error) => carrier_kind(error),
        Trouble::StrayOrder(_) | Trouble::Evidence(_) => TroubleKind::Drift,
    }
}

/// An order the carrier does not know is no failure of the carrier.
fn carrier_kind(error: &CarrierError) -> TroubleKind {
    match error.kind() {
        CarrierErrorKind::NotFound => TroubleKind::Drift,
        _ => TroubleKind::Stuck,
    }
}

fn asked_to_wait(trouble: &Trouble) -> TimeDelta {
    match trouble {
        Trouble::Carrier(error) => wished(error),
        Trouble::StrayOrder(_) | Trouble::Evidence(_) => TimeDelta::zero(),
    }
}
