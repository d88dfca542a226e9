//! Why a carrier or platform refuses or pauses a port, and what is to be done.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::people::Party;

/// A reason in words all carriers share.
///
/// The carrier's own words are kept beside it, in [`Refusal::raw`] or [`Hold::detail`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The losing platform asks a fee for the transfer.
    FeeDemanded,
    /// A balance with the losing platform is unpaid.
    BalanceUnpaid,
    /// One of the two accounts is suspended, closed or on trial.
    AccountNotActive,
    /// The approver is not listed on the losing account.
    ApproverNotListed,
    /// The losing account named is the wrong one.
    WrongLosingAccount,
    /// A number is not on the losing account.
    NumberNotOnAccount,
    /// The release ticket is unknown or another customer's.
    TicketUnknown,
    /// The ticket was closed after silence; a reply reopens it.
    TicketClosed,
    /// The losing platform does not answer.
    PlatformSilent,
    /// The losing platform does not let the number go.
    PlatformClaimsNumber,
    /// A paper is missing, illegible or does not match.
    Paperwork,
    /// Something else; the carrier's words say what.
    Other,
}

/// What to do about a [`Reason`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Remedy {
    /// Whose move it is.
    pub party: Party,
    /// What they are to do.
    pub action: &'static str,
    /// Whether the same order can go on once it is done; otherwise amend and submit anew.
    pub same_order: bool,
}

impl Reason {
    /// What to do about it.
    pub fn remedy(self) -> Remedy {
        let (party, same_order, action) = match self {
            Self::FeeDemanded => (
                Party::Customer,
                true,
                "pay the fee the losing platform asks, or settle it with them, and tell staff",
            ),
            Self::BalanceUnpaid => (
                Party::Customer,
                true,
                "pay the balance with the losing platform and tell staff",
            ),
            Self::AccountNotActive => (
                Party::Customer,
                true,
                "reactivate or upgrade the account; it must stay active until the port is verified",
            ),
            Self::ApproverNotListed => (
                Party::LosingPlatform,
                true,
                "approve the transfer as a user listed on the losing account",
            ),
            Self::WrongLosingAccount => (
                Party::Customer,
                false,
                "ask the losing platform for the right account, then amend the request",
            ),
            Self::NumberNotOnAccount => (
                Party::Customer,
                false,
                "check the number list against the losing account, then amend the request",
            ),
            Self::TicketUnknown => (
                Party::Customer,
                false,
                "ask the losing platform for the right release ticket, then amend the request",
            ),
            Self::TicketClosed => (
                Party::Staff,
                true,
                "reply on the ticket to reopen it, and chase the losing platform",
            ),
            Self::PlatformSilent => (
                Party::Customer,
                true,
                "chase the losing platform, quoting the release ticket",
            ),
            Self::PlatformClaimsNumber => (
                Party::Customer,
                true,
                "settle with the losing platform who holds the number",
            ),
            Self::Paperwork => (
                Party::Customer,
                false,
                "mend the paper that is named, then amend the request",
            ),
            Self::Other => (
                Party::Staff,
                false,
                "read the carrier's words and decide with the customer",
            ),
        };
        Remedy {
            party,
            action,
            same_order,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FeeDemanded => "a fee is demanded",
            Self::BalanceUnpaid => "a balance is unpaid",
            Self::AccountNotActive => "an account is not active",
            Self::ApproverNotListed => "the approver is not listed on the account",
            Self::WrongLosingAccount => "wrong losing account",
            Self::NumberNotOnAccount => "a number is not on the losing account",
            Self::TicketUnknown => "the release ticket is unknown",
            Self::TicketClosed => "the ticket was closed",
            Self::PlatformSilent => "the losing platform does not answer",
            Self::PlatformClaimsNumber => "the losing platform claims the number",
            Self::Paperwork => "a paper is missing or does not match",
            Self::Other => "another reason",
        })
    }
}

/// The carrier or the losing platform refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    reason: Reason,
    raw: String,
}

impl Refusal {
    /// A refusal for `reason`, with the carrier's own words.
    pub fn new(reason: Reason, raw: impl Into<String>) -> Self {
        Self {
            reason,
            raw: raw.into(),
        }
    }

    /// Why.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// What to do about it.
    pub fn remedy(&self) -> Remedy {
        self.reason.remedy()
    }

    /// The carrier's own words, as they came.
    pub fn raw(&self) -> &str {
        &self.raw
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (\"{}\")", self.reason, self.raw)
    }
}

/// A pause: the order lives, and goes on when somebody acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    reason: Reason,
    party: Party,
    detail: String,
}

impl Hold {
    /// A hold for `reason`, waiting for the party its remedy names, with the words that came.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            party: reason.remedy().party,
            detail: detail.into(),
        }
    }

    /// The same hold, waiting for `party` instead.
    #[must_use]
    pub fn on(mut self, party: Party) -> Self {
        self.party = party;
        self
    }

    /// Why.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// Who must act.
    pub fn party(&self) -> Party {
        self.party
    }

    /// The words that came with it.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (\"{}\")", self.party, self.reason, self.detail)
    }
}
