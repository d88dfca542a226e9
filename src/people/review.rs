use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Actor, Permit, act};
use crate::id::AttemptKey;
use crate::number::NumberList;

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
    by: Actor,
    at: DateTime<Utc>,
}

impl Review {
    pub(crate) fn new(attempt: AttemptKey, permit: Permit<act::Review>, at: DateTime<Utc>) -> Self {
        Self {
            attempt,
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

    /// The customer must mend something first.
    pub fn send_back(self, findings: Vec<Finding>) -> SentBack {
        SentBack {
            attempt: self.attempt,
            by: self.by,
            at: self.at,
            findings,
        }
    }
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
