//! What an event's own words may hold: they are kept as they may be shown, and whole in the fields.

use serde_json::json;
use snap_port::twilio::webhook::{Hint, RegistrationState};
use snap_port::twilio::{CallStatus, MessageStatus};

use super::{AC, CA, SM, URL, event, hints_of, one, registration};

/// Nothing that forges a line, turns the writing, names an account or holds a secret.
fn shows_nothing_bad(shown: &str) {
    for bad in ["s3cret", AC, "\n", "\\n", "202e", "\u{202E}"] {
        assert!(!shown.contains(bad), "{bad:?} in {shown}");
    }
    assert!(shown.len() < 3000, "{shown}");
}

fn odd() -> String {
    format!(
        "\u{202E}no {AC}\nForged: https://me:s3cret@example.com/x?key=s3cret {}",
        "x".repeat(1 << 16)
    )
}

#[test]
fn the_words_of_a_registration_are_kept_as_may_be_shown() {
    for kind in ["number-registration.failed", "number-deregistration.failed"] {
        let mut failed = event(kind);
        for field in ["failurereason", "externalstatus", "campaignsid", "unheard"] {
            failed["data"][field] = json!(odd());
        }
        let read = registration(&failed);
        assert_eq!(read.fields.get("failurereason"), Some(&*odd()), "raw");
        let external = read.external_status.clone().unwrap();
        assert_eq!(external.chars().count(), 64);
        let reason = match read.state.clone() {
            RegistrationState::Failed(reason) | RegistrationState::DeregistrationFailed(reason) => {
                reason.unwrap()
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(reason.chars().count(), 400);
        let start = "no AC…cdef Forged: https://example.com/x?… xxx";
        assert!(reason.starts_with(start), "{reason}");
        shows_nothing_bad(&format!("{read:?} {external} {reason}"));
    }
}

#[test]
fn a_reason_of_which_nothing_can_be_shown_is_none() {
    let mut failed = event("number-registration.failed");
    failed["data"]["failurereason"] = json!("\u{202E}\u{0}");
    assert_eq!(registration(&failed).state, RegistrationState::Failed(None));
}

#[test]
fn a_type_that_is_shown_as_a_known_one_is_it() {
    let mut pending = event("number-registration.pending");
    let kind = pending["type"].as_str().unwrap().to_owned();
    pending["type"] = json!(format!("\u{0}{kind}\u{2028}"));
    assert_eq!(registration(&pending).state, RegistrationState::Pending);
    let paused = event(&format!("number-registration.{}", odd()));
    let read = registration(&paused);
    assert!(matches!(read.state, RegistrationState::Other(_)));
    shows_nothing_bad(&format!("{read:?}"));
}

#[test]
fn an_event_of_an_odd_type_is_shown_as_may_be() {
    let read = one(&json!({"type": odd(), "id": odd(), "data": {odd(): odd()}}));
    let Hint::Other(other) = &read else {
        panic!("{read:?}");
    };
    assert_eq!(other.kind.as_ref().unwrap().chars().count(), 128);
    assert_eq!(other.event_id, None);
    shows_nothing_bad(&format!("{read:?}"));
}

#[test]
fn events_whose_names_are_no_names_are_told_apart_by_what_they_say() {
    let event = |id: &str, value: u8| json!({"type": "x", "id": id, "data": {"a": value}});
    let long = "x".repeat(200);
    for id in ["EZ1\n2", &long, "\u{202E}EZ", "https://x/?s3cret"] {
        let first = one(&event(id, 1));
        assert_eq!(first.key(), one(&event(id, 1)).key());
        assert_ne!(first.key(), one(&event(id, 2)).key());
    }
}

#[test]
fn a_status_is_read_after_it_is_decoded() {
    let get = |query: &str| {
        let hints = hints_of("GET", &format!("{URL}?{query}"), false, b"").unwrap();
        hints.into_iter().next().unwrap()
    };
    let read = get(&format!("CallSid={CA}&CallStatus=%00no%2Danswer%E2%80%AE"));
    assert!(matches!(&read, Hint::Call(call) if call.status == Some(CallStatus::NoAnswer)));
    let encoded: String = AC.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let read = get(&format!("MessageSid={SM}&MessageStatus={encoded}%0Aodd"));
    let Hint::Message(message) = &read else {
        panic!("{read:?}");
    };
    let status = message.status.clone().unwrap();
    assert_eq!(status, MessageStatus::Other("AC…cdef odd".to_owned()));
    shows_nothing_bad(&format!("{read:?} {status}"));
}
