//! Numbers in an account's inventory.

use std::fmt;

use serde::{Deserialize, Deserializer};

use super::TwilioClient;
use super::answer::Answer;
use super::base::Product;
use super::callback::shown;
use super::error::TwilioError;
use super::lenient::{self, kept, same};
use super::number_update::NumberUpdate;
use super::page::PAGE_SIZE;
use super::request::{Operation, Request};
use super::unknown::UnknownFields;
use crate::number::PhoneNumber;
use crate::twilio::{AccountSid, NumberSid};

/// A number in an account. `Debug` shows neither passwords nor queries of its URLs, and the name as
/// far as it may be shown.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IncomingNumber {
    /// Its SID; read it again after a move.
    pub sid: NumberSid,
    /// The number, if it is one in E.164 form.
    pub number: Option<PhoneNumber>,
    /// The number as Twilio wrote it.
    pub phone_number: String,
    /// The account it is in.
    pub account: AccountSid,
    /// What its owner calls it.
    pub friendly_name: Option<String>,
    /// Called for incoming calls, unless an application or trunk is set.
    pub voice_url: Option<String>,
    /// Twilio's word for how that URL is called: `POST` or `GET`.
    pub voice_method: Option<String>,
    /// The application that takes incoming calls; overrides the URL.
    pub voice_application_sid: Option<String>,
    /// The trunk that takes incoming calls; overrides the URL and the application.
    pub trunk_sid: Option<String>,
    /// Called for incoming messages, unless an application is set.
    pub sms_url: Option<String>,
    /// Twilio's word for how that URL is called: `POST` or `GET`.
    pub sms_method: Option<String>,
    /// The application that takes incoming messages; overrides the URL.
    pub sms_application_sid: Option<String>,
    /// Called when a call ends.
    pub status_callback: Option<String>,
    /// Twilio's word for how that URL is called: `POST` or `GET`.
    pub status_callback_method: Option<String>,
    /// `twilio` or `hosted`.
    pub origin: Option<String>,
    /// Twilio's word, such as `in-use`.
    pub status: Option<String>,
    /// What it can do.
    pub capabilities: NumberCapabilities,
    /// The emergency address set for it.
    pub emergency_address_sid: Option<String>,
    /// The address set for it.
    pub address_sid: Option<String>,
    /// The regulatory bundle set for it.
    pub bundle_sid: Option<String>,
    /// Fields Twilio did not document when this was written.
    pub unknown: UnknownFields,
}

/// What a number can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct NumberCapabilities {
    /// Calls.
    pub voice: bool,
    /// SMS.
    pub sms: bool,
    /// MMS.
    pub mms: bool,
    /// Fax.
    pub fax: bool,
}

impl fmt::Debug for IncomingNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = |url: &Option<String>| url.as_deref().map(shown);
        f.debug_struct("IncomingNumber")
            .field("sid", &self.sid)
            .field("phone_number", &self.phone_number)
            .field("account", &self.account)
            .field("friendly_name", &self.friendly_name.as_deref().map(kept))
            .field("voice_url", &url(&self.voice_url))
            .field("voice_method", &self.voice_method)
            .field("voice_application_sid", &self.voice_application_sid)
            .field("trunk_sid", &self.trunk_sid)
            .field("sms_url", &url(&self.sms_url))
            .field("sms_method", &self.sms_method)
            .field("sms_application_sid", &self.sms_application_sid)
            .field("status_callback", &url(&self.status_callback))
            .field("status_callback_method", &self.status_callback_method)
            .field("origin", &self.origin)
            .field("status", &self.status)
            .field("capabilities", &self.capabilities)
            .field("emergency_address_sid", &self.emergency_address_sid)
            .field("address_sid", &self.address_sid)
            .field("bundle_sid", &self.bundle_sid)
            .field("unknown", &self.unknown)
            .finish()
    }
}

/// What Twilio documents besides, and nobody here needs.
const DOCUMENTED: [&str; 17] = [
    "address_requirements",
    "api_version",
    "beta",
    "date_created",
    "date_updated",
    "emergency_address_status",
    "emergency_status",
    "identity_sid",
    "sms_fallback_method",
    "sms_fallback_url",
    "subresource_uris",
    "type",
    "uri",
    "voice_caller_id_lookup",
    "voice_fallback_method",
    "voice_fallback_url",
    "voice_receive_mode",
];

fn unknown<'de, D: Deserializer<'de>>(left: D) -> Result<UnknownFields, D::Error> {
    UnknownFields::read(left, &DOCUMENTED)
}

