use std::sync::Mutex;
use std::sync::PoisonError;

use super::super::side_by_side::side_by_side;
use super::report::one_each;
use super::{CheckedNumber, PreflightAsk, PreflightCheck, PreflightFinding, PreflightIssue};
use crate::carrier::CarrierErrorKind;
use crate::number::NumberNeed;
use crate::twilio::client::PortabilityVerdict;
use crate::twilio::{AccountSid, TwilioCarrier, TwilioError};

/// How many numbers are asked about at once.
const AT_ONCE: usize = 16;

/// After so many failures the rest is not asked about: Twilio does not answer.
const ENOUGH: usize = 5;

/// Failures so far, and whether there is sense in going on.
#[derive(Debug, Default)]
struct Failures {
    count: usize,
    last: String,
    hopeless: bool,
}

impl TwilioCarrier {
    pub(super) async fn check_numbers(
        &self,
        asked: &PreflightAsk,
        gaining: &AccountSid,
        findings: &mut Vec<PreflightFinding>,
    ) -> Vec<CheckedNumber> {
        let failures = &Mutex::new(Failures::default());
        let numbers = asked.numbers().iter().copied();
        let checked = side_by_side(numbers, AT_ONCE, |number| async move {
            // What the lock guards is whole at every moment.
            let lock = || failures.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(why) = lock().gave_up() {
                return (CheckedNumber::not_asked(number), Some(why));
            }
            match self.client().portability(number, gaining).await {
                Ok(answer) => (CheckedNumber::told(number, answer), None),
                Err(error) => {
                    lock().add(&error);
                    (CheckedNumber::not_asked(number), Some(error.to_string()))
                }
            }
        })
        .await;
        let issues = checked.iter().filter_map(|(number, failure)| {
            let issue = match (failure, number.verdict()) {
                (Some(why), _) => PreflightIssue::CheckFailed {
                    check: PreflightCheck::Portability,
                    why: why.clone(),
                },
                (None, Some(PortabilityVerdict::OnTwilioOtherOwner) | None) => return None,
                (None, Some(verdict)) => PreflightIssue::Portability(verdict),
            };
            Some((issue, number.number()))
        });
        findings.extend(one_each(issues));
        for need in asked.numbers().needs() {
            let held = match need.what() {
                NumberNeed::AddressOrBundle { region } => {
                    let mut held = asked.regulatory().iter();
                    held.any(|held| held.country() == region.as_str())
                }
                NumberNeed::TollFreeVerification => false,
            };
            if !held {
                let numbers = need.numbers().iter();
                findings.extend(one_each(
                    numbers.map(|number| (PreflightIssue::Need(need.what()), *number)),
                ));
            }
        }
        checked.into_iter().map(|(number, _)| number).collect()
    }
}

impl Failures {
    fn add(&mut self, error: &TwilioError) {
        self.count += 1;
        self.last = error.to_string();
        // The next number would be refused just the same.
        self.hopeless |= error.kind() == CarrierErrorKind::Unauthorized;
    }

    fn gave_up(&self) -> Option<String> {
        (self.hopeless || self.count >= ENOUGH).then(|| self.last.clone())
    }
}
