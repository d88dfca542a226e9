//! Calls.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

use super::TwilioClient;
use super::answer::Answer;
use super::base::Product;
use super::callback::CallbackUrl;
use super::error::TwilioError;
use super::lenient::{self, folded, kept, same};
use super::request::{Operation, Request};
use super::traffic::TrafficFilter;
use super::unknown::UnknownFields;
use crate::number::PhoneNumber;
use crate::twilio::{AccountSid, CallSid};

/// The longest TwiML Twilio takes in a call, in characters.
const TWIML: usize = 4000;

/// A call, made or taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Call {
    /// Its SID.
    pub sid: CallSid,
    /// Who calls, if it is a phone number.
    pub from: Option<PhoneNumber>,
    /// Who is called, if it is a phone number.
    pub to: Option<PhoneNumber>,
    /// How it stands.
    pub status: CallStatus,
    /// Twilio's word: `inbound`, `outbound-api`, `outbound-dial`.
    pub direction: Option<String>,
    /// When it was asked for, UTC.
    pub created_at: Option<DateTime<Utc>>,
    /// When it was answered or began to ring, UTC.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended, UTC.
    pub ended_at: Option<DateTime<Utc>>,
    /// How long it lasted, in seconds.
    pub seconds: Option<u64>,
    /// Fields Twilio did not document when this was written.
    pub unknown: UnknownFields,
}

/// How a call stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallStatus {
    /// Waiting to be placed.
    Queued,
    /// Placed, not ringing yet.
    Initiated,
    /// Ringing.
    Ringing,
    /// Answered.
    InProgress,
    /// Answered and ended.
    Completed,
    /// The number called is busy.
    Busy,
    /// It could not be connected.
    Failed,
    /// Nobody answered.
    NoAnswer,
    /// Called off before it was answered.
    Canceled,
    /// A word not known here, as Twilio wrote it; empty if it wrote none.
    Other(String),
}

impl CallStatus {
    /// Reads Twilio's word for it, in any spelling. An unknown one is kept as it may be shown:
    /// at most 64 characters on one line, account and key SIDs masked.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        let word = kept(word);
        match folded(&word).as_str() {
            "queued" => Self::Queued,
            "initiated" => Self::Initiated,
            "ringing" => Self::Ringing,
            "in_progress" | "answered" => Self::InProgress,
            "completed" => Self::Completed,
            "busy" => Self::Busy,
            "failed" => Self::Failed,
            "no_answer" => Self::NoAnswer,
            "canceled" | "cancelled" => Self::Canceled,
            _ => Self::Other(word),
        }
    }

    /// Whether it has ended. An unknown word does not say so.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Completed | Self::Busy | Self::Failed | Self::NoAnswer | Self::Canceled
        )
    }

    /// Twilio's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Queued => "queued",
            Self::Initiated => "initiated",
            Self::Ringing => "ringing",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Busy => "busy",
            Self::Failed => "failed",
            Self::NoAnswer => "no-answer",
            Self::Canceled => "canceled",
            Self::Other(word) => word,
        }
    }
}

impl fmt::Display for CallStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A call to be placed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct NewCall {
    from: PhoneNumber,
    to: PhoneNumber,
    twiml: String,
    status_callback: Option<CallbackUrl>,
}

impl NewCall {
    /// A call from `from`, a number of the account, to `to`, which does what `twiml` says once it
    /// is answered: at most 4000 characters.
    pub fn new(from: PhoneNumber, to: PhoneNumber, twiml: impl Into<String>) -> Self {
        Self {
            from,
            to,
            twiml: twiml.into(),
            status_callback: None,
        }
    }

    /// What Twilio calls when the call ends.
    pub fn status_callback(mut self, url: CallbackUrl) -> Self {
        self.status_callback = Some(url);
        self
    }
}

/// What Twilio documents besides, and nobody here needs.
const DOCUMENTED: [&str; 16] = [
    "answered_by",
    "api_version",
    "caller_name",
    "date_updated",
    "forwarded_from",
    "from_formatted",
    "group_sid",
    "parent_call_sid",
    "phone_number_sid",
    "price",
    "price_unit",
    "queue_time",
    "subresource_uris",
    "to_formatted",
    "trunk_sid",
    "uri",
];

fn unknown<'de, D: Deserializer<'de>>(left: D) -> Result<UnknownFields, D::Error> {
    UnknownFields::read(left, &DOCUMENTED)
}

#[derive(Deserialize)]
struct Wire {
    #[serde(deserialize_with = "lenient::sid")]
    sid: CallSid,
    #[serde(default, deserialize_with = "lenient::text")]
    account_sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::phone")]
    from: Option<PhoneNumber>,
    #[serde(default, deserialize_with = "lenient::phone")]
    to: Option<PhoneNumber>,
    #[serde(default, deserialize_with = "lenient::text")]
    status: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    direction: Option<String>,
    #[serde(default, deserialize_with = "lenient::time")]
    date_created: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "lenient::time")]
    start_time: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "lenient::time")]
    end_time: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "lenient::whole")]
    duration: Option<u64>,
    #[serde(flatten, deserialize_with = "unknown")]
    unknown: UnknownFields,
}

