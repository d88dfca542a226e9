//! The hard rules of sealing. No policy lifts them.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::calendar::EarliestPortDate;
use crate::document::{
    Checklist, Destination, LosingAccount, LosingPlatform, PackagePart, ReleaseTicket, SignedLoa,
    SubmissionPackage,
};
use crate::number::{NumberList, PhoneNumber};

/// One reason a package cannot be sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Blocker {
    /// The letter of authorization does not cover every number.
    LetterDoesNotCover {
        /// The numbers it leaves out.
        numbers: Vec<PhoneNumber>,
    },
    /// The letter is dated after the sealing.
    LetterFromFuture {
        /// The date on the letter.
        signed_on: NaiveDate,
    },
    /// The release ticket is of another platform than the losing account.
    TicketOfOtherPlatform {
        /// The ticket's platform.
        ticket: LosingPlatform,
        /// The losing platform.
        losing: LosingPlatform,
    },
    /// The losing account is the destination.
    SameAccount,
    /// The earliest port date has passed.
    EarliestDatePast {
        /// The date.
        earliest: EarliestPortDate,
    },
    /// The earliest port date was frozen by the first submission.
    EarliestDateFrozen {
        /// The frozen date.
        frozen: EarliestPortDate,
        /// The date in the package.
        found: EarliestPortDate,
    },
}

impl Blocker {
    /// The part at fault.
    pub fn part(&self) -> PackagePart {
        match self {
            Self::LetterDoesNotCover { .. } | Self::LetterFromFuture { .. } => PackagePart::Loa,
            Self::TicketOfOtherPlatform { .. } => PackagePart::Ticket,
            Self::SameAccount => PackagePart::Losing,
            Self::EarliestDatePast { .. } | Self::EarliestDateFrozen { .. } => {
                PackagePart::Earliest
            }
        }
    }

    /// What is wrong.
    pub fn reason(&self) -> String {
        match self {
            Self::LetterDoesNotCover { numbers } => format!(
                "the letter of authorization does not cover {}",
                list(numbers)
            ),
            Self::LetterFromFuture { signed_on } => {
                format!("the letter of authorization is dated {signed_on}, which has not come")
            }
            Self::TicketOfOtherPlatform { ticket, losing } => {
                format!("the release ticket is of {ticket}, the losing account is with {losing}")
            }
            Self::SameAccount => {
                "the losing account and the destination are one account; nothing would move"
                    .to_owned()
            }
            Self::EarliestDatePast { earliest } => {
                format!("the earliest port date {earliest} has passed")
            }
            Self::EarliestDateFrozen { frozen, .. } => format!(
                "the earliest port date was frozen at {frozen} when the request was first submitted"
            ),
        }
    }

    /// What to do next.
    pub fn remedy(&self) -> String {
        match self {
            Self::LetterDoesNotCover { .. } => "have a letter signed that does".to_owned(),
            Self::LetterFromFuture { .. } => "correct the date".to_owned(),
            Self::TicketOfOtherPlatform { losing, .. } => format!("get a ticket from {losing}"),
            Self::SameAccount => "name the account the numbers leave".to_owned(),
            Self::EarliestDatePast { .. } => "choose a later one".to_owned(),
            Self::EarliestDateFrozen { found, .. } => {
                format!("for {found}, start a new request")
            }
        }
    }
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.reason(), self.remedy())
    }
}

impl std::error::Error for Blocker {}

/// What was handed in so far, wherever it stands: in a checklist or in a package.
#[derive(Clone, Copy)]
pub(crate) struct HandedIn<'a> {
    pub(crate) numbers: Option<&'a NumberList>,
    pub(crate) loa: Option<&'a SignedLoa>,
    pub(crate) losing: Option<&'a LosingAccount>,
    pub(crate) ticket: Option<&'a ReleaseTicket>,
    pub(crate) destination: Option<&'a Destination>,
    pub(crate) earliest: Option<&'a EarliestPortDate>,
}

impl<'a> From<&'a SubmissionPackage> for HandedIn<'a> {
    fn from(package: &'a SubmissionPackage) -> Self {
        Self {
            numbers: Some(package.numbers()),
            loa: Some(package.loa()),
            losing: Some(package.losing()),
            ticket: Some(package.ticket()),
            destination: Some(package.destination()),
            earliest: Some(package.earliest()),
        }
    }
}

impl<'a> From<&'a Checklist> for HandedIn<'a> {
    fn from(checklist: &'a Checklist) -> Self {
        Self {
            numbers: checklist.numbers(),
            loa: checklist.loa(),
            losing: checklist.losing(),
            ticket: checklist.ticket(),
            destination: checklist.destination(),
            earliest: checklist.earliest(),
        }
    }
}

/// Every hard rule that what is there breaks; a rule about two parts waits for both. Without a
/// time, nothing is said of what has passed or has not come.
pub(crate) fn blockers(
    parts: &HandedIn<'_>,
    frozen: Option<&EarliestPortDate>,
    at: Option<DateTime<Utc>>,
) -> Vec<Blocker> {
    let mut found = Vec::new();
    if let (Some(loa), Some(numbers)) = (parts.loa, parts.numbers) {
        let numbers = loa.uncovered(numbers);
        if !numbers.is_empty() {
            found.push(Blocker::LetterDoesNotCover { numbers });
        }
    }
    if let (Some(loa), Some(at)) = (parts.loa, at) {
        let signed_on = loa.signed_on();
        // A date begins first at UTC+14; before that instant it is the future everywhere.
        let begins = signed_on.and_time(NaiveTime::MIN).and_utc();
        if begins.signed_duration_since(at) > TimeDelta::hours(14) {
            found.push(Blocker::LetterFromFuture { signed_on });
        }
    }
    if let (Some(ticket), Some(losing)) = (parts.ticket, parts.losing) {
        let (ticket, losing) = (ticket.platform(), losing.platform());
        if ticket != losing {
            found.push(Blocker::TicketOfOtherPlatform {
                ticket: ticket.clone(),
                losing: losing.clone(),
            });
        }
    }
    if let (Some(losing), Some(destination)) = (parts.losing, parts.destination) {
        let gaining = destination.account();
        if losing.account() == gaining || losing.carrier_account() == Some(gaining) {
            found.push(Blocker::SameAccount);
        }
    }
    if let Some(earliest) = parts.earliest {
        match (frozen, at) {
            (Some(frozen), _) if frozen != earliest => found.push(Blocker::EarliestDateFrozen {
                frozen: frozen.clone(),
                found: earliest.clone(),
            }),
            (None, Some(at)) if earliest.is_past(at) => found.push(Blocker::EarliestDatePast {
                earliest: earliest.clone(),
            }),
            _ => {}
        }
    }
    found
}

/// A few numbers, and how many more there are.
pub(super) fn list(numbers: &[PhoneNumber]) -> String {
    let mut texts: Vec<String> = numbers
        .iter()
        .take(10)
        .map(PhoneNumber::to_string)
        .collect();
    if numbers.len() > 10 {
        texts.push(format!("{} more", numbers.len() - 10));
    }
    texts.join(", ")
}
