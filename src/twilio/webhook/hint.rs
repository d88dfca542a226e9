//! What a delivery says is worth a look.

use std::fmt;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::fields::Fields;
use crate::number::PhoneNumber;
use crate::twilio::{
    AccountSid, CallSid, CallStatus, MessageSid, MessageStatus, NumberSid, ServiceSid, TwilioCode,
};

/// What a delivery says is worth a look. A hint is no evidence.
///
/// Deliveries come late, twice, out of order or not at all, and what one says may have changed by
/// the time it is read. A hint says *what to look at sooner than at the next regular look*, and
/// the look is at Twilio's API. A hint that never came changes nothing but the time.
///
/// One thing no API shows: whether a number is registered. So
/// [`TwilioCarrier::hear`](crate::twilio::TwilioCarrier::hear) remembers the registry's word, and
/// the next look weighs it against the number's membership, its campaign and its texts.
///
/// Everything that can be missing is an `Option`; what this crate knows no name for is in
/// [`fields`](Self::fields). Words are kept as they may be shown, a reason in at most 400
/// characters: on one line, account and key SIDs masked, URLs without a query. As they came they
/// are in the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// A call has another status.
    Call(CallHint),
    /// A message has another status, or came in.
    Message(MessageHint),
    /// The registration of a number for A2P 10DLC campaigns has another state. Twilio's API does
    /// not show it, so the look this hint is good for is a test message.
    Registration(RegistrationHint),
    /// Something else.
    Other(OtherHint),
}

/// Of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallHint {
    /// The call.
    pub sid: CallSid,
    /// Whose call it is.
    pub account: Option<AccountSid>,
    /// Who calls, if it is a number.
    pub from: Option<PhoneNumber>,
    /// Who is called, if it is a number.
    pub to: Option<PhoneNumber>,
    /// What is said of it.
    pub status: Option<CallStatus>,
    /// Everything that came.
    pub fields: Fields,
}

/// Of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageHint {
    /// The message.
    pub sid: MessageSid,
    /// Whose message it is.
    pub account: Option<AccountSid>,
    /// Who wrote it, if it is a number.
    pub from: Option<PhoneNumber>,
    /// Who gets it, if it is a number.
    pub to: Option<PhoneNumber>,
    /// The messaging service it went through.
    pub service: Option<ServiceSid>,
    /// What is said of it.
    pub status: Option<MessageStatus>,
    /// Why it failed.
    pub error: Option<TwilioCode>,
    /// Everything that came.
    pub fields: Fields,
}

/// Of a number's registration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RegistrationHint {
    /// The number.
    pub number: Option<PhoneNumber>,
    /// The number in the account's inventory.
    pub number_sid: Option<NumberSid>,
    /// Whose number it is.
    pub account: Option<AccountSid>,
    /// The messaging service that carries the campaign.
    pub service: Option<ServiceSid>,
    /// The campaign, as Twilio names it.
    pub campaign: Option<String>,
    /// What is said of it.
    pub state: RegistrationState,
    /// The registry's word for it, such as `REGISTERED`. Twilio publishes no list of these.
    pub external_status: Option<String>,
    /// Since when, by Twilio's clock.
    pub at: Option<DateTime<Utc>>,
    /// The event's own name; none if it is no name: over 128 characters, or not fit to be shown.
    pub event_id: Option<String>,
    /// Everything that came about it.
    pub fields: Fields,
}

/// What an event says of a number's registration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RegistrationState {
    /// Being registered.
    Pending,
    /// Registered: messages of the campaign should go through.
    Successful,
    /// Not registered, with the reason if one is given.
    Failed(Option<String>),
    /// Being taken out.
    DeregistrationPending,
    /// Taken out: messages will be blocked.
    Deregistered,
    /// Not taken out, with the reason if one is given.
    DeregistrationFailed(Option<String>),
    /// Any other, as the type of the event ends.
    Other(String),
}

/// Of something this crate knows no name for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtherHint {
    /// The type of the event, if it says one.
    pub kind: Option<String>,
    /// Whose it is.
    pub account: Option<AccountSid>,
    /// The event's own name; none if it is no name: over 128 characters, or not fit to be shown.
    pub event_id: Option<String>,
    /// Everything that came about it.
    pub fields: Fields,
}

