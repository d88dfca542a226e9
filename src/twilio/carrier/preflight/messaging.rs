use super::super::registration::is_governed;
use super::{PreflightAsk, PreflightCheck, PreflightFinding, PreflightIssue, PreflightSubject};
use crate::id::MessagingService;
use crate::twilio::client::{Campaign, CampaignStatus, TwilioCode};
use crate::twilio::sid::ServiceSid;
use crate::twilio::{AccountSid, TwilioCarrier, TwilioError};

/// How many numbers a messaging service holds unless Twilio makes more room.
const POOL: usize = 400;

impl TwilioCarrier {
    pub(super) async fn check_messaging(
        &self,
        asked: &PreflightAsk,
        gaining: &AccountSid,
        service: &MessagingService,
        findings: &mut Vec<PreflightFinding>,
    ) {
        let about = |issue| PreflightFinding::new(PreflightSubject::MessagingService, issue);
        let Ok(service) = ServiceSid::try_from(service) else {
            findings.push(about(PreflightIssue::NotASid));
            return;
        };
        let joining = asked.numbers().len();
        let holds = match self.client().service_numbers(gaining, &service).await {
            Ok(held) => {
                let already = held.iter().filter(|held| {
                    held.number
                        .is_some_and(|held| asked.numbers().contains(&held))
                });
                let joining = joining - already.count().min(joining);
                if held.len() + joining > POOL {
                    findings.push(about(PreflightIssue::PoolTooSmall {
                        holds: held.len(),
                        limit: POOL,
                        joining,
                    }));
                }
                Some((held.len(), joining))
            }
            Err(error) if error.code() == Some(TwilioCode::NotFound) => {
                findings.push(about(PreflightIssue::NoSuchService));
                return;
            }
            Err(error) => {
                findings.push(about(failed(PreflightCheck::MessagingService, &error)));
                None
            }
        };
        if !asked.numbers().iter().any(|number| is_governed(*number)) {
            return;
        }
        match self.client().campaigns(gaining, &service).await {
            Ok(campaigns) => {
                findings.extend(campaign_issues(&campaigns, holds).into_iter().map(about));
            }
            Err(error) => findings.push(about(failed(PreflightCheck::Campaigns, &error))),
        }
    }
}

fn campaign_issues(campaigns: &[Campaign], holds: Option<(usize, usize)>) -> Vec<PreflightIssue> {
    let verified = campaigns
        .iter()
        .find(|campaign| campaign.status == CampaignStatus::Verified);
    let Some(campaign) = verified else {
        return vec![match campaigns.first() {
            None => PreflightIssue::NoCampaign,
            Some(campaign) => PreflightIssue::CampaignNotApproved(campaign.status.clone()),
        }];
    };
    let sole = campaign.use_case.as_deref().is_some_and(is_sole_proprietor);
    match holds {
        Some((holds, joining)) if sole && holds + joining > 1 => {
            vec![PreflightIssue::SoleProprietor { holds, joining }]
        }
        _ => Vec::new(),
    }
}

fn is_sole_proprietor(use_case: &str) -> bool {
    use_case.eq_ignore_ascii_case("SOLE_PROPRIETOR")
}

fn failed(check: PreflightCheck, error: &TwilioError) -> PreflightIssue {
    PreflightIssue::CheckFailed {
        check,
        why: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twilio::client::UnknownFields;

    fn campaign(status: CampaignStatus, use_case: &str) -> Campaign {
        Campaign {
            sid: "QE1".to_owned(),
            status,
            campaign_id: None,
            brand: None,
            use_case: Some(use_case.to_owned()),
            errors: Vec::new(),
            unknown: UnknownFields::default(),
        }
    }

    #[test]
    fn a_sole_proprietors_campaign_holds_one_number() {
        let sole = [campaign(CampaignStatus::Verified, "SOLE_PROPRIETOR")];
        let issue = |holds, joining| PreflightIssue::SoleProprietor { holds, joining };
        assert_eq!(campaign_issues(&sole, Some((0, 1))), []);
        assert_eq!(campaign_issues(&sole, Some((0, 2))), [issue(0, 2)]);
        assert_eq!(campaign_issues(&sole, Some((1, 1))), [issue(1, 1)]);
        let other = [campaign(CampaignStatus::Verified, "MARKETING")];
        assert_eq!(campaign_issues(&other, Some((1, 9))), []);
    }

    #[test]
    fn one_approved_campaign_is_enough() {
        let mixed = [
            campaign(CampaignStatus::Failed, "MARKETING"),
            campaign(CampaignStatus::Verified, "MARKETING"),
        ];
        assert_eq!(campaign_issues(&mixed, Some((0, 1))), []);
        let failed = PreflightIssue::CampaignNotApproved(CampaignStatus::Failed);
        assert_eq!(campaign_issues(&mixed[..1], None), [failed]);
        assert_eq!(campaign_issues(&[], None), [PreflightIssue::NoCampaign]);
    }
}