#[derive(Deserialize)]
struct Wire {
    #[serde(deserialize_with = "lenient::sid")]
    sid: NumberSid,
    #[serde(deserialize_with = "lenient::sid")]
    account_sid: AccountSid,
    phone_number: String,
    #[serde(default, deserialize_with = "lenient::text")]
    friendly_name: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    voice_url: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    voice_method: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    voice_application_sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    trunk_sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    sms_url: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    sms_method: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    sms_application_sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    status_callback: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    status_callback_method: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    origin: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    status: Option<String>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    capabilities: WireCapabilities,
    #[serde(default, deserialize_with = "lenient::word")]
    emergency_address_sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    address_sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    bundle_sid: Option<String>,
    #[serde(flatten, deserialize_with = "unknown")]
    unknown: UnknownFields,
}

#[derive(Deserialize, Default)]
struct WireCapabilities {
    #[serde(default, deserialize_with = "lenient::yes")]
    voice: Option<bool>,
    #[serde(default, alias = "SMS", deserialize_with = "lenient::yes")]
    sms: Option<bool>,
    #[serde(default, alias = "MMS", deserialize_with = "lenient::yes")]
    mms: Option<bool>,
    #[serde(default, deserialize_with = "lenient::yes")]
    fax: Option<bool>,
}

impl From<Wire> for IncomingNumber {
    fn from(wire: Wire) -> Self {
        let can = |capability: Option<bool>| capability.unwrap_or(false);
        Self {
            sid: wire.sid,
            number: PhoneNumber::from_e164(&wire.phone_number).ok(),
            phone_number: kept(&wire.phone_number),
            account: wire.account_sid,
            friendly_name: wire.friendly_name,
            voice_url: wire.voice_url,
            voice_method: wire.voice_method,
            voice_application_sid: wire.voice_application_sid,
            trunk_sid: wire.trunk_sid,
            sms_url: wire.sms_url,
            sms_method: wire.sms_method,
            sms_application_sid: wire.sms_application_sid,
            status_callback: wire.status_callback,
            status_callback_method: wire.status_callback_method,
            origin: wire.origin,
            status: wire.status,
            capabilities: NumberCapabilities {
                voice: can(wire.capabilities.voice),
                sms: can(wire.capabilities.sms),
                mms: can(wire.capabilities.mms),
                fax: can(wire.capabilities.fax),
            },
            emergency_address_sid: wire.emergency_address_sid,
            address_sid: wire.address_sid,
            bundle_sid: wire.bundle_sid,
            unknown: wire.unknown,
        }
    }
}

/// The number in an answer, which must be in `account`, and this very one if one is named.
pub(super) fn read(
    answer: &Answer,
    account: &AccountSid,
    number: Option<&NumberSid>,
) -> Result<IncomingNumber, TwilioError> {
    let wire: Wire = answer.json()?;
    answer.is_of("account", Some(wire.account_sid.as_str()), account.as_str())?;
    if let Some(number) = number {
        answer.is_of("number", Some(wire.sid.as_str()), number.as_str())?;
    }
    Ok(wire.into())
}

fn list_path(account: &AccountSid) -> String {
    format!(
        "/2010-04-01/Accounts/{}/IncomingPhoneNumbers.json",
        account.as_str()
    )
}

pub(super) fn path(account: &AccountSid, number: &NumberSid) -> String {
    format!(
        "/2010-04-01/Accounts/{}/IncomingPhoneNumbers/{number}.json",
        account.as_str()
    )
}

impl TwilioClient {
    /// Every number in an account. Rows of another account are left out, and so is a row that
    /// cannot be read, unless none can.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses, or its pages do not end.
    pub async fn numbers(&self, account: &AccountSid) -> Result<Vec<IncomingNumber>, TwilioError> {
        self.numbers_where(account, &[PAGE_SIZE]).await
    }

    /// A number in an account, by the number itself. Twilio finds parts of numbers too; only the
    /// very number counts here.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses.
    pub async fn find_number(
        &self,
        account: &AccountSid,
        number: PhoneNumber,
    ) -> Result<Option<IncomingNumber>, TwilioError> {
        let alike = self
            .numbers_where(account, &[("PhoneNumber", number.as_str()), PAGE_SIZE])
            .await?;
        Ok(alike.into_iter().find(|row| row.number == Some(number)))
    }

