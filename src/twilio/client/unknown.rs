//! Fields of answers that this crate has never heard of.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::mask::{REASON, WORD, said, said_decoded};

/// So many fields are kept of one answer.
const FIELDS: usize = 32;

/// What a field is called that may hold a secret, in lower case and without `_` and `-`.
const SECRETS: [&str; 11] = [
    "auth",
    "credential",
    "key",
    "passcode",
    "passphrase",
    "password",
    "pin",
    "pwd",
    "secret",
    "signature",
    "token",
];

/// Fields of an answer that Twilio did not document when this crate was written: for people, who
/// may know what they mean. What is documented and has no place in a snap port is not among them.
///
/// At most 32, the first by name. A value is a text, a number or a truth value, as text: at most 400
/// characters on one line, percent-decoded, URLs without passwords and queries, account and key SIDs
/// masked. What is nested is left out, and what by its name may be a secret. `Debug` shows the names
/// only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UnknownFields(BTreeMap<String, String>);

impl UnknownFields {
    /// The value of the field of this very name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Every name with its value, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.0.iter();
        all.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is left of an answer when all is read that has a place, without what is `documented`.
    pub(super) fn read<'de, D: Deserializer<'de>>(
        left: D,
        documented: &[&str],
    ) -> Result<Self, D::Error> {
        let left = Map::<String, Value>::deserialize(left)?;
        let kept = left.into_iter().filter_map(|(name, value)| {
            if documented.contains(&name.as_str()) || may_be_secret(&name) {
                return None;
            }
            let value = match value {
                Value::String(text) => said_decoded(&text, REASON),
                Value::Number(_) | Value::Bool(_) => value.to_string(),
                Value::Null | Value::Array(_) | Value::Object(_) => return None,
            };
            let name = said(&name, WORD);
            (!name.is_empty() && !value.is_empty()).then_some((name, value))
        });
        Ok(Self(kept.take(FIELDS).collect()))
    }
}

impl fmt::Debug for UnknownFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn may_be_secret(name: &str) -> bool {
    let name: String = name
        .chars()
        .filter(|c| !matches!(c, '_' | '-'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    SECRETS.iter().any(|secret| name.contains(secret))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(left: Value) -> UnknownFields {
        UnknownFields::read(left, &["uri", "price"]).unwrap()
    }

    #[test]
    fn what_nobody_documents_is_kept() {
        let fields = read(json!({
            "hold_reason": "port-out lock", "locked": true, "score": 3, "uri": "/x", "price": null,
            "none": null, "empty": " ", "nested": {"auth_token": "canary"}, "list": ["canary"]
        }));
        let all: Vec<_> = fields.iter().collect();
        assert_eq!(
            all,
            [
                ("hold_reason", "port-out lock"),
                ("locked", "true"),
                ("score", "3"),
            ]
        );
        assert_eq!(fields.get("locked"), Some("true"));
        assert!(read(json!({"uri": "/x"})).is_empty() && !fields.is_empty());
        assert_eq!(
            format!("{fields:?}"),
            r#"{"hold_reason", "locked", "score"}"#
        );
    }

    #[test]
    fn no_secret_is_kept() {
        for name in [
            "auth_token",
            "Secondary-Auth-Token",
            "api_key",
            "secretKey",
            "port_out_pin",
            "passCode",
            "password",
            "authorization",
        ] {
            assert!(read(json!({name: "canary"})).is_empty(), "{name}");
        }
        let sid = format!("AC{}", "0".repeat(32));
        for url in [
            "https://me:canary@x/?k=canary",
            "https%3A%2F%2Fx%2F%3Fk%3Dcanary",
        ] {
            let fields = read(json!({"hook": format!("{url} {sid}")}));
            let kept = fields.get("hook").unwrap();
            assert!(!kept.contains("canary") && !kept.contains(&sid), "{kept}");
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let long = "x".repeat(9999);
        let many: Map<String, Value> = (0..40)
            .map(|nth| (format!("{nth:04}{long}\u{202E}"), json!(long)))
            .collect();
        let fields = read(Value::Object(many));
        assert_eq!(fields.iter().count(), FIELDS);
        for (name, value) in fields.iter() {
            assert_eq!(
                (name.chars().count(), value.chars().count()),
                (WORD, REASON)
            );
        }
        assert!(format!("{fields:?}").len() < FIELDS * (WORD + 10));
    }
}
