//! The same news has the same key, and other news another.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use snap_port::twilio::webhook::{Hint, HintKey};

use super::{AC, CA, MG, PN, SM, call, event, of_form, of_json, one};

#[test]
fn the_same_news_has_the_same_key_however_it_comes() {
    let sent = call(&format!(
        "CallSid={CA}&CallStatus=completed&SequenceNumber=2"
    ));
    let again = call(&format!(
        "SequenceNumber=3&CallStatus=completed&CallSid={CA}&Extra=1"
    ));
    assert_eq!(Hint::Call(sent).key(), Hint::Call(again).key());

    let first = event("number-registration.successful");
    let mut again = first.clone();
    again["id"] = json!("EZ9");
    again["time"] = json!("2026-11-25T00:00:00Z");
    again["data"]["timestamp"] = json!("2026-11-24T03:29:58Z");
    again["data"]["unheard_of"] = json!(true);
    assert_eq!(one(&first).key(), one(&again).key());
    // One event and an array of it.
    assert_eq!(one(&first).key(), of_json(&json!([first, first]))[1].key());

    let other = json!({"type": "x", "id": "EZ1", "data": {"a": 1}});
    assert_eq!(one(&other).key(), one(&other).key());
    assert_eq!(of_form("a=1&b=2").key(), of_form("b=2&a=1").key());
}

#[test]
fn other_news_has_another_key() {
    let forms = [
        format!("CallSid={CA}"),
        format!("CallSid={CA}&CallStatus=ringing"),
        format!("CallSid={CA}&CallStatus=completed"),
        format!("CallSid={}&CallStatus=completed", CA.replace("CA0", "CA1")),
        format!("MessageSid={SM}&MessageStatus=failed"),
        format!("MessageSid={SM}&MessageStatus=failed&ErrorCode=30034"),
        format!("MessageSid={SM}&MessageStatus=failed&ErrorCode=30007"),
        "a=1".to_owned(),
        "a=1&b=".to_owned(),
        "a=1b&=".to_owned(),
        "a1=".to_owned(),
    ];
    let mut keys: Vec<HintKey> = forms.iter().map(|form| of_form(form).key()).collect();
    let first = event("number-registration.failed");
    let change = |field: &str, value: Value| {
        let mut event = first.clone();
        event["data"][field] = value;
        event
    };
    // Without a time of its own, and with none at all, it is the event's name that tells.
    let untimed = |id: &str| {
        let mut event = change("timestamp", Value::Null);
        event["data"]["updateddate"] = Value::Null;
        event["time"] = Value::Null;
        event["id"] = json!(id);
        event
    };
    let events = [
        first.clone(),
        event("number-registration.pending"),
        event("number-deregistration.failed"),
        event("number-registration.paused"),
        change("phonenumber", json!("+14155552672")),
        change("phonenumbersid", json!(PN.replace("PN0", "PN1"))),
        change("accountsid", json!(AC.replace("AC0", "AC1"))),
        change("messagingservicesid", json!(MG.replace("MG0", "MG1"))),
        change("campaignsid", json!("CM1")),
        change("failurereason", json!("another")),
        change("timestamp", json!(1_795_490_999)),
        untimed("EZ1"),
        untimed("EZ2"),
        json!({"type": "x", "id": "EZ1"}),
        json!({"type": "x", "id": "EZ2"}),
        json!({"type": "y", "id": "EZ1"}),
        json!({"type": "x", "data": {"a": 1}}),
        json!({"type": "x", "data": {"a": 2}}),
    ];
    keys.extend(events.iter().map(|event| one(event).key()));
    let distinct: BTreeSet<&HintKey> = keys.iter().collect();
    assert_eq!(distinct.len(), keys.len());
}

/// Keys are stored, so they outlive a release.
#[test]
fn a_key_stays_what_it_is() {
    let form = format!("CallSid={CA}&CallStatus=completed");
    assert_eq!(of_form(&form).key().to_string(), GOLDEN);
}

const GOLDEN: &str = "7979ef3cc91feb2f7b0224643576887a54071b52c6c6537e38d76e6f50f9953f";