impl Hint {
    /// What this hint is, whenever and however often it comes: the same news has the same key.
    ///
    /// Keep the keys of what was handled, and a delivery that is repeated or played back changes
    /// nothing.
    ///
    /// - A call or message: which one, and its status (and error).
    /// - A registration: which number where, its state, and since when; the event's own name takes
    ///   the place of a time that is missing.
    /// - Anything else: the event's type and own name, or everything that came.
    #[must_use]
    pub fn key(&self) -> HintKey {
        let mut key = KeyMaker::new();
        match self {
            Self::Call(call) => {
                key.add("call").add(call.sid.as_str());
                key.maybe(call.status.as_ref().map(CallStatus::as_str));
            }
            Self::Message(message) => {
                key.add("message").add(message.sid.as_str());
                key.maybe(message.status.as_ref().map(MessageStatus::as_str));
                let error = message.error.map(|code| code.number().to_string());
                key.maybe(error.as_deref());
            }
            Self::Registration(news) => {
                let (word, reason) = news.state.parts();
                let at = news.at.map(|at| at.timestamp_millis().to_string());
                let event_id = news.event_id.as_deref().filter(|_| at.is_none());
                key.add("registration").add(word);
                key.maybe(reason)
                    .maybe(news.number.as_ref().map(PhoneNumber::as_str))
                    .maybe(news.number_sid.as_ref().map(NumberSid::as_str))
                    .maybe(news.account.as_ref().map(AccountSid::as_str))
                    .maybe(news.service.as_ref().map(ServiceSid::as_str))
                    .maybe(news.campaign.as_deref())
                    .maybe(at.as_deref())
                    .maybe(event_id);
            }
            Self::Other(other) => {
                key.add("other").maybe(other.kind.as_deref());
                key.maybe(other.event_id.as_deref());
                if other.event_id.is_none() {
                    for (name, value) in other.fields.iter() {
                        key.add(name).add(value);
                    }
                }
            }
        }
        key.done()
    }

    /// The numbers to look at.
    #[must_use]
    pub fn numbers(&self) -> Vec<PhoneNumber> {
        let (first, second) = match self {
            Self::Call(call) => (call.from, call.to),
            Self::Message(message) => (message.from, message.to),
            Self::Registration(news) => (news.number, None),
            Self::Other(_) => (None, None),
        };
        first.into_iter().chain(second).collect()
    }

    /// Whose it is, if it is said. The signature does not vouch for it: any token at hand can have
    /// signed.
    #[must_use]
    pub fn account(&self) -> Option<&AccountSid> {
        match self {
            Self::Call(call) => call.account.as_ref(),
            Self::Message(message) => message.account.as_ref(),
            Self::Registration(news) => news.account.as_ref(),
            Self::Other(other) => other.account.as_ref(),
        }
    }

    /// Everything that came about it.
    #[must_use]
    pub fn fields(&self) -> &Fields {
        match self {
            Self::Call(call) => &call.fields,
            Self::Message(message) => &message.fields,
            Self::Registration(news) => &news.fields,
            Self::Other(other) => &other.fields,
        }
    }
}

impl RegistrationState {
    fn parts(&self) -> (&str, Option<&str>) {
        match self {
            Self::Pending => ("registration.pending", None),
            Self::Successful => ("registration.successful", None),
            Self::Failed(reason) => ("registration.failed", reason.as_deref()),
            Self::DeregistrationPending => ("deregistration.pending", None),
            Self::Deregistered => ("deregistration.successful", None),
            Self::DeregistrationFailed(reason) => ("deregistration.failed", reason.as_deref()),
            Self::Other(word) => ("other", Some(word)),
        }
    }
}

/// What a hint is, whenever it comes: see [`Hint::key`]. 32 bytes that give nothing of it away;
/// `Display` writes them as 64 hexadecimal digits, to be stored.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HintKey([u8; 32]);

impl fmt::Display for HintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for HintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HintKey({self})")
    }
}

/// Each part goes in with its length, so that no two lists of parts read alike.
struct KeyMaker(Sha256);

impl KeyMaker {
    fn new() -> Self {
        let mut maker = Self(Sha256::new());
        // Stored keys hold as long as this does.
        maker.add("snap-port twilio hint 1");
        maker
    }

    fn add(&mut self, part: &str) -> &mut Self {
        self.maybe(Some(part))
    }

    fn maybe(&mut self, part: Option<&str>) -> &mut Self {
        self.0.update([u8::from(part.is_some())]);
        if let Some(part) = part {
            // No length is over 64 bits.
            self.0.update((part.len() as u64).to_le_bytes());
            self.0.update(part);
        }
        self
    }

    fn done(self) -> HintKey {
        HintKey(self.0.finalize().into())
    }
}

/// A genuine delivery that no hint can be made of. Nothing of it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// The body is no JSON.
    #[error("the body is no JSON")]
    NotJson,
    /// The body is JSON, but neither an object nor an array.
    #[error("the body is JSON, but neither an event nor an array of events")]
    NotEvents,
    /// The query is not UTF-8.
    #[error("the query is not UTF-8")]
    QueryNotUtf8,
}
