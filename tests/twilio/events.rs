//! Events that Twilio sends, read into hints.

mod generated;
mod keys;
mod words;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use snap_port::PhoneNumber;
use snap_port::twilio::webhook::{
    CallHint, Hint, MessageHint, RegistrationHint, RegistrationState, SignatureKeys, Unreadable,
    Webhook, WebhookRequest,
};
use snap_port::twilio::{CallStatus, TwilioCode};

use super::signatures::oracle::{hex, sha256, sign};

const URL: &str = "https://port.example/twilio/events";
const AC: &str = "AC0123456789abcdef0123456789abcdef";
const PN: &str = "PN0123456789abcdef0123456789abcdef";
const MG: &str = "MG0123456789abcdef0123456789abcdef";
const CA: &str = "CA0123456789abcdef0123456789abcdef";
const SM: &str = "SM0123456789abcdef0123456789abcdef";

/// The hints of what Twilio signed.
fn hints_of(method: &str, url: &str, form: bool, body: &[u8]) -> Result<Vec<Hint>, Unreadable> {
    let pairs: Vec<(String, String)> = match form {
        true => pairs_of(std::str::from_utf8(body).unwrap()),
        false => Vec::new(),
    };
    let signature = sign("12345", url, &pairs);
    let mut request =
        WebhookRequest::new(method, url, body).header("X-Twilio-Signature", signature.as_bytes());
    if form {
        request = request.header("Content-Type", b"application/x-www-form-urlencoded");
    }
    let webhook = Webhook::new(SignatureKeys::new("12345").unwrap());
    webhook.verify(&request).unwrap().hints()
}

/// The forms here escape nothing but `+`, which bare is a blank.
fn pairs_of(form: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), value.replace('+', " ").replace("%2B", "+"))
    };
    form.split('&')
        .filter(|p| !p.is_empty())
        .map(pair)
        .collect()
}

fn of_form(body: &str) -> Hint {
    let hints = hints_of("POST", URL, true, body.as_bytes()).unwrap();
    assert_eq!(hints.len(), 1);
    hints.into_iter().next().unwrap()
}

fn of_body(body: &[u8]) -> Result<Vec<Hint>, Unreadable> {
    let url = format!("{URL}?bodySHA256={}", hex(&sha256(body)));
    hints_of("POST", &url, false, body)
}

fn of_json(value: &Value) -> Vec<Hint> {
    of_body(value.to_string().as_bytes()).unwrap()
}

fn one(value: &Value) -> Hint {
    let hints = of_json(value);
    assert_eq!(hints.len(), 1);
    hints.into_iter().next().unwrap()
}

fn call(body: &str) -> CallHint {
    match of_form(body) {
        Hint::Call(call) => call,
        other => panic!("{other:?}"),
    }
}

fn message(body: &str) -> MessageHint {
    match of_form(body) {
        Hint::Message(message) => message,
        other => panic!("{other:?}"),
    }
}

fn registration(event: &Value) -> RegistrationHint {
    match one(event) {
        Hint::Registration(news) => news,
        other => panic!("{other:?}"),
    }
}

fn number(text: &str) -> PhoneNumber {
    PhoneNumber::from_e164(text).unwrap()
}

fn at(text: &str) -> Option<DateTime<Utc>> {
    Some(text.parse().unwrap())
}

/// A registration event as documented, version 2.
fn event(kind: &str) -> Value {
    json!({
        "specversion": "1.0",
        "type": format!("com.twilio.messaging.compliance.{kind}"),
        "source": "https://messaging.twilio.com",
        "id": "EZ0123456789abcdef0123456789abcdef",
        "dataschema": "https://events-schemas.twilio.com/A2P.NumberRegistration/2",
        "datacontenttype": "application/json",
        "time": "2026-11-24T03:30:00.000Z",
        "data": {
            "id": "d",
            "phonenumber": "+14155552671",
            "phonenumbersid": PN,
            "accountsid": AC,
            "campaignsid": "CM0123456789abcdef0123456789abcdef",
            "messagingservicesid": MG,
            "externalstatus": "REGISTERED",
            "failurereason": "",
            "timestamp": 1_795_490_998_000_i64,
            "updateddate": 1_795_490_000_000_i64,
        },
    })
}

#[test]
fn a_call_is_read() {
    let read = call(&format!(
        "CallSid={CA}&AccountSid={AC}&From=%2B14155552671&To=%2B14155552672&CallStatus=no-answer\
         &CallDuration=0&SequenceNumber=3"
    ));
    assert_eq!(read.sid.as_str(), CA);
    assert_eq!(read.account.as_ref().map(|sid| sid.as_str()), Some(AC));
    assert_eq!(read.from, Some(number("+14155552671")));
    assert_eq!(read.to, Some(number("+14155552672")));
    assert_eq!(read.status, Some(CallStatus::NoAnswer));
    assert_eq!(read.fields.get("SequenceNumber"), Some("3"));
    let hint = Hint::Call(read);
    assert_eq!(
        hint.numbers(),
        [number("+14155552671"), number("+14155552672")]
    );
}

