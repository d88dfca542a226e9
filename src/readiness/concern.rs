use std::fmt;

use crate::document::PackagePart;
use crate::people::{Actor, Finding, Party};
use crate::request::{Blocker, Rule};

/// One thing about what was handed in that stands in the way, or may: which part, what is wrong,
/// what to do, whose move it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    pub(super) cause: Cause,
    pub(super) bearing: Bearing,
    pub(super) part: PackagePart,
    pub(super) reason: String,
    pub(super) remedy: String,
    pub(super) party: Party,
}

/// What a [`Concern`] rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The part is not there yet.
    Missing,
    /// A hard rule of the port; nobody can override it.
    Hard(Blocker),
    /// A rule of the embedder's policy.
    Policy {
        /// The rule.
        rule: Rule,
        /// The value that breaks it: what an [`Override`](crate::Override) names.
        value: String,
    },
}

/// Whether a [`Concern`] stands in the way.
///
/// Exhaustive on purpose: a form must decide how it shows each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bearing {
    /// It does.
    Blocks,
    /// It does not; somebody should look at it.
    Warns,
    /// It did, until this person overrode the rule.
    Overridden {
        /// Who.
        by: Actor,
        /// Why.
        reason: String,
    },
}

impl Concern {
    /// What it rests on.
    pub fn cause(&self) -> &Cause {
        &self.cause
    }

    /// Whether it stands in the way.
    pub fn bearing(&self) -> &Bearing {
        &self.bearing
    }

    /// Whether it stands in the way.
    pub fn blocks(&self) -> bool {
        self.bearing == Bearing::Blocks
    }

    /// The part of the form it is about.
    pub fn part(&self) -> PackagePart {
        self.part
    }

    /// What is wrong, in words the customer understands.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// What to do about it.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }

    /// Whose move it is.
    pub fn party(&self) -> Party {
        self.party
    }
}

impl fmt::Display for Concern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.reason, self.remedy)?;
        match &self.bearing {
            Bearing::Overridden { by, reason } => write!(f, " (overridden by {by}: {reason})"),
            _ => Ok(()),
        }
    }
}

impl From<&Concern> for Finding {
    /// The same, for a reviewer who sends the request back.
    fn from(concern: &Concern) -> Self {
        Self {
            field: concern.part.to_string(),
            reason: concern.reason.clone(),
            remedy: concern.remedy.clone(),
        }
    }
}
