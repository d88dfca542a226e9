use std::fmt;

use serde::{Deserialize, Serialize};

use super::party::one_line;
use super::po_box;
use crate::document::DocumentError;

/// An address as somebody typed it into a form, and as a [`ServiceAddress`] is stored.
///
/// `Debug` shows nothing of it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressForm {
    /// House and street, 1 to 4 lines.
    pub street: String,
    /// City or town.
    pub city: String,
    /// State, province or county, where the country has them; blank is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub region: String,
    /// Postal or ZIP code, where the country has them; blank is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub postal_code: String,
    /// The country's ISO 3166 code of two letters, in either case.
    pub country: String,
}

impl fmt::Debug for AddressForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AddressForm(…)")
    }
}

/// Everything that is wrong with an address. Says which field, never what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidAddress {
    problems: Vec<DocumentError>,
}

impl InvalidAddress {
    /// What is wrong; at least one thing, in the order of the form.
    pub fn problems(&self) -> &[DocumentError] {
        &self.problems
    }
}

impl fmt::Display for InvalidAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            write!(f, "{}{problem}", if i == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidAddress {}

/// Where the customer is served and billed, as the account with the losing platform has it: most
/// refusals of ports are an address that differs.
///
/// The United States and Canada need a region and a postal code; a ZIP code has 5 or 9 digits.
/// `Debug` shows nothing of it.
///
/// ```
/// use snap_port::document::{AddressForm, ServiceAddress};
///
/// let address = ServiceAddress::parse(&AddressForm {
///     street: "1 Market St\nSuite 400".into(),
///     city: "San Francisco".into(),
///     region: "CA".into(),
///     postal_code: "94105".into(),
///     country: "us".into(),
/// })?;
/// assert_eq!(address.lines().nth(2).as_deref(), Some("San Francisco, CA 94105"));
/// assert!(!address.is_po_box());
///
/// let empty = ServiceAddress::parse(&AddressForm::default()).unwrap_err();
/// assert_eq!(empty.problems().len(), 3);
/// # Ok::<_, snap_port::document::InvalidAddress>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "AddressForm", into = "AddressForm")]
pub struct ServiceAddress {
    street: Vec<Box<str>>,
    city: Box<str>,
    region: Option<Box<str>>,
    postal_code: Option<Box<str>>,
    country: Box<str>,
}

impl ServiceAddress {
    /// Checks what was typed: 1 to 4 lines of street and a city, each of at most 100 characters; a
    /// region of at most 100, a postal code of at most 20; a country.
    ///
    /// A country's code is checked for its form only: a record must stay readable when countries
    /// change.
    ///
    /// # Errors
    /// [`InvalidAddress`] with everything that is wrong.
    pub fn parse(form: &AddressForm) -> Result<Self, InvalidAddress> {
        let mut problems = Vec::new();
        let mut keep = |result: Result<Box<str>, DocumentError>| match result {
            Ok(text) => Some(text),
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        let street: Vec<_> = street(&form.street)
            .into_iter()
            .filter_map(&mut keep)
            .collect();
        let city = keep(one_line("city of the address", 100, &form.city));
        let country = keep(country(&form.country));
        let strict = matches!(country.as_deref(), Some("US" | "CA"));
        let mut part = |what, limit, text: &str| {
            (strict || !text.trim().is_empty()).then(|| keep(one_line(what, limit, text)))?
        };
        let region = part("state or province of the address", 100, &form.region);
        let mut postal_code = part("postal code of the address", 20, &form.postal_code);
        if country.as_deref() == Some("US") {
            postal_code = postal_code.and_then(|code| keep(zip(code)));
        }
        match (city, country) {
            (Some(city), Some(country)) if problems.is_empty() => Ok(Self {
                street,
                city,
                region,
                postal_code,
                country,
            }),
            _ => Err(InvalidAddress { problems }),
        }
    }

    /// The lines of house and street, without the city; at least one.
    pub fn street(&self) -> impl ExactSizeIterator<Item = &str> {
        self.street.iter().map(AsRef::as_ref)
    }

    /// The city or town.
    pub fn city(&self) -> &str {
        &self.city
    }

    /// The state, province or county, if there is one.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The postal or ZIP code, if there is one.
    pub fn postal_code(&self) -> Option<&str> {
        self.postal_code.as_deref()
    }

    /// The country's ISO 3166 code, in capitals.
    pub fn country(&self) -> &str {
        &self.country
    }

    /// The whole address as lines of a letter.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let region = self.region.iter().map(|region| format!(", {region}"));
        let postal_code = self.postal_code.iter().map(|code| format!(" {code}"));
        let town = self.city.to_string() + &region.chain(postal_code).collect::<String>();
        self.street()
            .map(str::to_owned)
            .chain([town, self.country.to_string()])
    }

    /// Whether a line of the street seems to be a post office box. Losing carriers refuse ports
    /// for it, because nobody is served in a box.
    #[must_use]
    pub fn is_po_box(&self) -> bool {
        self.street().any(po_box::is_in)
    }
}

impl TryFrom<AddressForm> for ServiceAddress {
    type Error = InvalidAddress;
    fn try_from(form: AddressForm) -> Result<Self, InvalidAddress> {
        Self::parse(&form)
    }
}

impl From<ServiceAddress> for AddressForm {
    fn from(address: ServiceAddress) -> Self {
        let text = |part: Option<Box<str>>| part.map(String::from).unwrap_or_default();
        Self {
            street: address.street.join("\n"),
            city: address.city.into(),
            region: text(address.region),
            postal_code: text(address.postal_code),
            country: address.country.into(),
        }
    }
}

impl fmt::Debug for ServiceAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceAddress(…)")
    }
}

