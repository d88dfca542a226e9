//! Whether a number is registered for texting, from what Twilio lets be seen of it.
//!
//! Twilio has no call that says so. A campaign that is VERIFIED and a number that is in its
//! messaging service are needed and not enough; events and delivered texts tell the rest.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::TwilioCarrier;
pub(super) use super::heard::Heard;
use super::heard::Word;
use super::line::before;
use crate::carrier::{CarrierError, NumberTask};
use crate::number::{NumberKind, PhoneNumber};
use crate::request::Registration;
use crate::twilio::client::{CampaignStatus, Message, MessageStatus, TrafficFilter, TwilioCode};
use crate::twilio::sid::{AccountSid, ServiceSid};
use crate::twilio::webhook::Hint;

/// How far back texts of numbers are read that join nothing.
const BACK: TimeDelta = TimeDelta::days(30);

impl TwilioCarrier {
    /// Takes note of a webhook's hint, for [`registration`](crate::CarrierClient::registration):
    /// the registry's word on a number. Other hints change nothing, and neither does a delivery
    /// that is repeated or late: the event's own time counts.
    ///
    /// In the memory of this process, and at most 10,000 words: where several processes run, give
    /// each the hint, or the one that looks may not know it and waits for a delivered text. Only pass hints of deliveries whose signature was
    /// checked; there is no other way to get one.
    pub fn hear(&self, hint: &Hint) {
        if let Hint::Registration(event) = hint {
            self.heard.take(event, self.clock.now());
        }
    }

    /// Where the registration stands.
    ///
    /// A US or Canadian number that is not toll-free is registered when its messaging service has a
    /// VERIFIED campaign, the number is in that service, and the last word since it joined says so:
    /// a registration event, or a text of its that was delivered in the United States. Others need
    /// a delivered text. Anything else is pending, unless something failed.
    pub(super) async fn registration(
        &self,
        task: &NumberTask,
    ) -> Result<Registration, CarrierError> {
        let account = self.account(&task.account)?;
        if !is_governed(task.number) {
            let since = before(self.clock.now(), BACK);
            let word = self.told_by_texts(&account, task.number, since).await?;
            return Ok(state(word));
        }
        let Some(service) = &task.messaging else {
            return Ok(Registration::Failed(
                "no messaging service is named for the number; a US or Canadian number is \
                 registered through one with a VERIFIED campaign"
                    .to_owned(),
            ));
        };
        let service = self.service(service)?;
        if let Some(unfit) = self.campaign(&account, &service).await? {
            return Ok(unfit);
        }
        let held = self.held(&account, task.number).await?;
        let member = self
            .client
            .service_number(&account, &service, &held.sid)
            .await;
        let Some(member) = member.map_err(|error| self.failed(error))? else {
            return Ok(Registration::Pending);
        };
        // What happened before it joined is about another membership, so without that time nothing
        // can be told. Texts carry whole seconds.
        let Some(joined) = member.created_at.map(|joined| joined.trunc_subsecs(0)) else {
            return Ok(Registration::Pending);
        };
        let heard = self.heard.last(task.number, &account, Some(&service));
        let word = heard.filter(|(at, _)| *at >= joined);
        let told = self.told_by_texts(&account, task.number, joined).await?;
        Ok(state(word.max(told)))
    }

    /// What stands in the way at the campaign; nothing if one is VERIFIED.
    async fn campaign(
        &self,
        account: &AccountSid,
        service: &ServiceSid,
    ) -> Result<Option<Registration>, CarrierError> {
        let campaigns = self.client.campaigns(account, service).await;
        let campaigns = campaigns.map_err(|error| self.failed(error))?;
        let any = |status: &CampaignStatus| campaigns.iter().any(|held| held.status == *status);
        if any(&CampaignStatus::Verified) {
            return Ok(None);
        }
        if campaigns.is_empty() {
            return Ok(Some(Registration::Failed(
                "the messaging service has no A2P campaign; register one".to_owned(),
            )));
        }
        let refused: Vec<_> = campaigns
            .iter()
            .filter(|held| held.status == CampaignStatus::Failed)
            .collect();
        if refused.len() < campaigns.len() {
            return Ok(Some(Registration::Pending));
        }
        let why: Vec<&str> = refused
            .iter()
            .flat_map(|held| held.errors.iter().map(String::as_str))
            .collect();
        let why = match why.join("; ") {
            none if none.is_empty() => "no reason is given".to_owned(),
            why => why,
        };
        Ok(Some(Registration::Failed(format!(
            "the messaging service's campaign FAILED: {why}; mend it and submit it again"
        ))))
    }

    /// What the number's texts since then tell, the latest of them.
    async fn told_by_texts(
        &self,
        account: &AccountSid,
        number: PhoneNumber,
        since: DateTime<Utc>,
    ) -> Result<Option<(DateTime<Utc>, Word)>, CarrierError> {
        let sent = TrafficFilter::new().from(number).since(since);
        let last = |texts: &[Message]| {
            let words = texts.iter().filter_map(|text| {
                let at = text.sent_at.or(text.created_at)?;
                Some((at, told(text, is_governed(number))?))
            });
            words.max()
        };
        let told = self.client.last_told(account, &sent, last).await;
        told.map_err(|error| self.failed(error))
    }
}

/// What a text of a number tells of its registration.
fn told(text: &Message, governed: bool) -> Option<Word> {
    match text.status {
        // Registration is asked of texts to the United States; elsewhere they arrive without.
        MessageStatus::Delivered if !governed || is_american(text.to?) => Some(Word::Registered),
        MessageStatus::Undelivered | MessageStatus::Failed => match text.error_code? {
            TwilioCode::UnregisteredNumber | TwilioCode::RegistrationUnderWay => {
                Some(Word::Pending)
            }
            // 30032: a toll-free number that is not verified.
            TwilioCode::Other(30032) => Some(Word::Pending),
            _ => None,
        },
        _ => None,
    }
}

fn state(word: Option<(DateTime<Utc>, Word)>) -> Registration {
    word.map_or(Registration::Pending, |(_, word)| word.registration())
}

/// Whether 10DLC governs the number's texts to the United States. A range the plans do not know is new, and counts as American.
pub(super) fn is_governed(number: PhoneNumber) -> bool {
    let at_home = number
        .region()
        .is_none_or(|region| matches!(region.as_str(), "US" | "CA"));
    number.as_str().starts_with("+1") && number.kind() != NumberKind::TollFree && at_home
}

/// Whether the number may be in the United States.
fn is_american(number: PhoneNumber) -> bool {
    let region = number.region();
    number.as_str().starts_with("+1") && region.is_none_or(|region| region.as_str() == "US")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn us_and_canadian_numbers_are_governed_unless_toll_free() {
        let governed = |text: &str| is_governed(PhoneNumber::parse(text, None).unwrap());
        assert!(governed("+14155550100") && governed("+14165550123"));
        assert!(!governed("+18005550100") && !governed("+442071838750"));
        // Jamaica shares the country code.
        assert!(!governed("+18765550123"));
    }
}
