//! Records written by earlier versions stay readable. The files in `golden/` are never edited.
//!
//! A file is named by the state its record is in, then by what is special about it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use snap_port::*;

fn reload(record: &Value) -> Result<AnyPortRequest, RecordError> {
    AnyPortRequest::from_json(&serde_json::to_vec(record).unwrap())
}

/// The golden records: the state each file's name gives, its name, and its record.
fn golden() -> Vec<(String, String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1");
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (status, _) = name.split_once('.').unwrap();
        let bytes = fs::read(&path).unwrap();
        let record = serde_json::from_slice(&bytes).unwrap();
        found.push((status.to_owned(), name, record));
    }
    assert!(
        found.len() >= Status::ALL.len(),
        "the golden records are gone"
    );
    found
}

#[test]
fn every_golden_record_is_read_in_its_state_and_written_as_it_was() {
    for (status, name, record) in golden() {
        let request = reload(&record).unwrap_or_else(|error| {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            panic!("{name}: {error} {cause:?}")
        });
        assert_eq!(request.status().name(), status, "{name}");
        assert_eq!(serde_json::to_value(&request).unwrap(), record, "{name}");
    }
}

#[test]
fn there_is_a_golden_record_of_every_state_and_of_every_kind_of_entry() {
    let mut states = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    for (status, _, record) in golden() {
        states.insert(status);
        for stored in record["history"].as_array().unwrap() {
            let entry = &stored["entry"];
            kinds.insert(entry["event"].as_str().unwrap().to_owned());
            if entry["event"] == "observed" || entry["event"] == "attempt_heard" {
                kinds.insert(variant(&entry["what"]));
            }
            if entry["event"] == "noted" {
                kinds.insert(variant(&entry["note"]));
            }
        }
    }
    assert_eq!(states.len(), Status::ALL.len());
    let expected: BTreeSet<String> = EVENTS
        .iter()
        .chain(&FACTS)
        .chain(&NOTES)
        .chain(&ATTEMPT_FACTS)
        .map(ToString::to_string)
        .collect();
    assert_eq!(kinds, expected);
}

#[test]
fn there_is_a_golden_record_of_every_outcome_of_a_test() {
    let mut outcomes = BTreeSet::new();
    for (_, _, record) in golden() {
        for stored in record["history"].as_array().unwrap() {
            let outcome = &stored["entry"]["what"]["tested"]["outcome"];
            if !outcome.is_null() {
                outcomes.insert(variant(outcome));
            }
        }
    }
    assert_eq!(
        outcomes,
        ["failed", "passed", "unknown"].map(str::to_owned).into()
    );
}

fn variant(value: &Value) -> String {
    match value {
        Value::String(name) => name.clone(),
        other => other.as_object().unwrap().keys().next().unwrap().clone(),
    }
}

const EVENTS: [&str; 27] = [
    "opened",
    "sealed",
    "reviewed",
    "sent_back",
    "dispatched",
    "attempt_heard",
    "retried",
    "submitted",
    "approved",
    "slot_asked",
    "scheduled",
    "rescheduled",
    "ported",
    "verified",
    "rejected",
    "amended",
    "cancel_requested",
    "withdrawn",
    "cancelled",
    "split_off",
    "split_from",
    "observed",
    "waived",
    "noted",
    "overridden",
    "stray_order",
    "stray_settled",
];
const FACTS: [&str; 19] = [
    "held",
    "resumed",
    "counter_offered",
    "slot_too_early",
    "slot_withdrawn",
    "cancel_under_way",
    "cancel_refused",
    "ended_after_move",
    "arrived",
    "assigned",
    "joined_messaging",
    "registration",
    "tested",
    "alert",
    "alert_explained",
    "alerts_read",
    "unrecognised",
    "alarm",
    "alarm_over",
];
const NOTES: [&str; 9] = [
    "comment",
    "release_requested",
    "chased",
    "document_added",
    "ticket_superseded",
    "carryover",
    "claimed",
    "unclaimed",
    "reversed_into",
];
const ATTEMPT_FACTS: [&str; 5] = [
    "handed_over",
    "not_taken",
    "in_doubt",
    "absent",
    "cannot_tell",
];

/// The paths of the maps in `value`, the innermost first.
fn maps(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                maps(value, format!("{path}/{key}"), found);
            }
            found.push(path);
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                maps(value, format!("{path}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// One map of every shape there is in the golden records: the record's name, the record, the path.
fn shapes() -> Vec<(String, Value, String)> {
    let mut seen = BTreeSet::new();
    let mut shapes = Vec::new();
    for (_, name, record) in golden() {
        let mut paths = Vec::new();
        maps(&record, String::new(), &mut paths);
        for path in paths {
            let entry: Vec<&str> = path.split('/').take(4).collect();
            let event = record.pointer(&format!("{}/event", entry.join("/")));
            let place: String = path.chars().filter(|c| !c.is_ascii_digit()).collect();
            let map = record.pointer(&path).and_then(Value::as_object).unwrap();
            let keys: Vec<String> = map.keys().cloned().collect();
            if seen.insert((event.map(Value::to_string), place, keys)) {
                shapes.push((name.clone(), record.clone(), path));
            }
        }
    }
    assert!(shapes.len() > 100, "{}", shapes.len());
    shapes
}

#[test]
fn an_unknown_field_is_refused_wherever_it_is() {
    for (name, mut record, path) in shapes() {
        let map = record.pointer_mut(&path).unwrap();
        map["unknown_field"] = json!(1);
        assert!(reload(&record).is_err(), "{name}: {path}/unknown_field");
    }
}

/// What a record may leave out, beside the parts of a draft's checklist.
const OPTIONAL: [&str; 13] = [
    "/address",
    "/approver",
    "/bundle",
    "/carrier_account",
    "/carryover/numbers",
    "/issued_on",
    "/losing_ticket",
    "/messaging_service",
    "/more_proofs",
    "/password_protected",
    "/regulatory",
    "/rendered",
    "/reverses",
];

#[test]
fn a_missing_field_is_refused_unless_it_is_optional() {
    for (name, record, path) in shapes().iter().filter(|(_, _, path)| path != "/draft") {
        let map = record.pointer(path).and_then(Value::as_object).unwrap();
        for key in map.keys() {
            let mut record = record.clone();
            let map = record.pointer_mut(path).and_then(Value::as_object_mut);
            map.unwrap().remove(key).unwrap();
            let read = reload(&record).is_ok();
            let place = format!("{path}/{key}");
            let optional = OPTIONAL.iter().any(|end| place.ends_with(end));
            assert!(!read || optional, "{name}: without {place}");
        }
    }
}
