use std::fmt;

use serde::{Deserialize, Serialize};

use crate::document::{DocumentError, text};
use crate::number::PhoneNumber;

/// [`text::trimmed`], for a text that stands in a letter: also without line separators and marks
/// that turn the direction of writing, which would make a line read otherwise than it is.
pub(super) fn one_line(
    what: &'static str,
    limit: usize,
    line: &str,
) -> Result<Box<str>, DocumentError> {
    let checked = text::trimmed(what, limit, line)?;
    let misleading = |c| {
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}')
            || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if checked.chars().any(misleading) {
        return Err(DocumentError::ControlCharacter { what });
    }
    Ok(checked)
}

/// The customer as the account with the losing platform names it: 1 to 200 characters. `Debug`
/// hides it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CustomerName(Box<str>);

impl CustomerName {
    /// Checks `name`, takes off the blanks around it, and takes it as a customer's name.
    ///
    /// # Errors
    /// [`DocumentError`] if it is blank, too long, or holds a control character or a mark of
    /// writing direction.
    pub fn new(name: &str) -> Result<Self, DocumentError> {
        one_line("customer's name", 200, name).map(Self)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CustomerName {
    type Error = DocumentError;
    fn try_from(name: String) -> Result<Self, DocumentError> {
        Self::new(&name)
    }
}

impl From<CustomerName> for String {
    fn from(name: CustomerName) -> Self {
        name.0.into()
    }
}

impl fmt::Debug for CustomerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerName(…)")
    }
}

/// The carrier under both platforms as people know it, such as "Twilio": 1 to 100 characters.
///
/// Not a [`CarrierId`](crate::CarrierId), which names an integration.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CarrierName(Box<str>);

impl CarrierName {
    /// Checks `name`, takes off the blanks around it, and takes it as a carrier's name.
    ///
    /// # Errors
    /// [`DocumentError`] if it is blank, too long, or holds a control character or a mark of
    /// writing direction.
    pub fn new(name: &str) -> Result<Self, DocumentError> {
        one_line("carrier's name", 100, name).map(Self)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CarrierName {
    type Error = DocumentError;
    fn try_from(name: String) -> Result<Self, DocumentError> {
        Self::new(&name)
    }
}

impl From<CarrierName> for String {
    fn from(name: CarrierName) -> Self {
        name.0.into()
    }
}

impl fmt::Display for CarrierName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who may sign for the customer. Losing platforms and carriers compare the name with the people
/// the account lists. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawPerson")]
pub struct AuthorizedPerson {
    name: Box<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<PhoneNumber>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPerson {
    name: String,
    title: Option<String>,
    email: Option<String>,
    phone: Option<PhoneNumber>,
}

impl TryFrom<RawPerson> for AuthorizedPerson {
    type Error = DocumentError;
    fn try_from(raw: RawPerson) -> Result<Self, DocumentError> {
        let mut person = Self::new(&raw.name)?;
        if let Some(title) = &raw.title {
            person = person.with_title(title)?;
        }
        if let Some(email) = &raw.email {
            person = person.with_email(email)?;
        }
        person.phone = raw.phone;
        Ok(person)
    }
}

impl AuthorizedPerson {
    /// The person called `name`: 1 to 200 characters.
    ///
    /// # Errors
    /// [`DocumentError`] if the name is blank, too long, or holds a control character or a mark of
    /// writing direction.
    pub fn new(name: &str) -> Result<Self, DocumentError> {
        Ok(Self {
            name: one_line("authorized person's name", 200, name)?,
            title: None,
            email: None,
            phone: None,
        })
    }

    /// With what the person is at the customer, such as "Chief Operating Officer": 1 to 100
    /// characters.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_title(self, title: &str) -> Result<Self, DocumentError> {
        let title = one_line("authorized person's title", 100, title)?;
        Ok(Self {
            title: Some(title),
            ..self
        })
    }

    /// With an e-mail address: at most 254 characters, no blanks, an `@` between two others.
    ///
    /// # Errors
    /// [`DocumentError`] if it is none.
    pub fn with_email(self, email: &str) -> Result<Self, DocumentError> {
        let email = one_line("authorized person's e-mail address", 254, email)?;
        let parts = email.rsplit_once('@');
        if email.contains(char::is_whitespace)
            || parts.is_none_or(|(local, domain)| local.is_empty() || domain.is_empty())
        {
            return Err(DocumentError::NotAnEmail);
        }
        Ok(Self {
            email: Some(email),
            ..self
        })
    }

    /// With a telephone number where the person is reached.
    #[must_use]
    pub fn with_phone(self, phone: PhoneNumber) -> Self {
        Self {
            phone: Some(phone),
            ..self
        }
    }

    /// The person's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the person is at the customer, if said.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// The person's e-mail address, if given.
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// Where the person is reached by telephone, if given.
    pub fn phone(&self) -> Option<PhoneNumber> {
        self.phone
    }
}

impl fmt::Debug for AuthorizedPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthorizedPerson(…)")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_reads_as_it_is_stored() {
        for name in [" Acme, Inc. ", "Łukasz", "Đặng", "田中", "نور"] {
            let customer = CustomerName::new(name).unwrap();
            assert_eq!(customer.as_str(), name.trim());
            let carrier = CarrierName::new(name).unwrap();
            assert_eq!(carrier.to_string(), name.trim());
        }
        for name in [
            "",
            "\u{a0}",
            "a\nb",
            "a\u{2028}b",
            "a\u{202e}b",
            "a\u{2066}b",
            "a\u{200f}b",
            "\u{61c}b",
            &"x".repeat(201),
        ] {
            assert!(CustomerName::new(name).is_err(), "{name:?}");
            assert!(CarrierName::new(name).is_err(), "{name:?}");
            assert!(AuthorizedPerson::new(name).is_err(), "{name:?}");
            assert!(serde_json::from_value::<CustomerName>(json!(name)).is_err());
            assert!(serde_json::from_value::<CarrierName>(json!(name)).is_err());
        }
    }

