//! Changes to the tree of a record: bytes changed at random seldom leave JSON, let alone a record.

use serde_json::{Number, Value, json};
use snap_port::{AnyPortRequest, RecordError, Status};

/// The record with one or two changes that `seed` chooses; `None` if it is no JSON.
pub(crate) fn record(text: &[u8], seed: u32) -> Option<Vec<u8>> {
    let mut record: Value = serde_json::from_slice(text).ok()?;
    let mut dice = Dice(seed.into());
    let mut pool = words();
    leaves(&record, &mut pool);
    for _ in 0..=dice.below(6) / 5 {
        match record.get_mut("history").and_then(Value::as_array_mut) {
            Some(history) if dice.below(3) == 0 => reorder(history, &mut dice),
            Some(history) if !history.is_empty() && dice.below(4) > 0 => {
                let at = dice.below(history.len());
                alter(&mut history[at], &pool, &mut dice);
            }
            _ => alter(&mut record, &pool, &mut dice),
        }
    }
    if dice.below(8) > 0 {
        repair(&mut record);
    }
    serde_json::to_vec(&record).ok()
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed >> 33) as usize % limit.max(1)
    }

    fn pick<'a>(&mut self, from: &'a [Value]) -> &'a Value {
        &from[self.below(from.len())]
    }
}

/// The values among the words that the fuzzer is given.
fn words() -> Vec<Value> {
    include_str!("record.dict")
        .lines()
        .filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'))
        .filter_map(|word| serde_json::from_str(&word.replace("\\\"", "\"")).ok())
        .collect()
}

fn leaves(value: &Value, into: &mut Vec<Value>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| leaves(value, into)),
        Value::Object(map) => map.values().for_each(|value| leaves(value, into)),
        leaf => into.push(leaf.clone()),
    }
}

/// Takes an entry out, repeats it, moves it, or puts one of another record in.
fn reorder(history: &mut Vec<Value>, dice: &mut Dice) {
    let others = [
        include_str!("../golden/v1/verified.everything.json"),
        include_str!("../golden/v1/sealed.not_filed.json"),
        include_str!("../golden/v1/draft.sent_back.json"),
        include_str!("../golden/v1/rejected.json"),
        include_str!("../golden/v1/cancelled.json"),
    ];
    let (from, to) = (dice.below(history.len()), dice.below(history.len()));
    match dice.below(6) {
        0 if !history.is_empty() => drop(history.remove(from)),
        1 if !history.is_empty() => history.insert(to, history[from].clone()),
        2 if !history.is_empty() => history.swap(from, to),
        3 => history.truncate(from + 1),
        _ => {
            let other = others[dice.below(others.len())];
            let other: Value = serde_json::from_str(other).unwrap_or_default();
            let entry = other["history"].as_array().map(|theirs| dice.pick(theirs));
            history.insert(to, entry.cloned().unwrap_or_default());
        }
    }
}

fn alter(value: &mut Value, pool: &[Value], dice: &mut Dice) {
    let choice = dice.below(24);
    match value {
        Value::Object(map) if !map.is_empty() => {
            let at = dice.below(map.len());
            let key = map.keys().nth(at).cloned().unwrap_or_default();
            match (choice, dice.pick(pool)) {
                (0, _) => drop(map.remove(&key)),
                (1, Value::String(name)) => {
                    let moved = map.remove(&key).unwrap_or_default();
                    map.insert(name.clone(), moved);
                }
                _ => alter(&mut map[&key], pool, dice),
            }
        }
        Value::Array(list) if !list.is_empty() => {
            let (one, other) = (dice.below(list.len()), dice.below(list.len()));
            match choice {
                0..4 => drop(list.remove(one)),
                4 => list.insert(other, list[one].clone()),
                5..8 => list.swap(one, other),
                _ => alter(&mut list[one], pool, dice),
            }
        }
        Value::Number(number) if choice > 3 => {
            let near = number.as_u64().unwrap_or_default();
            let step = 1 << (dice.below(64) * dice.below(2));
            let next = [near.wrapping_add(step), near.wrapping_sub(step)];
            *number = Number::from(next[dice.below(2)]);
        }
        Value::String(text) if choice == 0 => text.push_str("\u{61c}\n"),
        Value::String(text) if choice == 1 => drop(text.pop()),
        Value::String(text) if choice == 2 => *text = text.repeat(1 + dice.below(30)),
        leaf => {
            let alike: Vec<Value> = pool
                .iter()
                .filter(|it| kind(it) == kind(leaf))
                .cloned()
                .collect();
            let from = if choice == 3 || alike.is_empty() {
                pool
            } else {
                &alike
            };
            *leaf = dice.pick(from).clone();
        }
    }
}

/// What a value looks like: what stands in its place should mostly look the same.
fn kind(value: &Value) -> Option<u8> {
    Some(match value.as_str()?.as_bytes() {
        [.., b'Z'] => 0,
        [b'+', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => 1,
        [b'0'..=b'9' | b'-', ..] => 2,
        word if word.iter().all(|b| b.is_ascii_lowercase() || *b == b'_') => 3,
        _ => 4,
    })
}

/// Makes the record claim what its history says.
fn repair(record: &mut Value) {
    let bytes = serde_json::to_vec(record).unwrap_or_default();
    if let Err(RecordError::Claim { actual, .. }) = AnyPortRequest::from_json(&bytes) {
        record["status"] = json!(actual);
        if actual == Status::Draft {
            record["draft"] = json!({});
        } else if let Some(record) = record.as_object_mut() {
            record.remove("draft");
        }
    }
}
