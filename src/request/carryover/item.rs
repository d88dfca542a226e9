use std::fmt;

use serde::{Deserialize, Serialize};

/// Something that stays behind on the losing side when a number moves.
///
/// Exhaustive on purpose: a new item must be asked wherever the customer is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CarryoverItem {
    /// The list of people who asked for no more texts. The transfer wipes it; texting them is
    /// unlawful all the same.
    OptOuts,
    /// The address that emergency calls from the number are answered for.
    E911,
    /// The verification a toll-free number needs before it texts. Asked of toll-free numbers.
    TollFreeVerification,
    /// A WhatsApp sender on the number: moved first, by the carrier's support, or registered anew.
    WhatsAppSender,
    /// The name shown to those who are called (CNAM).
    Cnam,
    /// The regulatory bundle or address. Asked of numbers that need one.
    Bundle,
}

impl CarryoverItem {
    /// Every item, in the order they are asked.
    pub const ALL: [Self; 6] = [
        Self::OptOuts,
        Self::E911,
        Self::TollFreeVerification,
        Self::WhatsAppSender,
        Self::Cnam,
        Self::Bundle,
    ];

    /// Whether what was set up on the number before it moved must be set up again. A bundle is of
    /// the gaining account, and waits there for the number.
    pub(super) fn is_wiped_by_the_move(self) -> bool {
        match self {
            Self::OptOuts
            | Self::E911
            | Self::TollFreeVerification
            | Self::WhatsAppSender
            | Self::Cnam => true,
            Self::Bundle => false,
        }
    }

    /// What the customer is asked.
    pub fn question(self) -> &'static str {
        match self {
            Self::OptOuts => "Did you export the opt-out list of this number, and was it loaded?",
            Self::E911 => "Is an emergency (E911) address set for this number?",
            Self::TollFreeVerification => "Is this toll-free number verified for texting?",
            Self::WhatsAppSender => "Is this number a WhatsApp sender?",
            Self::Cnam => "Does this number show a caller name (CNAM)?",
            Self::Bundle => "Does this number have a regulatory bundle or address?",
        }
    }
}

impl fmt::Display for CarryoverItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OptOuts => "opt-outs",
            Self::E911 => "E911 address",
            Self::TollFreeVerification => "toll-free verification",
            Self::WhatsAppSender => "WhatsApp sender",
            Self::Cnam => "CNAM",
            Self::Bundle => "regulatory bundle",
        })
    }
}

/// How far a [`CarryoverItem`] of a number has come. Ordered by that.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum CarryoverState {
    /// Nobody has said anything of it.
    #[default]
    NotAsked,
    /// The number uses it; nothing is done yet.
    Wanted,
    /// Taken out of the losing account, not yet set up in the gaining one.
    Exported,
    /// The number does not use it, says the customer.
    NotUsed,
    /// Set up in the gaining account.
    Done,
}

impl CarryoverState {
    /// All of them, in the order they come.
    pub const ALL: [Self; 5] = [
        Self::NotAsked,
        Self::Wanted,
        Self::Exported,
        Self::NotUsed,
        Self::Done,
    ];

    /// Whether nothing is left to do.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::NotUsed | Self::Done)
    }
}

impl fmt::Display for CarryoverState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAsked => "not asked",
            Self::NotUsed => "not used",
            Self::Wanted => "to be carried over",
            Self::Exported => "exported",
            Self::Done => "done",
        })
    }
}
