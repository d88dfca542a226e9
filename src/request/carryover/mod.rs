//! What does not move with a number: asked of the customer, because no carrier's API shows it.

mod item;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use item::{CarryoverItem, CarryoverState};

use super::PortRequest;
use super::event::Event;
use super::fact::Check;
use super::note::Note;
use super::state::{HasPackage, Verified};
use super::table::CheckState;
use crate::number::{NumberList, NumberNeed, PhoneNumber};

/// What stays behind of each number, and how far it has come. Folded from the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carryover {
    rows: Vec<CarryoverRow>,
}

/// One number's carry-over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarryoverRow {
    number: PhoneNumber,
    asked: Vec<(CarryoverItem, CarryoverState)>,
}

impl CarryoverRow {
    /// The number.
    pub fn number(&self) -> PhoneNumber {
        self.number
    }

    fn set(&mut self, item: CarryoverItem, state: CarryoverState) {
        match self.asked.iter_mut().find(|(asked, _)| *asked == item) {
            Some((_, at)) => *at = state,
            // Also what we would not ask: a customer may know of a bundle that we do not.
            None => self.asked.push((item, state)),
        }
    }

    /// The items this number is asked for, and how far each has come.
    pub fn items(&self) -> &[(CarryoverItem, CarryoverState)] {
        &self.asked
    }
}

/// An item of a number that is not settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenItem {
    /// The number.
    pub number: PhoneNumber,
    /// The item.
    pub item: CarryoverItem,
    /// How far it has come.
    pub state: CarryoverState,
}

impl fmt::Display for OpenItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.number, self.item, self.state)
    }
}

impl Carryover {
    fn fold(numbers: &NumberList, log: &[Event]) -> Self {
        let mut toll_free = BTreeSet::<PhoneNumber>::new();
        let mut regulated = BTreeSet::<PhoneNumber>::new();
        for need in numbers.needs() {
            match need.what() {
                NumberNeed::TollFreeVerification => toll_free.extend(need.numbers()),
                NumberNeed::AddressOrBundle { .. } => regulated.extend(need.numbers()),
            }
        }
        let mut rows: Vec<CarryoverRow> = numbers
            .iter()
            .map(|number| CarryoverRow {
                number: *number,
                asked: CarryoverItem::ALL
                    .into_iter()
                    .filter(|item| match item {
                        CarryoverItem::TollFreeVerification => toll_free.contains(number),
                        CarryoverItem::Bundle => regulated.contains(number),
                        _ => true,
                    })
                    .map(|item| (item, CarryoverState::NotAsked))
                    .collect(),
            })
            .collect();
        let index: BTreeMap<PhoneNumber, usize> =
            numbers.iter().enumerate().map(|(i, n)| (*n, i)).collect();
        let mut moved = false;
        for event in log {
            let note = match event {
                Event::Ported(_) => {
                    moved = true;
                    continue;
                }
                Event::Noted { note, .. } => note,
                _ => continue,
            };
            let Note::Carryover {
                item,
                numbers,
                state,
            } = note
            else {
                continue;
            };
            let state = match state {
                CarryoverState::Done if !moved && item.is_wiped_by_the_move() => {
                    &CarryoverState::Exported
                }
                state => state,
            };
            match numbers {
                None => rows.iter_mut().for_each(|row| row.set(*item, *state)),
                Some(some) => {
                    for place in some.iter().filter_map(|number| index.get(number)) {
                        rows[*place].set(*item, *state);
                    }
                }
            }
        }
        Self { rows }
    }

    /// One row per number, in the request's order.
    pub fn rows(&self) -> &[CarryoverRow] {
        &self.rows
    }

    /// What is not settled, number by number.
    pub fn open(&self) -> impl Iterator<Item = OpenItem> {
        self.rows.iter().flat_map(|row| {
            row.asked
                .iter()
                .filter(|(_, state)| !state.is_settled())
                .map(|(item, state)| OpenItem {
                    number: row.number,
                    item: *item,
                    state: *state,
                })
        })
    }
}