impl From<Wire> for Call {
    fn from(wire: Wire) -> Self {
        Self {
            sid: wire.sid,
            from: wire.from,
            to: wire.to,
            status: CallStatus::from_word(&wire.status.unwrap_or_default()),
            direction: wire.direction,
            created_at: wire.date_created,
            started_at: wire.start_time,
            ended_at: wire.end_time,
            seconds: wire.duration,
            unknown: wire.unknown,
        }
    }
}

/// The call in an answer, which must be of `account`.
fn read(answer: &Answer, account: &AccountSid) -> Result<Call, TwilioError> {
    let wire: Wire = answer.json()?;
    answer.is_of("account", wire.account_sid.as_deref(), account.as_str())?;
    Ok(wire.into())
}

fn list_path(account: &AccountSid) -> String {
    format!("/2010-04-01/Accounts/{}/Calls.json", account.as_str())
}

impl TwilioClient {
    /// Places a call. It is charged, and rings at somebody's.
    ///
    /// If the outcome is unknown, look among the [`calls`](Self::calls) before calling again.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses, or answers with another call, or the
    /// TwiML is empty or too long.
    pub async fn place_call(
        &self,
        account: &AccountSid,
        call: &NewCall,
    ) -> Result<Call, TwilioError> {
        let operation = Operation::post("Calls");
        let length = call.twiml.chars().count();
        if length == 0 || length > TWIML {
            let words =
                format!("TwiML has 1 to {TWIML} characters, this has {length}; nothing was sent");
            return Err(TwilioError::unsent(operation, words));
        }
        let mut pairs = vec![
            ("From", call.from.as_str()),
            ("To", call.to.as_str()),
            ("Twiml", call.twiml.as_str()),
        ];
        if let Some(url) = &call.status_callback {
            pairs.push(("StatusCallback", url.as_str()));
        }
        let request =
            Request::new(operation, account, Product::Api, list_path(account)).form(&pairs);
        let answer = self.0.send(&request).await?;
        let made = read(&answer, account)?;
        let ends = [
            ("a caller", made.from, call.from),
            ("a callee", made.to, call.to),
        ];
        for (what, told, asked) in ends {
            let told = told.as_ref().map(PhoneNumber::as_str);
            answer.is_of(what, told, asked.as_str())?;
        }
        Ok(made)
    }

    /// A call by its SID.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses, or answers with another call.
    pub async fn call(&self, account: &AccountSid, call: &CallSid) -> Result<Call, TwilioError> {
        let request = Request::new(
            Operation::get("Call"),
            account,
            Product::Api,
            format!(
                "/2010-04-01/Accounts/{}/Calls/{call}.json",
                account.as_str()
            ),
        );
        let answer = self.0.send(&request).await?;
        let held = read(&answer, account)?;
        answer.is_of("call", Some(held.sid.as_str()), call.as_str())?;
        Ok(held)
    }

    /// The account's calls.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses.
    pub async fn calls(
        &self,
        account: &AccountSid,
        filter: &TrafficFilter,
    ) -> Result<Vec<Call>, TwilioError> {
        let day = filter.day();
        let pairs = filter.pairs("StartTime>", day.as_deref());
        let operation = Operation::get("Calls");
        let request =
            Request::new(operation, account, Product::Api, list_path(account)).query(&pairs);
        let rows: Vec<Wire> = self.0.list(request, "calls").await?;
        Ok(rows
            .into_iter()
            .filter(|row| same(row.account_sid.as_deref(), account.as_str()))
            .map(Call::from)
            .filter(|call| {
                let at = call.started_at.or(call.created_at);
                filter.takes(call.from, call.to, at)
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_call_is_read_as_twilio_writes_it() {
        let sid = format!("CA{}", "a".repeat(32));
        let read = |body| Call::from(serde_json::from_value::<Wire>(body).unwrap());
        let call = read(json!({
            "sid": sid, "from": "+14155552671", "to": "client:front-desk", "status": "no-answer",
            "start_time": "Fri, 18 Oct 2019 17:02:00 +0000", "end_time": null, "duration": "4"
        }));
        assert_eq!(call.from, "+14155552671".parse().ok());
        assert_eq!((call.to, call.seconds), (None, Some(4)));
        assert_eq!(call.started_at, "2019-10-18T17:02:00Z".parse().ok());
        assert!(call.status == CallStatus::NoAnswer && call.status.is_final());
        let odd = read(json!({"sid": sid, "status": "on-hold"}));
        assert_eq!(odd.status, CallStatus::Other("on-hold".into()));
        assert!(!odd.status.is_final());
    }
}
