//! The stored shape of a request: its history, and the draft's checklist while it is a draft.
//!
//! Entries are only ever appended. Each carries the version it was written in; reading lifts it to
//! the current one, entry by entry, and never rewrites it. Consistency is checked, not
//! authenticity: who can write the store can write a consistent lie.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::any::AnyPortRequest;
use super::error::Violation;
use super::event::Event;
use super::status::Status;
use crate::id::PortRequestId;

/// The version in which entries are written.
pub const SCHEMA: u32 = 1;

/// A record that no legal history could have left, or that this version cannot read.
///
/// It names the entry by its place (from 0) and quotes no document, signer or account; the rule that
/// an entry breaks may name people, platforms, orders and numbers.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The bytes are no record.
    #[error("this is not a port request's record: {0}")]
    Shape(String),
    /// An entry was written by a newer version of this crate.
    #[error(
        "entry {entry} has version {version}, this crate reads up to {SCHEMA}; update the crate"
    )]
    Newer {
        /// Its place in the history.
        entry: usize,
        /// Its version.
        version: u32,
    },
    /// An entry cannot be read.
    #[error("entry {entry} cannot be read: {why}")]
    Entry {
        /// Its place in the history.
        entry: usize,
        /// What is wrong with its shape.
        why: String,
    },
    /// An entry cannot follow the one before it.
    #[error("entry {entry} ({kind}) cannot follow in state {status}")]
    Illegal {
        /// Its place in the history.
        entry: usize,
        /// What kind it is.
        kind: &'static str,
        /// The state it met.
        status: Status,
    },
    /// An entry breaks a rule of the port.
    #[error("entry {entry} breaks a rule")]
    Violation {
        /// Its place in the history.
        entry: usize,
        /// The rule.
        #[source]
        source: Violation,
    },
    /// The history does not begin with the opening of a request.
    #[error("the history does not begin with an opening")]
    NoOpening,
    /// The record claims another state than its history ends in.
    #[error("the record claims to be {claimed}, its history ends in {actual}")]
    Claim {
        /// What it claims.
        claimed: Status,
        /// Where the history ends.
        actual: Status,
    },
    /// The record claims another name than its history.
    #[error("the record claims to be request {claimed}, its history is of {actual}")]
    Identity {
        /// What it claims.
        claimed: PortRequestId,
        /// Whose history it is.
        actual: PortRequestId,
    },
    /// A draft without its checklist, or a checklist on a request that is no draft.
    #[error("a draft has a checklist and nothing else does; this record is {0}")]
    Draft(Status),
}

/// One entry as stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    pub(super) v: u32,
    pub(super) entry: Value,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) id: PortRequestId,
    pub(super) status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) draft: Option<Value>,
    pub(super) history: Vec<Stored>,
}

/// Lifts an entry of one version to the next.
pub(super) type Upgrade = fn(Value) -> Result<Value, String>;

/// `UPGRADES[n]` lifts version `n + 1` to `n + 2`; there is one fewer than there are versions.
pub(super) const UPGRADES: [Upgrade; SCHEMA as usize - 1] = [];

pub(super) fn lift(mut entry: Value, from: u32, upgrades: &[Upgrade]) -> Result<Value, String> {
    let Some(first) = from.checked_sub(1) else {
        return Err("there is no version 0".to_owned());
    };
    for upgrade in upgrades.iter().skip(first as usize) {
        entry = upgrade(entry)?;
    }
    Ok(entry)
}

impl Record {
    pub(super) fn of(any: &AnyPortRequest) -> Self {
        Self {
            id: any.id().clone(),
            status: any.status(),
            draft: draft(any),
            history: any.log().iter().map(Stored::of).collect(),
        }
    }

    pub(super) fn to_json(&self) -> Result<Vec<u8>, RecordError> {
        json(self)
    }

    pub(super) fn from_json(bytes: &[u8]) -> Result<Self, RecordError> {
        serde_json::from_slice(bytes).map_err(|e| RecordError::Shape(shape(&e)))
    }
}

impl Stored {
    fn of(event: &Event) -> Self {
        // Neither events nor checklists have maps with keys that are not strings, nor numbers
        // that JSON cannot hold; a failure would show as `Null` and be refused at reading.
        Self {
            v: SCHEMA,
            entry: serde_json::to_value(event).unwrap_or(Value::Null),
        }
    }

    /// Lifts the entry, which has this place in its history, to the current version and reads it.
    pub(super) fn read(self, entry: usize) -> Result<Event, RecordError> {
        if self.v > SCHEMA {
            return Err(RecordError::Newer {
                entry,
                version: self.v,
            });
        }
        let lifted =
            lift(self.entry, self.v, &UPGRADES).map_err(|why| RecordError::Entry { entry, why })?;
        serde_json::from_value(lifted).map_err(|e| RecordError::Entry {
            entry,
            why: shape(&e),
        })
    }
}

fn draft(any: &AnyPortRequest) -> Option<Value> {
    match any {
        AnyPortRequest::Draft(draft) => {
            Some(serde_json::to_value(draft.checklist()).unwrap_or(Value::Null))
        }
        _ => None,
    }
}

