use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::testing::clock::after;
use crate::testing::fake_twilio::shown::masked;
use crate::testing::fake_twilio::wire::answer::{Answer, Refused};
use crate::testing::fake_twilio::wire::door::Ask;
use crate::testing::fake_twilio::wire::page::{PAGING, Page};
use crate::testing::fake_twilio::wire::params::iso;
use crate::testing::fake_twilio::world::World;

/// An entry of an account's error log.
///
/// ```
/// # use snap_port::testing::FakeAlert;
/// let alert = FakeAlert::new(11200, "HTTP retrieval failure").log_level("warning");
/// ```
#[derive(Clone)]
pub struct FakeAlert {
    error_code: u32,
    text: String,
    log_level: String,
    resource: Option<String>,
    at: Option<DateTime<Utc>>,
}

impl FakeAlert {
    /// An error of now, about no resource.
    pub fn new(error_code: u32, text: impl Into<String>) -> Self {
        Self {
            error_code,
            text: text.into(),
            log_level: "error".to_owned(),
            resource: None,
            at: None,
        }
    }

    /// `error`, `warning`, `notice` or `debug`.
    #[must_use]
    pub fn log_level(mut self, level: impl Into<String>) -> Self {
        self.log_level = level.into();
        self
    }

    /// The SID of what it is about: a call, a message, a number.
    #[must_use]
    pub fn resource(mut self, sid: impl Into<String>) -> Self {
        self.resource = Some(sid.into());
        self
    }

    /// When it came up, UTC.
    #[must_use]
    pub fn at(mut self, at: DateTime<Utc>) -> Self {
        self.at = Some(at);
        self
    }
}

/// Of account and key SIDs in its text the last four characters.
impl fmt::Debug for FakeAlert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeAlert")
            .field("error_code", &self.error_code)
            .field("text", &masked(&self.text))
            .field("log_level", &self.log_level)
            .field("resource", &self.resource.as_deref().map(masked))
            .field("at", &self.at)
            .finish()
    }
}

/// One that has come up.
#[derive(Debug)]
pub(crate) struct Alert {
    sid: String,
    account: String,
    at: DateTime<Utc>,
    alert: FakeAlert,
}

const LEVELS: [&str; 4] = ["error", "warning", "notice", "debug"];
/// Twilio answers no question about alerts older than this.
const KEPT_DAYS: i64 = 30;

impl World {
    pub(crate) fn raise_alert(&mut self, account: &str, alert: FakeAlert) -> String {
        let sid = self.mint("NO");
        let at = alert.at.unwrap_or(self.now);
        let account = account.to_owned();
        self.alerts.push(Alert {
            sid: sid.clone(),
            account,
            at,
            alert,
        });
        sid
    }

    pub(crate) fn list_alerts(&self, ask: &Ask) -> Result<Answer, Refused> {
        ask.query
            .only(&[&PAGING[..], &["LogLevel", "StartDate", "EndDate"]].concat())?;
        let page = Page::asked(ask, self.rules.page_cap)?;
        let level = ask.query.one_of("LogLevel", &LEVELS)?;
        let oldest = after(self.now, -TimeDelta::days(KEPT_DAYS));
        let since = ask.query.instant("StartDate")?.map(|(at, _)| at);
        let rest_of_day = TimeDelta::days(1) - TimeDelta::seconds(1);
        let until = ask.query.instant("EndDate")?;
        let until = until.map(|(at, day)| if day { after(at, rest_of_day) } else { at });
        if since.zip(until).is_some_and(|(since, until)| until < since) {
            return Err(Refused::says(20001, "EndDate is before StartDate"));
        }
        let since = since.map_or(oldest, |since| since.max(oldest));
        let found = self.alerts.iter().filter(|alert| {
            alert.account == ask.caller.account
                && alert.at >= since
                && until.is_none_or(|until| alert.at <= until)
                && level.is_none_or(|level| alert.alert.log_level == level)
        });
        let mut found: Vec<&Alert> = found.collect();
        found.sort_by_key(|alert| std::cmp::Reverse(alert.at));
        let shown = found
            .into_iter()
            .map(|alert| self.shows_alert(alert))
            .collect();
        Ok(page.meta("alerts", shown, &self.base))
    }

    fn shows_alert(
        &self,
        Alert {
            sid,
            account,
            at,
            alert,
        }: &Alert,
    ) -> Value {
        let at = iso(*at);
        json!({
            "account_sid": account,
            "alert_text": alert.text,
            "api_version": "2010-04-01",
            "date_created": at,
            "date_generated": at,
            "date_updated": at,
            "error_code": alert.error_code.to_string(),
            "log_level": alert.log_level,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", alert.error_code),
            "request_method": null,
            "request_url": null,
            "resource_sid": alert.resource,
            "service_sid": null,
            "sid": sid,
            "url": format!("{}/v1/Alerts/{sid}", self.base),
        })
    }
}