    async fn numbers_where(
        &self,
        account: &AccountSid,
        filter: &[(&str, &str)],
    ) -> Result<Vec<IncomingNumber>, TwilioError> {
        let operation = Operation::get("IncomingPhoneNumbers");
        let request =
            Request::new(operation, account, Product::Api, list_path(account)).query(filter);
        let key = "incoming_phone_numbers";
        let rows: Vec<Wire> = self.0.list_of_readable(request, key).await?;
        Ok(rows
            .into_iter()
            .filter(|row| same(Some(row.account_sid.as_str()), account.as_str()))
            .map(IncomingNumber::from)
            .collect())
    }

    /// A number in an account, by its SID.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses, or answers with another number; of kind
    /// [`NotFound`](crate::CarrierErrorKind::NotFound) also if it is in another account.
    pub async fn number(
        &self,
        account: &AccountSid,
        number: &NumberSid,
    ) -> Result<IncomingNumber, TwilioError> {
        let operation = Operation::get("IncomingPhoneNumber");
        let request = Request::new(operation, account, Product::Api, path(account, number));
        read(&self.0.send(&request).await?, account, Some(number))
    }

    /// Changes how a number is configured; what the update does not name stays. Saying the same
    /// twice does no harm.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses, or answers with another number, or the
    /// update breaks one of its rules.
    pub async fn update_number(
        &self,
        account: &AccountSid,
        number: &NumberSid,
        update: &NumberUpdate,
    ) -> Result<IncomingNumber, TwilioError> {
        let operation = Operation::post("IncomingPhoneNumber");
        let pairs = update
            .pairs()
            .map_err(|broken| TwilioError::unsent(operation, broken))?;
        let request =
            Request::new(operation, account, Product::Api, path(account, number)).form(&pairs);
        read(&self.0.send(&request).await?, account, Some(number))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_is_read_from_much_and_from_little() {
        let (sid, account) = (
            format!("PN{}", "a".repeat(32)),
            format!("AC{}", "b".repeat(32)),
        );
        let read = |body| IncomingNumber::from(serde_json::from_value::<Wire>(body).unwrap());
        let full = read(json!({
            "sid": sid, "account_sid": account, "phone_number": "+18089255327",
            "friendly_name": "Front desk", "voice_url": "https://u:hunter2@example.com/v?k=s3cret",
            "voice_application_sid": "", "trunk_sid": null, "sms_url": "",
            "capabilities": {"voice": true, "SMS": "true", "mms": false},
            "origin": "hosted", "status": "in-use", "brand_new": {"x": 1}
        }));
        assert_eq!(full.number, "+18089255327".parse().ok());
        assert!(full.capabilities.voice && full.capabilities.sms && !full.capabilities.mms);
        assert_eq!((&full.voice_application_sid, &full.sms_url), (&None, &None));
        let shown = format!("{full:?}");
        assert!(
            !shown.contains("hunter2") && !shown.contains("s3cret"),
            "{shown}"
        );
        assert!(shown.contains("https://example.com/v"), "{shown}");

        let scant = read(
            json!({"sid": sid, "account_sid": account, "phone_number": "55500",
            "capabilities": null}),
        );
        assert_eq!((scant.number, scant.phone_number.as_str()), (None, "55500"));
        assert_eq!(scant.capabilities, NumberCapabilities::default());
    }

    #[test]
    fn what_others_wrote_into_a_number_is_shown_as_may_be() {
        let (sid, account) = (
            format!("PN{}", "a".repeat(32)),
            format!("AC{}", "b".repeat(32)),
        );
        let odd = format!("\u{202E}{account}\n{}", "x".repeat(1000));
        let number = IncomingNumber::from(
            serde_json::from_value::<Wire>(json!({
                "sid": sid, "account_sid": account, "phone_number": odd, "friendly_name": odd,
                "voice_url": format!("https://example.com/{account}/{}", "x".repeat(1000)),
                "trunk_sid": odd, "voice_application_sid": odd, "sms_application_sid": odd,
                "voice_method": odd, "sms_method": odd, "status_callback_method": odd,
                "origin": odd, "status": odd, "emergency_address_sid": odd, "address_sid": odd,
                "bundle_sid": odd
            }))
            .unwrap(),
        );
        assert_eq!(number.friendly_name.as_deref(), Some(odd.as_str()));
        let shown = format!("{number:?}");
        assert!(
            !shown.contains(&account) && !shown.contains("\\n"),
            "{shown}"
        );
        assert!(shown.len() < 2000, "{shown}");
    }
}
