//! Everything that came, by name.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

use crate::number::PhoneNumber;
use crate::twilio::client::mask::{WORD, said};

/// So many names `Debug` shows.
const NAMES: usize = 64;

/// Everything a delivery said of one thing, as text: also what this crate knows no name for.
///
/// Numbers and truth values of JSON are the text they are written as, what is nested is JSON.
/// The values are as they came: whole, and not fit to be shown unseen. `Debug` shows the names only,
/// the first of them and as far as they may be shown, for the words of people's messages may be
/// among the values.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, Vec<String>>);

impl Fields {
    /// The value of `name`. Upper and lower case and `_` make no difference, but a field of that
    /// very name goes first.
    ///
    /// `None` if there is none, and if there are several values that differ: a delivery that says
    /// two things says neither.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let values = self.0.get(name).or_else(|| {
            let wanted = folded(name);
            let mut alike = self.0.iter().filter(|(known, _)| folded(known) == wanted);
            alike.next().map(|(_, values)| values)
        })?;
        let (first, others) = values.split_first()?;
        others
            .iter()
            .all(|other| other == first)
            .then_some(first.as_str())
    }

    /// Every name with its values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .flat_map(|(name, values)| values.iter().map(|value| (name.as_str(), value.as_str())))
    }

    pub(super) fn of_pairs(pairs: &[(String, String)]) -> Self {
        let mut fields = Self::default();
        for (name, value) in pairs {
            let values = fields.0.entry(name.clone()).or_default();
            values.push(value.clone());
        }
        fields
    }

    pub(super) fn of_json(value: &Value) -> Self {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Self(match value {
            Value::Object(object) => object
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name.clone(), vec![text(value)]))
                .collect(),
            other => BTreeMap::from([("value".to_owned(), vec![text(other)])]),
        })
    }

    /// The first of `names` that has a value which is not blank.
    pub(super) fn text(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .filter_map(|name| self.get(name))
            .map(str::trim)
            .find(|text| !text.is_empty())
    }

    /// The first of `names` that has a value, if `read` can make it out.
    pub(super) fn read<T>(
        &self,
        names: &[&str],
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        self.text(names).and_then(read)
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut set = f.debug_set();
        set.entries(self.0.keys().take(NAMES).map(|name| said(name, WORD)));
        if self.0.len() > NAMES {
            return set.finish_non_exhaustive();
        }
        set.finish()
    }
}

fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| *c != '_')
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// A phone number, also one whose `+` was lost on the way, which it is where `+` means a blank.
///
/// Fewer than eleven digits without a `+` may be a national number, which would read as another
/// country's.
pub(super) fn number(text: &str) -> Option<PhoneNumber> {
    PhoneNumber::from_e164(text).ok().or_else(|| {
        let plus_lost = text.len() >= 11 && text.bytes().all(|b| b.is_ascii_digit());
        let plus_lost = plus_lost.then(|| PhoneNumber::from_e164(&format!("+{text}")))?;
        plus_lost.ok()
    })
}

/// A time in any of the forms Twilio writes: RFC 3339, RFC 2822, or seconds or milliseconds since
/// 1970. A time without a zone is taken as UTC.
pub(super) fn time(text: &str) -> Option<DateTime<Utc>> {
    if let Some(since_1970) = whole(text) {
        // As seconds this would be after the year 5000.
        return if since_1970.unsigned_abs() >= 100_000_000_000 {
            DateTime::from_timestamp_millis(since_1970)
        } else {
            DateTime::from_timestamp(since_1970, 0)
        };
    }
    let zoned = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text));
    zoned.map(|time| time.to_utc()).ok().or_else(|| {
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
            .into_iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
            .map(|time| time.and_utc())
    })
}

fn whole(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    fraction
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| whole.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_every_form_twilio_writes() {
        let expected = DateTime::from_timestamp(1_795_490_998, 0);
        for text in [
            "1795490998",
            "1795490998000",
            "1795490998.0",
            "2026-11-24T03:29:58Z",
            "2026-11-23T22:29:58.000-05:00",
            "2026-11-24T03:29:58",
            "2026-11-24 03:29:58",
            "Tue, 24 Nov 2026 03:29:58 +0000",
        ] {
            assert_eq!(time(text), expected, "{text}");
        }
        for text in [
            "",
            "soon",
            "9223372036854775807",
            "-9223372036854775808",
            "12.x",
            "99999999999999999999",
        ] {
            assert_eq!(time(text), None, "{text}");
        }
    }

    #[test]
    fn a_plus_lost_on_the_way_is_put_back_where_nothing_else_can_be_meant() {
        let expected = PhoneNumber::from_e164("+14155552671").ok();
        assert_eq!(number("+14155552671"), expected);
        assert_eq!(number("14155552671"), expected);
        for text in ["4155552671", "02071838750", "client:alice", "+", ""] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn a_field_that_says_two_things_says_neither() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let fields = Fields::of_pairs(&[
            pair("CallSid", "a"),
            pair("CallSid", "b"),
            pair("To", "c"),
            pair("To", "c"),
        ]);
        assert_eq!(fields.get("CallSid"), None);
        assert_eq!(fields.get("To"), Some("c"));
        assert_eq!(fields.get("to"), Some("c"));
        assert_eq!(fields.iter().count(), 4);
        assert!(!format!("{fields:?}").contains("\"c\""));
    }

    #[test]
    fn neither_values_nor_endless_names_are_shown() {
        let odd = format!("\u{202E}AC{}\n{}", "0".repeat(32), "x".repeat(9999));
        let pairs: Vec<_> = (0..1000)
            .map(|nth| {
                (
                    format!("{nth:04} {odd}"),
                    format!("https://x/?key=s3cret {odd}"),
                )
            })
            .collect();
        let fields = Fields::of_pairs(&pairs);
        assert_eq!(fields.get(&pairs[7].0), Some(pairs[7].1.as_str()));
        let shown = format!("{fields:?}");
        assert!(shown.len() < NAMES * (WORD + 10), "{shown}");
        for bad in ["s3cret", "AC00", "\\n", "202e"] {
            assert!(!shown.contains(bad), "{bad} in {shown}");
        }
        assert!(
            shown.contains("AC…0000") && shown.ends_with("..}"),
            "{shown}"
        );
    }
}