#[test]
fn what_is_missing_or_cannot_be_read_is_missing() {
    let read = call(&format!("CallSid={CA}"));
    assert_eq!(
        (read.account, read.from, read.to, read.status),
        (None, None, None, None)
    );
    let read = call(&format!(
        "CallSid={CA}&AccountSid=AC1&From=client:alice&To=+14155552671&CallStatus=levitating"
    ));
    assert_eq!((read.account, read.from), (None, None));
    assert_eq!(read.to, Some(number("+14155552671")));
    assert_eq!(read.status.unwrap().to_string(), "levitating");
    assert_eq!(read.fields.get("From"), Some("client:alice"));
}

#[test]
fn a_message_is_read() {
    let read = message(&format!(
        "MessageSid={SM}&SmsSid={SM}&SmsStatus=sent&MessageStatus=undelivered&ErrorCode=30034\
         &AccountSid={AC}&MessagingServiceSid={MG}&From=%2B14155552671&To=%2B14155552672"
    ));
    assert_eq!(read.sid.as_str(), SM);
    assert_eq!(read.status.unwrap().to_string(), "undelivered");
    assert_eq!(read.error, Some(TwilioCode::from_number(30034)));
    assert_eq!(read.service.unwrap().as_str(), MG);
    assert_eq!(read.to, Some(number("+14155552672")));
    // As one that came in says it; 0 is no error.
    let read = message(&format!(
        "SmsSid={SM}&SmsStatus=received&ErrorCode=0&Body=hello"
    ));
    assert_eq!(read.status.unwrap().to_string(), "received");
    assert_eq!(read.error, None);
    for error in ["", "-1", "thirty", "99999999999999999999"] {
        assert_eq!(
            message(&format!("MessageSid={SM}&ErrorCode={error}")).error,
            None
        );
    }
}

#[test]
fn every_registration_event_is_read() {
    let mut failed = event("number-registration.failed");
    failed["data"]["failurereason"] = json!("not provisioned");
    let mut kept = event("number-deregistration.failed");
    kept["data"]["failurereason"] = json!("carrier");
    for (event, state) in [
        (
            event("number-registration.pending"),
            RegistrationState::Pending,
        ),
        (
            event("number-registration.successful"),
            RegistrationState::Successful,
        ),
        (
            event("number-registration.failed"),
            RegistrationState::Failed(None),
        ),
        (
            failed,
            RegistrationState::Failed(Some("not provisioned".into())),
        ),
        (
            event("number-deregistration.pending"),
            RegistrationState::DeregistrationPending,
        ),
        (
            event("number-deregistration.successful"),
            RegistrationState::Deregistered,
        ),
        (
            kept,
            RegistrationState::DeregistrationFailed(Some("carrier".into())),
        ),
        (
            event("number-registration.paused"),
            RegistrationState::Other("number-registration.paused".into()),
        ),
        (
            event("number-deregistration.paused"),
            RegistrationState::Other("number-deregistration.paused".into()),
        ),
    ] {
        let read = registration(&event);
        assert_eq!(read.state, state);
        assert_eq!(read.number, Some(number("+14155552671")));
        assert_eq!(read.number_sid.as_ref().map(|sid| sid.as_str()), Some(PN));
        assert_eq!(read.account.as_ref().map(|sid| sid.as_str()), Some(AC));
        assert_eq!(read.service.as_ref().map(|sid| sid.as_str()), Some(MG));
        assert_eq!(
            read.campaign.as_deref(),
            Some("CM0123456789abcdef0123456789abcdef")
        );
        assert_eq!(read.external_status.as_deref(), Some("REGISTERED"));
        assert_eq!(read.at, at("2026-11-24T03:29:58Z"));
        assert_eq!(read.fields.get("id"), Some("d"));
        assert_eq!(Hint::Registration(read).numbers(), [number("+14155552671")]);
    }
}

