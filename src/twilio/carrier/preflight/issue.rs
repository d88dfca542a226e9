use std::borrow::Cow;
use std::fmt;

use crate::number::NumberNeed;
use crate::people::Party;
use crate::twilio::client::{AccountStatus, CampaignStatus, PortabilityVerdict};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PreflightWeight {
    /// Filing now is pointless: mend it first.
    Blocker,
    /// It can be filed, by someone who knows why, or something will be missing afterwards.
    Warning,
    /// Good to know; nothing is wrong.
    Note,
}

impl fmt::Display for PreflightWeight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blocker => "blocker",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// One thing a preflight asks Twilio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PreflightCheck {
    /// The gaining account.
    Account,
    /// A number's portability.
    Portability,
    /// The messaging service and its numbers.
    MessagingService,
    /// The messaging service's campaigns.
    Campaigns,
}

impl fmt::Display for PreflightCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Account => "account",
            Self::Portability => "portability",
            Self::MessagingService => "messaging service",
            Self::Campaigns => "campaigns",
        })
    }
}

/// What a preflight found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PreflightIssue {
    /// What is given as a SID is none of its kind.
    NotASid,
    /// Losing and gaining account are the same.
    SameAccount,
    /// There is no such account, or these credentials do not see it.
    NoSuchAccount,
    /// The account is suspended, closed, or worse.
    AccountNotActive(AccountStatus),
    /// A trial account.
    TrialAccount,
    /// The credentials work, but may not read the account, as those of a standard API key. Whether
    /// it is active, and no trial account, was not seen.
    AccountNotReadable {
        /// Twilio's refusal.
        why: String,
    },
    /// The Twilio account the numbers leave is not given.
    LosingAccountNotGiven,
    /// The losing account is another owner's.
    LosingAccountNotVisible,
    /// What Twilio says of the numbers, unless it is that they are on Twilio with another owner.
    Portability(PortabilityVerdict),
    /// The numbers need something in the gaining account.
    Need(NumberNeed),
    /// Texts are to go to a messaging service
    /// ([`SmsRoute::MessagingService`](crate::twilio::SmsRoute::MessagingService)), and none is
    /// named.
    NoServiceNamed,
    /// There is no such messaging service in the gaining account.
    NoSuchService,
    /// The messaging service has no campaign.
    NoCampaign,
    /// The messaging service has a campaign that is not approved.
    CampaignNotApproved(CampaignStatus),
    /// The messaging service has no room for all numbers.
    PoolTooSmall {
        /// How many numbers it holds.
        holds: usize,
        /// How many it can hold, unless Twilio made more room for it.
        limit: usize,
        /// How many are to join.
        joining: usize,
    },
    /// The campaign is a sole proprietor's, which holds exactly one number.
    SoleProprietor {
        /// How many numbers the service holds.
        holds: usize,
        /// How many are to join.
        joining: usize,
    },
    /// A check could not be made: what it would have found is not known.
    CheckFailed {
        /// Which.
        check: PreflightCheck,
        /// Why, in words for staff.
        why: String,
    },
}

