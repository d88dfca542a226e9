//! Twilio's log of errors.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;

use super::TwilioClient;
use super::base::Product;
use super::code::TwilioCode;
use super::error::TwilioError;
use super::lenient;
use super::mask::undecoded;
use super::page::PAGE_SIZE;
use super::request::{Operation, Request};
use crate::twilio::AccountSid;

/// An alert's text is longer than a reason: it is read for words and numbers elsewhere.
const TEXT: usize = 4096;

/// An entry in the log of errors. `Debug` does not show its text.
#[derive(Clone, PartialEq, Eq)]
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
    /// What happened, often as an encoded form: at most 4096 characters on one line, account and
    /// key SIDs masked. What is decoded from it is not, and URLs in it may hold secrets.
    pub text: String,
    /// The call, message or number it is about.
    pub resource_sid: Option<String>,
    /// When it was generated, UTC; the end of the time asked about if Twilio did not say.
    pub at: DateTime<Utc>,
}

impl fmt::Debug for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alert")
            .field("sid", &self.sid)
            .field("account_sid", &self.account_sid)
            .field("error_code", &self.error_code)
            .field("log_level", &self.log_level)
            .field("resource_sid", &self.resource_sid)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::word")]
    sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::account")]
    account_sid: Option<AccountSid>,
    #[serde(default, deserialize_with = "lenient::code")]
    error_code: Option<u32>,
    #[serde(default, deserialize_with = "lenient::word")]
    log_level: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    alert_text: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
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
            text: undecoded(&wire.alert_text.unwrap_or_default(), TEXT),
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

    #[test]
    fn an_alert_is_shown_as_may_be() {
        let account = format!("AC{}", "b".repeat(32));
        let until = "2026-11-25T00:00:00Z".parse().unwrap();
        let odd = format!("\u{202E}{account}\n{}", "x".repeat(1 << 20));
        let told = format!("https://example.com/?key=s3cret\n{odd}");
        let wire = json!({"sid": odd, "log_level": odd, "resource_sid": odd, "alert_text": told});
        let alert = serde_json::from_value::<Wire>(wire).unwrap().read(until);
        assert_eq!(alert.text.chars().count(), TEXT);
        let start = "https://example.com/?key=s3cret  AC…bbbb xxx";
        assert!(alert.text.starts_with(start), "{}", &alert.text[..99]);
        let shown = format!("{alert:?}");
        for bad in ["s3cret", &account, "\\n", "202e"] {
            assert!(!shown.contains(bad), "{bad} in {shown}");
        }
        assert!(shown.len() < 500, "{shown}");
    }
}
