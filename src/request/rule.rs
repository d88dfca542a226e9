//! The rules an embedder's policy may bind, and how people override them.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::people::Actor;

/// A rule about what is handed in or asked for that an embedder's policy may bind, turn into a
/// warning, or drop.
///
/// What binds by default, and where each rule comes from, is said by
/// [`RoutePolicy`](crate::RoutePolicy). The hard rules of a port (there is a letter that covers the
/// numbers, a proof, a ticket, an earliest date that has not passed) are none of these: nobody can
/// override them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rule {
    /// A letter of authorization is not older than the policy says.
    LetterAge,
    /// A proof of ownership is not older than the policy says.
    ProofAge,
    /// A proof of ownership bears a date.
    ProofDated,
    /// A document is a PDF or an image.
    FileKind,
    /// A document is not larger than the policy says.
    FileSize,
    /// A document opens without a password.
    FileLocked,
    /// The losing platform's own account at the carrier is known.
    LosingCarrierAccount,
    /// The numbers have a messaging service to join.
    MessagingService,
    /// The earliest port date is a business day.
    EarliestBusinessDay,
    /// Toll-free numbers are verified anew before they text.
    TollFreeVerification,
    /// Numbers that need an address or a regulatory bundle have one in the gaining account.
    AddressOrBundle,
    /// A slot that is asked for lies in business hours.
    SlotHours,
}

impl Rule {
    /// All of them, in the order findings are shown.
    pub const ALL: [Self; 12] = [
        Self::LetterAge,
        Self::ProofAge,
        Self::ProofDated,
        Self::FileKind,
        Self::FileSize,
        Self::FileLocked,
        Self::LosingCarrierAccount,
        Self::MessagingService,
        Self::EarliestBusinessDay,
        Self::TollFreeVerification,
        Self::AddressOrBundle,
        Self::SlotHours,
    ];
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LetterAge => "age of the letter",
            Self::ProofAge => "age of a proof",
            Self::ProofDated => "date of a proof",
            Self::FileKind => "kind of a file",
            Self::FileSize => "size of a file",
            Self::FileLocked => "password of a file",
            Self::LosingCarrierAccount => "losing platform's account at the carrier",
            Self::MessagingService => "messaging service",
            Self::EarliestBusinessDay => "earliest date on a business day",
            Self::TollFreeVerification => "toll-free verification",
            Self::AddressOrBundle => "address or regulatory bundle",
            Self::SlotHours => "slot in business hours",
        })
    }
}

/// A [`Rule`] that does not bind one request, by a named person with a reason:
/// [`PortRequest::override_rule`](crate::PortRequest::override_rule) records it.
///
/// It holds for one value, which the finding names ([`Cause::Policy`](crate::Cause::Policy)): this
/// bill, these numbers, this slot. Another needs one of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The rule.
    pub rule: Rule,
    /// The value it is made for, as the finding names it.
    pub value: String,
    /// Why it is made.
    pub reason: String,
}

impl fmt::Display for Override {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "rule overridden: {} ({}): {}",
            self.rule, self.value, self.reason
        )
    }
}

/// An [`Override`] on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Overridden<'a> {
    /// What was overridden, for which value, and why.
    pub what: &'a Override,
    /// Who did.
    pub by: &'a Actor,
    /// When, UTC.
    pub at: DateTime<Utc>,
}
