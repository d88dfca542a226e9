use super::super::desk::is_same;
use super::{PreflightAsk, PreflightCheck, PreflightFinding, PreflightIssue, PreflightSubject};
use crate::carrier::CarrierErrorKind;
use crate::twilio::client::{AccountKind, AccountStatus, TwilioCode};
use crate::twilio::{AccountSid, TwilioCarrier};

impl TwilioCarrier {
    /// Checks both accounts; gives the gaining one if it is a SID at all. Whether credentials that
    /// may not read the account work elsewhere is not known yet: they are said to.
    pub(super) async fn check_accounts(
        &self,
        asked: &PreflightAsk,
        findings: &mut Vec<PreflightFinding>,
    ) -> Option<AccountSid> {
        let gaining = AccountSid::try_from(asked.gaining()).ok();
        let about_gaining = |issue| PreflightFinding::new(PreflightSubject::GainingAccount, issue);
        let about_losing = |issue| PreflightFinding::new(PreflightSubject::LosingAccount, issue);
        match &gaining {
            None => findings.push(about_gaining(PreflightIssue::NotASid)),
            Some(gaining) => {
                let issues = self.look_at_account(gaining).await;
                findings.extend(issues.into_iter().map(about_gaining));
            }
        }
        let losing = asked.losing().map(AccountSid::try_from);
        findings.push(about_losing(match (losing, &gaining) {
            (None, _) => PreflightIssue::LosingAccountNotGiven,
            (Some(Err(_)), _) => PreflightIssue::NotASid,
            (Some(Ok(losing)), Some(gaining)) if is_same(&losing, gaining) => {
                PreflightIssue::SameAccount
            }
            (Some(Ok(_)), _) => PreflightIssue::LosingAccountNotVisible,
        }));
        gaining
    }

    async fn look_at_account(&self, gaining: &AccountSid) -> Vec<PreflightIssue> {
        let account = match self.client().account(gaining).await {
            Ok(account) => account,
            Err(error) if error.code() == Some(TwilioCode::NotFound) => {
                return vec![PreflightIssue::NoSuchAccount];
            }
            Err(error) if error.kind() == CarrierErrorKind::Unauthorized => {
                return vec![PreflightIssue::AccountNotReadable {
                    why: error.to_string(),
                }];
            }
            Err(error) => {
                return vec![PreflightIssue::CheckFailed {
                    check: PreflightCheck::Account,
                    why: error.to_string(),
                }];
            }
        };
        let mut issues = Vec::new();
        if account.status != AccountStatus::Active {
            issues.push(PreflightIssue::AccountNotActive(account.status));
        }
        if account.kind == AccountKind::Trial {
            issues.push(PreflightIssue::TrialAccount);
        }
        issues
    }
}
