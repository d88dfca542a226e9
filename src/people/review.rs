use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Actor, Permit, act};
use crate::id::AttemptKey;
use crate::number::{NumberList, is_blank};

/// One thing a reviewer found, in words the customer understands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The part at fault, such as `letter of authorization`.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
    /// What the customer is asked to do.
    pub remedy: String,
}

/// A review of one sealed attempt by support: it passes or is sent back.
#[derive(Clone, Debug)]
#[must_use = "a review does nothing until it passes or sends back"]
pub struct Review {
    attempt: AttemptKey,
    unwanted: bool,
    by: Actor,
    at: DateTime<Utc>,
}

impl Review {
    pub(crate) fn new(
        attempt: AttemptKey,
        unwanted: bool,
        permit: Permit<act::Review>,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            attempt,
            unwanted,
            by: permit.into_actor(),
            at,
        }
    }

    /// Everything is in order.
    ///
    /// `letter_lists` are the numbers the reviewer read in the signed letter: a scanned letter
    /// cannot be bound to its numbers by a machine, so a person attests them.
    pub fn pass(self, letter_lists: NumberList) -> ReviewPass {
        ReviewPass {
            attempt: self.attempt,
            by: self.by,
            at: self.at,
            letter_lists,
        }
    }

    /// The customer must mend something first, and is told what. One who asked to cancel has
    /// nothing to mend, so such a request may go back without findings.
    ///
    /// # Errors
    /// If there are no findings where some are needed, or a part of one is blank.
    pub fn send_back(self, findings: Vec<Finding>) -> Result<SentBack, InvalidFindings> {
        if findings.is_empty() && !self.unwanted {
            return Err(InvalidFindings::Missing);
        }
        for (index, finding) in findings.iter().enumerate() {
            let blank = |(_, text): &(_, &String)| is_blank(text);
            let parts = [
                ("part at fault", &finding.field),
                ("reason", &finding.reason),
                ("remedy", &finding.remedy),
            ];
            if let Some((part, _)) = parts.into_iter().find(blank) {
                let finding = index + 1;
                return Err(InvalidFindings::Blank { finding, part });
            }
        }
        Ok(SentBack {
            attempt: self.attempt,
            by: self.by,
            at: self.at,
            findings,
        })
    }
}

/// Findings that would leave the customer not knowing what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidFindings {
    /// There are none, and the customer did not ask to cancel.
    #[error(
        "a request goes back without findings only where the customer asked to cancel it; say what \
         is to be mended"
    )]
    Missing,
    /// A part of one is blank.
    #[error("the {part} of finding {finding} is blank; say it in words the customer understands")]
    Blank {
        /// Which finding, from 1.
        finding: usize,
        /// Which part of it.
        part: &'static str,
    },
}

/// A passed review. A submission needs one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReviewPass {
    pub(crate) attempt: AttemptKey,
    pub(crate) by: Actor,
    pub(crate) at: DateTime<Utc>,
    pub(crate) letter_lists: NumberList,
}

impl ReviewPass {
    /// The attempt reviewed.
    pub fn attempt(&self) -> &AttemptKey {
        &self.attempt
    }
    /// The reviewer.
    pub fn by(&self) -> &Actor {
        &self.by
    }
    /// When it passed, UTC.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }
    /// The numbers the reviewer read in the letter.
    pub fn letter_lists(&self) -> &NumberList {
        &self.letter_lists
    }
}

/// A review that sends the request back to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SentBack {
    pub(crate) attempt: AttemptKey,
    pub(crate) by: Actor,
    pub(crate) at: DateTime<Utc>,
    pub(crate) findings: Vec<Finding>,
}

impl SentBack {
    /// The attempt reviewed.
    pub fn attempt(&self) -> &AttemptKey {
        &self.attempt
    }
    /// The reviewer.
    pub fn by(&self) -> &Actor {
        &self.by
    }
    /// When it was sent back, UTC.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }
    /// What the customer must mend.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}
