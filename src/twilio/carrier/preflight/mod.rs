//! Before anything is filed: would this transfer go through, and would the numbers text after it?

mod account;
mod ask;
mod issue;
mod messaging;
mod portability;
mod report;

pub use ask::PreflightAsk;
pub use issue::{PreflightCheck, PreflightIssue, PreflightWeight};
pub use report::{CheckedNumber, Preflight, PreflightFinding, PreflightSubject};

use super::{SmsRoute, TwilioCarrier};
use crate::twilio::client::PortabilityVerdict;

impl TwilioCarrier {
    /// Checks what can be checked before a transfer request is filed. Changes nothing at Twilio.
    ///
    /// What the carrier's [`NumberSetup`](super::NumberSetup) needs is asked for, too: a messaging
    /// service, where texts are to go to one.
    ///
    /// A check that fails is a finding itself, never a silent pass. A standard API key may not read
    /// the account: where it is otherwise seen to work, that is a warning, and the account's state
    /// is for you to look at. The losing account is another
    /// owner's: no API shows its state.
    pub async fn preflight(&self, asked: &PreflightAsk) -> Preflight {
        let mut findings = Vec::new();
        let gaining = self.check_accounts(asked, &mut findings).await;
        let numbers = match &gaining {
            Some(gaining) => self.check_numbers(asked, gaining, &mut findings).await,
            None => asked
                .numbers()
                .iter()
                .copied()
                .map(CheckedNumber::not_asked)
                .collect(),
        };
        if !numbers.iter().any(shows_access) {
            // Nothing shows that these credentials work at all.
            findings = findings.into_iter().map(refused_everywhere).collect();
        }
        match (&gaining, asked.messaging()) {
            (Some(gaining), Some(service)) => {
                self.check_messaging(asked, gaining, service, &mut findings)
                    .await;
            }
            (_, None) if self.texts_by_service() => findings.push(PreflightFinding::new(
                PreflightSubject::MessagingService,
                PreflightIssue::NoServiceNamed,
            )),
            _ => {}
        }
        Preflight::new(numbers, findings)
    }

    fn texts_by_service(&self) -> bool {
        let setup = self.setup.as_ref();
        setup.is_some_and(|setup| matches!(setup.sms(), SmsRoute::MessagingService))
    }
}

/// Whether Twilio told something of the number, which it does only with credentials that work.
fn shows_access(number: &CheckedNumber) -> bool {
    use PortabilityVerdict::{NoAccess, TryAgain};
    number
        .verdict()
        .is_some_and(|verdict| !matches!(verdict, NoAccess | TryAgain))
}

fn refused_everywhere(finding: PreflightFinding) -> PreflightFinding {
    match finding.issue() {
        PreflightIssue::AccountNotReadable { why } => PreflightFinding::new(
            finding.subject().clone(),
            PreflightIssue::CheckFailed {
                check: PreflightCheck::Account,
                why: why.clone(),
            },
        ),
        _ => finding,
    }
}