impl PreflightIssue {
    /// What it means, in a sentence without a full stop.
    pub fn meaning(&self) -> Cow<'_, str> {
        Cow::Borrowed(match self {
            Self::NotASid => "not a SID of its kind: two letters and 32 hexadecimal digits",
            Self::SameAccount => "losing and gaining account are the same",
            Self::NoSuchAccount => "there is no such account, or these credentials do not see it",
            Self::AccountNotActive(status) => {
                return Cow::Owned(format!(
                    "the account is not active but {}",
                    of_account(status)
                ));
            }
            Self::TrialAccount => "a trial account cannot receive numbers",
            Self::AccountNotReadable { why } => {
                return Cow::Owned(format!(
                    "whether the account is active, and no trial account, was not seen: these \
                     credentials work, but may not read it ({why})"
                ));
            }
            Self::LosingAccountNotGiven => "the Twilio account the numbers leave is not given",
            Self::LosingAccountNotVisible => {
                "whether the losing account is active and holds the numbers cannot be seen: it is \
                 another owner's"
            }
            Self::Portability(verdict) => return said(*verdict),
            Self::Need(NumberNeed::TollFreeVerification) => {
                "toll-free: they cannot text until they are verified in the gaining account"
            }
            Self::Need(_) => "their country may ask for a regulatory bundle or address",
            Self::NoServiceNamed => {
                "texts are to go to a messaging service, and none is named: the numbers would take \
                 calls and no texts"
            }
            Self::NoSuchService => "there is no such messaging service in the gaining account",
            Self::NoCampaign => {
                "the messaging service has no campaign: texts from US numbers are blocked (30034)"
            }
            Self::CampaignNotApproved(status) => {
                return Cow::Owned(format!(
                    "the campaign is not approved but {}: until it is VERIFIED, texts from US \
                     numbers are blocked (30034)",
                    of_campaign(status)
                ));
            }
            Self::PoolTooSmall {
                holds,
                limit,
                joining,
            } => {
                return Cow::Owned(format!(
                    "the messaging service holds {holds} numbers of {limit}; {joining} more do \
                     not fit (21714)"
                ));
            }
            Self::SoleProprietor { holds, joining } => {
                return Cow::Owned(format!(
                    "a sole proprietor's campaign holds exactly one number; the service holds \
                     {holds}, and {joining} are to join"
                ));
            }
            Self::CheckFailed { check, why } => {
                return Cow::Owned(format!("the {check} could not be checked: {why}"));
            }
        })
    }

    /// What to do about it, in a sentence without a full stop.
    pub fn next_step(&self) -> Cow<'_, str> {
        Cow::Borrowed(match self {
            Self::NotASid => "copy the SID from the Twilio console",
            Self::SameAccount => {
                "ask the losing platform for the SID of the account that holds the numbers"
            }
            Self::NoSuchAccount => "check the SID, and that the credentials are that account's",
            Self::AccountNotActive(_) => "have the account reactivated",
            Self::TrialAccount => "upgrade the account",
            Self::AccountNotReadable { .. } => {
                "look at the account in Twilio's console, or check again with the auth token or a \
                 main API key"
            }
            Self::LosingAccountNotGiven => {
                "ask the losing platform for its Twilio account SID; without it Twilio's support \
                 must find it"
            }
            Self::LosingAccountNotVisible => {
                "confirm the account SID, and that the numbers are in it"
            }
            Self::Portability(PortabilityVerdict::OurOtherAccount) => {
                "move them by API (move_within_owner) and take them off the list: this is no port"
            }
            Self::Portability(verdict) => verdict.next_step(),
            Self::Need(need) => return Cow::Owned(need.to_string()),
            Self::NoServiceNamed => {
                "name the messaging service in the destination, or set texts to a URL or \
                 application in the carrier's NumberSetup"
            }
            Self::NoSuchService => "check the service's SID, and that it is the gaining account's",
            Self::NoCampaign => {
                "register a campaign and add it to the service; review takes 10 to 15 days"
            }
            Self::CampaignNotApproved(CampaignStatus::Failed) => {
                "mend what the registry refused and submit the campaign again"
            }
            Self::CampaignNotApproved(_) => {
                "finish the review; until then the numbers had better not move"
            }
            Self::PoolTooSmall { .. } => {
                "use another service, or ask Twilio for more room before the numbers move"
            }
            Self::SoleProprietor { .. } => {
                "register a brand and campaign of another kind, or give each number its own service"
            }
            Self::CheckFailed {
                check: PreflightCheck::Account,
                ..
            } => {
                "mend the cause and check again; account resources need the auth token or a main \
                 API key"
            }
            Self::CheckFailed { .. } => "mend the cause and check again",
        })
    }

    /// Who acts.
    pub fn party(&self) -> Party {
        match self {
            Self::SameAccount | Self::LosingAccountNotGiven => Party::Customer,
            Self::LosingAccountNotVisible => Party::LosingPlatform,
            Self::CampaignNotApproved(CampaignStatus::Pending | CampaignStatus::InProgress) => {
                Party::Registry
            }
            _ => Party::Staff,
        }
    }

    /// How much it matters. What Twilio's support can move though its API cannot tell
    /// (22130, 22133, answers nobody knows) warns: an operator may still declare a snap port.
    pub fn weight(&self) -> PreflightWeight {
        use PreflightWeight::{Blocker, Note, Warning};
        match self {
            Self::NotASid
            | Self::SameAccount
            | Self::NoSuchAccount
            | Self::AccountNotActive(_)
            | Self::TrialAccount
            | Self::NoServiceNamed
            | Self::NoSuchService => Blocker,
            Self::AccountNotReadable { .. }
            | Self::LosingAccountNotGiven
            | Self::NoCampaign
            | Self::CampaignNotApproved(_)
            | Self::PoolTooSmall { .. }
            | Self::SoleProprietor { .. } => Warning,
            Self::LosingAccountNotVisible | Self::Need(NumberNeed::TollFreeVerification) => Note,
            Self::Need(_) => Warning,
            Self::Portability(verdict) => match verdict {
                PortabilityVerdict::OnTwilioOtherOwner => Note,
                PortabilityVerdict::ManualOnly
                | PortabilityVerdict::Unsupported
                | PortabilityVerdict::MissingFields
                | PortabilityVerdict::Other(_) => Warning,
                _ => Blocker,
            },
            Self::CheckFailed { check, .. } => match check {
                PreflightCheck::Account | PreflightCheck::Portability => Blocker,
                PreflightCheck::MessagingService | PreflightCheck::Campaigns => Warning,
            },
        }
    }
}

fn said(verdict: PortabilityVerdict) -> Cow<'static, str> {
    match verdict.code() {
        Some(code) => Cow::Owned(format!("{code}: {}", verdict.meaning())),
        None => Cow::Borrowed(verdict.meaning()),
    }
}

fn of_account(status: &AccountStatus) -> &str {
    match status {
        AccountStatus::Active => "active",
        AccountStatus::Suspended => "suspended",
        AccountStatus::Closed => "closed",
        AccountStatus::Other(word) => known(word),
    }
}

fn of_campaign(status: &CampaignStatus) -> &str {
    match status {
        CampaignStatus::Pending => "pending",
        CampaignStatus::InProgress => "in progress",
        CampaignStatus::Verified => "verified",
        CampaignStatus::Failed => "failed",
        CampaignStatus::Other(word) => known(word),
    }
}

fn known(word: &str) -> &str {
    if word.is_empty() {
        "in a state Twilio does not name"
    } else {
        word
    }
}
