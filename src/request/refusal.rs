//! Why a carrier or platform refuses or pauses a port, and what is to be done.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::document::PackagePart;
use crate::people::Party;

/// A reason in words all carriers share.
///
/// The carrier's own words are kept beside it, in [`Refusal::raw`] or [`Hold::detail`]. What a
/// carrier's codes mean is its integration's to say.
///
/// Exhaustive on purpose: a new reason must be put into words wherever people are told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    /// A WhatsApp sender is attached to a number.
    WhatsAppSender,
    /// A number is hosted: its voice is with another carrier.
    HostedNumber,
    /// The gaining account lacks the regulatory bundle or address a number needs.
    BundleMissing,
    /// A number was deleted from the losing account instead of transferred.
    NumberDeleted,
    /// A number may not move to the region of the gaining account.
    RegionRestricted,
    /// A paper is missing, illegible or does not match.
    Paperwork,
    /// Something else; the carrier's words say what.
    Other,
}

/// What to do about a [`Reason`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Remedy {
    /// The part of the package at fault; `None` where none is.
    pub field: Option<PackagePart>,
    /// Whose move it is.
    pub party: Party,
    /// What they are to do.
    pub action: &'static str,
    /// Whether the same order can go on once it is done; otherwise amend and submit anew.
    pub same_order: bool,
    /// By when, and what happens otherwise; `None` where nothing but time is lost.
    pub deadline: Option<Deadline>,
}

/// How long a [`Remedy`] may take, and what happens otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deadline {
    /// Calendar days from the day the trouble became known.
    pub days: u32,
    /// What happens after that.
    pub missed: &'static str,
}

/// Twilio closes a transfer ticket after about nine days without the losing side's word; a reply
/// reopens it.
const TICKET_CLOSES: Deadline = Deadline {
    days: 9,
    missed: "the carrier closes the ticket for silence; a reply reopens it",
};

/// Released Numbers: the losing account can take a deleted number back for ten days.
const NUMBER_IS_LOST: Deadline = Deadline {
    days: 10,
    missed: "the number cannot be taken back any more",
};

impl Reason {
    /// Every reason, in the order of the table.
    pub const ALL: [Self; 17] = [
        Self::FeeDemanded,
        Self::BalanceUnpaid,
        Self::AccountNotActive,
        Self::ApproverNotListed,
        Self::WrongLosingAccount,
        Self::NumberNotOnAccount,
        Self::TicketUnknown,
        Self::TicketClosed,
        Self::PlatformSilent,
        Self::PlatformClaimsNumber,
        Self::WhatsAppSender,
        Self::HostedNumber,
        Self::BundleMissing,
        Self::NumberDeleted,
        Self::RegionRestricted,
        Self::Paperwork,
        Self::Other,
    ];

    /// What to do about it: one table for refusals and holds.
    #[rustfmt::skip]
    pub fn remedy(self) -> Remedy {
        use PackagePart::{Destination, Loa, Losing, Numbers, Ticket};
        use Party::{Carrier, Customer, LosingPlatform, Staff};
        const SAME: bool = true;
        const NEW: bool = false;
        let (field, party, same_order, deadline, action) = match self {
            Self::FeeDemanded => (None, Customer, SAME, Some(TICKET_CLOSES),
                "pay the fee the losing platform asks, or settle it with them, and tell staff"),
            Self::BalanceUnpaid => (Some(Losing), Customer, SAME, Some(TICKET_CLOSES),
                "pay the balance with the losing platform and tell staff"),
            Self::AccountNotActive => (Some(Losing), Customer, SAME, Some(TICKET_CLOSES),
                "reactivate or upgrade the account; it must stay active until the port is verified"),
            Self::ApproverNotListed => (None, LosingPlatform, SAME, Some(TICKET_CLOSES),
                "approve the transfer as a user listed on the losing account"),
            Self::WrongLosingAccount => (Some(Losing), Customer, NEW, None,
                "ask the losing platform for the right account, then amend the request"),
            Self::NumberNotOnAccount => (Some(Numbers), Customer, NEW, None,
                "check the number list against the losing account, then amend the request"),
            Self::TicketUnknown => (Some(Ticket), Customer, NEW, None,
                "ask the losing platform for the right release ticket, then amend the request"),
            Self::TicketClosed => (None, Staff, SAME, None,
                "reply on the ticket to reopen it, and chase the losing platform"),
            Self::PlatformSilent => (None, Customer, SAME, Some(TICKET_CLOSES),
                "chase the losing platform, quoting the release ticket"),
            Self::PlatformClaimsNumber => (Some(Numbers), Customer, SAME, Some(TICKET_CLOSES),
                "settle with the losing platform who holds the number"),
            Self::WhatsAppSender => (Some(Numbers), Carrier, SAME, Some(TICKET_CLOSES),
                "move the WhatsApp sender first, or take it off the number and register it anew after the port"),
            Self::HostedNumber => (Some(Numbers), Staff, SAME, Some(TICKET_CLOSES),
                "ask the carrier's porting team to move the hosted number, or split it off"),
            Self::BundleMissing => (Some(Destination), Staff, SAME, Some(TICKET_CLOSES),
                "set up the regulatory bundle or address in the gaining account and name it on the ticket"),
            Self::NumberDeleted => (Some(Numbers), LosingPlatform, SAME, Some(NUMBER_IS_LOST),
                "take the number back from Released Numbers at once, then approve the transfer"),
            Self::RegionRestricted => (Some(Destination), Staff, NEW, None,
                "choose a gaining account in a region the numbers may move to, then have the request amended"),
            Self::Paperwork => (Some(Loa), Customer, NEW, None,
                "mend the paper that is named, then amend the request"),
            Self::Other => (None, Staff, NEW, None,
                "read the carrier's words and decide with the customer"),
        };
        Remedy { field, party, action, same_order, deadline }
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
            Self::WhatsAppSender => "a WhatsApp sender is attached to a number",
            Self::HostedNumber => "a number is hosted",
            Self::BundleMissing => "the regulatory bundle or address is missing",
            Self::NumberDeleted => "a number was deleted from the losing account",
            Self::RegionRestricted => "a number may not move to that region",
            Self::Paperwork => "a paper is missing or does not match",
            Self::Other => "another reason",
        })
    }
}

/// The carrier or the losing platform refused.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
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
