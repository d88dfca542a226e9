//! What a run came to, in a line.

use std::collections::BTreeMap;
use std::fmt;

/// What became of the desks over one store, or over several of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// How many died, by where.
    pub(crate) died: BTreeMap<&'static str, usize>,
    pub(crate) ports: usize,
    pub(crate) tickets: usize,
    /// Entries of histories.
    pub(crate) events: usize,
    /// How many of those were told twice.
    pub(crate) told_again: usize,
}

impl Outcome {
    pub(crate) fn deaths(&self) -> usize {
        self.died.values().sum()
    }

    pub(crate) fn and(mut self, other: Self) -> Self {
        for (name, deaths) in other.died {
            *self.died.entry(name).or_default() += deaths;
        }
        self.ports += other.ports;
        self.tickets += other.tickets;
        self.events += other.events;
        self.told_again += other.told_again;
        self
    }
}

/// `150 desks killed (...), 60 ports, 51 tickets, ...`
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let died: Vec<String> = self
            .died
            .iter()
            .map(|(name, deaths)| format!("{name} {deaths}"))
            .collect();
        write!(
            f,
            "{} desks killed ({}); {} ports, {} tickets, {} entries, {} of them told again",
            self.deaths(),
            died.join(", "),
            self.ports,
            self.tickets,
            self.events,
            self.told_again,
        )
    }
}
