//! Reading what Twilio writes in more than one way.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

use super::mask::{REASON, WORD, said};
use crate::number::PhoneNumber;
use crate::twilio::{AccountSid, InvalidSid};

/// A word folded for comparison: Twilio writes one status as `In Review`, `in_review`, `IN_REVIEW`.
pub(super) fn folded(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            ' ' | '-' => '_',
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

/// A word of the far end as it is kept: fit to be shown, and not too long.
pub(super) fn kept(word: &str) -> String {
    said(word, WORD)
}

/// Whether what an answer says of itself, if it says it, is what was asked for.
pub(super) fn same(told: Option<&str>, asked: &str) -> bool {
    told.is_none_or(|told| told.eq_ignore_ascii_case(asked))
}

/// A text, where `null`, "" and what is no text count as none.
pub(super) fn text<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(value)? {
        Value::String(text) if !text.is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// As [`text`], [`kept`].
pub(super) fn word<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    Ok(text(value)?
        .map(|word| kept(&word))
        .filter(|word| !word.is_empty()))
}

/// As [`text`], as much of it as is kept of a reason.
pub(super) fn reason<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    Ok(text(value)?
        .map(|why| said(&why, REASON))
        .filter(|why| !why.is_empty()))
}

/// A whole number, written as one or as a text.
pub(super) fn whole<'de, D: Deserializer<'de>>(value: D) -> Result<Option<u64>, D::Error> {
    Ok(number_in(&Value::deserialize(value)?))
}

pub(super) fn number_in(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A code, written as a number or as a text; 0 is none.
pub(super) fn code_in(value: &Value) -> Option<u32> {
    number_in(value)
        .and_then(|number| u32::try_from(number).ok())
        .filter(|code| *code != 0)
}

/// As [`code_in`].
pub(super) fn code<'de, D: Deserializer<'de>>(value: D) -> Result<Option<u32>, D::Error> {
    Ok(code_in(&Value::deserialize(value)?))
}

/// A yes or no, written as one or as a text.
pub(super) fn yes<'de, D: Deserializer<'de>>(value: D) -> Result<Option<bool>, D::Error> {
    Ok(match Value::deserialize(value)? {
        Value::Bool(yes) => Some(yes),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    })
}

/// A time: RFC 2822 in version 2010-04-01, RFC 3339 elsewhere; whichever it is.
pub(super) fn time_in(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .ok()
        .map(|time| time.to_utc())
}

/// Whether `at` is `since` or later, to the second; a time not told may be.
pub(super) fn not_before(at: Option<DateTime<Utc>>, since: Option<DateTime<Utc>>) -> bool {
    at.zip(since)
        .is_none_or(|(at, since)| at.timestamp() >= since.timestamp())
}

/// As [`time_in`]; what is no time is none.
pub(super) fn time<'de, D: Deserializer<'de>>(value: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    Ok(text(value)?.as_deref().and_then(time_in))
}

/// A phone number; what is none, such as a client's or a SIP address, is none.
pub(super) fn phone<'de, D: Deserializer<'de>>(value: D) -> Result<Option<PhoneNumber>, D::Error> {
    Ok(text(value)?.and_then(|text| PhoneNumber::from_e164(&text).ok()))
}

/// An account; what is none is none.
pub(super) fn account<'de, D: Deserializer<'de>>(value: D) -> Result<Option<AccountSid>, D::Error> {
    Ok(text(value)?.and_then(|text| AccountSid::parse(&text).ok()))
}

/// A SID that must be there: what has no name cannot be spoken of.
pub(super) fn sid<'de, D: Deserializer<'de>, S: FromStr<Err = InvalidSid>>(
    value: D,
) -> Result<S, D::Error> {
    let text = String::deserialize(value)?;
    text.parse().map_err(de::Error::custom)
}

/// A part whose shape is not to be relied on.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Default + de::DeserializeOwned>(
    value: D,
) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(value)?).unwrap_or_default())
}

/// So many texts of an array are kept.
const TEXTS: usize = 20;

/// The first texts of an array; an object counts as its JSON, `null` as no array.
pub(super) fn texts<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<String>, D::Error> {
    Ok(match Value::deserialize(value)? {
        Value::Array(items) => items
            .into_iter()
            .take(TEXTS)
            .map(|item| match item {
                Value::String(text) => text,
                other => other.to_string(),
            })
            .collect(),
        _ => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_code_is_a_code_as_number_or_as_text() {
        for value in [json!(30034), json!("30034"), json!(" 30034 ")] {
            assert_eq!(code_in(&value), Some(30034), "{value}");
        }
        for value in [
            json!(null),
            json!(0),
            json!("0"),
            json!(""),
            json!("x"),
            json!(-1),
            json!(3.5),
            json!({}),
            json!(4_294_967_296_u64),
        ] {
            assert_eq!(code_in(&value), None, "{value}");
        }
    }

    #[test]
    fn a_time_is_a_time_in_both_of_twilios_forms() {
        let at = "2026-11-24T17:44:46Z".parse().ok();
        for text in [
            "Tue, 24 Nov 2026 17:44:46 +0000",
            "Tue, 24 Nov 2026 09:44:46 -0800",
            "2026-11-24T17:44:46Z",
            "2026-11-24T17:44:46.000+00:00",
        ] {
            assert_eq!(time_in(text), at, "{text}");
        }
        assert_eq!(time_in("yesterday"), None);
    }

    #[test]
    fn nothing_is_nothing_in_every_form() {
        for value in [json!(null), json!(""), json!([])] {
            assert_eq!(text(value.clone()).unwrap(), None);
            assert_eq!(word(value.clone()).unwrap(), None);
            assert_eq!(reason(value.clone()).unwrap(), None);
            assert_eq!(phone(value.clone()).unwrap(), None);
            assert_eq!(account(value.clone()).unwrap(), None);
            assert_eq!(time(value.clone()).unwrap(), None);
            assert_eq!(yes(value.clone()).unwrap(), None);
            assert!(texts(value).unwrap().is_empty());
        }
        assert_eq!(yes(json!("True")).unwrap(), Some(true));
        assert_eq!(yes(json!(false)).unwrap(), Some(false));
    }

    #[test]
    fn a_word_is_kept_fit_to_be_shown() {
        let sid = format!("AC{}", "0".repeat(32));
        assert_eq!(kept(&format!("\u{202E}odd\n{sid} ")), "odd AC…0000");
        let long = "x".repeat(1 << 20);
        let length = |kept: Option<String>| kept.unwrap().chars().count();
        assert_eq!(length(word(json!(long)).unwrap()), WORD);
        assert_eq!(length(reason(json!(long)).unwrap()), REASON);
        assert_eq!(word(json!("\u{202E}")).unwrap(), None);
        assert_eq!(reason(json!("\u{202E}")).unwrap(), None);
    }

    #[test]
    fn an_array_may_be_endless() {
        let value = json!(vec!["x"; 1000]);
        assert_eq!(texts(value).unwrap().len(), TEXTS);
    }

    #[test]
    fn nothing_said_is_nothing_else_said() {
        assert!(same(None, "ACab") && same(Some("acAB"), "ACab"));
        assert!(!same(Some(""), "ACab") && !same(Some("ACab0"), "ACab"));
    }

    #[test]
    fn a_word_is_the_same_in_every_spelling() {
        for word in ["In Review", "in_review", "IN-REVIEW"] {
            assert_eq!(folded(word), "in_review");
        }
    }
}