/// What keeps a verified port from being cleared for campaigns, all at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignGaps {
    open: Vec<OpenItem>,
    waived: Vec<(PhoneNumber, Check)>,
    failed: Vec<(PhoneNumber, Check)>,
    reversed: bool,
}

impl CampaignGaps {
    /// The items that are not settled.
    pub fn open(&self) -> &[OpenItem] {
        &self.open
    }

    /// Checks that texting needs and that were waived rather than passed.
    pub fn waived(&self) -> &[(PhoneNumber, Check)] {
        &self.waived
    }

    /// Checks that have failed since the port was verified: a registration lost, an alert.
    pub fn failed(&self) -> &[(PhoneNumber, Check)] {
        &self.failed
    }

    /// Whether the way back was opened.
    pub fn is_reversed(&self) -> bool {
        self.reversed
    }
}

/// Grouped by what is open; the numbers are in [`open`](CampaignGaps::open) and
/// [`waived`](CampaignGaps::waived).
impl fmt::Display for CampaignGaps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups: BTreeMap<String, usize> = BTreeMap::new();
        for open in &self.open {
            *groups
                .entry(format!("{} ({})", open.item, open.state))
                .or_default() += 1;
        }
        for (_, check) in &self.waived {
            *groups.entry(format!("{check} (waived)")).or_default() += 1;
        }
        for (_, check) in &self.failed {
            *groups.entry(format!("{check} (failed)")).or_default() += 1;
        }
        f.write_str("not cleared for campaigns")?;
        if self.reversed {
            f.write_str("; the way back was opened")?;
        }
        for (i, (what, numbers)) in groups.iter().enumerate() {
            let (comma, s) = (
                if i == 0 { "; settle: " } else { ", " },
                if *numbers == 1 { "" } else { "s" },
            );
            write!(f, "{comma}{what} of {numbers} number{s}")?;
        }
        Ok(())
    }
}

impl std::error::Error for CampaignGaps {}

/// The proof that campaigns may be launched from every number of a port.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "it proves something only where it is passed"]
pub struct ClearedForCampaigns {
    numbers: NumberList,
}

impl ClearedForCampaigns {
    /// The numbers.
    pub fn numbers(&self) -> &NumberList {
        &self.numbers
    }
}

impl<S: HasPackage> PortRequest<S> {
    /// What stays behind of each number, and how far it has come. What was set up on a number before
    /// the move counts as exported: the move wipes it. Folded from the record at each call.
    pub fn carryover(&self) -> Carryover {
        Carryover::fold(self.numbers(), self.log())
    }
}

impl PortRequest<Verified> {
    /// Whether campaigns may be launched: texting was tested and registered, not waived, no alert
    /// is open, nothing moves back, and everything that stays behind is carried over ("they will address them promptly to prevent
    /// disruptions before you launch campaigns").
    ///
    /// # Errors
    /// [`CampaignGaps`] names everything that is open, all at once. It does not undo the port.
    pub fn cleared_for_campaigns(&self) -> Result<ClearedForCampaigns, CampaignGaps> {
        const TEXTING: [Check; 4] = [
            Check::SmsOut,
            Check::SmsIn,
            Check::Registered,
            Check::Alerts,
        ];
        let mut gaps = CampaignGaps {
            open: self.carryover().open().collect(),
            waived: Vec::new(),
            failed: Vec::new(),
            reversed: self.way_back().is_some(),
        };
        for row in self.table().rows() {
            for check in TEXTING {
                match row.check(check) {
                    CheckState::Passed(_) => {}
                    CheckState::Waived(_) => gaps.waived.push((row.number(), check)),
                    CheckState::Open | CheckState::Failed(_) => {
                        gaps.failed.push((row.number(), check));
                    }
                }
            }
        }
        let settled = gaps.open.is_empty() && gaps.waived.is_empty() && gaps.failed.is_empty();
        if settled && !gaps.reversed {
            let numbers = self.numbers().clone();
            Ok(ClearedForCampaigns { numbers })
        } else {
            Err(gaps)
        }
    }
}
