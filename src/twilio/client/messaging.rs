//! Messaging services: their numbers and campaigns.
//!
//! Twilio wants the credentials of the account the service belongs to; a parent's are refused
//! (Twilio error 20003).

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

use super::TwilioClient;
use super::base::Product;
use super::code::TwilioCode;
use super::error::TwilioError;
use super::lenient::{self, folded, kept, same};
use super::mask::{REASON, said};
use super::page::PAGE_SIZE;
use super::request::{Operation, Request};
use super::unknown::UnknownFields;
use crate::number::PhoneNumber;
use crate::twilio::{AccountSid, NumberSid, ServiceSid};

/// A number in a messaging service.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceNumber {
    /// The number's SID.
    pub sid: NumberSid,
    /// The number, if it is one in E.164 form.
    pub number: Option<PhoneNumber>,
    /// Twilio's words for what it can do; not always given.
    pub capabilities: Vec<String>,
    /// When it joined, UTC.
    pub created_at: Option<DateTime<Utc>>,
    /// Fields Twilio did not document when this was written.
    pub unknown: UnknownFields,
}

/// How a number came to be in a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Joined {
    /// It was added.
    Added,
    /// It was there already (status 200, or Twilio error 21710).
    AlreadyThere,
}

/// A campaign of a messaging service, registered for US texting.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Campaign {
    /// Its SID, `QE...`.
    pub sid: String,
    /// Where its review stands.
    pub status: CampaignStatus,
    /// The registry's own id of it, given once it is registered.
    pub campaign_id: Option<String>,
    /// The brand it belongs to, `BN...`.
    pub brand: Option<String>,
    /// Twilio's word for what it is for, such as `MARKETING`.
    pub use_case: Option<String>,
    /// Why it failed, in Twilio's words, as far as they may be shown; the first 20 reasons.
    pub errors: Vec<String>,
    /// Fields Twilio did not document when this was written.
    pub unknown: UnknownFields,
}

/// Where a campaign's review stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CampaignStatus {
    /// Not begun.
    Pending,
    /// Under way.
    InProgress,
    /// Passed: numbers of the service can be registered. Whether one is, this does not say.
    Verified,
    /// Not passed.
    Failed,
    /// A word not known here, as Twilio wrote it; empty if it wrote none.
    Other(String),
}

impl CampaignStatus {
    /// Reads Twilio's word for it, in any spelling. An unknown one is kept as it may be shown:
    /// at most 64 characters on one line, account and key SIDs masked.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        let word = kept(word);
        match folded(&word).as_str() {
            "pending" => Self::Pending,
            "in_progress" => Self::InProgress,
            "verified" => Self::Verified,
            "failed" => Self::Failed,
            _ => Self::Other(word),
        }
    }

    /// Twilio's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "PENDING",
            Self::InProgress => "IN_PROGRESS",
            Self::Verified => "VERIFIED",
            Self::Failed => "FAILED",
            Self::Other(word) => word,
        }
    }
}

impl fmt::Display for CampaignStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What Twilio documents of a number besides, and nobody here needs.
const OF_NUMBER: [&str; 3] = ["country_code", "date_updated", "url"];

fn unknown_of_number<'de, D: Deserializer<'de>>(left: D) -> Result<UnknownFields, D::Error> {
    UnknownFields::read(left, &OF_NUMBER)
}

#[derive(Deserialize)]
struct WireNumber {
    #[serde(deserialize_with = "lenient::sid")]
    sid: NumberSid,
    #[serde(default, deserialize_with = "lenient::text")]
    account_sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    service_sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::phone")]
    phone_number: Option<PhoneNumber>,
    #[serde(default, deserialize_with = "lenient::texts")]
    capabilities: Vec<String>,
    #[serde(default, deserialize_with = "lenient::time")]
    date_created: Option<DateTime<Utc>>,
    #[serde(flatten, deserialize_with = "unknown_of_number")]
    unknown: UnknownFields,
}

impl From<WireNumber> for ServiceNumber {
    fn from(wire: WireNumber) -> Self {
        Self {
            sid: wire.sid,
            number: wire.phone_number,
            capabilities: wire.capabilities.iter().map(|word| kept(word)).collect(),
            created_at: wire.date_created,
            unknown: wire.unknown,
        }
    }
}

