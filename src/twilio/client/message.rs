//! Messages.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

use super::TwilioClient;
use super::answer::Answer;
use super::base::Product;
use super::callback::CallbackUrl;
use super::code::TwilioCode;
use super::error::TwilioError;
use super::lenient::{self, folded, kept, same};
use super::request::{Operation, Request};
use super::traffic::TrafficFilter;
use super::unknown::UnknownFields;
use crate::number::PhoneNumber;
use crate::twilio::{AccountSid, MessageSid};

/// The longest body Twilio takes, in characters (Twilio error 21617).
const BODY: usize = 1600;

/// A message, sent or received. `Debug` does not show what it says.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// Its SID.
    pub sid: MessageSid,
    /// Who sent it, if it is a phone number.
    pub from: Option<PhoneNumber>,
    /// Who gets it, if it is a phone number.
    pub to: Option<PhoneNumber>,
    /// What it says.
    pub body: String,
    /// How it stands.
    pub status: MessageStatus,
    /// Twilio's word: `inbound`, `outbound-api`, `outbound-call`, `outbound-reply`.
    pub direction: Option<String>,
    /// Why it failed, if it did.
    pub error_code: Option<TwilioCode>,
    /// When Twilio took it, UTC.
    pub created_at: Option<DateTime<Utc>>,
    /// When it was sent or received, UTC.
    pub sent_at: Option<DateTime<Utc>>,
    /// Fields Twilio did not document when this was written.
    pub unknown: UnknownFields,
}

/// How a message stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageStatus {
    /// Taken; a sender is being chosen.
    Accepted,
    /// Waiting for its time.
    Scheduled,
    /// Waiting to be sent.
    Queued,
    /// Being handed to the carrier.
    Sending,
    /// Handed to the carrier, which may still report that it was not delivered.
    Sent,
    /// Delivered.
    Delivered,
    /// Not delivered; see the error code.
    Undelivered,
    /// Not sent; see the error code.
    Failed,
    /// Coming in.
    Receiving,
    /// Come in.
    Received,
    /// Read.
    Read,
    /// Delivered to some.
    PartiallyDelivered,
    /// Called off.
    Canceled,
    /// A word not known here, as Twilio wrote it; empty if it wrote none.
    Other(String),
}

impl MessageStatus {
    /// Reads Twilio's word for it, in any spelling. An unknown one is kept as it may be shown:
    /// at most 64 characters on one line, account and key SIDs masked.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        let word = kept(word);
        match folded(&word).as_str() {
            "accepted" => Self::Accepted,
            "scheduled" => Self::Scheduled,
            "queued" => Self::Queued,
            "sending" => Self::Sending,
            "sent" => Self::Sent,
            "delivered" => Self::Delivered,
            "undelivered" => Self::Undelivered,
            "failed" => Self::Failed,
            "receiving" => Self::Receiving,
            "received" => Self::Received,
            "read" => Self::Read,
            "partially_delivered" => Self::PartiallyDelivered,
            "canceled" | "cancelled" => Self::Canceled,
            _ => Self::Other(word),
        }
    }

    /// Whether nothing more will happen. `Sent` and unknown words do not say so.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Delivered
                | Self::Undelivered
                | Self::Failed
                | Self::Received
                | Self::Read
                | Self::PartiallyDelivered
                | Self::Canceled
        )
    }

    /// Twilio's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Accepted => "accepted",
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Receiving => "receiving",
            Self::Received => "received",
            Self::Read => "read",
            Self::PartiallyDelivered => "partially_delivered",
            Self::Canceled => "canceled",
            Self::Other(word) => word,
        }
    }
}

impl fmt::Display for MessageStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A message to be sent. `Debug` does not show what it says.
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct NewMessage {
    from: PhoneNumber,
    to: PhoneNumber,
    body: String,
    status_callback: Option<CallbackUrl>,
}

