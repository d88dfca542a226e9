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

use super::TwilioCarrier;

impl TwilioCarrier {
    /// Checks what can be checked before a transfer request is filed. Changes nothing at Twilio.
    ///
    /// A check that fails is a finding itself, never a silent pass. The losing account is another
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
        if let (Some(gaining), Some(service)) = (&gaining, asked.messaging()) {
            self.check_messaging(asked, gaining, service, &mut findings)
                .await;
        }
        Preflight::new(numbers, findings)
    }
}