/// What Twilio documents of a campaign besides, and nobody here needs.
const OF_CAMPAIGN: [&str; 22] = [
    "age_gated",
    "date_created",
    "date_updated",
    "description",
    "direct_lending",
    "has_embedded_links",
    "has_embedded_phone",
    "help_keywords",
    "help_message",
    "is_externally_registered",
    "message_flow",
    "message_samples",
    "mock",
    "opt_in_keywords",
    "opt_in_message",
    "opt_out_keywords",
    "opt_out_message",
    "privacy_policy_url",
    "rate_limits",
    "subscriber_opt_in",
    "terms_and_conditions_url",
    "url",
];

fn unknown_of_campaign<'de, D: Deserializer<'de>>(left: D) -> Result<UnknownFields, D::Error> {
    UnknownFields::read(left, &OF_CAMPAIGN)
}

#[derive(Deserialize)]
struct WireCampaign {
    #[serde(default, deserialize_with = "lenient::word")]
    sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    account_sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    messaging_service_sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    campaign_status: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    campaign_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    brand_registration_sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    us_app_to_person_usecase: Option<String>,
    #[serde(default, deserialize_with = "lenient::texts")]
    errors: Vec<String>,
    #[serde(flatten, deserialize_with = "unknown_of_campaign")]
    unknown: UnknownFields,
}

impl From<WireCampaign> for Campaign {
    fn from(wire: WireCampaign) -> Self {
        Self {
            sid: wire.sid.unwrap_or_default(),
            status: CampaignStatus::from_word(&wire.campaign_status.unwrap_or_default()),
            campaign_id: wire.campaign_id,
            brand: wire.brand_registration_sid,
            use_case: wire.us_app_to_person_usecase,
            errors: wire
                .errors
                .iter()
                .map(|why| said(why, REASON))
                .filter(|why| !why.is_empty())
                .collect(),
            unknown: wire.unknown,
        }
    }
}

fn numbers_of(service: &ServiceSid) -> String {
    format!("/v1/Services/{service}/PhoneNumbers")
}

impl TwilioClient {
    /// Every number in a messaging service. Rows of another account or service are left out.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses.
    pub async fn service_numbers(
        &self,
        account: &AccountSid,
        service: &ServiceSid,
    ) -> Result<Vec<ServiceNumber>, TwilioError> {
        let request = Request::new(
            Operation::get("Services/PhoneNumbers"),
            account,
            Product::Messaging,
            numbers_of(service),
        )
        .query(&[PAGE_SIZE]);
        let rows: Vec<WireNumber> = self.0.list(request, "phone_numbers").await?;
        let of = |row: &WireNumber| {
            same(row.account_sid.as_deref(), account.as_str())
                && same(row.service_sid.as_deref(), service.as_str())
        };
        let rows = rows.into_iter().filter(of);
        Ok(rows.map(ServiceNumber::from).collect())
    }

