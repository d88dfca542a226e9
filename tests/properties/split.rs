//! However a request is split, its numbers are conserved and every part is whole.

use std::collections::BTreeSet;

use crate::histories::evidence::backed;
use crate::histories::{Turn, World, config, turns};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{TestCaseResult, TestRunner};
use serde_json::Value;
use snap_port::{AnyPortRequest as Any, OrderRef, PhoneNumber, Status};

fn record(stored: &[u8]) -> Value {
    serde_json::from_slice(stored).unwrap()
}

fn history(stored: &[u8]) -> Vec<Value> {
    match record(stored)["history"].take() {
        Value::Array(entries) => entries,
        other => panic!("no history: {other}"),
    }
}

fn numbers(request: &Any) -> Vec<PhoneNumber> {
    request.numbers().into_iter().flatten().copied().collect()
}

/// A request that has just got its order, and what is left of the turns.
fn submitted(turns: &[Turn]) -> Option<(World, Any, &[Turn])> {
    let mut world = World::new("r");
    let mut request = world.open();
    for (i, turn) in turns.iter().enumerate() {
        (request, _) = world.turn(request, *turn);
        if request.status() == Status::Submitted {
            return Some((world, request, &turns[i + 1..]));
        }
    }
    None
}

/// A split: the part as it was, the parent's and the child's part of it.
struct Split {
    before: Vec<Value>,
    parent: usize,
    child: usize,
}

/// All parts of a request after random turns of random parts, and the splits that made them.
fn parts_of(mut world: World, request: Any, turns: &[Turn]) -> (Vec<Any>, Vec<Split>) {
    let mut parts = vec![request];
    let mut splits = Vec::new();
    for turn in turns {
        let i = usize::from(turn.minutes()) % parts.len();
        let part = parts.remove(i);
        // A part whose order is dead may be amended: then its numbers are the customer's to choose.
        let ended = matches!(part.status(), Status::Rejected | Status::Cancelled);
        // Read only if this turn splits: that takes longer than the turn.
        let before = part.to_json().unwrap();
        let (next, child) = match ended {
            true => (part, None),
            false => world.turn(part, *turn),
        };
        parts.insert(i, next);
        if let Some(child) = child {
            splits.push(Split {
                before: history(&before),
                parent: i,
                child: parts.len(),
            });
            parts.push(child);
        }
    }
    (parts, splits)
}

fn conserved(order: Option<&OrderRef>, whole: &[PhoneNumber], parts: &[Any]) -> TestCaseResult {
    let mut all: Vec<PhoneNumber> = parts.iter().flat_map(numbers).collect();
    let mut whole = whole.to_vec();
    all.sort_unstable();
    whole.sort_unstable();
    prop_assert_eq!(all, whole, "a number was lost or doubled");
    let names: BTreeSet<_> = parts.iter().map(Any::id).collect();
    prop_assert_eq!(names.len(), parts.len(), "two parts have one name");
    for part in parts {
        prop_assert_eq!(part.order(), order, "{:?}", part.id());
        let bytes = part.to_json().unwrap();
        let read =
            Any::from_json(&bytes).map_err(|e| TestCaseError::fail(format!("{e}, {e:?}")))?;
        prop_assert!(read == *part, "{:?} replays to another request", part.id());
        prop_assert_eq!(&read.to_json().unwrap(), &bytes);
        backed(&record(&bytes)).map_err(TestCaseError::fail)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn numbers_orders_and_histories_are_conserved(turns in turns(30..90)) {
        let Some((world, request, rest)) = submitted(&turns) else { return Ok(()) };
        let (order, whole) = (request.order().cloned(), numbers(&request));
        let (parts, splits) = parts_of(world, request, rest);
        conserved(order.as_ref(), &whole, &parts)?;
        for split in splits {
            let at = split.before.len();
            let mut numbers = Vec::new();
            for (part, event) in [(split.parent, "split_off"), (split.child, "split_from")] {
                let after = history(&parts[part].to_json().unwrap());
                prop_assert!(after.starts_with(&split.before), "a history was changed");
                prop_assert_eq!(after[at]["entry"]["event"].as_str(), Some(event));
                numbers.push(after[at]["entry"]["numbers"].clone());
            }
            prop_assert_eq!(&numbers[0], &numbers[1]);
        }
    }
}

/// The property says something only if the walks split, in every state in which they may.
#[test]
fn the_walks_split_often_and_in_every_state() {
    let mut runner = TestRunner::new(config(1));
    let (mut most, mut states) = (0, BTreeSet::new());
    for _ in 0..200 {
        let turns = turns(30..90).new_tree(&mut runner).unwrap().current();
        let Some((world, request, rest)) = submitted(&turns) else {
            continue;
        };
        let (parts, splits) = parts_of(world, request, rest);
        most = most.max(parts.len());
        for split in splits {
            let entered = split.before.iter().rev().find_map(|stored| {
                ["submitted", "approved", "scheduled", "ported"]
                    .into_iter()
                    .find(|event| stored["entry"]["event"] == *event)
            });
            states.extend(entered);
        }
    }
    assert!(most >= 4, "at most {most} parts");
    let expected = ["approved", "ported", "scheduled", "submitted"];
    assert_eq!(Vec::from_iter(states), expected);
}