impl NewMessage {
    /// A message from this very number, of 1 to 1600 characters. (Of a messaging service Twilio
    /// would choose any number, which shows nothing about this one.)
    pub fn new(from: PhoneNumber, to: PhoneNumber, body: impl Into<String>) -> Self {
        Self {
            from,
            to,
            body: body.into(),
            status_callback: None,
        }
    }

    /// What Twilio calls when its status changes.
    pub fn status_callback(mut self, url: CallbackUrl) -> Self {
        self.status_callback = Some(url);
        self
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("sid", &self.sid)
            .field("from", &self.from)
            .field("to", &self.to)
            .field("status", &self.status)
            .field("direction", &self.direction)
            .field("error_code", &self.error_code)
            .field("created_at", &self.created_at)
            .field("sent_at", &self.sent_at)
            .field("unknown", &self.unknown)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for NewMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewMessage")
            .field("from", &self.from)
            .field("to", &self.to)
            .field("status_callback", &self.status_callback)
            .finish_non_exhaustive()
    }
}

/// What Twilio documents besides, and nobody here needs.
const DOCUMENTED: [&str; 10] = [
    "api_version",
    "date_updated",
    "error_message",
    "messaging_service_sid",
    "num_media",
    "num_segments",
    "price",
    "price_unit",
    "subresource_uris",
    "uri",
];

fn unknown<'de, D: Deserializer<'de>>(left: D) -> Result<UnknownFields, D::Error> {
    UnknownFields::read(left, &DOCUMENTED)
}

#[derive(Deserialize)]
struct Wire {
    #[serde(deserialize_with = "lenient::sid")]
    sid: MessageSid,
    #[serde(default, deserialize_with = "lenient::text")]
    account_sid: Option<String>,
    #[serde(default, deserialize_with = "lenient::phone")]
    from: Option<PhoneNumber>,
    #[serde(default, deserialize_with = "lenient::phone")]
    to: Option<PhoneNumber>,
    #[serde(default, deserialize_with = "lenient::text")]
    body: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    status: Option<String>,
    #[serde(default, deserialize_with = "lenient::word")]
    direction: Option<String>,
    #[serde(default, deserialize_with = "lenient::code")]
    error_code: Option<u32>,
    #[serde(default, deserialize_with = "lenient::time")]
    date_created: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "lenient::time")]
    date_sent: Option<DateTime<Utc>>,
    #[serde(flatten, deserialize_with = "unknown")]
    unknown: UnknownFields,
}

impl From<Wire> for Message {
    fn from(wire: Wire) -> Self {
        Self {
            sid: wire.sid,
            from: wire.from,
            to: wire.to,
            body: wire.body.unwrap_or_default(),
            status: MessageStatus::from_word(&wire.status.unwrap_or_default()),
            direction: wire.direction,
            error_code: wire.error_code.map(TwilioCode::from_number),
            created_at: wire.date_created,
            sent_at: wire.date_sent,
            unknown: wire.unknown,
        }
    }
}

/// The message in an answer, which must be of `account`.
fn read(answer: &Answer, account: &AccountSid) -> Result<Message, TwilioError> {
    let wire: Wire = answer.json()?;
    answer.is_of("account", wire.account_sid.as_deref(), account.as_str())?;
    Ok(wire.into())
}

fn list_path(account: &AccountSid) -> String {
    format!("/2010-04-01/Accounts/{}/Messages.json", account.as_str())
}

impl TwilioClient {
    /// Sends a message. It is charged, and reaches somebody.
    ///
    /// If the outcome is unknown, look among the [`messages`](Self::messages) before sending again.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses, or answers with another message, or the
    /// body is empty or too long.
    pub async fn send_message(
        &self,
        account: &AccountSid,
        message: &NewMessage,
    ) -> Result<Message, TwilioError> {
        let operation = Operation::post("Messages");
        let length = message.body.chars().count();
        if length == 0 || length > BODY {
            let words =
                format!("a body has 1 to {BODY} characters, this has {length}; nothing was sent");
            return Err(TwilioError::unsent(operation, words));
        }
        let mut pairs = vec![
            ("From", message.from.as_str()),
            ("To", message.to.as_str()),
            ("Body", message.body.as_str()),
        ];
        if let Some(url) = &message.status_callback {
            pairs.push(("StatusCallback", url.as_str()));
        }
        let request =
            Request::new(operation, account, Product::Api, list_path(account)).form(&pairs);
        let answer = self.0.send(&request).await?;
        let made = read(&answer, account)?;
        let ends = [
            ("a sender", made.from, message.from),
            ("a recipient", made.to, message.to),
        ];
        for (what, told, asked) in ends {
            let told = told.as_ref().map(PhoneNumber::as_str);
            answer.is_of(what, told, asked.as_str())?;
        }
        Ok(made)
    }