    /// A number in a messaging service, if it is in it. A service that does not exist has none
    /// either: Twilio answers both alike.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses, or answers with another number, or one
    /// of another account or service.
    pub async fn service_number(
        &self,
        account: &AccountSid,
        service: &ServiceSid,
        number: &NumberSid,
    ) -> Result<Option<ServiceNumber>, TwilioError> {
        let request = Request::new(
            Operation::get("Services/PhoneNumber"),
            account,
            Product::Messaging,
            format!("{}/{number}", numbers_of(service)),
        );
        match self.0.send(&request).await {
            Ok(answer) => {
                let wire: WireNumber = answer.json()?;
                answer.is_of("account", wire.account_sid.as_deref(), account.as_str())?;
                answer.is_of("service", wire.service_sid.as_deref(), service.as_str())?;
                answer.is_of("number", Some(wire.sid.as_str()), number.as_str())?;
                Ok(Some(wire.into()))
            }
            Err(error) if error.is_absent() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Puts a number into a messaging service of its account. Doing it twice does no harm.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses: [`TwilioCode::InAnotherService`],
    /// [`TwilioCode::ServiceFull`], [`TwilioCode::NoMessagingCapability`].
    pub async fn add_to_service(
        &self,
        account: &AccountSid,
        service: &ServiceSid,
        number: &NumberSid,
    ) -> Result<Joined, TwilioError> {
        let request = Request::new(
            Operation::post("Services/PhoneNumbers"),
            account,
            Product::Messaging,
            numbers_of(service),
        )
        .form(&[("PhoneNumberSid", number.as_str())]);
        match self.0.send(&request).await {
            // What the body says is known already.
            Ok(answer) if answer.status == 201 => Ok(Joined::Added),
            Ok(_) => Ok(Joined::AlreadyThere),
            Err(error) if error.code() == Some(TwilioCode::AlreadyInService) => {
                Ok(Joined::AlreadyThere)
            }
            Err(error) => Err(error),
        }
    }

    /// Takes a number out of a messaging service; it stays in its account. A number that is not in
    /// it is out of it.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses.
    pub async fn remove_from_service(
        &self,
        account: &AccountSid,
        service: &ServiceSid,
        number: &NumberSid,
    ) -> Result<(), TwilioError> {
        let request = Request::new(
            Operation::delete("Services/PhoneNumber"),
            account,
            Product::Messaging,
            format!("{}/{number}", numbers_of(service)),
        );
        match self.0.send(&request).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_absent() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The campaigns of a messaging service. Rows of another account or service are left out.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses.
    pub async fn campaigns(
        &self,
        account: &AccountSid,
        service: &ServiceSid,
    ) -> Result<Vec<Campaign>, TwilioError> {
        let request = Request::new(
            Operation::get("Services/Usa2p"),
            account,
            Product::Messaging,
            format!("/v1/Services/{service}/Compliance/Usa2p"),
        )
        .query(&[PAGE_SIZE]);
        let rows: Vec<WireCampaign> = self.0.list(request, "compliance").await?;
        let of = |row: &WireCampaign| {
            same(row.account_sid.as_deref(), account.as_str())
                && same(row.messaging_service_sid.as_deref(), service.as_str())
        };
        Ok(rows.into_iter().filter(of).map(Campaign::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_campaigns_status_is_read_in_any_spelling_and_kept_if_unknown() {
        let read = |body| Campaign::from(serde_json::from_value::<WireCampaign>(body).unwrap());
        let status = |word: &str| read(json!({"sid": "QE1", "campaign_status": word})).status;
        assert_eq!(status("VERIFIED"), CampaignStatus::Verified);
        assert_eq!(status("IN PROGRESS"), CampaignStatus::InProgress);
        assert_eq!(status("in_progress"), CampaignStatus::InProgress);
        assert_eq!(status("PENDING"), CampaignStatus::Pending);
        assert_eq!(status("Failed"), CampaignStatus::Failed);
        assert_eq!(status("PAUSED"), CampaignStatus::Other("PAUSED".into()));
        let scant = read(json!({"errors": [{"error_code": 30897}, "plain"]}));
        assert_eq!(scant.status, CampaignStatus::Other(String::new()));
        assert_eq!(scant.errors, ["{\"error_code\":30897}", "plain"]);
    }

    #[test]
    fn why_a_campaign_failed_is_told_as_may_be_shown() {
        let key = format!("SK{}", "0".repeat(32));
        let odd = format!("\u{202E}{key}\n{}", "x".repeat(1000));
        let why = json!([
            {"url": "https://example.com/help?token=s3cret", "error_code": 30897},
            "see\nhttps://me:s3cret@example.com/x#s3cret",
            odd,
            "\u{202E}",
        ]);
        let wire = json!({"sid": odd, "campaign_id": odd, "brand_registration_sid": odd,
            "us_app_to_person_usecase": odd, "campaign_status": odd, "errors": why});
        let campaign = Campaign::from(serde_json::from_value::<WireCampaign>(wire).unwrap());
        assert_eq!(campaign.errors[1], "see https://example.com/x#…");
        assert_eq!(campaign.errors[2].chars().count(), REASON);
        assert_eq!(campaign.errors.len(), 3);
        let shown = format!("{campaign:?}");
        for bad in ["s3cret", &key, "\\n", "202e"] {
            assert!(!shown.contains(bad), "{bad} in {shown}");
        }
        assert!(
            campaign.errors[0].contains("30897") && shown.len() < 1500,
            "{shown}"
        );
        let number = json!({"sid": format!("PN{}", "0".repeat(32)), "capabilities": [odd, "SMS"]});
        let number = ServiceNumber::from(serde_json::from_value::<WireNumber>(number).unwrap());
        assert_eq!(number.capabilities[1], "SMS");
        assert!(!format!("{number:?}").contains(&key));
    }
}
