//! Twilio's log of errors.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;

use super::TwilioClient;
use super::base::Product;
use super::code::TwilioCode;
use super::error::TwilioError;
use super::lenient;
use super::page::PAGE_SIZE;
use super::request::{Operation, Request};
use crate::twilio::AccountSid;

/// An entry in the log of errors.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alert {
    /// Its SID, `NO...`.
    pub sid: String,
    /// The account it is about.
    pub account_sid: Option<AccountSid>,
    /// Twilio's code of the error.
    pub error_code: Option<TwilioCode>,
    /// Twilio's word for how bad it is: `error`, `warning`, `notice`, `debug`.
    pub log_level: Option<String>,
    /// What happened, often as an encoded form. Account SIDs in it are masked.
    pub text: String,
    /// The call, message or number it is about.
    pub resource_sid: Option<String>,
    /// When it was generated, UTC; the end of the time asked about if Twilio did not say.
    pub at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::text")]
    sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::account")]
    account_sid: Option<AccountSid>,
    #[serde(default, deserialize_with = "lenient::code")]
    error_code: Option<u32>,
    #[serde(default, deserialize_with = "lenient::text")]
    log_level: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    alert_text: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    resource_sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::time")]
    date_generated: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "lenient::time")]
    date_created: Option<DateTime<Utc>>,
}

impl Wire {
    fn read(self, until: DateTime<Utc>) -> Alert {
        let wire = self;
        Alert {
            sid: wire.sid.unwrap_or_default(),
            account_sid: wire.account_sid,
            error_code: wire.error_code.map(TwilioCode::from_number),
            log_level: wire.log_level,
            text: super::mask::sids_masked(&wire.alert_text.unwrap_or_default()),
            resource_sid: wire.resource_sid,
            at: wire.date_generated.or(wire.date_created).unwrap_or(until),
        }
    }
}

impl TwilioClient {
    /// The account's log from `since` to `until`, UTC. Twilio keeps 30 days, and wants the
    /// credentials of this very account.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses.
    pub async fn alerts(
        &self,
        account: &AccountSid,
        since: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Alert>, TwilioError> {
        let text = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let (start, end) = (text(since), text(until));
        let request = Request::new(
            Operation::get("Alerts"),
            account,
            Product::Monitor,
            "/v1/Alerts".to_owned(),
        )
        .query(&[("StartDate", &start), ("EndDate", &end), PAGE_SIZE]);
        let rows: Vec<Wire> = self.0.list(request, "alerts").await?;
        Ok(rows
            .into_iter()
            .map(|wire| wire.read(until))
            .filter(|alert| {
                lenient::not_before(Some(alert.at), Some(since))
                    && lenient::not_before(Some(until), Some(alert.at))
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_alert_is_read_as_twilio_writes_it() {
        let account = format!("AC{}", "b".repeat(32));
        let until = "2026-11-25T00:00:00Z".parse().unwrap();
        let read = |body| serde_json::from_value::<Wire>(body).unwrap().read(until);
        let alert = read(json!({
            "sid": "NO1", "account_sid": account, "error_code": "11200", "log_level": "error",
            "alert_text": format!("sid={account}&parserMessage=No+answer"),
            "resource_sid": "CA1", "date_generated": "2026-11-24T17:44:46Z"
        }));
        assert_eq!(alert.error_code, Some(TwilioCode::Other(11200)));
        assert_eq!(alert.text, "sid=AC…bbbb&parserMessage=No+answer");
        assert_eq!(Some(alert.at), "2026-11-24T17:44:46Z".parse().ok());
        let scant = read(json!({}));
        assert_eq!((scant.at, scant.error_code), (until, None));
    }
}