    /// A message by its SID.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses, or answers with another message.
    pub async fn message(
        &self,
        account: &AccountSid,
        message: &MessageSid,
    ) -> Result<Message, TwilioError> {
        let account_sid = account.as_str();
        let request = Request::new(
            Operation::get("Message"),
            account,
            Product::Api,
            format!("/2010-04-01/Accounts/{account_sid}/Messages/{message}.json"),
        );
        let answer = self.0.send(&request).await?;
        let held = read(&answer, account)?;
        answer.is_of("message", Some(held.sid.as_str()), message.as_str())?;
        Ok(held)
    }

    /// The account's messages, sent and received.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses.
    pub async fn messages(
        &self,
        account: &AccountSid,
        filter: &TrafficFilter,
    ) -> Result<Vec<Message>, TwilioError> {
        let rows: Vec<Wire> = self.0.list(listing(account, filter), "messages").await?;
        Ok(meant(rows, account, filter))
    }

    /// What `told` makes of the newest of the pages that tell anything. Twilio lists the newest
    /// messages first, so what is older is not read.
    pub(in crate::twilio) async fn last_told<T>(
        &self,
        account: &AccountSid,
        filter: &TrafficFilter,
        told: impl Fn(&[Message]) -> Option<T>,
    ) -> Result<Option<T>, TwilioError> {
        let mut pages = self.0.pages(listing(account, filter), "messages");
        while let Some(page) = pages.next().await? {
            let found = told(&meant(page.read()?, account, filter));
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

fn listing(account: &AccountSid, filter: &TrafficFilter) -> Request {
    let day = filter.day();
    let pairs = filter.pairs("DateSent>", day.as_deref());
    let operation = Operation::get("Messages");
    Request::new(operation, account, Product::Api, list_path(account)).query(&pairs)
}

/// The messages that were asked for.
fn meant(rows: Vec<Wire>, account: &AccountSid, filter: &TrafficFilter) -> Vec<Message> {
    rows.into_iter()
        .filter(|row| same(row.account_sid.as_deref(), account.as_str()))
        .map(Message::from)
        .filter(|message| {
            let at = message.sent_at.or(message.created_at);
            filter.takes(message.from, message.to, at)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_is_read_as_twilio_writes_it() {
        let sid = format!("SM{}", "d".repeat(32));
        let read = |body| Message::from(serde_json::from_value::<Wire>(body).unwrap());
        for code in [json!(30034), json!("30034")] {
            let message = read(json!({
                "sid": sid, "from": "+12019235161", "to": "whatsapp:+18182008801",
                "body": "very private", "status": "undelivered", "error_code": code,
                "date_created": "Fri, 24 May 2019 17:44:46 +0000", "date_sent": null
            }));
            assert_eq!(message.error_code, Some(TwilioCode::UnregisteredNumber));
            assert_eq!((message.to, message.sent_at), (None, None));
            assert!(message.status.is_final());
            assert!(!format!("{message:?}").contains("private"));
        }
        let odd = read(json!({"sid": sid, "status": "pondering", "error_code": 0, "body": null}));
        assert_eq!(odd.status, MessageStatus::Other("pondering".into()));
        assert_eq!((odd.error_code, odd.body.as_str()), (None, ""));
        assert!(!MessageStatus::Sent.is_final() && !odd.status.is_final());
    }
}