    #[test]
    fn a_person_keeps_the_stored_shape() {
        let ann = AuthorizedPerson::new("Ann Doe").unwrap();
        let stored = json!({"name": "Ann Doe"});
        assert_eq!(serde_json::to_value(&ann).unwrap(), stored);
        let full = ann
            .with_title("COO")
            .and_then(|ann| ann.with_email(" ann@acme.test "))
            .unwrap()
            .with_phone(PhoneNumber::from_e164("+14155552671").unwrap());
        let stored = json!({
            "name": "Ann Doe", "title": "COO", "email": "ann@acme.test", "phone": "+14155552671",
        });
        assert_eq!(serde_json::to_value(&full).unwrap(), stored);
        let read = |stored| serde_json::from_value::<AuthorizedPerson>(stored);
        assert_eq!(read(stored.clone()).unwrap(), full);
        for (field, value) in [
            ("name", " "),
            ("title", "a\nb"),
            ("email", "ann"),
            ("phone", "1"),
            ("extra", ""),
        ] {
            let mut bad = stored.clone();
            bad[field] = json!(value);
            assert!(read(bad).is_err(), "{field}");
        }
    }

    #[test]
    fn an_email_has_two_sides_and_no_blank() {
        let ann = AuthorizedPerson::new("Ann Doe").unwrap();
        for email in ["ann", "@acme.test", "ann@", "ann doe@acme.test"] {
            let refused = ann.clone().with_email(email).unwrap_err();
            assert_eq!(refused, DocumentError::NotAnEmail, "{email}");
            assert!(!refused.to_string().contains(email));
        }
        assert!(ann.clone().with_email(" ").is_err());
        assert!(ann.with_email("\"a@b\"@acme.test").is_ok());
    }

    #[test]
    fn debug_hides_everybody() {
        let ann = AuthorizedPerson::new("Ann Doe").unwrap();
        assert_eq!(format!("{ann:?}"), "AuthorizedPerson(…)");
        let acme = CustomerName::new("Acme").unwrap();
        assert_eq!(format!("{acme:?}"), "CustomerName(…)");
    }
}
