//! Every legal history replays to itself, and so does every beginning of one.

use std::collections::BTreeSet;

use crate::histories::{Turn, config, turns, walk};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use snap_port::{AnyPortRequest, Status};

fn replays(record: &[u8]) -> Result<AnyPortRequest, TestCaseError> {
    let read = AnyPortRequest::from_json(record);
    let read = read.map_err(|e| TestCaseError::fail(format!("{e}: {e:?}")))?;
    let again = read.to_json().unwrap();
    prop_assert_eq!(text(&again), text(record));
    Ok(read)
}

fn text(record: &[u8]) -> &str {
    std::str::from_utf8(record).unwrap()
}

fn entries(record: &[u8]) -> Vec<Value> {
    let mut record: Value = serde_json::from_slice(record).unwrap();
    match record["history"].take() {
        Value::Array(entries) => entries,
        other => panic!("no history: {other}"),
    }
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn a_history_and_every_beginning_of_it_replay_to_themselves(turns in turns(1..60)) {
        let history = walk("r", &turns);
        let replayed = replays(history.records.last().unwrap())?;
        prop_assert!(replayed == history.request, "replay made another request");
        for record in &history.records {
            drop(replays(record)?);
        }
        for part in &history.parts {
            let replayed = replays(&part.to_json().unwrap())?;
            prop_assert!(replayed == *part, "replay made another part");
        }
    }

    #[test]
    fn a_history_only_grows(turns in turns(1..60)) {
        let history = walk("r", &turns);
        for pair in history.records.windows(2) {
            let (before, after) = (entries(&pair[0]), entries(&pair[1]));
            prop_assert!(after.starts_with(&before), "an entry was changed or dropped");
        }
    }
}

/// The properties say something only if the walks come everywhere.
#[test]
fn the_walks_meet_every_state_and_leave_every_kind_of_entry() {
    let mut runner = TestRunner::new(config(1));
    let (mut states, mut kinds) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..250 {
        let turns: Vec<Turn> = turns(1..60).new_tree(&mut runner).unwrap().current();
        let history = walk("r", &turns);
        for request in history.parts.iter().chain([&history.request]) {
            states.insert(request.status());
            kinds.extend(request.timeline().iter().map(|entry| entry.kind()));
        }
    }
    assert_eq!(Vec::from_iter(states), Status::ALL);
    let expected = [
        "amended",
        "approved",
        "attempt_heard",
        "cancel_requested",
        "cancelled",
        "dispatched",
        "noted",
        "observed",
        "opened",
        "overridden",
        "ported",
        "rejected",
        "rescheduled",
        "retried",
        "reviewed",
        "scheduled",
        "sealed",
        "sent_back",
        "slot_asked",
        "split_from",
        "split_off",
        "stray_order",
        "stray_settled",
        "submitted",
        "verified",
        "waived",
        "withdrawn",
    ];
    assert_eq!(Vec::from_iter(kinds), expected);
}