impl Event {
    /// Reads one entry as a store keeps it; `entry` is its place in its history.
    pub(crate) fn from_json(bytes: &[u8], entry: usize) -> Result<Self, RecordError> {
        let stored: Stored = serde_json::from_slice(bytes).map_err(|e| RecordError::Entry {
            entry,
            why: shape(&e),
        })?;
        stored.read(entry)
    }
}

/// What serde says of a shape, without the values it quotes.
pub(super) fn shape(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let said = ["missing field `", "unknown field `", "duplicate field `"]
        .iter()
        .find(|start| text.starts_with(**start))
        .and_then(|start| {
            let name = text[start.len()..].split('`').next()?;
            let plain =
                name.len() <= 40 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            plain.then(|| format!("{start}{name}`"))
        });
    match said {
        Some(said) => said,
        None if error.is_eof() => "it ends too early".to_owned(),
        None if error.is_syntax() => format!("it is not JSON at line {}", error.line()),
        None => "a value is not what it should be".to_owned(),
    }
}

impl AnyPortRequest {
    /// The record as JSON, for a store.
    ///
    /// # Errors
    /// [`RecordError`] if it cannot be written, which no request is known to cause.
    pub fn to_json(&self) -> Result<Vec<u8>, RecordError> {
        Record::of(self).to_json()
    }

    /// Reads a record that [`to_json`](Self::to_json) wrote, in this or an earlier version.
    ///
    /// # Errors
    /// [`RecordError`] says which entry of the history is wrong, and quotes no document, signer or account.
    pub fn from_json(bytes: &[u8]) -> Result<Self, RecordError> {
        Record::from_json(bytes)?.replay()
    }

    /// The entries of the history from the `from`th on, each as JSON, for a store that appends.
    pub(crate) fn entries_json(&self, from: usize) -> Result<Vec<Vec<u8>>, RecordError> {
        let entries = self.log().iter().skip(from).map(Stored::of);
        entries.map(|entry| json(&entry)).collect()
    }

    /// The form of a draft as JSON.
    pub(crate) fn draft_json(&self) -> Result<Option<Vec<u8>>, RecordError> {
        draft(self).as_ref().map(json).transpose()
    }

    /// Replays a history that is kept entry by entry.
    pub(crate) fn from_entries(
        id: &PortRequestId,
        status: Status,
        draft: Option<&[u8]>,
        entries: &[Vec<u8>],
    ) -> Result<Self, RecordError> {
        let read = |(entry, bytes): (usize, &Vec<u8>)| {
            serde_json::from_slice(bytes).map_err(|e| RecordError::Entry {
                entry,
                why: shape(&e),
            })
        };
        let draft = draft.map(serde_json::from_slice).transpose();
        let record = Record {
            id: id.clone(),
            status,
            draft: draft
                .map_err(|e| RecordError::Shape(format!("the checklist: {}", shape(&e))))?,
            history: entries
                .iter()
                .enumerate()
                .map(read)
                .collect::<Result<_, _>>()?,
        };
        record.replay()
    }
}

fn json(what: &impl Serialize) -> Result<Vec<u8>, RecordError> {
    serde_json::to_vec(what).map_err(|e| RecordError::Shape(shape(&e)))
}

impl Serialize for AnyPortRequest {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Record::of(self).serialize(to)
    }
}

/// Self-describing formats only (JSON and its like): entries are upgraded before they are read.
impl<'de> Deserialize<'de> for AnyPortRequest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // By way of a value, so that what serde quotes of the record stays here.
        let value = Value::deserialize(from)?;
        serde_json::from_value::<Record>(value)
            .map_err(|e| RecordError::Shape(shape(&e)))
            .and_then(Record::replay)
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_entry_is_lifted_version_by_version() {
        let upgrades: [Upgrade; 2] = [
            |mut entry| {
                entry["two"] = 2.into();
                Ok(entry)
            },
            |mut entry| match entry.get("two") {
                Some(_) => {
                    entry["three"] = 3.into();
                    Ok(entry)
                }
                None => Err("version 2 has a two".to_owned()),
            },
        ];
        let one = serde_json::json!({});
        let lifted = lift(one, 1, &upgrades).unwrap();
        assert_eq!(lifted, serde_json::json!({"two": 2, "three": 3}));
        let two = serde_json::json!({"two": 7});
        assert_eq!(lift(two, 2, &upgrades).unwrap()["three"], 3);
        assert!(lift(serde_json::json!({}), 2, &upgrades).is_err());
        assert!(lift(serde_json::json!({}), 0, &upgrades).is_err());
    }

    #[test]
    fn what_serde_quotes_is_not_repeated() {
        let error = serde_json::from_str::<Stored>(r#"{"v":"AC-secret","entry":1}"#).unwrap_err();
        assert!(error.to_string().contains("AC-secret"));
        assert!(!shape(&error).contains("secret"));
        let error = serde_json::from_str::<Stored>(r#"{"v":1}"#).unwrap_err();
        assert_eq!(shape(&error), "missing field `entry`");
    }
}
