use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{DocumentError, DocumentFile, text};
use crate::number::{NumberList, PhoneNumber};

/// A letter of authorization somebody signed: who, when, for which numbers, and the file.
///
/// `numbers` are what the customer says the letter lists; a machine cannot read a scanned letter,
/// so a reviewer attests them. `Debug` shows neither the signer nor the file's name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawLoa")]
pub struct SignedLoa {
    signer: Box<str>,
    signed_on: NaiveDate,
    numbers: NumberList,
    file: DocumentFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLoa {
    signer: String,
    signed_on: NaiveDate,
    numbers: NumberList,
    file: DocumentFile,
}

impl TryFrom<RawLoa> for SignedLoa {
    type Error = DocumentError;
    fn try_from(raw: RawLoa) -> Result<Self, DocumentError> {
        Self::new(&raw.signer, raw.signed_on, raw.numbers, raw.file)
    }
}

impl SignedLoa {
    /// The letter in `file`, signed by `signer` (1 to 200 characters) on the date written on it,
    /// authorising `numbers`.
    ///
    /// # Errors
    /// [`DocumentError`] if the signer is blank, too long, or holds a control character.
    pub fn new(
        signer: &str,
        signed_on: NaiveDate,
        numbers: NumberList,
        file: DocumentFile,
    ) -> Result<Self, DocumentError> {
        Ok(Self {
            signer: text::trimmed("signer of the letter of authorization", 200, signer)?,
            signed_on,
            numbers,
            file,
        })
    }

    /// Who signed.
    pub fn signer(&self) -> &str {
        &self.signer
    }

    /// The date written on the letter, in the signer's zone.
    pub fn signed_on(&self) -> NaiveDate {
        self.signed_on
    }

    /// The numbers it authorises to be moved.
    pub fn numbers(&self) -> &NumberList {
        &self.numbers
    }

    /// The letter itself.
    pub fn file(&self) -> &DocumentFile {
        &self.file
    }

    /// Those of `numbers` that the letter does not authorise, in their order; none is good.
    #[must_use]
    pub fn uncovered(&self, numbers: &NumberList) -> Vec<PhoneNumber> {
        numbers.missing_from(&self.numbers)
    }
}

impl fmt::Debug for SignedLoa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SignedLoa({} numbers, signed {}, {:?})",
            self.numbers.len(),
            self.signed_on,
            self.file
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sample;
    use super::*;

    #[test]
    fn a_letter_says_what_it_does_not_cover() {
        let loa = sample::loa(&sample::numbers(&[0, 1]));
        assert_eq!(loa.uncovered(&sample::numbers(&[1, 0])), []);
        assert_eq!(loa.uncovered(&sample::numbers(&[0])), []);
        assert_eq!(
            loa.uncovered(&sample::numbers(&[3, 0, 2])),
            [sample::number(3), sample::number(2)]
        );
    }

    #[test]
    fn a_letter_needs_a_signer() {
        let unsigned = |signer: &str| {
            let day = "2026-11-02".parse().unwrap();
            SignedLoa::new(signer, day, sample::numbers(&[0]), sample::file("loa")).is_err()
        };
        assert!(unsigned("") && unsigned(" ") && unsigned("A\nB") && unsigned(&"x".repeat(201)));
        let mut stored = serde_json::to_value(sample::loa(&sample::numbers(&[0]))).unwrap();
        stored["signer"] = json!(" ");
        assert!(serde_json::from_value::<SignedLoa>(stored).is_err());
    }

    #[test]
    fn the_stored_shape_stays() {
        let numbers = sample::numbers(&[0, 1]);
        let loa = sample::loa(&numbers);
        let stored = json!({
            "signer": "Ann Doe", "signed_on": "2026-11-02", "numbers": numbers,
            "file": sample::file("loa"),
        });
        assert_eq!(serde_json::to_value(&loa).unwrap(), stored);
        assert_eq!(serde_json::from_value(stored).ok(), Some(loa));
    }

    #[test]
    fn debug_hides_the_signer_and_the_file() {
        let debug = format!("{:?}", sample::loa(&sample::numbers(&[0])));
        assert!(debug.starts_with("SignedLoa(1 numbers, signed 2026-11-02, "));
        assert!(!debug.contains("Ann") && !debug.contains("loa."), "{debug}");
    }
}
