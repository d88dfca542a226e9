use std::fmt;

#[cfg(doc)]
use super::{Checklist, SubmissionPackage};
use crate::people::Party;

/// A part of a [`SubmissionPackage`].
///
/// Exhaustive on purpose: a form must have a place for every part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PackagePart {
    /// The list of numbers.
    Numbers,
    /// The signed letter of authorization.
    Loa,
    /// At least one proof of ownership.
    Proof,
    /// The account the numbers leave.
    Losing,
    /// The losing platform's ticket.
    Ticket,
    /// Where the numbers go.
    Destination,
    /// The earliest port date.
    Earliest,
    /// The A2P 10DLC acknowledgements.
    A2p,
}

impl PackagePart {
    /// Every part, in the order of the form.
    pub const ALL: [Self; 8] = [
        Self::Numbers,
        Self::Loa,
        Self::Proof,
        Self::Losing,
        Self::Ticket,
        Self::Destination,
        Self::Earliest,
        Self::A2p,
    ];

    /// Who must supply it.
    pub fn supplier(self) -> Party {
        match self {
            Self::Numbers | Self::Loa | Self::Proof | Self::Losing | Self::Earliest | Self::A2p => {
                Party::Customer
            }
            Self::Ticket => Party::LosingPlatform,
            Self::Destination => Party::Staff,
        }
    }
}

impl fmt::Display for PackagePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Numbers => "list of numbers",
            Self::Loa => "signed letter of authorization",
            Self::Proof => "proof of ownership",
            Self::Losing => "losing account",
            Self::Ticket => "release ticket",
            Self::Destination => "gaining account",
            Self::Earliest => "earliest port date",
            Self::A2p => "A2P 10DLC acknowledgements",
        })
    }
}

/// The parts a [`Checklist`] still lacks, all at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingParts(pub(super) Vec<PackagePart>);

impl MissingParts {
    /// The parts, in the order of the form; at least one.
    pub fn parts(&self) -> &[PackagePart] {
        &self.0
    }

    /// The parts `party` must supply.
    pub fn due_from(&self, party: Party) -> impl Iterator<Item = PackagePart> {
        self.0
            .iter()
            .copied()
            .filter(move |p| p.supplier() == party)
    }
}

impl fmt::Display for MissingParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not complete; get")?;
        for (i, part) in self.0.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            write!(f, "{comma} the {part} (from the {})", part.supplier())?;
        }
        Ok(())
    }
}

impl std::error::Error for MissingParts {}
