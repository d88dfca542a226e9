use std::fmt;

use serde::{Deserialize, Serialize};

use super::{DocumentError, text};

/// The platform the numbers move to, as letters and messages name it: whoever embeds this crate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawGaining")]
pub struct GainingPlatform {
    name: Box<str>,
    contact: Box<str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGaining {
    name: String,
    contact: String,
}

impl TryFrom<RawGaining> for GainingPlatform {
    type Error = DocumentError;
    fn try_from(raw: RawGaining) -> Result<Self, DocumentError> {
        Self::new(&raw.name, &raw.contact)
    }
}

impl GainingPlatform {
    /// The platform called `name` (1 to 100 characters), whose porting staff are reached at
    /// `contact` (1 to 200 characters: an e-mail address, a telephone number, a page).
    ///
    /// # Errors
    /// [`DocumentError`] if one of them is blank, too long, or holds a control character.
    pub fn new(name: &str, contact: &str) -> Result<Self, DocumentError> {
        Ok(Self {
            name: text::trimmed("gaining platform's name", 100, name)?,
            contact: text::trimmed("gaining platform's contact", 200, contact)?,
        })
    }

    /// The platform's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its porting staff are reached.
    pub fn contact(&self) -> &str {
        &self.contact
    }
}

impl fmt::Display for GainingPlatform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_has_a_name_and_a_contact() {
        let ours = GainingPlatform::new(" Aloware ", "porting@aloware.test").unwrap();
        assert_eq!(ours.to_string(), "Aloware");
        assert_eq!(ours.contact(), "porting@aloware.test");
        let json = serde_json::to_string(&ours).unwrap();
        assert_eq!(
            serde_json::from_str::<GainingPlatform>(&json).unwrap(),
            ours
        );
        assert!(GainingPlatform::new(" ", "x").is_err());
        assert!(GainingPlatform::new("x", "a\nb").is_err());
        let blank = json.replace("Aloware", " ");
        assert!(serde_json::from_str::<GainingPlatform>(&blank).is_err());
    }
}
