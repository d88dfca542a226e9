//! Deliveries read into hints, leniently.

use serde_json::Value;

use super::fields::{Fields, number, time};
use super::hint::{
    CallHint, Hint, MessageHint, OtherHint, RegistrationHint, RegistrationState, Unreadable,
};
use crate::number::PhoneNumber;
use crate::twilio::client::mask::{REASON, WORD, said};
use crate::twilio::{
    AccountSid, CallSid, CallStatus, MessageSid, MessageStatus, NumberSid, ServiceSid, TwilioCode,
};

const REGISTRATION: &str = "com.twilio.messaging.compliance.number-registration.";
const DEREGISTRATION: &str = "com.twilio.messaging.compliance.number-deregistration.";

/// So much is kept of an event's type and of its own name, in characters.
const NAME: usize = 128;

/// The hint of a form: status callbacks, and what Twilio asks when a call or message comes in.
pub(super) fn of_form(pairs: &[(String, String)]) -> Hint {
    of_callback(Fields::of_pairs(pairs), None, None)
}

/// The hints of a body that is no form: an event, or an array of them.
pub(super) fn of_json(body: &[u8]) -> Result<Vec<Hint>, Unreadable> {
    if body.trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    match serde_json::from_slice(body).map_err(|_| Unreadable::NotJson)? {
        Value::Array(events) => Ok(events.iter().map(of_event).collect()),
        event @ Value::Object(_) => Ok(vec![of_event(&event)]),
        _ => Err(Unreadable::NotEvents),
    }
}

fn of_event(event: &Value) -> Hint {
    let envelope = Fields::of_json(event);
    // Made fit to be shown before it is read: what is shown as a known type must be one.
    let kind = envelope.text(&["type"]).map(|kind| said(kind, NAME));
    // One that would be shown otherwise than it is tells nothing apart.
    let event_id = envelope
        .text(&["id"])
        .filter(|id| said(id, NAME) == *id)
        .map(str::to_owned);
    // Without `data` it is no CloudEvent, and everything is in the object itself.
    let fields = event.get("data").map(Fields::of_json);
    if let (Some(kind), Some(fields)) = (&kind, &fields)
        && let Some(state) = state(kind, fields)
    {
        let at = fields
            .read(&["timestamp"], time)
            .or_else(|| fields.read(&["updateddate"], time))
            .or_else(|| envelope.read(&["time"], time));
        return of_registration(fields.clone(), state, at, event_id);
    }
    of_callback(fields.unwrap_or(envelope), kind, event_id)
}

/// What an event of this type says of a registration; `None` if it is about something else.
fn state(kind: &str, fields: &Fields) -> Option<RegistrationState> {
    let reason = || word(fields, "failurereason", REASON);
    let lower = kind.to_ascii_lowercase();
    let registration = lower.strip_prefix(REGISTRATION);
    let other = |end: &str| RegistrationState::Other(said(end, WORD));
    Some(match (registration, lower.strip_prefix(DEREGISTRATION)) {
        (Some("pending"), _) => RegistrationState::Pending,
        (Some("successful"), _) => RegistrationState::Successful,
        (Some("failed"), _) => RegistrationState::Failed(reason()),
        (_, Some("pending")) => RegistrationState::DeregistrationPending,
        (_, Some("successful")) => RegistrationState::Deregistered,
        (_, Some("failed")) => RegistrationState::DeregistrationFailed(reason()),
        (Some(end), _) => other(&format!("number-registration.{end}")),
        (_, Some(end)) => other(&format!("number-deregistration.{end}")),
        (None, None) => return None,
    })
}

fn of_registration(
    fields: Fields,
    state: RegistrationState,
    at: Option<chrono::DateTime<chrono::Utc>>,
    event_id: Option<String>,
) -> Hint {
    Hint::Registration(RegistrationHint {
        number: fields.read(&["phonenumber"], number),
        number_sid: fields.read(&["phonenumbersid"], |text| NumberSid::parse(text).ok()),
        account: account(&fields),
        service: service(&fields),
        campaign: word(&fields, "campaignsid", WORD),
        state,
        external_status: word(&fields, "externalstatus", WORD),
        at,
        event_id,
        fields,
    })
}

/// A message if one is named, a call if one is named, else something else.
fn of_callback(fields: Fields, kind: Option<String>, event_id: Option<String>) -> Hint {
    let account = account(&fields);
    let ends = |name| -> Option<PhoneNumber> { fields.read(&[name], number) };
    let (from, to) = (ends("From"), ends("To"));
    // Events about calls and messages are named otherwise and their status is in the type, so
    // their words would be taken for what they are not.
    let callback = kind.is_none();
    let message = fields.read(&["MessageSid", "SmsSid"], |text| {
        MessageSid::parse(text).ok()
    });
    if let Some(sid) = message.filter(|_| callback) {
        return Hint::Message(MessageHint {
            sid,
            account,
            from,
            to,
            service: service(&fields),
            status: fields.read(&["MessageStatus", "SmsStatus"], |text| {
                Some(MessageStatus::from_word(text))
            }),
            error: fields.read(&["ErrorCode"], code),
            fields,
        });
    }
    let call = fields.read(&["CallSid"], |text| CallSid::parse(text).ok());
    if let Some(sid) = call.filter(|_| callback) {
        return Hint::Call(CallHint {
            sid,
            account,
            from,
            to,
            status: fields.read(&["CallStatus"], |text| Some(CallStatus::from_word(text))),
            fields,
        });
    }
    Hint::Other(OtherHint {
        kind,
        account,
        event_id,
        fields,
    })
}

/// A word of the far end as it is kept, if anything of it can be shown.
fn word(fields: &Fields, name: &str, most: usize) -> Option<String> {
    fields.read(&[name], |text| {
        let shown = said(text, most);
        (!shown.is_empty()).then_some(shown)
    })
}

fn account(fields: &Fields) -> Option<AccountSid> {
    fields.read(&["accountsid"], |text| AccountSid::parse(text).ok())
}

fn service(fields: &Fields) -> Option<ServiceSid> {
    fields.read(&["messagingservicesid"], |text| {
        ServiceSid::parse(text).ok()
    })
}

/// 0 is how some of Twilio's products write that there is none.
fn code(text: &str) -> Option<TwilioCode> {
    let number = text.parse().ok().filter(|number| *number != 0)?;
    Some(TwilioCode::from_number(number))
}
