use std::fmt;

use super::super::named::Named;
use super::{PreflightIssue, PreflightWeight};
use crate::id::AccountId;
use crate::number::{NumberList, PhoneNumber};
use crate::people::Party;
use crate::twilio::AccountSid;
use crate::twilio::client::{Portability, PortabilityVerdict};

/// What a preflight found. `Display` shows it as a table: every number, then every finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a preflight stops nothing: look whether it is ready"]
pub struct Preflight {
    numbers: Vec<CheckedNumber>,
    findings: Vec<PreflightFinding>,
}

/// What Twilio says of one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedNumber {
    number: PhoneNumber,
    verdict: Option<PortabilityVerdict>,
    in_account: Option<AccountSid>,
}

/// One finding: about what, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreflightFinding {
    subject: PreflightSubject,
    issue: PreflightIssue,
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PreflightSubject {
    /// The account the numbers are to move to.
    GainingAccount,
    /// The account they leave.
    LosingAccount,
    /// The messaging service they will join.
    MessagingService,
    /// These numbers.
    Numbers(NumberList),
}

impl Preflight {
    pub(super) fn new(numbers: Vec<CheckedNumber>, mut findings: Vec<PreflightFinding>) -> Self {
        findings.sort_by_key(PreflightFinding::weight);
        Self { numbers, findings }
    }

    /// Whether nothing blocks: every number is on Twilio with another owner, or may be for all the
    /// API tells, and the gaining account can receive it.
    pub fn is_ready(&self) -> bool {
        self.blockers().next().is_none()
    }

    /// Everything found, blockers first.
    pub fn findings(&self) -> &[PreflightFinding] {
        &self.findings
    }

    /// What must be mended before filing.
    pub fn blockers(&self) -> impl Iterator<Item = &PreflightFinding> {
        self.weighing(PreflightWeight::Blocker)
    }

    /// What needs somebody's decision, or will be missing afterwards.
    pub fn warnings(&self) -> impl Iterator<Item = &PreflightFinding> {
        self.weighing(PreflightWeight::Warning)
    }

    /// What Twilio says of each number, in the order asked.
    pub fn numbers(&self) -> &[CheckedNumber] {
        &self.numbers
    }

    fn weighing(&self, weight: PreflightWeight) -> impl Iterator<Item = &PreflightFinding> {
        let findings = self.findings.iter();
        findings.filter(move |finding| finding.weight() == weight)
    }
}

impl CheckedNumber {
    pub(super) fn told(number: PhoneNumber, answer: Portability) -> Self {
        Self {
            number,
            verdict: Some(answer.verdict),
            in_account: answer.in_account,
        }
    }

    pub(super) fn not_asked(number: PhoneNumber) -> Self {
        Self {
            number,
            verdict: None,
            in_account: None,
        }
    }

    /// The number.
    pub fn number(&self) -> PhoneNumber {
        self.number
    }

    /// What Twilio says; `None` if it did not.
    pub fn verdict(&self) -> Option<PortabilityVerdict> {
        self.verdict
    }

    /// The account of ours it is in, if Twilio says.
    pub fn in_account(&self) -> Option<&AccountSid> {
        self.in_account.as_ref()
    }
}

impl fmt::Display for CheckedNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.verdict.and_then(PortabilityVerdict::code);
        let code = code.map_or_else(|| "-".to_owned(), |code| code.to_string());
        let said = self
            .verdict
            .map_or("not checked", PortabilityVerdict::meaning);
        write!(f, "{:<16} {code:<5} {said}", self.number.as_str())?;
        match &self.in_account {
            Some(account) => write!(f, " ({})", AccountId::from(account).masked()),
            None => Ok(()),
        }
    }
}

impl PreflightFinding {
    pub(super) fn new(subject: PreflightSubject, issue: PreflightIssue) -> Self {
        Self { subject, issue }
    }

    /// What it is about.
    pub fn subject(&self) -> &PreflightSubject {
        &self.subject
    }

    /// What it is.
    pub fn issue(&self) -> &PreflightIssue {
        &self.issue
    }

    /// How much it matters.
    pub fn weight(&self) -> PreflightWeight {
        self.issue.weight()
    }

    /// Who acts.
    pub fn party(&self) -> Party {
        self.issue.party()
    }
}

impl fmt::Display for PreflightFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}: {}; {}: {}",
            self.weight(),
            self.subject,
            self.issue.meaning(),
            self.party(),
            self.issue.next_step()
        )
    }
}

impl fmt::Display for PreflightSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GainingAccount => f.write_str("gaining account"),
            Self::LosingAccount => f.write_str("losing account"),
            Self::MessagingService => f.write_str("messaging service"),
            Self::Numbers(numbers) => Named(numbers.as_slice()).fmt(f),
        }
    }
}

impl fmt::Display for Preflight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for number in &self.numbers {
            writeln!(f, "{number}")?;
        }
        writeln!(f)?;
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        let (blockers, warnings) = (self.blockers().count(), self.warnings().count());
        let ready = if self.is_ready() {
            "ready"
        } else {
            "not ready"
        };
        write!(f, "{ready}; blockers: {blockers}, warnings: {warnings}")
    }
}

/// One finding per issue, about all the numbers that have it; issues in the order of their first
/// number.
pub(super) fn one_each(
    issues: impl Iterator<Item = (PreflightIssue, PhoneNumber)>,
) -> Vec<PreflightFinding> {
    let mut groups: Vec<(PreflightIssue, Vec<PhoneNumber>)> = Vec::new();
    for (issue, number) in issues {
        match groups.iter_mut().find(|(known, _)| *known == issue) {
            Some((_, numbers)) => numbers.push(number),
            None => groups.push((issue, vec![number])),
        }
    }
    groups
        .into_iter()
        // Never empty, and as distinct as the list they come from.
        .filter_map(|(issue, numbers)| Some((issue, NumberList::new(numbers).ok()?)))
        .map(|(issue, numbers)| PreflightFinding::new(PreflightSubject::Numbers(numbers), issue))
        .collect()
}