fn street(text: &str) -> Vec<Result<Box<str>, DocumentError>> {
    let what = "street of the address";
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    match lines.len() {
        0 => vec![Err(DocumentError::Blank { what })],
        1..=4 => lines
            .into_iter()
            .map(|line| one_line(what, 100, line))
            .collect(),
        lines => vec![Err(DocumentError::TooManyLines {
            what,
            lines,
            limit: 4,
        })],
    }
}

fn country(code: &str) -> Result<Box<str>, DocumentError> {
    let code = code.trim();
    if code.is_empty() {
        let what = "country of the address";
        Err(DocumentError::Blank { what })
    } else if code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic()) {
        Ok(code.to_ascii_uppercase().into())
    } else {
        Err(DocumentError::NotACountry)
    }
}

fn zip(code: Box<str>) -> Result<Box<str>, DocumentError> {
    let digits =
        |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    let (five, four) = code.split_once('-').unwrap_or((&code, "0000"));
    if digits(five, 5) && digits(four, 4) {
        Ok(code)
    } else {
        Err(DocumentError::NotAZipCode)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form() -> AddressForm {
        AddressForm {
            street: "1 Market St\r\n\n Suite 400 ".into(),
            city: "San Francisco".into(),
            region: "CA".into(),
            postal_code: "94105-1234".into(),
            country: "us".into(),
        }
    }

    fn problems(form: &AddressForm) -> Vec<DocumentError> {
        let error = ServiceAddress::parse(form).unwrap_err();
        error.problems().to_vec()
    }

    #[test]
    fn an_address_is_written_as_a_letter_has_it_and_keeps_its_stored_shape() {
        let address = ServiceAddress::parse(&form()).unwrap();
        assert_eq!(
            address.lines().collect::<Vec<_>>(),
            [
                "1 Market St",
                "Suite 400",
                "San Francisco, CA 94105-1234",
                "US"
            ]
        );
        let stored = json!({
            "street": "1 Market St\nSuite 400", "city": "San Francisco", "region": "CA",
            "postal_code": "94105-1234", "country": "US",
        });
        assert_eq!(serde_json::to_value(&address).unwrap(), stored);
        let read = |stored| serde_json::from_value::<ServiceAddress>(stored);
        assert_eq!(read(stored.clone()).unwrap(), address);
        for (field, value) in [("street", ""), ("postal_code", "9"), ("extra", "")] {
            let mut bad = stored.clone();
            bad[field] = json!(value);
            assert!(read(bad).is_err(), "{field}");
        }

        assert!(!address.is_po_box());
        let boxed = json!({"street": "c/o Doe\nPO Box 1", "city": "Berlin", "country": "DE"});
        assert!(read(boxed).unwrap().is_po_box());

        let berlin = json!({"street": "Weg 1", "city": "Berlin", "country": "DE"});
        let plain = read(berlin.clone()).unwrap();
        assert_eq!(plain.lines().last().as_deref(), Some("DE"));
        assert_eq!(serde_json::to_value(&plain).unwrap(), berlin);
        assert_eq!((plain.region(), plain.postal_code()), (None, None));
    }

    #[test]
    fn everything_wrong_is_said_at_once_and_nothing_is_repeated() {
        let canary = "CANARY\u{202e}";
        let bad = AddressForm {
            street: format!("{canary}\nfine\n{}", "x".repeat(101)),
            city: canary.into(),
            region: canary.into(),
            postal_code: "941O5".into(),
            country: "US".into(),
        };
        let error = ServiceAddress::parse(&bad).unwrap_err();
        assert_eq!(error.problems().len(), 5, "{error}");
        assert!(!format!("{error} {error:?} {bad:?}").contains("CANARY"));
        assert_eq!(
            problems(&AddressForm::default()),
            ["street", "city", "country"].map(|part| DocumentError::Blank {
                what: match part {
                    "street" => "street of the address",
                    "city" => "city of the address",
                    _ => "country of the address",
                }
            })
        );
    }

    #[test]
    fn each_field_has_its_rule() {
        let with = |change: fn(&mut AddressForm)| {
            let mut form = form();
            change(&mut form);
            problems(&form)
        };
        let lines = with(|form| form.street = "a\nb\nc\nd\ne".into());
        assert!(matches!(
            lines[..],
            [DocumentError::TooManyLines { lines: 5, .. }]
        ));
        for code in ["USA", "U1", "É1", "U"] {
            let mut form = form();
            form.country = code.into();
            assert_eq!(problems(&form), [DocumentError::NotACountry], "{code}");
        }
        for code in [
            "9410",
            "941056",
            "94105-",
            "94105-12",
            "94105 1234",
            "SW1A 1AA",
        ] {
            let mut form = form();
            form.postal_code = code.into();
            assert_eq!(problems(&form), [DocumentError::NotAZipCode], "{code}");
        }
        // Neither may be left out where mail needs them.
        for country in ["US", "CA"] {
            let mut form = form();
            (form.country, form.region) = (country.into(), " ".into());
            form.postal_code = String::new();
            let blank = |error: &DocumentError| matches!(error, DocumentError::Blank { .. });
            let problems = problems(&form);
            assert!(
                problems.len() == 2 && problems.iter().all(blank),
                "{problems:?}"
            );
        }
        let mut abroad = form();
        (abroad.country, abroad.postal_code) = ("gb".into(), "SW1A 1AA".into());
        assert!(ServiceAddress::parse(&abroad).is_ok());
        abroad.postal_code = "1".repeat(21);
        assert_eq!(problems(&abroad).len(), 1);
    }
}
