use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::{DocumentError, DocumentFile, text};

/// What shows that the customer owns the numbers. Shown and stored as its name.
///
/// A name that is none of the kinds is kept as `Other`; `Other` comes from parsing only, so that
/// a kind named here never hides in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum ProofKind {
    /// A phone bill.
    Bill,
    /// The losing platform's invoice.
    Invoice,
    /// A screenshot of the account that shows the numbers.
    AccountScreenshot,
    /// A customer service record (CSR).
    CustomerServiceRecord,
    /// Anything else.
    Other(ProofName),
}

/// A name for a proof that is none of the [kinds](ProofKind).
#[derive(Clone, PartialEq, Eq)]
pub struct ProofName(Box<str>);

impl ProofName {
    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProofName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ProofName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // People write anything here, a name or an account included.
        f.write_str("ProofName(…)")
    }
}

impl fmt::Display for ProofKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bill => "bill",
            Self::Invoice => "invoice",
            Self::AccountScreenshot => "account screenshot",
            Self::CustomerServiceRecord => "customer service record",
            Self::Other(name) => name.as_str(),
        })
    }
}

impl FromStr for ProofKind {
    type Err = DocumentError;

    /// Knows the kinds by the names they are shown as, in any case; takes any other name of 1 to
    /// 100 characters.
    fn from_str(name: &str) -> Result<Self, DocumentError> {
        let name = text::trimmed("kind of proof", 100, name)?;
        Ok([
            Self::Bill,
            Self::Invoice,
            Self::AccountScreenshot,
            Self::CustomerServiceRecord,
        ]
        .into_iter()
        .find(|known| known.to_string().eq_ignore_ascii_case(&name))
        .unwrap_or(Self::Other(ProofName(name))))
    }
}

impl TryFrom<String> for ProofKind {
    type Error = DocumentError;
    fn try_from(name: String) -> Result<Self, DocumentError> {
        name.parse()
    }
}

impl From<ProofKind> for String {
    fn from(kind: ProofKind) -> Self {
        kind.to_string()
    }
}

/// A document that shows the customer owns the numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofOfOwnership {
    kind: ProofKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issued_on: Option<NaiveDate>,
    file: DocumentFile,
}

impl ProofOfOwnership {
    /// The proof in `file`.
    pub fn new(kind: ProofKind, file: DocumentFile) -> Self {
        Self {
            kind,
            issued_on: None,
            file,
        }
    }

    /// With the date printed on it.
    #[must_use]
    pub fn issued_on(mut self, date: NaiveDate) -> Self {
        self.issued_on = Some(date);
        self
    }

    /// What it is.
    pub fn kind(&self) -> &ProofKind {
        &self.kind
    }

    /// The date printed on it, if it has one.
    pub fn issue_date(&self) -> Option<NaiveDate> {
        self.issued_on
    }

    /// How old it is on `date`, in whole days: negative if it is dated later, `None` if it has no
    /// date.
    pub fn age_on(&self, date: NaiveDate) -> Option<TimeDelta> {
        Some(date.signed_duration_since(self.issued_on?))
    }

    /// The document itself.
    pub fn file(&self) -> &DocumentFile {
        &self.file
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sample;
    use super::*;

    #[test]
    fn a_kind_has_one_stored_name_and_never_hides_in_other() {
        for (text, kind) in [
            ("Bill", ProofKind::Bill),
            ("invoice", ProofKind::Invoice),
            (" Account Screenshot ", ProofKind::AccountScreenshot),
            ("customer service record", ProofKind::CustomerServiceRecord),
        ] {
            assert_eq!(text.parse(), Ok(kind.clone()));
            let stored = serde_json::to_value(&kind).unwrap();
            assert_eq!(stored, json!(text.trim().to_lowercase()));
            assert_eq!(serde_json::from_value(stored).ok(), Some(kind));
        }
        let other: ProofKind = serde_json::from_str("\"Lease of Ann\"").unwrap();
        assert_eq!(other.to_string(), "Lease of Ann");
        assert!(!format!("{other:?}").contains("Ann"));
        assert!(serde_json::from_str::<ProofKind>("\" \"").is_err());
        assert!("x".repeat(101).parse::<ProofKind>().is_err());
    }

    #[test]
    fn the_stored_shape_stays() {
        let proof = ProofOfOwnership::new(ProofKind::Bill, sample::file("bill"));
        let stored = json!({"kind": "bill", "file": sample::file("bill")});
        assert_eq!(serde_json::to_value(&proof).unwrap(), stored);
        let dated = proof.issued_on("2026-10-01".parse().unwrap());
        let stored = json!({
            "kind": "bill", "issued_on": "2026-10-01", "file": sample::file("bill"),
        });
        assert_eq!(serde_json::to_value(&dated).unwrap(), stored);
        assert_eq!(serde_json::from_value(stored).ok(), Some(dated));
    }

    #[test]
    fn a_proof_is_as_old_as_the_date_printed_on_it() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let proof = ProofOfOwnership::new(ProofKind::Bill, sample::file("bill"));
        assert_eq!(proof.age_on(day("2026-11-24")), None);
        let dated = proof.issued_on(day("2026-08-26"));
        for (date, days) in [("2026-11-24", 90), ("2026-08-26", 0), ("2026-08-25", -1)] {
            assert_eq!(dated.age_on(day(date)), Some(TimeDelta::days(days)));
        }
        let ends = [NaiveDate::MIN, NaiveDate::MAX];
        assert!(ends.into_iter().all(|date| dated.age_on(date).is_some()));
    }
}
