//! The country whose national form a text is in.

use std::fmt;
use std::str::FromStr;

use phonenumber::country;
use phonenumber::metadata::{DATABASE, Metadata};
use serde::{Deserialize, Serialize};

/// A country or territory with a numbering plan, by its ISO 3166 code of two letters.
///
/// It says how to read numbers written without a country code; numbers that begin with `+` never
/// need it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region([u8; 2]);

/// The text is no code of a country with a numbering plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no known country; use its ISO 3166 code of two letters, such as US")]
pub struct UnknownRegion(Box<str>);

impl Region {
    /// The United States.
    pub const US: Self = Self(*b"US");

    /// Takes a code of two ASCII letters, in either case.
    ///
    /// # Errors
    /// [`UnknownRegion`] when it is anything else, or no numbering plan is known for it.
    pub fn new(code: &str) -> Result<Self, UnknownRegion> {
        let unknown = || UnknownRegion(super::problem::excerpt(code));
        let &[a, b] = code.as_bytes() else {
            return Err(unknown());
        };
        let region = Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]);
        // Some ids `phonenumber` can name have no plan, and `parse` panics on those.
        match (region.id(), region.metadata()) {
            (Some(_), Some(_)) => Ok(region),
            _ => Err(unknown()),
        }
    }

    /// The code, in capitals.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Two ASCII letters, so the default is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    pub(super) fn id(self) -> Option<country::Id> {
        self.as_str().parse().ok()
    }

    pub(super) fn metadata(self) -> Option<&'static Metadata> {
        DATABASE.by_id(self.as_str())
    }
}

impl FromStr for Region {
    type Err = UnknownRegion;
    fn from_str(code: &str) -> Result<Self, UnknownRegion> {
        Self::new(code)
    }
}

impl TryFrom<String> for Region {
    type Error = UnknownRegion;
    fn try_from(code: String) -> Result<Self, UnknownRegion> {
        Self::new(&code)
    }
}

impl From<Region> for String {
    fn from(region: Region) -> String {
        region.as_str().to_owned()
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Region({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_two_letters_with_a_plan() {
        assert_eq!(Region::new("US"), Ok(Region::US));
        assert_eq!(Region::new("gb").unwrap().to_string(), "GB");
        // CP has an id in `phonenumber` and no plan; 001 is a plan and no country.
        for code in ["", "U", "USA", "ZZ", "CP", "001", "1", "é", "U\n"] {
            let error = Region::new(code).unwrap_err().to_string();
            assert!(error.contains("ISO 3166"), "{error}");
        }
    }

    #[test]
    fn every_plan_of_a_country_can_be_named() {
        for metadata in DATABASE.iter().filter(|m| m.id() != "001") {
            assert_eq!(Region::new(metadata.id()).unwrap().as_str(), metadata.id());
        }
    }
}
