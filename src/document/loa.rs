use std::fmt;

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::{DocumentError, DocumentFile, ListCode, Sha256Digest, list_digest, text};
use crate::number::{NumberList, PhoneNumber};

/// A letter of authorization somebody signed: who, when, for which numbers, and the file.
///
/// `numbers` are what the customer says the letter lists; a machine cannot read a scanned letter,
/// so a reviewer attests them. A letter that [we rendered](super::LetterOfAuthorization::signed)
/// shows a [code](Self::list_code) to compare instead. `Debug` shows neither the signer nor the
/// file's name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawLoa")]
pub struct SignedLoa {
    signer: Box<str>,
    signed_on: NaiveDate,
    numbers: NumberList,
    file: DocumentFile,
    #[serde(skip_serializing_if = "Option::is_none")]
    rendered: Option<Sha256Digest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLoa {
    signer: String,
    signed_on: NaiveDate,
    numbers: NumberList,
    file: DocumentFile,
    #[serde(default)]
    rendered: Option<Sha256Digest>,
}

impl TryFrom<RawLoa> for SignedLoa {
    type Error = DocumentError;
    fn try_from(raw: RawLoa) -> Result<Self, DocumentError> {
        let plain = Self::new(&raw.signer, raw.signed_on, raw.numbers, raw.file)?;
        let Some(rendered) = raw.rendered else {
            return Ok(plain);
        };
        let found = list_digest(&plain.numbers);
        if found != rendered {
            return Err(DocumentError::OtherList { rendered, found });
        }
        Ok(plain.rendered())
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
            rendered: None,
        })
    }

    /// The same letter, rendered by us for its numbers.
    pub(super) fn rendered(self) -> Self {
        Self {
            rendered: Some(list_digest(&self.numbers)),
            ..self
        }
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

    /// If we rendered the letter: the code that stands on every page of it. Where the paper shows
    /// another, it is not the letter for these numbers.
    pub fn list_code(&self) -> Option<ListCode> {
        self.rendered.map(ListCode::from)
    }

    /// Those of `numbers` that the letter does not authorise, in their order; none is good.
    #[must_use]
    pub fn uncovered(&self, numbers: &NumberList) -> Vec<PhoneNumber> {
        numbers.missing_from(&self.numbers)
    }

    /// How old the signature is on `date`, in whole days: negative if it is dated later.
    pub fn age_on(&self, date: NaiveDate) -> TimeDelta {
        date.signed_duration_since(self.signed_on)
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
    fn a_letter_is_as_old_as_its_signature() {
        let loa = sample::loa(&sample::numbers(&[0]));
        for (date, days) in [("2026-11-24", 22), ("2026-11-02", 0), ("2026-11-01", -1)] {
            assert_eq!(loa.age_on(date.parse().unwrap()), TimeDelta::days(days));
        }
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
    fn a_letter_we_rendered_says_so_and_keeps_its_stored_shape() {
        let numbers = sample::numbers(&[0, 1]);
        assert_eq!(sample::loa(&numbers).list_code(), None);
        let loa = sample::loa(&numbers).rendered();
        assert_eq!(loa.list_code(), Some(ListCode::of(&numbers)));
        let mut stored = serde_json::to_value(sample::loa(&numbers)).unwrap();
        stored["rendered"] = json!(list_digest(&numbers));
        assert_eq!(serde_json::to_value(&loa).unwrap(), stored);
        assert_eq!(serde_json::from_value(stored).ok(), Some(loa));
    }

    #[test]
    fn a_letter_rendered_for_other_numbers_is_refused() {
        let numbers = sample::numbers(&[0, 1]);
        let mut stored = serde_json::to_value(sample::loa(&numbers).rendered()).unwrap();
        // The order is no part of the list's digest.
        stored["numbers"] = json!(sample::numbers(&[1, 0]));
        assert!(serde_json::from_value::<SignedLoa>(stored.clone()).is_ok());
        stored["numbers"] = json!(sample::numbers(&[0, 1, 2]));
        let error = serde_json::from_value::<SignedLoa>(stored).unwrap_err();
        let codes = [numbers, sample::numbers(&[0, 1, 2])].map(|list| ListCode::of(&list));
        for code in codes {
            assert!(error.to_string().contains(&code.to_string()), "{error}");
        }
    }

    #[test]
    fn debug_hides_the_signer_and_the_file() {
        let debug = format!("{:?}", sample::loa(&sample::numbers(&[0])));
        assert!(debug.starts_with("SignedLoa(1 numbers, signed 2026-11-02, "));
        assert!(!debug.contains("Ann") && !debug.contains("loa."), "{debug}");
    }
}
