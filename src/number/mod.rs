//! Phone numbers, and lists of them.
//!
//! A [`PhoneNumber`] is E.164 text that has passed one of two doors: [`PhoneNumber::parse`], for
//! what people type, asks the numbering plans; [`PhoneNumber::from_e164`], for what a carrier
//! reports or a record holds, checks the form only. A [`NumberList`] is a list a port can be asked
//! for: at least one number, none twice, in the order given.

mod inline;
mod kind;
mod list;
mod list_error;
mod need;
mod paste;
mod plan;
mod problem;
mod region;
mod syntax;
mod table;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use inline::Inline;

pub use kind::NumberKind;
pub use list::{InvalidList, NumberList};
pub use list_error::{BadLine, LineProblem, ListError, ListProblem};
pub use need::{Need, NumberNeed};
pub(crate) use problem::is_blank;
pub use problem::{InvalidNumber, NumberProblem};
pub use region::{Region, UnknownRegion};

/// A phone number in E.164 form: `+`, then 7 to 15 digits, the first of them not 0.
///
/// Small and `Copy`. Ordered by its digits, which brings numbers of one country together.
///
/// ```
/// # use snap_port::{PhoneNumber, Region};
/// let number = PhoneNumber::parse("(415) 555-2671", Some(Region::US))?;
/// assert_eq!(number.as_str(), "+14155552671");
/// assert_eq!("+1 415 555 2671".parse(), Ok(number));
/// # Ok::<_, snap_port::InvalidNumber>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(Inline<16>);

impl PhoneNumber {
    /// Takes a number in E.164 form and checks that form, no more.
    ///
    /// This is the door for numbers a carrier reports and records read back: numbering plans
    /// change, and a record once written must stay readable. What people type goes through
    /// [`parse`](Self::parse).
    ///
    /// # Errors
    /// [`NumberProblem::NotE164`] for every other form.
    pub fn from_e164(text: &str) -> Result<Self, InvalidNumber> {
        let not_e164 = || InvalidNumber::new(text, NumberProblem::NotE164, None);
        let digits = text.strip_prefix('+').ok_or_else(not_e164)?;
        let well_formed = (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit());
        well_formed
            .then(|| Inline::concat(&["+", digits]))
            .flatten()
            .map(Self)
            .ok_or_else(not_e164)
    }

    /// Reads a number as people write it: international form with `+`, or the national form of
    /// `region`.
    ///
    /// Blanks, `-`, `.`, `/` and brackets may stand between the digits; quotation marks around the
    /// number, and the `'` or `="` with which a spreadsheet marks text, are passed over. The number
    /// must exist in its country's numbering plan. Digits after a `+` that are a valid number as they stand are
    /// never changed, and `region` plays no part in them; a trunk prefix that does not belong
    /// there, as in `+44 (0)20`, is dropped.
    ///
    /// # Errors
    /// [`InvalidNumber`] with the reason: see [`NumberProblem`]. Letters, extensions and digits of
    /// other scripts are refused, never translated; where the number meant can be told, the error
    /// suggests it.
    pub fn parse(text: &str, region: Option<Region>) -> Result<Self, InvalidNumber> {
        syntax::gate(text)
            .verdict(region)
            .map_err(|(problem, meant)| InvalidNumber::new(text, problem, meant))
    }

    /// The number in E.164 form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Ordered as the number is, and sorted sooner.
    fn rank(&self) -> u128 {
        self.0.rank()
    }

    /// The country code and the number, without the `+`.
    fn digits(&self) -> &str {
        // Every number begins with '+', so the default is never taken.
        self.as_str().strip_prefix('+').unwrap_or_default()
    }
}

impl FromStr for PhoneNumber {
    type Err = InvalidNumber;
    /// [`parse`](PhoneNumber::parse) with no region: international form only.
    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        Self::parse(text, None)
    }
}

impl AsRef<str> for PhoneNumber {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> String {
        number.as_str().to_owned()
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({})", self.as_str())
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for PhoneNumber {
    /// [`from_e164`](PhoneNumber::from_e164).
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct E164;
        impl de::Visitor<'_> for E164 {
            type Value = PhoneNumber;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a phone number in E.164 form")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<PhoneNumber, E> {
                PhoneNumber::from_e164(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(E164)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_checked_and_nothing_else() {
        for text in ["+1234567", "+123456789012345", "+99999999999"] {
            let number = PhoneNumber::from_e164(text).unwrap();
            assert_eq!(number.as_str(), text);
            assert_eq!(
                format!("{number} {number:?}"),
                format!("{text} PhoneNumber({text})")
            );
        }
        for text in [
            "",
            "+",
            "1234567",
            "+123456",
            "+1234567890123456",
            "+0123456789",
            "+1 415 555 2671",
            "+1415555267a",
            "+１４１５５５５２６７１",
            "+14155552671\n",
            "++14155552671",
            "+1415555\0",
        ] {
            let error = PhoneNumber::from_e164(text).unwrap_err();
            assert_eq!(error.problem(), NumberProblem::NotE164, "{text:?}");
        }
    }

    #[test]
    fn it_is_small_and_ordered_like_its_text() {
        assert_eq!(size_of::<PhoneNumber>(), 17);
        let order = [
            "+12025550171",
            "+1202555017",
            "+442071838750",
            "+49301234567",
        ];
        let mut texts = order;
        texts.sort_unstable();
        let mut numbers = order.map(|text| PhoneNumber::from_e164(text).unwrap());
        numbers.sort_unstable();
        assert_eq!(numbers.map(String::from), texts.map(String::from));
    }
}