#[test]
fn a_registration_is_read_leniently() {
    // Version 1 has no service; numbers come as numbers, times as texts, names in other cases.
    let read = registration(&json!({
        "type": "com.twilio.messaging.compliance.Number-Registration.SUCCESSFUL",
        "data": {
            "phoneNumber": 14_155_552_671_u64,
            "PhoneNumberSid": PN,
            "account_sid": AC,
            "updatedDate": "2026-11-24T03:29:58Z",
            "externalstatus": null,
            "extra": {"nested": [1, null]},
        },
    }));
    assert_eq!(read.state, RegistrationState::Successful);
    assert_eq!(read.external_status, None);
    assert_eq!(read.number, Some(number("+14155552671")));
    assert_eq!(read.number_sid.unwrap().as_str(), PN);
    assert_eq!(read.account.unwrap().as_str(), AC);
    assert_eq!((read.service, read.event_id), (None, None));
    assert_eq!(read.at, at("2026-11-24T03:29:58Z"));
    assert_eq!(read.fields.get("extra"), Some(r#"{"nested":[1,null]}"#));
    // Nothing of use, but still news that something happened.
    for data in [
        json!({}),
        json!("x"),
        json!([1]),
        json!(null),
        json!({"timestamp": {}}),
    ] {
        let mut bare = event("number-registration.pending");
        bare["data"] = data;
        let read = registration(&bare);
        assert_eq!((read.number, read.account), (None, None));
        assert_eq!(read.at, at("2026-11-24T03:30:00Z"), "the event's own time");
    }
}

#[test]
fn an_array_is_read_to_its_end() {
    let hints = of_json(&json!([
        event("number-registration.pending"),
        {"type": "com.twilio.messaging.message.delivered", "id": "EZ1", "data": {"messageSid": SM}},
        {"type": "com.twilio.voice.status", "data": {"CallSid": CA}},
        7,
        null,
        [],
        {},
        {"type": 3, "data": 4},
        event("number-registration.successful"),
    ]));
    let kinds: Vec<&str> = hints
        .iter()
        .map(|hint| match hint {
            Hint::Registration(_) => "registration",
            Hint::Other(other) => other.kind.as_deref().unwrap_or("none"),
            _ => panic!("{hint:?}"),
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "registration",
            "com.twilio.messaging.message.delivered",
            "com.twilio.voice.status",
            "none",
            "none",
            "none",
            "none",
            "3",
            "registration"
        ]
    );
    assert_eq!(of_json(&json!([])), []);
}

#[test]
fn a_callback_comes_in_any_clothes() {
    let expected = call(&format!(
        "CallSid={CA}&CallStatus=completed&To=%2B14155552671"
    ));
    let json = one(&json!({"callSid": CA, "CallStatus": "completed", "To": "+14155552671"}));
    let url = format!("{URL}?CallSid={CA}&CallStatus=completed&To=%2B14155552671");
    let get = hints_of("GET", &url, false, b"").unwrap();
    assert_eq!(get, [Hint::Call(expected.clone())]);
    assert_eq!(json.key(), Hint::Call(expected).key());
}

#[test]
fn what_is_not_known_is_kept() {
    // A porting webhook.
    let other = one(&json!({
        "port_in_request_sid": "KW0123456789abcdef0123456789abcdef",
        "status": "completed",
        "account_sid": AC,
    }));
    let Hint::Other(read) = &other else {
        panic!("{other:?}");
    };
    assert_eq!(read.kind, None);
    assert_eq!(other.account().map(|sid| sid.as_str()), Some(AC));
    assert_eq!(other.fields().get("status"), Some("completed"));
    assert_eq!(other.numbers(), []);
    for form in [
        "",
        "Foo=bar",
        "CallSid=CA1",
        "MessageSid=",
        &format!("CallSid={SM}"),
    ] {
        assert!(matches!(of_form(form), Hint::Other(_)), "{form}");
    }
    // Two calls in one breath: neither is meant.
    let (first, second) = (CA, CA.replace("CA0", "CAf"));
    let hint = of_form(&format!("CallSid={first}&CallSid={second}"));
    assert!(matches!(hint, Hint::Other(_)), "{hint:?}");
}

#[test]
fn what_cannot_be_read_says_so() {
    for body in ["{", "CallSid=CA1", "[1,", "\u{0}", "{}{}", "nul"] {
        assert_eq!(
            of_body(body.as_bytes()),
            Err(Unreadable::NotJson),
            "{body:?}"
        );
    }
    assert_eq!(of_body(b"\xFF"), Err(Unreadable::NotJson));
    let deep = "[".repeat(100_000);
    assert_eq!(of_body(deep.as_bytes()), Err(Unreadable::NotJson));
    for body in ["1", "null", "\"text\"", "true"] {
        assert_eq!(
            of_body(body.as_bytes()),
            Err(Unreadable::NotEvents),
            "{body}"
        );
    }
    for body in ["", " \r\n"] {
        assert_eq!(of_body(body.as_bytes()), Ok(Vec::new()));
    }
    let url = format!("{URL}?CallSid={CA}&x=%FF");
    assert_eq!(
        hints_of("GET", &url, false, b""),
        Err(Unreadable::QueryNotUtf8)
    );
}
