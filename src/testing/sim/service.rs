//! What is done with a number once it is in the gaining account.

use chrono::{DateTime, Utc};

use super::after;
use super::script::{RegistrationPlan, Script};
use crate::request::{Outcome, Registration, Test};

/// One number in service.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) assigned: Option<DateTime<Utc>>,
    pub(super) joined: Option<DateTime<Utc>>,
    voice_tests: u32,
}

impl Line {
    /// Where the registration stands. It begins on joining, or on assignment where there is
    /// nothing to join.
    pub(super) fn registration(
        &self,
        script: &Script,
        joins: bool,
        now: DateTime<Utc>,
    ) -> Registration {
        let Some(begun) = (if joins { self.joined } else { self.assigned }) else {
            return Registration::Pending;
        };
        match &script.registration {
            RegistrationPlan::RegisteredAfter(wait) if after(begun, *wait) <= now => {
                Registration::Registered
            }
            RegistrationPlan::Failed { after: wait, why } if after(begun, *wait) <= now => {
                Registration::Failed(why.clone())
            }
            _ => Registration::Pending,
        }
    }

    /// Runs a test.
    pub(super) fn test(
        &mut self,
        test: Test,
        script: &Script,
        joins: bool,
        now: DateTime<Utc>,
    ) -> Outcome {
        if self.assigned.is_none() {
            return failed("the number is not configured");
        }
        match test {
            Test::VoiceOut | Test::VoiceIn => {
                self.voice_tests = self.voice_tests.saturating_add(1);
                if self.voice_tests <= script.voice_failures {
                    failed("13224: the call could not be completed")
                } else {
                    Outcome::Passed
                }
            }
            Test::SmsOut | Test::SmsIn => match self.registration(script, joins, now) {
                Registration::Registered => Outcome::Passed,
                Registration::Pending | Registration::Failed(_) => {
                    failed("30034: message from an unregistered number")
                }
            },
        }
    }
}

fn failed(words: &str) -> Outcome {
    Outcome::Failed(words.to_owned())
}
