//! Whether a number could be hosted, which also tells where it is.

use serde::Deserialize;
use serde_json::{Value, json};

use super::TwilioClient;
use super::base::Product;
use super::error::TwilioError;
use super::lenient;
use super::request::{Operation, Request};
use crate::number::PhoneNumber;
use crate::twilio::AccountSid;

/// Twilio's answer to whether a number could be hosted. A second opinion on where a number is;
/// what counts is [`Portability`](super::Portability).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Eligibility {
    /// The number asked about.
    pub number: PhoneNumber,
    /// Twilio's word: `ELIGIBLE`, `INELIGIBLE`.
    pub status: Option<String>,
    /// Twilio's word for the status in particular, such as `ALREADY_IN_TWILIO`.
    pub sub_status: Option<String>,
    /// Twilio's word for why not.
    pub reason: Option<String>,
    /// Twilio's word for what to do next.
    pub next_step: Option<String>,
    /// Twilio's word for the number's state in its inventory.
    pub inventory_status: Option<String>,
    /// The account whose inventory it is in, if Twilio tells.
    pub inventory_account: Option<AccountSid>,
}

impl Eligibility {
    /// Whether Twilio says the number is on Twilio.
    pub fn is_on_twilio(&self) -> bool {
        [&self.sub_status, &self.reason]
            .into_iter()
            .flatten()
            .any(|word| word.starts_with("ALREADY_IN_TWILIO"))
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::text")]
    phone_number: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    eligibility_status: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    eligibility_sub_status: Option<String>,
    #[serde(default, deserialize_with = "lenient::reason")]
    ineligibility_reason: Option<String>,
    #[serde(default, deserialize_with = "lenient::reason")]
    next_step: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    inventory_status: Option<String>,
    #[serde(default, deserialize_with = "lenient::account")]
    inventory_account_sid: Option<AccountSid>,
}

#[derive(Deserialize)]
struct Results {
    results: Vec<Wire>,
}

impl TwilioClient {
    /// Whether a number could be hosted by `account`.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked, refuses, or says nothing about this number.
    pub async fn eligibility(
        &self,
        account: &AccountSid,
        number: PhoneNumber,
    ) -> Result<Eligibility, TwilioError> {
        let body: Value = json!({ "phone_numbers": [number.as_str()] });
        let request = Request::new(
            Operation::asking("Eligibility"),
            account,
            Product::Numbers,
            "/v1/HostedNumber/Eligibility".to_owned(),
        )
        .json(&body);
        let answer = self.0.send(&request).await?;
        let results: Results = answer.json()?;
        results
            .results
            .into_iter()
            .find(|wire| wire.phone_number.as_deref() == Some(number.as_str()))
            .map(|wire| Eligibility {
                number,
                status: wire.eligibility_status,
                sub_status: wire.eligibility_sub_status,
                reason: wire.ineligibility_reason,
                next_step: wire.next_step,
                inventory_status: wire.inventory_status,
                inventory_account: wire.inventory_account_sid,
            })
            .ok_or_else(|| answer.protocol("the answer says nothing about the number"))
    }
}
